/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client handle: one account's way to the REST API, and the errors it reports. */
#pragma once

#include "fd-decode-list.h"
#include "fd-types.h"
#include "net/net-call.h"

/* As net-call has them. Sheet: 1.3. */
#define FD_API_ERROR NET_CALL_ERROR
#define FD_API_ERROR_REFUSED NET_CALL_ERROR_REFUSED
#define FD_API_ERROR_FORBIDDEN NET_CALL_ERROR_FORBIDDEN
#define FD_API_ERROR_TOO_LARGE NET_CALL_ERROR_TOO_LARGE
#define FD_API_ERROR_BAD_SHAPE NET_CALL_ERROR_BAD_SHAPE
#define fd_api_error_quark net_call_error_quark
#define fd_api_is_forbidden net_call_is_forbidden

typedef NetCall FdApi;
typedef NetJsonDecode FdApiDecode;

/* As net_call_new(); a refusal's words are the service's message, and what it says field by field. */
FdApi *fd_api_new(NetSession *session, NetCredential *credential, const char *base_url);
#define fd_api_ref net_call_ref
#define fd_api_unref net_call_unref
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdApi, net_call_unref)

#define fd_api_call_async net_call_json_async
#define fd_api_call_finish net_call_json_finish
#define fd_api_upload_async net_call_upload_async
#define fd_api_download_async net_call_download_async
#define fd_api_decode_async net_call_decode_async
#define fd_api_decode_finish net_call_decode_finish

#define fd_api_error_new net_call_error_new
#define fd_api_request_for_url net_call_request_for_url
#define fd_api_send_to_async net_call_send_to_async

/* As net_call_list_async(). */
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
