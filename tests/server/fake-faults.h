/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Things that go wrong on request, and the requests that are kept waiting. Internal to tests/server. */
#pragma once

#include "fake-call.h"

typedef struct FakeFaults FakeFaults;

FakeFaults *fake_faults_new(void);
void fake_faults_free(FakeServer *server);
/* Drops what waits without a word. */
void fake_faults_stop(FakeServer *server);

/* Lets the call run, or go wrong; takes @call over. */
void fake_faults_run(FakeCall *call);
/* By the names that /_test/fault uses, such as "cut-after"; -1 for none. */
int fake_fault_kind(const char *name);
