/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kept tokens of sources. */
#include "fd-sources.h"

#include "fd-widen.h"

#include "flowdock/api/fd-api-sources.h"
#include "net/net-error.h"
#include "net/net-redact.h"
#include "net/net-secret.h"
#include "text/text-escape.h"

#include <request.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* Keys of settings: the token, and "SERVER FLOW NAME". */
#define TOKEN_KEY "source_token_"
#define ABOUT_KEY "source_about_"

struct _FdSources {
    GPtrArray *questions; /* Question */
};

/* ------------------------------------------------------------------------------------------------------- kept tokens */

FdApi *fd_sources_api(FdAccount *account)
{
    g_autoptr(NetCredential) nobody = net_credential_new();

    return fd_api_new(account->session, nobody, account->api_url);
}

static char *key_of(const char *prefix, gint64 id)
{
    return g_strdup_printf("%s%" G_GINT64_FORMAT, prefix, id);
}

/* (transfer full): server, flow, name; fewer where it was written by hand. */
static char **about(FdAccount *account, gint64 id)
{
    g_autofree char *key = key_of(ABOUT_KEY, id);

    return g_strsplit(purple_account_get_string(account->account, key, ""), " ", 3);
}

const char *fd_sources_token(FdAccount *account, gint64 id)
{
    g_autofree char *key = key_of(TOKEN_KEY, id);
    g_auto(GStrv) parts = about(account, id);
    const char *token = purple_account_get_string(account->account, key, NULL);

    /* Another server has other sources, and must not get to know it. */
    return token && *token && g_strcmp0(parts[0], account->api_url) == 0 ? token : NULL;
}

void fd_sources_keep(FdAccount *account, const char *path, const FdSource *source, const char *token)
{
    g_autofree char *token_key = key_of(TOKEN_KEY, source->id);
    g_autofree char *about_key = key_of(ABOUT_KEY, source->id);
    g_autofree char *value = g_strjoin(" ", account->api_url, path, source->name, NULL);

    purple_account_set_string(account->account, about_key, value);
    purple_account_set_string(account->account, token_key, token);
}

void fd_sources_forget(FdAccount *account, gint64 id)
{
    g_autofree char *token_key = key_of(TOKEN_KEY, id);
    g_autofree char *about_key = key_of(ABOUT_KEY, id);

    purple_account_remove_setting(account->account, token_key);
    purple_account_remove_setting(account->account, about_key);
}

static gint64 id_of(const char *key)
{
    gint64 id = 0;

    return g_str_has_prefix(key, TOKEN_KEY) &&
                   g_ascii_string_to_signed(key + strlen(TOKEN_KEY), 10, 1, G_MAXINT64, &id, NULL)
               ? id
               : 0;
}

static gint compare_ids(gconstpointer a, gconstpointer b)
{
    gint64 one = (*(const FdSource *const *)a)->id, other = (*(const FdSource *const *)b)->id;

    return (one > other) - (one < other);
}

GPtrArray *fd_sources_kept(FdAccount *account, const char *path)
{
    GPtrArray *sources = g_ptr_array_new_with_free_func((GDestroyNotify)fd_source_free);
    GHashTableIter iter;
    gpointer key;

    /* libpurple has no call that lists them. */
    g_hash_table_iter_init(&iter, account->account->settings);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        gint64 id = id_of(key);
        g_auto(GStrv) parts = about(account, id);
        FdSource *source;

        if (id == 0 || !fd_sources_token(account, id) || g_strv_length(parts) < 3 || strcmp(parts[1], path) != 0)
            continue;
        source = g_new0(FdSource, 1);
        source->id = id;
        source->name = text_clean_line(parts[2]);
        g_ptr_array_add(sources, source);
    }
    g_ptr_array_sort(sources, compare_ids);
    return sources;
}

void fd_sources_hide(GError *error, const char *token)
{
    g_auto(GStrv) tokens = g_strsplit(token, ",", -1);

    for (char **each = tokens; error && *each; each++) {
        char *words = net_redact_secret(error->message, *each);

        if (!words)
            continue;
        g_free(error->message);
        error->message = words;
    }
}

/* ------------------------------------------------------------------------------------------------------ which is meant */

char *fd_sources_label(const FdSource *source)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ": %s", source->id, source->name);
}

char *fd_sources_take_word(const char **args)
{
    const char *end = **args == '"' ? strchr(*args + 1, '"') : NULL;
    char *word;

    if (!end)
        return fd_call_next_word(args);
    word = end > *args + 1 ? g_strndup(*args + 1, (gsize)(end - *args - 1)) : NULL;
    *args = end + 1;
    *args += strspn(*args, " \t\r\n");
    return word;
}

static gboolean is_called(const FdSource *source, const char *word)
{
    g_autofree char *clean = text_clean_line(word);
    g_autofree char *wanted = g_utf8_casefold(clean, -1);
    g_autofree char *name = g_utf8_casefold(source->name, -1);

    return *wanted && strcmp(wanted, name) == 0;
}

static const FdSource *find_id(const GPtrArray *sources, const char *word)
{
    gint64 id = 0;

    if (!g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, &id, NULL))
        return NULL;
    for (guint i = 0; i < sources->len; i++) {
        if (((const FdSource *)sources->pdata[i])->id == id)
            return sources->pdata[i];
    }
    return NULL;
}

const FdSource *fd_sources_find(const GPtrArray *sources, const char *word, char **problem)
{
    const FdSource *found = find_id(sources, word);
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *few = NULL;

    *problem = NULL;
    if (found)
        return found;
    for (guint i = 0; i < sources->len; i++) {
        if (!is_called(sources->pdata[i], word))
            continue;
        found = sources->pdata[i];
        g_ptr_array_add(labels, fd_sources_label(found));
    }
    if (labels->len <= 1)
        return found;
    few = fd_call_few(labels);
    /* Translators: numbers and names of sources. */
    *problem = g_strdup_printf(_("Several sources have this name. Give the number of the one you mean: %s"), few);
    return NULL;
}

/* A question to the service. */
typedef struct {
    FdCall *call;
    char *word;
    FdSourcesFunc done;
} LookUp;

static void look_up_free(LookUp *look_up)
{
    fd_call_free(look_up->call);
    g_free(look_up->word);
    g_free(look_up);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LookUp, look_up_free)

static void refuse_unknown(FdCall *call, const GPtrArray *sources, const char *word)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *few = NULL, *why = NULL;

    for (guint i = 0; i < sources->len; i++)
        g_ptr_array_add(labels, fd_sources_label(sources->pdata[i]));
    few = fd_call_few(labels);
    /* Translators: what was typed; numbers and names of sources. */
    why = sources->len ? g_strdup_printf(_("This flow has no source \"%s\". It has these: %s"), word, few)
                       : g_strdup_printf(_("This flow has no source \"%s\", nor any other."), word);
    fd_call_refuse(call, why);
}

static void on_sources(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(LookUp) look_up = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sources = fd_api_sources_list_finish(result, &error);
    g_autofree char *problem = NULL;
    const FdSource *found = sources ? fd_sources_find(sources, look_up->word, &problem) : NULL;
    FdCall *call = look_up->call;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!sources)
        fd_widen_refuse(g_steal_pointer(&look_up->call), error);
    else if (problem)
        fd_call_refuse(call, problem);
    else if (!found)
        refuse_unknown(call, sources, look_up->word);
    else
        look_up->done(g_steal_pointer(&look_up->call), found);
}

void fd_sources_look_up(FdCall *call, const char *word, FdSourcesFunc done)
{
    FdAccount *account = call->account;
    LookUp *look_up = g_new(LookUp, 1);

    look_up->call = call;
    look_up->word = g_strdup(word);
    look_up->done = done;
    fd_api_sources_list_async(account->api, call->room->flow->path, account->cancellable, on_sources, look_up);
}

/* -------------------------------------------------------------------------------------------------------- entering one */

/* A token is asked for, or being checked. Lives as long as the account, as a host may call back late. */
typedef struct {
    FdCall *call; /* (nullable): answered */
    gint64 id;
    char *name;
    char *token; /* (nullable): while it is checked */
} Question;

static void question_free(gpointer data)
{
    Question *question = data;

    fd_call_free(question->call);
    g_free(question->name);
    net_secret_free(question->token);
    g_free(question);
}

static Question *question_new(FdCall *call, const FdSource *source)
{
    FdAccount *account = call->account;
    Question *question = g_new0(Question, 1);

    if (!account->sources) {
        account->sources = g_new0(FdSources, 1);
        account->sources->questions = g_ptr_array_new_with_free_func(question_free);
    }
    question->call = call;
    question->id = source->id;
    question->name = g_strdup(source->name);
    g_ptr_array_add(account->sources->questions, question);
    return question;
}

void fd_sources_free(FdSources *sources)
{
    if (!sources)
        return;
    g_ptr_array_unref(sources->questions);
    g_free(sources);
}

/* @why: a sentence, plain text */
static void refuse_token(Question *question, const char *why)
{
    g_autoptr(FdCall) call = g_steal_pointer(&question->call);

    fd_call_refuse(call, why);
}

static void refuse_token_error(Question *question, GError *error)
{
    g_autoptr(FdCall) call = g_steal_pointer(&question->call);

    fd_sources_hide(error, question->token);
    if (g_error_matches(error, NET_ERROR, NET_ERROR_GONE))
        fd_call_refuse(call, _("The source of this token was removed, so the token is worth nothing any more."));
    else if (g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED))
        fd_call_refuse(call, _("The service does not know this token. Nothing was kept."));
    else
        fd_call_refuse_error(call, error);
}

static void keep_token(Question *question)
{
    g_autoptr(FdCall) call = g_steal_pointer(&question->call);
    FdSource source = { .id = question->id, .name = question->name };
    g_autofree char *label = fd_sources_label(&source);
    g_autofree char *line = NULL;

    fd_sources_keep(call->account, call->room->flow->path, &source, question->token);
    /* Translators: number and name of a source. */
    line = g_strdup_printf(_("The token of the source %s is kept with this account now, so /activity and /discuss can "
                             "post through it."),
                           label);
    fd_call_say(call, line);
}

static void on_checked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gboolean good = fd_api_source_check_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    /* Whatever else it wants of an update that changes nothing: it has taken the token. */
    if (good || g_error_matches(error, FD_API_ERROR, FD_API_ERROR_REFUSED) ||
        g_error_matches(error, NET_ERROR, NET_ERROR_REJECTED))
        keep_token(user_data);
    else
        refuse_token_error(user_data, error);
}

static void on_own(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FdSource) own = fd_api_source_of_token_finish(result, &error);
    Question *question = user_data;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (own && own->id == question->id) {
        keep_token(question);
    } else if (own) {
        refuse_token(question, _("This is the token of another source. Nothing was kept."));
    } else if (g_error_matches(error, NET_ERROR, NET_ERROR_GONE) || net_error_is_passing(error)) {
        refuse_token_error(question, error);
    } else {
        /* A server that does not read the question. */
        FdAccount *account = question->call->account;
        g_autoptr(FdApi) api = fd_sources_api(account);

        fd_api_source_check_async(api, question->token, account->cancellable, on_checked, question);
    }
}

static void on_token(gpointer user_data, const char *text)
{
    Question *question = user_data;
    FdAccount *account = question->call ? question->call->account : NULL;
    g_autoptr(FdApi) api = NULL;

    if (!account || question->token || g_cancellable_is_cancelled(account->cancellable))
        return;
    question->token = g_strstrip(g_strdup(text ? text : ""));
    if (!*question->token) {
        refuse_token(question, _("No token was given."));
        return;
    }
    api = fd_sources_api(account);
    fd_api_source_of_token_async(api, question->token, account->cancellable, on_own, question);
}

static void on_no_token(gpointer user_data, const char *text)
{
    (void)text;
    on_token(user_data, NULL);
}

void fd_sources_ask_token(FdCall *call, const FdSource *source)
{
    FdAccount *account = call->account;
    Question *question = question_new(call, source);
    g_autofree char *primary = g_strdup_printf(_("Token of the source %s"), source->name);

    /* Where nobody answers, nothing is lost. */
    call->ended = TRUE;
    purple_request_input(account, _("Flowdock"), primary,
                         _("It is the flow_token that the service showed when the source was made. It is kept with "
                           "this account."),
                         NULL, FALSE, TRUE, NULL, _("Keep"), G_CALLBACK(on_token), _("Cancel"), G_CALLBACK(on_no_token),
                         account->account, NULL, NULL, question);
}
