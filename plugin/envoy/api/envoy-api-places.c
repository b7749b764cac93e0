/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about locations and their flows. */
#include "envoy-api-places.h"

#include "envoy-decode.h"

/* As many as the service gives of locations. Sheet: 5. */
#define PER_PAGE 100

void envoy_api_locations_async(EnvoyApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    const EnvoyPagerOptions options = { .resource = "locations",
                                        .kind = &envoy_decode_locations,
                                        .per_page = PER_PAGE };

    envoy_pager_async(api, &options, cancellable, done, user_data);
}

void envoy_api_flows_async(EnvoyApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    const EnvoyPagerOptions options = { .resource = "flows", .kind = &envoy_decode_flows, .per_page = PER_PAGE };

    envoy_pager_async(api, &options, cancellable, done, user_data);
}
