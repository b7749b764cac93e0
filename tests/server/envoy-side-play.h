/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scenario of the demo: visitors come and go. Internal to tests/server. */
#pragma once

#include "envoy-side.h"

/* As envoy_server_play(). */
void envoy_side_play(EnvoySide *side, guint visits, guint every_ms);
