/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-stream against a server that does on every connection what the test says. */
#include "net/net-stream.h"

#include "net/net-error.h"
#include "test-http.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"
#define LONG_MS 60000

/* All that came out, one word each. */
typedef struct {
    TestRaw *raw;
    NetSession *session;
    NetCredential *credential;
    NetRequest *request;
    NetStream *stream;
    GString *log;
    guint count;      /* of words */
    guint free_after; /* words; 0: never */
    gint64 waiting_us;
    GError *error; /* (nullable): the last one */
} Watch;

static void note(Watch *watch, const char *word)
{
    g_string_append(watch->log, watch->log->len > 0 ? " " : "");
    g_string_append(watch->log, word);
    if (++watch->count == watch->free_after)
        g_clear_pointer(&watch->stream, net_stream_free);
}

static void on_event(NetStream *stream, const char *data, gsize length, gpointer user_data)
{
    Watch *watch = user_data;
    g_autofree char *word = g_strndup(data, length);

    g_assert_true(stream == watch->stream);
    note(watch, word);
}

static void on_state(NetStream *stream, NetStreamState state, const GError *error, gpointer user_data)
{
    static const char *const names[] = { "IDLE", "CONNECTING", "OPEN", "WAITING", "FAILED" };
    Watch *watch = user_data;

    g_assert_true(stream == watch->stream);
    g_assert_cmpint(net_stream_get_state(stream), ==, state);
    g_assert_true((error != NULL) == (state == NET_STREAM_WAITING || state == NET_STREAM_FAILED));
    g_clear_error(&watch->error);
    watch->error = error ? g_error_copy(error) : NULL;
    watch->waiting_us = g_get_monotonic_time();
    note(watch, names[state]);
}

static const NetStreamFuncs funcs = { on_event, on_state };

static void watch_init(Watch *watch, const char *wire, gboolean closes, guint silence_ms, guint retry_ms)
{
    NetSessionOptions options = { "test/1.0", NULL, NULL, 0, 1, 1000 };
    NetStreamTimes times = { silence_ms, { retry_ms, retry_ms } };

    *watch = (Watch){ .log = g_string_new(NULL) };
    watch->raw = test_raw_new(wire, closes);
    watch->session = net_session_new(&options, NULL);
    watch->credential = net_credential_new();
    watch->request = net_request_new("GET", "flows", NULL);
    watch->stream =
        net_stream_new(watch->session, watch->credential, watch->raw->url, watch->request, &times, &funcs, watch);
    g_assert_cmpint(net_stream_get_state(watch->stream), ==, NET_STREAM_IDLE);
    net_credential_set_bearer(watch->credential, "good");
}

static void watch_clear(Watch *watch)
{
    net_stream_free(watch->stream);
    net_session_unref(watch->session);
    net_credential_unref(watch->credential);
    net_request_unref(watch->request);
    test_raw_free(watch->raw);
    g_string_free(watch->log, TRUE);
    g_clear_error(&watch->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Watch, watch_clear)

static void start(Watch *watch)
{
    guint count = watch->count;

    net_stream_start(watch->stream);
    g_assert_cmpuint(watch->count, ==, count);
    g_assert_cmpint(net_stream_get_state(watch->stream), ==, NET_STREAM_CONNECTING);
}

#define assert_log(watch, words)                                                                                       \
    do {                                                                                                               \
        test_until((watch)->log->len >= strlen(words));                                                                \
        test_settle();                                                                                                 \
        g_assert_cmpstr((watch)->log->str, ==, words);                                                                 \
        g_string_truncate((watch)->log, 0);                                                                            \
    } while (0)

static void test_events(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, HEAD "data: one\n\n", FALSE, LONG_MS, LONG_MS);
    start(&watch);
    assert_log(&watch, "CONNECTING OPEN one");
    test_raw_write(watch.raw, ": ping\n\nid: 7\nda");
    test_settle();
    test_raw_write(watch.raw, "ta: two\n\ndata: three\n\n");
    assert_log(&watch, "two three");
    g_assert_cmpstr(net_stream_get_last_id(watch.stream), ==, "7");
    g_assert_nonnull(strstr(watch.raw->heads->str, "GET /flows HTTP/1.1\r\n"));
    g_assert_nonnull(strstr(watch.raw->heads->str, "\r\nAuthorization: Bearer good\r\n"));
    g_assert_nonnull(strstr(watch.raw->heads->str, "\r\nAccept: text/event-stream\r\n"));
    g_assert_nonnull(strstr(watch.raw->heads->str, "\r\nCache-Control: no-cache\r\n"));
    g_assert_nonnull(strstr(watch.raw->heads->str, "\r\nAccept-Encoding: identity\r\n"));
    g_assert_null(strstr(watch.raw->heads->str, "Last-Event-ID"));
    /* A second start changes nothing. */
    net_stream_start(watch.stream);
    test_settle();
    g_assert_cmpuint(watch.raw->accepted, ==, 1);
}

static void test_chunked(void)
{
    g_auto(Watch) watch;

    watch_init(&watch,
               "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
               "8\r\ndata: on\r\n3\r\ne\n\n\r\n",
               FALSE, LONG_MS, LONG_MS);
    start(&watch);
    assert_log(&watch, "CONNECTING OPEN one");
    test_raw_write(watch.raw, "b\r\ndata: two\n\n\r\n");
    assert_log(&watch, "two");
    /* A clean end is an end as well. */
    test_raw_write(watch.raw, "0\r\n\r\n");
    assert_log(&watch, "WAITING");
    g_assert_error(watch.error, NET_ERROR, NET_ERROR_OFFLINE);
}

static void test_reopen(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, HEAD "id: a-7\ndata: one\n\nid: 8\ndata: half", TRUE, LONG_MS, 1);
    start(&watch);
    test_until(strstr(watch.log->str, "WAITING"));
    test_raw_set(watch.raw, HEAD "data: two\n\n", FALSE);
    assert_log(&watch, "CONNECTING OPEN one WAITING CONNECTING OPEN two");
    g_assert_nonnull(strstr(watch.raw->heads->str, "\r\nLast-Event-ID: a-7\r\n"));
    test_raw_set(watch.raw, HEAD "data: three\n\n", FALSE);
    test_raw_cut(watch.raw);
    assert_log(&watch, "WAITING CONNECTING OPEN three");
}

static void test_first_id(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, HEAD, FALSE, LONG_MS, 1);
    net_stream_set_last_id(watch.stream, "41");
    start(&watch);
    assert_log(&watch, "CONNECTING OPEN");
    g_assert_nonnull(strstr(watch.raw->heads->str, "\r\nLast-Event-ID: 41\r\n"));
    g_assert_cmpstr(net_stream_get_last_id(watch.stream), ==, "41");
}

/* Silent from the start, in the middle of the head, and in the stream. */
static void test_silence(void)
{
    static const struct {
        const char *wire, *log;
    } cases[] = {
        { "", "CONNECTING WAITING" },
        { "HTTP/1.1 200 OK\r\n", "CONNECTING WAITING" },
        { HEAD, "CONNECTING OPEN WAITING" },
        { HEAD "data: one\n\nda", "CONNECTING OPEN one WAITING" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Watch) watch;
        gint64 begin_us;

        watch_init(&watch, cases[i].wire, FALSE, 300, LONG_MS);
        start(&watch);
        begin_us = g_get_monotonic_time();
        assert_log(&watch, cases[i].log);
        g_assert_error(watch.error, NET_ERROR, NET_ERROR_TIMED_OUT);
        g_assert_cmpint(watch.waiting_us - begin_us, >=, 290 * 1000);
        test_until(watch.raw->ended == 1);
    }
}

static gboolean on_ping(gpointer data)
{
    test_raw_write(data, ":\n");
    return G_SOURCE_CONTINUE;
}

/* Bytes that make no event are no silence. */
static void test_no_silence(void)
{
    g_auto(Watch) watch;
    guint ping_id;
    gint64 begin_us = g_get_monotonic_time();

    watch_init(&watch, HEAD, FALSE, 400, LONG_MS);
    ping_id = g_timeout_add(50, on_ping, watch.raw);
    start(&watch);
    test_until(g_get_monotonic_time() - begin_us > 1000 * 1000);
    assert_log(&watch, "CONNECTING OPEN");
    g_source_remove(ping_id);
    assert_log(&watch, "WAITING");
    g_assert_error(watch.error, NET_ERROR, NET_ERROR_TIMED_OUT);
}

static void test_statuses(void)
{
    static const struct {
        const char *wire, *log;
        NetError code;
    } cases[] = {
        { "HTTP/1.1 400 x\r\n\r\n", "CONNECTING FAILED", NET_ERROR_REJECTED },
        { "HTTP/1.1 401 x\r\n\r\n", "CONNECTING FAILED", NET_ERROR_UNAUTHORIZED },
        { "HTTP/1.1 403 x\r\n\r\n", "CONNECTING FAILED", NET_ERROR_FORBIDDEN },
        { "HTTP/1.1 404 x\r\n\r\n", "CONNECTING FAILED", NET_ERROR_NOT_FOUND },
        { "HTTP/1.1 302 x\r\nLocation: /y\r\n\r\n", "CONNECTING FAILED", NET_ERROR_PROTOCOL },
        { "SSH-2.0\r\n\r\n", "CONNECTING FAILED", NET_ERROR_PROTOCOL },
        { "", "CONNECTING WAITING", NET_ERROR_OFFLINE },
        { "HTTP/1.1 409 x\r\n\r\n", "CONNECTING WAITING", NET_ERROR_REJECTED },
        { "HTTP/1.1 429 x\r\n\r\n", "CONNECTING WAITING", NET_ERROR_RATE_LIMITED },
        { "HTTP/1.1 500 x\r\n\r\n", "CONNECTING WAITING", NET_ERROR_SERVER },
        { "HTTP/1.1 503 x\r\n\r\n", "CONNECTING WAITING", NET_ERROR_SERVER },
        { "HTTP/1.1 200 x\r\nContent-Type: text/html\r\n\r\n<html>", "CONNECTING WAITING", NET_ERROR_PROTOCOL },
        { "HTTP/1.1 200 x\r\n\r\ndata: x\n\n", "CONNECTING WAITING", NET_ERROR_PROTOCOL },
        { "HTTP/1.1 204 x\r\n\r\n", "CONNECTING WAITING", NET_ERROR_PROTOCOL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Watch) watch;

        g_test_message("%s", cases[i].wire);
        watch_init(&watch, cases[i].wire, TRUE, LONG_MS, LONG_MS);
        start(&watch);
        assert_log(&watch, cases[i].log);
        g_assert_error(watch.error, NET_ERROR, (int)cases[i].code);
    }
}

static void test_recovery(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, "HTTP/1.1 503 x\r\n\r\n", TRUE, LONG_MS, 1);
    start(&watch);
    test_until(watch.raw->accepted == 4);
    test_raw_set(watch.raw, HEAD "data: one\n\n", FALSE);
    test_until(g_str_has_suffix(watch.log->str, " WAITING CONNECTING OPEN one"));
    g_assert_true(g_str_has_prefix(watch.log->str, "CONNECTING WAITING CONNECTING WAITING CONNECTING"));
}

static void test_start_again(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, "HTTP/1.1 404 x\r\n\r\n", TRUE, LONG_MS, LONG_MS);
    start(&watch);
    assert_log(&watch, "CONNECTING FAILED");
    test_raw_set(watch.raw, "HTTP/1.1 503 x\r\n\r\n", TRUE);
    start(&watch);
    assert_log(&watch, "CONNECTING WAITING");
    /* Not after LONG_MS, but at once. */
    test_raw_set(watch.raw, HEAD "data: one\n\n", FALSE);
    start(&watch);
    assert_log(&watch, "CONNECTING OPEN one");
}

static void test_retry_after(void)
{
    g_auto(Watch) watch;
    gint64 begin_us;

    watch_init(&watch, "HTTP/1.1 503 x\r\nRetry-After: 1\r\n\r\n", TRUE, LONG_MS, 1);
    start(&watch);
    test_until(strstr(watch.log->str, "WAITING"));
    begin_us = watch.waiting_us;
    test_raw_set(watch.raw, HEAD, FALSE);
    assert_log(&watch, "CONNECTING WAITING CONNECTING OPEN");
    g_assert_cmpint(watch.waiting_us - begin_us, >=, 990 * 1000);
}

/* The waits grow from one failure to the next, until a byte has come. */
static void test_back_off(void)
{
    NetStreamTimes times = { LONG_MS, { 100, LONG_MS } };
    g_auto(Watch) watch;
    gint64 waits_us[4];

    watch_init(&watch, "HTTP/1.1 503 x\r\n\r\n", TRUE, LONG_MS, 1);
    net_stream_free(watch.stream);
    watch.stream = net_stream_new(watch.session, NULL, watch.raw->url, watch.request, &times, &funcs, &watch);
    start(&watch);
    for (gsize i = 0; i < G_N_ELEMENTS(waits_us); i++) {
        gint64 begin_us;

        test_until(g_str_has_suffix(watch.log->str, "WAITING"));
        begin_us = watch.waiting_us;
        if (i == 2)
            test_raw_set(watch.raw, HEAD ":\n", TRUE);
        test_until(g_str_has_suffix(watch.log->str, "CONNECTING"));
        waits_us[i] = watch.waiting_us - begin_us;
    }
    g_assert_cmpint(waits_us[0], >=, 50 * 1000 - 1000);
    g_assert_cmpint(waits_us[1], >=, 100 * 1000 - 1000);
    g_assert_cmpint(waits_us[2], >=, 200 * 1000 - 1000);
    /* At most 100 ms again; without the reset it would be 400 at least. */
    g_assert_cmpint(waits_us[3], <, 300 * 1000);
}

static gboolean on_renewal_ready(gpointer data)
{
    net_credential_set_bearer(data, "renewed");
    net_credential_renewed(data, NULL);
    return G_SOURCE_REMOVE;
}

static void on_renew(NetCredential *credential, gpointer user_data)
{
    test_raw_set(user_data, HEAD "data: one\n\n", FALSE);
    g_idle_add(on_renewal_ready, credential);
}

static void test_renewal(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, "HTTP/1.1 401 x\r\n\r\n", TRUE, LONG_MS, LONG_MS);
    net_credential_set_renewer(watch.credential, on_renew, watch.raw);
    start(&watch);
    assert_log(&watch, "CONNECTING OPEN one");
    g_assert_nonnull(strstr(watch.raw->heads->str, "\r\nAuthorization: Bearer renewed\r\n"));
}

static void test_session_closed(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, HEAD "data: one\n\n", FALSE, LONG_MS, 1);
    start(&watch);
    assert_log(&watch, "CONNECTING OPEN one");
    net_session_close(watch.session);
    g_assert_cmpstr(watch.log->str, ==, "");
    assert_log(&watch, "FAILED");
    g_assert_error(watch.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    test_until(watch.raw->ended == 1);
    start(&watch);
    assert_log(&watch, "CONNECTING FAILED");
    g_assert_error(watch.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The n-th callback frees the stream, and takes the rest of its world with it: it is the last one. */
static void test_free_in_callback(void)
{
    static const char *const words[] = { "CONNECTING", "OPEN", "one", "two", "WAITING", "CONNECTING", "OPEN", "one" };

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_auto(Watch) watch;

        watch_init(&watch, HEAD "data: one\n\ndata: two\n\ndata: three\n\n", FALSE, i < 4 ? 30000 : 1500, 1);
        if (i >= 4)
            test_raw_set(watch.raw, HEAD "data: one\n\ndata: two\n\n", FALSE);
        watch.free_after = i + 1;
        start(&watch);
        test_until(watch.count == i + 1);
        test_settle();
        g_assert_null(watch.stream);
        g_assert_cmpuint(watch.count, ==, i + 1);
        g_assert_true(g_str_has_suffix(watch.log->str, words[i]));
        test_until(watch.raw->ended == watch.raw->accepted);
    }
}

/* FAILED as the last word. */
static void test_free_when_failed(void)
{
    g_auto(Watch) watch;

    watch_init(&watch, "HTTP/1.1 404 x\r\n\r\n", TRUE, LONG_MS, 1);
    watch.free_after = 2;
    start(&watch);
    test_until(!watch.stream);
    test_settle();
    g_assert_cmpstr(watch.log->str, ==, "CONNECTING FAILED");
}

static gboolean on_tick(gpointer data)
{
    (void)data;
    return G_SOURCE_CONTINUE;
}

/* After any number of turns of the main loop: nothing comes afterwards, and the connection ends. */
static void test_free_anywhere(void)
{
    guint tick_id = g_timeout_add(1, on_tick, NULL);

    for (int turns = 0; turns < 60; turns++) {
        g_auto(Watch) watch;
        guint count;

        watch_init(&watch, HEAD "data: one\n\n", turns % 2, LONG_MS, 1);
        if (turns > 0)
            start(&watch);
        for (int i = 0; i < turns; i++)
            g_main_context_iteration(NULL, TRUE);
        g_clear_pointer(&watch.stream, net_stream_free);
        count = watch.count;
        test_settle();
        test_until(watch.raw->ended == watch.raw->accepted);
        g_assert_cmpuint(watch.count, ==, count);
    }
    g_source_remove(tick_id);
    net_stream_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/stream/events", test_events);
    g_test_add_func("/net/stream/chunked", test_chunked);
    g_test_add_func("/net/stream/reopen", test_reopen);
    g_test_add_func("/net/stream/first-id", test_first_id);
    g_test_add_func("/net/stream/silence", test_silence);
    g_test_add_func("/net/stream/no-silence", test_no_silence);
    g_test_add_func("/net/stream/statuses", test_statuses);
    g_test_add_func("/net/stream/recovery", test_recovery);
    g_test_add_func("/net/stream/start-again", test_start_again);
    g_test_add_func("/net/stream/retry-after", test_retry_after);
    g_test_add_func("/net/stream/back-off", test_back_off);
    g_test_add_func("/net/stream/renewal", test_renewal);
    g_test_add_func("/net/stream/session-closed", test_session_closed);
    g_test_add_func("/net/stream/free-in-callback", test_free_in_callback);
    g_test_add_func("/net/stream/free-when-failed", test_free_when_failed);
    g_test_add_func("/net/stream/free-anywhere", test_free_anywhere);
    return g_test_run();
}
