/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells of progress, and stops. */
#include "net-transfer.h"

void net_transfer_teller_init(NetTransferTeller *teller, NetTransferProgress func, gpointer user_data)
{
    *teller = (NetTransferTeller){ func, user_data, -1, -1 };
}

void net_transfer_tell(NetTransferTeller *teller, gint64 done, gint64 total, GCancellable *stop)
{
    gboolean is_step = teller->done < 0 || done < teller->done || done >= teller->done + NET_TRANSFER_STEP;
    gboolean is_news = done != teller->done || total != teller->total;

    if (!teller->func || !is_news || (!is_step && done != total) || g_cancellable_is_cancelled(stop))
        return;
    teller->done = done;
    teller->total = total;
    teller->func(done, total, teller->user_data);
}

static void chain(GCancellable *stop, GCancellable *cancellable)
{
    if (!cancellable)
        return;
    if (g_cancellable_is_cancelled(cancellable))
        g_cancellable_cancel(stop);
    else
        g_signal_connect_object(cancellable, "cancelled", G_CALLBACK(g_cancellable_cancel), stop, G_CONNECT_SWAPPED);
}

GCancellable *net_transfer_stop_new(GCancellable *cancellable, GCancellable *closing)
{
    GCancellable *stop = g_cancellable_new();

    chain(stop, cancellable);
    chain(stop, closing);
    return stop;
}
