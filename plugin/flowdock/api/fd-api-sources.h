/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls with a source's own token: they act for the source, not for a user. The token goes into bodies only, as addresses
 * get logged; the old push API leaves no other choice than the path. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

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
    const char *token;
    const char *name;    /* as fd_api_source_name() makes it */
    const char *address; /* only of a mail: e-mail address */
    const char *text;    /* at most FD_API_MAX_CHARS */
    const char *uuid;    /* comes back in the stream's event; not with the push API */
} FdApiPost;

void fd_api_source_post_async(FdApi *api, const FdApiPost *post, GCancellable *cancellable, GAsyncReadyCallback done,
                              gpointer user_data);
/* Returns: whether the service has it; else @error: NET_ERROR_GONE when the source was removed. */
gboolean fd_api_source_post_finish(GAsyncResult *result, GError **error);

/* (transfer full) (nullable): what the service takes as the name of someone outside: no blanks, at most 16 characters.
 * %NULL when nothing is left. Sheet: 3.6, external_user_name. */
char *fd_api_source_name(const char *name);
