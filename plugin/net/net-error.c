/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts HTTP statuses and the errors of GIO, libsoup and TLS into the few kinds the layers above act on. */
#include "net-error.h"

#include <libsoup/soup.h>

#include "net-redact.h"

/* Of the server's words only so many characters go into an error. */
#define NET_ERROR_MAX_WORDS 200

G_DEFINE_QUARK(net-error-quark, net_error);

static NetError code_of_status(guint status)
{
    switch (status) {
    case 401:
        return NET_ERROR_UNAUTHORIZED;
    case 403:
        return NET_ERROR_FORBIDDEN;
    case 404:
        return NET_ERROR_NOT_FOUND;
    case 407:
        return NET_ERROR_PROXY_AUTH;
    case 408:
        return NET_ERROR_TIMED_OUT;
    case 410:
        return NET_ERROR_GONE;
    case 429:
        return NET_ERROR_RATE_LIMITED;
    default:
        if (status >= 500 && status < 600)
            return NET_ERROR_SERVER;
        if (status >= 400 && status < 500)
            return NET_ERROR_REJECTED;
        return NET_ERROR_PROTOCOL;
    }
}

GError *net_error_from_status(guint status, const char *words)
{
    g_autofree char *clean = net_redact_line(words, NET_ERROR_MAX_WORDS);
    /* libsoup does not know this one. */
    const char *phrase = status == 429 ? "Too Many Requests" : soup_status_get_phrase(status);

    if (clean && *clean)
        return g_error_new(NET_ERROR, code_of_status(status), "%u: %s", status, clean);
    return g_error_new(NET_ERROR, code_of_status(status), "%u %s", status, phrase);
}

static NetError code_of_io(int code)
{
    switch (code) {
    case G_IO_ERROR_TIMED_OUT:
        return NET_ERROR_TIMED_OUT;
    case G_IO_ERROR_INVALID_DATA:
    case G_IO_ERROR_INVALID_ARGUMENT:
        return NET_ERROR_PROTOCOL;
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
        return NET_ERROR_PROXY;
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
        return NET_ERROR_PROXY_AUTH;
    default:
        return NET_ERROR_OFFLINE;
    }
}

static NetError code_of_soup(int code)
{
    /* Restarted too often means that connections kept breaking; the rest is an answer that is not HTTP. */
    return code == SOUP_SESSION_ERROR_TOO_MANY_RESTARTS ? NET_ERROR_OFFLINE : NET_ERROR_PROTOCOL;
}

static NetError code_of_tls(int code)
{
    switch (code) {
    case G_TLS_ERROR_EOF:
    case G_TLS_ERROR_NOT_TLS:
        /* So does GnuTLS call a connection that was cut, be it in the handshake or later. */
        return NET_ERROR_OFFLINE;
    case G_TLS_ERROR_UNAVAILABLE:
        return NET_ERROR_NO_TLS;
    case G_TLS_ERROR_BAD_CERTIFICATE:
        return NET_ERROR_CERT_OTHER;
    default:
        return NET_ERROR_TLS;
    }
}

GError *net_error_from_gio(const GError *error)
{
    g_autofree char *clean = NULL;
    NetError code = NET_ERROR_OFFLINE;

    if (error->domain == NET_ERROR || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return g_error_copy(error);
    if (error->domain == G_IO_ERROR)
        code = code_of_io(error->code);
    else if (error->domain == SOUP_SESSION_ERROR)
        code = code_of_soup(error->code);
    else if (error->domain == G_TLS_ERROR)
        code = code_of_tls(error->code);
    clean = net_redact_line(error->message, NET_ERROR_MAX_WORDS);
    return g_error_new_literal(NET_ERROR, code, clean);
}

static gboolean is_one_of(const GError *error, const NetError *codes, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (g_error_matches(error, NET_ERROR, (int)codes[i]))
            return TRUE;
    }
    return FALSE;
}

gboolean net_error_is_passing(const GError *error)
{
    static const NetError passing[] = {
        NET_ERROR_OFFLINE, NET_ERROR_TIMED_OUT, NET_ERROR_RATE_LIMITED, NET_ERROR_SERVER, NET_ERROR_PROXY,
    };

    return is_one_of(error, passing, G_N_ELEMENTS(passing));
}

gboolean net_error_is_tls(const GError *error)
{
    static const NetError tls[] = {
        NET_ERROR_TLS,
        NET_ERROR_NO_TLS,
        NET_ERROR_CERT_UNTRUSTED,
        NET_ERROR_CERT_SELF_SIGNED,
        NET_ERROR_CERT_EXPIRED,
        NET_ERROR_CERT_NOT_ACTIVATED,
        NET_ERROR_CERT_HOST,
        NET_ERROR_CERT_OTHER,
    };

    return is_one_of(error, tls, G_N_ELEMENTS(tls));
}
