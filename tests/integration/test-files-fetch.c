/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of files that come from the service. */
#include "host-xfer.h"
#include "host.h"

#include "../unit/test-file.h"

#include <glib/gstdio.h>
#include <pwd.h>

#define ANN 2
#define MAIN "acme/main"
#define WITH_ANN "private/1/2"
#define STORAGE "/storage/*"
#define REFUSED "chat " MAIN " <Flowdock> RECV+ERROR "
#define TOLD "chat " MAIN " <Flowdock> RECV+SYSTEM "

typedef struct {
    FakeServer *server;
    PurpleAccount *account;
    char *folder; /* where files are to go */
    char *checksum;
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
    g_free(fixture->checksum);
}

/* ----------------------------------------------------------------------------------------------------------- helpers */

static void type(Fixture *fixture, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    host_type_in_room(fixture->account, MAIN, html);
}

/* A file of Ann's. Returns: its message. */
static gint64 share_in(Fixture *fixture, const char *place, const char *name, gsize size)
{
    guint8 *memory = g_malloc(MAX(size, 1));
    g_autoptr(GBytes) bytes = g_bytes_new_take(memory, size);
    guint64 state = size;
    gint64 id;

    test_fill(memory, size, &state);
    g_free(fixture->checksum);
    fixture->checksum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    id = fake_server_add_file(fixture->server, place, ANN, name, NULL, bytes);
    host_wait(g_str_equal(place, MAIN) ? "chat " MAIN " <Ann> *" : "im Ann <*Ann> *");
    host_record_clear();
    return id;
}

static gint64 share(Fixture *fixture, const char *name, gsize size)
{
    return share_in(fixture, MAIN, name, size);
}

/* @path: (nullable) */
static char *line_for(gint64 id, const char *path)
{
    return g_strdup_printf("/download #%" G_GINT64_FORMAT "%s%s", id, path ? " " : "", path ? path : "");
}

static void fetch(Fixture *fixture, gint64 id, const char *path)
{
    g_autofree char *line = line_for(id, path);

    type(fixture, line);
}

static char *path_of(Fixture *fixture, const char *name)
{
    return g_build_filename(fixture->folder, name, NULL);
}

static void assert_there(Fixture *fixture, const char *name)
{
    g_autofree char *path = path_of(fixture, name);
    g_autofree char *sum = NULL;

    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    sum = test_file_checksum(path);
    g_assert_cmpstr(sum, ==, fixture->checksum);
}

/* Some other file. */
static void put(Fixture *fixture, const char *name)
{
    g_autofree char *path = path_of(fixture, name);

    g_assert_true(g_file_set_contents(path, "mine", -1, NULL));
}

static void assert_mine(Fixture *fixture, const char *name)
{
    g_autofree char *path = path_of(fixture, name);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "mine");
}

/* Not even a part. */
static void assert_empty(Fixture *fixture)
{
    test_until(test_folder_count(fixture->folder) == 0);
    test_settle();
    g_assert_cmpuint(test_folder_count(fixture->folder), ==, 0);
    g_assert_cmpuint(host_record_count("xfer done *"), ==, 0);
}

/* ----------------------------------------------------------------------------------------------------------- whole files */

static void check_size(Fixture *fixture, gconstpointer data)
{
    gsize size = GPOINTER_TO_SIZE(data);

    fetch(fixture, share(fixture, "plan.pdf", size), fixture->folder);
    host_wait(TOLD "plan.pdf is saved as /*/plan.pdf (*).");
    assert_there(fixture, "plan.pdf");
    g_assert_cmpuint(test_folder_count(fixture->folder), ==, 1);
    g_assert_cmpuint(host_record_count("xfer receive plan.pdf from Main (Acme)"), ==, 1);
    g_assert_cmpuint(host_record_count("xfer done plan.pdf"), ==, 1);
    g_assert_cmpuint(purple_xfer_get_bytes_sent(host_xfer_last()), ==, size);
    g_assert_cmpint(purple_xfer_get_start_time(host_xfer_last()), >, 0);
    g_assert_cmpint(purple_xfer_get_status(host_xfer_last()), ==, PURPLE_XFER_STATUS_DONE);
}

/* What was sent comes back the same. */
static void check_round_trip(Fixture *fixture, gconstpointer data)
{
    gsize size = GPOINTER_TO_SIZE(data);
    g_autofree char *there = test_folder_new();
    g_autofree char *path = test_file_new(there, "plan.pdf", size, &fixture->checksum);
    g_autofree char *line = g_strconcat("/upload ", path, NULL);
    gint64 id;

    type(fixture, line);
    host_wait("xfer done plan.pdf");
    id = json_object_get_int_member(fake_server_get_message(fixture->server, MAIN, 0), "id");
    fetch(fixture, id, fixture->folder);
    host_wait(TOLD "plan.pdf is saved as *");
    assert_there(fixture, "plan.pdf");
    test_folder_free(g_steal_pointer(&there));
}

/* No name leaves the folder, or cannot be seen there. */
static void test_names(Fixture *fixture, gconstpointer data)
{
    g_autofree char *longest = g_strnfill(251, 'x');
    g_autofree char *long_name = g_strconcat(longest, ".txt", NULL);
    const struct {
        const char *name, *there;
    } cases[] = {
        { "\xe8\xae\xa1\xe5\x88\x92.pdf", "\xe8\xae\xa1\xe5\x88\x92.pdf" },
        { "a \"b\" 'c'.txt", "a _b_ 'c'.txt" },
        { "d\ne.txt", "d e.txt" },
        { "..x", "__x" },
        { "..\\..\\f", "___.._f" },
        { ".hidden", "_hidden" },
        { long_name, long_name },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        fetch(fixture, share(fixture, cases[i].name, 10 + i), fixture->folder);
        host_wait(TOLD "* is saved as *");
        assert_there(fixture, cases[i].there);
        g_assert_cmpuint(test_folder_count(fixture->folder), ==, i + 1);
    }
}

static void test_private(Fixture *fixture, gconstpointer data)
{
    gint64 id = share_in(fixture, WITH_ANN, "plan.pdf", 1000);
    g_autofree char *line = line_for(id, fixture->folder);

    (void)data;
    host_type_to(fixture->account, "Ann", line);
    host_wait("im Ann <Ann> *SYSTEM plan.pdf is saved as *");
    assert_there(fixture, "plan.pdf");
    g_assert_cmpuint(host_record_count("xfer receive plan.pdf from Ann"), ==, 1);
}

/* The place where files are kept fails when it sees credentials. */
static void test_no_credentials(Fixture *fixture, gconstpointer data)
{
    const FakeRequest *request;

    (void)data;
    fetch(fixture, share(fixture, "plan.pdf", 1000), fixture->folder);
    host_wait("xfer done plan.pdf");
    request = fake_server_last_request(fixture->server, "GET", STORAGE);
    g_assert_cmpint(request->origin, ==, FAKE_ORIGIN_STREAM);
    g_assert_null(request->authorization);
}

/* ---------------------------------------------------------------------------------------------------------- places */

static void test_typed_paths(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);
    g_autofree char *full = path_of(fixture, "my plan.pdf");
    g_autofree char *quoted_path = path_of(fixture, "quoted.pdf");
    g_autofree char *quoted = g_strdup_printf("\"%s\"", quoted_path);
    g_autofree char *uri_path = path_of(fixture, "by uri.pdf");
    g_autofree char *uri = g_filename_to_uri(uri_path, NULL, NULL);
    g_autofree char *home = g_build_filename(g_get_home_dir(), "plan.pdf", NULL);

    (void)data;
    fetch(fixture, id, full);
    host_wait(TOLD "plan.pdf is saved as /*/my plan.pdf (1.0 kB).");
    assert_there(fixture, "my plan.pdf");
    fetch(fixture, id, quoted);
    host_wait(TOLD "plan.pdf is saved as /*/quoted.pdf (1.0 kB).");
    fetch(fixture, id, uri);
    host_wait(TOLD "plan.pdf is saved as /*/by uri.pdf (1.0 kB).");
    fetch(fixture, id, "~/");
    host_wait(TOLD "plan.pdf is saved as /*/plan.pdf (1.0 kB).");
    g_assert_cmpint(g_unlink(home), ==, 0);
    fetch(fixture, id, "plan.pdf");
    host_wait_times(TOLD "plan.pdf is saved as /*/plan.pdf (1.0 kB).", 2);
    g_assert_cmpint(g_unlink(home), ==, 0);
}

static void test_never_overwrites(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);
    g_autofree char *full = path_of(fixture, "plan.pdf");

    (void)data;
    put(fixture, "plan.pdf");
    fetch(fixture, id, fixture->folder);
    host_wait(TOLD "plan.pdf is saved as /*/plan (2).pdf (1.0 kB).");
    assert_there(fixture, "plan (2).pdf");
    fetch(fixture, id, full);
    host_wait(REFUSED "plan.pdf was not saved. There is a file /*/plan.pdf already, which is left as it is. "
                      "/*/plan (3).pdf would be free.");
    assert_mine(fixture, "plan.pdf");
    g_assert_cmpuint(test_folder_count(fixture->folder), ==, 2);
}

static void test_same_name_at_once(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", MIB);
    g_autofree char *full = path_of(fixture, "plan.pdf");

    (void)data;
    fetch(fixture, id, fixture->folder);
    fetch(fixture, id, fixture->folder);
    fetch(fixture, id, fixture->folder);
    host_wait_times(TOLD "plan.pdf is saved as *", 3);
    assert_there(fixture, "plan.pdf");
    assert_there(fixture, "plan (2).pdf");
    assert_there(fixture, "plan (3).pdf");
    g_assert_cmpuint(test_folder_count(fixture->folder), ==, 3);
}

/* Somebody else takes the name while the file comes. */
static void test_taken_meanwhile(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", MIB);
    const FakeFault fault = { .kind = FAKE_FAULT_DELAY, .path = STORAGE };

    (void)data;
    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, fixture->folder);
    test_until(fake_server_stalled(fixture->server) == 1);
    put(fixture, "plan.pdf");
    host_wait(TOLD "plan.pdf is saved as /*/plan (2).pdf (1.0 MB).");
    assert_mine(fixture, "plan.pdf");
    assert_there(fixture, "plan (2).pdf");
    g_assert_cmpuint(test_folder_count(fixture->folder), ==, 2);
    g_assert_true(g_str_has_suffix(purple_xfer_get_local_filename(host_xfer_last()), "/plan (2).pdf"));
}

static void test_no_place(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);
    g_autofree char *locked = path_of(fixture, "locked");
    g_autofree char *in_locked = path_of(fixture, "locked/plan.pdf");

    (void)data;
    fetch(fixture, id, "/nowhere/plan.pdf");
    host_wait(REFUSED "plan.pdf was not saved. The folder does not exist. (/nowhere)");
    fetch(fixture, id, "/nowhere/");
    host_wait(REFUSED "plan.pdf was not saved. There is no folder /nowhere.");
    fetch(fixture, id, "/dev/null/plan.pdf");
    host_wait(REFUSED "plan.pdf was not saved. The folder does not exist. (/dev/null)");
    fetch(fixture, id, "file://elsewhere/plan.pdf");
    host_wait(REFUSED "plan.pdf was not saved. &quot;file://elsewhere/plan.pdf&quot; is no file on this computer.");
    if (geteuid() != 0) {
        g_assert_cmpint(g_mkdir(locked, 0500), ==, 0);
        fetch(fixture, id, in_locked);
        host_wait(REFUSED "plan.pdf was not saved. You are not allowed to write there. (*/locked)");
        g_assert_cmpint(g_rmdir(locked), ==, 0);
    }
    assert_empty(fixture);
}

/* -------------------------------------------------------------------------------------------------------- dialogs */

static void test_dialog(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "a:b.pdf", 1000);
    g_autofree char *path = path_of(fixture, "b.pdf");

    (void)data;
    fetch(fixture, id, NULL);
    host_wait("pick a_b.pdf");
    host_pick(path);
    host_wait(TOLD "a:b.pdf is saved as /*/b.pdf (1.0 kB).");
    assert_there(fixture, "b.pdf");
    host_record_clear();
    fetch(fixture, id, NULL);
    host_wait("pick *");
    host_pick(NULL);
    type(fixture, "/cancel");
    host_wait(TOLD "No file is on its way.");
    g_assert_cmpuint(host_record_count("*saved*"), ==, 0);
}

/* Pidgin has asked the user whether it may be replaced; the other hosts do not. */
static void check_existing(Fixture *fixture, gconstpointer data)
{
    gboolean is_pidgin = GPOINTER_TO_INT(data);
    gint64 id = share(fixture, "plan.pdf", 1000);
    g_autofree char *path = path_of(fixture, "plan.pdf");

    if (is_pidgin)
        host_pretend("gtk-gaim");
    put(fixture, "plan.pdf");
    fetch(fixture, id, NULL);
    host_wait("pick plan.pdf");
    host_pick(path);
    host_wait(is_pidgin ? TOLD "plan.pdf is saved as /*/plan.pdf (1.0 kB)."
                        : TOLD "plan.pdf is saved as /*/plan (2).pdf (1.0 kB), because /*/plan.pdf was there already.");
    host_pretend("flowdock-test-host");
    assert_there(fixture, is_pidgin ? "plan.pdf" : "plan (2).pdf");
    if (!is_pidgin)
        assert_mine(fixture, "plan.pdf");
    g_assert_cmpuint(test_folder_count(fixture->folder), ==, is_pidgin ? 1 : 2);
}

/* Pidgin asks only about what is there already, and all pasted pictures have one name. */
static void test_pidgin_same_name(Fixture *fixture, gconstpointer data)
{
    gint64 first = share(fixture, "image.png", MIB);
    gint64 second = share(fixture, "image.png", 1000);
    g_autofree char *path = path_of(fixture, "image.png");

    (void)data;
    host_pretend("gtk-gaim");
    fetch(fixture, first, NULL);
    host_wait("pick image.png");
    host_pick(path);
    fetch(fixture, second, NULL);
    test_until(host_is_picking());
    host_pick(path);
    host_wait_times(TOLD "image.png is saved as *", 2);
    host_pretend("flowdock-test-host");
    g_assert_cmpuint(test_folder_count(fixture->folder), ==, 2);
    assert_there(fixture, "image (2).png");
}

/* What is written there after the dialog was never asked about. */
static void test_pidgin_taken_meanwhile(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", MIB);
    const FakeFault fault = { .kind = FAKE_FAULT_DELAY, .path = STORAGE };
    g_autofree char *path = path_of(fixture, "plan.pdf");

    (void)data;
    host_pretend("gtk-gaim");
    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, NULL);
    host_wait("pick plan.pdf");
    host_pick(path);
    test_until(fake_server_stalled(fixture->server) == 1);
    put(fixture, "plan.pdf");
    host_wait(TOLD "plan.pdf is saved as *");
    host_pretend("flowdock-test-host");
    assert_mine(fixture, "plan.pdf");
    assert_there(fixture, "plan (2).pdf");
}

/* A transfer that fails leaves what it was to replace. */
static void test_existing_survives(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 20 * MIB);
    g_autofree char *path = path_of(fixture, "plan.pdf");

    (void)data;
    host_pretend("gtk-gaim");
    put(fixture, "plan.pdf");
    host_stop_at(10 * MIB);
    fetch(fixture, id, NULL);
    host_wait("pick plan.pdf");
    host_pick(path);
    host_wait("xfer stopped plan.pdf");
    host_pretend("flowdock-test-host");
    test_until(test_folder_count(fixture->folder) == 1);
    assert_mine(fixture, "plan.pdf");
}

static void test_no_dialogs(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);

    (void)data;
    host_set_file_dialogs(FALSE);
    fetch(fixture, id, NULL);
    host_wait(REFUSED "plan.pdf was not saved. Say where to save it: /download REF PATH.");
}

static void test_sign_off_with_dialog(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);

    (void)data;
    fetch(fixture, id, NULL);
    host_wait("pick plan.pdf");
    host_sign_off(fixture->account);
    g_assert_false(host_is_picking());
    g_assert_cmpuint(host_record_count("*saved*"), ==, 0);
}

/* --------------------------------------------------------------------------------------------------------- stopping */

static void check_stop(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 20 * MIB);

    host_stop_at((gint64)20 * MIB * GPOINTER_TO_INT(data) / 100);
    fetch(fixture, id, fixture->folder);
    host_wait("xfer stopped plan.pdf");
    g_assert_cmpuint(host_record_count("*saved*"), ==, 0);
    assert_empty(fixture);
}

static void test_cancel(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 20 * MIB);
    const FakeFault fault = { .kind = FAKE_FAULT_STALL, .path = STORAGE };

    (void)data;
    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, fixture->folder);
    test_until(fake_server_stalled(fixture->server) == 1);
    type(fixture, "/cancel");
    host_wait(TOLD "1: plan.pdf from " MAIN ", *");
    type(fixture, "/cancel 1");
    host_wait(TOLD "plan.pdf from " MAIN " is stopped.");
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    assert_empty(fixture);
}

static void test_sign_off(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 20 * MIB);

    (void)data;
    for (guint i = 0; i < 5; i++)
        fetch(fixture, id, fixture->folder);
    test_until(host_xfer_last() && purple_xfer_get_bytes_sent(host_xfer_last()) == 0);
    host_wait_times("xfer receive *", 5);
    test_until(test_folder_count(fixture->folder) > 0);
    host_sign_off(fixture->account);
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 5);
    g_assert_cmpuint(
        host_record_count(REFUSED "plan.pdf was not saved. The account went offline before all of it had arrived."), ==,
        5);
    assert_empty(fixture);
}

/* From within the host's own progress. */
static void check_sign_off_at(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 20 * MIB);

    host_sign_off_at((gint64)20 * MIB * GPOINTER_TO_INT(data) / 100);
    fetch(fixture, id, fixture->folder);
    test_until(!host_is_online(fixture->account));
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    g_assert_cmpuint(host_record_count(REFUSED "plan.pdf was not saved.*"), ==, 1);
    assert_empty(fixture);
}

/* --------------------------------------------------------------------------------------------------------- refusals */

/* Cut once: goes on from there. */
static void test_cut(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 5 * MIB);
    const FakeFault fault = { .kind = FAKE_FAULT_TRUNCATE, .path = STORAGE };

    (void)data;
    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, fixture->folder);
    host_wait(TOLD "plan.pdf is saved as *");
    assert_there(fixture, "plan.pdf");
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", STORAGE), ==, 2);
    g_assert_cmpuint(fake_server_last_request(fixture->server, "GET", STORAGE)->status, ==, 206);
}

/* Complete, as far as the place says where it is kept, but not what was announced. */
static void test_other_size(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);
    const FakeFault fault = { .kind = FAKE_FAULT_EMPTY, .path = STORAGE };

    (void)data;
    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, fixture->folder);
    host_wait(TOLD
              "plan.pdf is saved as /*/plan.pdf (0 bytes). That is not the size that its message tells (1.0 kB): it "
              "may be incomplete.");
}

static void check_fault(Fixture *fixture, gconstpointer data)
{
    const struct {
        FakeFaultKind kind;
        guint status;
        const char *path, *why;
    } cases[] = {
        { FAKE_FAULT_STATUS, 404, "/files/*", "It was deleted on the service*" },
        { FAKE_FAULT_STATUS, 403, STORAGE, "The place where the service keeps its files did not give it out.*" },
        { FAKE_FAULT_STATUS, 403, "/files/*", "The place where the service keeps its files did not give it out.*" },
        { FAKE_FAULT_CUT_BEFORE, 0, STORAGE, "The connection broke and could not be taken up again.*" },
        { FAKE_FAULT_STALL, 0, STORAGE, "The server does not answer." },
    };
    gsize number = GPOINTER_TO_SIZE(data);
    const FakeFault fault = {
        .kind = cases[number].kind, .status = cases[number].status, .path = cases[number].path, .count = -1
    };
    gint64 id = share(fixture, "plan.pdf", 1000);
    g_autofree char *line = g_strconcat(REFUSED "plan.pdf was not saved. ", cases[number].why, NULL);

    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, fixture->folder);
    host_wait(line);
    g_assert_cmpuint(host_record_count("xfer refused plan.pdf"), ==, 1);
    fake_server_clear_faults(fixture->server);
    assert_empty(fixture);
}

/* --------------------------------------------------------------------------------------------------------- bitlbee */

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

static void test_bitlbee_path(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 20 * MIB);

    (void)data;
    if (!has_login_shell())
        return;
    host_pretend("BitlBee");
    fetch(fixture, id, fixture->folder);
    host_wait(TOLD "plan.pdf from " MAIN " is on its way. /cancel 1 stops it.");
    host_wait(TOLD "plan.pdf from " MAIN ": * of 21 MB");
    host_wait(TOLD "plan.pdf is saved as /*/plan.pdf (21.0 MB).");
    assert_there(fixture, "plan.pdf");
    g_assert_null(host_xfer_last());
    host_pretend("flowdock-test-host");
}

/* Taken off the disk at the first byte that is told of. */
static void test_dcc(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 20 * MIB);

    (void)data;
    host_set_file_dialogs(FALSE);
    test_until(purple_find_buddy(fixture->account, "Ann"));
    host_pretend("BitlBee");
    fetch(fixture, id, NULL);
    test_until(host_xfer_last());
    host_dcc_accept(TRUE);
    host_wait("dcc got *");
    g_assert_cmpstr(host_dcc_checksum(), ==, fixture->checksum);
    g_assert_cmpuint(host_record_count("dcc Ann plan.pdf 20971520"), ==, 1);
    test_settle();
    g_assert_cmpuint(host_record_count("*saved*"), ==, 0);
    host_record_clear();
    fetch(fixture, id, NULL);
    test_until(purple_xfer_get_status(host_xfer_last()) != PURPLE_XFER_STATUS_DONE);
    host_dcc_accept(FALSE);
    type(fixture, "/cancel");
    host_wait(TOLD "No file is on its way.");
    host_pretend("flowdock-test-host");
}

/* bitlbee has told another size to the IRC client, which would cut the file there and call it complete. */
static void test_dcc_other_size(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);
    const FakeFault fault = { .kind = FAKE_FAULT_EMPTY, .path = STORAGE };

    (void)data;
    host_set_file_dialogs(FALSE);
    test_until(purple_find_buddy(fixture->account, "Ann"));
    host_pretend("BitlBee");
    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, NULL);
    test_until(host_xfer_last());
    host_dcc_accept(TRUE);
    host_wait(REFUSED "plan.pdf was not saved. It has not the size that its message tells (1.0 kB)*");
    g_assert_cmpint(g_unlink(purple_xfer_get_local_filename(host_xfer_last())), ==, -1);
    host_pretend("flowdock-test-host");
}

static void test_dcc_empty(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 0);

    (void)data;
    host_set_file_dialogs(FALSE);
    test_until(purple_find_buddy(fixture->account, "Ann"));
    host_pretend("BitlBee");
    fetch(fixture, id, NULL);
    host_wait(REFUSED "plan.pdf was not saved. *DCC*");
    g_assert_null(host_xfer_last());
    host_pretend("flowdock-test-host");
}

/* It takes only the name it has thought of: who puts another file there must not have it sent in place of ours. */
static void test_dcc_taken(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", MIB);
    const FakeFault fault = { .kind = FAKE_FAULT_DELAY, .path = STORAGE };
    g_autofree char *place = NULL;
    g_autofree char *other = NULL;

    (void)data;
    host_set_file_dialogs(FALSE);
    test_until(purple_find_buddy(fixture->account, "Ann"));
    host_pretend("BitlBee");
    fake_server_fault(fixture->server, &fault);
    fetch(fixture, id, NULL);
    test_until(host_xfer_last());
    place = g_strdup(purple_xfer_get_local_filename(host_xfer_last()));
    other = g_strconcat(place, " (2)", NULL);
    host_dcc_accept(TRUE);
    test_until(fake_server_stalled(fixture->server) == 1);
    g_assert_true(g_file_set_contents(place, "evil", -1, NULL));
    host_wait(REFUSED "plan.pdf was not saved. *");
    g_assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
    g_unlink(place);
    host_pretend("flowdock-test-host");
}

static void test_dcc_stranger(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);

    (void)data;
    test_until(purple_find_buddy(fixture->account, "Ann"));
    purple_blist_remove_buddy(purple_find_buddy(fixture->account, "Ann"));
    if (!has_login_shell())
        return;
    host_pretend("BitlBee");
    fetch(fixture, id, NULL);
    host_wait(REFUSED
              "plan.pdf was not saved. It could come by DCC only from someone on your contact list, and Ann is not. "
              "Say where to save it: /download REF PATH.");
    g_assert_null(host_xfer_last());
    host_pretend("flowdock-test-host");
}

static void test_no_window(Fixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, "plan.pdf", 1000);
    g_autofree char *path = path_of(fixture, "chosen.pdf");

    (void)data;
    host_set_xfer_window(FALSE);
    fetch(fixture, id, fixture->folder);
    host_wait(TOLD "plan.pdf is saved as /*/plan.pdf (1.0 kB).");
    fetch(fixture, id, NULL);
    host_wait("pick plan.pdf");
    host_pick(path);
    host_wait(TOLD "plan.pdf is saved as /*/chosen.pdf (1.0 kB).");
}

static void add(const char *name, void (*test)(Fixture *fixture, gconstpointer data), gconstpointer data)
{
    g_autofree char *path = g_strconcat("/flowdock/files-fetch/", name, NULL);

    g_test_add(path, Fixture, data, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    static const char *const faults[] = { "deleted", "link-refused", "refused", "cut", "stalled" };

    g_test_init(&argc, &argv, NULL);
    host_init();
    add("size/0", check_size, GSIZE_TO_POINTER(0));
    add("size/1", check_size, GSIZE_TO_POINTER(1));
    add("size/1-MiB", check_size, GSIZE_TO_POINTER(MIB));
    add("round-trip/0", check_round_trip, GSIZE_TO_POINTER(0));
    add("round-trip/1", check_round_trip, GSIZE_TO_POINTER(1));
    add("round-trip/1-MiB", check_round_trip, GSIZE_TO_POINTER(MIB));
    add("round-trip/100-MiB", check_round_trip, GSIZE_TO_POINTER(100 * MIB));
    add("names", test_names, NULL);
    add("private", test_private, NULL);
    add("no-credentials", test_no_credentials, NULL);
    add("typed-paths", test_typed_paths, NULL);
    add("never-overwrites", test_never_overwrites, NULL);
    add("same-name-at-once", test_same_name_at_once, NULL);
    add("taken-meanwhile", test_taken_meanwhile, NULL);
    add("no-place", test_no_place, NULL);
    add("dialog", test_dialog, NULL);
    add("dialog/existing/pidgin", check_existing, GINT_TO_POINTER(TRUE));
    add("dialog/existing/others", check_existing, GINT_TO_POINTER(FALSE));
    add("dialog/existing/survives", test_existing_survives, NULL);
    add("dialog/pidgin/same-name", test_pidgin_same_name, NULL);
    add("dialog/pidgin/taken-meanwhile", test_pidgin_taken_meanwhile, NULL);
    add("dialog/none", test_no_dialogs, NULL);
    add("dialog/sign-off", test_sign_off_with_dialog, NULL);
    add("stop/0", check_stop, GINT_TO_POINTER(0));
    add("stop/50", check_stop, GINT_TO_POINTER(50));
    add("stop/99", check_stop, GINT_TO_POINTER(99));
    add("cancel", test_cancel, NULL);
    add("sign-off", test_sign_off, NULL);
    add("sign-off/0", check_sign_off_at, GINT_TO_POINTER(0));
    add("sign-off/50", check_sign_off_at, GINT_TO_POINTER(50));
    add("sign-off/100", check_sign_off_at, GINT_TO_POINTER(100));
    add("resumes", test_cut, NULL);
    add("other-size", test_other_size, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *name = g_strconcat("fault/", faults[i], NULL);

        add(name, check_fault, GSIZE_TO_POINTER(i));
    }
    add("bitlbee/path", test_bitlbee_path, NULL);
    add("bitlbee/dcc", test_dcc, NULL);
    add("bitlbee/dcc-other-size", test_dcc_other_size, NULL);
    add("bitlbee/dcc-empty", test_dcc_empty, NULL);
    add("bitlbee/dcc-taken", test_dcc_taken, NULL);
    add("bitlbee/dcc-stranger", test_dcc_stranger, NULL);
    add("no-window", test_no_window, NULL);
    return g_test_run();
}
