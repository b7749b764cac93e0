/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads of one room. */
#include "fd-threads.h"

#include "../api/fd-decode.h"
#include "net/net-json.h"
#include "text/text-escape.h"
#include "text/text-html.h"
#include "text/text-md-html.h"

#include <string.h>

/* Of a title, in characters; FdLine shows less. */
#define MAX_TITLE 1000

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
    *place = g_strdup(text);
}

/* The title of a chat thread is its first message. */
static char *plain_title(const char *markdown)
{
    g_autofree char *html = text_md_to_html(markdown);
    g_autofree char *plain = text_from_html(html, MAX_TITLE);

    return text_clean_line(plain);
}

static void learn(FdThread *thread, const FdThreadInfo *info)
{
    if (*info->title) {
        g_autofree char *title = info->source ? g_strdup(info->title) : plain_title(info->title);

        replace(&thread->title, title);
    }
    replace(&thread->status, info->status);
    replace(&thread->color, info->color);
    replace(&thread->source, info->source);
    if (info->initial > 0)
        thread->initial = info->initial;
    thread->is_chat = !info->source;
}

const FdThread *fd_threads_see(FdThreads *threads, const FdMessage *message)
{
    JsonObject *json = net_json_object(message->json, "thread");
    gboolean begins = message->id != 0 && net_json_int(json, "initial_message", 0) == message->id;
    g_autoptr(FdThreadInfo) info = NULL;
    FdThread *thread;

    if (!message->thread_id || !*message->thread_id)
        return NULL;
    /* Of a chat thread nothing but its first message is known so far; those of integrations have a source. */
    if (!json ||
        (begins && !net_json_object(json, "source") && !g_hash_table_contains(threads->by_id, message->thread_id)))
        return NULL;
    info = fd_decode_thread(net_json_node(message->json, "thread"), message->thread_id);
    if (!info)
        return NULL;
    thread = get(threads, message->thread_id);
    learn(thread, info);
    return thread;
}

const FdThread *fd_threads_learn(FdThreads *threads, const FdThreadInfo *info)
{
    FdThread *thread = get(threads, info->id);

    learn(thread, info);
    return thread;
}

gboolean fd_threads_reserve(FdThreads *threads, const char *id, guint number)
{
    const FdThread *there = fd_threads_by_number(threads, number);
    guint last = threads->last_number;

    if (there || fd_threads_by_id(threads, id))
        return there && strcmp(there->id, id) == 0;
    threads->last_number = number - 1;
    get(threads, id);
    threads->last_number = MAX(last, number);
    return TRUE;
}

GPtrArray *fd_threads_list(const FdThreads *threads)
{
    GPtrArray *list = g_ptr_array_new();

    for (GList *link = threads->seen.tail; link; link = link->prev)
        g_ptr_array_add(list, link->data);
    return list;
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
