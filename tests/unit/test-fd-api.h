/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls of flowdock/api against the test server, as Demo (user 1), who is in acme/main. */
#pragma once

#include <string.h>

#include "fake-json.h"
#include "fake-server.h"
#include "flowdock/api/fd-api.h"
#include "net/net-error.h"
#include "test-util.h"

typedef struct {
    FakeServer *server;
    NetSession *session;
    FdApi *api;
} TestApi;

static inline TestApi *test_api_new(void)
{
    const NetSessionOptions options = { "test/1.0", NULL, NULL, TEST_PATIENCE_S, 4, 1024 * 1024 };
    TestApi *test = g_new0(TestApi, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;

    test->server = fake_server_new_started();
    test->session = net_session_new(&options, &error);
    g_assert_no_error(error);
    g_assert_true(net_credential_set_basic(credential, "demo-token", ""));
    test->api = fd_api_new(test->session, credential, fake_server_get_api_url(test->server));
    return test;
}

static inline void test_api_free(TestApi *test)
{
    fd_api_unref(test->api);
    net_session_close(test->session);
    net_session_unref(test->session);
    fake_server_free(test->server);
    test_settle();
    g_free(test);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestApi, test_api_free)

/* After x_async with test_done: waits for its one callback, which must not have come yet. (transfer none) */
static inline GAsyncResult *test_api_wait(TestDone *done)
{
    g_assert_cmpuint(done->calls, ==, 0);
    test_until(done->calls);
    g_assert_cmpuint(done->calls, ==, 1);
    return done->result;
}

/* The next request takes effect, but is answered with this body. */
static inline void test_api_answer(TestApi *test, const char *body)
{
    const FakeFault fault = { .kind = FAKE_FAULT_GARBAGE, .body = body };

    fake_server_fault(test->server, &fault);
}

/* The newest request. */
static inline const FakeRequest *test_api_request(TestApi *test)
{
    const FakeRequest *request = fake_server_last_request(test->server, NULL, NULL);

    g_assert_nonnull(request);
    return request;
}
