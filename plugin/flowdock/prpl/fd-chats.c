/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flows as the host's chats: showing, leaving, members, lines. Joining is in fd-join. */
#include "fd-chats.h"

#include "fd-commands.h"
#include "fd-online.h"
#include "fd-poster.h"
#include "fd-settings.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"

#include "flowdock/api/fd-api-flows.h"
#include "text/text-escape.h"

#include <server.h>

#include <errno.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* On the host's conversation, which outlives a connection: the ids of the last message it shows, and of the oldest. */
#define LAST_ID_KEY "flowdock-last-id"
#define OLDEST_ID_KEY "flowdock-oldest-id"
/* And of which flow, as a hash. */
#define ORIGIN_KEY "flowdock-origin"

PurpleConversation *fd_chats_window(FdAccount *account, int chat_id)
{
    PurpleConversation *conv = fd_account_is_closed(account) ? NULL : purple_find_chat(account->gc, chat_id);

    return conv && !purple_conv_chat_has_left(PURPLE_CONV_CHAT(conv)) ? conv : NULL;
}

PurpleConvChat *fd_chats_get_chat(FdAccount *account, int chat_id)
{
    PurpleConversation *conv = fd_chats_window(account, chat_id);
    const FdRoom *room = conv ? fd_rooms_by_chat_id(account->state->rooms, chat_id) : NULL;
    const FdThreadRoom *thread_room = conv ? fd_thread_rooms_by_chat_id(account, chat_id) : NULL;

    return (room && room->shown) || (thread_room && thread_room->shown) ? PURPLE_CONV_CHAT(conv) : NULL;
}

PurpleConversation *fd_chats_find(FdAccount *account, const FdRoom *room)
{
    if (fd_account_is_closed(account))
        return NULL;
    /* By number while it is shown: the flow may have another path by now than when the window was opened. */
    if (room->shown)
        return fd_chats_window(account, room->chat_id);
    return purple_find_conversation_with_account(PURPLE_CONV_TYPE_CHAT, room->flow->path, account->account);
}

static char *title_of(const FdRoom *room)
{
    g_autofree char *name = text_clean_line(room->flow->name);
    g_autofree char *org = text_clean_line(room->flow->org_name);

    return *org ? g_strdup_printf("%s (%s)", name, org) : g_steal_pointer(&name);
}

/* (transfer full): user id -> FdUser of @users who are members, each once. */
static GHashTable *members_of(GPtrArray *users)
{
    GHashTable *members = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (guint i = 0; users && i < users->len; i++) {
        FdUser *user = users->pdata[i];

        if (!user->disabled && user->in_flow)
            g_hash_table_insert(members, &user->id, user);
    }
    return members;
}

static gboolean is_listed_by_host(FdAccount *account, gint64 user)
{
    return user == account->state->self && fd_show_host_is_irc();
}

static void list_members(FdAccount *account, const FdRoom *room, int chat_id)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);
    g_autoptr(GHashTable) members = members_of(room->flow->users);
    GList *names = NULL, *flags = NULL;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, members);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FdUser *user = value;

        if (is_listed_by_host(account, user->id))
            continue;
        names = g_list_prepend(names, fd_people_get(account->state->people, user->id)->shown);
        flags = g_list_prepend(flags, GINT_TO_POINTER(PURPLE_CBFLAGS_NONE));
    }
    if (chat)
        purple_conv_chat_clear_users(chat);
    chat = fd_chats_get_chat(account, chat_id);
    /* In one call: Finch prints the list each time. */
    if (chat && names)
        purple_conv_chat_add_users(chat, names, NULL, flags, FALSE);
    g_list_free(names);
    g_list_free(flags);
}

void fd_chats_furnish(FdAccount *account, const FdRoom *room, int chat_id, const char *title)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);

    if (chat)
        purple_conversation_set_title(purple_conv_chat_get_conversation(chat), title);
    chat = fd_chats_get_chat(account, chat_id);
    if (chat)
        purple_conv_chat_set_nick(chat, fd_state_self(account->state)->shown);
    chat = fd_chats_get_chat(account, chat_id);
    if (chat)
        purple_conv_chat_set_topic(chat, NULL, title);
    list_members(account, room, chat_id);
}

/* Ids mean something within one flow of one server only. */
static guint origin_of(FdAccount *account, const FdRoom *room)
{
    g_autofree char *origin =
        g_strjoin(" ", fd_settings_string(account->account, FD_SETTING_API_URL), room->flow->id, NULL);

    return g_str_hash(origin);
}

static gint64 get_id(PurpleConversation *conv, const char *key)
{
    return conv ? (gint64)GPOINTER_TO_SIZE(purple_conversation_get_data(conv, key)) : 0;
}

gint64 fd_chats_get_last_shown(PurpleConversation *conv)
{
    return get_id(conv, LAST_ID_KEY);
}

gint64 fd_chats_get_oldest_shown(PurpleConversation *conv)
{
    return get_id(conv, OLDEST_ID_KEY);
}

/* Does nothing for an id that is not higher. */
static void set_last_shown(PurpleConversation *conv, gint64 id)
{
    if (conv && id > fd_chats_get_last_shown(conv))
        purple_conversation_set_data(conv, LAST_ID_KEY, GSIZE_TO_POINTER((gsize)id));
}

void fd_chats_note_shown(PurpleConversation *conv, gint64 id)
{
    gint64 oldest = fd_chats_get_oldest_shown(conv);

    set_last_shown(conv, id);
    if (conv && id > 0 && (oldest == 0 || id < oldest))
        purple_conversation_set_data(conv, OLDEST_ID_KEY, GSIZE_TO_POINTER((gsize)id));
}

void fd_chats_forget_shown(PurpleConversation *conv)
{
    purple_conversation_set_data(conv, LAST_ID_KEY, NULL);
    purple_conversation_set_data(conv, OLDEST_ID_KEY, NULL);
}

/* The window may be older than this connection: go on where it stopped, do not print it again. */
static void resume(FdAccount *account, FdRoom *room, PurpleConversation *conv)
{
    if (GPOINTER_TO_UINT(purple_conversation_get_data(conv, ORIGIN_KEY)) != origin_of(account, room))
        fd_chats_forget_shown(conv);
    purple_conversation_set_data(conv, ORIGIN_KEY, GUINT_TO_POINTER(origin_of(account, room)));
    fd_history_set_last(room->history, fd_chats_get_last_shown(conv));
    room->oldest = fd_chats_get_oldest_shown(conv);
    /* A new window shows nothing of what was seen before: all that is older. */
    if (room->oldest == 0 && fd_history_get_last(room->history) > 0)
        room->oldest = fd_history_get_last(room->history) + 1;
}

void fd_chats_show(FdAccount *account, FdRoom *room)
{
    g_autofree char *title = title_of(room);
    g_autofree char *topic = NULL;
    PurpleConversation *conv;

    if (fd_account_is_closed(account) || (room->shown && fd_chats_find(account, room)))
        return;
    /* Before the call, in which the host may close it again. */
    room->shown = TRUE;
    serv_got_joined_chat(account->gc, room->chat_id, room->flow->path);
    conv = fd_chats_find(account, room);
    if (!conv || !room->shown) {
        room->shown = FALSE;
        return;
    }
    resume(account, room, conv);
    fd_thread_rooms_keep_numbers(account, room);
    fd_chats_furnish(account, room, room->chat_id, title);
    if (!fd_chats_get_chat(account, room->chat_id))
        return;
    /* Finch has no place for a topic, and bitlbee hears of it too late. */
    /* Translators: a line in a room, with its title. */
    topic = g_strdup_printf(_("This is %s."), title);
    fd_show_notice(account, room, topic);
    /* What is not heard yet is loaded when the streams are open, so that there is no gap between both. */
    if (room->heard && fd_chats_get_chat(account, room->chat_id))
        fd_sync_room(account->sync, room);
}

void fd_chats_show_all(FdAccount *account)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);

    for (guint i = 0; i < rooms->len && !fd_account_is_closed(account); i++) {
        FdRoom *room = rooms->pdata[i];

        if (room->flow && room->flow->open && room->flow->joined && !room->flow->archived)
            fd_chats_show(account, room);
    }
}

void fd_chats_show_line(FdAccount *account, FdRoom *room, const char *who, const char *html, PurpleMessageFlags flags,
                        time_t when, gint64 id)
{
    if (!room->shown || !fd_chats_find(account, room))
        return;
    serv_got_chat_in(account->gc, room->chat_id, who, flags, html, when);
    /* Whoever listens may have signed off, or closed the room. */
    if (room->shown)
        fd_chats_note_shown(fd_chats_find(account, room), id);
}

static void on_closed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    FdAccount *account = user_data;

    (void)source;
    if (fd_api_flow_set_open_finish(result, &error) || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    {
        g_autofree char *why = face_error_text(fd_account_errors, error);

        fd_show_problem(account, _("The flow could not be closed on the service."), why);
    }
}

static gboolean on_close_due(gpointer user_data)
{
    FdAccount *account = user_data;

    account->close_id = 0;
    for (guint i = 0; i < account->closing->len; i++) {
        FdRoom *room = fd_rooms_by_chat_id(account->state->rooms, g_array_index(account->closing, int, i));

        if (!room || room->shown)
            continue;
        room->flow->open = FALSE;
        fd_api_flow_set_open_async(account->api, room->flow->path, FALSE, account->cancellable, on_closed, account);
    }
    g_array_set_size(account->closing, 0);
    fd_online_listen(account);
    return G_SOURCE_REMOVE;
}

/* (nullable): of an account that can only post. */
static FdPoster *poster_of(PurpleConnection *gc)
{
    FdAccount *account = fd_account_of(gc);

    return account ? account->poster : NULL;
}

void fd_chats_leave(PurpleConnection *gc, int id)
{
    FdAccount *account = fd_account_ready(gc);
    FdRoom *room = account ? fd_rooms_by_chat_id(account->state->rooms, id) : NULL;

    if (poster_of(gc))
        fd_poster_leave(poster_of(gc), id);
    if (account && !room)
        fd_thread_rooms_leave(account, id);
    if (!room || !room->shown)
        return;
    room->shown = FALSE;
    fd_thread_rooms_close(account, room);
    if (fd_account_is_closed(account))
        return;
    if (!fd_settings_bool(account->account, FD_SETTING_LEAVE_CLOSES))
        return;
    /* Not at once: bitlbee leaves a room each time before it joins it, in one go. */
    g_array_append_val(account->closing, id);
    if (!account->close_id)
        account->close_id = g_idle_add(on_close_due, account);
}

int fd_chats_send(PurpleConnection *gc, int id, const char *html, PurpleMessageFlags flags)
{
    FdAccount *account = fd_account_ready(gc);
    FdRoom *room = account ? fd_rooms_by_chat_id(account->state->rooms, id) : NULL;
    FdThreadRoom *thread_room = account && !room ? fd_thread_rooms_by_chat_id(account, id) : NULL;

    (void)flags;
    if (poster_of(gc))
        return fd_poster_send(poster_of(gc), id, html);
    if (!room && !thread_room)
        return -ENOTCONN;
    fd_commands_type(account, room ? room : thread_room->room, thread_room ? id : 0, html);
    return 0;
}

void fd_chats_set_topic(PurpleConnection *gc, int id, const char *topic)
{
    FdAccount *account = fd_account_ready(gc);
    PurpleConvChat *chat = account ? fd_chats_get_chat(account, id) : NULL;
    const FdRoom *room = chat ? fd_rooms_by_chat_id(account->state->rooms, id) : NULL;
    g_autofree char *title = NULL;

    (void)topic;
    if (!chat)
        return;
    title = room ? title_of(room) : g_strdup(purple_conversation_get_title(purple_conv_chat_get_conversation(chat)));
    purple_conv_chat_set_topic(chat, NULL, title);
    chat = fd_chats_get_chat(account, id);
    if (chat)
        fd_show_line(purple_conv_chat_get_conversation(chat),
                     _("The topic of a room is the name of its flow; it cannot be changed here."),
                     PURPLE_MESSAGE_SYSTEM);
}

static void remove_member(FdAccount *account, int chat_id, gint64 user)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);

    if (chat)
        purple_conv_chat_remove_user(chat, fd_people_get(account->state->people, user)->shown, NULL);
}

static void add_member(FdAccount *account, int chat_id, gint64 user)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);
    const char *name = fd_people_get(account->state->people, user)->shown;

    if (chat && !is_listed_by_host(account, user) && !purple_conv_chat_find_user(chat, name))
        purple_conv_chat_add_user(chat, name, NULL, PURPLE_CBFLAGS_NONE, TRUE);
}

/* (transfer container) (element-type int): numbers of the chats that list the people of a flow. */
static GArray *chats_of(FdAccount *account, const FdRoom *room)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int));

    if (room->flow && room->shown)
        g_array_append_val(ids, room->chat_id);
    for (guint i = 0; i < account->thread_rooms->len; i++) {
        const FdThreadRoom *thread_room = account->thread_rooms->pdata[i];

        if (thread_room->room == room && thread_room->shown)
            g_array_append_val(ids, thread_room->chat_id);
    }
    return ids;
}

static void change_members(FdAccount *account, int chat_id, GHashTable *old, GHashTable *now)
{
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, old);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (!g_hash_table_contains(now, id))
            remove_member(account, chat_id, *(gint64 *)id);
    g_hash_table_iter_init(&iter, now);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (!g_hash_table_contains(old, id))
            add_member(account, chat_id, *(gint64 *)id);
}

void fd_chats_members_changed(FdAccount *account, FdRoom *room, GPtrArray *before)
{
    g_autoptr(GHashTable) old = members_of(before);
    g_autoptr(GHashTable) now = members_of(room->flow->users);
    g_autoptr(GArray) ids = chats_of(account, room);

    for (guint i = 0; i < ids->len; i++)
        change_members(account, g_array_index(ids, int, i), old, now);
}

void fd_chats_added(FdAccount *account, FdRoom *room)
{
    fd_online_listen(account);
    if (fd_settings_bool(account->account, FD_SETTING_AUTOJOIN))
        fd_chats_show(account, room);
}

void fd_chats_removed(FdAccount *account, FdRoom *room)
{
    room->heard = FALSE;
    fd_online_listen(account);
    if (!room->shown)
        return;
    fd_show_notice(account, room, _("You are no longer in this flow."));
    room->shown = FALSE;
    fd_thread_rooms_close(account, room);
    if (!fd_account_is_closed(account))
        serv_got_chat_left(account->gc, room->chat_id);
}

static void rename_member(FdAccount *account, const FdRoom *room, int chat_id, const char *old, const char *shown)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);

    if (!chat || !purple_conv_chat_find_user(chat, old))
        return;
    if (purple_conv_chat_find_user(chat, shown) && purple_utf8_strcasecmp(old, shown) != 0) {
        /* Names go round in a circle; the list is right when it is written anew. */
        list_members(account, room, chat_id);
    } else if (fd_show_host_is_irc()) {
        /* bitlbee does not see a change of name. */
        purple_conv_chat_remove_user(chat, old, NULL);
        chat = fd_chats_get_chat(account, chat_id);
        if (chat)
            purple_conv_chat_add_user(chat, shown, NULL, PURPLE_CBFLAGS_NONE, TRUE);
    } else {
        purple_conv_chat_rename_user(chat, old, shown);
    }
}

void fd_chats_renamed(FdAccount *account, const FdPerson *person, const char *old)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);

    for (guint i = 0; i < rooms->len; i++) {
        FdRoom *room = rooms->pdata[i];
        g_autoptr(GArray) ids = chats_of(account, room);

        for (guint j = 0; j < ids->len; j++) {
            int chat_id = g_array_index(ids, int, j);
            PurpleConvChat *chat;

            rename_member(account, room, chat_id, old, person->shown);
            chat = fd_chats_get_chat(account, chat_id);
            if (chat && person->id == account->state->self)
                purple_conv_chat_set_nick(chat, person->shown);
        }
    }
}

void fd_chats_flows_reread(FdAccount *account, GPtrArray *flows)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < flows->len; i++)
        g_hash_table_add(seen, fd_state_update_flow(account->state, g_steal_pointer(&flows->pdata[i])));
    for (guint i = 0; i < rooms->len; i++) {
        FdRoom *room = rooms->pdata[i];
        gboolean listed = g_hash_table_contains(seen, room);

        if (!room->flow || (listed && room->flow->open && room->flow->joined))
            continue;
        room->flow->open = FALSE;
        if (room->shown || !listed)
            fd_chats_removed(account, room);
    }
}
