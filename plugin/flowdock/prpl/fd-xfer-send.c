/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files to the service. */
#include "fd-images.h"
#include "fd-paths.h"
#include "fd-seen.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"
#include "fd-xfer.h"

#include "net/net-error.h"

#include <glib/gstdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* What is said of files and not of calls. The third column is for connections only. */
static const FaceError send_errors[] = {
    { g_io_error_quark, G_IO_ERROR_NOT_FOUND, 0, N_("There is no such file."), FALSE },
    { g_io_error_quark, G_IO_ERROR_NOT_DIRECTORY, 0, N_("There is no such file."), FALSE },
    { g_io_error_quark, G_IO_ERROR_PERMISSION_DENIED, 0, N_("You are not allowed to read it."), FALSE },
    { g_io_error_quark, G_IO_ERROR_IS_DIRECTORY, 0, N_("It is a folder. Send the files in it, or pack them into one."),
      FALSE },
    { g_io_error_quark, G_IO_ERROR_NOT_REGULAR_FILE, 0, N_("It is no ordinary file."), FALSE },
    { g_io_error_quark, G_IO_ERROR_WRONG_ETAG, 0,
      N_("It changed while it was being sent. Send it again when nothing writes to it any more."), FALSE },
    { fd_api_error_quark, FD_API_ERROR_REFUSED, 0, N_("The service refused it."), TRUE },
    { fd_api_error_quark, FD_API_ERROR_FORBIDDEN, 0, N_("The service refused it."), TRUE },
    { fd_api_error_quark, FD_API_ERROR_BAD_SHAPE, 0, N_("The service's answer makes no sense."), FALSE },
    { NULL, 0, 0, NULL, FALSE },
};

/* ------------------------------------------------------------------------------------------------------- one transfer */

/* Whether the answer was lost, and not the file. */
static gboolean may_have_arrived(const FdXfer *xfer, const GError *error)
{
    return xfer->total > 0 && xfer->done >= xfer->total &&
           (g_error_matches(error, NET_ERROR, NET_ERROR_OFFLINE) ||
            g_error_matches(error, NET_ERROR, NET_ERROR_TIMED_OUT) ||
            g_error_matches(error, NET_ERROR, NET_ERROR_PROTOCOL) ||
            g_error_matches(error, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE));
}

/* (transfer full) */
static char *why_not_sent(const FdXfer *xfer, const GError *error)
{
    g_autofree char *reason = face_error_text(send_errors, error);
    g_autofree char *size = xfer->total >= 0 ? fd_xfers_size_text(xfer->total) : NULL;

    if (g_error_matches(error, FD_API_ERROR, FD_API_ERROR_TOO_LARGE) && size)
        return g_strdup_printf(_("The service does not take files of this size (%s)."), size);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && xfer->path) {
        g_autofree char *shown = fd_paths_shown(xfer->path);

        return g_strdup_printf("%s (%s)", reason, shown);
    }
    if (!may_have_arrived(xfer, error))
        return g_steal_pointer(&reason);
    /* Translators: behind a sentence about the connection. */
    return g_strdup_printf(
        _("%s All of it had gone out before the answer was lost, so it may have arrived: look before "
          "you send it again."),
        reason);
}

static void on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    FdXfer *xfer = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = NULL;
    gboolean is_sent = fd_api_message_send_finish(result, &message, &error);
    g_autofree char *why = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (is_sent) {
        /* Its message is shown when the stream brings it. */
        fd_xfer_done(xfer, NULL);
        return;
    }
    why = why_not_sent(xfer, error);
    fd_xfer_fail(xfer, why);
}

static void send(FdXfer *xfer)
{
    FdApiPlace place = fd_room_place(xfer->room);
    g_autofree char *uuid = g_uuid_string_random();
    const FdApiUpload upload = { .path = xfer->path,
                                 .bytes = xfer->bytes,
                                 .name = xfer->bytes ? xfer->name : NULL,
                                 .uuid = uuid,
                                 .thread_id = xfer->thread_id,
                                 .progress = fd_xfer_progress,
                                 .progress_data = xfer };

    fd_api_file_upload_async(fd_xfers_account(xfer->xfers)->file_api, &place, &upload, xfer->cancellable, on_sent,
                             xfer);
}

/* (nullable) */
static FdXfer *send_new(FdXfers *xfers, FdRoom *room, int thread_chat, const char *name)
{
    FdXfer *xfer = fd_xfer_new(xfers, TRUE, room, thread_chat, name);

    if (xfer)
        xfer->run = send;
    return xfer;
}

static void note_written(const FdXfer *xfer)
{
    /* A thread's own room shows a part only. */
    if (!xfer->thread_chat)
        fd_seen_written(fd_xfers_account(xfer->xfers), xfer->room);
}

static void set_path(FdXfer *xfer, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);

    g_free(xfer->path);
    xfer->path = g_canonicalize_filename(path, g_get_home_dir());
    g_free(xfer->name);
    xfer->name = fd_paths_shown(base);
}

/* The user has chosen a file in the host's dialog. */
static void on_chosen(const char *path, gpointer user_data)
{
    FdXfer *xfer = user_data;

    if (xfer->state != FD_XFER_ASKING)
        return;
    set_path(xfer, path);
    if (!xfer->thread_id)
        xfer->thread_id = fd_xfers_take_thread(xfer->xfers, xfer->room, xfer->thread_chat);
    note_written(xfer);
    fd_xfer_queue(xfer);
}

static void set_face(FdXfer *xfer)
{
    g_autofree char *who = fd_xfers_other_side(xfer->xfers, xfer->room);

    fd_xfer_set_face(xfer, who, on_chosen);
}

/* -------------------------------------------------------------------------------------------------------- from commands */

/* Of a file whose path is known; only for the host to show it. */
static gint64 size_of(const char *path)
{
    GStatBuf there;

    return g_stat(path, &there) == 0 ? (gint64)there.st_size : 0;
}

void fd_xfers_send(FdXfers *xfers, FdRoom *room, int thread_chat, const char *thread_id, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *shown = fd_paths_shown(base);
    FdXfer *xfer = send_new(xfers, room, thread_chat, shown);

    if (!xfer)
        return;
    set_path(xfer, path);
    xfer->thread_id = thread_id ? g_strdup(thread_id) : fd_xfers_take_thread(xfers, room, thread_chat);
    if (fd_xfers_host_shows())
        set_face(xfer);
    note_written(xfer);
    fd_xfer_take(xfer, size_of(xfer->path));
}

void fd_xfers_send_images(FdXfers *xfers, FdRoom *room, int thread_chat, GPtrArray *images)
{
    g_autofree char *thread_id = fd_xfers_take_thread(xfers, room, thread_chat);

    for (guint i = 0; i < images->len && !fd_account_is_closed(fd_xfers_account(xfers)); i++) {
        const FdImage *image = images->pdata[i];
        FdXfer *xfer = send_new(xfers, room, thread_chat, image->name);

        if (!xfer)
            continue;
        xfer->bytes = g_bytes_ref(image->bytes);
        xfer->thread_id = g_strdup(thread_id);
        if (fd_xfers_host_shows())
            set_face(xfer);
        fd_xfer_take(xfer, (gint64)g_bytes_get_size(image->bytes));
    }
}

void fd_xfers_ask(FdXfers *xfers, FdRoom *room, int thread_chat)
{
    FdXfer *xfer = send_new(xfers, room, thread_chat, NULL);

    if (!xfer)
        return;
    set_face(xfer);
    face_transfer_ask(xfer->face);
}

/* ------------------------------------------------------------------------------------------------------- from the host */

/* (nullable): of the flow or the thread that the host shows under this number. */
static FdRoom *room_of_chat(FdAccount *account, int id, int *thread_chat)
{
    FdRoom *room = account ? fd_rooms_by_chat_id(account->state->rooms, id) : NULL;
    const FdThreadRoom *thread_room = account && !room ? fd_thread_rooms_by_chat_id(account, id) : NULL;

    *thread_chat = thread_room ? id : 0;
    return thread_room ? thread_room->room : room;
}

gboolean fd_xfers_chat_can_receive_file(PurpleConnection *gc, int id)
{
    int thread_chat;

    return room_of_chat(fd_account_ready(gc), id, &thread_chat) != NULL;
}

/* Where the host can neither ask nor has said which file. */
static void explain_upload(FdAccount *account)
{
    fd_show_problem(account, _("No file was chosen."), _("Type /upload and the path of the file."));
}

void fd_xfers_chat_send_file(PurpleConnection *gc, int id, const char *path)
{
    FdAccount *account = fd_account_ready(gc);
    int thread_chat;
    FdRoom *room = room_of_chat(account, id, &thread_chat);

    if (!room)
        return;
    if (path)
        fd_xfers_send(account->xfers, room, thread_chat, NULL, path);
    else if (face_transfer_host_asks() && fd_xfers_host_shows())
        fd_xfers_ask(account->xfers, room, thread_chat);
    else
        explain_upload(account);
}

/* (nullable) */
static FdRoom *room_with(FdAccount *account, const char *who)
{
    const FdPerson *person = account ? fd_people_find(account->state->people, who) : NULL;

    return person ? fd_rooms_get_private(account->state->rooms, person->id) : NULL;
}

gboolean fd_xfers_can_receive_file(PurpleConnection *gc, const char *who)
{
    FdAccount *account = fd_account_ready(gc);

    /* bitlbee asks when it has the file already and its user was told that all is well: so the "no" is ours to say. */
    return account && (fd_show_host_is_irc() || room_with(account, who));
}

/* (nullable): one that the host has asked for and so can show, also bitlbee. */
static FdXfer *new_for_host(PurpleConnection *gc, const char *who)
{
    FdAccount *account = fd_account_ready(gc);
    FdRoom *room = room_with(account, who);
    FdXfer *xfer = room ? send_new(account->xfers, room, 0, NULL) : NULL;

    if (account && !room)
        fd_show_problem(account, _("No file was sent."),
                        _("Nobody you can see has this name. Write to a nick, a full name or an e-mail address."));
    if (xfer)
        set_face(xfer);
    return xfer;
}

PurpleXfer *fd_xfers_new_xfer(PurpleConnection *gc, const char *who)
{
    FdXfer *xfer = new_for_host(gc, who);

    return xfer ? face_transfer_get_xfer(xfer->face) : NULL;
}

void fd_xfers_send_file(PurpleConnection *gc, const char *who, const char *path)
{
    FdXfer *xfer = new_for_host(gc, who);

    if (!xfer) {
        if (path && fd_show_host_is_irc())
            fd_xfers_remove_ours(path);
        return;
    }
    if (!path) {
        face_transfer_ask(xfer->face);
        return;
    }
    set_path(xfer, path);
    xfer->is_ours = fd_show_host_is_irc();
    note_written(xfer);
    fd_xfer_take(xfer, size_of(xfer->path));
}
