/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-secret: memory that is still ours can be looked at after the wipe. */
#include "net/net-secret.h"

#include <string.h>

static void test_wipe(void)
{
    char memory[] = "secret and more";
    static const char wiped[] = "\0\0\0\0\0\0 and more";

    net_secret_wipe(memory, strlen("secret"));
    g_assert_cmpmem(memory, sizeof memory, wiped, sizeof wiped);
    net_secret_wipe(memory, 0);
    net_secret_free(NULL);
    net_secret_free(g_strdup("secret"));
}

static void test_bytes(void)
{
    g_autoptr(GBytes) bytes = net_secret_bytes("a\0b", 3);
    g_autoptr(GBytes) empty = net_secret_bytes(NULL, 0);
    gsize length;
    const char *memory = g_bytes_get_data(bytes, &length);

    g_assert_cmpmem(memory, length, "a\0b", 3);
    g_assert_cmpuint(g_bytes_get_size(empty), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/secret/wipe", test_wipe);
    g_test_add_func("/net/secret/bytes", test_bytes);
    return g_test_run();
}
