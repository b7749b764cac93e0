/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about private conversations. */
#include "fd-api-private.h"

#include "fd-decode.h"

void fd_api_private_list_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "private", NULL);

    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_privates, (GDestroyNotify)g_ptr_array_unref, cancellable,
                        done, user_data);
}

GPtrArray *fd_api_private_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}
