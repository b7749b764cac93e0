/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-error: every source of failure to its kind. */
#include "net/net-error.h"

#include <libsoup/soup.h>
#include <string.h>

static void test_status(void)
{
    static const struct {
        guint status;
        NetError code;
        gboolean passes;
    } cases[] = {
        { 100, NET_ERROR_PROTOCOL, FALSE },   { 302, NET_ERROR_PROTOCOL, FALSE },
        { 400, NET_ERROR_REJECTED, FALSE },   { 401, NET_ERROR_UNAUTHORIZED, FALSE },
        { 403, NET_ERROR_FORBIDDEN, FALSE },  { 404, NET_ERROR_NOT_FOUND, FALSE },
        { 407, NET_ERROR_PROXY_AUTH, FALSE }, { 408, NET_ERROR_TIMED_OUT, TRUE },
        { 409, NET_ERROR_REJECTED, FALSE },   { 410, NET_ERROR_GONE, FALSE },
        { 422, NET_ERROR_REJECTED, FALSE },   { 429, NET_ERROR_RATE_LIMITED, TRUE },
        { 499, NET_ERROR_REJECTED, FALSE },   { 500, NET_ERROR_SERVER, TRUE },
        { 503, NET_ERROR_SERVER, TRUE },      { 599, NET_ERROR_SERVER, TRUE },
        { 600, NET_ERROR_PROTOCOL, FALSE },   { 0, NET_ERROR_PROTOCOL, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = net_error_from_status(cases[i].status, NULL);

        g_test_message("%u: %s", cases[i].status, error->message);
        g_assert_error(error, NET_ERROR, (int)cases[i].code);
        g_assert_cmpint(net_error_is_passing(error), ==, cases[i].passes);
        g_assert_cmpstr(error->message, !=, "");
    }
}

static void test_words(void)
{
    g_autofree char *lots = g_strnfill(1000, 'x');
    static const struct {
        const char *words, *message;
    } cases[] = {
        { "flow is\n archived", "403: flow is archived" },
        { "", "403 Forbidden" },
        { " \r\n ", "403 Forbidden" },
        { "bad token=abc", "403: bad token=[...]" },
        { "\xff", "403: \xef\xbf\xbd" },
    };
    g_autoptr(GError) long_error = net_error_from_status(403, lots);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = net_error_from_status(403, cases[i].words);

        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
    g_assert_cmpint(g_utf8_strlen(long_error->message, -1), ==, (glong)strlen("403: ") + 200);
}

static void test_gio(void)
{
    const struct {
        GQuark domain;
        int code;
        NetError expected;
    } cases[] = {
        { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, NET_ERROR_TIMED_OUT },
        { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, NET_ERROR_OFFLINE },
        { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, NET_ERROR_OFFLINE },
        { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, NET_ERROR_OFFLINE },
        { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, NET_ERROR_OFFLINE },
        { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, NET_ERROR_OFFLINE },
        { G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, NET_ERROR_PROXY },
        { G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED, NET_ERROR_PROXY },
        { G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH, NET_ERROR_PROXY_AUTH },
        { G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED, NET_ERROR_PROXY_AUTH },
        { G_IO_ERROR, G_IO_ERROR_FAILED, NET_ERROR_OFFLINE },
        { G_IO_ERROR, G_IO_ERROR_INVALID_DATA, NET_ERROR_PROTOCOL },
        { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, NET_ERROR_OFFLINE },
        { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, NET_ERROR_CERT_OTHER },
        { G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE, NET_ERROR_NO_TLS },
        { G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, NET_ERROR_TLS },
        { G_TLS_ERROR, G_TLS_ERROR_MISC, NET_ERROR_TLS },
        { G_TLS_ERROR, G_TLS_ERROR_EOF, NET_ERROR_OFFLINE },
        { G_TLS_ERROR, G_TLS_ERROR_NOT_TLS, NET_ERROR_OFFLINE },
        { SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING, NET_ERROR_PROTOCOL },
        { SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING, NET_ERROR_PROTOCOL },
        { SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_TOO_MANY_RESTARTS, NET_ERROR_OFFLINE },
        { G_FILE_ERROR, G_FILE_ERROR_FAILED, NET_ERROR_OFFLINE },
        { NET_ERROR, NET_ERROR_GONE, NET_ERROR_GONE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) broken = g_error_new_literal(cases[i].domain, cases[i].code, "what happened");
        g_autoptr(GError) error = net_error_from_gio(broken);

        g_test_message("%s %d", g_quark_to_string(cases[i].domain), cases[i].code);
        g_assert_error(error, NET_ERROR, (int)cases[i].expected);
        g_assert_cmpstr(error->message, ==, "what happened");
    }
}

static void test_cancelled(void)
{
    g_autoptr(GError) cancelled = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");
    g_autoptr(GError) error = net_error_from_gio(cancelled);

    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(net_error_is_passing(error));
    g_assert_false(net_error_is_passing(NULL));
}

/* Which may be tried again, and which are of encryption. */
static void test_kinds(void)
{
    static const struct {
        NetError code;
        gboolean passes, is_tls;
    } cases[] = {
        { NET_ERROR_OFFLINE, TRUE, FALSE },
        { NET_ERROR_TIMED_OUT, TRUE, FALSE },
        { NET_ERROR_TLS, FALSE, TRUE },
        { NET_ERROR_NO_TLS, FALSE, TRUE },
        { NET_ERROR_CERT_UNTRUSTED, FALSE, TRUE },
        { NET_ERROR_CERT_SELF_SIGNED, FALSE, TRUE },
        { NET_ERROR_CERT_EXPIRED, FALSE, TRUE },
        { NET_ERROR_CERT_NOT_ACTIVATED, FALSE, TRUE },
        { NET_ERROR_CERT_HOST, FALSE, TRUE },
        { NET_ERROR_CERT_OTHER, FALSE, TRUE },
        { NET_ERROR_CA_FILE, FALSE, FALSE },
        { NET_ERROR_PROXY, TRUE, FALSE },
        { NET_ERROR_PROXY_AUTH, FALSE, FALSE },
        { NET_ERROR_PROXY_SETTINGS, FALSE, FALSE },
        { NET_ERROR_UNAUTHORIZED, FALSE, FALSE },
        { NET_ERROR_INSECURE, FALSE, FALSE },
    };
    g_autoptr(GError) foreign = g_error_new_literal(G_TLS_ERROR, NET_ERROR_TLS, "");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = g_error_new_literal(NET_ERROR, (int)cases[i].code, "");

        g_test_message("%d", (int)cases[i].code);
        g_assert_cmpint(net_error_is_passing(error), ==, cases[i].passes);
        g_assert_cmpint(net_error_is_tls(error), ==, cases[i].is_tls);
    }
    g_assert_false(net_error_is_tls(foreign));
    g_assert_false(net_error_is_tls(NULL));
}

/* GIO's words can hold an address with its query. */
static void test_redacted(void)
{
    g_autoptr(GError) broken =
        g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, "cannot open https://h/p?access_token=abc\nnow");
    g_autoptr(GError) error = net_error_from_gio(broken);

    g_assert_cmpstr(error->message, ==, "cannot open https://h/p?[...] now");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/error/status", test_status);
    g_test_add_func("/net/error/words", test_words);
    g_test_add_func("/net/error/gio", test_gio);
    g_test_add_func("/net/error/kinds", test_kinds);
    g_test_add_func("/net/error/cancelled", test_cancelled);
    g_test_add_func("/net/error/redacted", test_redacted);
    return g_test_run();
}
