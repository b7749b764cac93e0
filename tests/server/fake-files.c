/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Uploaded files: 302 from the API to a storage place that fails when it sees credentials. Sheet: 3.11. The storage
 * place is on the stream's port, so that it is another origin than the API. */
#include "fake-files.h"

#include <string.h>

#include "fake-text.h"

#define LINK_LIFE_US (60 * G_USEC_PER_SEC)

typedef struct {
    char *name, *type;
    GBytes *content;
    FakeTalk *talk;
} File;

typedef struct {
    File *file;
    gint64 expires_us;
} Link;

struct FakeFiles {
    GHashTable *files; /* "NUMBER/HASH" -> File */
    GHashTable *links; /* token -> Link */
};

static void file_free(gpointer data)
{
    File *file = data;

    g_free(file->name);
    g_free(file->type);
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

JsonObject *fake_files_add(FakeServer *server, FakeTalk *talk, JsonObject *upload)
{
    const char *data = fake_json_string(upload, "data"), *name = fake_json_string(upload, "file_name");
    const char *type = fake_json_string(upload, "content_type");
    g_autofree char *hash = fake_text_random(22);
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT "/%s", server->last_file_id + 1, hash);
    g_autofree char *escaped = name ? g_uri_escape_string(name, NULL, FALSE) : NULL;
    g_autofree char *base = g_strconcat("/files/", key, NULL);
    g_autofree char *path = g_strconcat(base, "/", escaped, NULL);
    JsonObject *attachment;
    guchar *bytes;
    gsize length;
    File *file;

    if (!data || !name || !*name || strchr(name, '/'))
        return NULL;
    bytes = g_base64_decode(data, &length);
    server->last_file_id++;
    file = g_new0(File, 1);
    file->name = g_strdup(name);
    file->type = g_strdup(type ? type : "application/octet-stream");
    file->content = g_bytes_new_take(bytes, length);
    file->talk = talk;
    g_hash_table_insert(server->files->files, g_steal_pointer(&key), file);

    attachment = json_object_new();
    json_object_set_string_member(attachment, "path", path);
    json_object_set_string_member(attachment, "file_name", name);
    json_object_set_int_member(attachment, "file_size", (gint64)length);
    json_object_set_string_member(attachment, "content_type", file->type);
    add_image(attachment, file->content, base, escaped);
    return attachment;
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
    fake_call_bytes(call, SOUP_STATUS_OK, link->file->type, link->file->content);
}

void fake_server_expire_links(FakeServer *server)
{
    g_hash_table_remove_all(server->files->links);
}
