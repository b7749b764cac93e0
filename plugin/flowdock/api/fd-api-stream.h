/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address and filter of the stream. */
#pragma once

#include "net/net-request.h"

/* Longest path and query of one connection: servers refuse lines above 8 kB. Sheet: 4.1. */
#define FD_API_STREAM_MAX_TARGET 7500

/**
 * FdApiPresence: how others see us while the stream is open. Sheet: 4.1, "active".
 */
typedef enum { FD_API_PRESENCE_OFFLINE, FD_API_PRESENCE_IDLE, FD_API_PRESENCE_ACTIVE } FdApiPresence;

/**
 * fd_api_stream_requests:
 * @flow_ids: (array zero-terminated=1): the flows to listen to, perhaps none
 *
 * The set of flows is fixed for a connection; more than fit one address are spread over several. The
 * first also brings private messages and what concerns the user alone.
 *
 * Returns: (transfer full) (element-type NetRequest): at least one request.
 */
GPtrArray *fd_api_stream_requests(const char *const *flow_ids, FdApiPresence presence);
