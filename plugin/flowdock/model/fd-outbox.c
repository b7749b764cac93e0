/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages not yet confirmed. */
#include "fd-outbox.h"

struct _FdOutbox {
    GQueue entries; /* FdOutgoing, oldest first */
};

static void outgoing_free(gpointer data)
{
    FdOutgoing *outgoing = data;

    g_free(outgoing->uuid);
    g_free(outgoing->event);
    g_free(outgoing->text);
    g_free(outgoing->thread_id);
    g_strfreev(outgoing->tags);
    g_free(outgoing->typed_in);
    fd_message_free(outgoing->answer);
    g_free(outgoing);
}

FdOutbox *fd_outbox_new(void)
{
    FdOutbox *outbox = g_new0(FdOutbox, 1);

    g_queue_init(&outbox->entries);
    return outbox;
}

void fd_outbox_free(FdOutbox *outbox)
{
    if (!outbox)
        return;
    g_queue_clear_full(&outbox->entries, outgoing_free);
    g_free(outbox);
}

void fd_outbox_add(FdOutbox *outbox, const FdDraft *draft)
{
    FdOutgoing *outgoing = g_new0(FdOutgoing, 1);

    outgoing->uuid = g_uuid_string_random();
    outgoing->event = g_strdup(draft->event);
    outgoing->text = g_strdup(draft->text);
    outgoing->thread_id = g_strdup(draft->thread_id);
    outgoing->parent = draft->parent;
    outgoing->tags = g_strdupv((char **)draft->tags);
    outgoing->typed_in = g_strdup(draft->typed_in);
    g_queue_push_tail(&outbox->entries, outgoing);
}

FdOutgoing *fd_outbox_next(FdOutbox *outbox)
{
    for (GList *link = outbox->entries.head; link; link = link->next) {
        FdOutgoing *outgoing = link->data;

        if (outgoing->state == FD_OUTGOING_SENDING)
            return NULL;
        if (outgoing->state == FD_OUTGOING_WAITING)
            return outgoing;
    }
    return NULL;
}

static GList *find_link(FdOutbox *outbox, const char *uuid)
{
    for (GList *link = outbox->entries.head; link; link = link->next)
        if (g_strcmp0(((FdOutgoing *)link->data)->uuid, uuid) == 0)
            return link;
    return NULL;
}

FdOutgoing *fd_outbox_find(FdOutbox *outbox, const char *uuid)
{
    GList *link = find_link(outbox, uuid);

    return link ? link->data : NULL;
}

/* Whether @message is what @outgoing became. */
static gboolean is_echo(const FdOutgoing *outgoing, const FdMessage *message)
{
    if (g_strcmp0(outgoing->uuid, message->uuid) == 0)
        return TRUE;
    if (outgoing->answer && outgoing->answer->id == message->id)
        return TRUE;
    return !message->uuid && outgoing->state == FD_OUTGOING_ACCEPTED && !outgoing->answer &&
           g_strcmp0(outgoing->text, fd_message_get_text(message)) == 0;
}

static FdEcho echo_of(const FdOutgoing *outgoing, const FdMessage *message)
{
    if (outgoing->told)
        return FD_ECHO_NONE;
    if (!outgoing->typed_in)
        return FD_ECHO_ROOM;
    return g_strcmp0(outgoing->typed_in, message->thread_id) == 0 ? FD_ECHO_THREAD : FD_ECHO_NONE;
}

FdEcho fd_outbox_confirm(FdOutbox *outbox, const FdMessage *message)
{
    for (GList *link = outbox->entries.head; link; link = link->next) {
        FdEcho echo;

        if (!is_echo(link->data, message))
            continue;
        echo = echo_of(link->data, message);
        outgoing_free(link->data);
        g_queue_delete_link(&outbox->entries, link);
        return echo;
    }
    return FD_ECHO_NONE;
}

const FdOutgoing *fd_outbox_fail(FdOutbox *outbox, const char *uuid)
{
    FdOutgoing *outgoing = fd_outbox_find(outbox, uuid);

    if (outgoing) {
        outgoing->state = FD_OUTGOING_FAILED;
        outgoing->told = TRUE;
    }
    return outgoing;
}

guint fd_outbox_retry(FdOutbox *outbox)
{
    guint count = 0;

    for (GList *link = outbox->entries.head; link; link = link->next) {
        FdOutgoing *outgoing = link->data;

        if (outgoing->state != FD_OUTGOING_FAILED)
            continue;
        outgoing->state = FD_OUTGOING_WAITING;
        count++;
    }
    return count;
}

guint fd_outbox_forget(FdOutbox *outbox)
{
    guint count = 0;

    for (GList *link = outbox->entries.head, *next; link; link = next) {
        next = link->next;
        if (((FdOutgoing *)link->data)->state != FD_OUTGOING_FAILED)
            continue;
        outgoing_free(link->data);
        g_queue_delete_link(&outbox->entries, link);
        count++;
    }
    return count;
}

char *fd_outbox_take(FdOutbox *outbox, const char *uuid)
{
    GList *link = find_link(outbox, uuid);
    char *text;

    if (!link)
        return NULL;
    text = g_steal_pointer(&((FdOutgoing *)link->data)->text);
    outgoing_free(link->data);
    g_queue_delete_link(&outbox->entries, link);
    return text;
}

FdOutgoing *fd_outbox_get_unseen(FdOutbox *outbox)
{
    for (GList *link = outbox->entries.head; link; link = link->next)
        if (((FdOutgoing *)link->data)->state == FD_OUTGOING_ACCEPTED)
            return link->data;
    return NULL;
}

gboolean fd_outbox_is_busy(FdOutbox *outbox)
{
    for (GList *link = outbox->entries.head; link; link = link->next)
        if (((FdOutgoing *)link->data)->state != FD_OUTGOING_FAILED)
            return TRUE;
    return FALSE;
}

char **fd_outbox_clear(FdOutbox *outbox)
{
    g_autoptr(GStrvBuilder) texts = g_strv_builder_new();

    for (GList *link = outbox->entries.head; link; link = link->next) {
        const FdOutgoing *outgoing = link->data;

        if (outgoing->state != FD_OUTGOING_ACCEPTED)
            g_strv_builder_add(texts, outgoing->text);
    }
    g_queue_clear_full(&outbox->entries, outgoing_free);
    return g_strv_builder_end(texts);
}
