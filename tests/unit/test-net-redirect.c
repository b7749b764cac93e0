/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-redirect: what a browser, or anything else on this computer, may send to the listener. */
#include "net/net-redirect.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/net-error.h"
#include "net/net-oauth.h"
#include "test-util.h"

#define PATH "/flowdock"
/* Longer than any test. */
#define LONG_MS (10 * 60 * 1000)
/* More than the buffers of two sockets take, so that writing it stops until somebody reads. */
#define HUGE_PAGE (64 * 1024 * 1024)

static const NetRedirectPages pages = {
    .done = "<p>done \xc3\xa9</p>",
    .denied = "<p>denied</p>",
    .wrong = "<p>wrong</p>",
    .over = "<p>over</p>",
};

/* ---- the sign-in ---- */

typedef struct {
    NetRedirect *redirect;
    NetConsent *consent;
    guint16 port;
    guint calls;
    char *code;
    GError *error;
    gboolean frees; /* from within the callback */
} SignIn;

static void on_redirected(const char *code, const GError *error, gpointer user_data)
{
    SignIn *sign_in = user_data;

    sign_in->calls++;
    g_assert_true((code != NULL) == (error == NULL));
    g_assert_cmpuint(sign_in->calls, ==, 1);
    sign_in->code = g_strdup(code);
    sign_in->error = error ? g_error_copy(error) : NULL;
    if (sign_in->frees)
        g_clear_pointer(&sign_in->redirect, net_redirect_free);
}

static SignIn *sign_in_new(guint16 port)
{
    static const char *const path[] = { "oauth", "authorize", NULL };
    static const char *const scopes[] = { NULL };
    SignIn *sign_in = g_new0(SignIn, 1);
    NetConsentOptions options = { "https://h", path, "id", NULL, scopes, "+", FALSE, FALSE };
    g_autoptr(GUri) uri = NULL;
    g_autoptr(GError) error = NULL;

    sign_in->redirect = net_redirect_new(port, PATH, &error);
    g_assert_no_error(error);
    options.redirect_uri = net_redirect_get_uri(sign_in->redirect);
    uri = g_uri_parse(options.redirect_uri, G_URI_FLAGS_NONE, NULL);
    sign_in->port = (guint16)g_uri_get_port(uri);
    sign_in->consent = net_consent_new(&options, NULL);
    return sign_in;
}

static void sign_in_wait(SignIn *sign_in)
{
    net_redirect_wait(sign_in->redirect, sign_in->consent, &pages, LONG_MS, on_redirected, sign_in);
}

static SignIn *sign_in_waiting(void)
{
    SignIn *sign_in = sign_in_new(0);

    sign_in_wait(sign_in);
    return sign_in;
}

static void sign_in_free(SignIn *sign_in)
{
    guint calls = sign_in->calls;

    net_redirect_free(sign_in->redirect);
    test_settle();
    g_assert_cmpuint(sign_in->calls, ==, calls);
    net_consent_unref(sign_in->consent);
    g_free(sign_in->code);
    g_clear_error(&sign_in->error);
    g_free(sign_in);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignIn, sign_in_free)

/* (transfer full): @text with this listener's port for PORT and this consent's state for STATE. */
static char *filled(const SignIn *sign_in, const char *text)
{
    const char *state = strstr(net_consent_get_address(sign_in->consent), "&state=") + strlen("&state=");
    g_autofree char *state_only = g_strndup(state, strcspn(state, "&"));
    g_autofree char *port = g_strdup_printf("%u", sign_in->port);
    GString *whole = g_string_new(text);

    g_string_replace(whole, "PORT", port, 0);
    g_string_replace(whole, "STATE", state_only, 0);
    return g_string_free(whole, FALSE);
}

/* ---- the browser: one connection ---- */

typedef struct {
    GSocketConnection *connection;
    GString *got;
    gboolean reads;
    gboolean ended;
    gboolean wrote; /* all of browser_send_lots(), or as much as was taken */
    char bytes[4096];
} Browser;

static GSocket *connected(const char *host, guint16 port, GError **error)
{
    g_autoptr(GSocket) socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(host, port);

    return g_socket_connect(socket, address, NULL, error) ? g_steal_pointer(&socket) : NULL;
}

static void assert_refused(guint16 port)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(connected("127.0.0.1", port, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static Browser *browser_open(guint16 port)
{
    Browser *browser = g_new0(Browser, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) socket = connected("127.0.0.1", port, &error);

    g_assert_no_error(error);
    browser->connection = g_socket_connection_factory_create_connection(socket);
    browser->got = g_string_new(NULL);
    return browser;
}

/* So little that the system takes it at once: nothing runs before this returns. */
static void browser_send(Browser *browser, const char *text)
{
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(browser->connection)), text, strlen(text), NULL,
                              NULL, NULL);
}

static void on_wrote(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Browser *browser = user_data;

    g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);
    browser->wrote = TRUE;
}

static void browser_send_lots(Browser *browser, const char *text)
{
    g_output_stream_write_all_async(g_io_stream_get_output_stream(G_IO_STREAM(browser->connection)), text, strlen(text),
                                    G_PRIORITY_DEFAULT, NULL, on_wrote, browser);
    test_until(browser->wrote);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Browser *browser = user_data;
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

    if (count <= 0) {
        browser->ended = TRUE;
        return;
    }
    g_string_append_len(browser->got, browser->bytes, count);
    g_input_stream_read_async(G_INPUT_STREAM(source), browser->bytes, sizeof browser->bytes, G_PRIORITY_DEFAULT, NULL,
                              on_read, browser);
}

static void browser_read(Browser *browser)
{
    browser->reads = TRUE;
    g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(browser->connection)), browser->bytes,
                              sizeof browser->bytes, G_PRIORITY_DEFAULT, NULL, on_read, browser);
}

static void browser_free(Browser *browser)
{
    g_socket_shutdown(g_socket_connection_get_socket(browser->connection), TRUE, TRUE, NULL);
    if (browser->reads)
        test_until(browser->ended);
    g_object_unref(browser->connection);
    g_string_free(browser->got, TRUE);
    g_free(browser);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Browser, browser_free)

static void browser_ask(Browser *browser, const SignIn *sign_in, const char *request)
{
    g_autofree char *text = filled(sign_in, request);

    browser_send(browser, text);
}

/* A whole exchange on a connection of its own. Returns: (transfer full): all that came until it was closed. */
static char *exchange(guint16 port, const char *text)
{
    g_autoptr(Browser) browser = browser_open(port);

    browser_send(browser, text);
    browser_read(browser);
    test_until(browser->ended);
    return g_strdup(browser->got->str);
}

static char *ask(const SignIn *sign_in, const char *request)
{
    g_autofree char *text = filled(sign_in, request);

    return exchange(sign_in->port, text);
}

#define GET(query) "GET " PATH query " HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n"
#define RIGHT GET("?code=CoDe&state=STATE")

static void assert_status(const char *answer, guint status)
{
    g_autofree char *begin = g_strdup_printf("HTTP/1.1 %u ", status);

    if (!g_str_has_prefix(answer, begin))
        g_test_message("%s", answer);
    g_assert_true(g_str_has_prefix(answer, begin));
}

/* @page: (nullable): none */
static void assert_answer(const char *answer, guint status, const char *page)
{
    const char *body = strstr(answer, "\r\n\r\n");

    assert_status(answer, status);
    g_assert_cmpstr(body + 4, ==, page ? page : "");
    g_assert_null(strstr(answer, "CoDe"));
}

static void test_uri(void)
{
    g_autoptr(SignIn) sign_in = sign_in_new(0);
    g_autofree char *expected = filled(sign_in, "http://127.0.0.1:PORT" PATH);
    g_autoptr(GSocket) elsewhere = NULL;

    g_assert_cmpuint(sign_in->port, >, 0);
    g_assert_cmpstr(net_redirect_get_uri(sign_in->redirect), ==, expected);
    /* All of 127.0.0.0/8 is this computer, but it listens at one address only. */
    elsewhere = connected("127.0.0.2", sign_in->port, NULL);
    g_assert_null(elsewhere);
}

static void test_code(void)
{
    static const char *const fields[] = {
        "\r\nContent-Type: text/html; charset=utf-8\r\n",
        "\r\nCache-Control: no-store\r\n",
        "\r\nReferrer-Policy: no-referrer\r\n",
        "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n",
        "\r\nConnection: close\r\n",
    };
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *answer = ask(sign_in, RIGHT);

    assert_answer(answer, 200, pages.done);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_test_message("%s", fields[i]);
        g_assert_nonnull(strstr(answer, fields[i]));
    }
    g_assert_null(strstr(answer, "\r\nServer:"));
    test_until(sign_in->calls == 1);
    g_assert_no_error(sign_in->error);
    g_assert_cmpstr(sign_in->code, ==, "CoDe");
    assert_refused(sign_in->port);
}

/* The first code or error is the answer, right or not. */
static void test_answers(void)
{
    static const struct {
        const char *name, *request;
        guint status;
        const char *page;
        int error; /* -1: a code */
    } cases[] = {
        { "code", RIGHT, 200, "<p>done \xc3\xa9</p>", -1 },
        { "more in the query", GET("?a=b&state=STATE&&x&code=CoDe"), 200, "<p>done \xc3\xa9</p>", -1 },
        { "by name", "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nhOST: LocalHost:PORT\r\n\r\n", 200,
          "<p>done \xc3\xa9</p>", -1 },
        { "whole address",
          "GET http://127.0.0.1:PORT" PATH "?code=CoDe&state=STATE HTTP/1.1\r\n"
          "Host: 127.0.0.1:PORT\r\n\r\n",
          200, "<p>done \xc3\xa9</p>", -1 },
        { "empty body",
          "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
          "Content-Length: 0\r\n\r\n",
          200, "<p>done \xc3\xa9</p>", -1 },
        { "a range",
          "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
          "Range: bytes=0-1,0-1\r\n\r\n",
          200, "<p>done \xc3\xa9</p>", -1 },
        { "expects",
          "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
          "Expect: 100-continue\r\n\r\n",
          200, "<p>done \xc3\xa9</p>", -1 },
        { "denied", GET("?error=access_denied&state=STATE"), 200, "<p>denied</p>", NET_OAUTH_ERROR_ACCESS_DENIED },
        { "other error", GET("?state=STATE&error=whatever"), 200, "<p>denied</p>", NET_OAUTH_ERROR_OTHER },
        { "wrong state", GET("?code=CoDe&state=x"), 400, "<p>wrong</p>", NET_OAUTH_ERROR_WRONG_STATE },
        { "no state", GET("?code=CoDe"), 400, "<p>wrong</p>", NET_OAUTH_ERROR_WRONG_STATE },
        { "denied, wrong state", GET("?error=access_denied&state=x"), 400, "<p>wrong</p>",
          NET_OAUTH_ERROR_WRONG_STATE },
        { "bad code", GET("?code=Co%20De&state=STATE"), 400, "<p>wrong</p>", NET_OAUTH_ERROR_NO_CODE },
        { "empty code", GET("?code=&state=STATE"), 400, "<p>wrong</p>", NET_OAUTH_ERROR_NO_CODE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SignIn) sign_in = sign_in_waiting();
        g_autofree char *answer = ask(sign_in, cases[i].request);

        g_test_message("%s", cases[i].name);
        assert_answer(answer, cases[i].status, cases[i].page);
        test_until(sign_in->calls == 1);
        if (cases[i].error < 0)
            g_assert_cmpstr(sign_in->code, ==, "CoDe");
        else
            g_assert_error(sign_in->error, NET_OAUTH_ERROR, cases[i].error);
        assert_refused(sign_in->port);
    }
}

/* None of these is an answer, and the right one still counts after them. */
static void test_not_answers(void)
{
    static const struct {
        const char *name, *request;
        guint status;
        const char *page; /* (nullable): none */
    } cases[] = {
        { "other page", "GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404, NULL },
        { "other path", "GET /?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404, NULL },
        { "longer path", "GET " PATH "/?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404, NULL },
        { "encoded slash", "GET /flowdock%2F?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404,
          NULL },
        { "double slash", "GET /" PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404, NULL },
        { "HEAD", "HEAD " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 405, NULL },
        { "POST", "POST " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 0\r\n\r\n",
          405, NULL },
        { "OPTIONS", "OPTIONS " PATH " HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 405, NULL },
        { "made-up method", "GETS " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 405, NULL },
        { "other host", "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n", 403,
          "<p>wrong</p>" },
        { "other port", "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 403,
          "<p>wrong</p>" },
        { "no port", "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 403, "<p>wrong</p>" },
        { "host above", "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: localhost.evil.example:PORT\r\n\r\n", 403,
          "<p>wrong</p>" },
        { "user", "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: x@127.0.0.1:PORT\r\n\r\n", 403,
          "<p>wrong</p>" },
        { "two hosts",
          "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
          "Host: evil.example:PORT\r\n\r\n",
          403, "<p>wrong</p>" },
        { "two hosts, ours last",
          "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: evil.example:PORT\r\n"
          "Host: 127.0.0.1:PORT\r\n\r\n",
          403, "<p>wrong</p>" },
        { "no host beside the address", "GET http://127.0.0.1:PORT" PATH "?code=CoDe&state=STATE HTTP/1.1\r\n\r\n", 403,
          "<p>wrong</p>" },
        { "other host in the address",
          "GET http://evil.example:PORT" PATH "?code=CoDe&state=STATE HTTP/1.1\r\n"
          "Host: 127.0.0.1:PORT\r\n\r\n",
          403, "<p>wrong</p>" },
        { "other host beside the address",
          "GET http://127.0.0.1:PORT" PATH "?code=CoDe&state=STATE HTTP/1.1\r\n"
          "Host: evil.example:PORT\r\n\r\n",
          403, "<p>wrong</p>" },
        { "no query", GET(""), 400, "<p>wrong</p>" },
        { "empty query", GET("?"), 400, "<p>wrong</p>" },
        { "neither code nor error", GET("?state=STATE&xcode=CoDe&code&error"), 400, "<p>wrong</p>" },
    };
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *right = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer = ask(sign_in, cases[i].request);

        g_test_message("%s", cases[i].name);
        assert_answer(answer, cases[i].status, cases[i].page);
        g_assert_nonnull(strstr(answer, "\r\nCache-Control: no-store\r\n"));
        g_assert_true((strstr(answer, "\r\nAllow: GET\r\n") != NULL) == (cases[i].status == 405));
        g_assert_cmpuint(sign_in->calls, ==, 0);
    }
    right = ask(sign_in, RIGHT);
    assert_answer(right, 200, pages.done);
    test_until(sign_in->calls == 1);
    g_assert_cmpstr(sign_in->code, ==, "CoDe");
}

/* What is no HTTP is libsoup's to answer; here it only may not change or end anything. Without unknown encodings of a
 * body: libsoup 3.2 forgets to free the path of such a request. */
static void test_garbage(void)
{
    static const char *const requests[] = {
        "\r\n\r\n",
        "hello\r\n\r\n",
        "\x16\x03\x01\x02\n\n",
        "GET " PATH "?code=CoDe&state=STATE\r\n\r\n",
        "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\n\r\n",
        "GET " PATH "?code=CoDe&state=STATE HTTP/1.0\r\n\r\n",
        "GET flowdock?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
        GET("?code=%zz&state=STATE"),
        "GET * HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
        "CONNECT 127.0.0.1:PORT HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
        "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: -5\r\n\r\n",
    };
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *right = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autoptr(Browser) browser = browser_open(sign_in->port);

        g_test_message("%s", requests[i]);
        browser_ask(browser, sign_in, requests[i]);
        g_socket_shutdown(g_socket_connection_get_socket(browser->connection), FALSE, TRUE, NULL);
        browser_read(browser);
        test_until(browser->ended);
        g_assert_false(g_str_has_prefix(browser->got->str, "HTTP/1.1 2"));
        g_assert_null(strstr(browser->got->str, "CoDe"));
        g_assert_cmpuint(sign_in->calls, ==, 0);
    }
    right = ask(sign_in, RIGHT);
    assert_answer(right, 200, pages.done);
}

static void test_not_waiting(void)
{
    g_autoptr(SignIn) sign_in = sign_in_new(0);
    g_autofree char *early = ask(sign_in, RIGHT);
    g_autofree char *right = NULL;

    assert_answer(early, 404, NULL);
    sign_in_wait(sign_in);
    right = ask(sign_in, RIGHT);
    assert_answer(right, 200, pages.done);
}

/* The body is not waited for. */
static void test_bodies(void)
{
    static const char *const requests[] = {
        "POST " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 5\r\n\r\n",
        "POST " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 9223372036854775807\r\n\r\nhello",
        "PUT " PATH " HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST " PATH " HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "GET " PATH "?code=CoDe&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 1\r\n\r\n",
        "POST " PATH " HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
    };
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *right = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autofree char *answer = ask(sign_in, requests[i]);

        g_test_message("%s", requests[i]);
        assert_answer(answer, 413, NULL);
        g_assert_cmpuint(sign_in->calls, ==, 0);
    }
    right = ask(sign_in, RIGHT);
    assert_answer(right, 200, pages.done);
}

static void test_endless_head(void)
{
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *lots = g_strnfill(1024 * 1024, 'x');
    g_autofree char *request = g_strconcat("GET " PATH "?code=", lots, NULL);
    g_autoptr(Browser) browser = browser_open(sign_in->port);
    g_autofree char *right = NULL;

    browser_read(browser);
    browser_send_lots(browser, request);
    test_until(browser->ended);
    g_assert_cmpuint(sign_in->calls, ==, 0);
    right = ask(sign_in, RIGHT);
    assert_answer(right, 200, pages.done);
}

static void test_holds_consent(void)
{
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *request = filled(sign_in, RIGHT);
    g_autofree char *answer = NULL;

    g_clear_pointer(&sign_in->consent, net_consent_unref);
    answer = exchange(sign_in->port, request);
    assert_answer(answer, 200, pages.done);
}

static void test_in_pieces(void)
{
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *request = filled(sign_in, RIGHT);
    g_autoptr(Browser) browser = browser_open(sign_in->port);

    browser_read(browser);
    for (const char *at = request; *at; at++) {
        char piece[2] = { *at, '\0' };

        browser_send(browser, piece);
        test_settle();
    }
    test_until(browser->ended);
    assert_answer(browser->got->str, 200, pages.done);
}

/* Browsers open connections ahead; those come too late for an answer. */
static void test_second_answer(void)
{
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autoptr(Browser) second = browser_open(sign_in->port);
    g_autoptr(Browser) third = browser_open(sign_in->port);
    g_autofree char *first = ask(sign_in, RIGHT);

    assert_answer(first, 200, pages.done);
    browser_ask(second, sign_in, GET("?code=other&state=STATE"));
    browser_read(second);
    test_until(second->ended);
    assert_answer(second->got->str, 410, pages.over);
    test_until(sign_in->calls == 1);
    g_assert_cmpstr(sign_in->code, ==, "CoDe");
    browser_ask(third, sign_in, GET("?error=access_denied&state=STATE"));
    browser_read(third);
    test_until(third->ended);
    assert_answer(third->got->str, 410, pages.over);
}

/* Both on one connection: only the first is read. */
static void test_pipelined(void)
{
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autofree char *answer = ask(sign_in, RIGHT RIGHT);

    assert_answer(answer, 200, pages.done);
    test_until(sign_in->calls == 1);
    g_assert_cmpstr(sign_in->code, ==, "CoDe");
}

static void test_no_answer(void)
{
    g_autoptr(SignIn) sign_in = sign_in_new(0);
    g_autoptr(Browser) idle = browser_open(sign_in->port);
    g_autoptr(Browser) half = browser_open(sign_in->port);

    browser_send(half, "GET " PATH);
    browser_read(idle);
    browser_read(half);
    net_redirect_wait(sign_in->redirect, sign_in->consent, &pages, 1, on_redirected, sign_in);
    g_assert_cmpuint(sign_in->calls, ==, 0);
    test_until(sign_in->calls == 1);
    g_assert_error(sign_in->error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_ANSWER);
    assert_refused(sign_in->port);
    test_until(idle->ended && half->ended);
}

/* The page is larger than what is read of it; the code counts all the same. */
static void hang(SignIn *sign_in, Browser *browser, guint timeout_ms)
{
    g_autofree char *page = g_strnfill(HUGE_PAGE, 'x');
    NetRedirectPages huge = { page, "", "", "" };

    browser_ask(browser, sign_in, RIGHT);
    net_redirect_wait(sign_in->redirect, sign_in->consent, &huge, timeout_ms, on_redirected, sign_in);
}

static gboolean is_page_coming(Browser *browser)
{
    return g_socket_get_available_bytes(g_socket_connection_get_socket(browser->connection)) > 0;
}

static gboolean on_tick(gpointer data)
{
    (void)data;
    return G_SOURCE_CONTINUE;
}

static void wait_for_page(Browser *browser)
{
    guint tick_id = g_timeout_add(1, on_tick, NULL);

    test_until(is_page_coming(browser));
    g_source_remove(tick_id);
    test_settle();
}

static void test_page_hangs(void)
{
    g_autoptr(SignIn) sign_in = sign_in_new(0);
    g_autoptr(Browser) browser = browser_open(sign_in->port);

    /* The request is there before the clock runs. */
    hang(sign_in, browser, 100);
    test_until(sign_in->calls == 1);
    g_assert_cmpstr(sign_in->code, ==, "CoDe");
    assert_refused(sign_in->port);
}

static void test_browser_goes(void)
{
    g_autoptr(SignIn) sign_in = sign_in_new(0);
    Browser *browser = browser_open(sign_in->port);

    hang(sign_in, browser, LONG_MS);
    wait_for_page(browser);
    g_assert_cmpuint(sign_in->calls, ==, 0);
    assert_refused(sign_in->port);
    browser_free(browser);
    test_until(sign_in->calls == 1);
    g_assert_cmpstr(sign_in->code, ==, "CoDe");
}

static void test_many_connections(void)
{
    enum { ALL = 40, KEPT = 16 };
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    Browser *idle[ALL];
    guint ended = 0;
    g_autofree char *right = NULL;

    for (int i = 0; i < ALL; i++) {
        idle[i] = browser_open(sign_in->port);
        browser_read(idle[i]);
        test_settle();
    }
    for (int i = 0; i < ALL - KEPT; i++)
        test_until(idle[i]->ended);
    for (int i = 0; i < ALL; i++)
        ended += idle[i]->ended ? 1 : 0;
    g_assert_cmpuint(ended, ==, ALL - KEPT);
    /* Those that have gone by themselves do not count. */
    browser_free(idle[ALL - 1]);
    right = ask(sign_in, GET(""));
    assert_answer(right, 400, pages.wrong);
    g_assert_false(idle[ALL - KEPT]->ended);
    g_clear_pointer(&right, g_free);
    right = ask(sign_in, RIGHT);
    assert_answer(right, 200, pages.done);
    for (int i = 0; i < ALL - 1; i++)
        browser_free(idle[i]);
}

static void test_free_from_callback(void)
{
    g_autoptr(SignIn) sign_in = sign_in_waiting();
    g_autoptr(Browser) other = browser_open(sign_in->port);
    g_autofree char *answer = NULL;

    sign_in->frees = TRUE;
    browser_send(other, "GET " PATH);
    browser_read(other);
    answer = ask(sign_in, RIGHT);
    assert_answer(answer, 200, pages.done);
    test_until(sign_in->calls == 1);
    g_assert_null(sign_in->redirect);
    test_until(other->ended);
}

static void test_free_from_callback_late(void)
{
    g_autoptr(SignIn) sign_in = sign_in_new(0);

    sign_in->frees = TRUE;
    net_redirect_wait(sign_in->redirect, sign_in->consent, &pages, 1, on_redirected, sign_in);
    test_until(sign_in->calls == 1);
    g_assert_error(sign_in->error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_ANSWER);
}

static void test_free_while_half_sent(void)
{
    SignIn *sign_in = sign_in_waiting();
    g_autoptr(Browser) unseen = NULL;
    g_autoptr(Browser) half = browser_open(sign_in->port);
    g_autoptr(Browser) idle = browser_open(sign_in->port);

    browser_send(half, "GET " PATH "?code=CoDe&sta");
    test_settle();
    unseen = browser_open(sign_in->port);
    browser_send(unseen, "GET " PATH);
    browser_read(half);
    browser_read(idle);
    browser_read(unseen);
    sign_in_free(sign_in);
    test_until(half->ended && idle->ended && unseen->ended);
    g_assert_cmpuint(half->got->len, ==, 0);
}

static void test_free_while_writing(void)
{
    SignIn *sign_in = sign_in_new(0);
    g_autoptr(Browser) browser = browser_open(sign_in->port);

    hang(sign_in, browser, LONG_MS);
    wait_for_page(browser);
    g_assert_cmpuint(sign_in->calls, ==, 0);
    sign_in_free(sign_in);
    browser_read(browser);
    test_until(browser->ended);
}

/* The page is written, and the callback would come next. */
static void test_free_before_callback(void)
{
    SignIn *sign_in = sign_in_waiting();
    g_autoptr(Browser) browser = browser_open(sign_in->port);

    browser_ask(browser, sign_in, RIGHT);
    while (sign_in->calls == 0 && !is_page_coming(browser))
        g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(sign_in->calls, ==, 0);
    sign_in_free(sign_in);
}

static void test_free_at_any_time(void)
{
    for (int steps = 0; steps < 40; steps++) {
        SignIn *sign_in = sign_in_waiting();
        g_autoptr(Browser) browser = browser_open(sign_in->port);
        g_autoptr(Browser) body = browser_open(sign_in->port);

        browser_read(browser);
        browser_ask(body, sign_in, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        browser_ask(browser, sign_in, RIGHT);
        for (int i = 0; i < steps; i++)
            g_main_context_iteration(NULL, FALSE);
        sign_in_free(sign_in);
        test_until(browser->ended);
    }
}

static void test_free_unused(void)
{
    SignIn *sign_in = sign_in_new(0);
    guint16 port = sign_in->port;

    sign_in_free(sign_in);
    assert_refused(port);
    sign_in_free(sign_in_waiting());
    net_redirect_free(NULL);
}

static gboolean on_later(gpointer data)
{
    *(gboolean *)data = TRUE;
    return G_SOURCE_REMOVE;
}

static void test_free_before_timeout(void)
{
    SignIn *sign_in = sign_in_new(0);
    gboolean is_later = FALSE;

    net_redirect_wait(sign_in->redirect, sign_in->consent, &pages, 1, on_redirected, sign_in);
    sign_in_free(sign_in);
    /* The sign-in's own time would be over before this. */
    g_timeout_add(2, on_later, &is_later);
    test_until(is_later);
}

static void test_port_busy(void)
{
    g_autoptr(SignIn) first = sign_in_new(0);
    g_autofree char *number = g_strdup_printf("%u", first->port);
    g_autoptr(GError) error = NULL;

    g_assert_null(net_redirect_new(first->port, PATH, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_PORT_BUSY);
    g_assert_cmpstr(error->message, ==, number);
}

/* The side that closes first keeps the connection for a minute, which must not keep the port. */
static void test_port_again(void)
{
    SignIn *first = sign_in_waiting();
    guint16 port = first->port;
    g_autofree char *answer = ask(first, RIGHT);
    g_autoptr(SignIn) second = NULL;
    g_autofree char *again = NULL;

    sign_in_free(first);
    second = sign_in_new(port);
    g_assert_cmpuint(second->port, ==, port);
    sign_in_wait(second);
    again = ask(second, RIGHT);
    assert_answer(again, 200, pages.done);
}

/* Returns: what to give to allow_files() later. */
static rlim_t allow_no_more_files(void)
{
    struct rlimit limit;
    rlim_t before;
    int next = open("/dev/null", O_RDONLY | O_CLOEXEC);

    g_assert_cmpint(next, >=, 0);
    close(next);
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    before = limit.rlim_cur;
    limit.rlim_cur = (rlim_t)next;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    return before;
}

static void allow_files(rlim_t soft)
{
    struct rlimit limit;

    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    limit.rlim_cur = soft;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
}

static void test_no_socket(void)
{
    rlim_t before = allow_no_more_files();
    g_autoptr(GError) error = NULL;
    NetRedirect *redirect = net_redirect_new(0, PATH, &error);

    allow_files(before);
    g_assert_null(redirect);
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
}

/* Else the listening socket would stay ready for ever, and the main loop busy. */
static void test_no_connection(void)
{
    for (int is_early = 0; is_early < 2; is_early++) {
        g_autoptr(SignIn) sign_in = sign_in_new(0);
        g_autoptr(Browser) browser = browser_open(sign_in->port);
        rlim_t before;

        if (!is_early)
            sign_in_wait(sign_in);
        before = allow_no_more_files();
        test_settle();
        allow_files(before);
        if (is_early)
            sign_in_wait(sign_in);
        test_until(sign_in->calls == 1);
        g_assert_error(sign_in->error, NET_ERROR, NET_ERROR_OFFLINE);
        assert_refused(sign_in->port);
    }
}

static void on_log(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
    (void)domain;
    (void)level;
    g_string_append_printf(user_data, "%s\n", message);
}

static void test_log(void)
{
    g_autoptr(GString) log = g_string_new(NULL);
    GLogFunc before = g_log_set_default_handler(on_log, log);
    SignIn *sign_in = sign_in_waiting();
    g_autofree char *state = filled(sign_in, "STATE");
    g_autofree char *wrong =
        ask(sign_in, "GET /CoDe?code=CoDe HTTP/1.1\r\nHost: CoDe\r\nReferer: CoDe\r\nCookie: CoDe\r\n\r\n");
    g_autofree char *right = ask(sign_in, RIGHT);

    test_until(sign_in->calls == 1);
    sign_in_free(sign_in);
    g_log_set_default_handler(before, NULL);
    g_test_message("%s", log->str);
    assert_answer(right, 200, pages.done);
    g_assert_nonnull(strstr(log->str, "200"));
    g_assert_null(strstr(log->str, "CoDe"));
    g_assert_null(strstr(log->str, state));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/redirect/uri", test_uri);
    g_test_add_func("/net/redirect/code", test_code);
    g_test_add_func("/net/redirect/answers", test_answers);
    g_test_add_func("/net/redirect/not-answers", test_not_answers);
    g_test_add_func("/net/redirect/garbage", test_garbage);
    g_test_add_func("/net/redirect/not-waiting", test_not_waiting);
    g_test_add_func("/net/redirect/bodies", test_bodies);
    g_test_add_func("/net/redirect/endless-head", test_endless_head);
    g_test_add_func("/net/redirect/holds-consent", test_holds_consent);
    g_test_add_func("/net/redirect/in-pieces", test_in_pieces);
    g_test_add_func("/net/redirect/second-answer", test_second_answer);
    g_test_add_func("/net/redirect/pipelined", test_pipelined);
    g_test_add_func("/net/redirect/no-answer", test_no_answer);
    g_test_add_func("/net/redirect/page-hangs", test_page_hangs);
    g_test_add_func("/net/redirect/browser-goes", test_browser_goes);
    g_test_add_func("/net/redirect/many-connections", test_many_connections);
    g_test_add_func("/net/redirect/free-from-callback", test_free_from_callback);
    g_test_add_func("/net/redirect/free-from-callback-late", test_free_from_callback_late);
    g_test_add_func("/net/redirect/free-while-half-sent", test_free_while_half_sent);
    g_test_add_func("/net/redirect/free-while-writing", test_free_while_writing);
    g_test_add_func("/net/redirect/free-before-callback", test_free_before_callback);
    g_test_add_func("/net/redirect/free-at-any-time", test_free_at_any_time);
    g_test_add_func("/net/redirect/free-unused", test_free_unused);
    g_test_add_func("/net/redirect/free-before-timeout", test_free_before_timeout);
    g_test_add_func("/net/redirect/port-busy", test_port_busy);
    g_test_add_func("/net/redirect/port-again", test_port_again);
    g_test_add_func("/net/redirect/no-socket", test_no_socket);
    g_test_add_func("/net/redirect/no-connection", test_no_connection);
    g_test_add_func("/net/redirect/log", test_log);
    return g_test_run();
}
