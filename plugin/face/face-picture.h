/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether bytes from elsewhere may be shown as a picture. Pure. */
#pragma once

#include <glib.h>

/* Pixels each way. */
#define FACE_PICTURE_MAX_SIDE 1024
/* Pixels of an animation, all of its frames together. */
#define FACE_PICTURE_MAX_PIXELS (4 * FACE_PICTURE_MAX_SIDE * FACE_PICTURE_MAX_SIDE)
/* Bytes of compressed text and colour profiles beside the pixels of a PNG. */
#define FACE_PICTURE_MAX_ASIDE (32 * 1024)

/**
 * face_picture_is_fit:
 * @bytes: (array length=length): a whole file
 *
 * Hosts decode it with gdk-pixbuf, which takes as much memory as the file's own header wants before it has seen more of it: a
 * few bytes could ask for gigabytes. So only three formats are let through, told by their first bytes and not by what a
 * server calls them, and only as far as what they ask for can be read and is little.
 *
 * Returns: whether it is a PNG, JPEG or GIF within the limits above.
 */
gboolean face_picture_is_fit(const void *bytes, gsize length);
