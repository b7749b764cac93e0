/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of threads as rooms, and of windows: hosts that close, leave or sign off in the middle of a call of ours to them
 * (which some of the time only a sanitizer notices), windows of earlier connections, and what is older than they show. */
#include "host.h"

#include <string.h>

typedef HostFixture Fixture;

static void type_in(Fixture *fixture, const char *room, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    host_type_in_room(fixture->account, room, html);
}

static void type(Fixture *fixture, const char *text)
{
    type_in(fixture, "acme/main", text);
}

/* Somebody says something, and it is there. Returns: the id. */
static gint64 hear(Fixture *fixture, const char *text)
{
    gint64 id = fake_server_say(fixture->server, "acme/main", 2, text);
    g_autofree char *shown = g_strdup_printf("chat acme/main <*> *%s", text);

    host_wait(shown);
    host_record_clear();
    return id;
}

/* Hubot answers, and it is there. */
static void answer(Fixture *fixture, gint64 parent, const char *text)
{
    g_autofree char *shown = g_strdup_printf("chat acme/main <Hubot> * %s", text);

    fake_server_reply(fixture->server, "acme/main", 42, parent, text);
    host_wait(shown);
    host_record_clear();
}

/* Opens thread 1. Returns: the id of its first message. */
static gint64 open_thread(Fixture *fixture)
{
    gint64 first = hear(fixture, "Login page");

    answer(fixture, first, "Broken");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Hubot> RECV+DELAYED Broken");
    host_record_clear();
    return first;
}

static void reconnect(Fixture *fixture)
{
    host_sign_off(fixture->account);
    host_sign_on_ready(fixture->account, fixture->server);
}

static guint count_windows(const char *name)
{
    guint count = 0;

    for (GList *item = purple_get_chats(); item; item = item->next)
        count += g_str_equal(purple_conversation_get_name(item->data), name);
    return count;
}

#define TOLD " <Flowdock> RECV+SYSTEM "

/* --------------------------------------------------------------------------------------------- in the middle of a call */

/* Where the host interferes, and how. */
typedef struct {
    const char *name;
    const char *signal;
    PurpleCallback callback;
    const char *text; /* (nullable): in the line or title at which it does */
} Moment;

typedef struct {
    const char *name;
    void (*act)(PurpleConversation *conv);
} Deed;

static struct {
    const char *room;
    const char *text;
    const Deed *deed;
    guint count;
} trap;

static void close_window(PurpleConversation *conv)
{
    purple_conversation_destroy(conv);
}

static void leave(PurpleConversation *conv)
{
    PurpleConnection *gc = purple_conversation_get_gc(conv);
    int id = purple_conv_chat_get_id(PURPLE_CONV_CHAT(conv));

    serv_chat_leave(gc, id);
    serv_got_chat_left(gc, id);
}

static void sign_off(PurpleConversation *conv)
{
    purple_account_disconnect(purple_conversation_get_account(conv));
}

static const Deed deeds[] = { { "close", close_window }, { "leave", leave }, { "sign-off", sign_off } };

static void spring(PurpleConversation *conv)
{
    if (!trap.room || !g_str_equal(purple_conversation_get_name(conv), trap.room))
        return;
    trap.room = NULL;
    trap.count++;
    trap.deed->act(conv);
}

static void on_joined(PurpleConversation *conv, gpointer data)
{
    (void)data;
    spring(conv);
}

static void on_updated(PurpleConversation *conv, PurpleConvUpdateType what, gpointer data)
{
    (void)data;
    if (what == PURPLE_CONV_UPDATE_TITLE && strstr(purple_conversation_get_title(conv), trap.text))
        spring(conv);
}

static void on_topic(PurpleConversation *conv, const char *who, const char *topic, gpointer data)
{
    (void)who, (void)topic, (void)data;
    spring(conv);
}

static void on_wrote(PurpleAccount *account, const char *who, char *text, PurpleConversation *conv,
                     PurpleMessageFlags flags, gpointer data)
{
    (void)account, (void)who, (void)flags, (void)data;
    if (strstr(text, trap.text))
        spring(conv);
}

static void set_trap(const Moment *moment, const Deed *deed, const char *room)
{
    g_test_message("%s: %s", moment->name, deed->name);
    trap.room = room;
    trap.text = moment->text;
    trap.deed = deed;
    trap.count = 0;
    purple_signal_connect(purple_conversations_get_handle(), moment->signal, &trap, moment->callback, NULL);
}

/* Once it has sprung, and all that was due after it is done. */
static void end_trap(Fixture *fixture)
{
    test_until(trap.count == 1);
    test_settle();
    purple_signals_disconnect_by_handle(&trap);
    if (!host_is_online(fixture->account))
        host_sign_on_ready(fixture->account, fixture->server);
    host_record_clear();
}

static const Moment thread_moments[] = {
    { "joined", "chat-joined", PURPLE_CALLBACK(on_joined), NULL },
    { "title", "conversation-updated", PURPLE_CALLBACK(on_updated), "[1: Login" },
    { "topic", "chat-topic-changed", PURPLE_CALLBACK(on_topic), NULL },
    { "line", "wrote-chat-msg", PURPLE_CALLBACK(on_wrote), "This is the thread" },
    { "first-message", "wrote-chat-msg", PURPLE_CALLBACK(on_wrote), "Login page" },
    { "last-message", "wrote-chat-msg", PURPLE_CALLBACK(on_wrote), "Broken" },
};

static void test_interrupted(Fixture *fixture, gconstpointer data)
{
    const Moment *moment = data;
    gint64 first = hear(fixture, "Login page");

    answer(fixture, first, "Broken");
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        set_trap(moment, &deeds[i], "acme/main/1");
        type(fixture, "/show 1 open");
        end_trap(fixture);
        /* It can be opened again, and is whole then. */
        if (host_room(fixture->account, "acme/main/1"))
            host_close_room(fixture->account, "acme/main/1");
        host_record_clear();
        type(fixture, "/threads");
        host_wait("*[1: Login page]*");
        type(fixture, "/show 1 open");
        host_wait("chat acme/main/1 <Hubot> RECV+DELAYED Broken");
        g_assert_cmpuint(host_record_count("chat acme/main/1 <Ann> *Login page"), ==, 1);
        g_assert_cmpuint(count_windows("acme/main/1"), ==, 1);
        host_close_room(fixture->account, "acme/main/1");
        host_record_clear();
    }
}

/* The line that tells of a failure is a call to the host, too. */
static void test_interrupted_failure(Fixture *fixture, gconstpointer data)
{
    static const Moment moment = { "failure", "wrote-chat-msg", PURPLE_CALLBACK(on_wrote), "could not be loaded" };
    FakeFault fault = { .method = "GET", .path = "*/threads/*/messages", .status = 500, .body = "" };
    gint64 first = hear(fixture, "Login page");

    (void)data;
    answer(fixture, first, "Broken");
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        fault.count = -1;
        fake_server_fault(fixture->server, &fault);
        set_trap(&moment, &deeds[i], "acme/main/1");
        type(fixture, "/threads");
        host_wait("*[1: Login page]*");
        type(fixture, "/show 1 open");
        end_trap(fixture);
        fake_server_clear_faults(fixture->server);
        if (host_room(fixture->account, "acme/main/1"))
            host_close_room(fixture->account, "acme/main/1");
    }
}

static const Moment flow_moments[] = {
    { "joined", "chat-joined", PURPLE_CALLBACK(on_joined), NULL },
    { "title", "conversation-updated", PURPLE_CALLBACK(on_updated), "Lobby (Acme)" },
    { "topic", "chat-topic-changed", PURPLE_CALLBACK(on_topic), NULL },
    { "line", "wrote-chat-msg", PURPLE_CALLBACK(on_wrote), "This is Lobby" },
};

static void test_interrupted_flow(Fixture *fixture, gconstpointer data)
{
    const Moment *moment = data;

    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        set_trap(moment, &deeds[i], "acme/lobby");
        host_join(fixture->account, "acme/lobby");
        end_trap(fixture);
        if (host_room(fixture->account, "acme/lobby"))
            host_close_room(fixture->account, "acme/lobby");
        host_record_clear();
        host_join(fixture->account, "acme/lobby");
        host_wait("chat acme/lobby <Flowdock> RECV+SYSTEM This is Lobby (Acme).");
        host_close_room(fixture->account, "acme/lobby");
        host_record_clear();
    }
}

static void on_left(PurpleConversation *conv, const char *name, const char *reason, gpointer data)
{
    (void)name, (void)reason, (void)data;
    spring(conv);
}

/* A change of the flow's people goes on in the rooms of its threads, unless there is no account any more. */
static void test_interrupted_members(Fixture *fixture, gconstpointer data)
{
    static const Moment moment = { "part", "chat-buddy-left", PURPLE_CALLBACK(on_left), NULL };

    (void)data;
    open_thread(fixture);
    set_trap(&moment, &deeds[2], "acme/main");
    fake_server_remove_member(fixture->server, "acme/main", 2);
    test_until(trap.count == 1);
    g_assert_cmpuint(host_record_count("part acme/main/1 Ann"), ==, 0);
    end_trap(fixture);
}

/* --------------------------------------------------------------------------------------------- windows and their numbers */

static void test_old_windows(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);
    gint64 first = hear(fixture, "Login page"), second = hear(fixture, "Logo");

    (void)data;
    answer(fixture, first, "Broken");
    answer(fixture, second, "Blue");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Hubot> *");
    reconnect(fixture);
    type(fixture, "/threads");
    host_wait("*[2: Logo]*");
    type(fixture, "/show 2 open");
    host_wait("chat acme/main/2 <Hubot> *");
    reconnect(fixture);
    host_join(fixture->account, "acme/main/1");
    host_wait("chat acme/main/1"
              "*This is the thread*");
    host_record_clear();
    /* Only one of both is open, though both windows are there. */
    fake_server_reply(fixture->server, "acme/main", 42, first, "Mended");
    host_wait("chat acme/main/1 <Hubot> RECV Mended");
    g_assert_cmpuint(host_record_count("chat acme/main/2 *"), ==, 0);
    host_record_clear();
    type_in(fixture, "acme/main/1", "/frobnicate");
    host_wait("chat acme/main/1 <Flowdock> RECV+ERROR There is no command*");
    for (GList *item = purple_get_chats(); item; item = item->next)
        g_assert_true(g_hash_table_add(ids, GINT_TO_POINTER(purple_conv_chat_get_id(PURPLE_CONV_CHAT(item->data)))));
    /* Each window goes on where it stopped. */
    reconnect(fixture);
    fake_server_reply(fixture->server, "acme/main", 42, second, "Green");
    host_wait("chat acme/main <Hubot> * Green");
    host_record_clear();
    host_join(fixture->account, "acme/main/2");
    host_join(fixture->account, "acme/main/1");
    host_wait("chat acme/main/2 <Hubot> * Green");
    host_wait("chat acme/main/1"
              "*This is the thread*");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main/2 <Hubot> *"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main/1 <Hubot> *"), ==, 0);
}

/* A thread's messages come through the room of its flow. */
static void test_join_without_flow(Fixture *fixture, gconstpointer data)
{
    gint64 first = open_thread(fixture);

    (void)data;
    host_close_room(fixture->account, "acme/main/1");
    host_close_room(fixture->account, "acme/main");
    host_record_clear();
    host_join(fixture->account, "acme/main/1");
    host_wait("room acme/main");
    host_wait("chat acme/main/1 <Hubot> RECV+DELAYED Broken");
    host_record_clear();
    fake_server_reply(fixture->server, "acme/main", 42, first, "Mended");
    host_wait("chat acme/main/1 <Hubot> RECV Mended");
    type_in(fixture, "acme/main/1", "Thanks");
    host_wait("chat acme/main/1 <Demo> SEND Thanks");
    /* Not of a flow that is closed. */
    fake_server_remove_member(fixture->server, "acme/main", 1);
    test_until(purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main"))));
    host_record_clear();
    host_join(fixture->account, "acme/main/1");
    host_expect("error The room \"acme/main/1\" cannot be opened. | Its flow is not open here. Join the room acme/main "
                "first.");
    g_assert_true(purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(fixture->account, "acme/main/1"))));
}

static void on_join_failed(PurpleConnection *gc, GHashTable *components, gpointer data)
{
    guint *count = data;

    (void)gc;
    g_assert_nonnull(components);
    ++*count;
}

static void test_asked_twice(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .method = "GET", .path = "*/threads/*", .status = 500, .body = "", .count = 1 };
    gint64 first = hear(fixture, "Login page");
    guint failures = 0;

    (void)data;
    answer(fixture, first, "Broken");
    fake_server_fault(fixture->server, &fault);
    purple_signal_connect(purple_conversations_get_handle(), "chat-join-failed", &failures,
                          PURPLE_CALLBACK(on_join_failed), &failures);
    /* The host that has joined it hears of the failure, whoever has asked first. */
    type(fixture, "/show 1 open");
    host_join(fixture->account, "acme/main/1");
    host_join(fixture->account, "acme/main/1");
    host_wait("error The room \"acme/main/1\" cannot be opened. | *");
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    g_assert_cmpuint(failures, ==, 1);
    host_record_clear();
    host_join(fixture->account, "acme/main/1");
    type(fixture, "/show 1 open");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Hubot> RECV+DELAYED Broken");
    host_join(fixture->account, "acme/main/1");
    test_settle();
    g_assert_cmpuint(count_windows("acme/main/1"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main/1 <Hubot> *"), ==, 1);
    g_assert_cmpuint(failures, ==, 1);
    /* The flow's room closes while the thread's is being opened. */
    host_close_room(fixture->account, "acme/main/1");
    host_join(fixture->account, "acme/main/1");
    host_close_room(fixture->account, "acme/main");
    g_assert_cmpuint(failures, ==, 2);
    test_settle();
    g_assert_cmpuint(count_windows("acme/main/1"), ==, 0);
    purple_signals_disconnect_by_handle(&failures);
}

/* -------------------------------------------------------------------------------------------------------- what they show */

/* What is typed there while it loads is the user's own line all the same, which bitlbee must not show again. */
static void test_typed_while_loading(Fixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .method = "GET", .path = "*/threads/*/messages", .count = 1 };
    gint64 first = hear(fixture, "Login page");

    (void)data;
    answer(fixture, first, "Broken");
    fake_server_fault(fixture->server, &stall);
    type(fixture, "/show 1 open");
    test_until(fake_server_stalled(fixture->server) == 1);
    type_in(fixture, "acme/main/1", "quick");
    host_wait("chat acme/main <Demo> SEND+REMOTE_SEND * quick");
    type(fixture, "/thread 1 from outside");
    host_wait("chat acme/main <Demo> SEND * from outside");
    host_record_clear();
    fake_server_clear_faults(fixture->server);
    host_expect("chat acme/main/1 <Ann> RECV+DELAYED Login page\n"
                "chat acme/main/1 <Hubot> RECV+DELAYED Broken\n"
                "chat acme/main/1 <Demo> SEND quick\n"
                "chat acme/main/1 <Demo> SEND+REMOTE_SEND from outside");
}

static void test_titles(Fixture *fixture, gconstpointer data)
{
    g_autofree char *words = g_strnfill(3000, 'x');
    gint64 longer = hear(fixture, words), empty = fake_server_say(fixture->server, "acme/main", 2, "\xe2\x80\xad");
    PurpleConversation *conv;

    (void)data;
    answer(fixture, longer, "Broken");
    answer(fixture, empty, "Blue");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Hubot> *");
    conv = host_room(fixture->account, "acme/main/1");
    g_assert_true(g_str_has_prefix(purple_conversation_get_title(conv), "[1: xxx"));
    g_assert_true(g_str_has_suffix(purple_conversation_get_title(conv), "x…] (acme/main)"));
    g_assert_cmpuint(strlen(purple_conversation_get_title(conv)), <, 100);
    g_assert_cmpstr(purple_conv_chat_get_topic(PURPLE_CONV_CHAT(conv)), ==, purple_conversation_get_title(conv));
    type(fixture, "/show 2 open");
    host_wait("chat acme/main/2 <Hubot> *");
    g_assert_cmpstr(purple_conversation_get_title(host_room(fixture->account, "acme/main/2")), ==,
                    "Thread 2 (acme/main)");
}

/* ----------------------------------------------------------------------------------------------------------------- older */

/* A thread of @replies answers, "answer 1" and so on, with others in the flow between them; opened, shows the last 50. */
static void open_long_thread(Fixture *fixture, guint replies)
{
    gint64 first = hear(fixture, "Login page");
    g_autofree char *last = g_strdup_printf("chat acme/main/1 <Hubot> RECV+DELAYED answer %u", replies);

    for (guint i = 1; i <= replies; i++) {
        g_autofree char *text = g_strdup_printf("answer %u", i);

        fake_server_reply(fixture->server, "acme/main", 42, first, text);
        if (i % 10 == 0)
            fake_server_say(fixture->server, "acme/main", 2, "elsewhere");
    }
    hear(fixture, "end");
    type(fixture, "/show 1 open");
    host_wait(last);
    g_assert_cmpuint(host_record_count("chat acme/main/1 <*> RECV+DELAYED *"), ==, 50);
    host_record_clear();
}

static void test_older(Fixture *fixture, gconstpointer data)
{
    (void)data;
    open_long_thread(fixture, 200);
    type_in(fixture, "acme/main/1", "/history 2");
    host_expect("chat acme/main/1 <Hubot> RECV+DELAYED answer 149\n"
                "chat acme/main/1 <Hubot> RECV+DELAYED answer 150\n"
                "chat acme/main/1" TOLD "Those were 2 older messages.");
    /* As many calls as it takes. */
    type_in(fixture, "acme/main/1", "/history 500");
    host_wait("chat acme/main/1" TOLD "Those were 149 older messages.");
    g_assert_true(g_str_has_prefix(host_record_text(), "chat acme/main/1 <Ann> RECV+DELAYED Login page\n"
                                                       "chat acme/main/1 <Hubot> RECV+DELAYED answer 1\n"));
    g_assert_cmpuint(host_record_count("*"), ==, 150);
    host_record_clear();
    type_in(fixture, "acme/main/1", "/history");
    host_expect("chat acme/main/1" TOLD "There is nothing older.");
    g_assert_cmpuint(host_record_count("chat acme/main *"), ==, 0);
}

/* Its window shows them after a reconnect; a new one does not. */
static void test_older_again(Fixture *fixture, gconstpointer data)
{
    (void)data;
    open_long_thread(fixture, 60);
    type_in(fixture, "acme/main/1", "/history 5");
    host_wait("*Those were 5 older messages.");
    reconnect(fixture);
    host_join(fixture->account, "acme/main/1");
    host_wait("chat acme/main/1 *This is the thread*");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main/1 <Hubot> *"), ==, 0);
    host_record_clear();
    type_in(fixture, "acme/main/1", "/history 1");
    host_expect("chat acme/main/1 <Hubot> RECV+DELAYED answer 5\n"
                "chat acme/main/1" TOLD "That was 1 older message.");
    host_close_room(fixture->account, "acme/main/1");
    host_join(fixture->account, "acme/main/1");
    host_wait("chat acme/main/1 <Hubot> RECV+DELAYED answer 60");
    host_record_clear();
    type_in(fixture, "acme/main/1", "/history 1");
    host_expect("chat acme/main/1 <Hubot> RECV+DELAYED answer 10\n"
                "chat acme/main/1" TOLD "That was 1 older message.");
}

static void test_older_troubles(Fixture *fixture, gconstpointer data)
{
    FakeFault fault = { .method = "GET", .path = "*/threads/*/messages", .status = 500, .body = "", .count = 1 };
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .method = "GET", .path = "*/threads/*/messages", .count = 1 };

    (void)data;
    open_long_thread(fixture, 60);
    fake_server_fault(fixture->server, &fault);
    type_in(fixture, "acme/main/1", "/history 1");
    host_wait("chat acme/main/1 <Flowdock> RECV+ERROR *You typed: /history 1");
    fake_server_fault(fixture->server, &stall);
    type_in(fixture, "acme/main/1", "/history 1");
    test_until(fake_server_stalled(fixture->server) == 1);
    host_record_clear();
    type_in(fixture, "acme/main/1", "/history 1");
    host_expect("chat acme/main/1" TOLD "Older messages are being loaded already.");
    /* Closed meanwhile: nobody is told. */
    host_close_room(fixture->account, "acme/main/1");
    fake_server_clear_faults(fixture->server);
    test_until(fake_server_stalled(fixture->server) == 0);
    test_settle();
    g_assert_cmpuint(host_record_count("chat*"), ==, 0);
}

/* A gap in a thread's window of any length is closed when it is opened again. */
static void test_gap(Fixture *fixture, gconstpointer data)
{
    gint64 first = open_thread(fixture);

    (void)data;
    host_sign_off(fixture->account);
    for (guint i = 1; i <= 250; i++) {
        g_autofree char *text = g_strdup_printf("answer %u", i);

        fake_server_reply(fixture->server, "acme/main", 42, first, text);
    }
    host_sign_on_ready(fixture->account, fixture->server);
    host_join(fixture->account, "acme/main/1");
    host_wait("chat acme/main/1 <Hubot> RECV+DELAYED answer 250");
    g_assert_cmpuint(host_record_count("chat acme/main/1 <Hubot> RECV+DELAYED answer *"), ==, 250);
}

/* ----------------------------------------------------------------------------------------------------- older, in a flow */

static void test_history_reconnect(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint i = 1; i <= 3; i++) {
        g_autofree char *text = g_strdup_printf("before %u", i);

        hear(fixture, text);
    }
    host_sign_off(fixture->account);
    host_close_all(fixture->account);
    purple_account_set_int(fixture->account, "history", 1);
    host_sign_on_ready(fixture->account, fixture->server);
    hear(fixture, "one");
    reconnect(fixture);
    type(fixture, "/history 1");
    host_expect("chat acme/main <Ann> RECV+DELAYED before 2\n"
                "chat acme/main" TOLD "That was 1 older message.");
    reconnect(fixture);
    type(fixture, "/history 10");
    host_expect("chat acme/main <Ann> RECV+DELAYED before 1\n"
                "chat acme/main" TOLD "That was 1 older message.");
    type(fixture, "/history");
    host_expect("chat acme/main" TOLD "There is nothing older.");
}

/* A new window begins with what comes; what is older is right before it. */
static void test_history_reopen(Fixture *fixture, gconstpointer data)
{
    (void)data;
    hear(fixture, "one");
    hear(fixture, "two");
    host_close_room(fixture->account, "acme/main");
    host_join(fixture->account, "acme/main");
    host_wait("chat acme/main" TOLD "This is Main (Acme).");
    test_settle();
    hear(fixture, "three");
    type(fixture, "/history 1");
    host_expect("chat acme/main <Ann> RECV+DELAYED two\n"
                "chat acme/main" TOLD "That was 1 older message.");
    type(fixture, "/history");
    host_expect("chat acme/main <Ann> RECV+DELAYED one\n"
                "chat acme/main" TOLD "That was 1 older message.");
}

#define ADD(name, function)                                                                                            \
    g_test_add("/flowdock/thread-rooms/" name, Fixture, NULL, host_fixture_set_up, function, host_fixture_tear_down)

static void add_moments(const char *what, const Moment *moments, gsize count,
                        void (*function)(Fixture *fixture, gconstpointer data))
{
    for (gsize i = 0; i < count; i++) {
        g_autofree char *path = g_strdup_printf("/flowdock/thread-rooms/%s/%s", what, moments[i].name);

        g_test_add(path, Fixture, &moments[i], host_fixture_set_up, function, host_fixture_tear_down);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    add_moments("interrupted", thread_moments, G_N_ELEMENTS(thread_moments), test_interrupted);
    add_moments("interrupted-flow", flow_moments, G_N_ELEMENTS(flow_moments), test_interrupted_flow);
    ADD("interrupted-failure", test_interrupted_failure);
    ADD("interrupted-members", test_interrupted_members);
    ADD("old-windows", test_old_windows);
    ADD("join-without-flow", test_join_without_flow);
    ADD("asked-twice", test_asked_twice);
    ADD("typed-while-loading", test_typed_while_loading);
    ADD("titles", test_titles);
    ADD("older", test_older);
    ADD("older-again", test_older_again);
    ADD("older-troubles", test_older_troubles);
    ADD("gap", test_gap);
    ADD("history-reconnect", test_history_reconnect);
    ADD("history-reopen", test_history_reopen);
    return g_test_run();
}
