/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the account's secret to a credential, by any of the methods. */
#include "fd-auth.h"

#include "fd-grant.h"
#include "fd-online.h"
#include "fd-poster.h"
#include "fd-settings.h"

#include "face/face-oauth.h"
#include "face/face-token.h"
#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"
#include "net/net-secret.h"

#include <request.h>

#include <glib/gi18n-lib.h>

/* Where the page that shows a code leads to. Sheet: 2.4. */
#define OUT_OF_BAND "urn:ietf:wg:oauth:2.0:oob"
/* Where the listener is; a registered address has to be exactly this, with the port of the setting. */
#define LISTEN_PATH "/flowdock"
#define LISTEN_MS (5 * 60 * 1000)
/* Before it is asked once more whose a new credential is, when the server could not say. */
#define CHECK_PAUSE_MS 10000

static const char *const consent_path[] = { "oauth", "authorize", NULL };

/* What is done, asked and said by a method. */
typedef struct {
    gboolean by_token; /* needs a registered application, and gets tokens that can be renewed */
    void (*begin)(FdAuth *auth, const char *secret);
    char *(*question)(const char *user); /* (nullable) (transfer full): NULL: it is the consent page that asks */
    const char *hint;                    /* N_() */
    const char *missing;                 /* N_(): nothing was answered */
    const char *refused;                 /* N_() (nullable): a 401 */
} Method;

struct _FdAuth {
    FdAccount *account;
    FdAuthReadyFunc ready;
    const Method *method;
    FdGrant *grant;
    FaceOauth *oauth;      /* (nullable): the consent under way */
    gboolean is_set;       /* there is a credential; what comes now is a renewal */
    gboolean closing;      /* we take a question away ourselves, of which Finch says that it was cancelled */
    char *asked;           /* (nullable): the secret the user has entered, to be kept when it proves good */
    NetCredential *fresh;  /* (nullable): being checked: does it belong to the user who is signed in? */
    NetToken *fresh_token; /* (nullable): where @fresh is one */
    guint retry_id;        /* of that check */
    char **scopes;         /* (nullable): of the token, where the service has told them */
    GCancellable *cancellable;
};

static void set_secret(char **place, const char *value)
{
    char *copy = g_strdup(value);

    net_secret_free(*place);
    *place = copy;
}

/* Of a secret; a consent closes its own. */
static void close_question(FdAuth *auth)
{
    auth->closing = TRUE;
    purple_request_close_with_handle(auth);
    auth->closing = FALSE;
}

void fd_auth_stop(FdAuth *auth)
{
    g_cancellable_cancel(auth->cancellable);
    g_clear_handle_id(&auth->retry_id, g_source_remove);
    fd_grant_stop(auth->grant);
    close_question(auth);
    g_clear_pointer(&auth->oauth, face_oauth_free);
    set_secret(&auth->asked, NULL);
    g_clear_pointer(&auth->fresh, net_credential_unref);
    g_clear_pointer(&auth->fresh_token, net_token_free);
}

void fd_auth_free(FdAuth *auth)
{
    if (!auth)
        return;
    fd_auth_stop(auth);
    fd_grant_free(auth->grant);
    g_strfreev(auth->scopes);
    g_object_unref(auth->cancellable);
    g_free(auth);
}

/* ------------------------------------------------------------------------------------------------- asking the user */

static void ask(FdAuth *auth, const char *why);

static void give_up(FdAuth *auth, const char *text)
{
    fd_account_fail(auth->account, PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED, text);
}

static void on_answer(gpointer user_data, const char *text)
{
    FdAccount *account = user_data;
    FdAuth *auth = account->auth;

    if (!auth || auth->closing || g_cancellable_is_cancelled(account->cancellable))
        return;
    if (!text || !*text) {
        give_up(auth, _(auth->method->missing));
        return;
    }
    set_secret(&auth->asked, text);
    auth->method->begin(auth, text);
}

static void on_no_answer(gpointer user_data, const char *text)
{
    (void)text;
    on_answer(user_data, NULL);
}

/* libpurple's own prompt does not exist in bitlbee; this one does, see hosts: every text must be there. */
void fd_auth_ask_secret(FdAccount *account, const FdAuthQuestion *question, PurpleRequestInputCb done,
                        PurpleRequestInputCb cancelled, gpointer user_data)
{
    const Method *method = account->auth->method;
    g_autofree char *primary = method->question(purple_account_get_username(account->account));
    const char *why = question->why ? question->why : _(method->hint);

    purple_request_input(question->handle, _("Flowdock sign-in"), primary, why, NULL, FALSE, TRUE, NULL, _("Sign in"),
                         G_CALLBACK(done), _("Cancel"), G_CALLBACK(cancelled), account->account, NULL, NULL, user_data);
}

static void ask_consent(FdAuth *auth, const char *why);

static void on_consent(FaceOauth *oauth, const char *code, const GError *error, gpointer user_data)
{
    FdAuth *auth = user_data;

    if (code) {
        fd_grant_request(auth->grant, FD_GRANT_CODE, code, face_oauth_get_consent(oauth));
    } else if (error && fd_grant_want_less(auth->account, error)) {
        g_clear_pointer(&auth->oauth, face_oauth_free);
        ask_consent(auth, NULL);
    } else if (error && auth->is_set) {
        /* Rooms are open, and it may not even have been the user. */
        g_autofree char *why = face_error_text(fd_account_errors, error);

        ask(auth, why);
    } else if (error) {
        fd_account_fail_error(auth->account, error);
    } else {
        give_up(auth, _(auth->method->missing));
    }
}

FaceOauth *fd_auth_open_consent(FdAccount *account, const FdAuthQuestion *question, FaceOauthFunc done,
                                gpointer user_data, GError **error)
{
    g_autofree const char **scopes = fd_grant_scopes(account, question->more);
    gboolean listens = fd_settings_choice(account->account, FD_SETTING_REDIRECT) == FD_REDIRECT_LOOPBACK;
    FaceOauthOptions options = {
        .account = account->account,
        .handle = question->handle,
        .title = _("Flowdock sign-in"),
        .why = question->why,
        .consent = { .base_url = account->api_url,
                     .path = consent_path,
                     .client_id = account->client_id,
                     .redirect_uri = OUT_OF_BAND,
                     .scopes = scopes,
                     .scope_separator = "%20" },
        .listen_path = listens ? LISTEN_PATH : NULL,
        .port = (guint16)fd_settings_int(account->account, FD_SETTING_LOOPBACK_PORT),
        .timeout_ms = fd_account_ms(account, LISTEN_MS),
        /* Who was signed in already may be away for long; the rooms wait. */
        .outlives_listener = question->in_session,
    };

    return face_oauth_new(&options, done, user_data, error);
}

/* @why: (nullable): a sentence that goes before the question */
static void ask_consent(FdAuth *auth, const char *why)
{
    FdAuthQuestion question = { .handle = auth->account, .why = why, .in_session = auth->is_set };
    g_autoptr(GError) error = NULL;

    auth->oauth = fd_auth_open_consent(auth->account, &question, on_consent, auth, &error);
    if (!auth->oauth)
        fd_account_fail_error(auth->account, error);
}

/* Asks for a new secret or consent, in the way of the method. @why: (nullable): a sentence, plain text. */
static void ask(FdAuth *auth, const char *why)
{
    set_secret(&auth->asked, NULL);
    if (auth->is_set)
        fd_online_wait_for_user(auth->account);
    if (fd_account_is_closed(auth->account))
        return;
    if (auth->method->question)
        fd_auth_ask_secret(auth->account, &(FdAuthQuestion){ .handle = auth, .why = why }, on_answer, on_no_answer,
                           auth->account);
    else if (auth->oauth)
        face_oauth_ask_again(auth->oauth, why);
    else
        ask_consent(auth, why);
}

/* -------------------------------------------------------------------------------------------- taking what was given */

/* Where somebody has just answered a question in the middle of a session. */
static gboolean was_asked(const FdAuth *auth)
{
    return auth->is_set && (auth->asked || auth->oauth);
}

/* First the refresh token: the old one is dead from now on, so it must not be lost. Sheet: 2.6. */
static void keep_refresh_token(FdAuth *auth, const NetToken *token)
{
    PurpleAccount *account = auth->account->account;

    if (!token->refresh_token)
        return;
    /* After a consent there is no password to fall back to. */
    if (auth->oauth)
        purple_account_set_remember_password(account, TRUE);
    face_token_keep(account, token->refresh_token);
    set_secret(&auth->asked, NULL);
}

static void use_token(FdAuth *auth, const NetToken *token)
{
    keep_refresh_token(auth, token);
    g_strfreev(auth->scopes);
    auth->scopes = g_strdupv(token->scopes);
    net_credential_set_bearer(auth->account->credential, token->access_token);
    net_credential_set_life(auth->account->credential, token->expires_in_s);
}

/* The account's credential is set, for the first time or anew. */
static void is_set(FdAuth *auth)
{
    FdAccount *account = auth->account;

    g_clear_pointer(&auth->oauth, face_oauth_free);
    if (!auth->is_set) {
        auth->is_set = TRUE;
        auth->ready(account);
        return;
    }
    fd_auth_confirm(auth);
    net_credential_renewed(account->credential, NULL);
    fd_online_user_is_back(account);
}

static void use_fresh(FdAuth *auth)
{
    g_autoptr(NetCredential) fresh = g_steal_pointer(&auth->fresh);
    g_autoptr(NetToken) token = g_steal_pointer(&auth->fresh_token);

    if (token)
        use_token(auth, token);
    else
        net_credential_copy(auth->account->credential, fresh);
    is_set(auth);
}

/* With the consent that is there: neither a browser nor a listener is opened anew, since a page that allows by itself would
 * lead round in a circle. */
static void refuse_fresh(FdAuth *auth, const char *why)
{
    g_clear_pointer(&auth->fresh, net_credential_unref);
    g_clear_pointer(&auth->fresh_token, net_token_free);
    ask(auth, why);
}

static void ask_whose(FdAuth *auth);

static gboolean on_retry(gpointer user_data)
{
    FdAuth *auth = user_data;

    auth->retry_id = 0;
    ask_whose(auth);
    return G_SOURCE_REMOVE;
}

char *fd_auth_why_not(FdAccount *account, const FdUser *user)
{
    return account->state && user->id != account->state->self
               ? g_strdup_printf(_("You have signed in as %s, but these rooms are those of somebody else. Sign in as "
                                   "the same user as before, or use another account."),
                                 user->nick)
               : NULL;
}

static void on_whose(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FdUser) user = fd_api_user_finish(result, &error);
    FdAuth *auth = user_data;
    g_autofree char *why = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (net_error_is_passing(error)) {
        auth->retry_id = g_timeout_add(fd_account_ms(auth->account, CHECK_PAUSE_MS), on_retry, auth);
    } else if (error) {
        why = g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED) && auth->method->refused
                  ? g_strdup(_(auth->method->refused))
                  : face_error_text(fd_account_errors, error);
        refuse_fresh(auth, why);
    } else if ((why = fd_auth_why_not(auth->account, user))) {
        refuse_fresh(auth, why);
    } else {
        use_fresh(auth);
    }
}

static void ask_whose(FdAuth *auth)
{
    FdApi *api = fd_api_new(auth->account->session, auth->fresh, auth->account->api_url);

    fd_api_user_self_async(api, auth->cancellable, on_whose, auth);
    fd_api_unref(api);
}

/* Who answers a question hours later may be somebody else, or in the browser of somebody else: what waits to be sent
 * must not go out in their name. Takes both. */
static void check(FdAuth *auth, NetCredential *fresh, NetToken *token)
{
    auth->fresh = fresh;
    auth->fresh_token = token;
    ask_whose(auth);
}

/* ------------------------------------------------------------------------------------------------------------- tokens */

const char *fd_auth_why_refused(FdGrantKind kind)
{
    switch (kind) {
    case FD_GRANT_PASSWORD:
        return _("The e-mail address or the password is wrong.");
    case FD_GRANT_CODE:
        return _(
            "The server does not accept this code. A code is good once and for some minutes only: copy it whole, or "
            "open the address anew to get another one.");
    default:
        return _("The earlier sign-in has expired. Please sign in again.");
    }
}

/* In a session: a page of the network we are in (log in here first!) is not the service's last word. */
static gboolean may_pass(const FdAuth *auth, const GError *error)
{
    gboolean is_no_answer = g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_TOKEN) ||
                            g_error_matches(error, NET_ERROR, NET_ERROR_PROTOCOL);

    return net_error_is_passing(error) || (auth->is_set && is_no_answer);
}

static void no_token(FdAuth *auth, const GError *error)
{
    FdAccount *account = auth->account;
    gboolean refused = g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_INVALID_GRANT);
    g_autofree char *why = NULL;

    if (refused && (auth->is_set || fd_grant_get_kind(auth->grant) != FD_GRANT_PASSWORD)) {
        ask(auth, fd_auth_why_refused(fd_grant_get_kind(auth->grant)));
    } else if (was_asked(auth) && may_pass(auth, error)) {
        /* What was entered is gone, but not the question. */
        why = face_error_text(fd_account_errors, error);
        ask(auth, why);
    } else if (auth->is_set && may_pass(auth, error)) {
        g_autoptr(GError) passing = g_error_new_literal(NET_ERROR, NET_ERROR_SERVER, error->message);

        /* What waits for the token has failed by now; it is tried again with the next call. */
        net_credential_renewed(account->credential, net_error_is_passing(error) ? error : passing);
    } else {
        fd_auth_failed(auth, error);
        fd_account_fail_error(account, error);
    }
}

static void on_grant(const NetToken *token, const GError *error, gpointer user_data)
{
    FdAuth *auth = user_data;

    if (!token) {
        no_token(auth, error);
    } else if (was_asked(auth)) {
        NetCredential *fresh = net_credential_new();

        net_credential_set_bearer(fresh, token->access_token);
        check(auth, fresh, net_token_copy(token));
    } else {
        use_token(auth, token);
        is_set(auth);
    }
}

/* Of the two methods that keep a refresh token in the password field. Returns: whether there is one. */
static gboolean begin_refresh(FdAuth *auth, const char *secret)
{
    const char *refresh_token = face_token_in(secret);

    if (refresh_token)
        fd_grant_request(auth->grant, FD_GRANT_REFRESH, refresh_token, NULL);
    return refresh_token != NULL;
}

/* ------------------------------------------------------------------------------------------------------------ methods */

static void begin_password(FdAuth *auth, const char *secret)
{
    if (begin_refresh(auth, secret))
        return;
    if (*secret)
        fd_grant_request(auth->grant, FD_GRANT_PASSWORD, secret, NULL);
    else
        ask(auth, _(auth->method->hint));
}

static void begin_consent(FdAuth *auth, const char *secret)
{
    if (!begin_refresh(auth, secret))
        ask(auth, NULL);
}

/* Whether it is any good turns out when flows are loaded, or is checked where rooms are waiting. */
static void use_basic(FdAuth *auth, const char *user, const char *password)
{
    g_autoptr(NetCredential) fresh = net_credential_new();

    if (!net_credential_set_basic(fresh, user, password)) {
        if (auth->is_set)
            ask(auth, _(auth->method->refused));
        else
            give_up(auth, _(auth->method->refused));
    } else if (auth->is_set) {
        check(auth, g_steal_pointer(&fresh), NULL);
    } else {
        net_credential_copy(auth->account->credential, fresh);
        is_set(auth);
    }
}

/* Of a method whose secret is the user's own: without one, or with what another method has left there, it is asked for. */
static gboolean has_secret(FdAuth *auth, const char *secret)
{
    if (*secret && !face_token_in(secret))
        return TRUE;
    ask(auth, _(auth->method->hint));
    return FALSE;
}

static void begin_api_token(FdAuth *auth, const char *secret)
{
    char *token;

    if (!has_secret(auth, secret))
        return;
    /* Copied from a page. */
    token = g_strstrip(g_strdup(secret));
    use_basic(auth, token, "");
    net_secret_free(token);
}

static void begin_basic(FdAuth *auth, const char *secret)
{
    if (has_secret(auth, secret))
        use_basic(auth, purple_account_get_username(auth->account->account), secret);
}

static void begin_source(FdAuth *auth, const char *secret)
{
    char *token;

    if (!has_secret(auth, secret))
        return;
    token = g_strstrip(g_strdup(secret));
    fd_poster_start(auth->account, token);
    net_secret_free(token);
}

static char *ask_for_password(const char *user)
{
    return g_strdup_printf(_("Password for %s"), user);
}

static char *ask_for_api_token(const char *user)
{
    return g_strdup_printf(_("API token for %s"), user);
}

static char *ask_for_source_token(const char *user)
{
    return g_strdup_printf(_("Token of the source for %s"), user);
}

/* In the order of FdMethod. */
static const Method methods[] = {
    { TRUE, begin_password, ask_for_password, N_("It is sent to the server once, to sign in."),
      N_("No password was given."), NULL },
    { TRUE, begin_consent, NULL, NULL, N_("The sign-in was cancelled."), NULL },
    { FALSE, begin_api_token, ask_for_api_token,
      N_("It is the personal API token that the service shows in your account's settings."),
      N_("No API token was given."),
      N_("The server does not accept this API token. Enter a valid one as the account's password.") },
    { FALSE, begin_basic, ask_for_password,
      N_("It is sent with every request. Another way to sign in is safer, see the account's settings."),
      N_("No password was given."), N_("The e-mail address or the password is wrong.") },
    { FALSE, begin_source, ask_for_source_token,
      N_("It is the flow_token that the service showed when the source was created."), N_("No token was given."),
      NULL },
};

/* -------------------------------------------------------------------------------------------------------------- start */

/* The password field holds the refresh token, or the user's secret where the server gives no such token. */
static void on_renew(NetCredential *credential, gpointer user_data)
{
    FdAuth *auth = user_data;
    const char *password = purple_account_get_password(auth->account->account);
    g_autoptr(GError) error = NULL;

    if (!auth->account->online && !auth->method->by_token) {
        error = g_error_new_literal(NET_ERROR, NET_ERROR_UNAUTHORIZED, "");
        net_credential_renewed(credential, error);
    } else if (auth->method->by_token && password && *password) {
        auth->method->begin(auth, password);
    } else {
        /* What was just refused is not tried again. */
        ask(auth, _("The server no longer accepts this sign-in. Please sign in again."));
    }
}

void fd_auth_start(FdAccount *account, FdAuthReadyFunc ready)
{
    FdAuth *auth = g_new0(FdAuth, 1);
    const char *password = purple_connection_get_password(account->gc);

    auth->account = account;
    auth->ready = ready;
    auth->method = &methods[fd_settings_choice(account->account, FD_SETTING_AUTH_METHOD)];
    auth->grant = fd_grant_new(account, on_grant, auth);
    auth->cancellable = g_cancellable_new();
    account->auth = auth;
    if (auth->method->by_token && !*account->client_id) {
        fd_account_fail(account, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
                        _("No application is set up. Enter the client id and client secret of an application that is "
                          "registered with the service in the account's settings."));
        return;
    }
    if (fd_settings_int(account->account, FD_SETTING_LOOPBACK_PORT) < 0 ||
        fd_settings_int(account->account, FD_SETTING_LOOPBACK_PORT) > G_MAXUINT16) {
        fd_account_fail(account, PURPLE_CONNECTION_ERROR_INVALID_SETTINGS,
                        _("The port for the browser's answer has to be a number from 0 to 65535."));
        return;
    }
    net_credential_set_renewer(account->credential, on_renew, auth);
    auth->method->begin(auth, password ? password : "");
}

void fd_auth_confirm(FdAuth *auth)
{
    /* As libpurple's own question does: kept for this run, and on disk if the account is to be remembered. */
    if (auth->asked)
        face_token_keep_secret(auth->account->account, auth->asked);
    set_secret(&auth->asked, NULL);
}

void fd_auth_failed(FdAuth *auth, const GError *error)
{
    if (net_error_is_passing(error))
        fd_auth_confirm(auth);
}

const char *fd_auth_get_refusal(const FdAuth *auth)
{
    return auth->method->refused ? _(auth->method->refused) : NULL;
}

/* ------------------------------------------------------------------------------------------------ more than at first */

gboolean fd_auth_has_scopes(const FdAuth *auth)
{
    return auth->method->by_token;
}

gboolean fd_auth_asks_secret(const FdAuth *auth)
{
    return auth->method->question != NULL;
}

FdAuthScope fd_auth_get_scope(const FdAuth *auth, const char *scope)
{
    if (!auth->scopes)
        return FD_AUTH_SCOPE_UNKNOWN;
    return g_strv_contains((const char *const *)auth->scopes, scope) ? FD_AUTH_SCOPE_HAS : FD_AUTH_SCOPE_LACKS;
}

void fd_auth_take(FdAuth *auth, const NetToken *token)
{
    /* Whatever a renewal under way still brings would put the old scopes back; and who cancels its question, which is
     * of no use any more, must not lose the session. */
    fd_auth_stop(auth);
    fd_grant_free(auth->grant);
    g_object_unref(auth->cancellable);
    auth->grant = fd_grant_new(auth->account, on_grant, auth);
    auth->cancellable = g_cancellable_new();
    use_token(auth, token);
    is_set(auth);
}
