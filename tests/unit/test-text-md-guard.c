/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-md-guard: what is taken out comes back. */
#include "text/text-md-guard.h"

#include <string.h>

/* Shows what the guard makes of a text: links in {}, <address> in [], tildes and all else as it is. */
static char *show_pieces(const char *markdown)
{
    g_autoptr(TextMdGuard) guard = text_md_guard_new(markdown);
    const char *at = text_md_guard_source(guard);
    const char *end = at + strlen(at);
    GString *shown = g_string_new(NULL);
    TextMdPiece piece;

    while (text_md_guard_next(guard, &at, end, &piece)) {
        static const char open[] = "\0{[", close[] = "\0}]";

        g_string_append_printf(shown, "%.1s%.*s%.1s", open + piece.kind, (int)piece.length, piece.text,
                               close + piece.kind);
    }
    return g_string_free(shown, FALSE);
}

static void test_pieces(void)
{
    static const struct {
        const char *name, *markdown, *pieces;
    } cases[] = {
        { "nothing", NULL, "" },
        { "plain", "a b", "a b" },
        { "link", "see http://x.example/_a_/ now", "see {http://x.example/_a_/} now" },
        { "two", "http://x.example http://y.example", "{http://x.example} {http://y.example}" },
        { "emphasis around", "*http://x.example/a* _http://x.example/a_",
          "*{http://x.example/a}* _{http://x.example/a}_" },
        { "strong around", "**http://x.example/a** ~~http://x.example/a~~",
          "**{http://x.example/a}** ~~{http://x.example/a}~~" },
        { "several around", "**~~http://x.example/a~~**", "**~~{http://x.example/a}~~**" },
        { "back-quotes around", "`http://x.example/a`", "`{http://x.example/a}`" },
        { "markdown link", "[t](http://x.example/a_(b)) x", "[t]({http://x.example/a_(b)}) x" },
        { "escape behind", "http://x.example/a\\", "{http://x.example/a}\\" },
        { "quote marks as entities", "&quot;http://x.example/a.&quot;", "&quot;{http://x.example/a}.&quot;" },
        { "back-quote inside", "http://x.example/a.`b`", "{http://x.example/a}.`b`" },
        { "entity inside", "http://x.example/?a&amp;b", "{http://x.example/?a&amp;b}" },
        { "brackets", "<http://x.example/_a_>", "[<http://x.example/_a_>]" },
        { "any scheme in brackets", "<javascript:a_b_>", "[<javascript:a_b_>]" },
        { "mail in brackets", "<a_b_@x.example>", "[<a_b_@x.example>]" },
        { "tag", "<b> <a href=x> </b> <x y:z> <x", "<b> <a href=x> </b> <x y:z> <x" },
        { "escaped bracket", "\\<http://x.example/a>", "\\<{http://x.example/a}>" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *pieces = show_pieces(cases[i].markdown);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(pieces, ==, cases[i].pieces);
    }
}

static void test_plain(void)
{
    static const struct {
        const char *name, *markdown, *plain;
    } cases[] = {
        { "line ends", "a\r\nb\rc\nd", "a\nb\nc\nd" },
        { "Unicode line ends",
          "a\xe2\x80\xa8"
          "b\xe2\x80\xa9",
          "a\nb\n" },
        { "bad bytes", "a\xff", "a\xef\xbf\xbd" },
        { "a mark from outside",
          "\xef\xb7\x90"
          "0\xef\xb7\x91",
          "\xef\xbf\xbd"
          "0\xef\xbf\xbd" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TextMdGuard) guard = text_md_guard_new(cases[i].markdown);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(text_md_guard_plain(guard), ==, cases[i].plain);
    }
}

/* A single tilde means nothing; more are strike-through or a fence. */
static void test_tildes(void)
{
    g_autoptr(TextMdGuard) guard = text_md_guard_new("~a~ ~~b~~ ~~~ \\~");

    g_assert_false(g_str_has_prefix(text_md_guard_source(guard), "~"));
    g_assert_true(g_str_has_suffix(text_md_guard_source(guard), " ~~b~~ ~~~ \\~"));
}

/* Whatever the text: all pieces together are the text again. */
static void test_any(void)
{
    static const char *const tokens[] = {
        "http://x.example/",
        "_",
        "*",
        "~",
        "`",
        "<",
        ">",
        "&quot;",
        "&amp;",
        "\\",
        "a",
        " ",
        "(",
        ")",
        "[",
        "]",
        "mailto:a@b",
        "\xef\xb7\x90",
        "\xef\xb7\x91",
        "7",
        "\n",
        "\r",
        ".",
        ":",
        "é",
        "😄",
    };

    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) markdown = g_string_new(NULL), together = g_string_new(NULL);
        g_autoptr(TextMdGuard) guard = NULL;
        const char *at, *end;
        TextMdPiece piece;

        for (int length = g_test_rand_int_range(0, 30); length > 0; length--)
            g_string_append(markdown, tokens[g_test_rand_int_range(0, G_N_ELEMENTS(tokens))]);
        guard = text_md_guard_new(markdown->str);
        at = text_md_guard_source(guard);
        end = at + strlen(at);
        while (text_md_guard_next(guard, &at, end, &piece))
            g_string_append_len(together, piece.text, (gssize)piece.length);
        g_assert_cmpstr(together->str, ==, text_md_guard_plain(guard));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/md-guard/pieces", test_pieces);
    g_test_add_func("/text/md-guard/plain", test_plain);
    g_test_add_func("/text/md-guard/tildes", test_tildes);
    g_test_add_func("/text/md-guard/any", test_any);
    return g_test_run();
}
