/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that post through a source. Nothing is shown of what was posted: it comes by the stream, as for everybody. */
#include "fd-command.h"

#include "fd-poster.h"
#include "fd-sources.h"

#include "flowdock/api/fd-api-sources.h"
#include "net/net-error.h"
#include "net/net-secret.h"
#include "text/text-escape.h"
#include "text/text-md-html.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* What is typed behind the command. */
typedef struct {
    char *source, *key;
    const char *color; /* (nullable) */
    char *status;      /* (nullable) */
    char *title;       /* (nullable): only of an activity */
    char *body;        /* markdown; perhaps "" */
} Typed;

static void typed_clear(Typed *typed)
{
    g_free(typed->source);
    g_free(typed->key);
    g_free(typed->status);
    g_free(typed->title);
    g_free(typed->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Typed, typed_clear)

/* ------------------------------------------------------------------------------------------------------------ reading */

/* (nullable) (transfer none): one of the service's colours. */
static const char *color_of(const char *word)
{
    for (const char *const *color = fd_api_colors; *color; color++) {
        if (g_ascii_strcasecmp(*color, word) == 0)
            return *color;
    }
    return NULL;
}

/* "[green:passed]" at *@rest. What looks otherwise begins a title. Returns: %FALSE with @problem (transfer full). */
static gboolean take_status(Typed *typed, const char **rest, char **problem)
{
    gsize length = **rest == '[' ? strcspn(*rest + 1, ":]") : 0;
    g_autofree char *word = g_strndup(*rest + 1, length);
    const char *value = *rest + 1 + length + 1;
    g_autofree char *text = NULL, *colors = NULL;

    for (const char *letter = word; *letter; letter++)
        length = g_ascii_isalpha(*letter) ? length : 0;
    if (length == 0 || value[-1] != ':' || !strchr(value, ']'))
        return TRUE;
    typed->color = color_of(word);
    /* "[WIP: parser] …" and a link are titles. */
    if (!typed->color && strchr(" /", *value))
        return TRUE;
    text = g_strndup(value, strcspn(value, "]"));
    typed->status = text_clean_line(text);
    colors = g_strjoinv(", ", (char **)fd_api_colors);
    if (!typed->color)
        /* Translators: what was typed, and a list of words. */
        *problem = g_strdup_printf(_("\"%s\" is no colour that a status can have. These are: %s."), word, colors);
    else if (!*typed->status)
        *problem = g_strdup(_("Write the status behind its colour, as in [green:passed]."));
    *rest = value + strcspn(value, "]") + 1;
    *rest += strspn(*rest, " \t\r\n");
    return !*problem;
}

/* Returns: %FALSE with @problem (transfer full) (nullable): %NULL: something is missing. */
static gboolean read_typed(const FdCall *call, gboolean activity, Typed *typed, char **problem)
{
    const char *rest = call->args;
    gsize length;
    g_autofree char *title = NULL;

    typed->source = fd_sources_take_word(&rest);
    typed->key = fd_call_next_word(&rest);
    if (!typed->source || !typed->key || !*rest)
        return FALSE;
    if (!activity) {
        typed->body = g_strdup(rest);
        return TRUE;
    }
    if (!take_status(typed, &rest, problem))
        return FALSE;
    length = strcspn(rest, "|");
    title = g_strndup(rest, length);
    typed->title = text_clean_line(title);
    typed->body = g_strstrip(g_strdup(rest[length] ? rest + length + 1 : ""));
    return *typed->title != '\0';
}

/* (transfer full): with the tags that the service knows in place of those that hosts know. What was typed has no tags: it
 * is escaped. Sheet: 3.15, "HTML allowed". */
static char *service_html(const char *markdown)
{
    g_autofree char *html = text_md_to_html(markdown);
    GString *text = g_string_new(html);

    g_string_replace(text, "<s>", "<del>", 0);
    g_string_replace(text, "</s>", "</del>", 0);
    g_string_replace(text, "<font face=\"monospace\">", "<code>", 0);
    g_string_replace(text, "</font>", "</code>", 0);
    return g_string_free(text, FALSE);
}

/* ------------------------------------------------------------------------------------------------------------ posting */

/* One event on its way. */
typedef struct {
    FdCall *call;
    gint64 id;   /* of the source; 0: the account's own */
    char *token; /* a secret */
} Post;

static void post_free(Post *post)
{
    fd_call_free(post->call);
    net_secret_free(post->token);
    g_free(post);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Post, post_free)

static void refuse_post(const Post *post, const GError *error)
{
    FdCall *call = post->call;

    if (g_error_matches(error, NET_ERROR, NET_ERROR_GONE)) {
        if (post->id)
            fd_sources_forget(call->account, post->id);
        fd_call_refuse(call, _("This source was removed from its flow, so its token is worth nothing any more and was "
                               "forgotten."));
    } else if (g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED)) {
        fd_call_refuse(call, _("The service does not know the token of this source. Remove the source and make it "
                               "anew."));
    } else if (g_error_matches(error, NET_ERROR, NET_ERROR_OFFLINE) ||
               g_error_matches(error, NET_ERROR, NET_ERROR_TIMED_OUT)) {
        /* Whether the request or only its answer was lost, nobody knows. */
        g_autofree char *reason = face_error_text(fd_account_errors, error);
        g_autofree char *why = g_strdup_printf(_("%s Look whether it appears before you send it again."), reason);

        fd_call_refuse(call, why);
    } else {
        fd_call_refuse_error(call, error);
    }
}

static void on_posted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Post) post = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_source_post_finish(result, &error);
    FdCall *call = post->call;
    FdAccount *account = call->account;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    fd_sources_hide(error, post->token);
    call->ended = TRUE;
    if (!done)
        refuse_post(post, error);
    else if (account->poster)
        /* Which cannot read the flow. */
        fd_call_say(call, _("It was posted."));
    if (account->poster && !fd_account_is_closed(account))
        fd_poster_posted(account->poster, error);
}

/* Takes @call over. @id: of a source whose token is kept; 0: the account's own */
static void post_typed(FdCall *call, const Typed *typed, gint64 id, const char *token)
{
    FdAccount *account = call->account;
    const FdPerson *self = account->state ? fd_people_get(account->state->people, account->state->self) : NULL;
    const char *label = purple_account_get_username(account->account);
    g_autofree char *title_html = typed->title ? text_escape_html(typed->title) : NULL;
    g_autofree char *body_html = *typed->body ? service_html(typed->body) : NULL;
    g_autofree char *name =
        self ? g_strdup(self->name && *self->name ? self->name : self->nick) : fd_poster_name(account->poster);
    g_autoptr(FdApi) api = fd_sources_api(account);
    FdApiEvent event = {
        .event = typed->title ? "activity" : "discussion",
        .token = token,
        .key = typed->key,
        .title_html = title_html,
        .body_html = body_html,
        .color = typed->color,
        .status = typed->status,
        .author = name,
        .email = self                 ? self->email
                 : strchr(label, '@') ? label
                                      : NULL,
        .avatar = self ? self->avatar : NULL,
    };
    Post *post = g_new(Post, 1);

    post->call = call;
    post->id = id;
    post->token = g_strdup(token);
    fd_api_source_event_async(api, &event, account->cancellable, on_posted, post);
}

/* Takes @call over. */
static void post_through(FdCall *call, const FdSource *source, gboolean activity)
{
    g_autoptr(FdCall) owned = call;
    const char *token = fd_sources_token(call->account, source->id);
    g_auto(Typed) typed = { 0 };
    g_autofree char *problem = NULL, *label = NULL, *number = NULL, *why = NULL;

    if (token && read_typed(call, activity, &typed, &problem)) {
        post_typed(g_steal_pointer(&owned), &typed, source->id, token);
        return;
    }
    label = fd_sources_label(source);
    number = g_strdup_printf("%" G_GINT64_FORMAT, source->id);
    /* Translators: number and name of a source; its number. */
    why = g_strdup_printf(
        _("The token of the source %s is not kept here. If you have it, /source token %s asks for it."), label, number);
    fd_call_refuse(call, why);
}

static void on_source_of_activity(FdCall *call, const FdSource *source)
{
    post_through(call, source, TRUE);
}

static void on_source_of_discussion(FdCall *call, const FdSource *source)
{
    post_through(call, source, FALSE);
}

/* Takes @call over. */
static void post_as_poster(FdCall *call, const Typed *typed)
{
    g_autoptr(FdCall) owned = call;
    FdPoster *poster = call->account->poster;
    g_autofree char *why = fd_poster_why_not(poster, typed->source);

    if (why)
        fd_call_refuse(call, why);
    else
        post_typed(g_steal_pointer(&owned), typed, 0, fd_poster_token(poster));
}

/* The same. Whose token is kept is known without the service. */
static void post_or_look_up(FdCall *call, const Typed *typed)
{
    g_autoptr(FdCall) owned = call;
    g_autoptr(GPtrArray) kept = fd_sources_kept(call->account, call->room->flow->path);
    g_autofree char *problem = NULL;
    const FdSource *source = fd_sources_find(kept, typed->source, &problem);

    if (problem)
        fd_call_refuse(call, problem);
    else if (source)
        post_through(g_steal_pointer(&owned), source, typed->title != NULL);
    else
        fd_sources_look_up(g_steal_pointer(&owned), typed->source,
                           typed->title ? on_source_of_activity : on_source_of_discussion);
}

static void post(FdCall *call, gboolean activity)
{
    g_autoptr(FdCall) owned = call;
    g_auto(Typed) typed = { 0 };
    g_autofree char *problem = NULL;

    if (!read_typed(call, activity, &typed, &problem)) {
        if (problem)
            fd_call_refuse(call, problem);
        else
            fd_call_refuse_use(call);
    } else if (call->account->poster) {
        post_as_poster(g_steal_pointer(&owned), &typed);
    } else {
        post_or_look_up(g_steal_pointer(&owned), &typed);
    }
}

void fd_command_activity(FdCall *call)
{
    post(call, TRUE);
}

void fd_command_discuss(FdCall *call)
{
    post(call, FALSE);
}
