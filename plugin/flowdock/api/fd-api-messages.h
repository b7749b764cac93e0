/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about messages, in flows and in private conversations alike. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/* Longest text of one message, in characters (taken as code points). Sheet: 3.6. */
#define FD_API_MAX_CHARS 8096
/* Most messages one list call returns. Sheet: 3.7. */
#define FD_API_MAX_LIST 100

/* A conversation's place: a flow by its path, or the other person's id of a private one. */
typedef struct {
    const char *flow_path; /* (nullable) */
    gint64 user;           /* 0 when @flow_path is set */
} FdApiPlace;

/**
 * fd_api_message_send_async:
 * @event: "message", "status", ...
 * @text: plain text or the service's markdown, at most FD_API_MAX_CHARS
 * @uuid: comes back in the stream's event
 *
 * Posts and asks the service to wait until the message has its id. Sheet: 3.6, 3.10.
 */
void fd_api_message_send_async(FdApi *api, const FdApiPlace *place, const char *event, const char *text,
                               const char *uuid, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data);
/**
 * fd_api_message_send_finish:
 * @message: (out) (transfer full) (nullable): the message as stored; %NULL when the service has accepted
 *   it but did not say more (202, or an empty answer)
 *
 * Returns: whether the service has it.
 */
gboolean fd_api_message_send_finish(GAsyncResult *result, FdMessage **message, GError **error);

/* Which messages of a conversation: above @since, or else below @until (both exclusive, 0 = no bound). */
typedef struct {
    gint64 since;
    gint64 until;
    guint limit; /* 1 to FD_API_MAX_LIST */
} FdApiRange;

/**
 * fd_api_messages_list_async:
 *
 * With @since: the oldest messages above it. Else: the newest ones. Sheet: 3.7.
 */
void fd_api_messages_list_async(FdApi *api, const FdApiPlace *place, const FdApiRange *range, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full) (element-type FdMessage): ascending by id; %NULL with @error. */
GPtrArray *fd_api_messages_list_finish(GAsyncResult *result, GError **error);
