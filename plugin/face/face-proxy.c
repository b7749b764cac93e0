/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One address for GSimpleProxyResolver out of PurpleProxyInfo. */
#include "face-proxy.h"

#include "net/net-error.h"
#include "net/net-secret.h"

#include <prefs.h>
#include <proxy.h>

#include <string.h>

#define SOCKS4_REMOTE_DNS "/purple/proxy/socks4_remotedns"

/* Those that net_request_build_uri() allows without encryption, and names below localhost. */
static const char *const local_hosts[] = { "localhost", "*.localhost", "127.0.0.0/8", "::1", NULL };

/* (nullable): GIO's name for the kind. What comes out of the environment is an HTTP proxy. */
static const char *scheme_of(PurpleProxyType type)
{
    switch (type) {
    case PURPLE_PROXY_HTTP:
    case PURPLE_PROXY_USE_ENVVAR:
        return "http";
    case PURPLE_PROXY_SOCKS4:
        return purple_prefs_exists(SOCKS4_REMOTE_DNS) && purple_prefs_get_bool(SOCKS4_REMOTE_DNS) ? "socks4a"
                                                                                                  : "socks4";
    case PURPLE_PROXY_SOCKS5:
    case PURPLE_PROXY_TOR:
        return "socks5";
    default:
        return NULL;
    }
}

static gboolean is_host(const char *host)
{
    if (!host || !*host)
        return FALSE;
    for (; *host; host++) {
        if (!g_ascii_isalnum(*host) && !strchr("-._:", *host))
            return FALSE;
    }
    return TRUE;
}

/* Else GIO could not read the address that is made of it. */
static gboolean is_text(const char *text)
{
    return !text || g_utf8_validate(text, -1, NULL);
}

static gboolean is_local(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    return address ? g_inet_address_get_is_loopback(address) : g_ascii_strcasecmp(host, "localhost") == 0;
}

/* (transfer full) (nullable): without blanks around it and without the brackets of an IPv6 address, in ASCII. */
static char *take_host(const char *given)
{
    g_autofree char *host = g_strstrip(g_strdup(given ? given : ""));
    gsize length = strlen(host);

    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        memmove(host, host + 1, length - 1);
    }
    return g_hostname_is_non_ascii(host) ? g_hostname_to_ascii(host) : g_steal_pointer(&host);
}

/* (transfer full): to be wiped. */
static char *address_of(const PurpleProxyInfo *info, const char *scheme, const char *host)
{
    const char *user = purple_proxy_info_get_username(info);
    const char *password = purple_proxy_info_get_password(info);

    if (!user || !*user)
        user = password = NULL;
    else if (!password)
        password = "";
    return g_uri_join_with_user(G_URI_FLAGS_NONE, scheme, user, password, NULL, host, purple_proxy_info_get_port(info),
                                "", NULL, NULL);
}

GProxyResolver *face_proxy_resolver(PurpleAccount *account, GError **error)
{
    const PurpleProxyInfo *info = purple_proxy_get_setup(account);
    const char *scheme = scheme_of(purple_proxy_info_get_type(info));
    int port = purple_proxy_info_get_port(info);
    g_autofree char *host = take_host(purple_proxy_info_get_host(info));
    GProxyResolver *resolver;
    char *address;

    if (purple_proxy_info_get_type(info) == PURPLE_PROXY_NONE)
        return g_simple_proxy_resolver_new("direct://", NULL);
    if (!scheme || !is_host(host) || port < 1 || port > G_MAXUINT16 || !is_text(purple_proxy_info_get_username(info)) ||
        !is_text(purple_proxy_info_get_password(info))) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_PROXY_SETTINGS, "");
        return NULL;
    }
    address = address_of(info, scheme, host);
    resolver = g_simple_proxy_resolver_new(address, is_local(host) ? NULL : (char **)local_hosts);
    net_secret_free(address);
    return resolver;
}
