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
    const char *thread_id; /* (nullable): lists only: this thread of the flow */
} FdApiPlace;

/* (transfer full): a request for the messages of @place. */
NetRequest *fd_api_request_for_messages(const char *method, const FdApiPlace *place);

/* A message to send. */
typedef struct {
    const char *event;       /* "message", "status", "comment", ... */
    const char *text;        /* plain text or the service's markdown, at most FD_API_MAX_CHARS */
    const char *uuid;        /* comes back in the stream's event */
    const char *thread_id;   /* (nullable): answers in this thread */
    gint64 parent;           /* comments: the message they are about; else 0 */
    const char *const *tags; /* (nullable): besides those in the text: "tag", "@nick", ":user:ID" */
} FdApiDraft;

/**
 * fd_api_message_send_async:
 *
 * Posts and asks the service to wait until the message has its id. Sheet: 3.6, 3.9, 3.10.
 */
void fd_api_message_send_async(FdApi *api, const FdApiPlace *place, const FdApiDraft *draft, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data);
/**
 * fd_api_message_send_finish:
 * @message: (out) (transfer full) (nullable): the message as stored; %NULL when the service has accepted
 *   it but did not say more (202, or an empty answer)
 *
 * Returns: whether the service has it.
 */
gboolean fd_api_message_send_finish(GAsyncResult *result, FdMessage **message, GError **error);

/* For what else posts a message: the callback of its fd_api_call_async(); @task, which it takes, is then finished by
 * fd_api_message_send_finish(). */
void fd_api_message_sent(GObject *source, GAsyncResult *result, gpointer task);

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

/* What to look for. Private conversations know no tags and do not skip. Sheet: 3.7. */
typedef struct {
    const char *words;       /* (nullable): separated by blanks; all have to be there */
    const char *const *tags; /* (nullable): "tag", "@nick", ":user:ID"; all have to be there */
    guint skip;              /* so many of the newest results are left out; only where there are @words */
    gint64 until;            /* only below this id, where there are no @words; 0: no bound */
    guint limit;             /* 1 to FD_API_MAX_LIST */
} FdApiSearch;

/* The newest messages that fit; finished by fd_api_messages_list_finish(). */
void fd_api_messages_search_async(FdApi *api, const FdApiPlace *place, const FdApiSearch *search,
                                  GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);

/* Asks for one message. */
void fd_api_message_show_async(FdApi *api, const FdApiPlace *place, gint64 id, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): the message; %NULL with @error. */
FdMessage *fd_api_message_show_finish(GAsyncResult *result, GError **error);

/* Changes the text of a message or comment of one's own. Sheet: 3.7. */
void fd_api_message_edit_async(FdApi *api, const FdApiPlace *place, gint64 id, const char *text,
                               GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Sets all tags of a message, internal ones included: read them first. Sheet: 3.7. */
void fd_api_message_set_tags_async(FdApi *api, const FdApiPlace *place, gint64 id, const char *const *tags,
                                   GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Sheet: 3.7. */
void fd_api_message_delete_async(FdApi *api, const FdApiPlace *place, gint64 id, GCancellable *cancellable,
                                 GAsyncReadyCallback done, gpointer user_data);
/* Adds a reaction or takes it back. @emoji: its name without colons. In flows only. Sheet: 3.16. */
void fd_api_message_react_async(FdApi *api, const FdApiPlace *place, gint64 id, const char *emoji, gboolean add,
                                GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Of the four above; what the answer says besides is not read. */
gboolean fd_api_message_change_finish(GAsyncResult *result, GError **error);
