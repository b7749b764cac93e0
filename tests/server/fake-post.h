/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making messages and changing them: what the service does with what is sent to it. Sheet: 3.6, 3.7, 6. Internal. */
#pragma once

#include "fake-state.h"

typedef struct {
    FakeUser *user;     /* (nullable) */
    FakeSource *source; /* (nullable) */
    gboolean any_event; /* also events that clients may not post */
} FakeAuthor;

/* Why a message was refused: the field and the text of a validation error; or another status, and its words. */
typedef struct {
    const char *field;
    const char *problem;
    guint status; /* 0: a validation error */
} FakeRefusal;

#define FAKE_MAX_CONTENT 8096

/**
 * fake_post:
 * @params: as POST .../messages takes them
 *
 * Checks, completes, stores and publishes.
 *
 * Returns: (transfer none) (nullable): the stored message; %NULL with @refusal
 */
JsonObject *fake_post(FakeServer *server, FakeTalk *talk, const FakeAuthor *author, JsonObject *params,
                      FakeRefusal *refusal);
/* Stores a message as it is, in its place, unless its id is taken. */
void fake_talk_insert(FakeTalk *talk, JsonObject *message);
JsonObject *fake_talk_find(FakeTalk *talk, gint64 id);        /* (nullable) */
FakeThread *fake_talk_thread(FakeTalk *talk, const char *id); /* (nullable) */
gboolean fake_change_content(FakeServer *server, FakeTalk *talk, JsonObject *message, const char *text);
void fake_change_tags(FakeServer *server, FakeTalk *talk, JsonObject *message, FakeUser *user, char **tags);
/* Truncates, or removes what came from integrations and files. TRUE when it was removed. */
gboolean fake_change_delete(FakeServer *server, FakeTalk *talk, JsonObject *message, FakeUser *user);
void fake_change_react(FakeServer *server, FakeTalk *talk, gint64 id, FakeUser *user, const char *emoji, gboolean add);
