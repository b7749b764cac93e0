/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A day in the life, as one story: log in, see who is there, open a room from the list, invite someone, chat privately, be
 * added to a flow, be removed from one, change nick, go away, come back. */
#include "host.h"

#include <string.h>

#define ANN 2
#define ZOE 99

static const char *presence_of(PurpleAccount *account, const char *name)
{
    PurpleBuddy *buddy = purple_find_buddy(account, name);

    return buddy ? purple_status_get_id(purple_presence_get_active_status(purple_buddy_get_presence(buddy))) : "nobody";
}

#define expect_presence(account, name, id) test_until(strcmp(presence_of(account, name), id) == 0)

static void see_who_is_there(PurpleAccount *account, FakeServer *server)
{
    PurpleBuddy *ann;

    expect_presence(account, "Ann", "available");
    expect_presence(account, "Hubot", "available");
    ann = purple_find_buddy(account, "Ann");
    g_assert_cmpstr(purple_group_get_name(purple_buddy_get_group(ann)), ==, "Acme");
    g_assert_cmpstr(purple_buddy_get_alias(ann), ==, "Ann Example");
    fake_server_set_presence(server, ANN, "idle");
    expect_presence(account, "Ann", "away");
    fake_server_set_presence(server, ANN, "active");
    expect_presence(account, "Ann", "available");
    serv_get_info(purple_account_get_connection(account), "Ann");
    host_wait("info Ann *Ann Example*ann@example.com*");
    host_record_clear();
}

static PurpleRoomlistRoom *find_in_list(PurpleRoomlist *list, const char *name)
{
    for (GList *item = list->rooms; item; item = item->next) {
        PurpleRoomlistRoom *room = item->data;

        if (strcmp(purple_roomlist_room_get_name(room), name) == 0)
            return room;
    }
    return NULL;
}

static void open_from_the_list(PurpleAccount *account, FakeServer *server)
{
    PurpleRoomlist *list = purple_roomlist_get_list(purple_account_get_connection(account));

    g_assert_nonnull(list);
    purple_roomlist_ref(list);
    test_until(!purple_roomlist_get_in_progress(list));
    purple_roomlist_room_join(list, find_in_list(list, "acme/lobby"));
    host_wait("chat acme/lobby <Flowdock> RECV+SYSTEM This is Lobby (Acme).");
    test_until(fake_server_is_member(server, "acme/lobby", 1));
    purple_roomlist_unref(list);
    fake_server_say(server, "acme/lobby", ANN, "you found it");
    host_wait("chat acme/lobby <Ann> RECV* you found it");
    host_record_clear();
}

static void invite(PurpleAccount *account, FakeServer *server)
{
    PurpleConnection *gc = purple_account_get_connection(account);
    int lobby = purple_conv_chat_get_id(PURPLE_CONV_CHAT(host_room(account, "acme/lobby")));

    /* Somebody new by e-mail, a colleague by nick. */
    serv_chat_invite(gc, lobby, "Come in", "new@example.com");
    test_until(fake_server_count(server, "POST", "/flows/acme/lobby/invitations") == 1);
    host_wait("chat acme/lobby *new@example.com*");
    serv_chat_invite(gc, lobby, NULL, "zoe");
    host_wait("join acme/lobby Zoe");
    g_assert_true(fake_server_is_member(server, "acme/lobby", ZOE));
    host_record_clear();
}

static void chat_privately(PurpleAccount *account, FakeServer *server)
{
    PurpleConversation *conv = purple_conversation_new(PURPLE_CONV_TYPE_IM, account, "ann@example.com");

    test_settle();
    g_assert_cmpstr(purple_conversation_get_name(conv), ==, "Ann");
    host_type_to(account, "Ann", "psst");
    test_until(fake_server_message_count(server, "private/1/2") == 1);
    fake_server_say_private(server, ANN, 1, "what?");
    host_wait("im Ann <Ann> RECV what?");
    /* Written in another client. */
    fake_server_say_private(server, 1, ANN, "nothing");
    host_wait("im Ann <Demo> SEND*REMOTE_SEND nothing");
    /* Nobody has to be there. */
    fake_server_set_presence(server, ANN, "offline");
    expect_presence(account, "Ann", "offline");
    host_type_to(account, "Ann", "later then");
    test_until(fake_server_message_count(server, "private/1/2") == 4);
    fake_server_set_presence(server, ANN, "active");
    expect_presence(account, "Ann", "available");
    host_record_clear();
}

static void be_added_and_removed(PurpleAccount *account, FakeServer *server)
{
    fake_server_add_flow(server, "acme", "fresh", "Fresh", "invitation");
    fake_server_add_member(server, "acme/fresh", 1);
    host_wait("chat acme/fresh <Flowdock> RECV+SYSTEM This is Fresh (Acme).");
    fake_server_add_member(server, "acme/fresh", ANN);
    host_wait("join acme/fresh Ann");
    fake_server_say(server, "acme/fresh", ANN, "welcome");
    host_wait("chat acme/fresh <Ann> RECV* welcome");
    fake_server_emit(server, "{\"event\":\"flow-remove\",\"user\":1,\"content\":{\"id\":\"deadbeefdeadbeef\"}}");
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM You are no longer in this flow, so the room is closed.");
    test_until(purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(account, "acme/main"))));
    host_record_clear();
}

typedef struct {
    gboolean done;
    char *nick;
} Alias;

static void on_alias(PurpleAccount *account, const char *nick)
{
    Alias *alias = account->ui_data;

    alias->done = TRUE;
    alias->nick = g_strdup(nick);
}

static void on_no_alias(PurpleAccount *account, const char *error)
{
    (void)account;
    g_error("no nick: %s", error);
}

static void change_nick(PurpleAccount *account, FakeServer *server)
{
    Alias alias = { 0 };

    account->ui_data = &alias;
    purple_account_set_public_alias(account, "Dana", on_alias, on_no_alias);
    test_until(alias.done);
    account->ui_data = NULL;
    g_assert_cmpstr(alias.nick, ==, "Dana");
    g_assert_cmpstr(fake_server_get_nick(server, 1), ==, "Dana");
    host_wait("rename acme/lobby Demo Dana");
    g_free(alias.nick);
    host_command_in_room(account, "acme/lobby", "/nick Demo");
    host_wait("rename acme/lobby Dana Demo");
    host_record_clear();
}

static void go_away_and_come_back(PurpleAccount *account, FakeServer *server)
{
    g_autofree char *before = NULL, *after = NULL;

    purple_account_set_status(account, "away", TRUE, "message", "lunch", NULL);
    test_until(strstr(fake_server_last_request(server, "GET", "/flows")->query, "active=idle") != NULL);
    fake_server_say(server, "acme/lobby", ANN, "anyone?");
    host_wait("chat acme/lobby <Ann> RECV anyone?");
    purple_account_set_status(account, "available", TRUE, NULL);
    test_until(strstr(fake_server_last_request(server, "GET", "/flows")->query, "active=true") != NULL);
    test_settle();
    before = host_members(account, "acme/lobby");
    host_sign_off(account);
    fake_server_say(server, "acme/lobby", ANN, "where are you?");
    host_sign_on(account);
    host_wait("chat acme/lobby <Ann> RECV* where are you?");
    g_assert_cmpint(host_record_count("chat acme/lobby <Ann> RECV* anyone?"), ==, 1);
    after = host_members(account, "acme/lobby");
    g_assert_cmpstr(after, ==, before);
    expect_presence(account, "Ann", "available");
}

static void test_day(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    fake_server_add_user(server, "acme", ZOE, "Zoe", "zoe@example.com", "x");
    host_sign_on_ready(account, server);
    see_who_is_there(account, server);
    open_from_the_list(account, server);
    invite(account, server);
    chat_privately(account, server);
    be_added_and_removed(account, server);
    change_nick(account, server);
    go_away_and_come_back(account, server);
    host_account_free(account);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    g_test_add_func("/flowdock/day/in-the-life", test_day);
    return g_test_run();
}
