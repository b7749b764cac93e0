/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the parts of a picture that say how large it is. Where a file is not as its format wants it, a decoder might see other
 * sizes than we do, so that is refused. */
#include "face-picture.h"

#include <string.h>

/* What is left of a file. */
typedef struct {
    const guint8 *at;
    gsize left;
} Rest;

static gboolean skip(Rest *rest, gsize count)
{
    if (count > rest->left)
        return FALSE;
    rest->at += count;
    rest->left -= count;
    return TRUE;
}

static guint get_be16(const guint8 *at)
{
    return (guint)at[0] << 8 | at[1];
}

static guint get_le16(const guint8 *at)
{
    return (guint)at[1] << 8 | at[0];
}

static guint32 get_be32(const guint8 *at)
{
    return (guint32)get_be16(at) << 16 | get_be16(at + 2);
}

static gboolean is_size(guint32 width, guint32 height)
{
    return width > 0 && height > 0 && width <= FACE_PICTURE_MAX_SIDE && height <= FACE_PICTURE_MAX_SIDE;
}

/* ------------------------------------------------------------------------------------------------------------- PNG */

#define PNG_MAGIC "\211PNG\r\n\032\n"
#define PNG_CHUNK 12 /* bytes of a chunk besides its content: length, type before it, checksum behind it */
#define PNG_IHDR 13

static gboolean is_png_type(const guint8 *chunk, const char *type)
{
    return memcmp(chunk + 4, type, 4) == 0;
}

static gboolean is_png_fit(Rest rest)
{
    gsize aside = 0;

    if (rest.left < PNG_CHUNK + PNG_IHDR || get_be32(rest.at) != PNG_IHDR || !is_png_type(rest.at, "IHDR") ||
        !is_size(get_be32(rest.at + 8), get_be32(rest.at + 12)))
        return FALSE;
    while (rest.left >= PNG_CHUNK && !is_png_type(rest.at, "IEND")) {
        guint32 content = get_be32(rest.at);

        if (content > rest.left - PNG_CHUNK)
            return FALSE;
        if (is_png_type(rest.at, "zTXt") || is_png_type(rest.at, "iTXt") || is_png_type(rest.at, "iCCP"))
            aside += content;
        skip(&rest, PNG_CHUNK + (gsize)content);
    }
    return rest.left >= PNG_CHUNK && aside <= FACE_PICTURE_MAX_ASIDE;
}

/* ------------------------------------------------------------------------------------------------------------ JPEG */

#define JPEG_MAGIC "\377\330\377"

/* Whether this marker begins a frame of a kind that decoders know: baseline, extended, progressive, and the latter two with
 * arithmetic coding. */
static gboolean is_jpeg_frame(guint8 marker)
{
    return marker == 0xc0 || marker == 0xc1 || marker == 0xc2 || marker == 0xc9 || marker == 0xca;
}

/* Whether it has content, and may stand before a frame: tables, application data, comments. */
static gboolean is_jpeg_segment(guint8 marker)
{
    return marker == 0xc4 || marker == 0xcc || (marker >= 0xdb && marker <= 0xfe);
}

static gboolean is_jpeg_fit(Rest rest)
{
    for (;;) {
        guint8 marker;
        gsize content;

        if (rest.left == 0 || *rest.at != 0xff)
            return FALSE;
        while (rest.left > 0 && *rest.at == 0xff)
            skip(&rest, 1);
        if (rest.left < 3)
            return FALSE;
        marker = *rest.at;
        content = get_be16(rest.at + 1);
        if (is_jpeg_frame(marker))
            return content >= 8 && content < rest.left && is_size(get_be16(rest.at + 6), get_be16(rest.at + 4));
        if (!is_jpeg_segment(marker) || content < 2 || !skip(&rest, 1 + content))
            return FALSE;
    }
}

/* ------------------------------------------------------------------------------------------------------------- GIF */

#define GIF_MAGIC_87 "GIF87a"
#define GIF_MAGIC_89 "GIF89a"
#define GIF_SCREEN 7 /* bytes of the logical screen descriptor */
#define GIF_IMAGE 10 /* of an image descriptor, with its mark */

/* Bytes of the colour table that these flags announce. */
static gsize gif_colours(guint8 flags)
{
    return flags & 0x80 ? (gsize)3 << ((flags & 7) + 1) : 0;
}

/* One piece after the other, each with its length, until one of 0. */
static gboolean skip_gif_data(Rest *rest)
{
    while (rest->left > 0) {
        guint8 length = *rest->at;

        if (!skip(rest, 1 + (gsize)length))
            return FALSE;
        if (length == 0)
            return TRUE;
    }
    return FALSE;
}

/* Also counts the pixels of its frame, which need not be within the screen. */
static gboolean skip_gif_image(Rest *rest, guint64 *pixels)
{
    guint width, height;

    if (rest->left < GIF_IMAGE)
        return FALSE;
    width = get_le16(rest->at + 5);
    height = get_le16(rest->at + 7);
    *pixels += (guint64)width * height;
    /* The byte behind the colours is the size of the first codes. */
    return is_size(width, height) && skip(rest, GIF_IMAGE + gif_colours(rest->at[9]) + 1) && skip_gif_data(rest);
}

static gboolean is_gif_fit(Rest rest)
{
    guint64 pixels = 0;

    if (rest.left < GIF_SCREEN || !is_size(get_le16(rest.at), get_le16(rest.at + 2)) ||
        !skip(&rest, GIF_SCREEN + gif_colours(rest.at[4])))
        return FALSE;
    /* Many go without the mark of the end. */
    while (rest.left > 0 && *rest.at != ';') {
        gboolean went_on = *rest.at == ',' ? skip_gif_image(&rest, &pixels)
                                           : *rest.at == '!' && skip(&rest, 2) && skip_gif_data(&rest);

        if (!went_on)
            return FALSE;
    }
    return pixels > 0 && pixels <= FACE_PICTURE_MAX_PIXELS;
}

/* -------------------------------------------------------------------------------------------------------- any of them */

static const struct {
    const char *magic;
    gsize before; /* bytes of the magic that the reader does not want to see again */
    gboolean (*is_fit)(Rest rest);
} formats[] = {
    { PNG_MAGIC, 8, is_png_fit },
    { JPEG_MAGIC, 2, is_jpeg_fit },
    { GIF_MAGIC_87, 6, is_gif_fit },
    { GIF_MAGIC_89, 6, is_gif_fit },
};

gboolean face_picture_is_fit(const void *bytes, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        Rest rest = { bytes, length };

        if (length >= strlen(formats[i].magic) && memcmp(bytes, formats[i].magic, strlen(formats[i].magic)) == 0)
            return skip(&rest, formats[i].before) && formats[i].is_fit(rest);
    }
    return FALSE;
}
