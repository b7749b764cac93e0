/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A server that gives one answer after the other, for the calls of envoy/api, and keeps what it was asked. */
#pragma once

#include "envoy/api/envoy-api.h"
#include "net/net-error.h"
#include "net/net-json.h"
#include "test-http.h"

typedef struct {
    guint status;
    const char *retry_after; /* (nullable) */
    char *body;
} TestReply;

typedef struct {
    TestHttp *http;
    NetSession *session;
    NetCredential *credential;
    EnvoyApi *api;
    GQueue replies;    /* of TestReply; without any: 200 and {} */
    GPtrArray *bodies; /* (element-type utf8): of each request */
    GPtrArray *keys;   /* (element-type utf8): the X-API-Key of each, "" for none */
} TestEnvoy;

static inline void test_reply_free(gpointer data)
{
    TestReply *reply = data;

    g_free(reply->body);
    g_free(reply);
}

static inline void test_envoy_on_request(SoupServer *server, SoupServerMessage *message, const char *path,
                                         GHashTable *query, gpointer user_data)
{
    TestEnvoy *test = user_data;
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    const char *key =
        soup_message_headers_get_one(soup_server_message_get_request_headers(message), NET_CREDENTIAL_KEY);
    TestReply *reply = g_queue_pop_head(&test->replies);
    const char *text = reply ? reply->body : "{}";

    (void)server;
    (void)path;
    (void)query;
    test_http_note(test->http, message);
    g_ptr_array_add(test->bodies, g_strndup(body->data, (gsize)body->length));
    g_ptr_array_add(test->keys, g_strdup(key ? key : ""));
    soup_server_message_set_status(message, reply ? reply->status : 200, NULL);
    if (reply && reply->retry_after)
        soup_message_headers_append(soup_server_message_get_response_headers(message), "Retry-After",
                                    reply->retry_after);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, text, strlen(text));
    g_clear_pointer(&reply, test_reply_free);
}

static inline TestEnvoy *test_envoy_new(void)
{
    const NetSessionOptions options = { "test/1.0", NULL, NULL, TEST_PATIENCE_S, 4, 64 * 1024 * 1024 };
    TestEnvoy *test = g_new0(TestEnvoy, 1);
    g_autoptr(GError) error = NULL;
    g_autofree char *base_url = NULL;

    g_queue_init(&test->replies);
    test->bodies = g_ptr_array_new_with_free_func(g_free);
    test->keys = g_ptr_array_new_with_free_func(g_free);
    test->http = test_http_new(NULL, test_envoy_on_request, test);
    test->session = net_session_new(&options, &error);
    g_assert_no_error(error);
    test->credential = net_credential_new();
    g_assert_true(net_credential_set_key(test->credential, "demo-key"));
    base_url = g_strconcat(test->http->url, "/v1", NULL);
    test->api = envoy_api_new(test->session, test->credential, base_url);
    return test;
}

static inline void test_envoy_free(TestEnvoy *test)
{
    net_call_unref(test->api);
    net_credential_unref(test->credential);
    net_session_close(test->session);
    net_session_unref(test->session);
    test_settle();
    test_http_free(test->http);
    g_queue_clear_full(&test->replies, test_reply_free);
    g_ptr_array_unref(test->bodies);
    g_ptr_array_unref(test->keys);
    g_free(test);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestEnvoy, test_envoy_free)

/* The answer after those that were given before. Takes @body. */
static inline void test_envoy_reply(TestEnvoy *test, guint status, const char *retry_after, char *body)
{
    TestReply *reply = g_new(TestReply, 1);

    *reply = (TestReply){ status, retry_after, body };
    g_queue_push_tail(&test->replies, reply);
}

static inline void test_envoy_say(TestEnvoy *test, guint status, const char *body)
{
    test_envoy_reply(test, status, NULL, g_strdup(body));
}

/* (transfer full): a file of tests/data/envoy. */
static inline char *test_envoy_sample(const char *name)
{
    g_autofree char *folder = test_data_path("envoy");
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static inline void test_envoy_show(TestEnvoy *test, const char *sample)
{
    test_envoy_reply(test, 200, NULL, test_envoy_sample(sample));
}

/* (transfer full): a file's or text's JSON, each member in its place. */
static inline char *test_envoy_json(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) root = net_json_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return json_to_string(root, FALSE);
}

/* After x_async with test_done: waits for its one callback, which must not have come yet. (transfer none) */
static inline GAsyncResult *test_envoy_wait(TestDone *done)
{
    g_assert_cmpuint(done->calls, ==, 0);
    test_until(done->calls);
    g_assert_cmpuint(done->calls, ==, 1);
    return done->result;
}

/* What was asked, decoded, all of it joined by blanks. (transfer full) */
static inline char *test_envoy_asked(TestEnvoy *test)
{
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < test->http->seen->len; i++) {
        g_autofree char *plain = g_uri_unescape_string(test->http->seen->pdata[i], NULL);

        g_string_append_printf(all, "%s%s", i ? " " : "", plain);
    }
    return g_string_free(all, FALSE);
}
