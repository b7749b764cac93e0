/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One attempt after the other. An attempt lives until the callback of its one pending call; the stream knows only
 * the current attempt, and the callback of any other changes nothing. */
#define G_LOG_DOMAIN "flowdock-net"

#include "net-stream.h"

#include <libsoup/soup.h>
#include <time.h>

#include "net-error.h"
#include "net-sse.h"

#define NET_STREAM_CHUNK (16 * 1024)
/* The clock is looked at so many times in a silence: after a suspension the timer still has its rest to wait. */
#define NET_STREAM_LOOKS 3

typedef struct {
    NetStream *stream;
    GCancellable *cancellable;
    GInputStream *body; /* (nullable) */
    char chunk[NET_STREAM_CHUNK];
} Attempt;

struct _NetStream {
    gatomicrefcount refs; /* the owner's, one for each attempt, and those of callers up the stack */
    NetSession *session;
    NetCredential *credential; /* (nullable) */
    char *base_url;
    NetRequest *request;
    NetStreamTimes times;
    NetStreamFuncs funcs;
    gpointer user_data;
    NetStreamState state;
    NetSse *sse;
    Attempt *attempt; /* (nullable): the current one; owned by its pending call */
    guint failures;   /* in a row */
    guint delay_id;
    guint silence_id;
    gint64 heard_ms; /* when the last byte came, or the attempt began */
};

/* Goes on while the machine is suspended, where the system has such a clock. */
static gint64 now_ms(void)
{
#ifdef CLOCK_BOOTTIME
    struct timespec now;

    if (clock_gettime(CLOCK_BOOTTIME, &now) == 0)
        return (gint64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
#endif
    return g_get_monotonic_time() / 1000;
}

static NetStream *stream_ref(NetStream *stream)
{
    g_atomic_ref_count_inc(&stream->refs);
    return stream;
}

static void stream_unref(NetStream *stream)
{
    if (!g_atomic_ref_count_dec(&stream->refs))
        return;
    net_sse_free(stream->sse);
    net_credential_unref(stream->credential);
    net_request_unref(stream->request);
    net_session_unref(stream->session);
    g_free(stream->base_url);
    g_free(stream);
}

static Attempt *attempt_new(NetStream *stream)
{
    Attempt *attempt = g_new0(Attempt, 1);
    GCancellable *closing = net_session_get_closing(stream->session);

    attempt->stream = stream_ref(stream);
    attempt->cancellable = g_cancellable_new();
    if (g_cancellable_is_cancelled(closing))
        g_cancellable_cancel(attempt->cancellable);
    g_signal_connect_object(closing, "cancelled", G_CALLBACK(g_cancellable_cancel), attempt->cancellable,
                            G_CONNECT_SWAPPED);
    return attempt;
}

static void attempt_free(Attempt *attempt)
{
    if (attempt->stream->attempt == attempt)
        attempt->stream->attempt = NULL;
    g_clear_object(&attempt->body);
    g_clear_object(&attempt->cancellable);
    stream_unref(attempt->stream);
    g_free(attempt);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attempt, attempt_free)

/* Its callback still comes, and frees it. */
static void abandon_attempt(NetStream *stream)
{
    Attempt *attempt = g_steal_pointer(&stream->attempt);

    g_clear_handle_id(&stream->silence_id, g_source_remove);
    g_clear_handle_id(&stream->delay_id, g_source_remove);
    if (attempt)
        g_cancellable_cancel(attempt->cancellable);
}

/* Whoever calls this does nothing more with the stream: the owner may do anything in the callback. */
static void enter(NetStream *stream, NetStreamState state, const GError *error)
{
    stream->state = state;
    if (stream->funcs.state)
        stream->funcs.state(stream, state, error, stream->user_data);
}

static gboolean on_delay(gpointer user_data);

/* @mends: whether waiting may help. */
static void fail(NetStream *stream, const GError *error, gboolean mends, gint64 retry_after_ms)
{
    guint delay_ms;

    abandon_attempt(stream);
    if (!mends) {
        g_debug("stream %s failed: %s", net_request_get_path(stream->request), error->message);
        enter(stream, NET_STREAM_FAILED, error);
        return;
    }
    delay_ms = net_retry_delay_ms(&stream->times.retry, stream->failures, g_random_double(), retry_after_ms);
    stream->failures++;
    g_debug("stream %s waits %u ms: %s", net_request_get_path(stream->request), delay_ms, error->message);
    stream->delay_id = g_timeout_add(delay_ms, on_delay, stream);
    enter(stream, NET_STREAM_WAITING, error);
}

static void watch_silence(NetStream *stream);

static gboolean on_silence(gpointer user_data)
{
    NetStream *stream = user_data;
    g_autoptr(GError) error = NULL;

    stream->silence_id = 0;
    if (now_ms() - stream->heard_ms < stream->times.silence_ms) {
        watch_silence(stream);
        return G_SOURCE_REMOVE;
    }
    error = g_error_new(NET_ERROR, NET_ERROR_TIMED_OUT, "nothing came for %u ms", stream->times.silence_ms);
    fail(stream, error, TRUE, -1);
    return G_SOURCE_REMOVE;
}

/* One timer for a whole stretch of silence, however many bytes come in it. */
static void watch_silence(NetStream *stream)
{
    gint64 rest_ms = stream->heard_ms + stream->times.silence_ms - now_ms();
    gint64 look_ms = stream->times.silence_ms / NET_STREAM_LOOKS + 1;

    stream->silence_id = g_timeout_add((guint)CLAMP(rest_ms, 1, look_ms), on_silence, stream);
}

/* However the body broke off, its head was good: trying again may help. Returns: an error that says so. */
static GError *cut_error(const GError *cause)
{
    g_autoptr(GError) error = cause ? net_error_from_gio(cause) : NULL;

    if (net_error_is_passing(error))
        return g_steal_pointer(&error);
    return g_error_new_literal(NET_ERROR, NET_ERROR_OFFLINE, "the stream was cut");
}

static void read_on(Attempt *attempt);

static void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Attempt) attempt = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) cut = NULL;
    NetStream *stream = attempt->stream;
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

    if (stream->attempt != attempt)
        return;
    if (count > 0) {
        stream->failures = 0;
        stream->heard_ms = now_ms();
        net_sse_feed(stream->sse, attempt->chunk, (gsize)count);
        if (stream->attempt == attempt)
            read_on(g_steal_pointer(&attempt));
        return;
    }
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        fail(stream, error, FALSE, -1);
        return;
    }
    cut = cut_error(error);
    fail(stream, cut, TRUE, -1);
}

/* Takes the attempt. */
static void read_on(Attempt *attempt)
{
    g_input_stream_read_async(attempt->body, attempt->chunk, sizeof attempt->chunk, G_PRIORITY_DEFAULT,
                              attempt->cancellable, on_read, attempt);
}

/* A login page of the network we are in goes away sooner or later, and so does a conflict with the connection
 * before. Sheet: 4.4. */
static gboolean mends(const GError *error, const NetResponse *head)
{
    gboolean is_other_page =
        head && SOUP_STATUS_IS_SUCCESSFUL(head->status) && g_error_matches(error, NET_ERROR, NET_ERROR_PROTOCOL);
    gboolean is_conflict = head && head->status == SOUP_STATUS_CONFLICT;

    return net_error_is_passing(error) || is_other_page || is_conflict;
}

static void on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Attempt) attempt = user_data;
    g_autoptr(GError) error = NULL;
    NetStream *stream = attempt->stream;
    const NetResponse *head = net_session_open_get_head(result);
    gint64 retry_after_ms;

    (void)source;
    attempt->body = net_session_open_finish(result, &retry_after_ms, &error);
    if (stream->attempt != attempt)
        return;
    if (attempt->body && g_strcmp0(head->content_type, "text/event-stream") != 0)
        error = g_error_new_literal(NET_ERROR, NET_ERROR_PROTOCOL, "the answer is not an event stream");
    if (error) {
        fail(stream, error, mends(error, head), retry_after_ms);
        return;
    }
    stream->heard_ms = now_ms();
    net_sse_restart(stream->sse);
    enter(stream, NET_STREAM_OPEN, NULL);
    if (stream->attempt == attempt)
        read_on(g_steal_pointer(&attempt));
}

static void connect_now(NetStream *stream)
{
    Attempt *attempt = attempt_new(stream);

    stream->attempt = attempt;
    stream->heard_ms = now_ms();
    watch_silence(stream);
    net_request_set_header(stream->request, "Accept", "text/event-stream");
    net_request_set_header(stream->request, "Cache-Control", "no-cache");
    /* A compressor would hold events back until it has enough of them. */
    net_request_set_header(stream->request, "Accept-Encoding", "identity");
    net_request_set_header(stream->request, "Last-Event-ID", net_sse_get_last_id(stream->sse));
    net_session_open_async(stream->session, stream->base_url, stream->request, stream->credential, attempt->cancellable,
                           on_opened, attempt);
    enter(stream, NET_STREAM_CONNECTING, NULL);
}

static gboolean on_delay(gpointer user_data)
{
    NetStream *stream = user_data;

    stream->delay_id = 0;
    connect_now(stream);
    return G_SOURCE_REMOVE;
}

static void on_event(const char *id, const char *data, gsize length, gpointer user_data)
{
    NetStream *stream = user_data;

    (void)id;
    stream->funcs.event(stream, data, length, stream->user_data);
}

NetStream *net_stream_new(NetSession *session, NetCredential *credential, const char *base_url, NetRequest *request,
                          const NetStreamTimes *times, const NetStreamFuncs *funcs, gpointer user_data)
{
    NetStream *stream = g_new0(NetStream, 1);

    g_atomic_ref_count_init(&stream->refs);
    stream->session = net_session_ref(session);
    stream->credential = credential ? net_credential_ref(credential) : NULL;
    stream->base_url = g_strdup(base_url);
    stream->request = net_request_ref(request);
    stream->times = *times;
    stream->funcs = *funcs;
    stream->user_data = user_data;
    stream->sse = net_sse_new(on_event, stream);
    return stream;
}

void net_stream_start(NetStream *stream)
{
    if (stream->state == NET_STREAM_CONNECTING || stream->state == NET_STREAM_OPEN)
        return;
    if (stream->state != NET_STREAM_WAITING)
        stream->failures = 0;
    abandon_attempt(stream);
    stream->state = NET_STREAM_CONNECTING;
    stream->delay_id = g_idle_add_full(G_PRIORITY_DEFAULT, on_delay, stream, NULL);
}

void net_stream_free(NetStream *stream)
{
    if (!stream)
        return;
    abandon_attempt(stream);
    net_sse_stop(stream->sse);
    stream->funcs = (NetStreamFuncs){ 0 };
    stream_unref(stream);
}

NetStreamState net_stream_get_state(const NetStream *stream)
{
    return stream->state;
}

void net_stream_set_last_id(NetStream *stream, const char *id)
{
    net_sse_set_last_id(stream->sse, id);
}

const char *net_stream_get_last_id(const NetStream *stream)
{
    return net_sse_get_last_id(stream->sse);
}
