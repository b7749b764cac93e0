/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-threads: which messages are in a thread that people should see, and under which number. */
#include "flowdock/api/fd-decode.h"
#include "flowdock/model/fd-threads.h"
#include "net/net-json.h"

#include <string.h>

static const FdThread *see(FdThreads *threads, const char *json)
{
    g_autoptr(JsonNode) node = net_json_parse(json, strlen(json), NULL);
    g_autoptr(FdMessage) message = fd_decode_message(node);

    return fd_threads_see(threads, message);
}

static void test_chat(void)
{
    g_autoptr(FdThreads) threads = fd_threads_new();
    const FdThread *thread;

    /* Most messages are never answered: their threads need no number. */
    g_assert_null(
        see(threads, "{\"event\":\"message\",\"id\":7,\"thread_id\":\"a\",\"thread\":{\"initial_message\":7}}"));
    g_assert_null(see(threads, "{\"event\":\"message\",\"id\":8}"));
    g_assert_null(see(threads, "{\"event\":\"message\",\"id\":8,\"thread_id\":\"b\"}"));
    thread = see(threads, "{\"event\":\"message\",\"id\":9,\"thread_id\":\"a\","
                          "\"thread\":{\"initial_message\":7,\"title\":\"Fix\\nlogin\"}}");
    g_assert_cmpuint(thread->number, ==, 1);
    g_assert_cmpstr(thread->title, ==, "Fix login");
    g_assert_cmpint(thread->initial, ==, 7);
    g_assert_true(thread->is_new);
    /* From now on its first message is in it too, should it come once more. */
    thread = see(threads, "{\"event\":\"message\",\"id\":7,\"thread_id\":\"a\",\"thread\":{\"initial_message\":7}}");
    g_assert_cmpuint(thread->number, ==, 1);
    g_assert_false(thread->is_new);
    g_assert_cmpstr(thread->title, ==, "Fix login");
    g_assert_true(fd_threads_by_number(threads, 1) == fd_threads_by_id(threads, "a"));
    g_assert_null(fd_threads_by_number(threads, 2));
    g_assert_null(fd_threads_by_id(threads, "b"));
}

static void test_integration(void)
{
    g_autoptr(FdThreads) threads = fd_threads_new();
    const FdThread *thread =
        see(threads, "{\"event\":\"activity\",\"id\":7,\"thread_id\":\"a\",\"thread\":{\"initial_message\":7,"
                     "\"title\":\"T\",\"status\":{\"value\":\"open\",\"color\":\"green\"},"
                     "\"source\":{\"application\":{\"name\":\"Builds\"}}}}");

    g_assert_cmpuint(thread->number, ==, 1);
    g_assert_cmpstr(thread->status, ==, "open");
    g_assert_cmpstr(thread->color, ==, "green");
    g_assert_cmpstr(thread->source, ==, "Builds");
    thread = see(threads, "{\"event\":\"activity\",\"id\":8,\"thread_id\":\"a\",\"thread\":{\"status\":null,"
                          "\"source\":{\"application\":\"Builds\"},\"title\":[]}}");
    g_assert_null(thread->status);
    g_assert_cmpstr(thread->title, ==, "T");
}

/* However many there are, memory is bounded, and no number is used twice. */
static void test_many(void)
{
    g_autoptr(FdThreads) threads = fd_threads_new();

    for (guint i = 1; i <= 3 * FD_THREADS_MAX; i++) {
        g_autofree char *json =
            g_strdup_printf("{\"event\":\"message\",\"id\":%u,\"thread_id\":\"t%u\",\"thread\":{}}", i, i);

        g_assert_cmpuint(see(threads, json)->number, ==, i);
        /* What is seen again stays. */
        g_assert_cmpuint(see(threads, "{\"event\":\"message\",\"id\":1,\"thread_id\":\"t1\",\"thread\":{}}")->number,
                         ==, 1);
    }
    g_assert_null(fd_threads_by_id(threads, "t2"));
    g_assert_nonnull(fd_threads_by_number(threads, 1));
    g_assert_null(fd_threads_by_number(threads, 2 * FD_THREADS_MAX));
    g_assert_nonnull(fd_threads_by_number(threads, 2 * FD_THREADS_MAX + 2));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/threads/chat", test_chat);
    g_test_add_func("/flowdock/threads/integration", test_integration);
    g_test_add_func("/flowdock/threads/many", test_many);
    return g_test_run();
}
