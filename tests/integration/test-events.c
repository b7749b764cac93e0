/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of everything that is more than a plain message: formatting, threads, edits, deletions, tags, reactions, and what
 * integrations report. */
#include "host.h"

#include <string.h>

typedef struct {
    FakeServer *server;
    PurpleAccount *account;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->server = fake_server_new_started();
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    if (data)
        purple_account_set_string(fixture->account, "inbox", data);
    host_sign_on_ready(fixture->account, fixture->server);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_account_free(fixture->account);
    fake_server_free(fixture->server);
}

static void test_formatting(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_say(fixture->server, "acme/main", 2, "**bold** and `x < y` :smile: <b>not</b>");
    fake_server_say(fixture->server, "acme/main", 2, "[the plan](https://example.com/plan) [x](javascript:alert(1))");
    host_expect(
        "chat acme/main <Ann> RECV <b>bold</b> and <font face=\"monospace\">`x &lt; y`</font> \xf0\x9f\x98\x84 "
        "&lt;b&gt;not&lt;/b&gt;\n"
        "chat acme/main <Ann> RECV the plan (<a href=\"https://example.com/plan\">https://example.com/plan</a>) "
        "[x](javascript:alert(1))");
}

static void test_thread(Fixture *fixture, gconstpointer data)
{
    gint64 first = fake_server_say(fixture->server, "acme/main", 2, "Who fixes the login page of the web shop?");
    gint64 second = fake_server_say(fixture->server, "acme/main", 42, "Lunch?");

    (void)data;
    host_expect("chat acme/main <Ann> RECV Who fixes the login page of the web shop?\n"
                "chat acme/main <Hubot> RECV Lunch?");
    fake_server_reply(fixture->server, "acme/main", 1, first, "I do");
    fake_server_reply(fixture->server, "acme/main", 2, second, "Yes!");
    fake_server_reply(fixture->server, "acme/main", 42, first, "Good");
    host_expect(
        "chat acme/main <Flowdock> RECV+SYSTEM <font color=\"#c0392b\">[1: Who fixes the login page of…]</font> began "
        "with Ann: Who fixes the login page of the web shop?\n"
        "chat acme/main <Demo> SEND+REMOTE_SEND <font color=\"#c0392b\">[1: Who fixes the login page of…]</font> I do\n"
        "chat acme/main <Flowdock> RECV+SYSTEM <font color=\"#2e8b57\">[2: Lunch?]</font> began with Hubot: Lunch?\n"
        "chat acme/main <Ann> RECV <font color=\"#2e8b57\">[2: Lunch?]</font> Yes!\n"
        "chat acme/main <Hubot> RECV <font color=\"#c0392b\">[1: Who fixes the login page of…]</font> Good");
}

/* For commands that name a message by its number. */
static void test_show_ids(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *expected = NULL;
    gint64 id;

    purple_account_set_bool(account, "show_ids", TRUE);
    host_sign_on_ready(account, server);
    id = fake_server_say(server, "acme/main", 2, "Hello");
    fake_server_reply(server, "acme/main", 42, id, "*Hi*");
    expected = g_strdup_printf(
        "chat acme/main <Ann> RECV #%" G_GINT64_FORMAT " Hello\n"
        "chat acme/main <Flowdock> RECV+SYSTEM <font color=\"#c0392b\">[1: Hello]</font> began with "
        "Ann: Hello\n"
        "chat acme/main <Hubot> RECV #%" G_GINT64_FORMAT " <font color=\"#c0392b\">[1: Hello]</font> <i>Hi</i>",
        id, id + 1);
    host_expect(expected);
    host_account_free(account);
}

static void test_edit(Fixture *fixture, gconstpointer data)
{
    gint64 id = fake_server_say(fixture->server, "acme/main", 2, "Tea at for in the garden");

    (void)data;
    host_wait("chat acme/main <Ann> *");
    host_record_clear();
    fake_server_edit(fixture->server, "acme/main", id, "Tea at four in the garden");
    fake_server_edit(fixture->server, "acme/main", id, "Tea at four in the big garden");
    fake_server_edit(fixture->server, "acme/main", id, "No tea today");
    host_expect("chat acme/main <Ann> RECV /me edited: <s>for</s> \xe2\x86\x92 <b>four</b>\n"
                "chat acme/main <Ann> RECV /me edited: +<b>big</b>\n"
                "chat acme/main <Ann> RECV /me edited to: No tea today");
}

static void test_deletion(Fixture *fixture, gconstpointer data)
{
    gint64 id = fake_server_say(fixture->server, "acme/main", 2, "Forget this");

    (void)data;
    host_wait("chat acme/main <Ann> *");
    host_record_clear();
    fake_server_delete(fixture->server, "acme/main", id);
    host_wait("chat acme/main <Ann> RECV /me deleted: Forget this");
}

static void test_tags_and_reactions(Fixture *fixture, gconstpointer data)
{
    gint64 id = fake_server_say(fixture->server, "acme/main", 2, "The build is red");

    (void)data;
    host_wait("chat acme/main <Ann> *");
    host_record_clear();
    fake_server_set_tags(fixture->server, "acme/main", id, "bug,:unread:1");
    fake_server_set_tags(fixture->server, "acme/main", id, "bug");
    fake_server_react(fixture->server, "acme/main", id, 42, "tada", TRUE);
    host_wait("chat acme/main <Hubot> *");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main <*> * tagged with #bug: The build is red"), ==, 1);
    g_assert_cmpuint(
        host_record_count("chat acme/main <Hubot> RECV /me reacted with \xf0\x9f\x8e\x89 to: The build is red"), ==, 1);
    g_assert_cmpuint(host_record_count("chat *"), ==, 2);
}

/* As if it came in acme/main, as a new event. */
static void emit_here(Fixture *fixture, const char *json)
{
    g_autoptr(JsonNode) node = json_from_string(json, NULL);
    g_autofree char *text = NULL;

    json_object_set_string_member(json_node_get_object(node), "flow",
                                  fake_server_flow_id(fixture->server, "acme/main"));
    json_object_set_int_member(json_node_get_object(node), "id", 0);
    text = json_to_string(node, FALSE);
    g_assert_cmpint(fake_server_emit(fixture->server, text), >, 0);
}

static void post_from_outside(Fixture *fixture)
{
    emit_here(fixture, "{\"event\":\"mail\",\"app\":\"influx\",\"user\":\"0\",\"sent\":1700000000000,\"tags\":[],"
                       "\"content\":{\"subject\":\"Hello\",\"from\":[{\"name\":null,\"address\":\"otto@example.com\"}],"
                       "\"content\":\"Short\",\"contentType\":\"text/plain\"}}");
    fake_server_say(fixture->server, "acme/main", 2, "the end");
    host_wait("chat acme/main <Ann> RECV the end");
}

static void test_inbox(Fixture *fixture, gconstpointer data)
{
    post_from_outside(fixture);
    if (g_strcmp0(data, "off") == 0 || g_strcmp0(data, "threads") == 0)
        g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> *"), ==, 0);
    else
        g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> RECV+SYSTEM [Email] otto@example.com: Hello*"), >,
                         0);
}

/* Every captured event goes through the whole stack, alone and behind each other; the stream goes on. */
static void test_captured(Fixture *fixture, gconstpointer data)
{
    g_autofree char *folder = test_data_path("events");
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    guint count = 0;

    (void)data;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;

        if (!g_str_has_suffix(name, ".json"))
            continue;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        emit_here(fixture, text);
        count++;
    }
    g_assert_cmpuint(count, >, 30);
    fake_server_say(fixture->server, "acme/main", 2, "still here");
    host_wait("chat acme/main <Ann> RECV still here");
    /* Those of integrations, with every kind of them. */
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> *"), >=, 20);
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    g_test_add("/flowdock/events/formatting", Fixture, NULL, set_up, test_formatting, tear_down);
    g_test_add("/flowdock/events/thread", Fixture, NULL, set_up, test_thread, tear_down);
    g_test_add("/flowdock/events/edit", Fixture, NULL, set_up, test_edit, tear_down);
    g_test_add("/flowdock/events/deletion", Fixture, NULL, set_up, test_deletion, tear_down);
    g_test_add("/flowdock/events/tags-and-reactions", Fixture, NULL, set_up, test_tags_and_reactions, tear_down);
    g_test_add("/flowdock/events/inbox", Fixture, NULL, set_up, test_inbox, tear_down);
    g_test_add("/flowdock/events/inbox-threads", Fixture, "threads", set_up, test_inbox, tear_down);
    g_test_add("/flowdock/events/inbox-off", Fixture, "off", set_up, test_inbox, tear_down);
    g_test_add("/flowdock/events/captured", Fixture, NULL, set_up, test_captured, tear_down);
    g_test_add_func("/flowdock/events/show-ids", test_show_ids);
    return g_test_run();
}
