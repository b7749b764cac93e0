/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-download and net-part against a pair of servers on the loopback: one that is asked, and the storage it sends to. */
#include "net/net-download.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "net/net-error.h"
#include "test-file.h"
#include "test-http.h"

#define SIZE (3 * MIB)
#define NAME "file"

/* How the storage says where its answer ends. */
typedef enum { BY_LENGTH, BY_CHUNKS, BY_CLOSING, BY_LENGTH_AND_CLOSING } Framing;

typedef struct {
    TestHttp *api, *storage;
    char *folder;
    char *path;
    GBytes *content;
    char *checksum;
    NetSession *session;
    NetCredential *credential;
    const char *location; /* (nullable): instead of the storage's */
    /* The storage. */
    guint status; /* (0: good) of the next ... */
    guint refusals;
    const char *retry_after;
    Framing framing;
    guint cuts;      /* so many answers end ... */
    gsize cut_after; /* ... behind so many bytes */
    guint stalls;    /* or stop there */
    gboolean no_ranges;
    const char *tag;           /* (nullable) */
    const char *date;          /* (nullable) */
    const char *content_range; /* (nullable): instead of the right one */
    const char *encoding;      /* (nullable) */
    GPtrArray *ranges;         /* (element-type utf8): the Range of each question, "" for none */
    GPtrArray *conditions;     /* (element-type utf8): the If-Range */
    char *accept_encoding;
} Depot;

static void on_cut(SoupServerMessage *message, gpointer user_data)
{
    (void)user_data;
    g_socket_shutdown(soup_server_message_get_socket(message), TRUE, TRUE, NULL);
    /* Only a failing write tells the server. */
    soup_message_body_append(soup_server_message_get_response_body(message), SOUP_MEMORY_STATIC, "x", 1);
}

static void send_bytes(Depot *depot, SoupServerMessage *message, GBytes *bytes)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    SoupMessageBody *body = soup_server_message_get_response_body(message);
    gsize length = g_bytes_get_size(bytes);
    gboolean breaks = depot->cuts + depot->stalls > 0 && depot->cut_after < length;
    g_autoptr(GBytes) part = g_bytes_new_from_bytes(bytes, 0, breaks ? depot->cut_after : length);

    /* So that it leaves ranges to us. */
    soup_message_body_set_accumulate(body, FALSE);
    if (depot->framing == BY_LENGTH || depot->framing == BY_LENGTH_AND_CLOSING)
        soup_message_headers_set_content_length(headers, (goffset)length);
    else
        soup_message_headers_set_encoding(headers,
                                          depot->framing == BY_CHUNKS ? SOUP_ENCODING_CHUNKED : SOUP_ENCODING_EOF);
    if (depot->framing == BY_CLOSING || depot->framing == BY_LENGTH_AND_CLOSING)
        soup_message_headers_append(headers, "Connection", "close");
    if (g_bytes_get_size(part) > 0)
        soup_message_body_append_bytes(body, part);
    if (!breaks) {
        soup_message_body_complete(body);
    } else if (depot->cuts > 0) {
        depot->cuts--;
        g_signal_connect(message, "wrote-chunk", G_CALLBACK(on_cut), NULL);
    } else {
        depot->stalls--;
    }
}

static void note(GPtrArray *to, SoupServerMessage *message, const char *name)
{
    const char *value = soup_message_headers_get_one(soup_server_message_get_request_headers(message), name);

    g_ptr_array_add(to, g_strdup(value ? value : ""));
}

static void give_content(Depot *depot, SoupServerMessage *message)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    const char *range = depot->ranges->pdata[depot->ranges->len - 1];
    const char *condition = depot->conditions->pdata[depot->conditions->len - 1];
    gsize total = g_bytes_get_size(depot->content), first = 0;
    g_autoptr(GBytes) part = NULL;
    gboolean is_part = *range && !depot->no_ranges &&
                       (!*condition || g_strcmp0(condition, depot->tag) == 0 ||
                        (!depot->tag && g_strcmp0(condition, depot->date) == 0));

    if (is_part)
        first = (gsize)g_ascii_strtoull(range + strlen("bytes="), NULL, 10);
    soup_server_message_set_status(message, is_part ? 206 : 200, NULL);
    if (is_part && depot->content_range)
        soup_message_headers_append(headers, "Content-Range", depot->content_range);
    else if (is_part)
        soup_message_headers_set_content_range(headers, (goffset)first, (goffset)total - 1, (goffset)total);
    if (depot->tag)
        soup_message_headers_append(headers, "ETag", depot->tag);
    if (depot->date)
        soup_message_headers_append(headers, "Last-Modified", depot->date);
    if (depot->encoding)
        soup_message_headers_append(headers, "Content-Encoding", depot->encoding);
    part = g_bytes_new_from_bytes(depot->content, first, total - first);
    send_bytes(depot, message, part);
}

static void on_storage(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    Depot *depot = user_data;
    SoupMessageHeaders *in = soup_server_message_get_request_headers(message);

    (void)server;
    (void)query;
    test_http_note(depot->storage, message);
    note(depot->ranges, message, "Range");
    note(depot->conditions, message, "If-Range");
    g_free(depot->accept_encoding);
    depot->accept_encoding = g_strdup(soup_message_headers_get_one(in, "Accept-Encoding"));
    if (g_str_equal(path, "/again")) {
        soup_server_message_set_redirect(message, 302, depot->location);
    } else if (depot->refusals > 0) {
        depot->refusals--;
        soup_server_message_set_status(message, depot->status, NULL);
        if (depot->retry_after)
            soup_message_headers_append(soup_server_message_get_response_headers(message), "Retry-After",
                                        depot->retry_after);
        soup_server_message_set_response(message, "text/xml", SOUP_MEMORY_STATIC, "<Error/>", 8);
    } else {
        give_content(depot, message);
    }
}

static void on_api(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                   gpointer user_data)
{
    Depot *depot = user_data;
    g_autofree char *target = g_strconcat(depot->storage->url, "/blob?sig=a%2Fb", NULL);

    (void)server;
    (void)query;
    test_http_note(depot->api, message);
    if (g_str_equal(path, "/direct")) {
        note(depot->ranges, message, "Range");
        note(depot->conditions, message, "If-Range");
        give_content(depot, message);
    } else if (g_str_equal(path, "/missing")) {
        soup_server_message_set_status(message, 404, NULL);
    } else {
        soup_server_message_set_redirect(message, 302, depot->location ? depot->location : target);
    }
}

static void set_content(Depot *depot, gsize size)
{
    guint64 state = size;
    guint8 *bytes = g_malloc(MAX(size, 1));

    test_fill(bytes, size, &state);
    g_clear_pointer(&depot->content, g_bytes_unref);
    g_free(depot->checksum);
    depot->content = g_bytes_new_take(bytes, size);
    depot->checksum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, depot->content);
}

static void set_timeout(Depot *depot, guint timeout_s)
{
    g_autofree char *ca_file = test_data_path("tls/localhost.crt.pem");
    const NetSessionOptions options = { "test/1.0", ca_file, NULL, timeout_s, 4, MIB };
    g_autoptr(GError) error = NULL;

    net_session_unref(depot->session);
    depot->session = net_session_new(&options, &error);
    g_assert_no_error(error);
}

static Depot *depot_new_with(GTlsCertificate *certificate)
{
    Depot *depot = g_new0(Depot, 1);

    depot->api = test_http_new(certificate, on_api, depot);
    depot->storage = test_http_new(NULL, on_storage, depot);
    depot->ranges = g_ptr_array_new_with_free_func(g_free);
    depot->conditions = g_ptr_array_new_with_free_func(g_free);
    depot->folder = test_folder_new();
    depot->path = g_build_filename(depot->folder, NAME, NULL);
    depot->credential = net_credential_new();
    net_credential_set_bearer(depot->credential, "secret");
    set_content(depot, SIZE);
    set_timeout(depot, TEST_PATIENCE_S);
    return depot;
}

static Depot *depot_new(void)
{
    return depot_new_with(NULL);
}

static void depot_free(Depot *depot)
{
    /* Whatever happened: nobody else has seen it. */
    for (guint i = 0; i < depot->storage->secrets->len; i++)
        g_assert_cmpstr(depot->storage->secrets->pdata[i], ==, "");
    net_session_close(depot->session);
    net_session_unref(depot->session);
    net_credential_unref(depot->credential);
    test_http_free(depot->api);
    test_http_free(depot->storage);
    test_settle();
    test_folder_free(depot->folder);
    g_ptr_array_unref(depot->ranges);
    g_ptr_array_unref(depot->conditions);
    g_bytes_unref(depot->content);
    g_free(depot->checksum);
    g_free(depot->path);
    g_free(depot->accept_encoding);
    g_free(depot);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Depot, depot_free)

typedef struct {
    NetDownload download;
    TestProgress progress;
    TestDone done;
    GCancellable *cancellable;
} Fetching;

static void fetching_init(Fetching *fetching, Depot *depot)
{
    *fetching = (Fetching){ .download = { .path = depot->path, .expected = -1, .hurry = 1000 } };
    if (depot->framing == BY_CHUNKS || depot->framing == BY_CLOSING)
        fetching->download.expected = (gint64)g_bytes_get_size(depot->content);
    fetching->download.progress = test_progress;
    fetching->download.progress_data = &fetching->progress;
    fetching->cancellable = g_cancellable_new();
}

static void fetching_clear(Fetching *fetching)
{
    g_clear_object(&fetching->cancellable);
    test_done_clear(&fetching->done);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fetching, fetching_clear)

static void begin(Fetching *fetching, Depot *depot, const char *segment)
{
    g_autoptr(NetRequest) request = net_request_new("GET", segment, NULL);

    net_download_async(depot->session, depot->api->url, request, depot->credential, &fetching->download,
                       fetching->cancellable, test_done, &fetching->done);
    g_assert_cmpuint(fetching->done.calls, ==, 0);
    g_assert_cmpuint(fetching->progress.calls, ==, 0);
}

static gboolean end(Fetching *fetching, GError **error)
{
    gboolean is_there;

    test_until(fetching->done.calls);
    fetching->progress.is_over = TRUE;
    is_there = net_download_finish(fetching->done.result, error);
    g_assert_true(is_there == (*error == NULL));
    test_settle();
    return is_there;
}

static gboolean fetch(Fetching *fetching, Depot *depot, GError **error)
{
    begin(fetching, depot, "api");
    return end(fetching, error);
}

static void assert_whole(Depot *depot)
{
    g_autofree char *checksum = test_file_checksum(depot->path);

    g_assert_cmpstr(checksum, ==, depot->checksum);
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 1);
}

/* Fetches as usual. */
static void assert_fetched(Depot *depot)
{
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    fetching_init(&fetching, depot);
    fetch(&fetching, depot, &error);
    g_assert_no_error(error);
    assert_whole(depot);
    g_assert_cmpint(fetching.progress.done, ==, g_bytes_get_size(depot->content));
    g_assert_cmpint(fetching.progress.total, ==, g_bytes_get_size(depot->content));
    g_assert_cmpint(g_remove(depot->path), ==, 0);
}

static void assert_failed(Depot *depot, GQuark domain, int code)
{
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    fetching_init(&fetching, depot);
    fetch(&fetching, depot, &error);
    g_assert_error(error, domain, code);
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
}

/* ---- whole files ---- */

static void check_size(gconstpointer data)
{
    gsize size = GPOINTER_TO_SIZE(data);
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;
    GStatBuf there;
    gint64 before;

    set_content(depot, size);
    fetching_init(&fetching, depot);
    before = test_private_memory();
    fetch(&fetching, depot, &error);
    g_assert_no_error(error);
    assert_whole(depot);
    g_assert_cmpint(g_stat(depot->path, &there), ==, 0);
    g_assert_cmpint(there.st_size, ==, size);
    g_assert_cmpint(there.st_mode & 0777, ==, 0600);
    g_assert_cmpint(fetching.progress.done, ==, size);
    g_assert_cmpint(fetching.progress.total, ==, size);
    g_assert_cmpuint(fetching.progress.back, ==, 0);
    g_assert_cmpuint(fetching.progress.calls, <=, 2 + size / NET_TRANSFER_STEP);
    g_assert_cmpint(fetching.progress.most_memory - before, <, 16 * MIB);
    g_assert_cmpuint(depot->storage->seen->len, ==, 1);
    g_assert_cmpstr(depot->storage->seen->pdata[0], ==, "GET /blob?sig=a%2Fb");
    g_assert_cmpstr(depot->ranges->pdata[0], ==, "");
    g_assert_cmpstr(depot->accept_encoding, ==, "identity");
    g_assert_cmpstr(depot->api->secrets->pdata[0], ==, "Bearer secret");
}

static void test_without_redirect(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    fetching_init(&fetching, depot);
    begin(&fetching, depot, "direct");
    g_assert_true(end(&fetching, &error));
    assert_whole(depot);
    g_assert_cmpuint(depot->storage->seen->len, ==, 0);
}

static void test_into_memory(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    depot->cuts = 1;
    depot->cut_after = MIB;
    fetching_init(&fetching, depot);
    fetching.download.path = NULL;
    fetching.download.max_size = SIZE;
    begin(&fetching, depot, "api");
    test_until(fetching.done.calls);
    bytes = net_download_finish_bytes(fetching.done.result, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(bytes, depot->content));
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
    g_assert_cmpuint(depot->ranges->len, ==, 2);
}

static void test_framings(void)
{
    static const Framing framings[] = { BY_LENGTH, BY_CHUNKS, BY_CLOSING, BY_LENGTH_AND_CLOSING };
    g_autoptr(Depot) depot = depot_new();

    for (gsize i = 0; i < G_N_ELEMENTS(framings); i++) {
        depot->framing = framings[i];
        assert_fetched(depot);
    }
}

/* What ends with the connection could have been cut, and so could chunks: only who knows the size can tell. */
static void check_unknown_length(gconstpointer data)
{
    static const struct {
        gint64 expected;
        NetError code;
        guint questions;
    } cases[] = {
        { -1, NET_ERROR_PROTOCOL, 1 },
        { SIZE + 1, NET_ERROR_OFFLINE, NET_DOWNLOAD_MAX_ATTEMPTS },
        { SIZE - 1, NET_ERROR_PROTOCOL, 1 },
        { SIZE, 0, 1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Depot) depot = depot_new();
        g_auto(Fetching) fetching = { 0 };
        g_autoptr(GError) error = NULL;

        depot->framing = (Framing)GPOINTER_TO_INT(data);
        fetching_init(&fetching, depot);
        fetching.download.expected = cases[i].expected;
        fetch(&fetching, depot, &error);
        g_assert_cmpuint(depot->storage->seen->len, ==, cases[i].questions);
        if (cases[i].expected == SIZE) {
            g_assert_no_error(error);
            assert_whole(depot);
        } else {
            g_assert_error(error, NET_ERROR, (int)cases[i].code);
            g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
        }
    }
}

static void test_compressed(void)
{
    g_autoptr(Depot) depot = depot_new();

    depot->encoding = "identity";
    assert_fetched(depot);
    depot->encoding = "gzip";
    assert_failed(depot, NET_ERROR, NET_ERROR_PROTOCOL);
}

static void test_max_size(void)
{
    static const Framing framings[] = { BY_LENGTH, BY_CHUNKS };

    for (gsize i = 0; i < G_N_ELEMENTS(framings); i++) {
        for (gint64 limit = SIZE - 1; limit <= SIZE; limit++) {
            g_autoptr(Depot) depot = depot_new();
            g_auto(Fetching) fetching = { 0 };
            g_autoptr(GError) error = NULL;

            depot->framing = framings[i];
            fetching_init(&fetching, depot);
            fetching.download.max_size = limit;
            if (fetch(&fetching, depot, &error)) {
                g_assert_cmpint(limit, ==, SIZE);
                continue;
            }
            g_assert_cmpint(limit, <, SIZE);
            g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
            g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
            g_assert_cmpuint(depot->storage->seen->len, ==, 1);
            g_assert_true(framings[i] != BY_LENGTH || fetching.progress.calls == 0);
        }
    }
}

/* ---- redirects ---- */

static void test_redirect_targets(void)
{
    static const struct {
        const char *location;
        NetError code;
    } cases[] = {
        { "http://files.example.com/blob", NET_ERROR_INSECURE },
        { "ftp://127.0.0.1/blob", NET_ERROR_INSECURE },
        { "file:///etc/passwd", NET_ERROR_PROTOCOL },
        { "http://user:password@127.0.0.1/blob", NET_ERROR_PROTOCOL },
        { "http://127.0.0.1.example.com/", NET_ERROR_INSECURE },
    };
    g_autoptr(Depot) depot = depot_new();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].location);
        depot->location = cases[i].location;
        assert_failed(depot, NET_ERROR, (int)cases[i].code);
    }
    g_assert_cmpuint(depot->storage->seen->len, ==, 0);
    depot->location = "/direct";
    assert_fetched(depot);
    g_assert_cmpuint(depot->api->secrets->len, ==, G_N_ELEMENTS(cases) + 2);
    /* The same origin again. */
    g_assert_cmpstr(depot->api->secrets->pdata[depot->api->secrets->len - 1], ==, "Bearer secret");
}

static void test_no_way_back_to_http(void)
{
    g_autofree char *certificate_path = test_data_path("tls/localhost.crt.pem");
    g_autofree char *key_path = test_data_path("tls/localhost.key.pem");
    g_autoptr(GError) error = NULL;
    g_autoptr(GTlsCertificate) pair = g_tls_certificate_new_from_files(certificate_path, key_path, &error);
    g_autoptr(Depot) depot = depot_new_with(pair);

    assert_failed(depot, NET_ERROR, NET_ERROR_INSECURE);
    g_assert_cmpuint(depot->api->seen->len, ==, 1);
    g_assert_cmpuint(depot->storage->seen->len, ==, 0);
}

static void test_too_many_redirects(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_autofree char *location = g_strconcat(depot->storage->url, "/again", NULL);

    depot->location = location;
    assert_failed(depot, NET_ERROR, NET_ERROR_PROTOCOL);
    g_assert_cmpuint(depot->storage->seen->len, ==, NET_DOWNLOAD_MAX_REDIRECTS);
}

/* ---- refusals ---- */

static void test_expired_link(void)
{
    static const guint statuses[] = { 401, 403, 404, 410 };

    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        g_autoptr(Depot) depot = depot_new();

        depot->status = statuses[i];
        depot->refusals = 1;
        assert_fetched(depot);
        g_assert_cmpuint(depot->api->seen->len, ==, 2);
        g_assert_cmpuint(depot->storage->seen->len, ==, 2);
    }
}

/* Once is enough; and what a storage says is nothing about the account. */
static void test_no_link(void)
{
    static const struct {
        guint status;
        NetError code;
    } cases[] = { { 401, NET_ERROR_FORBIDDEN },
                  { 403, NET_ERROR_FORBIDDEN },
                  { 404, NET_ERROR_NOT_FOUND },
                  { 410, NET_ERROR_GONE } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Depot) depot = depot_new();

        depot->status = cases[i].status;
        depot->refusals = 100;
        assert_failed(depot, NET_ERROR, (int)cases[i].code);
        g_assert_cmpuint(depot->api->seen->len, ==, 2);
        g_assert_cmpuint(depot->storage->seen->len, ==, 2);
    }
}

static void test_no_file(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    fetching_init(&fetching, depot);
    begin(&fetching, depot, "missing");
    g_assert_false(end(&fetching, &error));
    g_assert_error(error, NET_ERROR, NET_ERROR_NOT_FOUND);
    g_assert_cmpuint(depot->api->seen->len, ==, 1);
}

static void test_passing(void)
{
    static const guint statuses[] = { 429, 500, 503 };

    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        g_autoptr(Depot) depot = depot_new();

        depot->status = statuses[i];
        depot->refusals = NET_DOWNLOAD_MAX_ATTEMPTS - 1;
        assert_fetched(depot);
        depot->refusals = 1;
        depot->retry_after = "3600";
        assert_failed(depot, NET_ERROR, statuses[i] == 429 ? NET_ERROR_RATE_LIMITED : NET_ERROR_SERVER);
        g_assert_cmpuint(depot->refusals, ==, 0);
        depot->retry_after = NULL;
        depot->refusals = 100;
        assert_failed(depot, NET_ERROR, statuses[i] == 429 ? NET_ERROR_RATE_LIMITED : NET_ERROR_SERVER);
        g_assert_cmpuint(depot->refusals, ==, 100 - NET_DOWNLOAD_MAX_ATTEMPTS);
    }
}

/* ---- cut ---- */

static void test_resumed(void)
{
    static const struct {
        const char *tag, *date, *condition;
        Framing framing;
    } cases[] = {
        { NULL, NULL, "", BY_LENGTH },
        { "\"abc\"", "Tue, 01 Jan 2030 00:00:00 GMT", "\"abc\"", BY_LENGTH },
        { NULL, "Tue, 01 Jan 2030 00:00:00 GMT", "Tue, 01 Jan 2030 00:00:00 GMT", BY_LENGTH },
        { "\"abc\"", NULL, "\"abc\"", BY_LENGTH_AND_CLOSING },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Depot) depot = depot_new();
        g_autofree char *second = g_strdup_printf("bytes=%d-", MIB);
        g_autofree char *third = g_strdup_printf("bytes=%d-", 2 * MIB);

        depot->tag = cases[i].tag;
        depot->date = cases[i].date;
        depot->framing = cases[i].framing;
        depot->cuts = 2;
        depot->cut_after = MIB;
        assert_fetched(depot);
        g_assert_cmpuint(depot->ranges->len, ==, 3);
        g_assert_cmpstr(depot->ranges->pdata[1], ==, second);
        g_assert_cmpstr(depot->ranges->pdata[2], ==, third);
        g_assert_cmpstr(depot->conditions->pdata[0], ==, "");
        g_assert_cmpstr(depot->conditions->pdata[1], ==, cases[i].condition);
        g_assert_cmpuint(depot->api->seen->len, ==, 1);
    }
}

/* A weak tag promises no equal bytes. */
static void test_weak_tag(void)
{
    g_autoptr(Depot) depot = depot_new();

    depot->tag = "W/\"abc\"";
    depot->cuts = 1;
    depot->cut_after = MIB;
    assert_fetched(depot);
    g_assert_cmpstr(depot->conditions->pdata[1], ==, "");
}

static void test_begun_again(void)
{
    static const struct {
        const char *what;
        gboolean no_ranges;
        Framing framing;
        const char *content_range;
        guint questions;
    } cases[] = {
        { "no ranges", TRUE, BY_LENGTH, NULL, 2 },
        { "chunks", FALSE, BY_CHUNKS, NULL, 2 },
        { "no range told", FALSE, BY_LENGTH, "", 3 },
        { "another beginning", FALSE, BY_LENGTH, "bytes 0-3145727/3145728", 3 },
        { "another total", FALSE, BY_LENGTH, "bytes 1048576-3145726/3145727", 3 },
        { "another end", FALSE, BY_LENGTH, "bytes 1048576-2000000/3145728", 3 },
        { "no total", FALSE, BY_LENGTH, "bytes 1048576-3145727/*", 3 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Depot) depot = depot_new();

        g_test_message("%s", cases[i].what);
        depot->no_ranges = cases[i].no_ranges;
        depot->framing = cases[i].framing;
        depot->content_range = cases[i].content_range;
        depot->cuts = 1;
        depot->cut_after = MIB;
        assert_fetched(depot);
        g_assert_cmpuint(depot->ranges->len, ==, cases[i].questions);
        g_assert_cmpstr(depot->ranges->pdata[cases[i].questions - 1], ==, cases[i].no_ranges ? "bytes=1048576-" : "");
    }
}

static void test_range_refused(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    depot->cuts = 1;
    depot->cut_after = MIB;
    fetching_init(&fetching, depot);
    begin(&fetching, depot, "api");
    test_until(depot->cuts == 0);
    depot->status = 416;
    depot->refusals = 1;
    g_assert_true(end(&fetching, &error));
    assert_whole(depot);
    g_assert_cmpstr(depot->ranges->pdata[1], ==, "bytes=1048576-");
    g_assert_cmpstr(depot->ranges->pdata[2], ==, "");
}

/* Between the two answers there is another, smaller file. */
static void test_changed(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    depot->tag = "\"one\"";
    depot->cuts = 1;
    depot->cut_after = 2 * MIB;
    fetching_init(&fetching, depot);
    begin(&fetching, depot, "api");
    test_until(fetching.progress.done > 0);
    depot->tag = "\"two\"";
    set_content(depot, MIB);
    g_assert_true(end(&fetching, &error));
    assert_whole(depot);
    g_assert_cmpuint(fetching.progress.back, ==, 1);
}

/* The link may have run out meanwhile. */
static void test_resumed_by_another_link(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    depot->tag = "\"abc\"";
    depot->cuts = 1;
    depot->cut_after = MIB;
    fetching_init(&fetching, depot);
    begin(&fetching, depot, "api");
    test_until(depot->cuts == 0);
    depot->status = 403;
    depot->refusals = 1;
    g_assert_true(end(&fetching, &error));
    assert_whole(depot);
    g_assert_cmpuint(depot->api->seen->len, ==, 2);
    g_assert_cmpstr(depot->ranges->pdata[2], ==, "bytes=1048576-");
    g_assert_cmpuint(fetching.progress.back, ==, 0);
}

static void test_cut_for_good(void)
{
    g_autoptr(Depot) depot = depot_new();

    depot->cuts = 100;
    depot->cut_after = 10;
    assert_failed(depot, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpuint(depot->ranges->len, ==, NET_DOWNLOAD_MAX_ATTEMPTS);
    /* A server that gives the same MiB over and over brings nothing new either. */
    depot->no_ranges = TRUE;
    depot->cuts = 100;
    depot->cut_after = MIB;
    assert_failed(depot, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpuint(depot->ranges->len, ==, 2 * NET_DOWNLOAD_MAX_ATTEMPTS);
}

/* As long as it goes on, cuts do not count. */
static void test_cut_often(void)
{
    g_autoptr(Depot) depot = depot_new();

    set_content(depot, 20 * MIB);
    depot->cuts = 100;
    depot->cut_after = MIB;
    assert_fetched(depot);
    g_assert_cmpuint(depot->ranges->len, ==, 20);
}

static void test_stall(void)
{
    g_autoptr(Depot) depot = depot_new();

    set_timeout(depot, 1);
    depot->stalls = 1;
    depot->cut_after = MIB;
    assert_fetched(depot);
    g_assert_cmpstr(depot->ranges->pdata[1], ==, "bytes=1048576-");
}

static void test_offline(void)
{
    g_autoptr(Depot) depot = depot_new();

    soup_server_disconnect(depot->storage->soup);
    assert_failed(depot, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpuint(depot->api->seen->len, ==, 1);
}

/* ---- cancelled ---- */

static void check_cancel(gconstpointer data)
{
    int percent = GPOINTER_TO_INT(data);
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    fetching_init(&fetching, depot);
    fetching.progress.cancel_at = fetching.cancellable;
    fetching.progress.cancel_done = SIZE / 100 * percent;
    begin(&fetching, depot, "api");
    if (percent < 0)
        g_cancellable_cancel(fetching.cancellable);
    test_until(g_cancellable_is_cancelled(fetching.cancellable));
    /* At once: a host that quits does not wait. */
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
    g_assert_false(end(&fetching, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
}

/* Whatever it is doing just then. */
static void test_cancel_anywhere(void)
{
    gboolean finished = FALSE;

    for (int turns = 0; !finished; turns++) {
        g_autoptr(Depot) depot = depot_new();
        g_auto(Fetching) fetching = { 0 };
        g_autoptr(GError) error = NULL;
        guint bail = test_bail_new("turns", __FILE__, __LINE__);

        set_content(depot, 10);
        depot->cuts = 1;
        depot->cut_after = 5;
        fetching_init(&fetching, depot);
        begin(&fetching, depot, "api");
        for (int i = 0; i < turns && !fetching.done.calls; i++)
            g_main_context_iteration(NULL, TRUE);
        g_source_remove(bail);
        finished = fetching.done.calls > 0;
        g_cancellable_cancel(fetching.cancellable);
        g_assert_false(end(&fetching, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        /* In its place it may be, but whole. */
        if (g_file_test(depot->path, G_FILE_TEST_EXISTS))
            assert_whole(depot);
        else
            g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
    }
}

static void test_cancel_in_a_pause(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    depot->cuts = 1;
    depot->cut_after = MIB;
    fetching_init(&fetching, depot);
    fetching.download.hurry = 0;
    begin(&fetching, depot, "api");
    test_until(fetching.progress.done == MIB);
    test_settle();
    g_cancellable_cancel(fetching.cancellable);
    g_assert_false(end(&fetching, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint(depot->ranges->len, ==, 1);
}

static void test_closed_session(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    depot->stalls = 1;
    depot->cut_after = MIB;
    fetching_init(&fetching, depot);
    begin(&fetching, depot, "api");
    test_until(fetching.progress.done > 0);
    net_session_close(depot->session);
    g_assert_false(end(&fetching, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 0);
}

/* ---- places ---- */

static void write_text(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
}

static void assert_text(const char *path, const char *expected)
{
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
}

static void test_taken_place(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    write_text(depot->path, "mine");
    fetching_init(&fetching, depot);
    fetch(&fetching, depot, &error);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
    assert_text(depot->path, "mine");
    g_assert_cmpuint(depot->api->seen->len, ==, 0);
}

static void test_overwritten(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    write_text(depot->path, "old");
    fetching_init(&fetching, depot);
    fetching.download.overwrite = TRUE;
    g_assert_true(fetch(&fetching, depot, &error));
    assert_whole(depot);
}

/* When it is not complete, what was there stays. */
static void test_not_overwritten_by_half(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    write_text(depot->path, "old");
    depot->cuts = 100;
    depot->cut_after = 10;
    fetching_init(&fetching, depot);
    fetching.download.overwrite = TRUE;
    g_assert_false(fetch(&fetching, depot, &error));
    assert_text(depot->path, "old");
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 1);
}

static void test_place_taken_meanwhile(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autoptr(GError) error = NULL;

    fetching_init(&fetching, depot);
    begin(&fetching, depot, "api");
    test_until(fetching.progress.calls > 0);
    write_text(depot->path, "another's");
    g_assert_false(end(&fetching, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
    assert_text(depot->path, "another's");
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 1);
}

static void test_no_place(void)
{
    static const struct {
        const char *name;
        gboolean overwrite;
        GIOErrorEnum code;
    } cases[] = {
        { "folder", FALSE, G_IO_ERROR_IS_DIRECTORY },
        { "folder", TRUE, G_IO_ERROR_IS_DIRECTORY },
        { "none/file", FALSE, G_IO_ERROR_NOT_FOUND },
    };
    g_autoptr(Depot) depot = depot_new();
    g_autofree char *folder = g_build_filename(depot->folder, "folder", NULL);

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Fetching) fetching = { 0 };
        g_autofree char *path = g_build_filename(depot->folder, cases[i].name, NULL);
        g_autoptr(GError) error = NULL;

        fetching_init(&fetching, depot);
        fetching.download.path = path;
        fetching.download.overwrite = cases[i].overwrite;
        g_assert_false(fetch(&fetching, depot, &error));
        g_assert_error(error, G_IO_ERROR, (int)cases[i].code);
        g_assert_cmpuint(test_folder_count(depot->folder), ==, 1);
    }
}

/* Somebody else's, or left by a crash. */
static void test_taken_part(void)
{
    g_autoptr(Depot) depot = depot_new();
    g_auto(Fetching) fetching = { 0 };
    g_autofree char *part = g_strconcat(depot->path, ".part", NULL);
    g_autofree char *next = g_strconcat(depot->path, ".1.part", NULL);
    g_autoptr(GError) error = NULL;

    write_text(part, "other");
    fetching_init(&fetching, depot);
    begin(&fetching, depot, "api");
    test_until(fetching.progress.calls > 0);
    g_assert_true(g_file_test(next, G_FILE_TEST_EXISTS));
    g_assert_true(end(&fetching, &error));
    assert_text(part, "other");
    g_assert_cmpuint(test_folder_count(depot->folder), ==, 2);
}

static void test_names(void)
{
    static const struct {
        const char *pattern;
        guint times;
    } cases[] = { { "a", 255 }, { "\xe4\xb8\xad", 85 }, { "\xc3\xa9", 127 }, { "\"\n\\", 3 } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Depot) depot = depot_new();
        g_autoptr(GString) name = g_string_new(NULL);

        for (guint j = 0; j < cases[i].times; j++)
            g_string_append(name, cases[i].pattern);
        g_free(depot->path);
        depot->path = g_build_filename(depot->folder, name->str, NULL);
        assert_fetched(depot);
    }
}

/* As if the disk was full. */
static void test_write_error(void)
{
    g_autoptr(Depot) depot = depot_new();
    struct rlimit before, limit;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);

    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    limit = before;
    limit.rlim_cur = MIB;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    assert_failed(depot, G_IO_ERROR, G_IO_ERROR_FAILED);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    signal(SIGXFSZ, handler);
    g_assert_cmpuint(depot->storage->seen->len, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/net/download/size/0", GSIZE_TO_POINTER(0), check_size);
    g_test_add_data_func("/net/download/size/1", GSIZE_TO_POINTER(1), check_size);
    g_test_add_data_func("/net/download/size/1-MiB", GSIZE_TO_POINTER(MIB), check_size);
    g_test_add_data_func("/net/download/size/100-MiB", GSIZE_TO_POINTER(100 * MIB), check_size);
    g_test_add_func("/net/download/without-redirect", test_without_redirect);
    g_test_add_func("/net/download/into-memory", test_into_memory);
    g_test_add_func("/net/download/framings", test_framings);
    g_test_add_data_func("/net/download/unknown-length/chunks", GINT_TO_POINTER(BY_CHUNKS), check_unknown_length);
    g_test_add_data_func("/net/download/unknown-length/closing", GINT_TO_POINTER(BY_CLOSING), check_unknown_length);
    g_test_add_func("/net/download/compressed", test_compressed);
    g_test_add_func("/net/download/max-size", test_max_size);
    g_test_add_func("/net/download/redirect/targets", test_redirect_targets);
    g_test_add_func("/net/download/redirect/no-way-back-to-http", test_no_way_back_to_http);
    g_test_add_func("/net/download/redirect/too-many", test_too_many_redirects);
    g_test_add_func("/net/download/expired-link", test_expired_link);
    g_test_add_func("/net/download/no-link", test_no_link);
    g_test_add_func("/net/download/no-file", test_no_file);
    g_test_add_func("/net/download/passing", test_passing);
    g_test_add_func("/net/download/resumed", test_resumed);
    g_test_add_func("/net/download/weak-tag", test_weak_tag);
    g_test_add_func("/net/download/begun-again", test_begun_again);
    g_test_add_func("/net/download/range-refused", test_range_refused);
    g_test_add_func("/net/download/changed", test_changed);
    g_test_add_func("/net/download/resumed-by-another-link", test_resumed_by_another_link);
    g_test_add_func("/net/download/cut-for-good", test_cut_for_good);
    g_test_add_func("/net/download/cut-often", test_cut_often);
    g_test_add_func("/net/download/stall", test_stall);
    g_test_add_func("/net/download/offline", test_offline);
    g_test_add_data_func("/net/download/cancel/at-once", GINT_TO_POINTER(-1), check_cancel);
    g_test_add_data_func("/net/download/cancel/0", GINT_TO_POINTER(0), check_cancel);
    g_test_add_data_func("/net/download/cancel/50", GINT_TO_POINTER(50), check_cancel);
    g_test_add_data_func("/net/download/cancel/99", GINT_TO_POINTER(99), check_cancel);
    g_test_add_func("/net/download/cancel/anywhere", test_cancel_anywhere);
    g_test_add_func("/net/download/cancel/in-a-pause", test_cancel_in_a_pause);
    g_test_add_func("/net/download/closed-session", test_closed_session);
    g_test_add_func("/net/download/taken-place", test_taken_place);
    g_test_add_func("/net/download/overwritten", test_overwritten);
    g_test_add_func("/net/download/not-overwritten-by-half", test_not_overwritten_by_half);
    g_test_add_func("/net/download/place-taken-meanwhile", test_place_taken_meanwhile);
    g_test_add_func("/net/download/no-place", test_no_place);
    g_test_add_func("/net/download/taken-part", test_taken_part);
    g_test_add_func("/net/download/names", test_names);
    g_test_add_func("/net/download/write-error", test_write_error);
    return g_test_run();
}
