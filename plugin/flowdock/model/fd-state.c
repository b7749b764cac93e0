/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Root of one account's memory. */
#include "fd-state.h"

static void on_renamed(const FdPerson *person, const char *old, gpointer user_data)
{
    FdState *state = user_data;

    state->listener->renamed(person, old, state->listener_data);
}

FdState *fd_state_new(FdApi *api, GCancellable *cancellable, const FdListener *listener, gpointer listener_data)
{
    FdState *state = g_new0(FdState, 1);

    state->api = fd_api_ref(api);
    state->cancellable = g_object_ref(cancellable);
    state->people = fd_people_new(on_renamed, state);
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
    g_object_unref(state->cancellable);
    fd_api_unref(state->api);
    g_free(state);
}

FdRoom *fd_state_put_flow(FdState *state, FdFlow *flow)
{
    for (guint i = 0; flow->users && i < flow->users->len; i++)
        fd_people_put(state->people, flow->users->pdata[i]);
    return fd_rooms_put_flow(state->rooms, flow);
}

FdRoom *fd_state_update_flow(FdState *state, FdFlow *flow)
{
    FdRoom *room = fd_rooms_by_flow_id(state->rooms, flow->id);
    g_autoptr(GPtrArray) before = room && room->flow->users ? g_ptr_array_ref(room->flow->users) : NULL;

    room = fd_state_put_flow(state, flow);
    fd_people_settle(state->people);
    state->listener->flow_changed(room, before, state->listener_data);
    return room;
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
