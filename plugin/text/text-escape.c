/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What leaves this file is valid UTF-8 and cannot pretend to be markup, to end a line, or to run backwards. */
#include "text-escape.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Embeddings, overrides and isolates: what follows such a character is shown in another order. */
static gboolean is_reordering(gunichar character)
{
    return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
}

/* Those and the invisible marks, which only help to make two names look the same. */
static gboolean is_direction_control(gunichar character)
{
    return is_reordering(character) || character == 0x200e || character == 0x200f || character == 0x061c;
}

static gboolean is_line_separator(gunichar character)
{
    return character == 0x2028 || character == 0x2029;
}

/* Steps over one character. Returns: it, or U+FFFD for a byte that begins none. */
static gunichar next_character(const char **at)
{
    gunichar character = g_utf8_get_char_validated(*at, -1);

    if (character == (gunichar)-1 || character == (gunichar)-2) {
        (*at)++;
        return 0xfffd;
    }
    *at = g_utf8_next_char(*at);
    return character;
}

static void append_html(GString *html, gunichar character)
{
    switch (character) {
    case '&':
        g_string_append(html, "&amp;");
        break;
    case '<':
        g_string_append(html, "&lt;");
        break;
    case '>':
        g_string_append(html, "&gt;");
        break;
    case '"':
        g_string_append(html, "&quot;");
        break;
    case '\'':
        g_string_append(html, "&apos;");
        break;
    default:
        g_string_append_unichar(html, character);
    }
}

char *text_escape_html(const char *plain)
{
    GString *html = g_string_new(NULL);

    for (const char *at = plain ? plain : ""; *at;) {
        gunichar character = next_character(&at);

        if (character == '\r' && *at == '\n')
            continue;
        if (character == '\n' || character == '\r' || is_line_separator(character))
            g_string_append(html, "<br>");
        else if (character == '\t' || !(g_unichar_iscntrl(character) || is_reordering(character)))
            append_html(html, character);
    }
    return g_string_free(html, FALSE);
}

char *text_clean_line(const char *plain)
{
    GString *line = g_string_new(NULL);
    gboolean blank = FALSE;

    for (const char *at = plain ? plain : ""; *at;) {
        gunichar character = next_character(&at);

        if (is_direction_control(character))
            continue;
        if (g_unichar_isspace(character) || g_unichar_iscntrl(character)) {
            blank = line->len > 0;
            continue;
        }
        if (blank)
            g_string_append_c(line, ' ');
        g_string_append_unichar(line, character);
        blank = FALSE;
    }
    return g_string_free(line, FALSE);
}

static gboolean is_white(const char *from, const char *to)
{
    for (; from < to; from = g_utf8_next_char(from)) {
        if (!g_unichar_isspace(g_utf8_get_char(from)))
            return FALSE;
    }
    return TRUE;
}

/* Whether what begins at @at would lose its meaning when parted from the character before. */
static gboolean is_bound(const char *from, const char *at)
{
    gunichar before = g_utf8_get_char(g_utf8_find_prev_char(from, at));
    gunichar character = g_utf8_get_char(at);
    gunichar joiner = 0x200d;

    return g_unichar_ismark(character) || character == joiner || before == joiner ||
           (character >= 0x1f3fb && character <= 0x1f3ff);
}

/* Where a part has to end when it has neither line end nor blank. */
static const char *hard_end(const char *from, const char *limit)
{
    const char *end = limit;

    while (end > from && is_bound(from, end))
        end = g_utf8_find_prev_char(from, end);
    return end > from ? end : limit;
}

static gboolean is_longer(const char *at, gsize max_chars)
{
    for (; *at; at = g_utf8_next_char(at)) {
        if (max_chars-- == 0)
            return TRUE;
    }
    return FALSE;
}

typedef struct {
    const char *end;  /* of the part */
    const char *next; /* where the rest begins */
} Cut;

/* Returns: where the first part of the text at @from ends, which is longer than @max_chars. */
static Cut find_cut(const char *from, gsize max_chars)
{
    const char *line_end = NULL, *blank = NULL, *at = from;
    gboolean white = TRUE;
    Cut cut;

    /* A line end or blank just behind the longest part fits, too, since it is left out. */
    for (gsize count = 0;; count++, at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        if (!white && character == '\n')
            line_end = at;
        else if (!white && (character == ' ' || character == '\t'))
            blank = at;
        white = white && g_unichar_isspace(character);
        if (count == max_chars)
            break;
    }
    if (!line_end && !blank) {
        cut.end = cut.next = hard_end(from, at);
        return cut;
    }
    cut.end = line_end ? line_end : blank;
    cut.next = cut.end + 1;
    if (line_end && cut.end[-1] == '\r')
        cut.end--;
    return cut;
}

char **text_split(const char *plain, gsize max_chars)
{
    GPtrArray *parts = g_ptr_array_new();
    const char *end = plain + strlen(plain);
    gboolean keep_white = is_white(plain, end);
    const char *at = plain;

    while (at < end) {
        Cut cut = { end, end };

        if (is_longer(at, max_chars))
            cut = find_cut(at, max_chars);
        if (keep_white || !is_white(at, cut.end))
            g_ptr_array_add(parts, g_strndup(at, (gsize)(cut.end - at)));
        at = cut.next;
    }
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(parts, FALSE);
}
