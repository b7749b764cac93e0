/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-running: what is no code. */
#include "text/text-running.h"

#include "text/text-md-html.h"

#include "test-util.h"

#include <string.h>

/* (transfer full): with each range in brackets. */
static char *mark(const char *markdown)
{
    g_autoptr(GArray) ranges = text_running(markdown);
    GString *marked = g_string_new(NULL);
    gsize done = 0;

    for (guint i = 0; i < ranges->len; i++) {
        const TextRange *range = &g_array_index(ranges, TextRange, i);

        g_string_append_len(marked, markdown + done, (gssize)(range->start - done));
        g_string_append_c(marked, '{');
        g_string_append_len(marked, markdown + range->start, (gssize)range->length);
        g_string_append_c(marked, '}');
        done = range->start + range->length;
    }
    g_string_append(marked, markdown + done);
    return g_string_free(marked, FALSE);
}

static void test_ranges(void)
{
    static const struct {
        const char *name, *text, *marked;
    } cases[] = {
        { "empty", "", "" },
        { "white space", " \n\t\n", " \n\t\n" },
        { "words", "a b", "{a b}" },
        { "lines", "a\nb  \nc", "{a\nb  \nc}" },
        { "line ends of another system", "a\r\nb", "{a\r\nb}" },
        { "paragraphs", "a\n\nb", "{a}\n\n{b}" },
        { "marks", "a **b** _c_ ~~d~~ e", "{a **b** _c_ ~~d~~ e}" },
        { "marks at the ends", "**b** c _d_", "**{b** c _d}_" },
        { "blocks", "# a\n> b\n- c\n1. d", "# {a}\n> {b}\n- {c}\n1. {d}" },
        { "lines of a quote", "> a\n> b", "> {a\n> b}" },
        { "entity", "a &amp; b", "{a &amp; b}" },
        { "raw HTML", "a <b>c</b>", "{a <b>c</b>}" },
        { "code span", "a `b` c", "{a }`b`{ c}" },
        { "code span with more marks", "a ``b ` c`` d", "{a }``b ` c``{ d}" },
        { "code span over lines", "a `b\nc` d", "{a }`b\nc`{ d}" },
        { "code span in bold", "**a `b` c** d", "**{a }`b`{ c** d}" },
        { "two code spans", "`a` `b`", "`a`{ }`b`" },
        { "no end", "a `b", "{a `b}" },
        { "other end", "a ``b` c", "{a ``b` c}" },
        { "not over paragraphs", "a `b\n\nc` d", "{a `b}\n\n{c` d}" },
        { "backslash in code", "`a\\` b", "`a\\`{ b}" },
        { "escaped back-quotes", "\\`a\\` b", "\\`{a}\\`{ b}" },
        { "escaped back-quote before code", "\\`a `b` c", "\\`{a }`b`{ c}" },
        { "escaped backslash before code", "\\\\`a`", "\\\\`a`" },
        { "escaped colon", "\\:a: b", "\\:{a: b}" },
        { "escaped inside", "a \\@b c", "{a }\\@{b c}" },
        { "escaped at the end", "a \\@", "{a }\\@" },
        { "backslash before a letter", "a \\b", "{a \\b}" },
        { "backslash at the end", "a \\", "{a \\}" },
        { "backslash at the end of a line", "a\\\nb", "{a\\\nb}" },
        { "backslash in a link", "a http://x.example/b\\_c:d: e", "{a http://x.example/b\\_c:d: e}" },
        { "fence", "a\n```\nb\n```\nc", "{a}\n```\nb\n```\n{c}" },
        { "fence of tildes", "a\n~~~\nb\n~~~\nc", "{a}\n~~~\nb\n~~~\n{c}" },
        { "fence with a language", "~~~ :b: \\:c:\nb\n~~~\nc", "~~~ :b: \\:c:\nb\n~~~\n{c}" },
        { "empty fence", "~~~ :b:\n~~~\nc", "~~~ :b:\n~~~\n{c}" },
        { "longer end", "~~~~\nb\n~~~\nc\n~~~~~\nd", "~~~~\nb\n~~~\nc\n~~~~~\n{d}" },
        { "another fence in a fence", "~~~\n```\nb\n~~~\nc", "~~~\n```\nb\n~~~\n{c}" },
        { "fence without end", "a\n\n~~~\nb\n\nc", "{a}\n\n~~~\nb\n\nc" },
        { "indented fence", "   ~~~\n   b\n   ~~~\nc", "   ~~~\n   b\n   ~~~\n{c}" },
        { "no fence of back-quotes", "``` a ` b\nc", "{``` a ` b\nc}" },
        { "fence in a quote", "> ~~~\n> b\n\nc", "> ~~~\n> b\n\n{c}" },
        { "fence in an item", "- a\n  ~~~\n  b\n  ~~~\n- c", "- {a}\n  ~~~\n  b\n  ~~~\n- {c}" },
        { "indented", "    a\n\n    b\nc", "    a\n\n    b\n{c}" },
        { "tab", "\ta\nb", "\ta\n{b}" },
        { "indented behind an empty line", "a\n\n    b", "{a}\n\n    b" },
        { "indented in a paragraph", "a\n    b", "{a\n    b}" },
        { "indented in an item", "- a\n\n      b", "- {a}\n\n      b" },
        { "paragraph of an item", "- a\n\n  b", "- {a}\n\n  {b}" },
        { "link", "a [b](/c:d: \"e\") f", "{a [b}](/c:d: \"e\"){ f}" },
        { "image", "![a](/:b:) c", "![{a}](/:b:){ c}" },
        { "definition", "[a]: /:b:\n\n[a] c", "[a]: /:b:\n\n[{a}]{ c}" },
        { "letters of other languages", "\xc3\xa4 `\xc3\xa4` \xf0\x9f\x98\x84",
          "{\xc3\xa4 }`\xc3\xa4`{ \xf0\x9f\x98\x84}" },
    };
    g_autoptr(GArray) none = text_running(NULL);

    g_assert_cmpuint(none->len, ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *marked = mark(cases[i].text);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(marked, ==, cases[i].marked);
    }
}

/* Whatever is typed, and also bytes that are no text. */
static void test_any_text(void)
{
    static const char *const parts[] = { "`",  "``",  "```",  "~~~", "\n",       "\n\n",    "    ",          "\t", ">",
                                         "- ", "1. ", "a",    "b ",  ":",        ":smile:", "@Ann2",         "\\", "*",
                                         "_",  "~",   "[",    "](",  ")",        "]: /x\n", "http://x.com/", "<",  ">",
                                         "#",  "!",   "&lt;", "\r",  "\xc3\xa4", "\xff",    "\xf0" };

    for (guint round = 0; round < 20000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) copy = g_string_new(NULL);
        g_autoptr(GArray) ranges = NULL;
        gsize done = 0;

        for (int count = g_test_rand_int_range(0, 30); count > 0; count--)
            g_string_append(text, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
        ranges = text_running(text->str);
        for (guint i = 0; i < ranges->len; i++) {
            const TextRange *range = &g_array_index(ranges, TextRange, i);

            g_assert_cmpuint(range->start, >=, done);
            g_assert_cmpuint(range->length, >, 0);
            g_assert_cmpuint(range->length, <=, text->len - range->start);
            g_string_append_len(copy, text->str + done, (gssize)(range->start - done));
            g_string_append_len(copy, text->str + range->start, (gssize)range->length);
            done = range->start + range->length;
        }
        g_string_append(copy, text->str + done);
        g_assert_cmpstr(copy->str, ==, text->str);
    }
}

static char *repeat(const char *part, gsize length)
{
    GString *text = g_string_new(NULL);

    while (text->len + strlen(part) <= length)
        g_string_append(text, part);
    return g_string_free(text, FALSE);
}

/* What is typed in one go has an end, and does not make the host wait for long. */
static void test_much(void)
{
    static const char *const parts[] = {
        "`", "``` ", "`a``b", "\\", "\\`", "[", "![](", "> ", "~~~\n", "*a_ ", "- a\n"
    };

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text = repeat(parts[i], TEXT_MD_MAX_BYTES);
        g_autoptr(GArray) ranges = NULL;

        g_test_message("%s", parts[i]);
        ranges = text_running(text);
        g_assert_cmpuint(ranges->len, <=, TEXT_MD_MAX_BYTES);
    }
}

static void test_too_much(void)
{
    g_autofree char *most = repeat("a", TEXT_MD_MAX_BYTES), *more = repeat("a", TEXT_MD_MAX_BYTES + 1);
    g_autofree char *brackets = repeat("[", TEXT_MD_MAX_BYTES / 2), *defined = g_strconcat("[a]: b\n", brackets, NULL);
    g_autoptr(GArray) of_most = text_running(most), of_more = text_running(more), of_defined = text_running(defined);

    g_assert_cmpuint(of_most->len, ==, 1);
    g_assert_cmpuint(of_more->len, ==, 0);
    g_assert_cmpuint(of_defined->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/running/ranges", test_ranges);
    g_test_add_func("/text/running/any-text", test_any_text);
    g_test_add_func("/text/running/much", test_much);
    g_test_add_func("/text/running/too-much", test_too_much);
    return g_test_run();
}
