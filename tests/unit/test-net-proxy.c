/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What net-proxy keeps apart. How it meets real proxies is in test-fake-proxy.c. */
#include "net/net-proxy.h"

#include <string.h>

/* @expected: what GIO is told for @uri. */
static void check(const char *address, const char *const *ignored, const char *uri, const char *expected)
{
    g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new(address, (char **)ignored);
    g_autoptr(NetProxy) proxy = net_proxy_new(resolver);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) found = g_proxy_resolver_lookup(net_proxy_get_resolver(proxy), uri, NULL, &error);

    g_assert_no_error(error);
    g_test_message("%s: %s", address, found[0]);
    g_assert_cmpstr(found[0], ==, expected);
    g_assert_null(found[1]);
}

static void test_addresses(void)
{
    static const char *const cases[][2] = {
        { "direct://", "direct://" },
        { "http://host:8080", "http://host:8080" },
        { "http://u:p@host:8080", "http://host:8080" },
        { "http://u@host:8080", "http://host:8080" },
        { "HTTP://u:p@host:8080", "http://host:8080" },
        { "http://u%40x:p%3A@[::1]:8080", "http://[::1]:8080" },
        { "socks5://u:p@host:1080", "socks5://u:p@host:1080" },
        { "socks4a://u@host:1080", "socks4a://u@host:1080" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(cases[i][0], NULL, "https://example.com/", cases[i][1]);
}

static void test_ignored_hosts(void)
{
    static const char *const ignored[] = { "localhost", "10.0.0.0/8", NULL };

    check("http://u:p@host:8080", ignored, "https://example.com/", "http://host:8080");
    check("http://u:p@host:8080", ignored, "https://localhost/", "direct://");
    check("http://u:p@host:8080", ignored, "https://10.1.2.3/", "direct://");
}

static void test_foreign_resolver(void)
{
    GProxyResolver *system = g_proxy_resolver_get_default();
    g_autoptr(NetProxy) proxy = net_proxy_new(system);

    g_assert_true(net_proxy_get_resolver(proxy) == system);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/proxy/addresses", test_addresses);
    g_test_add_func("/net/proxy/ignored-hosts", test_ignored_hosts);
    g_test_add_func("/net/proxy/foreign-resolver", test_foreign_resolver);
    return g_test_run();
}
