/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sign-in of an external app: what the consent and the requests for tokens are made of. Sheet: Envoy, 2 and 4. */
#pragma once

#include "net/net-consent.h"
#include "net/net-oauth.h"

#define ENVOY_OAUTH_URL "https://app.envoy.com/a/auth/v0"

/* All that we have a use for, but to sign visitors in and out. */
#define ENVOY_OAUTH_SCOPES                                                                                             \
    "locations.read flows.read invites.read invites.write entries.read employees.read token.refresh"

/* Without this one there is no refresh token. */
#define ENVOY_OAUTH_SCOPE_REFRESH "token.refresh"

/* (transfer full): the scopes in @text, which anybody may have typed: between blanks, commas or plus signs, each once. */
char **envoy_oauth_split_scopes(const char *text);

/**
 * envoy_oauth_consent:
 * @auth_url: ENVOY_OAUTH_URL, or what stands in for it
 * @redirect_uri: exactly as registered
 *
 * Returns: what net_consent_new() takes; it borrows all that is given here. No PKCE, since the service does not have it,
 *   and a state that may get lost.
 */
NetConsentOptions envoy_oauth_consent(const char *auth_url, const char *client_id, const char *redirect_uri,
                                      const char *const *scopes);

/**
 * EnvoyApp:
 * @auth_url: as above
 *
 * Who asks for tokens, and where; all strings are borrowed for the duration of the call only. None may be "": the request
 * would lack a member.
 */
typedef struct {
    const char *auth_url;
    const char *client_id;
    const char *client_secret;
} EnvoyApp;

/* Each asks for a token; finished by net_oauth_grant_finish(). */
void envoy_oauth_exchange_async(NetSession *session, const EnvoyApp *app, const char *code, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
/* The refresh token that comes back is another one. Where there is none, the old one stays good. */
void envoy_oauth_refresh_async(NetSession *session, const EnvoyApp *app, const char *refresh_token,
                               GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);

/**
 * envoy_oauth_is_refused:
 * @error: (nullable): of one of these
 *
 * Returns: whether code, refresh token, client id or client secret are not, or no longer, accepted: the service does not
 *   tell which. Trying the same again is useless.
 */
gboolean envoy_oauth_is_refused(const GError *error);
