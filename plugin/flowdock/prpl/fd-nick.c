/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's own nick. */
#include "fd-nick.h"

#include "flowdock/api/fd-api-users.h"
#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Longest nick, in characters. [guess] The service says no limit; this is that of a flow's name. */
#define MAX_NICK 100

char *fd_nick_find_fault(const char *nick)
{
    g_autofree char *clean = text_clean_line(nick);
    glong length = g_utf8_strlen(nick, -1);

    if (!*nick || strpbrk(nick, " \t\r\n") || strcmp(clean, nick) != 0)
        return g_strdup(_("A nick is one word without blanks."));
    if (strchr(nick, '@'))
        return g_strdup(_("A nick has no @ in it."));
    if (length > MAX_NICK)
        return g_strdup_printf(_("A nick may have %d characters, and this has %ld."), MAX_NICK, length);
    return NULL;
}

void fd_nick_changed(FdAccount *account, const char *nick)
{
    g_autoptr(FdUser) self = fd_user_new(account->state->self, nick);

    fd_people_put(account->state->people, self);
    fd_people_settle(account->state->people);
}

typedef struct {
    FdAccount *account;
    char *nick;
    PurpleSetPublicAliasSuccessCallback set;
    PurpleSetPublicAliasFailureCallback not_set;
    PurpleGetPublicAliasSuccessCallback got;
} Wish;

static void wish_free(Wish *wish)
{
    g_free(wish->nick);
    g_free(wish);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wish, wish_free)

static void on_set(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Wish) wish = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_user_set_nick_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (done)
        fd_nick_changed(wish->account, wish->nick);
    if (fd_account_is_closed(wish->account))
        return;
    if (done && wish->set) {
        wish->set(wish->account->account, wish->nick);
    } else if (!done && wish->not_set) {
        g_autofree char *why = face_error_text(fd_account_errors, error);

        wish->not_set(wish->account->account, why);
    }
}

/* The host wants no answer before its call has returned. */
static void on_known(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Wish) wish = user_data;
    g_autofree char *text = g_task_propagate_pointer(G_TASK(result), NULL);

    (void)source;
    if (!text)
        return;
    if (wish->got)
        wish->got(wish->account->account, text);
    else if (wish->not_set)
        wish->not_set(wish->account->account, text);
}

static void answer_later(Wish *wish, char *text)
{
    g_autoptr(GTask) task = g_task_new(NULL, wish->account->cancellable, on_known, wish);

    g_task_set_source_tag(task, answer_later);
    g_task_return_pointer(task, text, g_free);
}

void fd_nick_set_alias(PurpleConnection *gc, const char *alias, PurpleSetPublicAliasSuccessCallback done,
                       PurpleSetPublicAliasFailureCallback failed)
{
    FdAccount *account = fd_account_ready(gc);
    Wish *wish;
    char *fault;

    if (!account)
        return;
    wish = g_new0(Wish, 1);
    wish->account = account;
    wish->nick = g_strdup(alias ? alias : "");
    wish->set = done;
    wish->not_set = failed;
    fault = fd_nick_find_fault(wish->nick);
    if (fault)
        answer_later(wish, fault);
    else
        fd_api_user_set_nick_async(account->api, account->state->self, wish->nick, account->cancellable, on_set, wish);
}

void fd_nick_get_alias(PurpleConnection *gc, PurpleGetPublicAliasSuccessCallback done,
                       PurpleGetPublicAliasFailureCallback failed)
{
    FdAccount *account = fd_account_ready(gc);
    Wish *wish;

    (void)failed;
    if (!account || !done)
        return;
    wish = g_new0(Wish, 1);
    wish->account = account;
    wish->got = done;
    answer_later(wish, g_strdup(fd_state_self(account->state)->nick));
}
