/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RFC 1928 and 1929, and what is written of version 4. */
#include "fake-socks.h"

#include <string.h>

#define TYPE_IPV4 1
#define TYPE_NAME 3
#define TYPE_IPV6 4

void fake_socks_clear(FakeSocks *request)
{
    g_clear_pointer(&request->host, g_free);
    g_clear_pointer(&request->user, g_free);
}

static char *number_text(const guint8 *bytes, GSocketFamily family)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_bytes(bytes, family);

    return g_inet_address_to_string(address);
}

static guint16 port_of(const guint8 *bytes)
{
    return (guint16)(bytes[0] << 8 | bytes[1]);
}

/* The length of a text with its NUL, 0 as long as that has not come. */
static gsize text_length(const guint8 *bytes, gsize length)
{
    const guint8 *end = length > 0 ? memchr(bytes, '\0', length) : NULL;

    return end ? (gsize)(end - bytes) + 1 : 0;
}

gsize fake_socks_read4(const guint8 *bytes, gsize length, FakeSocks *request)
{
    gsize user_length = length > 8 ? text_length(bytes + 8, length - 8) : 0;
    gsize name_length = 0;
    gboolean is_name;

    if (user_length == 0)
        return 0;
    /* 0.0.0.x: the name follows. */
    is_name = bytes[4] == 0 && bytes[5] == 0 && bytes[6] == 0 && bytes[7] != 0;
    if (is_name)
        name_length = text_length(bytes + 8 + user_length, length - 8 - user_length);
    if (is_name && name_length == 0)
        return 0;
    request->version = bytes[0];
    request->command = bytes[1];
    request->is_name = is_name;
    request->port = port_of(bytes + 2);
    request->user = g_strdup((const char *)bytes + 8);
    request->host =
        is_name ? g_strdup((const char *)bytes + 8 + user_length) : number_text(bytes + 4, G_SOCKET_FAMILY_IPV4);
    return 8 + user_length + name_length;
}

gsize fake_socks_read_methods(const guint8 *bytes, gsize length, guint8 method, gboolean *offered)
{
    gsize used = length > 1 ? 2 + (gsize)bytes[1] : 2;

    if (length < used)
        return 0;
    *offered = bytes[0] == 5 && memchr(bytes + 2, method, bytes[1]) != NULL;
    return used;
}

gsize fake_socks_read_password(const guint8 *bytes, gsize length, char **user, char **password)
{
    gsize user_length = length > 1 ? bytes[1] : 0;
    gsize password_length = length > 2 + user_length ? bytes[2 + user_length] : 0;
    gsize used = 3 + user_length + password_length;

    if (length < used)
        return 0;
    *user = g_strndup((const char *)bytes + 2, user_length);
    *password = g_strndup((const char *)bytes + 3 + user_length, password_length);
    return used;
}

gsize fake_socks_read5(const guint8 *bytes, gsize length, FakeSocks *request)
{
    guint8 type = length > 4 ? bytes[3] : TYPE_NAME;
    gsize start = type == TYPE_NAME ? 5 : 4;
    gsize host_length = type == TYPE_IPV6 ? 16 : 4;
    gsize used;

    if (type == TYPE_NAME)
        host_length = length > 4 ? bytes[4] : 0;
    used = start + host_length + 2;
    if (length < used)
        return 0;
    request->version = bytes[0];
    request->command = bytes[1];
    request->is_name = type == TYPE_NAME;
    request->port = port_of(bytes + start + host_length);
    request->user = NULL;
    if (request->is_name)
        request->host = g_strndup((const char *)bytes + start, host_length);
    else
        request->host = number_text(bytes + start, type == TYPE_IPV6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4);
    return used;
}
