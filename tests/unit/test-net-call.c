/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-call: what becomes of statuses and bodies. Lists in slices are tested with fd-api. */
#include "net/net-call.h"

#include "net/net-error.h"
#include "net/net-json.h"
#include "test-http.h"

typedef struct {
    TestHttp *http;
    NetSession *session;
    NetCredential *credential;
    NetCall *call;
    guint status;            /* of each answer */
    const char *retry_after; /* (nullable) */
    const char *location;    /* (nullable) */
    const char *body;
} TestCall;

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    const TestCall *test = user_data;
    SoupMessageHeaders *out = soup_server_message_get_response_headers(message);

    (void)server;
    (void)path;
    (void)query;
    test_http_note(test->http, message);
    soup_server_message_set_status(message, test->status, NULL);
    if (test->retry_after)
        soup_message_headers_append(out, "Retry-After", test->retry_after);
    if (test->location)
        soup_message_headers_append(out, "Location", test->location);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_STATIC, test->body, strlen(test->body));
}

static char *words_of(JsonObject *answer)
{
    return g_strdup(net_json_string(answer, "why"));
}

static TestCall *test_new(guint status, const char *body)
{
    const NetSessionOptions options = { "test/1.0", NULL, NULL, TEST_PATIENCE_S, 4, 1024 * 1024 };
    TestCall *test = g_new0(TestCall, 1);
    g_autoptr(GError) error = NULL;

    test->status = status;
    test->body = body;
    test->http = test_http_new(NULL, on_request, test);
    test->session = net_session_new(&options, &error);
    g_assert_no_error(error);
    test->credential = net_credential_new();
    net_credential_set_bearer(test->credential, "hunter2hunter2");
    test->call = net_call_new(test->session, test->credential, test->http->url, words_of);
    return test;
}

static void test_free(TestCall *test)
{
    net_call_unref(test->call);
    net_credential_unref(test->credential);
    net_session_close(test->session);
    net_session_unref(test->session);
    test_settle();
    test_http_free(test->http);
    g_free(test);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestCall, test_free)

/* (transfer none) */
static GAsyncResult *wait_for(TestDone *done)
{
    g_assert_cmpuint(done->calls, ==, 0);
    test_until(done->calls);
    return done->result;
}

static JsonNode *ask(TestCall *test, gint64 *retry_after_ms, GError **error)
{
    g_autoptr(NetRequest) request = net_request_new("POST", "things", NULL);
    g_auto(TestDone) done = { 0 };

    net_call_json_async(test->call, request, NULL, test_done, &done);
    wait_for(&done);
    if (retry_after_ms)
        *retry_after_ms = net_call_get_retry_after_ms(done.result);
    return net_call_json_finish(done.result, error);
}

static void test_json(void)
{
    static const struct {
        guint status;
        const char *body, *json; /* (nullable): no JSON */
    } cases[] = {
        { 200, "{\"a\":1}", "{\"a\":1}" }, { 201, "[2]", "[2]" },   { 202, "", "{}" },         { 204, "", "{}" },
        { 200, "null", "null" },           { 200, "<html>", NULL }, { 200, "{\"a\":1", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestCall) test = test_new(cases[i].status, cases[i].body);
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) root = ask(test, NULL, &error);
        g_autofree char *json = root ? json_to_string(root, FALSE) : NULL;

        g_test_message("%s", cases[i].body);
        g_assert_cmpstr(json, ==, cases[i].json);
        if (!root)
            g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
        g_assert_cmpstr(test->http->seen->pdata[0], ==, "POST /things");
        g_assert_cmpstr(test->http->secrets->pdata[0], ==, "Bearer hunter2hunter2");
    }
}

#define WHY "{\"why\":\"too short\"}"

static void test_statuses(void)
{
    static const struct {
        guint status;
        const char *body;
        gboolean is_net;
        int code;
        const char *message;
    } cases[] = {
        { 400, WHY, FALSE, NET_CALL_ERROR_REFUSED, "too short" },
        { 409, WHY, FALSE, NET_CALL_ERROR_REFUSED, "too short" },
        { 422, WHY, FALSE, NET_CALL_ERROR_REFUSED, "too short" },
        { 403, WHY, FALSE, NET_CALL_ERROR_FORBIDDEN, "too short" },
        { 400, "", TRUE, NET_ERROR_REJECTED, "400 Bad Request" },
        { 400, "{}", TRUE, NET_ERROR_REJECTED, "400 Bad Request" },
        { 400, "{\"why\":\" \\n\"}", TRUE, NET_ERROR_REJECTED, "400 Bad Request" },
        { 400, "{\"why\":7}", TRUE, NET_ERROR_REJECTED, "400 Bad Request" },
        { 400, "[\"too short\"]", TRUE, NET_ERROR_REJECTED, "400 Bad Request" },
        { 400, "<html>too short</html>", TRUE, NET_ERROR_REJECTED, "400 Bad Request" },
        { 403, "", TRUE, NET_ERROR_FORBIDDEN, "403 Forbidden" },
        { 401, WHY, TRUE, NET_ERROR_UNAUTHORIZED, "401: too short" },
        { 404, WHY, TRUE, NET_ERROR_NOT_FOUND, "404: too short" },
        { 410, WHY, TRUE, NET_ERROR_GONE, "410: too short" },
        { 429, WHY, TRUE, NET_ERROR_RATE_LIMITED, "429: too short" },
        { 500, WHY, TRUE, NET_ERROR_SERVER, "500: too short" },
        { 503, "", TRUE, NET_ERROR_SERVER, "503 Service Unavailable" },
        { 302, WHY, TRUE, NET_ERROR_PROTOCOL, "302: too short" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestCall) test = test_new(cases[i].status, cases[i].body);
        g_autoptr(GError) error = NULL;
        GQuark domain = cases[i].is_net ? NET_ERROR : NET_CALL_ERROR;

        g_test_message("%u %s", cases[i].status, cases[i].body);
        g_assert_null(ask(test, NULL, &error));
        g_assert_error(error, domain, cases[i].code);
        g_assert_cmpstr(error->message, ==, cases[i].message);
        g_assert_true(net_call_is_forbidden(error) == (cases[i].status == 403));
    }
    g_assert_false(net_call_is_forbidden(NULL));
}

/* What is shown of the words: in one line, not too long, and no secret, not even one that only we know to be one. */
static void test_words(void)
{
    g_autofree char *many = g_strnfill(1000, 'x');
    g_autofree char *first = g_strnfill(NET_CALL_MAX_WORDS - 1, 'x');
    g_autofree char *long_body = g_strconcat("{\"why\":\"", many, "\"}", NULL);
    g_autofree char *long_words = g_strconcat(first, "…", NULL);
    const struct {
        const char *body, *words;
    } cases[] = {
        { "{\"why\":\" two\\r\\n lines\\u0000 \"}", "two lines\xef\xbf\xbd" },
        { "{\"why\":\"not with access_token=abcdef\"}", "not with access_token=[...]" },
        { "{\"why\":\"hunter2hunter2 is nobody, said hunter2hunter2\"}", "[...] is nobody, said [...]" },
        { long_body, long_words },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestCall) test = test_new(422, cases[i].body);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].body);
        g_assert_null(ask(test, NULL, &error));
        g_assert_error(error, NET_CALL_ERROR, NET_CALL_ERROR_REFUSED);
        g_assert_cmpstr(error->message, ==, cases[i].words);
    }
}

/* An API key has no scheme before it. */
static void test_key_in_words(void)
{
    g_autoptr(TestCall) test = test_new(403, "{\"why\":\"key-1234 may not\"}");
    g_autoptr(GError) error = NULL;

    g_assert_true(net_credential_set_key(test->credential, "key-1234"));
    g_assert_null(ask(test, NULL, &error));
    g_assert_cmpstr(error->message, ==, "[...] may not");
}

static void test_retry_after(void)
{
    static const struct {
        guint status;
        const char *header; /* (nullable) */
        gint64 wait_ms;
    } cases[] = {
        { 429, "7", 7000 },  { 503, "0", 0 }, { 200, "3", 3000 }, { 429, NULL, -1 }, { 503, "99999999", 99999999000 },
        { 429, "soon", -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestCall) test = test_new(cases[i].status, "{}");
        g_autoptr(GError) error = NULL;
        gint64 wait_ms = 0;
        g_autoptr(JsonNode) root = NULL;

        test->retry_after = cases[i].header;
        root = ask(test, &wait_ms, &error);
        g_test_message("%u %s", cases[i].status, cases[i].header);
        g_assert_true((root != NULL) == (cases[i].status == 200));
        g_assert_cmpint(wait_ms, ==, MIN(cases[i].wait_ms, G_MAXINT - 1));
    }
}

/* A task made of calls hands it on. */
static void test_pass_retry_after(void)
{
    g_autoptr(TestCall) test = test_new(429, "{}");
    g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, NULL, NULL);
    g_auto(TestDone) done = { 0 };

    g_assert_cmpint(net_call_get_retry_after_ms(G_ASYNC_RESULT(task)), ==, -1);
    test->retry_after = "5";
    net_call_json_async(test->call, request, NULL, test_done, &done);
    net_call_pass_retry_after(task, wait_for(&done));
    g_assert_cmpint(net_call_get_retry_after_ms(G_ASYNC_RESULT(task)), ==, 5000);
    g_task_return_boolean(task, TRUE);
}

/* Nothing came that could ask for anything. */
static void test_no_answer(void)
{
    g_autoptr(TestCall) test = test_new(200, "{}");
    g_autoptr(GError) error = NULL;
    gint64 wait_ms = 0;

    soup_server_disconnect(test->http->soup);
    g_assert_null(ask(test, &wait_ms, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpint(wait_ms, ==, -1);
}

static gpointer decode(JsonNode *node)
{
    return net_json_id_text(net_json_object_of(node), "id");
}

static void test_decode(void)
{
    static const struct {
        guint status;
        const char *body, *id; /* (nullable): none */
        gboolean is_shape;
    } cases[] = {
        { 200, "{\"id\":7}", "7", FALSE }, { 200, "{\"id\":null}", NULL, TRUE }, { 204, "", NULL, TRUE },
        { 200, "{\"id\":", NULL, FALSE },  { 500, "{\"id\":7}", NULL, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestCall) test = test_new(cases[i].status, cases[i].body);
        g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autofree char *id = NULL;

        net_call_decode_async(test->call, request, decode, g_free, NULL, test_done, &done);
        id = net_call_decode_finish(wait_for(&done), &error);
        g_assert_cmpstr(id, ==, cases[i].id);
        g_assert_true((error == NULL) == (id != NULL));
        g_assert_true(g_error_matches(error, NET_CALL_ERROR, NET_CALL_ERROR_BAD_SHAPE) == cases[i].is_shape);
    }
}

static void test_list(void)
{
    static const NetJsonItemsKind kind = { "data", 100, decode, g_free, NULL };
    static const struct {
        guint status;
        const char *body;
        int length, seen; /* -1: no list */
        gboolean is_shape;
    } cases[] = {
        { 200, "{\"data\":[{\"id\":7},{},{\"id\":8}],\"meta\":{}}", 2, 3, FALSE },
        { 200, "{\"data\":[]}", 0, 0, FALSE },
        { 200, "{\"data\":null}", -1, 0, TRUE },
        { 204, "", -1, 0, TRUE },
        { 200, "[{\"id\":7}]", -1, 0, TRUE },
        { 200, "{\"data\":[", -1, 0, FALSE },
        { 403, WHY, -1, 0, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestCall) test = test_new(cases[i].status, cases[i].body);
        g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) list = NULL;
        g_autoptr(JsonNode) rest = NULL;
        guint seen = 0;

        g_test_message("%s", cases[i].body);
        net_call_list_async(test->call, request, &kind, NULL, test_done, &done);
        list = net_call_list_finish(wait_for(&done), &seen, &rest, &error);
        g_assert_cmpint(list ? (int)list->len : -1, ==, cases[i].length);
        g_assert_cmpint((int)seen, ==, cases[i].seen);
        g_assert_true((list != NULL) == (rest != NULL));
        g_assert_true((error == NULL) == (list != NULL));
        g_assert_true(g_error_matches(error, NET_CALL_ERROR, NET_CALL_ERROR_BAD_SHAPE) == cases[i].is_shape);
    }
}

/* The credential is for one origin only, and a redirect is none of the answers there can be. */
static void test_redirect(void)
{
    g_autoptr(TestCall) other = test_new(200, "{}");
    g_autoptr(TestCall) test = test_new(307, "{}");
    g_autoptr(GError) error = NULL;

    test->location = other->http->url;
    g_assert_null(ask(test, NULL, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
    g_assert_cmpuint(test->http->seen->len, ==, 1);
    g_assert_cmpuint(other->http->seen->len, ==, 0);
}

/* At sign-off the handle goes before the answer does. */
static void test_cancelled(void)
{
    TestCall *test = test_new(200, "{}");
    g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;

    net_call_json_async(test->call, request, cancellable, test_done, &done);
    g_cancellable_cancel(cancellable);
    test_free(test);
    g_assert_cmpuint(done.calls, ==, 1);
    g_assert_null(net_call_json_finish(done.result, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/call/json", test_json);
    g_test_add_func("/net/call/statuses", test_statuses);
    g_test_add_func("/net/call/words", test_words);
    g_test_add_func("/net/call/key-in-words", test_key_in_words);
    g_test_add_func("/net/call/retry-after", test_retry_after);
    g_test_add_func("/net/call/pass-retry-after", test_pass_retry_after);
    g_test_add_func("/net/call/no-answer", test_no_answer);
    g_test_add_func("/net/call/decode", test_decode);
    g_test_add_func("/net/call/list", test_list);
    g_test_add_func("/net/call/redirect", test_redirect);
    g_test_add_func("/net/call/cancelled", test_cancelled);
    return g_test_run();
}
