/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole documents as trees, and their members read without trust. */
#include "net-json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "net-json-parser.h"

/* Longest string of digits that is read as a number; any longer one is out of range. */
#define NET_JSON_MAX_DIGITS 20

JsonNode *net_json_parse(const char *text, gsize length, GError **error)
{
    g_autoptr(NetJsonParser) parser = net_json_parser_new(text, length, NULL, NULL);
    JsonNode *root;

    if (!net_json_parser_read(parser, length, error))
        return NULL;
    root = net_json_parser_steal_root(parser);
    json_node_seal(root);
    return root;
}

JsonObject *net_json_object_of(JsonNode *node)
{
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonNode *net_json_node(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && !JSON_NODE_HOLDS_NULL(node) ? node : NULL;
}

static gboolean holds(JsonNode *node, GType type)
{
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

const char *net_json_string(JsonObject *object, const char *name)
{
    JsonNode *node = net_json_node(object, name);

    return holds(node, G_TYPE_STRING) ? json_node_get_string(node) : NULL;
}

gboolean net_json_bool(JsonObject *object, const char *name, gboolean fallback)
{
    JsonNode *node = net_json_node(object, name);

    return holds(node, G_TYPE_BOOLEAN) ? json_node_get_boolean(node) : fallback;
}

JsonObject *net_json_object(JsonObject *object, const char *name)
{
    return net_json_object_of(net_json_node(object, name));
}

JsonArray *net_json_array(JsonObject *object, const char *name)
{
    JsonNode *node = net_json_node(object, name);

    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static gboolean int_of_double(double number, gint64 *value)
{
    /* 2^63 is the first that does not fit; G_MAXINT64 itself has no exact double. */
    if (!isfinite(number) || number < -0x1p63 || number >= 0x1p63)
        return FALSE;
    *value = (gint64)number;
    return TRUE;
}

static gboolean int_of_text(const char *text, gint64 *value)
{
    const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
    gsize length = strspn(digits, "0123456789");

    if (length == 0 || length > NET_JSON_MAX_DIGITS || digits[length] != '\0')
        return FALSE;
    errno = 0;
    *value = g_ascii_strtoll(text, NULL, 10);
    return errno == 0;
}

gint64 net_json_node_int(JsonNode *node, gint64 fallback)
{
    gint64 value = fallback;

    if (holds(node, G_TYPE_INT64))
        return json_node_get_int(node);
    if (holds(node, G_TYPE_DOUBLE))
        return int_of_double(json_node_get_double(node), &value) ? value : fallback;
    if (holds(node, G_TYPE_STRING))
        return int_of_text(json_node_get_string(node), &value) ? value : fallback;
    return fallback;
}

gint64 net_json_int(JsonObject *object, const char *name, gint64 fallback)
{
    return net_json_node_int(net_json_node(object, name), fallback);
}

char *net_json_node_id_text(JsonNode *node)
{
    gint64 number;

    if (holds(node, G_TYPE_STRING)) {
        const char *text = json_node_get_string(node);

        return *text ? g_strdup(text) : NULL;
    }
    if (holds(node, G_TYPE_INT64))
        return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
    if (holds(node, G_TYPE_DOUBLE) && int_of_double(json_node_get_double(node), &number) &&
        (double)number == json_node_get_double(node))
        return g_strdup_printf("%" G_GINT64_FORMAT, number);
    return NULL;
}

char *net_json_id_text(JsonObject *object, const char *name)
{
    return net_json_node_id_text(net_json_node(object, name));
}
