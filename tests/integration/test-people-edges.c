/* SPDX-License-Identifier: GPL-2.0-or-later */
/* People at the edges: names that go round, answers older than what the user does, crowds, calls that fail. */
#include "host.h"

#include "../server/fake-state.h"

#include <string.h>

#include <glib/gstdio.h>

typedef HostFixture Fixture;

#define ANN 2
#define HUBOT 42
#define BOB 99

static PurplePluginProtocolInfo *prpl(void)
{
    return PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl("prpl-flowdock"));
}

static gboolean has_left(Fixture *fixture, const char *room)
{
    PurpleConversation *conv = host_room(fixture->account, room);

    return !conv || purple_conv_chat_has_left(PURPLE_CONV_CHAT(conv));
}

static void add_bob(Fixture *fixture)
{
    fake_server_add_user(fixture->server, "acme", BOB, "Bob", "bob@example.com", "x");
}

/* The flow is read anew because of it. */
static void let_bob_join(Fixture *fixture)
{
    fake_server_add_member(fixture->server, "acme/main", BOB);
    host_wait("join acme/main Bob");
    test_settle();
}

static void again(Fixture *fixture)
{
    host_sign_off(fixture->account);
    host_sign_on_ready(fixture->account, fixture->server);
}

/* ------------------------------------------------------------------------------------------------------------ names */

/* What is typed in a window reaches whom the window was opened for. */
static void test_swapped_windows(Fixture *fixture, gconstpointer data)
{
    PurpleConversation *ann = purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    PurpleConversation *hubot = purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Hubot");

    (void)data;
    test_settle();
    /* Both at once, as after a gap. */
    fake_server_set_odd(fixture->server, FAKE_ODD_NO_REPLAY);
    fake_server_streams_cut(fixture->server);
    fake_server_set_nick(fixture->server, ANN, "Hubot");
    fake_server_set_nick(fixture->server, HUBOT, "Ann");
    test_until(strcmp(purple_conversation_get_name(ann), "Hubot") == 0);
    g_assert_cmpstr(purple_conversation_get_name(hubot), ==, "Ann");
    g_assert_true(host_im(fixture->account, "Hubot") == ann);
    g_assert_true(host_im(fixture->account, "Ann") == hubot);
    host_type_to(fixture->account, "Hubot", "for person 2");
    test_until(fake_server_message_count(fixture->server, "private/1/2") == 1);
    g_assert_cmpuint(fake_server_message_count(fixture->server, "private/1/42"), ==, 0);
}

static char *log_file(PurpleAccount *account, const char *name)
{
    g_autofree char *folder = purple_log_get_log_dir(PURPLE_LOG_IM, name, account);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    return g_build_filename(folder, "2020-01-01.000000+0000UTC.txt", NULL);
}

static void write_log(PurpleAccount *account, const char *name, const char *text)
{
    g_autofree char *file = log_file(account, name);

    g_assert_true(g_file_set_contents(file, text, -1, NULL));
}

static gboolean log_is(PurpleAccount *account, const char *name, const char *expected)
{
    g_autofree char *folder = purple_log_get_log_dir(PURPLE_LOG_IM, name, account);
    g_autofree char *file = g_build_filename(folder, "2020-01-01.000000+0000UTC.txt", NULL);
    g_autofree char *text = NULL;

    g_file_get_contents(file, &text, NULL, NULL);
    return g_strcmp0(text, expected) == 0;
}

static void test_logs_in_a_chain(Fixture *fixture, gconstpointer data)
{
    (void)data;
    test_until(purple_find_buddy(fixture->account, "Hubot") != NULL);
    write_log(fixture->account, "Ann", "with person 2");
    write_log(fixture->account, "Hubot", "with person 42");
    host_sign_off(fixture->account);
    fake_server_set_nick(fixture->server, HUBOT, "Robot");
    fake_server_set_nick(fixture->server, ANN, "Hubot");
    host_sign_on_ready(fixture->account, fixture->server);
    test_until(purple_find_buddy(fixture->account, "Robot") != NULL);
    test_until(log_is(fixture->account, "Hubot", "with person 2"));
    test_until(log_is(fixture->account, "Robot", "with person 42"));
}

static void test_logs_without_roster(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_sign_off(fixture->account);
    purple_account_set_bool(fixture->account, "roster", FALSE);
    g_slist_free_full(purple_find_buddies(fixture->account, NULL), (GDestroyNotify)purple_blist_remove_buddy);
    host_sign_on_ready(fixture->account, fixture->server);
    write_log(fixture->account, "Ann", "with person 2");
    fake_server_set_nick(fixture->server, ANN, "Annabel");
    test_until(log_is(fixture->account, "Annabel", "with person 2"));
}

/* A list that leaves nicks out renames nobody. */
static void test_lists_without_nicks(Fixture *fixture, gconstpointer data)
{
    (void)data;
    add_bob(fixture);
    test_until(purple_find_buddy(fixture->account, "Ann") != NULL);
    fake_server_set_odd(fixture->server, FAKE_ODD_NULL_FIELDS);
    fake_server_add_member(fixture->server, "acme/main", BOB);
    test_until(fake_server_count(fixture->server, "GET", "/flows/acme/main") > 0);
    test_settle();
    g_assert_nonnull(purple_find_buddy(fixture->account, "Ann"));
    g_assert_cmpuint(host_record_count("*now known as*"), ==, 0);
    g_assert_false(has_left(fixture, "acme/main"));
}

/* Somebody who has written once and is not known any more is no colleague. */
static void test_ghost(Fixture *fixture, gconstpointer data)
{
    g_autofree char *event = g_strdup_printf("{\"event\":\"message\",\"id\":0,\"flow\":\"%s\",\"user\":\"987\","
                                             "\"content\":\"boo\",\"tags\":[],\"sent\":1700000000000}",
                                             fake_server_flow_id(fixture->server, "acme/main"));

    (void)data;
    fake_server_emit(fixture->server, event);
    host_wait("chat acme/main <987> RECV boo");
    test_settle();
    g_assert_null(purple_find_buddy(fixture->account, "987"));
}

/* A group that the user has made stays as and where it is. */
static void test_group_of_the_user(Fixture *fixture, gconstpointer data)
{
    PurpleGroup *group = purple_find_group("Acme");

    (void)data;
    host_account_free(fixture->account);
    if (group)
        purple_blist_remove_group(group);
    group = purple_group_new("Acme");
    purple_blist_add_group(group, NULL);
    g_assert_true(purple_blist_get_root() == PURPLE_BLIST_NODE(group));
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    host_sign_on_ready(fixture->account, fixture->server);
    test_until(purple_find_buddy(fixture->account, "Ann") != NULL);
    g_assert_true(purple_buddy_get_group(purple_find_buddy(fixture->account, "Ann")) == group);
    g_assert_true(purple_blist_get_root() == PURPLE_BLIST_NODE(group));
    fake_server_rename_org(fixture->server, "acme", "Other");
    again(fixture);
    test_settle();
    g_assert_cmpstr(purple_group_get_name(group), ==, "Acme");
}

/* ------------------------------------------------------------------------------------------------ flows, told and asked */

/* Closed in another client, which no event tells: the room must not seem to be alive. */
static void test_closed_elsewhere(Fixture *fixture, gconstpointer data)
{
    (void)data;
    add_bob(fixture);
    fake_server_set_open(fixture->server, "acme/main", 1, FALSE);
    fake_server_add_member(fixture->server, "acme/main", BOB);
    host_wait(
        "chat acme/main <Flowdock> RECV+SYSTEM This flow was closed in another client, so the room is closed. You "
        "are still a member.");
    g_assert_true(has_left(fixture, "acme/main"));
}

static void test_other_slug(Fixture *fixture, gconstpointer data)
{
    FakeFlow *flow = fake_state_flow(fixture->server, "acme/main");

    (void)data;
    add_bob(fixture);
    g_hash_table_insert(fixture->server->flows_by_name, g_strdup("acme/head"), flow);
    g_hash_table_remove(fixture->server->flows_by_name, "acme/main");
    g_hash_table_remove(fixture->server->flows_by_name, "acme:main");
    g_free(flow->slug);
    flow->slug = g_strdup("head");
    fake_server_add_member(fixture->server, flow->id, BOB);
    host_wait("join acme/main Bob");
    g_assert_false(has_left(fixture, "acme/main"));
    fake_server_say(fixture->server, "acme/head", ANN, "still here");
    host_wait("chat acme/main <Ann> RECV still here");
}

static PurpleRoomlist *ask_slowly(Fixture *fixture)
{
    FakeFault slow = { .kind = FAKE_FAULT_SLOW, .path = "/flows/all", .delay_ms = 1 };
    guint asked = fake_server_count(fixture->server, "GET", "/flows/all");
    PurpleRoomlist *list;

    fake_server_fault(fixture->server, &slow);
    list = purple_roomlist_get_list(purple_account_get_connection(fixture->account));
    purple_roomlist_ref(list);
    test_until(fake_server_count(fixture->server, "GET", "/flows/all") > asked);
    test_settle();
    return list;
}

/* The answer is older than what the user has done since. */
static void test_joined_while_listing(Fixture *fixture, gconstpointer data)
{
    PurpleRoomlist *list = ask_slowly(fixture);

    (void)data;
    host_join(fixture->account, "acme/lobby");
    host_wait("chat acme/lobby <Flowdock> RECV+SYSTEM This is Lobby (Acme).");
    g_assert_true(purple_roomlist_get_in_progress(list));
    test_until(!purple_roomlist_get_in_progress(list));
    test_settle();
    g_assert_false(has_left(fixture, "acme/lobby"));
    purple_roomlist_unref(list);
}

static void use_menu(PurpleChat *chat, const char *label)
{
    GList *menu = prpl()->blist_node_menu(PURPLE_BLIST_NODE(chat));

    for (GList *item = menu; item; item = item->next) {
        PurpleMenuAction *action = item->data;

        if (strcmp(action->label, label) == 0)
            ((void (*)(PurpleBlistNode *, gpointer))action->callback)(PURPLE_BLIST_NODE(chat), action->data);
    }
    g_list_free_full(menu, (GDestroyNotify)purple_menu_action_free);
}

static void test_closed_while_listing(Fixture *fixture, gconstpointer data)
{
    PurpleChat *chat = purple_chat_new(fixture->account, "x", prpl()->chat_info_defaults(NULL, "acme/main"));
    PurpleRoomlist *list;

    (void)data;
    purple_blist_add_chat(chat, NULL, NULL);
    list = ask_slowly(fixture);
    use_menu(chat, "Close flow");
    test_until(!fake_server_is_open(fixture->server, "acme/main", 1));
    g_assert_true(purple_roomlist_get_in_progress(list));
    test_until(!purple_roomlist_get_in_progress(list));
    test_settle();
    g_assert_true(has_left(fixture, "acme/main"));
    purple_roomlist_unref(list);
    purple_blist_remove_chat(chat);
}

/* Being added is told once. */
static void test_added_and_the_call_fails(Fixture *fixture, gconstpointer data)
{
    FakeFault bad = { .kind = FAKE_FAULT_STATUS, .path = "/flows/find", .status = 502, .count = 2 };

    (void)data;
    fake_server_add_flow(fixture->server, "acme", "fresh", "Fresh", "invitation");
    fake_server_fault(fixture->server, &bad);
    fake_server_add_member(fixture->server, "acme/fresh", 1);
    host_wait("chat acme/fresh <Flowdock> RECV+SYSTEM This is Fresh (Acme).");
}

static void test_gap_and_the_call_fails(Fixture *fixture, gconstpointer data)
{
    FakeFault bad = { .kind = FAKE_FAULT_STATUS, .path = "/flows/all", .status = 502, .count = 2 };

    (void)data;
    fake_server_add_flow(fixture->server, "acme", "fresh", "Fresh", "invitation");
    fake_server_set_odd(fixture->server, FAKE_ODD_NO_REPLAY);
    fake_server_fault(fixture->server, &bad);
    fake_server_streams_cut(fixture->server);
    fake_server_add_member(fixture->server, "acme/fresh", 1);
    host_wait("chat acme/fresh <Flowdock> RECV+SYSTEM This is Fresh (Acme).");
}

/* ------------------------------------------------------------------------------------------------------------- crowds */

#define CROWD 120

static gint64 add_crowd(FakeServer *server)
{
    gint64 last = 0;

    for (guint i = 0; i < CROWD; i++) {
        g_autofree char *nick = g_strdup_printf("P%u", i);
        g_autofree char *email = g_strdup_printf("p%u@example.com", i);

        last = fake_server_add_user(server, "acme", 0, nick, email, "x");
        fake_server_add_member(server, "acme/main", last);
        fake_server_set_last_activity(server, last, G_GINT64_CONSTANT(1500000000000));
    }
    return last;
}

static guint count_crowd(Fixture *fixture, gboolean (*is_so)(Fixture *fixture, const char *nick))
{
    guint count = 0;

    for (guint i = 0; i < CROWD; i++) {
        g_autofree char *nick = g_strdup_printf("P%u", i);

        count += is_so(fixture, nick);
    }
    return count;
}

static gboolean is_active(Fixture *fixture, const char *nick)
{
    PurpleConvChat *chat = PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main"));
    PurpleConvChatBuddy *member = purple_conv_chat_cb_find(chat, nick);
    PurpleBuddy *buddy = purple_find_buddy(fixture->account, nick);

    return member && !(member->flags & PURPLE_CBFLAGS_AWAY) && buddy &&
           purple_presence_is_available(purple_buddy_get_presence(buddy));
}

/* While the list is still being filled. */
static void test_presence_of_a_crowd(Fixture *fixture, gconstpointer data)
{
    gint64 last = add_crowd(fixture->server);

    (void)data;
    host_sign_off(fixture->account);
    host_sign_on(fixture->account);
    test_until(fake_server_count_streams(fixture->server) > 0);
    for (gint64 i = 0; i < CROWD; i++)
        fake_server_set_presence(fixture->server, last - i, "active");
    test_until(host_room(fixture->account, "acme/main") && count_crowd(fixture, is_active) == CROWD);
}

static gboolean is_marked(Fixture *fixture, const char *nick)
{
    PurpleBuddy *buddy = purple_find_buddy(fixture->account, nick);

    return buddy && g_strcmp0(prpl()->list_emblem(buddy), "not-authorized") == 0;
}

static gboolean is_buddy(Fixture *fixture, const char *nick)
{
    return purple_find_buddy(fixture->account, nick) != NULL;
}

/* Each is asked for before being called gone, however many leave at once. */
static void test_many_leave(Fixture *fixture, gconstpointer data)
{
    gint64 last = add_crowd(fixture->server);

    (void)data;
    test_until(count_crowd(fixture, is_buddy) == CROWD);
    fake_server_clear_requests(fixture->server);
    fake_server_set_odd(fixture->server, FAKE_ODD_NO_REPLAY);
    fake_server_streams_cut(fixture->server);
    for (gint64 i = 0; i < CROWD; i++)
        fake_server_remove_member(fixture->server, "acme/main", last - i);
    test_until(fake_server_count(fixture->server, "GET", "/users/*") == CROWD);
    test_settle();
    g_assert_cmpuint(count_crowd(fixture, is_marked), ==, 0);
}

/* Told to be gone a minute after the last activity: lists that tell of the activity bring nobody back. */
static void test_gone_after_activity(Fixture *fixture, gconstpointer data)
{
    PurpleBuddy *ann;

    (void)data;
    add_bob(fixture);
    fake_server_set_last_activity(fixture->server, ANN, g_get_real_time() / 1000 - 60000);
    test_until(is_buddy(fixture, "Ann"));
    ann = purple_find_buddy(fixture->account, "Ann");
    fake_server_set_presence(fixture->server, ANN, "offline");
    test_until(!PURPLE_BUDDY_IS_ONLINE(ann));
    let_bob_join(fixture);
    g_assert_false(PURPLE_BUDDY_IS_ONLINE(ann));
}

/* ------------------------------------------------------------------------------------------------- the host's "invite" */

static void invite(Fixture *fixture, const char *who, const char *message)
{
    int id = purple_conv_chat_get_id(PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main")));

    prpl()->chat_invite(purple_account_get_connection(fixture->account), id, message, who);
}

/* Its message is never taken for an address. */
static void test_message_with_an_address(Fixture *fixture, gconstpointer data)
{
    (void)data;
    invite(fixture, "new@example.org", "boss@example.org said you should come");
    test_until(fake_server_count(fixture->server, "POST", "/flows/acme/main/invitations") == 1);
    g_assert_nonnull(strstr(fake_server_last_request(fixture->server, "POST", "*")->body, "boss@example.org said you"));
    test_settle();
    g_assert_cmpuint(fake_server_count(fixture->server, "POST", "/flows/acme/main/invitations/import"), ==, 0);
}

/* Nor lost in silence where nobody gets it. */
static void test_message_for_a_colleague(Fixture *fixture, gconstpointer data)
{
    (void)data;
    add_bob(fixture);
    again(fixture);
    test_until(is_buddy(fixture, "Bob"));
    invite(fixture, "Bob", "please read the agenda");
    host_wait("join acme/main Bob");
    host_wait("chat acme/main *please read the agenda*");
}

typedef void (*Story)(Fixture *fixture, gconstpointer data);

static void add(const char *path, Story story)
{
    g_test_add(path, Fixture, NULL, host_fixture_set_up, story, host_fixture_tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    add("/flowdock/people-edges/swapped-windows", test_swapped_windows);
    add("/flowdock/people-edges/logs-in-a-chain", test_logs_in_a_chain);
    add("/flowdock/people-edges/logs-without-roster", test_logs_without_roster);
    add("/flowdock/people-edges/lists-without-nicks", test_lists_without_nicks);
    add("/flowdock/people-edges/ghost", test_ghost);
    add("/flowdock/people-edges/group-of-the-user", test_group_of_the_user);
    add("/flowdock/people-edges/closed-elsewhere", test_closed_elsewhere);
    add("/flowdock/people-edges/other-slug", test_other_slug);
    add("/flowdock/people-edges/joined-while-listing", test_joined_while_listing);
    add("/flowdock/people-edges/closed-while-listing", test_closed_while_listing);
    add("/flowdock/people-edges/added-and-the-call-fails", test_added_and_the_call_fails);
    add("/flowdock/people-edges/gap-and-the-call-fails", test_gap_and_the_call_fails);
    add("/flowdock/people-edges/presence-of-a-crowd", test_presence_of_a_crowd);
    add("/flowdock/people-edges/many-leave", test_many_leave);
    add("/flowdock/people-edges/gone-after-activity", test_gone_after_activity);
    add("/flowdock/people-edges/message-with-an-address", test_message_with_an_address);
    add("/flowdock/people-edges/message-for-a-colleague", test_message_for_a_colleague);
    return g_test_run();
}
