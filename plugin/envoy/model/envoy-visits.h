/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who came and went: the answers of many polls, overlapping as they are, become events that each come once. Pure.
 *
 * A visit:   (new) --ARRIVED--> inside --LEFT--> over
 *                                inside --GONE--> nobody can tell --LEFT--> over
 *                                over, nobody can tell --BACK--> inside
 *
 * ARRIVED and LEFT are worth a line, all else is only for redrawing. Deliveries arrive and are never inside, since
 * nobody signs them out.
 *
 * Sheet: Envoy, 9.1. */
#pragma once

#include "envoy-visit.h"

/* Visits remembered; of more, the oldest that are over are forgotten and never told again. */
#define ENVOY_VISITS_MAX 20000
/* How far back is asked; who came earlier and is still inside cannot be followed any more. Sheet: 9.1. */
#define ENVOY_VISITS_WINDOW_MS (24 * 60 * 60 * (gint64)1000)
/* The overlap of two polls. Sheet: 9.1. */
#define ENVOY_VISITS_OVERLAP_MS (2 * 60 * (gint64)1000)
/* Answers longer than this came in several pages, between which one may be skipped: then an entry has to be missed
 * twice before it is believed to be gone. */
#define ENVOY_VISITS_PAGE 100

typedef struct _EnvoyVisits EnvoyVisits;

/**
 * envoy_visits_new:
 * @places: (transfer none): has to outlive the visits
 * @nameless: what a visitor without a name is called, in the user's language
 */
EnvoyVisits *envoy_visits_new(EnvoyPlaces *places, const char *nameless);
void envoy_visits_free(EnvoyVisits *visits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyVisits, envoy_visits_free)

/**
 * envoy_visits_ask_from:
 * @now_ms: since 1970
 * @wide: with the sign-outs of all who are inside; else only what is new
 *
 * What to ask for: entries signed in after this time. It is the last poll less the overlap, or the newest sign-in seen
 * less the overlap, so that a clock ahead of the service's loses nobody; @wide: or just before the oldest sign-in of who
 * is inside; whichever is earliest, but not earlier than 24 hours ago. The first poll asks for all of these.
 *
 * Sheet: 9.1.
 */
gint64 envoy_visits_ask_from(EnvoyVisits *visits, gint64 now_ms, gboolean wide);

/* The answer, or the part of it that came, of one poll. */
typedef struct {
    const GPtrArray *entries; /* (element-type EnvoyEntry): in any order; of some twice the later is newer */
    gint64 from_ms;           /* as asked */
    gint64 asked_ms;          /* when the first page was asked */
    gint64 now_ms;            /* since 1970 */
    gboolean complete;        /* all pages are there: who is missing is not there */
} EnvoyVisitsFeed;

/**
 * envoy_visits_feed:
 *
 * Takes in what a poll brought. Everything up to the first complete answer is history: it fills the places, and there
 * are no events. What the answer holds from before the time asked for, and is not known, is left out.
 *
 * Returns: (transfer full) (element-type EnvoyVisitEvent): what is new in rooms, in order of time.
 */
GPtrArray *envoy_visits_feed(EnvoyVisits *visits, const EnvoyVisitsFeed *feed);

/**
 * envoy_visits_settle:
 *
 * Looks up all places anew, after envoy_places_put().
 *
 * Returns: (transfer full) (element-type EnvoyVisitEvent): who moved, and the arrival of whoever could not be placed before.
 */
GPtrArray *envoy_visits_settle(EnvoyVisits *visits, gint64 now_ms);

/* (nullable) (transfer none) */
EnvoyVisit *envoy_visits_get(EnvoyVisits *visits, const char *id);
guint envoy_visits_count(EnvoyVisits *visits);
/* Whether the history is there, so that places tell who is inside. */
gboolean envoy_visits_is_filled(EnvoyVisits *visits);

/* (transfer container) (element-type EnvoyVisit): who is inside, in order of sign-in. @place: (nullable): everywhere */
GPtrArray *envoy_visits_inside(EnvoyVisits *visits, EnvoyPlace *place);
/* (transfer container) (element-type EnvoyVisit): the @count latest, the oldest of them first. @place: (nullable): everywhere */
GPtrArray *envoy_visits_latest(EnvoyVisits *visits, EnvoyPlace *place, guint count);

/**
 * envoy_visits_resolve:
 * @place: (nullable): everywhere
 * @text: a visit's id, with or without #; a visitor's name or e-mail address; a part of either
 *
 * Returns: (transfer container) (element-type EnvoyVisit): those inside that are meant: none, the one, or several. A
 *   whole name goes before a part of one.
 */
GPtrArray *envoy_visits_resolve(EnvoyVisits *visits, EnvoyPlace *place, const char *text);
