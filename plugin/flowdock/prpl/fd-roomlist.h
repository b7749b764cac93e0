/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of all flows that can be joined. */
#pragma once

#include "fd-account.h"

#include <roomlist.h>

/* Members of PurplePluginProtocolInfo. One list an account is filled at a time: asking again ends the one before. */
PurpleRoomlist *fd_roomlist_get(PurpleConnection *gc);
void fd_roomlist_cancel(PurpleRoomlist *list);
char *fd_roomlist_serialize(PurpleRoomlistRoom *room);
