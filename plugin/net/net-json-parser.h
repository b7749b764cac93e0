/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JSON parser that can stop after any token, so that a long document is read between other work, and that need not
 * keep a long list as a tree. It takes what RFC 8259 calls JSON and nothing else. */
#pragma once

#include <json-glib/json-glib.h>

typedef struct _NetJsonParser NetJsonParser;

/**
 * NetJsonListLevel:
 * @NET_JSON_OUTER_LIST: the array that the document is, or a member of the object that it is
 * @NET_JSON_INNER_LIST: one in an object of the outer list
 */
typedef enum { NET_JSON_OUTER_LIST, NET_JSON_INNER_LIST } NetJsonListLevel;

/**
 * NetJsonLists:
 * @outer: (nullable): the document is an object, and its member of this name the outer list where it is an array; %NULL:
 *   the document itself is the list
 * @inner: (nullable): the member that is an inner list where it is an array; %NULL: there are none
 * @begin: a list begins. Where an object has two members of the same name, the last one counts: the list before is to be
 *   forgotten, and in the end the object itself tells whether it has an array of that name
 * @take: gets each element, in order; those of an inner list come before the object that it is in. The node is
 *   (transfer none) and goes afterwards: in the tree such lists are empty
 *
 * Who takes a document list by list. Nothing of the parser may be called from here.
 */
typedef struct {
    const char *outer;
    const char *inner;
    void (*begin)(NetJsonListLevel level, gpointer user_data);
    void (*take)(NetJsonListLevel level, JsonNode *element, gpointer user_data);
} NetJsonLists;

/**
 * net_json_parser_new:
 * @text: one document; it is not copied
 * @lists: (nullable): %NULL: the whole document becomes a tree
 */
NetJsonParser *net_json_parser_new(const char *text, gsize length, const NetJsonLists *lists, gpointer user_data);
/* Overwrites what it has kept of the text. */
void net_json_parser_free(NetJsonParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetJsonParser, net_json_parser_free)

/**
 * net_json_parser_read:
 * @max_bytes: stops when so many are read, and the token is over in which they end
 *
 * Returns: %FALSE with NET_ERROR_PROTOCOL when the text is not JSON, not UTF-8, or nested more than NET_JSON_MAX_DEPTH
 *   deep; whatever was taken before is of no worth then.
 */
gboolean net_json_parser_read(NetJsonParser *parser, gsize max_bytes, GError **error);

/* Whether the whole text was read and is JSON. */
gboolean net_json_parser_is_done(const NetJsonParser *parser);

/* (transfer full): the root of what is_done(). */
JsonNode *net_json_parser_steal_root(NetJsonParser *parser);
