/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-when: times as they are typed, in the time zone of a location. */
#include "envoy/model/envoy-when.h"

/* The rules of Berlin, spelled out so that the machine need not know them; and places with clocks of their own. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK "EST5EDT,M3.2.0,M11.1.0"
#define LORD_HOWE "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"
#define HAVANA "CST5CDT,M3.2.0/0,M11.1.0/1"

static GTimeZone *zone_new(const char *rules)
{
    GTimeZone *zone = g_time_zone_new_identifier(rules);

    g_assert_nonnull(zone);
    return zone;
}

/* @text: of a wall clock and its distance, "2026-06-10 14:30 +02:00" */
static gint64 at(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * 1000;
}

static char *show(gint64 time_ms, GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);

    return g_date_time_format(local, "%Y-%m-%d %H:%M %:z");
}

typedef struct {
    const char *text, *now;
    EnvoyWhenResult result;
    const char *at, *until; /* until: of whole days */
} Case;

static void check(const char *rules, const Case *cases, gsize count)
{
    g_autoptr(GTimeZone) zone = zone_new(rules);

    for (gsize i = 0; i < count; i++) {
        gint64 at_ms = -1, until_ms = -1;
        g_autofree char *shown = NULL, *shown_until = NULL;

        g_test_message("%s, at %s", cases[i].text, cases[i].now);
        g_assert_cmpint(envoy_when_parse(cases[i].text, zone, at(cases[i].now), &at_ms, &until_ms), ==,
                        cases[i].result);
        if (!cases[i].at) {
            g_assert_cmpint(at_ms, ==, -1);
            g_assert_cmpint(until_ms, ==, -1);
            continue;
        }
        shown = show(at_ms, zone);
        shown_until = show(until_ms, zone);
        g_assert_cmpstr(shown, ==, cases[i].at);
        g_assert_cmpstr(shown_until, ==, cases[i].until ? cases[i].until : cases[i].at);
    }
}

#define NOON "2026-06-10T12:00:30+02:00"
#define OK ENVOY_WHEN_OK

static void test_forms(void)
{
    static const Case cases[] = {
        { "14:30", NOON, OK, "2026-06-10 14:30 +02:00", NULL },
        { " 14:30 ", NOON, OK, "2026-06-10 14:30 +02:00", NULL },
        { "12:00", NOON, OK, "2026-06-10 12:00 +02:00", NULL },
        { "23:59", NOON, OK, "2026-06-10 23:59 +02:00", NULL },
        { "2:30pm", NOON, OK, "2026-06-10 14:30 +02:00", NULL },
        { "2:30 PM", NOON, OK, "2026-06-10 14:30 +02:00", NULL },
        { "2pm", NOON, OK, "2026-06-10 14:00 +02:00", NULL },
        { "2 pm", NOON, OK, "2026-06-10 14:00 +02:00", NULL },
        { "12pm", NOON, OK, "2026-06-10 12:00 +02:00", NULL },
        { "today 14:30", NOON, OK, "2026-06-10 14:30 +02:00", NULL },
        { "Tomorrow 9:00", NOON, OK, "2026-06-11 09:00 +02:00", NULL },
        { "tomorrow 09:00", NOON, OK, "2026-06-11 09:00 +02:00", NULL },
        { "tomorrow 12 am", NOON, OK, "2026-06-11 00:00 +02:00", NULL },
        { "tomorrow 12:05am", NOON, OK, "2026-06-11 00:05 +02:00", NULL },
        { "2026-12-01 10:00", NOON, OK, "2026-12-01 10:00 +01:00", NULL },
        { "2026-12-01T10:00", NOON, OK, "2026-12-01 10:00 +01:00", NULL },
        { "2026-12-01  9am", NOON, OK, "2026-12-01 09:00 +01:00", NULL },
        { "2028-02-29 10:00", NOON, OK, "2028-02-29 10:00 +01:00", NULL },
        { "now", NOON, OK, "2026-06-10 12:00 +02:00", NULL },
        { "in 2 hours", NOON, OK, "2026-06-10 14:00 +02:00", NULL },
        { "in 30 minutes", NOON, OK, "2026-06-10 12:30 +02:00", NULL },
        { "In 1h30m", NOON, OK, "2026-06-10 13:30 +02:00", NULL },
        { "+2h", NOON, OK, "2026-06-10 14:00 +02:00", NULL },
        { "+90min", NOON, OK, "2026-06-10 13:30 +02:00", NULL },
        { "in 2 days", NOON, OK, "2026-06-12 12:00 +02:00", NULL },
    };

    check(BERLIN, cases, G_N_ELEMENTS(cases));
}

static void test_days(void)
{
    static const Case cases[] = {
        { "today", NOON, OK, "2026-06-10 00:00 +02:00", "2026-06-11 00:00 +02:00" },
        { "tomorrow", NOON, OK, "2026-06-11 00:00 +02:00", "2026-06-12 00:00 +02:00" },
        { "2026-12-31", NOON, OK, "2026-12-31 00:00 +01:00", "2027-01-01 00:00 +01:00" },
        { "2026-06-10", NOON, OK, "2026-06-10 00:00 +02:00", "2026-06-11 00:00 +02:00" },
        { "2026-06-09", NOON, ENVOY_WHEN_PAST, "2026-06-09 00:00 +02:00", "2026-06-10 00:00 +02:00" },
        /* 23 and 25 hours. */
        { "2027-03-28", NOON, OK, "2027-03-28 00:00 +01:00", "2027-03-29 00:00 +02:00" },
        { "2026-10-25", NOON, OK, "2026-10-25 00:00 +02:00", "2026-10-26 00:00 +01:00" },
    };
    static const Case havana[] = {
        /* Midnight is left out there. */
        { "2027-03-14", NOON, OK, "2027-03-14 01:00 -04:00", "2027-03-15 00:00 -04:00" },
        { "2027-03-13", NOON, OK, "2027-03-13 00:00 -05:00", "2027-03-14 01:00 -04:00" },
    };

    check(BERLIN, cases, G_N_ELEMENTS(cases));
    check(HAVANA, havana, G_N_ELEMENTS(havana));
}

static void test_past(void)
{
    static const Case cases[] = {
        { "11:59", NOON, ENVOY_WHEN_PAST, "2026-06-10 11:59 +02:00", NULL },
        { "9am", NOON, ENVOY_WHEN_PAST, "2026-06-10 09:00 +02:00", NULL },
        { "today 0:00", NOON, ENVOY_WHEN_PAST, "2026-06-10 00:00 +02:00", NULL },
        { "2025-12-01 10:00", NOON, ENVOY_WHEN_PAST, "2025-12-01 10:00 +01:00", NULL },
        { "1970-01-01 10:00", NOON, ENVOY_WHEN_PAST, "1970-01-01 10:00 +01:00", NULL },
    };

    check(BERLIN, cases, G_N_ELEMENTS(cases));
}

static void test_nonsense(void)
{
    static const Case cases[] = {
        { "25:00", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "24:00", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "14:60", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "14:5", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "14:", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "14:300", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "14:30:00", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "114:30", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "13pm", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "0am", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "14:30pm", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "2:30x", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "tomorrow 25:00", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "2026-12-01T", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "2026-12-01T25:00", NOON, ENVOY_WHEN_NO_HOUR, NULL, NULL },
        { "2026-02-30", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "2027-02-29 10:00", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "2026-13-01 10:00", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "2026-00-01", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "2026-1-1", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "2026-12-011", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "2026-12-01x", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "0000-12-01", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "9999-12-31", NOON, ENVOY_WHEN_NO_DAY, NULL, NULL },
        { "", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "  ", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "9", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "noon", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "in", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "in 2", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "in two hours", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "in 0 hours", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "in 999999 days", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "in 99999999999999999999 hours", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "+2", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "+", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "+49 30 1234", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "-2h", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "14:30 14:40", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "tomorrow morning", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "now and then", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
        { "\xff", NOON, ENVOY_WHEN_NO_TIME, NULL, NULL },
    };

    check(BERLIN, cases, G_N_ELEMENTS(cases));
}

static void test_clocks_put_forward(void)
{
    static const char before[] = "2026-03-28T12:00:00+01:00";
    static const Case berlin[] = {
        { "tomorrow 1:59", before, OK, "2026-03-29 01:59 +01:00", NULL },
        { "tomorrow 2:00", before, ENVOY_WHEN_LEFT_OUT, NULL, NULL },
        { "tomorrow 2:30", before, ENVOY_WHEN_LEFT_OUT, NULL, NULL },
        { "2026-03-29 2:59", before, ENVOY_WHEN_LEFT_OUT, NULL, NULL },
        { "tomorrow 3:00", before, OK, "2026-03-29 03:00 +02:00", NULL },
        { "in 1 day", before, OK, "2026-03-29 13:00 +02:00", NULL },
        { "2026-03-30 2:30", before, OK, "2026-03-30 02:30 +02:00", NULL },
        /* "Tomorrow" at a quarter past midnight, before a day of 23 hours. */
        { "tomorrow 0:10", "2026-03-28T23:50:00+01:00", OK, "2026-03-29 00:10 +01:00", NULL },
        { "tomorrow 23:50", "2026-03-28T23:55:00+01:00", OK, "2026-03-29 23:50 +02:00", NULL },
    };
    static const Case new_york[] = {
        { "2027-03-14 2:30am", before, ENVOY_WHEN_LEFT_OUT, NULL, NULL },
        { "2027-03-14 3:00am", before, OK, "2027-03-14 03:00 -04:00", NULL },
    };
    static const Case lord_howe[] = {
        { "2026-10-04 2:15", before, ENVOY_WHEN_LEFT_OUT, NULL, NULL },
        { "2026-10-04 2:30", before, OK, "2026-10-04 02:30 +11:00", NULL },
    };

    check(BERLIN, berlin, G_N_ELEMENTS(berlin));
    check(NEW_YORK, new_york, G_N_ELEMENTS(new_york));
    check(LORD_HOWE, lord_howe, G_N_ELEMENTS(lord_howe));
}

static void test_clocks_put_back(void)
{
    static const Case cases[] = {
        { "tomorrow 2:30", "2026-10-24T12:00:00+02:00", OK, "2026-10-25 02:30 +02:00", NULL },
        { "2:30", "2026-10-25T02:10:00+02:00", OK, "2026-10-25 02:30 +02:00", NULL },
        /* The first is past, the second is not. */
        { "2:30", "2026-10-25T02:40:00+02:00", OK, "2026-10-25 02:30 +01:00", NULL },
        { "2:30", "2026-10-25T02:40:00+01:00", ENVOY_WHEN_PAST, "2026-10-25 02:30 +01:00", NULL },
        { "tomorrow 3:00", "2026-10-24T12:00:00+02:00", OK, "2026-10-25 03:00 +01:00", NULL },
    };

    check(BERLIN, cases, G_N_ELEMENTS(cases));
}

/* It is another day there. */
static void test_day_of_the_place(void)
{
    static const Case cases[] = {
        { "tomorrow 9:00", "2026-06-10T23:30:00Z", OK, "2026-06-11 09:00 -04:00", NULL },
        { "tomorrow 9:00", "2026-06-11T03:30:00Z", OK, "2026-06-11 09:00 -04:00", NULL },
        { "tomorrow 9:00", "2026-06-11T04:30:00Z", OK, "2026-06-12 09:00 -04:00", NULL },
        { "tomorrow 9:00", "2026-12-31T12:00:00Z", OK, "2027-01-01 09:00 -05:00", NULL },
    };

    check(NEW_YORK, cases, G_N_ELEMENTS(cases));
}

static void test_base(void)
{
    static const struct {
        const char *words[4];
        const char *at;
    } cases[] = {
        { { "16:00", NULL }, "2026-06-12 16:00 +02:00" },
        { { "+2h", NULL }, "2026-06-12 16:30 +02:00" },
        { { "in", "3", "hours", NULL }, "2026-06-10 15:00 +02:00" },
        { { "tomorrow", "16:00", NULL }, "2026-06-11 16:00 +02:00" },
    };
    g_autoptr(GTimeZone) zone = zone_new(BERLIN);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize count = g_strv_length((char **)cases[i].words), taken;
        g_autofree char *shown = NULL;
        EnvoyWhen when;
        gint64 at_ms;

        g_assert_cmpint(envoy_when_take(cases[i].words, count, &taken, &when), ==, OK);
        g_assert_cmpuint(taken, ==, count);
        g_assert_cmpint(envoy_when_resolve(&when, zone, at(NOON), at("2026-06-12T14:30:00+02:00"), &at_ms, NULL), ==,
                        OK);
        shown = show(at_ms, zone);
        g_assert_cmpstr(shown, ==, cases[i].at);
    }
}

static void test_take(void)
{
    static const struct {
        const char *words[6];
        EnvoyWhenResult result;
        gsize taken;
    } cases[] = {
        { { "14:30", "Bob", NULL }, OK, 1 },
        { { "2:30", "pm", "Bob", NULL }, OK, 2 },
        { { "2", "Bob", NULL }, ENVOY_WHEN_NO_TIME, 0 },
        { { "tomorrow", "Bob", NULL }, OK, 1 },
        { { "tomorrow", "9:00", "am", "Bob", NULL }, OK, 3 },
        { { "tomorrow", "9:99", NULL }, ENVOY_WHEN_NO_HOUR, 2 },
        { { "2026-02-30", "9:00", NULL }, ENVOY_WHEN_NO_DAY, 1 },
        { { "in", "2", "hours", "Bob", NULL }, OK, 3 },
        { { "in", "2h", "Bob", NULL }, OK, 2 },
        { { "in", "Berlin", NULL }, ENVOY_WHEN_NO_TIME, 0 },
        { { "+2h", "Bob", NULL }, OK, 1 },
        { { NULL }, ENVOY_WHEN_NO_TIME, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize taken = 99;
        EnvoyWhen when;

        g_test_message("%s", cases[i].words[0]);
        g_assert_cmpint(envoy_when_take(cases[i].words, g_strv_length((char **)cases[i].words), &taken, &when), ==,
                        cases[i].result);
        g_assert_cmpuint(taken, ==, cases[i].taken);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/when/forms", test_forms);
    g_test_add_func("/envoy/when/days", test_days);
    g_test_add_func("/envoy/when/past", test_past);
    g_test_add_func("/envoy/when/nonsense", test_nonsense);
    g_test_add_func("/envoy/when/clocks-put-forward", test_clocks_put_forward);
    g_test_add_func("/envoy/when/clocks-put-back", test_clocks_put_back);
    g_test_add_func("/envoy/when/day-of-the-place", test_day_of_the_place);
    g_test_add_func("/envoy/when/base", test_base);
    g_test_add_func("/envoy/when/take", test_take);
    return g_test_run();
}
