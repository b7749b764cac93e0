/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people type for files of their own, and names that are still free. */
#pragma once

#include <glib.h>

/**
 * fd_paths_typed:
 * @typed: UTF-8: a path or a file:// address, perhaps in quotes; "~/" is the home, and so is where others begin that are
 *   not absolute
 * @problem: (out) (transfer full): for the user
 *
 * Returns: (transfer full) (nullable): an absolute path without "..", in the disk's encoding.
 */
char *fd_paths_typed(const char *typed, char **problem);

/**
 * fd_paths_free:
 * @name: fd_file_disk_name()
 * @taken: (nullable): whether a path is about to be made
 *
 * Returns: (transfer full) (nullable): @folder with @name or, where that is there already, the first of "plan (2).pdf",
 *   "plan (3).pdf", ... that is not. %NULL where there are too many of them.
 */
char *fd_paths_free(const char *folder, const char *name, gboolean (*taken)(const char *path, gpointer user_data),
                    gpointer user_data);

/* Whether the path is that of anything, also of a link to nothing. */
gboolean fd_paths_is_there(const char *path);

/* (transfer full): a path for people. */
char *fd_paths_shown(const char *path);

/* Whether @shell, of an entry in the list of users, is one that somebody signs in with. @shell: (nullable) */
gboolean fd_paths_is_login_shell(const char *shell);

/* Whether whoever types commands may use the files that this process can read and write: (nullable) (transfer full): why
 * not. */
char *fd_paths_refusal(void);
