/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A feed is planned first and then applied in order of time: who is inside and under which name has to be right at every
 * event, as the host follows them one by one. */
#include "envoy-visits.h"

#include "envoy-names.h"

#include "text/text-escape.h"

/* Times may be asked for in whole seconds, and without the very time asked for. */
#define SECOND_MS 1000

struct _EnvoyVisits {
    EnvoyPlaces *places;
    char *nameless;
    GHashTable *by_id;   /* in the visit -> EnvoyVisit, a reference */
    gint64 last_poll_ms; /* of the last complete one, 0: none */
    gint64 newest_ms;    /* the latest sign-in seen, 0: none */
    gint64 forgotten_ms; /* the latest sign-in of those forgotten for want of room */
    guint feed;          /* its number */
};

static void event_free(gpointer event)
{
    envoy_visit_event_free(event);
}

EnvoyVisits *envoy_visits_new(EnvoyPlaces *places, const char *nameless)
{
    EnvoyVisits *visits = g_new0(EnvoyVisits, 1);

    visits->places = places;
    visits->nameless = g_strdup(nameless);
    visits->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    return visits;
}

void envoy_visits_free(EnvoyVisits *visits)
{
    GHashTableIter iter;
    gpointer value;

    if (!visits)
        return;
    g_hash_table_iter_init(&iter, visits->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        envoy_visit_leave(value);
        g_hash_table_iter_steal(&iter);
        envoy_visit_unref(value);
    }
    g_hash_table_unref(visits->by_id);
    g_free(visits->nameless);
    g_free(visits);
}

/* ------------------------------------------------------------------------------------------------------------ planning */

static EnvoyVisitEvent *plan(GPtrArray *events, EnvoyVisitKind kind, EnvoyVisit *visit, gint64 at_ms)
{
    EnvoyVisitEvent *event = envoy_visit_event_new(kind, visit, at_ms);

    g_ptr_array_add(events, event);
    return event;
}

/* Since the sign-in, so that times that contradict each other do not let anybody leave before coming. */
static void plan_leaving(GPtrArray *events, EnvoyVisit *visit)
{
    EnvoyVisitEvent *event = plan(events, ENVOY_VISIT_LEFT, visit, MAX(visit->signed_out_ms, visit->signed_in_ms));

    visit->told_out_ms = visit->signed_out_ms;
    if (!visit->guessed)
        event->length_ms = event->at_ms - visit->signed_in_ms;
}

static void plan_arrival(GPtrArray *events, EnvoyVisit *visit)
{
    EnvoyVisitEvent *event = plan(events, ENVOY_VISIT_ARRIVED, visit, visit->signed_in_ms);

    visit->told = TRUE;
    if (visit->signed_out_ms == 0 || visit->is_delivery)
        return;
    event->over = TRUE;
    plan_leaving(events, visit);
}

/* Answers differ in what they tell: what one leaves out is not gone. Returns: whether it is another text. */
static gboolean take_text(char **field, const char *text)
{
    if (!text || g_strcmp0(*field, text) == 0)
        return FALSE;
    g_free(*field);
    *field = g_strdup(text);
    return TRUE;
}

static gboolean is_known_no_more(EnvoyVisits *visits, const EnvoyVisitsFeed *feed, gint64 signed_in_ms)
{
    return signed_in_ms < MAX(feed->from_ms, feed->now_ms - ENVOY_VISITS_WINDOW_MS) ||
           signed_in_ms <= visits->forgotten_ms;
}

/* Notes all copies of an entry in its visit. @touched: each visit once */
static void note_entry(EnvoyVisits *visits, const EnvoyVisitsFeed *feed, const EnvoyEntry *entry, GPtrArray *touched)
{
    EnvoyVisit *visit = g_hash_table_lookup(visits->by_id, entry->id);

    if (!visit && entry->signed_in_ms && is_known_no_more(visits, feed, entry->signed_in_ms))
        return;
    if (!visit) {
        visit = envoy_visit_new(entry->id);
        g_hash_table_insert(visits->by_id, visit->id, visit);
    }
    if (visit->feed != visits->feed) {
        visit->feed = visits->feed;
        visit->missed = 0;
        visit->entry_out_ms = 0;
        g_ptr_array_add(touched, visit);
    }
    visit->entry = entry;
    /* Signed out in any of the copies is signed out: they were made while the pages were turned. */
    if (entry->signed_out_ms)
        visit->entry_out_ms = entry->signed_out_ms;
    visits->newest_ms = MAX(visits->newest_ms, entry->signed_in_ms);
}

/* What nobody has to be told about. */
static void take_details(EnvoyVisit *visit, gint64 now_ms)
{
    const EnvoyEntry *entry = visit->entry;
    g_autofree char *host = entry->host ? text_clean_line(entry->host) : NULL;

    if (entry->signed_in_ms) {
        visit->signed_in_ms = entry->signed_in_ms;
        visit->guessed = FALSE;
    } else if (visit->signed_in_ms == 0) {
        visit->signed_in_ms = visit->entry_out_ms ? MIN(visit->entry_out_ms, now_ms) : now_ms;
        visit->guessed = TRUE;
    }
    visit->is_delivery = visit->is_delivery || entry->is_delivery;
    take_text(&visit->email, entry->email);
    take_text(&visit->host, host);
}

static EnvoyPlace *find_place(EnvoyVisits *visits, EnvoyVisit *visit, EnvoyFound *how)
{
    return envoy_places_find(visits->places, visit->flow_id, visit->location_id, visit->purpose, how);
}

/* Somebody of whom nothing was told. */
static void plan_new(EnvoyVisits *visits, EnvoyVisit *visit, GPtrArray *events, EnvoyFound how)
{
    envoy_visit_take_name(visit, visit->entry->name ? visit->entry->name : "", visits->nameless);
    envoy_visit_take_place(visit, visit->entry_place);
    visit->signed_out_ms = visit->entry_out_ms;
    if (visit->place)
        plan_arrival(events, visit);
    else
        visit->told = how == ENVOY_FOUND_HIDDEN || visits->last_poll_ms == 0;
}

/* Somebody who is over. */
static void plan_departure(EnvoyVisit *visit, GPtrArray *events, gint64 now_ms)
{
    gboolean is_first = visit->inside || (visit->signed_out_ms == 0 && visit->place);

    visit->signed_out_ms = visit->entry_out_ms;
    if (is_first && visit->told_out_ms != visit->signed_out_ms)
        plan_leaving(events, visit);
    else if (visit->inside)
        plan(events, ENVOY_VISIT_GONE, visit, now_ms);
    else
        visit->told_out_ms = visit->signed_out_ms;
}

/* Somebody who is inside, whether that was known or not. */
static void plan_presence(EnvoyVisits *visits, EnvoyVisit *visit, GPtrArray *events, gint64 now_ms)
{
    visit->signed_out_ms = 0;
    if (!visit->inside && visit->entry_place)
        plan(events, ENVOY_VISIT_BACK, visit, now_ms);
    else if (visit->inside && visit->entry_place != visit->place)
        plan(events, ENVOY_VISIT_MOVED, visit, now_ms);
    else if (visit->inside && envoy_visit_has_other_name(visit, visit->entry->name, visits->nameless))
        plan(events, ENVOY_VISIT_RENAMED, visit, now_ms);
}

static void plan_visit(EnvoyVisits *visits, EnvoyVisit *visit, GPtrArray *events, gint64 now_ms)
{
    EnvoyFound how = visit->place ? ENVOY_FOUND_PLACE : ENVOY_FOUND_UNKNOWN;
    gboolean elsewhere = take_text(&visit->flow_id, visit->entry->flow_id);

    elsewhere |= take_text(&visit->location_id, visit->entry->location_id);
    elsewhere |= take_text(&visit->purpose, visit->entry->purpose);
    visit->entry_place = visit->place;
    if (elsewhere || !visit->told)
        visit->entry_place = find_place(visits, visit, &how);
    take_details(visit, now_ms);
    if (!visit->told)
        plan_new(visits, visit, events, how);
    else if (visit->is_delivery)
        visit->signed_out_ms = visit->entry_out_ms;
    else if (visit->entry_out_ms)
        plan_departure(visit, events, now_ms);
    else
        plan_presence(visits, visit, events, now_ms);
}

/* Who should have been in the answer, and who can be in none any more. */
static void plan_missing(EnvoyVisits *visits, const EnvoyVisitsFeed *feed, GPtrArray *events)
{
    guint patience = feed->entries->len > ENVOY_VISITS_PAGE ? 2 : 1;
    gint64 oldest_ms = feed->now_ms - ENVOY_VISITS_WINDOW_MS;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, visits->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EnvoyVisit *visit = value;

        if (!visit->inside || visit->feed == visits->feed)
            continue;
        if (visit->signed_in_ms < oldest_ms ||
            (visit->signed_in_ms >= feed->from_ms + SECOND_MS && ++visit->missed >= patience))
            plan(events, ENVOY_VISIT_GONE, visit, feed->now_ms);
    }
}

/* ------------------------------------------------------------------------------------------------------------ applying */

/* What comes in order of time, then names given away, then names taken. */
static int compare_events(gconstpointer a, gconstpointer b)
{
    const EnvoyVisitEvent *left = *(EnvoyVisitEvent *const *)a, *right = *(EnvoyVisitEvent *const *)b;
    gboolean left_is_news = left->kind <= ENVOY_VISIT_LEFT, right_is_news = right->kind <= ENVOY_VISIT_LEFT;

    if (left_is_news != right_is_news)
        return left_is_news ? -1 : 1;
    if (left_is_news && left->at_ms != right->at_ms)
        return left->at_ms < right->at_ms ? -1 : 1;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (left->visit->signed_in_ms != right->visit->signed_in_ms)
        return left->visit->signed_in_ms < right->visit->signed_in_ms ? -1 : 1;
    return envoy_id_compare(left->visit->id, right->visit->id);
}

/* Name and place of the newest copy. */
static void adopt(EnvoyVisits *visits, EnvoyVisit *visit)
{
    if (visit->entry)
        envoy_visit_take_name(visit, visit->entry->name, visits->nameless);
    envoy_visit_take_place(visit, visit->entry_place);
}

static void apply(EnvoyVisits *visits, EnvoyVisitEvent *event)
{
    EnvoyVisit *visit = event->visit;

    if (event->kind == ENVOY_VISIT_RENAMED || event->kind == ENVOY_VISIT_MOVED)
        event->old_shown = g_strdup(visit->shown);
    if (event->kind == ENVOY_VISIT_MOVED && visit->place)
        event->old_place = envoy_place_ref(visit->place);
    switch (event->kind) {
    case ENVOY_VISIT_ARRIVED:
        envoy_visit_enter(visit);
        break;
    case ENVOY_VISIT_LEFT:
    case ENVOY_VISIT_GONE:
        envoy_visit_leave(visit);
        break;
    case ENVOY_VISIT_RENAMED:
        envoy_visit_release_name(visit);
        envoy_visit_take_name(visit, visit->entry->name, visits->nameless);
        envoy_visit_give_name(visit);
        break;
    case ENVOY_VISIT_BACK:
    case ENVOY_VISIT_MOVED:
        envoy_visit_leave(visit);
        adopt(visits, visit);
        if (visit->place)
            envoy_visit_enter(visit);
        break;
    }
    event->place = visit->place ? envoy_place_ref(visit->place) : NULL;
    event->shown = g_strdup(visit->shown);
}

/* Returns: (transfer none): @events, in order. */
static GPtrArray *apply_all(EnvoyVisits *visits, GPtrArray *events)
{
    g_ptr_array_sort(events, compare_events);
    for (guint i = 0; i < events->len; i++)
        apply(visits, events->pdata[i]);
    return events;
}

/* ---------------------------------------------------------------------------------------------------------- forgetting */

static int compare_visits(gconstpointer a, gconstpointer b)
{
    const EnvoyVisit *left = *(EnvoyVisit *const *)a, *right = *(EnvoyVisit *const *)b;

    if (left->signed_in_ms != right->signed_in_ms)
        return left->signed_in_ms < right->signed_in_ms ? -1 : 1;
    return envoy_id_compare(left->id, right->id);
}

static void forget(EnvoyVisits *visits, EnvoyVisit *visit)
{
    g_hash_table_remove(visits->by_id, visit->id);
    envoy_visit_unref(visit);
}

/* (transfer container): in order of sign-in. */
static GPtrArray *sorted_visits(EnvoyVisits *visits)
{
    GPtrArray *list = g_ptr_array_sized_new(g_hash_table_size(visits->by_id));
    GHashTableIter iter;
    gpointer visit;

    g_hash_table_iter_init(&iter, visits->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &visit))
        g_ptr_array_add(list, visit);
    g_ptr_array_sort(list, compare_visits);
    return list;
}

/* Some more than needed, so that this is not done at each feed: those who are over, then whoever came first. */
static void make_room(EnvoyVisits *visits, GPtrArray *events, gint64 now_ms)
{
    g_autoptr(GPtrArray) list = NULL;

    if (g_hash_table_size(visits->by_id) <= ENVOY_VISITS_MAX)
        return;
    list = sorted_visits(visits);
    for (guint round = 0; round < 2; round++) {
        guint enough = round == 0 ? ENVOY_VISITS_MAX / 10 * 9 : ENVOY_VISITS_MAX;

        for (guint i = 0; i < list->len && g_hash_table_size(visits->by_id) > enough; i++) {
            EnvoyVisit *visit = list->pdata[i];

            if (!visit || (round == 0 && visit->inside))
                continue;
            visits->forgotten_ms = MAX(visits->forgotten_ms, visit->signed_in_ms);
            if (visit->inside)
                apply(visits, plan(events, ENVOY_VISIT_GONE, visit, now_ms));
            list->pdata[i] = NULL;
            forget(visits, visit);
        }
    }
}

/* What no poll asks for any more. */
static void forget_old(EnvoyVisits *visits, gint64 now_ms)
{
    gint64 oldest_ms = now_ms - ENVOY_VISITS_WINDOW_MS - ENVOY_VISITS_OVERLAP_MS;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, visits->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EnvoyVisit *visit = value;

        if (visit->inside || visit->signed_in_ms >= oldest_ms)
            continue;
        g_hash_table_iter_remove(&iter);
        envoy_visit_unref(visit);
    }
}

/* -------------------------------------------------------------------------------------------------------------- public */

static int compare_entries(gconstpointer a, gconstpointer b)
{
    const EnvoyEntry *left = *(EnvoyEntry *const *)a, *right = *(EnvoyEntry *const *)b;

    return left->signed_in_ms < right->signed_in_ms ? -1 : left->signed_in_ms > right->signed_in_ms;
}

gint64 envoy_visits_ask_from(EnvoyVisits *visits, gint64 now_ms, gboolean wide)
{
    gint64 from_ms = MIN(visits->last_poll_ms, MIN(visits->newest_ms, now_ms)) - ENVOY_VISITS_OVERLAP_MS;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, visits->by_id);
    while (wide && g_hash_table_iter_next(&iter, NULL, &value)) {
        const EnvoyVisit *visit = value;

        if (visit->inside)
            from_ms = MIN(from_ms, visit->signed_in_ms - SECOND_MS);
    }
    return MAX(from_ms, now_ms - ENVOY_VISITS_WINDOW_MS);
}

/* After a feed: its entries are the caller's, and who was not told of has the newest name and place, too. */
static void end_visit(EnvoyVisits *visits, EnvoyVisit *visit)
{
    if (!visit->inside)
        adopt(visits, visit);
    visit->entry = NULL;
    visit->entry_place = NULL;
}

GPtrArray *envoy_visits_feed(EnvoyVisits *visits, const EnvoyVisitsFeed *feed)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(event_free);
    g_autoptr(GPtrArray) touched = g_ptr_array_new();
    g_autoptr(GPtrArray) entries = g_ptr_array_sized_new(feed->entries->len);
    gboolean is_history = visits->last_poll_ms == 0;

    visits->feed++;
    for (guint i = 0; i < feed->entries->len; i++)
        g_ptr_array_add(entries, feed->entries->pdata[i]);
    /* A stable sort: of copies the later one stays the later. */
    g_ptr_array_sort(entries, compare_entries);
    for (guint i = 0; i < entries->len; i++)
        note_entry(visits, feed, entries->pdata[i], touched);
    for (guint i = 0; i < touched->len; i++)
        plan_visit(visits, touched->pdata[i], events, feed->now_ms);
    if (feed->complete) {
        plan_missing(visits, feed, events);
        visits->last_poll_ms = feed->asked_ms;
    }
    apply_all(visits, events);
    for (guint i = 0; i < touched->len; i++)
        end_visit(visits, touched->pdata[i]);
    forget_old(visits, feed->now_ms);
    make_room(visits, events, feed->now_ms);
    if (is_history)
        g_ptr_array_set_size(events, 0);
    return events;
}

GPtrArray *envoy_visits_settle(EnvoyVisits *visits, gint64 now_ms)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(event_free);
    g_autoptr(GPtrArray) list = sorted_visits(visits);

    for (guint i = 0; i < list->len; i++) {
        EnvoyVisit *visit = list->pdata[i];
        EnvoyFound how;
        EnvoyPlace *place = find_place(visits, visit, &how);

        visit->entry_place = place;
        if (!visit->told) {
            envoy_visit_take_place(visit, place);
            if (place)
                plan_arrival(events, visit);
            visit->told = visit->told || how == ENVOY_FOUND_HIDDEN;
        } else if (place == visit->place) {
            continue;
        } else if (visit->inside || (!visit->place && visit->signed_out_ms == 0 && !visit->is_delivery)) {
            plan(events, ENVOY_VISIT_MOVED, visit, now_ms);
        } else {
            envoy_visit_take_place(visit, place);
        }
    }
    return apply_all(visits, events);
}

EnvoyVisit *envoy_visits_get(EnvoyVisits *visits, const char *id)
{
    return g_hash_table_lookup(visits->by_id, id);
}

guint envoy_visits_count(EnvoyVisits *visits)
{
    return g_hash_table_size(visits->by_id);
}

gboolean envoy_visits_is_filled(EnvoyVisits *visits)
{
    return visits->last_poll_ms != 0;
}

GPtrArray *envoy_visits_inside(EnvoyVisits *visits, EnvoyPlace *place)
{
    g_autoptr(GPtrArray) list = sorted_visits(visits);
    GPtrArray *inside = g_ptr_array_new();

    for (guint i = 0; i < list->len; i++) {
        EnvoyVisit *visit = list->pdata[i];

        if (visit->inside && (!place || visit->place == place))
            g_ptr_array_add(inside, visit);
    }
    return inside;
}

GPtrArray *envoy_visits_latest(EnvoyVisits *visits, EnvoyPlace *place, guint count)
{
    g_autoptr(GPtrArray) list = sorted_visits(visits);
    GPtrArray *latest = g_ptr_array_new();

    for (guint i = 0; i < list->len; i++) {
        EnvoyVisit *visit = list->pdata[i];

        if (visit->place && (!place || visit->place == place))
            g_ptr_array_add(latest, visit);
    }
    if (latest->len > count)
        g_ptr_array_remove_range(latest, 0, latest->len - count);
    return latest;
}

GPtrArray *envoy_visits_resolve(EnvoyVisits *visits, EnvoyPlace *place, const char *text)
{
    g_autoptr(GPtrArray) inside = envoy_visits_inside(visits, place);
    GPtrArray *found = g_ptr_array_new();
    EnvoyMatch best = ENVOY_MATCH_PART;

    for (guint i = 0; i < inside->len; i++) {
        EnvoyVisit *visit = inside->pdata[i];
        EnvoyMatch match = envoy_match(text, visit->id, visit->shown, visit->name, visit->email);

        if (match > best)
            g_ptr_array_set_size(found, 0);
        best = MAX(best, match);
        if (match == best)
            g_ptr_array_add(found, visit);
    }
    return found;
}
