/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The people of rooms, as the host lists them. */
#include "fd-members.h"

#include "fd-chats.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"

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

/* @path: of the room. */
static PurpleConvChatBuddyFlags flags_of(FdAccount *account, const char *path, const FdPerson *person)
{
    PurpleConvChatBuddyFlags flags = PURPLE_CBFLAGS_NONE;

    if (fd_orgs_is_admin(account->state->orgs, path, person->id))
        flags |= PURPLE_CBFLAGS_OP;
    if (person->presence != FD_PRESENCE_ACTIVE && person->id != account->state->self)
        flags |= PURPLE_CBFLAGS_AWAY;
    return flags;
}

void fd_members_list(FdAccount *account, const FdRoom *room, int chat_id)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);
    g_autoptr(GHashTable) members = members_of(room->flow->users);
    GList *names = NULL, *flags = NULL;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, members);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FdUser *user = value;
        const FdPerson *person = fd_people_get(account->state->people, user->id);

        if (is_listed_by_host(account, user->id))
            continue;
        names = g_list_prepend(names, person->shown);
        flags = g_list_prepend(flags, GINT_TO_POINTER(flags_of(account, room->flow->path, person)));
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

static void remove_member(FdAccount *account, int chat_id, gint64 user)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);

    const char *name = fd_people_get(account->state->people, user)->shown;

    if (chat && purple_conv_chat_find_user(chat, name))
        purple_conv_chat_remove_user(chat, name, NULL);
}

static void add_member(FdAccount *account, const FdRoom *room, int chat_id, gint64 user)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);
    const FdPerson *person = fd_people_get(account->state->people, user);

    if (chat && !is_listed_by_host(account, user) && !purple_conv_chat_find_user(chat, person->shown))
        purple_conv_chat_add_user(chat, person->shown, NULL, flags_of(account, room->flow->path, person), TRUE);
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

static void change_members(FdAccount *account, const FdRoom *room, int chat_id, GHashTable *old, GHashTable *now)
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
            add_member(account, room, chat_id, *(gint64 *)id);
}

void fd_members_changed(FdAccount *account, FdRoom *room, GPtrArray *before)
{
    g_autoptr(GHashTable) old = members_of(before);
    g_autoptr(GHashTable) now = members_of(room->flow->users);
    g_autoptr(GArray) ids = chats_of(account, room);

    for (guint i = 0; i < ids->len; i++)
        change_members(account, room, g_array_index(ids, int, i), old, now);
}

static void rename_member(FdAccount *account, const FdRoom *room, int chat_id, const char *old, const FdPerson *person)
{
    PurpleConvChat *chat = fd_chats_get_chat(account, chat_id);
    const char *shown = person->shown;

    if (!chat || !purple_conv_chat_find_user(chat, old))
        return;
    if (purple_conv_chat_find_user(chat, shown) && purple_utf8_strcasecmp(old, shown) != 0) {
        /* Names go round in a circle; the list is right when it is written anew. */
        fd_members_list(account, room, chat_id);
    } else if (fd_show_host_is_irc()) {
        /* bitlbee does not see a change of name. */
        purple_conv_chat_remove_user(chat, old, NULL);
        chat = fd_chats_get_chat(account, chat_id);
        if (chat)
            purple_conv_chat_add_user(chat, shown, NULL, flags_of(account, room->flow->path, person), TRUE);
    } else {
        purple_conv_chat_rename_user(chat, old, shown);
    }
}

void fd_members_renamed(FdAccount *account, const FdPerson *person, const char *old)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);

    for (guint i = 0; i < rooms->len; i++) {
        FdRoom *room = rooms->pdata[i];
        g_autoptr(GArray) ids = chats_of(account, room);

        for (guint j = 0; j < ids->len; j++) {
            int chat_id = g_array_index(ids, int, j);
            PurpleConvChat *chat;

            rename_member(account, room, chat_id, old, person);
            chat = fd_chats_get_chat(account, chat_id);
            if (chat && person->id == account->state->self)
                purple_conv_chat_set_nick(chat, person->shown);
        }
    }
}

/* On IRC whoever goes offline leaves all channels, and has to be put back after that. */
static void follow_on_irc(FdAccount *account, const FdPerson *person)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);

    for (guint i = 0; i < rooms->len && !fd_account_is_closed(account); i++) {
        const FdRoom *room = rooms->pdata[i];
        g_autoptr(GArray) ids = fd_room_has_member(room, person->id) ? chats_of(account, room) : NULL;

        for (guint j = 0; ids && j < ids->len; j++) {
            if (person->presence == FD_PRESENCE_OFFLINE)
                remove_member(account, g_array_index(ids, int, j), person->id);
            else
                add_member(account, room, g_array_index(ids, int, j), person->id);
        }
    }
}

void fd_members_mark(FdAccount *account, const FdPerson *person)
{
    /* The host's own list: with hundreds of rooms, to look each of them up for each of thousands of people takes seconds. */
    g_autoptr(GSList) chats = g_slist_copy(account->gc->buddy_chats);
    gboolean told = FALSE;

    for (GSList *item = chats; item && !fd_account_is_closed(account); item = item->next) {
        PurpleConvChat *chat;
        PurpleConvChatBuddy *buddy;
        PurpleConvChatBuddyFlags flags;

        /* Whoever listens may have closed it. */
        if (told && !g_slist_find(account->gc->buddy_chats, item->data))
            continue;
        chat = PURPLE_CONV_CHAT(item->data);
        buddy = purple_conv_chat_has_left(chat) ? NULL : purple_conv_chat_cb_find(chat, person->shown);
        if (!buddy)
            continue;
        flags = flags_of(account, purple_conversation_get_name(item->data), person);
        if (buddy->flags == flags)
            continue;
        purple_conv_chat_user_set_flags(chat, person->shown, flags);
        told = TRUE;
    }
    if (fd_show_host_is_irc() && !fd_account_is_closed(account))
        follow_on_irc(account, person);
}
