/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's own presence. */
#include "fd-presence.h"

#include "fd-online.h"
#include "fd-settings.h"

#include "text/text-html-md.h"

#include <prpl.h>

#include <string.h>

#include <glib/gi18n-lib.h>

GList *fd_presence_status_types(PurpleAccount *account)
{
    /* Translators: of a status: the text beside it. */
    const char *message = _("Message");
    GList *types = NULL;

    (void)account;
    types = g_list_append(types, purple_status_type_new_with_attrs(PURPLE_STATUS_AVAILABLE, NULL, NULL, TRUE, TRUE,
                                                                   FALSE, "message", message,
                                                                   purple_value_new(PURPLE_TYPE_STRING), NULL));
    types = g_list_append(types, purple_status_type_new_with_attrs(PURPLE_STATUS_AWAY, FD_PRESENCE_AWAY_ID, NULL, TRUE,
                                                                   TRUE, FALSE, "message", message,
                                                                   purple_value_new(PURPLE_TYPE_STRING), NULL));
    types = g_list_append(types, purple_status_type_new(PURPLE_STATUS_INVISIBLE, NULL, NULL, TRUE));
    types = g_list_append(types, purple_status_type_new(PURPLE_STATUS_OFFLINE, NULL, NULL, TRUE));
    return types;
}

FdApiPresence fd_presence_wanted(FdAccount *account)
{
    PurpleStatus *status = purple_account_get_active_status(account->account);

    switch (purple_status_type_get_primitive(purple_status_get_type(status))) {
    case PURPLE_STATUS_INVISIBLE:
        return FD_API_PRESENCE_OFFLINE;
    case PURPLE_STATUS_AWAY:
    case PURPLE_STATUS_EXTENDED_AWAY:
        return FD_API_PRESENCE_IDLE;
    default:
        return account->idle ? FD_API_PRESENCE_IDLE : FD_API_PRESENCE_ACTIVE;
    }
}

/* (transfer full): plain; "" for none. */
static char *message_of(PurpleStatus *status)
{
    const char *html = purple_status_get_attr_string(status, "message");

    return g_strstrip(html ? text_html_to_plain(html) : g_strdup(""));
}

/* Each flow has its own status of everybody. Sheet: 3.2, "status". */
static void post(FdAccount *account, const char *text)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);

    for (guint i = 0; i < rooms->len; i++) {
        FdDraft draft = { .event = "status", .text = text };

        if (fd_state_is_current(rooms->pdata[i]))
            fd_sender_send(account->sender, rooms->pdata[i], &draft);
    }
}

void fd_presence_start(FdAccount *account)
{
    account->status_text = message_of(purple_account_get_active_status(account->account));
}

void fd_presence_set_status(PurpleAccount *purple_account, PurpleStatus *status)
{
    FdAccount *account = fd_account_ready(purple_account_get_connection(purple_account));
    g_autofree char *text = NULL;
    gboolean is_new;

    if (!account || !purple_status_is_active(status))
        return;
    fd_online_listen(account);
    text = message_of(status);
    is_new = *text && g_strcmp0(text, account->status_text) != 0;
    g_free(account->status_text);
    account->status_text = g_strdup(text);
    if (is_new && fd_settings_bool(account->account, FD_SETTING_POST_STATUS))
        post(account, text);
}

void fd_presence_set_idle(PurpleConnection *gc, int seconds)
{
    FdAccount *account = fd_account_of(gc);

    if (!account)
        return;
    account->idle = seconds > 0;
    fd_online_listen(account);
}
