/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files from the service. */
#include "fd-paths.h"
#include "fd-settings.h"
#include "fd-show.h"
#include "fd-xfer.h"

#include "net/net-error.h"

#include <core.h>

#include <glib/gstdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* Another program may take the free names as fast as they are found. */
#define MAX_ATTEMPTS 3

/* What is said of files and not of calls. The third column is for connections only. */
static const FaceError fetch_errors[] = {
    { g_io_error_quark, G_IO_ERROR_NO_SPACE, 0, N_("The disk is full."), FALSE },
    { g_io_error_quark, G_IO_ERROR_PERMISSION_DENIED, 0, N_("You are not allowed to write there."), FALSE },
    { g_io_error_quark, G_IO_ERROR_READ_ONLY, 0, N_("Nothing can be written there."), FALSE },
    { g_io_error_quark, G_IO_ERROR_NOT_FOUND, 0, N_("The folder does not exist."), FALSE },
    { g_io_error_quark, G_IO_ERROR_NOT_DIRECTORY, 0, N_("The folder does not exist."), FALSE },
    { g_io_error_quark, G_IO_ERROR_IS_DIRECTORY, 0, N_("There is a folder of this name."), FALSE },
    { g_io_error_quark, G_IO_ERROR_FILENAME_TOO_LONG, 0, N_("This name is too long for the disk."), FALSE },
    { net_error_quark, NET_ERROR_NOT_FOUND, 0, N_("It was deleted on the service, or is not shown to you any more."),
      FALSE },
    { net_error_quark, NET_ERROR_GONE, 0, N_("It was deleted on the service, or is not shown to you any more."),
      FALSE },
    { net_error_quark, NET_ERROR_FORBIDDEN, 0,
      N_("The place where the service keeps its files did not give it out. Try again; if that does not help, the "
         "service's operator has to look into it."),
      TRUE },
    { net_error_quark, NET_ERROR_OFFLINE, 0,
      N_("The connection broke and could not be taken up again. Try again when the network is better."), TRUE },
    { net_error_quark, NET_ERROR_PROTOCOL, 0, N_("What came is not the whole file, or none at all."), TRUE },
    { fd_api_error_quark, FD_API_ERROR_BAD_SHAPE, 0, N_("The service does not say where it is kept."), FALSE },
    { NULL, 0, 0, NULL, FALSE },
};

static gboolean is_taken(const char *path, gpointer user_data)
{
    const FdXfer *mine = user_data;
    GPtrArray *all = fd_xfers_all(mine->xfers);

    for (guint i = 0; i < all->len; i++) {
        const FdXfer *xfer = all->pdata[i];

        if (xfer != mine && !xfer->up && g_strcmp0(xfer->path, path) == 0)
            return TRUE;
    }
    return FALSE;
}

/* (transfer full) (nullable): @path itself, or one beside it. */
static char *free_path(FdXfer *xfer, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);

    return fd_paths_free(folder, name, is_taken, xfer);
}

/* ------------------------------------------------------------------------------------------------------- one transfer */

/* (transfer full) */
static char *why_taken(FdXfer *xfer)
{
    g_autofree char *other = free_path(xfer, xfer->path);
    g_autofree char *shown = fd_paths_shown(xfer->path);
    g_autofree char *other_shown = other ? fd_paths_shown(other) : NULL;

    /* Translators: a path that is taken, and one that is free. */
    return other ? g_strdup_printf(_("There is a file %s already, which is left as it is. %s would be free."), shown,
                                   other_shown)
                 : g_strdup_printf(_("There is a file %s already, which is left as it is."), shown);
}

/* (transfer full) */
static char *why_not_saved(FdXfer *xfer, const GError *error)
{
    g_autofree char *reason = face_error_text(fetch_errors, error);
    g_autofree char *folder = g_path_get_dirname(xfer->path);
    g_autofree char *shown = fd_paths_shown(folder);

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_EXISTS))
        return why_taken(xfer);
    /* What is the disk's is about a place. */
    return error->domain == G_IO_ERROR ? g_strdup_printf("%s (%s)", reason, shown) : g_steal_pointer(&reason);
}

/* (transfer full) */
static char *saved_line(const FdXfer *xfer)
{
    gint64 told = xfer->file->size;
    g_autofree char *size = fd_xfers_size_text(MAX(xfer->done, 0));
    g_autofree char *told_text = told >= 0 && told != xfer->done ? fd_xfers_size_text(told) : NULL;
    g_autofree char *path = fd_paths_shown(xfer->path);
    g_autofree char *wanted = xfer->wanted ? fd_paths_shown(xfer->wanted) : NULL;

    /* Translators: the name of a file, its path, its size; and the path that was taken. */
    g_autofree char *line = wanted ? g_strdup_printf(_("%s is saved as %s (%s), because %s was there already."),
                                                     xfer->name, path, size, wanted)
                                   : g_strdup_printf(_("%s is saved as %s (%s)."), xfer->name, path, size);

    /* Translators: behind the line about a file that was saved. */
    return told_text ? g_strdup_printf(_("%s That is not the size that its message tells (%s): it may be incomplete."),
                                       line, told_text)
                     : g_steal_pointer(&line);
}

/* The name was free when it was looked for. Returns: whether another one is. */
static gboolean rename_it(FdXfer *xfer)
{
    g_autofree char *path = xfer->may_rename && ++xfer->attempts < MAX_ATTEMPTS
                                ? free_path(xfer, xfer->wanted ? xfer->wanted : xfer->path)
                                : NULL;

    if (!path)
        return FALSE;
    g_free(xfer->path);
    xfer->path = g_steal_pointer(&path);
    if (xfer->face)
        face_transfer_set_path(xfer->face, xfer->path);
    return TRUE;
}

/* bitlbee has told the IRC client a size already, and sends so much of it and no more. */
static gboolean is_cut_by_dcc(const FdXfer *xfer)
{
    return xfer->face && fd_show_host_is_irc() && xfer->done != xfer->file->size;
}

/* (transfer full) */
static char *why_cut(const FdXfer *xfer)
{
    g_autofree char *size = fd_xfers_size_text(xfer->file->size);

    return g_strdup_printf(_("It has not the size that its message tells (%s), and so cannot come by DCC. Say where to "
                             "save it: /download REF PATH."),
                           size);
}

static void on_fetched(GObject *source, GAsyncResult *result, gpointer user_data)
{
    FdXfer *xfer = user_data;
    g_autoptr(GError) error = NULL;
    gboolean is_there = net_download_finish(result, &error);
    g_autofree char *text = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (is_there && is_cut_by_dcc(xfer)) {
        text = why_cut(xfer);
        g_unlink(xfer->path);
        fd_xfer_fail(xfer, text);
    } else if (is_there) {
        /* Where bitlbee was offered it, only that knows the place. */
        text = xfer->face && fd_show_host_is_irc() ? NULL : saved_line(xfer);
        fd_xfer_done(xfer, text);
    } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_EXISTS) && rename_it(xfer)) {
        xfer->run(xfer);
    } else {
        text = why_not_saved(xfer, error);
        fd_xfer_fail(xfer, text);
    }
}

static void fetch(FdXfer *xfer)
{
    FdAccount *account = fd_xfers_account(xfer->xfers);
    const NetDownload download = { .path = xfer->path,
                                   .overwrite = xfer->overwrites,
                                   .expected = xfer->file->size,
                                   .hurry =
                                       (guint)MAX(purple_account_get_int(account->account, FD_SETTING_HURRY, 1), 1),
                                   .progress = fd_xfer_progress,
                                   .progress_data = xfer };

    fd_api_file_download_async(account->file_api, xfer->file->path, &download, xfer->cancellable, on_fetched, xfer);
}

/* -------------------------------------------------------------------------------------------------------- the host asks */

/* Its dialog has asked whether what is there may be replaced. */
static gboolean host_is_pidgin(void)
{
    return g_strcmp0(purple_core_get_ui(), "gtk-gaim") == 0;
}

static void on_chosen(const char *path, gpointer user_data)
{
    FdXfer *xfer = user_data;
    g_autofree char *other = NULL;

    if (xfer->state != FD_XFER_ASKING)
        return;
    g_free(xfer->path);
    xfer->path = g_canonicalize_filename(path, g_get_home_dir());
    /* It was asked about what was there, and not about what others of these will put there. */
    xfer->overwrites = host_is_pidgin() && fd_paths_is_there(xfer->path) && !is_taken(xfer->path, xfer);
    /* bitlbee takes it from the place it has thought of, and from no other. */
    xfer->may_rename = !xfer->overwrites && !fd_show_host_is_irc();
    other = xfer->may_rename ? free_path(xfer, xfer->path) : NULL;
    if (other && strcmp(other, xfer->path) != 0) {
        xfer->wanted = g_steal_pointer(&xfer->path);
        xfer->path = g_steal_pointer(&other);
        face_transfer_set_path(xfer->face, xfer->path);
    }
    fd_xfer_queue(xfer);
}

/* @who: for libpurple */
static void ask(FdXfer *xfer, const char *who)
{
    g_autofree char *disk_name = fd_file_disk_name(xfer->file->name);

    /* It goes unquoted into the offer, where a blank ends it for many clients. */
    if (fd_show_host_is_irc())
        g_strdelimit(disk_name, " ", '_');
    fd_xfer_set_face(xfer, who, on_chosen);
    face_transfer_set_file(xfer->face, disk_name, xfer->file->size);
    face_transfer_ask(xfer->face);
}

/* bitlbee offers it to the user by DCC, as something from @who. (nullable) (transfer full): why it cannot. */
static char *why_no_dcc(FdAccount *account, const FdFile *file, const char *who)
{
    g_autofree char *refusal = fd_paths_refusal();

    if (file->size <= 0)
        return g_strdup(_("It is empty, or its size is not known, and so it cannot come by DCC. Say where to save it: "
                          "/download REF PATH."));
    if (purple_find_buddy(account->account, who))
        return NULL;
    return refusal
               ? g_steal_pointer(&refusal)
               : g_strdup_printf(_("It could come by DCC only from someone on your contact list, and %s is not. Say "
                                   "where to save it: /download REF PATH."),
                                 who);
}

/* ---------------------------------------------------------------------------------------------------- a path was typed */

/* (nullable) (transfer full): why not. */
static char *set_typed_path(FdXfer *xfer, const char *typed)
{
    g_autofree char *problem = fd_paths_refusal();
    g_autofree char *path = problem ? NULL : fd_paths_typed(typed, &problem);
    g_autofree char *disk_name = fd_file_disk_name(xfer->file->name);

    if (!path)
        return g_steal_pointer(&problem);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        xfer->may_rename = TRUE;
        xfer->path = fd_paths_free(path, disk_name, is_taken, xfer);
        if (!xfer->path)
            xfer->path = g_build_filename(path, disk_name, NULL);
        return NULL;
    }
    xfer->path = g_steal_pointer(&path);
    if (g_str_has_suffix(typed, "/")) {
        g_autofree char *shown = fd_paths_shown(xfer->path);

        return g_strdup_printf(_("There is no folder %s."), shown);
    }
    return fd_paths_is_there(xfer->path) || is_taken(xfer->path, xfer) ? why_taken(xfer) : NULL;
}

static void fetch_to(FdXfer *xfer, const char *typed)
{
    g_autofree char *problem = set_typed_path(xfer, typed);

    if (problem) {
        fd_xfer_fail(xfer, problem);
        return;
    }
    if (fd_xfers_host_shows()) {
        g_autofree char *side = fd_xfers_other_side(xfer->xfers, xfer->room);

        fd_xfer_set_face(xfer, side, on_chosen);
    }
    fd_xfer_take(xfer, xfer->file->size);
}

void fd_xfers_fetch(FdXfers *xfers, FdRoom *room, int thread_chat, const FdFile *file, const char *who,
                    const char *path)
{
    FdAccount *account = fd_xfers_account(xfers);
    FdXfer *xfer = fd_xfer_new(xfers, FALSE, room, thread_chat, file->name);
    g_autofree char *side = fd_xfers_other_side(xfers, room);
    g_autofree char *why = NULL;

    if (!xfer)
        return;
    xfer->run = fetch;
    xfer->file = fd_file_copy(file);
    if (path) {
        fetch_to(xfer, path);
        return;
    }
    if (fd_show_host_is_irc())
        why = why_no_dcc(account, file, who);
    else if (!face_transfer_host_asks())
        why = g_strdup(_("Say where to save it: /download REF PATH."));
    if (why)
        fd_xfer_fail(xfer, why);
    else
        ask(xfer, fd_show_host_is_irc() ? who : side);
}
