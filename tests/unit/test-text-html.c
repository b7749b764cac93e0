/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-html: foreign HTML as plain lines. */
#include "text/text-html.h"

#include <string.h>

typedef struct {
    const char *name, *html, *plain;
} Case;

static void check(const Case *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *plain = text_from_html(cases[i].html, 1000);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(plain, ==, cases[i].plain);
    }
}

static void test_lines(void)
{
    static const Case cases[] = {
        { "nothing", NULL, "" },
        { "empty", "<p> </p>", "" },
        { "words", "<p>a\n  b\t c</p>", "a b c" },
        { "paragraphs", "<p>a</p>\n<p>b</p>", "a\nb" },
        { "divisions", "a<div>b</div>c", "a\nb\nc" },
        { "heading", "<h1>a</h1>b", "a\nb" },
        { "breaks", "a<br>b<br/>\n c", "a\nb\nc" },
        { "blank line", "a<br><br>b", "a\n\nb" },
        { "blank lines", "a<br><br><br><p><br></p>b", "a\n\nb" },
        { "blank paragraph", "<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb" },
        { "a break that shows nothing", "<p>a<br></p><p>b</p>", "a\nb" },
        { "Gmail", "<div>a</div><div><br></div><div>b</div>", "a\n\nb" },
        { "trimmed", "<br><p> a </p><br> ", "a" },
        { "list", "a<ul><li>b</li>\n<li><p>c</p></li></ul>d", "a\n\xe2\x80\xa2 b\n\xe2\x80\xa2 c\nd" },
        { "list without ends", "<ol><li>a<li>b</ol>c", "\xe2\x80\xa2 a\n\xe2\x80\xa2 b\nc" },
        { "quotes", "a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e", "a\n> b\n> c\n> > d\ne" },
        { "table", "<table><tr><td>a</td> <td>b</td></tr><tr><th>c</table>", "a b\nc" },
        { "preformatted", "<p>a  b</p><pre>c  d\n    e</pre>f  g", "a b\nc  d\n    e\nf g" },
        { "blanks on purpose", "<p>a &nbsp;&nbsp;b</p>", "a   b" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_links(void)
{
    static const Case cases[] = {
        { "text and address", "see <a href=\"http://a.b/c?d=1&amp;e\">this <b>page</b></a>.",
          "see this page (http://a.b/c?d=1&e)." },
        { "the address itself", "<a href=\"http://a.b/\">http://a.b</a>", "http://a.b" },
        { "nearly the address", "<a href='https://a.b/'>a.b</a>", "a.b" },
        { "mail", "<a href=\"mailto:a@b\">a@b</a> <a href=\"mailto:a@b\">Ann</a>", "a@b Ann (mailto:a@b)" },
        { "no way out of a browser", "<a href=\"#x\">a</a> <a href=\"javascript:b\">b</a> <a href=\"c.html\">c</a>",
          "a b c" },
        { "anchor", "<a name=\"x\">a</a>", "a" },
        { "no text", "a<a href=\"http://a\"> </a>b", "a b" },
        { "image", "<a href=\"http://a\"><img src=\"x\" alt=\"a &amp; b\"></a>", "a & b (http://a)" },
        { "not closed", "<a href=\"http://a\">b <a href=\"http://c\">d", "b (http://a) d (http://c)" },
        { "closed twice", "<a href=\"http://a\">b</a></a>", "b (http://a)" },
        { "in a list", "<li><a href=\"http://a\">a</a>", "\xe2\x80\xa2 a" },
        { "pieces of a header", "<a href=\"http://a\nb\">c</a>", "c" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_text(void)
{
    static const Case cases[] = {
        { "entities", "<p>It&#8217;s &lt;b&gt; &eacute; &hellip;</p>", "It\xe2\x80\x99s <b> \xc3\xa9 \xe2\x80\xa6" },
        { "escaped once more", "Message body &lt;br&gt;&amp;amp;", "Message body <br>&amp;" },
        { "unknown entity", "<p>a & b &amp &bogus;</p>", "a & b &amp &bogus;" },
        { "no HTML", "a < b\n  c > d", "a < b\n  c > d" },
        { "lines without HTML", "a\r\nb\n\n\n\nc\n", "a\nb\n\nc" },
        { "tags that are none", "List<String> <me@example.com> <http://a> <3<br>",
          "List<String> <me@example.com> <http://a> <3" },
        { "unknown vocabulary", "<o:p>a</o:p>", "a" },
        { "script", "a<script type=x>if (a<b) \"</p>\"</script>b", "ab" },
        { "style", "<STYLE>p { }</STYLE >b", "b" },
        { "title", "<head><title>a</title></head><body>b</body>", "b" },
        { "script without end", "a<script>b", "a" },
        { "empty script", "<script src='x'/>b", "b" },
        { "comments", "a<!-- <p> -->b<![if x]>c", "abc" },
        { "comment without end", "<p>a<!-- b</p>", "a<!-- b" },
        { "tag without end", "<p>a</p", "a</p" },
        { "quote without end", "<p title=\"x>a</p>b", "a\nb" },
        { "controls",
          "<p>a\x01\x7f&#7;\xc2\x85"
          "b</p>",
          "ab" },
        { "bad byte", "<p>\xff</p>", "\xef\xbf\xbd" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_cut(void)
{
    static const struct {
        const char *name, *html;
        gsize max_chars;
        const char *plain;
    } cases[] = {
        { "fits", "<p>abcde</p>", 5, "abcde" },
        { "fits with blanks behind", "<p>abcde </p><br><!-- x -->", 5, "abcde" },
        { "too long", "<p>abcdef</p>", 5, "abcd\xe2\x80\xa6" },
        { "characters", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3, "\xc3\xa9\xc3\xa9\xe2\x80\xa6" },
        { "no blank before the mark", "abc def", 5, "abc\xe2\x80\xa6" },
        { "no line end before the mark", "<p>abc<p>def", 5, "abc\xe2\x80\xa6" },
        { "in an address", "<a href=\"http://example.com\">a</a>", 6, "a (ht\xe2\x80\xa6" },
        { "one", "ab", 1, "\xe2\x80\xa6" },
        { "endless limit", "ab", G_MAXSIZE, "ab" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *plain = text_from_html(cases[i].html, cases[i].max_chars);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(plain, ==, cases[i].plain);
    }
}

static void test_is_html(void)
{
    static const char *const yes[] = { "<p>", "a<br/>", "</div>", "x <!-- y -->", "<o:p>" };
    static const char *const no[] = { "", "a < b", "<me@example.com>", "List<String>", "a &amp; b", "<p", "<!-- x" };

    for (gsize i = 0; i < G_N_ELEMENTS(yes); i++)
        g_assert_true(text_is_html(yes[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_false(text_is_html(no[i]));
}

/* Whatever comes: valid, within the limit, no white space at the ends, no two blank lines, no controls. */
static void test_any(void)
{
    static const char *const pieces[] = {
        "<p>",
        "</p>",
        "<br>",
        "<li>",
        "<ul>",
        "</ul>",
        "<blockquote>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "<td>",
        "<a href=\"http://a\">",
        "</a>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<",
        ">",
        "\"",
        "&",
        "&lt;",
        "&nbsp;",
        "&#10;",
        "a",
        "b",
        " ",
        "\n",
        "\t",
        "\r",
        "\x02",
        "\xc3",
        "\xa9",
        "<img alt=' x'>",
        "<x>",
        "<b",
    };

    for (int round = 0; round < 4000; round++) {
        g_autoptr(GString) html = g_string_new(NULL);
        g_autofree char *plain = NULL;
        gsize max_chars = (gsize)g_test_rand_int_range(1, 40), length;

        for (int count = g_test_rand_int_range(0, 40); count > 0; count--)
            g_string_append(html, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
        plain = text_from_html(html->str, max_chars);
        length = strlen(plain);
        g_assert_true(g_utf8_validate(plain, -1, NULL));
        g_assert_cmpint(g_utf8_strlen(plain, -1), <=, max_chars);
        g_assert_null(strstr(plain, "\n\n\n"));
        g_assert_null(strpbrk(plain, "\r\x02"));
        if (length) {
            g_assert_false(g_ascii_isspace(plain[0]));
            g_assert_false(g_ascii_isspace(plain[length - 1]));
        }
    }
}

/* A search repeated at every tag would take hours here. */
static void test_hostile(void)
{
    static const char *const units[] = {
        "<p>",
        "<p",
        "<blockquote>",
        "<blockquote>x",
        "<li>",
        "<a href=\"http://x\">",
        "<a href=\"http://x\">y",
        "<script>",
        "<script></",
        "<!--",
        "&nbsp;",
        "<pre> ",
        "<br>",
        "<td>",
        "<p title=\"",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autoptr(GString) html = g_string_new("<b>a</b>");
        g_autofree char *plain = NULL;

        g_test_message("%s", units[i]);
        for (int count = 0; count < 100000; count++)
            g_string_append(html, units[i]);
        plain = text_from_html(html->str, G_MAXSIZE);
        g_assert_true(g_str_has_prefix(plain, "a"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/html/lines", test_lines);
    g_test_add_func("/text/html/links", test_links);
    g_test_add_func("/text/html/text", test_text);
    g_test_add_func("/text/html/cut", test_cut);
    g_test_add_func("/text/html/is-html", test_is_html);
    g_test_add_func("/text/html/any", test_any);
    g_test_add_func("/text/html/hostile", test_hostile);
    return g_test_run();
}
