/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is expected: the answers to two questions, for the newest invites and for those of the coming time, become events.
 * Pure.
 *
 * Sheet: Envoy, 9.1, 6.3. */
#pragma once

#include "envoy-visits.h"

/* Invites remembered; further ones are neither told nor found. */
#define ENVOY_EXPECTED_MAX 10000
/* How long after the expected time an invite is remembered. */
#define ENVOY_EXPECTED_PAST_MS (24 * 60 * 60 * (gint64)1000)
/* What the window begins with: who was expected this much before now. Sheet: 9.1. */
#define ENVOY_EXPECTED_LATE_MS (60 * 60 * (gint64)1000)
/* Who comes this much before or after the expected time may be the one. [guess] */
#define ENVOY_EXPECTED_ABOUT_MS (2 * 60 * 60 * (gint64)1000)
/* Answers longer than this came in several pages, between which one may be skipped: then an invite has to be missed
 * twice before it is believed to be withdrawn. */
#define ENVOY_EXPECTED_PAGE 100
/* What was seen so short a while before a question may be missing in its answer. [guess] */
#define ENVOY_EXPECTED_LAG_MS (10 * (gint64)1000)

/* For everybody but envoy-expected to be read only. */
typedef struct {
    EnvoyInvite *invite;
    EnvoyPlace *place; /* (nullable): a reference; NULL: in no room of ours */
    gboolean arrived;
    char *visit_id; /* (nullable): of the visitor who arrived */

    /*< private >*/
    guint refs;
    char *folded; /* the name, for comparing */
    guint missed; /* how many windows should have had it */
    gint64 first_seen_ms;
    gint64 last_seen_ms;
} EnvoyGuest;

EnvoyGuest *envoy_guest_ref(EnvoyGuest *guest);
/* @guest: (nullable) */
void envoy_guest_unref(EnvoyGuest *guest);

typedef enum {
    ENVOY_EXPECTED_NEW,
    ENVOY_EXPECTED_CHANGED,
    ENVOY_EXPECTED_WITHDRAWN,
} EnvoyExpectedKind;

typedef enum {
    ENVOY_EXPECTED_TIME = 1 << 0,
    ENVOY_EXPECTED_HOST = 1 << 1,
    ENVOY_EXPECTED_APPROVAL = 1 << 2,
    ENVOY_EXPECTED_NAME = 1 << 3,
    ENVOY_EXPECTED_PLACE = 1 << 4,
} EnvoyExpectedWhat;

typedef struct {
    EnvoyExpectedKind kind;
    EnvoyGuest *guest;      /* a reference */
    EnvoyPlace *place;      /* (nullable): a reference */
    EnvoyExpectedWhat what; /* changed: what is different */
    EnvoyInvite *before;    /* (nullable): changed: what it was */
    EnvoyPlace *old_place;  /* (nullable): changed: a reference */
} EnvoyExpectedEvent;

void envoy_expected_event_free(EnvoyExpectedEvent *event);

/* The list of all. */
typedef struct _EnvoyExpected EnvoyExpected;

/* @places: (transfer none): has to outlive the list */
EnvoyExpected *envoy_expected_new(EnvoyPlaces *places);
void envoy_expected_free(EnvoyExpected *expected);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyExpected, envoy_expected_free)

/**
 * envoy_expected_feed_newest:
 * @invites: (element-type EnvoyInvite): the newest, in any order; what is remembered is taken out of it
 *
 * The first feed is silent. Later on an invite is new when it was created after all those of the first feeds; an older one
 * that nobody has seen only comes up because others were withdrawn or time went on.
 *
 * Returns: (transfer full) (element-type EnvoyExpectedEvent): new ones in order of creation, then changes.
 */
GPtrArray *envoy_expected_feed_newest(EnvoyExpected *expected, GPtrArray *invites, gint64 now_ms);

/* Whether a page of the newest, newest first and not yet fed, reaches what was there before, so that the next page need not
 * be asked for. */
gboolean envoy_expected_has_reached(EnvoyExpected *expected, const GPtrArray *page);

/* The answer of one poll. */
typedef struct {
    GPtrArray *invites; /* (element-type EnvoyInvite): in any order; what is remembered is taken out of it */
    gint64 from_ms;     /* as asked: expected from then on */
    gint64 until_ms;    /* complete up to there; G_MAXINT64: to its end; below from_ms: not at all */
    gint64 asked_ms;    /* when the first page was asked */
    gint64 now_ms;      /* since 1970 */
} EnvoyExpectedWindow;

/**
 * envoy_expected_feed_window:
 *
 * The first complete feed is silent.
 *
 * Returns: (transfer full) (element-type EnvoyExpectedEvent): likewise, and at last who was withdrawn: expected in the
 *   time of the answer, and not in it.
 */
GPtrArray *envoy_expected_feed_window(EnvoyExpected *expected, const EnvoyExpectedWindow *window);

/* What the window begins with. Sheet: 9.1. */
gint64 envoy_expected_window_from(gint64 now_ms);

/* @invite: (transfer full): created here, so that no feed tells of it. Returns: (transfer none) (nullable) */
EnvoyGuest *envoy_expected_add(EnvoyExpected *expected, EnvoyInvite *invite, gint64 now_ms);
/* Withdrawn here, so that no feed tells of it. Does nothing for an unknown id. */
void envoy_expected_remove(EnvoyExpected *expected, const char *id);

/* Looks up all places anew, after envoy_places_put(). */
void envoy_expected_settle(EnvoyExpected *expected);

/**
 * envoy_expected_note_arrival:
 * @visit: somebody who arrived
 *
 * Marks the invite of a visitor, where that is sure: just one of the same place, about the time of the sign-in, has their
 * e-mail address, or where none has, and neither side tells another, their name.
 *
 * Returns: (nullable) (transfer none): it
 */
EnvoyGuest *envoy_expected_note_arrival(EnvoyExpected *expected, const EnvoyVisit *visit);

/* (nullable) (transfer none) */
EnvoyGuest *envoy_expected_get(EnvoyExpected *expected, const char *id);
guint envoy_expected_count(EnvoyExpected *expected);

/* (transfer container) (element-type EnvoyGuest): who has not arrived yet, expected from @from_ms and before @until_ms, in
 * order of time. @place: (nullable): everywhere */
GPtrArray *envoy_expected_list(EnvoyExpected *expected, EnvoyPlace *place, gint64 from_ms, gint64 until_ms);

/**
 * envoy_expected_resolve:
 * @place: (nullable): everywhere
 * @text: an invite's id, with or without #; a visitor's name or e-mail address; a part of either
 *
 * Returns: (transfer container) (element-type EnvoyGuest): those not arrived yet that are meant: none, the one, or
 *   several, in order of time. A whole name goes before a part of one. By id also who has arrived.
 */
GPtrArray *envoy_expected_resolve(EnvoyExpected *expected, EnvoyPlace *place, const char *text);

/* What was to be created, when the answer was lost. */
typedef struct {
    const char *name;
    const char *email; /* (nullable) */
    EnvoyPlace *place;
    gint64 arrival_ms;
    gint64 asked_ms; /* when it was asked to be created: what was known before is another */
} EnvoyWantedInvite;

/**
 * envoy_expected_find_created:
 * @invites: (nullable) (element-type EnvoyInvite): what the service was asked for
 *
 * Looks among @invites, and in what was learnt since, for an invite of the same minute, place and e-mail address (without
 * one: name) that was not known before.
 *
 * Returns: (nullable) (transfer none): it, of @invites or of the memory
 */
const EnvoyInvite *envoy_expected_find_created(EnvoyExpected *expected, const GPtrArray *invites,
                                               const EnvoyWantedInvite *wanted);
