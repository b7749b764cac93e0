/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api: long lists in slices of the main loop. */
#include "flowdock/api/fd-api.h"

#include "flowdock/api/fd-api-flows.h"
#include "flowdock/api/fd-api-orgs.h"
#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"
#include "test-http.h"

#define MANY 500
/* No machine reads so many bytes in one slice, be they but blanks. */
#define BLANKS (48 * 1024 * 1024)

typedef struct {
    TestHttp *http;
    NetSession *session;
    FdApi *api;
    char *body; /* of each answer */
} TestApi;

/* Where the session has an answer, which shows in its log only. */
static gboolean answered;

static void on_log(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
    (void)domain;
    (void)level;
    (void)user_data;
    answered = answered || strstr(message, ": 200, ");
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    const TestApi *test = user_data;

    (void)server;
    (void)path;
    (void)query;
    soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_STATIC, test->body, strlen(test->body));
}

/* Takes the body. */
static TestApi *new_test(char *body)
{
    const NetSessionOptions options = { "test/1.0", NULL, NULL, TEST_PATIENCE_S, 4, 64 * 1024 * 1024 };
    TestApi *test = g_new0(TestApi, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;

    test->body = body;
    test->http = test_http_new(NULL, on_request, test);
    test->session = net_session_new(&options, &error);
    g_assert_no_error(error);
    g_assert_true(net_credential_set_basic(credential, "demo-token", ""));
    test->api = fd_api_new(test->session, credential, test->http->url);
    answered = FALSE;
    return test;
}

static void test_free(TestApi *test)
{
    fd_api_unref(test->api);
    net_session_close(test->session);
    net_session_unref(test->session);
    test_settle();
    test_http_free(test->http);
    g_free(test->body);
    g_free(test);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestApi, test_free)

/* (transfer full): people between these, and much room behind them. */
static char *many(const char *before, const char *after)
{
    GString *text = g_string_sized_new(BLANKS + 64 * MANY);

    g_string_append(text, before);
    for (guint i = 1; i <= MANY; i++)
        g_string_append_printf(text, "%s{\"id\":%u,\"nick\":\"Nick%u\"}", i > 1 ? "," : "", i, i);
    memset(text->str + text->len, ' ', BLANKS);
    text->len += BLANKS;
    text->str[text->len] = '\0';
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

/* After x_async with test_done: waits for its one callback, which must not have come yet. (transfer none) */
static GAsyncResult *wait_for(TestDone *done)
{
    g_assert_cmpuint(done->calls, ==, 0);
    test_until(done->calls);
    test_settle();
    g_assert_cmpuint(done->calls, ==, 1);
    return done->result;
}

/* (transfer full): people asked for, of whom the last slices are still to come. */
static TestApi *ask_for_many(const char *before, const char *after, GCancellable *cancellable, TestDone *done)
{
    TestApi *test = new_test(many(before, after));

    fd_api_orgs_list_async(test->api, cancellable, test_done, done);
    test_until(answered);
    g_assert_cmpuint(done->calls, ==, 0);
    return test;
}

static gboolean on_turn(gpointer turns)
{
    ++*(guint *)turns;
    return G_SOURCE_CONTINUE;
}

#define ORG "[{\"id\":8,\"parameterized_name\":\"acme\",\"users\":["

static void assert_many(GPtrArray *people)
{
    g_assert_cmpuint(people->len, ==, MANY);
    g_assert_cmpint(((const FdUser *)people->pdata[99])->id, ==, 100);
    g_assert_cmpstr(((const FdUser *)people->pdata[99])->nick, ==, "Nick100");
}

/* What a host reads, and what it draws, comes in between. */
static void test_slices(void)
{
    static const int priorities[] = { G_PRIORITY_DEFAULT, G_PRIORITY_HIGH_IDLE + 20 };
    g_auto(TestDone) done = { 0 };
    g_autoptr(TestApi) test = ask_for_many(ORG, "],\"name\":\"Acme\"}]", NULL, &done);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) orgs = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(priorities); i++) {
        guint turns = 0, id = g_idle_add_full(priorities[i], on_turn, &turns, NULL);

        test_until(turns == 3);
        g_source_remove(id);
        g_assert_cmpuint(done.calls, ==, 0);
    }
    orgs = fd_api_orgs_list_finish(wait_for(&done), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(orgs->len, ==, 1);
    g_assert_cmpstr(((const FdOrg *)orgs->pdata[0])->name, ==, "Acme");
    assert_many(((const FdOrg *)orgs->pdata[0])->users);
}

/* Whatever idle work there is, it neither keeps us from our turn nor makes it longer. */
static void test_before_idle(void)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(TestApi) test = ask_for_many(ORG, "]}]", NULL, &done);
    guint turns = 0, id = g_idle_add(on_turn, &turns);

    test_until(done.calls);
    g_source_remove(id);
    g_assert_cmpuint(turns, ==, 0);
}

static void test_cancelled_between(void)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(TestApi) test = ask_for_many(ORG, "]}]", cancellable, &done);
    g_autoptr(GError) error = NULL;

    g_cancellable_cancel(cancellable);
    /* At once, and not after the rest. */
    for (int i = 0; i < 6; i++)
        g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(done.calls, ==, 1);
    g_assert_null(fd_api_orgs_list_finish(done.result, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* At sign-off the client goes before the answer does. */
static void test_closed_between(void)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    TestApi *test = ask_for_many(ORG, "]}]", cancellable, &done);

    g_cancellable_cancel(cancellable);
    test_free(test);
    g_assert_cmpuint(done.calls, ==, 1);
    g_assert_null(fd_api_orgs_list_finish(done.result, NULL));
}

static void test_wrong_at_the_end(void)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(TestApi) test = ask_for_many(ORG, "]}] x", NULL, &done);
    g_autoptr(GError) error = NULL;

    g_assert_null(fd_api_orgs_list_finish(wait_for(&done), &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
}

/* It is known only in the end that it was no list. */
static void test_long_object(void)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(TestApi) test = ask_for_many("{\"users\":[", "]}", NULL, &done);
    g_autoptr(GError) error = NULL;

    g_assert_null(fd_api_orgs_list_finish(wait_for(&done), &error));
    g_assert_error(error, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

static GPtrArray *list_users(TestApi *test, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_users_list_async(test->api, NULL, test_done, &done);
    return fd_api_users_list_finish(wait_for(&done), error);
}

static GPtrArray *list_flows(TestApi *test, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_flows_all_async(test->api, NULL, test_done, &done);
    return fd_api_flows_all_finish(wait_for(&done), error);
}

static void test_users(void)
{
    g_autoptr(TestApi) test = new_test(many("[", "]"));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) users = list_users(test, &error);

    g_assert_no_error(error);
    assert_many(users);
}

static void test_flows(void)
{
    g_autoptr(TestApi) test =
        new_test(many("[{\"id\":\"f\",\"url\":\"https://x.example/flows/acme/main\",\"users\":[", "]}]"));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) flows = list_flows(test, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(flows->len, ==, 1);
    g_assert_cmpstr(((const FdFlow *)flows->pdata[0])->path, ==, "acme/main");
    assert_many(((const FdFlow *)flows->pdata[0])->users);
}

static void test_short_answers(void)
{
    static const struct {
        const char *body;
        int length; /* -1: bad shape, -2: no JSON */
    } cases[] = { { "[]", 0 },    { "[{\"id\":7}]", 1 }, { "[null,{\"id\":7},{}]", 1 }, { "", -1 },      { "{}", -1 },
                  { "null", -1 }, { "[", -2 },           { "[{\"id\":7},]", -2 },       { "<html>", -2 } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestApi) test = new_test(g_strdup(cases[i].body));
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) users = list_users(test, &error);

        g_test_message("%s", cases[i].body);
        g_assert_true((users != NULL) == (cases[i].length >= 0));
        if (users)
            g_assert_cmpuint(users->len, ==, (guint)cases[i].length);
        else if (cases[i].length == -1)
            g_assert_error(error, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
        else
            g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
    }
}

/* Before anything was sent. */
static void test_cancelled_before(void)
{
    g_autoptr(TestApi) test = new_test(g_strdup("[]"));
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;

    g_cancellable_cancel(cancellable);
    fd_api_users_list_async(test->api, cancellable, test_done, &done);
    g_assert_null(fd_api_users_list_finish(wait_for(&done), &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("flowdock-net", G_LOG_LEVEL_DEBUG, on_log, NULL);
    g_test_add_func("/flowdock/api/slices", test_slices);
    g_test_add_func("/flowdock/api/before-idle", test_before_idle);
    g_test_add_func("/flowdock/api/cancelled-between", test_cancelled_between);
    g_test_add_func("/flowdock/api/closed-between", test_closed_between);
    g_test_add_func("/flowdock/api/wrong-at-the-end", test_wrong_at_the_end);
    g_test_add_func("/flowdock/api/long-object", test_long_object);
    g_test_add_func("/flowdock/api/users", test_users);
    g_test_add_func("/flowdock/api/flows", test_flows);
    g_test_add_func("/flowdock/api/short-answers", test_short_answers);
    g_test_add_func("/flowdock/api/cancelled-before", test_cancelled_before);
    return g_test_run();
}
