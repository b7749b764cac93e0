/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file to a server, in pieces: one of any size takes no more memory than a small one. */
#pragma once

#include "net-session.h"
#include "net-transfer.h"

/**
 * NetUpload:
 * @path: (nullable): of a regular file
 * @bytes: (nullable): what to send where there is no @path
 * @name: (nullable): what to call it; UTF-8; %NULL: the last part of @path; needed without one
 * @content_type: (nullable): %NULL: guessed from name and beginning
 * @part: name of the form's part that holds the file
 * @fields: (nullable): the other parts: name, value, name, value, ..., %NULL
 */
typedef struct {
    const char *path;
    GBytes *bytes;
    const char *name;
    const char *content_type;
    const char *part;
    const char *const *fields;
    NetTransferProgress progress; /* (nullable) */
    gpointer progress_data;
} NetUpload;

/**
 * net_upload_async:
 * @request: as for net_session_send_async(), without a body
 * @upload: copied
 *
 * Sends a form with one file in it. A 401 and a proxy may make it go out once more, and the file is opened anew then. How
 * long all takes does not matter while bytes go out: the session's timeout_s is how long the server may take none, and
 * NET_SENDING_ANSWER_S how long it may think in the end.
 */
void net_upload_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                      const NetUpload *upload, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/**
 * net_upload_finish:
 *
 * Returns: (transfer full): the answer, whatever its status; %NULL with a NET_ERROR as net_session_send_finish() has it;
 *   or a G_IO_ERROR where the file cannot be read, NOT_REGULAR_FILE or IS_DIRECTORY where it is none, WRONG_ETAG where
 *   it has got longer or shorter meanwhile. When the progress has reached the end and then an error comes, all has
 *   gone out, and the server may have taken it.
 */
NetResponse *net_upload_finish(GAsyncResult *result, GError **error);
