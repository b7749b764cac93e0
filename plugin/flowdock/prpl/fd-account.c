/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One account: making and ending what its parts share. */
#include "fd-account.h"

#include "fd-auth.h"
#include "fd-avatars.h"
#include "fd-buddies.h"
#include "fd-commands.h"
#include "fd-login.h"
#include "fd-online.h"
#include "fd-poster.h"
#include "fd-previews.h"
#include "fd-seen.h"
#include "fd-settings.h"
#include "fd-sources.h"
#include "fd-widen.h"
#include "fd-xfers.h"

#include "face/face-proxy.h"
#include "face/face-state.h"
#include "net/net-secret.h"

#include <debug.h>
#include <notify.h>
#include <request.h>

#include <glib/gi18n-lib.h>

/* Silence after which a call is given up. Sheet: 4.4, "oulu's REST calls". */
#define CALL_TIMEOUT_S 20
#define MAX_CALL_CONNECTIONS 6
/* Silence in the middle of a file; one waits longer for what is large. */
#define FILE_TIMEOUT_S 60
#define MAX_FILE_CONNECTIONS 6
#define MAX_STREAM_CONNECTIONS 64
/* All flows of a large organization with all their people come in one answer. */
#define MAX_ANSWER (64 * 1024 * 1024)

const FaceError fd_account_errors[] = {
    { fd_api_error_quark, FD_API_ERROR_REFUSED, PURPLE_CONNECTION_ERROR_OTHER_ERROR, N_("The service refused it."),
      TRUE },
    { fd_api_error_quark, FD_API_ERROR_FORBIDDEN, PURPLE_CONNECTION_ERROR_OTHER_ERROR, N_("The service refused it."),
      TRUE },
    { fd_api_error_quark, FD_API_ERROR_TOO_LARGE, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("This is more than the service takes at once."), FALSE },
    { fd_api_error_quark, FD_API_ERROR_BAD_SHAPE, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("What answers at this address is not a Flowdock-compatible server. Check the addresses in the account's "
         "settings."),
      FALSE },
    { NULL, 0, PURPLE_CONNECTION_ERROR_OTHER_ERROR, NULL, FALSE },
};

FdAccount *fd_account_of(PurpleConnection *gc)
{
    FdAccount *account = gc ? purple_connection_get_protocol_data(gc) : NULL;

    return account && !g_cancellable_is_cancelled(account->cancellable) ? account : NULL;
}

FdAccount *fd_account_ready(PurpleConnection *gc)
{
    FdAccount *account = fd_account_of(gc);

    return account && account->online ? account : NULL;
}

guint fd_account_ms(FdAccount *account, guint ms)
{
    return MAX(ms / (guint)MAX(purple_account_get_int(account->account, FD_SETTING_HURRY, 1), 1), 1);
}

char *fd_account_state_path(FdAccount *account, const char *kind)
{
    g_autofree char *owner = g_strdup_printf("%s %" G_GINT64_FORMAT, account->api_url, account->state->self);

    return face_state_path("flowdock", kind, owner);
}

static NetSession *new_session(PurpleAccount *account, GProxyResolver *proxy, guint timeout_s, guint max_connections,
                               GError **error)
{
    NetSessionOptions options = {
        .user_agent = "purple-flowdock/" VERSION,
        .ca_file = fd_settings_string(account, FD_SETTING_CA_FILE),
        .proxy = proxy,
        .timeout_s = timeout_s,
        .max_connections = max_connections,
        .max_body = MAX_ANSWER,
    };

    if (!*options.ca_file)
        options.ca_file = NULL;
    return net_session_new(&options, error);
}

/* Before anything is sent: a password must not go out only for the stream's address to be refused later. */
static gboolean check_addresses(PurpleAccount *account, GError **error)
{
    static const char *const keys[] = { FD_SETTING_API_URL, FD_SETTING_STREAM_URL };

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autoptr(NetRequest) request = net_request_new("GET", "flows", NULL);
        g_autoptr(GUri) uri = net_request_build_uri(request, fd_settings_string(account, keys[i]), error);

        if (!uri)
            return FALSE;
    }
    return TRUE;
}

gboolean fd_account_is_closed(const FdAccount *account)
{
    return account->closed;
}

gboolean fd_account_has_windows(const FdAccount *account)
{
    return !account->closed && !account->windows_gone;
}

static void account_free(FdAccount *account)
{
    g_clear_pointer(&account->previews, fd_previews_free);
    g_clear_pointer(&account->xfers, fd_xfers_free);
    g_clear_pointer(&account->avatars, fd_avatars_free);
    g_clear_pointer(&account->buddies, fd_buddies_free);
    g_clear_pointer(&account->online, fd_online_free);
    g_clear_pointer(&account->seen, fd_seen_free);
    g_clear_pointer(&account->poster, fd_poster_free);
    g_clear_pointer(&account->login, fd_login_free);
    g_clear_pointer(&account->auth, fd_auth_free);
    g_clear_pointer(&account->sender, fd_sender_free);
    g_clear_pointer(&account->sync, fd_sync_free);
    g_clear_pointer(&account->thread_rooms, g_ptr_array_unref);
    if (account->calls)
        fd_commands_forget(account);
    /* These have such calls, which need no account any more. */
    g_clear_pointer(&account->sources, fd_sources_free);
    g_clear_pointer(&account->widen, fd_widen_free);
    g_clear_pointer(&account->pages, g_hash_table_unref);
    g_clear_pointer(&account->acts, g_hash_table_unref);
    g_clear_pointer(&account->state, fd_state_free);
    g_clear_pointer(&account->api, fd_api_unref);
    g_clear_pointer(&account->file_api, fd_api_unref);
    net_credential_unref(account->credential);
    g_clear_pointer(&account->session, net_session_unref);
    g_clear_pointer(&account->streams, net_session_unref);
    g_clear_pointer(&account->transfers, net_session_unref);
    g_object_unref(account->cancellable);
    g_array_unref(account->closing);
    g_free(account->api_url);
    g_free(account->client_id);
    g_free(account->status_text);
    net_secret_free(account->client_secret);
    g_free(account);
}

static void open_sessions(FdAccount *account, GError **error)
{
    /* Once for all: on some desktops libpurple runs a program to find out. */
    g_autoptr(GProxyResolver) proxy = face_proxy_resolver(account->account, error);

    if (proxy)
        account->session = new_session(account->account, proxy, CALL_TIMEOUT_S, MAX_CALL_CONNECTIONS, error);
    /* A stream's own silence is watched by net-stream. */
    if (account->session)
        account->streams = new_session(account->account, proxy, 0, MAX_STREAM_CONNECTIONS, error);
    if (account->streams)
        account->transfers =
            new_session(account->account, proxy, MAX(fd_account_ms(account, FILE_TIMEOUT_S * 1000) / 1000, 1),
                        MAX_FILE_CONNECTIONS, error);
}

FdAccount *fd_account_new(PurpleConnection *gc, GError **error)
{
    FdAccount *account = g_new0(FdAccount, 1);

    account->gc = gc;
    account->account = purple_connection_get_account(gc);
    account->cancellable = g_cancellable_new();
    account->credential = net_credential_new();
    net_credential_set_hurry(account->credential,
                             (guint)MAX(purple_account_get_int(account->account, FD_SETTING_HURRY, 1), 1));
    account->api_url = g_strdup(fd_settings_string(account->account, FD_SETTING_API_URL));
    account->client_id = g_strdup(fd_settings_string(account->account, FD_SETTING_CLIENT_ID));
    account->client_secret = g_strdup(fd_settings_string(account->account, FD_SETTING_CLIENT_SECRET));
    account->closing = g_array_new(FALSE, FALSE, sizeof(int));
    if (check_addresses(account->account, error))
        open_sessions(account, error);
    if (!account->transfers) {
        account_free(account);
        return NULL;
    }
    account->api = fd_api_new(account->session, account->credential, account->api_url);
    account->file_api = fd_api_new(account->transfers, account->credential, account->api_url);
    purple_connection_set_protocol_data(gc, account);
    return account;
}

static gboolean on_free(gpointer user_data)
{
    account_free(user_data);
    return G_SOURCE_REMOVE;
}

void fd_account_close(FdAccount *account)
{
    account->closed = TRUE;
    g_cancellable_cancel(account->cancellable);
    net_credential_set_renewer(account->credential, NULL, NULL);
    net_credential_clear(account->credential);
    g_clear_handle_id(&account->close_id, g_source_remove);
    if (account->online)
        fd_online_stop(account->online);
    if (account->previews)
        fd_previews_stop(account->previews);
    if (account->xfers)
        fd_xfers_stop(account->xfers);
    if (account->avatars)
        fd_avatars_stop(account->avatars);
    if (account->buddies)
        fd_buddies_stop(account->buddies);
    if (account->seen)
        fd_seen_stop(account->seen);
    if (account->poster)
        fd_poster_stop(account->poster);
    if (account->auth)
        fd_auth_stop(account->auth);
    if (account->widen)
        fd_widen_stop(account->widen);
    purple_request_close_with_handle(account);
    purple_notify_close_with_handle(account);
    if (account->session)
        net_session_close(account->session);
    if (account->streams)
        net_session_close(account->streams);
    if (account->transfers)
        net_session_close(account->transfers);
    /* Before any timer or answer that is due. */
    g_idle_add_full(G_PRIORITY_HIGH, on_free, account, NULL);
}

void fd_account_fail(FdAccount *account, PurpleConnectionError reason, const char *text)
{
    PurpleConnection *gc = account->gc;

    if (g_cancellable_is_cancelled(account->cancellable))
        return;
    /* The host closes the connection later, from its main loop: until then we are silent. What is not
     * freed yet is needed at "signing-off", when it is said what was not sent. */
    g_cancellable_cancel(account->cancellable);
    purple_connection_error_reason(gc, reason, text);
}

void fd_account_fail_error(FdAccount *account, const GError *error)
{
    g_autofree char *text = face_error_text(fd_account_errors, error);

    fd_account_fail(account, face_error_reason(fd_account_errors, error), text);
}
