/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attachments as structs, and the calls about them. */
#include "fd-api-files.h"

#include "fd-decode.h"
#include "net/net-json.h"
#include "text/text-escape.h"
#include "text/text-scan.h"

#include <string.h>

#define NO_NAME "file"
/* Longest name that file systems take, in bytes, and how much of its end is kept where it is cut. */
#define MAX_DISK_NAME 255
#define MAX_SUFFIX 16
#define MAX_TYPE 100
/* Of files in the web client. */
#define WEB_PREFIX "/rest"
/* Of a picture; more is no picture. */
#define MAX_PIXELS 1000000

/* ------------------------------------------------------------------------------------------------------- the struct */

void fd_file_free(FdFile *file)
{
    if (!file)
        return;
    g_free(file->path);
    g_free(file->name);
    g_free(file->content_type);
    g_free(file->thumbnail);
    g_free(file);
}

FdFile *fd_file_copy(const FdFile *file)
{
    FdFile *copy = g_new(FdFile, 1);

    *copy = *file;
    copy->path = g_strdup(file->path);
    copy->name = g_strdup(file->name);
    copy->content_type = g_strdup(file->content_type);
    copy->thumbnail = g_strdup(file->thumbnail);
    return copy;
}

/* --------------------------------------------------------------------------------------------------------- the path */

/* (transfer full) (nullable): the plain segments of a path, whether it came encoded or not. The request encodes them again,
 * and so nothing in it can be taken for a query or another host. */
static char **segments_of(const char *path)
{
    char **segments;

    if (!path || *path != '/' || strlen(path) > FD_FILE_MAX_PATH)
        return NULL;
    segments = g_strsplit(path + 1, "/", -1);
    for (char **at = segments; *at; at++) {
        char *plain = g_uri_unescape_string(*at, NULL);

        /* A percent sign that encodes nothing is one. */
        if (plain && g_utf8_validate(plain, -1, NULL)) {
            g_free(*at);
            *at = plain;
        } else {
            g_free(plain);
        }
        if (!**at || strcmp(*at, ".") == 0 || strcmp(*at, "..") == 0) {
            g_strfreev(segments);
            return NULL;
        }
    }
    return segments;
}

static gboolean is_path(const char *path)
{
    g_auto(GStrv) segments = segments_of(path);

    return segments && segments[0];
}

/* (transfer full) (nullable): "https://www.example.com" */
static char *web_origin(const char *web_url)
{
    g_autoptr(GUri) page = web_url ? g_uri_parse(web_url, G_URI_FLAGS_ENCODED, NULL) : NULL;
    const char *scheme = page ? g_uri_get_scheme(page) : NULL;
    const char *host = page ? g_uri_get_host(page) : NULL;

    if (!host || !*host || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
        return NULL;
    return g_uri_join(G_URI_FLAGS_ENCODED, scheme, NULL, host, g_uri_get_port(page), "", NULL, NULL);
}

static gboolean is_ascii(const char *text)
{
    while (g_ascii_isprint(*text))
        text++;
    return !*text;
}

/* What looks for links in a text takes punctuation at the end for that of the sentence. */
static void encode_end(GString *link)
{
    char last = link->str[link->len - 1];

    if (g_ascii_isalnum(last))
        return;
    g_string_truncate(link, link->len - 1);
    g_string_append_printf(link, "%%%02X", (guint)(guchar)last);
}

char *fd_file_web_link(const char *web_url, const char *path)
{
    g_autofree char *origin = web_origin(web_url);
    g_auto(GStrv) segments = segments_of(path);
    g_autoptr(GString) link = NULL;

    if (!origin || !segments || !*segments)
        return NULL;
    link = g_string_new(origin);
    g_string_append(link, WEB_PREFIX);
    for (char **at = segments; *at; at++) {
        g_string_append_c(link, '/');
        g_string_append_uri_escaped(link, *at, NULL, FALSE);
    }
    encode_end(link);
    return link->len <= FD_FILE_MAX_LINK && is_ascii(link->str) ? text_scan_address(link->str, link->len) : NULL;
}

/* --------------------------------------------------------------------------------------------------------- decoding */

/* (transfer full): the name, else what the path ends with. */
static char *decode_name(const char *name, const char *path)
{
    g_auto(GStrv) segments = segments_of(path);
    char *line = text_clean_line(name);

    if (!*line) {
        g_free(line);
        line = text_clean_line(segments[g_strv_length(segments) - 1]);
    }
    if (g_utf8_strlen(line, -1) > FD_FILE_MAX_NAME)
        *g_utf8_offset_to_pointer(line, FD_FILE_MAX_NAME) = '\0';
    g_strchomp(line);
    if (*line)
        return line;
    g_free(line);
    return g_strdup(NO_NAME);
}

/* (transfer full) (nullable) */
static char *decode_type(const char *type)
{
    gsize length = type ? strcspn(type, "; ") : 0;
    gboolean has_slash = FALSE;

    if (length == 0 || length > MAX_TYPE)
        return NULL;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(type[i]) && !strchr("!#$&-^_.+/", type[i]))
            return NULL;
        has_slash |= type[i] == '/';
    }
    return has_slash ? g_ascii_strdown(type, (gssize)length) : NULL;
}

static void decode_pixels(JsonObject *object, guint *width, guint *height)
{
    gint64 across = net_json_int(object, "width", 0), down = net_json_int(object, "height", 0);

    if (across < 1 || across > MAX_PIXELS || down < 1 || down > MAX_PIXELS)
        return;
    *width = (guint)across;
    *height = (guint)down;
}

FdFile *fd_file_decode(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    JsonObject *thumbnail = net_json_object(object, "thumbnail");
    const char *path = net_json_string(object, "path");
    FdFile *file;

    if (!is_path(path))
        return NULL;
    file = g_new0(FdFile, 1);
    file->path = g_strdup(path);
    file->name = decode_name(net_json_string(object, "file_name"), path);
    file->size = net_json_int(object, "file_size", -1);
    if (file->size < 0 || file->size > FD_DECODE_MAX_ID)
        file->size = -1;
    file->content_type = decode_type(net_json_string(object, "content_type"));
    decode_pixels(net_json_object(object, "image"), &file->width, &file->height);
    if (is_path(net_json_string(thumbnail, "path"))) {
        file->thumbnail = g_strdup(net_json_string(thumbnail, "path"));
        decode_pixels(thumbnail, &file->thumbnail_width, &file->thumbnail_height);
    }
    return file;
}

static void add_file(GPtrArray *files, JsonNode *node)
{
    FdFile *file = fd_file_decode(node);

    if (file)
        g_ptr_array_add(files, file);
}

/* The attachments first: the content of a documented sample has a path that leads nowhere. Sheet: 3.11, "Path forms". */
GPtrArray *fd_files_of_message(const FdMessage *message)
{
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)fd_file_free);
    JsonArray *attachments = net_json_array(message->json, "attachments");
    guint count = attachments ? json_array_get_length(attachments) : 0;

    for (guint i = 0; i < count && files->len < FD_FILE_MAX; i++)
        add_file(files, json_array_get_element(attachments, i));
    if (files->len == 0 && strcmp(message->event, "file") == 0 && message->content)
        add_file(files, message->content);
    return files;
}

/* ----------------------------------------------------------------------------------------------------- names on disk */

/* Cuts in front of what it is called at the end. */
static void shorten(GString *name)
{
    const char *dot = strrchr(name->str, '.');
    gsize suffix = dot ? name->len - (gsize)(dot - name->str) : 0;
    gsize end;

    if (name->len <= MAX_DISK_NAME)
        return;
    if (suffix > MAX_SUFFIX)
        suffix = 0;
    end = MAX_DISK_NAME - suffix;
    /* Not within a character. */
    while (end > 0 && ((guchar)name->str[end] & 0xc0) == 0x80)
        end--;
    g_string_erase(name, (gssize)end, (gssize)(name->len - suffix - end));
}

char *fd_file_disk_name(const char *name)
{
    g_autofree char *line = text_clean_line(name);
    GString *safe = g_string_new(NULL);

    for (const char *at = line; *at; at++)
        g_string_append_c(safe, strchr("/\\:*?\"<>|", *at) ? '_' : *at);
    /* "..", too. */
    for (gsize i = 0; safe->str[i] == '.'; i++)
        safe->str[i] = '_';
    if (safe->len == 0)
        g_string_append(safe, NO_NAME);
    shorten(safe);
    return g_string_free(safe, FALSE);
}

/* ----------------------------------------------------------------------------------------------------------- calls */

void fd_api_file_upload_async(FdApi *api, const FdApiPlace *place, const FdApiUpload *upload, GCancellable *cancellable,
                              GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    g_autoptr(NetRequest) request = fd_api_request_for_messages("POST", place);
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    g_autofree char *tags = upload->tags ? g_strjoinv(",", (char **)upload->tags) : NULL;
    const struct {
        const char *name;
        const char *value; /* (nullable): left out */
    } all[] = {
        { "event", "file" },
        { "uuid", upload->uuid },
        { "thread_id", place->flow_path ? upload->thread_id : NULL },
        { "tags", tags && *tags ? tags : NULL },
    };
    NetUpload file = {
        .path = upload->path,
        .bytes = upload->bytes,
        .name = upload->name,
        .content_type = upload->content_type,
        .part = "content",
        .progress = upload->progress,
        .progress_data = upload->progress_data,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        if (!all[i].value)
            continue;
        g_ptr_array_add(fields, (gpointer)all[i].name);
        g_ptr_array_add(fields, (gpointer)all[i].value);
    }
    g_ptr_array_add(fields, NULL);
    file.fields = (const char *const *)fields->pdata;
    g_task_set_source_tag(task, fd_api_file_upload_async);
    net_request_set_header(request, "X-flowdock-wait-for-message", "true");
    fd_api_upload_async(api, request, &file, cancellable, fd_api_message_sent, task);
}

void fd_api_file_download_async(FdApi *api, const char *path, const NetDownload *download, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_auto(GStrv) segments = segments_of(path);
    g_autoptr(NetRequest) request = NULL;

    if (!segments) {
        g_task_report_new_error(NULL, done, user_data, fd_api_file_download_async, FD_API_ERROR, FD_API_ERROR_BAD_SHAPE,
                                "this is no path of a file");
        return;
    }
    request = net_request_new_path("GET", (const char *const *)segments);
    fd_api_download_async(api, request, download, cancellable, done, user_data);
}

void fd_api_files_list_async(FdApi *api, const FdApiPlace *place, gint64 until, guint limit, GCancellable *cancellable,
                             GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request =
        place->flow_path && place->thread_id
            ? fd_api_request_for_flow("GET", place->flow_path, "threads", place->thread_id, "messages", NULL)
            : fd_api_request_for_messages("GET", place);

    net_request_add_query(request, "event", "file");
    net_request_add_query_int(request, "limit", CLAMP(limit, 1, FD_API_MAX_LIST));
    if (until > 0)
        net_request_add_query_int(request, "until_id", until);
    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_messages, (GDestroyNotify)g_ptr_array_unref, cancellable,
                        done, user_data);
}
