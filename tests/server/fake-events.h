/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens, who is to know, and the memory of it for those who were away. Internal to tests/server. */
#pragma once

#include "fake-state.h"

typedef enum {
    FAKE_TO_FLOW,     /* who has the flow in the filter */
    FAKE_TO_PAIR,     /* both users' private messages */
    FAKE_TO_USER,     /* one user's personal events */
    FAKE_TO_WATCHERS, /* who asked for presence and is in an organization of the user */
    FAKE_TO_ALL,
} FakeTo;

typedef struct {
    FakeTo to;
    FakeFlow *flow;
    FakeUser *user, *other;
} FakeTarget;

typedef struct {
    guint64 number; /* the id on event streams; 0: not kept, cannot be replayed */
    FakeTarget target;
    char *json;
} FakeEvent;

typedef struct FakeEvents FakeEvents;

FakeEvents *fake_events_new(void);
void fake_events_free(FakeEvents *events);

FakeTarget fake_target_talk(FakeTalk *talk);
/* (transfer full) @event; @kept: goes into the history */
void fake_events_publish(FakeServer *server, FakeTarget target, JsonObject *event, gboolean kept);
void fake_events_publish_text(FakeServer *server, FakeTarget target, const char *json, gboolean kept);
/* An event in the flow that is not a message: with the envelope of Sheet 5.1, its own id, not stored. */
void fake_events_publish_change(FakeServer *server, FakeTalk *talk, const char *name, FakeUser *user,
                                JsonNode *content); /* (transfer full) */
/* Calls @each for what came after @number. */
void fake_events_replay(FakeServer *server, guint64 number, void (*each)(const FakeEvent *event, gpointer data),
                        gpointer data);
