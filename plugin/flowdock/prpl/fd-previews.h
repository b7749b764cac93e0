/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures that were shared, shown in conversations where the host can: fetched when somebody looks. */
#pragma once

#include "fd-account.h"

#include <conversation.h>

/* Pictures under way at once; those that wait for somebody to look: in one conversation, and in all. */
#define FD_PREVIEWS_MAX_CALLS 2
#define FD_PREVIEWS_MAX_IN_ONE 5
#define FD_PREVIEWS_MAX_WAITING 30

/* Once the account's memory is there; (transfer full), for FdAccount.previews. */
FdPreviews *fd_previews_new(FdAccount *account);
/* Nothing is called back or shown after this. The account's cancellable, which ends the calls, is cancelled already. */
void fd_previews_stop(FdPreviews *previews);
/* NULL is fine. */
void fd_previews_free(FdPreviews *previews);

/**
 * fd_previews_offer:
 * @thread_chat: number of the thread's own room where the line of @message was shown; 0: in that of the flow, or privately
 * @who, @flags, @when: of that line
 *
 * Shows the first picture that came with a message, in a line of its own, once somebody looks at the conversation: its
 * thumbnail where it has one. Not in hosts without pictures, nor what is larger than the setting allows, nor in older
 * messages than the conversation shows already. Where many wait, the oldest are left out. Failures are not told: the line of
 * the message has the link.
 */
void fd_previews_offer(FdPreviews *previews, FdRoom *room, int thread_chat, const FdMessage *message, const char *who,
                       PurpleMessageFlags flags, time_t when);
