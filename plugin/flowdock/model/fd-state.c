/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Root of one account's memory. */
#include "fd-state.h"

#include "../api/fd-api-users.h"
#include "net/net-error.h"

static void on_renamed(const FdPerson *person, const char *old, gpointer user_data)
{
    FdState *state = user_data;

    state->listener->renamed(person, old, state->listener_data);
}

static void on_people_changed(gpointer user_data)
{
    FdState *state = user_data;

    state->listener->people_changed(state->listener_data);
}

FdState *fd_state_new(FdApi *api, GCancellable *cancellable, const FdListener *listener, gpointer listener_data)
{
    FdState *state = g_new0(FdState, 1);

    state->api = fd_api_ref(api);
    state->cancellable = g_object_ref(cancellable);
    state->people = fd_people_new(on_renamed, on_people_changed, state);
    state->orgs = fd_orgs_new();
    state->leaving = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    state->rooms = fd_rooms_new();
    state->marks = fd_marks_new();
    state->listener = listener;
    state->listener_data = listener_data;
    return state;
}

void fd_state_free(FdState *state)
{
    if (!state)
        return;
    fd_rooms_free(state->rooms);
    fd_marks_free(state->marks);
    fd_people_free(state->people);
    fd_orgs_free(state->orgs);
    g_hash_table_unref(state->leaving);
    g_object_unref(state->cancellable);
    fd_api_unref(state->api);
    g_free(state);
}

gint64 fd_state_now_ms(void)
{
    return g_get_real_time() / 1000;
}

FdRoom *fd_state_put_flow(FdState *state, FdFlow *flow)
{
    gint64 now = fd_state_now_ms();

    for (guint i = 0; flow->users && i < flow->users->len; i++) {
        const FdUser *user = flow->users->pdata[i];

        fd_people_put(state->people, user);
        if (!user->disabled)
            fd_people_note_activity(state->people, user->id, MAX(user->last_ping_ms, user->last_activity_ms),
                                    user->last_activity_ms, now);
    }
    fd_orgs_put_flow(state->orgs, flow);
    return fd_rooms_put_flow(state->rooms, flow);
}

static gboolean is_listed(FdState *state, gint64 user)
{
    GPtrArray *rooms = fd_rooms_list(state->rooms);

    /* Of the others nothing is heard: their lists are old. */
    for (guint i = 0; i < rooms->len; i++)
        if (fd_state_is_current(rooms->pdata[i]) && fd_room_has_member(rooms->pdata[i], user))
            return TRUE;
    return FALSE;
}

void fd_state_note_change(FdState *state, FdRoom *room)
{
    room->changed = ++state->serial;
}

gboolean fd_state_changed_since(const FdRoom *room, guint serial)
{
    return room->changed > serial;
}

typedef struct {
    FdState *state;
    gint64 user;
} Lookup;

static void look_up_next(FdState *state);

static void on_looked_up(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Lookup *lookup = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdUser) user = fd_api_user_finish(result, &error);
    FdState *state = lookup->state;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    state->lookups--;
    /* Any other failure tells nothing. */
    if ((user && user->disabled) || g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND))
        fd_people_set_disabled(state->people, lookup->user, TRUE);
    fd_people_settle(state->people);
    look_up_next(state);
}

static void look_up_next(FdState *state)
{
    GHashTableIter iter;
    gpointer user;

    while (state->lookups < FD_STATE_MAX_LOOKUPS && g_hash_table_size(state->leaving) > 0) {
        Lookup *lookup = g_new0(Lookup, 1);

        g_hash_table_iter_init(&iter, state->leaving);
        g_hash_table_iter_next(&iter, &user, NULL);
        lookup->state = state;
        lookup->user = *(const gint64 *)user;
        g_hash_table_iter_remove(&iter);
        state->lookups++;
        fd_api_user_show_async(state->api, lookup->user, state->cancellable, on_looked_up, lookup);
    }
}

/* Who is in no flow of ours any more may still be in the organization: the service is asked. */
static void look_for_leavers(FdState *state, const FdRoom *room, GPtrArray *before)
{
    g_autoptr(GHashTable) now = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (guint i = 0; room->flow->users && i < room->flow->users->len; i++) {
        FdUser *user = room->flow->users->pdata[i];

        if (!user->disabled && user->in_flow)
            g_hash_table_add(now, &user->id);
    }
    for (guint i = 0; before && i < before->len; i++) {
        const FdUser *user = before->pdata[i];
        gint64 *id;

        if (user->disabled || !user->in_flow || user->id == state->self || g_hash_table_contains(now, &user->id) ||
            is_listed(state, user->id))
            continue;
        id = g_new(gint64, 1);
        *id = user->id;
        g_hash_table_add(state->leaving, id);
    }
    look_up_next(state);
}

FdRoom *fd_state_update_flow(FdState *state, FdFlow *flow)
{
    FdRoom *room = fd_rooms_by_flow_id(state->rooms, flow->id);
    g_autoptr(GPtrArray) before = room && room->flow->users ? g_ptr_array_ref(room->flow->users) : NULL;
    gboolean was_current;

    /* Of flows that are not ours nothing is heard. */
    was_current = room && fd_state_is_current(room);
    room = fd_state_put_flow(state, flow);
    if (was_current)
        look_for_leavers(state, room, before);
    fd_people_settle(state->people);
    state->listener->flow_changed(room, before, state->listener_data);
    return room;
}

gboolean fd_state_is_current(const FdRoom *room)
{
    return room->flow && room->flow->open && room->flow->joined && !room->flow->archived;
}

void fd_state_remove_flow(FdState *state, FdRoom *room, FdGone why, gint64 by)
{
    gboolean was_there = room->shown || fd_state_is_current(room);

    fd_state_note_change(state, room);
    room->flow->open = FALSE;
    if (why == FD_GONE_REMOVED)
        room->flow->joined = FALSE;
    if (was_there)
        state->listener->flow_removed(room, why, by, state->listener_data);
}

const FdPerson *fd_state_self(FdState *state)
{
    return fd_people_get(state->people, state->self);
}

FdRoom *fd_state_room_of(FdState *state, const FdMessage *message)
{
    gint64 other;

    if (message->flow)
        return fd_rooms_by_flow_id(state->rooms, message->flow);
    if (message->to == 0)
        return NULL;
    other = message->user == state->self ? message->to : message->user;
    return other > 0 ? fd_rooms_get_private(state->rooms, other) : NULL;
}

gboolean fd_state_deliver(FdState *state, FdRoom *room, const FdMessage *message, gboolean past)
{
    static const FdDelivery deliveries[] = {
        [FD_ECHO_NONE] = 0, [FD_ECHO_ROOM] = FD_DELIVERY_SENT_HERE, [FD_ECHO_THREAD] = FD_DELIVERY_IN_THREAD
    };
    FdDelivery delivery = 0;
    gboolean shown;
    g_autofree char *key = fd_room_key(room);

    if (message->user == state->self)
        delivery = deliveries[fd_outbox_confirm(room->outbox, message)];
    if (past && delivery == 0)
        delivery = FD_DELIVERY_PAST | (room->before > 0 && message->id > room->before ? FD_DELIVERY_MISSED : 0);
    if (message->id > 0)
        room->oldest = room->oldest > 0 ? MIN(room->oldest, message->id) : message->id;
    shown = state->listener->message(room, message, delivery, state->listener_data);
    /* Not before the host has it. */
    if (message->id > 0)
        fd_marks_raise(state->marks, key, message->id);
    return shown;
}

void fd_state_offer(FdState *state, FdRoom *room, FdMessage *message)
{
    g_autoptr(FdMessage) due = fd_history_offer(room->history, message);

    if (due)
        fd_state_deliver(state, room, due, FALSE);
}
