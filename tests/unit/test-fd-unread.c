/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-unread against the test server: which marks go, in which order, and that nothing else is lost. */
#include "flowdock/model/fd-unread.h"

#include "flowdock/api/fd-decode.h"

#include "fake-server.h"
#include "test-util.h"

#include <string.h>

#define SELF 1
#define ANN 2
#define MAIN "acme/main"
#define LAST "acme/dev-team"
#define MAIN_PATH "/flows/" MAIN "/messages/"
#define LAST_PATH "/flows/" LAST "/messages/"
#define NEVER_MS (60 * 60 * 1000)

typedef struct {
    FakeServer *server;
    NetSession *session;
    GCancellable *cancellable;
    FdState *state;
    FdUnread *unread;
    FdRoom *main, *last, *private;
} Fixture;

static FdRoom *flow_new(Fixture *f, const char *path)
{
    return fd_state_put_flow(f->state, fd_flow_new(fake_server_flow_id(f->server, path), path, path, "Acme"));
}

static void on_people_changed(gpointer user_data)
{
    (void)user_data;
}

static Fixture *fixture_new(guint pause_ms)
{
    /* Nothing here delivers anything. */
    static const FdListener listener = { .people_changed = on_people_changed };
    static const NetSessionOptions options = { "test/1.0", NULL, NULL, 0, 10, 1024 * 1024 };
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(FdApi) api = NULL;
    Fixture *f = g_new0(Fixture, 1);

    f->server = fake_server_new_started();
    f->session = net_session_new(&options, &error);
    g_assert_no_error(error);
    g_assert_true(net_credential_set_basic(credential, "demo-token", ""));
    api = fd_api_new(f->session, credential, fake_server_get_api_url(f->server));
    f->cancellable = g_cancellable_new();
    f->state = fd_state_new(api, f->cancellable, &listener, NULL);
    f->state->self = SELF;
    f->main = flow_new(f, MAIN);
    f->last = flow_new(f, LAST);
    f->private = fd_rooms_get_private(f->state->rooms, ANN);
    f->unread = fd_unread_new(f->state, pause_ms);
    return f;
}

static void fixture_free(Fixture *f)
{
    fd_unread_free(f->unread);
    fd_state_free(f->state);
    net_session_close(f->session);
    net_session_unref(f->session);
    g_object_unref(f->cancellable);
    fake_server_free(f->server);
    test_settle();
    g_free(f);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static void add(Fixture *f, FdRoom *room, gint64 id)
{
    const char *tags[] = { ":unread:1", NULL };
    FdMessage message = { .id = id, .user = ANN, .tags = (char **)tags };

    fd_unread_add(f->unread, room, &message);
}

/* Ann writes in acme/main, and it is shown. Returns: the id. */
static gint64 show(Fixture *f, const char *text)
{
    gint64 id = fake_server_say(f->server, MAIN, ANN, text);

    add(f, f->main, id);
    return id;
}

static char *tags_of(Fixture *f, const char *conversation, gint64 id)
{
    JsonArray *array = json_object_get_array_member(fake_server_get_message(f->server, conversation, id), "tags");
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < json_array_get_length(array); i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", json_array_get_string_element(array, i));
    return g_string_free(text, FALSE);
}

static void assert_tags(Fixture *f, const char *conversation, gint64 id, const char *expected)
{
    g_autofree char *tags = tags_of(f, conversation, id);

    g_assert_cmpstr(tags, ==, expected);
}

static gboolean is_answered(Fixture *f)
{
    const GPtrArray *requests = fake_server_requests(f->server);

    return requests->len > 0 && ((const FakeRequest *)requests->pdata[requests->len - 1])->status != 0;
}

/* As one message is done after the other, all before this one is done when it is. It is shown once more where it was
 * dropped with others. */
static gboolean is_last_done(Fixture *f, gint64 id)
{
    g_autofree char *path = g_strdup_printf(LAST_PATH "%" G_GINT64_FORMAT, id);

    if (fake_server_count(f->server, "PUT", path) > 0)
        return TRUE;
    if (is_answered(f)) {
        add(f, f->last, id);
        fd_unread_seen(f->unread, f->last);
    }
    return FALSE;
}

/* Waits until all is done that was seen, also with nothing to do. */
static void finish(Fixture *f)
{
    gint64 id = fake_server_say(f->server, LAST, ANN, "@Demo this is the last one");

    add(f, f->last, id);
    fd_unread_seen(f->unread, f->last);
    test_until(is_last_done(f, id));
}

/* Returns: (transfer full): the calls but for those of finish(), "GET 7, PUT 7, GET 9". */
static char *calls(Fixture *f)
{
    const GPtrArray *requests = fake_server_requests(f->server);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        if (!g_str_has_prefix(request->path, LAST_PATH))
            g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", request->method,
                                   strrchr(request->path, '/') + 1);
    }
    return g_string_free(text, FALSE);
}

/* @expected: "GET a, PUT a, GET b" with the names of @ids, the first of which is a. */
static void assert_calls(Fixture *f, const char *expected, const gint64 *ids)
{
    g_autofree char *text = calls(f);
    g_autoptr(GString) wanted = g_string_new(NULL);

    for (const char *at = expected; *at; at++) {
        if (g_ascii_islower(*at))
            g_string_append_printf(wanted, "%" G_GINT64_FORMAT, ids[*at - 'a']);
        else
            g_string_append_c(wanted, *at);
    }
    g_assert_cmpstr(text, ==, wanted->str);
}

/* The server's answer to the next GET of this message. */
static void answer(Fixture *f, gint64 id, const char *body)
{
    g_autofree char *path = g_strdup_printf(MAIN_PATH "%" G_GINT64_FORMAT, id);

    fake_server_fault(f->server, &(FakeFault){ FAKE_FAULT_GARBAGE, .method = "GET", .path = path, .body = body });
}

static void answer_tags(Fixture *f, gint64 id, const char *tags)
{
    g_autofree char *body = g_strdup_printf("{\"id\":%" G_GINT64_FORMAT
                                            ",\"event\":\"message\",\"content\":\"hi\",\"user\":\"2\",\"tags\":[%s]}",
                                            id, tags);

    answer(f, id, body);
}

static void fail(Fixture *f, const char *method, gint64 id, FakeFaultKind kind, guint status)
{
    g_autofree char *path = g_strdup_printf("*/%" G_GINT64_FORMAT, id);

    fake_server_fault(f->server, &(FakeFault){ kind, .method = method, .path = path, .status = status });
}

static void assert_put(Fixture *f, const char *body)
{
    const FakeRequest *request = fake_server_last_request(f->server, "PUT", MAIN_PATH "*");

    g_assert_nonnull(request);
    g_assert_cmpstr(request->body, ==, body);
}

/* ---- what is taken ---- */

static void test_takes_mark_off(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = show(f, "@Demo look at #bug http://example.com");

    assert_tags(f, MAIN, id, ":user:1 :unread:1 :url bug");
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_tags(f, MAIN, id, ":user:1 :url bug");
    assert_calls(f, "GET a, PUT a", &id);
    assert_put(f, "{\"tags\":[\":user:1\",\":url\",\"bug\"]}");
}

static void test_private(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = fake_server_say_private(f->server, ANN, SELF, "hi");

    assert_tags(f, "private/1/2", id, ":unread:1");
    fake_server_set_tags(f->server, "private/1/2", id, ":unread:1,there");
    add(f, f->private, id);
    fd_unread_seen(f->unread, f->private);
    finish(f);
    assert_tags(f, "private/1/2", id, "there");
    g_assert_cmpuint(fake_server_count(f->server, NULL, "/private/2/messages/*"), ==, 2);
}

static void test_nothing_else(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = show(f, "@Demo");

    answer_tags(f, id, "\":unread:1\"");
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_put(f, "{\"tags\":[]}");
}

/* The marks of others stay, and what merely looks like ours. */
static void test_marks_of_others(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = show(f, "@Demo");

    answer_tags(f, id, "\":unread:2\",\":unread:1\",\":unread:12\",\"unread:1\",\":unread:\"");
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_put(f, "{\"tags\":[\":unread:2\",\":unread:12\",\"unread:1\",\":unread:\"]}");
}

static void test_duplicates(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = show(f, "@Demo");

    answer_tags(f, id, "\"b\",\":unread:1\",\"a\",\"b\",\":unread:1\",\":x:\",\"a\"");
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_put(f, "{\"tags\":[\"b\",\"a\",\":x:\"]}");
}

/* What cannot be read would be lost. */
static void assert_left_alone(const char *tags)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = show(f, "@Demo");

    answer_tags(f, id, tags);
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_calls(f, "GET a", &id);
}

static void test_unreadable_tags(void)
{
    assert_left_alone("\":unread:1\",7");
    assert_left_alone("\":unread:1\",null");
    assert_left_alone("\":unread:1\",{\"tag\":\"a\"}");
}

static void test_too_many_tags(void)
{
    g_autoptr(GString) tags = g_string_new("\":unread:1\"");

    for (guint i = 0; i < FD_DECODE_MAX_TAGS; i++)
        g_string_append_printf(tags, ",\"tag%u\"", i);
    assert_left_alone(tags->str);
}

static void test_gone_already(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = show(f, "@Demo");

    fake_server_set_tags(f->server, MAIN, id, ":user:1,other");
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_calls(f, "GET a", &id);
}

static void test_not_added(void)
{
    static const char *const marked[] = { "a", ":unread:1", NULL };
    static const char *const others[] = { ":unread:2", ":unread:12", ":user:1", "unread:1", ":unread:", NULL };
    static const char *const none[] = { NULL };
    static const struct {
        const char *name;
        FdMessage message;
    } cases[] = {
        { "no id", { .id = 0, .user = ANN, .tags = (char **)marked } },
        { "wrong id", { .id = -1, .user = ANN, .tags = (char **)marked } },
        { "own", { .id = 1, .user = SELF, .tags = (char **)marked } },
        { "marks of others", { .id = 1, .user = ANN, .tags = (char **)others } },
        { "no tags", { .id = 1, .user = ANN, .tags = (char **)none } },
    };
    static const FdMessage of_nobody = { .id = 1, .tags = (char **)marked };
    g_autoptr(Fixture) f = fixture_new(0);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        fd_unread_add(f->unread, f->main, &cases[i].message);
        g_assert_false(fd_unread_is_waiting(f->unread, f->main));
        g_assert_false(fd_unread_is_any_waiting(f->unread));
    }
    fd_unread_add(f->unread, f->main, &of_nobody);
    g_assert_true(fd_unread_is_waiting(f->unread, f->main));
}

/* ---- when, and in which order ---- */

static void test_waiting(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id;

    fd_unread_seen(f->unread, f->main);
    id = show(f, "@Demo");
    g_assert_true(fd_unread_is_waiting(f->unread, f->main));
    g_assert_false(fd_unread_is_waiting(f->unread, f->private));
    g_assert_true(fd_unread_is_any_waiting(f->unread));
    fd_unread_seen(f->unread, f->private);
    g_assert_true(fd_unread_is_waiting(f->unread, f->main));
    /* Only what was seen: the other room's message stays as it is. */
    finish(f);
    assert_calls(f, "", NULL);
    fd_unread_seen(f->unread, f->main);
    g_assert_false(fd_unread_is_waiting(f->unread, f->main));
    g_assert_false(fd_unread_is_any_waiting(f->unread));
    finish(f);
    assert_calls(f, "GET a, PUT a", &id);
}

static void test_oldest_first(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 ids[3];

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        ids[i] = fake_server_say(f->server, MAIN, ANN, "@Demo");
    add(f, f->main, ids[1]);
    add(f, f->main, ids[2]);
    add(f, f->main, ids[0]);
    add(f, f->main, ids[1]);
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_calls(f, "GET a, PUT a, GET b, PUT b, GET c, PUT c", ids);
}

/* What is seen while others are under way comes after them. */
static void test_seen_meanwhile(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 ids[3];

    ids[0] = show(f, "@Demo");
    ids[1] = show(f, "@Demo");
    fd_unread_seen(f->unread, f->main);
    test_until(fake_server_count(f->server, "GET", MAIN_PATH "*") == 1);
    ids[2] = show(f, "@Demo");
    g_assert_true(fd_unread_is_waiting(f->unread, f->main));
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_calls(f, "GET a, PUT a, GET b, PUT b, GET c, PUT c", ids);
}

/* Another one without a pause is done before anything is called. */
static void test_pause(void)
{
    g_autoptr(Fixture) f = fixture_new(NEVER_MS);
    g_autoptr(FdUnread) pausing = f->unread;

    show(f, "@Demo");
    fd_unread_seen(f->unread, f->main);
    g_assert_false(fd_unread_is_waiting(f->unread, f->main));
    f->unread = fd_unread_new(f->state, 0);
    finish(f);
    assert_calls(f, "", NULL);
}

static void assert_first_path(Fixture *f, const char *expected)
{
    test_until(fake_server_count(f->server, NULL, NULL) > 0);
    g_assert_cmpstr(((const FakeRequest *)fake_server_requests(f->server)->pdata[0])->path, ==, expected);
}

/* Of too many in a room the oldest stay as they are. */
static void test_bound(void)
{
    g_autoptr(Fixture) f = fixture_new(0);

    for (gint64 id = 1; id <= FD_UNREAD_MAX + 7; id++)
        add(f, f->main, id);
    fd_unread_seen(f->unread, f->main);
    assert_first_path(f, MAIN_PATH "8");
}

/* There is a bound for all rooms together, too: 1000. */
static void test_bound_of_all(void)
{
    g_autoptr(Fixture) f = fixture_new(0);

    for (gint64 user = 101; user <= 107; user++) {
        FdRoom *room = fd_rooms_get_private(f->state->rooms, user);

        for (gint64 id = 1; id <= FD_UNREAD_MAX; id++)
            add(f, room, id);
        fd_unread_seen(f->unread, room);
    }
    add(f, f->main, 1);
    fd_unread_seen(f->unread, f->main);
    assert_first_path(f, "/private/103/messages/2");
}

/* ---- what goes wrong ---- */

static void test_failure_goes_on(void)
{
    static const struct {
        const char *name, *method;
        FakeFaultKind kind;
        guint status;
        const char *calls;
    } cases[] = {
        { "reading, server error", "GET", FAKE_FAULT_STATUS, 503, "GET a, GET b, PUT b" },
        { "reading, too many", "GET", FAKE_FAULT_STATUS, 429, "GET a, GET b, PUT b" },
        { "reading, not there", "GET", FAKE_FAULT_STATUS, 404, "GET a, GET b, PUT b" },
        { "reading, no JSON", "GET", FAKE_FAULT_GARBAGE, 0, "GET a, GET b, PUT b" },
        { "reading, nothing", "GET", FAKE_FAULT_EMPTY, 0, "GET a, GET b, PUT b" },
        { "writing, server error", "PUT", FAKE_FAULT_STATUS, 503, "GET a, PUT a, GET b, PUT b" },
        { "writing, refused", "PUT", FAKE_FAULT_STATUS, 403, "GET a, PUT a, GET b, PUT b" },
        { "writing, no JSON", "PUT", FAKE_FAULT_GARBAGE, 0, "GET a, PUT a, GET b, PUT b" },
        { "writing, cut", "PUT", FAKE_FAULT_CUT_BEFORE, 0, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Fixture) f = fixture_new(0);
        gint64 ids[2];

        g_test_message("%s", cases[i].name);
        ids[0] = show(f, "@Demo one");
        ids[1] = show(f, "@Demo two");
        fail(f, cases[i].method, ids[0], cases[i].kind, cases[i].status);
        fd_unread_seen(f->unread, f->main);
        finish(f);
        assert_tags(f, MAIN, ids[1], ":user:1");
        /* Whether what was cut is sent once more is decided below us. */
        if (cases[i].calls)
            assert_calls(f, cases[i].calls, ids);
    }
}

static void test_wrong_message(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 id = show(f, "@Demo");

    answer(f, id, "{\"id\":99999,\"event\":\"message\",\"content\":\"hi\",\"user\":\"2\",\"tags\":[\":unread:1\"]}");
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_calls(f, "GET a", &id);
}

static void test_gives_up(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 ids[8];

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        ids[i] = show(f, "@Demo");
        fail(f, i % 2 ? "GET" : "PUT", ids[i], FAKE_FAULT_STATUS, 500);
    }
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_calls(f, "GET a, PUT a, GET b, GET c, PUT c, GET d, GET e, PUT e", ids);
}

/* Shown and seen again and again, until the second one is asked for. */
static gboolean is_second_asked(Fixture *f, gint64 first, gint64 second)
{
    g_autofree char *path = g_strdup_printf(MAIN_PATH "%" G_GINT64_FORMAT, second);

    if (is_answered(f)) {
        add(f, f->main, first);
        add(f, f->main, second);
        fd_unread_seen(f->unread, f->main);
    }
    return fake_server_count(f->server, "GET", path) > 0;
}

/* What is seen after that has all its tries again. */
static void test_begins_again(void)
{
    g_autoptr(Fixture) f = fixture_new(0);

    fake_server_fault(f->server, &(FakeFault){ FAKE_FAULT_STATUS, .path = MAIN_PATH, .count = -1 });
    for (gint64 id = 1; id <= 5; id++)
        add(f, f->main, id);
    fd_unread_seen(f->unread, f->main);
    test_until(is_second_asked(f, 6, 7));
}

/* Only failures in a row count. */
static void test_success_between(void)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 ids[9];

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        ids[i] = show(f, "@Demo");
        if (i != 4)
            fail(f, "GET", ids[i], FAKE_FAULT_STATUS, 500);
    }
    fd_unread_seen(f->unread, f->main);
    finish(f);
    assert_calls(f, "GET a, GET b, GET c, GET d, GET e, PUT e, GET f, GET g, GET h, GET i", ids);
}

/* ---- the end ---- */

/* Another one's calls go through, those of the first do not go on. */
static void assert_ended(Fixture *f, const char *expected, const gint64 *ids)
{
    fake_server_clear_faults(f->server);
    f->unread = fd_unread_new(f->state, 0);
    finish(f);
    assert_calls(f, expected, ids);
}

static void test_free_waiting(void)
{
    g_autoptr(Fixture) f = fixture_new(0);

    show(f, "@Demo");
    g_clear_pointer(&f->unread, fd_unread_free);
    assert_ended(f, "", NULL);
}

static void test_free_pausing(void)
{
    g_autoptr(Fixture) f = fixture_new(0);

    show(f, "@Demo");
    show(f, "@Demo");
    fd_unread_seen(f->unread, f->main);
    g_clear_pointer(&f->unread, fd_unread_free);
    assert_ended(f, "", NULL);
}

static void test_free_calling(const char *method, const char *expected)
{
    g_autoptr(Fixture) f = fixture_new(0);
    gint64 ids[2];

    ids[0] = show(f, "@Demo");
    ids[1] = show(f, "@Demo");
    fail(f, method, ids[0], FAKE_FAULT_STALL, 0);
    fd_unread_seen(f->unread, f->main);
    test_until(fake_server_stalled(f->server) == 1);
    g_clear_pointer(&f->unread, fd_unread_free);
    assert_ended(f, expected, ids);
}

static void test_free_reading(void)
{
    test_free_calling("GET", "GET a");
}

static void test_free_writing(void)
{
    test_free_calling("PUT", "GET a, PUT a");
}

static void test_free_nothing(void)
{
    fd_unread_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/unread/takes-mark-off", test_takes_mark_off);
    g_test_add_func("/flowdock/unread/private", test_private);
    g_test_add_func("/flowdock/unread/nothing-else", test_nothing_else);
    g_test_add_func("/flowdock/unread/marks-of-others", test_marks_of_others);
    g_test_add_func("/flowdock/unread/duplicates", test_duplicates);
    g_test_add_func("/flowdock/unread/unreadable-tags", test_unreadable_tags);
    g_test_add_func("/flowdock/unread/too-many-tags", test_too_many_tags);
    g_test_add_func("/flowdock/unread/gone-already", test_gone_already);
    g_test_add_func("/flowdock/unread/not-added", test_not_added);
    g_test_add_func("/flowdock/unread/waiting", test_waiting);
    g_test_add_func("/flowdock/unread/oldest-first", test_oldest_first);
    g_test_add_func("/flowdock/unread/seen-meanwhile", test_seen_meanwhile);
    g_test_add_func("/flowdock/unread/pause", test_pause);
    g_test_add_func("/flowdock/unread/bound", test_bound);
    g_test_add_func("/flowdock/unread/bound-of-all", test_bound_of_all);
    g_test_add_func("/flowdock/unread/failure-goes-on", test_failure_goes_on);
    g_test_add_func("/flowdock/unread/wrong-message", test_wrong_message);
    g_test_add_func("/flowdock/unread/gives-up", test_gives_up);
    g_test_add_func("/flowdock/unread/begins-again", test_begins_again);
    g_test_add_func("/flowdock/unread/success-between", test_success_between);
    g_test_add_func("/flowdock/unread/free-waiting", test_free_waiting);
    g_test_add_func("/flowdock/unread/free-pausing", test_free_pausing);
    g_test_add_func("/flowdock/unread/free-reading", test_free_reading);
    g_test_add_func("/flowdock/unread/free-writing", test_free_writing);
    g_test_add_func("/flowdock/unread/free-nothing", test_free_nothing);
    return g_test_run();
}
