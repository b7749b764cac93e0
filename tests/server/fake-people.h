/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining, leaving, renaming, coming online: the changes about people, and the events that tell of them. Sheet: 5.3. Internal. */
#pragma once

#include "fake-state.h"

void fake_people_join(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *added_by);
void fake_people_leave(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *removed_by);
void fake_people_block(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *by, gboolean block);
/* Out of the organization and all its flows. */
void fake_people_leave_org(FakeServer *server, FakeOrg *org, FakeUser *user, FakeUser *removed_by);
void fake_people_set_nick(FakeServer *server, FakeUser *user, const char *nick);
/* user-edit, once a flow: something about the user is different now. */
void fake_people_tell_edit(FakeServer *server, FakeUser *user);
/* The action of an invitation: "invite" or "uninvite". */
void fake_people_tell_invitation(FakeServer *server, FakeFlow *flow, FakeUser *by, const char *type, const char *email);

/* Sends a presence event when the user's streams say something else than before. */
void fake_presence_update(FakeServer *server, FakeUser *user);
void fake_presence_publish(FakeServer *server, FakeUser *user, int state);
