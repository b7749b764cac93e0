/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that reached the user, in order, one line of text an entry. */
#pragma once

#include <glib.h>

void host_record(const char *format, ...) G_GNUC_PRINTF(1, 2);
void host_record_clear(void);

/* Entries that match are left out from now on: for what depends on how busy the machine is. NULL: none. */
void host_record_ignore(const char *glob);

/* (transfer none): the entries since the last clear, joined by line feeds; valid until the next entry. */
const char *host_record_text(void);

/* How many entries match the pattern (* and ?) wholly. */
guint host_record_count(const char *glob);

/* Runs the main loop until an entry matches. */
void host_wait(const char *glob);
void host_wait_times(const char *glob, guint times);

/* Runs the main loop until there are as many entries as @expected has lines and nothing is left to do, then
 * compares all: nothing less, nothing more, in this order. Clears the record. */
void host_expect(const char *expected);
