/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forms with files (multipart/form-data), taken in as they come: files go to the disk, so that they may be of any size.
 * Internal to tests/server. */
#pragma once

#include "fake-state.h"

typedef struct FakeUploads FakeUploads;

FakeUploads *fake_uploads_new(void);
void fake_uploads_free(FakeUploads *uploads);

/* From now on the forms that @soup gets are taken in. */
void fake_uploads_watch(FakeServer *server, SoupServer *soup);

/* Whether the body of @message is such a form, which is not in the message then. */
gboolean fake_upload_is_there(SoupServerMessage *message);
/* A part with a file name becomes an object file_name, content_type, file_size, upload: the latter is for
 * fake_upload_take(). FALSE: the form is none. */
gboolean fake_upload_read(SoupServerMessage *message, JsonObject *params);

/* As if it had come in a form. (transfer full): its upload. */
char *fake_upload_add(FakeServer *server, GBytes *content);
/* (transfer full) (nullable): the content of an uploaded file, once. */
GBytes *fake_upload_take(FakeServer *server, const char *upload);
