/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hosts have menus and buttons for: in the menus of buddies, chats and conversations, and inviting. Each has a command, too. */
#pragma once

#include "fd-account.h"

#include <blist.h>
#include <connection.h>

/* A member of PurplePluginProtocolInfo: (transfer full) (element-type PurpleMenuAction). */
GList *fd_menus_of(PurpleBlistNode *node);

/* Adds to the menus of the account's conversations, as long as it is signed in. */
void fd_menus_start(FdAccount *account);

/* The same of inviting into a room: a colleague is added, anybody else invited by e-mail. @message: (nullable) */
void fd_menus_invite(PurpleConnection *gc, int id, const char *message, const char *who);
