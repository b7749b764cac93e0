/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The requests that came in, for assertions. */
#include "fake-log.h"

#include <string.h>

#include "fake-state.h"

#define MAX_REQUESTS 20000

struct FakeLog {
    GPtrArray *requests;
};

void fake_request_clear(FakeRequest *request)
{
    g_free(request->method);
    g_free(request->path);
    g_free(request->query);
    g_free(request->authorization);
    g_free(request->api_key);
    g_free(request->content_type);
    g_free(request->accept);
    g_free(request->body);
    g_free(request->last_event_id);
}

static void release(gpointer request)
{
    g_rc_box_release_full(request, (GDestroyNotify)fake_request_clear);
}

FakeLog *fake_log_new(void)
{
    FakeLog *log = g_new0(FakeLog, 1);

    log->requests = g_ptr_array_new_with_free_func(release);
    return log;
}

void fake_log_free(FakeLog *log)
{
    g_ptr_array_unref(log->requests);
    g_free(log);
}

FakeRequest *fake_log_add(FakeLog *log, SoupServerMessage *message, FakeOrigin origin)
{
    FakeRequest *request = g_rc_box_new0(FakeRequest);
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    GUri *uri = soup_server_message_get_uri(message);
    SoupMessageBody *parts = soup_server_message_get_request_body(message);
    /* Forms with files are not kept here. */
    g_autoptr(GBytes) body =
        soup_message_body_get_accumulate(parts) ? soup_message_body_flatten(parts) : g_bytes_new_static("", 0);

    request->method = g_strdup(soup_server_message_get_method(message));
    request->path = g_strdup(g_uri_get_path(uri));
    request->query = g_strdup(g_uri_get_query(uri));
    request->authorization = g_strdup(soup_message_headers_get_one(headers, "Authorization"));
    request->api_key = g_strdup(soup_message_headers_get_one(headers, "X-API-Key"));
    request->content_type = g_strdup(soup_message_headers_get_one(headers, "Content-Type"));
    request->accept = g_strdup(soup_message_headers_get_list(headers, "Accept"));
    request->last_event_id = g_strdup(soup_message_headers_get_one(headers, "Last-Event-ID"));
    request->body =
        g_bytes_get_size(body) ? g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body)) : g_strdup("");
    request->origin = origin;
    request->time_us = g_get_monotonic_time();
    if (!g_str_has_prefix(request->path, "/_test/")) {
        if (log->requests->len == MAX_REQUESTS)
            g_ptr_array_remove_index(log->requests, 0);
        g_ptr_array_add(log->requests, g_rc_box_acquire(request));
    }
    return request;
}

gboolean fake_log_path_matches(const char *pattern, const char *path)
{
    if (!pattern)
        return TRUE;
    if (strpbrk(pattern, "*?"))
        return g_pattern_match_simple(pattern, path);
    return g_str_has_prefix(path, pattern);
}

const GPtrArray *fake_server_requests(FakeServer *server)
{
    return server->log->requests;
}

void fake_server_clear_requests(FakeServer *server)
{
    g_ptr_array_set_size(server->log->requests, 0);
}

static gboolean fits(const FakeRequest *request, const char *method, const char *path_glob)
{
    return (!method || g_str_equal(request->method, method)) &&
           (!path_glob || g_pattern_match_simple(path_glob, request->path));
}

guint fake_server_count(FakeServer *server, const char *method, const char *path_glob)
{
    guint count = 0;

    for (guint i = 0; i < server->log->requests->len; i++)
        count += fits(server->log->requests->pdata[i], method, path_glob);
    return count;
}

const FakeRequest *fake_server_last_request(FakeServer *server, const char *method, const char *path_glob)
{
    for (guint i = server->log->requests->len; i > 0; i--) {
        if (fits(server->log->requests->pdata[i - 1], method, path_glob))
            return server->log->requests->pdata[i - 1];
    }
    return NULL;
}
