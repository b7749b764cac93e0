/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private conversations as the host's IMs. */
#pragma once

#include "fd-account.h"

#include <conversation.h>

/* A member of PurplePluginProtocolInfo. */
int fd_ims_send(PurpleConnection *gc, const char *who, const char *html, PurpleMessageFlags flags);

/* (nullable) (transfer none): the host's conversation. */
PurpleConversation *fd_ims_find(FdAccount *account, const FdRoom *room);

/* Somebody has another name: so has the window. */
void fd_ims_renamed(FdAccount *account, const FdPerson *person);

/* After sign-in: opens the private conversations in which something waits to be read, and from now on loads the past of
 * each that is opened. */
void fd_ims_load_waiting(FdAccount *account);
