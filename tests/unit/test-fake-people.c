/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server's people: pictures, profiles, presence, organizations and invitations. Sheet: 3.2, 3.3, 3.13, 5.3. */
#include "test-fake.h"

#define MAIN "/flows/acme/main"
#define WATCH "/flows?filter=acme/main,acme/dev-team&user=1&presence=true"

static const char *text_of(TestFake *fake, const char *name)
{
    return fake_json_string(test_fake_object(fake), name);
}

static const char *problem_of(TestFake *fake, const char *field)
{
    JsonArray *problems = fake_json_array(fake_json_object(test_fake_object(fake), "errors"), field);

    g_assert_cmpuint(fake->status, ==, 400);
    return problems ? json_array_get_string_element(problems, 0) : NULL;
}

static guint count(const char *text, const char *part)
{
    guint found = 0;

    while ((text = strstr(text, part))) {
        found++;
        text += strlen(part);
    }
    return found;
}

/* Says something and waits until it came: all that was sent before is there too. */
static void mark(TestFake *fake, TestTap *tap, const char *text)
{
    fake_server_say(fake->server, "acme/main", 2, text);
    test_until(strstr(tap->text->str, text));
}

/* The object with this id in the array @path answers. */
static JsonObject *listed(TestFake *fake, const char *path, const char *id)
{
    JsonArray *array;

    g_assert_cmpuint(test_fake_call(fake, "GET", path, NULL), ==, 200);
    array = test_fake_array(fake);
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonObject *object = json_array_get_object_element(array, i);
        g_autofree char *found = fake_json_dup_text(object, "id");

        if (g_strcmp0(found, id) == 0)
            return object;
    }
    return NULL;
}

/* ------------------------------------------------------------------------------------------------------- pictures */

static GBytes *fetch(TestFake *fake, const char *path)
{
    g_auto(TestDone) done = { 0 };

    test_fake_forget(fake);
    fake->message = test_fake_message(fake, "GET", path, NULL);
    soup_session_send_and_read_async(fake->session, fake->message, G_PRIORITY_DEFAULT, NULL, test_done, &done);
    test_until(done.result);
    fake->status = soup_message_get_status(fake->message);
    return soup_session_send_and_read_finish(fake->session, done.result, NULL);
}

static guint32 number_at(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* The contents of the next chunk, which must be of this @type; @at goes behind it. */
static const guint8 *chunk(const guint8 **at, const char *type, gsize *length)
{
    const guint8 *start = *at + 8;

    *length = number_at(*at);
    g_assert_cmpmem(*at + 4, 4, type, 4);
    *at = start + *length + 4;
    return start;
}

static void test_picture(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(GZlibDecompressor) unpack = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
    g_autoptr(GBytes) one = NULL, sized = NULL, other = NULL;
    const guint8 *at, *start, *data;
    guint8 rows[1000];
    gsize length, read, written;

    fake->authorization = NULL;
    one = fetch(fake, "/avatars/2/");
    g_assert_cmpuint(fake->status, ==, 200);
    g_assert_cmpstr(test_fake_header(fake, "Content-Type"), ==, "image/png");
    start = g_bytes_get_data(one, NULL);
    g_assert_cmpmem(start, 8, "\211PNG\r\n\032\n", 8);
    at = start + 8;
    data = chunk(&at, "IHDR", &length);
    g_assert_cmpuint(number_at(data), ==, 8);
    g_assert_cmpuint(number_at(data + 4), ==, 8);
    data = chunk(&at, "IDAT", &length);
    g_assert_cmpint(g_converter_convert(G_CONVERTER(unpack), data, length, rows, sizeof rows, G_CONVERTER_INPUT_AT_END,
                                        &read, &written, NULL),
                    ==, G_CONVERTER_FINISHED);
    g_assert_cmpuint(written, ==, 8 * (1 + 8 * 3));
    chunk(&at, "IEND", &length);
    g_assert_cmpmem(at - 4, 4, "\xae\x42\x60\x82", 4);
    g_assert_cmpuint((gsize)(at - start), ==, g_bytes_get_size(one));

    sized = fetch(fake, "/avatars/2/120");
    g_assert_true(g_bytes_equal(one, sized));
    other = fetch(fake, "/avatars/ann/");
    g_assert_false(g_bytes_equal(one, other));
    g_assert_null(fake_server_last_request(fake->server, "GET", "/avatars/ann/")->authorization);
}

static void test_picture_of_a_test(void)
{
    static const char html[] = "<html>\0</html>";
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(GBytes) usual = fetch(fake, "/avatars/2/"), given = NULL, again = NULL;
    g_autofree char *foreign = g_strconcat(fake_server_get_stream_url(fake->server), "/avatars/2/48", NULL);

    fake_server_set_avatar_bytes(fake->server, "2", html, sizeof html, "text/html");
    given = fetch(fake, foreign);
    g_assert_cmpstr(test_fake_header(fake, "Content-Type"), ==, "text/html");
    g_assert_cmpmem(g_bytes_get_data(given, NULL), g_bytes_get_size(given), html, sizeof html);
    /* Nobody is asked for credentials, and who sends them is seen to do so. */
    g_assert_cmpstr(fake_server_last_request(fake->server, "GET", "/avatars/2/48")->authorization, ==, TEST_FAKE_DEMO);
    g_assert_cmpint(fake_server_last_request(fake->server, "GET", "/avatars/2/48")->origin, ==, FAKE_ORIGIN_STREAM);
    fake_server_set_avatar_bytes(fake->server, "2", NULL, 0, NULL);
    again = fetch(fake, foreign);
    g_assert_true(g_bytes_equal(usual, again));
    fake_server_set_avatar_bytes(fake->server, "2", "", 0, NULL);
    g_clear_pointer(&again, g_bytes_unref);
    again = fetch(fake, foreign);
    g_assert_cmpuint(g_bytes_get_size(again), ==, 0);
}

static void test_picture_by_control(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    test_fake_call(fake, "POST", "/_test/avatar", "{\"name\":\"x\",\"data\":\"aGVsbG8=\",\"content_type\":\"a/b\"}");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/avatars/x/", NULL), ==, 200);
    g_assert_cmpstr(fake->text, ==, "hello");
    g_assert_cmpstr(test_fake_header(fake, "Content-Type"), ==, "a/b");
    test_fake_call(fake, "POST", "/_test/avatar", "name=x&data=");
    test_fake_call(fake, "GET", "/avatars/x/", NULL);
    g_assert_cmpstr(fake->text, ==, "");
    test_fake_call(fake, "POST", "/_test/avatar", "name=x");
    test_fake_call(fake, "GET", "/avatars/x/", NULL);
    g_assert_true(g_str_has_prefix(fake->text, "\211PNG"));
    g_assert_cmpuint(test_fake_call(fake, "POST", "/_test/avatar", "data="), ==, 400);

    test_fake_call(fake, "POST", "/_test/fault",
                   "kind=status&status=302&origin=api&path=/avatars/&location=http://127.0.0.1:1/");
    g_assert_cmpuint(test_fake_call(fake, "GET", "/avatars/x/", NULL), ==, 302);
    g_assert_cmpstr(test_fake_header(fake, "Location"), ==, "http://127.0.0.1:1/");
}

static void test_avatar_of_a_user(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, WATCH, NULL);

    g_assert_null(fake_json_string(listed(fake, MAIN "/users", "2"), "avatar"));
    fake_server_set_avatar(fake->server, 2, "http://127.0.0.1:9/avatars/2/");
    test_until(count(tap->text->str, "\"avatar\":\"http://127.0.0.1:9/avatars/2/\"") == 2);
    g_assert_cmpuint(count(tap->text->str, "user-edit"), ==, 2);
    g_assert_cmpstr(fake_json_string(listed(fake, MAIN "/users", "2"), "avatar"), ==, "http://127.0.0.1:9/avatars/2/");
    g_assert_cmpstr(fake_json_string(listed(fake, "/users", "2"), "avatar"), ==, "http://127.0.0.1:9/avatars/2/");
    test_fake_call(fake, "POST", "/_test/user", "id=2&avatar=");
    g_assert_null(fake_json_string(listed(fake, MAIN "/users", "2"), "avatar"));
    test_fake_call(fake, "POST", "/_test/user", "{\"id\":2,\"avatar\":\"x:/\"}");
    g_assert_cmpstr(fake_json_string(listed(fake, MAIN "/users", "2"), "avatar"), ==, "x:/");
}

/* ------------------------------------------------------------------------------------------------------- profiles */

static void test_profile(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, WATCH, NULL);
    JsonObject *ann;

    fake_server_set_profile(fake->server, 2, "Ann Other", NULL, "http://a.example/");
    mark(fake, tap, "after");
    g_assert_cmpuint(count(tap->text->str, "user-edit"), ==, 2); /* once a flow */
    g_assert_nonnull(strstr(tap->text->str, "\"nick\":\"Ann\",\"email\":\"ann@example.com\",\"avatar\":null,"
                                            "\"name\":\"Ann Other\",\"website\":\"http://a.example/\""));
    fake_server_set_profile(fake->server, 2, NULL, "other@example.com", "");
    ann = listed(fake, "/users", "2");
    g_assert_cmpstr(fake_json_string(ann, "name"), ==, "Ann Other");
    g_assert_cmpstr(fake_json_string(ann, "email"), ==, "other@example.com");
    g_assert_null(fake_json_string(ann, "website"));
    test_fake_call(fake, "POST", "/_test/user", "id=2&name=Ann&email=ann%40example.com&website=w&last_activity=1234");
    ann = listed(fake, "/users", "2");
    g_assert_cmpstr(fake_json_string(ann, "name"), ==, "Ann");
    g_assert_cmpstr(fake_json_string(ann, "email"), ==, "ann@example.com");
    g_assert_cmpstr(fake_json_string(ann, "website"), ==, "w");
    ann = listed(fake, MAIN "/users", "2");
    g_assert_cmpint(fake_json_int(ann, "last_activity", 0), ==, 1234);
    fake_server_set_last_activity(fake->server, 2, 5678);
    g_assert_cmpint(fake_json_int(listed(fake, MAIN "/users", "2"), "last_activity", 0), ==, 5678);
}

static void test_status_text(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_set_status_text(fake->server, "acme/main", 2, "busy");
    g_assert_cmpstr(fake_json_string(listed(fake, MAIN "/users", "2"), "status"), ==, "busy");
    g_assert_null(fake_json_string(listed(fake, "/flows/acme/dev-team/users", "2"), "status"));
    test_fake_call(fake, "POST", "/_test/member", "flow=acme/main&user=2&do=status&text=back");
    g_assert_cmpstr(fake_json_string(listed(fake, MAIN "/users", "2"), "status"), ==, "back");
    g_assert_cmpuint(fake_server_message_count(fake->server, "acme/main"), ==, 0);
}

static void test_unique_nicks(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    g_assert_cmpuint(test_fake_call(fake, "PUT", "/users/1", "nick=aNN"), ==, 200);
    fake_server_set_nick(fake->server, 1, "Demo");
    g_assert_cmpuint(test_fake_call(fake, "POST", "/_test/set", "odd=unique-nicks"), ==, 200);
    test_fake_call(fake, "PUT", "/users/1", "nick=aNN&email=new%40example.com");
    g_assert_cmpstr(problem_of(fake, "nick"), ==, "has already been taken");
    g_assert_cmpstr(fake_server_get_nick(fake->server, 1), ==, "Demo");
    /* Only others count. */
    g_assert_cmpuint(test_fake_call(fake, "PUT", "/users/1", "nick=demo"), ==, 200);
    test_fake_call(fake, "GET", "/user", NULL);
    g_assert_cmpstr(text_of(fake, "email"), ==, "demo@example.com");
}

static void test_no_presence(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, WATCH, NULL);

    fake_server_set_presence(fake->server, 2, "idle");
    test_until(strstr(tap->text->str, "\"state\":1000000"));
    fake_server_set_odd(fake->server, FAKE_ODD_NO_PRESENCE);
    fake_server_set_presence(fake->server, 2, "active");
    fake_server_activity(fake->server, "acme/main", 2);
    mark(fake, tap, "after");
    g_assert_cmpuint(count(tap->text->str, "presence"), ==, 1);
    g_assert_cmpuint(count(tap->text->str, "activity.user"), ==, 1);
}

static void test_many_users(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, WATCH, NULL);

    test_fake_call(fake, "POST", "/_test/users", "{\"from\":2,\"count\":100,\"presence\":\"idle\",\"nick\":\"u\"}");
    g_assert_cmpint(fake_json_int(test_fake_object(fake), "changed", 0), ==, 2);
    mark(fake, tap, "after");
    g_assert_cmpuint(count(tap->text->str, "\"state\":1000000"), ==, 2);
    g_assert_cmpstr(fake_server_get_nick(fake->server, 42), ==, "u42");
    g_assert_cmpstr(fake_server_get_nick(fake->server, 1), ==, "Demo");
}

/* ------------------------------------------------------------------------------------------ flows and organizations */

static void test_names(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_rename_flow(fake->server, "acme/main", "Entrance");
    fake_server_rename_org(fake->server, "acme", "ACME Inc");
    test_fake_call(fake, "GET", MAIN, NULL);
    g_assert_cmpstr(text_of(fake, "name"), ==, "Entrance");
    g_assert_cmpstr(text_of(fake, "parameterized_name"), ==, "main");
    g_assert_cmpstr(fake_json_string(fake_json_object(test_fake_object(fake), "organization"), "name"), ==, "ACME Inc");
    test_fake_call(fake, "POST", "/_test/flow", "flow=acme/main&name=Hall");
    test_fake_call(fake, "POST", "/_test/organization", "parameterized_name=acme&name=Other");
    g_assert_cmpint(fake_json_int(test_fake_object(fake), "id", 0), ==, 8);
    test_fake_call(fake, "GET", MAIN, NULL);
    g_assert_cmpstr(text_of(fake, "name"), ==, "Hall");
    g_assert_cmpstr(fake_json_string(fake_json_object(test_fake_object(fake), "organization"), "name"), ==, "Other");
    g_assert_cmpuint(test_fake_call(fake, "POST", "/_test/flow", "flow=acme/nosuch&name=x"), ==, 400);
}

static void test_archiving(void)
{
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_archive_flow(fake->server, "acme/main", TRUE);
    test_fake_call(fake, "GET", MAIN, NULL);
    g_assert_true(fake_json_flag(test_fake_object(fake), "disabled", FALSE));
    test_fake_call(fake, "POST", "/_test/flow", "{\"flow\":\"acme/main\",\"archived\":false}");
    test_fake_call(fake, "GET", MAIN, NULL);
    g_assert_false(json_object_has_member(test_fake_object(fake), "disabled"));
}

static void test_organizations(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    gint64 id = fake_server_add_org(fake->server, "beta", "Beta");
    g_autofree char *nicks = NULL, *path = g_strdup_printf("/organizations/find?id=%" G_GINT64_FORMAT, id);

    g_assert_cmpint(id, !=, 8);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/organizations/beta", NULL), ==, 404);
    fake_server_add_org_member(fake->server, "beta", 1);
    test_fake_call(fake, "POST", "/_test/member", "organization=beta&user=42&do=add");
    g_assert_cmpuint(test_fake_call(fake, "GET", path, NULL), ==, 200);
    nicks = test_fake_column(fake_json_array(test_fake_object(fake), "users"), "nick");
    g_assert_cmpstr(nicks, ==, "Demo Hubot");
    fake_server_add_flow(fake->server, "beta", "one", "One", "invitation");
    fake_server_add_member(fake->server, "beta/one", 1);
    g_assert_cmpuint(test_fake_call(fake, "GET", "/flows/beta/one", NULL), ==, 200);
    test_fake_call(fake, "POST", "/_test/organization", "parameterized_name=gamma");
    g_assert_cmpint(fake_json_int(test_fake_object(fake), "id", 0), !=, id);
    g_assert_cmpuint(test_fake_call(fake, "POST", "/_test/member", "organization=no&user=42&do=add"), ==, 400);
    g_assert_cmpuint(test_fake_call(fake, "POST", "/_test/member", "organization=gamma&user=42&do=remove"), ==, 400);
}

/* By whatever way it is done. */
static void check_removal(TestFake *fake, TestTap *tap)
{
    test_until(count(tap->text->str, "\"content\":\"2\"") == 2);
    g_assert_cmpuint(count(tap->text->str, "backend.user.block"), ==, 2);
    g_assert_false(fake_server_is_member(fake->server, "acme/main", 2));
    g_assert_false(fake_server_is_member(fake->server, "acme/dev-team", 2));
    g_assert_null(listed(fake, "/organizations/acme/users", "2"));
}

static void test_leaving_an_organization(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, WATCH, NULL);

    fake_server_add_org(fake->server, "beta", "Beta");
    fake_server_add_flow(fake->server, "beta", "one", "One", "invitation");
    fake_server_add_member(fake->server, "beta/one", 2);
    fake_server_remove_org_member(fake->server, "acme", 2);
    check_removal(fake, tap);
    g_assert_true(fake_server_is_member(fake->server, "beta/one", 2));
    test_fake_call(fake, "POST", "/_test/member", "organization=acme&user=42&do=remove");
    test_until(count(tap->text->str, "\"content\":\"42\"") == 1);
}

static void test_removed_by_an_admin(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, WATCH, NULL);

    g_assert_cmpuint(test_fake_call(fake, "DELETE", "/organizations/acme/users/2", NULL), ==, 204);
    check_removal(fake, tap);
}

/* --------------------------------------------------------------------------------------------------- null members */

static void assert_only(JsonObject *object, const char *const *kept)
{
    g_autoptr(GList) names = json_object_get_members(object);

    g_assert_nonnull(names->next);
    for (GList *name = names; name; name = name->next) {
        gboolean is_kept = g_strv_contains(kept, name->data);

        g_test_message("%s", (char *)name->data);
        g_assert_cmpint(json_object_get_null_member(object, name->data), ==, !is_kept);
    }
}

static void test_null_fields(void)
{
    static const char *const id[] = { "id", NULL };
    static const char *const flow_members[] = { "id", "parameterized_name", "organization", "users", NULL };
    g_autoptr(TestFake) fake = test_fake_new();
    JsonObject *flow;

    test_fake_call(fake, "POST", MAIN "/invitations", "email=new%40example.com");
    fake_server_set_odd(fake->server, FAKE_ODD_NULL_FIELDS);
    assert_only(listed(fake, "/users", "2"), id);
    assert_only(listed(fake, MAIN "/users", "2"), id);
    assert_only(listed(fake, "/organizations", "8"), id);
    assert_only(listed(fake, "/organizations/acme/users", "2"), id);
    assert_only(listed(fake, MAIN "/invitations", "1"), id);
    test_fake_call(fake, "GET", "/user", NULL);
    assert_only(test_fake_object(fake), id);
    flow = listed(fake, "/flows/all?users=1", "deadbeefdeadbeef");
    assert_only(flow, flow_members);
    g_assert_cmpstr(fake_json_string(fake_json_object(flow, "organization"), "name"), ==, "Acme");
    g_assert_cmpuint(json_array_get_length(fake_json_array(flow, "users")), ==, 3);
    assert_only(json_array_get_object_element(fake_json_array(flow, "users"), 0), id);
    test_fake_call(fake, "POST", "/_test/set", "{\"odd\":[]}");
    g_assert_cmpstr(fake_json_string(listed(fake, "/users", "2"), "nick"), ==, "Ann");
}

/* ---------------------------------------------------------------------------------------------------- invitations */

static void test_refused_invitations(void)
{
    static const char *const bad[] = { "a",        "a%40b",      "%40b.com", "a%20b%40c.com", "a%40b%40c.com",
                                       "a%40.com", "a%40b.com.", "" };
    g_autoptr(TestFake) fake = test_fake_new();

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *form = g_strconcat("email=", bad[i], NULL);

        g_test_message("%s", bad[i]);
        test_fake_call(fake, "POST", MAIN "/invitations", form);
        g_assert_cmpstr(problem_of(fake, "email"), ==, *bad[i] ? "is invalid" : "can't be blank");
    }
    test_fake_call(fake, "POST", MAIN "/invitations", "message=hi");
    g_assert_nonnull(problem_of(fake, "email"));
    test_fake_call(fake, "POST", MAIN "/invitations", "email=Ann%40example.com");
    g_assert_cmpstr(problem_of(fake, "email"), ==, "is already a member of this flow");
    fake_server_remove_member(fake->server, "acme/main", 2);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/invitations", "email=ann%40example.com"), ==, 201);
}

static void test_told_of_invitations(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autoptr(TestTap) tap = test_tap_new(fake, WATCH, NULL);
    g_autofree char *events = NULL;
    const char *text;

    test_fake_call(fake, "POST", MAIN "/invitations", "email=a%40example.com");
    test_fake_call(fake, "POST", MAIN "/invitations", "email=a%40example.com");
    fake_server_remove_member(fake->server, "acme/main", 2);
    test_fake_call(fake, "POST", MAIN "/invitations/import", "list=b%40example.com,ann%40example.com,nonsense");
    test_fake_call(fake, "DELETE", MAIN "/invitations/1", NULL);
    mark(fake, tap, "after");
    text = tap->text->str;
    g_assert_cmpuint(count(text, "\"type\":\"invite\""), ==, 2);
    g_assert_cmpuint(count(text, "{\"type\":\"invite\",\"description\":{\"email\":\"a@example.com\"}}"), ==, 1);
    g_assert_cmpuint(count(text, "{\"type\":\"invite\",\"description\":{\"email\":\"b@example.com\"}}"), ==, 1);
    g_assert_cmpuint(count(text, "{\"type\":\"uninvite\",\"description\":{\"email\":\"a@example.com\"}}"), ==, 1);
    g_assert_cmpuint(count(text, "\"type\":\"add_people\""), ==, 1);
    /* They are messages too. */
    test_fake_call(fake, "GET", MAIN "/messages", NULL);
    events = test_fake_column(test_fake_array(fake), "event");
    g_assert_cmpstr(events, ==, "action action action action message");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/people/picture", test_picture);
    g_test_add_func("/server/people/picture-of-a-test", test_picture_of_a_test);
    g_test_add_func("/server/people/picture-by-control", test_picture_by_control);
    g_test_add_func("/server/people/avatar-of-a-user", test_avatar_of_a_user);
    g_test_add_func("/server/people/profile", test_profile);
    g_test_add_func("/server/people/status-text", test_status_text);
    g_test_add_func("/server/people/unique-nicks", test_unique_nicks);
    g_test_add_func("/server/people/no-presence", test_no_presence);
    g_test_add_func("/server/people/many-users", test_many_users);
    g_test_add_func("/server/people/names", test_names);
    g_test_add_func("/server/people/archiving", test_archiving);
    g_test_add_func("/server/people/organizations", test_organizations);
    g_test_add_func("/server/people/leaving-an-organization", test_leaving_an_organization);
    g_test_add_func("/server/people/removed-by-an-admin", test_removed_by_an_admin);
    g_test_add_func("/server/people/null-fields", test_null_fields);
    g_test_add_func("/server/people/refused-invitations", test_refused_invitations);
    g_test_add_func("/server/people/told-of-invitations", test_told_of_invitations);
    return g_test_run();
}
