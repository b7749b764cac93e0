/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about sources and with a source's own token. */
#include "fd-api-sources.h"

#include "fd-decode.h"

#include "text/text-escape.h"
#include "text/text-scan.h"

#include <string.h>

/* Sheet: 3.6 and 3.15. */
#define MAX_NAME_CHARS 16
/* A mail needs a subject; this much of the text's first line is it. Sheet silent. */
#define MAX_SUBJECT_CHARS 100
/* The push API wants the program's name; letters, digits, "_" and blanks. Sheet: 3.15. */
#define PUSH_SOURCE "purple flowdock"
/* Bytes of the answer to a creation: far more than its members need. */
#define MAX_CREATED (64 * 1024)

const char *const fd_api_colors[] = { "red",   "green", "yellow", "cyan", "orange", "grey",
                                      "black", "lime",  "purple", "blue", NULL };

char *fd_api_source_name(const char *name)
{
    g_autofree char *line = text_clean_line(name);
    g_auto(GStrv) words = NULL;
    g_autofree char *joined = NULL;

    g_strstrip(line);
    words = g_strsplit_set(line, " ", -1);
    joined = g_strjoinv("_", words);
    return *joined ? g_utf8_substring(joined, 0, MIN(g_utf8_strlen(joined, -1), MAX_NAME_CHARS)) : NULL;
}

/* ------------------------------------------------------------------------------------------------------------ as a user */

void fd_api_sources_list_async(FdApi *api, const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("GET", path, "sources", NULL);

    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_sources, (GDestroyNotify)g_ptr_array_unref, cancellable,
                        done, user_data);
}

GPtrArray *fd_api_sources_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

static void set_one(NetRequest *request, const char *name, const char *value)
{
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, name, value);
    json_builder_end_object(body);
    net_request_set_json(request, body);
}

void fd_api_source_create_async(FdApi *api, const char *path, const char *name, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("POST", path, "sources", NULL);

    set_one(request, "name", name);
    net_request_expect_secret(request, MAX_CREATED);
    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_source, (GDestroyNotify)fd_source_free, cancellable, done,
                        user_data);
}

FdSource *fd_api_source_create_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

static NetRequest *request_for_source(const char *method, const char *path, gint64 id)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, id);

    return fd_api_request_for_flow(method, path, "sources", digits, NULL);
}

void fd_api_source_set_problem_async(FdApi *api, const char *path, gint64 id, const char *text,
                                     GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_source("PUT", path, id);

    set_one(request, "error_message", text);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

void fd_api_source_delete_async(FdApi *api, const char *path, gint64 id, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_for_source("DELETE", path, id);

    fd_api_call_async(api, request, cancellable, done, user_data);
}

static gboolean finish_call(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = fd_api_call_finish(result, error);

    return answer != NULL;
}

gboolean fd_api_source_change_finish(GAsyncResult *result, GError **error)
{
    return finish_call(result, error);
}

/* ---------------------------------------------------------------------------------------------------------- as a source */

static NetRequest *request_with_token(const char *method, const char *flow_token)
{
    NetRequest *request = net_request_new(method, "sources", NULL);

    set_one(request, "flow_token", flow_token);
    return request;
}

/* A list with the token's own source. */
static gpointer decode_own(JsonNode *node)
{
    g_autoptr(GPtrArray) sources = fd_decode_sources(node);

    return sources && sources->len == 1 ? g_ptr_array_steal_index(sources, 0) : NULL;
}

void fd_api_source_of_token_async(FdApi *api, const char *flow_token, GCancellable *cancellable,
                                  GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = request_with_token("GET", flow_token);

    fd_api_decode_async(api, request, decode_own, (GDestroyNotify)fd_source_free, cancellable, done, user_data);
}

FdSource *fd_api_source_of_token_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

void fd_api_source_check_async(FdApi *api, const char *flow_token, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data)
{
    g_autoptr(NetRequest) request = request_with_token("PUT", flow_token);

    fd_api_call_async(api, request, cancellable, done, user_data);
}

gboolean fd_api_source_check_finish(GAsyncResult *result, GError **error)
{
    return finish_call(result, error);
}

static char *subject_of(const char *text)
{
    g_autofree char *first = g_strndup(text, strcspn(text, "\r\n"));
    g_autofree char *line = text_clean_line(first);

    return g_utf8_substring(line, 0, MIN(g_utf8_strlen(line, -1), MAX_SUBJECT_CHARS));
}

static void add_chat(JsonBuilder *body, const FdApiPost *post)
{
    if (post->via == FD_API_VIA_SOURCE) {
        fd_api_add_text(body, "flow_token", post->token);
        fd_api_add_text(body, "event", "message");
        fd_api_add_text(body, "uuid", post->uuid);
    }
    fd_api_add_text(body, "content", post->text);
    fd_api_add_text(body, "external_user_name", post->name);
}

/* Of chat the service finds them itself. Sheet: 3.15, "tags". */
static void add_hashtags(JsonBuilder *body, const char *text)
{
    g_autoptr(GArray) spans = text_scan(text);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    json_builder_set_member_name(body, "tags");
    json_builder_begin_array(body);
    for (guint i = 0; i < spans->len && g_hash_table_size(known) < FD_DECODE_MAX_TAGS; i++) {
        const TextSpan *span = &g_array_index(spans, TextSpan, i);
        /* Without its mark, which may be one of two. */
        const char *name = g_utf8_next_char(text + span->start);
        char *tag;

        if (span->kind != TEXT_SPAN_HASHTAG)
            continue;
        tag = g_strndup(name, (gsize)(text + span->start + span->length - name));
        if (!g_hash_table_contains(known, tag))
            json_builder_add_string_value(body, tag);
        g_hash_table_add(known, tag);
    }
    json_builder_end_array(body);
}

static void add_mail(JsonBuilder *body, const FdApiPost *post)
{
    g_autofree char *subject = subject_of(post->text);
    /* The content of a mail is HTML there. */
    g_autofree char *html = text_escape_html(post->text);

    fd_api_add_text(body, "source", PUSH_SOURCE);
    fd_api_add_text(body, "from_address", post->address);
    fd_api_add_text(body, "from_name", post->name);
    fd_api_add_text(body, "subject", *subject ? subject : PUSH_SOURCE);
    fd_api_add_text(body, "content", html);
    add_hashtags(body, post->text);
}

/* Else what is wrong with a message would not be told. Sheet: 3.6. */
static NetRequest *request_to_post(void)
{
    NetRequest *request = net_request_new("POST", "messages", NULL);

    net_request_set_header(request, "X-flowdock-wait-for-message", "true");
    return request;
}

void fd_api_source_post_async(FdApi *api, const FdApiPost *post, GCancellable *cancellable, GAsyncReadyCallback done,
                              gpointer user_data)
{
    g_autoptr(JsonBuilder) body = json_builder_new();
    g_autoptr(NetRequest) request = NULL;

    json_builder_begin_object(body);
    if (post->via == FD_API_VIA_PUSH_INBOX)
        add_mail(body, post);
    else
        add_chat(body, post);
    json_builder_end_object(body);
    if (post->via == FD_API_VIA_SOURCE) {
        request = request_to_post();
    } else {
        request =
            net_request_new("POST", "v1", "messages", post->via == FD_API_VIA_PUSH_CHAT ? "chat" : "team_inbox", NULL);
        net_request_add_secret_segment(request, post->token);
    }
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

gboolean fd_api_source_post_finish(GAsyncResult *result, GError **error)
{
    return finish_call(result, error);
}

static void begin_object(JsonBuilder *body, const char *name)
{
    json_builder_set_member_name(body, name);
    json_builder_begin_object(body);
}

/* @value: (nullable): none */
static void add_if_any(JsonBuilder *body, const char *name, const char *value)
{
    if (value)
        fd_api_add_text(body, name, value);
}

/* A thread that is there already keeps what is not said of it. */
static void add_thread(JsonBuilder *body, const FdApiEvent *event)
{
    begin_object(body, "thread");
    fd_api_add_text(body, "title", event->title_html);
    if (event->color && event->status) {
        begin_object(body, "status");
        fd_api_add_text(body, "color", event->color);
        fd_api_add_text(body, "value", event->status);
        json_builder_end_object(body);
    }
    json_builder_end_object(body);
}

void fd_api_source_event_async(FdApi *api, const FdApiEvent *event, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data)
{
    g_autoptr(NetRequest) request = request_to_post();
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, "flow_token", event->token);
    fd_api_add_text(body, "event", event->event);
    fd_api_add_text(body, "external_thread_id", event->key);
    add_if_any(body, "title", event->title_html);
    add_if_any(body, "body", event->body_html);
    begin_object(body, "author");
    fd_api_add_text(body, "name", event->author);
    add_if_any(body, "email", event->email);
    add_if_any(body, "avatar", event->avatar);
    json_builder_end_object(body);
    if (event->title_html)
        add_thread(body, event);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    fd_api_call_async(api, request, cancellable, done, user_data);
}
