/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining a chat: from what a person typed to a flow that is open on the service and shown here. */
#include "fd-join.h"

#include "fd-chats.h"
#include "fd-online.h"
#include "fd-poster.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"

#include "flowdock/api/fd-api-flows.h"
#include "net/net-error.h"

#include <prpl.h>
#include <server.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* The one component of a chat. */
#define COMPONENT "flow"

/*
 *   typed text --resolved--> room --open--> shown
 *       |                     | not open          ^
 *       | unknown             +--> OPENING --> READING
 *       +--> FINDING --> room                 any failure: refused
 */
typedef struct {
    FdAccount *account;
    GHashTable *components; /* for the host, when it fails */
    char *text;             /* as typed */
    int chat_id;
} Join;

GList *fd_join_info(PurpleConnection *gc)
{
    struct proto_chat_entry *entry = g_new0(struct proto_chat_entry, 1);

    /* bitlbee asks without a connection. */
    (void)gc;
    entry->label = _("_Flow:");
    entry->identifier = COMPONENT;
    entry->required = TRUE;
    return g_list_append(NULL, entry);
}

static GHashTable *components_for(const char *flow)
{
    GHashTable *components = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

    if (flow)
        g_hash_table_insert(components, (gpointer)COMPONENT, g_strdup(flow));
    return components;
}

GHashTable *fd_join_info_defaults(PurpleConnection *gc, const char *name)
{
    (void)gc;
    return components_for(name);
}

char *fd_join_get_name(GHashTable *components)
{
    return g_strdup(g_hash_table_lookup(components, COMPONENT));
}

/* The room a saved chat means, (nullable) while it cannot be told. */
static FdRoom *room_of(FdAccount *account, const char *text)
{
    g_autofree char *unknown = NULL;
    FdRoom *room = NULL;

    if (account && text)
        fd_rooms_resolve(account->state->rooms, text, &room, &unknown);
    return room;
}

FdRoom *fd_join_room_of_chat(FdAccount *account, PurpleChat *chat)
{
    return room_of(account, g_hash_table_lookup(purple_chat_get_components(chat), COMPONENT));
}

static gboolean means(FdAccount *account, PurpleChat *chat, const char *name)
{
    const char *text = g_hash_table_lookup(purple_chat_get_components(chat), COMPONENT);
    FdRoom *wanted = room_of(account, name);

    if (!text)
        return FALSE;
    /* A chat may be saved under any of a flow's names. */
    return wanted ? room_of(account, text) == wanted : purple_utf8_strcasecmp(text, name) == 0;
}

PurpleChat *fd_join_find_blist(PurpleAccount *account, const char *name)
{
    FdAccount *ready = fd_account_ready(purple_account_get_connection(account));

    for (PurpleBlistNode *node = purple_blist_get_root(); node; node = purple_blist_node_next(node, TRUE))
        if (PURPLE_BLIST_NODE_IS_CHAT(node) && purple_chat_get_account((PurpleChat *)node) == account &&
            means(ready, (PurpleChat *)node, name))
            return (PurpleChat *)node;
    return NULL;
}

static void join_free(Join *join)
{
    g_hash_table_unref(join->components);
    g_free(join->text);
    g_free(join);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Join, join_free)

static void refuse(Join *join, const char *why)
{
    g_autofree char *primary = g_strdup_printf(_("The room \"%s\" cannot be opened."), join->text);

    fd_show_problem(join->account, primary, why);
    if (!fd_account_is_closed(join->account))
        purple_serv_got_join_chat_failed(join->account->gc, join->components);
}

static void refuse_error(Join *join, const GError *error)
{
    g_autofree char *why = NULL;

    if (g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND))
        why = g_strdup(_("There is no such flow, or it is not open to you. Give it as organization/flow, as in its "
                         "web address."));
    else if (fd_api_is_forbidden(error))
        why = g_strdup(_("You may not join it without an invitation."));
    else
        why = face_error_text(fd_account_errors, error);
    refuse(join, why);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Join) join = user_data;
    g_autoptr(GError) error = NULL;
    FdFlow *flow = fd_api_flow_finish(result, &error);
    FdRoom *room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    room = fd_rooms_by_chat_id(join->account->state->rooms, join->chat_id);
    if (flow)
        room = fd_state_update_flow(join->account->state, flow);
    /* The service has said yes; where its list does not show it yet, its word counts. */
    room->flow->open = TRUE;
    room->flow->joined = TRUE;
    fd_state_note_change(join->account->state, room);
    fd_chats_show(join->account, room);
    if (!fd_account_is_closed(join->account))
        fd_online_listen(join->account);
}

static void on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Join) join = user_data;
    g_autoptr(GError) error = NULL;
    gboolean opened = fd_api_flow_set_open_finish(result, &error);
    FdAccount *account = join->account;
    FdRoom *room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!opened) {
        refuse_error(join, error);
        return;
    }
    room = fd_rooms_by_chat_id(account->state->rooms, join->chat_id);
    fd_state_note_change(account->state, room);
    fd_api_flow_show_async(account->api, room->flow->path, account->cancellable, on_read, g_steal_pointer(&join));
}

static void open_room(Join *join, FdRoom *room)
{
    g_autoptr(Join) owned = join;
    FdAccount *account = join->account;

    if (room->flow->archived) {
        refuse(join, _("This flow is archived."));
    } else if (room->flow->open && room->flow->joined) {
        fd_chats_show(account, room);
    } else {
        join->chat_id = room->chat_id;
        fd_api_flow_set_open_async(account->api, room->flow->path, TRUE, account->cancellable, on_opened,
                                   g_steal_pointer(&owned));
    }
}

static void on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Join) join = user_data;
    g_autoptr(GError) error = NULL;
    FdFlow *flow = fd_api_flow_finish(result, &error);
    FdRoom *room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (error) {
        refuse_error(join, error);
        return;
    }
    room = fd_state_update_flow(join->account->state, flow);
    open_room(g_steal_pointer(&join), room);
}

void fd_join(PurpleConnection *gc, GHashTable *components)
{
    FdAccount *account = fd_account_of(gc);
    const char *text = g_hash_table_lookup(components, COMPONENT);
    g_autoptr(Join) join = NULL;
    g_autofree char *unknown = NULL, *why = NULL;
    FdRoom *room = NULL;

    if (account && account->poster)
        fd_poster_join(account->poster, components, text ? text : "");
    if (!fd_account_ready(gc) || (text && fd_thread_rooms_join(account, components, text)))
        return;
    join = g_new0(Join, 1);
    join->account = account;
    join->text = g_strdup(text ? text : "");
    join->components = components_for(text);
    switch (fd_rooms_resolve(account->state->rooms, join->text, &room, &unknown)) {
    case FD_RESOLVED_ROOM:
        open_room(g_steal_pointer(&join), room);
        break;
    case FD_RESOLVED_PATH:
        fd_api_flow_show_async(account->api, unknown, account->cancellable, on_found, g_steal_pointer(&join));
        break;
    case FD_RESOLVED_ID:
        fd_api_flow_find_async(account->api, unknown, account->cancellable, on_found, g_steal_pointer(&join));
        break;
    case FD_RESOLVED_AMBIGUOUS:
        why = g_strdup_printf(_("Several flows have this name. Say which one you mean: %s"), unknown);
        refuse(join, why);
        break;
    case FD_RESOLVED_NOTHING:
        refuse(join, *join->text ? _("There is no flow of this name. Give it as organization/flow.")
                                 : _("Give the flow as organization/flow."));
        break;
    }
}

void fd_join_flow(FdAccount *account, const char *text)
{
    g_autoptr(GHashTable) components = components_for(text);

    fd_join(account->gc, components);
}
