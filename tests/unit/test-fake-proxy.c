/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proxy of the tests, byte by byte and through net-session; and what net-session makes of proxies. */
#include "fake-proxy.h"

#include "net/net-error.h"
#include "net/net-session.h"
#include "test-http.h"

/* What a URL, a header and a base64 text could stumble over. */
#define USER "J\xc3\xb6rg @/?#"
#define PASSWORD "p:%40 +&=\"\\\xe2\x82\xac"

/* ---- byte by byte ---- */

typedef struct {
    const char *name;
    FakeProxyKind kind;
    const char *user, *password; /* (nullable) */
    const char *wire;
    gsize wire_length;
    const char *answer; /* all that comes from the proxy itself */
    gsize answer_length;
    gboolean through;
} Wire;

#define BYTES(text) text, sizeof(text) - 1
#define GRANTED4 "\0\132\0\0\0\0\0\0"
#define REFUSED4 "\0\133\0\0\0\0\0\0"
#define GRANTED5 "\5\0\0\1\0\0\0\0\0\0"
#define REFUSED5 "\5\4\0\1\0\0\0\0\0\0"
#define STATUS(code, more, last) "HTTP/1.1 " code " Proxy says so\r\n" more "Content-Length: 5\r\n" last "\r\nproxy"

/* clang-format off */
static const Wire wires[] = {
    { "connect", FAKE_PROXY_HTTP, NULL, NULL, BYTES("CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n"),
      BYTES("HTTP/1.1 200 Connection established\r\n\r\n"), TRUE },
    { "address", FAKE_PROXY_HTTP, NULL, NULL, BYTES("GET http://test/a?b HTTP/1.1\r\nHost: test\r\n\r\n"), BYTES(""), TRUE },
    { "user", FAKE_PROXY_HTTP, "u", "p", BYTES("CONNECT test:80 HTTP/1.1\r\nProxy-Authorization: Basic dTpw\r\n\r\n"),
      BYTES("HTTP/1.1 200 Connection established\r\n\r\n"), TRUE },
    { "no-user", FAKE_PROXY_HTTP, "u", "p", BYTES("CONNECT test:80 HTTP/1.1\r\nAuthorization: Basic dTpw\r\n\r\n"),
      BYTES(STATUS("407", "Proxy-Authenticate: Basic realm=\"test\"\r\n", "")), FALSE },
    { "unknown-name", FAKE_PROXY_HTTP, NULL, NULL, BYTES("CONNECT example.com:80 HTTP/1.1\r\n\r\n"),
      BYTES(STATUS("502", "", "Connection: close\r\n")), FALSE },
    { "far-number", FAKE_PROXY_HTTP, NULL, NULL, BYTES("CONNECT 192.0.2.1:80 HTTP/1.1\r\n\r\n"),
      BYTES(STATUS("502", "", "Connection: close\r\n")), FALSE },
    { "no-address", FAKE_PROXY_HTTP, NULL, NULL, BYTES("GET / HTTP/1.1\r\nHost: test\r\n\r\n"),
      BYTES(STATUS("400", "", "Connection: close\r\n")), FALSE },
    { "no-http", FAKE_PROXY_HTTP, NULL, NULL, BYTES("\r\n\r\n"),
      BYTES(STATUS("400", "", "Connection: close\r\n")), FALSE },
    { "name", FAKE_PROXY_SOCKS4A, NULL, NULL, BYTES("\4\1\0\120\0\0\0\1me\0test\0"), BYTES(GRANTED4), TRUE },
    { "user", FAKE_PROXY_SOCKS4A, "me", NULL, BYTES("\4\1\0\120\0\0\0\1me\0test\0"), BYTES(GRANTED4), TRUE },
    { "other-user", FAKE_PROXY_SOCKS4A, "me", NULL, BYTES("\4\1\0\120\0\0\0\1\0test\0"), BYTES(REFUSED4), FALSE },
    { "unknown-name", FAKE_PROXY_SOCKS4A, NULL, NULL, BYTES("\4\1\0\120\0\0\0\1\0example.com\0"), BYTES(REFUSED4), FALSE },
    { "name", FAKE_PROXY_SOCKS4, NULL, NULL, BYTES("\4\1\0\120\0\0\0\1\0test\0"), BYTES(REFUSED4), FALSE },
    { "far-number", FAKE_PROXY_SOCKS4, NULL, NULL, BYTES("\4\1\0\120\300\0\2\1\0"), BYTES(REFUSED4), FALSE },
    { "bind", FAKE_PROXY_SOCKS4, NULL, NULL, BYTES("\4\2\0\120\177\0\0\1\0"), BYTES(REFUSED4), FALSE },
    { "name", FAKE_PROXY_SOCKS5, NULL, NULL, BYTES("\5\2\0\2\5\1\0\3\4test\0\120"), BYTES("\5\0" GRANTED5), TRUE },
    { "unknown-name", FAKE_PROXY_SOCKS5, NULL, NULL, BYTES("\5\1\0\5\1\0\3\13example.com\0\120"),
      BYTES("\5\0" REFUSED5), FALSE },
    { "far-number", FAKE_PROXY_SOCKS5, NULL, NULL, BYTES("\5\1\0\5\1\0\1\300\0\2\1\0\120"),
      BYTES("\5\0" REFUSED5), FALSE },
    { "far-number-6", FAKE_PROXY_SOCKS5, NULL, NULL,
      BYTES("\5\1\0\5\1\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\0\120"), BYTES("\5\0" REFUSED5), FALSE },
    { "user", FAKE_PROXY_SOCKS5, "u", "p", BYTES("\5\2\0\2\1\1u\1p\5\1\0\3\4test\0\120"),
      BYTES("\5\2\1\0" GRANTED5), TRUE },
    { "wrong", FAKE_PROXY_SOCKS5, "u", "p", BYTES("\5\2\0\2\1\1u\1q"), BYTES("\5\2\1\1"), FALSE },
    { "no-user", FAKE_PROXY_SOCKS5, "u", "p", BYTES("\5\1\0"), BYTES("\5\377"), FALSE },
};
/* clang-format on */

static const char *const kind_names[] = { "http", "socks4", "socks4a", "socks5" };

/* Reads until so many bytes came or the end. */
static GString *read_all(GSocketConnection *connection, gsize length)
{
    GString *text = g_string_new(NULL);
    GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(connection));

    while (text->len < length) {
        g_auto(TestDone) done = { 0 };
        g_autoptr(GBytes) bytes = NULL;

        g_input_stream_read_bytes_async(in, length - text->len, G_PRIORITY_DEFAULT, NULL, test_done, &done);
        test_until(done.calls);
        bytes = g_input_stream_read_bytes_finish(in, done.result, NULL);
        if (!bytes || g_bytes_get_size(bytes) == 0)
            break;
        g_string_append_len(text, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
    }
    return text;
}

static void write_slowly(GSocketConnection *connection, const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), bytes + i, 1, NULL, NULL,
                                  NULL);
        test_settle();
    }
}

static GSocketConnection *connect_to(FakeProxy *proxy)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *address = g_strdup_printf("127.0.0.1:%u", fake_proxy_get_port(proxy));
    GSocketConnection *connection;
    g_auto(TestDone) done = { 0 };

    g_socket_client_set_enable_proxy(client, FALSE);
    g_socket_client_connect_to_host_async(client, address, 0, NULL, test_done, &done);
    test_until(done.calls);
    connection = g_socket_client_connect_to_host_finish(client, done.result, &error);
    g_assert_no_error(error);
    return connection;
}

static guint16 port_of(const char *url)
{
    return (guint16)atoi(strrchr(url, ':') + 1);
}

static void test_wire(gconstpointer data)
{
    const Wire *wire = data;
    g_autoptr(TestRaw) raw = test_raw_new("behind\r\n", TRUE);
    g_autoptr(FakeProxy) proxy = fake_proxy_new(wire->kind, wire->user, wire->password);
    g_autoptr(GSocketConnection) connection = connect_to(proxy);
    g_autoptr(GString) answer = NULL;
    g_autoptr(GString) behind = NULL;
    static const char more[] = "GET / HTTP/1.1\r\n\r\n";

    fake_proxy_map(proxy, "test", port_of(raw->url));
    write_slowly(connection, wire->wire, wire->wire_length);
    answer = read_all(connection, wire->answer_length);
    g_assert_cmpmem(answer->str, answer->len, wire->answer, wire->answer_length);
    if (wire->through) {
        test_until(fake_proxy_count_targets(proxy, "test:80") == 1);
        if (*wire->answer || wire->kind != FAKE_PROXY_HTTP)
            write_slowly(connection, more, strlen(more));
        behind = read_all(connection, 100);
        g_assert_cmpstr(behind->str, ==, "behind\r\n");
        g_assert_nonnull(strstr(raw->heads->str, "HTTP/1.1\r\n"));
        g_assert_null(strstr(raw->heads->str, "http://"));
    }
    g_assert_cmpuint(fake_proxy_count_targets(proxy, NULL), ==, wire->through);
    g_assert_cmpuint(raw->accepted, ==, wire->through);
    g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
    test_until(fake_proxy_count_open(proxy) == 0);
    g_assert_cmpuint(fake_proxy_count_connections(proxy), ==, 1);
}

/* A client that never comes to the point is left. */
static void test_endless(void)
{
    static const FakeProxyKind kinds[] = { FAKE_PROXY_HTTP, FAKE_PROXY_SOCKS4 };

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(FakeProxy) proxy = fake_proxy_new(kinds[i], NULL, NULL);
        g_autoptr(GSocketConnection) connection = connect_to(proxy);
        g_autofree char *lots = g_strnfill(200 * 1000, 'x');
        g_autoptr(GString) answer = NULL;
        g_auto(TestDone) done = { 0 };

        g_output_stream_write_all_async(g_io_stream_get_output_stream(G_IO_STREAM(connection)), lots, strlen(lots),
                                        G_PRIORITY_DEFAULT, NULL, test_done, &done);
        test_until(done.calls);
        answer = read_all(connection, 1);
        g_assert_cmpuint(answer->len, ==, 0);
        test_until(fake_proxy_count_open(proxy) == 0);
        g_assert_cmpuint(fake_proxy_get_heard(proxy)->len, <=, 64 * 1024);
    }
}

/* ---- through net-session ---- */

/* Each path is a way to answer. */
static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    SoupMessageHeaders *out = soup_server_message_get_response_headers(message);
    guint status = (guint)atoi(path + 1);

    (void)server;
    (void)query;
    test_http_note(user_data, message);
    g_assert_cmpstr(soup_server_message_get_request_body(message)->data, ==, "a body");
    g_assert_null(
        soup_message_headers_get_one(soup_server_message_get_request_headers(message), "Proxy-Authorization"));
    soup_server_message_set_status(message, status ? status : 200, NULL);
    if (status == 401)
        soup_message_headers_append(out, "WWW-Authenticate", "Basic realm=\"test\"");
    if (status == 407)
        soup_message_headers_append(out, "Proxy-Authenticate", "Basic realm=\"test\"");
    soup_server_message_set_response(message, "text/plain", SOUP_MEMORY_STATIC, "behind", 6);
}

static TestHttp *tls_server_new(void)
{
    g_autofree char *certificate = test_data_path("tls/flowdock.crt.pem");
    g_autofree char *key = test_data_path("tls/signed.key.pem");
    g_autoptr(GError) error = NULL;
    g_autoptr(GTlsCertificate) pair = g_tls_certificate_new_from_files(certificate, key, &error);

    g_assert_no_error(error);
    return test_http_new(pair, on_request, NULL);
}

static NetSession *session_new(const char *scheme, FakeProxy *proxy, const char *user, const char *password)
{
    g_autofree char *address = g_uri_join_with_user(G_URI_FLAGS_NONE, scheme, user, password, NULL, "127.0.0.1",
                                                    fake_proxy_get_port(proxy), "", NULL, NULL);
    g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new(address, NULL);
    g_autofree char *ca_file = test_data_path("tls/localhost.crt.pem");
    NetSessionOptions options = { "test/1.0", ca_file, resolver, 20, 2, 1000 };
    g_autoptr(GError) error = NULL;
    NetSession *session = net_session_new(&options, &error);

    g_assert_no_error(error);
    return session;
}

/* (nullable): @status what came from the server, 0 for none. */
static GError *ask(NetSession *session, const char *base_url, const char *segment, guint *status)
{
    g_autoptr(NetRequest) request = net_request_new("PUT", segment, NULL);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(NetResponse) response = NULL;
    g_auto(TestDone) done = { 0 };
    GError *error = NULL;

    net_request_set_body(request, "text/plain", "a body", -1);
    net_credential_set_bearer(credential, "ours");
    net_session_send_async(session, base_url, request, credential, NULL, test_done, &done);
    test_until(done.calls);
    response = net_session_send_finish(done.result, &error);
    *status = response ? response->status : 0;
    if (error)
        g_test_message("%s", error->message);
    return error;
}

/* Who asks for what by which proxy, and what comes of it. */
typedef struct {
    const char *name;
    FakeProxyKind kind;
    const char *url; /* (nullable): the server itself */
    const char *wanted_user, *wanted_password;
    const char *user, *password;
    int code; /* -1: it works */
} Through;

#define BY_NAME "https://api.flowdock.test"

/* clang-format off */
static const Through throughs[] = {
    { "plain", FAKE_PROXY_HTTP, BY_NAME, NULL, NULL, NULL, NULL, -1 },
    { "password", FAKE_PROXY_HTTP, BY_NAME, USER, PASSWORD, USER, PASSWORD, -1 },
    { "empty-password", FAKE_PROXY_HTTP, BY_NAME, "u", "", "u", "", -1 },
    { "needless", FAKE_PROXY_HTTP, BY_NAME, NULL, NULL, "u", "p", -1 },
    { "wrong", FAKE_PROXY_HTTP, BY_NAME, USER, PASSWORD, USER, "s3cret-typo", NET_ERROR_PROXY_AUTH },
    { "none", FAKE_PROXY_HTTP, BY_NAME, USER, PASSWORD, NULL, NULL, NET_ERROR_PROXY_AUTH },
    { "unknown-name", FAKE_PROXY_HTTP, "https://elsewhere.flowdock.test", NULL, NULL, NULL, NULL, NET_ERROR_PROXY },
    { "unencrypted", FAKE_PROXY_HTTP, NULL, NULL, NULL, NULL, NULL, -1 },
    { "unencrypted-password", FAKE_PROXY_HTTP, NULL, USER, PASSWORD, USER, PASSWORD, -1 },
    { "unencrypted-wrong", FAKE_PROXY_HTTP, NULL, USER, PASSWORD, USER, "s3cret-typo", NET_ERROR_PROXY_AUTH },
    { "number", FAKE_PROXY_SOCKS4, NULL, NULL, NULL, NULL, NULL, -1 },
    { "user", FAKE_PROXY_SOCKS4, NULL, USER, NULL, USER, NULL, -1 },
    { "wrong", FAKE_PROXY_SOCKS4, NULL, USER, NULL, "somebody", NULL, NET_ERROR_PROXY },
    { "name", FAKE_PROXY_SOCKS4A, BY_NAME, NULL, NULL, NULL, NULL, -1 },
    { "user", FAKE_PROXY_SOCKS4A, BY_NAME, USER, NULL, USER, "ignored", -1 },
    { "plain", FAKE_PROXY_SOCKS5, BY_NAME, NULL, NULL, NULL, NULL, -1 },
    { "password", FAKE_PROXY_SOCKS5, BY_NAME, USER, PASSWORD, USER, PASSWORD, -1 },
    { "needless", FAKE_PROXY_SOCKS5, BY_NAME, NULL, NULL, "u", "p", -1 },
    { "wrong", FAKE_PROXY_SOCKS5, BY_NAME, USER, PASSWORD, USER, "s3cret-typo", NET_ERROR_PROXY_AUTH },
    { "none", FAKE_PROXY_SOCKS5, BY_NAME, USER, PASSWORD, NULL, NULL, NET_ERROR_PROXY_AUTH },
    { "unknown-name", FAKE_PROXY_SOCKS5, "https://elsewhere.flowdock.test", NULL, NULL, NULL, NULL, NET_ERROR_OFFLINE },
};
/* clang-format on */

/* GLib forgets the 8 bytes of an answer, and has no symbol there by which a leak could be told from one of ours. */
static gboolean is_leaky(FakeProxyKind kind)
{
#ifdef __SANITIZE_ADDRESS__
    return kind == FAKE_PROXY_SOCKS4 || kind == FAKE_PROXY_SOCKS4A;
#else
    (void)kind;
    return FALSE;
#endif
}

static void test_through(gconstpointer data)
{
    const Through *each = data;
    g_autoptr(TestHttp) http = each->url ? tls_server_new() : test_http_new(NULL, on_request, NULL);
    g_autoptr(FakeProxy) proxy = fake_proxy_new(each->kind, each->wanted_user, each->wanted_password);
    g_autoptr(NetSession) session = session_new(kind_names[each->kind], proxy, each->user, each->password);
    guint good = 0;

    if (is_leaky(each->kind)) {
        g_test_skip("GLib leaks with SOCKS 4");
        return;
    }
    fake_proxy_map(proxy, "api.flowdock.test", port_of(http->url));
    for (int i = 0; i < 3; i++) {
        guint status;
        g_autoptr(GError) error = ask(session, each->url ? each->url : http->url, "hello", &status);

        if (each->code < 0) {
            g_assert_no_error(error);
            g_assert_cmpuint(status, ==, 200);
            good++;
        } else {
            g_assert_error(error, NET_ERROR, each->code);
            g_assert_null(strstr(error->message, "s3cret"));
        }
    }
    g_assert_cmpuint(http->seen->len, ==, good);
    g_assert_cmpint(fake_proxy_count_targets(proxy, NULL) > 0, ==, good > 0);
    /* Once an attempt: who repeats a wrong password is locked out. */
    g_assert_cmpuint(fake_proxy_count_rejected(proxy), <=, 3);
    for (guint i = 0; i < http->secrets->len; i++)
        g_assert_cmpstr(http->secrets->pdata[i], ==, "Bearer ours");
    if (each->url)
        g_assert_null(strstr(fake_proxy_get_heard(proxy)->str, "\nAuthorization"));
}

/* What a proxy says must not be taken for the server's own words, nor the other way round. */
static void test_status(void)
{
    static const struct {
        guint status;
        NetError code;
    } cases[] = {
        { 302, NET_ERROR_PROXY }, { 400, NET_ERROR_PROXY },      { 401, NET_ERROR_PROXY }, { 403, NET_ERROR_PROXY },
        { 404, NET_ERROR_PROXY }, { 407, NET_ERROR_PROXY_AUTH }, { 429, NET_ERROR_PROXY }, { 500, NET_ERROR_PROXY },
        { 502, NET_ERROR_PROXY }, { 503, NET_ERROR_PROXY },      { 504, NET_ERROR_PROXY }, { 599, NET_ERROR_PROXY },
    };
    g_autoptr(TestHttp) http = tls_server_new();
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_HTTP, "u", "p");
    g_autoptr(NetSession) session = session_new("http", proxy, "u", "p");

    fake_proxy_map(proxy, "api.flowdock.test", port_of(http->url));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint status;
        g_autofree char *segment = g_strdup_printf("%u", cases[i].status);
        g_autofree char *words = g_strdup_printf("the proxy answered %u*", cases[i].status);
        g_autoptr(GError) proxys = NULL;
        g_autoptr(GError) servers = NULL;

        fake_proxy_refuse(proxy, cases[i].status);
        proxys = ask(session, BY_NAME, "hello", &status);
        g_assert_error(proxys, NET_ERROR, (int)cases[i].code);
        g_assert_true(g_pattern_match_simple(words, proxys->message));
        g_assert_cmpint(net_error_is_passing(proxys), ==, cases[i].code == NET_ERROR_PROXY);
        fake_proxy_refuse(proxy, 0);
        servers = ask(session, BY_NAME, segment, &status);
        if (cases[i].status == 407)
            /* No server says this; that it does not get the password is asserted in on_request(). */
            g_assert_error(servers, NET_ERROR, NET_ERROR_PROXY_AUTH);
        else
            g_assert_cmpuint(status, ==, cases[i].status);
        /* The next one needs a new tunnel. */
        fake_proxy_cut(proxy);
        test_until(fake_proxy_count_open(proxy) == 0);
    }
    g_assert_cmpuint(http->seen->len, ==, G_N_ELEMENTS(cases));
    for (guint i = 0; i < http->secrets->len; i++)
        g_assert_cmpstr(http->secrets->pdata[i], ==, "Bearer ours");
    g_assert_cmpuint(fake_proxy_count_rejected(proxy), ==, 0);
}

/* Nor does a server behind a proxy get the proxy's password when it asks for one of its own. */
static void test_servers_question(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_HTTP, "u", "p");
    g_autoptr(NetSession) session = session_new("http", proxy, "u", "p");
    guint status;
    g_autoptr(GError) error = ask(session, http->url, "401", &status);

    g_assert_no_error(error);
    g_assert_cmpuint(status, ==, 401);
    g_assert_cmpuint(http->seen->len, ==, 1);
    g_assert_cmpstr(http->secrets->pdata[0], ==, "Bearer ours");
}

/* GIO has few words for why a SOCKS proxy refuses; all of it may pass. */
static void test_socks_refusals(void)
{
    g_autoptr(TestHttp) http = tls_server_new();
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_SOCKS5, NULL, NULL);
    g_autoptr(NetSession) session = session_new("socks5", proxy, NULL, NULL);

    fake_proxy_map(proxy, "api.flowdock.test", port_of(http->url));
    for (guint code = 1; code < 10; code++) {
        guint status;
        g_autoptr(GError) error = NULL;

        fake_proxy_refuse(proxy, code);
        error = ask(session, BY_NAME, "hello", &status);
        g_assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_PROXY) ||
                      g_error_matches(error, NET_ERROR, NET_ERROR_OFFLINE));
        g_assert_true(net_error_is_passing(error));
    }
    g_assert_cmpuint(http->seen->len, ==, 0);
}

/* Some close after a 407, and are asked anew. */
static void test_impatient(void)
{
    g_autoptr(TestHttp) http = tls_server_new();
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_HTTP, USER, PASSWORD);
    g_autoptr(NetSession) good = session_new("http", proxy, USER, PASSWORD);
    g_autoptr(NetSession) wrong = session_new("http", proxy, USER, "wrong");
    guint status;
    g_autoptr(GError) error = NULL;

    fake_proxy_set_impatient(proxy, TRUE);
    fake_proxy_map(proxy, "api.flowdock.test", port_of(http->url));
    error = ask(good, BY_NAME, "hello", &status);
    g_assert_no_error(error);
    g_assert_cmpuint(status, ==, 200);
    error = ask(wrong, BY_NAME, "hello", &status);
    g_assert_error(error, NET_ERROR, NET_ERROR_PROXY_AUTH);
    g_assert_cmpuint(fake_proxy_count_rejected(proxy), ==, 1);
}

/* A certificate is verified as without a proxy. */
static void test_certificate(void)
{
    g_autoptr(TestHttp) http = tls_server_new();
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_HTTP, NULL, NULL);
    g_autoptr(NetSession) session = session_new("http", proxy, NULL, NULL);
    guint status;
    g_autoptr(GError) error = NULL;

    fake_proxy_map(proxy, "other.flowdock.test", port_of(http->url));
    error = ask(session, "https://other.flowdock.test", "hello", &status);
    g_assert_error(error, NET_ERROR, NET_ERROR_CERT_HOST);
    g_assert_cmpuint(http->seen->len, ==, 0);
}

static void test_cut(void)
{
    g_autoptr(TestHttp) http = tls_server_new();
    FakeProxy *proxy = fake_proxy_new(FAKE_PROXY_SOCKS5, NULL, NULL);
    g_autoptr(NetSession) session = session_new("socks5", proxy, NULL, NULL);
    g_autoptr(GError) error = NULL;
    guint status;

    fake_proxy_map(proxy, "api.flowdock.test", port_of(http->url));
    error = ask(session, BY_NAME, "hello", &status);
    g_assert_no_error(error);
    g_assert_cmpuint(fake_proxy_count_open(proxy), ==, 1);
    fake_proxy_cut(proxy);
    test_until(fake_proxy_count_open(proxy) == 0);
    /* The kept connection is gone, but another one can be had. */
    error = ask(session, BY_NAME, "hello", &status);
    g_assert_no_error(error);
    fake_proxy_free(proxy);
    error = ask(session, BY_NAME, "hello", &status);
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpuint(http->seen->len, ==, 2);
}

static void add(const char *group, FakeProxyKind kind, const char *name, gconstpointer data, GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf("/server/proxy/%s/%s/%s", group, kind_names[kind], name);

    g_test_add_data_func(path, data, test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(wires); i++)
        add("wire", wires[i].kind, wires[i].name, &wires[i], test_wire);
    g_test_add_func("/server/proxy/endless", test_endless);
    for (gsize i = 0; i < G_N_ELEMENTS(throughs); i++)
        add("through", throughs[i].kind, throughs[i].name, &throughs[i], test_through);
    g_test_add_func("/server/proxy/status", test_status);
    g_test_add_func("/server/proxy/servers-question", test_servers_question);
    g_test_add_func("/server/proxy/socks-refusals", test_socks_refusals);
    g_test_add_func("/server/proxy/impatient", test_impatient);
    g_test_add_func("/server/proxy/certificate", test_certificate);
    g_test_add_func("/server/proxy/cut", test_cut);
    return g_test_run();
}
