/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads text character by character and knows their classes: the inner tools of text-scan and text-url. Any bytes will
 * do; one that begins no character is read as TEXT_CHAR_NONE, which is in no class. */
#pragma once

#include <glib.h>

#define TEXT_CHAR_NONE 0xffff

typedef gboolean (*TextCharClass)(gunichar character);

/* Steps over the character at @at, not over the end. Returns: it, 0 at the end. */
gunichar text_char_take(const char **at);

/* Returns: the character at @at, 0 at the end. */
gunichar text_char_at(const char *at);

/* Returns: the character that ends at @at, 0 at the start of @text. */
gunichar text_char_before(const char *text, const char *at);

/* Returns: where the characters of a class end that begin at @at. */
const char *text_char_run_end(const char *at, TextCharClass is_member);

/* Whether the text at @at begins with @ascii, without regard to case. */
gboolean text_char_begins(const char *at, const char *ascii);

/* Whether @character is one of @ascii. */
gboolean text_char_is_one_of(gunichar character, const char *ascii);

gboolean text_char_is_ascii_alnum(gunichar character);

/* Blanks and line ends. */
gboolean text_char_is_space(gunichar character);
gboolean text_char_is_line_end(gunichar character);

/* Byte order marks, changes of direction, and TEXT_CHAR_NONE: neither part of a link nor right before one. */
gboolean text_char_is_invisible(gunichar character);

/* Letters and digits of tags: those of some scripts, see the sheet, 6.2. */
gboolean text_char_is_tag_letter(gunichar character);

/* The Latin ones of them. */
gboolean text_char_is_latin(gunichar character);

/* Letters, digits and marks of all languages; of words, with the underscore. */
gboolean text_char_is_letter(gunichar character);
gboolean text_char_is_word(gunichar character);
