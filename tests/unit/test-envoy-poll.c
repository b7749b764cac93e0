/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-poll: what is asked when, on a clock of the test's own. */
#include "envoy/model/envoy-poll.h"

#define T0 (gint64)1750000000000
#define SECOND (gint64)1000
#define MINUTE (60 * SECOND)
#define MIDDLE 0.5

static const char letters[] = "PEWN";

typedef struct {
    EnvoyPoll *poll;
    gint64 now_ms;
    GArray *sent; /* gint64: all requests */
} Fixture;

static void set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    fixture->poll = envoy_poll_new(30);
    fixture->now_ms = T0;
    fixture->sent = g_array_new(FALSE, FALSE, sizeof(gint64));
}

/* Never more than the budget, at whatever minute one looks. */
static void tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    for (guint i = ENVOY_POLL_BUDGET; i < fixture->sent->len; i++)
        g_assert_cmpint(g_array_index(fixture->sent, gint64, i) -
                            g_array_index(fixture->sent, gint64, i - ENVOY_POLL_BUDGET),
                        >=, ENVOY_POLL_BUDGET_MS);
    g_array_unref(fixture->sent);
    envoy_poll_free(fixture->poll);
}

static gboolean next(Fixture *fixture, EnvoyPollWhat *what, gboolean *wide)
{
    if (!envoy_poll_next(fixture->poll, fixture->now_ms, what, wide))
        return FALSE;
    g_array_append_val(fixture->sent, fixture->now_ms);
    return TRUE;
}

/* (transfer full): what is asked for now, each answered at once; a wide E is an A. */
static char *ask_all(Fixture *fixture)
{
    GString *text = g_string_new(NULL);
    EnvoyPollWhat what;
    gboolean wide;

    while (next(fixture, &what, &wide)) {
        g_string_append_c(text, wide ? 'A' : letters[what]);
        envoy_poll_done(fixture->poll, what, fixture->now_ms, MIDDLE);
    }
    return g_string_free(text, FALSE);
}

static void assert_ask_all(Fixture *fixture, const char *expected)
{
    g_autofree char *text = ask_all(fixture);

    g_assert_cmpstr(text, ==, expected);
}

/* To the next wake-up. Returns: how many seconds that were, -1: there is none */
static int sleep_on(Fixture *fixture)
{
    gint64 wait_ms = envoy_poll_wait_ms(fixture->poll, fixture->now_ms);

    if (wait_ms < 0)
        return -1;
    fixture->now_ms += wait_ms;
    return (int)((wait_ms + 999) / 1000);
}

static void assert_asked(Fixture *fixture, EnvoyPollWhat expected)
{
    EnvoyPollWhat what;
    gboolean wide;

    g_assert_true(next(fixture, &what, &wide));
    g_assert_cmpint(what, ==, expected);
}

static void go_online(Fixture *fixture, gboolean open)
{
    envoy_poll_set_open(fixture->poll, open, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    assert_ask_all(fixture, "PAWN");
}

static void test_offline(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    assert_ask_all(fixture, "");
    g_assert_cmpint(sleep_on(fixture), ==, -1);
    go_online(fixture, TRUE);
    envoy_poll_set_online(fixture->poll, FALSE, fixture->now_ms);
    fixture->now_ms += 60 * MINUTE;
    assert_ask_all(fixture, "");
    g_assert_cmpint(sleep_on(fixture), ==, -1);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    assert_ask_all(fixture, "PAWN");
}

/* Whatever was asked is not waited for, once the network is gone. */
static void test_offline_while_asking(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    assert_asked(fixture, ENVOY_POLL_PLACES);
    assert_ask_all(fixture, "");
    g_assert_cmpint(sleep_on(fixture), ==, -1);
    envoy_poll_set_online(fixture->poll, FALSE, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    assert_ask_all(fixture, "PAWN");
}

static void test_rhythm_open(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        int seconds;
        const char *asked;
    } wakes[] = { { 30, "A" }, { 30, "AN" }, { 30, "A" }, { 30, "AN" },  { 30, "A" }, { 30, "AN" },
                  { 30, "A" }, { 30, "AN" }, { 30, "A" }, { 30, "AWN" }, { 30, "A" } };

    go_online(fixture, TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(wakes); i++) {
        g_assert_cmpint(sleep_on(fixture), ==, wakes[i].seconds);
        assert_ask_all(fixture, wakes[i].asked);
    }
}

static void test_rhythm_closed(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        int seconds;
        const char *asked;
    } wakes[] = { { 120, "A" }, { 120, "AN" }, { 60, "W" }, { 60, "A" }, { 120, "AN" } };

    go_online(fixture, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(wakes); i++) {
        g_assert_cmpint(sleep_on(fixture), ==, wakes[i].seconds);
        assert_ask_all(fixture, wakes[i].asked);
    }
}

static void test_opening_hastens(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, FALSE);
    fixture->now_ms += 20 * SECOND;
    assert_ask_all(fixture, "");
    envoy_poll_set_open(fixture->poll, TRUE, fixture->now_ms);
    g_assert_cmpint(sleep_on(fixture), ==, 10);
    assert_ask_all(fixture, "A");
    g_assert_cmpint(sleep_on(fixture), ==, 30);
}

static void test_jitter(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        double dice;
        int seconds;
    } cases[] = { { 0.0, 27 }, { 0.25, 29 }, { 0.5, 30 }, { 1.0, 33 }, { 7.0, 33 }, { -7.0, 27 } };
    EnvoyPollWhat what;
    gboolean wide;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(EnvoyPoll) poll = envoy_poll_new(30);

        envoy_poll_set_open(poll, TRUE, T0);
        envoy_poll_set_online(poll, TRUE, T0);
        while (envoy_poll_next(poll, T0, &what, &wide))
            envoy_poll_done(poll, what, T0, what == ENVOY_POLL_ENTRIES ? cases[i].dice : MIDDLE);
        g_assert_cmpint((envoy_poll_wait_ms(poll, T0) + 999) / 1000, ==, cases[i].seconds);
    }
    g_assert_cmpuint(fixture->sent->len, ==, 0);
}

/* What is due a few seconds later goes along. */
static void test_aligned(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyPollWhat what;
    gboolean wide;

    envoy_poll_set_open(fixture->poll, TRUE, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    while (next(fixture, &what, &wide))
        envoy_poll_done(fixture->poll, what, fixture->now_ms, what == ENVOY_POLL_INVITES_NEW ? 1.0 : 0.0);
    /* 27, 54 and 66 seconds. */
    g_assert_cmpint(sleep_on(fixture), ==, 27);
    assert_ask_all(fixture, "A");
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    assert_ask_all(fixture, "AN");
}

/* A quick poll is not due again in the very wake-up. */
static void test_quickest(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    envoy_poll_free(fixture->poll);
    fixture->poll = envoy_poll_new(1);
    go_online(fixture, TRUE);
    for (guint i = 0; i < 5; i++) {
        g_assert_cmpint(sleep_on(fixture), ==, ENVOY_POLL_LEAST_SECONDS);
        assert_ask_all(fixture, i == 4 ? "AN" : "A");
    }
}

static void test_ask_now(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, FALSE);
    fixture->now_ms += SECOND;
    g_assert_true(envoy_poll_ask_now(fixture->poll, ENVOY_POLL_INVITES_WINDOW, fixture->now_ms));
    g_assert_true(envoy_poll_ask_now(fixture->poll, ENVOY_POLL_INVITES_WINDOW, fixture->now_ms));
    g_assert_cmpint(envoy_poll_wait_ms(fixture->poll, fixture->now_ms), ==, 0);
    assert_ask_all(fixture, "W");
    assert_ask_all(fixture, "");
}

/* The answer under way may be from before. */
static void test_ask_now_again(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, FALSE);
    fixture->now_ms += SECOND;
    envoy_poll_ask_now(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms);
    assert_asked(fixture, ENVOY_POLL_ENTRIES);
    envoy_poll_ask_now(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms);
    assert_ask_all(fixture, "");
    fixture->now_ms += SECOND;
    envoy_poll_done(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms, MIDDLE);
    assert_ask_all(fixture, "A");
    assert_ask_all(fixture, "");
}

static void test_forbidden(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    envoy_poll_set_open(fixture->poll, TRUE, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    assert_asked(fixture, ENVOY_POLL_PLACES);
    envoy_poll_done(fixture->poll, ENVOY_POLL_PLACES, fixture->now_ms, MIDDLE);
    assert_asked(fixture, ENVOY_POLL_ENTRIES);
    envoy_poll_failed(fixture->poll, ENVOY_POLL_ENTRIES, ENVOY_POLL_FORBIDDEN, -1, fixture->now_ms, MIDDLE);
    assert_asked(fixture, ENVOY_POLL_INVITES_WINDOW);
    envoy_poll_failed(fixture->poll, ENVOY_POLL_INVITES_WINDOW, ENVOY_POLL_FORBIDDEN, -1, fixture->now_ms, MIDDLE);
    assert_ask_all(fixture, "");
    g_assert_true(envoy_poll_is_resting(fixture->poll, ENVOY_POLL_INVITES_NEW));
    g_assert_false(envoy_poll_is_resting(fixture->poll, ENVOY_POLL_PLACES));
    g_assert_false(envoy_poll_ask_now(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms));
    envoy_poll_set_online(fixture->poll, FALSE, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    assert_ask_all(fixture, "P");
    g_assert_cmpint(sleep_on(fixture), ==, 30 * 60);
    assert_ask_all(fixture, "P");
}

static void test_all_forbidden(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    EnvoyPollWhat what;
    gboolean wide;

    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    while (next(fixture, &what, &wide))
        envoy_poll_failed(fixture->poll, what, ENVOY_POLL_FORBIDDEN, -1, fixture->now_ms, MIDDLE);
    g_assert_cmpint(sleep_on(fixture), ==, -1);
}

static void fail(Fixture *fixture, EnvoyPollWhat what, EnvoyPollFailure failure, gint64 retry_after_ms)
{
    assert_asked(fixture, what);
    envoy_poll_failed(fixture->poll, what, failure, retry_after_ms, fixture->now_ms, MIDDLE);
}

/* Of entries alone, as seen by themselves. */
static Fixture *only_entries(Fixture *fixture)
{
    EnvoyPollWhat what;
    gboolean wide;

    envoy_poll_set_open(fixture->poll, TRUE, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    while (next(fixture, &what, &wide)) {
        if (what == ENVOY_POLL_ENTRIES)
            envoy_poll_done(fixture->poll, what, fixture->now_ms, MIDDLE);
        else
            envoy_poll_failed(fixture->poll, what, ENVOY_POLL_FORBIDDEN, -1, fixture->now_ms, MIDDLE);
    }
    return fixture;
}

static void test_back_off(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    static const int seconds[] = { 60, 120, 240, 480, 900, 900, 900 };

    only_entries(fixture);
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
        fail(fixture, ENVOY_POLL_ENTRIES, ENVOY_POLL_LATER, -1);
        g_assert_cmpint(sleep_on(fixture), ==, seconds[i]);
    }
    /* One good answer is chance, two are not. */
    assert_ask_all(fixture, "A");
    g_assert_cmpint(sleep_on(fixture), ==, 900);
    fail(fixture, ENVOY_POLL_ENTRIES, ENVOY_POLL_LATER, -1);
    g_assert_cmpint(sleep_on(fixture), ==, 900);
    assert_ask_all(fixture, "A");
    g_assert_cmpint(sleep_on(fixture), ==, 900);
    assert_ask_all(fixture, "A");
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    assert_ask_all(fixture, "A");
}

/* One that fails does not slow the others down, and rooms are not waited for half an hour. */
static void test_back_off_of_one(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    envoy_poll_set_open(fixture->poll, TRUE, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    fail(fixture, ENVOY_POLL_PLACES, ENVOY_POLL_LATER, -1);
    assert_ask_all(fixture, "AWN");
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    fail(fixture, ENVOY_POLL_PLACES, ENVOY_POLL_LATER, -1);
    assert_ask_all(fixture, "A");
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    assert_ask_all(fixture, "AN");
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    assert_ask_all(fixture, "PA");
}

static void test_too_often(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, TRUE);
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    fail(fixture, ENVOY_POLL_ENTRIES, ENVOY_POLL_TOO_OFTEN, -1);
    envoy_poll_ask_now(fixture->poll, ENVOY_POLL_INVITES_WINDOW, fixture->now_ms);
    /* Half of five seconds, and chance. */
    g_assert_cmpint(envoy_poll_wait_ms(fixture->poll, fixture->now_ms), ==, 3750);
    assert_ask_all(fixture, "");
    sleep_on(fixture);
    fail(fixture, ENVOY_POLL_INVITES_WINDOW, ENVOY_POLL_TOO_OFTEN, -1);
    envoy_poll_ask_now(fixture->poll, ENVOY_POLL_INVITES_WINDOW, fixture->now_ms);
    g_assert_cmpint(envoy_poll_wait_ms(fixture->poll, fixture->now_ms), ==, 7500);
}

static void test_retry_after(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, TRUE);
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    fail(fixture, ENVOY_POLL_ENTRIES, ENVOY_POLL_TOO_OFTEN, 200 * SECOND);
    g_assert_cmpint(sleep_on(fixture), ==, 200);
    assert_ask_all(fixture, "NA");
    /* A service that is down may say so, too; and pages obey. */
    envoy_poll_ask_now(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms);
    fail(fixture, ENVOY_POLL_ENTRIES, ENVOY_POLL_LATER, 100 * SECOND);
    g_assert_cmpint(envoy_poll_page(fixture->poll, ENVOY_POLL_INVITES_NEW, fixture->now_ms), ==, 100 * SECOND);
    g_assert_cmpint(sleep_on(fixture), ==, 100);
}

/* Reads pages of @what as soon as allowed. Returns: how many could be read without waiting. */
static guint read_pages(Fixture *fixture, EnvoyPollWhat what, guint most)
{
    guint count = 0;

    while (count < most && envoy_poll_page(fixture->poll, what, fixture->now_ms) == 0) {
        g_array_append_val(fixture->sent, fixture->now_ms);
        count++;
    }
    return count;
}

static void test_pages(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    envoy_poll_set_open(fixture->poll, TRUE, fixture->now_ms);
    envoy_poll_set_online(fixture->poll, TRUE, fixture->now_ms);
    assert_asked(fixture, ENVOY_POLL_PLACES);
    envoy_poll_done(fixture->poll, ENVOY_POLL_PLACES, fixture->now_ms, MIDDLE);
    assert_asked(fixture, ENVOY_POLL_ENTRIES);
    g_assert_cmpuint(read_pages(fixture, ENVOY_POLL_ENTRIES, 100), ==, ENVOY_POLL_PAGES_BUDGET - 2);
    /* While the pages wait, the others get their turn. */
    assert_ask_all(fixture, "WN");
    g_assert_cmpint(envoy_poll_page(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms), ==, MINUTE);
    fixture->now_ms += MINUTE;
    g_assert_cmpuint(read_pages(fixture, ENVOY_POLL_ENTRIES, 3), ==, 3);
    envoy_poll_done(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms, MIDDLE);
    assert_ask_all(fixture, "N");
}

/* Long answers with all sign-outs come seldom, short ones without in between. */
static void test_many_pages(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    gint64 start_ms;
    guint quick = 0;

    only_entries(fixture);
    sleep_on(fixture);
    assert_asked(fixture, ENVOY_POLL_ENTRIES);
    for (guint pages = 1; pages < 50;) {
        guint read = read_pages(fixture, ENVOY_POLL_ENTRIES, 50 - pages);

        pages += read;
        if (read == 0)
            fixture->now_ms += envoy_poll_page(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms);
    }
    envoy_poll_done(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms, MIDDLE);
    start_ms = fixture->now_ms;
    for (;;) {
        g_autofree char *text = NULL;

        sleep_on(fixture);
        text = ask_all(fixture);
        if (*text == 'A')
            break;
        quick += *text == 'E';
    }
    g_assert_cmpint(fixture->now_ms - start_ms, >=, 50 * ENVOY_POLL_PAGE_MS - ENVOY_POLL_ALIGN_MS);
    g_assert_cmpuint(quick, >=, 20);
    /* Asked for, they come at once. */
    assert_ask_all(fixture, "");
    envoy_poll_ask_now(fixture->poll, ENVOY_POLL_ENTRIES, fixture->now_ms);
    assert_ask_all(fixture, "A");
}

static void test_budget(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, TRUE);
    for (guint i = 0; i < ENVOY_POLL_BUDGET - 4; i++) {
        fixture->now_ms += SECOND;
        envoy_poll_note_request(fixture->poll, fixture->now_ms);
        g_array_append_val(fixture->sent, fixture->now_ms);
    }
    envoy_poll_ask_now(fixture->poll, ENVOY_POLL_INVITES_WINDOW, fixture->now_ms);
    assert_ask_all(fixture, "");
    g_assert_cmpint(sleep_on(fixture), ==, 60 - (ENVOY_POLL_BUDGET - 4));
    /* By then others wait, too: the longest first, four that were sent at one time. */
    assert_ask_all(fixture, "WAN");
}

static void test_clock_put_back(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, TRUE);
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    assert_ask_all(fixture, "A");
    g_array_set_size(fixture->sent, 0);
    fixture->now_ms -= 24 * 60 * MINUTE;
    g_assert_cmpint(sleep_on(fixture), ==, 30);
    assert_ask_all(fixture, "AN");
}

/* The machine slept. */
static void test_clock_put_forward(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    go_online(fixture, TRUE);
    fixture->now_ms += 24 * 60 * MINUTE;
    assert_ask_all(fixture, "ANWP");
    g_assert_cmpint(sleep_on(fixture), ==, 30);
}

/* Hours of everything at random: the budget holds (see tear_down()), and nothing is forgotten. */
static void test_anything(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    gint64 last_ms[ENVOY_POLL_COUNT] = { T0, T0, T0, T0 };

    envoy_poll_set_open(fixture->poll, TRUE, T0);
    envoy_poll_set_online(fixture->poll, TRUE, T0);
    for (guint i = 0; i < 5000; i++) {
        EnvoyPollWhat what;
        gboolean wide;
        gint64 wait_ms;

        while (next(fixture, &what, &wide)) {
            double dice = g_test_rand_double_range(0, 1);
            guint pages = g_test_rand_int_range(0, 20) == 0 ? 15 : 0;

            last_ms[what] = fixture->now_ms;
            for (guint read = 0; read < pages;) {
                fixture->now_ms += g_test_rand_int_range(50, 900);
                read += read_pages(fixture, what, 1);
            }
            fixture->now_ms += g_test_rand_int_range(50, 900);
            if (g_test_rand_int_range(0, 10) == 0)
                envoy_poll_failed(fixture->poll, what,
                                  g_test_rand_int_range(0, 2) ? ENVOY_POLL_LATER : ENVOY_POLL_TOO_OFTEN, -1,
                                  fixture->now_ms, dice);
            else
                envoy_poll_done(fixture->poll, what, fixture->now_ms, dice);
        }
        if (g_test_rand_int_range(0, 20) == 0)
            envoy_poll_ask_now(fixture->poll, (EnvoyPollWhat)g_test_rand_int_range(0, ENVOY_POLL_COUNT),
                               fixture->now_ms);
        if (g_test_rand_int_range(0, 50) == 0)
            envoy_poll_set_open(fixture->poll, g_test_rand_int_range(0, 2), fixture->now_ms);
        wait_ms = envoy_poll_wait_ms(fixture->poll, fixture->now_ms);
        g_assert_cmpint(wait_ms, >=, 0);
        fixture->now_ms += wait_ms;
        for (guint j = 0; j < ENVOY_POLL_COUNT; j++)
            g_assert_cmpint(fixture->now_ms - last_ms[j], <, 60 * MINUTE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add("/envoy/poll/" path, Fixture, NULL, set_up, function, tear_down)
    ADD("offline", test_offline);
    ADD("offline-while-asking", test_offline_while_asking);
    ADD("rhythm-open", test_rhythm_open);
    ADD("rhythm-closed", test_rhythm_closed);
    ADD("opening-hastens", test_opening_hastens);
    ADD("jitter", test_jitter);
    ADD("aligned", test_aligned);
    ADD("quickest", test_quickest);
    ADD("ask-now", test_ask_now);
    ADD("ask-now-again", test_ask_now_again);
    ADD("forbidden", test_forbidden);
    ADD("all-forbidden", test_all_forbidden);
    ADD("back-off", test_back_off);
    ADD("back-off-of-one", test_back_off_of_one);
    ADD("too-often", test_too_often);
    ADD("retry-after", test_retry_after);
    ADD("pages", test_pages);
    ADD("many-pages", test_many_pages);
    ADD("budget", test_budget);
    ADD("clock-put-back", test_clock_put_back);
    ADD("clock-put-forward", test_clock_put_forward);
    ADD("anything", test_anything);
#undef ADD
    return g_test_run();
}
