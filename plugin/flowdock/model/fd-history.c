/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one conversation has shown: order and duplicates. */
#include "fd-history.h"

struct _FdHistory {
    GArray *seen;    /* gint64, ascending, at most FD_HISTORY_WINDOW */
    gint64 floor;    /* ids up to this one count as seen */
    GPtrArray *held; /* (nullable) FdMessage; not NULL while holding */
    guint holders;
};

FdHistory *fd_history_new(void)
{
    FdHistory *history = g_new0(FdHistory, 1);

    history->seen = g_array_new(FALSE, FALSE, sizeof(gint64));
    return history;
}

void fd_history_free(FdHistory *history)
{
    if (!history)
        return;
    g_array_unref(history->seen);
    g_clear_pointer(&history->held, g_ptr_array_unref);
    g_free(history);
}

static gint64 seen_at(const FdHistory *history, guint index)
{
    return g_array_index(history->seen, gint64, index);
}

/* Where @id is or belongs; nearly always the end. */
static guint position_of(const FdHistory *history, gint64 id)
{
    guint low = 0, high = history->seen->len;

    if (high == 0 || seen_at(history, high - 1) < id)
        return high;
    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (seen_at(history, middle) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

gboolean fd_history_has_seen(const FdHistory *history, gint64 id)
{
    guint at = position_of(history, id);

    return id <= history->floor || (at < history->seen->len && seen_at(history, at) == id);
}

static void mark_seen(FdHistory *history, gint64 id)
{
    /* The first id of a conversation without a past: what is older was never asked for. */
    if (history->seen->len == 0 && history->floor == 0)
        history->floor = id - 1;
    g_array_insert_val(history->seen, position_of(history, id), id);
    if (history->seen->len > FD_HISTORY_WINDOW) {
        history->floor = MAX(history->floor, seen_at(history, 0));
        g_array_remove_index(history->seen, 0);
    }
}

void fd_history_hold(FdHistory *history)
{
    if (history->holders++ == 0)
        history->held = g_ptr_array_new_with_free_func((GDestroyNotify)fd_message_free);
}

gboolean fd_history_is_holding(const FdHistory *history)
{
    return history->held != NULL;
}

FdMessage *fd_history_offer(FdHistory *history, FdMessage *message)
{
    if (message->id == 0)
        return message;
    if (fd_history_has_seen(history, message->id)) {
        fd_message_free(message);
        return NULL;
    }
    if (history->held) {
        if (history->held->len < FD_HISTORY_MAX_HELD)
            g_ptr_array_add(history->held, message);
        else
            fd_message_free(message);
        return NULL;
    }
    mark_seen(history, message->id);
    return message;
}

void fd_history_fill(FdHistory *history, GPtrArray *messages, gboolean past)
{
    if (!history->held)
        return;
    for (guint i = 0; i < messages->len; i++) {
        FdMessage *message = messages->pdata[i];

        if (message->id == 0 || fd_history_has_seen(history, message->id))
            continue;
        message->past = past;
        g_ptr_array_add(history->held, message);
        messages->pdata[i] = NULL;
    }
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
    const FdMessage *left = *(FdMessage *const *)a, *right = *(FdMessage *const *)b;

    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    /* Of two copies the one that came live is shown, since it is news. */
    return left->past - right->past;
}

GPtrArray *fd_history_release(FdHistory *history)
{
    GPtrArray *fresh = g_ptr_array_new_with_free_func((GDestroyNotify)fd_message_free);
    g_autoptr(GPtrArray) held = NULL;

    g_return_val_if_fail(history->holders > 0, fresh);
    if (--history->holders > 0)
        return fresh;
    held = g_steal_pointer(&history->held);
    g_ptr_array_sort(held, compare_ids);
    for (guint i = 0; i < held->len; i++) {
        FdMessage *message = held->pdata[i];

        if (fd_history_has_seen(history, message->id))
            continue;
        mark_seen(history, message->id);
        g_ptr_array_add(fresh, message);
        held->pdata[i] = NULL;
    }
    return fresh;
}

void fd_history_drop(FdHistory *history)
{
    g_return_if_fail(history->holders > 0);
    if (--history->holders == 0)
        g_clear_pointer(&history->held, g_ptr_array_unref);
}

gint64 fd_history_get_last(const FdHistory *history)
{
    return history->seen->len ? MAX(seen_at(history, history->seen->len - 1), history->floor) : history->floor;
}

void fd_history_set_last(FdHistory *history, gint64 id)
{
    history->floor = MAX(history->floor, id);
}
