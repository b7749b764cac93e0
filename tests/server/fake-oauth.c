/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The OAuth side: codes, access tokens, refresh tokens, the token endpoint. Sheet: 2. */
#include "fake-oauth.h"

#include <string.h>

#include "fake-text.h"

#define DEFAULT_LIFE_S 3600
#define CODE_LIFE_US (10 * 60 * G_USEC_PER_SEC)

/* A code, an access token or a refresh token: what it stands for, and until when. */
typedef struct {
    FakeGrant *grant;
    gint64 expires_us; /* 0: never */
} Ticket;

struct FakeOauth {
    GHashTable *codes, *access, *refresh; /* token -> Ticket */
    guint life_s;
};

static void ticket_free(gpointer data)
{
    Ticket *ticket = data;

    fake_grant_free(ticket->grant);
    g_free(ticket);
}

FakeOauth *fake_oauth_new(void)
{
    FakeOauth *oauth = g_new0(FakeOauth, 1);

    oauth->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ticket_free);
    oauth->access = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ticket_free);
    oauth->refresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ticket_free);
    oauth->life_s = DEFAULT_LIFE_S;
    return oauth;
}

void fake_oauth_free(FakeOauth *oauth)
{
    g_hash_table_unref(oauth->codes);
    g_hash_table_unref(oauth->access);
    g_hash_table_unref(oauth->refresh);
    g_free(oauth);
}

void fake_grant_free(FakeGrant *grant)
{
    g_strfreev(grant->scopes);
    g_free(grant->redirect_uri);
    g_free(grant->challenge);
    g_free(grant);
}

static FakeGrant *grant_new(FakeApp *app, FakeUser *user, char **scopes)
{
    FakeGrant *grant = g_new0(FakeGrant, 1);

    grant->app = app;
    grant->user = user;
    grant->scopes = g_strdupv(scopes);
    return grant;
}

static char *issue(GHashTable *table, FakeGrant *grant, gint64 life_us)
{
    Ticket *ticket = g_new0(Ticket, 1);
    char *token = fake_text_random(40);

    ticket->grant = grant;
    ticket->expires_us = life_us ? g_get_monotonic_time() + life_us : 0;
    g_hash_table_insert(table, g_strdup(token), ticket);
    return token;
}

static Ticket *find(GHashTable *table, const char *token)
{
    Ticket *ticket = token ? g_hash_table_lookup(table, token) : NULL;

    return ticket && (!ticket->expires_us || ticket->expires_us > g_get_monotonic_time()) ? ticket : NULL;
}

char *fake_oauth_new_code(FakeServer *server, FakeGrant *grant)
{
    return issue(server->oauth->codes, grant, CODE_LIFE_US);
}

FakeUser *fake_oauth_user(FakeServer *server, const char *token, char ***scopes)
{
    Ticket *ticket = find(server->oauth->access, token);

    if (!ticket)
        return NULL;
    *scopes = g_strdupv(ticket->grant->scopes);
    return ticket->grant->user;
}

FakeApp *fake_oauth_app(FakeCall *call)
{
    const char *header = call->log->authorization, *token = fake_json_string(call->params, "access_token");
    Ticket *ticket;

    if (header)
        token = g_ascii_strncasecmp(header, "Bearer ", 7) == 0 ? header + 7 : NULL;
    ticket = find(call->server->oauth->access, token);
    return ticket ? ticket->grant->app : NULL;
}

/* Requests separate by space; commas were in use before 2014. Sheet: 2.8. */
char **fake_oauth_parse_scopes(const char *text)
{
    static const char *const known[] = {
        "flow", "private", "manage", "profile", "offline_access", "integration", NULL
    };
    g_autoptr(GStrvBuilder) scopes = g_strv_builder_new();
    g_auto(GStrv) words = g_strsplit_set(text ? text : "", " ,", -1);
    gboolean any = FALSE;

    for (char **word = words; *word; word++) {
        if (!**word)
            continue;
        if (!g_strv_contains(known, *word))
            return NULL;
        g_strv_builder_add(scopes, *word);
        any = TRUE;
    }
    if (!any)
        g_strv_builder_add_many(scopes, "flow", "private", NULL);
    return g_strv_builder_end(scopes);
}

/* ------------------------------------------------------------------------------------------------ token endpoint */

static void refuse(FakeCall *call, const char *error, const char *description)
{
    JsonObject *body = json_object_new();

    json_object_set_string_member(body, "error", error);
    json_object_set_string_member(body, "error_description", description);
    fake_call_object(call, g_str_equal(error, "invalid_client") ? 401 : 400, body);
}

static void add_pair(GString *form, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

    g_string_append_printf(form, "%s%s=%s", form->len ? "&" : "", name, escaped);
}

/* Sheet: 2.7: a form unless JSON is accepted, scopes with commas. */
static void answer(FakeCall *call, const char *access, const char *refresh, char **scopes)
{
    g_autofree char *scope = g_strjoinv(",", scopes);
    g_autofree char *life = g_strdup_printf("%u", call->server->oauth->life_s);
    gboolean tells_life = !(call->server->odd & FAKE_ODD_NO_EXPIRES_IN);
    gboolean tells_scope = !(call->server->odd & FAKE_ODD_NO_SCOPE);

    fake_call_header(call, "Cache-Control", "no-store");
    if (!(call->server->odd & FAKE_ODD_FORM_TOKENS) && call->log->accept &&
        strstr(call->log->accept, "application/json")) {
        JsonObject *body = json_object_new();

        json_object_set_string_member(body, "access_token", access);
        if (refresh)
            json_object_set_string_member(body, "refresh_token", refresh);
        if (tells_life)
            json_object_set_int_member(body, "expires_in", call->server->oauth->life_s);
        if (tells_scope)
            json_object_set_string_member(body, "scope", scope);
        json_object_set_string_member(body, "token_type", "bearer");
        fake_call_object(call, SOUP_STATUS_OK, body);
    } else {
        GString *form = g_string_new(NULL);

        add_pair(form, "access_token", access);
        if (refresh)
            add_pair(form, "refresh_token", refresh);
        if (tells_life)
            add_pair(form, "expires_in", life);
        if (tells_scope)
            add_pair(form, "scope", scope);
        add_pair(form, "token_type", "bearer");
        fake_call_text(call, SOUP_STATUS_OK, "application/x-www-form-urlencoded; charset=utf-8",
                       g_string_free(form, FALSE));
    }
}

static void grant_tokens(FakeCall *call, FakeApp *app, FakeUser *user, char **scopes, gboolean with_refresh)
{
    FakeOauth *oauth = call->server->oauth;
    g_autofree char *access =
        issue(oauth->access, grant_new(app, user, scopes), (gint64)oauth->life_s * G_USEC_PER_SEC);
    g_autofree char *refresh = NULL;

    if (with_refresh && g_strv_contains((const char *const *)scopes, "offline_access"))
        refresh = issue(oauth->refresh, grant_new(app, user, scopes), 0);
    call->user = user;
    answer(call, access, refresh, scopes);
}

static void grant_password(FakeCall *call, FakeApp *app)
{
    const char *name = fake_json_string(call->params, "username");
    const char *password = fake_json_string(call->params, "password");
    g_auto(GStrv) scopes = fake_oauth_parse_scopes(fake_json_string(call->params, "scope"));
    FakeUser *user = name ? fake_state_user_by_email(call->server, name) : NULL;

    if (call->log->authorization)
        refuse(call, "invalid_request", "There must be no Authorization header on this request.");
    else if (!scopes)
        refuse(call, "invalid_scope", "The requested scope is unknown.");
    else if (!user || user->disabled || !user->password || g_strcmp0(user->password, password) != 0)
        refuse(call, "invalid_grant", "The provided credentials are invalid.");
    else
        grant_tokens(call, app, user, scopes, TRUE);
}

static gboolean verifies(const char *verifier, const char *challenge)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof digest;
    g_autofree char *encoded = NULL;

    if (!verifier)
        return FALSE;
    g_checksum_update(sum, (const guchar *)verifier, -1);
    g_checksum_get_digest(sum, digest, &size);
    encoded = g_base64_encode(digest, size);
    g_strdelimit(encoded, "+", '-');
    g_strdelimit(encoded, "/", '_');
    *strchr(encoded, '=') = '\0';
    return g_str_equal(encoded, challenge);
}

static void grant_code(FakeCall *call, FakeApp *app)
{
    const char *code = fake_json_string(call->params, "code");
    const char *redirect_uri = fake_json_string(call->params, "redirect_uri");
    Ticket *ticket = find(call->server->oauth->codes, code);
    FakeGrant *grant = ticket ? ticket->grant : NULL;

    if (!grant || grant->app != app || grant->user->disabled) {
        refuse(call, "invalid_grant", "The provided authorization grant is invalid, expired or revoked.");
        return;
    }
    if (g_strcmp0(redirect_uri, grant->redirect_uri) != 0)
        refuse(call, "invalid_grant", "The redirect_uri is not the one of the authorization request.");
    else if (grant->challenge && !(call->server->odd & FAKE_ODD_BARE_CODE) &&
             !verifies(fake_json_string(call->params, "code_verifier"), grant->challenge))
        refuse(call, "invalid_grant", "The code_verifier does not fit.");
    else
        grant_tokens(call, app, grant->user, grant->scopes, TRUE);
    /* A code is good for one attempt. */
    g_hash_table_remove(call->server->oauth->codes, code);
}

static void grant_refresh(FakeCall *call, FakeApp *app)
{
    const char *token = fake_json_string(call->params, "refresh_token");
    Ticket *ticket = find(call->server->oauth->refresh, token);
    FakeGrant *grant = ticket ? ticket->grant : NULL;
    gboolean keep = (call->server->odd & FAKE_ODD_KEEP_REFRESH) != 0;

    if (!grant || grant->app != app || grant->user->disabled) {
        refuse(call, "invalid_grant", "The provided authorization grant is invalid, expired or revoked.");
        return;
    }
    grant_tokens(call, app, grant->user, grant->scopes, !keep);
    if (!keep)
        g_hash_table_remove(call->server->oauth->refresh, token);
}

void fake_oauth_token(FakeCall *call)
{
    FakeApp *app = fake_state_app(call->server, fake_json_string(call->params, "client_id"));
    const char *secret = fake_json_string(call->params, "client_secret");
    const char *type = fake_json_string(call->params, "grant_type");

    if (!type)
        refuse(call, "invalid_request", "grant_type is missing.");
    else if (!app || g_strcmp0(app->client_secret, secret) != 0)
        refuse(call, "invalid_client", "Client authentication failed.");
    else if (g_str_equal(type, "password"))
        grant_password(call, app);
    else if (g_str_equal(type, "authorization_code"))
        grant_code(call, app);
    else if (g_str_equal(type, "refresh_token"))
        grant_refresh(call, app);
    else
        refuse(call, "unsupported_grant_type", "The authorization grant type is not supported.");
}

/* ----------------------------------------------------------------------------------------------------- for tests */

void fake_server_set_token_life(FakeServer *server, guint seconds)
{
    server->oauth->life_s = seconds;
}

void fake_server_expire_access_tokens(FakeServer *server)
{
    g_hash_table_remove_all(server->oauth->access);
}

void fake_server_revoke_refresh_tokens(FakeServer *server)
{
    g_hash_table_remove_all(server->oauth->refresh);
}

guint fake_server_count_refresh_tokens(FakeServer *server)
{
    return g_hash_table_size(server->oauth->refresh);
}
