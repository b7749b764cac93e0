/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The latest files of one conversation. */
#include "fd-files.h"

#include <string.h>

struct _FdFiles {
    GQueue list; /* of FdShared, by message and place, the newest last */
};

static void shared_free(gpointer data)
{
    FdShared *shared = data;

    g_free(shared->who);
    g_free(shared->thread_id);
    fd_file_free(shared->file);
    g_free(shared);
}

FdFiles *fd_files_new(void)
{
    FdFiles *files = g_new0(FdFiles, 1);

    g_queue_init(&files->list);
    return files;
}

void fd_files_free(FdFiles *files)
{
    if (!files)
        return;
    g_queue_clear_full(&files->list, shared_free);
    g_free(files);
}

/* The last one of the messages up to @id; (nullable) */
static GList *last_link(const FdFiles *files, gint64 id)
{
    GList *link = files->list.tail;

    while (link && ((FdShared *)link->data)->id > id)
        link = link->prev;
    return link;
}

static guint next_number(void)
{
    static guint last;

    return ++last;
}

/* One that is shown again is still the same. */
static guint number_of(const FdFiles *files, gint64 id, guint place)
{
    const FdShared *old = fd_files_find(files, id, place);

    return old ? old->number : next_number();
}

static FdShared *shared_new(const FdFiles *files, const FdMessage *message, guint place, const char *who,
                            const FdFile *file)
{
    FdShared *shared = g_new0(FdShared, 1);

    shared->id = message->id;
    shared->place = place;
    shared->number = number_of(files, message->id, place);
    shared->user = message->user;
    shared->who = g_strdup(who);
    shared->thread_id = g_strdup(message->thread_id);
    shared->file = fd_file_copy(file);
    return shared;
}

void fd_files_add(FdFiles *files, const FdMessage *message, const char *who, const GPtrArray *found)
{
    g_autoptr(GPtrArray) added = g_ptr_array_new();
    GList *link;

    if (message->id <= 0)
        return;
    for (guint i = 0; i < found->len; i++)
        g_ptr_array_add(added, shared_new(files, message, i + 1, who, found->pdata[i]));
    fd_files_remove(files, message->id);
    link = last_link(files, message->id);
    for (guint i = added->len; i > 0; i--)
        g_queue_insert_after(&files->list, link, added->pdata[i - 1]);
    while (files->list.length > FD_FILES_MAX)
        shared_free(g_queue_pop_head(&files->list));
}

void fd_files_remove(FdFiles *files, gint64 id)
{
    GList *link = last_link(files, id);

    while (link && ((FdShared *)link->data)->id == id) {
        GList *before = link->prev;

        shared_free(link->data);
        g_queue_delete_link(&files->list, link);
        link = before;
    }
}

const FdShared *fd_files_find(const FdFiles *files, gint64 id, guint place)
{
    for (GList *link = last_link(files, id); link; link = link->prev) {
        const FdShared *shared = link->data;

        if (shared->id != id)
            break;
        if (shared->place == MAX(place, 1))
            return shared;
    }
    return NULL;
}

static gboolean is_in(const FdShared *shared, const char *thread_id)
{
    return !thread_id || g_strcmp0(shared->thread_id, thread_id) == 0;
}

const FdShared *fd_files_nth(const FdFiles *files, guint nth, const char *thread_id)
{
    for (GList *link = files->list.tail; link && nth > 0; link = link->prev)
        if (is_in(link->data, thread_id) && --nth == 0)
            return link->data;
    return NULL;
}

const FdShared *fd_files_last_of(const FdFiles *files, gint64 user, const char *thread_id)
{
    for (GList *link = files->list.tail; link; link = link->prev)
        if (((FdShared *)link->data)->user == user && is_in(link->data, thread_id))
            return link->data;
    return NULL;
}

const FdShared *fd_files_by_number(const FdFiles *files, guint number)
{
    for (GList *link = files->list.tail; link; link = link->prev)
        if (((FdShared *)link->data)->number == number)
            return link->data;
    return NULL;
}
