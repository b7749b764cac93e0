/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts, ports, paths and queries, as the service's tag parser read them (sheet, 6.2), and the bare hosts of its
 * renderer (7.1). */
#include "text-url.h"

#include "text-tld.h"

#include <string.h>

/* A part of a host. */
typedef struct {
    const char *start, *end;
    gunichar first, last; /* 0 when empty */
    gboolean underscore;
} Label;

gsize text_url_scheme_length(const char *at)
{
    static const char *const schemes[] = { "http://", "https://" };

    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (text_char_begins(at, schemes[i]))
            return strlen(schemes[i]);
    }
    return 0;
}

gboolean text_url_is_host_letter(gunichar character)
{
    return character != 0 && !text_char_is_one_of(character, "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$") &&
           !text_char_is_space(character) && !text_char_is_invisible(character);
}

gboolean text_url_is_bare_host_letter(gunichar character)
{
    return text_char_is_latin(character);
}

/* Returns: the label at @at, up to a dot or whatever ends the host. */
static Label read_label(const char *at, TextCharClass is_letter)
{
    Label label = { .start = at };
    gunichar character;

    while ((character = text_char_at(at)) == '-' || character == '_' || is_letter(character)) {
        label.first = label.first ? label.first : character;
        label.last = character;
        label.underscore = label.underscore || character == '_';
        text_char_take(&at);
    }
    label.end = at;
    return label;
}

/* Whether it is a label of a host that goes on behind it. */
static gboolean is_inner(const Label *label, TextCharClass is_letter)
{
    return *label->end == '.' && is_letter(label->first) && is_letter(label->last);
}

/* Returns: (nullable): the end of the known top-level domain at @at. */
static const char *top_level_end(const char *at)
{
    gboolean punycode = text_char_begins(at, "xn--") && g_ascii_isalnum(at[4]);
    const char *end = punycode ? at + 4 : at;

    while (g_ascii_isalnum(*end))
        end++;
    if (punycode)
        return end;
    /* With an @ behind it, it is in the first half of an e-mail address. */
    return *end != '@' && text_tld_is_known(at, (gsize)(end - at)) ? end : NULL;
}

const char *text_url_domain_end(const char *at, TextCharClass is_letter)
{
    const char *best = NULL;

    for (;;) {
        Label label = read_label(at, is_letter);
        const char *end;

        if (!is_inner(&label, is_letter))
            return best;
        at = label.end + 1;
        /* Host names of subdomains may have an underscore, domains that are sold have none. */
        end = label.underscore ? NULL : top_level_end(at);
        best = end ? end : best;
    }
}

/* Returns: (nullable): where an address of four numbers ends. */
static const char *numbers_end(const char *at)
{
    for (int number = 0; number < 4; number++) {
        int digits = 0;

        if (number > 0 && *at++ != '.')
            return NULL;
        while (digits < 3 && g_ascii_isdigit(at[digits]))
            digits++;
        if (digits == 0)
            return NULL;
        at += digits;
    }
    return at;
}

/* Returns: (nullable): where a host ends that is one only by the scheme before it; its last label has two characters. */
static const char *name_end(const char *at)
{
    Label label = read_label(at, text_url_is_host_letter);
    gunichar behind;

    while (is_inner(&label, text_url_is_host_letter) && !label.underscore)
        label = read_label(label.end + 1, text_url_is_host_letter);
    if (label.last == 0 || label.underscore || label.end == g_utf8_next_char(label.start))
        return NULL;
    behind = text_char_at(label.end);
    return behind == 0 || behind == ':' || behind == '/' || text_char_is_space(behind) ? label.end : NULL;
}

const char *text_url_host_end(const char *at)
{
    const char *end = text_url_domain_end(at, text_url_is_host_letter);

    end = end ? end : numbers_end(at);
    return end ? end : name_end(at);
}

const char *text_url_bare_host_end(const char *at)
{
    Label label = read_label(at, text_char_is_letter);
    gboolean is_host = FALSE;
    const char *end;

    while (is_inner(&label, text_char_is_letter) && text_char_is_letter(text_char_at(label.end + 1))) {
        is_host = !label.underscore;
        label = read_label(label.end + 1, text_char_is_letter);
    }
    /* Without what may be markup around it; but "host.de-.x" and "name.de@x" are no hosts. */
    end = label.end;
    while (end > label.start && (end[-1] == '-' || end[-1] == '_'))
        end--;
    if (!is_host || *label.end == '@' || (*label.end == '.' && text_char_is_letter(text_char_at(label.end + 1))))
        return NULL;
    if (text_char_begins(label.start, "xn--") && end > label.start + strlen("xn--"))
        return end;
    return text_tld_is_known(label.start, (gsize)(end - label.start)) ? end : NULL;
}

const char *text_url_port_end(const char *at)
{
    const char *end = at + 1;

    if (*at != ':')
        return at;
    while (g_ascii_isdigit(*end))
        end++;
    return end > at + 1 ? end : at;
}

static gboolean is_path_character(gunichar character)
{
    return text_char_is_latin(character) || text_char_is_one_of(character, "!*';:=+,.$/%#[]-_~|&");
}

static gboolean is_last_in_path(gunichar character)
{
    return text_char_is_latin(character) || text_char_is_one_of(character, "+-=_#/");
}

/* Returns: (nullable): where the parentheses end that begin at @at, if there is something in them, but no others. */
static const char *parentheses_end(const char *at)
{
    const char *end = text_char_run_end(at + 1, is_path_character);

    return end > at + 1 && *end == ')' ? end + 1 : NULL;
}

const char *text_url_path_end(const char *at)
{
    const char *end, *close;

    if (*at != '/')
        return at;
    end = ++at;
    for (;;) {
        gunichar character = text_char_at(at);

        if (is_path_character(character)) {
            text_char_take(&at);
            end = is_last_in_path(character) ? at : end;
        } else if (character == '(' && (close = parentheses_end(at)) != NULL) {
            at = end = close;
        } else if (character == '@' && at == end) {
            /* One or two, but not behind punctuation. */
            at += at[1] == '@' ? 2 : 1;
        } else {
            return end;
        }
    }
}

static gboolean is_query_character(char character)
{
    return g_ascii_isalnum(character) || (character != '\0' && strchr("!?*'();:&=+$/%#[]-_.,~|", character));
}

static gboolean is_last_in_query(char character)
{
    return g_ascii_isalnum(character) || strchr("_&=#/", character);
}

/* The parser let a query end with any closing bracket. Here it has to be opened in the query, so that a link in brackets
 * does not take theirs. */
const char *text_url_query_end(const char *at)
{
    const char *end = at;
    int open = 0;

    if (*at != '?')
        return at;
    for (at++; is_query_character(*at); at++) {
        gboolean closes = (*at == ')' || *at == ']') && open > 0;

        if (closes || is_last_in_query(*at))
            end = at + 1;
        if (closes)
            open--;
        else if (*at == '(' || *at == '[')
            open++;
    }
    return end;
}
