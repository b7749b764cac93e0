/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of hosts, or plugins of theirs, that sign the account off in the middle of a call of ours to them. Without a
 * sanitizer some of what they would show goes unnoticed. */
#include "host.h"

#include <string.h>

static PurpleAccount *victim;
static const char *trigger;

static void leave(PurpleAccount *account)
{
    if (account == victim && !purple_account_is_disconnected(account))
        purple_account_disconnect(account);
}

static void on_chat_line(PurpleAccount *account, const char *who, char *text, PurpleConversation *conv,
                         PurpleMessageFlags flags, gpointer data)
{
    (void)who, (void)conv, (void)flags, (void)data;
    if (strstr(text, trigger))
        leave(account);
}

static void on_joined(PurpleConversation *conv, gpointer data)
{
    (void)data;
    leave(purple_conversation_get_account(conv));
}

static void on_topic(PurpleConversation *conv, const char *who, const char *topic, gpointer data)
{
    (void)who, (void)topic;
    on_joined(conv, data);
}

static void watch(PurpleAccount *account, const char *signal, PurpleCallback callback)
{
    void *where =
        g_str_equal(signal, "signed-on") ? purple_connections_get_handle() : purple_conversations_get_handle();

    victim = account;
    purple_signal_connect(where, signal, &victim, callback, NULL);
}

static void check_gone(PurpleAccount *account, FakeServer *server)
{
    test_until(purple_account_is_disconnected(account));
    test_until(fake_server_count_streams(server) == 0);
    test_settle();
    purple_signals_disconnect_by_handle(&victim);
    host_account_free(account);
}

typedef struct {
    const char *name, *signal;
    PurpleCallback callback;
} Moment;

/* Not "signed-on": libpurple itself does not survive that. */
static const Moment moments[] = {
    { "joined", "chat-joined", PURPLE_CALLBACK(on_joined) },
    { "topic", "chat-topic-changed", PURPLE_CALLBACK(on_topic) },
};

static void test_moment(gconstpointer data)
{
    const Moment *moment = data;
    static const char *const methods[] = { "password-grant", "source-token" };

    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

        purple_account_set_string(account, "auth_method", methods[i]);
        if (i == 1)
            purple_account_set_password(account, fake_server_add_source(server, "acme/main", "Builds"));
        watch(account, moment->signal, moment->callback);
        host_sign_on(account);
        check_gone(account, server);
    }
}

/* While somebody's line is shown, with more behind it. */
static void test_in_line(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    trigger = "one";
    watch(account, "wrote-chat-msg", PURPLE_CALLBACK(on_chat_line));
    fake_server_streams_batch(server, 3);
    fake_server_say(server, "acme/main", 2, "one");
    fake_server_say(server, "acme/main", 2, "two");
    fake_server_say(server, "acme/dev-team", 2, "three");
    test_until(purple_account_is_disconnected(account));
    g_assert_cmpuint(host_record_count("* two"), ==, 0);
    check_gone(account, server);
}

static void test_in_history(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    for (guint i = 0; i < 5; i++)
        fake_server_say(server, "acme/main", 2, "from the past");
    trigger = "from the past";
    watch(account, "wrote-chat-msg", PURPLE_CALLBACK(on_chat_line));
    host_sign_on(account);
    check_gone(account, server);
}

/* What is said in the rooms when the user has to sign in again, and when that is done. */
static void test_in_notice(gconstpointer data)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    trigger = data;
    watch(account, "wrote-chat-msg", PURPLE_CALLBACK(on_chat_line));
    fake_server_expire_access_tokens(server);
    fake_server_revoke_refresh_tokens(server);
    host_type_in_room(account, "acme/main", "typed");
    if (g_str_equal(data, "You are signed in again")) {
        host_wait("ask Password *");
        host_answer("demo");
    }
    check_gone(account, server);
    g_assert_false(host_is_asked());
}

static void test_in_posted_line(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account =
        host_account_new(server, "demo@example.com", fake_server_add_source(server, "acme/main", "Builds"));

    purple_account_set_string(account, "auth_method", "source-token");
    host_sign_on(account);
    host_wait("chat acme/main *");
    trigger = "one";
    watch(account, "wrote-chat-msg", PURPLE_CALLBACK(on_chat_line));
    host_type_in_room(account, "acme/main", "one");
    host_type_in_room(account, "acme/main", "two");
    check_gone(account, server);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    for (gsize i = 0; i < G_N_ELEMENTS(moments); i++) {
        g_autofree char *path = g_strconcat("/flowdock/sign-off/", moments[i].name, NULL);

        g_test_add_data_func(path, &moments[i], test_moment);
    }
    g_test_add_func("/flowdock/sign-off/in-line", test_in_line);
    g_test_add_func("/flowdock/sign-off/in-history", test_in_history);
    g_test_add_data_func("/flowdock/sign-off/in-notice/asked", "The sign-in is no longer valid", test_in_notice);
    g_test_add_data_func("/flowdock/sign-off/in-notice/back", "You are signed in again", test_in_notice);
    g_test_add_func("/flowdock/sign-off/in-posted-line", test_in_posted_line);
    return g_test_run();
}
