/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines into conversations. */
#include "fd-show.h"

#include "fd-chats.h"

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

gboolean fd_show_host_lists_user(void)
{
    /* bitlbee adds the user to each channel itself; a second mention would be a second person there. */
    return g_strcmp0(purple_core_get_ui(), "BitlBee") == 0;
}

static const char *name_of(FdAccount *account, gint64 user)
{
    const FdPerson *person = fd_people_get(account->state->people, user);

    return person ? person->shown : NULL;
}

/* (nullable) (transfer none): the other's name is a key here; the title is for people. */
static PurpleConversation *find_im(FdAccount *account, const FdRoom *room)
{
    const char *name = name_of(account, room->user);

    return name && !fd_account_is_closed(account)
               ? purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, name, account->account)
               : NULL;
}

static void write_line(PurpleConversation *conv, const char *text, PurpleMessageFlags flags)
{
    g_autofree char *html = text_escape_html(text);

    if (!conv)
        return;
    /* Not purple_conversation_write(): bitlbee shows nothing of it. */
    if (purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_CHAT)
        purple_conv_chat_write(PURPLE_CONV_CHAT(conv), LINES_FROM, html, flags, time(NULL));
    else
        purple_conv_im_write(PURPLE_CONV_IM(conv), purple_conversation_get_name(conv), html, flags, time(NULL));
}

static PurpleConversation *find_conversation(FdAccount *account, FdRoom *room)
{
    return room->flow ? fd_chats_find(account, room) : find_im(account, room);
}

void fd_show_notice(FdAccount *account, FdRoom *room, const char *text)
{
    write_line(find_conversation(account, room), text, PURPLE_MESSAGE_SYSTEM);
}

static void write_unsent(PurpleConversation *conv, const char *text, const char *why)
{
    /* Translators: the first is a sentence with the reason, the second what the user typed. */
    g_autofree char *line = g_strdup_printf(_("Not sent. %s\n%s"), why, text);

    write_line(conv, line, PURPLE_MESSAGE_ERROR);
}

/* The room was closed or left meanwhile: a dialog is then the only place. */
static void notify_unsent(FdAccount *account, FdRoom *room, const char *text, const char *why)
{
    const char *where = room->flow ? room->flow->path : name_of(account, room->user);
    g_autofree char *primary = g_strdup_printf(_("A message to %s was not sent."), where ? where : "?");
    g_autofree char *secondary = g_strdup_printf("%s\n%s", why, text);

    fd_show_problem(account, primary, secondary);
}

void fd_show_unsent(FdAccount *account, FdRoom *room, const char *text, const char *why)
{
    PurpleConversation *conv = find_conversation(account, room);

    if (!conv || (room->flow && purple_conv_chat_has_left(PURPLE_CONV_CHAT(conv))))
        notify_unsent(account, room, text, why);
    else
        write_unsent(conv, text, why);
}

void fd_show_unsent_to(FdAccount *account, const char *who, const char *text, const char *why)
{
    write_unsent(purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, who, account->account), text, why);
}

void fd_show_not_sent(FdAccount *account, FdRoom *room, const char *text, const GError *error)
{
    g_autofree char *reason = face_error_text(fd_account_errors, error);
    /* Whether the request or only its answer was lost, nobody knows. If it arrived, the stream will show it. */
    gboolean unknown =
        g_error_matches(error, NET_ERROR, NET_ERROR_OFFLINE) || g_error_matches(error, NET_ERROR, NET_ERROR_TIMED_OUT);
    g_autofree char *why = unknown ? g_strdup_printf(_("%s Look whether it appears before you send it again."), reason)
                                   : g_steal_pointer(&reason);

    fd_show_unsent(account, room, text, why);
}

void fd_show_all_unsent(FdAccount *account, FdRooms *rooms)
{
    GPtrArray *list = fd_rooms_list(rooms);

    for (guint i = 0; i < list->len && !fd_account_is_closed(account); i++) {
        FdRoom *room = list->pdata[i];
        g_auto(GStrv) texts = fd_outbox_clear(room->outbox);

        for (char **text = texts; *text; text++)
            fd_show_unsent(account, room, *text, _("The account went offline before the service confirmed it."));
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

static PurpleMessageFlags flags_of(const FdLine *line, FdDelivery delivery)
{
    PurpleMessageFlags flags = 0;

    if (line->look == FD_LOOK_NOTICE)
        flags |= PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM;
    else if (line->mine)
        flags |=
            delivery & FD_DELIVERY_SENT_HERE ? PURPLE_MESSAGE_SEND : PURPLE_MESSAGE_SEND | PURPLE_MESSAGE_REMOTE_SEND;
    else
        flags |= PURPLE_MESSAGE_RECV;
    if (delivery & FD_DELIVERY_PAST)
        flags |= PURPLE_MESSAGE_DELAYED;
    else if (line->mention)
        flags |= PURPLE_MESSAGE_NICK;
    return flags;
}

static void show_private(FdAccount *account, FdRoom *room, const FdLine *line, const char *html,
                         PurpleMessageFlags flags, time_t when)
{
    const char *other = name_of(account, room->user);
    PurpleConversation *conv;

    if (!other || fd_account_is_closed(account))
        return;
    if (!line->mine) {
        serv_got_im(account->gc, other, html, flags, when);
        return;
    }
    conv = find_im(account, room);
    if (!conv)
        conv = purple_conversation_new(PURPLE_CONV_TYPE_IM, account->account, other);
    /* serv_got_im() would make it the other's words in bitlbee. */
    purple_conv_im_write(PURPLE_CONV_IM(conv), line->who, html, flags, when);
}

/* Of the marks of threads; to be told apart, and read on white as on black. */
static const char *const thread_colors[] = { "#2a7fd4", "#c0392b", "#2e8b57", "#b8860b",
                                             "#8e44ad", "#d35400", "#16808a", "#8a6d3b" };

/* (transfer full): the mark of the line's thread, in the thread's colour, and a blank; "" where it is in none. */
static char *mark_of(const FdLine *line)
{
    g_autofree char *mark = fd_line_mark(line);
    g_autofree char *html = mark ? text_escape_html(mark) : NULL;

    if (!html)
        return g_strdup("");
    return g_strdup_printf("<font color=\"%s\">%s</font> ", thread_colors[line->thread % G_N_ELEMENTS(thread_colors)],
                           html);
}

static char *html_of(const FdLine *line)
{
    g_autofree char *mark = mark_of(line);
    g_autofree char *body = line->markdown ? text_md_to_html(line->text) : text_plain_to_html(line->text);

    /* Every host turns this prefix into its own form of an action. */
    return g_strconcat(line->look == FD_LOOK_ACTION ? "/me " : "", mark, body, NULL);
}

static void on_message(FdRoom *room, const FdMessage *message, FdDelivery delivery, gpointer user_data)
{
    FdAccount *account = user_data;
    g_autoptr(FdLine) line = fd_event_line(account->state, room, message);
    const char *who;
    g_autofree char *html = NULL;
    time_t when;

    if (!line)
        return;
    html = html_of(line);
    who = line->look == FD_LOOK_NOTICE ? LINES_FROM : line->who;
    when = line->sent_ms > 0 ? (time_t)(line->sent_ms / 1000) : time(NULL);
    if (room->flow)
        fd_chats_show_line(account, room, who, html, flags_of(line, delivery), when, message->id);
    else
        show_private(account, room, line, html, flags_of(line, delivery), when);
}

static void on_not_sent(FdRoom *room, const char *text, const GError *error, gpointer user_data)
{
    fd_show_not_sent(user_data, room, text, error);
}

static void on_not_loaded(FdRoom *room, const GError *error, gpointer user_data)
{
    FdAccount *account = user_data;
    g_autofree char *why = error ? face_error_text(fd_account_errors, error)
                                 : g_strdup(_("More came meanwhile than is loaded at once; the service's own page has "
                                              "them all."));
    g_autofree char *line = g_strdup_printf(_("Some messages could not be loaded. %s"), why);

    fd_show_notice(account, room, line);
}

static void on_flow_changed(FdRoom *room, GPtrArray *before, gpointer user_data)
{
    fd_chats_members_changed(user_data, room, before);
}

static void on_flow_added(FdRoom *room, gpointer user_data)
{
    fd_chats_added(user_data, room);
}

static void on_flow_removed(FdRoom *room, gpointer user_data)
{
    fd_chats_removed(user_data, room);
}

static void on_renamed(const FdPerson *person, const char *old, gpointer user_data)
{
    FdAccount *account = user_data;
    PurpleConversation *im;

    if (fd_account_is_closed(account))
        return;
    im = purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, old, account->account);
    /* Else what is typed there would go to whoever takes the old name. */
    if (im)
        purple_conversation_set_name(im, person->shown);
    if (person->id == account->state->self && !fd_account_is_closed(account))
        purple_connection_set_display_name(account->gc, person->shown);
    fd_chats_renamed(account, person, old);
}

const FdListener fd_show_listener = {
    .message = on_message,
    .not_sent = on_not_sent,
    .not_loaded = on_not_loaded,
    .flow_changed = on_flow_changed,
    .flow_added = on_flow_added,
    .flow_removed = on_flow_removed,
    .renamed = on_renamed,
};
