/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of somebody, for a host's info window and its tooltips. */
#pragma once

#include "fd-account.h"

#include <blist.h>
#include <notify.h>

/* A member of PurplePluginProtocolInfo: asks the service anew, then shows it. @who: as for fd_people_find(). */
void fd_info_show(PurpleConnection *gc, const char *who);

/* The same of a tooltip, from memory. */
void fd_info_tooltip(PurpleBuddy *buddy, PurpleNotifyUserInfo *info, gboolean full);

/* The same of a chat's member: the full name. (transfer full) (nullable) */
char *fd_info_chat_alias(PurpleConnection *gc, int chat_id, const char *who);
/* And the name for private messages, which is the same. (transfer full) */
char *fd_info_chat_name(PurpleConnection *gc, int chat_id, const char *who);
