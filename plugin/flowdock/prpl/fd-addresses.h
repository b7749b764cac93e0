/* SPDX-License-Identifier: GPL-2.0-or-later */
/* E-mail addresses at the beginning of what somebody has typed or pasted. */
#pragma once

#include <glib.h>

/* Longest address, in characters: 64 and 255 beside the @. */
#define FD_ADDRESS_MAX 320

/* Whether @text is one address and nothing else, as far as can be told from here: something on both sides of one @. */
gboolean fd_addresses_is_one(const char *text);

/**
 * fd_addresses_take:
 * @text: "ann@example.com", "<ann@example.com>", "Ann Example <ann@example.com>", "\"Example, Ann\" <ann@example.com>", or
 *   several of these, with commas, semicolons or white space between, and then any other text. A name without quotes is
 *   only taken for one at the beginning, or behind a comma or semicolon: elsewhere the other text begins with it.
 * @rest: (out) (transfer none): the other text, a part of @text; "" for none
 * @wrong: (out) (transfer full): what stands in the place of an address and is none
 *
 * Returns: (transfer full) (nullable): the addresses, without names, each once without regard to case; %NULL with @wrong.
 */
char **fd_addresses_take(const char *text, const char **rest, char **wrong);
