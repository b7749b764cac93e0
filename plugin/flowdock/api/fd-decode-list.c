/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the elements of a list as the parser comes to them, and the people in each before it. */
#include "fd-decode-list.h"

#include "fd-decode.h"
#include "net/net-json-parser.h"
#include "net/net-json.h"

/* The clock is looked at after so much: some tenths of a millisecond. */
#define STEP_BYTES 4096

typedef struct {
    gpointer (*decode)(JsonNode *node);
    GDestroyNotify destroy;
    gsize people; /* where the struct has its list of people; 0: it has none */
} Kind;

static const Kind kinds[] = {
    [FD_DECODE_USERS] = { (gpointer(*)(JsonNode *))fd_decode_user, (GDestroyNotify)fd_user_free, 0 },
    [FD_DECODE_FLOWS] = { (gpointer(*)(JsonNode *))fd_decode_flow, (GDestroyNotify)fd_flow_free,
                          G_STRUCT_OFFSET(FdFlow, users) },
    [FD_DECODE_ORGS] = { (gpointer(*)(JsonNode *))fd_decode_org, (GDestroyNotify)fd_org_free,
                         G_STRUCT_OFFSET(FdOrg, users) },
};

/* One list under way. */
typedef struct {
    GPtrArray *decoded; /* (nullable): until it begins */
    guint seen;         /* elements, decoded or not */
} Part;

struct _FdDecodeList {
    const Kind *kind;
    GBytes *json;          /* (nullable): until all is read */
    NetJsonParser *parser; /* (nullable): the same */
    Part whole;
    Part people; /* of the element that is being read */
};

static void forget(Part *part)
{
    g_clear_pointer(&part->decoded, g_ptr_array_unref);
    part->seen = 0;
}

static void on_begin(NetJsonListLevel level, gpointer user_data)
{
    FdDecodeList *list = user_data;
    gboolean is_whole = level == NET_JSON_OUTER_LIST;
    Part *part = is_whole ? &list->whole : &list->people;

    forget(part);
    part->decoded = g_ptr_array_new_with_free_func(is_whole ? list->kind->destroy : (GDestroyNotify)fd_user_free);
}

/* Returns: (nullable): what became of the element. */
static gpointer take(Part *part, gpointer (*decode)(JsonNode *), JsonNode *element)
{
    gpointer one = part->seen < FD_DECODE_MAX_LIST ? decode(element) : NULL;

    part->seen++;
    if (one)
        g_ptr_array_add(part->decoded, one);
    return one;
}

/* In the tree the list of people is empty. */
static void give_people(FdDecodeList *list, gpointer one)
{
    GPtrArray **people = G_STRUCT_MEMBER_P(one, list->kind->people);

    g_clear_pointer(people, g_ptr_array_unref);
    *people = g_steal_pointer(&list->people.decoded);
}

static void on_take(NetJsonListLevel level, JsonNode *element, gpointer user_data)
{
    FdDecodeList *list = user_data;
    gpointer one;

    if (level == NET_JSON_INNER_LIST) {
        take(&list->people, kinds[FD_DECODE_USERS].decode, element);
        return;
    }
    one = take(&list->whole, list->kind->decode, element);
    if (one && list->people.decoded && net_json_array(net_json_object_of(element), "users"))
        give_people(list, one);
    forget(&list->people);
}

static const NetJsonLists lists = { NULL, on_begin, on_take };
static const NetJsonLists lists_with_people = { "users", on_begin, on_take };

FdDecodeList *fd_decode_list_new(FdDecodeKind kind, GBytes *json)
{
    FdDecodeList *list = g_new0(FdDecodeList, 1);
    gsize length;
    const char *text = g_bytes_get_data(json, &length);

    list->kind = &kinds[kind];
    list->json = g_bytes_ref(json);
    list->parser = net_json_parser_new(text, length, list->kind->people ? &lists_with_people : &lists, list);
    return list;
}

static void forget_text(FdDecodeList *list)
{
    g_clear_pointer(&list->parser, net_json_parser_free);
    g_clear_pointer(&list->json, g_bytes_unref);
}

void fd_decode_list_free(FdDecodeList *list)
{
    if (!list)
        return;
    forget_text(list);
    forget(&list->people);
    forget(&list->whole);
    g_free(list);
}

gboolean fd_decode_list_read(FdDecodeList *list, gint64 until_us, GError **error)
{
    do {
        if (!net_json_parser_read(list->parser, STEP_BYTES, error))
            return FALSE;
    } while (!net_json_parser_is_done(list->parser) && g_get_monotonic_time() < until_us);
    /* Now, and not beside what the caller does with the list: to free so much at once may take the C library some
     * milliseconds. */
    if (net_json_parser_is_done(list->parser))
        forget_text(list);
    return TRUE;
}

gboolean fd_decode_list_is_done(const FdDecodeList *list)
{
    return !list->parser;
}

GPtrArray *fd_decode_list_steal(FdDecodeList *list)
{
    return g_steal_pointer(&list->whole.decoded);
}
