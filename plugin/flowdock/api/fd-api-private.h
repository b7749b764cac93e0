/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about private conversations. Their messages are listed by fd-api-messages. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/* Asks for all private conversations there ever were. Sheet: 3.10. */
void fd_api_private_list_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full) (element-type FdPrivate): perhaps none; %NULL with @error. */
GPtrArray *fd_api_private_list_finish(GAsyncResult *result, GError **error);
