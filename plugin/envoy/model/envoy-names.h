/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How names and ids of the service are compared, and made into the names of rooms. Pure functions; the language of the
 * desktop changes nothing, as rooms must keep their names. */
#pragma once

#include <glib.h>

/* Longest slug, in characters. */
#define ENVOY_SLUG_MAX 60

/**
 * envoy_slug:
 * @text: (nullable): any bytes
 *
 * Makes a name fit for a room: lower case, letters and digits of any script with their marks, and one dash for whatever
 * else stands between them.
 *
 * Contract: "Envoy account".
 *
 * Returns: (transfer full): "" where there is neither letter nor digit.
 */
char *envoy_slug(const char *text);

/**
 * envoy_fold:
 * @text: (nullable): any bytes
 *
 * Returns: (transfer full): the same for whatever a person takes for the same name: in one line, without regard to case
 *   and to how characters are composed.
 */
char *envoy_fold(const char *text);

/* The order of ids: those of digits by their value, and in front of all others. Any text is an id. */
int envoy_id_compare(const char *a, const char *b);

/* Whether @text is one e-mail address and nothing else, as far as can be told from here: something on both sides of one @. */
gboolean envoy_is_address(const char *text);

/* How well something is what a person has typed for it; in this order. */
typedef enum { ENVOY_MATCH_NONE, ENVOY_MATCH_PART, ENVOY_MATCH_WHOLE, ENVOY_MATCH_ID } EnvoyMatch;

/**
 * envoy_match:
 * @text: an id, with or without #; a name or e-mail address; a part of either
 * @id, @name, @other_name, @email: (nullable): of the thing
 */
EnvoyMatch envoy_match(const char *text, const char *id, const char *name, const char *other_name, const char *email);
