/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of the table in fd-event.c, by family. */
#pragma once

#include "fd-event.h"

/* fd-event-talk.c: each returns (transfer full) (nullable) plain text. */
char *fd_event_say(FdState *state, const FdMessage *message);
char *fd_event_say_comment(FdState *state, const FdMessage *message);
char *fd_event_say_status(FdState *state, const FdMessage *message);

/* fd-event-file.c: the same. */
char *fd_event_say_file(FdState *state, const FdMessage *message);
/* (transfer full) (nullable): of a file that was shared: the same in short, for what refers to it. */
char *fd_event_file_brief(const FdMessage *message);
/* (transfer full) (nullable): a line for each file that a message brings besides its own words. */
char *fd_event_attached(FdState *state, const FdRoom *room, const FdMessage *message);

/* fd-event-change.c: changes of what was said before. The same. */
char *fd_event_say_edit(FdState *state, const FdMessage *message);
char *fd_event_say_deletion(FdState *state, const FdMessage *message);
char *fd_event_say_tags(FdState *state, const FdMessage *message);
char *fd_event_say_reaction(FdState *state, const FdMessage *message);

/* fd-event-people.c */
char *fd_event_say_action(FdState *state, const FdMessage *message);
void fd_event_members(FdEventContext *context, const FdMessage *message);
void fd_event_presence(FdEventContext *context, const FdMessage *message);
void fd_event_activity(FdEventContext *context, const FdMessage *message);
void fd_event_status(FdEventContext *context, const FdMessage *message);
void fd_event_user_edit(FdEventContext *context, const FdMessage *message);
void fd_event_flow_add(FdEventContext *context, const FdMessage *message);
void fd_event_flow_remove(FdEventContext *context, const FdMessage *message);
