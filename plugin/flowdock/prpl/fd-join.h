/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining a chat: from what a person typed to a flow that is open on the service and shown here. */
#pragma once

#include <blist.h>
#include <connection.h>

/* Members of PurplePluginProtocolInfo. */
GList *fd_join_info(PurpleConnection *gc);
GHashTable *fd_join_info_defaults(PurpleConnection *gc, const char *name);
char *fd_join_get_name(GHashTable *components);
PurpleChat *fd_join_find_blist(PurpleAccount *account, const char *name);
void fd_join(PurpleConnection *gc, GHashTable *components);
