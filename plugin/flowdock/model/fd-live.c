/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The streams of an account. */
#include "fd-live.h"

struct _FdLive {
    NetSession *session;
    NetCredential *credential;
    char *stream_url;
    NetStreamTimes times;
    const FdLiveFuncs *funcs;
    gpointer user_data;
    GPtrArray *current; /* (nullable) NetStream: those that count */
    GPtrArray *next;    /* (nullable) NetStream: being opened to replace them */
    gboolean up;
};

static void on_event(NetStream *stream, const char *data, gsize length, gpointer user_data)
{
    FdLive *live = user_data;

    (void)stream;
    live->funcs->event(data, length, live->user_data);
}

static gboolean all_open(const GPtrArray *streams)
{
    for (guint i = 0; i < streams->len; i++)
        if (net_stream_get_state(streams->pdata[i]) != NET_STREAM_OPEN)
            return FALSE;
    return TRUE;
}

static void go_up(FdLive *live)
{
    if (live->up)
        return;
    live->up = TRUE;
    live->funcs->up(live->user_data);
}

static void on_state(NetStream *stream, NetStreamState state, const GError *error, gpointer user_data)
{
    FdLive *live = user_data;

    (void)stream;
    if (state == NET_STREAM_FAILED) {
        live->up = FALSE;
        live->funcs->failed(error, live->user_data);
        return;
    }
    if (live->next && all_open(live->next)) {
        g_clear_pointer(&live->current, g_ptr_array_unref);
        live->current = g_steal_pointer(&live->next);
        if (live->up)
            live->funcs->exchanged(live->user_data);
    }
    if (all_open(live->current)) {
        go_up(live);
    } else if (state == NET_STREAM_WAITING && (live->up || !live->next)) {
        live->up = FALSE;
        live->funcs->down(error, live->user_data);
    }
}

static const NetStreamFuncs stream_funcs = { .event = on_event, .state = on_state };

FdLive *fd_live_new(NetSession *session, NetCredential *credential, const char *stream_url, const NetStreamTimes *times,
                    const FdLiveFuncs *funcs, gpointer user_data)
{
    FdLive *live = g_new0(FdLive, 1);

    live->session = net_session_ref(session);
    live->credential = net_credential_ref(credential);
    live->stream_url = g_strdup(stream_url);
    live->times = *times;
    live->funcs = funcs;
    live->user_data = user_data;
    return live;
}

void fd_live_free(FdLive *live)
{
    if (!live)
        return;
    g_clear_pointer(&live->next, g_ptr_array_unref);
    g_clear_pointer(&live->current, g_ptr_array_unref);
    net_session_unref(live->session);
    net_credential_unref(live->credential);
    g_free(live->stream_url);
    g_free(live);
}

gboolean fd_live_listen(FdLive *live, const char *const *flow_ids, FdApiPresence presence)
{
    g_autoptr(GPtrArray) requests = fd_api_stream_requests(flow_ids, presence);
    GPtrArray *streams = g_ptr_array_new_full(requests->len, (GDestroyNotify)net_stream_free);

    for (guint i = 0; i < requests->len; i++)
        g_ptr_array_add(streams, net_stream_new(live->session, live->credential, live->stream_url, requests->pdata[i],
                                                &live->times, &stream_funcs, live));
    g_clear_pointer(&live->next, g_ptr_array_unref);
    if (live->up) {
        live->next = streams;
    } else {
        /* What was never open, or is lost, is not worth waiting for. The place in the event stream is:
         * the new first connection is the same one as far as personal events go. */
        const char *last_id = live->current ? net_stream_get_last_id(live->current->pdata[0]) : NULL;

        net_stream_set_last_id(streams->pdata[0], last_id);
        g_clear_pointer(&live->current, g_ptr_array_unref);
        live->current = streams;
    }
    for (guint i = 0; i < streams->len; i++)
        net_stream_start(streams->pdata[i]);
    return live->next != NULL;
}

static void hurry(GPtrArray *streams)
{
    for (guint i = 0; streams && i < streams->len; i++)
        if (net_stream_get_state(streams->pdata[i]) == NET_STREAM_WAITING)
            net_stream_start(streams->pdata[i]);
}

void fd_live_hurry(FdLive *live)
{
    hurry(live->current);
    hurry(live->next);
}

gboolean fd_live_is_up(const FdLive *live)
{
    return live->up;
}
