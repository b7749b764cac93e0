/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-names: slugs, and the comparing of names and ids. */
#include "envoy/model/envoy-names.h"

#include <string.h>

static void test_slug(void)
{
    static const struct {
        const char *name, *text, *slug;
    } cases[] = {
        { "plain", "Visitor", "visitor" },
        { "blanks", "Berlin  HQ", "berlin-hq" },
        { "signs at the ends", " -- (Berlin) HQ! ", "berlin-hq" },
        { "no doubled dashes", "A & B / C", "a-b-c" },
        { "digits", "Floor 3a", "floor-3a" },
        { "umlauts",
          "M\xc3\x9cNCHEN S\xc3\xbc"
          "d",
          "m\xc3\xbcnchen-s\xc3\xbc"
          "d" },
        { "composed", "Cafe\xcc\x81", "caf\xc3\xa9" },
        { "greek", "\xce\x91\xce\xb8\xce\xae\xce\xbd\xce\xb1", "\xce\xb1\xce\xb8\xce\xae\xce\xbd\xce\xb1" },
        { "japanese", "\xe6\x9d\xb1\xe4\xba\xac \xe6\x9c\xac\xe7\xa4\xbe",
          "\xe6\x9d\xb1\xe4\xba\xac-\xe6\x9c\xac\xe7\xa4\xbe" },
        { "devanagari keeps its marks", "\xe0\xa4\xa6\xe0\xa4\xbf\xe0\xa4\xb2\xe0\xa5\x8d\xe0\xa4\xb2\xe0\xa5\x80",
          "\xe0\xa4\xa6\xe0\xa4\xbf\xe0\xa4\xb2\xe0\xa5\x8d\xe0\xa4\xb2\xe0\xa5\x80" },
        { "a mark without a letter", "a \xcc\x81 b", "a-b" },
        { "emoji", "\xe2\x98\x95\xef\xb8\x8f Coffee", "coffee" },
        { "keycap", "1\xef\xb8\x8f\xe2\x83\xa3", "1" },
        { "only signs", "\xe2\x98\x95 !?", "" },
        { "nothing", "", "" },
        { "none", NULL, "" },
        { "broken",
          "a\xff"
          "b",
          "a-b" },
        { "lines", "a\r\nb\tc", "a-b-c" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *slug = envoy_slug(cases[i].text);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(slug, ==, cases[i].slug);
    }
}

static void test_slug_is_bounded(void)
{
    g_autofree char *letters = g_strnfill(100000, 'A');
    g_autoptr(GString) spaced = g_string_new(NULL);
    g_autofree char *slug = envoy_slug(letters), *spaced_slug = NULL;

    for (guint i = 0; i < 1000; i++)
        g_string_append(spaced, "\xc3\xa4 ");
    spaced_slug = envoy_slug(spaced->str);
    g_assert_cmpuint(strlen(slug), ==, ENVOY_SLUG_MAX);
    g_assert_cmpint(g_utf8_strlen(spaced_slug, -1), <=, ENVOY_SLUG_MAX);
    g_assert_false(g_str_has_suffix(spaced_slug, "-"));
}

static void test_fold(void)
{
    static const struct {
        const char *a, *b;
        gboolean same;
    } cases[] = {
        { "Ann Lee", " ann\t LEE ", TRUE },
        { "Caf\xc3\xa9", "CAFE\xcc\x81", TRUE },
        { "Stra\xc3\x9f"
          "e",
          "STRASSE", TRUE },
        { "\xef\xbc\xa1nn", "Ann", TRUE },
        { "Ann", "Anne", FALSE },
        { NULL, "", TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *a = envoy_fold(cases[i].a), *b = envoy_fold(cases[i].b);

        g_test_message("%s and %s", cases[i].a, cases[i].b);
        g_assert_true((strcmp(a, b) == 0) == cases[i].same);
    }
}

static void test_ids(void)
{
    /* In order. */
    static const char *const ids[] = {
        "", "0", "2", "02", "10", "99", "100", "18446744073709551616", "18446744073709551617", "1a", "a", "b",
    };

    for (gsize i = 1; i < G_N_ELEMENTS(ids); i++) {
        for (gsize j = 1; j < G_N_ELEMENTS(ids); j++) {
            int order = envoy_id_compare(ids[i], ids[j]);

            if ((i == 2 || i == 3) && (j == 2 || j == 3) && i != j) {
                g_assert_cmpint(order, !=, 0);
                continue;
            }
            g_test_message("%s and %s", ids[i], ids[j]);
            g_assert_cmpint(CLAMP(order, -1, 1), ==, i < j ? -1 : i > j);
        }
    }
    g_assert_cmpint(envoy_id_compare("", ""), ==, 0);
    g_assert_cmpint(CLAMP(envoy_id_compare("2", "02"), -1, 1), ==, -CLAMP(envoy_id_compare("02", "2"), -1, 1));
}

static void test_addresses(void)
{
    static const struct {
        const char *text;
        gboolean is_one;
    } cases[] = {
        { "ann@example.com", TRUE },
        { "a@b", TRUE },
        { "j\xc3\xbcrgen@b\xc3\xbc"
          "cher.example",
          TRUE },
        { "@example.com", FALSE },
        { "ann@", FALSE },
        { "ann", FALSE },
        { "a@b@c", FALSE },
        { "<a@b>", FALSE },
        { "a b@c", FALSE },
        { "a@b\n", FALSE },
        { "a@b,c", FALSE },
        { "", FALSE },
        { "a@\xff", FALSE },
    };
    g_autofree char *letters = g_strnfill(400, 'a');
    g_autofree char *address = g_strconcat(letters, "@example.com", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_true(envoy_is_address(cases[i].text) == cases[i].is_one);
    }
    g_assert_false(envoy_is_address(address));
}

static void test_match(void)
{
    static const struct {
        const char *text;
        EnvoyMatch match;
    } cases[] = {
        { "17", ENVOY_MATCH_ID },    { "#17", ENVOY_MATCH_ID },          { " #17 ", ENVOY_MATCH_ID },
        { "1", ENVOY_MATCH_NONE },   { "ann lee", ENVOY_MATCH_WHOLE },   { "ann  lee2", ENVOY_MATCH_WHOLE },
        { "LEE", ENVOY_MATCH_PART }, { "Ann@x.org", ENVOY_MATCH_WHOLE }, { "@x", ENVOY_MATCH_PART },
        { "", ENVOY_MATCH_NONE },    { "#", ENVOY_MATCH_NONE },          { "bob", ENVOY_MATCH_NONE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(envoy_match(cases[i].text, "17", "Ann Lee", "Ann Lee2", "ann@x.org"), ==, cases[i].match);
    }
    g_assert_cmpint(envoy_match("x", NULL, NULL, NULL, NULL), ==, ENVOY_MATCH_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/names/slug", test_slug);
    g_test_add_func("/envoy/names/slug-is-bounded", test_slug_is_bounded);
    g_test_add_func("/envoy/names/fold", test_fold);
    g_test_add_func("/envoy/names/ids", test_ids);
    g_test_add_func("/envoy/names/addresses", test_addresses);
    g_test_add_func("/envoy/names/match", test_match);
    return g_test_run();
}
