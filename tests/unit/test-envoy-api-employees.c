/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-api-employees: who is found by what. */
#include "envoy/api/envoy-api-employees.h"

#include "test-envoy-api.h"

#define PEOPLE                                                                                                         \
    "{\"data\":[{\"id\":1,\"name\":\"Ann Host\",\"email\":\"Ann@Example.com\"},{\"id\":2,\"name\":\"\xc3\x84nne\"},"   \
    "{\"id\":3,\"email\":\"joann@example.com\"},{\"id\":4,\"name\":null,\"email\":null}]}"

static void test_find(void)
{
    static const struct {
        const char *email, *name; /* (nullable) */
        const char *query, *ids;
    } cases[] = {
        { "ann@example.com", NULL, "email=ann@example.com&", "1,3," },
        { "a+b@example.com", NULL, "email=a+b@example.com&", "" },
        { NULL, "ann", "name=ann&", "1," },
        { NULL, "\xc3\xa4NN", "name=\xc3\xa4NN&", "2," },
        { "example", "HOST", "email=example&name=HOST&", "1," },
        { NULL, "", "name=&", "1,2,3,4," },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(EnvoyList) list = NULL;
        g_autoptr(GString) ids = g_string_new(NULL);
        g_autofree char *asked = NULL;
        g_autofree char *expected = g_strconcat("GET /v1/employees?", cases[i].query, "perPage=100", NULL);

        test_envoy_say(test, 200, PEOPLE);
        envoy_api_employees_async(test->api, cases[i].email, cases[i].name, NULL, test_done, &done);
        list = envoy_pager_finish(test_envoy_wait(&done), &error);
        g_assert_no_error(error);
        for (guint k = 0; k < list->items->len; k++)
            g_string_append_printf(ids, "%s,", ((const EnvoyEmployee *)list->items->pdata[k])->id);
        asked = test_envoy_asked(test);
        g_assert_cmpstr(asked, ==, expected);
        g_assert_cmpstr(ids->str, ==, cases[i].ids);
    }
}

/* A plus sign in an address stays one. */
static void test_plus(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_auto(TestDone) done = { 0 };
    g_autoptr(EnvoyList) list = NULL;

    test_envoy_show(test, "employees-list.json");
    envoy_api_employees_async(test->api, "a+b@example.com", NULL, NULL, test_done, &done);
    list = envoy_pager_finish(test_envoy_wait(&done), NULL);
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "GET /v1/employees?email=a%2Bb%40example.com&perPage=100");
    g_assert_cmpuint(list->items->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/api-employees/find", test_find);
    g_test_add_func("/envoy/api-employees/plus", test_plus);
    return g_test_run();
}
