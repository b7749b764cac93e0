/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sending and fetching files have in common (net-upload, net-download): progress, and the errors. These are
 * NET_ERROR for all that is the network's or the server's, G_IO_ERROR for all that is the disk's (NOT_FOUND,
 * PERMISSION_DENIED, NO_SPACE, EXISTS, ...) and for CANCELLED. */
#pragma once

#include <gio/gio.h>

/**
 * NetTransferProgress:
 * @done: bytes of the file so far; less than before when the transfer has to begin again
 * @total: all of them; -1 where that is not known
 *
 * Called first with what is there at the beginning, then every NET_TRANSFER_STEP bytes and at the end; never before the
 * starting call has returned, nor after the transfer is over or cancelled.
 */
typedef void (*NetTransferProgress)(gint64 done, gint64 total, gpointer user_data);

#define NET_TRANSFER_STEP (64 * 1024)

/* For net-upload and net-download: whom to tell, and what was told last. */
typedef struct {
    NetTransferProgress func; /* (nullable) */
    gpointer user_data;
    gint64 done;
    gint64 total;
} NetTransferTeller;

void net_transfer_teller_init(NetTransferTeller *teller, NetTransferProgress func, gpointer user_data);
/* Leaves out what is no step, and all once @stop is cancelled. */
void net_transfer_tell(NetTransferTeller *teller, gint64 done, gint64 total, GCancellable *stop);

/* For net-upload and net-download: (transfer full): cancelled with @cancellable (nullable) and with @closing. */
GCancellable *net_transfer_stop_new(GCancellable *cancellable, GCancellable *closing);
