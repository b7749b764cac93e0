/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as people type them. Pure: what time it is, is passed in.
 *
 *   14:30   2:30pm   2:30 pm   9am          today
 *   today 14:30      tomorrow 9:00          2026-12-01 10:00      2026-12-01T10:00
 *   today   tomorrow   2026-12-01           a day, without the hour
 *   now   in 2 hours   in 30 minutes   +2h   +90m   +1h30m
 *
 * Words without regard to case. A bare number is no time.
 *
 * Contract: "Envoy account". */
#pragma once

#include <glib.h>

typedef enum {
    ENVOY_WHEN_NOW,
    ENVOY_WHEN_TODAY,
    ENVOY_WHEN_TOMORROW,
    ENVOY_WHEN_DATE,
    ENVOY_WHEN_ANY_DAY, /* that of the base, see envoy_when_resolve() */
    ENVOY_WHEN_IN,
    ENVOY_WHEN_PLUS,
} EnvoyWhenDay;

/* The words of a time that was typed, understood as far as that needs no clock. */
typedef struct {
    EnvoyWhenDay day;
    int year, month, mday; /* of a date */
    int minutes;           /* of the day, or to go; -1: no hour was told */
} EnvoyWhen;

typedef enum {
    ENVOY_WHEN_OK,
    ENVOY_WHEN_NO_TIME,  /* something else */
    ENVOY_WHEN_NO_DAY,   /* looks like a date, and is none: 2026-02-30 */
    ENVOY_WHEN_NO_HOUR,  /* looks like an hour, and is none: 25:00 */
    ENVOY_WHEN_LEFT_OUT, /* the clocks are put forward over it on this day */
    ENVOY_WHEN_PAST,
} EnvoyWhenResult;

/**
 * envoy_when_take:
 * @words: (array length=count)
 * @taken: (out): how many of the words were taken, or are the wrong ones; 0 where there is no time
 * @when: (out): written on success
 *
 * Reads a time at the beginning of @words, as long a one as there is.
 *
 * Returns: ENVOY_WHEN_OK, ENVOY_WHEN_NO_TIME, ENVOY_WHEN_NO_DAY or ENVOY_WHEN_NO_HOUR.
 */
EnvoyWhenResult envoy_when_take(const char *const *words, gsize count, gsize *taken, EnvoyWhen *when);

/**
 * envoy_when_resolve:
 * @zone: where
 * @now_ms: since 1970
 * @base_ms: an hour without a day is on its day, "+2h" is counted from it; now_ms, or for the end of something its beginning
 * @at_ms: (out): when; of a day without an hour its beginning. Written unless it is left out, also when past
 * @until_ms: (out) (optional): the end of a day without an hour, else @at_ms
 *
 * An hour that comes twice, as the clocks are put back, is the first of them that is not past. The present minute is not
 * past, nor is today.
 *
 * Returns: ENVOY_WHEN_OK, ENVOY_WHEN_LEFT_OUT, ENVOY_WHEN_PAST, or ENVOY_WHEN_NO_DAY beyond the calendar.
 */
EnvoyWhenResult envoy_when_resolve(const EnvoyWhen *when, GTimeZone *zone, gint64 now_ms, gint64 base_ms, gint64 *at_ms,
                                   gint64 *until_ms);

/**
 * envoy_when_parse:
 * @text: nothing but a time
 *
 * Both of the above in one. Returns: any of the results.
 */
EnvoyWhenResult envoy_when_parse(const char *text, GTimeZone *zone, gint64 now_ms, gint64 *at_ms, gint64 *until_ms);
