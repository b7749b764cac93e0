/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-flows against the test server: making, naming, and who is in it. */
#include "flowdock/api/fd-api-flows.h"

#include "test-fd-api.h"

#define MAIN "acme/main"
#define DEMO 1
#define ANN 2
#define HUBOT 42

static FdFlow *create(TestApi *test, const char *org, const char *name, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_flow_create_async(test->api, org, name, NULL, test_done, &done);
    return fd_api_flow_finish(test_api_wait(&done), error);
}

static FdFlow *show(TestApi *test, const char *path)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;
    FdFlow *flow;

    fd_api_flow_show_async(test->api, path, NULL, test_done, &done);
    flow = fd_api_flow_finish(test_api_wait(&done), &error);
    g_assert_no_error(error);
    return flow;
}

static gboolean rename_flow(TestApi *test, const char *path, const char *name, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_flow_rename_async(test->api, path, name, NULL, test_done, &done);
    return fd_api_flow_change_finish(test_api_wait(&done), error);
}

static gboolean add_user(TestApi *test, const char *path, gint64 user, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_flow_add_user_async(test->api, path, user, NULL, test_done, &done);
    return fd_api_flow_change_finish(test_api_wait(&done), error);
}

static gboolean block_user(TestApi *test, gint64 user, gboolean block, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_flow_block_user_async(test->api, MAIN, user, block, NULL, test_done, &done);
    return fd_api_flow_change_finish(test_api_wait(&done), error);
}

static void test_create(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(FdFlow) flow = create(test, "acme", "Caf\xc3\xa9 \"x\"", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(flow->name, ==, "Caf\xc3\xa9 \"x\"");
    g_assert_cmpstr(flow->org_name, ==, "Acme");
    g_assert_cmpstr(flow->access_mode, ==, "invitation");
    g_assert_true(flow->open && flow->joined);
    g_assert_cmpuint(flow->users->len, ==, 1);
    g_assert_cmpint(((const FdUser *)flow->users->pdata[0])->id, ==, DEMO);
    g_assert_true(fake_server_is_member(test->server, flow->path, DEMO));
    g_assert_false(fake_server_is_member(test->server, flow->path, ANN));
}

/* Even when the answer does not say that one has joined, as documented. */
static void test_create_documented(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *file = test_data_path("docs/flow-created.json");
    g_autofree char *body = NULL;
    g_autoptr(FdFlow) flow = NULL;

    g_assert_true(g_file_get_contents(file, &body, NULL, NULL));
    test_api_answer(test, body);
    flow = create(test, "acme", "My flow", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(flow->path, ==, "acme/my-flow");
    g_assert_true(flow->open && flow->joined);
    g_assert_cmpuint(flow->users->len, ==, 1);
}

static void test_create_refused(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) taken = NULL;
    g_autoptr(GError) blank = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) shape = NULL;

    g_assert_null(create(test, "acme", "Main", &taken));
    g_assert_error(taken, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_nonnull(strstr(taken->message, "has already been taken"));
    g_assert_null(create(test, "acme", "", &blank));
    g_assert_error(blank, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_null(create(test, "nobody", "New", &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
    test_api_answer(test, "[]");
    g_assert_null(create(test, "acme", "New", &shape));
    g_assert_error(shape, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

static void test_rename(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) blank = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(FdFlow) flow = NULL;

    g_assert_true(rename_flow(test, MAIN, "Chat & more", &error));
    g_assert_no_error(error);
    g_assert_cmpstr(test_api_request(test)->body, ==, "{\"name\":\"Chat & more\"}");
    flow = show(test, MAIN);
    g_assert_cmpstr(flow->name, ==, "Chat & more");
    g_assert_cmpstr(flow->path, ==, MAIN);
    g_assert_false(rename_flow(test, MAIN, "", &blank));
    g_assert_error(blank, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_nonnull(strstr(blank->message, "name can't be blank"));
    g_assert_false(rename_flow(test, "acme/nowhere", "x", &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
}

static void test_add_user(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) stranger = NULL;
    g_autoptr(GError) outside = NULL;

    g_assert_false(fake_server_is_member(test->server, "acme/dev-team", HUBOT));
    g_assert_true(add_user(test, "acme/dev-team", HUBOT, &error));
    g_assert_no_error(error);
    g_assert_true(fake_server_is_member(test->server, "acme/dev-team", HUBOT));
    g_assert_false(add_user(test, MAIN, 12345, &stranger));
    g_assert_error(stranger, NET_ERROR, NET_ERROR_NOT_FOUND);
    g_assert_false(add_user(test, "acme/lobby", HUBOT, &outside));
    g_assert_error(outside, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
}

static void test_block_user(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(FdFlow) blocked = NULL;
    g_autoptr(FdFlow) again = NULL;

    g_assert_true(block_user(test, ANN, TRUE, &error));
    g_assert_no_error(error);
    blocked = show(test, MAIN);
    g_assert_cmpint(((const FdUser *)blocked->users->pdata[1])->id, ==, ANN);
    g_assert_true(((const FdUser *)blocked->users->pdata[1])->disabled);
    g_assert_true(block_user(test, ANN, FALSE, &error));
    g_assert_no_error(error);
    again = show(test, MAIN);
    g_assert_false(((const FdUser *)again->users->pdata[1])->disabled);
    g_assert_false(block_user(test, 12345, TRUE, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
}

/* Only admins may block admins. Sheet: 3.2. */
static void test_block_admin(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) refused = NULL;

    fake_server_set_admin(test->server, DEMO, FALSE);
    fake_server_set_admin(test->server, ANN, TRUE);
    g_assert_false(block_user(test, ANN, TRUE, &refused));
    g_assert_error(refused, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_true(fake_server_is_member(test->server, MAIN, ANN));
}

/* Whatever a success says besides. Sheet: 1.2. */
static void test_change_answers(void)
{
    static const FakeFault empty = { .kind = FAKE_FAULT_EMPTY };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;

    fake_server_fault(test->server, &empty);
    g_assert_true(add_user(test, "acme/dev-team", HUBOT, &error));
    g_assert_no_error(error);
    test_api_answer(test, "[null]");
    g_assert_true(rename_flow(test, MAIN, "Other", &error));
    g_assert_no_error(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-flows/create", test_create);
    g_test_add_func("/flowdock/api-flows/create-documented", test_create_documented);
    g_test_add_func("/flowdock/api-flows/create-refused", test_create_refused);
    g_test_add_func("/flowdock/api-flows/rename", test_rename);
    g_test_add_func("/flowdock/api-flows/add-user", test_add_user);
    g_test_add_func("/flowdock/api-flows/block-user", test_block_user);
    g_test_add_func("/flowdock/api-flows/block-admin", test_block_admin);
    g_test_add_func("/flowdock/api-flows/change-answers", test_change_answers);
    return g_test_run();
}
