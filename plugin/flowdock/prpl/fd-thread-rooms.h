/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads as rooms of their own, beside the room of their flow, which goes on to show everything. They are named
 * "org/flow/NUMBER", and close with the flow's room. */
#pragma once

#include "fd-account.h"

#include <conversation.h>

typedef struct {
    int chat_id;
    FdRoom *room; /* of its flow */
    guint number;
    char *thread_id;
    char *name;
    char *title;
    gboolean shown;         /* FALSE: is being opened */
    GHashTable *components; /* (nullable): for the host, when it fails to open */
    gint64 oldest;          /* the lowest id that it shows, 0: none */
    guint lines;            /* messages that were shown in this session */
    gboolean loads_older;   /* fd_thread_rooms_older() is under way */
    FdHistory *history;
    GHashTable *deliveries; /* of what is held: id (gint64) -> FdDelivery */
} FdThreadRoom;

/* Every account has a list of them, (element-type FdThreadRoom). */
GPtrArray *fd_thread_rooms_new(void);

/* Opens a thread as a room; one that is shown already, or being opened, is left as it is. */
void fd_thread_rooms_open(FdAccount *account, FdRoom *room, const char *thread_id);

/* The room of a flow opens: threads whose windows are older than this connection keep their numbers. Before any of its
 * messages is shown. */
void fd_thread_rooms_keep_numbers(FdAccount *account, FdRoom *room);

/**
 * fd_thread_rooms_join:
 * @components: of the host
 * @text: what is to be joined
 *
 * Returns: whether @text is the name of a thread's room, whatever comes of it.
 */
gboolean fd_thread_rooms_join(FdAccount *account, GHashTable *components, const char *text);

/* Each: (nullable) (transfer none). */
FdThreadRoom *fd_thread_rooms_by_chat_id(FdAccount *account, int chat_id);
PurpleConversation *fd_thread_room_conversation(FdAccount *account, const FdThreadRoom *thread_room);

/* (nullable) (transfer none): of a thread of @room that is shown as a room. @thread_id: (nullable) */
PurpleConversation *fd_thread_rooms_find_conversation(FdAccount *account, const FdRoom *room, const char *thread_id);

/* Whether a thread of @room is shown as a room. @thread_id: (nullable) */
gboolean fd_thread_rooms_has(FdAccount *account, const FdRoom *room, const char *thread_id);

/**
 * fd_thread_rooms_offer:
 * @thread_id: (nullable): the thread it belongs to
 * @delivery: how @message is delivered, kept for later
 *
 * Returns: the number of the host's chat that has to show @message now; 0: none, or it does so later.
 */
int fd_thread_rooms_offer(FdAccount *account, FdRoom *room, const char *thread_id, const FdMessage *message,
                          FdDelivery delivery);

/* A line into the chat with this number. @html is safe; @id is the message's, 0 for none. */
void fd_thread_rooms_show_line(FdAccount *account, int chat_id, const char *who, const char *html,
                               PurpleMessageFlags flags, time_t when, gint64 id);

/**
 * fd_thread_rooms_older:
 * @chat_id: of a thread's room
 * @count: how many messages, 1 to FD_SYNC_MAX_OLDER
 * @done: is told the room of the flow
 * @destroy: for @user_data, afterwards, also when @done is not called; not when it has not begun
 *
 * As fd_sync_older(), of one thread, into its room: older messages than it shows, as past ones. @done is not called when
 * the room was closed, or after sign-off.
 *
 * Returns: whether it has begun; not while it, or the opening of the room, is under way, nor without such a room.
 */
gboolean fd_thread_rooms_older(FdAccount *account, int chat_id, guint count, FdSyncOlderFunc done, gpointer user_data,
                               GDestroyNotify destroy);

/* The host has closed it. */
void fd_thread_rooms_leave(FdAccount *account, int chat_id);
/* The room of the flow closes. */
void fd_thread_rooms_close(FdAccount *account, FdRoom *room);
