/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transfers and file dialogs of the headless host. It keeps a reference to each transfer, as Pidgin's window does. In the
 * record:
 *
 *   xfer send NAME to WHO               xfer receive NAME from WHO       (the host lists it)
 *   xfer done NAME                      xfer stopped NAME (here)         xfer refused NAME
 *   pick NAME (a dialog asks where to save) or pick                      (which one to send)
 *   dcc WHO NAME SIZE (bitlbee offers a file to its user)                dcc got SIZE
 */
#pragma once

#include <purple.h>

/* Of host-ops. */
extern PurpleXferUiOps host_xfer_ops;
void *host_xfer_request_file(const char *title, const char *filename, gboolean save, GCallback ok, GCallback cancel,
                             PurpleAccount *account, const char *who, PurpleConversation *conv, void *user_data);
void host_xfer_close_request(void *handle);

/* Whether there are file dialogs, and a window of transfers; both at first. bitlbee has no dialogs. */
void host_set_file_dialogs(gboolean has);
void host_set_xfer_window(gboolean has);

/* Answers the open dialog: a path, or NULL to cancel. */
void host_pick(const char *path);
gboolean host_is_picking(void);

/* The user presses "Stop", or signs off, when so many bytes are through; -1: never. */
void host_stop_at(gint64 bytes);
void host_sign_off_at(gint64 bytes);
/* Of the transfer that the host has listed last: (transfer none). */
PurpleXfer *host_xfer_last(void);

/* bitlbee's user sends a file to somebody; it goes into a folder of its own first, whose path is returned. */
char *host_dcc_send(PurpleAccount *account, const char *who, const char *path);
/* And accepts or declines what was offered last. */
void host_dcc_accept(gboolean accepts);
/* (nullable): checksum of what has come to bitlbee's user. */
const char *host_dcc_checksum(void);

/* Checks that no transfer is under way or may call the plugin, and forgets them all; after sign-off. */
void host_xfers_forget(void);
