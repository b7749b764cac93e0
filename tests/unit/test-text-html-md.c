/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-html-md: what was typed, as the service gets it. */
#include "text/text-html-md.h"

#include "text/text-escape.h"

#include <string.h>

typedef struct {
    const char *name, *html, *md;
} Case;

static void check(const Case *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *md = text_html_to_md(cases[i].html);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(md, ==, cases[i].md);
    }
}

static void test_as_typed(void)
{
    static const Case cases[] = {
        { "nothing", NULL, "" },
        { "words", "hello", "hello" },
        { "names and sums", "snake_case 2*3*4 a * b", "snake_case 2*3*4 a * b" },
        { "markdown by hand", "**a** _b_ `c` [d](e) &gt; f\n# g\n- h", "**a** _b_ `c` [d](e) > f\n# g\n- h" },
        { "HTML as text", "&lt;b&gt;x&lt;/b&gt; &amp;amp; &amp;lt;", "<b>x</b> &amp; &lt;" },
        { "backslashes", "\\*a\\* C:\\dir\\", "\\*a\\* C:\\dir\\" },
        { "blanks", "  a\t b  \n", "  a\t b  \n" },
        { "lines", "a<br><br>b\nc", "a\n\nb\nc" },
        { "only other formatting", "<font color=\"red\" size=\"5\">a</font> <u>b</u>", "a b" },
        { "images", "a<img id=\"1\">b", "ab" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_emphasis(void)
{
    static const Case cases[] = {
        { "styles", "<b>a</b> <i>b</i> <s>c</s> <code>d</code>", "**a** *b* ~~c~~ `d`" },
        { "within a word", "un<b>believ</b>able", "un**believ**able" },
        { "blanks move out", "a<b> b </b>c", "a **b** c" },
        { "empty", "a<b></b><i> </i>b", "a b" },
        { "overlap", "<b>a <i>b</b> c</i>", "**a *b*** *c*" },
        { "several lines", "<b>a<br>b</b>", "**a**\n**b**" },
        { "beside punctuation", "(<b>a</b>), <i>\"b\"</i>!", "(**a**), *\"b\"*!" },
        { "underlines stay", "<b>snake_case</b>", "**snake_case**" },
        { "libpurple's XHTML", "<span style='font-weight: bold;'><em>a</em></span>", "***a***" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_code(void)
{
    static const Case cases[] = {
        { "markers inside", "<tt>a*b*</tt>", "`a*b*`" },
        { "backquotes inside", "<tt>a`b</tt>", "``a`b``" },
        { "a backquote at the end", "<tt>`</tt>", "`` ` ``" },
        { "a backquote first", "<tt>`a</tt>", "`` `a ``" },
        { "backquotes outside", "it`s <tt>a</tt> ``", "it`s ```a``` ``" },
        { "beside a backquote", "`<tt>a</tt> <tt>b</tt>`", "`a b`" },
        { "behind a backslash", "\\<tt>a</tt>", "\\a" },
        { "blanks at the ends", "a<tt> b </tt>c", "a `b` c" },
        { "only blanks", "a<tt> </tt>b", "a b" },
        { "bold code", "<b><tt>a</tt></b>", "**`a`**" },
        { "code partly bold", "<tt><b>a</b>b</tt>", "`ab`" },
        { "bold within code", "<tt>a<b>b</b>c</tt>", "`abc`" },
        { "part of several lines", "x <tt>a<br>b</tt>", "x `a`\n`b`" },
        { "whole lines", "x<br><tt>if a:<br>    b</tt><br>y", "x\n```\nif a:\n    b\n```\ny" },
        { "a block", "x<pre>a\n b</pre>y", "x\n```\na\n b\n```\ny" },
        { "a block with a fence", "<pre>```\na</pre>", "````\n```\na\n````" },
        { "one line of a block", "x<pre>a</pre>y", "x\n`a`\ny" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_links(void)
{
    static const Case cases[] = {
        { "link", "<a href=\"http://a/?b=1&amp;c=2\">d e</a>", "[d e](http://a/?b=1&c=2)" },
        { "the address itself", "<a href=\"http://a.b/\">http://a.b/</a>", "http://a.b/" },
        { "nearly the address", "<a href=\"http://a.b/\">a.b</a>", "http://a.b/" },
        { "mail", "<a href=\"mailto:a@b\">a@b</a> <a href=\"mailto:a@b\">Ann</a>", "a@b [Ann](mailto:a@b)" },
        { "no text", "<a href=\"http://a\"></a>", "http://a" },
        { "only an image", "<a href=\"http://a\"><img id=\"1\"></a>", "http://a" },
        { "blanks at the ends", "a<a href=\"x:y\"> b </a>c", "a [b](x:y) c" },
        { "line end", "<a href=\"x:y\">a<br>b</a>", "[a b](x:y)" },
        { "brackets in the text", "<a href=\"x:y\">a [1]</a>", "[a \\[1\\]](x:y)" },
        { "backslash in the text", "<a href=\"x:y\">a\\</a>", "[a\\\\](x:y)" },
        { "code in the text", "<a href=\"x:y\">a <tt>b]</tt></a>", "[a `b]`](x:y)" },
        { "brackets in the address", "<a href=\"x:y_(z)\">a</a>", "[a](x:y_(z))" },
        { "odd brackets in the address", "<a href=\"x:)y(\">a</a>", "[a](x:%29y%28)" },
        { "blanks in the address", "<a href=\"x:y z\\\">a</a>", "[a](x:y%20z%5C)" },
        { "bold link", "<b><a href=\"x:y\">a</a></b>", "**[a](x:y)**" },
        { "link in bold", "<b>a <a href=\"x:y\">b</a> c</b>", "**a [b](x:y) c**" },
        { "partly bold", "<a href=\"x:y\">a <b>b</b></a>", "[a b](x:y)" },
        { "behind a mark", "!<a href=\"x:y\">a</a>", "!a (x:y)" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_plain(void)
{
    static const struct {
        const char *name, *html, *plain;
    } cases[] = {
        { "nothing", NULL, "" },
        { "entities", "&lt;b&gt; &amp;amp;", "<b> &amp;" },
        { "formatting", "<b>a</b> <i>b</i><tt> c </tt>", "a b c " },
        { "lines", "a<br>b<div>c</div>", "a\nb\nc" },
        { "link", "<a href=\"http://a\">b</a>", "b" },
        { "image", "a<img id=\"1\">b", "ab" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *plain = text_html_to_plain(cases[i].html);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(plain, ==, cases[i].plain);
    }
}

static const char *const pieces[] = {
    "a",
    "b",
    " ",
    "  ",
    "\n",
    "\t",
    "\r\n",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "\\",
    "[",
    "](",
    ")",
    "<b>",
    "</b>",
    "<",
    ">",
    "&",
    "&amp;",
    "&#65;",
    "#",
    "!",
    "\"",
    "'",
    "\xc3\xa9",
    "\xc2\xa0",
    "<a href='x'>",
    "</a>",
    "<!--",
    "-->",
    "\xe3\x80\x80",
    "\xf0\x9f\x98\x80",
    "\x01",
    "\x7f",
    "\xc2\x85",
    "http://a.b/?c&d=e",
};

static char *random_text(void)
{
    GString *text = g_string_new(NULL);

    for (int length = g_test_rand_int_range(0, 30); length > 0; length--)
        g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
    return g_string_free(text, FALSE);
}

/* What Finch and bitlbee send: escaped, no formatting. It must arrive byte for byte. */
static void test_round_trip(void)
{
    for (int round = 0; round < 2000; round++) {
        g_autofree char *text = random_text();
        g_autofree char *html = g_markup_escape_text(text, -1);
        g_autofree char *md = text_html_to_md(html);
        g_autofree char *plain = text_html_to_plain(html);

        g_assert_cmpstr(md, ==, text);
        g_assert_cmpstr(plain, ==, text);
    }
}

/* What our own lines look like in a conversation, should they be sent again: line ends are tags there. */
static void test_round_trip_of_lines(void)
{
    g_autofree char *html = text_escape_html(" a <b>\n\n*c* &amp; d\n");
    g_autofree char *md = text_html_to_md(html);

    g_assert_cmpstr(md, ==, " a <b>\n\n*c* &amp; d\n");
}

/* Whatever is formatted: the text is all there, in order. */
static void test_nothing_lost(void)
{
    static const char *const tags[] = {
        "<b>", "</b>", "<i>", "</i>", "<s>", "</s>", "<tt>", "</tt>", "<pre>", "</pre>"
    };

    for (int round = 0; round < 2000; round++) {
        g_autoptr(GString) html = g_string_new(NULL);
        g_autofree char *md = NULL, *plain = NULL;
        const char *at;

        for (int runs = g_test_rand_int_range(0, 12); runs > 0; runs--) {
            g_autofree char *text = random_text();
            g_autofree char *escaped = g_markup_escape_text(text, -1);

            g_string_append(html, tags[g_test_rand_int_range(0, G_N_ELEMENTS(tags))]);
            g_string_append(html, escaped);
        }
        md = text_html_to_md(html->str);
        plain = text_html_to_plain(html->str);
        g_assert_true(g_utf8_validate(md, -1, NULL));
        at = md;
        for (const char *c = plain; *c; c++) {
            at = strchr(at, *c);
            g_assert_nonnull(at);
            at++;
        }
    }
}

/* A search repeated at every run would take hours here. */
static void test_hostile(void)
{
    static const struct {
        const char *unit;
        gsize least; /* of the result's length */
    } cases[] = {
        { "<b>", 0 },
        { "<b>x", 100000 },
        { "<b>x</b><i>y</i>", 200000 },
        { "<b><i>x</b>y</i>", 200000 },
        { "<tt>`", 100000 },
        { "<a href=x>", 0 },
        { "<a href=x>y</a>", 100000 },
        { "<tt>x\n", 200000 },
        { "<b>*</b>", 100000 },
        { "<s>x<b>y</s>z</b> ", 300000 },
        { "<p>", 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) html = g_string_new(NULL);
        g_autofree char *md = NULL;

        g_test_message("%s", cases[i].unit);
        for (int count = 0; count < 100000; count++)
            g_string_append(html, cases[i].unit);
        md = text_html_to_md(html->str);
        g_assert_cmpuint(strlen(md), >=, cases[i].least);
        g_assert_cmpuint(strlen(md), <=, 3 * html->len);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/html-md/as-typed", test_as_typed);
    g_test_add_func("/text/html-md/emphasis", test_emphasis);
    g_test_add_func("/text/html-md/code", test_code);
    g_test_add_func("/text/html-md/links", test_links);
    g_test_add_func("/text/html-md/plain", test_plain);
    g_test_add_func("/text/html-md/round-trip", test_round_trip);
    g_test_add_func("/text/html-md/round-trip-of-lines", test_round_trip_of_lines);
    g_test_add_func("/text/html-md/nothing-lost", test_nothing_lost);
    g_test_add_func("/text/html-md/hostile", test_hostile);
    return g_test_run();
}
