/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of the test server's Envoy side: samples, filters, order, pages, scopes. Sheet: 5, 6. */
#include "test-envoy-server.h"

/* Puts what a sample's list holds. */
static void put_sample(TestFake *fake, EnvoyServerKind kind, const char *name)
{
    g_autoptr(JsonObject) sample = test_envoy_sample(name);
    JsonArray *data = fake_json_array(sample, "data");

    for (guint i = 0; i < json_array_get_length(data); i++) {
        g_autofree char *json = fake_json_print_object(json_array_get_object_element(data, i));

        envoy_server_put(fake->server, kind, json);
    }
}

static void remove_all(TestFake *fake, EnvoyServerKind kind, const char *path)
{
    g_assert_cmpuint(test_envoy_get(fake, path), ==, 200);
    for (guint i = 0; i < json_array_get_length(test_envoy_data(fake)); i++) {
        const char *id = fake_json_string(json_array_get_object_element(test_envoy_data(fake), i), "id");

        g_assert_true(envoy_server_remove(fake->server, kind, id));
    }
}

static void assert_is_sample(TestFake *fake, const char *name)
{
    g_autoptr(JsonObject) sample = test_envoy_sample(name);
    g_autoptr(JsonNode) node = fake_json_take_object(json_object_ref(sample));

    if (!json_node_equal(node, fake->json))
        g_test_message("%s", fake->text);
    g_assert_true(json_node_equal(node, fake->json));
}

/* What has been put looks exactly as in the sample, meta too. */
static void test_samples(void)
{
    static const struct {
        EnvoyServerKind kind;
        const char *path, *query, *sample;
    } lists[] = {
        { ENVOY_SERVER_LOCATIONS, "/v1/locations", "?perPage=100", "locations-list.json" },
        { ENVOY_SERVER_FLOWS, "/v1/flows", "?perPage=100", "flows-list.json" },
        { ENVOY_SERVER_EMPLOYEES, "/v1/employees", "", "employees-list.json" },
        { ENVOY_SERVER_INVITES, "/v1/invites", "?perPage=20&sort=CREATED_AT&order=DESC", "invites-list.json" },
        { ENVOY_SERVER_ENTRIES, "/v1/entries", "?perPage=100&sort=SIGNED_IN_AT&order=ASC", "entries-list.json" },
    };
    g_autoptr(TestFake) fake = test_envoy_new();

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *path = g_strconcat(lists[i].path, lists[i].query, NULL);

        remove_all(fake, lists[i].kind, lists[i].path);
        put_sample(fake, lists[i].kind, lists[i].sample);
        g_assert_cmpuint(test_envoy_get(fake, path), ==, 200);
        assert_is_sample(fake, lists[i].sample);
    }
    /* A poll later. */
    put_sample(fake, ENVOY_SERVER_ENTRIES, "entries-list-later.json");
    test_envoy_get(fake, "/v1/entries?perPage=100");
    assert_is_sample(fake, "entries-list-later.json");
}

/* Sheet: 6.3: what a client must not show is there. */
static void test_secrets_are_there(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    test_envoy_get(fake, "/v1/invites/400001");
    g_assert_cmpuint(strlen(fake_json_string(test_envoy_thing(fake), "secretToken")), ==, 24);
    g_assert_nonnull(strstr(fake_json_string(test_envoy_thing(fake), "photoUrl"), "PHOTO_SIGNATURE"));
    test_envoy_get(fake, "/v1/entries/500002");
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "agreementStatus"), ==, "SIGNED");
    g_assert_nonnull(strstr(fake->text, "AGREEMENT_SIGNATURE"));
}

static void test_single(void)
{
    static const char *const paths[] = { "/v1/locations/100001", "/v1/flows/200001", "/v1/employees/300001",
                                         "/v1/invites/400001", "/v1/entries/500001" };
    g_autoptr(TestFake) fake = test_envoy_new();

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *unknown = g_strndup(paths[i], strlen(paths[i]) - 6);
        g_autofree char *path = g_strconcat(unknown, "9", NULL);

        g_assert_cmpuint(test_envoy_get(fake, paths[i]), ==, 200);
        g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "id"), ==, paths[i] + strlen(unknown));
        g_assert_nonnull(fake_json_array(fake_json_object(test_fake_object(fake), "meta"), "relationships"));
        g_assert_cmpuint(test_envoy_get(fake, path), ==, 404);
        g_assert_cmpstr(test_envoy_text(fake, "message"), ==, "Not found");
    }
    g_assert_cmpuint(test_envoy_get(fake, "/v1/nonsense"), ==, 404);
    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/v1/locations", NULL), ==, 405);
}

static void test_filters(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    test_envoy_ids(fake, "/v1/flows?locationIds=100001", "200001 200002 200003");
    test_envoy_ids(fake, "/v1/flows?locationIds=100001,100002&type=VISITOR", "200001 200003 200004 200005");
    test_envoy_ids(fake, "/v1/flows?enabled=false", "200005");
    test_envoy_ids(fake, "/v1/flows?name=deliv", "200003");
    test_envoy_ids(fake, "/v1/flows?ids=200004,200001", "200001 200004");
    test_envoy_ids(fake, "/v1/flows?locationIds=7", "");
    g_assert_cmpint(test_envoy_meta(fake, "total"), ==, 0);
    test_envoy_ids(fake, "/v1/employees?email=ERT", "300002");
    test_envoy_ids(fake, "/v1/employees?name=host", "300001 300002 300003");
    test_envoy_ids(fake, "/v1/invites?inviteeEmail=Nora@example.com", "400001");
    test_envoy_ids(fake, "/v1/invites?hostEmail=ann@example.com", "400001");
    test_envoy_ids(fake, "/v1/invites?approvalStatus=PENDING,DENIED", "400002");
    test_envoy_ids(fake, "/v1/invites?locationIds=100002", "400002");
    test_envoy_ids(fake, "/v1/entries?locationIds=100002", "500004");
    test_envoy_ids(fake, "/v1/locations?enabled=true&ids=100002", "100002");
    test_envoy_ids(fake, "/v1/companies", "10000");
}

static void test_filters_by_time(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    envoy_server_put(fake->server, ENVOY_SERVER_ENTRIES, "{\"id\":1,\"signedInAt\":\"2030-06-03T10:00:00Z\"}");
    envoy_server_put(fake->server, ENVOY_SERVER_ENTRIES, "{\"id\":2,\"signedInAt\":\"2030-06-03T12:00:00Z\"}");
    envoy_server_put(fake->server, ENVOY_SERVER_INVITES,
                     "{\"id\":3,\"expectedArrivalAt\":\"2030-06-03T12:00:00Z\","
                     "\"createdAt\":\"2001-01-01T00:00:00Z\"}");
    test_envoy_ids(fake, "/v1/entries?signedInAtAfter=2030-06-03T10:00:00Z", "2");
    test_envoy_ids(fake, "/v1/entries?signedInAtAfter=2030-06-03T09:59:59.500Z&signedInAtBefore=2030-06-03T12:00:00Z",
                   "1");
    test_envoy_ids(fake, "/v1/invites?expectedArrivalAtAfter=2030-06-01T00:00:00Z", "3");
    test_envoy_ids(fake, "/v1/invites?createdAtBefore=2002-01-01T00:00:00Z", "3");
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries?signedInAtAfter=yesterday"), ==, 400);
    g_assert_cmpstr(test_envoy_text(fake, "message"), ==, "signedInAtAfter must be a date-time");
}

static void test_order(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    envoy_server_put(fake->server, ENVOY_SERVER_ENTRIES, "{\"id\":1,\"signedInAt\":\"-90m\"}");
    test_envoy_ids(fake, "/v1/entries", "500001 500002 500003 500004 1");
    test_envoy_ids(fake, "/v1/entries?sort=SIGNED_IN_AT", "500001 1 500002 500003 500004");
    test_envoy_ids(fake, "/v1/entries?sort=SIGNED_IN_AT&order=DESC", "500004 500003 500002 1 500001");
    test_envoy_ids(fake, "/v1/employees?sort=EMAIL&order=DESC", "300003 300002 300001");
    test_envoy_ids(fake, "/v1/flows?sort=NAME&order=ASC", "200003 200002 200005 200001 200004");
    test_envoy_ids(fake, "/v1/locations?sort=createdAt&order=DESC", "100002 100001");
    test_envoy_ids(fake, "/v1/invites?sort=CREATED_AT&order=DESC", "400002 400001");
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries?sort=NAME"), ==, 400);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries?sort=SIGNED_IN_AT&order=down"), ==, 400);
}

static void test_pages(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    test_envoy_ids(fake, "/v1/flows?perPage=2&page=2", "200003 200004");
    g_assert_cmpint(test_envoy_meta(fake, "page"), ==, 2);
    g_assert_cmpint(test_envoy_meta(fake, "perPage"), ==, 2);
    g_assert_cmpint(test_envoy_meta(fake, "total"), ==, 5);
    test_envoy_ids(fake, "/v1/flows?perPage=2&page=3", "200005");
    test_envoy_ids(fake, "/v1/flows?perPage=2&page=4", "");
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows?page=0"), ==, 400);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows?page=x"), ==, 400);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows?perPage=101"), ==, 400);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows?perPage=100&page=100"), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows?perPage=100&page=101"), ==, 400);
}

static void test_page_sizes(void)
{
    static const struct {
        const char *path;
        gint64 size;
    } sizes[] = { { "/v1/invites", 100 }, { "/v1/entries", 30 }, { "/v1/employees", 10 } };
    g_autoptr(TestFake) fake = test_envoy_new();

    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_assert_cmpuint(test_envoy_get(fake, sizes[i].path), ==, 200);
        g_assert_cmpint(test_envoy_meta(fake, "perPage"), ==, sizes[i].size);
    }
}

#define ENTRIES "/v1/entries?sort=SIGNED_IN_AT&order=ASC&perPage=100"

static void test_many(void)
{
    static const struct {
        int page;
        guint things;
    } pages[] = { { 1, 100 }, { 50, 100 }, { 51, 4 }, { 52, 0 } };
    g_autoptr(TestFake) fake = test_envoy_new();

    envoy_server_fill(fake->server, 20, 1000, 5000);
    g_assert_cmpuint(envoy_server_count_things(fake->server, ENVOY_SERVER_LOCATIONS), ==, 22);
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autofree char *path = g_strdup_printf(ENTRIES "&page=%d", pages[i].page);

        g_assert_cmpuint(test_envoy_get(fake, path), ==, 200);
        g_assert_cmpuint(json_array_get_length(test_envoy_data(fake)), ==, pages[i].things);
        g_assert_cmpint(test_envoy_meta(fake, "total"), ==, 5004);
    }
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows?locationIds=100003&perPage=100"), ==, 200);
    g_assert_cmpuint(json_array_get_length(test_envoy_data(fake)), ==, 50);
}

/* Sheet: 4. Each call needs its scope, and no other one does. */
static void test_scopes(void)
{
    static const char *const calls[][3] = {
        { "GET", "/v1/companies", "companies.read" },   { "GET", "/v1/locations", "locations.read" },
        { "GET", "/v1/locations/1", "locations.read" }, { "GET", "/v1/flows", "flows.read" },
        { "GET", "/v1/flows/1", "flows.read" },         { "GET", "/v1/employees", "employees.read" },
        { "GET", "/v1/employees/1", "employees.read" }, { "GET", "/v1/invites", "invites.read" },
        { "GET", "/v1/invites/1", "invites.read" },     { "POST", "/v1/invites", "invites.write" },
        { "POST", "/v1/invites/1", "invites.write" },   { "DELETE", "/v1/invites/1", "invites.write" },
        { "GET", "/v1/entries", "entries.read" },       { "GET", "/v1/entries/1", "entries.read" },
        { "POST", "/v1/entries", "entries.write" },     { "POST", "/v1/entries/1", "entries.write" },
    };
    g_autoptr(TestFake) fake = test_envoy_new();
    g_auto(GStrv) all = g_strsplit(TEST_ENVOY_SCOPES, " ", -1);

    fake->api_key = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
        for (char **scope = all; *scope; scope++) {
            g_autofree char *token = envoy_server_new_access_token(fake->server, *scope);
            g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);
            g_autofree char *detail = g_strdup_printf("The scope %s is missing", calls[i][2]);

            fake->authorization = bearer;
            test_envoy_call(fake, calls[i][0], calls[i][1], NULL);
            g_assert_true((fake->status == 403) == !g_str_equal(*scope, calls[i][2]));
            if (fake->status == 403)
                g_assert_nonnull(strstr(fake->text, detail));
            fake->authorization = NULL;
        }
    }
}

/* Samples error-unauthorized, error-jsonapi. */
static void test_refusals(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *token = envoy_server_new_access_token(fake->server, "flows.read");
    g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);

    fake->api_key = NULL;
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 401);
    assert_is_sample(fake, "error-unauthorized.json");
    fake->authorization = bearer;
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries"), ==, 403);
    assert_is_sample(fake, "error-jsonapi.json");
    envoy_server_set_odd(fake->server, ENVOY_ODD_FORBIDDEN_BARE);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries"), ==, 403);
    g_assert_null(strstr(fake->text, "entries.read"));
    envoy_server_set_odd(fake->server, ENVOY_ODD_NESTED_ERRORS);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows/1"), ==, 404);
    g_assert_nonnull(strstr(fake->text, "\"detail\":\"Not found\""));
    envoy_server_set_odd(fake->server, ENVOY_ODD_ERROR_PAGES);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries"), ==, 403);
    g_assert_null(fake->json);
}

/* Sheet: 3: a key is good for v1 alone. */
static void test_api_key(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 200);
    g_assert_cmpstr(fake_server_last_request(fake->server, "GET", "/v1/flows")->api_key, ==, ENVOY_SERVER_API_KEY);
    g_assert_cmpuint(test_envoy_get(fake, "/api/v2/users/me"), ==, 401);
    fake->api_key = "wrong";
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 401);
    fake->api_key = ENVOY_SERVER_API_KEY;
    envoy_server_revoke_api_key(fake->server, ENVOY_SERVER_API_KEY);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 401);
}

static void test_me(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *token = envoy_server_new_access_token(fake->server, "flows.read");
    g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);

    fake->authorization = bearer;
    g_assert_cmpuint(test_envoy_get(fake, "/api/v2/users/me"), ==, 200);
    g_assert_cmpstr(fake_json_string(fake_json_object(test_envoy_thing(fake), "attributes"), "email"), ==,
                    "demo@example.com");
}

static void test_rate_limit(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *token = envoy_server_new_access_token(fake->server, "flows.read");
    g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);
    gint64 wait;

    envoy_server_set_rate_limit(fake->server, 2, 600);
    for (int i = 0; i < 2; i++)
        g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 429);
    wait = g_ascii_strtoll(test_fake_header(fake, "Retry-After"), NULL, 10);
    g_assert_cmpint(wait, >, 0);
    g_assert_cmpint(wait, <=, 600);
    /* Each credential has a window of its own. */
    fake->authorization = bearer;
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 200);
    fake->authorization = NULL;
    envoy_server_set_odd(fake->server, ENVOY_ODD_NO_RETRY_AFTER);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 429);
    g_assert_null(test_fake_header(fake, "Retry-After"));
    envoy_server_advance(fake->server, 600);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 200);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy-server/read/samples", test_samples);
    g_test_add_func("/envoy-server/read/secrets-are-there", test_secrets_are_there);
    g_test_add_func("/envoy-server/read/single", test_single);
    g_test_add_func("/envoy-server/read/filters", test_filters);
    g_test_add_func("/envoy-server/read/filters-by-time", test_filters_by_time);
    g_test_add_func("/envoy-server/read/order", test_order);
    g_test_add_func("/envoy-server/read/pages", test_pages);
    g_test_add_func("/envoy-server/read/page-sizes", test_page_sizes);
    g_test_add_func("/envoy-server/read/many", test_many);
    g_test_add_func("/envoy-server/read/scopes", test_scopes);
    g_test_add_func("/envoy-server/read/refusals", test_refusals);
    g_test_add_func("/envoy-server/read/api-key", test_api_key);
    g_test_add_func("/envoy-server/read/me", test_me);
    g_test_add_func("/envoy-server/read/rate-limit", test_rate_limit);
    return g_test_run();
}
