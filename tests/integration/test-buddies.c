/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colleagues as buddies, through a real libpurple core. */
#include "host.h"

#include <string.h>

#include <glib/gstdio.h>

typedef HostFixture Fixture;

#define ANN_ID 2

static PurplePluginProtocolInfo *prpl(void)
{
    return PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl("prpl-flowdock"));
}

static int compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "Group/Nick (Alias) status", sorted, one a line. (transfer full) */
static char *roster_text(PurpleAccount *account)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    GSList *buddies = purple_find_buddies(account, NULL);

    for (GSList *item = buddies; item; item = item->next) {
        PurpleBuddy *buddy = item->data;
        PurplePresence *presence = purple_buddy_get_presence(buddy);
        const char *alias = purple_buddy_get_server_alias(buddy);

        g_ptr_array_add(lines, g_strdup_printf("%s/%s (%s) %s%s", purple_group_get_name(purple_buddy_get_group(buddy)),
                                               purple_buddy_get_name(buddy), alias ? alias : "",
                                               purple_status_get_id(purple_presence_get_active_status(presence)),
                                               purple_presence_is_idle(presence) ? " idle" : ""));
    }
    g_slist_free(buddies);
    g_ptr_array_sort(lines, compare_lines);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

static gboolean roster_is(PurpleAccount *account, const char *expected)
{
    g_autofree char *text = roster_text(account);

    return strcmp(text, expected) == 0;
}

/* Waits for it, and that nothing more happens then. */
static void expect_roster(PurpleAccount *account, const char *expected)
{
    g_autofree char *text = NULL;

    for (int i = 0; i < 400 && !roster_is(account, expected); i++) {
        g_usleep(5000);
        test_settle();
    }
    test_settle();
    text = roster_text(account);
    g_assert_cmpstr(text, ==, expected);
}

static PurpleBuddy *buddy_of(PurpleAccount *account, const char *name)
{
    PurpleBuddy *buddy = purple_find_buddy(account, name);

    g_assert_nonnull(buddy);
    return buddy;
}

/* What a host does when the user takes somebody off. */
static void take_off(PurpleAccount *account, const char *name)
{
    PurpleBuddy *buddy = buddy_of(account, name);

    purple_account_remove_buddy(account, buddy, purple_buddy_get_group(buddy));
    purple_blist_remove_buddy(buddy);
}

static void put_on(PurpleAccount *account, const char *name)
{
    PurpleBuddy *buddy = purple_buddy_new(account, name, NULL);
    PurpleGroup *group = purple_group_new("Friends");

    purple_blist_add_group(group, NULL);
    purple_blist_add_buddy(buddy, NULL, group, NULL);
    purple_account_add_buddy(account, buddy);
}

static void again(Fixture *fixture)
{
    host_sign_off(fixture->account);
    host_sign_on_ready(fixture->account, fixture->server);
}

#define BOTH "Acme/Ann (Ann Example) available\nAcme/Hubot (Hubot the Bot) available"
#define BOTH_GONE "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) offline"

static void test_everyone_once(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    host_sign_off(fixture->account);
    expect_roster(fixture->account, BOTH_GONE);
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account, BOTH);
}

static void test_newcomer(Fixture *fixture, gconstpointer data)
{
    gint64 bob = fake_server_add_user(fixture->server, "acme", 0, "Zoe", "zoe@example.com", "x");

    (void)data;
    expect_roster(fixture->account, BOTH);
    fake_server_add_member(fixture->server, "acme/main", bob);
    expect_roster(fixture->account, BOTH "\nAcme/Zoe (Zoe) available");
}

/* Of two who share a nick the one with the lower id keeps it. */
static void test_same_nick(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    fake_server_add_member(fixture->server, "acme/main",
                           fake_server_add_user(fixture->server, "acme", 99, "ann", "ann2@example.com", "x"));
    expect_roster(fixture->account, "Acme/Ann (Ann Example) available\nAcme/Hubot (Hubot the Bot) available\n"
                                    "Acme/ann2 (ann) available");
    fake_server_set_nick(fixture->server, ANN_ID, "Bea");
    expect_roster(fixture->account, "Acme/Bea (Ann Example) available\nAcme/Hubot (Hubot the Bot) available\n"
                                    "Acme/ann (ann) available");
}

static void test_renamed_here(Fixture *fixture, gconstpointer data)
{
    PurpleBuddy *ann;

    (void)data;
    expect_roster(fixture->account, BOTH);
    ann = buddy_of(fixture->account, "Ann");
    purple_blist_alias_buddy(ann, "my Ann");
    fake_server_set_nick(fixture->server, ANN_ID, "Annie");
    expect_roster(fixture->account, "Acme/Annie (Ann Example) available\nAcme/Hubot (Hubot the Bot) available");
    g_assert_true(buddy_of(fixture->account, "Annie") == ann);
    g_assert_cmpstr(purple_buddy_get_local_buddy_alias(ann), ==, "my Ann");
}

static void test_renamed_while_away(Fixture *fixture, gconstpointer data)
{
    PurpleBuddy *ann;

    (void)data;
    expect_roster(fixture->account, BOTH);
    ann = buddy_of(fixture->account, "Ann");
    host_sign_off(fixture->account);
    fake_server_set_nick(fixture->server, ANN_ID, "Annie");
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account, "Acme/Annie (Ann Example) available\nAcme/Hubot (Hubot the Bot) available");
    g_assert_true(buddy_of(fixture->account, "Annie") == ann);
}

/* Each goes on being who they are: libpurple knows one buddy of a name in a group only. */
static void test_exchange_of_nicks(Fixture *fixture, gconstpointer data)
{
    PurpleBuddy *ann, *hubot;

    (void)data;
    expect_roster(fixture->account, BOTH);
    ann = buddy_of(fixture->account, "Ann");
    hubot = buddy_of(fixture->account, "Hubot");
    host_sign_off(fixture->account);
    fake_server_set_nick(fixture->server, ANN_ID, "Hubot");
    fake_server_set_nick(fixture->server, 42, "Ann");
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account, "Acme/Ann (Hubot the Bot) available\nAcme/Hubot (Ann Example) available");
    g_assert_true(buddy_of(fixture->account, "Hubot") == ann);
    g_assert_true(buddy_of(fixture->account, "Ann") == hubot);
}

/* Somebody unknown by now has the name of a newcomer. */
static void test_old_buddy_has_the_name(Fixture *fixture, gconstpointer data)
{
    gint64 bob = fake_server_add_user(fixture->server, "acme", 0, "Bob", "bob@example.com", "x");

    (void)data;
    fake_server_add_member(fixture->server, "acme/main", bob);
    expect_roster(fixture->account, "Acme/Ann (Ann Example) available\nAcme/Bob (Bob) available\n"
                                    "Acme/Hubot (Hubot the Bot) available");
    host_sign_off(fixture->account);
    fake_server_remove_org_member(fixture->server, "acme", bob);
    fake_server_set_nick(fixture->server, ANN_ID, "Bob");
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account,
                  "Acme/43 (Bob) offline\nAcme/Bob (Ann Example) available\nAcme/Hubot (Hubot the Bot) available");
    g_assert_cmpint(bob, ==, 43);
}

static char *log_file(PurpleAccount *account, const char *name)
{
    g_autofree char *folder = purple_log_get_log_dir(PURPLE_LOG_IM, name, account);

    return g_build_filename(folder, "2020-01-01.000000+0000UTC.txt", NULL);
}

static void write_log(PurpleAccount *account, const char *name, const char *text)
{
    g_autofree char *folder = purple_log_get_log_dir(PURPLE_LOG_IM, name, account);
    g_autofree char *file = log_file(account, name);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
}

static void expect_log(PurpleAccount *account, const char *name, const char *expected)
{
    g_autofree char *file = log_file(account, name);
    g_autofree char *text = NULL;

    g_file_get_contents(file, &text, NULL, NULL);
    g_assert_cmpstr(text, ==, expected);
}

static void test_logs_follow(Fixture *fixture, gconstpointer data)
{
    PurpleAccount *account = fixture->account;

    (void)data;
    expect_roster(account, BOTH);
    write_log(account, "Ann", "of Ann");
    fake_server_set_nick(fixture->server, ANN_ID, "Annie");
    expect_roster(account, "Acme/Annie (Ann Example) available\nAcme/Hubot (Hubot the Bot) available");
    expect_log(account, "Annie", "of Ann");
    expect_log(account, "Ann", NULL);
    /* What is there already is of somebody else. */
    write_log(account, "Bea", "of Bea");
    fake_server_set_nick(fixture->server, ANN_ID, "Bea");
    expect_roster(account, "Acme/Bea (Ann Example) available\nAcme/Hubot (Hubot the Bot) available");
    expect_log(account, "Bea", "of Bea");
    expect_log(account, "Annie", "of Ann");
}

/* ------------------------------------------------------------------------------------------------ what the user changes */

static void test_taken_off(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    take_off(fixture->account, "Ann");
    fake_server_set_nick(fixture->server, ANN_ID, "Annie");
    fake_server_set_presence(fixture->server, ANN_ID, "idle");
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available");
    again(fixture);
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available");
    /* And is wanted again. */
    put_on(fixture->account, "Annie");
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Annie (Ann Example) available");
    again(fixture);
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Annie (Ann Example) available");
}

static void test_taken_off_while_away(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    host_sign_off(fixture->account);
    take_off(fixture->account, "Ann");
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available");
    again(fixture);
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available");
}

static void move(PurpleAccount *account, const char *name, const char *group_name)
{
    PurpleBuddy *buddy = buddy_of(account, name);
    PurpleGroup *group = purple_group_new(group_name);

    purple_blist_add_group(group, NULL);
    purple_blist_add_buddy(buddy, NULL, group, NULL);
}

static void test_moved(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    move(fixture->account, "Ann", "Friends");
    fake_server_set_nick(fixture->server, ANN_ID, "Annie");
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Annie (Ann Example) available");
    again(fixture);
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Annie (Ann Example) available");
}

static void test_in_two_groups(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    put_on(fixture->account, "Ann");
    expect_roster(fixture->account, BOTH "\nFriends/Ann (Ann Example) available");
    fake_server_set_nick(fixture->server, ANN_ID, "Annie");
    expect_roster(fixture->account, "Acme/Annie (Ann Example) available\nAcme/Hubot (Hubot the Bot) available\n"
                                    "Friends/Annie (Ann Example) available");
    take_off(fixture->account, "Annie");
    again(fixture);
    {
        g_autofree char *text = roster_text(fixture->account);

        g_assert_nonnull(strstr(text, "Annie"));
        g_assert_true(strstr(text, "Annie") == g_strrstr(text, "Annie"));
    }
}

static void test_group_renamed_by_the_user(Fixture *fixture, gconstpointer data)
{
    gint64 bob = fake_server_add_user(fixture->server, "acme", 0, "Bob", "bob@example.com", "x");

    (void)data;
    expect_roster(fixture->account, BOTH);
    purple_blist_rename_group(purple_find_group("Acme"), "Work");
    fake_server_add_member(fixture->server, "acme/main", bob);
    expect_roster(fixture->account, "Work/Ann (Ann Example) available\nWork/Bob (Bob) available\n"
                                    "Work/Hubot (Hubot the Bot) available");
    fake_server_rename_org(fixture->server, "acme", "Acme Ltd");
    again(fixture);
    expect_roster(fixture->account, "Work/Ann (Ann Example) available\nWork/Bob (Bob) available\n"
                                    "Work/Hubot (Hubot the Bot) available");
}

static void test_organization_renamed(Fixture *fixture, gconstpointer data)
{
    gint64 bob = fake_server_add_user(fixture->server, "acme", 0, "Bob", "bob@example.com", "x");

    (void)data;
    expect_roster(fixture->account, BOTH);
    fake_server_rename_org(fixture->server, "acme", "Acme Ltd");
    /* It is heard of with the next thing that is read. */
    fake_server_add_member(fixture->server, "acme/main", bob);
    expect_roster(fixture->account, "Acme Ltd/Ann (Ann Example) available\nAcme Ltd/Bob (Bob) available\n"
                                    "Acme Ltd/Hubot (Hubot the Bot) available");
    host_wait("topic acme/main Main (Acme Ltd)");
}

static void test_two_organizations(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;
    gint64 bob;

    (void)data;
    host_sign_off(fixture->account);
    fake_server_add_org(server, "other", "Other Inc");
    fake_server_add_org_member(server, "other", 1);
    fake_server_add_org_member(server, "other", ANN_ID);
    bob = fake_server_add_user(server, "other", 0, "Bob", "bob@example.com", "x");
    fake_server_add_flow(server, "other", "hall", "Hall", "invitation");
    fake_server_add_member(server, "other/hall", 1);
    fake_server_add_member(server, "other/hall", bob);
    host_sign_on_ready(fixture->account, server);
    expect_roster(fixture->account, BOTH "\nOther Inc/Bob (Bob) available");
}

static void test_setting(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    take_off(fixture->account, "Ann");
    host_sign_off(fixture->account);
    purple_account_set_bool(fixture->account, "roster", FALSE);
    take_off(fixture->account, "Hubot");
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account, "");
    /* Those whom the user adds are kept up to date all the same. */
    put_on(fixture->account, "Ann");
    expect_roster(fixture->account, "Friends/Ann (Ann Example) available");
    host_sign_off(fixture->account);
    /* Off and on again: who was taken off comes back. */
    purple_account_set_bool(fixture->account, "roster", TRUE);
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Ann (Ann Example) available");
}

/* An account deleted and made again is a new one. */
static void test_account_made_again(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    take_off(fixture->account, "Ann");
    host_account_free(fixture->account);
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    host_sign_on_ready(fixture->account, fixture->server);
    expect_roster(fixture->account, BOTH);
}

/* bitlbee makes the account anew for each session and keeps neither its settings nor its buddies. */
static void test_host_without_a_kept_list(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_sign_off(fixture->account);
    purple_accounts_remove(fixture->account);
    purple_account_set_string(fixture->account, "roster_stamp", NULL);
    take_off(fixture->account, "Ann");
    take_off(fixture->account, "Hubot");
    host_sign_on(fixture->account);
    expect_roster(fixture->account, BOTH);
    take_off(fixture->account, "Ann");
    host_sign_off(fixture->account);
    take_off(fixture->account, "Hubot");
    host_sign_on(fixture->account);
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available");
    host_sign_off(fixture->account);
    purple_accounts_add(fixture->account);
}

/* ----------------------------------------------------------------------------------------------------------- adding */

static void test_added_by_address_and_id(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    take_off(fixture->account, "Ann");
    put_on(fixture->account, "ANN@example.com");
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Ann (Ann Example) available");
    put_on(fixture->account, "42");
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Ann (Ann Example) available\n"
                                    "Friends/Hubot (Hubot the Bot) available");
    /* Already there. */
    put_on(fixture->account, "ann@example.com");
    expect_roster(fixture->account, "Acme/Hubot (Hubot the Bot) available\nFriends/Ann (Ann Example) available\n"
                                    "Friends/Hubot (Hubot the Bot) available");
}

static void test_added_wrongly(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    put_on(fixture->account, "Nobody");
    host_expect(
        "error The buddy was not added. | Nobody you can see has this nick. Give a nick as it stands in a room's "
        "list, or an e-mail address to invite somebody.");
    put_on(fixture->account, "Demo");
    host_expect("error The buddy was not added. | This is you.");
    expect_roster(fixture->account, BOTH);
}

#define OFFER                                                                                                          \
    "ask Nobody you can see has the address new@example.com. | To invite them by e-mail, give the flow "               \
    "(organization/flow) they are to join."

static void test_invitation_offered(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    put_on(fixture->account, "new@example.com");
    host_expect(OFFER);
    expect_roster(fixture->account, BOTH);
    host_answer(NULL);
    host_expect("");
    put_on(fixture->account, "new@example.com");
    host_expect(OFFER);
    host_answer("acme/nowhere");
    host_expect("error Nobody was invited. | There is no flow of this name. Give it as organization/flow.");
    put_on(fixture->account, "new@example.com");
    host_expect(OFFER);
    host_answer("acme/dev-team");
    test_until(fake_server_count(fixture->server, "POST", "/flows/acme/dev-team/invitations") == 1);
    host_wait("chat acme/dev-team *new@example.com*");
    expect_roster(fixture->account, BOTH);
}

static void test_signs_off_while_asked(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    put_on(fixture->account, "new@example.com");
    test_until(host_is_asked());
    host_sign_off(fixture->account);
    g_assert_false(host_is_asked());
    again(fixture);
    expect_roster(fixture->account, BOTH "\nFriends/new@example.com () offline");
    purple_blist_remove_buddy(buddy_of(fixture->account, "new@example.com"));
}

/* --------------------------------------------------------------------------------------------------------- presence */

static void test_presence(Fixture *fixture, gconstpointer data)
{
    FakeServer *server = fixture->server;

    (void)data;
    expect_roster(fixture->account, BOTH);
    fake_server_set_presence(server, ANN_ID, "idle");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) away idle\nAcme/Hubot (Hubot the Bot) available");
    fake_server_set_presence(server, ANN_ID, "offline");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
    fake_server_set_presence(server, ANN_ID, "active");
    expect_roster(fixture->account, BOTH);
    fake_server_set_presence(server, ANN_ID, "offline");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
    /* Who does something is there. */
    fake_server_activity(server, "acme/main", ANN_ID);
    expect_roster(fixture->account, BOTH);
    /* In every form in which it might come. */
    fake_server_emit(server, "{\"event\":\"presence\",\"user_id\":2,\"content\":{\"state\":1000000}}");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) away idle\nAcme/Hubot (Hubot the Bot) available");
    fake_server_emit(server, "{\"event\":\"presence\",\"content\":{\"user_id\":\"2\",\"state\":\"0\"}}");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
    fake_server_emit(server, "{\"event\":\"presence\",\"content\":{\"user_id\":2,\"state\":null}}");
    fake_server_emit(server, "{\"event\":\"presence\",\"content\":null,\"user_id\":2}");
    fake_server_emit(server, "{\"event\":\"presence\",\"content\":{\"user_id\":777,\"state\":2000000}}");
    fake_server_emit(server, "{\"event\":\"activity.user\",\"user\":\"777\",\"content\":{}}");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
    /* Idle people send it without a time. */
    fake_server_set_presence(server, 42, "offline");
    fake_server_emit(server, "{\"event\":\"activity.user\",\"user\":\"42\",\"flow\":\"acme:main\",\"content\":{}}");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
}

static void test_seen_long_ago(Fixture *fixture, gconstpointer data)
{
    gint64 now = g_get_real_time() / 1000;

    (void)data;
    host_sign_off(fixture->account);
    fake_server_set_last_activity(fixture->server, ANN_ID, now - 3600 * 1000);
    fake_server_set_last_activity(fixture->server, 42, now + 365LL * 24 * 3600 * 1000);
    host_sign_on_ready(fixture->account, fixture->server);
    /* A clock ahead of ours counts as now. */
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
}

static const char *message_of(PurpleAccount *account, const char *name)
{
    PurpleBuddy *buddy = buddy_of(account, name);

    return purple_status_get_attr_string(purple_presence_get_active_status(purple_buddy_get_presence(buddy)),
                                         "message");
}

static void test_status_text(Fixture *fixture, gconstpointer data)
{
    g_autofree char *shown = NULL;

    (void)data;
    expect_roster(fixture->account, BOTH);
    g_assert_null(message_of(fixture->account, "Ann"));
    g_assert_null(prpl()->status_text(buddy_of(fixture->account, "Ann")));
    fake_server_post(fixture->server, "acme/main", ANN_ID,
                     "{\"event\":\"status\",\"content\":\"at <b>lunch</b>\\n& more\"}", NULL);
    test_until(g_strcmp0(message_of(fixture->account, "Ann"), "at <b>lunch</b> & more") == 0);
    shown = prpl()->status_text(buddy_of(fixture->account, "Ann"));
    g_assert_cmpstr(shown, ==, "at &lt;b&gt;lunch&lt;/b&gt; &amp; more");
    fake_server_set_presence(fixture->server, ANN_ID, "offline");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
}

static void test_profile(Fixture *fixture, gconstpointer data)
{
    (void)data;
    expect_roster(fixture->account, BOTH);
    fake_server_set_profile(fixture->server, ANN_ID, "Ann <i>Smith</i>", NULL, NULL);
    expect_roster(fixture->account, "Acme/Ann (Ann <i>Smith</i>) available\nAcme/Hubot (Hubot the Bot) available");
}

static void test_gone(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = NULL;

    (void)data;
    expect_roster(fixture->account, BOTH);
    /* In one flow, in another not: still a colleague. */
    fake_server_remove_member(fixture->server, "acme/dev-team", ANN_ID);
    host_wait("part acme/dev-team Ann");
    expect_roster(fixture->account, BOTH);
    g_assert_null(prpl()->list_emblem(buddy_of(fixture->account, "Ann")));
    /* In no flow of ours, but in the organization. */
    fake_server_remove_member(fixture->server, "acme/main", ANN_ID);
    host_wait("part acme/main Ann");
    expect_roster(fixture->account, BOTH);
    fake_server_add_member(fixture->server, "acme/main", ANN_ID);
    host_wait("join acme/main Ann");
    fake_server_remove_org_member(fixture->server, "acme", ANN_ID);
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
    g_assert_cmpstr(prpl()->list_emblem(buddy_of(fixture->account, "Ann")), ==, "not-authorized");
    text = prpl()->status_text(buddy_of(fixture->account, "Ann"));
    g_assert_cmpstr(text, ==, "No longer a colleague");
    fake_server_set_presence(fixture->server, ANN_ID, "active");
    expect_roster(fixture->account, "Acme/Ann (Ann Example) offline\nAcme/Hubot (Hubot the Bot) available");
    /* And comes back. */
    fake_server_add_member(fixture->server, "acme/main", ANN_ID);
    expect_roster(fixture->account, BOTH);
    g_assert_null(prpl()->list_emblem(buddy_of(fixture->account, "Ann")));
}

/* Whoever is in a room is an operator when an administrator, and away when not there. */
static void test_flags_in_rooms(Fixture *fixture, gconstpointer data)
{
    PurpleConvChat *chat = PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main"));

    (void)data;
    test_until(purple_conv_chat_cb_find(chat, "Demo")->flags == PURPLE_CBFLAGS_OP);
    g_assert_cmpint(purple_conv_chat_cb_find(chat, "Ann")->flags, ==, PURPLE_CBFLAGS_NONE);
    fake_server_set_presence(fixture->server, ANN_ID, "idle");
    test_until(purple_conv_chat_cb_find(chat, "Ann")->flags == PURPLE_CBFLAGS_AWAY);
    fake_server_set_admin(fixture->server, ANN_ID, TRUE);
    again(fixture);
    chat = PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main"));
    test_until((purple_conv_chat_cb_find(chat, "Ann")->flags & PURPLE_CBFLAGS_OP) != 0);
}

/* What a list of hundreds says about people with nothing but an id. */
static void test_nulls(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_sign_off(fixture->account);
    take_off(fixture->account, "Ann");
    take_off(fixture->account, "Hubot");
    purple_account_set_string(fixture->account, "roster_stamp", NULL);
    fake_server_set_odd(fixture->server, FAKE_ODD_NULL_FIELDS);
    host_sign_on(fixture->account);
    host_wait("connected *");
    expect_roster(fixture->account, "Acme/2 () offline\nAcme/42 () offline");
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
    add("/flowdock/buddies/everyone-once", test_everyone_once);
    add("/flowdock/buddies/newcomer", test_newcomer);
    add("/flowdock/buddies/same-nick", test_same_nick);
    add("/flowdock/buddies/renamed-here", test_renamed_here);
    add("/flowdock/buddies/renamed-while-away", test_renamed_while_away);
    add("/flowdock/buddies/exchange-of-nicks", test_exchange_of_nicks);
    add("/flowdock/buddies/old-buddy-has-the-name", test_old_buddy_has_the_name);
    add("/flowdock/buddies/logs-follow", test_logs_follow);
    add("/flowdock/buddies/taken-off", test_taken_off);
    add("/flowdock/buddies/taken-off-while-away", test_taken_off_while_away);
    add("/flowdock/buddies/moved", test_moved);
    add("/flowdock/buddies/in-two-groups", test_in_two_groups);
    add("/flowdock/buddies/group-renamed-by-the-user", test_group_renamed_by_the_user);
    add("/flowdock/buddies/organization-renamed", test_organization_renamed);
    add("/flowdock/buddies/two-organizations", test_two_organizations);
    add("/flowdock/buddies/setting", test_setting);
    add("/flowdock/buddies/account-made-again", test_account_made_again);
    add("/flowdock/buddies/host-without-a-kept-list", test_host_without_a_kept_list);
    add("/flowdock/buddies/added-by-address-and-id", test_added_by_address_and_id);
    add("/flowdock/buddies/added-wrongly", test_added_wrongly);
    add("/flowdock/buddies/invitation-offered", test_invitation_offered);
    add("/flowdock/buddies/signs-off-while-asked", test_signs_off_while_asked);
    add("/flowdock/buddies/presence", test_presence);
    add("/flowdock/buddies/seen-long-ago", test_seen_long_ago);
    add("/flowdock/buddies/status-text", test_status_text);
    add("/flowdock/buddies/profile", test_profile);
    add("/flowdock/buddies/gone", test_gone);
    add("/flowdock/buddies/flags-in-rooms", test_flags_in_rooms);
    add("/flowdock/buddies/nulls", test_nulls);
    return g_test_run();
}
