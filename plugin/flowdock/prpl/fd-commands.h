/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slash commands: one table, for hosts that know commands and for those that hand the line over as text. */
#pragma once

#include "fd-account.h"

#include <conversation.h>

/* Registers the table's rows with libpurple, and takes them away again. */
void fd_commands_register(void);
void fd_commands_unregister(void);

/**
 * fd_commands_type:
 * @thread_chat: number of the thread's own room it was typed in; 0: in that of the flow, or privately
 * @html: as the host hands it over
 *
 * What the user has typed into a conversation: a command, or something to send. Nothing of it is lost: what cannot be
 * done or sent is said with the whole text. Contract: "Commands", last paragraph.
 */
void fd_commands_type(FdAccount *account, FdRoom *room, int thread_chat, const char *html);

/**
 * fd_commands_run:
 * @name: of a command of the table, without the slash
 * @args: what follows it, plain text
 * @message: (nullable): a text that goes with it, and is never taken for an argument
 *
 * As if the user had typed it in @room: for what hosts have buttons, menus and calls for. What comes of it stands in the
 * room, or in a dialog where that is not open.
 */
void fd_commands_run(FdAccount *account, FdRoom *room, const char *name, const char *args, const char *message);

/* In an account that can only post: what the user has typed. Returns: whether it was one of the commands for that. */
gboolean fd_commands_type_post(FdAccount *account, FdRoom *room, const char *html);

/* (nullable) (transfer none): what a conversation of the account shows; @thread_chat: (out): its number, where that is a thread's
 * own room, or 0. */
FdRoom *fd_commands_room_of(FdAccount *account, PurpleConversation *conv, int *thread_chat);

/* As if the user had typed a command without arguments into @conv. */
void fd_commands_run_in(FdAccount *account, PurpleConversation *conv, const char *name);

/* (nullable) (transfer full): why a line cannot be used in an account that can only post; @text: (inout): the line, and
 * what is to be posted of it. */
char *fd_commands_check_post(char **text);

/* The account goes offline: says of each command that has not come to an end that it was not done. While lines can still
 * be shown. */
void fd_commands_give_up(FdAccount *account);
/* And is gone. */
void fd_commands_forget(FdAccount *account);

/* (transfer full): for FdAccount.calls, FdAccount.pages and FdAccount.acts. */
GHashTable *fd_commands_new_calls(void);
GHashTable *fd_commands_new_pages(void);
GHashTable *fd_commands_new_acts(void);
