/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of the list of flows, as a host asks for it: Pidgin keeps what it is given, bitlbee lets go at the end. */
#include "host.h"

#include <string.h>

/* What this host does with a list. */
static struct {
    guint alive;
    guint rows;
    guint at_row; /* in which row to do the following; 0: in none */
    void (*act)(PurpleRoomlist *list);
    gint64 row_us; /* so long a row takes */
} host;

/* -------------------------------------------------------------------------------------------------------- this host */

static void on_create(PurpleRoomlist *list)
{
    list->ui_data = g_new0(int, 1);
    host.alive++;
}

static void on_destroy(PurpleRoomlist *list)
{
    g_free(list->ui_data);
    host.alive--;
}

static void append_value(GString *text, const PurpleRoomlistField *field, gpointer value)
{
    if (field->type == PURPLE_ROOMLIST_FIELD_STRING)
        g_string_append_printf(text, " | %s", (char *)value);
    else
        g_string_append_printf(text, " | %d", GPOINTER_TO_INT(value));
}

static char *row_text(PurpleRoomlist *list, PurpleRoomlistRoom *room)
{
    GString *text = g_string_new(purple_roomlist_room_get_name(room));
    GList *value = purple_roomlist_room_get_fields(room);

    for (GList *item = purple_roomlist_get_fields(list); item; item = item->next, value = value->next) {
        const PurpleRoomlistField *field = item->data;

        g_assert_nonnull(value);
        if (!field->hidden)
            append_value(text, field, value->data);
    }
    g_assert_null(value);
    return g_string_free(text, FALSE);
}

static void on_add_room(PurpleRoomlist *list, PurpleRoomlistRoom *room)
{
    g_autofree char *text = row_text(list, room);
    gint64 until = g_get_monotonic_time() + host.row_us;

    g_assert_true(purple_roomlist_get_in_progress(list));
    g_assert_cmpint(purple_roomlist_room_get_type(room), ==, PURPLE_ROOMLIST_ROOMTYPE_ROOM);
    host_record("row %s", text);
    while (g_get_monotonic_time() < until) {
    }
    if (++host.rows == host.at_row)
        host.act(list);
}

static void on_in_progress(PurpleRoomlist *list, gboolean in_progress)
{
    /* bitlbee looks its connection up by this, and does not survive when there is none. */
    g_assert_nonnull(purple_account_get_connection(list->account));
    host_record(in_progress ? "list begins" : "list ends");
}

static PurpleRoomlistUiOps ops = {
    .create = on_create, .add_room = on_add_room, .in_progress = on_in_progress, .destroy = on_destroy
};

static PurpleRoomlist *ask(PurpleAccount *account)
{
    PurpleRoomlist *list = purple_roomlist_get_list(purple_account_get_connection(account));

    if (list)
        purple_roomlist_ref(list);
    return list;
}

/* Ends what all began, and with it the account. */
static void finish(PurpleAccount *account)
{
    host_account_free(account);
    g_assert_cmpuint(host.alive, ==, 0);
    memset(&host, 0, sizeof host);
}

static PurpleRoomlistRoom *find_row(PurpleRoomlist *list, const char *path)
{
    for (GList *item = list->rooms; item; item = item->next)
        if (g_str_equal(purple_roomlist_room_get_name(item->data), path))
            return item->data;
    return NULL;
}

/* As bitlbee does it. */
static const char *irc_topic(PurpleRoomlist *list, PurpleRoomlistRoom *room)
{
    GList *value = purple_roomlist_room_get_fields(room);

    for (GList *item = purple_roomlist_get_fields(list); item; item = item->next, value = value->next)
        if (g_str_equal(((const PurpleRoomlistField *)item->data)->name, "topic"))
            return value->data;
    return NULL;
}

static void add_flows(FakeServer *server, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_autofree char *slug = g_strdup_printf("f%04u", i);

        fake_server_add_flow(server, "acme", slug, slug, "organization");
    }
}

/* ---------------------------------------------------------------------------------------------------------- stories */

static void test_all(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    fake_server_add_flow(server, "acme", "strange", "Strange", "by-handshake");
    fake_server_add_flow(server, "acme", "old", "Old", "organization");
    fake_server_archive_flow(server, "acme/old", TRUE);
    fake_server_add_flow(server, "acme", "quiet", "Quiet", "invitation");
    fake_server_add_member(server, "acme/quiet", 1);
    fake_server_set_open(server, "acme/quiet", 1, FALSE);
    fake_server_add_member(server, "acme/strange", 1);
    fake_server_set_open(server, "acme/strange", 1, FALSE);
    host_sign_on_ready(account, server);
    list = ask(account);
    host_expect("list begins\n"
                "row acme/dev-team | Dev team | Acme | open | 2 | whoever has the link\n"
                "row acme/lobby | Lobby | Acme | not joined | 2 | everyone in the organization\n"
                "row acme/main | Main | Acme | open | 3 | by invitation\n"
                "row acme/quiet | Quiet | Acme | joined | 1 | by invitation\n"
                "row acme/strange | Strange | Acme | joined | 1 | by-handshake\n"
                "list ends");
    g_assert_false(purple_roomlist_get_in_progress(list));
    g_assert_cmpstr(irc_topic(list, find_row(list, "acme/main")), ==, "Main (Acme)");
    purple_roomlist_unref(list);
    finish(account);
}

static void test_join(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl("prpl-flowdock"));
    PurpleRoomlist *list;
    g_autofree char *name = NULL;

    host_sign_on_ready(account, server);
    list = ask(account);
    host_wait("list ends");
    name = info->roomlist_room_serialize(find_row(list, "acme/lobby"));
    g_assert_cmpstr(name, ==, "acme/lobby");
    purple_roomlist_room_join(list, find_row(list, "acme/lobby"));
    host_wait("chat acme/lobby <Flowdock> RECV+SYSTEM This is Lobby (Acme).");
    g_assert_true(fake_server_is_member(server, "acme/lobby", 1));
    purple_roomlist_unref(list);
    finish(account);
}

/* What the list says, the rooms follow. */
static void test_memory_follows(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    fake_server_add_flow(server, "acme", "fresh", "Fresh", "organization");
    fake_server_set_open(server, "acme/dev-team", 1, FALSE);
    fake_server_rename_flow(server, "acme/main", "Head office");
    list = ask(account);
    host_wait("list ends");
    g_assert_cmpuint(host_record_count("row acme/fresh | Fresh | Acme | not joined | 0 | *"), ==, 1);
    g_assert_cmpuint(host_record_count("row acme/dev-team | Dev team | Acme | joined | *"), ==, 1);
    g_assert_cmpuint(host_record_count("row acme/main | Head office | *"), ==, 1);
    g_assert_cmpuint(host_record_count("topic acme/main Head office (Acme)"), ==, 1);
    g_assert_true(purple_conv_chat_has_left(PURPLE_CONV_CHAT(host_room(account, "acme/dev-team"))));
    purple_roomlist_unref(list);
    finish(account);
}

/* The memory knows a flow that the service no longer lists: it is not offered. */
static void test_gone_flows(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault fault = { .kind = FAKE_FAULT_GARBAGE, .path = "/flows/all", .body = "[]" };
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    fake_server_fault(server, &fault);
    list = ask(account);
    host_wait("list ends");
    g_assert_cmpuint(host_record_count("row *"), ==, 0);
    purple_roomlist_unref(list);
    finish(account);
}

static void test_told_twice(void)
{
    static const char flow[] =
        "{\"id\": \"deadbeefdeadbeef\", \"name\": \"Main\", \"parameterized_name\": \"main\", \"organization\": "
        "{\"name\": \"Acme\", \"parameterized_name\": \"acme\"}, \"open\": true, \"joined\": true}";
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *flows = g_strdup_printf("[%s, %s, 7, null, {}]", flow, flow);
    FakeFault fault = { .kind = FAKE_FAULT_GARBAGE, .path = "/flows/all", .body = flows };
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    fake_server_fault(server, &fault);
    list = ask(account);
    host_wait("list ends");
    /* Without a list of its people: those who are known. */
    g_assert_cmpuint(host_record_count("row acme/main | Main | Acme | open | 3 | "), ==, 1);
    g_assert_cmpuint(host_record_count("row *"), ==, 1);
    purple_roomlist_unref(list);
    finish(account);
}

static void test_organizations_and_hostile_names(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    fake_server_add_org(server, "umbrella", "<b>Umbrella</b>\nSons");
    fake_server_add_org_member(server, "umbrella", 1);
    fake_server_add_flow(server, "umbrella", "main", "Main &amp; more\xe2\x80\xae\n", "<i>\n");
    fake_server_add_member(server, "umbrella/main", 1);
    fake_server_set_open(server, "umbrella/main", 1, FALSE);
    host_sign_on_ready(account, server);
    list = ask(account);
    host_wait("list ends");
    /* Hosts show it as plain text. */
    g_assert_cmpuint(host_record_count("row umbrella/main | Main &amp; more | <b>Umbrella</b> Sons | joined | 1 | "
                                       "<i>"),
                     ==, 1);
    g_assert_cmpstr(irc_topic(list, find_row(list, "umbrella/main")), ==, "Main &amp; more (<b>Umbrella</b> Sons)");
    purple_roomlist_unref(list);
    finish(account);
}

static void test_nulls(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    fake_server_set_odd(server, FAKE_ODD_NULL_FIELDS);
    list = ask(account);
    host_wait("list ends");
    g_assert_cmpuint(host_record_count("row acme/main | acme/main | Acme | open | 3 | "), ==, 1);
    purple_roomlist_unref(list);
    finish(account);
}

static void test_failure(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault fault = { .kind = FAKE_FAULT_STATUS, .path = "/flows/all", .status = 503, .count = -1 };
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    fake_server_fault(server, &fault);
    list = ask(account);
    host_wait("error The list of flows could not be read. | *");
    g_assert_cmpuint(host_record_count("list ends"), ==, 1);
    g_assert_null(list->rooms);
    purple_roomlist_unref(list);
    finish(account);
}

static void stall(FakeServer *server)
{
    FakeFault fault = { .kind = FAKE_FAULT_STALL, .path = "/flows/all" };

    fake_server_fault(server, &fault);
}

static void test_cancel_while_asking(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    stall(server);
    list = ask(account);
    test_until(fake_server_stalled(server) == 1);
    purple_roomlist_cancel_get_list(list);
    host_expect("list begins\nlist ends");
    /* Once more is no harm. */
    purple_roomlist_cancel_get_list(list);
    fake_server_clear_faults(server);
    host_expect("");
    purple_roomlist_unref(list);
    g_assert_cmpuint(host.alive, ==, 0);
    finish(account);
}

static void cancel(PurpleRoomlist *list)
{
    purple_roomlist_cancel_get_list(list);
}

static void cancel_and_forget(PurpleRoomlist *list)
{
    purple_roomlist_cancel_get_list(list);
    purple_roomlist_unref(list);
}

static void sign_off(PurpleRoomlist *list)
{
    purple_account_disconnect(list->account);
}

static void sign_off_and_forget(PurpleRoomlist *list)
{
    purple_account_disconnect(list->account);
    purple_roomlist_unref(list);
}

static void ask_again(PurpleRoomlist *list)
{
    PurpleRoomlist *other = purple_roomlist_get_list(purple_account_get_connection(list->account));

    g_assert_true(other != list);
}

/* What may happen in the second of three rows. */
static const struct {
    const char *name;
    void (*act)(PurpleRoomlist *list);
    gboolean forgets;
} acts[] = {
    { "cancel", cancel, FALSE },
    { "cancel-and-forget", cancel_and_forget, TRUE },
    { "sign-off", sign_off, FALSE },
    { "sign-off-and-forget", sign_off_and_forget, TRUE },
};

static void test_end_in_a_row(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    host.at_row = 2;
    host.act = acts[i].act;
    list = ask(account);
    host_wait("list ends");
    test_settle();
    g_assert_cmpuint(host_record_count("row *"), ==, 2);
    g_assert_cmpuint(host_record_count("list ends"), ==, 1);
    if (!acts[i].forgets)
        purple_roomlist_unref(list);
    g_assert_cmpuint(host.alive, ==, 0);
    finish(account);
}

/* The one before comes to its end, also when it is asked for again in the middle of a row. */
static void test_ask_again(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *first, *second;

    host_sign_on_ready(account, server);
    stall(server);
    first = ask(account);
    test_until(fake_server_stalled(server) == 1);
    second = ask(account);
    host_wait_times("list ends", 2);
    g_assert_null(first->rooms);
    g_assert_cmpuint(g_list_length(second->rooms), ==, 3);
    purple_roomlist_unref(first);
    purple_roomlist_unref(second);
    host_record_clear();
    host.rows = 0;
    host.at_row = 2;
    host.act = ask_again;
    first = ask(account);
    host_wait_times("list ends", 2);
    test_settle();
    g_assert_cmpuint(g_list_length(first->rooms), ==, 2);
    g_assert_cmpuint(host_record_count("row *"), ==, 5);
    purple_roomlist_unref(first);
    finish(account);
}

static void test_sign_off_while_asking(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    stall(server);
    list = ask(account);
    test_until(fake_server_stalled(server) == 1);
    host_sign_off(account);
    g_assert_cmpuint(host_record_count("list ends"), ==, 1);
    g_assert_cmpuint(host_record_count("error *"), ==, 0);
    g_assert_false(purple_roomlist_get_in_progress(list));
    purple_roomlist_unref(list);
    finish(account);
}

/* The list waits for a new sign-in, which the user does not want. The host closes the connection later. */
static void test_connection_fails(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;

    host_sign_on_ready(account, server);
    fake_server_expire_access_tokens(server);
    fake_server_revoke_refresh_tokens(server);
    list = ask(account);
    host_wait("ask Password *");
    g_assert_true(purple_roomlist_get_in_progress(list));
    host_answer(NULL);
    host_wait("disconnected *");
    test_settle();
    g_assert_cmpuint(host_record_count("list ends"), ==, 1);
    g_assert_cmpuint(host_record_count("error *"), ==, 0);
    purple_roomlist_unref(list);
    finish(account);
}

/* Whoever closes the window lets go of the list, and does not say so. */
static void test_forgotten(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    purple_roomlist_unref(ask(account));
    host_wait("list ends");
    g_assert_cmpuint(host.alive, ==, 0);
    finish(account);
}

static gboolean on_turn(gpointer user_data)
{
    guint *turns = user_data;

    (*turns)++;
    return G_SOURCE_CONTINUE;
}

/* A host that needs its time for each row still does other things meanwhile. */
static void test_slices(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;
    guint turns = 0, id;

    add_flows(server, 60);
    host_sign_on_ready(account, server);
    host.row_us = 1000;
    list = ask(account);
    host_wait("row acme/dev-team *");
    id = g_idle_add(on_turn, &turns);
    host_wait("list ends");
    g_source_remove(id);
    g_assert_cmpuint(g_list_length(list->rooms), ==, 63);
    g_assert_cmpuint(turns, >=, 10);
    purple_roomlist_unref(list);
    finish(account);
}

static void test_thousand(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    PurpleRoomlist *list;
    const char *last = "";

    add_flows(server, 1000);
    host_sign_on_ready(account, server);
    list = ask(account);
    host_wait("list ends");
    g_assert_cmpuint(g_list_length(list->rooms), ==, 1003);
    for (GList *item = list->rooms; item; item = item->next) {
        g_assert_cmpstr(last, <, purple_roomlist_room_get_name(item->data));
        last = purple_roomlist_room_get_name(item->data);
    }
    purple_roomlist_unref(list);
    finish(account);
}

static void test_with_a_source_only(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account =
        host_account_new(server, "demo@example.com", fake_server_add_source(server, "acme/main", "Builds"));

    purple_account_set_string(account, "auth_method", "source-token");
    host_sign_on(account);
    host_wait("chat acme/main *");
    host_record_clear();
    g_assert_null(ask(account));
    host_expect("error There is no list of flows. | With the token of a source there is only the room of the source.");
    finish(account);
}

static void test_two_accounts(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *demo = host_account_new(server, "demo@example.com", "demo");
    PurpleAccount *ann = host_account_new(server, "ann@example.com", "ann");
    PurpleRoomlist *lists[2];

    host_sign_on_ready(demo, server);
    host_sign_on_ready(ann, server);
    lists[0] = ask(demo);
    lists[1] = ask(ann);
    host_wait_times("list ends", 2);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_assert_cmpuint(g_list_length(lists[i]->rooms), ==, 3);
        purple_roomlist_unref(lists[i]);
    }
    host_account_free(ann);
    finish(demo);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    purple_roomlist_set_ui_ops(&ops);
    g_test_add_func("/flowdock/roomlist/all", test_all);
    g_test_add_func("/flowdock/roomlist/join", test_join);
    g_test_add_func("/flowdock/roomlist/memory-follows", test_memory_follows);
    g_test_add_func("/flowdock/roomlist/gone-flows", test_gone_flows);
    g_test_add_func("/flowdock/roomlist/told-twice", test_told_twice);
    g_test_add_func("/flowdock/roomlist/organizations-and-hostile-names", test_organizations_and_hostile_names);
    g_test_add_func("/flowdock/roomlist/nulls", test_nulls);
    g_test_add_func("/flowdock/roomlist/failure", test_failure);
    g_test_add_func("/flowdock/roomlist/cancel-while-asking", test_cancel_while_asking);
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        g_autofree char *path = g_strconcat("/flowdock/roomlist/end-in-a-row/", acts[i].name, NULL);

        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_end_in_a_row);
    }
    g_test_add_func("/flowdock/roomlist/ask-again", test_ask_again);
    g_test_add_func("/flowdock/roomlist/sign-off-while-asking", test_sign_off_while_asking);
    g_test_add_func("/flowdock/roomlist/connection-fails", test_connection_fails);
    g_test_add_func("/flowdock/roomlist/forgotten", test_forgotten);
    g_test_add_func("/flowdock/roomlist/slices", test_slices);
    g_test_add_func("/flowdock/roomlist/thousand", test_thousand);
    g_test_add_func("/flowdock/roomlist/with-a-source-only", test_with_a_source_only);
    g_test_add_func("/flowdock/roomlist/two-accounts", test_two_accounts);
    return g_test_run();
}
