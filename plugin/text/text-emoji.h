/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Emoji by GitHub's names: :smile: and the character. Pure functions; the table is made of emoji/emoji.json. */
#pragma once

#include <glib.h>

/**
 * text_emoji_expand:
 * @text: (nullable): plain text, valid UTF-8
 *
 * Puts characters in place of the :name: codes in running text. Left as they are: names not known (they are in lower
 * case), links, and what has a letter or digit on both sides, as in root:x:0 or 10:100:45.
 *
 * Returns: (transfer full): plain text, "" for %NULL.
 *
 * Sheet: 7.2
 */
char *text_emoji_expand(const char *text);

/**
 * text_emoji_find:
 * @name: (nullable): a name, with its two colons or without
 *
 * Returns: (nullable): the character (often several code points), %NULL for an unknown name.
 */
const char *text_emoji_find(const char *name);

/**
 * text_emoji_name:
 * @character: (nullable): one emoji and nothing else; the variation selector U+FE0F may be there or not
 *
 * Returns: (nullable): its preferred name without colons, %NULL when it has none.
 */
const char *text_emoji_name(const char *character);
