/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of rooms: joining by every name, leaving, members. */
#include "host.h"

#include <string.h>

static char *flow_url(FakeServer *server)
{
    return g_strdup_printf("%s/flows/acme/main", fake_server_get_api_url(server));
}

/* Every form in which a person may name a flow leads to the same room. */
static void test_join_by_any_name(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *url = flow_url(server);
    const char *names[] = { "acme/main",
                            "#acme/main",
                            " ACME/Main ",
                            "Main",
                            "main",
                            url,
                            "https://www.flowdock.com/app/acme/main",
                            "https://acme.flowdock.com/flows/main",
                            NULL };

    names[G_N_ELEMENTS(names) - 1] = fake_server_flow_id(server, "acme/main");
    purple_account_set_bool(account, "autojoin", FALSE);
    host_sign_on(account);
    host_wait("connected *");
    test_until(fake_server_count_streams(server) == 1);
    test_settle();
    g_assert_cmpuint(host_record_count("room *"), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        host_record_clear();
        g_test_message("joining %s", names[i]);
        host_join(account, names[i]);
        host_expect("room acme/main\n"
                    "topic acme/main Main (Acme)\n"
                    "users acme/main Ann, Demo, Hubot\n"
                    "chat acme/main <Flowdock> RECV+SYSTEM This is Main (Acme).");
        host_close_room(account, "acme/main");
    }
    g_assert_cmpuint(fake_server_count(server, "PUT", "*"), ==, 0);
    host_account_free(account);
}

static void test_join_opens_a_closed_flow(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autofree char *members = NULL;
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    g_assert_false(fake_server_is_open(server, "acme/lobby", 1));
    host_join(account, "acme/lobby");
    host_wait("chat acme/lobby <Flowdock> RECV+SYSTEM This is Lobby (Acme).");
    g_assert_true(fake_server_is_open(server, "acme/lobby", 1));
    g_assert_true(fake_server_is_member(server, "acme/lobby", 1));
    members = host_members(account, "acme/lobby");
    g_assert_nonnull(strstr(members, "Demo"));
    /* It is listened to from now on. */
    test_until(strstr(fake_server_last_request(server, "GET", "/flows")->query, "lobby") != NULL);
    fake_server_say(server, "acme/lobby", 2, "welcome");
    host_wait("chat acme/lobby <Ann> RECV* welcome");
    /* The old stream goes, and what was heard on both is shown once. */
    test_until(fake_server_count_streams(server) == 1);
    fake_server_say(server, "acme/main", 2, "still here");
    host_wait("chat acme/main <Ann> RECV still here");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/lobby <Ann> *"), ==, 1);
    host_account_free(account);
}

static void test_join_a_flow_made_meanwhile(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    fake_server_add_flow(server, "acme", "fresh", "Fresh", "organization");
    host_join(account, "acme/fresh");
    host_wait("chat acme/fresh <Flowdock> RECV+SYSTEM This is Fresh (Acme).");
    g_assert_true(fake_server_is_member(server, "acme/fresh", 1));
    host_account_free(account);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *why;
    } cases[] = {
        { "acme/nowhere", "There is no such flow, or it is not open to you. Give it as organization/flow, as in its "
                          "web address." },
        { "acme/secret", "There is no such flow, or it is not open to you. Give it as organization/flow, as in its "
                         "web address." },
        { "0123456789abcdef", "There is no such flow, or it is not open to you. Give it as organization/flow, as in "
                              "its web address." },
        { "Twins", "Several flows have this name. Say which one you mean: acme/twins, acme/twins-2" },
        { "no such name", "There is no flow of this name. Give it as organization/flow." },
        { "", "Give the flow as organization/flow." },
        { "../../etc", "There is no flow of this name. Give it as organization/flow." },
    };
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    fake_server_add_flow(server, "acme", "secret", "Secret", "invitation");
    fake_server_add_flow(server, "acme", "twins", "Twins", "organization");
    fake_server_add_flow(server, "acme", "twins-2", "twins", "organization");
    host_sign_on_ready(account, server);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expected =
            g_strdup_printf("error The room \"%s\" cannot be opened. | %s", cases[i].name, cases[i].why);

        host_join(account, cases[i].name);
        host_expect(expected);
    }
    host_account_free(account);
}

static void test_leave_and_rejoin(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    fake_server_say(server, "acme/main", 2, "one");
    host_wait("chat acme/main <Ann> RECV one");
    host_close_room(account, "acme/main");
    fake_server_say(server, "acme/main", 2, "two");
    fake_server_say(server, "acme/dev-team", 2, "other room");
    host_wait("chat acme/dev-team <Ann> RECV other room");
    g_assert_cmpuint(host_record_count("* two"), ==, 0);
    g_assert_true(fake_server_is_open(server, "acme/main", 1));
    host_record_clear();
    host_join(account, "acme/main");
    host_expect("room acme/main\n"
                "topic acme/main Main (Acme)\n"
                "users acme/main Ann, Demo, Hubot\n"
                "chat acme/main <Flowdock> RECV+SYSTEM This is Main (Acme).\n"
                "chat acme/main <Ann> RECV two");
    /* Joining again changes nothing. */
    host_join(account, "acme/main");
    host_expect("");
    host_account_free(account);
}

static void test_leave_closes(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    purple_account_set_bool(account, "leave_closes", TRUE);
    host_sign_on_ready(account, server);
    /* As bitlbee joins: out and in, in one go. That must not close it. */
    host_close_room(account, "acme/main");
    host_join(account, "acme/main");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM This is Main (Acme).");
    test_settle();
    g_assert_cmpuint(fake_server_count(server, "PUT", "*"), ==, 0);
    host_close_room(account, "acme/main");
    test_until(!fake_server_is_open(server, "acme/main", 1));
    host_record_clear();
    host_join(account, "acme/main");
    host_wait("room acme/main");
    g_assert_true(fake_server_is_open(server, "acme/main", 1));
    host_account_free(account);
}

static void test_people_come_and_go(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    fake_server_add_user(server, "acme", 7, "ann", "other@example.com", "x");
    fake_server_add_member(server, "acme/main", 7);
    host_wait("join acme/main ann2");
    fake_server_say(server, "acme/main", 7, "hello");
    host_wait("chat acme/main <ann2> RECV hello");
    fake_server_set_nick(server, 7, "Bob");
    host_wait("rename acme/main ann2 Bob");
    fake_server_remove_member(server, "acme/main", 7);
    host_wait("part acme/main Bob");
    host_account_free(account);
}

static void test_added_and_removed(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    fake_server_add_flow(server, "acme", "fresh", "Fresh", "invitation");
    host_sign_on_ready(account, server);
    fake_server_add_member(server, "acme/fresh", 1);
    host_wait("chat acme/fresh <Flowdock> RECV+SYSTEM This is Fresh (Acme).");
    fake_server_say(server, "acme/fresh", 1, "from my other computer");
    host_wait("chat acme/fresh <Demo> SEND*REMOTE_SEND from my other computer");
    fake_server_remove_member(server, "acme/fresh", 1);
    host_wait("chat acme/fresh <Flowdock> RECV+SYSTEM You have left this flow, so the room is closed.");
    g_assert_true(purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(account, "acme/fresh"))));
    host_account_free(account);
}

#define MAIN_LINE "chat acme/main <Flowdock> RECV+SYSTEM "

static gboolean has_left(PurpleAccount *account, const char *room)
{
    return purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(account, room)));
}

static void emit_in_main(FakeServer *server, const char *format)
{
    g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
    g_autofree char *event = g_strjoinv(fake_server_flow_id(server, "acme/main"), parts);

    fake_server_emit(server, event);
}

/* Every spelling in which the service may say so. */
static void test_removed_by_somebody(void)
{
    static const char *const events[] = {
        "{\"event\":\"backend.user.block\",\"flow\":\"%s\",\"user\":\"2\",\"content\":\"1\",\"id\":0}",
        "{\"event\":\"backend.user.block\",\"flow\":\"%s\",\"user\":2,\"content\":1,\"id\":0}",
        "{\"event\":\"action\",\"flow\":\"%s\",\"user\":\"2\",\"id\":0,"
        "\"content\":{\"type\":\"block\",\"description\":{\"user\":1}}}",
        "{\"event\":\"action\",\"flow\":\"%s\",\"user\":\"2\",\"id\":0,"
        "\"content\":{\"type\":\"block\",\"user\":\"1\"}}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

        g_test_message("event: %s", events[i]);
        host_sign_on_ready(account, server);
        emit_in_main(server, events[i]);
        host_wait(MAIN_LINE "Ann removed you from this flow, so the room is closed.");
        g_assert_true(has_left(account, "acme/main"));
        test_settle();
        g_assert_false(has_left(account, "acme/dev-team"));
        host_account_free(account);
    }
}

/* Others in the same spellings: the list is read again. */
static void test_others_in_every_spelling(void)
{
    static const char *const events[] = {
        "{\"event\":\"backend.user.block\",\"flow\":\"%s\",\"user\":\"2\",\"content\":\"42\",\"id\":0}",
        "{\"event\":\"action\",\"flow\":\"%s\",\"user\":\"2\",\"id\":0,"
        "\"content\":{\"type\":\"block\",\"description\":{\"user\":42}}}",
        "{\"event\":\"backend.user.join\",\"flow\":\"%s\",\"user\":\"9\",\"content\":{\"user\":{\"id\":9}},\"id\":0}",
        "{\"event\":\"backend.join.user\",\"flow\":\"%s\",\"user\":\"9\",\"content\":{\"user\":null},\"id\":0}",
        "{\"event\":\"action\",\"flow\":\"%s\",\"user\":\"9\",\"id\":0,\"content\":{\"type\":\"join\",\"id\":\"K-"
        "main\"}}",
        "{\"event\":\"action\",\"flow\":\"%s\",\"user\":\"2\",\"id\":0,"
        "\"content\":{\"type\":\"add_people\",\"description\":\"a, b\"}}",
        "{\"event\":\"action\",\"flow\":\"%s\",\"user\":\"2\",\"id\":0,"
        "\"content\":{\"type\":\"add_people\",\"message\":[\"a\"]}}",
    };
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_test_message("event: %s", events[i]);
        emit_in_main(server, events[i]);
        test_until(fake_server_count(server, "GET", "/flows/acme/main") >= i + 1);
        test_settle();
    }
    g_assert_false(has_left(account, "acme/main"));
    host_account_free(account);
}

/* What is not told by an event is found when the stream has been away. */
static void test_changed_during_a_gap(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    fake_server_add_flow(server, "acme", "fresh", "Fresh", "invitation");
    fake_server_add_flow(server, "acme", "old", "Old", "invitation");
    fake_server_add_member(server, "acme/old", 1);
    host_sign_on(account);
    host_wait("chat acme/old <Flowdock> RECV+SYSTEM This is Old (Acme).");
    test_until(fake_server_count_streams(server) > 0);
    test_settle();
    fake_server_set_odd(server, FAKE_ODD_NO_REPLAY);
    fake_server_streams_cut(server);
    fake_server_remove_member(server, "acme/main", 1);
    fake_server_set_open(server, "acme/dev-team", 1, FALSE);
    fake_server_archive_flow(server, "acme/old", TRUE);
    fake_server_add_member(server, "acme/fresh", 1);
    host_wait(MAIN_LINE "You are no longer in this flow, so the room is closed.");
    host_wait("chat acme/dev-team <Flowdock> RECV+SYSTEM This flow was closed in another client, so the room is "
              "closed. You are still a member.");
    host_wait("chat acme/old <Flowdock> RECV+SYSTEM This flow was archived, so the room is closed.");
    host_wait("chat acme/fresh <Flowdock> RECV+SYSTEM This is Fresh (Acme).");
    test_until(fake_server_count_streams(server) == 1);
    fake_server_say(server, "acme/fresh", 2, "welcome");
    fake_server_add_member(server, "acme/fresh", 2);
    host_wait("chat acme/fresh <Ann> RECV* welcome");
    g_assert_true(has_left(account, "acme/main"));
    g_assert_true(has_left(account, "acme/dev-team"));
    g_assert_true(has_left(account, "acme/old"));
    host_account_free(account);
}

/* A room that was left here, with the flow open on the service, stays closed here. */
static void test_left_stays_left(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    guint lists;

    host_sign_on_ready(account, server);
    host_close_room(account, "acme/dev-team");
    lists = fake_server_count(server, "GET", "/flows/all");
    fake_server_streams_cut(server);
    test_until(fake_server_count(server, "GET", "/flows/all") > lists);
    test_settle();
    g_assert_null(host_room(account, "acme/dev-team"));
    host_account_free(account);
}

/* Typed in the host's own way of opening a private conversation. */
static void test_private_by_any_name(void)
{
    static const char *const names[] = { "ann", "ANN@example.com", "2" };
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        PurpleConversation *conv = purple_conversation_new(PURPLE_CONV_TYPE_IM, account, names[i]);

        g_test_message("name: %s", names[i]);
        test_settle();
        g_assert_cmpstr(purple_conversation_get_name(conv), ==, "Ann");
        host_type_to(account, "Ann", names[i]);
        test_until(fake_server_message_count(server, "private/1/2") == i + 1);
        test_settle();
        purple_conversation_destroy(conv);
        test_settle();
    }
    host_account_free(account);
}

static void test_saved_chats(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl("prpl-flowdock"));
    GList *entries = info->chat_info(NULL);
    struct proto_chat_entry *entry = entries->data;
    PurpleChat *chat;

    g_assert_cmpstr(entry->identifier, ==, "flow");
    g_assert_true(entry->required);
    g_assert_null(entries->next);
    g_list_free_full(entries, g_free);
    chat = purple_chat_new(account, "Main", info->chat_info_defaults(NULL, "Main"));
    purple_blist_add_chat(chat, NULL, NULL);
    /* Signed off, a saved chat is known by what was saved; signed on, by the flow it means. */
    g_assert_true(info->find_blist_chat(account, "main") == chat);
    g_assert_null(info->find_blist_chat(account, "acme/main"));
    host_sign_on_ready(account, server);
    g_assert_true(purple_blist_find_chat(account, "acme/main") == chat);
    g_assert_null(purple_blist_find_chat(account, "acme/dev-team"));
    purple_blist_remove_chat(chat);
    host_account_free(account);
}

/* The topic is "Name (Organization)": to change it is to rename the flow. */
static void test_topic_renames(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl("prpl-flowdock"));
    static const char *const same[] = { "Main (Acme)", " Main ", "Main(Acme)" };
    int id;

    host_sign_on_ready(account, server);
    id = purple_conv_chat_get_id(PURPLE_CONV_CHAT(host_room(account, "acme/main")));
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        info->set_chat_topic(purple_account_get_connection(account), id, same[i]);
        host_expect("topic acme/main Main (Acme)");
    }
    info->set_chat_topic(purple_account_get_connection(account), id, "Centre <b> (Acme)");
    host_wait("topic acme/main Centre <b> (Acme)");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM This room is now called Centre &lt;b&gt; (Acme).");
    g_assert_cmpuint(fake_server_count(server, "PUT", "/flows/acme/main"), ==, 1);
    host_account_free(account);
}

static void test_bitlbee_lists_the_user_itself(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;

    host_pretend("BitlBee");
    account = host_account_new(server, "demo@example.com", "demo");
    host_sign_on(account);
    host_wait("users acme/main Ann, Hubot");
    host_account_free(account);
    host_pretend("flowdock-test-host");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    g_test_add_func("/flowdock/rooms/join-by-any-name", test_join_by_any_name);
    g_test_add_func("/flowdock/rooms/join-opens-a-closed-flow", test_join_opens_a_closed_flow);
    g_test_add_func("/flowdock/rooms/join-a-flow-made-meanwhile", test_join_a_flow_made_meanwhile);
    g_test_add_func("/flowdock/rooms/refused", test_refused);
    g_test_add_func("/flowdock/rooms/leave-and-rejoin", test_leave_and_rejoin);
    g_test_add_func("/flowdock/rooms/leave-closes", test_leave_closes);
    g_test_add_func("/flowdock/rooms/people-come-and-go", test_people_come_and_go);
    g_test_add_func("/flowdock/rooms/added-and-removed", test_added_and_removed);
    g_test_add_func("/flowdock/rooms/removed-by-somebody", test_removed_by_somebody);
    g_test_add_func("/flowdock/rooms/others-in-every-spelling", test_others_in_every_spelling);
    g_test_add_func("/flowdock/rooms/changed-during-a-gap", test_changed_during_a_gap);
    g_test_add_func("/flowdock/rooms/left-stays-left", test_left_stays_left);
    g_test_add_func("/flowdock/rooms/private-by-any-name", test_private_by_any_name);
    g_test_add_func("/flowdock/rooms/saved-chats", test_saved_chats);
    g_test_add_func("/flowdock/rooms/topic-renames-the-flow", test_topic_renames);
    g_test_add_func("/flowdock/rooms/bitlbee-lists-the-user-itself", test_bitlbee_lists_the_user_itself);
    return g_test_run();
}
