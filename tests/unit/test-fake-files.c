/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test server's files: forms however they come, and a storage that does as the tests of a client need it. Sheet: 3.11. */
#include "fake-files.h"

#include "test-fake.h"

#define MAIN "/flows/acme/main"
#define TALK "acme/main"
#define CONTENT "0123456789"

/* ------------------------------------------------------------------------------------------------------------- forms */

/* Sends what is given, byte by byte where @step is 1, and waits for the answer's end. Returns: the status. */
static guint post_raw(TestFake *fake, const char *boundary, const char *form, gsize length, gsize step)
{
    g_autoptr(GUri) uri = g_uri_parse(fake_server_get_api_url(fake->server), G_URI_FLAGS_NONE, NULL);
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *head =
        g_strdup_printf("POST " MAIN "/messages HTTP/1.1\r\nHost: x\r\nAuthorization: " TEST_FAKE_DEMO
                        "\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=%s\r\n"
                        "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                        boundary, length);
    g_auto(TestDone) connected = { 0 };
    g_auto(TestDone) answered = { 0 };
    GOutputStream *out;
    char answer[4096] = "";
    gsize count;

    g_socket_client_connect_to_host_async(client, g_uri_get_host(uri), (guint16)g_uri_get_port(uri), NULL, test_done,
                                          &connected);
    test_until(connected.calls);
    connection = g_socket_client_connect_to_host_finish(client, connected.result, &error);
    g_assert_no_error(error);
    out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    g_assert_true(g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL));
    for (gsize at = 0; at < length; at += step) {
        g_assert_true(g_output_stream_write_all(out, form + at, MIN(step, length - at), NULL, NULL, NULL));
        if (step > 1 || at % 8 == 0)
            test_settle();
    }
    g_input_stream_read_all_async(g_io_stream_get_input_stream(G_IO_STREAM(connection)), answer, sizeof answer - 1,
                                  G_PRIORITY_DEFAULT, NULL, test_done, &answered);
    test_until(answered.calls);
    g_input_stream_read_all_finish(g_io_stream_get_input_stream(G_IO_STREAM(connection)), answered.result, &count,
                                   NULL);
    return strlen(answer) > 12 ? (guint)g_ascii_strtoull(answer + 9, NULL, 10) : 0;
}

static void assert_file(TestFake *fake, const char *name, const char *content, gsize length)
{
    JsonObject *file = fake_json_object(fake_server_get_message(fake->server, TALK, 0), "content");
    g_autoptr(GBytes) bytes = fake_server_get_file(fake->server, TALK, 0);

    g_assert_cmpstr(fake_json_string(file, "file_name"), ==, name);
    g_assert_nonnull(bytes);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), content, length);
}

static void test_form_in_pieces(void)
{
    static const char form[] = "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\nfile\r\n"
                               "--B\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a b\"\r\n"
                               "Content-Type: text/x\r\n\r\n\r\n--\r\n--A\r\n-\0\r\n--B--\r\nepilogue";
    static const gsize steps[] = { 1, 2, 3, 7, 64, 1000 };
    g_autoptr(TestFake) fake = test_fake_new();

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_assert_cmpuint(post_raw(fake, "B", form, sizeof form - 1, steps[i]), ==, 202);
        assert_file(fake, "a b", "\r\n--\r\n--A\r\n-\0", 13);
    }
    g_assert_cmpuint(fake_server_message_count(fake->server, TALK), ==, G_N_ELEMENTS(steps));
}

static void test_form_names(void)
{
    static const struct {
        const char *head;
        const char *name;
    } cases[] = {
        { "filename=\"plain\"", "plain" },
        { "filename=\"%22%0D%0a%41\"", "\"\r\n%41" },
        { "filename=\"a\\\"b\\c\"", "a\"b\\c" },
        { "filename=token", "token" },
        { "filename=\"\xe4\xb8\xad\"", "\xe4\xb8\xad" },
    };
    g_autoptr(TestFake) fake = test_fake_new();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *form = g_strdup_printf("--B\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\nfile\r\n"
                                                "--B\r\nContent-Disposition: form-data; name=\"content\"; %s\r\n\r\n"
                                                "x\r\n--B--\r\n",
                                                cases[i].head);

        g_assert_cmpuint(post_raw(fake, "B", form, strlen(form), 1000), ==, 202);
        assert_file(fake, cases[i].name, "x", 1);
    }
}

static void test_no_form(void)
{
    static const char *const forms[] = {
        "x",
        "--B\r\n\r\n\r\n--B--\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\nfile\r\n--B",
        "--B\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\n\xff\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\xff\"\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nx\r\n--B--",
    };
    g_autoptr(TestFake) fake = test_fake_new();

    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_test_message("%s", forms[i]);
        g_assert_cmpuint(post_raw(fake, "B", forms[i], strlen(forms[i]), 1000), ==, 400);
    }
    g_assert_cmpuint(fake_server_message_count(fake->server, TALK), ==, 0);
}

/* ----------------------------------------------------------------------------------------------------------- storage */

/* (transfer full): where Demo is sent for a new file of Ann's. */
static char *link_of(TestFake *fake)
{
    g_autoptr(GBytes) content = g_bytes_new_static(CONTENT, strlen(CONTENT));
    gint64 id = fake_server_add_file(fake->server, TALK, 2, "f", NULL, content);
    JsonObject *message = fake_server_get_message(fake->server, TALK, id);
    char *link;

    g_assert_cmpuint(test_fake_call(fake, "GET", fake_json_string(fake_json_object(message, "content"), "path"), NULL),
                     ==, 302);
    link = g_strdup(test_fake_header(fake, "Location"));
    fake->authorization = NULL;
    return link;
}

static guint get_part(TestFake *fake, const char *link, const char *range, const char *condition)
{
    g_auto(TestDone) done = { 0 };
    g_autoptr(GBytes) bytes = NULL;
    SoupMessageHeaders *headers;

    test_fake_forget(fake);
    fake->message = test_fake_message(fake, "GET", link, NULL);
    headers = soup_message_get_request_headers(fake->message);
    soup_message_headers_append(headers, "Range", range);
    if (condition)
        soup_message_headers_append(headers, "If-Range", condition);
    soup_session_send_and_read_async(fake->session, fake->message, G_PRIORITY_DEFAULT, NULL, test_done, &done);
    test_until(done.result);
    bytes = soup_session_send_and_read_finish(fake->session, done.result, NULL);
    g_assert_nonnull(bytes);
    fake->text =
        g_bytes_get_size(bytes) ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : g_strdup("");
    return soup_message_get_status(fake->message);
}

static void test_ranges(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *link = link_of(fake);
    g_autofree char *tag = NULL;
    static const struct {
        const char *range;
        guint status;
        const char *text;
        const char *content_range;
    } cases[] = {
        { "bytes=0-", 206, CONTENT, "bytes 0-9/10" }, { "bytes=4-", 206, "456789", "bytes 4-9/10" },
        { "bytes=4-5", 206, "45", "bytes 4-5/10" },   { "bytes=9-100", 206, "9", "bytes 9-9/10" },
        { "bytes=10-", 416, "", "bytes */10" },       { "bytes=1-2,4-5", 200, CONTENT, NULL },
        { "lines=1-2", 200, CONTENT, NULL },
    };

    g_assert_cmpuint(test_fake_call(fake, "GET", link, NULL), ==, 200);
    tag = g_strdup(test_fake_header(fake, "ETag"));
    g_assert_nonnull(tag);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].range);
        g_assert_cmpuint(get_part(fake, link, cases[i].range, i % 2 ? tag : NULL), ==, cases[i].status);
        g_assert_cmpstr(fake->text, ==, cases[i].text);
        g_assert_cmpstr(test_fake_header(fake, "Content-Range"), ==, cases[i].content_range);
    }
    g_assert_cmpuint(get_part(fake, link, "bytes=4-", "\"another\""), ==, 200);
    g_assert_cmpstr(fake->text, ==, CONTENT);
    fake_server_set_odd(fake->server, FAKE_ODD_NO_RANGES);
    g_assert_cmpuint(get_part(fake, link, "bytes=4-", tag), ==, 200);
    g_assert_cmpstr(fake->text, ==, CONTENT);
}

static void test_no_credentials(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *link = link_of(fake);

    g_assert_cmpuint(test_fake_call(fake, "GET", link, NULL), ==, 200);
    fake->authorization = TEST_FAKE_DEMO;
    g_assert_cmpuint(test_fake_call(fake, "GET", link, NULL), ==, 400);
    fake->authorization = NULL;
    fake_server_expire_links(fake->server);
    g_assert_cmpuint(test_fake_call(fake, "GET", link, NULL), ==, 403);
}

/* The web client's address of a file is for whoever is signed in. */
static void test_web_link(void)
{
    g_autoptr(TestFake) fake = test_fake_new();
    g_autofree char *link = link_of(fake), *path = NULL;
    JsonObject *message = fake_server_get_message(fake->server, TALK, 0);

    path = g_strconcat("/rest", fake_json_string(fake_json_object(message, "content"), "path"), NULL);
    g_assert_cmpuint(test_fake_call(fake, "GET", path, NULL), ==, 401);
    fake->authorization = TEST_FAKE_DEMO;
    g_assert_cmpuint(test_fake_call(fake, "GET", path, NULL), ==, 302);
}

static void test_limits(void)
{
    static const char file[] = "{\"event\":\"file\",\"content\":{\"data\":\"aGVsbG8=\",\"file_name\":\"a\"}}";
    g_autoptr(TestFake) fake = test_fake_new();

    fake_server_set_max_file(fake->server, 4);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", file), ==, 413);
    fake_server_set_max_file(fake->server, 5);
    fake_server_set_file_quota(fake->server, 9);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", file), ==, 202);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", file), ==, 403);
    g_assert_cmpuint(
        test_fake_call(fake, "POST", "/_test/set", "{\"file_quota\":0,\"max_file\":0,\"odd\":[\"no-ranges\"]}"), ==,
        200);
    g_assert_cmpuint(test_fake_call(fake, "POST", MAIN "/messages", file), ==, 202);
    g_assert_cmpuint(fake_server_message_count(fake->server, TALK), ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/files/form-in-pieces", test_form_in_pieces);
    g_test_add_func("/server/files/form-names", test_form_names);
    g_test_add_func("/server/files/no-form", test_no_form);
    g_test_add_func("/server/files/ranges", test_ranges);
    g_test_add_func("/server/files/no-credentials", test_no_credentials);
    g_test_add_func("/server/files/web-link", test_web_link);
    g_test_add_func("/server/files/limits", test_limits);
    return g_test_run();
}
