/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owns a SoupSession: sends requests by HTTP/1.1, limits size and time, verifies certificates, follows no
 * redirect, and renews the credential once after a 401. */
#pragma once

#include "net-credential.h"
#include "net-request.h"

typedef struct _NetSession NetSession;

/**
 * NetSessionOptions:
 * @user_agent: name and version
 * @ca_file: (nullable): PEM file of further trusted roots, besides the system's; "" is none
 * @proxy: (nullable): how to reach hosts; %NULL = the system's settings. A name and password in the address of a
 *   GSimpleProxyResolver are used. A proxy's refusal is NET_ERROR_PROXY or NET_ERROR_PROXY_AUTH, never an answer
 * @timeout_s: silence after which a connection attempt or an answer is given up; 0 = never
 * @max_connections: to one host at a time
 * @max_body: bytes of an answer that are read at most, after decompression; a request may allow less
 */
typedef struct {
    const char *user_agent;
    const char *ca_file;
    GProxyResolver *proxy;
    guint timeout_s;
    guint max_connections;
    gsize max_body;
} NetSessionOptions;

/* An answer of any status. */
typedef struct {
    guint status;
    char *content_type;    /* (nullable) lower case, without parameters */
    GBytes *body;          /* never NULL; at most max_body bytes; empty where an answer outside 2xx has more */
    gint64 retry_after_ms; /* -1 when the server did not say */
    gint64 user_id;        /* the Flowdock-User header, 0 when absent. Sheet: 1.2 */
    char *location;        /* (nullable) of a redirect: the whole address it leads to, unchecked */
    char *challenge;       /* (nullable) of a 401: WWW-Authenticate, several joined by commas, unchecked */
    gint64 length;         /* of the body as it is sent, -1 when the server did not say */
} NetResponse;

void net_response_free(NetResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetResponse, net_response_free)

/* Returns: (transfer full): a session; %NULL with NET_ERROR_CA_FILE or NET_ERROR_NO_TLS when @ca_file cannot be read. */
NetSession *net_session_new(const NetSessionOptions *options, GError **error);
NetSession *net_session_ref(NetSession *session);
void net_session_unref(NetSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetSession, net_session_unref)

/* Ends every connection; what is under way fails as cancelled. Nothing can be sent afterwards. */
void net_session_close(NetSession *session);

/* (transfer none): cancelled by net_session_close(). Who reads an opened body has to stop then. */
GCancellable *net_session_get_closing(NetSession *session);

/**
 * net_session_send_async:
 * @base_url: where to
 * @credential: (nullable): by whom; %NULL sends no such header at all
 *
 * Sends and reads the whole answer. With a credential: waits for a renewal under way, and goes on with the old value
 * when that fails for a passing reason; a 401 is answered by one renewal and one repetition, but for what
 * net_request_expect_401() says. A body that is a stream is not sent on once the server has refused it: then the answer
 * has no body. When it is out, the answer has more time.
 */
void net_session_send_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                            GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/**
 * net_session_send_finish:
 *
 * Returns: (transfer full): the answer, whatever its status (redirects included, they are not followed);
 *   %NULL with a NET_ERROR when none came (a failed renewal reports its own error), or cancelled.
 */
NetResponse *net_session_send_finish(GAsyncResult *result, GError **error);

/**
 * net_session_open_async:
 *
 * The same, but returns as soon as the head of a 2xx answer is there; the body is read by the caller
 * through the stream and has no size limit.
 */
void net_session_open_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                            GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/**
 * net_session_open_finish:
 * @retry_after_ms: (out) (nullable): set also on failure; -1 when the server did not say
 *
 * Returns: (transfer full): the body; %NULL with a NET_ERROR (also for any status outside 2xx).
 */
GInputStream *net_session_open_finish(GAsyncResult *result, gint64 *retry_after_ms, GError **error);
/**
 * net_session_open_get_head:
 *
 * Returns: (transfer none) (nullable): status and headers of the answer, with an empty body, also when the
 *   status makes net_session_open_finish() fail; %NULL when none came. Valid as long as @result.
 */
const NetResponse *net_session_open_get_head(GAsyncResult *result);
/**
 * net_session_open_get_header:
 *
 * Returns: (transfer none) (nullable): the value of the answer's header @name, also when the status makes
 *   net_session_open_finish() fail. Valid as long as @result.
 */
const char *net_session_open_get_header(GAsyncResult *result, const char *name);
