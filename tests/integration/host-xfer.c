/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transfers of the headless host: as Pidgin shows them and, where it pretends to be that, as bitlbee hands them on. */
#include "host-xfer.h"

#include "host-ops.h"
#include "host.h"

#include "../unit/test-file.h"

static GPtrArray *kept; /* PurpleXfer, each with a reference */
static gint64 stop_at = -1, sign_off_at = -1;

static gboolean is_bitlbee(void)
{
    return g_str_equal(purple_core_get_ui(), "BitlBee");
}

static const char *name_of(PurpleXfer *xfer)
{
    const char *name = purple_xfer_get_filename(xfer);

    return name ? name : "?";
}

static gboolean is_send(PurpleXfer *xfer)
{
    return purple_xfer_get_type(xfer) == PURPLE_XFER_SEND;
}

/* --------------------------------------------------------------------------------------------------------- the window */

static void keep(PurpleXfer *xfer)
{
    if (!kept)
        kept = g_ptr_array_new();
    purple_xfer_ref(xfer);
    g_ptr_array_add(kept, xfer);
}

static void add_xfer(PurpleXfer *xfer)
{
    /* Pidgin and Finch make a name of it. */
    g_assert_nonnull(purple_xfer_get_local_filename(xfer));
    if (is_bitlbee())
        return;
    keep(xfer);
    host_record(is_send(xfer) ? "xfer send %s to %s" : "xfer receive %s from %s", name_of(xfer),
                purple_xfer_get_remote_user(xfer));
}

static void cancel_local(PurpleXfer *xfer)
{
    host_record("xfer stopped %s", name_of(xfer));
}

static void cancel_remote(PurpleXfer *xfer)
{
    g_assert_true(purple_xfer_is_canceled(xfer));
    if (is_bitlbee())
        return;
    host_record("xfer refused %s", name_of(xfer));
}

PurpleXfer *host_xfer_last(void)
{
    return kept && kept->len ? kept->pdata[kept->len - 1] : NULL;
}

void host_stop_at(gint64 bytes)
{
    stop_at = bytes;
}

void host_sign_off_at(gint64 bytes)
{
    sign_off_at = bytes;
}

static gboolean is_due(PurpleXfer *xfer, gint64 *at)
{
    if (*at < 0 || (gint64)purple_xfer_get_bytes_sent(xfer) < *at)
        return FALSE;
    *at = -1;
    return TRUE;
}

/* -------------------------------------------------------------------------------------------------------- as in bitlbee */

static gboolean dcc_asked; /* its user has asked for a transfer to somebody */
static char *dcc_copy;     /* (nullable): of what is sent; its folder is its own */
static char *dcc_sum;

/* It reads what its user has asked for, which must be there. */
static void new_xfer(PurpleXfer *xfer)
{
    g_autofree char *folder = NULL;
    g_autofree char *place = NULL;

    if (!is_bitlbee())
        return;
    if (is_send(xfer)) {
        g_assert_true(dcc_asked);
        dcc_asked = FALSE;
        return;
    }
    folder = test_folder_new();
    place = g_build_filename(folder, "dcc", NULL);
    purple_xfer_set_local_filename(xfer, place);
    keep(xfer);
}

/* Takes the file away as soon as there are bytes, complete or not. */
static void take_from_disk(PurpleXfer *xfer)
{
    const char *path = purple_xfer_get_local_filename(xfer);
    g_autofree char *folder = g_path_get_dirname(path);

    g_free(dcc_sum);
    dcc_sum = test_file_checksum(path);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    host_record("dcc got %zu", purple_xfer_get_size(xfer));
}

static void update_progress(PurpleXfer *xfer, double percent)
{
    if (is_bitlbee()) {
        if (is_send(xfer) && dcc_copy)
            g_unlink(dcc_copy);
        else if (!is_send(xfer) && percent > 0 && g_file_test(purple_xfer_get_local_filename(xfer), G_FILE_TEST_EXISTS))
            take_from_disk(xfer);
        return;
    }
    g_assert_cmpuint(purple_xfer_get_bytes_sent(xfer), <=, MAX(purple_xfer_get_size(xfer), 1));
    if (purple_xfer_is_completed(xfer))
        host_record("xfer done %s", name_of(xfer));
    else if (is_due(xfer, &stop_at))
        purple_xfer_cancel_local(xfer);
    else if (is_due(xfer, &sign_off_at))
        purple_account_disconnect(purple_xfer_get_account(xfer));
}

/* Forgets the transfer as soon as it has made it. */
char *host_dcc_send(PurpleAccount *account, const char *who, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *folder = g_strdup("/tmp/bitlbee-purple-ft.XXXXXX");
    g_autoptr(GFile) from = g_file_new_for_path(path);
    g_autoptr(GFile) to = NULL;

    g_assert_nonnull(g_mkdtemp(folder));
    g_free(dcc_copy);
    dcc_copy = g_build_filename(folder, base, NULL);
    to = g_file_new_for_path(dcc_copy);
    g_assert_true(g_file_copy(from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
    dcc_asked = TRUE;
    serv_send_file(purple_account_get_connection(account), who, dcc_copy);
    return g_steal_pointer(&folder);
}

void host_dcc_accept(gboolean accepts)
{
    PurpleXfer *xfer = host_xfer_last();

    host_record("dcc %s %s %zu", purple_xfer_get_remote_user(xfer), name_of(xfer), purple_xfer_get_size(xfer));
    if (accepts)
        purple_xfer_request_accepted(xfer, NULL);
    else
        purple_xfer_cancel_local(xfer);
}

const char *host_dcc_checksum(void)
{
    return dcc_sum;
}

PurpleXferUiOps host_xfer_ops = {
    .new_xfer = new_xfer,
    .add_xfer = add_xfer,
    .update_progress = update_progress,
    .cancel_local = cancel_local,
    .cancel_remote = cancel_remote,
};

void host_set_xfer_window(gboolean has)
{
    purple_xfers_set_ui_ops(has ? &host_xfer_ops : NULL);
}

void host_xfers_forget(void)
{
    for (guint i = 0; kept && i < kept->len; i++) {
        PurpleXfer *xfer = kept->pdata[i];

        g_assert_true(purple_xfer_is_completed(xfer) || purple_xfer_is_canceled(xfer));
        g_assert_cmpint(purple_xfer_get_end_time(xfer), >, 0);
        g_assert_null(xfer->data);
        g_assert_null(xfer->ops.cancel_send);
        g_assert_null(xfer->ops.cancel_recv);
        g_assert_null(xfer->ops.request_denied);
        purple_xfer_unref(xfer);
    }
    g_clear_pointer(&kept, g_ptr_array_unref);
    stop_at = -1;
    sign_off_at = -1;
}

/* -------------------------------------------------------------------------------------------------------- file dialogs */

typedef struct {
    PurpleRequestFileCb ok, cancel;
    gpointer user_data;
    gboolean is_answered;
} Dialog;

static Dialog *dialog; /* (nullable): the newest that is open */

void *host_xfer_request_file(const char *title, const char *filename, gboolean save, GCallback ok, GCallback cancel,
                             PurpleAccount *account, const char *who, PurpleConversation *conv, void *user_data)
{
    (void)title, (void)account, (void)who, (void)conv;
    host_record(save ? "pick %s" : "pick", filename);
    dialog = g_new0(Dialog, 1);
    dialog->ok = (PurpleRequestFileCb)ok;
    dialog->cancel = (PurpleRequestFileCb)cancel;
    dialog->user_data = user_data;
    return dialog;
}

/* As in Finch: that is a "no". */
void host_xfer_close_request(void *handle)
{
    Dialog *closed = handle;

    if (closed == dialog)
        dialog = NULL;
    if (!closed->is_answered)
        closed->cancel(closed->user_data, NULL);
    g_free(closed);
}

gboolean host_is_picking(void)
{
    return dialog != NULL;
}

void host_pick(const char *path)
{
    Dialog *answered = dialog;

    g_assert_nonnull(answered);
    dialog = NULL;
    answered->is_answered = TRUE;
    if (path)
        answered->ok(answered->user_data, path);
    else
        answered->cancel(answered->user_data, NULL);
    purple_request_close(PURPLE_REQUEST_FILE, answered);
}

void host_set_file_dialogs(gboolean has)
{
    purple_request_get_ui_ops()->request_file = has ? host_xfer_request_file : NULL;
}
