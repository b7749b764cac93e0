/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The open streams: who listens to what, in which framing, and what is done to them. Sheet: 4. */
#include "fake-stream.h"

#include <string.h>

#include "fake-bot.h"
#include "fake-people.h"
#include "fake-text.h"
#include "fake-wire.h"

#define DEFAULT_KEEPALIVE_MS 20000
#define MAX_BEHIND (16 * 1024 * 1024) /* bytes a slow reader may leave unread before it is cut */
#define PIECE_EVERY_MS 1

typedef struct {
    FakeServer *server;
    SoupServerMessage *message;
    FakeWatch *watch;
    gulong wrote;
    FakeUser *user;
    GHashTable *flows; /* set of FakeFlow */
    gboolean events;   /* text/event-stream, else JSON */
    gboolean personal, watches, active, idle;
    gboolean ending; /* no more bytes: it is about to be cut */
    gsize behind;    /* bytes given to the message and not yet written */
    GByteArray *batch;
    guint batched;
    GByteArray *pieces; /* still to be sent bit by bit */
    guint piece_timer;
} FakeStream;

struct FakeStreams {
    GPtrArray *open; /* of FakeStream */
    guint keepalive_ms, keepalive_timer;
    guint chop, batch;
    gboolean stalled, twice;
};

/* -------------------------------------------------------------------------------------------------------- writing */

static void write_now(FakeStream *stream, const void *bytes, gsize length)
{
    SoupMessageBody *body = soup_server_message_get_response_body(stream->message);

    if (length == 0 || stream->ending)
        return;
    if (stream->behind + length > MAX_BEHIND) {
        stream->ending = TRUE;
        fake_wire_cut(stream->message);
        return;
    }
    stream->behind += length;
    soup_message_body_append(body, SOUP_MEMORY_COPY, bytes, length);
    soup_server_message_unpause(stream->message);
}

static gboolean on_piece(gpointer data)
{
    FakeStream *stream = data;
    guint chop = stream->server->streams->chop;
    guint length = chop ? MIN(chop, stream->pieces->len) : stream->pieces->len;

    if (stream->server->streams->stalled)
        return G_SOURCE_CONTINUE;
    write_now(stream, stream->pieces->data, length);
    g_byte_array_remove_range(stream->pieces, 0, length);
    if (stream->pieces->len)
        return G_SOURCE_CONTINUE;
    stream->piece_timer = 0;
    return G_SOURCE_REMOVE;
}

static void write_bytes(FakeStream *stream, const void *bytes, gsize length)
{
    if (!stream->server->streams->chop && !stream->piece_timer) {
        write_now(stream, bytes, length);
        return;
    }
    g_byte_array_append(stream->pieces, bytes, (guint)length);
    if (!stream->piece_timer)
        stream->piece_timer = g_timeout_add(PIECE_EVERY_MS, on_piece, stream);
}

static void flush(FakeStream *stream)
{
    write_bytes(stream, stream->batch->data, stream->batch->len);
    g_byte_array_set_size(stream->batch, 0);
    stream->batched = 0;
}

static char *frame(const FakeStream *stream, const FakeEvent *event)
{
    g_auto(GStrv) lines = NULL;
    GString *text;

    if (!stream->events)
        return g_strconcat(event->json, "\r\n", NULL);
    text = g_string_new(NULL);
    if (event->number)
        g_string_append_printf(text, "id: %" G_GUINT64_FORMAT "\n", event->number);
    lines = g_strsplit(event->json, "\n", -1);
    for (char **line = lines; *line; line++)
        g_string_append_printf(text, "data: %s\n", *line);
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}

static void send_event(FakeStream *stream, const FakeEvent *event)
{
    FakeStreams *streams = stream->server->streams;
    g_autofree char *text = frame(stream, event);

    if (streams->stalled)
        return;
    g_byte_array_append(stream->batch, (const guint8 *)text, (guint)strlen(text));
    if (++stream->batched >= streams->batch)
        flush(stream);
}

static gboolean wants(const FakeStream *stream, const FakeTarget *target)
{
    switch (target->to) {
    case FAKE_TO_FLOW:
        return g_hash_table_contains(stream->flows, target->flow) &&
               fake_state_is_active_member(target->flow, stream->user);
    case FAKE_TO_PAIR:
        return stream->personal && (stream->user == target->user || stream->user == target->other);
    case FAKE_TO_USER:
        return stream->personal && stream->user == target->user;
    case FAKE_TO_WATCHERS:
        return stream->watches && stream->user != target->user &&
               fake_state_share_org(stream->server, stream->user, target->user);
    case FAKE_TO_ALL:
        return TRUE;
    }
    return FALSE;
}

void fake_streams_deliver(FakeServer *server, const FakeEvent *event)
{
    for (guint i = 0; i < server->streams->open->len; i++) {
        FakeStream *stream = server->streams->open->pdata[i];

        if (wants(stream, &event->target))
            send_event(stream, event);
    }
}

/* ---------------------------------------------------------------------------------------------- opening and ending */

static void stream_free(gpointer data)
{
    FakeStream *stream = data;

    g_clear_handle_id(&stream->piece_timer, g_source_remove);
    if (stream->message) {
        g_signal_handler_disconnect(stream->message, stream->wrote);
        g_object_unref(stream->message);
    }
    fake_watch_free(stream->watch);
    g_hash_table_unref(stream->flows);
    g_byte_array_unref(stream->batch);
    g_byte_array_unref(stream->pieces);
    g_free(stream);
}

static void on_gone(gpointer data)
{
    FakeStream *stream = data;
    FakeServer *server = stream->server;
    FakeUser *user = stream->user;

    user->active_streams -= stream->active;
    user->idle_streams -= stream->idle;
    stream->watch = NULL;
    g_ptr_array_remove(server->streams->open, stream);
    fake_presence_update(server, user);
}

static void on_wrote(SoupServerMessage *message, guint count, gpointer data)
{
    FakeStream *stream = data;

    (void)message;
    stream->behind -= MIN(stream->behind, count);
}

/* Takes flow ids, org/flow and org:flow. NULL when one is unknown or not the user's. */
static GHashTable *read_filter(FakeCall *call)
{
    g_autoptr(GHashTable) flows = g_hash_table_new(NULL, NULL);
    g_auto(GStrv) names = fake_json_list(call->params, "filter");

    if (call->flow)
        g_hash_table_add(flows, call->flow);
    for (char **name = names; *name; name++) {
        FakeFlow *flow = fake_state_flow(call->server, *name);

        if (!flow || !fake_state_is_active_member(flow, call->user))
            return NULL;
        g_hash_table_add(flows, flow);
    }
    return g_steal_pointer(&flows);
}

static gboolean wants_events(FakeCall *call)
{
    const char *accept = fake_json_string(call->params, "accept");

    if (!accept)
        accept = call->log->accept;
    return accept && strstr(accept, "text/event-stream");
}

static void replay_one(const FakeEvent *event, gpointer data)
{
    FakeStream *stream = data;

    if (wants(stream, &event->target)) {
        send_event(stream, event);
        if (stream->server->streams->twice)
            send_event(stream, event);
    }
}

static void replay(FakeStream *stream, const char *last_event_id)
{
    guint64 number;

    if (!stream->events || !last_event_id || (stream->server->odd & FAKE_ODD_NO_REPLAY))
        return;
    if (!g_ascii_string_to_unsigned(last_event_id, 10, 0, G_MAXUINT64, &number, NULL))
        return;
    if (stream->server->streams->twice && number)
        number--;
    fake_events_replay(stream->server, number, replay_one, stream);
}

static void take_over(FakeCall *call, FakeStream *stream)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(call->message);

    stream->message = g_object_ref(call->message);
    stream->wrote = g_signal_connect(call->message, "wrote-body-data", G_CALLBACK(on_wrote), stream);
    soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
    soup_message_headers_set_content_type(headers, stream->events ? "text/event-stream" : "application/json", NULL);
    soup_message_headers_replace(headers, "Cache-Control", "no-cache");
    soup_message_body_set_accumulate(soup_server_message_get_response_body(call->message), FALSE);
    call->log->status = SOUP_STATUS_OK;
    call->log->user_id = call->user->id;
    soup_server_message_set_status(call->message, SOUP_STATUS_OK, NULL);
    /* Also when the call had been delayed, and so paused, by a fault. */
    soup_server_message_unpause(call->message);
    stream->watch = fake_watch_new(call->message, on_gone, stream);
}

void fake_stream_open(FakeCall *call)
{
    const char *active = fake_json_string(call->params, "active");
    GHashTable *flows = read_filter(call);
    FakeStream *stream;

    if (!flows) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "Unknown flow in the filter");
        return;
    }
    if (g_hash_table_size(flows) == 0 && !fake_json_flag(call->params, "user", FALSE)) {
        g_hash_table_unref(flows);
        fake_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "Either filter or user is required");
        return;
    }
    stream = g_new0(FakeStream, 1);
    stream->server = call->server;
    stream->user = call->user;
    stream->flows = flows;
    stream->events = wants_events(call);
    stream->personal = fake_json_flag(call->params, "user", FALSE);
    stream->watches = fake_json_flag(call->params, "presence", FALSE);
    stream->active = g_strcmp0(active, "true") == 0;
    stream->idle = g_strcmp0(active, "idle") == 0;
    stream->batch = g_byte_array_new();
    stream->pieces = g_byte_array_new();
    take_over(call, stream);
    replay(stream, call->log->last_event_id);
    g_ptr_array_add(call->server->streams->open, stream);
    call->user->active_streams += stream->active;
    call->user->idle_streams += stream->idle;
    call->user->last_activity_ms = fake_text_now_ms();
    fake_presence_update(call->server, call->user);
    fake_bot_stream_opened(call->server, call->user);
}

FakeStreams *fake_streams_new(void)
{
    FakeStreams *streams = g_new0(FakeStreams, 1);

    streams->open = g_ptr_array_new_with_free_func(stream_free);
    streams->keepalive_ms = DEFAULT_KEEPALIVE_MS;
    return streams;
}

void fake_streams_free(FakeServer *server)
{
    fake_streams_stop(server);
    g_ptr_array_unref(server->streams->open);
    g_free(server->streams);
}

void fake_streams_stop(FakeServer *server)
{
    FakeStreams *streams = server->streams;

    g_clear_handle_id(&streams->keepalive_timer, g_source_remove);
    for (guint i = 0; i < streams->open->len; i++) {
        FakeStream *stream = streams->open->pdata[i];

        stream->user->active_streams -= stream->active;
        stream->user->idle_streams -= stream->idle;
        stream->user->presence = FAKE_PRESENCE_OFFLINE;
    }
    g_ptr_array_set_size(streams->open, 0);
}

/* -------------------------------------------------------------------------------------------------- what is done */

static gboolean on_keepalive(gpointer data)
{
    FakeServer *server = data;

    for (guint i = 0; i < server->streams->open->len && !server->streams->stalled; i++) {
        FakeStream *stream = server->streams->open->pdata[i];

        if (stream->events)
            write_bytes(stream, ":\n\n", 3);
        else
            write_bytes(stream, "\n", 1);
    }
    return G_SOURCE_CONTINUE;
}

void fake_streams_start(FakeServer *server)
{
    FakeStreams *streams = server->streams;

    g_clear_handle_id(&streams->keepalive_timer, g_source_remove);
    if (streams->keepalive_ms)
        streams->keepalive_timer = g_timeout_add(streams->keepalive_ms, on_keepalive, server);
}

void fake_server_set_keepalive_ms(FakeServer *server, guint ms)
{
    server->streams->keepalive_ms = ms;
    if (server->api)
        fake_streams_start(server);
}

guint fake_server_count_streams(FakeServer *server)
{
    return server->streams->open->len;
}

guint fake_server_count_streams_of(FakeServer *server, gint64 user_id)
{
    guint count = 0;

    for (guint i = 0; i < server->streams->open->len; i++)
        count += ((FakeStream *)server->streams->open->pdata[i])->user->id == user_id;
    return count;
}

/* They are off the list at once, so that who waits for new ones does not count the old. */
static void end_streams(FakeServer *server, const FakeUser *user, void (*end)(SoupServerMessage *message))
{
    for (guint i = server->streams->open->len; i > 0; i--) {
        FakeStream *stream = server->streams->open->pdata[i - 1];

        if (user && stream->user != user)
            continue;
        end(stream->message);
        g_clear_pointer(&stream->watch, fake_watch_free);
        on_gone(stream);
    }
}

void fake_streams_cut_user(FakeServer *server, const FakeUser *user)
{
    end_streams(server, user, fake_wire_cut);
}

void fake_server_streams_cut(FakeServer *server)
{
    end_streams(server, NULL, fake_wire_cut);
}

static void complete(SoupServerMessage *message)
{
    soup_message_body_complete(soup_server_message_get_response_body(message));
    soup_server_message_unpause(message);
}

void fake_server_streams_end(FakeServer *server)
{
    end_streams(server, NULL, complete);
}

void fake_server_streams_stall(FakeServer *server, gboolean stall)
{
    server->streams->stalled = stall;
}

void fake_server_streams_chop(FakeServer *server, guint bytes)
{
    server->streams->chop = bytes;
}

void fake_server_streams_batch(FakeServer *server, guint events)
{
    server->streams->batch = events;
}

void fake_server_streams_flush(FakeServer *server)
{
    for (guint i = 0; i < server->streams->open->len; i++)
        flush(server->streams->open->pdata[i]);
}

void fake_server_streams_repeat(FakeServer *server, gboolean twice)
{
    server->streams->twice = twice;
}

void fake_server_emit_raw(FakeServer *server, const char *bytes, gssize length)
{
    for (guint i = 0; i < server->streams->open->len; i++)
        write_bytes(server->streams->open->pdata[i], bytes, length < 0 ? strlen(bytes) : (gsize)length);
}
