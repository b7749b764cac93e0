/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rooms of an account: a place is one sign-in flow for visitors at one location, or a location's front desk. Pure.
 *
 * Each enabled location has a front desk, so that it can be joined at any time; it takes visitors of whom no enabled
 * flow is known. Whoever opens rooms by itself need not open it before somebody comes there: see is_front_desk.
 *
 * Sheet: Envoy, 6.1, 6.2. Contract: "Envoy account". */
#pragma once

#include "../api/envoy-types.h"

/* Further ones, by their ids, are left out. A company-wide flow counts at each location. */
#define ENVOY_PLACES_MAX 5000
/* Ids that the lists do not have and that are remembered for it. */
#define ENVOY_PLACES_MAX_UNKNOWN 1000
/* The last part of the name of a front desk. */
#define ENVOY_FRONT_DESK "front-desk"

typedef struct {
    char *flow_id; /* NULL: the front desk */
    char *location_id;
    char *name;          /* "location/flow", unique; what the host calls the room */
    char *title;         /* "Flow – Location" */
    char *flow_name;     /* in one line, for the front desk the words given to envoy_places_new() */
    char *location_name; /* in one line */
    char *timezone;      /* (nullable): IANA name */
    gboolean is_front_desk;
    gboolean gone; /* the lists do not have it any more; its name may be another's */

    int chat_id;    /* the host's number, the same for the whole session; never 0 */
    gboolean shown; /* for the layer above: the host has it open */
    /* For the layer above. */
    gpointer data;
    GDestroyNotify data_free; /* (nullable): called with what is in data at the end */

    GQueue inside;          /* EnvoyVisit, in order of arrival as it was learnt; kept by envoy-visits */
    GHashTable *names;      /* folded shown name -> EnvoyVisit, of those inside; kept by envoy-visits */
    GHashTable *last_given; /* folded name -> last number appended to it; kept by envoy-visits */

    /*< private >*/
    guint refs;
    guint serial;
} EnvoyPlace;

EnvoyPlace *envoy_place_ref(EnvoyPlace *place);
/* @place: (nullable) */
void envoy_place_unref(EnvoyPlace *place);

typedef enum {
    ENVOY_PLACE_REMOVED,
    ENVOY_PLACE_RENAMED, /* another name or title */
    ENVOY_PLACE_ADDED,   /* perhaps one that was removed before and is still shown */
} EnvoyPlaceChangeKind;

typedef struct {
    EnvoyPlaceChangeKind kind;
    EnvoyPlace *place; /* a reference */
    char *old_name;    /* (nullable): renamed: the name before, perhaps the same */
    char *old_title;   /* (nullable): renamed: likewise */
} EnvoyPlaceChange;

void envoy_place_change_free(EnvoyPlaceChange *change);

typedef struct _EnvoyPlaces EnvoyPlaces;

/* @front_desk: what a front desk is called in titles, in the user's language. */
EnvoyPlaces *envoy_places_new(const char *front_desk);
void envoy_places_free(EnvoyPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyPlaces, envoy_places_free)

/**
 * envoy_places_put:
 * @locations: (element-type EnvoyLocation): all of them, in any order
 * @flows: (element-type EnvoyFlow): all of them, in any order
 *
 * Replaces what is known. Whatever has the same flow and location stays the same object with the same chat id, also when
 * it was removed and is still shown. One that was removed is kept until the next call, and as long as it is shown.
 * Visits have to be looked up anew: envoy_visits_settle() has to follow.
 *
 * Names depend on nothing but the lists: where several would have the same, the lowest flow id (then location id) has
 * it, the others get the first free number of "-2", "-3" and so on. Front desks come before all flows.
 *
 * Returns: (transfer full) (element-type EnvoyPlaceChange): what was removed, then what was renamed, then what was
 *   added. A name is told as given away before it is told as taken, as far as they do not go round in a circle.
 */
GPtrArray *envoy_places_put(EnvoyPlaces *places, const GPtrArray *locations, const GPtrArray *flows);

/* All that are in the lists, front desks too, in order of ids, front desks first. (transfer none) (element-type EnvoyPlace) */
const GPtrArray *envoy_places_list(EnvoyPlaces *places);

/* Each: (nullable) (transfer none). By name without regard to case; @flow_id: (nullable): the front desk. */
EnvoyPlace *envoy_places_by_name(EnvoyPlaces *places, const char *name);
EnvoyPlace *envoy_places_by_ids(EnvoyPlaces *places, const char *flow_id, const char *location_id);
/* Also one that is gone and still shown. */
EnvoyPlace *envoy_places_by_chat_id(EnvoyPlaces *places, int chat_id);

typedef enum {
    ENVOY_PLACES_ONE,
    ENVOY_PLACES_AMBIGUOUS,
    ENVOY_PLACES_NONE,
} EnvoyPlacesResolved;

/**
 * envoy_places_resolve:
 * @text: what a person typed: a room's name, a flow id, a title, the name of a flow that only one location has, or
 *   "Location/Flow"; without regard to case and signs; a leading # and white space around are fine
 * @candidates: (out) (transfer container) (element-type EnvoyPlace): the one, or all that are meant
 *
 * Contract: "Envoy account".
 */
EnvoyPlacesResolved envoy_places_resolve(EnvoyPlaces *places, const char *text, GPtrArray **candidates);

typedef enum {
    ENVOY_FOUND_PLACE,
    ENVOY_FOUND_HIDDEN,  /* NULL: employees, or a location that is not enabled */
    ENVOY_FOUND_UNKNOWN, /* NULL: nobody can tell, yet */
} EnvoyFound;

/**
 * envoy_places_find:
 * @flow_id: (nullable)
 * @location_id: (nullable)
 * @purpose: (nullable): perhaps the name of a flow
 * @how: (out) (optional)
 *
 * Finds the place of an entry or invite: by flow, else by a purpose that is the name of just one flow of the location,
 * else the front desk. Without a location the only one is meant, if there is only one.
 *
 * Sheet: Envoy, 6.4.
 *
 * Returns: (nullable) (transfer none)
 */
EnvoyPlace *envoy_places_find(EnvoyPlaces *places, const char *flow_id, const char *location_id, const char *purpose,
                              EnvoyFound *how);

/* Whether ids came up that the lists do not have, so that they should be asked for again. Told once for each id. */
gboolean envoy_places_take_wanted(EnvoyPlaces *places);
