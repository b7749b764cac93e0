/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-sse: bytes to events, however they are cut. */
#include "net/net-sse.h"

#include <string.h>

/* What came out, as "id|data" lines; "-" for no id. */
typedef struct {
    GString *out;
    NetSse *sse;
    guint stop_after; /* 0: never */
    guint count;
} Seen;

static void on_event(const char *id, const char *data, gsize length, gpointer user_data)
{
    Seen *seen = user_data;

    g_assert_cmpuint(data[length], ==, 0);
    g_assert_cmpuint(length, >, 0);
    g_string_append_printf(seen->out, "%s|", id ? id : "-");
    g_string_append_len(seen->out, data, (gssize)length);
    g_string_append_c(seen->out, '\n');
    if (++seen->count == seen->stop_after)
        net_sse_stop(seen->sse);
}

static void seen_init(Seen *seen)
{
    *seen = (Seen){ .out = g_string_new(NULL) };
    seen->sse = net_sse_new(on_event, seen);
}

static void seen_clear(Seen *seen)
{
    net_sse_free(seen->sse);
    g_string_free(seen->out, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)

static const struct {
    const char *name, *wire, *events, *last_id;
} cases[] = {
    { "one", "data: a\n\n", "-|a\n", NULL },
    { "with id", "id: 7\ndata: a\n\n", "7|a\n", "7" },
    { "id behind data", "data: a\nid: 7\n\n", "7|a\n", "7" },
    { "id stays", "id: 7\ndata: a\n\ndata: b\n\n", "7|a\n7|b\n", "7" },
    { "id goes", "id: 7\ndata: a\n\nid\ndata: b\n\n", "7|a\n-|b\n", NULL },
    { "id alone", "id: 7\ndata: a\n\nid: 8\n\n", "7|a\n", "8" },
    { "id not complete", "id: 7\ndata: a\n\nid: 8\ndata: b\n", "7|a\n", "7" },
    { "id with NUL", "id: 7\n\nid: 8\\9\ndata: a\n\n", "7|a\n", "7" },
    { "several lines", "data: a\ndata: b\ndata\ndata:c\n\n", "-|a\nb\n\nc\n", NULL },
    { "one blank goes", "data:  a \ndata:b\n\n", "-| a \nb\n", NULL },
    { "colons stay", "data: {\"a\":1}:\n\n", "-|{\"a\":1}:\n", NULL },
    { "CR LF", "id: 7\r\ndata: a\r\n\r\ndata: b\r\n\r\n", "7|a\n7|b\n", "7" },
    { "CR", "id: 7\rdata: a\r\rdata: b\r\r", "7|a\n7|b\n", "7" },
    { "all line ends", "data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r\n", "-|a\nb\nc\n-|d\n", NULL },
    { "LF LF CR", "data: a\n\n\rdata: b\n\r", "-|a\n-|b\n", NULL },
    { "comments", ": hi\n:\n\ndata: a\n: in between\ndata: b\n\n:\n", "-|a\nb\n", NULL },
    { "empty events", "\n\n\r\n\rdata\n\ndata:\n\ndata: \n\n", "", NULL },
    { "two empty lines", "data\ndata\n\n", "-|\n\n", NULL },
    { "other fields", "event: x\nretry: 10\ndata: a\nwhatever\nDATA: b\n data: c\ndatas: d\n\n", "-|a\n", NULL },
    { "byte order mark",
      "\xef\xbb\xbf"
      "data: a\n\n",
      "-|a\n", NULL },
    { "a second mark",
      "\xef\xbb\xbf\xef\xbb\xbf"
      "data: a\n\ndata: b\n\n",
      "-|b\n", NULL },
    { "a later mark",
      "data: a\n\n\xef\xbb\xbf"
      "data: b\n\n",
      "-|a\n", NULL },
    { "only a mark", "\xef\xbb\xbf\ndata: a\n\n", "-|a\n", NULL },
    { "letters", "data: caf\xc3\xa9 \xf0\x9f\x98\x80\n\n", "-|caf\xc3\xa9 \xf0\x9f\x98\x80\n", NULL },
    { "not complete", "data: a\n\ndata: b\n", "-|a\n", NULL },
    { "no colon", "data\n", "", NULL },
    { "no bytes", "", "", NULL },
};

/* A backslash stands for a NUL. */
static char *wire_of(const char *text)
{
    char *wire = g_strdup(text);

    for (char *at = wire; *at; at++) {
        if (*at == '\\')
            *at = '\0';
    }
    return wire;
}

static void feed(NetSse *sse, const char *bytes, gsize length)
{
    /* Exactly so long, for the sanitiser to see any look behind it. */
    g_autofree char *exact = length > 0 ? g_memdup2(bytes, length) : NULL;

    net_sse_feed(sse, exact, length);
}

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wire = wire_of(cases[i].wire);
        g_auto(Seen) seen;

        seen_init(&seen);
        g_test_message("%s", cases[i].name);
        feed(seen.sse, wire, strlen(cases[i].wire));
        g_assert_cmpstr(seen.out->str, ==, cases[i].events);
        g_assert_cmpstr(net_sse_get_last_id(seen.sse), ==, cases[i].last_id);
        g_assert_cmpuint(net_sse_get_dropped(seen.sse), ==, 0);
    }
}

/* Where the network cuts the stream is chance: every pair of cuts must give the same events. */
static void test_split_anywhere(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wire = wire_of(cases[i].wire);
        gsize length = strlen(cases[i].wire);

        g_test_message("%s", cases[i].name);
        for (gsize one = 0; one <= length; one++) {
            for (gsize other = one; other <= length; other++) {
                g_auto(Seen) seen;

                seen_init(&seen);
                feed(seen.sse, wire, one);
                feed(seen.sse, wire + one, other - one);
                feed(seen.sse, wire + other, length - other);
                g_assert_cmpstr(seen.out->str, ==, cases[i].events);
                g_assert_cmpstr(net_sse_get_last_id(seen.sse), ==, cases[i].last_id);
            }
        }
    }
}

static void test_byte_by_byte(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wire = wire_of(cases[i].wire);
        g_auto(Seen) seen;

        seen_init(&seen);
        for (gsize at = 0; at < strlen(cases[i].wire); at++)
            feed(seen.sse, wire + at, 1);
        g_assert_cmpstr(seen.out->str, ==, cases[i].events);
    }
}

static void feed_text(NetSse *sse, const char *text)
{
    net_sse_feed(sse, text, strlen(text));
}

static void test_restart(void)
{
    g_auto(Seen) seen;

    seen_init(&seen);
    feed_text(seen.sse, "id: 7\ndata: a\n\nid: 8\ndata: lost\nda");
    net_sse_restart(seen.sse);
    g_assert_cmpstr(net_sse_get_last_id(seen.sse), ==, "7");
    feed_text(seen.sse, "\xef\xbb\xbf"
                        "data: b\n\n");
    feed_text(seen.sse, "data: c\r");
    net_sse_restart(seen.sse);
    feed_text(seen.sse, "\ndata: d\n\n");
    g_assert_cmpstr(seen.out->str, ==, "7|a\n7|b\n7|d\n");
}

static void test_set_last_id(void)
{
    g_auto(Seen) seen;

    seen_init(&seen);
    net_sse_set_last_id(seen.sse, "5");
    feed_text(seen.sse, "data: a\n\n");
    g_assert_cmpstr(seen.out->str, ==, "5|a\n");
    net_sse_set_last_id(seen.sse, "");
    g_assert_null(net_sse_get_last_id(seen.sse));
    net_sse_set_last_id(seen.sse, NULL);
    g_assert_null(net_sse_get_last_id(seen.sse));
}

static void test_stop(void)
{
    g_auto(Seen) seen;

    seen_init(&seen);
    seen.stop_after = 2;
    feed_text(seen.sse, "data: a\n\ndata: b\n\ndata: c\n\n");
    g_assert_cmpstr(seen.out->str, ==, "-|a\n-|b\n");
    net_sse_restart(seen.sse);
    feed_text(seen.sse, "data: d\n\n");
    g_assert_cmpstr(seen.out->str, ==, "-|a\n-|b\n-|d\n");
}

static void feed_fill(NetSse *sse, gsize length, gsize step)
{
    g_autofree char *fill = g_strnfill(step, 'x');

    for (; length > 0; length -= MIN(length, step))
        net_sse_feed(sse, fill, MIN(length, step));
}

static void test_too_long(void)
{
    static const struct {
        const char *name;
        const char *begin;
        gsize length;
        gboolean drops;
    } longs[] = {
        { "just fits", "data: ", NET_SSE_MAX_EVENT, FALSE },
        { "one more", "data: ", NET_SSE_MAX_EVENT + 1, TRUE },
        { "just fits, without blank", "data:", NET_SSE_MAX_EVENT, FALSE },
        { "far more", "data: ", 3 * NET_SSE_MAX_EVENT, TRUE },
        { "a line too many", "data: a\ndata: ", NET_SSE_MAX_EVENT - 1, TRUE },
        { "a line that fits", "data: a\ndata: ", NET_SSE_MAX_EVENT - 2, FALSE },
        { "far more behind a line", "data: a\ndata: ", 3 * NET_SSE_MAX_EVENT, TRUE },
    };
    static const gsize steps[] = { 1000, 16 * 1024, 4 * NET_SSE_MAX_EVENT };

    for (gsize i = 0; i < G_N_ELEMENTS(longs); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(steps); j++) {
            g_auto(Seen) seen;

            seen_init(&seen);
            g_test_message("%s, in steps of %" G_GSIZE_FORMAT, longs[i].name, steps[j]);
            feed_text(seen.sse, "id: 1\n");
            feed_text(seen.sse, longs[i].begin);
            feed_fill(seen.sse, longs[i].length, steps[j]);
            feed_text(seen.sse, "\n\ndata: next\n\n");
            g_assert_cmpuint(net_sse_get_dropped(seen.sse), ==, longs[i].drops ? 1 : 0);
            g_assert_cmpuint(seen.count, ==, longs[i].drops ? 1 : 2);
            g_assert_true(g_str_has_suffix(seen.out->str, "1|next\n"));
            /* What was dropped is not asked for again. */
            g_assert_cmpstr(net_sse_get_last_id(seen.sse), ==, "1");
        }
    }
}

/* An endless comment or field is no event, and takes no more memory than one. */
static void test_endless_line(void)
{
    g_auto(Seen) seen;

    seen_init(&seen);
    feed_text(seen.sse, "data: a\n: ");
    feed_fill(seen.sse, 5 * NET_SSE_MAX_EVENT, 64 * 1024);
    feed_text(seen.sse, "\ndata: b\n\n");
    g_assert_cmpstr(seen.out->str, ==, "-|a\nb\n");
    g_assert_cmpuint(net_sse_get_dropped(seen.sse), ==, 0);
}

static void test_long_id(void)
{
    g_auto(Seen) seen;

    seen_init(&seen);
    feed_text(seen.sse, "id: 1\ndata: a\n\nid: ");
    feed_fill(seen.sse, NET_SSE_MAX_ID + 1, 100);
    feed_text(seen.sse, "\ndata: b\n\n");
    g_assert_cmpstr(seen.out->str, ==, "1|a\n1|b\n");
    feed_text(seen.sse, "id: ");
    feed_fill(seen.sse, NET_SSE_MAX_ID, 100);
    feed_text(seen.sse, "\n\n");
    g_assert_cmpuint(strlen(net_sse_get_last_id(seen.sse)), ==, NET_SSE_MAX_ID);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/sse/cases", test_cases);
    g_test_add_func("/net/sse/split-anywhere", test_split_anywhere);
    g_test_add_func("/net/sse/byte-by-byte", test_byte_by_byte);
    g_test_add_func("/net/sse/restart", test_restart);
    g_test_add_func("/net/sse/set-last-id", test_set_last_id);
    g_test_add_func("/net/sse/stop", test_stop);
    g_test_add_func("/net/sse/too-long", test_too_long);
    g_test_add_func("/net/sse/endless-line", test_endless_line);
    g_test_add_func("/net/sse/long-id", test_long_id);
    return g_test_run();
}
