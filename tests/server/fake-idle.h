/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes kept-alive connections that their client has closed: SoupServer before 3.3 forgets them, open, and a long
 * run would end for want of file descriptors. Internal to tests/server. */
#pragma once

#include <libsoup/soup.h>

typedef struct FakeIdle FakeIdle;

FakeIdle *fake_idle_new(SoupServer *soup);
void fake_idle_free(FakeIdle *idle);
