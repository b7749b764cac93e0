/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trust for the servers of those who have their own certificate authority. Only for net-session. */
#pragma once

#include <libsoup/soup.h>

/* Returns: (transfer full): the certificates of a PEM file; %NULL with NET_ERROR_CA_FILE or NET_ERROR_NO_TLS. */
GTlsDatabase *net_tls_load_roots(const char *ca_file, GError **error);

/**
 * net_tls_trust:
 * @roots: (nullable): trusted besides the system's
 *
 * Lets @message go to a server whose certificate the system refuses but @roots vouch for, and remembers for
 * net_tls_explain() what there is against any other. To be called before @message is sent.
 */
void net_tls_trust(SoupMessage *message, GTlsDatabase *roots);

/**
 * net_tls_explain:
 * @error: (transfer none): what sending @message ended with
 * @message: (nullable)
 *
 * Returns: (transfer full): net_error_from_gio(); for a refused certificate its code is the reason that is most
 *   useful to act on, and its words list all.
 */
GError *net_tls_explain(const GError *error, SoupMessage *message);
