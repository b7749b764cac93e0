/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hubot, who shows newcomers around, and Ann, who speaks when asked. Nothing they do is random. */
#pragma once

#include "fake-state.h"

/* @data: the folder with the captured events, events/NAME.json below it. For seeds with acme/main, Ann and Hubot. */
void fake_bot_start(FakeServer *server, const char *data);
void fake_bot_free(FakeServer *server);
void fake_bot_stream_opened(FakeServer *server, FakeUser *user);
/* A user has posted @message over HTTP. */
void fake_bot_hear(FakeServer *server, FakeTalk *talk, FakeUser *user, JsonObject *message);
