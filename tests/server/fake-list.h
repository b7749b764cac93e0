/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which messages a list call means. Sheet: 3.7. Internal to tests/server. */
#pragma once

#include "fake-call.h"

/* (nullable) @thread_id. (transfer full); NULL when the call is answered with a validation error. */
JsonArray *fake_list_messages(FakeCall *call, FakeTalk *talk, const char *thread_id);
