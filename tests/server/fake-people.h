/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining, leaving, renaming, coming online: the changes about people, and the events that tell of them. Sheet: 5.3. Internal. */
#pragma once

#include "fake-state.h"

void fake_people_join(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *added_by);
void fake_people_leave(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *removed_by);
void fake_people_block(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *by, gboolean block);
void fake_people_set_nick(FakeServer *server, FakeUser *user, const char *nick);

/* Sends a presence event when the user's streams say something else than before. */
void fake_presence_update(FakeServer *server, FakeUser *user);
void fake_presence_publish(FakeServer *server, FakeUser *user, int state);
