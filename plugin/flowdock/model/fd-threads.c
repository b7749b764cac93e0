/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads of one room. */
#include "fd-threads.h"

#include "net/net-json.h"
#include "text/text-escape.h"

#include <string.h>

struct _FdThreads {
    GQueue seen;       /* of FdThread, the latest seen last */
    GHashTable *by_id; /* id -> link in seen */
    guint last_number;
};

static void thread_free(gpointer data)
{
    FdThread *thread = data;

    g_free(thread->id);
    g_free(thread->title);
    g_free(thread->status);
    g_free(thread->color);
    g_free(thread->source);
    g_free(thread);
}

FdThreads *fd_threads_new(void)
{
    FdThreads *threads = g_new0(FdThreads, 1);

    g_queue_init(&threads->seen);
    threads->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    return threads;
}

void fd_threads_free(FdThreads *threads)
{
    if (!threads)
        return;
    g_hash_table_unref(threads->by_id);
    g_queue_clear_full(&threads->seen, thread_free);
    g_free(threads);
}

static void forget_oldest(FdThreads *threads)
{
    FdThread *oldest = g_queue_pop_head(&threads->seen);

    g_hash_table_remove(threads->by_id, oldest->id);
    thread_free(oldest);
}

static FdThread *get(FdThreads *threads, const char *id)
{
    GList *link = g_hash_table_lookup(threads->by_id, id);
    FdThread *thread;

    if (link) {
        ((FdThread *)link->data)->is_new = FALSE;
        g_queue_unlink(&threads->seen, link);
        g_queue_push_tail_link(&threads->seen, link);
        return link->data;
    }
    if (threads->seen.length >= FD_THREADS_MAX)
        forget_oldest(threads);
    thread = g_new0(FdThread, 1);
    thread->number = ++threads->last_number;
    thread->id = g_strdup(id);
    thread->title = g_strdup("");
    thread->is_new = TRUE;
    g_queue_push_tail(&threads->seen, thread);
    g_hash_table_insert(threads->by_id, thread->id, threads->seen.tail);
    return thread;
}

static void replace(char **place, const char *text)
{
    g_free(*place);
    *place = text && *text ? text_clean_line(text) : NULL;
}

/* The application is a name, or an object with one. Sheet: 3.8, "source". */
static const char *application_of(JsonObject *source)
{
    JsonObject *application = net_json_object(source, "application");

    return application ? net_json_string(application, "name") : net_json_string(source, "application");
}

static void learn(FdThread *thread, JsonObject *json)
{
    JsonObject *status = net_json_object(json, "status");
    const char *title = net_json_string(json, "title");

    if (title && *title) {
        g_free(thread->title);
        thread->title = text_clean_line(title);
    }
    replace(&thread->status, net_json_string(status, "value"));
    replace(&thread->color, net_json_string(status, "color"));
    replace(&thread->source, application_of(net_json_object(json, "source")));
    thread->initial = MAX(net_json_int(json, "initial_message", thread->initial), 0);
}

const FdThread *fd_threads_see(FdThreads *threads, const FdMessage *message)
{
    JsonObject *json = net_json_object(message->json, "thread");
    gboolean begins = message->id != 0 && net_json_int(json, "initial_message", 0) == message->id;
    FdThread *thread;

    if (!message->thread_id || !*message->thread_id)
        return NULL;
    /* Of a chat thread nothing but its first message is known so far; those of integrations have a source. */
    if (!json ||
        (begins && !net_json_object(json, "source") && !g_hash_table_contains(threads->by_id, message->thread_id)))
        return NULL;
    thread = get(threads, message->thread_id);
    learn(thread, json);
    return thread;
}

const FdThread *fd_threads_by_id(const FdThreads *threads, const char *id)
{
    GList *link = g_hash_table_lookup(threads->by_id, id);

    return link ? link->data : NULL;
}

const FdThread *fd_threads_by_number(const FdThreads *threads, guint number)
{
    for (GList *link = threads->seen.tail; link; link = link->prev)
        if (((FdThread *)link->data)->number == number)
            return link->data;
    return NULL;
}
