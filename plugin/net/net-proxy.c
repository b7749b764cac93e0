/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a name and password in a proxy's address libsoup 3.2 asks the proxy for a connection to itself, and repeats a
 * wrong password twenty times. So the password is given by the signal for it. */
#include "net-proxy.h"

#include "net-error.h"
#include "net-secret.h"

/* On a message: the server itself has answered. */
#define NET_PROXY_PASSED "net-proxy-passed"

struct _NetProxy {
    GProxyResolver *resolver;
    char *user;     /* (nullable) */
    char *password; /* (nullable) */
};

/* Returns: (transfer full) (nullable): the address without name and password, when it is one of an HTTP proxy and has
 * some. */
static char *split_address(NetProxy *proxy, const char *address)
{
    g_autofree char *scheme = NULL;
    g_autofree char *host = NULL;
    int port;

    if (!g_uri_split_with_user(address, G_URI_FLAGS_HAS_PASSWORD, &scheme, &proxy->user, &proxy->password, NULL, &host,
                               &port, NULL, NULL, NULL, NULL) ||
        !proxy->user || g_ascii_strcasecmp(scheme, "http") != 0)
        return NULL;
    return g_uri_join(G_URI_FLAGS_NONE, scheme, NULL, host, port, "", NULL, NULL);
}

static void clear_secrets(NetProxy *proxy)
{
    net_secret_free(g_steal_pointer(&proxy->user));
    net_secret_free(g_steal_pointer(&proxy->password));
}

NetProxy *net_proxy_new(GProxyResolver *resolver)
{
    NetProxy *proxy = g_rc_box_new0(NetProxy);
    g_autofree char *bare = NULL;
    g_auto(GStrv) ignored = NULL;
    char *address = NULL;

    if (G_IS_SIMPLE_PROXY_RESOLVER(resolver))
        g_object_get(resolver, "default-proxy", &address, "ignore-hosts", &ignored, NULL);
    if (address)
        bare = split_address(proxy, address);
    if (bare) {
        proxy->resolver = g_simple_proxy_resolver_new(bare, ignored);
    } else {
        clear_secrets(proxy);
        proxy->resolver = g_object_ref(resolver);
    }
    net_secret_free(address);
    return proxy;
}

static void proxy_clear(gpointer data)
{
    NetProxy *proxy = data;

    g_clear_object(&proxy->resolver);
    clear_secrets(proxy);
}

void net_proxy_unref(NetProxy *proxy)
{
    if (proxy)
        g_rc_box_release_full(proxy, proxy_clear);
}

GProxyResolver *net_proxy_get_resolver(const NetProxy *proxy)
{
    return proxy->resolver;
}

static gboolean is_encrypted(SoupMessage *message)
{
    return g_str_equal(g_uri_get_scheme(soup_message_get_uri(message)), "https");
}

/* Only a proxy may know the password. When it asks before it opens a tunnel, the message that is to go through that has
 * no status yet; with one it would be the server behind the proxy that asks (libsoup 3.2 does not let it come to that). */
static gboolean on_authenticate(SoupMessage *message, SoupAuth *auth, gboolean retrying, gpointer user_data)
{
    const NetProxy *proxy = user_data;

    if (retrying || !soup_auth_is_for_proxy(auth) || (is_encrypted(message) && soup_message_get_status(message) != 0))
        return FALSE;
    soup_auth_authenticate(auth, proxy->user, proxy->password ? proxy->password : "");
    return TRUE;
}

static void on_got_headers(SoupMessage *message, gpointer user_data)
{
    (void)user_data;
    g_object_set_data(G_OBJECT(message), NET_PROXY_PASSED, GINT_TO_POINTER(TRUE));
}

static void on_message_gone(gpointer proxy, GClosure *closure)
{
    (void)closure;
    net_proxy_unref(proxy);
}

void net_proxy_watch(NetProxy *proxy, SoupMessage *message)
{
    g_signal_connect(message, "got-headers", G_CALLBACK(on_got_headers), NULL);
    if (proxy && proxy->user)
        g_signal_connect_data(message, "authenticate", G_CALLBACK(on_authenticate), g_rc_box_acquire(proxy),
                              on_message_gone, 0);
}

GError *net_proxy_explain(SoupMessage *message)
{
    guint status = soup_message_get_status(message);
    gboolean passed = g_object_get_data(G_OBJECT(message), NET_PROXY_PASSED) != NULL;

    /* Without encryption a proxy's answers look like the server's, but this one is always a proxy's. */
    if (status == SOUP_STATUS_PROXY_UNAUTHORIZED)
        return g_error_new_literal(NET_ERROR, NET_ERROR_PROXY_AUTH, "the proxy answered 407");
    if (passed || !is_encrypted(message))
        return NULL;
    return g_error_new(NET_ERROR, NET_ERROR_PROXY, "the proxy answered %u %s", status, soup_status_get_phrase(status));
}
