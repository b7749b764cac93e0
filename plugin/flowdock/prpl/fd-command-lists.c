/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that list: threads, messages of one, search results, older messages. */
#include "fd-command.h"
#include "fd-commands.h"

#include "fd-show.h"
#include "fd-thread-rooms.h"

#include "flowdock/api/fd-api-threads.h"
#include "net/net-error.h"
#include "text/text-escape.h"
#include "text/text-md-html.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Results at a time. */
#define PAGE 20
/* Messages of a thread that /show shows. */
#define THREAD_MESSAGES 10
/* Messages that /history loads by default. */
#define HISTORY 30
/* So much of each message is shown, in characters; */
#define SEARCH_CHARS 200
#define THREAD_CHARS 500
/* and so much of a thread's body. */
#define MAX_BODY 500

/* ---------------------------------------------------------------------------------------------------------- /more */

typedef enum { LIST_SEARCH, LIST_TAGGED, LIST_THREADS, LIST_LINES, LIST_OTHER } ListKind;

/* The next page of the last list in a room. */
typedef struct {
    ListKind kind;
    char *words;  /* SEARCH: what is searched for; TAGGED: tags, one a word; THREADS: the argument */
    char **lines; /* (nullable) LINES: all of them */
    guint skip;   /* SEARCH, LINES: so many were shown */
    gint64 until; /* TAGGED, OTHER: what was shown begins here */
    char *time;   /* (nullable) THREADS: the same, */
    char *last;   /* (nullable) and the id of the last one: whether the time is exclusive is not known */
    void (*go_on)(FdCall *call, gint64 until); /* (nullable) OTHER */
} Page;

static void page_free(gpointer data)
{
    Page *page = data;

    g_free(page->words);
    g_strfreev(page->lines);
    g_free(page->time);
    g_free(page->last);
    g_free(page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, page_free)

GHashTable *fd_commands_new_pages(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, page_free);
}

static char *page_key(const FdCall *call)
{
    return g_strdup_printf("%p %d", (const void *)call->room, call->thread_chat);
}

/* @page: (transfer full) (nullable): NULL: there is nothing more */
static void keep_page(const FdCall *call, Page *page)
{
    g_autofree char *key = page_key(call);

    if (page)
        g_hash_table_insert(call->account->pages, g_steal_pointer(&key), page);
    else
        g_hash_table_remove(call->account->pages, key);
}

static Page *page_new(ListKind kind, const char *words)
{
    Page *page = g_new0(Page, 1);

    page->kind = kind;
    page->words = g_strdup(words);
    return page;
}

void fd_call_page(const FdCall *call, void (*go_on)(FdCall *call, gint64 until), gint64 until)
{
    Page *page = go_on ? page_new(LIST_OTHER, NULL) : NULL;

    if (page) {
        page->go_on = go_on;
        page->until = until;
    }
    keep_page(call, page);
}

/* A list under way. */
typedef struct {
    FdCall *call;
    Page *page;
} Listing;

static void listing_free(Listing *listing)
{
    fd_call_free(listing->call);
    g_clear_pointer(&listing->page, page_free);
    g_free(listing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listing, listing_free)

/* Both taken over. */
static Listing *listing_new(FdCall *call, Page *page)
{
    Listing *listing = g_new0(Listing, 1);

    listing->call = call;
    listing->page = page;
    return listing;
}

/* ---------------------------------------------------------------------------------------------------------- of lines */

/* @page: taken over; @head: (nullable) */
static void say_lines(const FdCall *call, Page *page, const char *head)
{
    g_autoptr(Page) owned = page;
    g_autoptr(GString) text = g_string_new(head);

    for (guint i = 0; i < PAGE && page->lines[page->skip]; i++, page->skip++)
        g_string_append_printf(text, "%s%s", text->len ? "\n" : "", page->lines[page->skip]);
    if (page->lines[page->skip]) {
        g_string_append_printf(text, "\n%s", _("/more goes on."));
        keep_page(call, g_steal_pointer(&owned));
    } else {
        keep_page(call, NULL);
    }
    fd_call_say(call, text->str);
}

void fd_call_list(const FdCall *call, const char *head, char **lines)
{
    Page *page = page_new(LIST_LINES, NULL);

    page->lines = lines;
    say_lines(call, page, head);
}

/* ------------------------------------------------------------------------------------------------------- of messages */

/* One line of a list; (nullable) for what shows nothing. */
static char *describe(const FdCall *call, const FdMessage *message, guint max_chars)
{
    g_autoptr(FdLine) line = fd_event_line(call->account->state, call->room, message);
    g_autofree char *mark = line && !fd_call_thread(call) ? fd_line_mark(line) : NULL;
    g_autofree char *mark_html = mark ? fd_show_mark(line->thread, mark) : NULL;
    g_autofree char *words =
        line ? fd_refs_describe(message->id, line->sent_ms, line->who, line->text, max_chars) : NULL;
    g_autofree char *words_html = line ? text_plain_to_html(words) : NULL;

    return line ? g_strconcat(words_html, mark_html ? " " : "", mark_html ? mark_html : "", NULL) : NULL;
}

/* @head: plain text above them. */
static void say_messages(const FdCall *call, const char *head, GPtrArray *messages, guint max_chars, const char *foot)
{
    g_autofree char *head_html = text_escape_html(head);
    g_autoptr(GString) html = g_string_new(head_html);
    guint count = 0;

    for (guint i = 0; i < messages->len; i++) {
        g_autofree char *line = describe(call, messages->pdata[i], max_chars);

        if (!line)
            continue;
        g_string_append_printf(html, "<br>%s", line);
        count++;
    }
    /* What was deleted is found, but has nothing to show. */
    if (count == 0 && !foot) {
        fd_call_say(call, _("Nothing was found."));
        return;
    }
    if (foot) {
        g_autofree char *foot_html = text_escape_html(foot);

        g_string_append_printf(html, "<br>%s", foot_html);
    }
    fd_call_say_html(call, html->str);
}

static void go_on(const FdCall *call, Page *page, GPtrArray *messages)
{
    const FdMessage *oldest = messages->pdata[0];

    page->skip += messages->len;
    page->until = oldest->id;
    keep_page(call, page);
}

static void on_messages(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Listing) listing = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) messages = fd_api_messages_list_finish(result, &error);
    FdCall *call = listing->call;
    gboolean first = listing->page->skip == 0;
    /* Private conversations cannot be paged: the service does not skip there. Sheet: 3.7. */
    gboolean more = messages && messages->len >= PAGE && call->room->flow;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!messages) {
        /* So that it can be tried again. */
        keep_page(call, g_steal_pointer(&listing->page));
        fd_call_refuse_error(call, error);
        return;
    }
    if (messages->len == 0) {
        keep_page(call, NULL);
        fd_call_say(call, first ? _("Nothing was found.") : _("There is nothing more."));
        return;
    }
    say_messages(call, first ? _("Found, the newest last:") : _("Found, further back:"), messages, SEARCH_CHARS,
                 more ? _("/more goes on.") : NULL);
    if (more)
        go_on(call, g_steal_pointer(&listing->page), messages);
    else
        keep_page(call, NULL);
}

/* Both taken over. */
static void search(FdCall *call, Page *page)
{
    FdAccount *account = call->account;
    FdApiPlace place = fd_room_place(call->room);
    g_auto(GStrv) tags = page->kind == LIST_TAGGED ? g_strsplit(page->words, " ", -1) : NULL;
    FdApiSearch wanted = { .limit = PAGE };

    if (page->kind == LIST_TAGGED) {
        wanted.tags = (const char *const *)tags;
        wanted.until = page->until;
    } else {
        wanted.words = page->words;
        wanted.skip = page->skip;
    }
    fd_api_messages_search_async(account->api, &place, &wanted, account->cancellable, on_messages,
                                 listing_new(call, page));
}

/* (transfer full): the words, one blank apart. */
static char *joined_words(const char *args)
{
    g_autoptr(GString) words = g_string_new(NULL);

    while (*args) {
        g_autofree char *word = fd_call_next_word(&args);

        g_string_append_printf(words, "%s%s", words->len ? " " : "", word);
    }
    return g_string_free(g_steal_pointer(&words), FALSE);
}

void fd_command_search(FdCall *call)
{
    g_autofree char *words = joined_words(call->args);

    search(call, page_new(LIST_SEARCH, words));
}

/* (transfer full): as the service wants it: people by id, since several may have the same nick. */
static char *tag_for_search(const FdCall *call, const char *word)
{
    const FdPerson *person = *word == '@' ? fd_people_find(call->account->state->people, word + 1) : NULL;

    if (person)
        return g_strdup_printf(":user:%" G_GINT64_FORMAT, person->id);
    return g_strdup(*word == '#' ? word + 1 : word);
}

void fd_command_tagged(FdCall *call)
{
    g_autoptr(GString) tags = g_string_new(NULL);
    const char *args = call->args;

    while (*args) {
        g_autofree char *word = fd_call_next_word(&args);
        g_autofree char *tag = tag_for_search(call, word);

        g_string_append_printf(tags, "%s%s", tags->len ? " " : "", tag);
    }
    search(call, page_new(LIST_TAGGED, tags->str));
}

/* -------------------------------------------------------------------------------------------------------- of threads */

/* "[3: Fix login] GitHub, open, 2 reports, 5 messages" */
static char *thread_html(const FdThread *thread, const FdThreadInfo *info)
{
    g_autofree char *mark = fd_event_mark(thread->number, thread->title);
    g_autofree char *mark_html = fd_show_mark(thread->number, mark);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *text_html = NULL;

    if (info->source)
        g_string_append_printf(text, " %s,", info->source);
    if (info->status)
        g_string_append_printf(text, " %s,", info->status);
    if (info->activities) {
        g_string_append_c(text, ' ');
        /* Translators: what an integration has reported of a thread. */
        g_string_append_printf(text, g_dngettext(GETTEXT_PACKAGE, "%u report,", "%u reports,", info->activities),
                               info->activities);
    }
    g_string_append_c(text, ' ');
    g_string_append_printf(
        text, g_dngettext(GETTEXT_PACKAGE, "%u message", "%u messages", info->comments + info->discussions),
        info->comments + info->discussions);
    text_html = text_escape_html(text->str);
    return g_strconcat(mark_html, text_html, NULL);
}

static gboolean has_status(const FdThreadInfo *info, const char *status)
{
    g_autofree char *wanted = g_utf8_casefold(status, -1);
    g_autofree char *here = g_utf8_casefold(info->status ? info->status : "", -1);

    return strcmp(wanted, here) == 0;
}

static gboolean is_all(const char *argument)
{
    return g_ascii_strcasecmp(argument, "all") == 0;
}

/* (nullable): why none of them is listed. */
static const char *why_none(const Page *page, GPtrArray *threads)
{
    if (threads->len > 0)
        return _("None of the latest threads has this status. /more looks further back.");
    return page->time ? _("There is nothing more.") : _("There are no threads.");
}

static void say_threads(Listing *listing, GPtrArray *threads)
{
    const FdCall *call = listing->call;
    const char *argument = listing->page->words;
    const FdThreadInfo *last;
    g_autoptr(GString) html = g_string_new(NULL);
    guint count = 0;

    if (threads->len > 0 && g_strcmp0(((FdThreadInfo *)threads->pdata[0])->id, listing->page->last) == 0)
        g_ptr_array_remove_index(threads, 0);
    last = threads->len ? threads->pdata[threads->len - 1] : NULL;
    for (guint i = 0; i < threads->len; i++) {
        const FdThreadInfo *info = threads->pdata[i];
        g_autofree char *line = NULL;

        if (*argument && !is_all(argument) && !has_status(info, argument))
            continue;
        line = thread_html(fd_threads_learn(call->room->threads, info), info);
        g_string_append_printf(html, "%s%s", html->len ? "<br>" : "", line);
        count++;
    }
    if (count == 0) {
        fd_call_say(call, why_none(listing->page, threads));
    } else {
        g_autofree char *foot =
            text_escape_html(_("/show NUMBER shows one, /thread NUMBER TEXT writes into it, /more goes on."));

        g_string_append_printf(html, "<br>%s", foot);
        fd_call_say_html(call, html->str);
    }
    if (!last || !last->updated) {
        keep_page(call, NULL);
        return;
    }
    g_free(listing->page->time);
    listing->page->time = g_strdup(last->updated);
    g_free(listing->page->last);
    listing->page->last = g_strdup(last->id);
    keep_page(call, g_steal_pointer(&listing->page));
}

static void on_threads(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Listing) listing = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) threads = fd_api_threads_list_finish(result, &error);

    (void)source;
    if (threads) {
        say_threads(listing, threads);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        keep_page(listing->call, g_steal_pointer(&listing->page));
        fd_call_refuse_error(listing->call, error);
    }
}

/* Both taken over. */
static void list_threads(FdCall *call, Page *page)
{
    FdAccount *account = call->account;

    fd_api_threads_list_async(account->api, call->room->flow->path, page->time, is_all(page->words),
                              account->cancellable, on_threads, listing_new(call, page));
}

void fd_command_threads(FdCall *call)
{
    list_threads(call, page_new(LIST_THREADS, call->args));
}

void fd_command_more(FdCall *call)
{
    g_autofree char *key = page_key(call);
    g_autofree char *old_key = NULL;
    Page *page = NULL;

    if (!g_hash_table_steal_extended(call->account->pages, key, (gpointer *)&old_key, (gpointer *)&page)) {
        fd_call_say(call, _("There is no list that goes on. /search, /tagged, /threads, /files, /flows and "
                            "/invitations make one, and /history loads older messages."));
        fd_call_free(call);
    } else if (page->kind == LIST_LINES) {
        say_lines(call, page, NULL);
        fd_call_free(call);
    } else if (page->kind == LIST_THREADS) {
        list_threads(call, page);
    } else if (page->kind == LIST_OTHER) {
        page->go_on(call, page->until);
        page_free(page);
    } else {
        search(call, page);
    }
}

/* --------------------------------------------------------------------------------------------------------- one thread */

static void append_line(GString *html, const char *label, const char *value)
{
    g_autofree char *text = label ? g_strdup_printf("%s: %s", label, value) : g_strdup(value);
    g_autofree char *escaped = text_plain_to_html(text);

    g_string_append_printf(html, "<br>%s", escaped);
}

static void append_actions(GString *html, const FdCall *call, const FdThreadInfo *info, const FdThread *thread)
{
    g_autofree char *foot = NULL;

    for (guint i = 0; i < info->actions->len; i++) {
        const FdThreadAction *action = info->actions->pdata[i];
        g_autofree char *label = g_strdup_printf("(%u) %s", i + 1, action->name);
        g_autofree char *line = fd_act_describe(action, i + 1);
        g_autofree char *escaped = text_escape_html(line);

        /* What is no link is for a program, and its host no page to look at. */
        if (action->method)
            g_string_append_printf(html, "<br>%s", escaped);
        else
            append_line(html, label, action->url);
    }
    if (info->actions->len == 0)
        return;
    /* Translators: N stands for one of the numbers above. */
    foot = fd_call_thread(call) ? g_strdup(_("/act N uses one of these."))
                                : g_strdup_printf(_("/act %u N uses one of these."), thread->number);
    append_line(html, NULL, foot);
}

static char *short_body(const char *body)
{
    g_autofree char *start = NULL;

    if (g_utf8_strlen(body, -1) <= MAX_BODY)
        return g_strdup(body);
    start = g_utf8_substring(body, 0, MAX_BODY - 1);
    return g_strconcat(start, "…", NULL);
}

static void say_thread(const FdCall *call, const FdThreadInfo *info)
{
    const FdThread *thread = fd_threads_learn(call->room->threads, info);
    g_autofree char *head = thread_html(thread, info);
    g_autoptr(GString) html = g_string_new(head);

    if (*info->title)
        append_line(html, NULL, info->title);
    if (info->url)
        append_line(html, NULL, info->url);
    for (guint i = 0; i < info->fields->len; i++) {
        const FdThreadField *field = info->fields->pdata[i];

        append_line(html, field->label, field->value);
    }
    append_actions(html, call, info, thread);
    if (info->body && *info->body) {
        g_autofree char *body = short_body(info->body);

        append_line(html, NULL, body);
    }
    fd_call_say_html(call, html->str);
}

static void on_thread_messages(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) messages = fd_api_messages_list_finish(result, &error);

    (void)source;
    if (messages && messages->len > 0)
        say_messages(call, _("Its latest messages:"), messages, THREAD_CHARS, NULL);
    else if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fd_call_refuse_error(call, error);
}

static void on_thread(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdThreadInfo) info = fd_api_thread_show_finish(result, &error);
    FdAccount *account = call->account;
    FdApiPlace place;
    FdApiRange range = { .limit = THREAD_MESSAGES };

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!info) {
        if (g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND))
            fd_call_refuse(call, _("There is no such thread. /threads lists them."));
        else
            fd_call_refuse_error(call, error);
        return;
    }
    say_thread(call, info);
    if (fd_account_is_closed(account))
        return;
    place = fd_room_place(call->room);
    place.thread_id = info->id;
    fd_api_messages_list_async(account->api, &place, &range, account->cancellable, on_thread_messages,
                               g_steal_pointer(&call));
}

void fd_command_show(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);
    g_autofree char *problem = NULL;
    g_autofree char *id = NULL;

    if (*args && g_ascii_strcasecmp(args, "open") != 0) {
        fd_call_refuse_use(call);
        return;
    }
    id = fd_refs_thread(call->room, word, &problem);
    if (!id)
        fd_call_refuse(call, problem);
    else if (*args && fd_thread_rooms_has(account, call->room, id))
        fd_call_say(call, _("This thread is open as a room already."));
    else if (*args)
        fd_thread_rooms_open(account, call->room, id);
    else
        fd_api_thread_show_async(account->api, call->room->flow->path, id, account->cancellable, on_thread,
                                 g_steal_pointer(&owned));
}

/* ------------------------------------------------------------------------------------------------------------ history */

static void on_older(FdRoom *room, guint count, const GError *error, gpointer user_data)
{
    FdCall *call = user_data;
    g_autofree char *line = NULL;

    (void)room;
    if (fd_account_is_closed(call->account))
        return;
    if (error) {
        fd_call_refuse_error(call, error);
        return;
    }
    line = count ? g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "That was %u older message.",
                                               "Those were %u older messages.", count),
                                   count)
                 : g_strdup(_("There is nothing older."));
    fd_call_say(call, line);
}

/* Of what the room shows where it was typed. */
static gboolean load_older(FdCall *call, guint count)
{
    FdAccount *account = call->account;

    return fd_call_thread(call)
               ? fd_thread_rooms_older(account, call->thread_chat, count, on_older, call, (GDestroyNotify)fd_call_free)
               : fd_sync_older(account->sync, call->room, count, on_older, call, (GDestroyNotify)fd_call_free);
}

void fd_command_history(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    char *end;
    guint64 count = *call->args ? g_ascii_strtoull(call->args, &end, 10) : HISTORY;

    if (*call->args && (!g_ascii_isdigit(*call->args) || *end || count == 0)) {
        fd_call_refuse_use(call);
    } else if (count > FD_SYNC_MAX_OLDER) {
        g_autofree char *why = g_strdup_printf(_("At most %d messages are loaded at once."), FD_SYNC_MAX_OLDER);

        fd_call_refuse(call, why);
    } else if (load_older(call, (guint)count)) {
        g_steal_pointer(&owned);
    } else {
        fd_call_say(call, _("Older messages are being loaded already."));
    }
}
