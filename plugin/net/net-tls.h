/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trust for the servers of those who have their own certificate authority. Only for net-session. */
#pragma once

#include <libsoup/soup.h>

/* Returns: (transfer full): the certificates of a PEM file; %NULL with NET_ERROR_TLS. */
GTlsDatabase *net_tls_load_roots(const char *ca_file, GError **error);

/**
 * net_tls_trust:
 * @roots: (nullable): trusted besides the system's
 *
 * Lets @message go to a server whose certificate the system refuses but @roots vouch for.
 */
void net_tls_trust(SoupMessage *message, GTlsDatabase *roots);

/**
 * net_tls_explain:
 * @error: (transfer none): what sending @message ended with
 * @message: (nullable)
 *
 * Returns: (transfer full): net_error_from_gio(), which says for a refused certificate why it was refused.
 */
GError *net_tls_explain(const GError *error, SoupMessage *message);
