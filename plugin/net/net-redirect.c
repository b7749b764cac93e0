/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SoupServer behind a listening socket of our own, which can be closed while a page is still being written, and
 * bounds how many are served. Of what a program on this computer may send, libsoup itself bounds only the head of a
 * request (64 or 100 kB, by version), so bodies are refused here. */
#define G_LOG_DOMAIN "flowdock-net"

#include "net-redirect.h"

#include <libsoup/soup.h>
#include <string.h>

#include "net-error.h"
#include "net-oauth.h"
#include "net-secret.h"

/* Browsers open some connections ahead; whoever opens more loses the oldest. */
#define NET_REDIRECT_MAX_CONNECTIONS 16
#define NET_REDIRECT_HOST "127.0.0.1"

/*
 *   READY --wait--> WAITING --a code or error came--> ANSWERING --page written, connection gone, or time over--> OVER
 *     |                |                                                                                          ^
 *     +----------------+-- the system takes no more connections, or time over ------------------------------------+
 *
 * The socket listens in the first two. Once it is OVER, the callback is made from the main loop.
 */
typedef enum { READY, WAITING, ANSWERING, OVER } State;

struct _NetRedirect {
    State state;
    char *path;
    char *uri;
    char *host, *host_name; /* what the Host header may be */
    GSocket *socket;        /* (nullable): listens */
    GSource *incoming;      /* (nullable): its source */
    SoupServer *server;
    GPtrArray *connections; /* (element-type GSocketConnection): oldest first, perhaps closed by now */
    NetConsent *consent;
    char *done, *denied, *wrong, *over; /* pages */
    guint timeout_id, over_id;
    SoupServerMessage *answering; /* (nullable): its end is waited for */
    char *code;
    GError *error;
    NetRedirectFunc func;
    gpointer user_data;
};

static void stop_listening(NetRedirect *redirect)
{
    if (!redirect->socket)
        return;
    g_source_destroy(redirect->incoming);
    g_clear_pointer(&redirect->incoming, g_source_unref);
    g_socket_close(redirect->socket, NULL);
    g_clear_object(&redirect->socket);
}

static void forget_answering(NetRedirect *redirect)
{
    if (!redirect->answering)
        return;
    g_signal_handlers_disconnect_by_data(redirect->answering, redirect);
    g_clear_object(&redirect->answering);
}

static gboolean on_over(gpointer data)
{
    NetRedirect *redirect = data;
    char *code = g_steal_pointer(&redirect->code);
    g_autoptr(GError) error = g_steal_pointer(&redirect->error);

    redirect->over_id = 0;
    redirect->func(code, error, redirect->user_data);
    net_secret_free(code);
    return G_SOURCE_REMOVE;
}

/* The callback comes from the main loop and not from here: we may be deep within libsoup, and it may free us. */
static void be_over(NetRedirect *redirect)
{
    redirect->state = OVER;
    stop_listening(redirect);
    forget_answering(redirect);
    g_clear_handle_id(&redirect->timeout_id, g_source_remove);
    if (redirect->func)
        redirect->over_id = g_idle_add_full(G_PRIORITY_DEFAULT, on_over, redirect, NULL);
}

static gboolean on_timeout(gpointer data)
{
    NetRedirect *redirect = data;

    redirect->timeout_id = 0;
    /* Else there is an answer, and only its page hangs. */
    if (redirect->state == WAITING)
        g_set_error_literal(&redirect->error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_ANSWER, "no answer came in time");
    be_over(redirect);
    soup_server_disconnect(redirect->server);
    return G_SOURCE_REMOVE;
}

static void on_finished(SoupServerMessage *message, gpointer user_data)
{
    (void)message;
    be_over(user_data);
}

/* @page: (nullable): without one there is no body. */
static void answer(SoupServerMessage *message, guint status, const char *page)
{
    static const char *const fields[][2] = {
        { "Cache-Control", "no-store" },
        { "Connection", "close" },
        { "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'" },
        { "Referrer-Policy", "no-referrer" },
        { "X-Content-Type-Options", "nosniff" },
    };
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);

    g_debug("redirect: a request gets %u", status);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        soup_message_headers_replace(headers, fields[i][0], fields[i][1]);
    /* libsoup would cut the page into the ranges that are asked for. */
    soup_message_headers_remove(soup_server_message_get_request_headers(message), "Range");
    soup_server_message_set_status(message, status, NULL);
    if (page)
        soup_server_message_set_response(message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, page, strlen(page));
}

static gboolean has_body(SoupServerMessage *message)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    SoupEncoding encoding = soup_message_headers_get_encoding(headers);

    if (encoding == SOUP_ENCODING_CONTENT_LENGTH)
        return soup_message_headers_get_content_length(headers) != 0;
    return encoding != SOUP_ENCODING_NONE;
}

/* libsoup would keep the body, however long, and answer only behind it: so the connection is taken away from it. */
static void refuse_body(SoupServerMessage *message)
{
    static const char refusal[] = "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    g_autoptr(GIOStream) stream = soup_server_message_steal_connection(message);

    g_debug("redirect: a request with a body is refused");
    /* So little fits into the empty buffer of a socket. */
    g_pollable_output_stream_write_nonblocking(G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(stream)), refusal,
                                               strlen(refusal), NULL, NULL);
    g_io_stream_close(stream, NULL, NULL);
}

static gboolean is_our_host(const NetRedirect *redirect, const char *host)
{
    return g_ascii_strcasecmp(host, redirect->host) == 0 || g_ascii_strcasecmp(host, redirect->host_name) == 0;
}

/* A page anywhere can have its own host name resolve to 127.0.0.1, but browsers then send that name. */
static gboolean is_for_us(const NetRedirect *redirect, SoupServerMessage *message)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    const char *host = soup_message_headers_get_list(headers, "Host");
    GUri *uri = soup_server_message_get_uri(message);
    g_autofree char *authority = g_strdup_printf("%s:%d", g_uri_get_host(uri), g_uri_get_port(uri));

    return host && is_our_host(redirect, host) && is_our_host(redirect, authority);
}

static gboolean is_answer(const char *query)
{
    for (; query; query = strchr(query, '&')) {
        query += strspn(query, "&");
        if (g_str_has_prefix(query, "code=") || g_str_has_prefix(query, "error="))
            return TRUE;
    }
    return FALSE;
}

static void take_answer(NetRedirect *redirect, SoupServerMessage *message, const char *query)
{
    const GError *error;

    redirect->code = net_consent_read_query(redirect->consent, query, &redirect->error);
    error = redirect->error;
    if (redirect->code)
        answer(message, SOUP_STATUS_OK, redirect->done);
    else if (g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_WRONG_STATE) ||
             g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE))
        answer(message, SOUP_STATUS_BAD_REQUEST, redirect->wrong);
    else
        answer(message, SOUP_STATUS_OK, redirect->denied);
    redirect->state = ANSWERING;
    stop_listening(redirect);
    redirect->answering = g_object_ref(message);
    g_signal_connect(message, "finished", G_CALLBACK(on_finished), redirect);
}

/* Called with the head of each request, before libsoup reads on. */
static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    NetRedirect *redirect = user_data;
    GUri *uri = soup_server_message_get_uri(message);

    (void)server;
    (void)path;
    (void)query;
    if (has_body(message)) {
        refuse_body(message);
    } else if (redirect->state == READY || !g_str_equal(g_uri_get_path(uri), redirect->path)) {
        answer(message, SOUP_STATUS_NOT_FOUND, NULL);
    } else if (!g_str_equal(soup_server_message_get_method(message), "GET")) {
        soup_message_headers_replace(soup_server_message_get_response_headers(message), "Allow", "GET");
        answer(message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
    } else if (!is_for_us(redirect, message)) {
        answer(message, SOUP_STATUS_FORBIDDEN, redirect->wrong);
    } else if (redirect->state != WAITING) {
        answer(message, SOUP_STATUS_GONE, redirect->over);
    } else if (!is_answer(g_uri_get_query(uri))) {
        answer(message, SOUP_STATUS_BAD_REQUEST, redirect->wrong);
    } else {
        take_answer(redirect, message, g_uri_get_query(uri));
    }
}

static void make_room(NetRedirect *redirect)
{
    GPtrArray *connections = redirect->connections;

    for (guint i = connections->len; i > 0; i--) {
        if (g_io_stream_is_closed(connections->pdata[i - 1]))
            g_ptr_array_remove_index(connections, i - 1);
    }
    if (connections->len < NET_REDIRECT_MAX_CONNECTIONS)
        return;
    g_io_stream_close(connections->pdata[0], NULL, NULL);
    g_ptr_array_remove_index(connections, 0);
}

static void serve(NetRedirect *redirect, GSocket *socket)
{
    g_autoptr(GSocketConnection) connection = g_socket_connection_factory_create_connection(socket);
    g_autoptr(GSocketAddress) near = g_socket_connection_get_local_address(connection, NULL);
    g_autoptr(GSocketAddress) far = g_socket_connection_get_remote_address(connection, NULL);

    if (!near || !far)
        return; /* gone already */
    make_room(redirect);
    g_ptr_array_add(redirect->connections, g_object_ref(connection));
    soup_server_accept_iostream(redirect->server, G_IO_STREAM(connection), near, far, NULL);
}

static gboolean on_incoming(GSocket *listening, GIOCondition condition, gpointer user_data)
{
    NetRedirect *redirect = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) socket = g_socket_accept(listening, NULL, &error);

    (void)condition;
    if (socket) {
        serve(redirect, socket);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        /* Such as too many open files: the socket stays ready, so trying on would only keep the host busy. */
        redirect->error = g_error_new_literal(NET_ERROR, NET_ERROR_OFFLINE, error->message);
        be_over(redirect);
    }
    return G_SOURCE_CONTINUE;
}

static GSocket *listen_at(guint16 port, GError **error)
{
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(NET_REDIRECT_HOST, port);
    g_autoptr(GSocket) socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

    if (!socket)
        return NULL;
    g_socket_set_blocking(socket, FALSE);
    g_socket_set_listen_backlog(socket, NET_REDIRECT_MAX_CONNECTIONS);
    /* Reuse: connections of an earlier sign-in that linger do not count. */
    if (!g_socket_bind(socket, address, TRUE, error) || !g_socket_listen(socket, error))
        return NULL;
    return g_steal_pointer(&socket);
}

static guint16 port_of(GSocket *socket)
{
    g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);

    return address ? g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address)) : 0;
}

NetRedirect *net_redirect_new(guint16 port, const char *path, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(GSocket) socket = listen_at(port, &failure);
    NetRedirect *redirect;

    /* The lower ones are for administrators. */
    if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ||
        g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
        g_set_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_PORT_BUSY, "%u", port);
        return NULL;
    }
    if (!socket) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_OFFLINE, failure->message);
        return NULL;
    }
    port = port_of(socket);
    redirect = g_new0(NetRedirect, 1);
    redirect->path = g_strdup(path);
    redirect->host = g_strdup_printf(NET_REDIRECT_HOST ":%u", port);
    redirect->host_name = g_strdup_printf("localhost:%u", port);
    redirect->uri = g_strconcat("http://", redirect->host, path, NULL);
    redirect->connections = g_ptr_array_new_with_free_func(g_object_unref);
    redirect->server = soup_server_new("raw-paths", TRUE, "server-header", NULL, NULL);
    soup_server_add_early_handler(redirect->server, NULL, on_request, redirect, NULL);
    redirect->incoming = g_socket_create_source(socket, G_IO_IN, NULL);
    g_source_set_callback(redirect->incoming, G_SOURCE_FUNC(on_incoming), redirect, NULL);
    g_source_attach(redirect->incoming, NULL);
    redirect->socket = g_steal_pointer(&socket);
    return redirect;
}

void net_redirect_free(NetRedirect *redirect)
{
    if (!redirect)
        return;
    stop_listening(redirect);
    forget_answering(redirect);
    g_clear_handle_id(&redirect->timeout_id, g_source_remove);
    g_clear_handle_id(&redirect->over_id, g_source_remove);
    soup_server_disconnect(redirect->server);
    g_object_unref(redirect->server);
    g_ptr_array_unref(redirect->connections);
    net_consent_unref(redirect->consent);
    g_free(redirect->path);
    g_free(redirect->uri);
    g_free(redirect->host);
    g_free(redirect->host_name);
    g_free(redirect->done);
    g_free(redirect->denied);
    g_free(redirect->wrong);
    g_free(redirect->over);
    net_secret_free(redirect->code);
    g_clear_error(&redirect->error);
    g_free(redirect);
}

const char *net_redirect_get_uri(const NetRedirect *redirect)
{
    return redirect->uri;
}

void net_redirect_wait(NetRedirect *redirect, NetConsent *consent, const NetRedirectPages *pages, guint timeout_ms,
                       NetRedirectFunc func, gpointer user_data)
{
    g_return_if_fail(!redirect->func);

    redirect->consent = net_consent_ref(consent);
    redirect->done = g_strdup(pages->done);
    redirect->denied = g_strdup(pages->denied);
    redirect->wrong = g_strdup(pages->wrong);
    redirect->over = g_strdup(pages->over);
    redirect->func = func;
    redirect->user_data = user_data;
    if (redirect->state == OVER) {
        be_over(redirect);
        return;
    }
    redirect->state = WAITING;
    redirect->timeout_id = g_timeout_add(timeout_ms, on_timeout, redirect);
}
