/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One consent of the authorization code grant: the address where a person allows the application, and what comes back
 * from there. Pure: no I/O. What differs between services is data. */
#pragma once

#include <gio/gio.h>

typedef struct _NetConsent NetConsent;

/**
 * NetConsentOptions:
 * @base_url: https://host[:port][/prefix]
 * @path: segments of the page where the person allows, %NULL-terminated: { "oauth", "authorize", NULL }
 * @redirect_uri: exactly as registered; one that begins with "urn:" is out of band: the page itself shows the code
 * @scopes: %NULL-terminated; without any, none are asked for
 * @scope_separator: goes between them as it is: "%20" or "+"
 * @no_pkce: the service does not know PKCE, so the address has nothing of it
 * @may_lose_state: it is not known to bring the state back: an answer without one is taken, one with another is not
 *
 * All strings are borrowed for the duration of the call only.
 */
typedef struct {
    const char *base_url;
    const char *const *path;
    const char *client_id;
    const char *redirect_uri;
    const char *const *scopes;
    const char *scope_separator;
    gboolean no_pkce;
    gboolean may_lose_state;
} NetConsentOptions;

/**
 * net_consent_new:
 *
 * Draws a state and, unless there is no PKCE, a verifier from the system's random source.
 *
 * Returns: (transfer full): the consent; %NULL with NET_ERROR_INSECURE or NET_ERROR_PROTOCOL for a base_url that
 *   net_request_build_uri() does not take, with G_IO_ERROR when the system has no random bytes. Sheet: 2.3.
 */
NetConsent *net_consent_new(const NetConsentOptions *options, GError **error);
NetConsent *net_consent_ref(NetConsent *consent);
/* Wipes the secrets with the last reference. NULL is fine. */
void net_consent_unref(NetConsent *consent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetConsent, net_consent_unref)

/* The whole address to open in a browser. It holds the state: not for logs. */
const char *net_consent_get_address(const NetConsent *consent);
/* As given; belongs into the request for the token too. */
const char *net_consent_get_redirect_uri(const NetConsent *consent);
/* (nullable): PKCE's code_verifier (RFC 7636) for the request for the token: a secret. */
const char *net_consent_get_verifier(const NetConsent *consent);

/**
 * net_consent_read:
 * @pasted: (nullable): what a person pasted: the bare code, or the address of the page that the browser ended on,
 *   with or without its scheme, and with blanks, line ends or quotes around it
 *
 * That page is the redirect_uri with a query; out of band it is the page of the consent with the code as the last part
 * of its path or in its query, on any host that differs by a leading "www." or "api." only. Sheet: 2.4.
 *
 * Returns: (transfer full): the code, a secret; %NULL with NET_OAUTH_ERROR: OTHER_ADDRESS, NO_CODE, WRONG_STATE (also
 *   where the redirect_uri comes back without state, unless it may lose that), or what the service answered. No message holds what was pasted
 *   except for the service's words, which are redacted.
 */
char *net_consent_read(const NetConsent *consent, const char *pasted, GError **error);

/**
 * net_consent_read_query:
 * @query: what stood behind the question mark when the browser came to the redirect_uri
 *
 * Returns: (transfer full): the code, a secret; %NULL with NET_OAUTH_ERROR as above.
 */
char *net_consent_read_query(const NetConsent *consent, const char *query, GError **error);
