/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-orgs: what flows and lists tell of organizations. */
#include "flowdock/model/fd-orgs.h"

static void put_flow(FdOrgs *orgs, const char *path, gint64 org_id, const char *org_name, gint64 user)
{
    g_autoptr(FdFlow) flow = fd_flow_new(path, path, "Flow", org_name);

    flow->org_id = org_id;
    flow->users = g_ptr_array_new_with_free_func((GDestroyNotify)fd_user_free);
    if (user)
        g_ptr_array_add(flow->users, fd_user_new(user, NULL));
    fd_orgs_put_flow(orgs, flow);
}

/* @users: "1 2+ 3-": with a plus an administrator, with a minus disabled */
static void put_org(FdOrgs *orgs, gint64 id, const char *slug, const char *name, const char *users)
{
    g_auto(GStrv) parts = g_strsplit(users, " ", -1);
    FdOrg *org = g_new0(FdOrg, 1);

    org->id = id;
    org->slug = g_strdup(slug);
    org->name = g_strdup(name);
    org->users = g_ptr_array_new_with_free_func((GDestroyNotify)fd_user_free);
    for (char **part = parts; *part && **part; part++) {
        char *end;
        FdUser *user = fd_user_new(g_ascii_strtoll(*part, &end, 10), NULL);

        user->admin = *end == '+';
        user->disabled = *end == '-';
        g_ptr_array_add(org->users, user);
    }
    fd_orgs_put(orgs, org);
    fd_org_free(org);
}

static void assert_home(FdOrgs *orgs, gint64 user, const char *name)
{
    const FdOrgEntry *home = fd_orgs_home(orgs, user);

    g_assert_cmpstr(home ? home->name : NULL, ==, name);
}

static void test_from_flows(void)
{
    g_autoptr(FdOrgs) orgs = fd_orgs_new();

    put_flow(orgs, "acme/main", 0, "Acme", 1);
    put_flow(orgs, "acme/dev", 0, "Acme", 2);
    put_flow(orgs, "other/hall", 0, "", 2);
    g_assert_cmpuint(fd_orgs_list(orgs)->len, ==, 2);
    assert_home(orgs, 1, "Acme");
    assert_home(orgs, 2, "Acme");
    assert_home(orgs, 3, NULL);
    g_assert_cmpstr(fd_orgs_of_path(orgs, "other/x")->name, ==, "other");
    g_assert_null(fd_orgs_of_path(orgs, "none/x"));
    g_assert_false(fd_orgs_is_admin(orgs, "acme/main", 1));
    g_assert_false(fd_orgs_is_admin(orgs, "none/main", 1));
    fd_orgs_free(NULL);
}

static void test_from_list(void)
{
    g_autoptr(FdOrgs) orgs = fd_orgs_new();

    put_flow(orgs, "acme/main", 0, "Acme", 9);
    put_org(orgs, 8, "acme", "Acme <Ltd>\n", "1+ 2 3-");
    g_assert_cmpuint(fd_orgs_list(orgs)->len, ==, 1);
    assert_home(orgs, 1, "Acme <Ltd>");
    assert_home(orgs, 3, NULL);
    /* Exactly those of the list. */
    assert_home(orgs, 9, NULL);
    g_assert_true(fd_orgs_is_admin(orgs, "acme/main", 1));
    g_assert_false(fd_orgs_is_admin(orgs, "acme/main", 2));
    /* The short form says nothing about people. */
    put_org(orgs, 8, "acme", "Acme", "");
    g_assert_true(fd_orgs_is_admin(orgs, "acme/main", 1));
    put_org(orgs, 8, "acme", "Acme", "1 2");
    g_assert_false(fd_orgs_is_admin(orgs, "acme/main", 1));
}

/* Name and slug may change, and another may take them. */
static void test_renamed(void)
{
    g_autoptr(FdOrgs) orgs = fd_orgs_new();

    put_org(orgs, 8, "acme", "Acme", "1");
    put_flow(orgs, "acme-ltd/main", 8, "Acme Ltd", 1);
    g_assert_cmpuint(fd_orgs_list(orgs)->len, ==, 1);
    g_assert_cmpstr(fd_orgs_of_path(orgs, "acme-ltd/main")->name, ==, "Acme Ltd");
    put_org(orgs, 9, "acme", "New Acme", "2");
    g_assert_cmpuint(fd_orgs_list(orgs)->len, ==, 2);
    assert_home(orgs, 2, "New Acme");
    g_assert_cmpint(fd_orgs_of_path(orgs, "acme/x")->id, ==, 9);
}

static void test_find(void)
{
    g_autoptr(FdOrgs) orgs = fd_orgs_new();

    put_org(orgs, 8, "acme", "Other", "1");
    put_org(orgs, 9, "other", "Acme Inc", "1");
    g_assert_cmpint(fd_orgs_find(orgs, "ACME")->id, ==, 8);
    g_assert_cmpint(fd_orgs_find(orgs, "acme INC")->id, ==, 9);
    /* A slug comes before a name. */
    g_assert_cmpint(fd_orgs_find(orgs, "Other")->id, ==, 9);
    g_assert_null(fd_orgs_find(orgs, ""));
    assert_home(orgs, 1, "Other");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/orgs/from-flows", test_from_flows);
    g_test_add_func("/flowdock/orgs/from-list", test_from_list);
    g_test_add_func("/flowdock/orgs/renamed", test_renamed);
    g_test_add_func("/flowdock/orgs/find", test_find);
    return g_test_run();
}
