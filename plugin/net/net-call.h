/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls of a service's REST API: one account's way there, the JSON that comes back, and the one place where statuses
 * become errors. What differs between services is data. */
#pragma once

#include "net-download.h"
#include "net-json-items.h"
#include "net-session.h"
#include "net-upload.h"

#define NET_CALL_ERROR (net_call_error_quark())

/**
 * NetCallError:
 * @NET_CALL_ERROR_REFUSED: the service said no in its own words, which are the message
 * @NET_CALL_ERROR_FORBIDDEN: the same where the rights are missing; without words it is NET_ERROR_FORBIDDEN
 * @NET_CALL_ERROR_TOO_LARGE: what was sent is more than the service takes (413), with words or without
 * @NET_CALL_ERROR_BAD_SHAPE: the answer is JSON, but not what the call promises
 */
typedef enum {
    NET_CALL_ERROR_REFUSED,
    NET_CALL_ERROR_FORBIDDEN,
    NET_CALL_ERROR_TOO_LARGE,
    NET_CALL_ERROR_BAD_SHAPE,
} NetCallError;

GQuark net_call_error_quark(void);

/* Whether the rights are missing, with words or without. @error: (nullable) */
gboolean net_call_is_forbidden(const GError *error);

/* (transfer full): what an answer outside 2xx means. @words: (nullable): those of whoever answered, one clean line */
GError *net_call_error_new(guint status, const char *words);

/* Longest text of a service's own words that is passed on, in characters. */
#define NET_CALL_MAX_WORDS 300

/* Finds the words in the body of a refusal, as they are: they are cleaned, cut and freed of secrets afterwards.
 * Returns: (transfer full) (nullable) */
typedef char *(*NetCallWords)(JsonObject *answer);

typedef struct _NetCall NetCall;

/**
 * net_call_new:
 * @session: for calls
 * @credential: by whom
 * @base_url: where to; the credential goes nowhere else
 * @words: how the service words a refusal
 */
NetCall *net_call_new(NetSession *session, NetCredential *credential, const char *base_url, NetCallWords words);
NetCall *net_call_ref(NetCall *call);
void net_call_unref(NetCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetCall, net_call_unref)

/**
 * net_call_json_async:
 *
 * Sends @request and reads a JSON answer.
 */
void net_call_json_async(NetCall *call, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                         gpointer user_data);
/**
 * net_call_json_finish:
 *
 * Any 2xx is success, and an empty body is read as {}.
 *
 * Returns: (transfer full): the answer; %NULL with NET_ERROR, NET_CALL_ERROR or cancelled.
 */
JsonNode *net_call_json_finish(GAsyncResult *result, GError **error);

/**
 * net_call_upload_async:
 * @upload: as for net_upload_async()
 *
 * The same with a file; finished by net_call_json_finish(), whose errors may also be a G_IO_ERROR of the file's.
 */
void net_call_upload_async(NetCall *call, NetRequest *request, const NetUpload *upload, GCancellable *cancellable,
                           GAsyncReadyCallback done, gpointer user_data);

/**
 * net_call_request_for_url:
 * @url: a whole address that the service gave
 *
 * Returns: (transfer full): a request for net_call_send_to_async(); %NULL with an error as net_request_new_url() has it,
 *   NET_ERROR_INSECURE also for http to the loopback, unless the service's own address is that, too.
 */
NetRequest *net_call_request_for_url(NetCall *call, const char *method, const char *url, char **base_url,
                                     GError **error);
/* Sends such a request, and our credential with it where @base_url is of the service's own origin only. Finished by
 * net_session_send_finish(). */
void net_call_send_to_async(NetCall *call, const char *base_url, NetRequest *request, GCancellable *cancellable,
                            GAsyncReadyCallback done, gpointer user_data);

/* Fetches a file, as net_download_async() does and with its finish. */
void net_call_download_async(NetCall *call, NetRequest *request, const NetDownload *download, GCancellable *cancellable,
                             GAsyncReadyCallback done, gpointer user_data);

/**
 * net_call_decode_async:
 * @decode: makes a struct or list of the answer, %NULL when its shape is wrong
 * @destroy: frees it
 *
 * A call with a typed answer.
 */
void net_call_decode_async(NetCall *call, NetRequest *request, NetJsonDecode decode, GDestroyNotify destroy,
                           GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): what @decode made; %NULL with an error, NET_CALL_ERROR_BAD_SHAPE when it made nothing. */
gpointer net_call_decode_finish(GAsyncResult *result, GError **error);

/**
 * net_call_list_async:
 * @kind: must stay
 *
 * A call whose answer is a list that may be long: it is decoded in slices of the main loop, so that a host does not
 * stand still meanwhile.
 */
void net_call_list_async(NetCall *call, NetRequest *request, const NetJsonItemsKind *kind, GCancellable *cancellable,
                         GAsyncReadyCallback done, gpointer user_data);
/**
 * net_call_list_finish:
 * @seen, @rest: (out) (optional): as net_json_items_steal() has them; set on success only
 *
 * Returns: (transfer full): the list, perhaps empty; %NULL with an error, NET_CALL_ERROR_BAD_SHAPE when the answer has none.
 */
GPtrArray *net_call_list_finish(GAsyncResult *result, guint *seen, JsonNode **rest, GError **error);

/**
 * net_call_get_retry_after_ms:
 * @result: of any call above but a download, or of a task that net_call_pass_retry_after() was called for
 *
 * Returns: how long the server asks to wait, also when the call failed; -1 when it did not say, or not answer.
 */
gint64 net_call_get_retry_after_ms(GAsyncResult *result);
/* For a task that is made of calls: from now on it tells what @from does. */
void net_call_pass_retry_after(GTask *task, GAsyncResult *from);
