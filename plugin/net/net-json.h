/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readers of JSON members that check type and range: whatever a server sends, they return a value or
 * the fallback, and never print a warning. */
#pragma once

#include <json-glib/json-glib.h>

/* Deepest nesting accepted: json-glib frees trees by recursion, so depth is stack. */
#define NET_JSON_MAX_DEPTH 64

/**
 * net_json_parse:
 * @bytes: one JSON document
 *
 * Parses what is JSON, UTF-8, and nested at most NET_JSON_MAX_DEPTH deep. Of members of the same name in an object the
 * last one counts, an escaped NUL or half of a surrogate pair becomes U+FFFD, a whole number beyond 64 bits becomes
 * one that is out of every range. See net-json-parser for long documents.
 *
 * Returns: (transfer full): the root, which cannot be changed; %NULL with NET_ERROR_PROTOCOL when it is none of these.
 */
JsonNode *net_json_parse(const char *text, gsize length, GError **error);

/**
 * net_json_object_of:
 * @node: (nullable): any node
 *
 * Returns: (transfer none) (nullable): its object, %NULL when it is not one.
 */
JsonObject *net_json_object_of(JsonNode *node);

/* Each reader takes a (nullable) object and a member name; a missing, null or wrongly typed member
 * gives NULL, the fallback or FALSE. Strings, arrays and objects are (transfer none). */
const char *net_json_string(JsonObject *object, const char *name);
gboolean net_json_bool(JsonObject *object, const char *name, gboolean fallback);
JsonObject *net_json_object(JsonObject *object, const char *name);
JsonArray *net_json_array(JsonObject *object, const char *name);
JsonNode *net_json_node(JsonObject *object, const char *name);

/**
 * net_json_int:
 *
 * Reads a whole number given as a number (fractions are cut, out of range is the fallback) or as a
 * string of decimal digits: the service sends ids both ways. Sheet: 0, "General rule".
 */
gint64 net_json_int(JsonObject *object, const char *name, gint64 fallback);

/**
 * net_json_node_int:
 *
 * The same for a bare node, such as an array's element.
 */
gint64 net_json_node_int(JsonNode *node, gint64 fallback);

/**
 * net_json_id_text:
 *
 * Returns: (transfer full) (nullable): an opaque id as text, whether it came as string or number;
 *   %NULL when missing, empty, or neither.
 */
char *net_json_id_text(JsonObject *object, const char *name);

/**
 * net_json_node_id_text:
 * @node: (nullable)
 *
 * The same for a bare node, such as an array's element.
 */
char *net_json_node_id_text(JsonNode *node);
