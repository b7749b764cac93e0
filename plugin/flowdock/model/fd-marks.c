/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Up to where each conversation was shown: {"version":1,"marks":[["flow abc",123],...]}. */
#include "fd-marks.h"

#include "net/net-json.h"

#include <string.h>

#define VERSION_OF_FORMAT 1
#define MAX_KEY_BYTES 500

typedef struct {
    char *key;
    gint64 id;
} Mark;

struct _FdMarks {
    GQueue order;       /* of Mark, owned; the one raised last at the end */
    GHashTable *by_key; /* the mark's key -> its link in the order */
};

static void mark_free(gpointer data)
{
    Mark *mark = data;

    g_free(mark->key);
    g_free(mark);
}

FdMarks *fd_marks_new(void)
{
    FdMarks *marks = g_new0(FdMarks, 1);

    g_queue_init(&marks->order);
    marks->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    return marks;
}

void fd_marks_free(FdMarks *marks)
{
    if (!marks)
        return;
    g_hash_table_unref(marks->by_key);
    g_queue_clear_full(&marks->order, mark_free);
    g_free(marks);
}

static gboolean is_key(const char *key)
{
    gsize length = strlen(key);

    return length > 0 && length <= MAX_KEY_BYTES && g_utf8_validate_len(key, length, NULL);
}

gint64 fd_marks_get(const FdMarks *marks, const char *key)
{
    const GList *link = g_hash_table_lookup(marks->by_key, key);

    return link ? ((const Mark *)link->data)->id : 0;
}

static void drop_first(FdMarks *marks)
{
    Mark *first = g_queue_pop_head(&marks->order);

    g_hash_table_remove(marks->by_key, first->key);
    mark_free(first);
}

gboolean fd_marks_raise(FdMarks *marks, const char *key, gint64 id)
{
    GList *link = g_hash_table_lookup(marks->by_key, key);
    Mark *mark;

    if (id <= fd_marks_get(marks, key) || !is_key(key))
        return FALSE;
    if (link) {
        g_queue_unlink(&marks->order, link);
        g_queue_push_tail_link(&marks->order, link);
        ((Mark *)link->data)->id = id;
        return TRUE;
    }
    if (marks->order.length >= FD_MARKS_MAX)
        drop_first(marks);
    mark = g_new(Mark, 1);
    mark->key = g_strdup(key);
    mark->id = id;
    g_queue_push_tail(&marks->order, mark);
    g_hash_table_insert(marks->by_key, mark->key, marks->order.tail);
    return TRUE;
}

/* @node: ["flow abc",123]. Returns: whether it is a mark, also where a higher one is known already. */
static gboolean load_mark(FdMarks *marks, JsonNode *node)
{
    JsonArray *pair = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    JsonNode *first;
    gint64 id;

    if (!pair || json_array_get_length(pair) != 2)
        return FALSE;
    first = json_array_get_element(pair, 0);
    id = net_json_node_int(json_array_get_element(pair, 1), 0);
    if (!JSON_NODE_HOLDS_VALUE(first) || json_node_get_value_type(first) != G_TYPE_STRING)
        return FALSE;
    if (id <= 0 || !is_key(json_node_get_string(first)))
        return FALSE;
    fd_marks_raise(marks, json_node_get_string(first), id);
    return TRUE;
}

gboolean fd_marks_load(FdMarks *marks, const char *text, gsize length)
{
    g_autoptr(JsonNode) root = text && length <= FD_MARKS_MAX_BYTES ? net_json_parse(text, length, NULL) : NULL;
    JsonObject *object = net_json_object_of(root);
    JsonArray *array = net_json_array(object, "marks");
    gboolean understood = TRUE;

    if (!text)
        return TRUE;
    /* Of another version we do not know what its marks mean. */
    if (!array || net_json_int(object, "version", 0) != VERSION_OF_FORMAT)
        return FALSE;
    for (guint i = 0; i < json_array_get_length(array); i++)
        understood = load_mark(marks, json_array_get_element(array, i)) && understood;
    return understood;
}

static char *to_text(const FdMarks *marks, guint skip)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "version");
    json_builder_add_int_value(builder, VERSION_OF_FORMAT);
    json_builder_set_member_name(builder, "marks");
    json_builder_begin_array(builder);
    for (GList *link = g_queue_peek_nth_link((GQueue *)&marks->order, skip); link; link = link->next) {
        const Mark *mark = link->data;

        json_builder_begin_array(builder);
        json_builder_add_string_value(builder, mark->key);
        json_builder_add_int_value(builder, mark->id);
        json_builder_end_array(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}

char *fd_marks_save(const FdMarks *marks)
{
    guint skip = 0;
    char *text = to_text(marks, skip);

    /* Only with keys far longer than the service's: what is too long could not be loaded. */
    while (strlen(text) > FD_MARKS_MAX_BYTES) {
        g_free(text);
        skip += (marks->order.length - skip + 1) / 2;
        text = to_text(marks, skip);
    }
    return text;
}
