/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One visit, and what happens in it; being inside a place, under a name of its own. */
#pragma once

#include "envoy-places.h"

/* Longest name shown, in characters. */
#define ENVOY_VISIT_NAME_MAX 100

/* For everybody but envoy-visits to be read only. */
typedef struct {
    char *id;
    char *name;  /* in one line, never empty */
    char *shown; /* the name in the room: while inside unique there without regard to case, and the same all the time */
    char *email; /* (nullable) */
    char *host;  /* (nullable): in one line */
    gint64 signed_in_ms;
    gint64 signed_out_ms; /* 0: not known */
    EnvoyPlace *place;    /* (nullable): a reference; NULL: in no room of ours */
    gboolean inside;      /* listed in place->inside */
    gboolean is_delivery;

    /*< private >*/
    guint refs;
    char *told_name; /* as the service has it */
    char *flow_id;
    char *location_id;
    char *purpose;
    char *folded;            /* what the shown name was made of */
    guint number;            /* what was appended to it, 1: nothing */
    gboolean told;           /* the arrival was told, or is not to be */
    gboolean guessed;        /* the sign-in is when it was first seen */
    gint64 told_out_ms;      /* the departure that was told */
    guint feed, missed;      /* the last one it was in; how often it was not since */
    const EnvoyEntry *entry; /* during a feed: the newest copy */
    gint64 entry_out_ms;     /* during a feed: of any copy */
    EnvoyPlace *entry_place; /* during a feed: where it belongs now */
    GList link;              /* in place->inside */
} EnvoyVisit;

EnvoyVisit *envoy_visit_ref(EnvoyVisit *visit);
/* @visit: (nullable) */
void envoy_visit_unref(EnvoyVisit *visit);

typedef enum {
    ENVOY_VISIT_ARRIVED,
    ENVOY_VISIT_LEFT,
    ENVOY_VISIT_GONE,    /* no longer listed, and nobody knows since when: no line */
    ENVOY_VISIT_BACK,    /* inside after all: no line */
    ENVOY_VISIT_RENAMED, /* no line */
    ENVOY_VISIT_MOVED,   /* to another place, or to or from none: no line */
} EnvoyVisitKind;

typedef struct {
    EnvoyVisitKind kind;
    EnvoyVisit *visit;     /* a reference */
    EnvoyPlace *place;     /* (nullable): a reference; where it happened; moved: where to */
    EnvoyPlace *old_place; /* (nullable): a reference; moved: where from */
    char *shown;           /* the name in the room after it */
    char *old_shown;       /* (nullable): renamed, moved: the name before, perhaps the same */
    gint64 at_ms;          /* when it happened, as far as known */
    gint64 length_ms;      /* left: of the visit, -1 when unknown */
    gboolean over;         /* arrived: has left, too, as is told by a later event of the same feed */
} EnvoyVisitEvent;

void envoy_visit_event_free(EnvoyVisitEvent *event);

/* ------------------------------------------------------------------------------------ inner functions of envoy-visits */

/* (transfer full): a reference */
EnvoyVisit *envoy_visit_new(const char *id);

/* @name: as the service has it; @nameless: for an empty one. The shown name of who is inside stays until the next
 * envoy_visit_give_name(). Does nothing for NULL. */
void envoy_visit_take_name(EnvoyVisit *visit, const char *name, const char *nameless);

/* Whether @name, as the service has it, would be another name. @name: (nullable) */
gboolean envoy_visit_has_other_name(const EnvoyVisit *visit, const char *name, const char *nameless);

/* @place: (nullable). Not while inside. */
void envoy_visit_take_place(EnvoyVisit *visit, EnvoyPlace *place);

/* Gives who is inside a name that is unique in visit->place: the own one, or it with the first free number. */
void envoy_visit_give_name(EnvoyVisit *visit);
/* Frees it for others. */
void envoy_visit_release_name(EnvoyVisit *visit);

/* Lists a visitor in visit->place, under a name of their own. A delivery only gets the name. */
void envoy_visit_enter(EnvoyVisit *visit);
/* Does nothing for who is not inside. */
void envoy_visit_leave(EnvoyVisit *visit);

EnvoyVisitEvent *envoy_visit_event_new(EnvoyVisitKind kind, EnvoyVisit *visit, gint64 at_ms);
