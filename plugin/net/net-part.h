/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file in the making: bytes go into a new one beside its place, which gets there when it is complete. For net-download. */
#pragma once

#include <gio/gio.h>

typedef struct _NetPart NetPart;

/**
 * net_part_new:
 * @path: (nullable): the place; %NULL: into memory
 * @overwrite: whether what is there may be replaced; a folder never is
 */
NetPart *net_part_new(const char *path, gboolean overwrite);
NetPart *net_part_ref(NetPart *part);
void net_part_unref(NetPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetPart, net_part_unref)

/* Whether the place is free, so that nothing is fetched in vain. */
void net_part_look_async(NetPart *part, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: %FALSE with G_IO_ERROR_EXISTS, _IS_DIRECTORY, or why that cannot be found out. */
gboolean net_part_look_finish(GAsyncResult *result, GError **error);

/* Makes the file: its mode is 0600, its name that of the place with ".part" behind it, or ".1.part", ... */
void net_part_open_async(NetPart *part, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
gboolean net_part_open_finish(GAsyncResult *result, GError **error);

/* (transfer none) (nullable): where to write, once it is open; not to be closed. */
GOutputStream *net_part_get_stream(const NetPart *part);
/* Leaves only the first @length bytes, and goes on behind them. */
gboolean net_part_cut(NetPart *part, gint64 length, GError **error);

/* Closes the file and puts it in its place. */
void net_part_keep_async(NetPart *part, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): what was gathered in memory, nothing where there is a place; %NULL with a G_IO_ERROR:
 *   EXISTS where the place has been taken meanwhile. Then the file is still to be removed. */
GBytes *net_part_keep_finish(GAsyncResult *result, GError **error);

/* Removes what was not kept; at once, even while it is being written. */
void net_part_remove(NetPart *part);
