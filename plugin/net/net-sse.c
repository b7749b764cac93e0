/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts bytes into lines, lines into fields, and fields into events, in the way of the HTML standard's event streams. */
#include "net-sse.h"

#include <string.h>

/* A line in pieces is gathered up to here: room for the longest data and its field name. */
#define NET_SSE_MAX_LINE (NET_SSE_MAX_EVENT + 16)
/* A buffer that one long event blew up beyond this is not kept for the next. */
#define NET_SSE_KEEP_BUFFER (64 * 1024)

struct _NetSse {
    NetSseFunc func;
    gpointer user_data;
    GString *line;     /* the beginning of a line whose end has not come */
    gboolean line_cut; /* its rest is too long and goes nowhere */
    GString *data;     /* of the event being received */
    gboolean has_data; /* tells no data line from an empty one */
    gboolean too_long; /* the event being received will be dropped */
    char *id;          /* as the event being received sees it */
    char *last_id;
    gboolean begins;   /* no line of this connection was complete yet */
    gboolean after_cr; /* an LF that comes now belongs to the CR before */
    gboolean stopped;
    guint dropped;
};

NetSse *net_sse_new(NetSseFunc func, gpointer user_data)
{
    NetSse *sse = g_new0(NetSse, 1);

    sse->func = func;
    sse->user_data = user_data;
    sse->line = g_string_new(NULL);
    sse->data = g_string_new(NULL);
    sse->begins = TRUE;
    return sse;
}

void net_sse_free(NetSse *sse)
{
    if (!sse)
        return;
    g_string_free(sse->line, TRUE);
    g_string_free(sse->data, TRUE);
    g_free(sse->id);
    g_free(sse->last_id);
    g_free(sse);
}

static void empty_buffer(GString **buffer)
{
    if ((*buffer)->allocated_len > NET_SSE_KEEP_BUFFER) {
        g_string_free(*buffer, TRUE);
        *buffer = g_string_new(NULL);
    }
    g_string_truncate(*buffer, 0);
}

static void begin_event(NetSse *sse)
{
    empty_buffer(&sse->data);
    sse->has_data = FALSE;
    sse->too_long = FALSE;
}

static void drop_event(NetSse *sse)
{
    begin_event(sse);
    sse->too_long = TRUE;
}

static void end_event(NetSse *sse)
{
    /* Also without data, and also when dropped: the server need not send this one again. */
    if (g_strcmp0(sse->last_id, sse->id) != 0) {
        g_free(sse->last_id);
        sse->last_id = g_strdup(sse->id);
    }
    if (sse->too_long)
        sse->dropped++;
    else if (sse->data->len > 0)
        sse->func(sse->last_id, sse->data->str, sse->data->len, sse->user_data);
    begin_event(sse);
}

static void take_data(NetSse *sse, const char *value, gsize length)
{
    gsize joint = sse->has_data ? 1 : 0;

    if (sse->too_long)
        return;
    if (length > NET_SSE_MAX_EVENT - joint || sse->data->len > NET_SSE_MAX_EVENT - joint - length) {
        drop_event(sse);
        return;
    }
    if (joint)
        g_string_append_c(sse->data, '\n');
    g_string_append_len(sse->data, value, (gssize)length);
    sse->has_data = TRUE;
}

static void take_id(NetSse *sse, const char *value, gsize length)
{
    if (length > NET_SSE_MAX_ID || memchr(value, '\0', length))
        return;
    g_free(sse->id);
    sse->id = length > 0 ? g_strndup(value, length) : NULL;
}

static gboolean is_field(const char *name, const char *line, gsize length)
{
    return length == strlen(name) && memcmp(line, name, length) == 0;
}

static void take_line(NetSse *sse, const char *line, gsize length)
{
    static const char mark[] = "\xef\xbb\xbf";
    const char *colon, *value;
    gsize name_length;

    if (sse->begins && length >= strlen(mark) && memcmp(line, mark, strlen(mark)) == 0) {
        line += strlen(mark);
        length -= strlen(mark);
    }
    sse->begins = FALSE;
    if (length == 0) {
        end_event(sse);
        return;
    }
    colon = memchr(line, ':', length);
    name_length = colon ? (gsize)(colon - line) : length;
    value = colon ? colon + 1 : line + length;
    if (value < line + length && *value == ' ')
        value++;
    if (is_field("data", line, name_length))
        take_data(sse, value, (gsize)(line + length - value));
    else if (is_field("id", line, name_length))
        take_id(sse, value, (gsize)(line + length - value));
}

/* The end of a line came: whatever of it stood in earlier chunks is in the buffer. */
static void end_line(NetSse *sse, const char *piece, gsize length)
{
    if (sse->line->len == 0 && !sse->line_cut) {
        take_line(sse, piece, length);
        return;
    }
    if (!sse->line_cut && sse->line->len + length <= NET_SSE_MAX_LINE) {
        g_string_append_len(sse->line, piece, (gssize)length);
        take_line(sse, sse->line->str, sse->line->len);
    } else if (sse->line->str[0] != ':') {
        drop_event(sse);
    }
    sse->line_cut = FALSE;
    empty_buffer(&sse->line);
}

static void keep_piece(NetSse *sse, const char *piece, gsize length)
{
    gsize room = NET_SSE_MAX_LINE - sse->line->len;

    if (length > room)
        sse->line_cut = TRUE;
    g_string_append_len(sse->line, piece, (gssize)MIN(length, room));
}

/* The first of two bytes, either of which may be missing. */
static const char *earlier(const char *one, const char *other)
{
    if (!one || !other)
        return one ? one : other;
    return MIN(one, other);
}

void net_sse_feed(NetSse *sse, const char *bytes, gsize length)
{
    const char *at = bytes, *end = bytes + length;
    const char *lf, *cr;

    sse->stopped = FALSE;
    if (length > 0 && sse->after_cr && *at == '\n')
        at++;
    if (length > 0)
        sse->after_cr = FALSE;
    lf = at < end ? memchr(at, '\n', (gsize)(end - at)) : NULL;
    cr = at < end ? memchr(at, '\r', (gsize)(end - at)) : NULL;
    while (at < end) {
        const char *line_end = earlier(lf, cr);

        if (!line_end) {
            keep_piece(sse, at, (gsize)(end - at));
            return;
        }
        end_line(sse, at, (gsize)(line_end - at));
        if (sse->stopped)
            return;
        at = line_end + 1;
        if (*line_end == '\r' && at < end && *at == '\n')
            at++;
        else if (*line_end == '\r' && at == end)
            sse->after_cr = TRUE;
        /* Each search goes on from its own last find, so that no byte is looked at twice. */
        if (lf && lf < at)
            lf = at < end ? memchr(at, '\n', (gsize)(end - at)) : NULL;
        if (cr && cr < at)
            cr = at < end ? memchr(at, '\r', (gsize)(end - at)) : NULL;
    }
}

void net_sse_restart(NetSse *sse)
{
    begin_event(sse);
    empty_buffer(&sse->line);
    sse->line_cut = FALSE;
    sse->begins = TRUE;
    sse->after_cr = FALSE;
    g_free(sse->id);
    sse->id = g_strdup(sse->last_id);
}

void net_sse_stop(NetSse *sse)
{
    sse->stopped = TRUE;
}

void net_sse_set_last_id(NetSse *sse, const char *id)
{
    g_free(sse->last_id);
    sse->last_id = id && *id ? g_strdup(id) : NULL;
    g_free(sse->id);
    sse->id = g_strdup(sse->last_id);
}

const char *net_sse_get_last_id(const NetSse *sse)
{
    return sse->last_id;
}

guint net_sse_get_dropped(const NetSse *sse)
{
    return sse->dropped;
}
