/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of accounts that can only post: events with the token of a source, and the old push API. How they sign in is
 * told in test-methods. */
#include "host.h"

#include <string.h>

#define TOLD "chat acme/main <Flowdock> RECV+SYSTEM "
#define REFUSED "chat acme/main <Flowdock> RECV+ERROR "
#define ROOM "source/bot@example.com"

/* An account of a person sees what comes of it. */
typedef struct {
    FakeServer *server;
    PurpleAccount *reader, *account;
    char *token;
} Fixture;

static void add_account(Fixture *fixture, const char *name)
{
    fixture->account = host_account_new(fixture->server, name, fixture->token);
    purple_account_set_string(fixture->account, "auth_method", "source-token");
    purple_account_set_string(fixture->account, "client_id", "");
}

/* @data: the setting "push"; NULL: the token of a source. */
static void set_up(Fixture *fixture, gconstpointer data)
{
    const char *push = data;

    fixture->server = fake_server_new_started();
    fixture->reader = host_account_new(fixture->server, "demo@example.com", "demo");
    host_sign_on_ready(fixture->reader, fixture->server);
    fixture->token = g_strdup(push ? fake_server_get_push_token(fixture->server, "acme/main")
                                   : fake_server_add_source(fixture->server, "acme/main", "Build server"));
    add_account(fixture, "bot@example.com");
    purple_account_set_alias(fixture->account, "Build bot");
    if (push)
        purple_account_set_string(fixture->account, "push", push);
}

static void sign_on(Fixture *fixture)
{
    host_sign_on(fixture->account);
    host_wait("chat * <Flowdock> RECV+SYSTEM With the token of a source you can only post here. *");
    test_settle();
    host_record_clear();
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_account_free(fixture->account);
    host_account_free(fixture->reader);
    fake_server_free(fixture->server);
    g_free(fixture->token);
}

static void type_in(Fixture *fixture, const char *room, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    host_type_in_room(fixture->account, room, html);
}

static void type(Fixture *fixture, const char *text)
{
    type_in(fixture, "acme/main", text);
}

static void expect_line(Fixture *fixture, const char *typed, const char *line)
{
    g_test_message("typing %s", typed);
    type(fixture, typed);
    host_wait(line);
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    host_record_clear();
}

static const FakeRequest *last_post(Fixture *fixture, const char *path)
{
    return fake_server_last_request(fixture->server, "POST", path);
}

/* (transfer full): a member of what was sent last, as text. */
static char *sent(Fixture *fixture, const char *path, const char *member)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonNode *node;

    g_assert_true(json_parser_load_from_data(parser, last_post(fixture, path)->body, -1, NULL));
    node = json_object_get_member(json_node_get_object(json_parser_get_root(parser)), member);
    if (!node)
        return NULL;
    return JSON_NODE_HOLDS_VALUE(node) ? g_strdup(json_node_get_string(node)) : json_to_string(node, FALSE);
}

#define assert_sent(fixture, path, member, expected)                                                                   \
    do {                                                                                                               \
        g_autofree char *found = sent(fixture, path, member);                                                          \
        g_assert_cmpstr(found, ==, expected);                                                                          \
    } while (0)

/* -------------------------------------------------------------------------------------------------------------- events */

static void test_events(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sign_on(fixture);
    type(fixture, "/activity . build-7 [red:failed] Build 7 | see <log>");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM <font color=\"*\">[1: Build 7]</font> Build_bot: Build 7<br>*see "
              "&lt;log&gt;");
    host_wait(TOLD "It was posted.");
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 2);
    assert_sent(fixture, "/messages", "author", "{\"name\":\"Build_bot\",\"email\":\"bot@example.com\"}");
    assert_sent(fixture, "/messages", "flow_token", fixture->token);
    g_assert_null(last_post(fixture, "/messages")->authorization);
    host_record_clear();
    type(fixture, "/discuss \"build SERVER\" build-7 Who?");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM <font color=\"*\">[1: Build 7]</font> Build_bot: Who?");
    /* As Pidgin runs it. */
    host_command_in_room(fixture->account, "acme/main", "/discuss 1 build-7 <b>Me</b>");
    host_wait_times(TOLD "It was posted.", 2);
    assert_sent(fixture, "/messages", "body", "<b>Me</b>");
    g_assert_null(strstr(host_debug_log(), fixture->token));
}

static void test_wrong_use(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sign_on(fixture);
    expect_line(fixture, "/activity . k",
                REFUSED "It is used like this: /activity SOURCE THREADKEY *<br>You typed: /activity . k");
    expect_line(fixture, "/discuss 2 k Hello",
                REFUSED "This account posts through one source only: 1: Build server. Write a dot for it.<br>You "
                        "typed: /discuss 2 k Hello");
    expect_line(fixture, "/activity . k [pink:a] b", REFUSED "&quot;pink&quot; is no colour *<br>*");
    expect_line(fixture, "/sources", REFUSED "Not sent. The command /sources needs an account that can read, *");
    type(fixture, "//discuss . k x");
    host_wait("chat acme/main <Build_bot> SEND /discuss . k x");
    host_command_in_room(fixture->account, "acme/main", "/sources");
    host_wait("command refused *This works only while the account is signed in, *");
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", "/messages"), ==, 1);
}

static void test_unnamed(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_set_odd(fixture->server, FAKE_ODD_NO_GET_BODY);
    sign_on(fixture);
    type_in(fixture, ROOM, "/discuss 1 k Hello");
    host_wait("chat " ROOM
              " <Flowdock> RECV+ERROR This account posts through one source only. Write a dot for it.<br>*");
    type_in(fixture, ROOM, "/discuss . k Hello");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM * Build_bot: Hello");
}

static void test_gone(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sign_on(fixture);
    fake_server_remove_source(fixture->server, fixture->token);
    type(fixture, "/activity . k Title | Body");
    host_wait("disconnected AUTHENTICATION_FAILED This source was removed from its flow, *");
    test_settle();
    g_assert_cmpuint(host_record_count(REFUSED "This source was removed *<br>You typed: /activity . k Title | Body"),
                     ==, 1);
    g_assert_null(purple_account_get_password(fixture->account));
}

static void test_refused(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .path = "/messages",
                        .status = 400,
                        .body = "{\"message\":\"Validation error\",\"errors\":{\"title\":[\"is too long\"]}}" };

    (void)data;
    sign_on(fixture);
    fake_server_fault(fixture->server, &fault);
    expect_line(fixture, "/activity . k Title",
                REFUSED "*Validation error; title is too long*<br>You typed: /activity . k Title");
    g_assert_true(host_is_online(fixture->account));
}

static void test_sign_off(Fixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/messages", .count = -1 };

    (void)data;
    sign_on(fixture);
    fake_server_fault(fixture->server, &stall);
    type(fixture, "/discuss . k Hello");
    test_until(fake_server_stalled(fixture->server) == 1);
    host_sign_off(fixture->account);
    g_assert_cmpuint(host_record_count(REFUSED "The account went offline *<br>You typed: /discuss . k Hello"), ==, 1);
    fake_server_clear_faults(fixture->server);
}

/* ------------------------------------------------------------------------------------------------------------ push API */

static void test_push_takes_no_events(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sign_on(fixture);
    type_in(fixture, ROOM, "/activity . k Title");
    host_wait("chat " ROOM " <Flowdock> RECV+ERROR The push API takes plain messages only. *<br>You typed: /activity . "
              "k Title");
    type_in(fixture, ROOM, "/discuss . k Hello");
    host_wait("chat " ROOM " <Flowdock> RECV+ERROR The push API takes plain messages only. *<br>You typed: /discuss . "
              "k Hello");
    test_settle();
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", "/v1/messages/*"), ==, 0);
}

static void test_push_chat(Fixture *fixture, gconstpointer data)
{
    (void)data;
    purple_account_set_alias(fixture->account, " The build\tbot of all ");
    sign_on(fixture);
    type_in(fixture, ROOM, "All *good* #build");
    host_wait("chat acme/main <The_build_bot_of> RECV All <i>good</i> #build");
    host_wait("chat " ROOM " <The_build_bot_of> SEND *");
    assert_sent(fixture, "/v1/messages/chat/*", "external_user_name", "The_build_bot_of");
    /* Of chat the service finds them itself. */
    assert_sent(fixture, "/v1/messages/chat/*", "tags", NULL);
}

/* No line is longer than the service takes, and none of it is lost. */
static void test_push_long(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = g_strnfill(8097, 'x');

    (void)data;
    sign_on(fixture);
    type_in(fixture, ROOM, text);
    host_wait_times("chat " ROOM " <Build_bot> SEND *", 2);
    g_assert_cmpuint(fake_server_message_count(fixture->server, "acme/main"), ==, 2);
    assert_sent(fixture, "/v1/messages/chat/*", "content", "x");
}

static void test_push_field_errors(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .path = "/v1/messages/*",
                        .status = 400,
                        .body = "{\"message\":\"Validation error\",\"errors\":{\"content\":[\"is too long (maximum is "
                                "8096 characters)\"],\"external_user_name\":[\"should not contain whitespace\"]}}" };

    (void)data;
    sign_on(fixture);
    fake_server_fault(fixture->server, &fault);
    type_in(fixture, ROOM, "Hello");
    host_wait("chat " ROOM
              " <Flowdock> RECV+ERROR Not sent. *content is too long (maximum is 8096 characters)*<br>Hello");
    host_wait("chat " ROOM
              " <Flowdock> RECV+ERROR Not sent. *external_user_name should not contain whitespace*<br>Hello");
    g_assert_true(host_is_online(fixture->account));
}

static void set_tokens(Fixture *fixture, const char *second)
{
    g_autofree char *both = g_strdup_printf(" %s, %s ", fixture->token, second);

    purple_account_set_password(fixture->account, both);
}

/* One line into several flows. Sheet: 3.15. */
static void test_push_several(Fixture *fixture, gconstpointer data)
{
    const char *second = fake_server_get_push_token(fixture->server, "acme/dev-team");

    (void)data;
    set_tokens(fixture, second);
    sign_on(fixture);
    type_in(fixture, ROOM, "Hello");
    host_wait("chat acme/main *Hello");
    host_wait("chat acme/dev-team *Hello");
    host_wait("chat " ROOM " <Build_bot> SEND Hello");
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", "/v1/messages/*"), ==, 1);
    g_assert_null(strstr(host_debug_log(), fixture->token));
    g_assert_null(strstr(host_debug_log(), second));
}

static void test_push_several_one_wrong(Fixture *fixture, gconstpointer data)
{
    (void)data;
    set_tokens(fixture, "0123456789abcdef");
    sign_on(fixture);
    type_in(fixture, ROOM, "Hello");
    host_wait("disconnected AUTHENTICATION_FAILED The service does not know this token. *");
    g_assert_cmpuint(host_record_count("chat " ROOM " <Flowdock> *Not sent.*Hello"), ==, 1);
    g_assert_cmpuint(fake_server_message_count(fixture->server, "acme/main"), ==, 0);
}

/* A server that repeats one of them. */
static void test_push_several_quoted(Fixture *fixture, gconstpointer data)
{
    const char *second = fake_server_get_push_token(fixture->server, "acme/dev-team");
    g_autofree char *body = g_strdup_printf("{\"message\":\"no right for %s here\"}", second);
    FakeFault quoting = { .path = "/v1/messages/*", .status = 403, .body = body };

    (void)data;
    set_tokens(fixture, second);
    sign_on(fixture);
    fake_server_fault(fixture->server, &quoting);
    type_in(fixture, ROOM, "Hello");
    host_wait("chat " ROOM " <Flowdock> *Not sent.*no right for * here*");
    g_assert_null(strstr(host_record_text(), second));
}

static void test_push_mail(Fixture *fixture, gconstpointer data)
{
    const char *path = "/v1/messages/team_inbox/*";

    (void)data;
    sign_on(fixture);
    type_in(fixture, ROOM, "Build 7 #failed\nsee <log> & #ci, again #failed");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM*[*Build 7 #failed*");
    host_wait("chat " ROOM " <Build_bot> SEND Build 7 #failed<br>*");
    assert_sent(fixture, path, "source", "purple flowdock");
    assert_sent(fixture, path, "from_address", "bot@example.com");
    assert_sent(fixture, path, "from_name", "Build_bot");
    assert_sent(fixture, path, "subject", "Build 7 #failed");
    assert_sent(fixture, path, "content", "Build 7 #failed<br>see &lt;log&gt; &amp; #ci, again #failed");
    assert_sent(fixture, path, "tags", "[\"failed\",\"ci\"]");
}

/* A label that is no address. */
static void test_push_mail_without_address(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_account_free(fixture->account);
    add_account(fixture, "Builds");
    purple_account_set_string(fixture->account, "push", "team_inbox");
    sign_on(fixture);
    type_in(fixture, "source/Builds", "Hello");
    host_wait("chat source/Builds <Builds> SEND Hello");
    assert_sent(fixture, "/v1/messages/team_inbox/*", "from_address", "purple@localhost");
    assert_sent(fixture, "/v1/messages/team_inbox/*", "tags", "[]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
#define ADD(name, push, test) g_test_add("/flowdock/push/" name, Fixture, push, set_up, test, tear_down)
    ADD("events", NULL, test_events);
    ADD("events/wrong-use", NULL, test_wrong_use);
    ADD("events/unnamed", NULL, test_unnamed);
    ADD("events/gone", NULL, test_gone);
    ADD("events/refused", NULL, test_refused);
    ADD("events/sign-off", NULL, test_sign_off);
    ADD("no-events/chat", "chat", test_push_takes_no_events);
    ADD("no-events/team_inbox", "team_inbox", test_push_takes_no_events);
    ADD("chat", "chat", test_push_chat);
    ADD("long", "chat", test_push_long);
    ADD("field-errors/chat", "chat", test_push_field_errors);
    ADD("field-errors/team_inbox", "team_inbox", test_push_field_errors);
    ADD("several", "chat", test_push_several);
    ADD("several/one-wrong", "chat", test_push_several_one_wrong);
    ADD("several/quoted", "chat", test_push_several_quoted);
    ADD("mail", "team_inbox", test_push_mail);
    ADD("mail/without-address", "team_inbox", test_push_mail_without_address);
#undef ADD
    return g_test_run();
}
