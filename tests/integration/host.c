/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headless libpurple host. */
#include "host.h"

#include "host-ops.h"

#include <string.h>

void host_init(void)
{
    g_autofree char *dir = g_build_filename(g_get_home_dir(), ".purple-test", NULL);

    host_ops_install(dir);
    purple_plugins_add_search_path(g_getenv("FLOWDOCK_PLUGIN_DIR"));
    g_assert_true(purple_core_init("flowdock-test-host"));
    purple_set_blist(purple_blist_new());
    g_assert_nonnull(purple_find_prpl("prpl-flowdock"));
    host_record_clear();
}

PurpleAccount *host_account_new(FakeServer *server, const char *user, const char *password)
{
    PurpleAccount *account = purple_account_new(user, "prpl-flowdock");

    purple_accounts_add(account);
    purple_account_set_password(account, password);
    purple_account_set_remember_password(account, TRUE);
    purple_account_set_string(account, "client_id", "demo-client");
    purple_account_set_string(account, "client_secret", "demo-secret");
    purple_account_set_string(account, "api_url", fake_server_get_api_url(server));
    purple_account_set_string(account, "stream_url", fake_server_get_stream_url(server));
    purple_account_set_int(account, "hurry", 10);
    return account;
}

void host_close_all(PurpleAccount *account)
{
    GList *next;

    for (GList *link = purple_get_conversations(); link; link = next) {
        next = link->next;
        if (purple_conversation_get_account(link->data) == account)
            purple_conversation_destroy(link->data);
    }
    test_settle();
    host_record_clear();
}

void host_account_free(PurpleAccount *account)
{
    host_sign_off(account);
    host_close_all(account);
    purple_accounts_delete(account);
    test_settle();
    host_record_clear();
}

void host_sign_on(PurpleAccount *account)
{
    purple_account_set_enabled(account, purple_core_get_ui(), TRUE);
    if (purple_account_is_disconnected(account))
        purple_account_connect(account);
}

void host_sign_on_ready(PurpleAccount *account, FakeServer *server)
{
    guint lists = fake_server_count(server, "GET", "/flows/*/messages");

    host_sign_on(account);
    host_wait("connected *");
    test_until(fake_server_count_streams(server) > 0);
    /* Two rooms load their past; what it shows is in the record before it is cleared. */
    test_until(fake_server_count(server, "GET", "/flows/*/messages") >= lists + 2);
    test_settle();
    host_record_clear();
}

void host_sign_off(PurpleAccount *account)
{
    if (!purple_account_is_disconnected(account))
        purple_account_disconnect(account);
    purple_account_set_enabled(account, purple_core_get_ui(), FALSE);
    test_settle();
}

gboolean host_is_online(PurpleAccount *account)
{
    return purple_account_is_connected(account);
}

void host_fixture_set_up(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->server = fake_server_new_started();
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    host_sign_on_ready(fixture->account, fixture->server);
}

void host_fixture_tear_down(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    host_account_free(fixture->account);
    g_clear_pointer(&fixture->server, fake_server_free);
}

PurpleConversation *host_room(PurpleAccount *account, const char *room)
{
    return purple_find_conversation_with_account(PURPLE_CONV_TYPE_CHAT, room, account);
}

PurpleConversation *host_im(PurpleAccount *account, const char *who)
{
    return purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, who, account);
}

void host_type_in_room(PurpleAccount *account, const char *room, const char *html)
{
    PurpleConversation *conv = host_room(account, room);

    g_assert_nonnull(conv);
    purple_conv_chat_send(PURPLE_CONV_CHAT(conv), html);
}

void host_type_to(PurpleAccount *account, const char *who, const char *html)
{
    PurpleConversation *conv = host_im(account, who);

    if (!conv)
        conv = purple_conversation_new(PURPLE_CONV_TYPE_IM, account, who);
    purple_conv_im_send(PURPLE_CONV_IM(conv), html);
}

void host_command_in_room(PurpleAccount *account, const char *room, const char *html)
{
    PurpleConversation *conv = host_room(account, room);
    g_autofree char *plain = purple_markup_strip_html(html);
    g_autofree char *problem = NULL;
    PurpleCmdStatus status = purple_cmd_do_command(conv, plain + 1, html + 1, &problem);

    if (status == PURPLE_CMD_STATUS_NOT_FOUND)
        host_type_in_room(account, room, html);
    else if (status != PURPLE_CMD_STATUS_OK)
        host_record("command refused %d %s", status, problem ? problem : "");
}

void host_join(PurpleAccount *account, const char *flow)
{
    PurpleConnection *gc = purple_account_get_connection(account);
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_connection_get_prpl(gc));
    g_autoptr(GHashTable) components = info->chat_info_defaults(gc, flow);

    serv_join_chat(gc, components);
}

void host_close_room(PurpleAccount *account, const char *room)
{
    purple_conversation_destroy(host_room(account, room));
}

char *host_members(PurpleAccount *account, const char *room)
{
    PurpleConvChat *chat = PURPLE_CONV_CHAT(host_room(account, room));
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (GList *link = purple_conv_chat_get_users(chat); link; link = link->next)
        g_ptr_array_add(names, (char *)purple_conv_chat_cb_get_name(link->data));
    return host_ops_join_names(names);
}
