/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-api-invites: who is expected, and making that so. */
#include "envoy/api/envoy-api-invites.h"

#include "envoy/api/envoy-decode.h"
#include "test-envoy-api.h"

static gint64 at(const char *text)
{
    gint64 time_ms = envoy_decode_time_ms(text);

    g_assert_cmpint(time_ms, >, 0);
    return time_ms;
}

/* (transfer full): of the list that comes. */
static char *ids_of(TestDone *done)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyList) list = envoy_pager_finish(test_envoy_wait(done), &error);
    GString *ids = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < list->items->len; i++)
        g_string_append_printf(ids, "%s,", ((const EnvoyInvite *)list->items->pdata[i])->id);
    if (list->is_cut)
        g_string_append(ids, "cut");
    return g_string_free(ids, FALSE);
}

/* ------------------------------------------------------------------------------------------------------------ lists */

/* (transfer full): a full page of the newest, made at so many minutes after noon, the highest first. */
static char *newest(int highest)
{
    GString *text = g_string_new("{\"data\":[");

    for (int id = highest; id > highest - 20; id--)
        g_string_append_printf(text, "%s{\"id\":%d,\"createdAt\":\"2030-06-01T12:%02d:00Z\"}", id < highest ? "," : "",
                               id, id);
    g_string_append(text, "]}");
    return g_string_free(text, FALSE);
}

static void test_newest(void)
{
    static const struct {
        const char *name, *since, *known; /* (nullable) */
        guint requests;
        const char *ids; /* the last of them */
    } cases[] = {
        { "first", NULL, NULL, 1, "41,40,cut" },
        { "mark on the first page", "2030-06-01T12:57:00Z", NULL, 1, "59,58,57," },
        { "mark on the second page", "2030-06-01T12:38:30Z", NULL, 2, "41,40,39," },
        { "mark between pages", "2030-06-01T12:40:00Z", NULL, 2, "41,40," },
        { "known", NULL, "58", 1, "42,41,40," },
        { "known on the second page", NULL, "39", 2, "22,21,20," },
        { "what we made ourselves hides nobody", "2030-06-01T12:57:00Z", "59", 1, "58,57," },
        { "nothing new", "2030-06-01T13:00:00Z", "59", 1, "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
        g_auto(TestDone) done = { 0 };
        g_autofree char *ids = NULL;

        g_test_message("%s", cases[i].name);
        if (cases[i].known)
            g_hash_table_add(known, (gpointer)cases[i].known);
        test_envoy_reply(test, 200, NULL, newest(59));
        test_envoy_reply(test, 200, NULL, newest(39));
        envoy_api_invites_newest_async(test->api, cases[i].since ? at(cases[i].since) : 0,
                                       cases[i].known ? known : NULL, NULL, test_done, &done);
        ids = ids_of(&done);
        g_assert_true(g_str_has_suffix(ids, cases[i].ids));
        g_assert_true(*cases[i].ids || !*ids);
        g_assert_cmpuint(test->http->seen->len, ==, cases[i].requests);
        g_assert_cmpstr(test->http->seen->pdata[0], ==, "GET /v1/invites?sort=CREATED_AT&order=DESC&perPage=20");
    }
}

/* When nothing tells where to stop, it is stopped all the same. */
static void test_newest_for_ever(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(TestDone) done = { 0 };
    g_autofree char *ids = NULL;

    for (int page = 0; page < 20; page++) {
        GString *text = g_string_new("{\"data\":[");

        for (int i = 0; i < 20; i++)
            g_string_append_printf(text, "%s{\"id\":%d}", i ? "," : "", page * 20 + i);
        g_string_append(text, "]}");
        test_envoy_reply(test, 200, NULL, g_string_free(text, FALSE));
    }
    envoy_api_invites_newest_async(test->api, 0, known, NULL, test_done, &done);
    ids = ids_of(&done);
    g_assert_true(g_str_has_suffix(ids, "198,199,cut"));
    g_assert_cmpuint(test->http->seen->len, ==, 10);
}

#define EXPECTED                                                                                                       \
    "{\"data\":[{\"id\":1,\"expectedArrivalAt\":\"2030-06-03T14:59:59Z\",\"locationId\":\"7\"},"                       \
    "{\"id\":2,\"expectedArrivalAt\":\"2030-06-03T15:00:00Z\",\"locationId\":\"7\"},"                                  \
    "{\"id\":3,\"expectedArrivalAt\":\"2030-06-03T15:59:59Z\",\"locationId\":\"8\"},"                                  \
    "{\"id\":4,\"expectedArrivalAt\":\"2030-06-03T16:00:00Z\",\"locationId\":null},"                                   \
    "{\"id\":5,\"locationId\":\"7\"},{\"id\":6,\"expectedArrivalAt\":\"2030-06-04T08:00:00Z\",\"locationId\":\"7\"}]}"

static void test_expected(void)
{
    static const struct {
        const char *to, *location; /* (nullable) */
        const char *ids, *query;
    } cases[] = {
        { NULL, NULL, "2,3,4,5,6,", "expectedArrivalAtAfter=2030-06-03T14:59:59Z" },
        { "2030-06-03T16:00:00Z", NULL, "2,3,5,",
          "expectedArrivalAtAfter=2030-06-03T14:59:59Z&expectedArrivalAtBefore=2030-06-03T16:00:01Z" },
        { NULL, "7", "2,4,5,6,", "locationIds=7&expectedArrivalAtAfter=2030-06-03T14:59:59Z" },
        { "2030-06-03T16:00:00Z", "7", "2,5,",
          "locationIds=7&expectedArrivalAtAfter=2030-06-03T14:59:59Z&expectedArrivalAtBefore=2030-06-03T16:00:01Z" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_auto(TestDone) done = { 0 };
        g_autofree char *expected =
            g_strconcat("GET /v1/invites?", cases[i].query, "&sort=EXPECTED_ARRIVAL_AT&order=ASC&perPage=100", NULL);
        g_autofree char *ids = NULL;
        g_autofree char *asked = NULL;

        test_envoy_say(test, 200, EXPECTED);
        envoy_api_invites_expected_async(test->api, at("2030-06-03T15:00:00Z"), cases[i].to ? at(cases[i].to) : 0,
                                         cases[i].location, NULL, test_done, &done);
        ids = ids_of(&done);
        g_assert_cmpstr(ids, ==, cases[i].ids);
        asked = test_envoy_asked(test);
        g_assert_cmpstr(asked, ==, expected);
    }
}

/* ------------------------------------------------------------------------------------------------------------- one */

static EnvoyNewInvite jane(void)
{
    return (EnvoyNewInvite){
        .arrival_ms = at("2030-06-03T15:30:00Z"),
        .location_id = "100001",
        .name = "Jane Visitor",
    };
}

static EnvoyInvite *create(TestEnvoy *test, const EnvoyNewInvite *invite, GError **error)
{
    g_auto(TestDone) done = { 0 };

    envoy_api_invite_create_async(test->api, invite, NULL, test_done, &done);
    return envoy_api_invite_finish(test_envoy_wait(&done), error);
}

static void assert_body(TestEnvoy *test, const char *sample)
{
    g_autofree char *text = test_envoy_sample(sample);
    g_autofree char *expected = test_envoy_json(text);

    g_assert_cmpstr(test->bodies->pdata[0], ==, expected);
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "POST /v1/invites");
}

static void test_create_minimal(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyInvite) invite = NULL;
    EnvoyNewInvite new = jane();

    test_envoy_reply(test, 201, NULL, test_envoy_sample("invite-create-response.json"));
    invite = create(test, &new, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(invite->id, ==, "400001");
    assert_body(test, "invite-create-request-minimal.json");
}

static void test_create_full(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyInvite) invite = NULL;
    EnvoyNewInvite new = jane();

    new.departure_ms = at("2030-06-03T17:00:00Z");
    new.flow_id = "200001";
    new.host_id = "300001";
    new.notes = "Brings a laptop";
    new.email = "jane@example.com";
    new.sends_email = TRUE;
    new.purpose = "Visitor";
    test_envoy_show(test, "invite-create-response.json");
    invite = create(test, &new, &error);
    g_assert_no_error(error);
    assert_body(test, "invite-create-request.json");
}

/* A stranger gets mail only where that is wanted. */
static void test_create_without_mail(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(EnvoyInvite) invite = NULL;
    EnvoyNewInvite new = jane();

    new.email = "jane@example.com";
    test_envoy_show(test, "invite-create-response.json");
    invite = create(test, &new, NULL);
    g_assert_nonnull(invite);
    g_assert_nonnull(strstr(test->bodies->pdata[0], "\"sendEmailToInvitee\":false,"));
}

static void test_create_fails(void)
{
    static const struct {
        guint status;
        const char *body;
        gboolean may_be_done;
    } cases[] = {
        { 400, "{\"message\":\"expectedArrivalAt must be a date-time\"}", FALSE },
        { 404, "{\"error\":\"Not Found\"}", FALSE },
        { 429, "", FALSE },
        { 200, "{\"data\":{}}", TRUE },
        { 201, "", TRUE },
        { 200, "<html>", TRUE },
        { 502, "", TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GError) error = NULL;
        EnvoyNewInvite new = jane();

        g_test_message("%u %s", cases[i].status, cases[i].body);
        test_envoy_say(test, cases[i].status, cases[i].body);
        g_assert_null(create(test, &new, &error));
        g_assert_true(envoy_api_may_be_done(error) == cases[i].may_be_done);
        /* Never by itself a second time. */
        g_assert_cmpuint(test->http->seen->len, ==, 1);
    }
}

#define LOST                                                                                                           \
    "{\"data\":[{\"id\":1,\"expectedArrivalAt\":\"2030-06-03T15:30:00Z\",\"invitee\":{\"name\":\"Jane Visitor\","      \
    "\"email\":\"Jane@Example.com\"},\"locationId\":\"100001\"},"                                                      \
    "{\"id\":2,\"expectedArrivalAt\":\"2030-06-03T15:30:59Z\",\"invitee\":{\"name\":\"jane visitor\"}},"               \
    "{\"id\":3,\"expectedArrivalAt\":\"2030-06-03T15:31:00Z\",\"invitee\":{\"name\":\"Jane Visitor\","                 \
    "\"email\":\"jane@example.com\"}},"                                                                                \
    "{\"id\":4,\"expectedArrivalAt\":\"2030-06-03T15:30:00Z\",\"invitee\":{\"name\":\"Jane Visitor\","                 \
    "\"email\":\"jane@example.com\"},\"locationId\":\"100002\"},"                                                      \
    "{\"id\":5,\"invitee\":{\"name\":\"Jane Visitor\",\"email\":\"jane@example.com\"}},"                               \
    "{\"id\":6,\"expectedArrivalAt\":\"2030-06-03T15:30:00Z\"}]}"

static void test_lost(void)
{
    static const struct {
        const char *email; /* (nullable) */
        const char *ids, *query;
    } cases[] = { { "jane@example.com", "1,", "inviteeEmail=jane@example.com&" }, { NULL, "1,2,", "" } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_auto(TestDone) done = { 0 };
        g_autofree char *ids = NULL;
        g_autofree char *asked = NULL;
        g_autofree char *expected =
            g_strconcat("GET /v1/invites?", cases[i].query,
                        "locationIds=100001&expectedArrivalAtAfter=2030-06-03T15:29:59Z&"
                        "expectedArrivalAtBefore=2030-06-03T15:31:01Z&sort=EXPECTED_ARRIVAL_AT&order=ASC&perPage=100",
                        NULL);
        EnvoyNewInvite new = jane();

        new.arrival_ms += 30 * 1000;
        new.email = cases[i].email;
        test_envoy_say(test, 200, LOST);
        envoy_api_invites_lost_async(test->api, &new, NULL, test_done, &done);
        ids = ids_of(&done);
        g_assert_cmpstr(ids, ==, cases[i].ids);
        asked = test_envoy_asked(test);
        g_assert_cmpstr(asked, ==, expected);
    }
}

static void test_show(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(EnvoyInvite) invite = NULL;

    test_envoy_show(test, "invite-create-response.json");
    envoy_api_invite_show_async(test->api, "400001", NULL, test_done, &done);
    invite = envoy_api_invite_finish(test_envoy_wait(&done), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(invite->name, ==, "Jane Visitor");
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "GET /v1/invites/400001");
}

static gboolean withdraw(TestEnvoy *test, GError **error)
{
    g_auto(TestDone) done = { 0 };

    envoy_api_invite_delete_async(test->api, "400001", NULL, test_done, &done);
    return envoy_api_invite_delete_finish(test_envoy_wait(&done), error);
}

static void test_delete(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL, missing = NULL;

    test_envoy_show(test, "invite-delete-response.json");
    g_assert_true(withdraw(test, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(test->http->seen->pdata[0], ==, "DELETE /v1/invites/400001");
    g_assert_cmpstr(test->bodies->pdata[0], ==, "");
    test_envoy_say(test, 404, "");
    g_assert_false(withdraw(test, &missing));
    g_assert_error(missing, NET_ERROR, NET_ERROR_NOT_FOUND);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/api-invites/newest", test_newest);
    g_test_add_func("/envoy/api-invites/newest-for-ever", test_newest_for_ever);
    g_test_add_func("/envoy/api-invites/expected", test_expected);
    g_test_add_func("/envoy/api-invites/create-minimal", test_create_minimal);
    g_test_add_func("/envoy/api-invites/create-full", test_create_full);
    g_test_add_func("/envoy/api-invites/create-without-mail", test_create_without_mail);
    g_test_add_func("/envoy/api-invites/create-fails", test_create_fails);
    g_test_add_func("/envoy/api-invites/lost", test_lost);
    g_test_add_func("/envoy/api-invites/show", test_show);
    g_test_add_func("/envoy/api-invites/delete", test_delete);
    return g_test_run();
}
