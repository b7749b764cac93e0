/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The latest files of one conversation, for who asks for them. Pure. */
#pragma once

#include "../api/fd-api-files.h"

/* So many are remembered, of however many messages. */
#define FD_FILES_MAX 200

/* One file of a message. */
typedef struct {
    gint64 id;       /* of the message */
    guint place;     /* among the files of the message, from 1 on */
    guint number;    /* that no other file of any room has or had: for menus, which may be older than the connection */
    gint64 user;     /* who shared it; 0: somebody from outside */
    char *who;       /* as it was shown */
    char *thread_id; /* (nullable) */
    FdFile *file;
} FdShared;

typedef struct _FdFiles FdFiles;

FdFiles *fd_files_new(void);
void fd_files_free(FdFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdFiles, fd_files_free)

/* Remembers the files of a message with an id, in their place by the id; those of it that are there already are replaced.
 * When there are too many, the oldest go. @found: (element-type FdFile): copied. */
void fd_files_add(FdFiles *files, const FdMessage *message, const char *who, const GPtrArray *found);

/* After a deletion. Unknown ids are ignored. */
void fd_files_remove(FdFiles *files, gint64 id);

/* Each: (transfer none) (nullable), valid until the next change. */
/* Those of a message: by their place; @place 0: the first. */
const FdShared *fd_files_find(const FdFiles *files, gint64 id, guint place);
/* The @nth latest one, 1 is the last. @thread_id: (nullable): of this thread only. */
const FdShared *fd_files_nth(const FdFiles *files, guint nth, const char *thread_id);
/* The last one of a person, 0: of anyone from outside. */
const FdShared *fd_files_last_of(const FdFiles *files, gint64 user, const char *thread_id);
const FdShared *fd_files_by_number(const FdFiles *files, guint number);
