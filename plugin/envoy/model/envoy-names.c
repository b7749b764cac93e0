/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slugs of names, and the comparing of names and ids. */
#include "envoy-names.h"

#include "text/text-char.h"
#include "text/text-escape.h"

#include <string.h>

/* Longest address, in characters: 64 and 255 beside the @. */
#define ADDRESS_MAX 320

/* Signs that only change how the one before is drawn. */
static gboolean is_variation(gunichar character)
{
    return (character >= 0xfe00 && character <= 0xfe0f) || (character >= 0xe0100 && character <= 0xe01ef) ||
           g_unichar_type(character) == G_UNICODE_ENCLOSING_MARK;
}

/* (transfer full) (nullable): valid and composed. */
static char *compose(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

    return g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
}

char *envoy_slug(const char *text)
{
    GString *slug = g_string_new(NULL);
    g_autofree char *composed = compose(text);
    gboolean gap = FALSE;
    guint count = 0;

    for (const char *at = composed ? composed : ""; *at && count < ENVOY_SLUG_MAX; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        if (is_variation(character))
            continue;
        /* A mark belongs to the letter before. */
        if (!text_char_is_letter(character) || (g_unichar_ismark(character) && (gap || slug->len == 0))) {
            gap = TRUE;
            continue;
        }
        if (gap && slug->len > 0) {
            if (++count == ENVOY_SLUG_MAX)
                break;
            g_string_append_c(slug, '-');
        }
        gap = FALSE;
        /* Not g_utf8_strdown(): to a Turkish desktop "I" is another letter. */
        g_string_append_unichar(slug, g_unichar_tolower(character));
        count++;
    }
    return g_string_free(slug, FALSE);
}

char *envoy_fold(const char *text)
{
    g_autofree char *line = text_clean_line(text);
    g_autofree char *composed = g_utf8_normalize(line, -1, G_NORMALIZE_ALL_COMPOSE);

    return g_utf8_casefold(composed ? composed : line, -1);
}

static gboolean is_number(const char *id)
{
    return *id && !id[strspn(id, "0123456789")];
}

int envoy_id_compare(const char *a, const char *b)
{
    const char *left = a + strspn(a, "0"), *right = b + strspn(b, "0");
    gsize left_length = strlen(left), right_length = strlen(right);
    int order;

    if (is_number(a) != is_number(b))
        return is_number(a) ? -1 : 1;
    if (!is_number(a))
        return strcmp(a, b);
    if (left_length != right_length)
        return left_length < right_length ? -1 : 1;
    order = strcmp(left, right);
    /* "07" and "7" are two ids. */
    return order ? order : strcmp(a, b);
}

gboolean envoy_is_address(const char *text)
{
    const char *at = strchr(text, '@');

    if (!at || at == text || !at[1] || strchr(at + 1, '@') || strpbrk(text, "<>\",;") ||
        !g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > ADDRESS_MAX)
        return FALSE;
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);

        if (g_unichar_isspace(character) || !g_unichar_isprint(character))
            return FALSE;
    }
    return TRUE;
}

static EnvoyMatch match_text(const char *wanted, const char *text)
{
    g_autofree char *folded = text ? envoy_fold(text) : NULL;

    if (!folded || !strstr(folded, wanted))
        return ENVOY_MATCH_NONE;
    return strcmp(folded, wanted) == 0 ? ENVOY_MATCH_WHOLE : ENVOY_MATCH_PART;
}

EnvoyMatch envoy_match(const char *text, const char *id, const char *name, const char *other_name, const char *email)
{
    g_autofree char *clean = text_clean_line(text);
    g_autofree char *wanted = envoy_fold(clean);
    const char *number = *clean == '#' ? clean + 1 : clean;
    EnvoyMatch by_name, by_email;

    if (id && strcmp(number, id) == 0)
        return ENVOY_MATCH_ID;
    if (!*wanted)
        return ENVOY_MATCH_NONE;
    by_name = MAX(match_text(wanted, name), match_text(wanted, other_name));
    by_email = match_text(wanted, email);
    return MAX(by_name, by_email);
}
