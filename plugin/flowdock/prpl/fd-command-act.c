/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /act: what a thread offers to do. Its addresses are signed and may expire, so the thread is loaded anew each time, also
 * after a question; what was asked about is found again by what the user was told of it. */
#include "fd-command.h"
#include "fd-commands.h"

#include "fd-show.h"

#include "flowdock/api/fd-api-actions.h"
#include "flowdock/api/fd-api-threads.h"
#include "flowdock/api/fd-decode.h"
#include "net/net-error.h"

#include <notify.h>
#include <request.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* So much of an action's name is shown, in characters; and so many of them where there is not the one that is meant. */
#define MAX_NAME 100
#define MAX_OFFERED 10

typedef struct {
    FdCall *call;
    char *thread_id;
    guint number;               /* of the action, from 1 */
    gboolean sure;              /* the user is not asked any more */
    char *name, *method, *host; /* (nullable): of what the user was asked about */
} Act;

static void act_free(gpointer data)
{
    Act *act = data;

    fd_call_free(act->call);
    g_free(act->thread_id);
    g_free(act->name);
    g_free(act->method);
    g_free(act->host);
    g_free(act);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Act, act_free)

GHashTable *fd_commands_new_acts(void)
{
    return g_hash_table_new_full(NULL, NULL, act_free, NULL);
}

/* Somebody else answers than for other calls, and it may matter that nobody knows what came of it. */
/* clang-format off */
static const FaceError errors[] = {
    { fd_api_error_quark, FD_API_ERROR_REFUSED, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration refused it."), TRUE },
    { fd_api_error_quark, FD_API_ERROR_FORBIDDEN, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration does not allow it."), TRUE },
    { net_error_quark, NET_ERROR_OFFLINE, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration cannot be reached, or the connection broke. It may have been done all the same: look at the "
         "thread before you try again."), TRUE },
    { net_error_quark, NET_ERROR_TIMED_OUT, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration does not answer. It may have been done all the same: look at the thread before you try "
         "again."), FALSE },
    { net_error_quark, NET_ERROR_PROTOCOL, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration's answer makes no sense. It may have been done all the same: look at the thread "
         "before you try again."), TRUE },
    { net_error_quark, NET_ERROR_UNAUTHORIZED, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration does not know who you are, and does not say where to tell it."), TRUE },
    { net_error_quark, NET_ERROR_FORBIDDEN, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration does not allow it."), TRUE },
    { net_error_quark, NET_ERROR_NOT_FOUND, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration does not know this action any more."), TRUE },
    { net_error_quark, NET_ERROR_GONE, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration does not know this action any more."), TRUE },
    { net_error_quark, NET_ERROR_REJECTED, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration refused it."), TRUE },
    { net_error_quark, NET_ERROR_SERVER, PURPLE_CONNECTION_ERROR_OTHER_ERROR,
      N_("The integration has a problem of its own. It may have been done all the same: look at the thread before you "
         "try again."), TRUE },
    { NULL, 0, PURPLE_CONNECTION_ERROR_OTHER_ERROR, NULL, FALSE },
};
/* clang-format on */

/* --------------------------------------------------------------------------------------------------------- in words */

/* (transfer full): "Close issue: POST to ci.example.com" */
static char *words_of(const FdThreadAction *action)
{
    g_autofree char *name = fd_event_excerpt(action->name, MAX_NAME);
    g_autofree char *host = fd_action_host(action);

    if (!host)
        host = g_strdup("?");
    /* Translators: the name of an action, and the host that its link leads to. */
    return action->method ? g_strdup_printf(_("%s: %s to %s"), name, action->method, host)
                          : g_strdup_printf(_("%s: opens %s"), name, host);
}

char *fd_act_describe(const FdThreadAction *action, guint number)
{
    g_autofree char *words = words_of(action);

    return g_strdup_printf("(%u) %s", number, words);
}

/* (transfer full): what to type, so that it is done without a question. */
static char *sure_line(const Act *act, const FdThread *thread)
{
    return fd_call_thread(act->call) ? g_strdup_printf("/act %u ok", act->number)
                                     : g_strdup_printf("/act %u %u ok", thread->number, act->number);
}

static void refuse_missing(const Act *act, const GPtrArray *actions)
{
    g_autoptr(GString) offered = g_string_new(NULL);
    g_autofree char *why = NULL;

    for (guint i = 0; i < actions->len && i < MAX_OFFERED; i++) {
        g_autofree char *line = fd_act_describe(actions->pdata[i], i + 1);

        g_string_append_printf(offered, "\n%s", line);
    }
    if (actions->len > MAX_OFFERED)
        g_string_append(offered, "\n…");
    if (actions->len == 0)
        why = g_strdup(_("This thread offers no actions."));
    else if (act->name)
        why = g_strdup_printf(_("The thread does not offer this any more, so nothing was done. It offers:%s"),
                              offered->str);
    else
        why = g_strdup_printf(_("This thread has no action %u. It offers:%s"), act->number, offered->str);
    fd_call_refuse(act->call, why);
}

/* ----------------------------------------------------------------------------------------------------------- a link */

static void open_link(Act *act, const FdThreadAction *action)
{
    const PurpleNotifyUiOps *ops = purple_notify_get_ui_ops();
    FdAccount *account = act->call->account;
    g_autofree char *address = fd_decode_web_address(action->url);
    g_autofree char *name = fd_event_excerpt(action->name, MAX_NAME);
    g_autofree char *line = NULL;

    if (!address) {
        fd_call_refuse(act->call, _("This action leads to no web page."));
        return;
    }
    act->call->ended = TRUE;
    line = g_strdup_printf("%s: %s", name, address);
    fd_call_say(act->call, line);
    if (!fd_account_is_closed(account) && ops && ops->notify_uri)
        purple_notify_uri(account->gc, address);
}

/* ----------------------------------------------------------------------------------------------------------- a call */

static void on_used(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Act) act = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdActionAnswer) answer = fd_api_action_use_finish(result, &error);
    g_autofree char *line = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!answer) {
        line = face_error_text(errors, error);
        fd_call_refuse(act->call, line);
    } else if (answer->sign_in) {
        /* Translators: a web address. */
        line = g_strdup_printf(_("The integration wants to know who you are: open %s in a browser, then try again."),
                               answer->sign_in);
        fd_call_refuse(act->call, line);
    } else {
        act->call->ended = TRUE;
        /* Translators: the name of an action, and what an integration says about it. */
        line = answer->words ? g_strdup_printf(_("Done: %s. The integration says: %s"), act->name, answer->words)
                             : g_strdup_printf(_("Done: %s."), act->name);
        fd_call_say(act->call, line);
    }
}

/* From now on it is this action and no other. */
static void remember(Act *act, const FdThreadAction *action)
{
    g_free(act->name);
    act->name = fd_event_excerpt(action->name, MAX_NAME);
    g_free(act->method);
    act->method = g_strdup(action->method);
    g_free(act->host);
    act->host = fd_action_host(action);
}

static void load(Act *act);

/* What a question is about is in the account's set, which lasts as long as the question can be open: all are closed at
 * sign-off. (transfer full) (nullable) */
static Act *take_answered(gpointer key)
{
    for (GList *item = purple_connections_get_all(); item; item = item->next) {
        PurpleAccount *purple = purple_connection_get_account(item->data);
        gboolean is_ours = g_strcmp0(purple_account_get_protocol_id(purple), FD_PROTOCOL_ID) == 0;
        FdAccount *account = is_ours ? fd_account_ready(item->data) : NULL;

        if (account && g_hash_table_steal(account->acts, key))
            return key;
    }
    return NULL;
}

static void on_ok(gpointer user_data, int choice)
{
    Act *act = take_answered(user_data);

    (void)choice;
    if (!act)
        return;
    act->sure = TRUE;
    load(act);
}

static void on_cancel(gpointer user_data, int choice)
{
    g_autoptr(Act) act = take_answered(user_data);
    g_autofree char *line = NULL;

    (void)choice;
    if (!act)
        return;
    act->call->ended = TRUE;
    line = g_strdup_printf(_("Not done: %s."), act->name);
    fd_call_say(act->call, line);
}

/* Takes @act over. bitlbee gives no more than a question to which one cannot see the answers. */
static void ask(Act *act, const FdThreadAction *action, const FdThread *thread)
{
    const PurpleRequestUiOps *ops = purple_request_get_ui_ops();
    FdAccount *account = act->call->account;
    g_autoptr(Act) owned = act;
    g_autofree char *words = words_of(action);
    g_autofree char *sure = sure_line(act, thread);
    g_autofree char *mark = fd_event_mark(thread->number, thread->title);
    g_autofree char *primary = NULL;
    /* Translators: "Close issue: POST to ci.example.com", and a command. */
    g_autofree char *line = g_strdup_printf(_("%s. %s does it."), words, sure);

    if (fd_show_host_is_irc() || !ops || !ops->request_action) {
        act->call->ended = TRUE;
        fd_call_say(act->call, line);
        return;
    }
    remember(act, action);
    /* Translators: the mark of a thread. */
    primary = g_strdup_printf(_("Do you want to use this action of %s?"), mark);
    g_hash_table_add(account->acts, g_steal_pointer(&owned));
    /* These two captions are the only ones that every host knows. */
    purple_request_action(account, _("Flowdock"), primary, line, 0, account->account, NULL, NULL, act, 2, "OK", on_ok,
                          "Cancel", on_cancel);
}

/* ------------------------------------------------------------------------------------------------------- the thread */

static gboolean is_same(const Act *act, const FdThreadAction *action)
{
    g_autofree char *name = fd_event_excerpt(action->name, MAX_NAME);
    g_autofree char *host = fd_action_host(action);

    return strcmp(act->name, name) == 0 && g_strcmp0(act->method, action->method) == 0 &&
           g_strcmp0(act->host, host) == 0;
}

/* (nullable): the one with the number, or, once the user was asked, that one wherever it is now. */
static const FdThreadAction *choose(const Act *act, const GPtrArray *actions)
{
    const FdThreadAction *action =
        act->number > 0 && act->number <= actions->len ? actions->pdata[act->number - 1] : NULL;

    if (!act->name || (action && is_same(act, action)))
        return action;
    for (guint i = 0; i < actions->len; i++)
        if (is_same(act, actions->pdata[i]))
            return actions->pdata[i];
    return NULL;
}

static void on_thread(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Act) act = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdThreadInfo) info = fd_api_thread_show_finish(result, &error);
    const FdThreadAction *action = info ? choose(act, info->actions) : NULL;
    FdAccount *account = act->call->account;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND)) {
        fd_call_refuse(act->call, _("There is no such thread. /threads lists them."));
    } else if (!info) {
        fd_call_refuse_error(act->call, error);
    } else if (!action) {
        refuse_missing(act, info->actions);
    } else if (!action->method) {
        open_link(act, action);
    } else if (!fd_api_action_check(account->api, action, &error)) {
        fd_call_refuse(act->call, g_error_matches(error, NET_ERROR, NET_ERROR_INSECURE)
                                      ? _("The action's address is not encrypted, so nothing was sent.")
                                      : _("The action's address makes no sense, so nothing was sent."));
    } else if (!act->sure) {
        const FdThread *thread = fd_threads_learn(act->call->room->threads, info);

        ask(g_steal_pointer(&act), action, thread);
    } else {
        remember(act, action);
        fd_api_action_use_async(account->api, action, account->cancellable, on_used, g_steal_pointer(&act));
    }
}

/* Takes @act over. */
static void load(Act *act)
{
    const FdCall *call = act->call;

    fd_api_thread_show_async(call->account->api, call->room->flow->path, act->thread_id, call->account->cancellable,
                             on_thread, act);
}

/* --------------------------------------------------------------------------------------------------------- the line */

/* @word: (nullable) */
static gboolean read_number(const char *word, guint *number)
{
    guint64 value;

    if (!word || !g_ascii_string_to_unsigned(word, 10, 0, G_MAXUINT, &value, NULL))
        return FALSE;
    *number = (guint)value;
    return TRUE;
}

static gboolean is_sure(const char *word)
{
    return word && g_ascii_strcasecmp(word, "ok") == 0;
}

/* "THREAD N [ok]"; in a thread's own room THREAD may be left out. @thread: (out) (transfer full) (nullable): as typed */
static gboolean parse(const FdCall *call, char **thread, guint *number, gboolean *sure)
{
    const char *args = call->args;
    g_autofree char *first = fd_call_next_word(&args);
    g_autofree char *second = fd_call_next_word(&args);
    gboolean is_own = fd_call_thread(call) && !*args && (!second || is_sure(second));
    g_autofree char *third = is_own ? g_steal_pointer(&second) : fd_call_next_word(&args);

    *sure = third != NULL;
    if (*args || (third && !is_sure(third)) || !read_number(is_own ? first : second, number))
        return FALSE;
    *thread = is_own ? NULL : g_steal_pointer(&first);
    return TRUE;
}

void fd_command_act(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    g_autofree char *word = NULL, *id = NULL, *problem = NULL;
    guint number = 0;
    gboolean sure;
    Act *act;

    if (!parse(call, &word, &number, &sure)) {
        fd_call_refuse_use(call);
        return;
    }
    id = word ? fd_refs_thread(call->room, word, &problem) : g_strdup(fd_call_thread(call));
    if (!id) {
        fd_call_refuse(call, problem);
        return;
    }
    act = g_new0(Act, 1);
    act->call = g_steal_pointer(&owned);
    act->thread_id = g_steal_pointer(&id);
    act->number = number;
    act->sure = sure;
    load(act);
}
