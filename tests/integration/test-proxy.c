/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of proxies: whatever libpurple's settings say is used for all that goes to the service, and nothing else. */
#include "host.h"

#include "../server/fake-proxy.h"

#include <string.h>

#define USER "J\xc3\xb6rg@corp"
#define PASSWORD "p:%40/ s3cret?#\"\\\xe2\x82\xac"

#define WRONG                                                                                                          \
    "disconnected INVALID_SETTINGS The proxy wants another name or password. Check the proxy in the account's "        \
    "settings."
#define NO_WAY                                                                                                         \
    "disconnected NETWORK_ERROR The proxy does not get through to the server. Check the network, and the proxy in "    \
    "the account's settings."
#define UNREACHABLE                                                                                                    \
    "disconnected NETWORK_ERROR The server cannot be reached. Check the network, and the addresses in the account's "  \
    "settings."

/* Said after a while, which a busy machine may need. */
#define LINES_OF_A_LOSS "chat * <Flowdock> RECV+SYSTEM The connection is *"

static void set_proxy(PurpleAccount *account, PurpleProxyType type, const char *host, int port, const char *user,
                      const char *password)
{
    PurpleProxyInfo *info = purple_proxy_info_new();

    purple_proxy_info_set_type(info, type);
    purple_proxy_info_set_host(info, host);
    purple_proxy_info_set_port(info, port);
    purple_proxy_info_set_username(info, user);
    purple_proxy_info_set_password(info, password);
    purple_account_set_proxy_info(account, info);
}

static void set_global(const char *type, const char *host, int port, const char *user, const char *password)
{
    purple_prefs_set_string("/purple/proxy/type", type);
    purple_prefs_set_string("/purple/proxy/host", host);
    purple_prefs_set_int("/purple/proxy/port", port);
    purple_prefs_set_string("/purple/proxy/username", user);
    purple_prefs_set_string("/purple/proxy/password", password);
}

static guint16 port_of(const char *url)
{
    return (guint16)atoi(strrchr(url, ':') + 1);
}

/* ---- a server that can be reached only by way of a proxy ---- */

typedef struct {
    FakeServer *server;
    FakeProxy *proxy; /* (nullable) */
    PurpleAccount *account;
    gsize logged; /* of the debug log, before */
} Fixture;

/* @api, @stream: hosts of which only the proxy knows where they are. */
static void fixture_up(Fixture *fixture, FakeProxy *proxy, const char *api, const char *stream)
{
    g_autofree char *cert = test_data_path("tls/flowdock.crt.pem");
    g_autofree char *key = test_data_path("tls/signed.key.pem");
    g_autofree char *ca = test_data_path("tls/localhost.crt.pem");
    g_autofree char *api_url = g_strdup_printf("https://%s:1", api);
    g_autofree char *stream_url = g_strdup_printf("https://%s:1", stream);
    FakeOptions options = { .tls_cert = cert, .tls_key = key };

    fixture->logged = strlen(host_debug_log());
    fixture->server = fake_server_new(NULL, NULL);
    fixture->proxy = proxy;
    g_assert_true(fake_server_start(fixture->server, &options, NULL));
    fake_proxy_map(proxy, api, port_of(fake_server_get_api_url(fixture->server)));
    fake_proxy_map(proxy, stream, port_of(fake_server_get_stream_url(fixture->server)));
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    purple_account_set_string(fixture->account, "api_url", api_url);
    purple_account_set_string(fixture->account, "stream_url", stream_url);
    purple_account_set_string(fixture->account, "ca_file", ca);
}

static void use_proxy(Fixture *fixture, PurpleProxyType type, const char *user, const char *password)
{
    set_proxy(fixture->account, type, "127.0.0.1", fake_proxy_get_port(fixture->proxy), user, password);
}

static void fixture_down(Fixture *fixture)
{
    host_account_free(fixture->account);
    fake_proxy_free(fixture->proxy);
    fake_server_free(fixture->server);
    set_global("none", "", 0, "", "");
}

/* As it is, in an address, and in a header. */
static void check_no_secret(const char *text, const char *user, const char *password)
{
    g_autofree char *escaped = g_uri_escape_string(password, NULL, FALSE);
    g_autofree char *pair = g_strdup_printf("%s:%s", user, password);
    g_autofree char *basic = g_base64_encode((const guchar *)pair, strlen(pair));

    g_assert_null(strstr(text, password));
    g_assert_null(strstr(text, escaped));
    g_assert_null(strstr(text, basic));
}

/* Both ways of a conversation. */
static void talk(Fixture *fixture)
{
    fake_server_say(fixture->server, "acme/main", 2, "by the stream");
    host_expect("chat acme/main <Ann> RECV by the stream");
    host_type_in_room(fixture->account, "acme/main", "by REST");
    host_expect("chat acme/main <Demo> SEND by REST");
    g_assert_cmpuint(fake_server_message_count(fixture->server, "acme/main"), ==, 2);
}

/* ---- every kind ---- */

typedef struct {
    const char *name;
    PurpleProxyType type;
    FakeProxyKind kind;
    const char *user, *password; /* (nullable) */
    const char *api, *stream;
} Kind;

#define BY_NAME "api.flowdock.test", "stream.flowdock.test"
#define BY_NUMBER "127.0.0.1", "127.0.0.2"

/* clang-format off */
static const Kind kinds[] = {
    { "http", PURPLE_PROXY_HTTP, FAKE_PROXY_HTTP, NULL, NULL, BY_NAME },
    { "http-password", PURPLE_PROXY_HTTP, FAKE_PROXY_HTTP, USER, PASSWORD, BY_NAME },
    { "socks4", PURPLE_PROXY_SOCKS4, FAKE_PROXY_SOCKS4, NULL, NULL, BY_NUMBER },
    { "socks4-user", PURPLE_PROXY_SOCKS4, FAKE_PROXY_SOCKS4, USER, NULL, BY_NUMBER },
    { "socks4a", PURPLE_PROXY_SOCKS4, FAKE_PROXY_SOCKS4A, NULL, NULL, BY_NAME },
    { "socks5", PURPLE_PROXY_SOCKS5, FAKE_PROXY_SOCKS5, NULL, NULL, BY_NAME },
    { "socks5-password", PURPLE_PROXY_SOCKS5, FAKE_PROXY_SOCKS5, USER, PASSWORD, BY_NAME },
    { "tor", PURPLE_PROXY_TOR, FAKE_PROXY_SOCKS5, NULL, NULL, BY_NAME },
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

static void test_kind(gconstpointer data)
{
    const Kind *kind = data;
    Fixture fixture;
    g_autofree char *api = g_strconcat(kind->api, ":1", NULL);
    g_autofree char *stream = g_strconcat(kind->stream, ":1", NULL);

    if (is_leaky(kind->kind)) {
        g_test_skip("GLib leaks with SOCKS 4");
        return;
    }
    fixture_up(&fixture, fake_proxy_new(kind->kind, kind->user, kind->password), kind->api, kind->stream);
    purple_prefs_set_bool("/purple/proxy/socks4_remotedns", kind->kind == FAKE_PROXY_SOCKS4A);
    use_proxy(&fixture, kind->type, kind->user, kind->password);
    host_sign_on_ready(fixture.account, fixture.server);
    talk(&fixture);
    g_assert_cmpuint(fake_server_count(fixture.server, "POST", "/oauth/token"), ==, 1);
    g_assert_cmpuint(fake_server_count_streams(fixture.server), ==, 1);
    g_assert_cmpuint(fake_proxy_count_targets(fixture.proxy, api), >=, 1);
    g_assert_cmpuint(fake_proxy_count_targets(fixture.proxy, stream), ==, 1);
    g_assert_cmpuint(fake_proxy_count_rejected(fixture.proxy), ==, 0);
    /* The proxy hears where to, and not what. */
    g_assert_null(strstr(fake_proxy_get_heard(fixture.proxy)->str, "\nAuthorization"));
    g_assert_null(strstr(fake_proxy_get_heard(fixture.proxy)->str, "oauth"));
    if (kind->password)
        check_no_secret(host_debug_log() + fixture.logged, kind->user, kind->password);
    purple_prefs_set_bool("/purple/proxy/socks4_remotedns", FALSE);
    fixture_down(&fixture);
}

/* ---- where the setting comes from ---- */

static void test_global(void)
{
    Fixture fixture;

    fixture_up(&fixture, fake_proxy_new(FAKE_PROXY_SOCKS5, USER, PASSWORD), BY_NAME);
    set_global("socks5", "127.0.0.1", fake_proxy_get_port(fixture.proxy), USER, PASSWORD);
    host_sign_on_ready(fixture.account, fixture.server);
    talk(&fixture);
    host_sign_off(fixture.account);
    /* Another one that is said to be the same. */
    set_proxy(fixture.account, PURPLE_PROXY_USE_GLOBAL, NULL, 0, NULL, NULL);
    host_sign_on_ready(fixture.account, fixture.server);
    g_assert_cmpuint(fake_proxy_count_targets(fixture.proxy, "stream.flowdock.test:1"), ==, 2);
    fixture_down(&fixture);
}

static void test_environment(void)
{
    Fixture fixture;
    g_autofree char *address = NULL;

    fixture_up(&fixture, fake_proxy_new(FAKE_PROXY_HTTP, "somebody", "s3cret"), BY_NAME);
    address = g_strdup_printf("http://somebody:s3cret@127.0.0.1:%u/", fake_proxy_get_port(fixture.proxy));
    g_setenv("http_proxy", address, TRUE);
    set_proxy(fixture.account, PURPLE_PROXY_USE_ENVVAR, NULL, 0, NULL, NULL);
    host_sign_on_ready(fixture.account, fixture.server);
    talk(&fixture);
    g_unsetenv("http_proxy");
    g_assert_cmpuint(fake_proxy_count_targets(fixture.proxy, "stream.flowdock.test:1"), ==, 1);
    check_no_secret(host_debug_log() + fixture.logged, "somebody", "s3cret");
    fixture_down(&fixture);
}

/* The other way round: these are not to be used. */
static void test_none_beats_global(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_HTTP, NULL, NULL);
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *address = g_strdup_printf("http://127.0.0.1:%u/", fake_proxy_get_port(proxy));

    set_global("http", "127.0.0.1", fake_proxy_get_port(proxy), NULL, NULL);
    g_setenv("http_proxy", address, TRUE);
    g_setenv("https_proxy", address, TRUE);
    g_setenv("all_proxy", address, TRUE);
    set_proxy(account, PURPLE_PROXY_NONE, NULL, 0, NULL, NULL);
    host_sign_on_ready(account, server);
    g_unsetenv("http_proxy");
    g_unsetenv("https_proxy");
    g_unsetenv("all_proxy");
    g_assert_cmpuint(fake_proxy_count_connections(proxy), ==, 0);
    host_account_free(account);
    set_global("none", "", 0, "", "");
}

/* What goes to this computer may be unencrypted: a proxy elsewhere (here one that is not there) never gets it. */
static void test_this_computer(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    set_proxy(account, PURPLE_PROXY_HTTP, "192.0.2.1", 8080, USER, PASSWORD);
    host_sign_on_ready(account, server);
    host_account_free(account);
}

/* One on this computer is used for all, so that it can be watched. */
static void test_this_computers_proxy(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_HTTP, USER, PASSWORD);
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    set_proxy(account, PURPLE_PROXY_HTTP, "localhost", fake_proxy_get_port(proxy), USER, PASSWORD);
    host_sign_on_ready(account, server);
    g_assert_cmpuint(fake_proxy_count_targets(proxy, NULL), >=, 3);
    host_account_free(account);
}

/* ---- what goes wrong ---- */

typedef struct {
    const char *name;
    PurpleProxyType type;
    FakeProxyKind kind;
    const char *user, *password; /* what is sent */
    guint refusal;
    gboolean is_down;
    const char *said;
    guint rejected;
} Failure;

/* clang-format off */
static const Failure failures[] = {
    { .name = "wrong-password", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .user = USER,
      .password = "wr0ng!", .said = WRONG, .rejected = 1 },
    { .name = "no-password", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .said = WRONG },
    { .name = "socks5-wrong-password", .type = PURPLE_PROXY_SOCKS5, .kind = FAKE_PROXY_SOCKS5, .user = USER,
      .password = "wr0ng!", .said = WRONG, .rejected = 1 },
    { .name = "socks5-no-password", .type = PURPLE_PROXY_SOCKS5, .kind = FAKE_PROXY_SOCKS5, .said = WRONG },
    { .name = "unauthorized", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .user = USER, .password = PASSWORD,
      .refusal = 401, .said = NO_WAY " (the proxy answered 401 Unauthorized)" },
    { .name = "forbidden", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .user = USER, .password = PASSWORD,
      .refusal = 403, .said = NO_WAY " (the proxy answered 403 Forbidden)" },
    { .name = "bad-gateway", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .user = USER, .password = PASSWORD,
      .refusal = 502, .said = NO_WAY " (the proxy answered 502 Bad Gateway)" },
    { .name = "unavailable", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .user = USER, .password = PASSWORD,
      .refusal = 503, .said = NO_WAY " (the proxy answered 503 Service Unavailable)" },
    { .name = "timeout", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .user = USER, .password = PASSWORD,
      .refusal = 504, .said = NO_WAY " (the proxy answered 504 Gateway Timeout)" },
    { .name = "socks5-ruleset", .type = PURPLE_PROXY_SOCKS5, .kind = FAKE_PROXY_SOCKS5, .user = USER,
      .password = PASSWORD, .refusal = 2, .said = NO_WAY " (SOCKSv5 connection not allowed by ruleset.)" },
    { .name = "down", .type = PURPLE_PROXY_HTTP, .kind = FAKE_PROXY_HTTP, .user = USER, .password = PASSWORD,
      .is_down = TRUE, .said = UNREACHABLE " (Could not connect to proxy server 127.0.0.1: Connection refused)" },
    { .name = "socks5-down", .type = PURPLE_PROXY_SOCKS5, .kind = FAKE_PROXY_SOCKS5, .user = USER,
      .password = PASSWORD, .is_down = TRUE,
      .said = UNREACHABLE " (Could not connect to proxy server 127.0.0.1: Connection refused)" },
};
/* clang-format on */

static void test_failure(gconstpointer data)
{
    const Failure *failure = data;
    g_autofree char *expected = g_strconcat("progress 0/3 Signing in\n", failure->said, NULL);
    Fixture fixture;

    fixture_up(&fixture, fake_proxy_new(failure->kind, USER, PASSWORD), BY_NAME);
    fake_proxy_refuse(fixture.proxy, failure->refusal);
    use_proxy(&fixture, failure->type, failure->user, failure->password);
    if (failure->is_down)
        g_clear_pointer(&fixture.proxy, fake_proxy_free);
    host_sign_on(fixture.account);
    host_expect(expected);
    g_assert_true(purple_account_is_disconnected(fixture.account));
    g_assert_cmpuint(fake_server_count(fixture.server, NULL, NULL), ==, 0);
    if (fixture.proxy)
        g_assert_cmpuint(fake_proxy_count_rejected(fixture.proxy), ==, failure->rejected);
    check_no_secret(host_debug_log() + fixture.logged, USER, PASSWORD);
    check_no_secret(host_debug_log() + fixture.logged, USER, "wr0ng!");
    fixture_down(&fixture);
}

static void test_incomplete(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    set_proxy(account, PURPLE_PROXY_SOCKS5, "", 1080, NULL, NULL);
    host_sign_on(account);
    host_expect("disconnected INVALID_SETTINGS It is not known which proxy to use. Enter host and port of the proxy in "
                "the account's settings.");
    g_assert_cmpuint(fake_server_count(server, NULL, NULL), ==, 0);
    host_account_free(account);
}

/* While signed in: what may pass is waited for. */
static void test_refused_for_a_while(void)
{
    Fixture fixture;

    fixture_up(&fixture, fake_proxy_new(FAKE_PROXY_HTTP, USER, PASSWORD), BY_NAME);
    use_proxy(&fixture, PURPLE_PROXY_HTTP, USER, PASSWORD);
    host_sign_on_ready(fixture.account, fixture.server);
    fake_proxy_refuse(fixture.proxy, 503);
    fake_proxy_cut(fixture.proxy);
    host_record_ignore(NULL);
    host_wait("chat acme/main * The connection is lost. Trying to get it back…");
    fake_server_say(fixture.server, "acme/main", 2, "missed");
    fake_proxy_refuse(fixture.proxy, 0);
    host_wait("chat acme/main <Ann> RECV* missed");
    host_wait("chat acme/main * The connection is back.");
    host_record_ignore(LINES_OF_A_LOSS);
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    fixture_down(&fixture);
}

/* And what does not pass ends it: a password that has changed is not tried for ever. */
static void test_password_changes(void)
{
    Fixture fixture;

    fixture_up(&fixture, fake_proxy_new(FAKE_PROXY_HTTP, USER, PASSWORD), BY_NAME);
    use_proxy(&fixture, PURPLE_PROXY_HTTP, USER, PASSWORD);
    host_sign_on_ready(fixture.account, fixture.server);
    fake_proxy_refuse(fixture.proxy, 407);
    fake_proxy_cut(fixture.proxy);
    host_wait(WRONG);
    test_until(purple_account_is_disconnected(fixture.account));
    test_settle();
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 1);
    fixture_down(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    host_record_ignore(LINES_OF_A_LOSS);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *path = g_strconcat("/flowdock/proxy/kind/", kinds[i].name, NULL);

        g_test_add_data_func(path, &kinds[i], test_kind);
    }
    g_test_add_func("/flowdock/proxy/global", test_global);
    g_test_add_func("/flowdock/proxy/environment", test_environment);
    g_test_add_func("/flowdock/proxy/none-beats-global", test_none_beats_global);
    g_test_add_func("/flowdock/proxy/this-computer", test_this_computer);
    g_test_add_func("/flowdock/proxy/this-computers-proxy", test_this_computers_proxy);
    for (gsize i = 0; i < G_N_ELEMENTS(failures); i++) {
        g_autofree char *path = g_strconcat("/flowdock/proxy/fails/", failures[i].name, NULL);

        g_test_add_data_func(path, &failures[i], test_failure);
    }
    g_test_add_func("/flowdock/proxy/incomplete", test_incomplete);
    g_test_add_func("/flowdock/proxy/refused-for-a-while", test_refused_for_a_while);
    g_test_add_func("/flowdock/proxy/password-changes", test_password_changes);
    return g_test_run();
}
