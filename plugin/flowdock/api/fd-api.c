/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is Flowdock's own in calls: how it words refusals, its long lists, and its paths. */
#include "fd-api.h"

#include "net/net-json.h"

/* "content: can't be blank; too long". Sheet: 1.3. */
static void append_field_errors(GString *words, JsonObject *errors)
{
    JsonObjectIter iter;
    const char *name;
    JsonNode *node;

    json_object_iter_init(&iter, errors);
    while (json_object_iter_next(&iter, &name, &node) && words->len < NET_CALL_MAX_WORDS) {
        JsonArray *texts = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

        for (guint i = 0; texts && i < json_array_get_length(texts) && words->len < NET_CALL_MAX_WORDS; i++) {
            JsonNode *text = json_array_get_element(texts, i);

            if (JSON_NODE_HOLDS_VALUE(text) && json_node_get_value_type(text) == G_TYPE_STRING)
                g_string_append_printf(words, "%s%s %s", words->len ? "; " : "", name, json_node_get_string(text));
        }
    }
}

static char *words_of(JsonObject *answer)
{
    GString *words = g_string_new(net_json_string(answer, "message"));
    JsonObject *errors = net_json_object(answer, "errors");

    if (errors)
        append_field_errors(words, errors);
    return g_string_free(words, FALSE);
}

FdApi *fd_api_new(NetSession *session, NetCredential *credential, const char *base_url)
{
    return net_call_new(session, credential, base_url, words_of);
}

void fd_api_list_async(FdApi *api, NetRequest *request, FdDecodeKind kind, GCancellable *cancellable,
                       GAsyncReadyCallback done, gpointer user_data)
{
    net_call_list_async(api, request, fd_decode_list_kind(kind), cancellable, done, user_data);
}

GPtrArray *fd_api_list_finish(GAsyncResult *result, GError **error)
{
    return net_call_list_finish(result, NULL, NULL, error);
}

NetRequest *fd_api_request_for_flow(const char *method, const char *path, ...)
{
    g_auto(GStrv) slugs = g_strsplit(path, "/", 2);
    g_autoptr(GPtrArray) segments = g_ptr_array_new();
    va_list more;

    g_ptr_array_add(segments, (gpointer) "flows");
    for (char **slug = slugs; *slug; slug++)
        g_ptr_array_add(segments, *slug);
    va_start(more, path);
    do
        g_ptr_array_add(segments, va_arg(more, char *));
    while (segments->pdata[segments->len - 1]);
    va_end(more);
    return net_request_new_path(method, (const char *const *)segments->pdata);
}

void fd_api_add_text(JsonBuilder *body, const char *name, const char *value)
{
    json_builder_set_member_name(body, name);
    json_builder_add_string_value(body, value);
}
