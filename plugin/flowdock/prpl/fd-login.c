/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sign-in with the password grant or a kept refresh token, and renewal of the access token. */
#include "fd-login.h"

#include "fd-online.h"
#include "fd-settings.h"

#include "face/face-token.h"
#include "flowdock/api/fd-api-flows.h"
#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"
#include "net/net-oauth.h"
#include "net/net-secret.h"

#include <request.h>

#include <glib/gi18n-lib.h>

/* What we ask for. Sheet: 2.8. */
#define SCOPES "flow private profile manage offline_access"
#define STEPS 3

static const char *const token_path[] = { "oauth", "token", NULL };

struct _FdLogin {
    FdAccount *account;
    gboolean renewing; /* signed in already; the outcome is for the credential */
    gboolean refreshing;
    FdUser *self;     /* (nullable) */
    GPtrArray *flows; /* (nullable) */
};

static void get_token(FdLogin *login, const char *password);

static void progress(FdLogin *login, const char *text, int step)
{
    purple_connection_update_progress(login->account->gc, text, (size_t)step, STEPS);
}

void fd_login_free(FdLogin *login)
{
    if (!login)
        return;
    fd_user_free(login->self);
    g_clear_pointer(&login->flows, g_ptr_array_unref);
    g_free(login);
}

static void finish(FdLogin *login)
{
    FdAccount *account = login->account;
    g_autoptr(FdUser) self = g_steal_pointer(&login->self);
    g_autoptr(GPtrArray) flows = g_steal_pointer(&login->flows);

    if (flows->len == 0) {
        fd_account_fail(account, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
                        _("The sign-in worked, but this account has no flows. Create or join one first, with the "
                          "service's web page or another client."));
        return;
    }
    progress(login, _("Opening rooms"), 2);
    fd_online_start(account, self, flows);
}

static void on_self(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    FdUser *self = fd_api_user_finish(result, &error);
    FdLogin *login = user_data;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (error) {
        fd_account_fail_error(login->account, error);
        return;
    }
    login->self = self;
    if (login->flows)
        finish(login);
}

static void on_flows(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *flows = fd_api_flows_all_finish(result, &error);
    FdLogin *login = user_data;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (error) {
        fd_account_fail_error(login->account, error);
        return;
    }
    login->flows = flows;
    if (login->self)
        finish(login);
}

static void load(FdLogin *login)
{
    FdAccount *account = login->account;

    progress(login, _("Loading flows"), 1);
    fd_api_user_self_async(account->api, account->cancellable, on_self, login);
    fd_api_flows_all_async(account->api, account->cancellable, on_flows, login);
}

static void on_password(gpointer user_data, const char *password)
{
    FdAccount *account = user_data;

    if (!account->login)
        return;
    if (!password || !*password) {
        fd_account_fail(account, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED, _("No password was given."));
        return;
    }
    get_token(account->login, password);
}

static void on_no_password(gpointer user_data, const char *password)
{
    (void)password;
    on_password(user_data, NULL);
}

/* libpurple's own prompt does not exist in bitlbee; this one does, see hosts: every text must be there. */
static void ask_password(FdLogin *login, const char *why)
{
    FdAccount *account = login->account;
    const char *user = purple_account_get_username(account->account);
    g_autofree char *primary = g_strdup_printf(_("Password for %s"), user);

    purple_request_input(account, _("Flowdock sign-in"), primary, why, NULL, FALSE, TRUE, NULL, _("_Sign in"),
                         G_CALLBACK(on_password), _("_Cancel"), G_CALLBACK(on_no_password), account->account, NULL,
                         NULL, account);
}

static void take_token(FdLogin *login, const NetToken *token)
{
    FdAccount *account = login->account;

    /* First the refresh token: the old one is dead from now on, so it must not be lost. Sheet: 2.6. */
    if (token->refresh_token)
        face_token_keep(account->account, token->refresh_token);
    net_credential_set_bearer(account->credential, token->access_token);
    net_credential_set_life(account->credential, token->expires_in_s);
    if (login->renewing)
        net_credential_renewed(account->credential, NULL);
    else
        load(login);
}

static void on_token(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NetToken) token = net_oauth_grant_finish(result, NULL, &error);
    FdLogin *login = user_data;
    gboolean refused = g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_GRANT);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (token) {
        take_token(login, token);
    } else if (refused && login->refreshing && !login->renewing) {
        ask_password(login, _("The earlier sign-in has expired. Please sign in again."));
    } else if (login->renewing) {
        net_credential_renewed(login->account->credential, error);
        /* What waits for the token has failed by now; a passing failure is tried again with the next call. */
        if (!net_error_is_passing(error)) {
            g_autoptr(GError) expired = g_error_new_literal(NET_ERROR, NET_ERROR_UNAUTHORIZED, "");

            fd_account_fail_error(login->account, refused ? expired : error);
        }
    } else {
        fd_account_fail_error(login->account, error);
    }
}

static void get_token(FdLogin *login, const char *password)
{
    FdAccount *account = login->account;
    const char *refresh_token = face_token_in(password);
    NetOauthClient client = {
        .base_url = fd_settings_string(account->account, FD_SETTING_API_URL),
        .path = token_path,
        .body = NET_OAUTH_BODY_FORM,
        .client_id = fd_settings_string(account->account, FD_SETTING_CLIENT_ID),
        .client_secret = fd_settings_string(account->account, FD_SETTING_CLIENT_SECRET),
    };
    const char *const by_password[] = {
        "grant_type", "password", "username", purple_account_get_username(account->account), "password", password,
        "scope",      SCOPES,     NULL
    };
    const char *const by_refresh[] = { "grant_type", "refresh_token", "refresh_token", refresh_token, NULL };

    login->refreshing = refresh_token != NULL;
    net_oauth_grant_async(account->session, &client, refresh_token ? by_refresh : by_password, account->cancellable,
                          on_token, login);
}

/* The password field holds the refresh token, or the password where the server gives no such token. */
static void on_renew(NetCredential *credential, gpointer user_data)
{
    FdLogin *login = user_data;
    const char *password = purple_account_get_password(login->account->account);

    (void)credential;
    login->renewing = TRUE;
    if (password && *password) {
        get_token(login, password);
    } else {
        g_autoptr(GError) error = g_error_new_literal(NET_ERROR, NET_ERROR_UNAUTHORIZED, "");

        fd_account_fail_error(login->account, error);
    }
}

void fd_login_start(FdAccount *account)
{
    FdLogin *login = g_new0(FdLogin, 1);
    const char *password = purple_connection_get_password(account->gc);

    login->account = account;
    account->login = login;
    if (!*fd_settings_string(account->account, FD_SETTING_CLIENT_ID)) {
        fd_account_fail(account, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
                        _("No application is set up. Enter the client id and client secret of an application that is "
                          "registered with the service in the account's settings."));
        return;
    }
    net_credential_set_renewer(account->credential, on_renew, login);
    progress(login, _("Signing in"), 0);
    if (password && *password)
        get_token(login, password);
    else
        ask_password(login, _("It is sent to the server once, to sign in."));
}
