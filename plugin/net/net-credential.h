/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header that says who asks, and the hook that renews its value after a 401, or a little before its life is over:
 * however many requests meet the 401, one renewal runs and all wait for it. */
#pragma once

#include <gio/gio.h>

/* The headers there can be. */
#define NET_CREDENTIAL_USUAL "Authorization"
#define NET_CREDENTIAL_KEY "X-API-Key"

typedef struct _NetCredential NetCredential;

/* Starts a renewal; must lead to exactly one net_credential_renewed(), which it may call itself when it cannot begin. */
typedef void (*NetCredentialRenewFunc)(NetCredential *credential, gpointer user_data);

NetCredential *net_credential_new(void);
NetCredential *net_credential_ref(NetCredential *credential);
void net_credential_unref(NetCredential *credential);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetCredential, net_credential_unref)

/* Each of these replaces what was held before, which is wiped from memory, and forgets its life. */
void net_credential_set_bearer(NetCredential *credential, const char *token);
void net_credential_clear(NetCredential *credential);
/* The header that @other holds; how long that is good for does not come with it. */
void net_credential_copy(NetCredential *credential, const NetCredential *other);

/**
 * net_credential_set_basic:
 * @user: without a colon, at which the server would end it; UTF-8, sent as it is
 * @password: UTF-8, sent as it is
 *
 * Returns: %FALSE when Basic cannot carry them, because of a colon in @user or a control character in either;
 *   nothing is changed then.
 */
gboolean net_credential_set_basic(NetCredential *credential, const char *user, const char *password);

/**
 * net_credential_set_key:
 * @key: an API key, which goes out in a header of its own and not as an Authorization. Sheet: Envoy 3
 *
 * Returns: %FALSE when it is none, because it is empty or has a character that is not visible ASCII; nothing is changed
 *   then.
 */
gboolean net_credential_set_key(NetCredential *credential, const char *key);

/**
 * net_credential_set_life:
 * @life_s: how long the value that was just set is good for, from now; 0 or less when that is not known
 *
 * Lets the renewal start by itself, net_credential_early_ms() from now, through the same hook as after a 401. When it
 * fails for a passing reason, it is tried again and again, after NET_CREDENTIAL_PAUSE_MS or more each time, until a
 * value is set or the hook dropped; after any other failure only a 401 leads to a renewal. The clock is the main loop's:
 * it does not notice when somebody sets the time, and stands still while the machine sleeps.
 */
void net_credential_set_life(NetCredential *credential, gint64 life_s);

/* Pure: after how many milliseconds a value that is good for @life_s is renewed: with a tenth of its life left, at least
 * a second and at most a minute. -1: not before a 401, as @life_s is unknown or below NET_CREDENTIAL_SHORT_LIFE_S. */
gint64 net_credential_early_ms(gint64 life_s);

/* A value that lives shorter would be renewed all the time. */
#define NET_CREDENTIAL_SHORT_LIFE_S 5

/* For tests: from now on all waits are @divisor (1 or more) times shorter. */
void net_credential_set_hurry(NetCredential *credential, guint divisor);

/* The header's name, also while it has no value. */
const char *net_credential_get_name(const NetCredential *credential);
/* (nullable) (transfer none): the header's value; a secret. Valid until the next set or clear. */
const char *net_credential_get_header(const NetCredential *credential);
/* Changes with each set and clear: tells whether a 401 was met by an older value. */
guint net_credential_get_serial(const NetCredential *credential);

/* @renew may be %NULL (nothing can be renewed; also drops the hook at sign-off, and forgets the value's life). A renewal
 * under way is given up: whoever waits for it fails with NET_ERROR_UNAUTHORIZED, and its end is ignored. */
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

/* The value with this serial was good for something. */
void net_credential_accept(NetCredential *credential, guint serial);

/* The value with this serial, which a renewal has brought, was refused too. Unless it was ever good for something, another
 * renewal would bring no better one, so none is tried for NET_CREDENTIAL_PAUSE_MS. */
void net_credential_refuse(NetCredential *credential, guint serial);

/* Whether a renewal runs now: a request made meanwhile had better wait for it. */
gboolean net_credential_is_renewing(const NetCredential *credential);

/* Whether a renewal of the value with the serial @stale could succeed: there is a hook, or another value already. */
gboolean net_credential_can_renew(const NetCredential *credential, guint stale);

/* The hook's end: with %NULL after a set_bearer(), else with the reason (transfer none). */
void net_credential_renewed(NetCredential *credential, const GError *error);
