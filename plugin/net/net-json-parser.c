/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One token at a time, with a stack of its own in place of recursion. */
#include "net-json-parser.h"

#include <errno.h>
#include <string.h>

#include "net-error.h"
#include "net-json.h"
#include "net-secret.h"

/* A whole number beyond 64 bits becomes this one or its negative: out of every range, and no id. */
#define OUT_OF_RANGE 1e99

#define REPLACEMENT 0xfffd

static const char no_json[] = "the answer is not JSON";

/*
 *   value --[--> first-value --]--> next       value --{--> first-name --}--> next
 *
 *   in an array:   first-value or value --value--> next --,--> value
 *   in an object:  first-name or name --string--> colon --:--> value --value--> next --,--> name
 *
 * A closing bracket leads from next to the next of what is around, or to the end.
 */
typedef enum { WANT_VALUE, WANT_FIRST_VALUE, WANT_FIRST_NAME, WANT_NAME, WANT_COLON, WANT_NEXT, WANT_END } Want;

/* An array or object that is not closed yet. It gets into the one around it when it is. */
typedef struct {
    JsonNode *node;
    char *name;       /* (nullable): in an object: of the member that is being read */
    gboolean is_list; /* its elements are given away */
    NetJsonListLevel level;
} Frame;

struct _NetJsonParser {
    const char *at;
    const char *end;
    Want want;
    guint depth;
    Frame open[NET_JSON_MAX_DEPTH];
    JsonNode *root;  /* (nullable): until it is complete */
    const char *why; /* (nullable): what is wrong with the text */
    char *token;     /* (nullable): the last string or number */
    gsize token_size;
    const NetJsonLists *lists; /* (nullable) */
    gpointer user_data;
};

NetJsonParser *net_json_parser_new(const char *text, gsize length, const NetJsonLists *lists, gpointer user_data)
{
    NetJsonParser *parser = g_new0(NetJsonParser, 1);

    parser->at = text;
    parser->end = text + length;
    parser->lists = lists;
    parser->user_data = user_data;
    return parser;
}

static void free_token(NetJsonParser *parser)
{
    /* It may have held a secret. */
    if (parser->token)
        net_secret_wipe(parser->token, parser->token_size);
    g_clear_pointer(&parser->token, g_free);
}

void net_json_parser_free(NetJsonParser *parser)
{
    if (!parser)
        return;
    for (guint i = 0; i < parser->depth; i++) {
        json_node_unref(parser->open[i].node);
        g_free(parser->open[i].name);
    }
    g_clear_pointer(&parser->root, json_node_unref);
    free_token(parser);
    g_free(parser);
}

static gboolean refuse(NetJsonParser *parser, const char *why)
{
    parser->why = why;
    return FALSE;
}

/* Makes room for a token of so many bytes and a NUL. What grew would leave copies behind. */
static char *new_token(NetJsonParser *parser, gsize length)
{
    if (!parser->token || parser->token_size <= length) {
        free_token(parser);
        parser->token_size = MAX(length + 1, 256);
        parser->token = g_malloc(parser->token_size);
    }
    return parser->token;
}

/* --------------------------------------------------------------------------------------------------------- strings */

/* At four digits, or whatever stands there before the closing quote. Returns: their value; -1 when they are none. */
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

/* At the digits of an escape. A NUL would end the string, and half a surrogate pair is no character: both become U+FFFD.
 * Returns: what follows; NULL for no escape. */
static const char *decode_code(const char *at, char **out)
{
    int value = hex_value(at);
    gunichar character = (gunichar)value;

    if (value < 0)
        return NULL;
    at += 4;
    if (is_high_surrogate(value)) {
        int low = at[0] == '\\' && at[1] == 'u' ? hex_value(at + 2) : -1;

        character = REPLACEMENT;
        if (is_low_surrogate(low)) {
            character = 0x10000 + (((gunichar)value - 0xd800) << 10) + ((gunichar)low - 0xdc00);
            at += 6;
        }
    } else if (value == 0 || is_low_surrogate(value)) {
        character = REPLACEMENT;
    }
    *out += g_unichar_to_utf8(character, *out);
    return at;
}

/* Behind a backslash. Returns: what follows; NULL for no escape. */
static const char *decode_escape(const char *at, char **out)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    const char *name;

    if (*at == 'u')
        return decode_code(at + 1, out);
    name = memchr(names, *at, strlen(names));
    if (!name)
        return NULL;
    *(*out)++ = bytes[name - names];
    return at + 1;
}

/* Between the quotes; no escape is longer decoded. Returns: FALSE when there is something that is no escape. */
static gboolean decode_string(const char *at, const char *quote, char *out)
{
    while (at < quote) {
        const char *escape = memchr(at, '\\', (gsize)(quote - at));
        gsize plain = (gsize)((escape ? escape : quote) - at);

        memcpy(out, at, plain);
        out += plain;
        at = escape ? decode_escape(escape + 1, &out) : quote;
        if (!at)
            return FALSE;
    }
    *out = '\0';
    return TRUE;
}

/* At an opening quote. The token is its text, in UTF-8. */
static gboolean read_string(NetJsonParser *parser)
{
    const char *begin = parser->at + 1, *at = begin;
    gboolean is_ascii = TRUE;

    for (; at < parser->end && *at != '"'; at++) {
        if ((guchar)*at < 0x20)
            return refuse(parser, no_json);
        is_ascii = is_ascii && (guchar)*at < 0x80;
        if (*at == '\\' && ++at == parser->end)
            break;
    }
    if (at == parser->end)
        return refuse(parser, no_json);
    if (!is_ascii && !g_utf8_validate_len(begin, (gsize)(at - begin), NULL))
        return refuse(parser, "the answer is not UTF-8");
    if (!decode_string(begin, at, new_token(parser, (gsize)(at - begin))))
        return refuse(parser, no_json);
    parser->at = at + 1;
    return TRUE;
}

/* --------------------------------------------------------------------------------------------------------- numbers */

static gboolean skip(NetJsonParser *parser, char byte)
{
    if (parser->at == parser->end || *parser->at != byte)
        return FALSE;
    parser->at++;
    return TRUE;
}

static gboolean skip_digits(NetJsonParser *parser)
{
    const char *begin = parser->at;

    while (parser->at < parser->end && g_ascii_isdigit(*parser->at))
        parser->at++;
    return parser->at > begin;
}

/* The token becomes a number's text. */
static gboolean read_number(NetJsonParser *parser, gboolean *is_whole)
{
    const char *begin = parser->at;
    gsize length;

    *is_whole = TRUE;
    skip(parser, '-');
    if (!skip(parser, '0') && !skip_digits(parser))
        return refuse(parser, no_json);
    if (skip(parser, '.')) {
        *is_whole = FALSE;
        if (!skip_digits(parser))
            return refuse(parser, no_json);
    }
    if (skip(parser, 'e') || skip(parser, 'E')) {
        *is_whole = FALSE;
        if (!skip(parser, '+'))
            skip(parser, '-');
        if (!skip_digits(parser))
            return refuse(parser, no_json);
    }
    length = (gsize)(parser->at - begin);
    memcpy(new_token(parser, length), begin, length);
    parser->token[length] = '\0';
    return TRUE;
}

static JsonNode *number_node(const char *text, gboolean is_whole)
{
    gint64 value;

    if (!is_whole)
        return json_node_init_double(json_node_alloc(), g_ascii_strtod(text, NULL));
    errno = 0;
    value = g_ascii_strtoll(text, NULL, 10);
    if (errno != 0)
        return json_node_init_double(json_node_alloc(), value < 0 ? -OUT_OF_RANGE : OUT_OF_RANGE);
    return json_node_init_int(json_node_alloc(), value);
}

/* -------------------------------------------------------------------------------------------------- arrays, objects */

static Frame *top(NetJsonParser *parser)
{
    return parser->depth > 0 ? &parser->open[parser->depth - 1] : NULL;
}

/* A value is complete, and goes to where it belongs. Takes the node. */
static gboolean put(NetJsonParser *parser, JsonNode *node)
{
    Frame *frame = top(parser);

    parser->want = frame ? WANT_NEXT : WANT_END;
    if (!frame) {
        parser->root = node;
    } else if (frame->is_list) {
        parser->lists->take(frame->level, node, parser->user_data);
        json_node_unref(node);
    } else if (JSON_NODE_HOLDS_ARRAY(frame->node)) {
        json_array_add_element(json_node_get_array(frame->node), node);
    } else {
        json_object_set_member(json_node_get_object(frame->node), frame->name, node);
        g_clear_pointer(&frame->name, g_free);
    }
    return TRUE;
}

static gboolean is_member(const Frame *object, const char *name)
{
    return name && JSON_NODE_HOLDS_OBJECT(object->node) && g_strcmp0(object->name, name) == 0;
}

/* Whether an array that begins here is a list. */
static gboolean find_level(NetJsonParser *parser, NetJsonListLevel *level)
{
    const NetJsonLists *lists = parser->lists;
    /* How many arrays and objects are around the outer list. */
    guint outside = lists && lists->outer ? 1 : 0;
    const Frame *outer = &parser->open[outside], *object = &parser->open[outside + 1];

    *level = parser->depth == outside ? NET_JSON_OUTER_LIST : NET_JSON_INNER_LIST;
    if (!lists)
        return FALSE;
    if (parser->depth == outside)
        return outside == 0 || is_member(&parser->open[0], lists->outer);
    return parser->depth == outside + 2 && outer->is_list && is_member(object, lists->inner);
}

static gboolean open_array(NetJsonParser *parser)
{
    Frame frame = { .node = json_node_new(JSON_NODE_ARRAY) };

    json_node_take_array(frame.node, json_array_new());
    frame.is_list = find_level(parser, &frame.level);
    if (frame.is_list)
        parser->lists->begin(frame.level, parser->user_data);
    parser->open[parser->depth++] = frame;
    parser->want = WANT_FIRST_VALUE;
    return TRUE;
}

static gboolean open_object(NetJsonParser *parser)
{
    Frame frame = { .node = json_node_new(JSON_NODE_OBJECT) };

    json_node_take_object(frame.node, json_object_new());
    parser->open[parser->depth++] = frame;
    parser->want = WANT_FIRST_NAME;
    return TRUE;
}

static gboolean read_bracket(NetJsonParser *parser)
{
    char bracket = *parser->at++;

    if (parser->depth == NET_JSON_MAX_DEPTH)
        return refuse(parser, "the answer is nested too deeply");
    return bracket == '[' ? open_array(parser) : open_object(parser);
}

static gboolean close_top(NetJsonParser *parser)
{
    JsonNode *node = top(parser)->node;

    parser->at++;
    parser->depth--;
    return put(parser, node);
}

/* ---------------------------------------------------------------------------------------------------------- tokens */

static gboolean read_word(NetJsonParser *parser, const char *word, JsonNode *node)
{
    gsize length = strlen(word);

    if ((gsize)(parser->end - parser->at) < length || memcmp(parser->at, word, length) != 0) {
        json_node_unref(node);
        return refuse(parser, no_json);
    }
    parser->at += length;
    return put(parser, node);
}

static gboolean read_value(NetJsonParser *parser)
{
    gboolean is_whole;

    switch (*parser->at) {
    case '[':
    case '{':
        return read_bracket(parser);
    case '"':
        return read_string(parser) && put(parser, json_node_init_string(json_node_alloc(), parser->token));
    case 't':
        return read_word(parser, "true", json_node_init_boolean(json_node_alloc(), TRUE));
    case 'f':
        return read_word(parser, "false", json_node_init_boolean(json_node_alloc(), FALSE));
    case 'n':
        return read_word(parser, "null", json_node_init_null(json_node_alloc()));
    default:
        return read_number(parser, &is_whole) && put(parser, number_node(parser->token, is_whole));
    }
}

static gboolean read_name(NetJsonParser *parser)
{
    if (*parser->at != '"')
        return refuse(parser, no_json);
    if (!read_string(parser))
        return FALSE;
    top(parser)->name = g_strdup(parser->token);
    parser->want = WANT_COLON;
    return TRUE;
}

static gboolean read_colon(NetJsonParser *parser)
{
    if (!skip(parser, ':'))
        return refuse(parser, no_json);
    parser->want = WANT_VALUE;
    return TRUE;
}

static gboolean read_next(NetJsonParser *parser)
{
    gboolean is_array = JSON_NODE_HOLDS_ARRAY(top(parser)->node);

    if (*parser->at == (is_array ? ']' : '}'))
        return close_top(parser);
    if (!skip(parser, ','))
        return refuse(parser, no_json);
    parser->want = is_array ? WANT_VALUE : WANT_NAME;
    return TRUE;
}

static gboolean read_token(NetJsonParser *parser)
{
    switch (parser->want) {
    case WANT_VALUE:
        return read_value(parser);
    case WANT_FIRST_VALUE:
        return *parser->at == ']' ? close_top(parser) : read_value(parser);
    case WANT_FIRST_NAME:
        return *parser->at == '}' ? close_top(parser) : read_name(parser);
    case WANT_NAME:
        return read_name(parser);
    case WANT_COLON:
        return read_colon(parser);
    case WANT_NEXT:
        return read_next(parser);
    case WANT_END:
        break;
    }
    return refuse(parser, no_json);
}

static gboolean is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

gboolean net_json_parser_read(NetJsonParser *parser, gsize max_bytes, GError **error)
{
    gsize left = (gsize)(parser->end - parser->at);
    const char *until = parser->at + MIN(max_bytes, left);

    while (!parser->why && parser->at < until) {
        if (is_blank(*parser->at))
            parser->at++;
        else
            read_token(parser);
    }
    if (!parser->why && parser->at == parser->end && parser->want != WANT_END)
        refuse(parser, no_json);
    if (parser->why)
        g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL, parser->why);
    return !parser->why;
}

gboolean net_json_parser_is_done(const NetJsonParser *parser)
{
    return !parser->why && parser->at == parser->end && parser->want == WANT_END;
}

JsonNode *net_json_parser_steal_root(NetJsonParser *parser)
{
    return g_steal_pointer(&parser->root);
}
