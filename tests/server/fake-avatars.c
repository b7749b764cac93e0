/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of people. Every name has one: a small PNG whose colour comes from the name, unless a test gave another. */
#include "fake-avatars.h"

#include <string.h>

#define SIDE 8 /* pixels */

typedef struct {
    char *type;
    GBytes *content;
} Picture;

struct FakeAvatars {
    GHashTable *given; /* name -> Picture */
};

static void picture_free(gpointer data)
{
    Picture *picture = data;

    g_free(picture->type);
    g_bytes_unref(picture->content);
    g_free(picture);
}

FakeAvatars *fake_avatars_new(void)
{
    FakeAvatars *avatars = g_new0(FakeAvatars, 1);

    avatars->given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, picture_free);
    return avatars;
}

void fake_avatars_free(FakeAvatars *avatars)
{
    g_hash_table_unref(avatars->given);
    g_free(avatars);
}

/* ----------------------------------------------------------------------------------------------------- making one */

static void append_number(GByteArray *png, guint32 number)
{
    guint32 big_endian = GUINT32_TO_BE(number);

    g_byte_array_append(png, (const guint8 *)&big_endian, sizeof big_endian);
}

static guint32 checksum(const guint8 *bytes, gsize length)
{
    guint32 crc = 0xffffffff;

    for (gsize i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

static void append_chunk(GByteArray *png, const char *type, const void *bytes, gsize length)
{
    guint start;

    append_number(png, (guint32)length);
    start = png->len;
    g_byte_array_append(png, (const guint8 *)type, 4);
    g_byte_array_append(png, bytes, (guint)length);
    append_number(png, checksum(png->data + start, png->len - start));
}

static GBytes *make_png(guint32 colour)
{
    static const guint8 header[] = { 0, 0, 0, SIDE, 0, 0, 0, SIDE, /* size */
                                     8, 2, 0, 0,    0 };           /* 8 bits each of red, green and blue */
    g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1);
    guint8 rows[SIDE][1 + SIDE * 3] = { { 0 } }; /* each begins with its filter: none */
    guint8 packed[sizeof rows + 64];
    GByteArray *png = g_byte_array_new();
    gsize read, length;

    for (int y = 0; y < SIDE; y++) {
        for (int i = 0; i < SIDE * 3; i++)
            rows[y][1 + i] = (guint8)(colour >> (i % 3 * 8));
    }
    g_assert_cmpint(g_converter_convert(G_CONVERTER(compressor), rows, sizeof rows, packed, sizeof packed,
                                        G_CONVERTER_INPUT_AT_END, &read, &length, NULL),
                    ==, G_CONVERTER_FINISHED);
    g_byte_array_append(png, (const guint8 *)"\211PNG\r\n\032\n", 8);
    append_chunk(png, "IHDR", header, sizeof header);
    append_chunk(png, "IDAT", packed, length);
    append_chunk(png, "IEND", "", 0);
    return g_byte_array_free_to_bytes(png);
}

/* ------------------------------------------------------------------------------------------------------- the calls */

void fake_avatars_fetch(FakeCall *call)
{
    const Picture *picture = g_hash_table_lookup(call->server->avatars->given, call->args[0]);
    g_autoptr(GBytes) made = picture ? NULL : make_png(g_str_hash(call->args[0]));

    if (picture)
        fake_call_bytes(call, SOUP_STATUS_OK, picture->type, picture->content);
    else
        fake_call_bytes(call, SOUP_STATUS_OK, "image/png", made);
}

void fake_server_set_avatar_bytes(FakeServer *server, const char *name, const void *bytes, gsize length,
                                  const char *content_type)
{
    Picture *picture;

    if (!bytes) {
        g_hash_table_remove(server->avatars->given, name);
        return;
    }
    picture = g_new0(Picture, 1);
    picture->type = g_strdup(content_type ? content_type : "image/png");
    picture->content = g_bytes_new(bytes, length);
    g_hash_table_insert(server->avatars->given, g_strdup(name), picture);
}
