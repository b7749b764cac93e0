/* SPDX-License-Identifier: GPL-2.0-or-later */
/* face-picture: what is a picture, and which ones would be too much for a host. */
#include "face/face-picture.h"

#include <string.h>

#define SIDE FACE_PICTURE_MAX_SIDE

static void add(GByteArray *file, const char *bytes, gsize length)
{
    g_byte_array_append(file, (const guint8 *)bytes, (guint)length);
}

static void add_be(GByteArray *file, guint32 number, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        g_byte_array_append(file, &(guint8){ (guint8)(number >> shift) }, 1);
}

static void add_le16(GByteArray *file, guint number)
{
    g_byte_array_append(file, (guint8[]){ (guint8)number, (guint8)(number >> 8) }, 2);
}

static void add_fill(GByteArray *file, gsize length)
{
    g_byte_array_set_size(file, file->len + (guint)length);
    memset(file->data + file->len - length, 'x', length);
}

/* An exact copy, so that a sanitizer notices who reads on. */
static gboolean is_fit_up_to(const GByteArray *file, gsize length)
{
    g_autofree guint8 *copy = g_memdup2(file->data, length);

    return face_picture_is_fit(copy, length);
}

static gboolean is_fit(const GByteArray *file)
{
    return is_fit_up_to(file, file->len);
}

/* In what follows, the last parameter of a function is a part that the plainest file does not have. */

static void add_chunk(GByteArray *file, const char *type, gsize length)
{
    add_be(file, (guint32)length, 4);
    add(file, type, 4);
    add_fill(file, length + 4);
}

/* @aside: (nullable) a chunk of @length bytes */
static GByteArray *png_new(guint32 width, guint32 height, const char *aside, gsize length)
{
    GByteArray *file = g_byte_array_new();

    add(file, "\211PNG\r\n\032\n\0\0\0\rIHDR", 16);
    add_be(file, width, 4);
    add_be(file, height, 4);
    add(file, "\10\2\0\0\0CRC!", 9);
    if (aside)
        add_chunk(file, aside, length);
    add_chunk(file, "IDAT", 20);
    add_chunk(file, "IEND", 0);
    return file;
}

static void add_segment(GByteArray *file, guint8 marker, gsize length)
{
    g_byte_array_append(file, (guint8[]){ 0xff, marker }, 2);
    add_be(file, (guint32)length + 2, 2);
    add_fill(file, length);
}

static void add_frame(GByteArray *file, guint8 marker, guint width, guint height)
{
    g_byte_array_append(file, (guint8[]){ 0xff, marker, 0, 11, 8 }, 5);
    add_be(file, height, 2);
    add_be(file, width, 2);
    add(file, "\1\1\21\0", 4);
}

/* @aside: (nullable) what stands before the frame, which begins with the byte @frame */
static GByteArray *jpeg_new(guint width, guint height, guint8 frame, const char *aside, gsize length)
{
    GByteArray *file = g_byte_array_new();

    add(file, "\377\330", 2);
    add_segment(file, 0xe0, 14);
    if (aside)
        add(file, aside, length);
    add_segment(file, 0xdb, 65);
    add_frame(file, frame, width, height);
    add_segment(file, 0xda, 6);
    add(file, "pixels\377\331", 8);
    return file;
}

/* @flags: as in the format, for the number of colours */
static void add_colours(GByteArray *file, guint8 flags)
{
    if (flags & 0x80)
        add_fill(file, 3 * (1 << ((flags & 7) + 1)));
}

static void add_image(GByteArray *file, guint width, guint height, guint8 flags)
{
    add(file, ",\0\0\0\0", 5);
    add_le16(file, width);
    add_le16(file, height);
    g_byte_array_append(file, &flags, 1);
    add_colours(file, flags);
    add(file, "\2\3abc\1d\0", 8);
}

static GByteArray *gif_new(guint width, guint height, guint8 flags)
{
    GByteArray *file = g_byte_array_new();

    add(file, "GIF89a", 6);
    add_le16(file, width);
    add_le16(file, height);
    g_byte_array_append(file, (guint8[]){ flags, 0, 0 }, 3);
    add_colours(file, flags);
    add(file, "!\371\4\0\0\0\0\0", 8);
    return file;
}

static void test_sides(void)
{
    static const struct {
        guint32 width, height;
        gboolean is_fit;
    } cases[] = {
        { 1, 1, TRUE },       { 120, 120, TRUE },   { SIDE, SIDE, TRUE },      { 255, 257, TRUE },
        { 0, 1, FALSE },      { 1, 0, FALSE },      { SIDE + 1, 1, FALSE },    { 1, SIDE + 1, FALSE },
        { 0xffff, 1, FALSE }, { 1, 0xffff, FALSE }, { 0xffff, 0xffff, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint32 width = cases[i].width, height = cases[i].height;
        g_autoptr(GByteArray) png = png_new(width, height, NULL, 0);
        g_autoptr(GByteArray) jpeg = jpeg_new(width, height, 0xc0, NULL, 0);
        g_autoptr(GByteArray) screen = gif_new(width, height, 0);
        g_autoptr(GByteArray) image = gif_new(10, 10, 0);

        add_image(screen, 10, 10, 0);
        add(screen, ";", 1);
        add_image(image, 1, 1, 0);
        add_image(image, width, height, 0);
        g_test_message("%u x %u", width, height);
        g_assert_cmpint(is_fit(png), ==, cases[i].is_fit);
        g_assert_cmpint(is_fit(jpeg), ==, cases[i].is_fit);
        g_assert_cmpint(is_fit(screen), ==, cases[i].is_fit);
        g_assert_cmpint(is_fit(image), ==, cases[i].is_fit);
    }
}

/* Only a PNG can say so. */
static void test_huge_sides(void)
{
    static const guint32 sides[] = { 0x10001, 0x1000001, 0x7fffffff, 0xffffffff };

    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(GByteArray) wide = png_new(sides[i], 1, NULL, 0);
        g_autoptr(GByteArray) high = png_new(1, sides[i], NULL, 0);

        g_assert_false(is_fit(wide));
        g_assert_false(is_fit(high));
    }
}

#define TEXT(text) text, sizeof text - 1

static void test_not_pictures(void)
{
    static const struct {
        const char *name, *bytes;
        gsize length;
    } cases[] = {
        { "nothing", TEXT("") },
        { "page", TEXT("<!DOCTYPE html><html><head><title>Sign in</title></head></html>") },
        { "json", TEXT("{\"message\":\"not found\"}") },
        { "svg",
          TEXT("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>") },
        { "bmp", TEXT("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\2\0\0\0\2\0\0\0\1\0\x18\0\0\0\0\0\x10\0\0\0") },
        { "tiff", TEXT("II*\0\10\0\0\0\1\0\0\1\3\0\1\0\0\0\12\0\0\0\0\0\0\0") },
        { "webp", TEXT("RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\1\0\x9d\1\x2a\1\0\1\0\2\0\x34\x25\xa4\0\3\x70\0") },
        { "ico", TEXT("\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0\x68\4\0\0\x16\0\0\0") },
        { "xpm", TEXT("/* XPM */\nstatic char *x[] = {\"99999 99999 1 1\", \"a c #000\"};") },
        { "pnm", TEXT("P6 99999 99999 255\n") },
        { "gif of a later year", TEXT("GIF90a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;") },
        { "blank before it", TEXT(" GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;") },
        { "png, line ends changed",
          TEXT("\211PNG\n\032\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0CRC!\0\0\0\0IENDCRC!") },
        { "png with another chunk first",
          TEXT("\211PNG\r\n\032\n\0\0\0\rIDAT\0\0\0\1\0\0\0\1\10\2\0\0\0CRC!\0\0\0\0IENDCRC!") },
        { "png with a short header", TEXT("\211PNG\r\n\032\n\0\0\0\10IHDR\0\0\0\1\0\0\0\1CRC!\0\0\0\0IENDCRC!") },
        { "png with a chunk beyond its end",
          TEXT(
              "\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0CRC!\377\377\377\364IDATCRC!\0\0\0\0IENDCRC!") },
        { "gif without an image", TEXT("GIF89a\1\0\1\0\0\0\0!\376\1c\0;") },
        { "gif with an unknown block", TEXT("GIF89a\1\0\1\0\0\0\0\1,\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;") },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *copy = g_memdup2(cases[i].bytes, cases[i].length);

        g_test_message("%s", cases[i].name);
        g_assert_false(face_picture_is_fit(copy, cases[i].length));
    }
    g_assert_false(face_picture_is_fit(NULL, 0));
}

static void test_png_aside(void)
{
    static const struct {
        const char *type;
        gsize length;
        gboolean is_fit;
    } cases[] = {
        { "iCCP", 3000, TRUE },
        { "iCCP", FACE_PICTURE_MAX_ASIDE, TRUE },
        { "iCCP", FACE_PICTURE_MAX_ASIDE + 1, FALSE },
        { "zTXt", FACE_PICTURE_MAX_ASIDE + 1, FALSE },
        { "iTXt", FACE_PICTURE_MAX_ASIDE + 1, FALSE },
        { "tEXt", FACE_PICTURE_MAX_ASIDE + 1, TRUE },
        { "IDAT", FACE_PICTURE_MAX_ASIDE + 1, TRUE },
    };
    g_autoptr(GByteArray) several = png_new(1, 1, "zTXt", FACE_PICTURE_MAX_ASIDE / 2);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = png_new(1, 1, cases[i].type, cases[i].length);

        g_test_message("%s, %zu bytes", cases[i].type, cases[i].length);
        g_assert_cmpint(is_fit(file), ==, cases[i].is_fit);
    }
    /* Also many small ones, and those behind the pixels. */
    g_assert_true(is_fit(several));
    g_byte_array_set_size(several, several->len - 12);
    add_chunk(several, "zTXt", FACE_PICTURE_MAX_ASIDE / 2 + 1);
    add_chunk(several, "IEND", 0);
    g_assert_false(is_fit(several));
}

static void test_jpeg_frames(void)
{
    for (int marker = 0xc0; marker <= 0xcf; marker++) {
        g_autoptr(GByteArray) file = jpeg_new(10, 10, (guint8)marker, NULL, 0);
        gboolean known = marker <= 0xc2 || marker == 0xc9 || marker == 0xca;

        g_test_message("%x", marker);
        g_assert_cmpint(is_fit(file), ==, known);
    }
}

/* Each hides a small frame or shows one where a decoder, which is lenient, goes on to another. */
static void test_jpeg_before_frame(void)
{
    static const struct {
        const char *name, *bytes;
        gsize length;
        gboolean is_fit;
    } cases[] = {
        { "comment", TEXT("\377\376\0\5abc"), TRUE },
        { "fill bytes", TEXT("\377\377\377\377\376\0\5abc"), TRUE },
        { "frame in application data", TEXT("\377\341\0\17\377\300\0\13\10\377\377\377\377\1\1\21\0"), TRUE },
        { "huge frame first", TEXT("\377\300\0\13\10\377\377\377\377\1\1\21\0"), FALSE },
        { "garbage", TEXT("x\377\376\0\5abc"), FALSE },
        { "stuffed zero", TEXT("\377\0\0\17\377\300\0\13\10\377\377\377\377\1\1\21\0"), FALSE },
        { "restart", TEXT("\377\320\0\17\377\300\0\13\10\377\377\377\377\1\1\21\0"), FALSE },
        { "end", TEXT("\377\331"), FALSE },
        { "second start", TEXT("\377\330"), FALSE },
        { "scan", TEXT("\377\332\0\10xxxxxx"), FALSE },
        { "segment too short", TEXT("\377\376\0\1"), FALSE },
        { "segment too long", TEXT("\377\376\377\377"), FALSE },
        { "frame too short", TEXT("\377\300\0\2"), FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = jpeg_new(10, 10, 0xc0, cases[i].bytes, cases[i].length);

        g_test_message("%s", cases[i].name);
        g_assert_cmpint(is_fit(file), ==, cases[i].is_fit);
    }
}

static void test_gif_colours(void)
{
    for (int flags = 0; flags < 256; flags++) {
        g_autoptr(GByteArray) file = gif_new(10, 10, (guint8)flags);

        add_image(file, 10, 10, (guint8)~flags);
        add_image(file, 5, 5, (guint8)flags);
        g_assert_true(is_fit(file));
        add(file, ";and more", 9);
        g_assert_true(is_fit(file));
    }
}

/* Each frame takes its own memory in some hosts, and costs two dozen bytes here. */
static void test_gif_frames(void)
{
    g_autoptr(GByteArray) small = gif_new(100, 100, 0);
    g_autoptr(GByteArray) large = gif_new(SIDE, SIDE, 0);

    for (guint pixels = 0; pixels + 10000 <= FACE_PICTURE_MAX_PIXELS; pixels += 10000)
        add_image(small, 100, 100, 0);
    g_assert_true(is_fit(small));
    add_image(small, 100, 100, 0);
    g_assert_false(is_fit(small));
    for (int i = 0; i < 4; i++)
        add_image(large, SIDE, SIDE, 0);
    g_assert_true(is_fit(large));
    for (int i = 4; i < 4096; i++)
        add_image(large, SIDE, SIDE, 0);
    g_assert_false(is_fit(large));
    add_image(large, 1, 1, 0);
    g_assert_false(is_fit(large));
}

/* Where it is cut, it is none any more, as far as that can be seen without decoding it. */
static void test_cut_anywhere(void)
{
    g_autoptr(GByteArray) png = png_new(10, 10, "iCCP", 30);
    g_autoptr(GByteArray) jpeg = jpeg_new(10, 10, 0xc2, "\377\376\0\5abc", 7);
    g_autoptr(GByteArray) gif = gif_new(10, 10, 0x81);
    const gsize frame_end = jpeg->len - strlen("SOS.xxxxxxpixelsED");
    gsize first;

    add_image(gif, 10, 10, 0x80);
    first = gif->len;
    add_image(gif, 10, 10, 0);
    for (gsize i = 0; i < png->len; i++)
        g_assert_false(is_fit_up_to(png, i));
    for (gsize i = 0; i < jpeg->len; i++)
        g_assert_cmpint(is_fit_up_to(jpeg, i), ==, i >= frame_end);
    for (gsize i = 0; i < gif->len; i++)
        g_assert_cmpint(is_fit_up_to(gif, i), ==, i == first);
    g_assert_true(is_fit(gif));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/face/picture/sides", test_sides);
    g_test_add_func("/face/picture/huge-sides", test_huge_sides);
    g_test_add_func("/face/picture/not-pictures", test_not_pictures);
    g_test_add_func("/face/picture/png-aside", test_png_aside);
    g_test_add_func("/face/picture/jpeg-frames", test_jpeg_frames);
    g_test_add_func("/face/picture/jpeg-before-frame", test_jpeg_before_frame);
    g_test_add_func("/face/picture/gif-colours", test_gif_colours);
    g_test_add_func("/face/picture/gif-frames", test_gif_frames);
    g_test_add_func("/face/picture/cut-anywhere", test_cut_anywhere);
    return g_test_run();
}
