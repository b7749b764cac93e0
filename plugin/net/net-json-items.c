/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the items of a list as the parser comes to them, and what is in each before it. */
#define G_LOG_DOMAIN "flowdock-net"

#include "net-json-items.h"

#include "net-json-parser.h"
#include "net-json.h"

/* The clock is looked at after so much: some tenths of a millisecond. */
#define STEP_BYTES 4096

/* One list under way. */
typedef struct {
    GPtrArray *decoded; /* (nullable): until it begins */
    guint seen;         /* elements, decoded or not */
} Part;

struct _NetJsonItems {
    const NetJsonItemsKind *kind;
    NetJsonLists lists;
    GBytes *json;          /* (nullable): until all is read */
    NetJsonParser *parser; /* (nullable): the same */
    JsonNode *rest;        /* (nullable): from then on */
    Part whole;
    Part inner; /* of the item that is being read */
};

static void forget(Part *part)
{
    g_clear_pointer(&part->decoded, g_ptr_array_unref);
    part->seen = 0;
}

static void on_begin(NetJsonListLevel level, gpointer user_data)
{
    NetJsonItems *items = user_data;
    gboolean is_whole = level == NET_JSON_OUTER_LIST;
    Part *part = is_whole ? &items->whole : &items->inner;

    forget(part);
    part->decoded = g_ptr_array_new_with_free_func(is_whole ? items->kind->destroy : items->kind->inner->destroy);
}

/* Returns: (nullable): what became of the element. */
static gpointer take(Part *part, guint max, NetJsonDecode decode, JsonNode *element)
{
    gpointer one = part->seen < max ? decode(element) : NULL;

    part->seen++;
    if (one)
        g_ptr_array_add(part->decoded, one);
    return one;
}

/* In the tree the inner list is empty. */
static void give_inner(NetJsonItems *items, gpointer one)
{
    GPtrArray **slot = G_STRUCT_MEMBER_P(one, items->kind->inner->offset);

    g_clear_pointer(slot, g_ptr_array_unref);
    *slot = g_steal_pointer(&items->inner.decoded);
}

static void on_take(NetJsonListLevel level, JsonNode *element, gpointer user_data)
{
    NetJsonItems *items = user_data;
    const NetJsonItemsKind *kind = items->kind;
    gpointer one;

    if (level == NET_JSON_INNER_LIST) {
        take(&items->inner, kind->max, kind->inner->decode, element);
        return;
    }
    one = take(&items->whole, kind->max, kind->decode, element);
    if (one && items->inner.decoded && net_json_array(net_json_object_of(element), kind->inner->member))
        give_inner(items, one);
    forget(&items->inner);
}

NetJsonItems *net_json_items_new(const NetJsonItemsKind *kind, GBytes *json)
{
    NetJsonItems *items = g_new0(NetJsonItems, 1);
    gsize length;
    const char *text = g_bytes_get_data(json, &length);

    items->kind = kind;
    items->lists = (NetJsonLists){ kind->outer, kind->inner ? kind->inner->member : NULL, on_begin, on_take };
    items->json = g_bytes_ref(json);
    items->parser = net_json_parser_new(text, length, &items->lists, items);
    return items;
}

static void forget_text(NetJsonItems *items)
{
    g_clear_pointer(&items->parser, net_json_parser_free);
    g_clear_pointer(&items->json, g_bytes_unref);
}

void net_json_items_free(NetJsonItems *items)
{
    if (!items)
        return;
    forget_text(items);
    g_clear_pointer(&items->rest, json_node_unref);
    forget(&items->inner);
    forget(&items->whole);
    g_free(items);
}

static void end(NetJsonItems *items)
{
    const Part *whole = &items->whole;

    items->rest = net_json_parser_steal_root(items->parser);
    /* Now, and not beside what the caller does with the list: to free so much at once may take the C library some
     * milliseconds. */
    forget_text(items);
    if (whole->decoded && whole->decoded->len < whole->seen)
        g_debug("of %u items of a list, %u were left out", whole->seen, whole->seen - whole->decoded->len);
}

gboolean net_json_items_read(NetJsonItems *items, gint64 until_us, GError **error)
{
    do {
        if (!net_json_parser_read(items->parser, STEP_BYTES, error))
            return FALSE;
    } while (!net_json_parser_is_done(items->parser) && g_get_monotonic_time() < until_us);
    if (net_json_parser_is_done(items->parser))
        end(items);
    return TRUE;
}

gboolean net_json_items_is_done(const NetJsonItems *items)
{
    return !items->parser;
}

GPtrArray *net_json_items_steal(NetJsonItems *items, guint *seen, JsonNode **rest)
{
    const char *outer = items->kind->outer;

    /* Of two members of one name the last one counts. */
    if (!items->whole.decoded || (outer && !net_json_array(net_json_object_of(items->rest), outer)))
        return NULL;
    if (seen)
        *seen = items->whole.seen;
    if (rest)
        *rest = g_steal_pointer(&items->rest);
    return g_steal_pointer(&items->whole.decoded);
}
