/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-orgs against the test server. */
#include "flowdock/api/fd-api-orgs.h"

#include "test-fd-api.h"

#define MAIN "acme/main"
#define DEV "acme/dev-team"
#define HUBOT 42

/* As many refused addresses as are kept, and as long as they may be. */
#define MAX_WRONG 1000
#define MAX_WRONG_CHARS 500

static GPtrArray *list_orgs(TestApi *test, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_orgs_list_async(test->api, NULL, test_done, &done);
    return fd_api_orgs_list_finish(test_api_wait(&done), error);
}

static GPtrArray *list_invitations(TestApi *test, const char *path, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_invitations_list_async(test->api, path, NULL, test_done, &done);
    return fd_api_invitations_list_finish(test_api_wait(&done), error);
}

static gboolean invite(TestApi *test, const char *email, const char *message, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_invitation_create_async(test->api, MAIN, email, message, NULL, test_done, &done);
    return fd_api_invitation_change_finish(test_api_wait(&done), error);
}

static gboolean withdraw(TestApi *test, gint64 id, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_invitation_delete_async(test->api, MAIN, id, NULL, test_done, &done);
    return fd_api_invitation_change_finish(test_api_wait(&done), error);
}

static FdImported *import(TestApi *test, const char *list, const char *message, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_invitations_import_async(test->api, DEV, list, message, NULL, test_done, &done);
    return fd_api_invitations_import_finish(test_api_wait(&done), error);
}

/* (transfer full): the addresses invited, with blanks between. */
static char *invited(TestApi *test, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = list_invitations(test, path, &error);
    GString *all = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(all, "%s%s", i ? " " : "", ((const FdInvitation *)list->pdata[i])->email);
    return g_string_free(all, FALSE);
}

#define assert_invited(test, path, expected)                                                                           \
    do {                                                                                                               \
        g_autofree char *found = invited(test, path);                                                                  \
        g_assert_cmpstr(found, ==, expected);                                                                          \
    } while (0)

/* --------------------------------------------------------------------------------------------------- organizations */

static void test_orgs(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = list_orgs(test, &error);
    const FdOrg *org;
    const FdUser *demo;

    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 1);
    org = list->pdata[0];
    g_assert_cmpint(org->id, ==, 8);
    g_assert_cmpstr(org->slug, ==, "acme");
    g_assert_cmpstr(org->name, ==, "Acme");
    g_assert_cmpuint(org->users->len, ==, 3);
    demo = org->users->pdata[0];
    g_assert_cmpstr(demo->nick, ==, "Demo");
    g_assert_cmpstr(demo->website, ==, "http://www.example.com/");
    g_assert_true(demo->admin);
    g_assert_false(((const FdUser *)org->users->pdata[1])->admin);
}

static void test_orgs_refused(void)
{
    static const FakeFault fault = { .kind = FAKE_FAULT_STATUS,
                                     .status = 403,
                                     .body = "{\"message\":\"Not for you\"}" };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) refused = NULL;
    g_autoptr(GError) shape = NULL;

    fake_server_fault(test->server, &fault);
    g_assert_null(list_orgs(test, &refused));
    g_assert_error(refused, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_cmpstr(refused->message, ==, "Not for you");
    test_api_answer(test, "{}");
    g_assert_null(list_orgs(test, &shape));
    g_assert_error(shape, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

/* ----------------------------------------------------------------------------------------------------- invitations */

static void test_invite(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = NULL;
    const FdInvitation *first;

    assert_invited(test, MAIN, "");
    g_assert_true(invite(test, "eve@example.com", "Come & see \"us\"", &error));
    g_assert_no_error(error);
    g_assert_cmpstr(test_api_request(test)->body, ==,
                    "{\"email\":\"eve@example.com\",\"message\":\"Come & see \\\"us\\\"\"}");
    g_assert_true(invite(test, "mallory@example.com", NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(test_api_request(test)->body, ==, "{\"email\":\"mallory@example.com\"}");
    g_assert_true(invite(test, "eve@example.com", NULL, &error));
    g_assert_no_error(error);
    list = list_invitations(test, MAIN, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 2);
    first = list->pdata[0];
    g_assert_cmpint(first->id, >, 0);
    g_assert_cmpstr(first->email, ==, "eve@example.com");
    g_assert_cmpstr(first->state, ==, "pending");
    assert_invited(test, DEV, "");
}

static void test_invite_refused(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) wrong = NULL;
    g_autoptr(GError) outside = NULL;
    g_autoptr(GError) shape = NULL;

    g_assert_false(invite(test, "eve", NULL, &wrong));
    g_assert_error(wrong, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_nonnull(strstr(wrong->message, "email is invalid"));
    g_assert_null(list_invitations(test, "acme/lobby", &outside));
    g_assert_error(outside, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    test_api_answer(test, "{}");
    g_assert_null(list_invitations(test, MAIN, &shape));
    g_assert_error(shape, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

static void test_withdraw(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(GPtrArray) list = NULL;
    gint64 id;

    g_assert_true(invite(test, "eve@example.com", NULL, NULL));
    g_assert_true(invite(test, "mallory@example.com", NULL, NULL));
    list = list_invitations(test, MAIN, &error);
    g_assert_no_error(error);
    id = ((const FdInvitation *)list->pdata[0])->id;
    g_assert_true(withdraw(test, id, &error));
    g_assert_no_error(error);
    assert_invited(test, MAIN, "mallory@example.com");
    g_assert_false(withdraw(test, id, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
}

/* ---------------------------------------------------------------------------------------------------------- import */

static void test_import(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(FdImported) imported = import(test,
                                            "eve@example.com, \"Mallory\" <mallory@example.com>\nhubot@example.com\n"
                                            "nobody@example.invalid,not an address",
                                            "Hello", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(imported->invited, ==, 2);
    g_assert_cmpuint(imported->added, ==, 1);
    g_assert_cmpuint(g_strv_length(imported->wrong), ==, 2);
    g_assert_cmpstr(imported->wrong[0], ==, "nobody@example.invalid: Invalid email");
    g_assert_cmpstr(imported->wrong[1], ==, "not an address: Invalid email");
    assert_invited(test, DEV, "eve@example.com mallory@example.com");
    g_assert_true(fake_server_is_member(test->server, DEV, HUBOT));
    g_assert_nonnull(strstr(fake_server_last_request(test->server, "POST", "*/import")->body, "\"message\":\"Hello\""));
}

static void test_import_documented(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *file = test_data_path("docs/invitation-imported.json");
    g_autofree char *body = NULL;
    g_autoptr(FdImported) imported = NULL;

    g_assert_true(g_file_get_contents(file, &body, NULL, NULL));
    test_api_answer(test, body);
    imported = import(test, "eve@example.com", NULL, &error);
    g_assert_no_error(error);
    g_assert_null(strstr(test_api_request(test)->body, "message"));
    g_assert_cmpuint(imported->invited, ==, 1);
    g_assert_cmpuint(imported->added, ==, 1);
    g_assert_cmpuint(g_strv_length(imported->wrong), ==, 1);
    g_assert_cmpstr(imported->wrong[0], ==, "test@example.invalid: Invalid email");
}

static void test_import_shapes(void)
{
    /* clang-format off */
    static const struct {
        const char *body;
        int invited; /* -1: an error */
        int added;
        const char *wrong; /* with | between */
    } cases[] = {
        { "{\"invitations\":[]}",                                                            0, 0, "" },
        { "{\"invitations\":[{\"id\":1,\"email\":\"a@b.c\"},null,7,{}],\"added_users\":{}}", 1, 0, "" },
        { "{\"invitations\":null,\"added_users\":[{\"id\":1},{\"id\":-1},\"x\"]}",           0, 1, "" },
        { "{\"erroneous_emails\":[{\"a\":\"b\",\"c\":\"d\"},null,{},[],\"x\"]}",             0, 0, "a: b|c: d" },
        { "{\"erroneous_emails\":[{\"a\":null},{\"b\":[1]},{\"c\":7}]}",                     0, 0, "a|b|c" },
        { "{\"erroneous_emails\":[{\"a\\nb\":\" no\\r\\n\\u202eway \"}]}",                    0, 0, "a b: no way" },
        { "{\"erroneous_emails\":{\"a\":\"b\"}}",                                            -1, 0, "" },
        { "{}",                                                                             -1, 0, "" },
        { "[]",                                                                             -1, 0, "" },
        { "null",                                                                           -1, 0, "" },
    };
    /* clang-format on */
    g_autoptr(TestApi) test = test_api_new();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(FdImported) imported = NULL;
        g_autofree char *wrong = NULL;

        g_test_message("%s", cases[i].body);
        test_api_answer(test, cases[i].body);
        imported = import(test, "eve@example.com", NULL, &error);
        if (cases[i].invited < 0) {
            g_assert_null(imported);
            g_assert_error(error, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
            continue;
        }
        g_assert_no_error(error);
        wrong = g_strjoinv("|", imported->wrong);
        g_assert_cmpint((int)imported->invited, ==, cases[i].invited);
        g_assert_cmpint((int)imported->added, ==, cases[i].added);
        g_assert_cmpstr(wrong, ==, cases[i].wrong);
    }
}

static void test_import_limits(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) body = g_string_new("{\"erroneous_emails\":[{");
    g_autofree char *much = g_strnfill(10000, 'x');
    g_autoptr(FdImported) imported = NULL;

    g_string_append_printf(body, "\"long\":\"%s\"}", much);
    for (guint i = 0; i < MAX_WRONG; i++)
        g_string_append_printf(body, ",{\"a%u\":\"no\",\"b%u\":\"no\"}", i, i);
    g_string_append(body, "]}");
    test_api_answer(test, body->str);
    imported = import(test, "eve@example.com", NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(imported->wrong), ==, MAX_WRONG);
    g_assert_cmpuint(strlen(imported->wrong[0]), ==, MAX_WRONG_CHARS);
}

static void test_import_refused(void)
{
    static const FakeFault fault = { .kind = FAKE_FAULT_STATUS,
                                     .status = 403,
                                     .body = "{\"message\":\"Not for you\"}" };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) refused = NULL;

    fd_imported_free(NULL);
    fake_server_fault(test->server, &fault);
    g_assert_null(import(test, "eve@example.com", NULL, &refused));
    g_assert_error(refused, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    assert_invited(test, DEV, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-orgs/list", test_orgs);
    g_test_add_func("/flowdock/api-orgs/list-refused", test_orgs_refused);
    g_test_add_func("/flowdock/api-orgs/invite", test_invite);
    g_test_add_func("/flowdock/api-orgs/invite-refused", test_invite_refused);
    g_test_add_func("/flowdock/api-orgs/withdraw", test_withdraw);
    g_test_add_func("/flowdock/api-orgs/import", test_import);
    g_test_add_func("/flowdock/api-orgs/import-documented", test_import_documented);
    g_test_add_func("/flowdock/api-orgs/import-shapes", test_import_shapes);
    g_test_add_func("/flowdock/api-orgs/import-limits", test_import_limits);
    g_test_add_func("/flowdock/api-orgs/import-refused", test_import_refused);
    return g_test_run();
}
