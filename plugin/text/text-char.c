/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The classes of 6.2 in the sheet are tables, since they must not change with the Unicode version of GLib. */
#include "text-char.h"

#include <string.h>

gunichar text_char_take(const char **at)
{
    gunichar character = g_utf8_get_char_validated(*at, -1);

    if (character == 0)
        return 0;
    if (character == (gunichar)-1 || character == (gunichar)-2) {
        (*at)++;
        return TEXT_CHAR_NONE;
    }
    *at = g_utf8_next_char(*at);
    return character;
}

gunichar text_char_at(const char *at)
{
    return text_char_take(&at);
}

gunichar text_char_before(const char *text, const char *at)
{
    const char *from = at, *next;
    gunichar character;

    if (at == text)
        return 0;
    do
        from--;
    while (from > text && at - from < 4 && ((guchar)*from & 0xc0) == 0x80);
    next = from;
    character = text_char_take(&next);
    return next == at ? character : TEXT_CHAR_NONE;
}

const char *text_char_run_end(const char *at, TextCharClass is_member)
{
    while (is_member(text_char_at(at)))
        text_char_take(&at);
    return at;
}

gboolean text_char_begins(const char *at, const char *ascii)
{
    return g_ascii_strncasecmp(at, ascii, strlen(ascii)) == 0;
}

gboolean text_char_is_one_of(gunichar character, const char *ascii)
{
    return character > 0 && character < 0x80 && strchr(ascii, (int)character) != NULL;
}

gboolean text_char_is_ascii_alnum(gunichar character)
{
    return character < 0x80 && g_ascii_isalnum((char)character);
}

gboolean text_char_is_space(gunichar character)
{
    return (character >= 0x09 && character <= 0x0d) || character == 0x20 || character == 0x85 || character == 0xa0 ||
           character == 0x1680 || character == 0x180e || (character >= 0x2000 && character <= 0x200a) ||
           character == 0x2028 || character == 0x2029 || character == 0x202f || character == 0x205f ||
           character == 0x3000;
}

gboolean text_char_is_line_end(gunichar character)
{
    return character == '\n' || character == '\r' || character == 0x2028 || character == 0x2029;
}

gboolean text_char_is_invisible(gunichar character)
{
    return character == 0xfeff || character == 0xfffe || character == TEXT_CHAR_NONE ||
           (character >= 0x202a && character <= 0x202e);
}

gboolean text_char_is_tag_letter(gunichar character)
{
    /* In order. Characters beyond U+FFFF never were in tags. */
    static const struct {
        gunichar first, last;
    } ranges[] = {
        { 0x0370, 0x03ff }, /* Greek */
        { 0x0400, 0x0527 }, /* Cyrillic */
        { 0x1100, 0x11ff }, /* Hangul */
        { 0x2de0, 0x2dff }, /* Cyrillic */
        { 0x3003, 0x3003 }, /* marks of iteration */
        { 0x3005, 0x3005 }, /* the same */
        { 0x303b, 0x303b }, /* the same */
        { 0x3041, 0x3096 }, /* Hiragana */
        { 0x3099, 0x309e }, /* its marks */
        { 0x30a1, 0x30fa }, /* Katakana */
        { 0x30fc, 0x30fe }, /* its marks */
        { 0x3130, 0x3185 }, /* Hangul */
        { 0x3400, 0x4dbf }, /* ideographs */
        { 0x4e00, 0x9fff }, /* the same */
        { 0xa640, 0xa69f }, /* Cyrillic */
        { 0xa960, 0xa97f }, /* Hangul */
        { 0xac00, 0xd7ff }, /* the same */
        { 0xff10, 0xff19 }, /* digits of full width */
        { 0xff21, 0xff3a }, /* Latin of full width */
        { 0xff41, 0xff5a }, /* the same */
        { 0xff66, 0xff9f }, /* Katakana of half width */
        { 0xffa1, 0xffdc }, /* Hangul of half width */
    };

    if (text_char_is_latin(character))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(ranges) && character >= ranges[i].first; i++) {
        if (character <= ranges[i].last)
            return TRUE;
    }
    return FALSE;
}

gboolean text_char_is_latin(gunichar character)
{
    return text_char_is_ascii_alnum(character) || (character >= 0xc0 && character <= 0x17f) ||
           (character >= 0x1e00 && character <= 0x1eff);
}

gboolean text_char_is_letter(gunichar character)
{
    return g_unichar_isalnum(character) || g_unichar_ismark(character);
}

gboolean text_char_is_word(gunichar character)
{
    return character == '_' || text_char_is_letter(character);
}
