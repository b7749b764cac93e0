/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The people of rooms, as the host lists them: administrators are operators, who is not active is away. */
#pragma once

#include "fd-account.h"

/* Writes the whole list of a chat anew, of the flow of @room or a thread of it. */
void fd_members_list(FdAccount *account, const FdRoom *room, int chat_id);

/* The flow's list was read; @before: (nullable) (element-type FdUser) who it had until then. */
void fd_members_changed(FdAccount *account, FdRoom *room, GPtrArray *before);

/* Somebody has another name, in every room. */
void fd_members_renamed(FdAccount *account, const FdPerson *person, const char *old);

/* Somebody may be an operator, or away, who was not; or no longer. */
void fd_members_mark(FdAccount *account, const FdPerson *person);
