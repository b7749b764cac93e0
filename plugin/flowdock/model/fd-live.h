/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The streams of an account: as many connections as its flows need, exchanged without a gap when the
 * set of flows changes. */
#pragma once

#include "../api/fd-api-stream.h"
#include "net/net-stream.h"

typedef struct _FdLive FdLive;

typedef struct {
    /* One event, as JSON text. */
    void (*event)(const char *data, gsize length, gpointer user_data);
    /* Every connection is open; anything may have been missed before this moment. */
    void (*up)(gpointer user_data);
    /* The streams were exchanged for new ones without a gap; what only the new ones bring begins now. */
    void (*exchanged)(gpointer user_data);
    /* A connection is lost and will be tried again. */
    void (*down)(const GError *error, gpointer user_data);
    /* A connection is refused in a way that trying again does not mend. */
    void (*failed)(const GError *error, gpointer user_data);
} FdLiveFuncs;

FdLive *fd_live_new(NetSession *session, NetCredential *credential, const char *stream_url, const NetStreamTimes *times,
                    const FdLiveFuncs *funcs, gpointer user_data);
/* Ends all; no function is called afterwards. NULL is fine. */
void fd_live_free(FdLive *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdLive, fd_live_free)

/**
 * fd_live_listen:
 * @flow_ids: (array zero-terminated=1): the flows to listen to
 *
 * Opens the streams. While they are open already, the new ones are opened first and the old ones then
 * closed, so that nothing is missed; what both bring is told apart by id.
 *
 * Returns: whether the old ones go on until the exchange.
 */
gboolean fd_live_listen(FdLive *live, const char *const *flow_ids, FdApiPresence presence);

/* What waits before its next attempt tries at once: the reason to wait is gone. */
void fd_live_hurry(FdLive *live);

gboolean fd_live_is_up(const FdLive *live);
