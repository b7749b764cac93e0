/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Up to where each conversation was shown in earlier sessions. Pure: whoever uses it keeps the text in a file. */
#pragma once

#include <glib.h>

/* So many conversations are remembered; those raised longest ago go first. */
#define FD_MARKS_MAX 5000
/* Longer texts are not read. */
#define FD_MARKS_MAX_BYTES (1024 * 1024)

typedef struct _FdMarks FdMarks;

FdMarks *fd_marks_new(void);
void fd_marks_free(FdMarks *marks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdMarks, fd_marks_free)

/* Takes in what fd_marks_save() made; what is no mark in it is left out. @text: (nullable): %NULL: nothing was saved yet.
 * Returns: whether all of it was understood. */
gboolean fd_marks_load(FdMarks *marks, const char *text, gsize length);
/* (transfer full): JSON, the marks raised last at the end; without the first ones where it would be too long to load. */
char *fd_marks_save(const FdMarks *marks);

/* The highest id shown in a conversation, 0: none known. @key: "flow ID" or "private ID", at most 500 bytes. */
gint64 fd_marks_get(const FdMarks *marks, const char *key);
/* A mark never goes back. Returns: whether it has changed. */
gboolean fd_marks_raise(FdMarks *marks, const char *key, gint64 id);
