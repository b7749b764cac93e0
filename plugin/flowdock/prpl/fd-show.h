/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines into conversations, so that each host shows them; and what the memory tells its listener. */
#pragma once

#include "fd-account.h"

/* The listener of the account's memory; its data is the FdAccount. */
extern const FdListener fd_show_listener;

/* A line about the room @conv shows, from nobody: plain text, or @html, which is safe. */
void fd_show_line(PurpleConversation *conv, const char *text, PurpleMessageFlags flags);
void fd_show_html(PurpleConversation *conv, const char *html, PurpleMessageFlags flags);

/* (transfer full): a thread's mark as HTML, in its colour; @mark: plain text. */
char *fd_show_mark(guint number, const char *mark);

/**
 * fd_show_in_thread:
 * @chat_id: of the thread's own room
 *
 * Shows there what the thread's room has loaded.
 */
void fd_show_in_thread(FdAccount *account, FdRoom *room, int chat_id, const FdMessage *message, FdDelivery delivery);

/* A line about the room, plain text, where the room is shown. A private conversation must be open already. */
void fd_show_notice(FdAccount *account, FdRoom *room, const char *text);

/* (transfer full): the line for messages that could not be loaded; plain text. @error: (nullable): %NULL when there were too
 * many. */
char *fd_show_not_loaded(const GError *error);

/* Says that @text was not sent and why (both plain); the text stands there whole, so that it can be copied.
 * @typed_in: (nullable): the thread in whose own room it was typed; @kept: it can be sent again. */
void fd_show_unsent(FdAccount *account, FdRoom *room, const char *typed_in, const char *text, const char *why,
                    gboolean kept);

/* The same for what a request to send it ended with. */
void fd_show_not_sent(FdAccount *account, FdRoom *room, const char *typed_in, const char *text, const GError *error,
                      gboolean kept);

/* The same at sign-off for all that waits in outboxes, which are emptied. */
void fd_show_all_unsent(FdAccount *account, FdRooms *rooms);

/* The same in the host's private conversation @who, with someone who is not known. */
void fd_show_unsent_to(FdAccount *account, const char *who, const char *text, const char *why);

/* What the user typed, as plain text, of the HTML a host hands over. (transfer full) */
char *fd_show_plain(const char *html);

/* A problem with something the user asked for: a dialog, or a line where the host has none. Plain text. */
void fd_show_problem(FdAccount *account, const char *primary, const char *secondary);

/* The same for what was asked for and done. */
void fd_show_info(FdAccount *account, const char *text);

/* Whether this host is bitlbee. It adds the user to each channel itself, where a second mention would be a second person;
 * and it takes the name with a private line for that of the conversation's other person. */
gboolean fd_show_host_is_irc(void);

/* Whether this host takes one of two slashes at the beginning of a line away and knows no other way to send one. Then what
 * begins with a slash is no command: those it runs itself. */
gboolean fd_show_host_takes_a_slash(void);

/* Whether this host may show pictures: all but the two that are text. */
gboolean fd_show_host_has_pictures(void);
