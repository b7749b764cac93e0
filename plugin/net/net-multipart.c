/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reads a body wants one stream for what stands before the file, the file, and what stands behind it. Such a stream
 * would be a type of its own, so it is the far end of a socket pair, and a feed writes the three into the near end. */
#include "net-multipart.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net-header.h"
#include "net-secret.h"

#define NET_MULTIPART_CHUNK (64 * 1024)

struct _NetMultipart {
    gatomicrefcount refs;
    NetMultipartFuncs funcs;
    gpointer user_data;
    GFile *file;   /* (nullable): with @bytes */
    GBytes *bytes; /* (nullable) */
    gint64 size;
    char *content_type; /* of the whole form */
    GBytes *head;
    GBytes *tail;
    gint64 sent;           /* bytes of the whole form */
    GCancellable *feeding; /* (nullable): ends the last feed */
    GIOStream *far_end;    /* (nullable): what was opened last is a part of it */
};

/*
 *   opening --> measuring --> head --> reading <--> writing
 *       |                      |         |
 *       +------of bytes--------+         |
 *                                        +--all read--> probing for more --> tail --> done
 *
 * Lives until the callback of its one pending call; any failure leads to report(), a cancelled one to nothing.
 */
typedef struct {
    NetMultipart *form;
    GCancellable *cancellable;
    GIOStream *near_end; /* (nullable): with @broken */
    GError *broken;      /* (nullable): there is no socket pair */
    GInputStream *file;
    gint64 left; /* bytes of the file that are still to be read */
    char chunk[NET_MULTIPART_CHUNK];
} Feed;

static void feed_free(Feed *feed)
{
    net_multipart_unref(feed->form);
    g_clear_object(&feed->cancellable);
    g_clear_object(&feed->near_end);
    g_clear_object(&feed->file);
    g_clear_error(&feed->broken);
    g_free(feed);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Feed, feed_free)

/* ---------------------------------------------------------------------------------------------------- head and tail */

/* What would end the quoted string, or its line. RFC 7578, 2 and 4.2; others read no escapes but these. */
static void append_quoted(GString *to, const char *text)
{
    for (; *text; text++) {
        if (*text == '"')
            g_string_append(to, "%22");
        else if (*text == '\r')
            g_string_append(to, "%0D");
        else if (*text == '\n')
            g_string_append(to, "%0A");
        else
            g_string_append_c(to, *text);
    }
}

static void append_part(GString *to, const char *boundary, const char *name)
{
    g_string_append_printf(to, "--%s\r\nContent-Disposition: form-data; name=\"", boundary);
    append_quoted(to, name);
    g_string_append_c(to, '"');
}

/* One of the fields may be a secret: the text is wiped, and has its place at once, as what grows leaves copies behind. */
static GBytes *make_head(const NetMultipartFile *file, const char *const *fields, const char *boundary)
{
    gsize length = 1024 + 3 * (strlen(file->part) + strlen(file->name)) + strlen(file->content_type);
    GString *head;
    GBytes *bytes;

    for (const char *const *at = fields; at && *at; at++)
        length += 256 + 3 * strlen(*at);
    head = g_string_sized_new(length);
    for (; fields && fields[0] && fields[1]; fields += 2) {
        append_part(head, boundary, fields[0]);
        g_string_append_printf(head, "\r\n\r\n%s\r\n", fields[1]);
    }
    append_part(head, boundary, file->part);
    g_string_append(head, "; filename=\"");
    append_quoted(head, file->name);
    g_string_append_printf(head, "\"\r\nContent-Type: %s\r\n\r\n",
                           net_header_is_clean(file->content_type) ? file->content_type : "application/octet-stream");
    bytes = net_secret_bytes(head->str, head->len);
    net_secret_free(g_string_free(head, FALSE));
    return bytes;
}

NetMultipart *net_multipart_new(const NetMultipartFile *file, const char *const *fields, const NetMultipartFuncs *funcs,
                                gpointer user_data)
{
    NetMultipart *form = g_new0(NetMultipart, 1);
    g_autofree char *boundary = g_uuid_string_random();
    char *tail = g_strdup_printf("\r\n--%s--\r\n", boundary);

    g_atomic_ref_count_init(&form->refs);
    form->funcs = *funcs;
    form->user_data = user_data;
    if (file->path)
        form->file = g_file_new_for_path(file->path);
    else
        form->bytes = g_bytes_ref(file->bytes);
    form->size = file->size;
    form->content_type = g_strdup_printf("multipart/form-data; boundary=%s", boundary);
    form->head = make_head(file, fields, boundary);
    form->tail = g_bytes_new_take(tail, strlen(tail));
    return form;
}

NetMultipart *net_multipart_ref(NetMultipart *form)
{
    g_atomic_ref_count_inc(&form->refs);
    return form;
}

void net_multipart_unref(NetMultipart *form)
{
    if (!form || !g_atomic_ref_count_dec(&form->refs))
        return;
    g_clear_object(&form->far_end);
    g_clear_object(&form->feeding);
    g_bytes_unref(form->head);
    g_bytes_unref(form->tail);
    g_clear_pointer(&form->bytes, g_bytes_unref);
    g_clear_object(&form->file);
    g_free(form->content_type);
    g_free(form);
}

/* --------------------------------------------------------------------------------------------------------- the feed */

/* Takes the error. That the reader has gone is nothing to report: it has its own reason, and whoever sent the request
 * is told. */
static void report(Feed *feed, GError *error)
{
    NetMultipart *form = feed->form;

    if (!g_cancellable_is_cancelled(feed->cancellable) && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) &&
        !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CLOSED) && form->funcs.failed)
        form->funcs.failed(error, form->user_data);
    g_error_free(error);
}

/* Takes the feed. */
static void write_out(Feed *feed, const void *bytes, gsize length, GAsyncReadyCallback next)
{
    g_output_stream_write_all_async(g_io_stream_get_output_stream(feed->near_end), bytes, length, G_PRIORITY_DEFAULT,
                                    feed->cancellable, next, feed);
}

static gboolean is_written(GObject *source, GAsyncResult *result, Feed *feed)
{
    GError *error = NULL;

    if (g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, &error))
        return TRUE;
    report(feed, error);
    return FALSE;
}

/* The near end goes with the feed, and that ends the body. */
static void on_tail(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Feed) feed = user_data;

    is_written(source, result, feed);
}

static void read_on(Feed *feed);

static void on_chunk_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Feed) feed = user_data;

    if (is_written(source, result, feed))
        read_on(g_steal_pointer(&feed));
}

static void on_chunk(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Feed) feed = user_data;
    GError *error = NULL;
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

    if (count < 0) {
        report(feed, error);
    } else if (feed->left == 0 && count > 0) {
        report(feed, g_error_new_literal(G_IO_ERROR, G_IO_ERROR_WRONG_ETAG, "the file grew while it was sent"));
    } else if (feed->left > 0 && count == 0) {
        report(feed, g_error_new_literal(G_IO_ERROR, G_IO_ERROR_WRONG_ETAG, "the file shrank while it was sent"));
    } else if (count > 0) {
        Feed *taken = g_steal_pointer(&feed);

        taken->left -= count;
        write_out(taken, taken->chunk, (gsize)count, on_chunk_written);
    } else {
        GBytes *tail = feed->form->tail;

        write_out(g_steal_pointer(&feed), g_bytes_get_data(tail, NULL), g_bytes_get_size(tail), on_tail);
    }
}

/* When all is read one byte more is asked for: without its tail a form that has become wrong is not taken by anybody. */
static void read_on(Feed *feed)
{
    gsize count = feed->left > 0 ? (gsize)MIN(feed->left, NET_MULTIPART_CHUNK) : 1;

    g_input_stream_read_async(feed->file, feed->chunk, count, G_PRIORITY_DEFAULT, feed->cancellable, on_chunk, feed);
}

/* Takes the feed. */
static void write_head(Feed *feed)
{
    GBytes *head = feed->form->head;

    write_out(feed, g_bytes_get_data(head, NULL), g_bytes_get_size(head), on_chunk_written);
}

static void on_measured(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Feed) feed = user_data;
    GError *error = NULL;
    g_autoptr(GFileInfo) info = g_file_input_stream_query_info_finish(G_FILE_INPUT_STREAM(source), result, &error);

    if (info && g_file_info_get_size(info) != feed->form->size)
        error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_WRONG_ETAG, "the file has got another size");
    if (error)
        report(feed, error);
    else
        write_head(g_steal_pointer(&feed));
}

static void on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Feed) feed = user_data;
    GError *error = NULL;
    GFileInputStream *file = g_file_read_finish(G_FILE(source), result, &error);

    if (file && feed->broken) {
        g_object_unref(file);
        report(feed, g_steal_pointer(&feed->broken));
    } else if (file) {
        Feed *taken = g_steal_pointer(&feed);

        taken->file = G_INPUT_STREAM(file);
        g_file_input_stream_query_info_async(file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_PRIORITY_DEFAULT,
                                             taken->cancellable, on_measured, taken);
    } else {
        report(feed, error);
    }
}

static gboolean on_bytes_open(gpointer user_data)
{
    g_autoptr(Feed) feed = user_data;

    feed->file = g_memory_input_stream_new_from_bytes(feed->form->bytes);
    if (feed->broken)
        report(feed, g_steal_pointer(&feed->broken));
    else
        write_head(g_steal_pointer(&feed));
    return G_SOURCE_REMOVE;
}

/* (transfer full) (nullable): one end. */
static GIOStream *end_new(int fd, GError **error)
{
    g_autoptr(GSocket) socket = g_socket_new_from_fd(fd, error);

    if (!socket) {
        close(fd);
        return NULL;
    }
    return G_IO_STREAM(g_socket_connection_factory_create_connection(socket));
}

static gboolean make_pair(GIOStream **near_end, GIOStream **far_end, GError **error)
{
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
        int code = errno;

        g_set_error_literal(error, G_IO_ERROR, (int)g_io_error_from_errno(code), g_strerror(code));
        return FALSE;
    }
    *near_end = end_new(fds[0], error);
    if (!*near_end) {
        close(fds[1]);
        return FALSE;
    }
    *far_end = end_new(fds[1], error);
    return *far_end != NULL;
}

static void stop_feed(NetMultipart *form)
{
    if (form->feeding)
        g_cancellable_cancel(form->feeding);
    g_clear_object(&form->feeding);
}

/* The body: (transfer full). Where there is none to be had, an empty one, and the feed says why. */
static GInputStream *open_body(gpointer user_data)
{
    NetMultipart *form = user_data;
    Feed *feed = g_new0(Feed, 1);

    stop_feed(form);
    form->feeding = g_cancellable_new();
    form->sent = 0;
    /* Kept, since it closes the stream when it goes. What was opened before is not read any more. */
    g_clear_object(&form->far_end);
    feed->form = net_multipart_ref(form);
    feed->cancellable = g_object_ref(form->feeding);
    feed->left = form->size;
    make_pair(&feed->near_end, &form->far_end, &feed->broken);
    if (form->file)
        g_file_read_async(form->file, G_PRIORITY_DEFAULT, feed->cancellable, on_opened, feed);
    else
        g_idle_add_full(G_PRIORITY_DEFAULT, on_bytes_open, feed, NULL);
    if (form->funcs.sent)
        form->funcs.sent(0, form->user_data);
    return form->far_end ? g_object_ref(g_io_stream_get_input_stream(form->far_end)) : g_memory_input_stream_new();
}

static gint64 whole_length(const NetMultipart *form)
{
    return (gint64)g_bytes_get_size(form->head) + form->size + (gint64)g_bytes_get_size(form->tail);
}

static void on_wrote(gsize count, gpointer user_data)
{
    NetMultipart *form = user_data;

    form->sent += (gint64)count;
    if (form->funcs.sent)
        form->funcs.sent(CLAMP(form->sent - (gint64)g_bytes_get_size(form->head), 0, form->size), form->user_data);
}

void net_multipart_attach(NetMultipart *form, NetRequest *request)
{
    net_request_set_body_stream(request, form->content_type, whole_length(form), open_body, on_wrote,
                                net_multipart_ref(form), (GDestroyNotify)net_multipart_unref);
}

void net_multipart_stop(NetMultipart *form)
{
    stop_feed(form);
    form->funcs = (NetMultipartFuncs){ 0 };
}
