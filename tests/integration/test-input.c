/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of what is typed: codes, people, and code, which stays as it is. */
#include "host.h"

#include <string.h>

/* The code :whale: is none of those that the test server exchanges by itself. */
#define WHALE "\xf0\x9f\x90\xb3"

typedef struct {
    FakeServer *server;
    PurpleAccount *account;
    gint64 second; /* shown as Ann2 */
} Fixture;

static gint64 add_person(Fixture *fixture, const char *nick, const char *email)
{
    gint64 id = fake_server_add_user(fixture->server, "acme", 0, nick, email, "x");

    fake_server_add_member(fixture->server, "acme/main", id);
    return id;
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->server = fake_server_new_started();
    fixture->second = add_person(fixture, "Ann", "ann2@example.com");
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    host_sign_on_ready(fixture->account, fixture->server);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_account_free(fixture->account);
    g_clear_pointer(&fixture->server, fake_server_free);
}

static void type_html(Fixture *fixture, const char *html)
{
    host_record_clear();
    host_type_in_room(fixture->account, "acme/main", html);
}

static void type(Fixture *fixture, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    type_html(fixture, html);
}

/* The newest message, once it is there. */
static JsonObject *sent(Fixture *fixture)
{
    host_wait("chat acme/main <Demo> SEND*");
    return fake_server_get_message(fixture->server, "acme/main", 0);
}

static gboolean has_tag(JsonObject *message, gint64 user)
{
    g_autofree char *tag = g_strdup_printf(":user:%" G_GINT64_FORMAT, user);
    JsonArray *tags = json_object_get_array_member(message, "tags");

    for (guint i = 0; i < json_array_get_length(tags); i++) {
        if (g_str_equal(json_array_get_string_element(tags, i), tag))
            return TRUE;
    }
    return FALSE;
}

/* @tagged: a person, 0: none */
static void expect_sent(Fixture *fixture, const char *typed, const char *content, gint64 tagged)
{
    JsonObject *message;

    g_test_message("typing %s", typed);
    type(fixture, typed);
    message = sent(fixture);
    g_assert_cmpstr(json_object_get_string_member(message, "content"), ==, content);
    if (tagged)
        g_assert_true(has_tag(message, tagged));
}

static void expect_same(Fixture *fixture, const char *typed)
{
    expect_sent(fixture, typed, typed, 0);
    g_assert_false(has_tag(sent(fixture), fixture->second));
}

/* ------------------------------------------------------------------------------------------------------------ code */

static void test_code(Fixture *fixture, gconstpointer data)
{
    static const char *const codes[] = {
        "`:whale: @Ann2`",
        "``:whale: ` @Ann2``",
        "```\n:whale: @Ann2\n```",
        "~~~\n:whale: @Ann2\n~~~",
        "~~~~ :whale:\n@Ann2\n~~~\n:whale:\n~~~~",
        "~~~\n:whale: has no end\n\n@Ann2",
        "x\n\n    :whale:\n    @Ann2",
        "> ~~~\n> :whale: @Ann2\n> ~~~",
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autofree char *before = g_strconcat(codes[i], "\n\n:whale: @Ann2", NULL);

        expect_same(fixture, codes[i]);
        if (!strstr(codes[i], "no end")) {
            g_autofree char *after = g_strconcat(codes[i], "\n\n" WHALE " @Ann", NULL);

            expect_sent(fixture, before, after, fixture->second);
        }
    }
}

static void test_around_code(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_sent(fixture, ":whale: `:whale:` @Ann2 ``:whale: ` @Ann2`` :whale:",
                WHALE " `:whale:` @Ann ``:whale: ` @Ann2`` " WHALE, fixture->second);
    /* Not code: an escaped mark, and marks without their partner. */
    expect_sent(fixture, "\\`:whale:\\` `@Ann2", "\\`" WHALE "\\` `@Ann", fixture->second);
    expect_sent(fixture, "**:whale:** and _@Ann2 too_", "**" WHALE "** and _@Ann2 too_", 0);
    expect_sent(fixture, "**:whale: @Ann2**", "**" WHALE " @Ann**", fixture->second);
}

static void test_escaped(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_same(fixture, "\\:whale: and \\@Ann2");
    expect_same(fixture, ":whale\\:");
    expect_sent(fixture, "\\\\:whale:", "\\\\" WHALE, 0);
}

static void test_links(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_same(fixture, "http://x.example/:whale:/ and http://x.example/a\\_b:whale:c");
    expect_sent(fixture, "[:whale:](/:whale:) :whale:", "[" WHALE "](/:whale:) " WHALE, 0);
}

/* ---------------------------------------------------------------------------------------------------------- people */

static void test_addressed(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_sent(fixture, "hubot: hello", "@Hubot: hello", 0);
    expect_sent(fixture, "HUBOT, hello", "@Hubot, hello", 0);
    expect_sent(fixture, "hubot:", "@Hubot:", 0);
    expect_sent(fixture, "hubot:\nhello", "@Hubot:\nhello", 0);
    expect_sent(fixture, "hubot: :whale: `:whale:`", "@Hubot: " WHALE " `:whale:`", 0);
    /* Hosts that show full names complete them. */
    expect_sent(fixture, "Hubot the Bot: hello", "@Hubot: hello", 0);
    expect_sent(fixture, "ANN example, hello", "@Ann, hello", 0);
    expect_sent(fixture, "Ann Exam: hello", "Ann Exam: hello", 0);
    expect_sent(fixture, "ann2: hello @ann2", "@Ann: hello @Ann", fixture->second);
    expect_sent(fixture, "ann2, hello", "@Ann, hello", fixture->second);
    expect_sent(fixture, "ann: hello", "@Ann: hello", 0);
    g_assert_false(has_tag(sent(fixture), fixture->second));
}

static void test_not_addressed(Fixture *fixture, gconstpointer data)
{
    static const char *const lines[] = {
        "Ann, Hubot and I went home",
        "Ann, hubot, you too",
        "Ann, @Hubot and I",
        "Ann, demo is the password",
        "Ann,hello",
        "Ann,",
        "Ann:hello",
        "Well, Ann: hello",
        " hubot: hello",
        "hubots: hello",
        "nobody: hello",
        "demo: hello",
        "demo, hello",
        "ann2@example.com: hello",
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        expect_same(fixture, lines[i]);
    /* Only a beginning of the next word. */
    expect_sent(fixture, "Hubot, annual report please", "@Hubot, annual report please", 0);
}

static void test_unusual_nicks(Fixture *fixture, gconstpointer data)
{
    gint64 blank = add_person(fixture, "Mary Lou", "mary@example.com");
    gint64 colon = add_person(fixture, "re: x", "re@example.com");
    gint64 comma = add_person(fixture, "Ann, Jr", "junior@example.com");
    gint64 address = add_person(fixture, "http", "http@example.com");

    (void)data;
    add_person(fixture, "Mary", "mary2@example.com");
    add_person(fixture, "re", "re2@example.com");
    add_person(fixture, "J\xc3\xbcrgen", "juergen@example.com");
    host_wait("join acme/main J\xc3\xbcrgen");
    expect_sent(fixture, "mary lou: hello", "mary lou: hello", blank);
    expect_sent(fixture, "Mary: hello", "@Mary: hello", 0);
    g_assert_false(has_tag(sent(fixture), blank));
    expect_sent(fixture, "re: x: hello", "re: x: hello", colon);
    expect_sent(fixture, "re: y: hello", "@re: y: hello", 0);
    g_assert_false(has_tag(sent(fixture), colon));
    expect_sent(fixture, "ann, jr, hello", "ann, jr, hello", comma);
    expect_sent(fixture, "ann, jr: hello", "ann, jr: hello", comma);
    expect_same(fixture, "Ann, Mary Lou and I");
    expect_sent(fixture, "j\xc3\x9cRGEN: hello", "@J\xc3\xbcrgen: hello", 0);
    expect_same(fixture, "http://x.example");
    g_assert_false(has_tag(sent(fixture), address));
}

/* ----------------------------------------------------------------------------------------------------------- edits */

static void test_edited(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_sent(fixture, "first", "first", 0);
    type(fixture, "/edit `:whale:` :whale: \\:whale:");
    host_wait("chat acme/main <Demo> SEND* /me edited*");
    g_assert_cmpstr(json_object_get_string_member(sent(fixture), "content"), ==, "`:whale:` " WHALE " \\:whale:");
}

/* ------------------------------------------------------------------------------------- commands of hosts with formats */

/* What a host makes of a command, and where it goes. Nothing is sent for a command that there is not. */
static void test_formatted_command(Fixture *fixture, gconstpointer data)
{
    static const char *const commands[] = {
        "<b>/etc</b> is",
        "<b>/etc is</b>",
        "<font face=\"Sans\" size=\"3\">/etc is</font>",
        "<FONT COLOR=\"#ff0000\"><FONT FACE=\"Courier New\">/etc is</FONT></FONT>",
        "<html><body>/etc is</body></html>",
        "<body bgcolor=\"#ffffff\"><font color=\"#000000\">/etc is</font></body>",
        "<span style=\"font-weight: bold\">/etc is</span>",
        "/etc&nbsp;is",
        "/<b>etc</b> is",
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_test_message("%s", commands[i]);
        type_html(fixture, commands[i]);
        host_wait("chat acme/main <Flowdock> RECV+ERROR There is no command /*etc*");
        g_assert_cmpuint(host_record_count("chat acme/main <Demo> *"), ==, 0);
    }
}

/* Blanks and line ends before the slash make it text, as in other plugins. */
static void test_no_command(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *html, *content;
    } cases[] = {
        { " /etc is", " /etc is" },
        { "&nbsp;/etc is", " /etc is" },
        { "<br>/etc is", "\n/etc is" },
        { "<b>x</b> /etc", "**x** /etc" },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].html);
        type_html(fixture, cases[i].html);
        g_assert_cmpstr(json_object_get_string_member(sent(fixture), "content"), ==, cases[i].content);
    }
}

static void test_formatted_arguments(Fixture *fixture, gconstpointer data)
{
    static const char *const replies[] = {
        "/reply ^ a <b>b</b> <i>c</i>",
        "<font face=\"Sans\" color=\"#204a87\">/reply ^ a <b>b</b> <i>c</i></font>",
        "<body>/reply ^ a <b>b</b> <i>c</i></body>",
    };

    (void)data;
    fake_server_say(fixture->server, "acme/main", 2, "Question");
    host_wait("* Question");
    for (gsize i = 0; i < G_N_ELEMENTS(replies); i++) {
        g_test_message("%s", replies[i]);
        type_html(fixture, replies[i]);
        g_assert_cmpstr(json_object_get_string_member(sent(fixture), "content"), ==, "a **b** *c*");
    }
}

#define ADD(name, function) g_test_add("/flowdock/input/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("code", test_code);
    ADD("around-code", test_around_code);
    ADD("escaped", test_escaped);
    ADD("links", test_links);
    ADD("addressed", test_addressed);
    ADD("not-addressed", test_not_addressed);
    ADD("unusual-nicks", test_unusual_nicks);
    ADD("edited", test_edited);
    ADD("formatted-command", test_formatted_command);
    ADD("no-command", test_no_command);
    ADD("formatted-arguments", test_formatted_arguments);
    return g_test_run();
}
