/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-outbox: order of sending, and the match with what comes back. */
#include "flowdock/model/fd-outbox.h"

#include <string.h>

/* An own message as it comes back. */
static FdMessage *echo_new(gint64 id, const char *uuid, const char *text)
{
    FdMessage *message = g_new0(FdMessage, 1);

    message->id = id;
    message->event = g_strdup("message");
    message->uuid = g_strdup(uuid);
    message->tags = g_new0(char *, 1);
    if (text)
        message->content = json_node_init_string(json_node_alloc(), text);
    return message;
}

static void add(FdOutbox *outbox, const char *text)
{
    FdDraft draft = { .event = "message", .text = text };

    fd_outbox_add(outbox, &draft);
}

static gboolean confirm(FdOutbox *outbox, gint64 id, const char *uuid, const char *text)
{
    g_autoptr(FdMessage) message = echo_new(id, uuid, text);

    return fd_outbox_confirm(outbox, message) != FD_ECHO_NONE;
}

/* Adds a text and lets it be accepted. Returns: (transfer full): its uuid. */
static char *add_accepted(FdOutbox *outbox, const char *text, gint64 answer_id)
{
    FdOutgoing *outgoing;

    add(outbox, text);
    outgoing = fd_outbox_next(outbox);
    g_assert_cmpstr(outgoing->text, ==, text);
    outgoing->state = FD_OUTGOING_ACCEPTED;
    outgoing->answer = answer_id ? echo_new(answer_id, NULL, text) : NULL;
    return g_strdup(outgoing->uuid);
}

static void test_order(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    FdOutgoing *first, *second;

    g_assert_null(fd_outbox_next(outbox));
    add(outbox, "one");
    add(outbox, "two");
    add(outbox, "one");
    first = fd_outbox_next(outbox);
    g_assert_cmpstr(first->text, ==, "one");
    g_assert_true(fd_outbox_next(outbox) == first);
    first->state = FD_OUTGOING_SENDING;
    g_assert_null(fd_outbox_next(outbox));
    first->state = FD_OUTGOING_ACCEPTED;
    second = fd_outbox_next(outbox);
    g_assert_cmpstr(second->text, ==, "two");
    second->state = FD_OUTGOING_SENDING;
    g_assert_null(fd_outbox_next(outbox));
    g_free(fd_outbox_take(outbox, second->uuid));
    g_assert_cmpstr(fd_outbox_next(outbox)->text, ==, "one");
    g_assert_true(fd_outbox_next(outbox) != first);
}

static void test_uuids(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *one = add_accepted(outbox, "same", 0);
    g_autofree char *two = add_accepted(outbox, "same", 0);

    g_assert_cmpstr(one, !=, two);
    g_assert_cmpuint(strlen(one), >=, 16);
    g_assert_cmpstr(fd_outbox_find(outbox, two)->uuid, ==, two);
    g_assert_null(fd_outbox_find(outbox, "another"));
    g_assert_null(fd_outbox_find(outbox, NULL));
    g_assert_null(fd_outbox_take(outbox, NULL));
}

/* The service may have changed the text, and the stream may be faster than the answer. */
static void test_confirm_by_uuid(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *uuid = NULL;
    FdOutgoing *outgoing;

    add(outbox, ":smile:");
    add(outbox, "next");
    outgoing = fd_outbox_next(outbox);
    outgoing->state = FD_OUTGOING_SENDING;
    uuid = g_strdup(outgoing->uuid);
    g_assert_true(confirm(outbox, 5, uuid, "\xf0\x9f\x98\x84"));
    g_assert_false(confirm(outbox, 5, uuid, ":smile:"));
    g_assert_null(fd_outbox_find(outbox, uuid));
    g_assert_cmpstr(fd_outbox_next(outbox)->text, ==, "next");
}

static void test_confirm_by_id(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *one = add_accepted(outbox, "hello", 7);
    g_autofree char *two = add_accepted(outbox, "hello", 8);

    /* Of another device: it has neither the uuid nor the id, so the text does not make it ours. */
    g_assert_false(confirm(outbox, 6, NULL, "hello"));
    g_assert_false(confirm(outbox, 6, "other", "hello"));
    g_assert_true(confirm(outbox, 8, NULL, "changed"));
    g_assert_null(fd_outbox_find(outbox, two));
    g_assert_nonnull(fd_outbox_find(outbox, one));
    g_assert_true(confirm(outbox, 7, "other", NULL));
    g_assert_null(fd_outbox_get_unseen(outbox));
}

static void test_confirm_by_text(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *one = add_accepted(outbox, "hello", 0);
    g_autofree char *two = add_accepted(outbox, "hello", 0);

    add(outbox, "waiting");
    g_assert_false(confirm(outbox, 5, NULL, "waiting"));
    fd_outbox_next(outbox)->state = FD_OUTGOING_SENDING;
    g_assert_false(confirm(outbox, 5, NULL, "waiting"));
    g_assert_false(confirm(outbox, 5, "other", "hello"));
    g_assert_false(confirm(outbox, 5, NULL, "Hello"));
    g_assert_false(confirm(outbox, 5, NULL, NULL));
    g_assert_true(confirm(outbox, 5, NULL, "hello"));
    g_assert_null(fd_outbox_find(outbox, one));
    g_assert_nonnull(fd_outbox_find(outbox, two));
    g_assert_true(confirm(outbox, 6, NULL, "hello"));
    g_assert_false(confirm(outbox, 7, NULL, "hello"));
}

/* Three alike, whose echoes come in another order: each stands for itself. */
static void test_confirm_alike(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *one = add_accepted(outbox, "+1", 0);
    g_autofree char *two = add_accepted(outbox, "+1", 5);
    g_autofree char *three = add_accepted(outbox, "+1", 0);

    g_assert_true(confirm(outbox, 6, three, "+1"));
    g_assert_null(fd_outbox_find(outbox, three));
    g_assert_true(confirm(outbox, 4, NULL, "+1"));
    g_assert_null(fd_outbox_find(outbox, one));
    g_assert_true(confirm(outbox, 5, NULL, "+1"));
    g_assert_null(fd_outbox_find(outbox, two));
    g_assert_false(confirm(outbox, 7, NULL, "+1"));
}

/* What has failed waits for the user, holds nothing up, and is the same message when it is sent again. */
static void test_fail(void)
{
    static const char *const tags[] = { "a", NULL };
    FdDraft draft = { .event = "comment", .text = "one", .thread_id = "t", .parent = 4, .tags = tags };
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *uuid = NULL;
    g_auto(GStrv) left = NULL;

    fd_outbox_add(outbox, &draft);
    add(outbox, "two");
    g_assert_cmpuint(fd_outbox_retry(outbox), ==, 0);
    uuid = g_strdup(fd_outbox_next(outbox)->uuid);
    g_assert_cmpstr(fd_outbox_fail(outbox, uuid)->text, ==, "one");
    g_assert_null(fd_outbox_fail(outbox, "nobody"));
    g_assert_cmpstr(fd_outbox_next(outbox)->text, ==, "two");
    g_assert_cmpuint(fd_outbox_retry(outbox), ==, 1);
    g_assert_cmpstr(fd_outbox_next(outbox)->uuid, ==, uuid);
    g_assert_cmpstr(fd_outbox_next(outbox)->event, ==, "comment");
    g_assert_cmpstr(fd_outbox_next(outbox)->thread_id, ==, "t");
    g_assert_cmpint(fd_outbox_next(outbox)->parent, ==, 4);
    g_assert_cmpstr(fd_outbox_next(outbox)->tags[0], ==, "a");
    fd_outbox_fail(outbox, uuid);
    g_assert_cmpuint(fd_outbox_forget(outbox), ==, 1);
    g_assert_cmpuint(fd_outbox_forget(outbox), ==, 0);
    g_assert_null(fd_outbox_find(outbox, uuid));
    left = fd_outbox_clear(outbox);
    g_assert_cmpuint(g_strv_length(left), ==, 1);
}

/* Where a line was typed decides how a host shows it. */
static void test_where(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    FdDraft draft = { .event = "message", .text = "one", .typed_in = "a" };
    g_autoptr(FdMessage) message = echo_new(1, NULL, "one");

    message->thread_id = g_strdup("a");
    for (guint i = 0; i < 4; i++) {
        static const FdEcho expected[] = { FD_ECHO_THREAD, FD_ECHO_NONE, FD_ECHO_ROOM, FD_ECHO_NONE };

        /* In the thread's own room; there, but for another thread; in the room; and what was thought to be lost. */
        draft.typed_in = i == 0 ? "a" : i == 1 ? "b" : NULL;
        fd_outbox_add(outbox, &draft);
        g_assert_true(fd_outbox_is_busy(outbox));
        g_free(message->uuid);
        message->uuid = g_strdup(fd_outbox_next(outbox)->uuid);
        if (i == 3)
            fd_outbox_fail(outbox, message->uuid);
        g_assert_true(fd_outbox_is_busy(outbox) == (i < 3));
        g_assert_cmpint(fd_outbox_confirm(outbox, message), ==, expected[i]);
        g_assert_cmpint(fd_outbox_confirm(outbox, message), ==, FD_ECHO_NONE);
    }
}

static void test_take(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *uuid = add_accepted(outbox, "hello", 3);
    g_autofree char *text = fd_outbox_take(outbox, uuid);

    g_assert_cmpstr(text, ==, "hello");
    g_assert_null(fd_outbox_take(outbox, uuid));
    g_assert_false(confirm(outbox, 3, uuid, "hello"));
}

static void test_unseen(void)
{
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *one = NULL;
    g_autofree char *two = NULL;

    g_assert_null(fd_outbox_get_unseen(outbox));
    one = add_accepted(outbox, "one", 0);
    two = add_accepted(outbox, "two", 0);
    add(outbox, "three");
    g_assert_cmpstr(fd_outbox_get_unseen(outbox)->uuid, ==, one);
    g_assert_true(confirm(outbox, 1, one, "one"));
    g_assert_cmpstr(fd_outbox_get_unseen(outbox)->uuid, ==, two);
    g_assert_true(confirm(outbox, 2, two, "two"));
    g_assert_null(fd_outbox_get_unseen(outbox));
}

static void test_clear(void)
{
    static const char *const expected[] = { "sending", "waiting", "", NULL };
    g_autoptr(FdOutbox) outbox = fd_outbox_new();
    g_autofree char *uuid = add_accepted(outbox, "accepted", 4);
    g_auto(GStrv) texts = NULL;
    g_auto(GStrv) none = NULL;

    add(outbox, "sending");
    fd_outbox_next(outbox)->state = FD_OUTGOING_SENDING;
    add(outbox, "waiting");
    add(outbox, "");
    texts = fd_outbox_clear(outbox);
    g_assert_cmpstrv(texts, expected);
    g_assert_null(fd_outbox_next(outbox));
    g_assert_null(fd_outbox_find(outbox, uuid));
    none = fd_outbox_clear(outbox);
    g_assert_cmpuint(g_strv_length(none), ==, 0);
    add(outbox, "again");
    g_assert_cmpstr(fd_outbox_next(outbox)->text, ==, "again");
    fd_outbox_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/outbox/order", test_order);
    g_test_add_func("/flowdock/outbox/uuids", test_uuids);
    g_test_add_func("/flowdock/outbox/confirm-by-uuid", test_confirm_by_uuid);
    g_test_add_func("/flowdock/outbox/confirm-by-id", test_confirm_by_id);
    g_test_add_func("/flowdock/outbox/confirm-by-text", test_confirm_by_text);
    g_test_add_func("/flowdock/outbox/confirm-alike", test_confirm_alike);
    g_test_add_func("/flowdock/outbox/take", test_take);
    g_test_add_func("/flowdock/outbox/fail", test_fail);
    g_test_add_func("/flowdock/outbox/where", test_where);
    g_test_add_func("/flowdock/outbox/unseen", test_unseen);
    g_test_add_func("/flowdock/outbox/clear", test_clear);
    return g_test_run();
}
