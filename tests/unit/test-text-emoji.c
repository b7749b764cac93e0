/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-emoji: codes and characters. */
#include "text/text-emoji.h"

#include "test-util.h"

#include <string.h>

#define VARIATION "\xef\xb8\x8f"

static void test_expand(void)
{
    static const struct {
        const char *name, *text, *expanded;
    } cases[] = {
        { "nothing", NULL, "" },
        { "empty", "", "" },
        { "no code", "hello", "hello" },
        { "alone", ":smile:", "😄" },
        { "in a sentence", "well :smile: done :tada:!", "well 😄 done 🎉!" },
        { "one after the other", ":smile::tada:", "😄🎉" },
        { "beside a word", "done:tada: and :tada:done", "done🎉 and 🎉done" },
        { "alias", ":+1: :thumbsup: :-1:", "👍 👍 👎" },
        { "name of the old gateway", ":rage:", "😡" },
        { "digits", ":100: :1234:", "💯 🔢" },
        { "several code points", ":scotland:", "🏴󠁧󠁢󠁳󠁣󠁴󠁿" },
        { "unknown", ":nosuchname: :smil: :smilex:", ":nosuchname: :smil: :smilex:" },
        { "the second colon of an unknown one begins a code", ":nosuchname:smile:", ":nosuchname😄" },
        { "capitals", ":SMILE: :Smile:", ":SMILE: :Smile:" },
        { "blank inside", ": smile: :smile :", ": smile: :smile :" },
        { "only colons", ": :: ::: ::::", ": :: ::: ::::" },
        { "unfinished", ":smile", ":smile" },
        { "clock", "10:30:45", "10:30:45" },
        { "digits that are a name, in a number", "10:100:45", "10:100:45" },
        { "fields of a file", "root:x:0:0", "root:x:0:0" },
        { "path separators", "std::map::end", "std::map::end" },
        { "link", "http://x.example/:smile:/", "http://x.example/:smile:/" },
        { "around a link", ":tada: http://x.example/:smile:/ :tada:", "🎉 http://x.example/:smile:/ 🎉" },
        { "character stays", "😄 é", "😄 é" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expanded = text_emoji_expand(cases[i].text);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(expanded, ==, cases[i].expanded);
    }
}

static void test_find(void)
{
    g_assert_cmpstr(text_emoji_find("smile"), ==, "😄");
    g_assert_cmpstr(text_emoji_find(":smile:"), ==, "😄");
    g_assert_null(text_emoji_find(":smile"));
    g_assert_null(text_emoji_find("smile:"));
    g_assert_null(text_emoji_find("Smile"));
    g_assert_null(text_emoji_find("smil"));
    g_assert_null(text_emoji_find("smilex"));
    g_assert_null(text_emoji_find("::"));
    g_assert_null(text_emoji_find(":"));
    g_assert_null(text_emoji_find(""));
    g_assert_null(text_emoji_find(NULL));
}

static void test_name(void)
{
    g_assert_cmpstr(text_emoji_name("😄"), ==, "smile");
    g_assert_cmpstr(text_emoji_name("👍"), ==, "+1");
    g_assert_cmpstr(text_emoji_name("\xe2\x98\xba" VARIATION), ==, "relaxed");
    g_assert_cmpstr(text_emoji_name("\xe2\x98\xba"), ==, "relaxed");
    g_assert_cmpstr(text_emoji_name("😄" VARIATION), ==, "smile");
    g_assert_null(text_emoji_name("😄😄"));
    g_assert_null(text_emoji_name("a"));
    g_assert_null(text_emoji_name(VARIATION));
    g_assert_null(text_emoji_name(""));
    g_assert_null(text_emoji_name(NULL));
}

static char *without_variation(const char *character)
{
    g_auto(GStrv) parts = g_strsplit(character, VARIATION, -1);

    return g_strjoinv("", parts);
}

/* {"emoji": "CHARACTER", "aliases": ["NAME", "NAME"]} */
static void check_row(char **part)
{
    g_autofree char *bare = NULL;

    g_assert_cmpuint(g_strv_length(part), >=, 9);
    bare = without_variation(part[3]);
    g_assert_cmpstr(text_emoji_name(part[3]), ==, part[7]);
    g_assert_cmpstr(text_emoji_name(bare), ==, part[7]);
    for (char **name = part + 7; name[0] && name[1]; name += 2) {
        g_autofree char *code = g_strdup_printf(":%s:", *name);
        g_autofree char *expanded = text_emoji_expand(code);

        g_assert_cmpstr(text_emoji_find(*name), ==, part[3]);
        g_assert_cmpstr(expanded, ==, part[3]);
    }
}

static void test_all(void)
{
    g_autofree char *path = test_data_path("../../plugin/text/emoji/emoji.json");
    g_autofree char *contents = NULL;
    g_auto(GStrv) lines = NULL;
    guint rows = 0;

    g_assert_true(g_file_get_contents(path, &contents, NULL, NULL));
    lines = g_strsplit(contents, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) part = g_strsplit(*line, "\"", -1);

        if (!part[0] || !part[1])
            continue;
        g_test_message("%s", *line);
        check_row(part);
        rows++;
    }
    g_assert_cmpuint(rows, >, 1800);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/emoji/expand", test_expand);
    g_test_add_func("/text/emoji/find", test_find);
    g_test_add_func("/text/emoji/name", test_name);
    g_test_add_func("/text/emoji/all-of-the-list", test_all);
    return g_test_run();
}
