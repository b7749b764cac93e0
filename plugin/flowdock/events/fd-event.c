/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of events, and the way of an event from the stream into a conversation. */
#include "fd-event-kinds.h"

#include "../api/fd-decode.h"
#include "net/net-json.h"

#include <string.h>

typedef struct {
    const char *name;
    /* (nullable) what it changes in memory, at once and each time it comes */
    void (*apply)(FdEventContext *context, const FdMessage *message);
    /* (nullable) its words; without any it has no place in a conversation */
    char *(*words)(FdState *state, const FdMessage *message);
    FdLook look;
} FdEventKind;

/* clang-format off */
static const FdEventKind kinds[] = {
    /* name                 changes memory        words to show         how it looks */
    { "message",            NULL,                 fd_event_say,         FD_LOOK_SPEECH },
    { "comment",            NULL,                 fd_event_say_comment, FD_LOOK_SPEECH },
    { "line",               NULL,                 fd_event_say,         FD_LOOK_ACTION },
    { "status",             NULL,                 fd_event_say_status,  FD_LOOK_ACTION },
    { "file",               NULL,                 fd_event_say_file,    FD_LOOK_ACTION },
    { "action",             fd_event_members,     NULL,                 FD_LOOK_NOTICE },
    { "backend.user.join",  fd_event_members,     NULL,                 FD_LOOK_NOTICE },
    { "backend.join.user",  fd_event_members,     NULL,                 FD_LOOK_NOTICE },
    { "backend.user.block", fd_event_members,     NULL,                 FD_LOOK_NOTICE },
    { "user-edit",          fd_event_user_edit,   NULL,                 FD_LOOK_NOTICE },
    { "flow-add",           fd_event_flow_add,    NULL,                 FD_LOOK_NOTICE },
    { "flow-remove",        fd_event_flow_remove, NULL,                 FD_LOOK_NOTICE },
};
/* clang-format on */

static const FdEventKind *find_kind(const char *event)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].name, event) == 0)
            return &kinds[i];
    return NULL;
}

void fd_line_free(FdLine *line)
{
    if (!line)
        return;
    g_free(line->who);
    g_free(line->text);
    g_free(line);
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
    return has_own_tag(message, "user", self) || has_own_tag(message, "unread", self) ||
           has_own_tag(message, "highlight", self) || fd_message_has_tag(message, ":user:everyone");
}

/* By the id, which someone else may have for a nick. */
static char *unknown_person(FdState *state, gint64 id)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, id);

    return fd_people_outsider(state->people, digits);
}

static char *author_of(FdState *state, const FdMessage *message)
{
    const FdPerson *person = message->user ? fd_people_get(state->people, message->user) : NULL;

    if (person)
        return g_strdup(person->shown);
    if (message->user)
        return unknown_person(state, message->user);
    return fd_people_outsider(state->people, message->external_name);
}

FdLine *fd_event_line(FdState *state, FdRoom *room, const FdMessage *message)
{
    const FdEventKind *kind = find_kind(message->event);
    g_autofree char *text = kind && kind->words ? kind->words(state, message) : NULL;
    FdLine *line;

    if (!text || !*text)
        return NULL;
    line = g_new0(FdLine, 1);
    line->look = kind->look;
    line->who = author_of(state, message);
    line->text = g_steal_pointer(&text);
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
    fd_state_offer(state, room, message);
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
    if (kind->words)
        place(context, g_steal_pointer(&message));
}
