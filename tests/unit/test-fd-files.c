/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-files: the latest files, by message, by place, by person, by number. */
#include "flowdock/model/fd-files.h"

static GPtrArray *some_files(guint count)
{
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)fd_file_free);

    for (guint i = 0; i < count; i++) {
        FdFile *file = g_new0(FdFile, 1);

        file->path = g_strdup_printf("/files/%u", i + 1);
        file->name = g_strdup_printf("%c", 'a' + (char)(i % 26));
        file->size = -1;
        g_ptr_array_add(found, file);
    }
    return found;
}

static void add_in(FdFiles *files, gint64 id, gint64 user, const char *thread_id, guint count)
{
    g_autoptr(GPtrArray) found = some_files(count);
    char *tags[] = { NULL };
    FdMessage message = {
        .id = id, .user = user, .event = (char *)"file", .tags = tags, .thread_id = (char *)thread_id
    };

    fd_files_add(files, &message, user ? "Ann" : "~", found);
}

static void add(FdFiles *files, gint64 id, guint count)
{
    add_in(files, id, 2, NULL, count);
}

/* "12/2", or "-". */
static void expect(const FdShared *shared, const char *expected)
{
    g_autofree char *text =
        shared ? g_strdup_printf("%" G_GINT64_FORMAT "/%u", shared->id, shared->place) : g_strdup("-");

    g_assert_cmpstr(text, ==, expected);
}

static void test_find(void)
{
    g_autoptr(FdFiles) files = fd_files_new();
    const FdShared *shared;

    expect(fd_files_nth(files, 1, NULL), "-");
    add(files, 10, 1);
    add(files, 11, 3);
    add(files, 0, 1);
    add(files, 12, 0);
    shared = fd_files_find(files, 11, 2);
    expect(shared, "11/2");
    g_assert_cmpstr(shared->who, ==, "Ann");
    g_assert_cmpstr(shared->file->name, ==, "b");
    g_assert_cmpstr(shared->file->path, ==, "/files/2");
    expect(fd_files_find(files, 11, 0), "11/1");
    expect(fd_files_find(files, 11, 4), "-");
    expect(fd_files_find(files, 10, 0), "10/1");
    expect(fd_files_find(files, 12, 0), "-");
    expect(fd_files_find(files, 0, 0), "-");
    expect(fd_files_nth(files, 0, NULL), "-");
    expect(fd_files_nth(files, 1, NULL), "11/3");
    expect(fd_files_nth(files, 4, NULL), "10/1");
    expect(fd_files_nth(files, 5, NULL), "-");
    expect(fd_files_nth(files, G_MAXUINT, NULL), "-");
}

/* What is listed later may be older: places go by the ids. What is shown again is there once, and the same. */
static void test_order(void)
{
    g_autoptr(FdFiles) files = fd_files_new();
    guint number;

    add(files, 30, 1);
    add(files, 10, 2);
    add(files, 20, 1);
    number = fd_files_find(files, 10, 2)->number;
    add(files, 10, 2);
    expect(fd_files_nth(files, 1, NULL), "30/1");
    expect(fd_files_nth(files, 2, NULL), "20/1");
    expect(fd_files_nth(files, 3, NULL), "10/2");
    expect(fd_files_nth(files, 4, NULL), "10/1");
    expect(fd_files_nth(files, 5, NULL), "-");
    expect(fd_files_by_number(files, number), "10/2");
    add(files, 10, 1);
    expect(fd_files_nth(files, 3, NULL), "10/1");
    expect(fd_files_by_number(files, number), "-");
}

static void test_threads_and_people(void)
{
    g_autoptr(FdFiles) files = fd_files_new();

    add_in(files, 1, 7, "t1", 1);
    add_in(files, 2, 8, NULL, 1);
    add_in(files, 3, 7, "t2", 2);
    add_in(files, 4, 0, "t1", 1);
    expect(fd_files_nth(files, 1, "t1"), "4/1");
    expect(fd_files_nth(files, 2, "t1"), "1/1");
    expect(fd_files_nth(files, 3, "t1"), "-");
    expect(fd_files_nth(files, 1, "t3"), "-");
    expect(fd_files_last_of(files, 7, NULL), "3/2");
    expect(fd_files_last_of(files, 7, "t1"), "1/1");
    expect(fd_files_last_of(files, 8, "t1"), "-");
    expect(fd_files_last_of(files, 0, NULL), "4/1");
    expect(fd_files_last_of(files, 9, NULL), "-");
}

static void test_remove(void)
{
    g_autoptr(FdFiles) files = fd_files_new();

    add(files, 1, 1);
    add(files, 2, 2);
    add(files, 3, 1);
    fd_files_remove(files, 2);
    fd_files_remove(files, 4);
    fd_files_remove(files, 0);
    expect(fd_files_nth(files, 1, NULL), "3/1");
    expect(fd_files_nth(files, 2, NULL), "1/1");
    expect(fd_files_nth(files, 3, NULL), "-");
}

/* However many come, in whatever messages, it stays small; the newest are there. */
static void test_bound(void)
{
    g_autoptr(FdFiles) files = fd_files_new();

    for (gint64 id = 1000; id < 1000 + 2 * FD_FILES_MAX; id++)
        add(files, id, 1);
    g_assert_nonnull(fd_files_nth(files, FD_FILES_MAX, NULL));
    g_assert_null(fd_files_nth(files, FD_FILES_MAX + 1, NULL));
    g_assert_cmpint(fd_files_nth(files, 1, NULL)->id, ==, 1000 + 2 * FD_FILES_MAX - 1);
    /* Too old to be kept. */
    add(files, 5, 1);
    expect(fd_files_find(files, 5, 0), "-");
    for (gint64 id = 10000; id < 10010; id++)
        add(files, id, FD_FILE_MAX);
    g_assert_nonnull(fd_files_nth(files, FD_FILES_MAX, NULL));
    g_assert_null(fd_files_nth(files, FD_FILES_MAX + 1, NULL));
    expect(fd_files_nth(files, 1, NULL), "10009/50");
}

/* A menu of an older connection, or of another room, means nothing else here. */
static void test_numbers(void)
{
    g_autoptr(FdFiles) first = fd_files_new();
    g_autoptr(FdFiles) second = fd_files_new();
    guint number;

    add(first, 1, 1);
    number = fd_files_find(first, 1, 0)->number;
    add(second, 1, 1);
    g_assert_cmpuint(number, >, 0);
    expect(fd_files_by_number(first, number), "1/1");
    expect(fd_files_by_number(second, number), "-");
    expect(fd_files_by_number(first, 0), "-");
    fd_files_remove(first, 1);
    add(first, 1, 1);
    expect(fd_files_by_number(first, number), "-");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/files/find", test_find);
    g_test_add_func("/flowdock/files/order", test_order);
    g_test_add_func("/flowdock/files/threads-and-people", test_threads_and_people);
    g_test_add_func("/flowdock/files/remove", test_remove);
    g_test_add_func("/flowdock/files/bound", test_bound);
    g_test_add_func("/flowdock/files/numbers", test_numbers);
    return g_test_run();
}
