/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a SOCKS client sends, read from the bytes there are so far. Pure. Internal to tests/server.
 *
 * Each function returns how many bytes were used, and 0, without having written anything, when there are too few. */
#pragma once

#include <gio/gio.h>

#define FAKE_SOCKS_NO_AUTH 0
#define FAKE_SOCKS_PASSWORD 2
#define FAKE_SOCKS_CONNECT 1

typedef struct {
    guint8 version;
    guint8 command;
    gboolean is_name; /* else @host is a number */
    char *host;
    guint16 port;
    char *user; /* (nullable): of version 4 */
} FakeSocks;

void fake_socks_clear(FakeSocks *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FakeSocks, fake_socks_clear)

/* Versions 4 and 4a. */
gsize fake_socks_read4(const guint8 *bytes, gsize length, FakeSocks *request);
gsize fake_socks_read5(const guint8 *bytes, gsize length, FakeSocks *request);

/* How version 5 begins. @offered: whether @method is among those that the client can do. */
gsize fake_socks_read_methods(const guint8 *bytes, gsize length, guint8 method, gboolean *offered);
/* (transfer full) @user, @password. */
gsize fake_socks_read_password(const guint8 *bytes, gsize length, char **user, char **password);
