/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of times, and the finding of an hour on a day of a time zone. */
#include "envoy-when.h"

#include "text/text-escape.h"

#include <string.h>

#define MINUTE_MS (60 * (gint64)1000)
#define DAY_MINUTES (24 * 60)
/* Longer to go than this is a slip of the fingers: ten years. */
#define MOST_MINUTES (10 * 366 * DAY_MINUTES)

static gboolean is_word(const char *word, const char *wanted)
{
    return g_ascii_strcasecmp(word, wanted) == 0;
}

/* Reads @digits digits, or where that is 0, one to six. */
static gboolean take_number(const char **at, int digits, int *number)
{
    int count = 0;

    *number = 0;
    while (g_ascii_isdigit(**at) && count < (digits ? digits : 6)) {
        *number = *number * 10 + (**at - '0');
        (*at)++;
        count++;
    }
    return digits ? count == digits : count > 0;
}

static gboolean is_half(const char *word)
{
    return is_word(word, "am") || is_word(word, "pm");
}

/* Whether a word is meant to be an hour: digits and a colon, or digits and a half of the day. */
static gboolean is_like_hour(const char *word)
{
    gsize digits = strspn(word, "0123456789");

    return digits > 0 && (word[digits] == ':' || is_half(word + digits));
}

/* Whether a word is meant to be a date: digits in three parts, the first of four. */
static gboolean is_like_date(const char *word)
{
    gsize first = strspn(word, "0123456789");
    gsize second = word[first] == '-' ? strspn(word + first + 1, "0123456789") : 0;

    return first == 4 && second > 0 && word[first + 1 + second] == '-' && g_ascii_isdigit(word[first + second + 2]);
}

/* "14:30", "2:30pm", "9am"; with @half "2:30" and "9". Returns: minutes of the day, -1 where there are none. */
static int read_hour(const char *word, const char *half)
{
    const char *at = word;
    int hour = 0, minute = 0;
    gboolean has_minute;

    if (!g_ascii_isdigit(*at) || strspn(at, "0123456789") > 2 || !take_number(&at, 0, &hour))
        return -1;
    has_minute = *at == ':';
    if (has_minute) {
        at++;
        if (!take_number(&at, 2, &minute) || minute > 59)
            return -1;
    }
    if (!half && *at) {
        half = at;
        at += strlen(at);
    }
    if (*at || (half && !is_half(half)) || (!half && !has_minute))
        return -1;
    if (!half)
        return hour <= 23 ? hour * 60 + minute : -1;
    if (hour < 1 || hour > 12)
        return -1;
    return (hour % 12 + (is_word(half, "pm") ? 12 : 0)) * 60 + minute;
}

/* The hour at the beginning of @words. */
static EnvoyWhenResult take_hour(const char *const *words, gsize count, gsize *taken, int *minutes)
{
    gboolean has_half = count > 1 && is_half(words[1]) && strspn(words[0], "0123456789:") == strlen(words[0]) &&
                        g_ascii_isdigit(*words[0]);

    *taken = 0;
    if (count == 0 || !(has_half || is_like_hour(words[0])))
        return ENVOY_WHEN_NO_TIME;
    *minutes = read_hour(words[0], has_half ? words[1] : NULL);
    *taken = has_half ? 2 : 1;
    return *minutes >= 0 ? ENVOY_WHEN_OK : ENVOY_WHEN_NO_HOUR;
}

/* "2026-12-01". Returns: behind it, NULL when there is no such day. */
static const char *read_date(const char *word, EnvoyWhen *when)
{
    const char *at = word;

    if (!take_number(&at, 4, &when->year) || *at++ != '-' || !take_number(&at, 2, &when->month) || *at++ != '-' ||
        !take_number(&at, 2, &when->mday) || g_ascii_isdigit(*at) || when->year < 1970 ||
        !g_date_valid_dmy((GDateDay)when->mday, (GDateMonth)when->month, (GDateYear)when->year))
        return NULL;
    when->day = ENVOY_WHEN_DATE;
    return at;
}

/* A day, and the hour behind it. */
static EnvoyWhenResult take_day(const char *const *words, gsize count, gsize *taken, EnvoyWhen *when)
{
    EnvoyWhenResult result;
    gsize more;

    *taken = 1;
    when->minutes = -1;
    if (is_word(words[0], "today")) {
        when->day = ENVOY_WHEN_TODAY;
    } else if (is_word(words[0], "tomorrow")) {
        when->day = ENVOY_WHEN_TOMORROW;
    } else if (is_like_date(words[0])) {
        const char *rest = read_date(words[0], when);

        if (!rest)
            return ENVOY_WHEN_NO_DAY;
        if (*rest == 'T' || *rest == 't') {
            when->minutes = read_hour(rest + 1, NULL);
            return when->minutes >= 0 ? ENVOY_WHEN_OK : ENVOY_WHEN_NO_HOUR;
        }
        if (*rest)
            return ENVOY_WHEN_NO_DAY;
    } else {
        *taken = 0;
        return ENVOY_WHEN_NO_TIME;
    }
    result = take_hour(words + 1, count - 1, &more, &when->minutes);
    *taken += more;
    return result == ENVOY_WHEN_NO_TIME ? ENVOY_WHEN_OK : result;
}

/* Returns: minutes of a unit, 0 for another word. */
static int unit_minutes(const char *unit)
{
    static const struct {
        const char *name;
        int minutes;
    } units[] = {
        { "m", 1 },           { "min", 1 },           { "mins", 1 },           { "minute", 1 }, { "minutes", 1 },
        { "h", 60 },          { "hr", 60 },           { "hrs", 60 },           { "hour", 60 },  { "hours", 60 },
        { "d", DAY_MINUTES }, { "day", DAY_MINUTES }, { "days", DAY_MINUTES },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (is_word(unit, units[i].name))
            return units[i].minutes;
    }
    return 0;
}

/* "2h", "1h30m", to its end. Returns: minutes, 0 for anything else. */
static int read_span(const char *text)
{
    gint64 minutes = 0;

    while (*text) {
        g_autofree char *unit = NULL;
        gsize length;
        int number = 0;

        if (!take_number(&text, 0, &number))
            return 0;
        for (length = 0; g_ascii_isalpha(text[length]);)
            length++;
        unit = g_strndup(text, length);
        if (number == 0 || unit_minutes(unit) == 0)
            return 0;
        minutes += (gint64)number * unit_minutes(unit);
        text += length;
        if (minutes > MOST_MINUTES)
            return 0;
    }
    return (int)minutes;
}

/* "+2h", "in 2 hours", "in 2h" */
static gsize take_span(const char *const *words, gsize count, EnvoyWhen *when)
{
    if (words[0][0] == '+' && (when->minutes = read_span(words[0] + 1)) > 0) {
        when->day = ENVOY_WHEN_PLUS;
        return 1;
    }
    if (!is_word(words[0], "in") || count < 2)
        return 0;
    when->day = ENVOY_WHEN_IN;
    when->minutes = read_span(words[1]);
    if (when->minutes > 0)
        return 2;
    if (count > 2 && !words[1][strspn(words[1], "0123456789")]) {
        g_autofree char *joined = g_strconcat(words[1], words[2], NULL);

        when->minutes = read_span(joined);
    }
    return when->minutes > 0 ? 3 : 0;
}

EnvoyWhenResult envoy_when_take(const char *const *words, gsize count, gsize *taken, EnvoyWhen *when)
{
    EnvoyWhen read = { .day = ENVOY_WHEN_ANY_DAY, .minutes = -1 };
    EnvoyWhenResult result = ENVOY_WHEN_NO_TIME;

    *taken = 0;
    if (count == 0)
        return result;
    if (is_word(words[0], "now")) {
        read.day = ENVOY_WHEN_NOW;
        read.minutes = 0;
        *taken = 1;
        result = ENVOY_WHEN_OK;
    } else if ((*taken = take_span(words, count, &read)) > 0) {
        result = ENVOY_WHEN_OK;
    } else {
        result = take_day(words, count, taken, &read);
    }
    if (result == ENVOY_WHEN_NO_TIME) {
        read.day = ENVOY_WHEN_ANY_DAY;
        result = take_hour(words, count, taken, &read.minutes);
    }
    if (result == ENVOY_WHEN_OK)
        *when = read;
    return result;
}

/* When it is @minutes o'clock on a day, which may be any number of days off a month. */
static EnvoyWhenResult find_instant(GTimeZone *zone, gint64 now_ms, GDateTime *day, int minutes, gint64 *at_ms)
{
    static const GTimeType types[] = { G_TIME_TYPE_DAYLIGHT, G_TIME_TYPE_STANDARD };
    g_autoptr(GDateTime) wall = g_date_time_new_utc(g_date_time_get_year(day), g_date_time_get_month(day),
                                                    g_date_time_get_day_of_month(day), minutes / 60, minutes % 60, 0);
    gint64 first = 0, last = 0;

    if (!wall)
        return ENVOY_WHEN_NO_DAY;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        gint64 local = g_date_time_to_unix(wall), adjusted = local;
        int interval = g_time_zone_adjust_time(zone, types[i], &adjusted);
        gint64 instant = (local - g_time_zone_get_offset(zone, interval)) * 1000;

        if (adjusted != local)
            return ENVOY_WHEN_LEFT_OUT;
        first = i == 0 ? instant : MIN(first, instant);
        last = i == 0 ? instant : MAX(last, instant);
    }
    *at_ms = first >= now_ms - now_ms % MINUTE_MS ? first : last;
    return ENVOY_WHEN_OK;
}

/* Midnight may be left out, as the clocks are put forward at it: then a day begins later. */
static EnvoyWhenResult find_start(GTimeZone *zone, gint64 now_ms, GDateTime *day, gint64 *at_ms)
{
    EnvoyWhenResult result = ENVOY_WHEN_LEFT_OUT;

    for (int minutes = 0; result == ENVOY_WHEN_LEFT_OUT && minutes < DAY_MINUTES; minutes += 15)
        result = find_instant(zone, now_ms, day, minutes, at_ms);
    return result;
}

static GDateTime *local_time(GTimeZone *zone, gint64 time_ms)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_ms / 1000);

    return utc ? g_date_time_to_timezone(utc, zone) : NULL;
}

/* (transfer full) (nullable): the day that is meant, at any hour. */
static GDateTime *find_day(const EnvoyWhen *when, GTimeZone *zone, gint64 now_ms, gint64 base_ms)
{
    g_autoptr(GDateTime) start = NULL;

    if (when->day == ENVOY_WHEN_DATE)
        return g_date_time_new_utc(when->year, when->month, when->mday, 0, 0, 0);
    start = local_time(zone, when->day == ENVOY_WHEN_ANY_DAY ? base_ms : now_ms);
    if (start && when->day == ENVOY_WHEN_TOMORROW) {
        /* Of the calendar, not of the clock: days have 23 to 25 hours. */
        g_autoptr(GDateTime) plain = g_date_time_new_utc(g_date_time_get_year(start), g_date_time_get_month(start),
                                                         g_date_time_get_day_of_month(start), 0, 0, 0);

        return g_date_time_add_days(plain, 1);
    }
    return g_steal_pointer(&start);
}

static EnvoyWhenResult find_whole_day(GTimeZone *zone, gint64 now_ms, GDateTime *day, gint64 *at_ms, gint64 *until_ms)
{
    g_autoptr(GDateTime) plain = g_date_time_new_utc(g_date_time_get_year(day), g_date_time_get_month(day),
                                                     g_date_time_get_day_of_month(day), 0, 0, 0);
    g_autoptr(GDateTime) next = g_date_time_add_days(plain, 1);
    gint64 start_ms = 0, end_ms = 0;
    EnvoyWhenResult result = find_start(zone, 0, plain, &start_ms);

    if (result == ENVOY_WHEN_OK)
        result = next ? find_start(zone, 0, next, &end_ms) : ENVOY_WHEN_NO_DAY;
    if (result != ENVOY_WHEN_OK)
        return result;
    *at_ms = start_ms;
    *until_ms = end_ms;
    return end_ms > now_ms ? ENVOY_WHEN_OK : ENVOY_WHEN_PAST;
}

EnvoyWhenResult envoy_when_resolve(const EnvoyWhen *when, GTimeZone *zone, gint64 now_ms, gint64 base_ms, gint64 *at_ms,
                                   gint64 *until_ms)
{
    g_autoptr(GDateTime) day = NULL;
    gint64 found_ms = 0, end_ms = 0;
    EnvoyWhenResult result = ENVOY_WHEN_OK;

    if (when->day == ENVOY_WHEN_NOW || when->day == ENVOY_WHEN_IN || when->day == ENVOY_WHEN_PLUS) {
        found_ms = (when->day == ENVOY_WHEN_PLUS ? base_ms : now_ms) + when->minutes * MINUTE_MS;
    } else {
        day = find_day(when, zone, now_ms, base_ms);
        if (!day)
            return ENVOY_WHEN_NO_DAY;
        if (when->minutes < 0)
            result = find_whole_day(zone, now_ms, day, &found_ms, &end_ms);
        else
            result = find_instant(zone, now_ms, day, when->minutes, &found_ms);
    }
    if (result != ENVOY_WHEN_OK && result != ENVOY_WHEN_PAST)
        return result;
    if (end_ms == 0 && found_ms < now_ms - now_ms % MINUTE_MS)
        result = ENVOY_WHEN_PAST;
    *at_ms = found_ms;
    if (until_ms)
        *until_ms = end_ms ? end_ms : found_ms;
    return result;
}

EnvoyWhenResult envoy_when_parse(const char *text, GTimeZone *zone, gint64 now_ms, gint64 *at_ms, gint64 *until_ms)
{
    g_autofree char *line = text_clean_line(text);
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    gsize count = *line ? g_strv_length(words) : 0, taken = 0;
    EnvoyWhen when;
    EnvoyWhenResult result = envoy_when_take((const char *const *)words, count, &taken, &when);

    if (result != ENVOY_WHEN_OK)
        return result;
    if (taken < count)
        return ENVOY_WHEN_NO_TIME;
    return envoy_when_resolve(&when, zone, now_ms, now_ms, at_ms, until_ms);
}
