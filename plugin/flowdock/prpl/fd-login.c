/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sign-in. */
#include "fd-login.h"

#include "fd-auth.h"
#include "fd-online.h"
#include "fd-settings.h"
#include "fd-show.h"

#include "flowdock/api/fd-api-flows.h"
#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"

#include <glib/gi18n-lib.h>

struct _FdLogin {
    FdAccount *account;
    FdUser *self;     /* (nullable) */
    GPtrArray *flows; /* (nullable) */
};

static void progress(FdLogin *login, const char *text, int step)
{
    purple_connection_update_progress(login->account->gc, text, (size_t)step, FD_ONLINE_STEPS);
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

    gboolean has_flows = flows->len > 0;

    fd_auth_confirm(account->auth);
    progress(login, _("Opening rooms"), 2);
    fd_online_start(account, self, flows);
    if (!has_flows)
        fd_show_info(account, _("You are signed in, but there are no flows that you can see. A room opens when you are "
                                "added to one; until then there are private chats only."));
}

static void fail_loading(FdLogin *login, const GError *error)
{
    const char *refusal = fd_auth_get_refusal(login->account->auth);

    if (refusal && g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED))
        fd_account_fail(login->account, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED, refusal);
    else {
        fd_auth_failed(login->account->auth, error);
        fd_account_fail_error(login->account, error);
    }
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
        fail_loading(login, error);
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
        fail_loading(login, error);
        return;
    }
    login->flows = flows;
    if (login->self)
        finish(login);
}

/* The two do not depend on each other. */
static void on_credential(FdAccount *account)
{
    progress(account->login, _("Loading flows"), 1);
    fd_api_user_self_async(account->api, account->cancellable, on_self, account->login);
    fd_api_flows_all_async(account->api, account->cancellable, on_flows, account->login);
}

static void refuse_setting(FdAccount *account, const char *key)
{
    g_autofree char *possible = fd_settings_choices(key);
    g_autofree char *text =
        g_strdup_printf(_("The account's setting %s has an unknown value. Possible values are: %s."), key, possible);

    fd_account_fail(account, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS, text);
}

void fd_login_start(FdAccount *account)
{
    FdLogin *login = g_new0(FdLogin, 1);
    const char *wrong = fd_settings_find_wrong_choice(account->account);

    login->account = account;
    account->login = login;
    if (wrong) {
        refuse_setting(account, wrong);
        return;
    }
    progress(login, _("Signing in"), 0);
    fd_auth_start(account, on_credential);
}
