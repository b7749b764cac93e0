/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A form with one file in it (multipart/form-data, RFC 7578), which is read from the disk while it is sent: of a file of
 * any size only a small piece is in memory. What is in memory already can be sent as a file, too. */
#pragma once

#include "net-request.h"

typedef struct _NetMultipart NetMultipart;

/**
 * NetMultipartFile:
 * @path: (nullable): of a regular file
 * @bytes: (nullable): what it holds, where there is no @path
 * @size: its bytes; with more or less than this the form fails
 * @part: name of the form's part with the file
 * @name: what the file is called there; UTF-8. Quotes and line ends are percent-encoded, as browsers do it
 * @content_type: of the file
 */
typedef struct {
    const char *path;
    GBytes *bytes;
    gint64 size;
    const char *part;
    const char *name;
    const char *content_type;
} NetMultipartFile;

/**
 * NetMultipartFuncs:
 * @sent: so many bytes of the file have gone out by now; 0 again each time the form is sent anew
 * @failed: the file cannot be read to its end: a G_IO_ERROR, G_IO_ERROR_WRONG_ETAG where it has got another size. The
 *   request will never be complete then, and has to be cancelled
 */
typedef struct {
    void (*sent)(gint64 bytes, gpointer user_data);
    void (*failed)(const GError *error, gpointer user_data);
} NetMultipartFuncs;

/**
 * net_multipart_new:
 * @fields: (nullable): further parts: name, value, name, value, ..., %NULL; they stand before the file
 */
NetMultipart *net_multipart_new(const NetMultipartFile *file, const char *const *fields, const NetMultipartFuncs *funcs,
                                gpointer user_data);
NetMultipart *net_multipart_ref(NetMultipart *form);
void net_multipart_unref(NetMultipart *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetMultipart, net_multipart_unref)

/* Makes the form the body of @request, which keeps a reference. The file is opened anew each time that is sent. */
void net_multipart_attach(NetMultipart *form, NetRequest *request);

/* Reads no further and calls nothing back, though the request may live on. */
void net_multipart_stop(NetMultipart *form);
