/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address and filter of the stream. */
#include "fd-api-stream.h"

#include <string.h>

/* The part of the target that is not the filter: path, other parameters. */
#define OTHER_LENGTH 120

static NetRequest *stream_request(const char *filter, gboolean first, FdApiPresence presence)
{
    NetRequest *request = net_request_new("GET", "flows", NULL);

    if (*filter)
        net_request_add_query(request, "filter", filter);
    if (first)
        net_request_add_query(request, "user", "1");
    if (presence != FD_API_PRESENCE_OFFLINE)
        net_request_add_query(request, "active", presence == FD_API_PRESENCE_ACTIVE ? "true" : "idle");
    if (first)
        net_request_add_query(request, "presence", "1");
    return request;
}

GPtrArray *fd_api_stream_requests(const char *const *flow_ids, FdApiPresence presence)
{
    GPtrArray *requests = g_ptr_array_new_with_free_func((GDestroyNotify)net_request_unref);
    g_autoptr(GString) filter = g_string_new(NULL);
    gsize encoded = 0;

    for (; *flow_ids; flow_ids++) {
        g_autofree char *id = g_uri_escape_string(*flow_ids, NULL, FALSE);
        gsize length = strlen(id) + strlen("%2C");

        /* An address too long is refused as a whole: this flow alone cannot be heard. */
        if (length > FD_API_STREAM_MAX_TARGET - OTHER_LENGTH)
            continue;
        if (filter->len && encoded + length > FD_API_STREAM_MAX_TARGET - OTHER_LENGTH) {
            g_ptr_array_add(requests, stream_request(filter->str, requests->len == 0, presence));
            g_string_truncate(filter, 0);
            encoded = 0;
        }
        if (filter->len)
            g_string_append_c(filter, ',');
        g_string_append(filter, *flow_ids);
        encoded += length;
    }
    if (filter->len || requests->len == 0)
        g_ptr_array_add(requests, stream_request(filter->str, requests->len == 0, presence));
    return requests;
}
