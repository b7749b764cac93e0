/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As many exchanges as it takes, each of which goes on where the one before was cut. */
#define G_LOG_DOMAIN "flowdock-net"

#include "net-download.h"

#include <libsoup/soup.h>

#include "net-error.h"
#include "net-header.h"
#include "net-part.h"
#include "net-retry.h"

/*
 *   looking --> asking <--redirect, expired link--+
 *                |  ^                             |
 *                |  +-- pausing <--cut--+         |
 *                |                      |         |
 *                +--good--> opening --> reading <--> writing
 *                                         |
 *                                         +--complete--> keeping --> done
 *
 * "opening" only the first time. From everywhere fail() leads out.
 */
typedef struct {
    NetSession *session;
    NetCredential *credential; /* (nullable): for the first origin */
    char *first_base;
    NetRequest *first;
    char *base_url; /* where redirects have led to */
    NetRequest *request;
    gboolean is_foreign; /* that is another origin */
    guint redirects;     /* in a row */
    GCancellable *stop;
    gint64 expected;
    gint64 max_size;
    guint hurry;
    NetTransferTeller teller;
    NetPart *part;
    GInputStream *body; /* (nullable) between answers */
    char *chunk;        /* (nullable) before the first good answer */
    gint64 have;        /* bytes written */
    gint64 total;       /* of the whole, as the server said; -1: unknown */
    char *validator;    /* (nullable): says what version there is so far */
    gboolean is_rest;   /* the question was for what is left */
    gboolean no_rest;   /* the server cannot do that */
    guint attempts;     /* in a row, that brought too little */
    gint64 mark;        /* bytes that were there before them */
    gboolean is_fresh;  /* the link was asked for anew since then */
} Download;

static void download_free(gpointer data)
{
    Download *download = data;

    g_signal_handlers_disconnect_by_data(download->stop, download);
    net_part_unref(download->part);
    net_session_unref(download->session);
    net_credential_unref(download->credential);
    net_request_unref(download->first);
    net_request_unref(download->request);
    g_object_unref(download->stop);
    g_clear_object(&download->body);
    g_free(download->first_base);
    g_free(download->base_url);
    g_free(download->chunk);
    g_free(download->validator);
    g_free(download);
}

/* At once: a host that ends may not come back to its main loop. */
static void on_stop(GCancellable *stop, gpointer user_data)
{
    Download *download = user_data;

    (void)stop;
    net_part_remove(download->part);
}

/* Takes the error. */
static void fail(GTask *task, GError *error)
{
    Download *download = g_task_get_task_data(task);

    g_clear_object(&download->body);
    net_part_remove(download->part);
    g_debug("download failed: %s", error->message);
    g_task_return_error(task, error);
}

/* ------------------------------------------------------------------------------------------------------ trying again */

static void ask(GTask *task);

static gboolean on_pause(gpointer user_data)
{
    GTask *task = user_data;
    GError *error = NULL;

    if (g_cancellable_set_error_if_cancelled(g_task_get_cancellable(task), &error))
        fail(task, error);
    else
        ask(task);
    return G_SOURCE_REMOVE;
}

static void pause_and_ask(GTask *task, guint delay_ms)
{
    g_autoptr(GSource) timer = g_timeout_source_new(delay_ms);
    g_autoptr(GSource) cancelled = g_cancellable_source_new(g_task_get_cancellable(task));

    g_source_set_dummy_callback(cancelled);
    g_source_add_child_source(timer, cancelled);
    g_source_set_callback(timer, on_pause, g_object_ref(task), g_object_unref);
    g_source_attach(timer, NULL);
}

/* Takes the error, which is the caller's once there were attempts enough. */
static void try_again(GTask *task, GError *error, gint64 retry_after_ms)
{
    static const NetRetry pauses = { 1000, 8000 };
    Download *download = g_task_get_task_data(task);
    guint delay_ms;

    g_clear_object(&download->body);
    /* More than ever before: a server that always begins again brings nothing new. */
    if (download->have >= download->mark + NET_DOWNLOAD_ADVANCE) {
        download->mark = download->have;
        download->attempts = 0;
        download->is_fresh = FALSE;
    }
    if (++download->attempts >= NET_DOWNLOAD_MAX_ATTEMPTS || retry_after_ms > NET_DOWNLOAD_MAX_PAUSE_MS) {
        fail(task, error);
        return;
    }
    delay_ms = net_retry_delay_ms(&pauses, download->attempts - 1, g_random_double(), retry_after_ms);
    delay_ms /= MAX(download->hurry, 1);
    g_debug("download waits %u ms: %s", delay_ms, error->message);
    g_error_free(error);
    pause_and_ask(task, delay_ms);
}

/* Takes the error. */
static void fail_or_try_again(GTask *task, GError *error, gint64 retry_after_ms)
{
    if (net_error_is_passing(error))
        try_again(task, error, retry_after_ms);
    else
        fail(task, error);
}

/* ---------------------------------------------------------------------------------------------------------- the body */

static gint64 known_total(const Download *download)
{
    return download->total >= 0 ? download->total : download->expected;
}

static void on_kept(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    GBytes *bytes = net_part_keep_finish(result, &error);

    (void)source;
    if (bytes)
        g_task_return_pointer(task, bytes, (GDestroyNotify)g_bytes_unref);
    else
        fail(task, error);
}

/* Takes the task. */
static void end_of_body(GTask *task)
{
    Download *download = g_task_get_task_data(task);

    g_clear_object(&download->body);
    if (download->have == known_total(download)) {
        net_transfer_tell(&download->teller, download->have, download->have, download->stop);
        net_part_keep_async(download->part, download->stop, on_kept, task);
        return;
    }
    try_again(task,
              g_error_new(NET_ERROR, NET_ERROR_OFFLINE, "cut after %" G_GINT64_FORMAT " bytes of %" G_GINT64_FORMAT,
                          download->have, known_total(download)),
              -1);
    g_object_unref(task);
}

static void read_on(GTask *task);

static void on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    Download *download = g_task_get_task_data(task);
    gsize count;

    if (!g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, &count, &error)) {
        fail(task, error);
        return;
    }
    download->have += (gint64)count;
    net_transfer_tell(&download->teller, download->have, known_total(download), download->stop);
    read_on(g_steal_pointer(&task));
}

/* However a body broke off, its head was good, so trying again may help. Takes @cause. */
static GError *cut_error(GError *cause)
{
    g_autoptr(GError) taken = cause;
    GError *error = net_error_from_gio(taken);

    if (error->domain == NET_ERROR && !net_error_is_passing(error))
        error->code = NET_ERROR_OFFLINE;
    return error;
}

static gboolean is_too_large(const Download *download, gint64 size)
{
    return download->max_size > 0 && size > download->max_size;
}

static GError *too_large_error(const Download *download)
{
    return g_error_new(NET_ERROR, NET_ERROR_PROTOCOL, "the file is larger than %" G_GINT64_FORMAT " bytes",
                       download->max_size);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    Download *download = g_task_get_task_data(task);
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

    if (count < 0)
        fail_or_try_again(task, cut_error(error), -1);
    else if (count == 0)
        end_of_body(g_steal_pointer(&task));
    else if (download->have + count > known_total(download))
        fail(task, g_error_new_literal(NET_ERROR, NET_ERROR_PROTOCOL, "the file is longer than was said"));
    else if (is_too_large(download, download->have + count))
        fail(task, too_large_error(download));
    else
        g_output_stream_write_all_async(net_part_get_stream(download->part), download->chunk, (gsize)count,
                                        G_PRIORITY_DEFAULT, download->stop, on_written, g_steal_pointer(&task));
}

/* Takes the task. */
static void read_on(GTask *task)
{
    Download *download = g_task_get_task_data(task);

    g_input_stream_read_async(download->body, download->chunk, NET_TRANSFER_STEP, G_PRIORITY_DEFAULT, download->stop,
                              on_read, task);
}

/* Takes the task. */
static void begin_body(GTask *task)
{
    Download *download = g_task_get_task_data(task);
    GError *error = NULL;

    if (net_part_cut(download->part, download->have, &error)) {
        net_transfer_tell(&download->teller, download->have, known_total(download), download->stop);
        read_on(task);
        return;
    }
    fail(task, error);
    g_object_unref(task);
}

static void on_part_open(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    Download *download = g_task_get_task_data(task);

    (void)source;
    if (!net_part_open_finish(result, &error)) {
        fail(task, error);
        return;
    }
    download->chunk = g_malloc(NET_TRANSFER_STEP);
    begin_body(g_steal_pointer(&task));
}

/* ---------------------------------------------------------------------------------------------------- a good answer */

/* (transfer full) (nullable): what If-Range may hold: a strong tag, or a date. */
static char *validator_of(GAsyncResult *result)
{
    const char *tag = net_session_open_get_header(result, "ETag");
    const char *date = net_session_open_get_header(result, "Last-Modified");

    return g_strdup(tag && *tag == '"' ? tag : date);
}

static gboolean is_encoded(GAsyncResult *result)
{
    const char *encoding = net_session_open_get_header(result, "Content-Encoding");

    return encoding && *encoding && g_ascii_strcasecmp(encoding, "identity") != 0;
}

/* Whether a 206 goes on with what is there. */
static gboolean is_right_rest(const Download *download, GAsyncResult *result)
{
    const char *range = net_session_open_get_header(result, "Content-Range");
    gint64 length = net_session_open_get_head(result)->length;
    g_autofree char *validator = validator_of(result);
    gint64 first, last, total;

    return range && net_header_content_range(range, &first, &last, &total) && first == download->have &&
           total == download->total && last == total - 1 && (length < 0 || length == total - first) &&
           !is_encoded(result) && (!validator || !download->validator || g_str_equal(validator, download->validator));
}

/* A whole file comes. (transfer full) (nullable): why it cannot be taken. */
static GError *begin_whole(Download *download, GAsyncResult *result)
{
    download->have = 0;
    download->total = net_session_open_get_head(result)->length;
    g_free(download->validator);
    download->validator = validator_of(result);
    if (is_encoded(result))
        return g_error_new_literal(NET_ERROR, NET_ERROR_PROTOCOL, "the file comes compressed, which was not asked for");
    if (is_too_large(download, known_total(download)))
        return too_large_error(download);
    /* Nor in chunks: before 3.3 libsoup does not tell a cut between two of them from their end. */
    if (known_total(download) < 0)
        return g_error_new_literal(NET_ERROR, NET_ERROR_PROTOCOL, "the file's end could not be told from a cut");
    return NULL;
}

static void take_body(GTask *task, GAsyncResult *result)
{
    Download *download = g_task_get_task_data(task);
    guint status = net_session_open_get_head(result)->status;
    GError *error = NULL;

    download->redirects = 0;
    if (status == SOUP_STATUS_PARTIAL_CONTENT && download->is_rest) {
        if (!is_right_rest(download, result)) {
            download->no_rest = TRUE;
            try_again(task, g_error_new_literal(NET_ERROR, NET_ERROR_PROTOCOL, "another part than asked for"), -1);
            return;
        }
    } else if (status == SOUP_STATUS_OK) {
        error = begin_whole(download, result);
    } else {
        error = g_error_new(NET_ERROR, NET_ERROR_PROTOCOL, "%u is no file", status);
    }
    if (error)
        fail(task, error);
    else if (download->chunk)
        begin_body(g_object_ref(task));
    else
        net_part_open_async(download->part, download->stop, on_part_open, g_object_ref(task));
}

/* ------------------------------------------------------------------------------------------------------ other answers */

static gboolean is_plain_http(const char *url)
{
    g_autofree char *scheme = g_uri_parse_scheme(url);

    return g_strcmp0(scheme, "http") == 0;
}

static void go_to(Download *download, NetRequest *request, const char *base_url)
{
    net_request_ref(request);
    net_request_unref(download->request);
    download->request = request;
    g_free(download->base_url);
    download->base_url = g_strdup(base_url);
    download->is_foreign = !net_request_is_same_origin(base_url, download->first_base);
}

static void follow(GTask *task, const char *location)
{
    Download *download = g_task_get_task_data(task);
    GError *error = NULL;
    g_autofree char *base_url = NULL;
    g_autoptr(NetRequest) request = NULL;

    if (++download->redirects > NET_DOWNLOAD_MAX_REDIRECTS) {
        fail(task, g_error_new_literal(NET_ERROR, NET_ERROR_PROTOCOL, "too many redirects"));
        return;
    }
    request = net_request_new_url("GET", location, &base_url, &error);
    if (request && is_plain_http(base_url) && !is_plain_http(download->first_base))
        error = g_error_new_literal(NET_ERROR, NET_ERROR_INSECURE, "a redirect leads away from encryption");
    if (error) {
        fail(task, error);
        return;
    }
    go_to(download, request, base_url);
    ask(task);
}

static gboolean is_expired_link(const Download *download, guint status)
{
    return download->is_foreign && (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN ||
                                    status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_GONE);
}

/* @status: 0: no answer came. Takes the error. */
static void take_refusal(GTask *task, guint status, GError *error, gint64 retry_after_ms)
{
    Download *download = g_task_get_task_data(task);

    if (is_expired_link(download, status) && !download->is_fresh) {
        g_debug("download link is asked for anew: %s", error->message);
        g_error_free(error);
        download->is_fresh = TRUE;
        download->redirects = 0;
        go_to(download, download->first, download->first_base);
        ask(task);
        return;
    }
    if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE && download->is_rest) {
        download->no_rest = TRUE;
        try_again(task, error, retry_after_ms);
        return;
    }
    /* Says nothing about the account. */
    if (download->is_foreign && g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED))
        error->code = NET_ERROR_FORBIDDEN;
    fail_or_try_again(task, error, retry_after_ms);
}

static void on_head(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    Download *download = g_task_get_task_data(task);
    const NetResponse *head = net_session_open_get_head(result);
    gint64 retry_after_ms;

    (void)source;
    download->body = net_session_open_finish(result, &retry_after_ms, &error);
    if (download->body) {
        take_body(task, result);
    } else if (head && head->location) {
        g_error_free(error);
        follow(task, head->location);
    } else {
        take_refusal(task, head ? head->status : 0, error, retry_after_ms);
    }
}

/* --------------------------------------------------------------------------------------------------------- asking */

static void ask(GTask *task)
{
    Download *download = g_task_get_task_data(task);
    g_autofree char *range = NULL;

    /* Of an unknown total the rest could not be checked. */
    download->is_rest = download->have > 0 && download->total > 0 && !download->no_rest;
    if (download->is_rest)
        range = g_strdup_printf("bytes=%" G_GINT64_FORMAT "-", download->have);
    net_request_set_header(download->request, "Accept", "*/*");
    net_request_set_header(download->request, "Range", range);
    net_request_set_header(download->request, "If-Range", range ? download->validator : NULL);
    net_request_expect_raw(download->request);
    net_session_open_async(download->session, download->base_url, download->request,
                           download->is_foreign ? NULL : download->credential, download->stop, on_head,
                           g_object_ref(task));
}

static void on_looked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;

    (void)source;
    if (net_part_look_finish(result, &error))
        ask(task);
    else
        fail(task, error);
}

void net_download_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                        const NetDownload *download, GCancellable *cancellable, GAsyncReadyCallback done,
                        gpointer user_data)
{
    g_autoptr(GCancellable) stop = net_transfer_stop_new(cancellable, net_session_get_closing(session));
    GTask *task = g_task_new(NULL, stop, done, user_data);
    Download *copy = g_new0(Download, 1);

    g_warn_if_fail(download->path || download->max_size > 0);
    g_task_set_source_tag(task, net_download_async);
    g_task_set_task_data(task, copy, download_free);
    copy->session = net_session_ref(session);
    copy->credential = credential ? net_credential_ref(credential) : NULL;
    copy->first_base = g_strdup(base_url);
    copy->first = net_request_ref(request);
    copy->base_url = g_strdup(base_url);
    copy->request = net_request_ref(request);
    copy->stop = g_object_ref(stop);
    copy->expected = download->expected;
    copy->max_size = download->max_size;
    copy->hurry = download->hurry;
    net_transfer_teller_init(&copy->teller, download->progress, download->progress_data);
    copy->part = net_part_new(download->path, download->overwrite);
    copy->total = -1;
    g_signal_connect(stop, "cancelled", G_CALLBACK(on_stop), copy);
    net_part_look_async(copy->part, stop, on_looked, task);
}

GBytes *net_download_finish_bytes(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

gboolean net_download_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(GBytes) bytes = net_download_finish_bytes(result, error);

    return bytes != NULL;
}
