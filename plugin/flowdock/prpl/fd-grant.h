/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the service for tokens, one grant at a time. */
#pragma once

#include "fd-account.h"

#include "net/net-consent.h"
#include "net/net-oauth.h"

typedef enum {
    FD_GRANT_PASSWORD, /* Sheet: 2.5; for the account's name */
    FD_GRANT_REFRESH,  /* Sheet: 2.6 */
    FD_GRANT_CODE,     /* Sheet: 2.3 */
} FdGrantKind;

/**
 * fd_grant_scopes:
 * @more: (nullable): a scope besides those that the account always wants
 *
 * What is asked for. A refresh asks for nothing: it keeps what the user has allowed. Sheet: 2.6, 2.8.
 *
 * Returns: (transfer container): ended by %NULL; @more is part of it.
 */
const char **fd_grant_scopes(FdAccount *account, const char *more);

typedef struct _FdGrant FdGrant;

/* Called once for each request, unless that was cancelled by fd_grant_free(); exactly one of @token and @error is set. */
typedef void (*FdGrantFunc)(const NetToken *token, const GError *error, gpointer user_data);

FdGrant *fd_grant_new(FdAccount *account, FdGrantFunc done, gpointer user_data);
/* Gives up what is under way, and wipes its secrets. */
void fd_grant_stop(FdGrant *grant);
/* NULL is fine. */
void fd_grant_free(FdGrant *grant);

/**
 * fd_grant_request:
 * @secret: the password, refresh token or code; copied, and wiped when the request is over
 * @consent: (nullable): where the code is from; a reference is held meanwhile
 *
 * A server that is busy and says for how long is asked again then, if that is not too long.
 */
void fd_grant_request(FdGrant *grant, FdGrantKind kind, const char *secret, const NetConsent *consent);

/* The service does not know a scope that the user has once allowed besides those: it is wanted no longer, so that signing
 * in works again. Returns: whether that was it. */
gboolean fd_grant_want_less(FdAccount *account, const GError *error);

/* A password is sent from now on with the wish for this scope, too; @scope: lives as long as the program. */
void fd_grant_set_more(FdGrant *grant, const char *scope);

/* Of the latest request. */
FdGrantKind fd_grant_get_kind(const FdGrant *grant);
