/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One exchange with a form that is read from the disk. */
#define G_LOG_DOMAIN "flowdock-net"

#include "net-upload.h"

#include "net-multipart.h"

/* So much of a file's beginning is looked at for what it is. */
#define GUESS_BYTES 4096

/* measuring --> guessing --> sending --> done; what is in memory begins with "guessing". */
typedef struct {
    NetSession *session;
    char *base_url;
    NetRequest *request;
    NetCredential *credential; /* (nullable) */
    GCancellable *stop;        /* also when the file fails */
    GFile *file;               /* (nullable): with @bytes */
    GBytes *bytes;             /* (nullable) */
    char *path;
    char *name;
    char *content_type; /* (nullable) until guessed */
    char *part;
    char **fields; /* (nullable) */
    gint64 size;
    NetTransferTeller teller;
    NetMultipart *form; /* (nullable) until measured */
    GError *failure;    /* (nullable): the file's */
    char *beginning;
} Upload;

static void upload_free(gpointer data)
{
    Upload *upload = data;

    if (upload->form)
        net_multipart_stop(upload->form);
    net_multipart_unref(upload->form);
    net_session_unref(upload->session);
    net_request_unref(upload->request);
    net_credential_unref(upload->credential);
    g_object_unref(upload->stop);
    g_clear_object(&upload->file);
    g_clear_pointer(&upload->bytes, g_bytes_unref);
    g_clear_error(&upload->failure);
    g_strfreev(upload->fields);
    g_free(upload->base_url);
    g_free(upload->path);
    g_free(upload->name);
    g_free(upload->content_type);
    g_free(upload->part);
    g_free(upload->beginning);
    g_free(upload);
}

static void on_sent(gint64 bytes, gpointer user_data)
{
    Upload *upload = user_data;

    net_transfer_tell(&upload->teller, bytes, upload->size, upload->stop);
}

static void on_file_failed(const GError *error, gpointer user_data)
{
    Upload *upload = user_data;

    g_clear_error(&upload->failure);
    upload->failure = g_error_copy(error);
    g_cancellable_cancel(upload->stop);
}

static void make_form(Upload *upload)
{
    const NetMultipartFile file = { upload->path, upload->bytes, upload->size,
                                    upload->part, upload->name,  upload->content_type };
    const NetMultipartFuncs funcs = { on_sent, on_file_failed };

    upload->form = net_multipart_new(&file, (const char *const *)upload->fields, &funcs, upload);
    net_multipart_attach(upload->form, upload->request);
}

static void on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;
    Upload *upload = g_task_get_task_data(task);
    NetResponse *response = net_session_send_finish(result, &error);

    (void)source;
    net_multipart_stop(upload->form);
    if (response)
        g_task_return_pointer(task, response, (GDestroyNotify)net_response_free);
    else if (upload->failure)
        g_task_return_error(task, g_steal_pointer(&upload->failure));
    else
        g_task_return_error(task, g_steal_pointer(&error));
}

/* Takes the task. */
static void send_form(GTask *task)
{
    Upload *upload = g_task_get_task_data(task);

    make_form(upload);
    net_session_send_async(upload->session, upload->base_url, upload->request, upload->credential, upload->stop,
                           on_answer, task);
}

/* ------------------------------------------------------------------------------------------------------- what it is */

static void guess_type(Upload *upload, const void *beginning, gsize length)
{
    /* Without any bytes the type would be that of empty files. */
    g_autofree char *type = g_content_type_guess(upload->name, length > 0 ? beginning : NULL, length, NULL);

    upload->content_type = g_content_type_get_mime_type(type);
    if (!upload->content_type)
        upload->content_type = g_strdup("application/octet-stream");
}

static void on_beginning(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    Upload *upload = g_task_get_task_data(task);
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

    if (count < 0) {
        g_task_return_error(task, error);
        return;
    }
    guess_type(upload, upload->beginning, (gsize)count);
    send_form(g_steal_pointer(&task));
}

static void on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    Upload *upload = g_task_get_task_data(task);
    g_autoptr(GFileInputStream) file = g_file_read_finish(G_FILE(source), result, &error);

    if (!file) {
        g_task_return_error(task, error);
        return;
    }
    upload->beginning = g_malloc(GUESS_BYTES);
    g_input_stream_read_async(G_INPUT_STREAM(file), upload->beginning, GUESS_BYTES, G_PRIORITY_DEFAULT, upload->stop,
                              on_beginning, g_steal_pointer(&task));
}

/* Before it is opened: that would wait for the other end of a pipe. (nullable) */
static GError *check_file(GFileInfo *info)
{
    GFileType type = g_file_info_get_file_type(info);

    if (type == G_FILE_TYPE_REGULAR)
        return NULL;
    if (type == G_FILE_TYPE_DIRECTORY)
        return g_error_new_literal(G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "it is a folder");
    /* One that leads somewhere would have been followed. */
    if (type == G_FILE_TYPE_SYMBOLIC_LINK)
        return g_error_new_literal(G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "it is a link to nothing");
    return g_error_new_literal(G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "it is no regular file");
}

static void on_measured(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    Upload *upload = g_task_get_task_data(task);
    g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(source), result, &error);

    if (info)
        error = check_file(info);
    if (error) {
        g_task_return_error(task, error);
        return;
    }
    upload->size = g_file_info_get_size(info);
    if (!upload->content_type) {
        g_file_read_async(upload->file, G_PRIORITY_DEFAULT, upload->stop, on_opened, g_steal_pointer(&task));
        return;
    }
    send_form(g_steal_pointer(&task));
}

static gboolean on_bytes(gpointer user_data)
{
    GTask *task = user_data;
    Upload *upload = g_task_get_task_data(task);
    gsize length;
    const void *bytes = g_bytes_get_data(upload->bytes, &length);

    if (!upload->content_type)
        guess_type(upload, bytes, MIN(length, GUESS_BYTES));
    send_form(g_object_ref(task));
    return G_SOURCE_REMOVE;
}

/* --------------------------------------------------------------------------------------------------------- the call */

/* Takes the task. In the main loop: the progress is not told before the call has returned. */
static void begin_with_bytes(GTask *task, GBytes *bytes)
{
    Upload *upload = g_task_get_task_data(task);
    g_autoptr(GSource) soon = g_idle_source_new();

    upload->bytes = g_bytes_ref(bytes);
    upload->size = (gint64)g_bytes_get_size(bytes);
    g_task_attach_source(task, soon, on_bytes);
    g_object_unref(task);
}

void net_upload_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                      const NetUpload *upload, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    Upload *copy = g_new0(Upload, 1);

    g_task_set_source_tag(task, net_upload_async);
    g_task_set_task_data(task, copy, upload_free);
    copy->session = net_session_ref(session);
    copy->base_url = g_strdup(base_url);
    copy->request = net_request_ref(request);
    copy->credential = credential ? net_credential_ref(credential) : NULL;
    copy->stop = net_transfer_stop_new(cancellable, net_session_get_closing(session));
    copy->path = g_strdup(upload->path);
    copy->name = upload->name ? g_strdup(upload->name) : g_filename_display_basename(upload->path);
    copy->content_type = g_strdup(upload->content_type);
    copy->part = g_strdup(upload->part);
    copy->fields = g_strdupv((char **)upload->fields);
    net_transfer_teller_init(&copy->teller, upload->progress, upload->progress_data);
    if (!upload->path) {
        begin_with_bytes(task, upload->bytes);
        return;
    }
    copy->file = g_file_new_for_path(upload->path);
    g_file_query_info_async(copy->file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                            G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, copy->stop, on_measured, task);
}

NetResponse *net_upload_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
