/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures out of libpurple's image store. */
#include "fd-images.h"

#include "text/text-escape.h"
#include "text/text-markup.h"

#include <imgstore.h>

#include <string.h>

#define NO_NAME "image"

static void image_free(gpointer data)
{
    FdImage *image = data;

    g_free(image->name);
    g_bytes_unref(image->bytes);
    g_free(image);
}

static void release(gpointer stored)
{
    purple_imgstore_unref(stored);
}

/* (transfer full): as its file was called, or "image.png". */
static char *name_of(PurpleStoredImage *stored)
{
    const char *filename = purple_imgstore_get_filename(stored);
    const char *extension = purple_imgstore_get_extension(stored);
    g_autofree char *base = filename && *filename ? g_path_get_basename(filename) : NULL;
    g_autofree char *name = text_clean_line(base);

    if (*name && strcmp(name, "/") != 0 && strcmp(name, ".") != 0)
        return g_steal_pointer(&name);
    /* What libpurple says where it does not know the format. */
    return strcmp(extension, "icon") == 0 ? g_strdup(NO_NAME) : g_strconcat(NO_NAME ".", extension, NULL);
}

gboolean fd_images_are_in(const char *html)
{
    g_autoptr(GPtrArray) tokens = text_markup_parse(html);

    for (guint i = 0; i < tokens->len; i++)
        if (((const TextToken *)tokens->pdata[i])->kind == TEXT_TOKEN_IMAGE)
            return TRUE;
    return FALSE;
}

GPtrArray *fd_images_take(const char *html)
{
    g_autoptr(GPtrArray) tokens = text_markup_parse(html);
    g_autoptr(GPtrArray) images = g_ptr_array_new_with_free_func(image_free);

    for (guint i = 0; i < tokens->len; i++) {
        const TextToken *token = tokens->pdata[i];
        PurpleStoredImage *stored = token->kind == TEXT_TOKEN_IMAGE ? purple_imgstore_find_by_id(token->image) : NULL;
        FdImage *image;

        if (token->kind != TEXT_TOKEN_IMAGE)
            continue;
        if (!stored)
            return NULL;
        image = g_new0(FdImage, 1);
        image->name = name_of(stored);
        /* The host drops it as soon as it has been typed. */
        purple_imgstore_ref(stored);
        image->bytes = g_bytes_new_with_free_func(purple_imgstore_get_data(stored), purple_imgstore_get_size(stored),
                                                  release, stored);
        g_ptr_array_add(images, image);
    }
    return g_steal_pointer(&images);
}
