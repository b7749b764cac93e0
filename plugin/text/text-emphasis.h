/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CommonMark's markers for bold, italic and struck text, put where they mean what they should. Pure functions. */
#pragma once

#include <glib.h>

/* One byte of these for each byte of a text; all bytes of a character have the same. */
enum {
    TEXT_EMPHASIS_BOLD = 1 << 0,
    TEXT_EMPHASIS_ITALIC = 1 << 1,
    TEXT_EMPHASIS_STRIKE = 1 << 2,
    TEXT_EMPHASIS_FIXED = 1 << 7, /* a link or code: no marker goes inside, and its emphasis does not change in it */
};

#define TEXT_EMPHASIS_ALL (TEXT_EMPHASIS_BOLD | TEXT_EMPHASIS_ITALIC | TEXT_EMPHASIS_STRIKE)

/**
 * text_emphasis_write:
 * @text: valid UTF-8; perhaps already markdown
 * @styles: (array): as long as @text; the emphasis that is written is left in it
 *
 * Puts ** * ~~ into @text and changes nothing else in it. White space at the ends of a format, and punctuation there
 * where CommonMark would take the marker for text, is left outside of it. What cannot be written (next to a backslash
 * or to the marker's own character, italic that begins or ends with bold inside of a word) loses its emphasis.
 *
 * Sheet: flowdock-api.md, 7.1 (CommonMark); silent on versions, so emoji are taken for letters and for punctuation.
 *
 * Returns: (transfer full): markdown.
 */
char *text_emphasis_write(const char *text, guint8 *styles);
