/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user typed in one conversation and the service has not confirmed yet, in order. Pure. */
#pragma once

#include "../api/fd-types.h"

typedef enum {
    FD_OUTGOING_WAITING,  /* not asked for yet */
    FD_OUTGOING_SENDING,  /* the request is under way */
    FD_OUTGOING_ACCEPTED, /* the service has it; its own line is still to be shown */
} FdOutgoingState;

typedef struct {
    char *uuid;
    char *text;
    FdOutgoingState state;
    FdMessage *answer; /* (nullable) ACCEPTED: the message as the service's answer told it */
    guint look_ups;    /* ACCEPTED: how often it was looked for */
    gint64 due_us;     /* ACCEPTED: monotonic time of the next look-up */
} FdOutgoing;

typedef struct _FdOutbox FdOutbox;

FdOutbox *fd_outbox_new(void);
void fd_outbox_free(FdOutbox *outbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdOutbox, fd_outbox_free)

/* Appends @text with a new uuid. */
void fd_outbox_add(FdOutbox *outbox, const char *text);

/* (nullable) (transfer none): what to send now: the oldest waiting one, unless one is under way, so that order is kept. */
FdOutgoing *fd_outbox_next(FdOutbox *outbox);

/* (nullable) (transfer none) */
FdOutgoing *fd_outbox_find(FdOutbox *outbox, const char *uuid);

/**
 * fd_outbox_confirm:
 * @message: one of the user's own, from the stream or a list
 *
 * Matches by uuid, by the id the service answered with, or, where it left the uuid out, by the text of
 * what it has accepted, and forgets the entry. The server may have changed the text (emoji codes), so the uuid comes first. Sheet: 3.6, "Echo".
 *
 * Returns: whether it was sent from here.
 */
gboolean fd_outbox_confirm(FdOutbox *outbox, const FdMessage *message);

/* Takes an entry out. (transfer full) (nullable): its text. */
char *fd_outbox_take(FdOutbox *outbox, const char *uuid);

/* (nullable) (transfer none): the first entry that the service has, but whose line is still missing. */
FdOutgoing *fd_outbox_get_unseen(FdOutbox *outbox);

/* (transfer full) (array zero-terminated=1): the texts of all that the service may not have, in order; empties the box. */
char **fd_outbox_clear(FdOutbox *outbox);
