/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-types: copies stand alone, and freeing takes NULL and half-filled structs. */
#include "flowdock/api/fd-types.h"

static void test_user(void)
{
    FdUser *user = fd_user_new(7, "ann");
    g_autoptr(FdUser) copy = NULL;
    g_autoptr(FdUser) nameless = fd_user_new(7, NULL);
    g_autoptr(FdUser) blank = fd_user_new(G_MAXINT64, "");

    user->email = g_strdup("ann@example.com");
    user->disabled = TRUE;
    user->in_flow = FALSE;
    copy = fd_user_copy(user);
    fd_user_free(user);
    g_assert_cmpint(copy->id, ==, 7);
    g_assert_cmpstr(copy->nick, ==, "ann");
    g_assert_null(copy->name);
    g_assert_cmpstr(copy->email, ==, "ann@example.com");
    g_assert_true(copy->disabled);
    g_assert_false(copy->in_flow);
    g_assert_cmpstr(nameless->nick, ==, "7");
    g_assert_true(nameless->in_flow);
    g_assert_cmpstr(blank->nick, ==, "9223372036854775807");
}

static void test_flow(void)
{
    g_autoptr(FdFlow) flow = fd_flow_new("a:b", "a/b", "B", "A");
    g_autoptr(FdFlow) empty = fd_flow_new(NULL, NULL, NULL, NULL);

    g_assert_cmpstr(flow->id, ==, "a:b");
    g_assert_cmpstr(flow->path, ==, "a/b");
    g_assert_cmpstr(flow->name, ==, "B");
    g_assert_cmpstr(flow->org_name, ==, "A");
    g_assert_null(flow->users);
    flow->users = g_ptr_array_new_with_free_func((GDestroyNotify)fd_user_free);
    g_ptr_array_add(flow->users, fd_user_new(1, NULL));
    g_assert_null(empty->id);
}

static void test_message(void)
{
    static const char *const tags[] = { ":user:7", "bug", "bug", NULL };
    g_autoptr(FdMessage) message = g_new0(FdMessage, 1);

    g_assert_null(fd_message_get_text(message));
    message->tags = g_strdupv((char **)tags);
    g_assert_true(fd_message_has_tag(message, "bug"));
    g_assert_true(fd_message_has_tag(message, ":user:7"));
    g_assert_false(fd_message_has_tag(message, ":user:70"));
    g_assert_false(fd_message_has_tag(message, "BUG"));
    g_assert_false(fd_message_has_tag(message, ""));
    message->content = json_node_init_int(json_node_alloc(), 5);
    g_assert_null(fd_message_get_text(message));
    json_node_unref(message->content);
    message->content = json_node_init_null(json_node_alloc());
    g_assert_null(fd_message_get_text(message));
    json_node_unref(message->content);
    message->content = json_node_init_string(json_node_alloc(), "hello");
    g_assert_cmpstr(fd_message_get_text(message), ==, "hello");
}

static void test_nothing(void)
{
    fd_user_free(NULL);
    fd_flow_free(NULL);
    fd_message_free(NULL);
    fd_message_free(g_new0(FdMessage, 1));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/types/user", test_user);
    g_test_add_func("/flowdock/types/flow", test_flow);
    g_test_add_func("/flowdock/types/message", test_message);
    g_test_add_func("/flowdock/types/nothing", test_nothing);
    return g_test_run();
}
