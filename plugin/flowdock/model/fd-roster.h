/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom the user does not want on the buddy list: those who were on it and were taken off. Pure: whoever uses it keeps the
 * text in a file. */
#pragma once

#include <glib.h>

/* So many people are remembered of each kind. */
#define FD_ROSTER_MAX 100000
/* Longer texts are not read. */
#define FD_ROSTER_MAX_BYTES (4 * 1024 * 1024)

typedef struct _FdRoster FdRoster;

FdRoster *fd_roster_new(void);
void fd_roster_free(FdRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdRoster, fd_roster_free)

/* Takes in what fd_roster_save() made; what cannot be understood in it is left out. */
void fd_roster_load(FdRoster *roster, const char *text, gsize length);

/**
 * fd_roster_save:
 * @present: (nullable): set of gint64: who is on the list now; %NULL where the list itself is not kept, so that who is not
 *   on it next time was not taken off
 *
 * Returns: (transfer full): JSON.
 */
char *fd_roster_save(const FdRoster *roster, GHashTable *present);

/* At the beginning of a session: @present: set of gint64: who is on the list. Who was there at the end of the last session
 * and is not was taken off meanwhile; who is there again is wanted. */
void fd_roster_begin(FdRoster *roster, GHashTable *present);

/* The user takes somebody off the list, or puts them there. */
void fd_roster_remove(FdRoster *roster, gint64 user);
void fd_roster_keep(FdRoster *roster, gint64 user);

gboolean fd_roster_is_removed(const FdRoster *roster, gint64 user);
