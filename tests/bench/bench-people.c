/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many people and rooms: signing in, a burst of presence, changes of nicks, the list of rooms. */
#include "bench.h"

#include "../server/fake-json.h"

#define PEOPLE 5000
#define FLOWS 300
#define MEMBERS 40 /* of each flow */
#define RENAMED 50
#define LONG_AGO_MS 1500000000000

static const char *const orgs[] = { "acme", "beta" };

/* Half of the people is in each organization, every tenth in both; the user, whose id is 1, is everywhere. */
static gboolean is_in(guint person, guint org)
{
    return person == 1 || person % G_N_ELEMENTS(orgs) == org || person % 10 == 0;
}

static JsonArray *add_org(JsonArray *list, guint org)
{
    JsonObject *object = json_object_new();
    JsonArray *people = json_array_new();

    for (guint person = 1; person <= PEOPLE; person++) {
        if (is_in(person, org))
            json_array_add_int_element(people, person);
    }
    json_object_set_string_member(object, "parameterized_name", orgs[org]);
    json_object_set_array_member(object, "users", people);
    json_array_add_object_element(list, object);
    return people;
}

static void add_person(JsonArray *list, guint person)
{
    JsonObject *object = json_object_new();
    g_autofree char *nick = g_strdup_printf("Nick%u", person);
    g_autofree char *name = g_strdup_printf("Person Number %u", person);
    g_autofree char *email = g_strdup_printf("person%u@example.com", person);

    json_object_set_int_member(object, "id", person);
    json_object_set_string_member(object, "nick", nick);
    json_object_set_string_member(object, "name", name);
    json_object_set_string_member(object, "email", email);
    if (person == 1)
        json_object_set_string_member(object, "password", "secret");
    /* The others were active just now. */
    if (person % 3)
        json_object_set_int_member(object, "last_activity", LONG_AGO_MS);
    json_array_add_object_element(list, object);
}

/* The members of the flows of an organization go round among its people. */
static void add_flow(JsonArray *list, guint flow, JsonArray *people)
{
    guint org = flow % G_N_ELEMENTS(orgs), others = json_array_get_length(people) - 1;
    guint first = flow / G_N_ELEMENTS(orgs) * (MEMBERS - 1);
    JsonObject *object = json_object_new();
    JsonArray *members = json_array_new();
    g_autofree char *slug = g_strdup_printf("flow-%u", flow);
    g_autofree char *name = g_strdup_printf("Flow number %u", flow);

    json_array_add_int_element(members, 1);
    for (guint i = 0; i < MEMBERS - 1; i++)
        json_array_add_int_element(members, json_array_get_int_element(people, 1 + (first + i) % others));
    json_object_set_string_member(object, "organization", orgs[org]);
    json_object_set_string_member(object, "parameterized_name", slug);
    json_object_set_string_member(object, "name", name);
    json_object_set_array_member(object, "users", members);
    json_array_add_object_element(list, object);
}

static char *make_seed(void)
{
    g_autoptr(JsonObject) seed = fake_json_parse_object(
        "{\"applications\":[{\"client_id\":\"demo-client\",\"client_secret\":\"demo-secret\"}]}", -1, NULL);
    JsonArray *people = json_array_new(), *organizations = json_array_new(), *flows = json_array_new();
    JsonArray *people_of[G_N_ELEMENTS(orgs)];

    for (guint person = 1; person <= PEOPLE; person++)
        add_person(people, person);
    for (guint org = 0; org < G_N_ELEMENTS(orgs); org++)
        people_of[org] = add_org(organizations, org);
    for (guint flow = 0; flow < FLOWS; flow++)
        add_flow(flows, flow, people_of[flow % G_N_ELEMENTS(orgs)]);
    json_object_set_array_member(seed, "users", people);
    json_object_set_array_member(seed, "organizations", organizations);
    json_object_set_array_member(seed, "flows", flows);
    return fake_json_print_object(seed);
}

/* --------------------------------------------------------------------------------------------------------- phases */

static PurpleAccount *account;

static gboolean has_rooms(void)
{
    return bench_seen.rooms >= FLOWS;
}

static void sign_on(void)
{
    g_autoptr(GSList) buddies = NULL;

    bench_phase("sign-on");
    purple_account_set_enabled(account, purple_core_get_ui(), TRUE);
    bench_until_quiet(has_rooms, 120);
    buddies = purple_find_buddies(account, NULL);
    bench_note(bench_seen.first_room_us, "first room");
    bench_note(bench_seen.last_room_us, "last of %u rooms", bench_seen.rooms);
    if (buddies) {
        bench_note(bench_seen.first_buddy_us, "first buddy");
        bench_note(bench_seen.last_buddy_us, "last of %u buddies", g_slist_length(buddies));
    }
    bench_rest();
}

static void change(const char *phase, const char *users)
{
    guint changes = bench_seen.changes, renames = bench_seen.renames;

    bench_phase(phase);
    bench_control("users", users);
    bench_until_quiet(NULL, 60);
    bench_note(g_get_monotonic_time(), "%s: %u changes of buddies, %u renamed in rooms", phase,
               bench_seen.changes - changes, bench_seen.renames - renames);
    bench_rest();
}

static PurpleRoomlist *rooms; /* (nullable) */

static gboolean has_list(void)
{
    return !purple_roomlist_get_in_progress(rooms);
}

static void list_rooms(void)
{
    bench_phase("room list");
    rooms = purple_roomlist_get_list(purple_account_get_connection(account));
    if (!rooms) {
        bench_note(g_get_monotonic_time(), "there is no list of rooms");
        return;
    }
    purple_roomlist_ref(rooms);
    bench_until_quiet(has_list, 60);
    bench_note(g_get_monotonic_time(), "rooms listed: %u", g_list_length(rooms->rooms));
    purple_roomlist_unref(rooms);
}

int main(void)
{
    g_autofree char *seed = make_seed();
    g_autofree char *title = g_strdup_printf("people: %d people, %d flows of %d", PEOPLE, FLOWS, MEMBERS);
    g_autofree char *presence = g_strdup_printf("{\"from\":1,\"count\":%d,\"presence\":\"idle\"}", PEOPLE);
    g_autofree char *nicks = g_strdup_printf("{\"from\":2,\"count\":%d,\"nick\":\"Other\"}", RENAMED);

    bench_start(title, seed);
    account = bench_account("person1@example.com", "secret");
    sign_on();
    change("presence", presence);
    change("nicks", nicks);
    list_rooms();
    bench_stop();
    return 0;
}
