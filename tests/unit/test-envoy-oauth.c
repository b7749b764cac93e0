/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-oauth: what goes to the consent page and to the token endpoint, compared with the samples. */
#include "envoy/api/envoy-oauth.h"

#include "test-envoy-api.h"

/* (transfer full) */
static JsonNode *load(const char *name)
{
    g_autofree char *text = test_envoy_sample(name);

    return net_json_parse(text, strlen(text), NULL);
}

static void test_scopes(void)
{
    static const struct {
        const char *text, *scopes; /* joined by | */
    } cases[] = {
        { "", "" },
        { " ,+\t", "" },
        { "a", "a" },
        { "a.read b.write", "a.read|b.write" },
        { " a,b+c\n d ", "a|b|c|d" },
        { "a b a", "a|b" },
        { ENVOY_OAUTH_SCOPES,
          "locations.read|flows.read|invites.read|invites.write|entries.read|employees.read|token.refresh" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) scopes = envoy_oauth_split_scopes(cases[i].text);
        g_autofree char *joined = g_strjoinv("|", scopes);

        g_assert_cmpstr(joined, ==, cases[i].scopes);
    }
}

/* The sample, and then the state, which is drawn. */
static void test_consent(void)
{
    g_autoptr(JsonNode) root = load("authorize-url.json");
    JsonObject *sample = net_json_object_of(root);
    JsonArray *list = net_json_array(sample, "scopes");
    g_autoptr(GPtrArray) scopes = g_ptr_array_new();
    g_autofree char *page = g_strconcat(ENVOY_OAUTH_URL, "/authorize", NULL);
    const char *url = net_json_string(sample, "url");
    g_autoptr(GError) error = NULL;
    g_autoptr(NetConsent) consent = NULL;
    NetConsentOptions options;
    const char *address;

    for (guint i = 0; i < json_array_get_length(list); i++)
        g_ptr_array_add(scopes, (gpointer)json_array_get_string_element(list, i));
    g_ptr_array_add(scopes, NULL);
    options = envoy_oauth_consent(ENVOY_OAUTH_URL, net_json_string(sample, "client_id"),
                                  net_json_string(sample, "redirect_uri"), (const char *const *)scopes->pdata);
    consent = net_consent_new(&options, &error);
    g_assert_no_error(error);
    address = net_consent_get_address(consent);
    g_assert_cmpstr(net_json_string(sample, "authorize"), ==, page);
    g_assert_true(g_str_has_prefix(address, url));
    g_assert_true(g_str_has_prefix(address + strlen(url), "&state="));
    g_assert_null(strchr(address + strlen(url) + 1, '&'));
    g_assert_null(net_consent_get_verifier(consent));
}

/* What is pasted may lack the state. */
static void test_consent_answers(void)
{
    static const char *const scopes[] = { "flows.read", NULL };
    NetConsentOptions options = envoy_oauth_consent(ENVOY_OAUTH_URL, "id", "http://127.0.0.1:8714/envoy", scopes);
    g_autoptr(NetConsent) consent = net_consent_new(&options, NULL);
    g_autoptr(GError) wrong = NULL, denied = NULL;
    g_autofree char *bare = net_consent_read(consent, "CoDe", NULL);
    g_autofree char *pasted = net_consent_read(consent, "http://127.0.0.1:8714/envoy?code=CoDe", NULL);
    g_autofree char *caught = net_consent_read_query(consent, "code=CoDe", NULL);

    g_assert_cmpstr(bare, ==, "CoDe");
    g_assert_cmpstr(pasted, ==, "CoDe");
    g_assert_cmpstr(caught, ==, "CoDe");
    g_assert_null(net_consent_read_query(consent, "code=CoDe&state=other", &wrong));
    g_assert_error(wrong, NET_OAUTH_ERROR, NET_OAUTH_ERROR_WRONG_STATE);
    g_assert_null(net_consent_read_query(consent, "error=access_denied", &denied));
    g_assert_error(denied, NET_OAUTH_ERROR, NET_OAUTH_ERROR_ACCESS_DENIED);
}

typedef void (*Ask)(NetSession *session, const EnvoyApp *app, const char *secret, GCancellable *cancellable,
                    GAsyncReadyCallback done, gpointer user_data);

static NetToken *ask(TestEnvoy *test, Ask how, const char *secret, GError **error)
{
    g_autofree char *auth_url = g_strconcat(test->http->url, "/a/auth/v0", NULL);
    const EnvoyApp app = { auth_url, "ENVOY_CLIENT_ID", "ENVOY_CLIENT_SECRET" };
    g_auto(TestDone) done = { 0 };

    how(test->session, &app, secret, NULL, test_done, &done);
    return net_oauth_grant_finish(test_envoy_wait(&done), NULL, error);
}

/* The whole body, member for member; and neither token nor key goes there. */
static void test_requests(void)
{
    static const struct {
        Ask how;
        const char *secret, *request, *answer, *access_token, *refresh_token;
    } cases[] = {
        { envoy_oauth_exchange_async, "CODE_FROM_OAUTH2", "token-request.json", "token-response.json", "ACCESS_TOKEN_1",
          "REFRESH_TOKEN_1" },
        { envoy_oauth_refresh_async, "REFRESH_TOKEN_1", "refresh-request.json", "refresh-response.json",
          "ACCESS_TOKEN_2", "REFRESH_TOKEN_2" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(NetToken) token = NULL;
        g_autofree char *sample = test_envoy_sample(cases[i].request);
        g_autofree char *expected = test_envoy_json(sample);

        test_envoy_show(test, cases[i].answer);
        token = ask(test, cases[i].how, cases[i].secret, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(test->http->seen->pdata[0], ==, "POST /a/auth/v0/token");
        g_assert_cmpstr(test->bodies->pdata[0], ==, expected);
        g_assert_cmpstr(test->http->secrets->pdata[0], ==, "");
        g_assert_cmpstr(test->keys->pdata[0], ==, "");
        g_assert_cmpstr(token->access_token, ==, cases[i].access_token);
        g_assert_cmpstr(token->refresh_token, ==, cases[i].refresh_token);
        g_assert_cmpint(token->expires_in_s, ==, 86400);
        g_assert_cmpint(token->refresh_expires_in_s, ==, 2592000);
    }
}

static void test_refusals(void)
{
    static const struct {
        guint status;
        const char *body;
        gboolean is_refused;
        const char *words;
    } cases[] = {
        { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"The refresh token is not valid.\"}", TRUE,
          "The refresh token is not valid." },
        { 401, "{\"error\":\"invalid_client\"}", TRUE, "invalid_client" },
        { 401, "{\"error\":\"Unauthorized\"}", TRUE, "Unauthorized" },
        { 401, "", TRUE, "401" },
        { 400, "{\"message\":\"no such code\"}", TRUE, "no such code" },
        { 401, "{\"errors\":[{\"detail\":\"REFRESH_TOKEN_1 is old\"}]}", TRUE, "[...] is old" },
        { 400, "{\"error\":\"invalid_scope\"}", FALSE, "invalid_scope" },
        { 403, "<html>", FALSE, "403" },
        { 404, "", FALSE, "404" },
        { 429, "{\"error\":\"invalid_grant\"}", FALSE, "429" },
        { 500, "{\"error\":\"invalid_grant\"}", FALSE, "500" },
        { 200, "{}", FALSE, "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestEnvoy) test = test_envoy_new();
        g_autoptr(GError) error = NULL;

        g_test_message("%u %s", cases[i].status, cases[i].body);
        test_envoy_say(test, cases[i].status, cases[i].body);
        g_assert_null(ask(test, envoy_oauth_refresh_async, "REFRESH_TOKEN_1", &error));
        g_assert_true(envoy_oauth_is_refused(error) == cases[i].is_refused);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_assert_null(strstr(error->message, "REFRESH_TOKEN_1"));
    }
    g_assert_false(envoy_oauth_is_refused(NULL));
}

static void test_error_sample(void)
{
    g_autoptr(TestEnvoy) test = test_envoy_new();
    g_autoptr(GError) error = NULL;

    test_envoy_reply(test, 401, NULL, test_envoy_sample("token-error.json"));
    g_assert_null(ask(test, envoy_oauth_refresh_async, "REFRESH_TOKEN_1", &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_GRANT);
    g_assert_cmpstr(error->message, ==, "The refresh token is not valid.");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/oauth/scopes", test_scopes);
    g_test_add_func("/envoy/oauth/consent", test_consent);
    g_test_add_func("/envoy/oauth/consent-answers", test_consent_answers);
    g_test_add_func("/envoy/oauth/requests", test_requests);
    g_test_add_func("/envoy/oauth/refusals", test_refusals);
    g_test_add_func("/envoy/oauth/error-sample", test_error_sample);
    return g_test_run();
}
