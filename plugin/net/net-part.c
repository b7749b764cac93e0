/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks are looked at, written and closed by GIO's own threads; only names are changed right here, which takes no time. */
#include "net-part.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Names that are tried; a folder in which all are taken is a strange one. */
#define MAX_NAMES 20
/* Longest name of a file, in bytes. */
#define MAX_NAME 255

struct _NetPart {
    gatomicrefcount refs;
    char *path; /* (nullable) */
    gboolean overwrite;
    gboolean removed;
    GFile *file; /* (nullable) while there is none */
    GOutputStream *stream;
    guint names; /* tried in vain */
};

NetPart *net_part_new(const char *path, gboolean overwrite)
{
    NetPart *part = g_new0(NetPart, 1);

    g_atomic_ref_count_init(&part->refs);
    part->path = g_strdup(path);
    part->overwrite = overwrite;
    return part;
}

NetPart *net_part_ref(NetPart *part)
{
    g_atomic_ref_count_inc(&part->refs);
    return part;
}

void net_part_unref(NetPart *part)
{
    if (!part || !g_atomic_ref_count_dec(&part->refs))
        return;
    net_part_remove(part);
    g_clear_object(&part->stream);
    g_free(part->path);
    g_free(part);
}

void net_part_remove(NetPart *part)
{
    part->removed = TRUE;
    if (part->file)
        g_file_delete(part->file, NULL, NULL);
    g_clear_object(&part->file);
}

static GError *error_of_errno(int code)
{
    return g_error_new_literal(G_IO_ERROR, (int)g_io_error_from_errno(code), g_strerror(code));
}

/* (transfer full) */
static GTask *task_new(NetPart *part, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback done,
                       gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);

    g_task_set_source_tag(task, tag);
    g_task_set_task_data(task, net_part_ref(part), (GDestroyNotify)net_part_unref);
    return task;
}

/* --------------------------------------------------------------------------------------------------------- looking */

static void on_looked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    const NetPart *part = g_task_get_task_data(task);
    g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(source), result, &error);

    if (info && g_file_info_get_file_type(info) == G_FILE_TYPE_DIRECTORY)
        error = error_of_errno(EISDIR);
    else if (info && !part->overwrite)
        error = error_of_errno(EEXIST);
    else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        g_clear_error(&error);
    if (error)
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
}

void net_part_look_async(NetPart *part, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = task_new(part, net_part_look_async, cancellable, done, user_data);
    g_autoptr(GFile) place = NULL;

    if (!part->path) {
        g_task_return_boolean(task, TRUE);
        g_object_unref(task);
        return;
    }
    place = g_file_new_for_path(part->path);
    g_file_query_info_async(place, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
                            G_PRIORITY_DEFAULT, cancellable, on_looked, task);
}

gboolean net_part_look_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

/* --------------------------------------------------------------------------------------------------------- opening */

/* (transfer full): a name beside the place that is not too long. */
static GFile *file_beside(const NetPart *part)
{
    g_autofree char *folder = g_path_get_dirname(part->path);
    g_autofree char *name = g_path_get_basename(part->path);
    g_autofree char *suffix = part->names > 0 ? g_strdup_printf(".%u.part", part->names) : g_strdup(".part");
    g_autofree char *all = NULL;

    if (strlen(name) + strlen(suffix) > MAX_NAME) {
        char *end = name + MAX_NAME - strlen(suffix);

        /* Not within a character. */
        while (end > name && ((guchar)*end & 0xc0) == 0x80)
            end--;
        *end = '\0';
    }
    all = g_strconcat(name, suffix, NULL);
    return g_file_new_build_filename(folder, all, NULL);
}

static void create(GTask *task);

static void on_created(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    NetPart *part = g_task_get_task_data(task);
    GFileOutputStream *stream = g_file_create_finish(G_FILE(source), result, &error);

    if (stream) {
        part->stream = G_OUTPUT_STREAM(stream);
        part->file = G_FILE(g_object_ref(source));
        if (part->removed)
            net_part_remove(part);
        g_task_return_boolean(task, TRUE);
    } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_EXISTS) && ++part->names < MAX_NAMES) {
        g_error_free(error);
        create(task);
    } else {
        g_task_return_error(task, error);
    }
}

/* This cannot be cancelled, or it would not be known whether a file is there and ours. */
static void create(GTask *task)
{
    g_autoptr(GFile) file = file_beside(g_task_get_task_data(task));

    g_file_create_async(file, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT, NULL, on_created, g_object_ref(task));
}

void net_part_open_async(NetPart *part, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(GTask) task = task_new(part, net_part_open_async, cancellable, done, user_data);

    if (part->path) {
        create(task);
        return;
    }
    part->stream = g_memory_output_stream_new_resizable();
    g_task_return_boolean(task, TRUE);
}

gboolean net_part_open_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

GOutputStream *net_part_get_stream(const NetPart *part)
{
    return part->stream;
}

gboolean net_part_cut(NetPart *part, gint64 length, GError **error)
{
    return g_seekable_truncate(G_SEEKABLE(part->stream), length, NULL, error) &&
           g_seekable_seek(G_SEEKABLE(part->stream), length, G_SEEK_SET, NULL, error);
}

/* --------------------------------------------------------------------------------------------------------- keeping */

/* (nullable): why not. */
static GError *put_in_place(NetPart *part)
{
    const char *from = g_file_peek_path(part->file);
    GStatBuf there;

    /* A link is never made over a file that is there, but not every file system has them. */
    if (!part->overwrite && link(from, part->path) == 0) {
        g_unlink(from);
        return NULL;
    }
    if (!part->overwrite && (errno == EEXIST || g_lstat(part->path, &there) == 0))
        return error_of_errno(EEXIST);
    return g_rename(from, part->path) == 0 ? NULL : error_of_errno(errno);
}

static void on_closed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    NetPart *part = g_task_get_task_data(task);

    if (g_output_stream_close_finish(G_OUTPUT_STREAM(source), result, &error) &&
        !g_cancellable_set_error_if_cancelled(g_task_get_cancellable(task), &error) && part->file)
        error = put_in_place(part);
    if (error) {
        g_task_return_error(task, error);
        return;
    }
    /* It is nobody's to remove any more. */
    g_clear_object(&part->file);
    g_task_return_pointer(task,
                          part->path ? g_bytes_new_static("", 0)
                                     : g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(part->stream)),
                          (GDestroyNotify)g_bytes_unref);
}

void net_part_keep_async(NetPart *part, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = task_new(part, net_part_keep_async, cancellable, done, user_data);

    g_output_stream_close_async(part->stream, G_PRIORITY_DEFAULT, cancellable, on_closed, task);
}

GBytes *net_part_keep_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
