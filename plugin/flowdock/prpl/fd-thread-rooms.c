/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads as rooms of their own. */
#include "fd-thread-rooms.h"

#include "fd-chats.h"
#include "fd-show.h"

#include "flowdock/api/fd-api-threads.h"
#include "flowdock/api/fd-decode.h"
#include "net/net-error.h"

#include <server.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* Messages of a thread to load when it is opened. */
#define FIRST_MESSAGES 50
/* On the host's conversation, which outlives a connection: which thread it shows. */
#define THREAD_KEY "flowdock-thread"

static void thread_room_free(gpointer data)
{
    FdThreadRoom *thread_room = data;

    g_free(thread_room->thread_id);
    g_free(thread_room->name);
    g_free(thread_room->title);
    g_clear_pointer(&thread_room->components, g_hash_table_unref);
    fd_history_free(thread_room->history);
    g_free(thread_room);
}

GPtrArray *fd_thread_rooms_new(void)
{
    return g_ptr_array_new_with_free_func(thread_room_free);
}

FdThreadRoom *fd_thread_rooms_by_chat_id(FdAccount *account, int chat_id)
{
    for (guint i = 0; i < account->thread_rooms->len; i++) {
        FdThreadRoom *thread_room = account->thread_rooms->pdata[i];

        if (thread_room->chat_id == chat_id)
            return thread_room;
    }
    return NULL;
}

static FdThreadRoom *find(FdAccount *account, const FdRoom *room, const char *thread_id)
{
    for (guint i = 0; i < account->thread_rooms->len; i++) {
        FdThreadRoom *thread_room = account->thread_rooms->pdata[i];

        if (thread_room->room == room && g_strcmp0(thread_room->thread_id, thread_id) == 0)
            return thread_room;
    }
    return NULL;
}

PurpleConversation *fd_thread_room_conversation(FdAccount *account, const FdThreadRoom *thread_room)
{
    return thread_room->shown && !fd_account_is_closed(account) ? purple_find_chat(account->gc, thread_room->chat_id)
                                                                : NULL;
}

gboolean fd_thread_rooms_has(FdAccount *account, const FdRoom *room, const char *thread_id)
{
    const FdThreadRoom *thread_room = thread_id ? find(account, room, thread_id) : NULL;

    return thread_room && thread_room->shown;
}

int fd_thread_rooms_offer(FdAccount *account, FdRoom *room, const char *thread_id, const FdMessage *message)
{
    FdThreadRoom *thread_room = thread_id ? find(account, room, thread_id) : NULL;
    g_autoptr(JsonNode) node = NULL;
    g_autoptr(FdMessage) due = NULL;

    if (!thread_room || !thread_room->shown)
        return 0;
    node = json_node_init_object(json_node_alloc(), message->json);
    due = fd_decode_message(node);
    if (due)
        due = fd_history_offer(thread_room->history, g_steal_pointer(&due));
    return due ? thread_room->chat_id : 0;
}

void fd_thread_rooms_show_line(FdAccount *account, int chat_id, const char *who, const char *html,
                               PurpleMessageFlags flags, time_t when, gint64 id)
{
    if (fd_account_is_closed(account))
        return;
    serv_got_chat_in(account->gc, chat_id, who, flags, html, when);
    /* Whoever listens may have signed off, or closed the room. */
    if (!fd_account_is_closed(account))
        fd_chats_set_last_shown(purple_find_chat(account->gc, chat_id), id);
}

/* ---------------------------------------------------------------------------------------------------------- opening */

typedef struct {
    FdAccount *account;
    int chat_id;
} Opening;

static Opening *opening_new(FdAccount *account, int chat_id)
{
    Opening *opening = g_new0(Opening, 1);

    opening->account = account;
    opening->chat_id = chat_id;
    return opening;
}

static void show_loaded(FdAccount *account, int chat_id)
{
    FdThreadRoom *thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
    g_autoptr(GPtrArray) fresh = fd_history_release(thread_room->history);

    for (guint i = 0; i < fresh->len; i++) {
        const FdMessage *message = fresh->pdata[i];

        thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
        if (!thread_room)
            return;
        fd_show_in_thread(account, thread_room->room, chat_id, message, message->past ? FD_DELIVERY_PAST : 0);
    }
}

static void on_messages(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Opening *opening = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) messages = fd_api_messages_list_finish(result, &error);
    FdAccount *account = opening->account;
    FdThreadRoom *thread_room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    thread_room = fd_thread_rooms_by_chat_id(account, opening->chat_id);
    if (!thread_room)
        return;
    if (messages) {
        fd_history_fill(thread_room->history, messages, TRUE);
    } else {
        g_autofree char *why = face_error_text(fd_account_errors, error);
        g_autofree char *line = g_strdup_printf(_("Some messages could not be loaded. %s"), why);

        fd_show_line(fd_thread_room_conversation(account, thread_room), line, PURPLE_MESSAGE_SYSTEM);
    }
    show_loaded(account, opening->chat_id);
}

static void load(FdAccount *account, FdThreadRoom *thread_room)
{
    FdApiPlace place = fd_room_place(thread_room->room);
    FdApiRange range = { .limit = FIRST_MESSAGES };

    place.thread_id = thread_room->thread_id;
    if (fd_history_get_last(thread_room->history) > 0) {
        range.since = fd_history_get_last(thread_room->history);
        range.limit = FD_API_MAX_LIST;
    }
    fd_history_hold(thread_room->history);
    fd_api_messages_list_async(account->api, &place, &range, account->cancellable, on_messages,
                               opening_new(account, thread_room->chat_id));
}

static void show(FdAccount *account, FdThreadRoom *thread_room)
{
    PurpleConversation *conv = serv_got_joined_chat(account->gc, thread_room->chat_id, thread_room->name);
    g_autofree char *title = NULL, *mark = NULL, *line = NULL;

    if (!conv || fd_account_is_closed(account))
        return;
    thread_room->shown = TRUE;
    /* Nobody frees what a conversation holds. */
    purple_conversation_set_data(conv, THREAD_KEY, (gpointer)g_intern_string(thread_room->thread_id));
    fd_history_set_last(thread_room->history, fd_chats_get_last_shown(conv));
    /* Translators: title of a thread's room: the thread's number and title, and the path of its flow. */
    title = g_strdup_printf(_("[%u] %s (%s)"), thread_room->number, thread_room->title, thread_room->room->flow->path);
    purple_conversation_set_title(conv, title);
    purple_conv_chat_set_nick(PURPLE_CONV_CHAT(conv), fd_state_self(account->state)->shown);
    purple_conv_chat_set_topic(PURPLE_CONV_CHAT(conv), NULL, title);
    if (fd_account_is_closed(account))
        return;
    fd_chats_list_members(account, thread_room->room, PURPLE_CONV_CHAT(conv));
    mark = fd_event_mark(thread_room->number, thread_room->title);
    /* Translators: a thread's mark, "[3: Fix login]", and the path of its flow. */
    line = g_strdup_printf(_("This is the thread %s of %s. What you write here goes into it."), mark,
                           thread_room->room->flow->path);
    fd_show_line(fd_thread_room_conversation(account, thread_room), line, PURPLE_MESSAGE_SYSTEM);
    if (!fd_account_is_closed(account))
        load(account, thread_room);
}

static void refuse(FdAccount *account, FdThreadRoom *thread_room, const GError *error)
{
    g_autofree char *why = g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND)
                               ? g_strdup(_("There is no such thread. /threads lists them."))
                               : face_error_text(fd_account_errors, error);
    g_autofree char *primary = g_strdup_printf(_("The room \"%s\" cannot be opened."), thread_room->name);
    GHashTable *components = g_steal_pointer(&thread_room->components);

    fd_show_problem(account, primary, why);
    if (components && !fd_account_is_closed(account))
        purple_serv_got_join_chat_failed(account->gc, components);
    g_clear_pointer(&components, g_hash_table_unref);
    if (!fd_account_is_closed(account))
        g_ptr_array_remove(account->thread_rooms, thread_room);
}

static void on_thread(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Opening *opening = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdThreadInfo) info = fd_api_thread_show_finish(result, &error);
    FdAccount *account = opening->account;
    FdThreadRoom *thread_room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    thread_room = fd_thread_rooms_by_chat_id(account, opening->chat_id);
    if (!thread_room)
        return;
    if (!info) {
        refuse(account, thread_room, error);
        return;
    }
    thread_room->number = fd_threads_learn(thread_room->room->threads, info)->number;
    g_free(thread_room->title);
    thread_room->title = g_strdup(info->title);
    if (!thread_room->name)
        thread_room->name = g_strdup_printf("%s/%u", thread_room->room->flow->path, thread_room->number);
    show(account, thread_room);
}

/* @name: (nullable): of the room, where it has one already */
static void open_thread(FdAccount *account, FdRoom *room, const char *thread_id, const char *name,
                        GHashTable *components)
{
    FdThreadRoom *thread_room = find(account, room, thread_id);

    if (thread_room && thread_room->shown)
        return;
    if (!thread_room) {
        thread_room = g_new0(FdThreadRoom, 1);
        thread_room->chat_id = fd_rooms_new_chat_id(account->state->rooms);
        thread_room->room = room;
        thread_room->thread_id = g_strdup(thread_id);
        thread_room->name = g_strdup(name);
        thread_room->history = fd_history_new();
        g_ptr_array_add(account->thread_rooms, thread_room);
    }
    g_clear_pointer(&thread_room->components, g_hash_table_unref);
    thread_room->components = components ? g_hash_table_ref(components) : NULL;
    fd_api_thread_show_async(account->api, room->flow->path, thread_id, account->cancellable, on_thread,
                             opening_new(account, thread_room->chat_id));
}

void fd_thread_rooms_open(FdAccount *account, FdRoom *room, const char *thread_id)
{
    open_thread(account, room, thread_id, NULL, NULL);
}

/* "org/flow/NUMBER" of a flow that is known; (nullable) */
static FdRoom *room_of_name(FdAccount *account, const char *text, guint *number)
{
    g_autofree char *clean = g_strstrip(g_strdup(*text == '#' ? text + 1 : text));
    char *slash = strrchr(clean, '/'), *end;
    guint64 value;

    if (!slash || !strchr(clean, '/') || strchr(clean, '/') == slash || !g_ascii_isdigit(slash[1]))
        return NULL;
    value = g_ascii_strtoull(slash + 1, &end, 10);
    if (*end || value == 0 || value > G_MAXINT)
        return NULL;
    *slash = '\0';
    *number = (guint)value;
    return fd_rooms_by_path(account->state->rooms, clean);
}

void fd_thread_rooms_keep_numbers(FdAccount *account, FdRoom *room)
{
    for (GList *item = purple_get_chats(); item; item = item->next) {
        PurpleConversation *conv = item->data;
        const char *id = purple_conversation_get_data(conv, THREAD_KEY);
        guint number = 0;

        if (id && purple_conversation_get_account(conv) == account->account &&
            room_of_name(account, purple_conversation_get_name(conv), &number) == room)
            fd_threads_reserve(room->threads, id, number);
    }
}

gboolean fd_thread_rooms_join(FdAccount *account, GHashTable *components, const char *text)
{
    guint number = 0;
    FdRoom *room = room_of_name(account, text, &number);
    g_autofree char *name = room ? g_strdup_printf("%s/%u", room->flow->path, number) : NULL;
    PurpleConversation *conv =
        room ? purple_find_conversation_with_account(PURPLE_CONV_TYPE_CHAT, name, account->account) : NULL;
    /* Its window is older than this connection, in which numbers are given anew: it keeps its own. */
    const char *old_id = conv ? purple_conversation_get_data(conv, THREAD_KEY) : NULL;
    const FdThread *thread = room ? fd_threads_by_number(room->threads, number) : NULL;
    g_autofree char *id = g_strdup(old_id ? old_id : thread ? thread->id : NULL);

    if (!room)
        return FALSE;
    if (id && fd_threads_reserve(room->threads, id, number)) {
        open_thread(account, room, id, name, components);
    } else {
        g_autofree char *primary = g_strdup_printf(_("The room \"%s\" cannot be opened."), name);

        fd_show_problem(account, primary,
                        _("There is no thread with this number yet. /threads in the room of the flow lists them."));
        if (!fd_account_is_closed(account))
            purple_serv_got_join_chat_failed(account->gc, components);
    }
    return TRUE;
}

/* ---------------------------------------------------------------------------------------------------------- closing */

void fd_thread_rooms_leave(FdAccount *account, int chat_id)
{
    FdThreadRoom *thread_room = fd_thread_rooms_by_chat_id(account, chat_id);

    if (thread_room)
        g_ptr_array_remove(account->thread_rooms, thread_room);
}

static FdThreadRoom *any_of(FdAccount *account, const FdRoom *room)
{
    for (guint i = 0; i < account->thread_rooms->len; i++) {
        FdThreadRoom *thread_room = account->thread_rooms->pdata[i];

        if (thread_room->room == room)
            return thread_room;
    }
    return NULL;
}

void fd_thread_rooms_close(FdAccount *account, FdRoom *room)
{
    FdThreadRoom *thread_room;

    while (!fd_account_is_closed(account) && (thread_room = any_of(account, room))) {
        PurpleConversation *conv = fd_thread_room_conversation(account, thread_room);
        int chat_id = thread_room->chat_id;

        g_ptr_array_remove(account->thread_rooms, thread_room);
        fd_show_line(conv, _("The room of the flow was closed, and this one with it."), PURPLE_MESSAGE_SYSTEM);
        if (conv && !fd_account_is_closed(account))
            serv_got_chat_left(account->gc, chat_id);
    }
}
