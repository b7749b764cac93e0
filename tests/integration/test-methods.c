/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of every way to sign in but the password grant's plain one, which is in test-sign-in. */
#include "browser.h"
#include "host.h"

#include <string.h>

#define READY "connected *"
#define ASKED "ask Allow access in your web browser | *"

static PurpleAccount *account_by(FakeServer *server, const char *method, const char *password)
{
    PurpleAccount *account = host_account_new(server, "demo@example.com", password);

    purple_account_set_string(account, "auth_method", method);
    return account;
}

static PurpleAccount *account_by_browser(FakeServer *server, const char *redirect)
{
    PurpleAccount *account = account_by(server, "oauth", NULL);

    purple_account_set_string(account, "redirect", redirect);
    purple_account_set_remember_password(account, FALSE);
    host_sign_on(account);
    host_wait("browse");
    return account;
}

/* The account works: a line each way. */
static void check_talk(PurpleAccount *account, FakeServer *server)
{
    host_wait(READY);
    test_until(fake_server_count_streams(server) == 1);
    fake_server_say(server, "acme/main", 2, "can you hear me");
    host_wait("chat acme/main <Ann> RECV* can you hear me");
    host_type_in_room(account, "acme/main", "loud and clear");
    host_wait("chat acme/main <Demo> SEND* loud and clear");
}

static const char *last_token_body(FakeServer *server)
{
    return fake_server_last_request(server, "POST", "/oauth/token")->body;
}

/* ------------------------------------------------------------------------------------------- browser, pasted code */

static void test_oob(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "oob");
    g_autofree char *page = g_strconcat(fake_server_get_api_url(server),
                                        "/oauth/authorize?response_type=code&client_id=demo-client&", NULL);
    g_autofree char *code = NULL, *pasted = NULL, *joined = NULL;
    g_auto(GStrv) lines = g_strsplit(host_asked_text(), "\n", -1);

    g_assert_true(g_str_has_prefix(host_browsed(), page));
    g_assert_nonnull(strstr(host_browsed(), "scope=flow%20private%20profile%20manage%20offline_access"));
    /* Who has another browser needs the address; it must not make the dialog wider than the screen. */
    joined = g_strjoinv("", lines);
    g_assert_nonnull(strstr(joined, host_browsed()));
    for (char **line = lines; *line; line++)
        g_assert_true(strlen(*line) <= 64 || strchr(*line, ' '));
    code = browser_code(host_browsed());
    pasted = g_strdup_printf("  %s \r\n", code);
    host_answer(pasted);
    check_talk(account, server);
    g_assert_nonnull(strstr(last_token_body(server), "grant_type=authorization_code"));
    g_assert_nonnull(strstr(last_token_body(server), "redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob"));
    g_assert_nonnull(strstr(last_token_body(server), "code_verifier="));
    g_assert_null(fake_server_last_request(server, "POST", "/oauth/token")->authorization);
    /* There is nothing else to sign in with next time, so it is remembered. */
    g_assert_true(g_str_has_prefix(purple_account_get_password(account), "refresh-token:"));
    g_assert_true(purple_account_get_remember_password(account));
    host_sign_off(account);
    host_record_clear();
    host_sign_on(account);
    host_wait(READY);
    g_assert_cmpuint(host_record_count("browse"), ==, 0);
    g_assert_cmpuint(host_record_count("ask *"), ==, 0);
    host_account_free(account);
}

/* In bitlbee: the address is a message of its own. */
static void test_oob_without_browser(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, "oauth", NULL);
    g_auto(GStrv) lines = NULL;
    g_autofree char *code = NULL;

    host_set_browser(FALSE);
    host_sign_on(account);
    host_wait(ASKED);
    lines = g_strsplit(host_asked_text(), "\n", -1);
    g_assert_true(g_str_has_prefix(lines[1], fake_server_get_api_url(server)));
    code = browser_code(lines[1]);
    host_answer(code);
    check_talk(account, server);
    host_account_free(account);
    host_set_browser(TRUE);
}

static void test_oob_by_address(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "oob");
    g_autofree char *place = browser_allow(host_browsed());

    host_answer(place);
    check_talk(account, server);
    host_account_free(account);
}

/* A server that has never heard of PKCE. */
static void test_oob_without_pkce(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;
    g_autofree char *code = NULL;

    fake_server_set_odd(server, FAKE_ODD_BARE_CODE | FAKE_ODD_FORM_TOKENS | FAKE_ODD_NO_EXPIRES_IN);
    account = account_by_browser(server, "oob");
    code = browser_code(host_browsed());
    host_answer(code);
    check_talk(account, server);
    host_account_free(account);
}

typedef struct {
    const char *name;
    const char *pasted; /* NULL: the consent page's own address */
    const char *why;
} Slip;

static const Slip slips[] = {
    { "nothing", "", "There is no code in this. *" },
    { "blanks", " \t\n", "There is no code in this. *" },
    { "words", "I have allowed it", "There is no code in this. *" },
    { "other-site", "https://example.com/oauth/authorize/abcdef", "This address is of another page. *" },
    { "other-page", "https://www.flowdock.com/app/acme/main", "This address is of another page. *" },
    { "consent-page", NULL, "*" },
};

/* What cannot be the answer is not sent anywhere; the question comes back, with the reason, and the browser is left alone. */
static void test_slip(gconstpointer data)
{
    const Slip *slip = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "oob");
    g_autofree char *code = NULL, *again = g_strdup_printf("ask Allow access in your web browser | %s", slip->why);

    host_record_clear();
    host_answer(slip->pasted ? slip->pasted : host_browsed());
    host_wait(again);
    g_assert_cmpuint(host_record_count("browse"), ==, 0);
    g_assert_cmpuint(fake_server_count(server, "POST", "/oauth/token"), ==, 0);
    code = browser_code(host_browsed());
    host_answer(code);
    host_wait(READY);
    host_account_free(account);
}

static void test_wrong_code(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "oob");
    g_autofree char *code = browser_code(host_browsed());

    host_record_clear();
    host_answer("halfacode");
    host_wait("ask Allow access in your web browser | The server does not accept this code. *");
    g_assert_cmpuint(host_record_count("browse"), ==, 0);
    host_answer(code);
    host_wait(READY);
    host_account_free(account);
}

static void test_cancelled(gconstpointer redirect)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, redirect);

    host_record_clear();
    host_answer(NULL);
    host_expect("disconnected AUTHENTICATION_FAILED The sign-in was cancelled.");
    g_assert_cmpuint(fake_server_count(server, "POST", "/oauth/token"), ==, 0);
    host_account_free(account);
}

/* ---------------------------------------------------------------------------------------------- browser, loopback */

/* Where the consent leads to. (transfer full) */
static char *redirect_uri_of(const char *address)
{
    const char *query = strchr(address, '?') + 1;
    g_autoptr(GHashTable) params = g_uri_parse_params(query, -1, "&", G_URI_PARAMS_NONE, NULL);

    return g_strdup(g_hash_table_lookup(params, "redirect_uri"));
}

static void check_gone(const char *redirect_uri)
{
    g_autoptr(BrowserPage) page = browser_get(redirect_uri);

    g_assert_cmpuint(page->status, ==, 0);
}

static void test_loopback(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "loopback");
    g_autofree char *listener = redirect_uri_of(host_browsed());
    g_autofree char *place = browser_allow(host_browsed());
    g_autofree char *escaped = g_uri_escape_string(listener, NULL, FALSE);
    g_autoptr(BrowserPage) page = NULL;

    g_assert_true(g_str_has_prefix(listener, "http://127.0.0.1:"));
    g_assert_true(g_str_has_prefix(place, listener));
    page = browser_get(place);
    g_assert_cmpuint(page->status, ==, 200);
    g_assert_nonnull(strstr(page->body, "You are signed in"));
    /* The page is no place for what came with its address. */
    g_assert_null(strstr(page->body, "code="));
    check_talk(account, server);
    g_assert_nonnull(strstr(last_token_body(server), escaped));
    g_assert_false(host_is_asked());
    check_gone(place);
    host_account_free(account);
}

/* The browser runs elsewhere: it ends on an address that leads nowhere there, and which holds all that is needed. */
static void test_loopback_pasted(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "loopback");
    g_autofree char *listener = redirect_uri_of(host_browsed());
    g_autofree char *place = browser_allow(host_browsed());

    host_answer(place);
    check_talk(account, server);
    check_gone(listener);
    host_account_free(account);
}

static void test_loopback_denied(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "loopback");
    g_autoptr(BrowserPage) decided = browser_decide(host_browsed(), "", "", "deny");
    g_autoptr(BrowserPage) page = NULL;

    host_record_clear();
    page = browser_get(decided->location);
    g_assert_nonnull(strstr(page->body, "Access was denied"));
    host_wait("disconnected AUTHENTICATION_FAILED Access was denied.");
    g_assert_false(host_is_asked());
    check_gone(decided->location);
    host_account_free(account);
}

static void test_loopback_wrong_state(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "loopback");
    g_autofree char *listener = redirect_uri_of(host_browsed());
    g_autofree char *place = g_strconcat(listener, "?code=abc&state=guessed", NULL);
    g_autoptr(BrowserPage) page = NULL;

    host_record_clear();
    page = browser_get(place);
    g_assert_nonnull(strstr(page->body, "This is not the expected answer"));
    host_wait("disconnected AUTHENTICATION_FAILED What came back from the browser does not belong to this sign-in. *");
    g_assert_cmpuint(fake_server_count(server, "POST", "/oauth/token"), ==, 0);
    check_gone(place);
    host_account_free(account);
}

/* What a browser asks for by itself is no answer. */
static void test_loopback_other_requests(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by_browser(server, "loopback");
    g_autofree char *listener = redirect_uri_of(host_browsed());
    g_autofree char *place = browser_allow(host_browsed());
    g_autofree char *icon = g_strconcat(listener, "/../favicon.ico", NULL);
    static const char *const rebound[] = { "Host", "evil.example.com", NULL };
    g_autoptr(BrowserPage) first = browser_get(icon);
    g_autoptr(BrowserPage) second = browser_get(listener);
    g_autoptr(BrowserPage) third = browser_ask("POST", place, NULL);
    g_autoptr(BrowserPage) fourth = browser_ask("GET", place, rebound);

    g_assert_cmpuint(first->status, ==, 404);
    g_assert_cmpuint(second->status, ==, 400);
    g_assert_cmpuint(third->status, ==, 405);
    g_assert_cmpuint(fourth->status, ==, 403);
    g_assert_cmpuint(fake_server_count(server, "POST", "/oauth/token"), ==, 0);
    browser_page_free(browser_get(place));
    host_wait(READY);
    host_account_free(account);
}

static void test_loopback_nobody_answers(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, "oauth", NULL);
    g_autofree char *listener = NULL;

    purple_account_set_string(account, "redirect", "loopback");
    /* Five minutes become a tenth of a second. */
    purple_account_set_int(account, "hurry", 3000);
    host_sign_on(account);
    host_wait("browse");
    listener = redirect_uri_of(host_browsed());
    host_wait("disconnected AUTHENTICATION_FAILED No answer came from the browser within five minutes. *");
    g_assert_false(host_is_asked());
    check_gone(listener);
    host_account_free(account);
}

static guint16 busy_port(GSocket **socket)
{
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) any = g_inet_socket_address_new(loopback, 0);
    g_autoptr(GSocketAddress) bound = NULL;

    *socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
    g_assert_true(g_socket_bind(*socket, any, FALSE, NULL));
    g_assert_true(g_socket_listen(*socket, NULL));
    bound = g_socket_get_local_address(*socket, NULL);
    return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
}

static void test_loopback_port_out_of_range(void)
{
    static const int ports[] = { -1, 65536, G_MAXINT };

    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account = account_by(server, "oauth", NULL);

        purple_account_set_string(account, "redirect", "loopback");
        purple_account_set_int(account, "loopback_port", ports[i]);
        host_sign_on(account);
        host_wait(
            "disconnected INVALID_SETTINGS The port for the browser's answer has to be a number from 0 to 65535.");
        host_account_free(account);
    }
}

/* The question must not speak of a listener that has done its work. */
static void test_loopback_code_refused(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    FakeFault refusal = { .path = "/oauth/token", .status = 400, .body = "{\"error\":\"invalid_grant\"}" };
    PurpleAccount *account = account_by_browser(server, "loopback");
    g_autofree char *place = browser_allow(host_browsed());
    g_autofree char *again = NULL;

    g_assert_nonnull(strstr(host_asked_text(), "That is all if the browser runs on this computer."));
    fake_server_fault(server, &refusal);
    browser_page_free(browser_get(place));
    host_wait("ask Allow access in your web browser | The server does not accept this code. *");
    g_assert_null(strstr(host_asked_text(), "That is all"));
    again = browser_allow(host_browsed());
    check_gone(again);
    host_answer(again);
    host_wait(READY);
    host_account_free(account);
}

static void test_loopback_port(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, "oauth", NULL);
    g_autoptr(GSocket) socket = NULL;
    guint16 port = busy_port(&socket);
    g_autofree char *busy = g_strdup_printf(
        "disconnected INVALID_SETTINGS The port for the browser's answer cannot be used: *(*%u*)", port);
    g_autofree char *expected = g_strdup_printf("http://127.0.0.1:%u/flowdock", port);
    g_autofree char *listener = NULL, *place = NULL;

    purple_account_set_string(account, "redirect", "loopback");
    purple_account_set_int(account, "loopback_port", port);
    host_sign_on(account);
    host_wait(busy);
    /* Nothing was begun that cannot be ended. */
    g_assert_cmpuint(host_record_count("browse"), ==, 0);
    g_assert_false(host_is_asked());
    test_settle();
    g_socket_close(socket, NULL);
    host_sign_on(account);
    host_wait("browse");
    listener = redirect_uri_of(host_browsed());
    g_assert_cmpstr(listener, ==, expected);
    place = browser_allow(host_browsed());
    browser_page_free(browser_get(place));
    host_wait(READY);
    host_account_free(account);
}

/* At each moment of the dialogue; what is left open would be found by a sanitizer or by the next sign-in. */
static void test_sign_off_in_dialogue(gconstpointer data)
{
    const char *redirect = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/oauth/token", .count = -1 };
    PurpleAccount *account = account_by_browser(server, redirect);
    g_autofree char *listener = redirect_uri_of(host_browsed());
    g_autofree char *place = NULL;

    host_sign_off(account);
    g_assert_false(host_is_asked());
    if (g_str_equal(redirect, "loopback"))
        check_gone(listener);
    host_account_free(account);

    fake_server_fault(server, &stall);
    account = account_by_browser(server, redirect);
    place = browser_allow(host_browsed());
    host_answer(place);
    test_until(fake_server_stalled(server) == 1);
    host_sign_off(account);
    fake_server_clear_faults(server);
    host_account_free(account);
}

/* --------------------------------------------------------------------------------------------------- Basic */

static void check_basic(FakeServer *server, const char *user, const char *password)
{
    g_autofree char *plain = g_strconcat(user, ":", password, NULL);
    g_autofree char *encoded = g_base64_encode((const guchar *)plain, strlen(plain));
    g_autofree char *expected = g_strconcat("Basic ", encoded, NULL);

    g_assert_cmpstr(fake_server_last_request(server, "GET", "/user")->authorization, ==, expected);
    g_assert_cmpstr(fake_server_last_request(server, "GET", "/flows")->authorization, ==, expected);
    g_assert_cmpstr(fake_server_last_request(server, "POST", "*/messages")->authorization, ==, expected);
    g_assert_cmpuint(fake_server_count(server, "POST", "/oauth/token"), ==, 0);
}

static void test_api_token(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, "api-token", " demo-token\n");

    /* No application is needed. */
    purple_account_set_string(account, "client_id", "");
    host_sign_on(account);
    check_talk(account, server);
    check_basic(server, "demo-token", "");
    host_account_free(account);
}

static void test_api_token_asked(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, "api-token", NULL);

    host_sign_on(account);
    host_wait("ask API token for demo@example.com | It is the personal API token * (masked)");
    host_answer("demo-token");
    host_wait(READY);
    /* Kept as libpurple keeps what its own question was answered with. */
    g_assert_cmpstr(purple_account_get_password(account), ==, "demo-token");
    host_sign_off(account);
    host_record_clear();
    host_sign_on(account);
    host_wait(READY);
    g_assert_cmpuint(host_record_count("ask *"), ==, 0);
    host_account_free(account);
}

/* The server was busy when the answer came: the host tries again, and the user need not type it again. */
static void test_asked_while_busy(gconstpointer method)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, method, NULL);
    FakeFault busy = { .status = 503, .count = -1 };

    fake_server_fault(server, &busy);
    host_sign_on(account);
    host_wait("ask * (masked)");
    host_answer(g_str_equal(method, "api-token") ? "demo-token" : "demo");
    host_wait("disconnected NETWORK_ERROR *");
    test_settle();
    fake_server_clear_faults(server);
    host_record_clear();
    host_sign_on(account);
    host_wait(READY);
    g_assert_cmpuint(host_record_count("ask *"), ==, 0);
    host_account_free(account);
}

/* What another method has left in the password field is no secret of this one, and is not sent. */
static void test_other_methods_token(gconstpointer method)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, method, "refresh-token:abc");

    host_sign_on(account);
    host_wait("ask * (masked)");
    g_assert_cmpuint(fake_server_count(server, NULL, NULL), ==, 0);
    host_account_free(account);
}

typedef struct {
    const char *name, *method, *password, *said;
} Wrong;

static const Wrong wrongs[] = {
    { "api-token", "api-token", "nonsense",
      "disconnected AUTHENTICATION_FAILED The server does not accept this API token. Enter a valid one as the "
      "account's "
      "password." },
    { "api-token-with-colon", "api-token", "a:b",
      "disconnected AUTHENTICATION_FAILED The server does not accept this API token. Enter a valid one as the "
      "account's "
      "password." },
    { "basic", "basic", "nonsense", "disconnected AUTHENTICATION_FAILED The e-mail address or the password is wrong." },
    { "source-token", "source-token", "nonsense",
      "disconnected AUTHENTICATION_FAILED The service does not know this token. Enter the token of a source "
      "(flow_token) as the account's password." },
    { "method", "sesame", "demo",
      "disconnected INVALID_SETTINGS The account's setting auth_method has an unknown value. Possible values are: "
      "password-grant, oauth, api-token, basic, source-token." },
};

static void test_wrong(gconstpointer data)
{
    const Wrong *wrong = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_by(server, wrong->method, wrong->password);

    host_sign_on(account);
    host_wait(wrong->said);
    test_settle();
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 1);
    /* Each request was made once. */
    g_assert_cmpuint(fake_server_count(server, NULL, NULL), <=, 2);
    g_assert_true(purple_account_is_disconnected(account));
    host_account_free(account);
}

typedef struct {
    const char *name, *password;
} Password;

static const Password passwords[] = {
    { "spaces", " two  words " },  { "signs", ":&=+%:%41&=" },
    { "quotes", "\"'\\<b>&amp;" }, { "letters", "p\xc3\xa4ssw\xc3\xb6rd \xe2\x82\xac \xf0\x9f\x90\xb1" },
    { "mark", "refresh-token" },   { "long", NULL },
};

static void test_password(gconstpointer data)
{
    static const char *const methods[] = { "password-grant", "basic" };
    const Password *given = data;
    g_autofree char *password = given->password ? g_strdup(given->password) : g_strnfill(300, 'x');

    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        gint64 user = fake_server_add_user(server, "acme", 0, "Plus", "plus+tag@example.com", password);
        PurpleAccount *account = host_account_new(server, "plus+tag@example.com", password);

        fake_server_add_member(server, "acme/main", user);
        purple_account_set_string(account, "auth_method", methods[i]);
        host_sign_on(account);
        host_wait("connected Plus");
        host_account_free(account);
    }
}

/* ------------------------------------------------------------------------------------------- the token of a source */

static const char cannot_read[] = "With the token of a source you can only post here. What others write cannot be read "
                                  "with it, not even the answers.";

static PurpleAccount *account_of_source(FakeServer *server, const char *token)
{
    PurpleAccount *account = account_by(server, "source-token", token);

    purple_account_set_string(account, "client_id", "");
    purple_account_set_alias(account, "Build  bot of the whole company");
    return account;
}

static void check_no_token_in_addresses(FakeServer *server, const char *token)
{
    const GPtrArray *requests = fake_server_requests(server);

    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        g_assert_null(strstr(request->path, token));
        g_assert_true(!request->query || !strstr(request->query, token));
        g_assert_null(request->authorization);
    }
}

static void test_source(gconstpointer odd)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    gboolean named = GPOINTER_TO_UINT(odd) == 0;
    const char *room = named ? "acme/main" : "source/demo@example.com";
    g_autofree char *token = g_strdup(fake_server_add_source(server, "acme/main", "Builds"));
    g_autofree char *expected = NULL;
    PurpleAccount *account = account_of_source(server, token);
    JsonObject *message;

    fake_server_set_odd(server, GPOINTER_TO_UINT(odd));
    host_sign_on(account);
    host_wait(READY);
    test_settle();
    expected = g_strdup_printf("progress 0/3 Signing in\n"
                               "connected Build_bot_of_the\n"
                               "room %s\n"
                               "topic %s %s\n"
                               "users %s Build_bot_of_the\n"
                               "chat %s <Flowdock> RECV+SYSTEM %s",
                               room, room, named ? "Builds (source in acme/main)" : "demo@example.com (source)", room,
                               room, cannot_read);
    host_expect(expected);
    host_type_in_room(account, room, "Build 7 &lt;passed&gt;");
    host_type_in_room(account, room, "Build 8 failed");
    host_wait("chat * Build 8 failed");
    g_free(expected);
    expected = g_strdup_printf("chat %s <Build_bot_of_the> SEND Build 7 &lt;passed&gt;\n"
                               "chat %s <Build_bot_of_the> SEND Build 8 failed",
                               room, room);
    host_expect(expected);
    g_assert_cmpuint(fake_server_message_count(server, "acme/main"), ==, 2);
    message = fake_server_get_message(server, "acme/main", 0);
    g_assert_cmpstr(json_object_get_string_member(message, "content"), ==, "Build 8 failed");
    g_assert_cmpstr(json_object_get_string_member(message, "external_user_name"), ==, "Build_bot_of_the");
    g_assert_cmpint(json_object_get_int_member_with_default(message, "user", 0), ==, 0);
    check_no_token_in_addresses(server, token);
    if (!named) {
        /* An update by name, which must change nothing. */
        g_autofree char *body = g_strdup_printf("{\"flow_token\":\"%s\"}", token);

        g_assert_cmpstr(fake_server_last_request(server, "PUT", "/sources")->body, ==, body);
    }
    host_account_free(account);
}

static void test_source_is_one_room(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_of_source(server, fake_server_add_source(server, "acme/main", "Builds"));

    host_sign_on(account);
    host_wait("chat acme/main <Flowdock> *");
    host_record_clear();
    host_join(account, "acme/dev-team");
    host_wait("error The room \"acme/dev-team\" cannot be opened. | An account with the token of a source has one room "
              "only: acme/main");
    host_type_to(account, "Ann", "psst");
    host_wait("im Ann <*> *Not sent. With the token of a source nobody can be written to privately, *psst");
    host_close_room(account, "acme/main");
    host_record_clear();
    host_join(account, "acme/main");
    host_wait("users acme/main *");
    host_type_in_room(account, "acme/main", "here again");
    host_wait("chat acme/main <Build_bot_of_the> SEND here again");
    host_account_free(account);
}

static void test_source_removed(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autofree char *token = g_strdup(fake_server_add_source(server, "acme/main", "Builds"));
    PurpleAccount *account = account_of_source(server, token);

    host_sign_on(account);
    host_wait("chat acme/main <Flowdock> *");
    fake_server_remove_source(server, token);
    host_record_clear();
    host_type_in_room(account, "acme/main", "one");
    host_type_in_room(account, "acme/main", "two");
    host_wait("disconnected AUTHENTICATION_FAILED This source was removed from its flow, *");
    test_settle();
    /* Neither line is lost, and none is sent again. */
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> *Not sent.*one"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> *Not sent.*two"), ==, 1);
    g_assert_cmpuint(fake_server_count(server, "POST", "/messages"), ==, 1);
    g_assert_null(purple_account_get_password(account));
    g_assert_true(purple_account_is_disconnected(account));
    /* At the next sign-in a new one is asked for. */
    host_record_clear();
    host_sign_on(account);
    host_wait("ask Token of the source for demo@example.com | *flow_token* (masked)");
    host_account_free(account);
}

static void test_source_removed_before(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autofree char *token = g_strdup(fake_server_add_source(server, "acme/main", "Builds"));
    PurpleAccount *account = account_of_source(server, token);

    fake_server_remove_source(server, token);
    host_sign_on(account);
    host_wait("disconnected AUTHENTICATION_FAILED This source was removed from its flow, *");
    g_assert_null(purple_account_get_password(account));
    host_account_free(account);
}

static void test_source_post_fails(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_of_source(server, fake_server_add_source(server, "acme/main", "Builds"));
    FakeFault broken = { .path = "/messages", .count = 1 };

    host_sign_on(account);
    host_wait("chat acme/main <Flowdock> *");
    host_record_clear();
    fake_server_fault(server, &broken);
    host_type_in_room(account, "acme/main", "one");
    host_type_in_room(account, "acme/main", "two");
    host_wait("chat acme/main <Build_bot_of_the> SEND two");
    host_expect("chat acme/main <Flowdock> RECV+ERROR Not sent. The server has a problem of its own. Try again later. "
                "(500 Internal Server Error)<br>one\n"
                "chat acme/main <Build_bot_of_the> SEND two");
    host_account_free(account);
}

/* What was typed into the question is kept only when it is good for something. */
static void test_source_asked(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autofree char *token = g_strdup(fake_server_add_source(server, "acme/main", "Builds"));
    PurpleAccount *account = account_of_source(server, NULL);

    host_sign_on(account);
    host_wait("ask Token of the source *");
    host_answer("nonsense");
    host_wait("disconnected AUTHENTICATION_FAILED The service does not know this token. *");
    g_assert_null(purple_account_get_password(account));
    test_settle();
    host_record_clear();
    host_sign_on(account);
    host_wait("ask Token of the source *");
    host_answer(token);
    host_wait(READY);
    g_assert_cmpstr(purple_account_get_password(account), ==, token);
    host_account_free(account);
}

/* A service that wants more of an update has taken the token nevertheless. */
static void test_source_check_refused(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_of_source(server, fake_server_add_source(server, "acme/main", "Builds"));
    FakeFault invalid = { .method = "PUT",
                          .path = "/sources",
                          .status = 400,
                          .body = "{\"message\":\"Validation error\",\"errors\":{\"name\":[\"can't be blank\"]}}" };

    fake_server_set_odd(server, FAKE_ODD_NO_GET_BODY);
    fake_server_fault(server, &invalid);
    host_sign_on(account);
    host_wait(READY);
    host_wait("chat source/demo@example.com <Flowdock> *");
    host_account_free(account);
}

/* A server that repeats what it was sent. */
static void test_source_quoted(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autofree char *token = g_strdup(fake_server_add_source(server, "acme/main", "Builds"));
    g_autofree char *body = g_strdup_printf("{\"message\":\"no right for %s here\"}", token);
    PurpleAccount *account = account_of_source(server, token);
    FakeFault quoting = { .path = "/messages", .status = 403, .body = body };

    host_sign_on(account);
    host_wait("chat acme/main <Flowdock> *");
    fake_server_fault(server, &quoting);
    host_type_in_room(account, "acme/main", "one");
    host_wait("chat acme/main <Flowdock> *Not sent.*(no right for * here)<br>one");
    g_assert_null(strstr(host_record_text(), token));
    host_account_free(account);
}

static void on_signed_on(PurpleConnection *gc, gpointer data)
{
    (void)data;
    host_join(purple_connection_get_account(gc), "acme/main");
}

/* Hosts join the rooms of their list by themselves as soon as the account is connected. */
static void test_source_joined_by_host(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_of_source(server, fake_server_add_source(server, "acme/main", "Builds"));
    int handle;

    purple_signal_connect(purple_connections_get_handle(), "signed-on", &handle, PURPLE_CALLBACK(on_signed_on), NULL);
    host_sign_on(account);
    host_wait("chat acme/main <Flowdock> *");
    test_settle();
    purple_signals_disconnect_by_handle(&handle);
    g_assert_cmpuint(host_record_count("room acme/main"), ==, 1);
    g_assert_cmpuint(host_record_count("users acme/main *"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main *"), ==, 1);
    host_account_free(account);
}

static void test_push_wrong_token(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = account_of_source(server, "nonsense");

    purple_account_set_string(account, "push", "chat");
    host_sign_on(account);
    host_wait(READY);
    host_type_in_room(account, "source/demo@example.com", "one");
    host_wait("disconnected AUTHENTICATION_FAILED The service does not know this token. *");
    g_assert_cmpuint(host_record_count("chat source/demo@example.com <Flowdock> *Not sent.*one"), ==, 1);
    host_account_free(account);
}

static void test_push(gconstpointer data)
{
    const char *push = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    const char *token = fake_server_get_push_token(server, "acme/main");
    PurpleAccount *account = account_of_source(server, token);
    g_autofree char *path = NULL;
    const FakeRequest *request;

    purple_account_set_string(account, "push", push);
    host_sign_on(account);
    host_wait("chat source/demo@example.com <Flowdock> *");
    host_type_in_room(account, "source/demo@example.com", "first line<br>second &amp; last");
    path = g_strdup_printf("/v1/messages/%s/*", push);
    test_until(fake_server_count(server, "POST", path) == 1);
    request = fake_server_last_request(server, "POST", path);
    g_assert_true(g_str_has_suffix(request->path, token));
    test_until(host_record_count("chat source/demo@example.com <Build_bot_of_the> SEND first line*") == 1);
    if (g_str_equal(push, "chat")) {
        g_assert_nonnull(strstr(request->body, "\"external_user_name\":\"Build_bot_of_the\""));
        g_assert_nonnull(strstr(request->body, "first line\\nsecond & last"));
    } else {
        g_assert_nonnull(strstr(request->body, "\"from_address\":\"demo@example.com\""));
        g_assert_nonnull(strstr(request->body, "\"subject\":\"first line\""));
        g_assert_nonnull(strstr(request->body, "first line<br>second &amp; last"));
    }
    g_assert_null(strstr(host_debug_log(), token));
    host_account_free(account);
}

int main(int argc, char **argv)
{
    static const char *const own_secret[] = { "api-token", "basic", "source-token" };
    static const char *const redirects[] = { "oob", "loopback" };

    g_test_init(&argc, &argv, NULL);
    host_init();
    g_test_add_func("/flowdock/methods/oob", test_oob);
    g_test_add_func("/flowdock/methods/oob-without-browser", test_oob_without_browser);
    g_test_add_func("/flowdock/methods/oob-by-address", test_oob_by_address);
    g_test_add_func("/flowdock/methods/oob-without-pkce", test_oob_without_pkce);
    for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autofree char *path = g_strconcat("/flowdock/methods/slip/", slips[i].name, NULL);

        g_test_add_data_func(path, &slips[i], test_slip);
    }
    g_test_add_func("/flowdock/methods/wrong-code", test_wrong_code);
    for (gsize i = 0; i < G_N_ELEMENTS(redirects); i++) {
        g_autofree char *cancelled = g_strconcat("/flowdock/methods/cancelled/", redirects[i], NULL);
        g_autofree char *signed_off = g_strconcat("/flowdock/methods/sign-off-in-dialogue/", redirects[i], NULL);

        g_test_add_data_func(cancelled, redirects[i], test_cancelled);
        g_test_add_data_func(signed_off, redirects[i], test_sign_off_in_dialogue);
    }
    g_test_add_func("/flowdock/methods/loopback", test_loopback);
    g_test_add_func("/flowdock/methods/loopback-pasted", test_loopback_pasted);
    g_test_add_func("/flowdock/methods/loopback-denied", test_loopback_denied);
    g_test_add_func("/flowdock/methods/loopback-wrong-state", test_loopback_wrong_state);
    g_test_add_func("/flowdock/methods/loopback-other-requests", test_loopback_other_requests);
    g_test_add_func("/flowdock/methods/loopback-nobody-answers", test_loopback_nobody_answers);
    g_test_add_func("/flowdock/methods/loopback-port", test_loopback_port);
    g_test_add_func("/flowdock/methods/loopback-port-out-of-range", test_loopback_port_out_of_range);
    g_test_add_func("/flowdock/methods/loopback-code-refused", test_loopback_code_refused);
    g_test_add_func("/flowdock/methods/api-token", test_api_token);
    g_test_add_data_func("/flowdock/methods/asked-while-busy/api-token", "api-token", test_asked_while_busy);
    g_test_add_data_func("/flowdock/methods/asked-while-busy/password-grant", "password-grant", test_asked_while_busy);
    g_test_add_func("/flowdock/methods/api-token-asked", test_api_token_asked);
    for (gsize i = 0; i < G_N_ELEMENTS(own_secret); i++) {
        g_autofree char *path = g_strconcat("/flowdock/methods/other-methods-token/", own_secret[i], NULL);

        g_test_add_data_func(path, own_secret[i], test_other_methods_token);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wrongs); i++) {
        g_autofree char *path = g_strconcat("/flowdock/methods/wrong/", wrongs[i].name, NULL);

        g_test_add_data_func(path, &wrongs[i], test_wrong);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(passwords); i++) {
        g_autofree char *path = g_strconcat("/flowdock/methods/password/", passwords[i].name, NULL);

        g_test_add_data_func(path, &passwords[i], test_password);
    }
    g_test_add_data_func("/flowdock/methods/source", GUINT_TO_POINTER(FAKE_ODD_NONE), test_source);
    g_test_add_data_func("/flowdock/methods/source-unnamed", GUINT_TO_POINTER(FAKE_ODD_NO_GET_BODY), test_source);
    g_test_add_func("/flowdock/methods/source-is-one-room", test_source_is_one_room);
    g_test_add_func("/flowdock/methods/source-asked", test_source_asked);
    g_test_add_func("/flowdock/methods/source-check-refused", test_source_check_refused);
    g_test_add_func("/flowdock/methods/source-quoted", test_source_quoted);
    g_test_add_func("/flowdock/methods/source-joined-by-host", test_source_joined_by_host);
    g_test_add_func("/flowdock/methods/push-wrong-token", test_push_wrong_token);
    g_test_add_func("/flowdock/methods/source-removed", test_source_removed);
    g_test_add_func("/flowdock/methods/source-removed-before", test_source_removed_before);
    g_test_add_func("/flowdock/methods/source-post-fails", test_source_post_fails);
    g_test_add_data_func("/flowdock/methods/push/chat", "chat", test_push);
    g_test_add_data_func("/flowdock/methods/push/team_inbox", "team_inbox", test_push);
    return g_test_run();
}
