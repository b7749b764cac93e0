/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Uploaded files: 302 from the API to a storage place that fails when it sees credentials. Sheet: 3.11. Internal. */
#pragma once

#include "fake-call.h"

typedef struct FakeFiles FakeFiles;

FakeFiles *fake_files_new(void);
void fake_files_free(FakeFiles *files);

/* @upload (nullable): data (Base64), content_type, file_name. Returns the attachment (transfer full), NULL if unfit */
JsonObject *fake_files_add(FakeServer *server, FakeTalk *talk, JsonObject *upload);

void fake_files_redirect(FakeCall *call); /* GET <attachment path> */
void fake_files_fetch(FakeCall *call);    /* GET of the storage place */
