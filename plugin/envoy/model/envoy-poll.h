/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to ask next, and when. Pure: time and dice are passed in.
 *
 * Whoever asks calls envoy_poll_next() until it gives nothing, one question at a time: the next one after
 * envoy_poll_done() or _failed() of the one before, or while that waits for its next page. Then it wakes up after
 * envoy_poll_wait_ms().
 *
 * Sheet: Envoy, 8, 9.1. */
#pragma once

#include <glib.h>

typedef enum {
    ENVOY_POLL_PLACES,
    ENVOY_POLL_ENTRIES,
    ENVOY_POLL_INVITES_WINDOW,
    ENVOY_POLL_INVITES_NEW,
    ENVOY_POLL_COUNT,
} EnvoyPollWhat;

/* Requests in any time of this length; of these, further pages leave some to first pages. Sheet: 8. */
#define ENVOY_POLL_BUDGET 10
#define ENVOY_POLL_BUDGET_MS (60 * (gint64)1000)
#define ENVOY_POLL_PAGES_BUDGET 7
/* The lowest setting that is honoured. */
#define ENVOY_POLL_LEAST_SECONDS 10
/* What is due this soon is asked in the same wake-up. */
#define ENVOY_POLL_ALIGN_MS (10 * (gint64)1000)
/* An answer of more pages than two is not asked for again before this time for each of them. */
#define ENVOY_POLL_PAGE_MS (15 * (gint64)1000)
/* Back-off ends here, unless the interval is longer. */
#define ENVOY_POLL_MOST_MS (15 * 60 * (gint64)1000)

typedef struct _EnvoyPoll EnvoyPoll;

/* @poll_seconds: between two questions for entries while a room is open. Offline at first. */
EnvoyPoll *envoy_poll_new(guint poll_seconds);
void envoy_poll_free(EnvoyPoll *poll);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyPoll, envoy_poll_free)

/* Going online makes everything due; going offline, whatever was asked is no longer waited for. */
void envoy_poll_set_online(EnvoyPoll *poll, gboolean online, gint64 now_ms);

/* Whether any room is open; else entries and new invites are asked for at a quarter of the rate. */
void envoy_poll_set_open(EnvoyPoll *poll, gboolean open, gint64 now_ms);

/**
 * envoy_poll_ask_now:
 *
 * A room was opened, or a command needs it: @what is due, also when it is being asked for, since that answer may be old.
 * Entries are asked for with all sign-outs.
 *
 * Returns: %FALSE when it rests, and will not be asked for.
 */
gboolean envoy_poll_ask_now(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms);

/**
 * envoy_poll_next:
 * @what: (out): what to ask for now; it counts as asked
 * @wide: (out): entries: with all sign-outs; these may be many pages, and are asked for less often then
 *
 * Returns: whether there is anything.
 */
gboolean envoy_poll_next(EnvoyPoll *poll, gint64 now_ms, EnvoyPollWhat *what, gboolean *wide);

/* Returns: milliseconds until envoy_poll_next() should be called, -1: not before something else is told. */
gint64 envoy_poll_wait_ms(EnvoyPoll *poll, gint64 now_ms);

/**
 * envoy_poll_page:
 *
 * Before asking for another page of @what.
 *
 * Returns: 0 when it may be asked for, and counts as asked; else how many milliseconds later to call this again.
 */
gint64 envoy_poll_page(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms);

/* A request that is none of a poll, such as of a command, was sent: it takes its part of the budget. */
void envoy_poll_note_request(EnvoyPoll *poll, gint64 now_ms);

/* All of @what is there. @dice: chance, from 0 (inclusive) to 1 (exclusive) */
void envoy_poll_done(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms, double dice);

/* Why there was no answer. */
typedef enum {
    ENVOY_POLL_LATER,     /* 5xx, the network, or an answer not understood */
    ENVOY_POLL_TOO_OFTEN, /* 429 */
    ENVOY_POLL_FORBIDDEN, /* 403: it rests for the session, and so does all that needs the same scope */
} EnvoyPollFailure;

/**
 * envoy_poll_failed:
 * @retry_after_ms: what the service asked for, -1 for nothing
 * @dice: chance, from 0 (inclusive) to 1 (exclusive)
 *
 * Each failure doubles the interval of @what, ENVOY_POLL_TOO_OFTEN that of everything; two good answers in a row bring it
 * back. After ENVOY_POLL_TOO_OFTEN, or when the service says how long to wait, nothing at all is asked for a while. What
 * there was no answer at all for is tried again sooner.
 *
 * Sheet: 7, 9.1.
 */
void envoy_poll_failed(EnvoyPoll *poll, EnvoyPollWhat what, EnvoyPollFailure failure, gint64 retry_after_ms,
                       gint64 now_ms, double dice);

gboolean envoy_poll_is_resting(EnvoyPoll *poll, EnvoyPollWhat what);
