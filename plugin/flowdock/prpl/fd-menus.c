/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Menus of buddies, chats and conversations. An item finds out anew what it is about: the account may be gone when it is chosen. */
#include "fd-menus.h"

#include "fd-buddies.h"
#include "fd-chats.h"
#include "fd-commands.h"
#include "fd-join.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"
#include "fd-xfers.h"

#include "text/text-escape.h"
#include "text/text-scan.h"

#include <conversation.h>
#include <notify.h>
#include <request.h>
#include <signals.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* What an item is about. */
typedef struct {
    FdAccount *account;     /* NULL: nothing */
    FdRoom *room;           /* (nullable): of a chat */
    const FdPerson *person; /* (nullable): of a buddy */
} Subject;

static FdAccount *ready(PurpleAccount *account)
{
    return g_strcmp0(purple_account_get_protocol_id(account), FD_PROTOCOL_ID) == 0
               ? fd_account_ready(purple_account_get_connection(account))
               : NULL;
}

static Subject subject_of(PurpleBlistNode *node)
{
    Subject subject = { 0 };

    if (PURPLE_BLIST_NODE_IS_CHAT(node)) {
        subject.account = ready(purple_chat_get_account((PurpleChat *)node));
        if (subject.account)
            subject.room = fd_join_room_of_chat(subject.account, (PurpleChat *)node);
    } else if (PURPLE_BLIST_NODE_IS_BUDDY(node)) {
        subject.account = ready(purple_buddy_get_account((PurpleBuddy *)node));
        if (subject.account)
            subject.person = fd_buddies_person(subject.account, (PurpleBuddy *)node);
    }
    return subject;
}

/* -------------------------------------------------------------------------------------------------------- addresses */

/* (transfer full) (nullable): who opens it must get to a web page and nothing else. */
static char *web_address(const char *foreign)
{
    g_autofree char *address = foreign ? text_scan_address(foreign, strlen(foreign)) : NULL;
    gboolean is_web = address && (g_ascii_strncasecmp(address, "http://", strlen("http://")) == 0 ||
                                  g_ascii_strncasecmp(address, "https://", strlen("https://")) == 0);

    return is_web ? g_steal_pointer(&address) : NULL;
}

static char *address_of(const Subject *subject)
{
    return web_address(subject->room ? subject->room->flow->web_url : subject->person->website);
}

static void open_address(const Subject *subject)
{
    const PurpleNotifyUiOps *ops = purple_notify_get_ui_ops();
    g_autofree char *address = address_of(subject);

    if (address && ops && ops->notify_uri)
        purple_notify_uri(subject->account->gc, address);
    else if (address)
        fd_show_info(subject->account, address);
}

static gboolean has_address(const Subject *subject)
{
    g_autofree char *address = address_of(subject);

    return address != NULL;
}

/* -------------------------------------------------------------------------------------------------------- questions */

/* What a question is about is told by a room of the account's memory, which lives as long as the question can be open: all
 * are closed at sign-off. (nullable): the account that has it. */
static FdAccount *account_with(const FdRoom *room)
{
    for (GList *item = purple_connections_get_all(); item; item = item->next) {
        FdAccount *account = ready(purple_connection_get_account(item->data));

        if (account && g_ptr_array_find(fd_rooms_list(account->state->rooms), room, NULL))
            return account;
    }
    return NULL;
}

static void ask(FdAccount *account, FdRoom *room, const char *primary, const char *secondary, const char *text,
                const char *ok, PurpleRequestInputCb answer)
{
    purple_request_input(account, _("Flowdock"), primary, secondary, text, FALSE, FALSE, NULL, ok, G_CALLBACK(answer),
                         _("Cancel"), NULL, account->account, NULL, NULL, room);
}

static void on_new_name(gpointer user_data, const char *text)
{
    FdRoom *room = user_data;
    FdAccount *account = account_with(room);
    g_autofree char *name = text_clean_line(text);

    if (account && *name && strcmp(name, room->flow->name) != 0)
        fd_commands_run(account, room, "rename", name, NULL);
}

static void ask_name(const Subject *subject)
{
    g_autofree char *title = fd_chats_title(subject->room);
    /* Translators: the title of a room. */
    g_autofree char *primary = g_strdup_printf(_("What shall %s be called?"), title);
    g_autofree char *name = text_clean_line(subject->room->flow->name);

    ask(subject->account, subject->room, primary, _("Everyone in the flow sees the new name. Its address stays."), name,
        _("Rename"), on_new_name);
}

static void invite(FdAccount *account, FdRoom *room, const char *who, const char *message)
{
    g_autofree char *wanted = text_clean_line(who);
    const FdPerson *person = fd_people_find(account->state->people, wanted);
    g_autofree char *why = NULL;

    if (person || strchr(wanted, '@')) {
        /* Which adds a colleague at once, and says so of a message that they do not get. */
        fd_commands_run(account, room, "invite", person ? person->shown : wanted, message);
    } else {
        /* Translators: what was typed for somebody. */
        why = g_strdup_printf(_("No colleague of yours is called \"%s\". To invite somebody else, give the e-mail "
                                "address."),
                              wanted);
        fd_show_problem(account, _("Nobody was invited."), why);
    }
}

static void on_guest(gpointer user_data, const char *text)
{
    FdAccount *account = account_with(user_data);

    if (account && text && *text)
        invite(account, user_data, text, NULL);
}

static void ask_guest(const Subject *subject)
{
    g_autofree char *title = fd_chats_title(subject->room);
    /* Translators: the title of a room. */
    g_autofree char *primary = g_strdup_printf(_("Whom do you invite to %s?"), title);

    ask(subject->account, subject->room, primary,
        _("A colleague's nick, or an e-mail address and, behind it, what you want to say."), NULL, _("Invite"),
        on_guest);
}

static void add_to(FdAccount *account, const FdPerson *person, const char *text)
{
    g_autofree char *unknown = NULL, *why = NULL;
    FdRoom *room = NULL;
    FdResolved resolved = fd_rooms_resolve(account->state->rooms, text, &room, &unknown);

    if (resolved == FD_RESOLVED_ROOM) {
        fd_commands_run(account, room, "add", person->shown, NULL);
        return;
    }
    if (resolved == FD_RESOLVED_AMBIGUOUS)
        why = g_strdup_printf(_("Several flows have this name. Say which one you mean: %s"), unknown);
    else
        why = g_strdup(_("There is no flow of this name. Give it as organization/flow."));
    fd_show_problem(account, _("Nobody was added."), why);
}

static void on_flow(gpointer user_data, const char *text)
{
    const FdRoom *room = user_data;
    FdAccount *account = account_with(room);

    if (account && text && *text)
        add_to(account, fd_people_get(account->state->people, room->user), text);
}

static void ask_flow(const Subject *subject)
{
    FdAccount *account = subject->account;
    /* Translators: a nick. */
    g_autofree char *primary = g_strdup_printf(_("To which flow do you add %s?"), subject->person->shown);

    ask(account, fd_rooms_get_private(account->state->rooms, subject->person->id), primary,
        _("The name of the flow, or organization/flow."), NULL, _("Add"), on_flow);
}

/* ------------------------------------------------------------------------------------------------------------ items */

static void close_flow(const Subject *subject)
{
    fd_chats_close_flow(subject->account, subject->room);
}

static gboolean is_joined(const Subject *subject)
{
    return subject->room->flow->joined && !subject->room->flow->archived;
}

static gboolean is_open(const Subject *subject)
{
    return is_joined(subject) && subject->room->flow->open;
}

static gboolean is_somebody_else(const Subject *subject)
{
    return subject->person->id != subject->account->state->self;
}

typedef struct {
    const char *label;
    gboolean (*fits)(const Subject *subject);
    void (*run)(const Subject *subject);
} Item;

static void list_sources(const Subject *subject)
{
    fd_commands_run(subject->account, subject->room, "sources", "", NULL);
}

static const Item chat_items[] = {
    /* Translators: items of menus. */
    { N_("Open in browser"), has_address, open_address },
    { N_("Rename…"), is_joined, ask_name },
    { N_("Invite…"), is_joined, ask_guest },
    { N_("Sources…"), is_joined, list_sources },
    { N_("Close flow"), is_open, close_flow },
};

static const Item buddy_items[] = {
    { N_("Open web site"), has_address, open_address },
    { N_("Add to a flow…"), is_somebody_else, ask_flow },
};

/* @data: the Item */
static void on_item(PurpleBlistNode *node, gpointer data)
{
    const Item *item = data;
    Subject subject = subject_of(node);

    if ((subject.room || subject.person) && item->fits(&subject))
        item->run(&subject);
}

GList *fd_menus_of(PurpleBlistNode *node)
{
    Subject subject = subject_of(node);
    const Item *items = subject.room ? chat_items : buddy_items;
    gsize count = subject.room ? G_N_ELEMENTS(chat_items) : subject.person ? G_N_ELEMENTS(buddy_items) : 0;
    GList *actions = NULL;

    for (gsize i = 0; i < count; i++)
        if (items[i].fits(&subject))
            actions = g_list_append(actions, purple_menu_action_new(_(items[i].label), PURPLE_CALLBACK(on_item),
                                                                    (gpointer)&items[i], NULL));
    return actions;
}

/* ------------------------------------------------------------------------------------------------------------ files */

/* So many of a conversation are in its menu, and so much of their names, in characters. */
#define MENU_FILES 10
#define MENU_CHARS 60

/* (transfer full) */
static char *label_of(const FdShared *shared)
{
    g_autofree char *name = fd_event_excerpt(shared->file->name, MENU_CHARS);
    g_autofree char *label = shared->user ? g_strdup_printf("%s (%s)", name, shared->who) : g_steal_pointer(&name);
    g_auto(GStrv) parts = g_strsplit(label, "_", -1);

    /* Where menus have keys, an underscore marks one, and two are one. */
    return g_strjoinv(fd_show_host_has_pictures() ? "__" : "_", parts);
}

static void fetch(FdAccount *account, FdRoom *room, int thread_chat, const FdShared *shared)
{
    g_autoptr(FdFile) file = fd_file_copy(shared->file);
    g_autofree char *who = g_strdup(shared->who);

    fd_xfers_fetch(account->xfers, room, thread_chat, file, who, NULL);
}

/* Of whatever is shown there now, which need not be the same as when the menu was made. @data: the number of the file. */
static void on_file(PurpleConversation *conv, gpointer data)
{
    FdAccount *account = ready(purple_conversation_get_account(conv));
    int thread_chat = 0;
    FdRoom *room = account ? fd_commands_room_of(account, conv, &thread_chat) : NULL;
    const FdShared *shared = room ? fd_files_by_number(room->files, GPOINTER_TO_UINT(data)) : NULL;

    if (shared)
        fetch(account, room, thread_chat, shared);
    else if (room)
        fd_show_line(conv, _("This file is not there any more. /files lists those that were shared here."),
                     PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM);
}

static void on_list_files(PurpleConversation *conv, gpointer data)
{
    FdAccount *account = ready(purple_conversation_get_account(conv));

    (void)data;
    if (account)
        fd_commands_run_in(account, conv, "files");
}

static void on_menu(PurpleConversation *conv, GList **menu, gpointer data)
{
    FdAccount *account = data;
    gboolean is_here = purple_conversation_get_account(conv) == account->account && ready(account->account);
    int thread_chat = 0;
    FdRoom *room = is_here ? fd_commands_room_of(account, conv, &thread_chat) : NULL;
    const FdThreadRoom *thread_room = thread_chat ? fd_thread_rooms_by_chat_id(account, thread_chat) : NULL;
    const char *thread_id = thread_room ? thread_room->thread_id : NULL;
    const FdShared *shared;
    GList *items = NULL;

    if (!room)
        return;
    for (guint i = 1; i <= MENU_FILES && (shared = fd_files_nth(room->files, i, thread_id)) != NULL; i++) {
        g_autofree char *label = label_of(shared);

        items = g_list_append(
            items, purple_menu_action_new(label, PURPLE_CALLBACK(on_file), GUINT_TO_POINTER(shared->number), NULL));
    }
    /* Translators: an item of a menu. */
    items = g_list_append(items, purple_menu_action_new(_("List files"), PURPLE_CALLBACK(on_list_files), NULL, NULL));
    /* Translators: a menu. */
    *menu = g_list_append(*menu, purple_menu_action_new(_("Files"), NULL, NULL, items));
}

void fd_menus_start(FdAccount *account)
{
    /* The handle goes with the connection's other signals, see fd_online_stop(). */
    purple_signal_connect(purple_conversations_get_handle(), "conversation-extended-menu", account->online,
                          PURPLE_CALLBACK(on_menu), account);
}

/* --------------------------------------------------------------------------------------------------------- inviting */

void fd_menus_invite(PurpleConnection *gc, int id, const char *message, const char *who)
{
    FdAccount *account = fd_account_of(gc);
    const FdThreadRoom *thread_room;
    FdRoom *room;

    if (account && account->poster)
        fd_show_problem(account, _("Nobody was invited."), _("With the token of a source nobody can be invited."));
    if (!fd_account_ready(gc) || !who)
        return;
    thread_room = fd_thread_rooms_by_chat_id(account, id);
    room = thread_room ? thread_room->room : fd_rooms_by_chat_id(account->state->rooms, id);
    /* bitlbee has a phrase of its own for each invitation, which nobody has typed. */
    if (room)
        invite(account, room, who, fd_show_host_is_irc() ? NULL : message);
}
