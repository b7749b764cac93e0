/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the service's marks off what the user has seen, one message after the other. */
#include "fd-unread.h"

#include "../api/fd-api-messages.h"
#include "net/net-json.h"

/* So many messages wait to be changed; of more, the oldest keep their marks. */
#define MAX_WORK 1000
/* After so many failures in a row the rest keeps its marks. */
#define MAX_FAILURES 5

/*
 *   idle --seen--> pausing --timer--> calling --the list is empty--> idle
 */
typedef enum { UNREAD_IDLE, UNREAD_PAUSING, UNREAD_CALLING } UnreadState;

struct _FdUnread {
    FdState *state;
    GCancellable *cancellable; /* of this object: its end cancels what is under way */
    UnreadState at;
    guint pause_ms;
    guint pause_id;
    GHashTable *waiting; /* FdRoom -> GArray of gint64 ids, ascending, never empty: shown, not seen yet */
    GQueue work;         /* of Job, owned: seen */
    guint failures;      /* in a row */
};

typedef struct {
    FdUnread *unread;
    FdRoom *room;
    gint64 id;
} Job;

static void next(FdUnread *unread);

FdUnread *fd_unread_new(FdState *state, guint pause_ms)
{
    FdUnread *unread = g_new0(FdUnread, 1);

    unread->state = state;
    unread->cancellable = g_cancellable_new();
    unread->pause_ms = pause_ms;
    unread->waiting = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    g_queue_init(&unread->work);
    return unread;
}

void fd_unread_free(FdUnread *unread)
{
    if (!unread)
        return;
    g_cancellable_cancel(unread->cancellable);
    g_object_unref(unread->cancellable);
    g_clear_handle_id(&unread->pause_id, g_source_remove);
    g_hash_table_unref(unread->waiting);
    g_queue_clear_full(&unread->work, g_free);
    g_free(unread);
}

static char *mark_of(const FdUnread *unread)
{
    return g_strdup_printf(":unread:%" G_GINT64_FORMAT, unread->state->self);
}

/* The message's tags without the mark, each once. Returns: (transfer container): ended by %NULL. */
static GPtrArray *other_tags(const FdMessage *message, const char *mark)
{
    GPtrArray *tags = g_ptr_array_new();

    for (char **tag = message->tags; *tag; tag++) {
        if (!g_str_equal(*tag, mark) && !g_ptr_array_find_with_equal_func(tags, *tag, g_str_equal, NULL))
            g_ptr_array_add(tags, *tag);
    }
    g_ptr_array_add(tags, NULL);
    return tags;
}

static void finish_job(FdUnread *unread, gboolean failed)
{
    unread->failures = failed ? unread->failures + 1 : 0;
    if (unread->failures >= MAX_FAILURES)
        g_queue_clear_full(&unread->work, g_free);
    next(unread);
}

static void on_changed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Job *job = user_data;
    g_autoptr(GError) error = NULL;
    gboolean changed = fd_api_message_change_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    finish_job(job->unread, !changed);
}

static void on_shown(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Job *job = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = fd_api_message_show_finish(result, &error);
    g_autoptr(GPtrArray) tags = NULL;
    g_autofree char *mark = NULL;
    FdUnread *unread = job->unread;
    FdApiPlace place;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    mark = mark_of(unread);
    /* Another message's tags are none to write. */
    if (!message || message->id != job->id) {
        finish_job(unread, TRUE);
        return;
    }
    if (!fd_message_has_tag(message, mark) || !fd_message_has_all_tags(message)) {
        finish_job(unread, FALSE);
        return;
    }
    tags = other_tags(message, mark);
    place = fd_room_place(job->room);
    fd_api_message_set_tags_async(unread->state->api, &place, message->id, (const char *const *)tags->pdata,
                                  unread->cancellable, on_changed, g_steal_pointer(&job));
}

static void next(FdUnread *unread)
{
    Job *job = g_queue_pop_head(&unread->work);
    FdApiPlace place;

    unread->at = job ? UNREAD_CALLING : UNREAD_IDLE;
    if (!job)
        return;
    place = fd_room_place(job->room);
    fd_api_message_show_async(unread->state->api, &place, job->id, unread->cancellable, on_shown, job);
}

static gboolean on_pause_over(gpointer user_data)
{
    FdUnread *unread = user_data;

    unread->pause_id = 0;
    unread->failures = 0;
    next(unread);
    return G_SOURCE_REMOVE;
}

/* Nearly always at the end. */
static void insert_sorted(GArray *ids, gint64 id)
{
    guint at = ids->len;

    while (at > 0 && g_array_index(ids, gint64, at - 1) > id)
        at--;
    if (at > 0 && g_array_index(ids, gint64, at - 1) == id)
        return;
    g_array_insert_val(ids, at, id);
    if (ids->len > FD_UNREAD_MAX)
        g_array_remove_index(ids, 0);
}

void fd_unread_add(FdUnread *unread, FdRoom *room, const FdMessage *message)
{
    g_autofree char *mark = mark_of(unread);
    GArray *ids;

    if (message->id <= 0 || message->user == unread->state->self || !fd_message_has_tag(message, mark))
        return;
    ids = g_hash_table_lookup(unread->waiting, room);
    if (!ids) {
        ids = g_array_new(FALSE, FALSE, sizeof(gint64));
        g_hash_table_insert(unread->waiting, room, ids);
    }
    insert_sorted(ids, message->id);
}

gboolean fd_unread_is_waiting(const FdUnread *unread, const FdRoom *room)
{
    return g_hash_table_contains(unread->waiting, room);
}

gboolean fd_unread_is_any_waiting(const FdUnread *unread)
{
    return g_hash_table_size(unread->waiting) > 0;
}

void fd_unread_seen(FdUnread *unread, FdRoom *room)
{
    const GArray *ids = g_hash_table_lookup(unread->waiting, room);

    if (!ids)
        return;
    for (guint i = 0; i < ids->len; i++) {
        Job *job = g_new(Job, 1);

        job->unread = unread;
        job->room = room;
        job->id = g_array_index(ids, gint64, i);
        g_queue_push_tail(&unread->work, job);
    }
    g_hash_table_remove(unread->waiting, room);
    while (unread->work.length > MAX_WORK)
        g_free(g_queue_pop_head(&unread->work));
    if (unread->at != UNREAD_IDLE)
        return;
    unread->at = UNREAD_PAUSING;
    unread->pause_id = g_timeout_add(unread->pause_ms, on_pause_over, unread);
}
