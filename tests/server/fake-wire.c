/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Noticing that the other side of a paused message has gone, and cutting. */
#include "fake-wire.h"

#include <sys/socket.h>

struct FakeWatch {
    SoupServerMessage *message;
    GSource *readable;
    void (*gone)(gpointer data);
    gpointer data;
};

void fake_watch_free(FakeWatch *watch)
{
    if (!watch)
        return;
    g_signal_handlers_disconnect_by_data(watch->message, watch);
    if (watch->readable) {
        g_source_destroy(watch->readable);
        g_source_unref(watch->readable);
    }
    g_object_unref(watch->message);
    g_free(watch);
}

static void on_gone(FakeWatch *watch)
{
    void (*gone)(gpointer) = watch->gone;
    gpointer data = watch->data;

    fake_watch_free(watch);
    gone(data);
}

/* A paused message reads nothing, so its end would show only at the next write. Bytes where none are due are the end
 * of a TLS session, or an early next request; the latter is no reason to end, yet not to be asked for again. */
static gboolean on_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
    FakeWatch *watch = data;
    char byte;
    gssize count = recv(g_socket_get_fd(socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    gboolean is_tls = g_str_equal(g_uri_get_scheme(soup_server_message_get_uri(watch->message)), "https");
    g_autoptr(SoupServerMessage) message = NULL;

    if (count > 0 && !is_tls && !(condition & (G_IO_HUP | G_IO_ERR)))
        return G_SOURCE_REMOVE;
    message = g_object_ref(watch->message);
    on_gone(watch);
    fake_wire_cut(message);
    return G_SOURCE_REMOVE;
}

FakeWatch *fake_watch_new(SoupServerMessage *message, void (*gone)(gpointer data), gpointer data)
{
    FakeWatch *watch = g_new0(FakeWatch, 1);
    GSocket *socket = soup_server_message_get_socket(message);

    watch->message = g_object_ref(message);
    watch->gone = gone;
    watch->data = data;
    if (socket) {
        watch->readable = g_socket_create_source(socket, G_IO_IN, NULL);
        g_source_set_callback(watch->readable, G_SOURCE_FUNC(on_readable), watch, NULL);
        g_source_attach(watch->readable, NULL);
    }
    g_signal_connect_swapped(message, "finished", G_CALLBACK(on_gone), watch);
    g_signal_connect_swapped(message, "disconnected", G_CALLBACK(on_gone), watch);
    return watch;
}

void fake_wire_cut(SoupServerMessage *message)
{
    GSocket *socket = soup_server_message_get_socket(message);

    if (!socket)
        return;
    g_socket_shutdown(socket, TRUE, TRUE, NULL);
    /* Only a failing write tells SoupServer, so there must be something to write. */
    soup_message_body_append(soup_server_message_get_response_body(message), SOUP_MEMORY_STATIC, "\n", 1);
    soup_server_message_unpause(message);
}
