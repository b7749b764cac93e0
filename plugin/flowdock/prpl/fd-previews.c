/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures in conversations. They are other people's, and what comes is checked before a host decodes it. */
#include "fd-previews.h"

#include "fd-chats.h"
#include "fd-ims.h"
#include "fd-settings.h"
#include "fd-show.h"

#include "face/face-picture.h"
#include "flowdock/api/fd-api-files.h"
#include "text/text-escape.h"

#include <debug.h>
#include <imgstore.h>

/* Between two looks at which conversation has the focus, while something waits. Not every host tells; and whoever listens to
 * what Pidgin tells, and stops when the user signs off by way of the same signal, makes libpurple crash. */
#define LOOK_MS 1000
/* Most that the setting can allow: a picture is held in memory. */
#define MAX_KB (16 * 1024)
/* On the host's conversation: its number among all that there were. Another window of the same room has another one. */
#define WINDOW_KEY "flowdock-window"

struct _FdPreviews {
    FdAccount *account;
    GQueue waiting; /* of Picture, the newest last */
    guint calls;    /* under way */
    guint work_id;
    guint look_id;
};

typedef struct {
    FdPreviews *previews;
    FdRoom *room;
    int thread_chat;
    guint window; /* that it is for */
    char *path;
    char *name;
    char *who;
    PurpleMessageFlags flags;
    time_t when;
} Picture;

static void picture_free(gpointer data)
{
    Picture *picture = data;

    g_free(picture->path);
    g_free(picture->name);
    g_free(picture->who);
    g_free(picture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Picture, picture_free)

/* The account is signed off, or about to be. */
static gboolean is_over(const FdPreviews *previews)
{
    return g_cancellable_is_cancelled(previews->account->cancellable);
}

static gint64 max_bytes(const FdPreviews *previews)
{
    return (gint64)CLAMP(fd_settings_int(previews->account->account, FD_SETTING_PREVIEW_KB), 0, MAX_KB) * 1024;
}

/* ---------------------------------------------------------------------------------------------------------- windows */

/* (nullable) */
static PurpleConversation *find_conversation(FdPreviews *previews, const FdRoom *room, int thread_chat)
{
    if (thread_chat)
        return fd_chats_window(previews->account, thread_chat);
    return room->flow ? fd_chats_find(previews->account, room) : fd_ims_find(previews->account, room);
}

static guint get_window(PurpleConversation *conv)
{
    return GPOINTER_TO_UINT(purple_conversation_get_data(conv, WINDOW_KEY));
}

static guint number_window(PurpleConversation *conv)
{
    /* Of the program: windows outlive connections. */
    static guint last;

    if (!get_window(conv))
        purple_conversation_set_data(conv, WINDOW_KEY, GUINT_TO_POINTER(++last));
    return get_window(conv);
}

/* (nullable): its window, unless that was closed meanwhile. */
static PurpleConversation *window_of(const Picture *picture)
{
    PurpleConversation *conv = find_conversation(picture->previews, picture->room, picture->thread_chat);

    return conv && get_window(conv) == picture->window ? conv : NULL;
}

/* ------------------------------------------------------------------------------------------------------ one picture */

static void work_soon(FdPreviews *previews);

static void show(const Picture *picture, GBytes *bytes)
{
    PurpleConversation *conv = window_of(picture);
    gsize length;
    gconstpointer data = g_bytes_get_data(bytes, &length);
    g_autofree char *name = text_escape_html(picture->name);
    /* Pidgin suggests it where the picture is to be saved. */
    g_autofree char *disk_name = fd_file_disk_name(picture->name);
    g_autofree char *html = NULL;
    int id;

    if (!conv)
        return;
    id = purple_imgstore_add_with_id(g_memdup2(data, length), length, disk_name);
    if (id == 0)
        return;
    html = g_strdup_printf("<img id=\"%d\"> %s", id, name);
    /* Not by way of the chat, which looks for the user's nick in it: a name of a file addresses nobody. */
    purple_conversation_write(conv, picture->who, html, picture->flags, picture->when);
    /* The host holds what it shows. */
    purple_imgstore_unref_by_id(id);
}

static void on_bytes(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Picture) picture = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = net_download_finish_bytes(result, &error);
    FdPreviews *previews = picture->previews;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    previews->calls--;
    if (!bytes)
        purple_debug_info("flowdock", "a picture is not shown: %s\n", error->message);
    else if (!face_picture_is_fit(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)))
        purple_debug_info("flowdock", "a picture is not shown: not a PNG, JPEG or GIF of a fit size\n");
    else
        show(picture, bytes);
    if (!is_over(previews))
        work_soon(previews);
}

/* Takes @picture. */
static void begin(Picture *picture)
{
    FdPreviews *previews = picture->previews;
    FdAccount *account = previews->account;
    NetDownload download = {
        .expected = -1,
        .max_size = max_bytes(previews),
        .hurry = (guint)MAX(purple_account_get_int(account->account, FD_SETTING_HURRY, 1), 1),
    };

    /* 0 would be any size. */
    if (download.max_size == 0) {
        picture_free(picture);
        return;
    }
    previews->calls++;
    fd_api_file_download_async(account->file_api, picture->path, &download, account->cancellable, on_bytes, picture);
}

/* --------------------------------------------------------------------------------------------------- when and which */

/* (transfer full) (nullable): the oldest one that is looked at. Those whose windows are gone go, too. */
static Picture *take_next(FdPreviews *previews)
{
    for (GList *link = previews->waiting.head, *next; link; link = next) {
        Picture *picture = link->data;
        PurpleConversation *conv = window_of(picture);

        next = link->next;
        if (conv && !purple_conversation_has_focus(conv))
            continue;
        g_queue_delete_link(&previews->waiting, link);
        if (conv)
            return picture;
        picture_free(picture);
    }
    return NULL;
}

static gboolean on_look(gpointer user_data);

static gboolean on_work(gpointer user_data)
{
    FdPreviews *previews = user_data;
    Picture *picture;

    previews->work_id = 0;
    while (!is_over(previews) && previews->calls < FD_PREVIEWS_MAX_CALLS && (picture = take_next(previews)) != NULL)
        begin(picture);
    if (!is_over(previews) && !previews->look_id && !g_queue_is_empty(&previews->waiting))
        previews->look_id = g_timeout_add(fd_account_ms(previews->account, LOOK_MS), on_look, previews);
    return G_SOURCE_REMOVE;
}

/* After all that comes at once: of many only the newest are wanted. */
static void work_soon(FdPreviews *previews)
{
    if (!previews->work_id && !g_queue_is_empty(&previews->waiting))
        previews->work_id = g_idle_add_full(G_PRIORITY_LOW, on_work, previews, NULL);
}

static gboolean on_look(gpointer user_data)
{
    FdPreviews *previews = user_data;

    previews->look_id = 0;
    work_soon(previews);
    return G_SOURCE_REMOVE;
}

static gboolean is_picture(const FdFile *file)
{
    static const char *const types[] = { "image/png", "image/jpeg", "image/gif", NULL };

    return file->content_type && g_strv_contains(types, file->content_type);
}

/* Whether it may be shown, as far as is known before it is there. */
static gboolean is_wanted(const FdPreviews *previews, const FdFile *file)
{
    gboolean has_room = file->width <= FACE_PICTURE_MAX_SIDE && file->height <= FACE_PICTURE_MAX_SIDE;

    return is_picture(file) && file->size <= max_bytes(previews) && (file->thumbnail || has_room);
}

/* (transfer full) (nullable) */
static FdFile *find_picture(const FdPreviews *previews, const FdMessage *message)
{
    g_autoptr(GPtrArray) files = fd_files_of_message(message);

    for (guint i = 0; i < files->len; i++)
        if (is_wanted(previews, files->pdata[i]))
            return fd_file_copy(files->pdata[i]);
    return NULL;
}

/* Where there are too many now, the oldest of the same window goes, or the oldest of all. */
static void make_room(FdPreviews *previews, guint window)
{
    GList *oldest = NULL;
    guint count = 0;

    for (GList *link = previews->waiting.tail; link; link = link->prev) {
        if (((Picture *)link->data)->window != window)
            continue;
        oldest = link;
        count++;
    }
    if (count <= FD_PREVIEWS_MAX_IN_ONE)
        oldest = previews->waiting.length > FD_PREVIEWS_MAX_WAITING ? previews->waiting.head : NULL;
    if (!oldest)
        return;
    picture_free(oldest->data);
    g_queue_delete_link(&previews->waiting, oldest);
}

/* Whose lines the host does not show. */
static gboolean is_ignored(PurpleConversation *conv, const char *who)
{
    return purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_CHAT &&
           purple_conv_chat_is_user_ignored(PURPLE_CONV_CHAT(conv), who);
}

void fd_previews_offer(FdPreviews *previews, FdRoom *room, int thread_chat, const FdMessage *message, const char *who,
                       PurpleMessageFlags flags, time_t when)
{
    PurpleConversation *conv = NULL;
    g_autoptr(FdFile) file = NULL;
    Picture *picture;

    if (is_over(previews) || !fd_show_host_has_pictures() || max_bytes(previews) == 0 || message->id <= 0)
        return;
    file = find_picture(previews, message);
    conv = file ? find_conversation(previews, room, thread_chat) : NULL;
    if (!conv || message->id < fd_chats_get_last_shown(conv) || is_ignored(conv, who))
        return;
    picture = g_new0(Picture, 1);
    picture->previews = previews;
    picture->room = room;
    picture->thread_chat = thread_chat;
    picture->window = number_window(conv);
    picture->path = g_strdup(file->thumbnail ? file->thumbnail : file->path);
    picture->name = g_strdup(file->name);
    picture->who = g_strdup(who);
    picture->flags = (flags & ~(guint)PURPLE_MESSAGE_NICK) | PURPLE_MESSAGE_IMAGES | PURPLE_MESSAGE_NO_LOG;
    picture->when = when;
    g_queue_push_tail(&previews->waiting, picture);
    make_room(previews, picture->window);
    work_soon(previews);
}

/* ------------------------------------------------------------------------------------------------------------- life */

FdPreviews *fd_previews_new(FdAccount *account)
{
    FdPreviews *previews = g_new0(FdPreviews, 1);

    previews->account = account;
    g_queue_init(&previews->waiting);
    return previews;
}

void fd_previews_stop(FdPreviews *previews)
{
    g_clear_handle_id(&previews->work_id, g_source_remove);
    g_clear_handle_id(&previews->look_id, g_source_remove);
}

void fd_previews_free(FdPreviews *previews)
{
    if (!previews)
        return;
    fd_previews_stop(previews);
    g_queue_clear_full(&previews->waiting, picture_free);
    g_free(previews);
}
