/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what is older in a conversation or a thread, page by page. */
#pragma once

#include "../api/fd-api-messages.h"

/* Ends fd_older_load(). @messages: (element-type FdMessage): ascending by id, perhaps none; @error: (nullable): why not all. */
typedef void (*FdOlderFunc)(GPtrArray *messages, const GError *error, gpointer user_data);

/**
 * fd_older_load:
 * @place: copied
 * @until: only below this id; 0: the newest ones
 * @count: how many, at least 1
 * @done: not called when cancelled
 * @destroy: for @user_data, afterwards, in any case
 *
 * Reads the newest @count messages below @until.
 */
void fd_older_load(FdApi *api, const FdApiPlace *place, gint64 until, guint count, GCancellable *cancellable,
                   FdOlderFunc done, gpointer user_data, GDestroyNotify destroy);
