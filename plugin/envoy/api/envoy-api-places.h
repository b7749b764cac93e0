/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about locations and their flows. Sheet: Envoy, 6.1 and 6.2. */
#pragma once

#include "envoy-pager.h"

/* All locations, also those that are not enabled. Finished by envoy_pager_finish(), with EnvoyLocation. */
void envoy_api_locations_async(EnvoyApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);

/* All flows of all locations, also those that are not enabled or for employees. Finished by envoy_pager_finish(), with
 * EnvoyFlow. */
void envoy_api_flows_async(EnvoyApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
