/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines into conversations. */
#include "fd-show.h"

#include "fd-buddies.h"
#include "fd-chats.h"
#include "fd-ims.h"
#include "fd-members.h"
#include "fd-previews.h"
#include "fd-seen.h"
#include "fd-settings.h"
#include "fd-thread-rooms.h"

#include "net/net-error.h"
#include "text/text-escape.h"
#include "text/text-md-html.h"

#include <conversation.h>
#include <core.h>
#include <notify.h>
#include <server.h>
#include <util.h>

#include <string.h>
#include <time.h>

#include <glib/gi18n-lib.h>

/* Who says our own lines in a room: only bitlbee shows it, and would call nobody "_". */
#define LINES_FROM "Flowdock"

gboolean fd_show_host_is_irc(void)
{
    return g_strcmp0(purple_core_get_ui(), "BitlBee") == 0;
}

gboolean fd_show_host_takes_a_slash(void)
{
    return g_strcmp0(purple_core_get_ui(), "gnt-purple") == 0;
}

gboolean fd_show_host_has_pictures(void)
{
    return !fd_show_host_is_irc() && !fd_show_host_takes_a_slash();
}

static const char *name_of(FdAccount *account, gint64 user)
{
    const FdPerson *person = fd_people_get(account->state->people, user);

    return person ? person->shown : NULL;
}

void fd_show_html(PurpleConversation *conv, const char *html, PurpleMessageFlags flags)
{
    if (!conv)
        return;
    /* Not purple_conversation_write(): bitlbee shows nothing of it. */
    if (purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_CHAT)
        purple_conv_chat_write(PURPLE_CONV_CHAT(conv), LINES_FROM, html, flags, time(NULL));
    else
        purple_conv_im_write(PURPLE_CONV_IM(conv),
                             fd_show_host_is_irc() ? LINES_FROM : purple_conversation_get_name(conv), html, flags,
                             time(NULL));
}

void fd_show_line(PurpleConversation *conv, const char *text, PurpleMessageFlags flags)
{
    g_autofree char *html = text_escape_html(text);

    fd_show_html(conv, html, flags);
}

static PurpleConversation *find_conversation(FdAccount *account, FdRoom *room)
{
    return room->flow ? fd_chats_find(account, room) : fd_ims_find(account, room);
}

void fd_show_notice(FdAccount *account, FdRoom *room, const char *text)
{
    fd_show_line(find_conversation(account, room), text, PURPLE_MESSAGE_SYSTEM);
}

static void write_unsent(PurpleConversation *conv, const char *text, const char *why, gboolean kept)
{
    /* Translators: the first is a sentence with the reason, the second what the user typed. */
    g_autofree char *line = g_strdup_printf(
        kept ? _("Not sent. %s (/resend tries again, /forget drops it.)\n%s") : _("Not sent. %s\n%s"), why, text);

    fd_show_line(conv, line, PURPLE_MESSAGE_ERROR);
}

/* The room was closed or left meanwhile: a dialog is then the only place. */
static void notify_unsent(FdAccount *account, FdRoom *room, const char *text, const char *why)
{
    const char *where = room->flow ? room->flow->path : name_of(account, room->user);
    g_autofree char *primary = g_strdup_printf(_("A message to %s was not sent."), where ? where : "?");
    g_autofree char *secondary = g_strdup_printf("%s\n%s", why, text);

    fd_show_problem(account, primary, secondary);
}

/* Where it was typed, or else the room. (nullable) */
static PurpleConversation *find_typed(FdAccount *account, FdRoom *room, const char *typed_in)
{
    PurpleConversation *conv = fd_thread_rooms_find_conversation(account, room, typed_in);

    return conv ? conv : find_conversation(account, room);
}

void fd_show_unsent(FdAccount *account, FdRoom *room, const char *typed_in, const char *text, const char *why,
                    gboolean kept)
{
    PurpleConversation *conv = find_typed(account, room, typed_in);

    if (!conv || (room->flow && purple_conv_chat_has_left(PURPLE_CONV_CHAT(conv))))
        notify_unsent(account, room, text, why);
    else
        write_unsent(conv, text, why, kept);
}

void fd_show_unsent_to(FdAccount *account, const char *who, const char *text, const char *why)
{
    write_unsent(purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, who, account->account), text, why, FALSE);
}

void fd_show_not_sent(FdAccount *account, FdRoom *room, const char *typed_in, const char *text, const GError *error,
                      gboolean kept)
{
    g_autofree char *reason = face_error_text(fd_account_errors, error);
    /* Whether the request or only its answer was lost, nobody knows. If it arrived, the stream will show it. */
    gboolean unknown =
        g_error_matches(error, NET_ERROR, NET_ERROR_OFFLINE) || g_error_matches(error, NET_ERROR, NET_ERROR_TIMED_OUT);
    g_autofree char *why = unknown ? g_strdup_printf(_("%s Look whether it appears before you send it again."), reason)
                                   : g_steal_pointer(&reason);

    fd_show_unsent(account, room, typed_in, text, why, kept);
}

void fd_show_all_unsent(FdAccount *account, FdRooms *rooms)
{
    GPtrArray *list = fd_rooms_list(rooms);

    for (guint i = 0; i < list->len && !fd_account_is_closed(account); i++) {
        FdRoom *room = list->pdata[i];
        g_auto(GStrv) texts = fd_outbox_clear(room->outbox);

        for (char **text = texts; *text; text++)
            fd_show_unsent(account, room, NULL, *text, _("The account went offline before the service confirmed it."),
                           FALSE);
    }
}

char *fd_show_plain(const char *html)
{
    char *plain = NULL;

    purple_markup_html_to_xhtml(html, NULL, &plain);
    return plain;
}

void fd_show_problem(FdAccount *account, const char *primary, const char *secondary)
{
    if (!fd_account_is_closed(account))
        purple_notify_error(account->gc, _("Flowdock"), primary, secondary);
}

void fd_show_info(FdAccount *account, const char *text)
{
    if (!fd_account_is_closed(account))
        purple_notify_info(account->gc, _("Flowdock"), text, NULL);
}

/* @typed_here: what the delivery of a line says that was typed in the conversation it goes into. */
static PurpleMessageFlags flags_of(const FdLine *line, FdDelivery delivery, FdDelivery typed_here)
{
    PurpleMessageFlags flags = 0;

    if (line->look == FD_LOOK_NOTICE)
        flags |= PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM;
    else if (line->mine)
        flags |= delivery & typed_here ? PURPLE_MESSAGE_SEND : PURPLE_MESSAGE_SEND | PURPLE_MESSAGE_REMOTE_SEND;
    else
        flags |= PURPLE_MESSAGE_RECV;
    if (delivery & FD_DELIVERY_PAST)
        flags |= PURPLE_MESSAGE_DELAYED;
    else if (line->mention)
        flags |= PURPLE_MESSAGE_NICK;
    return flags;
}

/* Of the marks of threads; to be told apart, and read on white as on black. */
static const char *const thread_colors[] = { "#2a7fd4", "#c0392b", "#2e8b57", "#b8860b",
                                             "#8e44ad", "#d35400", "#16808a", "#8a6d3b" };

char *fd_show_mark(guint number, const char *mark)
{
    g_autofree char *html = text_escape_html(mark);

    return g_strdup_printf("<font color=\"%s\">%s</font>", thread_colors[number % G_N_ELEMENTS(thread_colors)], html);
}

static const char style_marks[] = { FD_LINE_OLD, FD_LINE_NEW, FD_LINE_END, FD_LINE_MARKDOWN, FD_LINE_WORDS, '\0' };

static char *message_html(const FdRoom *room, const char *text)
{
    return room->raw ? text_plain_to_html(text) : text_md_to_html(text);
}

/* Plain text with what an edit took away and put in, or a whole message at its end. */
static char *styled_html(const FdRoom *room, const char *text)
{
    g_autoptr(GString) html = g_string_new(NULL);
    const char *close = "";
    gboolean links = TRUE;

    while (*text && *text != FD_LINE_MARKDOWN) {
        gsize length = strcspn(text, style_marks);
        g_autofree char *plain = g_strndup(text, length);
        g_autofree char *part = links ? text_plain_to_html(plain) : text_escape_html(plain);

        g_string_append(html, part);
        text += length;
        if (!*text || *text == FD_LINE_MARKDOWN)
            break;
        g_string_append(html, close);
        close = *text == FD_LINE_OLD ? "</s>" : *text == FD_LINE_NEW ? "</b>" : "";
        g_string_append(html, *text == FD_LINE_OLD ? "<s>" : *text == FD_LINE_NEW ? "<b>" : "");
        links = *text != FD_LINE_WORDS;
        text++;
    }
    g_string_append(html, close);
    if (*text == FD_LINE_MARKDOWN) {
        g_autofree char *message = message_html(room, text + 1);

        g_string_append(html, message);
    }
    return g_string_free(g_steal_pointer(&html), FALSE);
}

/* Every host turns this prefix into its own form of an action; but bitlbee puts the time in front of what is past, and then
 * shows it as it is. There the name of whoever did it stands in front anyway. */
static const char *action_prefix(const FdLine *line, FdDelivery delivery)
{
    gboolean is_lost = (delivery & FD_DELIVERY_PAST) && fd_show_host_is_irc();

    return line->look == FD_LOOK_ACTION && !is_lost ? "/me " : "";
}

/* @marked: with the mark of its thread, which the thread's own room does without. */
static char *html_of(FdAccount *account, const FdRoom *room, const FdLine *line, gint64 id, FdDelivery delivery,
                     gboolean marked)
{
    g_autofree char *mark = marked ? fd_line_mark(line) : NULL;
    g_autofree char *mark_html = mark ? fd_show_mark(line->thread, mark) : NULL;
    g_autofree char *body = line->markdown ? message_html(room, line->text) : styled_html(room, line->text);
    g_autofree char *attached = line->attached ? styled_html(room, line->attached) : NULL;
    g_autofree char *number = id > 0 && fd_settings_bool(account->account, FD_SETTING_SHOW_IDS)
                                  ? g_strdup_printf("#%" G_GINT64_FORMAT " ", id)
                                  : g_strdup("");

    return g_strconcat(action_prefix(line, delivery), number, mark_html ? mark_html : "", mark_html ? " " : "", body,
                       attached ? "<br>" : NULL, attached, NULL);
}

static time_t time_of(const FdLine *line)
{
    return line->sent_ms > 0 ? (time_t)(line->sent_ms / 1000) : time(NULL);
}

static const char *speaker_of(const FdLine *line)
{
    return line->look == FD_LOOK_NOTICE ? LINES_FROM : line->who;
}

/* Before the first line that came while the user was away. */
static void show_missed(FdAccount *account, FdRoom *room, const FdLine *line, FdDelivery delivery)
{
    if (!(delivery & FD_DELIVERY_MISSED) || room->told || line->mine)
        return;
    room->told = TRUE;
    fd_show_notice(account, room, _("What follows came while you were away."));
}

/* Behind the line of @message: the picture that came with it, where there is one. */
static void show_picture(FdAccount *account, FdRoom *room, int thread_chat, const FdMessage *message,
                         const FdLine *line, PurpleMessageFlags flags)
{
    if (account->previews && !fd_account_is_closed(account))
        fd_previews_offer(account->previews, room, thread_chat, message, speaker_of(line), flags, time_of(line));
}

static void show_private(FdAccount *account, FdRoom *room, const FdLine *line, const char *html, FdDelivery delivery)
{
    PurpleMessageFlags flags = flags_of(line, delivery, FD_DELIVERY_SENT_HERE);
    const char *other = name_of(account, room->user);
    gboolean past = (flags & PURPLE_MESSAGE_DELAYED) != 0;
    PurpleConversation *conv;

    if (!other || fd_account_is_closed(account))
        return;
    if (!line->mine && !past) {
        serv_got_im(account->gc, other, html, flags, time_of(line));
        return;
    }
    conv = fd_ims_find(account, room);
    if (!conv)
        conv = purple_conversation_new(PURPLE_CONV_TYPE_IM, account->account, other);
    show_missed(account, room, line, delivery);
    conv = fd_ims_find(account, room);
    if (!conv)
        return;
    /* serv_got_im() would make it the other's words in bitlbee, and the past is no news. */
    purple_conv_im_write(PURPLE_CONV_IM(conv), line->mine && fd_show_host_is_irc() ? other : line->who, html, flags,
                         time_of(line));
}

/* So that a later connection goes on where this one has stopped. */
static void note_private(FdAccount *account, FdRoom *room, gint64 id)
{
    fd_chats_note_shown(fd_ims_find(account, room), id);
}

/* The first message of a chat thread was shown without a mark: until now nobody knew that there would be a thread. */
static void show_beginning(FdAccount *account, FdRoom *room, const FdLine *line)
{
    g_autofree char *mark = fd_line_mark(line);
    g_autofree char *mark_html = fd_show_mark(line->thread, mark);
    /* Translators: the first message of a thread: who wrote it, and its text. */
    g_autofree char *words = g_strdup_printf(_("began with %s: %s"), line->begun_by, line->begun_with);
    g_autofree char *words_html = text_escape_html(words);
    g_autofree char *html = g_strconcat(mark_html, " ", words_html, NULL);

    fd_show_html(fd_chats_find(account, room), html, PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM);
}

static void show_line_in_thread(FdAccount *account, FdRoom *room, int chat_id, const FdMessage *message,
                                const FdLine *line, FdDelivery delivery)
{
    g_autofree char *html = html_of(account, room, line, message->id, delivery, FALSE);
    PurpleMessageFlags flags = flags_of(line, delivery, FD_DELIVERY_IN_THREAD);

    fd_thread_rooms_show_line(account, chat_id, speaker_of(line), html, flags, time_of(line), message->id);
    show_picture(account, room, chat_id, message, line, flags);
}

void fd_show_in_thread(FdAccount *account, FdRoom *room, int chat_id, const FdMessage *message, FdDelivery delivery)
{
    g_autoptr(FdLine) line = fd_event_line(account->state, room, message);

    if (line)
        show_line_in_thread(account, room, chat_id, message, line, delivery);
}

static void show_in_threads(FdAccount *account, FdRoom *room, const FdMessage *message, const FdLine *line,
                            FdDelivery delivery)
{
    int chat_id = fd_thread_rooms_offer(account, room, line->thread_id, message, delivery);

    if (chat_id != 0)
        show_line_in_thread(account, room, chat_id, message, line, delivery);
}

static void show_in_room(FdAccount *account, FdRoom *room, const FdMessage *message, const FdLine *line,
                         FdDelivery delivery)
{
    g_autofree char *html = html_of(account, room, line, message->id, delivery, TRUE);
    PurpleMessageFlags flags = flags_of(line, delivery, FD_DELIVERY_SENT_HERE);

    if (line->begun_by)
        show_beginning(account, room, line);
    fd_chats_show_line(account, room, speaker_of(line), html, flags, time_of(line), message->id);
    show_picture(account, room, 0, message, line, flags);
}

static gboolean on_message(FdRoom *room, const FdMessage *message, FdDelivery delivery, gpointer user_data)
{
    FdAccount *account = user_data;
    g_autoptr(FdLine) line = fd_account_is_closed(account) ? NULL : fd_event_line(account->state, room, message);

    if (!line)
        return FALSE;
    if (room->flow) {
        show_missed(account, room, line, delivery);
        show_in_room(account, room, message, line, delivery);
        show_in_threads(account, room, message, line, delivery);
    } else {
        g_autofree char *html = html_of(account, room, line, message->id, delivery, FALSE);

        show_private(account, room, line, html, delivery);
        note_private(account, room, message->id);
        show_picture(account, room, 0, message, line, flags_of(line, delivery, FD_DELIVERY_SENT_HERE));
    }
    if (!fd_account_is_closed(account))
        fd_seen_shown(account, room, message);
    return TRUE;
}

static void on_not_sent(FdRoom *room, const FdOutgoing *outgoing, const GError *error, gpointer user_data)
{
    FdAccount *account = user_data;

    fd_show_not_sent(account, room, outgoing->typed_in, outgoing->text, error, TRUE);
}

static void on_missed_more(FdRoom *room, gpointer user_data)
{
    fd_show_notice(user_data, room,
                   _("More came while you were away than is loaded at once: /history loads what is older."));
}

char *fd_show_not_loaded(const GError *error)
{
    g_autofree char *why = error ? face_error_text(fd_account_errors, error)
                                 : g_strdup(_("More came meanwhile than is loaded at once; the service's own page has "
                                              "them all."));

    return g_strdup_printf(_("Some messages could not be loaded. %s"), why);
}

static void on_not_loaded(FdRoom *room, const GError *error, gpointer user_data)
{
    g_autofree char *line = fd_show_not_loaded(error);

    fd_show_notice(user_data, room, line);
}

static void on_flow_changed(FdRoom *room, GPtrArray *before, gpointer user_data)
{
    FdAccount *account = user_data;

    fd_chats_changed(account, room, before);
    /* Its organization may have another name. */
    if (account->buddies && !fd_account_is_closed(account))
        fd_buddies_people_changed(account->buddies);
}

static void on_flow_added(FdRoom *room, gpointer user_data)
{
    fd_chats_added(user_data, room);
}

static void on_flow_removed(FdRoom *room, FdGone why, gint64 by, gpointer user_data)
{
    fd_chats_removed(user_data, room, why, by);
}

static void on_people_changed(gpointer user_data)
{
    FdAccount *account = user_data;

    if (account->buddies && !fd_account_is_closed(account))
        fd_buddies_people_changed(account->buddies);
}

static void on_renamed(const FdPerson *person, const char *old, gpointer user_data)
{
    FdAccount *account = user_data;

    if (fd_account_is_closed(account))
        return;
    fd_ims_renamed(account, person);
    if (account->buddies)
        fd_buddies_renamed(account->buddies, person, old);
    if (person->id == account->state->self && !fd_account_is_closed(account))
        purple_connection_set_display_name(account->gc, person->shown);
    if (!fd_account_is_closed(account))
        fd_members_renamed(account, person, old);
}

const FdListener fd_show_listener = {
    .message = on_message,
    .not_sent = on_not_sent,
    .not_loaded = on_not_loaded,
    .missed_more = on_missed_more,
    .flow_changed = on_flow_changed,
    .flow_added = on_flow_added,
    .flow_removed = on_flow_removed,
    .renamed = on_renamed,
    .people_changed = on_people_changed,
};
