/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files of ours. */
#include "face-state.h"

#include <debug.h>
#include <util.h>

#include <errno.h>

#include <glib/gstdio.h>

char *face_state_path(const char *folder, const char *kind, const char *owner)
{
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, owner, -1);
    g_autofree char *name = g_strdup_printf("%s-%.16s.json", kind, hash);

    return g_build_filename(purple_user_dir(), folder, name, NULL);
}

char *face_state_load(const char *path, gsize max_bytes, gsize *length)
{
    char *text = NULL;
    GStatBuf info;

    *length = 0;
    if (g_stat(path, &info) != 0 || info.st_size < 0 || (gsize)info.st_size > max_bytes)
        return NULL;
    return g_file_get_contents(path, &text, length, NULL) ? text : NULL;
}

void face_state_save(const char *path, const char *text)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(GError) error = NULL;

    if (g_mkdir_with_parents(folder, 0700) != 0 || !g_file_set_contents(path, text, -1, &error))
        purple_debug_warning("flowdock", "a file of state is not written: %s\n",
                             error ? error->message : g_strerror(errno));
}
