/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's own presence: what the streams announce, and what is posted. */
#include "host.h"

#include <string.h>
#include <time.h>

typedef HostFixture Fixture;

static const char *announced(FakeServer *server)
{
    const FakeRequest *request = fake_server_last_request(server, "GET", "/flows");

    if (strstr(request->query, "active=true"))
        return "active";
    return strstr(request->query, "active=idle") ? "idle" : strstr(request->query, "active") ? "?" : "nothing";
}

/* One exchange of streams, and the old ones are gone. */
static void expect_announced(Fixture *fixture, const char *what, guint *streams)
{
    ++*streams;
    test_until(fake_server_count(fixture->server, "GET", "/flows") >= *streams);
    test_settle();
    test_until(fake_server_count_streams(fixture->server) == 1);
    g_assert_cmpstr(announced(fixture->server), ==, what);
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/flows"), ==, *streams);
}

static void set_idle(Fixture *fixture, gboolean idle)
{
    purple_presence_set_idle(purple_account_get_presence(fixture->account), idle, idle ? time(NULL) - 600 : 0);
}

static void test_status_and_idleness(Fixture *fixture, gconstpointer data)
{
    guint streams = fake_server_count(fixture->server, "GET", "/flows");

    (void)data;
    g_assert_cmpstr(announced(fixture->server), ==, "active");
    purple_account_set_status(fixture->account, "away", TRUE, NULL);
    expect_announced(fixture, "idle", &streams);
    purple_account_set_status(fixture->account, "invisible", TRUE, NULL);
    expect_announced(fixture, "nothing", &streams);
    purple_account_set_status(fixture->account, "available", TRUE, NULL);
    expect_announced(fixture, "active", &streams);
    set_idle(fixture, TRUE);
    expect_announced(fixture, "idle", &streams);
    /* Nothing that others would see: no exchange. */
    purple_account_set_status(fixture->account, "away", TRUE, NULL);
    test_settle();
    set_idle(fixture, FALSE);
    test_settle();
    purple_account_set_status(fixture->account, "away", TRUE, "message", "lunch", NULL);
    test_settle();
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/flows"), ==, streams);
    purple_account_set_status(fixture->account, "available", TRUE, NULL);
    expect_announced(fixture, "active", &streams);
    host_expect("");
}

/* Also when it is so before the account signs in. */
static void test_from_the_beginning(Fixture *fixture, gconstpointer data)
{
    (void)data;
    host_sign_off(fixture->account);
    purple_account_set_status(fixture->account, "invisible", TRUE, NULL);
    fake_server_clear_requests(fixture->server);
    host_sign_on_ready(fixture->account, fixture->server);
    g_assert_cmpstr(announced(fixture->server), ==, "nothing");
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/flows"), ==, 1);
}

/* Lines come in the middle of exchanges; each shows once, in order. */
static void test_without_gap(Fixture *fixture, gconstpointer data)
{
    static const char *const states[] = { "away", "available", "invisible" };
    g_autoptr(GString) expected = g_string_new(NULL);

    (void)data;
    fake_server_say(fixture->server, "acme/main", 2, "begin");
    host_wait("* begin");
    host_record_clear();
    for (guint i = 0; i < 60; i++) {
        g_autofree char *text = g_strdup_printf("n%u", i);

        if (i % 3 == 0)
            purple_account_set_status(fixture->account, states[(i / 3) % G_N_ELEMENTS(states)], TRUE, NULL);
        fake_server_say(fixture->server, "acme/main", 2, text);
        g_string_append_printf(expected, "%schat acme/main <Ann> RECV %s", i ? "\n" : "", text);
        for (guint turn = 0; turn < i % 5; turn++)
            g_main_context_iteration(NULL, FALSE);
    }
    host_expect(expected->str);
}

/* While the stream is down there is nothing to exchange: it comes back as the user is by then. */
static void test_while_lost(Fixture *fixture, gconstpointer data)
{
    FakeFault refused = { .kind = FAKE_FAULT_CUT_BEFORE, .origin = FAKE_ORIGIN_STREAM, .count = 3 };

    (void)data;
    fake_server_fault(fixture->server, &refused);
    fake_server_streams_cut(fixture->server);
    purple_account_set_status(fixture->account, "away", TRUE, NULL);
    test_until(fake_server_count_streams(fixture->server) == 1);
    g_assert_cmpstr(announced(fixture->server), ==, "idle");
    fake_server_say(fixture->server, "acme/main", 2, "still here");
    host_wait("chat acme/main <Ann> RECV still here");
}

static guint posts(Fixture *fixture)
{
    return fake_server_count(fixture->server, "POST", "/flows/*/messages");
}

static void test_message_is_not_posted(Fixture *fixture, gconstpointer data)
{
    (void)data;
    purple_account_set_status(fixture->account, "away", TRUE, "message", "lunch", NULL);
    test_settle();
    purple_account_set_status(fixture->account, "available", TRUE, "message", "back", NULL);
    test_settle();
    g_assert_cmpuint(posts(fixture), ==, 0);
}

static void test_message_is_posted(Fixture *fixture, gconstpointer data)
{
    PurpleAccount *account = fixture->account;

    (void)data;
    host_sign_off(account);
    purple_account_set_bool(account, "post_status", TRUE);
    /* Said before: no news at sign-in. */
    purple_account_set_status(account, "available", TRUE, "message", "at work", NULL);
    host_sign_on_ready(account, fixture->server);
    test_settle();
    g_assert_cmpuint(posts(fixture), ==, 0);
    purple_account_set_status(account, "away", TRUE, "message", "at &lt;b&gt; <b>lunch</b>", NULL);
    host_wait("chat acme/main <Demo> SEND* /me changed status to: at &lt;b&gt; lunch");
    host_wait("chat acme/dev-team <Demo> SEND* /me changed status to: at &lt;b&gt; lunch");
    g_assert_cmpuint(posts(fixture), ==, 2);
    /* The same again, and none. */
    purple_account_set_status(account, "available", TRUE, "message", "at &lt;b&gt; lunch", NULL);
    purple_account_set_status(account, "available", TRUE, "message", NULL, NULL);
    test_settle();
    g_assert_cmpuint(posts(fixture), ==, 2);
    purple_account_set_status(account, "available", TRUE, NULL);
}

typedef void (*Story)(Fixture *fixture, gconstpointer data);

static void add(const char *path, Story story)
{
    g_test_add(path, Fixture, NULL, host_fixture_set_up, story, host_fixture_tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    add("/flowdock/presence/status-and-idleness", test_status_and_idleness);
    add("/flowdock/presence/from-the-beginning", test_from_the_beginning);
    add("/flowdock/presence/without-gap", test_without_gap);
    add("/flowdock/presence/while-lost", test_while_lost);
    add("/flowdock/presence/message-is-not-posted", test_message_is_not_posted);
    add("/flowdock/presence/message-is-posted", test_message_is_posted);
    return g_test_run();
}
