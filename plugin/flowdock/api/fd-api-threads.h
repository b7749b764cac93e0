/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about threads. The messages of one are listed by fd-api-messages. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/**
 * fd_api_threads_list_async:
 * @path: "org/flow"
 * @until: (nullable): the `updated` of the last thread of a page: the next page
 * @empty_too: also chat threads that nobody has replied in
 *
 * The latest changed threads, the newest first. Sheet: 3.8.
 */
void fd_api_threads_list_async(FdApi *api, const char *path, const char *until, gboolean empty_too,
                               GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full) (element-type FdThreadInfo): perhaps none; %NULL with @error. */
GPtrArray *fd_api_threads_list_finish(GAsyncResult *result, GError **error);

/* Asks for one thread. Sheet: 3.8. */
void fd_api_thread_show_async(FdApi *api, const char *path, const char *id, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): the thread; %NULL with @error. */
FdThreadInfo *fd_api_thread_show_finish(GAsyncResult *result, GError **error);
