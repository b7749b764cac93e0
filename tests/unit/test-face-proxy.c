/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libpurple's proxy settings, from a real libpurple, to what GIO is told. */
#include "face/face-proxy.h"

#include "net/net-error.h"

#include <purple.h>
#include <string.h>

static PurpleEventLoopUiOps loop_ops = {
    .timeout_add = g_timeout_add,
    .timeout_remove = g_source_remove,
    .timeout_add_seconds = g_timeout_add_seconds,
};

static PurpleAccount *account;

/* @info is taken. */
static void set(PurpleProxyType type, const char *host, int port, const char *user, const char *password)
{
    PurpleProxyInfo *info = purple_proxy_info_new();

    purple_proxy_info_set_type(info, type);
    purple_proxy_info_set_host(info, host);
    purple_proxy_info_set_port(info, port);
    purple_proxy_info_set_username(info, user);
    purple_proxy_info_set_password(info, password);
    purple_account_set_proxy_info(account, info);
}

/* (transfer full): by what GIO would reach @uri. */
static char *way_to(const char *uri)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GProxyResolver) resolver = face_proxy_resolver(account, &error);
    g_auto(GStrv) found = NULL;

    g_assert_no_error(error);
    found = g_proxy_resolver_lookup(resolver, uri, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(found), ==, 1);
    return g_strdup(found[0]);
}

typedef struct {
    PurpleProxyType type;
    const char *host;
    int port;
    const char *user, *password;
    const char *expected; /* (nullable): it is refused */
} Setup;

/* clang-format off */
static const Setup setups[] = {
    { PURPLE_PROXY_NONE, NULL, 0, NULL, NULL, "direct://" },
    { PURPLE_PROXY_NONE, "proxy", 1, "u", "p", "direct://" },
    { PURPLE_PROXY_HTTP, "proxy", 8080, NULL, NULL, "http://proxy:8080" },
    { PURPLE_PROXY_HTTP, " proxy\n", 65535, "", "p", "http://proxy:65535" },
    { PURPLE_PROXY_HTTP, "proxy", 1, "u", NULL, "http://u:@proxy:1" },
    { PURPLE_PROXY_HTTP, "proxy", 1, "a@b:c/d", "%40 ?#[\xe2\x82\xac",
      "http://a%40b%3Ac%2Fd:%2540%20%3F%23%5B\xe2\x82\xac@proxy:1" },
    { PURPLE_PROXY_SOCKS4, "10.0.0.1", 1080, "u", "p", "socks4://u:p@10.0.0.1:1080" },
    { PURPLE_PROXY_SOCKS5, "2001:db8::1", 1080, "u", "p", "socks5://u:p@[2001:db8::1]:1080" },
    { PURPLE_PROXY_SOCKS5, "[2001:db8::1]", 1080, NULL, NULL, "socks5://[2001:db8::1]:1080" },
    { PURPLE_PROXY_SOCKS5, "pr\xc3\xb6xy.example", 1080, NULL, NULL, "socks5://xn--prxy-6qa.example:1080" },
    { PURPLE_PROXY_TOR, "127.0.0.1", 9050, NULL, NULL, "socks5://127.0.0.1:9050" },
    { PURPLE_PROXY_HTTP, NULL, 8080, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "  ", 8080, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "proxy", 0, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "proxy", -1, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "proxy", 65536, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "http://proxy", 8080, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "u@proxy", 8080, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "a b", 8080, NULL, NULL, NULL },
    { PURPLE_PROXY_HTTP, "proxy", 8080, "\xff", NULL, NULL },
    { PURPLE_PROXY_SOCKS5, "proxy", 8080, "u", "\xff", NULL },
    { (PurpleProxyType)77, "proxy", 8080, NULL, NULL, NULL },
};
/* clang-format on */

static void test_setups(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(setups); i++) {
        const Setup *setup = &setups[i];
        g_autofree char *way = NULL;

        g_test_message("%d %s %d", (int)setup->type, setup->host ? setup->host : "", setup->port);
        set(setup->type, setup->host, setup->port, setup->user, setup->password);
        if (setup->expected) {
            way = way_to("https://api.example.com/");
            g_assert_cmpstr(way, ==, setup->expected);
        } else {
            g_autoptr(GError) error = NULL;

            g_assert_null(face_proxy_resolver(account, &error));
            g_assert_error(error, NET_ERROR, NET_ERROR_PROXY_SETTINGS);
            g_assert_cmpstr(error->message, ==, "");
        }
    }
}

/* What is written to this computer may be unencrypted, so it stays here. */
static void test_local_hosts(void)
{
    static const struct {
        const char *proxy, *uri;
        gboolean direct;
    } cases[] = {
        { "proxy", "http://127.0.0.1:1/", TRUE },     { "proxy", "http://127.255.0.1:1/", TRUE },
        { "proxy", "http://[::1]:1/", TRUE },         { "proxy", "http://localhost/", TRUE },
        { "proxy", "http://LocalHost/", TRUE },       { "proxy", "https://a.localhost/", TRUE },
        { "proxy", "https://localhost.com/", FALSE }, { "proxy", "https://128.0.0.1/", FALSE },
        { "proxy", "https://127.example/", FALSE },   { "proxy", "https://[2001:db8::1]/", FALSE },
        { "proxy", "https://notlocalhost/", FALSE },  { "192.0.2.1", "http://127.0.0.1/", TRUE },
        { "2001:db8::1", "http://127.0.0.1/", TRUE }, { "localhost.example", "http://127.0.0.1/", TRUE },
        { "localhost", "http://127.0.0.1/", FALSE },  { "LOCALHOST", "http://127.0.0.1/", FALSE },
        { "127.0.0.1", "http://127.0.0.1/", FALSE },  { "127.1.2.3", "http://[::1]/", FALSE },
        { "::1", "http://localhost/", FALSE },        { "[::1]", "http://localhost/", FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *way = NULL;

        set(PURPLE_PROXY_HTTP, cases[i].proxy, 8080, "u", "p");
        way = way_to(cases[i].uri);
        g_test_message("%s by %s: %s", cases[i].uri, cases[i].proxy, way);
        g_assert_cmpint(g_str_equal(way, "direct://"), ==, cases[i].direct);
    }
}

static void test_socks4_names(void)
{
    static const char *const expected[] = { "socks4://proxy:1080", "socks4a://proxy:1080" };

    set(PURPLE_PROXY_SOCKS4, "proxy", 1080, NULL, NULL);
    for (int remote = 0; remote < 2; remote++) {
        g_autofree char *way = NULL;

        purple_prefs_set_bool("/purple/proxy/socks4_remotedns", remote);
        way = way_to("https://api.example.com/");
        g_assert_cmpstr(way, ==, expected[remote]);
    }
    purple_prefs_set_bool("/purple/proxy/socks4_remotedns", FALSE);
}

static void test_global(void)
{
    g_autofree char *inherited = NULL;
    g_autofree char *told = NULL;
    g_autofree char *own = NULL;

    purple_prefs_set_string("/purple/proxy/type", "socks5");
    purple_prefs_set_string("/purple/proxy/host", "everywhere");
    purple_prefs_set_int("/purple/proxy/port", 1080);
    purple_account_set_proxy_info(account, NULL);
    inherited = way_to("https://api.example.com/");
    g_assert_cmpstr(inherited, ==, "socks5://everywhere:1080");
    set(PURPLE_PROXY_USE_GLOBAL, "ignored", 1, NULL, NULL);
    told = way_to("https://api.example.com/");
    g_assert_cmpstr(told, ==, "socks5://everywhere:1080");
    set(PURPLE_PROXY_NONE, NULL, 0, NULL, NULL);
    own = way_to("https://api.example.com/");
    g_assert_cmpstr(own, ==, "direct://");
    purple_prefs_set_string("/purple/proxy/type", "none");
}

static void test_environment(void)
{
    static const struct {
        const char *value; /* (nullable) */
        const char *expected;
    } cases[] = {
        { NULL, "direct://" },
        { "http://env:3128/", "http://env:3128" },
        { "http://u:p@env:3128", "http://u:p@env:3128" },
        { "http://env", "http://env:80" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *way = NULL;

        g_test_message("%s", cases[i].value ? cases[i].value : "(none)");
        set(PURPLE_PROXY_USE_ENVVAR, NULL, 0, NULL, NULL);
        if (cases[i].value)
            g_setenv("http_proxy", cases[i].value, TRUE);
        way = way_to("https://api.example.com/");
        g_unsetenv("http_proxy");
        g_assert_cmpstr(way, ==, cases[i].expected);
    }
}

int main(int argc, char **argv)
{
    g_autofree char *dir = NULL;

    g_test_init(&argc, &argv, NULL);
    dir = g_build_filename(g_get_home_dir(), ".purple-test", NULL);
    purple_util_set_user_dir(dir);
    purple_eventloop_set_ui_ops(&loop_ops);
    g_assert_true(purple_core_init("flowdock-unit-test"));
    purple_set_blist(purple_blist_new());
    account = purple_account_new("demo@example.com", "prpl-none");
    g_test_add_func("/face/proxy/setups", test_setups);
    g_test_add_func("/face/proxy/local-hosts", test_local_hosts);
    g_test_add_func("/face/proxy/socks4-names", test_socks4_names);
    g_test_add_func("/face/proxy/global", test_global);
    g_test_add_func("/face/proxy/environment", test_environment);
    return g_test_run();
}
