/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-people: one name a person, whoever comes in whatever order. */
#include "flowdock/model/fd-people.h"

#include <string.h>

/* Notes each renaming, and that all names are new by then. */
typedef struct {
    FdPeople *people;
    GString *text;
} Log;

static void on_renamed(const FdPerson *person, const char *old, gpointer user_data)
{
    Log *log = user_data;

    g_assert_true(fd_people_get(log->people, person->id) == person);
    g_assert_true(fd_people_find(log->people, person->shown) == person);
    g_assert_true(fd_people_find(log->people, old) != person || strcmp(old, person->shown) != 0);
    g_string_append_printf(log->text, "%s%" G_GINT64_FORMAT ":%s>%s", log->text->len ? " " : "", person->id, old,
                           person->shown);
}

static Log *log_new(void)
{
    Log *log = g_new(Log, 1);

    log->text = g_string_new(NULL);
    log->people = fd_people_new(on_renamed, NULL, log);
    return log;
}

static void log_free(Log *log)
{
    fd_people_free(log->people);
    g_string_free(log->text, TRUE);
    g_free(log);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Log, log_free)

static void put_full(Log *log, gint64 id, const char *nick, const char *name, const char *email, gboolean disabled)
{
    g_autoptr(FdUser) user = fd_user_new(id, nick);

    user->name = g_strdup(name);
    user->email = g_strdup(email);
    user->disabled = disabled;
    fd_people_put(log->people, user);
}

static void put(Log *log, gint64 id, const char *nick)
{
    put_full(log, id, nick, NULL, NULL, FALSE);
}

/* Settles and compares the renamings since the last time. */
static void assert_renamed(Log *log, const char *renamings)
{
    fd_people_settle(log->people);
    g_assert_cmpstr(log->text->str, ==, renamings);
    g_string_truncate(log->text, 0);
}

static void assert_shown(Log *log, gint64 id, const char *shown)
{
    const FdPerson *person = fd_people_get(log->people, id);

    g_assert_nonnull(person);
    g_assert_cmpstr(person->shown, ==, shown);
    g_assert_true(fd_people_find(log->people, shown) == person);
}

static void test_duplicates(void)
{
    g_autoptr(Log) log = log_new();

    put(log, 30, "ANN");
    put(log, 10, "ann");
    put(log, 20, "Ann");
    put(log, 40, "bob");
    assert_renamed(log, "");
    assert_shown(log, 10, "ann");
    assert_shown(log, 20, "Ann2");
    assert_shown(log, 30, "ANN3");
    assert_shown(log, 40, "bob");
    g_assert_cmpstr(fd_people_get(log->people, 30)->nick, ==, "ANN");
    g_assert_cmpuint(fd_people_count(log->people), ==, 4);
}

/* Also beyond ASCII, where a capital may be several letters. */
static void test_duplicates_unicode(void)
{
    g_autoptr(Log) log = log_new();

    put(log, 1, "\xc3\x84nn"); /* Aenn, capital */
    put(log, 2, "\xc3\xa4NN"); /* aenn, small */
    put(log, 3,
        "stra\xc3\x9f" /* sharp s */
        "e");
    put(log, 4, "STRASSE");
    assert_renamed(log, "");
    assert_shown(log, 1, "\xc3\x84nn");
    assert_shown(log, 2, "\xc3\xa4NN2");
    assert_shown(log, 4, "STRASSE2");
}

static void test_real_number_is_not_taken(void)
{
    g_autoptr(Log) log = log_new();

    put(log, 1, "ann");
    put(log, 2, "ann");
    put(log, 3, "Ann2");
    put(log, 4, "ann");
    put(log, 5, "ann4");
    assert_renamed(log, "");
    assert_shown(log, 1, "ann");
    assert_shown(log, 2, "ann3");
    assert_shown(log, 3, "Ann2");
    assert_shown(log, 4, "ann5");
    assert_shown(log, 5, "ann4");
}

/* Someone really called ann2 arrives: the numbered one makes room. */
static void test_real_number_arrives(void)
{
    g_autoptr(Log) log = log_new();

    put(log, 1, "ann");
    put(log, 2, "ann");
    assert_renamed(log, "");
    put(log, 9, "ann2");
    assert_renamed(log, "2:ann2>ann3");
    assert_shown(log, 9, "ann2");
    /* Two who are both called ann2: the second gets a number, too. */
    put(log, 10, "ANN2");
    assert_renamed(log, "");
    assert_shown(log, 10, "ANN22");
}

static void test_lower_id_arrives(void)
{
    g_autoptr(Log) log = log_new();

    put(log, 20, "ann");
    put(log, 30, "ann");
    assert_renamed(log, "");
    put(log, 10, "ANN");
    assert_renamed(log, "30:ann2>ann3 20:ann>ann2");
    assert_shown(log, 10, "ANN");
}

static void test_renamings(void)
{
    g_autoptr(Log) log = log_new();

    put(log, 1, "ann");
    put(log, 2, "ann");
    put(log, 3, "bob");
    assert_renamed(log, "");
    put(log, 1, "bea");
    assert_renamed(log, "1:ann>bea 2:ann2>ann");
    /* An exchange of names. */
    put(log, 1, "ann");
    put(log, 2, "bea");
    assert_renamed(log, "1:bea>ann 2:ann>bea");
    /* Only the case. */
    put(log, 3, "BOB");
    assert_renamed(log, "3:bob>BOB");
    /* The same again is nothing. */
    put(log, 3, "BOB");
    put(log, 1, "ann");
    assert_renamed(log, "");
    fd_people_settle(log->people);
    assert_renamed(log, "");
}

static void test_disabled(void)
{
    g_autoptr(Log) log = log_new();

    put_full(log, 1, "ann", NULL, NULL, TRUE);
    put(log, 5, "ann");
    put_full(log, 2, "bob", NULL, NULL, TRUE);
    assert_renamed(log, "");
    assert_shown(log, 5, "ann");
    assert_shown(log, 1, "ann2");
    assert_shown(log, 2, "bob");
    put(log, 1, "ann");
    assert_renamed(log, "1:ann2>ann 5:ann>ann2");
    /* One flow that has blocked them is not all. */
    put_full(log, 1, "ann", NULL, NULL, TRUE);
    assert_renamed(log, "");
    g_assert_false(fd_people_get(log->people, 1)->disabled);
    fd_people_set_disabled(log->people, 5, TRUE);
    fd_people_set_disabled(log->people, 1, TRUE);
    put(log, 9, "ann");
    assert_renamed(log, "5:ann2>ann3 1:ann>ann2");
    assert_shown(log, 9, "ann");
}

static void test_clean(void)
{
    g_autoptr(Log) log = log_new();

    put(log, 1, " ann\r\n\tlee ");
    put(log, 2, "ann lee");
    put(log, 3, "\xe2\x80\xae\n");
    put(log, 4, NULL);
    put(log, 5, "3");
    assert_renamed(log, "");
    assert_shown(log, 1, "ann lee");
    assert_shown(log, 2, "ann lee2");
    assert_shown(log, 3, "3");
    assert_shown(log, 4, "4");
    assert_shown(log, 5, "32");
}

static void test_find(void)
{
    g_autoptr(Log) log = log_new();

    put_full(log, 1, "ann", "Ann Lee", "ann@example.com", FALSE);
    put_full(log, 2, "ANN", NULL, "Other@Example.com", FALSE);
    put(log, 3, "7");
    put(log, 7, "eve");
    put(log, 8, "eve@example.com");
    put_full(log, 9, "mallory", NULL, "eve@example.com", FALSE);
    g_assert_null(fd_people_find(log->people, "ann"));
    fd_people_settle(log->people);
    g_assert_cmpint(fd_people_find(log->people, "Ann")->id, ==, 1);
    g_assert_cmpint(fd_people_find(log->people, "ann2")->id, ==, 2);
    g_assert_cmpint(fd_people_find(log->people, "ANN@EXAMPLE.COM")->id, ==, 1);
    g_assert_cmpint(fd_people_find(log->people, "other@example.com")->id, ==, 2);
    g_assert_cmpint(fd_people_find(log->people, "8")->id, ==, 8);
    /* A name comes before an id, and before an e-mail address. */
    g_assert_cmpint(fd_people_find(log->people, "7")->id, ==, 3);
    g_assert_cmpint(fd_people_find(log->people, "EVE@example.com")->id, ==, 8);
    g_assert_null(fd_people_find(log->people, NULL));
    g_assert_null(fd_people_find(log->people, ""));
    g_assert_cmpint(fd_people_find(log->people, "Ann Lee")->id, ==, 1);
    g_assert_null(fd_people_find(log->people, "@"));
    g_assert_null(fd_people_find(log->people, "-1"));
    g_assert_null(fd_people_find(log->people, "0"));
    g_assert_null(fd_people_find(log->people, "99999999999999999999"));
    g_assert_null(fd_people_get(log->people, 0));
    /* What hosts show, where it can mean one person only. */
    put_full(log, 30, "zz", "Zoe Zimmer", NULL, FALSE);
    put_full(log, 31, "yy", "Same Name", NULL, FALSE);
    put_full(log, 32, "xx", "same name", NULL, FALSE);
    fd_people_settle(log->people);
    g_assert_cmpint(fd_people_find(log->people, "zoe ZIMMER")->id, ==, 30);
    g_assert_null(fd_people_find(log->people, "Same Name"));
}

/* What one list leaves out is not gone; what another has anew counts. */
static void test_details(void)
{
    g_autoptr(Log) log = log_new();
    const FdPerson *person;

    put_full(log, 1, "ann", "Ann\nLee", "ann@example.com", FALSE);
    put(log, 1, "ann");
    fd_people_settle(log->people);
    person = fd_people_get(log->people, 1);
    g_assert_cmpstr(person->name, ==, "Ann Lee");
    g_assert_cmpstr(person->email, ==, "ann@example.com");
    put_full(log, 1, "ann", "Ann Smith", "smith@example.com", FALSE);
    assert_renamed(log, "");
    g_assert_cmpstr(person->name, ==, "Ann Smith");
    g_assert_cmpint(fd_people_find(log->people, "smith@example.com")->id, ==, 1);
    g_assert_null(fd_people_find(log->people, "ann@example.com"));
}

static void test_outsiders(void)
{
    static const struct {
        const char *name, *shown;
    } cases[] = {
        { "Eve", "Eve" },
        { "ann", "~ann" },
        { "ANN", "~ANN" },
        { " a\nnn", "a nn" },
        { "\tAnn\xe2\x80\x8f", "~Ann" },
        { "ann2", "~ann2" },
        { "ann3", "ann3" },
        { "", "~" },
        { NULL, "~" },
        { "\n", "~" },
        { "~Eve", "~Eve" },
        /* Nor may the sign make the name of someone who really has it. */
        { "bob", "~~bob" },
        { "~bob", "~~bob" },
        /* Hosts may show full names. */
        { "zoe  ZIMMER ", "~zoe ZIMMER" },
        { "Zoe", "Zoe" },
    };
    g_autoptr(Log) log = log_new();

    put_full(log, 20, "zz", "Zoe Zimmer", NULL, FALSE);
    put(log, 1, "ann");
    put(log, 2, "ann");
    put(log, 3, "bob");
    put(log, 4, "~bob");
    fd_people_settle(log->people);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = fd_people_outsider(log->people, cases[i].name);

        g_test_message("%s", cases[i].name ? cases[i].name : "none");
        g_assert_cmpstr(shown, ==, cases[i].shown);
        g_assert_null(fd_people_find(log->people, shown));
    }
}

/* The names do not depend on who was heard of first. */
static void test_any_order(void)
{
    static const char *const nicks[] = { "ann", "Ann", "ANN2", "bob", "bob2", "BOB", "ann22", "eve" };
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);

    g_test_message("seed %u", seed);
    for (guint round = 0; round < 300; round++) {
        g_autoptr(Log) once = log_new();
        g_autoptr(Log) slowly = log_new();
        g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        gint64 count = g_rand_int_range(dice, 1, 30);
        guint first = (guint)g_rand_int_range(dice, 0, 30);

        for (gint64 id = 1; id <= count; id++)
            put_full(once, id, nicks[(id * 7 + round) % G_N_ELEMENTS(nicks)], NULL, NULL, id % 5 == 0);
        fd_people_settle(once->people);
        for (gint64 i = 0; i < count; i++) {
            gint64 id = 1 + (i + first) % count;

            put(slowly, id, nicks[g_rand_int_range(dice, 0, G_N_ELEMENTS(nicks))]);
            fd_people_settle(slowly->people);
            put(slowly, id, nicks[(id * 7 + round) % G_N_ELEMENTS(nicks)]);
            fd_people_set_disabled(slowly->people, id, id % 5 == 0);
            if (g_rand_boolean(dice))
                fd_people_settle(slowly->people);
        }
        fd_people_settle(slowly->people);
        for (gint64 id = 1; id <= count; id++) {
            const FdPerson *person = fd_people_get(once->people, id);

            assert_shown(slowly, id, person->shown);
            g_assert_true(g_str_has_prefix(person->shown, person->nick));
            g_assert_true(g_hash_table_add(names, g_utf8_casefold(person->shown, -1)));
        }
    }
}

/* A whole organization of one nick must not stop the host: when numbers are sought from 2 each time, this is beyond the
 * patience of whoever runs the tests. */
static void test_crowd(void)
{
    g_autoptr(Log) log = log_new();

    for (gint64 id = 1; id <= 100000; id++)
        put(log, id, "ann");
    assert_renamed(log, "");
    assert_shown(log, 1, "ann");
    assert_shown(log, 2, "ann2");
    assert_shown(log, 100000, "ann100000");
}

/* ---------------------------------------------------------------------------------------------------------- changes */

#define MINUTE_MS G_GINT64_CONSTANT(60000)
#define NOW_MS G_GINT64_CONSTANT(1700000000000)

static void on_changed(gpointer user_data)
{
    ++*(guint *)user_data;
}

/* "1:15 2:8": who has changed, and how. */
static void assert_changed(FdPeople *people, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    FdPersonChange change;
    const FdPerson *person;

    while ((person = fd_people_next_changed(people, &change)))
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT ":%d", text->len ? " " : "", person->id, (int)change);
    g_assert_cmpstr(text->str, ==, expected);
}

static FdPeople *people_of(guint count, guint *told)
{
    FdPeople *people = fd_people_new(NULL, on_changed, told);

    for (guint id = 1; id <= count; id++) {
        g_autofree char *nick = g_strdup_printf("p%u", id);
        g_autoptr(FdUser) user = fd_user_new(id, nick);

        fd_people_put(people, user);
    }
    return people;
}

static void test_changes(void)
{
    guint told = 0;
    g_autoptr(FdPeople) people = people_of(3, &told);
    g_autoptr(FdUser) user = fd_user_new(2, "p2");
    FdPersonChange change;

    /* Nobody has a name yet. */
    g_assert_cmpuint(told, ==, 0);
    fd_people_settle(people);
    g_assert_cmpuint(told, ==, 1);
    assert_changed(people, "1:1 2:1 3:1");
    user->email = g_strdup("p2@example.com");
    fd_people_put(people, user);
    fd_people_put(people, user);
    g_assert_cmpuint(told, ==, 2);
    fd_people_set_presence(people, 2, FD_PRESENCE_IDLE, NOW_MS);
    fd_people_touch(people, 1, FD_PERSON_ROLE);
    fd_people_touch(people, 77, FD_PERSON_ROLE);
    g_assert_cmpuint(told, ==, 2);
    g_assert_cmpint(fd_people_next_changed(people, &change)->id, ==, 2);
    /* Once more, while the others are being taken. */
    fd_people_set_presence(people, 2, FD_PRESENCE_ACTIVE, NOW_MS);
    assert_changed(people, "1:16 2:8");
    fd_people_set_presence(people, 2, FD_PRESENCE_ACTIVE, NOW_MS);
    assert_changed(people, "");
    g_assert_cmpuint(told, ==, 2);
    g_free(user->nick);
    user->nick = g_strdup("P1");
    fd_people_put(people, user);
    /* Settled before it is handed out. */
    g_assert_cmpuint(told, ==, 2);
    g_assert_cmpint(fd_people_next_changed(people, &change)->id, ==, 2);
    g_assert_cmpint(change, ==, FD_PERSON_NAMED);
    g_assert_cmpstr(fd_people_get(people, 2)->shown, ==, "P12");
}

static FdPresence presence_of(FdPeople *people, gint64 id)
{
    return fd_people_get(people, id)->presence;
}

/* A list that leaves the nick out does not take it away. */
static void test_without_nick(void)
{
    guint told = 0;
    g_autoptr(FdPeople) people = people_of(1, &told);
    g_autoptr(FdUser) user = fd_user_new(1, NULL);

    fd_people_settle(people);
    fd_people_put(people, user);
    fd_people_settle(people);
    g_assert_cmpstr(fd_people_get(people, 1)->shown, ==, "p1");
}

static void test_seen(void)
{
    guint told = 0;
    g_autoptr(FdPeople) people = people_of(3, &told);

    fd_people_settle(people);
    /* There, and doing something; there only; long gone. */
    fd_people_note_activity(people, 1, NOW_MS, NOW_MS - MINUTE_MS, NOW_MS);
    fd_people_note_activity(people, 2, NOW_MS - MINUTE_MS, NOW_MS - 60 * MINUTE_MS, NOW_MS);
    fd_people_note_activity(people, 3, NOW_MS - 60 * MINUTE_MS, NOW_MS - 60 * MINUTE_MS, NOW_MS);
    fd_people_note_activity(people, 77, NOW_MS, NOW_MS, NOW_MS);
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_ACTIVE);
    g_assert_cmpint(presence_of(people, 2), ==, FD_PRESENCE_IDLE);
    g_assert_cmpint(presence_of(people, 3), ==, FD_PRESENCE_OFFLINE);
    g_assert_true(fd_people_is_aging(people));
    g_assert_true(fd_people_age(people, NOW_MS + MINUTE_MS));
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_ACTIVE);
    /* Active no longer, seen still. */
    g_assert_true(fd_people_age(people, NOW_MS + 9 * MINUTE_MS));
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_IDLE);
    g_assert_cmpint(presence_of(people, 2), ==, FD_PRESENCE_OFFLINE);
    g_assert_false(fd_people_age(people, NOW_MS + 11 * MINUTE_MS));
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_OFFLINE);
    /* Whose clock is ahead is not here for ever. */
    fd_people_note_activity(people, 1, NOW_MS + 999 * MINUTE_MS, NOW_MS + 999 * MINUTE_MS, NOW_MS + 12 * MINUTE_MS);
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_ACTIVE);
    g_assert_false(fd_people_age(people, NOW_MS + 23 * MINUTE_MS));
}

static void test_told(void)
{
    guint told = 0;
    g_autoptr(FdPeople) people = people_of(2, &told);

    fd_people_settle(people);
    fd_people_set_presence(people, 1, FD_PRESENCE_IDLE, NOW_MS);
    fd_people_set_presence(people, 77, FD_PRESENCE_IDLE, NOW_MS);
    /* What is told does not age, and holds against what is seen, */
    g_assert_false(fd_people_age(people, NOW_MS + 999 * MINUTE_MS));
    fd_people_note_activity(people, 1, NOW_MS, NOW_MS, NOW_MS);
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_IDLE);
    /* but for somebody who has come back; a list from before is no news. */
    fd_people_set_presence(people, 1, FD_PRESENCE_OFFLINE, NOW_MS);
    fd_people_note_activity(people, 1, NOW_MS + MINUTE_MS, 0, NOW_MS + MINUTE_MS);
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_ACTIVE);
    fd_people_set_presence(people, 1, FD_PRESENCE_OFFLINE, NOW_MS);
    fd_people_note_activity(people, 1, NOW_MS, NOW_MS - 20 * MINUTE_MS, NOW_MS + 30 * MINUTE_MS);
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_OFFLINE);
    /* After a gap of the stream it is only what was seen. */
    fd_people_set_presence(people, 1, FD_PRESENCE_ACTIVE, NOW_MS);
    fd_people_doubt_presence(people, NOW_MS + 40 * MINUTE_MS);
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_ACTIVE);
    g_assert_false(fd_people_age(people, NOW_MS + 51 * MINUTE_MS));
    g_assert_cmpint(presence_of(people, 1), ==, FD_PRESENCE_OFFLINE);
    /* Who is gone for good is not there. */
    fd_people_set_presence(people, 2, FD_PRESENCE_ACTIVE, NOW_MS);
    fd_people_set_disabled(people, 2, TRUE);
    fd_people_set_disabled(people, 77, TRUE);
    g_assert_cmpint(presence_of(people, 2), ==, FD_PRESENCE_OFFLINE);
    fd_people_set_presence(people, 2, FD_PRESENCE_ACTIVE, NOW_MS);
    g_assert_cmpint(presence_of(people, 2), ==, FD_PRESENCE_OFFLINE);
}

static void test_status(void)
{
    guint told = 0;
    g_autoptr(FdPeople) people = people_of(1, &told);
    g_autoptr(FdUser) user = fd_user_new(1, "p1");

    fd_people_settle(people);
    assert_changed(people, "1:1");
    fd_people_set_status(people, 1, "at\nlunch");
    assert_changed(people, "1:4");
    g_assert_cmpstr(fd_people_get(people, 1)->status, ==, "at lunch");
    fd_people_set_status(people, 1, "at\nlunch");
    fd_people_set_status(people, 77, "at lunch");
    /* A list may be older. */
    user->status = g_strdup("at breakfast");
    fd_people_put(people, user);
    assert_changed(people, "");
    fd_people_set_status(people, 1, NULL);
    assert_changed(people, "1:4");
    g_assert_cmpstr(fd_people_get(people, 1)->status, ==, "");
}

static void test_nobody_listens(void)
{
    g_autoptr(FdPeople) people = fd_people_new(NULL, NULL, NULL);
    g_autoptr(FdUser) user = fd_user_new(1, "ann");
    g_autoptr(FdUser) renamed = fd_user_new(1, "bea");

    fd_people_settle(people);
    fd_people_put(people, user);
    fd_people_settle(people);
    fd_people_put(people, renamed);
    fd_people_settle(people);
    g_assert_cmpstr(fd_people_get(people, 1)->shown, ==, "bea");
    fd_people_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/people/duplicates", test_duplicates);
    g_test_add_func("/flowdock/people/duplicates-unicode", test_duplicates_unicode);
    g_test_add_func("/flowdock/people/real-number-is-not-taken", test_real_number_is_not_taken);
    g_test_add_func("/flowdock/people/real-number-arrives", test_real_number_arrives);
    g_test_add_func("/flowdock/people/lower-id-arrives", test_lower_id_arrives);
    g_test_add_func("/flowdock/people/renamings", test_renamings);
    g_test_add_func("/flowdock/people/disabled", test_disabled);
    g_test_add_func("/flowdock/people/clean", test_clean);
    g_test_add_func("/flowdock/people/find", test_find);
    g_test_add_func("/flowdock/people/details", test_details);
    g_test_add_func("/flowdock/people/outsiders", test_outsiders);
    g_test_add_func("/flowdock/people/any-order", test_any_order);
    g_test_add_func("/flowdock/people/crowd", test_crowd);
    g_test_add_func("/flowdock/people/changes", test_changes);
    g_test_add_func("/flowdock/people/without-nick", test_without_nick);
    g_test_add_func("/flowdock/people/seen", test_seen);
    g_test_add_func("/flowdock/people/told", test_told);
    g_test_add_func("/flowdock/people/status", test_status);
    g_test_add_func("/flowdock/people/nobody-listens", test_nobody_listens);
    return g_test_run();
}
