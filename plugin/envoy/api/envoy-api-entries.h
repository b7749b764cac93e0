/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about visits. Sheet: Envoy, 6.4. */
#pragma once

#include "envoy-pager.h"

/**
 * envoy_api_entries_async:
 * @since_ms: who has signed in since then, more than 0
 *
 * Who has come, in that order, of all locations. Who signed in at a time that is not known is among them. Finished by
 * envoy_pager_finish(), with EnvoyEntry. Sheet: 9.1.
 */
void envoy_api_entries_async(EnvoyApi *api, gint64 since_ms, GCancellable *cancellable, GAsyncReadyCallback done,
                             gpointer user_data);

/**
 * envoy_api_entry_sign_out_async:
 * @id: whose visit is over
 * @time_ms: since when
 *
 * To be asked for once more does no harm.
 */
void envoy_api_entry_sign_out_async(EnvoyApi *api, const char *id, gint64 time_ms, GCancellable *cancellable,
                                    GAsyncReadyCallback done, gpointer user_data);
gboolean envoy_api_entry_change_finish(GAsyncResult *result, GError **error);
