/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One page after the other. */
#include "envoy-pager.h"

/*
 *   ask --page--> take --more--> ask
 *                   |
 *                   +--last, or enough--> done
 */
typedef struct {
    EnvoyApi *api;
    char *resource;
    const NetJsonItemsKind *kind;
    char **query; /* name, value, ... */
    guint per_page;
    guint max_pages;
    EnvoyJudge judge; /* (nullable) */
    gpointer judge_data;
    GDestroyNotify destroy; /* (nullable) */
    guint page;             /* that was asked for last, from 1 */
    GHashTable *seen;       /* ids, of items in @kept or not */
    GPtrArray *kept;
    gboolean is_stopped; /* by the judge */
} Pager;

static void pager_free(gpointer data)
{
    Pager *pager = data;

    if (pager->destroy)
        pager->destroy(pager->judge_data);
    net_call_unref(pager->api);
    g_free(pager->resource);
    g_strfreev(pager->query);
    g_hash_table_unref(pager->seen);
    g_clear_pointer(&pager->kept, g_ptr_array_unref);
    g_free(pager);
}

static const char *id_of(gconstpointer item)
{
    return *(const char *const *)item;
}

/* Takes @item. Returns: whether it was new. */
static gboolean take_item(Pager *pager, gpointer item)
{
    EnvoyVerdict verdict = ENVOY_DROP;
    gboolean is_new = g_hash_table_add(pager->seen, g_strdup(id_of(item)));

    if (is_new)
        verdict = pager->judge ? pager->judge(item, pager->judge_data) : ENVOY_KEEP;
    pager->is_stopped = pager->is_stopped || verdict == ENVOY_STOP;
    if (verdict == ENVOY_KEEP)
        g_ptr_array_add(pager->kept, item);
    else
        pager->kind->destroy(item);
    return is_new;
}

/* Returns: whether any was new. */
static gboolean take_items(Pager *pager, GPtrArray *items)
{
    gboolean any = FALSE;

    g_ptr_array_set_free_func(items, NULL);
    for (guint i = 0; i < items->len; i++)
        any = take_item(pager, items->pdata[i]) || any;
    return any;
}

static gboolean is_last(const Pager *pager, const EnvoyPage *page)
{
    /* The service may give less at once than it was asked for, or more. */
    gint64 per_page = page->per_page > 0 ? page->per_page : pager->per_page;
    gint64 most = MAX(pager->page * per_page, g_hash_table_size(pager->seen));

    return page->count == 0 || page->count < per_page || (page->total >= 0 && most >= page->total);
}

/* Whatever size the service's pages really have. */
static gboolean may_go_on(const Pager *pager)
{
    return (pager->max_pages == 0 || pager->page < pager->max_pages) &&
           (pager->page + 1) * (gint64)pager->per_page <= ENVOY_PAGER_MAX_ITEMS &&
           g_hash_table_size(pager->seen) < ENVOY_PAGER_MAX_ITEMS;
}

static void return_list(GTask *task, gboolean is_cut)
{
    Pager *pager = g_task_get_task_data(task);
    EnvoyList *list = g_new0(EnvoyList, 1);

    list->items = g_steal_pointer(&pager->kept);
    list->is_cut = is_cut;
    g_task_return_pointer(task, list, (GDestroyNotify)envoy_list_free);
}

static void ask(GTask *task);

static void on_page(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Pager *pager = g_task_get_task_data(task);
    GError *error = NULL;
    g_autoptr(EnvoyPage) page = envoy_api_page_finish(result, &error);
    gboolean any;

    (void)source;
    net_call_pass_retry_after(task, result);
    if (!page) {
        g_task_return_error(task, error);
        return;
    }
    any = take_items(pager, page->items);
    if (pager->is_stopped || !any || is_last(pager, page))
        return_list(task, !pager->is_stopped && page->count > pager->kind->max);
    else if (!may_go_on(pager))
        return_list(task, TRUE);
    else
        ask(task);
}

static void ask(GTask *task)
{
    Pager *pager = g_task_get_task_data(task);
    g_autoptr(NetRequest) request = net_request_new("GET", pager->resource, NULL);

    pager->page++;
    for (char **pair = pager->query; *pair; pair += 2)
        net_request_add_query(request, pair[0], pair[1]);
    if (pager->page > 1)
        net_request_add_query_int(request, "page", pager->page);
    net_request_add_query_int(request, "perPage", pager->per_page);
    envoy_api_page_async(pager->api, request, pager->kind, g_task_get_cancellable(task), on_page, g_object_ref(task));
}

void envoy_pager_async(EnvoyApi *api, const EnvoyPagerOptions *options, GCancellable *cancellable,
                       GAsyncReadyCallback done, gpointer user_data)
{
    static const char *const nothing[] = { NULL };
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, done, user_data);
    Pager *pager = g_new0(Pager, 1);

    pager->api = net_call_ref(api);
    pager->resource = g_strdup(options->resource);
    pager->kind = options->kind;
    pager->query = g_strdupv((char **)(options->query ? options->query : nothing));
    pager->per_page = options->per_page;
    pager->max_pages = options->max_pages;
    pager->judge = options->judge;
    pager->judge_data = options->judge_data;
    pager->destroy = options->destroy;
    pager->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pager->kept = g_ptr_array_new_with_free_func(options->kind->destroy);
    g_task_set_source_tag(task, envoy_pager_async);
    g_task_set_task_data(task, pager, pager_free);
    ask(task);
}

EnvoyList *envoy_pager_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
