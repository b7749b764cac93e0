/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scheduler of an account's questions. */
#include "envoy-poll.h"

#include "net/net-retry.h"

#define SECOND_MS (1000 * (gint64)1)
#define NEVER_MS (-1 * (gint64)1)
/* Without an open room this many times longer. Contract: "poll_seconds". */
#define CLOSED_FACTOR 4
/* What there was no answer at all for is tried again after about twice this, at first. */
#define FIRST_RETRY_MS (15 * SECOND_MS)
#define MOST_DOUBLINGS 10
/* Good answers in a row that end a back-off. Sheet: 9.1. */
#define GOOD_ANSWERS 2
/* Of the interval, to both sides. Sheet: 9.1. */
#define JITTER 0.1
/* How far the clock may go back before that is believed. */
#define CLOCK_SLACK_MS (5 * SECOND_MS)

typedef struct {
    gboolean resting;
    gboolean asked;   /* and not answered */
    gboolean waiting; /* asked: the next page has to wait */
    gboolean again;   /* asked: to be asked again */
    gint64 due_ms;
    gint64 done_ms;     /* the last good answer, 0: none */
    guint pages;        /* of the answer that is being read, or of the last one */
    guint doublings;    /* of the interval */
    guint good_answers; /* in a row */
} Resource;

struct _EnvoyPoll {
    Resource resources[ENVOY_POLL_COUNT];
    guint poll_seconds;
    gboolean online;
    gboolean open;
    gboolean in_round; /* something was given out in this wake-up */
    gboolean wide;     /* the entries that are being asked for are with all sign-outs */
    gint64 wide_due_ms;
    guint too_often;    /* how often the service said so, until it was content for a while */
    guint good_answers; /* in a row */
    gint64 quiet_until_ms;
    gint64 sent_ms[ENVOY_POLL_BUDGET]; /* the last requests, a ring; NEVER_MS: none */
    guint sent_next;
    gint64 now_ms; /* the last that was told */
};

EnvoyPoll *envoy_poll_new(guint poll_seconds)
{
    EnvoyPoll *poll = g_new0(EnvoyPoll, 1);

    poll->poll_seconds = MAX(poll_seconds, ENVOY_POLL_LEAST_SECONDS);
    for (guint i = 0; i < ENVOY_POLL_BUDGET; i++)
        poll->sent_ms[i] = NEVER_MS;
    return poll;
}

void envoy_poll_free(EnvoyPoll *poll)
{
    g_free(poll);
}

/* A clock that is put back must not stop everything until it is as late again. */
static void note_now(EnvoyPoll *poll, gint64 now_ms)
{
    gint64 back_ms = poll->now_ms - now_ms;

    poll->now_ms = now_ms;
    if (back_ms <= CLOCK_SLACK_MS)
        return;
    for (guint i = 0; i < ENVOY_POLL_COUNT; i++) {
        poll->resources[i].due_ms -= back_ms;
        if (poll->resources[i].done_ms)
            poll->resources[i].done_ms -= back_ms;
    }
    for (guint i = 0; i < ENVOY_POLL_BUDGET; i++) {
        if (poll->sent_ms[i] != NEVER_MS)
            poll->sent_ms[i] -= back_ms;
    }
    poll->wide_due_ms -= back_ms;
    poll->quiet_until_ms -= back_ms;
}

/* -------------------------------------------------------------------------------------------------------------- budget */

/* How long until fewer than @most of the requests are within the budget's time. */
static gint64 budget_wait_ms(const EnvoyPoll *poll, guint most, gint64 now_ms)
{
    /* The one that has to be out of it. */
    guint index = (poll->sent_next + ENVOY_POLL_BUDGET - most) % ENVOY_POLL_BUDGET;
    gint64 sent_ms = poll->sent_ms[index];

    return sent_ms == NEVER_MS ? 0 : MAX(sent_ms + ENVOY_POLL_BUDGET_MS - now_ms, 0);
}

static void note_sent(EnvoyPoll *poll, gint64 now_ms)
{
    poll->sent_ms[poll->sent_next] = now_ms;
    poll->sent_next = (poll->sent_next + 1) % ENVOY_POLL_BUDGET;
}

void envoy_poll_note_request(EnvoyPoll *poll, gint64 now_ms)
{
    note_now(poll, now_ms);
    note_sent(poll, now_ms);
}

/* ----------------------------------------------------------------------------------------------------------- intervals */

static gint64 plain_interval_ms(const EnvoyPoll *poll, EnvoyPollWhat what)
{
    gint64 factor = poll->open ? 1 : CLOSED_FACTOR;

    switch (what) {
    case ENVOY_POLL_PLACES:
        return 30 * 60 * SECOND_MS;
    case ENVOY_POLL_ENTRIES:
        return factor * poll->poll_seconds * SECOND_MS;
    case ENVOY_POLL_INVITES_WINDOW:
        return 5 * 60 * SECOND_MS;
    case ENVOY_POLL_INVITES_NEW:
        return factor * 60 * SECOND_MS;
    case ENVOY_POLL_COUNT:
        break;
    }
    g_return_val_if_reached(ENVOY_POLL_MOST_MS);
}

/* So that long answers do not use up the budget. */
static gint64 pages_interval_ms(guint pages)
{
    return pages > 2 ? pages * ENVOY_POLL_PAGE_MS : 0;
}

static gint64 doubled(gint64 time_ms, guint doublings)
{
    return MIN(time_ms << MIN(doublings, MOST_DOUBLINGS), MAX(time_ms, ENVOY_POLL_MOST_MS));
}

static gint64 interval_ms(const EnvoyPoll *poll, EnvoyPollWhat what)
{
    const Resource *resource = &poll->resources[what];
    gint64 plain_ms = plain_interval_ms(poll, what);

    /* Of entries only the wide ones are that many. */
    if (what != ENVOY_POLL_ENTRIES)
        plain_ms = MAX(plain_ms, pages_interval_ms(resource->pages));
    return doubled(plain_ms, resource->doublings);
}

static gint64 jittered(gint64 time_ms, double dice)
{
    return time_ms + (gint64)((double)time_ms * JITTER * (2 * CLAMP(dice, 0.0, 1.0) - 1));
}

/* What was put far off is due sooner, when it is to be asked for more often now. */
static void hasten(EnvoyPoll *poll)
{
    for (EnvoyPollWhat what = 0; what < ENVOY_POLL_COUNT; what++) {
        Resource *resource = &poll->resources[what];

        if (resource->done_ms && resource->doublings == 0)
            resource->due_ms = MIN(resource->due_ms, resource->done_ms + interval_ms(poll, what));
    }
}

/* ------------------------------------------------------------------------------------------------------------ questions */

void envoy_poll_set_online(EnvoyPoll *poll, gboolean online, gint64 now_ms)
{
    note_now(poll, now_ms);
    if (poll->online == online)
        return;
    poll->online = online;
    poll->in_round = FALSE;
    for (guint i = 0; i < ENVOY_POLL_COUNT; i++) {
        Resource *resource = &poll->resources[i];

        resource->asked = resource->waiting = resource->again = FALSE;
        resource->due_ms = now_ms;
    }
    poll->wide_due_ms = now_ms;
}

void envoy_poll_set_open(EnvoyPoll *poll, gboolean open, gint64 now_ms)
{
    note_now(poll, now_ms);
    poll->open = open;
    hasten(poll);
}

gboolean envoy_poll_ask_now(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms)
{
    Resource *resource = &poll->resources[what];

    note_now(poll, now_ms);
    if (resource->resting)
        return FALSE;
    resource->again = resource->asked;
    resource->due_ms = MIN(resource->due_ms, now_ms);
    if (what == ENVOY_POLL_ENTRIES)
        poll->wide_due_ms = MIN(poll->wide_due_ms, now_ms);
    return TRUE;
}

/* One request at a time; one whose next page has to wait does not keep the others waiting. */
static gboolean is_busy(const EnvoyPoll *poll)
{
    for (guint i = 0; i < ENVOY_POLL_COUNT; i++) {
        if (poll->resources[i].asked && !poll->resources[i].waiting)
            return TRUE;
    }
    return FALSE;
}

/* From when on it may be asked for: some time before it is due, when there is a wake-up anyhow. */
static gint64 ready_ms(const EnvoyPoll *poll, EnvoyPollWhat what)
{
    gint64 due_ms = poll->resources[what].due_ms;

    /* Not so much earlier that what was just answered is asked for again. */
    return poll->in_round ? due_ms - MIN(ENVOY_POLL_ALIGN_MS, interval_ms(poll, what) / 4) : due_ms;
}

/* Of what may be asked for at @now_ms, what has waited the longest. Returns: %FALSE when there is nothing. */
static gboolean find_first(const EnvoyPoll *poll, gint64 now_ms, EnvoyPollWhat *first)
{
    gboolean found = FALSE;

    for (EnvoyPollWhat what = 0; what < ENVOY_POLL_COUNT; what++) {
        const Resource *resource = &poll->resources[what];

        if (resource->resting || resource->asked || ready_ms(poll, what) > now_ms)
            continue;
        if (found && resource->due_ms >= poll->resources[*first].due_ms)
            continue;
        *first = what;
        found = TRUE;
    }
    return found;
}

gboolean envoy_poll_next(EnvoyPoll *poll, gint64 now_ms, EnvoyPollWhat *what, gboolean *wide)
{
    EnvoyPollWhat first;
    Resource *resource;

    note_now(poll, now_ms);
    if (!poll->online || is_busy(poll))
        return FALSE;
    if (!find_first(poll, now_ms, &first) || poll->quiet_until_ms > now_ms ||
        budget_wait_ms(poll, ENVOY_POLL_BUDGET, now_ms) > 0) {
        poll->in_round = FALSE;
        return FALSE;
    }
    poll->in_round = TRUE;
    note_sent(poll, now_ms);
    resource = &poll->resources[first];
    resource->asked = TRUE;
    resource->pages = 1;
    *what = first;
    *wide = first == ENVOY_POLL_ENTRIES && poll->wide_due_ms <= now_ms + ENVOY_POLL_ALIGN_MS;
    if (first == ENVOY_POLL_ENTRIES)
        poll->wide = *wide;
    return TRUE;
}

gint64 envoy_poll_wait_ms(EnvoyPoll *poll, gint64 now_ms)
{
    EnvoyPollWhat first;
    gint64 wait_ms;

    note_now(poll, now_ms);
    if (!poll->online || is_busy(poll) || !find_first(poll, G_MAXINT64, &first))
        return NEVER_MS;
    wait_ms = MAX(poll->resources[first].due_ms, poll->quiet_until_ms) - now_ms;
    return MAX(wait_ms, budget_wait_ms(poll, ENVOY_POLL_BUDGET, now_ms));
}

gint64 envoy_poll_page(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms)
{
    Resource *resource = &poll->resources[what];
    gint64 wait_ms;

    note_now(poll, now_ms);
    wait_ms = MAX(budget_wait_ms(poll, ENVOY_POLL_PAGES_BUDGET, now_ms), poll->quiet_until_ms - now_ms);
    resource->waiting = wait_ms > 0;
    if (wait_ms > 0)
        return wait_ms;
    note_sent(poll, now_ms);
    resource->pages++;
    return 0;
}

/* ------------------------------------------------------------------------------------------------------------- answers */

static void end_question(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms)
{
    Resource *resource = &poll->resources[what];

    note_now(poll, now_ms);
    resource->asked = resource->waiting = FALSE;
}

static void end_of_again(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms)
{
    Resource *resource = &poll->resources[what];

    if (!resource->again)
        return;
    resource->again = FALSE;
    resource->due_ms = now_ms;
    if (what == ENVOY_POLL_ENTRIES)
        poll->wide_due_ms = now_ms;
}

void envoy_poll_done(EnvoyPoll *poll, EnvoyPollWhat what, gint64 now_ms, double dice)
{
    Resource *resource = &poll->resources[what];

    end_question(poll, what, now_ms);
    resource->done_ms = now_ms;
    if (++resource->good_answers >= GOOD_ANSWERS)
        resource->doublings = 0;
    if (++poll->good_answers >= GOOD_ANSWERS)
        poll->too_often = 0;
    resource->due_ms = now_ms + jittered(interval_ms(poll, what), dice);
    if (what == ENVOY_POLL_ENTRIES && poll->wide)
        poll->wide_due_ms = now_ms + pages_interval_ms(resource->pages);
    end_of_again(poll, what, now_ms);
}

static void rest(EnvoyPoll *poll, EnvoyPollWhat what)
{
    poll->resources[what].resting = TRUE;
    /* Both need invites.read. Sheet: 4. */
    if (what == ENVOY_POLL_INVITES_NEW || what == ENVOY_POLL_INVITES_WINDOW) {
        poll->resources[ENVOY_POLL_INVITES_NEW].resting = TRUE;
        poll->resources[ENVOY_POLL_INVITES_WINDOW].resting = TRUE;
    }
}

static void slow_down(Resource *resource)
{
    resource->good_answers = 0;
    resource->doublings = MIN(resource->doublings + 1, MOST_DOUBLINGS);
}

void envoy_poll_failed(EnvoyPoll *poll, EnvoyPollWhat what, EnvoyPollFailure failure, gint64 retry_after_ms,
                       gint64 now_ms, double dice)
{
    static const NetRetry too_often = { .first_ms = 5 * 1000, .max_ms = 5 * 60 * 1000 };
    Resource *resource = &poll->resources[what];
    gint64 retry_ms;

    end_question(poll, what, now_ms);
    resource->again = FALSE;
    if (failure == ENVOY_POLL_FORBIDDEN) {
        rest(poll, what);
        return;
    }
    poll->good_answers = 0;
    if (failure == ENVOY_POLL_TOO_OFTEN) {
        for (guint i = 0; i < ENVOY_POLL_COUNT; i++)
            slow_down(&poll->resources[i]);
    } else {
        slow_down(resource);
    }
    if (failure == ENVOY_POLL_TOO_OFTEN || retry_after_ms >= 0) {
        gint64 quiet_ms = net_retry_delay_ms(&too_often, poll->too_often++, dice, retry_after_ms);

        poll->quiet_until_ms = MAX(poll->quiet_until_ms, now_ms + quiet_ms);
    }
    retry_ms = resource->done_ms ? interval_ms(poll, what) : doubled(FIRST_RETRY_MS, resource->doublings);
    resource->due_ms = MAX(now_ms + jittered(retry_ms, dice), poll->quiet_until_ms);
}

gboolean envoy_poll_is_resting(EnvoyPoll *poll, EnvoyPollWhat what)
{
    return poll->resources[what].resting;
}
