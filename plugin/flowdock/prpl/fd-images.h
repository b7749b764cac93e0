/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures in what is typed: hosts keep them in libpurple's image store, and the HTML says only which ones. */
#pragma once

#include <glib.h>

typedef struct {
    char *name;
    GBytes *bytes;
} FdImage;

gboolean fd_images_are_in(const char *html);

/* (transfer full) (nullable) (element-type FdImage): all of them; %NULL where one is not in the store any more. */
GPtrArray *fd_images_take(const char *html);
