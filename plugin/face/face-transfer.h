/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file on its way as the host shows it: a PurpleXfer, whose bytes somebody else moves. */
#pragma once

#include <ft.h>

typedef struct _FaceTransfer FaceTransfer;

/**
 * FaceTransferFuncs:
 * @begin: the host has agreed: @path is the file to be sent, or where to write
 * @ended: it was cancelled in the host, or the user has chosen no file; the FaceTransfer is gone
 *
 * Both may come inside of any call here but face_transfer_done() and _fail(), after which none comes.
 */
typedef struct {
    void (*begin)(const char *path, gpointer user_data);
    void (*ended)(gpointer user_data);
} FaceTransferFuncs;

/**
 * face_transfer_new:
 * @who: libpurple writes lines into a private conversation of this name, where one is open
 *
 * Not in bitlbee for a file to be sent, unless it asks for it in serv_send_file(): any other ends that program.
 */
FaceTransfer *face_transfer_new(PurpleAccount *account, PurpleXferType type, const char *who,
                                const FaceTransferFuncs *funcs, gpointer user_data);

/* (transfer none): valid as long as @transfer. */
PurpleXfer *face_transfer_get_xfer(const FaceTransfer *transfer);

/* @name: UTF-8, without folders; @size: -1: unknown. */
void face_transfer_set_file(FaceTransfer *transfer, const char *name, gint64 size);

/* Lets the host ask for a file or a place, by its dialog; bitlbee offers a file by DCC. */
void face_transfer_ask(FaceTransfer *transfer);
/* Without asking: the host lists it. Does not call @begin. @path: in the disk's encoding; of what is no file its name, since
 * hosts show that. */
void face_transfer_take(FaceTransfer *transfer, const char *path);

/* From now on bytes come or go. */
void face_transfer_start(FaceTransfer *transfer);
/* @total: -1: unknown. */
void face_transfer_progress(FaceTransfer *transfer, gint64 done, gint64 total);
/* Where it has got another place than was asked for. */
void face_transfer_set_path(FaceTransfer *transfer, const char *path);

/* (transfer full): all has come or gone. */
void face_transfer_done(FaceTransfer *transfer);
/* (transfer full): it will not be complete; why has to be said by the caller. NULL is fine. */
void face_transfer_fail(FaceTransfer *transfer);

/* Whether this host can ask for a file. */
gboolean face_transfer_host_asks(void);
