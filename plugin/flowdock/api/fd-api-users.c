/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about people. */
#include "fd-api-users.h"

#include "fd-decode.h"

static void one_user(FdApi *api, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                     gpointer user_data)
{
    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_user, (GDestroyNotify)fd_user_free, cancellable, done,
                        user_data);
}

void fd_api_user_self_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "user", NULL);

    one_user(api, request, cancellable, done, user_data);
}

void fd_api_user_show_async(FdApi *api, gint64 id, GCancellable *cancellable, GAsyncReadyCallback done,
                            gpointer user_data)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, id);
    g_autoptr(NetRequest) request = net_request_new("GET", "users", digits, NULL);

    one_user(api, request, cancellable, done, user_data);
}

FdUser *fd_api_user_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

void fd_api_users_list_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "users", NULL);

    fd_api_list_async(api, request, FD_DECODE_USERS, cancellable, done, user_data);
}

GPtrArray *fd_api_users_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_list_finish(result, error);
}

void fd_api_user_set_nick_async(FdApi *api, gint64 self, const char *nick, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, self);
    g_autoptr(NetRequest) request = net_request_new("PUT", "users", digits, NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, "nick", nick);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

gboolean fd_api_user_set_nick_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = fd_api_call_finish(result, error);

    return answer != NULL;
}
