/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tags a message gets: given ones and those found in the text. Sheet: 6. Internal to tests/server. */
#pragma once

#include "fake-state.h"

/* (transfer full); @given: explicit tags; @author (nullable) is not told of himself */
JsonArray *fake_tags_of(FakeServer *server, FakeTalk *talk, const FakeUser *author, const char *text, char **given);
gboolean fake_tags_has(JsonObject *message, const char *tag);
void fake_tags_add(JsonArray *tags, const char *tag); /* once */
/* The stored form of a tag that a client names: "@nick" to ":user:ID", "#x" to "x". (transfer full) */
char *fake_tags_normalize(FakeServer *server, FakeTalk *talk, const char *tag);
