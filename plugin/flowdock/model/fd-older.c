/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading what is older. */
#include "fd-older.h"

typedef struct {
    FdApi *api;
    char *flow_path; /* (nullable), as the next: the place */
    char *thread_id;
    gint64 user;
    gint64 until;
    guint wanted;
    guint count;
    GCancellable *cancellable;
    GPtrArray *pages; /* GPtrArray of FdMessage, the newest first */
    FdOlderFunc done;
    gpointer user_data;
    GDestroyNotify destroy;
} Older;

static void older_free(Older *older)
{
    older->destroy(older->user_data);
    fd_api_unref(older->api);
    g_free(older->flow_path);
    g_free(older->thread_id);
    g_object_unref(older->cancellable);
    g_ptr_array_unref(older->pages);
    g_free(older);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Older, older_free)

/* (transfer full): all pages as one list. */
static GPtrArray *join(Older *older)
{
    GPtrArray *messages = g_ptr_array_new_full(older->count, (GDestroyNotify)fd_message_free);

    for (guint i = older->pages->len; i > 0; i--) {
        GPtrArray *page = older->pages->pdata[i - 1];

        for (guint j = 0; j < page->len; j++)
            g_ptr_array_add(messages, g_steal_pointer(&page->pdata[j]));
    }
    return messages;
}

static void load(Older *older);

/* Whether there may be more of what is wanted. Keeps @messages. */
static gboolean take(Older *older, GPtrArray *messages)
{
    const FdMessage *oldest = messages->len > 0 ? messages->pdata[0] : NULL;
    gboolean more = oldest && (older->until == 0 || oldest->id < older->until) && messages->len >= FD_API_MAX_LIST;

    if (oldest)
        older->until = oldest->id;
    older->count += messages->len;
    g_ptr_array_add(older->pages, g_ptr_array_ref(messages));
    return more && older->count < older->wanted;
}

static void on_page(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Older) older = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) page = fd_api_messages_list_finish(result, &error);
    g_autoptr(GPtrArray) messages = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (page && take(older, page)) {
        load(g_steal_pointer(&older));
        return;
    }
    messages = join(older);
    older->done(messages, error, older->user_data);
}

static void load(Older *older)
{
    FdApiPlace place = { .flow_path = older->flow_path, .user = older->user, .thread_id = older->thread_id };
    FdApiRange range = { .until = older->until, .limit = MIN(older->wanted - older->count, FD_API_MAX_LIST) };

    fd_api_messages_list_async(older->api, &place, &range, older->cancellable, on_page, older);
}

void fd_older_load(FdApi *api, const FdApiPlace *place, gint64 until, guint count, GCancellable *cancellable,
                   FdOlderFunc done, gpointer user_data, GDestroyNotify destroy)
{
    Older *older = g_new0(Older, 1);

    older->api = fd_api_ref(api);
    older->flow_path = g_strdup(place->flow_path);
    older->thread_id = g_strdup(place->thread_id);
    older->user = place->user;
    older->until = until;
    older->wanted = count;
    older->cancellable = g_object_ref(cancellable);
    older->pages = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    older->done = done;
    older->user_data = user_data;
    older->destroy = destroy;
    load(older);
}
