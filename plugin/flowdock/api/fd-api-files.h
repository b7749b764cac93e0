/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files in flows and private conversations: what messages tell of them, and how they come and go. Sheet: 3.11. */
#pragma once

#include "fd-api-messages.h"

/* Most files of one message; longest name, in characters; longest path, in bytes. */
#define FD_FILE_MAX 50
#define FD_FILE_MAX_NAME 255
#define FD_FILE_MAX_PATH 2000

/* What a message tells of a file. */
typedef struct {
    char *path;  /* for fd_api_file_download_async() only: opaque, and not checked for what it may name on a disk */
    char *name;  /* in one line, for people; never "" and never to be taken for a path: fd_file_disk_name() */
    gint64 size; /* bytes; -1: unknown */
    char *content_type; /* (nullable): lower case, without parameters */
    guint width;        /* of a picture, in pixels; 0: none, or unknown */
    guint height;
    char *thumbnail; /* (nullable): as @path: of a smaller picture, whose size is not told */
    guint thumbnail_width;
    guint thumbnail_height;
} FdFile;

FdFile *fd_file_copy(const FdFile *file);
void fd_file_free(FdFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdFile, fd_file_free)

/* (transfer full) (nullable): %NULL when the node is none, or has no path that could be asked for. */
FdFile *fd_file_decode(JsonNode *node);

/* (transfer full) (element-type FdFile): the attachments of any message, and what a "file" message itself is about. */
GPtrArray *fd_files_of_message(const FdMessage *message);

/**
 * fd_file_disk_name:
 * @name: from outside
 *
 * Returns: (transfer full): a name for a file that stays in its folder and can be seen there: valid UTF-8 of at most 255
 *   bytes, without slashes, backslashes, control characters, and what other systems do not allow in names; not hidden;
 *   never empty. What it is called at the end (".png") stays where it can.
 */
char *fd_file_disk_name(const char *name);

/* Longest link that is given, in bytes: a name of the longest kind may have each of its characters encoded. */
#define FD_FILE_MAX_LINK 4000

/**
 * fd_file_web_link:
 * @web_url: (nullable): any page of the service's web client, as flows have it
 * @path: of a file
 *
 * The address of a file for a browser in which somebody is signed in. Sheet: 3.11, "Download".
 *
 * Returns: (transfer full) (nullable): plain ASCII, http or https; %NULL where @web_url is no web address, or it would be
 *   too long.
 */
char *fd_file_web_link(const char *web_url, const char *path);

/**
 * FdApiUpload:
 * @path: (nullable): of a regular file
 * @bytes: (nullable): what to send where there is no @path
 * @name: (nullable): what to call it; UTF-8; %NULL: as on the disk; needed without @path
 * @content_type: (nullable): %NULL: guessed
 * @uuid: (nullable): comes back in the stream's event
 * @thread_id: (nullable): in flows: answers in this thread
 * @tags: (nullable): "tag", "@nick", ":user:ID", none with a comma
 */
typedef struct {
    const char *path;
    GBytes *bytes;
    const char *name;
    const char *content_type;
    const char *uuid;
    const char *thread_id;
    const char *const *tags;
    NetTransferProgress progress; /* (nullable) */
    gpointer progress_data;
} FdApiUpload;

/**
 * fd_api_file_upload_async:
 * @upload: copied
 *
 * Posts a file and asks the service to wait until the message has its id. Finished by fd_api_message_send_finish(), whose
 * errors may also be a G_IO_ERROR as net_upload_finish() has it. Sheet: 3.11; private conversations: 3.10, section 9.
 */
void fd_api_file_upload_async(FdApi *api, const FdApiPlace *place, const FdApiUpload *upload, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data);

/**
 * fd_api_file_download_async:
 * @path: of a file or a thumbnail
 * @download: copied
 *
 * Finished by net_download_finish() or net_download_finish_bytes(). Sheet: 3.11, "Download".
 */
void fd_api_file_download_async(FdApi *api, const char *path, const NetDownload *download, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data);

/**
 * fd_api_files_list_async:
 * @place: with a thread of a flow: only those of that thread
 * @until: only messages below this id; 0: the newest
 * @limit: 1 to FD_API_MAX_LIST
 *
 * Asks for the messages that are files; finished by fd_api_messages_list_finish(). Sheet: 3.7.
 */
void fd_api_files_list_async(FdApi *api, const FdApiPlace *place, gint64 until, guint limit, GCancellable *cancellable,
                             GAsyncReadyCallback done, gpointer user_data);
