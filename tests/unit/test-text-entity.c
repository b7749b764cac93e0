/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-entity: references to characters. */
#include "text/text-entity.h"

#include "test-util.h"

#include <string.h>

static void test_decode(void)
{
    static const struct {
        const char *text;
        gsize length;
        gunichar first, second;
    } cases[] = {
        { "&amp;", 5, '&', 0 },
        { "&amp;lt;", 5, '&', 0 },
        { "&AElig;", 7, 0xc6, 0 },
        { "&aelig;", 7, 0xe6, 0 },
        { "&zwnj;", 6, 0x200c, 0 },
        { "&nGt;", 5, 0x226b, 0x20d2 },
        { "&CounterClockwiseContourIntegral;", 33, 0x2233, 0 },
        { "&#38;", 5, '&', 0 },
        { "&#x26;", 6, '&', 0 },
        { "&#X1f600;", 9, 0x1f600, 0 },
        { "&#0000038;", 10, '&', 0 },
        { "&#0;", 4, 0xfffd, 0 },
        { "&#xd800;", 8, 0xfffd, 0 },
        { "&#x110000;", 10, 0xfffd, 0 },
        { "&#9999999;", 10, 0xfffd, 0 },
        { "&#00000038;", 0, 0, 0 },
        { "&#x0000026;", 0, 0, 0 },
        { "&#;", 0, 0, 0 },
        { "&#x;", 0, 0, 0 },
        { "&#xg;", 0, 0, 0 },
        { "&#38", 0, 0, 0 },
        { "&amp", 0, 0, 0 },
        { "&am;", 0, 0, 0 },
        { "&ampx;", 0, 0, 0 },
        { "&Amp;", 0, 0, 0 },
        { "&;", 0, 0, 0 },
        { "& amp;", 0, 0, 0 },
        { "&", 0, 0, 0 },
        { "amp;", 0, 0, 0 },
        { "", 0, 0, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gunichar characters[2] = { 0, 0 };

        g_test_message("%s", cases[i].text);
        g_assert_cmpuint(text_entity_decode(cases[i].text, strlen(cases[i].text), characters), ==, cases[i].length);
        g_assert_cmphex(characters[0], ==, cases[i].first);
        g_assert_cmphex(characters[1], ==, cases[i].second);
    }
}

/* The text goes on, but its reader may not look there. */
static void test_cut(void)
{
    for (gsize length = 0; length < strlen("&amp;"); length++)
        g_assert_cmpuint(text_entity_decode("&amp;", length, NULL), ==, 0);
    for (gsize length = 0; length < strlen("&#x26;"); length++)
        g_assert_cmpuint(text_entity_decode("&#x26;", length, NULL), ==, 0);
}

static void test_all(void)
{
    g_autofree char *path = test_data_path("../../plugin/text/entity/entities.txt");
    g_autofree char *contents = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents(path, &contents, NULL, NULL));
    lines = g_strsplit(g_strchomp(contents), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 2125);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) part = g_strsplit(*line, " ", -1);
        g_autofree char *text = g_strdup_printf("&%s;", part[0]);
        gunichar characters[2];

        g_test_message("%s", text);
        g_assert_cmpuint(text_entity_decode(text, strlen(text), characters), ==, strlen(text));
        g_assert_cmphex(characters[0], ==, g_ascii_strtoull(part[1], NULL, 16));
        g_assert_cmphex(characters[1], ==, part[2] ? g_ascii_strtoull(part[2], NULL, 16) : 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/entity/decode", test_decode);
    g_test_add_func("/text/entity/cut", test_cut);
    g_test_add_func("/text/entity/all-of-the-list", test_all);
    return g_test_run();
}
