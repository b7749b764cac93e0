/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of people's pictures as buddy icons: when they are fetched, from where, and which are not shown. */
#include "host.h"

#include <string.h>

#define ANN 2
#define HUBOT 42

/* As many as may be under way, bytes of a picture, and hops to it. */
#define MAX_CALLS 4
#define MAX_PICTURE (256 * 1024)
#define MAX_HOPS 3

/* Checksums of the icons that were shown, in order, "Ann ADDRESS" or "Ann -" a line. */
static GString *shown;

static void on_icon(PurpleBuddy *buddy, gpointer data)
{
    PurpleBuddyIcon *icon = purple_buddy_get_icon(buddy);

    (void)data;
    g_string_append_printf(shown, "%s%s %s", shown->len ? "\n" : "", purple_buddy_get_name(buddy),
                           icon ? purple_buddy_icon_get_checksum(icon) : "-");
}

/* Colleagues are on the list, but not there. */
static void sign_on(HostFixture *fixture)
{
    fake_server_set_last_activity(fixture->server, ANN, 0);
    fake_server_set_last_activity(fixture->server, HUBOT, 0);
    host_sign_on_ready(fixture->account, fixture->server);
    test_until(purple_find_buddy(fixture->account, "Ann") && purple_find_buddy(fixture->account, "Hubot"));
}

static void watch_icons(void)
{
    shown = g_string_new(NULL);
    purple_signal_connect(purple_blist_get_handle(), "buddy-icon-changed", &shown, PURPLE_CALLBACK(on_icon), NULL);
}

static void set_up(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    watch_icons();
    fixture->server = fake_server_new_started();
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    sign_on(fixture);
}

static void tear_down(HostFixture *fixture, gconstpointer data)
{
    purple_signals_disconnect_by_handle(&shown);
    host_fixture_tear_down(fixture, data);
    g_string_free(shown, TRUE);
}

/* (transfer full): an address on the API's host. */
static char *at_api(HostFixture *fixture, const char *path)
{
    return g_strconcat(fake_server_get_api_url(fixture->server), path, NULL);
}

/* (transfer full): on another host. */
static char *elsewhere(HostFixture *fixture, const char *path)
{
    return g_strconcat(fake_server_get_stream_url(fixture->server), path, NULL);
}

/* (transfer full): a GIF of one pixel in the grey @mark, and @length bytes altogether; what is behind its end is nothing. */
static GByteArray *picture_new(guint8 mark, guint length)
{
    static const char after[] = "\0\0\0,\0\0\0\0\1\0\1\0\0\2\2\104\1\0;";
    GByteArray *picture = g_byte_array_new();

    g_byte_array_append(picture, (const guint8 *)"GIF89a\1\0\1\0\200\0\0", 13);
    g_byte_array_append(picture, (guint8[]){ mark, mark, mark }, 3);
    g_byte_array_append(picture, (const guint8 *)after, sizeof after - 1);
    g_assert_cmpuint(picture->len, <=, length);
    while (picture->len < length)
        g_byte_array_append(picture, (const guint8 *)"", 1);
    return picture;
}

/* The server has it under /avatars/@name/. */
static void give(HostFixture *fixture, const char *name, guint8 mark)
{
    g_autoptr(GByteArray) picture = picture_new(mark, 100);

    fake_server_set_avatar_bytes(fixture->server, name, picture->data, picture->len, "image/gif");
}

static PurpleBuddyIcon *icon_of(HostFixture *fixture, const char *who)
{
    return purple_buddy_get_icon(purple_find_buddy(fixture->account, who));
}

static gboolean has_icon(HostFixture *fixture, const char *who, const char *address)
{
    PurpleBuddyIcon *icon = icon_of(fixture, who);

    return icon && g_strcmp0(purple_buddy_icon_get_checksum(icon), address) == 0;
}

static void expect_mark(HostFixture *fixture, const char *who, guint8 mark)
{
    g_autoptr(GByteArray) picture = picture_new(mark, 100);
    gsize length;
    gconstpointer data = purple_buddy_icon_get_data(icon_of(fixture, who), &length);

    g_assert_cmpmem(data, length, picture->data, picture->len);
}

static guint count_asked(HostFixture *fixture)
{
    return fake_server_count(fixture->server, "GET", "/avatars/*");
}

static void come(HostFixture *fixture, gint64 user)
{
    fake_server_set_presence(fixture->server, user, "active");
}

static gboolean is_there(HostFixture *fixture, const char *who)
{
    return PURPLE_BUDDY_IS_ONLINE(purple_find_buddy(fixture->account, who));
}

/* All that was to be done about somebody has been done, as whoever comes after them is there with a picture of their own. */
static void wait_for_all_before(HostFixture *fixture)
{
    g_autofree char *address = at_api(fixture, "/avatars/last/");

    fake_server_set_avatar(fixture->server, HUBOT, address);
    come(fixture, HUBOT);
    test_until(has_icon(fixture, "Hubot", address));
    test_settle();
}

/* What may not be fetched, or not be shown, is not, and nobody hears of it. */
static void expect_nothing(HostFixture *fixture, guint asked)
{
    wait_for_all_before(fixture);
    g_assert_null(icon_of(fixture, "Ann"));
    g_assert_cmpuint(count_asked(fixture), ==, asked + 1);
    g_assert_cmpstr(host_record_text(), ==, "");
}

static void set_avatar(HostFixture *fixture, gint64 user, const char *address)
{
    fake_server_set_avatar(fixture->server, user, address);
    come(fixture, user);
}

/* ------------------------------------------------------------------------------------------------------------ when */

static void test_present(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");
    g_autofree char *expected = g_strconcat("Ann ", address, NULL);
    const FakeRequest *request;

    (void)data;
    give(fixture, "ann", 1);
    set_avatar(fixture, ANN, address);
    test_until(has_icon(fixture, "Ann", address));
    expect_mark(fixture, "Ann", 1);
    g_assert_cmpstr(shown->str, ==, expected);
    request = fake_server_last_request(fixture->server, "GET", "/avatars/*");
    g_assert_cmpstr(request->path, ==, "/avatars/ann/120");
    g_assert_cmpstr(request->accept, ==, "image/png, image/jpeg, image/gif");
    g_assert_null(request->authorization);
    /* Whatever else happens to her, that is it. */
    fake_server_set_presence(fixture->server, ANN, "idle");
    fake_server_set_presence(fixture->server, ANN, "offline");
    come(fixture, ANN);
    wait_for_all_before(fixture);
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/avatars/ann/*"), ==, 1);
}

static void test_absent(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    fake_server_set_avatar(fixture->server, ANN, address);
    expect_nothing(fixture, 0);
    /* But when she is looked at. */
    purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    test_until(has_icon(fixture, "Ann", address));
    g_assert_false(is_there(fixture, "Ann"));
}

static void test_info(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    fake_server_set_avatar(fixture->server, ANN, address);
    wait_for_all_before(fixture);
    serv_get_info(purple_account_get_connection(fixture->account), "Ann");
    test_until(has_icon(fixture, "Ann", address));
    g_assert_false(is_there(fixture, "Ann"));
}

/* Only for those on the list, whoever put them there. */
static void test_no_buddy(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    host_sign_off(fixture->account);
    purple_account_set_bool(fixture->account, "roster", FALSE);
    purple_blist_remove_buddy(purple_find_buddy(fixture->account, "Ann"));
    host_sign_on_ready(fixture->account, fixture->server);
    set_avatar(fixture, ANN, address);
    purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");
    wait_for_all_before(fixture);
    g_assert_null(purple_find_buddy(fixture->account, "Ann"));
    g_assert_cmpuint(count_asked(fixture), ==, 1);
}

/* A buddy of her name is somebody else, whom nobody knows any more. */
static void test_other_buddy(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");
    PurpleBlistNode *node = PURPLE_BLIST_NODE(purple_find_buddy(fixture->account, "Ann"));
    g_autofree char *server = g_strdup(purple_blist_node_get_string(node, "flowdock-user"));
    g_autofree char *other = NULL;

    (void)data;
    *strchr(server, ' ') = '\0';
    other = g_strconcat(server, " 77", NULL);
    host_sign_off(fixture->account);
    purple_account_set_bool(fixture->account, "roster", FALSE);
    purple_blist_node_set_string(node, "flowdock-user", other);
    fake_server_set_avatar(fixture->server, ANN, address);
    host_sign_on_ready(fixture->account, fixture->server);
    serv_get_info(purple_account_get_connection(fixture->account), "Ann");
    host_wait("info Ann *");
    wait_for_all_before(fixture);
    g_assert_cmpuint(count_asked(fixture), ==, 1);
}

static void test_text_hosts(HostFixture *fixture, gconstpointer data)
{
    static const char *const hosts[] = { "BitlBee", "gnt-purple" };
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    fake_server_set_avatar(fixture->server, ANN, address);
    for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
        host_pretend(hosts[i]);
        come(fixture, ANN);
        test_until(is_there(fixture, "Ann"));
        fake_server_set_presence(fixture->server, ANN, "offline");
        test_until(!is_there(fixture, "Ann"));
        test_settle();
        g_assert_cmpuint(count_asked(fixture), ==, 0);
    }
    host_pretend("flowdock-test-host");
    come(fixture, ANN);
    test_until(has_icon(fixture, "Ann", address));
}

/* libpurple keeps it from one session to the next. */
static void test_kept(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    set_avatar(fixture, ANN, address);
    test_until(has_icon(fixture, "Ann", address));
    host_sign_off(fixture->account);
    g_assert_true(has_icon(fixture, "Ann", address));
    sign_on(fixture);
    come(fixture, ANN);
    test_until(is_there(fixture, "Ann"));
    wait_for_all_before(fixture);
    g_assert_true(has_icon(fixture, "Ann", address));
    g_assert_cmpuint(count_asked(fixture), ==, 2);
}

static void test_changed(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *old = at_api(fixture, "/avatars/old/");
    g_autofree char *new = at_api(fixture, "/avatars/new/");
    g_autofree char *expected = g_strdup_printf("Ann %s\nAnn %s", old, new);

    (void)data;
    give(fixture, "old", 1);
    give(fixture, "new", 2);
    set_avatar(fixture, ANN, old);
    test_until(has_icon(fixture, "Ann", old));
    fake_server_set_avatar(fixture->server, ANN, new);
    test_until(has_icon(fixture, "Ann", new));
    expect_mark(fixture, "Ann", 2);
    g_assert_cmpstr(shown->str, ==, expected);
}

/* Somebody has no picture any more. What the user, or another plugin, has put there stays. */
static void test_gone(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");
    g_autoptr(GByteArray) own = picture_new(7, 100);

    (void)data;
    set_avatar(fixture, ANN, address);
    test_until(has_icon(fixture, "Ann", address));
    purple_buddy_icons_set_for_user(fixture->account, "Hubot", g_memdup2(own->data, own->len), own->len, NULL);
    host_sign_off(fixture->account);
    fake_server_set_avatar(fixture->server, ANN, NULL);
    sign_on(fixture);
    come(fixture, HUBOT);
    come(fixture, ANN);
    test_until(!icon_of(fixture, "Ann"));
    g_assert_null(purple_buddy_icons_get_checksum_for_user(purple_find_buddy(fixture->account, "Ann")));
    expect_mark(fixture, "Hubot", 7);
}

/* ------------------------------------------------------------------------------------------------------- from where */

static void test_addresses(HostFixture *fixture, gconstpointer data)
{
    static const struct {
        const char *address, *path, *query;
    } cases[] = {
        { "/avatars/ann/", "/avatars/ann/120", NULL },
        { "/avatars/ann", "/avatars/ann", NULL },
        { "/avatars/ann/64", "/avatars/ann/64", NULL },
        { "/avatars/ann/?sig=hidden&x=%3A/", "/avatars/ann/120", "sig=hidden&x=%3A/" },
        { "/avatars/ann?sig=hidden/", "/avatars/ann", "sig=hidden/" },
        { "/avatars/a%2Fn/#top", "/avatars/a%2Fn/120", NULL },
    };
    gsize logged = strlen(host_debug_log());

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *address = elsewhere(fixture, cases[i].address);
        const FakeRequest *request;

        g_test_message("%s", cases[i].address);
        set_avatar(fixture, ANN, address);
        test_until(has_icon(fixture, "Ann", address));
        request = fake_server_last_request(fixture->server, "GET", "/avatars/*");
        g_assert_cmpstr(request->path, ==, cases[i].path);
        g_assert_cmpstr(request->query, ==, cases[i].query);
        g_assert_cmpint(request->origin, ==, FAKE_ORIGIN_STREAM);
        g_assert_null(request->authorization);
    }
    g_assert_cmpuint(count_asked(fixture), ==, G_N_ELEMENTS(cases));
    g_assert_nonnull(strstr(host_debug_log() + logged, "/avatars/ann/120"));
    g_assert_null(strstr(host_debug_log() + logged, "hidden"));
}

static void test_refused_addresses(HostFixture *fixture, gconstpointer data)
{
    const char *host = strstr(fake_server_get_api_url(fixture->server), "127.");
    g_autofree char *with_name = g_strdup_printf("http://demo:demo@%s/avatars/ann/", host);
    const char *const addresses[] = { "http://example.invalid/avatars/ann/", "ftp://127.0.0.1/avatars/ann/",
                                      "file:///avatars/ann/", with_name };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++)
        set_avatar(fixture, ANN, addresses[i]);
    test_until(is_there(fixture, "Ann"));
    expect_nothing(fixture, 0);
}

/* Each is asked for where the one before has sent us. */
static void redirect(HostFixture *fixture, const char *path, guint status, const char *location)
{
    FakeFault fault = { .path = path, .count = -1, .status = status, .location = location };

    fake_server_fault(fixture->server, &fault);
}

static void test_redirects(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");
    g_autofree char *second = elsewhere(fixture, "/avatars/second");
    const GPtrArray *requests;
    g_autoptr(GString) path = g_string_new(NULL);

    (void)data;
    give(fixture, "fourth", 4);
    redirect(fixture, "/avatars/ann/120", 302, second);
    redirect(fixture, "/avatars/second", 307, "third/?x");
    redirect(fixture, "/avatars/third/", 301, "/avatars/fourth/");
    set_avatar(fixture, ANN, address);
    test_until(has_icon(fixture, "Ann", address));
    expect_mark(fixture, "Ann", 4);
    requests = fake_server_requests(fixture->server);
    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        if (!g_str_has_prefix(request->path, "/avatars/"))
            continue;
        g_assert_null(request->authorization);
        g_string_append_printf(path, "%s%s %s%s%s", path->len ? "\n" : "",
                               request->origin == FAKE_ORIGIN_API ? "api" : "stream", request->path,
                               request->query ? "?" : "", request->query ? request->query : "");
    }
    g_assert_cmpstr(path->str, ==,
                    "api /avatars/ann/120\nstream /avatars/second\nstream /avatars/third/?x\nstream /avatars/fourth/");
}

static void test_redirects_without_end(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    redirect(fixture, "/avatars/ann/120", 302, "/avatars/ann/120");
    set_avatar(fixture, ANN, address);
    test_until(count_asked(fixture) == 1 + MAX_HOPS);
    expect_nothing(fixture, 1 + MAX_HOPS);
}

static void test_refused_redirects(HostFixture *fixture, gconstpointer data)
{
    const char *host = strstr(fake_server_get_api_url(fixture->server), "127.");
    g_autofree char *with_name = g_strdup_printf("http://demo:demo@%s/avatars/x/", host);
    const char *const locations[] = { "http://example.invalid/avatars/x/",
                                      "file:///etc/passwd",
                                      "data:image/gif;base64,R0lGODlh",
                                      with_name,
                                      "/%zz",
                                      NULL };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(locations); i++) {
        g_autofree char *path = g_strdup_printf("/avatars/%zu/", i);
        g_autofree char *address = at_api(fixture, path);
        g_autofree char *sized = g_strconcat(path, "120", NULL);

        redirect(fixture, sized, 302, locations[i]);
        set_avatar(fixture, ANN, address);
        test_until(fake_server_count(fixture->server, "GET", sized) == 1);
    }
    expect_nothing(fixture, G_N_ELEMENTS(locations));
}

/* The service is elsewhere, so an address on this computer is a stranger's wish to look around here. */
static void test_this_computer(void)
{
    g_autoptr(FakeServer) server = fake_server_new(NULL, NULL);
    g_autoptr(FakeServer) local = fake_server_new_started();
    g_autofree char *cert = test_data_path("tls/signed.crt.pem");
    g_autofree char *key = test_data_path("tls/signed.key.pem");
    g_autofree char *ca = test_data_path("tls/localhost.crt.pem");
    g_autofree char *direct = g_strconcat(fake_server_get_api_url(local), "/avatars/x/", NULL);
    FakeOptions options = { .tls_cert = cert, .tls_key = key };
    HostFixture fixture = { .server = server };
    g_autofree char *indirect = NULL;

    g_assert_true(fake_server_start(server, &options, NULL));
    fixture.account = host_account_new(server, "demo@example.com", "demo");
    purple_account_set_string(fixture.account, "ca_file", ca);
    sign_on(&fixture);
    indirect = at_api(&fixture, "/avatars/x/");
    set_avatar(&fixture, ANN, direct);
    redirect(&fixture, "/avatars/x/120", 302, direct);
    set_avatar(&fixture, ANN, indirect);
    test_until(count_asked(&fixture) == 1);
    expect_nothing(&fixture, 1);
    g_assert_cmpuint(fake_server_count(local, NULL, NULL), ==, 0);
    host_account_free(fixture.account);
}

/* -------------------------------------------------------------------------------------------------- how many at once */

/* Also gives each a picture and has them come. */
static void add_many(HostFixture *fixture, gint64 first, guint count)
{
    for (gint64 id = first; id < first + count; id++) {
        g_autofree char *nick = g_strdup_printf("p%" G_GINT64_FORMAT, id);
        g_autofree char *path = g_strdup_printf("/avatars/%s/", nick);
        g_autofree char *address = at_api(fixture, path);

        fake_server_add_user(fixture->server, "acme", id, nick, nick, NULL);
        fake_server_add_member(fixture->server, "acme/main", id);
        set_avatar(fixture, id, address);
    }
}

static guint count_icons(HostFixture *fixture)
{
    GSList *buddies = purple_find_buddies(fixture->account, NULL);
    guint count = 0;

    for (GSList *item = buddies; item; item = item->next)
        count += purple_buddy_get_icon(item->data) ? 1 : 0;
    g_slist_free(buddies);
    return count;
}

static void test_few_at_a_time(HostFixture *fixture, gconstpointer data)
{
    FakeFault slow = { .kind = FAKE_FAULT_DELAY, .path = "/avatars/", .count = -1, .delay_ms = 10 };
    guint most = 0, bail_id;

    (void)data;
    fake_server_fault(fixture->server, &slow);
    add_many(fixture, 100, 30);
    bail_id = test_bail_new("all have icons", __FILE__, __LINE__);
    while (count_icons(fixture) < 30) {
        g_main_context_iteration(NULL, TRUE);
        most = MAX(most, fake_server_stalled(fixture->server));
    }
    g_source_remove(bail_id);
    g_assert_cmpuint(most, ==, MAX_CALLS);
    g_assert_cmpuint(count_asked(fixture), ==, 30);
}

/* Those that never answer keep their places for a while, and then the others have theirs. */
static void test_stalled(HostFixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/avatars/", .count = MAX_CALLS };

    (void)data;
    fake_server_fault(fixture->server, &stall);
    add_many(fixture, 100, 7);
    test_until(fake_server_stalled(fixture->server) == MAX_CALLS);
    fake_server_say(fixture->server, "acme/main", ANN, "as usual");
    host_wait("chat acme/main <Ann> RECV as usual");
    test_settle();
    g_assert_cmpuint(count_asked(fixture), ==, MAX_CALLS);
    g_assert_cmpuint(count_icons(fixture), ==, 0);
    /* They are cut. On a connection that was in use before, libsoup asks once more by itself. */
    fake_server_clear_faults(fixture->server);
    test_until(fake_server_count(fixture->server, "GET", "/avatars/p106/*") == 1);
    test_until(count_icons(fixture) >= 7 - MAX_CALLS);
}

/* Wanted several times while under way: one request. */
static void test_once(HostFixture *fixture, gconstpointer data)
{
    FakeFault slow = { .kind = FAKE_FAULT_DELAY, .path = "/avatars/ann/", .delay_ms = 100 };
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    fake_server_fault(fixture->server, &slow);
    set_avatar(fixture, ANN, address);
    test_until(fake_server_stalled(fixture->server) == 1);
    fake_server_set_presence(fixture->server, ANN, "offline");
    test_until(!is_there(fixture, "Ann"));
    come(fixture, ANN);
    test_until(is_there(fixture, "Ann"));
    wait_for_all_before(fixture);
    test_until(has_icon(fixture, "Ann", address));
    test_settle();
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/avatars/ann/*"), ==, 1);
}

/* All that the stream has brought so far has been taken over. */
static void wait_for_events(HostFixture *fixture, const char *text)
{
    g_autofree char *line = g_strconcat("chat acme/main <Hubot> RECV ", text, NULL);

    fake_server_say(fixture->server, "acme/main", HUBOT, text);
    host_wait(line);
    test_settle();
    host_record_clear();
}

/* Changed while under way: the old one is never shown, whether it comes or not. */
static void test_newest(HostFixture *fixture, gconstpointer data)
{
    static const FakeFaultKind kinds[] = { FAKE_FAULT_STALL, FAKE_FAULT_DELAY, FAKE_FAULT_SLOW };

    (void)data;
    /* Not soon enough will anything else make us look at her again. */
    host_sign_off(fixture->account);
    purple_account_set_int(fixture->account, "hurry", 1);
    sign_on(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *old_path = g_strdup_printf("/avatars/old%zu/", i);
        g_autofree char *new_path = g_strdup_printf("/avatars/new%zu/", i);
        g_autofree char *old = at_api(fixture, old_path);
        g_autofree char *new = at_api(fixture, new_path);
        g_autofree char *expected = g_strdup_printf("Ann %s", new);
        FakeFault fault = { .kind = kinds[i], .path = old_path, .delay_ms = kinds[i] == FAKE_FAULT_SLOW ? 2 : 200 };

        g_test_message("%d", kinds[i]);
        g_string_truncate(shown, 0);
        fake_server_fault(fixture->server, &fault);
        set_avatar(fixture, ANN, old);
        test_until(fake_server_count(fixture->server, "GET", "/avatars/old*") == i + 1);
        fake_server_set_avatar(fixture->server, ANN, new);
        wait_for_events(fixture, old_path);
        if (kinds[i] == FAKE_FAULT_STALL)
            fake_server_clear_faults(fixture->server);
        test_until(has_icon(fixture, "Ann", new));
        g_assert_cmpstr(shown->str, ==, expected);
    }
}

/* Somebody else has the name by then. */
static void test_renamed(HostFixture *fixture, gconstpointer data)
{
    FakeFault slow = { .kind = FAKE_FAULT_DELAY, .path = "/avatars/ann/", .delay_ms = 100 };
    g_autofree char *address = at_api(fixture, "/avatars/ann/");

    (void)data;
    fake_server_fault(fixture->server, &slow);
    set_avatar(fixture, ANN, address);
    test_until(fake_server_stalled(fixture->server) == 1);
    fake_server_set_nick(fixture->server, ANN, "Annette");
    fake_server_set_nick(fixture->server, HUBOT, "Ann");
    test_until(purple_find_buddy(fixture->account, "Annette"));
    test_until(purple_find_buddy(fixture->account, "Ann"));
    test_until(has_icon(fixture, "Annette", address));
    g_assert_null(icon_of(fixture, "Ann"));
    test_settle();
    g_assert_cmpuint(count_asked(fixture), ==, 1);
}

/* -------------------------------------------------------------------------------------------------- what is refused */

static void test_not_pictures(HostFixture *fixture, gconstpointer data)
{
    static const struct {
        const char *name, *type, *bytes;
        gsize length;
    } cases[] = {
#define BYTES(text) text, sizeof text - 1
        { "nothing", "image/png", BYTES("") },
        { "page", "image/png", BYTES("<!DOCTYPE html><title>Sign in</title>") },
        { "svg", "image/svg+xml", BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>") },
        { "too-wide", "image/gif", BYTES("GIF89a\1\4\1\0\0\0\0,\0\0\0\0\1\4\1\0\0\2\2\104\1\0;") },
        { "bomb", "image/png",
          BYTES("\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\377\377\0\0\377\377\10\2\0\0\0CRC!\0\0\0\0IENDCRC!") },
#undef BYTES
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/avatars/%s/", cases[i].name);
        g_autofree char *sized = g_strconcat(path, "120", NULL);
        g_autofree char *address = at_api(fixture, path);

        fake_server_set_avatar_bytes(fixture->server, cases[i].name, cases[i].bytes, cases[i].length, cases[i].type);
        set_avatar(fixture, ANN, address);
        test_until(fake_server_count(fixture->server, "GET", sized) == 1);
    }
    expect_nothing(fixture, G_N_ELEMENTS(cases));
}

static void test_size(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *fits = at_api(fixture, "/avatars/fits/");
    g_autofree char *too_long = at_api(fixture, "/avatars/too-long/");
    g_autoptr(GByteArray) picture = picture_new(1, MAX_PICTURE + 1);
    gsize length;

    (void)data;
    fake_server_set_avatar_bytes(fixture->server, "too-long", picture->data, picture->len, NULL);
    fake_server_set_avatar_bytes(fixture->server, "fits", picture->data, picture->len - 1, NULL);
    set_avatar(fixture, ANN, too_long);
    test_until(count_asked(fixture) == 1);
    expect_nothing(fixture, 1);
    set_avatar(fixture, ANN, fits);
    test_until(has_icon(fixture, "Ann", fits));
    purple_buddy_icon_get_data(icon_of(fixture, "Ann"), &length);
    g_assert_cmpuint(length, ==, MAX_PICTURE);
}

/* Asked for once in a session; in the next it may be another matter. */
static void test_failures(HostFixture *fixture, gconstpointer data)
{
    static const FakeFault faults[] = {
        { .status = 404 },
        { .status = 500 },
        { .status = 429, .retry_after = "1" },
        { .status = 401 },
        { .kind = FAKE_FAULT_CUT_BEFORE },
        { .kind = FAKE_FAULT_TRUNCATE },
        { .kind = FAKE_FAULT_GARBAGE },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *path = g_strdup_printf("/avatars/%zu/", i);
        g_autofree char *sized = g_strconcat(path, "120", NULL);
        g_autofree char *address = at_api(fixture, path);
        FakeFault fault = faults[i];

        fault.path = path;
        fault.count = -1;
        fake_server_fault(fixture->server, &fault);
        set_avatar(fixture, ANN, address);
        test_until(fake_server_count(fixture->server, "GET", sized) > 0);
        fake_server_set_presence(fixture->server, ANN, "idle");
    }
    come(fixture, ANN);
    wait_for_all_before(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *sized = g_strdup_printf("/avatars/%zu/120", i);

        g_test_message("%s", sized);
        /* libsoup itself repeats what was cut on a kept connection. */
        if (faults[i].kind != FAKE_FAULT_CUT_BEFORE)
            g_assert_cmpuint(fake_server_count(fixture->server, "GET", sized), ==, 1);
    }
    g_assert_null(icon_of(fixture, "Ann"));
    g_assert_cmpstr(host_record_text(), ==, "");
    fake_server_clear_faults(fixture->server);
    host_sign_off(fixture->account);
    sign_on(fixture);
    come(fixture, ANN);
    test_until(icon_of(fixture, "Ann"));
}

/* ------------------------------------------------------------------------------------------------------------- ends */

static void test_sign_off(HostFixture *fixture, gconstpointer data)
{
    static const FakeFaultKind kinds[] = { FAKE_FAULT_STALL, FAKE_FAULT_DELAY, FAKE_FAULT_SLOW };

    (void)data;
    add_many(fixture, 100, 10);
    test_until(count_icons(fixture) == 10);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        FakeFault fault = { .kind = kinds[i], .path = "/avatars/", .count = -1, .delay_ms = 20 };
        guint before = count_asked(fixture);

        g_test_message("%d", kinds[i]);
        fake_server_fault(fixture->server, &fault);
        add_many(fixture, 200 + 100 * (gint64)i, 10);
        test_until(count_asked(fixture) == before + MAX_CALLS);
        host_sign_off(fixture->account);
        host_record_clear();
        g_string_truncate(shown, 0);
        fake_server_clear_faults(fixture->server);
        test_until(fake_server_count_streams(fixture->server) == 0);
        test_settle();
        g_assert_cmpuint(count_asked(fixture), ==, before + MAX_CALLS);
        g_assert_cmpuint(count_icons(fixture), ==, 10 * (i + 1));
        g_assert_cmpstr(host_record_text(), ==, "");
        g_assert_cmpstr(shown->str, ==, "");
        sign_on(fixture);
        test_until(count_icons(fixture) == 10 * (i + 2));
    }
}

static void on_icon_leave(PurpleBuddy *buddy, gpointer data)
{
    PurpleAccount *account = purple_buddy_get_account(buddy);

    (void)data;
    if (!purple_account_is_disconnected(account))
        purple_account_disconnect(account);
}

/* From now on the host signs off as soon as a buddy gets another icon. */
static void prepare_to_leave(int *handle)
{
    g_string_truncate(shown, 0);
    purple_signal_connect(purple_blist_get_handle(), "buddy-icon-changed", handle, PURPLE_CALLBACK(on_icon_leave),
                          NULL);
}

static void expect_to_leave(HostFixture *fixture, int *handle, const char *expected)
{
    test_until(purple_account_is_disconnected(fixture->account));
    test_until(fake_server_count_streams(fixture->server) == 0);
    fake_server_clear_faults(fixture->server);
    test_settle();
    purple_signals_disconnect_by_handle(handle);
    g_assert_cmpstr(shown->str, ==, expected);
}

static void test_sign_off_inside(HostFixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/avatars/p*", .count = -1 };
    FakeFault slow = { .kind = FAKE_FAULT_DELAY, .path = "/avatars/ann/", .delay_ms = 200 };
    g_autofree char *address = at_api(fixture, "/avatars/ann/");
    g_autofree char *with = g_strconcat("Ann ", address, NULL);
    int handle;

    (void)data;
    /* With others under way, and others waiting. */
    fake_server_fault(fixture->server, &stall);
    fake_server_fault(fixture->server, &slow);
    add_many(fixture, 100, MAX_CALLS - 1);
    test_until(fake_server_stalled(fixture->server) == MAX_CALLS - 1);
    prepare_to_leave(&handle);
    set_avatar(fixture, ANN, address);
    test_until(fake_server_stalled(fixture->server) == MAX_CALLS);
    add_many(fixture, 200, 10);
    expect_to_leave(fixture, &handle, with);
    g_assert_cmpuint(count_icons(fixture), ==, 1);
    g_assert_cmpuint(count_asked(fixture), ==, MAX_CALLS);
}

static void test_sign_off_inside_loss(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *address = at_api(fixture, "/avatars/ann/");
    int handle;

    (void)data;
    set_avatar(fixture, ANN, address);
    test_until(has_icon(fixture, "Ann", address));
    host_sign_off(fixture->account);
    fake_server_set_avatar(fixture->server, ANN, NULL);
    sign_on(fixture);
    prepare_to_leave(&handle);
    come(fixture, ANN);
    expect_to_leave(fixture, &handle, "Ann -");
    g_assert_cmpuint(count_asked(fixture), ==, 1);
}

#define ADD(name, function) g_test_add("/flowdock/avatars/" name, HostFixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
    ADD("when/present", test_present);
    ADD("when/absent", test_absent);
    ADD("when/info", test_info);
    ADD("when/no-buddy", test_no_buddy);
    ADD("when/other-buddy", test_other_buddy);
    ADD("when/text-hosts", test_text_hosts);
    ADD("when/kept", test_kept);
    ADD("when/changed", test_changed);
    ADD("when/gone", test_gone);
    ADD("where/addresses", test_addresses);
    ADD("where/refused-addresses", test_refused_addresses);
    ADD("where/redirects", test_redirects);
    ADD("where/redirects-without-end", test_redirects_without_end);
    ADD("where/refused-redirects", test_refused_redirects);
    g_test_add_func("/flowdock/avatars/where/this-computer", test_this_computer);
    ADD("at-once/few", test_few_at_a_time);
    ADD("at-once/stalled", test_stalled);
    ADD("at-once/once", test_once);
    ADD("at-once/newest", test_newest);
    ADD("at-once/renamed", test_renamed);
    ADD("refused/not-pictures", test_not_pictures);
    ADD("refused/size", test_size);
    ADD("refused/failures", test_failures);
    ADD("sign-off/under-way", test_sign_off);
    ADD("sign-off/inside", test_sign_off_inside);
    ADD("sign-off/inside-loss", test_sign_off_inside_loss);
    return g_test_run();
}
