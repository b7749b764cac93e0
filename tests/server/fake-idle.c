/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes kept-alive connections that their client has closed. */
#include "fake-idle.h"

#include <sys/socket.h>

struct FakeIdle {
    SoupServer *soup;
    GHashTable *waiting; /* GSocket between two requests -> GSource */
};

static void source_free(gpointer source)
{
    g_source_destroy(source);
    g_source_unref(source);
}

static gboolean on_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
    FakeIdle *idle = data;
    char byte;

    (void)condition;
    if (g_socket_is_closed(socket) || recv(g_socket_get_fd(socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
        g_socket_close(socket, NULL);
        g_hash_table_remove(idle->waiting, socket);
    }
    return G_SOURCE_CONTINUE;
}

static void on_started(SoupServer *soup, SoupServerMessage *message, gpointer data)
{
    FakeIdle *idle = data;

    (void)soup;
    g_hash_table_remove(idle->waiting, soup_server_message_get_socket(message));
}

static void on_finished(SoupServer *soup, SoupServerMessage *message, gpointer data)
{
    FakeIdle *idle = data;
    GSocket *socket = soup_server_message_get_socket(message);
    GSource *source;

    (void)soup;
    if (!socket || g_socket_is_closed(socket))
        return;
    source = g_socket_create_source(socket, G_IO_IN, NULL);
    g_source_set_callback(source, G_SOURCE_FUNC(on_readable), idle, NULL);
    g_source_attach(source, NULL);
    g_hash_table_replace(idle->waiting, g_object_ref(socket), source);
}

FakeIdle *fake_idle_new(SoupServer *soup)
{
    FakeIdle *idle = g_new0(FakeIdle, 1);

    idle->soup = g_object_ref(soup);
    idle->waiting = g_hash_table_new_full(NULL, NULL, g_object_unref, source_free);
    g_signal_connect(soup, "request-started", G_CALLBACK(on_started), idle);
    g_signal_connect(soup, "request-finished", G_CALLBACK(on_finished), idle);
    return idle;
}

void fake_idle_free(FakeIdle *idle)
{
    if (!idle)
        return;
    g_signal_handlers_disconnect_by_data(idle->soup, idle);
    g_hash_table_unref(idle->waiting);
    g_object_unref(idle->soup);
    g_free(idle);
}
