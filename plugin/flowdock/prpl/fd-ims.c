/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private conversations as the host's IMs. */
#include "fd-ims.h"

#include "fd-avatars.h"
#include "fd-chats.h"
#include "fd-commands.h"
#include "fd-show.h"

#include "flowdock/api/fd-api-private.h"

#include <errno.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* On the host's conversation, which outlives a connection: with whom it is, and where, as a hash. */
#define USER_KEY "flowdock-user"
#define PLACE_KEY "flowdock-place"

PurpleConversation *fd_ims_find(FdAccount *account, const FdRoom *room)
{
    const FdPerson *person = fd_people_get(account->state->people, room->user);

    return person && fd_account_has_windows(account)
               ? purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, person->shown, account->account)
               : NULL;
}

int fd_ims_send(PurpleConnection *gc, const char *who, const char *html, PurpleMessageFlags flags)
{
    FdAccount *account = fd_account_of(gc);
    gboolean ready = fd_account_ready(gc) != NULL;
    const FdPerson *person = ready ? fd_people_find(account->state->people, who) : NULL;
    g_autofree char *text = NULL;

    (void)flags;
    if (!ready && !(account && account->poster))
        return -ENOTCONN;
    if (person) {
        fd_commands_type(account, fd_rooms_get_private(account->state->rooms, person->id), 0, html);
        return 0;
    }
    text = fd_show_plain(html);
    fd_show_unsent_to(account, who, text,
                      ready ? _("Nobody you can see has this name. Write to a nick, a full name or an e-mail address.")
                            : _("With the token of a source nobody can be written to privately, only the room of the "
                                "source."));
    return 0;
}

static void load_past(FdAccount *account, gint64 user)
{
    FdRoom *room = fd_rooms_get_private(account->state->rooms, user);

    if (!room->loaded)
        fd_sync_room(account->sync, room);
}

/* Ids mean something to one user of one server only. Never 0. */
static guint place_of(FdAccount *account)
{
    g_autofree char *place = g_strdup_printf("%s %" G_GINT64_FORMAT, account->api_url, account->state->self);

    return MAX(g_str_hash(place), 1);
}

static void claim(FdAccount *account, PurpleConversation *conv, gint64 user)
{
    purple_conversation_set_data(conv, USER_KEY, GSIZE_TO_POINTER((gsize)user));
    purple_conversation_set_data(conv, PLACE_KEY, GUINT_TO_POINTER(place_of(account)));
}

/* It may have been opened by address or number, or in another case; what comes back is from the nick. */
static void follow_nick(FdAccount *account, PurpleConversation *conv, const char *nick)
{
    PurpleConversation *other = purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, nick, account->account);

    if (strcmp(purple_conversation_get_name(conv), nick) != 0 && (!other || other == conv))
        purple_conversation_set_name(conv, nick);
}

/* (nullable): the window of @user, whatever its name is by now. */
static PurpleConversation *window_of(FdAccount *account, gint64 user)
{
    for (GList *item = purple_get_ims(); item; item = item->next) {
        PurpleConversation *conv = item->data;

        if (purple_conversation_get_account(conv) == account->account &&
            (gint64)GPOINTER_TO_SIZE(purple_conversation_get_data(conv, USER_KEY)) == user &&
            GPOINTER_TO_UINT(purple_conversation_get_data(conv, PLACE_KEY)) == place_of(account))
            return conv;
    }
    return NULL;
}

/* What is typed in a window must not go to whoever takes its old name. Where names go round in a circle, the window that
 * still has the wanted one gets out of the way until it is its turn. */
void fd_ims_renamed(FdAccount *account, const FdPerson *person)
{
    PurpleConversation *conv = window_of(account, person->id);
    PurpleConversation *other =
        purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, person->shown, account->account);
    gint64 owner = other ? (gint64)GPOINTER_TO_SIZE(purple_conversation_get_data(other, USER_KEY)) : 0;

    if (!conv || strcmp(purple_conversation_get_name(conv), person->shown) == 0)
        return;
    if (other && other != conv && owner != person->id) {
        g_autofree char *aside = g_strdup_printf("~%" G_GINT64_FORMAT, owner);

        purple_conversation_set_name(other, aside);
    }
    if (!fd_account_is_closed(account) && window_of(account, person->id) == conv)
        purple_conversation_set_name(conv, person->shown);
}

static void on_conversation(PurpleConversation *conv, gpointer user_data)
{
    FdAccount *account = user_data;
    const FdPerson *person;

    if (purple_conversation_get_account(conv) != account->account ||
        purple_conversation_get_type(conv) != PURPLE_CONV_TYPE_IM || fd_account_is_closed(account) || !account->online)
        return;
    person = fd_people_find(account->state->people, purple_conversation_get_name(conv));
    if (!person || person->id == account->state->self)
        return;
    claim(account, conv, person->id);
    follow_nick(account, conv, person->shown);
    if (fd_account_is_closed(account))
        return;
    if (account->avatars)
        fd_avatars_want(account->avatars, person);
    load_past(account, person->id);
}

static void on_conversations(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = fd_api_private_list_finish(result, &error);
    FdAccount *account = user_data;

    (void)source;
    /* Where this fails, they come when they are opened. */
    for (guint i = 0; list && i < list->len; i++) {
        const FdPrivate *talk = list->pdata[i];

        if (talk->unread && talk->user != account->state->self)
            load_past(account, talk->user);
    }
}

static void go_on(FdAccount *account, PurpleConversation *conv, gint64 user)
{
    FdRoom *room = fd_rooms_get_private(account->state->rooms, user);

    fd_history_set_last(room->history, fd_chats_get_last_shown(conv));
    room->oldest = fd_chats_get_oldest_shown(conv);
}

/* What it shows is of another server, or of somebody who had this nick before. */
static void take_over(FdAccount *account, PurpleConversation *conv)
{
    const FdPerson *person = fd_people_find(account->state->people, purple_conversation_get_name(conv));

    fd_chats_forget_shown(conv);
    purple_conversation_set_data(conv, PLACE_KEY, NULL);
    if (person)
        claim(account, conv, person->id);
}

/* A window older than this connection goes on where it stopped. */
static void resume(FdAccount *account, PurpleConversation *conv)
{
    const char *name = purple_conversation_get_name(conv);
    gint64 last = fd_chats_get_last_shown(conv);
    gint64 user = (gint64)GPOINTER_TO_SIZE(purple_conversation_get_data(conv, USER_KEY));
    /* Not known yet: someone whom no flow has. */
    const FdPerson *person =
        last > 0 ? fd_people_get(account->state->people, user) : fd_people_find(account->state->people, name);

    if (last == 0 && person)
        claim(account, conv, person->id);
    else if (last > 0 && GPOINTER_TO_UINT(purple_conversation_get_data(conv, PLACE_KEY)) == place_of(account) &&
             (!person || purple_utf8_strcasecmp(person->shown, name) == 0))
        go_on(account, conv, user);
    else
        take_over(account, conv);
}

void fd_ims_load_waiting(FdAccount *account)
{
    for (GList *item = purple_get_ims(); item; item = item->next) {
        if (purple_conversation_get_account(item->data) == account->account)
            resume(account, item->data);
    }
    /* The handle goes with the connection's other signals, see fd_online_stop(). */
    purple_signal_connect(purple_conversations_get_handle(), "conversation-created", account->online,
                          PURPLE_CALLBACK(on_conversation), account);
    fd_api_private_list_async(account->api, account->cancellable, on_conversations, account);
}
