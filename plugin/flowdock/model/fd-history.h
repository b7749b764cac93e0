/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one conversation has shown: keeps messages once and in order, whether they come from the
 * stream, its replay, or a list call. Pure. */
#pragma once

#include "../api/fd-types.h"

/* Ids remembered exactly; what is older than the oldest of them counts as seen. */
#define FD_HISTORY_WINDOW 512
/* Messages held back at most while a list is loaded; further ones are left to the list, which is read to its end. */
#define FD_HISTORY_MAX_HELD 5000

typedef struct _FdHistory FdHistory;

FdHistory *fd_history_new(void);
void fd_history_free(FdHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdHistory, fd_history_free)

/**
 * fd_history_hold:
 *
 * A list is being loaded: what the stream brings meanwhile waits, so that older messages come first.
 * Each hold needs its own fd_history_release() or fd_history_drop(); the last one ends the waiting.
 */
void fd_history_hold(FdHistory *history);
gboolean fd_history_is_holding(const FdHistory *history);

/**
 * fd_history_offer:
 * @message: (transfer full): from the stream
 *
 * Returns: (transfer full) (nullable): the message when it is to be shown now; %NULL when it was seen
 *   before or is held. A message without an id is always shown.
 */
FdMessage *fd_history_offer(FdHistory *history, FdMessage *message);

/**
 * fd_history_fill:
 * @messages: (transfer none) (element-type FdMessage): part of a list; what was not seen yet is taken out of it
 *
 * @past: whether they are from before this session
 *
 * While holding: adds loaded messages to the held ones.
 */
void fd_history_fill(FdHistory *history, GPtrArray *messages, gboolean past);

/**
 * fd_history_release:
 *
 * Ends one hold.
 *
 * Returns: (transfer full) (element-type FdMessage): after the last hold, all held messages, ascending by
 *   id, each once; they count as seen. Else none.
 */
GPtrArray *fd_history_release(FdHistory *history);

/* Ends one hold; after the last one, what was held is forgotten and does not count as seen. */
void fd_history_drop(FdHistory *history);

/* Whether the message with this id was shown, or is too old to be shown. */
gboolean fd_history_has_seen(const FdHistory *history, gint64 id);

/* The highest id seen, 0 for none: the base of the next catch-up. */
gint64 fd_history_get_last(const FdHistory *history);
/* Everything up to @id was seen in an earlier life of the conversation. */
void fd_history_set_last(FdHistory *history, gint64 id);
