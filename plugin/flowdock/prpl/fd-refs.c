/* SPDX-License-Identifier: GPL-2.0-or-later */
/* References to messages and threads. */
#include "fd-refs.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* So much of a message is shown with an offer, in characters. */
#define OFFERED_CHARS 60
/* From so many digits on a number at the beginning of a text may be meant as that of a message. */
#define MIN_DIGITS 4
/* So many are offered where a reference means nothing. */
#define MAX_OFFERED 3
/* The shortest thread id that is taken for one, though it was never seen. */
#define MIN_THREAD_ID 20

char *fd_refs_describe(gint64 id, gint64 sent_ms, const char *who, const char *text, guint max_chars)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autoptr(GDateTime) sent = sent_ms > 0 ? g_date_time_new_from_unix_local(sent_ms / 1000) : NULL;
    gboolean today = sent && g_date_time_get_year(sent) == g_date_time_get_year(now) &&
                     g_date_time_get_day_of_year(sent) == g_date_time_get_day_of_year(now);
    g_autofree char *when = sent ? g_date_time_format(sent, today ? "%H:%M " : "%Y-%m-%d %H:%M ") : g_strdup("");
    g_autofree char *excerpt = fd_event_excerpt(text, max_chars);

    return g_strdup_printf("#%" G_GINT64_FORMAT " %s%s: %s", id, when, who, excerpt);
}

/* (transfer full): the latest messages, for somebody who has missed. */
static char *offer_messages(const FdRoom *room, const char *thread_id)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 1; i <= MAX_OFFERED; i++) {
        const FdRecentMessage *message = fd_recent_nth(room->recent, i, thread_id);
        g_autofree char *line =
            message ? fd_refs_describe(message->id, message->sent_ms, message->who, message->text, OFFERED_CHARS)
                    : NULL;

        if (!line)
            break;
        g_string_append_printf(text, "\n^%u = %s", i, line);
    }
    return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static gboolean refuse(const FdRoom *room, const char *thread_id, const char *why, char **problem)
{
    g_autofree char *offered = offer_messages(room, thread_id);

    *problem = offered ? g_strdup_printf(_("%s The latest messages are:%s"), why, offered) : g_strdup(why);
    return FALSE;
}

/* Digits and nothing else; 0: it is no such number. */
static gint64 number_of(const char *word)
{
    guint64 value;
    char *end;

    if (!g_ascii_isdigit(*word))
        return 0;
    value = g_ascii_strtoull(word, &end, 10);
    return *end || value > G_MAXINT64 ? 0 : (gint64)value;
}

static gboolean is_place(const char *word)
{
    return *word == '^' && (!word[1] || number_of(word + 1) > 0);
}

FdWord fd_refs_classify(FdAccount *account, const FdRoom *room, const char *word)
{
    const FdRecentMessage *newest = fd_recent_nth(room->recent, 1, NULL);
    gint64 number = number_of(*word == '#' ? word + 1 : word);
    const FdRecentMessage *message = number > 0 ? fd_recent_find(room->recent, number) : NULL;

    if (is_place(word) || (number > 0 && (*word == '#' || (message && message->user == account->state->self))))
        return FD_WORD_REF;
    return number > 0 && !message && newest && number < newest->id && strlen(word) >= MIN_DIGITS ? FD_WORD_UNCLEAR
                                                                                                 : FD_WORD_TEXT;
}

static gboolean set(FdRef *ref, const FdRecentMessage *message)
{
    ref->message = message;
    ref->id = message->id;
    return TRUE;
}

static gboolean by_place(const FdRoom *room, const char *thread_id, const char *word, FdRef *ref, char **problem)
{
    gint64 place = word[1] ? number_of(word + 1) : 1;
    const FdRecentMessage *message =
        place <= FD_RECENT_MAX ? fd_recent_nth(room->recent, (guint)place, thread_id) : NULL;

    return message ? set(ref, message) : refuse(room, thread_id, _("There are not so many messages here."), problem);
}

static gboolean by_person(FdAccount *account, const FdRoom *room, const char *thread_id, const char *nick, FdRef *ref,
                          char **problem)
{
    const FdPerson *person = *nick ? fd_people_find(account->state->people, nick) : NULL;
    const FdRecentMessage *message = person ? fd_recent_last_of(room->recent, person->id, thread_id) : NULL;
    g_autofree char *why = NULL;

    if (message)
        return set(ref, message);
    why = person ? g_strdup_printf(_("%s has written nothing here lately."), person->shown)
                 : g_strdup_printf(_("There is nobody called %s."), nick);
    return refuse(room, thread_id, why, problem);
}

gboolean fd_refs_message(FdAccount *account, FdRoom *room, const char *thread_id, const char *word, FdRef *ref,
                         char **problem)
{
    const FdRecentMessage *message;
    g_autofree char *why = NULL;
    gint64 id;

    if (!word) {
        message = fd_recent_last_of(room->recent, account->state->self, thread_id);
        return message ? set(ref, message)
                       : refuse(room, thread_id, _("You have written nothing here lately."), problem);
    }
    if (is_place(word))
        return by_place(room, thread_id, word, ref, problem);
    if (*word == '@')
        return by_person(account, room, thread_id, word + 1, ref, problem);
    id = number_of(*word == '#' ? word + 1 : word);
    if (id > 0) {
        ref->id = id;
        ref->message = fd_recent_find(room->recent, id);
        return TRUE;
    }
    why = g_strdup_printf(_("\"%s\" means no message. Give its number (#12345), ^ for the last one here, ^3 for the "
                            "third last, or @nick for that person's last one."),
                          word);
    return refuse(room, thread_id, why, problem);
}

static gboolean looks_like_thread_id(const char *word)
{
    if (strlen(word) < MIN_THREAD_ID)
        return FALSE;
    for (const char *c = word; *c; c++)
        if (!g_ascii_isalnum(*c) && *c != '-' && *c != '_')
            return FALSE;
    return TRUE;
}

/* (transfer full) */
static char *offer_threads(FdRoom *room)
{
    g_autoptr(GPtrArray) threads = fd_threads_list(room->threads);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < threads->len && i < MAX_OFFERED; i++) {
        const FdThread *thread = threads->pdata[i];
        g_autofree char *mark = fd_event_mark(thread->number, thread->title);

        g_string_append_printf(text, "%s%s", i ? ", " : "", mark);
    }
    return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

char *fd_refs_thread(FdRoom *room, const char *word, char **problem)
{
    gint64 number = number_of(*word == '#' ? word + 1 : word);
    const FdThread *thread = number > 0 && number <= G_MAXINT ? fd_threads_by_number(room->threads, (guint)number)
                                                              : fd_threads_by_id(room->threads, word);
    g_autofree char *offered = NULL;

    if (thread)
        return g_strdup(thread->id);
    if (number == 0 && looks_like_thread_id(word))
        return g_strdup(word);
    offered = offer_threads(room);
    *problem = offered ? g_strdup_printf(_("There is no thread \"%s\" here. The latest are: %s. /threads lists more."),
                                         word, offered)
                       : g_strdup_printf(_("There is no thread \"%s\" here. /threads lists them."), word);
    return NULL;
}
