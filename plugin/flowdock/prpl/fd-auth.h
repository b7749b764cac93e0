/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the account's secret to a credential, by any of the methods, and all that keeps the credential good later. */
#pragma once

#include "fd-account.h"
#include "fd-grant.h"

#include "face/face-oauth.h"

#include <request.h>

/*
 * There are five methods (Sheet: 2), one row each in fd-auth.c. Two of them get tokens:
 *
 *   secret? --no--> ASKING (a secret, or consent in the browser) <---+
 *     |yes            |                                              | not good, somebody else's
 *     +---------------+--> GRANT (fd-grant) --refused--> ASKING      |
 *                            |                                       |
 *                            +--> first time: set, ready is called   |
 *                            +--> later, by itself: set, renewed     |
 *                            +--> later, after asking: CHECKING -----+--> set, renewed
 *
 * The others have no GRANT. The token of a source leads to an FdPoster instead.
 *
 * While the user of a signed-in account is asked, the rooms stay, and whatever wants to be sent waits.
 */

/* The credential is set for the first time: whether the service takes it is not known yet. */
typedef void (*FdAuthReadyFunc)(FdAccount *account);

/* Sets account->auth and begins. */
void fd_auth_start(FdAccount *account, FdAuthReadyFunc ready);
/* Gives up what is under way, takes questions away and wipes secrets. */
void fd_auth_stop(FdAuth *auth);
/* NULL is fine. */
void fd_auth_free(FdAuth *auth);

/* The service takes the credential: what the user has entered for it is kept. */
void fd_auth_confirm(FdAuth *auth);

/* The connection ends because of @error: what the user has entered is kept too, if it was not that. */
void fd_auth_failed(FdAuth *auth, const GError *error);

/* (nullable) (transfer none): what a 401 at sign-in means, where that says more than the general text. */
const char *fd_auth_get_refusal(const FdAuth *auth);

/* ------------------------------------------------------------------------ for fd-widen, which signs in beside a session */

/* Whether the method gets tokens for an application, which alone have scopes. Sheet: 2.8, 3.12. */
gboolean fd_auth_has_scopes(const FdAuth *auth);
/* Whether the method asks for a secret; else the user allows access in the browser. */
gboolean fd_auth_asks_secret(const FdAuth *auth);

typedef enum {
    FD_AUTH_SCOPE_UNKNOWN, /* the service did not say */
    FD_AUTH_SCOPE_HAS,
    FD_AUTH_SCOPE_LACKS,
} FdAuthScope;

/* Whether the token has @scope. Sheet: 2.7. */
FdAuthScope fd_auth_get_scope(const FdAuth *auth, const char *scope);

typedef struct {
    void *handle;        /* of the host's request */
    const char *why;     /* (nullable): a sentence that goes before the question, plain text */
    const char *more;    /* (nullable): a further scope, of a consent */
    gboolean in_session; /* of a consent: rooms are open, so no time ends the question */
} FdAuthQuestion;

/* Asks in the way of the account's method; both as the host calls them. */
void fd_auth_ask_secret(FdAccount *account, const FdAuthQuestion *question, PurpleRequestInputCb done,
                        PurpleRequestInputCb cancelled, gpointer user_data);
/* Returns: (transfer full): as face_oauth_new(). */
FaceOauth *fd_auth_open_consent(FdAccount *account, const FdAuthQuestion *question, FaceOauthFunc done,
                                gpointer user_data, GError **error);

/* (transfer none): a sentence for NET_OAUTH_ERROR_INVALID_GRANT. */
const char *fd_auth_why_refused(FdGrantKind kind);
/* (transfer full) (nullable): why a credential of @user is of no use to this account. */
char *fd_auth_why_not(FdAccount *account, const FdUser *user);

/* Uses the token, which is of the same user, from now on, and keeps its refresh token. What waits for a renewal goes on. */
void fd_auth_take(FdAuth *auth, const NetToken *token);
