/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-tld: the table is found through, from end to end. */
#include "text/text-tld.h"

#include <string.h>

static gboolean is_known(const char *word)
{
    g_autofree char *text = g_strconcat(word, "zz", NULL);

    return text_tld_is_known(text, strlen(word));
}

static void test_known(void)
{
    static const char *const words[] = { "ac",   "ad",   "aero",   "app",           "biz", "cloud",  "co",
                                         "com",  "coop", "de",     "dev",           "edu", "fi",     "gov",
                                         "info", "int",  "io",     "international", "jp",  "local",  "ly",
                                         "mil",  "mobi", "museum", "name",          "net", "online", "org",
                                         "pro",  "site", "tech",   "technology",    "uk",  "xyz",    "za",
                                         "zm",   "zone", "zw",     "COM",           "De" };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_test_message("%s", words[i]);
        g_assert_true(is_known(words[i]));
    }
}

/* A search that halves a table out of order misses some: so every two letters are tried, and counted. */
static void test_country_codes(void)
{
    guint n_known = 0;

    for (char first = 'a'; first <= 'z'; first++) {
        for (char second = 'a'; second <= 'z'; second++) {
            char word[] = { first, second };

            if (text_tld_is_known(word, sizeof word))
                n_known++;
        }
    }
    g_assert_cmpuint(n_known, ==, 248);
}

static void test_unknown(void)
{
    static const char *const words[] = { "",     "a",   "c",   "x",         "zz",
                                         "aa",   "bax", "foo", "comm",      "zip",
                                         "corp", "lan", "dmz", "customtld", "internationally",
                                         "é" };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_test_message("%s", words[i]);
        g_assert_false(is_known(words[i]));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/tld/known", test_known);
    g_test_add_func("/text/tld/country-codes", test_country_codes);
    g_test_add_func("/text/tld/unknown", test_unknown);
    return g_test_run();
}
