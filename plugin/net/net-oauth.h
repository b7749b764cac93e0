/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OAuth 2 token requests: any grant, as form or JSON, with either kind of answer. What differs between
 * services and grants is data. */
#pragma once

#include "net-secret.h"
#include "net-session.h"

#define NET_OAUTH_ERROR (net_oauth_error_quark())

/* The codes of RFC 6749 5.2 and 4.1.2.1, plus NO_TOKEN: a 2xx answer without a usable access token. */
typedef enum {
    NET_OAUTH_ERROR_INVALID_REQUEST,
    NET_OAUTH_ERROR_INVALID_CLIENT,
    NET_OAUTH_ERROR_INVALID_GRANT,
    NET_OAUTH_ERROR_UNAUTHORIZED_CLIENT,
    NET_OAUTH_ERROR_UNSUPPORTED_GRANT_TYPE,
    NET_OAUTH_ERROR_INVALID_SCOPE,
    NET_OAUTH_ERROR_ACCESS_DENIED,
    NET_OAUTH_ERROR_NO_TOKEN,
    NET_OAUTH_ERROR_OTHER,
    /* Of the consent: net-consent and net-redirect. */
    NET_OAUTH_ERROR_WRONG_STATE,   /* an answer to another sign-in */
    NET_OAUTH_ERROR_OTHER_ADDRESS, /* the pasted address is not of the page that shows the code */
    NET_OAUTH_ERROR_NO_CODE,       /* the pasted text holds no usable code */
    NET_OAUTH_ERROR_NO_ANSWER,     /* nothing came in time */
    NET_OAUTH_ERROR_PORT_BUSY,     /* the fixed port is taken; the message is its number */
} NetOauthError;

GQuark net_oauth_error_quark(void);

/* Whether @name is one of RFC 6749's; @code is set in any case, at least to NET_OAUTH_ERROR_OTHER. */
gboolean net_oauth_error_of_name(const char *name, NetOauthError *code);

typedef enum { NET_OAUTH_BODY_FORM, NET_OAUTH_BODY_JSON } NetOauthBody;

/* Where tokens come from and who asks; an id or secret that is NULL or "" is not sent. All strings are borrowed for
 * the duration of the call only. */
typedef struct {
    const char *base_url;
    const char *const *path; /* segments, NULL-terminated: { "oauth", "token", NULL } */
    NetOauthBody body;
    const char *client_id;
    const char *client_secret;
} NetOauthClient;

/* The secrets are wiped by net_token_free(). */
typedef struct {
    char *access_token;
    char *refresh_token;         /* (nullable) */
    char **scopes;               /* (nullable): separated by spaces or commas on the wire */
    gint64 expires_in_s;         /* -1 when the server did not say */
    gint64 refresh_expires_in_s; /* of the refresh token; the same. Sheet: Envoy 2.4 */
} NetToken;

NetToken *net_token_copy(const NetToken *token);
void net_token_free(NetToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetToken, net_token_free)

/**
 * net_oauth_grant_async:
 * @members: name, value, ..., %NULL: "grant_type", "password", ... ; client_id and client_secret are added
 *
 * Asks for a token. Sends no Authorization header. Sheet: 2.3, 2.5, 2.6.
 */
void net_oauth_grant_async(NetSession *session, const NetOauthClient *client, const char *const *members,
                           GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/**
 * net_oauth_grant_finish:
 * @retry_after_ms: (out) (nullable): how long the server asks to wait, set also on failure; -1 when it did not say
 *
 * Returns: (transfer full): the token; %NULL with NET_OAUTH_ERROR, NET_ERROR, or cancelled.
 */
NetToken *net_oauth_grant_finish(GAsyncResult *result, gint64 *retry_after_ms, GError **error);

/**
 * net_oauth_parse:
 * @status: HTTP status
 * @body: form or JSON, as it looks: no text can be taken for both, and what servers say about it may be wrong
 *
 * Pure part of the above. Sheet: 2.7.
 */
NetToken *net_oauth_parse(guint status, GBytes *body, GError **error);
