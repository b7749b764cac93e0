/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-upload and net-multipart against servers on the loopback that read the form as it comes. */
#include "net/net-upload.h"

#include <sys/stat.h>

#include "net/net-error.h"
#include "test-file.h"
#include "test-http.h"

#define SECRET "Bearer good"

/* What a server does with the body of a request. */
typedef enum {
    TAKES,   /* and answers */
    STOPS,   /* reading, for ever or until go_on() */
    CUTS,    /* the connection */
    REFUSES, /* and cuts */
} Manner;

typedef struct {
    TestHttp *http;
    char *folder;
    Manner manner;     /* once there are ... */
    gint64 after;      /* ... so many bytes */
    guint times;       /* and so often */
    guint status;      /* of the answers; 401 only without the secret */
    const char *early; /* what is written by one who refuses */
    gboolean unlinks;
    guint thinks_ms; /* before it answers */
    const char *path;
    SoupServerMessage *stopped;
    /* The last request. */
    gint64 announced;
    gint64 received;
    GString *head; /* of the form, up to the file */
    gboolean in_file;
    GByteArray *held; /* what may be the tail */
    gsize tail_length;
    gint64 file_size;
    GChecksum *sum;
    gboolean complete;
} Sink;

static void sink_forget(Sink *sink)
{
    g_string_set_size(sink->head, 0);
    g_byte_array_set_size(sink->held, 0);
    g_checksum_reset(sink->sum);
    sink->received = sink->file_size = 0;
    sink->in_file = sink->complete = FALSE;
}

static void cut(SoupServerMessage *message)
{
    g_socket_shutdown(soup_server_message_get_socket(message), TRUE, TRUE, NULL);
}

/* Closing with bytes unread resets the connection, as servers do it that care for nothing. */
static void refuse(SoupServerMessage *message, const char *answer)
{
    g_autoptr(GIOStream) stream = soup_server_message_steal_connection(message);
    g_autoptr(GError) error = NULL;

    g_output_stream_write_all(g_io_stream_get_output_stream(stream), answer, strlen(answer), NULL, NULL, &error);
    g_assert_no_error(error);
    g_io_stream_close(stream, NULL, NULL);
}

/* The last bytes are held back, as they may be the tail. */
static void take_file(Sink *sink, const guint8 *bytes, gsize length)
{
    gsize ready;

    g_byte_array_append(sink->held, bytes, (guint)length);
    if (sink->held->len <= sink->tail_length)
        return;
    ready = sink->held->len - sink->tail_length;
    g_checksum_update(sink->sum, sink->held->data, (gssize)ready);
    sink->file_size += (gint64)ready;
    g_byte_array_remove_range(sink->held, 0, (guint)ready);
}

static void on_chunk(SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
    Sink *sink = user_data;
    gsize length;
    const guint8 *bytes = g_bytes_get_data(chunk, &length);
    char *name, *end;

    sink->received += (gint64)length;
    if (sink->in_file) {
        take_file(sink, bytes, length);
    } else {
        g_string_append_len(sink->head, (const char *)bytes, (gssize)length);
        name = strstr(sink->head->str, "; filename=");
        end = name ? strstr(name, "\r\n\r\n") : NULL;
        if (end) {
            gsize head_length = (gsize)(end - sink->head->str) + 4;

            sink->in_file = TRUE;
            take_file(sink, (guint8 *)sink->head->str + head_length, sink->head->len - head_length);
            g_string_truncate(sink->head, head_length);
        }
    }
    if (sink->manner == TAKES || sink->times == 0 || sink->received < sink->after)
        return;
    sink->times--;
    if (sink->manner == STOPS) {
        sink->stopped = message;
        soup_server_message_pause(message);
    } else if (sink->manner == REFUSES) {
        refuse(message, sink->early);
    } else {
        cut(message);
    }
}

static void on_body(SoupServerMessage *message, gpointer user_data)
{
    Sink *sink = user_data;

    (void)message;
    sink->complete = sink->received == sink->announced;
}

static void on_got_headers(SoupServerMessage *message, gpointer user_data)
{
    Sink *sink = user_data;
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    g_autoptr(GHashTable) words = NULL;

    sink_forget(sink);
    soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
    sink->announced = soup_message_headers_get_content_length(headers);
    if (g_strcmp0(soup_message_headers_get_content_type(headers, &words), "multipart/form-data") == 0)
        sink->tail_length = strlen(g_hash_table_lookup(words, "boundary")) + strlen("\r\n----\r\n");
}

static void on_started(SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
    (void)server;
    g_signal_connect(message, "got-headers", G_CALLBACK(on_got_headers), user_data);
    g_signal_connect(message, "got-chunk", G_CALLBACK(on_chunk), user_data);
    g_signal_connect(message, "got-body", G_CALLBACK(on_body), user_data);
}

static gboolean on_thought(gpointer message)
{
    soup_server_message_unpause(message);
    g_object_unref(message);
    return G_SOURCE_REMOVE;
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer user_data)
{
    Sink *sink = user_data;

    (void)server;
    (void)path;
    (void)query;
    test_http_note(sink->http, message);
    g_assert_cmpint(soup_server_message_get_http_version(message), ==, SOUP_HTTP_1_1);
    if (sink->status == 401 && strcmp(sink->http->secrets->pdata[sink->http->secrets->len - 1], SECRET) == 0)
        sink->status = 200;
    if (sink->status == 401 && sink->unlinks)
        g_assert_cmpint(g_unlink(sink->path), ==, 0);
    soup_server_message_set_status(message, sink->status, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
    if (sink->thinks_ms) {
        soup_server_message_pause(message);
        g_timeout_add(sink->thinks_ms, on_thought, g_object_ref(message));
    }
}

static Sink *sink_new_with(GTlsCertificate *certificate)
{
    Sink *sink = g_new0(Sink, 1);

    sink->status = 200;
    sink->head = g_string_new(NULL);
    sink->held = g_byte_array_new();
    sink->sum = g_checksum_new(G_CHECKSUM_SHA256);
    sink->folder = test_folder_new();
    sink->http = test_http_new(certificate, on_request, sink);
    g_signal_connect(sink->http->soup, "request-started", G_CALLBACK(on_started), sink);
    return sink;
}

static Sink *sink_new(void)
{
    return sink_new_with(NULL);
}

static Sink *sink_new_tls(void)
{
    g_autofree char *certificate_path = test_data_path("tls/localhost.crt.pem");
    g_autofree char *key_path = test_data_path("tls/localhost.key.pem");
    g_autoptr(GError) error = NULL;
    g_autoptr(GTlsCertificate) pair = g_tls_certificate_new_from_files(certificate_path, key_path, &error);

    g_assert_no_error(error);
    return sink_new_with(pair);
}

static void sink_free(Sink *sink)
{
    test_http_free(sink->http);
    test_settle();
    test_folder_free(sink->folder);
    g_string_free(sink->head, TRUE);
    g_byte_array_unref(sink->held);
    g_checksum_free(sink->sum);
    g_free(sink);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sink, sink_free)

static NetSession *session_new(guint timeout_s)
{
    g_autofree char *ca_file = test_data_path("tls/localhost.crt.pem");
    const NetSessionOptions options = { "test/1.0", ca_file, NULL, timeout_s, 4, MIB };
    g_autoptr(GError) error = NULL;
    NetSession *session = net_session_new(&options, &error);

    g_assert_no_error(error);
    return session;
}

typedef struct {
    NetUpload upload;
    TestProgress progress;
    TestDone done;
    NetSession *session;
    NetCredential *credential; /* (nullable) */
    GCancellable *cancellable;
} Sending;

static void sending_init(Sending *sending, const char *path)
{
    *sending = (Sending){ .upload = { .path = path, .part = "content", .progress = test_progress } };
    sending->upload.progress_data = &sending->progress;
    sending->cancellable = g_cancellable_new();
    sending->session = session_new(TEST_PATIENCE_S);
}

static void sending_clear(Sending *sending)
{
    net_session_close(sending->session);
    net_session_unref(sending->session);
    net_credential_unref(sending->credential);
    g_object_unref(sending->cancellable);
    test_done_clear(&sending->done);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sending, sending_clear)

static void begin(Sending *sending, Sink *sink)
{
    g_autoptr(NetRequest) request = net_request_new("POST", "messages", NULL);

    net_upload_async(sending->session, sink->http->url, request, sending->credential, &sending->upload,
                     sending->cancellable, test_done, &sending->done);
    g_assert_cmpuint(sending->done.calls, ==, 0);
    g_assert_cmpuint(sending->progress.calls, ==, 0);
}

/* Returns: the status, 0 with @error. */
static guint end(Sending *sending, GError **error)
{
    g_autoptr(NetResponse) response = NULL;

    test_until(sending->done.calls);
    sending->progress.is_over = TRUE;
    response = net_upload_finish(sending->done.result, error);
    g_assert_true((response == NULL) == (*error != NULL));
    test_settle();
    return response ? response->status : 0;
}

static guint send_file(Sending *sending, Sink *sink, GError **error)
{
    begin(sending, sink);
    return end(sending, error);
}

/* ---- whole files ---- */

static void check_size(gconstpointer data)
{
    gsize size = GPOINTER_TO_SIZE(data);
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(sink->folder, "file", size, &checksum);
    g_autoptr(GError) error = NULL;
    gint64 before;

    sending_init(&sending, path);
    before = test_private_memory();
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
    g_assert_no_error(error);
    g_assert_cmpint(sink->file_size, ==, size);
    g_assert_cmpstr(g_checksum_get_string(sink->sum), ==, checksum);
    g_assert_true(sink->complete);
    g_assert_cmpint(sending.progress.done, ==, size);
    g_assert_cmpint(sending.progress.total, ==, size);
    g_assert_cmpuint(sending.progress.back, ==, 0);
    g_assert_cmpuint(sending.progress.calls, <=, 2 + size / NET_TRANSFER_STEP);
    g_assert_cmpint(sending.progress.most_memory - before, <, 16 * MIB);
}

static void test_tls(void)
{
    g_autoptr(Sink) sink = sink_new_tls();
    g_auto(Sending) sending = { 0 };
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(sink->folder, "file", 10 * MIB, &checksum);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
    g_assert_cmpstr(g_checksum_get_string(sink->sum), ==, checksum);
}

static void test_form(void)
{
    static const char *const fields[] = { "event", "file", "tags", "a,\xc3\xa9\r\n\"b\"", NULL };
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 5, NULL);
    g_autofree char *boundary = NULL;
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    sending.upload.fields = fields;
    sending.upload.content_type = "image/png";
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
    boundary = g_strndup(sink->head->str, strcspn(sink->head->str, "\r"));
    g_assert_cmpuint(strlen(boundary), >, 20);
    g_string_replace(sink->head, boundary, "--B", 0);
    g_assert_cmpstr(sink->head->str, ==,
                    "--B\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\nfile\r\n"
                    "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na,\xc3\xa9\r\n\"b\"\r\n"
                    "--B\r\nContent-Disposition: form-data; name=\"content\"; filename=\"file\"\r\n"
                    "Content-Type: image/png\r\n\r\n");
    g_byte_array_append(sink->held, (const guint8 *)"", 1);
    g_assert_cmpint(strncmp((char *)sink->held->data, "\r\n", 2), ==, 0);
    g_assert_true(g_str_has_prefix((char *)sink->held->data + 2, boundary));
    g_assert_true(g_str_has_suffix((char *)sink->held->data, "--\r\n"));
}

/* RFC 7578: bytes of UTF-8 as they are, and nothing that would end the name. */
static void test_names(void)
{
    static const char longest[] =
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
        "8901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
        "6789012345678901234567890123456789012345678901234567890123456789012345678901234";
    static const struct {
        const char *name;
        const char *on_the_wire;
    } cases[] = {
        { "plain.txt", "plain.txt" },
        { "\xe4\xb8\xad\xe6\x96\x87.txt", "\xe4\xb8\xad\xe6\x96\x87.txt" },
        { "say \"hi\".txt", "say %22hi%22.txt" },
        { "two\nlines\r.txt", "two%0Alines%0D.txt" },
        { "../../etc/passwd", "../../etc/passwd" },
        { "a;b=c\\d%22", "a;b=c\\d%22" },
        { longest, longest },
    };
    g_autoptr(Sink) sink = sink_new();
    g_autofree char *path = test_file_new(sink->folder, "file", 1, NULL);

    g_assert_cmpuint(strlen(longest), ==, 255);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Sending) sending = { 0 };
        g_autofree char *expected = g_strdup_printf("; filename=\"%s\"\r\nContent-Type: ", cases[i].on_the_wire);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].name);
        sending_init(&sending, path);
        sending.upload.name = cases[i].name;
        g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
        g_assert_nonnull(strstr(sink->head->str, expected));
    }
}

/* Without a name the file's own is taken, and a type that ends its line is none. */
static void test_own_name_and_type(void)
{
    static const char *const given[] = { NULL, "text/x\r\nX-Evil: 1" };
    g_autoptr(Sink) sink = sink_new();
    g_autofree char *path = test_file_new(sink->folder, "own \xc3\xa9.png", 3, NULL);
    g_autofree char *guess = g_content_type_guess("x.png", NULL, 0, NULL);
    const char *const expected[] = { guess, "application/octet-stream" };

    for (gsize i = 0; i < G_N_ELEMENTS(given); i++) {
        g_auto(Sending) sending = { 0 };
        g_autofree char *line =
            g_strdup_printf("; filename=\"own \xc3\xa9.png\"\r\nContent-Type: %s\r\n\r\n", expected[i]);
        g_autoptr(GError) error = NULL;

        sending_init(&sending, path);
        sending.upload.content_type = given[i];
        g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
        g_assert_true(g_str_has_suffix(sink->head->str, line));
    }
}

/* ---- answers ---- */

static gboolean on_renewal_ready(gpointer credential)
{
    net_credential_set_bearer(credential, "good");
    net_credential_renewed(credential, NULL);
    return G_SOURCE_REMOVE;
}

static void on_renew(NetCredential *credential, gpointer user_data)
{
    (void)user_data;
    g_idle_add(on_renewal_ready, credential);
}

static void give_credential(Sending *sending)
{
    sending->credential = net_credential_new();
    net_credential_set_bearer(sending->credential, "stale");
    net_credential_set_renewer(sending->credential, on_renew, NULL);
}

static void test_renewal(void)
{
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(sink->folder, "file", MIB, &checksum);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    give_credential(&sending);
    sink->status = 401;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
    g_assert_cmpuint(sink->http->seen->len, ==, 2);
    g_assert_cmpstr(sink->http->secrets->pdata[0], ==, "Bearer stale");
    g_assert_cmpstr(sink->http->secrets->pdata[1], ==, SECRET);
    g_assert_cmpstr(g_checksum_get_string(sink->sum), ==, checksum);
    g_assert_cmpuint(sending.progress.back, ==, 1);
    g_assert_cmpint(sending.progress.done, ==, MIB);
}

/* Gone before it was to go out once more. */
static void test_vanished(void)
{
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    give_credential(&sending);
    sink->status = 401;
    sink->unlinks = TRUE;
    sink->path = path;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 0);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_assert_cmpuint(sink->http->seen->len, ==, 1);
}

/* What is in memory already; sent twice, since the first token has run out. */
static void check_bytes(gconstpointer data)
{
    gsize size = GPOINTER_TO_SIZE(data);
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    guint8 *memory = g_malloc(MAX(size, 1));
    g_autoptr(GBytes) bytes = g_bytes_new_take(memory, size);
    g_autofree char *checksum = NULL;
    g_autoptr(GError) error = NULL;
    guint64 state = 1;

    test_fill(memory, size, &state);
    checksum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    sending_init(&sending, NULL);
    sending.upload.bytes = bytes;
    sending.upload.name = "image.png";
    give_credential(&sending);
    sink->status = 401;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
    g_assert_no_error(error);
    g_assert_cmpuint(sink->http->seen->len, ==, 2);
    g_assert_cmpint(sink->file_size, ==, size);
    g_assert_cmpstr(g_checksum_get_string(sink->sum), ==, checksum);
    g_assert_true(sink->complete);
    g_assert_cmpint(sending.progress.done, ==, size);
    g_assert_nonnull(strstr(sink->head->str, "filename=\"image.png\"\r\nContent-Type: image/png\r\n"));
}

static void test_bytes_cancelled(void)
{
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autoptr(GBytes) bytes = g_bytes_new_take(g_malloc0(10 * MIB), 10 * MIB);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, NULL);
    sending.upload.bytes = bytes;
    sending.upload.name = "image.png";
    sending.progress.cancel_at = sending.cancellable;
    sending.progress.cancel_done = 5 * MIB;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 0);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(sink->complete);
}

static void test_refusals(void)
{
    static const guint statuses[] = { 401, 403, 413, 422, 503 };
    g_autoptr(Sink) sink = sink_new();
    g_autofree char *path = test_file_new(sink->folder, "file", MIB, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        g_auto(Sending) sending = { 0 };
        g_autoptr(GError) error = NULL;

        sending_init(&sending, path);
        sink->status = statuses[i];
        g_assert_cmpuint(send_file(&sending, sink, &error), ==, statuses[i]);
        g_assert_true(sink->complete);
    }
    g_assert_cmpuint(sink->http->seen->len, ==, G_N_ELEMENTS(statuses));
}

/* ---- what is no file ---- */

static void test_no_file(void)
{
    static const struct {
        const char *name;
        GIOErrorEnum code;
    } cases[] = {
        { "missing", G_IO_ERROR_NOT_FOUND },
        { "folder", G_IO_ERROR_IS_DIRECTORY },
        { "pipe", G_IO_ERROR_NOT_REGULAR_FILE },
        { "dangling", G_IO_ERROR_NOT_FOUND },
    };
    g_autoptr(Sink) sink = sink_new();
    g_autofree char *folder = g_build_filename(sink->folder, "folder", NULL);
    g_autofree char *pipe_path = g_build_filename(sink->folder, "pipe", NULL);
    g_autofree char *link_path = g_build_filename(sink->folder, "dangling", NULL);

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
    g_assert_cmpint(symlink("nowhere", link_path), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Sending) sending = { 0 };
        g_autofree char *path = g_build_filename(sink->folder, cases[i].name, NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].name);
        sending_init(&sending, path);
        g_assert_cmpuint(send_file(&sending, sink, &error), ==, 0);
        g_assert_error(error, G_IO_ERROR, (int)cases[i].code);
        g_assert_cmpuint(sending.progress.calls, ==, 0);
    }
    g_assert_cmpuint(sink->http->seen->len, ==, 0);
}

static void go_on(Sink *sink)
{
    soup_server_message_unpause(sink->stopped);
}

static void append(const char *path)
{
    FILE *file = g_fopen(path, "ab");

    g_assert_nonnull(file);
    g_assert_cmpint(fputc('x', file), ==, 'x');
    fclose(file);
}

static void check_change(gconstpointer data)
{
    gboolean grows = GPOINTER_TO_INT(data);
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 20 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    sink->manner = STOPS;
    sink->after = MIB;
    sink->times = 1;
    begin(&sending, sink);
    test_until(sink->stopped);
    if (grows)
        append(path);
    else
        g_assert_cmpint(truncate(path, 19 * MIB), ==, 0);
    go_on(sink);
    g_assert_cmpuint(end(&sending, &error), ==, 0);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);
    g_assert_nonnull(strstr(error->message, grows ? "grew" : "shrank"));
    g_assert_false(sink->complete);
    g_assert_cmpuint(sink->http->seen->len, ==, 0);
}

/* ---- ends before the end ---- */

static void check_cancel(gconstpointer data)
{
    gint64 percent = GPOINTER_TO_INT(data);
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 20 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    sending.progress.cancel_at = sending.cancellable;
    sending.progress.cancel_done = 20 * MIB / 100 * percent;
    begin(&sending, sink);
    if (percent < 0)
        g_cancellable_cancel(sending.cancellable);
    g_assert_cmpuint(end(&sending, &error), ==, 0);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(sink->complete);
    g_assert_cmpint(sending.progress.done, <, 20 * MIB);
}

static void test_closed_session(void)
{
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 20 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    begin(&sending, sink);
    test_until(sending.progress.done > 0);
    net_session_close(sending.session);
    g_assert_cmpuint(end(&sending, &error), ==, 0);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_stall(void)
{
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 40 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    net_session_unref(sending.session);
    sending.session = session_new(1);
    sink->manner = STOPS;
    sink->after = MIB;
    sink->times = 1;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 0);
    g_assert_error(error, NET_ERROR, NET_ERROR_TIMED_OUT);
    g_assert_cmpint(sending.progress.done, <, 40 * MIB);
}

static void test_cut(void)
{
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 20 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    sink->manner = CUTS;
    sink->after = MIB;
    sink->times = 10;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 0);
    g_assert_error(error, NET_ERROR, NET_ERROR_OFFLINE);
    g_assert_cmpuint(sink->times, ==, 9);
}

/* A server that has to store so much may think for longer than others may be silent. */
static void test_late_answer(void)
{
    g_autoptr(Sink) sink = sink_new_tls();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    net_session_unref(sending.session);
    sending.session = session_new(1);
    sink->thinks_ms = 2500;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
    g_assert_no_error(error);
}

/* ---- refused before it is out ---- */

static void check_early(gconstpointer data)
{
    const char *answer = data;
    guint status = (guint)g_ascii_strtoull(strrchr(answer, '/') + 5, NULL, 10);
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 40 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    sink->manner = REFUSES;
    sink->early = answer;
    sink->after = MIB;
    sink->times = 1;
    if (status >= 400) {
        g_assert_cmpuint(send_file(&sending, sink, &error), ==, status);
    } else {
        g_assert_cmpuint(send_file(&sending, sink, &error), ==, 0);
        g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
    }
    g_assert_cmpint(sending.progress.done, <, 40 * MIB);
}

static void test_early_tls(void)
{
    g_autoptr(Sink) sink = sink_new_tls();
    g_auto(Sending) sending = { 0 };
    g_autofree char *path = test_file_new(sink->folder, "file", 40 * MIB, NULL);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    sink->manner = REFUSES;
    sink->early = "HTTP/1.1 413 Too Large\r\n\r\n";
    sink->after = MIB;
    sink->times = 1;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 413);
    g_assert_no_error(error);
}

/* The token ran out: the file goes out again with another one. */
static void test_early_renewal(void)
{
    g_autoptr(Sink) sink = sink_new();
    g_auto(Sending) sending = { 0 };
    g_autofree char *checksum = NULL;
    g_autofree char *path = test_file_new(sink->folder, "file", 20 * MIB, &checksum);
    g_autoptr(GError) error = NULL;

    sending_init(&sending, path);
    give_credential(&sending);
    sink->manner = REFUSES;
    sink->early = "HTTP/1.1 401 Unauthorized\r\n\r\n";
    sink->after = MIB;
    sink->times = 1;
    g_assert_cmpuint(send_file(&sending, sink, &error), ==, 200);
    g_assert_cmpstr(sink->http->secrets->pdata[0], ==, SECRET);
    g_assert_cmpstr(g_checksum_get_string(sink->sum), ==, checksum);
}

int main(int argc, char **argv)
{
    /* So that it is offered, and must not be taken. */
    g_setenv("SOUP_SERVER_HTTP2", "1", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/net/upload/size/0", GSIZE_TO_POINTER(0), check_size);
    g_test_add_data_func("/net/upload/size/1", GSIZE_TO_POINTER(1), check_size);
    g_test_add_data_func("/net/upload/size/1-MiB", GSIZE_TO_POINTER(MIB), check_size);
    g_test_add_data_func("/net/upload/size/100-MiB", GSIZE_TO_POINTER(100 * MIB), check_size);
    g_test_add_data_func("/net/upload/bytes/0", GSIZE_TO_POINTER(0), check_bytes);
    g_test_add_data_func("/net/upload/bytes/1-MiB", GSIZE_TO_POINTER(MIB), check_bytes);
    g_test_add_func("/net/upload/bytes/cancelled", test_bytes_cancelled);
    g_test_add_func("/net/upload/tls", test_tls);
    g_test_add_func("/net/upload/form", test_form);
    g_test_add_func("/net/upload/names", test_names);
    g_test_add_func("/net/upload/own-name-and-type", test_own_name_and_type);
    g_test_add_func("/net/upload/renewal", test_renewal);
    g_test_add_func("/net/upload/vanished", test_vanished);
    g_test_add_func("/net/upload/refusals", test_refusals);
    g_test_add_func("/net/upload/no-file", test_no_file);
    g_test_add_data_func("/net/upload/shrinks", GINT_TO_POINTER(FALSE), check_change);
    g_test_add_data_func("/net/upload/grows", GINT_TO_POINTER(TRUE), check_change);
    g_test_add_data_func("/net/upload/cancel/at-once", GINT_TO_POINTER(-1), check_cancel);
    g_test_add_data_func("/net/upload/cancel/0", GINT_TO_POINTER(0), check_cancel);
    g_test_add_data_func("/net/upload/cancel/50", GINT_TO_POINTER(50), check_cancel);
    g_test_add_data_func("/net/upload/cancel/99", GINT_TO_POINTER(99), check_cancel);
    g_test_add_func("/net/upload/closed-session", test_closed_session);
    g_test_add_func("/net/upload/stall", test_stall);
    g_test_add_func("/net/upload/cut", test_cut);
    g_test_add_func("/net/upload/late-answer", test_late_answer);
    g_test_add_data_func("/net/upload/early/413", "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}", check_early);
    g_test_add_data_func("/net/upload/early/403", "HTTP/1.0 403 \r\n\r\n", check_early);
    g_test_add_data_func("/net/upload/early/200", "HTTP/1.1 200 OK\r\n\r\n", check_early);
    g_test_add_data_func("/net/upload/early/behind-others",
                         "HTTP/1.1 102 Processing\r\nX: y\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\n",
                         check_early);
    g_test_add_func("/net/upload/early/tls", test_early_tls);
    g_test_add_func("/net/upload/early/renewal", test_early_renewal);
    return g_test_run();
}
