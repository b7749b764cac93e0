/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A proxy on the loopback: HTTP or SOCKS, with or without a password, and with names that only it knows. Like the test
 * server it lives in the default main context of the test program, and does its work as that runs. It connects to this
 * computer only. */
#pragma once

#include <gio/gio.h>

typedef struct FakeProxy FakeProxy;

typedef enum {
    FAKE_PROXY_HTTP,    /* CONNECT, and requests for a whole http:// address */
    FAKE_PROXY_SOCKS4,  /* to numbers only */
    FAKE_PROXY_SOCKS4A, /* to names too */
    FAKE_PROXY_SOCKS5,
} FakeProxyKind;

/**
 * fake_proxy_new:
 * @user: (nullable): whom to let in; %NULL = everybody
 * @password: (nullable): of @user; SOCKS 4 knows none
 *
 * Returns: (transfer full): a proxy that listens on a free port of 127.0.0.1.
 */
FakeProxy *fake_proxy_new(FakeProxyKind kind, const char *user, const char *password);

/* Cuts all that goes through it. */
void fake_proxy_free(FakeProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeProxy, fake_proxy_free)

guint16 fake_proxy_get_port(FakeProxy *proxy);

/* Who asks for @host, whatever the port, is connected to @port of 127.0.0.1. Other names are unknown (HTTP: 502) but
 * "localhost"; so is every number outside the loopback. */
void fake_proxy_map(FakeProxy *proxy, const char *host, guint16 port);

/* Refuses all who are let in. @code of HTTP: a status; of SOCKS: the byte that says why; 0: no more. */
void fake_proxy_refuse(FakeProxy *proxy, guint code);

/* Whether the connection ends after a 407; at first it does not. */
void fake_proxy_set_impatient(FakeProxy *proxy, gboolean impatient);

/* Cuts what goes through it now, and goes on. */
void fake_proxy_cut(FakeProxy *proxy);

guint fake_proxy_count_connections(FakeProxy *proxy); /* accepted so far */
guint fake_proxy_count_open(FakeProxy *proxy);        /* of these, not closed yet */
guint fake_proxy_count_rejected(FakeProxy *proxy);    /* times that a wrong name or password was sent */

/* How often a way was opened to a target, "host:port" as it was asked for, that matches @glob ((nullable): any). */
guint fake_proxy_count_targets(FakeProxy *proxy, const char *glob);

/* All that was sent to the proxy itself: heads of requests and SOCKS bytes, not what went through; the first 64 KiB. */
const GString *fake_proxy_get_heard(FakeProxy *proxy);
