/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-history: each message once and in order, however stream, replay and lists are mixed. */
#include "flowdock/model/fd-history.h"

static FdMessage *message_new(gint64 id)
{
    FdMessage *message = g_new0(FdMessage, 1);

    message->id = id;
    message->event = g_strdup("message");
    message->tags = g_new0(char *, 1);
    return message;
}

/* Returns: whether a message of this id is to be shown now. */
static gboolean offer(FdHistory *history, gint64 id)
{
    FdMessage *message = message_new(id);
    g_autoptr(FdMessage) due = fd_history_offer(history, message);

    g_assert_true(!due || due == message);
    return due != NULL;
}

static GPtrArray *list_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)fd_message_free);
}

static void fill(FdHistory *history, gint64 from, gint64 to, gboolean past)
{
    g_autoptr(GPtrArray) list = list_new();

    for (gint64 id = from; id <= to; id++)
        g_ptr_array_add(list, message_new(id));
    fd_history_fill(history, list, past);
}

/* Returns: what a release brings, as "1p 2p 3", p for the past. */
static char *release(FdHistory *history)
{
    g_autoptr(GPtrArray) fresh = fd_history_release(history);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < fresh->len; i++) {
        const FdMessage *message = fresh->pdata[i];

        g_string_append_printf(text, "%s%" G_GINT64_FORMAT "%s", i ? " " : "", message->id, message->past ? "p" : "");
    }
    return g_string_free(text, FALSE);
}

static void assert_release(FdHistory *history, const char *expected)
{
    g_autofree char *text = release(history);

    g_assert_cmpstr(text, ==, expected);
}

static void test_stream(void)
{
    g_autoptr(FdHistory) history = fd_history_new();

    g_assert_cmpint(fd_history_get_last(history), ==, 0);
    g_assert_false(fd_history_has_seen(history, 1));
    g_assert_true(offer(history, 10));
    g_assert_true(offer(history, 12));
    g_assert_false(offer(history, 10));
    g_assert_false(offer(history, 12));
    g_assert_cmpint(fd_history_get_last(history), ==, 12);
    /* Late, but better late than never; yet nothing from before the first one, which nobody asked for. */
    g_assert_true(offer(history, 11));
    g_assert_false(offer(history, 9));
    g_assert_cmpint(fd_history_get_last(history), ==, 12);
}

/* Without an id it cannot be known again. */
static void test_no_id(void)
{
    g_autoptr(FdHistory) history = fd_history_new();
    g_autoptr(GPtrArray) list = list_new();

    g_assert_true(offer(history, 0));
    g_assert_true(offer(history, 0));
    fd_history_hold(history);
    g_assert_true(offer(history, 0));
    g_ptr_array_add(list, message_new(0));
    fd_history_fill(history, list, TRUE);
    g_assert_nonnull(list->pdata[0]);
    assert_release(history, "");
    g_assert_cmpint(fd_history_get_last(history), ==, 0);
}

static void test_hold(void)
{
    g_autoptr(FdHistory) history = fd_history_new();

    fd_history_hold(history);
    g_assert_true(fd_history_is_holding(history));
    g_assert_false(offer(history, 8));
    g_assert_false(offer(history, 6));
    g_assert_false(offer(history, 8));
    fill(history, 4, 7, TRUE);
    g_assert_false(fd_history_has_seen(history, 4));
    assert_release(history, "4p 5p 6 7p 8");
    g_assert_false(fd_history_is_holding(history));
    g_assert_false(offer(history, 8));
    g_assert_false(offer(history, 3));
    g_assert_true(offer(history, 9));
    g_assert_cmpint(fd_history_get_last(history), ==, 9);
}

/* A catch-up after a gap: what is there already is not taken, what came meanwhile follows. */
static void test_gap(void)
{
    g_autoptr(FdHistory) history = fd_history_new();
    g_autoptr(GPtrArray) list = list_new();

    for (gint64 id = 1; id <= 3; id++)
        g_assert_true(offer(history, id));
    fd_history_hold(history);
    g_assert_false(offer(history, 9));
    for (gint64 id = 2; id <= 6; id++)
        g_ptr_array_add(list, message_new(id));
    fd_history_fill(history, list, FALSE);
    g_assert_nonnull(list->pdata[0]);
    g_assert_nonnull(list->pdata[1]);
    g_assert_null(list->pdata[2]);
    g_assert_null(list->pdata[4]);
    assert_release(history, "4 5 6 9");
}

static void test_nested(void)
{
    g_autoptr(FdHistory) history = fd_history_new();

    fd_history_hold(history);
    fd_history_hold(history);
    g_assert_false(offer(history, 2));
    assert_release(history, "");
    g_assert_true(fd_history_is_holding(history));
    g_assert_false(offer(history, 1));
    fd_history_hold(history);
    fd_history_drop(history);
    assert_release(history, "1 2");
    g_assert_false(fd_history_is_holding(history));
}

static void test_drop(void)
{
    g_autoptr(FdHistory) history = fd_history_new();

    g_assert_true(offer(history, 1));
    fd_history_hold(history);
    g_assert_false(offer(history, 5));
    fill(history, 2, 4, TRUE);
    fd_history_drop(history);
    g_assert_false(fd_history_is_holding(history));
    g_assert_false(fd_history_has_seen(history, 5));
    g_assert_cmpint(fd_history_get_last(history), ==, 1);
    g_assert_true(offer(history, 5));
    /* Nothing of it is left for the next time. */
    fd_history_hold(history);
    fill(history, 2, 3, FALSE);
    assert_release(history, "2 3");
}

/* A list that comes after all waiting has ended is nobody's. */
static void test_fill_late(void)
{
    g_autoptr(FdHistory) history = fd_history_new();
    g_autoptr(GPtrArray) list = list_new();

    g_ptr_array_add(list, message_new(1));
    fd_history_fill(history, list, TRUE);
    g_assert_nonnull(list->pdata[0]);
    g_assert_false(fd_history_has_seen(history, 1));
}

static void test_floor(void)
{
    g_autoptr(FdHistory) history = fd_history_new();

    fd_history_set_last(history, 100);
    g_assert_cmpint(fd_history_get_last(history), ==, 100);
    g_assert_true(fd_history_has_seen(history, 100));
    g_assert_false(offer(history, 100));
    g_assert_false(offer(history, 1));
    g_assert_true(offer(history, 150));
    /* What was missed while offline lies between the mark and the first of the stream. */
    fd_history_hold(history);
    fill(history, 98, 103, FALSE);
    assert_release(history, "101 102 103");
    fd_history_set_last(history, 50);
    g_assert_false(offer(history, 99));
    g_assert_cmpint(fd_history_get_last(history), ==, 150);
    fd_history_set_last(history, 200);
    g_assert_cmpint(fd_history_get_last(history), ==, 200);
    g_assert_false(offer(history, 180));
    g_assert_true(offer(history, 201));
}

static void test_window(void)
{
    g_autoptr(FdHistory) history = fd_history_new();

    /* Even ids only, so that there are gaps to fill. */
    for (gint64 i = 1; i <= 2 * FD_HISTORY_WINDOW; i++)
        g_assert_true(offer(history, 2 * i));
    /* Too old to be told from what was shown. */
    g_assert_false(offer(history, 2 * FD_HISTORY_WINDOW - 1));
    g_assert_true(fd_history_has_seen(history, 2 * FD_HISTORY_WINDOW));
    /* Above the oldest that is remembered a gap can be filled, and what was shown is known. */
    g_assert_false(fd_history_has_seen(history, 2 * FD_HISTORY_WINDOW + 1));
    for (gint64 i = FD_HISTORY_WINDOW + 1; i <= 2 * FD_HISTORY_WINDOW; i++)
        g_assert_false(offer(history, 2 * i));
    g_assert_true(offer(history, 2 * FD_HISTORY_WINDOW + 3));
    g_assert_false(offer(history, 2 * FD_HISTORY_WINDOW + 1));
}

/* A mark that comes late is not taken back by what the window loses later. */
static void test_floor_stays(void)
{
    g_autoptr(FdHistory) history = fd_history_new();

    for (gint64 id = 1; id <= FD_HISTORY_WINDOW; id++)
        g_assert_true(offer(history, id));
    fd_history_set_last(history, FD_HISTORY_WINDOW + 100);
    g_assert_true(offer(history, FD_HISTORY_WINDOW + 101));
    g_assert_false(offer(history, FD_HISTORY_WINDOW + 50));
}

/* A long list is shown whole, however short the memory is. */
static void test_long_list(void)
{
    g_autoptr(FdHistory) history = fd_history_new();
    g_autoptr(GPtrArray) fresh = NULL;

    fd_history_hold(history);
    for (gint64 from = 2901; from > 0; from -= 100)
        fill(history, from, from + 99, TRUE);
    fresh = fd_history_release(history);
    g_assert_cmpuint(fresh->len, ==, 3000);
    for (guint i = 0; i < fresh->len; i++)
        g_assert_cmpint(((FdMessage *)fresh->pdata[i])->id, ==, i + 1);
    g_assert_cmpint(fd_history_get_last(history), ==, 3000);
}

static void test_flood(void)
{
    g_autoptr(FdHistory) history = fd_history_new();
    g_autoptr(GPtrArray) fresh = NULL;

    fd_history_hold(history);
    for (gint64 id = 1; id <= FD_HISTORY_MAX_HELD + 10; id++)
        g_assert_false(offer(history, id));
    fill(history, FD_HISTORY_MAX_HELD + 1, FD_HISTORY_MAX_HELD + 5, FALSE);
    fresh = fd_history_release(history);
    g_assert_cmpuint(fresh->len, ==, FD_HISTORY_MAX_HELD + 5);
    /* What did not fit was not seen, so it can still come. */
    g_assert_true(offer(history, FD_HISTORY_MAX_HELD + 6));
}

/* ------------------------------------------------------------------------------------------------------ any mixture */

#define IDS 3000

/* The same rules, written down the plainest way. */
typedef struct {
    gboolean shown[IDS];
    gboolean held[IDS];
    gboolean held_live[IDS]; /* one of the held copies is news */
    gint64 floor;
    guint count;
    guint holders;
} Model;

static gboolean model_has_seen(const Model *model, gint64 id)
{
    return id <= model->floor || model->shown[id];
}

static void model_show(Model *model, gint64 id)
{
    guint kept = 0;

    g_assert_false(model_has_seen(model, id));
    if (model->count++ == 0 && model->floor == 0)
        model->floor = id - 1;
    model->shown[id] = TRUE;
    for (gint64 at = IDS - 1; at > model->floor; at--) {
        if (model->shown[at] && ++kept > FD_HISTORY_WINDOW)
            model->floor = at;
    }
}

static gint64 model_last(const Model *model)
{
    for (gint64 id = IDS - 1; id > model->floor; id--)
        if (model->shown[id])
            return id;
    return model->floor;
}

static void model_hold(Model *model, gint64 id, gboolean live)
{
    model->held[id] = TRUE;
    model->held_live[id] = model->held_live[id] || live;
}

static void model_forget_held(Model *model)
{
    for (gint64 id = 0; id < IDS; id++)
        model->held[id] = model->held_live[id] = FALSE;
}

static void step_offer(FdHistory *history, Model *model, gint64 id)
{
    gboolean due = !model_has_seen(model, id) && model->holders == 0;

    if (model->holders > 0 && !model_has_seen(model, id))
        model_hold(model, id, TRUE);
    g_assert_cmpint(offer(history, id), ==, due);
    if (due)
        model_show(model, id);
}

static void step_fill(FdHistory *history, Model *model, GRand *dice)
{
    gint64 from = g_rand_int_range(dice, 1, IDS - 100);
    gint64 to = from + g_rand_int_range(dice, 0, 100);
    gboolean past = g_rand_boolean(dice);

    for (gint64 id = from; id <= to && model->holders > 0; id++)
        if (!model_has_seen(model, id))
            model_hold(model, id, !past);
    fill(history, from, to, past);
}

static void step_release(FdHistory *history, Model *model)
{
    g_autoptr(GPtrArray) fresh = fd_history_release(history);
    guint at = 0;

    if (--model->holders > 0) {
        g_assert_cmpuint(fresh->len, ==, 0);
        return;
    }
    for (gint64 id = 1; id < IDS; id++) {
        const FdMessage *message;

        if (!model->held[id] || model_has_seen(model, id))
            continue;
        g_assert_cmpuint(at, <, fresh->len);
        message = fresh->pdata[at++];
        g_assert_cmpint(message->id, ==, id);
        g_assert_cmpint(message->past, ==, !model->held_live[id]);
        model_show(model, id);
    }
    g_assert_cmpuint(at, ==, fresh->len);
    model_forget_held(model);
}

static void step(FdHistory *history, Model *model, GRand *dice, gint64 *next)
{
    switch (g_rand_int_range(dice, 0, 12)) {
    case 0:
        fd_history_hold(history);
        model->holders++;
        break;
    case 1:
    case 2:
        if (model->holders > 0)
            step_release(history, model);
        break;
    case 3:
        if (model->holders > 0 && g_rand_int_range(dice, 0, 4) == 0) {
            fd_history_drop(history);
            if (--model->holders == 0)
                model_forget_held(model);
        }
        break;
    case 4:
    case 5:
        step_fill(history, model, dice);
        break;
    case 6:
        step_offer(history, model, g_rand_int_range(dice, 1, IDS));
        break;
    case 7:
        /* The stream was opened anew and repeats its last events. */
        for (gint64 id = MAX(*next - 10, 1); id < *next; id++)
            step_offer(history, model, id);
        break;
    case 8:
        if (g_rand_int_range(dice, 0, 20) == 0) {
            gint64 mark = g_rand_int_range(dice, 0, (gint32)*next);

            fd_history_set_last(history, mark);
            model->floor = MAX(model->floor, mark);
        }
        break;
    default:
        for (int i = g_rand_int_range(dice, 1, 8); i > 0 && *next < IDS - 3; i--) {
            *next += g_rand_int_range(dice, 1, 3);
            step_offer(history, model, *next);
        }
    }
}

static void test_any_mixture(void)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    guint most = 0;

    g_test_message("seed %u", seed);
    for (guint round = 0; round < 100; round++) {
        g_autoptr(FdHistory) history = fd_history_new();
        g_autofree Model *model = g_new0(Model, 1);
        gint64 next = g_rand_int_range(dice, 1, IDS / 2);

        for (guint i = 0; i < 400; i++) {
            gint64 probe = g_rand_int_range(dice, 1, IDS);

            step(history, model, dice, &next);
            g_assert_cmpint(fd_history_has_seen(history, probe), ==, model_has_seen(model, probe));
            g_assert_cmpint(fd_history_get_last(history), ==, model_last(model));
            g_assert_cmpint(fd_history_is_holding(history), ==, model->holders > 0);
        }
        most = MAX(most, model->count);
    }
    /* Else the window was never reached and this test shows less than it says. */
    g_assert_cmpuint(most, >, FD_HISTORY_WINDOW);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/history/stream", test_stream);
    g_test_add_func("/flowdock/history/no-id", test_no_id);
    g_test_add_func("/flowdock/history/hold", test_hold);
    g_test_add_func("/flowdock/history/gap", test_gap);
    g_test_add_func("/flowdock/history/nested", test_nested);
    g_test_add_func("/flowdock/history/drop", test_drop);
    g_test_add_func("/flowdock/history/fill-late", test_fill_late);
    g_test_add_func("/flowdock/history/floor", test_floor);
    g_test_add_func("/flowdock/history/window", test_window);
    g_test_add_func("/flowdock/history/floor-stays", test_floor_stays);
    g_test_add_func("/flowdock/history/long-list", test_long_list);
    g_test_add_func("/flowdock/history/flood", test_flood);
    g_test_add_func("/flowdock/history/any-mixture", test_any_mixture);
    return g_test_run();
}
