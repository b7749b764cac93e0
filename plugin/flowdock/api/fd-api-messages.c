/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about messages. */
#include "fd-api-messages.h"

#include "fd-decode.h"

/* @id: (nullable): one message; @part: (nullable): and what belongs to it. */
static NetRequest *request_for(const char *method, const FdApiPlace *place, const char *id, const char *part)
{
    g_autofree char *user = NULL;

    if (place->flow_path)
        return fd_api_request_for_flow(method, place->flow_path, "messages", id, part, NULL);
    user = g_strdup_printf("%" G_GINT64_FORMAT, place->user);
    return net_request_new(method, "private", user, "messages", id, part, NULL);
}

NetRequest *fd_api_request_for_messages(const char *method, const FdApiPlace *place)
{
    return request_for(method, place, NULL, NULL);
}

static NetRequest *request_for_one(const char *method, const FdApiPlace *place, gint64 id, const char *part)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, id);

    return request_for(method, place, digits, part);
}

static NetRequest *request_for_list(const FdApiPlace *place, guint limit)
{
    NetRequest *request;

    if (place->flow_path && place->thread_id)
        request = fd_api_request_for_flow("GET", place->flow_path, "threads", place->thread_id, "messages", NULL);
    else
        request = request_for("GET", place, NULL, NULL);
    net_request_add_query_int(request, "limit", CLAMP(limit, 1, FD_API_MAX_LIST));
    return request;
}

static void add_texts(JsonBuilder *body, const char *name, const char *const *values)
{
    json_builder_set_member_name(body, name);
    json_builder_begin_array(body);
    for (; *values; values++)
        json_builder_add_string_value(body, *values);
    json_builder_end_array(body);
}

/* --------------------------------------------------------------------------------------------------------- sending */

void fd_api_message_sent(GObject *source, GAsyncResult *result, gpointer user_data)
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

void fd_api_message_send_async(FdApi *api, const FdApiPlace *place, const FdApiDraft *draft, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    g_autoptr(NetRequest) request = draft->parent ? request_for_one("POST", place, draft->parent, "comments")
                                                  : request_for("POST", place, NULL, NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    g_task_set_source_tag(task, fd_api_message_send_async);
    json_builder_begin_object(body);
    fd_api_add_text(body, "event", draft->event);
    fd_api_add_text(body, "content", draft->text);
    fd_api_add_text(body, "uuid", draft->uuid);
    if (draft->thread_id)
        fd_api_add_text(body, "thread_id", draft->thread_id);
    if (draft->tags)
        add_texts(body, "tags", draft->tags);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    net_request_set_header(request, "X-flowdock-wait-for-message", "true");
    fd_api_call_async(api, request, cancellable, fd_api_message_sent, task);
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

/* --------------------------------------------------------------------------------------------------------- reading */

static void ask_for_list(FdApi *api, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                         gpointer user_data)
{
    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_messages, (GDestroyNotify)g_ptr_array_unref, cancellable,
                        done, user_data);
}

void fd_api_messages_list_async(FdApi *api, const FdApiPlace *place, const FdApiRange *range, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_list(place, range->limit);

    if (range->since > 0) {
        net_request_add_query_int(request, "since_id", range->since);
        net_request_add_query(request, "sort", "asc");
    } else if (range->until > 0) {
        net_request_add_query_int(request, "until_id", range->until);
    }
    ask_for_list(api, request, cancellable, done, user_data);
}

GPtrArray *fd_api_messages_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

void fd_api_messages_search_async(FdApi *api, const FdApiPlace *place, const FdApiSearch *search,
                                  GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_list(place, search->limit);
    gboolean has_words = search->words && *search->words;

    if (has_words)
        net_request_add_query(request, "search", search->words);
    else if (search->until > 0)
        net_request_add_query_int(request, "until_id", search->until);
    if (has_words && search->skip > 0 && place->flow_path)
        net_request_add_query_int(request, "skip", search->skip);
    if (search->tags && *search->tags && place->flow_path) {
        g_autofree char *tags = g_strjoinv(",", (char **)search->tags);

        net_request_add_query(request, "tags", tags);
    }
    ask_for_list(api, request, cancellable, done, user_data);
}

void fd_api_message_show_async(FdApi *api, const FdApiPlace *place, gint64 id, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_one("GET", place, id, NULL);

    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_message, (GDestroyNotify)fd_message_free, cancellable,
                        done, user_data);
}

FdMessage *fd_api_message_show_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

/* -------------------------------------------------------------------------------------------------------- changing */

void fd_api_message_edit_async(FdApi *api, const FdApiPlace *place, gint64 id, const char *text,
                               GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_one("PUT", place, id, NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, "content", text);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

void fd_api_message_set_tags_async(FdApi *api, const FdApiPlace *place, gint64 id, const char *const *tags,
                                   GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_one("PUT", place, id, NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    add_texts(body, "tags", tags);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

void fd_api_message_delete_async(FdApi *api, const FdApiPlace *place, gint64 id, GCancellable *cancellable,
                                 GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_one("DELETE", place, id, NULL);

    fd_api_call_async(api, request, cancellable, done, user_data);
}

void fd_api_message_react_async(FdApi *api, const FdApiPlace *place, gint64 id, const char *emoji, gboolean add,
                                GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_one("POST", place, id, "emoji_reaction");
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, "type", add ? "add" : "remove");
    fd_api_add_text(body, "emoji", emoji);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

gboolean fd_api_message_change_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = fd_api_call_finish(result, error);

    return answer != NULL;
}
