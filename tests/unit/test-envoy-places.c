/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-places: names that stay, objects that stay, and the place of whatever has one. */
#include "envoy/model/envoy-places.h"
#include "test-envoy.h"

#include <string.h>

static const char *const two_locations[] = { "1 Berlin HQ", "2 Paris", NULL };
static const char *const some_flows[] = {
    "10@1 Visitor", "11@1 Interview", "20@2 Visitor", "21@2! Closed", "22@2= Staff", NULL,
};

static EnvoyPlaces *places_new(void)
{
    EnvoyPlaces *places = envoy_places_new("Front desk");

    test_put_only(places, two_locations, some_flows);
    return places;
}

static void assert_put(EnvoyPlaces *places, const char *const *locations, const char *const *flows,
                       const char *expected)
{
    g_autofree char *changes = test_put(places, locations, flows);

    g_assert_cmpstr(changes, ==, expected);
}

/* Returns: the names of all places, in order. */
static char *list_names(EnvoyPlaces *places)
{
    const GPtrArray *list = envoy_places_list(places);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", ((EnvoyPlace *)list->pdata[i])->name);
    return g_string_free(text, FALSE);
}

static void assert_names(EnvoyPlaces *places, const char *expected)
{
    g_autofree char *names = list_names(places);

    g_assert_cmpstr(names, ==, expected);
}

static void test_rooms(void)
{
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");
    EnvoyPlace *place;

    assert_put(places, two_locations, some_flows,
               "+berlin-hq/front-desk\n+paris/front-desk\n+berlin-hq/visitor\n+berlin-hq/interview\n+paris/visitor");
    place = envoy_places_by_ids(places, "10", "1");
    g_assert_cmpstr(place->title, ==, "Visitor \xe2\x80\x93 Berlin HQ");
    g_assert_cmpstr(place->flow_id, ==, "10");
    g_assert_cmpstr(place->location_id, ==, "1");
    g_assert_false(place->is_front_desk);
    g_assert_cmpint(place->chat_id, >, 0);
    g_assert_true(envoy_places_by_chat_id(places, place->chat_id) == place);
    g_assert_null(envoy_places_by_chat_id(places, 0));
    place = envoy_places_by_ids(places, NULL, "2");
    g_assert_true(place->is_front_desk);
    g_assert_cmpstr(place->title, ==, "Front desk \xe2\x80\x93 Paris");
    /* The same again is no news. */
    assert_put(places, two_locations, some_flows, "");
}

static void test_names(void)
{
    static const struct {
        const char *name;
        const char *locations[4];
        const char *flows[6];
        const char *names;
    } cases[] = {
        { "two flows of one name", { "1 A" }, { "2@1 V", "3@1 v!" }, "a/front-desk a/v a/v-2" },
        { "ids count as numbers", { "1 A" }, { "10@1 V", "9@1 V" }, "a/front-desk a/v a/v-2" },
        { "two locations of one name",
          { "1 A", "2 a" },
          { "5@2 V", "6@1 V" },
          "a/front-desk a/front-desk-2 a/v a/v-2" },
        { "a number that is a name",
          { "1 A" },
          { "2@1 V", "3@1 V", "4@1 V 2", "5@1 V" },
          "a/front-desk a/v a/v-2 a/v-2-2 a/v-3" },
        { "called like the front desk", { "1 A" }, { "2@1 Front Desk" }, "a/front-desk a/front-desk-2" },
        { "only signs", { "7 !!" }, { "8@7 ??" }, "7/front-desk 7/8" },
        { "signs, and so is the id", { "~ !!" }, { "?@~ ??" }, "0/front-desk 0/0" },
        { "a flow of all locations", { "1 A", "2 B", "3! C" }, { "5@* V" }, "a/front-desk b/front-desk a/v b/v" },
        { "a flow of no location that is known", { "1 A" }, { "5@9 V" }, "a/front-desk" },
        { "a location twice", { "1 A", "1 B" }, { "5@1 V" }, "b/front-desk b/v" },
        { "a flow twice", { "1 A" }, { "5@1 V", "5@1 W" }, "a/front-desk a/v" },
        { "nothing", { NULL }, { NULL }, "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");

        g_test_message("%s", cases[i].name);
        test_put_only(places, cases[i].locations, cases[i].flows);
        assert_names(places, cases[i].names);
    }
}

static void test_any_order_of_lists(void)
{
    static const char *const forth[] = { "1@1 V", "2@1 V", "3@2 V", NULL };
    static const char *const back[] = { "3@2 V", "2@1 V", "1@1 V", NULL };
    static const char *const there[] = { "2 A", "1 A", NULL };
    static const char *const here[] = { "1 A", "2 A", NULL };
    g_autoptr(EnvoyPlaces) one = envoy_places_new("Front desk"), other = envoy_places_new("Front desk");

    test_put_only(one, here, forth);
    test_put_only(other, there, back);
    g_assert_cmpstr(envoy_places_by_ids(one, "2", "1")->name, ==, "a/v-2");
    g_assert_cmpstr(envoy_places_by_ids(other, "2", "1")->name, ==, "a/v-2");
    g_assert_cmpstr(envoy_places_by_ids(other, "3", "2")->name, ==, "a/v-3");
}

/* A new flow never takes the name of an older one. */
static void test_new_flows_change_no_names(void)
{
    static const char *const before[] = { "5@2 V", "6@1 V", NULL };
    static const char *const after[] = { "7@1 V", "5@2 V", "8@1 V 2", "6@1 V", NULL };
    static const char *const locations[] = { "1 A", "2 A", NULL };
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");

    test_put_only(places, locations, before);
    assert_put(places, locations, after, "+a/v-3\n+a/v-2-2");
}

static void test_objects_stay(void)
{
    static const char *const renamed[] = { "2 Lyon", "1 Berlin HQ", NULL };
    static const char *const fewer[] = { "20@2 Guest", NULL };
    g_autoptr(EnvoyPlaces) places = places_new();
    EnvoyPlace *guest = envoy_places_by_ids(places, "20", "2");
    EnvoyPlace *shown = envoy_places_by_ids(places, "10", "1");
    int chat_id = guest->chat_id;

    shown->shown = TRUE;
    assert_put(places, renamed, fewer,
               "-berlin-hq/visitor\n-berlin-hq/interview\nparis/front-desk>lyon/front-desk\nparis/visitor>lyon/guest");
    g_assert_true(envoy_places_by_ids(places, "20", "2") == guest);
    g_assert_cmpint(guest->chat_id, ==, chat_id);
    g_assert_cmpstr(guest->title, ==, "Guest \xe2\x80\x93 Lyon");
    g_assert_true(envoy_places_by_name(places, "lyon/guest") == guest);
    g_assert_null(envoy_places_by_name(places, "paris/visitor"));
    /* Gone, and found no more but by the window that is open. */
    g_assert_true(shown->gone);
    g_assert_null(envoy_places_by_ids(places, "10", "1"));
    g_assert_null(envoy_places_by_name(places, "berlin-hq/visitor"));
    g_assert_true(envoy_places_by_chat_id(places, shown->chat_id) == shown);
    assert_put(places, renamed, fewer, "");
    assert_put(places, two_locations, some_flows,
               "lyon/front-desk>paris/front-desk\nlyon/guest>paris/visitor\n+berlin-hq/visitor\n+berlin-hq/interview");
    g_assert_true(envoy_places_by_ids(places, "10", "1") == shown);
}

static void on_freed(gpointer data)
{
    (*(guint *)data)++;
}

static void test_removed_are_forgotten(void)
{
    static const char *const none[] = { NULL };
    guint freed = 0;
    g_autoptr(EnvoyPlaces) places = places_new();
    EnvoyPlace *place = envoy_places_by_ids(places, "10", "1"), *kept = envoy_places_by_ids(places, "11", "1");

    place->data = kept->data = &freed;
    place->data_free = kept->data_free = on_freed;
    envoy_place_ref(kept);
    test_put_only(places, two_locations, none);
    g_assert_cmpuint(freed, ==, 0);
    test_put_only(places, two_locations, none);
    g_assert_cmpuint(freed, ==, 1);
    envoy_place_unref(kept);
    g_assert_cmpuint(freed, ==, 2);
}

/* A host that has a room of a name cannot have two. */
static void test_names_given_away_first(void)
{
    static const char *const location[] = { "1 A", NULL };
    static const char *const all[] = { "1@1 V", "2@1 V", "3@1 V", "4@1 V", NULL };
    static const char *const rest[] = { "2@1 V", "3@1 V", "4@1 V", NULL };
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");

    test_put_only(places, location, all);
    assert_put(places, location, rest, "-a/v\na/v-2>a/v\na/v-3>a/v-2\na/v-4>a/v-3");
    assert_put(places, location, all, "a/v-3>a/v-4\na/v-2>a/v-3\na/v>a/v-2\n+a/v");
}

/* Two that change their names with each other are told all the same. */
static void test_names_in_a_circle(void)
{
    static const char *const location[] = { "1 A", NULL };
    static const char *const one[] = { "1@1 V", "2@1 W", NULL };
    static const char *const other[] = { "1@1 W", "2@1 V", NULL };
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");

    test_put_only(places, location, one);
    assert_put(places, location, other, "a/w>a/v\na/v>a/w");
}

static void test_resolve(void)
{
    static const char *const locations[] = { "1 Berlin HQ", "2 Paris", "3 \xe6\x9d\xb1\xe4\xba\xac", NULL };
    static const char *const flows[] = {
        "10@1 Visitor", "11@1 Job Interview", "20@2 Visitor", "30@3 !!", "40@* Delivery", NULL,
    };
    static const struct {
        const char *text;
        EnvoyPlacesResolved resolved;
        const char *names;
    } cases[] = {
        { "berlin-hq/visitor", ENVOY_PLACES_ONE, "berlin-hq/visitor" },
        { "#berlin-hq/visitor", ENVOY_PLACES_ONE, "berlin-hq/visitor" },
        { " Berlin HQ/Visitor ", ENVOY_PLACES_ONE, "berlin-hq/visitor" },
        { "\xe6\x9d\xb1\xe4\xba\xac/30", ENVOY_PLACES_ONE, "\xe6\x9d\xb1\xe4\xba\xac/30" },
        { "Visitor \xe2\x80\x93 Paris", ENVOY_PLACES_ONE, "paris/visitor" },
        { "visitor - paris", ENVOY_PLACES_ONE, "paris/visitor" },
        { "Job interview", ENVOY_PLACES_ONE, "berlin-hq/job-interview" },
        { "#job-interview", ENVOY_PLACES_ONE, "berlin-hq/job-interview" },
        { "!!", ENVOY_PLACES_ONE, "\xe6\x9d\xb1\xe4\xba\xac/30" },
        { "11", ENVOY_PLACES_ONE, "berlin-hq/job-interview" },
        { "Visitor", ENVOY_PLACES_AMBIGUOUS, "berlin-hq/visitor paris/visitor" },
        { "40", ENVOY_PLACES_AMBIGUOUS, "berlin-hq/delivery paris/delivery \xe6\x9d\xb1\xe4\xba\xac/delivery" },
        { "paris/front-desk", ENVOY_PLACES_ONE, "paris/front-desk" },
        { "Front desk - Paris", ENVOY_PLACES_ONE, "paris/front-desk" },
        { "12", ENVOY_PLACES_NONE, "" },
        { "nowhere", ENVOY_PLACES_NONE, "" },
        { "paris/nothing", ENVOY_PLACES_NONE, "" },
        { "/", ENVOY_PLACES_NONE, "" },
        { "#", ENVOY_PLACES_NONE, "" },
        { "", ENVOY_PLACES_NONE, "" },
    };
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");

    test_put_only(places, locations, flows);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) candidates = NULL;
        g_autoptr(GString) names = g_string_new(NULL);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(envoy_places_resolve(places, cases[i].text, &candidates), ==, cases[i].resolved);
        for (guint j = 0; j < candidates->len; j++)
            g_string_append_printf(names, "%s%s", j ? " " : "", ((EnvoyPlace *)candidates->pdata[j])->name);
        g_assert_cmpstr(names->str, ==, cases[i].names);
    }
}

static void test_find(void)
{
    static const char *const locations[] = { "1 A", "2 B", "3! C", NULL };
    static const char *const flows[] = {
        "10@1 Visitor", "11@1 Interview", "20@2 Visitor",  "21@2! Closed", "22@2= Staff",
        "23@2 Twice",   "24@2 twice",     "40@* Delivery", NULL,
    };
    static const struct {
        const char *name, *flow, *location, *purpose, *place;
        EnvoyFound how;
    } cases[] = {
        { "by flow", "10", "1", NULL, "a/visitor", ENVOY_FOUND_PLACE },
        { "by flow alone", "10", NULL, NULL, "a/visitor", ENVOY_FOUND_PLACE },
        { "by flow before purpose", "10", "1", "Interview", "a/visitor", ENVOY_FOUND_PLACE },
        { "by purpose", NULL, "1", " interview ", "a/interview", ENVOY_FOUND_PLACE },
        { "by purpose of an unknown flow", "99", "1", "Interview", "a/interview", ENVOY_FOUND_PLACE },
        { "purpose of elsewhere", NULL, "2", "Interview", "b/front-desk", ENVOY_FOUND_PLACE },
        { "purpose of two flows", NULL, "2", "Twice", "b/front-desk", ENVOY_FOUND_PLACE },
        { "no purpose", NULL, "2", NULL, "b/front-desk", ENVOY_FOUND_PLACE },
        { "empty purpose", NULL, "2", "", "b/front-desk", ENVOY_FOUND_PLACE },
        { "disabled flow", "21", "2", "Closed", "b/front-desk", ENVOY_FOUND_PLACE },
        { "unknown flow", "99", "2", NULL, "b/front-desk", ENVOY_FOUND_PLACE },
        { "flow of another location", "10", "2", NULL, "b/front-desk", ENVOY_FOUND_PLACE },
        { "employees", "22", "2", NULL, NULL, ENVOY_FOUND_HIDDEN },
        { "disabled location", NULL, "3", NULL, NULL, ENVOY_FOUND_HIDDEN },
        { "company-wide flow there", "40", "3", NULL, NULL, ENVOY_FOUND_HIDDEN },
        { "company-wide flow", "40", "2", NULL, "b/delivery", ENVOY_FOUND_PLACE },
        { "company-wide flow anywhere", "40", NULL, NULL, NULL, ENVOY_FOUND_UNKNOWN },
        { "unknown location", NULL, "9", NULL, NULL, ENVOY_FOUND_UNKNOWN },
        { "only a purpose", NULL, NULL, "Interview", "a/interview", ENVOY_FOUND_PLACE },
        { "only a purpose of two", NULL, NULL, "Visitor", NULL, ENVOY_FOUND_UNKNOWN },
        { "nothing", NULL, NULL, NULL, NULL, ENVOY_FOUND_UNKNOWN },
    };
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");

    test_put_only(places, locations, flows);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        EnvoyFound how;
        EnvoyPlace *place = envoy_places_find(places, cases[i].flow, cases[i].location, cases[i].purpose, &how);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(place ? place->name : NULL, ==, cases[i].place);
        g_assert_cmpint(how, ==, cases[i].how);
    }
}

static void test_only_location(void)
{
    static const char *const locations[] = { "1 A", "2! B", NULL };
    static const char *const flows[] = { "10@1 Visitor", NULL };
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");
    EnvoyFound how;

    g_assert_null(envoy_places_find(places, "10", "1", NULL, &how));
    g_assert_cmpint(how, ==, ENVOY_FOUND_UNKNOWN);
    test_put_only(places, locations, flows);
    g_assert_cmpstr(envoy_places_find(places, NULL, NULL, NULL, NULL)->name, ==, "a/front-desk");
    g_assert_cmpstr(envoy_places_find(places, NULL, NULL, "visitor", NULL)->name, ==, "a/visitor");
}

static void test_wanted(void)
{
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");

    envoy_places_find(places, "10", "1", NULL, NULL);
    g_assert_false(envoy_places_take_wanted(places));
    test_put_only(places, two_locations, some_flows);
    envoy_places_find(places, "10", "1", NULL, NULL);
    envoy_places_find(places, "21", "2", NULL, NULL);
    g_assert_false(envoy_places_take_wanted(places));
    envoy_places_find(places, "99", "1", NULL, NULL);
    g_assert_true(envoy_places_take_wanted(places));
    g_assert_false(envoy_places_take_wanted(places));
    envoy_places_find(places, "99", "1", NULL, NULL);
    g_assert_false(envoy_places_take_wanted(places));
    envoy_places_find(places, NULL, "8", NULL, NULL);
    g_assert_true(envoy_places_take_wanted(places));
}

/* Ids that come up again and again have to stop being remembered at some time. */
static void test_wanted_is_bounded(void)
{
    g_autoptr(EnvoyPlaces) places = places_new();

    for (guint i = 0; i < ENVOY_PLACES_MAX_UNKNOWN; i++) {
        g_autofree char *id = g_strdup_printf("x%u", i);

        envoy_places_find(places, id, "1", NULL, NULL);
        g_assert_true(envoy_places_take_wanted(places));
    }
    envoy_places_find(places, "another", "1", NULL, NULL);
    g_assert_false(envoy_places_take_wanted(places));
}

/* Many flows, all of one name: nothing may be tried again from the start for each. */
static void test_many(void)
{
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");
    g_autoptr(GPtrArray) flows = g_ptr_array_new_with_free_func(g_free);
    static const char *const location[] = { "1 A", NULL };
    gint64 start = g_get_monotonic_time();

    for (guint i = 0; i < ENVOY_PLACES_MAX + 99; i++) {
        g_ptr_array_add(flows, g_strdup_printf("%u@1 Visitor", i + 1));
    }
    g_ptr_array_add(flows, NULL);
    test_put_only(places, location, (const char *const *)flows->pdata);
    test_put_only(places, location, (const char *const *)flows->pdata);
    g_assert_cmpuint(envoy_places_list(places)->len, ==, ENVOY_PLACES_MAX);
    g_assert_nonnull(envoy_places_by_name(places, "a/visitor-4999"));
    g_assert_null(envoy_places_by_ids(places, "5000", "1"));
    g_test_message("%u places twice: %" G_GINT64_FORMAT " us", ENVOY_PLACES_MAX, g_get_monotonic_time() - start);
}

/* Company-wide flows at many locations must not become millions. */
static void test_many_of_all_locations(void)
{
    enum { BOTH = 300 };
    g_autoptr(EnvoyPlaces) places = envoy_places_new("Front desk");
    g_autoptr(GPtrArray) locations = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) flows = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < BOTH; i++) {
        g_ptr_array_add(locations, g_strdup_printf("%u %u", i, i));
        g_ptr_array_add(flows, g_strdup_printf("%u@* %u", i, i));
    }
    g_ptr_array_add(locations, NULL);
    g_ptr_array_add(flows, NULL);
    test_put_only(places, (const char *const *)locations->pdata, (const char *const *)flows->pdata);
    g_assert_cmpuint(envoy_places_list(places)->len, ==, ENVOY_PLACES_MAX);
    g_assert_nonnull(envoy_places_by_name(places, "299/front-desk"));
    g_assert_nonnull(envoy_places_by_name(places, "299/0"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/places/rooms", test_rooms);
    g_test_add_func("/envoy/places/names", test_names);
    g_test_add_func("/envoy/places/any-order-of-lists", test_any_order_of_lists);
    g_test_add_func("/envoy/places/new-flows-change-no-names", test_new_flows_change_no_names);
    g_test_add_func("/envoy/places/objects-stay", test_objects_stay);
    g_test_add_func("/envoy/places/removed-are-forgotten", test_removed_are_forgotten);
    g_test_add_func("/envoy/places/names-given-away-first", test_names_given_away_first);
    g_test_add_func("/envoy/places/names-in-a-circle", test_names_in_a_circle);
    g_test_add_func("/envoy/places/resolve", test_resolve);
    g_test_add_func("/envoy/places/find", test_find);
    g_test_add_func("/envoy/places/only-location", test_only_location);
    g_test_add_func("/envoy/places/wanted", test_wanted);
    g_test_add_func("/envoy/places/wanted-is-bounded", test_wanted_is_bounded);
    g_test_add_func("/envoy/places/many", test_many);
    g_test_add_func("/envoy/places/many-of-all-locations", test_many_of_all_locations);
    return g_test_run();
}
