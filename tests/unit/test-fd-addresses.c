/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flowdock/prpl/fd-addresses.h"

#include <string.h>

typedef struct {
    const char *text;
    const char *addresses; /* joined by blanks; NULL: refused */
    const char *rest;      /* where refused, what is wrong */
} Case;

static void check(const Case *cases, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        const char *rest = NULL;
        g_autofree char *wrong = NULL;
        g_auto(GStrv) addresses = fd_addresses_take(cases[i].text, &rest, &wrong);
        g_autofree char *joined = addresses ? g_strjoinv(" ", addresses) : NULL;

        g_test_message("text: %s", cases[i].text);
        g_assert_cmpstr(joined, ==, cases[i].addresses);
        g_assert_cmpstr(joined ? rest : wrong, ==, cases[i].rest);
        g_assert_true((joined == NULL) == (wrong != NULL));
    }
}

static void test_one(void)
{
    static const Case cases[] = {
        { "ann@example.com", "ann@example.com", "" },
        { "ann@example.com\r\n", "ann@example.com", "" },
        { "ann@example.com Have a look", "ann@example.com", "Have a look" },
        { "ann@example.com\nFirst line\nSecond line", "ann@example.com", "First line\nSecond line" },
        { "<ann@example.com>", "ann@example.com", "" },
        { "< ann@example.com >Hello", "ann@example.com", "Hello" },
        { "Ann <ann@example.com> Hello", "ann@example.com", "Hello" },
        { "Ann Example <ann@example.com>", "ann@example.com", "" },
        { "\"Example, Ann\" <ann@example.com> Hello", "ann@example.com", "Hello" },
        { "\"Ann \\\"<A>\\\" Example\"<ann@example.com>", "ann@example.com", "" },
        { "J\xc3\xbcrgen <j\xc3\xbcrgen@b\xc3\xbc"
          "cher.example>",
          "j\xc3\xbcrgen@b\xc3\xbc"
          "cher.example",
          "" },
        { "a@b", "a@b", "" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_several(void)
{
    static const Case cases[] = {
        { "a@x.org,b@x.org", "a@x.org b@x.org", "" },
        { "a@x.org; b@x.org ;\nc@x.org", "a@x.org b@x.org c@x.org", "" },
        { "a@x.org b@x.org\tc@x.org Hello", "a@x.org b@x.org c@x.org", "Hello" },
        { "A <a@x.org>, \"B\" <b@x.org>, c@x.org Hello", "a@x.org b@x.org c@x.org", "Hello" },
        { "A <a@x.org> \"B, too\" <b@x.org> <c@x.org>", "a@x.org b@x.org c@x.org", "" },
        { ", ,a@x.org,, ;b@x.org,", "a@x.org b@x.org", "" },
        { "a@x.org, A@X.ORG, b@x.org", "a@x.org b@x.org", "" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

/* Other text begins where no address stands and none must. */
static void test_text_behind(void)
{
    static const Case cases[] = {
        { "a@x.org Bob <b@x.org> sent me", "a@x.org", "Bob <b@x.org> sent me" },
        { "a@x.org @Ann says hello", "a@x.org", "@Ann says hello" },
        { "a@x.org <3 you", "a@x.org", "<3 you" },
        { "a@x.org <b>bold</b>", "a@x.org", "<b>bold</b>" },
        { "a@x.org \"Hello\" they said", "a@x.org", "\"Hello\" they said" },
        { "a@x.org Mail b@x.org, too", "a@x.org", "Mail b@x.org, too" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_wrong(void)
{
    static const Case cases[] = {
        { "ann", NULL, "ann" },
        { "Ann Example", NULL, "Ann" },
        { "@ann", NULL, "@ann" },
        { "ann@", NULL, "ann@" },
        { "a@b@c", NULL, "a@b@c" },
        { "ann, b@x.org", NULL, "ann" },
        { "a@x.org, hello", NULL, "hello" },
        { "a@x.org b@ hello", NULL, "b@" },
        { "a@x.org,@b", NULL, "@b" },
        { "Ann <ann>", NULL, "ann" },
        { "Ann <>", NULL, "" },
        { "Ann <ann @example.com>", NULL, "ann @example.com" },
        { "Ann <ann@example.com", NULL, "Ann" },
        { "<ann@example.com", NULL, "<ann@example.com" },
        { "\"Ann", NULL, "\"Ann" },
        { "a@x.org <b@c@d>", NULL, "b@c@d" },
        { "a\xc2\xa0"
          "b@x.org",
          NULL,
          "a\xc2\xa0"
          "b@x.org" },
        { "a\x01@x.org", NULL, "a\x01@x.org" },
        { ",;", NULL, "" },
        { "", NULL, "" },
    };

    check(cases, G_N_ELEMENTS(cases));
}

static void test_length(void)
{
    g_autoptr(GString) address = g_string_new("@x.org");

    while (g_utf8_strlen(address->str, -1) < FD_ADDRESS_MAX)
        g_string_prepend(address, "\xc3\xa4");
    g_assert_true(fd_addresses_is_one(address->str));
    g_string_prepend_c(address, 'a');
    g_assert_false(fd_addresses_is_one(address->str));
}

/* Whatever stands there, it ends, and the rest is a part of the text. */
static void test_any_text(void)
{
    static const char characters[] = "a@<>\",; \\\n";
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);

    for (guint round = 0; round < 20000; round++) {
        char text[13] = "";
        const char *rest = NULL;
        g_autofree char *wrong = NULL;
        g_auto(GStrv) addresses = NULL;

        for (gsize i = 0; i < sizeof text - 1; i++)
            text[i] = characters[g_rand_int_range(dice, 0, (gint32)strlen(characters))];
        addresses = fd_addresses_take(text, &rest, &wrong);
        g_assert_true((addresses == NULL) == (wrong != NULL));
        g_assert_true(!addresses || (*addresses && rest >= text && rest <= text + strlen(text)));
        for (char **address = addresses; address && *address; address++)
            g_assert_true(fd_addresses_is_one(*address));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/addresses/one", test_one);
    g_test_add_func("/flowdock/addresses/several", test_several);
    g_test_add_func("/flowdock/addresses/text-behind", test_text_behind);
    g_test_add_func("/flowdock/addresses/wrong", test_wrong);
    g_test_add_func("/flowdock/addresses/length", test_length);
    g_test_add_func("/flowdock/addresses/any-text", test_any_text);
    return g_test_run();
}
