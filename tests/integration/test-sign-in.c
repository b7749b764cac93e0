/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of signing in, and of every way in which it fails. */
#include "host.h"

#include "../unit/test-http.h"

#include <string.h>

#define ROOMS                                                                                                          \
    "room acme/main\n"                                                                                                 \
    "topic acme/main Main (Acme)\n"                                                                                    \
    "users acme/main Ann, Demo, Hubot\n"                                                                               \
    "chat acme/main <Flowdock> RECV+SYSTEM This is Main (Acme).\n"                                                     \
    "room acme/dev-team\n"                                                                                             \
    "topic acme/dev-team Dev team (Acme)\n"                                                                            \
    "users acme/dev-team Ann, Demo\n"                                                                                  \
    "chat acme/dev-team <Flowdock> RECV+SYSTEM This is Dev team (Acme)."

static void test_password(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    const FakeRequest *token;

    host_sign_on(account);
    host_wait("connected *");
    test_until(fake_server_count_streams(server) == 1);
    host_expect("progress 0/3 Signing in\n"
                "progress 1/3 Loading flows\n"
                "progress 2/3 Opening rooms\n"
                "connected Demo\n" ROOMS);
    token = fake_server_last_request(server, "POST", "/oauth/token");
    g_assert_null(token->authorization);
    g_assert_cmpstr(token->accept, ==, "application/json");
    g_assert_nonnull(strstr(token->body, "scope=flow%20private%20profile%20manage%20offline_access"));
    g_assert_true(g_str_has_prefix(purple_account_get_password(account), "refresh-token:"));
    host_account_free(account);
}

static void test_next_time_asks_nothing(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", NULL);
    g_autofree char *first = NULL;

    host_sign_on(account);
    host_wait("ask *");
    host_expect("progress 0/3 Signing in\n"
                "ask Password for demo@example.com | It is sent to the server once, to sign in. (masked)");
    host_answer("demo");
    host_wait("connected *");
    first = g_strdup(purple_account_get_password(account));
    host_sign_off(account);
    host_record_clear();
    host_sign_on(account);
    host_wait("connected *");
    g_assert_cmpuint(host_record_count("ask *"), ==, 0);
    g_assert_nonnull(
        strstr(fake_server_last_request(server, "POST", "/oauth/token")->body, "grant_type=refresh_token"));
    /* The server rotates: what is kept is the new one. */
    g_assert_true(g_str_has_prefix(purple_account_get_password(account), "refresh-token:"));
    g_assert_cmpstr(purple_account_get_password(account), !=, first);
    host_account_free(account);
}

static void test_dead_refresh_token_asks(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "refresh-token:dead");

    host_sign_on(account);
    host_wait("ask *");
    host_expect("progress 0/3 Signing in\n"
                "ask Password for demo@example.com | The earlier sign-in has expired. Please sign in again. (masked)");
    host_answer("demo");
    host_wait("connected *");
    host_account_free(account);
}

static void test_nothing_answered(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", NULL);

    host_sign_on(account);
    host_wait("ask *");
    host_record_clear();
    host_answer(NULL);
    host_expect("disconnected AUTHENTICATION_FAILED No password was given.");
    host_account_free(account);
}

/* How a server, a setting or a password is made wrong, and all that is said about it. */
typedef struct {
    const char *name;
    const char *setting, *value; /* (nullable) */
    const char *password;
    FakeFault fault;
    gboolean use_fault;
    const char *said;
    gboolean reconnects;
} Failure;

/* clang-format off */
static const Failure failures[] = {
    { .name = "wrong-password", .password = "wrong",
      .said = "disconnected AUTHENTICATION_FAILED The e-mail address or the password is wrong." },
    { .name = "unknown-client", .setting = "client_id", .value = "nobody",
      .said = "disconnected INVALID_SETTINGS The server does not know this application. Check the client id and client "
              "secret in the account's settings." },
    { .name = "wrong-secret", .setting = "client_secret", .value = "wrong",
      .said = "disconnected INVALID_SETTINGS The server does not know this application. Check the client id and client "
              "secret in the account's settings." },
    { .name = "no-client", .setting = "client_id", .value = "",
      .said = "disconnected INVALID_SETTINGS No application is set up. Enter the client id and client secret of an "
              "application that is registered with the service in the account's settings." },
    { .name = "insecure", .setting = "api_url", .value = "http://example.com",
      .said = "disconnected INVALID_SETTINGS A server's address in the account's settings must begin with https:// "
              "(http:// only on this computer)." },
    { .name = "insecure-stream", .setting = "stream_url", .value = "http://example.com",
      .said = "disconnected INVALID_SETTINGS A server's address in the account's settings must begin with https:// "
              "(http:// only on this computer)." },
    { .name = "no-address", .setting = "api_url", .value = "nonsense",
      .said = "disconnected INVALID_SETTINGS What answers at this address is not a Flowdock-compatible server. *" },
    { .name = "no-such-ca-file", .setting = "ca_file", .value = "/nonexistent/ca.pem",
      .said = "disconnected INVALID_SETTINGS *" },
    { .name = "server-down", .setting = "api_url", .value = "http://127.0.0.1:1", .reconnects = TRUE,
      .said = "disconnected NETWORK_ERROR The server cannot be reached. *" },
    { .name = "server-error", .use_fault = TRUE, .fault = { .path = "/oauth/token", .count = -1 }, .reconnects = TRUE,
      .said = "disconnected NETWORK_ERROR The server has a problem of its own. Try again later.*" },
    { .name = "cut", .use_fault = TRUE, .fault = { .kind = FAKE_FAULT_CUT_BEFORE, .path = "/user", .count = -1 },
      .reconnects = TRUE, .said = "disconnected NETWORK_ERROR The server cannot be reached. *" },
    { .name = "limited", .use_fault = TRUE, .fault = { .path = "/flows/all", .status = 429, .count = -1 },
      .reconnects = TRUE, .said = "disconnected NETWORK_ERROR The server asks for fewer requests. *" },
    { .name = "html-token", .use_fault = TRUE,
      .fault = { .path = "/oauth/token", .status = 200, .body = "<html>hello", .content_type = "text/html" },
      .said = "disconnected OTHER_ERROR The server's answer to the sign-in makes no sense. *" },
    { .name = "empty-token", .use_fault = TRUE,
      .fault = { .path = "/oauth/token", .status = 200, .body = "", .content_type = "application/json" },
      .said = "disconnected OTHER_ERROR The server's answer to the sign-in makes no sense. *" },
    { .name = "no-access-token", .use_fault = TRUE,
      .fault = { .path = "/oauth/token", .status = 200, .body = "{\"token_type\":\"bearer\",\"refresh_token\":\"r\"}" },
      .said = "disconnected OTHER_ERROR The server's answer to the sign-in makes no sense. *" },
    { .name = "other-token-type", .use_fault = TRUE,
      .fault = { .path = "/oauth/token", .status = 200, .body = "{\"access_token\":\"abc\",\"token_type\":\"mac\"}" },
      .said = "disconnected OTHER_ERROR The server's answer to the sign-in makes no sense. *" },
    { .name = "html-flows", .use_fault = TRUE,
      .fault = { .path = "/flows/all", .status = 200, .body = "<html>hello", .content_type = "text/html" },
      .said = "disconnected OTHER_ERROR What answers at this address is not a Flowdock-compatible server. *" },
    { .name = "wrong-shape", .use_fault = TRUE, .fault = { .path = "/flows/all", .status = 200, .body = "{}" },
      .said = "disconnected OTHER_ERROR What answers at this address is not a Flowdock-compatible server. *" },
    { .name = "forbidden", .use_fault = TRUE,
      .fault = { .path = "/flows/all", .status = 403, .body = "{\"message\":\"Scope <b>missing</b>\"}" },
      .said = "disconnected OTHER_ERROR The service refused it. (Scope <b>missing</b>)" },
};
/* clang-format on */

static void test_failure(gconstpointer data)
{
    const Failure *failure = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account =
        host_account_new(server, "demo@example.com", failure->password ? failure->password : "demo");

    if (failure->setting)
        purple_account_set_string(account, failure->setting, failure->value);
    if (failure->use_fault)
        fake_server_fault(server, &failure->fault);
    host_sign_on(account);
    host_wait("disconnected *");
    host_wait(failure->said);
    test_settle();
    /* Said once, and in nobody's room. */
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 1);
    g_assert_cmpuint(host_record_count("connected *"), ==, 0);
    g_assert_cmpint(host_record_count("disconnected NETWORK_ERROR *") > 0, ==, failure->reconnects);
    g_assert_true(purple_account_is_disconnected(account));
    host_account_free(account);
}

/* Rooms come when the user is added to a flow; private chats are there before. */
static void test_no_flows(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    fake_server_remove_member(server, "acme/main", 1);
    fake_server_remove_member(server, "acme/dev-team", 1);
    fake_server_archive_flow(server, "acme/lobby", TRUE);
    {
        FakeFault none = { .path = "/flows/all", .status = 200, .body = "[]" };

        fake_server_fault(server, &none);
    }
    host_sign_on(account);
    host_wait("error You are signed in, but there are no flows that you can see. *");
    test_until(fake_server_count_streams(server) == 1);
    g_assert_true(host_is_online(account));
    fake_server_say_private(server, 2, 1, "hello");
    host_wait("im Ann <Ann> RECV* hello");
    fake_server_add_member(server, "acme/main", 1);
    host_wait("chat acme/main <Flowdock> RECV+SYSTEM This is Main (Acme).");
    host_account_free(account);
}

/* Ten megabytes instead of a token: not read to the end. */
static void test_huge_token(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *body = g_strnfill(10 * 1024 * 1024, ' ');
    FakeFault huge = { .path = "/oauth/token", .status = 200, .body = body };

    fake_server_fault(server, &huge);
    host_sign_on(account);
    host_wait("disconnected OTHER_ERROR *");
    g_assert_cmpuint(host_record_count("connected *"), ==, 0);
    host_account_free(account);
}

/* An answer around a good token. */
typedef struct {
    const char *name, *type, *before, *after;
} Answer;

/* clang-format off */
static const Answer answers[] = {
    { "form", "application/x-www-form-urlencoded", "access_token=", "&token_type=bearer&scope=flow%2Cprivate" },
    { "form-spaces", "application/x-www-form-urlencoded; charset=utf-8", "scope=flow+private&access_token=", "" },
    { "json", "application/json",
      "{\"access_token\":\"", "\",\"token_type\":\"BEARER\",\"scope\":\"flow,private\",\"expires_in\":3600}" },
    { "json-bare", "application/json", "{\"access_token\":\"", "\"}" },
    { "json-text-life", "application/json", "{\"access_token\":\"", "\",\"expires_in\":\"3600\",\"scope\":null}" },
    { "json-called-form", "application/x-www-form-urlencoded", "{\"access_token\":\"", "\",\"token_type\":\"Bearer\"}" },
    { "untyped", "text/plain", "access_token=", "&token_type=bearer" },
};
/* clang-format on */

static void test_answer(gconstpointer data)
{
    const Answer *answer = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault given = { .path = "/oauth/token", .status = 200, .content_type = answer->type };
    g_autofree char *body = NULL;

    /* First it is got the usual way, then the same server gives it in another form. */
    host_sign_on_ready(account, server);
    body = g_strconcat(answer->before, strchr(fake_server_last_request(server, "GET", "/user")->authorization, ' ') + 1,
                       answer->after, NULL);
    host_sign_off(account);
    host_record_clear();
    purple_account_set_password(account, "demo");
    given.body = body;
    fake_server_fault(server, &given);
    host_sign_on(account);
    host_wait("connected *");
    /* No refresh token came, so the password stays what it was. */
    g_assert_cmpstr(purple_account_get_password(account), ==, "demo");
    host_account_free(account);
}

/* A certificate, the roots it meets, and all that is said. */
typedef struct {
    const char *name;
    const char *certificate, *key;
    const char *ca;   /* (nullable): empty */
    const char *said; /* (nullable): it works */
} Certificate;

#define BRACKETS(words) " (the certificate was refused: " words ")"
#define EXPIRED                                                                                                        \
    "disconnected CERT_EXPIRED The server's certificate has expired, so nothing was sent. Check this computer's "      \
    "clock; if it is right, the server's operator has to renew the certificate."
#define OTHER_HOST                                                                                                     \
    "disconnected CERT_HOSTNAME_MISMATCH The server's certificate is for another host, so nothing was sent. Check "    \
    "the addresses in the account's settings."

/* clang-format off */
static const Certificate certificates[] = {
    { "self-signed", "localhost", "localhost", NULL,
      "disconnected CERT_SELF_SIGNED The server has issued its certificate to itself, so nothing was sent. If the "
      "server is your own, name a file with this certificate in the account's setting \"CA file\"."
      BRACKETS("it is self-signed") },
    { "unknown-issuer", "signed", "signed", NULL,
      "disconnected CERT_UNTRUSTED The server's certificate is not trusted, so nothing was sent. If the server is your "
      "own, name its certificate authority in the account's setting \"CA file\"."
      BRACKETS("its issuer is not trusted") },
    { "expired", "expired", "signed", "localhost", EXPIRED BRACKETS("it has expired") },
    { "expired-unknown", "expired", "signed", NULL, EXPIRED BRACKETS("it has expired, its issuer is not trusted") },
    { "not-yet", "not-yet", "signed", "localhost",
      "disconnected CERT_NOT_ACTIVATED The server's certificate is not valid yet, so nothing was sent. Check the clock "
      "of this computer: it is probably wrong." BRACKETS("it is not valid yet") },
    { "other-host", "other-host", "signed", "localhost", OTHER_HOST BRACKETS("it is for another host") },
    { "other-host-unknown", "other-host", "signed", NULL,
      OTHER_HOST BRACKETS("it is for another host, its issuer is not trusted") },
    { "weak", "weak", "signed", "localhost",
      "disconnected CERT_OTHER_ERROR The server's certificate cannot be accepted, so nothing was sent. Its operator "
      "has to replace it." BRACKETS("it is too weak") },
    { "trusted-authority", "signed", "signed", "localhost", NULL },
    { "trusted-self-signed", "localhost", "localhost", "localhost", NULL },
};
/* clang-format on */

static void test_certificate(gconstpointer data)
{
    const Certificate *each = data;
    g_autoptr(FakeServer) server = fake_server_new(NULL, NULL);
    g_autofree char *cert_name = g_strdup_printf("tls/%s.crt.pem", each->certificate);
    g_autofree char *key_name = g_strdup_printf("tls/%s.key.pem", each->key);
    g_autofree char *ca_name = g_strdup_printf("tls/%s.crt.pem", each->ca ? each->ca : "");
    g_autofree char *cert = test_data_path(cert_name);
    g_autofree char *key = test_data_path(key_name);
    g_autofree char *ca = test_data_path(ca_name);
    FakeOptions options = { .tls_cert = cert, .tls_key = key };
    PurpleAccount *account;

    g_assert_true(fake_server_start(server, &options, NULL));
    account = host_account_new(server, "demo@example.com", "demo");
    purple_account_set_string(account, "ca_file", each->ca ? ca : "");
    host_sign_on(account);
    if (each->said) {
        g_autofree char *all = g_strconcat("progress 0/3 Signing in\n", each->said, NULL);

        /* Nobody can click it away, and no host tries again. */
        host_expect(all);
        g_assert_cmpuint(fake_server_count(server, NULL, NULL), ==, 0);
        g_assert_true(purple_account_is_disconnected(account));
    } else {
        host_wait("connected *");
        test_until(fake_server_count_streams(server) == 1);
    }
    host_account_free(account);
}

/* The API is as it should be, but the address of the stream is one that the certificate is not for. */
static void test_stream_certificate(void)
{
    g_autoptr(FakeServer) server = fake_server_new(NULL, NULL);
    g_autofree char *cert = test_data_path("tls/signed.crt.pem");
    g_autofree char *key = test_data_path("tls/signed.key.pem");
    g_autofree char *ca = test_data_path("tls/localhost.crt.pem");
    g_autofree char *url = NULL;
    FakeOptions options = { .tls_cert = cert, .tls_key = key };
    PurpleAccount *account;

    g_assert_true(fake_server_start(server, &options, NULL));
    account = host_account_new(server, "demo@example.com", "demo");
    url = g_strconcat("https://localhost", strrchr(fake_server_get_stream_url(server), ':'), NULL);
    purple_account_set_string(account, "stream_url", url);
    purple_account_set_string(account, "ca_file", ca);
    host_sign_on(account);
    host_wait(OTHER_HOST BRACKETS("it is for another host"));
    test_until(purple_account_is_disconnected(account));
    test_settle();
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 1);
    g_assert_cmpuint(fake_server_count(server, "GET", "/flows"), ==, 0);
    host_account_free(account);
}

/* A server without encryption where some is expected. */
static void test_not_encrypted(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autoptr(TestRaw) raw = test_raw_new("HTTP/1.1 400 Bad Request\r\n\r\n", TRUE);
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *url = g_strconcat("https", strchr(raw->url, ':'), NULL);

    purple_account_set_string(account, "api_url", url);
    host_sign_on(account);
    host_wait("disconnected ENCRYPTION_ERROR The server and this computer cannot agree how to encrypt. Check the "
              "addresses in the account's settings. (*)");
    g_assert_null(strstr(raw->heads->str, "oauth"));
    host_account_free(account);
}

/* At any moment, also in the middle of each step. */
static void test_sign_off_anywhere(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    for (guint steps = 0; steps < 60; steps++) {
        host_sign_on(account);
        for (guint i = 0; i < steps; i++)
            g_main_context_iteration(NULL, FALSE);
        host_sign_off(account);
        purple_account_set_password(account, "demo");
    }
    test_until(fake_server_count_streams(server) == 0);
    host_record_clear();
    host_sign_on(account);
    host_wait("connected *");
    for (guint i = 0; i < 10; i++) {
        host_sign_off(account);
        host_record_clear();
        host_sign_on(account);
        host_wait("connected *");
    }
    host_account_free(account);
}

static void test_stalled_server_can_be_left(void)
{
    static const char *const steps[] = { "/oauth/token", "/user", "/flows/all", "/flows" };

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
        FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = steps[i], .count = -1 };

        fake_server_fault(server, &stall);
        host_sign_on(account);
        test_until(fake_server_stalled(server) > 0);
        host_account_free(account);
        fake_server_clear_faults(server);
    }
}

static void test_no_secret_is_logged(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo-Passw0rd&x=1");
    g_autofree char *refresh = NULL;
    const char *bearer;

    fake_server_set_password(server, 1, "demo-Passw0rd&x=1");
    host_sign_on_ready(account, server);
    host_type_in_room(account, "acme/main", "a very private remark");
    host_wait("chat acme/main <Demo> SEND*a very private remark");
    refresh = g_strdup(purple_account_get_password(account) + strlen("refresh-token:"));
    bearer = fake_server_last_request(server, "GET", "/user")->authorization + strlen("Bearer ");
    /* The log is there at all. */
    g_assert_nonnull(strstr(host_debug_log(), "/flows/all"));
    g_assert_null(strstr(host_debug_log(), "Passw0rd"));
    g_assert_null(strstr(host_debug_log(), "demo-secret"));
    g_assert_null(strstr(host_debug_log(), refresh));
    g_assert_null(strstr(host_debug_log(), bearer));
    g_assert_null(strstr(host_debug_log(), "private remark"));
    host_account_free(account);
}

static void test_expired_token_is_renewed(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    fake_server_clear_requests(server);
    fake_server_expire_access_tokens(server);
    host_type_in_room(account, "acme/main", "one");
    host_type_in_room(account, "acme/dev-team", "two");
    host_wait("chat acme/main <Demo> SEND* one");
    host_wait("chat acme/dev-team <Demo> SEND* two");
    g_assert_cmpuint(fake_server_count(server, "POST", "/oauth/token"), ==, 1);
    g_assert_cmpuint(fake_server_message_count(server, "acme/main"), ==, 1);
    host_account_free(account);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    g_test_add_func("/flowdock/sign-in/password", test_password);
    g_test_add_func("/flowdock/sign-in/next-time-asks-nothing", test_next_time_asks_nothing);
    g_test_add_func("/flowdock/sign-in/dead-refresh-token-asks", test_dead_refresh_token_asks);
    g_test_add_func("/flowdock/sign-in/nothing-answered", test_nothing_answered);
    for (gsize i = 0; i < G_N_ELEMENTS(failures); i++) {
        g_autofree char *path = g_strconcat("/flowdock/sign-in/fails/", failures[i].name, NULL);

        g_test_add_data_func(path, &failures[i], test_failure);
    }
    g_test_add_func("/flowdock/sign-in/no-flows", test_no_flows);
    g_test_add_func("/flowdock/sign-in/huge-token", test_huge_token);
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *path = g_strconcat("/flowdock/sign-in/answer/", answers[i].name, NULL);

        g_test_add_data_func(path, &answers[i], test_answer);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(certificates); i++) {
        g_autofree char *path = g_strconcat("/flowdock/sign-in/certificate/", certificates[i].name, NULL);

        g_test_add_data_func(path, &certificates[i], test_certificate);
    }
    g_test_add_func("/flowdock/sign-in/stream-certificate", test_stream_certificate);
    g_test_add_func("/flowdock/sign-in/not-encrypted", test_not_encrypted);
    g_test_add_func("/flowdock/sign-in/sign-off-anywhere", test_sign_off_anywhere);
    g_test_add_func("/flowdock/sign-in/stalled-server-can-be-left", test_stalled_server_can_be_left);
    g_test_add_func("/flowdock/sign-in/no-secret-is-logged", test_no_secret_is_logged);
    g_test_add_func("/flowdock/sign-in/expired-token-is-renewed", test_expired_token_is_renewed);
    return g_test_run();
}
