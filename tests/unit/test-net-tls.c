/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which certificates are trusted, and how a refusal is told. */
#include "net/net-tls.h"

#include "net/net-error.h"
#include "net/net-session.h"
#include "test-http.h"

static GTlsCertificate *certificate_new(const char *certificate_name, const char *key_name)
{
    g_autofree char *certificate = test_data_path(certificate_name);
    g_autofree char *key = test_data_path(key_name);
    g_autoptr(GError) error = NULL;
    GTlsCertificate *pair = g_tls_certificate_new_from_files(certificate, key, &error);

    g_assert_no_error(error);
    return pair;
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    (void)server;
    (void)path;
    (void)query;
    test_http_note(user_data, message);
    soup_server_message_set_status(message, 200, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

static TestHttp *server_new(const char *certificate_name, const char *key_name)
{
    g_autoptr(GTlsCertificate) certificate = certificate_new(certificate_name, key_name);

    return test_http_new(certificate, on_request, NULL);
}

static TestHttp *self_signed_new(void)
{
    return server_new("tls/localhost.crt.pem", "tls/localhost.key.pem");
}

static NetSession *session_new(const char *ca_name, GError **error)
{
    g_autofree char *ca_file = ca_name ? test_data_path(ca_name) : NULL;
    NetSessionOptions options = { "test/1.0", ca_file, NULL, 20, 2, 1000 };

    return net_session_new(&options, error);
}

static NetResponse *ask(NetSession *session, const char *base_url, GError **error)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "secret", NULL);
    g_auto(TestDone) done = { 0 };

    net_session_send_async(session, base_url, request, NULL, NULL, test_done, &done);
    test_until(done.calls);
    return net_session_send_finish(done.result, error);
}

/* A certificate, the roots it meets, and what is said. */
typedef struct {
    const char *name;
    const char *certificate, *key;
    const char *ca; /* (nullable) */
    NetError code;
    const char *words;
} Refused;

/* clang-format off */
static const Refused refused[] = {
    { "self-signed", "localhost", "localhost", NULL, NET_ERROR_CERT_SELF_SIGNED, "it is self-signed" },
    { "self-signed-other", "localhost", "localhost", "signed", NET_ERROR_CERT_SELF_SIGNED, "it is self-signed" },
    { "unknown-issuer", "signed", "signed", NULL, NET_ERROR_CERT_UNTRUSTED, "its issuer is not trusted" },
    { "expired", "expired", "signed", "localhost", NET_ERROR_CERT_EXPIRED, "it has expired" },
    { "expired-unknown", "expired", "signed", NULL, NET_ERROR_CERT_EXPIRED,
      "it has expired, its issuer is not trusted" },
    { "not-yet", "not-yet", "signed", "localhost", NET_ERROR_CERT_NOT_ACTIVATED, "it is not valid yet" },
    { "other-host", "other-host", "signed", "localhost", NET_ERROR_CERT_HOST, "it is for another host" },
    { "other-host-unknown", "other-host", "signed", NULL, NET_ERROR_CERT_HOST,
      "it is for another host, its issuer is not trusted" },
    { "weak", "weak", "signed", "localhost", NET_ERROR_CERT_OTHER, "it is too weak" },
};
/* clang-format on */

static void test_refused(gconstpointer data)
{
    const Refused *each = data;
    g_autofree char *certificate = g_strdup_printf("tls/%s.crt.pem", each->certificate);
    g_autofree char *key = g_strdup_printf("tls/%s.key.pem", each->key);
    g_autofree char *ca = each->ca ? g_strdup_printf("tls/%s.crt.pem", each->ca) : NULL;
    g_autofree char *message = g_strconcat("the certificate was refused: ", each->words, NULL);
    g_autoptr(TestHttp) http = server_new(certificate, key);
    g_autoptr(GError) error = NULL;
    g_autoptr(NetSession) session = session_new(ca, &error);

    g_assert_no_error(error);
    g_assert_null(ask(session, http->url, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, NET_ERROR, (int)each->code);
    g_assert_cmpstr(error->message, ==, message);
    g_assert_cmpuint(http->seen->len, ==, 0);
}

static void test_trusted(void)
{
    g_autoptr(TestHttp) http = self_signed_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NetSession) session = session_new("tls/localhost.crt.pem", &error);

    g_assert_no_error(error);
    for (int i = 0; i < 3; i++) {
        g_autoptr(NetResponse) response = ask(session, http->url, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(response->status, ==, 200);
    }
    g_assert_cmpuint(http->seen->len, ==, 3);
}

static void test_signed(void)
{
    g_autoptr(TestHttp) http = server_new("tls/signed.crt.pem", "tls/signed.key.pem");
    g_autoptr(GError) error = NULL;
    g_autoptr(NetSession) trusting = session_new("tls/localhost.crt.pem", &error);
    g_autoptr(NetSession) other = session_new(NULL, &error);
    g_autoptr(NetResponse) response = ask(trusting, http->url, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(response->status, ==, 200);
    /* What one session trusts is nothing to another. */
    g_assert_null(ask(other, http->url, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_CERT_UNTRUSTED);
}

/* The root is trusted, but it vouches for 127.0.0.1 and not for its neighbour. */
static void test_other_host(void)
{
    g_autoptr(TestHttp) http = self_signed_new();
    g_autoptr(GInetAddress) neighbour = g_inet_address_new_from_string("127.0.0.2");
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new(neighbour, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(NetSession) session = session_new("tls/localhost.crt.pem", &error);
    GSList *uris;

    soup_server_listen(http->soup, address, SOUP_SERVER_LISTEN_HTTPS, &error);
    if (error) {
        g_test_skip("there is no 127.0.0.2 here");
        return;
    }
    uris = soup_server_get_uris(http->soup);
    for (GSList *each = uris; each; each = each->next) {
        gboolean is_neighbour = g_str_equal(g_uri_get_host(each->data), "127.0.0.2");
        g_autofree char *url = g_uri_to_string(each->data);

        net_response_free(ask(session, url, &error));
        if (is_neighbour) {
            g_test_message("%s", error->message);
            g_assert_error(error, NET_ERROR, NET_ERROR_CERT_HOST);
            g_assert_cmpstr(error->message, ==, "the certificate was refused: it is for another host");
        } else {
            g_assert_no_error(error);
        }
        g_clear_error(&error);
    }
    g_assert_cmpuint(http->seen->len, ==, 1);
    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
}

static void test_bad_file(void)
{
    static const char *const files[] = { "tls/no-such-file.pem", "tls/README.md", "tls" };

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(session_new(files[i], &error));
        g_test_message("%s", error->message);
        g_assert_error(error, NET_ERROR, NET_ERROR_CA_FILE);
        g_assert_nonnull(strstr(error->message, files[i]));
    }
}

/* Neither a path below where the program happens to run, nor what only a shell knows. */
static void test_relative_file(void)
{
    static const char *const files[] = { "ca.pem", "./ca.pem", "~/ca.pem" };

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        NetSessionOptions options = { "test/1.0", files[i], NULL, 20, 2, 1000 };
        g_autofree char *words = g_strconcat(files[i], ": not a whole path", NULL);
        g_autoptr(GError) error = NULL;

        g_assert_null(net_session_new(&options, &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_CA_FILE);
        g_assert_cmpstr(error->message, ==, words);
    }
}

/* As without glib-networking. */
static void test_not_installed(void)
{
    if (g_test_subprocess()) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NetSession) session = session_new(NULL, NULL);

        g_assert_null(session_new("tls/localhost.crt.pem", &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_NO_TLS);
        g_clear_error(&error);
        g_assert_null(ask(session, g_getenv("TEST_URL"), &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_NO_TLS);
    } else {
        g_autoptr(TestRaw) raw = test_raw_new("", FALSE);
        g_autofree char *url = g_strconcat("https", strchr(raw->url, ':'), NULL);

        g_setenv("GIO_USE_TLS", "dummy", TRUE);
        g_setenv("TEST_URL", url, TRUE);
        g_test_trap_subprocess(NULL, 0, 0);
        g_unsetenv("GIO_USE_TLS");
        g_test_trap_assert_passed();
        test_settle();
        g_assert_cmpuint(raw->accepted, ==, 1);
        g_assert_cmpuint(raw->heads->len, ==, 0);
    }
}

/* A server that does not know TLS will not learn it; one that hangs up may be back soon. */
static void test_no_handshake(void)
{
    static const struct {
        const char *wire;
        NetError code;
    } cases[] = {
        { "HTTP/1.1 400 Bad Request\r\n\r\n", NET_ERROR_TLS },
        { "", NET_ERROR_OFFLINE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestRaw) raw = test_raw_new(cases[i].wire, TRUE);
        g_autofree char *url = g_strconcat("https", strchr(raw->url, ':'), NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(NetSession) session = session_new(NULL, &error);
        g_autoptr(NetResponse) response = ask(session, url, &error);

        g_assert_null(response);
        g_test_message("%s", error->message);
        g_assert_error(error, NET_ERROR, (int)cases[i].code);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *path = g_strconcat("/net/tls/refused/", refused[i].name, NULL);

        g_test_add_data_func(path, &refused[i], test_refused);
    }
    g_test_add_func("/net/tls/trusted", test_trusted);
    g_test_add_func("/net/tls/signed", test_signed);
    g_test_add_func("/net/tls/other-host", test_other_host);
    g_test_add_func("/net/tls/bad-file", test_bad_file);
    g_test_add_func("/net/tls/relative-file", test_relative_file);
    g_test_add_func("/net/tls/not-installed", test_not_installed);
    g_test_add_func("/net/tls/no-handshake", test_no_handshake);
    return g_test_run();
}
