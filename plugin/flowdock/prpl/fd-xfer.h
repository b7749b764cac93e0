/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file on its way: what fd-xfer-send and fd-xfer-fetch share with fd-xfers, which has them in a row. */
#pragma once

#include "fd-xfers.h"

#include "face/face-transfer.h"

#include <conversation.h>

/* asking --the host has a path--> waiting --its turn--> running --> gone */
typedef enum { FD_XFER_ASKING, FD_XFER_WAITING, FD_XFER_RUNNING } FdXferState;

typedef struct _FdXfer FdXfer;

struct _FdXfer {
    FdXfers *xfers;
    gboolean up;
    void (*run)(FdXfer *xfer); /* begins; calls nothing of the host */
    FdXferState state;
    guint number; /* for /cancel; of one that is asking: none yet */
    FdRoom *room; /* where it was asked for, */
    int thread_chat;
    char *name;         /* for people, one line */
    char *path;         /* (nullable): on the disk; of one that is asking: not known yet */
    FaceTransfer *face; /* (nullable): the host does not show it */
    GCancellable *cancellable;
    gint64 done, total; /* -1: not known yet */
    guint quarters;     /* that lines have told of */
    /* up */
    char *thread_id;  /* (nullable) */
    GBytes *bytes;    /* (nullable): in place of @path */
    gboolean is_ours; /* the file is only for this, and goes afterwards */
    /* down */
    FdFile *file;
    gboolean overwrites;
    gboolean may_rename; /* where the name is taken, it may get another one; */
    char *wanted;        /* (nullable): so it has: what it was to be called */
    guint attempts;
};

/* The list of an account's transfers; in order. */
FdAccount *fd_xfers_account(const FdXfers *xfers);
GPtrArray *fd_xfers_all(const FdXfers *xfers);
/* Whether this host shows transfers that were not asked for by a dialog. */
gboolean fd_xfers_host_shows(void);

/* (nullable) (transfer none): a new one, in the list; %NULL: there are too many, which was said. @name: plain text. */
FdXfer *fd_xfer_new(FdXfers *xfers, gboolean up, FdRoom *room, int thread_chat, const char *name);
/* Puts it into the host's hands. @who: see face_transfer_new(). */
void fd_xfer_set_face(FdXfer *xfer, const char *who, void (*begin)(const char *path, gpointer xfer));
/* As face_transfer_take(), then fd_xfer_queue(). */
void fd_xfer_take(FdXfer *xfer, gint64 size);
/* Its turn comes soon, or at once. It may be gone afterwards, as after all below. */
void fd_xfer_queue(FdXfer *xfer);
/* For NetUpload and NetDownload. */
void fd_xfer_progress(gint64 done, gint64 total, gpointer xfer);
/* It is complete. @line: (nullable): to be said. */
void fd_xfer_done(FdXfer *xfer, const char *line);
/* It is not; @why: whole sentences, plain text. */
void fd_xfer_fail(FdXfer *xfer, const char *why);

/* bitlbee has made it for this in a folder of its own, and would remove both if that host knew when it is over. @path: other
 * files stay. */
void fd_xfers_remove_ours(const char *path);

/* Says that a file is not sent, or not fetched. @why: as above. */
void fd_xfers_refuse(FdXfers *xfers, gboolean up, FdRoom *room, int thread_chat, const char *name, const char *why);

/* (transfer full) (nullable): the thread that a file sent there goes into; that of fd_xfers_set_thread() only once. */
char *fd_xfers_take_thread(FdXfers *xfers, const FdRoom *room, int thread_chat);

/* (transfer full): the room's name, for people. */
char *fd_xfers_place_name(const FdXfers *xfers, const FdRoom *room);
/* (transfer full): "12 MB" */
char *fd_xfers_size_text(gint64 bytes);

/* (transfer full): whom libpurple calls the other side. Not the room's name: it would write lines of its own there. */
char *fd_xfers_other_side(const FdXfers *xfers, const FdRoom *room);
