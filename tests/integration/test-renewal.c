/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of keeping a session alive: tokens that run out or are refused, and a clock that jumps. */
#include "browser.h"
#include "host.h"

#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPIRIES 20
#define DAY_S (24 * 60 * 60)

/* ---------------------------------------------------------------------------------------- the clock of this process */

static time_t clock_offset_s;

/* They take the place of the C library's for every library in this process. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);

    if (result == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += clock_offset_s;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec precise;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *place)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (place)
        *place = now.tv_sec;
    return now.tv_sec;
}

/* ------------------------------------------------------------------------------------------------------------ helpers */

static guint count_grants(FakeServer *server)
{
    return fake_server_count(server, "POST", "/oauth/token");
}

static guint count_status(FakeServer *server, guint status)
{
    const GPtrArray *requests = fake_server_requests(server);
    guint count = 0;

    for (guint i = 0; i < requests->len; i++)
        count += ((FakeRequest *)requests->pdata[i])->status == status;
    return count;
}

/* Each of @count lines was shown exactly once, and in order. */
static void check_lines(const char *before, const char *after, guint count)
{
    const char *record = host_record_text();
    gsize last = 0;

    for (guint i = 0; i < count; i++) {
        g_autofree char *line = g_strdup_printf("%s%u%s\n", before, i, after);
        g_autofree char *text = g_strconcat(record, "\n", NULL);
        const char *place = strstr(text, line);

        g_test_message("%s", line);
        g_assert_nonnull(place);
        g_assert_null(strstr(place + 1, line));
        g_assert_cmpuint((gsize)(place - text) + 1, >, last);
        last = (gsize)(place - text) + 1;
    }
}

static gboolean on_time(gpointer user_data)
{
    *(gboolean *)user_data = TRUE;
    return G_SOURCE_REMOVE;
}

/* Runs the main loop for so long; all that was due within it has then happened. */
static void run_for(guint ms)
{
    gboolean over = FALSE;

    g_timeout_add(ms, on_time, &over);
    test_until(over);
}

/* -------------------------------------------------------------------------------------------------- forced expiries */

typedef struct {
    const char *name;
    gboolean cut;   /* the streams break each time, too */
    gboolean crowd; /* several requests meet the 401 together */
    FakeOdd odd;
} Expiry;

static const Expiry expiries[] = {
    { "quiet", FALSE, FALSE, FAKE_ODD_NONE },
    { "cut", TRUE, FALSE, FAKE_ODD_NONE },
    { "crowd", FALSE, TRUE, FAKE_ODD_NONE },
    { "cut-crowd", TRUE, TRUE, FAKE_ODD_NONE },
    { "no-replay", TRUE, TRUE, FAKE_ODD_NO_REPLAY },
    { "refresh-token-stays", TRUE, FALSE, FAKE_ODD_KEEP_REFRESH | FAKE_ODD_NO_EXPIRES_IN },
    { "form", TRUE, FALSE, FAKE_ODD_FORM_TOKENS },
};

static void test_expiries(gconstpointer data)
{
    const Expiry *expiry = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *last = g_strdup_printf("chat acme/main <Demo> SEND mine %u", EXPIRIES - 1);
    g_autofree char *last_hers = g_strdup_printf("chat acme/main <Ann> RECV hers %u", EXPIRIES - 1);
    guint grants;

    fake_server_set_odd(server, expiry->odd);
    host_sign_on_ready(account, server);
    grants = count_grants(server);
    for (guint i = 0; i < EXPIRIES; i++) {
        g_autofree char *mine = g_strdup_printf("mine %u", i);
        g_autofree char *hers = g_strdup_printf("hers %u", i);

        fake_server_expire_access_tokens(server);
        if (expiry->cut)
            fake_server_streams_cut(server);
        host_type_in_room(account, "acme/main", mine);
        if (expiry->crowd) {
            host_type_in_room(account, "acme/dev-team", mine);
            host_type_to(account, "Ann", mine);
        }
        fake_server_say(server, "acme/main", 2, hers);
        /* The next one comes before the lines are shown, but not before the new token was good for something. */
        test_until(fake_server_message_count(server, "acme/main") == 2 * (i + 1));
        test_until(!expiry->crowd || fake_server_message_count(server, "private/1/2") == i + 1);
        test_until(!expiry->crowd || fake_server_message_count(server, "acme/dev-team") == i + 1);
    }
    host_wait(last);
    host_wait(last_hers);
    test_settle();
    check_lines("chat acme/main <Demo> SEND mine ", "", EXPIRIES);
    check_lines("chat acme/main <Ann> RECV hers ", "", EXPIRIES);
    if (expiry->crowd) {
        last = (g_free(last), g_strdup_printf("chat acme/dev-team <Demo> SEND mine %u", EXPIRIES - 1));
        host_wait(last);
        check_lines("chat acme/dev-team <Demo> SEND mine ", "", EXPIRIES);
        test_until(fake_server_message_count(server, "private/1/2") == EXPIRIES);
        g_assert_cmpuint(fake_server_message_count(server, "acme/dev-team"), ==, EXPIRIES);
    }
    g_assert_cmpuint(fake_server_message_count(server, "acme/main"), ==, 2 * EXPIRIES);
    /* One renewal each, however many met the 401. */
    g_assert_cmpuint(count_grants(server), ==, grants + EXPIRIES);
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    g_assert_cmpuint(host_record_count("*Not sent*"), ==, 0);
    host_account_free(account);
}

/* The life the server tells is used: no request ever meets a 401. */
static void test_before_expiry(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    fake_server_set_token_life(server, 6);
    host_sign_on_ready(account, server);
    test_until(count_grants(server) >= 4);
    host_type_in_room(account, "acme/main", "still here");
    host_wait("chat acme/main <Demo> SEND still here");
    g_assert_cmpuint(count_status(server, 401), ==, 0);
    host_account_free(account);
}

/* What comes first is the new refresh token in the store, then the use of the new access token. */
static void test_rotated_token_is_kept_first(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    g_autofree char *before = NULL;
    FakeFault stall = {
        .kind = FAKE_FAULT_STALL, .method = "POST", .path = "/flows/*/messages", .skip = 1, .count = -1
    };

    host_sign_on_ready(account, server);
    before = g_strdup(purple_account_get_password(account));
    fake_server_fault(server, &stall);
    fake_server_expire_access_tokens(server);
    host_type_in_room(account, "acme/main", "one");
    /* The repeated request is the first with the new access token. */
    test_until(fake_server_stalled(server) == 1);
    g_assert_true(g_str_has_prefix(purple_account_get_password(account), "refresh-token:"));
    g_assert_cmpstr(purple_account_get_password(account), !=, before);
    fake_server_clear_faults(server);
    host_account_free(account);
}

/* ------------------------------------------------------------------------------------------------ asked again */

/* Whatever the server gave is refused from now on. */
static void revoke_all(FakeServer *server)
{
    fake_server_expire_access_tokens(server);
    fake_server_revoke_refresh_tokens(server);
}

#define WAITING "The sign-in is no longer valid, and you are asked to sign in again. *"

static void test_asked_again(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    revoke_all(server);
    fake_server_streams_cut(server);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("ask Password for demo@example.com | The earlier sign-in has expired. Please sign in again. (masked)");
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> RECV+SYSTEM " WAITING), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/dev-team <Flowdock> RECV+SYSTEM " WAITING), ==, 1);
    /* Meanwhile. */
    fake_server_say(server, "acme/main", 2, "are you there?");
    host_type_in_room(account, "acme/main", "and this");
    test_settle();
    g_assert_cmpuint(count_grants(server), ==, 2);
    g_assert_cmpuint(host_record_count("ask *"), ==, 1);
    host_answer("wrong");
    host_wait("ask Password for demo@example.com | The e-mail address or the password is wrong. (masked)");
    host_record_clear();
    host_answer("demo");
    host_wait("chat acme/main <Ann> RECV are you there?");
    host_wait("chat acme/main <Demo> SEND what I typed");
    host_wait("chat acme/main <Demo> SEND and this");
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> RECV+SYSTEM You are signed in again."), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> *"), ==, 1);
    g_assert_cmpuint(host_record_count("chat acme/main <Demo> *"), ==, 2);
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    g_assert_cmpuint(host_record_count("room *"), ==, 0);
    g_assert_cmpuint(fake_server_message_count(server, "acme/main"), ==, 3);
    g_assert_true(g_str_has_prefix(purple_account_get_password(account), "refresh-token:"));
    host_account_free(account);
}

/* The user is out for lunch: nothing is given up, however long that takes. */
static void test_asked_for_long(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    revoke_all(server);
    fake_server_streams_cut(server);
    host_wait("ask Password *");
    host_record_clear();
    purple_account_set_int(account, "hurry", 400);
    /* Twice the time after which a lost connection ends the account's. */
    run_for(2 * 120000 / 400);
    g_assert_true(host_is_online(account));
    g_assert_cmpuint(host_record_count("*The connection is lost*"), ==, 0);
    fake_server_say(server, "acme/main", 2, "welcome back");
    purple_account_set_int(account, "hurry", 10);
    host_answer("demo");
    host_wait("chat acme/main <Ann> RECV welcome back");
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    host_account_free(account);
}

static void test_asked_and_cancelled(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    revoke_all(server);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("ask Password *");
    host_record_clear();
    host_answer(NULL);
    host_wait("disconnected AUTHENTICATION_FAILED No password was given.");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main <Flowdock> * Not sent. *<br>what I typed"), ==, 1);
    host_account_free(account);
}

static void test_consent_again(gconstpointer redirect)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", NULL);
    g_autofree char *first = NULL, *place = NULL, *again = NULL;

    purple_account_set_string(account, "auth_method", "oauth");
    purple_account_set_string(account, "redirect", redirect);
    host_sign_on(account);
    host_wait("browse");
    first = g_strdup(host_browsed());
    place = browser_allow(first);
    host_answer(place);
    host_wait("connected *");
    test_until(host_room(account, "acme/main") != NULL);
    test_until(fake_server_count_streams(server) == 1);
    test_settle();
    host_record_clear();
    revoke_all(server);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("browse");
    g_assert_cmpstr(host_browsed(), !=, first);
    g_assert_nonnull(strstr(host_asked_text(), "The earlier sign-in has expired."));
    again = browser_allow(host_browsed());
    if (g_str_equal(redirect, "loopback"))
        browser_page_free(browser_get(again));
    else
        host_answer(again);
    host_wait("chat acme/main <Demo> SEND what I typed");
    g_assert_false(host_is_asked());
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    host_account_free(account);
}

/* Who signed in long ago may see the question late: the listener's end is not the question's. */
static void test_consent_again_late(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", NULL);
    g_autofree char *place = NULL, *again = NULL;
    g_autoptr(BrowserPage) page = NULL;

    purple_account_set_string(account, "auth_method", "oauth");
    purple_account_set_string(account, "redirect", "loopback");
    host_sign_on(account);
    host_wait("browse");
    place = browser_allow(host_browsed());
    host_answer(place);
    host_wait("connected *");
    test_until(host_room(account, "acme/main") != NULL);
    host_record_clear();
    purple_account_set_int(account, "hurry", 500);
    revoke_all(server);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("browse");
    run_for(2 * 5 * 60000 / 500);
    again = browser_allow(host_browsed());
    page = browser_get(again);
    g_assert_cmpuint(page->status, ==, 0);
    host_answer(again);
    host_wait("chat acme/main <Demo> SEND what I typed");
    host_account_free(account);
}

/* The browser still knows somebody else: what waits must not go out in that name. */
static void test_somebody_else(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", NULL);
    g_autofree char *place = NULL, *again = NULL, *kept = NULL;
    g_autoptr(BrowserPage) other = NULL;

    purple_account_set_string(account, "auth_method", "oauth");
    host_sign_on(account);
    host_wait("browse");
    place = browser_allow(host_browsed());
    host_answer(place);
    host_wait("connected *");
    test_until(host_room(account, "acme/main") != NULL);
    host_record_clear();
    revoke_all(server);
    kept = g_strdup(purple_account_get_password(account));
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("browse");
    other = browser_decide(host_browsed(), "ann@example.com", "ann", "allow");
    host_record_clear();
    host_answer(other->location);
    host_wait("ask Allow access in your web browser | You have signed in as Ann, but these rooms are those of somebody "
              "else. *");
    g_assert_cmpuint(fake_server_message_count(server, "acme/main"), ==, 0);
    g_assert_cmpstr(purple_account_get_password(account), ==, kept);
    /* A page that allows by itself would lead round in a circle. */
    g_assert_cmpuint(host_record_count("browse"), ==, 0);
    again = browser_allow(host_browsed());
    host_answer(again);
    host_wait("chat acme/main <Demo> SEND what I typed");
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    host_account_free(account);
}

static void test_api_token_again(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo-token");
    FakeFault revoked = { .path = "/flows/*", .status = 401, .count = 1 };

    purple_account_set_string(account, "auth_method", "api-token");
    host_sign_on_ready(account, server);
    fake_server_fault(server, &revoked);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("ask API token for demo@example.com | The server no longer accepts this sign-in. Please sign in again. "
              "(masked)");
    host_answer("nonsense");
    host_wait("ask API token for demo@example.com | The server does not accept this API token. *");
    host_answer("a:b");
    host_wait_times("ask API token for demo@example.com | The server does not accept this API token. *", 2);
    host_answer("ann-token");
    host_wait("ask API token for demo@example.com | You have signed in as Ann, *");
    g_assert_cmpuint(fake_server_message_count(server, "acme/main"), ==, 0);
    host_answer("demo-token");
    host_wait("chat acme/main <Demo> SEND what I typed");
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    g_assert_cmpstr(purple_account_get_password(account), ==, "demo-token");
    host_account_free(account);
}

/* A page that allows by itself, as many do for an application that was allowed before, in the browser of somebody else. */
static void test_page_that_allows_by_itself(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", NULL);
    g_autofree char *place = NULL;
    g_autoptr(BrowserPage) other = NULL;

    purple_account_set_string(account, "auth_method", "oauth");
    purple_account_set_string(account, "redirect", "loopback");
    host_sign_on(account);
    host_wait("browse");
    place = browser_allow(host_browsed());
    browser_page_free(browser_get(place));
    host_wait("connected *");
    test_until(host_room(account, "acme/main") != NULL);
    test_until(fake_server_count_streams(server) == 1);
    host_record_clear();
    revoke_all(server);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("browse");
    other = browser_decide(host_browsed(), "ann@example.com", "ann", "allow");
    browser_page_free(browser_get(other->location));
    host_wait("ask Allow access in your web browser | You have signed in as Ann, *");
    test_settle();
    g_assert_cmpuint(host_record_count("browse"), ==, 1);
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    host_account_free(account);
}

typedef struct {
    const char *name;
    const char *query; /* (nullable): of what reaches the listener */
    gboolean busy;     /* its port is taken meanwhile */
} Disturbance;

static const Disturbance disturbances[] = {
    { "foreign-error", "?error=x", FALSE },
    { "foreign-state", "?code=abc&state=guessed", FALSE },
    { "busy-port", NULL, TRUE },
};

static GSocket *listen_at(guint16 port)
{
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("127.0.0.1", port);
    GSocket *socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

    g_assert_true(g_socket_bind(socket, address, TRUE, NULL));
    g_assert_true(g_socket_listen(socket, NULL));
    return socket;
}

static guint16 port_of(GSocket *socket)
{
    g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);

    return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
}

/* In the middle of a session nothing but the user's own cancelling ends it. */
static void test_disturbed_consent(gconstpointer data)
{
    const Disturbance *disturbance = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", NULL);
    g_autoptr(GSocket) other = NULL;
    g_autofree char *place = NULL, *again = NULL;
    guint16 port;

    other = listen_at(0);
    port = port_of(other);
    g_clear_object(&other);
    purple_account_set_string(account, "auth_method", "oauth");
    purple_account_set_string(account, "redirect", "loopback");
    purple_account_set_int(account, "loopback_port", port);
    host_sign_on(account);
    host_wait("browse");
    place = browser_allow(host_browsed());
    browser_page_free(browser_get(place));
    host_wait("connected *");
    test_until(host_room(account, "acme/main") != NULL);
    host_record_clear();
    if (disturbance->busy)
        other = listen_at(port);
    revoke_all(server);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("browse");
    if (disturbance->query) {
        g_autofree char *foreign = g_strdup_printf("http://127.0.0.1:%u/flowdock%s", port, disturbance->query);

        browser_page_free(browser_get(foreign));
        host_wait("ask Allow access in your web browser | What came back from the browser does not belong *");
    }
    again = browser_allow(host_browsed());
    host_answer(again);
    host_wait("chat acme/main <Demo> SEND what I typed");
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    g_clear_object(&other);
    host_account_free(account);
}

/* The network wants a log-in of its own first: its page is not the service's last word. */
static void test_captive_network(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault page = {
        .path = "/oauth/token", .status = 200, .body = "<html>log in here", .content_type = "text/html"
    };

    host_sign_on_ready(account, server);
    fake_server_fault(server, &page);
    fake_server_expire_access_tokens(server);
    host_type_in_room(account, "acme/main", "one");
    host_wait("chat acme/main <Flowdock> *Not sent. *one");
    test_settle();
    g_assert_true(host_is_online(account));
    host_account_free(account);
}

/* Whose the new credential is cannot be asked just now: what was typed is not asked for again. */
static void test_check_meets_busy_server(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault busy = { .path = "/user", .status = 503, .count = 2 };

    host_sign_on_ready(account, server);
    revoke_all(server);
    host_type_in_room(account, "acme/main", "what I typed");
    host_wait("ask Password *");
    fake_server_fault(server, &busy);
    host_record_clear();
    purple_account_set_int(account, "hurry", 500);
    host_answer("demo");
    host_wait("chat acme/main <Demo> SEND what I typed");
    g_assert_cmpuint(host_record_count("ask *"), ==, 0);
    host_account_free(account);
}

/* Settings may be edited at any time; what the old server gave does not go to a new one. */
static void test_address_changed_meanwhile(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autoptr(FakeServer) other = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    purple_account_set_string(account, "api_url", fake_server_get_api_url(other));
    fake_server_expire_access_tokens(server);
    host_type_in_room(account, "acme/main", "one");
    host_wait("chat acme/main <Demo> SEND one");
    g_assert_cmpuint(fake_server_count(other, NULL, NULL), ==, 0);
    host_account_free(account);
}

/* ------------------------------------------------------------------------------------------------- no loops */

/* Tokens are renewed, and one kind of call refuses each of them. */
static void test_renewed_token_refused(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault never = { .method = "POST", .path = "/flows/*", .status = 401, .count = -1 };
    guint grants;

    purple_account_set_int(account, "hurry", 1);
    host_sign_on_ready(account, server);
    grants = count_grants(server);
    fake_server_fault(server, &never);
    for (guint i = 0; i < 10; i++) {
        g_autofree char *text = g_strdup_printf("line %u", i);
        g_autofree char *said = g_strdup_printf("chat acme/main <Flowdock> RECV+ERROR Not sent. *<br>line %u", i);

        host_type_in_room(account, "acme/main", text);
        host_wait(said);
    }
    g_assert_cmpuint(count_grants(server), ==, grants + 1);
    host_account_free(account);
}

/* A renewal that did not reach the server says nothing about the next one. */
static void test_network_comes_back(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault cut = { .kind = FAKE_FAULT_CUT_BEFORE, .path = "/oauth/token", .count = 1 };

    purple_account_set_int(account, "hurry", 1);
    host_sign_on_ready(account, server);
    fake_server_fault(server, &cut);
    fake_server_expire_access_tokens(server);
    host_type_in_room(account, "acme/main", "one");
    host_wait("chat acme/main <*> *one");
    host_type_in_room(account, "acme/main", "two");
    host_wait("chat acme/main <Demo> SEND two");
    host_account_free(account);
}

/* A server that gives tokens and refuses each of them. */
static void test_refused_tokens(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault never = { .path = "/flows/*", .status = 401, .count = -1 };

    host_sign_on(account);
    fake_server_fault(server, &never);
    host_wait("disconnected AUTHENTICATION_FAILED The server no longer accepts this sign-in. Sign in again.");
    run_for(50);
    g_assert_cmpuint(count_grants(server), <=, 2);
    host_account_free(account);
}

/* The token endpoint is down while the access token has run out: one try a minute, however much is typed. */
static void test_one_renewal_a_minute(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault down = { .path = "/oauth/token", .status = 500, .count = -1 };
    guint grants;

    purple_account_set_int(account, "hurry", 1);
    host_sign_on_ready(account, server);
    grants = count_grants(server);
    fake_server_fault(server, &down);
    fake_server_expire_access_tokens(server);
    for (guint i = 0; i < 10; i++) {
        g_autofree char *text = g_strdup_printf("line %u", i);
        g_autofree char *said = g_strdup_printf("chat acme/main <Flowdock> RECV+ERROR Not sent. *<br>line %u", i);

        host_type_in_room(account, "acme/main", text);
        host_wait(said);
    }
    g_assert_cmpuint(count_grants(server), ==, grants + 1);
    g_assert_true(host_is_online(account));
    host_account_free(account);
}

typedef struct {
    const char *name;
    guint status;
    const char *retry_after;
    gboolean waits;
} Busy;

static const Busy busies[] = {
    { "limited", 429, "2", TRUE },
    { "unavailable", 503, "2", TRUE },
    { "limited-for-long", 429, "3600", FALSE },
    { "limited-without-time", 429, NULL, FALSE },
    { "broken", 500, NULL, FALSE },
};

/* A server that says when to come back is asked again then; else it is the host's turn. */
static void test_busy(gconstpointer data)
{
    const Busy *busy = data;
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault fault = { .path = "/oauth/token", .status = busy->status, .retry_after = busy->retry_after, .count = 2 };

    fake_server_fault(server, &fault);
    host_sign_on(account);
    if (busy->waits) {
        host_wait("progress 0/3 The server is busy; trying again as soon as it allows");
        host_wait("connected *");
        g_assert_cmpuint(count_grants(server), ==, 3);
    } else {
        host_wait("disconnected NETWORK_ERROR *");
        g_assert_cmpuint(count_grants(server), ==, 1);
    }
    host_account_free(account);
}

/* Also in the middle of a session: what is typed waits. */
static void test_busy_renewal(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault fault = { .path = "/oauth/token", .status = 429, .retry_after = "1", .count = 2 };

    host_sign_on_ready(account, server);
    fake_server_fault(server, &fault);
    fake_server_expire_access_tokens(server);
    host_type_in_room(account, "acme/main", "one");
    host_wait("chat acme/main <Demo> SEND one");
    host_expect("chat acme/main <Demo> SEND one");
    host_account_free(account);
}

/* Sign-off while the server makes us wait. */
static void test_sign_off_while_busy(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");
    FakeFault fault = { .path = "/oauth/token", .status = 429, .retry_after = "60", .count = -1 };

    fake_server_fault(server, &fault);
    host_sign_on(account);
    host_wait("progress 0/3 The server is busy; *");
    host_sign_off(account);
    host_account_free(account);
}

/* --------------------------------------------------------------------------------------------------- the clock */

static void test_clock_jumps(void)
{
    static const time_t jumps_s[] = { DAY_S, -3 * DAY_S, 400 * DAY_S, 0 };
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    fake_server_set_token_life(server, 6);
    host_sign_on_ready(account, server);
    for (gsize i = 0; i < G_N_ELEMENTS(jumps_s); i++) {
        g_autofree char *mine = g_strdup_printf("mine %zu", i);
        g_autofree char *shown = g_strdup_printf("chat acme/main <Demo> SEND mine %zu", i);
        guint grants;

        clock_offset_s = jumps_s[i];
        grants = count_grants(server);
        host_type_in_room(account, "acme/main", mine);
        host_wait(shown);
        fake_server_say(server, "acme/main", 2, mine);
        host_wait_times("chat acme/main <Ann> RECV mine *", (guint)i + 1);
        /* Renewal goes on as if nothing had been, neither all the time nor never. */
        test_until(count_grants(server) >= grants + 1);
    }
    g_assert_cmpuint(host_record_count("chat acme/main <Demo> *"), ==, G_N_ELEMENTS(jumps_s));
    g_assert_cmpuint(host_record_count("chat acme/main <Ann> *"), ==, G_N_ELEMENTS(jumps_s));
    g_assert_cmpuint(count_status(server, 401), ==, 0);
    g_assert_cmpuint(host_record_count("disconnected *"), ==, 0);
    host_account_free(account);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    for (gsize i = 0; i < G_N_ELEMENTS(expiries); i++) {
        g_autofree char *path = g_strconcat("/flowdock/renewal/expiries/", expiries[i].name, NULL);

        g_test_add_data_func(path, &expiries[i], test_expiries);
    }
    g_test_add_func("/flowdock/renewal/before-expiry", test_before_expiry);
    g_test_add_func("/flowdock/renewal/rotated-token-is-kept-first", test_rotated_token_is_kept_first);
    g_test_add_func("/flowdock/renewal/asked-again", test_asked_again);
    g_test_add_func("/flowdock/renewal/asked-for-long", test_asked_for_long);
    g_test_add_func("/flowdock/renewal/asked-and-cancelled", test_asked_and_cancelled);
    g_test_add_data_func("/flowdock/renewal/consent-again/oob", "oob", test_consent_again);
    g_test_add_data_func("/flowdock/renewal/consent-again/loopback", "loopback", test_consent_again);
    g_test_add_func("/flowdock/renewal/consent-again-late", test_consent_again_late);
    g_test_add_func("/flowdock/renewal/somebody-else", test_somebody_else);
    g_test_add_func("/flowdock/renewal/page-that-allows-by-itself", test_page_that_allows_by_itself);
    for (gsize i = 0; i < G_N_ELEMENTS(disturbances); i++) {
        g_autofree char *path = g_strconcat("/flowdock/renewal/disturbed/", disturbances[i].name, NULL);

        g_test_add_data_func(path, &disturbances[i], test_disturbed_consent);
    }
    g_test_add_func("/flowdock/renewal/captive-network", test_captive_network);
    g_test_add_func("/flowdock/renewal/check-meets-busy-server", test_check_meets_busy_server);
    g_test_add_func("/flowdock/renewal/address-changed-meanwhile", test_address_changed_meanwhile);
    g_test_add_func("/flowdock/renewal/renewed-token-refused", test_renewed_token_refused);
    g_test_add_func("/flowdock/renewal/network-comes-back", test_network_comes_back);
    g_test_add_func("/flowdock/renewal/api-token-again", test_api_token_again);
    g_test_add_func("/flowdock/renewal/refused-tokens", test_refused_tokens);
    g_test_add_func("/flowdock/renewal/one-renewal-a-minute", test_one_renewal_a_minute);
    for (gsize i = 0; i < G_N_ELEMENTS(busies); i++) {
        g_autofree char *path = g_strconcat("/flowdock/renewal/busy/", busies[i].name, NULL);

        g_test_add_data_func(path, &busies[i], test_busy);
    }
    g_test_add_func("/flowdock/renewal/busy-renewal", test_busy_renewal);
    g_test_add_func("/flowdock/renewal/sign-off-while-busy", test_sign_off_while_busy);
    g_test_add_func("/flowdock/renewal/clock-jumps", test_clock_jumps);
    return g_test_run();
}
