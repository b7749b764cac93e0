/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server's Envoy side as a whole: its life, its seeds, what tests do to it, its faults, its HTTP side for
 * scripts, the scenario. */
#include <glib/gstdio.h>

#include "test-envoy-server.h"

#define CREATE                                                                                                         \
    "{\"invite\":{\"expectedArrivalAt\":\"2030-06-03T15:30:00Z\",\"locationId\":\"100001\","                           \
    "\"invitee\":{\"name\":\"Jane Visitor\"}}}"

static guint count(TestFake *fake, EnvoyServerKind kind)
{
    return envoy_server_count_things(fake->server, kind);
}

/* The text @name of what is stored. (transfer full) (nullable) */
static char *stored(TestFake *fake, EnvoyServerKind kind, const char *id, const char *name)
{
    g_autofree char *json = envoy_server_get(fake->server, kind, id);
    g_autoptr(JsonObject) thing = json ? fake_json_parse_object(json, -1, NULL) : NULL;

    return g_strdup(fake_json_string(thing, name));
}

/* ---------------------------------------------------------------------------------------------------------- life */

/* Without being asked for there is none. */
static void test_absent(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    g_assert_cmpstr(envoy_server_get_url(fake->server), ==, "");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/v1/locations", NULL), ==, 404);
}

static void test_restart(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *url = g_strdup(envoy_server_get_url(fake->server));
    g_autoptr(GError) error = NULL;

    envoy_server_sign_in(fake->server, "200001", "Jane Visitor", NULL);
    fake_server_stop(fake->server);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries"), ==, 0);
    fake_server_start(fake->server, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(envoy_server_get_url(fake->server), ==, url);
    test_envoy_ids(fake, "/v1/entries", "500001 500002 500003 500004 500005");
    g_assert_cmpstr(test_fake_header(fake, "Server"), ==, "Envoy-compatible test server");
}

/* Both sides have the same log and tell their origins apart. */
static void test_log(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    const FakeRequest *request;

    test_envoy_get(fake, "/v1/flows?locationIds=100001,100002");
    request = fake_server_last_request(fake->server, "GET", "/v1/flows");
    g_assert_cmpint(request->origin, ==, FAKE_ORIGIN_ENVOY);
    g_assert_cmpstr(request->query, ==, "locationIds=100001,100002");
    g_assert_cmpuint(request->status, ==, 200);
    fake->authorization = TEST_FAKE_DEMO;
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows", NULL), ==, 200);
    g_assert_cmpint(fake_server_last_request(fake->server, "GET", "/flows")->origin, ==, FAKE_ORIGIN_API);
}

/* -------------------------------------------------------------------------------------------------------- seeds */

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

/* What the contract's account settings and rooms need. */
static void test_built_in_seed(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    test_envoy_column(fake, "/v1/locations", "name", "Berlin HQ Boston Lab");
    test_envoy_column(fake, "/v1/locations", "timezone", "Europe/Berlin America/New_York");
    test_envoy_column(fake, "/v1/flows", "name", "Visitor Employee Delivery Visitor Interview");
    test_envoy_column(fake, "/v1/flows", "type", "VISITOR EMPLOYEE VISITOR VISITOR VISITOR");
    test_envoy_ids(fake, "/v1/flows?enabled=false", "200005");
    test_envoy_column(fake, "/v1/employees", "email", "ann@example.com bert@example.com cleo@example.com");
    test_envoy_column(fake, "/v1/entries", "fullName", "Sam Candidate Jane Visitor Parcel Service Rosa Example");
    test_envoy_column(fake, "/v1/entries", "locationId", "100001 100001 100001 100002");
}

static void test_seed(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TestFake) fake = test_fake_new_with(server_of_seed(
        "{\"envoy\":{\"api_keys\":[\"k\"],\"users\":[{\"email\":\"eve@example.com\",\"password\":\"p\"}],"
        "\"applications\":[{\"client_id\":\"c\",\"client_secret\":\"s\",\"redirect_uris\":[\"http://127.0.0.1:1/x\"],"
        "\"scopes\":[\"flows.read\"]}],"
        "\"locations\":[{\"id\":7,\"name\":\"Seven\",\"timezone\":null}],"
        "\"flows\":[{\"id\":8,\"name\":\"Eight\",\"locationId\":7}],"
        "\"entries\":[{\"fullName\":\"Early\",\"flowId\":8,\"signedInAt\":\"-2h\"}]}}",
        &error));

    g_assert_no_error(error);
    fake_server_start(fake->server, &(FakeOptions){ .envoy = TRUE }, &error);
    g_assert_no_error(error);
    fake->api_key = "k";
    test_envoy_column(fake, "/v1/locations", "name", "Seven");
    test_envoy_column(fake, "/v1/entries", "locationId", "7");
    g_assert_cmpuint(count(fake, ENVOY_SERVER_INVITES), ==, 0);
    g_assert_cmpuint(test_envoy_call(fake, "POST", "/a/auth/v0/authorize",
                                     "client_id=c&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fx"
                                     "&scope=flows.read&email=eve%40example.com&password=p&decision=allow"),
                     ==, 302);
    /* Not one of the application's own. */
    g_assert_cmpuint(test_envoy_get(fake, "/a/auth/v0/authorize?client_id=c&response_type=code"
                                          "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fx&scope=entries.read"),
                     ==, 302);
    g_assert_cmpstr(test_fake_header(fake, "Location"), ==, "http://127.0.0.1:1/x?error=invalid_scope");
}

/* A seed for the Flowdock side alone leaves the other one as it is. */
static void test_seed_without(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FakeServer) server = server_of_seed("{}", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(envoy_server_count_things(server, ENVOY_SERVER_FLOWS), ==, 5);
}

static void test_bad_seeds(void)
{
    static const char *const seeds[] = {
        "{\"envoy\":{\"users\":[{\"email\":\"x\"}]}}",
        "{\"envoy\":{\"applications\":[{\"client_id\":\"x\"}]}}",
        "{\"envoy\":{\"applications\":[1]}}",
        "{\"envoy\":{\"flows\":[1]}}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(seeds); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(server_of_seed(seeds[i], &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
        g_assert_true(g_str_has_prefix(error->message, "envoy: "));
    }
}

/* ------------------------------------------------------------------------------------------------ what tests do */

static void test_visits(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    const char *id = envoy_server_sign_in(fake->server, "200004", "Jane <b>Visitor</b>\n", "jane@example.com");

    test_envoy_ids(fake, "/v1/entries?locationIds=100002", "500004 500005");
    g_assert_cmpstr(id, ==, "500005");
    test_envoy_get(fake, "/v1/entries/500005");
    g_assert_cmpstr(fake_json_string(test_envoy_thing(fake), "fullName"), ==, "Jane <b>Visitor</b>\n");
    g_assert_true(json_object_get_null_member(test_envoy_thing(fake), "signedOutAt"));
    g_assert_true(envoy_server_sign_out(fake->server, id));
    test_envoy_get(fake, "/v1/entries/500005");
    g_assert_nonnull(fake_json_string(test_envoy_thing(fake), "signedOutAt"));
    g_assert_false(envoy_server_sign_out(fake->server, "7"));
}

static void test_invites(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    const char *id = envoy_server_invite(fake->server, "200002", "Kim Caller", NULL, 30);
    g_autofree char *type = stored(fake, ENVOY_SERVER_INVITES, id, "type");
    g_autofree char *place = stored(fake, ENVOY_SERVER_INVITES, id, "locationId");

    g_assert_cmpstr(type, ==, "EMPLOYEE");
    g_assert_cmpstr(place, ==, "100001");
    g_assert_true(envoy_server_remove(fake->server, ENVOY_SERVER_INVITES, "400003"));
    g_assert_false(envoy_server_remove(fake->server, ENVOY_SERVER_INVITES, "400003"));
    test_envoy_ids(fake, "/v1/invites", "400001 400002");
}

static void test_put(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *name = NULL, *kept = NULL;

    g_assert_true(envoy_server_enable_flow(fake->server, "200001", FALSE));
    test_envoy_ids(fake, "/v1/flows?enabled=false", "200001 200005");
    envoy_server_put(fake->server, ENVOY_SERVER_FLOWS, "{\"id\":200001,\"name\":\"Guests\",\"anything\":[1]}");
    name = stored(fake, ENVOY_SERVER_FLOWS, "200001", "name");
    kept = stored(fake, ENVOY_SERVER_FLOWS, "200001", "locationId");
    g_assert_cmpstr(name, ==, "Guests");
    g_assert_cmpstr(kept, ==, "100001");
    test_envoy_get(fake, "/v1/flows/200001");
    g_assert_nonnull(fake_json_array(test_envoy_thing(fake), "anything"));
    /* New ones go on behind the highest id. */
    g_assert_cmpstr(envoy_server_put(fake->server, ENVOY_SERVER_FLOWS, "{\"id\":\"900000\"}"), ==, "900000");
    g_assert_cmpstr(envoy_server_put(fake->server, ENVOY_SERVER_FLOWS, "{}"), ==, "900001");
    g_assert_false(envoy_server_enable_flow(fake->server, "7", TRUE));
}

/* ------------------------------------------------------------------------------------------------------- faults */

/* Sheet: 6.3: an invite whose answer was lost is there all the same. */
static void test_faults(void)
{
    static const struct {
        FakeFaultKind kind;
        guint status, invites;
    } faults[] = {
        { FAKE_FAULT_STATUS, 503, 0 }, { FAKE_FAULT_CUT_BEFORE, 0, 0 }, { FAKE_FAULT_CUT_AFTER, 0, 1 },
        { FAKE_FAULT_TRUNCATE, 0, 1 }, { FAKE_FAULT_GARBAGE, 200, 1 },  { FAKE_FAULT_EMPTY, 200, 1 },
        { FAKE_FAULT_DELAY, 201, 1 },  { FAKE_FAULT_SLOW, 201, 1 },     { FAKE_FAULT_ACCEPTED, 202, 1 },
    };
    g_autoptr(TestFake) fake = test_envoy_new();

    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        guint before = count(fake, ENVOY_SERVER_INVITES);

        g_test_message("fault %d", faults[i].kind);
        fake_server_fault(fake->server, &(FakeFault){ .kind = faults[i].kind,
                                                      .origin = FAKE_ORIGIN_ENVOY,
                                                      .method = "POST",
                                                      .path = "/v1/invites",
                                                      .status = 503,
                                                      .delay_ms = 1 });
        g_assert_cmpuint(test_envoy_get(fake, "/v1/invites"), ==, 200);
        g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites", CREATE), ==, faults[i].status);
        g_assert_cmpuint(count(fake, ENVOY_SERVER_INVITES) - before, ==, faults[i].invites);
    }
}

static void test_stall(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *url = g_strconcat(envoy_server_get_url(fake->server), "/v1/entries", NULL);
    g_autoptr(SoupMessage) message = test_fake_message(fake, "GET", url, NULL);
    g_auto(TestDone) done = { 0 };

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_STALL, .origin = FAKE_ORIGIN_ENVOY });
    soup_session_send_and_read_async(fake->session, message, G_PRIORITY_DEFAULT, NULL, test_done, &done);
    test_until(fake_server_stalled(fake->server) == 1);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/entries"), ==, 200);
    g_assert_null(done.result);
    fake_server_clear_faults(fake->server);
    test_until(done.result);
}

/* --------------------------------------------------------------------------------------------------- for scripts */

static guint control(TestFake *fake, const char *path, const char *body)
{
    return test_envoy_call(fake, "POST", path, body);
}

static void test_control(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *bearer = NULL;

    g_assert_cmpuint(control(fake, "/_test/sign-in", "flow=200001&name=Kim&email=kim%40example.com"), ==, 200);
    g_assert_cmpstr(fake->text, ==, "{\"id\":\"500005\"}");
    g_assert_cmpuint(control(fake, "/_test/sign-out", "{\"id\":\"500005\"}"), ==, 200);
    g_assert_cmpuint(control(fake, "/_test/invite", "flow=200001&name=Kim&in_minutes=5"), ==, 200);
    g_assert_cmpstr(fake->text, ==, "{\"id\":\"400003\"}");
    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/_test/put/invites/400003", NULL), ==, 200);
    g_assert_cmpuint(control(fake, "/_test/put/flows", "{\"id\":200001,\"enabled\":false}"), ==, 200);
    test_envoy_ids(fake, "/v1/flows?enabled=false", "200001 200005");
    g_assert_cmpuint(test_envoy_get(fake, "/_test/put/flows"), ==, 200);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 5);
    g_assert_cmpuint(control(fake, "/_test/fill", "locations=1&flows=2&visits=3"), ==, 200);
    g_assert_cmpuint(count(fake, ENVOY_SERVER_ENTRIES), ==, 8);
    g_assert_cmpuint(control(fake, "/_test/token", "scopes=flows.read"), ==, 200);
    bearer = g_strconcat("Bearer ", test_envoy_text(fake, "token"), NULL);
    fake->authorization = bearer;
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 200);
    g_assert_cmpuint(control(fake, "/_test/set", "expire_tokens=1&odd=number-ids,forbidden-bare"), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 401);
    fake->authorization = NULL;
    test_envoy_get(fake, "/v1/flows/200001");
    g_assert_nonnull(strstr(fake->text, "\"id\":200001"));
    g_assert_cmpuint(control(fake, "/_test/set", "odd=&rate_calls=1&rate_window=60&token_life=5"), ==, 200);
    test_envoy_get(fake, "/v1/flows");
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 429);
    g_assert_cmpuint(control(fake, "/_test/set", "advance=60&revoke_refresh=1"), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 200);
    g_assert_cmpuint(control(fake, "/_test/set", "rate_calls=0&revoke_key=envoy-key"), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 401);
}

static void test_control_faults(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    g_assert_cmpuint(control(fake, "/_test/fault", "kind=status&status=503&origin=envoy&path=/v1/flows"), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 503);
    g_assert_cmpuint(control(fake, "/_test/fault", "kind=status&count=-1&origin=api"), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/v1/flows"), ==, 200);
    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/_test/fault", NULL), ==, 200);
    g_assert_cmpuint(test_envoy_get(fake, "/_test/requests?path=/v1/flows"), ==, 200);
    g_assert_cmpuint(json_array_get_length(test_fake_array(fake)), ==, 2);
    g_assert_nonnull(strstr(fake->text, "\"origin\":\"envoy\""));
    g_assert_nonnull(strstr(fake->text, "\"api_key\":\"envoy-key\""));
    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/_test/requests", NULL), ==, 200);
    g_assert_cmpuint(fake_server_requests(fake->server)->len, ==, 0);
}

static void test_control_refuses(void)
{
    static const char *const calls[][2] = {
        { "/_test/sign-in", "flow=7&name=x" }, { "/_test/sign-out", "id=7" },    { "/_test/invite", "name=x" },
        { "/_test/put/nonsense", "{}" },       { "/_test/set", "odd=nonsense" }, { "/_test/token", "scopes=magic" },
        { "/_test/fault", "kind=nonsense" },   { "/_test/put/flows", "{]" },
    };
    g_autoptr(TestFake) fake = test_envoy_new();

    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_test_message("%s %s", calls[i][0], calls[i][1]);
        g_assert_cmpuint(control(fake, calls[i][0], calls[i][1]), ==, 400);
    }
    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/_test/put/flows/7", NULL), ==, 400);
}

/* ------------------------------------------------------------------------------------------------------- scenario */

/* How many entries are without an end. */
static guint count_inside(TestFake *fake)
{
    guint inside = 0;

    for (int id = 500001; id <= 500000 + (int)count(fake, ENVOY_SERVER_ENTRIES); id++) {
        g_autofree char *number = g_strdup_printf("%d", id);
        g_autofree char *left = stored(fake, ENVOY_SERVER_ENTRIES, number, "signedOutAt");

        inside += left == NULL;
    }
    return inside;
}

typedef struct {
    TestFake *fake;
    guint end;           /* when so many entries are there */
    guint inside;        /* before it began */
    guint invites, most; /* the most that were seen at a time; most: inside */
} Tally;

static gboolean all_have_come(Tally *tally)
{
    tally->invites = MAX(tally->invites, count(tally->fake, ENVOY_SERVER_INVITES));
    tally->most = MAX(tally->most, count_inside(tally->fake) - tally->inside);
    return count(tally->fake, ENVOY_SERVER_ENTRIES) == tally->end;
}

static void test_play(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    Tally tally = { .fake = fake, .end = count(fake, ENVOY_SERVER_ENTRIES) + 12, .inside = count_inside(fake) };

    envoy_server_play(fake->server, 12, 1);
    test_until(all_have_come(&tally));
    g_assert_cmpuint(tally.invites, ==, 3);
    g_assert_cmpuint(tally.most, >, 1);
    g_assert_cmpuint(tally.most, <=, 3);
    test_until(count_inside(fake) == tally.inside);
    g_assert_cmpuint(count(fake, ENVOY_SERVER_ENTRIES), ==, tally.end);
    /* Nobody arrived twice, and nobody waits in vain. */
    g_assert_cmpuint(count(fake, ENVOY_SERVER_INVITES), ==, 2);
}

/* It can be ended, and ends with the server. */
static void test_play_ends(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    guint before = count(fake, ENVOY_SERVER_ENTRIES), inside;

    g_assert_cmpuint(control(fake, "/_test/play", "visits=5&every_ms=1"), ==, 200);
    test_until(count(fake, ENVOY_SERVER_ENTRIES) > before);
    envoy_server_play(fake->server, 0, 0);
    before = count(fake, ENVOY_SERVER_ENTRIES);
    /* Somebody who comes later finds that nobody else did. */
    inside = count_inside(fake);
    envoy_server_play(fake->server, 1, 1);
    test_until(count(fake, ENVOY_SERVER_ENTRIES) > before && count_inside(fake) == inside);
    g_assert_cmpuint(count(fake, ENVOY_SERVER_ENTRIES), ==, before + 1);
    envoy_server_play(fake->server, 5, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy-server/absent", test_absent);
    g_test_add_func("/envoy-server/restart", test_restart);
    g_test_add_func("/envoy-server/log", test_log);
    g_test_add_func("/envoy-server/built-in-seed", test_built_in_seed);
    g_test_add_func("/envoy-server/seed", test_seed);
    g_test_add_func("/envoy-server/seed-without", test_seed_without);
    g_test_add_func("/envoy-server/bad-seeds", test_bad_seeds);
    g_test_add_func("/envoy-server/visits", test_visits);
    g_test_add_func("/envoy-server/invites", test_invites);
    g_test_add_func("/envoy-server/put", test_put);
    g_test_add_func("/envoy-server/faults", test_faults);
    g_test_add_func("/envoy-server/stall", test_stall);
    g_test_add_func("/envoy-server/control", test_control);
    g_test_add_func("/envoy-server/control-faults", test_control_faults);
    g_test_add_func("/envoy-server/control-refuses", test_control_refuses);
    g_test_add_func("/envoy-server/play", test_play);
    g_test_add_func("/envoy-server/play-ends", test_play_ends);
    return g_test_run();
}
