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
    user->avatar = g_strdup("https://example.com/ann/");
    user->website = g_strdup("http://www.example.com/");
    user->status = g_strdup("away");
    user->last_activity_ms = 5;
    user->admin = TRUE;
    user->disabled = TRUE;
    user->in_flow = FALSE;
    copy = fd_user_copy(user);
    fd_user_free(user);
    g_assert_cmpint(copy->id, ==, 7);
    g_assert_cmpstr(copy->nick, ==, "ann");
    g_assert_null(copy->name);
    g_assert_cmpstr(copy->email, ==, "ann@example.com");
    g_assert_cmpstr(copy->avatar, ==, "https://example.com/ann/");
    g_assert_cmpstr(copy->website, ==, "http://www.example.com/");
    g_assert_cmpstr(copy->status, ==, "away");
    g_assert_cmpint(copy->last_activity_ms, ==, 5);
    g_assert_true(copy->admin);
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
    flow->access_mode = g_strdup("link");
    flow->users = g_ptr_array_new_with_free_func((GDestroyNotify)fd_user_free);
    g_ptr_array_add(flow->users, fd_user_new(1, NULL));
    g_assert_null(empty->id);
}

/* Only the leak checker can see this fail. */
static void test_org(void)
{
    g_autoptr(FdOrg) org = g_new0(FdOrg, 1);
    g_autoptr(FdInvitation) invitation = g_new0(FdInvitation, 1);

    org->slug = g_strdup("acme");
    org->name = g_strdup("Acme");
    org->users = g_ptr_array_new_with_free_func((GDestroyNotify)fd_user_free);
    g_ptr_array_add(org->users, fd_user_new(1, NULL));
    invitation->email = g_strdup("ann@example.com");
    invitation->state = g_strdup("pending");
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

static void test_message_copy(void)
{
    static const char *const tags[] = { "bug", ":thread", NULL };
    FdMessage *message = g_new0(FdMessage, 1);
    g_autoptr(FdMessage) copy = NULL;
    g_autoptr(FdMessage) empty = g_new0(FdMessage, 1);
    g_autoptr(FdMessage) empty_copy = fd_message_copy(empty);

    message->id = G_MAXINT64;
    message->event = g_strdup("message");
    message->flow = g_strdup("acme:main");
    message->to = 3;
    message->user = 7;
    message->sent_ms = 1700000000000;
    message->external_name = g_strdup("Guest");
    message->uuid = g_strdup("u");
    message->thread_id = g_strdup("t");
    message->tags = g_strdupv((char **)tags);
    message->content = json_node_init_string(json_node_alloc(), "hello");
    message->json = json_object_new();
    json_object_set_int_member(message->json, "further", 5);
    message->past = TRUE;
    copy = fd_message_copy(message);
    fd_message_free(message);
    g_assert_cmpint(copy->id, ==, G_MAXINT64);
    g_assert_cmpstr(copy->event, ==, "message");
    g_assert_cmpstr(copy->flow, ==, "acme:main");
    g_assert_cmpint(copy->to, ==, 3);
    g_assert_cmpint(copy->user, ==, 7);
    g_assert_cmpint(copy->sent_ms, ==, 1700000000000);
    g_assert_cmpstr(copy->external_name, ==, "Guest");
    g_assert_cmpstr(copy->uuid, ==, "u");
    g_assert_cmpstr(copy->thread_id, ==, "t");
    g_assert_cmpstrv(copy->tags, (char **)tags);
    g_assert_cmpstr(fd_message_get_text(copy), ==, "hello");
    g_assert_cmpint(json_object_get_int_member(copy->json, "further"), ==, 5);
    g_assert_true(copy->past);
    g_assert_null(empty_copy->event);
    g_assert_null(empty_copy->tags);
    g_assert_null(empty_copy->content);
}

static void test_nothing(void)
{
    fd_user_free(NULL);
    fd_flow_free(NULL);
    fd_org_free(NULL);
    fd_org_free(g_new0(FdOrg, 1));
    fd_invitation_free(NULL);
    fd_invitation_free(g_new0(FdInvitation, 1));
    fd_message_free(NULL);
    fd_message_free(g_new0(FdMessage, 1));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/types/user", test_user);
    g_test_add_func("/flowdock/types/flow", test_flow);
    g_test_add_func("/flowdock/types/org", test_org);
    g_test_add_func("/flowdock/types/message", test_message);
    g_test_add_func("/flowdock/types/message-copy", test_message_copy);
    g_test_add_func("/flowdock/types/nothing", test_nothing);
    return g_test_run();
}
