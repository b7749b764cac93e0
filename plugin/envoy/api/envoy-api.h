/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client handle: one account's way to the REST API. Errors are those of net-call; what a call's answer asks to wait
 * tells net_call_get_retry_after_ms(), for the result of every call in this folder. Sheet: Envoy, 5 and 7. */
#pragma once

#include "envoy-types.h"
#include "net/net-call.h"

#define ENVOY_API_URL "https://api.envoy.com/v1"

typedef NetCall EnvoyApi;

/* As net_call_new(); a refusal's words are the first that are found. Sheet: 7. */
EnvoyApi *envoy_api_new(NetSession *session, NetCredential *credential, const char *base_url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyApi, net_call_unref)

/**
 * envoy_api_page_async:
 * @kind: of envoy-decode.h
 *
 * One page of a list; see envoy-pager for all of them.
 */
void envoy_api_page_async(EnvoyApi *api, NetRequest *request, const NetJsonItemsKind *kind, GCancellable *cancellable,
                          GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): %NULL with an error, NET_CALL_ERROR_BAD_SHAPE when the answer has no list. */
EnvoyPage *envoy_api_page_finish(GAsyncResult *result, GError **error);

/**
 * envoy_api_may_be_done:
 * @error: (nullable): of a call that changes something
 *
 * Returns: whether the service may have done it all the same: the answer was lost, or makes no sense. Such a call must not
 *   be repeated before somebody has looked. %FALSE for %NULL. Sheet: 6.3.
 */
gboolean envoy_api_may_be_done(const GError *error);
