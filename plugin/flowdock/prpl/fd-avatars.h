/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of people as the host's buddy icons: fetched when somebody is seen, a few at a time. */
#pragma once

#include "fd-account.h"

/* Pictures under way at once. */
#define FD_AVATARS_MAX_CALLS 4

/* Once the account's memory is there; (transfer full), for FdAccount.avatars. */
FdAvatars *fd_avatars_new(FdAccount *account);
/* Nothing is called back or shown after this. The account's cancellable, which ends the calls, is cancelled already. */
void fd_avatars_stop(FdAvatars *avatars);
/* NULL is fine. */
void fd_avatars_free(FdAvatars *avatars);

/**
 * fd_avatars_want:
 * @person: (nullable)
 *
 * Fetches the picture of a buddy, unless the host has it already (libpurple keeps it, with its address as the checksum) or
 * shows no pictures. A person without one loses the old one. What cannot be fetched or is no picture is not asked for
 * again under the same address.
 *
 * Sheet: 3.2, "avatar".
 */
void fd_avatars_want(FdAvatars *avatars, const FdPerson *person);
