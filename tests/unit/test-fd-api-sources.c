/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-sources: the name of someone outside, and the calls against the test server. */
#include "flowdock/api/fd-api-sources.h"

#include "test-fd-api.h"

#define MAIN "acme/main"

static void test_name(void)
{
    /* clang-format off */
    static const struct {
        const char *given, *expected;
    } cases[] = {
        { "Ann",                                   "Ann" },
        { "  Build  bot\t7 ",                      "Build_bot_7" },
        { "line\nbreak",                           "line_break" },
        { "exactly-16-chars",                      "exactly-16-chars" },
        { "one more than that",                    "one_more_than_th" },
        { "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
          "\xc3\xa4\xc3\xa4\xc3\xa4",
          "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
          "\xc3\xa4\xc3\xa4" },
        { " \t\n",                                 NULL },
        { "",                                      NULL },
        { NULL,                                    NULL },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = fd_api_source_name(cases[i].given);

        g_assert_cmpstr(name, ==, cases[i].expected);
    }
}

/* ------------------------------------------------------------------------------------------------------------ as a user */

static GPtrArray *list(TestApi *test, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_sources_list_async(test->api, MAIN, NULL, test_done, &done);
    return fd_api_sources_list_finish(test_api_wait(&done), error);
}

static FdSource *create(TestApi *test, const char *name, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_source_create_async(test->api, MAIN, name, NULL, test_done, &done);
    return fd_api_source_create_finish(test_api_wait(&done), error);
}

static gboolean set_problem(TestApi *test, gint64 id, const char *text, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_source_set_problem_async(test->api, MAIN, id, text, NULL, test_done, &done);
    return fd_api_source_change_finish(test_api_wait(&done), error);
}

static gboolean remove_one(TestApi *test, gint64 id, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_source_delete_async(test->api, MAIN, id, NULL, test_done, &done);
    return fd_api_source_change_finish(test_api_wait(&done), error);
}

static void test_list(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) none = list(test, &error), some = NULL, odd = NULL;
    const FdSource *first;

    g_assert_no_error(error);
    g_assert_cmpuint(none->len, ==, 0);
    fake_server_add_source(test->server, MAIN, "Builds");
    fake_server_add_source(test->server, "acme/dev-team", "Elsewhere");
    some = list(test, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(some->len, ==, 1);
    first = some->pdata[0];
    g_assert_cmpstr(first->name, ==, "Builds");
    g_assert_cmpstr(first->flow_path, ==, MAIN);
    g_assert_cmpstr(first->application, ==, "Demo application");
    g_assert_null(first->token);
    test_api_answer(test, "{\"sources\":[]}");
    odd = list(test, &error);
    g_assert_null(odd);
    g_assert_error(error, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

static void test_create(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(FdSource) source = NULL, unfit = NULL, refused = NULL;

    test_api_answer(test, "{\"id\":12,\"name\":\"Builds\",\"flow_token\":\"0123456789abcdef\"}");
    source = create(test, "Builds & more", &error);
    g_assert_no_error(error);
    g_assert_cmpint(source->id, ==, 12);
    g_assert_cmpstr(source->token, ==, "0123456789abcdef");
    g_assert_cmpstr(test_api_request(test)->method, ==, "POST");
    g_assert_cmpstr(test_api_request(test)->path, ==, "/flows/acme/main/sources");
    g_assert_cmpstr(test_api_request(test)->body, ==, "{\"name\":\"Builds & more\"}");
    test_api_answer(test, "[]");
    unfit = create(test, "Builds", &error);
    g_assert_null(unfit);
    g_assert_error(error, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
    g_clear_error(&error);
    /* Not with the user's own token, which belongs to no application. Sheet: 3.12. */
    refused = create(test, "Builds", &error);
    g_assert_null(refused);
    g_assert_true(fd_api_is_forbidden(error));
}

static void test_change(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;

    fake_server_add_source(test->server, MAIN, "Builds");
    g_assert_true(set_problem(test, 1, "broken", &error));
    g_assert_cmpstr(test_api_request(test)->method, ==, "PUT");
    g_assert_cmpstr(test_api_request(test)->path, ==, "/flows/acme/main/sources/1");
    g_assert_cmpstr(test_api_request(test)->body, ==, "{\"error_message\":\"broken\"}");
    g_assert_true(remove_one(test, 1, &error));
    g_assert_no_error(error);
    g_assert_false(remove_one(test, 1, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_NOT_FOUND);
}

/* ---------------------------------------------------------------------------------------------------------- as a source */

static FdApi *anonymous(TestApi *test)
{
    g_autoptr(NetCredential) nobody = net_credential_new();

    return fd_api_new(test->session, nobody, fake_server_get_api_url(test->server));
}

static gboolean post(TestApi *test, const FdApiEvent *event, GError **error)
{
    g_autoptr(FdApi) api = anonymous(test);
    g_auto(TestDone) done = { 0 };

    fd_api_source_event_async(api, event, NULL, test_done, &done);
    return fd_api_source_post_finish(test_api_wait(&done), error);
}

static JsonObject *newest(TestApi *test)
{
    return fake_server_get_message(test->server, MAIN, 0);
}

static void test_event(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *token = g_strdup(fake_server_add_source(test->server, MAIN, "Builds"));
    FdApiEvent event = {
        .event = "activity",
        .token = token,
        .key = "build 7",
        .title_html = "R&amp;D",
        .color = "green",
        .status = "passed",
        .author = "Bob",
    };
    g_autofree char *bare = g_strdup_printf("{\"flow_token\":\"%s\",\"event\":\"activity\",\"external_thread_id\":"
                                            "\"build 7\",\"title\":\"R&amp;D\",\"author\":{\"name\":\"Bob\"},"
                                            "\"thread\":{\"title\":\"R&amp;D\",\"status\":{\"color\":\"green\","
                                            "\"value\":\"passed\"}}}",
                                            token);

    g_assert_true(post(test, &event, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(test_api_request(test)->body, ==, bare);
    g_assert_null(test_api_request(test)->authorization);
    g_assert_cmpstr(fake_json_string(newest(test), "event"), ==, "activity");
    event.event = "discussion";
    event.title_html = NULL;
    event.body_html = "<b>why</b>";
    event.email = "bob@example.com";
    event.avatar = "https://example.com/b.png";
    g_assert_true(post(test, &event, &error));
    g_assert_cmpstr(fake_json_string(newest(test), "event"), ==, "discussion");
    g_assert_cmpstr(fake_json_string(newest(test), "body"), ==, "<b>why</b>");
    g_assert_cmpstr(fake_json_string(fake_json_object(newest(test), "author"), "avatar"), ==, event.avatar);
    g_assert_null(strstr(test_api_request(test)->body, "\"thread\""));
    fake_server_remove_source(test->server, token);
    g_assert_false(post(test, &event, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_GONE);
}

/* The service knows each of them. */
static void test_colors(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autofree char *token = g_strdup(fake_server_add_source(test->server, MAIN, "Builds"));

    for (const char *const *color = fd_api_colors; *color; color++) {
        g_autoptr(GError) error = NULL;
        FdApiEvent event = { .event = "activity",
                             .token = token,
                             .key = *color,
                             .title_html = "Build",
                             .color = *color,
                             .status = "passed",
                             .author = "Bob" };

        g_assert_true(post(test, &event, &error));
        g_assert_no_error(error);
    }
    g_assert_cmpuint(fake_server_message_count(test->server, MAIN), ==, 10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-sources/name", test_name);
    g_test_add_func("/flowdock/api-sources/list", test_list);
    g_test_add_func("/flowdock/api-sources/create", test_create);
    g_test_add_func("/flowdock/api-sources/change", test_change);
    g_test_add_func("/flowdock/api-sources/event", test_event);
    g_test_add_func("/flowdock/api-sources/colors", test_colors);
    return g_test_run();
}
