/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request on its way through the server: what was asked, by whom, and the answer. Internal to tests/server. */
#pragma once

#include "fake-state.h"

#define FAKE_CALL_MAX_ARGS 4

typedef struct FakeCall {
    FakeServer *server;
    SoupServerMessage *message;
    FakeOrigin origin;
    FakeRequest *log; /* a reference */

    char *path;                         /* still percent-encoded, without version prefix and .json (Envoy: as it is) */
    JsonObject *params;                 /* query and body together; the body wins */
    char *args[FAKE_CALL_MAX_ARGS + 1]; /* the route's :words, decoded, but for :org and :flow */
    FakeOrg *org;                       /* of :org */
    FakeFlow *flow;                     /* of :org/:flow */
    FakeTalk *talk;                     /* of the flow, or of :user */
    FakeUser *user;                     /* (nullable): who asks */
    FakeSource *source;                 /* (nullable): which source asks */
    char **scopes;                      /* (nullable): all */

    guint status; /* 0: no answer yet, or none to come because someone else has the message */
    GBytes *body; /* (nullable) */
    char *content_type;
} FakeCall;

FakeCall *fake_call_new(FakeServer *server, SoupServerMessage *message, FakeOrigin origin);
void fake_call_free(FakeCall *call);

/* Reads query and body into params; FALSE when the call is answered with an error. */
gboolean fake_call_read(FakeCall *call);

/* The answer. The last one given counts. */
void fake_call_answer(FakeCall *call, guint status, JsonNode *body);   /* (transfer full) (nullable) */
void fake_call_object(FakeCall *call, guint status, JsonObject *body); /* (transfer full) */
void fake_call_array(FakeCall *call, JsonArray *body);                 /* (transfer full): 200 */
void fake_call_empty_object(FakeCall *call, guint status);             /* {} */
/* (transfer full) (nullable) @body */
void fake_call_text(FakeCall *call, guint status, const char *content_type, char *body);
void fake_call_bytes(FakeCall *call, guint status, const char *content_type, GBytes *body); /* (transfer none) */
void fake_call_refuse(FakeCall *call, guint status, const char *message);
void fake_call_invalid(FakeCall *call, const char *field, const char *problem); /* 400, as validation errors look */
void fake_call_header(FakeCall *call, const char *name, const char *value);
/* Hands the answer to the message. */
void fake_call_send(FakeCall *call);
/* Only status and headers; the body is appended to the message bit by bit. */
void fake_call_send_head(FakeCall *call);

/* (transfer none) (nullable) */
const char *fake_call_get_header(FakeCall *call, const char *name);
gint64 fake_call_id(FakeCall *call, guint arg); /* the arg as a number; -1 when it is none */

/* Finds out who asks. FALSE when the call is answered with 401 or 410. */
gboolean fake_call_authenticate(FakeCall *call, gboolean source_will_do);
gboolean fake_call_has_scope(FakeCall *call, const char *scope);
