/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-sources: the name of someone outside. The calls are told in tests/integration/test-methods.c. */
#include "flowdock/api/fd-api-sources.h"

static void test_name(void)
{
    /* clang-format off */
    static const struct {
        const char *given, *expected;
    } cases[] = {
        { "Ann",                                   "Ann" },
        { "  Build  bot\t7 ",                      "Build_bot_7" },
        { "line\nbreak",                           "line_break" },
        { "exactly-16-chars",                      "exactly-16-chars" },
        { "one more than that",                    "one_more_than_th" },
        { "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
          "\xc3\xa4\xc3\xa4\xc3\xa4",
          "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
          "\xc3\xa4\xc3\xa4" },
        { " \t\n",                                 NULL },
        { "",                                      NULL },
        { NULL,                                    NULL },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = fd_api_source_name(cases[i].given);

        g_assert_cmpstr(name, ==, cases[i].expected);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-sources/name", test_name);
    return g_test_run();
}
