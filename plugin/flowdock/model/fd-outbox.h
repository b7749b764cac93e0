/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user typed in one conversation and the service has not confirmed yet, in order. Pure. */
#pragma once

#include "../api/fd-types.h"

typedef enum {
    FD_OUTGOING_WAITING,  /* not asked for yet */
    FD_OUTGOING_SENDING,  /* the request is under way */
    FD_OUTGOING_ACCEPTED, /* the service has it; its own line is still to be shown */
    FD_OUTGOING_FAILED,   /* was refused or lost, as the user was told; waits to be sent again or forgotten */
} FdOutgoingState;

/* Something to send. */
typedef struct {
    const char *event; /* "message", "status", "comment" */
    const char *text;
    const char *thread_id;   /* (nullable) */
    gint64 parent;           /* comments: what they are about; else 0 */
    const char *const *tags; /* (nullable): besides those in the text */
    const char *typed_in;    /* (nullable): the thread in whose own room it was typed; NULL: in the conversation's */
} FdDraft;

typedef struct {
    char *uuid;
    char *event;
    char *text;
    char *thread_id; /* (nullable) */
    gint64 parent;
    char **tags;    /* (nullable) */
    char *typed_in; /* (nullable) */
    gboolean told;  /* the user was told that it was not sent: what shows it later is news */
    FdOutgoingState state;
    FdMessage *answer; /* (nullable) ACCEPTED: the message as the service's answer told it */
    guint look_ups;    /* ACCEPTED: how often it was looked for */
    gint64 due_us;     /* ACCEPTED: monotonic time of the next look-up */
} FdOutgoing;

typedef struct _FdOutbox FdOutbox;

FdOutbox *fd_outbox_new(void);
void fd_outbox_free(FdOutbox *outbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdOutbox, fd_outbox_free)

/* Appends a copy of @draft with a new uuid. */
void fd_outbox_add(FdOutbox *outbox, const FdDraft *draft);

/* (nullable) (transfer none): what to send now: the oldest waiting one, unless one is under way, so that order is kept. */
FdOutgoing *fd_outbox_next(FdOutbox *outbox);

/* (nullable) (transfer none) */
FdOutgoing *fd_outbox_find(FdOutbox *outbox, const char *uuid);

/* Where the host has shown a message of the user's own already, because it was typed there. NONE also of what was typed
 * elsewhere than it belongs, and of what the user believes to be lost. */
typedef enum { FD_ECHO_NONE, FD_ECHO_ROOM, FD_ECHO_THREAD } FdEcho;

/**
 * fd_outbox_confirm:
 * @message: one of the user's own, from the stream or a list
 *
 * Matches by uuid, by the id the service answered with, or, where it left the uuid out, by the text of
 * what it has accepted, and forgets the entry. The server may have changed the text (emoji codes), so the uuid comes first. Sheet: 3.6, "Echo".
 *
 * Returns: where it is shown already.
 */
FdEcho fd_outbox_confirm(FdOutbox *outbox, const FdMessage *message);

/* Takes an entry out. (transfer full) (nullable): its text. */
char *fd_outbox_take(FdOutbox *outbox, const char *uuid);

/* (nullable) (transfer none): the first entry that the service has, but whose line is still missing. */
FdOutgoing *fd_outbox_get_unseen(FdOutbox *outbox);

/* (transfer none) (nullable): the entry has failed: it stays, with its text, until it is sent again or forgotten. */
const FdOutgoing *fd_outbox_fail(FdOutbox *outbox, const char *uuid);
/* Each: how many had failed. What is sent again keeps its uuid: should the first attempt have arrived after all, the
 * service or its echo tells. */
guint fd_outbox_retry(FdOutbox *outbox);
guint fd_outbox_forget(FdOutbox *outbox);

/* Whether something is on its way that is not shown yet. */
gboolean fd_outbox_is_busy(FdOutbox *outbox);

/* (transfer full) (array zero-terminated=1): the texts of all that the service may not have, in order; empties the box. */
char **fd_outbox_clear(FdOutbox *outbox);
