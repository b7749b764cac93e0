/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Codes, access tokens, refresh tokens, the token endpoint. Sheet: 2, 4. */
#include "envoy-side-tokens.h"

#include <string.h>

#include "fake-text.h"

#define ACCESS_LIFE_S (24 * 60 * 60)
#define REFRESH_LIFE_S (30 * 24 * 60 * 60)
#define CODE_LIFE_S (10 * 60)

/* A code or a token: what it stands for, and until when. */
typedef struct {
    JsonObject *app;
    char **scopes;
    gint64 ends_s;
} Ticket;

struct EnvoySideTokens {
    GHashTable *codes, *access, *refresh; /* token -> Ticket */
    guint life_s;
};

static void ticket_free(gpointer data)
{
    Ticket *ticket = data;

    json_object_unref(ticket->app);
    g_strfreev(ticket->scopes);
    g_free(ticket);
}

EnvoySideTokens *envoy_side_tokens_new(void)
{
    EnvoySideTokens *tokens = g_new0(EnvoySideTokens, 1);

    tokens->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ticket_free);
    tokens->access = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ticket_free);
    tokens->refresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ticket_free);
    tokens->life_s = ACCESS_LIFE_S;
    return tokens;
}

void envoy_side_tokens_free(EnvoySideTokens *tokens)
{
    g_hash_table_unref(tokens->codes);
    g_hash_table_unref(tokens->access);
    g_hash_table_unref(tokens->refresh);
    g_free(tokens);
}

/* (transfer full) */
static char *issue(EnvoySide *side, GHashTable *table, JsonObject *app, char **scopes, gint64 life_s)
{
    Ticket *ticket = g_new0(Ticket, 1);
    char *token = fake_text_random(40);

    ticket->app = json_object_ref(app);
    ticket->scopes = g_strdupv(scopes);
    ticket->ends_s = envoy_side_now_s(side) + life_s;
    g_hash_table_insert(table, g_strdup(token), ticket);
    return token;
}

static Ticket *find(EnvoySide *side, GHashTable *table, const char *token)
{
    Ticket *ticket = token ? g_hash_table_lookup(table, token) : NULL;

    return ticket && ticket->ends_s > envoy_side_now_s(side) ? ticket : NULL;
}

gboolean envoy_side_tokens_find(EnvoySide *side, const char *token, JsonObject **app, char ***scopes)
{
    Ticket *ticket = find(side, side->tokens->access, token);

    if (!ticket)
        return FALSE;
    *app = ticket->app;
    *scopes = g_strdupv(ticket->scopes);
    return TRUE;
}

char *envoy_side_tokens_new_code(EnvoySide *side, JsonObject *app, char **scopes)
{
    return issue(side, side->tokens->codes, app, scopes, CODE_LIFE_S);
}

char **envoy_side_tokens_scopes(JsonObject *app, const char *text)
{
    static const char *const known[] = {
        "locations.read",
        "flows.read",
        "invites.read",
        "invites.write",
        "invites.attest",
        "entries.read",
        "entries.write",
        "employees.read",
        "companies.read",
        "token.refresh",
        NULL,
    };
    g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);
    g_auto(GStrv) allowed = json_object_has_member(app, "scopes") ? fake_json_list(app, "scopes") : NULL;

    for (char **word = words; *word; word++) {
        if (!g_strv_contains(allowed ? (const char *const *)allowed : known, *word))
            return NULL;
    }
    return words[0] ? g_steal_pointer(&words) : NULL;
}

/* ------------------------------------------------------------------------------------------------- token endpoint */

/* Sheet: 2.4: 401 for a bad client and a bad token. Sample token-error. */
static void refuse(EnvoySideCall *call, const char *error, const char *description)
{
    gboolean is_request = !g_str_equal(error, "invalid_client") && !g_str_equal(error, "invalid_grant");
    guint status =
        is_request || (call->side->odd & ENVOY_ODD_GRANT_400) ? SOUP_STATUS_BAD_REQUEST : SOUP_STATUS_UNAUTHORIZED;
    JsonObject *body;

    if (call->side->odd & ENVOY_ODD_ERROR_PAGES) {
        envoy_side_call_refuse(call, status, "%s", description);
        return;
    }
    body = json_object_new();
    json_object_set_string_member(body, "error", error);
    json_object_set_string_member(body, "error_description", description);
    fake_call_object(call->call, status, body);
}

static void set_company(EnvoySide *side, JsonObject *body)
{
    GPtrArray *companies = side->tables[ENVOY_SERVER_COMPANIES].things;
    const char *id = companies->len ? fake_json_string(companies->pdata[0], "id") : "10000";

    if (side->odd & ENVOY_ODD_NUMBER_IDS)
        json_object_set_int_member(body, "company_id", g_ascii_strtoll(id, NULL, 10));
    else
        json_object_set_string_member(body, "company_id", id);
}

/* Sample token-response. @refresh (nullable) */
static void answer(EnvoySideCall *call, const char *access, const char *refresh)
{
    JsonObject *body = json_object_new();
    gboolean is_short = (call->side->odd & ENVOY_ODD_FEW_MEMBERS) != 0;

    json_object_set_string_member(body, "token_type", "Bearer");
    json_object_set_string_member(body, "access_token", access);
    if (!is_short)
        json_object_set_int_member(body, "expires_in", call->side->tokens->life_s);
    fake_json_set_text(body, "refresh_token", refresh);
    if (!is_short) {
        json_object_set_null_member(body, "refresh_token_expires_in");
        if (refresh)
            json_object_set_int_member(body, "refresh_token_expires_in", REFRESH_LIFE_S);
        json_object_set_null_member(body, "state");
        set_company(call->side, body);
    }
    fake_call_header(call->call, "Cache-Control", "no-store");
    fake_call_object(call->call, SOUP_STATUS_OK, body);
}

/* Sheet: 2.3: a refresh token only with that scope. */
static void grant_tokens(EnvoySideCall *call, JsonObject *app, char **scopes, gboolean with_refresh)
{
    EnvoySideTokens *tokens = call->side->tokens;
    g_autofree char *access = issue(call->side, tokens->access, app, scopes, tokens->life_s);
    g_autofree char *refresh = NULL;

    if (with_refresh && g_strv_contains((const char *const *)scopes, "token.refresh"))
        refresh = issue(call->side, tokens->refresh, app, scopes, REFRESH_LIFE_S);
    answer(call, access, refresh);
}

static void grant_code(EnvoySideCall *call, JsonObject *app)
{
    EnvoySideTokens *tokens = call->side->tokens;
    const char *code = fake_json_string(call->body, "code");
    Ticket *ticket = find(call->side, tokens->codes, code);

    if (ticket && ticket->app == app)
        grant_tokens(call, app, ticket->scopes, TRUE);
    else
        refuse(call, "invalid_grant", "The code is not valid.");
    /* A code is good for one attempt. */
    g_hash_table_remove(tokens->codes, code);
}

static void grant_refresh(EnvoySideCall *call, JsonObject *app)
{
    EnvoySideTokens *tokens = call->side->tokens;
    const char *token = fake_json_string(call->body, "refresh_token");
    Ticket *ticket = find(call->side, tokens->refresh, token);
    gboolean keep = (call->side->odd & ENVOY_ODD_KEEP_REFRESH) != 0;

    if (!ticket || ticket->app != app) {
        refuse(call, "invalid_grant", "The refresh token is not valid.");
        return;
    }
    grant_tokens(call, app, ticket->scopes, !keep);
    if (!keep)
        g_hash_table_remove(tokens->refresh, token);
}

/* Sheet: 2.2, 2.3: four members, all texts, and nothing else. */
static gboolean has_exactly(JsonObject *body, const char *fourth)
{
    return json_object_get_size(body) == 4 && fake_json_string(body, "client_id") &&
           fake_json_string(body, "client_secret") && fake_json_string(body, fourth);
}

void envoy_side_tokens_grant(EnvoySideCall *call)
{
    const char *type = fake_json_string(call->body, "grant_type");
    const char *secret = fake_json_string(call->body, "client_secret");
    gboolean is_code = g_strcmp0(type, "authorization_code") == 0, is_refresh = g_strcmp0(type, "refresh_token") == 0;
    JsonObject *app;

    if (!type)
        refuse(call, "invalid_request", "grant_type is missing.");
    else if (!is_code && !is_refresh)
        refuse(call, "unsupported_grant_type", "The grant type is not supported.");
    else if (!has_exactly(call->body, is_code ? "code" : "refresh_token"))
        refuse(call, "invalid_request", "There must be grant_type, its code or token, client_id and client_secret.");
    else if (call->call->log->authorization || call->call->log->query)
        refuse(call, "invalid_request", "There must be no Authorization header and no query.");
    else if (!(app = envoy_side_app(call->side, fake_json_string(call->body, "client_id"))) ||
             g_strcmp0(fake_json_string(app, "client_secret"), secret) != 0)
        refuse(call, "invalid_client", "Client authentication failed.");
    else if (is_code)
        grant_code(call, app);
    else
        grant_refresh(call, app);
}

/* ------------------------------------------------------------------------------------------------------ for tests */

static char *issue_for_test(FakeServer *server, gboolean refresh, const char *text)
{
    EnvoySide *side = server->envoy;
    JsonObject *app = envoy_side_app(side, NULL);
    g_auto(GStrv) scopes = app ? envoy_side_tokens_scopes(app, text) : NULL;

    g_assert_nonnull(scopes);
    return issue(side, refresh ? side->tokens->refresh : side->tokens->access, app, scopes,
                 refresh ? REFRESH_LIFE_S : side->tokens->life_s);
}

char *envoy_server_new_access_token(FakeServer *server, const char *scopes)
{
    return issue_for_test(server, FALSE, scopes);
}

char *envoy_server_new_refresh_token(FakeServer *server, const char *scopes)
{
    return issue_for_test(server, TRUE, scopes);
}

guint envoy_server_count_refresh_tokens(FakeServer *server)
{
    guint count = 0;
    GHashTableIter iter;
    gpointer token;

    g_hash_table_iter_init(&iter, server->envoy->tokens->refresh);
    while (g_hash_table_iter_next(&iter, &token, NULL))
        count += find(server->envoy, server->envoy->tokens->refresh, token) != NULL;
    return count;
}

void envoy_server_expire_access_tokens(FakeServer *server)
{
    g_hash_table_remove_all(server->envoy->tokens->access);
}

void envoy_server_revoke_refresh_tokens(FakeServer *server)
{
    g_hash_table_remove_all(server->envoy->tokens->refresh);
}

void envoy_server_set_token_life(FakeServer *server, guint seconds)
{
    server->envoy->tokens->life_s = seconds;
}
