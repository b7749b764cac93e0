/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages a person sees while allowing an application. Sheet: 2.3, 2.4. Internal to tests/server. */
#pragma once

#include "fake-call.h"

void fake_consent_ask(FakeCall *call);       /* GET /oauth/authorize */
void fake_consent_decide(FakeCall *call);    /* POST of its form */
void fake_consent_show_code(FakeCall *call); /* GET /oauth/authorize/:code */
