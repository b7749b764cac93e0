/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of reading and writing, in rooms and to people. */
#include "host.h"

#include <string.h>

typedef HostFixture Fixture;

static void test_reading(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    fake_server_say(server, "acme/main", 2, "plain & <b>bold</b>\nsecond line");
    fake_server_say(server, "acme/dev-team", 2, "elsewhere");
    fake_server_say(server, "acme/main", 1, "from my telephone");
    fake_server_say(server, "acme/main", 2, "@Demo look");
    fake_server_say(server, "acme/main", 2, "I met demo yesterday");
    fake_server_say(server, "acme/main", 2, "@everyone lunch");
    fake_server_say_external(server, "acme/main", "Robot", "beep");
    fake_server_say_external(server, "acme/main", "ann", "not the real one");
    host_expect("chat acme/main <Ann> RECV plain &amp; &lt;b&gt;bold&lt;/b&gt;<br>second line\n"
                "chat acme/dev-team <Ann> RECV elsewhere\n"
                "chat acme/main <Demo> SEND+REMOTE_SEND from my telephone\n"
                "chat acme/main <Ann> RECV+NICK @Demo look\n"
                "chat acme/main <Ann> RECV+NICK I met demo yesterday\n"
                "chat acme/main <Ann> RECV+NICK @everyone lunch\n"
                "chat acme/main <Robot> RECV beep\n"
                "chat acme/main <~ann> RECV not the real one");
}

static void test_other_events(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    fake_server_post(server, "acme/main", 2, "{\"event\":\"status\",\"content\":\"at lunch\"}", NULL);
    fake_server_post(server, "acme/main", 2, "{\"event\":\"line\",\"content\":\"waves\"}", NULL);
    /* Nothing of these is shown, and none stops the next. */
    fake_server_emit(server, "{\"event\":\"never-heard-of\",\"flow\":\"acme/main\",\"id\":0,\"content\":{}}");
    fake_server_emit(server, "{\"event\":\"message\",\"flow\":\"acme/main\",\"id\":0,\"user\":\"2\",\"content\":null}");
    fake_server_emit(server, "{\"event\":\"message\",\"flow\":\"acme/elsewhere\",\"user\":\"2\",\"content\":\"x\"}");
    fake_server_emit(server, "{\"event\":17}");
    fake_server_emit_raw(server, "data: {\"event\":\n\n", -1);
    fake_server_emit_raw(server, "data: [1,2]\n\ndata: \xff\xfe\n\n", -1);
    fake_server_say(server, "acme/main", 2, "done");
    host_wait("* done");
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> RECV /me changed status to: at lunch"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> RECV done"), ==, 1);
    g_assert_cmpuint(host_record_count("*"), <=, 3);
}

static void test_writing(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;
    JsonObject *stored;

    (void)data;
    host_type_in_room(fixture->account, "acme/main", "a &lt;b&gt; &amp;amp; &quot;c&quot;<br>http://x.example/_y_ *z*");
    /* What looks like markdown is markdown to the service, whoever types it. */
    host_expect("chat acme/main <Demo> SEND a &lt;b&gt; &amp; &quot;c&quot;<br>"
                "<a href=\"http://x.example/_y\">http://x.example/_y</a>_ <i>z</i>");
    stored = fake_server_get_message(server, "acme/main", 0);
    g_assert_cmpstr(json_object_get_string_member(stored, "content"), ==,
                    "a <b> &amp; \"c\"\nhttp://x.example/_y_ *z*");
    g_assert_cmpuint(strlen(json_object_get_string_member(stored, "uuid")), >=, 16);
    g_assert_cmpuint(fake_server_message_count(server, "acme/main"), ==, 1);
}

static void test_order(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) expected = g_string_new(NULL);

    (void)data;
    for (guint i = 0; i < 30; i++) {
        g_autofree char *text = g_strdup_printf("line %u", i);

        host_type_in_room(fixture->account, "acme/main", text);
        g_string_append_printf(expected, "%schat acme/main <Demo> SEND %s", i ? "\n" : "", text);
    }
    host_expect(expected->str);
    g_assert_cmpuint(fake_server_message_count(fixture->server, "acme/main"), ==, 30);
}

static void test_emoji_codes(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_type_in_room(fixture->account, "acme/main", "good :+1:");
    host_expect("chat acme/main <Demo> SEND good 👍");
}

/* Whatever the service's answer looks like, the line comes once. */
static void test_answers(Fixture *fixture, gconstpointer data)
{
    static const FakeFaultKind kinds[] = { FAKE_FAULT_ACCEPTED, FAKE_FAULT_CREATED, FAKE_FAULT_EMPTY,
                                           FAKE_FAULT_DELAY };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        FakeFault fault = { .kind = kinds[i], .method = "POST", .path = "*/messages", .delay_ms = 200 };

        fake_server_fault(fixture->server, &fault);
        host_type_in_room(fixture->account, "acme/main", "once");
        host_expect("chat acme/main <Demo> SEND once");
    }
    fake_server_set_odd(fixture->server, FAKE_ODD_NO_UUID);
    host_type_in_room(fixture->account, "acme/main", "without uuid");
    host_wait("chat acme/main <Demo> SEND* without uuid");
    test_settle();
    g_assert_cmpuint(host_record_count("* without uuid"), ==, 1);
}

/* The stream is silent: the line comes all the same, with what others wrote before it. */
static void test_own_line_without_stream(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_say(fixture->server, "acme/main", 2, "base");
    host_wait("* base");
    host_record_clear();
    fake_server_streams_stall(fixture->server, TRUE);
    fake_server_say(fixture->server, "acme/main", 2, "before");
    host_type_in_room(fixture->account, "acme/main", "mine");
    host_expect("chat acme/main <Ann> RECV before\n"
                "chat acme/main <Demo> SEND mine");
    fake_server_streams_stall(fixture->server, FALSE);
}

static void test_long_text(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(JsonArray) stored = NULL;
    g_autoptr(GString) back = g_string_new(NULL);

    (void)data;
    for (guint i = 0; i < 2500; i++)
        g_string_append_printf(text, "%sword%u", i ? " " : "", i);
    host_type_in_room(fixture->account, "acme/main", text->str);
    host_wait_times("chat acme/main <Demo> SEND *", 3);
    stored = fake_server_get_messages(fixture->server, "acme/main");
    g_assert_cmpuint(json_array_get_length(stored), ==, 3);
    for (guint i = 0; i < 3; i++) {
        const char *part = json_object_get_string_member(json_array_get_object_element(stored, i), "content");

        g_assert_cmpint(g_utf8_strlen(part, -1), <=, 8096);
        g_string_append_printf(back, "%s%s", i ? " " : "", part);
    }
    for (gsize i = 0; i < text->len; i += 1000) {
        g_autofree char *sent = g_strndup(text->str + i, 1000);
        g_autofree char *got = g_strndup(back->str + MIN(i, back->len), 1000);

        g_assert_cmpstr(got, ==, sent);
    }
    g_assert_cmpuint(back->len, ==, text->len);
}

static void test_not_sent(Fixture *fixture, gconstpointer data)
{
    static const struct {
        FakeFault fault;
        const char *why;
    } cases[] = {
        { { .method = "POST", .path = "*/messages", .status = 403, .body = "{\"message\":\"Read only\"}" },
          "The service refused it. (Read only)" },
        { { .method = "POST",
            .path = "*/messages",
            .status = 400,
            .body = "{\"message\":\"Validation error\",\"errors\":{\"content\":[\"can't be blank\"]}}" },
          "The service refused it. (Validation error; content can&apos;t be blank)" },
        { { .method = "POST", .path = "*/messages", .status = 500, .body = "" },
          "The server has a problem of its own. Try again later.*" },
        { { .kind = FAKE_FAULT_CUT_BEFORE, .method = "POST", .path = "*/messages", .count = 1 },
          "The server cannot be reached.*" },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expected =
            g_strdup_printf("chat acme/main <Flowdock> RECV+ERROR Not sent. %s (/resend tries again, /forget drops "
                            "it.)<br>precious &lt;text&gt;",
                            cases[i].why);

        fake_server_fault(fixture->server, &cases[i].fault);
        host_type_in_room(fixture->account, "acme/main", "precious &lt;text&gt;");
        host_wait(expected);
        test_settle();
        g_assert_cmpuint(host_record_count("*"), ==, 1);
        host_record_clear();
        fake_server_clear_faults(fixture->server);
        host_type_in_room(fixture->account, "acme/main", "/forget");
        host_expect("chat acme/main <Flowdock> RECV+SYSTEM 1 message is dropped.");
    }
    /* And the room goes on. */
    host_type_in_room(fixture->account, "acme/main", "next");
    host_expect("chat acme/main <Demo> SEND next");
}

static void test_unsent_at_sign_off(Fixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .method = "POST", .path = "*/messages", .count = -1 };

    (void)data;
    fake_server_fault(fixture->server, &stall);
    host_type_in_room(fixture->account, "acme/main", "first");
    host_type_in_room(fixture->account, "acme/main", "second");
    test_until(fake_server_stalled(fixture->server) == 1);
    host_sign_off(fixture->account);
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> RECV+ERROR Not sent. *<br>first"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> RECV+ERROR Not sent. *<br>second"), ==, 1);
}

static void test_private(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;
    PurpleAccount *account = fixture->account;

    (void)data;
    fake_server_say_private(server, 2, 1, "psst");
    host_expect("im Ann <Ann> RECV psst");
    host_type_to(account, "Ann", "yes?");
    host_expect("im Ann <Demo> SEND yes?");
    fake_server_say_private(server, 1, 2, "from my telephone");
    host_expect("im Ann <Demo> SEND+REMOTE_SEND from my telephone");
    g_assert_cmpuint(fake_server_message_count(server, "private/1/2"), ==, 3);
    /* By any name of hers; the line is in the conversation of her nick. */
    host_type_to(account, "ann", "lower case");
    host_expect("im Ann <Demo> SEND lower case");
    host_type_to(account, "Nobody", "anyone?");
    host_expect("im Nobody <Nobody> ERROR Not sent. Nobody you can see has this name. Write to a nick, a full "
                "name or an e-mail address.<br>anyone?");
}

/* A window opened under an old nick must not reach whoever has that nick now. */
static void test_nick_taken_over(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    fake_server_say_private(server, 2, 1, "psst");
    host_wait("im Ann <Ann> RECV psst");
    fake_server_set_nick(server, 2, "Anna");
    host_wait("rename acme/main Ann Anna");
    fake_server_set_nick(server, 42, "Ann");
    host_wait("rename acme/main Hubot Ann");
    g_assert_null(purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, "Ann", fixture->account));
    host_record_clear();
    host_type_to(fixture->account, "Anna", "for you only");
    host_expect("im Anna <Demo> SEND for you only");
    g_assert_cmpuint(fake_server_message_count(server, "private/1/2"), ==, 2);
    host_type_to(fixture->account, "Ann", "for the robot");
    host_expect("im Ann <Demo> SEND for the robot");
    g_assert_cmpuint(fake_server_message_count(server, "private/1/42"), ==, 1);
}

/* A nick that moves the next one: nobody disappears from the room. */
static void test_nick_pushes_another(Fixture *fixture, gconstpointer data)
{
    g_autofree char *members = NULL;

    (void)data;
    fake_server_set_nick(fixture->server, 2, "Hubot");
    host_wait("rename acme/main Ann Hubot");
    test_settle();
    members = host_members(fixture->account, "acme/main");
    g_assert_cmpstr(members, ==, "Demo, Hubot, Hubot2");
    fake_server_set_nick(fixture->server, 1, "Boss");
    host_wait("rename acme/main Demo Boss");
    g_assert_cmpstr(purple_connection_get_display_name(purple_account_get_connection(fixture->account)), ==, "Boss");
}

static void test_not_sent_from_a_closed_room(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .method = "POST", .path = "*/messages", .status = 403, .body = "{\"message\":\"No\"}" };

    (void)data;
    fake_server_fault(fixture->server, &fault);
    host_type_in_room(fixture->account, "acme/main", "precious");
    host_close_room(fixture->account, "acme/main");
    host_wait("error A message to acme/main was not sent. | The service refused it. (No)\nprecious");
}

/* What came after leaving is there on return, the own last line too, each once and in order. */
static void test_leave_after_typing(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_say(fixture->server, "acme/main", 2, "one");
    host_wait("* one");
    host_record_clear();
    host_type_in_room(fixture->account, "acme/main", "two");
    host_close_room(fixture->account, "acme/main");
    test_until(fake_server_message_count(fixture->server, "acme/main") == 2);
    fake_server_say(fixture->server, "acme/main", 2, "three");
    test_settle();
    host_record_clear();
    host_join(fixture->account, "acme/main");
    host_wait("chat acme/main <Ann> RECV three");
    g_assert_nonnull(strstr(host_record_text(), "two\nchat acme/main <Ann> RECV three"));
    g_assert_cmpuint(host_record_count("* two"), ==, 1);
}

static void test_stranger(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    fake_server_add_user(server, "acme", 77, "Newcomer", "newcomer@example.com", "x");
    fake_server_say_private(server, 77, 1, "first");
    fake_server_say_private(server, 77, 1, "second");
    host_expect("im Newcomer <Newcomer> RECV first\n"
                "im Newcomer <Newcomer> RECV second");
}

static void test_odd_shapes(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_set_odd(fixture->server, FAKE_ODD_NUMBER_USER | FAKE_ODD_STRING_ID | FAKE_ODD_ISO_SENT |
                                             FAKE_ODD_NULL_PEOPLE | FAKE_ODD_SENT_201);
    fake_server_say(fixture->server, "acme/main", 2, "odd");
    host_type_in_room(fixture->account, "acme/dev-team", "mine");
    host_wait("chat acme/main <Ann> RECV odd");
    host_wait("chat acme/dev-team <Demo> SEND mine");
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 2);
}

static void test_history(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    for (guint i = 1; i <= 5; i++) {
        g_autofree char *text = g_strdup_printf("old %u", i);

        fake_server_say(server, "acme/main", i % 2 ? 2 : 1, text);
    }
    purple_account_set_int(account, "history", 3);
    host_sign_on(account);
    host_wait("chat acme/main <Ann> *DELAYED old 5");
    fake_server_say(server, "acme/main", 2, "new");
    host_wait("chat acme/main <Ann> RECV new");
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> RECV+DELAYED old 3"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main <Demo> SEND+DELAYED+REMOTE_SEND old 4"), ==, 1);
    g_assert_cmpuint(host_record_count("* old ?"), ==, 3);
    /* The windows stay open; what was said meanwhile is added, nothing is printed again. */
    host_sign_off(account);
    fake_server_say(server, "acme/main", 2, "meanwhile");
    host_record_clear();
    host_sign_on(account);
    host_wait("chat acme/main <Ann> RECV meanwhile");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> *"), ==, 1);
    host_account_free(account);
}

#define ADD(name, function)                                                                                            \
    g_test_add("/flowdock/talk/" name, Fixture, NULL, host_fixture_set_up, function, host_fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("reading", test_reading);
    ADD("other-events", test_other_events);
    ADD("writing", test_writing);
    ADD("order", test_order);
    ADD("emoji-codes", test_emoji_codes);
    ADD("answers", test_answers);
    ADD("own-line-without-stream", test_own_line_without_stream);
    ADD("long-text", test_long_text);
    ADD("not-sent", test_not_sent);
    ADD("unsent-at-sign-off", test_unsent_at_sign_off);
    ADD("private", test_private);
    ADD("nick-taken-over", test_nick_taken_over);
    ADD("nick-pushes-another", test_nick_pushes_another);
    ADD("not-sent-from-a-closed-room", test_not_sent_from_a_closed_room);
    ADD("leave-after-typing", test_leave_after_typing);
    ADD("stranger", test_stranger);
    ADD("odd-shapes", test_odd_shapes);
    g_test_add_func("/flowdock/talk/history", test_history);
    return g_test_run();
}
