/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-messages: each call, and what the server then has. */
#include "flowdock/api/fd-api-messages.h"

#include "test-fd-api.h"

#define MAIN "acme/main"
#define DEMO 1
#define ANN 2

static const FdApiPlace in_main = { .flow_path = MAIN };
static const FdApiPlace with_ann = { .user = ANN };

/* (transfer full): of a stored message, with commas. */
static char *tags_of(TestApi *test, const char *conversation, gint64 id)
{
    g_auto(GStrv) tags = fake_json_list(fake_server_get_message(test->server, conversation, id), "tags");

    return g_strjoinv(",", tags);
}

static const char *text_of(TestApi *test, const char *conversation, gint64 id, const char *name)
{
    return fake_json_string(fake_server_get_message(test->server, conversation, id), name);
}

/* (transfer full): of the newest request's body. */
static char *sent_text(TestApi *test, const char *name)
{
    g_autoptr(JsonObject) body = fake_json_parse_object(test_api_request(test)->body, -1, NULL);

    return g_strdup(fake_json_string(body, name));
}

/* ----------------------------------------------------------------------------------------------------------- calls */

static FdMessage *send_draft(TestApi *test, const FdApiPlace *place, const FdApiDraft *draft, GError **error)
{
    g_auto(TestDone) done = { 0 };
    FdMessage *message = NULL;
    gboolean sent;

    fd_api_message_send_async(test->api, place, draft, NULL, test_done, &done);
    sent = fd_api_message_send_finish(test_api_wait(&done), &message, error);
    g_assert_true(sent == (!error || !*error));
    g_assert_true(sent || !message);
    return message;
}

static GPtrArray *list(TestApi *test, const FdApiPlace *place, gint64 since, gint64 until, guint limit)
{
    const FdApiRange range = { since, until, limit };
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;
    GPtrArray *messages;

    fd_api_messages_list_async(test->api, place, &range, NULL, test_done, &done);
    messages = fd_api_messages_list_finish(test_api_wait(&done), &error);
    g_assert_no_error(error);
    return messages;
}

static GPtrArray *search(TestApi *test, const FdApiPlace *place, const FdApiSearch *wish)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;
    GPtrArray *messages;

    fd_api_messages_search_async(test->api, place, wish, NULL, test_done, &done);
    messages = fd_api_messages_list_finish(test_api_wait(&done), &error);
    g_assert_no_error(error);
    return messages;
}

static FdMessage *show(TestApi *test, const FdApiPlace *place, gint64 id, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_message_show_async(test->api, place, id, NULL, test_done, &done);
    return fd_api_message_show_finish(test_api_wait(&done), error);
}

static gboolean edit(TestApi *test, const FdApiPlace *place, gint64 id, const char *text, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_message_edit_async(test->api, place, id, text, NULL, test_done, &done);
    return fd_api_message_change_finish(test_api_wait(&done), error);
}

static gboolean set_tags(TestApi *test, const FdApiPlace *place, gint64 id, const char *const *tags, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_message_set_tags_async(test->api, place, id, tags, NULL, test_done, &done);
    return fd_api_message_change_finish(test_api_wait(&done), error);
}

static gboolean delete_message(TestApi *test, const FdApiPlace *place, gint64 id, GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_message_delete_async(test->api, place, id, NULL, test_done, &done);
    return fd_api_message_change_finish(test_api_wait(&done), error);
}

static gboolean react(TestApi *test, const FdApiPlace *place, gint64 id, const char *emoji, gboolean add,
                      GError **error)
{
    g_auto(TestDone) done = { 0 };

    fd_api_message_react_async(test->api, place, id, emoji, add, NULL, test_done, &done);
    return fd_api_message_change_finish(test_api_wait(&done), error);
}

/* Takes @messages. (transfer full): their texts, with blanks between. */
static char *texts(GPtrArray *messages)
{
    g_autoptr(GPtrArray) taken = messages;
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < taken->len; i++)
        g_string_append_printf(all, "%s%s", i ? " " : "", fd_message_get_text(taken->pdata[i]));
    return g_string_free(all, FALSE);
}

#define assert_texts(messages, expected)                                                                               \
    do {                                                                                                               \
        g_autofree char *found = texts(messages);                                                                      \
        g_assert_cmpstr(found, ==, expected);                                                                          \
    } while (0)

/* --------------------------------------------------------------------------------------------------------- sending */

static void test_send(void)
{
    g_autoptr(TestApi) test = test_api_new();
    const FdApiDraft draft = { .event = "message", .text = "hello", .uuid = "uuid-1" };
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = send_draft(test, &in_main, &draft, &error);
    gint64 id;

    g_assert_no_error(error);
    g_assert_nonnull(message);
    id = message->id;
    g_assert_cmpstr(message->uuid, ==, "uuid-1");
    g_assert_cmpint(message->user, ==, DEMO);
    g_assert_cmpuint(fake_server_message_count(test->server, MAIN), ==, 1);
    g_assert_cmpstr(text_of(test, MAIN, id, "event"), ==, "message");
    g_assert_cmpstr(text_of(test, MAIN, id, "content"), ==, "hello");
    g_assert_cmpstr(text_of(test, MAIN, id, "uuid"), ==, "uuid-1");
}

static void test_send_status(void)
{
    g_autoptr(TestApi) test = test_api_new();
    const FdApiDraft draft = { .event = "status", .text = "away", .uuid = "uuid-1" };
    g_autoptr(FdMessage) message = send_draft(test, &in_main, &draft, NULL);

    g_assert_cmpstr(text_of(test, MAIN, message->id, "event"), ==, "status");
}

static void test_send_private(void)
{
    g_autoptr(TestApi) test = test_api_new();
    const FdApiDraft draft = { .event = "message", .text = "psst", .uuid = "uuid-1" };
    g_autoptr(FdMessage) message = send_draft(test, &with_ann, &draft, NULL);

    g_assert_cmpint(message->to, ==, ANN);
    g_assert_cmpstr(text_of(test, "private/1/2", message->id, "content"), ==, "psst");
    g_assert_cmpuint(fake_server_message_count(test->server, MAIN), ==, 0);
}

static void test_send_in_thread(void)
{
    g_autoptr(TestApi) test = test_api_new();
    gint64 first = fake_server_say(test->server, MAIN, ANN, "shall we?");
    g_autofree char *thread = g_strdup(text_of(test, MAIN, first, "thread_id"));
    const FdApiDraft draft = { .event = "message", .text = "yes", .uuid = "uuid-1", .thread_id = thread };
    g_autoptr(FdMessage) message = send_draft(test, &in_main, &draft, NULL);

    g_assert_cmpstr(message->thread_id, ==, thread);
    g_assert_cmpstr(text_of(test, MAIN, message->id, "thread_id"), ==, thread);
}

static void test_send_tags(void)
{
    static const char *const tags[] = { "urgent", "@Ann", NULL };
    g_autoptr(TestApi) test = test_api_new();
    const FdApiDraft draft = { .event = "message", .text = "a #bug", .uuid = "uuid-1", .tags = tags };
    g_autoptr(FdMessage) message = send_draft(test, &in_main, &draft, NULL);
    g_autofree char *stored = tags_of(test, MAIN, message->id);

    g_assert_cmpstr(stored, ==, "bug,urgent,:user:2,:unread:2");
    g_assert_true(fd_message_has_tag(message, "urgent"));
}

static void test_send_comment(void)
{
    static const char *const tags[] = { "later", NULL };
    g_autoptr(TestApi) test = test_api_new();
    gint64 parent = fake_server_say(test->server, MAIN, ANN, "a question");
    const FdApiDraft draft = {
        .event = "comment", .text = "an answer", .uuid = "uuid-1", .parent = parent, .tags = tags
    };
    g_autofree char *expected = g_strdup_printf("later,influx:%" G_GINT64_FORMAT, parent);
    g_autofree char *path = g_strdup_printf("/flows/acme/main/messages/%" G_GINT64_FORMAT "/comments", parent);
    g_autoptr(FdMessage) message = send_draft(test, &in_main, &draft, NULL);
    g_autofree char *stored = tags_of(test, MAIN, message->id);
    JsonObject *comment = fake_server_get_message(test->server, MAIN, message->id);

    g_assert_cmpstr(test_api_request(test)->path, ==, path);
    g_assert_cmpstr(fake_json_string(comment, "event"), ==, "comment");
    g_assert_cmpstr(fake_json_string(fake_json_object(comment, "content"), "text"), ==, "an answer");
    g_assert_cmpstr(fake_json_string(fake_json_object(comment, "content"), "title"), ==, "a question");
    g_assert_cmpstr(stored, ==, expected);
}

/* The service has it, but does not say what it made of it. */
static void test_send_accepted(void)
{
    static const FakeFault faults[] = {
        { .kind = FAKE_FAULT_ACCEPTED },
        { .kind = FAKE_FAULT_EMPTY },
        { .kind = FAKE_FAULT_GARBAGE, .body = "{\"event\":\"message\",\"content\":\"hello\"}" },
        { .kind = FAKE_FAULT_GARBAGE, .body = "[]" },
    };
    const FdApiDraft draft = { .event = "message", .text = "hello", .uuid = "uuid-1" };

    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autoptr(TestApi) test = test_api_new();
        g_autoptr(GError) error = NULL;

        fake_server_fault(test->server, &faults[i]);
        g_assert_null(send_draft(test, &in_main, &draft, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(fake_server_message_count(test->server, MAIN), ==, 1);
    }
}

static void test_send_refused(void)
{
    /* clang-format off */
    static const struct {
        FdApiDraft draft;
        const char *words;
    } cases[] = {
        { { .event = "message", .text = " ", .uuid = "u" },                        "content can't be blank" },
        { { .event = "nonsense", .text = "x", .uuid = "u" },                       "event is not included in the list" },
        { { .event = "message", .text = "x", .uuid = "u", .thread_id = "none" },   "thread_id is invalid" },
        { { .event = "comment", .text = "x", .uuid = "u", .parent = 987654321 },   "message is invalid" },
    };
    /* clang-format on */
    g_autoptr(TestApi) test = test_api_new();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(send_draft(test, &in_main, &cases[i].draft, &error));
        g_assert_error(error, FD_API_ERROR, FD_API_ERROR_REFUSED);
        g_assert_nonnull(strstr(error->message, cases[i].words));
    }
    g_assert_cmpuint(fake_server_message_count(test->server, MAIN), ==, 0);
}

/* --------------------------------------------------------------------------------------------------------- reading */

static void test_list(void)
{
    g_autoptr(TestApi) test = test_api_new();
    gint64 one = fake_server_say(test->server, MAIN, ANN, "one");
    gint64 two = fake_server_say(test->server, MAIN, ANN, "two");
    gint64 three = fake_server_say(test->server, MAIN, ANN, "three");

    assert_texts(list(test, &in_main, 0, 0, 100), "one two three");
    assert_texts(list(test, &in_main, 0, 0, 2), "two three");
    assert_texts(list(test, &in_main, one, 0, 1), "two");
    assert_texts(list(test, &in_main, two, 0, 100), "three");
    assert_texts(list(test, &in_main, 0, three, 1), "two");
    assert_texts(list(test, &in_main, 0, one, 100), "");
    /* The server refuses limits that it does not know. */
    assert_texts(list(test, &in_main, 0, 0, 0), "three");
    assert_texts(list(test, &in_main, 0, 0, 1000), "one two three");
}

static void test_list_thread(void)
{
    g_autoptr(TestApi) test = test_api_new();
    gint64 first = fake_server_say(test->server, MAIN, ANN, "first");
    g_autofree char *thread = g_strdup(text_of(test, MAIN, first, "thread_id"));
    const FdApiPlace in_thread = { .flow_path = MAIN, .thread_id = thread };
    const FdApiSearch wish = { .words = "answer", .limit = 10 };
    gint64 reply;

    fake_server_say(test->server, MAIN, ANN, "answer-elsewhere");
    reply = fake_server_reply(test->server, MAIN, 42, first, "answer");
    fake_server_reply(test->server, MAIN, ANN, first, "thanks");
    assert_texts(list(test, &in_thread, 0, 0, 100), "first answer thanks");
    assert_texts(list(test, &in_thread, reply, 0, 100), "thanks");
    assert_texts(list(test, &in_thread, 0, reply, 100), "first");
    assert_texts(search(test, &in_thread, &wish), "answer");
}

static void test_list_private(void)
{
    g_autoptr(TestApi) test = test_api_new();
    gint64 one = fake_server_say_private(test->server, ANN, DEMO, "one");

    fake_server_say_private(test->server, DEMO, ANN, "two");
    fake_server_say(test->server, MAIN, ANN, "elsewhere");
    assert_texts(list(test, &with_ann, 0, 0, 100), "one two");
    assert_texts(list(test, &with_ann, one, 0, 100), "two");
}

/* An id from outside must not become another path. */
static void test_list_strange_thread(void)
{
    static const FdApiPlace slash = { .flow_path = MAIN, .thread_id = "../../dev-team" };
    static const FdApiPlace dots = { .flow_path = MAIN, .thread_id = ".." };
    static const FdApiRange range = { .limit = 10 };
    g_autoptr(TestApi) test = test_api_new();
    g_auto(TestDone) slash_done = { 0 };
    g_auto(TestDone) dots_done = { 0 };
    g_autoptr(GError) slash_error = NULL;
    g_autoptr(GError) dots_error = NULL;

    fd_api_messages_list_async(test->api, &slash, &range, NULL, test_done, &slash_done);
    g_assert_null(fd_api_messages_list_finish(test_api_wait(&slash_done), &slash_error));
    g_assert_error(slash_error, NET_ERROR, NET_ERROR_NOT_FOUND);
    g_assert_cmpstr(test_api_request(test)->path, ==, "/flows/acme/main/threads/..%2F..%2Fdev-team/messages");
    fd_api_messages_list_async(test->api, &dots, &range, NULL, test_done, &dots_done);
    g_assert_null(fd_api_messages_list_finish(test_api_wait(&dots_done), &dots_error));
    g_assert_error(dots_error, NET_ERROR, NET_ERROR_PROTOCOL);
    g_assert_cmpuint(fake_server_requests(test->server)->len, ==, 1);
}

static void test_search_words(void)
{
    g_autoptr(TestApi) test = test_api_new();
    FdApiSearch wish = { .words = "red apple", .limit = 2 };

    fake_server_say(test->server, MAIN, ANN, "red-apple-1");
    fake_server_say(test->server, MAIN, ANN, "red-pear");
    fake_server_say(test->server, MAIN, ANN, "apple-red-2");
    fake_server_say(test->server, MAIN, ANN, "red-apple-3");
    assert_texts(search(test, &in_main, &wish), "apple-red-2 red-apple-3");
    wish.skip = 2;
    wish.until = 1; /* only where there are no words */
    assert_texts(search(test, &in_main, &wish), "red-apple-1");
    g_assert_cmpstr(test_api_request(test)->query, ==, "limit=2&search=red%20apple&skip=2");
}

static void test_search_tags(void)
{
    static const char *const todo[] = { "todo", NULL };
    static const char *const both[] = { "todo", ":user:2", NULL };
    static const char *const none[] = { NULL };
    g_autoptr(TestApi) test = test_api_new();
    FdApiSearch wish = { .tags = todo, .limit = 10, .skip = 1 };
    gint64 last;

    fake_server_say(test->server, MAIN, 42, "#todo");
    fake_server_say(test->server, MAIN, 42, "nothing");
    fake_server_say(test->server, MAIN, 42, "#todo,@Ann");
    last = fake_server_say(test->server, MAIN, 42, "#todo!");
    assert_texts(search(test, &in_main, &wish), "#todo #todo,@Ann #todo!");
    g_assert_cmpstr(test_api_request(test)->query, ==, "limit=10&tags=todo");
    wish.until = last;
    assert_texts(search(test, &in_main, &wish), "#todo #todo,@Ann");
    wish.tags = both;
    assert_texts(search(test, &in_main, &wish), "#todo,@Ann");
    wish.words = "nothing";
    assert_texts(search(test, &in_main, &wish), "");
    wish = (FdApiSearch){ .words = "", .tags = none, .limit = 1 };
    assert_texts(search(test, &in_main, &wish), "#todo!");
    g_assert_cmpstr(test_api_request(test)->query, ==, "limit=1");
}

static void test_search_private(void)
{
    static const char *const tags[] = { "todo", NULL };
    g_autoptr(TestApi) test = test_api_new();
    const FdApiSearch wish = { .words = "apple", .tags = tags, .skip = 1, .limit = 10 };

    fake_server_say_private(test->server, ANN, DEMO, "apple-1");
    fake_server_say_private(test->server, ANN, DEMO, "pear");
    fake_server_say_private(test->server, ANN, DEMO, "apple-2");
    assert_texts(search(test, &with_ann, &wish), "apple-1 apple-2");
    g_assert_cmpstr(test_api_request(test)->query, ==, "limit=10&search=apple");
}

static void test_show(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) shape = NULL;
    gint64 id = fake_server_say(test->server, MAIN, ANN, "hello");
    gint64 private_id = fake_server_say_private(test->server, ANN, DEMO, "psst");
    g_autoptr(FdMessage) message = show(test, &in_main, id, NULL);
    g_autoptr(FdMessage) private_message = show(test, &with_ann, private_id, NULL);

    g_assert_cmpint(message->id, ==, id);
    g_assert_cmpstr(fd_message_get_text(message), ==, "hello");
    g_assert_cmpstr(fd_message_get_text(private_message), ==, "psst");
    g_assert_null(show(test, &in_main, id + 1000, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
    test_api_answer(test, "[]");
    g_assert_null(show(test, &in_main, id, &shape));
    g_assert_error(shape, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
}

/* -------------------------------------------------------------------------------------------------------- changing */

static void test_edit(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    gint64 id = fake_server_say(test->server, MAIN, DEMO, "a tpyo #one");
    gint64 private_id = fake_server_say_private(test->server, DEMO, ANN, "a tpyo");
    g_autofree char *tags = NULL;

    g_assert_true(edit(test, &in_main, id, "a typo", &error));
    g_assert_true(edit(test, &with_ann, private_id, "psst", &error));
    g_assert_no_error(error);
    tags = tags_of(test, MAIN, id);
    g_assert_cmpstr(text_of(test, MAIN, id, "content"), ==, "a typo");
    g_assert_cmpstr(text_of(test, "private/1/2", private_id, "content"), ==, "psst");
    /* Nothing but the text is sent, else the tags would be lost. */
    g_assert_cmpstr(tags, ==, "one");
}

static void test_edit_comment(void)
{
    g_autoptr(TestApi) test = test_api_new();
    gint64 parent = fake_server_say(test->server, MAIN, ANN, "a question");
    const FdApiDraft draft = { .event = "comment", .text = "an anwser", .uuid = "uuid-1", .parent = parent };
    g_autoptr(FdMessage) comment = send_draft(test, &in_main, &draft, NULL);
    JsonObject *stored = fake_server_get_message(test->server, MAIN, comment->id);

    g_assert_true(edit(test, &in_main, comment->id, "an answer", NULL));
    g_assert_cmpstr(fake_json_string(fake_json_object(stored, "content"), "text"), ==, "an answer");
}

static void test_edit_refused(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autofree char *long_text = g_strnfill(FD_API_MAX_CHARS + 1, 'x');
    g_autoptr(GError) foreign = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) too_long = NULL;
    gint64 anns = fake_server_say(test->server, MAIN, ANN, "hers");
    gint64 own = fake_server_say(test->server, MAIN, DEMO, "mine");

    g_assert_false(edit(test, &in_main, anns, "mine", &foreign));
    g_assert_error(foreign, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_cmpstr(foreign->message, ==, "Only your own messages can be edited");
    g_assert_cmpuint(test_api_request(test)->status, ==, 403);
    g_assert_cmpstr(text_of(test, MAIN, anns, "content"), ==, "hers");
    g_assert_false(edit(test, &in_main, own + 1000, "mine", &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
    g_assert_false(edit(test, &in_main, own, long_text, &too_long));
    g_assert_error(too_long, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_nonnull(strstr(too_long->message, "content is too long"));
    g_assert_cmpstr(text_of(test, MAIN, own, "content"), ==, "mine");
}

static void test_set_tags(void)
{
    static const char *const some[] = { "two", ":user:2", "three", NULL };
    static const char *const none[] = { NULL };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) missing = NULL;
    g_autofree char *changed = NULL;
    g_autofree char *emptied = NULL;
    gint64 id = fake_server_say(test->server, MAIN, ANN, "#one");

    g_assert_true(set_tags(test, &in_main, id, some, &error));
    g_assert_no_error(error);
    changed = tags_of(test, MAIN, id);
    g_assert_cmpstr(changed, ==, "two,:user:2,three");
    g_assert_true(set_tags(test, &in_main, id, none, &error));
    g_assert_no_error(error);
    emptied = tags_of(test, MAIN, id);
    g_assert_cmpstr(emptied, ==, "");
    g_assert_cmpstr(text_of(test, MAIN, id, "content"), ==, "#one");
    g_assert_false(set_tags(test, &in_main, id + 1000, some, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
}

static void test_delete(void)
{
    static const char file[] = "{\"event\":\"file\",\"content\":{\"data\":\"aGk=\",\"content_type\":\"text/plain\","
                               "\"file_name\":\"hi.txt\"}}";
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) post_error = NULL;
    gint64 id = fake_server_say(test->server, MAIN, DEMO, "oops");
    gint64 private_id = fake_server_say_private(test->server, DEMO, ANN, "oops");
    gint64 file_id = fake_server_post(test->server, MAIN, DEMO, file, &post_error);

    g_assert_no_error(post_error);
    g_assert_true(delete_message(test, &in_main, id, &error));
    g_assert_true(delete_message(test, &with_ann, private_id, &error));
    g_assert_cmpstr(text_of(test, MAIN, id, "content"), ==, "");
    g_assert_cmpstr(text_of(test, "private/1/2", private_id, "content"), ==, "");
    /* 204, without a body. */
    g_assert_true(delete_message(test, &in_main, file_id, &error));
    g_assert_cmpuint(test_api_request(test)->status, ==, 204);
    g_assert_null(fake_server_get_message(test->server, MAIN, file_id));
    g_assert_no_error(error);
}

static void test_delete_refused(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) foreign = NULL;
    g_autoptr(GError) missing = NULL;
    gint64 id = fake_server_say(test->server, MAIN, ANN, "hers");

    g_assert_false(delete_message(test, &in_main, id, &foreign));
    g_assert_error(foreign, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_cmpstr(text_of(test, MAIN, id, "content"), ==, "hers");
    g_assert_false(delete_message(test, &in_main, id + 1000, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
}

static void test_react(void)
{
    static const char *const types[] = { "remove", "add" };
    g_autoptr(TestApi) test = test_api_new();
    gint64 id = fake_server_say(test->server, MAIN, ANN, "done");
    g_autofree char *path = g_strdup_printf("/flows/acme/main/messages/%" G_GINT64_FORMAT "/emoji_reaction", id);

    for (int add = 0; add < 2; add++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *type = NULL;
        g_autofree char *emoji = NULL;

        g_assert_true(react(test, &in_main, id, "tada", add, &error));
        g_assert_no_error(error);
        type = sent_text(test, "type");
        emoji = sent_text(test, "emoji");
        g_assert_cmpstr(test_api_request(test)->method, ==, "POST");
        g_assert_cmpstr(test_api_request(test)->path, ==, path);
        g_assert_cmpstr(type, ==, types[add]);
        g_assert_cmpstr(emoji, ==, "tada");
    }
}

static void test_react_refused(void)
{
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GError) blank = NULL;
    g_autoptr(GError) missing = NULL;
    gint64 id = fake_server_say(test->server, MAIN, ANN, "done");

    g_assert_false(react(test, &in_main, id, "", TRUE, &blank));
    g_assert_error(blank, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_nonnull(strstr(blank->message, "emoji can't be blank"));
    g_assert_false(react(test, &in_main, id + 1000, "tada", TRUE, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
}

/* ------------------------------------------------------------------------------------------------------- all calls */

static void test_cancel(void)
{
    static const FdApiDraft draft = { .event = "message", .text = "hello", .uuid = "uuid-1" };
    static const FakeFault stall = { .kind = FAKE_FAULT_STALL, .count = -1 };
    g_autoptr(TestApi) test = test_api_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(TestDone) sent = { 0 };
    g_auto(TestDone) edited = { 0 };
    g_autoptr(GError) send_error = NULL;
    g_autoptr(GError) edit_error = NULL;
    FdMessage *message = NULL;

    fake_server_fault(test->server, &stall);
    fd_api_message_send_async(test->api, &in_main, &draft, cancellable, test_done, &sent);
    fd_api_message_edit_async(test->api, &in_main, 1, "x", cancellable, test_done, &edited);
    test_until(fake_server_stalled(test->server) == 2);
    g_cancellable_cancel(cancellable);
    test_until(sent.calls && edited.calls);
    g_assert_false(fd_api_message_send_finish(sent.result, &message, &send_error));
    g_assert_error(send_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_null(message);
    g_assert_false(fd_api_message_change_finish(edited.result, &edit_error));
    g_assert_error(edit_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    test_settle();
    g_assert_cmpuint(sent.calls + edited.calls, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-messages/send", test_send);
    g_test_add_func("/flowdock/api-messages/send-status", test_send_status);
    g_test_add_func("/flowdock/api-messages/send-private", test_send_private);
    g_test_add_func("/flowdock/api-messages/send-in-thread", test_send_in_thread);
    g_test_add_func("/flowdock/api-messages/send-tags", test_send_tags);
    g_test_add_func("/flowdock/api-messages/send-comment", test_send_comment);
    g_test_add_func("/flowdock/api-messages/send-accepted", test_send_accepted);
    g_test_add_func("/flowdock/api-messages/send-refused", test_send_refused);
    g_test_add_func("/flowdock/api-messages/list", test_list);
    g_test_add_func("/flowdock/api-messages/list-thread", test_list_thread);
    g_test_add_func("/flowdock/api-messages/list-private", test_list_private);
    g_test_add_func("/flowdock/api-messages/list-strange-thread", test_list_strange_thread);
    g_test_add_func("/flowdock/api-messages/search-words", test_search_words);
    g_test_add_func("/flowdock/api-messages/search-tags", test_search_tags);
    g_test_add_func("/flowdock/api-messages/search-private", test_search_private);
    g_test_add_func("/flowdock/api-messages/show", test_show);
    g_test_add_func("/flowdock/api-messages/edit", test_edit);
    g_test_add_func("/flowdock/api-messages/edit-comment", test_edit_comment);
    g_test_add_func("/flowdock/api-messages/edit-refused", test_edit_refused);
    g_test_add_func("/flowdock/api-messages/set-tags", test_set_tags);
    g_test_add_func("/flowdock/api-messages/delete", test_delete);
    g_test_add_func("/flowdock/api-messages/delete-refused", test_delete_refused);
    g_test_add_func("/flowdock/api-messages/react", test_react);
    g_test_add_func("/flowdock/api-messages/react-refused", test_react_refused);
    g_test_add_func("/flowdock/api-messages/cancel", test_cancel);
    return g_test_run();
}
