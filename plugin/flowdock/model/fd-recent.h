/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The latest messages of one conversation, for what refers to them: edits, deletions, reactions, and the references that
 * people type. Pure. */
#pragma once

#include "../api/fd-types.h"

/* So many are remembered, and so much text of each. */
#define FD_RECENT_MAX 300
#define FD_RECENT_MAX_TEXT 10000
#define FD_RECENT_MAX_REACTIONS 50

typedef struct {
    gint64 id;
    gint64 user;     /* 0: somebody from outside */
    char *who;       /* as it was shown */
    char *text;      /* as the service has it; cut where it is longer than FD_RECENT_MAX_TEXT */
    char *thread_id; /* (nullable) */
    char *event;
    gint64 sent_ms;  /* 0: unknown */
    gint64 parent;   /* of a comment: what it is about; 0: unknown */
    GPtrArray *mine; /* (nullable) (element-type utf8): names of the user's own reactions */
} FdRecentMessage;

typedef struct _FdRecent FdRecent;

FdRecent *fd_recent_new(void);
void fd_recent_free(FdRecent *recent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdRecent, fd_recent_free)

/* Remembers a message with an id, in its place by the id; one that is there already is replaced. When there are enough,
 * the oldest one goes, be it this one. @text: plain, or the service's markdown. */
void fd_recent_add(FdRecent *recent, const FdMessage *message, const char *who, const char *text);

/* After an edit. Unknown ids are ignored. */
void fd_recent_set_text(FdRecent *recent, gint64 id, const char *text);

/* After a deletion. */
void fd_recent_remove(FdRecent *recent, gint64 id);

/* The user has reacted with @emoji, or taken it back. Unknown ids are ignored. */
void fd_recent_set_reaction(FdRecent *recent, gint64 id, const char *emoji, gboolean added);
gboolean fd_recent_has_reaction(const FdRecentMessage *message, const char *emoji);

/* Each: (transfer none) (nullable), valid until the next change. */
const FdRecentMessage *fd_recent_find(const FdRecent *recent, gint64 id);
/* The @nth latest by the ids, 1 is the last one. @thread_id: (nullable): of this thread only. */
const FdRecentMessage *fd_recent_nth(const FdRecent *recent, guint nth, const char *thread_id);
/* The last one of a person, 0: of anyone from outside, that people have said: no report of an integration. */
const FdRecentMessage *fd_recent_last_of(const FdRecent *recent, gint64 user, const char *thread_id);
/* Whether people have said it: not a status, a file or a report of an integration. */
gboolean fd_recent_is_speech(const FdRecentMessage *message);

/* What a comment is about, 0: unknown. Sheet: 3.9. */
gint64 fd_recent_parent(const FdMessage *message);
