/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server's REST calls, by the sheet's sections 1 to 3 and 11. */
#include "test-fake.h"

#define MAIN "/flows/acme/main"

static gint64 int_of(TestFake *fake, const char *name)
{
    return fake_json_int(test_fake_object(fake), name, -1);
}

static const char *text_of(TestFake *fake, const char *name)
{
    return fake_json_string(test_fake_object(fake), name);
}

static const char *problem_of(TestFake *fake, const char *field)
{
    JsonArray *problems = fake_json_array(fake_json_object(test_fake_object(fake), "errors"), field);

    g_assert_cmpuint(fake->status, ==, 400);
    g_assert_cmpstr(text_of(fake, "message"), ==, "Validation error");
    return problems ? json_array_get_string_element(problems, 0) : NULL;
}

static void test_credentials(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    static const struct {
        const char *authorization;
        const char *user;
    } rows[] = {
        { "Basic ZGVtby10b2tlbjo=", "1" },                  /* demo-token: */
        { "Basic ZGVtby10b2tlbjpYWFg=", "1" },              /* demo-token:XXX */
        { "Basic ZGVtby10b2tlbg==", "1" },                  /* demo-token */
        { "Basic ZGVtb0BleGFtcGxlLmNvbTpkZW1v", "1" },      /* demo@example.com:demo */
        { "Basic ZGVtb0BleGFtcGxlLmNvbTp3cm9uZw==", NULL }, /* demo@example.com:wrong */
        { "Basic ZGVtb0BleGFtcGxlLmNvbQ==", NULL },         /* demo@example.com */
        { "Basic !!", NULL },
        { "Bearer nonsense", NULL },
        { NULL, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].authorization ? rows[i].authorization : "none");
        fake->authorization = rows[i].authorization;
        g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, rows[i].user ? 200 : 401);
        g_assert_cmpstr(test_fake_header(fake, "Flowdock-User"), ==, rows[i].user);
    }
    fake->authorization = TEST_FAKE_DEMO;
    fake_server_set_disabled(fake->server, 1, TRUE);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 401);
}

static void test_is_honest(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    test_fake_call(fake, "GET", "/user", NULL);
    g_assert_cmpstr(test_fake_header(fake, "Server"), ==, "flowdock-compatible test server");
}

static void test_paths(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    g_assert_cmpuint(test_fake_call(fake, "GET", "/v1/flows", NULL), ==, 200);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/v2/flows.json?users=1", NULL), ==, 200);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/acme/nosuch", NULL), ==, 404);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/nosuch", NULL), ==, 404);
    g_assert_cmpuint(test_fake_call(fake, "DELETE", "/flows", NULL), ==, 405);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", "{broken"), ==, 400);
}

static void test_people(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *nicks = NULL;

    g_assert_cmpuint(test_fake_call(fake, "GET", "/users", NULL), ==, 200);
    nicks = test_fake_column(test_fake_array(fake), "nick");
    g_assert_cmpstr(nicks, ==, "Demo Ann Hubot");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/users/2", NULL), ==, 200);
    g_assert_cmpstr(text_of(fake, "email"), ==, "ann@example.com");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/users/99", NULL), ==, 404);
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/users/2", "{\"nick\":\"X\"}"), ==, 403);
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/users/1", "nick=Demi"), ==, 200);
    g_assert_cmpstr(fake_server_get_nick(fake->server, 1), ==, "Demi");

    g_assert_cmpuint(test_fake_call(fake, "GET", "/organizations", NULL), ==, 200);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/organizations/find?id=8", NULL), ==, 200);
    g_assert_cmpstr(text_of(fake, "parameterized_name"), ==, "acme");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/organizations/acme/users", NULL), ==, 200);
    g_assert_true(fake_json_flag(json_array_get_object_element(test_fake_array(fake), 0), "admin", FALSE));
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/organizations/acme", "{\"name\":\"ACME\"}"), ==, 200);
    g_assert_cmpstr(text_of(fake, "name"), ==, "ACME");
    fake->authorization = TEST_FAKE_ANN;
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/organizations/acme", "{\"name\":\"Ann's\"}"), ==, 403);
}

static void test_flows(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *mine = NULL, *all = NULL;

    test_fake_call(fake, "GET", "/flows", NULL);
    mine = test_fake_column(test_fake_array(fake), "parameterized_name");
    g_assert_cmpstr(mine, ==, "main dev-team");
    g_assert_false(json_object_has_member(json_array_get_object_element(test_fake_array(fake), 0), "users"));
    test_fake_call(fake, "GET", "/flows/all?users=1", NULL);
    all = test_fake_column(test_fake_array(fake), "parameterized_name");
    g_assert_cmpstr(all, ==, "main dev-team lobby");
    g_assert_true(json_object_has_member(json_array_get_object_element(test_fake_array(fake), 0), "users"));
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/find?id=deadbeefdeadbeef", NULL), ==, 200);
    g_assert_cmpstr(text_of(fake, "name"), ==, "Main");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/find?id=nosuch", NULL), ==, 404);
    g_assert_cmpuint(test_fake_call(fake, "GET", MAIN "/users", NULL), ==, 200);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 3);
}

static void test_joining(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/acme/lobby", NULL), ==, 200);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/acme/lobby/messages", NULL), ==, 403);
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/flows/acme/lobby", "{\"open\":true}"), ==, 200);
    g_assert_true(fake_json_flag(test_fake_object(fake), "joined", FALSE));
    g_assert_true(fake_server_is_open(fake->server, "acme/lobby", 1));
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/flows/acme/lobby", "open=false"), ==, 200);
    g_assert_true(fake_server_is_member(fake->server, "acme/lobby", 1));
    g_assert_false(fake_server_is_open(fake->server, "acme/lobby", 1));
}

static void test_creating_flows(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    g_assert_cmpuint(test_fake_call(fake, "POST", "/flows/acme", "{\"name\":\"New  flow!\"}"), ==, 201);
    g_assert_cmpstr(text_of(fake, "parameterized_name"), ==, "new-flow");
    g_assert_cmpstr(text_of(fake, "access_mode"), ==, "invitation");
    test_fake_call(fake, "POST", "/flows/acme", "{\"name\":\"new flow\"}");
    g_assert_cmpstr(problem_of(fake, "name"), ==, "has already been taken");
    g_assert_cmpuint(test_fake_call(fake, "POST", "/flows/acme/new-flow/users", "{\"id\":2}"), ==, 200);
    g_assert_true(fake_server_is_member(fake->server, "acme/new-flow", 2));
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/flows/acme/new-flow/users/2", "{\"disabled\":true}"), ==, 200);
    g_assert_false(fake_server_is_member(fake->server, "acme/new-flow", 2));
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/flows/acme/new-flow", "{\"name\":\"Other\"}"), ==, 200);
    g_assert_cmpstr(text_of(fake, "name"), ==, "Other");
    fake->authorization = TEST_FAKE_ANN;
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/acme/new-flow", NULL), ==, 404);
}

/* Sheet 3.6: 202 and {} unless the client waits. */
static void test_sending(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    const char *body = "{\"event\":\"message\",\"content\":\"hi :computer:\",\"uuid\":\"u-1\"}";

    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", body), ==, 202);
    g_assert_cmpstr(fake->text, ==, "{}");
    fake->header = "X-flowdock-wait-for-message";
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", body), ==, 200);
    g_assert_cmpint(int_of(fake, "id"), ==, 2);
    g_assert_cmpstr(text_of(fake, "uuid"), ==, "u-1");
    g_assert_cmpstr(text_of(fake, "content"), ==, "hi 💻");
    g_assert_cmpstr(text_of(fake, "user"), ==, "1");
    g_assert_nonnull(strstr(test_fake_header(fake, "Link"), "/messages/2/comments>; rel=\"comments\""));
    /* The same uuid again is a second message all the same. */
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/main"), ==, 2);

    g_assert_cmpuint(test_fake_call(fake, "POST", "/messages?flow=deadbeefdeadbeef&event=status&content=busy", NULL),
                     ==, 200);
    g_assert_cmpstr(text_of(fake, "event"), ==, "status");
    fake_server_set_odd(fake->server, FAKE_ODD_SENT_201 | FAKE_ODD_SENT_EMPTY);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", body), ==, 201);
    g_assert_cmpstr(fake->text, ==, "");
}

static void test_refused_messages(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *fits = g_strnfill(8096, 'x'), *exceeds = g_strnfill(8097, 'x');
    g_autofree char *good = g_strconcat("event=message&content=", fits, NULL);
    g_autofree char *bad = g_strconcat("event=message&content=", exceeds, NULL);

    test_fake_call(fake, "POST", MAIN "/messages", "{\"event\":\"message\",\"content\":\" \"}");
    g_assert_cmpstr(problem_of(fake, "content"), ==, "can't be blank");
    test_fake_call(fake, "POST", MAIN "/messages", "{\"content\":\"x\"}");
    g_assert_cmpstr(problem_of(fake, "event"), ==, "can't be blank");
    test_fake_call(fake, "POST", MAIN "/messages", "{\"event\":\"line\",\"content\":\"x\"}");
    g_assert_cmpstr(problem_of(fake, "event"), ==, "is not included in the list");
    test_fake_call(fake, "POST", MAIN "/messages",
                   "{\"event\":\"message\",\"content\":\"x\",\"external_user_name\":\"a b\"}");
    g_assert_cmpstr(problem_of(fake, "external_user_name"), ==, "should not contain whitespace");
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", good), ==, 202);
    test_fake_call(fake, "POST", MAIN "/messages", bad);
    g_assert_nonnull(problem_of(fake, "content"));
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/main"), ==, 1);
}

static char *tags_of(JsonObject *message)
{
    g_auto(GStrv) tags = fake_json_list(message, "tags");

    return g_strjoinv(" ", tags);
}

static void test_tags(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *first = NULL, *second = NULL, *third = NULL;

    fake->header = "X-flowdock-wait-for-message";
    test_fake_call(fake, "POST", MAIN "/messages",
                   "{\"event\":\"message\",\"content\":\"@Ann, see http://x.org, a severe #bug. hubot?\","
                   "\"tags\":[\"#space\",\"@all\",\"BUG\"]}");
    first = tags_of(test_fake_object(fake));
    g_assert_cmpstr(first, ==, ":user:2 :unread:2 :highlight:42 :unread:42 :url bug space :user:everyone");
    g_assert_cmpuint(test_fake_call(fake, "PUT", MAIN "/messages/1", "tags=bug,@hubot"), ==, 200);
    second = tags_of(fake_server_get_message(fake->server, "acme/main", 1));
    g_assert_cmpstr(second, ==, "bug :user:42");

    test_fake_call(fake, "POST", "/private/42/messages", "event=message&content=%23no @tags");
    third = tags_of(test_fake_object(fake));
    g_assert_cmpstr(third, ==, ":unread:42");
    g_assert_cmpstr(text_of(fake, "to"), ==, "42");
}

static void test_threads_and_comments(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    gint64 first = fake_server_say(fake->server, "acme/main", 2, "a topic");
    g_autofree char *thread_id =
        fake_json_dup_text(fake_server_get_message(fake->server, "acme/main", first), "thread_id");
    g_autofree char *path = g_strconcat(MAIN "/threads/", thread_id, "/messages", NULL);
    g_autofree char *contents = NULL, *tags = NULL, *next = NULL, *titles = NULL;

    fake_server_say(fake->server, "acme/main", 2, "another topic");
    g_assert_cmpuint(test_fake_call(fake, "POST", path, "event=message&content=reply"), ==, 202);
    test_fake_call(fake, "GET", path, NULL);
    contents = test_fake_column(test_fake_array(fake), "content");
    g_assert_cmpstr(contents, ==, "a topic reply");
    test_fake_call(fake, "GET", MAIN "/threads", NULL);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 1);
    test_fake_call(fake, "GET", MAIN "/threads?empty=1&limit=1", NULL);
    next = g_strdup(test_fake_header(fake, "Link"));
    g_assert_true(next && g_str_has_suffix(next, ">; rel=\"next\""));
    *strchr(next, '>') = '\0';
    test_fake_call(fake, "GET", next + 1, NULL);
    titles = test_fake_column(test_fake_array(fake), "title");
    g_assert_cmpstr(titles, ==, "another topic");
    g_assert_null(test_fake_header(fake, "Link"));

    fake->header = "X-flowdock-wait-for-message";
    test_fake_call(fake, "POST", MAIN "/messages/1/comments", "content=nice");
    g_assert_cmpuint(fake->status, ==, 200);
    tags = tags_of(test_fake_object(fake));
    g_assert_cmpstr(tags, ==, "influx:1");
    g_assert_cmpstr(fake_json_string(fake_json_object(test_fake_object(fake), "content"), "title"), ==, "a topic");
    g_assert_cmpstr(fake_json_string(fake_json_object(test_fake_object(fake), "content"), "text"), ==, "nice");
    /* The parent must not be a comment. */
    test_fake_call(fake, "POST", "/comments", "flow=acme/main&message=4&content=x");
    g_assert_nonnull(problem_of(fake, "message"));
}

static char *listed_ids(TestFake *fake, const char *query)
{
    g_autofree char *path = g_strconcat(MAIN "/messages?", query, NULL);

    g_assert_cmpuint(test_fake_call(fake, "GET", path, NULL), ==, 200);
    return test_fake_column(test_fake_array(fake), "id");
}

/* Ids have gaps, lists are ascending whatever is asked for, bounds are exclusive and ignored in searches. */
static void test_lists(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    static const char *const rows[][2] = {
        { "", "1 2 3 4 6 7 8 9" },
        { "limit=3", "7 8 9" },
        { "limit=3&sort=asc", "1 2 3" },
        { "limit=3&sort=asc&since_id=2", "3 4 6" },
        { "limit=2&until_id=4", "2 3" },
        { "since_id=9", "" },
        { "event=status", "9" },
        { "event=status,comment", "9" },
        { "search=WORD", "1 2 3 4 6 7 8" },
        { "search=word+5&since_id=8", "6" },
        { "search=word&limit=2&skip=1", "6 7" },
        { "limit=2&skip=1", "8 9" },
        { "tags=odd", "2 4 7" },
        { "tags=odd,%40ann", "7" },
        { "tags=odd,:user:2&tag_mode=or&sort=asc", "2 4 7 8" },
    };

    for (int i = 1; i <= 7; i++) {
        g_autofree char *text = g_strdup_printf("word %d%s%s", i, i % 2 ? "" : " #odd", i >= 6 ? " @ann" : "");

        fake_server_say(fake->server, "acme/main", 1, text);
    }
    fake_server_post(fake->server, "acme/main", 1, "{\"event\":\"status\",\"content\":\"gone\"}", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *ids = listed_ids(fake, rows[i][0]);

        g_test_message("%s", rows[i][0]);
        g_assert_cmpstr(ids, ==, rows[i][1]);
    }
    g_assert_cmpuint(test_fake_call(fake, "GET", MAIN "/messages?limit=101", NULL), ==, 400);
}

static void test_editing(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    gint64 anns = fake_server_say(fake->server, "acme/main", 2, "Ann's");
    gint64 mine = fake_server_say(fake->server, "acme/main", 1, "mine");

    g_assert_cmpint(anns, ==, 1);
    g_assert_cmpint(mine, ==, 2);
    g_assert_cmpuint(test_fake_call(fake, "PUT", MAIN "/messages/1", "{\"content\":\"x\"}"), ==, 403);
    g_assert_cmpuint(test_fake_call(fake, "PUT", MAIN "/messages/2", "{\"content\":\"better\"}"), ==, 200);
    g_assert_cmpuint(test_fake_call(fake, "DELETE", MAIN "/messages/1", NULL), ==, 403);
    test_fake_call(fake, "GET", MAIN "/messages/2", NULL);
    g_assert_cmpstr(text_of(fake, "content"), ==, "better");
    /* Own text is truncated, the message stays. */
    g_assert_cmpuint(test_fake_call(fake, "DELETE", MAIN "/messages/2", NULL), ==, 200);
    test_fake_call(fake, "GET", MAIN "/messages/2", NULL);
    g_assert_cmpstr(text_of(fake, "content"), ==, "");
    g_assert_cmpuint(test_fake_call(fake, "DELETE", MAIN "/messages/99", NULL), ==, 404);
    g_assert_cmpuint(
        test_fake_call(fake, "POST", MAIN "/messages/1/emoji_reaction", "{\"type\":\"add\",\"emoji\":\"+1\"}"), ==,
        200);
}

static void test_private(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    test_fake_call(fake, "GET", "/private", NULL);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 0);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/private/2", NULL), ==, 200);
    g_assert_cmpstr(text_of(fake, "name"), ==, "@Ann");
    g_assert_false(fake_json_flag(test_fake_object(fake), "open", TRUE));
    g_assert_cmpint(fake_server_say_private(fake->server, 2, 1, "psst"), ==, 1);
    test_fake_call(fake, "GET", "/private", NULL);
    g_assert_true(fake_json_flag(json_array_get_object_element(test_fake_array(fake), 0), "open", FALSE));
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/private/2", "{\"open\":false}"), ==, 200);
    test_fake_call(fake, "GET", "/private/2/messages", NULL);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 1);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/private/99/messages", NULL), ==, 404);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/private/1", NULL), ==, 404);
}

/* (transfer full): an Authorization of Demo's. */
static char *bearer_with(TestFake *fake, const char *scope)
{
    g_autofree char *form = g_strdup_printf("grant_type=password&username=demo%%40example.com&password=demo&scope=%s"
                                            "&client_id=demo-client&client_secret=demo-secret",
                                            scope);

    fake->authorization = NULL;
    fake->accept = "application/json";
    g_assert_cmpuint(test_fake_call(fake, "POST", "/oauth/token", form), ==, 200);
    fake->accept = NULL;
    return g_strconcat("Bearer ", text_of(fake, "access_token"), NULL);
}

/* Sheet 2.8, 3.12: a source is one of the token's application, and the token has to be allowed that. */
static void test_sources_need_an_application(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *narrow = bearer_with(fake, "flow"), *wide = bearer_with(fake, "flow+integration");
    const char *const refused[] = { TEST_FAKE_DEMO, narrow };

    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        fake->authorization = refused[i];
        g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/sources", "{\"name\":\"Builds\"}"), ==, 403);
    }
    fake->authorization = wide;
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/sources", "{\"name\":\" \"}"), ==, 400);
    g_assert_cmpstr(problem_of(fake, "name"), ==, "can't be blank");
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/sources", "{\"name\":\"Builds\"}"), ==, 201);
    g_assert_cmpstr(fake_json_string(fake_json_object(test_fake_object(fake), "application"), "name"), ==,
                    "Demo application");
}

/* Sheet 2.9, 3.12, 11.10: the token is shown once, names no user, and ends in 410. */
static void test_sources(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *wide = bearer_with(fake, "flow+integration"), *query = NULL, *body = NULL, *form = NULL;
    JsonObject *thread;

    fake->authorization = wide;
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/sources", "{\"name\":\"Builds\"}"), ==, 201);
    query = g_strconcat("/sources?flow_token=", text_of(fake, "flow_token"), NULL);
    body = g_strdup_printf("{\"flow_token\":\"%s\",\"event\":\"activity\",\"external_thread_id\":\"b1\","
                           "\"author\":{\"name\":\"ci\"},\"title\":\"broke\",\"thread\":{\"title\":\"Build 1\"}}",
                           text_of(fake, "flow_token"));
    test_fake_call(fake, "GET", MAIN "/sources", NULL);
    g_assert_false(json_object_has_member(json_array_get_object_element(test_fake_array(fake), 0), "flow_token"));

    fake->authorization = NULL;
    g_assert_cmpuint(test_fake_call(fake, "GET", query, NULL), ==, 200);
    g_assert_null(test_fake_header(fake, "Flowdock-User"));
    fake->header = "X-flowdock-wait-for-message";
    g_assert_cmpuint(test_fake_call(fake, "POST", "/messages", body), ==, 200);
    g_assert_cmpstr(text_of(fake, "user"), ==, "0");
    g_assert_cmpstr(fake_json_string(fake_json_object(test_fake_object(fake), "thread"), "title"), ==, "Build 1");
    test_fake_call(fake, "POST", "/messages", body);
    g_assert_cmpint(fake_json_int(fake_json_object(test_fake_object(fake), "thread"), "activities", 0), ==, 2);

    form = g_strconcat("event=discussion&external_thread_id=b1&body=why&author%5Bname%5D=Bob"
                       "&thread[title]=Build+one&thread[status][value]=red&flow_token=",
                       strchr(query, '=') + 1, NULL);
    g_assert_cmpuint(test_fake_call(fake, "POST", "/messages", form), ==, 200);
    thread = fake_json_object(test_fake_object(fake), "thread");
    g_assert_cmpstr(fake_json_string(thread, "title"), ==, "Build one");
    g_assert_cmpstr(fake_json_string(fake_json_object(thread, "status"), "value"), ==, "red");
    g_assert_cmpint(fake_json_int(thread, "external_comments", 0), ==, 1);
    g_clear_pointer(&form, g_free);
    form = g_strconcat("event=discussion&external_thread_id=b1&body=why&author[name]=Bob&thread[title]=Build"
                       "&thread[status][value]=red&thread[status][color]=pink&flow_token=",
                       strchr(query, '=') + 1, NULL);
    test_fake_call(fake, "POST", "/messages", form);
    g_assert_cmpstr(problem_of(fake, "thread"), ==, "status is invalid");

    fake->authorization = TEST_FAKE_DEMO;
    g_assert_cmpuint(test_fake_call(fake, "DELETE", MAIN "/sources/1", NULL), ==, 204);
    fake->authorization = NULL;
    g_assert_cmpuint(test_fake_call(fake, "POST", "/messages", body), ==, 410);
    g_assert_cmpuint(test_fake_call(fake, "POST", "/messages", "flow_token=x&event=message"), ==, 401);
}

static void test_invitations(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/invitations", "email=a%40example.com"), ==, 201);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/invitations", "email=a%40example.com"), ==, 201);
    g_assert_cmpint(int_of(fake, "id"), ==, 1);
    test_fake_call(fake, "POST", MAIN "/invitations/import",
                   "list=%22B%22+%3Cb%40example.com%3E,ann%40example.com%0Abad");
    g_assert_cmpuint(json_array_get_length(fake_json_array(test_fake_object(fake), "invitations")), ==, 1);
    g_assert_cmpuint(json_array_get_length(fake_json_array(test_fake_object(fake), "added_users")), ==, 1);
    g_assert_cmpuint(json_array_get_length(fake_json_array(test_fake_object(fake), "erroneous_emails")), ==, 1);
    g_assert_cmpuint(test_fake_call(fake, "DELETE", MAIN "/invitations/1", NULL), ==, 204);
    test_fake_call(fake, "GET", MAIN "/invitations", NULL);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 1);
}

/* Sheet 3.11, 11.9: 302 to another origin that refuses credentials; the link expires. */
static void test_files(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *path = NULL, *target = NULL;

    fake->header = "X-flowdock-wait-for-message";
    test_fake_call(fake, "POST", MAIN "/messages",
                   "{\"event\":\"file\",\"content\":{\"data\":\"aGVs\\nbG8=\",\"content_type\":\"text/plain\","
                   "\"file_name\":\"a b.txt\"}}");
    g_assert_cmpuint(fake->status, ==, 200);
    path = g_strdup(fake_json_string(fake_json_object(test_fake_object(fake), "content"), "path"));
    g_assert_true(g_str_has_suffix(path, "/a%20b.txt"));
    g_assert_cmpuint(test_fake_call(fake, "GET", path, NULL), ==, 302);
    g_assert_cmpstr(fake->text, ==, "");
    target = g_strdup(test_fake_header(fake, "Location"));
    g_assert_cmpuint(test_fake_call(fake, "GET", target, NULL), ==, 400);
    fake->authorization = NULL;
    g_assert_cmpuint(test_fake_call(fake, "GET", target, NULL), ==, 200);
    g_assert_cmpstr(fake->text, ==, "hello");
    g_assert_cmpstr(test_fake_header(fake, "x-amz-meta-name"), ==, "a%20b.txt");
    fake_server_expire_links(fake->server);
    g_assert_cmpuint(test_fake_call(fake, "GET", target, NULL), ==, 403);
}

static void test_push_api(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *seed = NULL;
    JsonObject *message;

    fake->authorization = NULL;
    g_assert_cmpuint(test_fake_call(fake, "POST", "/v1/messages/chat/nosuch", "content=x&external_user_name=y"), ==,
                     404);
    fake_server_say_external(fake->server, "acme/main", "robot", "beep");
    message = fake_server_get_message(fake->server, "acme/main", 0);
    g_assert_cmpstr(fake_json_string(message, "external_user_name"), ==, "robot");
    g_assert_cmpstr(fake_json_string(message, "user"), ==, "0");
}

/* Sheet 3.15: what a mail needs; several flows at once, or none of them. */
static void test_push_inbox(void)
{
    static const struct {
        const char *form, *field;
    } rows[] = {
        { "from_address=a%40example.com&subject=s&content=c", "source" },
        { "source=ci&subject=s&content=c", "from_address" },
        { "source=ci&from_address=a%40example.com&content=c", "subject" },
        { "source=ci&from_address=a%40example.com&subject=s", "content" },
        { "source=c%2Bi&from_address=a%40example.com&subject=s&content=c", "source" },
        { "source=ci&project=%21&from_address=a%40example.com&subject=s&content=c", "project" },
        { "source=ci&from_address=ann&subject=s&content=c", "from_address" },
        { "source=c_i+1&from_address=a%40example.com&subject=s&content=c&tags=one,two", NULL },
    };
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *one =
        g_strconcat("/v1/messages/team_inbox/", fake_server_get_push_token(fake->server, "acme/main"), NULL);
    g_autofree char *both = g_strconcat(one, ",", fake_server_get_push_token(fake->server, "acme/dev-team"), NULL);
    g_autofree char *wrong = g_strconcat(one, ",nonsense", NULL);
    const char *good = rows[G_N_ELEMENTS(rows) - 1].form;

    fake->authorization = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].form);
        g_assert_cmpuint(test_fake_call(fake, "POST", one, rows[i].form), ==, rows[i].field ? 400 : 200);
        if (rows[i].field)
            g_assert_nonnull(problem_of(fake, rows[i].field));
    }
    g_assert_cmpuint(test_fake_call(fake, "POST", wrong, good), ==, 404);
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/main"), ==, 1);
    g_assert_cmpuint(test_fake_call(fake, "POST", both, good), ==, 200);
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/main"), ==, 2);
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/dev-team"), ==, 1);
}

static void test_oddities(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    JsonObject *message;

    fake_server_say(fake->server, "acme/main", 2, "odd");
    fake_server_set_odd(fake->server, FAKE_ODD_NUMBER_USER | FAKE_ODD_STRING_ID | FAKE_ODD_ISO_SENT | FAKE_ODD_NO_UUID |
                                          FAKE_ODD_COLON_FLOW | FAKE_ODD_ORG_STRING);
    test_fake_call(fake, "GET", MAIN "/messages", NULL);
    message = json_array_get_object_element(test_fake_array(fake), 0);
    g_assert_cmpint(json_object_get_int_member(message, "user"), ==, 2);
    g_assert_cmpstr(fake_json_string(message, "id"), ==, "1");
    g_assert_nonnull(strchr(fake_json_string(message, "sent"), 'T'));
    g_assert_false(json_object_has_member(message, "uuid"));
    g_assert_cmpstr(fake_json_string(message, "flow"), ==, "acme:main");
    test_fake_call(fake, "GET", MAIN, NULL);
    g_assert_cmpstr(text_of(fake, "organization"), ==, "Acme");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/routes/credentials", test_credentials);
    g_test_add_func("/server/routes/is-honest", test_is_honest);
    g_test_add_func("/server/routes/paths", test_paths);
    g_test_add_func("/server/routes/people", test_people);
    g_test_add_func("/server/routes/flows", test_flows);
    g_test_add_func("/server/routes/joining", test_joining);
    g_test_add_func("/server/routes/creating-flows", test_creating_flows);
    g_test_add_func("/server/routes/sending", test_sending);
    g_test_add_func("/server/routes/refused-messages", test_refused_messages);
    g_test_add_func("/server/routes/tags", test_tags);
    g_test_add_func("/server/routes/threads-and-comments", test_threads_and_comments);
    g_test_add_func("/server/routes/lists", test_lists);
    g_test_add_func("/server/routes/editing", test_editing);
    g_test_add_func("/server/routes/private", test_private);
    g_test_add_func("/server/routes/sources", test_sources);
    g_test_add_func("/server/routes/sources-need-an-application", test_sources_need_an_application);
    g_test_add_func("/server/routes/invitations", test_invitations);
    g_test_add_func("/server/routes/files", test_files);
    g_test_add_func("/server/routes/push-api", test_push_api);
    g_test_add_func("/server/routes/push-inbox", test_push_inbox);
    g_test_add_func("/server/routes/oddities", test_oddities);
    return g_test_run();
}
