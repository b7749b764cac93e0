/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages for a browser, of both sides of the server. Internal to tests/server. */
#pragma once

#include "fake-call.h"

/* What the server calls itself: never the name of a real service alone. */
const char *fake_page_server_name(FakeOrigin origin);

/* Answers with a page that says first whose it is; @format is the rest of its body. */
void fake_page_answer(FakeCall *call, guint status, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* (transfer full): hidden fields for those of @names that the call has, so that they go through a form unchanged. */
char *fake_page_carry(FakeCall *call, const char *const *names, gsize count);
