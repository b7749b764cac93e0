/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Consent and tokens of the test server's Envoy side. Sheet: 2, 4. */
#include "test-envoy-server.h"

#define AUTHORIZE "/a/auth/v0/authorize"
#define TOKEN "/a/auth/v0/token"
#define CLIENT "\"client_id\":\"envoy-client\",\"client_secret\":\"envoy-secret\""
#define ASKED                                                                                                          \
    "response_type=code&client_id=envoy-client&redirect_uri=http%3A%2F%2F127.0.0.1%3A8714%2Fenvoy"                     \
    "&state=s%261"
#define SEED_SCOPES "&scope=locations.read+flows.read+invites.write+token.refresh"

static TestFake *start(void)
{
    TestFake *fake = test_envoy_new();

    fake->api_key = NULL;
    return fake;
}

/* Fills in the page's form. Returns where it leads to; NULL when nowhere. */
static const char *consent(TestFake *fake, const char *form, const char *decision)
{
    g_autofree char *body = g_strconcat(form, "&email=demo%40example.com&password=demo&decision=", decision, NULL);

    test_envoy_call(fake, "POST", AUTHORIZE, body);
    return fake->status == 302 ? test_fake_header(fake, "Location") : NULL;
}

/* (transfer full): allows it and returns the code */
static char *get_code(TestFake *fake, const char *scopes)
{
    g_autofree char *form = g_strconcat(ASKED, scopes, NULL);
    const char *target = consent(fake, form, "allow");
    const char *start = target + strlen(ENVOY_SERVER_REDIRECT "?code=");

    g_assert_true(g_str_has_prefix(target, ENVOY_SERVER_REDIRECT "?code="));
    return g_strndup(start, strcspn(start, "&"));
}

static guint ask_token(TestFake *fake, const char *body)
{
    return test_envoy_call(fake, "POST", TOKEN, body);
}

static guint ask_code(TestFake *fake, const char *code)
{
    g_autofree char *body = g_strdup_printf("{\"grant_type\":\"authorization_code\",\"code\":\"%s\"," CLIENT "}", code);

    return ask_token(fake, body);
}

static guint ask_refresh(TestFake *fake, const char *token)
{
    g_autofree char *body =
        g_strdup_printf("{\"grant_type\":\"refresh_token\",\"refresh_token\":\"%s\"," CLIENT "}", token);

    return ask_token(fake, body);
}

static void assert_refused(TestFake *fake, guint status, const char *error)
{
    g_assert_cmpuint(fake->status, ==, status);
    g_assert_cmpstr(test_envoy_text(fake, "error"), ==, error);
    g_assert_nonnull(test_envoy_text(fake, "error_description"));
}

/* The status that the given access token gets for @path. */
static guint try_token(TestFake *fake, const char *token, const char *path)
{
    g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);
    guint status;

    fake->authorization = bearer;
    status = test_envoy_get(fake, path);
    fake->authorization = NULL;
    return status;
}

/* The same members of the same types. */
static void assert_like_sample(TestFake *fake, const char *name)
{
    g_autoptr(JsonObject) sample = test_envoy_sample(name);
    g_autoptr(GList) names = json_object_get_members(sample);

    g_assert_cmpuint(json_object_get_size(sample), ==, json_object_get_size(test_fake_object(fake)));
    for (GList *member = names; member; member = member->next) {
        JsonNode *wanted = json_object_get_member(sample, member->data);
        JsonNode *given = json_object_get_member(test_fake_object(fake), member->data);

        g_assert_nonnull(given);
        g_assert_cmpint(json_node_get_node_type(given), ==, json_node_get_node_type(wanted));
        if (JSON_NODE_HOLDS_VALUE(given))
            g_assert_true(json_node_get_value_type(given) == json_node_get_value_type(wanted));
    }
}

static void test_page(void)
{
    g_autoptr(TestFake) fake = start();

    g_assert_cmpuint(test_envoy_get(fake, AUTHORIZE "?" ASKED SEED_SCOPES), ==, 200);
    g_assert_cmpstr(test_fake_header(fake, "Server"), ==, "Envoy-compatible test server");
    g_assert_nonnull(strstr(fake->text, "This is an Envoy-compatible test server, not the real service."));
    g_assert_nonnull(strstr(fake->text, "name=\"state\" value=\"s&amp;1\""));
    g_assert_nonnull(strstr(fake->text, "locations.read, flows.read, invites.write, token.refresh"));
    /* What went over the wire, to the letter. */
    g_assert_cmpstr(fake_server_last_request(fake->server, "GET", AUTHORIZE)->query, ==, ASKED SEED_SCOPES);
}

/* Sample authorize-url: its query, but for the application, is taken as it is. */
static void test_sample_address(void)
{
    g_autoptr(TestFake) fake = start();
    g_autoptr(JsonObject) sample = test_envoy_sample("authorize-url.json");
    const char *query = strchr(fake_json_string(sample, "url"), '?');
    g_autoptr(GString) path = g_string_new(AUTHORIZE);

    g_string_append(path, query);
    g_string_replace(path, fake_json_string(sample, "client_id"), ENVOY_SERVER_CLIENT_ID, 0);
    g_string_replace(path, "8914", "8714", 0);
    g_assert_cmpuint(test_envoy_get(fake, path->str), ==, 200);
}

/* Sheet: 2.1: a plus must arrive as one; what is escaped twice or names a plus is another scope. */
static void test_scope_separators(void)
{
    static const struct {
        const char *scope;
        guint status;
    } forms[] = {
        { "&scope=locations.read+flows.read", 200 },
        { "&scope=locations.read%20flows.read", 200 },
        { "&scope=locations.read%2Bflows.read", 302 },
        { "&scope=locations.read%252Bflows.read", 302 },
        { "&scope=locations.read%2520flows.read", 302 },
        { "&scope=locations.read,flows.read", 302 },
        { "&scope=locations.read++flows.read", 302 },
        { "&scope=magic.read", 302 },
        { "&scope=", 302 },
        { "", 302 },
    };
    g_autoptr(TestFake) fake = start();

    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autofree char *path = g_strconcat(AUTHORIZE "?" ASKED, forms[i].scope, NULL);

        g_test_message("%s", forms[i].scope);
        g_assert_cmpuint(test_envoy_get(fake, path), ==, forms[i].status);
        if (forms[i].status == 302)
            g_assert_cmpstr(test_fake_header(fake, "Location"), ==,
                            ENVOY_SERVER_REDIRECT "?error=invalid_scope&state=s%261");
    }
}

static void test_page_refuses(void)
{
    static const char *const bad[] = {
        "response_type=code&client_id=other&redirect_uri=http%3A%2F%2F127.0.0.1%3A8714%2Fenvoy" SEED_SCOPES,
        "response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A8714%2Fenvoy" SEED_SCOPES,
        "response_type=code&client_id=envoy-client" SEED_SCOPES,
        "response_type=code&client_id=envoy-client&redirect_uri=http%3A%2F%2F127.0.0.1%3A8714%2Fenvoy%2F" SEED_SCOPES,
        "response_type=code&client_id=envoy-client&redirect_uri=http%3A%2F%2F127.0.0.1%3A8715%2Fenvoy" SEED_SCOPES,
        "response_type=code&client_id=envoy-client&redirect_uri=http%253A%252F%252F127.0.0.1%253A8714%"
        "252Fenvoy" SEED_SCOPES,
    };
    g_autoptr(TestFake) fake = start();

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *path = g_strconcat(AUTHORIZE "?", bad[i], NULL);

        g_assert_cmpuint(test_envoy_get(fake, path), ==, 400);
        g_assert_null(test_fake_header(fake, "Location"));
        g_assert_null(consent(fake, bad[i], "allow"));
    }
    g_assert_cmpstr(consent(fake, ASKED SEED_SCOPES, "deny"), ==,
                    ENVOY_SERVER_REDIRECT "?error=access_denied&error_description=The+request+was+denied.&state=s%261");
    g_assert_cmpuint(test_envoy_call(fake, "POST", AUTHORIZE,
                                     ASKED SEED_SCOPES "&email=demo%40example.com&password=wrong&decision=allow"),
                     ==, 401);
    g_assert_nonnull(strstr(fake->text, "Wrong e-mail address or password"));
}

static void test_state(void)
{
    g_autoptr(TestFake) fake = start();

    g_assert_true(g_str_has_suffix(consent(fake, ASKED SEED_SCOPES, "allow"), "&state=s%261"));
    envoy_server_set_odd(fake->server, ENVOY_ODD_NO_STATE);
    g_assert_null(strstr(consent(fake, ASKED SEED_SCOPES, "allow"), "state"));
}

static void test_code(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *code = get_code(fake, SEED_SCOPES);
    g_autofree char *token = NULL;

    g_assert_cmpuint(ask_code(fake, code), ==, 200);
    assert_like_sample(fake, "token-response.json");
    g_assert_cmpstr(test_envoy_text(fake, "token_type"), ==, "Bearer");
    g_assert_cmpint(fake_json_int(test_fake_object(fake), "expires_in", 0), ==, 86400);
    g_assert_cmpint(fake_json_int(test_fake_object(fake), "refresh_token_expires_in", 0), ==, 2592000);
    token = g_strdup(test_envoy_text(fake, "access_token"));
    g_assert_cmpuint(try_token(fake, token, "/v1/flows"), ==, 200);
    /* What was not asked for is not given. */
    g_assert_cmpuint(try_token(fake, token, "/v1/entries"), ==, 403);
    /* A code is good once. */
    ask_code(fake, code);
    assert_refused(fake, 401, "invalid_grant");
    assert_like_sample(fake, "token-error.json");
}

static void test_code_expires(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *code = get_code(fake, SEED_SCOPES);

    envoy_server_advance(fake->server, 601);
    ask_code(fake, code);
    assert_refused(fake, 401, "invalid_grant");
}

/* Sheet: 2.3: without its scope there is no refresh token. */
static void test_no_refresh_scope(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *code = get_code(fake, "&scope=flows.read");

    g_assert_cmpuint(ask_code(fake, code), ==, 200);
    g_assert_true(json_object_get_null_member(test_fake_object(fake), "refresh_token"));
    g_assert_true(json_object_get_null_member(test_fake_object(fake), "refresh_token_expires_in"));
    g_assert_cmpuint(envoy_server_count_refresh_tokens(fake->server), ==, 0);
}

/* Exactly the documented members, as JSON, and nothing else. */
static void test_token_form(void)
{
    static const struct {
        const char *body, *error;
    } bad[] = {
        { "{\"grant_type\":\"authorization_code\",\"code\":\"%s\"," CLIENT ",\"redirect_uri\":\"x\"}",
          "invalid_request" },
        { "{\"grant_type\":\"authorization_code\",\"code\":\"%s\"," CLIENT ",\"scope\":[\"flows.read\"]}",
          "invalid_request" },
        { "{\"grant_type\":\"authorization_code\",\"code\":\"%s\"," CLIENT ",\"code_verifier\":\"x\"}",
          "invalid_request" },
        { "{\"grant_type\":\"authorization_code\",\"code\":\"%s\",\"client_id\":\"envoy-client\"}", "invalid_request" },
        { "{\"grant_type\":\"authorization_code\",\"refresh_token\":\"%s\"," CLIENT "}", "invalid_request" },
        { "{\"grant_type\":\"refresh_token\",\"code\":\"%s\"," CLIENT "}", "invalid_request" },
        { "{\"code\":\"%s\"," CLIENT "}", "invalid_request" },
        { "{\"grant_type\":\"password\",\"code\":\"%s\"," CLIENT "}", "unsupported_grant_type" },
    };
    g_autoptr(TestFake) fake = start();
    g_autofree char *code = get_code(fake, SEED_SCOPES);

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GString) body = g_string_new(bad[i].body);

        g_string_replace(body, "%s", code, 0);
        g_test_message("%s", body->str);
        ask_token(fake, body->str);
        assert_refused(fake, 400, bad[i].error);
    }
    g_assert_cmpuint(ask_token(fake, "grant_type=authorization_code"), ==, 400);
    fake->authorization = "Basic eDp5";
    ask_code(fake, code);
    assert_refused(fake, 400, "invalid_request");
    fake->authorization = NULL;
    g_assert_cmpuint(ask_code(fake, code), ==, 200);
}

/* Sheet: 2.4: 401 for a bad client. The samples' requests have the right form. */
static void test_bad_client(void)
{
    static const char *const samples[] = { "token-request.json", "refresh-request.json" };
    g_autoptr(TestFake) fake = start();

    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autofree char *body = test_envoy_sample_text(samples[i]);

        ask_token(fake, body);
        assert_refused(fake, 401, "invalid_client");
    }
    ask_token(fake, "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"x\",\"client_id\":\"envoy-client\","
                    "\"client_secret\":\"wrong\"}");
    assert_refused(fake, 401, "invalid_client");
    envoy_server_set_odd(fake->server, ENVOY_ODD_GRANT_400);
    ask_refresh(fake, "x");
    assert_refused(fake, 400, "invalid_grant");
}

static void test_refresh(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *old = envoy_server_new_refresh_token(fake->server, TEST_ENVOY_SCOPES);
    g_autofree char *token = NULL;

    g_assert_cmpuint(ask_refresh(fake, old), ==, 200);
    assert_like_sample(fake, "refresh-response.json");
    g_assert_cmpstr(test_envoy_text(fake, "refresh_token"), !=, old);
    token = g_strdup(test_envoy_text(fake, "access_token"));
    g_assert_cmpuint(envoy_server_count_refresh_tokens(fake->server), ==, 1);
    ask_refresh(fake, old);
    assert_refused(fake, 401, "invalid_grant");
    g_assert_cmpuint(try_token(fake, token, "/v1/entries"), ==, 200);
}

/* Sheet: 2.4: thirty days. */
static void test_refresh_expires(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *one = envoy_server_new_refresh_token(fake->server, TEST_ENVOY_SCOPES);
    g_autofree char *other = envoy_server_new_refresh_token(fake->server, TEST_ENVOY_SCOPES);

    envoy_server_advance(fake->server, 30 * 24 * 60 * 60 - 60);
    g_assert_cmpuint(ask_refresh(fake, one), ==, 200);
    envoy_server_advance(fake->server, 120);
    ask_refresh(fake, other);
    assert_refused(fake, 401, "invalid_grant");
    g_assert_cmpuint(envoy_server_count_refresh_tokens(fake->server), ==, 1);
    envoy_server_revoke_refresh_tokens(fake->server);
    g_assert_cmpuint(envoy_server_count_refresh_tokens(fake->server), ==, 0);
}

static void test_access_expires(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *token = envoy_server_new_access_token(fake->server, "flows.read");
    g_autofree char *refresh = envoy_server_new_refresh_token(fake->server, "flows.read token.refresh");

    g_assert_cmpuint(try_token(fake, token, "/v1/flows"), ==, 200);
    envoy_server_advance(fake->server, 86400);
    g_assert_cmpuint(try_token(fake, token, "/v1/flows"), ==, 401);
    envoy_server_set_token_life(fake->server, 5);
    g_assert_cmpuint(ask_refresh(fake, refresh), ==, 200);
    g_assert_cmpint(fake_json_int(test_fake_object(fake), "expires_in", 0), ==, 5);
    token = (g_free(token), g_strdup(test_envoy_text(fake, "access_token")));
    g_assert_cmpuint(try_token(fake, token, "/v1/flows"), ==, 200);
    envoy_server_expire_access_tokens(fake->server);
    g_assert_cmpuint(try_token(fake, token, "/v1/flows"), ==, 401);
}

static void test_refresh_kept(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *token = envoy_server_new_refresh_token(fake->server, TEST_ENVOY_SCOPES);

    envoy_server_set_odd(fake->server, ENVOY_ODD_KEEP_REFRESH);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpuint(ask_refresh(fake, token), ==, 200);
        g_assert_true(json_object_get_null_member(test_fake_object(fake), "refresh_token"));
    }
}

static void test_few_members(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *token = envoy_server_new_refresh_token(fake->server, TEST_ENVOY_SCOPES);

    envoy_server_set_odd(fake->server, ENVOY_ODD_FEW_MEMBERS);
    g_assert_cmpuint(ask_refresh(fake, token), ==, 200);
    g_assert_cmpuint(json_object_get_size(test_fake_object(fake)), ==, 3);
    g_assert_nonnull(test_envoy_text(fake, "refresh_token"));
}

/* A client that has lost the answer has lost the account. */
static void test_lost_answer(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *token = envoy_server_new_refresh_token(fake->server, TEST_ENVOY_SCOPES);

    fake_server_fault(fake->server, &(FakeFault){ .kind = FAKE_FAULT_CUT_AFTER, .origin = FAKE_ORIGIN_ENVOY });
    g_assert_cmpuint(ask_refresh(fake, token), ==, 0);
    ask_refresh(fake, token);
    assert_refused(fake, 401, "invalid_grant");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy-server/tokens/page", test_page);
    g_test_add_func("/envoy-server/tokens/sample-address", test_sample_address);
    g_test_add_func("/envoy-server/tokens/scope-separators", test_scope_separators);
    g_test_add_func("/envoy-server/tokens/page-refuses", test_page_refuses);
    g_test_add_func("/envoy-server/tokens/state", test_state);
    g_test_add_func("/envoy-server/tokens/code", test_code);
    g_test_add_func("/envoy-server/tokens/code-expires", test_code_expires);
    g_test_add_func("/envoy-server/tokens/no-refresh-scope", test_no_refresh_scope);
    g_test_add_func("/envoy-server/tokens/token-form", test_token_form);
    g_test_add_func("/envoy-server/tokens/bad-client", test_bad_client);
    g_test_add_func("/envoy-server/tokens/refresh", test_refresh);
    g_test_add_func("/envoy-server/tokens/refresh-expires", test_refresh_expires);
    g_test_add_func("/envoy-server/tokens/access-expires", test_access_expires);
    g_test_add_func("/envoy-server/tokens/refresh-kept", test_refresh_kept);
    g_test_add_func("/envoy-server/tokens/few-members", test_few_members);
    g_test_add_func("/envoy-server/tokens/lost-answer", test_lost_answer);
    return g_test_run();
}
