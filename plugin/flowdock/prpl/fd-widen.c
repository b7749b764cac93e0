/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signing in once more, beside the session, with a further scope. */
#include "fd-widen.h"

#include "fd-auth.h"
#include "fd-settings.h"

#include "flowdock/api/fd-api-sources.h"
#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"

#include <glib/gi18n-lib.h>

typedef enum { RESTING, OFFERED, ASKED, GETTING } State;

struct _FdWiden {
    FdAccount *account;
    State state;
    gboolean closing;          /* we take a question away ourselves, of which Finch says that it was cancelled */
    GPtrArray *waiting;        /* FdCall: commands that wait for it */
    FdGrant *grant;            /* (nullable) */
    FaceOauth *oauth;          /* (nullable) */
    NetCredential *fresh;      /* (nullable): being checked: does it belong to the user who is signed in? */
    NetToken *fresh_token;     /* (nullable): what is in it */
    GCancellable *cancellable; /* (nullable): of that check */
};

static GPtrArray *calls_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)fd_call_free);
}

/* Not while one of them is being answered: hosts close that one themselves afterwards. */
static void close_questions(FdWiden *widen)
{
    widen->closing = TRUE;
    purple_request_close_with_handle(widen);
    widen->closing = FALSE;
}

/* All but who waits, and what the host asks. */
static void rest(FdWiden *widen)
{
    widen->closing = TRUE;
    g_clear_pointer(&widen->oauth, face_oauth_free);
    widen->closing = FALSE;
    if (widen->cancellable)
        g_cancellable_cancel(widen->cancellable);
    g_clear_object(&widen->cancellable);
    g_clear_pointer(&widen->grant, fd_grant_free);
    g_clear_pointer(&widen->fresh, net_credential_unref);
    g_clear_pointer(&widen->fresh_token, net_token_free);
    widen->state = RESTING;
}

void fd_widen_stop(FdWiden *widen)
{
    rest(widen);
    close_questions(widen);
}

void fd_widen_free(FdWiden *widen)
{
    if (!widen)
        return;
    g_ptr_array_unref(widen->waiting);
    g_free(widen);
}

static gboolean is_over(const FdWiden *widen)
{
    return widen->closing || g_cancellable_is_cancelled(widen->account->cancellable);
}

/* (transfer full): those who wait; nobody does any more. */
static GPtrArray *take_waiting(FdWiden *widen)
{
    GPtrArray *waiting = widen->waiting;

    widen->waiting = calls_new();
    return waiting;
}

/* @why: a sentence, plain text. The session goes on with what it has. */
static void give_up(FdWiden *widen, const char *why)
{
    g_autoptr(GPtrArray) waiting = NULL;

    rest(widen);
    waiting = take_waiting(widen);
    for (guint i = 0; i < waiting->len; i++) {
        if (!fd_account_is_closed(widen->account))
            fd_call_refuse(waiting->pdata[i], why);
    }
}

static void give_up_error(FdWiden *widen, const GError *error)
{
    g_autofree char *why = face_error_text(fd_account_errors, error);

    give_up(widen, why);
}

/* ------------------------------------------------------------------------------------------------------------- success */

static void go_on(FdWiden *widen)
{
    FdAccount *account = widen->account;
    g_autoptr(NetToken) token = g_steal_pointer(&widen->fresh_token);
    g_autoptr(GPtrArray) waiting = take_waiting(widen);

    rest(widen);
    purple_account_set_bool(account->account, FD_SETTING_INTEGRATION, TRUE);
    fd_auth_take(account->auth, token);
    while (waiting->len > 0 && !fd_account_is_closed(account)) {
        FdCall *call = g_ptr_array_steal_index(waiting, 0);

        call->widened = TRUE;
        fd_call_run(call);
    }
}

static void ask(FdWiden *widen, const char *why);

/* Who answers may be somebody else, or in the browser of somebody else. */
static void on_whose(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FdUser) user = fd_api_user_finish(result, &error);
    FdWiden *widen = user_data;
    g_autofree char *why = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_over(widen))
        return;
    if (error) {
        give_up_error(widen, error);
    } else if ((why = fd_auth_why_not(widen->account, user))) {
        g_clear_pointer(&widen->fresh, net_credential_unref);
        g_clear_pointer(&widen->fresh_token, net_token_free);
        ask(widen, why);
    } else {
        go_on(widen);
    }
}

static void check(FdWiden *widen, const NetToken *token)
{
    FdAccount *account = widen->account;
    FdApi *api;

    widen->fresh_token = net_token_copy(token);
    widen->fresh = net_credential_new();
    net_credential_set_bearer(widen->fresh, token->access_token);
    g_clear_object(&widen->cancellable);
    widen->cancellable = g_cancellable_new();
    api = fd_api_new(account->session, widen->fresh, account->api_url);
    fd_api_user_self_async(api, widen->cancellable, on_whose, widen);
    fd_api_unref(api);
}

static gboolean has_scope(const NetToken *token)
{
    return !token->scopes || g_strv_contains((const char *const *)token->scopes, FD_API_SCOPE_INTEGRATION);
}

static void on_token(const NetToken *token, const GError *error, gpointer user_data)
{
    FdWiden *widen = user_data;
    g_autofree char *why = error ? face_error_text(fd_account_errors, error) : NULL;

    if (is_over(widen))
        return;
    if (g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_GRANT))
        ask(widen, fd_auth_why_refused(fd_grant_get_kind(widen->grant)));
    else if (net_error_is_passing(error))
        ask(widen, why);
    else if (error)
        give_up(widen, why);
    else if (!has_scope(token))
        give_up(widen, _("The service has signed you in, but without the permission for sources. Your application may "
                         "not be allowed to have it."));
    else
        check(widen, token);
}

/* ------------------------------------------------------------------------------------------------------------- questions */

static void get(FdWiden *widen, FdGrantKind kind, const char *secret)
{
    if (!widen->grant) {
        widen->grant = fd_grant_new(widen->account, on_token, widen);
        fd_grant_set_more(widen->grant, FD_API_SCOPE_INTEGRATION);
    }
    widen->state = GETTING;
    fd_grant_request(widen->grant, kind, secret, widen->oauth ? face_oauth_get_consent(widen->oauth) : NULL);
}

static const char *why_cancelled(void)
{
    return _("The account was not signed in again, so it still lacks the permission for sources. /source allow asks "
             "once more.");
}

static void on_secret(gpointer user_data, const char *text)
{
    FdWiden *widen = user_data;

    if (is_over(widen) || widen->state != ASKED)
        return;
    if (text && *text)
        get(widen, FD_GRANT_PASSWORD, text);
    else
        give_up(widen, why_cancelled());
}

static void on_no_secret(gpointer user_data, const char *text)
{
    (void)text;
    on_secret(user_data, NULL);
}

static void on_consent(FaceOauth *oauth, const char *code, const GError *error, gpointer user_data)
{
    FdWiden *widen = user_data;

    (void)oauth;
    if (is_over(widen))
        return;
    if (code)
        get(widen, FD_GRANT_CODE, code);
    else if (error)
        give_up_error(widen, error);
    else
        give_up(widen, why_cancelled());
}

/* Asks for a secret or consent. @why: (nullable): a sentence that goes before the question, plain text */
static void ask(FdWiden *widen, const char *why)
{
    FdAuthQuestion question = { .handle = widen, .why = why, .more = FD_API_SCOPE_INTEGRATION, .in_session = TRUE };
    g_autoptr(GError) error = NULL;

    widen->state = ASKED;
    if (fd_auth_asks_secret(widen->account->auth)) {
        fd_auth_ask_secret(widen->account, &question, on_secret, on_no_secret, widen);
        return;
    }
    /* With the consent that is there: a page that allows by itself would lead round in a circle. */
    if (widen->oauth) {
        face_oauth_ask_again(widen->oauth, why);
        return;
    }
    widen->oauth = fd_auth_open_consent(widen->account, &question, on_consent, widen, &error);
    if (!widen->oauth)
        give_up_error(widen, error);
}

static void on_yes(gpointer user_data, int action)
{
    FdWiden *widen = user_data;

    (void)action;
    if (!is_over(widen) && widen->state == OFFERED)
        ask(widen, NULL);
}

static void on_no(gpointer user_data, int action)
{
    FdWiden *widen = user_data;

    (void)action;
    if (!is_over(widen) && widen->state == OFFERED)
        give_up(widen, why_cancelled());
}

/* bitlbee knows the two answers by these words only, and wants each of the texts. */
static void offer(FdWiden *widen)
{
    FdAccount *account = widen->account;

    close_questions(widen);
    widen->state = OFFERED;
    purple_request_action(widen, _("Flowdock sign-in"), _("Sign in again with the permission for sources?"),
                          _("The service makes and changes sources only for a sign-in with the permission "
                            "\"integration\", which yours lacks. Your rooms stay open meanwhile."),
                          0, account->account, NULL, NULL, widen, 2, "OK", on_yes, "Cancel", on_no);
}

/* ------------------------------------------------------------------------------------------------------------------ calls */

static FdWiden *widen_of(FdAccount *account)
{
    if (!account->widen) {
        account->widen = g_new0(FdWiden, 1);
        account->widen->account = account;
        account->widen->waiting = calls_new();
    }
    return account->widen;
}

/* Methods without OAuth belong to no application. Sheet: 3.12. */
static void refuse_method(FdCall *call)
{
    fd_call_refuse(call, _("A source belongs to an application, so only an account that signs in with one can do this: "
                           "set auth_method to password-grant or oauth, with the client id and the client secret of "
                           "the application."));
}

/* Takes @call over. The line first: hosts hide dialogs behind their windows, and bitlbee asks in another place. */
static void wait_for_it(FdCall *call)
{
    FdAccount *account = call->account;
    FdWiden *widen = widen_of(account);
    State state = widen->state;

    fd_call_say(call, state == ASKED || state == GETTING
                          ? _("This goes on when you have signed in again. /source allow asks anew.")
                          : _("The service wants the permission \"integration\" for this, which the sign-in of this "
                              "account lacks. You are asked whether to sign in again with it; /source allow does "
                              "the same."));
    if (fd_account_is_closed(account)) {
        fd_call_free(call);
        return;
    }
    g_ptr_array_add(widen->waiting, call);
    if (state == RESTING || state == OFFERED)
        offer(widen);
}

void fd_widen_refuse(FdCall *call, const GError *error)
{
    g_autoptr(FdCall) owned = call;
    const FdAuth *auth = call->account->auth;

    if (!fd_api_is_forbidden(error))
        fd_call_refuse_error(call, error);
    else if (!fd_auth_has_scopes(auth))
        refuse_method(call);
    else if (call->widened || fd_auth_get_scope(auth, FD_API_SCOPE_INTEGRATION) == FD_AUTH_SCOPE_HAS)
        fd_call_refuse_rights(call, error, fd_call_org(call));
    else
        wait_for_it(g_steal_pointer(&owned));
}

gboolean fd_widen_is_needed(FdCall *call)
{
    const FdAuth *auth = call->account->auth;

    if (!fd_auth_has_scopes(auth)) {
        refuse_method(call);
        fd_call_free(call);
        return TRUE;
    }
    if (call->widened || fd_auth_get_scope(auth, FD_API_SCOPE_INTEGRATION) != FD_AUTH_SCOPE_LACKS)
        return FALSE;
    wait_for_it(call);
    return TRUE;
}

void fd_widen_ask(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdWiden *widen = widen_of(call->account);

    if (!fd_auth_has_scopes(call->account->auth)) {
        refuse_method(call);
        return;
    }
    if (call->widened || fd_auth_get_scope(call->account->auth, FD_API_SCOPE_INTEGRATION) == FD_AUTH_SCOPE_HAS) {
        call->ended = TRUE;
        fd_call_say(call, _("You are signed in with the permission for sources."));
        return;
    }
    rest(widen);
    close_questions(widen);
    g_ptr_array_add(widen->waiting, g_steal_pointer(&owned));
    ask(widen, NULL);
}
