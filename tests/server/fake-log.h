/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The requests that came in, for assertions. Internal to tests/server. */
#pragma once

#include <libsoup/soup.h>

#include "fake-server.h"

typedef struct FakeLog FakeLog;

FakeLog *fake_log_new(void);
void fake_log_free(FakeLog *log);
/* (transfer full): a reference on the new entry, to be given back with g_rc_box_release_full(…, fake_request_clear) */
FakeRequest *fake_log_add(FakeLog *log, SoupServerMessage *message, FakeOrigin origin);
void fake_request_clear(FakeRequest *request);
/* A glob where it holds * or ?, else a prefix. */
gboolean fake_log_path_matches(const char *pattern, const char *path);
