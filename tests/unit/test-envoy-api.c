/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-api: how refusals read, pages, and who is not to be asked twice. */
#include "envoy/api/envoy-api.h"

#include "envoy/api/envoy-decode.h"
#include "test-envoy-api.h"

#define MANY 5000
/* No machine reads so many bytes in one slice, be they but blanks. */
#define BLANKS (48 * 1024 * 1024)

static EnvoyPage *ask(TestEnvoy *test, GCancellable *cancellable, GError **error)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "entries", NULL);
    g_auto(TestDone) done = { 0 };

    envoy_api_page_async(test->api, request, &envoy_decode_entries, cancellable, test_done, &done);
    return envoy_api_page_finish(test_envoy_wait(&done), error);
}

static void test_page(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyPage) page = NULL;

    test_envoy_show(test, "entries-list.json");
    page = ask(test, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(page->items->len, ==, 2);
    g_assert_cmpint(page->total, ==, 2);
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "GET /v1/entries");
    g_assert_cmpstr(test->keys->pdata[0], ==, "demo-key");
    g_assert_cmpstr(test->http->secrets->pdata[0], ==, "");
}

static void test_shapes(void)
{
    static const char *const cases[] = { "{}", "[]", "{\"data\":null}", "{\"data\":{\"id\":1}}", "null" };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GError) error = NULL;

        test_envoy_say(test, 200, cases[i]);
        g_assert_null(ask(test, NULL, &error));
        g_assert_error(error, NET_CALL_ERROR, NET_CALL_ERROR_BAD_SHAPE);
    }
}

/* (transfer full): five thousand visitors, and much room behind them. */
static char *many(void)
{
    g_autofree char *sample = test_envoy_sample("entries-list.json");
    g_autoptr(JsonNode) root = net_json_parse(sample, strlen(sample), NULL);
    g_autofree char *one =
        json_to_string(json_array_get_element(net_json_array(net_json_object_of(root), "data"), 0), FALSE);
    GString *text = g_string_sized_new(BLANKS + MANY * (strlen(one) + 1) + 100);

    g_string_append(text, "{\"data\":[");
    for (guint i = 0; i < MANY; i++)
        g_string_append_printf(text, "%s%s", i ? "," : "", one);
    memset(text->str + text->len, ' ', BLANKS);
    text->len += BLANKS;
    text->str[text->len] = '\0';
    g_string_append(text, "]}");
    return g_string_free(text, FALSE);
}

static gboolean on_turn(gpointer turns)
{
    ++*(guint *)turns;
    return G_SOURCE_CONTINUE;
}

/* Where the session has an answer, which shows in its log only. */
static gboolean answered;

static void on_log(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
    (void)domain;
    (void)level;
    (void)user_data;
    answered = answered || strstr(message, ": 200, ");
}

/* What a host draws comes in between. */
static void test_many(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(NetRequest) request = net_request_new("GET", "entries", NULL);
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyPage) page = NULL;
    guint turns = 0, id;

    test_envoy_reply(test, 200, NULL, many());
    answered = FALSE;
    envoy_api_page_async(test->api, request, &envoy_decode_entries, NULL, test_done, &done);
    test_until(answered);
    g_assert_cmpuint(done.calls, ==, 0);
    id = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 20, on_turn, &turns, NULL);
    test_until(turns == 3);
    g_source_remove(id);
    g_assert_cmpuint(done.calls, ==, 0);
    page = envoy_api_page_finish(test_envoy_wait(&done), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(page->items->len, ==, MANY);
    g_assert_cmpint(page->total, ==, -1);
}

static void test_words(void)
{
    static const struct {
        const char *body, *words; /* (nullable): none */
    } cases[] = {
        { "{\"message\":\"a\",\"error\":\"b\",\"detail\":\"c\",\"title\":\"d\"}", "a" },
        { "{\"title\":\"d\",\"detail\":\"c\",\"error\":\"b\"}", "b" },
        { "{\"title\":\"d\",\"detail\":\"c\"}", "c" },
        { "{\"title\":\"d\",\"errors\":[{\"detail\":\"e\"}]}", "d" },
        { "{\"message\":\"\",\"error\":null,\"detail\":{},\"title\":\"d\"}", "d" },
        { "{\"errors\":[{\"title\":\"f\",\"detail\":\"e\"},null,7,{\"title\":\"g\"},{}]}", "e; g" },
        { "{\"errors\":{\"detail\":\"e\"}}", NULL },
        { "{\"errors\":[\"e\"]}", NULL },
        { "{\"error\":{\"message\":\"a\"}}", NULL },
        { "[{\"message\":\"a\"}]", NULL },
        { "a", NULL },
        { "", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].body);
        test_envoy_say(test, 422, cases[i].body);
        g_assert_null(ask(test, NULL, &error));
        if (cases[i].words) {
            g_assert_error(error, NET_CALL_ERROR, NET_CALL_ERROR_REFUSED);
            g_assert_cmpstr(error->message, ==, cases[i].words);
        } else {
            g_assert_error(error, NET_ERROR, NET_ERROR_REJECTED);
        }
    }
}

/* The list of JSON:API may be long. */
static void test_many_words(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GString) body = g_string_new("{\"errors\":[");
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 10000; i++)
        g_string_append_printf(body, "%s{\"detail\":\"e\"}", i ? "," : "");
    g_string_append(body, "]}");
    test_envoy_say(test, 422, body->str);
    g_assert_null(ask(test, NULL, &error));
    g_assert_cmpint(g_utf8_strlen(error->message, -1), <=, NET_CALL_MAX_WORDS);
}

static void test_samples(void)
{
    static const struct {
        const char *name;
        guint status;
        gboolean is_net;
        int code;
        const char *message;
    } cases[] = {
        { "error-validation.json", 400, FALSE, NET_CALL_ERROR_REFUSED, "expectedArrivalAt must be a date-time" },
        { "error-unauthorized.json", 401, TRUE, NET_ERROR_UNAUTHORIZED, "401: Unauthorized" },
        { "error-jsonapi.json", 403, FALSE, NET_CALL_ERROR_FORBIDDEN, "The scope entries.read is missing" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GError) error = NULL;
        GQuark domain = cases[i].is_net ? NET_ERROR : NET_CALL_ERROR;

        test_envoy_reply(test, cases[i].status, NULL, test_envoy_sample(cases[i].name));
        g_assert_null(ask(test, NULL, &error));
        g_assert_error(error, domain, cases[i].code);
        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

static void test_cancelled(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;

    g_cancellable_cancel(cancellable);
    g_assert_null(ask(test, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint(test->http->seen->len, ==, 0);
}

static void test_may_be_done(void)
{
    static const struct {
        GQuark (*domain)(void);
        int code;
        gboolean may_be;
    } cases[] = {
        { net_error_quark, NET_ERROR_OFFLINE, TRUE },
        { net_error_quark, NET_ERROR_TIMED_OUT, TRUE },
        { net_error_quark, NET_ERROR_SERVER, TRUE },
        { net_error_quark, NET_ERROR_PROTOCOL, TRUE },
        { net_call_error_quark, NET_CALL_ERROR_BAD_SHAPE, TRUE },
        { g_io_error_quark, G_IO_ERROR_CANCELLED, TRUE },
        { net_error_quark, NET_ERROR_REJECTED, FALSE },
        { net_error_quark, NET_ERROR_RATE_LIMITED, FALSE },
        { net_error_quark, NET_ERROR_UNAUTHORIZED, FALSE },
        { net_error_quark, NET_ERROR_FORBIDDEN, FALSE },
        { net_error_quark, NET_ERROR_NOT_FOUND, FALSE },
        { net_error_quark, NET_ERROR_CERT_EXPIRED, FALSE },
        { net_error_quark, NET_ERROR_PROXY, FALSE },
        { net_call_error_quark, NET_CALL_ERROR_REFUSED, FALSE },
        { net_call_error_quark, NET_CALL_ERROR_FORBIDDEN, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = g_error_new_literal(cases[i].domain(), cases[i].code, "x");

        g_assert_true(envoy_api_may_be_done(error) == cases[i].may_be);
    }
    g_assert_false(envoy_api_may_be_done(NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("flowdock-net", G_LOG_LEVEL_DEBUG, on_log, NULL);
    g_test_add_func("/envoy/api/page", test_page);
    g_test_add_func("/envoy/api/shapes", test_shapes);
    g_test_add_func("/envoy/api/many", test_many);
    g_test_add_func("/envoy/api/words", test_words);
    g_test_add_func("/envoy/api/many-words", test_many_words);
    g_test_add_func("/envoy/api/samples", test_samples);
    g_test_add_func("/envoy/api/cancelled", test_cancelled);
    g_test_add_func("/envoy/api/may-be-done", test_may_be_done);
    return g_test_run();
}
