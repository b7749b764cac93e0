/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the service's marks off what the user has seen: ":unread:ME" among a message's tags. Sheet: 6.1. */
#pragma once

#include "fd-state.h"

/* So many messages of a conversation wait to be seen; of more, the oldest keep their marks. */
#define FD_UNREAD_MAX 200

typedef struct _FdUnread FdUnread;

/**
 * fd_unread_new:
 * @state: must outlive it
 * @pause_ms: between the moment something is seen and the calls for all that was seen until then
 */
FdUnread *fd_unread_new(FdState *state, guint pause_ms);
/* Ends all; nothing is called afterwards. */
void fd_unread_free(FdUnread *unread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdUnread, fd_unread_free)

/* @message was shown in @room; does nothing when it is not marked as unread by the user. */
void fd_unread_add(FdUnread *unread, FdRoom *room, const FdMessage *message);

/* Whether something shown there waits to be seen. */
gboolean fd_unread_is_waiting(const FdUnread *unread, const FdRoom *room);
gboolean fd_unread_is_any_waiting(const FdUnread *unread);

/**
 * fd_unread_seen:
 *
 * The user has seen all that was shown in @room. After the pause each message's tags are read, and written again
 * without the mark, one message at a time, the oldest first; failures are of no consequence: a mark more or less is not
 * worth a word.
 * After five failures in a row the rest keeps its marks. A message with tags that cannot be read keeps its mark, too.
 */
void fd_unread_seen(FdUnread *unread, FdRoom *room);
