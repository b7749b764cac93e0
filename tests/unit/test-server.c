/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server as a whole: its life, its seeds, its HTTP side for scripts, the bot, the captured events. */
#include <glib/gstdio.h>

#include "fake-bot.h"
#include "test-fake.h"

#define ALL "/flows?filter=acme/main,acme:dev-team&user=1"

static gboolean has(TestTap *tap, const char *text)
{
    return strstr(tap->text->str, text) != NULL;
}

/* A restart: the same addresses, all connections gone, the messages still there. */
static void test_restart(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *api = g_strdup(fake_server_get_api_url(fake->server));
    g_autofree char *stream = g_strdup(fake_server_get_stream_url(fake->server));
    g_autoptr(TestTap) tap = NULL;
    g_autoptr(GError) error = NULL;

    fake->accept = "text/event-stream";
    fake_server_say(fake->server, "acme/main", 2, "before");
    tap = test_tap_new(fake, ALL, NULL);
    fake_server_stop(fake->server);
    g_assert_cmpuint(fake_server_count_streams(fake->server), ==, 0);
    test_until(tap->ended);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 0);
    fake_server_say(fake->server, "acme/main", 2, "meanwhile");
    fake_server_start(fake->server, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(fake_server_get_api_url(fake->server), ==, api);
    g_assert_cmpstr(fake_server_get_stream_url(fake->server), ==, stream);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 200);
    g_clear_pointer(&tap, test_tap_free);
    tap = test_tap_new(fake, ALL, "1");
    test_until(has(tap, "meanwhile"));
    g_assert_false(has(tap, "before"));
}

/* Nothing may be left of what was under way; the sanitizers watch. */
static void test_stop_amid_everything(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);
    g_auto(TestDone) stalled = { 0 }, slow = { 0 };
    g_autoptr(SoupMessage) one = test_fake_message(fake, "GET", "/user", NULL);
    g_autoptr(SoupMessage) other = test_fake_message(fake, "GET", "/users", NULL);

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_STALL, .path = "/user" });
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_SLOW, .path = "/users", .delay_ms = 10 });
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_STALL, .path = "/user" });
    soup_session_send_and_read_async(fake->session, one, G_PRIORITY_DEFAULT, NULL, test_done, &stalled);
    test_until(fake_server_stalled(fake->server) == 1);
    fake_server_clear_faults(fake->server);
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_SLOW, .delay_ms = 10 });
    soup_session_send_and_read_async(fake->session, other, G_PRIORITY_DEFAULT, NULL, test_done, &slow);
    test_until(fake_server_count(fake->server, NULL, "/users") == 1);
    fake_server_streams_chop(fake->server, 1);
    fake_server_emit(fake->server, "{\"event\":\"long enough to be under way for a while\"}");
    fake_server_stop(fake->server);
    test_until(stalled.result && slow.result && tap->ended);
}

static guint count_descriptors(void)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    guint count = 0;

    while (dir && g_dir_read_name(dir))
        count++;
    return count;
}

/* SoupServer alone would keep each connection that its client has closed. */
static void test_connections_end(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    guint before = count_descriptors();

    if (!before) {
        g_test_skip("needs /proc");
        return;
    }
    for (int i = 0; i < 20; i++) {
        test_fake_call(fake, "GET", "/user", NULL);
        soup_session_abort(fake->session);
    }
    test_until(count_descriptors() <= before + 2);
}

static void test_tls(void)
{
    g_autofree char *relative = test_data_path("tls/localhost.crt.pem");
    g_autofree char *certificate = g_canonicalize_filename(relative, NULL);
    g_autofree char *key = test_data_path("tls/localhost.key.pem");
    g_autoptr(GError) error = NULL;
    g_autoptr(TestFake) fake = g_new0(TestFake, 1);
    g_autoptr(GTlsDatabase) trust = g_tls_file_database_new(certificate, &error);
    g_autoptr(TestTap) tap = NULL;

    g_assert_no_error(error);
    fake->server = fake_server_new(NULL, &error);
    fake->session = soup_session_new_with_options("tls-database", trust, NULL);
    fake->authorization = TEST_FAKE_DEMO;
    fake_server_start(fake->server, &(FakeOptions){ .tls_cert = certificate, .tls_key = key }, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(fake_server_get_stream_url(fake->server), "https://"));
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 200);
    tap = test_tap_new(fake, ALL, NULL);
    fake_server_emit(fake->server, "{}");
    test_until(has(tap, "{}\r\n"));
    g_clear_pointer(&tap, test_tap_free);
    test_until(fake_server_count_streams(fake->server) == 0);
    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_CUT_BEFORE });
    g_assert_cmpuint(test_fake_call(fake, "GET", "/user", NULL), ==, 0);
}

/* --------------------------------------------------------------------------------------------------------- seeds */

static FakeServer *server_of_seed(const char *seed, GError **error)
{
    g_autofree char *file = NULL;
    int fd = g_file_open_tmp("seed-XXXXXX.json", &file, error);
    FakeServer *server;

    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(file, seed, -1, error));
    server = fake_server_new(file, error);
    g_unlink(file);
    return server;
}

static void test_seed(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TestFake) fake = g_new0(TestFake, 1);

    fake->session = soup_session_new();
    fake->server = server_of_seed(
        "{\"users\":[{\"id\":5,\"nick\":\"Eve\",\"email\":\"eve@example.com\",\"api_token\":\"demo-token\"}],"
        "\"organizations\":[{\"parameterized_name\":\"o\",\"users\":[5]}],"
        "\"applications\":[{\"client_id\":\"c\",\"client_secret\":\"s\"}],"
        "\"flows\":[{\"organization\":\"o\",\"parameterized_name\":\"f\",\"api_token\":\"push-me\",\"last_id\":100,"
        "\"users\":[{\"id\":5,\"open\":false}],\"messages\":[{\"user\":5,\"content\":\"old\"}]}],"
        "\"sources\":[{\"flow\":\"o/f\",\"application\":\"c\",\"name\":\"S\",\"flow_token\":\"t0k3n\"}]}",
        &error);
    g_assert_no_error(error);
    fake_server_start(fake->server, NULL, &error);
    g_assert_no_error(error);
    fake->authorization = TEST_FAKE_DEMO;
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/o/f/messages/101", NULL), ==, 200);
    g_assert_false(fake_server_is_open(fake->server, "o/f", 5));
    fake->authorization = NULL;
    g_assert_cmpuint(test_fake_call(fake, "GET", "/sources?flow_token=t0k3n", NULL), ==, 200);
    g_assert_cmpuint(test_fake_call(fake, "POST", "/v1/messages/chat/push-me", "content=x&external_user_name=y"), ==,
                     200);
    g_assert_cmpuint(test_fake_call(fake, "POST", "/v1/messages/team_inbox/push-me",
                                    "source=x&from_address=a%40b.c&subject=s&content=c"),
                     ==, 200);
    g_assert_cmpuint(fake_server_message_count(fake->server, "o/f"), ==, 3);
}

static void test_bad_seeds(void)
{
    static const char *const seeds[] = {
        "",
        "[]",
        "{",
        "{\"users\":[1]}",
        "{\"users\":[{}]}",
        "{\"users\":[{\"id\":1,\"nick\":\"a\",\"email\":\"a\"},{\"id\":1,\"nick\":\"b\",\"email\":\"b\"}]}",
        "{\"flows\":[{\"organization\":\"none\",\"parameterized_name\":\"f\"}]}",
        "{\"organizations\":[{\"parameterized_name\":\"o\",\"users\":[9]}]}",
        "{\"applications\":[{\"client_id\":\"c\"}]}",
        "{\"sources\":[{\"name\":\"s\"}]}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(seeds); i++) {
        g_autoptr(GError) error = NULL;
        FakeServer *server = server_of_seed(seeds[i], &error);

        g_test_message("%s", seeds[i]);
        g_assert_null(server);
        g_assert_nonnull(error);
    }
}

/* ------------------------------------------------------------------------------------------------------- for scripts */

static void control(TestFake *fake, const char *path, const char *body)
{
    g_assert_cmpuint(test_fake_call(fake, body ? "POST" : "DELETE", path, body), ==, 200);
}

static void test_control(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);

    control(fake, "/_test/say", "{\"flow\":\"acme/main\",\"user\":2,\"text\":\"by-flow\"}");
    control(fake, "/_test/say", "from=2&to=1&text=by-pair");
    control(fake, "/_test/say", "flow=acme/main&external=robot&text=by-robot");
    control(fake, "/_test/post",
            "{\"in\":\"acme/main\",\"user\":2,\"message\":{\"event\":\"line\",\"content\":\"by-post\"}}");
    control(fake, "/_test/emit", "{\"event\":\"by-emit\"}");
    test_until(has(tap, "by-emit"));
    g_assert_true(has(tap, "by-flow") && has(tap, "by-pair") && has(tap, "by-robot") && has(tap, "by-post"));
    control(fake, "/_test/user", "id=2&nick=Anna&presence=idle");
    g_assert_cmpstr(fake_server_get_nick(fake->server, 2), ==, "Anna");
    control(fake, "/_test/user", "organization=acme&id=9&nick=N&email=n@example.com");
    control(fake, "/_test/flow", "organization=acme&parameterized_name=extra&access_mode=organization");
    control(fake, "/_test/member", "flow=acme/extra&user=9&do=add");
    g_assert_true(fake_server_is_member(fake->server, "acme/extra", 9));
    control(fake, "/_test/member", "flow=acme/extra&user=9&do=close");
    g_assert_false(fake_server_is_open(fake->server, "acme/extra", 9));
    control(fake, "/_test/fault", "kind=status&status=503&path=/users&retry_after=1");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/users", NULL), ==, 503);
    control(fake, "/_test/fault", "kind=stall&count=-1");
    control(fake, "/_test/fault", NULL);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/users", NULL), ==, 200);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/_test/requests?path=/users", NULL), ==, 200);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 2);
    control(fake, "/_test/requests", NULL);
    control(fake, "/_test/set", "odd=number-user,no-replay&token_life=5&expire_tokens=1");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/_test/messages?in=private/1/2", NULL), ==, 200);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 1);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/_test/streams", NULL), ==, 200);
    g_assert_cmpstr(fake->text, ==, "{\"open\":1}");
    control(fake, "/_test/streams", "do=cut&chop=2&keepalive_ms=0");
    g_assert_cmpstr(fake->text, ==, "{\"open\":0}");
    test_until(tap->ended);
}

/* A wrong test is told so; the C functions would abort. */
static void test_control_refuses(void)
{
    static const char *const calls[][2] = {
        { "/_test/say", "{\"flow\":\"no/such\",\"user\":2,\"text\":\"x\"}" },
        { "/_test/say", "{\"flow\":\"acme/main\",\"user\":99,\"text\":\"x\"}" },
        { "/_test/say", "from=1&to=1&text=x" },
        { "/_test/say", "flow=acme/main&user=1" },
        { "/_test/emit", "{]" },
        { "/_test/post", "in=acme/main&user=1" },
        { "/_test/fault", "kind=nonsense" },
        { "/_test/member", "flow=acme/main&user=1&do=nonsense" },
        { "/_test/user", "id=99&nick=x" },
        { "/_test/flow", "organization=acme&parameterized_name=main" },
        { "/_test/streams", "do=nonsense" },
        { "/_test/set", "odd=nonsense" },
    };
    g_autoptr(TestFake) fake = test_fake_new();

    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_test_message("%s %s", calls[i][0], calls[i][1]);
        g_assert_cmpuint(test_fake_call(fake, "POST", calls[i][0], calls[i][1]), ==, 400);
    }
}

/* ------------------------------------------------------------------------------------------- captured events, the bot */

/* Every captured event passes as it is. */
static void test_captured_events(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, ALL, NULL);
    g_autofree char *folder = test_data_path("events");
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    guint count = 0;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *json = NULL;

        if (!g_str_has_suffix(name, ".json"))
            continue;
        g_assert_true(g_file_get_contents(path, &json, NULL, NULL));
        g_assert_cmpint(fake_server_emit(fake->server, json), >=, 0);
        if (!strstr(json, "\"flow_add") && !strstr(json, "private test")) {
            test_until(has(tap, json));
            count++;
        }
    }
    g_assert_cmpuint(count, >, 30);
}

static void test_bot(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *events = test_data_path("events"), *data = g_path_get_dirname(events);
    g_autoptr(TestTap) tap = NULL;

    fake_bot_start(fake->server, data);
    tap = test_tap_new(fake, ALL, NULL);
    test_until(has(tap, "Welcome, @Demo!"));
    test_fake_call(fake, "POST", "/private/42/messages", "event=message&content=help");
    test_until(has(tap, "* `replay`"));
    test_fake_call(fake, "POST", "/flows/acme/main/messages", "event=message&content=hi+%40hubot:+echo+once+more");
    test_until(has(tap, "\"content\":\"once more\""));
    test_fake_call(fake, "POST", "/flows/acme/main/messages", "event=message&content=%40hubot+ann");
    test_until(has(tap, "Anyone up for"));
    test_fake_call(fake, "POST", "/flows/acme/main/messages", "event=message&content=%40hubot+inbox");
    test_until(has(tap, "opened pull request") && has(tap, "Looks good to me"));
    test_fake_call(fake, "POST", "/flows/acme/main/messages", "event=message&content=%40hubot+replay");
    test_until(has(tap, "\"event\":\"activity\"") && has(tap, "Oulu Test app"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/restart", test_restart);
    g_test_add_func("/server/stop-amid-everything", test_stop_amid_everything);
    g_test_add_func("/server/connections-end", test_connections_end);
    g_test_add_func("/server/tls", test_tls);
    g_test_add_func("/server/seed", test_seed);
    g_test_add_func("/server/bad-seeds", test_bad_seeds);
    g_test_add_func("/server/control", test_control);
    g_test_add_func("/server/control-refuses", test_control_refuses);
    g_test_add_func("/server/captured-events", test_captured_events);
    g_test_add_func("/server/bot", test_bot);
    return g_test_run();
}
