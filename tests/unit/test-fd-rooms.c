/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-rooms: every way to name a flow, and flows that change. */
#include "flowdock/model/fd-rooms.h"

/* Makes a flow and puts it. */
static FdRoom *put(FdRooms *rooms, const char *id, const char *path, const char *name)
{
    return fd_rooms_put_flow(rooms, fd_flow_new(id, path, name, "Acme"));
}

static void add_user(FdFlow *flow, gint64 id, gboolean disabled, gboolean in_flow)
{
    FdUser *user = fd_user_new(id, NULL);

    user->disabled = disabled;
    user->in_flow = in_flow;
    if (!flow->users)
        flow->users = g_ptr_array_new_with_free_func((GDestroyNotify)fd_user_free);
    g_ptr_array_add(flow->users, user);
}

static void test_resolve(void)
{
    static const struct {
        const char *text;
        FdResolved resolved;
        const char *path;    /* of the room */
        const char *unknown; /* what is to be asked for, or the paths to choose from */
    } cases[] = {
        { "acme/main", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "  acme/main\n", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "#acme/main", FD_RESOLVED_ROOM, "acme/main", NULL },
        { " #acme/main ", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "ACME/Main", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "deadbeef", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "#deadbeef", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "irc:ottotest", FD_RESOLVED_ROOM, "irc/renamed", NULL },
        { "irc/ottotest", FD_RESOLVED_ROOM, "irc/renamed", NULL },
        { "irc/renamed", FD_RESOLVED_ROOM, "irc/renamed", NULL },
        { "https://api.flowdock.com/flows/acme/main", FD_RESOLVED_ROOM, "acme/main", NULL },
        { " https://www.flowdock.com/app/acme/main/threads/x ", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "https://acme.flowdock.com/flows/main", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "The Main One", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "#the main one", FD_RESOLVED_ROOM, "acme/main", NULL },
        { "\xc3\x84rger", FD_RESOLVED_ROOM, "acme/trouble", NULL },
        { "\xc3\xa4RGER", FD_RESOLVED_ROOM, "acme/trouble", NULL },
        { "talk/talk", FD_RESOLVED_ROOM, "acme/talk", NULL },
        { "Lobby", FD_RESOLVED_AMBIGUOUS, NULL, "acme/lobby, other/lobby" },
        { "lobby", FD_RESOLVED_AMBIGUOUS, NULL, "acme/lobby, other/lobby" },
        { "acme/lobby", FD_RESOLVED_ROOM, "acme/lobby", NULL },
        { "acme/unseen", FD_RESOLVED_PATH, NULL, "acme/unseen" },
        { "#acme/unseen", FD_RESOLVED_PATH, NULL, "acme/unseen" },
        { "https://www.flowdock.com/app/acme/unseen", FD_RESOLVED_PATH, NULL, "acme/unseen" },
        { "cafebabe", FD_RESOLVED_ID, NULL, "cafebabe" },
        { "acme:unseen", FD_RESOLVED_ID, NULL, "acme:unseen" },
        { "05654aa3-3b13-4a79-8cea-92ed45bdc9a5", FD_RESOLVED_ID, NULL, "05654aa3-3b13-4a79-8cea-92ed45bdc9a5" },
        { "", FD_RESOLVED_NOTHING, NULL, NULL },
        { "#", FD_RESOLVED_NOTHING, NULL, NULL },
        { " \t\n", FD_RESOLVED_NOTHING, NULL, NULL },
        { "No Such Flow", FD_RESOLVED_NOTHING, NULL, NULL },
        { "acme/", FD_RESOLVED_NOTHING, NULL, NULL },
        { "/main", FD_RESOLVED_NOTHING, NULL, NULL },
        { "/", FD_RESOLVED_NOTHING, NULL, NULL },
        { "acme/main/more", FD_RESOLVED_NOTHING, NULL, NULL },
        { "acme/ma in", FD_RESOLVED_NOTHING, NULL, NULL },
        { "https://www.flowdock.com/", FD_RESOLVED_NOTHING, NULL, NULL },
        { "https://www.example.com/other/place", FD_RESOLVED_NOTHING, NULL, NULL },
    };
    g_autoptr(FdRooms) rooms = fd_rooms_new();

    put(rooms, "deadbeef", "acme/main", "The Main One");
    put(rooms, "irc:ottotest", "irc/renamed", "Ottotest");
    put(rooms, "l1", "acme/lobby", "Lobby");
    put(rooms, "l2", "other/lobby", "LOBBY");
    put(rooms, "t", "acme/trouble", "\xc3\x84rger");
    put(rooms, "s", "acme/talk", "talk/talk");
    fd_rooms_get_private(rooms, 7);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *unknown = NULL;
        FdRoom *room = NULL;
        FdResolved resolved = fd_rooms_resolve(rooms, cases[i].text, &room, &unknown);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(resolved, ==, cases[i].resolved);
        g_assert_cmpstr(room ? room->flow->path : NULL, ==, cases[i].path);
        g_assert_cmpstr(unknown, ==, cases[i].unknown);
    }
}

/* A path comes before an id, and both before a name that happens to read the same. */
static void test_resolve_order(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    FdRoom *by_path = put(rooms, "1", "acme/main", "One");
    FdRoom *by_id = put(rooms, "main", "acme/two", "Two");
    FdRoom *room;
    char *unknown;

    put(rooms, "3", "acme/three", "acme/main");
    put(rooms, "4", "acme/four", "Main");
    put(rooms, "acme:main", "acme/five", "Five");
    g_assert_cmpint(fd_rooms_resolve(rooms, "acme/main", &room, &unknown), ==, FD_RESOLVED_ROOM);
    g_assert_true(room == by_path);
    g_assert_cmpint(fd_rooms_resolve(rooms, "main", &room, &unknown), ==, FD_RESOLVED_ROOM);
    g_assert_true(room == by_id);
}

static void test_ids(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    FdRoom *one = put(rooms, "org/flow", "org/flow", "One");
    FdRoom *two = put(rooms, "05654aa3-3b13", "org/two", "Two");

    g_assert_true(fd_rooms_by_flow_id(rooms, "org:flow") == one);
    g_assert_true(fd_rooms_by_flow_id(rooms, "org/flow") == one);
    g_assert_true(fd_rooms_by_flow_id(rooms, "05654aa3-3b13") == two);
    g_assert_null(fd_rooms_by_flow_id(rooms, "05654AA3-3B13"));
    g_assert_null(fd_rooms_by_flow_id(rooms, ""));
    /* The other way of writing it is the same flow. */
    g_assert_true(put(rooms, "org:flow", "org/flow", "One anew") == one);
    g_assert_cmpstr(one->flow->name, ==, "One anew");
    g_assert_cmpuint(fd_rooms_list(rooms)->len, ==, 2);
    g_assert_true(fd_rooms_by_path(rooms, "ORG/Two") == two);
    g_assert_null(fd_rooms_by_path(rooms, "05654aa3-3b13"));
}

static void test_path_changes(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    FdRoom *one = put(rooms, "1", "acme/old", "One");
    int chat_id = one->chat_id;

    one->shown = TRUE;
    g_assert_true(put(rooms, "1", "acme/new", "One") == one);
    g_assert_cmpint(one->chat_id, ==, chat_id);
    g_assert_true(one->shown);
    g_assert_true(fd_rooms_by_path(rooms, "acme/new") == one);
    g_assert_null(fd_rooms_by_path(rooms, "acme/old"));
    g_assert_cmpstr(fd_room_place(one).flow_path, ==, "acme/new");
}

/* Two flows exchange their paths: whichever is heard of first must not cost the other its own. */
static void test_paths_swap(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    FdRoom *one = put(rooms, "1", "acme/a", "One");
    FdRoom *two = put(rooms, "2", "acme/b", "Two");

    put(rooms, "2", "acme/a", "Two");
    g_assert_true(fd_rooms_by_path(rooms, "acme/a") == two);
    put(rooms, "1", "acme/b", "One");
    g_assert_true(fd_rooms_by_path(rooms, "acme/a") == two);
    g_assert_true(fd_rooms_by_path(rooms, "acme/b") == one);
}

static void test_chat_ids(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    FdRoom *one = put(rooms, "1", "acme/a", "A");
    FdRoom *private_room = fd_rooms_get_private(rooms, 7);
    FdRoom *two = put(rooms, "2", "acme/b", "B");

    g_assert_cmpint(one->chat_id, !=, 0);
    g_assert_cmpint(two->chat_id, !=, 0);
    g_assert_cmpint(one->chat_id, !=, two->chat_id);
    g_assert_true(fd_rooms_by_chat_id(rooms, one->chat_id) == one);
    g_assert_true(fd_rooms_by_chat_id(rooms, two->chat_id) == two);
    g_assert_null(fd_rooms_by_chat_id(rooms, 0));
    g_assert_null(fd_rooms_by_chat_id(rooms, -1));
    g_assert_null(fd_rooms_by_chat_id(rooms, G_MAXINT));
    g_assert_true(fd_rooms_list(rooms)->pdata[0] == one);
    g_assert_true(fd_rooms_list(rooms)->pdata[1] == private_room);
    g_assert_true(fd_rooms_list(rooms)->pdata[2] == two);
}

/* Windows of an earlier connection are still there, each with its number. */
static void test_chat_ids_of_two(void)
{
    FdRooms *earlier = fd_rooms_new();
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    int old_id = put(earlier, "1", "acme/a", "A")->chat_id;

    fd_rooms_free(earlier);
    g_assert_cmpint(put(rooms, "1", "acme/a", "A")->chat_id, >, old_id);
    g_assert_cmpint(fd_rooms_new_chat_id(), >, old_id + 1);
    g_assert_null(fd_rooms_by_chat_id(rooms, old_id));
}

static void test_private(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    FdRoom *room = fd_rooms_get_private(rooms, 7);
    FdRoom *other = fd_rooms_get_private(rooms, G_MAXINT64);
    FdApiPlace place = fd_room_place(room);

    g_assert_true(fd_rooms_get_private(rooms, 7) == room);
    g_assert_true(fd_rooms_get_private(rooms, G_MAXINT64) == other);
    g_assert_true(room != other);
    g_assert_null(room->flow);
    g_assert_true(room->history && room->outbox);
    g_assert_null(place.flow_path);
    g_assert_cmpint(place.user, ==, 7);
    g_assert_false(fd_room_has_member(room, 7));
}

static void test_members(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();
    FdFlow *flow = fd_flow_new("1", "acme/a", "A", "Acme");
    FdFlow *again = fd_flow_new("1", "acme/a", "A", "Acme");
    FdFlow *emptied = fd_flow_new("1", "acme/a", "A", "Acme");
    FdRoom *room;

    add_user(flow, 1, FALSE, TRUE);
    add_user(flow, 2, TRUE, TRUE);
    add_user(flow, 3, FALSE, FALSE);
    room = fd_rooms_put_flow(rooms, flow);
    g_assert_true(fd_room_has_member(room, 1));
    g_assert_false(fd_room_has_member(room, 2));
    g_assert_false(fd_room_has_member(room, 3));
    g_assert_false(fd_room_has_member(room, 4));
    /* An answer without people says nothing of them. */
    fd_rooms_put_flow(rooms, again);
    g_assert_true(fd_room_has_member(room, 1));
    emptied->users = g_ptr_array_new_with_free_func((GDestroyNotify)fd_user_free);
    fd_rooms_put_flow(rooms, emptied);
    g_assert_false(fd_room_has_member(room, 1));
}

static void test_many(void)
{
    g_autoptr(FdRooms) rooms = fd_rooms_new();

    for (guint i = 0; i < 2000; i++) {
        g_autofree char *id = g_strdup_printf("id%u", i);
        g_autofree char *path = g_strdup_printf("acme/flow-%u", i);

        put(rooms, id, path, "All The Same");
    }
    for (guint i = 0; i < 2000; i++) {
        g_autofree char *id = g_strdup_printf("id%u", i);
        g_autofree char *path = g_strdup_printf("acme/flow-%u", i);
        FdRoom *room = fd_rooms_by_flow_id(rooms, id);

        g_assert_true(room && room == fd_rooms_by_path(rooms, path));
        g_assert_true(room == fd_rooms_by_chat_id(rooms, room->chat_id));
    }
    fd_rooms_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/rooms/resolve", test_resolve);
    g_test_add_func("/flowdock/rooms/resolve-order", test_resolve_order);
    g_test_add_func("/flowdock/rooms/ids", test_ids);
    g_test_add_func("/flowdock/rooms/path-changes", test_path_changes);
    g_test_add_func("/flowdock/rooms/paths-swap", test_paths_swap);
    g_test_add_func("/flowdock/rooms/chat-ids", test_chat_ids);
    g_test_add_func("/flowdock/rooms/chat-ids-of-two", test_chat_ids_of_two);
    g_test_add_func("/flowdock/rooms/private", test_private);
    g_test_add_func("/flowdock/rooms/members", test_members);
    g_test_add_func("/flowdock/rooms/many", test_many);
    return g_test_run();
}
