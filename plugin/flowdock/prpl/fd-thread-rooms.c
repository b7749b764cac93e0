/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads as rooms of their own. */
#include "fd-thread-rooms.h"

#include "fd-chats.h"
#include "fd-show.h"

#include "flowdock/api/fd-api-threads.h"
#include "flowdock/model/fd-older.h"
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
    g_clear_pointer(&thread_room->deliveries, g_hash_table_unref);
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
    return thread_room->shown ? fd_chats_window(account, thread_room->chat_id) : NULL;
}

PurpleConversation *fd_thread_rooms_find_conversation(FdAccount *account, const FdRoom *room, const char *thread_id)
{
    const FdThreadRoom *thread_room = thread_id ? find(account, room, thread_id) : NULL;

    return thread_room ? fd_thread_room_conversation(account, thread_room) : NULL;
}

gboolean fd_thread_rooms_has(FdAccount *account, const FdRoom *room, const char *thread_id)
{
    const FdThreadRoom *thread_room = thread_id ? find(account, room, thread_id) : NULL;

    return thread_room && thread_room->shown;
}

static void note_oldest(FdThreadRoom *thread_room, gint64 id)
{
    if (id > 0 && (thread_room->oldest == 0 || id < thread_room->oldest))
        thread_room->oldest = id;
}

int fd_thread_rooms_offer(FdAccount *account, FdRoom *room, const char *thread_id, const FdMessage *message,
                          FdDelivery delivery)
{
    FdThreadRoom *thread_room = thread_id ? find(account, room, thread_id) : NULL;
    g_autoptr(FdMessage) due = NULL;

    if (!thread_room || !thread_room->shown)
        return 0;
    if (fd_history_is_holding(thread_room->history) && delivery != 0 && message->id != 0 &&
        g_hash_table_size(thread_room->deliveries) < FD_HISTORY_MAX_HELD) {
        gint64 *id = g_new(gint64, 1);

        *id = message->id;
        g_hash_table_insert(thread_room->deliveries, id, GUINT_TO_POINTER(delivery));
    }
    due = fd_history_offer(thread_room->history, fd_message_copy(message));
    return due ? thread_room->chat_id : 0;
}

void fd_thread_rooms_show_line(FdAccount *account, int chat_id, const char *who, const char *html,
                               PurpleMessageFlags flags, time_t when, gint64 id)
{
    FdThreadRoom *thread_room;
    PurpleConvChat *chat;

    if (!fd_chats_get_chat(account, chat_id))
        return;
    serv_got_chat_in(account->gc, chat_id, who, flags, html, when);
    chat = fd_chats_get_chat(account, chat_id);
    if (!chat)
        return;
    fd_chats_note_shown(purple_conv_chat_get_conversation(chat), id);
    thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
    thread_room->lines++;
    note_oldest(thread_room, id);
}

/* --------------------------------------------------------------------------------------------------------- loading it */

/* A list of its messages that is under way. */
typedef struct {
    FdAccount *account;
    int chat_id;
    gint64 since; /* of a room that goes on where it stopped; else 0 */
    guint pages;
} Loading;

static void show_loaded(FdAccount *account, int chat_id)
{
    FdThreadRoom *thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
    g_autoptr(GPtrArray) fresh = thread_room ? fd_history_release(thread_room->history) : NULL;

    for (guint i = 0; fresh && i < fresh->len; i++) {
        const FdMessage *message = fresh->pdata[i];
        FdDelivery delivery;

        thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
        if (!thread_room || fd_account_is_closed(account))
            return;
        delivery = (FdDelivery)GPOINTER_TO_UINT(g_hash_table_lookup(thread_room->deliveries, &message->id));
        if (delivery == 0 && message->past)
            delivery = FD_DELIVERY_PAST;
        fd_show_in_thread(account, thread_room->room, chat_id, message, delivery);
    }
    thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
    if (thread_room)
        g_hash_table_remove_all(thread_room->deliveries);
}

static void tell_not_loaded(FdAccount *account, FdThreadRoom *thread_room, const GError *error)
{
    g_autofree char *line = fd_show_not_loaded(error);

    fd_show_line(fd_thread_room_conversation(account, thread_room), line, PURPLE_MESSAGE_SYSTEM);
}

static void load_page(Loading *loading);

/* Whether there is more between this page and what comes live. */
static gboolean goes_on(Loading *loading, GPtrArray *messages)
{
    const FdMessage *last = messages->len > 0 ? messages->pdata[messages->len - 1] : NULL;
    gboolean more = loading->since > 0 && messages->len >= FD_API_MAX_LIST && last->id > loading->since;

    if (more)
        loading->since = last->id;
    return more;
}

static void on_messages(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Loading *loading = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) messages = fd_api_messages_list_finish(result, &error);
    FdAccount *account = loading->account;
    int chat_id = loading->chat_id;
    FdThreadRoom *thread_room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
    if (!thread_room)
        return;
    if (messages) {
        gboolean more = goes_on(loading, messages);

        if (messages->len > 0)
            note_oldest(thread_room, ((const FdMessage *)messages->pdata[0])->id);
        fd_history_fill(thread_room->history, messages, TRUE);
        if (more && ++loading->pages < FD_SYNC_MAX_PAGES) {
            load_page(g_steal_pointer(&loading));
            return;
        }
        if (more)
            tell_not_loaded(account, thread_room, NULL);
    } else {
        tell_not_loaded(account, thread_room, error);
    }
    show_loaded(account, chat_id);
}

static void load_page(Loading *loading)
{
    FdAccount *account = loading->account;
    const FdThreadRoom *thread_room = fd_thread_rooms_by_chat_id(account, loading->chat_id);
    FdApiPlace place = fd_room_place(thread_room->room);
    FdApiRange range = { .since = loading->since, .limit = loading->since > 0 ? FD_API_MAX_LIST : FIRST_MESSAGES };

    place.thread_id = thread_room->thread_id;
    fd_api_messages_list_async(account->api, &place, &range, account->cancellable, on_messages, loading);
}

static void load(FdAccount *account, FdThreadRoom *thread_room)
{
    Loading *loading = g_new0(Loading, 1);

    loading->account = account;
    loading->chat_id = thread_room->chat_id;
    loading->since = fd_history_get_last(thread_room->history);
    fd_history_hold(thread_room->history);
    load_page(loading);
}

/* ------------------------------------------------------------------------------------------------------ older messages */

typedef struct {
    FdAccount *account;
    int chat_id;
    FdSyncOlderFunc done;
    gpointer user_data;
    GDestroyNotify destroy;
} Older;

static void older_free(gpointer data)
{
    Older *older = data;

    older->destroy(older->user_data);
    g_free(older);
}

/* (nullable) (transfer none): the room, unless it was closed meanwhile. */
static FdThreadRoom *room_of_older(const Older *older)
{
    return fd_account_is_closed(older->account) ? NULL : fd_thread_rooms_by_chat_id(older->account, older->chat_id);
}

static void on_older(GPtrArray *messages, const GError *error, gpointer user_data)
{
    const Older *older = user_data;
    FdThreadRoom *thread_room = room_of_older(older);
    gint64 until;
    guint lines;

    if (!thread_room)
        return;
    thread_room->loads_older = FALSE;
    lines = thread_room->lines;
    /* It may have been filled meanwhile. */
    until = thread_room->oldest;
    for (guint i = 0; i < messages->len && thread_room; i++) {
        const FdMessage *message = messages->pdata[i];

        if (until == 0 || message->id < until)
            fd_show_in_thread(older->account, thread_room->room, older->chat_id, message, FD_DELIVERY_PAST);
        thread_room = room_of_older(older);
    }
    if (!thread_room)
        return;
    /* Also of what shows nothing: it need not be asked for again. */
    if (messages->len > 0)
        note_oldest(thread_room, ((const FdMessage *)messages->pdata[0])->id);
    older->done(thread_room->room, thread_room->lines - lines, error, older->user_data);
}

gboolean fd_thread_rooms_older(FdAccount *account, int chat_id, guint count, FdSyncOlderFunc done, gpointer user_data,
                               GDestroyNotify destroy)
{
    FdThreadRoom *thread_room = fd_thread_rooms_by_chat_id(account, chat_id);
    FdApiPlace place;
    Older *older;

    /* What is being loaded is not shown yet, so it cannot be told from older messages. */
    if (!thread_room || !thread_room->shown || thread_room->loads_older || fd_history_is_holding(thread_room->history))
        return FALSE;
    thread_room->loads_older = TRUE;
    older = g_new0(Older, 1);
    older->account = account;
    older->chat_id = chat_id;
    older->done = done;
    older->user_data = user_data;
    older->destroy = destroy;
    place = fd_room_place(thread_room->room);
    place.thread_id = thread_room->thread_id;
    fd_older_load(account->api, &place, thread_room->oldest, CLAMP(count, 1, FD_SYNC_MAX_OLDER), account->cancellable,
                  on_older, older, older_free);
    return TRUE;
}

/* ---------------------------------------------------------------------------------------------------------- opening */

typedef struct {
    FdAccount *account;
    int chat_id;
} Opening;

/* Its window may be older than this connection: go on where it stopped. */
static void resume(FdThreadRoom *thread_room, PurpleConversation *conv)
{
    if (g_strcmp0(purple_conversation_get_data(conv, THREAD_KEY), thread_room->thread_id) != 0)
        fd_chats_forget_shown(conv);
    /* Nobody frees what a conversation holds. */
    purple_conversation_set_data(conv, THREAD_KEY, (gpointer)g_intern_string(thread_room->thread_id));
    fd_history_set_last(thread_room->history, fd_chats_get_last_shown(conv));
    thread_room->oldest = fd_chats_get_oldest_shown(conv);
}

/* (transfer full): a thread may be called by all that its first message says. */
static char *title_of(const FdThreadRoom *thread_room)
{
    g_autofree char *mark = fd_event_mark(thread_room->number, thread_room->title);
    const char *path = thread_room->room->flow->path;

    /* Translators: title of the room of a thread without a title: its number, and the path of its flow. */
    return *thread_room->title ? g_strdup_printf("%s (%s)", mark, path)
                               : g_strdup_printf(_("Thread %u (%s)"), thread_room->number, path);
}

/* (nullable) (transfer none): it, as long as the host shows it. */
static FdThreadRoom *get_shown(FdAccount *account, int chat_id)
{
    return fd_chats_get_chat(account, chat_id) ? fd_thread_rooms_by_chat_id(account, chat_id) : NULL;
}

static void show(FdAccount *account, FdThreadRoom *thread_room)
{
    int chat_id = thread_room->chat_id;
    const FdRoom *room = thread_room->room;
    g_autofree char *name = g_strdup(thread_room->name);
    g_autofree char *title = title_of(thread_room);
    g_autofree char *mark = fd_event_mark(thread_room->number, thread_room->title);
    g_autofree char *line = NULL;

    /* Before the call, in which the host may close it again. */
    thread_room->shown = TRUE;
    g_clear_pointer(&thread_room->components, g_hash_table_unref);
    serv_got_joined_chat(account->gc, chat_id, name);
    thread_room = get_shown(account, chat_id);
    if (!thread_room) {
        fd_thread_rooms_leave(account, chat_id);
        return;
    }
    resume(thread_room, fd_thread_room_conversation(account, thread_room));
    fd_chats_furnish(account, room, chat_id, title);
    thread_room = get_shown(account, chat_id);
    if (!thread_room)
        return;
    /* Translators: a thread's mark, "[3: Fix login]", and the path of its flow. */
    line = g_strdup_printf(_("This is the thread %s of %s. What you write here goes into it."), mark, room->flow->path);
    fd_show_line(fd_thread_room_conversation(account, thread_room), line, PURPLE_MESSAGE_SYSTEM);
    thread_room = get_shown(account, chat_id);
    if (thread_room)
        load(account, thread_room);
}

/* @components: (nullable): of the host, when it has asked */
static void refuse(FdAccount *account, const char *name, const char *why, GHashTable *components)
{
    g_autofree char *primary = g_strdup_printf(_("The room \"%s\" cannot be opened."), name);

    fd_show_problem(account, primary, why);
    if (components && !fd_account_is_closed(account))
        purple_serv_got_join_chat_failed(account->gc, components);
}

/* (transfer full): what the room of a thread is called, or would be. */
static char *name_for(const FdRoom *room, const char *thread_id)
{
    const FdThread *thread = fd_threads_by_id(room->threads, thread_id);

    return thread ? g_strdup_printf("%s/%u", room->flow->path, thread->number)
                  : g_strdup_printf("%s/%s", room->flow->path, thread_id);
}

static void refuse_opening(FdAccount *account, FdThreadRoom *thread_room, const GError *error)
{
    g_autofree char *why = g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND)
                               ? g_strdup(_("There is no such thread. /threads lists them."))
                               : face_error_text(fd_account_errors, error);
    g_autofree char *name =
        thread_room->name ? g_strdup(thread_room->name) : name_for(thread_room->room, thread_room->thread_id);
    GHashTable *components = g_steal_pointer(&thread_room->components);

    g_ptr_array_remove(account->thread_rooms, thread_room);
    refuse(account, name, why, components);
    g_clear_pointer(&components, g_hash_table_unref);
}

static void on_thread(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Opening *opening = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdThreadInfo) info = fd_api_thread_show_finish(result, &error);
    FdAccount *account = opening->account;
    FdThreadRoom *thread_room;
    const FdThread *thread;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    thread_room = fd_thread_rooms_by_chat_id(account, opening->chat_id);
    if (!thread_room)
        return;
    if (!info) {
        refuse_opening(account, thread_room, error);
        return;
    }
    thread = fd_threads_learn(thread_room->room->threads, info);
    thread_room->number = thread->number;
    thread_room->title = g_strdup(thread->title);
    if (!thread_room->name)
        thread_room->name = name_for(thread_room->room, thread_room->thread_id);
    show(account, thread_room);
}

/* A thread's messages come with those of its flow, so that is shown first. Returns: whether it is shown. */
static gboolean show_flow(FdAccount *account, FdRoom *room)
{
    if (room->flow->open && room->flow->joined && !room->flow->archived)
        fd_chats_show(account, room);
    return !fd_account_is_closed(account) && room->shown;
}

static void refuse_without_flow(FdAccount *account, const FdRoom *room, const char *name, GHashTable *components)
{
    g_autofree char *why = g_strdup_printf(_("Its flow is not open here. Join the room %s first."), room->flow->path);

    refuse(account, name, why, components);
}

/* @name: (nullable): of the room, where it has one already */
static void open_thread(FdAccount *account, FdRoom *room, const char *thread_id, const char *name,
                        GHashTable *components)
{
    FdThreadRoom *thread_room = find(account, room, thread_id);
    Opening *opening;

    if (thread_room && (thread_room->shown || !components))
        return;
    if (thread_room) {
        g_clear_pointer(&thread_room->components, g_hash_table_unref);
        thread_room->components = g_hash_table_ref(components);
        return;
    }
    thread_room = g_new0(FdThreadRoom, 1);
    thread_room->chat_id = fd_rooms_new_chat_id();
    thread_room->room = room;
    thread_room->thread_id = g_strdup(thread_id);
    thread_room->name = g_strdup(name);
    thread_room->components = components ? g_hash_table_ref(components) : NULL;
    thread_room->history = fd_history_new();
    thread_room->deliveries = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_ptr_array_add(account->thread_rooms, thread_room);
    opening = g_new0(Opening, 1);
    opening->account = account;
    opening->chat_id = thread_room->chat_id;
    fd_api_thread_show_async(account->api, room->flow->path, thread_id, account->cancellable, on_thread, opening);
}

void fd_thread_rooms_open(FdAccount *account, FdRoom *room, const char *thread_id)
{
    g_autofree char *id = g_strdup(thread_id);
    g_autofree char *name = name_for(room, id);

    if (show_flow(account, room))
        open_thread(account, room, id, NULL, NULL);
    else
        refuse_without_flow(account, room, name, NULL);
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
    g_autofree char *name = NULL, *id = NULL;
    const FdThread *thread;

    if (!room)
        return FALSE;
    name = g_strdup_printf("%s/%u", room->flow->path, number);
    if (!show_flow(account, room)) {
        refuse_without_flow(account, room, name, components);
        return TRUE;
    }
    /* Windows older than this connection have given their threads their numbers again. */
    thread = fd_threads_by_number(room->threads, number);
    id = thread ? g_strdup(thread->id) : NULL;
    if (id)
        open_thread(account, room, id, name, components);
    else
        refuse(account, name,
               _("There is no thread with this number yet. /threads in the room of the flow lists them."), components);
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
        GHashTable *components = g_steal_pointer(&thread_room->components);
        int chat_id = thread_room->chat_id;

        g_ptr_array_remove(account->thread_rooms, thread_room);
        fd_show_line(conv, _("The room of the flow was closed, and this one with it."), PURPLE_MESSAGE_SYSTEM);
        if (conv && !fd_account_is_closed(account))
            serv_got_chat_left(account->gc, chat_id);
        /* The host still waits for one that is being opened. */
        if (components && !fd_account_is_closed(account))
            purple_serv_got_join_chat_failed(account->gc, components);
        g_clear_pointer(&components, g_hash_table_unref);
    }
}
