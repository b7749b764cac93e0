/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signing in once more, beside the session, for what the service allows only with a further scope. */
#pragma once

#include "fd-command.h"

/*
 *   RESTING --refused--> OFFERED (shall we?) --OK--> ASKED (secret, or consent) <--+-- not good, or somebody else's
 *                           |                          |                          |
 *                           +--Cancel--+--cancelled----+--> GETTING (token, whose) +--> the session uses it, and the
 *                                      |                                                calls go on
 *                                      +--> the calls are refused, the old credential stays in use
 *
 * Rooms stay open meanwhile. That the account wants the scope is kept, so that a later sign-in asks for it, too.
 */

/**
 * fd_widen_refuse:
 * @error: what the service answered
 *
 * Says that @call was refused; takes it over. Where only a scope was missing, it offers to sign in again with that one, and
 * the command is run once more afterwards. Sheet: 2.8.
 */
void fd_widen_refuse(FdCall *call, const GError *error);

/* Whether the service has said that the scope for sources is missing, or the method has no scopes at all; then @call is
 * taken over, as above. */
gboolean fd_widen_is_needed(FdCall *call);

/* Signs in again without a question before; takes @call over. */
void fd_widen_ask(FdCall *call);

/* Takes questions away and wipes secrets. */
void fd_widen_stop(FdWiden *widen);
/* NULL is fine. */
void fd_widen_free(FdWiden *widen);
