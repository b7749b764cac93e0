/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the sources of a flow. */
#include "fd-command.h"

#include "fd-settings.h"
#include "fd-show.h"
#include "fd-sources.h"
#include "fd-widen.h"

#include "flowdock/api/fd-api-sources.h"
#include "net/net-error.h"
#include "net/net-secret.h"
#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* One source, and what is done with it. */
typedef struct {
    FdCall *call;
    gint64 id;
    char *label;
} About;

static void about_free(About *about)
{
    fd_call_free(about->call);
    g_free(about->label);
    g_free(about);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(About, about_free)

/* @call: taken over */
static About *about_new(FdCall *call, const FdSource *source)
{
    About *about = g_new(About, 1);

    about->call = call;
    about->id = source->id;
    about->label = fd_sources_label(source);
    return about;
}

/* What follows the word that says what to do. (transfer none) */
static const char *rest_of(const FdCall *call)
{
    const char *rest = call->args;
    g_autofree char *verb = fd_call_next_word(&rest);

    return rest;
}

/* All that follows is the name. (transfer full) (nullable) */
static char *only_name(const FdCall *call)
{
    const char *rest = rest_of(call);
    g_autofree char *word = fd_sources_take_word(&rest);

    return *rest ? g_strdup(rest_of(call)) : g_steal_pointer(&word);
}

/* --------------------------------------------------------------------------------------------------------------- list */

/* Who has made it. (transfer full) (nullable) */
static char *maker_of(FdAccount *account, const FdSource *source)
{
    const FdPerson *creator = source->creator ? fd_people_get(account->state->people, source->creator) : NULL;
    const char *nick = creator && creator->shown ? creator->shown : source->creator_nick;

    /* Not by the own nick: hosts ring then. */
    if (creator && creator->id == account->state->self)
        return g_strdup(_("by you"));
    /* Translators: who has made a source. */
    return nick ? g_strdup_printf(_("by %s"), nick) : NULL;
}

/* "12: Build server (Demo application), by Ann, https://ci.example.com/, its token is kept here" */
static char *line_of(FdAccount *account, const FdSource *source)
{
    g_autofree char *maker = maker_of(account, source);
    g_autofree char *label = fd_sources_label(source);
    g_autoptr(GString) line = g_string_new(label);

    if (source->application)
        g_string_append_printf(line, " (%s)", source->application);
    if (maker)
        g_string_append_printf(line, ", %s", maker);
    if (source->url)
        g_string_append_printf(line, ", %s", source->url);
    if (fd_sources_token(account, source->id))
        /* Translators: of a source. */
        g_string_append_printf(line, ", %s", _("its token is kept here"));
    return g_string_free(g_steal_pointer(&line), FALSE);
}

static void on_sources(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sources = fd_api_sources_list_finish(result, &error);
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    g_autofree char *head = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!sources) {
        fd_widen_refuse(g_steal_pointer(&call), error);
        return;
    }
    if (sources->len == 0) {
        fd_call_say(call, _("This flow has no source. /source create NAME makes one, through which programs can post "
                            "here."));
        return;
    }
    for (guint i = 0; i < sources->len; i++) {
        g_autofree char *line = line_of(call->account, sources->pdata[i]);

        g_strv_builder_add(lines, line);
    }
    head = g_strdup_printf(
        g_dngettext(GETTEXT_PACKAGE, "%u source of this flow:", "%u sources of this flow:", sources->len),
        sources->len);
    fd_call_list(call, head, g_strv_builder_end(lines));
}

void fd_command_sources(FdCall *call)
{
    FdAccount *account = call->account;

    fd_api_sources_list_async(account->api, call->room->flow->path, account->cancellable, on_sources, call);
}

/* ------------------------------------------------------------------------------------------------------------- create */

/* Appends a line that bitlbee takes in its control channel; it wants quotes around blanks. */
static void append_set(GString *text, const char *label, const char *key, const char *value)
{
    const char *quote = strchr(value, ' ') ? "\"" : "";

    g_string_append_printf(text, "\naccount %s set %s %s%s%s", label, key, quote, value, quote);
}

/* bitlbee forgets what is kept with an account, but keeps the passwords of accounts. Its own commands are not translated.
 * (transfer full) */
static char *commands_for_account(const FdCall *call, const FdSource *source)
{
    PurpleAccount *account = call->account->account;
    const char *ca_file = fd_settings_string(account, FD_SETTING_CA_FILE);
    const char *slug = strchr(call->room->flow->path, '/');
    /* bitlbee finds the account by any part of its name that no other has. */
    g_autofree char *label = g_strdup_printf("source-%" G_GINT64_FORMAT "-%s", source->id, slug ? slug + 1 : "");
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "account add flowdock %s %s", label, source->token);
    append_set(text, label, FD_SETTING_AUTH_METHOD, "source-token");
    append_set(text, label, FD_SETTING_API_URL, call->account->api_url);
    if (*ca_file)
        append_set(text, label, FD_SETTING_CA_FILE, ca_file);
    g_string_append_printf(text, "\naccount %s on", label);
    return g_string_free(text, FALSE);
}

/* In bitlbee, whose control channel nobody else reads. */
static void show_commands(const FdCall *call, const FdSource *source)
{
    char *commands = commands_for_account(call, source);
    /* Translators: a name; then lines with commands of bitlbee. */
    char *text = g_strdup_printf(_("The token of the source %s is in the first of these lines, and it is shown once: "
                                   "bitlbee forgets it when this account goes off. With them you get an account that "
                                   "posts through this source.\n%s"),
                                 source->name, commands);

    fd_show_info(call->account, text);
    net_secret_free(commands);
    net_secret_free(text);
}

static void say_created(const FdCall *call, const FdSource *source)
{
    g_autofree char *label = fd_sources_label(source);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, source->id);
    g_autofree char *line = NULL;

    if (!source->token)
        /* Translators: number and name of a source; its number. */
        line = g_strdup_printf(_("The source %s was made, but the service did not tell its token. Should you get to "
                                 "know it, /source token %s takes it."),
                               label, number);
    else
        line = g_strdup_printf(_("The source %s was made, and its token is kept with this account. /activity %s KEY "
                                 "TITLE posts through it; /source token %s shows the token, for another program."),
                               label, number, number);
    fd_call_say(call, line);
}

static void on_created(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdSource) created = fd_api_source_create_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!created) {
        fd_widen_refuse(g_steal_pointer(&call), error);
        return;
    }
    call->ended = TRUE;
    if (created->token)
        fd_sources_keep(call->account, call->room->flow->path, created, created->token);
    say_created(call, created);
    if (created->token && fd_show_host_is_irc() && !fd_account_is_closed(call->account))
        show_commands(call, created);
}

static void create(FdCall *call)
{
    FdAccount *account = call->account;
    g_autofree char *typed = only_name(call);
    g_autofree char *name = text_clean_line(typed);

    if (!*name) {
        fd_call_refuse_use(call);
        fd_call_free(call);
    } else if (!fd_widen_is_needed(call)) {
        fd_api_source_create_async(account->api, call->room->flow->path, name, account->cancellable, on_created, call);
    }
}

/* ------------------------------------------------------------------------------------------------------------- remove */

static void on_removed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(About) about = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_source_change_finish(result, &error);
    gboolean gone = g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND);
    FdCall *call = about->call;
    g_autofree char *line = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!done && !gone) {
        fd_widen_refuse(g_steal_pointer(&about->call), error);
        return;
    }
    call->ended = TRUE;
    fd_sources_forget(call->account, about->id);
    /* Translators: number and name of a source. */
    line = g_strdup_printf(gone ? _("The source %s was removed already.")
                                : _("The source %s was removed. Its token is worth nothing any more."),
                           about->label);
    fd_call_say(call, line);
}

static void remove_source(FdCall *call, const FdSource *source)
{
    FdAccount *account = call->account;
    About *about = about_new(call, source);

    fd_api_source_delete_async(account->api, call->room->flow->path, source->id, account->cancellable, on_removed,
                               about);
}

static void begin_remove(FdCall *call)
{
    g_autofree char *name = only_name(call);

    if (name) {
        fd_sources_look_up(call, name, remove_source);
    } else {
        fd_call_refuse_use(call);
        fd_call_free(call);
    }
}

/* ------------------------------------------------------------------------------------------------------------ problem */

/* (transfer none): the text behind the source; "" for none. */
static const char *problem_of(const FdCall *call)
{
    const char *rest = rest_of(call);
    g_autofree char *word = fd_sources_take_word(&rest);

    return rest;
}

static void on_marked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(About) about = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_source_change_finish(result, &error);
    FdCall *call = about->call;
    g_autofree char *line = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!done) {
        fd_widen_refuse(g_steal_pointer(&about->call), error);
        return;
    }
    call->ended = TRUE;
    /* Translators: number and name of a source, and what is wrong with it. */
    line = *problem_of(call)
               ? g_strdup_printf(_("The source %s has this problem now: %s"), about->label, problem_of(call))
               : g_strdup_printf(_("The source %s has no problem any more."), about->label);
    fd_call_say(call, line);
}

static void mark(FdCall *call, const FdSource *source)
{
    FdAccount *account = call->account;
    About *about = about_new(call, source);

    fd_api_source_set_problem_async(account->api, call->room->flow->path, source->id, problem_of(call),
                                    account->cancellable, on_marked, about);
}

static void begin_problem(FdCall *call)
{
    const char *rest = rest_of(call);
    g_autofree char *word = fd_sources_take_word(&rest);

    if (word) {
        fd_sources_look_up(call, word, mark);
    } else {
        fd_call_refuse_use(call);
        fd_call_free(call);
    }
}

/* -------------------------------------------------------------------------------------------------------------- token */

/* Not into the host's logs. */
static void show_token(FdCall *call, const FdSource *source)
{
    g_autofree char *label = fd_sources_label(source);
    /* Translators: number and name of a source, and its token. */
    char *text = g_strdup_printf(_("The token of the source %s is %s (whoever has it can post here)."), label,
                                 fd_sources_token(call->account, source->id));
    PurpleConversation *conv = fd_show_host_is_irc() ? NULL : fd_call_conversation(call);

    call->ended = TRUE;
    if (conv)
        fd_show_line(conv, text, PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM | PURPLE_MESSAGE_NO_LOG);
    else
        fd_show_info(call->account, text);
    net_secret_free(text);
}

static void show_or_ask(FdCall *call, const FdSource *source)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    g_autofree char *label = NULL, *line = NULL;

    if (fd_sources_token(account, source->id)) {
        show_token(call, source);
        return;
    }
    label = fd_sources_label(source);
    /* Translators: number and name of a source. */
    line = g_strdup_printf(_("The token of the source %s is not kept here: the service shows it once, when the source "
                             "is made. If you have it, enter it where you are asked now."),
                           label);
    fd_call_say(call, line);
    if (!fd_account_is_closed(account))
        fd_sources_ask_token(g_steal_pointer(&owned), source);
}

/* Hosts keep what is typed, and show it again. */
static gboolean has_typed_token(FdCall *call)
{
    const char *rest = rest_of(call);
    gboolean is_quoted = *rest == '"';
    g_autofree char *word = fd_sources_take_word(&rest);
    char *args;

    if (!word || !*rest || (!is_quoted && strspn(word, "0123456789") != strlen(word)))
        return FALSE;
    args = g_strdup_printf(is_quoted ? "token \"%s\" …" : "token %s …", word);
    net_secret_free(call->args);
    call->args = args;
    fd_call_refuse(call, _("Do not write the token behind the source: what is typed here is kept in logs. Without it "
                           "the command shows the token, or asks for it."));
    return TRUE;
}

static void begin_token(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    g_autofree char *name = only_name(call), *problem = NULL;
    g_autoptr(GPtrArray) kept = NULL;
    const FdSource *source;

    if (!name) {
        fd_call_refuse_use(call);
        return;
    }
    if (has_typed_token(call))
        return;
    kept = fd_sources_kept(call->account, call->room->flow->path);
    source = fd_sources_find(kept, name, &problem);
    if (problem)
        fd_call_refuse(call, problem);
    else if (source)
        show_token(call, source);
    else
        fd_sources_look_up(g_steal_pointer(&owned), name, show_or_ask);
}

/* -------------------------------------------------------------------------------------------------------------- /source */

static void allow(FdCall *call)
{
    if (*rest_of(call)) {
        fd_call_refuse_use(call);
        fd_call_free(call);
    } else {
        fd_widen_ask(call);
    }
}

void fd_command_source(FdCall *call)
{
    static const struct {
        const char *verb;
        void (*run)(FdCall *call);
    } verbs[] = {
        { "create", create },     { "remove", begin_remove }, { "problem", begin_problem },
        { "token", begin_token }, { "allow", allow },
    };
    const char *rest = call->args;
    g_autofree char *verb = fd_call_next_word(&rest);

    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (g_ascii_strcasecmp(verbs[i].verb, verb) == 0) {
            verbs[i].run(call);
            return;
        }
    }
    fd_call_refuse_use(call);
    fd_call_free(call);
}
