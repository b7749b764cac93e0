/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-retry: bounds of every wait. */
#include "net/net-retry.h"

static void test_delay(void)
{
    static const struct {
        const char *name;
        NetRetry retry;
        guint attempt;
        double dice;
        gint64 retry_after_ms;
        guint delay_ms;
    } cases[] = {
        { "first, short", { 1000, 60000 }, 0, 0.0, -1, 500 },
        { "first, long", { 1000, 60000 }, 0, 0.999, -1, 999 },
        { "doubled", { 1000, 60000 }, 3, 0.5, -1, 6000 },
        { "longest", { 1000, 60000 }, 6, 0.0, -1, 30000 },
        { "longest for ever", { 1000, 60000 }, 4000000000u, 0.0, -1, 30000 },
        { "largest numbers", { G_MAXUINT, G_MAXUINT }, 31, 0.0, -1, G_MAXUINT - G_MAXUINT / 2 },
        { "no wait", { 0, 0 }, 5, 0.5, -1, 0 },
        { "one millisecond", { 1, 1 }, 0, 0.0, -1, 1 },
        { "first above longest", { 5000, 1000 }, 0, 0.0, -1, 500 },
        { "asked for more", { 1000, 60000 }, 0, 0.0, 7000, 7000 },
        { "asked for less", { 1000, 60000 }, 6, 0.0, 7, 30000 },
        { "asked for nothing", { 1000, 60000 }, 0, 0.0, 0, 500 },
        { "asked for a year", { 1000, 60000 }, 0, 0.0, G_MAXINT64, 3600000 },
        { "dice from elsewhere", { 1000, 60000 }, 0, 7.5, -1, 1000 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        g_assert_cmpuint(net_retry_delay_ms(&cases[i].retry, cases[i].attempt, cases[i].dice, cases[i].retry_after_ms),
                         ==, cases[i].delay_ms);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/retry/delay", test_delay);
    return g_test_run();
}
