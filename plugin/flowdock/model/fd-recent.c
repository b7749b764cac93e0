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
    g_clear_pointer(&message->mine, g_ptr_array_unref);
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

/* Sheet: 3.9: the parent is told by a tag. */
gint64 fd_recent_parent(const FdMessage *message)
{
    static const char prefix[] = "influx:";

    for (char **tag = message->tags; *tag; tag++)
        if (g_str_has_prefix(*tag, prefix))
            return MAX(g_ascii_strtoll(*tag + strlen(prefix), NULL, 10), 0);
    return 0;
}

/* What is loaded later may be older. */
static void insert(FdRecent *recent, FdRecentMessage *message)
{
    GList *link = recent->messages.tail;

    while (link && ((FdRecentMessage *)link->data)->id > message->id)
        link = link->prev;
    g_queue_insert_after(&recent->messages, link, message);
}

void fd_recent_add(FdRecent *recent, const FdMessage *message, const char *who, const char *text)
{
    GList *link = find_link(recent, message->id);
    FdRecentMessage *added;

    if (message->id <= 0)
        return;
    added = g_new0(FdRecentMessage, 1);
    if (link) {
        added->mine = g_steal_pointer(&((FdRecentMessage *)link->data)->mine);
        message_free(link->data);
        g_queue_delete_link(&recent->messages, link);
    }
    added->id = message->id;
    added->user = message->user;
    added->who = g_strdup(who);
    added->text = cut(text);
    added->thread_id = g_strdup(message->thread_id);
    added->event = g_strdup(message->event);
    added->sent_ms = message->sent_ms;
    added->parent = fd_recent_parent(message);
    insert(recent, added);
    if (recent->messages.length > FD_RECENT_MAX)
        message_free(g_queue_pop_head(&recent->messages));
}

void fd_recent_remove(FdRecent *recent, gint64 id)
{
    GList *link = find_link(recent, id);

    if (!link)
        return;
    message_free(link->data);
    g_queue_delete_link(&recent->messages, link);
}

void fd_recent_set_reaction(FdRecent *recent, gint64 id, const char *emoji, gboolean added)
{
    GList *link = find_link(recent, id);
    FdRecentMessage *message = link ? link->data : NULL;
    guint at;

    if (!message)
        return;
    if (!message->mine)
        message->mine = g_ptr_array_new_with_free_func(g_free);
    if (g_ptr_array_find_with_equal_func(message->mine, emoji, g_str_equal, &at))
        g_ptr_array_remove_index(message->mine, at);
    if (added && message->mine->len < FD_RECENT_MAX_REACTIONS)
        g_ptr_array_add(message->mine, g_strdup(emoji));
}

gboolean fd_recent_has_reaction(const FdRecentMessage *message, const char *emoji)
{
    return message->mine && g_ptr_array_find_with_equal_func(message->mine, emoji, g_str_equal, NULL);
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

static gboolean is_in(const FdRecentMessage *message, const char *thread_id)
{
    return !thread_id || g_strcmp0(message->thread_id, thread_id) == 0;
}

const FdRecentMessage *fd_recent_nth(const FdRecent *recent, guint nth, const char *thread_id)
{
    for (GList *link = recent->messages.tail; link && nth > 0; link = link->prev)
        if (is_in(link->data, thread_id) && --nth == 0)
            return link->data;
    return NULL;
}

gboolean fd_recent_is_speech(const FdRecentMessage *message)
{
    return strcmp(message->event, "message") == 0 || strcmp(message->event, "comment") == 0;
}

const FdRecentMessage *fd_recent_last_of(const FdRecent *recent, gint64 user, const char *thread_id)
{
    for (GList *link = recent->messages.tail; link; link = link->prev)
        if (((FdRecentMessage *)link->data)->user == user && is_in(link->data, thread_id) &&
            fd_recent_is_speech(link->data))
            return link->data;
    return NULL;
}
