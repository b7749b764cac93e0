/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sign-in: from the account's secret to a token, then to flows and people. */
#pragma once

#include "fd-account.h"

/*
 *   secret? --no--> ASKING --answer--+
 *     |yes                           |
 *     +------------> TOKEN <---------+      (a refused refresh token leads to ASKING)
 *                      |
 *                      +--> LOADING (who am I, flows) --> signed in: FdLogin ends, FdOnline begins
 *
 * Later, the same object renews the access token.
 */

/* Starts; the connection's state tells how it goes. */
void fd_login_start(FdAccount *account);
void fd_login_free(FdLogin *login);
