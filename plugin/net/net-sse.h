/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event-stream parser: bytes in, events out, no I/O. Sheet: 4.3. */
#pragma once

#include <glib.h>

/* An event whose data is longer is dropped whole, and counted. */
#define NET_SSE_MAX_EVENT (4 * 1024 * 1024)
/* A longer id is ignored. */
#define NET_SSE_MAX_ID 1024

typedef struct _NetSse NetSse;

/**
 * NetSseFunc:
 * @id: (nullable): the last id seen, this event's own included
 * @data: the lines joined by LF, NUL-terminated; any bytes, not checked for UTF-8
 */
typedef void (*NetSseFunc)(const char *id, const char *data, gsize length, gpointer user_data);

NetSse *net_sse_new(NetSseFunc func, gpointer user_data);
void net_sse_free(NetSse *sse);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetSse, net_sse_free)

/* Parses further bytes, however the network cut them. @func may call net_sse_stop() but not free. */
void net_sse_feed(NetSse *sse, const char *bytes, gsize length);

/* Forgets a half-received event: a new connection begins. The last id stays. */
void net_sse_restart(NetSse *sse);

/* No further event comes out of the feed under way; the rest of its bytes is lost, so restart before feeding again. */
void net_sse_stop(NetSse *sse);

/* Goes on where another parser stopped; NULL or "" for no id. */
void net_sse_set_last_id(NetSse *sse, const char *id);

/* (nullable) (transfer none): what to send as Last-Event-ID: the id of the last event that was complete, be it
 * handed out, dropped, or without data. */
const char *net_sse_get_last_id(const NetSse *sse);

/* How many events were too long and dropped. */
guint net_sse_get_dropped(const NetSse *sse);
