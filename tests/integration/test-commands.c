/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of the commands: as bitlbee hands them over, as text, and as Pidgin and Finch run them. Contract: "Commands". */
#include "host.h"

#include <string.h>

typedef HostFixture Fixture;

static void type(Fixture *fixture, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    host_type_in_room(fixture->account, "acme/main", html);
}

/* Somebody says something, and it is there. Returns: the id. */
static gint64 hear(Fixture *fixture, gint64 user, const char *text)
{
    gint64 id = fake_server_say(fixture->server, "acme/main", user, text);
    g_autofree char *shown = g_strdup_printf("chat acme/main <*> *%s", text);

    host_wait(shown);
    host_record_clear();
    return id;
}

static JsonObject *stored(Fixture *fixture, gint64 id)
{
    return fake_server_get_message(fixture->server, "acme/main", id);
}

static const char *content_of(Fixture *fixture, gint64 id)
{
    return json_object_get_string_member(stored(fixture, id), "content");
}

/* What is typed, and the one line that comes of it. */
static void expect_line(Fixture *fixture, const char *typed, const char *line)
{
    g_test_message("typing %s", typed);
    type(fixture, typed);
    host_expect(line);
}

#define REFUSED "chat acme/main <Flowdock> RECV+ERROR "
#define TOLD "chat acme/main <Flowdock> RECV+SYSTEM "

/* ------------------------------------------------------------------------------------------------------------ the line */

static void test_lines(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_line(fixture, "//etc is a folder", "chat acme/main <Demo> SEND /etc is a folder");
    expect_line(fixture, "/ alone", "chat acme/main <Demo> SEND / alone");
    expect_line(fixture, "s/old/new/", "chat acme/main <Demo> SEND s/old/new/");
    expect_line(fixture, "/frobnicate the <thing>",
                REFUSED
                "There is no command /frobnicate, so nothing was sent. /help lists the commands; write // at the "
                "beginning for a line that begins with a slash.<br>You typed: /frobnicate the &lt;thing&gt;");
    expect_line(fixture, "/EDIT",
                REFUSED "It is used like this: /edit [REF] TEXT, for example /edit "
                        "s/tomorow/tomorrow/<br>You typed: /edit");
    g_assert_cmpuint(fake_server_message_count(fixture->server, "acme/main"), ==, 3);
    /* Formatted as a whole by the host, it is a command all the same. */
    host_type_in_room(fixture->account, "acme/main", "<b>/status away</b>");
    host_expect("chat acme/main <Demo> SEND /me changed status to: away");
}

/* Each without what it needs, or with more than it takes: says how it is used, and calls nobody. */
static void test_wrong_use(Fixture *fixture, gconstpointer data)
{
    static const char *const lines[] = { "/me",        "/status",      "/reply",       "/reply ^",   "/thread",
                                         "/cancel x",  "/show",        "/show 1 shut", "/edit",      "/delete ^ ^2",
                                         "/tag",       "/tag ^",       "/untag ^",     "/react ^",   "/react",
                                         "/search",    "/tagged",      "/more please", "/history x", "/history -1",
                                         "/history 0", "/history 1.5", "/resend all",  "/forget it", "/nick",
                                         "/raw",       "/raw maybe" };
    guint calls;

    (void)data;
    hear(fixture, 2, "something");
    type(fixture, "mine");
    host_wait("chat acme/main <Demo> SEND mine");
    calls = fake_server_requests(fixture->server)->len;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        const char *end = strchr(lines[i], ' ');
        g_autofree char *name = end ? g_strndup(lines[i], (gsize)(end - lines[i])) : g_strdup(lines[i]);
        g_autofree char *expected =
            g_strdup_printf(REFUSED "It is used like this: %s*<br>You typed: %s", name, lines[i]);

        host_record_clear();
        g_test_message("typing %s", lines[i]);
        type(fixture, lines[i]);
        g_assert_cmpuint(host_record_count(expected), ==, 1);
        g_assert_cmpuint(host_record_count("*"), ==, 1);
    }
    test_settle();
    g_assert_cmpuint(fake_server_requests(fixture->server)->len, ==, calls);
}

static void test_help(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/help");
    host_wait(TOLD "Commands: /me TEXT, *, /edit [REF] TEXT, *, /raw off|on, /help*<br>REF is a message: *");
    host_record_clear();
    expect_line(fixture, "/help react",
                TOLD "Command /react REF :emoji:: Adds a reaction, or takes back yours. Example: /react ^ :+1:");
    expect_line(fixture, "/help dance",
                REFUSED "There is no such command. /help lists them.<br>You typed: /help dance");
}

/* ------------------------------------------------------------------------------------------------------------- writing */

static void test_status(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_line(fixture, "/me waves *wildly*", "chat acme/main <Demo> SEND /me changed status to: waves *wildly*");
    expect_line(fixture, "/status in a meeting", "chat acme/main <Demo> SEND /me changed status to: in a meeting");
    g_assert_cmpstr(json_object_get_string_member(stored(fixture, 0), "event"), ==, "status");
}

static void test_reply(Fixture *fixture, gconstpointer data)
{
    gint64 first = hear(fixture, 2, "Who brings the cake?");
    const char *thread = json_object_get_string_member(stored(fixture, first), "thread_id");
    g_autofree char *by_number = g_strdup_printf("/reply #%" G_GINT64_FORMAT " Two even", first);

    (void)data;
    type(fixture, "/reply ^ I do");
    host_expect(TOLD "<font color=\"#c0392b\">[1: Who brings the cake?]</font> began with Ann: Who brings the cake?\n"
                     "chat acme/main <Demo> SEND <font color=\"#c0392b\">[1: Who brings the cake?]</font> I do");
    g_assert_cmpstr(json_object_get_string_member(stored(fixture, 0), "thread_id"), ==, thread);
    expect_line(fixture, by_number,
                "chat acme/main <Demo> SEND <font color=\"#c0392b\">[1: Who brings the cake?]</font> Two even");
    expect_line(fixture, "/reply @ann And tea",
                "chat acme/main <Demo> SEND <font color=\"#c0392b\">[1: Who brings the cake?]</font> And tea");
    expect_line(fixture, "/thread 1 **done**",
                "chat acme/main <Demo> SEND <font color=\"#c0392b\">[1: Who brings the cake?]</font> <b>done</b>");
    g_assert_cmpstr(json_object_get_string_member(stored(fixture, 0), "thread_id"), ==, thread);
}

/* What is not remembered is read first. */
static void test_reply_to_old(Fixture *fixture, gconstpointer data)
{
    gint64 id = fake_server_say(fixture->server, "acme/lobby", 2, "Old one");
    g_autofree char *typed = g_strdup_printf("/reply %" G_GINT64_FORMAT " Late", id);

    (void)data;
    purple_account_set_int(fixture->account, "history", 0);
    host_join(fixture->account, "acme/lobby");
    host_wait("room acme/lobby");
    test_settle();
    host_type_in_room(fixture->account, "acme/lobby", typed);
    host_wait("chat acme/lobby <Demo> SEND <font color=\"#c0392b\">[1: Old one]</font> Late");
    host_record_clear();
    host_type_in_room(fixture->account, "acme/lobby", "/reply 987654 Late");
    host_wait("chat acme/lobby <Flowdock> RECV+ERROR *<br>You typed: /reply 987654 Late");
}

/* An item of the inbox without a thread gets a comment. */
static void test_comment(Fixture *fixture, gconstpointer data)
{
    g_autofree char *event = g_strdup_printf(
        "{\"event\":\"mail\",\"app\":\"influx\",\"id\":0,\"flow\":\"%s\",\"user\":\"0\",\"sent\":1700000000000,"
        "\"tags\":[],\"content\":{\"subject\":\"Order\",\"from\":[{\"name\":null,\"address\":\"o@example.com\"}],"
        "\"content\":\"Short\",\"contentType\":\"text/plain\"}}",
        fake_server_flow_id(fixture->server, "acme/main"));
    gint64 id = fake_server_emit(fixture->server, event);
    g_autofree char *tag = g_strdup_printf("influx:%" G_GINT64_FORMAT, id);
    JsonArray *tags;

    (void)data;
    host_wait(TOLD "[Email] *");
    host_record_clear();
    expect_line(fixture, "/reply ^ Sent", "chat acme/main <Demo> SEND [Order] &lt;&lt; Sent");
    tags = json_object_get_array_member(stored(fixture, 0), "tags");
    g_assert_cmpstr(json_object_get_string_member(stored(fixture, 0), "event"), ==, "comment");
    g_assert_cmpstr(json_array_get_string_element(tags, json_array_get_length(tags) - 1), ==, tag);
    /* And an answer to the comment is about the same. */
    expect_line(fixture, "/reply ^ Arrived", "chat acme/main <Demo> SEND [Order] &lt;&lt; Arrived");
}

static void test_wrong_references(Fixture *fixture, gconstpointer data)
{
    gint64 id = hear(fixture, 2, "Hello");
    g_autofree char *shown =
        g_strdup_printf("The latest messages are:<br>^1 = #%" G_GINT64_FORMAT " ??:?? Ann: Hello", id);
    static const struct {
        const char *typed, *problem;
    } cases[] = {
        { "/reply ^9 x", "There are not so many messages here." },
        { "/reply ^99999999999 x", "There are not so many messages here." },
        { "/reply @nobody x", "There is nobody called nobody." },
        { "/reply @Hubot x", "Hubot has written nothing here lately." },
        { "/reply hello x", "&quot;hello&quot; means no message. Give its number (#12345), ^ for the last one here, ^3 "
                            "for the third last, or @nick for that person&apos;s last one." },
        { "/reply ^x y", "&quot;^x&quot; means no message. *" },
        { "/reply #0 y", "&quot;#0&quot; means no message. *" },
        { "/edit new", "You have written nothing here lately." },
        { "/delete", "You have written nothing here lately." },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expected =
            g_strdup_printf(REFUSED "%s %s<br>You typed: %s", cases[i].problem, shown, cases[i].typed);

        g_test_message("typing %s", cases[i].typed);
        type(fixture, cases[i].typed);
        host_wait(expected);
        g_assert_cmpuint(host_record_count("*"), ==, 1);
        host_record_clear();
    }
    expect_line(fixture, "/thread 7 x",
                REFUSED "There is no thread &quot;7&quot; here. /threads lists them.<br>You typed: /thread 7 x");
    fake_server_reply(fixture->server, "acme/main", 2, id, "Anybody?");
    host_wait("* Anybody?");
    host_record_clear();
    expect_line(fixture, "/thread 7 x",
                REFUSED
                "There is no thread &quot;7&quot; here. The latest are: [1: Hello]. /threads lists more.<br>You "
                "typed: /thread 7 x");
    type(fixture, "/thread abcdefghijklmnopqrstuvwxyz x");
    host_wait(REFUSED "Not sent. *<br>x");
}

static void test_mentions(Fixture *fixture, gconstpointer data)
{
    gint64 second = fake_server_add_user(fixture->server, "acme", 0, "Ann", "ann2@example.com", "x");
    g_autofree char *tag = g_strdup_printf(":user:%" G_GINT64_FORMAT, second);
    JsonArray *tags;
    gboolean found = FALSE;

    (void)data;
    fake_server_add_member(fixture->server, "acme/main", second);
    host_wait("join acme/main Ann2");
    host_record_clear();
    type(fixture, "hello @Ann2, not @Ann, `@Ann2` :+1:");
    host_wait("chat acme/main <Demo> SEND *");
    g_assert_cmpstr(content_of(fixture, 0), ==, "hello @Ann, not @Ann, `@Ann2` \xf0\x9f\x91\x8d");
    tags = json_object_get_array_member(stored(fixture, 0), "tags");
    for (guint i = 0; i < json_array_get_length(tags); i++)
        found |= g_str_equal(json_array_get_string_element(tags, i), tag);
    g_assert_true(found);
    host_record_clear();
    /* As hosts complete a nick at the beginning of a line. */
    expect_line(fixture, "hubot: hello", "chat acme/main <Demo> SEND @Hubot: hello");
    expect_line(fixture, "nobody: hello", "chat acme/main <Demo> SEND nobody: hello");
}

static void test_formatted(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_type_in_room(fixture->account, "acme/main",
                      "<b>bold</b> and <a href=\"https://example.com/x\">this</a><br>2 * 3 * 4, a_b_c");
    host_wait("chat acme/main <Demo> SEND *");
    g_assert_cmpstr(content_of(fixture, 0), ==, "**bold** and [this](https://example.com/x)\n2 * 3 * 4, a_b_c");
}

/* ------------------------------------------------------------------------------------------------------------ changing */

static void test_edit(Fixture *fixture, gconstpointer data)
{
    gint64 id;

    (void)data;
    type(fixture, "Tea at for");
    host_wait("chat acme/main <Demo> SEND Tea at for");
    id = json_object_get_int_member(stored(fixture, 0), "id");
    host_record_clear();
    type(fixture, "/edit s/for/four/");
    host_wait("chat acme/main <Demo> SEND* /me edited: <s>for</s> \xe2\x86\x92 <b>four</b>");
    g_assert_cmpstr(content_of(fixture, id), ==, "Tea at four");
    type(fixture, "/edit Coffee at a\\/b");
    host_wait("chat acme/main <Demo> SEND* /me edited to: Coffee at a/b");
    host_record_clear();
    type(fixture, "/edit ^ s/\\/b/c/g");
    host_wait("chat acme/main <Demo> SEND* /me edited*");
    g_assert_cmpstr(content_of(fixture, id), ==, "Coffee at a\\c");
    host_record_clear();
    type(fixture, "/edit s/tea/x/");
    host_wait(REFUSED "&quot;tea&quot; is not in the message: Coffee at a\\c<br>You typed: /edit s/tea/x/");
    /* Not of the form s/old/new/: so it is the new text. A number that is no message's is a part of it. */
    type(fixture, "/edit 5 s/a");
    host_wait("chat acme/main <Demo> SEND* /me edited to: 5 s/a");
    g_assert_cmpstr(content_of(fixture, id), ==, "5 s/a");
    host_record_clear();
    hear(fixture, 2, "not yours");
    expect_line(fixture, "/edit ^ x",
                REFUSED "That is a message of Ann, and you can change only your own.<br>You typed: /edit ^ x");
    expect_line(fixture, "/delete ^",
                REFUSED "That is a message of Ann, and you can change only your own.<br>You typed: /delete ^");
    type(fixture, "/edit 987654321 x");
    host_wait("chat acme/main <Demo> SEND* /me edited to: 987654321 x");
}

static void test_edit_refused(Fixture *fixture, gconstpointer data)
{
    FakeFault forbidden = {
        .method = "PUT", .path = "*/messages/*", .status = 403, .body = "{\"message\":\"Too late\"}"
    };
    FakeFault invalid = { .method = "PUT",
                          .path = "*/messages/*",
                          .status = 400,
                          .body = "{\"message\":\"Validation error\",\"errors\":{\"content\":[\"is rude\"]}}" };
    FakeFault missing = { .method = "PUT", .path = "*/messages/*", .status = 404 };

    (void)data;
    type(fixture, "mine");
    host_wait("chat acme/main <Demo> SEND mine");
    host_record_clear();
    fake_server_fault(fixture->server, &forbidden);
    expect_line(fixture, "/edit x", REFUSED "The service refused it. (Too late)<br>You typed: /edit x");
    fake_server_clear_faults(fixture->server);
    fake_server_fault(fixture->server, &invalid);
    expect_line(fixture, "/edit x",
                REFUSED "The service refused it. (Validation error; content is rude)<br>You typed: /edit x");
    fake_server_clear_faults(fixture->server);
    fake_server_fault(fixture->server, &missing);
    type(fixture, "/edit x");
    host_wait(REFUSED "*<br>You typed: /edit x");
}

static void test_delete(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "Forget me");
    host_wait("chat acme/main <Demo> SEND Forget me");
    host_record_clear();
    expect_line(fixture, "/delete", "chat acme/main <Demo> SEND+REMOTE_SEND /me deleted: Forget me");
    g_assert_cmpstr(content_of(fixture, 0), ==, "");
}

static void test_tags(Fixture *fixture, gconstpointer data)
{
    gint64 id = hear(fixture, 2, "@Demo broken");

    (void)data;
    expect_line(fixture, "/tag ^ #bug @Hubot",
                "chat acme/main <Demo> SEND+REMOTE_SEND /me tagged with #bug @Hubot: @Demo broken");
    g_assert_true(fake_server_get_message(fixture->server, "acme/main", id) != NULL);
    expect_line(fixture, "/tag ^ BUG", TOLD "The message has these tags already.");
    expect_line(fixture, "/untag ^ bug",
                "chat acme/main <Demo> SEND+REMOTE_SEND /me removed the tag #bug: @Demo broken");
    expect_line(fixture, "/untag ^ bug", TOLD "The message has no such tag.");
    expect_line(fixture, "/tag ^ a:b",
                REFUSED "&quot;a:b&quot; cannot be a tag: it has no colons and no commas.<br>You "
                        "typed: /tag ^ a:b");
    expect_line(fixture, "/tag ^ @nobody", REFUSED "There is nobody called nobody.<br>You typed: /tag ^ @nobody");
    /* What the service keeps there for itself is still there. */
    g_assert_cmpstr(json_array_get_string_element(json_object_get_array_member(stored(fixture, id), "tags"), 0), ==,
                    ":user:1");
}

static void test_react(Fixture *fixture, gconstpointer data)
{
    (void)data;
    hear(fixture, 2, "It works");
    expect_line(fixture, "/react ^ :tada:",
                "chat acme/main <Demo> SEND+REMOTE_SEND /me reacted with \xf0\x9f\x8e\x89 to: It works");
    expect_line(fixture, "/react ^ \xf0\x9f\x8e\x89",
                "chat acme/main <Demo> SEND+REMOTE_SEND /me took back \xf0\x9f\x8e\x89 from: It works");
    expect_line(fixture, "/react ^ :nonsense:",
                REFUSED "There is no emoji &quot;:nonsense:&quot;. Give its name, as in "
                        ":tada:<br>You typed: /react ^ :nonsense:");
}

/* ------------------------------------------------------------------------------------------------------------- resending */

static void test_resend(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .method = "POST", .path = "*/messages", .status = 500, .body = "", .count = 1 };

    (void)data;
    expect_line(fixture, "/resend", TOLD "Nothing waits to be sent again.");
    expect_line(fixture, "/forget", TOLD "Nothing waits to be sent again.");
    fake_server_fault(fixture->server, &fault);
    type(fixture, "precious");
    host_wait(REFUSED "Not sent. *<br>precious");
    host_record_clear();
    type(fixture, "later");
    host_wait("chat acme/main <Demo> SEND later");
    host_record_clear();
    expect_line(fixture, "/resend", "chat acme/main <Demo> SEND+REMOTE_SEND precious");
    g_assert_cmpuint(fake_server_message_count(fixture->server, "acme/main"), ==, 2);
    expect_line(fixture, "/resend", TOLD "Nothing waits to be sent again.");
}

/* -------------------------------------------------------------------------------------------------------------- looking */

static void test_search(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint i = 1; i <= 45; i++) {
        g_autofree char *text = g_strdup_printf("needle %u", i);

        fake_server_say(fixture->server, "acme/main", 2, text);
    }
    hear(fixture, 2, "hay");
    type(fixture, "/search needle");
    host_wait(TOLD "Found, the newest last:<br>#* Ann: needle 26<br>*Ann: needle 45<br>/more goes on.");
    host_record_clear();
    type(fixture, "/more");
    host_wait(TOLD "Found, further back:<br>#* Ann: needle 6<br>*Ann: needle 25<br>/more goes on.");
    host_record_clear();
    type(fixture, "/more");
    host_wait(TOLD "Found, further back:<br>#* Ann: needle 1<br>*Ann: needle 5");
    host_record_clear();
    type(fixture, "/more");
    host_wait(TOLD "There is no list that goes on. *");
    host_record_clear();
    expect_line(fixture, "/search pin", TOLD "Nothing was found.");
    /* One that is found can be meant. */
    type(fixture, "/search needle  7");
    host_wait(TOLD "Found*Ann: needle 7*");
}

static void test_tagged(Fixture *fixture, gconstpointer data)
{
    (void)data;
    hear(fixture, 2, "one #bug");
    hear(fixture, 2, "two #bug #ui");
    hear(fixture, 2, "three @Hubot");
    type(fixture, "/tagged bug #ui");
    host_wait(TOLD "Found, the newest last:<br>#* Ann: two #bug #ui");
    host_record_clear();
    type(fixture, "/tagged @hubot");
    host_wait(TOLD "Found, the newest last:<br>#* Ann: three @Hubot");
    host_record_clear();
    expect_line(fixture, "/tagged nothing", TOLD "Nothing was found.");
}

static void test_threads(Fixture *fixture, gconstpointer data)
{
    gint64 first, second;

    (void)data;
    expect_line(fixture, "/threads", TOLD "There are no threads.");
    first = hear(fixture, 2, "Login page");
    second = hear(fixture, 2, "Logo");
    fake_server_reply(fixture->server, "acme/main", 42, first, "Broken");
    fake_server_reply(fixture->server, "acme/main", 42, second, "Blue");
    host_wait("* Blue");
    host_record_clear();
    expect_line(fixture, "/threads",
                TOLD
                "<font color=\"#2e8b57\">[2: Logo]</font> 2 messages<br><font color=\"#c0392b\">[1: Login page]</font> "
                "2 messages<br>/show NUMBER shows one, /thread NUMBER TEXT writes into it, /more goes on.");
    expect_line(fixture, "/more", TOLD "There is nothing more.");
    expect_line(fixture, "/threads closed",
                TOLD "None of the latest threads has this status. /more looks further back.");
    type(fixture, "/show 1");
    host_wait(TOLD "Its latest messages:<br>#* Ann: Login page*<br>#* Hubot: Broken*");
    g_assert_cmpuint(host_record_count(TOLD "<font color=\"#c0392b\">[1: Login page]</font> 2 messages<br>Login page"),
                     ==, 1);
    host_record_clear();
    type(fixture, "/show abcdefghijklmnopqrstuvwxyz");
    host_wait(REFUSED "There is no such thread. /threads lists them.<br>You typed: /show abcdefghijklmnopqrstuvwxyz");
}

static void test_history(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    Fixture fixture = { server, host_account_new(server, "demo@example.com", "demo") };

    for (guint i = 1; i <= 130; i++) {
        g_autofree char *text = g_strdup_printf("old %u", i);

        fake_server_say(server, "acme/main", 2, text);
    }
    purple_account_set_int(fixture.account, "history", 5);
    host_sign_on(fixture.account);
    host_wait("chat acme/main <Ann> RECV+DELAYED old 130");
    host_wait("chat acme/dev-team *");
    host_record_clear();
    type(&fixture, "/history 2");
    host_expect("chat acme/main <Ann> RECV+DELAYED old 124\n"
                "chat acme/main <Ann> RECV+DELAYED old 125\n" TOLD "Those were 2 older messages.");
    type(&fixture, "/history 110");
    host_wait(TOLD "Those were 110 older messages.");
    g_assert_true(g_str_has_prefix(host_record_text(), "chat acme/main <Ann> RECV+DELAYED old 14\n"));
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> RECV+DELAYED old *"), ==, 110);
    host_record_clear();
    type(&fixture, "/history");
    host_wait(TOLD "Those were 13 older messages.");
    host_record_clear();
    expect_line(&fixture, "/history", TOLD "There is nothing older.");
    expect_line(&fixture, "/history 1001",
                REFUSED "At most 1000 messages are loaded at once.<br>You typed: /history 1001");
    /* The last one is the newest still. */
    type(&fixture, "/react ^ :tada:");
    host_wait("chat acme/main <Demo> * to: old 130");
    host_account_free(fixture.account);
}

static void test_raw(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_line(fixture, "/raw on", TOLD "New messages are shown here as they were typed.");
    fake_server_say(fixture->server, "acme/main", 2, "**bold** <b>");
    host_expect("chat acme/main <Ann> RECV **bold** &lt;b&gt;");
    expect_line(fixture, "/raw off", TOLD "New messages are shown here formatted.");
    fake_server_say(fixture->server, "acme/main", 2, "**bold**");
    host_expect("chat acme/main <Ann> RECV <b>bold</b>");
}

static void test_nick(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/nick Boss");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM* You are now called Boss.");
    host_wait("rename acme/main Demo Boss");
    g_assert_cmpstr(fake_server_get_nick(fixture->server, 1), ==, "Boss");
    host_record_clear();
    expect_line(fixture, "/nick Big Bang", REFUSED "A nick is one word without blanks.<br>You typed: /nick Big Bang");
}

/* ------------------------------------------------------------------------------------------------------ threads as rooms */

static void test_thread_room(Fixture *fixture, gconstpointer data)
{
    gint64 first = hear(fixture, 2, "Login page");
    PurpleConversation *conv;

    (void)data;
    fake_server_reply(fixture->server, "acme/main", 42, first, "Broken");
    host_wait("* Broken");
    type(fixture, "/show 1 open");
    host_wait("room acme/main/1");
    host_wait("chat acme/main/1 <Hubot> RECV+DELAYED Broken");
    g_assert_cmpuint(host_record_count("chat acme/main/1 <Ann> RECV+DELAYED Login page"), ==, 1);
    g_assert_cmpuint(host_record_count("users acme/main/1 Ann, Demo, Hubot"), ==, 1);
    host_record_clear();
    /* What is typed there goes into the thread and shows in both rooms, each its way. */
    host_type_in_room(fixture->account, "acme/main/1", "I mend it");
    host_expect("chat acme/main <Demo> SEND+REMOTE_SEND <font color=\"#c0392b\">[1: Login page]</font> I mend it\n"
                "chat acme/main/1 <Demo> SEND I mend it");
    type(fixture, "/thread 1 Thanks");
    host_expect("chat acme/main <Demo> SEND <font color=\"#c0392b\">[1: Login page]</font> Thanks\n"
                "chat acme/main/1 <Demo> SEND+REMOTE_SEND Thanks");
    fake_server_reply(fixture->server, "acme/main", 2, first, "@Demo done?");
    host_expect("chat acme/main <Ann> RECV+NICK <font color=\"#c0392b\">[1: Login page]</font> @Demo done?\n"
                "chat acme/main/1 <Ann> RECV+NICK @Demo done?");
    hear(fixture, 2, "elsewhere");
    host_type_in_room(fixture->account, "acme/main/1", "/edit s/Thanks/Cheers/");
    test_until(host_record_count("chat acme/main/1 <Demo> *") == 1);
    host_record_clear();
    type(fixture, "/show 1 open");
    host_expect(TOLD "This thread is open as a room already.");
    host_type_in_room(fixture->account, "acme/main/1", "/help raw");
    host_wait("chat acme/main/1 <Flowdock> RECV+SYSTEM Command /raw *");
    host_close_room(fixture->account, "acme/main/1");
    host_record_clear();
    fake_server_reply(fixture->server, "acme/main", 2, first, "bye");
    host_expect("chat acme/main <Ann> RECV <font color=\"#c0392b\">[1: Login page]</font> bye");
    /* By its name again, as IRC clients and "Join a chat" do. */
    host_join(fixture->account, "acme/main/1");
    host_wait("chat acme/main/1 <Ann> RECV+DELAYED bye");
    host_join(fixture->account, "acme/main/77");
    host_wait("error The room \"acme/main/77\" cannot be opened. | There is no thread with this number yet. *");
    /* It closes with its flow. */
    host_close_room(fixture->account, "acme/main");
    conv = host_room(fixture->account, "acme/main/1");
    g_assert_true(purple_conv_chat_has_left(PURPLE_CONV_CHAT(conv)));
}

/* The window of a thread outlives a connection: it goes on where it stopped, under its number. */
static void test_thread_room_again(Fixture *fixture, gconstpointer data)
{
    gint64 first = hear(fixture, 2, "Login page");
    gint64 second = hear(fixture, 2, "Logo");

    (void)data;
    fake_server_reply(fixture->server, "acme/main", 42, first, "Broken");
    fake_server_reply(fixture->server, "acme/main", 42, second, "Blue");
    host_wait("* Blue");
    type(fixture, "/show 2 open");
    host_wait("chat acme/main/2 <Hubot> RECV+DELAYED Blue");
    host_sign_off(fixture->account);
    fake_server_reply(fixture->server, "acme/main", 2, second, "Red");
    host_sign_on_ready(fixture->account, fixture->server);
    host_record_clear();
    host_join(fixture->account, "acme/main/2");
    host_wait("chat acme/main/2 <Ann> * Red");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main/2 <Hubot> *"), ==, 0);
    g_assert_cmpuint(host_record_count("chat acme/main/2 <Ann> *"), ==, 1);
}

/* --------------------------------------------------------------------------------------------------------- other places */

static void test_private(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_say_private(fixture->server, 2, 1, "psst");
    host_wait("im Ann <Ann> RECV psst");
    host_record_clear();
    host_type_to(fixture->account, "Ann", "yes pleese");
    host_expect("im Ann <Demo> SEND yes pleese");
    host_type_to(fixture->account, "Ann", "/edit s/ee/ea/");
    host_wait("im Ann <Demo> SEND* /me edited: *");
    host_record_clear();
    host_type_to(fixture->account, "Ann", "/me waves");
    host_expect("im Ann <Demo> SEND /me changed status to: waves");
    host_type_to(fixture->account, "Ann", "/search psst");
    host_wait("im Ann <*> RECV+SYSTEM Found, the newest last:<br>#* Ann: psst");
    host_record_clear();
    host_type_to(fixture->account, "Ann", "/threads");
    host_expect("im Ann <Ann> ERROR The command /threads can be used in rooms only.<br>You typed: /threads");
    host_type_to(fixture->account, "Ann", "/history");
    host_wait("im Ann <Ann> RECV+SYSTEM There is nothing older.");
    host_record_clear();
    host_type_to(fixture->account, "Ann", "/wave");
    host_wait("im Ann <Ann> ERROR There is no command /wave*You typed: /wave");
    g_assert_cmpuint(fake_server_message_count(fixture->server, "private/1/2"), ==, 3);
}

/* Pidgin and Finch run commands themselves, with formatting. */
static void test_as_command(Fixture *fixture, gconstpointer data)
{
    (void)data;
    hear(fixture, 2, "Question");
    host_command_in_room(fixture->account, "acme/main", "/reply ^ <b>a &lt; b</b> &amp; c");
    host_wait("chat acme/main <Demo> SEND *[1: Question]</font> <b>a &lt; b</b> &amp; c");
    host_record_clear();
    /* All that is typed is formatted: a reference is none of it. */
    host_command_in_room(fixture->account, "acme/main", "/reply <b>^ again</b>");
    host_wait("chat acme/main <Demo> SEND *[1: Question]</font> again");
    host_record_clear();
    host_command_in_room(fixture->account, "acme/main", "/react <b>^ :tada:</b>");
    host_wait("* reacted with *");
    host_record_clear();
    host_type_in_room(fixture->account, "acme/main", "<b>/thread 1 once more</b>");
    host_wait("chat acme/main <Demo> SEND *[1: Question]</font> once more");
    host_record_clear();
    host_command_in_room(fixture->account, "acme/main", "/edit <b>new</b> text");
    host_wait("chat acme/main <Demo> * edited*<b>new</b>*");
    host_record_clear();
    host_command_in_room(fixture->account, "acme/main", "/edit");
    host_wait(REFUSED "It is used like this: /edit *");
    host_record_clear();
    host_command_in_room(fixture->account, "acme/main", "/me waves");
    host_expect("chat acme/main <Demo> SEND /me changed status to: waves");
    host_command_in_room(fixture->account, "acme/main", "//etc");
    host_expect("chat acme/main <Demo> SEND /etc");
    host_command_in_room(fixture->account, "acme/main", "/unknown thing");
    host_wait(REFUSED "There is no command /unknown*");
    host_record_clear();
    host_command_in_room(fixture->account, "acme/main", "/resend");
    host_expect(TOLD "Nothing waits to be sent again.");
}

/* Sign-off while answers are due: nothing is called afterwards. */
static void test_sign_off(Fixture *fixture, gconstpointer data)
{
    static const char *const lines[] = { "/show 1",  "/threads",   "/search x",      "/history 5",   "/edit s/a/b/",
                                         "/tag ^ x", "/nick Boss", "/reply 77777 x", "/show 1 open", "/delete" };
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "*", .origin = FAKE_ORIGIN_API, .count = -1 };
    gint64 first = hear(fixture, 2, "Login page");

    (void)data;
    fake_server_reply(fixture->server, "acme/main", 1, first, "banana");
    host_wait("* banana");
    fake_server_fault(fixture->server, &stall);
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        type(fixture, lines[i]);
    test_until(fake_server_stalled(fixture->server) >= 5);
    host_record_clear();
    host_sign_off(fixture->account);
    fake_server_clear_faults(fixture->server);
    test_settle();
    /* What changes something is said with the whole line; what only looks is not worth a word. */
    g_assert_cmpuint(
        host_record_count(REFUSED "The account went offline before the service confirmed it.<br>You typed: *"), ==, 5);
    g_assert_cmpuint(host_record_count("*You typed: /edit s/a/b/"), ==, 1);
    g_assert_cmpuint(host_record_count("*You typed: /reply 77777 x"), ==, 1);
    g_assert_cmpuint(host_record_count("chat *"), ==, 5);
}

/* The same when the connection is lost. */
static void test_connection_lost(Fixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .method = "GET", .path = "*/messages/*", .count = 1 };

    (void)data;
    hear(fixture, 2, "Hello");
    fake_server_fault(fixture->server, &stall);
    type(fixture, "/reply 77777 precious");
    test_until(fake_server_stalled(fixture->server) == 1);
    purple_connection_error_reason(purple_account_get_connection(fixture->account),
                                   PURPLE_CONNECTION_ERROR_NETWORK_ERROR, "lost");
    host_wait(REFUSED "The account went offline before the service confirmed it.<br>You typed: /reply 77777 precious");
}

static void test_offline(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_sign_off(fixture->account);
    host_record_clear();
    host_command_in_room(fixture->account, "acme/main", "/reply ^ a &lt; b");
    host_wait("command refused *This works only while the account is signed in, *<br>You typed: /reply ^ a &lt; b");
}

/* ^ is what was shown last, a file as well as a text; in a thread's room, of the thread. */
static void test_what_is_last(Fixture *fixture, gconstpointer data)
{
    gint64 first = hear(fixture, 2, "Login page"), other;

    (void)data;
    type(fixture, "keep me");
    host_wait("chat acme/main <Demo> SEND keep me");
    fake_server_post(fixture->server, "acme/main", 1,
                     "{\"event\":\"file\",\"content\":{\"data\":\"aGk=\",\"content_type\":\"text/plain\","
                     "\"file_name\":\"plan.txt\"}}",
                     NULL);
    host_wait("* shared a file: plan.txt (text/plain, *");
    host_record_clear();
    type(fixture, "/delete ^");
    host_wait("chat acme/main <Demo> * /me deleted: shared a file: plan.txt");
    fake_server_reply(fixture->server, "acme/main", 42, first, "Broken");
    host_wait("* Broken");
    other = hear(fixture, 2, "elsewhere");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Hubot> RECV+DELAYED Broken");
    host_record_clear();
    host_type_in_room(fixture->account, "acme/main/1", "/react ^ :tada:");
    host_wait("chat acme/main/1 <Demo> * to: Broken");
    host_type_in_room(fixture->account, "acme/main/1", "/delete");
    host_wait("chat acme/main/1 <Flowdock> RECV+ERROR You have written nothing here lately. *");
    g_assert_nonnull(stored(fixture, other));
}

/* What the user believes to be the last message is not the one that would be changed. */
static void test_too_early(Fixture *fixture, gconstpointer data)
{
    FakeFault slow = { .kind = FAKE_FAULT_STALL, .method = "POST", .path = "*/messages", .count = 1 };

    (void)data;
    type(fixture, "good old one");
    host_wait("chat acme/main <Demo> SEND good old one");
    host_record_clear();
    fake_server_fault(fixture->server, &slow);
    type(fixture, "oops");
    test_until(fake_server_stalled(fixture->server) == 1);
    type(fixture, "/delete");
    type(fixture, "/edit new");
    host_expect(
        REFUSED
        "Your last message is still on its way. Try again when it is shown here.<br>You typed: /delete\n" REFUSED
        "Your last message is still on its way. Try again when it is shown here.<br>You typed: /edit new");
    g_assert_cmpstr(content_of(fixture, 0), ==, "good old one");
}

/* Numbers at the beginning of a text. */
static void test_edit_numbers(Fixture *fixture, gconstpointer data)
{
    gint64 others = hear(fixture, 2, "Hello"), mine;
    g_autofree char *by_number = NULL, *not_mine = g_strdup_printf("/edit %" G_GINT64_FORMAT " apples", others);
    g_autofree char *shown = g_strdup_printf("* /me edited to: %" G_GINT64_FORMAT " apples", others);

    (void)data;
    type(fixture, "first");
    host_wait("chat acme/main <Demo> SEND first");
    mine = json_object_get_int_member(stored(fixture, 0), "id");
    type(fixture, "second");
    host_wait("chat acme/main <Demo> SEND second");
    by_number = g_strdup_printf("/edit %" G_GINT64_FORMAT " s/first/1st", mine);
    type(fixture, by_number);
    host_wait("chat acme/main <Demo> * /me edited*1st*");
    g_assert_cmpstr(content_of(fixture, mine), ==, "1st");
    type(fixture, not_mine);
    host_wait(shown);
    g_assert_cmpstr(content_of(fixture, others), ==, "Hello");
}

static void test_more_after_failure(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .method = "GET", .path = "*/messages", .status = 500, .body = "", .count = 1 };

    (void)data;
    for (guint i = 1; i <= 25; i++) {
        g_autofree char *text = g_strdup_printf("needle %u", i);

        fake_server_say(fixture->server, "acme/main", 2, text);
    }
    host_wait("* needle 25");
    type(fixture, "/search needle");
    host_wait(TOLD "Found, the newest last:*");
    host_record_clear();
    fake_server_fault(fixture->server, &fault);
    type(fixture, "/more");
    host_wait(REFUSED "*<br>You typed: /more");
    type(fixture, "/more");
    host_wait(TOLD "Found, further back:*needle 5");
    /* What is found again is known still. */
    type(fixture, "/react ^ :tada:");
    host_wait("* reacted with *");
    type(fixture, "/search needle 25");
    host_wait(TOLD "Found*needle 25");
    type(fixture, "/react ^ :tada:");
    host_wait("* took back *");
}

#define ADD(name, function)                                                                                            \
    g_test_add("/flowdock/commands/" name, Fixture, NULL, host_fixture_set_up, function, host_fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("lines", test_lines);
    ADD("wrong-use", test_wrong_use);
    ADD("help", test_help);
    ADD("status", test_status);
    ADD("reply", test_reply);
    ADD("reply-to-old", test_reply_to_old);
    ADD("comment", test_comment);
    ADD("wrong-references", test_wrong_references);
    ADD("mentions", test_mentions);
    ADD("formatted", test_formatted);
    ADD("edit", test_edit);
    ADD("edit-refused", test_edit_refused);
    ADD("delete", test_delete);
    ADD("tags", test_tags);
    ADD("react", test_react);
    ADD("resend", test_resend);
    ADD("search", test_search);
    ADD("tagged", test_tagged);
    ADD("threads", test_threads);
    g_test_add_func("/flowdock/commands/history", test_history);
    ADD("raw", test_raw);
    ADD("nick", test_nick);
    ADD("thread-room", test_thread_room);
    ADD("thread-room-again", test_thread_room_again);
    ADD("private", test_private);
    ADD("as-command", test_as_command);
    ADD("sign-off", test_sign_off);
    ADD("connection-lost", test_connection_lost);
    ADD("offline", test_offline);
    ADD("what-is-last", test_what_is_last);
    ADD("too-early", test_too_early);
    ADD("edit-numbers", test_edit_numbers);
    ADD("more-after-failure", test_more_after_failure);
    return g_test_run();
}
