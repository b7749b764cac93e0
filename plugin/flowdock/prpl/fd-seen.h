/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user has seen: unread marks on the service, and the file with what was shown in earlier sessions. */
#pragma once

#include "fd-account.h"

/* Reads the file and sets account->seen. Before the first line is shown. */
void fd_seen_start(FdAccount *account);
/* Writes the file; nothing is called back after this. */
void fd_seen_stop(FdSeen *seen);
/* NULL is fine. */
void fd_seen_free(FdSeen *seen);

/* @message was handed to the host. */
void fd_seen_shown(FdAccount *account, FdRoom *room, const FdMessage *message);
/* The user has written in @room, so what is shown there was seen, also in a host that tells no focus. */
void fd_seen_written(FdAccount *account, FdRoom *room);
