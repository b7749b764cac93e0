/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lenient readers and short writers of JSON. */
#include "fake-json.h"

static JsonNode *get(JsonObject *object, const char *name, JsonNodeType type)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && json_node_get_node_type(node) == type ? node : NULL;
}

const char *fake_json_string(JsonObject *object, const char *name)
{
    JsonNode *node = get(object, name, JSON_NODE_VALUE);

    return node && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node) : NULL;
}

JsonObject *fake_json_object(JsonObject *object, const char *name)
{
    JsonNode *node = get(object, name, JSON_NODE_OBJECT);

    return node ? json_node_get_object(node) : NULL;
}

JsonArray *fake_json_array(JsonObject *object, const char *name)
{
    JsonNode *node = get(object, name, JSON_NODE_ARRAY);

    return node ? json_node_get_array(node) : NULL;
}

gint64 fake_json_int(JsonObject *object, const char *name, gint64 fallback)
{
    JsonNode *node = get(object, name, JSON_NODE_VALUE);
    const char *text = fake_json_string(object, name);
    gint64 value;

    if (text)
        return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, NULL) ? value : fallback;
    if (!node || (json_node_get_value_type(node) != G_TYPE_INT64 && json_node_get_value_type(node) != G_TYPE_DOUBLE))
        return fallback;
    return json_node_get_int(node);
}

gboolean fake_json_flag(JsonObject *object, const char *name, gboolean fallback)
{
    JsonNode *node = get(object, name, JSON_NODE_VALUE);
    const char *text = fake_json_string(object, name);

    if (text)
        return g_str_equal(text, "1") || g_str_equal(text, "true");
    if (!node)
        return fallback;
    return json_node_get_value_type(node) == G_TYPE_BOOLEAN ? json_node_get_boolean(node)
                                                            : fake_json_int(object, name, fallback) != 0;
}

char *fake_json_dup_text(JsonObject *object, const char *name)
{
    JsonNode *node = get(object, name, JSON_NODE_VALUE);

    if (!node)
        return NULL;
    if (json_node_get_value_type(node) == G_TYPE_INT64)
        return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
    return g_strdup(fake_json_string(object, name));
}

static void add_word(GStrvBuilder *words, const char *word)
{
    g_autofree char *stripped = g_strstrip(g_strdup(word));

    if (*stripped)
        g_strv_builder_add(words, stripped);
}

char **fake_json_list(JsonObject *object, const char *name)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    JsonArray *array = fake_json_array(object, name);
    const char *text = fake_json_string(object, name);

    if (text) {
        g_auto(GStrv) parts = g_strsplit(text, ",", -1);

        for (char **part = parts; *part; part++)
            add_word(words, *part);
    }
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);

        if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
            add_word(words, json_node_get_string(node));
    }
    return g_strv_builder_end(words);
}

void fake_json_set_text(JsonObject *object, const char *name, const char *text)
{
    if (text)
        json_object_set_string_member(object, name, text);
    else
        json_object_set_null_member(object, name);
}

JsonObject *fake_json_parse_object(const char *text, gssize length, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonNode *root;

    if (!json_parser_load_from_data(parser, text, length, error))
        return NULL;
    root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) {
        g_set_error_literal(error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA, "not a JSON object");
        return NULL;
    }
    return json_node_dup_object(root);
}

char *fake_json_print(JsonNode *node)
{
    return json_to_string(node, FALSE);
}

char *fake_json_print_object(JsonObject *object)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);

    return json_to_string(node, FALSE);
}

JsonObject *fake_json_copy(JsonObject *object)
{
    g_autofree char *text = fake_json_print_object(object);

    return fake_json_parse_object(text, -1, NULL);
}

JsonNode *fake_json_take_object(JsonObject *object)
{
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);

    json_node_take_object(node, object);
    return node;
}

JsonNode *fake_json_take_array(JsonArray *array)
{
    JsonNode *node = json_node_new(JSON_NODE_ARRAY);

    json_node_take_array(node, array);
    return node;
}
