/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON to the structs of envoy-types. Unknown members are ignored; what is missing, null or of a wrong type is not known;
 * what has no id is left out. Sheet: Envoy, 10. */
#pragma once

#include "envoy-types.h"
#include "net/net-json-items.h"

/* Most items read from one answer. Sheet: 5. */
#define ENVOY_DECODE_MAX_LIST 10000
/* Longest names of people and things, approval states and time zones, in characters: hosts put two of them into a line of
 * 4096 bytes, escaped. */
#define ENVOY_DECODE_MAX_NAME 200
/* Longest note, in characters. */
#define ENVOY_DECODE_MAX_NOTES 4000
/* Longest e-mail address that can be, in characters: 64 before the @, 255 behind it. A longer one is none. */
#define ENVOY_DECODE_MAX_EMAIL 320
/* Longest id, in bytes. A longer one is none. */
#define ENVOY_DECODE_MAX_ID 200
/* Most custom fields looked at, and most locations kept of one employee. */
#define ENVOY_DECODE_MAX_FIELDS 200
#define ENVOY_DECODE_MAX_LOCATIONS 1000

/* Each: (transfer full) (nullable): NULL when the node is no object with an id. */
EnvoyLocation *envoy_decode_location(JsonNode *node);
EnvoyFlow *envoy_decode_flow(JsonNode *node);
EnvoyInvite *envoy_decode_invite(JsonNode *node);
EnvoyEntry *envoy_decode_entry(JsonNode *node);
EnvoyEmployee *envoy_decode_employee(JsonNode *node);

/* (transfer none) (nullable): what an answer about one object has in its "data". */
JsonNode *envoy_decode_data(JsonNode *answer);

/* The lists, for net_json_items_new() or net_call_list_async(). */
extern const NetJsonItemsKind envoy_decode_locations;
extern const NetJsonItemsKind envoy_decode_flows;
extern const NetJsonItemsKind envoy_decode_invites;
extern const NetJsonItemsKind envoy_decode_entries;
extern const NetJsonItemsKind envoy_decode_employees;

/**
 * envoy_decode_page:
 * @items: (transfer full): of a list of the kinds above
 * @count: how many items the answer had
 * @rest: the answer without its items
 *
 * Returns: (transfer full): these with what the answer says about them.
 */
EnvoyPage *envoy_decode_page(GPtrArray *items, guint count, JsonNode *rest);

/**
 * envoy_decode_time_ms:
 * @text: (nullable): RFC 3339, with or without fractions of a second, in any offset; without one it is taken for UTC
 *
 * Returns: milliseconds since 1970; 0 for anything else, and for times before 1970 or after the year 9999.
 */
gint64 envoy_decode_time_ms(const char *text);

/* (transfer full): as the service takes times: in UTC, to the second, which is cut. @time_ms: more than 0 */
char *envoy_decode_time_text(gint64 time_ms);
