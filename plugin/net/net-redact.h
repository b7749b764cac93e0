/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes tokens and passwords out of text before it is logged or shown. */
#pragma once

#include <glib.h>

/**
 * net_redact:
 * @text: (nullable): foreign or composed text
 *
 * Replaces the values of Authorization schemes (Bearer X, Basic X), of secret-looking members in query,
 * form and JSON (access_token, refresh_token, flow_token, password, client_secret, code, token) and
 * whole queries of addresses by "[...]".
 *
 * Returns: (transfer full) (nullable): the same text without them.
 */
char *net_redact(const char *text);

/**
 * net_redact_line:
 * @text: (nullable): foreign text
 * @max_chars: longest result, in characters
 *
 * The same, as one line for an error message: valid UTF-8, control characters and line ends as
 * single blanks, and cut with an ellipsis.
 *
 * Returns: (transfer full) (nullable): the line; %NULL for %NULL.
 */
char *net_redact_line(const char *text, gsize max_chars);

/* (transfer full) (nullable): @text without @secret, wherever that stands in it; %NULL when it does not, or is too short to
 * tell it from ordinary text. */
char *net_redact_secret(const char *text, const char *secret);
