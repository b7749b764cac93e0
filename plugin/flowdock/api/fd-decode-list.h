/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the long lists hold: an answer may name thousands of people. */
#pragma once

#include "net/net-json-items.h"

typedef enum { FD_DECODE_USERS, FD_DECODE_FLOWS, FD_DECODE_ORGS } FdDecodeKind;

/* A list of FdUser, FdFlow or FdOrg, for net_json_items_new(). */
const NetJsonItemsKind *fd_decode_list_kind(FdDecodeKind kind);
