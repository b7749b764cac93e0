/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How things look in answers, with all oddities that are set. Internal to tests/server. */
#pragma once

#include "envoy-side.h"

/* (transfer full); (transfer none) @thing */
JsonObject *envoy_side_encode(EnvoySide *side, EnvoyServerKind kind, JsonObject *thing);
