/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of people, for whoever asks: on both origins, so that one can be a foreign host. Sheet: 3.2. Internal. */
#pragma once

#include "fake-call.h"

typedef struct FakeAvatars FakeAvatars;

FakeAvatars *fake_avatars_new(void);
void fake_avatars_free(FakeAvatars *avatars);

void fake_avatars_fetch(FakeCall *call); /* GET /avatars/NAME/ and /avatars/NAME/SIZE */
