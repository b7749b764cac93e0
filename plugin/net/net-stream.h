/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps one event stream open: feeds the parser, notices silence, reopens from the last id. */
#pragma once

#include "net-retry.h"
#include "net-session.h"

typedef struct _NetStream NetStream;

/*
 *   IDLE --start--> CONNECTING --head of a 2xx--> OPEN
 *                      ^   |                        |
 *                      |   +------- failed ---------+ cut, silent, ended
 *                      |                 |
 *                      +--- delay --- WAITING          an error that no retry mends: --> FAILED
 */
typedef enum {
    NET_STREAM_IDLE,
    NET_STREAM_CONNECTING,
    NET_STREAM_OPEN,
    NET_STREAM_WAITING,
    NET_STREAM_FAILED,
} NetStreamState;

typedef struct {
    guint silence_ms; /* without a byte for so long, the connection is taken for dead */
    NetRetry retry;   /* pauses between attempts; starts anew after an OPEN that brought a byte */
} NetStreamTimes;

typedef struct {
    void (*event)(NetStream *stream, const char *data, gsize length, gpointer user_data);
    /* @error: (nullable): why it is WAITING or FAILED */
    void (*state)(NetStream *stream, NetStreamState state, const GError *error, gpointer user_data);
} NetStreamFuncs;

/**
 * net_stream_new:
 * @session: its timeout_s has to be 0 or longer than the silence, which is watched here from the connecting on
 * @credential: (nullable): by whom
 * @request: without Accept and Last-Event-ID, which this adds to it
 *
 * FAILED comes for errors that waiting does not mend: everything but net_error_is_passing(); the
 * owner may start it again. A refused credential is renewed once by the session before that.
 */
NetStream *net_stream_new(NetSession *session, NetCredential *credential, const char *base_url, NetRequest *request,
                          const NetStreamTimes *times, const NetStreamFuncs *funcs, gpointer user_data);

/* Opens it, or opens it at once when it waits. No callback comes before this returns. */
void net_stream_start(NetStream *stream);

/* Ends the connection and every callback: none comes after this. Frees the stream. NULL is fine. */
void net_stream_free(NetStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetStream, net_stream_free)

NetStreamState net_stream_get_state(const NetStream *stream);
/* Continue where another stream stopped; NULL for from now on. */
void net_stream_set_last_id(NetStream *stream, const char *id);
const char *net_stream_get_last_id(const NetStream *stream);
