/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about threads. */
#include "fd-api-threads.h"

#include "fd-decode.h"

void fd_api_threads_list_async(FdApi *api, const char *path, const char *until, gboolean empty_too,
                               GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("GET", path, "threads", NULL);

    if (until)
        net_request_add_query(request, "until", until);
    if (empty_too)
        net_request_add_query(request, "empty", "1");
    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_threads, (GDestroyNotify)g_ptr_array_unref, cancellable,
                        done, user_data);
}

GPtrArray *fd_api_threads_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

static gpointer decode_thread(JsonNode *node)
{
    return fd_decode_thread(node, NULL);
}

void fd_api_thread_show_async(FdApi *api, const char *path, const char *id, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("GET", path, "threads", id, NULL);

    fd_api_decode_async(api, request, decode_thread, (GDestroyNotify)fd_thread_info_free, cancellable, done, user_data);
}

FdThreadInfo *fd_api_thread_show_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}
