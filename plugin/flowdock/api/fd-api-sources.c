/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls with a source's own token. */
#include "fd-api-sources.h"

#include "fd-decode.h"

#include "text/text-escape.h"

#include <string.h>

/* Sheet: 3.6 and 3.15. */
#define MAX_NAME_CHARS 16
/* A mail needs a subject; this much of the text's first line is it. Sheet silent. */
#define MAX_SUBJECT_CHARS 100
/* The push API wants the program's name; letters, digits, "_" and blanks. Sheet: 3.15. */
#define PUSH_SOURCE "purple flowdock"

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

static NetRequest *request_with_token(const char *method, const char *flow_token)
{
    NetRequest *request = net_request_new(method, "sources", NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, "flow_token", flow_token);
    json_builder_end_object(body);
    net_request_set_json(request, body);
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

static gboolean finish_call(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = fd_api_call_finish(result, error);

    return answer != NULL;
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
        request = net_request_new("POST", "messages", NULL);
        /* Else what is wrong with a message would not be told. Sheet: 3.6. */
        net_request_set_header(request, "X-flowdock-wait-for-message", "true");
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
