/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of the menus of buddies and chats, and of inviting into a room. */
#include "host.h"

#include <string.h>

static PurplePluginProtocolInfo *protocol(void)
{
    return PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl("prpl-flowdock"));
}

static PurpleBlistNode *add_chat(PurpleAccount *account, const char *flow)
{
    PurpleChat *chat = purple_chat_new(account, flow, protocol()->chat_info_defaults(NULL, flow));

    purple_blist_add_chat(chat, NULL, NULL);
    return (PurpleBlistNode *)chat;
}

static PurpleBlistNode *find_buddy(PurpleAccount *account, const char *name)
{
    PurpleBuddy *buddy = purple_find_buddy(account, name);

    g_assert_nonnull(buddy);
    return (PurpleBlistNode *)buddy;
}

static void expect_labels(PurpleBlistNode *node, const char *expected)
{
    GList *actions = protocol()->blist_node_menu(node);
    g_autoptr(GString) labels = g_string_new(NULL);

    for (GList *item = actions; item; item = item->next)
        g_string_append_printf(labels, "%s%s", labels->len ? ", " : "", ((PurpleMenuAction *)item->data)->label);
    g_list_free_full(actions, (GDestroyNotify)purple_menu_action_free);
    g_assert_cmpstr(labels->str, ==, expected);
}

typedef void (*ItemFunc)(PurpleBlistNode *node, gpointer data);

/* What a host keeps of an item while its menu is open. */
typedef struct {
    ItemFunc func;
    gpointer data;
} Chosen;

static Chosen find_item(PurpleBlistNode *node, const char *label)
{
    GList *actions = protocol()->blist_node_menu(node);
    Chosen chosen = { NULL, NULL };

    for (GList *item = actions; item; item = item->next) {
        PurpleMenuAction *action = item->data;

        if (g_str_equal(action->label, label))
            chosen = (Chosen){ (ItemFunc)action->callback, action->data };
    }
    g_list_free_full(actions, (GDestroyNotify)purple_menu_action_free);
    g_assert_nonnull(chosen.func);
    return chosen;
}

static void choose(PurpleBlistNode *node, const char *label)
{
    Chosen chosen = find_item(node, label);

    chosen.func(node, chosen.data);
}

/* ------------------------------------------------------------------------------------------------------------ chats */

static void test_chat_items(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *nodes[] = {
        add_chat(fixture->account, "acme/main"),       add_chat(fixture->account, "Lobby"),
        add_chat(fixture->account, "acme/nowhere"),    add_chat(fixture->account, "acme/main/3"),
        add_chat(fixture->account, "#acme/dev-team "),
    };
    PurpleBlistNode *group = purple_blist_get_root();

    (void)data;
    expect_labels(nodes[0], "Open in browser, Rename…, Invite…, Sources…, Close flow");
    expect_labels(nodes[1], "Open in browser");
    expect_labels(nodes[2], "");
    expect_labels(nodes[3], "");
    expect_labels(nodes[4], "Open in browser, Rename…, Invite…, Sources…, Close flow");
    expect_labels(group, "");
    host_sign_off(fixture->account);
    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        expect_labels(nodes[i], "");
        purple_blist_remove_chat((PurpleChat *)nodes[i]);
    }
}

static void test_open_in_browser(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *chat = add_chat(fixture->account, "acme/main");

    (void)data;
    choose(chat, "Open in browser");
    host_expect("browse");
    g_assert_true(g_str_has_prefix(host_browsed(), "http"));
    g_assert_nonnull(strstr(host_browsed(), "acme/main"));
    /* Where there is no browser, the address is said. */
    host_set_browser(FALSE);
    choose(chat, "Open in browser");
    host_wait("error http*acme/main | ");
    host_set_browser(TRUE);
    purple_blist_remove_chat((PurpleChat *)chat);
}

/* The service's word is not enough for the host to open just anything. */
static void test_hostile_addresses(void)
{
    static const char *const addresses[] = {
        "\"javascript:alert(1)\"", "\"file:///etc/passwd\"", "\"http://\"", "\"--help\"", "\"\"", "null", "7"
    };

    for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
        g_autofree char *flows = g_strdup_printf(
            "[{\"id\": \"deadbeefdeadbeef\", \"name\": \"Main\", \"parameterized_name\": \"main\", \"organization\": "
            "{\"name\": \"Acme\", \"parameterized_name\": \"acme\"}, \"open\": true, \"joined\": true, "
            "\"web_url\": %s, \"users\": [{\"id\": 1, \"nick\": \"Demo\"}]}]",
            addresses[i]);
        FakeFault fault = { .kind = FAKE_FAULT_GARBAGE, .path = "/flows/all", .body = flows };
        PurpleBlistNode *chat;

        g_test_message("address %s", addresses[i]);
        fake_server_fault(server, &fault);
        host_sign_on(account);
        host_wait("chat acme/main *");
        chat = add_chat(account, "acme/main");
        expect_labels(chat, "Rename…, Invite…, Sources…, Close flow");
        purple_blist_remove_chat((PurpleChat *)chat);
        host_account_free(account);
    }
}

static void test_rename(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *chat = add_chat(fixture->account, "acme/main");

    (void)data;
    choose(chat, "Rename…");
    host_expect("ask What shall Main (Acme) be called? | Everyone in the flow sees the new name. Its address stays.");
    host_answer(" Head\n<b>office ");
    test_until(fake_server_count(fixture->server, "PUT", "/flows/acme/main") == 1);
    g_assert_cmpstr(fake_server_last_request(fixture->server, "PUT", "/flows/acme/main")->body, ==,
                    "{\"name\":\"Head <b>office\"}");
    host_wait("topic acme/main Head <b>office (Acme)");
    /* Nothing new, or nothing at all. */
    choose(chat, "Rename…");
    host_answer("Head <b>office");
    choose(chat, "Rename…");
    host_answer("  ");
    choose(chat, "Rename…");
    host_answer(NULL);
    test_settle();
    g_assert_cmpuint(fake_server_count(fixture->server, "PUT", "*"), ==, 1);
    purple_blist_remove_chat((PurpleChat *)chat);
}

static void test_close_flow(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *chat = add_chat(fixture->account, "acme/main");

    (void)data;
    choose(chat, "Close flow");
    host_expect("chat acme/main <Flowdock> RECV+SYSTEM You have closed this flow. Joining the room opens it again.");
    test_until(!fake_server_is_open(fixture->server, "acme/main", 1));
    g_assert_true(fake_server_is_member(fixture->server, "acme/main", 1));
    g_assert_true(purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main"))));
    g_assert_cmpuint(fake_server_count(fixture->server, "PUT", "*"), ==, 1);
    expect_labels(chat, "Open in browser, Rename…, Invite…, Sources…");
    /* It is listened to no longer, and can be opened again. */
    test_until(!strstr(fake_server_last_request(fixture->server, "GET", "/flows")->query, "deadbeef"));
    host_join(fixture->account, "acme/main");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM This is Main (Acme).");
    g_assert_true(fake_server_is_open(fixture->server, "acme/main", 1));
    purple_blist_remove_chat((PurpleChat *)chat);
}

static void test_close_flow_refused(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *chat = add_chat(fixture->account, "acme/main");
    FakeFault fault = { .kind = FAKE_FAULT_STATUS, .method = "PUT", .path = "/flows/acme/main", .status = 403 };

    (void)data;
    fake_server_fault(fixture->server, &fault);
    choose(chat, "Close flow");
    host_wait("error The flow could not be closed on the service. | *");
    g_assert_true(purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main"))));
    purple_blist_remove_chat((PurpleChat *)chat);
}

/* Also one whose room is not shown here. */
static void test_close_flow_without_room(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *chat = add_chat(fixture->account, "acme/main");

    (void)data;
    host_close_room(fixture->account, "acme/main");
    choose(chat, "Close flow");
    test_until(!fake_server_is_open(fixture->server, "acme/main", 1));
    host_expect("");
    purple_blist_remove_chat((PurpleChat *)chat);
}

/* An open menu, or question, may be older than the end of the account. */
static void test_chosen_too_late(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *chat = add_chat(fixture->account, "acme/main");
    PurpleBlistNode *buddy = find_buddy(fixture->account, "Ann");
    Chosen items[] = { find_item(chat, "Open in browser"), find_item(chat, "Rename…"), find_item(chat, "Invite…"),
                       find_item(chat, "Close flow") };
    Chosen add = find_item(buddy, "Add to a flow…");

    (void)data;
    choose(chat, "Rename…");
    g_assert_true(host_is_asked());
    host_sign_off(fixture->account);
    g_assert_false(host_is_asked());
    host_record_clear();
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        items[i].func(chat, items[i].data);
    add.func(buddy, add.data);
    host_expect("");
    purple_blist_remove_chat((PurpleChat *)chat);
}

/* ---------------------------------------------------------------------------------------------------------- buddies */

static void test_buddy_items(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleBuddy *stranger = purple_buddy_new(account, "Nemo", NULL);
    PurpleBlistNode *ann;

    fake_server_set_profile(server, 2, NULL, NULL, "https://ann.example.com/");
    host_sign_on_ready(account, server);
    test_until(fake_server_count(server, "GET", "/users") == 1);
    test_settle();
    host_record_clear();
    ann = find_buddy(account, "Ann");
    expect_labels(ann, "Open web site, Add to a flow…");
    expect_labels(find_buddy(account, "Hubot"), "Add to a flow…");
    expect_labels((PurpleBlistNode *)stranger, "");
    choose(ann, "Open web site");
    host_expect("browse");
    g_assert_cmpstr(host_browsed(), ==, "https://ann.example.com/");
    host_sign_off(account);
    expect_labels(ann, "");
    purple_buddy_destroy(stranger);
    host_account_free(account);
}

static void answer_flow(PurpleAccount *account, const char *text)
{
    host_record_clear();
    choose(find_buddy(account, "Hubot"), "Add to a flow…");
    host_wait("ask To which flow do you add Hubot? | The name of the flow, or organization/flow.");
    host_record_clear();
    host_answer(text);
}

static void test_add_to_a_flow(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    fake_server_add_flow(fixture->server, "acme", "twins", "Twins", "organization");
    fake_server_add_flow(fixture->server, "acme", "twins-2", "twins", "organization");
    fake_server_add_member(fixture->server, "acme/twins", 1);
    fake_server_add_member(fixture->server, "acme/twins-2", 1);
    host_wait("chat acme/twins-2 *");
    answer_flow(fixture->account, "no such");
    host_expect("error Nobody was added. | There is no flow of this name. Give it as organization/flow.");
    answer_flow(fixture->account, "acme/nowhere");
    host_expect("error Nobody was added. | There is no flow of this name. Give it as organization/flow.");
    answer_flow(fixture->account, "Twins");
    host_expect(
        "error Nobody was added. | Several flows have this name. Say which one you mean: acme/twins, acme/twins-2");
    answer_flow(fixture->account, "");
    answer_flow(fixture->account, NULL);
    host_expect("");
    answer_flow(fixture->account, "dev team");
    test_until(fake_server_is_member(fixture->server, "acme/dev-team", 42));
    host_wait("join acme/dev-team Hubot");
}

/* --------------------------------------------------------------------------------------------------------- inviting */

static void invite(PurpleAccount *account, const char *room, const char *message, const char *who)
{
    int id = purple_conv_chat_get_id(PURPLE_CONV_CHAT(host_room(account, room)));

    host_record_clear();
    serv_chat_invite(purple_account_get_connection(account), id, message, who);
}

static const char *last_invitation(FakeServer *server)
{
    return fake_server_last_request(server, "POST", "/flows/*/invitations*")->body;
}

static void test_colleagues_are_added(HostFixture *fixture, gconstpointer data)
{
    static const char *const names[] = { "Hubot", "hubot@example.com", "42", " hubot\n" };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        invite(fixture->account, "acme/dev-team", "come in", names[i]);
        test_until(fake_server_is_member(fixture->server, "acme/dev-team", 42));
        host_wait("join acme/dev-team Hubot");
        fake_server_remove_member(fixture->server, "acme/dev-team", 42);
        host_wait("part acme/dev-team Hubot");
    }
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", "/flows/*/invitations*"), ==, 0);
}

static void test_others_are_invited(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    invite(fixture->account, "acme/main", "come in & see", "bob@example.com");
    test_until(fake_server_count(fixture->server, "POST", "/flows/acme/main/invitations*") == 1);
    g_assert_nonnull(strstr(last_invitation(fixture->server), "bob@example.com"));
    g_assert_nonnull(strstr(last_invitation(fixture->server), "come in & see"));
    host_wait("chat acme/main <Flowdock> * bob@example.com*");
    /* bitlbee has no message. */
    invite(fixture->account, "acme/main", NULL, "eve@example.com");
    host_wait("chat acme/main <Flowdock> * eve@example.com*");
    test_settle();
    invite(fixture->account, "acme/main", "", "Nobody");
    host_expect("error Nobody was invited. | No colleague of yours is called \"Nobody\". To invite somebody else, give "
                "the e-mail address.");
}

static void test_invite_by_menu(HostFixture *fixture, gconstpointer data)
{
    PurpleBlistNode *chat = add_chat(fixture->account, "acme/dev-team");

    (void)data;
    choose(chat, "Invite…");
    host_wait("ask Whom do you invite to Dev team (Acme)? | A colleague's nick, or an e-mail address and, behind it, "
              "what you want to say.");
    host_answer("bob@example.com come in");
    test_until(fake_server_count(fixture->server, "POST", "/flows/acme/dev-team/invitations*") == 1);
    g_assert_nonnull(strstr(last_invitation(fixture->server), "come in"));
    choose(chat, "Invite…");
    host_answer("Hubot");
    test_until(fake_server_is_member(fixture->server, "acme/dev-team", 42));
    choose(chat, "Invite…");
    host_answer("");
    purple_blist_remove_chat((PurpleChat *)chat);
}

/* A thread's own room is part of its flow's. */
static void test_invite_into_a_thread(HostFixture *fixture, gconstpointer data)
{
    gint64 parent = fake_server_say(fixture->server, "acme/dev-team", 2, "a thread begins");

    (void)data;
    fake_server_reply(fixture->server, "acme/dev-team", 2, parent, "and goes on");
    host_wait("chat acme/dev-team <Ann> *and goes on*");
    host_command_in_room(fixture->account, "acme/dev-team", "/show 1 open");
    host_wait("room acme/dev-team/1");
    invite(fixture->account, "acme/dev-team/1", NULL, "Hubot");
    test_until(fake_server_is_member(fixture->server, "acme/dev-team", 42));
}

static void test_invite_with_a_source_only(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account =
        host_account_new(server, "demo@example.com", fake_server_add_source(server, "acme/main", "Builds"));

    purple_account_set_string(account, "auth_method", "source-token");
    host_sign_on(account);
    host_wait("chat acme/main *");
    invite(account, "acme/main", NULL, "Ann");
    host_expect("error Nobody was invited. | With the token of a source nobody can be invited.");
    host_account_free(account);
}

#define ADD(name, function)                                                                                            \
    g_test_add("/flowdock/menus/" name, HostFixture, NULL, host_fixture_set_up, function, host_fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("chat-items", test_chat_items);
    ADD("open-in-browser", test_open_in_browser);
    g_test_add_func("/flowdock/menus/hostile-addresses", test_hostile_addresses);
    ADD("rename", test_rename);
    ADD("close-flow", test_close_flow);
    ADD("close-flow-refused", test_close_flow_refused);
    ADD("close-flow-without-room", test_close_flow_without_room);
    ADD("chosen-too-late", test_chosen_too_late);
    g_test_add_func("/flowdock/menus/buddy-items", test_buddy_items);
    ADD("add-to-a-flow", test_add_to_a_flow);
    ADD("colleagues-are-added", test_colleagues_are_added);
    ADD("others-are-invited", test_others_are_invited);
    ADD("invite-by-menu", test_invite_by_menu);
    ADD("invite-into-a-thread", test_invite_into_a_thread);
    g_test_add_func("/flowdock/menus/invite-with-a-source-only", test_invite_with_a_source_only);
    return g_test_run();
}
