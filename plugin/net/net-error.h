/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can go wrong between us and a server, in terms the layers above can act on. */
#pragma once

#include <gio/gio.h>

#define NET_ERROR (net_error_quark())

/**
 * NetError:
 * @NET_ERROR_OFFLINE: no connection could be made, or it broke before an answer came
 * @NET_ERROR_TIMED_OUT: the server was silent for too long, or says 408
 * @NET_ERROR_TLS: the two sides did not agree on a way to encrypt (a handshake that was cut is NET_ERROR_OFFLINE)
 * @NET_ERROR_NO_TLS: encryption is not installed: GLib's TLS module is missing
 * @NET_ERROR_CERT_UNTRUSTED: nobody we trust vouches for the certificate; with each of these nothing was sent
 * @NET_ERROR_CERT_SELF_SIGNED: the same, and it is its own issuer
 * @NET_ERROR_CERT_EXPIRED: it was valid in the past, by this computer's clock
 * @NET_ERROR_CERT_NOT_ACTIVATED: it will be valid in the future, by this computer's clock
 * @NET_ERROR_CERT_HOST: it is for another host
 * @NET_ERROR_CERT_OTHER: it is revoked, too weak, or malformed
 * @NET_ERROR_CA_FILE: the file with the user's own roots cannot be read
 * @NET_ERROR_PROXY: the proxy does not get through to the server, or does not let us
 * @NET_ERROR_PROXY_AUTH: the proxy wants a name and password, or others than it got (407)
 * @NET_ERROR_PROXY_SETTINGS: it is not said completely which proxy to use
 * @NET_ERROR_UNAUTHORIZED: 401, also after the credential was renewed
 * @NET_ERROR_FORBIDDEN: 403
 * @NET_ERROR_NOT_FOUND: 404
 * @NET_ERROR_GONE: 410
 * @NET_ERROR_RATE_LIMITED: 429
 * @NET_ERROR_REJECTED: any other 4xx: our request was wrong, repeating it is useless
 * @NET_ERROR_SERVER: 5xx
 * @NET_ERROR_PROTOCOL: the answer is not what the protocol promises (not JSON, too large, a redirect)
 * @NET_ERROR_INSECURE: the address is neither https nor a loopback address
 *
 * The message of such an error is a detail for people (the server's or GIO's words, never a secret);
 * the sentence shown to a user is chosen by the code.
 */
typedef enum {
    NET_ERROR_OFFLINE,
    NET_ERROR_TIMED_OUT,
    NET_ERROR_TLS,
    NET_ERROR_NO_TLS,
    NET_ERROR_CERT_UNTRUSTED,
    NET_ERROR_CERT_SELF_SIGNED,
    NET_ERROR_CERT_EXPIRED,
    NET_ERROR_CERT_NOT_ACTIVATED,
    NET_ERROR_CERT_HOST,
    NET_ERROR_CERT_OTHER,
    NET_ERROR_CA_FILE,
    NET_ERROR_PROXY,
    NET_ERROR_PROXY_AUTH,
    NET_ERROR_PROXY_SETTINGS,
    NET_ERROR_UNAUTHORIZED,
    NET_ERROR_FORBIDDEN,
    NET_ERROR_NOT_FOUND,
    NET_ERROR_GONE,
    NET_ERROR_RATE_LIMITED,
    NET_ERROR_REJECTED,
    NET_ERROR_SERVER,
    NET_ERROR_PROTOCOL,
    NET_ERROR_INSECURE,
} NetError;

GQuark net_error_quark(void);

/**
 * net_error_from_status:
 * @status: an HTTP status outside 200 to 299
 * @words: (nullable): the server's own words, if it said any
 *
 * Returns: (transfer full): an error in the NET_ERROR domain.
 */
GError *net_error_from_status(guint status, const char *words);

/**
 * net_error_from_gio:
 * @error: (transfer none): what GIO, libsoup or the TLS library reported
 *
 * Returns: (transfer full): the same in the NET_ERROR domain; a copy of @error when it is
 *   G_IO_ERROR_CANCELLED or a NET_ERROR already.
 */
GError *net_error_from_gio(const GError *error);

/**
 * net_error_is_passing:
 * @error: (nullable): any error
 *
 * Returns: whether the same request may succeed later: offline, timed out, rate limited, server, proxy.
 */
gboolean net_error_is_passing(const GError *error);

/**
 * net_error_is_tls:
 * @error: (nullable): any error
 *
 * Returns: whether no encrypted connection can be had: tls, no-tls and all of the certificate. None of them passes.
 */
gboolean net_error_is_tls(const GError *error);
