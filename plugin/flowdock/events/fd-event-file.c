/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words about files: those that people share, and what other messages bring along. Sheet: 3.11. */
#include "fd-event-kinds.h"

#include "net/net-json.h"
#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* More of one message are only counted. */
#define MAX_ATTACHED 5

/* (transfer full) (nullable): "1.2 MB", with a plain blank. */
static char *size_of(const FdFile *file)
{
    g_autofree char *size = file->size >= 0 ? g_format_size((guint64)file->size) : NULL;

    return size ? text_clean_line(size) : NULL;
}

char *fd_event_file_name(const FdFile *file)
{
    g_autofree char *size = size_of(file);

    if (file->content_type && size)
        return g_strdup_printf("%s (%s, %s)", file->name, file->content_type, size);
    if (file->content_type || size)
        return g_strdup_printf("%s (%s)", file->name, file->content_type ? file->content_type : size);
    return g_strdup(file->name);
}

char *fd_event_file_link(const FdState *state, const FdRoom *room, const FdFile *file)
{
    GPtrArray *rooms = fd_rooms_list(state->rooms);
    char *link = room && room->flow ? fd_file_web_link(room->flow->web_url, file->path) : NULL;

    for (guint i = 0; i < rooms->len && !link; i++) {
        const FdRoom *other = rooms->pdata[i];

        link = other->flow ? fd_file_web_link(other->flow->web_url, file->path) : NULL;
    }
    return link;
}

/* (transfer full): of a name that may look like a link, and a link. @link: (nullable) */
static char *marked(const char *name, const char *link)
{
    return g_strdup_printf("%c%s%c%s%s", FD_LINE_WORDS, name, FD_LINE_END, link ? " " : "", link ? link : "");
}

/* (transfer full): name, type, size, link. */
static char *words_of(const FdState *state, const FdRoom *room, const FdFile *file)
{
    g_autofree char *name = fd_event_file_name(file);
    g_autofree char *link = fd_event_file_link(state, room, file);

    return marked(name, link);
}

static gboolean is_file(const FdMessage *message)
{
    return strcmp(message->event, "file") == 0;
}

/* (transfer full) (nullable): of a file that cannot be asked for, its name. */
static char *bare_words(const FdMessage *message)
{
    const char *name = net_json_string(net_json_object_of(message->content), "file_name");
    g_autofree char *line = fd_event_excerpt(name, FD_FILE_MAX_NAME);

    return *line ? marked(line, NULL) : NULL;
}

static char *say(const char *words)
{
    /* Translators: follows a name: "* ann shared a file: plan.txt". */
    return g_strdup_printf(_("shared a file: %s"), words);
}

char *fd_event_say_file(FdState *state, const FdMessage *message)
{
    g_autoptr(GPtrArray) files = fd_files_of_message(message);
    g_autofree char *words =
        files->len > 0 ? words_of(state, fd_state_room_of(state, message), files->pdata[0]) : bare_words(message);

    return words ? say(words) : NULL;
}

char *fd_event_file_brief(const FdMessage *message)
{
    g_autoptr(GPtrArray) files = is_file(message) ? fd_files_of_message(message) : NULL;

    return files && files->len > 0 ? say(((const FdFile *)files->pdata[0])->name) : NULL;
}

char *fd_event_attached(FdState *state, const FdRoom *room, const FdMessage *message)
{
    g_autoptr(GPtrArray) files = fd_files_of_message(message);
    g_autoptr(GString) text = g_string_new(NULL);
    guint first = is_file(message) ? 1 : 0;
    guint more = files->len > first + MAX_ATTACHED ? files->len - first - MAX_ATTACHED : 0;

    for (guint i = first; i < files->len - more; i++) {
        g_autofree char *words = words_of(state, room, files->pdata[i]);

        g_string_append(text, i > first ? "\n" : "");
        /* Translators: a file that came with a message. */
        g_string_append_printf(text, _("attached: %s"), words);
    }
    if (more > 0) {
        g_string_append_c(text, '\n');
        g_string_append_printf(text, g_dngettext(GETTEXT_PACKAGE, "… and %u more", "… and %u more", more), more);
    }
    return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}
