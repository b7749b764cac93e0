/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server's faults, and its memory of what was asked. */
#include "test-fake.h"

#define MESSAGES "/flows/acme/main/messages"

static guint post(TestFake *fake)
{
    return test_fake_call(fake, "POST", MESSAGES, "{\"event\":\"message\",\"content\":\"hi\"}");
}

static guint stored(TestFake *fake)
{
    return fake_server_message_count(fake->server, "acme/main");
}

static void test_status(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_STATUS,
                                                  .method = "POST",
                                                  .path = MESSAGES,
                                                  .status = 429,
                                                  .body = "slow down",
                                                  .content_type = "text/plain",
                                                  .retry_after = "7",
                                                  .count = 2 });
    g_assert_cmpuint(test_fake_call(fake, "GET", MESSAGES, NULL), ==, 200);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpuint(post(fake), ==, 429);
        g_assert_cmpstr(test_fake_header(fake, "Retry-After"), ==, "7");
        g_assert_cmpstr(test_fake_header(fake, "Content-Type"), ==, "text/plain");
        g_assert_cmpstr(fake->text, ==, "slow down");
    }
    g_assert_cmpuint(post(fake), ==, 202);
    g_assert_cmpuint(stored(fake), ==, 1);
}

static void test_matching(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_fault(fake->server, &(FakeFault){ .path = "/flows/*/messages", .skip = 1 });
    fake_server_fault(fake->server, &(FakeFault){ .path = "/user", .origin = FAKE_ORIGIN_STREAM });
    g_assert_cmpuint(post(fake), ==, 202);
    g_assert_cmpuint(post(fake), ==, 500);
    g_assert_cmpuint(post(fake), ==, 202);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 200);
    fake_server_fault(fake->server, &(FakeFault){ .count = -1 });
    for (int i = 0; i < 3; i++)
        g_assert_cmpuint(test_fake_call(fake, "GET", "/users", NULL), ==, 500);
    fake_server_clear_faults(fake->server);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/users", NULL), ==, 200);
}

static void test_cut(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_CUT_BEFORE });
    g_assert_cmpuint(post(fake), ==, 0);
    g_assert_cmpuint(stored(fake), ==, 0);
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_CUT_AFTER });
    g_assert_cmpuint(post(fake), ==, 0);
    g_assert_cmpuint(stored(fake), ==, 1);
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_TRUNCATE });
    g_assert_cmpuint(test_fake_call(fake, "GET", "/users", NULL), ==, 0);
    g_assert_cmpuint(post(fake), ==, 202);
}

static void test_odd_answers(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_GARBAGE });
    g_assert_cmpuint(post(fake), ==, 200);
    g_assert_null(fake->json);
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_EMPTY });
    g_assert_cmpuint(post(fake), ==, 200);
    g_assert_cmpstr(fake->text, ==, "");
    fake->header = "X-flowdock-wait-for-message";
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_ACCEPTED });
    g_assert_cmpuint(post(fake), ==, 202);
    g_assert_cmpstr(fake->text, ==, "{}");
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_CREATED });
    g_assert_cmpuint(post(fake), ==, 201);
    g_assert_cmpstr(fake_json_string(test_fake_object(fake), "content"), ==, "hi");
    g_assert_cmpuint(stored(fake), ==, 4);
}

static void test_slow_and_late(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    gint64 began = g_get_monotonic_time();

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_SLOW, .delay_ms = 1 });
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 200);
    g_assert_cmpstr(fake_json_string(test_fake_object(fake), "nick"), ==, "Demo");
    g_assert_cmpint(g_get_monotonic_time() - began, >, 50 * 1000);
    began = g_get_monotonic_time();
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_DELAY, .delay_ms = 60 });
    g_assert_cmpuint(post(fake), ==, 202);
    g_assert_cmpint(g_get_monotonic_time() - began, >=, 60 * 1000);
}

static void test_stall(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_auto(TestDone) done = { 0 };
    g_autoptr(SoupMessage) message = test_fake_message(fake, "GET", "/user", NULL);
    g_autoptr(GBytes) body = NULL;

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_STALL });
    soup_session_send_and_read_async(fake->session, message, G_PRIORITY_DEFAULT, NULL, test_done, &done);
    test_until(fake_server_stalled(fake->server) == 1);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 200);
    g_assert_null(done.result);
    fake_server_clear_faults(fake->server);
    test_until(done.result);
    body = soup_session_send_and_read_finish(fake->session, done.result, NULL);
    g_assert_null(body);
    g_assert_cmpuint(fake_server_stalled(fake->server), ==, 0);
}

static void test_client_gives_up(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_auto(TestDone) done = { 0 };
    g_autoptr(SoupMessage) message = test_fake_message(fake, "GET", "/user", NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_STALL });
    soup_session_send_and_read_async(fake->session, message, G_PRIORITY_DEFAULT, cancellable, test_done, &done);
    test_until(fake_server_stalled(fake->server) == 1);
    g_cancellable_cancel(cancellable);
    test_until(done.result && fake_server_stalled(fake->server) == 0);
}

static void test_stream_faults(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) refused = NULL, delayed = NULL;

    fake->accept = "text/event-stream";
    fake_server_fault(fake->server, &(FakeFault){ .origin = FAKE_ORIGIN_STREAM, .status = 409 });
    refused = test_tap_new(fake, "/flows?user=1", NULL);
    g_assert_cmpuint(soup_message_get_status(refused->message), ==, 409);
    fake_server_fault(fake->server,
                      &(FakeFault){ .origin = FAKE_ORIGIN_STREAM, .kind = FAKE_FAULT_DELAY, .delay_ms = 20 });
    delayed = test_tap_new(fake, "/flows?user=1", NULL);
    g_assert_cmpuint(soup_message_get_status(delayed->message), ==, 200);
    fake_server_emit(fake->server, "{}");
    test_until(strstr(delayed->text->str, "data: {}"));
}

static void test_log(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    const FakeRequest *request;

    post(fake);
    test_fake_call(fake, "GET", "/flows/acme/main/messages?limit=5", NULL);
    test_fake_call(fake, "GET", "/_test/streams", NULL);
    g_assert_cmpuint(fake_server_requests(fake->server)->len, ==, 2);
    g_assert_cmpuint(fake_server_count(fake->server, "POST", "/flows/*/messages"), ==, 1);
    g_assert_cmpuint(fake_server_count(fake->server, NULL, NULL), ==, 2);
    request = fake_server_last_request(fake->server, "POST", NULL);
    g_assert_cmpstr(request->path, ==, MESSAGES);
    g_assert_cmpstr(request->body, ==, "{\"event\":\"message\",\"content\":\"hi\"}");
    g_assert_cmpstr(request->content_type, ==, "application/json");
    g_assert_cmpstr(request->authorization, ==, TEST_FAKE_DEMO);
    g_assert_cmpuint(request->status, ==, 202);
    g_assert_cmpint(request->user_id, ==, 1);
    request = fake_server_last_request(fake->server, NULL, NULL);
    g_assert_cmpstr(request->query, ==, "limit=5");
    g_assert_cmpstr(request->body, ==, "");
    fake_server_clear_requests(fake->server);
    g_assert_cmpuint(fake_server_count(fake->server, NULL, NULL), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/faults/status", test_status);
    g_test_add_func("/server/faults/matching", test_matching);
    g_test_add_func("/server/faults/cut", test_cut);
    g_test_add_func("/server/faults/odd-answers", test_odd_answers);
    g_test_add_func("/server/faults/slow-and-late", test_slow_and_late);
    g_test_add_func("/server/faults/stall", test_stall);
    g_test_add_func("/server/faults/client-gives-up", test_client_gives_up);
    g_test_add_func("/server/faults/stream-faults", test_stream_faults);
    g_test_add_func("/server/faults/log", test_log);
    return g_test_run();
}
