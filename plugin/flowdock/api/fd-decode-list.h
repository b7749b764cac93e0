/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists that are decoded while they are read, step by step: an answer may name thousands of people. */
#pragma once

#include "fd-types.h"

typedef struct _FdDecodeList FdDecodeList;

typedef enum { FD_DECODE_USERS, FD_DECODE_FLOWS, FD_DECODE_ORGS } FdDecodeKind;

FdDecodeList *fd_decode_list_new(FdDecodeKind kind, GBytes *json);
void fd_decode_list_free(FdDecodeList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdDecodeList, fd_decode_list_free)

/**
 * fd_decode_list_read:
 * @until_us: stops soon after this, in g_get_monotonic_time(); in the past: takes one short step
 *
 * Reads on, as long as it is not done.
 *
 * Returns: %FALSE with NET_ERROR_PROTOCOL when the text is not JSON, at whatever place; then there is no list.
 */
gboolean fd_decode_list_read(FdDecodeList *list, gint64 until_us, GError **error);

/* Whether all was read. */
gboolean fd_decode_list_is_done(const FdDecodeList *list);

/* (transfer full) (nullable): of what is_done(): the list, perhaps empty, of FdUser, FdFlow or FdOrg; %NULL when the text
 * is no array. */
GPtrArray *fd_decode_list_steal(FdDecodeList *list);
