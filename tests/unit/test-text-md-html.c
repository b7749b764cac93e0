/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-md-html: markdown in, HTML out; whatever goes in, what comes out is well-formed and harmless. */
#include "text/text-md-html.h"

#include "text/text-escape.h"

#include <string.h>

#define NBSP "\xc2\xa0"
#define MONO(text) "<font face=\"monospace\">" text "</font>"
#define LINK(address) "<a href=\"" address "\">" address "</a>"

typedef struct {
    const char *name, *markdown, *html;
} Case;

static void check_cases(const Case *cases, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_autofree char *html = text_md_to_html(cases[i].markdown);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(html, ==, cases[i].html);
    }
}

static void test_words(void)
{
    static const Case cases[] = {
        { "nothing", NULL, "" },
        { "empty", "", "" },
        { "white", " \n\t\n ", "" },
        { "plain", "hello", "hello" },
        { "bold", "a **b** c __d__", "a <b>b</b> c <b>d</b>" },
        { "italic", "a *b* c _d_", "a <i>b</i> c <i>d</i>" },
        { "strike", "a ~~b~~", "a <s>~b~</s>" },
        { "both", "***a***", "<i><b>a</b></i>" },
        { "nested", "**a _b_ ~~c~~**", "<b>a <i>b</i> <s>~c~</s></b>" },
        { "the same nested", "**a __b__ c**", "<b>a b c</b>" },
        { "over line ends", "**a\nb**", "<b>a<br>b</b>" },
        { "inside a word", "foo_bar_baz and foo*bar*baz", "foo_bar_baz and foo<i>bar</i>baz" },
        { "nothing to close", "**a *b ~~c __d", "**a *b ~~c __d" },
        { "blank inside", "* a * ** b **", "• a * ** b **" },
        { "single tildes", "~5 min, 10~20 or 30~40, ~x~", "~5 min, 10~20 or 30~40, ~x~" },
        { "escaped", "\\*a\\* \\_b\\_ \\\\ \\a", "*a* _b_ \\ \\a" },
        { "tags", "<script>alert('x')</script> <b>b</b>",
          "&lt;script&gt;alert(&apos;x&apos;)&lt;/script&gt; &lt;b&gt;b&lt;/b&gt;" },
        { "block of tags", "<div onclick=\"x\">\n*a*\n</div>",
          "&lt;div onclick=&quot;x&quot;&gt;<br><i>a</i><br>&lt;/div&gt;" },
        { "comment", "<!-- a -->", "&lt;!-- a --&gt;" },
        { "entities", "&lt;b&gt; &amp;amp; &copy; &#x41; &nGt;", "&lt;b&gt; &amp;amp; © A ≫⃒" },
        { "unknown entities", "&nosuch; &amp &; AT&T", "&amp;nosuch; &amp;amp &amp;; AT&amp;T" },
        { "entities of controls", "a&#0;b&#7;c&#10;d&#x202e;e",
          "a\xef\xbf\xbd"
          "bc de" },
        { "control characters",
          "a\x01\x1b[0m\xe2\x80\xae"
          "b",
          "a[0mb" },
        { "bad bytes", "*\xff*", "<i>\xef\xbf\xbd</i>" },
        { "only control characters", "a\n\n\x7f", "a" },
        { "mentions and tags stay", "@all @ann.b #tag-1 #1", "@all @ann.b #tag-1 #1" },
        { "emoji", ":smile: **:heart_eyes:** \\:smile:", "😄 <b>😍</b> :smile:" },
        { "no emoji", "10:30:45 :nosuchname:", "10:30:45 :nosuchname:" },
    };

    check_cases(cases, G_N_ELEMENTS(cases));
}

static void test_code(void)
{
    static const Case cases[] = {
        { "span", "a `b` c", "a " MONO("`b`") " c" },
        { "span of markup", "`**a** <b> &amp; \\* :smile: @x #y`",
          MONO("`**a** &lt;b&gt; &amp;amp; \\* :smile: @x #y`") },
        { "span of back-quotes", "`` a`b ``", MONO("`a`b`") },
        { "span over lines", "`a\nb`", MONO("`a b`") },
        { "span in bold", "**`a`**", "<b>" MONO("`a`") "</b>" },
        { "open span", "`a **b**", "`a <b>b</b>" },
        { "links in a span", "`http://x.example/_a_ <http://y.example>`",
          MONO("`http://x.example/_a_ &lt;http://y.example&gt;`") },
        { "tilde in a span", "`~a~`", MONO("`~a~`") },
        { "fence", "```\na\n```", MONO("a") },
        { "fence with a language", "~~~c\nint *a;\n~~~", MONO("int *a;") },
        { "indentation", "```\nif (a)\n    b;\n\tc  d\n```",
          MONO("if (a)") "<br>" MONO(NBSP NBSP NBSP NBSP "b;") "<br>" MONO(NBSP NBSP NBSP NBSP "c  d") },
        { "empty lines", "```\n\na\n\n\nb\n \n```\nc", MONO("a") "<br><br><br>" MONO("b") "<br>c" },
        { "indented", "    a\n      b\n\n    c", MONO("a") "<br>" MONO(NBSP NBSP "b") "<br><br>" MONO("c") },
        { "between words", "a\n```\nb\n```\nc", "a<br>" MONO("b") "<br>c" },
        { "links in a block", "```\nhttp://x.example/_a_\n```", MONO("http://x.example/_a_") },
        { "open fence", "```\n**a**", MONO("**a**") },
        { "fence of nothing", "```\n```", "```<br>```" },
    };

    check_cases(cases, G_N_ELEMENTS(cases));
}

static void test_lines(void)
{
    static const Case cases[] = {
        { "line ends", "a\nb\r\nc\rd", "a<br>b<br>c<br>d" },
        { "hard line ends", "a  \nb\\\nc", "a<br>b<br>c" },
        { "Unicode line end",
          "a\xe2\x80\xa8"
          "b",
          "a<br>b" },
        { "paragraphs", "a\n\nb\n\n\n\nc", "a<br><br>b<br><br>c" },
        { "around", "\n\n  a  \n\n", "a" },
        { "heading", "# a *b*\nc\n## d ##", "<b>a <i>b</i></b><br>c<br><b>d</b>" },
        { "heading between words", "a\n# b\nc", "a<br><b>b</b><br>c" },
        { "strong heading", "# a **b** c", "<b>a b c</b>" },
        { "underlined heading", "a\n===\nb\n---\nc", "<b>a</b><br><b>b</b><br>c" },
        { "no heading", "#a\n####### b", "#a<br>####### b" },
        { "empty heading", "a\n#\nb", "a<br>b" },
        { "only an empty heading", "#", "#" },
        { "rule", "a\n\n---\nb\n***", "a<br>———<br>b<br>———" },
        { "table", "| a | *b* |\n|---|---|\n| 1 | 2 |", "| a | <i>b</i> |<br>|---|---|<br>| 1 | 2 |" },
    };

    check_cases(cases, G_N_ELEMENTS(cases));
}

static void test_containers(void)
{
    static const Case cases[] = {
        { "quote", "> a\n> b\n\nc", "&gt; a<br>&gt; b<br>c" },
        { "lazy quote", "> a\nb", "&gt; a<br>&gt; b" },
        { "paragraphs of a quote", "> a\n>\n> b", "&gt; a<br>&gt; <br>&gt; b" },
        { "quote in a quote", "> a\n>> b\n\nc", "&gt; a<br>&gt; &gt; b<br>c" },
        { "bold in a quote", "> **a\n> b**", "&gt; <b>a<br>&gt; b</b>" },
        { "code in a quote", "> ```\n> a\n>\n>  b\n> ```\nc",
          "&gt; " MONO("a") "<br>&gt; <br>&gt; " MONO(NBSP "b") "<br>c" },
        { "empty quote", ">", "&gt;" },
        { "list", "- a\n- b", "• a<br>• b" },
        { "all bullets", "* a\n\n+ b\n\n- c", "• a<br>• b<br>• c" },
        { "lines of an item", "- a\n  b\nc", "• a<br>" NBSP NBSP "b<br>" NBSP NBSP "c" },
        { "paragraphs of an item", "- a\n\n  b\n\n- c", "• a<br><br>" NBSP NBSP "b<br>• c" },
        { "nested list", "- a\n  - b\n    - c\n- d", "• a<br>" NBSP NBSP "• b<br>" NBSP NBSP NBSP NBSP "• c<br>• d" },
        { "numbers", "1. a\n1. b\n7. c", "1. a<br>2. b<br>3. c" },
        { "first number", "2015. a\n2016. b", "2015. a<br>2016. b" },
        { "number from nothing", "0) a\n1) b", "0) a<br>1) b" },
        { "lines of a number", "10. a\n    b", "10. a<br>" NBSP NBSP NBSP NBSP "b" },
        { "list behind words", "a\n- b\n\nc", "a<br>• b<br>c" },
        { "no list", "-a\n+1\n1.a\n2016. a", "-a<br>+1<br>1.a<br>2016. a" },
        { "boxes", "- [ ] a\n- [x] b", "• [ ] a<br>• [x] b" },
        { "empty items", "-\n- a\n-", "• <br>• a<br>• " },
        { "quote in a list", "- > a\n  > b\n- c", "• &gt; a<br>" NBSP NBSP "&gt; b<br>• c" },
        { "list in a quote", "> - a\n>   b\n> 1. c", "&gt; • a<br>&gt; " NBSP NBSP "b<br>&gt; 1. c" },
        { "code in a list", "- ```\n  a\n  ```\n- b", "• " MONO("a") "<br>• b" },
        { "heading and rule in a list", "- # a\n- ***", "• <b>a</b><br>• ———" },
    };

    check_cases(cases, G_N_ELEMENTS(cases));
}

static void test_links(void)
{
    static const Case cases[] = {
        { "in running text", "see http://x.example/a.", "see " LINK("http://x.example/a") "." },
        { "without scheme", "see twitter.com", "see <a href=\"http://twitter.com\">twitter.com</a>" },
        { "emphasis in it", "http://x.example/_foo_/ http://x.example/*a*b foo_bar_baz",
          LINK("http://x.example/_foo_/") " " LINK("http://x.example/*a*b") " foo_bar_baz" },
        { "the last mark is punctuation", "http://x.example/*a* http://x.example/_a_",
          LINK("http://x.example/*a") "* " LINK("http://x.example/_a") "_" },
        { "emphasis around it", "**http://x.example/a** _http://x.example/b_",
          "<b>" LINK("http://x.example/a") "</b> <i>" LINK("http://x.example/b") "</i>" },
        { "in a quote", "> http://x.example/__a__/", "&gt; " LINK("http://x.example/__a__/") },
        { "code in it", "http://x.example/:smile:/", LINK("http://x.example/:smile:/") },
        { "entity in it", "http://x.example/?a=1&amp;b=2&copy=3", LINK("http://x.example/?a=1&amp;b=2&amp;copy=3") },
        { "angle brackets", "<http://x.example/_a_>", LINK("http://x.example/_a_") },
        { "mail in angle brackets", "<a_b@x.com>", "<a href=\"mailto:a_b@x.com\">a_b@x.com</a>" },
        { "named", "[a](http://x.example/_b_)", "a (" LINK("http://x.example/_b_") ")" },
        { "named with emphasis", "[a **b**](http://x.example/)", "a <b>b</b> (" LINK("http://x.example/") ")" },
        { "named with emphasis around", "**[a](http://x.example/)**", "<b>a (" LINK("http://x.example/") ")</b>" },
        { "named by itself", "[http://x.example/_a_](http://x.example/_a_)", LINK("http://x.example/_a_") },
        { "named by itself in bold", "[**http://x.example/**](http://x.example/)",
          "<b>http://x.example/</b> (" LINK("http://x.example/") ")" },
        { "named by its host", "[twitter.com](http://twitter.com)", "<a href=\"http://twitter.com\">twitter.com</a>" },
        { "named by another", "[http://good.example/](http://bad.example/)",
          "http://good.example/ (" LINK("http://bad.example/") ")" },
        { "nameless", "[](http://x.example/)", LINK("http://x.example/") },
        { "title", "[a](http://x.example/ \"t\")", "a (" LINK("http://x.example/") ")" },
        { "in angle brackets", "[a](<http://x.example/b c>)", "a (" LINK("http://x.example/b%20c") ")" },
        { "parentheses", "[a](http://x.example/b_(c))", "a (" LINK("http://x.example/b_(c)") ")" },
        { "entity in a named one", "[a](http://x.example/?b&amp;c&quot;)",
          "a (" LINK("http://x.example/?b&amp;c%22") ")" },
        { "override in a named one",
          "[a](http://x.example/\xe2\x80\xae"
          "b)",
          "a (" LINK("http://x.example/%E2%80%AEb") ")" },
        { "reference", "[a] [b][a]\n\n[a]: http://x.example/ \"t\"",
          "a (" LINK("http://x.example/") ") b (" LINK("http://x.example/") ")" },
        { "only a definition", "[a]: http://x.example/", "[a]: http://x.example/" },
        { "image", "![a](http://x.example/b.png)", "a (" LINK("http://x.example/b.png") ")" },
        { "nameless image", "![](http://x.example/b.png)", LINK("http://x.example/b.png") },
        { "image in a link", "[![a](http://x.example/b.png)](http://y.example/)",
          "a (" LINK("http://x.example/b.png") ") (" LINK("http://y.example/") ")" },
        { "image that looks like its link", "[![http://y.example/](http://x.example/)](http://y.example/)",
          "http://y.example/ (" LINK("http://x.example/") ") (" LINK("http://y.example/") ")" },
        { "code in a link", "[`a`](http://x.example/)", MONO("`a`") " (" LINK("http://x.example/") ")" },
        { "over lines in a quote", "> [a\n> b](http://x.example/)",
          "&gt; a<br>&gt; b (" LINK("http://x.example/") ")" },
    };

    check_cases(cases, G_N_ELEMENTS(cases));
}

static void test_no_links(void)
{
    static const Case cases[] = {
        { "script", "javascript:alert(1)", "javascript:alert(1)" },
        { "named script", "[x](javascript:alert(1))", "[x](javascript:alert(1))" },
        { "named script in capitals", "[x](JavaScript:alert(1))", "[x](JavaScript:alert(1))" },
        { "script by entities", "[x](&#106;avascript:alert&#40;1&#41;)", "[x](javascript:alert(1))" },
        { "script by escapes", "[x](javascript\\:alert(1))", "[x](javascript:alert(1))" },
        { "script in angle brackets", "<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;" },
        { "script image", "![x](javascript:alert(1))", "![x](javascript:alert(1))" },
        { "script by reference", "[x]\n\n[x]: javascript:alert(1)", "[x](javascript:alert(1))" },
        { "script cut by an override", "[x](java\xe2\x80\xaescript:alert(1))", "[x](javascript:alert(1))" },
        { "data", "[x](data:text/html,y)", "[x](data:text/html,y)" },
        { "relative", "[a](b) [a](/b) [a](#b) [a]()", "[a](b) [a](/b) [a](#b) [a]()" },
        { "relative in angle brackets", "[a](<b c> \"t\")", "[a](&lt;b c&gt; &quot;t&quot;)" },
        { "title over lines", "> [a](b \"t\n> u\")", "&gt; [a](b &quot;t u&quot;)" },
        { "emphasis in it", "[**a**](b)", "[<b>a</b>](b)" },
        { "link in it", "[http://x.example/](b)", "[" LINK("http://x.example/") "](b)" },
        { "link in a link", "[a http://x.example/ b](http://y.example/)",
          "a http://x.example/ b (" LINK("http://y.example/") ")" },
        { "scope", "<std::string> a<b>", "&lt;std::string&gt; a&lt;b&gt;" },
        { "end of an attribute", "[a](http://x.example/\"onclick=x)", "a (" LINK("http://x.example/%22onclick=x") ")" },
        { "unfinished", "[a](http://x.example/ [b] (c) ![d]", "[a](" LINK("http://x.example/") " [b] (c) ![d]" },
    };

    check_cases(cases, G_N_ELEMENTS(cases));
}

/* The sheet's facts on the service's renderer, in its order. */
static void test_sheet(void)
{
    static const Case cases[] = {
        { "raw HTML off", "<b>x</b>", "&lt;b&gt;x&lt;/b&gt;" },
        { "no typographic replacement", "(c) ... -- \"x\"", "(c) ... -- &quot;x&quot;" },
        { "a heading needs a blank", "# hashtag", "<b>hashtag</b>" },
        { "a tag has none", "#hashtag", "#hashtag" },
        { "quotes of four blanks", "said:\n\n    #quoted @all", "said:<br>" MONO("#quoted @all") },
        { "tag before a link", "#http://x.example/", "#" LINK("http://x.example/") },
        { "tags are no emphasis", "@a_b_c #d_e_f", "@a_b_c #d_e_f" },
        { "nothing in code", "`@a #b http://x.example/`", MONO("`@a #b http://x.example/`") },
        { "any scheme", "onenote:http://x.example/a", LINK("onenote:http://x.example/a") },
        { "parentheses", "(http://x.example/a_(b))", "(" LINK("http://x.example/a_(b)") ")" },
        { "final punctuation", "http://x.example/a, http://x.example/b!",
          LINK("http://x.example/a") ", " LINK("http://x.example/b") "!" },
        { "_ and -", "http://x.example/_a_-_b_/ http://x.example/--a--",
          LINK("http://x.example/_a_-_b_/") " " LINK("http://x.example/--a--") },
        { "bare host", "twitter.com", "<a href=\"http://twitter.com\">twitter.com</a>" },
        { "strike", "~~x~~", "<s>~x~</s>" },
    };

    check_cases(cases, G_N_ELEMENTS(cases));
}

static void test_plain(void)
{
    static const Case cases[] = {
        { "nothing", NULL, "" },
        { "empty", "", "" },
        { "markup", "**a** <b> &amp; :smile:\nb", "**a** &lt;b&gt; &amp;amp; :smile:<br>b" },
        { "links", "see http://x.example/_a_/, twitter.com",
          "see " LINK("http://x.example/_a_/") ", <a href=\"http://twitter.com\">twitter.com</a>" },
        { "not to be linked", "javascript:alert(1)", "javascript:alert(1)" },
        { "entities", "http://x.example/?a&amp;b", LINK("http://x.example/?a&amp;amp;b") },
        { "bad bytes", "\xff\x01", "\xef\xbf\xbd" },
        { "line ends", "\na\r\n", "<br>a<br>" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *html = text_plain_to_html(cases[i].markdown);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(html, ==, cases[i].html);
    }
}

static char *repeat(const char *text, gsize times)
{
    GString *all = g_string_new(NULL);

    while (times-- > 0)
        g_string_append(all, text);
    return g_string_free(all, FALSE);
}

static void test_longest(void)
{
    g_autofree char *words = repeat("a", TEXT_MD_MAX_BYTES - strlen(" **b**"));
    g_autofree char *fits = g_strconcat(words, " **b**", NULL), *longer = g_strconcat("a", fits, NULL);
    g_autofree char *longer_link = g_strconcat(words, " http://x.example/", NULL);
    g_autofree char *fitting = text_md_to_html(fits), *literal = text_md_to_html(longer);
    g_autofree char *literal_link = text_plain_to_html(longer_link);

    /* Not g_assert_cmpstr(), which would print it all. */
    g_assert_true(g_str_has_suffix(fitting, " <b>b</b>"));
    g_assert_true(g_str_equal(literal, longer));
    g_assert_true(g_str_equal(literal_link, longer_link));
}

static void test_deepest(void)
{
    g_autofree char *quotes = repeat(">", TEXT_MD_MAX_DEPTH);
    g_autofree char *fits = g_strconcat(quotes, " **a**", NULL);
    g_autofree char *deeper = g_strconcat(">", fits, NULL);
    g_autofree char *shown = repeat("&gt; ", TEXT_MD_MAX_DEPTH);
    g_autofree char *fitting = text_md_to_html(fits), *literal = text_md_to_html(deeper);
    g_autofree char *fitting_html = g_strconcat(shown, "<b>a</b>", NULL), *literal_html = text_escape_html(deeper);

    g_assert_cmpstr(fitting, ==, fitting_html);
    g_assert_cmpstr(literal, ==, literal_html);
}

/* One long address, used often. */
static void test_largest(void)
{
    g_autofree char *path = repeat("a", 10000), *uses = repeat("[x] ", 100);
    g_autofree char *markdown = g_strconcat("[x]: http://x.example/", path, "\n\n", uses, NULL);
    g_autofree char *html = text_md_to_html(markdown), *literal = text_escape_html(markdown);

    g_assert_true(g_str_equal(html, g_strchomp(literal)));
}

/* Two texts of which the first has nothing to look up. */
static void test_most_looked_up(void)
{
    g_autofree char *open = repeat("[", 20000), *close = repeat("]", 20000);
    g_autofree char *brackets = g_strconcat("**b**", open, "a", close, NULL);
    g_autofree char *defined = g_strconcat(brackets, "\n\n[x]: http://x.example/", NULL);
    g_autofree char *parsed = text_md_to_html(brackets), *literal = text_md_to_html(defined);

    g_assert_true(g_str_has_prefix(parsed, "<b>b</b>["));
    g_assert_true(g_str_has_prefix(literal, "**b**["));
}

/* ----------------------------------------------------------------------------------------------------- any markdown */

/* What a host without formatting shows. */
typedef struct {
    GString *text;
    int links; /* that are open */
} View;

static void on_start(GMarkupParseContext *context, const char *element, const char **names, const char **values,
                     gpointer user_data, GError **error)
{
    View *view = user_data;

    (void)context;
    (void)error;
    if (strcmp(element, "font") == 0) {
        g_assert_cmpstr(names[0], ==, "face");
        g_assert_cmpstr(values[0], ==, "monospace");
        g_assert_null(names[1]);
    } else if (strcmp(element, "a") == 0) {
        g_assert_cmpstr(names[0], ==, "href");
        g_assert_null(strpbrk(values[0], " \t\r\n<>\""));
        g_assert_false(g_str_has_prefix(values[0], "javascript"));
        g_assert_null(names[1]);
        g_assert_cmpint(view->links++, ==, 0);
    } else {
        static const char *const plain_elements[] = { "html", "b", "i", "s", "br", NULL };

        g_assert_true(g_strv_contains(plain_elements, element));
        g_assert_null(names[0]);
    }
    if (strcmp(element, "br") == 0)
        g_string_append_c(view->text, '\n');
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
    View *view = user_data;

    (void)context;
    (void)error;
    if (strcmp(element, "a") == 0)
        view->links--;
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
    View *view = user_data;

    (void)context;
    (void)error;
    g_string_append_len(view->text, text, (gssize)length);
}

/* Returns: (transfer full): what is left of @html without tags. Fails for any that we do not allow. */
static char *view_html(const char *html)
{
    static const GMarkupParser parser = { .start_element = on_start, .end_element = on_end, .text = on_text };
    View view = { .text = g_string_new(NULL) };
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, &view, NULL);
    g_autoptr(GString) document = g_string_new("<html>");
    GError *error = NULL;

    /* <br> to <br/>. Not by g_strsplit(), which a sanitizer makes very slow with so many lines. */
    for (const char *at = html; *at; at++) {
        if (*at == '>' && at - html >= 3 && memcmp(at - 3, "<br", 3) == 0)
            g_string_append_c(document, '/');
        g_string_append_c(document, *at);
    }
    g_string_append(document, "</html>");
    g_markup_parse_context_parse(context, document->str, (gssize)document->len, &error);
    g_assert_no_error(error);
    g_markup_parse_context_end_parse(context, &error);
    g_assert_no_error(error);
    return g_string_free(view.text, FALSE);
}

static void check_view(const char *view)
{
    g_assert_true(g_utf8_validate(view, -1, NULL));
    for (const char *at = view; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        g_assert_true(*at == '\n' || *at == '\t' || !g_unichar_iscntrl(character));
        g_assert_false(character >= 0x202a && character <= 0x202e);
        g_assert_false(character >= 0x2066 && character <= 0x2069);
        /* What links were exchanged for. */
        g_assert_false(character == 0xfdd0 || character == 0xfdd1);
    }
}

static void check_html(const char *html)
{
    g_autofree char *view = view_html(html);

    check_view(view);
    g_assert_false(g_str_has_prefix(html, "<br>"));
    g_assert_false(g_str_has_suffix(html, "<br>"));
}

/* md4c 0.4.8 begins emphasis in these that it never ends; it must not go on in what follows. */
static void test_forgotten(void)
{
    static const struct {
        const char *markdown, *end;
    } cases[] = {
        { "_a ![b](c__) __\\\nd_ e\n\nf", "</i><br><br>f" },
        { "- _a ![b](c__) __\\\nd_ e\n  - f\n", "</i><br>" NBSP NBSP "• f" },
        { "# _a ![b](c__) __\\x_\nf", "</b><br>f" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *html = text_md_to_html(cases[i].markdown);

        g_test_message("%s", html);
        check_html(html);
        g_assert_true(g_str_has_suffix(html, cases[i].end));
    }
}

static char *make_markdown(void)
{
    static const char *const tokens[] = {
        "a",
        "b ",
        " ",
        "  ",
        "    ",
        "\n",
        "\n\n",
        "\t",
        "\r\n",
        "*",
        "**",
        "_",
        "__",
        "~",
        "~~",
        "~~~\n",
        "`",
        "``",
        "```\n",
        "[",
        "]",
        "(",
        ")",
        "](",
        "![",
        "[a]",
        "[a]: http://x.example/b\n",
        "<",
        ">",
        "> ",
        "- ",
        "1. ",
        "+ ",
        "# ",
        "===",
        "---",
        "***",
        "|",
        "|-|",
        "\\",
        "\\\n",
        "&",
        "&lt;",
        "&#10;",
        "&#x202e;",
        "&quot;",
        "\"",
        "'",
        ":",
        ":smile:",
        "@all",
        "#tag",
        "http://x.example/",
        "http://x.example/_a_",
        "twitter.com",
        "<http://x.example>",
        "javascript:alert(1)",
        "<javascript:b>",
        "<a@b.com>",
        "<b>",
        "</b>",
        "<br>",
        "<!--",
        "\x01",
        "\x7f",
        "\xff",
        "\xe2\x80\xae",
        "\xe2\x81\xa6",
        "\xe2\x80\xa8",
        "\xc2\xa0",

        "0",
        "é",
        "😄",
    };
    GString *markdown = g_string_new(NULL);

    for (int length = g_test_rand_int_range(0, 40); length > 0; length--)
        g_string_append(markdown, tokens[g_test_rand_int_range(0, G_N_ELEMENTS(tokens))]);
    return g_string_free(markdown, FALSE);
}

static void test_any(void)
{
    for (int round = 0; round < 3000; round++) {
        g_autofree char *markdown = make_markdown();
        g_autofree char *shown = g_strescape(markdown, NULL);
        g_autofree char *html = text_md_to_html(markdown), *plain = text_plain_to_html(markdown);
        g_autofree char *plain_view = NULL;

        g_test_message("%s", shown);
        check_html(html);
        plain_view = view_html(plain);
        check_view(plain_view);
    }
}

/* Each would take some parsers for ever. */
static void test_hostile(void)
{
    static const struct {
        const char *before, *repeated, *after;
    } cases[] = {
        { "", "*", "" },
        { "a", "*", "a" },
        { "", "*a ", "" },
        { "", "a**b", "c* " },
        { "", "_a ", "" },
        { "", "**a *b ", "" },
        { "", "*a_ ", "" },
        { "", "[", "" },
        { "", "]", "" },
        { "", "[a](", "" },
        { "", "![", "" },
        { "", "[a](<b", "" },
        { "", "![[]()", "" },
        { "", "![a](b) ", "" },
        { "", ">", "a" },
        { "", "> ", "a" },
        { "", "> a\n", "" },
        { "", "- ", "a" },
        { "", "- a\n", "" },
        { "", "1. ", "a" },
        { "", " - a\n", "" },
        { "", "`", "" },
        { "", "a` ``", "" },
        { "", "~", "" },
        { "", "~~a ", "" },
        { "", "~a", "" },
        { "", "<", "" },
        { "", "<a:", "" },
        { "", "<!--", "" },
        { "", "&", "" },
        { "", "&amp;", "" },
        { "", "\\", "" },
        { "", ":", "" },
        { "", ":a", ":" },
        { "", "\n", "a" },
        { "", "a\n", "" },
        { "", "\t", "a" },
        { "", "[x]: y\n", "" },
        { "[x]: http://y.example/\n\n", "[x]", "" },
        { "", "http://", "" },
        { "", "http://a.b/", "" },
        { "", "http://a.b ", "" },
        { "", "http://a.b/(", "" },
        { "", "a.", "com" },
        { "", "a@", "b.com" },
        { "", "```\n", "" },
        { "", "[a](\n", "" },
        { "", "\\\n", "" },
        { "", "(", "" },
        { "", "#", " a" },
        { "", "|", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize bytes = 60000; bytes <= 100000; bytes += 40000) {
            g_autofree char *middle = repeat(cases[i].repeated, bytes / strlen(cases[i].repeated));
            g_autofree char *markdown = g_strconcat(cases[i].before, middle, cases[i].after, NULL);
            g_autofree char *html = NULL, *plain = NULL, *plain_view = NULL;
            gint64 start = g_get_monotonic_time();

            html = text_md_to_html(markdown);
            plain = text_plain_to_html(markdown);
            g_test_message("%s %" G_GSIZE_FORMAT ": %" G_GINT64_FORMAT " ms", cases[i].repeated, bytes,
                           (g_get_monotonic_time() - start) / 1000);
            check_html(html);
            plain_view = view_html(plain);
            check_view(plain_view);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/md-html/words", test_words);
    g_test_add_func("/text/md-html/code", test_code);
    g_test_add_func("/text/md-html/lines", test_lines);
    g_test_add_func("/text/md-html/containers", test_containers);
    g_test_add_func("/text/md-html/links", test_links);
    g_test_add_func("/text/md-html/no-links", test_no_links);
    g_test_add_func("/text/md-html/sheet", test_sheet);
    g_test_add_func("/text/md-html/plain", test_plain);
    g_test_add_func("/text/md-html/longest", test_longest);
    g_test_add_func("/text/md-html/deepest", test_deepest);
    g_test_add_func("/text/md-html/largest", test_largest);
    g_test_add_func("/text/md-html/most-looked-up", test_most_looked_up);
    g_test_add_func("/text/md-html/forgotten", test_forgotten);
    g_test_add_func("/text/md-html/any", test_any);
    g_test_add_func("/text/md-html/hostile", test_hostile);
    return g_test_run();
}
