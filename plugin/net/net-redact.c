/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pass over the text, by hand: regular expressions can run out of stack on hostile text, and would then let
 * a secret through. Where it is not clear whether something is a secret, it is taken for one. */
#include "net-redact.h"

#include <string.h>

#define BLOT "[...]"
/* What is shorter stands in any text, and taking it out would only make it unreadable. */
#define NET_REDACT_MIN_SECRET 4
/* Where a value without quotes ends: in JSON, behind an equals sign or scheme, and behind a colon. */
#define JSON_ENDS " \t\r\n\"'\\,{}[]"
#define FORM_ENDS " \t\r\n\"'\\,;&<>"
#define LINE_ENDS " \t\r\n"
#define ADDRESS_ENDS " \t\r\n\"'\\<>"

static gboolean is_name_char(char byte)
{
    return g_ascii_isalnum(byte) || byte == '_' || byte == '-';
}

static gboolean word_is(const char *word, gsize length, const char *name)
{
    return length == strlen(name) && g_ascii_strncasecmp(word, name, length) == 0;
}

static gboolean is_scheme(const char *word, gsize length)
{
    return word_is(word, length, "Bearer") || word_is(word, length, "Basic");
}

/* "token", but also "flow_token" and whatever else a service may come up with. */
static gboolean is_secret_name(const char *word, gsize length)
{
    static const char *const ends[] = { "token", "password", "passwd", "secret", "api_key", "api-key", "apikey" };

    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        gsize end = strlen(ends[i]);

        if (length >= end && g_ascii_strncasecmp(word + length - end, ends[i], end) == 0)
            return TRUE;
    }
    return word_is(word, length, "code");
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* At a quote, perhaps an escaped one, as in JSON within JSON. Returns: its length, 0 when there is none. */
static gsize quote_length(const char *at)
{
    gsize escape = *at == '\\' ? 1 : 0;

    return at[escape] == '"' || at[escape] == '\'' ? escape + 1 : 0;
}

/* Returns: where the text goes on behind the quoted value that begins at @at. */
static const char *skip_quoted(const char *at, const char *quote, gsize length)
{
    for (; *at; at++) {
        if (strncmp(at, quote, length) == 0)
            return at;
        if (*at == '\\' && length == 1 && at[1])
            at++;
    }
    return at;
}

/* Writes BLOT for the value at @at, which may be quoted, else goes up to one of @ends. Returns: where the text goes
 * on. */
static const char *blot_value(GString *out, const char *at, const char *ends)
{
    gsize quote = quote_length(at);
    const char *end;

    if (quote > 0) {
        g_string_append_len(out, at, (gssize)quote);
        end = skip_quoted(at + quote, at, quote);
        at += quote;
    } else {
        end = at + strcspn(at, ends);
    }
    if (end > at)
        g_string_append(out, BLOT);
    return end;
}

/* Behind a secret's name: writes the equals sign or colon and blots the value. Returns: where the text goes on. */
static const char *blot_member(GString *out, const char *name, gsize length)
{
    const char *at = name + length;
    gsize quote = quote_length(at);
    const char *sign = skip_blanks(at + quote);
    const char *value;

    if (*sign != '=' && *sign != ':')
        return at;
    /* "status code: 404" is no secret. */
    if (*sign == ':' && quote == 0 && word_is(name, length, "code"))
        return at;
    value = skip_blanks(sign + 1);
    g_string_append_len(out, at, value - at);
    if (quote > 0)
        return blot_value(out, value, JSON_ENDS);
    return blot_value(out, value, *sign == '=' ? FORM_ENDS : LINE_ENDS);
}

/* At a word's begin: copies it and blots what it announces. Returns: where the text goes on. */
static const char *take_word(GString *out, const char *at)
{
    static const char consent[] = "/oauth/authorize/";
    gsize length = 0;
    const char *rest;

    while (is_name_char(at[length]))
        length++;
    rest = at + length;
    /* The page of the out-of-band grant has the code as the last part of its path. */
    if (out->len >= strlen(consent) && g_ascii_strcasecmp(out->str + out->len - strlen(consent), consent) == 0)
        return blot_value(out, at, FORM_ENDS);
    g_string_append_len(out, at, (gssize)length);
    if (is_scheme(at, length) && skip_blanks(rest) > rest) {
        g_string_append_len(out, rest, skip_blanks(rest) - rest);
        return blot_value(out, skip_blanks(rest), FORM_ENDS);
    }
    return is_secret_name(at, length) ? blot_member(out, at, length) : rest;
}

/* At "://": copies it, and blots a name and password before the host. Returns: where the text goes on. */
static const char *take_authority(GString *out, const char *at)
{
    gsize length;

    g_string_append(out, "://");
    at += strlen("://");
    length = strcspn(at, ADDRESS_ENDS "/?#");
    for (gsize i = length; i > 0; i--) {
        if (at[i - 1] == '@') {
            g_string_append(out, BLOT);
            return at + i - 1;
        }
    }
    return at;
}

char *net_redact(const char *text)
{
    GString *out;
    gboolean in_address = FALSE;

    if (!text)
        return NULL;
    out = g_string_sized_new(strlen(text) + 1);
    for (const char *at = text; *at;) {
        if (is_name_char(*at)) {
            at = take_word(out, at);
        } else if (g_str_has_prefix(at, "://")) {
            in_address = TRUE;
            at = take_authority(out, at);
        } else if (*at == '?' && in_address && strcspn(at + 1, ADDRESS_ENDS) > 0) {
            g_string_append(out, "?" BLOT);
            at += 1 + strcspn(at + 1, ADDRESS_ENDS);
        } else {
            in_address = *at == '/' || (in_address && !strchr(ADDRESS_ENDS, *at));
            g_string_append_c(out, *at++);
        }
    }
    return g_string_free(out, FALSE);
}

char *net_redact_line(const char *text, gsize max_chars)
{
    g_autofree char *clean = net_redact(text);
    g_autofree char *valid = clean ? g_utf8_make_valid(clean, -1) : NULL;
    GString *line;
    gsize count = 0;
    gboolean blank = FALSE;

    if (!valid)
        return NULL;
    line = g_string_new(NULL);
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        if (g_unichar_isspace(character) || g_unichar_iscntrl(character)) {
            blank = line->len > 0;
            continue;
        }
        count += blank ? 2 : 1;
        if (count > max_chars || (count == max_chars && *g_utf8_next_char(at))) {
            g_string_append(line, "…");
            break;
        }
        if (blank)
            g_string_append_c(line, ' ');
        g_string_append_unichar(line, character);
        blank = FALSE;
    }
    return g_string_free(line, FALSE);
}

char *net_redact_secret(const char *text, const char *secret)
{
    GString *clean;

    if (!text || !secret || strlen(secret) < NET_REDACT_MIN_SECRET || !strstr(text, secret))
        return NULL;
    clean = g_string_new(text);
    g_string_replace(clean, secret, BLOT, 0);
    return g_string_free(clean, FALSE);
}
