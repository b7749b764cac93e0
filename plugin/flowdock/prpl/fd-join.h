/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining a chat: from what a person typed to a flow that is open on the service and shown here. */
#pragma once

#include "fd-account.h"

#include <blist.h>
#include <connection.h>

/* Members of PurplePluginProtocolInfo. */
GList *fd_join_info(PurpleConnection *gc);
GHashTable *fd_join_info_defaults(PurpleConnection *gc, const char *name);
char *fd_join_get_name(GHashTable *components);
PurpleChat *fd_join_find_blist(PurpleAccount *account, const char *name);
void fd_join(PurpleConnection *gc, GHashTable *components);

/* The same for what was typed elsewhere: any form of a flow that rooms have. Once signed in. */
void fd_join_flow(FdAccount *account, const char *text);

/* (nullable) (transfer none): the room of a flow that a saved chat means. */
FdRoom *fd_join_room_of_chat(FdAccount *account, PurpleChat *chat);
