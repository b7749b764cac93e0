/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures how long a host would stand still: the real core and plugin in this process, the test server in another, and
 * between each return from poll() and the next call a stopwatch. What host windows draw comes on top. */
#pragma once

#include <purple.h>

/* An iteration of the main loop beyond this is a hitch that people notice. */
#define BENCH_GOAL_MS 50

/* What the user would have seen so far. */
typedef struct {
    gboolean connected;
    guint rooms, members, lines; /* rooms opened, members added to rooms, lines written */
    guint buddies;               /* in the buddy list now */
    guint changes;               /* of buddies: status, name, icon */
    guint renames;               /* of members of rooms */
    gint64 first_room_us, last_room_us, first_buddy_us, last_buddy_us;
} BenchSeen;

extern BenchSeen bench_seen;

/* Starts the core with light operations and the server with this seed (JSON). Ends the program when that fails. */
void bench_start(const char *title, const char *seed);
/* Ends the server and prints the table. */
void bench_stop(void);

/* An account for the demo-client application; the user's settings are the defaults. */
PurpleAccount *bench_account(const char *user, const char *password);

/* A phase begins, or one of this name goes on; the one before is over. */
void bench_phase(const char *name);

/**
 * bench_until_quiet:
 * @condition: (nullable): what has to come about first
 * @seconds: after which it is not waited any longer; the table tells
 *
 * Runs the main loop until @condition holds, the server has answered each bench_control(), and nothing was done for two
 * seconds, which do not count as a part of the phase.
 */
void bench_until_quiet(gboolean (*condition)(void), guint seconds);

/* Lets libpurple write its files, as it does some seconds after a change: a phase of its own. */
void bench_rest(void);

/* Sends to the server's /_test/ calls, and does not wait. */
void bench_control(const char *path, const char *json);

/* A line below the table. @when_us: as g_get_monotonic_time(); it is shown since the sign-on. */
void bench_note(gint64 when_us, const char *format, ...) G_GNUC_PRINTF(2, 3);
