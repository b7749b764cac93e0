/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locations and flows become places with names of their own. */
#include "envoy-places.h"

#include "envoy-names.h"

#include "text/text-escape.h"

#include <string.h>

/* Between the parts of a key; no slug has it, and an id that has it only misses its place. */
#define SEPARATOR "\x1f"

typedef enum { KNOWN_SHOWN = 1, KNOWN_DISABLED, KNOWN_FOR_EMPLOYEES } Known;

struct _EnvoyPlaces {
    char *front_desk;
    GHashTable *by_key; /* flow and location -> EnvoyPlace, a reference; also gone ones */
    GPtrArray *list;    /* EnvoyPlace, not gone */
    GHashTable *by_name;
    GHashTable *by_flow;    /* flow id -> GPtrArray of EnvoyPlace */
    GHashTable *by_words;   /* words of a flow's name or of a title -> GPtrArray of EnvoyPlace */
    GHashTable *by_purpose; /* location and words of a flow's name -> EnvoyPlace, NULL where several have it */
    GHashTable *locations;  /* id -> Known */
    GHashTable *flows;      /* id -> Known */
    char *only_location;    /* (nullable): there is no other enabled one */
    GHashTable *unknown;    /* ids that were not in the lists */
    gboolean wanted;
    guint serial; /* of the lists */
};

/* A place as the lists have it. */
typedef struct {
    const EnvoyFlow *flow; /* NULL: the front desk */
    const EnvoyLocation *location;
} Wish;

EnvoyPlace *envoy_place_ref(EnvoyPlace *place)
{
    place->refs++;
    return place;
}

void envoy_place_unref(EnvoyPlace *place)
{
    if (!place || --place->refs > 0)
        return;
    if (place->data_free)
        place->data_free(place->data);
    g_queue_clear(&place->inside);
    g_hash_table_unref(place->names);
    g_hash_table_unref(place->last_given);
    g_free(place->flow_id);
    g_free(place->location_id);
    g_free(place->name);
    g_free(place->title);
    g_free(place->flow_name);
    g_free(place->location_name);
    g_free(place->timezone);
    g_free(place);
}

static void place_unref(gpointer place)
{
    envoy_place_unref(place);
}

void envoy_place_change_free(EnvoyPlaceChange *change)
{
    if (!change)
        return;
    envoy_place_unref(change->place);
    g_free(change->old_name);
    g_free(change->old_title);
    g_free(change);
}

static void change_free(gpointer change)
{
    envoy_place_change_free(change);
}

static void list_unref(gpointer list)
{
    g_ptr_array_unref(list);
}

EnvoyPlaces *envoy_places_new(const char *front_desk)
{
    EnvoyPlaces *places = g_new0(EnvoyPlaces, 1);

    places->front_desk = g_strdup(front_desk);
    places->list = g_ptr_array_new();
    places->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, place_unref);
    places->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    places->by_flow = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_unref);
    places->by_words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_unref);
    places->by_purpose = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    places->locations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    places->flows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    places->unknown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return places;
}

void envoy_places_free(EnvoyPlaces *places)
{
    if (!places)
        return;
    g_ptr_array_unref(places->list);
    g_hash_table_unref(places->by_name);
    g_hash_table_unref(places->by_flow);
    g_hash_table_unref(places->by_words);
    g_hash_table_unref(places->by_purpose);
    g_hash_table_unref(places->locations);
    g_hash_table_unref(places->flows);
    g_hash_table_unref(places->unknown);
    g_hash_table_unref(places->by_key);
    g_free(places->only_location);
    g_free(places->front_desk);
    g_free(places);
}

/* (transfer full) */
static char *key_of(const char *flow_id, const char *location_id)
{
    /* The front desk has no first part at all, so that it is not the flow of an empty id. */
    return flow_id ? g_strconcat(flow_id, SEPARATOR, location_id, NULL) : g_strdup(location_id);
}

/* (transfer full): what is compared of names people type: also names of signs only have it. */
static char *words_of(const char *text)
{
    char *words = envoy_slug(text);

    if (*words)
        return words;
    g_free(words);
    return envoy_fold(text);
}

/* (transfer full): never empty. */
static char *name_part(const char *name, const char *id)
{
    char *part = envoy_slug(name);

    if (!*part) {
        g_free(part);
        part = envoy_slug(id);
    }
    if (!*part) {
        g_free(part);
        part = g_strdup("0");
    }
    return part;
}

/* -------------------------------------------------------------------------------------------------------- the lists */

static int new_chat_id(void)
{
    /* Of the program, not of a connection: windows of earlier connections keep theirs, and hosts look them up by it. */
    static int last;

    return ++last;
}

static EnvoyPlace *place_new(const Wish *wish)
{
    EnvoyPlace *place = g_new0(EnvoyPlace, 1);

    place->refs = 1;
    place->flow_id = wish->flow ? g_strdup(wish->flow->id) : NULL;
    place->location_id = g_strdup(wish->location->id);
    place->is_front_desk = !wish->flow;
    place->chat_id = new_chat_id();
    place->gone = TRUE;
    g_queue_init(&place->inside);
    place->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    place->last_given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return place;
}

static int compare_wishes(gconstpointer a, gconstpointer b)
{
    const Wish *left = a, *right = b;
    int order;

    if (!left->flow != !right->flow)
        return left->flow ? 1 : -1;
    order = left->flow ? envoy_id_compare(left->flow->id, right->flow->id) : 0;
    return order ? order : envoy_id_compare(left->location->id, right->location->id);
}

static void add_wish(GArray *wishes, const EnvoyFlow *flow, const EnvoyLocation *location)
{
    Wish wish = { flow, location };

    g_array_append_val(wishes, wish);
}

/* Returns: (transfer full) (element-type EnvoyLocation): the enabled ones, the last of those with the same id; in the
 * order of ids. */
static GPtrArray *take_locations(EnvoyPlaces *places, const GPtrArray *locations, GHashTable *enabled)
{
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(Wish));
    GPtrArray *sorted = g_ptr_array_new();
    GHashTableIter iter;
    gpointer location;

    g_hash_table_remove_all(places->locations);
    for (guint i = 0; i < locations->len; i++) {
        const EnvoyLocation *one = locations->pdata[i];

        g_hash_table_replace(places->locations, g_strdup(one->id),
                             GINT_TO_POINTER(one->enabled ? KNOWN_SHOWN : KNOWN_DISABLED));
        if (one->enabled)
            g_hash_table_replace(enabled, one->id, (gpointer)one);
        else
            g_hash_table_remove(enabled, one->id);
    }
    g_hash_table_iter_init(&iter, enabled);
    while (g_hash_table_iter_next(&iter, NULL, &location))
        add_wish(order, NULL, location);
    g_array_sort(order, compare_wishes);
    for (guint i = 0; i < order->len; i++)
        g_ptr_array_add(sorted, (gpointer)g_array_index(order, Wish, i).location);
    g_clear_pointer(&places->only_location, g_free);
    if (sorted->len == 1)
        places->only_location = g_strdup(((const EnvoyLocation *)sorted->pdata[0])->id);
    return sorted;
}

static Known knowledge_of(const EnvoyFlow *flow)
{
    if (flow->for_employees)
        return KNOWN_FOR_EMPLOYEES;
    return flow->enabled ? KNOWN_SHOWN : KNOWN_DISABLED;
}

/* (transfer full) (element-type Wish): what the lists call for, in order of ids. */
static GArray *collect_wishes(EnvoyPlaces *places, const GPtrArray *locations, const GPtrArray *flows)
{
    g_autoptr(GHashTable) enabled = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) sorted = take_locations(places, locations, enabled);
    GArray *wishes = g_array_new(FALSE, FALSE, sizeof(Wish));

    for (guint i = 0; i < sorted->len; i++)
        add_wish(wishes, NULL, sorted->pdata[i]);
    g_hash_table_remove_all(places->flows);
    for (guint i = 0; i < flows->len; i++) {
        const EnvoyFlow *flow = flows->pdata[i];
        Known known = knowledge_of(flow);
        const EnvoyLocation *location = flow->location_id ? g_hash_table_lookup(enabled, flow->location_id) : NULL;

        if (g_hash_table_contains(places->flows, flow->id))
            continue;
        g_hash_table_insert(places->flows, g_strdup(flow->id), GINT_TO_POINTER(known));
        if (known != KNOWN_SHOWN)
            continue;
        if (location)
            add_wish(wishes, flow, location);
        /* The same flow at thousands of locations, thousands of times: that need not be sorted first. */
        for (guint j = 0; !flow->location_id && j < sorted->len && wishes->len < 4 * ENVOY_PLACES_MAX; j++)
            add_wish(wishes, flow, sorted->pdata[j]);
    }
    g_array_sort(wishes, compare_wishes);
    if (wishes->len > ENVOY_PLACES_MAX)
        g_array_set_size(wishes, ENVOY_PLACES_MAX);
    return wishes;
}

/* (transfer full): the first free name. @last: base -> last number given: to try all again for each of thousands of the
 * same name would take long. */
static char *free_name(EnvoyPlaces *places, const EnvoyPlace *place, GHashTable *last)
{
    g_autofree char *location = name_part(place->location_name, place->location_id);
    g_autofree char *flow = place->flow_id ? name_part(place->flow_name, place->flow_id) : g_strdup(ENVOY_FRONT_DESK);
    char *base = g_strconcat(location, "/", flow, NULL);
    guint number;

    if (!g_hash_table_contains(places->by_name, base))
        return base;
    number = MAX(GPOINTER_TO_UINT(g_hash_table_lookup(last, base)), 1) + 1;
    for (;; number++) {
        char *name = g_strdup_printf("%s-%u", base, number);

        if (!g_hash_table_contains(places->by_name, name)) {
            g_hash_table_replace(last, base, GUINT_TO_POINTER(number));
            return name;
        }
        g_free(name);
    }
}

static void add_to_list(GHashTable *lists, const char *key, EnvoyPlace *place)
{
    GPtrArray *list = g_hash_table_lookup(lists, key);

    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(lists, g_strdup(key), list);
    }
    /* A flow's name may be the same words as its title. */
    if (list->len == 0 || list->pdata[list->len - 1] != place)
        g_ptr_array_add(list, place);
}

/* (transfer full) */
static char *purpose_key(const char *location_id, const char *purpose)
{
    g_autofree char *words = words_of(purpose);

    return g_strconcat(location_id, SEPARATOR, words, NULL);
}

static void index_place(EnvoyPlaces *places, EnvoyPlace *place)
{
    g_autofree char *flow_words = words_of(place->flow_name);
    g_autofree char *title_words = words_of(place->title);
    char *purpose;

    g_hash_table_insert(places->by_name, g_strdup(place->name), place);
    add_to_list(places->by_words, flow_words, place);
    add_to_list(places->by_words, title_words, place);
    if (!place->flow_id)
        return;
    add_to_list(places->by_flow, place->flow_id, place);
    purpose = purpose_key(place->location_id, place->flow_name);
    g_hash_table_replace(places->by_purpose, purpose,
                         g_hash_table_contains(places->by_purpose, purpose) ? NULL : place);
}

static EnvoyPlaceChange *change_new(EnvoyPlaceChangeKind kind, EnvoyPlace *place)
{
    EnvoyPlaceChange *change = g_new0(EnvoyPlaceChange, 1);

    change->kind = kind;
    change->place = envoy_place_ref(place);
    return change;
}

static void take_text(char **field, char *text)
{
    g_free(*field);
    *field = text;
}

/* What is new about @place. Returns: (nullable) (transfer full) */
static EnvoyPlaceChange *update_place(EnvoyPlaces *places, EnvoyPlace *place, const Wish *wish, GHashTable *last)
{
    EnvoyPlaceChange *change = NULL;
    g_autofree char *old_name = g_steal_pointer(&place->name), *old_title = g_steal_pointer(&place->title);

    take_text(&place->location_name, text_clean_line(wish->location->name));
    take_text(&place->flow_name, text_clean_line(wish->flow ? wish->flow->name : places->front_desk));
    take_text(&place->timezone, g_strdup(wish->location->timezone));
    place->name = free_name(places, place, last);
    place->title = g_strconcat(place->flow_name, " \xe2\x80\x93 ", place->location_name, NULL);
    place->serial = places->serial;
    if (place->gone) {
        change = change_new(ENVOY_PLACE_ADDED, place);
    } else if (strcmp(old_name, place->name) != 0 || strcmp(old_title, place->title) != 0) {
        change = change_new(ENVOY_PLACE_RENAMED, place);
        change->old_name = g_steal_pointer(&old_name);
        change->old_title = g_steal_pointer(&old_title);
    }
    place->gone = FALSE;
    return change;
}

static int compare_removed(gconstpointer a, gconstpointer b)
{
    const EnvoyPlaceChange *left = *(EnvoyPlaceChange *const *)a, *right = *(EnvoyPlaceChange *const *)b;

    return left->place->chat_id - right->place->chat_id;
}

/* Forgets what was gone before, tells what is gone now. */
static void remove_others(EnvoyPlaces *places, GPtrArray *changes)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, places->by_key);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EnvoyPlace *place = value;

        if (place->serial == places->serial)
            continue;
        if (!place->gone) {
            place->gone = TRUE;
            g_ptr_array_add(changes, change_new(ENVOY_PLACE_REMOVED, place));
        } else if (!place->shown) {
            g_hash_table_iter_remove(&iter);
        }
    }
    g_ptr_array_sort(changes, compare_removed);
}

/* Moves @renamed to @changes, each behind the one that gives the name away which it takes. */
static void order_renamings(GPtrArray *renamed, GPtrArray *changes)
{
    g_autoptr(GHashTable) givers = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) chain = g_ptr_array_new();

    for (guint i = 0; i < renamed->len; i++) {
        EnvoyPlaceChange *change = renamed->pdata[i];

        g_hash_table_insert(givers, change->old_name, change);
    }
    for (guint i = 0; i < renamed->len; i++) {
        EnvoyPlaceChange *change = renamed->pdata[i];

        /* Taken out of the table: it is in the chain, or told. */
        while (change && g_hash_table_remove(givers, change->old_name)) {
            g_ptr_array_add(chain, change);
            change = g_hash_table_lookup(givers, change->place->name);
        }
        while (chain->len > 0)
            g_ptr_array_add(changes, g_ptr_array_steal_index(chain, chain->len - 1));
    }
}

GPtrArray *envoy_places_put(EnvoyPlaces *places, const GPtrArray *locations, const GPtrArray *flows)
{
    g_autoptr(GArray) wishes = collect_wishes(places, locations, flows);
    g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) added = g_ptr_array_new(), renamed = g_ptr_array_new();
    GPtrArray *changes = g_ptr_array_new_with_free_func(change_free);

    places->serial++;
    g_ptr_array_set_size(places->list, 0);
    g_hash_table_remove_all(places->by_name);
    g_hash_table_remove_all(places->by_flow);
    g_hash_table_remove_all(places->by_words);
    g_hash_table_remove_all(places->by_purpose);
    for (guint i = 0; i < wishes->len; i++) {
        const Wish *wish = &g_array_index(wishes, Wish, i);
        g_autofree char *key = key_of(wish->flow ? wish->flow->id : NULL, wish->location->id);
        EnvoyPlace *place = g_hash_table_lookup(places->by_key, key);
        EnvoyPlaceChange *change;

        if (!place) {
            place = place_new(wish);
            g_hash_table_insert(places->by_key, g_steal_pointer(&key), place);
        }
        change = update_place(places, place, wish, last);
        if (change)
            g_ptr_array_add(change->kind == ENVOY_PLACE_ADDED ? added : renamed, change);
        g_ptr_array_add(places->list, place);
        index_place(places, place);
    }
    remove_others(places, changes);
    order_renamings(renamed, changes);
    for (guint i = 0; i < added->len; i++)
        g_ptr_array_add(changes, added->pdata[i]);
    return changes;
}

const GPtrArray *envoy_places_list(EnvoyPlaces *places)
{
    return places->list;
}

/* --------------------------------------------------------------------------------------------------------- look-ups */

EnvoyPlace *envoy_places_by_name(EnvoyPlaces *places, const char *name)
{
    const char *slash = strchr(name, '/');
    g_autofree char *location = slash ? g_strndup(name, (gsize)(slash - name)) : NULL;
    g_autofree char *location_part = envoy_slug(location);
    g_autofree char *flow_part = envoy_slug(slash ? slash + 1 : NULL);
    g_autofree char *path = g_strconcat(location_part, "/", flow_part, NULL);

    return g_hash_table_lookup(places->by_name, path);
}

EnvoyPlace *envoy_places_by_ids(EnvoyPlaces *places, const char *flow_id, const char *location_id)
{
    g_autofree char *key = key_of(flow_id, location_id);
    EnvoyPlace *place = g_hash_table_lookup(places->by_key, key);

    return place && !place->gone ? place : NULL;
}

EnvoyPlace *envoy_places_by_chat_id(EnvoyPlaces *places, int chat_id)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, places->by_key);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EnvoyPlace *place = value;

        if (place->chat_id == chat_id && (place->shown || !place->gone))
            return place;
    }
    return NULL;
}

EnvoyPlacesResolved envoy_places_resolve(EnvoyPlaces *places, const char *text, GPtrArray **candidates)
{
    g_autofree char *clean = text_clean_line(text);
    const char *wanted = *clean == '#' ? clean + 1 : clean;
    g_autofree char *words = words_of(wanted);
    EnvoyPlace *place = envoy_places_by_name(places, wanted);
    const GPtrArray *found = NULL;

    *candidates = g_ptr_array_new();
    if (place)
        g_ptr_array_add(*candidates, place);
    else
        found = g_hash_table_lookup(places->by_flow, wanted);
    if (!place && !found && *words)
        found = g_hash_table_lookup(places->by_words, words);
    for (guint i = 0; found && i < found->len; i++)
        g_ptr_array_add(*candidates, found->pdata[i]);
    if ((*candidates)->len == 0)
        return ENVOY_PLACES_NONE;
    return (*candidates)->len == 1 ? ENVOY_PLACES_ONE : ENVOY_PLACES_AMBIGUOUS;
}

static Known look_up(EnvoyPlaces *places, GHashTable *known, const char *id)
{
    Known knowledge = GPOINTER_TO_INT(g_hash_table_lookup(known, id));

    if (knowledge)
        return knowledge;
    /* Before there are any lists, they are on their way. */
    if (places->serial > 0 && !g_hash_table_contains(places->unknown, id) &&
        g_hash_table_size(places->unknown) < ENVOY_PLACES_MAX_UNKNOWN)
        places->wanted = g_hash_table_add(places->unknown, g_strdup(id));
    return 0;
}

/* By the flow's id alone, when it is at one location only. */
static EnvoyPlace *only_place_of(EnvoyPlaces *places, const char *flow_id)
{
    const GPtrArray *list = g_hash_table_lookup(places->by_flow, flow_id);

    return list && list->len == 1 ? list->pdata[0] : NULL;
}

/* By the purpose alone, when only one place has a flow of this name. */
static EnvoyPlace *only_place_for(EnvoyPlaces *places, const char *purpose)
{
    g_autofree char *words = words_of(purpose);
    const GPtrArray *list = *words ? g_hash_table_lookup(places->by_words, words) : NULL;

    return list && list->len == 1 ? list->pdata[0] : NULL;
}

static EnvoyPlace *find_in_location(EnvoyPlaces *places, const char *location_id, const char *purpose)
{
    g_autofree char *key = purpose && *purpose ? purpose_key(location_id, purpose) : NULL;
    EnvoyPlace *place = key ? g_hash_table_lookup(places->by_purpose, key) : NULL;

    return place ? place : envoy_places_by_ids(places, NULL, location_id);
}

EnvoyPlace *envoy_places_find(EnvoyPlaces *places, const char *flow_id, const char *location_id, const char *purpose,
                              EnvoyFound *how)
{
    EnvoyPlace *place = flow_id && location_id ? envoy_places_by_ids(places, flow_id, location_id) : NULL;
    Known flow = flow_id && !place ? look_up(places, places->flows, flow_id) : 0;
    Known location = 0;
    EnvoyFound found = ENVOY_FOUND_UNKNOWN;

    if (!place && flow == KNOWN_FOR_EMPLOYEES) {
        found = ENVOY_FOUND_HIDDEN;
    } else if (!place) {
        /* Where a location is told, a flow of the same id elsewhere is not meant. */
        place = flow_id && !location_id ? only_place_of(places, flow_id) : NULL;
        if (!location_id)
            location_id = places->only_location;
        if (!place && location_id)
            location = look_up(places, places->locations, location_id);
        if (location == KNOWN_DISABLED)
            found = ENVOY_FOUND_HIDDEN;
        else if (location)
            place = find_in_location(places, location_id, purpose);
        else if (!place && !location_id && purpose)
            place = only_place_for(places, purpose);
    }
    if (place)
        found = ENVOY_FOUND_PLACE;
    if (how)
        *how = found;
    return place;
}

gboolean envoy_places_take_wanted(EnvoyPlaces *places)
{
    gboolean wanted = places->wanted;

    places->wanted = FALSE;
    return wanted;
}
