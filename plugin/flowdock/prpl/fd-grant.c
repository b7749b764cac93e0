/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the service for tokens. */
#include "fd-grant.h"

#include "fd-online.h"
#include "fd-settings.h"

#include "flowdock/api/fd-api-sources.h"
#include "net/net-error.h"
#include "net/net-secret.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* How long a server that is busy may make us wait, and how often, before that is an error. */
#define LONGEST_WAIT_MS 60000
#define MAX_WAITS 5

static const char *const scopes[] = { "flow", "private", "profile", "manage", "offline_access" };

static const char *const token_path[] = { "oauth", "token", NULL };

/*
 *   at rest --request--> under way --answer--> at rest, done called
 *                         |    ^
 *                  busy   v    | time over
 *                        waiting
 */
struct _FdGrant {
    FdAccount *account;
    FdGrantFunc done;
    gpointer user_data;
    GCancellable *cancellable; /* of the request under way: the account may outlive us */
    const char *more;          /* (nullable): a further scope */
    FdGrantKind kind;
    char *secret;        /* (nullable) */
    NetConsent *consent; /* (nullable) */
    guint waits;
    guint wait_id;
};

static void request(FdGrant *grant);

FdGrant *fd_grant_new(FdAccount *account, FdGrantFunc done, gpointer user_data)
{
    FdGrant *grant = g_new0(FdGrant, 1);

    grant->account = account;
    grant->done = done;
    grant->user_data = user_data;
    grant->cancellable = g_cancellable_new();
    return grant;
}

const char **fd_grant_scopes(FdAccount *account, const char *more)
{
    const char **list = g_new0(const char *, G_N_ELEMENTS(scopes) + 2);

    memcpy(list, scopes, sizeof scopes);
    if (more)
        list[G_N_ELEMENTS(scopes)] = more;
    else if (purple_account_get_bool(account->account, FD_SETTING_INTEGRATION, FALSE))
        list[G_N_ELEMENTS(scopes)] = FD_API_SCOPE_INTEGRATION;
    return list;
}

gboolean fd_grant_want_less(FdAccount *account, const GError *error)
{
    if (!g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_SCOPE) ||
        !purple_account_get_bool(account->account, FD_SETTING_INTEGRATION, FALSE))
        return FALSE;
    purple_account_remove_setting(account->account, FD_SETTING_INTEGRATION);
    return TRUE;
}

void fd_grant_set_more(FdGrant *grant, const char *scope)
{
    grant->more = scope;
}

static void forget(FdGrant *grant)
{
    g_clear_handle_id(&grant->wait_id, g_source_remove);
    g_clear_pointer(&grant->secret, net_secret_free);
    g_clear_pointer(&grant->consent, net_consent_unref);
}

void fd_grant_stop(FdGrant *grant)
{
    g_cancellable_cancel(grant->cancellable);
    forget(grant);
}

void fd_grant_free(FdGrant *grant)
{
    if (!grant)
        return;
    fd_grant_stop(grant);
    g_object_unref(grant->cancellable);
    g_free(grant);
}

static gboolean on_waited(gpointer user_data)
{
    FdGrant *grant = user_data;

    grant->wait_id = 0;
    request(grant);
    return G_SOURCE_REMOVE;
}

/* Returns: whether the server has said for how long it is busy, and that can be waited for. */
static gboolean wait_as_told(FdGrant *grant, gint64 retry_after_ms)
{
    FdAccount *account = grant->account;

    if (retry_after_ms < 0 || retry_after_ms > LONGEST_WAIT_MS || grant->waits >= MAX_WAITS)
        return FALSE;
    grant->waits++;
    if (!account->online)
        purple_connection_update_progress(account->gc, _("The server is busy; trying again as soon as it allows"), 0,
                                          FD_ONLINE_STEPS);
    grant->wait_id = g_timeout_add(fd_account_ms(account, (guint)retry_after_ms), on_waited, grant);
    return TRUE;
}

static void on_token(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gint64 retry_after_ms = -1;
    g_autoptr(NetToken) token = net_oauth_grant_finish(result, &retry_after_ms, &error);
    FdGrant *grant = user_data;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (net_error_is_passing(error) && wait_as_told(grant, retry_after_ms))
        return;
    if (!grant->more && grant->kind == FD_GRANT_PASSWORD && fd_grant_want_less(grant->account, error)) {
        request(grant);
        return;
    }
    forget(grant);
    grant->done(token, error, grant->user_data);
}

static void request(FdGrant *grant)
{
    FdAccount *account = grant->account;
    const NetConsent *consent = grant->consent;
    g_autofree const char **wanted = fd_grant_scopes(account, grant->more);
    g_autofree char *scope = g_strjoinv(" ", (char **)wanted);
    NetOauthClient client = {
        .base_url = account->api_url,
        .path = token_path,
        .body = NET_OAUTH_BODY_FORM,
        .client_id = account->client_id,
        .client_secret = account->client_secret,
    };
    /* clang-format off */
    const char *const by_password[] = {
        "grant_type", "password", "username", purple_account_get_username(account->account),
        "password", grant->secret, "scope", scope, NULL
    };
    const char *const by_refresh[] = { "grant_type", "refresh_token", "refresh_token", grant->secret, NULL };
    const char *const by_code[] = {
        "grant_type", "authorization_code", "code", grant->secret,
        "redirect_uri", consent ? net_consent_get_redirect_uri(consent) : "",
        "code_verifier", consent ? net_consent_get_verifier(consent) : "", NULL
    };
    /* clang-format on */
    const char *const *const members[] = { by_password, by_refresh, by_code };

    net_oauth_grant_async(account->session, &client, members[grant->kind], grant->cancellable, on_token, grant);
}

void fd_grant_request(FdGrant *grant, FdGrantKind kind, const char *secret, const NetConsent *consent)
{
    forget(grant);
    grant->kind = kind;
    grant->secret = g_strdup(secret);
    grant->consent = consent ? net_consent_ref((NetConsent *)consent) : NULL;
    grant->waits = 0;
    request(grant);
}

FdGrantKind fd_grant_get_kind(const FdGrant *grant)
{
    return grant->kind;
}
