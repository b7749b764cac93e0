/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An account that holds a source's token. */
#include "fd-poster.h"

#include "fd-auth.h"
#include "fd-chats.h"
#include "fd-commands.h"
#include "fd-settings.h"
#include "fd-show.h"
#include "fd-sources.h"

#include "face/face-token.h"
#include "flowdock/api/fd-api-sources.h"
#include "net/net-error.h"
#include "net/net-secret.h"
#include "text/text-escape.h"

#include <conversation.h>
#include <server.h>

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* Where the service does not say whose the token is, the room is called after the account. */
#define UNKNOWN_PLACE "source/"
/* Of whoever has no name that the service would take. */
#define NOBODY "purple"

/*
 *   ASKING (whose token?) --a source--> room open
 *       | the service did not read the question
 *       +--> CHECKING (is it good?) --yes--> room open, named after the account
 *                                              |
 *                                              +--410--> everything unsent is shown, token forgotten, offline
 */
struct _FdPoster {
    FdAccount *account;
    FdApiVia via;
    char *token;
    FdRooms *rooms;    /* the one */
    FdRoom *room;      /* (nullable): not before it is known */
    gint64 source;     /* 0: not told */
    char *source_name; /* (nullable): not told */
    gboolean told;     /* that nothing can be read */
    char *sending;     /* (nullable): uuid of what is under way */
};

static void post_next(FdPoster *poster);

/* (transfer full): the account's local alias as the service takes it. */
char *fd_poster_name(FdPoster *poster)
{
    const char *alias = purple_account_get_alias(poster->account->account);
    g_auto(GStrv) parts = g_strsplit(purple_account_get_username(poster->account->account), "@", 2);
    char *name = fd_api_source_name(alias);

    if (!name)
        name = fd_api_source_name(parts[0]);
    return name ? name : g_strdup(NOBODY);
}

/* (nullable) */
static PurpleConvChat *chat_of(FdPoster *poster)
{
    PurpleConversation *conv = poster->room->shown && !fd_account_is_closed(poster->account)
                                   ? fd_chats_find(poster->account, poster->room)
                                   : NULL;

    return conv && !purple_conv_chat_has_left(PURPLE_CONV_CHAT(conv)) ? PURPLE_CONV_CHAT(conv) : NULL;
}

static void show(FdPoster *poster)
{
    FdAccount *account = poster->account;
    FdRoom *room = poster->room;
    g_autofree char *name = NULL;

    /* A host may have joined it by itself as soon as the account was connected. */
    if (fd_account_is_closed(account) || chat_of(poster))
        return;
    room->shown = TRUE;
    serv_got_joined_chat(account->gc, room->chat_id, room->flow->path);
    name = fd_poster_name(poster);
    /* The host may have closed it again, or signed off, in each of these. */
    if (chat_of(poster))
        purple_conversation_set_title(purple_conv_chat_get_conversation(chat_of(poster)), room->flow->name);
    if (chat_of(poster))
        purple_conv_chat_set_nick(chat_of(poster), name);
    if (chat_of(poster))
        purple_conv_chat_set_topic(chat_of(poster), NULL, room->flow->name);
    if (chat_of(poster))
        purple_conv_chat_clear_users(chat_of(poster));
    if (chat_of(poster) && !fd_show_host_is_irc())
        purple_conv_chat_add_user(chat_of(poster), name, NULL, PURPLE_CBFLAGS_NONE, FALSE);
    if (poster->told || !chat_of(poster))
        return;
    poster->told = TRUE;
    fd_show_notice(account, room,
                   _("With the token of a source you can only post here. What others write cannot be read with it, not "
                     "even the answers."));
}

static void open_room(FdPoster *poster, const char *path, const char *title)
{
    FdAccount *account = poster->account;
    g_autofree char *name = fd_poster_name(poster);

    poster->rooms = fd_rooms_new();
    poster->room = fd_rooms_put_flow(poster->rooms, fd_flow_new(path, path, title, ""));
    purple_connection_set_display_name(account->gc, name);
    /* The push API does not say whether the token is any good, before something is posted. */
    if (poster->via == FD_API_VIA_SOURCE)
        fd_auth_confirm(account->auth);
    purple_connection_set_state(account->gc, PURPLE_CONNECTED);
    /* Whoever listens to "signed-on" may have ended the connection. */
    show(poster);
}

static void open_unnamed(FdPoster *poster)
{
    const char *label = purple_account_get_username(poster->account->account);
    g_autofree char *clean = text_clean_line(label);
    g_autofree char *path = g_strconcat(UNKNOWN_PLACE, g_strdelimit(clean, " /", '-'), NULL);
    /* Translators: title of the room of an account that posts with the token of a source; the account's name. */
    g_autofree char *title = g_strdup_printf(_("%s (source)"), label);

    open_room(poster, path, title);
}

static void open_source(FdPoster *poster, const FdSource *source)
{
    g_autofree char *title = NULL;

    poster->source = source->id;
    poster->source_name = g_strdup(source->name);
    if (!source->flow_path) {
        open_unnamed(poster);
        return;
    }
    /* Translators: title of a room: the name of a source, and its flow. */
    title = g_strdup_printf(_("%s (source in %s)"), *source->name ? source->name : "?", source->flow_path);
    open_room(poster, source->flow_path, title);
}

/* What the account has no more use for. */
static void forget_token(FdPoster *poster)
{
    FdAccount *account = poster->account;

    face_token_forget(account->account);
    fd_account_fail(
        account, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
        _("This source was removed from its flow, so its token is worth nothing any more and was forgotten. "
          "Ask for the token of another source."));
}

/* Returns: whether @error has ended the connection. */
static gboolean is_over(FdPoster *poster, const GError *error)
{
    if (g_error_matches(error, NET_ERROR, NET_ERROR_GONE)) {
        forget_token(poster);
        return TRUE;
    }
    /* The push API says 404 for a token of no flow. */
    if (g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED) ||
        (poster->via != FD_API_VIA_SOURCE && g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND))) {
        fd_account_fail(poster->account, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED,
                        _("The service does not know this token. Enter the token of a source (flow_token) as the "
                          "account's password."));
        return TRUE;
    }
    return FALSE;
}

static void on_checked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gboolean good = fd_api_source_check_finish(result, &error);
    FdPoster *poster = user_data;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    fd_sources_hide(error, poster->token);
    /* Whatever else it wants of an update that changes nothing: it has taken the token. */
    if (good || g_error_matches(error, FD_API_ERROR, FD_API_ERROR_REFUSED) ||
        g_error_matches(error, NET_ERROR, NET_ERROR_REJECTED))
        open_unnamed(poster);
    else if (!is_over(poster, error))
        fd_account_fail_error(poster->account, error);
}

static void on_source(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FdSource) own = fd_api_source_of_token_finish(result, &error);
    FdPoster *poster = user_data;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (own)
        open_source(poster, own);
    else if (g_error_matches(error, NET_ERROR, NET_ERROR_GONE))
        forget_token(poster);
    else if (net_error_is_passing(error)) {
        fd_sources_hide(error, poster->token);
        fd_account_fail_error(poster->account, error);
    } else
        fd_api_source_check_async(poster->account->api, poster->token, poster->account->cancellable, on_checked,
                                  poster);
}

/* Nothing comes back from the service, so the line is shown when it is accepted. */
static void show_sent(FdPoster *poster, const char *text)
{
    FdAccount *account = poster->account;
    g_autofree char *name = fd_poster_name(poster);
    g_autofree char *html = text_escape_html(text);

    if (poster->room->shown)
        serv_got_chat_in(account->gc, poster->room->chat_id, name, PURPLE_MESSAGE_SEND, html, time(NULL));
}

static void on_posted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gboolean sent = fd_api_source_post_finish(result, &error);
    FdPoster *poster = user_data;
    g_autofree char *uuid = NULL, *text = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    uuid = g_steal_pointer(&poster->sending);
    text = fd_outbox_take(poster->room->outbox, uuid);
    fd_sources_hide(error, poster->token);
    if (sent)
        fd_auth_confirm(poster->account->auth);
    if (sent && text)
        show_sent(poster, text);
    else if (text)
        fd_show_not_sent(poster->account, poster->room, NULL, text, error, FALSE);
    if (!fd_account_is_closed(poster->account) && (sent || !is_over(poster, error)))
        post_next(poster);
}

/* One at a time, in order. */
static void post_next(FdPoster *poster)
{
    FdAccount *account = poster->account;
    FdOutgoing *outgoing = fd_outbox_next(poster->room->outbox);
    const char *label = purple_account_get_username(account->account);
    g_autofree char *name = fd_poster_name(poster);
    FdApiPost post = { .via = poster->via, .token = poster->token, .name = name };

    if (!outgoing)
        return;
    outgoing->state = FD_OUTGOING_SENDING;
    poster->sending = g_strdup(outgoing->uuid);
    post.address = strchr(label, '@') ? label : NOBODY "@localhost";
    post.text = outgoing->text;
    post.uuid = outgoing->uuid;
    fd_api_source_post_async(account->api, &post, account->cancellable, on_posted, poster);
}

int fd_poster_send(FdPoster *poster, int id, const char *html)
{
    g_autofree char *plain = NULL, *why = NULL;
    g_auto(GStrv) parts = NULL;

    if (!poster->room || poster->room->chat_id != id)
        return -ENOTCONN;
    if (fd_commands_type_post(poster->account, poster->room, html))
        return 0;
    plain = fd_show_plain(html);
    why = fd_commands_check_post(&plain);
    if (why) {
        fd_show_unsent(poster->account, poster->room, NULL, plain, why, FALSE);
        return 0;
    }
    parts = text_split(plain, FD_API_MAX_CHARS);
    for (char **part = parts; *part; part++) {
        FdDraft draft = { .event = "message", .text = *part };

        fd_outbox_add(poster->room->outbox, &draft);
    }
    post_next(poster);
    return 0;
}

void fd_poster_join(FdPoster *poster, GHashTable *components, const char *text)
{
    FdAccount *account = poster->account;
    g_autofree char *unknown = NULL, *primary = NULL, *why = NULL;
    FdRoom *room = NULL;

    if (!poster->room)
        return;
    if (fd_rooms_resolve(poster->rooms, text, &room, &unknown) == FD_RESOLVED_ROOM) {
        show(poster);
        return;
    }
    primary = g_strdup_printf(_("The room \"%s\" cannot be opened."), text);
    why = g_strdup_printf(_("An account with the token of a source has one room only: %s"), poster->room->flow->path);
    fd_show_problem(account, primary, why);
    purple_serv_got_join_chat_failed(account->gc, components);
}

void fd_poster_leave(FdPoster *poster, int id)
{
    if (poster->room && poster->room->chat_id == id)
        poster->room->shown = FALSE;
}

/* ------------------------------------------------------------------------------------------------------------- events */

FdRoom *fd_poster_room(FdPoster *poster, int id)
{
    return poster->room && poster->room->chat_id == id ? poster->room : NULL;
}

const char *fd_poster_token(const FdPoster *poster)
{
    return poster->token;
}

char *fd_poster_why_not(const FdPoster *poster, const char *source)
{
    FdSource own = { .id = poster->source, .name = poster->source_name };
    g_autoptr(GPtrArray) only = g_ptr_array_new();
    g_autofree char *label = own.name ? fd_sources_label(&own) : NULL;
    g_autofree char *problem = NULL;

    if (poster->via != FD_API_VIA_SOURCE)
        return g_strdup(_("The push API takes plain messages only. To post events, sign in with the flow_token of a "
                          "source, and set push to off."));
    if (own.name)
        g_ptr_array_add(only, &own);
    if (strcmp(source, ".") == 0 || fd_sources_find(only, source, &problem))
        return NULL;
    /* Translators: number and name of a source. */
    return label ? g_strdup_printf(_("This account posts through one source only: %s. Write a dot for it."), label)
                 : g_strdup(_("This account posts through one source only. Write a dot for it."));
}

void fd_poster_posted(FdPoster *poster, const GError *error)
{
    if (!error)
        fd_auth_confirm(poster->account->auth);
    else
        is_over(poster, error);
}

/* Before the host has left the room: afterwards it shows no line in it. */
static void on_signing_off(PurpleConnection *gc, gpointer user_data)
{
    FdPoster *poster = user_data;

    if (gc != poster->account->gc || !poster->rooms)
        return;
    poster->account->windows_gone = fd_show_host_is_irc();
    fd_show_all_unsent(poster->account, poster->rooms);
    fd_commands_give_up(poster->account);
}

/* Of the push API several may stand there, and people put blanks behind commas. Sheet: 3.15. */
static char *without_blanks(const char *token)
{
    char *clean = g_strdup(token), *end = clean;

    for (; *token; token++) {
        if (!g_ascii_isspace(*token))
            *end++ = *token;
    }
    *end = '\0';
    return clean;
}

void fd_poster_start(FdAccount *account, const char *token)
{
    static const FdApiVia vias[] = { FD_API_VIA_SOURCE, FD_API_VIA_PUSH_CHAT, FD_API_VIA_PUSH_INBOX };
    FdPoster *poster = g_new0(FdPoster, 1);

    poster->account = account;
    poster->token = without_blanks(token);
    poster->via = vias[MAX(fd_settings_choice(account->account, FD_SETTING_PUSH), 0)];
    purple_signal_connect(purple_connections_get_handle(), "signing-off", poster, PURPLE_CALLBACK(on_signing_off),
                          poster);
    account->poster = poster;
    account->calls = fd_commands_new_calls();
    if (poster->via == FD_API_VIA_SOURCE)
        fd_api_source_of_token_async(account->api, poster->token, account->cancellable, on_source, poster);
    else
        open_unnamed(poster);
}

void fd_poster_stop(FdPoster *poster)
{
    purple_signals_disconnect_by_handle(poster);
    g_clear_pointer(&poster->token, net_secret_free);
}

void fd_poster_free(FdPoster *poster)
{
    if (!poster)
        return;
    fd_poster_stop(poster);
    g_clear_pointer(&poster->rooms, fd_rooms_free);
    g_free(poster->source_name);
    g_free(poster->sending);
    g_free(poster);
}
