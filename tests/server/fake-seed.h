/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the server begins with. The form is in README.md. Internal to tests/server. */
#pragma once

#include "fake-state.h"

/* (nullable) @file: the built-in one. */
gboolean fake_seed_load(FakeServer *server, const char *file, GError **error);
