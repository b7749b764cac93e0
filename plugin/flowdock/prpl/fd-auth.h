/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the account's secret to a credential, by any of the methods, and all that keeps the credential good later. */
#pragma once

#include "fd-account.h"

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
