/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of calls of the Envoy side: one row each. Internal to tests/server. */
#pragma once

#include "envoy-side-call.h"

/* Finds the row of @call, checks credentials and scope, and calls its function. */
void envoy_side_run(FakeCall *call);

/* The functions of the rows. */
void envoy_side_consent_ask(EnvoySideCall *call);
void envoy_side_consent_decide(EnvoySideCall *call);

void envoy_side_read_list(EnvoySideCall *call);
void envoy_side_read_one(EnvoySideCall *call);
void envoy_side_read_me(EnvoySideCall *call);

void envoy_side_create_invite(EnvoySideCall *call);
void envoy_side_create_entry(EnvoySideCall *call);
void envoy_side_change(EnvoySideCall *call);
void envoy_side_delete(EnvoySideCall *call);

/* For tests, under /_test/. */
void envoy_side_control_put(EnvoySideCall *call);
void envoy_side_control_remove(EnvoySideCall *call);
void envoy_side_control_list(EnvoySideCall *call);
void envoy_side_control_sign_in(EnvoySideCall *call);
void envoy_side_control_sign_out(EnvoySideCall *call);
void envoy_side_control_invite(EnvoySideCall *call);
void envoy_side_control_set(EnvoySideCall *call);
void envoy_side_control_token(EnvoySideCall *call);
void envoy_side_control_fill(EnvoySideCall *call);
void envoy_side_control_play(EnvoySideCall *call);
void envoy_side_control_fault(EnvoySideCall *call);
void envoy_side_control_clear_faults(EnvoySideCall *call);
void envoy_side_control_requests(EnvoySideCall *call);
void envoy_side_control_clear_requests(EnvoySideCall *call);
