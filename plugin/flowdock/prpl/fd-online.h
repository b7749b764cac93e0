/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signed-in account: its streams, and what is said and done when they are lost. */
#pragma once

#include "fd-account.h"

/* Of a sign-in, for its progress: token, flows, rooms. */
#define FD_ONLINE_STEPS 3
/* A connection lost for so long is said in the rooms; for so long, it ends the account's connection. */
#define FD_ONLINE_TELL_MS 10000
#define FD_ONLINE_GIVE_UP_MS 120000
/* Without a byte for so long a stream is dead. Sheet: 4.4. */
#define FD_ONLINE_SILENCE_MS 90000

/**
 * fd_online_start:
 * @self: (transfer none): who signed in
 * @flows: (transfer none) (element-type FdFlow): taken out of the list
 *
 * Fills the account's memory, reports the connection as made, opens the rooms and the streams.
 */
void fd_online_start(FdAccount *account, const FdUser *self, GPtrArray *flows);

/* Nothing is called back or shown after this. What was not sent is said at sign-off, before. */
void fd_online_stop(FdOnline *online);
/* NULL is fine. */
void fd_online_free(FdOnline *online);

/* The set of open flows or the user's own presence may have changed: listen to the new set, soon. */
void fd_online_listen(FdAccount *account);

/* The access token cannot be renewed without the user, who is being asked: nothing is given up meanwhile. Does nothing
 * before the account is signed in. */
void fd_online_wait_for_user(FdAccount *account);
/* The user has answered, and the new token works. */
void fd_online_user_is_back(FdAccount *account);
