/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pressing what a thread offers to do. Sheet: 3.14. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/* Longest words of an integration that are passed on, in characters. */
#define FD_ACTION_MAX_WORDS 200

/* What came of it: both NULL when it is simply done. */
typedef struct {
    char *words;   /* (nullable): what the integration says, in one line of plain text */
    char *sign_in; /* (nullable): it was not done: a web address where the user has to say who they are first */
} FdActionAnswer;

void fd_action_answer_free(FdActionAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdActionAnswer, fd_action_answer_free)

/* (transfer full) (nullable): whom the action asks, or where its link leads: "ci.example.com", with the port where that is
 * an unusual one; %NULL for what is no host. */
char *fd_action_host(const FdThreadAction *action);

/**
 * fd_api_action_check:
 * @action: one that is no link
 *
 * Returns: whether it may be called: by https, or by http on the loopback where the API's own address is that, too. Else
 *   @error: NET_ERROR_INSECURE, or NET_ERROR_PROTOCOL for what is no address.
 */
gboolean fd_api_action_check(FdApi *api, const FdThreadAction *action, GError **error);

/**
 * fd_api_action_use_async:
 * @action: one that is no link, as it was just loaded: its address is signed and may expire
 *
 * Calls its address. Our credential goes along where that is of the API's own origin, and to no other; no redirect is
 * followed. A 401 is the integration's and says nothing of our credential. Sheet: 3.14, [guess] at how it is called.
 */
void fd_api_action_use_async(FdApi *api, const FdThreadAction *action, GCancellable *cancellable,
                             GAsyncReadyCallback done, gpointer user_data);
/**
 * fd_api_action_use_finish:
 *
 * Returns: (transfer full): what came of it; %NULL with an error as fd_api_action_check() and fd_api_call_finish() have
 *   it; NET_ERROR_UNAUTHORIZED only for a 401 that does not say where to sign in. After NET_ERROR_OFFLINE,
 *   NET_ERROR_TIMED_OUT and NET_ERROR_PROTOCOL it may have been done.
 */
FdActionAnswer *fd_api_action_use_finish(GAsyncResult *result, GError **error);
