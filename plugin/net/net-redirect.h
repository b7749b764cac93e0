/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loopback listener that catches the redirect at the end of a consent (RFC 8252, 7.3). It hears 127.0.0.1 only and
 * answers one sign-in. */
#pragma once

#include "net-consent.h"

typedef struct _NetRedirect NetRedirect;

/**
 * NetRedirectPages:
 * @done: the person has allowed
 * @denied: the person has not, or the service answered an error
 * @wrong: the request does not answer this sign-in
 * @over: it was answered before
 *
 * What the browser shows: whole HTML documents in UTF-8, which may bring styles of their own but nothing else.
 */
typedef struct {
    const char *done, *denied, *wrong, *over;
} NetRedirectPages;

/**
 * NetRedirectFunc:
 * @code: (nullable) (transfer none): a secret, wiped when this returns
 * @error: (nullable) (transfer none): without a code: NET_OAUTH_ERROR, or NET_ERROR_OFFLINE when the system takes no
 *   more connections
 *
 * Called once, from the main loop; may free the NetRedirect.
 */
typedef void (*NetRedirectFunc)(const char *code, const GError *error, gpointer user_data);

/**
 * net_redirect_new:
 * @port: 0 for any that is free
 * @path: "/flowdock", encoded as browsers send it
 *
 * Listens from now on, so that net_redirect_get_uri() is true; until net_redirect_wait() every request gets a 404.
 *
 * Returns: (transfer full): the listener; %NULL with NET_OAUTH_ERROR_PORT_BUSY (or not allowed; the message is the port's number), or
 *   NET_ERROR_OFFLINE for anything else.
 */
NetRedirect *net_redirect_new(guint16 port, const char *path, GError **error);

/* Ends the listening and every connection, also one that shows a page just now; no callback comes after this, and it
 * may be called from within the callback. NULL is fine. */
void net_redirect_free(NetRedirect *redirect);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetRedirect, net_redirect_free)

/* "http://127.0.0.1:PORT/flowdock": the redirect_uri of the consent. */
const char *net_redirect_get_uri(const NetRedirect *redirect);

/**
 * net_redirect_wait:
 * @consent: judges the answer; a reference is held
 * @pages: copied
 * @timeout_ms: after so long without an answer @func gets NET_OAUTH_ERROR_NO_ANSWER, and the listener is gone
 *
 * Once for each listener. The first request for the path with a code or an error in its query is the answer, right or
 * wrong: nothing else is accepted after it, and @func is called when the browser has its page, or has gone. Nobody's
 * query is logged or shown again.
 */
void net_redirect_wait(NetRedirect *redirect, NetConsent *consent, const NetRedirectPages *pages, guint timeout_ms,
                       NetRedirectFunc func, gpointer user_data);
