/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client handle: one account's way to the REST API, and the errors it reports. */
#pragma once

#include "fd-decode-list.h"
#include "net/net-download.h"
#include "net/net-session.h"
#include "net/net-upload.h"

#define FD_API_ERROR (fd_api_error_quark())

/**
 * FdApiError:
 * @FD_API_ERROR_REFUSED: the service said no in its own words (its message, and what it says field by field)
 * @FD_API_ERROR_FORBIDDEN: the same where the rights are missing; without words it is NET_ERROR_FORBIDDEN
 * @FD_API_ERROR_TOO_LARGE: what was sent is more than the service takes (413), with words or without
 * @FD_API_ERROR_BAD_SHAPE: the answer is JSON, but not what the call promises
 */
typedef enum {
    FD_API_ERROR_REFUSED,
    FD_API_ERROR_FORBIDDEN,
    FD_API_ERROR_TOO_LARGE,
    FD_API_ERROR_BAD_SHAPE,
} FdApiError;

GQuark fd_api_error_quark(void);

/* Whether the rights are missing, with words or without. @error: (nullable) */
gboolean fd_api_is_forbidden(const GError *error);

typedef struct _FdApi FdApi;

/**
 * fd_api_new:
 * @session: for calls
 * @credential: by whom
 * @base_url: where to
 */
FdApi *fd_api_new(NetSession *session, NetCredential *credential, const char *base_url);
FdApi *fd_api_ref(FdApi *api);
void fd_api_unref(FdApi *api);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdApi, fd_api_unref)

/**
 * fd_api_call_async:
 *
 * Sends @request and reads a JSON answer. The one place where statuses become errors.
 */
void fd_api_call_async(FdApi *api, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                       gpointer user_data);
/**
 * fd_api_call_finish:
 *
 * Any 2xx is success, and an empty body is read as {}. Sheet: 1.2.
 *
 * Returns: (transfer full): the answer; %NULL with NET_ERROR, FD_API_ERROR (for a refusal with words, the
 *   message holds them) or cancelled.
 */
JsonNode *fd_api_call_finish(GAsyncResult *result, GError **error);

/**
 * fd_api_request_for_url:
 * @url: a whole address that the service gave
 *
 * Returns: (transfer full): a request for fd_api_send_to_async(); %NULL with an error as net_request_new_url() has it,
 *   NET_ERROR_INSECURE also for http to the loopback, unless the API's own address is that, too.
 */
NetRequest *fd_api_request_for_url(FdApi *api, const char *method, const char *url, char **base_url, GError **error);

/* Sends such a request, and our credential with it where @base_url is of the API's own origin only. Finished by
 * net_session_send_finish(). */
void fd_api_send_to_async(FdApi *api, const char *base_url, NetRequest *request, GCancellable *cancellable,
                          GAsyncReadyCallback done, gpointer user_data);

/* (transfer full): what an answer outside 2xx means. @words: (nullable): those of whoever answered, one clean line */
GError *fd_api_error_new(guint status, const char *words);

/**
 * fd_api_upload_async:
 * @upload: as for net_upload_async()
 *
 * The same with a file; finished by fd_api_call_finish(), whose errors may also be a G_IO_ERROR of the file's.
 */
void fd_api_upload_async(FdApi *api, NetRequest *request, const NetUpload *upload, GCancellable *cancellable,
                         GAsyncReadyCallback done, gpointer user_data);

/* Fetches a file, as net_download_async() does and with its finish. */
void fd_api_download_async(FdApi *api, NetRequest *request, const NetDownload *download, GCancellable *cancellable,
                           GAsyncReadyCallback done, gpointer user_data);

/**
 * fd_api_decode_async:
 * @decode: makes a struct or list of the answer, %NULL when its shape is wrong
 *
 * A call with a typed answer.
 */
typedef gpointer (*FdApiDecode)(JsonNode *node);
void fd_api_decode_async(FdApi *api, NetRequest *request, FdApiDecode decode, GDestroyNotify destroy,
                         GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): what @decode made; %NULL with an error, FD_API_ERROR_BAD_SHAPE when it made nothing. */
gpointer fd_api_decode_finish(GAsyncResult *result, GError **error);

/**
 * fd_api_list_async:
 *
 * A call whose answer is a list that may be long: it is decoded in slices of the main loop, so that a host does not
 * stand still meanwhile.
 */
void fd_api_list_async(FdApi *api, NetRequest *request, FdDecodeKind kind, GCancellable *cancellable,
                       GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): the list, perhaps empty; %NULL with an error, FD_API_ERROR_BAD_SHAPE when the answer is none. */
GPtrArray *fd_api_list_finish(GAsyncResult *result, GError **error);

/**
 * fd_api_request_for_flow:
 * @path: "org/flow"
 * @...: further path segments, ended by %NULL
 *
 * Returns: (transfer full): a request for /flows/ORG/FLOW/segment/...; its slugs and segments are percent-encoded.
 */
NetRequest *fd_api_request_for_flow(const char *method, const char *path, ...) G_GNUC_NULL_TERMINATED;

/* Adds a text member to the object that @body is in. */
void fd_api_add_text(JsonBuilder *body, const char *name, const char *value);
