/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the events of the team inbox: what outside services report. Sheet: 5.4 to 5.6, 8. */
#pragma once

#include "fd-event.h"

/* Bounds of what is shown of one event; what is cut to them ends in "…". All but the lines count characters. */
#define FD_INBOX_MAX_LINES 12
#define FD_INBOX_MAX_LINE 400
/* Names of people, rooms, branches, projects; the name in front of the first line. */
#define FD_INBOX_MAX_NAME 80
#define FD_INBOX_MAX_TITLE 250
#define FD_INBOX_MAX_BODY 300
#define FD_INBOX_MAX_BODY_LINES 3
/* An address cut short leads nowhere: up to this it may make its line longer than others, beyond it is left out. */
#define FD_INBOX_MAX_URL 1000

/* Each: (transfer full) (nullable): plain text of one or several lines, none of them empty; the first begins with the
 * service's name in brackets, quotations begin with "  > ". Whatever is missing or of another type than expected, the
 * text says what it can; NULL when nothing is left. Valid UTF-8 of at most FD_INBOX_MAX_LINES lines. */

/* fd-event-inbox.c: these begin with the author, marked where someone here has that name; the thread is not named. */
char *fd_event_inbox_activity(FdState *state, const FdMessage *message);
char *fd_event_inbox_discussion(FdState *state, const FdMessage *message);

/**
 * fd_event_inbox_other:
 *
 * For events without a function of their own: those of the team inbox (app "influx") with a title or a link, and any
 * other whose content has a title, and a link, source, or author.
 */
char *fd_event_inbox_other(FdState *state, const FdMessage *message);

/* fd-event-inbox-desk.c */
char *fd_event_inbox_mail(FdState *state, const FdMessage *message);
char *fd_event_inbox_rss(FdState *state, const FdMessage *message);
char *fd_event_inbox_twitter(FdState *state, const FdMessage *message);
char *fd_event_inbox_zendesk(FdState *state, const FdMessage *message);
char *fd_event_inbox_confluence(FdState *state, const FdMessage *message);
char *fd_event_inbox_uservoice(FdState *state, const FdMessage *message);

/* fd-event-inbox-code.c */
char *fd_event_inbox_vcs(FdState *state, const FdMessage *message);
char *fd_event_inbox_svn(FdState *state, const FdMessage *message);

/* fd-event-inbox-tasks.c */
char *fd_event_inbox_jira(FdState *state, const FdMessage *message);
char *fd_event_inbox_pivotaltracker(FdState *state, const FdMessage *message);
char *fd_event_inbox_trello(FdState *state, const FdMessage *message);

/* ---------------------------------------------------------------- for the files above: readers of foreign members */

/* Each takes a (nullable) object and the names of one or several members, separated by "|", and reads the first of them
 * that has what is wanted. Each: (transfer full) (nullable): one line that shows something; NULL when there is none. */

/* Text, or a whole number, within the bound of names; of titles. */
char *fd_inbox_name(JsonObject *object, const char *names);
char *fd_inbox_title(JsonObject *object, const char *names);
/* An address, unchanged. */
char *fd_inbox_url(JsonObject *object, const char *names);
/* Somebody or something, as text or as an object with a name. */
char *fd_inbox_person(JsonObject *object, const char *names);

/* (transfer none) (nullable): an object some levels down: "comment/suggestion". */
JsonObject *fd_inbox_object(JsonObject *object, const char *path);
/* Whether a member is true, or the text "true". Sheet: 5.5, "booleans as text". */
gboolean fd_inbox_flag(JsonObject *object, const char *name);
/**
 * fd_inbox_first_line:
 * @text: (nullable)
 * @escaped: whether a line also ends at the two characters "\n" or "\r". Sheet: 5.6
 *
 * Returns: (transfer full) (nullable): the first line that is not empty, within the bound of titles.
 */
char *fd_inbox_first_line(const char *text, gboolean escaped);

/* --------------------------------------------------------------------------- and the words while they are put together */

typedef struct {
    GString *text;
    const char *prefix;
    guint lines;
} FdInbox;

/* @prefix: (nullable): begins the first line; must outlive the result. */
FdInbox fd_inbox_begin(const char *prefix);
void fd_inbox_clear(FdInbox *inbox);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FdInbox, fd_inbox_clear)
/* (transfer full) (nullable): what was added; NULL when nothing was. */
char *fd_inbox_finish(FdInbox *inbox);

/* @line, @url: (nullable): a line without line ends, with the address as its last word, or behind it. */
void fd_inbox_line(FdInbox *inbox, const char *line, const char *url);
/**
 * fd_inbox_lines:
 * @lead: (nullable): stands before the first line
 * @plain: (nullable): text of any length
 *
 * Adds the lines of a text that are not empty, at most so many and together not longer than that.
 */
void fd_inbox_lines(FdInbox *inbox, const char *lead, const char *plain, guint max_lines, gsize max_chars);
/* A body in short form; @is_html: whether @body is HTML. */
void fd_inbox_body(FdInbox *inbox, const char *lead, const char *body, gboolean is_html);
/* The first line of @text, as a quotation; escaped line ends count. */
void fd_inbox_quote(FdInbox *inbox, const char *text);
/* "… and N more", unless @count is 0. */
void fd_inbox_more(FdInbox *inbox, guint count);

/* Everything is (nullable), plain, and in one line. */
typedef struct {
    const char *sentence; /* translated, with who, what, where, whither as %1$s to %4$s */
    const char *type;     /* as the service calls what happened */
    const char *who, *what, *where, *whither;
    const char *note; /* in parentheses behind it */
    const char *url;
} FdInboxSaying;

/* Adds @sentence when all its words are there (without who it was someone), else what there is: "WHO: WHAT (TYPE)". */
void fd_inbox_say(FdInbox *inbox, const FdInboxSaying *saying);

typedef struct {
    const char *type;
    const char *sentence; /* N_() */
} FdInboxVerb;

/* (transfer none) (nullable): the sentence for a type, translated. */
const char *fd_inbox_sentence(const FdInboxVerb *verbs, gsize count, const char *type);
