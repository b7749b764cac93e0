/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-actions: which addresses are called, with what, and what answers mean. */
#include "flowdock/api/fd-api-actions.h"

#include "flowdock/api/fd-api-threads.h"
#include "test-fd-api.h"

#define MAIN "acme/main"

static const char activity[] =
    "{\"event\":\"activity\",\"external_thread_id\":\"t1\",\"author\":{\"name\":\"Eve\"},\"title\":\"opened\","
    "\"thread\":{\"title\":\"Ticket\",\"actions\":[{\"@type\":\"UpdateAction\",\"name\":\"Close\",\"target\":{\"@"
    "type\":"
    "\"EntryPoint\",\"urlTemplate\":\"https://ci.example.com/1\",\"httpMethod\":\"PUT\"}}]}}";

/* The thread of such a ticket, as the server shows it now. */
static FdThreadInfo *load(TestApi *test)
{
    g_autoptr(GError) error = NULL;
    gint64 message = fake_server_post(test->server, MAIN, 0, activity, &error);
    const char *id = fake_json_string(fake_server_get_message(test->server, MAIN, message), "thread_id");
    g_auto(TestDone) done = { 0 };
    FdThreadInfo *thread;

    g_assert_no_error(error);
    fd_api_thread_show_async(test->api, MAIN, id, NULL, test_done, &done);
    thread = fd_api_thread_show_finish(test_api_wait(&done), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(thread->actions->len, ==, 1);
    return thread;
}

static FdActionAnswer *use(TestApi *test, const FdThreadAction *action, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_action_use_async(test->api, action, NULL, test_done, &done);
    return fd_api_action_use_finish(test_api_wait(&done), error);
}

static void test_host(void)
{
    static const struct {
        const char *url, *host;
    } cases[] = {
        { "https://ci.example.com/a?b#c", "ci.example.com" },
        { "https://ci.example.com:443", "ci.example.com" },
        { "https://ci.example.com:8443/", "ci.example.com:8443" },
        { "http://127.0.0.1:80/", "127.0.0.1" },
        { "http://127.0.0.1:443/", "127.0.0.1:443" },
        { "https://[::1]:8443/", "[::1]:8443" },
        { "https://good.example.com@evil.example.com/", "evil.example.com" },
        { "https://evil.example.com?@good.example.com/", "evil.example.com" },
        { "https://b\xc3\xbc.example/", "xn--b-eha.example" },
        { "https:///x", NULL },
        { "https://", NULL },
        { "x", NULL },
    };
    g_autofree char *label = g_strnfill(300, 'a');
    g_autofree char *endless = g_strdup_printf("https://%s.example.com/", label);
    const FdThreadAction too_long = { .url = endless };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FdThreadAction action = { .url = (char *)cases[i].url };
        g_autofree char *host = fd_action_host(&action);

        g_test_message("%s", cases[i].url);
        g_assert_cmpstr(host, ==, cases[i].host);
    }
    g_assert_null(fd_action_host(&too_long));
}

static void test_check(void)
{
    static const struct {
        const char *api, *url;
        int code; /* -1: may be called */
    } cases[] = {
        { "https://api.example.com", "https://ci.example.com/x", -1 },
        { "https://api.example.com", "https://api.example.com/x", -1 },
        { "https://api.example.com", "http://ci.example.com/x", NET_ERROR_INSECURE },
        { "https://api.example.com", "http://127.0.0.1:1234/x", NET_ERROR_INSECURE },
        { "https://api.example.com", "HTTP://localhost/x", NET_ERROR_INSECURE },
        { "http://127.0.0.1:1234", "http://127.0.0.1:1234/x", -1 },
        { "http://127.0.0.1:1234", "http://localhost:99/x", -1 },
        { "http://127.0.0.1:1234", "https://ci.example.com/x", -1 },
        { "http://127.0.0.1:1234", "http://ci.example.com/x", NET_ERROR_INSECURE },
        { "https://api.example.com", "https://me@ci.example.com/x", NET_ERROR_PROTOCOL },
        { "https://api.example.com", "https:///x", NET_ERROR_PROTOCOL },
    };
    g_autoptr(TestApi) test = test_api_new();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FdThreadAction action = { .name = (char *)"Do", .url = (char *)cases[i].url, .method = (char *)"POST" };
        g_autoptr(NetCredential) credential = net_credential_new();
        g_autoptr(FdApi) api = fd_api_new(test->session, credential, cases[i].api);
        g_autoptr(GError) error = NULL;

        g_test_message("%s %s", cases[i].api, cases[i].url);
        g_assert_true(fd_api_action_check(api, &action, &error) == (cases[i].code < 0));
        if (cases[i].code < 0)
            g_assert_no_error(error);
        else
            g_assert_error(error, NET_ERROR, cases[i].code);
    }
}

/* Also when nobody has checked it before: it is refused, and never at once. */
static void test_unchecked(void)
{
    g_autoptr(TestApi) test = test_api_new();
    const FdThreadAction action = { .url = (char *)"http://ci.example.com/", .method = (char *)"GET" };
    g_autoptr(GError) error = NULL;

    g_assert_null(use(test, &action, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_INSECURE);
}

static void test_use(void)
{
    static const FakeActionsWay ways[] = { FAKE_ACTIONS_SIGNED, FAKE_ACTIONS_FOREIGN };
    g_autoptr(TestApi) test = test_api_new();

    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autoptr(FdThreadInfo) thread = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(FdActionAnswer) answer = NULL;

        fake_server_set_actions_way(test->server, ways[i]);
        thread = load(test);
        answer = use(test, thread->actions->pdata[0], &error);
        g_assert_no_error(error);
        g_assert_null(answer->words);
        g_assert_null(answer->sign_in);
        g_assert_cmpstr(test_api_request(test)->method, ==, "PUT");
        g_assert_cmpstr(test_api_request(test)->body, ==, "{}");
        g_assert_true((test_api_request(test)->authorization != NULL) == (ways[i] == FAKE_ACTIONS_SIGNED));
    }
}

static void test_answers(void)
{
    static const struct {
        FakeActionAnswer answer;
        const char *words, *sign_in;
        GQuark (*domain)(void); /* NULL: no error */
        int code;
    } cases[] = {
        { { .body = "{\"error\":\"\",\"description\":\"It is\\t closed\"}" }, "It is closed", NULL, NULL, 0 },
        { { .body = "[\"message\"]" }, NULL, NULL, NULL, 0 },
        { { .status = 201, .body = "{\"message\":null,\"error\":\"partly\"}" }, "partly", NULL, NULL, 0 },
        { { .status = 401, .challenge = "Flowdock-Token url=https://ci.example.com/me" },
          NULL,
          "https://ci.example.com/me",
          NULL,
          0 },
        { { .status = 401, .challenge = "Flowdock-Token url=data:x" },
          NULL,
          NULL,
          net_error_quark,
          NET_ERROR_UNAUTHORIZED },
        { { .status = 403, .challenge = "Flowdock-Token url=https://ci.example.com/me" },
          NULL,
          NULL,
          net_error_quark,
          NET_ERROR_FORBIDDEN },
        { { .status = 403, .body = "{\"message\":\"No\"}" }, NULL, NULL, fd_api_error_quark, FD_API_ERROR_FORBIDDEN },
        { { .status = 409, .body = "{\"error\":\"Locked\"}" }, NULL, NULL, fd_api_error_quark, FD_API_ERROR_REFUSED },
        { { .status = 302 }, NULL, NULL, net_error_quark, NET_ERROR_PROTOCOL },
        { { .status = 503, .body = "{\"error\":\"Locked\"}" }, NULL, NULL, net_error_quark, NET_ERROR_SERVER },
    };
    g_autoptr(TestApi) test = test_api_new();

    fake_server_set_actions_way(test->server, FAKE_ACTIONS_FOREIGN);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FdThreadInfo) thread = load(test);
        g_autoptr(GError) error = NULL;
        g_autoptr(FdActionAnswer) answer = NULL;

        g_test_message("%u %s", cases[i].answer.status, cases[i].answer.body ? cases[i].answer.body : "");
        fake_server_set_action_answer(test->server, &cases[i].answer);
        answer = use(test, thread->actions->pdata[0], &error);
        if (cases[i].domain) {
            g_assert_error(error, cases[i].domain(), cases[i].code);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpstr(answer->words, ==, cases[i].words);
        g_assert_cmpstr(answer->sign_in, ==, cases[i].sign_in);
    }
}

static void test_cancel(void)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/thread_actions/*", .count = 1 };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(FdThreadInfo) thread = load(test);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_auto(TestDone) done = { 0 };

    fake_server_fault(test->server, &stall);
    fd_api_action_use_async(test->api, thread->actions->pdata[0], cancellable, test_done, &done);
    test_until(fake_server_stalled(test->server) == 1);
    g_cancellable_cancel(cancellable);
    g_assert_null(fd_api_action_use_finish(test_api_wait(&done), &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-actions/host", test_host);
    g_test_add_func("/flowdock/api-actions/check", test_check);
    g_test_add_func("/flowdock/api-actions/unchecked", test_unchecked);
    g_test_add_func("/flowdock/api-actions/use", test_use);
    g_test_add_func("/flowdock/api-actions/answers", test_answers);
    g_test_add_func("/flowdock/api-actions/cancel", test_cancel);
    return g_test_run();
}
