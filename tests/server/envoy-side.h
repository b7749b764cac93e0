/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the Envoy side remembers. Things are kept as the JSON objects that the API answers with. Internal to
 * tests/server. */
#pragma once

#include "envoy-server.h"
#include "fake-state.h"

typedef struct {
    GPtrArray *things; /* of JsonObject, in the order of their coming */
    GHashTable *by_id; /* id -> JsonObject, both of things */
    gint64 last_id;
    JsonObject *defaults; /* what a thing has when nothing else is said */
} EnvoySideTable;

typedef struct EnvoySide {
    EnvoySideTable tables[ENVOY_SERVER_KINDS];
    GPtrArray *users;     /* of JsonObject: email, password, name: who may allow an application */
    GPtrArray *apps;      /* of JsonObject: client_id, client_secret, name, redirect_uris, scopes (absent: all) */
    GHashTable *api_keys; /* a set */
    GHashTable *spent;    /* credential -> calls in its window */
    struct EnvoySideTokens *tokens;
    struct EnvoySidePlay *play; /* (nullable) */
    EnvoyOdd odd;
    gint64 ahead_s; /* of the real clock */
    guint rate_calls, rate_window_s, mails;
} EnvoySide;

EnvoySide *envoy_side_new(void);
void envoy_side_free(EnvoySide *side);

/* Seconds of the clock that tokens and limits go by. */
gint64 envoy_side_now_s(EnvoySide *side);
/* (transfer full): "2030-06-03T15:30:00Z" of a time from now. */
char *envoy_side_time(gint64 from_now_s);

/* (nullable) @id and result. */
JsonObject *envoy_side_get(EnvoySide *side, EnvoyServerKind kind, const char *id);
/* Adds @given, or changes what has its id. (transfer none) @given and result. */
JsonObject *envoy_side_put(EnvoySide *side, EnvoyServerKind kind, JsonObject *given);
gboolean envoy_side_remove(EnvoySide *side, EnvoyServerKind kind, const char *id);
/* "flows" and the like; -1 for none. */
int envoy_side_kind(const char *name);
const char *envoy_side_kind_name(EnvoyServerKind kind);

/* (nullable): the application of that client id; with %NULL the first one. */
JsonObject *envoy_side_app(EnvoySide *side, const char *client_id);
/* (nullable) */
JsonObject *envoy_side_user(EnvoySide *side, const char *email);
/* (nullable): of a "Purpose of visit" in customFields. */
const char *envoy_side_purpose(JsonObject *thing);
