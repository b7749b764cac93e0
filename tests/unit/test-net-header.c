/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-header: whatever a server may write there. */
#include "net/net-header.h"

/* Sun, 06 Nov 1994 08:49:37 GMT */
#define NOW_S G_GINT64_CONSTANT(784111777)

static void test_retry_after(void)
{
    static const struct {
        const char *value;
        gint64 wait_ms;
    } cases[] = {
        { NULL, -1 },
        { "", -1 },
        { "0", 0 },
        { "7", 7000 },
        { "86400", 86400000 },
        { "2147483647", G_GINT64_CONSTANT(2147483647000) },
        { "2147483648", -1 },
        { "99999999999999999999", -1 },
        { "-1", -1 },
        { "+1", -1 },
        { "1.5", -1 },
        { "7 s", -1 },
        { "soon", -1 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 0 },
        { "Sun, 06 Nov 1994 08:51:17 GMT", 100000 },
        { "Sunday, 06-Nov-94 08:51:17 GMT", 100000 },
        { "Sun Nov  6 08:51:17 1994", 100000 },
        { "Sun, 06 Nov 1994 08:49:36 GMT", 0 },
        { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
        { "Sun, 99 Nov 1994 08:51:17 GMT", -1 },
        { "\xff\xfe", -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].value ? cases[i].value : "none");
        g_assert_cmpint(net_header_retry_after_ms(cases[i].value, NOW_S * G_USEC_PER_SEC), ==, cases[i].wait_ms);
    }
}

static void test_user_id(void)
{
    static const struct {
        const char *value;
        gint64 id;
    } cases[] = {
        { NULL, 0 },
        { "", 0 },
        { "42", 42 },
        { "9223372036854775807", G_MAXINT64 },
        { "9223372036854775808", 0 },
        { "0", 0 },
        { "-5", 0 },
        { "42, 43", 0 },
        { "ann", 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].value ? cases[i].value : "none");
        g_assert_cmpint(net_header_user_id(cases[i].value), ==, cases[i].id);
    }
}

static void test_content_range(void)
{
    static const struct {
        const char *value;
        gint64 first, last, total; /* first: -2: none */
    } cases[] = {
        { "bytes 0-0/1", 0, 0, 1 },
        { "BYTES 5-9/10", 5, 9, 10 },
        { "bytes 5-9/*", 5, 9, -1 },
        { "bytes 0-9223372036854775806/9223372036854775807", 0, G_MAXINT64 - 1, G_MAXINT64 },
        { "", -2, 0, 0 },
        { "bytes", -2, 0, 0 },
        { "bytes */10", -2, 0, 0 },
        { "bytes 5-4/10", -2, 0, 0 },
        { "bytes 5-10/10", -2, 0, 0 },
        { "bytes 5-9/10 ", -2, 0, 0 },
        { "bytes 5-9/", -2, 0, 0 },
        { "bytes 5-9", -2, 0, 0 },
        { "bytes -9/10", -2, 0, 0 },
        { "bytes +5-9/10", -2, 0, 0 },
        { "bytes  5-9/10", -2, 0, 0 },
        { "bytes 0-9223372036854775808/*", -2, 0, 0 },
        { "lines 5-9/10", -2, 0, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 first = -2, last = 0, total = 0;

        g_test_message("%s", cases[i].value);
        g_assert_true(net_header_content_range(cases[i].value, &first, &last, &total) == (cases[i].first != -2));
        g_assert_cmpint(first, ==, cases[i].first);
        g_assert_cmpint(last, ==, cases[i].last);
        g_assert_cmpint(total, ==, cases[i].total);
    }
}

static void test_clean(void)
{
    g_assert_true(net_header_is_clean(""));
    g_assert_true(net_header_is_clean("Bearer a.b~c=="));
    g_assert_true(net_header_is_clean("tab\tand \xc3\xa9"));
    g_assert_false(net_header_is_clean("x\r\nX-Evil: 1"));
    g_assert_false(net_header_is_clean("x\n"));
    g_assert_false(net_header_is_clean("\x1b"));
    g_assert_false(net_header_is_clean("\x7f"));
}

static void test_challenge(void)
{
    static const struct {
        const char *value, *url;
    } cases[] = {
        { NULL, NULL },
        { "", NULL },
        { "Flowdock-Token", NULL },
        { "Flowdock-Token url=https://h.com/a?b=c&d=e", "https://h.com/a?b=c&d=e" },
        { "flowdock-token URL=\"https://h.com/a\"", "https://h.com/a" },
        { "Flowdock-Token realm=\"a, b=c\", url = \"https://h.com/a,b\"", "https://h.com/a,b" },
        { "Flowdock-Token url=\"a\\\"b\\\\c\"", "a\"b\\c" },
        { "Flowdock-Token url=\"\"", "" },
        { "Flowdock-Token url=", "" },
        { "Basic realm=\"x\", Flowdock-Token url=https://h.com/, Bearer", "https://h.com/" },
        { "Negotiate, Flowdock-Token url=https://h.com/", "https://h.com/" },
        { "Basic url=https://h.com/", NULL },
        { "Basic realm=x url=https://h.com/, Flowdock-Token realm=y", NULL },
        { "Flowdock-Token realm=y, Basic url=https://h.com/", NULL },
        { "Basic realm=\"Flowdock-Token url=https://h.com/\"", NULL },
        { "Flowdock-Tokens url=https://h.com/", NULL },
        { "Flowdock-Token curl=https://h.com/", NULL },
        { "Flowdock-Token url=\"https://h.com/", NULL },
        { "Flowdock-Token \"url\"=x", NULL },
        { "url=https://h.com/", NULL },
        { "=,=,=", NULL },
        { "\"", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *url = net_header_challenge(cases[i].value, "Flowdock-Token", "url");

        g_test_message("%s", cases[i].value ? cases[i].value : "none");
        g_assert_cmpstr(url, ==, cases[i].url);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/header/retry-after", test_retry_after);
    g_test_add_func("/net/header/user-id", test_user_id);
    g_test_add_func("/net/header/content-range", test_content_range);
    g_test_add_func("/net/header/challenge", test_challenge);
    g_test_add_func("/net/header/clean", test_clean);
    return g_test_run();
}
