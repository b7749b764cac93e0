/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of events: what each changes in memory, and the words it is shown with. */
#pragma once

#include "../model/fd-sync.h"

typedef enum {
    FD_LOOK_SPEECH, /* someone says it */
    FD_LOOK_ACTION, /* someone does it: "* ann waves" */
    FD_LOOK_NOTICE, /* a line about the room, or from an integration */
} FdLook;

/* Longest title of a thread in the mark of its lines, in characters. */
#define FD_LINE_MAX_TITLE 30

/* In the text of a line that is no markdown: where what an edit took away begins, what it put in, and the end of either;
 * and from where on it is markdown after all. They mean nothing else: text from outside is shown without control
 * characters. */
#define FD_LINE_OLD '\x02'
#define FD_LINE_NEW '\x03'
#define FD_LINE_END '\x04'
#define FD_LINE_MARKDOWN '\x05'
/* And from where on, up to the end, it holds no links, though names of files may look like some. */
#define FD_LINE_WORDS '\x06'

/* A line to show, in plain terms; the layer above gives it the host's form. */
typedef struct {
    FdLook look;
    char *who;          /* shown name of the author, unique among people */
    char *text;         /* plain text, perhaps of several lines; of a message, the service's markdown */
    gboolean markdown;  /* which of these */
    char *attached;     /* (nullable): further lines of plain text, of the files that came with it */
    guint thread;       /* number of the thread it belongs to, 0: none */
    char *thread_title; /* (nullable): short */
    char *thread_id;    /* (nullable): also where the line bears no mark */
    char *begun_by;     /* (nullable): the thread has its mark from now on; who wrote its first message, */
    char *begun_with;   /* (nullable): and what, in short */
    gint64 sent_ms;     /* 0: unknown */
    gboolean mine;
    gboolean mention; /* it is for the user: by name, or for everyone */
} FdLine;

void fd_line_free(FdLine *line);

/* (transfer full) (nullable): "[3: Fix login]", of a line in a thread. Plain text. */
char *fd_line_mark(const FdLine *line);

/* (transfer full): the same of a thread. */
char *fd_event_mark(guint number, const char *title);

/* (transfer none) (nullable): what somebody has said in a message or comment, as it can be edited: markdown. */
const char *fd_event_text(const FdMessage *message);

/* (transfer full): shown name of whoever has written a message; of integrations, that of nobody here. */
char *fd_event_author(FdState *state, const FdMessage *message);

/* (transfer full): "plan.pdf (application/pdf, 1.2 MB)", as far as it is known; plain text in one line. */
char *fd_event_file_name(const FdFile *file);
/* (transfer full) (nullable): its address for a browser, as fd_file_web_link(). @room: (nullable): where it was shared. Where
 * nothing is known of its place, it is at that of any flow: all are pages of the same web client. */
char *fd_event_file_link(const FdState *state, const FdRoom *room, const FdFile *file);

/* As much of a message as says which one is meant. */
#define FD_EVENT_EXCERPT 60
/* (transfer full): the first @max_chars characters of a message, in one line of plain text. */
char *fd_event_excerpt(const char *text, guint max_chars);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdLine, fd_line_free)

typedef struct {
    FdState *state;
    FdSync *sync;
} FdEventContext;

/**
 * fd_event_receive:
 * @data: one event of the stream
 *
 * Decodes an event, changes the memory, and offers what is to be shown to its conversation. What is
 * malformed, unknown, or not for us is dropped; one bad event never harms the next.
 */
void fd_event_receive(FdEventContext *context, const char *data, gsize length);

/**
 * fd_event_line:
 * @room: where it is due
 *
 * To be called once for each message, in their order: the room remembers it, and its thread, for what refers to them later.
 *
 * Returns: (transfer full) (nullable): how @message is shown; %NULL when it shows nothing.
 */
FdLine *fd_event_line(FdState *state, FdRoom *room, const FdMessage *message);
