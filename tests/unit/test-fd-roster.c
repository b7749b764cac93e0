/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-roster: who was taken off the list stays off. */
#include "flowdock/model/fd-roster.h"

#include <string.h>

static GHashTable *set_of(const char *ids)
{
    GHashTable *set = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_auto(GStrv) parts = g_strsplit(ids, " ", -1);

    for (char **part = parts; *part && **part; part++) {
        gint64 *id = g_new(gint64, 1);

        *id = g_ascii_strtoll(*part, NULL, 10);
        g_hash_table_add(set, id);
    }
    return set;
}

static void begin(FdRoster *roster, const char *ids)
{
    g_autoptr(GHashTable) present = set_of(ids);

    fd_roster_begin(roster, present);
}

/* @ids: (nullable): a list that is not kept */
static FdRoster *again(FdRoster *roster, const char *ids)
{
    g_autoptr(GHashTable) present = ids ? set_of(ids) : NULL;
    g_autofree char *text = fd_roster_save(roster, present);
    FdRoster *next = fd_roster_new();

    fd_roster_load(next, text, strlen(text));
    return next;
}

static void test_taken_off(void)
{
    g_autoptr(FdRoster) first = fd_roster_new();
    g_autoptr(FdRoster) second = NULL;
    g_autoptr(FdRoster) third = NULL;

    begin(first, "");
    g_assert_false(fd_roster_is_removed(first, 1));
    fd_roster_remove(first, 3);
    second = again(first, "1 2");
    begin(second, "2");
    g_assert_true(fd_roster_is_removed(second, 1));
    g_assert_false(fd_roster_is_removed(second, 2));
    g_assert_true(fd_roster_is_removed(second, 3));
    g_assert_false(fd_roster_is_removed(second, 4));
    fd_roster_keep(second, 3);
    third = again(second, "2 3");
    /* Put there while the account was offline. */
    begin(third, "1 2 3");
    for (gint64 id = 1; id <= 4; id++)
        g_assert_false(fd_roster_is_removed(third, id));
    fd_roster_free(NULL);
}

static void test_list_not_kept(void)
{
    g_autoptr(FdRoster) first = fd_roster_new();
    g_autoptr(FdRoster) second = NULL;

    fd_roster_remove(first, 3);
    second = again(first, NULL);
    begin(second, "");
    g_assert_false(fd_roster_is_removed(second, 1));
    g_assert_true(fd_roster_is_removed(second, 3));
}

static void test_broken(void)
{
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "{",
        "{\"version\":2,\"had\":[1],\"removed\":[1]}",
        "{\"version\":1}",
        "{\"version\":1,\"had\":{},\"removed\":\"1\"}",
        "{\"version\":1,\"had\":[null,[],\"x\",-1,0],\"removed\":[null,{},-1,0,1.5e300]}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(FdRoster) roster = fd_roster_new();
        g_autofree char *text = NULL;

        fd_roster_load(roster, texts[i], strlen(texts[i]));
        begin(roster, "");
        text = fd_roster_save(roster, NULL);
        g_assert_cmpstr(text, ==, "{\"version\":1,\"had\":[],\"removed\":[]}");
    }
}

/* A list of any length can be read again. */
static void test_many(void)
{
    g_autoptr(FdRoster) roster = fd_roster_new();
    g_autoptr(FdRoster) next = NULL;
    g_autofree char *text = NULL;

    for (gint64 id = 1; id <= FD_ROSTER_MAX + 5; id++)
        fd_roster_remove(roster, G_MAXINT64 - id);
    text = fd_roster_save(roster, NULL);
    g_assert_cmpuint(strlen(text), <=, FD_ROSTER_MAX_BYTES);
    next = again(roster, NULL);
    g_assert_true(fd_roster_is_removed(next, G_MAXINT64 - FD_ROSTER_MAX));
    g_assert_false(fd_roster_is_removed(next, G_MAXINT64 - FD_ROSTER_MAX - 1));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/roster/taken-off", test_taken_off);
    g_test_add_func("/flowdock/roster/list-not-kept", test_list_not_kept);
    g_test_add_func("/flowdock/roster/broken", test_broken);
    g_test_add_func("/flowdock/roster/many", test_many);
    return g_test_run();
}
