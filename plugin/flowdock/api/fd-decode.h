/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON to the structs of fd-types. Unknown members are ignored, unknown events kept; an entry without
 * what identifies it is left out of its list. */
#pragma once

#include "fd-types.h"

/* Most entries read from one list: people of an organization, flows, members. */
#define FD_DECODE_MAX_LIST 100000
/* Most tags kept of one message. */
#define FD_DECODE_MAX_TAGS 256

/* Each: (transfer full) (nullable): NULL when the node is not such an object. */
FdUser *fd_decode_user(JsonNode *node);
FdFlow *fd_decode_flow(JsonNode *node);
/**
 * fd_decode_message:
 *
 * Needs an "event" text only; a message without an id has id 0. Sheet: 3.5, 5.1.
 */
FdMessage *fd_decode_message(JsonNode *node);

/* Needs an id. Sheet: 3.12. */
FdSource *fd_decode_source(JsonNode *node);

/* Each: (transfer full): a list, perhaps empty; %NULL when the node is no array. */
GPtrArray *fd_decode_users(JsonNode *node);
GPtrArray *fd_decode_flows(JsonNode *node);
GPtrArray *fd_decode_messages(JsonNode *node);
GPtrArray *fd_decode_sources(JsonNode *node);

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
