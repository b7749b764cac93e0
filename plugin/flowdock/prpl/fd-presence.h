/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's own presence: the host's status and idleness, as the streams announce them. Sheet: 4.1, "active". */
#pragma once

#include "fd-account.h"

#include <status.h>

/* Of status types for people who are idle. */
#define FD_PRESENCE_AWAY_ID "away"

/* Members of PurplePluginProtocolInfo. */
GList *fd_presence_status_types(PurpleAccount *account);
void fd_presence_set_status(PurpleAccount *account, PurpleStatus *status);
void fd_presence_set_idle(PurpleConnection *gc, int seconds);

/* What the streams are to announce now. */
FdApiPresence fd_presence_wanted(FdAccount *account);

/* After sign-in: the status message of this moment is no news. */
void fd_presence_start(FdAccount *account);
