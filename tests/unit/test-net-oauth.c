/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-oauth: answers of all sorts, and what goes over the wire. */
#include "net/net-oauth.h"

#include "net/net-error.h"
#include "net/net-json.h"
#include "test-http.h"

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"

static NetToken *parse(guint status, const char *content_type, const char *text, GError **error)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    return net_oauth_parse(status, content_type, body, error);
}

static void test_tokens(void)
{
    static const struct {
        const char *name;
        guint status;
        const char *content_type, *text;
        const char *access_token, *refresh_token, *scopes; /* scopes joined by + */
        gint64 expires_in_s;
    } cases[] = {
        { "Flowdock, JSON", 200, JSON,
          "{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":300,\"refresh_token\":\"def\","
          "\"scope\":\"flow,private\"}",
          "abc", "def", "flow+private", 300 },
        { "Flowdock, form", 200, FORM,
          "access_token=abc&token_type=bearer&expires_in=300&refresh_token=def&scope=flow%2Cprivate", "abc", "def",
          "flow+private", 300 },
        { "Envoy", 201, JSON,
          "{\"token_type\":\"Bearer\",\"access_token\":\"a.b-c_d~e+f/g==\",\"expires_in\":86400,\"refresh_token\":null,"
          "\"refresh_token_expires_in\":null,\"state\":null,\"company_id\":\"10000\"}",
          "a.b-c_d~e+f/g==", NULL, NULL, 86400 },
        { "least", 200, JSON, "{\"access_token\":\"abc\"}", "abc", NULL, NULL, -1 },
        { "least, form", 200, FORM, "access_token=abc", "abc", NULL, NULL, -1 },
        { "form, blanks", 200, FORM, "access_token=abc&scope=a+b%20c", "abc", NULL, "a+b+c", -1 },
        { "scope with blanks", 200, JSON, "{\"access_token\":\"abc\",\"scope\":\" flow  private,x \"}", "abc", NULL,
          "flow+private+x", -1 },
        { "scope empty", 200, JSON, "{\"access_token\":\"abc\",\"scope\":\"\"}", "abc", NULL, "", -1 },
        { "scope odd", 200, JSON, "{\"access_token\":\"abc\",\"scope\":{}}", "abc", NULL, NULL, -1 },
        { "expiry as text", 200, JSON, "{\"access_token\":\"abc\",\"expires_in\":\"300\"}", "abc", NULL, NULL, 300 },
        { "expiry as fraction", 200, JSON, "{\"access_token\":\"abc\",\"expires_in\":299.9}", "abc", NULL, NULL, 299 },
        { "expiry odd", 200, JSON, "{\"access_token\":\"abc\",\"expires_in\":[]}", "abc", NULL, NULL, -1 },
        { "expiry odd, form", 200, FORM, "access_token=abc&expires_in=soon", "abc", NULL, NULL, -1 },
        { "expired", 200, JSON, "{\"access_token\":\"abc\",\"expires_in\":0}", "abc", NULL, NULL, 0 },
        { "expiry negative", 200, JSON, "{\"access_token\":\"abc\",\"expires_in\":-5}", "abc", NULL, NULL, -1 },
        { "expiry huge", 200, JSON, "{\"access_token\":\"abc\",\"expires_in\":9223372036854775807}", "abc", NULL, NULL,
          315360000 },
        { "type shouted", 200, JSON, "{\"access_token\":\"abc\",\"token_type\":\"BEARER\"}", "abc", NULL, NULL, -1 },
        { "type null", 200, JSON, "{\"access_token\":\"abc\",\"token_type\":null}", "abc", NULL, NULL, -1 },
        { "no content type, JSON", 200, NULL, "{\"access_token\":\"abc\"}", "abc", NULL, NULL, -1 },
        { "no content type, form", 200, NULL, "access_token=abc", "abc", NULL, NULL, -1 },
        { "other content type", 200, "text/html", "{\"access_token\":\"abc\"}", "abc", NULL, NULL, -1 },
        { "other content type, form", 200, "text/plain", "access_token=abc", "abc", NULL, NULL, -1 },
        { "refresh token odd", 200, JSON, "{\"access_token\":\"abc\",\"refresh_token\":\"a\\nb\"}", "abc", NULL, NULL,
          -1 },
        { "refresh token empty", 200, JSON, "{\"access_token\":\"abc\",\"refresh_token\":\"\"}", "abc", NULL, NULL,
          -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NetToken) token = parse(cases[i].status, cases[i].content_type, cases[i].text, &error);
        g_autofree char *scopes = NULL;

        g_test_message("%s", cases[i].name);
        g_assert_no_error(error);
        scopes = token->scopes ? g_strjoinv("+", token->scopes) : NULL;
        g_assert_cmpstr(token->access_token, ==, cases[i].access_token);
        g_assert_cmpstr(token->refresh_token, ==, cases[i].refresh_token);
        g_assert_cmpstr(scopes, ==, cases[i].scopes);
        g_assert_cmpint(token->expires_in_s, ==, cases[i].expires_in_s);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *name;
        guint status;
        const char *content_type, *text;
        gboolean is_net;
        int code;
        const char *message; /* (nullable): any */
    } cases[] = {
        { "empty", 200, JSON, "", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "no content", 204, NULL, "", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "HTML", 200, "text/html", "<html>log in here</html>", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "not JSON", 200, JSON, "access_token=abc", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "an array", 200, JSON, "[\"abc\"]", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "no token", 200, JSON, "{\"token_type\":\"bearer\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "empty token", 200, JSON, "{\"access_token\":\"\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "empty token, form", 200, FORM, "access_token=", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "null token", 200, JSON, "{\"access_token\":null}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "number as token", 200, JSON, "{\"access_token\":5}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a line end", 200, JSON, "{\"access_token\":\"a\\r\\nX: y\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN,
          NULL },
        { "token with a blank", 200, JSON, "{\"access_token\":\"a b\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a letter", 200, JSON, "{\"access_token\":\"\xc3\xa9\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "other type", 200, JSON, "{\"access_token\":\"abc\",\"token_type\":\"mac\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN,
          NULL },
        { "odd type", 200, JSON, "{\"access_token\":\"abc\",\"token_type\":1}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "error with 200", 200, JSON, "{\"error\":\"invalid_grant\"}", FALSE, NET_OAUTH_ERROR_INVALID_GRANT,
          "invalid_grant" },
        { "grant", 400, JSON, "{\"error\":\"invalid_grant\",\"error_description\":\"code is\\n used\"}", FALSE,
          NET_OAUTH_ERROR_INVALID_GRANT, "code is used" },
        { "grant, form", 400, FORM, "error=invalid_grant&error_description=code+is%0Aused", FALSE,
          NET_OAUTH_ERROR_INVALID_GRANT, "code is used" },
        { "grant, 401", 401, JSON, "{\"error\":\"invalid_grant\"}", FALSE, NET_OAUTH_ERROR_INVALID_GRANT,
          "invalid_grant" },
        { "client", 401, JSON, "{\"error\":\"invalid_client\"}", FALSE, NET_OAUTH_ERROR_INVALID_CLIENT, NULL },
        { "request", 400, JSON, "{\"error\":\"invalid_request\"}", FALSE, NET_OAUTH_ERROR_INVALID_REQUEST, NULL },
        { "not authorized", 400, JSON, "{\"error\":\"unauthorized_client\"}", FALSE,
          NET_OAUTH_ERROR_UNAUTHORIZED_CLIENT, NULL },
        { "grant type", 400, JSON, "{\"error\":\"unsupported_grant_type\"}", FALSE,
          NET_OAUTH_ERROR_UNSUPPORTED_GRANT_TYPE, NULL },
        { "scope", 400, JSON, "{\"error\":\"invalid_scope\"}", FALSE, NET_OAUTH_ERROR_INVALID_SCOPE, NULL },
        { "denied", 403, JSON, "{\"error\":\"access_denied\"}", FALSE, NET_OAUTH_ERROR_ACCESS_DENIED, NULL },
        { "unknown code", 400, JSON, "{\"error\":\"too_tired\",\"message\":\"come back\"}", FALSE,
          NET_OAUTH_ERROR_OTHER, "come back" },
        { "no code", 400, JSON, "{\"errors\":[{\"detail\":\"wrong somehow\"}]}", TRUE, NET_ERROR_REJECTED,
          "400: wrong somehow" },
        { "odd code", 400, JSON, "{\"error\":{\"a\":1},\"errors\":[1]}", TRUE, NET_ERROR_REJECTED, NULL },
        { "401, empty", 401, NULL, "", TRUE, NET_ERROR_UNAUTHORIZED, NULL },
        { "401, text", 401, "text/plain", "HTTP Basic: Access denied.", TRUE, NET_ERROR_UNAUTHORIZED, NULL },
        { "wrong address", 404, JSON, "{\"error\":\"Not Found\"}", TRUE, NET_ERROR_NOT_FOUND, "404: Not Found" },
        { "redirect", 302, "text/html", "", TRUE, NET_ERROR_PROTOCOL, NULL },
        { "too often", 429, JSON, "{\"error\":\"invalid_grant\"}", TRUE, NET_ERROR_RATE_LIMITED, NULL },
        { "server", 500, JSON, "{\"error\":\"invalid_grant\"}", TRUE, NET_ERROR_SERVER, NULL },
        { "gateway", 502, "text/html", "<html>", TRUE, NET_ERROR_SERVER, NULL },
        { "token with an error status", 400, JSON, "{\"access_token\":\"abc\"}", TRUE, NET_ERROR_REJECTED, NULL },
        { "words with a secret", 400, JSON, "{\"error\":\"invalid_grant\",\"error_description\":\"no code=abc here\"}",
          FALSE, NET_OAUTH_ERROR_INVALID_GRANT, "no code=[...] here" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(parse(cases[i].status, cases[i].content_type, cases[i].text, &error));
        g_test_message("%s: %s", cases[i].name, error->message);
        g_assert_error(error, (cases[i].is_net ? NET_ERROR : NET_OAUTH_ERROR), cases[i].code);
        if (cases[i].message)
            g_assert_cmpstr(error->message, ==, cases[i].message);
        g_assert_null(strstr(error->message, "abc"));
    }
}

static void test_lengths(void)
{
    g_autofree char *lots = g_strnfill(10000, 'x');
    g_autofree char *token = g_strdup_printf("{\"access_token\":\"%s\"}", lots);
    g_autofree char *words = g_strdup_printf("{\"error\":\"invalid_grant\",\"error_description\":\"%s\"}", lots);
    g_autoptr(GError) error = NULL;

    g_assert_null(parse(200, JSON, token, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_TOKEN);
    g_clear_error(&error);
    g_assert_null(parse(400, JSON, words, &error));
    g_assert_cmpint(g_utf8_strlen(error->message, -1), ==, 200);
}

/* ---- over the wire ---- */

typedef struct {
    TestHttp *http;
    char *body;
    char *content_type;
    char *accept;
    guint status;
    const char *answer;
} Endpoint;

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    Endpoint *endpoint = user_data;
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);

    (void)server;
    (void)path;
    (void)query;
    test_http_note(endpoint->http, message);
    g_free(endpoint->body);
    endpoint->body = g_strndup(body->data, (gsize)body->length);
    g_free(endpoint->content_type);
    endpoint->content_type = g_strdup(soup_message_headers_get_content_type(headers, NULL));
    g_free(endpoint->accept);
    endpoint->accept = g_strdup(soup_message_headers_get_one(headers, "Accept"));
    soup_server_message_set_status(message, endpoint->status, NULL);
    soup_server_message_set_response(message, JSON, SOUP_MEMORY_COPY, endpoint->answer, strlen(endpoint->answer));
}

static void endpoint_clear(Endpoint *endpoint)
{
    test_http_free(endpoint->http);
    g_free(endpoint->body);
    g_free(endpoint->content_type);
    g_free(endpoint->accept);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Endpoint, endpoint_clear)

static void endpoint_init(Endpoint *endpoint, guint status, const char *answer)
{
    *endpoint = (Endpoint){ .status = status, .answer = answer };
    endpoint->http = test_http_new(NULL, on_request, endpoint);
}

static NetToken *grant(Endpoint *endpoint, NetOauthBody body, const char *secret, const char *const *members,
                       GError **error)
{
    static const char *const path[] = { "oauth", "token", NULL };
    NetSessionOptions options = { "test/1.0", NULL, NULL, 0, 1, 100000 };
    g_autoptr(NetSession) session = net_session_new(&options, NULL);
    NetOauthClient client = { endpoint->http->url, path, body, "me", secret };
    g_auto(TestDone) done = { 0 };

    net_oauth_grant_async(session, &client, members, NULL, test_done, &done);
    g_assert_cmpuint(done.calls, ==, 0);
    test_until(done.calls);
    return net_oauth_grant_finish(done.result, error);
}

static void test_form(void)
{
    static const char *const members[] = { "grant_type", "password", "username", "a@b", "password", "p&q", NULL };
    g_auto(Endpoint) endpoint;
    g_autoptr(NetToken) token = NULL;

    endpoint_init(&endpoint, 200, "{\"access_token\":\"abc\"}");
    token = grant(&endpoint, NET_OAUTH_BODY_FORM, "s=t", members, NULL);
    g_assert_cmpstr(token->access_token, ==, "abc");
    g_assert_cmpstr(endpoint.http->seen->pdata[0], ==, "POST /oauth/token");
    g_assert_cmpstr(endpoint.http->secrets->pdata[0], ==, "");
    g_assert_cmpstr(endpoint.content_type, ==, FORM);
    g_assert_cmpstr(endpoint.accept, ==, JSON);
    g_assert_cmpstr(endpoint.body, ==,
                    "grant_type=password&username=a%40b&password=p%26q&client_id=me&client_secret=s%3Dt");
}

static void test_json(void)
{
    static const char *const members[] = { "grant_type", "authorization_code", "code", "x\"y", NULL };
    g_auto(Endpoint) endpoint;
    g_autoptr(NetToken) token = NULL;

    endpoint_init(&endpoint, 200, "{\"access_token\":\"abc\"}");
    token = grant(&endpoint, NET_OAUTH_BODY_JSON, "secret", members, NULL);
    g_assert_cmpstr(token->access_token, ==, "abc");
    g_assert_cmpstr(endpoint.content_type, ==, JSON);
    g_assert_cmpstr(endpoint.body, ==,
                    "{\"grant_type\":\"authorization_code\",\"code\":\"x\\\"y\",\"client_id\":\"me\",\"client_secret\":"
                    "\"secret\"}");
}

static void test_no_secret(void)
{
    static const char *const members[] = { "grant_type", "refresh_token", NULL };
    g_auto(Endpoint) endpoint;
    g_autoptr(NetToken) token = NULL;

    endpoint_init(&endpoint, 200, "{\"access_token\":\"abc\"}");
    token = grant(&endpoint, NET_OAUTH_BODY_FORM, "", members, NULL);
    g_assert_cmpstr(endpoint.body, ==, "grant_type=refresh_token&client_id=me");
}

/* Servers quote what they were sent; that must reach nobody's screen. */
static void test_quoted_secret(void)
{
    static const char *const members[] = { "grant_type", "password", "username", "ann", "password", "hunter2", NULL };
    g_auto(Endpoint) endpoint;
    g_autoptr(GError) error = NULL;

    endpoint_init(&endpoint, 400,
                  "{\"error\":\"invalid_grant\",\"error_description\":\"ann and hunter2 or s3cret: no\"}");
    g_assert_null(grant(&endpoint, NET_OAUTH_BODY_FORM, "s3cret", members, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_GRANT);
    g_assert_cmpstr(error->message, ==, "ann and [...] or [...]: no");
}

static void test_no_server(void)
{
    static const char *const members[] = { "grant_type", "password", NULL };
    static const char *const path[] = { "token", NULL };
    NetSessionOptions options = { "test/1.0", NULL, NULL, 0, 1, 1000 };
    g_autoptr(NetSession) session = net_session_new(&options, NULL);
    NetOauthClient client = { "http://example.com", path, NET_OAUTH_BODY_FORM, "me", "s" };
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(TestDone) done = { 0 };
    g_auto(TestDone) cancelled = { 0 };

    net_oauth_grant_async(session, &client, members, NULL, test_done, &done);
    test_until(done.calls);
    g_assert_null(net_oauth_grant_finish(done.result, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_INSECURE);
    g_clear_error(&error);
    g_cancellable_cancel(cancellable);
    net_oauth_grant_async(session, &client, members, cancellable, test_done, &cancelled);
    test_until(cancelled.calls);
    g_assert_null(net_oauth_grant_finish(cancelled.result, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/oauth/tokens", test_tokens);
    g_test_add_func("/net/oauth/refusals", test_refusals);
    g_test_add_func("/net/oauth/lengths", test_lengths);
    g_test_add_func("/net/oauth/form", test_form);
    g_test_add_func("/net/oauth/json", test_json);
    g_test_add_func("/net/oauth/no-secret", test_no_secret);
    g_test_add_func("/net/oauth/quoted-secret", test_quoted_secret);
    g_test_add_func("/net/oauth/no-server", test_no_server);
    return g_test_run();
}
