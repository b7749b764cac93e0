/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about visits. */
#include "envoy-api-entries.h"

#include "envoy-decode.h"

#define PER_PAGE 100

static EnvoyVerdict is_since(gconstpointer item, gpointer user_data)
{
    const EnvoyEntry *entry = item;
    const gint64 *since_ms = user_data;

    return entry->signed_in_ms == 0 || entry->signed_in_ms >= *since_ms ? ENVOY_KEEP : ENVOY_DROP;
}

void envoy_api_entries_async(EnvoyApi *api, gint64 since_ms, GCancellable *cancellable, GAsyncReadyCallback done,
                             gpointer user_data)
{
    g_autofree char *since = envoy_decode_time_text(since_ms);
    const char *const query[] = { "signedInAtAfter", since, "sort", "SIGNED_IN_AT", "order", "ASC", NULL };
    const EnvoyPagerOptions options = { .resource = "entries",
                                        .kind = &envoy_decode_entries,
                                        .query = query,
                                        .per_page = PER_PAGE,
                                        .judge = is_since,
                                        .judge_data = g_memdup2(&since_ms, sizeof since_ms),
                                        .destroy = g_free };

    envoy_pager_async(api, &options, cancellable, done, user_data);
}

void envoy_api_entry_sign_out_async(EnvoyApi *api, const char *id, gint64 time_ms, GCancellable *cancellable,
                                    GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("POST", "entries", id, NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();
    g_autofree char *time = envoy_decode_time_text(time_ms);

    json_builder_begin_object(body);
    json_builder_set_member_name(body, "entry");
    json_builder_begin_object(body);
    json_builder_set_member_name(body, "signedOutAt");
    json_builder_add_string_value(body, time);
    json_builder_end_object(body);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    net_call_json_async(api, request, cancellable, done, user_data);
}

gboolean envoy_api_entry_change_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = net_call_json_finish(result, error);

    return answer != NULL;
}
