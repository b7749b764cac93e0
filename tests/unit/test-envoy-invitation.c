/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-invitation: what is understood, what is refused, and with which words of it. */
#include "envoy/model/envoy-invitation.h"

#include <string.h>

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
/* A Wednesday. */
#define NOW "2026-06-10T12:01:30+02:00"

static gint64 at(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

    return g_date_time_to_unix(time) * 1000;
}

static char *show(gint64 time_ms, GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);

    return g_date_time_format(local, "%d %H:%M");
}

/* (transfer full): "name|email|arrival|departure|host|note", arrival in brackets when it was not told */
static char *describe(const EnvoyInvitation *invitation, GTimeZone *zone)
{
    g_autofree char *arrival = show(invitation->arrival_ms, zone);
    g_autofree char *departure = invitation->departure_ms ? show(invitation->departure_ms, zone) : g_strdup("");
    const char *email = invitation->email, *host = invitation->host_email, *note = invitation->note;

    return g_strdup_printf(invitation->has_when ? "%s|%s|%s|%s|%s|%s" : "%s|%s|(%s)|%s|%s|%s", invitation->name,
                           email ? email : "", arrival, departure, host ? host : "", note ? note : "");
}

typedef struct {
    const char *text, *expected;
} Good;

static void check_good(const Good *cases, gsize count, const char *now)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(BERLIN);

    for (gsize i = 0; i < count; i++) {
        EnvoyInvitationProblem problem = ENVOY_INVITATION_UNEXPECTED;
        g_autofree char *part = NULL, *described = NULL;
        g_autoptr(EnvoyInvitation) invitation = envoy_invitation_parse(cases[i].text, zone, at(now), &problem, &part);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(problem, ==, ENVOY_INVITATION_OK);
        g_assert_null(part);
        described = describe(invitation, zone);
        g_assert_cmpstr(described, ==, cases[i].expected);
    }
}

typedef struct {
    const char *text;
    EnvoyInvitationProblem problem;
    const char *part;
} Bad;

static void check_bad(const Bad *cases, gsize count, const char *now)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(BERLIN);

    for (gsize i = 0; i < count; i++) {
        EnvoyInvitationProblem problem = ENVOY_INVITATION_OK;
        g_autofree char *part = NULL;

        g_test_message("%s", cases[i].text);
        g_assert_null(envoy_invitation_parse(cases[i].text, zone, at(now), &problem, &part));
        g_assert_cmpint(problem, ==, cases[i].problem);
        g_assert_cmpstr(part, ==, cases[i].part);
    }
}

static void test_forms(void)
{
    static const Good cases[] = {
        { "Ann", "Ann||(10 12:15)|||" },
        { "Ann Lee", "Ann Lee||(10 12:15)|||" },
        { "Ann Lee <ann@x.org>", "Ann Lee|ann@x.org|(10 12:15)|||" },
        { "Ann Lee ann@x.org", "Ann Lee|ann@x.org|(10 12:15)|||" },
        { "Ann 14:30", "Ann||10 14:30|||" },
        { "Ann 2:30 pm", "Ann||10 14:30|||" },
        { "Ann tomorrow 9:00", "Ann||11 09:00|||" },
        { "Ann 2026-06-12 10:00", "Ann||12 10:00|||" },
        { "Ann now", "Ann||10 12:01|||" },
        { "Ann in 2 hours", "Ann||10 14:01|||" },
        { "Ann 14:30 until 16:00", "Ann||10 14:30|10 16:00||" },
        { "Ann 14:30 until +2h", "Ann||10 14:30|10 16:30||" },
        { "Ann tomorrow 9:00 until 10:00", "Ann||11 09:00|11 10:00||" },
        { "Ann tomorrow 9:00 until 2026-06-12 10:00", "Ann||11 09:00|12 10:00||" },
        { "Ann until 16:00", "Ann||(10 12:15)|10 16:00||" },
        { "Ann host bob@x.org", "Ann||(10 12:15)||bob@x.org|" },
        { "Ann -- needs a lift", "Ann||(10 12:15)|||needs a lift" },
        { "Ann Lee <ann@x.org> tomorrow 9:00 until 10:00 host bob@x.org -- needs a lift",
          "Ann Lee|ann@x.org|11 09:00|11 10:00|bob@x.org|needs a lift" },
    };

    check_good(cases, G_N_ELEMENTS(cases), NOW);
}

static void test_names(void)
{
    static const Good cases[] = {
        { "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99 14:30", "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99||10 14:30|||" },
        { "J\xc3\xbcrgen von der L\xc3\xbche 14:30", "J\xc3\xbcrgen von der L\xc3\xbche||10 14:30|||" },
        { "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd7\x9b\xd7\x94\xd7\x9f <a@b>",
          "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd7\x9b\xd7\x94\xd7\x9f|a@b|(10 12:15)|||" },
        { "Sean O'Brien-Smith, Jr.", "Sean O'Brien-Smith, Jr.||(10 12:15)|||" },
        { "\"Ann Lee\" 14:30", "Ann Lee||10 14:30|||" },
        { "\"Ann 14:30\" 15:30", "Ann 14:30||10 15:30|||" },
        { "\xe2\x80\x9c"
          "Ann Lee\xe2\x80\x9d 14:30",
          "Ann Lee||10 14:30|||" },
        { "\xe2\x80\x9e"
          "Ann Lee\xe2\x80\x9c 14:30",
          "Ann Lee||10 14:30|||" },
        { "\xc2\xab"
          "Ann\xc2\xbb 14:30",
          "Ann||10 14:30|||" },
        { "\"until host\" Lee 14:30", "until host Lee||10 14:30|||" },
        { "\"host\" bob@x.org", "host|bob@x.org|(10 12:15)|||" },
        { "Host Smith 14:30", "Host Smith||10 14:30|||" },
        { "Ann Host 14:30", "Ann Host||10 14:30|||" },
        { "Ann Until Late", "Ann Until Late||(10 12:15)|||" },
        { "Until", "Until||(10 12:15)|||" },
        { "Host", "Host||(10 12:15)|||" },
        { "Ann until \"16:00\"", "Ann until 16:00||(10 12:15)|||" },
        { "In Berlin", "In Berlin||(10 12:15)|||" },
        { "Team 9", "Team 9||(10 12:15)|||" },
        { "R2-D2 +49", "R2-D2 +49||(10 12:15)|||" },
        { "Lee, Ann <ann@x.org>", "Lee, Ann|ann@x.org|(10 12:15)|||" },
        { "Ann Lee, ann@x.org, 14:30", "Ann Lee|ann@x.org|10 14:30|||" },
        { "\"Lee, Ann\", <ann@x.org>, 14:30", "Lee, Ann|ann@x.org|10 14:30|||" },
        { "Ann \"Annie\" Lee", "Ann Annie Lee||(10 12:15)|||" },
        { "\"\" Ann", "Ann||(10 12:15)|||" },
        { "Anne--Marie -- x", "Anne--Marie||(10 12:15)|||x" },
        { "Ann\xe2\x80\xae\x01 Lee", "Ann Lee||(10 12:15)|||" },
    };

    check_good(cases, G_N_ELEMENTS(cases), NOW);
}

static void test_addresses(void)
{
    static const Good cases[] = {
        { "Ann<ann@x.org>14:30", "Ann|ann@x.org|10 14:30|||" },
        { "Ann < ann@x.org > 14:30", "Ann|ann@x.org|10 14:30|||" },
        { "Ann mailto:ann@x.org", "Ann|ann@x.org|(10 12:15)|||" },
        { "Ann <mailto:ann@x.org>", "Ann|ann@x.org|(10 12:15)|||" },
        { "Ann ann@x.org host <bob@x.org>", "Ann|ann@x.org|(10 12:15)||bob@x.org|" },
        { "Ann host:bob@x.org", "Ann||(10 12:15)||bob@x.org|" },
        { "Ann host: bob@x.org", "Ann||(10 12:15)||bob@x.org|" },
        { "Ann HOST bob@x.org", "Ann||(10 12:15)||bob@x.org|" },
        { "Ann j\xc3\xbcrgen@b\xc3\xbc"
          "cher.example",
          "Ann|j\xc3\xbcrgen@b\xc3\xbc"
          "cher.example|(10 12:15)|||" },
    };

    check_good(cases, G_N_ELEMENTS(cases), NOW);
}

static void test_any_order(void)
{
    static const Good cases[] = {
        { "ann@x.org Ann Lee 14:30", "Ann Lee|ann@x.org|10 14:30|||" },
        { "14:30 Ann Lee", "Ann Lee||10 14:30|||" },
        { "tomorrow 9:00 Ann", "Ann||11 09:00|||" },
        { "host bob@x.org Ann", "Ann||(10 12:15)||bob@x.org|" },
        { "until 16:00 host bob@x.org 14:30 Ann Lee <ann@x.org>", "Ann Lee|ann@x.org|10 14:30|10 16:00|bob@x.org|" },
        { "Ann until 10:00 tomorrow 9:00", "Ann||11 09:00|11 10:00||" },
        { "  Ann \t Lee\n  14:30 ", "Ann Lee||10 14:30|||" },
        { "Ann\xc2\xa0Lee\xe3\x80\x80"
          "14:30",
          "Ann Lee||10 14:30|||" },
    };

    check_good(cases, G_N_ELEMENTS(cases), NOW);
}

static void test_notes(void)
{
    static const Good cases[] = {
        { "Ann -- host until 25:00 \"<a@ -- b", "Ann||(10 12:15)|||host until 25:00 \"<a@ -- b" },
        { "Ann --bring cake", "Ann||(10 12:15)|||bring cake" },
        { "Ann \xe2\x80\x94 bring cake", "Ann||(10 12:15)|||bring cake" },
        { "Ann 14:30 --  two\nlines \n", "Ann||10 14:30|||two\nlines" },
        { "Ann --", "Ann||(10 12:15)|||" },
        { "Ann --   ", "Ann||(10 12:15)|||" },
        { "\"Ann -- Lee\" -- x", "Ann -- Lee||(10 12:15)|||x" },
    };

    check_good(cases, G_N_ELEMENTS(cases), NOW);
}

static void test_without_when(void)
{
    static const Good on_the_quarter[] = { { "Ann", "Ann||(10 12:15)|||" } };
    static const Good late[] = { { "Ann", "Ann||(11 00:00)|||" } };
    static const Good soon_over[] = { { "Ann until 12:10", "Ann||(10 12:01)|10 12:10||" } };

    check_good(on_the_quarter, 1, "2026-06-10T12:15:00+02:00");
    check_good(late, 1, "2026-06-10T23:50:00+02:00");
    check_good(soon_over, 1, NOW);
}

/* What is in the present minute is not past, and still no invite is for a time that is. */
static void test_present_minute(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(BERLIN);
    EnvoyInvitationProblem problem;
    g_autofree char *part = NULL;
    g_autoptr(EnvoyInvitation) invitation = envoy_invitation_parse("Ann 12:01", zone, at(NOW), &problem, &part);

    g_assert_nonnull(invitation);
    g_assert_cmpint(invitation->arrival_ms, ==, at(NOW));
}

static void test_refused(void)
{
    static const Bad cases[] = {
        { "", ENVOY_INVITATION_NO_NAME, "" },
        { "  ", ENVOY_INVITATION_NO_NAME, "" },
        { "ann@x.org", ENVOY_INVITATION_NO_NAME, "" },
        { "14:30", ENVOY_INVITATION_NO_NAME, "" },
        { "\"\"", ENVOY_INVITATION_NO_NAME, "" },
        { "!!", ENVOY_INVITATION_NO_NAME, "!!" },
        { "-- note", ENVOY_INVITATION_NO_NAME, "" },
        { "\"Ann Lee 14:30", ENVOY_INVITATION_OPEN_QUOTE, "\"Ann Lee 14:30" },
        { "Ann \xe2\x80\x9cLee", ENVOY_INVITATION_OPEN_QUOTE, "\xe2\x80\x9cLee" },
        { "Ann <ann@x.org", ENVOY_INVITATION_BAD_ADDRESS, "<ann@x.org" },
        { "Ann <>", ENVOY_INVITATION_BAD_ADDRESS, "<>" },
        { "Ann <Lee>", ENVOY_INVITATION_BAD_ADDRESS, "<Lee>" },
        { "Ann @lee", ENVOY_INVITATION_BAD_ADDRESS, "@lee" },
        { "Ann ann@", ENVOY_INVITATION_BAD_ADDRESS, "ann@" },
        { "Ann a@b@c 14:30", ENVOY_INVITATION_BAD_ADDRESS, "a@b@c" },
        { "Ann 14:30 host bob", ENVOY_INVITATION_BAD_HOST, "bob" },
        { "Ann 14:30 host", ENVOY_INVITATION_BAD_HOST, "" },
        { "Ann host bob@", ENVOY_INVITATION_BAD_HOST, "bob@" },
        { "Ann host: Bob", ENVOY_INVITATION_BAD_HOST, "Bob" },
        { "Ann host:bob", ENVOY_INVITATION_BAD_HOST, "host:bob" },
        { "Ann 14:30 until", ENVOY_INVITATION_BAD_UNTIL, "" },
        { "Ann 14:30 until late", ENVOY_INVITATION_BAD_UNTIL, "late" },
        { "Ann until 4", ENVOY_INVITATION_BAD_UNTIL, "4" },
        { "Ann 25:00", ENVOY_INVITATION_BAD_HOUR, "25:00" },
        { "Ann until 25:00", ENVOY_INVITATION_BAD_HOUR, "25:00" },
        { "Ann tomorrow 9:60 x", ENVOY_INVITATION_BAD_HOUR, "tomorrow 9:60" },
        { "Ann 2026-02-30 9:00", ENVOY_INVITATION_BAD_DAY, "2026-02-30" },
        { "Ann 2027-02-29 9:00", ENVOY_INVITATION_BAD_DAY, "2027-02-29" },
        { "Ann tomorrow", ENVOY_INVITATION_NO_HOUR, "tomorrow" },
        { "Ann 2026-12-01 <a@b>", ENVOY_INVITATION_NO_HOUR, "2026-12-01" },
        { "Ann 14:30 until 2026-12-01", ENVOY_INVITATION_NO_HOUR, "2026-12-01" },
        { "Ann 2027-03-28 2:30", ENVOY_INVITATION_LEFT_OUT, "2027-03-28 2:30" },
        { "Ann 14:30 until 2027-03-28 2:30", ENVOY_INVITATION_LEFT_OUT, "2027-03-28 2:30" },
        { "Ann 9:00", ENVOY_INVITATION_PAST, "9:00" },
        { "Ann 2025-12-01 10:00 -- x", ENVOY_INVITATION_PAST, "2025-12-01 10:00" },
        { "Ann 14:30 until 14:00", ENVOY_INVITATION_UNTIL_EARLIER, "14:00" },
        { "Ann 14:30 until 14:30", ENVOY_INVITATION_UNTIL_EARLIER, "14:30" },
        { "Ann 14:30 until 9:00", ENVOY_INVITATION_UNTIL_EARLIER, "9:00" },
        { "Ann until 9:00", ENVOY_INVITATION_UNTIL_EARLIER, "9:00" },
        { "Ann a@b c@d", ENVOY_INVITATION_TWICE, "c@d" },
        { "Ann 14:30 15:30", ENVOY_INVITATION_TWICE, "15:30" },
        { "Ann until 14:30 until 15:30", ENVOY_INVITATION_TWICE, "15:30" },
        { "Ann host a@b host c@d", ENVOY_INVITATION_TWICE, "c@d" },
        { "Ann 14:30 Bob", ENVOY_INVITATION_UNEXPECTED, "Bob" },
        { "Ann <a@b> \"Bob Lee\"", ENVOY_INVITATION_UNEXPECTED, "\"Bob Lee\"" },
        { "Ann 14:30 - 15:30", ENVOY_INVITATION_UNEXPECTED, "-" },
    };

    check_bad(cases, G_N_ELEMENTS(cases), NOW);
}

static void test_long(void)
{
    g_autofree char *letters = g_strnfill(ENVOY_INVITATION_NOTE_MAX, 'x');
    g_autofree char *fits = g_strconcat("Ann -- ", letters, NULL);
    g_autofree char *long_note = g_strconcat("Ann -- ", letters, "y", NULL);
    g_autofree char *name = g_strnfill(ENVOY_INVITATION_NAME_MAX + 1, 'x');
    Bad cases[] = {
        { long_note, ENVOY_INVITATION_LONG_NOTE, "" },
        { name, ENVOY_INVITATION_LONG_NAME, name },
    };
    g_autofree char *expected = g_strconcat("Ann||(10 12:15)|||", letters, NULL);
    Good good[] = { { fits, expected } };

    check_bad(cases, G_N_ELEMENTS(cases), NOW);
    check_good(good, 1, NOW);
}

/* Whatever comes out is safe to send, and whatever does not is told with a part of the text. */
static void test_anything(void)
{
    static const char *const pieces[] = {
        "Ann",
        "Lee",
        "host",
        "until",
        "14:30",
        "tomorrow",
        "9:00",
        "2026-12-01",
        "in",
        "2",
        "hours",
        "\"",
        "<",
        ">",
        "@",
        "a@b",
        "<c@d>",
        "--",
        "\xe2\x80\x94",
        "now",
        "+2h",
        ",",
        "25:00",
        "\xff",
        "\n",
        " ",
        "pm",
        "host:",
        "\xe2\x80\x9c",
        "\xe2\x80\x9d",
        "today",
        "mailto:",
    };
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(BERLIN);

    for (guint i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        EnvoyInvitationProblem problem;
        g_autofree char *part = NULL, *valid = NULL;
        g_autoptr(EnvoyInvitation) invitation = NULL;

        for (int count = g_test_rand_int_range(0, 12); count > 0; count--) {
            g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
            if (g_test_rand_int_range(0, 4) > 0)
                g_string_append_c(text, ' ');
        }
        invitation = envoy_invitation_parse(text->str, zone, at(NOW), &problem, &part);
        valid = g_utf8_make_valid(text->str, -1);
        g_assert_true((invitation == NULL) == (problem != ENVOY_INVITATION_OK));
        g_assert_true((invitation == NULL) == (part != NULL));
        if (!invitation) {
            if (problem != ENVOY_INVITATION_NO_NAME)
                g_assert_nonnull(strstr(valid, part));
            continue;
        }
        g_assert_cmpstr(invitation->name, !=, "");
        g_assert_true(g_utf8_validate(invitation->name, -1, NULL));
        g_assert_true(!invitation->note || g_utf8_validate(invitation->note, -1, NULL));
        g_assert_cmpint(invitation->arrival_ms, >=, at(NOW));
        g_assert_true(invitation->departure_ms == 0 || invitation->departure_ms > invitation->arrival_ms);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/invitation/forms", test_forms);
    g_test_add_func("/envoy/invitation/names", test_names);
    g_test_add_func("/envoy/invitation/addresses", test_addresses);
    g_test_add_func("/envoy/invitation/any-order", test_any_order);
    g_test_add_func("/envoy/invitation/notes", test_notes);
    g_test_add_func("/envoy/invitation/without-when", test_without_when);
    g_test_add_func("/envoy/invitation/present-minute", test_present_minute);
    g_test_add_func("/envoy/invitation/refused", test_refused);
    g_test_add_func("/envoy/invitation/long", test_long);
    g_test_add_func("/envoy/invitation/anything", test_anything);
    return g_test_run();
}
