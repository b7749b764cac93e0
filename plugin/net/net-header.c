/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what servers put into headers, without trust, and checks what we put into ours. */
#include "net-header.h"

#include <libsoup/soup.h>
#include <string.h>

gint64 net_header_retry_after_ms(const char *value, gint64 now_us)
{
    guint64 seconds;
    g_autoptr(GDateTime) date = NULL;
    gint64 wait_us;

    if (!value)
        return -1;
    if (g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT32, &seconds, NULL))
        return (gint64)seconds * 1000;
    date = soup_date_time_new_from_http_string(value);
    if (!date)
        return -1;
    wait_us = g_date_time_to_unix(date) * G_TIME_SPAN_SECOND - now_us;
    return MAX(wait_us / G_TIME_SPAN_MILLISECOND, 0);
}

gint64 net_header_user_id(const char *value)
{
    guint64 id;

    return value && g_ascii_string_to_unsigned(value, 10, 1, G_MAXINT64, &id, NULL) ? (gint64)id : 0;
}

/* Digits only, up to @end, which is passed. */
static gboolean read_number(const char **at, char end, gint64 *number)
{
    gsize length = strspn(*at, "0123456789");
    g_autofree char *digits = g_strndup(*at, length);

    if ((*at)[length] != end || !g_ascii_string_to_signed(digits, 10, 0, G_MAXINT64, number, NULL))
        return FALSE;
    *at += length + 1;
    return TRUE;
}

gboolean net_header_content_range(const char *value, gint64 *first, gint64 *last, gint64 *total)
{
    gint64 begin, end, all = -1;

    if (g_ascii_strncasecmp(value, "bytes ", strlen("bytes ")) != 0)
        return FALSE;
    value += strlen("bytes ");
    if (!read_number(&value, '-', &begin) || !read_number(&value, '/', &end) || end < begin)
        return FALSE;
    if (strcmp(value, "*") != 0 && (!read_number(&value, '\0', &all) || all <= end))
        return FALSE;
    *first = begin;
    *last = end;
    *total = all;
    return TRUE;
}

/* What separates: blanks, and the commas of lists. */
#define SEPARATORS " \t,"
/* Ends what is not quoted. An address is taken, too, though it is no token. */
#define ENDS " \t,\""

static gboolean is_word(const char *text, gsize length, const char *word)
{
    return length == strlen(word) && g_ascii_strncasecmp(text, word, length) == 0;
}

/* (transfer full) (nullable): what stands behind "=", quoted or not; NULL for a quote without end. */
static char *read_value(const char **at)
{
    g_autoptr(GString) value = g_string_new(NULL);
    const char *c = *at;

    if (*c != '"') {
        *at += strcspn(c, ENDS);
        return g_strndup(c, (gsize)(*at - c));
    }
    for (c++; *c && *c != '"'; c++) {
        if (*c == '\\' && c[1])
            c++;
        g_string_append_c(value, *c);
    }
    if (!*c)
        return NULL;
    *at = c + 1;
    return g_string_free(g_steal_pointer(&value), FALSE);
}

char *net_header_challenge(const char *value, const char *scheme, const char *name)
{
    const char *at = value ? value : "";
    gboolean is_wanted = FALSE;

    for (at += strspn(at, SEPARATORS); *at; at += strspn(at, SEPARATORS)) {
        const char *word = at;
        gsize length = strcspn(at, ENDS "=");
        g_autofree char *found = NULL;

        at += length + strspn(at + length, " \t");
        if (*at != '=') {
            /* No parameter, so the next challenge begins. */
            if (length == 0 || is_wanted)
                return NULL;
            is_wanted = is_word(word, length, scheme);
            continue;
        }
        at += 1 + strspn(at + 1, " \t");
        found = read_value(&at);
        if (!found)
            return NULL;
        if (is_wanted && is_word(word, length, name))
            return g_steal_pointer(&found);
    }
    return NULL;
}

gboolean net_header_is_clean(const char *value)
{
    for (; *value; value++) {
        if (g_ascii_iscntrl(*value) && *value != '\t')
            return FALSE;
    }
    return TRUE;
}
