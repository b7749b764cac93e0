/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What threads offer to do: signed addresses, and the integration behind them. Sheet: 3.14. Internal. */
#pragma once

#include "fake-call.h"

typedef struct FakeActions FakeActions;

FakeActions *fake_actions_new(void);
void fake_actions_free(FakeActions *actions);

/* (transfer full): the thread's actions as they are shown: what can be called has a new signed address. */
JsonNode *fake_actions_show(FakeServer *server, FakeTalk *talk, const FakeThread *thread);

void fake_actions_press(FakeCall *call); /* any method, /thread_actions/TOKEN on both origins */
