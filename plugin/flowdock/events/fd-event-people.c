/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events about who is where: names in them need not match ours, so the flow is read anew. Sheet: 5.3. */
#include "fd-event-kinds.h"

#include "../api/fd-decode.h"
#include "net/net-json.h"

#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Idle and active, as captured; between them nothing is known. Sheet: 5.3, "presence". */
#define STATE_IDLE 1000000
#define STATE_ACTIVE 2000000

/* Who left or was blocked: a user id, or an object that names the user; 0: nobody is named. */
static gint64 blocked_user(const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    JsonObject *description = net_json_object(content, "description");
    gint64 id = content ? 0 : net_json_node_int(message->content, 0);

    return id > 0 ? id : net_json_int(description ? description : content, "user", 0);
}

void fd_event_members(FdEventContext *context, const FdMessage *message)
{
    FdState *state = context->state;
    FdRoom *room = fd_state_room_of(state, message);
    const char *type = net_json_string(net_json_object_of(message->content), "type");
    gboolean is_action = strcmp(message->event, "action") == 0;
    gboolean is_block = g_strcmp0(is_action ? type : message->event, is_action ? "block" : "backend.user.block") == 0;
    gboolean about_people =
        !is_action || is_block || g_strcmp0(type, "join") == 0 || g_strcmp0(type, "add_people") == 0;

    if (!room || !room->flow || !about_people)
        return;
    if (is_block && blocked_user(message) == state->self)
        fd_state_remove_flow(state, room, FD_GONE_REMOVED, message->user);
    else
        fd_sync_flow(context->sync, room);
}

void fd_event_presence(FdEventContext *context, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    gint64 user = net_json_int(content, "user_id", message->user), state = net_json_int(content, "state", -1);

    if (state >= 0)
        fd_people_set_presence(context->state->people, user,
                               state < STATE_IDLE     ? FD_PRESENCE_OFFLINE
                               : state < STATE_ACTIVE ? FD_PRESENCE_IDLE
                                                      : FD_PRESENCE_ACTIVE,
                               fd_state_now_ms());
}

void fd_event_activity(FdEventContext *context, const FdMessage *message)
{
    gint64 now = fd_state_now_ms();
    gint64 last = fd_decode_time_ms(net_json_node(net_json_object_of(message->content), "last_activity"));

    /* It is not stored: whoever sends it is there now, whatever their clock says. */
    fd_people_note_activity(context->state->people, message->user, now, last, now);
}

void fd_event_status(FdEventContext *context, const FdMessage *message)
{
    const FdRoom *room = fd_state_room_of(context->state, message);
    const char *text = fd_message_get_text(message);
    FdUser *member = room && text ? fd_room_member(room, message->user) : NULL;
    g_autofree char *line = text ? fd_decode_status(text) : NULL;

    if (!text)
        return;
    if (member) {
        g_free(member->status);
        member->status = g_strdup(line);
    }
    fd_people_set_status(context->state->people, message->user, line);
}

void fd_event_user_edit(FdEventContext *context, const FdMessage *message)
{
    FdState *state = context->state;
    JsonNode *content = net_json_node(net_json_object_of(message->content), "user");
    JsonObject *object = net_json_object_of(content);
    g_autoptr(FdUser) user = fd_decode_user(content);
    const FdPerson *known = user ? fd_people_get(state->people, user->id) : NULL;

    if (!known)
        return;
    /* Some lists have none where others have one; here it was taken away. */
    if (json_object_has_member(object, "avatar") && json_object_get_null_member(object, "avatar"))
        user->avatar = g_strdup("");
    user->disabled = known->disabled;
    fd_people_put(state->people, user);
    fd_people_settle(state->people);
}

static FdRoom *flow_of(FdEventContext *context, const FdMessage *message, char **id)
{
    *id = net_json_id_text(net_json_object_of(message->content), "id");
    return *id ? fd_rooms_by_flow_id(context->state->rooms, *id) : NULL;
}

void fd_event_flow_add(FdEventContext *context, const FdMessage *message)
{
    g_autofree char *id = NULL;

    flow_of(context, message, &id);
    if (id)
        fd_sync_added_flow(context->sync, id);
}

void fd_event_flow_remove(FdEventContext *context, const FdMessage *message)
{
    g_autofree char *id = NULL;
    FdRoom *room = flow_of(context, message, &id);

    if (!room)
        return;
    fd_state_remove_flow(context->state, room, FD_GONE_REMOVED, 0);
}

/* What hosts do not show of themselves as a join or part. @subject is foreign. */
static char *say_action(const char *type, const char *subject)
{
    if (strcmp(type, "invite") == 0)
        return g_strdup_printf(_("invited %s"), subject);
    if (strcmp(type, "uninvite") == 0)
        return g_strdup_printf(_("withdrew the invitation of %s"), subject);
    if (strcmp(type, "decline") == 0)
        return g_strdup_printf(_("declined the invitation of %s"), subject);
    if (strcmp(type, "add_rss_feed") == 0)
        return g_strdup_printf(_("added the feed %s"), subject);
    if (strcmp(type, "remove_rss_feed") == 0)
        return g_strdup_printf(_("removed the feed %s"), subject);
    if (strcmp(type, "add_twitter_follow") == 0 || strcmp(type, "add_twitter_search") == 0)
        return g_strdup_printf(_("added the Twitter source %s"), subject);
    if (strcmp(type, "remove_twitter_follow") == 0 || strcmp(type, "remove_twitter_search") == 0)
        return g_strdup_printf(_("removed the Twitter source %s"), subject);
    return NULL;
}

/* Sheet: 5.3, "action types". */
char *fd_event_say_action(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    JsonObject *description = net_json_object(content, "description");
    const char *type = net_json_string(content, "type");
    const char *subject = description ? net_json_string(description, "email") : net_json_string(content, "description");
    g_autofree char *line = text_clean_line(subject);

    (void)state;
    return type && *line ? say_action(type, line) : NULL;
}
