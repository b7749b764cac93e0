/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file from a server, in pieces: one of any size takes no more memory than a small one. */
#pragma once

#include "net-session.h"
#include "net-transfer.h"

/* Redirects that are followed in a row. */
#define NET_DOWNLOAD_MAX_REDIRECTS 5
/* Attempts in a row that bring less than NET_DOWNLOAD_ADVANCE bytes. */
#define NET_DOWNLOAD_MAX_ATTEMPTS 5
#define NET_DOWNLOAD_ADVANCE (1024 * 1024)
/* A server that asks for a longer pause has its error reported instead. */
#define NET_DOWNLOAD_MAX_PAUSE_MS (60 * 1000)

/**
 * NetDownload:
 * @path: (nullable): where to write; %NULL: into memory
 * @overwrite: whether what is at @path may be replaced; a folder never is
 * @expected: bytes it should have, -1 for unknown; counts only where the server does not say it
 * @max_size: bytes it may have at most, 0 for any; needed where @path is %NULL
 * @hurry: for tests: makes pauses so many times shorter; 0 is 1
 */
typedef struct {
    const char *path;
    gboolean overwrite;
    gint64 expected;
    gint64 max_size;
    guint hurry;
    NetTransferProgress progress; /* (nullable) */
    gpointer progress_data;
} NetDownload;

/**
 * net_download_async:
 * @base_url, @request: a GET; its headers are set here
 * @credential: (nullable): goes to the origin of @base_url and to no other, whatever redirects say
 * @download: copied
 *
 * Follows redirects to https, and to http on the loopback where @base_url is that too. Writes into a new file beside @path
 * with mode 0600, whose name ends in ".part"; it gets its right name when it is complete, and goes when that fails or is
 * cancelled. What was cut is asked for again, from where it was cut where the server can do that, a few times in a row.
 * A redirect's target that answers 401, 403, 404 or 410 is taken for a link that has expired, and @request is sent once more.
 */
void net_download_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                        const NetDownload *download, GCancellable *cancellable, GAsyncReadyCallback done,
                        gpointer user_data);
/**
 * net_download_finish:
 *
 * Returns: whether the file is complete and in its place. Else @error: NET_ERROR_PROTOCOL also where it is larger than
 *   max_size, compressed, or of a size that nobody knows; NET_ERROR_UNAUTHORIZED only from the origin that the credential
 *   is for. Cancelled at the last moment, the file may be there all the same.
 */
gboolean net_download_finish(GAsyncResult *result, GError **error);
/* The same without a path. Returns: (transfer full): what came; %NULL with @error. */
GBytes *net_download_finish_bytes(GAsyncResult *result, GError **error);
