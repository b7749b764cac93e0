/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about sources, and calls with a source's own token: these act for the source, not for a user. The token goes into
 * bodies only, as addresses get logged; the old push API leaves no other choice than the path. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/* What OAuth has to allow for making sources. Sheet: 2.8. */
#define FD_API_SCOPE_INTEGRATION "integration"

/* ------------------------------------------------------------------------------------- as a user; @path: "org/flow" */

/* The sources of a flow. Sheet: 3.12. */
void fd_api_sources_list_async(FdApi *api, const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data);
/* Returns: (transfer full) (element-type FdSource): perhaps none; %NULL with @error. */
GPtrArray *fd_api_sources_list_finish(GAsyncResult *result, GError **error);

/* Makes one, of the application that the access token is of. Sheet: 3.12. */
void fd_api_source_create_async(FdApi *api, const char *path, const char *name, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): the source, with its token if the service tells one; %NULL with @error. */
FdSource *fd_api_source_create_finish(GAsyncResult *result, GError **error);

/* @text: what is wrong with it; "" takes that away. Sheet: 3.12, "error_message". */
void fd_api_source_set_problem_async(FdApi *api, const char *path, gint64 id, const char *text,
                                     GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Its token is worth nothing from then on. */
void fd_api_source_delete_async(FdApi *api, const char *path, gint64 id, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
/* Of both. Returns: whether it is done. */
gboolean fd_api_source_change_finish(GAsyncResult *result, GError **error);

/* --------------------------------------------------------------- as a source; @api: of a credential that holds nothing */

/**
 * fd_api_source_of_token_async:
 *
 * Asks which source @flow_token is of. Sheet: 2.1, 2.9, "GET/PUT /sources", with the token in the body. A server that
 * does not read the body of a GET answers as if there were no token: fd_api_source_check_async() tells then.
 */
void fd_api_source_of_token_async(FdApi *api, const char *flow_token, GCancellable *cancellable,
                                  GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): the source; %NULL with @error: NET_ERROR_GONE when it was removed. */
FdSource *fd_api_source_of_token_finish(GAsyncResult *result, GError **error);

/* Updates nothing of the source: whether the service takes the token. Sheet: 3.12, "PUT /sources". */
void fd_api_source_check_async(FdApi *api, const char *flow_token, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data);
gboolean fd_api_source_check_finish(GAsyncResult *result, GError **error);

typedef enum {
    FD_API_VIA_SOURCE,     /* Sheet: 3.6 */
    FD_API_VIA_PUSH_CHAT,  /* Sheet: 3.15; the token is a flow's own */
    FD_API_VIA_PUSH_INBOX, /* the same, as a mail */
} FdApiVia;

/* What is posted, and as whom. */
typedef struct {
    FdApiVia via;
    const char *token;   /* of the push API: perhaps several, with commas between */
    const char *name;    /* as fd_api_source_name() makes it */
    const char *address; /* only of a mail: e-mail address */
    const char *text;    /* at most FD_API_MAX_CHARS */
    const char *uuid;    /* comes back in the stream's event; not with the push API */
} FdApiPost;

/* Colours that the status of a thread can have, ended by %NULL. Sheet: 3.8. */
extern const char *const fd_api_colors[];

/* An event of an integration. Sheet: 3.6, 5.4. */
typedef struct {
    const char *event; /* "activity" or "discussion" */
    const char *token;
    const char *key;        /* names the thread, within the source */
    const char *title_html; /* (nullable): only of an activity: what has happened, and the title of its thread */
    const char *body_html;  /* (nullable) */
    const char *color;      /* (nullable): of the thread's new status: one of fd_api_colors[], */
    const char *status;     /* (nullable): and its words */
    const char *author;
    const char *email;  /* (nullable): of the author */
    const char *avatar; /* (nullable): address of a picture of the author */
} FdApiEvent;

/* Finished by fd_api_source_post_finish(). */
void fd_api_source_event_async(FdApi *api, const FdApiEvent *event, GCancellable *cancellable, GAsyncReadyCallback done,
                               gpointer user_data);

void fd_api_source_post_async(FdApi *api, const FdApiPost *post, GCancellable *cancellable, GAsyncReadyCallback done,
                              gpointer user_data);
/* Returns: whether the service has it; else @error: NET_ERROR_GONE when the source was removed. */
gboolean fd_api_source_post_finish(GAsyncResult *result, GError **error);

/* (transfer full) (nullable): what the service takes as the name of someone outside: no blanks, at most 16 characters.
 * %NULL when nothing is left. Sheet: 3.6, external_user_name. */
char *fd_api_source_name(const char *name);
