/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flows as the host's chats: showing, leaving, members, lines. Joining is in fd-join. */
#include "fd-chats.h"

#include "fd-commands.h"
#include "fd-members.h"
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
    PurpleConversation *conv = fd_account_has_windows(account) ? purple_find_chat(account->gc, chat_id) : NULL;

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
    if (!fd_account_has_windows(account))
        return NULL;
    /* By number while it is shown: the flow may have another path by now than when the window was opened. */
    if (room->shown)
        return fd_chats_window(account, room->chat_id);
    return purple_find_conversation_with_account(PURPLE_CONV_TYPE_CHAT, room->flow->path, account->account);
}

char *fd_chats_title(const FdRoom *room)
{
    g_autofree char *name = text_clean_line(room->flow->name);
    g_autofree char *org = text_clean_line(room->flow->org_name);

    return *org ? g_strdup_printf("%s (%s)", name, org) : g_steal_pointer(&name);
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
    fd_members_list(account, room, chat_id);
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
    g_autofree char *title = fd_chats_title(room);
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
        fd_state_note_change(account->state, room);
        room->flow->open = FALSE;
        fd_api_flow_set_open_async(account->api, room->flow->path, FALSE, account->cancellable, on_closed, account);
    }
    g_array_set_size(account->closing, 0);
    fd_online_listen(account);
    return G_SOURCE_REMOVE;
}

/* The room of a flow that is not open any more; @line says why. */
static void leave_here(FdAccount *account, FdRoom *room, const char *line)
{
    room->heard = FALSE;
    fd_online_listen(account);
    if (!room->shown)
        return;
    fd_show_notice(account, room, line);
    room->shown = FALSE;
    fd_thread_rooms_close(account, room);
    if (!fd_account_is_closed(account))
        serv_got_chat_left(account->gc, room->chat_id);
}

void fd_chats_close_flow(FdAccount *account, FdRoom *room)
{
    fd_state_note_change(account->state, room);
    room->flow->open = FALSE;
    fd_api_flow_set_open_async(account->api, room->flow->path, FALSE, account->cancellable, on_closed, account);
    leave_here(account, room, _("You have closed this flow. Joining the room opens it again."));
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

/* (transfer full): the name in a typed topic, which may be a title: "Name (Organization)". */
static char *name_in_topic(const FdRoom *room, const char *topic)
{
    g_autofree char *org = text_clean_line(room->flow->org_name);
    g_autofree char *suffix = g_strdup_printf("(%s)", org);
    char *name = text_clean_line(topic);

    if (*org && g_str_has_suffix(name, suffix))
        name[strlen(name) - strlen(suffix)] = '\0';
    return g_strstrip(name);
}

void fd_chats_set_topic(PurpleConnection *gc, int id, const char *topic)
{
    FdAccount *account = fd_account_ready(gc);
    PurpleConvChat *chat = account ? fd_chats_get_chat(account, id) : NULL;
    FdRoom *room = chat ? fd_rooms_by_chat_id(account->state->rooms, id) : NULL;
    g_autofree char *title = NULL, *name = NULL;

    if (!chat)
        return;
    title =
        room ? fd_chats_title(room) : g_strdup(purple_conversation_get_title(purple_conv_chat_get_conversation(chat)));
    name = room ? name_in_topic(room, topic ? topic : "") : NULL;
    /* As it still is: the host may show what was typed. */
    purple_conv_chat_set_topic(chat, NULL, title);
    chat = fd_chats_get_chat(account, id);
    if (!chat)
        return;
    if (!room)
        fd_show_line(purple_conv_chat_get_conversation(chat), _("The topic of a thread's room cannot be changed here."),
                     PURPLE_MESSAGE_SYSTEM);
    else if (strcmp(name, room->flow->name) != 0)
        fd_commands_run(account, room, "rename", name, NULL);
}

void fd_chats_added(FdAccount *account, FdRoom *room)
{
    fd_state_note_change(account->state, room);
    fd_online_listen(account);
    if (fd_settings_bool(account->account, FD_SETTING_AUTOJOIN))
        fd_chats_show(account, room);
}

/* (transfer full) */
static char *why_gone(FdAccount *account, FdGone why, gint64 by)
{
    const FdPerson *person = fd_people_get(account->state->people, by);

    switch (why) {
    case FD_GONE_ARCHIVED:
        return g_strdup(_("This flow was archived, so the room is closed."));
    case FD_GONE_CLOSED:
        return g_strdup(_("This flow was closed in another client, so the room is closed. You are still a member."));
    default:
        break;
    }
    if (by == account->state->self)
        return g_strdup(_("You have left this flow, so the room is closed."));
    /* Translators: a name. */
    return person ? g_strdup_printf(_("%s removed you from this flow, so the room is closed."), person->shown)
                  : g_strdup(_("You are no longer in this flow, so the room is closed."));
}

void fd_chats_removed(FdAccount *account, FdRoom *room, FdGone why, gint64 by)
{
    g_autofree char *line = why_gone(account, why, by);

    leave_here(account, room, line);
}

/* The flow or its organization has another name. */
static void follow_title(FdAccount *account, FdRoom *room)
{
    PurpleConvChat *chat = room->shown ? fd_chats_get_chat(account, room->chat_id) : NULL;
    const char *topic = chat ? purple_conv_chat_get_topic(chat) : NULL;
    g_autofree char *title = fd_chats_title(room);
    g_autofree char *line = NULL;

    if (!topic || strcmp(topic, title) == 0)
        return;
    purple_conversation_set_title(purple_conv_chat_get_conversation(chat), title);
    chat = fd_chats_get_chat(account, room->chat_id);
    if (chat)
        purple_conv_chat_set_topic(chat, NULL, title);
    /* Not every host shows it. */
    line = g_strdup_printf(_("This room is now called %s."), title);
    fd_show_notice(account, room, line);
}

void fd_chats_changed(FdAccount *account, FdRoom *room, GPtrArray *before)
{
    fd_members_changed(account, room, before);
    if (!fd_account_is_closed(account))
        follow_title(account, room);
}

/* (transfer container): set of FdRoom: of the flows in the list, which are taken into memory. */
static GHashTable *take_flows(FdAccount *account, GPtrArray *flows, guint serial)
{
    FdState *state = account->state;
    GHashTable *listed = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < flows->len && !fd_account_is_closed(account); i++) {
        const FdFlow *flow = flows->pdata[i];
        FdRoom *room = fd_rooms_by_flow_id(state->rooms, flow->id);

        if (!room || !fd_state_changed_since(room, serial))
            room = fd_state_update_flow(state, g_steal_pointer(&flows->pdata[i]));
        g_hash_table_add(listed, room);
    }
    return listed;
}

void fd_chats_flows_reread(FdAccount *account, GPtrArray *flows, guint serial)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);
    g_autoptr(GHashTable) current = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) listed = NULL;

    for (guint i = 0; i < rooms->len; i++)
        if (fd_state_is_current(rooms->pdata[i]))
            g_hash_table_add(current, rooms->pdata[i]);
    listed = take_flows(account, flows, serial);
    for (guint i = 0; i < rooms->len && !fd_account_is_closed(account); i++) {
        FdRoom *room = rooms->pdata[i];
        gboolean is_listed = g_hash_table_contains(listed, room);

        if (!room->flow || fd_state_changed_since(room, serial))
            continue;
        if (is_listed && fd_state_is_current(room)) {
            if (!g_hash_table_contains(current, room))
                fd_chats_added(account, room);
            continue;
        }
        if (room->shown || g_hash_table_contains(current, room))
            fd_chats_removed(account, room,
                             !is_listed || !room->flow->joined ? FD_GONE_REMOVED
                             : room->flow->archived            ? FD_GONE_ARCHIVED
                                                               : FD_GONE_CLOSED,
                             0);
        room->flow->open = FALSE;
        room->flow->joined = room->flow->joined && is_listed;
    }
}
