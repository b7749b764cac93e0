/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Root of one account's memory. The layers above learn of changes through one listener. */
#pragma once

#include "fd-marks.h"
#include "fd-orgs.h"
#include "fd-people.h"
#include "fd-rooms.h"

#include "../api/fd-api.h"

typedef enum {
    FD_DELIVERY_PAST = 1 << 0,      /* loaded from before this session: no news */
    FD_DELIVERY_SENT_HERE = 1 << 1, /* the user typed it in this host, in the room, which shows it already; */
    FD_DELIVERY_IN_THREAD = 1 << 2, /* or in the own room of its thread */
    FD_DELIVERY_MISSED = 1 << 3,    /* PAST, and it came while the user was away */
} FdDelivery;

/* Why a flow is no longer the user's. */
typedef enum {
    FD_GONE_REMOVED,  /* the user is no longer a member, or the flow is not there any more */
    FD_GONE_CLOSED,   /* closed in another client; the user is still a member */
    FD_GONE_ARCHIVED, /* by somebody, for everybody */
} FdGone;

/* What the listener is told; every pointer is valid during the call only. All members are needed. */
typedef struct {
    /* A message or stored event is due in @room, in its order, for the only time. Returns: whether there is a line for it. */
    gboolean (*message)(FdRoom *room, const FdMessage *message, FdDelivery delivery, gpointer user_data);
    /* @outgoing was not sent, because of @error; it waits in the room's outbox to be sent again. */
    void (*not_sent)(FdRoom *room, const FdOutgoing *outgoing, const GError *error, gpointer user_data);
    /* The past, or what came during a gap, could not be loaded; (nullable) @error: %NULL when there was too much. */
    void (*not_loaded)(FdRoom *room, const GError *error, gpointer user_data);
    /* More came in @room while the user was away than the past that is shown next. */
    void (*missed_more)(FdRoom *room, gpointer user_data);
    /* The flow of @room is as it is now; @before: (nullable) (element-type FdUser) its people until now. */
    void (*flow_changed)(FdRoom *room, GPtrArray *before, gpointer user_data);
    /* The user was added to the flow of @room, elsewhere or by others, and it is open. */
    void (*flow_added)(FdRoom *room, gpointer user_data);
    /* The flow of @room is no longer to be shown. @by: user id of who did it, 0: not known. */
    void (*flow_removed)(FdRoom *room, FdGone why, gint64 by, gpointer user_data);
    /* Someone's unique name has changed. */
    void (*renamed)(const FdPerson *person, const char *old, gpointer user_data);
    /* There are changes to be taken with fd_people_next_changed(). */
    void (*people_changed)(gpointer user_data);
} FdListener;

/* Which events of integrations show in rooms. */
typedef enum { FD_INBOX_SHOW_ALL, FD_INBOX_SHOW_THREADS, FD_INBOX_SHOW_NONE } FdInboxShown;

typedef struct {
    FdApi *api;
    FdInboxShown inbox;
    GCancellable *cancellable; /* cancelled at sign-off */
    FdPeople *people;
    FdOrgs *orgs;
    FdRooms *rooms;
    FdMarks *marks;      /* up to where rooms were shown, also in earlier sessions */
    gint64 self;         /* the user's own id */
    guint lookups;       /* calls under way that ask whether somebody is still there */
    GHashTable *leaving; /* set of gint64: who is to be asked for */
    guint serial;        /* of the last change that the user has seen, see fd_state_note_change() */
    const FdListener *listener;
    gpointer listener_data;
} FdState;

/* Such calls at once. */
#define FD_STATE_MAX_LOOKUPS 4

/**
 * fd_state_new:
 * @listener: with static storage duration
 */
FdState *fd_state_new(FdApi *api, GCancellable *cancellable, const FdListener *listener, gpointer listener_data);
void fd_state_free(FdState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdState, fd_state_free)

/**
 * fd_state_put_flow:
 * @flow: (transfer full)
 *
 * Takes in a flow and the people it lists; names are settled by the caller. (transfer none)
 */
FdRoom *fd_state_put_flow(FdState *state, FdFlow *flow);

/**
 * fd_state_update_flow:
 * @flow: (transfer full)
 *
 * The same for a flow that may be shown: names are settled, and the listener hears what has changed.
 */
FdRoom *fd_state_update_flow(FdState *state, FdFlow *flow);

/**
 * fd_state_remove_flow:
 * @by: user id of who did it, 0: not known
 *
 * The flow is not the user's any more, or not open: tells the listener, once.
 */
void fd_state_remove_flow(FdState *state, FdRoom *room, FdGone why, gint64 by);

/* Whether a flow is to be shown: the user's, open, and not archived. */
gboolean fd_state_is_current(const FdRoom *room);

/**
 * fd_state_note_change:
 *
 * The user, or an event, has opened, closed, made or left the flow of @room: an answer that was asked for before says nothing
 * about that, see fd_state_changed_since().
 */
void fd_state_note_change(FdState *state, FdRoom *room);
/* @serial: FdState.serial when the answer was asked for. */
gboolean fd_state_changed_since(const FdRoom *room, guint serial);

/* Milliseconds since 1970. */
gint64 fd_state_now_ms(void);

/* (nullable) (transfer none): the user. */
const FdPerson *fd_state_self(FdState *state);

/**
 * fd_state_room_of:
 *
 * Returns: (nullable) (transfer none): the conversation a message belongs to: its flow's, when we know
 *   it, or the private one with whoever of the two is not the user. Sheet: 3.10.
 */
FdRoom *fd_state_room_of(FdState *state, const FdMessage *message);

/**
 * fd_state_offer:
 * @message: (transfer full): from the stream or an answer
 *
 * Delivers a message to the listener now, later (while its room is loading), or not again.
 */
void fd_state_offer(FdState *state, FdRoom *room, FdMessage *message);

/* Tells the listener, whose answer it returns, and takes the user's own message out of the outbox. */
gboolean fd_state_deliver(FdState *state, FdRoom *room, const FdMessage *message, gboolean past);
