/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-recent: the latest messages, by id, by place, by person. */
#include "flowdock/model/fd-recent.h"

#include <string.h>

static void add(FdRecent *recent, gint64 id, gint64 user, const char *text)
{
    char *tags[] = { NULL };
    FdMessage message = { .id = id, .user = user, .event = (char *)"message", .tags = tags };

    fd_recent_add(recent, &message, "Ann", text);
}

static void test_find(void)
{
    g_autoptr(FdRecent) recent = fd_recent_new();

    add(recent, 1, 7, "one");
    add(recent, 2, 8, "two");
    add(recent, 3, 7, "three");
    add(recent, 0, 7, "without an id");
    g_assert_cmpstr(fd_recent_find(recent, 2)->text, ==, "two");
    g_assert_null(fd_recent_find(recent, 0));
    g_assert_null(fd_recent_find(recent, 4));
    g_assert_cmpint(fd_recent_nth(recent, 1, NULL)->id, ==, 3);
    g_assert_cmpint(fd_recent_nth(recent, 3, NULL)->id, ==, 1);
    g_assert_null(fd_recent_nth(recent, 0, NULL));
    g_assert_null(fd_recent_nth(recent, 4, NULL));
    g_assert_cmpint(fd_recent_last_of(recent, 7, NULL)->id, ==, 3);
    g_assert_cmpint(fd_recent_last_of(recent, 8, NULL)->id, ==, 2);
    g_assert_null(fd_recent_last_of(recent, 9, NULL));
    fd_recent_set_text(recent, 2, "zwei");
    fd_recent_set_text(recent, 4, "nobody");
    g_assert_cmpstr(fd_recent_find(recent, 2)->text, ==, "zwei");
    add(recent, 2, 8, "once more");
    g_assert_cmpstr(fd_recent_nth(recent, 2, NULL)->text, ==, "once more");
    g_assert_null(fd_recent_nth(recent, 4, NULL));
}

/* What is loaded later may be older: places go by the ids. */
static void test_order(void)
{
    g_autoptr(FdRecent) recent = fd_recent_new();

    add(recent, 20, 7, "second");
    add(recent, 30, 7, "third");
    add(recent, 10, 7, "first");
    g_assert_cmpstr(fd_recent_nth(recent, 1, NULL)->text, ==, "third");
    g_assert_cmpstr(fd_recent_nth(recent, 2, NULL)->text, ==, "second");
    g_assert_cmpstr(fd_recent_nth(recent, 3, NULL)->text, ==, "first");
    for (gint64 id = 100; id < 100 + FD_RECENT_MAX; id++)
        add(recent, id, 7, "text");
    add(recent, 5, 7, "too old");
    g_assert_null(fd_recent_find(recent, 5));
    g_assert_nonnull(fd_recent_find(recent, 100));
}

/* Who is answered by nick is answered to what was said. */
static void test_speech(void)
{
    g_autoptr(FdRecent) recent = fd_recent_new();
    char *tags[] = { (char *)"x", (char *)"influx:17", NULL };
    FdMessage comment = { .id = 5, .user = 7, .event = (char *)"comment", .tags = tags, .sent_ms = 99 };
    FdMessage status = { .id = 6, .user = 7, .event = (char *)"status", .tags = tags + 2 };

    fd_recent_add(recent, &comment, "Ann", "said");
    fd_recent_add(recent, &status, "Ann", "done");
    g_assert_cmpint(fd_recent_last_of(recent, 7, NULL)->id, ==, 5);
    g_assert_cmpint(fd_recent_find(recent, 5)->parent, ==, 17);
    g_assert_cmpint(fd_recent_find(recent, 5)->sent_ms, ==, 99);
    g_assert_cmpint(fd_recent_find(recent, 6)->parent, ==, 0);
}

static void test_reactions(void)
{
    g_autoptr(FdRecent) recent = fd_recent_new();

    add(recent, 1, 7, "text");
    g_assert_false(fd_recent_has_reaction(fd_recent_find(recent, 1), "x"));
    fd_recent_set_reaction(recent, 1, "x", TRUE);
    fd_recent_set_reaction(recent, 1, "x", TRUE);
    fd_recent_set_reaction(recent, 2, "x", TRUE);
    g_assert_true(fd_recent_has_reaction(fd_recent_find(recent, 1), "x"));
    g_assert_false(fd_recent_has_reaction(fd_recent_find(recent, 1), "y"));
    fd_recent_set_reaction(recent, 1, "x", FALSE);
    g_assert_false(fd_recent_has_reaction(fd_recent_find(recent, 1), "x"));
}

static void test_bounds(void)
{
    g_autoptr(FdRecent) recent = fd_recent_new();
    g_autofree char *long_text = g_strnfill(3 * FD_RECENT_MAX_TEXT, 'x');
    g_autoptr(GString) wide = g_string_new("a");

    for (gint64 id = 1; id <= 2 * FD_RECENT_MAX; id++)
        add(recent, id, 7, "text");
    g_assert_null(fd_recent_find(recent, FD_RECENT_MAX));
    g_assert_nonnull(fd_recent_find(recent, FD_RECENT_MAX + 1));
    add(recent, 9999, 7, long_text);
    g_assert_cmpuint(strlen(fd_recent_find(recent, 9999)->text), <=, FD_RECENT_MAX_TEXT);
    while (wide->len < 2 * FD_RECENT_MAX_TEXT)
        g_string_append(wide, "\xe2\x82\xac");
    fd_recent_set_text(recent, 9999, wide->str);
    g_assert_true(g_utf8_validate(fd_recent_find(recent, 9999)->text, -1, NULL));
    g_assert_cmpuint(strlen(fd_recent_find(recent, 9999)->text), <=, FD_RECENT_MAX_TEXT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/recent/find", test_find);
    g_test_add_func("/flowdock/recent/bounds", test_bounds);
    g_test_add_func("/flowdock/recent/order", test_order);
    g_test_add_func("/flowdock/recent/speech", test_speech);
    g_test_add_func("/flowdock/recent/reactions", test_reactions);
    return g_test_run();
}
