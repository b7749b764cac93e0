/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of the table in fd-event.c, by family. */
#pragma once

#include "fd-event.h"

/* fd-event-talk.c: each returns (transfer full) (nullable) plain text. */
char *fd_event_say(FdState *state, const FdMessage *message);
char *fd_event_say_comment(FdState *state, const FdMessage *message);
char *fd_event_say_status(FdState *state, const FdMessage *message);
char *fd_event_say_file(FdState *state, const FdMessage *message);

/* fd-event-people.c */
void fd_event_members(FdEventContext *context, const FdMessage *message);
void fd_event_user_edit(FdEventContext *context, const FdMessage *message);
void fd_event_flow_add(FdEventContext *context, const FdMessage *message);
void fd_event_flow_remove(FdEventContext *context, const FdMessage *message);
