/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files of ours below libpurple's user folder: for what has to outlive a session where hosts forget settings. */
#pragma once

#include <glib.h>

/**
 * face_state_path:
 * @folder: of the protocol
 * @kind: what the file is about
 * @owner: whose it is, such as server and user; only a hash of it gets into the name
 *
 * Returns: (transfer full)
 */
char *face_state_path(const char *folder, const char *kind, const char *owner);

/* (transfer full) (nullable): the text of a file, %NULL when it is not there, cannot be read, or is longer than @max_bytes. */
char *face_state_load(const char *path, gsize max_bytes, gsize *length);

/* Writes a file at once or not at all; a failure gets a line in the debug log. */
void face_state_save(const char *path, const char *text);
