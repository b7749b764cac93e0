/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request to the Envoy side and its answer. Internal to tests/server. */
#pragma once

#include "envoy-side.h"
#include "fake-call.h"

typedef struct {
    FakeCall *call; /* its params are the query alone, where there is a body of JSON */
    EnvoySide *side;
    EnvoyServerKind kind;
    JsonObject *body; /* (nullable) */
    JsonObject *app;  /* (nullable): whose access token it is */
    char **scopes;    /* (nullable): all */
} EnvoySideCall;

/* The answer. Sheet: 5. */
void envoy_side_call_data(EnvoySideCall *call, guint status, JsonNode *data,
                          JsonObject *meta); /* (transfer full) both */
/* One thing, as the oddities want it. */
void envoy_side_call_thing(EnvoySideCall *call, guint status, JsonObject *thing); /* (transfer none) */
/* An error in the form that its status has. Sheet: 7, samples error-*. */
void envoy_side_call_refuse(EnvoySideCall *call, guint status, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Reads a body of JSON; FALSE when the call is answered because it is none. */
gboolean envoy_side_call_read_body(EnvoySideCall *call);
/* Finds out who asks, whether they may, and not too often. FALSE when the call is answered. */
gboolean envoy_side_call_authorize(EnvoySideCall *call, const char *scope, gboolean key_will_do);
