/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-session against real servers on the loopback, good ones and broken ones. */
#include "net/net-session.h"

#include "net/net-error.h"
#include "test-http.h"

#define LIMIT 1000

static NetSession *session_new(guint timeout_s, guint connections)
{
    NetSessionOptions options = { "test/1.0", NULL, NULL, timeout_s, connections, LIMIT };
    g_autoptr(GError) error = NULL;
    NetSession *session = net_session_new(&options, &error);

    g_assert_no_error(error);
    return session;
}

/* One request with its answer, to the end. */
static NetResponse *ask(NetSession *session, const char *base_url, NetCredential *credential, const char *segment,
                        GError **error)
{
    g_autoptr(NetRequest) request = net_request_new("GET", segment, NULL);
    g_auto(TestDone) done = { 0 };

    net_session_send_async(session, base_url, request, credential, NULL, test_done, &done);
    g_assert_cmpuint(done.calls, ==, 0);
    test_until(done.calls);
    return net_session_send_finish(done.result, error);
}

static GInputStream *open_body(NetSession *session, const char *base_url, NetCredential *credential,
                               const char *segment, gint64 *retry_after_ms, GError **error)
{
    g_autoptr(NetRequest) request = net_request_new("GET", segment, NULL);
    g_auto(TestDone) done = { 0 };

    net_session_open_async(session, base_url, request, credential, NULL, test_done, &done);
    g_assert_cmpuint(done.calls, ==, 0);
    test_until(done.calls);
    return net_session_open_finish(done.result, retry_after_ms, error);
}

static char *body_text(const NetResponse *response)
{
    return g_strndup(g_bytes_get_data(response->body, NULL), g_bytes_get_size(response->body));
}

static guint count_of(const char *text, const char *part)
{
    guint count = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

/* ---- a good server ---- */

static void answer_chunks(SoupServerMessage *message)
{
    SoupMessageBody *body = soup_server_message_get_response_body(message);

    soup_message_headers_set_encoding(soup_server_message_get_response_headers(message), SOUP_ENCODING_CHUNKED);
    for (const char *at = "{\"chunks\":true}"; *at; at++)
        soup_message_body_append(body, SOUP_MEMORY_COPY, at, 1);
    soup_message_body_complete(body);
}

static void answer_gzip(SoupServerMessage *message, gsize length)
{
    g_autoptr(GConverter) converter = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
    g_autofree char *plain = g_malloc0(length);
    char packed[4096];
    gsize read, written;
    g_autoptr(GError) error = NULL;

    g_converter_convert(converter, plain, length, packed, sizeof packed, G_CONVERTER_INPUT_AT_END, &read, &written,
                        &error);
    g_assert_no_error(error);
    g_assert_cmpuint(read, ==, length);
    soup_message_headers_append(soup_server_message_get_response_headers(message), "Content-Encoding", "gzip");
    soup_server_message_set_response(message, "application/octet-stream", SOUP_MEMORY_COPY, packed, written);
}

static void answer_length(SoupServerMessage *message, gsize length)
{
    g_autofree char *plain = g_malloc0(length + 1);

    memset(plain, 'x', length);
    soup_server_message_set_response(message, "text/plain", SOUP_MEMORY_COPY, plain, length);
}

/* Each path is a way to answer. */
static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    TestHttp *http = user_data;
    SoupMessageHeaders *in = soup_server_message_get_request_headers(message);
    SoupMessageHeaders *out = soup_server_message_get_response_headers(message);
    const char *secret = soup_message_headers_get_one(in, "Authorization");
    static const char json[] = "{\"ok\":true}";

    (void)server;
    (void)query;
    test_http_note(http, message);
    soup_server_message_set_status(message, 200, NULL);
    if (g_str_equal(path, "/chunks")) {
        answer_chunks(message);
    } else if (g_str_equal(path, "/gzip-fits")) {
        answer_gzip(message, LIMIT);
    } else if (g_str_equal(path, "/gzip-bomb")) {
        answer_gzip(message, 1000 * 1000);
    } else if (g_str_equal(path, "/fits")) {
        answer_length(message, LIMIT);
    } else if (g_str_equal(path, "/too-long")) {
        answer_length(message, LIMIT + 1);
    } else if (g_str_equal(path, "/long-excuse")) {
        answer_length(message, LIMIT + 1);
        soup_server_message_set_status(message, 503, NULL);
        soup_message_headers_append(out, "Retry-After", "7");
    } else if (g_str_equal(path, "/far-too-long")) {
        answer_length(message, 10 * 1000 * 1000);
    } else if (g_str_equal(path, "/empty")) {
        soup_server_message_set_status(message, 204, NULL);
    } else if (g_str_equal(path, "/redirect")) {
        soup_server_message_set_redirect(message, 302, "/elsewhere");
    } else if (g_str_equal(path, "/busy")) {
        soup_server_message_set_status(message, 429, NULL);
        soup_message_headers_append(out, "Retry-After", "7");
    } else if (g_str_equal(path, "/down")) {
        g_autoptr(GDateTime) now = g_date_time_new_now_utc();
        g_autoptr(GDateTime) later = g_date_time_add_seconds(now, 100);
        g_autofree char *date = soup_date_time_to_string(later, SOUP_DATE_HTTP);

        soup_server_message_set_status(message, 503, NULL);
        soup_message_headers_append(out, "Retry-After", date);
    } else if (g_str_equal(path, "/guarded") && g_strcmp0(secret, "Bearer good") != 0) {
        soup_server_message_set_status(message, 401, NULL);
        soup_message_headers_append(out, "WWW-Authenticate", "Basic realm=\"flowdock\"");
        soup_server_message_set_response(message, "text/plain", SOUP_MEMORY_STATIC, "go away", 7);
    } else if (g_str_equal(path, "/stall")) {
        soup_server_message_pause(message);
    } else {
        soup_message_headers_append(out, "Flowdock-User", "42");
        soup_message_headers_append(out, "Set-Cookie", "a=b");
        soup_server_message_set_response(message, "Application/JSON; charset=utf-8", SOUP_MEMORY_STATIC, json,
                                         strlen(json));
    }
}

static void test_answer(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 2);
    g_autoptr(GError) error = NULL;
    g_autoptr(NetResponse) response = ask(session, http->url, NULL, "plain path/x", &error);
    g_autofree char *text = NULL;

    g_assert_no_error(error);
    text = body_text(response);
    g_assert_cmpuint(response->status, ==, 200);
    g_assert_cmpstr(response->content_type, ==, "application/json");
    g_assert_cmpstr(text, ==, "{\"ok\":true}");
    g_assert_cmpint(response->user_id, ==, 42);
    g_assert_cmpint(response->retry_after_ms, ==, -1);
    g_assert_cmpstr(http->seen->pdata[0], ==, "GET /plain%20path%2Fx");
    g_assert_cmpstr(http->secrets->pdata[0], ==, "");
}

static void test_bodies(void)
{
    static const struct {
        const char *path;
        gssize length; /* -1: refused */
    } cases[] = {
        { "chunks", 15 },   { "gzip-fits", LIMIT }, { "gzip-bomb", -1 }, { "fits", LIMIT },
        { "too-long", -1 }, { "far-too-long", -1 }, { "empty", 0 },      { "redirect", 0 },
    };
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);

    for (gsize i = 0; i < 3 * G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = ask(session, http->url, NULL, cases[i % G_N_ELEMENTS(cases)].path, &error);
        gssize length = cases[i % G_N_ELEMENTS(cases)].length;

        g_test_message("%s", cases[i % G_N_ELEMENTS(cases)].path);
        if (length < 0) {
            g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
            g_assert_null(response);
        } else {
            g_assert_no_error(error);
            g_assert_cmpuint(g_bytes_get_size(response->body), ==, length);
        }
    }
}

/* What comes with a failure may be left out, but not the failure. */
static void test_long_excuse(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);

    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = ask(session, http->url, NULL, "long-excuse", &error);

        g_assert_no_error(error);
        g_assert_cmpuint(response->status, ==, 503);
        g_assert_cmpint(response->retry_after_ms, ==, 7000);
        g_assert_cmpuint(g_bytes_get_size(response->body), ==, 0);
    }
}

/* The status of an answer that is too long counts, where that is all that is wanted. */
static void test_dropped_body(void)
{
    static const struct {
        const char *path;
        guint max_body, status;
        gsize length;
    } cases[] = {
        { "x", 11, 200, 11 },         { "x", 10, 200, 0 },           { "too-long", 2 * LIMIT, 200, 0 },
        { "gzip-bomb", 100, 200, 0 }, { "far-too-long", 1, 200, 0 }, { "long-excuse", 100, 503, 0 },
    };
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NetRequest) request = net_request_new("GET", cases[i].path, NULL);
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = NULL;

        g_test_message("%s, %u", cases[i].path, cases[i].max_body);
        net_request_drop_long_body(request, cases[i].max_body);
        net_session_send_async(session, http->url, request, NULL, NULL, test_done, &done);
        test_until(done.calls);
        response = net_session_send_finish(done.result, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(response->status, ==, cases[i].status);
        g_assert_cmpuint(g_bytes_get_size(response->body), ==, cases[i].length);
    }
}

/* A request may allow less than the session does, before and after decompression, but never more. */
static void test_own_limit(void)
{
    static const struct {
        const char *path;
        guint max_body;
        gssize length; /* -1: refused */
    } cases[] = {
        { "x", 11, 11 },
        { "x", 10, -1 },
        { "chunks", 15, 15 },
        { "chunks", 14, -1 },
        { "gzip-fits", LIMIT, LIMIT },
        { "gzip-fits", LIMIT - 1, -1 },
        { "gzip-bomb", LIMIT, -1 },
        { "fits", LIMIT, LIMIT },
        { "fits", LIMIT - 1, -1 },
        { "too-long", 2 * LIMIT, -1 },
        { "far-too-long", 100, -1 },
        { "long-excuse", 100, 0 },
        { "empty", 1, 0 },
    };
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);

    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const gsize row = i / 2;
        const gboolean is_secret = i % 2;
        g_autoptr(NetRequest) request = net_request_new("GET", cases[row].path, NULL);
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = NULL;

        g_test_message("%s, %u%s", cases[row].path, cases[row].max_body, is_secret ? ", secret" : "");
        if (is_secret)
            net_request_expect_secret(request, cases[row].max_body);
        else
            net_request_set_max_body(request, cases[row].max_body);
        net_session_send_async(session, http->url, request, NULL, NULL, test_done, &done);
        test_until(done.calls);
        response = net_session_send_finish(done.result, &error);
        if (cases[row].length < 0) {
            g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
        } else {
            g_assert_no_error(error);
            g_assert_cmpuint(g_bytes_get_size(response->body), ==, cases[row].length);
        }
    }
}

/* What is answered with anything but 2xx, or not read to the end, must leave its connection to others. */
static void test_open(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);

    for (int i = 0; i < 5; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GInputStream) body = NULL;
        gint64 retry_after_ms = 0;
        char bytes[64] = "";

        g_assert_null(open_body(session, http->url, NULL, "busy", &retry_after_ms, &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_RATE_LIMITED);
        g_assert_cmpint(retry_after_ms, ==, 7000);
        g_clear_error(&error);
        g_assert_null(open_body(session, http->url, NULL, "down", &retry_after_ms, &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_SERVER);
        g_assert_cmpint(retry_after_ms, >, 90 * 1000);
        g_assert_cmpint(retry_after_ms, <=, 100 * 1000);
        g_clear_error(&error);
        body = open_body(session, http->url, NULL, "far-too-long", NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(g_input_stream_read(body, bytes, sizeof bytes, NULL, NULL), >, 0);
    }
}

static void test_redirect(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NetResponse) response = NULL;

    net_credential_set_bearer(credential, "good");
    response = ask(session, http->url, credential, "redirect", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(response->status, ==, 302);
    g_assert_null(open_body(session, http->url, credential, "redirect", NULL, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
    g_assert_cmpuint(http->seen->len, ==, 2);
}

static void test_location(void)
{
    static const struct {
        const char *status, *header;
        const char *location; /* (nullable): %s is the server's address */
    } cases[] = {
        { "302 Found", "Location: https://other.example/a%2fb%41?c=%3a#d\r\n",
          "https://other.example/a%2fb%41?c=%3a#d" },
        { "301 Moved", "Location: /a?b\r\n", "%s/a?b" },
        { "307 There", "Location: ?b\r\n", "%s/x/y?b" },
        { "303 There", "Location: z\r\n", "%s/x/z" },
        { "308 There", "Location: //other.example/z\r\n", "http://other.example/z" },
        { "302 Found", "Location: javascript:alert(1)\r\n", "javascript:alert(1)" },
        { "302 Found", "Location: /%zz\r\n", NULL },
        { "302 Found", "", NULL },
        { "200 Fine", "Location: /a\r\n", NULL },
    };

    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const gsize row = i / 2;
        g_autofree char *wire =
            g_strdup_printf("HTTP/1.1 %s\r\n%sContent-Length: 0\r\n\r\n", cases[row].status, cases[row].header);
        g_autoptr(TestRaw) raw = test_raw_new(wire, TRUE);
        g_autofree char *base = g_strconcat(raw->url, "/x", NULL);
        g_autoptr(GString) expected = g_string_new(cases[row].location);
        g_autoptr(NetSession) session = session_new(0, 1);
        g_autoptr(NetRequest) request = net_request_new("GET", "y", NULL);
        g_auto(TestDone) done = { 0 };
        g_autoptr(NetResponse) response = NULL;
        const char *location;

        g_test_message("%s %s", cases[row].status, cases[row].header);
        g_string_replace(expected, "%s", raw->url, 0);
        if (i % 2) {
            net_session_open_async(session, base, request, NULL, NULL, test_done, &done);
            test_until(done.calls);
            location = net_session_open_get_head(done.result)->location;
        } else {
            net_session_send_async(session, base, request, NULL, NULL, test_done, &done);
            test_until(done.calls);
            response = net_session_send_finish(done.result, NULL);
            location = response->location;
        }
        g_assert_cmpstr(location, ==, cases[row].location ? expected->str : NULL);
    }
}

/* A whole address from elsewhere: nobody's name, and not a character changed. */
static void test_foreign(void)
{
    g_autoptr(TestRaw) raw = test_raw_new("HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n", TRUE);
    g_autofree char *url = g_strconcat(raw->url, "/a%2fb%41//./x/?sig=%2b%41+#y", NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autofree char *base = NULL;
    g_autoptr(NetRequest) request = net_request_new_url("GET", url, &base, NULL);

    for (int i = 0; i < 2; i++) {
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = NULL;

        net_session_send_async(session, base, request, NULL, NULL, test_done, &done);
        test_until(done.calls);
        response = net_session_send_finish(done.result, &error);
        g_assert_no_error(error);
    }
    g_test_message("%s", raw->heads->str);
    g_assert_cmpuint(count_of(raw->heads->str, "GET /a%2fb%41//./x/?sig=%2b%41+ HTTP/1.1\r\n"), ==, 2);
    g_assert_null(strstr(raw->heads->str, "Authorization"));
    g_assert_null(strstr(raw->heads->str, "Cookie"));
}

/* ---- broken servers ---- */

static void test_broken(void)
{
    static const struct {
        const char *name;
        const char *wire;
        NetError code;
    } cases[] = {
        { "nothing", "", NET_ERROR_OFFLINE },
        { "half a head", "HTTP/1.1 200 OK\r\nContent-Le", NET_ERROR_PROTOCOL },
        { "half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", NET_ERROR_OFFLINE },
        { "half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf", NET_ERROR_OFFLINE },
        { "not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n", NET_ERROR_PROTOCOL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestRaw) raw = test_raw_new(cases[i].wire, TRUE);
        g_autoptr(NetSession) session = session_new(0, 1);
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = ask(session, raw->url, NULL, "x", &error);

        g_test_message("%s: %s", cases[i].name, error ? error->message : "no error");
        g_assert_null(response);
        g_assert_error(error, NET_ERROR, (int)cases[i].code);
    }
}

/* A kept connection ends just as it is used again: libsoup sends the request once more, and all of it. */
static void test_sent_again(void)
{
    g_autoptr(TestRaw) raw = test_raw_new("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", FALSE);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetRequest) request = net_request_new("PUT", "x", NULL);

    net_request_set_body(request, "text/plain", "all of it", -1);
    for (guint i = 1; i <= 2; i++) {
        g_autoptr(NetResponse) response = NULL;
        g_autoptr(GError) error = NULL;
        g_auto(TestDone) done = { 0 };

        net_session_send_async(session, raw->url, request, NULL, NULL, test_done, &done);
        test_until(count_of(raw->heads->str, "all of it") == i);
        if (i == 2)
            test_raw_cut(raw);
        test_until(done.calls);
        response = net_session_send_finish(done.result, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(response->status, ==, 200);
    }
    g_assert_cmpuint(raw->accepted, ==, 2);
    g_assert_cmpuint(count_of(raw->heads->str, "PUT /x "), ==, 3);
    g_assert_cmpuint(count_of(raw->heads->str, "all of it"), ==, 3);
}

/* But not what makes something new each time: it never goes over a kept connection, and gets one chance. */
static void test_not_sent_again(void)
{
    g_autoptr(TestRaw) raw = test_raw_new("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", FALSE);
    g_autoptr(NetSession) session = session_new(0, 4);
    g_autoptr(NetRequest) request = net_request_new("POST", "x", NULL);
    g_autoptr(NetResponse) first = ask(session, raw->url, NULL, "x", NULL);
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_cmpuint(first->status, ==, 200);
    g_assert_cmpuint(raw->open->len, ==, 1);
    net_request_set_body(request, "text/plain", "all of it", -1);
    test_raw_set(raw, "", TRUE);
    net_session_send_async(session, raw->url, request, NULL, NULL, test_done, &done);
    test_until(done.calls);
    g_assert_null(net_session_send_finish(done.result, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
    test_settle();
    g_assert_cmpuint(raw->accepted, ==, 2);
    g_assert_cmpuint(count_of(raw->heads->str, "POST /x "), ==, 1);
}

static void test_silent(void)
{
    static const char *const wires[] = { "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" };

    for (gsize i = 0; i < G_N_ELEMENTS(wires); i++) {
        g_autoptr(TestRaw) raw = test_raw_new(wires[i], FALSE);
        g_autoptr(NetSession) session = session_new(1, 1);
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = ask(session, raw->url, NULL, "x", &error);

        g_assert_null(response);
        g_assert_error(error, NET_ERROR, NET_ERROR_TIMED_OUT);
    }
}

static void test_nobody_there(void)
{
    g_autoptr(TestRaw) raw = test_raw_new("", TRUE);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(NetResponse) response = NULL;

    g_socket_service_stop(raw->service);
    g_socket_listener_close(G_SOCKET_LISTENER(raw->service));
    response = ask(session, raw->url, NULL, "x", &error);
    g_assert_null(response);
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
}

static void test_insecure(void)
{
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(NetResponse) response = ask(session, "http://example.com", NULL, "x", &error);

    g_assert_null(response);
    g_assert_error(error, NET_ERROR, NET_ERROR_INSECURE);
}

/* ---- headers ---- */

static void test_headers(void)
{
    g_autoptr(TestRaw) raw = test_raw_new("HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n", TRUE);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetRequest) request = net_request_new("POST", "flows", "org", NULL);

    net_request_add_query(request, "q", "a b&c");
    net_request_set_header(request, "Accept", "text/x-own");
    net_request_set_header(request, "Authorization", "Bearer smuggled");
    net_request_set_body(request, "text/plain", "body", -1);
    for (int i = 0; i < 2; i++) {
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = NULL;

        net_session_send_async(session, raw->url, request, NULL, NULL, test_done, &done);
        test_until(done.calls);
        response = net_session_send_finish(done.result, &error);
        g_assert_no_error(error);
    }
    g_test_message("%s", raw->heads->str);
    g_assert_true(g_str_has_prefix(raw->heads->str, "POST /flows/org?q=a%20b%26c HTTP/1.1\r\n"));
    g_assert_nonnull(strstr(raw->heads->str, "\r\nAccept: text/x-own\r\n"));
    g_assert_nonnull(strstr(raw->heads->str, "\r\nUser-Agent: test/1.0\r\n"));
    g_assert_nonnull(strstr(raw->heads->str, "\r\nContent-Type: text/plain\r\n"));
    g_assert_nonnull(strstr(raw->heads->str, "\r\n\r\nbody"));
    g_assert_null(strstr(raw->heads->str, "smuggled"));
    g_assert_null(strstr(raw->heads->str, "Cookie"));
}

/* What the server or the user gave us must not begin a header of its own. */
static void test_header_injection(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;

    net_credential_set_bearer(credential, "x\r\nX-Evil: 1");
    g_assert_null(ask(session, http->url, credential, "x", &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_REJECTED);
    g_assert_cmpuint(http->seen->len, ==, 0);
}

/* An API key has a header of its own, is not renewed, and goes nowhere else. */
static void test_key(void)
{
    static const char *const wires[] = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: %s/x\r\nContent-Length: 0\r\n\r\n",
    };
    static const guint statuses[] = { 204, 401, 302 };

    for (gsize i = 0; i < G_N_ELEMENTS(wires); i++) {
        g_autoptr(TestHttp) other = test_http_new(NULL, on_request, NULL);
        g_autoptr(GString) wire = g_string_new(wires[i]);
        g_autoptr(NetSession) session = session_new(0, 1);
        g_autoptr(NetCredential) credential = net_credential_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = NULL;
        TestRaw *raw;

        g_string_replace(wire, "%s", other->url, 0);
        raw = test_raw_new(wire->str, TRUE);
        g_assert_true(net_credential_set_key(credential, "k3y"));
        response = ask(session, raw->url, credential, "x", &error);
        g_assert_no_error(error);
        g_assert_cmpuint(response->status, ==, statuses[i]);
        g_assert_cmpuint(raw->accepted, ==, 1);
        g_assert_cmpuint(count_of(raw->heads->str, "\r\nX-API-Key: k3y\r\n"), ==, 1);
        g_assert_null(strstr(raw->heads->str, "Authorization"));
        g_assert_cmpuint(other->seen->len, ==, 0);
        test_raw_free(raw);
    }
}

/* Neither does a request without a credential have one, nor one with another. */
static void test_no_key(void)
{
    g_autoptr(TestRaw) raw = test_raw_new("HTTP/1.1 204 No Content\r\n\r\n", TRUE);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);
    g_autoptr(NetCredential) credential = net_credential_new();

    g_assert_true(net_credential_set_key(credential, "k3y"));
    net_credential_set_bearer(credential, "token");
    net_request_set_header(request, "x-api-key", "smuggled");
    for (int i = 0; i < 2; i++) {
        g_auto(TestDone) done = { 0 };
        g_autoptr(NetResponse) response = NULL;

        net_session_send_async(session, raw->url, request, i ? credential : NULL, NULL, test_done, &done);
        test_until(done.calls);
        response = net_session_send_finish(done.result, NULL);
        g_assert_cmpuint(response->status, ==, 204);
    }
    g_assert_cmpuint(count_of(raw->heads->str, "\r\nAuthorization: Bearer token\r\n"), ==, 1);
    g_assert_null(strstr(raw->heads->str, "smuggled"));
    g_assert_null(strstr(raw->heads->str, "k3y"));
}

/* ---- credentials ---- */

typedef struct {
    guint calls;
    gboolean by_hand; /* the test calls on_renewal_ready() */
    gboolean fails;
    NetError code;
    const char *token;
    guint ready_id;
    NetCredential *credential;
} Renewer;

static gboolean on_renewal_ready(gpointer data)
{
    Renewer *renewer = data;
    g_autoptr(GError) error = NULL;

    renewer->ready_id = 0;
    if (renewer->fails)
        error = g_error_new_literal(NET_ERROR, (int)renewer->code, "no renewal today");
    else
        net_credential_set_bearer(renewer->credential, renewer->token);
    net_credential_renewed(renewer->credential, error);
    return G_SOURCE_REMOVE;
}

static void on_renew(NetCredential *credential, gpointer user_data)
{
    Renewer *renewer = user_data;

    renewer->calls++;
    renewer->credential = credential;
    if (!renewer->by_hand)
        renewer->ready_id = g_timeout_add(20, on_renewal_ready, renewer);
}

static void test_renewal(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 3);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(NetRequest) request = net_request_new("GET", "guarded", NULL);
    Renewer renewer = { .token = "good" };
    TestDone done[10] = { 0 };
    g_auto(TestDone) opened = { 0 };
    g_autoptr(GInputStream) body = NULL;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &renewer);
    for (gsize i = 0; i < G_N_ELEMENTS(done); i++)
        net_session_send_async(session, http->url, request, credential, NULL, test_done, &done[i]);
    net_session_open_async(session, http->url, request, credential, NULL, test_done, &opened);
    for (gsize i = 0; i < G_N_ELEMENTS(done); i++) {
        g_autoptr(NetResponse) response = NULL;

        test_until(done[i].calls);
        response = net_session_send_finish(done[i].result, NULL);
        g_assert_nonnull(response);
        g_assert_cmpuint(response->status, ==, 200);
        test_done_clear(&done[i]);
    }
    test_until(opened.calls);
    body = net_session_open_finish(opened.result, NULL, NULL);
    g_assert_nonnull(body);
    g_assert_cmpuint(renewer.calls, ==, 1);
    /* Each at most once with the old one, and once with the new one. */
    g_assert_cmpuint(http->seen->len, <=, 22);
}

static void test_no_renewal(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NetResponse) response = NULL;
    g_autofree char *text = NULL;

    net_credential_set_bearer(credential, "old");
    response = ask(session, http->url, credential, "guarded", &error);
    g_assert_no_error(error);
    text = body_text(response);
    g_assert_cmpuint(response->status, ==, 401);
    g_assert_cmpstr(text, ==, "go away");
    g_assert_null(open_body(session, http->url, credential, "guarded", NULL, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_UNAUTHORIZED);
    g_assert_cmpuint(http->seen->len, ==, 2);
}

/* Somebody behind the server says 401, who knows nothing of our credential. */
static void test_expected_401(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    Renewer renewer = { .token = "good" };

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &renewer);
    for (guint i = 1; i <= 3; i++) {
        g_autoptr(NetRequest) request = net_request_new("POST", "guarded", NULL);
        g_auto(TestDone) done = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = NULL;

        net_request_expect_401(request);
        net_session_send_async(session, http->url, request, credential, NULL, test_done, &done);
        test_until(done.calls);
        response = net_session_send_finish(done.result, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(response->status, ==, 401);
        g_assert_cmpstr(response->challenge, ==, "Basic realm=\"flowdock\"");
        g_assert_cmpuint(renewer.calls, ==, 0);
        g_assert_cmpuint(http->seen->len, ==, i);
        g_assert_cmpstr(http->secrets->pdata[i - 1], ==, "Bearer old");
    }
    g_assert_cmpstr(net_credential_get_header(credential), ==, "Bearer old");
}

/* A challenge is told of a 401 only, several of them as one. */
static void test_challenge(void)
{
    static const struct {
        const char *wire, *challenge;
    } cases[] = {
        { "HTTP/1.1 401 No\r\nWWW-Authenticate: A\r\nwww-authenticate: Flowdock-Token url=https://h.com/\r\n"
          "Content-Length: 0\r\n\r\n",
          "A, Flowdock-Token url=https://h.com/" },
        { "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", NULL },
        { "HTTP/1.1 200 OK\r\nWWW-Authenticate: A\r\nContent-Length: 0\r\n\r\n", NULL },
        { "HTTP/1.1 403 No\r\nWWW-Authenticate: A\r\nContent-Length: 0\r\n\r\n", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestRaw) raw = test_raw_new(cases[i].wire, TRUE);
        g_autoptr(NetSession) session = session_new(0, 1);
        g_autoptr(NetResponse) response = ask(session, raw->url, NULL, "x", NULL);

        g_assert_cmpstr(response->challenge, ==, cases[i].challenge);
    }
}

static void test_refused_again(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    Renewer renewer = { .token = "no better" };
    g_autoptr(GError) error = NULL;
    g_autoptr(NetResponse) response = NULL;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &renewer);
    response = ask(session, http->url, credential, "guarded", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(response->status, ==, 401);
    g_assert_cmpuint(renewer.calls, ==, 1);
    g_assert_null(open_body(session, http->url, credential, "guarded", NULL, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_UNAUTHORIZED);
    /* What the renewal brought was refused, too: the next one would not be better so soon. */
    g_assert_cmpuint(renewer.calls, ==, 1);
    g_assert_cmpuint(http->seen->len, ==, 3);
}

static void test_renewal_fails(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    Renewer renewer = { .fails = TRUE, .code = NET_ERROR_SERVER };

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &renewer);
    for (guint i = 1; i <= 50; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(ask(session, http->url, credential, "guarded", &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_SERVER);
        g_assert_cmpstr(error->message, ==, "no renewal today");
        g_assert_cmpuint(renewer.calls, ==, 1);
        g_assert_cmpuint(http->seen->len, ==, i);
    }
}

/* Two that are on their way at the same time and both come back with a 401. */
static void test_refused_together(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 2);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(NetRequest) request = net_request_new("GET", "guarded", NULL);
    Renewer renewer = { .token = "good", .by_hand = TRUE };
    TestDone done[2] = { 0 };

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &renewer);
    for (gsize i = 0; i < G_N_ELEMENTS(done); i++)
        net_session_send_async(session, http->url, request, credential, NULL, test_done, &done[i]);
    test_until(renewer.calls && http->seen->len == 2);
    test_settle();
    on_renewal_ready(&renewer);
    for (gsize i = 0; i < G_N_ELEMENTS(done); i++) {
        g_autoptr(NetResponse) response = NULL;

        test_until(done[i].calls);
        response = net_session_send_finish(done[i].result, NULL);
        g_assert_cmpuint(response->status, ==, 200);
        test_done_clear(&done[i]);
    }
    g_assert_cmpuint(renewer.calls, ==, 1);
    g_assert_cmpuint(http->seen->len, ==, 4);
}

/* Who comes while a renewal runs waits for it, rather than to meet the 401 as well. */
static void test_renewal_first(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    Renewer renewer = { .token = "good" };
    g_auto(TestDone) done = { 0 };
    g_autoptr(NetResponse) response = NULL;

    net_credential_set_renewer(credential, on_renew, &renewer);
    net_credential_renew_async(credential, net_credential_get_serial(credential), NULL, test_done, &done);
    response = ask(session, http->url, credential, "guarded", NULL);
    g_assert_cmpuint(done.calls, ==, 1);
    g_assert_cmpuint(response->status, ==, 200);
    g_assert_cmpuint(http->seen->len, ==, 1);
}

/* Who has only waited, as for an early renewal, does not suffer from a failure that passes: the old value may be good. */
static void test_renewal_first_fails(void)
{
    static const struct {
        const char *name;
        const char *token; /* (nullable): nothing is held */
        NetError code;
        int outcome; /* status, or the code of an error, negative */
        guint seen;
    } cases[] = {
        { "the old one is good", "good", NET_ERROR_SERVER, 200, 1 },
        { "the old one is refused", "old", NET_ERROR_SERVER, -NET_ERROR_SERVER, 1 },
        { "for good", "good", NET_ERROR_UNAUTHORIZED, -NET_ERROR_UNAUTHORIZED, 0 },
        { "no old one", NULL, NET_ERROR_SERVER, -NET_ERROR_SERVER, 0 },
    };

    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const gsize row = i / 2;
        g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
        g_autoptr(NetSession) session = session_new(0, 1);
        g_autoptr(NetCredential) credential = net_credential_new();
        Renewer renewer = { .fails = TRUE, .code = cases[row].code };
        g_auto(TestDone) done = { 0 };
        g_autoptr(NetResponse) response = NULL;
        g_autoptr(GInputStream) body = NULL;
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[row].name);
        if (cases[row].token)
            net_credential_set_bearer(credential, cases[row].token);
        net_credential_set_renewer(credential, on_renew, &renewer);
        net_credential_renew_async(credential, net_credential_get_serial(credential), NULL, test_done, &done);
        if (i % 2)
            body = open_body(session, http->url, credential, "guarded", NULL, &error);
        else
            response = ask(session, http->url, credential, "guarded", &error);
        if (cases[row].outcome > 0) {
            g_assert_no_error(error);
            g_assert_true(body || response->status == 200);
        } else {
            g_assert_error(error, NET_ERROR, -cases[row].outcome);
        }
        g_assert_cmpuint(done.calls, ==, 1);
        g_assert_cmpuint(renewer.calls, ==, 1);
        g_assert_cmpuint(http->seen->len, ==, cases[row].seen);
    }
}

/* The same by the clock: requests go on while and after an early renewal fails. */
static void test_early_renewal_fails(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    Renewer renewer = { .fails = TRUE, .code = NET_ERROR_OFFLINE };

    net_credential_set_hurry(credential, 1000);
    net_credential_set_bearer(credential, "good");
    net_credential_set_renewer(credential, on_renew, &renewer);
    net_credential_set_life(credential, 10);
    while (renewer.calls < 3) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NetResponse) response = ask(session, http->url, credential, "guarded", &error);

        g_assert_no_error(error);
        g_assert_cmpuint(response->status, ==, 200);
    }
    net_credential_set_renewer(credential, NULL, NULL);
    g_clear_handle_id(&renewer.ready_id, g_source_remove);
}

/* ---- proxies ---- */

static void on_proxy_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                             gpointer user_data)
{
    TestHttp *http = user_data;
    SoupMessageHeaders *in = soup_server_message_get_request_headers(message);
    SoupMessageHeaders *out = soup_server_message_get_response_headers(message);
    const char *secret = soup_message_headers_get_one(in, "Proxy-Authorization");

    (void)server;
    (void)path;
    (void)query;
    g_ptr_array_add(http->seen,
                    g_strdup_printf("%s %s", soup_server_message_get_method(message), secret ? secret : "nobody"));
    test_http_note(http, message);
    soup_server_message_set_status(message, secret ? 502 : 407, NULL);
    soup_message_headers_append(out, "Proxy-Authenticate", "Basic realm=\"proxy\"");
}

/* The proxy gets its own password and never our credential. */
static void test_proxy_password(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_proxy_request, NULL);
    g_autofree char *proxy_url = g_strconcat("http://user:pass@", strstr(http->url, "127."), NULL);
    g_autoptr(GProxyResolver) proxy = g_simple_proxy_resolver_new(proxy_url, NULL);
    NetSessionOptions options = { "test/1.0", NULL, proxy, 0, 1, LIMIT };
    g_autoptr(NetSession) session = net_session_new(&options, NULL);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;

    net_credential_set_bearer(credential, "good");
    g_assert_null(ask(session, "https://flowdock.invalid", credential, "x", &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_PROXY);
    g_assert_cmpuint(http->seen->len, ==, 4);
    g_assert_cmpstr(http->seen->pdata[0], ==, "CONNECT nobody");
    g_assert_cmpstr(http->seen->pdata[2], ==, "CONNECT Basic dXNlcjpwYXNz");
    g_assert_cmpstr(http->secrets->pdata[0], ==, "");
    g_assert_cmpstr(http->secrets->pdata[1], ==, "");
}

/* ---- ends ---- */

/* Cancels after so many turns of the main loop, so that one of them hits each step. */
static void test_cancel_anywhere(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    guint cancelled = 0, finished = 0;

    for (int turns = 0; finished < 5; turns++) {
        g_autoptr(NetSession) session = session_new(0, 1);
        g_autoptr(NetCredential) credential = net_credential_new();
        g_autoptr(NetRequest) request = net_request_new("GET", "guarded", NULL);
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(NetResponse) response = NULL;
        g_autoptr(GError) error = NULL;
        g_auto(TestDone) done = { 0 };
        Renewer renewer = { .token = "good" };

        net_credential_set_bearer(credential, "old");
        net_credential_set_renewer(credential, on_renew, &renewer);
        net_session_send_async(session, http->url, request, credential, cancellable, test_done, &done);
        for (int i = 0; i < turns && !done.calls; i++)
            g_main_context_iteration(NULL, TRUE);
        finished += done.calls;
        cancelled += 1 - done.calls;
        g_cancellable_cancel(cancellable);
        test_until(done.calls);
        response = net_session_send_finish(done.result, &error);
        g_assert_null(response);
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        net_credential_set_renewer(credential, NULL, NULL);
        g_clear_handle_id(&renewer.ready_id, g_source_remove);
        test_settle();
    }
    g_assert_cmpuint(cancelled, >, 5);
}

static void test_close_anywhere(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    guint finished = 0;

    for (int turns = 0; finished < 5; turns++) {
        g_autoptr(NetSession) session = session_new(0, 1);
        g_autoptr(NetRequest) request = net_request_new("GET", turns % 2 ? "stall" : "x", NULL);
        g_autoptr(NetRequest) other = net_request_new("GET", "x", NULL);
        TestDone done[3] = { 0 };

        net_session_send_async(session, http->url, other, NULL, NULL, test_done, &done[0]);
        net_session_send_async(session, http->url, request, NULL, NULL, test_done, &done[1]);
        for (int i = 0; i < turns && !done[1].calls; i++)
            g_main_context_iteration(NULL, turns % 2 == 0);
        finished += turns > 40 || done[1].calls;
        net_session_close(session);
        net_session_send_async(session, http->url, other, NULL, NULL, test_done, &done[2]);
        for (gsize i = 0; i < G_N_ELEMENTS(done); i++) {
            g_autoptr(GError) error = NULL;

            test_until(done[i].calls);
            g_assert_null(net_session_send_finish(done[i].result, &error));
            g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
            test_done_clear(&done[i]);
        }
        test_settle();
    }
}

/* The callbacks never come while the caller is still in a call of ours. */
static void test_never_at_once(void)
{
    g_autoptr(TestRaw) raw = test_raw_new("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", FALSE);
    g_autoptr(NetSession) session = session_new(0, 4);
    g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(TestDone) one = { 0 };
    g_auto(TestDone) other = { 0 };

    net_session_send_async(session, raw->url, request, NULL, cancellable, test_done, &one);
    net_session_send_async(session, raw->url, request, NULL, NULL, test_done, &other);
    test_until(raw->accepted == 2 && strstr(strstr(raw->heads->str, "\r\n\r\n") + 1, "\r\n\r\n"));
    test_settle();
    g_cancellable_cancel(cancellable);
    g_assert_cmpuint(one.calls, ==, 0);
    test_until(one.calls);
    net_session_close(session);
    g_assert_cmpuint(other.calls, ==, 0);
    test_until(other.calls);
    test_until(raw->ended == 2);
}

typedef struct {
    NetSession *session;
    NetCredential *credential;
    guint calls;
} Owner;

static void on_answer_free_all(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Owner *owner = user_data;

    (void)source;
    net_response_free(net_session_send_finish(result, NULL));
    owner->calls++;
    if (owner->session)
        net_session_close(owner->session);
    g_clear_pointer(&owner->session, net_session_unref);
    g_clear_pointer(&owner->credential, net_credential_unref);
}

static void test_free_in_callback(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    Owner owner = { session_new(0, 2), net_credential_new(), 0 };

    for (int i = 0; i < 5; i++) {
        g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);

        net_session_send_async(owner.session, http->url, request, owner.credential, NULL, on_answer_free_all, &owner);
    }
    test_until(owner.calls == 5);
}

/* ---- the log ---- */

static void on_log(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
    (void)domain;
    g_assert_cmpint(level & G_LOG_LEVEL_MASK, ==, G_LOG_LEVEL_DEBUG);
    g_string_append_printf(user_data, "%s\n", message);
}

static void test_log(void)
{
    g_autoptr(TestHttp) http = test_http_new(NULL, on_request, NULL);
    g_autoptr(NetSession) session = session_new(0, 1);
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(NetRequest) request = net_request_new("POST", "seen", NULL);
    g_autoptr(GString) log = g_string_new(NULL);
    g_auto(TestDone) done = { 0 };
    g_autoptr(NetResponse) response = NULL;
    guint id = g_log_set_handler("flowdock-net", G_LOG_LEVEL_MASK, on_log, log);

    net_credential_set_bearer(credential, "hidden");
    net_request_add_query(request, "q", "hidden");
    net_request_set_header(request, "X-Own", "hidden");
    net_request_set_body(request, "text/plain", "hidden", -1);
    net_session_send_async(session, http->url, request, credential, NULL, test_done, &done);
    test_until(done.calls);
    response = net_session_send_finish(done.result, NULL);
    g_log_remove_handler("flowdock-net", id);
    g_assert_cmpuint(response->status, ==, 200);
    g_assert_nonnull(strstr(log->str, "POST /seen: 200, 11 bytes"));
    g_assert_null(strstr(log->str, "hidden"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/session/answer", test_answer);
    g_test_add_func("/net/session/bodies", test_bodies);
    g_test_add_func("/net/session/long-excuse", test_long_excuse);
    g_test_add_func("/net/session/dropped-body", test_dropped_body);
    g_test_add_func("/net/session/own-limit", test_own_limit);
    g_test_add_func("/net/session/open", test_open);
    g_test_add_func("/net/session/redirect", test_redirect);
    g_test_add_func("/net/session/location", test_location);
    g_test_add_func("/net/session/foreign", test_foreign);
    g_test_add_func("/net/session/broken", test_broken);
    g_test_add_func("/net/session/sent-again", test_sent_again);
    g_test_add_func("/net/session/not-sent-again", test_not_sent_again);
    g_test_add_func("/net/session/silent", test_silent);
    g_test_add_func("/net/session/nobody-there", test_nobody_there);
    g_test_add_func("/net/session/insecure", test_insecure);
    g_test_add_func("/net/session/headers", test_headers);
    g_test_add_func("/net/session/header-injection", test_header_injection);
    g_test_add_func("/net/session/key", test_key);
    g_test_add_func("/net/session/no-key", test_no_key);
    g_test_add_func("/net/session/renewal", test_renewal);
    g_test_add_func("/net/session/no-renewal", test_no_renewal);
    g_test_add_func("/net/session/expected-401", test_expected_401);
    g_test_add_func("/net/session/challenge", test_challenge);
    g_test_add_func("/net/session/refused-again", test_refused_again);
    g_test_add_func("/net/session/renewal-fails", test_renewal_fails);
    g_test_add_func("/net/session/refused-together", test_refused_together);
    g_test_add_func("/net/session/renewal-first", test_renewal_first);
    g_test_add_func("/net/session/renewal-first-fails", test_renewal_first_fails);
    g_test_add_func("/net/session/early-renewal-fails", test_early_renewal_fails);
    g_test_add_func("/net/session/proxy-password", test_proxy_password);
    g_test_add_func("/net/session/cancel-anywhere", test_cancel_anywhere);
    g_test_add_func("/net/session/close-anywhere", test_close_anywhere);
    g_test_add_func("/net/session/never-at-once", test_never_at_once);
    g_test_add_func("/net/session/free-in-callback", test_free_in_callback);
    g_test_add_func("/net/session/log", test_log);
    return g_test_run();
}
