/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sign-in: FdAuth gets a credential; then who it is and the flows are loaded, and FdOnline begins. */
#pragma once

#include "fd-account.h"

/* Starts; the connection's state tells how it goes. */
void fd_login_start(FdAccount *account);
/* NULL is fine. */
void fd_login_free(FdLogin *login);
