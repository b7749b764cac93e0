/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Visits, their names in a room, and what happens in them. */
#include "envoy-visit.h"

#include "envoy-names.h"

#include "text/text-escape.h"

#include <string.h>

EnvoyVisit *envoy_visit_new(const char *id)
{
    EnvoyVisit *visit = g_new0(EnvoyVisit, 1);

    visit->refs = 1;
    visit->id = g_strdup(id);
    return visit;
}

EnvoyVisit *envoy_visit_ref(EnvoyVisit *visit)
{
    visit->refs++;
    return visit;
}

void envoy_visit_unref(EnvoyVisit *visit)
{
    if (!visit || --visit->refs > 0)
        return;
    g_free(visit->id);
    g_free(visit->name);
    g_free(visit->shown);
    g_free(visit->email);
    g_free(visit->host);
    envoy_place_unref(visit->place);
    g_free(visit->told_name);
    g_free(visit->flow_id);
    g_free(visit->location_id);
    g_free(visit->purpose);
    g_free(visit->folded);
    g_free(visit);
}

EnvoyVisitEvent *envoy_visit_event_new(EnvoyVisitKind kind, EnvoyVisit *visit, gint64 at_ms)
{
    EnvoyVisitEvent *event = g_new0(EnvoyVisitEvent, 1);

    event->kind = kind;
    event->visit = envoy_visit_ref(visit);
    event->at_ms = at_ms;
    event->length_ms = -1;
    return event;
}

void envoy_visit_event_free(EnvoyVisitEvent *event)
{
    if (!event)
        return;
    envoy_visit_unref(event->visit);
    envoy_place_unref(event->place);
    envoy_place_unref(event->old_place);
    g_free(event->shown);
    g_free(event->old_shown);
    g_free(event);
}

static char *clean_name(const char *text, const char *nameless)
{
    g_autofree char *line = text_clean_line(text);
    g_autofree char *start = NULL;

    if (g_utf8_strlen(line, -1) <= ENVOY_VISIT_NAME_MAX)
        return *line ? g_steal_pointer(&line) : g_strdup(nameless);
    start = g_utf8_substring(line, 0, ENVOY_VISIT_NAME_MAX);
    return g_strconcat(start, "\xe2\x80\xa6", NULL);
}

void envoy_visit_take_name(EnvoyVisit *visit, const char *name, const char *nameless)
{
    if (!name || g_strcmp0(visit->told_name, name) == 0)
        return;
    g_free(visit->told_name);
    visit->told_name = g_strdup(name);
    g_free(visit->name);
    visit->name = clean_name(name, nameless);
    if (visit->inside)
        return;
    g_free(visit->shown);
    visit->shown = g_strdup(visit->name);
}

gboolean envoy_visit_has_other_name(const EnvoyVisit *visit, const char *name, const char *nameless)
{
    g_autofree char *clean = NULL;

    if (!name || g_strcmp0(visit->told_name, name) == 0)
        return FALSE;
    clean = clean_name(name, nameless);
    return g_strcmp0(clean, visit->name) != 0;
}

void envoy_visit_take_place(EnvoyVisit *visit, EnvoyPlace *place)
{
    EnvoyPlace *old = visit->place;

    visit->place = place ? envoy_place_ref(place) : NULL;
    envoy_place_unref(old);
}

void envoy_visit_give_name(EnvoyVisit *visit)
{
    EnvoyPlace *place = visit->place;
    char *folded = envoy_fold(visit->name);
    char *key = g_strdup(folded);

    visit->number = 1;
    /* From the last one given: to try all of them again for each of thousands of the same name would take long. */
    if (g_hash_table_contains(place->names, key))
        visit->number = MAX(GPOINTER_TO_UINT(g_hash_table_lookup(place->last_given, folded)), 1);
    while (g_hash_table_contains(place->names, key)) {
        visit->number++;
        g_free(key);
        key = g_strdup_printf("%s%u", folded, visit->number);
    }
    if (visit->number > 1)
        g_hash_table_replace(place->last_given, g_strdup(folded), GUINT_TO_POINTER(visit->number));
    g_hash_table_insert(place->names, key, visit);
    g_free(visit->shown);
    visit->shown = visit->number > 1 ? g_strdup_printf("%s%u", visit->name, visit->number) : g_strdup(visit->name);
    g_free(visit->folded);
    visit->folded = folded;
}

void envoy_visit_release_name(EnvoyVisit *visit)
{
    EnvoyPlace *place = visit->place;
    g_autofree char *key = NULL;
    guint last;

    if (visit->number == 1) {
        g_hash_table_remove(place->names, visit->folded);
        return;
    }
    key = g_strdup_printf("%s%u", visit->folded, visit->number);
    g_hash_table_remove(place->names, key);
    last = GPOINTER_TO_UINT(g_hash_table_lookup(place->last_given, visit->folded));
    if (visit->number == 2)
        g_hash_table_remove(place->last_given, visit->folded);
    else if (visit->number <= last)
        g_hash_table_replace(place->last_given, g_strdup(visit->folded), GUINT_TO_POINTER(visit->number - 1));
}

void envoy_visit_enter(EnvoyVisit *visit)
{
    envoy_visit_give_name(visit);
    if (visit->is_delivery) {
        envoy_visit_release_name(visit);
        return;
    }
    visit->link.data = visit;
    g_queue_push_tail_link(&visit->place->inside, &visit->link);
    visit->inside = TRUE;
}

void envoy_visit_leave(EnvoyVisit *visit)
{
    if (!visit->inside)
        return;
    g_queue_unlink(&visit->place->inside, &visit->link);
    envoy_visit_release_name(visit);
    visit->inside = FALSE;
}
