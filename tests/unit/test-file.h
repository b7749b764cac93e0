/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of any size for the tests of transfers, and how much memory the program has taken. */
#pragma once

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "test-util.h"

#define KIB 1024
#define MIB (1024 * 1024)

/* (transfer full): a folder of the test's own. */
static inline char *test_folder_new(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("transfer-XXXXXX", &error);

    g_assert_no_error(error);
    return folder;
}

static inline guint test_folder_count(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;

    while (g_dir_read_name(dir))
        count++;
    return count;
}

/* With all that is in it. */
static inline void test_folder_free(char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

/* Bytes that do not repeat, and are the same each time. */
static inline void test_fill(guint8 *bytes, gsize length, guint64 *state)
{
    for (gsize i = 0; i < length; i++) {
        *state = *state * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040888963407u;
        bytes[i] = (guint8)(*state >> 56);
    }
}

/* (transfer full): the path of a new file. @checksum: (out) (optional) (transfer full) */
static inline char *test_file_new(const char *folder, const char *name, gsize size, char **checksum)
{
    char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    static guint8 bytes[64 * KIB];
    FILE *file = g_fopen(path, "wb");
    guint64 state = size;

    g_assert_nonnull(file);
    for (gsize left = size, count; left > 0; left -= count) {
        count = MIN(left, sizeof bytes);
        test_fill(bytes, count, &state);
        g_checksum_update(sum, bytes, (gssize)count);
        g_assert_cmpuint(fwrite(bytes, 1, count, file), ==, count);
    }
    g_assert_cmpint(fclose(file), ==, 0);
    if (checksum)
        *checksum = g_strdup(g_checksum_get_string(sum));
    return path;
}

/* (transfer full): of a file. */
static inline char *test_file_checksum(const char *path)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    static guint8 bytes[64 * KIB];
    FILE *file = g_fopen(path, "rb");
    gsize count;

    g_assert_nonnull(file);
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
        g_checksum_update(sum, bytes, (gssize)count);
    fclose(file);
    return g_strdup(g_checksum_get_string(sum));
}

/* Bytes of memory that are this program's alone. A sanitizer takes its own, and keeps what was given back. */
static inline gint64 test_private_memory(void)
{
#ifdef __SANITIZE_ADDRESS__
    return 0;
#endif
    unsigned long size, resident = 0, shared = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file)
        return 0;
    g_assert_cmpint(fscanf(file, "%lu %lu %lu", &size, &resident, &shared), ==, 3);
    fclose(file);
    return (gint64)(resident - shared) * sysconf(_SC_PAGESIZE);
}

/* What a progress callback has seen. */
typedef struct {
    gint64 done, total;
    gint64 most_memory;
    guint calls;
    guint back; /* how often it went back */
    gboolean is_over;
    GCancellable *cancel_at; /* (nullable): cancelled as soon as ... */
    gint64 cancel_done;      /* ... so much is there */
} TestProgress;

/* The callback; @user_data is a TestProgress. */
static inline void test_progress(gint64 done, gint64 total, gpointer user_data)
{
    TestProgress *progress = user_data;

    g_assert_false(progress->is_over);
    g_assert_true(total < 0 || done <= total);
    progress->back += done < progress->done;
    progress->done = done;
    progress->total = total;
    progress->calls++;
    progress->most_memory = MAX(progress->most_memory, test_private_memory());
    if (progress->cancel_at && done >= progress->cancel_done) {
        progress->is_over = TRUE;
        g_cancellable_cancel(progress->cancel_at);
    }
}
