/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of the stream: cut, silent, restarted, too long. */
#include "host.h"

#include <string.h>

#define LOST "chat acme/main <Flowdock> RECV+SYSTEM The connection is lost. Trying to get it back…"
#define BACK "chat acme/main <Flowdock> RECV+SYSTEM The connection is back."

/* On a busy machine the stream may be away for longer than the shortened patience. */
#define LINES_OF_A_LOSS "chat * <Flowdock> RECV+SYSTEM The connection is *"

typedef struct {
    FakeServer *server;
    PurpleAccount *account;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer hurry)
{
    fixture->server = fake_server_new_started();
    fake_server_set_keepalive_ms(fixture->server, 200);
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    purple_account_set_int(fixture->account, "hurry", GPOINTER_TO_INT(hurry));
    host_sign_on_ready(fixture->account, fixture->server);
    /* So that there is something from which a gap begins. */
    fake_server_say(fixture->server, "acme/main", 2, "begin");
    host_wait("* begin");
    host_record_clear();
}

static void tear_down(Fixture *fixture, gconstpointer hurry)
{
    (void)hurry;
    host_record_ignore(NULL);
    host_account_free(fixture->account);
    g_clear_pointer(&fixture->server, fake_server_free);
}

static void say_many(FakeServer *server, guint from, guint to, GString *expected)
{
    for (guint i = from; i < to; i++) {
        g_autofree char *text = g_strdup_printf("n%u é", i);

        fake_server_say(server, "acme/main", 2, text);
        g_string_append_printf(expected, "%schat acme/main <Ann> RECV %s", expected->len ? "\n" : "", text);
    }
}

static void test_any_chunks(Fixture *fixture, gconstpointer hurry)
{
    g_autoptr(GString) expected = g_string_new(NULL);

    (void)hurry;
    host_record_ignore(LINES_OF_A_LOSS);
    fake_server_streams_chop(fixture->server, 1);
    say_many(fixture->server, 0, 3, expected);
    host_expect(expected->str);
    fake_server_streams_chop(fixture->server, 7);
    g_string_truncate(expected, 0);
    say_many(fixture->server, 3, 10, expected);
    host_expect(expected->str);
    fake_server_streams_chop(fixture->server, 0);
    fake_server_streams_batch(fixture->server, 10);
    g_string_truncate(expected, 0);
    say_many(fixture->server, 10, 20, expected);
    host_expect(expected->str);
}

/* Each way to lose the stream, with and without a replay that helps. */
static void test_cut(Fixture *fixture, gconstpointer hurry)
{
    g_autoptr(GString) expected = g_string_new(NULL);
    guint streams = fake_server_count(fixture->server, "GET", "/flows");

    (void)hurry;
    host_record_ignore(LINES_OF_A_LOSS);
    for (guint round = 0; round < 4; round++) {
        g_string_truncate(expected, 0);
        if (round % 2)
            fake_server_streams_end(fixture->server);
        else
            fake_server_streams_cut(fixture->server);
        say_many(fixture->server, round * 10, round * 10 + 5, expected);
        if (round >= 2)
            fake_server_streams_forget(fixture->server);
        fake_server_streams_repeat(fixture->server, round == 1);
        test_until(fake_server_count(fixture->server, "GET", "/flows") > streams + round);
        test_until(fake_server_count_streams(fixture->server) == 1);
        say_many(fixture->server, round * 10 + 5, round * 10 + 9, expected);
        host_expect(expected->str);
    }
    g_assert_nonnull(fake_server_last_request(fixture->server, "GET", "/flows")->last_event_id);
    g_assert_true(host_is_online(fixture->account));
}

static void test_restart(Fixture *fixture, gconstpointer hurry)
{
    g_autoptr(GString) expected = g_string_new(NULL);

    fake_server_stop(fixture->server);
    (void)hurry;
    /* It says so once, after a while; meanwhile nothing. */
    host_wait(LOST);
    g_assert_cmpuint(host_record_count("chat acme/dev-team <Flowdock> *"), ==, 1);
    fake_server_streams_forget(fixture->server);
    say_many(fixture->server, 0, 150, expected);
    host_record_clear();
    g_assert_true(fake_server_start(fixture->server, NULL, NULL));
    host_wait("* n149 é");
    g_assert_cmpuint(host_record_count(BACK), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> *"), ==, 150);
    test_settle();
    g_assert_nonnull(strstr(host_record_text(), expected->str));
    g_assert_true(host_is_online(fixture->account));
}

static void test_give_up(Fixture *fixture, gconstpointer hurry)
{
    (void)hurry;
    fake_server_stop(fixture->server);
    host_wait("disconnected NETWORK_ERROR The server cannot be reached. *");
    g_assert_cmpuint(host_record_count(LOST), ==, 1);
    g_assert_true(fake_server_start(fixture->server, NULL, NULL));
}

static void test_silence(Fixture *fixture, gconstpointer hurry)
{
    guint before = fake_server_count(fixture->server, "GET", "/flows");

    (void)hurry;
    fake_server_streams_stall(fixture->server, TRUE);
    fake_server_say(fixture->server, "acme/main", 2, "unheard");
    test_until(fake_server_count(fixture->server, "GET", "/flows") > before);
    fake_server_streams_stall(fixture->server, FALSE);
    host_wait("chat acme/main <Ann> RECV unheard");
    fake_server_say(fixture->server, "acme/main", 2, "heard");
    host_wait("chat acme/main <Ann> RECV heard");
    g_assert_cmpuint(host_record_count("* unheard"), ==, 1);
}

static void test_refused_for_a_flow_that_is_gone(Fixture *fixture, gconstpointer hurry)
{
    FakeFault gone = { .origin = FAKE_ORIGIN_STREAM, .path = "/flows", .status = 404 };

    (void)hurry;
    fake_server_fault(fixture->server, &gone);
    fake_server_streams_cut(fixture->server);
    test_until(fake_server_count(fixture->server, "GET", "/flows/all") == 2);
    test_until(fake_server_count_streams(fixture->server) == 1);
    fake_server_say(fixture->server, "acme/main", 2, "again");
    host_wait("chat acme/main <Ann> RECV again");
    g_assert_true(host_is_online(fixture->account));
}

static void test_renewal_while_reopening(Fixture *fixture, gconstpointer hurry)
{
    (void)hurry;
    host_record_ignore(LINES_OF_A_LOSS);
    for (guint i = 0; i < 5; i++) {
        g_autofree char *text = g_strdup_printf("round %u", i);
        g_autofree char *line = g_strconcat("chat acme/main <Ann> RECV ", text, NULL);

        fake_server_expire_access_tokens(fixture->server);
        fake_server_streams_cut(fixture->server);
        fake_server_say(fixture->server, "acme/main", 2, text);
        host_expect(line);
        test_until(fake_server_count_streams(fixture->server) == 1);
    }
}

static void test_many_flows(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    const GPtrArray *requests = fake_server_requests(server);

    for (guint i = 0; i < 400; i++) {
        g_autofree char *slug = g_strdup_printf("flow-%u", i);
        g_autofree char *path = g_strconcat("acme/", slug, NULL);

        fake_server_add_flow(server, "acme", slug, slug, "organization");
        fake_server_add_member(server, path, 1);
        fake_server_set_open(server, path, 1, TRUE);
    }
    purple_account_set_bool(account, "autojoin", FALSE);
    host_sign_on(account);
    host_wait("connected *");
    test_until(fake_server_count_streams(server) > 1);
    host_join(account, "acme/flow-0");
    host_join(account, "acme/flow-399");
    host_wait("chat acme/flow-399 <Flowdock> *");
    fake_server_say(server, "acme/flow-0", 1, "first");
    fake_server_say(server, "acme/flow-399", 1, "last");
    fake_server_say_private(server, 2, 1, "psst");
    host_wait("chat acme/flow-0 <Demo> * first");
    host_wait("chat acme/flow-399 <Demo> * last");
    host_wait("im Ann <Ann> RECV psst");
    test_settle();
    g_assert_cmpuint(host_record_count("* psst"), ==, 1);
    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        g_assert_cmpuint(strlen(request->path) + (request->query ? strlen(request->query) : 0), <, 8000);
    }
    host_account_free(account);
}

#define ADD(name, hurry, function)                                                                                     \
    g_test_add("/flowdock/stream/" name, Fixture, GINT_TO_POINTER(hurry), set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("any-chunks", 10, test_any_chunks);
    ADD("cut", 100, test_cut);
    ADD("restart", 20, test_restart);
    ADD("give-up", 100, test_give_up);
    ADD("silence", 100, test_silence);
    ADD("refused-for-a-flow-that-is-gone", 50, test_refused_for_a_flow_that_is_gone);
    ADD("renewal-while-reopening", 100, test_renewal_while_reopening);
    g_test_add_func("/flowdock/stream/many-flows", test_many_flows);
    return g_test_run();
}
