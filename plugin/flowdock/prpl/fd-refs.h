/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people type for a message (REF) or a thread (THREAD). Contract: "Commands". */
#pragma once

#include "fd-account.h"

typedef struct {
    gint64 id;
    const FdRecentMessage *message; /* (nullable): where it is remembered; valid until the next change */
} FdRef;

/**
 * fd_refs_message:
 * @thread_id: (nullable): only messages of this thread are meant, where it is not a number
 * @word: (nullable): "#12345", "12345", "^", "^3", "@nick"; %NULL: the user's own last message
 * @problem: (out) (transfer full): for the user, with what could have been meant
 *
 * Returns: %FALSE with @problem when @word means no message. A number that is not remembered is taken as it is.
 */
gboolean fd_refs_message(FdAccount *account, FdRoom *room, const char *thread_id, const char *word, FdRef *ref,
                         char **problem);

typedef enum {
    FD_WORD_TEXT,
    FD_WORD_REF,
    FD_WORD_UNCLEAR, /* a number that may be that of an older message */
} FdWord;

/* What a word is where it may also begin an ordinary text: "#12345", "^" and "^3" mean messages, "12345" does where it is
 * the number of a remembered message of the user's own. */
FdWord fd_refs_classify(FdAccount *account, const FdRoom *room, const char *word);

/**
 * fd_refs_thread:
 * @word: the number in a mark, with or without #, or a thread's id
 *
 * Returns: (transfer full) (nullable): the thread's id; %NULL with @problem.
 */
char *fd_refs_thread(FdRoom *room, const char *word, char **problem);

/* (transfer full): "#12345 14:03 Ann: text", one line of plain text with at most @max_chars of the text; with the date,
 * where it is not of today. */
char *fd_refs_describe(gint64 id, gint64 sent_ms, const char *who, const char *text, guint max_chars);
