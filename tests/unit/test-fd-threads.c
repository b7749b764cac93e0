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

/* What a list tells gives numbers too, and a thread of a chat is told from one of an integration. */
static void test_learn(void)
{
    static const char json[] = "[{\"id\":\"a\",\"title\":\"One\"},"
                               "{\"id\":\"b\",\"title\":\"Two\",\"source\":{\"application\":\"Builds\"}}]";
    g_autoptr(FdThreads) threads = fd_threads_new();
    g_autoptr(JsonNode) node = net_json_parse(json, strlen(json), NULL);
    g_autoptr(GPtrArray) infos = fd_decode_threads(node);
    g_autoptr(GPtrArray) list = NULL;

    g_assert_cmpuint(infos->len, ==, 2);
    g_assert_true(fd_threads_learn(threads, infos->pdata[0])->is_chat);
    g_assert_false(fd_threads_learn(threads, infos->pdata[1])->is_chat);
    g_assert_cmpuint(fd_threads_learn(threads, infos->pdata[0])->number, ==, 1);
    list = fd_threads_list(threads);
    g_assert_cmpuint(list->len, ==, 2);
    g_assert_cmpstr(((FdThread *)list->pdata[0])->title, ==, "One");
    g_assert_cmpstr(((FdThread *)list->pdata[1])->title, ==, "Two");
}

/* Numbers of an earlier session are kept, unless they are taken by now. */
static void test_reserve(void)
{
    g_autoptr(FdThreads) threads = fd_threads_new();

    g_assert_true(fd_threads_reserve(threads, "c", 3));
    g_assert_true(fd_threads_reserve(threads, "c", 3));
    g_assert_false(fd_threads_reserve(threads, "d", 3));
    g_assert_false(fd_threads_reserve(threads, "c", 4));
    g_assert_true(fd_threads_reserve(threads, "a", 1));
    g_assert_cmpuint(see(threads, "{\"event\":\"message\",\"id\":9,\"thread_id\":\"c\",\"thread\":{}}")->number, ==, 3);
    g_assert_cmpuint(see(threads, "{\"event\":\"message\",\"id\":9,\"thread_id\":\"x\",\"thread\":{}}")->number, ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/threads/chat", test_chat);
    g_test_add_func("/flowdock/threads/integration", test_integration);
    g_test_add_func("/flowdock/threads/many", test_many);
    g_test_add_func("/flowdock/threads/learn", test_learn);
    g_test_add_func("/flowdock/threads/reserve", test_reserve);
    return g_test_run();
}
