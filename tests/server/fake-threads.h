/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads: which one a message belongs to, and what it does to it. Sheet: 3.8. Internal to tests/server. */
#pragma once

#include "fake-post.h"

/* (transfer none): a new thread that @title's message starts */
FakeThread *fake_thread_new(FakeTalk *talk, const char *title, gint64 initial_message);
/* The thread that activity and discussion name by thread_id or external_thread_id; made when new. NULL with @refusal */
FakeThread *fake_thread_of_source(FakeTalk *talk, FakeSource *source, JsonObject *params, gint64 message_id,
                                  FakeRefusal *refusal);
/* A message of this kind has been added. */
void fake_thread_count(FakeTalk *talk, FakeThread *thread, const char *event);
