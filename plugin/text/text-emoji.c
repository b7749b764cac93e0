/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sorted tables, made of emoji/emoji.json when building, and binary search in them. */
#include "text-emoji.h"

#include "text-scan.h"

#include <stdlib.h>
#include <string.h>

/* U+FE0F asks for the coloured look; whether it is written differs between systems. */
#define VARIATION "\xef\xb8\x8f"

typedef struct {
    const char *name, *character;
} Emoji;

#include <text-emoji-table.h>

typedef struct {
    const char *text;
    gsize length;
} Name;

static int compare_name(gconstpointer key, gconstpointer row)
{
    const Name *name = key;
    const Emoji *emoji = row;
    int order = strncmp(name->text, emoji->name, name->length);

    /* The beginning of a longer name comes before it. */
    return order || !emoji->name[name->length] ? order : -1;
}

static const char *skip_variation(const char *at)
{
    while (g_str_has_prefix(at, VARIATION))
        at += strlen(VARIATION);
    return at;
}

static int compare_character(gconstpointer key, gconstpointer row)
{
    const guint16 *place = row;
    const char *sought = skip_variation(key), *known = skip_variation(by_name[*place].character);

    while (*sought && *sought == *known) {
        sought = skip_variation(sought + 1);
        known = skip_variation(known + 1);
    }
    return (guchar)*sought - (guchar)*known;
}

static const char *find(const char *text, gsize length)
{
    Name name = { text, length };
    const Emoji *emoji = bsearch(&name, by_name, G_N_ELEMENTS(by_name), sizeof by_name[0], compare_name);

    return emoji ? emoji->character : NULL;
}

static gboolean is_name_character(char character)
{
    return g_ascii_islower(character) || g_ascii_isdigit(character) || (character && strchr("_+-", character));
}

/* Appends the text from @from to @to, where no link is. What is before and behind may be looked at. */
static void expand_run(GString *expanded, const char *text, gsize from, gsize to)
{
    gsize kept = from, at = from;

    while (at < to) {
        gsize end = at + 1;
        const char *character = NULL;

        if (text[at] != ':') {
            at++;
            continue;
        }
        while (end < to && is_name_character(text[end]))
            end++;
        if (end < to && text[end] == ':' &&
            !(at > 0 && g_ascii_isalnum(text[at - 1]) && g_ascii_isalnum(text[end + 1])))
            character = find(text + at + 1, end - at - 1);
        if (!character) {
            /* The second colon may begin a code. */
            at = end;
            continue;
        }
        g_string_append_len(expanded, text + kept, (gssize)(at - kept));
        g_string_append(expanded, character);
        kept = at = end + 1;
    }
    g_string_append_len(expanded, text + kept, (gssize)(to - kept));
}

char *text_emoji_expand(const char *text)
{
    gsize from = 0, start, length;
    GString *expanded;

    if (!text || !strchr(text, ':'))
        return g_strdup(text ? text : "");
    expanded = g_string_new(NULL);
    while (text_scan_link(text, from, &start, &length)) {
        expand_run(expanded, text, from, start);
        g_string_append_len(expanded, text + start, (gssize)length);
        from = start + length;
    }
    expand_run(expanded, text, from, strlen(text));
    return g_string_free(expanded, FALSE);
}

const char *text_emoji_find(const char *name)
{
    gsize length = name ? strlen(name) : 0;

    if (length > 2 && name[0] == ':' && name[length - 1] == ':') {
        name++;
        length -= 2;
    }
    return length ? find(name, length) : NULL;
}

const char *text_emoji_name(const char *character)
{
    const guint16 *place;

    if (!character)
        return NULL;
    place = bsearch(character, by_character, G_N_ELEMENTS(by_character), sizeof by_character[0], compare_character);
    return place ? by_name[*place].name : NULL;
}
