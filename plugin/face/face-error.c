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
    { net_error_quark, NET_ERROR_TLS, PURPLE_CONNECTION_ERROR_ENCRYPTION_ERROR,
      N_("The server and this computer cannot agree how to encrypt. Check the addresses in the account's settings."),
      TRUE },
    { net_error_quark, NET_ERROR_NO_TLS, PURPLE_CONNECTION_ERROR_NO_SSL_SUPPORT,
      N_("Encryption is not installed on this computer. Install the package \"glib-networking\", then start this "
         "program anew."), FALSE },
    { net_error_quark, NET_ERROR_CERT_UNTRUSTED, PURPLE_CONNECTION_ERROR_CERT_UNTRUSTED,
      N_("The server's certificate is not trusted, so nothing was sent. If the server is your own, name its "
         "certificate authority in the account's setting \"CA file\"."), TRUE },
    { net_error_quark, NET_ERROR_CERT_SELF_SIGNED, PURPLE_CONNECTION_ERROR_CERT_SELF_SIGNED,
      N_("The server has issued its certificate to itself, so nothing was sent. If the server is your own, name a "
         "file with this certificate in the account's setting \"CA file\"."), TRUE },
    { net_error_quark, NET_ERROR_CERT_EXPIRED, PURPLE_CONNECTION_ERROR_CERT_EXPIRED,
      N_("The server's certificate has expired, so nothing was sent. Check this computer's clock; if it is right, the "
         "server's operator has to renew the certificate."), TRUE },
    { net_error_quark, NET_ERROR_CERT_NOT_ACTIVATED, PURPLE_CONNECTION_ERROR_CERT_NOT_ACTIVATED,
      N_("The server's certificate is not valid yet, so nothing was sent. Check the clock of this computer: it is "
         "probably wrong."), TRUE },
    { net_error_quark, NET_ERROR_CERT_HOST, PURPLE_CONNECTION_ERROR_CERT_HOSTNAME_MISMATCH,
      N_("The server's certificate is for another host, so nothing was sent. Check the addresses in the account's "
         "settings."), TRUE },
    { net_error_quark, NET_ERROR_CERT_OTHER, PURPLE_CONNECTION_ERROR_CERT_OTHER_ERROR,
      N_("The server's certificate cannot be accepted, so nothing was sent. Its operator has to replace it."), TRUE },
    { net_error_quark, NET_ERROR_CA_FILE, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("The file that is named in the account's setting \"CA file\" cannot be used. Enter the whole path of a file "
         "with PEM certificates."), TRUE },
    { net_error_quark, NET_ERROR_PROXY, PURPLE_CONNECTION_ERROR_NETWORK_ERROR,
      N_("The proxy does not get through to the server. Check the network, and the proxy in the account's settings."),
      TRUE },
    { net_error_quark, NET_ERROR_PROXY_AUTH, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("The proxy wants another name or password. Check the proxy in the account's settings."), FALSE },
    { net_error_quark, NET_ERROR_PROXY_SETTINGS, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("It is not known which proxy to use. Enter host and port of the proxy in the account's settings."), FALSE },
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
    { net_oauth_error_quark, NET_OAUTH_ERROR_WRONG_STATE, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
      N_("What came back from the browser does not belong to this sign-in. Start the sign-in once more, and use the "
         "newest address."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_OTHER_ADDRESS, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
      N_("This address is of another page. Enter the code, or the address of the page that the browser showed after "
         "you had allowed access."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_NO_CODE, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
      N_("There is no code in this. Enter the code, or the address of the page that the browser showed after you had "
         "allowed access."), FALSE },
    { net_oauth_error_quark, NET_OAUTH_ERROR_NO_ANSWER, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
      N_("No answer came from the browser within five minutes. Start the sign-in once more."), FALSE },
    /* Translators: the number of the port follows. */
    { net_oauth_error_quark, NET_OAUTH_ERROR_PORT_BUSY, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
      N_("The port for the browser's answer cannot be used: another program has it, or it is reserved. Set another one "
         "in the account's settings, or 0 for any."), TRUE },
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
