/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about expected visitors. Sheet: Envoy, 6.3. */
#pragma once

#include "envoy-pager.h"

/**
 * envoy_api_invites_newest_async:
 * @since_ms: the mark: what was made before is known; 0: nothing is
 * @known: (nullable) (element-type utf8): ids that are known; referenced, not changed
 *
 * Which invites are new, the newest first, of as many pages as it takes to come upon one that is not; without @since_ms
 * and @known, the newest page.
 * Finished by envoy_pager_finish(), with EnvoyInvite. Sheet: 9.1.
 */
void envoy_api_invites_newest_async(EnvoyApi *api, gint64 since_ms, GHashTable *known, GCancellable *cancellable,
                                    GAsyncReadyCallback done, gpointer user_data);

/**
 * envoy_api_invites_expected_async:
 * @from_ms: who is expected from then, more than 0
 * @to_ms: up to before then; 0: at any time
 * @location_id: (nullable): there only
 *
 * Who is expected when is not known, is among them. Finished by envoy_pager_finish(), with EnvoyInvite in the order of
 * their arrival. Sheet: 9.1.
 */
void envoy_api_invites_expected_async(EnvoyApi *api, gint64 from_ms, gint64 to_ms, const char *location_id,
                                      GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);

/**
 * EnvoyNewInvite:
 * @arrival_ms: more than 0; the service takes also what is over
 * @departure_ms: 0: not said
 * @location_id: where
 * @flow_id: (nullable): one of that location
 * @host_id: (nullable): an employee of that location
 * @purpose: (nullable): the flow's name, which many flows want to be told. Sheet: 6.3
 * @notes: (nullable): for the hosts
 * @name: the visitor's
 * @email: (nullable): the visitor's
 * @sends_email: whether the service may write to them
 *
 * What an invite is made of; all strings are borrowed for the duration of the call only.
 */
typedef struct {
    gint64 arrival_ms;
    gint64 departure_ms;
    const char *location_id;
    const char *flow_id;
    const char *host_id;
    const char *purpose;
    const char *notes;
    const char *name;
    const char *email;
    gboolean sends_email;
} EnvoyNewInvite;

/**
 * envoy_api_invite_create_async:
 *
 * Unless @sends_email, the service is told not to write to the visitor. When this fails, see envoy_api_may_be_done()
 * before trying again.
 */
void envoy_api_invite_create_async(EnvoyApi *api, const EnvoyNewInvite *invite, GCancellable *cancellable,
                                   GAsyncReadyCallback done, gpointer user_data);

/**
 * envoy_api_invites_lost_async:
 * @invite: what was to be made, by a call whose answer was lost
 *
 * Which invites there are for that visitor, place, and minute of arrival: the visitor is known by the e-mail address, or
 * without one by the name. Also older ones are found: see their created_ms. Finished by envoy_pager_finish(), with
 * EnvoyInvite.
 */
void envoy_api_invites_lost_async(EnvoyApi *api, const EnvoyNewInvite *invite, GCancellable *cancellable,
                                  GAsyncReadyCallback done, gpointer user_data);

void envoy_api_invite_show_async(EnvoyApi *api, const char *id, GCancellable *cancellable, GAsyncReadyCallback done,
                                 gpointer user_data);
/* For _create and _show. Returns: (transfer full): the invite; %NULL with an error. */
EnvoyInvite *envoy_api_invite_finish(GAsyncResult *result, GError **error);

/* Withdraws an invite. Who is not expected any more, or never was, is NET_ERROR_NOT_FOUND. */
void envoy_api_invite_delete_async(EnvoyApi *api, const char *id, GCancellable *cancellable, GAsyncReadyCallback done,
                                   gpointer user_data);
gboolean envoy_api_invite_delete_finish(GAsyncResult *result, GError **error);
