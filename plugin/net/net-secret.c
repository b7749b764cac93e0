/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wiping by way of a volatile pointer, which no compiler may leave out and every libc has. */
#include "net-secret.h"

#include <string.h>

typedef struct {
    gsize length;
    char memory[];
} Wiped;

static void wiped_free(gpointer data)
{
    Wiped *wiped = data;

    net_secret_wipe(wiped->memory, wiped->length);
    g_free(wiped);
}

void net_secret_wipe(void *memory, gsize length)
{
    volatile char *byte = memory;

    while (length-- > 0)
        *byte++ = 0;
}

void net_secret_free(char *secret)
{
    if (!secret)
        return;
    net_secret_wipe(secret, strlen(secret));
    g_free(secret);
}

GBytes *net_secret_bytes(const char *memory, gsize length)
{
    Wiped *wiped = g_malloc(sizeof *wiped + length);

    wiped->length = length;
    if (length > 0)
        memcpy(wiped->memory, memory, length);
    return g_bytes_new_with_free_func(wiped->memory, length, wiped_free, wiped);
}
