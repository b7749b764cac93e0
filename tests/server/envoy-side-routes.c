/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of calls of the Envoy side. */
#include "envoy-side-routes.h"

#include <string.h>

#include "envoy-side-tokens.h"

typedef enum {
    PAGE,   /* for a browser: parameters in the query or a form */
    TOKEN,  /* no credentials, a body of JSON */
    API,    /* an access token or an API key */
    LEGACY, /* an access token. Sheet: 3 */
    TEST,   /* for tests: no credentials, not in the log */
} Access;

typedef struct {
    const char *method;
    const char *path; /* : is any part, kept in args */
    Access access;
    EnvoyServerKind kind;
    const char *scope; /* (nullable) */
    void (*run)(EnvoySideCall *call);
} Route;

/* Where it does not matter. */
#define NONE ENVOY_SERVER_KINDS

static const Route routes[] = {
    { "GET", "/a/auth/v0/authorize", PAGE, NONE, NULL, envoy_side_consent_ask },
    { "POST", "/a/auth/v0/authorize", PAGE, NONE, NULL, envoy_side_consent_decide },
    { "POST", "/a/auth/v0/token", TOKEN, NONE, NULL, envoy_side_tokens_grant },

    { "GET", "/v1/companies", API, ENVOY_SERVER_COMPANIES, "companies.read", envoy_side_read_list },
    { "GET", "/v1/locations", API, ENVOY_SERVER_LOCATIONS, "locations.read", envoy_side_read_list },
    { "GET", "/v1/locations/:", API, ENVOY_SERVER_LOCATIONS, "locations.read", envoy_side_read_one },
    { "GET", "/v1/flows", API, ENVOY_SERVER_FLOWS, "flows.read", envoy_side_read_list },
    { "GET", "/v1/flows/:", API, ENVOY_SERVER_FLOWS, "flows.read", envoy_side_read_one },
    { "GET", "/v1/employees", API, ENVOY_SERVER_EMPLOYEES, "employees.read", envoy_side_read_list },
    { "GET", "/v1/employees/:", API, ENVOY_SERVER_EMPLOYEES, "employees.read", envoy_side_read_one },
    { "GET", "/v1/invites", API, ENVOY_SERVER_INVITES, "invites.read", envoy_side_read_list },
    { "POST", "/v1/invites", API, ENVOY_SERVER_INVITES, "invites.write", envoy_side_create_invite },
    { "GET", "/v1/invites/:", API, ENVOY_SERVER_INVITES, "invites.read", envoy_side_read_one },
    { "POST", "/v1/invites/:", API, ENVOY_SERVER_INVITES, "invites.write", envoy_side_change },
    { "DELETE", "/v1/invites/:", API, ENVOY_SERVER_INVITES, "invites.write", envoy_side_delete },
    { "GET", "/v1/entries", API, ENVOY_SERVER_ENTRIES, "entries.read", envoy_side_read_list },
    { "POST", "/v1/entries", API, ENVOY_SERVER_ENTRIES, "entries.write", envoy_side_create_entry },
    { "GET", "/v1/entries/:", API, ENVOY_SERVER_ENTRIES, "entries.read", envoy_side_read_one },
    { "POST", "/v1/entries/:", API, ENVOY_SERVER_ENTRIES, "entries.write", envoy_side_change },

    { "GET", "/api/v2/users/me", LEGACY, NONE, NULL, envoy_side_read_me },

    { "POST", "/_test/put/:", TEST, NONE, NULL, envoy_side_control_put },
    { "DELETE", "/_test/put/:/:", TEST, NONE, NULL, envoy_side_control_remove },
    { "GET", "/_test/put/:", TEST, NONE, NULL, envoy_side_control_list },
    { "POST", "/_test/sign-in", TEST, NONE, NULL, envoy_side_control_sign_in },
    { "POST", "/_test/sign-out", TEST, NONE, NULL, envoy_side_control_sign_out },
    { "POST", "/_test/invite", TEST, NONE, NULL, envoy_side_control_invite },
    { "POST", "/_test/set", TEST, NONE, NULL, envoy_side_control_set },
    { "POST", "/_test/token", TEST, NONE, NULL, envoy_side_control_token },
    { "POST", "/_test/fill", TEST, NONE, NULL, envoy_side_control_fill },
    { "POST", "/_test/play", TEST, NONE, NULL, envoy_side_control_play },
    { "POST", "/_test/fault", TEST, NONE, NULL, envoy_side_control_fault },
    { "DELETE", "/_test/fault", TEST, NONE, NULL, envoy_side_control_clear_faults },
    { "GET", "/_test/requests", TEST, NONE, NULL, envoy_side_control_requests },
    { "DELETE", "/_test/requests", TEST, NONE, NULL, envoy_side_control_clear_requests },
};

static void forget_args(FakeCall *call)
{
    for (int i = 0; i < FAKE_CALL_MAX_ARGS; i++)
        g_clear_pointer(&call->args[i], g_free);
}

static gboolean fits(FakeCall *call, const char *pattern)
{
    g_auto(GStrv) wanted = g_strsplit(pattern, "/", -1);
    g_auto(GStrv) given = g_strsplit(call->path, "/", -1);
    int args = 0;

    if (g_strv_length(wanted) != g_strv_length(given))
        return FALSE;
    for (int i = 0; wanted[i]; i++) {
        if (!g_str_equal(wanted[i], ":")) {
            if (!g_str_equal(wanted[i], given[i]))
                return FALSE;
            continue;
        }
        call->args[args] = g_uri_unescape_string(given[i], NULL);
        if (!call->args[args] || !*call->args[args++])
            return FALSE;
    }
    return TRUE;
}

static void run(EnvoySideCall *call, const Route *route)
{
    gboolean is_form = route->access == PAGE || route->access == TEST;

    call->kind = route->kind;
    if (is_form ? !fake_call_read(call->call) : !envoy_side_call_read_body(call))
        return;
    if ((route->access == API || route->access == LEGACY) &&
        !envoy_side_call_authorize(call, route->scope, route->access == API))
        return;
    route->run(call);
}

void envoy_side_run(FakeCall *call)
{
    EnvoySideCall ours = { .call = call, .side = call->server->envoy };
    gboolean other_method = FALSE;

    for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
        gboolean found = fits(call, routes[i].path);

        if (found && g_str_equal(routes[i].method, call->log->method)) {
            run(&ours, &routes[i]);
            g_clear_pointer(&ours.body, json_object_unref);
            g_strfreev(ours.scopes);
            return;
        }
        other_method |= found;
        forget_args(call);
    }
    if (other_method)
        envoy_side_call_refuse(&ours, SOUP_STATUS_METHOD_NOT_ALLOWED, "Method not allowed");
    else
        envoy_side_call_refuse(&ours, SOUP_STATUS_NOT_FOUND, "Not found");
}
