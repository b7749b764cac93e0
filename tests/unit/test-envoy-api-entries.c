/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-api-entries: who has come, and who goes. */
#include "envoy/api/envoy-api-entries.h"

#include "envoy/api/envoy-decode.h"
#include "test-envoy-api.h"

static EnvoyList *fetch(TestEnvoy *test, const char *since, gint64 more_ms, GError **error)
{
    g_auto(TestDone) done = { 0 };

    envoy_api_entries_async(test->api, envoy_decode_time_ms(since) + more_ms, NULL, test_done, &done);
    return envoy_pager_finish(test_envoy_wait(&done), error);
}

static void test_list(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyList) list = NULL;
    g_autofree char *asked = NULL;

    test_envoy_show(test, "entries-list.json");
    list = fetch(test, "2030-06-03T15:00:00Z", 999, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->items->len, ==, 2);
    asked = test_envoy_asked(test);
    g_assert_cmpstr(asked, ==,
                    "GET /v1/entries?signedInAtAfter=2030-06-03T15:00:00Z&sort=SIGNED_IN_AT&order=ASC&perPage=100");
}

/* The service may not have honoured the filter. */
static void test_filtered_again(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(EnvoyList) list = NULL;

    test_envoy_say(test, 200,
                   "{\"data\":[{\"id\":1,\"signedInAt\":\"2030-06-03T15:00:00Z\"},"
                   "{\"id\":2,\"signedInAt\":\"2030-06-03T15:00:00.500Z\"},{\"id\":3,\"signedInAt\":null},"
                   "{\"id\":4,\"signedInAt\":\"2030-06-04T15:00:00Z\"}]}");
    list = fetch(test, "2030-06-03T15:00:00Z", 500, NULL);
    g_assert_cmpuint(list->items->len, ==, 3);
    g_assert_cmpstr(((const EnvoyEntry *)list->items->pdata[0])->id, ==, "2");
    g_assert_cmpstr(((const EnvoyEntry *)list->items->pdata[1])->id, ==, "3");
}

static gboolean sign_out(TestEnvoy *test, const char *id, GError **error)
{
    g_auto(TestDone) done = { 0 };

    envoy_api_entry_sign_out_async(test->api, id, envoy_decode_time_ms("2030-06-03T17:02:11.5Z"), NULL, test_done,
                                   &done);
    return envoy_api_entry_change_finish(test_envoy_wait(&done), error);
}

static void test_sign_out(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;

    test_envoy_say(test, 200, "{\"data\":{\"id\":\"500001\"}}");
    g_assert_true(sign_out(test, "500001", &error));
    g_assert_no_error(error);
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "POST /v1/entries/500001");
    g_assert_cmpstr(test->bodies->pdata[0], ==, "{\"entry\":{\"signedOutAt\":\"2030-06-03T17:02:11Z\"}}");
    /* Whatever a success says besides. */
    test_envoy_say(test, 204, "");
    g_assert_true(sign_out(test, "500001", NULL));
}

static void test_sign_out_fails(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) missing = NULL, forbidden = NULL, path = NULL;

    test_envoy_say(test, 404, "{\"error\":\"Not Found\"}");
    g_assert_false(sign_out(test, "1", &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
    test_envoy_reply(test, 403, NULL, test_envoy_sample("error-jsonapi.json"));
    g_assert_false(sign_out(test, "1/../x", &forbidden));
    g_assert_true(net_call_is_forbidden(forbidden));
    g_assert_cmpstr(test->http->seen->pdata[1], ==, "POST /v1/entries/1%2F..%2Fx");
    g_assert_false(sign_out(test, "..", &path));
    g_assert_error(path, NET_ERROR, NET_ERROR_PROTOCOL);
    g_assert_cmpuint(test->http->seen->len, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/api-entries/list", test_list);
    g_test_add_func("/envoy/api-entries/filtered-again", test_filtered_again);
    g_test_add_func("/envoy/api-entries/sign-out", test_sign_out);
    g_test_add_func("/envoy/api-entries/sign-out-fails", test_sign_out_fails);
    return g_test_run();
}
