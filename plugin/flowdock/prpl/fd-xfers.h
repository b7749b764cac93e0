/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files on their way to and from the service, each of which the host shows as a PurpleXfer where it can. */
#pragma once

#include "fd-account.h"
#include "flowdock/api/fd-api-files.h"

#include <ft.h>

/* So many at once; the others wait in their order, and so many may there be in all. */
#define FD_XFERS_AT_ONCE 4
#define FD_XFERS_MAX 100

/* Once the account's memory is there; (transfer full), for FdAccount.xfers. */
FdXfers *fd_xfers_new(FdAccount *account);
/* The account goes offline: says of each file that it will not arrive. While lines can still be shown. */
void fd_xfers_give_up(FdXfers *xfers);
/* Cancels all, and says so in the host's transfers; nothing is called back or shown after this. */
void fd_xfers_stop(FdXfers *xfers);
/* NULL is fine. */
void fd_xfers_free(FdXfers *xfers);

/* (transfer full): a line of plain text for each file on its way, with the number for fd_xfers_cancel(). */
char **fd_xfers_list(FdXfers *xfers);
/* (transfer full) (nullable): stops a file: the line about it; %NULL where there is none with this number. */
char *fd_xfers_cancel(FdXfers *xfers, guint number);

/* ---- up, fd-xfer-send.c ---- */

/**
 * fd_xfers_send:
 * @thread_chat: number of the thread's own room it was typed in; 0: in that of the flow, or privately
 * @thread_id: (nullable): the thread it goes into; %NULL: that of @thread_chat, or of fd_xfers_set_thread()
 * @path: absolute, in the disk's encoding
 *
 * Shares a file. Where that does not work it is said where it was asked for; else its message shows it.
 */
void fd_xfers_send(FdXfers *xfers, FdRoom *room, int thread_chat, const char *thread_id, const char *path);
/* The same with pictures (element-type FdImage), which all go into one thread. */
void fd_xfers_send_images(FdXfers *xfers, FdRoom *room, int thread_chat, GPtrArray *images);
/* The same with a file that the host asks for: see face_transfer_host_asks(). */
void fd_xfers_ask(FdXfers *xfers, FdRoom *room, int thread_chat);
/* The next file sent in the flow's room goes into this thread. */
void fd_xfers_set_thread(FdXfers *xfers, const FdRoom *room, const char *thread_id);

/* Members of PurplePluginProtocolInfo. */
gboolean fd_xfers_chat_can_receive_file(PurpleConnection *gc, int id);
void fd_xfers_chat_send_file(PurpleConnection *gc, int id, const char *path);
gboolean fd_xfers_can_receive_file(PurpleConnection *gc, const char *who);
void fd_xfers_send_file(PurpleConnection *gc, const char *who, const char *path);
PurpleXfer *fd_xfers_new_xfer(PurpleConnection *gc, const char *who);

/* ---- down, fd-xfer-fetch.c ---- */

/**
 * fd_xfers_fetch:
 * @thread_chat: number of the thread's own room that it is for; 0: that of the flow, or the private conversation
 * @who: shown name of whoever shared it
 * @path: (nullable): where to, as typed; a folder, or a name that is free; %NULL: the host asks
 *
 * Fetches a file. What comes of it is said where it was asked for.
 */
void fd_xfers_fetch(FdXfers *xfers, FdRoom *room, int thread_chat, const FdFile *file, const char *who,
                    const char *path);
