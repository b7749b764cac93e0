/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about files that were shared. */
#include "fd-command.h"
#include "fd-commands.h"
#include "fd-xfers.h"

#include "text/text-escape.h"
#include "text/text-md-html.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Messages at a time. */
#define PAGE 20
/* Of a line without its link: more than any name and type has. */
#define MAX_CHARS 500

/* --------------------------------------------------------------------------------------------------------- the list */

/* "#12345/2 14:03 Ann: plan.pdf (application/pdf, 1.2 MB) LINK" */
static void append_file(GString *html, const FdCall *call, const FdMessage *message, const FdFile *file, guint place)
{
    g_autofree char *who = fd_event_author(call->account->state, message);
    g_autofree char *name = fd_event_file_name(file);
    g_autofree char *line = fd_refs_describe(message->id, message->sent_ms, who, name, MAX_CHARS);
    g_autofree char *link = fd_event_file_link(call->account->state, call->room, file);
    gsize number = strcspn(line, " ");
    g_autofree char *numbered =
        place > 1 ? g_strdup_printf("%.*s/%u%s", (int)number, line, place, line + number) : g_strdup(line);
    /* A name may look like a link. */
    g_autofree char *line_html = text_escape_html(numbered);
    g_autofree char *link_html = link ? text_plain_to_html(link) : NULL;

    g_string_append_printf(html, "<br>%s%s%s", line_html, link_html ? " " : "", link_html ? link_html : "");
}

/* Returns: so many were appended. */
static guint append_files(GString *html, const FdCall *call, const FdMessage *message)
{
    g_autoptr(GPtrArray) files = fd_files_of_message(message);
    /* What is listed can be referred to. */
    g_autoptr(FdLine) line = fd_event_line(call->account->state, call->room, message);

    for (guint i = 0; line && i < files->len; i++)
        append_file(html, call, message, files->pdata[i], i + 1);
    return line ? files->len : 0;
}

static void go_on(FdCall *call, gint64 until);

static void say_files(const FdCall *call, GPtrArray *messages, gboolean first)
{
    gboolean more = messages->len >= PAGE;
    g_autoptr(GString) html = g_string_new(NULL);
    guint count = 0;

    fd_call_page(call, more ? go_on : NULL, messages->len > 0 ? ((const FdMessage *)messages->pdata[0])->id : 0);
    for (guint i = 0; i < messages->len; i++)
        count += append_files(html, call, messages->pdata[i]);
    if (count == 0 && !more) {
        fd_call_say(call, first ? _("Nothing was found.") : _("There is nothing more."));
    } else {
        g_autofree char *head = text_escape_html(first ? _("Files, the newest last:") : _("Files, further back:"));
        g_autofree char *foot = text_escape_html(more ? _("/download NUMBER fetches one, /more goes on.")
                                                      : _("/download NUMBER fetches one."));

        g_string_prepend(html, head);
        g_string_append_printf(html, "<br>%s", foot);
        fd_call_say_html(call, html->str);
    }
}

/* A list under way. */
typedef struct {
    FdCall *call;
    gint64 until;
} Listing;

static void on_messages(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Listing *listing = user_data;
    g_autoptr(FdCall) call = listing->call;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) messages = fd_api_messages_list_finish(result, &error);

    (void)source;
    if (messages) {
        say_files(call, messages, listing->until == 0);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        /* So that it can be tried again. */
        if (listing->until)
            fd_call_page(call, go_on, listing->until);
        fd_call_refuse_error(call, error);
    }
}

/* Takes @call over. */
static void go_on(FdCall *call, gint64 until)
{
    FdAccount *account = call->account;
    FdApiPlace place = fd_room_place(call->room);
    Listing *listing = g_new0(Listing, 1);

    listing->call = call;
    listing->until = until;
    place.thread_id = fd_call_thread(call);
    fd_api_files_list_async(account->api, &place, until, PAGE, account->cancellable, on_messages, listing);
}

void fd_command_files(FdCall *call)
{
    go_on(call, 0);
}

/* -------------------------------------------------------------------------------------------------------- which one */

/* Where the file goes that is meant. */
typedef struct {
    FdCall *call;
    gint64 id;   /* of the message, where that is asked for */
    guint place; /* among its files; 0: not said */
    char *path;  /* (nullable) */
} Wanted;

static void wanted_free(Wanted *wanted)
{
    fd_call_free(wanted->call);
    g_free(wanted->path);
    g_free(wanted);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wanted, wanted_free)

static void fetch(const Wanted *wanted, const FdFile *file, const char *who)
{
    FdCall *call = wanted->call;
    g_autoptr(FdFile) copy = fd_file_copy(file);
    g_autofree char *name = g_strdup(who);

    call->ended = TRUE;
    fd_xfers_fetch(call->account->xfers, call->room, call->thread_chat, copy, name, wanted->path);
}

static void on_message(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Wanted) wanted = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = fd_api_message_show_finish(result, &error);
    FdCall *call = wanted->call;
    g_autoptr(GPtrArray) files = message ? fd_files_of_message(message) : NULL;
    guint place = MAX(wanted->place, 1);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!message) {
        fd_call_refuse_error(call, error);
    } else if (files->len == 0) {
        fd_call_refuse(call, _("This message has no file. /files lists those that were shared here."));
    } else if (place > files->len) {
        g_autofree char *why =
            g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "This message has only %u file. /files lists all.",
                                        "This message has only %u files. /files lists all.", files->len),
                            files->len);

        fd_call_refuse(call, why);
    } else {
        g_autofree char *who = fd_event_author(call->account->state, message);

        fd_files_add(call->room->files, message, who, files);
        fetch(wanted, files->pdata[place - 1], who);
    }
}

/* Takes @wanted. */
static void ask(Wanted *wanted)
{
    FdAccount *account = wanted->call->account;
    FdApiPlace place = fd_room_place(wanted->call->room);

    fd_api_message_show_async(account->api, &place, wanted->id, account->cancellable, on_message, wanted);
}

/* "12345" or "12345/2", with or without #. */
static gboolean read_number(const char *word, Wanted *wanted)
{
    const char *digits = *word == '#' ? word + 1 : word;
    guint64 id, place = 0;
    char *end;

    if (!g_ascii_isdigit(*digits))
        return FALSE;
    id = g_ascii_strtoull(digits, &end, 10);
    if (*end == '/' && g_ascii_isdigit(end[1])) {
        place = g_ascii_strtoull(end + 1, &end, 10);
        if (place == 0)
            return FALSE;
    }
    if (*end || id == 0 || id > G_MAXINT64)
        return FALSE;
    wanted->id = (gint64)id;
    wanted->place = (guint)MIN(place, G_MAXUINT);
    return TRUE;
}

/* "^", "^3"; 0: it is neither. */
static guint place_of(const char *word)
{
    guint64 place;
    char *end;

    if (*word != '^' || (word[1] && !g_ascii_isdigit(word[1])))
        return 0;
    place = word[1] ? g_ascii_strtoull(word + 1, &end, 10) : 1;
    return word[1] && *end ? 0 : (guint)MIN(place, G_MAXUINT);
}

/* (nullable) (transfer full): why there is no such file. @word: (nullable): the last one. */
static char *find_by_place(const FdCall *call, const char *word, const FdShared **found)
{
    guint place = word ? place_of(word) : 1;

    if (place == 0)
        return g_strdup_printf(
            _("\"%s\" means no file. Give the number of its message (#12345, or #12345/2 for its second "
              "file), ^ for the last file here, ^3 for the third last, or @nick for that person's last "
              "one; /files lists them."),
            word);
    *found = fd_files_nth(call->room->files, place, fd_call_thread(call));
    if (*found)
        return NULL;
    return g_strdup(fd_files_nth(call->room->files, 1, fd_call_thread(call))
                        ? _("There were not so many files here lately. /files lists those that were shared.")
                        : _("There was no file here lately. /files lists those that were shared."));
}

/* (nullable) (transfer full): why there is no such file. */
static char *find_of_person(const FdCall *call, const char *nick, const FdShared **found)
{
    const FdPerson *person = *nick ? fd_people_find(call->account->state->people, nick) : NULL;

    *found = person ? fd_files_last_of(call->room->files, person->id, fd_call_thread(call)) : NULL;
    if (*found)
        return NULL;
    return person ? g_strdup_printf(_("%s has shared no file here lately. /files lists those that were shared here."),
                                    person->shown)
                  : g_strdup_printf(_("There is nobody called %s."), nick);
}

/* A path cannot be taken for anything else. */
static gboolean is_path(const char *word)
{
    return strchr("/~.", *word) != NULL;
}

void fd_command_download(FdCall *call)
{
    g_autoptr(Wanted) wanted = g_new0(Wanted, 1);
    const char *args = call->args;
    g_autofree char *word = *args && !is_path(args) ? fd_call_next_word(&args) : NULL;
    g_autofree char *problem = NULL;
    const FdShared *found = NULL;

    wanted->call = call;
    wanted->path = *args ? g_strdup(args) : NULL;
    if (word && read_number(word, wanted)) {
        found = fd_files_find(call->room->files, wanted->id, wanted->place);
        if (!found) {
            ask(g_steal_pointer(&wanted));
            return;
        }
    } else if (word && *word == '@') {
        problem = find_of_person(call, word + 1, &found);
    } else {
        problem = find_by_place(call, word, &found);
    }
    if (found)
        fetch(wanted, found->file, found->who);
    else
        fd_call_refuse(call, problem);
}
