/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories that look for secrets where none may be: the debug log, all that reached the user, the arguments of this process,
 * and every file below the home folder except libpurple's own account store. */
#define _GNU_SOURCE /* memmem() */

#include "browser.h"
#include "host.h"

#include <string.h>

#define PASSWORD "pass w0rd:&=+%41\xc3\xa4"
#define PRIVATE "a very private remark"
#define ROOM_TEXT "a remark in the room"

/* What must not be found, of all tests so far. Very short ones would be found by chance. */
static GPtrArray *secrets;

static void add_secret(const char *text)
{
    if (text && strlen(text) > 3)
        g_ptr_array_add(secrets, g_strdup(text));
}

/* A secret in each spelling in which it may leak. */
static void add_spellings(const char *text)
{
    g_autofree char *escaped = g_uri_escape_string(text, NULL, FALSE);
    g_autofree char *base64 = g_base64_encode((const guchar *)text, strlen(text));
    g_autofree char *markup = g_markup_escape_text(text, -1);

    add_secret(text);
    add_secret(escaped);
    add_secret(base64);
    add_secret(markup);
}

static void add_params(const char *form)
{
    static const char *const names[] = { "password", "client_secret", "code", "code_verifier", "refresh_token" };
    g_autoptr(GHashTable) params = g_uri_parse_params(form, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);

    for (gsize i = 0; params && i < G_N_ELEMENTS(names); i++)
        if (g_hash_table_lookup(params, names[i]))
            add_spellings(g_hash_table_lookup(params, names[i]));
}

/* All that went to the server to prove who it is. */
static void add_sent(FakeServer *server)
{
    const GPtrArray *requests = fake_server_requests(server);

    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        if (request->authorization)
            add_spellings(strchr(request->authorization, ' ') + 1);
        if (g_str_equal(request->path, "/oauth/token"))
            add_params(request->body);
    }
}

static void check_text(const char *where, const char *text, gsize length)
{
    for (guint i = 0; i < secrets->len; i++) {
        const char *secret = secrets->pdata[i];

        if (memmem(text, length, secret, strlen(secret)))
            g_error("\"%s\" stands in %s", secret, where);
    }
}

/* Of what only the conversation may show. */
static void check_remarks(const char *where, const char *text, gsize length)
{
    if (memmem(text, length, PRIVATE, strlen(PRIVATE)) || memmem(text, length, ROOM_TEXT, strlen(ROOM_TEXT)))
        g_error("a message stands in %s", where);
}

static guint check_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    guint count = 0;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;
        gsize length;

        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            count += check_files(path);
        } else if (!g_str_equal(name, "accounts.xml") && g_file_get_contents(path, &text, &length, NULL)) {
            check_text(path, text, length);
            check_remarks(path, text, length);
            count++;
        }
    }
    return count;
}

static void check_everywhere(FakeServer *server, PurpleAccount *account)
{
    g_autofree char *arguments = NULL;
    const char *password = purple_account_get_password(account);
    gsize length;

    add_sent(server);
    if (password && g_str_has_prefix(password, "refresh-token:"))
        add_spellings(password + strlen("refresh-token:"));
    /* There is something to look into, and to look for. */
    g_assert_cmpuint(secrets->len, >, 4);
    g_assert_nonnull(strstr(host_debug_log(), "flowdock-net: "));
    check_text("the debug log", host_debug_log(), strlen(host_debug_log()));
    check_remarks("the debug log", host_debug_log(), strlen(host_debug_log()));
    g_assert_true(g_file_get_contents("/proc/self/cmdline", &arguments, &length, NULL));
    check_text("the arguments", arguments, length);
    check_files(g_get_home_dir());
}

static void on_error_texts(void)
{
    const char *record = host_record_text();

    check_text("what the user saw", record, strlen(record));
}

typedef struct {
    const char *name, *method, *redirect, *secret;
} Way;

static const Way ways[] = {
    { "password-grant", "password-grant", "oob", PASSWORD },
    { "oob", "oauth", "oob", NULL },
    { "loopback", "oauth", "loopback", NULL },
    { "api-token", "api-token", "oob", "demo-token" },
    { "basic", "basic", "oob", PASSWORD },
    { "source-token", "source-token", "oob", "" },
};

static void consent(FakeServer *server, const Way *way)
{
    g_autoptr(BrowserPage) decided = NULL;

    (void)server;
    host_wait("browse");
    decided = browser_decide(host_browsed(), "demo@example.com", PASSWORD, "allow");
    if (g_str_equal(way->redirect, "loopback")) {
        browser_page_free(browser_get(decided->location));
    } else {
        add_spellings(strrchr(decided->location, '/') + 1);
        host_answer(decided->location);
    }
}

static void test_way(gconstpointer data)
{
    const Way *way = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    gboolean reads = !g_str_equal(way->method, "source-token");
    const char *secret = reads ? way->secret : fake_server_add_source(server, "acme/main", "Builds");
    PurpleAccount *account = host_account_new(server, "demo@example.com", secret);

    add_spellings(PASSWORD);
    add_spellings("demo-secret");
    add_spellings("demo-token");
    if (secret)
        add_spellings(secret);
    fake_server_set_password(server, 1, PASSWORD);
    purple_account_set_string(account, "auth_method", way->method);
    purple_account_set_string(account, "redirect", way->redirect);
    host_sign_on(account);
    if (g_str_equal(way->method, "oauth"))
        consent(server, way);
    host_wait("connected *");
    on_error_texts();
    host_wait("chat acme/main *");
    if (reads) {
        test_until(fake_server_count_streams(server) == 1);
        host_type_to(account, "Ann", PRIVATE);
        test_until(fake_server_message_count(server, "private/1/2") == 1);
        fake_server_say_private(server, 2, 1, PRIVATE " too");
        host_wait("im Ann <Ann> *" PRIVATE " too");
        /* Renewal, and a refusal with its text. */
        fake_server_expire_access_tokens(server);
        fake_server_revoke_refresh_tokens(server);
    } else {
        fake_server_remove_source(server, secret);
    }
    host_type_in_room(account, "acme/main", ROOM_TEXT);
    if (g_str_equal(way->method, "api-token") || g_str_equal(way->method, "basic"))
        host_wait("chat acme/main <Demo> SEND*" ROOM_TEXT);
    else
        host_wait(reads ? "ask *" : "disconnected *");
    check_everywhere(server, account);
    host_account_free(account);
}

/* A server that repeats what it was sent, in each of its refusals. */
static void test_talkative_server(void)
{
    static const char *const bodies[] = {
        "{\"error\":\"invalid_request\",\"error_description\":\"bad password " PASSWORD
        " of demo-client demo-secret\"}",
        "{\"error\":\"" PASSWORD "\"}",
        "{\"message\":\"Bearer abcdefgh12345678 is bad, password=secretsecret\"}",
        "error=invalid_scope&error_description=password%3Dsecretsecret",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account = host_account_new(server, "demo@example.com", PASSWORD);
        FakeFault fault = { .path = "/oauth/token", .status = 400, .body = bodies[i], .count = -1 };

        add_secret(PASSWORD);
        add_secret("demo-secret");
        add_secret("secretsecret");
        add_secret("abcdefgh12345678");
        fake_server_fault(server, &fault);
        host_sign_on(account);
        host_wait("disconnected *");
        on_error_texts();
        check_text("the debug log", host_debug_log(), strlen(host_debug_log()));
        host_account_free(account);
    }
}

/* A redirect takes no credential along, wherever it leads. */
static void test_redirects(void)
{
    g_autoptr(FakeServer) other = fake_server_new_started();
    static const char *const paths[] = { "/oauth/token", "/user", "/flows/all" };

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
        FakeFault fault = { .path = paths[i], .status = 307, .count = -1 };

        fault.location = fake_server_get_api_url(other);
        fake_server_fault(server, &fault);
        host_sign_on(account);
        host_wait("disconnected OTHER_ERROR What answers at this address is not a Flowdock-compatible server. *");
        g_assert_cmpuint(fake_server_count(other, NULL, NULL), ==, 0);
        host_account_free(account);
    }
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    secrets = g_ptr_array_new_with_free_func(g_free);
    host_init();
    /* libpurple's own logs of conversations are what the user has asked for; whoever has not must not get others. */
    purple_prefs_set_bool("/purple/logging/log_ims", FALSE);
    purple_prefs_set_bool("/purple/logging/log_chats", FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *path = g_strconcat("/flowdock/secrets/", ways[i].name, NULL);

        g_test_add_data_func(path, &ways[i], test_way);
    }
    g_test_add_func("/flowdock/secrets/talkative-server", test_talkative_server);
    g_test_add_func("/flowdock/secrets/redirects", test_redirects);
    result = g_test_run();
    /* What libpurple writes late, it writes now. */
    purple_core_quit();
    g_assert_cmpuint(check_files(g_get_home_dir()), >, 0);
    return result;
}
