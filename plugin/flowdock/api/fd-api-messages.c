/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about messages. */
#include "fd-api-messages.h"

#include "fd-decode.h"

static NetRequest *request_for(const char *method, const FdApiPlace *place)
{
    g_autofree char *digits = NULL;

    if (place->flow_path)
        return fd_api_request_for_flow(method, place->flow_path, "messages", NULL);
    digits = g_strdup_printf("%" G_GINT64_FORMAT, place->user);
    return net_request_new(method, "private", digits, "messages", NULL);
}

static void add_member(JsonBuilder *body, const char *name, const char *value)
{
    json_builder_set_member_name(body, name);
    json_builder_add_string_value(body, value);
}

static void on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    g_autoptr(JsonNode) root = fd_api_call_finish(result, &error);
    FdMessage *message;

    (void)source;
    if (!root) {
        g_task_return_error(task, error);
        return;
    }
    message = fd_decode_message(root);
    /* Without an id it is no more than "accepted". */
    if (message && message->id == 0)
        g_clear_pointer(&message, fd_message_free);
    g_task_return_pointer(task, message, (GDestroyNotify)fd_message_free);
}

void fd_api_message_send_async(FdApi *api, const FdApiPlace *place, const char *event, const char *text,
                               const char *uuid, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    g_autoptr(NetRequest) request = request_for("POST", place);
    g_autoptr(JsonBuilder) body = json_builder_new();

    g_task_set_source_tag(task, fd_api_message_send_async);
    json_builder_begin_object(body);
    add_member(body, "event", event);
    add_member(body, "content", text);
    add_member(body, "uuid", uuid);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    net_request_set_header(request, "X-flowdock-wait-for-message", "true");
    fd_api_call_async(api, request, cancellable, on_sent, task);
}

gboolean fd_api_message_send_finish(GAsyncResult *result, FdMessage **message, GError **error)
{
    GError *local = NULL;
    FdMessage *sent = g_task_propagate_pointer(G_TASK(result), &local);

    if (local) {
        g_propagate_error(error, local);
        return FALSE;
    }
    *message = sent;
    return TRUE;
}

void fd_api_messages_list_async(FdApi *api, const FdApiPlace *place, const FdApiRange *range, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for("GET", place);

    if (range->since > 0) {
        net_request_add_query_int(request, "since_id", range->since);
        net_request_add_query(request, "sort", "asc");
    } else if (range->until > 0) {
        net_request_add_query_int(request, "until_id", range->until);
    }
    net_request_add_query_int(request, "limit", CLAMP(range->limit, 1, FD_API_MAX_LIST));
    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_messages, (GDestroyNotify)g_ptr_array_unref, cancellable,
                        done, user_data);
}

GPtrArray *fd_api_messages_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}
