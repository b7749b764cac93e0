/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A certificate that the system's roots refuse is verified once more, in full, against the user's own. */
#include "net-tls.h"

#include "net-error.h"

/* On a message: what the user's own roots say against the certificate, which is what they can do something about. */
#define NET_TLS_FLAGS "net-tls-flags"

GTlsDatabase *net_tls_load_roots(const char *ca_file, GError **error)
{
    g_autoptr(GError) broken = NULL;
    GTlsDatabase *roots = g_tls_file_database_new(ca_file, &broken);

    if (!roots)
        g_set_error(error, NET_ERROR, NET_ERROR_TLS, "%s: %s", ca_file, broken->message);
    return roots;
}

static gboolean on_accept_certificate(SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags,
                                      gpointer user_data)
{
    GTlsDatabase *roots = user_data;
    GUri *uri = soup_message_get_uri(message);
    g_autoptr(GSocketConnectable) server = NULL;
    g_autoptr(GError) error = NULL;

    (void)flags;
    server = g_network_address_new(g_uri_get_host(uri), (guint16)g_uri_get_port(uri));
    flags = g_tls_database_verify_chain(roots, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, server, NULL,
                                        G_TLS_DATABASE_VERIFY_NONE, NULL, &error);
    g_object_set_data(G_OBJECT(message), NET_TLS_FLAGS, GUINT_TO_POINTER(flags));
    return !error && flags == 0;
}

void net_tls_trust(SoupMessage *message, GTlsDatabase *roots)
{
    if (roots)
        g_signal_connect_data(message, "accept-certificate", G_CALLBACK(on_accept_certificate), g_object_ref(roots),
                              (GClosureNotify)(void (*)(void))g_object_unref, 0);
}

static char *describe(GTlsCertificateFlags flags)
{
    static const struct {
        GTlsCertificateFlags flag;
        const char *words;
    } reasons[] = {
        { G_TLS_CERTIFICATE_UNKNOWN_CA, "its issuer is not trusted" },
        { G_TLS_CERTIFICATE_BAD_IDENTITY, "it is for another host" },
        { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet" },
        { G_TLS_CERTIFICATE_EXPIRED, "it has expired" },
        { G_TLS_CERTIFICATE_REVOKED, "it was revoked" },
        { G_TLS_CERTIFICATE_INSECURE, "it is too weak" },
        { G_TLS_CERTIFICATE_GENERIC_ERROR, "it is invalid" },
    };
    GString *text = g_string_new("the certificate was refused: ");

    for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (flags & reasons[i].flag) {
            g_string_append(text, reasons[i].words);
            g_string_append(text, ", ");
            flags &= ~reasons[i].flag;
        }
    }
    g_string_truncate(text, text->len - strlen(", "));
    return g_string_free(text, FALSE);
}

GError *net_tls_explain(const GError *error, SoupMessage *message)
{
    GTlsCertificateFlags flags;
    g_autofree char *words = NULL;

    if (!message || !g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
        return net_error_from_gio(error);
    flags = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(message), NET_TLS_FLAGS));
    if (flags == 0)
        flags = soup_message_get_tls_peer_certificate_errors(message);
    if (flags == 0)
        return net_error_from_gio(error);
    words = describe(flags);
    return g_error_new_literal(NET_ERROR, NET_ERROR_TLS, words);
}
