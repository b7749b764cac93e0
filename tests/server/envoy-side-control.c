/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls under /_test/ of the Envoy side: what envoy-server.h offers, over HTTP. They are described in README.md. */
#include "envoy-side-routes.h"
#include "envoy-side-tokens.h"
#include "fake-routes.h"

static const char *text_of(EnvoySideCall *call, const char *name)
{
    return fake_json_string(call->call->params, name);
}

static guint uint_of(EnvoySideCall *call, const char *name)
{
    return (guint)CLAMP(fake_json_int(call->call->params, name, 0), 0, G_MAXINT);
}

static gboolean has(EnvoySideCall *call, const char *name)
{
    return json_object_has_member(call->call->params, name);
}

static void answer_text(EnvoySideCall *call, const char *name, const char *value)
{
    JsonObject *body = json_object_new();

    json_object_set_string_member(body, name, value);
    fake_call_object(call->call, SOUP_STATUS_OK, body);
}

static void answer_done(EnvoySideCall *call, gboolean done, const char *name)
{
    if (done)
        fake_call_empty_object(call->call, SOUP_STATUS_OK);
    else
        fake_call_invalid(call->call, name, "names nothing");
}

/* Of the path; -1 when the call is answered. */
static int read_kind(EnvoySideCall *call)
{
    int kind = envoy_side_kind(call->call->args[0]);

    if (kind < 0)
        fake_call_invalid(call->call, "kind", "is not included in the list");
    return kind;
}

void envoy_side_control_put(EnvoySideCall *call)
{
    int kind = read_kind(call);

    if (kind >= 0)
        answer_text(call, "id",
                    fake_json_string(envoy_side_put(call->side, (EnvoyServerKind)kind, call->call->params), "id"));
}

void envoy_side_control_remove(EnvoySideCall *call)
{
    int kind = read_kind(call);

    if (kind >= 0)
        answer_done(call, envoy_side_remove(call->side, (EnvoyServerKind)kind, call->call->args[1]), "id");
}

void envoy_side_control_list(EnvoySideCall *call)
{
    int kind = read_kind(call);
    JsonArray *list;

    if (kind < 0)
        return;
    list = json_array_new();
    for (guint i = 0; i < call->side->tables[kind].things->len; i++)
        json_array_add_object_element(list, json_object_ref(call->side->tables[kind].things->pdata[i]));
    fake_call_array(call->call, list);
}

static gboolean has_flow(EnvoySideCall *call)
{
    if (envoy_side_get(call->side, ENVOY_SERVER_FLOWS, text_of(call, "flow")))
        return TRUE;
    fake_call_invalid(call->call, "flow", "names no flow");
    return FALSE;
}

void envoy_side_control_sign_in(EnvoySideCall *call)
{
    const char *name = text_of(call, "name");

    if (has_flow(call))
        answer_text(call, "id",
                    envoy_server_sign_in(call->call->server, text_of(call, "flow"), name ? name : "Visitor",
                                         text_of(call, "email")));
}

void envoy_side_control_sign_out(EnvoySideCall *call)
{
    answer_done(call, envoy_server_sign_out(call->call->server, text_of(call, "id")), "id");
}

void envoy_side_control_invite(EnvoySideCall *call)
{
    const char *name = text_of(call, "name");

    if (has_flow(call))
        answer_text(call, "id",
                    envoy_server_invite(call->call->server, text_of(call, "flow"), name ? name : "Visitor",
                                        text_of(call, "email"), (int)uint_of(call, "in_minutes")));
}

void envoy_side_control_token(EnvoySideCall *call)
{
    FakeServer *server = call->call->server;
    const char *scopes = text_of(call, "scopes");
    g_auto(GStrv) good =
        envoy_side_app(call->side, NULL) ? envoy_side_tokens_scopes(envoy_side_app(call->side, NULL), scopes) : NULL;
    g_autofree char *token = NULL;

    if (!good) {
        fake_call_invalid(call->call, "scopes", "are not known");
        return;
    }
    token = fake_json_flag(call->call->params, "refresh", FALSE) ? envoy_server_new_refresh_token(server, scopes)
                                                                 : envoy_server_new_access_token(server, scopes);
    answer_text(call, "token", token);
}

void envoy_side_control_fill(EnvoySideCall *call)
{
    envoy_server_fill(call->call->server, uint_of(call, "locations"), uint_of(call, "flows"), uint_of(call, "visits"));
    fake_call_empty_object(call->call, SOUP_STATUS_OK);
}

void envoy_side_control_play(EnvoySideCall *call)
{
    envoy_server_play(call->call->server, uint_of(call, "visits"), MAX(uint_of(call, "every_ms"), 1));
    fake_call_empty_object(call->call, SOUP_STATUS_OK);
}

/* ------------------------------------------------------------------------------------------------------- settings */

/* In the order of EnvoyOdd. */
static const char *const odd_names[] = {
    "number-ids",   "null-members",   "missing-members", "unknown-members", "unknown-values", "no-id",
    "junk",         "empty-lists",    "no-meta",         "no-total",        "fractions",      "no-flow",
    "no-filters",   "no-sort",        "stuck-pages",     "short-pages",     "created-200",    "deleted-204",
    "mail-unasked", "need-purpose",   "awaiting",        "grant-400",       "keep-refresh",   "few-members",
    "no-state",     "no-retry-after", "error-pages",     "nested-errors",   "forbidden-bare",
};

static gboolean read_odd(EnvoySideCall *call, EnvoyOdd *odd)
{
    g_auto(GStrv) names = fake_json_list(call->call->params, "odd");

    *odd = ENVOY_ODD_NONE;
    for (char **name = names; *name; name++) {
        gsize i = 0;

        while (i < G_N_ELEMENTS(odd_names) && !g_str_equal(odd_names[i], *name))
            i++;
        if (i == G_N_ELEMENTS(odd_names)) {
            fake_call_invalid(call->call, "odd", "is not included in the list");
            return FALSE;
        }
        *odd |= 1 << i;
    }
    return TRUE;
}

void envoy_side_control_set(EnvoySideCall *call)
{
    FakeServer *server = call->call->server;
    EnvoyOdd odd;

    if (has(call, "odd")) {
        if (!read_odd(call, &odd))
            return;
        envoy_server_set_odd(server, odd);
    }
    if (has(call, "token_life"))
        envoy_server_set_token_life(server, uint_of(call, "token_life"));
    if (fake_json_flag(call->call->params, "expire_tokens", FALSE))
        envoy_server_expire_access_tokens(server);
    if (fake_json_flag(call->call->params, "revoke_refresh", FALSE))
        envoy_server_revoke_refresh_tokens(server);
    if (text_of(call, "revoke_key"))
        envoy_server_revoke_api_key(server, text_of(call, "revoke_key"));
    if (has(call, "advance"))
        envoy_server_advance(server, uint_of(call, "advance"));
    if (has(call, "rate_calls"))
        envoy_server_set_rate_limit(server, uint_of(call, "rate_calls"), uint_of(call, "rate_window"));
    fake_call_empty_object(call->call, SOUP_STATUS_OK);
}

/* What both sides have in common. */
void envoy_side_control_fault(EnvoySideCall *call)
{
    fake_control_fault(call->call);
}

void envoy_side_control_clear_faults(EnvoySideCall *call)
{
    fake_control_clear_faults(call->call);
}

void envoy_side_control_requests(EnvoySideCall *call)
{
    fake_control_requests(call->call);
}

void envoy_side_control_clear_requests(EnvoySideCall *call)
{
    fake_control_clear_requests(call->call);
}
