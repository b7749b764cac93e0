/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of events, and the way of an event from the stream into a conversation. */
#include "fd-event-inbox.h"
#include "fd-event-kinds.h"

#include "../api/fd-decode.h"
#include "net/net-json.h"

#include <string.h>

/* What the setting "inbox" lets through. */
typedef enum { PART_CHAT, PART_THREADS, PART_INBOX } Part;

typedef struct {
    const char *name;
    /* (nullable) what it changes in memory, at once and each time it comes */
    void (*apply)(FdEventContext *context, const FdMessage *message);
    /* (nullable) its words; without any it has no place in a conversation */
    char *(*words)(FdState *state, const FdMessage *message);
    FdLook look;
    Part part;
    gboolean kept; /* can be referred to later: a message, not a change of one */
} FdEventKind;

/* clang-format off */
static const FdEventKind kinds[] = {
    /* name                 changes memory        words to show                   how it looks    what it is part of, kept */
    { "message",            NULL,                 fd_event_say,                   FD_LOOK_SPEECH, PART_CHAT, TRUE },
    { "comment",            NULL,                 fd_event_say_comment,           FD_LOOK_SPEECH, PART_CHAT, TRUE },
    { "line",               NULL,                 fd_event_say,                   FD_LOOK_ACTION, PART_CHAT, TRUE },
    { "status",             fd_event_status,      fd_event_say_status,            FD_LOOK_ACTION, PART_CHAT, TRUE },
    { "file",               NULL,                 fd_event_say_file,              FD_LOOK_ACTION, PART_CHAT, TRUE },
    { "message-edit",       NULL,                 fd_event_say_edit,              FD_LOOK_ACTION, PART_CHAT, FALSE },
    { "message-delete",     NULL,                 fd_event_say_deletion,          FD_LOOK_ACTION, PART_CHAT, FALSE },
    { "tag-change",         NULL,                 fd_event_say_tags,              FD_LOOK_ACTION, PART_CHAT, FALSE },
    { "emoji-reaction",     NULL,                 fd_event_say_reaction,          FD_LOOK_ACTION, PART_CHAT, FALSE },
    { "action",             fd_event_members,     fd_event_say_action,            FD_LOOK_ACTION, PART_CHAT, FALSE },
    { "backend.user.join",  fd_event_members,     NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "backend.join.user",  fd_event_members,     NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "backend.user.block", fd_event_members,     NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "user-edit",          fd_event_user_edit,   NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "flow-add",           fd_event_flow_add,    NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "flow-remove",        fd_event_flow_remove, NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "activity.user",      fd_event_activity,    NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "presence",           fd_event_presence,    NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "thread-change",      NULL,                 NULL,                           FD_LOOK_NOTICE, PART_CHAT, FALSE },
    { "activity",           NULL,                 fd_event_inbox_activity,        FD_LOOK_NOTICE, PART_THREADS, TRUE },
    { "discussion",         NULL,                 fd_event_inbox_discussion,      FD_LOOK_NOTICE, PART_THREADS, TRUE },
    { "mail",               NULL,                 fd_event_inbox_mail,            FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "rss",                NULL,                 fd_event_inbox_rss,             FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "twitter",            NULL,                 fd_event_inbox_twitter,         FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "zendesk",            NULL,                 fd_event_inbox_zendesk,         FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "jira",               NULL,                 fd_event_inbox_jira,            FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "confluence",         NULL,                 fd_event_inbox_confluence,      FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "svn",                NULL,                 fd_event_inbox_svn,             FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "vcs",                NULL,                 fd_event_inbox_vcs,             FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "pivotaltracker",     NULL,                 fd_event_inbox_pivotaltracker,  FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "uservoice",          NULL,                 fd_event_inbox_uservoice,       FD_LOOK_NOTICE, PART_INBOX, TRUE },
    { "trello",             NULL,                 fd_event_inbox_trello,          FD_LOOK_NOTICE, PART_INBOX, TRUE },
};

/* Integrations may bring events of their own. */
static const FdEventKind other = { NULL, NULL, fd_event_inbox_other, FD_LOOK_NOTICE, PART_INBOX, TRUE };
/* clang-format on */

static const FdEventKind *find_kind(const char *event)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].name, event) == 0)
            return &kinds[i];
    return &other;
}

static gboolean is_wanted(const FdState *state, const FdEventKind *kind)
{
    switch (state->inbox) {
    case FD_INBOX_SHOW_NONE:
        return kind->part == PART_CHAT;
    case FD_INBOX_SHOW_THREADS:
        return kind->part != PART_INBOX;
    default:
        return TRUE;
    }
}

void fd_line_free(FdLine *line)
{
    if (!line)
        return;
    g_free(line->who);
    g_free(line->text);
    g_free(line->attached);
    g_free(line->thread_title);
    g_free(line->thread_id);
    g_free(line->begun_by);
    g_free(line->begun_with);
    g_free(line);
}

char *fd_line_mark(const FdLine *line)
{
    if (line->thread == 0)
        return NULL;
    return line->thread_title ? g_strdup_printf("[%u: %s]", line->thread, line->thread_title)
                              : g_strdup_printf("[%u]", line->thread);
}

static char *short_title(const char *title)
{
    g_autofree char *start = NULL;
    char *blank;

    if (!*title)
        return NULL;
    if (g_utf8_strlen(title, -1) <= FD_LINE_MAX_TITLE)
        return g_strdup(title);
    start = g_utf8_substring(title, 0, FD_LINE_MAX_TITLE - 1);
    blank = strrchr(start, ' ');
    /* Rather not in the middle of a word, unless that is a long one. */
    if (blank && blank - start > FD_LINE_MAX_TITLE / 2)
        *blank = '\0';
    return g_strconcat(start, "…", NULL);
}

char *fd_event_mark(guint number, const char *title)
{
    g_autofree char *part = short_title(title);

    return part ? g_strdup_printf("[%u: %s]", number, part) : g_strdup_printf("[%u]", number);
}

/* Of the message that an edit or the like is about, too. */
static const char *thread_id_of(FdRoom *room, const FdMessage *message)
{
    gint64 subject = net_json_int(net_json_object_of(message->content), "message", 0);
    const FdRecentMessage *recent = message->thread_id || subject <= 0 ? NULL : fd_recent_find(room->recent, subject);

    return recent ? recent->thread_id : message->thread_id;
}

/* line->thread_id is set already. */
static void set_thread(FdLine *line, FdRoom *room, const FdMessage *message)
{
    const FdThread *thread;
    const FdRecentMessage *first;

    if (!room->flow)
        return;
    thread = fd_threads_see(room->threads, message);
    /* Edits and the like bear the mark of what they are about. */
    if (!thread && line->thread_id && !message->thread_id)
        thread = fd_threads_by_id(room->threads, line->thread_id);
    if (!thread)
        return;
    line->thread = thread->number;
    line->thread_title = short_title(thread->title);
    first = thread->is_new && thread->is_chat ? fd_recent_find(room->recent, thread->initial) : NULL;
    if (!first || first->id == message->id)
        return;
    line->begun_by = g_strdup(first->who);
    line->begun_with = fd_event_excerpt(first->text, FD_EVENT_EXCERPT);
}

static gboolean has_own_tag(const FdMessage *message, const char *kind, gint64 self)
{
    g_autofree char *tag = g_strdup_printf(":%s:%" G_GINT64_FORMAT, kind, self);

    return fd_message_has_tag(message, tag);
}

/* Sheet: 6.1. */
static gboolean is_mention(FdState *state, const FdRoom *room, const FdMessage *message)
{
    gint64 self = state->self;

    if (message->user == self)
        return FALSE;
    /* Every private message is for the user, so none is more so than others; the host knows that. */
    if (!room->flow)
        return FALSE;
    return has_own_tag(message, "user", self) || (message->user != 0 && has_own_tag(message, "unread", self)) ||
           has_own_tag(message, "highlight", self) || fd_message_has_tag(message, ":user:everyone");
}

/* By the id, which someone else may have for a nick. */
static char *unknown_person(FdState *state, gint64 id)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, id);

    return fd_people_outsider(state->people, digits);
}

char *fd_event_author(FdState *state, const FdMessage *message)
{
    const FdPerson *person = message->user ? fd_people_get(state->people, message->user) : NULL;

    if (person)
        return g_strdup(person->shown);
    if (message->user)
        return unknown_person(state, message->user);
    return fd_people_outsider(state->people, message->external_name);
}

/* For what is told of it later. */
static void remember(FdRoom *room, const FdMessage *message, const FdLine *line)
{
    g_autoptr(GPtrArray) files = fd_files_of_message(message);
    g_autofree char *brief = fd_event_file_brief(message);

    fd_recent_add(room->recent, message, line->who, brief ? brief : line->text);
    if (files->len > 0)
        fd_files_add(room->files, message, line->who, files);
}

FdLine *fd_event_line(FdState *state, FdRoom *room, const FdMessage *message)
{
    /* Before the words: after a deletion nothing is known of the message any more. */
    g_autofree char *thread_id = room->flow ? g_strdup(thread_id_of(room, message)) : NULL;
    const FdEventKind *kind = find_kind(message->event);
    g_autofree char *text = kind->words && is_wanted(state, kind) ? kind->words(state, message) : NULL;
    g_autofree char *attached = kind->kept && is_wanted(state, kind) ? fd_event_attached(state, room, message) : NULL;
    gboolean has_text = text && *text;
    FdLine *line;

    if (!has_text && (!attached || kind == &other))
        return NULL;
    line = g_new0(FdLine, 1);
    line->look = kind->look;
    line->who = fd_event_author(state, message);
    line->text = has_text ? g_steal_pointer(&text) : g_steal_pointer(&attached);
    line->attached = g_steal_pointer(&attached);
    line->markdown = has_text && kind->look == FD_LOOK_SPEECH;
    line->thread_id = g_steal_pointer(&thread_id);
    set_thread(line, room, message);
    if (kind->kept)
        remember(room, message, line);
    line->sent_ms = message->sent_ms;
    line->mine = message->user == state->self;
    line->mention = is_mention(state, room, message);
    return line;
}

static void place(FdEventContext *context, FdMessage *message)
{
    FdState *state = context->state;
    FdRoom *room = fd_state_room_of(state, message);
    gint64 author;

    if (!room || (room->flow && !room->shown)) {
        fd_message_free(message);
        return;
    }
    /* With a name missing, the line waits until the service was asked who it is. */
    author = room->flow ? message->user : room->user;
    if (author != 0 && !fd_people_get(state->people, author))
        fd_sync_stranger(context->sync, author, room);
    /* The window opens with what was said before. */
    if (!room->flow && !room->loaded)
        fd_sync_room(context->sync, room);
    fd_state_offer(state, room, message);
}

/* Unknown events are normal, and of the known ones some show only what hosts do not show by themselves: without words they
 * take no place in a conversation. Sheet: 5.1. */
static gboolean says_something(FdState *state, const FdEventKind *kind, const FdMessage *message)
{
    g_autofree char *words = NULL;

    if (!kind->words || !is_wanted(state, kind))
        return FALSE;
    if (kind != &other && !kind->apply)
        return TRUE;
    words = kind->words(state, message);
    return words != NULL;
}

void fd_event_receive(FdEventContext *context, const char *data, gsize length)
{
    g_autoptr(JsonNode) root = net_json_parse(data, length, NULL);
    g_autoptr(FdMessage) message = root ? fd_decode_message(root) : NULL;
    const FdEventKind *kind = message ? find_kind(message->event) : NULL;

    if (!kind)
        return;
    if (kind->apply)
        kind->apply(context, message);
    if (says_something(context->state, kind, message))
        place(context, g_steal_pointer(&message));
}
