/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hosts have menus and buttons for: in the menus of buddies and chats, and inviting. Each has a command, too. */
#pragma once

#include <blist.h>
#include <connection.h>

/* A member of PurplePluginProtocolInfo: (transfer full) (element-type PurpleMenuAction). */
GList *fd_menus_of(PurpleBlistNode *node);

/* The same of inviting into a room: a colleague is added, anybody else invited by e-mail. @message: (nullable) */
void fd_menus_invite(PurpleConnection *gc, int id, const char *message, const char *who);
