/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flows of an account and its private conversations. */
#include "fd-rooms.h"

#include "../api/fd-decode.h"

#include <string.h>

struct _FdRooms {
    GPtrArray *list;        /* FdRoom, owned */
    GHashTable *by_flow_id; /* normalized id -> FdRoom */
    GHashTable *by_path;    /* folded path -> FdRoom */
    GHashTable *by_user;    /* gint64 in the room -> FdRoom */
};

static void room_free(gpointer data)
{
    FdRoom *room = data;

    fd_flow_free(room->flow);
    fd_history_free(room->history);
    fd_outbox_free(room->outbox);
    fd_threads_free(room->threads);
    fd_recent_free(room->recent);
    fd_files_free(room->files);
    g_free(room);
}

FdRooms *fd_rooms_new(void)
{
    FdRooms *rooms = g_new0(FdRooms, 1);

    rooms->list = g_ptr_array_new_with_free_func(room_free);
    rooms->by_flow_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    rooms->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    rooms->by_user = g_hash_table_new(g_int64_hash, g_int64_equal);
    return rooms;
}

void fd_rooms_free(FdRooms *rooms)
{
    if (!rooms)
        return;
    g_hash_table_unref(rooms->by_flow_id);
    g_hash_table_unref(rooms->by_path);
    g_hash_table_unref(rooms->by_user);
    g_ptr_array_unref(rooms->list);
    g_free(rooms);
}

/* For a time lists had "org/flow" where messages had "org:flow". */
static char *normal_id(const char *id)
{
    return g_strdelimit(g_strdup(id), "/", ':');
}

static FdRoom *new_room(FdRooms *rooms)
{
    FdRoom *room = g_new0(FdRoom, 1);

    room->history = fd_history_new();
    room->outbox = fd_outbox_new();
    room->threads = fd_threads_new();
    room->recent = fd_recent_new();
    room->files = fd_files_new();
    g_ptr_array_add(rooms->list, room);
    return room;
}

int fd_rooms_new_chat_id(void)
{
    /* Of the program, not of a connection: windows of earlier connections keep theirs, and hosts look them up by it. */
    static int last;

    return ++last;
}

FdRoom *fd_rooms_put_flow(FdRooms *rooms, FdFlow *flow)
{
    FdRoom *room = fd_rooms_by_flow_id(rooms, flow->id);

    if (room) {
        g_autofree char *old_path = g_utf8_casefold(room->flow->path, -1);

        if (!flow->users)
            flow->users = g_steal_pointer(&room->flow->users);
        if (!flow->open_told)
            flow->open = room->flow->open;
        /* Another flow may have taken the path over already. */
        if (g_hash_table_lookup(rooms->by_path, old_path) == room)
            g_hash_table_remove(rooms->by_path, old_path);
        fd_flow_free(room->flow);
    } else {
        room = new_room(rooms);
        room->chat_id = fd_rooms_new_chat_id();
        g_hash_table_insert(rooms->by_flow_id, normal_id(flow->id), room);
    }
    room->flow = flow;
    g_hash_table_insert(rooms->by_path, g_utf8_casefold(flow->path, -1), room);
    return room;
}

FdRoom *fd_rooms_get_private(FdRooms *rooms, gint64 user)
{
    FdRoom *room = g_hash_table_lookup(rooms->by_user, &user);

    if (!room) {
        room = new_room(rooms);
        room->user = user;
        g_hash_table_insert(rooms->by_user, &room->user, room);
    }
    return room;
}

FdRoom *fd_rooms_by_flow_id(FdRooms *rooms, const char *id)
{
    g_autofree char *normal = normal_id(id);

    return g_hash_table_lookup(rooms->by_flow_id, normal);
}

FdRoom *fd_rooms_by_path(FdRooms *rooms, const char *path)
{
    g_autofree char *folded = g_utf8_casefold(path, -1);

    return g_hash_table_lookup(rooms->by_path, folded);
}

FdRoom *fd_rooms_by_chat_id(FdRooms *rooms, int chat_id)
{
    for (guint i = 0; i < rooms->list->len; i++) {
        FdRoom *room = rooms->list->pdata[i];

        if (room->flow && room->chat_id == chat_id)
            return room;
    }
    return NULL;
}

GPtrArray *fd_rooms_list(FdRooms *rooms)
{
    return rooms->list;
}

static FdResolved resolve_display_name(FdRooms *rooms, const char *name, FdRoom **room, char **unknown)
{
    g_autofree char *folded = g_utf8_casefold(name, -1);
    g_autoptr(GString) paths = g_string_new(NULL);
    guint count = 0;

    for (guint i = 0; i < rooms->list->len; i++) {
        FdRoom *candidate = rooms->list->pdata[i];
        g_autofree char *other = candidate->flow ? g_utf8_casefold(candidate->flow->name, -1) : NULL;

        if (!other || strcmp(folded, other) != 0)
            continue;
        *room = candidate;
        g_string_append_printf(paths, "%s%s", count++ ? ", " : "", candidate->flow->path);
    }
    if (count == 1)
        return FD_RESOLVED_ROOM;
    *room = NULL;
    if (count == 0)
        return FD_RESOLVED_NOTHING;
    *unknown = g_strdup(paths->str);
    return FD_RESOLVED_AMBIGUOUS;
}

/* One slash, and something on both sides of it. */
static gboolean looks_like_path(const char *text)
{
    const char *slash = strchr(text, '/');

    return slash && slash > text && slash[1] && !strchr(slash + 1, '/') && !strpbrk(text, " :\t");
}

FdResolved fd_rooms_resolve(FdRooms *rooms, const char *text, FdRoom **room, char **unknown)
{
    g_autofree char *clean = g_strstrip(g_strdup(text));
    g_autofree char *from_url = fd_decode_flow_path(clean);
    const char *wanted = from_url ? from_url : clean;
    FdResolved by_name;

    *room = NULL;
    *unknown = NULL;
    if (*wanted == '#')
        wanted++;
    if (!*wanted)
        return FD_RESOLVED_NOTHING;
    *room = fd_rooms_by_path(rooms, wanted);
    if (!*room)
        *room = fd_rooms_by_flow_id(rooms, wanted);
    if (*room)
        return FD_RESOLVED_ROOM;
    by_name = resolve_display_name(rooms, wanted, room, unknown);
    if (by_name != FD_RESOLVED_NOTHING)
        return by_name;
    if (looks_like_path(wanted)) {
        *unknown = g_strdup(wanted);
        return FD_RESOLVED_PATH;
    }
    if (!strpbrk(wanted, " \t/")) {
        *unknown = g_strdup(wanted);
        return FD_RESOLVED_ID;
    }
    return FD_RESOLVED_NOTHING;
}

char *fd_room_key(const FdRoom *room)
{
    g_autofree char *id = room->flow ? normal_id(room->flow->id) : NULL;

    return id ? g_strconcat("flow ", id, NULL) : g_strdup_printf("private %" G_GINT64_FORMAT, room->user);
}

FdApiPlace fd_room_place(const FdRoom *room)
{
    FdApiPlace place = { .flow_path = room->flow ? room->flow->path : NULL, .user = room->user };

    return place;
}

FdUser *fd_room_member(const FdRoom *room, gint64 user)
{
    for (guint i = 0; room->flow && room->flow->users && i < room->flow->users->len; i++) {
        FdUser *member = room->flow->users->pdata[i];

        if (member->id == user)
            return member;
    }
    return NULL;
}

gboolean fd_room_has_member(const FdRoom *room, gint64 user)
{
    const FdUser *member = fd_room_member(room, user);

    return member && !member->disabled && member->in_flow;
}
