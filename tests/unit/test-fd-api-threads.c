/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-threads, fd-api-private and the nick of fd-api-users against the test server. */
#include "flowdock/api/fd-api-threads.h"

#include "flowdock/api/fd-api-private.h"
#include "flowdock/api/fd-api-users.h"
#include "test-fd-api.h"

#define MAIN "acme/main"
#define DEMO 1
#define ANN 2
#define HUBOT 42

/* As many threads as the server lists at once. */
#define PAGE 30

static GPtrArray *list(TestApi *test, const char *path, const char *until, gboolean empty_too, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_threads_list_async(test->api, path, until, empty_too, NULL, test_done, &done);
    return fd_api_threads_list_finish(test_api_wait(&done), error);
}

static FdThreadInfo *show(TestApi *test, const char *id, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_thread_show_async(test->api, MAIN, id, NULL, test_done, &done);
    return fd_api_thread_show_finish(test_api_wait(&done), error);
}

static GPtrArray *list_private(TestApi *test, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_private_list_async(test->api, NULL, test_done, &done);
    return fd_api_private_list_finish(test_api_wait(&done), error);
}

static gboolean set_nick(TestApi *test, gint64 user, const char *nick, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_user_set_nick_async(test->api, user, nick, NULL, test_done, &done);
    return fd_api_user_set_nick_finish(test_api_wait(&done), error);
}

/* (transfer full): the id of the message's thread. */
static char *thread_of(TestApi *test, gint64 message)
{
    return g_strdup(fake_json_string(fake_server_get_message(test->server, MAIN, message), "thread_id"));
}

/* Takes @threads. (transfer full): their titles, with blanks between. */
static char *titles(GPtrArray *threads)
{
    g_autoptr(GPtrArray) taken = threads;
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < taken->len; i++)
        g_string_append_printf(all, "%s%s", i ? " " : "", ((const FdThreadInfo *)taken->pdata[i])->title);
    return g_string_free(all, FALSE);
}

#define assert_titles(threads, expected)                                                                               \
    do {                                                                                                               \
        g_autofree char *found = titles(threads);                                                                      \
        g_assert_cmpstr(found, ==, expected);                                                                          \
    } while (0)

/* --------------------------------------------------------------------------------------------------------- threads */

static void test_list(void)
{
    g_autoptr(TestApi) test = test_api_new();
    gint64 one, two;

    assert_titles(list(test, MAIN, NULL, FALSE, NULL), "");
    one = fake_server_say(test->server, MAIN, ANN, "one");
    two = fake_server_say(test->server, MAIN, ANN, "two");
    fake_server_say(test->server, MAIN, ANN, "three");
    fake_server_reply(test->server, MAIN, HUBOT, two, "answer");
    fake_server_reply(test->server, MAIN, HUBOT, one, "answer");
    assert_titles(list(test, MAIN, NULL, FALSE, NULL), "one two");
    assert_titles(list(test, MAIN, NULL, TRUE, NULL), "one two three");
}

static void test_list_pages(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GPtrArray) page = NULL;
    const FdThreadInfo *last;

    for (int i = PAGE + 2; i > 0; i--) {
        g_autofree char *text = g_strdup_printf("t%d", i);

        fake_server_say(test->server, MAIN, ANN, text);
    }
    page = list(test, MAIN, NULL, TRUE, NULL);
    g_assert_cmpuint(page->len, ==, PAGE);
    last = page->pdata[PAGE - 1];
    g_assert_nonnull(last->updated);
    assert_titles(list(test, MAIN, last->updated, TRUE, NULL), "t31 t32");
}

static void test_list_refused(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) stranger = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) shape = NULL;

    g_assert_null(list(test, "acme/lobby", NULL, FALSE, &stranger));
    g_assert_error(stranger, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_null(list(test, "acme/nowhere", NULL, FALSE, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
    test_api_answer(test, "{}");
    g_assert_null(list(test, MAIN, NULL, FALSE, &shape));
    g_assert_error(shape, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

static void test_show_chat(void)
{
    g_autoptr(TestApi) test = test_api_new();
    gint64 first = fake_server_say(test->server, MAIN, ANN, "what does <b> do?");
    g_autofree char *id = thread_of(test, first);
    g_autoptr(FdThreadInfo) thread = NULL;

    fake_server_reply(test->server, MAIN, HUBOT, first, "bold");
    thread = show(test, id, NULL);
    g_assert_cmpstr(thread->id, ==, id);
    g_assert_cmpstr(thread->title, ==, "what does <b> do?");
    g_assert_cmpint(thread->initial, ==, first);
    g_assert_cmpuint(thread->comments, ==, 2);
    g_assert_cmpuint(thread->activities + thread->discussions, ==, 0);
    g_assert_cmpint(thread->updated_ms, >, 0);
    g_assert_null(thread->source);
    g_assert_null(thread->body);
    g_assert_null(thread->status);
    g_assert_cmpuint(thread->fields->len + thread->actions->len, ==, 0);
}

static void test_show_integration(void)
{
    static const char activity[] =
        "{\"event\":\"activity\",\"external_thread_id\":\"t1\",\"author\":{\"name\":\"Eve\"},\"title\":\"opened\","
        "\"thread\":{\"title\":\"Ticket <a href='https://example.com/1'>1</a>\",\"body\":\"<p>It <b>burns</b></p>\","
        "\"external_url\":\"https://example.com/1\",\"status\":{\"value\":\"open\",\"color\":\"red\"},"
        "\"fields\":[{\"label\":\"Assignee\",\"value\":\"<a href='https://example.com/ann'>Ann</a>\"}],"
        "\"actions\":[{\"@type\":\"ViewAction\",\"name\":\"Diff\",\"url\":\"https://example.com/1/diff\"}]}}";
    static const FakeOdd odds[] = { FAKE_ODD_NONE, FAKE_ODD_THREAD_OBJECT };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    gint64 first = fake_server_post(test->server, MAIN, 0, activity, &error);
    g_autofree char *id = NULL;

    g_assert_no_error(error);
    id = thread_of(test, first);
    for (gsize i = 0; i < G_N_ELEMENTS(odds); i++) {
        g_autoptr(FdThreadInfo) thread = NULL;
        const FdThreadField *field;
        const FdThreadAction *action;

        fake_server_set_odd(test->server, odds[i]);
        thread = show(test, id, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(thread->title, ==, "Ticket 1 (https://example.com/1)");
        g_assert_cmpstr(thread->body, ==, "It burns");
        g_assert_cmpstr(thread->status, ==, "open");
        g_assert_cmpstr(thread->color, ==, "red");
        g_assert_nonnull(thread->source);
        g_assert_cmpuint(thread->activities, ==, 1);
        g_assert_cmpuint(thread->fields->len, ==, 1);
        field = thread->fields->pdata[0];
        g_assert_cmpstr(field->value, ==, "Ann (https://example.com/ann)");
        g_assert_cmpuint(thread->actions->len, ==, 1);
        action = thread->actions->pdata[0];
        g_assert_cmpstr(action->url, ==, "https://example.com/1/diff");
    }
}

static void test_show_refused(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) shape = NULL;

    g_assert_null(show(test, "none", &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
    test_api_answer(test, "{\"title\":\"x\"}");
    g_assert_null(show(test, "none", &shape));
    g_assert_error(shape, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

/* --------------------------------------------------------------------------------------------------------- private */

static const FdPrivate *find_private(const GPtrArray *privates, gint64 user)
{
    for (guint i = 0; i < privates->len; i++) {
        const FdPrivate *one = privates->pdata[i];

        if (one->user == user)
            return one;
    }
    g_assert_not_reached();
}

static void test_private(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GPtrArray) none = list_private(test, NULL);
    g_autoptr(GPtrArray) two = NULL;

    g_assert_cmpuint(none->len, ==, 0);
    fake_server_say_private(test->server, ANN, DEMO, "are you there?");
    fake_server_say_private(test->server, DEMO, HUBOT, "help");
    fake_server_say_private(test->server, ANN, HUBOT, "not for Demo");
    two = list_private(test, NULL);
    g_assert_cmpuint(two->len, ==, 2);
    g_assert_true(find_private(two, ANN)->open);
    g_assert_true(find_private(two, ANN)->unread);
    g_assert_true(find_private(two, HUBOT)->open);
    g_assert_false(find_private(two, HUBOT)->unread);
}

static void test_private_refused(void)
{
    static const FakeFault fault = { .kind = FAKE_FAULT_STATUS, .status = 403, .body = "{\"message\":\"No private\"}" };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) refused = NULL;
    g_autoptr(GError) shape = NULL;

    fake_server_fault(test->server, &fault);
    g_assert_null(list_private(test, &refused));
    g_assert_error(refused, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_cmpstr(refused->message, ==, "No private");
    test_api_answer(test, "{}");
    g_assert_null(list_private(test, &shape));
    g_assert_error(shape, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

/* ------------------------------------------------------------------------------------------------------------ nick */

static void test_nick(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) blank = NULL;
    g_autoptr(GError) foreign = NULL;

    g_assert_true(set_nick(test, DEMO, "D\xc3\xa9mo \"x\"", &error));
    g_assert_no_error(error);
    g_assert_cmpstr(fake_server_get_nick(test->server, DEMO), ==, "D\xc3\xa9mo \"x\"");
    g_assert_false(set_nick(test, DEMO, "", &blank));
    g_assert_error(blank, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_nonnull(strstr(blank->message, "nick can't be blank"));
    g_assert_false(set_nick(test, ANN, "Anna", &foreign));
    g_assert_error(foreign, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_cmpstr(fake_server_get_nick(test->server, ANN), ==, "Ann");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-threads/list", test_list);
    g_test_add_func("/flowdock/api-threads/list-pages", test_list_pages);
    g_test_add_func("/flowdock/api-threads/list-refused", test_list_refused);
    g_test_add_func("/flowdock/api-threads/show-chat", test_show_chat);
    g_test_add_func("/flowdock/api-threads/show-integration", test_show_integration);
    g_test_add_func("/flowdock/api-threads/show-refused", test_show_refused);
    g_test_add_func("/flowdock/api-private/list", test_private);
    g_test_add_func("/flowdock/api-private/refused", test_private_refused);
    g_test_add_func("/flowdock/api-users/nick", test_nick);
    return g_test_run();
}
