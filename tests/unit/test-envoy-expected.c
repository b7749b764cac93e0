/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-expected: what is new, changed and withdrawn, from two kinds of answers; and who has come. */
#include "envoy/model/envoy-expected.h"
#include "test-envoy.h"

#define T0 (gint64)1750000000000

static const char *const one_location[] = { "1 A", NULL };
static const char *const two_flows[] = { "10@1 V", "11@1 W", NULL };

typedef struct {
    EnvoyPlaces *places;
    EnvoyExpected *expected;
} Fixture;

static void set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    fixture->places = envoy_places_new("Front desk");
    test_put_only(fixture->places, one_location, two_flows);
    fixture->expected = envoy_expected_new(fixture->places);
}

static void tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    envoy_expected_free(fixture->expected);
    envoy_places_free(fixture->places);
}

/* Minutes are after T0. */
static EnvoyInvite *invite_new(const char *id, const char *name, int created, int arrival)
{
    EnvoyInvite *invite = g_new0(EnvoyInvite, 1);

    invite->id = g_strdup(id);
    invite->name = g_strdup(name);
    invite->created_ms = T0 + created * MINUTE;
    invite->arrival_ms = T0 + arrival * MINUTE;
    invite->flow_id = g_strdup("10");
    invite->location_id = g_strdup("1");
    return invite;
}

static GPtrArray *list_new(EnvoyInvite *first, ...)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(test_free_invite);
    va_list more;

    va_start(more, first);
    for (EnvoyInvite *invite = first; invite; invite = va_arg(more, EnvoyInvite *))
        g_ptr_array_add(list, invite);
    va_end(more);
    return list;
}

#define NO_MORE ((EnvoyInvite *)NULL)

/* (transfer full): "+name", "~name thapf" with what is different, "-name" */
static char *describe(const GPtrArray *events)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < events->len; i++) {
        const EnvoyExpectedEvent *event = events->pdata[i];
        const char *name = event->guest->invite->name;

        g_string_append(text, i > 0 ? ", " : "");
        if (event->kind != ENVOY_EXPECTED_CHANGED) {
            g_string_append_printf(text, "%c%s", event->kind == ENVOY_EXPECTED_NEW ? '+' : '-', name);
            continue;
        }
        g_string_append_printf(
            text, "~%s %s%s%s%s%s", name, event->what & ENVOY_EXPECTED_TIME ? "t" : "",
            event->what & ENVOY_EXPECTED_HOST ? "h" : "", event->what & ENVOY_EXPECTED_APPROVAL ? "a" : "",
            event->what & ENVOY_EXPECTED_NAME ? "n" : "", event->what & ENVOY_EXPECTED_PLACE ? "p" : "");
    }
    return g_string_free(text, FALSE);
}

/* @list: (transfer full) */
static void newest(Fixture *fixture, int minute, GPtrArray *list, const char *expected)
{
    g_autoptr(GPtrArray) events = envoy_expected_feed_newest(fixture->expected, list, T0 + minute * MINUTE);
    g_autofree char *text = describe(events);

    g_assert_cmpstr(text, ==, expected);
    g_ptr_array_unref(list);
}

/* @list: (transfer full) */
static void window_until(Fixture *fixture, int minute, gint64 until_ms, GPtrArray *list, const char *expected)
{
    gint64 now_ms = T0 + minute * MINUTE;
    EnvoyExpectedWindow window = { list, envoy_expected_window_from(now_ms), until_ms, now_ms, now_ms };
    g_autoptr(GPtrArray) events = envoy_expected_feed_window(fixture->expected, &window);
    g_autofree char *text = describe(events);

    g_assert_cmpstr(text, ==, expected);
    g_ptr_array_unref(list);
}

static void window(Fixture *fixture, int minute, GPtrArray *list, const char *expected)
{
    window_until(fixture, minute, G_MAXINT64, list, expected);
}

static void set_text(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static void test_first_is_silent(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    window(fixture, 0, list_new(invite_new("1", "Ann", -60, 60), NO_MORE), "");
    newest(fixture, 0, list_new(invite_new("2", "Bea", -50, 9000), invite_new("1", "Ann", -60, 60), NO_MORE), "");
    g_assert_cmpuint(envoy_expected_count(fixture->expected), ==, 2);
    newest(fixture, 1, list_new(invite_new("2", "Bea", -50, 9000), invite_new("1", "Ann", -60, 60), NO_MORE), "");
}

static void test_new(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    newest(fixture, 0, list_new(invite_new("1", "Ann", -60, 60), NO_MORE), "");
    window(fixture, 0, list_new(invite_new("1", "Ann", -60, 60), NO_MORE), "");
    newest(fixture, 3, list_new(invite_new("3", "Cid", 2, 90), invite_new("2", "Bea", 1, 99), NO_MORE), "+Bea, +Cid");
    newest(fixture, 4, list_new(invite_new("3", "Cid", 2, 90), invite_new("2", "Bea", 1, 99), NO_MORE), "");
    /* The other answer may be the first to have it. */
    window(fixture, 6,
           list_new(invite_new("1", "Ann", -60, 60), invite_new("2", "Bea", 1, 99), invite_new("3", "Cid", 2, 90),
                    invite_new("4", "Dan", 5, 70), NO_MORE),
           "+Dan");
    newest(fixture, 7, list_new(invite_new("4", "Dan", 5, 70), NO_MORE), "");
}

/* What moves up because another is no more, or because its day comes nearer, is not new. */
static void test_old_ones_are_not_new(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    newest(fixture, 0, list_new(invite_new("2", "Bea", -10, 60), NO_MORE), "");
    window_until(fixture, 0, T0 + HOUR, list_new(invite_new("2", "Bea", -10, 60), NO_MORE), "");
    newest(fixture, 1, list_new(invite_new("1", "Ann", -20, 90), NO_MORE), "");
    window_until(fixture, 2, T0 + 3 * HOUR,
                 list_new(invite_new("2", "Bea", -10, 60), invite_new("1", "Ann", -20, 90),
                          invite_new("0", "Old", -30, 95), NO_MORE),
                 "");
    /* New, and past; new, and long past. */
    newest(fixture, 100, list_new(invite_new("5", "Eve", 99, 30), invite_new("6", "Fay", 99, -9000), NO_MORE), "");
    g_assert_nonnull(envoy_expected_get(fixture->expected, "5"));
    g_assert_null(envoy_expected_get(fixture->expected, "6"));
}

static void test_employees(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyInvite *invite = invite_new("1", "Ann", 1, 60);

    newest(fixture, 0, list_new(NO_MORE), "");
    invite->for_employees = TRUE;
    newest(fixture, 2, list_new(invite, NO_MORE), "");
    g_assert_cmpuint(envoy_expected_count(fixture->expected), ==, 0);
}

static void test_changed(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyInvite *invite = invite_new("1", "Ann", -60, 60);
    const EnvoyGuest *guest;

    set_text(&invite->host, "Bob");
    set_text(&invite->approval, "PENDING");
    window(fixture, 0, list_new(invite, NO_MORE), "");
    guest = envoy_expected_get(fixture->expected, "1");
    /* What is left out is not changed. */
    window(fixture, 5, list_new(invite_new("1", NULL, -60, 60), NO_MORE), "");
    g_assert_cmpstr(guest->invite->host, ==, "Bob");
    g_assert_cmpstr(guest->invite->name, ==, "Ann");
    window(fixture, 10, list_new(invite_new("1", "Ann", -60, 75), NO_MORE), "~Ann t");
    invite = invite_new("1", "Anna", -60, 75);
    set_text(&invite->host, "Eve");
    set_text(&invite->approval, "APPROVED");
    set_text(&invite->flow_id, "11");
    newest(fixture, 11, list_new(invite, NO_MORE), "");
    g_assert_cmpstr(guest->place->name, ==, "a/w");
    /* The first of the newest were silent; now they are told from there, too. */
    invite = invite_new("1", "Ann", -60, 75);
    invite->departure_ms = T0 + 80 * MINUTE;
    set_text(&invite->host, "Bob");
    set_text(&invite->approval, "DENIED");
    newest(fixture, 12, list_new(invite, NO_MORE), "~Ann thanp");
    g_assert_true(envoy_expected_get(fixture->expected, "1") == guest);
}

static void test_what_it_was(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    GPtrArray *list = list_new(invite_new("1", "Ann", -60, 75), NO_MORE);
    EnvoyExpectedWindow answer = { list, T0 - HOUR, G_MAXINT64, T0 + MINUTE, T0 + MINUTE };
    g_autoptr(GPtrArray) events = NULL;
    const EnvoyExpectedEvent *event;

    window(fixture, 0, list_new(invite_new("1", "Ann", -60, 60), NO_MORE), "");
    set_text(&((EnvoyInvite *)list->pdata[0])->flow_id, "11");
    events = envoy_expected_feed_window(fixture->expected, &answer);
    g_ptr_array_unref(list);
    g_assert_cmpuint(events->len, ==, 1);
    event = events->pdata[0];
    g_assert_cmpint(event->before->arrival_ms, ==, T0 + 60 * MINUTE);
    g_assert_cmpint(event->guest->invite->arrival_ms, ==, T0 + 75 * MINUTE);
    g_assert_cmpstr(event->old_place->name, ==, "a/v");
    g_assert_cmpstr(event->place->name, ==, "a/w");
}

static void test_withdrawn(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    window(fixture, 0,
           list_new(invite_new("1", "Ann", -60, 60), invite_new("2", "Bea", -60, 70), invite_new("3", "Cid", -60, 5),
                    NO_MORE),
           "");
    window(fixture, 5, list_new(invite_new("2", "Bea", -60, 70), invite_new("3", "Cid", -60, 5), NO_MORE), "-Ann");
    g_assert_null(envoy_expected_get(fixture->expected, "1"));
    /* Cid is only out of the window by now. */
    window(fixture, 66, list_new(invite_new("2", "Bea", -60, 70), NO_MORE), "");
    g_assert_nonnull(envoy_expected_get(fixture->expected, "3"));
    window(fixture, 68, list_new(NO_MORE), "-Bea");
    window(fixture, 69, list_new(NO_MORE), "");
}

static void test_not_withdrawn(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    GPtrArray *many = list_new(NO_MORE), *more = list_new(NO_MORE);
    EnvoyExpectedWindow late = { list_new(NO_MORE), T0 - HOUR, G_MAXINT64, T0 + 30 * MINUTE, T0 + 31 * MINUTE };
    g_autoptr(GPtrArray) events = NULL;

    window(fixture, 0, list_new(invite_new("a", "Ann", -60, 600), NO_MORE), "");
    /* Not complete, or complete only for an earlier time. */
    window_until(fixture, 5, 0, list_new(NO_MORE), "");
    window_until(fixture, 10, T0 + 599 * MINUTE, list_new(NO_MORE), "");
    /* Learnt of while the answer was on its way. */
    envoy_expected_add(fixture->expected, invite_new("b", "Bea", 30, 600), T0 + 30 * MINUTE);
    newest(fixture, 30, list_new(invite_new("a", "Ann", -60, 600), NO_MORE), "");
    events = envoy_expected_feed_window(fixture->expected, &late);
    g_assert_cmpuint(events->len, ==, 0);
    g_ptr_array_unref(late.invites);
    /* Skipped between two pages. */
    for (int i = 0; i <= ENVOY_EXPECTED_PAGE; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);

        g_ptr_array_add(many, invite_new(id, "X", -60, 700));
        g_ptr_array_add(more, invite_new(id, "X", -60, 700));
    }
    window(fixture, 40, many, "");
    window(fixture, 50, more, "-Ann, -Bea");
}

static void test_own(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    newest(fixture, 0, list_new(NO_MORE), "");
    window(fixture, 0, list_new(NO_MORE), "");
    g_assert_nonnull(envoy_expected_add(fixture->expected, invite_new("1", "Ann", 1, 60), T0 + MINUTE));
    newest(fixture, 2, list_new(invite_new("1", "Ann", 1, 60), NO_MORE), "");
    window(fixture, 5, list_new(invite_new("1", "Ann", 1, 60), NO_MORE), "");
    g_assert_nonnull(envoy_expected_add(fixture->expected, invite_new("1", "Ann", 1, 65), T0 + 6 * MINUTE));
    newest(fixture, 7, list_new(invite_new("1", "Ann", 1, 65), NO_MORE), "");
    envoy_expected_remove(fixture->expected, "1");
    envoy_expected_remove(fixture->expected, "unknown");
    window(fixture, 10, list_new(NO_MORE), "");
}

static void test_has_reached(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) fresh = list_new(invite_new("3", "Cid", 5, 60), NO_MORE);
    g_autoptr(GPtrArray) known = list_new(invite_new("3", "Cid", 5, 60), invite_new("1", "Ann", -5, 60), NO_MORE);
    g_autoptr(GPtrArray) older = list_new(invite_new("0", "Old", -9, 60), NO_MORE);

    g_assert_true(envoy_expected_has_reached(fixture->expected, fresh));
    newest(fixture, 0, list_new(invite_new("1", "Ann", -5, 60), NO_MORE), "");
    g_assert_false(envoy_expected_has_reached(fixture->expected, fresh));
    g_assert_true(envoy_expected_has_reached(fixture->expected, known));
    g_assert_true(envoy_expected_has_reached(fixture->expected, older));
}

/* Returns: the id of the invite that was marked. */
static const char *arrive(Fixture *fixture, const char *name, const char *email, int minute, const char *place_name)
{
    EnvoyVisit visit = { .id = (char *)"v", .name = (char *)name, .email = (char *)email };
    const EnvoyGuest *guest;

    visit.signed_in_ms = T0 + minute * MINUTE;
    visit.place = place_name ? envoy_places_by_name(fixture->places, place_name) : NULL;
    guest = envoy_expected_note_arrival(fixture->expected, &visit);
    if (!guest)
        return NULL;
    g_assert_true(guest->arrived);
    g_assert_cmpstr(guest->visit_id, ==, "v");
    return guest->invite->id;
}

static EnvoyInvite *with_email(EnvoyInvite *invite, const char *email)
{
    set_text(&invite->email, email);
    return invite;
}

static void test_arrivals(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    window(fixture, 0,
           list_new(invite_new("1", "Ann Lee", -60, 60), with_email(invite_new("2", "Bea", -60, 60), "bea@x.org"),
                    with_email(invite_new("3", "Bea", -60, 60), "other@x.org"), invite_new("4", "Dan", -60, 60),
                    invite_new("5", "Dan", -60, 90), with_email(invite_new("6", "Eve", -60, 60), "eve@x.org"),
                    invite_new("7", "Far", -60, 600), NO_MORE),
           "");
    g_assert_cmpstr(arrive(fixture, "ann  LEE", NULL, 50, "a/w"), ==, NULL);
    g_assert_cmpstr(arrive(fixture, "ann  LEE", NULL, 50, NULL), ==, NULL);
    g_assert_cmpstr(arrive(fixture, "ann  LEE", NULL, 50, "a/v"), ==, "1");
    /* Only once. */
    g_assert_cmpstr(arrive(fixture, "Ann Lee", NULL, 51, "a/v"), ==, NULL);
    /* Two of the same name: only the address tells. */
    g_assert_cmpstr(arrive(fixture, "Bea", NULL, 60, "a/v"), ==, NULL);
    g_assert_cmpstr(arrive(fixture, "Beatrix", "BEA@x.org", 60, "a/v"), ==, "2");
    g_assert_cmpstr(arrive(fixture, "Dan", NULL, 60, "a/v"), ==, NULL);
    /* Another address is somebody else. */
    g_assert_cmpstr(arrive(fixture, "Eve", "eve@y.org", 60, "a/v"), ==, NULL);
    g_assert_cmpstr(arrive(fixture, "Eve", NULL, 60, "a/v"), ==, "6");
    g_assert_cmpstr(arrive(fixture, "Far", NULL, 60, "a/v"), ==, NULL);
    g_assert_cmpstr(arrive(fixture, "", NULL, 60, "a/v"), ==, NULL);
    /* Nobody withdraws who has come. */
    window(fixture, 61,
           list_new(invite_new("3", "Bea", -60, 60), invite_new("4", "Dan", -60, 60), invite_new("5", "Dan", -60, 90),
                    NO_MORE),
           "-Far");
}

static void assert_resolve(Fixture *fixture, const char *text, const char *expected)
{
    g_autoptr(GPtrArray) found = envoy_expected_resolve(fixture->expected, NULL, text);
    g_autoptr(GString) ids = g_string_new(NULL);

    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(ids, "%s%s", i ? " " : "", ((EnvoyGuest *)found->pdata[i])->invite->id);
    g_test_message("%s", text);
    g_assert_cmpstr(ids->str, ==, expected);
}

static void test_resolve(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) elsewhere = NULL;

    window(fixture, 0,
           list_new(with_email(invite_new("101", "Ann Lee", -60, 60), "ann@x.org"), invite_new("102", "Anna", -60, 50),
                    invite_new("103", "Bob", -60, 70), invite_new("104", "Bob", -60, 65), NO_MORE),
           "");
    assert_resolve(fixture, "101", "101");
    assert_resolve(fixture, "#101", "101");
    assert_resolve(fixture, "ann lee", "101");
    assert_resolve(fixture, "anna", "102");
    assert_resolve(fixture, "ann", "102 101");
    assert_resolve(fixture, "Lee", "101");
    assert_resolve(fixture, "@x.org", "101");
    assert_resolve(fixture, "bob", "104 103");
    assert_resolve(fixture, "nobody", "");
    assert_resolve(fixture, "", "");
    g_assert_cmpstr(arrive(fixture, "Anna", NULL, 50, "a/v"), ==, "102");
    assert_resolve(fixture, "ann", "101");
    assert_resolve(fixture, "102", "102");
    elsewhere = envoy_expected_resolve(fixture->expected, envoy_places_by_name(fixture->places, "a/w"), "101");
    g_assert_cmpuint(elsewhere->len, ==, 0);
}

static void test_list(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) list = NULL, elsewhere = NULL;

    window(fixture, 0,
           list_new(invite_new("1", "Ann", -60, 60), invite_new("2", "Bea", -60, 50), invite_new("3", "Cid", -60, 100),
                    NO_MORE),
           "");
    list = envoy_expected_list(fixture->expected, NULL, T0, T0 + 100 * MINUTE);
    g_assert_cmpuint(list->len, ==, 2);
    g_assert_cmpstr(((EnvoyGuest *)list->pdata[0])->invite->id, ==, "2");
    elsewhere = envoy_expected_list(fixture->expected, envoy_places_by_name(fixture->places, "a/w"), 0, G_MAXINT64);
    g_assert_cmpuint(elsewhere->len, ==, 0);
}

static void test_find_created(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyPlace *place = envoy_places_by_name(fixture->places, "a/v");
    EnvoyWantedInvite wanted = { "Ann Lee", "ann@x.org", place, T0 + 60 * MINUTE, T0 + 10 * MINUTE };
    g_autoptr(GPtrArray) wrong =
        list_new(with_email(invite_new("1", "Ann Lee", 11, 90), "ann@x.org"),
                 with_email(invite_new("2", "Ann Lee", 11, 60), "lee@x.org"),
                 with_email(invite_new("3", "Ann Lee", 11, 60), "ann@x.org"), invite_new("4", "Ann", 11, 60), NO_MORE);
    g_autoptr(GPtrArray) right = list_new(with_email(invite_new("9", "A. L.", 11, 60), "ANN@x.org"), NO_MORE);

    set_text(&((EnvoyInvite *)wrong->pdata[2])->flow_id, "11");
    /* One just like it was there before. */
    window(fixture, 0, list_new(with_email(invite_new("5", "Ann Lee", -9, 60), "ann@x.org"), NO_MORE), "");
    g_assert_null(envoy_expected_find_created(fixture->expected, wrong, &wanted));
    g_assert_null(envoy_expected_find_created(fixture->expected, NULL, &wanted));
    g_assert_true(envoy_expected_find_created(fixture->expected, right, &wanted) == right->pdata[0]);
    /* By name where no address was told, or none is kept. */
    wanted.email = NULL;
    g_assert_cmpstr(envoy_expected_find_created(fixture->expected, wrong, &wanted)->id, ==, "2");
    /* A poll was quicker; the service has chosen the flow. */
    newest(fixture, 9, list_new(NO_MORE), "");
    newest(fixture, 11, list_new(invite_new("7", "ann lee", 11, 60), NO_MORE), "+ann lee");
    wanted.place = envoy_places_by_name(fixture->places, "a/front-desk");
    g_assert_cmpstr(envoy_expected_find_created(fixture->expected, NULL, &wanted)->id, ==, "7");
}

static void test_forgotten(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    newest(fixture, 0, list_new(invite_new("1", "Ann", -60, 60), NO_MORE), "");
    newest(fixture, 100, list_new(invite_new("2", "Bea", 99, 120), NO_MORE), "+Bea");
    newest(fixture, 24 * 60 + 61, list_new(NO_MORE), "");
    g_assert_cmpuint(envoy_expected_count(fixture->expected), ==, 1);
    /* On a quiet day it is still among the newest. */
    newest(fixture, 24 * 60 + 200, list_new(invite_new("2", "Bea", 99, 120), NO_MORE), "");
    newest(fixture, 24 * 60 + 201, list_new(invite_new("2", "Bea", 99, 120), NO_MORE), "");
    g_assert_cmpuint(envoy_expected_count(fixture->expected), ==, 0);
}

static void test_bounded(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    GPtrArray *list = list_new(NO_MORE), *one_more = list_new(invite_new("x", "X", 5, 60), NO_MORE);

    newest(fixture, 0, list_new(NO_MORE), "");
    for (int i = 0; i < ENVOY_EXPECTED_MAX + 10; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);

        g_ptr_array_add(list, invite_new(id, "X", -1, 60));
    }
    window(fixture, 0, list, "");
    g_assert_cmpuint(envoy_expected_count(fixture->expected), ==, ENVOY_EXPECTED_MAX);
    newest(fixture, 6, one_more, "");
    g_assert_null(envoy_expected_add(fixture->expected, invite_new("y", "Y", 6, 60), T0));
    /* Nor later, when there is room again. */
    envoy_expected_remove(fixture->expected, "1");
    newest(fixture, 7, list_new(invite_new("x", "X", 5, 60), NO_MORE), "");
}

static void test_new_lists(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const less[] = { "11@1 W", NULL };

    window(fixture, 0, list_new(invite_new("1", "Ann", -60, 60), NO_MORE), "");
    test_put_only(fixture->places, one_location, less);
    envoy_expected_settle(fixture->expected);
    g_assert_cmpstr(envoy_expected_get(fixture->expected, "1")->place->name, ==, "a/front-desk");
    window(fixture, 5, list_new(invite_new("1", "Ann", -60, 60), NO_MORE), "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add("/envoy/expected/" path, Fixture, NULL, set_up, function, tear_down)
    ADD("first-is-silent", test_first_is_silent);
    ADD("new", test_new);
    ADD("old-ones-are-not-new", test_old_ones_are_not_new);
    ADD("employees", test_employees);
    ADD("changed", test_changed);
    ADD("what-it-was", test_what_it_was);
    ADD("withdrawn", test_withdrawn);
    ADD("not-withdrawn", test_not_withdrawn);
    ADD("own", test_own);
    ADD("has-reached", test_has_reached);
    ADD("arrivals", test_arrivals);
    ADD("resolve", test_resolve);
    ADD("list", test_list);
    ADD("find-created", test_find_created);
    ADD("forgotten", test_forgotten);
    ADD("bounded", test_bounded);
    ADD("new-lists", test_new_lists);
#undef ADD
    return g_test_run();
}
