/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of what was seen: unread marks on the service, what came while the user was away, and the past of private
 * chats. */
#include "host.h"

#include <string.h>

#include <glib/gstdio.h>

#define MAIN "chat acme/main "
#define NOTICE MAIN "<Flowdock> RECV+SYSTEM "
#define TITLE NOTICE "This is Main (Acme)."
#define AWAY NOTICE "What follows came while you were away."
#define MORE NOTICE "More came while you were away than is loaded at once: /history loads what is older."
#define PAST MAIN "<Ann> RECV+DELAYED "
#define OWN_PAST MAIN "<Demo> SEND+DELAYED+REMOTE_SEND "

typedef struct {
    FakeServer *server;
    PurpleAccount *account;
} Fixture;

static char *state_folder(void)
{
    return g_build_filename(host_user_dir(), "flowdock", NULL);
}

/* (transfer full) (element-type filename): the files with what was shown. */
/* @prefix: "" for all. */
static GPtrArray *state_files(const char *prefix)
{
    g_autofree char *folder = state_folder();
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_prefix(name, prefix))
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    return files;
}

/* An earlier server may have had the same port. */
static void forget_state(void)
{
    g_autofree char *folder = state_folder();
    g_autoptr(GPtrArray) files = state_files("");

    for (guint i = 0; i < files->len; i++)
        g_assert_cmpint(g_remove(files->pdata[i]), ==, 0);
    g_remove(folder);
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

/* Signed off: what is said before the first sign-in is up to the test. */
static void set_up_away(Fixture *fixture, gconstpointer data)
{
    (void)data;
    forget_state();
    fixture->server = fake_server_new_started();
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    set_up_away(fixture, data);
    host_sign_on_ready(fixture->account, fixture->server);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_focus(NULL);
    host_account_free(fixture->account);
    g_clear_pointer(&fixture->server, fake_server_free);
    forget_state();
}

/* All that a conversation has shown, in order; @prefix: "chat acme/main ". Clears the record. */
static void expect_in(const char *prefix, const char *expected)
{
    g_autofree char *glob = g_strconcat(prefix, "*", NULL);
    g_auto(GStrv) wanted = g_strsplit(expected, "\n", -1);
    g_auto(GStrv) entries = NULL;
    g_autoptr(GString) shown = g_string_new(NULL);

    host_wait_times(glob, *expected ? g_strv_length(wanted) : 0);
    test_settle();
    entries = g_strsplit(host_record_text(), "\n", -1);
    for (char **entry = entries; *entry; entry++) {
        if (g_str_has_prefix(*entry, prefix))
            g_string_append_printf(shown, "%s%s", shown->len ? "\n" : "", *entry);
    }
    g_assert_cmpstr(shown->str, ==, expected);
    host_record_clear();
}

/* Somebody says something, and it is there. Returns: the id. */
static gint64 hear(Fixture *fixture, const char *room, const char *text)
{
    gint64 id = fake_server_say(fixture->server, room, 2, text);
    g_autofree char *shown = g_strdup_printf("chat %s <Ann> RECV* %s", room, text);

    host_wait(shown);
    return id;
}

/* (transfer full): "A B C" */
static char *tags_of(Fixture *fixture, const char *conversation, gint64 id)
{
    JsonArray *tags = json_object_get_array_member(fake_server_get_message(fixture->server, conversation, id), "tags");
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < json_array_get_length(tags); i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", json_array_get_string_element(tags, i));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean is_marked(Fixture *fixture, const char *conversation, gint64 id)
{
    g_autofree char *tags = tags_of(fixture, conversation, id);
    g_auto(GStrv) list = g_strsplit(tags, " ", -1);

    return g_strv_contains((const char *const *)list, ":unread:1");
}

static guint count_changes(Fixture *fixture)
{
    return fake_server_count(fixture->server, "PUT", "*/messages/*");
}

/* Every call for a message, in order: "GET /flows/acme/main/messages/1 ..." (transfer full) */
static char *message_calls(Fixture *fixture)
{
    const GPtrArray *requests = fake_server_requests(fixture->server);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        if (g_pattern_match_simple("*/messages/*", request->path))
            g_string_append_printf(text, "%s%s %s", text->len ? "\n" : "", request->method, request->path);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ------------------------------------------------------------------------------------------------------- unread marks */

static void test_focus(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;
    gint64 here, elsewhere;
    g_autofree char *left = NULL;

    (void)data;
    here = hear(fixture, "acme/main", "@Demo @Hubot #cake");
    elsewhere = hear(fixture, "acme/dev-team", "@Demo look");
    g_assert_true(is_marked(fixture, "acme/main", here));
    /* What others have changed since is kept, too. */
    fake_server_set_tags(server, "acme/main", here, ":user:1,:unread:1,:user:42,:unread:42,:url,cake,late");
    host_wait("chat acme/main * tagged with #late: *");
    host_record_clear();
    host_focus(host_room(fixture->account, "acme/main"));
    test_until(count_changes(fixture) > 0);
    test_until(!is_marked(fixture, "acme/main", here));
    left = tags_of(fixture, "acme/main", here);
    g_assert_cmpstr(left, ==, ":user:1 :user:42 :unread:42 :url cake late");
    /* A whole round later, what is not looked at still has its mark. */
    here = hear(fixture, "acme/main", "@Demo again");
    test_until(!is_marked(fixture, "acme/main", here));
    host_record_clear();
    g_assert_true(is_marked(fixture, "acme/dev-team", elsewhere));
    host_focus(host_room(fixture->account, "acme/dev-team"));
    test_until(!is_marked(fixture, "acme/dev-team", elsewhere));
    test_settle();
    g_assert_cmpuint(count_changes(fixture), ==, 3);
    /* Nobody is told of it. */
    g_assert_cmpstr(host_record_text(), ==, "");
}

static void test_batch(Fixture *fixture, gconstpointer data)
{
    gint64 marked[3];
    g_autofree char *calls = NULL;
    g_autofree char *expected = NULL;

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(marked); i++) {
        hear(fixture, "acme/main", "for nobody");
        marked[i] = hear(fixture, "acme/main", "Demo, where are you?");
    }
    fake_server_clear_requests(fixture->server);
    host_focus(host_room(fixture->account, "acme/main"));
    test_until(count_changes(fixture) == 3);
    test_until(!is_marked(fixture, "acme/main", marked[2]));
    for (gsize i = 0; i < G_N_ELEMENTS(marked); i++)
        g_assert_false(is_marked(fixture, "acme/main", marked[i]));
#define PAIR "GET /flows/acme/main/messages/%" G_GINT64_FORMAT "\nPUT /flows/acme/main/messages/%" G_GINT64_FORMAT
    expected =
        g_strdup_printf(PAIR "\n" PAIR "\n" PAIR, marked[0], marked[0], marked[1], marked[1], marked[2], marked[2]);
#undef PAIR
    calls = message_calls(fixture);
    g_assert_cmpstr(calls, ==, expected);
}

static void test_writing(Fixture *fixture, gconstpointer data)
{
    gint64 here, elsewhere;

    (void)data;
    here = hear(fixture, "acme/main", "@Demo where?");
    elsewhere = hear(fixture, "acme/dev-team", "@Demo and here?");
    host_type_in_room(fixture->account, "acme/main", "everywhere");
    test_until(!is_marked(fixture, "acme/main", here));
    here = hear(fixture, "acme/main", "@Demo really?");
    host_type_in_room(fixture->account, "acme/main", "really");
    test_until(!is_marked(fixture, "acme/main", here));
    g_assert_true(is_marked(fixture, "acme/dev-team", elsewhere));
    g_assert_cmpuint(count_changes(fixture), ==, 2);
}

static void test_private_mark(Fixture *fixture, gconstpointer data)
{
    gint64 id, in_room;

    (void)data;
    id = fake_server_say_private(fixture->server, 2, 1, "psst");
    host_wait("im Ann <Ann> RECV psst");
    /* The other's mark on what is the user's own is none of our business. */
    host_type_to(fixture->account, "Hubot", "hello");
    host_wait("im Hubot <Demo> SEND hello");
    host_focus(host_im(fixture->account, "Hubot"));
    in_room = hear(fixture, "acme/main", "@Demo come");
    host_type_in_room(fixture->account, "acme/main", "coming");
    test_until(!is_marked(fixture, "acme/main", in_room));
    g_assert_true(is_marked(fixture, "private/1/2", id));
    host_focus(host_im(fixture->account, "Ann"));
    test_until(!is_marked(fixture, "private/1/2", id));
    g_assert_cmpuint(count_changes(fixture), ==, 2);
    g_assert_nonnull(fake_server_last_request(fixture->server, "PUT", "/private/2/messages/*"));
}

/* What was said before the sign-in is read, too, when the room is looked at. */
static void test_mark_in_past(Fixture *fixture, gconstpointer data)
{
    gint64 id = fake_server_say(fixture->server, "acme/main", 2, "@Demo good morning");

    (void)data;
    host_sign_on(fixture->account);
    host_wait(MAIN "<Ann> RECV*DELAYED @Demo good morning");
    g_assert_cmpuint(count_changes(fixture), ==, 0);
    host_focus(host_room(fixture->account, "acme/main"));
    test_until(!is_marked(fixture, "acme/main", id));
}

/* A mark that cannot be taken off is not worth a word, and does not keep the next one. */
static void test_mark_stays(Fixture *fixture, gconstpointer data)
{
    FakeFault refused = { .method = "PUT", .path = "*/messages/*", .status = 403 };
    FakeFault garbage = { .kind = FAKE_FAULT_GARBAGE, .method = "GET", .path = "*/messages/*" };
    static const char *const texts[] = { "@Demo!", "@Demo?", "@Demo." };
    gint64 ids[G_N_ELEMENTS(texts)];

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        ids[i] = hear(fixture, "acme/main", texts[i]);
    host_record_clear();
    fake_server_fault(fixture->server, &refused);
    fake_server_fault(fixture->server, &garbage);
    host_focus(host_room(fixture->account, "acme/main"));
    test_until(!is_marked(fixture, "acme/main", ids[2]));
    g_assert_cmpstr(host_record_text(), ==, "");
}

/* ----------------------------------------------------------------------------------------------------- while away */

/* The host is restarted: no windows are left. */
static void go_away(Fixture *fixture)
{
    host_sign_off(fixture->account);
    host_close_all(fixture->account);
}

static void test_away(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    fake_server_say(server, "acme/main", 2, "old");
    host_sign_on(fixture->account);
    /* Nothing is known of earlier days. */
    expect_in(MAIN, TITLE "\n" PAST "old");
    hear(fixture, "acme/main", "seen");
    go_away(fixture);
    fake_server_say(server, "acme/main", 1, "from my telephone");
    fake_server_say(server, "acme/main", 2, "missed");
    fake_server_say(server, "acme/main", 2, "missed too");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "old\n" PAST "seen\n" OWN_PAST "from my telephone\n" AWAY "\n" PAST "missed\n" PAST
                          "missed too");
    hear(fixture, "acme/main", "live");
    expect_in(MAIN, MAIN "<Ann> RECV live");
    /* All of that is known now, and own words are no news. */
    go_away(fixture);
    fake_server_say(server, "acme/main", 1, "me again");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "old\n" PAST "seen\n" OWN_PAST "from my telephone\n" PAST "missed\n" PAST
                          "missed too\n" PAST "live\n" OWN_PAST "me again");
}

static void test_more_than_is_loaded(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    purple_account_set_int(fixture->account, "history", 2);
    fake_server_say(server, "acme/main", 2, "old");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "old");
    /* Just as many as are loaded. */
    go_away(fixture);
    fake_server_say(server, "acme/main", 2, "one");
    fake_server_say(server, "acme/main", 2, "two");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" AWAY "\n" PAST "one\n" PAST "two");
    go_away(fixture);
    fake_server_say(server, "acme/main", 2, "three");
    fake_server_say(server, "acme/main", 2, "four");
    fake_server_say(server, "acme/main", 2, "five");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" MORE "\n" AWAY "\n" PAST "four\n" PAST "five");
    host_command_in_room(fixture->account, "acme/main", "/history 1");
    host_wait(PAST "three");
}

/* Ids mean nothing on another server, nor to another user. */
static void test_others_marks(Fixture *fixture, gconstpointer data)
{
    g_autoptr(FakeServer) second = fake_server_new_started();
    PurpleAccount *ann;

    (void)data;
    fake_server_say(fixture->server, "acme/main", 2, "one");
    fake_server_say(second, "acme/main", 2, "a");
    fake_server_say(second, "acme/main", 2, "b");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "one");
    go_away(fixture);
    purple_account_set_string(fixture->account, "api_url", fake_server_get_api_url(second));
    purple_account_set_string(fixture->account, "stream_url", fake_server_get_stream_url(second));
    purple_account_set_password(fixture->account, "demo");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "a\n" PAST "b");
    go_away(fixture);

    fake_server_say(fixture->server, "acme/main", 42, "two");
    ann = host_account_new(fixture->server, "ann@example.com", "ann");
    host_sign_on(ann);
    expect_in(MAIN, TITLE "\n" MAIN "<Ann> SEND+DELAYED+REMOTE_SEND one\n" MAIN "<Hubot> RECV+DELAYED two");
    host_account_free(ann);
    /* And back again, everything is as it was left. */
    purple_account_set_string(fixture->account, "api_url", fake_server_get_api_url(fixture->server));
    purple_account_set_string(fixture->account, "stream_url", fake_server_get_stream_url(fixture->server));
    purple_account_set_password(fixture->account, "demo");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "one\n" AWAY "\n" MAIN "<Hubot> RECV+DELAYED two");
}

static void test_file(Fixture *fixture, gconstpointer data)
{
    static const char *const unwanted[] = {
        "secret", "Ann", "Demo", "Main", "Hubot", "example.com", "acme", "127.0.0"
    };
    g_autoptr(GPtrArray) files = NULL;
    g_autofree char *text = NULL;
    g_autofree char *expected = NULL;
    gint64 room, talk;

    (void)data;
    room = hear(fixture, "acme/main", "secret plan");
    talk = fake_server_say_private(fixture->server, 2, 1, "secret affair");
    host_wait("im Ann <Ann> RECV secret affair");
    /* Without a sign-off, too, after a while. */
    for (;;) {
        g_clear_pointer(&files, g_ptr_array_unref);
        files = state_files("shown-");
        if (files->len > 0)
            break;
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_true(g_file_get_contents(files->pdata[0], &text, NULL, NULL));
    expected = g_strdup_printf("{\"version\":1,\"marks\":[[\"flow deadbeefdeadbeef\",%" G_GINT64_FORMAT
                               "],[\"private 2\",%" G_GINT64_FORMAT "]]}",
                               room, talk);
    g_assert_cmpstr(text, ==, expected);
    for (gsize i = 0; i < G_N_ELEMENTS(unwanted); i++) {
        g_assert_null(strstr(text, unwanted[i]));
        g_assert_null(strstr(strrchr(files->pdata[0], '/'), unwanted[i]));
    }
}

static const char *const broken_files[] = {
    "",
    "{",
    "\xff\xfe\x01",
    "null",
    "[]",
    "{\"version\":1}",
    "{\"version\":1,\"marks\":{}}",
    "{\"version\":2,\"marks\":[[\"flow deadbeefdeadbeef\",1]]}",
    "{\"version\":1,\"marks\":[null,1,[],[\"flow deadbeefdeadbeef\"],[1,1],[\"flow deadbeefdeadbeef\",\"x\"],"
    "[\"flow deadbeefdeadbeef\",-1],[\"flow deadbeefdeadbeef\",1,2]]}",
};

/* As if it were the first time; and afterwards the file is good again. */
static void test_broken_file(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;
    g_autoptr(GPtrArray) files = NULL;

    (void)data;
    fake_server_say(server, "acme/main", 2, "one");
    host_sign_on(fixture->account);
    host_wait(PAST "one");
    go_away(fixture);
    fake_server_say(server, "acme/main", 2, "two");
    files = state_files("shown-");
    g_assert_cmpuint(files->len, ==, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(broken_files); i++) {
        g_test_message("file: %s", broken_files[i]);
        g_assert_true(g_file_set_contents(files->pdata[0], broken_files[i], -1, NULL));
        host_sign_on(fixture->account);
        expect_in(MAIN, TITLE "\n" PAST "one\n" PAST "two");
        go_away(fixture);
    }
    fake_server_say(server, "acme/main", 2, "three");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "one\n" PAST "two\n" AWAY "\n" PAST "three");
}

/* Neither can be written where the other is. */
static void test_unwritable(Fixture *fixture, gconstpointer data)
{
    g_autofree char *folder = state_folder();
    g_autoptr(GPtrArray) files = NULL;

    (void)data;
    g_assert_true(g_file_set_contents(folder, "no folder", -1, NULL));
    fake_server_say(fixture->server, "acme/main", 2, "one");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "one");
    go_away(fixture);
    g_assert_cmpstr(host_record_text(), ==, "");
    g_assert_cmpint(g_remove(folder), ==, 0);
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "one");
    go_away(fixture);
    files = state_files("shown-");
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_cmpint(g_remove(files->pdata[0]), ==, 0);
    g_assert_cmpint(g_mkdir(files->pdata[0], 0700), ==, 0);
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" PAST "one");
    go_away(fixture);
    g_assert_cmpint(g_rmdir(files->pdata[0]), ==, 0);
}

/* ------------------------------------------------------------------------------------------------------- private chats */

#define ANN "im Ann "
#define ANN_PAST ANN "<Ann> RECV+DELAYED "
#define OWN_TO_ANN ANN "<Demo> SEND+DELAYED+REMOTE_SEND "

static void take_mark(Fixture *fixture, gint64 id)
{
    fake_server_set_tags(fixture->server, "private/1/2", id, "");
}

/* Both have written, and all was read. */
static void talk_before(Fixture *fixture)
{
    take_mark(fixture, fake_server_say_private(fixture->server, 2, 1, "first"));
    fake_server_say_private(fixture->server, 1, 2, "second");
    take_mark(fixture, fake_server_say_private(fixture->server, 2, 1, "third"));
}

/* Signed in, with the list of private chats read. */
static void sign_on(Fixture *fixture)
{
    guint lists = fake_server_count(fixture->server, "GET", "/private");

    host_sign_on_ready(fixture->account, fixture->server);
    test_until(fake_server_count(fixture->server, "GET", "/private") > lists);
}

/* Enough calls have come back for an earlier one to have had its effect. */
static void let_calls_end(Fixture *fixture)
{
    for (guint i = 0; i < 2; i++) {
        host_type_in_room(fixture->account, "acme/dev-team", "still here");
        host_wait_times("chat acme/dev-team <Demo> SEND still here", i + 1);
    }
    test_settle();
}

static void test_private_nothing_waits(Fixture *fixture, gconstpointer data)
{
    (void)data;
    talk_before(fixture);
    sign_on(fixture);
    let_calls_end(fixture);
    g_assert_null(host_im(fixture->account, "Ann"));
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/private/*"), ==, 0);
    g_assert_cmpuint(host_record_count("im *"), ==, 0);
}

static void test_private_opened(Fixture *fixture, gconstpointer data)
{
    (void)data;
    talk_before(fixture);
    sign_on(fixture);
    purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    expect_in(ANN, ANN_PAST "first\n" OWN_TO_ANN "second\n" ANN_PAST "third");
    fake_server_say_private(fixture->server, 2, 1, "fourth");
    expect_in(ANN, ANN "<Ann> RECV fourth");
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/private/2/messages"), ==, 1);
    /* Opened once more, it is not printed again: the host has its log. */
    purple_conversation_destroy(host_im(fixture->account, "Ann"));
    purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    let_calls_end(fixture);
    expect_in(ANN, "");
}

static void test_private_first_message(Fixture *fixture, gconstpointer data)
{
    (void)data;
    talk_before(fixture);
    sign_on(fixture);
    fake_server_say_private(fixture->server, 2, 1, "fourth");
    fake_server_say_private(fixture->server, 2, 1, "fifth");
    expect_in(ANN, ANN_PAST "first\n" OWN_TO_ANN "second\n" ANN_PAST "third\n" ANN "<Ann> RECV fourth\n" ANN
                            "<Ann> RECV fifth");
}

static void test_private_waiting(Fixture *fixture, gconstpointer data)
{
    gint64 id;

    (void)data;
    talk_before(fixture);
    id = fake_server_say_private(fixture->server, 2, 1, "unread");
    host_sign_on(fixture->account);
    expect_in(ANN, ANN_PAST "first\n" OWN_TO_ANN "second\n" ANN_PAST "third\n" ANN_PAST "unread");
    let_calls_end(fixture);
    expect_in(ANN, "");
    g_assert_true(is_marked(fixture, "private/1/2", id));
    host_focus(host_im(fixture->account, "Ann"));
    test_until(!is_marked(fixture, "private/1/2", id));
    g_assert_null(host_im(fixture->account, "Hubot"));
}

static void test_private_reconnect(Fixture *fixture, gconstpointer data)
{
    (void)data;
    talk_before(fixture);
    sign_on(fixture);
    purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    expect_in(ANN, ANN_PAST "first\n" OWN_TO_ANN "second\n" ANN_PAST "third");
    /* The stream breaks. */
    fake_server_streams_stall(fixture->server, TRUE);
    fake_server_say_private(fixture->server, 2, 1, "in the gap");
    fake_server_streams_cut(fixture->server);
    test_until(fake_server_count_streams(fixture->server) == 0);
    fake_server_streams_stall(fixture->server, FALSE);
    expect_in(ANN, ANN "<Ann> RECV in the gap");
    /* The account signs off, and the window stays. */
    host_sign_off(fixture->account);
    fake_server_say_private(fixture->server, 2, 1, "meanwhile");
    fake_server_say_private(fixture->server, 1, 2, "elsewhere");
    host_record_clear();
    host_sign_on(fixture->account);
    expect_in(ANN, ANN "<Ann> RECV meanwhile\n" ANN "<Demo> SEND+REMOTE_SEND elsewhere");
    let_calls_end(fixture);
    expect_in(ANN, "");
}

/* The same with somebody whom no list tells of. */
static void test_private_reconnect_stranger(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    fake_server_set_admin(server, 1, FALSE);
    fake_server_add_user(server, "acme", 77, "Newcomer", "newcomer@example.com", "x");
    fake_server_say_private(server, 77, 1, "one");
    host_sign_on(fixture->account);
    expect_in("im Newcomer ", "im Newcomer <Newcomer> RECV+DELAYED one");
    host_sign_off(fixture->account);
    fake_server_say_private(server, 77, 1, "two");
    host_record_clear();
    host_sign_on(fixture->account);
    expect_in("im Newcomer ", "im Newcomer <Newcomer> RECV two");
    fake_server_say_private(server, 77, 1, "three");
    expect_in("im Newcomer ", "im Newcomer <Newcomer> RECV three");
}

/* A window of one server, or of one person, says nothing about another's messages with the same ids. */
static void test_private_other_origin(Fixture *fixture, gconstpointer data)
{
    g_autoptr(FakeServer) second = fake_server_new_started();

    (void)data;
    talk_before(fixture);
    sign_on(fixture);
    purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    expect_in(ANN, ANN_PAST "first\n" OWN_TO_ANN "second\n" ANN_PAST "third");
    host_sign_off(fixture->account);
    purple_account_set_string(fixture->account, "api_url", fake_server_get_api_url(second));
    purple_account_set_string(fixture->account, "stream_url", fake_server_get_stream_url(second));
    purple_account_set_password(fixture->account, "demo");
    host_sign_on_ready(fixture->account, second);
    fake_server_say_private(second, 2, 1, "another Ann");
    expect_in(ANN, ANN "<Ann> RECV another Ann");
    /* Nothing is lost of either, though the window cannot tell any more where it stopped. */
    host_sign_off(fixture->account);
    fake_server_say_private(second, 2, 1, "later");
    host_record_clear();
    host_sign_on(fixture->account);
    host_wait(ANN "<Ann> RECV* later");
    host_sign_off(fixture->account);
    fake_server_say_private(fixture->server, 2, 1, "the first Ann");
    purple_account_set_string(fixture->account, "api_url", fake_server_get_api_url(fixture->server));
    purple_account_set_string(fixture->account, "stream_url", fake_server_get_stream_url(fixture->server));
    purple_account_set_password(fixture->account, "demo");
    host_sign_on(fixture->account);
    host_wait(ANN "<Ann> RECV* the first Ann");
    host_sign_off(fixture->account);
}

static void test_without_history(Fixture *fixture, gconstpointer data)
{
    (void)data;
    purple_account_set_int(fixture->account, "history", 0);
    fake_server_say(fixture->server, "acme/main", 2, "old");
    talk_before(fixture);
    sign_on(fixture);
    purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    let_calls_end(fixture);
    fake_server_say_private(fixture->server, 2, 1, "fourth");
    fake_server_say(fixture->server, "acme/main", 2, "new");
    expect_in(ANN, ANN "<Ann> RECV fourth");
    go_away(fixture);
    fake_server_say(fixture->server, "acme/main", 2, "missed");
    host_sign_on_ready(fixture->account, fixture->server);
    fake_server_say(fixture->server, "acme/main", 2, "newer");
    expect_in(MAIN, MAIN "<Ann> RECV newer");
}

/* ----------------------------------------------------------------------------------------------------------- strangers */

/* People of the organization whom no list tells of, as they share no flow with the user any more. */
static void hide_strangers(FakeServer *server)
{
    FakeFault no_rights = { .method = "GET", .path = "/organizations", .status = 403, .count = -1 };

    fake_server_fault(server, &no_rights);
}

static void add_strangers(FakeServer *server)
{
    hide_strangers(server);
    fake_server_set_admin(server, 1, FALSE);
    fake_server_add_user(server, "acme", 77, "Gone", "gone@example.com", "x");
    fake_server_add_user(server, "acme", 78, "Away", "away@example.com", "x");
}

static void test_strangers(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;
    FakeFault unknown = { .method = "GET", .path = "/users/78", .status = 404 };

    (void)data;
    add_strangers(server);
    fake_server_fault(server, &unknown);
    fake_server_say(server, "acme/main", 77, "one");
    fake_server_say(server, "acme/main", 2, "two");
    fake_server_say(server, "acme/main", 78, "three");
    fake_server_say(server, "acme/main", 77, "four");
    host_sign_on(fixture->account);
    expect_in(MAIN, TITLE "\n" MAIN "<Gone> RECV+DELAYED one\n" PAST "two\n" MAIN "<78> RECV+DELAYED three\n" MAIN
                          "<Gone> RECV+DELAYED four");
    g_assert_cmpuint(fake_server_count(server, "GET", "/users/77"), ==, 1);
}

/* Who writes much does not keep the others from being asked for. */
static void test_talkative_stranger(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    add_strangers(server);
    fake_server_say(server, "acme/main", 78, "once");
    for (guint i = 0; i < 25; i++)
        fake_server_say(server, "acme/main", 77, "again");
    host_sign_on(fixture->account);
    host_wait_times(MAIN "<Gone> RECV+DELAYED again", 25);
    g_assert_cmpuint(host_record_count(MAIN "<Away> RECV+DELAYED once"), ==, 1);
}

/* The connection breaks while it is asked who somebody is: what is loaded next is the gap, not all that ever was. */
static void test_stranger_and_gap(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;
    FakeFault slow = { .kind = FAKE_FAULT_STALL, .method = "GET", .path = "/users/77" };
    guint lists;

    (void)data;
    add_strangers(server);
    purple_account_set_int(fixture->account, "history", 2);
    fake_server_say(server, "acme/main", 2, "ancient");
    fake_server_say(server, "acme/main", 2, "old");
    fake_server_say(server, "acme/main", 77, "strange");
    fake_server_fault(server, &slow);
    host_sign_on(fixture->account);
    test_until(fake_server_stalled(server) == 1);
    test_until(fake_server_count_streams(server) == 1);
    lists = fake_server_count(server, "GET", "/flows/acme/main/messages");
    fake_server_streams_stall(server, TRUE);
    fake_server_say(server, "acme/main", 2, "in the gap");
    fake_server_streams_cut(server);
    test_until(fake_server_count_streams(server) == 0);
    fake_server_streams_stall(server, FALSE);
    test_until(fake_server_count(server, "GET", "/flows/acme/main/messages") > lists);
    host_type_in_room(fixture->account, "acme/dev-team", "still here");
    host_wait("chat acme/dev-team <Demo> SEND still here");
    /* It is asked again, or its words stand under a number. */
    fake_server_clear_faults(server);
    host_wait(MAIN "<Ann> RECV in the gap");
    test_settle();
    g_assert_cmpuint(host_record_count("* ancient"), ==, 0);
    g_assert_cmpuint(host_record_count(PAST "old"), ==, 1);
    g_assert_cmpuint(host_record_count(MAIN "<*> RECV+DELAYED strange"), ==, 1);
}

/* ------------------------------------------------------------------------------------------------------------ sign-off */

typedef struct {
    const char *name, *method, *path;
} Moment;

/* Each is under way when the account signs off. */
static const Moment moments[] = {
    { "past", "GET", "/flows/acme/main/messages" },
    { "private-list", "GET", "/private" },
    { "private-past", "GET", "/private/2/messages" },
    { "people", "GET", "/user?" },
    { "stranger", "GET", "/users/77" },
    { "unread-reading", "GET", "/flows/acme/main/messages/*" },
    { "unread-writing", "PUT", "/flows/acme/main/messages/*" },
};

static void check_sign_off(Fixture *fixture, const Moment *moment, FakeFaultKind kind)
{
    FakeServer *server = fixture->server;
    FakeFault fault = { .kind = kind, .method = moment->method, .path = moment->path, .delay_ms = 100 };

    g_test_message("%s, fault %d", moment->name, kind);
    fake_server_say(server, "acme/main", 2, "@Demo marked");
    fake_server_say(server, "acme/main", 77, "strange");
    fake_server_say_private(server, 2, 1, "waiting");
    hide_strangers(server);
    fake_server_fault(server, &fault);
    host_sign_on(fixture->account);
    if (strstr(moment->name, "unread")) {
        host_wait(MAIN "* @Demo marked");
        host_focus(host_room(fixture->account, "acme/main"));
    }
    test_until(fake_server_stalled(server) > 0);
    host_sign_off(fixture->account);
    host_record_clear();
    test_until(fake_server_count_streams(server) == 0);
    if (kind == FAKE_FAULT_DELAY)
        test_until(fake_server_stalled(server) == 0);
    fake_server_clear_faults(server);
    test_settle();
    g_assert_cmpstr(host_record_text(), ==, "");
    host_focus(NULL);
}

static void test_sign_off(Fixture *fixture, gconstpointer data)
{
    const Moment *moment = data;

    add_strangers(fixture->server);
    check_sign_off(fixture, moment, FAKE_FAULT_STALL);
    host_close_all(fixture->account);
    check_sign_off(fixture, moment, FAKE_FAULT_DELAY);
    host_close_all(fixture->account);
    /* Afterwards all goes on as ever. */
    fake_server_say(fixture->server, "acme/main", 2, "the end");
    host_sign_on(fixture->account);
    host_wait(MAIN "<Ann> RECV* the end");
    host_wait(ANN "<Ann> RECV* waiting");
}

/* Seen, but signed off before the pause was over; and with the file still to be written. */
static void test_sign_off_in_pause(Fixture *fixture, gconstpointer data)
{
    gint64 id;
    g_autoptr(GPtrArray) files = NULL;

    (void)data;
    id = hear(fixture, "acme/main", "@Demo quick");
    host_type_in_room(fixture->account, "acme/main", "bye");
    host_wait(MAIN "<Demo> SEND bye");
    host_sign_off(fixture->account);
    files = state_files("shown-");
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_true(is_marked(fixture, "acme/main", id));
    /* Nothing of it is left for the next time. */
    host_sign_on_ready(fixture->account, fixture->server);
    hear(fixture, "acme/main", "@Demo slow");
    g_assert_cmpuint(count_changes(fixture), ==, 0);
}

static PurpleAccount *victim;
static const char *trigger;

static void leave(PurpleAccount *account)
{
    if (account == victim && !purple_account_is_disconnected(account))
        purple_account_disconnect(account);
}

static void on_wrote(PurpleAccount *account, const char *who, char *text, PurpleConversation *conv,
                     PurpleMessageFlags flags, gpointer data)
{
    (void)who, (void)conv, (void)flags, (void)data;
    if (strstr(text, trigger))
        leave(account);
}

static void on_created(PurpleConversation *conv, gpointer data)
{
    (void)data;
    if (purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_IM)
        leave(purple_conversation_get_account(conv));
}

/* The host signs off inside of what it is told: a notice, a line of the past, the opening of a private chat. */
static void test_sign_off_inside(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *signal, *text, *silent;
        PurpleCallback callback;
    } cases[] = {
        { "wrote-chat-msg", "What follows came", MAIN "* missed", PURPLE_CALLBACK(on_wrote) },
        { "wrote-chat-msg", "More came", AWAY, PURPLE_CALLBACK(on_wrote) },
        { "wrote-im-msg", "first", ANN "* last", PURPLE_CALLBACK(on_wrote) },
        { "conversation-created", "", ANN "* last", PURPLE_CALLBACK(on_created) },
    };

    (void)data;
    purple_account_set_int(fixture->account, "history", 3);
    fake_server_say(fixture->server, "acme/main", 2, "known");
    host_sign_on_ready(fixture->account, fixture->server);
    go_away(fixture);
    for (guint i = 0; i < 6; i++)
        fake_server_say(fixture->server, "acme/main", 2, "missed");
    fake_server_say_private(fixture->server, 2, 1, "first");
    fake_server_say_private(fixture->server, 2, 1, "last");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s %s", cases[i].signal, cases[i].text);
        victim = fixture->account;
        trigger = cases[i].text;
        purple_signal_connect(purple_conversations_get_handle(), cases[i].signal, &victim, cases[i].callback, NULL);
        host_sign_on(fixture->account);
        test_until(host_record_count("connected *") > 0);
        test_until(purple_account_is_disconnected(fixture->account));
        test_until(fake_server_count_streams(fixture->server) == 0);
        purple_signals_disconnect_by_handle(&victim);
        g_assert_cmpuint(host_record_count(cases[i].silent), ==, 0);
        go_away(fixture);
        for (guint j = 0; j < 4; j++)
            fake_server_say(fixture->server, "acme/main", 2, "missed");
    }
}

#define ADD(name, function) g_test_add("/flowdock/seen/" name, Fixture, NULL, set_up, function, tear_down)
#define ADD_AWAY(name, function) g_test_add("/flowdock/seen/" name, Fixture, NULL, set_up_away, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("unread/focus", test_focus);
    ADD("unread/batch", test_batch);
    ADD("unread/writing", test_writing);
    ADD("unread/private", test_private_mark);
    ADD_AWAY("unread/past", test_mark_in_past);
    ADD("unread/stays", test_mark_stays);
    ADD_AWAY("away/notice", test_away);
    ADD_AWAY("away/more-than-is-loaded", test_more_than_is_loaded);
    ADD_AWAY("away/others-marks", test_others_marks);
    ADD("away/file", test_file);
    ADD_AWAY("away/broken-file", test_broken_file);
    ADD_AWAY("away/unwritable", test_unwritable);
    ADD_AWAY("private/nothing-waits", test_private_nothing_waits);
    ADD_AWAY("private/opened", test_private_opened);
    ADD_AWAY("private/first-message", test_private_first_message);
    ADD_AWAY("private/waiting", test_private_waiting);
    ADD_AWAY("private/reconnect", test_private_reconnect);
    ADD_AWAY("private/reconnect-stranger", test_private_reconnect_stranger);
    ADD_AWAY("private/other-origin", test_private_other_origin);
    ADD_AWAY("without-history", test_without_history);
    ADD_AWAY("strangers/nicks", test_strangers);
    ADD_AWAY("strangers/talkative", test_talkative_stranger);
    ADD_AWAY("strangers/gap", test_stranger_and_gap);
    for (gsize i = 0; i < G_N_ELEMENTS(moments); i++) {
        g_autofree char *path = g_strconcat("/flowdock/seen/sign-off/", moments[i].name, NULL);

        g_test_add(path, Fixture, &moments[i], set_up_away, test_sign_off, tear_down);
    }
    ADD("sign-off/pause", test_sign_off_in_pause);
    ADD_AWAY("sign-off/inside", test_sign_off_inside);
    return g_test_run();
}
