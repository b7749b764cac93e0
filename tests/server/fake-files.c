/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Uploaded files: 302 from the API to a storage place that fails when it sees credentials. Sheet: 3.11. The storage
 * place is on the stream's port, so that it is another origin than the API. */
#include "fake-files.h"

#include <string.h>

#include "fake-post.h"
#include "fake-text.h"
#include "fake-upload.h"

#define LINK_LIFE_US (60 * G_USEC_PER_SEC)

typedef struct {
    char *name, *type;
    char *tag;
    GBytes *content;
    FakeTalk *talk;
} File;

typedef struct {
    File *file;
    gint64 expires_us;
} Link;

struct FakeFiles {
    GHashTable *files;      /* "NUMBER/HASH" -> File */
    GHashTable *links;      /* token -> Link */
    gint64 size;            /* of all files */
    gint64 max_file, quota; /* 0: any */
};

static void file_free(gpointer data)
{
    File *file = data;

    g_free(file->name);
    g_free(file->type);
    g_free(file->tag);
    g_bytes_unref(file->content);
    g_free(file);
}

FakeFiles *fake_files_new(void)
{
    FakeFiles *files = g_new0(FakeFiles, 1);

    files->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
    files->links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return files;
}

void fake_files_free(FakeFiles *files)
{
    g_hash_table_unref(files->links);
    g_hash_table_unref(files->files);
    g_free(files);
}

static guint32 big_endian(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* A PNG tells its size at a fixed place; the other formats get no size, which is allowed. */
static void add_image(JsonObject *attachment, GBytes *content, const char *base, const char *escaped_name)
{
    gsize length;
    const guint8 *bytes = g_bytes_get_data(content, &length);
    g_autofree char *path = g_strdup_printf("%s/thumb/%s", base, escaped_name);
    JsonObject *image, *thumbnail;

    if (length < 24 || memcmp(bytes, "\211PNG\r\n\032\n", 8) != 0)
        return;
    image = json_object_new();
    json_object_set_int_member(image, "width", big_endian(bytes + 16));
    json_object_set_int_member(image, "height", big_endian(bytes + 20));
    json_object_set_object_member(attachment, "image", image);
    thumbnail = json_object_new();
    json_object_set_string_member(thumbnail, "path", path);
    json_object_set_int_member(thumbnail, "width", MIN(big_endian(bytes + 16), 100));
    json_object_set_int_member(thumbnail, "height", MIN(big_endian(bytes + 20), 100));
    json_object_set_object_member(attachment, "thumbnail", thumbnail);
}

/* (transfer full) (nullable) */
static GBytes *content_of(FakeServer *server, JsonObject *file)
{
    const char *data = fake_json_string(file, "data"), *upload = fake_json_string(file, "upload");
    guchar *bytes;
    gsize length;

    if (upload)
        return fake_upload_take(server, upload);
    if (!data)
        return NULL;
    bytes = g_base64_decode(data, &length);
    return g_bytes_new_take(bytes, length);
}

static FakeFilesVerdict judge(FakeFiles *files, const char *name, GBytes *content)
{
    gint64 size = content ? (gint64)g_bytes_get_size(content) : 0;

    if (!content || !name || !*name || strchr(name, '/'))
        return FAKE_FILES_UNFIT;
    if (files->max_file > 0 && size > files->max_file)
        return FAKE_FILES_TOO_LARGE;
    if (files->quota > 0 && files->size + size > files->quota)
        return FAKE_FILES_NO_ROOM;
    files->size += size;
    return FAKE_FILES_GOOD;
}

FakeFilesVerdict fake_files_add(FakeServer *server, FakeTalk *talk, JsonObject *upload, JsonObject **added)
{
    const char *name = fake_json_string(upload, "file_name"), *type = fake_json_string(upload, "content_type");
    g_autofree char *hash = fake_text_random(22);
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT "/%s", server->last_file_id + 1, hash);
    g_autofree char *escaped = name ? g_uri_escape_string(name, NULL, FALSE) : NULL;
    g_autofree char *base = g_strconcat("/files/", key, NULL);
    g_autofree char *path = g_strconcat(base, "/", escaped, NULL);
    g_autoptr(GBytes) content = content_of(server, upload);
    FakeFilesVerdict verdict = judge(server->files, name, content);
    JsonObject *attachment;
    File *file;

    if (verdict != FAKE_FILES_GOOD)
        return verdict;
    server->last_file_id++;
    file = g_new0(File, 1);
    file->name = g_strdup(name);
    file->type = g_strdup(type ? type : "application/octet-stream");
    file->tag = g_strdup_printf("\"%s\"", hash);
    file->content = g_steal_pointer(&content);
    file->talk = talk;
    g_hash_table_insert(server->files->files, g_steal_pointer(&key), file);

    attachment = json_object_new();
    json_object_set_string_member(attachment, "path", path);
    json_object_set_string_member(attachment, "file_name", name);
    json_object_set_int_member(attachment, "file_size", (gint64)g_bytes_get_size(file->content));
    json_object_set_string_member(attachment, "content_type", file->type);
    add_image(attachment, file->content, base, escaped);
    *added = attachment;
    return FAKE_FILES_GOOD;
}

static gboolean may_see(FakeTalk *talk, const FakeUser *user)
{
    return talk->flow ? fake_state_is_active_member(talk->flow, user) : talk->pair[0] == user || talk->pair[1] == user;
}

void fake_files_redirect(FakeCall *call)
{
    g_autofree char *key = g_strconcat(call->args[0], "/", call->args[1], NULL);
    File *file = g_hash_table_lookup(call->server->files->files, key);
    g_autofree char *token = fake_text_random(32);
    g_autofree char *target = NULL;
    Link *link;

    if (!file || !may_see(file->talk, call->user)) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
        return;
    }
    target = g_strdup_printf("%s/storage/%s?Expires=%" G_GINT64_FORMAT, call->server->stream_url, token,
                             (g_get_real_time() + LINK_LIFE_US) / G_USEC_PER_SEC);
    link = g_new0(Link, 1);
    link->file = file;
    link->expires_us = g_get_monotonic_time() + LINK_LIFE_US;
    g_hash_table_insert(call->server->files->links, g_steal_pointer(&token), link);
    fake_call_text(call, SOUP_STATUS_FOUND, "text/html", NULL);
    fake_call_header(call, "Location", target);
}

/* Whole, or the one range that was asked for: SoupServer would leave If-Range out of account. */
static void give_file(FakeCall *call, File *file)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(call->message);
    const char *condition = soup_message_headers_get_one(headers, "If-Range");
    gint64 total = (gint64)g_bytes_get_size(file->content);
    gboolean may_be_part =
        !(call->server->odd & FAKE_ODD_NO_RANGES) && (!condition || g_str_equal(condition, file->tag));
    SoupRange *ranges = NULL;
    int count = 0;

    if (may_be_part && soup_message_headers_get_ranges(headers, total, &ranges, &count) && count == 1) {
        gint64 first = ranges[0].start, last = MIN(ranges[0].end, total - 1);
        g_autoptr(GBytes) part = NULL;
        g_autofree char *range = NULL;

        if (first >= total || first > last) {
            range = g_strdup_printf("bytes */%" G_GINT64_FORMAT, total);
            fake_call_text(call, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE, "application/xml", NULL);
        } else {
            range = g_strdup_printf("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, first, last,
                                    total);
            part = g_bytes_new_from_bytes(file->content, (gsize)first, (gsize)(last - first + 1));
            fake_call_bytes(call, SOUP_STATUS_PARTIAL_CONTENT, file->type, part);
        }
        fake_call_header(call, "Content-Range", range);
    } else {
        fake_call_bytes(call, SOUP_STATUS_OK, file->type, file->content);
    }
    if (ranges)
        soup_message_headers_free_ranges(headers, ranges);
    soup_message_headers_remove(headers, "Range");
}

void fake_files_fetch(FakeCall *call)
{
    Link *link = g_hash_table_lookup(call->server->files->links, call->args[0]);
    g_autofree char *escaped = NULL;

    if (call->log->authorization || json_object_has_member(call->params, "access_token")) {
        fake_call_text(call, SOUP_STATUS_BAD_REQUEST, "application/xml",
                       g_strdup("<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message>"
                                "</Error>\n"));
        return;
    }
    if (!link || link->expires_us < g_get_monotonic_time()) {
        fake_call_text(call, SOUP_STATUS_FORBIDDEN, "application/xml",
                       g_strdup("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>\n"));
        return;
    }
    escaped = g_uri_escape_string(link->file->name, NULL, FALSE);
    fake_call_header(call, "x-amz-meta-name", escaped);
    fake_call_header(call, "ETag", link->file->tag);
    give_file(call, link->file);
}

void fake_server_expire_links(FakeServer *server)
{
    g_hash_table_remove_all(server->files->links);
}

void fake_server_set_max_file(FakeServer *server, gint64 bytes)
{
    server->files->max_file = bytes;
}

void fake_server_set_file_quota(FakeServer *server, gint64 bytes)
{
    server->files->quota = bytes;
}

GBytes *fake_server_get_file(FakeServer *server, const char *conversation, gint64 message_id)
{
    JsonObject *message = fake_server_get_message(server, conversation, message_id);
    const char *path = fake_json_string(fake_json_object(message, "content"), "path");
    g_auto(GStrv) parts = g_strsplit(path ? path : "", "/", -1);
    g_autofree char *key = g_strv_length(parts) > 3 ? g_strconcat(parts[2], "/", parts[3], NULL) : NULL;
    File *file = key ? g_hash_table_lookup(server->files->files, key) : NULL;

    return file ? g_bytes_ref(file->content) : NULL;
}

gint64 fake_server_add_file(FakeServer *server, const char *conversation, gint64 user_id, const char *name,
                            const char *content_type, GBytes *content)
{
    g_autofree char *upload = fake_upload_add(server, content);
    g_autoptr(JsonObject) params = json_object_new();
    JsonObject *file = json_object_new();
    g_autofree char *json = NULL;
    g_autoptr(GError) error = NULL;
    gint64 id;

    json_object_set_string_member(file, "upload", upload);
    json_object_set_string_member(file, "file_name", name);
    if (content_type)
        json_object_set_string_member(file, "content_type", content_type);
    json_object_set_string_member(params, "event", "file");
    json_object_set_object_member(params, "content", file);
    json = fake_json_print_object(params);
    id = fake_server_post(server, conversation, user_id, json, &error);
    g_assert_no_error(error);
    return id;
}
