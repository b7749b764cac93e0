/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Constants and builders over net-consent and net-oauth. */
#include "envoy-oauth.h"

#include "net/net-error.h"

static const char *const consent_path[] = { "authorize", NULL };
static const char *const token_path[] = { "token", NULL };

char **envoy_oauth_split_scopes(const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, " \t\r\n,+", -1);
    g_autoptr(GPtrArray) scopes = g_ptr_array_new();

    for (char **part = parts; *part; part++) {
        if (**part && !g_ptr_array_find_with_equal_func(scopes, *part, g_str_equal, NULL))
            g_ptr_array_add(scopes, g_strdup(*part));
    }
    g_ptr_array_add(scopes, NULL);
    return (char **)g_ptr_array_steal(scopes, NULL);
}

NetConsentOptions envoy_oauth_consent(const char *auth_url, const char *client_id, const char *redirect_uri,
                                      const char *const *scopes)
{
    return (NetConsentOptions){ .base_url = auth_url,
                                .path = consent_path,
                                .client_id = client_id,
                                .redirect_uri = redirect_uri,
                                .scopes = scopes,
                                .scope_separator = "+",
                                .no_pkce = TRUE,
                                .may_lose_state = TRUE };
}

static void ask(NetSession *session, const EnvoyApp *app, const char *const *members, GCancellable *cancellable,
                GAsyncReadyCallback done, gpointer user_data)
{
    const NetOauthClient client = {
        .base_url = app->auth_url,
        .path = token_path,
        .body = NET_OAUTH_BODY_JSON,
        .client_id = app->client_id,
        .client_secret = app->client_secret,
    };

    net_oauth_grant_async(session, &client, members, cancellable, done, user_data);
}

void envoy_oauth_exchange_async(NetSession *session, const EnvoyApp *app, const char *code, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    const char *const members[] = { "grant_type", "authorization_code", "code", code, NULL };

    ask(session, app, members, cancellable, done, user_data);
}

void envoy_oauth_refresh_async(NetSession *session, const EnvoyApp *app, const char *refresh_token,
                               GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    const char *const members[] = { "grant_type", "refresh_token", "refresh_token", refresh_token, NULL };

    ask(session, app, members, cancellable, done, user_data);
}

gboolean envoy_oauth_is_refused(const GError *error)
{
    /* REJECTED, OTHER: a 400 or 401 with words of the service's own. */
    return g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED) ||
           g_error_matches(error, NET_ERROR, NET_ERROR_REJECTED) ||
           g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_GRANT) ||
           g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_CLIENT) ||
           g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_OTHER);
}
