/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libsoup does not do well with HTTP proxies: their password, and telling their answers from the server's. Only
 * for net-session. */
#pragma once

#include <libsoup/soup.h>

typedef struct _NetProxy NetProxy;

/**
 * net_proxy_new:
 * @resolver: (transfer none): how to reach hosts. The name and password in the address of an HTTP proxy are kept
 *   apart, where @resolver is a GSimpleProxyResolver; all other resolvers must have none in such an address
 *
 * Returns: (transfer full): what to give to a SoupSession and its messages.
 */
NetProxy *net_proxy_new(GProxyResolver *resolver);
void net_proxy_unref(NetProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetProxy, net_proxy_unref)

/* (transfer none): for the SoupSession: without name and password of an HTTP proxy. */
GProxyResolver *net_proxy_get_resolver(const NetProxy *proxy);

/**
 * net_proxy_watch:
 * @proxy: (nullable)
 *
 * Gives the proxy its name and password when it asks for them, and never a second time: what it refused it would
 * refuse again. To be called before @message is sent.
 */
void net_proxy_watch(NetProxy *proxy, SoupMessage *message);

/**
 * net_proxy_explain:
 * @message: one that was answered
 *
 * Returns: (transfer full) (nullable): NET_ERROR_PROXY or NET_ERROR_PROXY_AUTH when not the server answered but a
 *   proxy, which did not let @message through.
 */
GError *net_proxy_explain(SoupMessage *message);
