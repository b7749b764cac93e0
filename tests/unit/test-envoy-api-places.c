/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-api-places: all locations, all flows. */
#include "envoy/api/envoy-api-places.h"

#include "test-envoy-api.h"

typedef void (*Ask)(EnvoyApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);

static EnvoyList *fetch(TestEnvoy *test, Ask ask, GError **error)
{
    g_auto(TestDone) done = { 0 };

    ask(test->api, NULL, test_done, &done);
    return envoy_pager_finish(test_envoy_wait(&done), error);
}

static void test_locations(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyList) list = NULL;

    test_envoy_show(test, "locations-list.json");
    list = fetch(test, envoy_api_locations_async, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->items->len, ==, 2);
    g_assert_false(list->is_cut);
    g_assert_cmpstr(((const EnvoyLocation *)list->items->pdata[1])->name, ==, "Warehouse");
    g_assert_cmpuint(test->http->seen->len, ==, 1);
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "GET /v1/locations?perPage=100");
}

static void test_flows(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyList) list = NULL;

    test_envoy_show(test, "flows-list.json");
    list = fetch(test, envoy_api_flows_async, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->items->len, ==, 4);
    g_assert_cmpstr(((const EnvoyFlow *)list->items->pdata[2])->name, ==, "Employee registration");
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "GET /v1/flows?perPage=100");
}

static void test_forbidden(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;

    test_envoy_say(test, 403, "");
    g_assert_null(fetch(test, envoy_api_flows_async, &error));
    g_assert_true(net_call_is_forbidden(error));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/api-places/locations", test_locations);
    g_test_add_func("/envoy/api-places/flows", test_flows);
    g_test_add_func("/envoy/api-places/forbidden", test_forbidden);
    return g_test_run();
}
