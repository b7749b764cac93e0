/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-visits: each arrival and each departure once and in order, however polls overlap. */
#include "envoy/model/envoy-visits.h"
#include "test-envoy.h"

#define T0 (gint64)1750000000000

static const char *const one_location[] = { "1 A", NULL };
static const char *const two_flows[] = { "10@1 V", "11@1 W", "12@1= Staff", NULL };

typedef struct {
    EnvoyPlaces *places;
    EnvoyVisits *visits;
    GPtrArray *entries; /* what the service has */
    gint64 now_ms;
} Fixture;

static void set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    fixture->places = envoy_places_new("Front desk");
    test_put_only(fixture->places, one_location, two_flows);
    fixture->visits = envoy_visits_new(fixture->places, "Visitor");
    fixture->entries = g_ptr_array_new_with_free_func(test_free_entry);
    fixture->now_ms = T0;
}

static void tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_ptr_array_unref(fixture->entries);
    envoy_visits_free(fixture->visits);
    envoy_places_free(fixture->places);
}

/* Minutes are after T0. @out: 0: inside */
static EnvoyEntry *add(Fixture *fixture, const char *id, const char *name, int in, int out)
{
    EnvoyEntry *entry = g_new0(EnvoyEntry, 1);

    entry->id = g_strdup(id);
    entry->name = g_strdup(name);
    entry->signed_in_ms = T0 + in * MINUTE;
    entry->signed_out_ms = out ? T0 + out * MINUTE : 0;
    entry->flow_id = g_strdup("10");
    entry->location_id = g_strdup("1");
    g_ptr_array_add(fixture->entries, entry);
    return entry;
}

static void set_text(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static void append_event(GString *text, const EnvoyVisitEvent *event)
{
    if (text->len > 0)
        g_string_append(text, ", ");
    switch (event->kind) {
    case ENVOY_VISIT_ARRIVED:
        g_string_append_printf(text, "+%s%s", event->shown, event->over ? "!" : "");
        break;
    case ENVOY_VISIT_LEFT:
        g_string_append_printf(text, "-%s %d", event->shown,
                               event->length_ms < 0 ? -1 : (int)(event->length_ms / MINUTE));
        break;
    case ENVOY_VISIT_GONE:
        g_string_append_printf(text, "?%s", event->shown);
        break;
    case ENVOY_VISIT_BACK:
        g_string_append_printf(text, "*%s", event->shown);
        break;
    case ENVOY_VISIT_RENAMED:
        g_string_append_printf(text, "%s>%s", event->old_shown, event->shown);
        break;
    case ENVOY_VISIT_MOVED:
        g_string_append_printf(text, "%s@%s>%s@%s", event->old_shown, event->old_place ? event->old_place->name : "",
                               event->shown, event->place ? event->place->name : "");
        break;
    }
}

/* (transfer full) */
static char *describe(const GPtrArray *events)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < events->len; i++)
        append_event(text, events->pdata[i]);
    return g_string_free(text, FALSE);
}

/* A poll @minute minutes after T0 of all that came in the last 24 hours. */
static GPtrArray *feed(Fixture *fixture, int minute)
{
    EnvoyVisitsFeed answer = { .entries = fixture->entries, .complete = TRUE };

    fixture->now_ms = answer.now_ms = answer.asked_ms = T0 + minute * MINUTE;
    answer.from_ms = answer.now_ms - ENVOY_VISITS_WINDOW_MS;
    return envoy_visits_feed(fixture->visits, &answer);
}

static void assert_feed(Fixture *fixture, int minute, const char *expected)
{
    g_autoptr(GPtrArray) events = feed(fixture, minute);
    g_autofree char *text = describe(events);

    g_assert_cmpstr(text, ==, expected);
}

static void assert_inside(Fixture *fixture, const char *place_name, const char *expected)
{
    EnvoyPlace *place = place_name ? envoy_places_by_name(fixture->places, place_name) : NULL;
    g_autoptr(GPtrArray) inside = envoy_visits_inside(fixture->visits, place);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < inside->len; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", ((EnvoyVisit *)inside->pdata[i])->shown);
    g_assert_cmpstr(text->str, ==, expected);
    if (place)
        g_assert_cmpuint(place->inside.length, ==, inside->len);
}

static void test_history_is_silent(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    add(fixture, "1", "Ann", -60, 0);
    add(fixture, "2", "Bea", -50, -10);
    g_assert_false(envoy_visits_is_filled(fixture->visits));
    assert_feed(fixture, 0, "");
    g_assert_true(envoy_visits_is_filled(fixture->visits));
    assert_inside(fixture, "a/v", "Ann");
    assert_feed(fixture, 1, "");
    g_assert_cmpuint(envoy_visits_count(fixture->visits), ==, 2);
}

/* Pages of the first poll that come by and by are history, too. */
static void test_history_in_parts(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyVisitsFeed part = { fixture->entries, T0 - ENVOY_VISITS_WINDOW_MS, T0, T0, FALSE };
    g_autoptr(GPtrArray) events = NULL;

    add(fixture, "1", "Ann", -60, 0);
    events = envoy_visits_feed(fixture->visits, &part);
    g_assert_cmpuint(events->len, ==, 0);
    g_assert_false(envoy_visits_is_filled(fixture->visits));
    add(fixture, "2", "Bea", -50, 0);
    assert_feed(fixture, 0, "");
    add(fixture, "3", "Cid", 1, 0);
    assert_feed(fixture, 2, "+Cid");
    assert_inside(fixture, "a/v", "Ann, Bea, Cid");
}

static void test_come_and_go(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *ann, *bea;

    assert_feed(fixture, 0, "");
    ann = add(fixture, "1", "Ann", 1, 0);
    assert_feed(fixture, 2, "+Ann");
    assert_feed(fixture, 3, "");
    bea = add(fixture, "2", "Bea", 4, 0);
    ann->signed_out_ms = T0 + 5 * MINUTE;
    assert_feed(fixture, 6, "+Bea, -Ann 4");
    assert_inside(fixture, "a/v", "Bea");
    bea->signed_out_ms = T0 + 64 * MINUTE;
    assert_feed(fixture, 70, "-Bea 60");
    assert_inside(fixture, "a/v", "");
    assert_feed(fixture, 71, "");
}

static void test_in_order_of_time(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autofree char *text = NULL;

    assert_feed(fixture, 0, "");
    add(fixture, "4", "Dan", 4, 9);
    add(fixture, "2", "Bea", 2, 6);
    add(fixture, "3", "Cid", 3, 0);
    add(fixture, "1", "Ann", 1, 7);
    events = feed(fixture, 10);
    text = describe(events);
    g_assert_cmpstr(text, ==, "+Ann!, +Bea!, +Cid, +Dan!, -Bea 4, -Ann 6, -Dan 5");
    for (guint i = 1; i < events->len; i++)
        g_assert_cmpint(((EnvoyVisitEvent *)events->pdata[i - 1])->at_ms, <=,
                        ((EnvoyVisitEvent *)events->pdata[i])->at_ms);
    assert_inside(fixture, "a/v", "Cid");
}

static void test_odd_times(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *entry;

    assert_feed(fixture, 0, "");
    add(fixture, "1", "Early", 5, 3);
    add(fixture, "2", "Future", 500, 0);
    entry = add(fixture, "3", "Timeless", 0, 0);
    entry->signed_in_ms = 0;
    assert_feed(fixture, 6, "+Early!, -Early 0, +Timeless, +Future");
    entry->signed_out_ms = T0 + 7 * MINUTE;
    assert_feed(fixture, 8, "-Timeless -1");
}

static void test_duplicates(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    assert_feed(fixture, 0, "");
    add(fixture, "1", "Ann", 1, 0);
    add(fixture, "1", "Ann", 1, 3);
    add(fixture, "1", "Anna", 1, 0);
    assert_feed(fixture, 4, "+Anna!, -Anna 2");
    assert_feed(fixture, 5, "");
}

static void test_names(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *first, *second;

    assert_feed(fixture, 0, "");
    first = add(fixture, "1", "Ann", 1, 0);
    second = add(fixture, "2", "ANN", 2, 0);
    add(fixture, "3", "Ann", 3, 0);
    assert_feed(fixture, 4, "+Ann, +ANN2, +Ann3");
    /* Names stay, and numbers get free again. */
    first->signed_out_ms = T0 + 5 * MINUTE;
    assert_feed(fixture, 6, "-Ann 4");
    assert_inside(fixture, "a/v", "ANN2, Ann3");
    second->signed_out_ms = T0 + 7 * MINUTE;
    assert_feed(fixture, 8, "-ANN2 5");
    add(fixture, "4", "Ann", 9, 0);
    add(fixture, "5", "Ann", 10, 0);
    add(fixture, "6", "Ann2", 11, 0);
    assert_feed(fixture, 12, "+Ann, +Ann2, +Ann22");
    assert_inside(fixture, "a/v", "Ann3, Ann, Ann2, Ann22");
}

/* At each event the host has to be able to tell everybody apart. */
static void test_name_taken_while_given_away(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *ann;

    assert_feed(fixture, 0, "");
    ann = add(fixture, "1", "Ann", 1, 0);
    assert_feed(fixture, 2, "+Ann");
    ann->signed_out_ms = T0 + 5 * MINUTE;
    add(fixture, "2", "Ann", 4, 0);
    add(fixture, "3", "Ann", 6, 0);
    assert_feed(fixture, 7, "+Ann2, -Ann 4, +Ann");
}

static void test_odd_names(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letters = g_strnfill(5000, 'x');
    EnvoyVisit *visit;

    assert_feed(fixture, 0, "");
    add(fixture, "1", "", 1, 0);
    add(fixture, "2", " \n", 2, 0);
    add(fixture, "3", "Ann\nLee\xe2\x80\xae", 3, 0);
    add(fixture, "4", letters, 4, 0);
    g_ptr_array_unref(feed(fixture, 5));
    g_assert_cmpstr(envoy_visits_get(fixture->visits, "1")->shown, ==, "Visitor");
    g_assert_cmpstr(envoy_visits_get(fixture->visits, "2")->shown, ==, "Visitor2");
    g_assert_cmpstr(envoy_visits_get(fixture->visits, "3")->shown, ==, "Ann Lee");
    visit = envoy_visits_get(fixture->visits, "4");
    g_assert_cmpint(g_utf8_strlen(visit->shown, -1), ==, ENVOY_VISIT_NAME_MAX + 1);
}

static void test_rename_and_move(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *ann, *bea;

    assert_feed(fixture, 0, "");
    ann = add(fixture, "1", "Ann", 1, 0);
    bea = add(fixture, "2", "Bea", 2, 0);
    assert_feed(fixture, 3, "+Ann, +Bea");
    set_text(&ann->name, "Bea");
    assert_feed(fixture, 4, "Ann>Bea2");
    set_text(&ann->name, " Bea ");
    assert_feed(fixture, 5, "");
    set_text(&ann->flow_id, "11");
    assert_feed(fixture, 6, "Bea2@a/v>Bea@a/w");
    assert_inside(fixture, "a/w", "Bea");
    assert_inside(fixture, "a/v", "Bea");
    /* What an answer leaves out is not gone. */
    set_text(&ann->flow_id, NULL);
    set_text(&ann->location_id, NULL);
    assert_feed(fixture, 7, "");
    set_text(&bea->flow_id, "12");
    assert_feed(fixture, 8, "Bea@a/v>Bea@");
    assert_inside(fixture, "a/v", "");
    set_text(&bea->flow_id, "10");
    assert_feed(fixture, 9, "*Bea");
    assert_inside(fixture, "a/v", "Bea");
}

/* The line about leaving is in the room and under the name that the host knows. */
static void test_rename_on_leaving(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *ann;
    g_autoptr(GPtrArray) events = NULL;
    const EnvoyVisitEvent *event;

    assert_feed(fixture, 0, "");
    ann = add(fixture, "1", "Ann", 1, 0);
    assert_feed(fixture, 2, "+Ann");
    set_text(&ann->name, "Anna");
    set_text(&ann->flow_id, "11");
    ann->signed_out_ms = T0 + 3 * MINUTE;
    events = feed(fixture, 4);
    g_assert_cmpuint(events->len, ==, 1);
    event = events->pdata[0];
    g_assert_cmpstr(event->shown, ==, "Ann");
    g_assert_cmpstr(event->place->name, ==, "a/v");
    g_assert_cmpstr(event->visit->name, ==, "Anna");
    g_assert_cmpstr(event->visit->place->name, ==, "a/w");
}

static void test_gone(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *ann;

    assert_feed(fixture, 0, "");
    add(fixture, "1", "Ann", 1, 0);
    add(fixture, "2", "Bea", 2, 0);
    assert_feed(fixture, 3, "+Ann, +Bea");
    ann = g_ptr_array_steal_index(fixture->entries, 0);
    assert_feed(fixture, 4, "?Ann");
    assert_inside(fixture, "a/v", "Bea");
    assert_feed(fixture, 5, "");
    /* There again, and no second arrival. */
    g_ptr_array_add(fixture->entries, ann);
    assert_feed(fixture, 6, "*Ann");
    assert_inside(fixture, "a/v", "Ann, Bea");
    g_ptr_array_steal_index(fixture->entries, 1);
    assert_feed(fixture, 7, "?Ann");
    /* Gone at first, and now it is known when. */
    ann->signed_out_ms = T0 + 6 * MINUTE;
    g_ptr_array_add(fixture->entries, ann);
    assert_feed(fixture, 8, "-Ann 5");
    assert_feed(fixture, 9, "");
}

/* In an answer of many pages one may be skipped; in one that is not complete anything is. */
static void test_not_gone(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyVisitsFeed answer = { .entries = fixture->entries, .asked_ms = T0 + 5 * MINUTE, .now_ms = T0 + 5 * MINUTE };
    g_autoptr(GPtrArray) events = NULL, more = NULL;
    EnvoyEntry *ann;

    assert_feed(fixture, 0, "");
    ann = add(fixture, "ann", "Ann", 1, 0);
    for (int i = 0; i <= ENVOY_VISITS_PAGE; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);

        add(fixture, id, "Bea", 2, 3);
    }
    g_ptr_array_unref(feed(fixture, 4));
    g_ptr_array_steal_index(fixture->entries, 0);
    /* Asked for what is newer, or not answered to the end. */
    answer.from_ms = T0 + 1 * MINUTE;
    answer.complete = TRUE;
    events = envoy_visits_feed(fixture->visits, &answer);
    g_assert_cmpuint(events->len, ==, 0);
    answer.from_ms = T0;
    answer.complete = FALSE;
    more = envoy_visits_feed(fixture->visits, &answer);
    g_assert_cmpuint(more->len, ==, 0);
    assert_feed(fixture, 6, "");
    g_ptr_array_add(fixture->entries, ann);
    assert_feed(fixture, 7, "");
    g_ptr_array_steal_index(fixture->entries, fixture->entries->len - 1);
    assert_feed(fixture, 8, "");
    assert_feed(fixture, 9, "?Ann");
    test_free_entry(ann);
}

/* Copies of the service that lag behind must not make somebody leave twice. */
static void test_signed_out_and_in(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *ann;

    assert_feed(fixture, 0, "");
    ann = add(fixture, "1", "Ann", 1, 2);
    assert_feed(fixture, 3, "+Ann!, -Ann 1");
    ann->signed_out_ms = 0;
    assert_feed(fixture, 4, "*Ann");
    ann->signed_out_ms = T0 + 2 * MINUTE;
    assert_feed(fixture, 5, "?Ann");
    /* A corrected time is no news, a real second time is. */
    ann->signed_out_ms = T0 + 3 * MINUTE;
    assert_feed(fixture, 6, "");
    ann->signed_out_ms = 0;
    assert_feed(fixture, 7, "*Ann");
    ann->signed_out_ms = T0 + 8 * MINUTE;
    assert_feed(fixture, 9, "-Ann 7");
}

static void test_a_day_later(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    assert_feed(fixture, 0, "");
    add(fixture, "1", "Ann", 1, 0);
    assert_feed(fixture, 2, "+Ann");
    g_ptr_array_set_size(fixture->entries, 0);
    assert_feed(fixture, 24 * 60 + 2, "?Ann");
    assert_feed(fixture, 24 * 60 + 5, "");
    g_assert_cmpuint(envoy_visits_count(fixture->visits), ==, 0);
    /* The service does not keep to what was asked for. */
    add(fixture, "1", "Ann", 1, 0);
    add(fixture, "2", "Bea", 2, 3);
    assert_feed(fixture, 24 * 60 + 6, "");
    g_assert_cmpuint(envoy_visits_count(fixture->visits), ==, 0);
}

static void test_older_than_asked_for(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyVisitsFeed answer = { fixture->entries, T0 + 8 * MINUTE, T0 + 10 * MINUTE, T0 + 10 * MINUTE, TRUE };
    g_autoptr(GPtrArray) events = NULL;
    g_autofree char *text = NULL;
    EnvoyEntry *ann;

    assert_feed(fixture, 0, "");
    ann = add(fixture, "1", "Ann", 1, 0);
    assert_feed(fixture, 2, "+Ann");
    ann->signed_out_ms = T0 + 9 * MINUTE;
    add(fixture, "2", "Old", 7, 0);
    add(fixture, "3", "New", 8, 0);
    events = envoy_visits_feed(fixture->visits, &answer);
    text = describe(events);
    g_assert_cmpstr(text, ==, "+New, -Ann 8");
}

static void test_deliveries(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *parcel;

    assert_feed(fixture, 0, "");
    parcel = add(fixture, "1", "Parcel", 1, 0);
    parcel->is_delivery = TRUE;
    assert_feed(fixture, 2, "+Parcel");
    assert_inside(fixture, "a/v", "");
    assert_feed(fixture, 3, "");
    parcel->signed_out_ms = T0 + 4 * MINUTE;
    assert_feed(fixture, 5, "");
    g_assert_cmpint(envoy_visits_ask_from(fixture->visits, T0 + 6 * MINUTE, TRUE), ==,
                    T0 + 1 * MINUTE - ENVOY_VISITS_OVERLAP_MS);
}

static void test_employees(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *entry;

    assert_feed(fixture, 0, "");
    entry = add(fixture, "1", "Ann", 1, 0);
    set_text(&entry->flow_id, "12");
    assert_feed(fixture, 2, "");
    assert_inside(fixture, NULL, "");
    entry->signed_out_ms = T0 + 3 * MINUTE;
    assert_feed(fixture, 4, "");
}

static void test_front_desk(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyEntry *entry;

    assert_feed(fixture, 0, "");
    entry = add(fixture, "1", "Ann", 1, 0);
    set_text(&entry->flow_id, NULL);
    entry = add(fixture, "2", "Bea", 2, 0);
    set_text(&entry->flow_id, NULL);
    entry->purpose = g_strdup("w");
    assert_feed(fixture, 3, "+Ann, +Bea");
    assert_inside(fixture, "a/front-desk", "Ann");
    assert_inside(fixture, "a/w", "Bea");
}

static void assert_settle(Fixture *fixture, const char *const *locations, const char *const *flows,
                          const char *expected)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autofree char *text = NULL;

    test_put_only(fixture->places, locations, flows);
    events = envoy_visits_settle(fixture->visits, fixture->now_ms);
    text = describe(events);
    g_assert_cmpstr(text, ==, expected);
}

static void test_new_lists(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const more[] = { "10@1 V", "11@1 W", "13@1 X", "20@2 Y", NULL };
    static const char *const less[] = { "11@1 W", "13@1 X", NULL };
    static const char *const both[] = { "1 A", "2 B", NULL };
    EnvoyEntry *entry;

    assert_feed(fixture, 0, "");
    add(fixture, "1", "Ann", 1, 0);
    entry = add(fixture, "2", "Ann", 2, 0);
    set_text(&entry->flow_id, "13");
    entry = add(fixture, "3", "Cid", 3, 4);
    set_text(&entry->flow_id, "20");
    set_text(&entry->location_id, "2");
    assert_feed(fixture, 5, "+Ann, +Ann");
    g_assert_true(envoy_places_take_wanted(fixture->places));
    assert_inside(fixture, "a/front-desk", "Ann");
    assert_settle(fixture, both, more, "+Cid!, -Cid 1, Ann@a/front-desk>Ann@a/x");
    assert_settle(fixture, both, more, "");
    assert_settle(fixture, one_location, less, "Ann@a/v>Ann@a/front-desk");
    assert_inside(fixture, "a/front-desk", "Ann");
    assert_feed(fixture, 6, "");
}

static void test_no_lists_yet(void)
{
    Fixture fixture;

    fixture.places = envoy_places_new("Front desk");
    fixture.visits = envoy_visits_new(fixture.places, "Visitor");
    fixture.entries = g_ptr_array_new_with_free_func(test_free_entry);
    add(&fixture, "1", "Ann", -10, 0);
    assert_feed(&fixture, 0, "");
    add(&fixture, "2", "Bea", 1, 0);
    assert_feed(&fixture, 2, "");
    assert_settle(&fixture, one_location, two_flows, "+Bea, Ann@>Ann@a/v");
    assert_inside(&fixture, "a/v", "Ann, Bea");
    tear_down(&fixture, NULL);
}

static void test_ask_from(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyVisits *visits = fixture->visits;
    EnvoyEntry *ann;

    g_assert_cmpint(envoy_visits_ask_from(visits, T0, FALSE), ==, T0 - ENVOY_VISITS_WINDOW_MS);
    ann = add(fixture, "1", "Ann", -60, 0);
    add(fixture, "2", "Bea", -30, -20);
    assert_feed(fixture, 0, "");
    /* Just before the newest, just before the oldest inside. */
    g_assert_cmpint(envoy_visits_ask_from(visits, T0 + MINUTE, FALSE), ==, T0 - 32 * MINUTE);
    g_assert_cmpint(envoy_visits_ask_from(visits, T0 + MINUTE, TRUE), ==, T0 - 60 * MINUTE - 1000);
    ann->signed_out_ms = T0 + MINUTE;
    assert_feed(fixture, 2, "-Ann 61");
    g_assert_cmpint(envoy_visits_ask_from(visits, T0 + 3 * MINUTE, TRUE), ==, T0 - 32 * MINUTE);
    add(fixture, "3", "Cid", 30, 31);
    assert_feed(fixture, 10, "+Cid!, -Cid 1");
    g_assert_cmpint(envoy_visits_ask_from(visits, T0 + 11 * MINUTE, TRUE), ==, T0 + 8 * MINUTE);
    /* Not from before a day ago, and not from the future where the clock was put back. */
    g_assert_cmpint(envoy_visits_ask_from(visits, T0 + 48 * HOUR, TRUE), ==, T0 + 24 * HOUR);
    g_assert_cmpint(envoy_visits_ask_from(visits, T0 - 2 * HOUR, TRUE), ==, T0 - 2 * HOUR - 2 * MINUTE);
}

static void assert_resolve(Fixture *fixture, const char *text, const char *expected)
{
    g_autoptr(GPtrArray) found = envoy_visits_resolve(fixture->visits, NULL, text);
    g_autoptr(GString) ids = g_string_new(NULL);

    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(ids, "%s%s", i ? " " : "", ((EnvoyVisit *)found->pdata[i])->id);
    g_test_message("%s", text);
    g_assert_cmpstr(ids->str, ==, expected);
}

static void test_resolve(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    add(fixture, "101", "Ann Lee", -9, 0)->email = g_strdup("ann@x.org");
    add(fixture, "102", "Ann Lee", -8, 0);
    add(fixture, "103", "Anna", -7, 0);
    add(fixture, "104", "Gone", -6, -5);
    assert_feed(fixture, 0, "");
    assert_resolve(fixture, "101", "101");
    assert_resolve(fixture, "#102", "102");
    assert_resolve(fixture, "ann lee", "101 102");
    assert_resolve(fixture, "ann lee2", "102");
    assert_resolve(fixture, "ANNA", "103");
    assert_resolve(fixture, "ann", "101 102 103");
    assert_resolve(fixture, "ann@x.org", "101");
    assert_resolve(fixture, "104", "");
    assert_resolve(fixture, "gone", "");
    assert_resolve(fixture, "", "");
}

static void test_latest(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyPlace *place = envoy_places_by_name(fixture->places, "a/v");
    g_autoptr(GPtrArray) two = NULL, all = NULL, elsewhere = NULL;

    add(fixture, "2", "Bea", -8, 0);
    add(fixture, "1", "Ann", -9, -2);
    add(fixture, "3", "Cid", -7, -1);
    assert_feed(fixture, 0, "");
    two = envoy_visits_latest(fixture->visits, place, 2);
    g_assert_cmpuint(two->len, ==, 2);
    g_assert_cmpstr(((EnvoyVisit *)two->pdata[0])->id, ==, "2");
    g_assert_cmpstr(((EnvoyVisit *)two->pdata[1])->id, ==, "3");
    all = envoy_visits_latest(fixture->visits, NULL, G_MAXUINT);
    g_assert_cmpuint(all->len, ==, 3);
    elsewhere = envoy_visits_latest(fixture->visits, envoy_places_by_name(fixture->places, "a/w"), 9);
    g_assert_cmpuint(elsewhere->len, ==, 0);
}

/* Events keep what they are about, also when memory is given up. */
static void test_events_outlive(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) events = NULL;
    g_autofree char *text = NULL;

    assert_feed(fixture, 0, "");
    add(fixture, "1", "Ann", 1, 2);
    events = feed(fixture, 3);
    g_ptr_array_set_size(fixture->entries, 0);
    tear_down(fixture, NULL);
    text = describe(events);
    g_assert_cmpstr(text, ==, "+Ann!, -Ann 1");
    g_assert_cmpstr(((EnvoyVisitEvent *)events->pdata[0])->place->name, ==, "a/v");
    set_up(fixture, NULL);
}

static void test_bounded(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    enum { ALL = ENVOY_VISITS_MAX + ENVOY_VISITS_MAX / 2, PART = 5000 };
    guint told = 0;

    assert_feed(fixture, 0, "");
    for (int i = 0; i < ALL; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);

        add(fixture, id, id, 1 + i / 100, i % 4 == 0 ? 0 : 700);
    }
    for (guint i = 0; i < ALL; i += PART) {
        GPtrArray part = { fixture->entries->pdata + i, PART };
        EnvoyVisitsFeed answer = { &part, T0, T0 + 700 * MINUTE, T0 + 700 * MINUTE, FALSE };
        g_autoptr(GPtrArray) events = envoy_visits_feed(fixture->visits, &answer);

        for (guint j = 0; j < events->len; j++)
            told += ((EnvoyVisitEvent *)events->pdata[j])->kind == ENVOY_VISIT_ARRIVED;
        g_assert_cmpuint(envoy_visits_count(fixture->visits), <=, ENVOY_VISITS_MAX);
    }
    g_assert_cmpuint(told, ==, ALL);
    /* Whoever was forgotten is not told again; all that are inside are still known. */
    assert_feed(fixture, 701, "");
    g_assert_cmpuint(envoy_places_by_name(fixture->places, "a/v")->inside.length, ==, ALL / 4);
}

static void test_bounded_inside(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) events = NULL;
    guint gone = 0;

    assert_feed(fixture, 0, "");
    for (int i = 0; i < ENVOY_VISITS_MAX + 500; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);

        add(fixture, id, id, 1 + i / 100, 0);
    }
    events = feed(fixture, 700);
    for (guint i = 0; i < events->len; i++)
        gone += ((EnvoyVisitEvent *)events->pdata[i])->kind == ENVOY_VISIT_GONE;
    g_assert_cmpuint(gone, ==, 500);
    g_assert_cmpuint(envoy_visits_count(fixture->visits), ==, ENVOY_VISITS_MAX);
    assert_feed(fixture, 701, "");
}

/* ---------------------------------------------------------------------------------------------------------------- a day */

#define DAY_VISITS 5000

/* What a host would show of one room: name -> id. Everybody who comes must be new there, whoever goes must be there. */
typedef struct {
    GHashTable *rooms; /* place -> (shown, folded -> id) */
    guint arrived[DAY_VISITS], left[DAY_VISITS];
    gint64 last_arrival_ms, last_ms;
    gboolean in_order; /* of all events, over polls */
} Host;

static GHashTable *room_of(Host *host, EnvoyPlace *place)
{
    GHashTable *room = g_hash_table_lookup(host->rooms, place);

    if (!room) {
        room = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(host->rooms, place, room);
    }
    return room;
}

static void come(Host *host, EnvoyPlace *place, const char *shown, const char *id)
{
    char *folded = g_utf8_casefold(shown, -1);

    g_assert_false(g_hash_table_contains(room_of(host, place), folded));
    g_hash_table_insert(room_of(host, place), folded, g_strdup(id));
}

static void go(Host *host, EnvoyPlace *place, const char *shown, const char *id)
{
    g_autofree char *folded = g_utf8_casefold(shown, -1);

    g_assert_cmpstr(g_hash_table_lookup(room_of(host, place), folded), ==, id);
    g_hash_table_remove(room_of(host, place), folded);
}

static void show(Host *host, const EnvoyVisitEvent *event)
{
    const char *id = event->visit->id;
    guint number = (guint)g_ascii_strtoull(id, NULL, 10);

    switch (event->kind) {
    case ENVOY_VISIT_ARRIVED:
        host->arrived[number]++;
        g_assert_cmpint(event->at_ms, >=, host->last_arrival_ms);
        host->last_arrival_ms = event->at_ms;
        come(host, event->place, event->shown, id);
        break;
    case ENVOY_VISIT_LEFT:
        host->left[number]++;
        go(host, event->place, event->shown, id);
        break;
    case ENVOY_VISIT_RENAMED:
        go(host, event->place, event->old_shown, id);
        come(host, event->place, event->shown, id);
        break;
    case ENVOY_VISIT_MOVED:
        go(host, event->old_place, event->old_shown, id);
        come(host, event->place, event->shown, id);
        break;
    case ENVOY_VISIT_GONE:
    case ENVOY_VISIT_BACK:
        g_assert_not_reached();
    }
    if (host->in_order && event->kind <= ENVOY_VISIT_LEFT) {
        g_assert_cmpint(event->at_ms, >=, host->last_ms);
        host->last_ms = event->at_ms;
    }
}

/* The service's answer: what it knows at @now_ms of whoever came after @from_ms, shuffled, some of it twice. The entries
 * are in @block, their texts are the service's. */
static GPtrArray *answer_of(Fixture *fixture, GRand *rand, gint64 from_ms, gint64 now_ms, EnvoyEntry *block)
{
    GPtrArray *answer = g_ptr_array_new();

    for (guint i = 0; i < fixture->entries->len; i++) {
        const EnvoyEntry *entry = fixture->entries->pdata[i];
        guint copies = g_rand_int_range(rand, 0, 20) == 0 ? 2 : 1;

        for (guint j = 0; j < copies && entry->signed_in_ms > from_ms && entry->signed_in_ms <= now_ms; j++) {
            EnvoyEntry *copy = block++;
            guint other = (guint)g_rand_int_range(rand, 0, (gint32)answer->len + 1);

            *copy = *entry;
            if (entry->signed_out_ms > now_ms)
                copy->signed_out_ms = 0;
            g_ptr_array_add(answer, copy);
            answer->pdata[answer->len - 1] = answer->pdata[other];
            answer->pdata[other] = copy;
        }
    }
    return answer;
}

/* Somebody who is there gets another name, or another form. */
static void change_somebody(Fixture *fixture, GRand *rand)
{
    EnvoyEntry *entry = fixture->entries->pdata[g_rand_int_range(rand, 0, DAY_VISITS)];

    if (g_rand_boolean(rand))
        set_text(&entry->flow_id, g_rand_boolean(rand) ? "10" : "11");
    else
        set_text(&entry->name, g_rand_boolean(rand) ? "Ann" : "Bea");
}

static void make_day(Fixture *fixture, GRand *rand)
{
    static const char *const names[] = { "Ann", "ann", "Bea", "Cid", "", "Ann2", "Dan Lee" };

    for (guint i = 0; i < DAY_VISITS; i++) {
        g_autofree char *id = g_strdup_printf("%u", i);
        EnvoyEntry *entry = add(fixture, id, names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))], 0, 0);

        entry->signed_in_ms = T0 + (gint64)(g_rand_double(rand) * 20 * HOUR);
        if (g_rand_int_range(rand, 0, 20) > 0)
            entry->signed_out_ms = entry->signed_in_ms + (gint64)(g_rand_double(rand) * 4 * HOUR);
        if (g_rand_boolean(rand))
            set_text(&entry->flow_id, "11");
    }
}

static int compare_sign_ins(gconstpointer a, gconstpointer b)
{
    const EnvoyEntry *left = *(EnvoyEntry *const *)a, *right = *(EnvoyEntry *const *)b;

    return left->signed_in_ms < right->signed_in_ms ? -1 : left->signed_in_ms > right->signed_in_ms;
}

/* @fails: half way, and some of it is known all the same */
static void poll(Fixture *fixture, GRand *rand, Host *host, gint64 now_ms, gboolean wide, gboolean fails)
{
    gint64 from_ms = envoy_visits_ask_from(fixture->visits, now_ms, wide);
    g_autofree EnvoyEntry *block = g_new(EnvoyEntry, 2 * DAY_VISITS);
    g_autoptr(GPtrArray) answer = answer_of(fixture, rand, from_ms, now_ms, block);
    EnvoyVisitsFeed one = { answer, from_ms, now_ms, now_ms, TRUE };
    g_autoptr(GPtrArray) events = NULL;
    gboolean is_first = !envoy_visits_is_filled(fixture->visits);

    if (fails) {
        one.complete = FALSE;
        g_ptr_array_sort(answer, compare_sign_ins);
        g_ptr_array_set_size(answer, (int)answer->len / 2);
    }
    events = envoy_visits_feed(fixture->visits, &one);
    for (guint i = 0; i < events->len; i++)
        show(host, events->pdata[i]);
    for (guint i = 0; is_first && i < fixture->entries->len; i++) {
        EnvoyVisit *visit = envoy_visits_get(fixture->visits, ((EnvoyEntry *)fixture->entries->pdata[i])->id);

        if (visit && visit->inside)
            come(host, visit->place, visit->shown, visit->id);
    }
}

/* After a poll with all sign-outs: the room holds just who is inside. */
static void assert_truth(Fixture *fixture, Host *host, gint64 start_ms, gint64 now_ms)
{
    guint inside = 0, listed = 0;
    GHashTableIter iter;
    gpointer room;

    for (guint i = 0; i < fixture->entries->len; i++) {
        const EnvoyEntry *entry = fixture->entries->pdata[i];
        gboolean came = entry->signed_in_ms <= now_ms, went = entry->signed_out_ms && entry->signed_out_ms <= now_ms;
        gboolean seen = entry->signed_in_ms > start_ms;

        inside += came && !went;
        g_assert_cmpuint(host->arrived[i], ==, came && seen);
        g_assert_cmpuint(host->left[i], ==, went && entry->signed_out_ms > start_ms);
    }
    g_hash_table_iter_init(&iter, host->rooms);
    while (g_hash_table_iter_next(&iter, NULL, &room))
        listed += g_hash_table_size(room);
    g_assert_cmpuint(listed, ==, inside);
}

/* @any: polls of both kinds, some of which fail; else each with all sign-outs */
static void replay(Fixture *fixture, gboolean any)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    Host host = { .in_order = !any };
    gint64 start_ms = T0 + (gint64)(g_rand_double(rand) * 10 * HOUR), now_ms = start_ms;

    g_test_message("seed %u", seed);
    host.rooms = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref);
    make_day(fixture, rand);
    poll(fixture, rand, &host, now_ms, TRUE, FALSE);
    while (now_ms < T0 + 22 * HOUR) {
        gboolean wide = !any || g_rand_int_range(rand, 0, 8) == 0;
        gboolean fails = any && g_rand_int_range(rand, 0, 10) == 0;

        /* Mostly a few minutes, now and then a long time without the network. */
        now_ms += g_rand_int_range(rand, 1, g_rand_int_range(rand, 0, 15) == 0 ? 100 : 12) * MINUTE;
        change_somebody(fixture, rand);
        poll(fixture, rand, &host, now_ms, wide, fails);
    }
    now_ms += MINUTE;
    poll(fixture, rand, &host, now_ms, TRUE, FALSE);
    assert_truth(fixture, &host, start_ms, now_ms);
    g_hash_table_unref(host.rooms);
}

static void test_day_of_wide_polls(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    replay(fixture, FALSE);
}

static void test_day_of_any_polls(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    replay(fixture, TRUE);
}

static void test_quick(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    gint64 began_us;

    for (int i = 0; i < DAY_VISITS; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);

        add(fixture, id, "Visitor", -1000 + i / 10, i % 2 ? -1 : 0);
    }
    began_us = g_get_monotonic_time();
    assert_feed(fixture, 0, "");
    g_test_message("the first feed: %" G_GINT64_FORMAT " us", g_get_monotonic_time() - began_us);
    began_us = g_get_monotonic_time();
    assert_feed(fixture, 1, "");
    g_test_message("the same again: %" G_GINT64_FORMAT " us", g_get_monotonic_time() - began_us);
    g_assert_cmpuint(envoy_visits_count(fixture->visits), ==, DAY_VISITS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add("/envoy/visits/" path, Fixture, NULL, set_up, function, tear_down)
    ADD("history-is-silent", test_history_is_silent);
    ADD("history-in-parts", test_history_in_parts);
    ADD("come-and-go", test_come_and_go);
    ADD("in-order-of-time", test_in_order_of_time);
    ADD("odd-times", test_odd_times);
    ADD("duplicates", test_duplicates);
    ADD("names", test_names);
    ADD("name-taken-while-given-away", test_name_taken_while_given_away);
    ADD("odd-names", test_odd_names);
    ADD("rename-and-move", test_rename_and_move);
    ADD("rename-on-leaving", test_rename_on_leaving);
    ADD("gone", test_gone);
    ADD("not-gone", test_not_gone);
    ADD("signed-out-and-in", test_signed_out_and_in);
    ADD("a-day-later", test_a_day_later);
    ADD("older-than-asked-for", test_older_than_asked_for);
    ADD("deliveries", test_deliveries);
    ADD("employees", test_employees);
    ADD("front-desk", test_front_desk);
    ADD("new-lists", test_new_lists);
    g_test_add_func("/envoy/visits/no-lists-yet", test_no_lists_yet);
    ADD("ask-from", test_ask_from);
    ADD("resolve", test_resolve);
    ADD("latest", test_latest);
    ADD("events-outlive", test_events_outlive);
    ADD("bounded", test_bounded);
    ADD("bounded-inside", test_bounded_inside);
    ADD("day-of-wide-polls", test_day_of_wide_polls);
    ADD("day-of-any-polls", test_day_of_any_polls);
    ADD("quick", test_quick);
#undef ADD
    return g_test_run();
}
