/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flows as the host's chats: joining, leaving, members, lines. */
#pragma once

#include "fd-account.h"

#include <conversation.h>

/* Members of PurplePluginProtocolInfo; joining is in fd-join. */
void fd_chats_leave(PurpleConnection *gc, int id);
int fd_chats_send(PurpleConnection *gc, int id, const char *html, PurpleMessageFlags flags);
void fd_chats_set_topic(PurpleConnection *gc, int id, const char *topic);

/* Shows a flow that is open on the service; one that is shown already stays as it is. */
void fd_chats_show(FdAccount *account, FdRoom *room);

/* (nullable) (transfer none): the host's chat of a room that is shown. */
PurpleConversation *fd_chats_find(FdAccount *account, const FdRoom *room);

/* (nullable) (transfer none): the host's chat with this number, unless it was left. */
PurpleConversation *fd_chats_window(FdAccount *account, int chat_id);

/* (nullable) (transfer none): the host's chat of the flow or thread that is shown under this number. In any call to the host
 * it may close it, leave it, or sign off: so ask anew after each. */
PurpleConvChat *fd_chats_get_chat(FdAccount *account, int chat_id);

/* Title and people of a chat that was just opened, of a flow or a thread of it. */
void fd_chats_furnish(FdAccount *account, const FdRoom *room, int chat_id, const char *title);

/* The highest and lowest id of the messages that a conversation shows, also from earlier connections; 0: none.
 * @conv: (nullable) */
gint64 fd_chats_get_last_shown(PurpleConversation *conv);
gint64 fd_chats_get_oldest_shown(PurpleConversation *conv);
/* The message @id was shown in it; 0: one without an id. */
void fd_chats_note_shown(PurpleConversation *conv, gint64 id);
/* What it shows is of another place, where these ids mean nothing. */
void fd_chats_forget_shown(PurpleConversation *conv);

/* Leaves the room here and closes the flow on the service: a problem is shown when that fails. */
void fd_chats_close_flow(FdAccount *account, FdRoom *room);

/* (transfer full): what the room of a flow is called: "Name (Organization)", one line. */
char *fd_chats_title(const FdRoom *room);

/* A line of someone. @html is safe; @id is the message's, 0 for none. */
void fd_chats_show_line(FdAccount *account, FdRoom *room, const char *who, const char *html, PurpleMessageFlags flags,
                        time_t when, gint64 id);

/* What the memory tells, see FdListener. */
/* Also of its people; @before: (nullable) (element-type FdUser). */
void fd_chats_changed(FdAccount *account, FdRoom *room, GPtrArray *before);
void fd_chats_added(FdAccount *account, FdRoom *room);
void fd_chats_removed(FdAccount *account, FdRoom *room, FdGone why, gint64 by);

/* The whole list was read again (element-type FdFlow, taken out of it): rooms of flows that are gone close. @serial: the
 * memory's when it was asked for: what has changed since is newer than the list. */
void fd_chats_flows_reread(FdAccount *account, GPtrArray *flows, guint serial);
