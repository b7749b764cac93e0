/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes forms apart while they come. Written for the tests of a client: other than libsoup's reader it takes names as
 * browsers write them, with %22, %0D and %0A. */
#include "fake-upload.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "fake-form.h"
#include "fake-wire.h"

#define UPLOAD "fake-upload"
/* Of what stands around the files. */
#define MAX_TEXT (1024 * 1024)

struct FakeUploads {
    GHashTable *files; /* upload -> GBytes: not taken yet */
    guint last_id;
    gint64 received;
    gint64 break_after; /* -1: never */
    gboolean stalls;
};

/* PREAMBLE and BODY end with a delimiter; behind it comes a HEAD or the END. */
typedef enum { PREAMBLE, HEAD, BODY, END, BAD } State;

typedef struct {
    FakeUploads *uploads;
    GHashTable *files; /* a reference: the message may outlive the server */
    JsonObject *params;
    State state;
    char *delimiter;    /* CR LF -- boundary */
    GByteArray *held;   /* not read yet */
    gint64 received;    /* bytes of the form */
    char *name;         /* of the part */
    char *file_name;    /* (nullable): none */
    char *content_type; /* (nullable) */
    GString *text;      /* of a part that is no file */
    int fd;             /* of one that is */
    GPtrArray *taken;   /* uploads of this form */
} Form;

static void form_free(gpointer data)
{
    Form *form = data;

    for (guint i = 0; i < form->taken->len; i++)
        g_hash_table_remove(form->files, form->taken->pdata[i]);
    if (form->fd >= 0)
        close(form->fd);
    json_object_unref(form->params);
    g_ptr_array_unref(form->taken);
    g_hash_table_unref(form->files);
    g_byte_array_unref(form->held);
    g_string_free(form->text, TRUE);
    g_free(form->delimiter);
    g_free(form->name);
    g_free(form->file_name);
    g_free(form->content_type);
    g_free(form);
}

FakeUploads *fake_uploads_new(void)
{
    FakeUploads *uploads = g_new0(FakeUploads, 1);

    uploads->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    uploads->break_after = -1;
    return uploads;
}

void fake_uploads_free(FakeUploads *uploads)
{
    g_hash_table_unref(uploads->files);
    g_free(uploads);
}

/* ----------------------------------------------------------------------------------------------------------- parts */

/* Only these three are encoded; a quote may also stand behind a backslash, as curl has it. */
static char *decode_name(const char *text, gsize length)
{
    GString *name = g_string_new(NULL);

    for (const char *at = text; at < text + length; at++) {
        gsize left = (gsize)(text + length - at);
        char c = *at;

        if (left > 2 && g_ascii_strncasecmp(at, "%22", 3) == 0)
            c = '"', at += 2;
        else if (left > 2 && g_ascii_strncasecmp(at, "%0d", 3) == 0)
            c = '\r', at += 2;
        else if (left > 2 && g_ascii_strncasecmp(at, "%0a", 3) == 0)
            c = '\n', at += 2;
        else if (left > 1 && at[0] == '\\' && at[1] == '"')
            c = '"', at++;
        g_string_append_c(name, c);
    }
    return g_string_free(name, FALSE);
}

/* (transfer full) (nullable): NAME="..." or NAME=... in a head. */
static char *parameter(const char *head, const char *name)
{
    g_autofree char *start = g_strdup_printf("; %s=", name);
    const char *at = strstr(head, start), *end;

    if (!at)
        return NULL;
    at += strlen(start);
    if (*at != '"')
        return decode_name(at, strcspn(at, ";\r"));
    for (end = ++at; *end && *end != '"' && *end != '\r'; end++)
        end += end[0] == '\\' && end[1] == '"';
    return decode_name(at, (gsize)(end - at));
}

static gboolean open_file(Form *form)
{
    g_autofree char *path = NULL;

    form->fd = g_file_open_tmp("flowdock-upload-XXXXXX", &path, NULL);
    if (form->fd < 0)
        return FALSE;
    g_unlink(path);
    return TRUE;
}

/* @head: with a CR LF before each of its lines. */
static State begin_part(Form *form, const char *head)
{
    SoupMessageHeaders *headers = soup_message_headers_new(SOUP_MESSAGE_HEADERS_MULTIPART);
    gboolean is_good = soup_headers_parse(head, (int)strlen(head), headers);
    const char *type = soup_message_headers_get_content_type(headers, NULL);

    g_free(form->name);
    form->name = parameter(head, "name");
    g_free(form->file_name);
    form->file_name = parameter(head, "filename");
    g_free(form->content_type);
    form->content_type = g_strdup(type);
    soup_message_headers_unref(headers);
    g_string_set_size(form->text, 0);
    if (!is_good || !form->name || (form->file_name && !open_file(form)))
        return BAD;
    return BODY;
}

static gboolean add_to_part(Form *form, const guint8 *bytes, gsize length)
{
    if (form->state == PREAMBLE)
        return TRUE;
    if (!form->file_name) {
        g_string_append_len(form->text, (const char *)bytes, (gssize)length);
        return form->text->len <= MAX_TEXT;
    }
    while (length > 0) {
        gssize count = write(form->fd, bytes, length);

        if (count < 0)
            return FALSE;
        bytes += count;
        length -= (gsize)count;
    }
    return TRUE;
}

static JsonNode *file_node(Form *form)
{
    g_autoptr(GMappedFile) mapped = g_mapped_file_new_from_fd(form->fd, FALSE, NULL);
    JsonObject *file;
    char *upload;

    close(form->fd);
    form->fd = -1;
    if (!mapped)
        return NULL;
    upload = g_strdup_printf("%u", ++form->uploads->last_id);
    g_hash_table_insert(form->files, g_strdup(upload), g_mapped_file_get_bytes(mapped));
    g_ptr_array_add(form->taken, upload);
    file = json_object_new();
    json_object_set_string_member(file, "file_name", form->file_name);
    json_object_set_string_member(file, "content_type",
                                  form->content_type ? form->content_type : "application/octet-stream");
    json_object_set_int_member(file, "file_size", (gint64)g_mapped_file_get_length(mapped));
    json_object_set_string_member(file, "upload", upload);
    return fake_json_take_object(file);
}

static gboolean end_part(Form *form)
{
    JsonNode *value = NULL;

    if (form->state == PREAMBLE)
        return TRUE;
    if (form->file_name)
        value = g_utf8_validate(form->file_name, -1, NULL) ? file_node(form) : NULL;
    else if (g_utf8_validate(form->text->str, (gssize)form->text->len, NULL))
        value = json_node_init_string(json_node_alloc(), form->text->str);
    if (value)
        fake_form_put(form->params, form->name, value);
    return value != NULL;
}

/* ------------------------------------------------------------------------------------------------------------ form */

/* The offset of @what, or -1. */
static gssize find(const GByteArray *bytes, const char *what)
{
    gsize length = strlen(what);
    const guint8 *at = bytes->data, *end = bytes->data + bytes->len;

    while (at && (at = memchr(at, what[0], (gsize)(end - at))) && (gsize)(end - at) >= length) {
        if (memcmp(at, what, length) == 0)
            return at - bytes->data;
        at++;
    }
    return -1;
}

/* Returns: whether there may be more to read. */
static gboolean read_body(Form *form)
{
    gssize at = find(form->held, form->delimiter);
    gsize keep = strlen(form->delimiter) - 1;
    gsize ready = at >= 0 ? (gsize)at : form->held->len > keep ? form->held->len - keep : 0;

    if (!add_to_part(form, form->held->data, ready) || (at >= 0 && !end_part(form))) {
        form->state = BAD;
        return FALSE;
    }
    g_byte_array_remove_range(form->held, 0, (guint)(at >= 0 ? ready + keep + 1 : ready));
    if (at >= 0)
        form->state = HEAD;
    return at >= 0;
}

/* Behind a delimiter. */
static gboolean read_head(Form *form)
{
    gssize end = find(form->held, "\r\n\r\n");
    g_autofree char *head = NULL;

    if (form->held->len >= 2 && memcmp(form->held->data, "--", 2) == 0) {
        form->state = END;
        return FALSE;
    }
    if (end < 0) {
        if (form->held->len > MAX_TEXT)
            form->state = BAD;
        return FALSE;
    }
    head = g_strndup((char *)form->held->data, (gsize)end + 4);
    g_byte_array_remove_range(form->held, 0, (guint)end + 4);
    form->state = begin_part(form, head);
    return form->state == BODY;
}

static void read_on(Form *form)
{
    gboolean more = TRUE;

    while (more && (form->state == PREAMBLE || form->state == HEAD || form->state == BODY))
        more = form->state == HEAD ? read_head(form) : read_body(form);
    /* Behind the end, or of no use. */
    if (form->state == END || form->state == BAD)
        g_byte_array_set_size(form->held, 0);
}

static void on_chunk(SoupServerMessage *message, GBytes *chunk, gpointer data)
{
    Form *form = data;
    FakeUploads *uploads = form->uploads;
    gsize length;
    const guint8 *bytes = g_bytes_get_data(chunk, &length);

    g_byte_array_append(form->held, bytes, (guint)length);
    read_on(form);
    form->received += (gint64)length;
    uploads->received += (gint64)length;
    if (uploads->break_after < 0 || form->received < uploads->break_after)
        return;
    uploads->break_after = -1;
    if (uploads->stalls)
        soup_server_message_pause(message);
    else
        fake_wire_cut(message);
}

static void on_headers(SoupServerMessage *message, gpointer data)
{
    FakeServer *server = data;
    g_autoptr(GHashTable) words = NULL;
    const char *type = soup_message_headers_get_content_type(soup_server_message_get_request_headers(message), &words);
    const char *boundary = words ? g_hash_table_lookup(words, "boundary") : NULL;
    Form *form;

    if (g_strcmp0(type, "multipart/form-data") != 0 || !boundary)
        return;
    form = g_new0(Form, 1);
    form->uploads = server->uploads;
    form->files = g_hash_table_ref(server->uploads->files);
    form->params = json_object_new();
    form->delimiter = g_strconcat("\r\n--", boundary, NULL);
    /* As if there was a line before the first delimiter. */
    form->held = g_byte_array_new();
    g_byte_array_append(form->held, (const guint8 *)"\r\n", 2);
    form->text = g_string_new(NULL);
    form->fd = -1;
    form->taken = g_ptr_array_new_with_free_func(g_free);
    g_object_set_data_full(G_OBJECT(message), UPLOAD, form, form_free);
    soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
    g_signal_connect(message, "got-chunk", G_CALLBACK(on_chunk), form);
}

static void on_started(SoupServer *soup, SoupServerMessage *message, gpointer data)
{
    (void)soup;
    g_signal_connect(message, "got-headers", G_CALLBACK(on_headers), data);
}

void fake_uploads_watch(FakeServer *server, SoupServer *soup)
{
    g_signal_connect(soup, "request-started", G_CALLBACK(on_started), server);
}

gboolean fake_upload_is_there(SoupServerMessage *message)
{
    return g_object_get_data(G_OBJECT(message), UPLOAD) != NULL;
}

gboolean fake_upload_read(SoupServerMessage *message, JsonObject *params)
{
    Form *form = g_object_get_data(G_OBJECT(message), UPLOAD);
    g_autoptr(GList) names = json_object_get_members(form->params);

    for (GList *name = names; name; name = name->next)
        json_object_set_member(params, name->data, json_object_dup_member(form->params, name->data));
    return form->state == END;
}

char *fake_upload_add(FakeServer *server, GBytes *content)
{
    char *upload = g_strdup_printf("%u", ++server->uploads->last_id);

    g_hash_table_insert(server->uploads->files, g_strdup(upload), g_bytes_ref(content));
    return upload;
}

GBytes *fake_upload_take(FakeServer *server, const char *upload)
{
    gpointer key = NULL, bytes = NULL;

    if (!g_hash_table_steal_extended(server->uploads->files, upload, &key, &bytes))
        return NULL;
    g_free(key);
    return bytes;
}

void fake_server_cut_upload(FakeServer *server, gint64 after)
{
    server->uploads->break_after = after;
    server->uploads->stalls = FALSE;
}

void fake_server_stall_upload(FakeServer *server, gint64 after)
{
    server->uploads->break_after = after;
    server->uploads->stalls = TRUE;
}

gint64 fake_server_count_uploaded(FakeServer *server)
{
    return server->uploads->received;
}
