/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of sources: making them, posting through them, and the permission that takes. */
#include "browser.h"
#include "host.h"

#include <string.h>

#define REFUSED "chat acme/main <Flowdock> RECV+ERROR "
#define TOLD "chat acme/main <Flowdock> RECV+SYSTEM "
/* Hosts ring at the own nick, which is in the names of the user and of the application. */
#define HEARD "chat acme/main <Flowdock> RECV+SYSTEM* "
#define SECRET "chat acme/main <Flowdock> RECV+SYSTEM+NO_LOG "
#define MARK "<font color=\"#c0392b\">[1: Build 7]</font> "
#define OFFER "choose Sign in again with the permission for sources? | * (OK, Cancel)"
#define EXPLAINED TOLD "The service wants the permission &quot;integration&quot; for this, *"
#define MADE TOLD "The source *: * was made, *"

typedef HostFixture Fixture;

/* With the permission from the beginning. */
static void set_up_wide(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->server = fake_server_new_started();
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    purple_account_set_bool(fixture->account, "scope_integration", TRUE);
    host_sign_on_ready(fixture->account, fixture->server);
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

static const char *kept(Fixture *fixture, gint64 id)
{
    g_autofree char *key = g_strdup_printf("source_token_%" G_GINT64_FORMAT, id);

    return purple_account_get_string(fixture->account, key, NULL);
}

static guint count_sources(FakeServer *server)
{
    return fake_server_count(server, "POST", "/flows/acme/main/sources");
}

static guint count_grants(FakeServer *server)
{
    return fake_server_count(server, "POST", "/oauth/token");
}

static JsonObject *newest(Fixture *fixture)
{
    return fake_server_get_message(fixture->server, "acme/main", 0);
}

/* The rest of the address a message was sent to, and what was sent. */
static const char *posted(Fixture *fixture)
{
    return fake_server_last_request(fixture->server, "POST", "/messages")->body;
}

/* What a token must not be in. */
static void check_secret(Fixture *fixture, const char *token)
{
    const GPtrArray *requests = fake_server_requests(fixture->server);

    g_assert_cmpuint(strlen(token), >, 8);
    g_assert_null(strstr(host_debug_log(), token));
    g_assert_null(strstr(host_record_text(), token));
    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        g_assert_null(strstr(request->path, token));
        g_assert_true(!request->query || !strstr(request->query, token));
    }
}

/* ---------------------------------------------------------------------------------------------------------- life cycle */

static void test_create(Fixture *fixture, gconstpointer data)
{
    g_autofree char *token = NULL;

    (void)data;
    expect_line(fixture, "/sources", TOLD "This flow has no source. /source create NAME makes one, *");
    expect_line(fixture, "/source create  Build <server> ",
                TOLD
                "The source 1: Build &lt;server&gt; was made, and its token is kept with this account. /activity 1 "
                "KEY TITLE posts through it; /source token 1 shows the token, for another program.");
    token = g_strdup(kept(fixture, 1));
    g_assert_nonnull(token);
    check_secret(fixture, token);
    expect_line(fixture, "/sources",
                HEARD "1 source of this flow:<br>1: Build &lt;server&gt; (Demo application), by you, its token is kept "
                      "here");
    check_secret(fixture, token);
    type(fixture, "/source token build <server>");
    host_wait(SECRET "The token of the source 1: Build &lt;server&gt; is * (whoever has it can post here).");
    g_assert_nonnull(strstr(host_record_text(), token));
    g_assert_null(strstr(host_debug_log(), token));
}

static void test_list(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint i = 1; i <= 25; i++) {
        g_autofree char *name = g_strdup_printf("Source %u", i);

        fake_server_add_source(fixture->server, "acme/main", name);
    }
    fake_server_add_source(fixture->server, "acme/dev-team", "Elsewhere");
    expect_line(fixture, "/sources",
                HEARD "25 sources of this flow:<br>1: Source 1 (Demo application)<br>*<br>20: Source 20 (Demo "
                      "application)<br>/more goes on.");
    expect_line(fixture, "/more", HEARD "21: Source 21 (Demo application)<br>*<br>25: Source 25 (Demo application)");
}

static void test_menu(Fixture *fixture, gconstpointer data)
{
    PurpleConnection *gc = purple_account_get_connection(fixture->account);
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_connection_get_prpl(gc));
    PurpleChat *chat = purple_chat_new(fixture->account, NULL, info->chat_info_defaults(gc, "acme/main"));
    GList *items;

    (void)data;
    purple_blist_add_chat(chat, NULL, NULL);
    items = info->blist_node_menu(PURPLE_BLIST_NODE(chat));
    for (GList *item = items; item; item = item->next) {
        PurpleMenuAction *action = item->data;

        if (g_str_has_prefix(action->label, "Sources"))
            ((void (*)(PurpleBlistNode *, gpointer))action->callback)(PURPLE_BLIST_NODE(chat), action->data);
        purple_menu_action_free(action);
    }
    g_list_free(items);
    host_wait(TOLD "This flow has no source. *");
    purple_blist_remove_chat(chat);
}

static void test_activity(Fixture *fixture, gconstpointer data)
{
    PurpleAccount *ann = host_account_new(fixture->server, "ann@example.com", "ann");
    g_autofree char *token = NULL;
    JsonObject *message;

    (void)data;
    host_sign_on(ann);
    host_wait("connected Ann");
    test_until(fake_server_count_streams(fixture->server) == 2);
    test_settle();
    type(fixture, "/source create Builds");
    host_wait(MADE);
    token = g_strdup(kept(fixture, 1));
    host_record_clear();
    type(fixture, "/activity builds build-7 [Green: passed ] Build 7 | All **tests** passed in <5 s\nsee "
                  "https://ci.example.com/7");
    /* In both accounts. */
    host_wait_times(HEARD MARK "~Demo User: Build 7*All *tests* passed in &lt;5 s*https://ci.example.com/7*", 2);
    message = newest(fixture);
    g_assert_cmpstr(json_object_get_string_member(message, "event"), ==, "activity");
    g_assert_cmpstr(json_object_get_string_member(message, "title"), ==, "Build 7");
    g_assert_nonnull(strstr(posted(fixture), "All <b>tests</b> passed in &lt;5 s<br>see <a href="));
    g_assert_nonnull(strstr(posted(fixture), "\"external_thread_id\":\"build-7\""));
    g_assert_nonnull(strstr(posted(fixture),
                            "\"thread\":{\"title\":\"Build 7\",\"status\":{\"color\":\"green\",\"value\":"
                            "\"passed\"}}"));
    g_assert_nonnull(strstr(posted(fixture), "\"author\":{\"name\":\"Demo User\",\"email\":\"demo@example.com\""));
    /* As the source, not as the user. */
    g_assert_null(fake_server_last_request(fixture->server, "POST", "/messages")->authorization);
    host_record_clear();
    type(fixture, "/discuss 1 build-7 Who `broke` it? ~~Me~~");
    host_wait_times(HEARD MARK "~Demo User: Who *broke* it? *Me*", 2);
    g_assert_nonnull(strstr(posted(fixture), "\"body\":\"Who <code>`broke`</code> it? <del>~Me~</del>\""));
    g_assert_cmpstr(json_object_get_string_member(newest(fixture), "thread_id"), ==,
                    json_object_get_string_member(message, "thread_id"));
    /* It gives the thread no other title. */
    host_record_clear();
    type(fixture, "/show 1");
    host_wait(HEARD "*[1: Build 7]*passed*");
    check_secret(fixture, token);
    host_account_free(ann);
}

/* What stands in brackets is a status only with a colour's form. */
static void test_titles(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *typed, *title, *body, *status;
    } rows[] = {
        { "1 a Fix login", "Fix login", NULL, NULL },
        { "1 a [ABC-7: open] Fix login", "[ABC-7: open] Fix login", NULL, NULL },
        { "1 a [draft] Fix login", "[draft] Fix login", NULL, NULL },
        { "1 a [WIP: parser] Fix", "[WIP: parser] Fix", NULL, NULL },
        { "1 a [] Fix", "[] Fix", NULL, NULL },
        { "1 a [green", "[green", NULL, NULL },
        { "1 a [green:", "[green:", NULL, NULL },
        { "1 a [", "[", NULL, NULL },
        { "1 a R&D <b>|more | and more", "R&amp;D &lt;b&gt;", "more | and more", NULL },
        { "\"Build server\" a [lime:good | fine] Fix", "Fix", NULL, "good | fine" },
        { "\"build SERVER\"  a  [grey:w:v]Fix |", "Fix", NULL, "w:v" },
    };

    (void)data;
    /* As in the other commands, the marks are no part of the name. */
    type(fixture, "/source create \"Build server\"");
    host_wait(MADE);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *typed = g_strconcat("/activity ", rows[i].typed, NULL);
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *body, *thread;

        g_test_message("%s", typed);
        type(fixture, typed);
        test_until(fake_server_count(fixture->server, "POST", "/messages") == i + 1);
        g_assert_true(json_parser_load_from_data(parser, posted(fixture), -1, NULL));
        body = json_node_get_object(json_parser_get_root(parser));
        thread = json_object_get_object_member(body, "thread");
        g_assert_cmpstr(json_object_get_string_member(body, "title"), ==, rows[i].title);
        g_assert_cmpstr(json_object_get_string_member(thread, "title"), ==, rows[i].title);
        g_assert_cmpstr(json_object_get_string_member_with_default(body, "body", NULL), ==, rows[i].body);
        g_assert_cmpint(json_object_has_member(thread, "status"), ==, rows[i].status != NULL);
        if (rows[i].status)
            g_assert_cmpstr(json_object_get_string_member(json_object_get_object_member(thread, "status"), "value"), ==,
                            rows[i].status);
        test_settle();
        g_assert_cmpuint(fake_server_last_request(fixture->server, "POST", "/messages")->status, ==, 200);
    }
    host_wait_times(HEARD "*[1: Fix]*", 2);
}

/* As Pidgin hands it over. */
static void test_formatted(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/source create Builds");
    host_wait(MADE);
    host_command_in_room(fixture->account, "acme/main", "/activity builds k7 Title | <b>bold</b> &lt;i&gt;");
    host_wait(HEARD "*~Demo User: Title*");
    g_assert_nonnull(strstr(posted(fixture), "\"body\":\"<b>bold</b> &lt;i&gt;\""));
}

static void test_problem(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_add_source(fixture->server, "acme/main", "Build server");
    expect_line(fixture, "/source problem \"build server\" Cannot read <it>",
                TOLD "The source 1: Build server has this problem now: Cannot read &lt;it&gt;");
    g_assert_cmpstr(fake_server_last_request(fixture->server, "PUT", "/flows/acme/main/sources/1")->body, ==,
                    "{\"error_message\":\"Cannot read <it>\"}");
    expect_line(fixture, "/source problem 1", TOLD "The source 1: Build server has no problem any more.");
    g_assert_cmpstr(fake_server_last_request(fixture->server, "PUT", "/flows/acme/main/sources/1")->body, ==,
                    "{\"error_message\":\"\"}");
}

static void test_remove(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/source create Build server");
    host_wait(MADE);
    host_record_clear();
    g_assert_nonnull(kept(fixture, 1));
    expect_line(fixture, "/source remove build server",
                TOLD "The source 1: Build server was removed. Its token is worth nothing any more.");
    g_assert_null(kept(fixture, 1));
    g_assert_null(purple_account_get_string(fixture->account, "source_about_1", NULL));
    expect_line(fixture, "/sources", TOLD "This flow has no source. *");
    expect_line(fixture, "/activity 1 key Title",
                REFUSED "This flow has no source &quot;1&quot;, nor any other.<br>You typed: /activity 1 key Title");
}

/* Somebody else has removed it. */
static void test_gone(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/source create Builds");
    host_wait(MADE);
    host_record_clear();
    fake_server_remove_source(fixture->server, kept(fixture, 1));
    expect_line(fixture, "/activity builds k [red:broken] Build 8 | because",
                REFUSED "This source was removed from its flow, so its token is worth nothing any more and was "
                        "forgotten.<br>You typed: /activity builds k [red:broken] Build 8 | because");
    g_assert_null(kept(fixture, 1));
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", "/messages"), ==, 1);
}

static void test_gone_meanwhile(Fixture *fixture, gconstpointer data)
{
    FakeFault gone = { .method = "DELETE", .status = 404 };

    (void)data;
    fake_server_add_source(fixture->server, "acme/main", "Builds");
    fake_server_fault(fixture->server, &gone);
    expect_line(fixture, "/source remove 1", TOLD "The source 1: Builds was removed already.");
}

typedef struct {
    const char *name;
    guint status;
    const char *body, *said;
} Failure;

static const Failure failures[] = {
    { "unknown-token", 401, NULL, "The service does not know the token of this source. *" },
    { "forbidden", 403, "{\"message\":\"Not for you\"}", "*Not for you*" },
    { "unknown", 404, NULL, "*" },
    { "fields", 422, "{\"message\":\"Validation error\",\"errors\":{\"thread\":[\"title is too long\"]}}",
      "*Validation error; thread title is too long*" },
    { "broken", 500, NULL, "The server has a problem of its own. *" },
};

static void test_failure(Fixture *fixture, gconstpointer data)
{
    const Failure *failure = data;
    g_autofree char *said = g_strconcat(REFUSED, failure->said, "<br>You typed: /discuss 1 k Hello", NULL);
    FakeFault fault = { .method = "POST", .path = "/messages", .status = failure->status, .body = failure->body };

    type(fixture, "/source create Builds");
    host_wait(MADE);
    host_record_clear();
    fake_server_fault(fixture->server, &fault);
    expect_line(fixture, "/discuss 1 k Hello", said);
    /* The token may still be good. */
    g_assert_nonnull(kept(fixture, 1));
    g_assert_true(host_is_online(fixture->account));
}

/* A server that repeats what it was sent. */
static void test_quoted(Fixture *fixture, gconstpointer data)
{
    g_autofree char *body = NULL, *token = NULL;

    (void)data;
    type(fixture, "/source create Builds");
    host_wait(MADE);
    host_record_clear();
    token = g_strdup(kept(fixture, 1));
    body = g_strdup_printf("{\"message\":\"no right for %s here\"}", token);

    FakeFault quoting = { .path = "/messages", .status = 400, .body = body };

    fake_server_fault(fixture->server, &quoting);
    type(fixture, "/activity 1 k Hello");
    host_wait(REFUSED "*no right for * here*");
    check_secret(fixture, token);
}

/* ------------------------------------------------------------------------------------------------------ which is meant */

static void test_same_names(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/source create Builds");
    host_wait_times(MADE, 1);
    type(fixture, "/source create builds");
    host_wait_times(MADE, 2);
    type_in(fixture, "acme/dev-team", "/source create Builds");
    host_wait("chat acme/dev-team <Flowdock> RECV+SYSTEM The source 3: Builds was made, *");
    host_record_clear();
    expect_line(fixture, "/discuss BUILDS k Hello",
                REFUSED "Several sources have this name. Give the number of the one you mean: 1: Builds, 2: "
                        "builds<br>You typed: /discuss BUILDS k Hello");
    expect_line(fixture, "/source remove builds",
                REFUSED "Several sources have this name. Give the number of the one you mean: 1: Builds, 2: "
                        "builds<br>You typed: *");
    type(fixture, "/discuss 2 k Hello");
    host_wait(HEARD "*: Hello");
    g_assert_nonnull(strstr(posted(fixture), kept(fixture, 2)));
    host_record_clear();
    /* A number means nothing in another room: what is typed here must not appear there. */
    expect_line(fixture, "/discuss 3 k Hello",
                REFUSED "This flow has no source &quot;3&quot;. It has these: 1: Builds, 2: builds<br>*");
    type_in(fixture, "acme/dev-team", "/discuss builds k Hello");
    host_wait("chat acme/dev-team <Flowdock> RECV+SYSTEM* *: Hello");
    g_assert_cmpuint(fake_server_message_count(fixture->server, "acme/main"), ==, 1);
}

static void test_wrong_use(Fixture *fixture, gconstpointer data)
{
    static const char *const lines[] = {
        "/sources all",       "/source",
        "/source create",     "/source make X",
        "/source remove",     "/source problem",
        "/source token",      "/source allow 1",
        "/activity",          "/activity 1",
        "/activity 1 k",      "/activity 1 k | x",
        "/discuss",           "/discuss 1",
        "/discuss 1 k",       "/activity 1 k [red:a]",
        "/activity \"\" k x", "/source remove \"\"",
    };
    guint calls;

    (void)data;
    fake_server_add_source(fixture->server, "acme/main", "Builds");
    calls = fake_server_requests(fixture->server)->len;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *escaped = g_markup_escape_text(lines[i], -1);
        g_autofree char *expected =
            g_strdup_printf(REFUSED "It is used like this: /*, for example /*<br>You typed: %s", escaped);

        host_record_clear();
        g_test_message("typing %s", lines[i]);
        type(fixture, lines[i]);
        g_assert_cmpuint(host_record_count(i == 0 ? REFUSED "It is used like this: /sources<br>*" : expected), ==, 1);
        g_assert_cmpuint(host_record_count("*"), ==, 1);
    }
    host_record_clear();
    expect_line(fixture, "/activity 1 k [pink:x] Title",
                REFUSED "&quot;pink&quot; is no colour that a status can have. These are: red, green, yellow, cyan, "
                        "orange, grey, black, lime, purple, blue.<br>You typed: /activity 1 k [pink:x] Title");
    expect_line(fixture, "/activity 1 k [red: ] Title", REFUSED "Write the status behind its colour, *");
    test_settle();
    g_assert_cmpuint(fake_server_requests(fixture->server)->len, ==, calls);
    expect_line(fixture, "/source remove Nobody",
                REFUSED "This flow has no source &quot;Nobody&quot;. It has these: 1: Builds<br>You typed: /source "
                        "remove Nobody");
    expect_line(fixture, "/activity Builds k Title",
                REFUSED "The token of the source 1: Builds is not kept here. If you have it, /source token 1 asks for "
                        "it.<br>You typed: /activity Builds k Title");
    expect_line(fixture, "/help activity", TOLD "Command /activity SOURCE THREADKEY *");
}

/* --------------------------------------------------------------------------------------------------- a token of its own */

static void ask_for_token(Fixture *fixture)
{
    type(fixture, "/source token Builds");
    host_wait(TOLD "The token of the source 1: Builds is not kept here: *");
    host_wait("ask Token of the source Builds | * (masked)");
    host_record_clear();
}

static void test_enter_token(Fixture *fixture, gconstpointer odd)
{
    g_autofree char *token = g_strdup(fake_server_add_source(fixture->server, "acme/main", "Builds"));
    g_autofree char *answer = g_strconcat(" ", token, "\n", NULL);

    fake_server_set_odd(fixture->server, GPOINTER_TO_UINT(odd));
    ask_for_token(fixture);
    host_answer("nonsense");
    host_wait(REFUSED "The service does not know this token. Nothing was kept.<br>You typed: /source token Builds");
    g_assert_null(kept(fixture, 1));
    ask_for_token(fixture);
    host_answer(answer);
    host_wait(TOLD "The token of the source 1: Builds is kept with this account now, *");
    g_assert_cmpstr(kept(fixture, 1), ==, token);
    check_secret(fixture, token);
    type(fixture, "/discuss builds k Hello");
    host_wait(HEARD "*: Hello");
    if (GPOINTER_TO_UINT(odd))
        /* An update that changes nothing. */
        g_assert_cmpuint(fake_server_count(fixture->server, "PUT", "/sources"), ==, 2);
}

static void test_enter_wrong_token(Fixture *fixture, gconstpointer data)
{
    g_autofree char *other = NULL, *gone = NULL;

    (void)data;
    fake_server_add_source(fixture->server, "acme/main", "Builds");
    other = g_strdup(fake_server_add_source(fixture->server, "acme/main", "Other"));
    gone = g_strdup(fake_server_add_source(fixture->server, "acme/main", "Gone"));
    fake_server_remove_source(fixture->server, gone);
    ask_for_token(fixture);
    host_answer(other);
    host_wait(REFUSED "This is the token of another source. Nothing was kept.<br>*");
    ask_for_token(fixture);
    host_answer(gone);
    host_wait(REFUSED "The source of this token was removed, *");
    ask_for_token(fixture);
    host_answer(NULL);
    host_wait(REFUSED "No token was given.<br>*");
    ask_for_token(fixture);
    host_answer("  ");
    host_wait(REFUSED "No token was given.<br>*");
    g_assert_null(kept(fixture, 1));
    /* What is typed in the room is in logs. */
    host_record_clear();
    expect_line(fixture, "/source token 1 0123456789abcdef",
                REFUSED "Do not write the token behind the source: *<br>You typed: /source token 1 …");
    expect_line(fixture, "/source token \"Builds\" 0123456789abcdef",
                REFUSED "Do not write the token behind the source: *<br>You typed: /source token &quot;Builds&quot; …");
    ask_for_token(fixture);
    host_sign_off(fixture->account);
    g_assert_false(host_is_asked());
    g_assert_cmpuint(host_record_count("*source*"), ==, 0);
}

static void test_token_is_kept(Fixture *fixture, gconstpointer data)
{
    g_autofree char *token = NULL;
    g_autoptr(FakeServer) other = fake_server_new_started();

    (void)data;
    type(fixture, "/source create Builds");
    host_wait(MADE);
    token = g_strdup(kept(fixture, 1));
    host_sign_off(fixture->account);
    host_sign_on_ready(fixture->account, fixture->server);
    type(fixture, "/discuss builds k Hello");
    host_wait(HEARD "*: Hello");
    g_assert_nonnull(strstr(posted(fixture), token));
    /* On another server the same number is another source. */
    host_sign_off(fixture->account);
    host_close_all(fixture->account);
    fake_server_add_source(other, "acme/main", "Builds");
    purple_account_set_string(fixture->account, "api_url", fake_server_get_api_url(other));
    purple_account_set_string(fixture->account, "stream_url", fake_server_get_stream_url(other));
    purple_account_set_password(fixture->account, "demo");
    host_sign_on_ready(fixture->account, other);
    expect_line(fixture, "/discuss builds k Hello", REFUSED "The token of the source 1: Builds is not kept here. *");
    g_assert_cmpuint(fake_server_count(other, "POST", "/messages"), ==, 0);
}

/* bitlbee forgets the account's settings, but keeps its accounts. */
static void test_bitlbee(Fixture *fixture, gconstpointer data)
{
    g_autofree char *commands = NULL;

    (void)data;
    host_pretend("BitlBee");
    type(fixture, "/source create Builds");
    host_wait("error The token of the source Builds is in the first of these lines, *");
    commands = g_strdup_printf("error The token of the source Builds is in the first of these lines, *\n"
                               "account add flowdock source-1-main %s\n"
                               "account source-1-main set auth_method source-token\n"
                               "account source-1-main set api_url %s\n"
                               "account source-1-main on | ",
                               kept(fixture, 1), fake_server_get_api_url(fixture->server));
    g_assert_cmpuint(host_record_count(commands), ==, 1);
    g_assert_cmpuint(host_record_count(MADE), ==, 1);
    host_record_clear();
    /* Not in a channel, which clients keep. */
    type(fixture, "/source token 1");
    host_wait("error The token of the source 1: Builds is *");
    g_assert_cmpuint(host_record_count("chat *"), ==, 0);
    /* Its commands end at blanks. */
    purple_account_set_string(fixture->account, "ca_file", "/etc/our own/ca.pem");
    type(fixture, "/source create More");
    host_wait("error *\naccount source-2-main set ca_file \"/etc/our own/ca.pem\"\naccount source-2-main on*");
    purple_account_set_string(fixture->account, "ca_file", "");
    host_pretend("flowdock-test-host");
}

/* ------------------------------------------------------------------------------------------------------ the permission */

static void test_widen(Fixture *fixture, gconstpointer odd)
{
    guint grants;

    host_sign_off(fixture->account);
    fake_server_set_odd(fixture->server, GPOINTER_TO_UINT(odd));
    host_sign_on_ready(fixture->account, fixture->server);
    grants = count_grants(fixture->server);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    g_assert_cmpuint(host_record_count(EXPLAINED), ==, 1);
    /* Who is told what the token may do need not try. */
    g_assert_cmpuint(count_sources(fixture->server), ==, GPOINTER_TO_UINT(odd) ? 1 : 0);
    host_choose("OK");
    host_wait("ask Password for demo@example.com | It is sent to the server once, to sign in. (masked)");
    /* Meanwhile. */
    fake_server_say(fixture->server, "acme/main", 2, "are you there?");
    host_wait("chat acme/main <Ann> RECV are you there?");
    type(fixture, "yes");
    host_wait("chat acme/main <Demo> SEND yes");
    host_answer("wrong");
    host_wait("ask Password for demo@example.com | The e-mail address or the password is wrong. (masked)");
    host_record_clear();
    host_answer("demo");
    host_wait(MADE);
    g_assert_nonnull(strstr(fake_server_last_request(fixture->server, "POST", "/oauth/token")->body, "integration"));
    g_assert_cmpuint(count_grants(fixture->server), ==, grants + 2);
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    g_assert_true(g_str_has_prefix(purple_account_get_password(fixture->account), "refresh-token:"));
    g_assert_true(purple_account_get_bool(fixture->account, "scope_integration", FALSE));
    /* The new refresh token has the permission, too. */
    fake_server_expire_access_tokens(fixture->server);
    host_record_clear();
    type(fixture, "/source create More");
    host_wait(MADE);
    g_assert_cmpuint(host_record_count("choose *"), ==, 0);
}

static void sign_on_by_browser(Fixture *fixture, const char *redirect)
{
    g_autofree char *place = NULL;

    host_sign_off(fixture->account);
    host_close_all(fixture->account);
    purple_account_set_string(fixture->account, "auth_method", "oauth");
    purple_account_set_string(fixture->account, "redirect", redirect);
    purple_account_set_password(fixture->account, NULL);
    host_sign_on(fixture->account);
    host_wait("browse");
    place = browser_allow(host_browsed());
    host_answer(place);
    host_wait("connected *");
    test_until(host_room(fixture->account, "acme/main") != NULL);
    test_until(fake_server_count_streams(fixture->server) == 1);
    test_settle();
    host_record_clear();
}

static void test_widen_by_browser(Fixture *fixture, gconstpointer redirect)
{
    g_autofree char *place = NULL;
    g_autoptr(BrowserPage) other = NULL;

    sign_on_by_browser(fixture, redirect);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("browse");
    g_assert_nonnull(strstr(host_browsed(), "offline_access%20integration"));
    other = browser_decide(host_browsed(), "ann@example.com", "ann", "allow");
    host_record_clear();
    host_answer(other->location);
    host_wait("ask Allow access in your web browser | You have signed in as Ann, but these rooms are those of somebody "
              "else. *");
    g_assert_cmpuint(host_record_count("browse"), ==, 0);
    place = browser_allow(host_browsed());
    host_answer(place);
    host_wait(MADE);
    g_assert_false(host_is_asked());
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
}

static void test_widen_by_listener(Fixture *fixture, gconstpointer data)
{
    g_autofree char *place = NULL;

    (void)data;
    sign_on_by_browser(fixture, "loopback");
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("browse");
    place = browser_allow(host_browsed());
    browser_page_free(browser_get(place));
    host_wait(MADE);
    g_assert_false(host_is_asked());
}

#define NOT_WIDENED                                                                                                    \
    REFUSED "The account was not signed in again, so it still lacks the permission for sources. /source allow asks "   \
            "once more.<br>You typed: /source create Builds"

/* The session goes on with what it has. */
static void check_unchanged(Fixture *fixture, const char *password)
{
    g_assert_cmpstr(purple_account_get_password(fixture->account), ==, password);
    g_assert_false(purple_account_get_bool(fixture->account, "scope_integration", FALSE));
    type(fixture, "still here");
    host_wait("chat acme/main <Demo> SEND still here");
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    g_assert_cmpuint(count_sources(fixture->server), ==, 0);
    host_record_clear();
}

static void test_cancelled(Fixture *fixture, gconstpointer data)
{
    g_autofree char *password = g_strdup(purple_account_get_password(fixture->account));

    (void)data;
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("Cancel");
    host_wait(NOT_WIDENED);
    g_assert_false(host_is_asked());
    check_unchanged(fixture, password);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("ask Password *");
    host_answer(NULL);
    host_wait(NOT_WIDENED);
    check_unchanged(fixture, password);
    /* Pidgin tells nobody that a window was closed. */
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose(NULL);
    host_record_clear();
    type(fixture, "/source create Others");
    host_wait(OFFER);
    g_assert_cmpuint(host_record_count("choose *"), ==, 1);
    host_choose("OK");
    host_wait("ask Password *");
    host_answer("demo");
    host_wait_times(MADE, 2);
}

static void test_cancelled_in_browser(Fixture *fixture, gconstpointer redirect)
{
    g_autofree char *password = NULL;
    g_autoptr(BrowserPage) page = NULL;

    sign_on_by_browser(fixture, redirect);
    password = g_strdup(purple_account_get_password(fixture->account));
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("browse");
    /* Else the page that says so is for people only. */
    if (g_str_equal(redirect, "loopback")) {
        page = browser_decide(host_browsed(), "", "", "deny");
        host_answer(page->location);
        host_wait(REFUSED "Access was denied.*<br>You typed: /source create Builds");
    } else {
        host_answer(NULL);
        host_wait(NOT_WIDENED);
    }
    check_unchanged(fixture, password);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("browse");
    host_answer(NULL);
    host_wait(NOT_WIDENED);
    check_unchanged(fixture, password);
}

static void test_refused(Fixture *fixture, gconstpointer data)
{
    g_autofree char *password = g_strdup(purple_account_get_password(fixture->account));
    FakeFault scope = { .path = "/oauth/token", .status = 400, .body = "{\"error\":\"invalid_scope\"}" };
    FakeFault less = { .path = "/oauth/token",
                       .status = 200,
                       .body = "{\"access_token\":\"abc\",\"refresh_token\":\"def\",\"token_type\":\"bearer\","
                               "\"scope\":\"flow,private\"}" };

    (void)data;
    fake_server_fault(fixture->server, &scope);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("ask Password *");
    host_answer("demo");
    host_wait(REFUSED "*<br>You typed: /source create Builds");
    check_unchanged(fixture, password);
    fake_server_fault(fixture->server, &less);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("ask Password *");
    host_answer("demo");
    host_wait(REFUSED "The service has signed you in, but without the permission for sources. *<br>You typed: *");
    check_unchanged(fixture, password);
}

/* The right is missing for another reason: nobody is asked round and round. */
static void test_forbidden(Fixture *fixture, gconstpointer data)
{
    FakeFault never = { .method = "POST", .path = "/flows/acme/main/sources", .status = 403, .count = -1 };

    (void)data;
    fake_server_fault(fixture->server, &never);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("ask Password *");
    host_answer("demo");
    host_wait(REFUSED "You lack the rights for this. *<br>You typed: /source create Builds");
    host_record_clear();
    expect_line(fixture, "/source create Builds", REFUSED "You lack the rights for this. *");
}

static void test_several_wait(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_add_source(fixture->server, "acme/main", "Builds");
    type(fixture, "/source create One");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("ask Password *");
    type(fixture, "/source create Two");
    host_wait(TOLD "This goes on when you have signed in again. *");
    type(fixture, "/source remove builds");
    host_wait_times(TOLD "This goes on when you have signed in again. *", 2);
    g_assert_cmpuint(host_record_count("ask *"), ==, 1);
    host_answer("demo");
    host_wait_times(MADE, 2);
    host_wait(TOLD "The source 1: Builds was removed. *");
}

static void test_allow(Fixture *fixture, gconstpointer data)
{
    guint grants = count_grants(fixture->server);

    (void)data;
    type(fixture, "/source allow");
    host_wait("ask Password *");
    g_assert_cmpuint(host_record_count("choose *"), ==, 0);
    /* bitlbee has no way to cancel a question: this takes it back and asks anew. */
    type(fixture, "/source allow");
    host_wait_times("ask Password *", 2);
    host_answer("demo");
    host_wait_times(TOLD "You are signed in with the permission for sources.", 2);
    g_assert_false(host_is_asked());
    g_assert_cmpuint(count_grants(fixture->server), ==, grants + 1);
    host_record_clear();
    expect_line(fixture, "/source allow", TOLD "You are signed in with the permission for sources.");
}

/* Who signs in again later gets the permission again, unless the application has lost it. */
static void test_wanted_later(Fixture *fixture, gconstpointer data)
{
    FakeFault scope = { .path = "/oauth/token", .status = 400, .body = "{\"error\":\"invalid_scope\"}" };

    (void)data;
    g_assert_nonnull(strstr(fake_server_last_request(fixture->server, "POST", "/oauth/token")->body, "integration"));
    host_sign_off(fixture->account);
    purple_account_set_password(fixture->account, "demo");
    fake_server_fault(fixture->server, &scope);
    host_sign_on_ready(fixture->account, fixture->server);
    g_assert_null(strstr(fake_server_last_request(fixture->server, "POST", "/oauth/token")->body, "integration"));
    g_assert_false(purple_account_get_bool(fixture->account, "scope_integration", FALSE));
}

static void test_wanted_later_by_browser(Fixture *fixture, gconstpointer data)
{
    g_auto(GStrv) parts = NULL;
    g_autofree char *place = NULL, *refusal = NULL;

    (void)data;
    purple_account_set_bool(fixture->account, "scope_integration", TRUE);
    host_sign_off(fixture->account);
    host_close_all(fixture->account);
    purple_account_set_string(fixture->account, "auth_method", "oauth");
    purple_account_set_string(fixture->account, "redirect", "loopback");
    purple_account_set_password(fixture->account, NULL);
    host_sign_on(fixture->account);
    host_wait("browse");
    g_assert_nonnull(strstr(host_browsed(), "integration"));
    place = browser_allow(host_browsed());
    parts = g_strsplit(place, "code=", 2);
    refusal = g_strconcat(parts[0], "error=invalid_scope", strchr(parts[1], '&'), NULL);
    browser_page_free(browser_get(refusal));
    host_wait_times("browse", 2);
    g_assert_null(strstr(host_browsed(), "integration"));
    g_free(place);
    place = browser_allow(host_browsed());
    browser_page_free(browser_get(place));
    host_wait("connected *");
}

static gboolean on_time(gpointer user_data)
{
    *(gboolean *)user_data = TRUE;
    return G_SOURCE_REMOVE;
}

/* The old refresh token is being used when the new one comes: the permission must not get lost. */
static void test_renewal_meanwhile(Fixture *fixture, gconstpointer data)
{
    FakeFault slow = { .kind = FAKE_FAULT_DELAY, .path = "/oauth/token", .delay_ms = 300 };
    gboolean over = FALSE;

    (void)data;
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    host_choose("OK");
    host_wait("ask Password *");
    fake_server_fault(fixture->server, &slow);
    fake_server_expire_access_tokens(fixture->server);
    type(fixture, "what I typed");
    test_until(count_grants(fixture->server) == 2);
    host_answer("demo");
    host_wait(MADE);
    host_wait("chat acme/main <Demo> SEND what I typed");
    /* The answer to that would have come by now. */
    g_timeout_add(2 * slow.delay_ms, on_time, &over);
    test_until(over);
    host_record_clear();
    fake_server_expire_access_tokens(fixture->server);
    type(fixture, "/source create More");
    host_wait(MADE);
    g_assert_cmpuint(host_record_count("choose *"), ==, 0);
}

/* Whoever has signed in again need not answer the question of a renewal, which stands there still. */
static void test_renewal_asks_meanwhile(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_expire_access_tokens(fixture->server);
    fake_server_revoke_refresh_tokens(fixture->server);
    type(fixture, "what I typed");
    host_wait("ask Password for demo@example.com | The earlier sign-in has expired. *");
    type(fixture, "/source allow");
    host_wait("ask Password for demo@example.com | It is sent to the server once, to sign in. (masked)");
    host_answer("demo");
    host_wait(TOLD "You are signed in with the permission for sources.");
    host_wait("chat acme/main <Demo> SEND what I typed");
    if (host_is_asked())
        host_answer(NULL);
    test_settle();
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    g_assert_false(host_is_asked());
    type(fixture, "/source create Builds");
    host_wait(MADE);
}

/* The password that was entered for a renewal is being checked when the new token comes. */
static void test_renewal_is_checked_meanwhile(Fixture *fixture, gconstpointer data)
{
    FakeFault slow = { .kind = FAKE_FAULT_DELAY, .path = "/user", .delay_ms = 300 };
    gboolean over = FALSE;

    (void)data;
    fake_server_expire_access_tokens(fixture->server);
    fake_server_revoke_refresh_tokens(fixture->server);
    type(fixture, "what I typed");
    host_wait("ask Password *");
    fake_server_fault(fixture->server, &slow);
    host_record_clear();
    host_answer("demo");
    test_until(count_grants(fixture->server) == 3);
    type(fixture, "/source allow");
    host_wait("ask Password *");
    test_settle();
    host_answer("demo");
    host_wait(TOLD "You are signed in with the permission for sources.");
    g_timeout_add(2 * slow.delay_ms, on_time, &over);
    test_until(over);
    host_record_clear();
    type(fixture, "/source create Builds");
    host_wait(MADE);
    g_assert_cmpuint(host_record_count("choose *"), ==, 0);
}

typedef struct {
    const char *name, *method, *password;
} Method;

static const Method methods[] = {
    { "api-token", "api-token", "demo-token" },
    { "basic", "basic", "demo" },
};

static void test_without_application(Fixture *fixture, gconstpointer data)
{
    const Method *method = data;

    host_sign_off(fixture->account);
    purple_account_set_string(fixture->account, "auth_method", method->method);
    purple_account_set_password(fixture->account, method->password);
    host_sign_on_ready(fixture->account, fixture->server);
    expect_line(fixture, "/source create Builds",
                REFUSED "A source belongs to an application, so only an account that signs in with one can do this: "
                        "*<br>You typed: /source create Builds");
    expect_line(fixture, "/source allow", REFUSED "A source belongs to an application, *");
    g_assert_cmpuint(count_sources(fixture->server), ==, 0);
    expect_line(fixture, "/sources", TOLD "This flow has no source. *");
}

/* At each moment; what is left open would be found by a sanitizer. */
static void test_sign_off(Fixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/oauth/token", .skip = 1, .count = -1 };
    FakeFault stalled_user = { .kind = FAKE_FAULT_STALL, .path = "/user", .skip = 1, .count = -1 };
    guint step = GPOINTER_TO_UINT(data);

    host_sign_off(fixture->account);
    if (step >= 2)
        fake_server_fault(fixture->server, step == 2 ? &stall : &stalled_user);
    host_sign_on_ready(fixture->account, fixture->server);
    type(fixture, "/source create Builds");
    host_wait(OFFER);
    if (step >= 1) {
        host_choose("OK");
        host_wait("ask Password *");
    }
    if (step >= 2) {
        host_answer("demo");
        test_until(fake_server_stalled(fixture->server) == 1);
    }
    host_record_clear();
    host_sign_off(fixture->account);
    g_assert_false(host_is_asked());
    g_assert_false(host_is_offered());
    g_assert_cmpuint(host_record_count(REFUSED "The account went offline *<br>You typed: /source create Builds"), ==,
                     1);
    fake_server_clear_faults(fixture->server);
}

#define ADD(name, test)                                                                                                \
    g_test_add("/flowdock/sources/" name, Fixture, NULL, host_fixture_set_up, test, host_fixture_tear_down)
#define ADD_DATA(name, data, test)                                                                                     \
    g_test_add("/flowdock/sources/" name, Fixture, data, host_fixture_set_up, test, host_fixture_tear_down)
#define ADD_WIDE(name, test)                                                                                           \
    g_test_add("/flowdock/sources/" name, Fixture, NULL, set_up_wide, test, host_fixture_tear_down)

static void add_permission(void)
{
    ADD_DATA("widen/told", GUINT_TO_POINTER(FAKE_ODD_NONE), test_widen);
    ADD_DATA("widen/refused-first", GUINT_TO_POINTER(FAKE_ODD_NO_SCOPE), test_widen);
    ADD_DATA("widen/browser", "oob", test_widen_by_browser);
    ADD_DATA("widen/browser-pasted", "loopback", test_widen_by_browser);
    ADD("widen/listener", test_widen_by_listener);
    ADD("widen/cancelled", test_cancelled);
    ADD_DATA("widen/cancelled-in-browser", "oob", test_cancelled_in_browser);
    ADD_DATA("widen/cancelled-in-browser-pasted", "loopback", test_cancelled_in_browser);
    ADD("widen/refused", test_refused);
    ADD("widen/forbidden", test_forbidden);
    ADD("widen/several-wait", test_several_wait);
    ADD("widen/allow", test_allow);
    ADD_WIDE("widen/wanted-later", test_wanted_later);
    ADD("widen/wanted-later-by-browser", test_wanted_later_by_browser);
    ADD("widen/renewal-meanwhile", test_renewal_meanwhile);
    ADD("widen/renewal-asks-meanwhile", test_renewal_asks_meanwhile);
    ADD("widen/renewal-is-checked-meanwhile", test_renewal_is_checked_meanwhile);
    ADD_DATA("widen/sign-off/offered", GUINT_TO_POINTER(0), test_sign_off);
    ADD_DATA("widen/sign-off/asked", GUINT_TO_POINTER(1), test_sign_off);
    ADD_DATA("widen/sign-off/granting", GUINT_TO_POINTER(2), test_sign_off);
    ADD_DATA("widen/sign-off/checking", GUINT_TO_POINTER(3), test_sign_off);
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autofree char *path = g_strconcat("/flowdock/sources/without-application/", methods[i].name, NULL);

        g_test_add(path, Fixture, &methods[i], host_fixture_set_up, test_without_application, host_fixture_tear_down);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD_WIDE("create", test_create);
    ADD("list", test_list);
    ADD("menu", test_menu);
    ADD_WIDE("activity", test_activity);
    ADD_WIDE("titles", test_titles);
    ADD_WIDE("formatted", test_formatted);
    ADD_WIDE("problem", test_problem);
    ADD_WIDE("remove", test_remove);
    ADD_WIDE("gone", test_gone);
    ADD_WIDE("gone-meanwhile", test_gone_meanwhile);
    ADD_WIDE("quoted", test_quoted);
    ADD_WIDE("same-names", test_same_names);
    ADD_WIDE("wrong-use", test_wrong_use);
    ADD_DATA("enter-token/named", GUINT_TO_POINTER(FAKE_ODD_NONE), test_enter_token);
    ADD_DATA("enter-token/unnamed", GUINT_TO_POINTER(FAKE_ODD_NO_GET_BODY), test_enter_token);
    ADD("enter-token/wrong", test_enter_wrong_token);
    ADD_WIDE("token-is-kept", test_token_is_kept);
    ADD_WIDE("bitlbee", test_bitlbee);
    for (gsize i = 0; i < G_N_ELEMENTS(failures); i++) {
        g_autofree char *path = g_strconcat("/flowdock/sources/failure/", failures[i].name, NULL);

        g_test_add(path, Fixture, &failures[i], set_up_wide, test_failure, host_fixture_tear_down);
    }
    add_permission();
    return g_test_run();
}
