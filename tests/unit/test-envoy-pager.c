/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-pager: where a list ends, and what is taken of it. */
#include "envoy/api/envoy-pager.h"

#include "envoy/api/envoy-decode.h"
#include "test-envoy-api.h"

#define PER_PAGE 3

/* (transfer full): flows with the ids from @first to @last, as one page. @meta: (nullable) */
static char *page(int first, int last, const char *meta)
{
    GString *text = g_string_new("{\"data\":[");

    for (int id = first; id <= last; id++)
        g_string_append_printf(text, "%s{\"id\":%d}", id > first ? "," : "", id);
    g_string_append_printf(text, "],\"meta\":%s}", meta ? meta : "{}");
    return g_string_free(text, FALSE);
}

static EnvoyList *fetch(TestEnvoy *test, const EnvoyPagerOptions *more, gint64 *retry_after_ms, GError **error)
{
    EnvoyPagerOptions options = *more;
    g_auto(TestDone) done = { 0 };

    options.resource = "flows";
    options.kind = &envoy_decode_flows;
    options.per_page = more->per_page ? more->per_page : PER_PAGE;
    envoy_pager_async(test->api, &options, NULL, test_done, &done);
    test_envoy_wait(&done);
    if (retry_after_ms)
        *retry_after_ms = net_call_get_retry_after_ms(done.result);
    return envoy_pager_finish(done.result, error);
}

/* (transfer full): the ids. */
static char *ids_of(const EnvoyList *list)
{
    GString *ids = g_string_new(NULL);

    for (guint i = 0; i < list->items->len; i++)
        g_string_append_printf(ids, "%s%s", i ? "," : "", ((const EnvoyFlow *)list->items->pdata[i])->id);
    if (list->is_cut)
        g_string_append(ids, " cut");
    return g_string_free(ids, FALSE);
}

static void test_ends(void)
{
    static const struct {
        const char *name;
        struct {
            int first, last;
            const char *meta; /* (nullable) */
        } pages[4];
        guint requests;
        const char *ids;
    } cases[] = {
        { "none", { { 1, 0, NULL } }, 1, "" },
        { "short", { { 1, 2, NULL } }, 1, "1,2" },
        { "then short", { { 1, 3, NULL }, { 4, 4, NULL } }, 2, "1,2,3,4" },
        { "then none", { { 1, 3, NULL }, { 4, 6, NULL }, { 1, 0, NULL } }, 3, "1,2,3,4,5,6" },
        { "total", { { 1, 3, "{\"total\":6}" }, { 4, 6, "{\"total\":6}" } }, 2, "1,2,3,4,5,6" },
        { "total at once", { { 1, 3, "{\"total\":3}" } }, 1, "1,2,3" },
        { "total grows", { { 1, 3, "{\"total\":4}" }, { 4, 6, "{\"total\":7}" }, { 7, 7, NULL } }, 3, "1,2,3,4,5,6,7" },
        { "smaller pages",
          { { 1, 2, "{\"perPage\":2}" }, { 3, 4, "{\"perPage\":2}" }, { 5, 5, "{\"perPage\":2}" } },
          3,
          "1,2,3,4,5" },
        { "smaller pages, total",
          { { 1, 2, "{\"perPage\":2,\"total\":4}" }, { 3, 4, "{\"perPage\":2,\"total\":4}" } },
          2,
          "1,2,3,4" },
        { "larger pages", { { 1, 5, NULL }, { 6, 6, NULL } }, 2, "1,2,3,4,5,6" },
        { "larger pages, total", { { 1, 5, "{\"total\":5}" } }, 1, "1,2,3,4,5" },
        { "nothing new", { { 1, 3, NULL }, { 1, 3, NULL } }, 2, "1,2,3" },
        { "moved", { { 1, 3, NULL }, { 3, 5, NULL }, { 6, 6, NULL } }, 3, "1,2,3,4,5,6" },
        { "odd meta", { { 1, 3, "{\"perPage\":0,\"total\":-1,\"page\":9}" }, { 4, 4, "null" } }, 2, "1,2,3,4" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(EnvoyList) list = NULL;
        g_autofree char *ids = NULL;

        g_test_message("%s", cases[i].name);
        for (gsize k = 0; k < G_N_ELEMENTS(cases[i].pages); k++)
            test_envoy_reply(test, 200, NULL,
                             page(cases[i].pages[k].first, cases[i].pages[k].last, cases[i].pages[k].meta));
        list = fetch(test, &(EnvoyPagerOptions){ 0 }, NULL, &error);
        g_assert_no_error(error);
        ids = ids_of(list);
        g_assert_cmpstr(ids, ==, cases[i].ids);
        g_assert_cmpuint(test->http->seen->len, ==, cases[i].requests);
    }
}

/* What has no id is left out, but the page was full all the same. */
static void test_left_out(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(EnvoyList) list = NULL;
    g_autofree char *ids = NULL;

    test_envoy_say(test, 200, "{\"data\":[{\"id\":1},null,{}]}");
    test_envoy_say(test, 200, "{\"data\":[{\"id\":2}]}");
    list = fetch(test, &(EnvoyPagerOptions){ 0 }, NULL, NULL);
    ids = ids_of(list);
    g_assert_cmpstr(ids, ==, "1,2");
}

static void test_requests(void)
{
    static const char *const query[] = { "sort", "NAME", "a b", "c&d", NULL };
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(EnvoyList) list = NULL;

    test_envoy_reply(test, 200, NULL, page(1, 3, NULL));
    test_envoy_reply(test, 200, NULL, page(4, 6, NULL));
    test_envoy_reply(test, 200, NULL, page(7, 7, NULL));
    list = fetch(test, &(EnvoyPagerOptions){ .query = query }, NULL, NULL);
    g_assert_cmpuint(test->http->seen->len, ==, 3);
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "GET /v1/flows?sort=NAME&a%20b=c%26d&perPage=3");
    g_assert_cmpstr(test->http->seen->pdata[1], ==, "GET /v1/flows?sort=NAME&a%20b=c%26d&page=2&perPage=3");
    g_assert_cmpstr(test->http->seen->pdata[2], ==, "GET /v1/flows?sort=NAME&a%20b=c%26d&page=3&perPage=3");
    g_assert_cmpstr(test->keys->pdata[2], ==, "demo-key");
}

static void test_max_pages(void)
{
    for (guint pages = 1; pages <= 3; pages++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(EnvoyList) list = NULL;
        g_autofree char *ids = NULL;

        test_envoy_reply(test, 200, NULL, page(1, 3, NULL));
        test_envoy_reply(test, 200, NULL, page(4, 5, NULL));
        list = fetch(test, &(EnvoyPagerOptions){ .max_pages = pages }, NULL, NULL);
        ids = ids_of(list);
        g_assert_cmpstr(ids, ==, pages == 1 ? "1,2,3 cut" : "1,2,3,4,5");
    }
}

/* The service takes no page whose number times its size is more. */
static void test_most_that_can_be_asked_for(void)
{
    static const struct {
        guint per_page, requests;
    } cases[] = { { ENVOY_PAGER_MAX_ITEMS, 1 }, { ENVOY_PAGER_MAX_ITEMS / 2, 2 }, { 4000, 2 }, { 3000, 3 } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(EnvoyList) list = NULL;
        int size = (int)cases[i].per_page;

        for (int k = 0; k < 5; k++)
            test_envoy_reply(test, 200, NULL, page(k * size + 1, k * size + size, NULL));
        list = fetch(test, &(EnvoyPagerOptions){ .per_page = cases[i].per_page }, NULL, NULL);
        g_assert_cmpuint(list->items->len, ==, cases[i].requests * cases[i].per_page);
        g_assert_true(list->is_cut);
        g_assert_cmpuint(test->http->seen->len, ==, cases[i].requests);
    }
}

/* Pages larger than asked for do not make a list of any length. */
static void test_large_pages(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(TestEnvoy) once = test_envoy_new();
    g_autoptr(EnvoyList) list = NULL, single = NULL;

    for (int k = 0; k < 5; k++)
        test_envoy_reply(test, 200, NULL, page(k * 6000 + 1, k * 6000 + 6000, NULL));
    list = fetch(test, &(EnvoyPagerOptions){ 0 }, NULL, NULL);
    g_assert_cmpuint(list->items->len, ==, 12000);
    g_assert_true(list->is_cut);
    test_envoy_reply(once, 200, NULL, page(1, ENVOY_DECODE_MAX_LIST + 1, "{\"total\":1}"));
    single = fetch(once, &(EnvoyPagerOptions){ 0 }, NULL, NULL);
    g_assert_cmpuint(single->items->len, ==, ENVOY_DECODE_MAX_LIST);
    g_assert_true(single->is_cut);
}

/* Drops the third, and stops at the fifth. */
static EnvoyVerdict judge(gconstpointer item, gpointer user_data)
{
    GString *judged = user_data;
    const char *id = ((const EnvoyFlow *)item)->id;

    g_string_append(judged, id);
    return g_str_equal(id, "3") ? ENVOY_DROP : g_str_equal(id, "5") ? ENVOY_STOP : ENVOY_KEEP;
}

static void string_free(gpointer string)
{
    g_string_append_c(string, '!');
}

static void test_judge(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GString) judged = g_string_new(NULL);
    g_autoptr(EnvoyList) list = NULL;
    g_autofree char *ids = NULL;

    test_envoy_reply(test, 200, NULL, page(1, 3, NULL));
    test_envoy_reply(test, 200, NULL, page(3, 6, NULL));
    test_envoy_reply(test, 200, NULL, page(7, 9, NULL));
    list =
        fetch(test, &(EnvoyPagerOptions){ .judge = judge, .judge_data = judged, .destroy = string_free }, NULL, NULL);
    ids = ids_of(list);
    g_assert_cmpstr(ids, ==, "1,2,4,6");
    g_assert_cmpstr(judged->str, ==, "123456!");
    g_assert_cmpuint(test->http->seen->len, ==, 2);
}

/* Half a list would look like a whole one. */
static void test_fails_later(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;
    gint64 wait_ms = 0;

    test_envoy_reply(test, 200, NULL, page(1, 3, NULL));
    test_envoy_reply(test, 429, "11", g_strdup("{\"message\":\"slow down\"}"));
    g_assert_null(fetch(test, &(EnvoyPagerOptions){ 0 }, &wait_ms, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_RATE_LIMITED);
    g_assert_cmpint(wait_ms, ==, 11000);
    g_assert_cmpuint(test->http->seen->len, ==, 2);
}

static EnvoyVerdict cancel(gconstpointer item, gpointer user_data)
{
    (void)item;
    g_assert_false(g_cancellable_is_cancelled(user_data));
    g_cancellable_cancel(user_data);
    return ENVOY_KEEP;
}

/* Nothing more is asked, of the service or the judge. */
static void test_cancelled_between(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    const EnvoyPagerOptions options = {
        .resource = "flows", .kind = &envoy_decode_flows, .per_page = 1, .judge = cancel, .judge_data = cancellable
    };
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;

    test_envoy_reply(test, 200, NULL, page(1, 1, NULL));
    test_envoy_reply(test, 200, NULL, page(2, 2, NULL));
    envoy_pager_async(test->api, &options, cancellable, test_done, &done);
    g_assert_null(envoy_pager_finish(test_envoy_wait(&done), &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    test_settle();
    g_assert_cmpuint(test->http->seen->len, ==, 1);
}

/* At sign-off the handle goes before the answer does. */
static void test_closed(void)
{
    TestEnvoy *test = test_envoy_new();
    g_autoptr(GString) freed = g_string_new(NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    const EnvoyPagerOptions options = { .resource = "flows",
                                        .kind = &envoy_decode_flows,
                                        .per_page = 1,
                                        .judge = judge,
                                        .judge_data = freed,
                                        .destroy = string_free };
    TestDone done = { 0 };

    envoy_pager_async(test->api, &options, cancellable, test_done, &done);
    g_cancellable_cancel(cancellable);
    test_envoy_free(test);
    g_assert_cmpuint(done.calls, ==, 1);
    g_assert_null(envoy_pager_finish(done.result, NULL));
    test_done_clear(&done);
    g_assert_cmpstr(freed->str, ==, "!");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/pager/ends", test_ends);
    g_test_add_func("/envoy/pager/left-out", test_left_out);
    g_test_add_func("/envoy/pager/requests", test_requests);
    g_test_add_func("/envoy/pager/max-pages", test_max_pages);
    g_test_add_func("/envoy/pager/most-that-can-be-asked-for", test_most_that_can_be_asked_for);
    g_test_add_func("/envoy/pager/large-pages", test_large_pages);
    g_test_add_func("/envoy/pager/judge", test_judge);
    g_test_add_func("/envoy/pager/fails-later", test_fails_later);
    g_test_add_func("/envoy/pager/cancelled-between", test_cancelled_between);
    g_test_add_func("/envoy/pager/closed", test_closed);
    return g_test_run();
}
