/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The latest messages of one conversation. */
#include "fd-recent.h"

#include <string.h>

struct _FdRecent {
    GQueue messages; /* of FdRecentMessage, the last shown last */
};

static void message_free(gpointer data)
{
    FdRecentMessage *message = data;

    g_free(message->who);
    g_free(message->text);
    g_free(message->thread_id);
    g_free(message->event);
    g_free(message);
}

FdRecent *fd_recent_new(void)
{
    FdRecent *recent = g_new0(FdRecent, 1);

    g_queue_init(&recent->messages);
    return recent;
}

void fd_recent_free(FdRecent *recent)
{
    if (!recent)
        return;
    g_queue_clear_full(&recent->messages, message_free);
    g_free(recent);
}

static char *cut(const char *text)
{
    const char *end;

    if (strlen(text) <= FD_RECENT_MAX_TEXT)
        return g_strdup(text);
    end = g_utf8_find_prev_char(text, text + FD_RECENT_MAX_TEXT + 1);
    return g_strndup(text, (gsize)(end - text));
}

/* What is asked for is nearly always among the last. */
static GList *find_link(const FdRecent *recent, gint64 id)
{
    for (GList *link = recent->messages.tail; link; link = link->prev)
        if (((FdRecentMessage *)link->data)->id == id)
            return link;
    return NULL;
}

void fd_recent_add(FdRecent *recent, const FdMessage *message, const char *who, const char *text)
{
    GList *link = find_link(recent, message->id);
    FdRecentMessage *added;

    if (message->id <= 0)
        return;
    if (link) {
        message_free(link->data);
        g_queue_delete_link(&recent->messages, link);
    } else if (recent->messages.length >= FD_RECENT_MAX) {
        message_free(g_queue_pop_head(&recent->messages));
    }
    added = g_new0(FdRecentMessage, 1);
    added->id = message->id;
    added->user = message->user;
    added->who = g_strdup(who);
    added->text = cut(text);
    added->thread_id = g_strdup(message->thread_id);
    added->event = g_strdup(message->event);
    g_queue_push_tail(&recent->messages, added);
}

void fd_recent_set_text(FdRecent *recent, gint64 id, const char *text)
{
    GList *link = find_link(recent, id);
    FdRecentMessage *message = link ? link->data : NULL;

    if (!message)
        return;
    g_free(message->text);
    message->text = cut(text);
}

const FdRecentMessage *fd_recent_find(const FdRecent *recent, gint64 id)
{
    GList *link = find_link(recent, id);

    return link ? link->data : NULL;
}

const FdRecentMessage *fd_recent_nth(const FdRecent *recent, guint nth)
{
    return nth > 0 && nth <= recent->messages.length
               ? g_queue_peek_nth((GQueue *)&recent->messages, recent->messages.length - nth)
               : NULL;
}

const FdRecentMessage *fd_recent_last_of(const FdRecent *recent, gint64 user)
{
    for (GList *link = recent->messages.tail; link; link = link->prev)
        if (((FdRecentMessage *)link->data)->user == user)
            return link->data;
    return NULL;
}
