/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The character references of HTML, as markdown has them: &amp; &#38; &#x26;. Pure functions. */
#pragma once

#include <glib.h>

/**
 * text_entity_decode:
 * @text: plain text from a reference's & on, valid UTF-8
 * @length: bytes that may be read
 * @characters: (out) (optional) (array fixed-size=2): what the reference stands for; the second is 0 mostly.
 *   U+FFFD for a number that is no character.
 *
 * Reads one reference: a name that HTML knows, with its semicolon, or a number of at most 7 digits (6 hexadecimal
 * ones).
 *
 * Returns: bytes of the reference, with & and semicolon; 0 when there is none, or its name is not known.
 */
gsize text_entity_decode(const char *text, gsize length, gunichar characters[2]);
