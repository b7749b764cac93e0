/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the Envoy side begins with. The form is in README.md. Internal to tests/server. */
#pragma once

#include "envoy-side.h"

/* (nullable) @seed: the built-in one. */
gboolean envoy_side_load(EnvoySide *side, JsonObject *seed, GError **error);
