/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the Authorization header holds, and the hook that renews it after a 401: however many
 * requests meet the 401, one renewal runs and all wait for it. */
#pragma once

#include <gio/gio.h>

typedef struct _NetCredential NetCredential;

/* Starts a renewal; must lead to exactly one net_credential_renewed(), not before it returns. */
typedef void (*NetCredentialRenewFunc)(NetCredential *credential, gpointer user_data);

NetCredential *net_credential_new(void);
NetCredential *net_credential_ref(NetCredential *credential);
void net_credential_unref(NetCredential *credential);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetCredential, net_credential_unref)

/* Each of these replaces what was held before, which is wiped from memory. */
void net_credential_set_bearer(NetCredential *credential, const char *token);
void net_credential_set_basic(NetCredential *credential, const char *user, const char *password);
void net_credential_clear(NetCredential *credential);

/* (nullable) (transfer none): the header's value; a secret. Valid until the next set or clear. */
const char *net_credential_get_header(const NetCredential *credential);
/* Changes with each set and clear: tells whether a 401 was met by an older value. */
guint net_credential_get_serial(const NetCredential *credential);

/* @renew may be %NULL (nothing can be renewed; also drops the hook at sign-off). A renewal under way is
 * given up: whoever waits for it fails with NET_ERROR_UNAUTHORIZED, and its end is ignored. */
void net_credential_set_renewer(NetCredential *credential, NetCredentialRenewFunc renew, gpointer user_data);

/**
 * net_credential_renew_async:
 * @stale: the serial of the value that was refused; when another one is set by now, this succeeds at once
 *
 * Waits for the running renewal or starts one. After a failed renewal further calls with the same
 * serial fail with the same error, without another try, for NET_CREDENTIAL_PAUSE_MS.
 */
void net_credential_renew_async(NetCredential *credential, guint stale, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);
/* Returns: TRUE when a new value is set; else @error: NET_ERROR_UNAUTHORIZED without a hook, or what the hook
 * reported. */
gboolean net_credential_renew_finish(GAsyncResult *result, GError **error);

/* At most one renewal a minute without success. */
#define NET_CREDENTIAL_PAUSE_MS 60000

/* Whether a renewal runs now: a request made meanwhile had better wait for it. */
gboolean net_credential_is_renewing(const NetCredential *credential);

/* Whether a renewal of the value with the serial @stale could succeed: there is a hook, or another value already. */
gboolean net_credential_can_renew(const NetCredential *credential, guint stale);

/* The hook's end: with %NULL after a set_bearer(), else with the reason (transfer none). */
void net_credential_renewed(NetCredential *credential, const GError *error);
