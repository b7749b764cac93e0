/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of files and pictures that go to the service. */
#include "host-xfer.h"
#include "host.h"

#include "../unit/test-file.h"

#include <pwd.h>
#include <sys/stat.h>

#define MAIN "acme/main"
#define WITH_ANN "private/1/2"
#define POSTS "/flows/acme/main/messages"
#define REFUSED "chat " MAIN " <Flowdock> RECV+ERROR "
#define TOLD "chat " MAIN " <Flowdock> RECV+SYSTEM "

typedef struct {
    HostFixture host;
    FakeServer *server;
    PurpleAccount *account;
    char *folder;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->server = fake_server_new_started();
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    /* A file that stands still for a second is given up. */
    purple_account_set_int(fixture->account, "hurry", 60);
    fake_server_set_keepalive_ms(fixture->server, 100);
    host_sign_on_ready(fixture->account, fixture->server);
    fixture->folder = test_folder_new();
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_account_free(fixture->account);
    g_clear_pointer(&fixture->server, fake_server_free);
    host_xfers_forget();
    host_set_xfer_window(TRUE);
    host_set_file_dialogs(TRUE);
    host_record_clear();
    test_settle();
    test_folder_free(fixture->folder);
}

/* ----------------------------------------------------------------------------------------------------------- helpers */

static PurpleConnection *connection(Fixture *fixture)
{
    return purple_account_get_connection(fixture->account);
}

static int chat_id(Fixture *fixture, const char *room)
{
    return purple_conv_chat_get_id(PURPLE_CONV_CHAT(host_room(fixture->account, room)));
}

static void type_in(Fixture *fixture, const char *room, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    host_type_in_room(fixture->account, room, html);
}

static void type(Fixture *fixture, const char *text)
{
    type_in(fixture, MAIN, text);
}

static void type_upload(Fixture *fixture, const char *path)
{
    g_autofree char *line = g_strconcat("/upload ", path, NULL);

    type(fixture, line);
}

/* Of the newest message's file. (transfer full) */
static char *newest_name(Fixture *fixture, const char *place)
{
    JsonObject *message = fake_server_get_message(fixture->server, place, 0);

    return g_strdup(json_object_get_string_member(json_object_get_object_member(message, "content"), "file_name"));
}

static void assert_newest(Fixture *fixture, const char *place, const char *checksum)
{
    g_autoptr(GBytes) bytes = fake_server_get_file(fixture->server, place, 0);
    g_autofree char *sum = bytes ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes) : NULL;

    g_assert_cmpstr(sum, ==, checksum);
}

static guint messages(Fixture *fixture)
{
    return fake_server_message_count(fixture->server, MAIN);
}

/* Nothing more comes of it. */
static void assert_nothing_sent(Fixture *fixture)
{
    test_settle();
    g_assert_cmpuint(messages(fixture), ==, 0);
    g_assert_cmpuint(host_record_count("xfer done *"), ==, 0);
}

/* ----------------------------------------------------------------------------------------------------------- whole files */

static void check_size(Fixture *fixture, gconstpointer data)
{
    gsize size = GPOINTER_TO_SIZE(data);
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(fixture->folder, "plan.bin", size, &checksum);

    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), path);
    host_wait("xfer done plan.bin");
    host_wait("chat " MAIN " <Demo> *plan.bin*");
    g_assert_cmpuint(host_record_count("xfer send plan.bin to Main (Acme)"), ==, 1);
    g_assert_cmpuint(host_record_count(REFUSED "*"), ==, 0);
    g_assert_cmpuint(messages(fixture), ==, 1);
    assert_newest(fixture, MAIN, checksum);
    g_assert_cmpuint(purple_xfer_get_size(host_xfer_last()), ==, size);
    g_assert_cmpuint(purple_xfer_get_bytes_sent(host_xfer_last()), ==, size);
    g_assert_cmpint(purple_xfer_get_status(host_xfer_last()), ==, PURPLE_XFER_STATUS_DONE);
    g_assert_cmpint(purple_xfer_get_start_time(host_xfer_last()), >, 0);
}

static void test_names(Fixture *fixture, gconstpointer data)
{
    g_autofree char *longest = g_strnfill(251, 'x');
    g_autofree char *long_name = g_strconcat(longest, ".txt", NULL);
    const char *names[] = { "\xe8\xae\xa1\xe5\x88\x92.pdf", "a \"b\" 'c'.txt", "a\nb.txt", "100%25 & <b>.txt",
                            long_name };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *checksum = NULL;
        g_autofree char *path = test_file_new(fixture->folder, names[i], 10 + i, &checksum);
        g_autofree char *name = NULL;

        serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), path);
        host_wait("xfer done *");
        host_record_clear();
        assert_newest(fixture, MAIN, checksum);
        name = newest_name(fixture, MAIN);
        g_assert_cmpstr(name, ==, i == 2 ? "a\nb.txt" : names[i]);
    }
}

static void test_private(Fixture *fixture, gconstpointer data)
{
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, &checksum);
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_connection_get_prpl(connection(fixture)));

    (void)data;
    g_assert_true(info->can_receive_file(connection(fixture), "Ann"));
    g_assert_false(info->can_receive_file(connection(fixture), "Nobody"));
    serv_send_file(connection(fixture), "Ann", path);
    host_wait("xfer done plan.pdf");
    host_wait("im Ann <Demo> *plan.pdf*");
    g_assert_cmpuint(host_record_count("xfer send plan.pdf to Ann"), ==, 1);
    assert_newest(fixture, WITH_ANN, checksum);
}

/* Whoever makes a transfer of the host's own hands it over in the same way as its dialog. */
static void test_new_xfer(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, NULL);
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_connection_get_prpl(connection(fixture)));
    PurpleXfer *xfer = info->new_xfer(connection(fixture), "Ann");

    (void)data;
    g_assert_nonnull(xfer);
    purple_xfer_request_accepted(xfer, path);
    host_wait("xfer done plan.pdf");
    g_assert_cmpuint(fake_server_message_count(fixture->server, WITH_ANN), ==, 1);
    g_assert_null(info->new_xfer(connection(fixture), "Nobody"));
    host_wait("error No file was sent. | Nobody you can see has this name.*");
}

/* libpurple drops one whose file is not there, and nobody is told. */
static void test_new_xfer_of_nothing(Fixture *fixture, gconstpointer data)
{
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_connection_get_prpl(connection(fixture)));
    PurpleXfer *xfer = info->new_xfer(connection(fixture), "Ann");

    (void)data;
    purple_xfer_request_accepted(xfer, "/nowhere/plan.pdf");
    host_wait("error File transfer to Ann* failed. | Error reading /nowhere/plan.pdf*");
    host_sign_off(fixture->account);
    g_assert_cmpuint(host_record_count("xfer *"), ==, 0);
}

/* ------------------------------------------------------------------------------------------------------------- dialogs */

static void test_dialog(Fixture *fixture, gconstpointer data)
{
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, &checksum);

    (void)data;
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), NULL);
    g_assert_true(host_is_picking());
    host_pick(path);
    host_wait("xfer done plan.pdf");
    assert_newest(fixture, MAIN, checksum);
    serv_send_file(connection(fixture), "Ann", NULL);
    host_pick(path);
    host_wait_times("xfer done plan.pdf", 2);
    assert_newest(fixture, WITH_ANN, checksum);
    host_record_clear();
    type(fixture, "/upload");
    host_pick(path);
    host_wait("xfer done plan.pdf");
    g_assert_cmpuint(messages(fixture), ==, 2);
}

static void test_dialog_cancelled(Fixture *fixture, gconstpointer data)
{
    (void)data;
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), NULL);
    host_pick(NULL);
    serv_send_file(connection(fixture), "Ann", NULL);
    host_pick(NULL);
    host_record_clear();
    type(fixture, "/cancel");
    host_expect(TOLD "No file is on its way.");
    assert_nothing_sent(fixture);
}

/* The file of the dialog has vanished: libpurple says it itself, and drops the transfer. */
static void test_dialog_of_nothing(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_build_filename(fixture->folder, "none", NULL);

    (void)data;
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), NULL);
    host_pick(path);
    assert_nothing_sent(fixture);
    host_sign_off(fixture->account);
}

static void test_sign_off_with_dialog(Fixture *fixture, gconstpointer data)
{
    (void)data;
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), NULL);
    serv_send_file(connection(fixture), "Ann", NULL);
    host_sign_off(fixture->account);
    g_assert_false(host_is_picking());
    g_assert_cmpuint(host_record_count("*was not sent*"), ==, 0);
}

/* ---------------------------------------------------------------------------------------------------------- /upload */

/* Blanks, quotes, home, addresses: all the same file. */
static void test_typed_paths(Fixture *fixture, gconstpointer data)
{
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(g_get_home_dir(), "my new plan.pdf", 1000, &checksum);
    g_autofree char *quoted = g_strdup_printf("\"%s\"", path);
    g_autofree char *uri = g_filename_to_uri(path, NULL, NULL);
    g_autofree char *roundabout =
        g_strconcat(g_get_home_dir(), "/../", strrchr(g_get_home_dir(), '/') + 1, "/my new plan.pdf", NULL);
    const char *typed[] = {
        path, quoted, uri, "~/my new plan.pdf", "my new plan.pdf", "'my new plan.pdf'", roundabout
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(typed); i++) {
        type_upload(fixture, typed[i]);
        host_wait("xfer done my new plan.pdf");
        host_record_clear();
        g_assert_cmpuint(messages(fixture), ==, i + 1);
        assert_newest(fixture, MAIN, checksum);
    }
    type_upload(fixture, "file://elsewhere/plan.pdf");
    host_wait(REFUSED "&quot;file://elsewhere/plan.pdf&quot; is no file on this computer.*");
    g_assert_cmpint(g_unlink(path), ==, 0);
}

static void test_upload_without_dialogs(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_set_file_dialogs(FALSE);
    type(fixture, "/upload");
    host_wait(REFUSED "It is used like this: /upload *");
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), NULL);
    host_wait("error No file was chosen. | Type /upload*");
}

static const char *newest_thread(Fixture *fixture)
{
    return json_object_get_string_member_with_default(fake_server_get_message(fixture->server, MAIN, 0), "thread_id",
                                                      "");
}

/* Opens thread 1 of Ann's. Returns: its id. (transfer full) */
static char *begin_thread(Fixture *fixture)
{
    gint64 first = fake_server_say(fixture->server, MAIN, 2, "Login page");

    fake_server_reply(fixture->server, MAIN, 42, first, "Broken");
    host_wait("chat " MAIN " <Hubot> *Broken");
    host_record_clear();
    return g_strdup(newest_thread(fixture));
}

static void test_threads(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "3 plans.pdf", 1000, NULL);
    g_autofree char *thread = begin_thread(fixture);
    g_autofree char *into = g_strconcat("1 ", path, NULL);
    g_autofree char *by_id = g_strconcat(thread, " ", path, NULL);
    g_autofree char *nowhere = g_strconcat("7 ", path, NULL);

    (void)data;
    type_upload(fixture, into);
    host_wait("xfer done *");
    g_assert_cmpstr(newest_thread(fixture), ==, thread);
    type_upload(fixture, by_id);
    host_wait_times("xfer done *", 2);
    g_assert_cmpstr(newest_thread(fixture), ==, thread);
    type_upload(fixture, path);
    host_wait_times("xfer done *", 3);
    g_assert_cmpstr(newest_thread(fixture), !=, thread);
    type_upload(fixture, nowhere);
    host_wait(REFUSED "There is no thread &quot;7&quot; here.*");
}

static void test_next_into_thread(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, NULL);
    g_autofree char *thread = begin_thread(fixture);

    (void)data;
    type(fixture, "/thread 1");
    host_wait(TOLD "The next file that you send here goes into the thread ?1: Login page].");
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), path);
    host_wait("xfer done *");
    g_assert_cmpstr(newest_thread(fixture), ==, thread);
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN), path);
    host_wait_times("xfer done *", 2);
    g_assert_cmpstr(newest_thread(fixture), !=, thread);
}

static void test_room_of_thread(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, NULL);
    g_autofree char *thread = begin_thread(fixture);

    (void)data;
    type(fixture, "/show 1 open");
    host_wait("chat " MAIN "/1 <Hubot> * Broken");
    serv_chat_send_file(connection(fixture), chat_id(fixture, MAIN "/1"), path);
    host_wait("xfer done *");
    host_wait("chat " MAIN "/1 <Demo> *plan.pdf*");
    g_assert_cmpstr(newest_thread(fixture), ==, thread);
    host_record_clear();
    type_in(fixture, MAIN "/1", "/upload /nowhere/plan.pdf");
    host_wait("chat " MAIN
              "/1 <Flowdock> RECV+ERROR plan.pdf was not sent. There is no such file. (/nowhere/plan.pdf)");
    type_in(fixture, MAIN "/1", "/thread 1");
    host_wait("chat " MAIN "/1 <Flowdock> RECV+ERROR In the room of a thread files go into that thread.*");
}

/* --------------------------------------------------------------------------------------------------------- pictures */

static const guint8 png[] = "\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\001\0\0\0\0\040and so on";

static int store_image(const char *filename)
{
    return purple_imgstore_add_with_id(g_memdup2(png, sizeof png), sizeof png, filename);
}

static void test_images(Fixture *fixture, gconstpointer data)
{
    int first = store_image("/home/demo/screen shot.png"), second = store_image(NULL);
    g_autofree char *html = g_strdup_printf("look <img id=\"%d\"> <b>here</b><IMG ID=\"%d\">", first, second);
    g_autofree char *checksum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, png, sizeof png);
    g_autofree char *name = NULL;

    (void)data;
    host_type_in_room(fixture->account, MAIN, html);
    /* As soon as it has been typed. */
    purple_imgstore_unref_by_id(first);
    purple_imgstore_unref_by_id(second);
    host_wait("xfer done screen shot.png");
    host_wait("xfer done image.png");
    test_until(messages(fixture) == 3);
    g_assert_cmpuint(host_record_count("xfer send screen shot.png to Main (Acme)"), ==, 1);
    assert_newest(fixture, MAIN, checksum);
    host_wait("chat " MAIN " <Demo> SEND* look*here*");
    test_settle();
    g_assert_null(purple_imgstore_find_by_id(first));
    g_assert_null(purple_imgstore_find_by_id(second));
}

static void test_image_alone(Fixture *fixture, gconstpointer data)
{
    int id = store_image("it.png");
    g_autofree char *html = g_strdup_printf(" <img id=\"%d\">", id);
    g_autofree char *name = NULL;

    (void)data;
    host_type_to(fixture->account, "Ann", html);
    purple_imgstore_unref_by_id(id);
    host_wait("xfer done it.png");
    g_assert_cmpuint(fake_server_message_count(fixture->server, WITH_ANN), ==, 1);
    name = newest_name(fixture, WITH_ANN);
    g_assert_cmpstr(name, ==, "it.png");
}

/* Nothing of it goes out, and the text is not lost. */
static void test_image_missing(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_type_in_room(fixture->account, MAIN, "look <img id=\"99999\">");
    host_wait(REFUSED "Not sent. A picture in it is not there any more.*<br>look");
    assert_nothing_sent(fixture);
}

static void test_image_in_command(Fixture *fixture, gconstpointer data)
{
    int id = store_image("it.png");
    g_autofree char *html = g_strdup_printf("/me laughs <img id=\"%d\">", id);

    (void)data;
    host_type_in_room(fixture->account, MAIN, html);
    host_wait(REFUSED "Pictures cannot be sent with a command*You typed: /me laughs*");
    host_record_clear();
    host_command_in_room(fixture->account, MAIN, html);
    host_wait(REFUSED "Pictures cannot be sent with a command*You typed: /me laughs*");
    purple_imgstore_unref_by_id(id);
    assert_nothing_sent(fixture);
}

static void test_image_and_slash(Fixture *fixture, gconstpointer data)
{
    int id = store_image("it.png");
    g_autofree char *html = g_strdup_printf("//tmp is full <img id=\"%d\">", id);

    (void)data;
    host_type_in_room(fixture->account, MAIN, html);
    purple_imgstore_unref_by_id(id);
    host_wait("xfer done it.png");
    host_wait("chat " MAIN " <Demo> SEND* /tmp is full");
}

/* --------------------------------------------------------------------------------------------------------- refusals */

static void test_too_large(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 12 * MIB, NULL);

    (void)data;
    fake_server_set_max_file(fixture->server, MIB);
    type_upload(fixture, path);
    host_wait(REFUSED "plan.pdf was not sent. The service does not take files of this size (12.6 MB).");
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    assert_nothing_sent(fixture);
}

static void test_no_room(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", MIB, NULL);

    (void)data;
    fake_server_set_file_quota(fixture->server, KIB);
    type_upload(fixture, path);
    host_wait(REFUSED "plan.pdf was not sent. The service refused it. (*");
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    assert_nothing_sent(fixture);
}

static void test_no_files(Fixture *fixture, gconstpointer data)
{
    g_autofree char *pipe = g_build_filename(fixture->folder, "pipe", NULL);
    g_autofree char *none = g_build_filename(fixture->folder, "none.pdf", NULL);
    g_autofree char *locked = test_file_new(fixture->folder, "locked", 10, NULL);

    (void)data;
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_assert_cmpint(g_chmod(locked, 0), ==, 0);
    type_upload(fixture, none);
    host_wait(REFUSED "none.pdf was not sent. There is no such file. (/*/none.pdf)");
    type_upload(fixture, pipe);
    host_wait(REFUSED "pipe was not sent. It is no ordinary file.");
    type_upload(fixture, fixture->folder);
    host_wait(REFUSED "*was not sent. It is a folder.*");
    g_assert_cmpuint(host_record_count("xfer refused *"), ==, 3);
    if (geteuid() != 0) {
        type_upload(fixture, locked);
        host_wait(REFUSED "locked was not sent. You are not allowed to read it.");
    }
    assert_nothing_sent(fixture);
}

typedef struct {
    FakeServer *server;
    const char *path;
} Growing;

static gboolean on_growing(gpointer user_data)
{
    const Growing *growing = user_data;
    FILE *file;

    if (fake_server_count_uploaded(growing->server) < MIB)
        return G_SOURCE_CONTINUE;
    file = g_fopen(growing->path, "ab");
    g_assert_cmpint(fputc('x', file), ==, 'x');
    g_assert_cmpint(fclose(file), ==, 0);
    return G_SOURCE_REMOVE;
}

static void test_changed(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 30 * MIB, NULL);
    Growing growing = { fixture->server, path };

    (void)data;
    g_timeout_add(1, on_growing, &growing);
    type_upload(fixture, path);
    host_wait(REFUSED "plan.pdf was not sent. It changed while it was being sent.*");
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    assert_nothing_sent(fixture);
}

static void check_broken(Fixture *fixture, gconstpointer data)
{
    gboolean stalls = GPOINTER_TO_INT(data);
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 30 * MIB, NULL);

    if (stalls)
        fake_server_stall_upload(fixture->server, MIB);
    else
        fake_server_cut_upload(fixture->server, MIB);
    type_upload(fixture, path);
    host_wait(stalls ? REFUSED "plan.pdf was not sent. The server does not answer."
                     : REFUSED "plan.pdf was not sent. The server cannot be reached.*");
    g_assert_cmpuint(host_record_count("*may have arrived*"), ==, 0);
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    assert_nothing_sent(fixture);
}

/* All had gone out: nobody knows. */
static void test_answer_lost(Fixture *fixture, gconstpointer data)
{
    const FakeFault fault = { .kind = FAKE_FAULT_CUT_AFTER, .method = "POST", .path = POSTS };
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", MIB, NULL);

    (void)data;
    fake_server_fault(fixture->server, &fault);
    type_upload(fixture, path);
    host_wait(REFUSED "plan.pdf was not sent. *it may have arrived: look before you send it again.");
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    g_assert_cmpuint(host_record_count("xfer done plan.pdf"), ==, 0);
}

/* Where the room is closed there is only a dialog. */
static void test_room_closed(Fixture *fixture, gconstpointer data)
{
    const FakeFault fault = { .kind = FAKE_FAULT_DELAY, .method = "POST", .path = POSTS };
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", MIB, NULL);

    (void)data;
    fake_server_set_max_file(fixture->server, 10);
    fake_server_fault(fixture->server, &fault);
    type_upload(fixture, path);
    host_close_room(fixture->account, MAIN);
    host_wait("error plan.pdf was not sent. | The service does not take files of this size (1.0 MB).");
    serv_send_file(connection(fixture), "Ann", "/nowhere/plan.pdf");
    host_wait("error plan.pdf was not sent. | There is no such file. (/nowhere/plan.pdf)");
}

/* ------------------------------------------------------------------------------------------------------------- stopping */

static void check_stop(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 20 * MIB, NULL);

    host_stop_at((gint64)20 * MIB * GPOINTER_TO_INT(data) / 100);
    type_upload(fixture, path);
    host_wait("xfer stopped plan.pdf");
    g_assert_cmpuint(host_record_count(REFUSED "*"), ==, 0);
    g_assert_cmpint(purple_xfer_get_status(host_xfer_last()), ==, PURPLE_XFER_STATUS_CANCEL_LOCAL);
    /* The next one is sent, and is all that there is. */
    host_record_clear();
    type_upload(fixture, path);
    host_wait("xfer done plan.pdf");
    test_settle();
    g_assert_cmpuint(messages(fixture), ==, 1);
}

static void stall(Fixture *fixture)
{
    const FakeFault fault = { .kind = FAKE_FAULT_STALL, .method = "POST", .path = POSTS, .count = -1 };

    fake_server_fault(fixture->server, &fault);
}

static void test_cancel(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 20 * MIB, NULL);

    (void)data;
    type(fixture, "/cancel");
    host_wait(TOLD "No file is on its way.");
    fake_server_stall_upload(fixture->server, 5 * MIB);
    type_upload(fixture, path);
    test_until(fake_server_count_uploaded(fixture->server) >= 5 * MIB);
    type(fixture, "/cancel");
    host_wait(TOLD "1: plan.pdf to " MAIN ", * of 21 MB");
    type(fixture, "/cancel 2");
    host_wait(REFUSED "No file with this number is on its way.*");
    type(fixture, "/cancel it");
    host_wait(REFUSED "It is used like this: /cancel *");
    type(fixture, "/cancel 1");
    host_wait(TOLD "plan.pdf to " MAIN " is stopped.");
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    assert_nothing_sent(fixture);
}

static void test_cancel_too_late(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", MIB, NULL);

    (void)data;
    stall(fixture);
    type_upload(fixture, path);
    test_until(fake_server_stalled(fixture->server) == 1);
    type(fixture, "/cancel 1");
    host_wait(TOLD "plan.pdf to " MAIN " is stopped, but all of it had been sent: it may appear after all.");
}

static void test_four_at_once(Fixture *fixture, gconstpointer data)
{
    (void)data;
    stall(fixture);
    for (guint i = 1; i <= 6; i++) {
        g_autofree char *name = g_strdup_printf("plan-%u", i);
        g_autofree char *path = test_file_new(fixture->folder, name, 10, NULL);

        type_upload(fixture, path);
    }
    test_until(fake_server_stalled(fixture->server) == 4);
    test_settle();
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", POSTS), ==, 4);
    type(fixture, "/cancel");
    host_wait(TOLD "1: plan-1 to *5: plan-5 to " MAIN ", waits for its turn*6: plan-6 to " MAIN ", waits*");
    type(fixture, "/cancel 5");
    host_wait(TOLD "plan-5 to " MAIN " is stopped.");
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", POSTS), ==, 4);
    type(fixture, "/cancel 2");
    test_until(fake_server_count(fixture->server, "POST", POSTS) == 5);
    host_record_clear();
    type(fixture, "/cancel");
    host_wait(TOLD "1: plan-1 to *3: plan-3 to *4: plan-4 to *6: plan-6 to " MAIN ", *");
    g_assert_cmpuint(host_record_count("*waits*"), ==, 0);
}

static void test_all_arrive(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan", 100 * KIB, NULL);

    (void)data;
    for (guint i = 0; i < 20; i++)
        type_upload(fixture, path);
    host_wait_times("xfer done plan", 20);
    g_assert_cmpuint(messages(fixture), ==, 20);
}

static void test_too_many(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan", 10, NULL);

    (void)data;
    stall(fixture);
    for (guint i = 0; i < 100; i++)
        type_upload(fixture, path);
    g_assert_cmpuint(host_record_count(REFUSED "*"), ==, 0);
    type_upload(fixture, path);
    host_wait(REFUSED "plan was not sent. Too many files are on their way already.*");
}

static void count_start(PurpleXfer *xfer, gpointer user_data)
{
    guint *starts = user_data;

    (void)xfer;
    ++*starts;
}

static void test_sign_off(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 20 * MIB, NULL);
    guint starts = 0;

    (void)data;
    purple_signal_connect(purple_xfers_get_handle(), "file-send-start", &starts, PURPLE_CALLBACK(count_start), &starts);
    for (guint i = 0; i < 5; i++)
        type_upload(fixture, path);
    test_until(fake_server_count_uploaded(fixture->server) >= MIB);
    host_sign_off(fixture->account);
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 5);
    g_assert_cmpuint(
        host_record_count(REFUSED "plan.pdf was not sent. The account went offline before all of it had arrived."), ==,
        5);
    /* The one that was waiting does not begin then. */
    g_assert_cmpuint(starts, ==, 4);
    purple_signals_disconnect_by_handle(&starts);
    assert_nothing_sent(fixture);
}

/* From within the host's own progress. */
static void check_sign_off_at(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 20 * MIB, NULL);

    host_sign_off_at((gint64)20 * MIB * GPOINTER_TO_INT(data) / 100);
    type_upload(fixture, path);
    test_until(!host_is_online(fixture->account));
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    g_assert_cmpuint(host_record_count(REFUSED "plan.pdf was not sent.*"), ==, 1);
    g_assert_cmpuint(host_record_count("xfer done *"), ==, 0);
    test_settle();
}

static void test_sign_off_late(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", MIB, NULL);

    (void)data;
    stall(fixture);
    type_upload(fixture, path);
    test_until(fake_server_stalled(fixture->server) == 1);
    host_sign_off(fixture->account);
    host_wait(REFUSED "plan.pdf was not sent. The account went offline before the service confirmed it. It may have "
                      "arrived: look before you send it again.");
}

/* The host signs off when the transfer is listed, started, or told of its end. */
static void sign_off_at(PurpleXfer *xfer, gpointer user_data)
{
    guint *times = user_data;

    if (++*times == 1)
        purple_account_disconnect(purple_xfer_get_account(xfer));
}

static void check_sign_off_inside(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 100, NULL);
    guint times = 0;

    purple_signal_connect(purple_xfers_get_handle(), data, &times, PURPLE_CALLBACK(sign_off_at), &times);
    fake_server_set_max_file(fixture->server, g_str_equal(data, "file-send-cancel") ? 10 : 0);
    type_upload(fixture, path);
    if (host_is_online(fixture->account))
        type_upload(fixture, path);
    test_until(!host_is_online(fixture->account));
    test_settle();
    g_assert_cmpuint(times, >=, 1);
    purple_signals_disconnect_by_handle(&times);
}

/* ---------------------------------------------------------------------------------------------------------- other hosts */

static void test_no_window(Fixture *fixture, gconstpointer data)
{
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, &checksum);

    (void)data;
    host_set_xfer_window(FALSE);
    type_upload(fixture, path);
    host_wait(TOLD "plan.pdf to " MAIN " is on its way. /cancel 1 stops it.");
    test_until(messages(fixture) == 1);
    assert_newest(fixture, MAIN, checksum);
    serv_send_file(connection(fixture), "Ann", path);
    test_until(fake_server_message_count(fixture->server, WITH_ANN) == 1);
    type_upload(fixture, "/nowhere/plan.pdf");
    host_wait(REFUSED "plan.pdf was not sent.*");
}

/* Finch takes the slash: what begins with one is a text, and its pictures are files as ever. */
static void test_finch(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, NULL);
    g_autofree char *line = g_strconcat("/upload ", path, NULL);

    (void)data;
    host_pretend("gnt-purple");
    host_command_in_room(fixture->account, MAIN, line);
    host_wait("xfer done plan.pdf");
    host_pretend("flowdock-test-host");
}

/* bitlbee's users may use the files of a computer only where somebody can sign in on it as this user. */
static gboolean has_login_shell(void)
{
    const struct passwd *user = getpwuid(getuid());

    if (user && *user->pw_shell && !g_str_has_suffix(user->pw_shell, "/nologin") &&
        !g_str_has_suffix(user->pw_shell, "/false"))
        return TRUE;
    g_test_skip("whoever runs this has no login shell");
    return FALSE;
}

static void test_bitlbee(Fixture *fixture, gconstpointer data)
{
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, &checksum);
    g_autofree char *large = test_file_new(fixture->folder, "large.pdf", 20 * MIB, NULL);

    (void)data;
    if (!has_login_shell())
        return;
    host_pretend("BitlBee");
    host_set_file_dialogs(FALSE);
    type(fixture, "/upload");
    host_wait(REFUSED "It is used like this: /upload *");
    type_upload(fixture, path);
    host_wait(TOLD "plan.pdf to " MAIN " is on its way. /cancel 1 stops it.");
    host_wait("chat " MAIN " <Demo> SEND+REMOTE_SEND *plan.pdf*");
    assert_newest(fixture, MAIN, checksum);
    type_upload(fixture, large);
    host_wait(TOLD "large.pdf to " MAIN ": 5.? of 21 MB");
    host_wait(TOLD "large.pdf to " MAIN ": 10 of 21 MB");
    host_wait(TOLD "large.pdf to " MAIN ": 16 of 21 MB");
    test_until(messages(fixture) == 2);
    type_upload(fixture, "/nowhere/plan.pdf");
    host_wait(REFUSED "plan.pdf was not sent. There is no such file.*");
    g_assert_cmpuint(host_record_count("xfer *"), ==, 0);
    host_pretend("flowdock-test-host");
}

static void test_bitlbee_waits(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan", 10, NULL);

    (void)data;
    if (!has_login_shell())
        return;
    host_pretend("BitlBee");
    stall(fixture);
    for (guint i = 0; i < 5; i++)
        type_upload(fixture, path);
    host_wait(TOLD "plan to " MAIN " waits until others have arrived. /cancel 5 stops it.");
    type(fixture, "/cancel 5");
    host_wait(TOLD "plan to " MAIN " is stopped.");
    host_sign_off(fixture->account);
    host_pretend("flowdock-test-host");
}

/* bitlbee's user sends by DCC: the file that bitlbee has made for it goes afterwards, whatever comes of it. */
static void test_dcc(Fixture *fixture, gconstpointer data)
{
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 20 * MIB, &checksum);
    g_autofree char *first = NULL, *second = NULL;

    (void)data;
    host_pretend("BitlBee");
    /* So that the file has to be read twice. */
    fake_server_expire_access_tokens(fixture->server);
    first = host_dcc_send(fixture->account, "Ann", path);
    test_until(fake_server_message_count(fixture->server, WITH_ANN) == 1);
    assert_newest(fixture, WITH_ANN, checksum);
    test_until(!g_file_test(first, G_FILE_TEST_EXISTS));
    fake_server_set_max_file(fixture->server, 10);
    second = host_dcc_send(fixture->account, "Ann", path);
    host_wait("im Ann <Flowdock> ERROR plan.pdf was not sent. The service does not take files of this size (21.0 MB).");
    test_until(!g_file_test(second, G_FILE_TEST_EXISTS));
    host_pretend("flowdock-test-host");
}

/* Its user is told that the DCC went well, so what comes of it is ours to say, and its copy ours to remove. */
static void test_dcc_to_nobody(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = test_file_new(fixture->folder, "plan.pdf", 1000, NULL);
    g_autofree char *copy = NULL;

    (void)data;
    host_pretend("BitlBee");
    copy = host_dcc_send(fixture->account, "Nobody", path);
    host_wait("*No file was sent.*");
    g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
    host_pretend("flowdock-test-host");
}

static void add(const char *name, void (*test)(Fixture *fixture, gconstpointer data), gconstpointer data)
{
    g_autofree char *path = g_strconcat("/flowdock/files-send/", name, NULL);

    g_test_add(path, Fixture, data, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    add("size/0", check_size, GSIZE_TO_POINTER(0));
    add("size/1", check_size, GSIZE_TO_POINTER(1));
    add("size/1-MiB", check_size, GSIZE_TO_POINTER(MIB));
    add("size/100-MiB", check_size, GSIZE_TO_POINTER(100 * MIB));
    add("names", test_names, NULL);
    add("private", test_private, NULL);
    add("new-xfer", test_new_xfer, NULL);
    add("new-xfer/of-nothing", test_new_xfer_of_nothing, NULL);
    add("dialog", test_dialog, NULL);
    add("dialog/cancelled", test_dialog_cancelled, NULL);
    add("dialog/of-nothing", test_dialog_of_nothing, NULL);
    add("dialog/sign-off", test_sign_off_with_dialog, NULL);
    add("typed-paths", test_typed_paths, NULL);
    add("no-dialogs", test_upload_without_dialogs, NULL);
    add("threads", test_threads, NULL);
    add("threads/next", test_next_into_thread, NULL);
    add("threads/own-room", test_room_of_thread, NULL);
    add("images", test_images, NULL);
    add("images/alone", test_image_alone, NULL);
    add("images/missing", test_image_missing, NULL);
    add("images/in-command", test_image_in_command, NULL);
    add("images/slash", test_image_and_slash, NULL);
    add("too-large", test_too_large, NULL);
    add("no-room", test_no_room, NULL);
    add("no-files", test_no_files, NULL);
    add("changed", test_changed, NULL);
    add("stalled", check_broken, GINT_TO_POINTER(TRUE));
    add("cut", check_broken, GINT_TO_POINTER(FALSE));
    add("answer-lost", test_answer_lost, NULL);
    add("room-closed", test_room_closed, NULL);
    add("stop/0", check_stop, GINT_TO_POINTER(0));
    add("stop/50", check_stop, GINT_TO_POINTER(50));
    add("stop/99", check_stop, GINT_TO_POINTER(99));
    add("cancel", test_cancel, NULL);
    add("cancel/too-late", test_cancel_too_late, NULL);
    add("four-at-once", test_four_at_once, NULL);
    add("all-arrive", test_all_arrive, NULL);
    add("too-many", test_too_many, NULL);
    add("sign-off", test_sign_off, NULL);
    add("sign-off/0", check_sign_off_at, GINT_TO_POINTER(0));
    add("sign-off/50", check_sign_off_at, GINT_TO_POINTER(50));
    add("sign-off/100", check_sign_off_at, GINT_TO_POINTER(100));
    add("sign-off/late", test_sign_off_late, NULL);
    add("sign-off/at-start", check_sign_off_inside, "file-send-start");
    add("sign-off/at-end", check_sign_off_inside, "file-send-complete");
    add("sign-off/at-refusal", check_sign_off_inside, "file-send-cancel");
    add("no-window", test_no_window, NULL);
    add("finch", test_finch, NULL);
    add("bitlbee", test_bitlbee, NULL);
    add("bitlbee/waits", test_bitlbee_waits, NULL);
    add("bitlbee/dcc", test_dcc, NULL);
    add("bitlbee/dcc-to-nobody", test_dcc_to_nobody, NULL);
    return g_test_run();
}
