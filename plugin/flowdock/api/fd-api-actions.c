/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Thread actions: the service gives an address that it has signed, and whoever calls it presses the button. */
#include "fd-api-actions.h"

#include "fd-decode.h"

#include "net/net-error.h"
#include "net/net-header.h"
#include "net/net-json.h"
#include "net/net-redact.h"

#include <libsoup/soup.h>
#include <string.h>

/* Of an answer, in bytes: more than this no integration has to say. */
#define MAX_ANSWER (64 * 1024)
/* Of a name in DNS, in bytes. */
#define MAX_HOST 253
/* How an integration asks who somebody is. */
#define CHALLENGE "Flowdock-Token"

void fd_action_answer_free(FdActionAnswer *answer)
{
    if (!answer)
        return;
    g_free(answer->words);
    g_free(answer->sign_in);
    g_free(answer);
}

char *fd_action_host(const FdThreadAction *action)
{
    g_autoptr(GUri) uri = g_uri_parse(action->url, SOUP_HTTP_URI_FLAGS, NULL);
    const char *host = uri ? g_uri_get_host(uri) : NULL;
    int port = uri ? g_uri_get_port(uri) : -1;

    if (!host || !*host || strlen(host) > MAX_HOST)
        return NULL;
    if (port == (g_str_equal(g_uri_get_scheme(uri), "http") ? 80 : 443))
        return g_strdup(host);
    return g_strdup_printf(strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, port);
}

static NetRequest *request_of(FdApi *api, const FdThreadAction *action, char **base_url, GError **error)
{
    g_autofree char *host = fd_action_host(action);
    NetRequest *request;

    if (!host) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL, "this is no address");
        return NULL;
    }
    request = fd_api_request_for_url(api, action->method, action->url, base_url, error);
    if (!request)
        return NULL;
    net_request_hide_path(request);
    net_request_expect_401(request);
    net_request_drop_long_body(request, MAX_ANSWER);
    /* What integrations read is made by the service; but a server may want to know that nothing comes. */
    if (strcmp(action->method, "GET") != 0 && strcmp(action->method, "DELETE") != 0)
        net_request_set_body(request, "application/json", "{}", -1);
    return request;
}

gboolean fd_api_action_check(FdApi *api, const FdThreadAction *action, GError **error)
{
    g_autofree char *base_url = NULL;
    g_autoptr(NetRequest) request = request_of(api, action, &base_url, error);

    return request != NULL;
}

/* (transfer full) (nullable): of no form that is documented. */
static char *words_of(const NetResponse *response)
{
    static const char *const names[] = { "message", "error", "description" };
    gsize length;
    const char *text = g_bytes_get_data(response->body, &length);
    g_autoptr(JsonNode) root = length ? net_json_parse(text, length, NULL) : NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *words =
            net_redact_line(net_json_string(net_json_object_of(root), names[i]), FD_ACTION_MAX_WORDS);

        if (words && *words)
            return g_steal_pointer(&words);
    }
    return NULL;
}

/* (transfer full) (nullable) */
static char *sign_in_of(const NetResponse *response)
{
    g_autofree char *url = net_header_challenge(response->challenge, CHALLENGE, "url");

    return url && g_utf8_validate(url, -1, NULL) ? fd_decode_web_address(url) : NULL;
}

static void on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    g_autoptr(NetResponse) response = net_session_send_finish(result, &error);
    g_autofree char *words = response ? words_of(response) : NULL;
    g_autofree char *sign_in = response ? sign_in_of(response) : NULL;
    FdActionAnswer *answer;

    (void)source;
    if (!response) {
        g_task_return_error(task, error);
        return;
    }
    if (!SOUP_STATUS_IS_SUCCESSFUL(response->status) && !sign_in) {
        g_task_return_error(task, fd_api_error_new(response->status, words));
        return;
    }
    answer = g_new0(FdActionAnswer, 1);
    answer->words = g_steal_pointer(&words);
    answer->sign_in = g_steal_pointer(&sign_in);
    g_task_return_pointer(task, answer, (GDestroyNotify)fd_action_answer_free);
}

void fd_api_action_use_async(FdApi *api, const FdThreadAction *action, GCancellable *cancellable,
                             GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    GError *error = NULL;
    g_autofree char *base_url = NULL;
    g_autoptr(NetRequest) request = request_of(api, action, &base_url, &error);

    g_task_set_source_tag(task, fd_api_action_use_async);
    if (!request) {
        g_task_return_error(task, error);
        g_object_unref(task);
        return;
    }
    fd_api_send_to_async(api, base_url, request, cancellable, on_answer, task);
}

FdActionAnswer *fd_api_action_use_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
