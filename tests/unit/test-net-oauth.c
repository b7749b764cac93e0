/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-oauth: answers of all sorts, and what goes over the wire. */
#include "net/net-oauth.h"

#include "net/net-error.h"
#include "net/net-json.h"
#include "test-http.h"

#define BOM "\xef\xbb\xbf"
#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"

static NetToken *parse(guint status, const char *text, GError **error)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    return net_oauth_parse(status, body, error);
}

static void test_tokens(void)
{
    static const struct {
        const char *name;
        guint status;
        const char *text;
        const char *access_token, *refresh_token, *scopes; /* scopes joined by + */
        gint64 expires_in_s;
    } cases[] = {
        { "Flowdock, JSON", 200,
          "{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":300,\"refresh_token\":\"def\","
          "\"scope\":\"flow,private\"}",
          "abc", "def", "flow+private", 300 },
        { "Flowdock, form", 200,
          "access_token=abc&token_type=bearer&expires_in=300&refresh_token=def&scope=flow%2Cprivate", "abc", "def",
          "flow+private", 300 },
        { "Envoy", 201,
          "{\"token_type\":\"Bearer\",\"access_token\":\"a.b-c_d~e+f/g==\",\"expires_in\":86400,\"refresh_token\":null,"
          "\"refresh_token_expires_in\":null,\"state\":null,\"company_id\":\"10000\"}",
          "a.b-c_d~e+f/g==", NULL, NULL, 86400 },
        { "least", 200, "{\"access_token\":\"abc\"}", "abc", NULL, NULL, -1 },
        { "least, form", 200, "access_token=abc", "abc", NULL, NULL, -1 },
        { "form, blanks", 200, "access_token=abc&scope=a+b%20c", "abc", NULL, "a+b+c", -1 },
        { "scope with blanks", 200, "{\"access_token\":\"abc\",\"scope\":\" flow  private,x \"}", "abc", NULL,
          "flow+private+x", -1 },
        { "scope with escapes", 200, "{\"access_token\":\"abc\",\"scope\":\"flow\\u002cprivate\"}", "abc", NULL,
          "flow+private", -1 },
        { "scope in one piece", 200, "access_token=abc&scope=flow", "abc", NULL, "flow", -1 },
        { "scope with commas and blanks, form", 200, "access_token=abc&scope=,flow%2c+private%2C", "abc", NULL,
          "flow+private", -1 },
        { "scope with bare commas, form", 200, "access_token=abc&scope=flow,private", "abc", NULL, "flow+private", -1 },
        { "scope empty, form", 200, "access_token=abc&scope=", "abc", NULL, "", -1 },
        { "scope as list", 200, "{\"access_token\":\"abc\",\"scope\":[\"flow\",\"private\"]}", "abc", NULL, NULL, -1 },
        { "scope null", 200, "{\"access_token\":\"abc\",\"scope\":null}", "abc", NULL, NULL, -1 },
        { "scope empty", 200, "{\"access_token\":\"abc\",\"scope\":\"\"}", "abc", NULL, "", -1 },
        { "scope odd", 200, "{\"access_token\":\"abc\",\"scope\":{}}", "abc", NULL, NULL, -1 },
        { "expiry as text", 200, "{\"access_token\":\"abc\",\"expires_in\":\"300\"}", "abc", NULL, NULL, 300 },
        { "expiry as fraction", 200, "{\"access_token\":\"abc\",\"expires_in\":299.9}", "abc", NULL, NULL, 299 },
        { "expiry odd", 200, "{\"access_token\":\"abc\",\"expires_in\":[]}", "abc", NULL, NULL, -1 },
        { "expiry odd, form", 200, "access_token=abc&expires_in=soon", "abc", NULL, NULL, -1 },
        { "expired", 200, "{\"access_token\":\"abc\",\"expires_in\":0}", "abc", NULL, NULL, 0 },
        { "expiry negative", 200, "{\"access_token\":\"abc\",\"expires_in\":-5}", "abc", NULL, NULL, -1 },
        { "expiry huge", 200, "{\"access_token\":\"abc\",\"expires_in\":9223372036854775807}", "abc", NULL, NULL,
          315360000 },
        { "expiry null", 200, "{\"access_token\":\"abc\",\"expires_in\":null}", "abc", NULL, NULL, -1 },
        { "expiry true", 200, "{\"access_token\":\"abc\",\"expires_in\":true}", "abc", NULL, NULL, -1 },
        { "expiry as bad text", 200, "{\"access_token\":\"abc\",\"expires_in\":\"5 min\"}", "abc", NULL, NULL, -1 },
        { "expiry as empty text", 200, "{\"access_token\":\"abc\",\"expires_in\":\"\"}", "abc", NULL, NULL, -1 },
        { "expiry as fraction in text", 200, "{\"access_token\":\"abc\",\"expires_in\":\"299.9\"}", "abc", NULL, NULL,
          -1 },
        { "expiry as negative text", 200, "{\"access_token\":\"abc\",\"expires_in\":\"-5\"}", "abc", NULL, NULL, -1 },
        { "expiry below one", 200, "{\"access_token\":\"abc\",\"expires_in\":0.5}", "abc", NULL, NULL, 0 },
        { "expiry a negative fraction", 200, "{\"access_token\":\"abc\",\"expires_in\":-1e-3}", "abc", NULL, NULL, 0 },
        { "expiry beyond 64 bits", 200, "{\"access_token\":\"abc\",\"expires_in\":99999999999999999999}", "abc", NULL,
          NULL, -1 },
        { "expiry beyond all bounds", 200, "{\"access_token\":\"abc\",\"expires_in\":1e300}", "abc", NULL, NULL, -1 },
        { "expiry lowest", 200, "{\"access_token\":\"abc\",\"expires_in\":-9223372036854775808}", "abc", NULL, NULL,
          -1 },
        { "expiry 300, form", 200, "access_token=abc&expires_in=300", "abc", NULL, NULL, 300 },
        { "expiry 0, form", 200, "access_token=abc&expires_in=0", "abc", NULL, NULL, 0 },
        { "expiry -5, form", 200, "access_token=abc&expires_in=-5", "abc", NULL, NULL, -1 },
        { "expiry 299.9, form", 200, "access_token=abc&expires_in=299.9", "abc", NULL, NULL, -1 },
        { "expiry empty, form", 200, "access_token=abc&expires_in=", "abc", NULL, NULL, -1 },
        { "expiry 9223372036854775807, form", 200, "access_token=abc&expires_in=9223372036854775807", "abc", NULL, NULL,
          315360000 },
        { "expiry 9223372036854775808, form", 200, "access_token=abc&expires_in=9223372036854775808", "abc", NULL, NULL,
          -1 },
        { "expiry %33, form", 200, "access_token=abc&expires_in=%33", "abc", NULL, NULL, 3 },
        { "expiry +300, form", 200, "access_token=abc&expires_in=+300", "abc", NULL, NULL, -1 },
        { "type shouted", 200, "{\"access_token\":\"abc\",\"token_type\":\"BEARER\"}", "abc", NULL, NULL, -1 },
        { "type in lower case, form", 200, "access_token=abc&token_type=bearer", "abc", NULL, NULL, -1 },
        { "type null", 200, "{\"access_token\":\"abc\",\"token_type\":null}", "abc", NULL, NULL, -1 },
        { "blanks around", 200, " \r\n{ \"access_token\" : \"abc\" }\n ", "abc", NULL, NULL, -1 },
        { "byte order mark", 200, BOM "{\"access_token\":\"abc\"}", "abc", NULL, NULL, -1 },
        { "byte order mark, form", 200, BOM "access_token=abc", "abc", NULL, NULL, -1 },
        { "nested objects beside", 200, "{\"user\":{\"access_token\":\"no\"},\"a\":[[{}]],\"access_token\":\"abc\"}",
          "abc", NULL, NULL, -1 },
        { "an error beside", 200, "{\"access_token\":\"abc\",\"error\":\"invalid_scope\"}", "abc", NULL, NULL, -1 },
        { "null error beside", 200, "{\"access_token\":\"abc\",\"error\":null}", "abc", NULL, NULL, -1 },
        { "escapes in form", 200, "access%5Ftoken=a%62c%2B%2f%3D&", "abc+/=", NULL, NULL, -1 },
        { "refresh token with a blank", 200, "{\"access_token\":\"abc\",\"refresh_token\":\"d ef\"}", "abc", "d ef",
          NULL, -1 },
        { "refresh token a number", 200, "{\"access_token\":\"abc\",\"refresh_token\":5}", "abc", NULL, NULL, -1 },
        { "refresh token empty, form", 200, "access_token=abc&refresh_token=", "abc", NULL, NULL, -1 },
        { "refresh token odd", 200, "{\"access_token\":\"abc\",\"refresh_token\":\"a\\nb\"}", "abc", NULL, NULL, -1 },
        { "refresh token empty", 200, "{\"access_token\":\"abc\",\"refresh_token\":\"\"}", "abc", NULL, NULL, -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NetToken) token = parse(cases[i].status, cases[i].text, &error);
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

/* Of the refresh token. */
static void test_refresh_expiry(void)
{
    static const struct {
        const char *text;
        gint64 expires_in_s;
    } cases[] = {
        { "{\"access_token\":\"abc\",\"refresh_token_expires_in\":2592000}", 2592000 },
        { "{\"access_token\":\"abc\",\"refresh_token_expires_in\":\"60\"}", 60 },
        { "{\"access_token\":\"abc\",\"refresh_token_expires_in\":null}", -1 },
        { "{\"access_token\":\"abc\",\"refresh_token_expires_in\":-5}", -1 },
        { "{\"access_token\":\"abc\",\"refresh_token_expires_in\":9223372036854775807}", 315360000 },
        { "{\"access_token\":\"abc\"}", -1 },
        { "access_token=abc&refresh_token_expires_in=60", 60 },
        { "access_token=abc&refresh_token_expires_in=soon", -1 },
        { "access_token=abc", -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NetToken) token = parse(200, cases[i].text, NULL);
        g_autoptr(NetToken) copy = net_token_copy(token);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(token->refresh_expires_in_s, ==, cases[i].expires_in_s);
        g_assert_cmpint(copy->refresh_expires_in_s, ==, cases[i].expires_in_s);
        g_assert_cmpint(token->expires_in_s, ==, -1);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *name;
        guint status;
        const char *text;
        gboolean is_net;
        int code;
        const char *message; /* (nullable): any */
    } cases[] = {
        { "empty", 200, "", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "no content", 204, "", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "blanks", 200, " \n", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "byte order mark alone", 200, BOM, FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "two byte order marks", 200, BOM BOM "{\"access_token\":\"abc\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "null", 200, "null", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "invalid UTF-8", 200, "{\"access_token\":\"abc\",\"scope\":\"\xff\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN,
          NULL },
        { "invalid UTF-8, form", 200, "access_token=abc&scope=\xff", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "invalid UTF-8 in escapes, form", 200, "access_token=abc&scope=%ff", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "half an object", 200, "{\"access_token\":\"abc\"", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "two objects", 200, "{}{\"access_token\":\"abc\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token in an object", 200, "{\"data\":{\"access_token\":\"abc\"}}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "object as token", 200, "{\"access_token\":{\"access_token\":\"abc\"}}", FALSE, NET_OAUTH_ERROR_NO_TOKEN,
          NULL },
        { "list as token", 200, "{\"access_token\":[\"abc\"]}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "true as token", 200, "{\"access_token\":true}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a NUL", 200, "{\"access_token\":\"abc\\u0000\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a NUL, form", 200, "access_token=abc%00", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a line feed", 200, "{\"access_token\":\"abc\\n\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a line feed, form", 200, "access_token=abc%0A", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a blank, form", 200, "access_token=abc+x", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "no token, form", 200, "token_type=bearer&expires_in=300", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "other type, form", 200, "access_token=abc&token_type=mac", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "empty type", 200, "{\"access_token\":\"abc\",\"token_type\":\"\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "empty type, form", 200, "access_token=abc&token_type=", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "byte order mark and an error", 400, BOM "{\"error\":\"invalid_grant\"}", FALSE,
          NET_OAUTH_ERROR_INVALID_GRANT, NULL },
        { "HTML", 200, "<html>log in here</html>", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "an array", 200, "[\"abc\"]", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "no token", 200, "{\"token_type\":\"bearer\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "empty token", 200, "{\"access_token\":\"\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "empty token, form", 200, "access_token=", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "null token", 200, "{\"access_token\":null}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "number as token", 200, "{\"access_token\":5}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a line end", 200, "{\"access_token\":\"a\\r\\nX: y\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a blank", 200, "{\"access_token\":\"a b\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "token with a letter", 200, "{\"access_token\":\"\xc3\xa9\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "other type", 200, "{\"access_token\":\"abc\",\"token_type\":\"mac\"}", FALSE, NET_OAUTH_ERROR_NO_TOKEN,
          NULL },
        { "odd type", 200, "{\"access_token\":\"abc\",\"token_type\":1}", FALSE, NET_OAUTH_ERROR_NO_TOKEN, NULL },
        { "error with 200", 200, "{\"error\":\"invalid_grant\"}", FALSE, NET_OAUTH_ERROR_INVALID_GRANT,
          "invalid_grant" },
        { "grant", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"code is\\n used\"}", FALSE,
          NET_OAUTH_ERROR_INVALID_GRANT, "code is used" },
        { "grant, form", 400, "error=invalid_grant&error_description=code+is%0Aused", FALSE,
          NET_OAUTH_ERROR_INVALID_GRANT, "code is used" },
        { "grant, 401", 401, "{\"error\":\"invalid_grant\"}", FALSE, NET_OAUTH_ERROR_INVALID_GRANT, "invalid_grant" },
        { "client", 401, "{\"error\":\"invalid_client\"}", FALSE, NET_OAUTH_ERROR_INVALID_CLIENT, NULL },
        { "request", 400, "{\"error\":\"invalid_request\"}", FALSE, NET_OAUTH_ERROR_INVALID_REQUEST, NULL },
        { "not authorized", 400, "{\"error\":\"unauthorized_client\"}", FALSE, NET_OAUTH_ERROR_UNAUTHORIZED_CLIENT,
          NULL },
        { "grant type", 400, "{\"error\":\"unsupported_grant_type\"}", FALSE, NET_OAUTH_ERROR_UNSUPPORTED_GRANT_TYPE,
          NULL },
        { "scope", 400, "{\"error\":\"invalid_scope\"}", FALSE, NET_OAUTH_ERROR_INVALID_SCOPE, NULL },
        { "denied", 403, "{\"error\":\"access_denied\"}", FALSE, NET_OAUTH_ERROR_ACCESS_DENIED, NULL },
        { "unknown code", 400, "{\"error\":\"too_tired\",\"message\":\"come back\"}", FALSE, NET_OAUTH_ERROR_OTHER,
          "come back" },
        { "no code", 400, "{\"errors\":[{\"detail\":\"wrong somehow\"}]}", TRUE, NET_ERROR_REJECTED,
          "400: wrong somehow" },
        { "odd code", 400, "{\"error\":{\"a\":1},\"errors\":[1]}", TRUE, NET_ERROR_REJECTED, NULL },
        { "401, empty", 401, "", TRUE, NET_ERROR_UNAUTHORIZED, NULL },
        { "401, text", 401, "HTTP Basic: Access denied.", TRUE, NET_ERROR_UNAUTHORIZED, NULL },
        { "wrong address", 404, "{\"error\":\"Not Found\"}", TRUE, NET_ERROR_NOT_FOUND, "404: Not Found" },
        { "redirect", 302, "", TRUE, NET_ERROR_PROTOCOL, NULL },
        { "too often", 429, "{\"error\":\"invalid_grant\"}", TRUE, NET_ERROR_RATE_LIMITED, NULL },
        { "server", 500, "{\"error\":\"invalid_grant\"}", TRUE, NET_ERROR_SERVER, NULL },
        { "gateway", 502, "<html>", TRUE, NET_ERROR_SERVER, NULL },
        { "token with an error status", 400, "{\"access_token\":\"abc\"}", TRUE, NET_ERROR_REJECTED, NULL },
        { "words with a secret", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"no code=abc here\"}", FALSE,
          NET_OAUTH_ERROR_INVALID_GRANT, "no code=[...] here" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(parse(cases[i].status, cases[i].text, &error));
        g_test_message("%s: %s", cases[i].name, error->message);
        g_assert_error(error, (cases[i].is_net ? NET_ERROR : NET_OAUTH_ERROR), cases[i].code);
        if (cases[i].message)
            g_assert_cmpstr(error->message, ==, cases[i].message);
        g_assert_null(strstr(error->message, "abc"));
    }
}

static void test_lengths(void)
{
    static const struct {
        gsize length;
        gboolean fits;
    } cases[] = { { 1, TRUE }, { 4096, TRUE }, { 8000, TRUE }, { 8001, FALSE }, { 8192, FALSE }, { 60000, FALSE } };
    static const char *const forms[] = { "{\"access_token\":\"%s\"}", "access_token=%s" };
    g_autofree char *lots = g_strnfill(10000, 'x');
    g_autofree char *words = g_strdup_printf("{\"error\":\"invalid_grant\",\"error_description\":\"%s\"}", lots);
    g_autofree char *refresh = g_strdup_printf("{\"access_token\":\"abc\",\"refresh_token\":\"%s\"}", lots);
    g_autoptr(NetToken) short_one = NULL;
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        g_autofree char *letters = g_strnfill(cases[i / 2].length, 'x');
        g_auto(GStrv) around = g_strsplit(forms[i % 2], "%s", 2);
        g_autofree char *text = g_strconcat(around[0], letters, around[1], NULL);
        g_autoptr(GError) refused = NULL;
        g_autoptr(NetToken) token = parse(200, text, &refused);

        g_test_message("%" G_GSIZE_FORMAT, cases[i / 2].length);
        if (cases[i / 2].fits)
            g_assert_cmpstr(token->access_token, ==, letters);
        else
            g_assert_error(refused, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_TOKEN);
    }
    short_one = parse(200, refresh, NULL);
    g_assert_cmpstr(short_one->access_token, ==, "abc");
    g_assert_null(short_one->refresh_token);
    g_assert_null(parse(400, words, &error));
    g_assert_cmpint(g_utf8_strlen(error->message, -1), ==, 200);
}

/* A NUL ends what C takes for a string, not what the server said. */
static void test_nul_bytes(void)
{
    static const struct {
        const char *text;
        gsize length;
    } cases[] = {
#define BYTES(text) { text, sizeof(text) - 1 }
        BYTES("\0"),
        BYTES("{\"access_token\":\"abc\"}\0"),
        BYTES("\0{\"access_token\":\"abc\"}"),
        BYTES("{\"access_token\":\"abc\0def\"}"),
        BYTES("access_token=abc\0"),
        BYTES("access_token=abc\0def"),
        BYTES("access_token=abc&\0=x"),
#undef BYTES
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) body = g_bytes_new_static(cases[i].text, cases[i].length);
        g_autoptr(GError) error = NULL;

        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_assert_null(net_oauth_parse(200, body, &error));
        g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_TOKEN);
    }
}

/* Deep enough to make a parser that recurses run out of stack. */
static void test_deep(void)
{
    g_autofree char *opening = g_strnfill(20000, '[');
    g_autofree char *text = g_strconcat("{\"access_token\":\"abc\",\"a\":", opening, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(parse(200, text, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_TOKEN);
}

/* ---- over the wire ---- */

typedef struct {
    TestHttp *http;
    char *body;
    char *content_type;
    char *accept;
    guint status;
    const char *answer;      /* NULL: one without end */
    const char *answer_type; /* (nullable) */
    const char *retry_after; /* (nullable) */
    guint aborted;           /* answers that were not read to their end */
} Endpoint;

#define PIECE 65536

static void add_piece(SoupServerMessage *message)
{
    static const char piece[PIECE] = "{\"access_token\":\"abc\",\"filler\":\"";

    soup_message_body_append(soup_server_message_get_response_body(message), SOUP_MEMORY_STATIC, piece, PIECE);
}

static void answer_without_end(SoupServerMessage *message)
{
    soup_message_headers_set_encoding(soup_server_message_get_response_headers(message), SOUP_ENCODING_CHUNKED);
    soup_message_body_set_accumulate(soup_server_message_get_response_body(message), FALSE);
    g_signal_connect(message, "wrote-chunk", G_CALLBACK(add_piece), NULL);
    add_piece(message);
}

static void on_aborted(SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
    Endpoint *endpoint = user_data;

    (void)server;
    (void)message;
    endpoint->aborted++;
}

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
    headers = soup_server_message_get_response_headers(message);
    if (endpoint->retry_after)
        soup_message_headers_append(headers, "Retry-After", endpoint->retry_after);
    if (endpoint->answer_type)
        soup_message_headers_set_content_type(headers, endpoint->answer_type, NULL);
    if (endpoint->answer)
        soup_message_body_append(soup_server_message_get_response_body(message), SOUP_MEMORY_COPY, endpoint->answer,
                                 strlen(endpoint->answer));
    else
        answer_without_end(message);
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
    *endpoint = (Endpoint){ .status = status, .answer = answer, .answer_type = JSON };
    endpoint->http = test_http_new(NULL, on_request, endpoint);
    g_signal_connect(endpoint->http->soup, "request-aborted", G_CALLBACK(on_aborted), endpoint);
}

static NetToken *grant_at(Endpoint *endpoint, NetOauthBody body, const char *secret, const char *const *members,
                          gint64 *retry_after_ms, GError **error)
{
    static const char *const path[] = { "oauth", "token", NULL };
    NetSessionOptions options = { "test/1.0", NULL, NULL, 0, 1, G_MAXINT32 };
    g_autoptr(NetSession) session = net_session_new(&options, NULL);
    NetOauthClient client = { endpoint->http->url, path, body, "me", secret };
    g_auto(TestDone) done = { 0 };

    net_oauth_grant_async(session, &client, members, NULL, test_done, &done);
    g_assert_cmpuint(done.calls, ==, 0);
    test_until(done.calls);
    return net_oauth_grant_finish(done.result, retry_after_ms, error);
}

static NetToken *grant(Endpoint *endpoint, NetOauthBody body, const char *secret, const char *const *members,
                       GError **error)
{
    return grant_at(endpoint, body, secret, members, NULL, error);
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

static void test_labels(void)
{
    static const char *const labels[] = { JSON, FORM, "text/html; charset=utf-8", "application/octet-stream", NULL };
    static const char *const answers[] = { "{\"access_token\":\"abc\"}", "access_token=abc" };
    static const char *const members[] = { "grant_type", "refresh_token", NULL };

    for (gsize i = 0; i < 2 * G_N_ELEMENTS(labels); i++) {
        g_auto(Endpoint) endpoint;
        g_autoptr(NetToken) token = NULL;
        g_autoptr(GError) error = NULL;

        endpoint_init(&endpoint, 200, answers[i % 2]);
        endpoint.answer_type = labels[i / 2];
        token = grant(&endpoint, NET_OAUTH_BODY_FORM, "", members, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(token->access_token, ==, "abc");
    }
}

static void test_retry_after(void)
{
    static const char *const members[] = { "grant_type", "refresh_token", NULL };
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) later = g_date_time_add_hours(now, 5);
    g_autofree char *date = soup_date_time_to_string(later, SOUP_DATE_HTTP);
    const struct {
        guint status;
        const char *answer, *retry_after;
        int code; /* -1: a token */
        gint64 least_ms, most_ms;
    } cases[] = {
        { 429, "", "7", NET_ERROR_RATE_LIMITED, 7000, 7000 },
        { 429, "{\"error\":\"slow_down\"}", "86400", NET_ERROR_RATE_LIMITED, 86400000, 86400000 },
        { 503, "<html>", date, NET_ERROR_SERVER, 17900000, 18000000 },
        { 503, "", "Thu, 01 Jan 1970 00:00:00 GMT", NET_ERROR_SERVER, 0, 0 },
        { 503, "", "soon", NET_ERROR_SERVER, -1, -1 },
        { 503, "", NULL, NET_ERROR_SERVER, -1, -1 },
        { 200, "access_token=abc", NULL, -1, -1, -1 },
        { 200, "access_token=abc", "1", -1, 1000, 1000 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Endpoint) endpoint;
        g_autoptr(NetToken) token = NULL;
        g_autoptr(GError) error = NULL;
        gint64 retry_after_ms = -2;

        endpoint_init(&endpoint, cases[i].status, cases[i].answer);
        endpoint.retry_after = cases[i].retry_after;
        token = grant_at(&endpoint, NET_OAUTH_BODY_FORM, "", members, &retry_after_ms, &error);
        if (cases[i].code < 0)
            g_assert_no_error(error);
        else
            g_assert_error(error, NET_ERROR, cases[i].code);
        g_assert_cmpint(retry_after_ms, >=, cases[i].least_ms);
        g_assert_cmpint(retry_after_ms, <=, cases[i].most_ms);
    }
}

/* Only so much is read and kept, then the connection is closed. */
static void test_without_end(void)
{
    static const char *const members[] = { "grant_type", "refresh_token", NULL };
    static const struct {
        guint status;
        int code;
    } cases[] = { { 200, NET_ERROR_PROTOCOL }, { 400, NET_ERROR_REJECTED }, { 503, NET_ERROR_SERVER } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Endpoint) endpoint;
        g_autoptr(GError) error = NULL;
        gint64 retry_after_ms = -2;

        endpoint_init(&endpoint, cases[i].status, NULL);
        endpoint.retry_after = "7";
        g_assert_null(grant_at(&endpoint, NET_OAUTH_BODY_FORM, "", members, &retry_after_ms, &error));
        g_assert_error(error, NET_ERROR, cases[i].code);
        if (cases[i].status == 200)
            g_assert_cmpstr(error->message, ==, "the answer is longer than 65536 bytes");
        else
            g_assert_cmpint(retry_after_ms, ==, 7000);
        test_until(endpoint.aborted);
    }
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
    gint64 retry_after_ms = 0;

    net_oauth_grant_async(session, &client, members, NULL, test_done, &done);
    test_until(done.calls);
    g_assert_null(net_oauth_grant_finish(done.result, &retry_after_ms, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_INSECURE);
    g_assert_cmpint(retry_after_ms, ==, -1);
    g_clear_error(&error);
    g_cancellable_cancel(cancellable);
    net_oauth_grant_async(session, &client, members, cancellable, test_done, &cancelled);
    test_until(cancelled.calls);
    g_assert_null(net_oauth_grant_finish(cancelled.result, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/oauth/tokens", test_tokens);
    g_test_add_func("/net/oauth/refresh-expiry", test_refresh_expiry);
    g_test_add_func("/net/oauth/refusals", test_refusals);
    g_test_add_func("/net/oauth/lengths", test_lengths);
    g_test_add_func("/net/oauth/nul-bytes", test_nul_bytes);
    g_test_add_func("/net/oauth/deep", test_deep);
    g_test_add_func("/net/oauth/form", test_form);
    g_test_add_func("/net/oauth/json", test_json);
    g_test_add_func("/net/oauth/no-secret", test_no_secret);
    g_test_add_func("/net/oauth/quoted-secret", test_quoted_secret);
    g_test_add_func("/net/oauth/labels", test_labels);
    g_test_add_func("/net/oauth/retry-after", test_retry_after);
    g_test_add_func("/net/oauth/without-end", test_without_end);
    g_test_add_func("/net/oauth/no-server", test_no_server);
    return g_test_run();
}
