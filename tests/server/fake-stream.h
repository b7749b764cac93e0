/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The open streams: who listens to what, in which framing, and what is done to them. Sheet: 4. Internal. */
#pragma once

#include "fake-call.h"
#include "fake-events.h"

typedef struct FakeStreams FakeStreams;

FakeStreams *fake_streams_new(void);
void fake_streams_free(FakeServer *server);

/* GET /flows and /flows/:org/:flow on the stream origin: answers with an error or takes the message over. */
void fake_stream_open(FakeCall *call);

void fake_streams_deliver(FakeServer *server, const FakeEvent *event);
void fake_streams_start(FakeServer *server); /* keep-alives */
void fake_streams_stop(FakeServer *server);  /* drops all without a word; the listener's end cuts them */
void fake_streams_cut_user(FakeServer *server, const FakeUser *user);
