/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Uploaded files: 302 from the API to a storage place that fails when it sees credentials. Sheet: 3.11. Internal. */
#pragma once

#include "fake-call.h"

typedef struct FakeFiles FakeFiles;

FakeFiles *fake_files_new(void);
void fake_files_free(FakeFiles *files);

typedef enum {
    FAKE_FILES_GOOD,
    FAKE_FILES_UNFIT,     /* not what a file looks like */
    FAKE_FILES_TOO_LARGE, /* fake_server_set_max_file() */
    FAKE_FILES_NO_ROOM,   /* fake_server_set_file_quota() */
} FakeFilesVerdict;

/* @upload (nullable): data (Base64) or upload (fake-upload.h), content_type, file_name. @added: (out) (transfer full):
 * the attachment, where it is good. */
FakeFilesVerdict fake_files_add(FakeServer *server, FakeTalk *talk, JsonObject *upload, JsonObject **added);

void fake_files_redirect(FakeCall *call); /* GET <attachment path> */
void fake_files_fetch(FakeCall *call);    /* GET of the storage place */
