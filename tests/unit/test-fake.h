/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A client of the test server that knows nothing of the plugin: plain libsoup. */
#pragma once

#include <libsoup/soup.h>
#include <string.h>

#include "fake-json.h"
#include "fake-server.h"
#include "test-util.h"

typedef struct {
    SoupSession *session;
    FakeServer *server;
    const char *authorization; /* (nullable): sent with every call */
    const char *accept;        /* (nullable) */
    const char *api_key;       /* (nullable): X-API-Key */
    const char *header;        /* (nullable): the name of one more, whose value is "true" */
    /* The last answer. */
    guint status; /* 0: none came */
    SoupMessage *message;
    char *text;
    JsonNode *json; /* (nullable) */
} TestFake;

#define TEST_FAKE_DEMO "Basic ZGVtby10b2tlbjo=" /* demo-token: */
#define TEST_FAKE_ANN "Basic YW5uLXRva2Vu"      /* ann-token, without a colon */

/* (transfer full) @server */
static inline TestFake *test_fake_new_with(FakeServer *server)
{
    TestFake *fake = g_new0(TestFake, 1);

    fake->server = server;
    fake->session = soup_session_new_with_options("max-conns", 100, "max-conns-per-host", 100, NULL);
    /* Each call on its own connection: libsoup repeats by itself what fails on a reused one. */
    soup_session_remove_feature_by_type(fake->session, SOUP_TYPE_AUTH_MANAGER);
    return fake;
}

static inline TestFake *test_fake_new(void)
{
    TestFake *fake = test_fake_new_with(fake_server_new_started());

    fake->authorization = TEST_FAKE_DEMO;
    return fake;
}

static inline void test_fake_forget(TestFake *fake)
{
    g_clear_object(&fake->message);
    g_clear_pointer(&fake->text, g_free);
    g_clear_pointer(&fake->json, json_node_unref);
    fake->status = 0;
}

static inline void test_fake_free(TestFake *fake)
{
    test_fake_forget(fake);
    soup_session_abort(fake->session);
    g_object_unref(fake->session);
    fake_server_free(fake->server);
    test_settle();
    g_free(fake);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestFake, test_fake_free)

static inline SoupMessage *test_fake_message(TestFake *fake, const char *method, const char *path, const char *body)
{
    g_autofree char *url = g_strconcat(fake_server_get_api_url(fake->server), path, NULL);
    SoupMessage *message = soup_message_new(method, strstr(path, "://") ? path : url);
    SoupMessageHeaders *headers = soup_message_get_request_headers(message);

    soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
    if (fake->authorization)
        soup_message_headers_append(headers, "Authorization", fake->authorization);
    if (fake->accept)
        soup_message_headers_append(headers, "Accept", fake->accept);
    if (fake->api_key)
        soup_message_headers_append(headers, "X-API-Key", fake->api_key);
    if (fake->header)
        soup_message_headers_append(headers, fake->header, "true");
    if (body) {
        g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));

        soup_message_set_request_body_from_bytes(
            message, body[0] == '{' ? "application/json" : "application/x-www-form-urlencoded", bytes);
    }
    return message;
}

/* Asks and waits; the answer is in @fake. Returns the status, 0 when the connection broke. @path may be a whole URL. */
static inline guint test_fake_call(TestFake *fake, const char *method, const char *path, const char *body)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(JsonParser) parser = json_parser_new();

    test_fake_forget(fake);
    fake->message = test_fake_message(fake, method, path, body);
    soup_session_send_and_read_async(fake->session, fake->message, G_PRIORITY_DEFAULT, NULL, test_done, &done);
    test_until(done.result);
    bytes = soup_session_send_and_read_finish(fake->session, done.result, NULL);
    if (!bytes)
        return 0;
    fake->text =
        g_bytes_get_size(bytes) ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : g_strdup("");
    if (json_parser_load_from_data(parser, fake->text, -1, NULL))
        fake->json = json_parser_steal_root(parser);
    return fake->status = soup_message_get_status(fake->message);
}

static inline JsonObject *test_fake_object(TestFake *fake)
{
    g_assert_true(fake->json && JSON_NODE_HOLDS_OBJECT(fake->json));
    return json_node_get_object(fake->json);
}

static inline JsonArray *test_fake_array(TestFake *fake)
{
    g_assert_true(fake->json && JSON_NODE_HOLDS_ARRAY(fake->json));
    return json_node_get_array(fake->json);
}

static inline const char *test_fake_header(TestFake *fake, const char *name)
{
    return soup_message_headers_get_one(soup_message_get_response_headers(fake->message), name);
}

/* The given member of each object in the answered array, separated by spaces. (transfer full) */
static inline char *test_fake_column(JsonArray *array, const char *name)
{
    GString *column = g_string_new(NULL);

    for (guint i = 0; i < json_array_get_length(array); i++) {
        g_autofree char *value = fake_json_dup_text(json_array_get_object_element(array, i), name);

        g_string_append_printf(column, "%s%s", i ? " " : "", value ? value : "-");
    }
    return g_string_free(column, FALSE);
}

/* ------------------------------------------------------------------------------------------------------ a stream */

typedef struct {
    GCancellable *cancellable;
    SoupMessage *message;
    GInputStream *body; /* (nullable) until opened */
    GString *text;      /* all that came */
    guint reads;        /* in how many pieces */
    gboolean ended;     /* also when it could not be opened */
    gboolean broke;     /* ended with an error */
    char bytes[4096];
} TestTap;

static inline void test_tap_read(TestTap *tap);

static inline void test_tap_on_read(GObject *source, GAsyncResult *result, gpointer data)
{
    TestTap *tap = data;
    g_autoptr(GError) error = NULL;
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

    if (count <= 0) {
        tap->broke = count < 0;
        tap->ended = TRUE;
        return;
    }
    g_string_append_len(tap->text, tap->bytes, count);
    tap->reads++;
    test_tap_read(tap);
}

static inline void test_tap_read(TestTap *tap)
{
    g_input_stream_read_async(tap->body, tap->bytes, sizeof tap->bytes, G_PRIORITY_DEFAULT, tap->cancellable,
                              test_tap_on_read, tap);
}

static inline void test_tap_on_open(GObject *source, GAsyncResult *result, gpointer data)
{
    TestTap *tap = data;

    tap->body = soup_session_send_finish(SOUP_SESSION(source), result, NULL);
    if (tap->body)
        test_tap_read(tap);
    else
        tap->ended = tap->broke = TRUE;
}

/* Opens a stream and waits until its headers are there. @path begins with a slash. */
static inline TestTap *test_tap_new(TestFake *fake, const char *path, const char *last_event_id)
{
    TestTap *tap = g_new0(TestTap, 1);
    g_autofree char *url = g_strconcat(fake_server_get_stream_url(fake->server), path, NULL);

    tap->cancellable = g_cancellable_new();
    tap->text = g_string_new(NULL);
    tap->message = test_fake_message(fake, "GET", url, NULL);
    if (last_event_id)
        soup_message_headers_append(soup_message_get_request_headers(tap->message), "Last-Event-ID", last_event_id);
    soup_session_send_async(fake->session, tap->message, G_PRIORITY_DEFAULT, tap->cancellable, test_tap_on_open, tap);
    test_until(tap->body || tap->ended);
    return tap;
}

static inline void test_tap_free(TestTap *tap)
{
    g_cancellable_cancel(tap->cancellable);
    test_until(tap->ended);
    g_clear_object(&tap->body);
    g_object_unref(tap->message);
    g_object_unref(tap->cancellable);
    g_string_free(tap->text, TRUE);
    g_free(tap);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestTap, test_tap_free)
