/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PurpleXfer without libpurple's own reading and writing. That cannot be used: for a file to be received it empties what is
 * at the place, and it moves the bytes itself. So its fields are set here as it would set them. */
#include "face-transfer.h"

#include <core.h>
#include <request.h>
#include <signals.h>

#include <string.h>
#include <time.h>

struct _FaceTransfer {
    PurpleXfer *xfer; /* a reference: the host may drop its own at any time */
    FaceTransferFuncs funcs;
    gpointer user_data;
};

/* bitlbee takes the file away at the first progress: the one to be sent when it is perhaps not open yet, and the one that
 * comes before it is complete. So progress is told there only when all is over. */
static gboolean host_takes_files(void)
{
    return g_strcmp0(purple_core_get_ui(), "BitlBee") == 0;
}

gboolean face_transfer_host_asks(void)
{
    PurpleRequestUiOps *ops = purple_request_get_ui_ops();

    return ops && ops->request_file;
}

PurpleXfer *face_transfer_get_xfer(const FaceTransfer *transfer)
{
    return transfer->xfer;
}

/* Frees @transfer. Returns: (transfer full): its PurpleXfer, which calls nobody here any more. The host may keep it for
 * ever and a dialog of libpurple's may still accept it, so init is a function that is always there. */
static PurpleXfer *detach(FaceTransfer *transfer)
{
    PurpleXfer *xfer = transfer->xfer;

    xfer->data = NULL;
    memset(&xfer->ops, 0, sizeof xfer->ops);
    purple_xfer_set_init_fnc(xfer, purple_xfer_update_progress);
    g_free(transfer);
    return xfer;
}

static void on_init(PurpleXfer *xfer)
{
    FaceTransfer *transfer = xfer->data;

    transfer->funcs.begin(purple_xfer_get_local_filename(xfer), transfer->user_data);
}

/* libpurple goes on with it afterwards, and has a reference. */
static void on_ended(PurpleXfer *xfer)
{
    FaceTransfer *transfer = xfer->data;
    FaceTransferFuncs funcs = transfer->funcs;
    gpointer user_data = transfer->user_data;

    purple_xfer_unref(detach(transfer));
    funcs.ended(user_data);
}

FaceTransfer *face_transfer_new(PurpleAccount *account, PurpleXferType type, const char *who,
                                const FaceTransferFuncs *funcs, gpointer user_data)
{
    FaceTransfer *transfer = g_new0(FaceTransfer, 1);
    PurpleXfer *xfer = purple_xfer_new(account, type, who);

    purple_xfer_ref(xfer);
    transfer->xfer = xfer;
    transfer->funcs = *funcs;
    transfer->user_data = user_data;
    xfer->data = transfer;
    purple_xfer_set_init_fnc(xfer, on_init);
    purple_xfer_set_request_denied_fnc(xfer, on_ended);
    purple_xfer_set_cancel_send_fnc(xfer, on_ended);
    purple_xfer_set_cancel_recv_fnc(xfer, on_ended);
    return transfer;
}

void face_transfer_set_file(FaceTransfer *transfer, const char *name, gint64 size)
{
    purple_xfer_set_filename(transfer->xfer, name);
    purple_xfer_set_size(transfer->xfer, (size_t)MAX(size, 0));
}

void face_transfer_ask(FaceTransfer *transfer)
{
    PurpleXfer *xfer = transfer->xfer;

    /* The host has set a place when it was made, and will offer the file itself. */
    if (purple_xfer_get_local_filename(xfer))
        return;
    /* The user has asked for the file, so whether it is wanted is no question. */
    if (purple_xfer_get_type(xfer) == PURPLE_XFER_RECEIVE)
        xfer->status = PURPLE_XFER_STATUS_ACCEPTED;
    purple_xfer_request(xfer);
}

void face_transfer_take(FaceTransfer *transfer, const char *path)
{
    PurpleXfer *xfer = transfer->xfer;

    if (purple_xfer_get_type(xfer) == PURPLE_XFER_RECEIVE)
        xfer->status = PURPLE_XFER_STATUS_ACCEPTED;
    purple_xfer_set_local_filename(xfer, path);
    /* Not purple_xfer_request_accepted(), which explains what is wrong with a file in a dialog, and writes a line. */
    purple_xfer_add(xfer);
}

static void emit(PurpleXfer *xfer, const char *send_signal, const char *receive_signal)
{
    gboolean sends = purple_xfer_get_type(xfer) == PURPLE_XFER_SEND;

    purple_signal_emit(purple_xfers_get_handle(), sends ? send_signal : receive_signal, xfer);
}

void face_transfer_start(FaceTransfer *transfer)
{
    PurpleXfer *xfer = transfer->xfer;

    xfer->status = PURPLE_XFER_STATUS_STARTED;
    xfer->start_time = time(NULL);
    emit(xfer, "file-send-start", "file-recv-start");
}

void face_transfer_progress(FaceTransfer *transfer, gint64 done, gint64 total)
{
    PurpleXfer *xfer = transfer->xfer;

    if (total >= 0)
        purple_xfer_set_size(xfer, (size_t)total);
    purple_xfer_set_bytes_sent(xfer, (size_t)done);
    if (!host_takes_files())
        purple_xfer_update_progress(xfer);
}

void face_transfer_set_path(FaceTransfer *transfer, const char *path)
{
    purple_xfer_set_local_filename(transfer->xfer, path);
}

void face_transfer_done(FaceTransfer *transfer)
{
    PurpleXfer *xfer = detach(transfer);

    purple_xfer_set_bytes_sent(xfer, purple_xfer_get_size(xfer));
    purple_xfer_set_completed(xfer, TRUE);
    purple_xfer_end(xfer);
    purple_xfer_unref(xfer);
}

/* What purple_xfer_cancel_remote() does, without its words: that the other one has cancelled it is not true. */
static void mark_cancelled(PurpleXfer *xfer)
{
    PurpleXferUiOps *ops = purple_xfer_get_ui_ops(xfer);

    xfer->status = PURPLE_XFER_STATUS_CANCEL_REMOTE;
    xfer->end_time = time(NULL);
    emit(xfer, "file-send-cancel", "file-recv-cancel");
    if (ops && ops->cancel_remote)
        ops->cancel_remote(xfer);
    xfer->bytes_remaining = 0;
    purple_xfer_unref(xfer);
}

void face_transfer_fail(FaceTransfer *transfer)
{
    PurpleXfer *xfer = transfer ? detach(transfer) : NULL;

    if (!xfer)
        return;
    /* Some hosts take a dialog that is closed for a "no", and libpurple cancels the transfer then. */
    purple_request_close_with_handle(xfer);
    /* Where a chosen file has vanished libpurple has dropped it already, with nothing but a dialog. */
    if (!purple_xfer_is_canceled(xfer) && xfer->ref > 1)
        mark_cancelled(xfer);
    purple_xfer_unref(xfer);
}
