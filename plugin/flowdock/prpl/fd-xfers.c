/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files on their way, in a row. */
#include "fd-xfers.h"

#include "fd-chats.h"
#include "fd-command.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"
#include "fd-xfer.h"

#include "text/text-escape.h"

#include <glib/gstdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* Where the host shows no progress, lines do it for files larger than this. */
#define LONG_FILE (10 * 1000 * 1000)

struct _FdXfers {
    FdAccount *account;
    GPtrArray *all; /* FdXfer, in order */
    guint last_number;
    gboolean is_over;         /* the account goes offline */
    GHashTable *next_threads; /* key of a room -> id of the thread that its next file goes into */
};

/* Not where bitlbee is the host: it offers each by DCC, and dies of those that it has to be told of. */
gboolean fd_xfers_host_shows(void)
{
    return !fd_show_host_is_irc() && purple_xfers_get_ui_ops();
}

FdAccount *fd_xfers_account(const FdXfers *xfers)
{
    return xfers->account;
}

GPtrArray *fd_xfers_all(const FdXfers *xfers)
{
    return xfers->all;
}

/* ------------------------------------------------------------------------------------------------------------- words */

static const struct {
    gint64 bytes;
    const char *name;
} units[] = {
    { 1000000000, N_("GB") },
    { 1000000, N_("MB") },
    { 1000, N_("kB") },
    { 1, N_("bytes") },
};

static gsize unit_for(gint64 bytes)
{
    gsize unit = 0;

    while (unit + 1 < G_N_ELEMENTS(units) && bytes < units[unit].bytes)
        unit++;
    return unit;
}

/* (transfer full) */
static char *number_text(gint64 bytes, gsize unit)
{
    double value = (double)bytes / (double)units[unit].bytes;

    return g_strdup_printf(units[unit].bytes > 1 && value > 0 && value < 9.95 ? "%.1f" : "%.0f", value);
}

char *fd_xfers_size_text(gint64 bytes)
{
    g_autofree char *size = g_format_size((guint64)bytes);

    /* With a plain blank, as in the line of the file. */
    return text_clean_line(size);
}

/* (transfer full) */
static char *part_text(gint64 done, gint64 total)
{
    gsize unit = unit_for(total);
    g_autofree char *part = number_text(done, unit);
    g_autofree char *whole = number_text(total, unit);

    /* Translators: how much of a file is there, "34 of 120 MB". */
    return g_strdup_printf(_("%s of %s %s"), part, whole, _(units[unit].name));
}

char *fd_xfers_place_name(const FdXfers *xfers, const FdRoom *room)
{
    const FdPerson *person = room->flow ? NULL : fd_people_get(xfers->account->state->people, room->user);

    return g_strdup(room->flow ? room->flow->path : person ? person->shown : "?");
}

char *fd_xfers_other_side(const FdXfers *xfers, const FdRoom *room)
{
    return room->flow ? fd_chats_title(room) : fd_xfers_place_name(xfers, room);
}

/* (transfer full): "plan.pdf to acme/main" */
static char *describe(const FdXfer *xfer)
{
    g_autofree char *place = fd_xfers_place_name(xfer->xfers, xfer->room);

    /* Translators: a file, and the room or person it goes to or comes from. */
    return g_strdup_printf(xfer->up ? _("%s to %s") : _("%s from %s"), xfer->name, place);
}

/* (transfer full) */
static char *state_text(const FdXfer *xfer)
{
    if (xfer->state == FD_XFER_WAITING)
        return g_strdup(_("waits for its turn"));
    if (xfer->total < 0)
        return fd_xfers_size_text(MAX(xfer->done, 0));
    return part_text(MAX(xfer->done, 0), xfer->total);
}

/* What is said there goes where a command typed there is answered. */
static PurpleConversation *window_of(const FdXfers *xfers, FdRoom *room, int thread_chat)
{
    const FdCall call = { .account = xfers->account, .room = room, .thread_chat = thread_chat };

    return fd_account_is_closed(xfers->account) ? NULL : fd_call_conversation(&call);
}

static void say(const FdXfers *xfers, FdRoom *room, int thread_chat, const char *line)
{
    PurpleConversation *conv = window_of(xfers, room, thread_chat);

    if (conv)
        fd_show_line(conv, line, PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM);
    else
        fd_show_info(xfers->account, line);
}

void fd_xfers_refuse(FdXfers *xfers, gboolean up, FdRoom *room, int thread_chat, const char *name, const char *why)
{
    PurpleConversation *conv = window_of(xfers, room, thread_chat);
    /* Translators: the name of a file. */
    g_autofree char *what = *name ? g_strdup_printf(up ? _("%s was not sent.") : _("%s was not saved."), name)
                                  : g_strdup(_("No file was sent."));
    g_autofree char *line = g_strconcat(what, " ", why, NULL);

    if (conv)
        fd_show_line(conv, line, PURPLE_MESSAGE_ERROR);
    else
        fd_show_problem(xfers->account, what, why);
}

/* ----------------------------------------------------------------------------------------------------------- the row */

void fd_xfers_remove_ours(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);

    if (!g_str_has_prefix(path, "/tmp/bitlbee-purple-ft."))
        return;
    g_unlink(path);
    g_rmdir(folder);
}

static void xfer_free(gpointer data)
{
    FdXfer *xfer = data;

    /* Nothing of it is called back after this. */
    g_cancellable_cancel(xfer->cancellable);
    g_object_unref(xfer->cancellable);
    if (xfer->is_ours && xfer->path)
        fd_xfers_remove_ours(xfer->path);
    g_free(xfer->name);
    g_free(xfer->path);
    g_free(xfer->thread_id);
    g_clear_pointer(&xfer->bytes, g_bytes_unref);
    fd_file_free(xfer->file);
    g_free(xfer->wanted);
    g_free(xfer);
}

/* Frees it. Returns: (transfer full) (nullable): what the host shows of it. */
static FaceTransfer *take_out(FdXfer *xfer)
{
    FaceTransfer *face = g_steal_pointer(&xfer->face);

    g_ptr_array_remove(xfer->xfers->all, xfer);
    return face;
}

static guint count(const FdXfers *xfers, FdXferState state)
{
    guint found = 0;

    for (guint i = 0; i < xfers->all->len; i++)
        found += ((const FdXfer *)xfers->all->pdata[i])->state == state;
    return found;
}

/* (nullable) */
static FdXfer *find(const FdXfers *xfers, guint number)
{
    for (guint i = 0; i < xfers->all->len; i++) {
        FdXfer *xfer = xfers->all->pdata[i];

        if (xfer->number == number && xfer->state != FD_XFER_ASKING)
            return xfer;
    }
    return NULL;
}

/* (nullable) */
static FdXfer *first_waiting(const FdXfers *xfers)
{
    for (guint i = 0; i < xfers->all->len; i++) {
        FdXfer *xfer = xfers->all->pdata[i];

        if (xfer->state == FD_XFER_WAITING)
            return xfer;
    }
    return NULL;
}

static void say_begun(const FdXfer *xfer)
{
    g_autofree char *what = describe(xfer);
    /* Translators: a file, "plan.pdf to acme/main", and the number of the command. */
    g_autofree char *line = g_strdup_printf(_("%s is on its way. /cancel %u stops it."), what, xfer->number);

    say(xfer->xfers, xfer->room, xfer->thread_chat, line);
}

static void begin(FdXfer *xfer)
{
    xfer->state = FD_XFER_RUNNING;
    xfer->run(xfer);
    if (xfer->face)
        face_transfer_start(xfer->face);
    else
        say_begun(xfer);
}

static void go_on(FdXfers *xfers)
{
    FdXfer *next;

    while (!xfers->is_over && !g_cancellable_is_cancelled(xfers->account->cancellable) &&
           count(xfers, FD_XFER_RUNNING) < FD_XFERS_AT_ONCE && (next = first_waiting(xfers)))
        begin(next);
}

FdXfer *fd_xfer_new(FdXfers *xfers, gboolean up, FdRoom *room, int thread_chat, const char *name)
{
    g_autofree char *clean = text_clean_line(name);
    FdXfer *xfer;

    /* Not those that the host is being asked about: it may drop them without a word. */
    if (count(xfers, FD_XFER_WAITING) + count(xfers, FD_XFER_RUNNING) >= FD_XFERS_MAX) {
        fd_xfers_refuse(xfers, up, room, thread_chat, clean,
                        _("Too many files are on their way already. Wait until some of them have arrived."));
        return NULL;
    }
    xfer = g_new0(FdXfer, 1);
    xfer->xfers = xfers;
    xfer->up = up;
    xfer->room = room;
    xfer->thread_chat = thread_chat;
    xfer->name = g_steal_pointer(&clean);
    xfer->cancellable = g_cancellable_new();
    xfer->done = -1;
    xfer->total = -1;
    g_ptr_array_add(xfers->all, xfer);
    return xfer;
}

static void on_ended(gpointer user_data)
{
    FdXfer *xfer = user_data;
    FdXfers *xfers = xfer->xfers;

    xfer->face = NULL;
    /* bitlbee hears of a file only when all of it is there, and does not wait for longer than for any DCC. */
    if (!xfer->up && xfer->state == FD_XFER_RUNNING && fd_show_host_is_irc()) {
        fd_xfer_fail(xfer,
                     _("bitlbee waits for a file for two minutes only, then it gives up. /download REF PATH saves "
                       "one that takes longer."));
        return;
    }
    take_out(xfer);
    go_on(xfers);
}

void fd_xfer_set_face(FdXfer *xfer, const char *who, void (*begin_func)(const char *path, gpointer xfer))
{
    const FaceTransferFuncs funcs = { begin_func, on_ended };

    xfer->face = face_transfer_new(xfer->xfers->account->account, xfer->up ? PURPLE_XFER_SEND : PURPLE_XFER_RECEIVE,
                                   who, &funcs, xfer);
}

static void enter_row(FdXfer *xfer)
{
    FdXfers *xfers = xfer->xfers;

    if (xfer->state != FD_XFER_ASKING)
        return;
    /* Short ones are easier to type. */
    if (count(xfers, FD_XFER_WAITING) + count(xfers, FD_XFER_RUNNING) == 0)
        xfers->last_number = 0;
    xfer->number = ++xfers->last_number;
    xfer->state = FD_XFER_WAITING;
}

void fd_xfer_take(FdXfer *xfer, gint64 size)
{
    FdXfers *xfers = xfer->xfers;
    guint number;

    enter_row(xfer);
    number = xfer->number;
    if (xfer->face) {
        face_transfer_set_file(xfer->face, xfer->name, size);
        face_transfer_take(xfer->face, xfer->path ? xfer->path : xfer->name);
    }
    xfer = find(xfers, number);
    if (xfer)
        fd_xfer_queue(xfer);
}

void fd_xfer_queue(FdXfer *xfer)
{
    FdXfers *xfers = xfer->xfers;

    enter_row(xfer);
    if (count(xfers, FD_XFER_RUNNING) >= FD_XFERS_AT_ONCE && !xfer->face) {
        g_autofree char *what = describe(xfer);
        g_autofree char *line =
            g_strdup_printf(_("%s waits until others have arrived. /cancel %u stops it."), what, xfer->number);

        say(xfers, xfer->room, xfer->thread_chat, line);
    }
    go_on(xfers);
}

void fd_xfer_progress(gint64 done, gint64 total, gpointer user_data)
{
    FdXfer *xfer = user_data;
    guint quarters = total > LONG_FILE ? (guint)(done * 4 / total) : 0;

    xfer->done = done;
    xfer->total = total;
    if (xfer->face) {
        face_transfer_progress(xfer->face, done, total);
    } else if (quarters > xfer->quarters && quarters < 4) {
        g_autofree char *what = describe(xfer);
        g_autofree char *part = part_text(done, total);
        g_autofree char *line = g_strconcat(what, ": ", part, NULL);

        xfer->quarters = quarters;
        say(xfer->xfers, xfer->room, xfer->thread_chat, line);
    }
}

void fd_xfer_done(FdXfer *xfer, const char *line)
{
    FdXfers *xfers = xfer->xfers;
    FdRoom *room = xfer->room;
    int thread_chat = xfer->thread_chat;
    FaceTransfer *face = take_out(xfer);

    if (face)
        face_transfer_done(face);
    if (line && !fd_account_is_closed(xfers->account))
        say(xfers, room, thread_chat, line);
    go_on(xfers);
}

void fd_xfer_fail(FdXfer *xfer, const char *why)
{
    FdXfers *xfers = xfer->xfers;
    gboolean up = xfer->up;
    FdRoom *room = xfer->room;
    int thread_chat = xfer->thread_chat;
    g_autofree char *name = g_strdup(xfer->name);

    face_transfer_fail(take_out(xfer));
    if (!fd_account_is_closed(xfers->account))
        fd_xfers_refuse(xfers, up, room, thread_chat, name, why);
    go_on(xfers);
}

/* -------------------------------------------------------------------------------------------------------- for people */

char **fd_xfers_list(FdXfers *xfers)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new();

    for (guint i = 0; i < xfers->all->len; i++) {
        const FdXfer *xfer = xfers->all->pdata[i];
        g_autofree char *what = describe(xfer);
        g_autofree char *state = state_text(xfer);

        if (xfer->state != FD_XFER_ASKING)
            g_ptr_array_add(lines, g_strdup_printf("%u: %s, %s", xfer->number, what, state));
    }
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_steal(lines, NULL);
}

static gboolean is_all_out(const FdXfer *xfer)
{
    return xfer->up && xfer->total > 0 && xfer->done >= xfer->total;
}

char *fd_xfers_cancel(FdXfers *xfers, guint number)
{
    FdXfer *xfer = find(xfers, number);
    g_autofree char *what = xfer ? describe(xfer) : NULL;
    char *line;

    if (!xfer)
        return NULL;
    line = g_strdup_printf(is_all_out(xfer) ? _("%s is stopped, but all of it had been sent: it may appear after all.")
                                            : _("%s is stopped."),
                           what);
    face_transfer_fail(take_out(xfer));
    go_on(xfers);
    return line;
}

/* ------------------------------------------------------------------------------------------------- the next one's thread */

void fd_xfers_set_thread(FdXfers *xfers, const FdRoom *room, const char *thread_id)
{
    g_hash_table_insert(xfers->next_threads, fd_room_key(room), g_strdup(thread_id));
}

char *fd_xfers_take_thread(FdXfers *xfers, const FdRoom *room, int thread_chat)
{
    const FdThreadRoom *thread_room = thread_chat ? fd_thread_rooms_by_chat_id(xfers->account, thread_chat) : NULL;
    g_autofree char *key = fd_room_key(room);
    gpointer stolen_key = NULL, thread_id = NULL;

    if (thread_room)
        return g_strdup(thread_room->thread_id);
    if (g_hash_table_steal_extended(xfers->next_threads, key, &stolen_key, &thread_id))
        g_free(stolen_key);
    return thread_id;
}

/* -------------------------------------------------------------------------------------------------------- life and end */

FdXfers *fd_xfers_new(FdAccount *account)
{
    FdXfers *xfers = g_new0(FdXfers, 1);

    xfers->account = account;
    xfers->all = g_ptr_array_new_with_free_func(xfer_free);
    xfers->next_threads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return xfers;
}

void fd_xfers_give_up(FdXfers *xfers)
{
    xfers->is_over = TRUE;
    while (xfers->all->len > 0 && !fd_account_is_closed(xfers->account)) {
        FdXfer *xfer = xfers->all->pdata[0];

        if (xfer->state == FD_XFER_ASKING)
            face_transfer_fail(take_out(xfer));
        else
            fd_xfer_fail(xfer, is_all_out(xfer) ? _("The account went offline before the service confirmed it. It may "
                                                    "have arrived: look before you send it again.")
                                                : _("The account went offline before all of it had arrived."));
    }
}

void fd_xfers_stop(FdXfers *xfers)
{
    xfers->is_over = TRUE;
    while (xfers->all->len > 0)
        face_transfer_fail(take_out(xfers->all->pdata[0]));
}

void fd_xfers_free(FdXfers *xfers)
{
    if (!xfers)
        return;
    g_ptr_array_unref(xfers->all);
    g_hash_table_unref(xfers->next_threads);
    g_free(xfers);
}
