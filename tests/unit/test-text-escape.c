/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-escape: what goes in, what comes out. */
#include "text/text-escape.h"

#include <string.h>

static void test_html(void)
{
    static const struct {
        const char *name, *plain, *html;
    } cases[] = {
        { "nothing", NULL, "" },
        { "empty", "", "" },
        { "plain", "hello", "hello" },
        { "markup", "<a href=\"x\">&'</a>", "&lt;a href=&quot;x&quot;&gt;&amp;&apos;&lt;/a&gt;" },
        { "an entity stays text", "&lt;", "&amp;lt;" },
        { "line ends", "a\nb\r\nc\rd\n\ne", "a<br>b<br>c<br>d<br><br>e" },
        { "only line ends", "\r\n\r", "<br><br>" },
        { "Unicode line ends",
          "a\xe2\x80\xa8"
          "b\xe2\x80\xa9",
          "a<br>b<br>" },
        { "tab", "a\tb", "a\tb" },
        { "controls",
          "a\x01\x1b[31m\x7f"
          "b\xc2\x85\xc2\x9f",
          "a[31mb" },
        { "override",
          "a\xe2\x80\xae"
          "b\xe2\x80\xac",
          "ab" },
        { "isolates",
          "\xe2\x81\xa6"
          "a\xe2\x81\xa9\xe2\x81\xa7\xe2\x81\xa8",
          "a" },
        { "marks of direction stay", "a\xe2\x80\x8f", "a\xe2\x80\x8f" },
        { "letters", "caf\xc3\xa9 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xf0\x9f\x98\x80" },
        { "bad byte",
          "a\xff"
          "b",
          "a\xef\xbf\xbd"
          "b" },
        { "cut character", "a\xc3", "a\xef\xbf\xbd" },
        { "cut before markup", "\xe2\x80<", "\xef\xbf\xbd\xef\xbf\xbd&lt;" },
        { "overlong", "\xc0\xbc", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *html = text_escape_html(cases[i].plain);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(html, ==, cases[i].html);
    }
}

static void test_line(void)
{
    static const struct {
        const char *name, *plain, *line;
    } cases[] = {
        { "nothing", NULL, "" },
        { "empty", "", "" },
        { "plain", "a b", "a b" },
        { "blanks", "  a \t\r\n b  ", "a b" },
        { "only blanks", " \n ", "" },
        { "wide blanks",
          "a\xc2\xa0\xe3\x80\x80"
          "b\xe2\x80\xa9",
          "a b" },
        { "controls",
          "a\x01\x02"
          "b\x7f",
          "a b" },
        { "directions",
          "\xe2\x80\xae"
          "a\xe2\x80\x8e\xe2\x81\xa6"
          "b\xd8\x9c",
          "ab" },
        { "markup stays", "<b>&", "<b>&" },
        { "bad byte", "\xff", "\xef\xbf\xbd" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *line = text_clean_line(cases[i].plain);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(line, ==, cases[i].line);
    }
}

static void test_split(void)
{
    static const struct {
        const char *name, *plain;
        gsize max_chars;
        const char *parts; /* joined by | */
    } cases[] = {
        { "nothing", "", 5, "" },
        { "fits", "abcde", 5, "abcde" },
        { "fits with line ends", "a\nb\n", 5, "a\nb\n" },
        { "endless limit", "abcde", G_MAXSIZE, "abcde" },
        { "line end", "abc\ndef", 5, "abc|def" },
        { "line end rather than blank", "ab\ncd ef gh", 8, "ab|cd ef gh" },
        { "last line end", "a\nb\nc\nd", 5, "a\nb\nc|d" },
        { "line end just behind", "abcde\nf", 5, "abcde|f" },
        { "both bytes of a line end", "abc\r\ndef", 5, "abc|def" },
        { "blank", "abc def", 5, "abc|def" },
        { "last blank", "a b c d", 5, "a b c|d" },
        { "blank just behind", "abcde f", 5, "abcde|f" },
        { "no blank", "abcdefghijk", 5, "abcde|fghij|k" },
        { "characters, not bytes", "\xc3\xa9\xc3\xa9\xc3\xa9", 2, "\xc3\xa9\xc3\xa9|\xc3\xa9" },
        { "a mark and its base",
          "abcde\xcc\x81"
          "f",
          5,
          "abcd|e\xcc\x81"
          "f" },
        { "marks only", "\xcc\x81\xcc\x81\xcc\x81", 2, "\xcc\x81\xcc\x81|\xcc\x81" },
        { "joined characters", "ab\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", 4,
          "ab|\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb" },
        { "one at a time", "ab c", 1, "a|b|c" },
        { "blanks at a cut", "abcd    ", 4, "abcd" },
        { "blanks first", "       abc", 3, " ab|c" },
        { "indented line", "abc\n  def", 5, "abc|  def" },
        { "a cut of blanks", "abc      def", 4, "abc |def" },
        { "all white", "     ", 2, "  |  | " },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) parts = text_split(cases[i].plain, cases[i].max_chars);
        g_autofree char *joined = g_strjoinv("|", parts);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(joined, ==, cases[i].parts);
    }
}

/* Whatever the text: every part fits, none is blank, and nothing but white space is lost. */
static void test_split_any(void)
{
    static const char *const pieces[] = { "a", "b", " ", "\n", "\r\n", "\t", "\xc3\xa9", "\xcc\x81", "\xe2\x80\x8d" };

    for (int round = 0; round < 2000; round++) {
        g_autoptr(GString) plain = g_string_new("x");
        g_autoptr(GString) left = g_string_new(NULL), kept = g_string_new(NULL);
        gsize max_chars = (gsize)g_test_rand_int_range(1, 8);
        g_auto(GStrv) parts = NULL;

        for (int length = g_test_rand_int_range(0, 40); length > 0; length--)
            g_string_append(plain, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
        parts = text_split(plain->str, max_chars);
        for (char **part = parts; *part; part++) {
            g_assert_true(g_utf8_validate(*part, -1, NULL));
            g_assert_cmpint(g_utf8_strlen(*part, -1), <=, max_chars);
            g_assert_cmpuint(strspn(*part, " \t\r\n"), <, strlen(*part));
            g_string_append(kept, *part);
        }
        for (const char *at = plain->str; *at; at++) {
            if (!strchr(" \t\r\n", *at))
                g_string_append_c(left, *at);
        }
        for (gsize i = 0; i < kept->len;) {
            if (strchr(" \t\r\n", kept->str[i]))
                g_string_erase(kept, (gssize)i, 1);
            else
                i++;
        }
        g_assert_cmpstr(kept->str, ==, left->str);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/escape/html", test_html);
    g_test_add_func("/text/escape/line", test_line);
    g_test_add_func("/text/escape/split", test_split);
    g_test_add_func("/text/escape/split-any", test_split_any);
    return g_test_run();
}
