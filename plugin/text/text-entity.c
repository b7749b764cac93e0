/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names are in entity/entities.txt, of which the table is made when building. */
#include "text-entity.h"

#include <stdlib.h>
#include <string.h>

/* What CommonMark allows. */
#define MAX_DECIMAL_DIGITS 7
#define MAX_HEXADECIMAL_DIGITS 6

typedef struct {
    const char *name;
    gunichar characters[2];
} Entity;

#include <text-entity-table.h>

typedef struct {
    const char *text;
    gsize length;
} Name;

static int compare_name(gconstpointer key, gconstpointer row)
{
    const Name *name = key;
    const Entity *entity = row;
    int order = strncmp(name->text, entity->name, name->length);

    /* The beginning of a longer name comes before it. */
    return order || !entity->name[name->length] ? order : -1;
}

static gsize decode_name(const char *text, gsize length, gunichar characters[2])
{
    Name name = { text + 1, 0 };
    const Entity *entity;

    while (name.length + 1 < length && g_ascii_isalnum(name.text[name.length]))
        name.length++;
    if (name.length + 1 >= length || name.text[name.length] != ';')
        return 0;
    entity = bsearch(&name, entities, G_N_ELEMENTS(entities), sizeof entities[0], compare_name);
    if (!entity)
        return 0;
    characters[0] = entity->characters[0];
    characters[1] = entity->characters[1];
    return name.length + 2;
}

static gsize decode_number(const char *text, gsize length, gunichar characters[2])
{
    gboolean hexadecimal = length > 2 && (text[2] == 'x' || text[2] == 'X');
    gsize first = hexadecimal ? 3 : 2;
    gsize limit = first + (hexadecimal ? MAX_HEXADECIMAL_DIGITS : MAX_DECIMAL_DIGITS);
    gunichar number = 0;
    gsize at = first;

    for (; at < length && at < limit; at++) {
        int digit = hexadecimal ? g_ascii_xdigit_value(text[at]) : g_ascii_digit_value(text[at]);

        if (digit < 0)
            break;
        number = number * (hexadecimal ? 16 : 10) + (gunichar)digit;
    }
    if (at == first || at >= length || text[at] != ';')
        return 0;
    characters[0] = number && g_unichar_validate(number) ? number : 0xfffd;
    characters[1] = 0;
    return at + 1;
}

gsize text_entity_decode(const char *text, gsize length, gunichar characters[2])
{
    gunichar unused[2];

    if (length < 3 || text[0] != '&')
        return 0;
    return text[1] == '#' ? decode_number(text, length, characters ? characters : unused)
                          : decode_name(text, length, characters ? characters : unused);
}
