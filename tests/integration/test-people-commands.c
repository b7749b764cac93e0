/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of the commands about flows and the people in them. Contract: "Commands", "Rooms and people". */
#include "host.h"

#include <string.h>

typedef HostFixture Fixture;

#define REFUSED "chat acme/main <Flowdock> RECV+ERROR "
#define TOLD "chat acme/main <Flowdock> RECV+SYSTEM "

/* Organizations and people are read behind the rooms. */
static void wait_for_people(Fixture *fixture, guint times)
{
    test_until(fake_server_count(fixture->server, "GET", "/users") >= times);
    test_settle();
    host_record_clear();
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    host_fixture_set_up(fixture, data);
    wait_for_people(fixture, 1);
}

/* For what has to be there at sign-in. */
static void sign_on_again(Fixture *fixture)
{
    guint times = fake_server_count(fixture->server, "GET", "/users");

    host_sign_off(fixture->account);
    host_sign_on_ready(fixture->account, fixture->server);
    wait_for_people(fixture, times + 1);
}

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

/* What is typed, and the one line that comes of it. */
static void expect_line(Fixture *fixture, const char *typed, const char *line)
{
    type(fixture, typed);
    host_expect(line);
}

/* The same, where it is refused with the line that was typed. */
static void expect_refused(Fixture *fixture, const char *typed, const char *why)
{
    g_autofree char *escaped = g_markup_escape_text(typed, -1);
    g_autofree char *line = g_strconcat(REFUSED, why, "<br>You typed: ", escaped, NULL);

    expect_line(fixture, typed, line);
}

/* How often something was to be changed. */
static guint count_changes(Fixture *fixture)
{
    return fake_server_count(fixture->server, "POST", "/flows/*") +
           fake_server_count(fixture->server, "PUT", "/flows/*") +
           fake_server_count(fixture->server, "DELETE", "/flows/*") +
           fake_server_count(fixture->server, "PUT", "/users/*");
}

/* (transfer full): a member of the JSON object that was sent last. */
static char *sent_text(Fixture *fixture, const char *path, const char *name)
{
    const FakeRequest *request = fake_server_last_request(fixture->server, "POST", path);
    g_autoptr(JsonNode) body = request ? json_from_string(request->body, NULL) : NULL;

    g_assert_nonnull(body);
    return g_strdup(json_object_get_string_member_with_default(json_node_get_object(body), name, NULL));
}

static void invite_as_other(Fixture *fixture, const char *email)
{
    g_autofree char *text = g_strdup_printf("/invite %s", email);
    g_autofree char *done = g_strdup_printf(TOLD "%s was invited to this flow.", email);

    type(fixture, text);
    host_wait(done);
}

/* -------------------------------------------------------------------------------------------------------------- flows */

static void test_flows(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_add_flow(fixture->server, "acme", "Kitchen", "Kitchen & more", "organization");
    fake_server_add_flow(fixture->server, "acme", "secret", "Secret", "invitation");
    fake_server_set_open(fixture->server, "acme/dev-team", 1, FALSE);
    fake_server_archive_flow(fixture->server, "acme/lobby", TRUE);
    expect_line(fixture, "/flows",
                TOLD "Flows (/open FLOW shows one as a room):"
                     "<br>acme/dev-team: Dev team (Acme), joined but closed, 2 people"
                     "<br>acme/Kitchen: Kitchen &amp; more (Acme), not joined, 0 people"
                     "<br>acme/lobby: Lobby (Acme), archived, 2 people"
                     "<br>acme/main: Main (Acme), open, 3 people");
    /* From where no room is, too. */
    fake_server_say_private(fixture->server, 2, 1, "psst");
    host_wait("im Ann <Ann> RECV psst");
    host_record_clear();
    host_type_to(fixture->account, "Ann", "/flows");
    host_wait("im Ann <Ann> RECV+SYSTEM Flows (*<br>acme/main: Main (Acme), open, 3 people");
}

static void test_flows_pages(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint i = 10; i < 50; i++) {
        g_autofree char *slug = g_strdup_printf("f%u", i);

        fake_server_add_flow(fixture->server, "acme", slug, slug, "organization");
    }
    type(fixture, "/flows");
    host_wait(TOLD "Flows (*<br>acme/dev-team: *<br>acme/f10: *<br>acme/f28: f28 (Acme), not joined, 0 people<br>/more "
                   "goes on.");
    host_record_clear();
    type(fixture, "/more");
    host_wait(TOLD "acme/f29: *<br>acme/f48: f48 (Acme), not joined, 0 people<br>/more goes on.");
    host_record_clear();
    expect_line(fixture, "/more",
                TOLD "acme/f49: f49 (Acme), not joined, 0 people<br>acme/lobby: Lobby (Acme), not joined, 2 people"
                     "<br>acme/main: Main (Acme), open, 3 people");
    type(fixture, "/more");
    host_wait(TOLD "There is no list that goes on. *");
}

static void test_flows_failed(Fixture *fixture, gconstpointer data)
{
    FakeFault broken = { .path = "/flows/all", .status = 500, .body = "" };
    FakeFault garbage = { .kind = FAKE_FAULT_GARBAGE, .path = "/flows/all" };

    (void)data;
    fake_server_fault(fixture->server, &broken);
    type(fixture, "/flows");
    host_wait(REFUSED "The server has a problem of its own. *<br>You typed: /flows");
    host_record_clear();
    fake_server_clear_faults(fixture->server);
    fake_server_fault(fixture->server, &garbage);
    type(fixture, "/flows");
    host_wait(REFUSED "What answers at this address is not a Flowdock-compatible server. *<br>You typed: /flows");
}

static void test_open(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/open acme/lobby");
    host_wait("chat acme/lobby <Flowdock> RECV+SYSTEM This is Lobby (Acme).");
    g_assert_true(fake_server_is_open(fixture->server, "acme/lobby", 1));
    test_settle();
    host_record_clear();
    expect_line(fixture, "/open  lobby ", TOLD "The flow acme/lobby is open already as a room.");
    expect_line(fixture, "/open #acme/Lobby", TOLD "The flow acme/lobby is open already as a room.");
    expect_line(fixture, "/open acme/main", TOLD "The flow acme/main is open already as a room.");
    /* Left here, open on the service. */
    host_close_room(fixture->account, "acme/dev-team");
    host_record_clear();
    type(fixture, "/open Dev team");
    host_wait("chat acme/dev-team <Flowdock> RECV+SYSTEM This is Dev team (Acme).");
    g_assert_cmpuint(host_record_count("room acme/dev-team"), ==, 1);
    /* By a name that is known from the list. */
    fake_server_add_flow(fixture->server, "acme", "kitchen", "Tea kitchen", "organization");
    host_record_clear();
    type(fixture, "/open Tea kitchen");
    host_wait("error The room \"Tea kitchen\" cannot be opened. | There is no flow of this name. *");
    type(fixture, "/flows");
    host_wait(TOLD "Flows *");
    type(fixture, "/open Tea kitchen");
    host_wait("room acme/kitchen");
    g_assert_true(fake_server_is_member(fixture->server, "acme/kitchen", 1));
}

static void test_open_wrong(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_line(fixture, "/open acme/nowhere",
                "error The room \"acme/nowhere\" cannot be opened. | There is no such flow, or it is not open to you. "
                "Give it as organization/flow, as in its web address.");
    type(fixture, "/open acme/main/77");
    host_wait("error The room \"acme/main/77\" cannot be opened. | There is no thread with this number yet. *");
    host_record_clear();
    type(fixture, "/open");
    host_expect(REFUSED "It is used like this: /open FLOW, for example /open acme/lobby<br>You typed: /open");
}

static void test_create(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/create ACME Summer \t party");
    host_expect("room acme/summer-party\n"
                "topic acme/summer-party Summer party (Acme)\n"
                "users acme/summer-party Demo\n"
                "chat acme/summer-party <Flowdock> RECV+SYSTEM This is Summer party (Acme).\n" TOLD
                "The flow acme/summer-party was made, with nobody but you in it. /add NICK and /invite EMAIL in its "
                "room bring others.");
    g_assert_true(fake_server_is_open(fixture->server, "acme/summer-party", 1));
    /* It is a room like others: what is said there is heard. */
    fake_server_add_member(fixture->server, "acme/summer-party", 2);
    host_wait("join acme/summer-party Ann");
    fake_server_say(fixture->server, "acme/summer-party", 2, "Hooray");
    host_wait("chat acme/summer-party <Ann> RECV Hooray");
    host_record_clear();
    type_in(fixture, "acme/summer-party", "/create acme Summer party");
    host_expect("chat acme/summer-party <Flowdock> RECV+ERROR The service refused it. (Validation error; name has "
                "already been taken)<br>You typed: /create acme Summer party");
}

/* Also where the stream does not tell of it. */
static void test_create_unheard(Fixture *fixture, gconstpointer data)
{
    const FakeRequest *request = NULL;

    (void)data;
    fake_server_streams_stall(fixture->server, TRUE);
    type(fixture, "/create acme Summer party");
    host_wait(TOLD "The flow acme/summer-party was made, *");
    test_until((request = fake_server_last_request(fixture->server, "GET", "/flows")) && request->query &&
               strstr(request->query, fake_server_flow_id(fixture->server, "acme/summer-party")));
    g_assert_cmpint(request->origin, ==, FAKE_ORIGIN_STREAM);
}

static void test_create_wrong(Fixture *fixture, gconstpointer data)
{
    g_autofree char *long_name = g_strnfill(101, 'x');
    g_autofree char *too_long = g_strconcat("/create acme ", long_name, NULL);
    g_autofree char *just_right = g_strconcat("/create acme ", long_name + 1, NULL);
    guint changes;

    (void)data;
    fake_server_add_org(fixture->server, "bigco", "Big Company");
    fake_server_add_org_member(fixture->server, "bigco", 1);
    sign_on_again(fixture);
    changes = count_changes(fixture);
    expect_refused(fixture, "/create Big Company Party",
                   "You are in no organization &quot;Big&quot;. Give the short name that the paths of its flows begin "
                   "with, in one word. Yours are: acme (Acme), bigco (Big Company)");
    expect_refused(fixture, "/create acme",
                   "It is used like this: /create ORG NAME, for example /create acme Summer "
                   "party");
    expect_refused(fixture, "/create", "It is used like this: /create ORG NAME, for example /create acme Summer party");
    /* Nothing is left of it. */
    type(fixture, "/create acme \xe2\x80\xae");
    host_wait(REFUSED "It is used like this: /create ORG NAME, *<br>You typed: /create acme *");
    host_record_clear();
    expect_refused(fixture, too_long, "The name of a flow may have 100 characters, and this has 101.");
    g_assert_cmpuint(count_changes(fixture), ==, changes);
    type(fixture, just_right);
    host_wait(TOLD "The flow acme/x* was made, *");
    host_record_clear();
    type(fixture, "/create bigco Party");
    host_wait(TOLD "The flow bigco/party was made, *");
}

static void test_rename(Fixture *fixture, gconstpointer data)
{
    g_autofree char *long_name = g_strnfill(101, 'x');
    g_autofree char *too_long = g_strconcat("/rename ", long_name, NULL);
    guint changes;

    (void)data;
    type(fixture, "/rename Tea &  cake");
    host_expect(TOLD "The flow acme/main is now called Tea &amp; cake.\n"
                     "topic acme/main Tea & cake (Acme)\n"
                     "chat acme/main <Flowdock> RECV+SYSTEM This room is now called Tea &amp; cake (Acme).");
    g_assert_cmpstr(purple_conversation_get_title(host_room(fixture->account, "acme/main")), ==, "Tea & cake (Acme)");
    type(fixture, "/flows");
    host_wait(TOLD "*<br>acme/main: Tea &amp; cake (Acme), open, 3 people");
    host_record_clear();
    changes = count_changes(fixture);
    expect_refused(fixture, too_long, "The name of a flow may have 100 characters, and this has 101.");
    expect_refused(fixture, "/rename", "It is used like this: /rename NAME, for example /rename Summer party");
    g_assert_cmpuint(count_changes(fixture), ==, changes);
}

/* ------------------------------------------------------------------------------------------------------------- people */

static void test_add(Fixture *fixture, gconstpointer data)
{
    guint changes;

    (void)data;
    type_in(fixture, "acme/dev-team", "/add hubot");
    host_wait("chat acme/dev-team <Flowdock> RECV+SYSTEM Hubot was added to this flow.");
    host_wait("join acme/dev-team Hubot");
    test_settle();
    /* Hosts say it, too. */
    g_assert_cmpuint(host_record_count("chat acme/dev-team <acme/dev-team> SYSTEM Hubot* entered the room."), ==, 1);
    g_assert_cmpuint(host_record_count("*"), ==, 3);
    g_assert_true(fake_server_is_member(fixture->server, "acme/dev-team", 42));
    host_record_clear();
    changes = count_changes(fixture);
    expect_line(fixture, "/add Ann", TOLD "Ann is in this flow already.");
    expect_line(fixture, "/add @ann", TOLD "Ann is in this flow already.");
    expect_line(fixture, "/add ANN@example.com", TOLD "Ann is in this flow already.");
    expect_line(fixture, "/add 2", TOLD "Ann is in this flow already.");
    type(fixture, "/add demo");
    host_expect("chat acme/main <Flowdock> RECV+SYSTEM+NICK Demo is in this flow already.");
    expect_refused(fixture, "/add Nobody Else",
                   "There is nobody called Nobody Else whom you can see. /invite EMAIL asks somebody from outside to "
                   "join.");
    expect_refused(fixture, "/add", "It is used like this: /add NICK, for example /add Ann");
    g_assert_cmpuint(count_changes(fixture), ==, changes);
}

/* Somebody is still seen who has left the organization. */
static void test_add_outsider(Fixture *fixture, gconstpointer data)
{
    gint64 bob = fake_server_add_user(fixture->server, "acme", 0, "Bob", "bob@example.com", "x");

    (void)data;
    fake_server_add_member(fixture->server, "acme/main", bob);
    host_wait("join acme/main Bob");
    fake_server_remove_org_member(fixture->server, "acme", bob);
    host_wait("part acme/main Bob");
    test_settle();
    host_record_clear();
    expect_refused(fixture, "/add Bob",
                   "Bob is not in the organization of this flow. /invite bob@example.com asks them to join.");
}

static void test_invite(Fixture *fixture, gconstpointer data)
{
    g_autofree char *email = NULL, *message = NULL, *none = NULL;

    (void)data;
    type(fixture, "/invite Eve Example <eve@example.org> Have a look,\nit is <nice>");
    host_wait(TOLD "eve@example.org was invited to this flow.");
    host_wait("chat acme/main <Demo> SEND+REMOTE_SEND /me invited eve@example.org");
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 2);
    email = sent_text(fixture, "*/invitations", "email");
    message = sent_text(fixture, "*/invitations", "message");
    g_assert_cmpstr(email, ==, "eve@example.org");
    g_assert_cmpstr(message, ==, "Have a look,\nit is <nice>");
    host_record_clear();
    /* As Pidgin runs it. */
    host_command_in_room(fixture->account, "acme/main", "/invite <b>&lt;fay@example.org&gt;</b>");
    host_wait(TOLD "fay@example.org was invited to this flow.");
    none = sent_text(fixture, "*/invitations", "message");
    g_assert_cmpstr(none, ==, NULL);
    host_record_clear();
    type(fixture, "/invite gus@nowhere.invalid Hello");
    host_expect(REFUSED "The service refused it. (Validation error; email is invalid)<br>You typed: /invite "
                        "gus@nowhere.invalid Hello");
}

static void test_invite_several(Fixture *fixture, gconstpointer data)
{
    g_autofree char *list = NULL, *message = NULL;

    (void)data;
    fake_server_add_user(fixture->server, "acme", 0, "Bob", "bob@example.com", "x");
    type(fixture, "/invite \"Example, Eve\" <eve@example.org>; fay@example.org, gus@x.invalid bob@example.com "
                  "ann@example.com EVE@example.org Come here");
    host_wait(TOLD "ann@example.com is Ann, who is in this flow already.");
    host_wait(TOLD "2 people were invited to this flow.<br>1 person of the organization was added at once.<br>Not "
                   "invited: gus@x.invalid: Invalid email");
    host_wait("join acme/main Bob");
    list = sent_text(fixture, "*/invitations/import", "list");
    message = sent_text(fixture, "*/invitations/import", "message");
    g_assert_cmpstr(list, ==, "eve@example.org, fay@example.org, gus@x.invalid, bob@example.com");
    g_assert_cmpstr(message, ==, "Come here");
    host_wait("* /me invited fay@example.org");
    host_record_clear();
    type(fixture, "/invite gus@x.invalid ida@x.invalid Hello");
    host_expect(TOLD "Not invited: gus@x.invalid: Invalid email<br>Not invited: ida@x.invalid: Invalid email\n" REFUSED
                     "Nobody was invited.<br>You typed: /invite gus@x.invalid ida@x.invalid Hello");
}

/* More refused addresses than a page holds. */
static void test_invite_many(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) text = g_string_new("/invite eve@example.org");

    (void)data;
    for (guint i = 1; i <= 25; i++)
        g_string_append_printf(text, ", u%u@x.invalid", i);
    type(fixture, text->str);
    host_wait(TOLD "1 person was invited to this flow.<br>Not invited: u1@x.invalid: *<br>Not invited: u19@x.invalid: "
                   "Invalid email<br>/more goes on.");
    type(fixture, "/more");
    host_wait(TOLD "Not invited: u20@x.invalid: *<br>Not invited: u25@x.invalid: Invalid email");
}

static void test_invite_by_nick(Fixture *fixture, gconstpointer data)
{
    guint changes = count_changes(fixture);

    (void)data;
    expect_line(fixture, "/invite Ann", TOLD "Ann is in this flow already.");
    expect_line(fixture, "/invite Ann <ANN@example.com>", TOLD "ANN@example.com is Ann, who is in this flow already.");
    expect_refused(fixture, "/invite @ann Welcome", "Ann is in this flow already.");
    type(fixture, "/invite ann@example.com Welcome");
    host_expect(TOLD "ann@example.com is Ann, who is in this flow already.\n" REFUSED
                     "Nobody was invited.<br>You typed: /invite ann@example.com Welcome");
    g_assert_cmpuint(count_changes(fixture), ==, changes);
    type_in(fixture, "acme/dev-team", "/invite Hubot You <are> needed");
    host_wait("chat acme/dev-team <Flowdock> RECV+SYSTEM Hubot was added to this flow at once, so there was no "
              "invitation to go with your text: You &lt;are&gt; needed");
    g_assert_true(fake_server_is_member(fixture->server, "acme/dev-team", 42));
}

static void test_invite_wrong(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *typed, *wrong;
    } cases[] = {
        { "/invite Nobody", "Nobody" },
        { "/invite eve@", "eve@" },
        { "/invite eve@here@there Hello", "eve@here@there" },
        { "/invite eve@example.org, hello", "hello" },
        { "/invite eve@example.org ida@ Hello", "ida@" },
        { "/invite Eve <eve at example.org>", "eve at example.org" },
        { "/invite Ann, eve@example.org", "Ann" },
    };
    g_autofree char *start = g_strnfill(321 - strlen("@x.org"), 'e');
    g_autofree char *long_one = g_strconcat("/invite ", start, "@x.org", NULL);
    guint changes = count_changes(fixture);

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *why = g_strdup_printf("&quot;%s&quot; is no e-mail address, and no nick of somebody you can "
                                               "see. Nobody was invited.",
                                               cases[i].wrong);

        expect_refused(fixture, cases[i].typed, why);
    }
    type(fixture, long_one);
    host_wait(REFUSED "&quot;eeeee*&quot; is no e-mail address, *");
    host_record_clear();
    expect_refused(fixture, "/invite",
                   "It is used like this: /invite EMAIL [TEXT], for example /invite ann@example.com Have a look");
    g_assert_cmpuint(count_changes(fixture), ==, changes);
}

static void test_invitations(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_line(fixture, "/invitations", TOLD "No invitation to this flow is pending.");
    expect_refused(fixture, "/uninvite eve@example.org",
                   "No invitation of eve@example.org to this flow is pending, nor any other.");
    invite_as_other(fixture, "eve@example.org");
    invite_as_other(fixture, "fay@example.org");
    host_wait("* /me invited fay@example.org");
    host_record_clear();
    expect_line(fixture, "/invitations",
                TOLD "2 invitations to this flow are pending:<br>eve@example.org<br>fay@example.org");
    expect_refused(fixture, "/uninvite ida@example.org",
                   "No invitation of ida@example.org to this flow is pending. These are: eve@example.org, "
                   "fay@example.org");
    type(fixture, "/uninvite EVE@Example.org");
    host_wait(TOLD "The invitation of EVE@Example.org was withdrawn.");
    host_wait("* /me withdrew the invitation of eve@example.org");
    host_record_clear();
    expect_line(fixture, "/invitations", TOLD "1 invitation to this flow is pending:<br>fay@example.org");
    expect_refused(fixture, "/uninvite",
                   "It is used like this: /uninvite EMAIL, for example /uninvite ann@example.com");
    expect_refused(fixture, "/invitations now", "It is used like this: /invitations");
}

static void test_accepted_invitations(Fixture *fixture, gconstpointer data)
{
    FakeFault list = { .path = "*/invitations",
                       .status = 200,
                       .body = "[{\"id\":1,\"email\":\"eve@example.org\",\"state\":\"accepted\"},"
                               "{\"id\":2,\"email\":\"fay@example.org\"}]",
                       .count = -1 };

    (void)data;
    fake_server_fault(fixture->server, &list);
    expect_line(fixture, "/invitations", TOLD "1 invitation to this flow is pending:<br>fay@example.org");
    expect_refused(fixture, "/uninvite eve@example.org",
                   "No invitation of eve@example.org to this flow is pending. These are: fay@example.org");
}

/* Withdrawn, or accepted, by others in between. */
static void test_uninvite_too_late(Fixture *fixture, gconstpointer data)
{
    FakeFault missing = { .method = "DELETE", .path = "*/invitations/*", .status = 404, .body = "" };

    (void)data;
    invite_as_other(fixture, "eve@example.org");
    host_wait("* /me invited eve@example.org");
    host_record_clear();
    fake_server_fault(fixture->server, &missing);
    expect_refused(fixture, "/uninvite eve@example.org", "This invitation is no longer pending.");
}

static void test_many_invitations(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) text = g_string_new("/invite u10@example.org");

    (void)data;
    for (guint i = 11; i < 35; i++)
        g_string_append_printf(text, ", u%u@example.org", i);
    type(fixture, text->str);
    host_wait(TOLD "25 people were invited to this flow.");
    host_wait("* /me invited u34@example.org");
    host_record_clear();
    expect_refused(fixture, "/uninvite eve@example.org",
                   "No invitation of eve@example.org to this flow is pending. These are: u10@example.org, "
                   "u11@example.org, u12@example.org, u13@example.org, u14@example.org, u15@example.org, "
                   "u16@example.org, u17@example.org, u18@example.org, u19@example.org and 15 more");
    type(fixture, "/invitations");
    host_wait(TOLD "25 invitations to this flow are pending:<br>u10@example.org<br>*<br>u29@example.org<br>/more goes "
                   "on.");
    host_record_clear();
    expect_line(fixture, "/more",
                TOLD "u30@example.org<br>u31@example.org<br>u32@example.org<br>u33@example.org<br>u34@example.org");
}

static void test_block(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/block hubot");
    host_wait(TOLD "Hubot is blocked in this flow. /unblock lets them in again.");
    host_wait("part acme/main Hubot");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main <acme/main> SYSTEM Hubot* left the room."), ==, 1);
    g_assert_cmpuint(host_record_count("*"), ==, 3);
    g_assert_false(fake_server_is_member(fixture->server, "acme/main", 42));
    host_record_clear();
    type(fixture, "/flows");
    host_wait(TOLD "Flows *<br>acme/main: Main (Acme), open, 2 people");
    host_record_clear();
    type(fixture, "/unblock @Hubot");
    host_wait(TOLD "Hubot is no longer blocked in this flow.");
    host_wait("join acme/main Hubot");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main <acme/main> SYSTEM Hubot* entered the room."), ==, 1);
    g_assert_cmpuint(host_record_count("*"), ==, 3);
    g_assert_true(fake_server_is_member(fixture->server, "acme/main", 42));
    host_record_clear();
    type_in(fixture, "acme/dev-team", "/block Hubot");
    host_expect("chat acme/dev-team <Flowdock> RECV+ERROR The service knows no Hubot in this flow.<br>You typed: "
                "/block Hubot");
}

static void test_block_wrong(Fixture *fixture, gconstpointer data)
{
    guint changes = count_changes(fixture);

    (void)data;
    expect_refused(fixture, "/block 1", "You cannot block yourself. To be out of this flow, leave its room.");
    expect_refused(fixture, "/unblock 1", "You are not blocked in this flow.");
    expect_refused(fixture, "/block nobody", "There is nobody called nobody whom you can see.");
    expect_refused(fixture, "/unblock nobody", "There is nobody called nobody whom you can see.");
    expect_refused(fixture, "/block", "It is used like this: /block NICK, for example /block Ann");
    expect_refused(fixture, "/unblock", "It is used like this: /unblock NICK, for example /unblock Ann");
    g_assert_cmpuint(count_changes(fixture), ==, changes);
}

/* --------------------------------------------------------------------------------------------------------------- nick */

static void test_nick(Fixture *fixture, gconstpointer data)
{
    g_autofree char *long_nick = g_strnfill(101, 'x');
    g_autofree char *too_long = g_strconcat("/nick ", long_nick, NULL);
    guint changes;

    (void)data;
    type(fixture, "/nick Boss");
    host_wait("rename acme/main Demo Boss");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM* You are now called Boss.");
    test_settle();
    g_assert_cmpstr(fake_server_get_nick(fixture->server, 1), ==, "Boss");
    host_record_clear();
    changes = count_changes(fixture);
    expect_refused(fixture, "/nick Big Bang", "A nick is one word without blanks.");
    expect_refused(fixture,
                   "/nick Big\xc2\xa0"
                   "Bang",
                   "A nick is one word without blanks.");
    expect_refused(fixture, "/nick @Chief", "A nick has no @ in it.");
    expect_refused(fixture, too_long, "A nick may have 100 characters, and this has 101.");
    expect_refused(fixture, "/nick", "It is used like this: /nick NEWNICK, for example /nick Annie");
    g_assert_cmpuint(count_changes(fixture), ==, changes);
}

static void test_nick_taken(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_set_odd(fixture->server, FAKE_ODD_UNIQUE_NICKS);
    type(fixture, "/nick ann");
    host_wait(REFUSED
              "The service refused it. (Validation error; nick has already been taken)<br>You typed: /nick ann");
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    g_assert_cmpstr(fake_server_get_nick(fixture->server, 1), ==, "Demo");
}

/* The service need not refuse it. Of two, the older account keeps the nick. */
static void test_nick_shared(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/nick hubot");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM* You are now called hubot. Somebody else has this nick, too: here "
              "you are known as hubot.");
    host_wait("rename acme/main Hubot Hubot2");
    host_record_clear();
    fake_server_set_nick(fixture->server, 1, "Demo");
    host_wait("rename acme/main Hubot2 Hubot");
}

/* Who is gone does not count. */
static void test_nick_left_over(Fixture *fixture, gconstpointer data)
{
    gint64 bob = fake_server_add_user(fixture->server, "acme", 0, "Bob", "bob@example.com", "x");

    (void)data;
    fake_server_add_member(fixture->server, "acme/main", bob);
    host_wait("join acme/main Bob");
    fake_server_remove_org_member(fixture->server, "acme", bob);
    host_wait("part acme/main Bob");
    test_until(fake_server_count(fixture->server, "GET", "/users/*") > 0);
    test_settle();
    type(fixture, "/nick bob");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM* You are now called bob.");
}

static void test_nick_numbered(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "ann@example.com", "ann");

    host_sign_on_ready(account, server);
    /* Also where the stream does not tell of it. */
    fake_server_streams_stall(server, TRUE);
    host_type_in_room(account, "acme/main", "/nick DEMO");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM* You are now called DEMO. Somebody else has this nick, too: here "
              "you are known as DEMO2.");
    host_wait("rename acme/main Ann DEMO2");
    host_account_free(account);
}

/* -------------------------------------------------------------------------------------------------------- what fails */

/* One command of each call. */
static const char *const every_call[] = {
    "/create acme Summer party",
    "/rename Party",
    "/invite eve@example.org x",
    "/invite eve@example.org, fay@example.org x",
    "/invitations",
    "/uninvite eve@example.org",
    "/block Hubot",
    "/unblock Hubot",
};

static void test_no_rights(Fixture *fixture, gconstpointer data)
{
    FakeFault forbidden = { .origin = FAKE_ORIGIN_API, .path = "/flows/*", .status = 403, .body = "", .count = -1 };

    (void)data;
    fake_server_fault(fixture->server, &forbidden);
    /* Nobody else is known to have them. */
    expect_refused(fixture, "/rename Party",
                   "You lack the rights for this. The administrators of Acme have them. (403 Forbidden)");
    fake_server_clear_faults(fixture->server);
    fake_server_set_admin(fixture->server, 2, TRUE);
    fake_server_set_admin(fixture->server, 42, TRUE);
    sign_on_again(fixture);
    fake_server_fault(fixture->server, &forbidden);
    for (gsize i = 0; i < G_N_ELEMENTS(every_call); i++)
        expect_refused(fixture, every_call[i],
                       "You lack the rights for this. The administrators of Acme have them: Ann, Hubot. (403 "
                       "Forbidden)");
    type_in(fixture, "acme/dev-team", "/add Hubot");
    host_wait("chat acme/dev-team <Flowdock> RECV+ERROR You lack the rights for this. The administrators of Acme have "
              "them: Ann, Hubot. (403 Forbidden)<br>You typed: /add Hubot");
}

/* Only administrators may block administrators; the service says so. */
static void test_block_admin(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_set_admin(fixture->server, 1, FALSE);
    fake_server_set_admin(fixture->server, 2, TRUE);
    sign_on_again(fixture);
    type(fixture, "/block Ann");
    host_wait(REFUSED "*Only admins may block admins*<br>You typed: /block Ann");
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    g_assert_true(fake_server_is_member(fixture->server, "acme/main", 2));
}

/* Every call is answered with @fault, which ends each with @why and what was typed. */
static void expect_all_refused(Fixture *fixture, const FakeFault *fault, const char *why)
{
    g_autofree char *nick = g_strdup_printf(REFUSED "%s<br>You typed: /nick Boss", why);
    g_autofree char *add = g_strdup_printf("chat acme/dev-team <Flowdock> RECV+ERROR %s<br>You typed: /add Hubot", why);

    fake_server_fault(fixture->server, fault);
    for (gsize i = 0; i < G_N_ELEMENTS(every_call); i++) {
        g_autofree char *line = g_strdup_printf(REFUSED "%s<br>You typed: %s", why, every_call[i]);

        type(fixture, every_call[i]);
        host_wait(line);
        g_assert_cmpuint(host_record_count("*"), ==, 1);
        host_record_clear();
    }
    type(fixture, "/nick Boss");
    host_wait(nick);
    host_record_clear();
    type_in(fixture, "acme/dev-team", "/add Hubot");
    host_wait(add);
}

static void test_server_broken(Fixture *fixture, gconstpointer data)
{
    FakeFault broken = { .origin = FAKE_ORIGIN_API, .path = "/*", .status = 500, .body = "", .count = -1 };

    (void)data;
    expect_all_refused(fixture, &broken, "The server has a problem of its own. *");
}

static void test_garbage(Fixture *fixture, gconstpointer data)
{
    FakeFault page = { .origin = FAKE_ORIGIN_API, .path = "/*", .status = 200, .body = "<html>", .count = -1 };

    (void)data;
    expect_all_refused(fixture, &page, "What answers at this address is not a Flowdock-compatible server. *");
}

/* Answers that are JSON, and not what was promised. */
static void test_wrong_shape(Fixture *fixture, gconstpointer data)
{
    static const char *const lines[] = { "/create acme Summer party", "/invite eve@example.org fay@example.org",
                                         "/invitations", "/uninvite eve@example.org" };
    static const char *const bodies[] = { "7", "[7]", "{\"id\": {}, \"invitations\": 7}", "null", "{" };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(bodies); j++) {
            FakeFault odd = { .origin = FAKE_ORIGIN_API, .path = "/flows/*", .status = 200, .body = bodies[j] };

            fake_server_fault(fixture->server, &odd);
            g_test_message("answer %s", bodies[j]);
            type(fixture, lines[i]);
            test_until(host_record_count("*") > 0);
            fake_server_clear_faults(fixture->server);
            test_settle();
            /* A list without anything that makes sense may also be taken for an empty one. */
            g_assert_cmpuint(host_record_count(REFUSED "*") + host_record_count(TOLD "No invitation *"), ==, 1);
            g_assert_cmpuint(host_record_count("*"), ==, 1);
            host_record_clear();
        }
    }
}

static void test_sign_off(Fixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "*", .origin = FAKE_ORIGIN_API, .count = -1 };
    g_autoptr(GString) expected = g_string_new(NULL);

    (void)data;
    fake_server_fault(fixture->server, &stall);
    for (gsize i = 0; i < G_N_ELEMENTS(every_call); i++)
        type(fixture, every_call[i]);
    type(fixture, "/nick Boss");
    type(fixture, "/flows");
    type_in(fixture, "acme/dev-team", "/add Hubot");
    test_until(fake_server_stalled(fixture->server) >= 5);
    host_record_clear();
    host_sign_off(fixture->account);
    fake_server_clear_faults(fixture->server);
    test_settle();
    for (gsize i = 0; i < G_N_ELEMENTS(every_call); i++) {
        g_autofree char *line = g_strdup_printf(
            REFUSED "The account went offline before the service confirmed it.<br>You typed: %s", every_call[i]);

        g_test_message("%s", line);
        g_assert_cmpuint(host_record_count(line), ==, strcmp(every_call[i], "/invitations") != 0);
    }
    g_assert_cmpuint(host_record_count(REFUSED "*You typed: /nick Boss"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/dev-team <Flowdock> RECV+ERROR *You typed: /add Hubot"), ==, 1);
    g_assert_cmpuint(host_record_count("chat *"), ==, 9);
}

/* The room was closed before the answer came: a dialog has it. */
static void test_room_closed(Fixture *fixture, gconstpointer data)
{
    FakeFault slow = { .kind = FAKE_FAULT_DELAY, .path = "*/invitations" };

    (void)data;
    fake_server_fault(fixture->server, &slow);
    type(fixture, "/invite eve@example.org");
    test_until(fake_server_stalled(fixture->server) == 1);
    host_close_room(fixture->account, "acme/main");
    host_record_clear();
    host_wait("error eve@example.org was invited to this flow. | ");
}

/* Where a flow is needed. */
static void test_private(Fixture *fixture, gconstpointer data)
{
    static const char *const lines[] = { "/rename Party", "/add Ann",     "/invite eve@example.org",  "/invitations",
                                         "/block Ann",    "/unblock Ann", "/uninvite eve@example.org" };

    (void)data;
    fake_server_say_private(fixture->server, 2, 1, "psst");
    host_wait("im Ann <Ann> RECV psst");
    host_record_clear();
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *name = g_strndup(lines[i] + 1, strcspn(lines[i] + 1, " "));
        g_autofree char *line = g_strdup_printf(
            "im Ann <Ann> ERROR The command /%s can be used in rooms only.<br>You typed: %s", name, lines[i]);

        host_type_to(fixture->account, "Ann", lines[i]);
        host_expect(line);
    }
    host_type_to(fixture->account, "Ann", "/create acme Two of us");
    host_wait("im Ann <Ann> RECV+SYSTEM The flow acme/two-of-us was made, *");
    host_type_to(fixture->account, "Ann", "/open acme/lobby");
    host_wait("room acme/lobby");
    host_type_to(fixture->account, "Ann", "/nick Boss");
    host_wait("im Ann <Ann> RECV+SYSTEM* You are now called Boss.");
}

/* One line a topic, and none of them longer than a screen. */
static void test_help(Fixture *fixture, gconstpointer data)
{
    (void)data;
    type(fixture, "/help");
    host_wait(TOLD
              "Commands: /me TEXT, *<br>/search WORDS, *<br>/flows, /open FLOW, /create ORG NAME, /rename NAME, "
              "/add NICK, /invite EMAIL [TEXT], /invitations, /uninvite EMAIL, /block NICK, /unblock NICK*<br>/nick "
              "NEWNICK, *<br>REF is a message: *");
    host_record_clear();
    expect_line(fixture, "/help create",
                TOLD "Command /create ORG NAME: Makes a new flow in an organization. Example: /create acme Summer "
                     "party");
    expect_line(fixture, "/help flows", TOLD "Command /flows: Lists the flows that you can see.");
}

#define ADD(name, function)                                                                                            \
    g_test_add("/flowdock/people-commands/" name, Fixture, NULL, set_up, function, host_fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("flows", test_flows);
    ADD("flows-pages", test_flows_pages);
    ADD("flows-failed", test_flows_failed);
    ADD("open", test_open);
    ADD("open-wrong", test_open_wrong);
    ADD("create", test_create);
    ADD("create-unheard", test_create_unheard);
    ADD("create-wrong", test_create_wrong);
    ADD("rename", test_rename);
    ADD("add", test_add);
    ADD("add-outsider", test_add_outsider);
    ADD("invite", test_invite);
    ADD("invite-several", test_invite_several);
    ADD("invite-many", test_invite_many);
    ADD("invite-by-nick", test_invite_by_nick);
    ADD("invite-wrong", test_invite_wrong);
    ADD("invitations", test_invitations);
    ADD("accepted-invitations", test_accepted_invitations);
    ADD("uninvite-too-late", test_uninvite_too_late);
    ADD("many-invitations", test_many_invitations);
    ADD("block", test_block);
    ADD("block-wrong", test_block_wrong);
    ADD("nick", test_nick);
    ADD("nick-taken", test_nick_taken);
    ADD("nick-shared", test_nick_shared);
    ADD("nick-left-over", test_nick_left_over);
    g_test_add_func("/flowdock/people-commands/nick-numbered", test_nick_numbered);
    ADD("no-rights", test_no_rights);
    ADD("block-admin", test_block_admin);
    ADD("server-broken", test_server_broken);
    ADD("garbage", test_garbage);
    ADD("wrong-shape", test_wrong_shape);
    ADD("sign-off", test_sign_off);
    ADD("room-closed", test_room_closed);
    ADD("private", test_private);
    ADD("help", test_help);
    return g_test_run();
}
