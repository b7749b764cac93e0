/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of errors. */
#include "face-error.h"

#include "net/net-error.h"
#include "net/net-oauth.h"

#include <glib/gi18n-lib.h>

/* clang-format off */
static const FaceError common[] = {
    { net_error_quark, NET_ERROR_OFFLINE, PURPLE_CONNECTION_ERROR_NETWORK_ERROR,
      N_("The server cannot be reached. Check the network, and the addresses in the account's settings."), TRUE },
    { net_error_quark, NET_ERROR_TIMED_OUT, PURPLE_CONNECTION_ERROR_NETWORK_ERROR,
      N_("The server does not answer."), FALSE },
    { net_error_quark, NET_ERROR_TLS, PURPLE_CONNECTION_ERROR_CERT_OTHER_ERROR,
      N_("The server's certificate is not trusted, so nothing was sent. If the server is your own, name its "
         "certificate authority in the account's setting \"CA file\"."), TRUE },
    { net_error_quark, NET_ERROR_UNAUTHORIZED, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
      N_("The server no longer accepts this sign-in. Sign in again."), FALSE },
    { net_error_quark, NET_ERROR_FORBIDDEN, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The server does not allow this."), TRUE },
    { net_error_quark, NET_ERROR_NOT_FOUND, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The server does not know this, or does not show it to you."), FALSE },
    { net_error_quark, NET_ERROR_GONE, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("This no longer exists on the server."), FALSE },
    { net_error_quark, NET_ERROR_RATE_LIMITED, PURPLE_CONNECTION_ERROR_NETWORK_ERROR,
      N_("The server asks for fewer requests. Wait a little, then try again."), FALSE },
    { net_error_quark, NET_ERROR_REJECTED, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The server did not accept the request."), TRUE },
    { net_error_quark, NET_ERROR_SERVER, PURPLE_CONNECTION_ERROR_NETWORK_ERROR,
      N_("The server has a problem of its own. Try again later."), TRUE },
    { net_error_quark, NET_ERROR_PROTOCOL, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("What answers at this address is not a Flowdock-compatible server. Check the addresses in the account's "
         "settings."), TRUE },
    { net_error_quark, NET_ERROR_INSECURE, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("A server's address in the account's settings must begin with https:// (http:// only on this computer)."),
      FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_INVALID_CLIENT, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("The server does not know this application. Check the client id and client secret in the account's "
         "settings."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_UNAUTHORIZED_CLIENT, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("This application may not sign in this way. Check the client id in the account's settings."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_INVALID_GRANT, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
      N_("The e-mail address or the password is wrong."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_ACCESS_DENIED, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
      N_("Access was denied."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_NO_TOKEN, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The server's answer to the sign-in makes no sense. Check the API address in the account's settings."),
      FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_INVALID_REQUEST, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The server did not understand the sign-in."), TRUE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_UNSUPPORTED_GRANT_TYPE, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("The server does not offer this way to sign in."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_INVALID_SCOPE, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("The application lacks a permission this plugin needs."), TRUE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_OTHER, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The sign-in failed."), TRUE },
    { NULL, 0, PURPLE_CONNECTION_ERROR_OTHER_ERROR, NULL, FALSE },
};
/* clang-format on */

static const FaceError *find_in(const FaceError *table, const GError *error)
{
    for (; table && table->sentence; table++)
        if (table->domain() == error->domain && table->code == error->code)
            return table;
    return NULL;
}

static const FaceError *find(const FaceError *more, const GError *error)
{
    const FaceError *row = find_in(more, error);

    return row ? row : find_in(common, error);
}

char *face_error_text(const FaceError *more, const GError *error)
{
    const FaceError *row = find(more, error);

    if (!row)
        return g_strdup(error->message);
    if (!row->with_words || !error->message || !*error->message)
        return g_strdup(_(row->sentence));
    return g_strdup_printf("%s (%s)", _(row->sentence), error->message);
}

PurpleConnectionError face_error_reason(const FaceError *more, const GError *error)
{
    const FaceError *row = find(more, error);

    return row ? row->reason : PURPLE_CONNECTION_ERROR_OTHER_ERROR;
}
