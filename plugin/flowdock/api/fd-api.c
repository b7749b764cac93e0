/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client handle: sends a request, turns statuses into errors, JSON into results. */
#include "fd-api.h"

#include "net/net-error.h"
#include "net/net-json.h"
#include "net/net-redact.h"

#include <string.h>

/* Longest text of the server's own words that is passed on. */
#define MAX_WORDS 300
/* So long a long answer is decoded before others get their turn: a third of a frame. */
#define SLICE_US 5000
/* Behind what a host draws (GTK: G_PRIORITY_HIGH_IDLE + 20), or its windows would stand still after all; before idle
 * work, which often waits for the answer, might never leave a turn, and would otherwise add its own slice to each of ours. */
#define SLICE_PRIORITY (G_PRIORITY_HIGH_IDLE + 50)

struct _FdApi {
    gint ref_count;
    NetSession *session;
    NetCredential *credential;
    char *base_url;
};

G_DEFINE_QUARK(fd-api-error-quark, fd_api_error);

FdApi *fd_api_new(NetSession *session, NetCredential *credential, const char *base_url)
{
    FdApi *api = g_new0(FdApi, 1);

    api->ref_count = 1;
    api->session = net_session_ref(session);
    api->credential = net_credential_ref(credential);
    api->base_url = g_strdup(base_url);
    return api;
}

FdApi *fd_api_ref(FdApi *api)
{
    api->ref_count++;
    return api;
}

void fd_api_unref(FdApi *api)
{
    if (!api || --api->ref_count > 0)
        return;
    net_session_unref(api->session);
    net_credential_unref(api->credential);
    g_free(api->base_url);
    g_free(api);
}

/* "content: can't be blank; too long". Sheet: 1.3. */
static void append_field_errors(GString *words, JsonObject *errors)
{
    JsonObjectIter iter;
    const char *name;
    JsonNode *node;

    json_object_iter_init(&iter, errors);
    while (json_object_iter_next(&iter, &name, &node) && words->len < MAX_WORDS) {
        JsonArray *texts = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

        for (guint i = 0; texts && i < json_array_get_length(texts) && words->len < MAX_WORDS; i++) {
            JsonNode *text = json_array_get_element(texts, i);

            if (JSON_NODE_HOLDS_VALUE(text) && json_node_get_value_type(text) == G_TYPE_STRING)
                g_string_append_printf(words, "%s%s %s", words->len ? "; " : "", name, json_node_get_string(text));
        }
    }
}

/* (nullable) (transfer full): what the server said, without anything that looks like a secret. */
static char *server_words(JsonObject *object)
{
    g_autoptr(GString) words = g_string_new(net_json_string(object, "message"));
    JsonObject *errors = net_json_object(object, "errors");

    if (errors)
        append_field_errors(words, errors);
    if (words->len == 0)
        return NULL;
    if (words->len > MAX_WORDS) {
        const char *cut = g_utf8_find_prev_char(words->str, words->str + MAX_WORDS);

        g_string_truncate(words, cut - words->str);
        g_string_append(words, "…");
    }
    return net_redact(words->str);
}

gboolean fd_api_is_forbidden(const GError *error)
{
    return g_error_matches(error, FD_API_ERROR, FD_API_ERROR_FORBIDDEN) ||
           g_error_matches(error, NET_ERROR, NET_ERROR_FORBIDDEN);
}

GError *fd_api_error_new(guint status, const char *words)
{
    if (status == 413)
        return g_error_new_literal(FD_API_ERROR, FD_API_ERROR_TOO_LARGE, words ? words : "413");
    /* These have a meaning that matters more than the words. */
    if (words && status >= 400 && status < 500 && status != 401 && status != 404 && status != 410 && status != 429)
        return g_error_new_literal(FD_API_ERROR, status == 403 ? FD_API_ERROR_FORBIDDEN : FD_API_ERROR_REFUSED, words);
    return net_error_from_status(status, words);
}

static GError *error_of(const NetResponse *response)
{
    gsize length;
    const char *text = g_bytes_get_data(response->body, &length);
    g_autoptr(JsonNode) root = length ? net_json_parse(text, length, NULL) : NULL;
    g_autofree char *words = server_words(net_json_object_of(root));

    return fd_api_error_new(response->status, words);
}

/* (transfer full) (nullable): the body of a success; an empty one is read as {}. Takes the response, which may be NULL. */
static GBytes *take_body(NetResponse *response, GError **error)
{
    GBytes *body = NULL;

    if (!response)
        return NULL;
    if (response->status < 200 || response->status > 299)
        g_propagate_error(error, error_of(response));
    else
        body = g_bytes_get_size(response->body) ? g_bytes_ref(response->body) : g_bytes_new_static("{}", 2);
    net_response_free(response);
    return body;
}

/* Takes the error, which is there when there is no body. */
static void return_json(GTask *task, GBytes *body, GError *error)
{
    JsonNode *root = body ? net_json_parse(g_bytes_get_data(body, NULL), g_bytes_get_size(body), &error) : NULL;

    if (root)
        g_task_return_pointer(task, root, (GDestroyNotify)json_node_unref);
    else
        g_task_return_error(task, error);
}

static void on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    g_autoptr(GBytes) body = take_body(net_session_send_finish(result, &error), &error);

    (void)source;
    return_json(task, body, error);
}

void fd_api_call_async(FdApi *api, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                       gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);

    g_task_set_source_tag(task, fd_api_call_async);
    net_session_send_async(api->session, api->base_url, request, api->credential, cancellable, on_answer, task);
}

static gboolean is_plain_http(const char *url)
{
    g_autofree char *scheme = g_uri_parse_scheme(url);

    return scheme && g_ascii_strcasecmp(scheme, "http") == 0;
}

NetRequest *fd_api_request_for_url(FdApi *api, const char *method, const char *url, char **base_url, GError **error)
{
    if (is_plain_http(url) && !is_plain_http(api->base_url)) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_INSECURE, "the address is not encrypted");
        return NULL;
    }
    return net_request_new_url(method, url, base_url, error);
}

void fd_api_send_to_async(FdApi *api, const char *base_url, NetRequest *request, GCancellable *cancellable,
                          GAsyncReadyCallback done, gpointer user_data)
{
    NetCredential *credential = net_request_is_same_origin(base_url, api->base_url) ? api->credential : NULL;

    net_session_send_async(api->session, base_url, request, credential, cancellable, done, user_data);
}

static void on_uploaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    g_autoptr(GBytes) body = take_body(net_upload_finish(result, &error), &error);

    (void)source;
    return_json(task, body, error);
}

void fd_api_upload_async(FdApi *api, NetRequest *request, const NetUpload *upload, GCancellable *cancellable,
                         GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);

    g_task_set_source_tag(task, fd_api_upload_async);
    net_upload_async(api->session, api->base_url, request, api->credential, upload, cancellable, on_uploaded, task);
}

void fd_api_download_async(FdApi *api, NetRequest *request, const NetDownload *download, GCancellable *cancellable,
                           GAsyncReadyCallback done, gpointer user_data)
{
    net_download_async(api->session, api->base_url, request, api->credential, download, cancellable, done, user_data);
}

JsonNode *fd_api_call_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

typedef struct {
    FdApiDecode decode;
    GDestroyNotify destroy;
} Decoding;

static void on_call(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Decoding *decoding = g_task_get_task_data(task);
    GError *error = NULL;
    g_autoptr(JsonNode) root = fd_api_call_finish(result, &error);
    gpointer decoded;

    (void)source;
    if (!root) {
        g_task_return_error(task, error);
        return;
    }
    decoded = decoding->decode(root);
    if (decoded)
        g_task_return_pointer(task, decoded, decoding->destroy);
    else
        g_task_return_new_error(task, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE, "unexpected JSON");
}

void fd_api_decode_async(FdApi *api, NetRequest *request, FdApiDecode decode, GDestroyNotify destroy,
                         GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    Decoding *decoding = g_new(Decoding, 1);

    decoding->decode = decode;
    decoding->destroy = destroy;
    g_task_set_source_tag(task, fd_api_decode_async);
    g_task_set_task_data(task, decoding, g_free);
    fd_api_call_async(api, request, cancellable, on_call, task);
}

gpointer fd_api_decode_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

/* Returns: FALSE when there is nothing more to do: it failed, or was cancelled. */
static gboolean read_slice(GTask *task, FdDecodeList *list)
{
    GError *error = NULL;

    if (g_task_return_error_if_cancelled(task))
        return FALSE;
    if (fd_decode_list_read(list, g_get_monotonic_time() + SLICE_US, &error))
        return TRUE;
    g_task_return_error(task, error);
    return FALSE;
}

static void return_list(GTask *task, FdDecodeList *list)
{
    GPtrArray *decoded = fd_decode_list_steal(list);

    if (decoded)
        g_task_return_pointer(task, decoded, (GDestroyNotify)g_ptr_array_unref);
    else
        g_task_return_new_error(task, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE, "unexpected JSON");
}

static gboolean on_slice(gpointer user_data)
{
    GTask *task = user_data;
    FdDecodeList *list = g_task_get_task_data(task);

    /* Not right behind the last slice: the caller has work of its own with so long a list. */
    if (!fd_decode_list_is_done(list))
        return read_slice(task, list);
    return_list(task, list);
    return G_SOURCE_REMOVE;
}

static void on_list_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    FdDecodeKind kind = (FdDecodeKind)GPOINTER_TO_INT(g_task_get_task_data(task));
    g_autoptr(GBytes) body = take_body(net_session_send_finish(result, &error), &error);
    g_autoptr(GSource) slices = NULL;
    FdDecodeList *list;

    (void)source;
    if (!body) {
        g_task_return_error(task, error);
        return;
    }
    list = fd_decode_list_new(kind, body);
    g_task_set_task_data(task, list, (GDestroyNotify)fd_decode_list_free);
    if (!read_slice(task, list))
        return;
    if (fd_decode_list_is_done(list)) {
        return_list(task, list);
        return;
    }
    slices = g_idle_source_new();
    g_task_set_priority(task, SLICE_PRIORITY);
    g_task_attach_source(task, slices, on_slice);
}

void fd_api_list_async(FdApi *api, NetRequest *request, FdDecodeKind kind, GCancellable *cancellable,
                       GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);

    g_task_set_source_tag(task, fd_api_list_async);
    g_task_set_task_data(task, GINT_TO_POINTER(kind), NULL);
    net_session_send_async(api->session, api->base_url, request, api->credential, cancellable, on_list_answer, task);
}

GPtrArray *fd_api_list_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
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
