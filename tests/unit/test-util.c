/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for conditions and for calls. */
#include "test-util.h"

#define TEST_MAX_SETTLE 10000

typedef struct {
    const char *condition;
    const char *file;
    int line;
} Bail;

static gboolean on_bail(gpointer data)
{
    const Bail *bail = data;

    g_error("%s:%d: never came true: %s", bail->file, bail->line, bail->condition);
    return G_SOURCE_REMOVE;
}

guint test_bail_new(const char *condition, const char *file, int line)
{
    Bail *bail = g_new(Bail, 1);

    *bail = (Bail){ condition, file, line };
    return g_timeout_add_full(G_PRIORITY_HIGH, TEST_PATIENCE_S * 1000, on_bail, bail, g_free);
}

void test_settle(void)
{
    for (int i = 0; i < TEST_MAX_SETTLE && g_main_context_iteration(NULL, FALSE); i++)
        ;
}

void test_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    TestDone *done = user_data;

    (void)source;
    done->calls++;
    g_assert_cmpuint(done->calls, ==, 1);
    done->result = g_object_ref(result);
}

void test_done_clear(TestDone *done)
{
    g_clear_object(&done->result);
    done->calls = 0;
}

char *test_data_path(const char *name)
{
    g_autofree char *folder = g_path_get_dirname(__FILE__);
    g_autofree char *beside = g_build_filename(folder, "..", "data", NULL);
    const char *data = g_getenv("TEST_DATA");

    return g_build_filename(data ? data : beside, name, NULL);
}
