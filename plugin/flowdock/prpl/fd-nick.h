/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's own nick, which hosts call the public alias. */
#pragma once

#include "fd-account.h"

/* (transfer full) (nullable): why @nick (plain) can be no nick; %NULL: it may be one. */
char *fd_nick_find_fault(const char *nick);

/* The service has taken it: it is shown at once, not only when it comes round as an event. The host may sign off in this. */
void fd_nick_changed(FdAccount *account, const char *nick);

/* Members of PurplePluginProtocolInfo. */
void fd_nick_set_alias(PurpleConnection *gc, const char *alias, PurpleSetPublicAliasSuccessCallback done,
                       PurpleSetPublicAliasFailureCallback failed);
void fd_nick_get_alias(PurpleConnection *gc, PurpleGetPublicAliasSuccessCallback done,
                       PurpleGetPublicAliasFailureCallback failed);
