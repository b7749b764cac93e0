/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The oddities that lists and things of the test server's Envoy side can have. Sheet: 5, 10. */
#include "test-envoy-server.h"

static const char *const lists[] = { "/v1/locations", "/v1/flows",   "/v1/employees",
                                     "/v1/invites",   "/v1/entries", "/v1/companies" };

static TestFake *start(EnvoyOdd odd)
{
    TestFake *fake = test_envoy_new();

    envoy_server_set_odd(fake->server, odd);
    return fake;
}

/* The one at @place of the answered list. */
static JsonObject *nth(TestFake *fake, guint place)
{
    JsonNode *node = json_array_get_element(test_envoy_data(fake), place);

    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static void test_number_ids(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_NUMBER_IDS);
    g_autofree char *token = envoy_server_new_refresh_token(fake->server, TEST_ENVOY_SCOPES);
    g_autofree char *body = g_strdup_printf("{\"grant_type\":\"refresh_token\",\"refresh_token\":\"%s\","
                                            "\"client_id\":\"envoy-client\",\"client_secret\":\"envoy-secret\"}",
                                            token);

    test_envoy_get(fake, "/v1/entries");
    g_assert_nonnull(strstr(fake->text, "\"id\":500001,"));
    g_assert_nonnull(strstr(fake->text, "\"flowId\":200001,"));
    g_assert_nonnull(strstr(fake->text, "\"locationId\":100001,"));
    test_envoy_get(fake, "/v1/employees");
    g_assert_nonnull(strstr(fake->text, "\"locationIds\":[100001,100002]"));
    test_envoy_call(fake, "POST", "/a/auth/v0/token", body);
    g_assert_nonnull(strstr(fake->text, "\"company_id\":10000"));
}

static void test_null_and_missing(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_NULL_MEMBERS);

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GList) names = NULL;

        envoy_server_set_odd(fake->server, ENVOY_ODD_NULL_MEMBERS);
        test_envoy_get(fake, lists[i]);
        g_assert_nonnull(fake_json_string(nth(fake, 0), "id"));
        names = json_object_get_members(nth(fake, 0));
        g_assert_cmpuint(g_list_length(names), >, 4);
        for (GList *name = names; name; name = name->next)
            g_assert_true(g_str_equal(name->data, "id") || json_object_get_null_member(nth(fake, 0), name->data));
        envoy_server_set_odd(fake->server, ENVOY_ODD_MISSING_MEMBERS);
        test_envoy_get(fake, lists[i]);
        g_assert_cmpuint(json_object_get_size(nth(fake, 0)), ==, 1);
        g_assert_nonnull(fake_json_string(nth(fake, 0), "id"));
    }
}

static void test_unknown(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_UNKNOWN_MEMBERS | ENVOY_ODD_UNKNOWN_VALUES);

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        test_envoy_get(fake, lists[i]);
        g_assert_nonnull(fake_json_array(nth(fake, 0), "somethingNew"));
        g_assert_nonnull(strstr(fake_json_string(nth(fake, 0), "nda"), "AGREEMENT_SIGNATURE"));
    }
    test_envoy_get(fake, "/v1/invites/400001");
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "type"), ==, "SOMETHING_NEW");
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "approvalStatus"), ==, "SOMETHING_NEW");
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "flowId"), ==, "200001");
}

static void test_strays(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_NO_ID);

    test_envoy_column(fake, "/v1/employees", "id", "- 300001 300002 300003");
    g_assert_cmpint(test_envoy_meta(fake, "total"), ==, 3);
    envoy_server_set_odd(fake->server, ENVOY_ODD_JUNK);
    test_envoy_get(fake, "/v1/employees");
    g_assert_cmpuint(json_array_get_length(test_envoy_data(fake)), ==, 7);
    for (guint i = 0; i < 4; i++)
        g_assert_null(nth(fake, i));
    g_assert_cmpstr(fake_json_string(nth(fake, 4), "id"), ==, "300001");
}

static void test_empty_lists(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_EMPTY_LISTS);

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        test_envoy_ids(fake, lists[i], "");
}

static void test_meta(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_NO_TOTAL);

    test_envoy_get(fake, "/v1/flows");
    g_assert_cmpint(test_envoy_meta(fake, "page"), ==, 1);
    g_assert_cmpint(test_envoy_meta(fake, "total"), ==, -1);
    envoy_server_set_odd(fake->server, ENVOY_ODD_NO_META);
    test_envoy_get(fake, "/v1/flows");
    g_assert_cmpuint(json_object_get_size(test_fake_object(fake)), ==, 1);
}

static void test_fractions(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_FRACTIONS);

    envoy_server_put(fake->server, ENVOY_SERVER_ENTRIES,
                     "{\"id\":1,\"signedInAt\":\"2030-06-03T10:00:00Z\","
                     "\"createdAt\":\"2030-06-03T10:00:00.500Z\"}");
    test_envoy_get(fake, "/v1/entries/1");
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "signedInAt"), ==, "2030-06-03T10:00:00.123456Z");
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "createdAt"), ==, "2030-06-03T10:00:00.123456Z");
    g_assert_true(json_object_get_null_member(test_envoy_thing(fake), "signedOutAt"));
}

/* Sheet: 6.4. */
static void test_no_flow(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_NO_FLOW);

    test_envoy_get(fake, "/v1/entries/500003");
    g_assert_false(json_object_has_member(test_envoy_thing(fake), "flowId"));
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "locationId"), ==, "100001");
    g_assert_nonnull(strstr(fake->text, "\"customFields\":[{\"field\":\"Purpose of visit\",\"value\":\"Delivery\"}]"));
}

static void test_not_honoured(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_NO_FILTERS);

    test_envoy_ids(fake, "/v1/flows?locationIds=100002&enabled=false", "200001 200002 200003 200004 200005");
    envoy_server_set_odd(fake->server, ENVOY_ODD_NO_SORT);
    test_envoy_ids(fake, "/v1/entries?sort=SIGNED_IN_AT&order=ASC", "500004 500003 500002 500001");
}

static void test_pages(void)
{
    g_autoptr(TestFake) fake = start(ENVOY_ODD_STUCK_PAGES);

    for (int page = 1; page <= 3; page++) {
        g_autofree char *path = g_strdup_printf("/v1/flows?perPage=2&page=%d", page);

        test_envoy_ids(fake, path, "200001 200002");
        g_assert_cmpint(test_envoy_meta(fake, "page"), ==, page);
        g_assert_cmpint(test_envoy_meta(fake, "total"), >, 6);
    }
    envoy_server_fill(fake->server, 0, 3, 0);
    envoy_server_set_odd(fake->server, ENVOY_ODD_SHORT_PAGES);
    test_envoy_ids(fake, "/v1/flows?perPage=100", "200001 200002 200003 200004 200005");
    g_assert_cmpint(test_envoy_meta(fake, "perPage"), ==, 5);
    g_assert_cmpint(test_envoy_meta(fake, "total"), ==, 8);
    test_envoy_ids(fake, "/v1/flows?perPage=100&page=2", "200006 200007 200008");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy-server/encode/number-ids", test_number_ids);
    g_test_add_func("/envoy-server/encode/null-and-missing", test_null_and_missing);
    g_test_add_func("/envoy-server/encode/unknown", test_unknown);
    g_test_add_func("/envoy-server/encode/strays", test_strays);
    g_test_add_func("/envoy-server/encode/empty-lists", test_empty_lists);
    g_test_add_func("/envoy-server/encode/meta", test_meta);
    g_test_add_func("/envoy-server/encode/fractions", test_fractions);
    g_test_add_func("/envoy-server/encode/no-flow", test_no_flow);
    g_test_add_func("/envoy-server/encode/not-honoured", test_not_honoured);
    g_test_add_func("/envoy-server/encode/pages", test_pages);
    return g_test_run();
}
