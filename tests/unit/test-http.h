/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A server on the loopback for the tests of plugin/net: real HTTP by SoupServer, or bytes as a script says. */
#pragma once

#include <libsoup/soup.h>
#include <string.h>

#include "test-util.h"

typedef struct {
    SoupServer *soup;
    char *url;          /* http://127.0.0.1:port */
    GPtrArray *seen;    /* (element-type utf8): "GET /path?query" of each request */
    GPtrArray *secrets; /* (element-type utf8): the Authorization of each, "" for none */
} TestHttp;

static inline void test_http_note(TestHttp *http, SoupServerMessage *message)
{
    GUri *uri = soup_server_message_get_uri(message);
    const char *query = g_uri_get_query(uri);
    const char *secret =
        soup_message_headers_get_one(soup_server_message_get_request_headers(message), "Authorization");

    g_ptr_array_add(http->seen, g_strconcat(soup_server_message_get_method(message), " ", g_uri_get_path(uri),
                                            query ? "?" : "", query, NULL));
    g_ptr_array_add(http->secrets, g_strdup(secret ? secret : ""));
}

/* @handler gets @user_data; it calls test_http_note() with the TestHttp itself if it wants to. */
static inline TestHttp *test_http_new(GTlsCertificate *certificate, SoupServerCallback handler, gpointer user_data)
{
    TestHttp *http = g_new0(TestHttp, 1);
    g_autoptr(GError) error = NULL;
    GSList *uris;

    http->soup = soup_server_new("raw-paths", TRUE, NULL);
    http->seen = g_ptr_array_new_with_free_func(g_free);
    http->secrets = g_ptr_array_new_with_free_func(g_free);
    if (certificate)
        soup_server_set_tls_certificate(http->soup, certificate);
    soup_server_add_handler(http->soup, NULL, handler, user_data ? user_data : http, NULL);
    soup_server_listen_local(http->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate ? SOUP_SERVER_LISTEN_HTTPS : 0),
                             &error);
    g_assert_no_error(error);
    uris = soup_server_get_uris(http->soup);
    http->url = g_strdup_printf("%s://127.0.0.1:%d", g_uri_get_scheme(uris->data), g_uri_get_port(uris->data));
    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    return http;
}

static inline void test_http_free(TestHttp *http)
{
    soup_server_disconnect(http->soup);
    g_object_unref(http->soup);
    g_ptr_array_unref(http->seen);
    g_ptr_array_unref(http->secrets);
    g_free(http->url);
    g_free(http);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestHttp, test_http_free)

/* A server that reads each request's head and then writes @wire, byte for byte. */
typedef struct {
    GSocketService *service;
    char *url;
    const char *wire;
    gsize wire_length;
    gboolean closes; /* after the wire; else the connection stays open and silent */
    guint accepted;
    guint ended;     /* connections that the other side has ended */
    GPtrArray *open; /* of GSocketConnection, kept open */
    GString *heads;  /* all that was received */
} TestRaw;

typedef struct {
    TestRaw *raw;
    GSocketConnection *connection;
    gboolean answered;
    char bytes[4096];
} TestRawPeer;

static inline void test_raw_read(TestRawPeer *peer);

static inline void test_raw_on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    TestRawPeer *peer = user_data;
    TestRaw *raw = peer->raw;
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

    if (count <= 0) {
        raw->ended++;
        g_ptr_array_remove(raw->open, peer->connection);
        g_object_unref(peer->connection);
        g_free(peer);
        return;
    }
    g_string_append_len(raw->heads, peer->bytes, count);
    /* The end of a head, or the handshake record that TLS begins with. */
    if (!peer->answered && (strstr(raw->heads->str, "\r\n\r\n") || raw->heads->str[0] == 0x16)) {
        peer->answered = TRUE;
        g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(peer->connection)), raw->wire,
                                  raw->wire_length, NULL, NULL, NULL);
        if (raw->closes)
            g_socket_shutdown(g_socket_connection_get_socket(peer->connection), FALSE, TRUE, NULL);
    }
    test_raw_read(peer);
}

static inline void test_raw_read(TestRawPeer *peer)
{
    g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(peer->connection)), peer->bytes,
                              sizeof peer->bytes, G_PRIORITY_DEFAULT, NULL, test_raw_on_read, peer);
}

static inline gboolean test_raw_on_incoming(GSocketService *service, GSocketConnection *connection, GObject *source,
                                            gpointer user_data)
{
    TestRaw *raw = user_data;
    TestRawPeer *peer = g_new0(TestRawPeer, 1);

    (void)service;
    (void)source;
    raw->accepted++;
    peer->raw = raw;
    peer->connection = g_object_ref(connection);
    g_ptr_array_add(raw->open, g_object_ref(connection));
    test_raw_read(peer);
    return TRUE;
}

static inline void test_raw_set(TestRaw *raw, const char *wire, gboolean closes)
{
    raw->wire = wire;
    raw->wire_length = strlen(wire);
    raw->closes = closes;
}

static inline TestRaw *test_raw_new(const char *wire, gboolean closes)
{
    TestRaw *raw = g_new0(TestRaw, 1);
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) wish = g_inet_socket_address_new(loopback, 0);
    g_autoptr(GSocketAddress) address = NULL;
    g_autoptr(GError) error = NULL;

    raw->service = g_socket_service_new();
    g_socket_listener_add_address(G_SOCKET_LISTENER(raw->service), wish, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                  NULL, &address, &error);
    g_assert_no_error(error);
    g_signal_connect(raw->service, "incoming", G_CALLBACK(test_raw_on_incoming), raw);
    raw->url = g_strdup_printf("http://127.0.0.1:%u", g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address)));
    test_raw_set(raw, wire, closes);
    raw->open = g_ptr_array_new_with_free_func(g_object_unref);
    raw->heads = g_string_new(NULL);
    return raw;
}

/* Sends more to whoever is connected. */
static inline void test_raw_write(TestRaw *raw, const char *text)
{
    for (guint i = 0; i < raw->open->len; i++)
        g_output_stream_write_all(g_io_stream_get_output_stream(raw->open->pdata[i]), text, strlen(text), NULL, NULL,
                                  NULL);
}

/* Cuts whatever is connected. */
static inline void test_raw_cut(TestRaw *raw)
{
    for (guint i = 0; i < raw->open->len; i++)
        g_socket_shutdown(g_socket_connection_get_socket(raw->open->pdata[i]), TRUE, TRUE, NULL);
}

static inline void test_raw_free(TestRaw *raw)
{
    test_raw_cut(raw);
    test_until(raw->ended == raw->accepted);
    g_socket_service_stop(raw->service);
    g_socket_listener_close(G_SOCKET_LISTENER(raw->service));
    g_object_unref(raw->service);
    g_ptr_array_unref(raw->open);
    g_string_free(raw->heads, TRUE);
    g_free(raw->url);
    g_free(raw);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestRaw, test_raw_free)
