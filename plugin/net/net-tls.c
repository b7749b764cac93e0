/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A certificate that the system's roots refuse is verified once more, in full, against the user's own. */
#include "net-tls.h"

#include "net-error.h"

/* On a message: a Refusal, once a certificate was refused. */
#define NET_TLS_REFUSAL "net-tls-refusal"

typedef struct {
    GTlsCertificateFlags flags; /* where there are roots of the user's own: what these say */
    gboolean is_self_signed;
} Refusal;

/* One thing that can be wrong. */
typedef struct {
    GTlsCertificateFlags flag;
    NetError code;
    const char *words;
} Reason;

/* The first that is set gives the code. A revoked certificate must not be made trusted; a wrong clock makes all else
 * doubtful; and for a wrong address no trust in its certificate helps. Last come those that only the operator mends. */
static const Reason reasons[] = {
    { G_TLS_CERTIFICATE_REVOKED, NET_ERROR_CERT_OTHER, "it was revoked" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, NET_ERROR_CERT_NOT_ACTIVATED, "it is not valid yet" },
    { G_TLS_CERTIFICATE_EXPIRED, NET_ERROR_CERT_EXPIRED, "it has expired" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, NET_ERROR_CERT_HOST, "it is for another host" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, NET_ERROR_CERT_UNTRUSTED, "its issuer is not trusted" },
    { G_TLS_CERTIFICATE_INSECURE, NET_ERROR_CERT_OTHER, "it is too weak" },
    { G_TLS_CERTIFICATE_GENERIC_ERROR, NET_ERROR_CERT_OTHER, "it is invalid" },
};

static const Reason self_signed = { G_TLS_CERTIFICATE_UNKNOWN_CA, NET_ERROR_CERT_SELF_SIGNED, "it is self-signed" };

GTlsDatabase *net_tls_load_roots(const char *ca_file, GError **error)
{
    g_autoptr(GError) broken = NULL;
    GTlsDatabase *roots;

    /* Which folder another path would begin in depends on how the program was started. */
    if (!g_path_is_absolute(ca_file)) {
        g_set_error(error, NET_ERROR, NET_ERROR_CA_FILE, "%s: not a whole path", ca_file);
        return NULL;
    }
    roots = g_tls_file_database_new(ca_file, &broken);
    if (!roots && g_error_matches(broken, G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE))
        g_propagate_error(error, net_error_from_gio(broken));
    else if (!roots)
        g_set_error(error, NET_ERROR, NET_ERROR_CA_FILE, "%s: %s", ca_file, broken->message);
    return roots;
}

static GTlsCertificateFlags verify(GTlsDatabase *roots, GTlsCertificate *certificate, GUri *uri)
{
    g_autoptr(GSocketConnectable) server = g_network_address_new(g_uri_get_host(uri), (guint16)g_uri_get_port(uri));
    g_autoptr(GError) error = NULL;
    GTlsCertificateFlags flags =
        g_tls_database_verify_chain(roots, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, server, NULL,
                                    G_TLS_DATABASE_VERIFY_NONE, NULL, &error);

    return error ? flags | G_TLS_CERTIFICATE_GENERIC_ERROR : flags;
}

static gboolean is_self_signed(GTlsCertificate *certificate)
{
    g_autofree char *subject = g_tls_certificate_get_subject_name(certificate);
    g_autofree char *issuer = g_tls_certificate_get_issuer_name(certificate);

    return subject && g_strcmp0(subject, issuer) == 0;
}

static gboolean on_accept_certificate(SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags,
                                      gpointer user_data)
{
    GTlsDatabase *roots = user_data;
    Refusal *refusal;

    if (roots)
        flags = verify(roots, certificate, soup_message_get_uri(message));
    if (roots && flags == 0)
        return TRUE;
    refusal = g_new(Refusal, 1);
    refusal->flags = flags;
    refusal->is_self_signed = is_self_signed(certificate);
    g_object_set_data_full(G_OBJECT(message), NET_TLS_REFUSAL, refusal, g_free);
    return FALSE;
}

static void on_message_gone(gpointer roots, GClosure *closure)
{
    (void)closure;
    g_clear_object(&roots);
}

void net_tls_trust(SoupMessage *message, GTlsDatabase *roots)
{
    g_signal_connect_data(message, "accept-certificate", G_CALLBACK(on_accept_certificate),
                          roots ? g_object_ref(roots) : NULL, on_message_gone, 0);
}

GError *net_tls_explain(const GError *error, SoupMessage *message)
{
    const Refusal *refusal = message ? g_object_get_data(G_OBJECT(message), NET_TLS_REFUSAL) : NULL;
    g_autoptr(GString) text = g_string_new("the certificate was refused: ");
    const Reason *first = NULL;

    if (!refusal || !g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
        return net_error_from_gio(error);
    for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
        const Reason *reason = &reasons[i];

        if (!(refusal->flags & reason->flag))
            continue;
        if (reason->flag == self_signed.flag && refusal->is_self_signed)
            reason = &self_signed;
        g_string_append_printf(text, "%s%s", first ? ", " : "", reason->words);
        if (!first)
            first = reason;
    }
    return first ? g_error_new_literal(NET_ERROR, (int)first->code, text->str) : net_error_from_gio(error);
}
