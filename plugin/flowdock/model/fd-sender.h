/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends what the outboxes hold: one message at a time for a room, rooms side by side. */
#pragma once

#include "fd-sync.h"

typedef struct _FdSender FdSender;

/* @state and @sync must outlive it. */
FdSender *fd_sender_new(FdState *state, FdSync *sync);
/* Ends all; nothing is called afterwards. What was not sent stays in the outboxes. */
void fd_sender_free(FdSender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdSender, fd_sender_free)

/**
 * fd_sender_send:
 * @draft: its text of any length; what is longer than one message may be is split, in order
 *
 * The listener hears of each part: as a message once the service has it, or as not sent.
 */
void fd_sender_send(FdSender *sender, FdRoom *room, const FdDraft *draft);

/* Sends again what has failed there. Returns: how many. */
guint fd_sender_retry(FdSender *sender, FdRoom *room);
