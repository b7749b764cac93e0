/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to load first, and how to catch up after a gap: a few calls at a time, whatever the number of rooms. */
#pragma once

#include "fd-state.h"

#include "net/net-retry.h"

/* List calls under way at once for an account. */
#define FD_SYNC_MAX_CALLS 4
/* Pages of one catch-up; more messages than these were missed are said to be missing. */
#define FD_SYNC_MAX_PAGES 50
/* Messages that fd_sync_older() loads at most. */
#define FD_SYNC_MAX_OLDER 1000
/* People not known who are asked for because of one list. */
#define FD_SYNC_MAX_STRANGERS 20
/* Attempts at one list, before what came meanwhile is shown without it. */
#define FD_SYNC_MAX_ATTEMPTS 4

typedef struct _FdSync FdSync;

/**
 * fd_sync_new:
 * @state: must outlive it
 * @past: messages to load when a room is first shown, 0 for none
 * @retry: pauses after a failed call
 */
FdSync *fd_sync_new(FdState *state, guint past, const NetRetry *retry);
/* Ends all; nothing is called afterwards. */
void fd_sync_free(FdSync *sync);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdSync, fd_sync_free)

/**
 * fd_sync_room:
 *
 * Loads the room's past when it is shown for the first time, else what came since the last message
 * seen. Messages of the stream wait meanwhile. Asked for again while it runs, it runs once more.
 */
void fd_sync_room(FdSync *sync, FdRoom *room);

/* The same for every room that is shown, and every private conversation of this session. */
void fd_sync_all(FdSync *sync);

/* Reads the flow's people anew and tells the listener. */
void fd_sync_flow(FdSync *sync, FdRoom *room);

/* Reads a flow that the user was added to; when it is open, the listener hears of it as added. */
void fd_sync_added_flow(FdSync *sync, const char *id);

/* Reads who @id is, who has written in @room; messages of the room wait meanwhile. */
void fd_sync_stranger(FdSync *sync, gint64 id, FdRoom *room);

/* Ends fd_sync_older(); @count: so many lines were shown; @error: (nullable): why not all. Not called after fd_sync_free(). */
typedef void (*FdSyncOlderFunc)(FdRoom *room, guint count, const GError *error, gpointer user_data);

/**
 * fd_sync_older:
 * @count: how many messages, 1 to FD_SYNC_MAX_OLDER
 * @destroy: for @user_data, afterwards, also when @done is not called; not when it has not begun
 *
 * Delivers messages from before those that were shown, as past ones, in their order. Does nothing while it, or the loading
 * of the room, is under way.
 *
 * Returns: whether it has begun.
 */
gboolean fd_sync_older(FdSync *sync, FdRoom *room, guint count, FdSyncOlderFunc done, gpointer user_data,
                       GDestroyNotify destroy);
