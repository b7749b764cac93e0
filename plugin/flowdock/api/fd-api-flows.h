/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about flows. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/**
 * fd_api_flows_all_async:
 *
 * Asks for every flow the user has joined or may join, each with its people: one call, whatever
 * their number. Sheet: 3.4.
 */
void fd_api_flows_all_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full) (element-type FdFlow): perhaps none; %NULL with @error. */
GPtrArray *fd_api_flows_all_finish(GAsyncResult *result, GError **error);

/**
 * fd_api_flow_show_async:
 * @path: "org/flow"
 *
 * Asks for one flow with its people.
 */
void fd_api_flow_show_async(FdApi *api, const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                            gpointer user_data);
/* Asks for one flow by its id. Sheet: 3.1, "find". */
void fd_api_flow_find_async(FdApi *api, const char *id, GCancellable *cancellable, GAsyncReadyCallback done,
                            gpointer user_data);
/* Of the two above. Returns: (transfer full): the flow; %NULL with @error. */
FdFlow *fd_api_flow_finish(GAsyncResult *result, GError **error);

/**
 * fd_api_flow_set_open_async:
 *
 * Opens or closes a flow for the user; opening one that is not joined joins it. Sheet: 3.4.
 */
void fd_api_flow_set_open_async(FdApi *api, const char *path, gboolean open, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
/* The answer may be the flow or {}, so it is not read. Sheet: 1.2. */
gboolean fd_api_flow_set_open_finish(GAsyncResult *result, GError **error);

/* Makes a flow in the organization with this slug; whoever makes it is its only member. Finished by fd_api_flow_finish().
 * Sheet: 3.4. */
void fd_api_flow_create_async(FdApi *api, const char *org, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data);

/* Gives a flow another name; its path stays. Sheet: 3.4. */
void fd_api_flow_rename_async(FdApi *api, const char *path, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data);
/* Makes somebody of the organization a member. Sheet: 3.2, "Add to flow". */
void fd_api_flow_add_user_async(FdApi *api, const char *path, gint64 user, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
/* Blocks a member, or no longer. Sheet: 3.2, "Block". */
void fd_api_flow_block_user_async(FdApi *api, const char *path, gint64 user, gboolean block, GCancellable *cancellable,
                                  GAsyncReadyCallback done, gpointer user_data);
/* Of the three above; what the answer says besides is not read. */
gboolean fd_api_flow_change_finish(GAsyncResult *result, GError **error);
