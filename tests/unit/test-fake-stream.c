/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server's streams, by the sheet's sections 4, 5 and 11. */
#include "test-fake.h"

#define ALL "/flows?filter=acme/main,acme:dev-team&user=1&presence=1"

static TestFake *start(gboolean events)
{
    TestFake *fake = test_fake_new();

    fake->accept = events ? "text/event-stream" : "application/json";
    return fake;
}

static void tap_clear(TestTap *tap)
{
    g_string_truncate(tap->text, 0);
    tap->reads = 0;
}

static gboolean has(TestTap *tap, const char *text)
{
    return strstr(tap->text->str, text) != NULL;
}

static guint count_of(TestTap *tap, const char *text)
{
    guint count = 0;

    for (const char *at = tap->text->str; (at = strstr(at, text)); at++)
        count++;
    return count;
}

static void test_json_framing(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);

    fake_server_set_keepalive_ms(fake->server, 20);
    test_until(has(tap, "\n"));
    g_assert_cmpstr(tap->text->str, ==, "\n");
    fake_server_set_keepalive_ms(fake->server, 0);
    tap_clear(tap);
    fake_server_emit(fake->server, "{\"event\":\"one\"}");
    fake_server_emit(fake->server, "{\"event\":\"two\"}");
    test_until(has(tap, "two\"}\r\n"));
    g_assert_cmpstr(tap->text->str, ==, "{\"event\":\"one\"}\r\n{\"event\":\"two\"}\r\n");
    g_assert_cmpstr(soup_message_headers_get_one(soup_message_get_response_headers(tap->message), "Flowdock-User"), ==,
                    "1");
}

static void test_event_framing(void)
{
    g_autoptr(TestFake) fake = start(TRUE);
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);

    fake_server_set_keepalive_ms(fake->server, 20);
    test_until(has(tap, ":\n\n"));
    fake_server_set_keepalive_ms(fake->server, 0);
    tap_clear(tap);
    fake_server_emit(fake->server, "{\"event\":\"one\"}");
    fake_server_emit(fake->server, "{\n\"event\":\"two\"}");
    test_until(has(tap, "two\"}\n\n"));
    g_assert_cmpstr(tap->text->str, ==,
                    "id: 1\ndata: {\"event\":\"one\"}\n\nid: 2\ndata: {\ndata: \"event\":\"two\"}\n\n");
}

static void test_accept_in_query(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL "&accept=text/event-stream", NULL);

    fake_server_emit(fake->server, "{}");
    test_until(has(tap, "data: {}\n\n"));
}

static guint opening_status(TestFake *fake, const char *path)
{
    g_autofree char *url = g_strconcat(fake_server_get_stream_url(fake->server), path, NULL);

    return test_fake_call(fake, "GET", url, NULL);
}

static void test_refused(void)
{
    g_autoptr(TestFake) fake = start(TRUE);

    g_assert_cmpuint(opening_status(fake, "/flows"), ==, 400);
    g_assert_cmpuint(opening_status(fake, "/flows?filter=acme/nosuch"), ==, 404);
    g_assert_cmpuint(opening_status(fake, "/flows?filter=acme/lobby"), ==, 404);
    g_assert_cmpuint(opening_status(fake, "/flows/acme/nosuch"), ==, 404);
    fake->authorization = "Bearer bad";
    g_assert_cmpuint(opening_status(fake, "/flows?user=1"), ==, 401);
    g_assert_cmpuint(fake_server_count_streams(fake->server), ==, 0);
}

static void test_filter(void)
{
    g_autoptr(TestFake) fake = start(TRUE);
    g_autoptr(TestTap) main_only = test_tap_new(fake, "/flows/acme/main", NULL);
    g_autoptr(TestTap) private_only = test_tap_new(fake, "/flows?user=1", NULL);
    g_autoptr(TestTap) by_id = test_tap_new(fake, "/flows?filter=05654aa3-3b13-4a79-8cea-92ed45bdc9a5", NULL);

    fake_server_say(fake->server, "acme/main", 2, "in-main");
    fake_server_say(fake->server, "acme/dev-team", 2, "in-dev");
    fake_server_say(fake->server, "acme/lobby", 2, "in-lobby");
    fake_server_say_private(fake->server, 2, 1, "in-private");
    fake_server_say_private(fake->server, 2, 42, "not-mine");
    fake_server_emit(fake->server, "{\"event\":\"last\"}");
    test_until(has(main_only, "last") && has(private_only, "last") && has(by_id, "last"));
    g_assert_true(has(main_only, "in-main") && !has(main_only, "in-dev") && !has(main_only, "in-private"));
    g_assert_true(has(by_id, "in-dev") && !has(by_id, "in-main"));
    g_assert_true(has(private_only, "in-private") && !has(private_only, "in-main"));
    g_assert_false(has(private_only, "not-mine") || has(main_only, "in-lobby"));
}

static void test_own_echo(void)
{
    g_autoptr(TestFake) fake = start(TRUE);
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);

    g_assert_cmpuint(test_fake_call(fake, "POST", "/flows/acme/main/messages",
                                    "{\"event\":\"message\",\"content\":\"hi\",\"uuid\":\"my-own\"}"),
                     ==, 202);
    test_until(has(tap, "\"uuid\":\"my-own\""));
    g_assert_true(has(tap, "\"user\":\"1\""));
}

static void test_replay(void)
{
    g_autoptr(TestFake) fake = start(TRUE);

    fake_server_say(fake->server, "acme/main", 2, "text-1");
    fake_server_say(fake->server, "acme/dev-team", 2, "text-2");
    fake_server_say(fake->server, "acme/lobby", 2, "text-3");
    fake_server_say(fake->server, "acme/main", 2, "text-4");
    {
        g_autoptr(TestTap) tap = test_tap_new(fake, ALL, "1");

        test_until(has(tap, "text-4"));
        g_assert_true(!has(tap, "text-1") && has(tap, "text-2") && !has(tap, "text-3"));
        g_assert_true(g_str_has_prefix(tap->text->str, "id: 2\n"));
    }
    fake_server_streams_repeat(fake->server, TRUE);
    {
        g_autoptr(TestTap) tap = test_tap_new(fake, ALL, "2");

        fake_server_emit(fake->server, "{\"event\":\"last\"}");
        test_until(has(tap, "last"));
        g_assert_cmpuint(count_of(tap, "id: 2\n"), ==, 2);
        g_assert_cmpuint(count_of(tap, "id: 4\n"), ==, 2);
    }
    fake_server_streams_repeat(fake->server, FALSE);
    fake_server_streams_keep(fake->server, 1);
    {
        g_autoptr(TestTap) tap = test_tap_new(fake, ALL, "0");

        test_until(has(tap, "last"));
        g_assert_true(g_str_has_prefix(tap->text->str, "id: 5\n"));
    }
    fake_server_streams_forget(fake->server);
    {
        g_autoptr(TestTap) tap = test_tap_new(fake, ALL, "0");

        fake_server_emit(fake->server, "{\"event\":\"new\"}");
        test_until(has(tap, "new"));
        g_assert_true(g_str_has_prefix(tap->text->str, "id: 6\n"));
    }
}

static void test_chopped(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);

    fake_server_streams_chop(fake->server, 3);
    fake_server_emit(fake->server, "{\"event\":\"caf\303\251 in pieces\"}");
    fake_server_emit(fake->server, "{\"event\":\"x\"}");
    test_until(has(tap, "x\"}\r\n"));
    g_assert_cmpstr(tap->text->str, ==, "{\"event\":\"caf\303\251 in pieces\"}\r\n{\"event\":\"x\"}\r\n");
    g_assert_cmpuint(tap->reads, >, 3);
}

static void test_batched(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);

    fake_server_streams_batch(fake->server, 3);
    for (int i = 0; i < 4; i++)
        fake_server_emit(fake->server, "{}");
    test_until(tap->text->len);
    g_assert_cmpstr(tap->text->str, ==, "{}\r\n{}\r\n{}\r\n");
    g_assert_cmpuint(tap->reads, ==, 1);
    fake_server_streams_flush(fake->server);
    test_until(tap->text->len > 12);
}

static void test_stalled(void)
{
    g_autoptr(TestFake) fake = start(TRUE);
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);

    fake_server_streams_stall(fake->server, TRUE);
    fake_server_set_keepalive_ms(fake->server, 1);
    fake_server_emit(fake->server, "{\"event\":\"lost\"}");
    fake_server_emit_raw(fake->server, "raw", -1);
    test_until(has(tap, "raw"));
    g_assert_cmpstr(tap->text->str, ==, "raw");
    fake_server_streams_stall(fake->server, FALSE);
    fake_server_emit(fake->server, "{\"event\":\"found\"}");
    test_until(has(tap, "found"));
    g_assert_false(has(tap, "lost"));
}

static void test_cut_and_end(void)
{
    g_autoptr(TestFake) fake = start(TRUE);
    g_autoptr(TestTap) cut = test_tap_new(fake, ALL, NULL);

    fake_server_streams_cut(fake->server);
    g_assert_cmpuint(fake_server_count_streams(fake->server), ==, 0);
    test_until(cut->ended);
    {
        g_autoptr(TestTap) ended = test_tap_new(fake, ALL, NULL);

        fake_server_emit(fake->server, "{\"event\":\"last\"}");
        fake_server_streams_end(fake->server);
        test_until(ended->ended);
        g_assert_true(has(ended, "last"));
        g_assert_false(ended->broke);
    }
}

static void test_client_leaves(void)
{
    g_autoptr(TestFake) fake = start(TRUE);

    for (int i = 0; i < 3; i++) {
        TestTap *tap = test_tap_new(fake, ALL "&active=true", NULL);

        g_assert_cmpuint(fake_server_count_streams_of(fake->server, 1), ==, 1);
        test_tap_free(tap);
        test_until(fake_server_count_streams(fake->server) == 0);
    }
}

static void test_presence(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) demo = test_tap_new(fake, ALL "&active=true", NULL);
    TestTap *ann;

    fake->authorization = TEST_FAKE_ANN;
    ann = test_tap_new(fake, "/flows?user=1&active=true", NULL);
    test_until(has(demo, "\"content\":{\"user_id\":2,\"state\":2000000"));
    test_tap_free(ann);
    test_until(has(demo, "\"content\":{\"user_id\":2,\"state\":0"));
    ann = test_tap_new(fake, "/flows?user=1&active=idle", NULL);
    test_until(has(demo, "\"content\":{\"user_id\":2,\"state\":1000000"));
    test_tap_free(ann);
    g_assert_false(has(demo, "\"user_id\":1,"));
}

static void test_people_events(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) demo = test_tap_new(fake, ALL, NULL);

    fake_server_add_user(fake->server, "acme", 7, "Bob", "bob@example.com", "bob");
    fake_server_add_member(fake->server, "acme/main", 7);
    test_until(has(demo, "\"event\":\"backend.user.join\"") && has(demo, "\"type\":\"add_people\""));
    g_assert_false(has(demo, "flow-add"));
    fake_server_set_nick(fake->server, 7, "Bobby");
    test_until(has(demo, "\"event\":\"user-edit\"") && has(demo, "Bobby"));
    fake_server_remove_member(fake->server, "acme/main", 7);
    test_until(has(demo, "\"event\":\"backend.user.block\"") && has(demo, "\"content\":\"7\""));
    tap_clear(demo);
    fake_server_add_member(fake->server, "acme/lobby", 1);
    test_until(has(demo, "\"event\":\"flow-add\",\"content\":{\"id\":\"acme:lobby\",\"name\":\"Lobby\","
                         "\"organization\":\"Acme\",\"open\":true}}\r\n"));
    fake_server_remove_member(fake->server, "acme/lobby", 1);
    test_until(has(demo, "\"event\":\"flow-remove\",\"content\":{\"id\":\"acme:lobby\"}}\r\n"));
    fake_server_activity(fake->server, "acme/main", 2);
    test_until(has(demo, "\"event\":\"activity.user\""));
}

static void test_change_events(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) demo = test_tap_new(fake, ALL, NULL);
    gint64 id = fake_server_say(fake->server, "acme/main", 2, "first");

    fake_server_edit(fake->server, "acme/main", id, "second");
    fake_server_set_tags(fake->server, "acme/main", id, "x,y");
    fake_server_react(fake->server, "acme/main", id, 1, "+1", TRUE);
    fake_server_delete(fake->server, "acme/main", id);
    test_until(has(demo, "\"event\":\"message-delete\""));
    g_assert_true(has(demo, "\"content\":{\"message\":1,\"updated_content\":\"second\"}"));
    g_assert_true(has(demo, "\"content\":{\"message\":1,\"add\":[\"x\",\"y\"],\"remove\":[]}"));
    g_assert_true(has(demo, "\"content\":{\"message\":1,\"emoji\":\"+1\",\"type\":\"add\"}"));
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/main"), ==, 1);
}

static void test_emit(void)
{
    g_autoptr(TestFake) fake = start(FALSE);
    g_autoptr(TestTap) demo = test_tap_new(fake, ALL, NULL);

    g_assert_cmpint(fake_server_emit(fake->server, "[]"), ==, -1);
    g_assert_cmpint(
        fake_server_emit(fake->server, "{\"event\":\"message\",\"flow\":\"acme:main\",\"id\":907,\"x\": 1}"), ==, 907);
    g_assert_cmpint(fake_server_emit(fake->server, "{\"event\":\"message\",\"flow\":\"acme:main\",\"id\":0}"), ==, 908);
    g_assert_cmpint(fake_server_emit(fake->server, "{\"event\":\"message\",\"flow\":\"acme:main\",\"id\":907}"), ==,
                    907);
    g_assert_cmpint(fake_server_emit(fake->server, "{\"event\":\"activity.user\",\"flow\":\"acme:main\",\"id\":909}"),
                    ==, 909);
    fake_server_emit(fake->server, "{\"event\":\"message\",\"to\":\"2\",\"user\":\"42\",\"id\":5}");
    fake_server_emit(fake->server, "{\"event\":\"message\",\"to\":\"1\",\"user\":\"2\",\"id\":5}");
    test_until(has(demo, "\"to\":\"1\""));
    g_assert_true(has(demo, "\"id\":907,\"x\": 1}\r\n"));
    g_assert_false(has(demo, "\"to\":\"2\""));
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/main"), ==, 2);
    g_assert_cmpuint(fake_server_message_count(fake->server, "private/2/1"), ==, 1);
    g_assert_cmpint(fake_server_say(fake->server, "acme/main", 1, "next"), ==, 911);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/stream/json-framing", test_json_framing);
    g_test_add_func("/server/stream/event-framing", test_event_framing);
    g_test_add_func("/server/stream/accept-in-query", test_accept_in_query);
    g_test_add_func("/server/stream/refused", test_refused);
    g_test_add_func("/server/stream/filter", test_filter);
    g_test_add_func("/server/stream/own-echo", test_own_echo);
    g_test_add_func("/server/stream/replay", test_replay);
    g_test_add_func("/server/stream/chopped", test_chopped);
    g_test_add_func("/server/stream/batched", test_batched);
    g_test_add_func("/server/stream/stalled", test_stalled);
    g_test_add_func("/server/stream/cut-and-end", test_cut_and_end);
    g_test_add_func("/server/stream/client-leaves", test_client_leaves);
    g_test_add_func("/server/stream/presence", test_presence);
    g_test_add_func("/server/stream/people-events", test_people_events);
    g_test_add_func("/server/stream/change-events", test_change_events);
    g_test_add_func("/server/stream/emit", test_emit);
    return g_test_run();
}
