/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of files that others share: their lines and links, the pictures among them, /files, /download, the menu. */
#include "host.h"

#include <string.h>

#define DEMO 1
#define ANN 2
#define HUBOT 42

#define MAIN "acme/main"
#define DEV "acme/dev-team"
#define WITH_ANN "private/1/2"

/* As many pictures as may be under way, and wait in one conversation and in all. */
#define MAX_CALLS 2
#define MAX_IN_ONE 5
#define MAX_WAITING 30
/* Bytes of a picture. */
#define MAX_PICTURE (512 * 1024)
#define PAGE 20

#define REFUSED "chat acme/main <Flowdock> RECV+ERROR "
#define TOLD "chat acme/main <Flowdock> RECV+SYSTEM "

/* ----------------------------------------------------------------------------------------------------- what is sent */

static void append_chunk(GByteArray *png, const char *type, const guint8 *content, guint32 length)
{
    guint32 big_endian = GUINT32_TO_BE(length);

    g_byte_array_append(png, (const guint8 *)&big_endian, 4);
    g_byte_array_append(png, (const guint8 *)type, 4);
    g_byte_array_append(png, content, length);
    g_byte_array_append(png, (const guint8 *)"\0\0\0", 4);
}

/* (transfer full): a PNG of @side times @side pixels as far as its form goes, and about @padding bytes. */
static GBytes *png_new(guint8 side, guint32 padding)
{
    GByteArray *png = g_byte_array_new();
    g_autofree guint8 *zeros = g_malloc0(padding + 1);
    const guint8 header[] = { 0, 0, 0, side, 0, 0, 0, side, 8, 0, 0, 0, 0 };

    g_byte_array_append(png, (const guint8 *)"\211PNG\r\n\032\n", 8);
    append_chunk(png, "IHDR", header, sizeof header);
    append_chunk(png, "IDAT", zeros, padding);
    append_chunk(png, "IEND", zeros, 0);
    return g_byte_array_free_to_bytes(png);
}

/* (transfer full): a GIF of one pixel, for which the server makes no thumbnail. */
static GBytes *gif_new(void)
{
    static const char gif[] = "GIF89a\1\0\1\0\200\0\0\1\1\1\0\0\0,\0\0\0\0\1\0\1\0\0\2\2\104\1\0;";

    return g_bytes_new_static(gif, sizeof gif - 1);
}

static gint64 share(HostFixture *fixture, const char *conversation, gint64 user, const char *name, const char *type,
                    GBytes *content)
{
    g_autoptr(GBytes) owned = content;

    return fake_server_add_file(fixture->server, conversation, user, name, type, owned);
}

static gint64 share_text(HostFixture *fixture, const char *conversation, gint64 user, const char *name)
{
    return share(fixture, conversation, user, name, "text/plain", g_bytes_new_static("0123456789", 10));
}

static gint64 share_png(HostFixture *fixture, const char *conversation, const char *name)
{
    return share(fixture, conversation, ANN, name, "image/png", png_new(8, 100));
}

/* (transfer full): as it is shown. */
static char *link_of(HostFixture *fixture, const char *conversation, gint64 id)
{
    JsonObject *message = fake_server_get_message(fixture->server, conversation, id);
    const char *path = json_object_get_string_member(json_object_get_object_member(message, "content"), "path");
    const char *origin = fake_server_get_api_url(fixture->server);

    return g_strdup_printf("<a href=\"%s/rest%s\">%s/rest%s</a>", origin, path, origin, path);
}

/* A message with these members more, from Ann. Returns: the id. */
static gint64 emit(HostFixture *fixture, const char *members)
{
    g_autofree char *json = g_strdup_printf(
        "{\"event\":\"message\",\"flow\":\"%s\",\"id\":0,\"user\":\"2\",\"sent\":1700000000000,\"tags\":[],"
        "\"content\":\"look\",%s}",
        fake_server_flow_id(fixture->server, MAIN), members);

    return fake_server_emit(fixture->server, json);
}

static void type(HostFixture *fixture, const char *text)
{
    g_autofree char *html = g_markup_escape_text(text, -1);

    g_test_message("typing %s", text);
    host_record_clear();
    host_type_in_room(fixture->account, MAIN, html);
}

/* What is typed, and the only line that comes of it. */
static void expect_line(HostFixture *fixture, const char *typed, const char *line)
{
    type(fixture, typed);
    host_wait(line);
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 1);
}

/* All that was said before is shown, and nothing is left to do. */
static void catch_up(HostFixture *fixture)
{
    fake_server_say(fixture->server, MAIN, HUBOT, "that was all");
    host_wait("chat acme/main <Hubot> *that was all");
    test_settle();
    host_record_clear();
}

/* ------------------------------------------------------------------------------------------------------------ lines */

static void test_line(HostFixture *fixture, gconstpointer data)
{
    gint64 id = share_text(fixture, MAIN, ANN, "my plan.txt");
    g_autofree char *link = link_of(fixture, MAIN, id);
    g_autofree char *expected =
        g_strdup_printf("chat acme/main <Ann> RECV /me shared a file: my plan.txt (text/plain, 10 bytes) %s", link);
    g_autofree char *stripped = NULL;

    (void)data;
    host_wait("chat *");
    stripped = purple_markup_strip_html(strstr(host_record_text(), "/me"));
    g_assert_true(g_str_has_prefix(stripped, "/me shared a file: my plan.txt (text/plain, 10 bytes) http"));
    g_assert_true(g_str_has_suffix(stripped, "/my%20plan.txt"));
    host_expect(expected);
}

/* Names are what others make them. */
static void test_names(HostFixture *fixture, gconstpointer data)
{
    static const struct {
        const char *name; /* JSON */
        const char *shown;
    } cases[] = {
        { "\\u8ba1\\u5212.pdf", "\xe8\xae\xa1\xe5\x88\x92.pdf" },
        { "a\\n/me b\\r\\nc", "a /me b c" },
        { "a\\\"b'c<d>&e", "a&quot;b&apos;c&lt;d&gt;&amp;e" },
        { "../../etc/passwd", "../../etc/passwd" },
        { "a\\u202egpj.exe\\u2066", "agpj.exe" },
        { "\\u0001\\u0002\\u0006a\\u0005*b*", "a *b*" },
        { "*bold* `code` [x](http://evil.example.com)", "*bold* `code` [x](http://evil.example.com)" },
        /* No link to somewhere else. */
        { "README.md", "README.md" },
        { "http://evil.example.com/", "http://evil.example.com/" },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *members =
            g_strdup_printf("\"attachments\":[{\"path\":\"/files/1/a/x.pdf\",\"file_name\":\"%s\"}]", cases[i].name);
        g_autofree char *expected = g_strdup_printf(
            "chat acme/main <Ann> RECV look<br>attached: %s <a href=\"%s/rest/files/1/a/x.pdf\">"
            "%s/rest/files/1/a/x.pdf</a>",
            cases[i].shown, fake_server_get_api_url(fixture->server), fake_server_get_api_url(fixture->server));

        emit(fixture, members);
        host_expect(expected);
    }
}

static void test_long_name(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *name = g_strnfill(251, 'n');
    g_autofree char *whole = g_strconcat(name, ".txt", NULL);
    g_autofree char *expected =
        g_strdup_printf("chat acme/main <Ann> RECV /me shared a file: %s (text/plain, 10 bytes) *", whole);

    (void)data;
    share_text(fixture, MAIN, ANN, whole);
    host_wait(expected);
}

static void test_private_line(HostFixture *fixture, gconstpointer data)
{
    gint64 id = share_text(fixture, WITH_ANN, ANN, "plan.txt");
    g_autofree char *link = link_of(fixture, WITH_ANN, id);
    g_autofree char *expected =
        g_strdup_printf("im Ann <Ann> RECV /me shared a file: plan.txt (text/plain, 10 bytes) %s", link);

    (void)data;
    host_wait("im Ann *");
    host_expect(expected);
}

/* Where no flow has a page for browsers, or none that one may open, there is no link that leads nowhere. */
static void test_no_link(void)
{
    static const char *const pages[] = { "null", "7", "\"\"", "\"javascript:alert(1)\"", "\"//www.example.com/\"" };

    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        HostFixture fixture = { .server = fake_server_new_started() };
        g_autofree char *flows = g_strdup_printf(
            "[{\"id\":\"%s\",\"name\":\"Main\",\"parameterized_name\":\"main\",\"organization\":{\"name\":"
            "\"Acme\",\"parameterized_name\":\"acme\"},\"open\":true,\"joined\":true,\"web_url\":%s,"
            "\"users\":[{\"id\":1,\"nick\":\"Demo\"},{\"id\":2,\"nick\":\"Ann\"}]}]",
            fake_server_flow_id(fixture.server, MAIN), pages[i]);
        FakeFault fault = { .kind = FAKE_FAULT_GARBAGE, .path = "/flows/all", .body = flows };

        g_test_message("%s", pages[i]);
        share_text(&fixture, MAIN, ANN, "plan.txt");
        fake_server_fault(fixture.server, &fault);
        fixture.account = host_account_new(fixture.server, "demo@example.com", "demo");
        host_sign_on(fixture.account);
        host_wait("chat acme/main <Ann> RECV+DELAYED /me shared a file: plan.txt (text/plain, 10 bytes)");
        host_fixture_tear_down(&fixture, NULL);
    }
}

/* bitlbee puts the time in front of what is past, and then a "/me" is no action any more. */
static void test_past_in_bitlbee(void)
{
    HostFixture fixture = { .server = fake_server_new_started() };
    g_autofree char *real = g_strdup(purple_core_get_ui());

    share_text(&fixture, MAIN, ANN, "plan.txt");
    host_pretend("BitlBee");
    fixture.account = host_account_new(fixture.server, "demo@example.com", "demo");
    host_sign_on(fixture.account);
    host_wait("chat acme/main <Ann> RECV+DELAYED shared a file: plan.txt (*");
    share_text(&fixture, MAIN, ANN, "new.txt");
    host_wait("chat acme/main <Ann> RECV /me shared a file: new.txt (*");
    host_pretend(real);
    host_fixture_tear_down(&fixture, NULL);
}

/* --------------------------------------------------------------------------------------------------------- pictures */

/* Of the last picture that was written: bytes that the host could see meanwhile. */
static GBytes *seen;
static int seen_id;

static gboolean on_writing(PurpleAccount *account, const char *who, char **message, PurpleConversation *conv,
                           PurpleMessageFlags flags, gpointer data)
{
    PurpleStoredImage *image;

    (void)account, (void)who, (void)conv, (void)data;
    if (!g_str_has_prefix(*message, "<img id=\""))
        return FALSE;
    g_assert_true(flags & PURPLE_MESSAGE_IMAGES);
    seen_id = (int)g_ascii_strtoll(*message + strlen("<img id=\""), NULL, 10);
    image = purple_imgstore_find_by_id(seen_id);
    g_assert_nonnull(image);
    g_clear_pointer(&seen, g_bytes_unref);
    seen = g_bytes_new(purple_imgstore_get_data(image), purple_imgstore_get_size(image));
    return FALSE;
}

static void set_up(HostFixture *fixture, gconstpointer data)
{
    void *handle = purple_conversations_get_handle();

    purple_signal_connect(handle, "writing-chat-msg", &seen, PURPLE_CALLBACK(on_writing), NULL);
    purple_signal_connect(handle, "writing-im-msg", &seen, PURPLE_CALLBACK(on_writing), NULL);
    host_fixture_set_up(fixture, data);
}

static void tear_down(HostFixture *fixture, gconstpointer data)
{
    purple_signals_disconnect_by_handle(&seen);
    g_clear_pointer(&seen, g_bytes_unref);
    host_fixture_tear_down(fixture, data);
}

static void look_at(HostFixture *fixture, const char *room)
{
    host_focus(host_room(fixture->account, room));
}

static guint count_fetched(HostFixture *fixture)
{
    return fake_server_count(fixture->server, "GET", "/files/*");
}

/* Another picture, which comes behind all that were waiting, is the only one. */
static void expect_no_picture(HostFixture *fixture, guint fetched)
{
    share(fixture, MAIN, ANN, "last.gif", "image/gif", gif_new());
    look_at(fixture, MAIN);
    host_wait("chat acme/main <Ann> * last.gif");
    test_settle();
    g_assert_cmpuint(host_record_count("chat * <img *"), ==, 1);
    g_assert_cmpuint(count_fetched(fixture), ==, fetched + 1);
}

static void test_picture(HostFixture *fixture, gconstpointer data)
{
    g_autoptr(GBytes) content = gif_new();

    (void)data;
    look_at(fixture, MAIN);
    share(fixture, MAIN, ANN, "a<b>.gif", "image/gif", gif_new());
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES <img id=\"*\"> a&lt;b&gt;.gif");
    g_assert_true(g_bytes_equal(seen, content));
    /* Whoever shows it has it. */
    g_assert_null(purple_imgstore_find_by_id(seen_id));
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main *"), ==, 2);
    g_assert_nonnull(strstr(host_record_text(), "shared a file: a&lt;b&gt;.gif (image/gif, "));
}

/* The service's credentials are for the service. */
static void test_credentials(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    look_at(fixture, MAIN);
    share_png(fixture, MAIN, "plan.png");
    host_wait("* plan.png");
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES *");
    g_assert_nonnull(fake_server_last_request(fixture->server, "GET", "/files/*")->authorization);
    g_assert_null(fake_server_last_request(fixture->server, "GET", "/storage/*")->authorization);
    g_assert_cmpuint(fake_server_last_request(fixture->server, "GET", "/storage/*")->status, ==, 200);
}

/* The small one, where there are two. */
static void test_thumbnail(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    look_at(fixture, MAIN);
    share_png(fixture, MAIN, "plan.png");
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES *");
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/files/*/thumb/plan.png"), ==, 1);
    g_assert_cmpuint(count_fetched(fixture), ==, 1);
}

static void test_own_picture(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    look_at(fixture, MAIN);
    share(fixture, MAIN, DEMO, "plan.gif", "image/gif", gif_new());
    host_wait("chat acme/main <Demo> SEND+NO_LOG+REMOTE_SEND+IMAGES <img *> plan.gif");
}

/* Nothing is fetched that nobody looks at. */
static void test_no_focus(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    share_png(fixture, MAIN, "main.png");
    share_png(fixture, DEV, "dev.png");
    host_wait("chat acme/dev-team *");
    catch_up(fixture);
    g_assert_cmpuint(count_fetched(fixture), ==, 0);
    look_at(fixture, DEV);
    host_wait("chat acme/dev-team <Ann> * dev.png");
    g_assert_cmpuint(count_fetched(fixture), ==, 1);
    look_at(fixture, MAIN);
    host_wait("chat acme/main <Ann> * main.png");
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, 2);
}

/* What it is called in it does not address the user, and makes no line of theirs. */
static void test_nick_in_name(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    look_at(fixture, MAIN);
    share_png(fixture, MAIN, "Demo and Ann.png");
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES <img *> Demo and Ann.png");
}

static void test_unfit(HostFixture *fixture, gconstpointer data)
{
    static const char *const members[] = {
        /* Not what is shown, or larger than wanted, as they say themselves. */
        "\"path\":\"/files/1/a/x.svg\",\"content_type\":\"image/svg+xml\"",
        "\"path\":\"/files/1/a/x.png\",\"content_type\":\"text/png\"",
        "\"path\":\"/files/1/a/x.png\"",
        "\"path\":\"/files/1/a/x.png\",\"content_type\":7",
        "\"path\":\"/files/1/a/x.png\",\"content_type\":\"image/png\",\"file_size\":524289",
        "\"path\":\"/files/1/a/x.png\",\"content_type\":\"image/png\",\"file_size\":524289,\"thumbnail\":{\"path\":\"/"
        "t/x\"}",
        "\"path\":\"/files/1/a/x.png\",\"content_type\":\"image/png\",\"image\":{\"width\":1025,\"height\":1}",
        "\"path\":\"../x.png\",\"content_type\":\"image/png\"",
    };

    (void)data;
    look_at(fixture, MAIN);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autofree char *attachments = g_strdup_printf("\"attachments\":[{%s}]", members[i]);

        emit(fixture, attachments);
    }
    expect_no_picture(fixture, 0);
}

/* The first one that can be shown. */
static void test_one_of_several(HostFixture *fixture, gconstpointer data)
{
    gint64 id;
    JsonObject *content;
    g_autofree char *members = NULL;

    (void)data;
    id = share(fixture, DEV, ANN, "x.gif", "image/gif", gif_new());
    content = json_object_get_object_member(fake_server_get_message(fixture->server, DEV, id), "content");
    members =
        g_strdup_printf("\"attachments\":[{\"path\":\"/files/1/a/x.pdf\"},{\"path\":\"%s\",\"file_name\":\"y.gif\","
                        "\"content_type\":\"image/gif\"},{\"path\":\"%s\",\"content_type\":\"image/gif\"}]",
                        json_object_get_string_member(content, "path"), json_object_get_string_member(content, "path"));
    look_at(fixture, MAIN);
    emit(fixture, members);
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES <img *> y.gif");
    test_settle();
    g_assert_cmpuint(host_record_count("chat acme/main *<img *"), ==, 1);
}

/* It is not what was said: too large all the same, or no picture. */
static void test_lies(HostFixture *fixture, gconstpointer data)
{
    gint64 id = share(fixture, DEV, ANN, "large.png", "image/png", png_new(8, MAX_PICTURE));
    JsonObject *content = json_object_get_object_member(fake_server_get_message(fixture->server, DEV, id), "content");
    g_autofree char *members =
        g_strdup_printf("\"attachments\":[{\"path\":\"%s\",\"content_type\":\"image/png\",\"file_size\":10}]",
                        json_object_get_string_member(content, "path"));

    (void)data;
    look_at(fixture, MAIN);
    share(fixture, MAIN, ANN, "text.png", "image/png", g_bytes_new_static("0123456789", 10));
    test_until(count_fetched(fixture) == 1);
    emit(fixture, members);
    test_until(count_fetched(fixture) == 2);
    expect_no_picture(fixture, 2);
}

/* A failure is not worth a word. */
static void test_broken(HostFixture *fixture, gconstpointer data)
{
    static const FakeFault faults[] = {
        { .kind = FAKE_FAULT_STATUS, .path = "/files/", .status = 404 },
        { .kind = FAKE_FAULT_STATUS, .path = "/files/", .status = 403 },
        { .kind = FAKE_FAULT_TRUNCATE, .path = "/storage/", .count = 20 },
        { .kind = FAKE_FAULT_STATUS, .path = "/storage/", .status = 500, .count = 20 },
    };

    (void)data;
    look_at(fixture, MAIN);
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_test_message("fault %zu", i);
        fake_server_fault(fixture->server, &faults[i]);
        share_png(fixture, MAIN, "broken.png");
        host_wait("*broken.png (*");
        test_until(g_str_has_prefix(faults[i].path, "/files")
                       ? count_fetched(fixture) == i + 1
                       : fake_server_count(fixture->server, "GET", "/storage/*") > 0);
    }
    /* Whatever is tried again ends some time, and then it is another one's turn. */
    share_png(fixture, MAIN, "good.png");
    fake_server_clear_faults(fixture->server);
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES * good.png");
    g_assert_cmpuint(host_record_count("*ERROR*"), ==, 0);
}

static void test_setting(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    look_at(fixture, MAIN);
    purple_account_set_int(fixture->account, "preview_kb", 0);
    share_png(fixture, MAIN, "plan.png");
    catch_up(fixture);
    purple_account_set_int(fixture->account, "preview_kb", -5);
    share_png(fixture, MAIN, "plan.png");
    catch_up(fixture);
    purple_account_set_int(fixture->account, "preview_kb", 1);
    share(fixture, MAIN, ANN, "large.png", "image/png", png_new(8, 1024));
    catch_up(fixture);
    g_assert_cmpuint(count_fetched(fixture), ==, 0);
    purple_account_set_int(fixture->account, "preview_kb", 2);
    share(fixture, MAIN, ANN, "fit.png", "image/png", png_new(8, 1024));
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES * fit.png");
}

/* Hosts of text have the link. */
static void test_text_hosts(HostFixture *fixture, gconstpointer ui)
{
    g_autofree char *real = g_strdup(purple_core_get_ui());

    host_pretend(ui);
    look_at(fixture, MAIN);
    share_png(fixture, MAIN, "plan.png");
    catch_up(fixture);
    g_assert_cmpuint(count_fetched(fixture), ==, 0);
    host_pretend(real);
    expect_no_picture(fixture, 0);
}

static void test_private_picture(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    share_png(fixture, WITH_ANN, "plan.png");
    host_wait("im Ann <Ann> *");
    test_settle();
    g_assert_cmpuint(count_fetched(fixture), ==, 0);
    host_focus(host_im(fixture->account, "Ann"));
    host_wait("im Ann <Ann> RECV+NO_LOG+IMAGES <img *> plan.png");
}

/* In the room of its thread, and in that of the flow. */
static void test_thread_picture(HostFixture *fixture, gconstpointer data)
{
    gint64 first = fake_server_say(fixture->server, MAIN, ANN, "Login page");
    const char *thread =
        json_object_get_string_member(fake_server_get_message(fixture->server, MAIN, first), "thread_id");
    g_autofree char *json = g_strdup_printf("{\"event\":\"file\",\"thread_id\":\"%s\",\"content\":{\"data\":"
                                            "\"R0lGODlhAQABAIAAAAEBAQAAACwAAAAAAQABAAACAkQBADs=\","
                                            "\"content_type\":\"image/gif\",\"file_name\":\"plan.gif\"}}",
                                            thread);

    (void)data;
    fake_server_reply(fixture->server, MAIN, HUBOT, first, "Broken");
    host_wait("* Broken");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Hubot> *Broken");
    fake_server_post(fixture->server, MAIN, ANN, json, NULL);
    host_wait("chat acme/main/1 <Ann> RECV /me shared a file: plan.gif *");
    host_record_clear();
    look_at(fixture, "acme/main/1");
    host_wait("chat acme/main/1 <Ann> RECV+NO_LOG+IMAGES <img *> plan.gif");
    g_assert_cmpuint(host_record_count("*"), ==, 1);
    look_at(fixture, MAIN);
    host_wait("chat acme/main <Ann> RECV+NO_LOG+IMAGES <img *> plan.gif");
}

/* (transfer full): "img 5" */
static char *name_of(guint i)
{
    return g_strdup_printf("img %u.png", i);
}

/* Of many the newest; a few at a time. */
static void test_many(HostFixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/storage/", .count = -1 };

    (void)data;
    for (guint i = 0; i < 12; i++) {
        g_autofree char *name = name_of(i);

        share_png(fixture, MAIN, name);
    }
    catch_up(fixture);
    fake_server_fault(fixture->server, &stall);
    look_at(fixture, MAIN);
    test_until(fake_server_stalled(fixture->server) == MAX_CALLS);
    test_settle();
    g_assert_cmpuint(count_fetched(fixture), ==, MAX_CALLS);
    fake_server_clear_faults(fixture->server);
    host_wait_times("chat acme/main <Ann> *<img *", MAX_IN_ONE);
    test_settle();
    g_assert_cmpuint(host_record_count("*"), ==, MAX_IN_ONE);
    for (guint i = 12 - MAX_IN_ONE; i < 12; i++) {
        g_autofree char *name = name_of(i);
        g_autofree char *glob = g_strconcat("* ", name, NULL);

        g_assert_cmpuint(host_record_count(glob), ==, 1);
    }
}

/* In all conversations together. */
static void test_many_rooms(HostFixture *fixture, gconstpointer data)
{
    const guint rooms = MAX_WAITING / MAX_IN_ONE + 1;

    (void)data;
    for (guint i = 0; i < rooms; i++) {
        g_autofree char *slug = g_strdup_printf("r%u", i), *path = g_strconcat("acme/", slug, NULL);
        g_autofree char *opened = g_strconcat("room ", path, NULL);

        fake_server_add_flow(fixture->server, "acme", slug, slug, "organization");
        fake_server_add_member(fixture->server, path, ANN);
        fake_server_add_member(fixture->server, path, DEMO);
        host_wait(opened);
    }
    catch_up(fixture);
    for (guint i = 0; i < rooms * (MAX_IN_ONE + 1); i++) {
        g_autofree char *path = g_strdup_printf("acme/r%u", i / (MAX_IN_ONE + 1)), *name = name_of(i);

        share_png(fixture, path, name);
    }
    host_wait_times("chat acme/r* <Ann> *shared a file*", rooms * (MAX_IN_ONE + 1));
    test_settle();
    host_record_clear();
    for (guint i = 1; i < rooms; i++) {
        g_autofree char *path = g_strdup_printf("acme/r%u", i);

        look_at(fixture, path);
        host_wait_times("chat *<img *", i * MAX_IN_ONE);
    }
    /* Those of the first room were too old. */
    host_record_clear();
    look_at(fixture, "acme/r0");
    share_png(fixture, "acme/r0", "last.png");
    host_wait("chat acme/r0 <Ann> *<img *> last.png");
    g_assert_cmpuint(host_record_count("*<img *"), ==, 1);
    g_assert_cmpuint(count_fetched(fixture), ==, MAX_WAITING + 1);
}

static void seed_pictures(FakeServer *server)
{
    HostFixture fixture = { .server = server };

    for (guint i = 0; i < 8; i++) {
        g_autofree char *name = name_of(i);

        share_png(&fixture, MAIN, name);
    }
}

/* The newest of those that were there before; none of what is looked up later. */
static void test_past(void)
{
    HostFixture fixture = { .server = fake_server_new_started() };

    seed_pictures(fixture.server);
    for (guint i = 0; i < 40; i++)
        fake_server_say(fixture.server, MAIN, ANN, "words");
    seed_pictures(fixture.server);
    fixture.account = host_account_new(fixture.server, "demo@example.com", "demo");
    host_sign_on_ready(fixture.account, fixture.server);
    look_at(&fixture, MAIN);
    host_wait_times("chat acme/main <Ann> RECV+DELAYED+NO_LOG+IMAGES <img *", MAX_IN_ONE);
    test_settle();
    g_assert_cmpuint(count_fetched(&fixture), ==, MAX_IN_ONE);
    type(&fixture, "/history 50");
    host_wait(TOLD "Those were * older messages.");
    g_assert_cmpuint(host_record_count("chat acme/main *shared a file: img *"), ==, 8);
    host_record_clear();
    expect_no_picture(&fixture, MAX_IN_ONE);
    host_fixture_tear_down(&fixture, NULL);
}

/* Somebody whom the user does not want to hear is not seen either. */
static void test_ignored(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    purple_conv_chat_ignore(PURPLE_CONV_CHAT(host_room(fixture->account, MAIN)), "Ann");
    look_at(fixture, MAIN);
    share_png(fixture, MAIN, "plan.png");
    catch_up(fixture);
    g_assert_cmpuint(count_fetched(fixture), ==, 0);
}

/* What was for a window that is closed meanwhile is not shown in the next one of its room. */
static void test_closed_window(HostFixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/storage/", .count = -1 };

    (void)data;
    fake_server_fault(fixture->server, &stall);
    look_at(fixture, MAIN);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *name = name_of(i);

        share_png(fixture, MAIN, name);
    }
    test_until(fake_server_stalled(fixture->server) == MAX_CALLS);
    host_close_room(fixture->account, MAIN);
    host_join(fixture->account, MAIN);
    catch_up(fixture);
    look_at(fixture, MAIN);
    fake_server_clear_faults(fixture->server);
    share_png(fixture, MAIN, "last.png");
    host_wait("chat acme/main <Ann> *<img *> last.png");
    /* Those two were given back, the third was not even asked for. */
    test_until(fake_server_count(fixture->server, "GET", "/storage/*") >= 2 * MAX_CALLS + 1);
    catch_up(fixture);
    g_assert_cmpuint(count_fetched(fixture), >=, MAX_CALLS + 1);
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/files/*/thumb/img%202.png"), ==, 0);
    share_png(fixture, MAIN, "more.png");
    host_wait("chat acme/main <Ann> *<img *> more.png");
    g_assert_cmpuint(host_record_count("*<img *"), ==, 1);
}

static void test_sign_off(HostFixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/storage/", .count = -1 };

    (void)data;
    fake_server_fault(fixture->server, &stall);
    look_at(fixture, MAIN);
    for (guint i = 0; i < 4; i++) {
        g_autofree char *name = name_of(i);

        share_png(fixture, MAIN, name);
    }
    test_until(fake_server_stalled(fixture->server) == MAX_CALLS);
    host_sign_off(fixture->account);
    host_record_clear();
    fake_server_clear_faults(fixture->server);
    test_settle();
    g_assert_cmpstr(host_record_text(), ==, "");
}

/* ----------------------------------------------------------------------------------------------------------- /files */

#define TIME "??:??"

static void test_files(HostFixture *fixture, gconstpointer data)
{
    gint64 first = share_text(fixture, MAIN, ANN, "one.md"), second;
    g_autofree char *first_link = link_of(fixture, MAIN, first), *second_link = NULL, *expected = NULL;

    (void)data;
    fake_server_say(fixture->server, MAIN, ANN, "no file");
    second = share(fixture, MAIN, HUBOT, "<two>", NULL, g_bytes_new_static("", 0));
    second_link = link_of(fixture, MAIN, second);
    host_wait("chat acme/main <Hubot> *");
    expected = g_strdup_printf(TOLD "Files, the newest last:<br>#%" G_GINT64_FORMAT " " TIME
                                    " Ann: one.md (text/plain, 10 bytes) %s<br>#%" G_GINT64_FORMAT " " TIME
                                    " Hubot: &lt;two&gt; (application/octet-stream, 0 bytes) %s<br>/download NUMBER "
                                    "fetches one.",
                               first, first_link, second, second_link);
    expect_line(fixture, "/files", expected);
    expect_line(fixture, "/more", TOLD "There is no list that goes on. *");
    expect_line(fixture, "/files now", REFUSED "It is used like this: /files<br>You typed: /files now");
}

static void test_no_files(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    expect_line(fixture, "/files", TOLD "Nothing was found.");
}

static void test_files_of_one_message(HostFixture *fixture, gconstpointer data)
{
    g_autofree char *json =
        g_strdup_printf("{\"event\":\"file\",\"flow\":\"%s\",\"id\":0,\"user\":\"2\",\"tags\":[],\"content\":null,"
                        "\"attachments\":[{\"path\":\"/f/a\"},{\"path\":\"/f/b\",\"file_size\":1}]}",
                        fake_server_flow_id(fixture->server, MAIN));
    gint64 id = fake_server_emit(fixture->server, json);
    g_autofree char *expected =
        g_strdup_printf(TOLD "Files, the newest last:<br>#%" G_GINT64_FORMAT " Ann: a <a *<br>#%" G_GINT64_FORMAT
                             "/2 Ann: b (1 byte) <a *<br>/download NUMBER fetches one.",
                        id, id);

    (void)data;
    host_wait("chat acme/main <Ann> RECV /me shared a file: a <a *<br>attached: b (1 byte) <a *");
    expect_line(fixture, "/files", expected);
}

/* (transfer full): a list of so many lines, with the files from @first to @last. */
static char *list_of(const char *head, guint first, guint last, const char *foot)
{
    return g_strdup_printf("*%s<br>#*: f%u (*<br>#*: f%u (*<br>%s", head, first, last, foot);
}

/* However many there are, also in private. */
static void check_pages(HostFixture *fixture, const char *conversation,
                        void (*typing)(HostFixture *fixture, const char *text))
{
    g_autofree char *newest = list_of("Files, the newest last:", 5, 24, "/download NUMBER fetches one, /more goes on.");
    g_autofree char *older = list_of("Files, further back:", 0, 4, "/download NUMBER fetches one.");

    for (guint i = 0; i < PAGE + 5; i++) {
        g_autofree char *name = g_strdup_printf("f%u", i);

        share_text(fixture, conversation, ANN, name);
    }
    host_wait("*f24 (*");
    typing(fixture, "/files");
    host_wait(newest);
    typing(fixture, "/more");
    host_wait(older);
    typing(fixture, "/more");
    host_wait("*There is no list that goes on. *");
}

static void type_to_ann(HostFixture *fixture, const char *text)
{
    host_record_clear();
    host_type_to(fixture->account, "Ann", text);
}

static void test_pages(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    check_pages(fixture, MAIN, type);
}

static void test_private_pages(HostFixture *fixture, gconstpointer data)
{
    (void)data;
    check_pages(fixture, WITH_ANN, type_to_ann);
}

/* A page that was not to be had can be asked for again. */
static void test_failed_pages(HostFixture *fixture, gconstpointer data)
{
    FakeFault fault = { .kind = FAKE_FAULT_STATUS, .path = "/flows/acme/main/messages", .status = 400, .count = -1 };

    (void)data;
    for (guint i = 0; i < PAGE + 1; i++)
        share_text(fixture, MAIN, ANN, "f");
    catch_up(fixture);
    fake_server_fault(fixture->server, &fault);
    expect_line(fixture, "/files", REFUSED "*<br>You typed: /files");
    fake_server_clear_faults(fixture->server);
    expect_line(fixture, "/files", TOLD "Files, the newest last:<br>*");
    fake_server_fault(fixture->server, &fault);
    expect_line(fixture, "/more", REFUSED "*<br>You typed: /more");
    fake_server_clear_faults(fixture->server);
    expect_line(fixture, "/more", TOLD "Files, further back:<br>#* Ann: f (*<br>/download NUMBER fetches one.");
}

/* Those of the thread, in its own room. */
static void test_thread_files(HostFixture *fixture, gconstpointer data)
{
    gint64 first = fake_server_say(fixture->server, MAIN, ANN, "Login page");
    const char *thread =
        json_object_get_string_member(fake_server_get_message(fixture->server, MAIN, first), "thread_id");
    g_autofree char *json = g_strdup_printf(
        "{\"event\":\"file\",\"thread_id\":\"%s\",\"content\":{\"data\":\"aGk=\",\"file_name\":\"inside\"}}", thread);

    (void)data;
    fake_server_post(fixture->server, MAIN, ANN, json, NULL);
    share_text(fixture, MAIN, ANN, "outside");
    host_wait("*outside (*");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Ann> *inside (*");
    host_record_clear();
    host_type_in_room(fixture->account, "acme/main/1", "/files");
    host_wait(
        "chat acme/main/1 <Flowdock> *Files, the newest last:<br>#* Ann: inside (*<br>/download NUMBER fetches one.");
    g_assert_cmpuint(host_record_count("*outside*"), ==, 0);
}

/* -------------------------------------------------------------------------------------------------------- /download */

/* Whether what is typed means a file. */
static void expect_meant(HostFixture *fixture, const char *typed)
{
    type(fixture, typed);
    test_settle();
    g_assert_cmpuint(host_record_count("*/files lists*"), ==, 0);
    g_assert_cmpuint(host_record_count("*There is nobody*"), ==, 0);
    g_assert_cmpuint(host_record_count("*It is used like this*"), ==, 0);
}

static void test_download_nothing(HostFixture *fixture, gconstpointer data)
{
    static const char *const words[] = { "/download", "/download ^", "/download ^3", "/download ~/Downloads" };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *expected = g_strdup_printf(
            REFUSED "There was no file here lately. /files lists those that were shared.<br>You typed: %s", words[i]);

        expect_line(fixture, words[i], expected);
    }
    expect_line(fixture, "/download @ann x",
                REFUSED "Ann has shared no file here lately. /files lists those that were shared here.<br>You typed: "
                        "/download @ann x");
}

static void test_download_wrong(HostFixture *fixture, gconstpointer data)
{
    static const char *const bad[] = { "/download plan",  "/download x ^",   "/download ^0",  "/download ^x",
                                       "/download ^1x",   "/download #",     "/download #1x", "/download #1/",
                                       "/download #1/0",  "/download 1/x",   "/download #0",  "/download -1",
                                       "/download #1//2", "/download #1/2/3" };

    (void)data;
    share_text(fixture, MAIN, ANN, "one");
    host_wait("chat acme/main <Ann> *");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *expected = g_strdup_printf(REFUSED "&quot;*&quot; means no file. *<br>You typed: %s", bad[i]);

        expect_line(fixture, bad[i], expected);
    }
    expect_line(fixture, "/download ^2",
                REFUSED "There were not so many files here lately. /files lists those that were shared.<br>You typed: "
                        "/download ^2");
    expect_line(fixture, "/download ^99999999999999999999", REFUSED "There were not so many files here lately. *");
    expect_line(fixture, "/download @hubot ~/x",
                REFUSED "Hubot has shared no file here lately. /files lists those that were shared here.<br>You typed: "
                        "/download @hubot ~/x");
    expect_line(fixture, "/download @nobody ~/x",
                REFUSED "There is nobody called nobody.<br>You typed: /download @nobody ~/x");
    expect_line(fixture, "/download @", REFUSED "There is nobody called .<br>You typed: /download @");
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/flows/acme/main/messages/*"), ==, 0);
}

/* What is remembered is not asked for. */
static void test_download_refs(HostFixture *fixture, gconstpointer data)
{
    static const char *const good[] = {
        "/download", "/download ^", "/download ^2", "/download @Ann", "/download @hubot", "/download ~/x",
    };
    gint64 first = share_text(fixture, MAIN, ANN, "one");
    gint64 second = share_text(fixture, MAIN, HUBOT, "two");
    g_autofree char *by_number = g_strdup_printf("/download #%" G_GINT64_FORMAT, first);
    g_autofree char *by_bare_number = g_strdup_printf("/download %" G_GINT64_FORMAT, second);
    g_autofree char *by_place = g_strdup_printf("/download #%" G_GINT64_FORMAT "/1 ~/Downloads", first);
    g_autofree char *to_path = g_strdup_printf("/download ^ %s/a b", g_get_tmp_dir());
    g_autofree char *path_only = g_strdup_printf("/download %s/a b", g_get_tmp_dir());

    (void)data;
    host_wait("chat acme/main <Hubot> *");
    fake_server_say(fixture->server, MAIN, ANN, "words");
    catch_up(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        expect_meant(fixture, good[i]);
    expect_meant(fixture, by_number);
    expect_meant(fixture, by_bare_number);
    expect_meant(fixture, by_place);
    expect_meant(fixture, to_path);
    expect_meant(fixture, path_only);
    g_assert_cmpuint(fake_server_count(fixture->server, "GET", "/flows/acme/main/messages/*"), ==, 0);
}

/* What is not remembered is asked for. */
static void test_download_unknown(void)
{
    HostFixture fixture = { .server = fake_server_new_started() };
    gint64 old = share_text(&fixture, MAIN, ANN, "old"), words = fake_server_say(fixture.server, MAIN, ANN, "words");
    g_autofree char *by_number = g_strdup_printf("/download #%" G_GINT64_FORMAT " ~/x", old);
    g_autofree char *second = g_strdup_printf("/download %" G_GINT64_FORMAT "/2 ~/x", old);
    g_autofree char *no_file = g_strdup_printf("/download #%" G_GINT64_FORMAT, words);
    g_autofree char *asked = g_strdup_printf("/flows/acme/main/messages/%" G_GINT64_FORMAT, old);
    g_autofree char *few =
        g_strdup_printf(REFUSED "This message has only 1 file. /files lists all.<br>You typed: %s", second);
    g_autofree char *none = g_strdup_printf(
        REFUSED "This message has no file. /files lists those that were shared here.<br>You typed: %s", no_file);

    fixture.account = host_account_new(fixture.server, "demo@example.com", "demo");
    purple_account_set_int(fixture.account, "history", 1);
    host_sign_on_ready(fixture.account, fixture.server);
    expect_line(&fixture, second, few);
    g_assert_cmpuint(fake_server_count(fixture.server, "GET", asked), ==, 1);
    expect_line(&fixture, no_file, none);
    expect_line(&fixture, "/download #987654321 ~/x", REFUSED "*<br>You typed: /download #987654321 ~/x");
    type(&fixture, by_number);
    test_until(fake_server_count(fixture.server, "GET", asked) == 2);
    /* Now it is remembered, for who asks again. */
    catch_up(&fixture);
    expect_meant(&fixture, by_number);
    expect_meant(&fixture, "/download @ann");
    g_assert_cmpuint(fake_server_count(fixture.server, "GET", asked), ==, 2);
    host_fixture_tear_down(&fixture, NULL);
}

/* What is listed can be meant, though it was never shown. */
static void test_download_listed(void)
{
    HostFixture fixture = { .server = fake_server_new_started() };

    share_text(&fixture, MAIN, ANN, "old");
    fake_server_say(fixture.server, MAIN, ANN, "words");
    fixture.account = host_account_new(fixture.server, "demo@example.com", "demo");
    purple_account_set_int(fixture.account, "history", 1);
    host_sign_on_ready(fixture.account, fixture.server);
    expect_line(&fixture, "/download ^", REFUSED "There was no file here lately. *");
    expect_line(&fixture, "/files", TOLD "Files, the newest last:<br>*old (*");
    expect_meant(&fixture, "/download ^");
    expect_meant(&fixture, "/download @ann");
    host_fixture_tear_down(&fixture, NULL);
}

/* In a thread's own room, those of the thread. */
static void test_download_in_thread(HostFixture *fixture, gconstpointer data)
{
    gint64 first = fake_server_say(fixture->server, MAIN, ANN, "Login page");

    (void)data;
    fake_server_reply(fixture->server, MAIN, HUBOT, first, "Broken");
    share_text(fixture, MAIN, ANN, "outside");
    host_wait("*outside (*");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Hubot> *Broken");
    host_record_clear();
    host_type_in_room(fixture->account, "acme/main/1", "/download");
    host_wait("chat acme/main/1 <Flowdock> RECV+ERROR There was no file here lately. *");
    expect_meant(fixture, "/download");
}

/* What is asked for at sign-off is not lost without a word. */
static void test_download_offline(HostFixture *fixture, gconstpointer data)
{
    FakeFault stall = { .kind = FAKE_FAULT_STALL, .path = "/flows/acme/main/messages/*" };

    (void)data;
    fake_server_fault(fixture->server, &stall);
    type(fixture, "/download #77777 ~/x");
    test_until(fake_server_stalled(fixture->server) == 1);
    purple_connection_error_reason(purple_account_get_connection(fixture->account),
                                   PURPLE_CONNECTION_ERROR_NETWORK_ERROR, "lost");
    host_wait(REFUSED "The account went offline before the service confirmed it.<br>You typed: /download #77777 ~/x");
}

/* ------------------------------------------------------------------------------------------------------------- menu */

static GList *menu_of(PurpleConversation *conv)
{
    return purple_conversation_get_extended_menu(conv);
}

static void free_menu(GList *menu)
{
    for (GList *item = menu; item; item = item->next) {
        PurpleMenuAction *action = item->data;

        free_menu(action->children);
        purple_menu_action_free(action);
    }
    g_list_free(menu);
}

/* (transfer full): "Files (a, b, c)" */
static char *labels_of(GList *menu)
{
    g_autoptr(GString) labels = g_string_new(NULL);

    for (GList *item = menu; item; item = item->next) {
        PurpleMenuAction *action = item->data;
        g_autofree char *children = action->children ? labels_of(action->children) : NULL;

        g_string_append_printf(labels, "%s%s", labels->len ? ", " : "", action->label);
        if (children)
            g_string_append_printf(labels, ": %s", children);
    }
    return g_string_free(g_steal_pointer(&labels), FALSE);
}

static void expect_menu(PurpleConversation *conv, const char *expected)
{
    GList *menu = menu_of(conv);
    g_autofree char *labels = labels_of(menu);

    g_assert_cmpstr(labels, ==, expected);
    free_menu(menu);
}

/* What the host keeps of an item while its menu is open. */
typedef struct {
    void (*func)(PurpleConversation *conv, gpointer data);
    gpointer data;
} Chosen;

static Chosen find_item(PurpleConversation *conv, guint place)
{
    GList *menu = menu_of(conv);
    PurpleMenuAction *files = menu->data;
    PurpleMenuAction *action = g_list_nth_data(files->children, place);
    Chosen chosen = { (void (*)(PurpleConversation *, gpointer))action->callback, action->data };

    free_menu(menu);
    return chosen;
}

static void test_menu(HostFixture *fixture, gconstpointer data)
{
    PurpleConversation *conv = host_room(fixture->account, MAIN);
    Chosen list, file;

    (void)data;
    expect_menu(conv, "Files: List files");
    share_text(fixture, MAIN, ANN, "one_two.txt");
    share_text(fixture, MAIN, HUBOT, "three");
    host_wait("*three (*");
    /* An underscore would be taken for the mark of a key. */
    expect_menu(conv, "Files: three (Hubot), one__two.txt (Ann), List files");
    expect_menu(host_room(fixture->account, DEV), "Files: List files");
    list = find_item(conv, 2);
    host_record_clear();
    list.func(conv, list.data);
    host_wait(TOLD "Files, the newest last:<br>*");
    for (guint i = 0; i < 12; i++)
        share_text(fixture, MAIN, ANN, "x");
    catch_up(fixture);
    expect_menu(conv,
                "Files: x (Ann), x (Ann), x (Ann), x (Ann), x (Ann), x (Ann), x (Ann), x (Ann), x (Ann), x (Ann), "
                "List files");
    /* What comes of it is the business of the transfers. */
    file = find_item(conv, 9);
    file.func(conv, file.data);
    g_assert_cmpuint(host_record_count("*not there any more*"), ==, 0);
}

/* A menu that is still open when all has changed. */
static void test_old_menu(HostFixture *fixture, gconstpointer data)
{
    PurpleConversation *conv = host_room(fixture->account, MAIN);
    gint64 id = share_text(fixture, MAIN, ANN, "one");
    Chosen file, list;

    (void)data;
    host_wait("*one (*");
    file = find_item(conv, 0);
    list = find_item(conv, 1);
    fake_server_delete(fixture->server, MAIN, id);
    host_wait("*deleted: shared a file: one");
    host_record_clear();
    file.func(conv, file.data);
    host_expect(TOLD "This file is not there any more. /files lists those that were shared here.");
    /* Another one of the same place in another connection. */
    share_text(fixture, MAIN, ANN, "two");
    host_wait("*two (*");
    host_sign_off(fixture->account);
    host_record_clear();
    file.func(conv, file.data);
    list.func(conv, list.data);
    test_settle();
    g_assert_cmpstr(host_record_text(), ==, "");
    g_assert_null(menu_of(conv));
    host_sign_on_ready(fixture->account, fixture->server);
    expect_menu(conv, "Files: List files");
    file.func(conv, file.data);
    host_expect(TOLD "This file is not there any more. /files lists those that were shared here.");
    expect_line(fixture, "/files", TOLD "Files, the newest last:<br>*two (*");
    expect_menu(conv, "Files: two (Ann), List files");
}

static void test_thread_menu(HostFixture *fixture, gconstpointer data)
{
    gint64 first = fake_server_say(fixture->server, MAIN, ANN, "Login page");
    const char *thread =
        json_object_get_string_member(fake_server_get_message(fixture->server, MAIN, first), "thread_id");
    g_autofree char *json = g_strdup_printf(
        "{\"event\":\"file\",\"thread_id\":\"%s\",\"content\":{\"data\":\"aGk=\",\"file_name\":\"inside\"}}", thread);

    (void)data;
    fake_server_post(fixture->server, MAIN, ANN, json, NULL);
    share_text(fixture, MAIN, ANN, "outside");
    host_wait("*outside (*");
    type(fixture, "/show 1 open");
    host_wait("chat acme/main/1 <Ann> *inside (*");
    expect_menu(host_room(fixture->account, "acme/main/1"), "Files: inside (Ann), List files");
    expect_menu(host_room(fixture->account, MAIN), "Files: outside (Ann), inside (Ann), List files");
}

static void test_private_menu(HostFixture *fixture, gconstpointer data)
{
    Chosen list;

    (void)data;
    share_text(fixture, WITH_ANN, ANN, "plan.txt");
    host_wait("im Ann *");
    expect_menu(host_im(fixture->account, "Ann"), "Files: plan.txt (Ann), List files");
    list = find_item(host_im(fixture->account, "Ann"), 1);
    host_record_clear();
    list.func(host_im(fixture->account, "Ann"), list.data);
    host_wait("im Ann <*> *Files, the newest last:<br>*plan.txt (*");
}

/* Conversations of other protocols, and of other accounts, are none of ours: each adds its menu once. */
static void test_foreign_menu(HostFixture *fixture, gconstpointer data)
{
    PurpleAccount *other = host_account_new(fixture->server, "other@example.com", "other");
    PurpleConversation *conv = purple_conversation_new(PURPLE_CONV_TYPE_IM, fixture->account, "Ann");

    (void)data;
    fake_server_add_user(fixture->server, "acme", 43, "Other", "other@example.com", "other");
    fake_server_add_member(fixture->server, MAIN, 43);
    host_sign_on(other);
    host_wait("connected *");
    expect_menu(conv, "Files: List files");
    purple_account_set_protocol_id(fixture->account, "prpl-other");
    g_assert_null(menu_of(conv));
    purple_account_set_protocol_id(fixture->account, "prpl-flowdock");
    host_account_free(other);
    expect_menu(conv, "Files: List files");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    host_init();
#define ADD(path, story) g_test_add("/flowdock/files-shown/" path, HostFixture, NULL, set_up, story, tear_down)
    ADD("line", test_line);
    ADD("names", test_names);
    ADD("long-name", test_long_name);
    ADD("private-line", test_private_line);
    g_test_add_func("/flowdock/files-shown/no-link", test_no_link);
    g_test_add_func("/flowdock/files-shown/past-in-bitlbee", test_past_in_bitlbee);
    ADD("picture", test_picture);
    ADD("credentials", test_credentials);
    ADD("thumbnail", test_thumbnail);
    ADD("own-picture", test_own_picture);
    ADD("no-focus", test_no_focus);
    ADD("nick-in-name", test_nick_in_name);
    ADD("unfit", test_unfit);
    ADD("one-of-several", test_one_of_several);
    ADD("lies", test_lies);
    ADD("broken", test_broken);
    ADD("setting", test_setting);
    g_test_add("/flowdock/files-shown/finch", HostFixture, "gnt-purple", set_up, test_text_hosts, tear_down);
    g_test_add("/flowdock/files-shown/bitlbee", HostFixture, "BitlBee", set_up, test_text_hosts, tear_down);
    ADD("private-picture", test_private_picture);
    ADD("thread-picture", test_thread_picture);
    ADD("many", test_many);
    ADD("many-rooms", test_many_rooms);
    g_test_add_func("/flowdock/files-shown/past", test_past);
    ADD("ignored", test_ignored);
    ADD("closed-window", test_closed_window);
    ADD("sign-off", test_sign_off);
    ADD("files", test_files);
    ADD("no-files", test_no_files);
    ADD("files-of-one-message", test_files_of_one_message);
    ADD("pages", test_pages);
    ADD("private-pages", test_private_pages);
    ADD("failed-pages", test_failed_pages);
    ADD("thread-files", test_thread_files);
    ADD("download-nothing", test_download_nothing);
    ADD("download-wrong", test_download_wrong);
    ADD("download-refs", test_download_refs);
    g_test_add_func("/flowdock/files-shown/download-unknown", test_download_unknown);
    g_test_add_func("/flowdock/files-shown/download-listed", test_download_listed);
    ADD("download-in-thread", test_download_in_thread);
    ADD("download-offline", test_download_offline);
    ADD("menu", test_menu);
    ADD("old-menu", test_old_menu);
    ADD("thread-menu", test_thread_menu);
    ADD("private-menu", test_private_menu);
    ADD("foreign-menu", test_foreign_menu);
    return g_test_run();
}
