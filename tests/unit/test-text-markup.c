/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-markup: what hosts send, as tokens. */
#include "text/text-markup.h"

#include <string.h>

/* B I S C L open, b i s c l close; L with its address in (); / is a line end, #5 an image, the rest 'text'. */
static char *describe(const GPtrArray *tokens)
{
    GString *result = g_string_new(NULL);

    for (guint i = 0; i < tokens->len; i++) {
        const TextToken *token = tokens->pdata[i];

        switch (token->kind) {
        case TEXT_TOKEN_TEXT:
            g_string_append_printf(result, "'%s'", token->text);
            break;
        case TEXT_TOKEN_OPEN:
            g_string_append_c(result, "BISCL"[token->style]);
            if (token->text)
                g_string_append_printf(result, "(%s)", token->text);
            break;
        case TEXT_TOKEN_CLOSE:
            g_string_append_c(result, "biscl"[token->style]);
            break;
        case TEXT_TOKEN_BREAK:
            g_string_append_c(result, '/');
            break;
        case TEXT_TOKEN_IMAGE:
            g_string_append_printf(result, "#%d", token->image);
            break;
        }
    }
    return g_string_free(result, FALSE);
}

typedef struct {
    const char *name, *html, *tokens;
} Case;

static void check(const Case *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GPtrArray) tokens = text_markup_parse(cases[i].html);
        g_autofree char *described = describe(tokens);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(described, ==, cases[i].tokens);
    }
}

static void test_styles(void)
{
    static const Case cases[] = {
        { "nothing", NULL, "" },
        { "empty", "", "" },
        { "plain", "hello", "'hello'" },
        { "bold", "a<b>b</b>c", "'a'B'b'b'c'" },
        { "names", "<strong>a</strong><em>b</em><strike>c</strike><del>d</del><tt>e</tt>",
          "B'a'bI'b'iS'c'sS'd'sC'e'c" },
        { "Pidgin", "<FONT FACE=\"Monospace\">a</FONT><FONT COLOR=\"#f00\" SIZE=\"3\">b</FONT><U>c</U>", "C'a'c'bc'" },
        { "libpurple's XHTML",
          "<span style='font-weight: bold;'>a</span><span style='text-decoration: line-through;'>b</span>"
          "<span style='font-family: Courier New;'>c</span><span style='color: red;'>d</span>",
          "B'a'bS'b'sC'c'c'd'" },
        { "several at once", "<span style='FONT-STYLE: italic; font-weight:700;color:red'>a</span>", "BI'a'bi" },
        { "no style", "<span style='font-weight: normal; text-decoration: underline; font-family: Sans; x'>a</span>",
          "'a'" },
        { "the same twice", "<b>a<strong>b</strong>c</b>d", "B'abc'b'd'" },
        { "overlap", "<b>a<i>b</b>c</i>", "B'a'I'b'b'c'i" },
        { "spans in spans", "<span style='font-weight:bold'>a<span style='color:red'>b</span>c</span>d", "B'abc'b'd'" },
        { "not closed", "<b>a<i>b", "B'a'I'b'ib" },
        { "not opened", "a</b>b</span>", "'ab'" },
        { "dropped", "<html><body bgcolor='x'><sub>a</sub><!-- b --></body></html>", "'a'" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_links(void)
{
    static const Case cases[] = {
        { "link", "<a href=\"http://x/?a=1&amp;b=2\">t</a>", "L(http://x/?a=1&b=2)'t'l" },
        { "formatted", "<a href=x><b>t</b></a>", "L(x)B't'bl" },
        { "no address", "<a name=x>t</a><a href=''>u</a>", "'tu'" },
        { "link in link", "<a href=x>t<a href=y>u</a>v</a>", "L(x)'t'lL(y)'u'l'v'" },
        { "not closed", "<a href=x>t", "L(x)'t'l" },
        { "image", "a<img id=\"5\">b<IMG ID='7' alt='x'/>", "'a'#5'b'#7" },
        { "smiley", "<img src='x.png' alt=':-)'>", "':-)'" },
        { "no image", "<img><img id='0'><img id='x'><img id='99999999999'>", "" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_lines(void)
{
    static const Case cases[] = {
        { "breaks", "a<br>b<br/>c<BR />", "'a'/'b'/'c'/" },
        { "line feeds stay text", "a\nb\r\nc\td", "'a\nb\r\nc\td'" },
        { "paragraphs", "<p>a</p><p>b</p>", "'a'/'b'" },
        { "divisions", "a<div>b</div>c", "'a'/'b'/'c'" },
        { "nested", "<div><div>a</div></div><div>b</div>", "'a'/'b'" },
        { "break at an end", "<p>a<br></p>b", "'a'/'b'" },
        { "break between", "<p>a</p><br><p>b</p>", "'a'//'b'" },
        { "behind a line feed", "a\n<p>b", "'a\nb'" },
        { "rule", "a<hr>b", "'a'/'b'" },
        { "preformatted", "a<pre>b  c</pre>d", "'a'C/'b  c'c/'d'" },
        { "only blocks", "<p></p><div></div>", "" },
        { "image in a line", "<p>a</p><img id=1>", "'a'/#1" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_text(void)
{
    static const Case cases[] = {
        { "entities", "&lt;b&gt; &amp;amp; &quot;&apos; &#233;&#xe9; &eacute;",
          "'<b> &amp; \"' \xc3\xa9\xc3\xa9 \xc3\xa9'" },
        { "blanks", "&nbsp;a&#160;b\xc2\xa0", "' a b\xc2\xa0'" },
        { "unknown entities", "&bogus; &amp &#x;", "'&bogus; &amp &#x;'" },
        { "brackets", "a < b && c > d <3", "'a < b && c > d <3'" },
        { "unknown tag", "List<String> x</String>", "'List<String> x</String>'" },
        { "unfinished tag", "a<b", "'a<b'" },
        { "unfinished comment", "a<!-- b", "'a<!-- b'" },
        { "bad byte", "a\xff<b>\xc3</b>", "'a\xef\xbf\xbd'B'\xef\xbf\xbd'b" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

/* Whatever comes: a style is opened before it is closed, nothing is open at the end, texts are valid, and none is empty
 * or follows another. */
static void test_any(void)
{
    static const char *const pieces[] = {
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=x>",
        "</a>",
        "<span style='font-weight:bold;font-style:italic'>",
        "</span>",
        "<p>",
        "</p>",
        "<br>",
        "x",
        "y",
        "\n",
        "&amp;",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "<!--",
        "-->",
        "\xc3",
        "\xa9",
        "<pre>",
        "</pre>",
        "<img id=3>",
        "<b",
    };

    for (int round = 0; round < 5000; round++) {
        g_autoptr(GString) html = g_string_new(NULL);
        g_autoptr(GPtrArray) tokens = NULL;
        gboolean open[TEXT_N_STYLES] = { FALSE };
        guint last = TEXT_TOKEN_BREAK;

        for (int length = g_test_rand_int_range(0, 40); length > 0; length--)
            g_string_append(html, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
        tokens = text_markup_parse(html->str);
        for (guint i = 0; i < tokens->len; i++) {
            const TextToken *token = tokens->pdata[i];

            if (token->kind == TEXT_TOKEN_OPEN || token->kind == TEXT_TOKEN_CLOSE) {
                g_assert_cmpint(open[token->style], ==, token->kind == TEXT_TOKEN_CLOSE);
                open[token->style] = !open[token->style];
            } else if (token->kind == TEXT_TOKEN_TEXT) {
                g_assert_cmpuint(last, !=, TEXT_TOKEN_TEXT);
                g_assert_cmpuint(strlen(token->text), >, 0);
                g_assert_true(g_utf8_validate(token->text, -1, NULL));
            }
            last = token->kind;
        }
        for (guint style = 0; style < TEXT_N_STYLES; style++)
            g_assert_false(open[style]);
    }
}

static void append_repeated(GString *html, const char *tag, int count)
{
    while (count-- > 0)
        g_string_append(html, tag);
}

/* Beyond the depth that is kept, text stays and tags match again on the way out. */
static void test_deep(void)
{
    g_autoptr(GString) html = g_string_new("<i>");
    g_autoptr(GPtrArray) tokens = NULL;
    g_autofree char *described = NULL;

    append_repeated(html, "<b>", 100000);
    g_string_append(html, "x");
    append_repeated(html, "</b>", 99999);
    g_string_append(html, "y</b>z</i>");
    tokens = text_markup_parse(html->str);
    described = describe(tokens);
    g_assert_cmpstr(described, ==, "IB'xy'b'z'i");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/markup/styles", test_styles);
    g_test_add_func("/text/markup/links", test_links);
    g_test_add_func("/text/markup/lines", test_lines);
    g_test_add_func("/text/markup/text", test_text);
    g_test_add_func("/text/markup/any", test_any);
    g_test_add_func("/text/markup/deep", test_deep);
    return g_test_run();
}
