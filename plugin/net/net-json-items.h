/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists whose items are decoded while they are read, step by step: an answer may name thousands of them. */
#pragma once

#include <json-glib/json-glib.h>

/* Returns: (nullable) (transfer full): what became of @node; %NULL leaves it out. */
typedef gpointer (*NetJsonDecode)(JsonNode *node);

/**
 * NetJsonInnerKind:
 * @member: of an item, that is a list of its own where it is an array
 * @decode: for each of its elements; in the tree that the item's own decode gets, the list is empty
 * @destroy: frees what that makes
 * @offset: where the item's struct has the list, a (nullable) GPtrArray
 *
 * A list that each item may have.
 */
typedef struct {
    const char *member;
    NetJsonDecode decode;
    GDestroyNotify destroy;
    gsize offset;
} NetJsonInnerKind;

/**
 * NetJsonItemsKind:
 * @outer: (nullable): the member of the document that is the list; %NULL: the document itself is
 * @max: of a list, items beyond so many are left out; also those count that are left out otherwise
 * @decode: for each item
 * @destroy: frees what that makes
 * @inner: (nullable): lists in the items
 */
typedef struct {
    const char *outer;
    guint max;
    NetJsonDecode decode;
    GDestroyNotify destroy;
    const NetJsonInnerKind *inner;
} NetJsonItemsKind;

typedef struct _NetJsonItems NetJsonItems;

/* @kind must stay. */
NetJsonItems *net_json_items_new(const NetJsonItemsKind *kind, GBytes *json);
void net_json_items_free(NetJsonItems *items);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetJsonItems, net_json_items_free)

/**
 * net_json_items_read:
 * @until_us: stops soon after this, in g_get_monotonic_time(); in the past: takes one short step
 *
 * Reads on, as long as it is not done.
 *
 * Returns: %FALSE with NET_ERROR_PROTOCOL when the text is not JSON, at whatever place; then there is no list.
 */
gboolean net_json_items_read(NetJsonItems *items, gint64 until_us, GError **error);

/* Whether all was read. */
gboolean net_json_items_is_done(const NetJsonItems *items);

/**
 * net_json_items_steal:
 * @seen: (out) (optional): how many items the list had, with those that were left out
 * @rest: (out) (optional) (transfer full): the document, in which the list is empty; both are set only when there is one
 *
 * Of what is_done(), once.
 *
 * Returns: (transfer full) (nullable): what became of the items, perhaps none; %NULL when there is no such list.
 */
GPtrArray *net_json_items_steal(NetJsonItems *items, guint *seen, JsonNode **rest);
