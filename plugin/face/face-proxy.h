/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libpurple's proxy settings in the terms of GIO. */
#pragma once

#include <account.h>
#include <gio/gio.h>

/**
 * face_proxy_resolver:
 *
 * What libpurple has for the account (none, HTTP, SOCKS 4 or 5, Tor; its own, the global setting, the environment),
 * with name and password. Hosts on this computer are not sent through a proxy on another one: what is written to
 * them may be unencrypted.
 *
 * Returns: (transfer full): for NetSessionOptions; %NULL with NET_ERROR_PROXY_SETTINGS.
 */
GProxyResolver *face_proxy_resolver(PurpleAccount *account, GError **error);
