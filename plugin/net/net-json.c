/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks a document before json-glib's recursive and lenient parser sees it, and reads its members without trust. */
#include "net-json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "net-error.h"
#include "net-secret.h"

/* Longest string of digits that is read as a number; any longer one is out of range. */
#define NET_JSON_MAX_DIGITS 20

static gboolean refuse(GError **error, const char *why)
{
    g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL, why);
    return FALSE;
}

/* At the four digits of an escape. Returns: their value; -1 when they are none. The text ends with a NUL. */
static int hex_value(const char *digits)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(digits[i]))
            return -1;
        value = value * 16 + g_ascii_xdigit_value(digits[i]);
    }
    return value;
}

static gboolean is_high_surrogate(int value)
{
    return value >= 0xd800 && value <= 0xdbff;
}

static gboolean is_low_surrogate(int value)
{
    return value >= 0xdc00 && value <= 0xdfff;
}

/* At the u of an escape. json-glib makes invalid UTF-8 of half a surrogate pair, and a NUL would end the string: both
 * become U+FFFD. Returns: what follows; NULL for no escape. */
static char *mend_escape(char *at)
{
    int value = hex_value(at + 1);

    if (value < 0)
        return NULL;
    if (is_high_surrogate(value) && at[5] == '\\' && at[6] == 'u' && is_low_surrogate(hex_value(at + 7)))
        return at + 11;
    if (value == 0 || is_high_surrogate(value) || is_low_surrogate(value))
        memcpy(at + 1, "fffd", 4);
    return at + 5;
}

/* Behind an opening quote. Returns: the byte after the closing one; NULL when there is none. */
static char *mend_string(char *at)
{
    while (*at != '"') {
        if ((guchar)*at < 0x20)
            return NULL;
        if (*at++ != '\\')
            continue;
        /* json-glib would make any byte of an octal escape. */
        if (*at == '\0' || !strchr("\"\\/bfnrtu", *at))
            return NULL;
        at = *at == 'u' ? mend_escape(at) : at + 1;
        if (!at)
            return NULL;
    }
    return at + 1;
}

/* At the first digit. json-glib wraps whole numbers that are too large: they become a fraction that is just as
 * much out of range. Returns: what follows. */
static char *mend_number(char *at)
{
    gsize digits = strspn(at, "0123456789");
    char *end = at + digits;
    gboolean is_whole = *end == '\0' || !strchr(".eE", *end);

    errno = 0;
    if (is_whole && g_ascii_strtoll(at, NULL, 10) == G_MAXINT64 && errno == ERANGE) {
        memset(at, '0', digits);
        memcpy(at, "1e", 2);
        memcpy(end - 2, "99", 2);
    }
    return end + strspn(end, "0123456789.eE+-");
}

/* json-glib also takes comments, assignments and single quotes, in which brackets and quotes could hide from this
 * scan: outside strings only JSON's own characters may stand. @text ends with a NUL. */
static gboolean mend_document(char *text, GError **error)
{
    guint depth = 0;
    gboolean complete = FALSE;

    for (char *at = text; *at;) {
        char byte = *at++;

        if (strchr(" \t\r\n", byte))
            continue;
        if (complete || !strchr("{}[]:,\"+-.0123456789Eeaflnrstu", byte))
            return refuse(error, "the answer is not JSON");
        if (byte == '"') {
            at = mend_string(at);
            if (!at)
                return refuse(error, "the answer is not JSON");
        } else if (g_ascii_isdigit(byte)) {
            at = mend_number(at - 1);
        } else if (byte == '{' || byte == '[') {
            if (++depth > NET_JSON_MAX_DEPTH)
                return refuse(error, "the answer is nested too deeply");
        } else if (byte == '}' || byte == ']') {
            if (depth == 0)
                return refuse(error, "the answer is not JSON");
            complete = --depth == 0;
        }
    }
    return TRUE;
}

JsonNode *net_json_parse(const char *text, gsize length, GError **error)
{
    g_autoptr(JsonParser) parser = NULL;
    char *mended;
    JsonNode *root = NULL;

    if (length > G_MAXSSIZE || !g_utf8_validate(text, (gssize)length, NULL)) {
        refuse(error, "the answer is not UTF-8");
        return NULL;
    }
    mended = g_strndup(text, length);
    if (mend_document(mended, error)) {
        parser = json_parser_new_immutable();
        if (json_parser_load_from_data(parser, mended, (gssize)length, NULL))
            root = json_parser_steal_root(parser);
        if (!root)
            refuse(error, "the answer is not JSON");
    }
    /* It may have held a token. */
    net_secret_wipe(mended, length);
    g_free(mended);
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

char *net_json_id_text(JsonObject *object, const char *name)
{
    JsonNode *node = net_json_node(object, name);
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
