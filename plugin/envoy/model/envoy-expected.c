/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of invites. */
#include "envoy-expected.h"

#include "envoy-names.h"

#include <string.h>

#define MINUTE_MS (60 * (gint64)1000)

struct _EnvoyExpected {
    EnvoyPlaces *places;
    GHashTable *by_id;        /* in the invite -> EnvoyGuest, a reference */
    gboolean has_newest;      /* the first of the newest are there */
    gboolean has_window;      /* likewise */
    gint64 newest_created_ms; /* what was created later is new */
};

EnvoyGuest *envoy_guest_ref(EnvoyGuest *guest)
{
    guest->refs++;
    return guest;
}

void envoy_guest_unref(EnvoyGuest *guest)
{
    if (!guest || --guest->refs > 0)
        return;
    envoy_invite_free(guest->invite);
    envoy_place_unref(guest->place);
    g_free(guest->visit_id);
    g_free(guest->folded);
    g_free(guest);
}

void envoy_expected_event_free(EnvoyExpectedEvent *event)
{
    if (!event)
        return;
    envoy_guest_unref(event->guest);
    envoy_place_unref(event->place);
    envoy_place_unref(event->old_place);
    envoy_invite_free(event->before);
    g_free(event);
}

static void event_free(gpointer event)
{
    envoy_expected_event_free(event);
}

static void guest_unref(gpointer guest)
{
    envoy_guest_unref(guest);
}

EnvoyExpected *envoy_expected_new(EnvoyPlaces *places)
{
    EnvoyExpected *expected = g_new0(EnvoyExpected, 1);

    expected->places = places;
    expected->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, guest_unref);
    return expected;
}

void envoy_expected_free(EnvoyExpected *expected)
{
    if (!expected)
        return;
    g_hash_table_unref(expected->by_id);
    g_free(expected);
}

/* ------------------------------------------------------------------------------------------------------------- taking in */

static EnvoyPlace *place_of(EnvoyExpected *expected, const EnvoyInvite *invite)
{
    return envoy_places_find(expected->places, invite->flow_id, invite->location_id, invite->purpose, NULL);
}

/* Returns: whether it is another one. */
static gboolean take_place(EnvoyGuest *guest, EnvoyPlace *place)
{
    EnvoyPlace *old = guest->place;

    guest->place = place ? envoy_place_ref(place) : NULL;
    envoy_place_unref(old);
    return place != old;
}

static EnvoyExpectedEvent *event_new(EnvoyExpectedKind kind, EnvoyGuest *guest)
{
    EnvoyExpectedEvent *event = g_new0(EnvoyExpectedEvent, 1);

    event->kind = kind;
    event->guest = envoy_guest_ref(guest);
    event->place = guest->place ? envoy_place_ref(guest->place) : NULL;
    return event;
}

static void inherit_text(char **field, const char *before)
{
    if (!*field)
        *field = g_strdup(before);
}

/* What an answer leaves out is not gone. */
static void inherit(EnvoyInvite *invite, const EnvoyInvite *before)
{
    if (!invite->created_ms)
        invite->created_ms = before->created_ms;
    if (!invite->arrival_ms)
        invite->arrival_ms = before->arrival_ms;
    if (!invite->departure_ms)
        invite->departure_ms = before->departure_ms;
    inherit_text(&invite->flow_id, before->flow_id);
    inherit_text(&invite->location_id, before->location_id);
    inherit_text(&invite->purpose, before->purpose);
    inherit_text(&invite->approval, before->approval);
    inherit_text(&invite->notes, before->notes);
    inherit_text(&invite->name, before->name);
    inherit_text(&invite->email, before->email);
    inherit_text(&invite->host, before->host);
}

static EnvoyExpectedWhat differences(const EnvoyInvite *before, const EnvoyInvite *now)
{
    EnvoyExpectedWhat what = 0;

    if (before->arrival_ms != now->arrival_ms || before->departure_ms != now->departure_ms)
        what |= ENVOY_EXPECTED_TIME;
    if (g_strcmp0(before->host, now->host) != 0)
        what |= ENVOY_EXPECTED_HOST;
    if (g_strcmp0(before->approval, now->approval) != 0)
        what |= ENVOY_EXPECTED_APPROVAL;
    if (g_strcmp0(before->name, now->name) != 0)
        what |= ENVOY_EXPECTED_NAME;
    return what;
}

/* @invite: (transfer full) */
static EnvoyGuest *remember(EnvoyExpected *expected, EnvoyInvite *invite, gint64 now_ms)
{
    EnvoyGuest *guest = g_new0(EnvoyGuest, 1);

    guest->refs = 1;
    guest->invite = invite;
    guest->folded = envoy_fold(invite->name);
    guest->first_seen_ms = guest->last_seen_ms = now_ms;
    take_place(guest, place_of(expected, invite));
    g_hash_table_insert(expected->by_id, g_strdup(invite->id), guest);
    return guest;
}

/* @invite: (transfer full). Returns: (nullable) (transfer full): what is different. */
static EnvoyExpectedEvent *update(EnvoyExpected *expected, EnvoyGuest *guest, EnvoyInvite *invite, gint64 now_ms)
{
    g_autoptr(EnvoyInvite) before = g_steal_pointer(&guest->invite);
    EnvoyPlace *old_place = guest->place ? envoy_place_ref(guest->place) : NULL;
    EnvoyExpectedEvent *event = NULL;
    EnvoyExpectedWhat what;

    inherit(invite, before);
    guest->invite = invite;
    guest->last_seen_ms = now_ms;
    guest->missed = 0;
    what = differences(before, invite);
    if (take_place(guest, place_of(expected, invite)))
        what |= ENVOY_EXPECTED_PLACE;
    if (what & ENVOY_EXPECTED_NAME) {
        g_free(guest->folded);
        guest->folded = envoy_fold(invite->name);
    }
    if (what && (guest->place || old_place)) {
        event = event_new(ENVOY_EXPECTED_CHANGED, guest);
        event->what = what;
        event->before = g_steal_pointer(&before);
        event->old_place = g_steal_pointer(&old_place);
    }
    envoy_place_unref(old_place);
    return event;
}

/* Whether nobody need hear of an invite that was not known. */
static gboolean is_old_news(EnvoyExpected *expected, const EnvoyInvite *invite, gint64 now_ms)
{
    return (invite->created_ms && invite->created_ms <= expected->newest_created_ms) ||
           (invite->arrival_ms && invite->arrival_ms < envoy_expected_window_from(now_ms));
}

/* What is not remembered, because it is over, or there is no room. */
static gboolean is_left_out(EnvoyExpected *expected, const EnvoyInvite *invite, gint64 now_ms)
{
    if (invite->for_employees || (invite->arrival_ms && invite->arrival_ms < now_ms - ENVOY_EXPECTED_PAST_MS))
        return TRUE;
    if (g_hash_table_size(expected->by_id) < ENVOY_EXPECTED_MAX)
        return FALSE;
    /* Nor told when there is room again. */
    expected->newest_created_ms = MAX(expected->newest_created_ms, invite->created_ms);
    return TRUE;
}

static int compare_events(gconstpointer a, gconstpointer b)
{
    const EnvoyExpectedEvent *left = *(EnvoyExpectedEvent *const *)a, *right = *(EnvoyExpectedEvent *const *)b;
    const EnvoyInvite *one = left->guest->invite, *other = right->guest->invite;
    gboolean by_creation = left->kind == ENVOY_EXPECTED_NEW;
    gint64 one_ms = by_creation ? one->created_ms : one->arrival_ms;
    gint64 other_ms = by_creation ? other->created_ms : other->arrival_ms;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (one_ms != other_ms)
        return one_ms < other_ms ? -1 : 1;
    return envoy_id_compare(one->id, other->id);
}

static void take_all(EnvoyExpected *expected, GPtrArray *invites, gint64 now_ms, GPtrArray *events)
{
    for (guint i = 0; i < invites->len; i++) {
        EnvoyInvite *invite = invites->pdata[i];
        EnvoyGuest *guest = invite ? g_hash_table_lookup(expected->by_id, invite->id) : NULL;
        EnvoyExpectedEvent *event = NULL;

        if (!invite || (!guest && is_left_out(expected, invite, now_ms)))
            continue;
        invites->pdata[i] = NULL;
        if (guest) {
            event = update(expected, guest, invite, now_ms);
        } else {
            guest = remember(expected, invite, now_ms);
            if (guest->place && !is_old_news(expected, invite, now_ms))
                event = event_new(ENVOY_EXPECTED_NEW, guest);
        }
        if (event)
            g_ptr_array_add(events, event);
    }
}

/* What the first answers hold was there before. */
static void raise_mark(EnvoyExpected *expected)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, expected->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const EnvoyGuest *guest = value;

        expected->newest_created_ms = MAX(expected->newest_created_ms, guest->invite->created_ms);
    }
}

static void forget_old(EnvoyExpected *expected, gint64 now_ms)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, expected->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const EnvoyInvite *invite = ((EnvoyGuest *)value)->invite;

        if (invite->arrival_ms && invite->arrival_ms < now_ms - ENVOY_EXPECTED_PAST_MS)
            g_hash_table_iter_remove(&iter);
    }
}

/* Returns: (transfer none): @events, in order, or none. */
static GPtrArray *finish(EnvoyExpected *expected, GPtrArray *events, gboolean silent, gint64 now_ms)
{
    if (silent) {
        raise_mark(expected);
        g_ptr_array_set_size(events, 0);
    }
    forget_old(expected, now_ms);
    g_ptr_array_sort(events, compare_events);
    return events;
}

GPtrArray *envoy_expected_feed_newest(EnvoyExpected *expected, GPtrArray *invites, gint64 now_ms)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(event_free);
    gboolean silent = !expected->has_newest;

    take_all(expected, invites, now_ms, events);
    expected->has_newest = TRUE;
    return finish(expected, events, silent, now_ms);
}

gboolean envoy_expected_has_reached(EnvoyExpected *expected, const GPtrArray *page)
{
    /* The first answer is for knowing where to stop later. */
    if (!expected->has_newest)
        return TRUE;
    for (guint i = 0; i < page->len; i++) {
        const EnvoyInvite *invite = page->pdata[i];

        if (!invite)
            continue;
        if (g_hash_table_contains(expected->by_id, invite->id) ||
            (invite->created_ms && invite->created_ms <= expected->newest_created_ms))
            return TRUE;
    }
    return FALSE;
}

static void find_withdrawn(EnvoyExpected *expected, const EnvoyExpectedWindow *window, GPtrArray *events)
{
    guint patience = window->invites->len > ENVOY_EXPECTED_PAGE ? 2 : 1;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, expected->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EnvoyGuest *guest = value;
        gint64 arrival_ms = guest->invite->arrival_ms;

        if (arrival_ms <= window->from_ms || arrival_ms > window->until_ms ||
            guest->last_seen_ms + ENVOY_EXPECTED_LAG_MS > window->asked_ms || ++guest->missed < patience)
            continue;
        if (guest->place && !guest->arrived)
            g_ptr_array_add(events, event_new(ENVOY_EXPECTED_WITHDRAWN, guest));
        g_hash_table_iter_remove(&iter);
    }
}

GPtrArray *envoy_expected_feed_window(EnvoyExpected *expected, const EnvoyExpectedWindow *window)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(event_free);
    gboolean silent = !expected->has_window;

    take_all(expected, window->invites, window->now_ms, events);
    find_withdrawn(expected, window, events);
    expected->has_window |= window->until_ms >= window->from_ms;
    return finish(expected, events, silent, window->now_ms);
}

gint64 envoy_expected_window_from(gint64 now_ms)
{
    return now_ms - ENVOY_EXPECTED_LATE_MS;
}

EnvoyGuest *envoy_expected_add(EnvoyExpected *expected, EnvoyInvite *invite, gint64 now_ms)
{
    EnvoyGuest *guest = g_hash_table_lookup(expected->by_id, invite->id);

    if (guest) {
        envoy_expected_event_free(update(expected, guest, invite, now_ms));
        return guest;
    }
    if (g_hash_table_size(expected->by_id) < ENVOY_EXPECTED_MAX)
        return remember(expected, invite, now_ms);
    envoy_invite_free(invite);
    return NULL;
}

void envoy_expected_remove(EnvoyExpected *expected, const char *id)
{
    g_hash_table_remove(expected->by_id, id);
}

void envoy_expected_settle(EnvoyExpected *expected)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, expected->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        take_place(value, place_of(expected, ((EnvoyGuest *)value)->invite));
}

/* -------------------------------------------------------------------------------------------------------------- look-ups */

/* Of all that are of one kind of match, the only one. */
typedef struct {
    EnvoyGuest *guest;
    guint count;
} Only;

static void add_only(Only *only, EnvoyGuest *guest)
{
    only->guest = guest;
    only->count++;
}

EnvoyGuest *envoy_expected_note_arrival(EnvoyExpected *expected, const EnvoyVisit *visit)
{
    g_autofree char *folded = envoy_fold(visit->name), *email = envoy_fold(visit->email);
    Only by_email = { NULL, 0 }, by_name = { NULL, 0 };
    EnvoyGuest *guest;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, expected->by_id);
    while (visit->place && g_hash_table_iter_next(&iter, NULL, &value)) {
        g_autofree char *other_email = NULL;

        guest = value;
        if (guest->place != visit->place || guest->arrived ||
            ABS(guest->invite->arrival_ms - visit->signed_in_ms) > ENVOY_EXPECTED_ABOUT_MS)
            continue;
        other_email = envoy_fold(guest->invite->email);
        if (*email && strcmp(email, other_email) == 0)
            add_only(&by_email, guest);
        else if ((!*email || !*other_email) && *folded && strcmp(folded, guest->folded) == 0)
            add_only(&by_name, guest);
    }
    if (by_email.count > 1 || (by_email.count == 0 && by_name.count != 1))
        return NULL;
    guest = by_email.count == 1 ? by_email.guest : by_name.guest;
    guest->arrived = TRUE;
    g_free(guest->visit_id);
    guest->visit_id = g_strdup(visit->id);
    return guest;
}

EnvoyGuest *envoy_expected_get(EnvoyExpected *expected, const char *id)
{
    return g_hash_table_lookup(expected->by_id, id);
}

guint envoy_expected_count(EnvoyExpected *expected)
{
    return g_hash_table_size(expected->by_id);
}

static int compare_guests(gconstpointer a, gconstpointer b)
{
    const EnvoyGuest *left = *(EnvoyGuest *const *)a, *right = *(EnvoyGuest *const *)b;

    if (left->invite->arrival_ms != right->invite->arrival_ms)
        return left->invite->arrival_ms < right->invite->arrival_ms ? -1 : 1;
    return envoy_id_compare(left->invite->id, right->invite->id);
}

static gboolean is_at(const EnvoyGuest *guest, const EnvoyPlace *place)
{
    return guest->place && (!place || guest->place == place);
}

GPtrArray *envoy_expected_list(EnvoyExpected *expected, EnvoyPlace *place, gint64 from_ms, gint64 until_ms)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, expected->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EnvoyGuest *guest = value;

        if (is_at(guest, place) && !guest->arrived && guest->invite->arrival_ms >= from_ms &&
            guest->invite->arrival_ms < until_ms)
            g_ptr_array_add(list, guest);
    }
    g_ptr_array_sort(list, compare_guests);
    return list;
}

GPtrArray *envoy_expected_resolve(EnvoyExpected *expected, EnvoyPlace *place, const char *text)
{
    GPtrArray *found = g_ptr_array_new();
    EnvoyMatch best = ENVOY_MATCH_PART;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, expected->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EnvoyGuest *guest = value;
        const EnvoyInvite *invite = guest->invite;
        EnvoyMatch match = envoy_match(text, invite->id, invite->name, NULL, invite->email);

        if (!is_at(guest, place) || (guest->arrived && match != ENVOY_MATCH_ID))
            continue;
        if (match > best)
            g_ptr_array_set_size(found, 0);
        best = MAX(best, match);
        if (match == best)
            g_ptr_array_add(found, guest);
    }
    g_ptr_array_sort(found, compare_guests);
    return found;
}

static gboolean is_same_text(const char *a, const char *b)
{
    g_autofree char *left = envoy_fold(a), *right = envoy_fold(b);

    return strcmp(left, right) == 0;
}

/* Without a flow the service chooses one itself. */
static gboolean is_same_place(const EnvoyPlace *place, const EnvoyPlace *wanted)
{
    return place == wanted ||
           (place && wanted && wanted->is_front_desk && strcmp(place->location_id, wanted->location_id) == 0);
}

static gboolean is_wanted(EnvoyExpected *expected, const EnvoyInvite *invite, const EnvoyWantedInvite *wanted)
{
    const EnvoyGuest *guest = g_hash_table_lookup(expected->by_id, invite->id);

    if (guest && guest->first_seen_ms < wanted->asked_ms)
        return FALSE;
    if (ABS(invite->arrival_ms - wanted->arrival_ms) >= MINUTE_MS ||
        !is_same_place(place_of(expected, invite), wanted->place))
        return FALSE;
    if (invite->email && wanted->email)
        return is_same_text(invite->email, wanted->email);
    return is_same_text(invite->name, wanted->name);
}

const EnvoyInvite *envoy_expected_find_created(EnvoyExpected *expected, const GPtrArray *invites,
                                               const EnvoyWantedInvite *wanted)
{
    GHashTableIter iter;
    gpointer value;

    for (guint i = 0; invites && i < invites->len; i++) {
        const EnvoyInvite *invite = invites->pdata[i];

        if (invite && is_wanted(expected, invite, wanted))
            return invite;
    }
    g_hash_table_iter_init(&iter, expected->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const EnvoyGuest *guest = value;

        if (is_wanted(expected, guest->invite, wanted))
            return guest->invite;
    }
    return NULL;
}
