/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends a request, turns statuses into errors, JSON into results; long lists slice by slice. */
#include "net-call.h"

#include <string.h>

#include "net-error.h"
#include "net-json.h"
#include "net-redact.h"

/* So long a long answer is decoded before others get their turn: a third of a frame. */
#define SLICE_US 5000
/* Behind what a host draws (GTK: G_PRIORITY_HIGH_IDLE + 20), or its windows would stand still after all; before idle
 * work, which often waits for the answer, might never leave a turn, and would otherwise add its own slice to each of ours. */
#define SLICE_PRIORITY (G_PRIORITY_HIGH_IDLE + 50)

static const char bad_shape[] = "unexpected JSON";

struct _NetCall {
    gatomicrefcount refs;
    NetSession *session;
    NetCredential *credential;
    char *base_url;
    NetCallWords words;
};

/* One call under way. What its answer becomes: a list, or what @decode makes, or JSON. */
typedef struct {
    NetCall *call;
    const NetJsonItemsKind *kind; /* (nullable) */
    NetJsonDecode decode;         /* (nullable) */
    GDestroyNotify destroy;
    NetJsonItems *items; /* (nullable): the list, until all of it is read */
} Asking;

G_DEFINE_QUARK(net-call-error-quark, net_call_error);

/* Of a task, as a number one higher: so that nothing there is -1. */
static G_DEFINE_QUARK(net-call-retry-after, retry_after);

NetCall *net_call_new(NetSession *session, NetCredential *credential, const char *base_url, NetCallWords words)
{
    NetCall *call = g_new0(NetCall, 1);

    g_atomic_ref_count_init(&call->refs);
    call->session = net_session_ref(session);
    call->credential = net_credential_ref(credential);
    call->base_url = g_strdup(base_url);
    call->words = words;
    return call;
}

NetCall *net_call_ref(NetCall *call)
{
    g_atomic_ref_count_inc(&call->refs);
    return call;
}

void net_call_unref(NetCall *call)
{
    if (!call || !g_atomic_ref_count_dec(&call->refs))
        return;
    net_session_unref(call->session);
    net_credential_unref(call->credential);
    g_free(call->base_url);
    g_free(call);
}

static void asking_free(gpointer data)
{
    Asking *asking = data;

    net_json_items_free(asking->items);
    net_call_unref(asking->call);
    g_free(asking);
}

/* ----------------------------------------------------------------------------------------------------------- errors */

gboolean net_call_is_forbidden(const GError *error)
{
    return g_error_matches(error, NET_CALL_ERROR, NET_CALL_ERROR_FORBIDDEN) ||
           g_error_matches(error, NET_ERROR, NET_ERROR_FORBIDDEN);
}

/* (transfer full) (nullable): what the service said, in one line without anything that looks like a secret, or is the
 * one that it was sent. */
static char *words_of(const NetCall *call, GBytes *body)
{
    gsize length;
    const char *text = g_bytes_get_data(body, &length);
    g_autoptr(JsonNode) root = length ? net_json_parse(text, length, NULL) : NULL;
    JsonObject *answer = net_json_object_of(root);
    g_autofree char *words = answer ? call->words(answer) : NULL;
    const char *header = net_credential_get_header(call->credential);
    const char *blank = header ? strchr(header, ' ') : NULL;
    g_autofree char *clean = net_redact_secret(words, blank ? blank + 1 : header);
    g_autofree char *line = net_redact_line(clean ? clean : words, NET_CALL_MAX_WORDS);

    return line && *line ? g_steal_pointer(&line) : NULL;
}

GError *net_call_error_new(guint status, const char *words)
{
    NetCallError code = status == 403 ? NET_CALL_ERROR_FORBIDDEN : NET_CALL_ERROR_REFUSED;
    /* These have a meaning that matters more than the words. */
    gboolean is_special = status == 401 || status == 404 || status == 410 || status == 429;

    if (status == 413)
        return g_error_new_literal(NET_CALL_ERROR, NET_CALL_ERROR_TOO_LARGE, words ? words : "413");
    if (words && status >= 400 && status < 500 && !is_special)
        return g_error_new_literal(NET_CALL_ERROR, (int)code, words);
    return net_error_from_status(status, words);
}

static GError *error_of(const NetCall *call, const NetResponse *response)
{
    g_autofree char *words = words_of(call, response->body);

    return net_call_error_new(response->status, words);
}

/* ------------------------------------------------------------------------------------------------------ retry after */

static void set_retry_after(GTask *task, gint64 wait_ms)
{
    int known = (int)CLAMP(wait_ms, -1, G_MAXINT - 1) + 1;

    g_object_set_qdata(G_OBJECT(task), retry_after_quark(), GINT_TO_POINTER(known));
}

gint64 net_call_get_retry_after_ms(GAsyncResult *result)
{
    return (gint64)GPOINTER_TO_INT(g_object_get_qdata(G_OBJECT(result), retry_after_quark())) - 1;
}

void net_call_pass_retry_after(GTask *task, GAsyncResult *from)
{
    set_retry_after(task, net_call_get_retry_after_ms(from));
}

/* ------------------------------------------------------------------------------------------------------------ lists */

/* Returns: FALSE when there is nothing more to do: it failed, or was cancelled. */
static gboolean read_slice(GTask *task, NetJsonItems *items)
{
    GError *error = NULL;

    if (g_task_return_error_if_cancelled(task))
        return FALSE;
    if (net_json_items_read(items, g_get_monotonic_time() + SLICE_US, &error))
        return TRUE;
    g_task_return_error(task, error);
    return FALSE;
}

static void return_items(GTask *task, Asking *asking)
{
    g_task_return_pointer(task, g_steal_pointer(&asking->items), (GDestroyNotify)net_json_items_free);
}

static gboolean on_slice(gpointer user_data)
{
    GTask *task = user_data;
    Asking *asking = g_task_get_task_data(task);

    /* Not right behind the last slice: the caller has work of its own with so long a list. */
    if (!net_json_items_is_done(asking->items))
        return read_slice(task, asking->items);
    return_items(task, asking);
    return G_SOURCE_REMOVE;
}

static void read_items(GTask *task, Asking *asking, GBytes *body)
{
    g_autoptr(GSource) slices = NULL;

    asking->items = net_json_items_new(asking->kind, body);
    if (!read_slice(task, asking->items))
        return;
    if (net_json_items_is_done(asking->items)) {
        return_items(task, asking);
        return;
    }
    slices = g_idle_source_new();
    g_task_set_priority(task, SLICE_PRIORITY);
    g_task_attach_source(task, slices, on_slice);
}

/* ---------------------------------------------------------------------------------------------------------- answers */

static void read_json(GTask *task, const Asking *asking, GBytes *body)
{
    GError *error = NULL;
    g_autoptr(JsonNode) root = net_json_parse(g_bytes_get_data(body, NULL), g_bytes_get_size(body), &error);
    gpointer decoded = root && asking->decode ? asking->decode(root) : NULL;

    if (!root)
        g_task_return_error(task, error);
    else if (!asking->decode)
        g_task_return_pointer(task, g_steal_pointer(&root), (GDestroyNotify)json_node_unref);
    else if (decoded)
        g_task_return_pointer(task, decoded, asking->destroy);
    else
        g_task_return_new_error(task, NET_CALL_ERROR, NET_CALL_ERROR_BAD_SHAPE, "%s", bad_shape);
}

/* @response: (nullable) (transfer full): NULL with @error, which is (transfer full), too. */
static void take_answer(GTask *task, NetResponse *response, GError *error)
{
    g_autoptr(NetResponse) answer = response;
    Asking *asking = g_task_get_task_data(task);
    g_autoptr(GBytes) body = NULL;

    if (!answer) {
        g_task_return_error(task, error);
        return;
    }
    set_retry_after(task, answer->retry_after_ms);
    if (answer->status < 200 || answer->status > 299) {
        g_task_return_error(task, error_of(asking->call, answer));
        return;
    }
    body = g_bytes_get_size(answer->body) ? g_bytes_ref(answer->body) : g_bytes_new_static("{}", 2);
    if (asking->kind)
        read_items(task, asking, body);
    else
        read_json(task, asking, body);
}

static void on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    NetResponse *response = net_session_send_finish(result, &error);

    (void)source;
    take_answer(task, response, error);
}

static void on_uploaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    NetResponse *response = net_upload_finish(result, &error);

    (void)source;
    take_answer(task, response, error);
}

/* ------------------------------------------------------------------------------------------------------------ calls */

/* @asking: copied; its call is referenced. */
static GTask *task_new(const Asking *asking, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback done,
                       gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    Asking *copy = g_memdup2(asking, sizeof *asking);

    net_call_ref(copy->call);
    g_task_set_source_tag(task, tag);
    g_task_set_task_data(task, copy, asking_free);
    return task;
}

static void send(const Asking *asking, gpointer tag, NetRequest *request, GCancellable *cancellable,
                 GAsyncReadyCallback done, gpointer user_data)
{
    NetCall *call = asking->call;

    net_session_send_async(call->session, call->base_url, request, call->credential, cancellable, on_answer,
                           task_new(asking, tag, cancellable, done, user_data));
}

void net_call_json_async(NetCall *call, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                         gpointer user_data)
{
    const Asking asking = { .call = call };

    send(&asking, net_call_json_async, request, cancellable, done, user_data);
}

JsonNode *net_call_json_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void net_call_upload_async(NetCall *call, NetRequest *request, const NetUpload *upload, GCancellable *cancellable,
                           GAsyncReadyCallback done, gpointer user_data)
{
    const Asking asking = { .call = call };

    net_upload_async(call->session, call->base_url, request, call->credential, upload, cancellable, on_uploaded,
                     task_new(&asking, net_call_upload_async, cancellable, done, user_data));
}

void net_call_download_async(NetCall *call, NetRequest *request, const NetDownload *download, GCancellable *cancellable,
                             GAsyncReadyCallback done, gpointer user_data)
{
    net_download_async(call->session, call->base_url, request, call->credential, download, cancellable, done,
                       user_data);
}

void net_call_decode_async(NetCall *call, NetRequest *request, NetJsonDecode decode, GDestroyNotify destroy,
                           GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    const Asking asking = { .call = call, .decode = decode, .destroy = destroy };

    send(&asking, net_call_decode_async, request, cancellable, done, user_data);
}

gpointer net_call_decode_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void net_call_list_async(NetCall *call, NetRequest *request, const NetJsonItemsKind *kind, GCancellable *cancellable,
                         GAsyncReadyCallback done, gpointer user_data)
{
    const Asking asking = { .call = call, .kind = kind };

    send(&asking, net_call_list_async, request, cancellable, done, user_data);
}

GPtrArray *net_call_list_finish(GAsyncResult *result, guint *seen, JsonNode **rest, GError **error)
{
    g_autoptr(NetJsonItems) items = g_task_propagate_pointer(G_TASK(result), error);
    GPtrArray *list = items ? net_json_items_steal(items, seen, rest) : NULL;

    if (items && !list)
        g_set_error_literal(error, NET_CALL_ERROR, NET_CALL_ERROR_BAD_SHAPE, bad_shape);
    return list;
}

/* ---------------------------------------------------------------------------------------------------- other addresses */

static gboolean is_plain_http(const char *url)
{
    g_autofree char *scheme = g_uri_parse_scheme(url);

    return scheme && g_ascii_strcasecmp(scheme, "http") == 0;
}

NetRequest *net_call_request_for_url(NetCall *call, const char *method, const char *url, char **base_url,
                                     GError **error)
{
    if (is_plain_http(url) && !is_plain_http(call->base_url)) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_INSECURE, "the address is not encrypted");
        return NULL;
    }
    return net_request_new_url(method, url, base_url, error);
}

void net_call_send_to_async(NetCall *call, const char *base_url, NetRequest *request, GCancellable *cancellable,
                            GAsyncReadyCallback done, gpointer user_data)
{
    NetCredential *credential = net_request_is_same_origin(base_url, call->base_url) ? call->credential : NULL;

    net_session_send_async(call->session, base_url, request, credential, cancellable, done, user_data);
}
