/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-tags: where tags begin and end, what they hold, and that no broken HTML takes long. */
#include "text/text-tags.h"

#include <string.h>

/* The pieces in one line: 'text', <name>, </name>, <name/>, <!> for comments. */
static char *describe(const char *html)
{
    GString *pieces = g_string_new(NULL);
    TextTags tags;
    TextPiece piece;

    text_tags_init(&tags, html);
    while (text_tags_next(&tags, &piece)) {
        if (piece.kind == TEXT_PIECE_TEXT)
            g_string_append_printf(pieces, "'%.*s'", (int)(piece.to - piece.from), piece.from);
        else if (piece.kind == TEXT_PIECE_COMMENT)
            g_string_append(pieces, "<!>");
        else
            g_string_append_printf(pieces, "<%s%s%s>", piece.kind == TEXT_PIECE_CLOSE ? "/" : "", piece.name,
                                   piece.is_empty ? "/" : "");
    }
    return g_string_free(pieces, FALSE);
}

static void test_pieces(void)
{
    static const struct {
        const char *name, *html, *pieces;
    } cases[] = {
        { "nothing", "", "" },
        { "text", "a &amp; b", "'a &amp; b'" },
        { "tags", "<b>x</b>", "<b>'x'</b>" },
        { "case", "<BR><Font SIZE=3>", "<br><font>" },
        { "empty", "<br/><br /><img src=\"a\"/>", "<br/><br/><img/>" },
        { "a slash in an address", "<a href=http://x/>", "<a>" },
        { "line ends in a tag", "<a\nhref='x'\n>", "<a>" },
        { "long name", "<abcdefghijklmnopqrstuvwxyz>", "<abcdefghijklmno>" },
        { "namespace", "<o:p></o:p>", "<o:p></o:p>" },
        { "brackets in quotes", "<a title=\"1 > 0\" alt='<b>'>x", "<a>'x'" },
        { "a quote that is none", "<b it's>x</b><i it's>", "<b>'x'</b><i>" },
        { "quote without end", "<a href=\"x>y</a>", "<a>'y'</a>" },
        { "comment", "a<!-- <b> -->c", "'a'<!>'c'" },
        { "short comment", "<!-->c<!--->d", "<!>'c'<!>'d'" },
        { "comment without end", "a<!-- b</p>", "'a''<!-- b'</p>" },
        { "declarations", "<!DOCTYPE html><?xml version=\"1\"?><![endif]>", "<!><!><!>" },
        { "lone bracket", "a < b > c", "'a ''< b > c'" },
        { "brackets", "<<>><>", "'<''<>>''<>'" },
        { "tag without end", "<b>x</b", "<b>'x''</b'" },
        { "address", "<http://a.b> <me@example.com>", "'<http://a.b> ''<me@example.com>'" },
        { "digit", "<3 </3 <!3", "'<3 ''</3 ''<!3'" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *pieces = describe(cases[i].html);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(pieces, ==, cases[i].pieces);
    }
}

static void test_decode(void)
{
    static const struct {
        const char *name, *html, *plain;
    } cases[] = {
        { "plain", "a\xc3\xa9", "a\xc3\xa9" },
        { "basic", "&lt;&gt;&amp;&quot;&apos;", "<>&\"'" },
        { "Latin-1", "&nbsp;&eacute;&Eacute;&yuml;", "\xc2\xa0\xc3\xa9\xc3\x89\xc3\xbf" },
        { "typography", "&hellip;&rsquo;&euro;", "\xe2\x80\xa6\xe2\x80\x99\xe2\x82\xac" },
        { "numbers", "&#65;&#x42;&#X43;&#128512;", "ABC\xf0\x9f\x98\x80" },
        { "control", "&#x1;&#x80;", "\x01\xc2\x80" },
        { "once", "&amp;lt;", "&lt;" },
        { "no character", "&#0;&#xd800;&#x110000;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
        { "two characters", "&NotEqualTilde;", "\xe2\x89\x82\xcc\xb8" },
        { "no number", "&#;&#x;&#-1;&#1 ;&#99999999999;", "&#;&#x;&#-1;&#1 ;&#99999999999;" },
        { "unknown", "&bogus;&Amp;&;", "&bogus;&Amp;&;" },
        { "without end", "&amp &lt", "&amp &lt" },
        { "too long", "&aaaaaaaaaaaaaaaaaaaaaaaaa;", "&aaaaaaaaaaaaaaaaaaaaaaaaa;" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) plain = g_string_new(NULL);
        const char *at = cases[i].html;

        g_test_message("%s", cases[i].name);
        while (*at) {
            gunichar characters[2];

            text_tags_decode(&at, cases[i].html + strlen(cases[i].html), characters);
            for (gsize j = 0; j < 2 && characters[j]; j++)
                g_string_append_unichar(plain, characters[j]);
        }
        g_assert_cmpstr(plain->str, ==, cases[i].plain);
    }
}

/* What is behind the given end is not read, even if it would complete an entity. */
static void test_decode_end(void)
{
    const char *html = "&lt;", *at = html;
    gunichar characters[2];

    text_tags_decode(&at, html + 3, characters);
    g_assert_cmpuint(characters[0], ==, '&');
    g_assert_true(at == html + 1);
    at = html;
    text_tags_decode(&at, html + 4, characters);
    g_assert_cmpuint(characters[0], ==, '<');
    g_assert_true(at == html + 4);
}

static void test_attribute(void)
{
    static const struct {
        const char *name, *html, *value;
    } cases[] = {
        { "quotes", "<a href=\"x y\">", "x y" },
        { "single quotes", "<a href='x\"y'>", "x\"y" },
        { "no quotes", "<a href=x/y class=z>", "x/y" },
        { "blanks", "<a  href = \"x\" >", "x" },
        { "case", "<A HREF=X>", "X" },
        { "behind others", "<a class=\"href='n'\" data-href=n disabled href=x>", "x" },
        { "the first", "<a href=x href=y>", "x" },
        { "entities", "<a href=\"?a=1&amp;b=&quot;\">", "?a=1&b=\"" },
        { "empty tag", "<a href=\"x\"/>", "x" },
        { "empty tag without quotes", "<a href=x />", "x" },
        { "no value", "<a href>", "" },
        { "empty value", "<a href= >", "" },
        { "none", "<a>", NULL },
        { "another", "<a name=href>", NULL },
        { "part of a name", "<a hrefs=x>", NULL },
        { "quote without end", "<a href=\"x>", "x" },
        { "signs", "<a ='/ \" href=x>", "x" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TextTags tags;
        TextPiece piece;
        g_autofree char *value = NULL;

        g_test_message("%s", cases[i].name);
        text_tags_init(&tags, cases[i].html);
        g_assert_true(text_tags_next(&tags, &piece));
        value = text_tags_attribute(&piece, "href");
        g_assert_cmpstr(value, ==, cases[i].value);
    }
}

static void test_skip(void)
{
    static const struct {
        const char *name, *html, *rest;
    } cases[] = {
        { "script", "if (a<b) { '</p>' }</script>x", "</script>x" },
        { "case", "x</SCRIPT >y", "</SCRIPT >y" },
        { "another name", "x</scripts>y", "" },
        { "no end", "x", "" },
        { "no bracket", "x</script ", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TextTags tags;
        TextPiece piece;

        g_test_message("%s", cases[i].name);
        text_tags_init(&tags, cases[i].html);
        text_tags_skip_to_close(&tags, "script");
        g_assert_cmpint(text_tags_next(&tags, &piece), ==, *cases[i].rest != '\0');
        if (*cases[i].rest) {
            g_assert_cmpint(piece.kind, ==, TEXT_PIECE_CLOSE);
            g_assert_cmpstr(piece.from, ==, cases[i].rest);
        }
    }
}

static void test_is_html(void)
{
    static const char *const yes[] = {
        "a", "b", "blockquote", "br", "h1", "img", "s", "underline", "xml", "o:p", "x-y"
    };
    static const char *const no[] = { "string", "int", "me", "aa", "h7", "z", "" };

    for (gsize i = 0; i < G_N_ELEMENTS(yes); i++)
        g_assert_true(text_tags_is_html(yes[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_false(text_tags_is_html(no[i]));
}

/* A search repeated at every tag would take hours here. */
static void test_hostile(void)
{
    static const char *const units[] = {
        "<",        "<b",          "<b ",         "</b ",  "<!--", "<!-- >", "<!a", "<a '",   "<a b=\"",
        "<a b=\">", "<a b=\">\" ", "<a b=\"x\" ", "<a ><", "&",    "&a",     "&#",  "<b><i>", "<b/>",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        GString *html = g_string_new(NULL);
        TextTags tags;
        TextPiece piece = { .to = NULL };
        const char *at;

        g_test_message("%s", units[i]);
        for (int count = 0; count < 300000; count++)
            g_string_append(html, units[i]);
        at = html->str;
        text_tags_init(&tags, html->str);
        while (text_tags_next(&tags, &piece)) {
            g_assert_true(piece.from == at && piece.to > at);
            at = piece.to;
        }
        g_assert_true(at == html->str + html->len);
        g_string_free(html, TRUE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/tags/pieces", test_pieces);
    g_test_add_func("/text/tags/decode", test_decode);
    g_test_add_func("/text/tags/decode-end", test_decode_end);
    g_test_add_func("/text/tags/attribute", test_attribute);
    g_test_add_func("/text/tags/skip", test_skip);
    g_test_add_func("/text/tags/is-html", test_is_html);
    g_test_add_func("/text/tags/hostile", test_hostile);
    return g_test_run();
}
