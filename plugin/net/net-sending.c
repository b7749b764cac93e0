/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from the connection that libsoup only writes to as yet. What comes before its time is the answer's first line, or
 * nothing that a program sees, such as the tickets of TLS. */
#include "net-sending.h"

#include <string.h>

/* A head that is longer is none. */
#define MAX_HEAD (16 * 1024)

struct _NetSending {
    SoupMessage *message;
    NetSendingEarly early;
    gpointer user_data;
    GIOStream *connection; /* (nullable) */
    GSource *readable;     /* (nullable) */
    GString *head;
    gint64 left;     /* bytes of the body */
    GSocket *socket; /* (nullable): waits for the answer */
    guint timeout_s; /* its usual one */
};

static void stop(NetSending *sending)
{
    if (!sending->readable)
        return;
    g_source_destroy(sending->readable);
    g_clear_pointer(&sending->readable, g_source_unref);
}

/* 1xx are no answers yet: they are taken out. Returns: the status of what follows, 0 when that is not there yet. */
static guint take_status(GString *head)
{
    for (;;) {
        char *end = strstr(head->str, "\r\n");
        g_autofree char *line = end ? g_strndup(head->str, (gsize)(end - head->str)) : NULL;
        guint status = 0;

        if (!line || !soup_headers_parse_status_line(line, NULL, &status, NULL))
            return 0;
        if (!SOUP_STATUS_IS_INFORMATIONAL(status))
            return status;
        end = strstr(head->str, "\r\n\r\n");
        if (!end)
            return 0;
        g_string_erase(head, 0, end + strlen("\r\n\r\n") - head->str);
    }
}

static gboolean on_readable(GObject *stream, gpointer user_data)
{
    NetSending *sending = user_data;
    g_autoptr(GError) error = NULL;
    char bytes[1024];
    gssize count =
        g_pollable_input_stream_read_nonblocking(G_POLLABLE_INPUT_STREAM(stream), bytes, sizeof bytes, NULL, &error);
    guint status;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;
    /* Whoever writes will find that out, too. */
    if (count <= 0 || sending->head->len > MAX_HEAD) {
        stop(sending);
        return G_SOURCE_REMOVE;
    }
    g_string_append_len(sending->head, bytes, count);
    status = take_status(sending->head);
    if (status == 0)
        return G_SOURCE_CONTINUE;
    stop(sending);
    sending->early(status, sending->user_data);
    return G_SOURCE_REMOVE;
}

static void on_network_event(SoupMessage *message, GSocketClientEvent event, GIOStream *connection, gpointer user_data)
{
    NetSending *sending = user_data;

    (void)message;
    (void)event;
    if (connection)
        g_set_object(&sending->connection, connection);
}

static gboolean can_watch(SoupMessage *message, GIOStream *connection)
{
    gboolean is_https = g_strcmp0(g_uri_get_scheme(soup_message_get_uri(message)), "https") == 0;

    if (!G_IS_TLS_CONNECTION(connection))
        return connection && !is_https;
    return g_strcmp0(g_tls_connection_get_negotiated_protocol(G_TLS_CONNECTION(connection)), "h2") != 0;
}

/* (transfer none) (nullable) */
static GSocket *socket_of(GIOStream *connection)
{
    g_autoptr(GIOStream) base = NULL;

    if (G_IS_TLS_CONNECTION(connection))
        g_object_get(connection, "base-io-stream", &base, NULL);
    if (base)
        connection = base;
    return G_IS_SOCKET_CONNECTION(connection) ? g_socket_connection_get_socket(G_SOCKET_CONNECTION(connection)) : NULL;
}

static void be_patient(NetSending *sending)
{
    if (sending->socket || !g_set_object(&sending->socket, socket_of(sending->connection)))
        return;
    sending->timeout_s = g_socket_get_timeout(sending->socket);
    if (sending->timeout_s > 0)
        g_socket_set_timeout(sending->socket, MAX(sending->timeout_s, NET_SENDING_ANSWER_S));
}

static void be_impatient(NetSending *sending)
{
    if (sending->socket)
        g_socket_set_timeout(sending->socket, sending->timeout_s);
    g_clear_object(&sending->socket);
}

static void on_wrote_headers(SoupMessage *message, gpointer user_data)
{
    NetSending *sending = user_data;
    GInputStream *stream;

    stop(sending);
    be_impatient(sending);
    g_string_set_size(sending->head, 0);
    sending->left = soup_message_headers_get_content_length(soup_message_get_request_headers(message));
    if (!can_watch(message, sending->connection))
        return;
    stream = g_io_stream_get_input_stream(sending->connection);
    sending->readable = g_pollable_input_stream_create_source(G_POLLABLE_INPUT_STREAM(stream), NULL);
    /* Before libsoup writes on: it would meet the end of the connection, which comes right behind the answer. */
    g_source_set_priority(sending->readable, G_PRIORITY_HIGH);
    g_source_set_callback(sending->readable, G_SOURCE_FUNC(on_readable), sending, NULL);
    g_source_attach(sending->readable, NULL);
}

/* As soon as all is with the system, the answer is libsoup's to read. */
static void on_wrote_body_data(SoupMessage *message, guint count, gpointer user_data)
{
    NetSending *sending = user_data;

    (void)message;
    sending->left -= count;
    if (sending->left > 0)
        return;
    if (sending->head->len == 0)
        stop(sending);
    be_patient(sending);
}

NetSending *net_sending_new(SoupMessage *message, NetSendingEarly early, gpointer user_data)
{
    NetSending *sending = g_new0(NetSending, 1);

    sending->message = g_object_ref(message);
    sending->early = early;
    sending->user_data = user_data;
    sending->head = g_string_new(NULL);
    g_signal_connect(message, "network-event", G_CALLBACK(on_network_event), sending);
    g_signal_connect(message, "wrote-headers", G_CALLBACK(on_wrote_headers), sending);
    g_signal_connect(message, "wrote-body-data", G_CALLBACK(on_wrote_body_data), sending);
    return sending;
}

void net_sending_free(NetSending *sending)
{
    if (!sending)
        return;
    stop(sending);
    be_impatient(sending);
    g_signal_handlers_disconnect_by_data(sending->message, sending);
    g_object_unref(sending->message);
    g_clear_object(&sending->connection);
    g_string_free(sending->head, TRUE);
    g_free(sending);
}
