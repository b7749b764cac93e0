/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that are typed, and free names. */
#include "flowdock/prpl/fd-paths.h"

#include "test-file.h"

static void test_typed(void)
{
    const struct {
        const char *typed;
        gboolean in_home;
        const char *path;
    } cases[] = {
        { "/tmp/plan.pdf", FALSE, "/tmp/plan.pdf" },
        { "  /tmp/my  plan.pdf ", FALSE, "/tmp/my  plan.pdf" },
        { "\"/tmp/my plan.pdf\"", FALSE, "/tmp/my plan.pdf" },
        { "' plan.pdf'", TRUE, "/ plan.pdf" },
        { "'plan.pdf\"", TRUE, "/'plan.pdf\"" },
        { "\"", TRUE, "/\"" },
        { "~/plan.pdf", TRUE, "/plan.pdf" },
        { "~//etc", TRUE, "/etc" },
        { "~", TRUE, "" },
        { "~/", TRUE, "" },
        { "~plan", TRUE, "/~plan" },
        { "plan.pdf", TRUE, "/plan.pdf" },
        { "a/../b/./c", TRUE, "/b/c" },
        { "/tmp/../etc/x", FALSE, "/etc/x" },
        { "/../../x", FALSE, "/x" },
        { "file:///tmp/my%20plan.pdf", FALSE, "/tmp/my plan.pdf" },
        { "FILE:///tmp/a/../b", FALSE, "/tmp/b" },
        { "file://localhost/tmp/x", FALSE, "/tmp/x" },
        { "\xe8\xae\xa1\xe5\x88\x92.pdf", TRUE, "/\xe8\xae\xa1\xe5\x88\x92.pdf" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *problem = NULL;
        g_autofree char *path = fd_paths_typed(cases[i].typed, &problem);
        g_autofree char *expected = g_strconcat(cases[i].in_home ? g_get_home_dir() : "", cases[i].path, NULL);

        g_test_message("%s", cases[i].typed);
        g_assert_cmpstr(path, ==, expected);
        g_assert_null(problem);
    }
}

static void test_refused(void)
{
    static const char *const cases[] = {
        "", " ", "\"\"", "file://elsewhere/x", "file:x", "file:///a%00b", "file://%zz/x"
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *problem = NULL;

        g_test_message("%s", cases[i]);
        g_assert_null(fd_paths_typed(cases[i], &problem));
        g_assert_nonnull(problem);
    }
}

static void touch(const char *folder, const char *name)
{
    g_free(test_file_new(folder, name, 0, NULL));
}

static void expect_free(const char *folder, const char *name, const char *expected)
{
    g_autofree char *path = fd_paths_free(folder, name, NULL, NULL);
    g_autofree char *base = g_path_get_basename(path);

    g_assert_cmpstr(base, ==, expected);
}

static void test_free(void)
{
    char *folder = test_folder_new();
    g_autofree char *dangling = g_build_filename(folder, "link", NULL);

    expect_free(folder, "plan.pdf", "plan.pdf");
    touch(folder, "plan.pdf");
    expect_free(folder, "plan.pdf", "plan (2).pdf");
    touch(folder, "plan (2).pdf");
    expect_free(folder, "plan.pdf", "plan (3).pdf");
    touch(folder, "noext");
    expect_free(folder, "noext", "noext (2)");
    touch(folder, ".rc");
    expect_free(folder, ".rc", ".rc (2)");
    touch(folder, "a. sentence that ends");
    expect_free(folder, "a. sentence that ends", "a. sentence that ends (2)");
    g_assert_cmpint(symlink("/nowhere", dangling), ==, 0);
    expect_free(folder, "link", "link (2)");
    test_folder_free(folder);
}

/* Not longer than a name may be, and no half characters. */
static void test_free_long(void)
{
    char *folder = test_folder_new();
    g_autofree char *stem = g_strnfill(251, 'x');
    g_autofree char *name = g_strconcat(stem, ".txt", NULL);
    g_autofree char *path = NULL, *base = NULL, *wide_path = NULL, *wide_base = NULL;
    g_autoptr(GString) wide = g_string_new(NULL);

    touch(folder, name);
    path = fd_paths_free(folder, name, NULL, NULL);
    base = g_path_get_basename(path);
    g_assert_cmpuint(strlen(base), ==, 255);
    g_assert_true(g_str_has_suffix(base, "x (2).txt"));
    while (wide->len + 3 <= 255)
        g_string_append(wide, "\xe8\xae\xa1");
    touch(folder, wide->str);
    wide_path = fd_paths_free(folder, wide->str, NULL, NULL);
    wide_base = g_path_get_basename(wide_path);
    g_assert_true(g_utf8_validate(wide_base, -1, NULL));
    g_assert_cmpuint(strlen(wide_base), <=, 255);
    g_assert_true(g_str_has_suffix(wide_base, "\xe8\xae\xa1 (2)"));
    test_folder_free(folder);
}

static gboolean is_taken(const char *path, gpointer user_data)
{
    guint *left = user_data;

    (void)path;
    return *left > 0 && (*left)--;
}

static void test_free_taken(void)
{
    char *folder = test_folder_new();
    guint some = 3, all = G_MAXUINT;
    g_autofree char *path = fd_paths_free(folder, "plan.pdf", is_taken, &some);

    g_assert_true(g_str_has_suffix(path, "/plan (4).pdf"));
    g_assert_null(fd_paths_free(folder, "plan.pdf", is_taken, &all));
    test_folder_free(folder);
}

static void test_shells(void)
{
    g_assert_true(fd_paths_is_login_shell("/bin/sh"));
    g_assert_true(fd_paths_is_login_shell("/usr/bin/fish"));
    g_assert_false(fd_paths_is_login_shell("/usr/sbin/nologin"));
    g_assert_false(fd_paths_is_login_shell("/sbin/nologin"));
    g_assert_false(fd_paths_is_login_shell("/bin/false"));
    g_assert_false(fd_paths_is_login_shell("false"));
    g_assert_false(fd_paths_is_login_shell(""));
    g_assert_false(fd_paths_is_login_shell(NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/paths/typed", test_typed);
    g_test_add_func("/flowdock/paths/refused", test_refused);
    g_test_add_func("/flowdock/paths/free", test_free);
    g_test_add_func("/flowdock/paths/free/long", test_free_long);
    g_test_add_func("/flowdock/paths/free/taken", test_free_taken);
    g_test_add_func("/flowdock/paths/shells", test_shells);
    return g_test_run();
}
