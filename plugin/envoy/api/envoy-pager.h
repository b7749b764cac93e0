/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fetches a list page by page, one request at a time, until it ends or there is enough of it. Sheet: Envoy, 5. */
#pragma once

#include "envoy-api.h"

/* Of a list no more can be asked for than so many items. Sheet: 5. */
#define ENVOY_PAGER_MAX_ITEMS 10000

/**
 * EnvoyVerdict:
 * @ENVOY_KEEP: it belongs to the list
 * @ENVOY_DROP: it does not: the service may not have honoured a filter
 * @ENVOY_STOP: the same, and no page behind this one is wanted; what else is on the page is judged all the same
 */
typedef enum { ENVOY_KEEP, ENVOY_DROP, ENVOY_STOP } EnvoyVerdict;

typedef EnvoyVerdict (*EnvoyJudge)(gconstpointer item, gpointer user_data);

/**
 * EnvoyPagerOptions:
 * @resource: "entries"
 * @kind: of envoy-decode.h; its structs begin with their id
 * @query: (nullable): name, value, ..., %NULL: what stands before page and perPage; copied
 * @per_page: 1 to ENVOY_PAGER_MAX_ITEMS
 * @max_pages: 0: as many as can be asked for
 * @judge: (nullable): asked about each item, once
 * @judge_data: for it
 * @destroy: (nullable): frees that, when the call is over
 */
typedef struct {
    const char *resource;
    const NetJsonItemsKind *kind;
    const char *const *query;
    guint per_page;
    guint max_pages;
    EnvoyJudge judge;
    gpointer judge_data;
    GDestroyNotify destroy;
} EnvoyPagerOptions;

/**
 * envoy_pager_async:
 *
 * The list ends with a page that is empty, shorter than it could be, the last by the service's own count, or that brings
 * nothing but what came before. Items that come twice, because the list has moved meanwhile, are there once.
 */
void envoy_pager_async(EnvoyApi *api, const EnvoyPagerOptions *options, GCancellable *cancellable,
                       GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): %NULL with an error, when any page could not be had. */
EnvoyList *envoy_pager_finish(GAsyncResult *result, GError **error);
