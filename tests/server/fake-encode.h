/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server's memory as the service's JSON, with the oddities asked for. Sheet: 3. Internal to tests/server. */
#pragma once

#include "fake-state.h"

/* All (transfer full). */
JsonObject *fake_encode_user(FakeServer *server, const FakeUser *user);   /* /users */
JsonObject *fake_encode_person(FakeServer *server, const FakeUser *user); /* in private conversations */
JsonObject *fake_encode_flow_user(FakeServer *server, const FakeMember *member);
JsonObject *fake_encode_org(FakeServer *server, const FakeOrg *org, gboolean with_users);
JsonArray *fake_encode_org_users(FakeServer *server, const FakeOrg *org);
typedef enum {
    FAKE_FLOW_USERS = 1 << 0,
    FAKE_FLOW_JOINED = 1 << 1, /* the member joined */
} FakeFlowParts;
JsonObject *fake_encode_flow(FakeServer *server, FakeFlow *flow, const FakeUser *user, FakeFlowParts parts);
JsonArray *fake_encode_flow_users(FakeServer *server, FakeFlow *flow);
JsonObject *fake_encode_thread(FakeServer *server, FakeTalk *talk, FakeThread *thread);
JsonObject *fake_encode_message(FakeServer *server, FakeTalk *talk, JsonObject *stored);
JsonObject *fake_encode_private(FakeServer *server, FakeTalk *talk, const FakeUser *user);
JsonObject *fake_encode_invitation(FakeServer *server, JsonObject *stored);
JsonObject *fake_encode_source(FakeServer *server, const FakeSource *source, gboolean with_token);
/* A new event with an id of its own. (nullable) @user: "0" */
JsonObject *fake_encode_envelope(FakeTalk *talk, const char *name, const FakeUser *user);
