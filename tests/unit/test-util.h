/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the unit tests of every layer share. */
#pragma once

#include <gio/gio.h>

/* Far beyond what any test needs, also under valgrind; whoever waits so long waits for ever. */
#define TEST_PATIENCE_S 60

/* Runs the default main context until @condition holds; the test fails when it never does. */
#define test_until(condition)                                                                                          \
    do {                                                                                                               \
        guint test_bail_id = test_bail_new(#condition, __FILE__, __LINE__);                                            \
        while (!(condition))                                                                                           \
            g_main_context_iteration(NULL, TRUE);                                                                      \
        g_source_remove(test_bail_id);                                                                                 \
    } while (0)

/* For test_until(): a timeout that fails the test. */
guint test_bail_new(const char *condition, const char *file, int line);

/* Runs the default main context until nothing is ready, at most some thousand times. */
void test_settle(void);

/* For any x_async: keeps its result, which is then read by x_finish. */
typedef struct {
    GAsyncResult *result; /* (nullable) until the call is done */
    guint calls;
} TestDone;

/* The callback; @user_data is a TestDone. */
void test_done(GObject *source, GAsyncResult *result, gpointer user_data);
void test_done_clear(TestDone *done);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TestDone, test_done_clear)

/* (transfer full): a file below tests/data, wherever the test is run from: TEST_DATA, else beside the source. */
char *test_data_path(const char *name);
