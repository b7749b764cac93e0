/* SPDX-License-Identifier: GPL-2.0-or-later */
/* E-mail addresses at the beginning of a text. */
#include "fd-addresses.h"

#include <string.h>

#define BLANKS " \t\r\n"
#define SEPARATORS ",;"

typedef enum {
    ITEM_NONE,    /* something else stands there */
    ITEM_ADDRESS, /* it was taken */
    ITEM_WRONG,   /* what would be an address is none; it was taken, too */
} Item;

gboolean fd_addresses_is_one(const char *text)
{
    const char *at = strchr(text, '@');

    if (!at || at == text || !at[1] || strchr(at + 1, '@') || strpbrk(text, "<>\"" SEPARATORS) ||
        g_utf8_strlen(text, -1) > FD_ADDRESS_MAX)
        return FALSE;
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);

        if (g_unichar_isspace(character) || !g_unichar_isprint(character))
            return FALSE;
    }
    return TRUE;
}

static const char *skip(const char *at, const char *characters)
{
    return at + strspn(at, characters);
}

/* What is at @at up to a blank or separator. (transfer full) */
static char *word_at(const char *at)
{
    return g_strndup(at, strcspn(at, BLANKS SEPARATORS));
}

/* Behind the name in front of a "<": quoted, or, where @may_be_bare, not. (nullable): there is no such name. */
static const char *skip_name(const char *at, gboolean may_be_bare)
{
    const char *end;

    if (*at == '<')
        return at;
    if (*at == '"') {
        for (end = at + 1; *end && *end != '"'; end++)
            if (end[0] == '\\' && end[1])
                end++;
        end = *end ? skip(end + 1, BLANKS) : end;
    } else if (may_be_bare) {
        end = at + strcspn(at, "@<" SEPARATORS);
    } else {
        return NULL;
    }
    return *end == '<' ? end : NULL;
}

/* "<address>" at *@at. */
static Item take_bracketed(const char **at, gboolean needed, char **found)
{
    const char *end = strchr(*at, '>');

    if (!end)
        return ITEM_NONE;
    *found = g_strstrip(g_strndup(*at + 1, (gsize)(end - *at - 1)));
    if (!needed && !strchr(*found, '@'))
        return ITEM_NONE;
    *at = end + 1;
    return fd_addresses_is_one(*found) ? ITEM_ADDRESS : ITEM_WRONG;
}

/* One address at *@at. @needed: it is the first, or a separator is in front. @found: (out) (transfer full) */
static Item take_item(const char **at, gboolean needed, char **found)
{
    const char *bracket = skip_name(*at, needed);

    if (bracket) {
        Item item = take_bracketed(&bracket, needed, found);

        if (item != ITEM_NONE)
            *at = bracket;
        return item;
    }
    *found = word_at(*at);
    /* A text may well begin with "@ann". */
    if (!strchr(*found, '@') || (!needed && **found == '@'))
        return ITEM_NONE;
    *at += strlen(*found);
    return fd_addresses_is_one(*found) ? ITEM_ADDRESS : ITEM_WRONG;
}

char **fd_addresses_take(const char *text, const char **rest, char **wrong)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *at = skip(text, BLANKS SEPARATORS);
    gboolean needed = TRUE;

    while (*at) {
        g_autofree char *found = NULL;
        Item item = take_item(&at, needed, &found);
        const char *next;

        if (item == ITEM_NONE && !needed)
            break;
        if (item != ITEM_ADDRESS) {
            *wrong = found ? g_steal_pointer(&found) : word_at(at);
            return NULL;
        }
        if (g_hash_table_add(folded, g_utf8_casefold(found, -1)))
            g_ptr_array_add(addresses, g_steal_pointer(&found));
        at = skip(at, BLANKS);
        next = skip(at, BLANKS SEPARATORS);
        needed = next != at;
        at = next;
    }
    if (addresses->len == 0) {
        *wrong = g_strdup("");
        return NULL;
    }
    *rest = at;
    g_ptr_array_add(addresses, NULL);
    return (char **)g_ptr_array_steal(addresses, NULL);
}
