/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about people. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/* Asks who the credential belongs to. Sheet: 3.1, GET /user. */
void fd_api_user_self_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Asks for one person by id; needs a common organization. Sheet: 3.2. */
void fd_api_user_show_async(FdApi *api, gint64 id, GCancellable *cancellable, GAsyncReadyCallback done,
                            gpointer user_data);
/* Of the two above. Returns: (transfer full): the person; %NULL with @error. */
FdUser *fd_api_user_finish(GAsyncResult *result, GError **error);

/* Asks for everyone visible, in flows of ours or not. Sheet: 3.2. */
void fd_api_users_list_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full) (element-type FdUser): the people; %NULL with @error. */
GPtrArray *fd_api_users_list_finish(GAsyncResult *result, GError **error);

/* Changes the user's own nick; everyone hears of it as user-edit. Sheet: 3.2. */
void fd_api_user_set_nick_async(FdApi *api, gint64 self, const char *nick, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
gboolean fd_api_user_set_nick_finish(GAsyncResult *result, GError **error);
