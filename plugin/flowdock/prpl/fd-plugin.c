/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin as libpurple sees it: tables, no logic. */
#include "fd-buddies.h"
#include "fd-chats.h"
#include "fd-commands.h"
#include "fd-ims.h"
#include "fd-info.h"
#include "fd-join.h"
#include "fd-login.h"
#include "fd-menus.h"
#include "fd-nick.h"
#include "fd-presence.h"
#include "fd-roomlist.h"
#include "fd-settings.h"
#include "fd-xfers.h"

#include "face/face-log.h"
#include "net/net-error.h"

#include <prpl.h>
#include <version.h>

#include <glib/gi18n-lib.h>

/* The folders' G_LOG_DOMAIN. */
static const char *const log_domains[] = { "flowdock-net", NULL };

static const char *list_icon(PurpleAccount *account, PurpleBuddy *buddy)
{
    (void)account;
    (void)buddy;
    return "flowdock";
}

/* Nicks differ in case only by mistake. One buffer, as libpurple's own normalizers have it. */
static const char *normalize(const PurpleAccount *account, const char *who)
{
    static char buffer[1024];
    g_autofree char *folded = NULL;

    (void)account;
    if (!who)
        return NULL;
    folded = g_utf8_strdown(who, -1);
    g_strlcpy(buffer, folded, sizeof buffer);
    return buffer;
}

static GHashTable *account_text_table(PurpleAccount *account)
{
    GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

    (void)account;
    g_hash_table_insert(table, (gpointer) "login_label", _("E-mail address"));
    return table;
}

static void login(PurpleAccount *purple_account)
{
    PurpleConnection *gc = purple_account_get_connection(purple_account);
    g_autoptr(GError) error = NULL;
    FdAccount *account = fd_account_new(gc, &error);

    /* What is typed may be formatted, but for what the service has no words for. */
    gc->flags |= PURPLE_CONNECTION_HTML | PURPLE_CONNECTION_NO_BGCOLOR | PURPLE_CONNECTION_NO_FONTSIZE;
    /* The token of a source posts text only. */
    if (fd_settings_choice(purple_account, FD_SETTING_AUTH_METHOD) == FD_METHOD_SOURCE_TOKEN)
        gc->flags |= PURPLE_CONNECTION_NO_IMAGES;
    if (account) {
        fd_login_start(account);
    } else {
        g_autofree char *text = face_error_text(fd_account_errors, error);
        gboolean no_tls = g_error_matches(error, NET_ERROR, NET_ERROR_NO_TLS);

        /* Whatever else it is: the settings have to be changed. */
        purple_connection_error_reason(
            gc, no_tls ? PURPLE_CONNECTION_ERROR_NO_SSL_SUPPORT : PURPLE_CONNECTION_ERROR_INVALID_SETTINGS, text);
    }
}

static void close_connection(PurpleConnection *gc)
{
    FdAccount *account = purple_connection_get_protocol_data(gc);

    purple_connection_set_protocol_data(gc, NULL);
    if (account)
        fd_account_close(account);
}

static gboolean offline_message(const PurpleBuddy *buddy)
{
    /* The service keeps what is written to people who are away. */
    (void)buddy;
    return TRUE;
}

static PurplePluginProtocolInfo protocol_info = {
    .options = OPT_PROTO_CHAT_TOPIC | OPT_PROTO_PASSWORD_OPTIONAL | OPT_PROTO_IM_IMAGE,
    .icon_spec = NO_BUDDY_ICONS,
    .list_icon = list_icon,
    .list_emblem = fd_buddies_emblem,
    .status_text = fd_buddies_status_text,
    .tooltip_text = fd_info_tooltip,
    .status_types = fd_presence_status_types,
    .blist_node_menu = fd_menus_of,
    .chat_info = fd_join_info,
    .chat_info_defaults = fd_join_info_defaults,
    .login = login,
    .close = close_connection,
    .send_im = fd_ims_send,
    .get_info = fd_info_show,
    .set_status = fd_presence_set_status,
    .set_idle = fd_presence_set_idle,
    .add_buddy = fd_buddies_add,
    .remove_buddy = fd_buddies_remove,
    .join_chat = fd_join,
    .get_chat_name = fd_join_get_name,
    .chat_invite = fd_menus_invite,
    .chat_leave = fd_chats_leave,
    .chat_send = fd_chats_send,
    .group_buddy = fd_buddies_regroup,
    .rename_group = fd_buddies_rename_group,
    .normalize = normalize,
    .get_cb_real_name = fd_info_chat_name,
    .set_chat_topic = fd_chats_set_topic,
    .find_blist_chat = fd_join_find_blist,
    .roomlist_get_list = fd_roomlist_get,
    .roomlist_cancel = fd_roomlist_cancel,
    .can_receive_file = fd_xfers_can_receive_file,
    .send_file = fd_xfers_send_file,
    .new_xfer = fd_xfers_new_xfer,
    .offline_message = offline_message,
    .roomlist_room_serialize = fd_roomlist_serialize,
    .set_public_alias = fd_nick_set_alias,
    .get_public_alias = fd_nick_get_alias,
    .struct_size = sizeof(PurplePluginProtocolInfo),
    .get_account_text_table = account_text_table,
    .get_cb_alias = fd_info_chat_alias,
    .chat_can_receive_file = fd_xfers_chat_can_receive_file,
    .chat_send_file = fd_xfers_chat_send_file,
};

static gboolean load(PurplePlugin *plugin)
{
    plugin->extra = face_log_start(log_domains);
    fd_commands_register();
    return TRUE;
}

static gboolean unload(PurplePlugin *plugin)
{
    fd_commands_unregister();
    face_log_stop(plugin->extra);
    plugin->extra = NULL;
    return TRUE;
}

static PurplePluginInfo plugin_info = {
    .magic = PURPLE_PLUGIN_MAGIC,
    .major_version = PURPLE_MAJOR_VERSION,
    .minor_version = 14,
    .type = PURPLE_PLUGIN_PROTOCOL,
    .priority = PURPLE_PRIORITY_DEFAULT,
    .id = (char *)FD_PROTOCOL_ID,
    .name = (char *)"Flowdock",
    .version = (char *)VERSION,
    .summary = (char *)N_("Team chat on Flowdock-compatible servers"),
    .description =
        (char *)N_("Flows as chat rooms and colleagues as buddies, on any server that speaks the Flowdock API."),
    .author = (char *)"The purple-flowdock authors",
    .homepage = (char *)"",
    .load = load,
    .unload = unload,
    .extra_info = &protocol_info,
};

static void init_plugin(PurplePlugin *plugin)
{
    (void)plugin;
    bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    fd_settings_add(&protocol_info);
}

PURPLE_INIT_PLUGIN(flowdock, init_plugin, plugin_info)
