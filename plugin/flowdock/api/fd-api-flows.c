/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about flows. */
#include "fd-api-flows.h"

#include "fd-decode.h"

void fd_api_flows_all_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "flows", "all", NULL);

    net_request_add_query(request, "users", "1");
    fd_api_list_async(api, request, FD_DECODE_FLOWS, cancellable, done, user_data);
}

GPtrArray *fd_api_flows_all_finish(GAsyncResult *result, GError **error)
{
    return fd_api_list_finish(result, error);
}

static void one_flow(FdApi *api, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                     gpointer user_data)
{
    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_flow, (GDestroyNotify)fd_flow_free, cancellable, done,
                        user_data);
}

void fd_api_flow_show_async(FdApi *api, const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                            gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("GET", path, NULL);

    one_flow(api, request, cancellable, done, user_data);
}

void fd_api_flow_find_async(FdApi *api, const char *id, GCancellable *cancellable, GAsyncReadyCallback done,
                            gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "flows", "find", NULL);

    net_request_add_query(request, "id", id);
    net_request_add_query(request, "users", "1");
    one_flow(api, request, cancellable, done, user_data);
}

FdFlow *fd_api_flow_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

void fd_api_flow_set_open_async(FdApi *api, const char *path, gboolean open, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("PUT", path, NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    json_builder_set_member_name(body, "open");
    json_builder_add_boolean_value(body, open);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

gboolean fd_api_flow_set_open_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = fd_api_call_finish(result, error);

    return answer != NULL;
}

/* (transfer full): a body with one text. */
static JsonBuilder *one_text(const char *name, const char *value)
{
    JsonBuilder *body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, name, value);
    json_builder_end_object(body);
    return body;
}

void fd_api_flow_create_async(FdApi *api, const char *org, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("POST", "flows", org, NULL);
    g_autoptr(JsonBuilder) body = one_text("name", name);

    net_request_set_json(request, body);
    one_flow(api, request, cancellable, done, user_data);
}

void fd_api_flow_rename_async(FdApi *api, const char *path, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("PUT", path, NULL);
    g_autoptr(JsonBuilder) body = one_text("name", name);

    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

void fd_api_flow_add_user_async(FdApi *api, const char *path, gint64 user, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("POST", path, "users", NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    json_builder_set_member_name(body, "id");
    json_builder_add_int_value(body, user);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

void fd_api_flow_block_user_async(FdApi *api, const char *path, gint64 user, gboolean block, GCancellable *cancellable,
                                  GAsyncReadyCallback done, gpointer user_data)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, user);
    g_autoptr(NetRequest) request = fd_api_request_for_flow("PUT", path, "users", digits, NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    json_builder_set_member_name(body, "disabled");
    json_builder_add_boolean_value(body, block);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

gboolean fd_api_flow_change_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = fd_api_call_finish(result, error);

    return answer != NULL;
}
