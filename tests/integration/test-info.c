/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of what is known of somebody: the info window, tooltips, names in rooms. */
#include "host.h"

#include <string.h>

#define NEVER_ACTIVE 0
#define HOUR_MS G_GINT64_CONSTANT(3600000)

static gint64 now_ms(void)
{
    return g_get_real_time() / 1000;
}

static PurpleConnection *connection(PurpleAccount *account)
{
    return purple_account_get_connection(account);
}

static PurplePluginProtocolInfo *protocol(void)
{
    return PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl("prpl-flowdock"));
}

static PurpleAccount *sign_on(FakeServer *server)
{
    PurpleAccount *account = host_account_new(server, "demo@example.com", "demo");

    host_sign_on_ready(account, server);
    /* Last of all that is loaded at sign-in. */
    test_until(fake_server_count(server, "GET", "/users") == 1);
    test_settle();
    host_record_clear();
    return account;
}

/* As hosts ask; waits for what comes of it. (transfer full) */
static char *info_of(PurpleAccount *account, const char *who)
{
    g_autofree char *glob = g_strdup_printf("info %s *", who);
    char *text;

    host_record_clear();
    serv_get_info(connection(account), who);
    host_wait(glob);
    text = g_strdup(host_record_text() + strlen("info ") + strlen(who) + 1);
    host_record_clear();
    return text;
}

static void expect_info(PurpleAccount *account, const char *who, const char *expected)
{
    g_autofree char *text = info_of(account, who);

    g_assert_cmpstr(text, ==, expected);
}

static void expect_info_like(PurpleAccount *account, const char *who, const char *glob)
{
    g_autofree char *text = info_of(account, who);

    g_test_message("expected: %s\nbut: %s", glob, text);
    g_assert_true(g_pattern_match_simple(glob, text));
}

static char *local_time(gint64 ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(ms / 1000);

    return g_date_time_format(time, "%Y-%m-%d %H:%M");
}

/* ------------------------------------------------------------------------------------------------------ info window */

static void test_all(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    gint64 active = now_ms() - 3 * HOUR_MS - HOUR_MS / 2;
    g_autofree char *time = local_time(active);
    g_autofree char *expected = g_strdup_printf(
        "Nick: Ann; Name: Ann Example; E-mail: ann@example.com; Web site: https://ann.example.com/?a=1&amp;b=2; "
        "Status: at the sea; Status (Dev team): in a meeting; Presence: offline; Last active: 3 hours ago (%s); "
        "Organizations: Acme (administrator); Shared flows: Dev team, Main; User id: 2",
        time);
    PurpleAccount *account;

    fake_server_set_profile(server, 2, NULL, NULL, "https://ann.example.com/?a=1&b=2");
    fake_server_set_status_text(server, "acme/main", 2, "at the sea");
    fake_server_set_status_text(server, "acme/lobby", 2, "in no flow of mine");
    fake_server_set_last_activity(server, 2, active);
    fake_server_set_admin(server, 2, TRUE);
    account = sign_on(server);
    fake_server_post(server, "acme/dev-team", 2, "{\"event\": \"status\", \"content\": \"in a meeting\"}", NULL);
    fake_server_post(server, "acme/main", 2, "{\"event\": \"status\", \"content\": \"at the sea\"}", NULL);
    host_wait("chat acme/main <Ann> *at the sea");
    expect_info(account, "Ann", expected);
    expect_info(account, "ann", expected);
    expect_info(account, "Ann@Example.com", expected);
    expect_info(account, "2", expected);
    g_assert_cmpuint(fake_server_count(server, "GET", "/users/2"), ==, 4);
    host_account_free(account);
}

static void test_one_status_in_all_flows(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;

    fake_server_set_status_text(server, "acme/main", 2, "at the sea");
    fake_server_set_status_text(server, "acme/dev-team", 2, "at the sea");
    account = sign_on(server);
    expect_info_like(account, "Ann", "*; E-mail: ann@example.com; Status: at the sea; Presence: *");
    host_account_free(account);
}

/* Empty is as good as nothing, also for a list. */
static void test_no_empty_lines(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;

    fake_server_add_user(server, "acme", 7, "Eve", "eve@example.com", "x");
    fake_server_set_profile(server, 7, " ", "", "");
    fake_server_set_last_activity(server, 7, NEVER_ACTIVE);
    account = sign_on(server);
    expect_info(account, "Eve", "Nick: Eve; Presence: offline; Organizations: Acme; User id: 7");
    host_account_free(account);
}

/* What the service says now counts, and is remembered. */
static void test_asks_anew(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = sign_on(server);
    FakeFault fault = { .kind = FAKE_FAULT_GARBAGE,
                        .path = "/users/2",
                        .body = "{\"id\": 2, \"nick\": \"Anna\", \"name\": \"Anna Example\"}" };
    FakeFault failure = { .kind = FAKE_FAULT_STATUS, .path = "/users/2" };

    fake_server_fault(server, &fault);
    /* Pidgin waits for an answer about the name that it gave. */
    serv_get_info(connection(account), "Ann");
    host_wait("info Ann Nick: Anna; Name: Anna Example; E-mail: ann@example.com; *");
    g_assert_cmpuint(host_record_count("rename acme/main Ann Anna"), ==, 1);
    fake_server_fault(server, &failure);
    expect_info_like(account, "Anna", "Note: *; Nick: Anna; Name: Anna Example; *");
    host_account_free(account);
}

static void test_cannot_ask(void)
{
    static const struct {
        guint status;
        const char *note;
    } cases[] = {
        { 503, "Note: This may be old, as the service could not be asked. *; Nick: Ann; Name: Ann Example; *" },
        { 404, "Note: The service no longer shows this person as a colleague of yours. This is what was known.; "
               "Nick: Ann; Name: Ann Example; *" },
    };
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = sign_on(server);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FakeFault fault = { .kind = FAKE_FAULT_STATUS, .path = "/users/2", .status = cases[i].status, .count = -1 };

        fake_server_fault(server, &fault);
        expect_info_like(account, "Ann", cases[i].note);
        fake_server_clear_faults(server);
    }
    host_account_free(account);
}

static void test_nobody(void)
{
    static const struct {
        const char *who, *why;
    } cases[] = {
        { "Nemo", "Nothing known: No colleague of yours has this nick, e-mail address or user id. Names that "
                  "integrations and people from outside write under are not known here." },
        { "", "Nothing known: No colleague of yours *" },
        { "nobody@example.com", "Nothing known: No colleague of yours *" },
        { "99", "Nothing known: No colleague of yours *" },
        { "~Ann", "Nothing known: This is a name from outside. Whoever writes under it is no colleague of yours, so "
                  "nothing is known of them." },
    };
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = sign_on(server);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_info_like(account, cases[i].who, cases[i].why);
    g_assert_cmpuint(fake_server_count(server, "GET", "/users/*"), ==, 0);
    /* Pidgin writes "Retrieving..." over an answer that is there before it has asked. */
    serv_get_info(connection(account), "Nemo");
    g_assert_cmpuint(host_record_count("info *"), ==, 0);
    host_sign_off(account);
    g_assert_cmpuint(host_record_count("info *"), ==, 0);
    host_account_free(account);
}

static void test_with_a_source_only(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account =
        host_account_new(server, "demo@example.com", fake_server_add_source(server, "acme/main", "Builds"));

    purple_account_set_string(account, "auth_method", "source-token");
    host_sign_on(account);
    host_wait("chat acme/main *");
    expect_info(account, "Ann", "Nothing known: With the token of a source nothing is known of people.");
    host_account_free(account);
}

static void test_times(void)
{
    static const struct {
        gint64 ago_ms;
        const char *glob;
    } cases[] = {
        { -50000, "*; Last active: just now (*" },
        { 90000, "*; Last active: ? minute* ago (*" },
        { 20 * 60 * 1000, "*; Last active: 2? minutes ago (*" },
        { HOUR_MS + HOUR_MS / 2, "*; Last active: 1 hour ago (*" },
        { 26 * HOUR_MS, "*; Last active: 1 day ago (*" },
        { 6 * 24 * HOUR_MS + HOUR_MS, "*; Last active: 6 days ago (*" },
        { 7 * 24 * HOUR_MS, "*; Last active: 20*; Organizations: *" },
        { -2 * HOUR_MS, "*; Last active: 20*; Organizations: *" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account;

        fake_server_set_last_activity(server, 2, now_ms() - cases[i].ago_ms);
        account = sign_on(server);
        expect_info_like(account, "Ann", cases[i].glob);
        host_account_free(account);
    }
}

/* Whatever is not known has no line; bitlbee does not survive an empty one. */
static void test_nothing_but_a_number(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;

    fake_server_set_odd(server, FAKE_ODD_NULL_FIELDS);
    fake_server_set_last_activity(server, 2, NEVER_ACTIVE);
    account = host_account_new(server, "demo@example.com", "demo");
    host_sign_on(account);
    test_until(fake_server_count(server, "GET", "/users") == 1);
    test_settle();
    expect_info_like(account, "2",
                     "Nick: 2; Presence: offline; Organizations: Acme; Shared flows: acme/dev-team, acme/lobby, "
                     "acme/main; User id: 2");
    host_account_free(account);
}

static void test_an_answer_of_nulls(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = sign_on(server);

    fake_server_set_odd(server, FAKE_ODD_NULL_FIELDS);
    expect_info_like(account, "Ann", "Nick: Ann; Name: Ann Example; E-mail: ann@example.com; *");
    g_assert_cmpuint(host_record_count("rename *"), ==, 0);
    host_account_free(account);
}

static void test_hostile_texts(void)
{
    static const struct {
        const char *host, *glob;
    } cases[] = {
        { "gtk-gaim", "Nick: Ann; Name: &lt;b&gt;Ann&lt;/b&gt; &amp;amp; Co; *; Status: &lt;img src=x&gt;; "
                      "Status (&lt;i&gt;Dev): two lines; *; Shared flows: &lt;i&gt;Dev, Main; *" },
        { "BitlBee", "Nick: Ann; Name: <b>Ann</b> &amp; Co; *; Status: <img src=x>; "
                     "Status (&lt;i&gt;Dev): two lines; *; Shared flows: <i>Dev, Main; *" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FakeServer) server = fake_server_new_started();
        PurpleAccount *account;

        fake_server_set_profile(server, 2, "<b>Ann</b>\n&amp; Co", NULL, NULL);
        fake_server_set_status_text(server, "acme/main", 2, "<img src=x>");
        fake_server_set_status_text(server, "acme/dev-team", 2, "two\nlines\xe2\x80\xae");
        fake_server_rename_flow(server, "acme/dev-team", "<i>Dev");
        host_pretend(cases[i].host);
        account = sign_on(server);
        fake_server_post(server, "acme/main", 2, "{\"event\": \"status\", \"content\": \"<img src=x>\"}", NULL);
        host_wait("chat acme/main <Ann> *img*");
        expect_info_like(account, "Ann", cases[i].glob);
        host_account_free(account);
        host_pretend("flowdock-test-host");
    }
}

static void test_many_flows(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;

    for (guint i = 0; i < 40; i++) {
        g_autofree char *slug = g_strdup_printf("f%02u", i);
        g_autofree char *path = g_strconcat("acme/", slug, NULL);
        g_autofree char *name = g_strdup_printf("F%02u", i);
        g_autofree char *status = g_strdup_printf("busy in %02u", i);

        fake_server_add_flow(server, "acme", slug, name, "organization");
        fake_server_add_member(server, path, 1);
        fake_server_add_member(server, path, 2);
        fake_server_set_status_text(server, path, 2, status);
    }
    account = sign_on(server);
    expect_info_like(account, "Ann",
                     "*; Status (F10): busy in 10; Presence: *; "
                     "Shared flows: Dev team, F00, F01, F02, F03, F04, F05, F06, F07, F08 and 32 more; "
                     "User id: 2");
    host_account_free(account);
}

static void test_several_organizations(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;

    fake_server_add_org(server, "umbrella", "Umbrella & Sons");
    fake_server_add_org_member(server, "umbrella", 1);
    fake_server_add_org_member(server, "umbrella", 2);
    fake_server_add_flow(server, "umbrella", "main", "Main", "organization");
    fake_server_add_member(server, "umbrella/main", 1);
    fake_server_add_member(server, "umbrella/main", 2);
    account = sign_on(server);
    /* The same name twice says nothing: there with the organization. */
    expect_info_like(account, "Ann",
                     "*; Organizations: Acme, Umbrella &amp; Sons; Shared flows: Dev team (Acme), "
                     "Main (Acme), Main (Umbrella &amp; Sons); User id: 2");
    expect_info_like(account, "Hubot", "*; Organizations: Acme; Shared flows: Main (Acme); User id: 42");
    host_account_free(account);
}

static void test_sign_off_while_asking(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account = sign_on(server);
    FakeFault fault = { .kind = FAKE_FAULT_STALL, .path = "/users/2" };

    fake_server_fault(server, &fault);
    serv_get_info(connection(account), "Ann");
    test_until(fake_server_stalled(server) == 1);
    host_sign_off(account);
    fake_server_clear_faults(server);
    test_settle();
    g_assert_cmpuint(host_record_count("info *"), ==, 0);
    host_account_free(account);
}

/* --------------------------------------------------------------------------------------------------------- tooltips */

/* (transfer full) */
static char *tooltip(PurpleBuddy *buddy, gboolean full)
{
    PurpleNotifyUserInfo *info = purple_notify_user_info_new();
    char *text;

    protocol()->tooltip_text(buddy, info, full);
    text = purple_notify_user_info_get_text_with_newline(info, "; ");
    purple_notify_user_info_destroy(info);
    return text;
}

static void expect_tooltip(PurpleBuddy *buddy, gboolean full, const char *glob)
{
    g_autofree char *text = tooltip(buddy, full);

    g_test_message("tooltip: %s\nexpected: %s", text, glob);
    g_assert_true(g_pattern_match_simple(glob, text));
}

static void test_tooltip(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    g_autofree char *long_status = g_strnfill(300, 'x');
    PurpleAccount *account;
    PurpleBuddy *buddy, *stranger;

    fake_server_set_profile(server, 2, "Ann <b>Example", NULL, NULL);
    fake_server_set_status_text(server, "acme/main", 2, "at the\nsea");
    fake_server_set_status_text(server, "acme/main", 42, long_status);
    fake_server_set_last_activity(server, 42, NEVER_ACTIVE);
    account = sign_on(server);
    buddy = purple_find_buddy(account, "Ann");
    stranger = purple_buddy_new(account, "Nemo", NULL);
    g_assert_nonnull(buddy);
    expect_tooltip(buddy, FALSE, "<b>Status</b>: at the sea; <b>Presence</b>: active");
    expect_tooltip(buddy, TRUE,
                   "<b>Status</b>: at the sea; <b>Presence</b>: active; <b>Name</b>: Ann "
                   "&lt;b&gt;Example; <b>E-mail</b>: ann@example.com; <b>Last active</b>: *; "
                   "<b>Organizations</b>: Acme; <b>Shared flows</b>: Dev team, Main");
    expect_tooltip(purple_find_buddy(account, "Hubot"), FALSE, "<b>Status</b>: xxxxx*x…");
    expect_tooltip(stranger, TRUE, "");
    purple_blist_add_buddy(stranger, NULL, NULL, NULL);
    host_sign_off(account);
    expect_tooltip(buddy, TRUE, "");
    purple_blist_remove_buddy(stranger);
    host_account_free(account);
}

/* --------------------------------------------------------------------------------------------------- names in rooms */

static void test_names_in_rooms(void)
{
    g_autoptr(FakeServer) server = fake_server_new_started();
    PurpleAccount *account;
    PurpleConnection *gc;
    int id;

    fake_server_set_profile(server, 42, "", NULL, NULL);
    account = sign_on(server);
    gc = connection(account);
    id = purple_conv_chat_get_id(PURPLE_CONV_CHAT(host_room(account, "acme/main")));
    {
        g_autofree char *ann = protocol()->get_cb_alias(gc, id, "Ann");
        g_autofree char *hubot = protocol()->get_cb_alias(gc, id, "Hubot");
        g_autofree char *nobody = protocol()->get_cb_alias(gc, id, "~Ann");
        /* Whoever calls himself so from outside is not Ann. */
        g_autofree char *number = protocol()->get_cb_alias(gc, id, "2");
        g_autofree char *address = protocol()->get_cb_alias(gc, id, "ann@example.com");
        g_autofree char *real = protocol()->get_cb_real_name(gc, id, "Ann");

        g_assert_cmpstr(ann, ==, "Ann Example");
        g_assert_null(hubot);
        g_assert_null(nobody);
        g_assert_null(number);
        g_assert_null(address);
        g_assert_cmpstr(real, ==, "Ann");
    }
    host_account_free(account);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    g_test_add_func("/flowdock/info/all", test_all);
    g_test_add_func("/flowdock/info/one-status-in-all-flows", test_one_status_in_all_flows);
    g_test_add_func("/flowdock/info/no-empty-lines", test_no_empty_lines);
    g_test_add_func("/flowdock/info/asks-anew", test_asks_anew);
    g_test_add_func("/flowdock/info/cannot-ask", test_cannot_ask);
    g_test_add_func("/flowdock/info/nobody", test_nobody);
    g_test_add_func("/flowdock/info/with-a-source-only", test_with_a_source_only);
    g_test_add_func("/flowdock/info/times", test_times);
    g_test_add_func("/flowdock/info/nothing-but-a-number", test_nothing_but_a_number);
    g_test_add_func("/flowdock/info/an-answer-of-nulls", test_an_answer_of_nulls);
    g_test_add_func("/flowdock/info/hostile-texts", test_hostile_texts);
    g_test_add_func("/flowdock/info/many-flows", test_many_flows);
    g_test_add_func("/flowdock/info/several-organizations", test_several_organizations);
    g_test_add_func("/flowdock/info/sign-off-while-asking", test_sign_off_while_asking);
    g_test_add_func("/flowdock/info/tooltip", test_tooltip);
    g_test_add_func("/flowdock/info/names-in-rooms", test_names_in_rooms);
    return g_test_run();
}
