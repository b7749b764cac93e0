/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of /act: what a thread's integration offers to do. Sheet: 3.14. */
#include "host.h"

#include <string.h>

typedef HostFixture Fixture;

#define ROOM "chat acme/main"
#define FROM " <Flowdock> RECV+"
#define REFUSED ROOM FROM "ERROR "
#define TOLD ROOM FROM "SYSTEM "
#define LINK "{\"@type\":\"ViewAction\",\"name\":\"Diff\",\"url\":\"https://example.com/1/diff?a=b&c\"}"
#define CALL(name, url, method)                                                                                        \
    "{\"@type\":\"UpdateAction\",\"name\":\"" name "\",\"target\":{\"@type\":\"EntryPoint\",\"urlTemplate\":\"" url    \
    "\",\"httpMethod\":\"" method "\"}}"
#define CLOSE CALL("Close issue", "https://ci.example.com/1?close=yes", "POST")
#define ACTIONS "[" LINK "," CLOSE "]"

static void type_in(Fixture *fixture, const char *room, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    g_test_message("typing %s", text);
    host_type_in_room(fixture->account, room, html);
}

static void type(Fixture *fixture, const char *text)
{
    type_in(fixture, "acme/main", text);
}

static void expect_line(Fixture *fixture, const char *typed, const char *line)
{
    type(fixture, typed);
    host_expect(line);
}

/* A ticket with these actions, which the room shows as [1: Ticket]. Returns: the message. */
static gint64 offer(Fixture *fixture, const char *actions)
{
    g_autofree char *activity =
        g_strdup_printf("{\"event\":\"activity\",\"external_thread_id\":\"t1\",\"author\":{\"name\":\"Eve\"},"
                        "\"title\":\"opened\",\"thread\":{\"title\":\"Ticket\",\"actions\":%s}}",
                        actions);
    g_autoptr(GError) error = NULL;
    gint64 id = fake_server_post(fixture->server, "acme/main", 0, activity, &error);

    g_assert_no_error(error);
    host_wait(ROOM " *[1: Ticket]*");
    host_record_clear();
    return id;
}

static guint calls(Fixture *fixture)
{
    return fake_server_count(fixture->server, NULL, "/thread_actions/*");
}

static const FakeRequest *last_call(Fixture *fixture)
{
    const FakeRequest *request = fake_server_last_request(fixture->server, NULL, "/thread_actions/*");

    g_assert_nonnull(request);
    return request;
}

/* Where all this is: real dialogs and a browser, or the gateway to IRC. */
static void be_bitlbee(gboolean bitlbee)
{
    host_pretend(bitlbee ? "BitlBee" : "flowdock-test-host");
    host_set_browser(!bitlbee);
}

/* --------------------------------------------------------------------------------------------------------- what is shown */

static void test_show(Fixture *fixture, gconstpointer data)
{
    static const char list[] =
        "<br>(1) Diff: <a href=\"https://example.com/1/diff?a=b&amp;c\">https://example.com/1/diff"
        "?a=b&amp;c</a><br>(2) Close issue: POST to 127.0.0.1:";

    (void)data;
    offer(fixture, ACTIONS);
    type(fixture, "/show 1");
    host_wait(TOLD "Its latest messages:*");
    g_assert_nonnull(strstr(host_record_text(), list));
    g_assert_nonnull(strstr(host_record_text(), "<br>/act 1 N uses one of these."));
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 *opened*");
    host_record_clear();
    type_in(fixture, "acme/main/1", "/show 1");
    host_wait("chat acme/main/1" FROM "SYSTEM Its latest messages:*");
    g_assert_nonnull(strstr(host_record_text(), list));
    g_assert_nonnull(strstr(host_record_text(), "<br>/act N uses one of these."));
}

static void test_link(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    expect_line(fixture, "/act 1 1", TOLD "Diff: https://example.com/1/diff?a=b&amp;c\nbrowse");
    g_assert_cmpstr(host_browsed(), ==, "https://example.com/1/diff?a=b&c");
    be_bitlbee(TRUE);
    expect_line(fixture, "/act #1 1 ok", TOLD "Diff: https://example.com/1/diff?a=b&amp;c");
    be_bitlbee(FALSE);
    g_assert_cmpuint(calls(fixture), ==, 0);
}

/* ------------------------------------------------------------------------------------------------------------- questions */

static void test_question(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    type(fixture, "/act 1 2");
    host_wait("choose Do you want to use this action of [1: Ticket]? | Close issue: POST to 127.0.0.1:*. "
              "/act 1 2 ok does it. (OK, Cancel)");
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    g_assert_cmpuint(calls(fixture), ==, 0);
    /* Addresses expire. */
    fake_server_expire_actions(fixture->server);
    host_record_clear();
    host_choose("OK");
    host_wait(TOLD "Done: Close issue.");
    /* What it has changed is told by the stream. */
    host_wait(ROOM " *was used: Close issue*");
    g_assert_cmpstr(fake_server_get_pressed(fixture->server), ==, "POST https://ci.example.com/1?close=yes by 1");
    g_assert_cmpuint(calls(fixture), ==, 1);
    g_assert_true(g_str_has_prefix(last_call(fixture)->authorization, "Bearer "));
    g_assert_cmpstr(last_call(fixture)->body, ==, "{}");
    g_assert_cmpstr(last_call(fixture)->content_type, ==, "application/json");
    /* A signed address is as good as what it does. */
    g_assert_null(strstr(host_debug_log(), "s1gn4tur3"));
    g_assert_null(strstr(host_debug_log(), "thread_actions"));
}

static void test_cancel(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    type(fixture, "/act 1 2");
    host_wait("choose *");
    host_record_clear();
    host_choose("Cancel");
    host_expect(TOLD "Not done: Close issue.");
    g_assert_cmpuint(calls(fixture), ==, 0);
}

static void test_bitlbee(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    be_bitlbee(TRUE);
    type(fixture, "/act 1 2");
    host_wait(TOLD "Close issue: POST to 127.0.0.1:*. /act 1 2 ok does it.");
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    g_assert_false(host_is_offered());
    g_assert_cmpuint(calls(fixture), ==, 0);
    type(fixture, "/act 1 2 OK");
    host_wait(TOLD "Done: Close issue.");
    be_bitlbee(FALSE);
    g_assert_cmpuint(calls(fixture), ==, 1);
}

static void test_sure(Fixture *fixture, gconstpointer data)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    gint64 id = offer(fixture, ACTIONS);

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autofree char *actions = g_strdup_printf("[" CALL("Do", "https://ci.example.com/", "%s") "]", methods[i]);
        g_autofree char *pressed = g_strdup_printf("%s https://ci.example.com/ by 1", methods[i]);
        gboolean has_body = methods[i][0] == 'P';

        fake_server_set_actions(fixture->server, "acme/main", id, actions);
        type(fixture, "/act 1 1 ok");
        host_wait(TOLD "Done: Do.");
        host_wait(ROOM " *was used: Do*");
        host_record_clear();
        g_assert_cmpstr(fake_server_get_pressed(fixture->server), ==, pressed);
        g_assert_cmpstr(last_call(fixture)->body, ==, has_body ? "{}" : "");
    }
    g_assert_cmpuint(calls(fixture), ==, G_N_ELEMENTS(methods));
}

/* As Pidgin and Finch run it. */
static void test_command(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    host_command_in_room(fixture->account, "acme/main", "/act  1   2  ok ");
    host_wait(TOLD "Done: Close issue.");
}

static void test_thread_room(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 *opened*");
    host_record_clear();
    type_in(fixture, "acme/main/1", "/act 2");
    host_wait("choose * /act 2 ok does it. (*)");
    host_choose("OK");
    host_wait("chat acme/main/1" FROM "SYSTEM Done: Close issue.");
    type_in(fixture, "acme/main/1", "/act 2 ok");
    host_wait_times("chat acme/main/1" FROM "SYSTEM Done: Close issue.", 2);
    type_in(fixture, "acme/main/1", "/act 1 2 ok");
    host_wait_times("chat acme/main/1" FROM "SYSTEM Done: Close issue.", 3);
    host_record_clear();
    type_in(fixture, "acme/main/1", "/act 2 no");
    host_wait("chat acme/main/1" FROM "ERROR It is used like this: /act THREAD N [ok], *<br>You typed: /act 2 no");
    g_assert_cmpuint(calls(fixture), ==, 3);
    /* What comes of it is said all the same. */
    type_in(fixture, "acme/main/1", "/act 2");
    host_wait("choose *");
    host_close_room(fixture->account, "acme/main/1");
    host_choose("OK");
    host_wait(TOLD "Done: Close issue.");
}

/* ------------------------------------------------------------------------------------- meanwhile */

static void test_changed(Fixture *fixture, gconstpointer data)
{
    gint64 id = offer(fixture, ACTIONS);

    (void)data;
    type(fixture, "/act 1 2");
    host_wait("choose *");
    host_record_clear();
    /* It is found where it is now, and not what is in its place. */
    fake_server_set_actions(fixture->server, "acme/main", id,
                            "[" CLOSE "," CALL("Delete all", "https://ci.example.com/all", "POST") "]");
    host_choose("OK");
    host_wait(TOLD "Done: Close issue.");
    type(fixture, "/act 1 2");
    host_wait("choose * | Delete all: *");
    fake_server_set_actions(fixture->server, "acme/main", id,
                            "[" LINK "," CALL("Delete all", "https://ci.example.com/all", "DELETE") "]");
    host_choose("OK");
    host_wait(REFUSED "The thread does not offer this any more, so nothing was done. It offers:<br>(1) Diff: opens "
                      "example.com<br>(2) Delete all: DELETE to *<br>You typed: /act 1 2");
    type(fixture, "/act 1 2");
    host_wait_times("choose * | Delete all: *", 2);
    fake_server_set_actions(fixture->server, "acme/main", id, "[]");
    host_choose("OK");
    host_wait(REFUSED "This thread offers no actions.<br>You typed: /act 1 2");
    g_assert_cmpuint(calls(fixture), ==, 1);
}

#define OFFLINE REFUSED "The account went offline before the service confirmed it.<br>You typed: /act 1 2"

static void test_sign_off_while_asked(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    type(fixture, "/act 1 2");
    host_wait("choose *");
    host_record_clear();
    host_sign_off(fixture->account);
    host_wait(OFFLINE);
    g_assert_false(host_is_offered());
    g_assert_cmpuint(host_record_count(ROOM "*"), ==, 1);
    g_assert_cmpuint(calls(fixture), ==, 0);
}

/* The host closes the connection later, and the answer comes before. */
static void test_lost_while_asked(Fixture *fixture, gconstpointer data)
{
    (void)data;
    offer(fixture, ACTIONS);
    type(fixture, "/act 1 2");
    host_wait("choose *");
    host_record_clear();
    purple_connection_error_reason(purple_account_get_connection(fixture->account),
                                   PURPLE_CONNECTION_ERROR_NETWORK_ERROR, "lost");
    g_assert_true(host_is_offered());
    host_choose("OK");
    host_wait(OFFLINE);
    test_settle();
    g_assert_cmpuint(host_record_count(ROOM "*"), ==, 1);
    g_assert_cmpuint(calls(fixture), ==, 0);
}

/* @data: what is not answered any more */
static void test_sign_off_meanwhile(Fixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = data, .count = 1 };

    offer(fixture, ACTIONS);
    fake_server_fault(fixture->server, &stall);
    type(fixture, "/act 1 2 ok");
    test_until(fake_server_stalled(fixture->server) == 1);
    host_record_clear();
    host_sign_off(fixture->account);
    fake_server_clear_faults(fixture->server);
    host_wait(OFFLINE " ok");
    test_settle();
    g_assert_cmpuint(host_record_count(ROOM "*"), ==, 1);
}

/* --------------------------------------------------------------------------------------------------------------- origins */

static void test_foreign(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_set_actions_way(fixture->server, FAKE_ACTIONS_FOREIGN);
    offer(fixture, ACTIONS);
    type(fixture, "/act 1 2 ok");
    host_wait(TOLD "Done: Close issue.");
    g_assert_cmpint(last_call(fixture)->origin, ==, FAKE_ORIGIN_STREAM);
    g_assert_null(last_call(fixture)->authorization);
    g_assert_cmpstr(fake_server_get_pressed(fixture->server), ==, "POST https://ci.example.com/1?close=yes by 0");
}

/* A redirect is an answer, and is not followed. */
static void test_redirect(Fixture *fixture, gconstpointer data)
{
    g_autofree char *location = g_strconcat(fake_server_get_stream_url(fixture->server), "/stolen", NULL);
    FakeFault redirect = { .path = "/thread_actions/*", .status = 307, .location = location, .body = "" };

    (void)data;
    offer(fixture, ACTIONS);
    fake_server_fault(fixture->server, &redirect);
    type(fixture, "/act 1 2 ok");
    host_wait(REFUSED "The integration&apos;s answer makes no sense. It may have been done all the same: look at the "
                      "thread before you try again. (307 *)<br>You typed: /act 1 2 ok");
    test_settle();
    g_assert_cmpuint(fake_server_count(fixture->server, NULL, "/stolen"), ==, 0);
    g_assert_cmpuint(calls(fixture), ==, 1);
}

static void test_bad_addresses(Fixture *fixture, gconstpointer data)
{
#define UNENCRYPTED "The action&apos;s address is not encrypted, so nothing was sent."
#define SENSELESS "The action&apos;s address makes no sense, so nothing was sent."
    static const struct {
        const char *url, *problem;
    } cases[] = {
        { "http://ci.example.com/x", UNENCRYPTED },
        { "HTTP://127.0.0.1.example.com/x", UNENCRYPTED },
        { "https://me:secret@ci.example.com/x", SENSELESS },
        { "https://ci.example.com%2f@evil.example.com/x", SENSELESS },
        { "javascript:alert(1)", "This thread offers no actions." },
        { "file:///etc/passwd", "This thread offers no actions." },
        { "ftp://ci.example.com/x", "This thread offers no actions." },
        { "https://ci.exam\\nple.com/x", "This thread offers no actions." },
    };
    gint64 id = offer(fixture, ACTIONS);

    (void)data;
    fake_server_set_actions_way(fixture->server, FAKE_ACTIONS_VERBATIM);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *actions = g_strdup_printf("[" CALL("Do", "%s", "POST") "]", cases[i].url);
        g_autofree char *links =
            g_strdup_printf("[{\"@type\":\"ViewAction\",\"name\":\"See\",\"url\":\"%s\"}]", cases[i].url);
        g_autofree char *refused = g_strdup_printf(REFUSED "%s<br>You typed: /act 1 1", cases[i].problem);
        g_autofree char *refused_ok = g_strdup_printf("%s ok", refused);

        g_test_message("%s", cases[i].url);
        fake_server_set_actions(fixture->server, "acme/main", id, actions);
        expect_line(fixture, "/act 1 1 ok", refused_ok);
        expect_line(fixture, "/act 1 1", refused);
        if (g_str_has_prefix(cases[i].problem, "This")) {
            fake_server_set_actions(fixture->server, "acme/main", id, links);
            expect_line(fixture, "/act 1 1", refused);
        }
    }
    g_assert_cmpuint(calls(fixture), ==, 0);
}

/* --------------------------------------------------------------------------------------------------------------- answers */

static void test_answers(Fixture *fixture, gconstpointer data)
{
    static const struct {
        guint status;
        const char *body, *line;
    } cases[] = {
        { 200, NULL, TOLD "Done: Close issue." },
        { 204, "", TOLD "Done: Close issue." },
        { 202, "{\"message\":\"Will do\"}", TOLD "Done: Close issue. The integration says: Will do" },
        { 200, "{\"description\":\" It \\n<b>is</b>\\u0007 done\\u202e \"}",
          TOLD "Done: Close issue. The integration says: It &lt;b&gt;is&lt;/b&gt; done" },
        { 200, "{\"message\":\"token=abc123secret\"}", TOLD "Done: Close issue. The integration says: token=[...]" },
        { 200, "{\"message\":{\"a\":1},\"error\":7}", TOLD "Done: Close issue." },
        { 200, "\x01 no <JSON>", TOLD "Done: Close issue." },
        { 422, "{\"error\":\"It is\\nlocked\"}", REFUSED "The integration refused it. (It is locked)<br>*" },
        { 403, "{\"message\":\"Ask Ann\"}", REFUSED "The integration does not allow it. (Ask Ann)<br>*" },
        { 403, "<html>", REFUSED "The integration does not allow it. (403 Forbidden)<br>*" },
        { 404, "", REFUSED "The integration does not know this action any more. (404 Not Found)<br>*" },
        { 410, "", REFUSED "The integration does not know this action any more. (410 Gone)<br>*" },
        { 429, "", REFUSED "The server asks for fewer requests. Wait a little, then try again.<br>*" },
        { 500, "{\"message\":\"out of\\r\\n<cheese>\"}",
          REFUSED "The integration has a problem of its own. It may have been done all the same: look at the thread "
                  "before you try again. (500: out of &lt;cheese&gt;)<br>*" },
    };

    (void)data;
    offer(fixture, ACTIONS);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FakeFault answer = { .path = "/thread_actions/*", .status = cases[i].status, .body = cases[i].body };

        g_test_message("%u %s", cases[i].status, cases[i].body ? cases[i].body : "");
        fake_server_fault(fixture->server, &answer);
        type(fixture, "/act 1 2 ok");
        host_wait(cases[i].line);
        test_settle();
        g_assert_cmpuint(host_record_count("*"), ==, 1);
        host_record_clear();
    }
    g_assert_cmpuint(calls(fixture), ==, G_N_ELEMENTS(cases));
}

/* However much an integration has to say: it is bounded, and does not hide what came of it. */
static void test_long_answers(Fixture *fixture, gconstpointer data)
{
    g_autofree char *word = g_strnfill(5000, 'x');
    g_autofree char *blanks = g_strnfill(3 * 1024 * 1024, ' ');
    g_autofree char *talk = g_strdup_printf("{\"message\":\"%s\"}", word);
    g_autofree char *flood = g_strconcat("{\"message\":\"hi\"", blanks, "}", NULL);
    FakeActionAnswer much = { .body = talk }, far_too_much = { .body = flood };

    (void)data;
    offer(fixture, ACTIONS);
    fake_server_set_action_answer(fixture->server, &much);
    type(fixture, "/act 1 2 ok");
    host_wait(TOLD "Done: Close issue. The integration says: xxx*x…");
    g_assert_cmpuint(strlen(host_record_text()), <, 800);
    host_wait(ROOM " *was used: Close issue*");
    host_record_clear();
    fake_server_set_action_answer(fixture->server, &far_too_much);
    type(fixture, "/act 1 2 ok");
    host_wait(TOLD "Done: Close issue.");
}

static void test_cut(Fixture *fixture, gconstpointer data)
{
    FakeFault cut = { .kind = FAKE_FAULT_CUT_AFTER, .path = "/thread_actions/*", .count = 1 };

    (void)data;
    offer(fixture, ACTIONS);
    fake_server_fault(fixture->server, &cut);
    type(fixture, "/act 1 2 ok");
    host_wait(REFUSED "The integration cannot be reached, or the connection broke. It may have been done all the same: "
                      "look at the thread before you try again. (*)<br>You typed: /act 1 2 ok");
}

/* An integration's 401 is not about our sign-in, which goes on as it was. */
static void test_who_are_you(Fixture *fixture, gconstpointer data)
{
#define UNKNOWN "The integration does not know who you are, and does not say where to tell it. (401 Unauthorized)"
#define SAYS(url) "The integration wants to know who you are: open " url " in a browser, then try again."
    static const struct {
        const char *challenge, *problem;
    } cases[] = {
        { "Flowdock-Token url=https://ci.example.com/login?a=b&c", SAYS("https://ci.example.com/login?a=b&amp;c") },
        { "Basic realm=\"x\", flowdock-token url=\"http://ci.example.com/login\"",
          SAYS("http://ci.example.com/login") },
        { "Flowdock-Token url=\"javascript:alert(1)\"", UNKNOWN },
        { "Flowdock-Token url=file:///etc/passwd", UNKNOWN },
        { "Flowdock-Token url=\"https://ci.example.com/a b\"", UNKNOWN },
        { "Bearer error=\"invalid_token\"", UNKNOWN },
        { NULL, UNKNOWN },
    };
    guint tokens;

    (void)data;
    offer(fixture, ACTIONS);
    tokens = fake_server_count(fixture->server, NULL, "/oauth/*");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FakeActionAnswer answer = { .status = 401, .body = "", .challenge = cases[i].challenge };
        g_autofree char *refused = g_strdup_printf(REFUSED "%s<br>You typed: /act 1 2 ok", cases[i].problem);

        fake_server_set_action_answer(fixture->server, &answer);
        expect_line(fixture, "/act 1 2 ok", refused);
        g_assert_cmpuint(calls(fixture), ==, i + 1);
    }
    g_assert_cmpuint(fake_server_count(fixture->server, NULL, "/oauth/*"), ==, tokens);
    g_assert_true(host_is_online(fixture->account));
    g_assert_false(host_is_offered());
    /* When it is ours that has expired, that is found out before. */
    fake_server_set_action_answer(fixture->server, &(FakeActionAnswer){ .status = 200 });
    fake_server_expire_access_tokens(fixture->server);
    type(fixture, "/act 1 2 ok");
    host_wait(TOLD "Done: Close issue.");
    g_assert_cmpuint(fake_server_count(fixture->server, NULL, "/oauth/*"), ==, tokens + 1);
}

/* ------------------------------------------------------------------------------------------------------------ wrong use */

static void test_wrong_use(Fixture *fixture, gconstpointer data)
{
    static const char *const lines[] = { "/act",         "/act 1",         "/act 1 x",
                                         "/act 1 -1",    "/act 1 ok",      "/act 1 1.5",
                                         "/act 1 2 yes", "/act 1 2 ok ok", "/act 1 99999999999" };
    guint before;

    (void)data;
    offer(fixture, ACTIONS);
    before = fake_server_requests(fixture->server)->len;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *refused = g_strdup_printf(
            REFUSED "It is used like this: /act THREAD N [ok], for example /act 3 1<br>You typed: %s", lines[i]);

        expect_line(fixture, lines[i], refused);
    }
    expect_line(fixture, "/act 7 1",
                REFUSED
                "There is no thread &quot;7&quot; here. The latest are: [1: Ticket]. /threads lists more.<br>You "
                "typed: /act 7 1");
    g_assert_cmpuint(fake_server_requests(fixture->server)->len, ==, before);
    expect_line(fixture, "/act abcdefghijklmnopqrstuvwxyz 1",
                REFUSED
                "There is no such thread. /threads lists them.<br>You typed: /act abcdefghijklmnopqrstuvwxyz 1");
    type(fixture, "/act 1 3");
    host_wait(REFUSED
              "This thread has no action 3. It offers:<br>(1) Diff: opens example.com<br>(2) Close issue: POST to "
              "127.0.0.1:*<br>You typed: /act 1 3");
    type(fixture, "/act 1 0 ok");
    host_wait(REFUSED "This thread has no action 0. It offers:*<br>You typed: /act 1 0 ok");
    g_assert_cmpuint(calls(fixture), ==, 0);
}

static void test_no_actions(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .path = "/flows/*/threads/*", .status = 500, .body = "" };

    (void)data;
    offer(fixture, "[]");
    expect_line(fixture, "/act 1 1", REFUSED "This thread offers no actions.<br>You typed: /act 1 1");
    fake_server_fault(fixture->server, &fault);
    type(fixture, "/act 1 1");
    host_wait(REFUSED "The server has a problem of its own. *<br>You typed: /act 1 1");
}

/* ---------------------------------------------------------------------------------------------------------- hostile names */

static void test_hostile_names(Fixture *fixture, gconstpointer data)
{
    g_autofree char *word = g_strnfill(5000, 'x');
    g_autofree char *long_one = g_strdup_printf("[" CALL("%s", "https://ci.example.com/", "POST") "]", word);
    g_autoptr(GString) many = g_string_new("[" CLOSE);
    gint64 id = offer(fixture, "[" CALL("<b>Close</b>\\n &lt;i&gt;\\u202eit\\u0007 & %s", "https://h/", "POST") "]");

    (void)data;
    type(fixture, "/act 1 1");
    host_wait("choose * | Close <i>it & %s: POST to *");
    host_choose("OK");
    host_wait(TOLD "Done: Close &lt;i&gt;it &amp; %s.");
    host_wait(ROOM " *was used:*");
    host_record_clear();
    fake_server_set_actions(fixture->server, "acme/main", id, long_one);
    type(fixture, "/act 1 1");
    host_wait("choose * | xxx*xxx…: POST to 127.0.0.1:*. /act 1 1 ok does it. (*)");
    g_assert_cmpuint(strlen(host_record_text()), <, 300);
    host_record_clear();
    host_choose("OK");
    host_wait(TOLD "Done: xxx*xxx….");
    host_wait(ROOM " *was used:*");
    host_record_clear();
    for (guint i = 0; i < 60; i++)
        g_string_append(many, "," CLOSE);
    g_string_append(many, "]");
    fake_server_set_actions(fixture->server, "acme/main", id, many->str);
    type(fixture, "/act 1 99");
    host_wait(REFUSED "This thread has no action 99. It offers:<br>(1)*<br>(10) *<br>…<br>You typed: /act 1 99");
}

#define ADD(name, function)                                                                                            \
    g_test_add("/flowdock/act/" name, Fixture, NULL, host_fixture_set_up, function, host_fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("show", test_show);
    ADD("link", test_link);
    ADD("question", test_question);
    ADD("cancel", test_cancel);
    ADD("bitlbee", test_bitlbee);
    ADD("sure", test_sure);
    ADD("command", test_command);
    ADD("thread-room", test_thread_room);
    ADD("changed", test_changed);
    ADD("sign-off-while-asked", test_sign_off_while_asked);
    ADD("lost-while-asked", test_lost_while_asked);
    g_test_add("/flowdock/act/sign-off-while-loading", Fixture, "/flows/*/threads/*", host_fixture_set_up,
               test_sign_off_meanwhile, host_fixture_tear_down);
    g_test_add("/flowdock/act/sign-off-meanwhile", Fixture, "/thread_actions/*", host_fixture_set_up,
               test_sign_off_meanwhile, host_fixture_tear_down);
    ADD("foreign", test_foreign);
    ADD("redirect", test_redirect);
    ADD("bad-addresses", test_bad_addresses);
    ADD("answers", test_answers);
    ADD("long-answers", test_long_answers);
    ADD("cut", test_cut);
    ADD("who-are-you", test_who_are_you);
    ADD("wrong-use", test_wrong_use);
    ADD("no-actions", test_no_actions);
    ADD("hostile-names", test_hostile_names);
    return g_test_run();
}
