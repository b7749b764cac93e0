/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-files: what messages tell of files, and files on their way to the test server and back. */
#include "flowdock/api/fd-api-files.h"

#include "fake-proxy.h"
#include "flowdock/api/fd-decode.h"
#include "net/net-json.h"
#include "test-fd-api.h"
#include "test-file.h"

#define MAIN "acme/main"
#define WITH_ANN "private/1/2"
#define DEMO 1
#define ANN 2

static const FdApiPlace in_main = { .flow_path = MAIN };
static const FdApiPlace with_ann = { .user = ANN };

/* ---------------------------------------------------------------------------------------------------------- decoding */

static FdFile *decode(const char *json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = net_json_parse(json, strlen(json), &error);

    g_assert_no_error(error);
    return fd_file_decode(node);
}

static void test_decode(void)
{
    g_autoptr(FdFile) all = decode(
        "{\"path\":\"/files/1/abc/a%20b.png\",\"file_name\":\"a b.png\",\"file_size\":12345678901,\"content_type\":"
        "\"Image/PNG; charset=binary\",\"image\":{\"width\":1920,\"height\":1087},\"thumbnail\":{\"path\":"
        "\"/files/1/abc/thumb/a.png\",\"width\":100,\"height\":57},\"unknown\":[]}");
    g_autoptr(FdFile) copy = fd_file_copy(all);
    g_autoptr(FdFile) least = decode("{\"path\":\"/files/1/abc/a%20b.png\"}");

    g_clear_pointer(&all, fd_file_free);
    g_assert_cmpstr(copy->path, ==, "/files/1/abc/a%20b.png");
    g_assert_cmpstr(copy->name, ==, "a b.png");
    g_assert_cmpint(copy->size, ==, G_GINT64_CONSTANT(12345678901));
    g_assert_cmpstr(copy->content_type, ==, "image/png");
    g_assert_cmpuint(copy->width, ==, 1920);
    g_assert_cmpuint(copy->height, ==, 1087);
    g_assert_cmpstr(copy->thumbnail, ==, "/files/1/abc/thumb/a.png");
    g_assert_cmpuint(copy->thumbnail_width, ==, 100);
    g_assert_cmpuint(copy->thumbnail_height, ==, 57);
    g_assert_cmpstr(least->name, ==, "a b.png");
    g_assert_cmpint(least->size, ==, -1);
    g_assert_null(least->content_type);
    g_assert_null(least->thumbnail);
    g_assert_cmpuint(least->width, ==, 0);
}

static void test_decode_no_file(void)
{
    static const char *const cases[] = {
        "null",
        "[]",
        "\"/files/1/a\"",
        "{}",
        "{\"path\":null,\"file_name\":\"x\"}",
        "{\"path\":\"\"}",
        "{\"path\":\"/\"}",
        "{\"path\":\"files/1/a\"}",
        "{\"path\":\"https://example.com/a\"}",
        "{\"path\":\"//example.com/a\"}",
        "{\"path\":\"/files/../user\"}",
        "{\"path\":\"/files/%2e%2E/user\"}",
        "{\"path\":\"/files/./user\"}",
        "{\"path\":\"/files/1/\"}",
    };
    g_autoptr(GString) longest = g_string_new("{\"path\":\"/");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i]);
        g_assert_null(decode(cases[i]));
    }
    for (int i = 0; i < FD_FILE_MAX_PATH; i++)
        g_string_append_c(longest, 'a');
    g_string_append(longest, "\"}");
    g_assert_null(decode(longest->str));
}

/* Odd members are as good as none. */
static void test_decode_odd(void)
{
    static const char *const sizes[] = { "-1", "\"many\"", "1e30", "null", "9007199254740993" };
    static const char *const types[] = { "\"\"", "\"text\"", "\"a b/c\"", "\"x/y\\nX: z\"", "7", "\"\\u00e9/x\"" };
    static const char *const images[] = { "7", "{}", "{\"width\":0,\"height\":5}", "{\"width\":5}",
                                          "{\"width\":5,\"height\":1000001}" };
    static const char *const thumbnails[] = { "7", "{}", "{\"path\":\"x\"}", "{\"path\":\"/a/../b\"}" };
    static const struct {
        const char *member;
        const char *const *values;
        gsize count;
    } members[] = {
        { "file_size", sizes, G_N_ELEMENTS(sizes) },
        { "content_type", types, G_N_ELEMENTS(types) },
        { "image", images, G_N_ELEMENTS(images) },
        { "thumbnail", thumbnails, G_N_ELEMENTS(thumbnails) },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        for (gsize j = 0; j < members[i].count; j++) {
            g_autofree char *json = g_strdup_printf("{\"path\":\"/files/1/a/b\",\"file_name\":\"n\",\"%s\":%s}",
                                                    members[i].member, members[i].values[j]);
            g_autoptr(FdFile) file = decode(json);

            g_test_message("%s", json);
            g_assert_nonnull(file);
            g_assert_cmpint(file->size, ==, -1);
            g_assert_null(file->content_type);
            g_assert_cmpuint(file->width, ==, 0);
            g_assert_cmpuint(file->height, ==, 0);
            g_assert_null(file->thumbnail);
        }
    }
}

static void test_decode_name(void)
{
    static const struct {
        const char *json;
        const char *name;
    } cases[] = {
        { "\"file_name\":\"../a\\u0007b\\n\\u202ec\",\"path\":\"/p/x\"", "../a b c" },
        { "\"file_name\":\" \\n \",\"path\":\"/p/x%20y\"", "x y" },
        { "\"file_name\":7,\"path\":\"/p/100%\"", "100%" },
        { "\"path\":\"/p/%0A\"", "file" },
        { "\"path\":\"/p/%ff\"", "%ff" },
    };
    g_autoptr(GString) longest = g_string_new("{\"path\":\"/p/x\",\"file_name\":\"");
    g_autoptr(FdFile) cut = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *json = g_strdup_printf("{%s}", cases[i].json);
        g_autoptr(FdFile) file = decode(json);

        g_assert_cmpstr(file->name, ==, cases[i].name);
    }
    for (int i = 0; i < 2 * FD_FILE_MAX_NAME; i++)
        g_string_append(longest, "\xc3\xa9");
    g_string_append(longest, "\"}");
    cut = decode(longest->str);
    g_assert_cmpint(g_utf8_strlen(cut->name, -1), ==, FD_FILE_MAX_NAME);
}

/* Only what a browser goes to, on the host of the service: whatever a path says. */
static void test_web_link(void)
{
    static const struct {
        const char *web_url; /* (nullable) */
        const char *path;
        const char *link; /* (nullable) */
    } cases[] = {
        { "https://www.example.com/app/acme/main", "/files/1/a/b.pdf", "https://www.example.com/rest/files/1/a/b.pdf" },
        { "http://127.0.0.1:8080", "/a", "http://127.0.0.1:8080/rest/a" },
        { "https://[::1]:99/x", "/a", "https://[::1]:99/rest/a" },
        { "HTTPS://Example.com/?q#f", "/a", "https://Example.com/rest/a" },
        { "https://user:secret@example.com/", "/a", "https://example.com/rest/a" },
        { "https://example.com", "/p/a b%20c+d", "https://example.com/rest/p/a%20b%20c%2Bd" },
        { "https://example.com", "/p/100%", "https://example.com/rest/p/100%25" },
        { "https://example.com", "/p/a%2Fb?x=1#y", "https://example.com/rest/p/a%2Fb%3Fx%3D1%23y" },
        { "https://example.com", "/@evil.com/\\\"'<>", "https://example.com/rest/%40evil.com/%5C%22%27%3C%3E" },
        { "https://example.com", "/p/\xe8\xae\xa1", "https://example.com/rest/p/%E8%AE%A1" },
        { "https://example.com", "/p/\xe2\x80\xae\n", "https://example.com/rest/p/%E2%80%AE%0A" },
        /* Or the end would be taken for that of a sentence. */
        { "https://example.com", "/p/a.", "https://example.com/rest/p/a%2E" },
        { "https://example.com", "/p/...", "https://example.com/rest/p/..%2E" },
        { "https://example.com", "/p/..", NULL },
        { "https://example.com", "/p/%2e%2e/x", NULL },
        { "https://example.com", "//evil.com/x", NULL },
        { "https://example.com", "https://evil.com/x", NULL },
        { "https://example.com", "/", NULL },
        { "https://example.com", "", NULL },
        { NULL, "/a", NULL },
        { "", "/a", NULL },
        { "example.com", "/a", NULL },
        { "javascript:alert(1)", "/a", NULL },
        { "file:///etc", "/a", NULL },
        { "ftp://example.com", "/a", NULL },
        { "https://", "/a", NULL },
        { "https:///x", "/a", NULL },
        { "https://a b.com", "/a", NULL },
        { "https://ex\xe2\x80\xae"
          "ample.com",
          "/a", NULL },
    };
    g_autoptr(GString) longest = g_string_new("/p/");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *link = fd_file_web_link(cases[i].web_url, cases[i].path);

        g_test_message("%s %s", cases[i].web_url, cases[i].path);
        g_assert_cmpstr(link, ==, cases[i].link);
    }
    while (longest->len < 1900)
        g_string_append(longest, "\xc3\xa9");
    g_assert_null(fd_file_web_link("https://example.com", longest->str));
}

static FdMessage *message_of(const char *json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = net_json_parse(json, strlen(json), &error);
    FdMessage *message;

    g_assert_no_error(error);
    message = fd_decode_message(node);
    g_assert_nonnull(message);
    return message;
}

static void test_files_of_message(void)
{
    static const struct {
        const char *json;
        const char *paths;
    } cases[] = {
        { "{\"event\":\"message\",\"content\":\"hi\"}", "" },
        { "{\"event\":\"message\",\"content\":{\"path\":\"/a\"}}", "" },
        { "{\"event\":\"file\",\"content\":{\"path\":\"/a\"}}", "/a" },
        { "{\"event\":\"file\",\"content\":{\"path\":\"/a\"},\"attachments\":[{\"path\":\"/b\"}]}", "/b" },
        { "{\"event\":\"file\",\"content\":{\"path\":\"/a\"},\"attachments\":[{\"path\":\"..\"},7]}", "/a" },
        { "{\"event\":\"activity\",\"attachments\":[{\"path\":\"/b\"},{\"path\":\"/c\"}]}", "/b /c" },
        { "{\"event\":\"file\",\"content\":null,\"attachments\":{}}", "" },
    };
    g_autoptr(GString) many = g_string_new("{\"event\":\"message\",\"attachments\":[{\"path\":\"/a\"}");
    g_autoptr(FdMessage) full = NULL;
    g_autoptr(GPtrArray) kept = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FdMessage) message = message_of(cases[i].json);
        g_autoptr(GPtrArray) files = fd_files_of_message(message);
        g_autoptr(GString) paths = g_string_new(NULL);

        for (guint j = 0; j < files->len; j++)
            g_string_append_printf(paths, "%s%s", j ? " " : "", ((FdFile *)files->pdata[j])->path);
        g_assert_cmpstr(paths->str, ==, cases[i].paths);
    }
    for (int i = 0; i < FD_FILE_MAX; i++)
        g_string_append(many, ",{\"path\":\"/a\"}");
    g_string_append(many, "]}");
    full = message_of(many->str);
    kept = fd_files_of_message(full);
    g_assert_cmpuint(kept->len, ==, FD_FILE_MAX);
}

/* Its content's path leads nowhere, its attachment's does. */
static void test_documented_sample(void)
{
    g_autofree char *path = test_data_path("docs/event-file.json");
    g_autofree char *json = NULL;
    g_autoptr(FdMessage) message = NULL;
    g_autoptr(GPtrArray) files = NULL;
    const FdFile *file;

    g_assert_true(g_file_get_contents(path, &json, NULL, NULL));
    message = message_of(json);
    files = fd_files_of_message(message);
    g_assert_cmpuint(files->len, ==, 1);
    file = files->pdata[0];
    g_assert_cmpstr(file->path, ==, "/files/123/d19d7d7048f3012fc1e40026b0d8e16c/screenshot.png");
    g_assert_cmpint(file->size, ==, 554535);
    g_assert_cmpuint(file->height, ==, 1087);
    g_assert_cmpuint(file->thumbnail_width, ==, 100);
}

static void test_disk_name(void)
{
    static const struct {
        const char *name;
        const char *safe;
    } cases[] = {
        { "a b.png", "a b.png" },
        { "\xe4\xb8\xad\xe6\x96\x87.txt", "\xe4\xb8\xad\xe6\x96\x87.txt" },
        { "../../etc/passwd", "___.._etc_passwd" },
        { "..", "__" },
        { ".", "_" },
        { ".bashrc", "_bashrc" },
        { " .hidden ", "_hidden" },
        { "/", "_" },
        { "C:\\x|y?.*<>\"", "C__x_y_.____" },
        { "a\nb\tc\x01\x7f.txt", "a b c .txt" },
        { "exe.\xe2\x80\xaegnp", "exe.gnp" },
        { "", "file" },
        { " \n ", "file" },
        { "bad\xff.txt", "bad\xef\xbf\xbd.txt" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *safe = fd_file_disk_name(cases[i].name);

        g_assert_cmpstr(safe, ==, cases[i].safe);
    }
}

static void test_long_disk_name(void)
{
    static const char *const suffixes[] = { "", ".png", ".tar.gz", ".notasuffixatallbutatext" };
    static const char *const letters[] = { "a", "\xc3\xa9", "\xe4\xb8\xad" };

    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(letters); j++) {
            g_autoptr(GString) name = g_string_new(NULL);
            g_autofree char *safe = NULL;

            while (name->len < 400)
                g_string_append(name, letters[j]);
            g_string_append(name, suffixes[i]);
            safe = fd_file_disk_name(name->str);
            g_assert_cmpuint(strlen(safe), <=, 255);
            g_assert_cmpuint(strlen(safe), >, 255 - 4);
            g_assert_true(g_utf8_validate(safe, -1, NULL));
            g_assert_true(i == 3 || g_str_has_suffix(safe, strrchr(suffixes[i], '.') ? strrchr(suffixes[i], '.') : ""));
        }
    }
}

/* ------------------------------------------------------------------------------------------------------- there and back */

typedef struct {
    TestApi *api;
    char *folder;
    TestProgress progress;
    GCancellable *cancellable;
} Trip;

static Trip *trip_new(void)
{
    Trip *trip = g_new0(Trip, 1);

    trip->api = test_api_new();
    trip->folder = test_folder_new();
    trip->cancellable = g_cancellable_new();
    return trip;
}

/* Whatever happened: who stores files has never seen who we are. */
static void trip_free(Trip *trip)
{
    const GPtrArray *requests = fake_server_requests(trip->api->server);

    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        if (g_str_has_prefix(request->path, "/storage/"))
            g_assert_null(request->authorization);
    }
    test_api_free(trip->api);
    test_folder_free(trip->folder);
    g_object_unref(trip->cancellable);
    g_free(trip);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trip, trip_free)

/* Returns: (transfer full) (nullable): the message. */
static FdMessage *upload_to(Trip *trip, const FdApiPlace *place, const FdApiUpload *wish, GError **error)
{
    FdApiUpload upload = *wish;
    g_auto(TestDone) done = { 0 };
    FdMessage *message = NULL;
    gboolean sent;

    trip->progress = (TestProgress){ .cancel_at = trip->progress.cancel_at, .cancel_done = trip->progress.cancel_done };
    upload.progress = test_progress;
    upload.progress_data = &trip->progress;
    fd_api_file_upload_async(trip->api->api, place, &upload, trip->cancellable, test_done, &done);
    sent = fd_api_message_send_finish(test_api_wait(&done), &message, error);
    trip->progress.is_over = TRUE;
    g_assert_true(sent == (*error == NULL));
    g_assert_true(sent || !message);
    return message;
}

static FdMessage *upload_file(Trip *trip, const char *path, const char *name, GError **error)
{
    const FdApiUpload upload = { .path = path, .name = name };

    return upload_to(trip, &in_main, &upload, error);
}

/* Into "back" in the folder. */
static gboolean download(Trip *trip, const char *path, GError **error)
{
    g_autofree char *place = g_build_filename(trip->folder, "back", NULL);
    const NetDownload wish = {
        .path = place,
        .overwrite = TRUE,
        .expected = -1,
        .hurry = 1000,
        .progress = test_progress,
        .progress_data = &trip->progress,
    };
    g_auto(TestDone) done = { 0 };
    gboolean is_there;

    trip->progress = (TestProgress){ .cancel_at = trip->progress.cancel_at, .cancel_done = trip->progress.cancel_done };
    fd_api_file_download_async(trip->api->api, path, &wish, trip->cancellable, test_done, &done);
    is_there = net_download_finish(test_api_wait(&done), error);
    trip->progress.is_over = TRUE;
    g_assert_true(is_there == (*error == NULL));
    return is_there;
}

static void assert_back(Trip *trip, const char *path, const char *checksum)
{
    g_autofree char *place = g_build_filename(trip->folder, "back", NULL);
    g_autofree char *found = NULL;
    g_autoptr(GError) error = NULL;

    download(trip, path, &error);
    g_assert_no_error(error);
    found = test_file_checksum(place);
    g_assert_cmpstr(found, ==, checksum);
    g_assert_cmpint(g_remove(place), ==, 0);
}

/* (transfer full): of a message's one file. */
static FdFile *only_file(const FdMessage *message)
{
    g_autoptr(GPtrArray) files = NULL;

    g_assert_nonnull(message);
    files = fd_files_of_message(message);
    g_assert_cmpuint(files->len, ==, 1);
    return fd_file_copy(files->pdata[0]);
}

static void check_round_trip(gconstpointer data)
{
    gsize size = GPOINTER_TO_SIZE(data);
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(trip->folder, "file.bin", size, &checksum);
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_file(trip, path, NULL, &error);
    g_autoptr(FdFile) file = NULL;

    g_assert_no_error(error);
    file = only_file(message);
    g_assert_cmpstr(message->event, ==, "file");
    g_assert_cmpint(message->user, ==, DEMO);
    g_assert_cmpstr(file->name, ==, "file.bin");
    g_assert_cmpint(file->size, ==, size);
    g_assert_cmpint(trip->progress.done, ==, size);
    assert_back(trip, file->path, checksum);
    g_assert_cmpint(trip->progress.done, ==, size);
    g_assert_cmpuint(fake_server_count(trip->api->server, "GET", "/storage/*"), ==, 1);
}

static void test_names(void)
{
    static const char *const names[] = {
        "\xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x98\x80.txt",
        "say \"hi\" & 'bye'.txt",
        "two\nlines\r\n.txt",
        "100% ?#[x];=.txt",
        "..",
        "...hidden",
    };
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(trip->folder, "file", 100, &checksum);
    g_autoptr(GString) longest = g_string_new(NULL);

    for (int i = 0; i < 255; i++)
        g_string_append_c(longest, 'x');
    for (gsize i = 0; i <= G_N_ELEMENTS(names); i++) {
        const char *name = i < G_N_ELEMENTS(names) ? names[i] : longest->str;
        g_autoptr(GError) error = NULL;
        g_autoptr(FdMessage) message = upload_file(trip, path, name, &error);
        JsonObject *stored = fake_server_get_message(trip->api->server, MAIN, 0);

        g_test_message("%s", name);
        g_assert_no_error(error);
        g_assert_cmpstr(fake_json_string(fake_json_object(stored, "content"), "file_name"), ==, name);
        /* A path with dots for a name cannot be asked for. */
        if (strcmp(name, "..") != 0) {
            g_autoptr(FdFile) file = only_file(message);

            assert_back(trip, file->path, checksum);
        }
    }
}

/* The server would take it for a folder's. */
static void test_name_with_a_slash(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", 1, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(upload_file(trip, path, "../x", &error));
    g_assert_error(error, FD_API_ERROR, FD_API_ERROR_REFUSED);
    g_assert_cmpuint(fake_server_message_count(trip->api->server, MAIN), ==, 0);
}

/* Paths come encoded or not, and mean the same. */
static void test_plain_paths(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(trip->folder, "file", 10, &checksum);
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_file(trip, path, "a b#c?d%e.txt", &error);
    g_autoptr(FdFile) file = only_file(message);
    g_autofree char *plain = g_uri_unescape_string(file->path, NULL);

    assert_back(trip, file->path, checksum);
    assert_back(trip, plain, checksum);
    g_assert_cmpuint(fake_server_count(trip->api->server, "GET", "/files/*/a%20b%23c%3Fd%25e.txt"), ==, 2);
}

static void test_bad_path(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autoptr(GError) error = NULL;

    g_assert_false(download(trip, "/files/../user", &error));
    g_assert_error(error, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE);
    g_assert_cmpuint(fake_server_requests(trip->api->server)->len, ==, 0);
}

/* ---------------------------------------------------------------------------------------------------------- messages */

static void test_fields(void)
{
    static const char *const tags[] = { "blue", "@Ann", NULL };
    g_autoptr(Trip) trip = trip_new();
    gint64 parent = fake_server_say(trip->api->server, MAIN, ANN, "where is it?");
    JsonObject *start = fake_server_get_message(trip->api->server, MAIN, parent);
    g_autofree char *thread_id = g_strdup(fake_json_string(start, "thread_id"));
    g_autofree char *path = test_file_new(trip->folder, "file", 10, NULL);
    const FdApiUpload upload = { .path = path,
                                 .name = "it.png",
                                 .content_type = "image/png",
                                 .uuid = "uuid-1",
                                 .thread_id = thread_id,
                                 .tags = tags };
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_to(trip, &in_main, &upload, &error);
    g_autoptr(FdFile) file = NULL;
    g_autofree char *found = NULL;

    g_assert_no_error(error);
    file = only_file(message);
    found = g_strjoinv(" ", message->tags);
    g_assert_cmpstr(file->content_type, ==, "image/png");
    g_assert_cmpstr(message->uuid, ==, "uuid-1");
    g_assert_cmpstr(message->thread_id, ==, thread_id);
    g_assert_cmpstr(found, ==, "blue :user:2 :unread:2 :file");
}

static void test_bytes(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autoptr(GBytes) bytes = g_bytes_new_static("GIF89a and so on", 16);
    const FdApiUpload upload = { .bytes = bytes, .name = "image.gif" };
    g_autofree char *checksum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_to(trip, &in_main, &upload, &error);
    g_autoptr(FdFile) file = NULL;

    g_assert_no_error(error);
    file = only_file(message);
    g_assert_cmpstr(file->name, ==, "image.gif");
    g_assert_cmpstr(file->content_type, ==, "image/gif");
    assert_back(trip, file->path, checksum);
}

static void test_private(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(trip->folder, "file", 10, &checksum);
    const FdApiUpload upload = { .path = path, .thread_id = "nowhere" };
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_to(trip, &with_ann, &upload, &error);
    g_autoptr(FdFile) file = NULL;

    g_assert_no_error(error);
    g_assert_cmpint(message->to, ==, ANN);
    g_assert_cmpuint(fake_server_message_count(trip->api->server, WITH_ANN), ==, 1);
    file = only_file(message);
    assert_back(trip, file->path, checksum);
}

static void test_accepted(void)
{
    static const FakeFaultKind kinds[] = { FAKE_FAULT_ACCEPTED, FAKE_FAULT_EMPTY };
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", 10, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const FakeFault fault = { .kind = kinds[i] };
        g_autoptr(GError) error = NULL;

        fake_server_fault(trip->api->server, &fault);
        g_assert_null(upload_file(trip, path, NULL, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(fake_server_message_count(trip->api->server, MAIN), ==, i + 1);
    }
}

static void test_picture(void)
{
    static const guint8 png[] = "\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\001\0\0\0\0\040and so on";
    g_autoptr(Trip) trip = trip_new();
    g_autoptr(GBytes) content = g_bytes_new_static(png, sizeof png);
    g_autofree char *checksum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) found = NULL;
    g_autoptr(FdFile) file = NULL;
    g_autoptr(FdMessage) message = NULL;
    g_autofree char *json = NULL;
    g_auto(TestDone) done = { 0 };
    const NetDownload into_memory = { .expected = -1, .max_size = KIB };

    fake_server_add_file(trip->api->server, MAIN, ANN, "x.png", "image/png", content);
    json = fake_json_print_object(fake_server_get_message(trip->api->server, MAIN, 0));
    message = message_of(json);
    file = only_file(message);
    g_assert_cmpuint(file->width, ==, 256);
    g_assert_cmpuint(file->height, ==, 32);
    g_assert_cmpuint(file->thumbnail_width, ==, 100);
    assert_back(trip, file->path, checksum);
    fd_api_file_download_async(trip->api->api, file->thumbnail, &into_memory, NULL, test_done, &done);
    found = net_download_finish_bytes(test_api_wait(&done), &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(found, content));
}

static void test_list(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
    static const struct {
        const FdApiPlace *place;
        const char *conversation;
    } cases[] = { { &in_main, MAIN }, { &with_ann, WITH_ANN } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 second;

        fake_server_add_file(trip->api->server, cases[i].conversation, ANN, "one", NULL, content);
        if (i == 0)
            fake_server_say(trip->api->server, MAIN, ANN, "two");
        else
            fake_server_say_private(trip->api->server, ANN, DEMO, "two");
        second = fake_server_add_file(trip->api->server, cases[i].conversation, ANN, "three", NULL, content);
        for (gint64 until = 0; until <= second; until += second) {
            g_auto(TestDone) done = { 0 };
            g_autoptr(GError) error = NULL;
            g_autoptr(GPtrArray) messages = NULL;
            g_autoptr(FdFile) last = NULL;

            fd_api_files_list_async(trip->api->api, cases[i].place, until, 100, NULL, test_done, &done);
            messages = fd_api_messages_list_finish(test_api_wait(&done), &error);
            g_assert_no_error(error);
            g_assert_cmpuint(messages->len, ==, until ? 1 : 2);
            last = only_file(messages->pdata[messages->len - 1]);
            g_assert_cmpstr(last->name, ==, until ? "one" : "three");
        }
    }
}

/* Of one thread. */
static void test_list_of_thread(void)
{
    g_autoptr(Trip) trip = trip_new();
    FdApiPlace place = in_main;
    g_auto(TestDone) done = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(FdFile) file = NULL;
    g_autofree char *json = NULL;

    fake_server_post(trip->api->server, MAIN, ANN, "{\"event\":\"message\",\"content\":\"first\"}", &error);
    g_assert_no_error(error);
    place.thread_id = json_object_get_string_member(fake_server_get_message(trip->api->server, MAIN, 0), "thread_id");
    json = g_strdup_printf("{\"event\":\"file\",\"thread_id\":\"%s\",\"content\":{\"data\":\"aGk=\","
                           "\"file_name\":\"inside\"}}",
                           place.thread_id);
    fake_server_post(trip->api->server, MAIN, ANN, json, &error);
    g_assert_no_error(error);
    fake_server_post(trip->api->server, MAIN, ANN,
                     "{\"event\":\"file\",\"content\":{\"data\":\"aGk=\",\"file_name\":\"outside\"}}", &error);
    g_assert_no_error(error);
    fd_api_files_list_async(trip->api->api, &place, 0, 100, NULL, test_done, &done);
    messages = fd_api_messages_list_finish(test_api_wait(&done), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(messages->len, ==, 1);
    file = only_file(messages->pdata[0]);
    g_assert_cmpstr(file->name, ==, "inside");
}

/* ---------------------------------------------------------------------------------------------------------- refusals */

static void test_too_large(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", MIB, NULL);
    g_autoptr(GError) error = NULL;

    fake_server_set_max_file(trip->api->server, MIB - 1);
    g_assert_null(upload_file(trip, path, NULL, &error));
    g_assert_error(error, FD_API_ERROR, FD_API_ERROR_TOO_LARGE);
    g_assert_cmpstr(error->message, ==, "The file is too large");
    g_assert_cmpuint(fake_server_message_count(trip->api->server, MAIN), ==, 0);
}

static void test_no_room(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", MIB, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = NULL;

    fake_server_set_file_quota(trip->api->server, 2 * MIB - 1);
    message = upload_file(trip, path, NULL, &error);
    g_assert_no_error(error);
    g_assert_null(upload_file(trip, path, NULL, &error));
    g_assert_error(error, FD_API_ERROR, FD_API_ERROR_FORBIDDEN);
    g_assert_true(fd_api_is_forbidden(error));
}

static void test_no_such_place(void)
{
    static const FdApiPlace places[] = { { .flow_path = "acme/lobby" }, { .flow_path = "no/where" }, { .user = 99 } };
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", 10, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const FdApiUpload upload = { .path = path };
        g_autoptr(GError) error = NULL;

        g_assert_null(upload_to(trip, &places[i], &upload, &error));
        g_assert_true(fd_api_is_forbidden(error) || g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND));
    }
}

static void test_no_file(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = g_build_filename(trip->folder, "missing", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(upload_file(trip, path, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* Somebody else's. */
static void test_not_ours(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", 10, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_file(trip, path, NULL, &error);
    g_autoptr(FdFile) file = only_file(message);

    fake_server_remove_member(trip->api->server, MAIN, DEMO);
    g_assert_false(download(trip, file->path, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_NOT_FOUND);
}

/* ------------------------------------------------------------------------------------------------------------ broken */

static void test_upload_cut(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", 20 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    fake_server_cut_upload(trip->api->server, MIB);
    g_assert_null(upload_file(trip, path, NULL, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpuint(fake_server_message_count(trip->api->server, MAIN), ==, 0);
    g_assert_cmpint(trip->progress.done, <, 20 * MIB);
}

static void test_upload_cancelled(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", 20 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    trip->progress.cancel_at = trip->cancellable;
    trip->progress.cancel_done = 10 * MIB;
    g_assert_null(upload_file(trip, path, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    test_settle();
    g_assert_cmpuint(fake_server_message_count(trip->api->server, MAIN), ==, 0);
}

/* What did arrive, but nobody said so: then the progress is at its end. */
static void test_upload_without_answer(void)
{
    const FakeFault fault = { .kind = FAKE_FAULT_CUT_AFTER };
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", MIB, NULL);
    g_autoptr(GError) error = NULL;

    fake_server_fault(trip->api->server, &fault);
    g_assert_null(upload_file(trip, path, NULL, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpint(trip->progress.done, ==, MIB);
    g_assert_cmpuint(fake_server_message_count(trip->api->server, MAIN), ==, 1);
}

static void add_cut(Trip *trip, int count)
{
    const FakeFault fault = {
        .kind = FAKE_FAULT_TRUNCATE, .origin = FAKE_ORIGIN_STREAM, .path = "/storage/", .count = count
    };

    fake_server_fault(trip->api->server, &fault);
}

static void check_download_cut(gconstpointer data)
{
    gboolean has_ranges = GPOINTER_TO_INT(data);
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(trip->folder, "file", 4 * MIB, &checksum);
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_file(trip, path, NULL, &error);
    g_autoptr(FdFile) file = only_file(message);

    if (!has_ranges)
        fake_server_set_odd(trip->api->server, FAKE_ODD_NO_RANGES);
    add_cut(trip, 3);
    assert_back(trip, file->path, checksum);
    g_assert_cmpuint(trip->progress.back, ==, has_ranges ? 0 : 3);
    g_assert_cmpuint(fake_server_count(trip->api->server, "GET", "/storage/*"), ==, 4);
    g_assert_cmpuint(fake_server_count(trip->api->server, "GET", "/files/*"), ==, 1);
}

static void on_half(gint64 done, gint64 total, gpointer user_data)
{
    if (done >= total / 4)
        fake_server_expire_links(user_data);
}

/* Cut, and meanwhile the link has run out. */
static void test_link_expired(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(trip->folder, "file", 4 * MIB, &checksum);
    g_autofree char *place = g_build_filename(trip->folder, "back", NULL);
    g_autofree char *found = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_file(trip, path, NULL, &error);
    g_autoptr(FdFile) file = only_file(message);
    const NetDownload wish = {
        .path = place, .expected = file->size, .hurry = 1000, .progress = on_half, .progress_data = trip->api->server
    };
    g_auto(TestDone) done = { 0 };

    add_cut(trip, 1);
    fd_api_file_download_async(trip->api->api, file->path, &wish, NULL, test_done, &done);
    g_assert_true(net_download_finish(test_api_wait(&done), &error));
    found = test_file_checksum(place);
    g_assert_cmpstr(found, ==, checksum);
    g_assert_cmpuint(fake_server_count(trip->api->server, "GET", "/files/*"), ==, 2);
    g_assert_cmpuint(fake_server_count(trip->api->server, "GET", "/storage/*"), ==, 3);
}

static void test_download_cancelled(void)
{
    g_autoptr(Trip) trip = trip_new();
    g_autofree char *path = test_file_new(trip->folder, "file", 4 * MIB, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = upload_file(trip, path, NULL, &error);
    g_autoptr(FdFile) file = only_file(message);

    trip->progress.cancel_at = trip->cancellable;
    trip->progress.cancel_done = 2 * MIB;
    g_assert_false(download(trip, file->path, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint(test_folder_count(trip->folder), ==, 1);
}

/* ------------------------------------------------------------------------------------------------------------- proxies */

/* A proxy that wants its password when the form is already on its way: the form begins again. */
static void test_through_a_proxy(void)
{
    g_autoptr(FakeProxy) proxy = fake_proxy_new(FAKE_PROXY_HTTP, "me", "pass");
    g_autofree char *address = g_strdup_printf("http://me:pass@127.0.0.1:%u", fake_proxy_get_port(proxy));
    g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new(address, NULL);
    g_autofree char *certificate = test_data_path("tls/localhost.crt.pem");
    g_autofree char *key = test_data_path("tls/localhost.key.pem");
    g_autofree char *folder = test_folder_new();
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(folder, "file", 5 * MIB, &checksum);
    const FakeOptions options = { .tls_cert = certificate, .tls_key = key };
    const NetSessionOptions session_options = { "test/1.0", certificate, resolver, TEST_PATIENCE_S, 4, MIB };
    const FdApiUpload upload = { .path = path };
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(FakeServer) server = fake_server_new(NULL, &error);
    g_autoptr(NetSession) session = NULL;
    g_autoptr(FdApi) api = NULL;
    g_autoptr(GBytes) stored = NULL;
    g_autofree char *found = NULL;
    FdMessage *message = NULL;
    g_auto(TestDone) done = { 0 };

    g_assert_true(fake_server_start(server, &options, &error));
    session = net_session_new(&session_options, &error);
    g_assert_no_error(error);
    g_assert_true(net_credential_set_basic(credential, "demo-token", ""));
    api = fd_api_new(session, credential, fake_server_get_api_url(server));
    fd_api_file_upload_async(api, &in_main, &upload, NULL, test_done, &done);
    g_assert_true(fd_api_message_send_finish(test_api_wait(&done), &message, &error));
    fd_message_free(message);
    stored = fake_server_get_file(server, MAIN, 0);
    found = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, stored);
    g_assert_cmpstr(found, ==, checksum);
    g_assert_cmpuint(fake_proxy_count_targets(proxy, NULL), >, 0);
    net_session_close(session);
    test_folder_free(g_steal_pointer(&folder));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api/files/decode", test_decode);
    g_test_add_func("/flowdock/api/files/decode-no-file", test_decode_no_file);
    g_test_add_func("/flowdock/api/files/decode-odd", test_decode_odd);
    g_test_add_func("/flowdock/api/files/decode-name", test_decode_name);
    g_test_add_func("/flowdock/api/files/web-link", test_web_link);
    g_test_add_func("/flowdock/api/files/of-message", test_files_of_message);
    g_test_add_func("/flowdock/api/files/documented-sample", test_documented_sample);
    g_test_add_func("/flowdock/api/files/disk-name", test_disk_name);
    g_test_add_func("/flowdock/api/files/long-disk-name", test_long_disk_name);
    g_test_add_data_func("/flowdock/api/files/round-trip/0", GSIZE_TO_POINTER(0), check_round_trip);
    g_test_add_data_func("/flowdock/api/files/round-trip/1", GSIZE_TO_POINTER(1), check_round_trip);
    g_test_add_data_func("/flowdock/api/files/round-trip/1-MiB", GSIZE_TO_POINTER(MIB), check_round_trip);
    g_test_add_data_func("/flowdock/api/files/round-trip/100-MiB", GSIZE_TO_POINTER(100 * MIB), check_round_trip);
    g_test_add_func("/flowdock/api/files/names", test_names);
    g_test_add_func("/flowdock/api/files/name-with-a-slash", test_name_with_a_slash);
    g_test_add_func("/flowdock/api/files/plain-paths", test_plain_paths);
    g_test_add_func("/flowdock/api/files/bad-path", test_bad_path);
    g_test_add_func("/flowdock/api/files/fields", test_fields);
    g_test_add_func("/flowdock/api/files/bytes", test_bytes);
    g_test_add_func("/flowdock/api/files/private", test_private);
    g_test_add_func("/flowdock/api/files/accepted", test_accepted);
    g_test_add_func("/flowdock/api/files/picture", test_picture);
    g_test_add_func("/flowdock/api/files/list", test_list);
    g_test_add_func("/flowdock/api/files/list-of-thread", test_list_of_thread);
    g_test_add_func("/flowdock/api/files/too-large", test_too_large);
    g_test_add_func("/flowdock/api/files/no-room", test_no_room);
    g_test_add_func("/flowdock/api/files/no-such-place", test_no_such_place);
    g_test_add_func("/flowdock/api/files/no-file", test_no_file);
    g_test_add_func("/flowdock/api/files/not-ours", test_not_ours);
    g_test_add_func("/flowdock/api/files/upload/cut", test_upload_cut);
    g_test_add_func("/flowdock/api/files/upload/cancelled", test_upload_cancelled);
    g_test_add_func("/flowdock/api/files/upload/without-answer", test_upload_without_answer);
    g_test_add_data_func("/flowdock/api/files/download/cut", GINT_TO_POINTER(TRUE), check_download_cut);
    g_test_add_data_func("/flowdock/api/files/download/cut-without-ranges", GINT_TO_POINTER(FALSE), check_download_cut);
    g_test_add_func("/flowdock/api/files/download/link-expired", test_link_expired);
    g_test_add_func("/flowdock/api/files/download/cancelled", test_download_cancelled);
    g_test_add_func("/flowdock/api/files/through-a-proxy", test_through_a_proxy);
    return g_test_run();
}
