/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Invites and entries made and changed on the test server's Envoy side. Sheet: 6.3, 6.4. */
#include "test-envoy-server.h"

#define ARRIVAL "\"expectedArrivalAt\":\"2030-06-03T15:30:00Z\""
#define JANE "\"invitee\":{\"name\":\"Jane Visitor\",\"email\":\"jane@example.com\"}"
#define MINIMAL ARRIVAL ",\"locationId\":\"100001\"," JANE

static guint create(TestFake *fake, const char *members)
{
    g_autofree char *body = g_strdup_printf("{\"invite\":{%s}}", members);

    return test_envoy_call(fake, "POST", "/v1/invites", body);
}

static const char *thing_text(TestFake *fake, const char *name)
{
    return fake_json_string(test_envoy_thing(fake), name);
}

/* Those of the answer are those of the sample, but for what is new with each invite. */
static void assert_is_created_sample(TestFake *fake)
{
    static const char *const fresh[] = { "id", "createdAt", "updatedAt", "secretToken" };
    g_autoptr(JsonObject) sample = test_envoy_sample("invite-create-response.json");
    g_autoptr(JsonNode) expected = fake_json_take_object(json_object_ref(sample));

    for (gsize i = 0; i < G_N_ELEMENTS(fresh); i++) {
        g_assert_nonnull(thing_text(fake, fresh[i]));
        json_object_remove_member(test_envoy_thing(fake), fresh[i]);
        json_object_remove_member(fake_json_object(sample, "data"), fresh[i]);
    }
    g_test_message("%s", fake->text);
    g_assert_true(json_node_equal(expected, fake->json));
}

static void test_create(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *request = test_envoy_sample_text("invite-create-request.json");
    g_autofree char *path = NULL;

    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites", request), ==, 201);
    path = g_strconcat("/v1/invites/", thing_text(fake, "id"), NULL);
    assert_is_created_sample(fake);
    g_assert_cmpuint(envoy_server_count_mails(fake->server), ==, 1);
    g_assert_cmpuint(test_envoy_get(fake, path), ==, 200);
    assert_is_created_sample(fake);
}

static void test_create_minimal(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autofree char *request = test_envoy_sample_text("invite-create-request-minimal.json");

    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites", request), ==, 201);
    g_assert_cmpstr(thing_text(fake, "flowId"), ==, "200001");
    g_assert_cmpstr(thing_text(fake, "type"), ==, "VISITOR");
    g_assert_true(json_object_get_null_member(test_envoy_thing(fake), "host"));
    g_assert_false(fake_json_flag(test_envoy_thing(fake), "sendEmailToInvitee", TRUE));
    g_assert_cmpuint(envoy_server_count_mails(fake->server), ==, 0);
}

static void test_create_refused(void)
{
    static const struct {
        guint status;
        const char *members;
    } bad[] = {
        { 400, ARRIVAL ",\"locationId\":\"100001\"" },
        { 400, ARRIVAL "," JANE },
        { 400, "\"locationId\":\"100001\"," JANE },
        { 400, ARRIVAL ",\"locationId\":\"100001\",\"invitee\":{\"email\":\"jane@example.com\"}" },
        { 400, "\"expectedArrivalAt\":\"2030-06-03 15:30\",\"locationId\":\"100001\"," JANE },
        { 400, "\"expectedArrivalAt\":\"2030-06-03T15:30:00+02:00\",\"locationId\":\"100001\"," JANE },
        { 400, "\"expectedArrivalAt\":null,\"locationId\":\"100001\"," JANE },
        { 400, MINIMAL ",\"sendEmailToInvitee\":\"yes\"" },
        { 400, MINIMAL ",\"customFields\":[{\"name\":\"x\"}]" },
        { 400, MINIMAL ",\"flow\":\"200001\"" },
        { 400, MINIMAL ",\"type\":\"VISITOR\"" },
        { 404, ARRIVAL ",\"locationId\":\"7\"," JANE },
        { 422, MINIMAL ",\"flowId\":\"200004\"" },
        { 422, MINIMAL ",\"flowId\":\"7\"" },
        { 422, MINIMAL ",\"hostEmployeeId\":\"300003\"" },
        { 422, MINIMAL ",\"customFields\":[{\"field\":\"Purpose of visit\",\"value\":\"Tea\"}]" },
        { 422, ARRIVAL ",\"locationId\":\"100002\",\"flowId\":\"200005\"," JANE },
    };
    g_autoptr(TestFake) fake = test_envoy_new();

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i].members);
        g_assert_cmpuint(create(fake, bad[i].members), ==, bad[i].status);
        g_assert_nonnull(test_envoy_text(fake, "message"));
    }
    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites", "{" MINIMAL "}"), ==, 400);
    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites", "{\"invite\":{" MINIMAL "},\"x\":1}"), ==, 400);
    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites", "invite=x"), ==, 400);
    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites", "{]"), ==, 400);
    g_assert_cmpuint(envoy_server_count_things(fake->server, ENVOY_SERVER_INVITES), ==, 2);
}

/* Sample error-validation. */
static void test_refusal_form(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    g_autoptr(JsonObject) sample = test_envoy_sample("error-validation.json");

    create(fake, "\"expectedArrivalAt\":\"soon\",\"locationId\":\"100001\"," JANE);
    g_assert_cmpstr(test_envoy_text(fake, "message"), ==, fake_json_string(sample, "message"));
    g_assert_cmpuint(json_object_get_size(test_fake_object(fake)), ==, 1);
}

/* Sheet: 5: ids sent may be numbers. 6.3: a time in the past is accepted. */
static void test_create_borders(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    g_assert_cmpuint(create(fake, "\"expectedArrivalAt\":\"2001-06-03T15:30:00Z\",\"locationId\":100001,"
                                  "\"flowId\":200003,\"invitee\":{\"name\":\"J\",\"email\":null}"),
                     ==, 201);
    g_assert_cmpstr(thing_text(fake, "flowId"), ==, "200003");
    g_assert_cmpstr(thing_text(fake, "locationId"), ==, "100001");
}

static void test_change(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    const char *path = "/v1/invites/400001";

    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"invite\":{\"notes\":null,\"flowId\":\"200003\"}}"), ==,
                     200);
    g_assert_cmpstr(thing_text(fake, "flowId"), ==, "200003");
    g_assert_null(thing_text(fake, "notes"));
    g_assert_cmpstr(fake_json_string(fake_json_object(test_envoy_thing(fake), "invitee"), "name"), ==, "Nora Guest");
    g_assert_nonnull(fake_json_object(test_envoy_thing(fake), "host"));
    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"invite\":{\"hostEmployeeId\":null}}"), ==, 200);
    g_assert_true(json_object_get_null_member(test_envoy_thing(fake), "host"));
    /* Flow and host must fit the location again. */
    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"invite\":{\"locationId\":\"100002\"}}"), ==, 422);
    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"invite\":{\"flowId\":\"200004\"}}"), ==, 422);
    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"invite\":{\"locationId\":null}}"), ==, 400);
    g_assert_cmpuint(
        test_envoy_call(fake, "POST", path, "{\"invite\":{\"locationId\":\"100002\",\"flowId\":\"200004\"}}"), ==, 200);
    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/invites/7", "{\"invite\":{\"notes\":\"x\"}}"), ==, 404);
    g_assert_cmpuint(envoy_server_count_things(fake->server, ENVOY_SERVER_INVITES), ==, 2);
}

/* Sample invite-delete-response. */
static void test_delete(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/v1/invites/400001", NULL), ==, 200);
    g_assert_cmpstr(fake->text, ==, "{\"data\":{},\"meta\":{}}");
    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/v1/invites/400001", NULL), ==, 404);
    test_envoy_ids(fake, "/v1/invites", "400002");
    envoy_server_set_odd(fake->server, ENVOY_ODD_DELETED_204);
    g_assert_cmpuint(test_envoy_call(fake, "DELETE", "/v1/invites/400002", NULL), ==, 204);
    g_assert_cmpstr(fake->text, ==, "");
}

static void test_odd_creation(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    envoy_server_set_odd(fake->server, ENVOY_ODD_CREATED_200 | ENVOY_ODD_AWAITING);
    g_assert_cmpuint(create(fake, MINIMAL), ==, 200);
    g_assert_cmpstr(thing_text(fake, "approvalStatus"), ==, "AWAITING_REVIEW");
    envoy_server_set_odd(fake->server, ENVOY_ODD_NEED_PURPOSE);
    g_assert_cmpuint(create(fake, MINIMAL), ==, 422);
    g_assert_cmpuint(create(fake, MINIMAL ",\"customFields\":[{\"field\":\"Purpose of visit\",\"value\":\"Visitor\"}]"),
                     ==, 201);
    envoy_server_set_odd(fake->server, ENVOY_ODD_MAIL_UNASKED);
    g_assert_cmpuint(create(fake, MINIMAL ",\"sendEmailToInvitee\":false"), ==, 201);
    g_assert_cmpuint(envoy_server_count_mails(fake->server), ==, 0);
    g_assert_cmpuint(create(fake, MINIMAL), ==, 201);
    g_assert_cmpuint(envoy_server_count_mails(fake->server), ==, 1);
}

static void test_sign_out(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();
    const char *path = "/v1/entries/500002";

    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"entry\":{\"signedOutAt\":\"2030-06-03T17:02:11Z\"}}"), ==,
                     200);
    g_assert_cmpstr(thing_text(fake, "signedOutAt"), ==, "2030-06-03T17:02:11Z");
    g_assert_cmpstr(thing_text(fake, "flowId"), ==, "200001");
    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"entry\":{\"signedOutAt\":\"now\"}}"), ==, 400);
    g_assert_cmpuint(test_envoy_call(fake, "POST", path, "{\"signedOutAt\":\"2030-06-03T17:02:11Z\"}"), ==, 400);
    g_assert_cmpuint(
        test_envoy_call(fake, "POST", "/v1/entries/7", "{\"entry\":{\"signedOutAt\":\"2030-06-03T17:02:11Z\"}}"), ==,
        404);
}

static void test_sign_in(void)
{
    g_autoptr(TestFake) fake = test_envoy_new();

    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/entries",
                                     "{\"entry\":{\"locationId\":\"100001\",\"flowId\":\"200001\","
                                     "\"fullName\":\"Jane Visitor\",\"photoBase64\":\"AAAA\",\"notifyHost\":true}}"),
                     ==, 201);
    g_assert_nonnull(thing_text(fake, "signedInAt"));
    g_assert_null(thing_text(fake, "photoBase64"));
    g_assert_true(json_object_get_null_member(test_envoy_thing(fake), "signedOutAt"));
    g_assert_cmpuint(test_envoy_call(fake, "POST", "/v1/entries",
                                     "{\"entry\":{\"locationId\":\"100001\",\"fullName\":\"Jane Visitor\"}}"),
                     ==, 400);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy-server/write/create", test_create);
    g_test_add_func("/envoy-server/write/create-minimal", test_create_minimal);
    g_test_add_func("/envoy-server/write/create-refused", test_create_refused);
    g_test_add_func("/envoy-server/write/refusal-form", test_refusal_form);
    g_test_add_func("/envoy-server/write/create-borders", test_create_borders);
    g_test_add_func("/envoy-server/write/change", test_change);
    g_test_add_func("/envoy-server/write/delete", test_delete);
    g_test_add_func("/envoy-server/write/odd-creation", test_odd_creation);
    g_test_add_func("/envoy-server/write/sign-out", test_sign_out);
    g_test_add_func("/envoy-server/write/sign-in", test_sign_in);
    return g_test_run();
}
