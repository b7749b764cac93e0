/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flows of an account and its private conversations, each with what was shown and what is to be sent. */
#pragma once

#include "fd-files.h"
#include "fd-history.h"
#include "fd-outbox.h"
#include "fd-recent.h"
#include "fd-threads.h"

#include "../api/fd-api-messages.h"

typedef struct {
    FdFlow *flow;    /* NULL: a private conversation */
    gint64 user;     /* private: the other person; else 0 */
    int chat_id;     /* flows: the host's number, the same for the whole session; never 0 */
    gboolean shown;  /* the host has it open */
    gboolean heard;  /* flows: the open streams bring its messages */
    gboolean loaded; /* its past was loaded when it was first shown */
    gint64 oldest;   /* the lowest id that was shown in this session, 0: none */
    guint changed;   /* serial of the last change, see fd_state_note_change() */
    gboolean raw;    /* the user wants its messages as they are typed */
    gboolean told;   /* that some came while the user was away */
    gint64 before;   /* what is above it came while the user was away; 0: not known */
    FdHistory *history;
    FdOutbox *outbox;
    FdThreads *threads;
    FdRecent *recent;
    FdFiles *files;
} FdRoom;

typedef struct _FdRooms FdRooms;

FdRooms *fd_rooms_new(void);
void fd_rooms_free(FdRooms *rooms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdRooms, fd_rooms_free)

/**
 * fd_rooms_put_flow:
 * @flow: (transfer full): as the service tells it now
 *
 * Adds a flow, or replaces what is known of it; people are kept when @flow has no list of them.
 *
 * Returns: (transfer none): its room.
 */
FdRoom *fd_rooms_put_flow(FdRooms *rooms, FdFlow *flow);

/* The private conversation with @user, made when there is none. (transfer none) */
FdRoom *fd_rooms_get_private(FdRooms *rooms, gint64 user);

/* Each: (nullable) (transfer none). A flow id is compared with '/' and ':' equal. Sheet: 3.4, "id". */
FdRoom *fd_rooms_by_flow_id(FdRooms *rooms, const char *id);
FdRoom *fd_rooms_by_path(FdRooms *rooms, const char *path);
FdRoom *fd_rooms_by_chat_id(FdRooms *rooms, int chat_id);

/* All rooms, in the order in which they became known. (transfer none) (element-type FdRoom) */
GPtrArray *fd_rooms_list(FdRooms *rooms);

typedef enum {
    FD_RESOLVED_ROOM,      /* known: see @room */
    FD_RESOLVED_PATH,      /* may be a flow we have not seen: see @unknown, an "org/flow" */
    FD_RESOLVED_ID,        /* may be the id of a flow we have not seen: see @unknown */
    FD_RESOLVED_AMBIGUOUS, /* the display name of several flows: see @unknown for their paths, one a comma */
    FD_RESOLVED_NOTHING,
} FdResolved;

/**
 * fd_rooms_resolve:
 * @text: what a person typed: "org/flow", a flow id, an API or web address, a unique display name;
 *   a leading # and white space around are fine
 * @room: (out) (transfer none)
 * @unknown: (out) (transfer full)
 *
 * Contract: "Rooms and people".
 */
FdResolved fd_rooms_resolve(FdRooms *rooms, const char *text, FdRoom **room, char **unknown);

/* A number for a chat of the host that no other chat has or had, of whatever account and connection. */
int fd_rooms_new_chat_id(void);

/* (transfer full): what the room is called in fd-marks. */
char *fd_room_key(const FdRoom *room);

/* The room's place for API calls; valid as long as the room is. */
FdApiPlace fd_room_place(const FdRoom *room);

/* (nullable) (transfer none): what the flow's list says of @user, a member or not. */
FdUser *fd_room_member(const FdRoom *room, gint64 user);

/* Whether @user is a member: not disabled, and in the flow. */
gboolean fd_room_has_member(const FdRoom *room, gint64 user);
