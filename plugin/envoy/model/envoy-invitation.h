/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows "/invite": NAME [<EMAIL>] [WHEN] [until WHEN] [host EMAIL] [-- NOTE]. Pure.
 *
 * The parts may stand in any order, but the name is in one piece and the note at the end, behind "--" or a long dash. What is in quotes belongs to the
 * name. "host" and "until" belong to it, too, where no e-mail address or time follows and the name is still going on.
 * Anything that looks like a time, a date or an address and is none is refused: nobody gets invited at a wrong time, or
 * under the name "Ann 25:00".
 *
 * Without WHEN the visitor is expected now: at the next full quarter of an hour; where "until" is before that, at once.
 *
 * Contract: "Envoy account". */
#pragma once

#include <glib.h>

/* Longest name and note, in characters. */
#define ENVOY_INVITATION_NAME_MAX 200
#define ENVOY_INVITATION_NOTE_MAX 2000

typedef struct {
    char *name;          /* in one line, never empty */
    char *email;         /* (nullable) */
    char *host_email;    /* (nullable) */
    char *note;          /* (nullable): as typed, also of several lines */
    gint64 arrival_ms;   /* never past */
    gint64 departure_ms; /* 0: not told; else after the arrival */
    gboolean has_when;   /* the arrival was told */
} EnvoyInvitation;

void envoy_invitation_free(EnvoyInvitation *invitation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyInvitation, envoy_invitation_free)

/* Behind each, what the offending part is. */
typedef enum {
    ENVOY_INVITATION_OK,
    ENVOY_INVITATION_NO_NAME,       /* "", or a name without letters */
    ENVOY_INVITATION_LONG_NAME,     /* it */
    ENVOY_INVITATION_LONG_NOTE,     /* "" */
    ENVOY_INVITATION_OPEN_QUOTE,    /* from the quote on */
    ENVOY_INVITATION_BAD_ADDRESS,   /* it */
    ENVOY_INVITATION_BAD_HOST,      /* what is behind "host"; "": nothing */
    ENVOY_INVITATION_BAD_UNTIL,     /* what is behind "until" and no time; "": nothing */
    ENVOY_INVITATION_BAD_DAY,       /* "2026-02-30" */
    ENVOY_INVITATION_BAD_HOUR,      /* "25:00" */
    ENVOY_INVITATION_NO_HOUR,       /* "tomorrow", without the hour */
    ENVOY_INVITATION_LEFT_OUT,      /* "02:30", where the clocks are put forward over it */
    ENVOY_INVITATION_PAST,          /* "9:00" */
    ENVOY_INVITATION_UNTIL_EARLIER, /* the end, not after the beginning */
    ENVOY_INVITATION_TWICE,         /* the second e-mail address, time, end or host */
    ENVOY_INVITATION_UNEXPECTED,    /* words behind the name and other parts */
} EnvoyInvitationProblem;

/**
 * envoy_invitation_parse:
 * @text: plain text, as typed
 * @zone: of the location
 * @now_ms: since 1970
 * @problem: (out): ENVOY_INVITATION_OK on success
 * @part: (out) (transfer full) (nullable): a part of @text; %NULL on success
 *
 * Returns: (transfer full) (nullable): %NULL with @problem and @part.
 */
EnvoyInvitation *envoy_invitation_parse(const char *text, GTimeZone *zone, gint64 now_ms,
                                        EnvoyInvitationProblem *problem, char **part);
