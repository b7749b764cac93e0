/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server's OAuth side, by the sheet's section 2. */
#include "test-fake.h"

#define CLIENT "client_id=demo-client&client_secret=demo-secret"
#define PASSWORD CLIENT "&grant_type=password&username=demo%40example.com&password=demo"
#define OOB "urn:ietf:wg:oauth:2.0:oob"

static TestFake *start(void)
{
    TestFake *fake = test_fake_new();

    fake->authorization = NULL;
    fake->accept = "application/json";
    return fake;
}

static guint ask_token(TestFake *fake, const char *body)
{
    return test_fake_call(fake, "POST", "/oauth/token", body);
}

static const char *text_of(TestFake *fake, const char *name)
{
    return fake_json_string(test_fake_object(fake), name);
}

static void assert_refused(TestFake *fake, guint status, const char *error)
{
    g_assert_cmpuint(fake->status, ==, status);
    g_assert_cmpstr(text_of(fake, "error"), ==, error);
}

/* The status that the given access token gets for @path. */
static guint try_token(TestFake *fake, const char *token, const char *path)
{
    g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);
    guint status;

    fake->authorization = bearer;
    status = test_fake_call(fake, "GET", path, NULL);
    fake->authorization = NULL;
    return status;
}

static void test_password(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *token = NULL, *path = NULL;

    g_assert_cmpuint(ask_token(fake, PASSWORD), ==, 200);
    g_assert_cmpstr(text_of(fake, "scope"), ==, "flow,private");
    g_assert_cmpstr(text_of(fake, "token_type"), ==, "bearer");
    g_assert_cmpint(fake_json_int(test_fake_object(fake), "expires_in", 0), ==, 3600);
    g_assert_false(json_object_has_member(test_fake_object(fake), "refresh_token"));
    token = g_strdup(text_of(fake, "access_token"));
    g_assert_cmpuint(try_token(fake, token, "/user"), ==, 200);
    path = g_strconcat("/user?access_token=", token, NULL);
    g_assert_cmpuint(test_fake_call(fake, "GET", path, NULL), ==, 200);
    fake_server_expire_access_tokens(fake->server);
    g_assert_cmpuint(try_token(fake, token, "/user"), ==, 401);
    g_assert_cmpstr(test_fake_header(fake, "WWW-Authenticate"), ==, "Bearer error=\"invalid_token\"");
}

static void test_password_refused(void)
{
    g_autoptr(TestFake) fake = start();

    ask_token(fake, CLIENT "&grant_type=password&username=demo%40example.com&password=wrong");
    assert_refused(fake, 400, "invalid_grant");
    ask_token(fake,
              "client_id=demo-client&client_secret=x&grant_type=password&username=demo%40example.com&password=demo");
    assert_refused(fake, 401, "invalid_client");
    ask_token(fake, PASSWORD "&scope=flow+magic");
    assert_refused(fake, 400, "invalid_scope");
    ask_token(fake, CLIENT "&grant_type=magic");
    assert_refused(fake, 400, "unsupported_grant_type");
    ask_token(fake, CLIENT);
    assert_refused(fake, 400, "invalid_request");
    fake->authorization = TEST_FAKE_DEMO;
    ask_token(fake, PASSWORD);
    assert_refused(fake, 400, "invalid_request");
}

static void test_formats(void)
{
    g_autoptr(TestFake) fake = start();

    fake->accept = NULL;
    g_assert_cmpuint(ask_token(fake, PASSWORD "&scope=flow+private"), ==, 200);
    g_assert_true(g_str_has_prefix(test_fake_header(fake, "Content-Type"), "application/x-www-form-urlencoded"));
    g_assert_nonnull(strstr(fake->text, "&scope=flow%2Cprivate&token_type=bearer"));
    fake_server_set_odd(fake->server, FAKE_ODD_NO_EXPIRES_IN);
    fake->accept = "application/json";
    g_assert_cmpuint(ask_token(fake, "{\"client_id\":\"demo-client\",\"client_secret\":\"demo-secret\","
                                     "\"grant_type\":\"password\",\"username\":\"demo@example.com\","
                                     "\"password\":\"demo\",\"scope\":\"flow profile\"}"),
                     ==, 200);
    g_assert_cmpstr(text_of(fake, "scope"), ==, "flow,profile");
    g_assert_false(json_object_has_member(test_fake_object(fake), "expires_in"));
}

static void test_refresh(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *old = NULL, *body = NULL, *token = NULL;

    ask_token(fake, PASSWORD "&scope=flow+offline_access");
    old = g_strdup(text_of(fake, "refresh_token"));
    body = g_strconcat(CLIENT "&grant_type=refresh_token&refresh_token=", old, NULL);
    g_assert_cmpuint(ask_token(fake, body), ==, 200);
    g_assert_cmpstr(text_of(fake, "refresh_token"), !=, old);
    g_assert_cmpuint(fake_server_count_refresh_tokens(fake->server), ==, 1);
    token = g_strdup(text_of(fake, "access_token"));
    ask_token(fake, body);
    assert_refused(fake, 400, "invalid_grant");
    g_assert_cmpuint(try_token(fake, token, "/flows"), ==, 200);
}

static void test_refresh_kept(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *body = NULL;

    fake_server_set_odd(fake->server, FAKE_ODD_KEEP_REFRESH);
    ask_token(fake, PASSWORD "&scope=flow+offline_access");
    body = g_strconcat(CLIENT "&grant_type=refresh_token&refresh_token=", text_of(fake, "refresh_token"), NULL);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpuint(ask_token(fake, body), ==, 200);
        g_assert_false(json_object_has_member(test_fake_object(fake), "refresh_token"));
    }
    fake_server_revoke_refresh_tokens(fake->server);
    ask_token(fake, body);
    assert_refused(fake, 400, "invalid_grant");
}

static void test_scopes(void)
{
    g_autoptr(TestFake) fake = start();
    g_autofree char *token = NULL;

    ask_token(fake, PASSWORD "&scope=flow");
    token = g_strdup(text_of(fake, "access_token"));
    g_assert_cmpuint(try_token(fake, token, "/flows"), ==, 200);
    g_assert_cmpuint(try_token(fake, token, "/private"), ==, 403);
}

/* Fills in the page's form. Returns where it leads to; NULL when it is shown again. */
static const char *consent(TestFake *fake, const char *form, const char *decision)
{
    g_autofree char *body = g_strconcat(form, "&email=demo%40example.com&password=demo&decision=", decision, NULL);

    test_fake_call(fake, "POST", "/oauth/authorize", body);
    return fake->status == 302 ? test_fake_header(fake, "Location") : NULL;
}

static void test_code_by_page(void)
{
    g_autoptr(TestFake) fake = start();
    const char *form = "client_id=demo-client&response_type=code&state=s%261&scope=flow+offline_access";
    g_autofree char *url = g_strconcat("/oauth/authorize?", form, NULL);
    g_autofree char *code = NULL, *body = NULL;
    const char *target;

    g_assert_cmpuint(test_fake_call(fake, "GET", url, NULL), ==, 200);
    g_assert_nonnull(strstr(fake->text, "flowdock-compatible test server"));
    g_assert_nonnull(strstr(fake->text, "name=\"state\" value=\"s&amp;1\""));
    target = consent(fake, form, "allow");
    g_assert_true(g_str_has_prefix(target, fake_server_get_api_url(fake->server)));
    code = g_path_get_basename(target);
    url = (g_free(url), g_strdup(target));
    g_assert_cmpuint(test_fake_call(fake, "GET", url, NULL), ==, 200);
    g_assert_nonnull(strstr(fake->text, code));

    body = g_strconcat(CLIENT "&grant_type=authorization_code&redirect_uri=" OOB "&code=", code, NULL);
    g_assert_cmpuint(ask_token(fake, body), ==, 200);
    g_assert_cmpstr(text_of(fake, "scope"), ==, "flow,offline_access");
    g_assert_nonnull(text_of(fake, "refresh_token"));
    /* A code is good once. */
    ask_token(fake, body);
    assert_refused(fake, 400, "invalid_grant");
}

static void test_code_by_loopback(void)
{
    g_autoptr(TestFake) fake = start();
    const char *form = "client_id=demo-client&response_type=code&state=s%261"
                       "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcb";
    const char *target = consent(fake, form, "allow");
    g_autofree char *code = NULL, *body = NULL;

    g_assert_true(g_str_has_prefix(target, "http://127.0.0.1:4711/cb?code="));
    g_assert_true(g_str_has_suffix(target, "&state=s%261"));
    code = g_strndup(strchr(target, '=') + 1, strcspn(strchr(target, '=') + 1, "&"));
    /* Exactly the one of before is wanted. */
    body = g_strconcat(
        CLIENT "&grant_type=authorization_code&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2F&code=", code, NULL);
    ask_token(fake, body);
    assert_refused(fake, 400, "invalid_grant");
    g_assert_cmpstr(consent(fake, form, "deny"), ==, "http://127.0.0.1:4711/cb?error=access_denied&state=s%261");
    g_assert_null(
        consent(fake, "client_id=demo-client&response_type=code&redirect_uri=http%3A%2F%2Fevil.example%2F", "allow"));
    g_assert_cmpuint(fake->status, ==, 400);
}

/* The pair of RFC 7636, appendix B. */
static void test_pkce(void)
{
    g_autoptr(TestFake) fake = start();
    const char *form = "client_id=demo-client&response_type=code&code_challenge_method=S256"
                       "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    static const char *const verifiers[] = { "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "",
                                             "&code_verifier=wrong" };

    for (gsize i = 0; i < G_N_ELEMENTS(verifiers); i++) {
        g_autofree char *code = g_path_get_basename(consent(fake, form, "allow"));
        g_autofree char *body =
            g_strconcat(CLIENT "&grant_type=authorization_code&redirect_uri=" OOB "&code=", code, verifiers[i], NULL);

        g_assert_cmpuint(ask_token(fake, body), ==, i == 0 ? 200 : 400);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/oauth/password", test_password);
    g_test_add_func("/server/oauth/password-refused", test_password_refused);
    g_test_add_func("/server/oauth/formats", test_formats);
    g_test_add_func("/server/oauth/refresh", test_refresh);
    g_test_add_func("/server/oauth/refresh-kept", test_refresh_kept);
    g_test_add_func("/server/oauth/scopes", test_scopes);
    g_test_add_func("/server/oauth/code-by-page", test_code_by_page);
    g_test_add_func("/server/oauth/code-by-loopback", test_code_by_loopback);
    g_test_add_func("/server/oauth/pkce", test_pkce);
    return g_test_run();
}
