/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON to the structs of fd-types. Unknown members are ignored, unknown events kept; an entry without
 * what identifies it is left out of its list. */
#pragma once

#include "fd-types.h"

/* Most entries read from one list: people of an organization, flows, members. */
#define FD_DECODE_MAX_LIST 100000
/* Most tags kept of one message. */
#define FD_DECODE_MAX_TAGS 256
/* Longest nick, and longest name of an outsider, in characters: hosts put two of them into a line of 4096 bytes, escaped,
 * and would cut that within an entity. */
#define FD_DECODE_MAX_NAME 200
/* Largest id of a message that is believed (2^53 - 1, as far as JSON's numbers are exact): were any larger one taken for
 * the first of its room, all others would look old. */
#define FD_DECODE_MAX_ID G_GINT64_CONSTANT(9007199254740991)

/* Each: (transfer full) (nullable): NULL when the node is not such an object. */
FdUser *fd_decode_user(JsonNode *node);
FdFlow *fd_decode_flow(JsonNode *node);
/* Needs an id and a slug. */
FdOrg *fd_decode_org(JsonNode *node);
/**
 * fd_decode_message:
 *
 * Needs an "event" text only; a message without an id has id 0. Sheet: 3.5, 5.1.
 */
FdMessage *fd_decode_message(JsonNode *node);

/* Needs an id. Sheet: 3.12. */
FdSource *fd_decode_source(JsonNode *node);

/* Most fields and actions kept of a thread. */
#define FD_DECODE_MAX_FIELDS 50

/**
 * fd_decode_thread:
 * @node: a thread by itself, or the "thread" of a message
 * @id: (nullable): its id where the object has none, as in plain chat messages
 *
 * Needs an id. Without a source it is a chat thread, whose title was typed and is no HTML. An action without a name, a
 * web address or, where it is a call, a known method is left out. Sheet: 3.8, 3.14.
 */
FdThreadInfo *fd_decode_thread(JsonNode *node, const char *id);

/* Each: (transfer full): a list, perhaps empty; %NULL when the node is no array. Long ones: fd-decode-list. */
GPtrArray *fd_decode_users(JsonNode *node);
GPtrArray *fd_decode_messages(JsonNode *node);
GPtrArray *fd_decode_sources(JsonNode *node);
GPtrArray *fd_decode_threads(JsonNode *node);
GPtrArray *fd_decode_invitations(JsonNode *node);
GPtrArray *fd_decode_privates(JsonNode *node);

/* (transfer full) (nullable): @url, where it leads to a web page (http, https) and nothing else, and is no longer than
 * one may be. @url: (nullable): from anywhere */
char *fd_decode_web_address(const char *url);

/* (transfer full) (nullable): somebody's status as one short line; NULL when there is none. */
char *fd_decode_status(const char *text);

/**
 * fd_decode_time_ms:
 * @node: (nullable): a number (milliseconds, or microseconds by magnitude), digits, or ISO 8601 text
 *
 * Returns: milliseconds since 1970, 0 when it is none of these. Sheet: 9, "sent type", "last_activity unit".
 */
gint64 fd_decode_time_ms(JsonNode *node);

/**
 * fd_decode_flow_path:
 * @url: (nullable): an API or web address of a flow
 *
 * Understands .../flows/ORG/FLOW, .../app/ORG/FLOW and the older https://ORG.host/flows/FLOW. Sheet: 3.4.
 *
 * Returns: (transfer full) (nullable): "org/flow".
 */
char *fd_decode_flow_path(const char *url);
