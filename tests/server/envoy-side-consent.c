/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page on which somebody allows an application. Sheet: 2.1. */
#include <string.h>

#include "envoy-side-routes.h"
#include "envoy-side-tokens.h"
#include "fake-page.h"

/* What goes through the form unchanged. */
static const char *const carried[] = { "client_id", "response_type", "redirect_uri", "scope", "state" };

/* As a browser is told; @extra (nullable): more of the query. */
static void redirect(EnvoySideCall *call, const char *name, const char *value, const char *extra)
{
    JsonObject *params = call->call->params;
    const char *redirect_uri = fake_json_string(params, "redirect_uri"), *state = fake_json_string(params, "state");
    GString *target = g_string_new(redirect_uri);

    g_string_append_printf(target, "%c%s=%s", strchr(redirect_uri, '?') ? '&' : '?', name, value);
    if (extra)
        g_string_append_printf(target, "&%s", extra);
    if (state && !(call->side->odd & ENVOY_ODD_NO_STATE)) {
        g_string_append(target, "&state=");
        g_string_append_uri_escaped(target, state, NULL, FALSE);
    }
    fake_call_text(call->call, SOUP_STATUS_FOUND, "text/html; charset=utf-8", NULL);
    fake_call_header(call->call, "Location", target->str);
    g_string_free(target, TRUE);
}

/* The application; NULL when the call is answered because nothing about it can be trusted. */
static JsonObject *check(EnvoySideCall *call)
{
    const char *client_id = fake_json_string(call->call->params, "client_id");
    const char *redirect_uri = fake_json_string(call->call->params, "redirect_uri");
    JsonObject *app = client_id ? envoy_side_app(call->side, client_id) : NULL;
    g_auto(GStrv) registered = app ? fake_json_list(app, "redirect_uris") : NULL;

    if (!app)
        fake_page_answer(call->call, SOUP_STATUS_BAD_REQUEST, "<p>Unknown application (client_id).</p>");
    else if (!redirect_uri || !g_strv_contains((const char *const *)registered, redirect_uri))
        fake_page_answer(call->call, SOUP_STATUS_BAD_REQUEST, "<p>The redirect_uri is not the registered one.</p>");
    else
        return app;
    return NULL;
}

/* The scopes asked for; NULL when the call is answered. (transfer full) */
static char **check_scopes(EnvoySideCall *call, JsonObject *app)
{
    JsonObject *params = call->call->params;
    char **scopes = NULL;

    if (g_strcmp0(fake_json_string(params, "response_type"), "code") != 0)
        redirect(call, "error", "unsupported_response_type", NULL);
    else if (!(scopes = envoy_side_tokens_scopes(app, fake_json_string(params, "scope"))))
        redirect(call, "error", "invalid_scope", NULL);
    return scopes;
}

static void ask(EnvoySideCall *call, JsonObject *app, char **scopes, guint status, const char *notice)
{
    g_autofree char *list = g_strjoinv(", ", scopes);
    g_autofree char *name =
        g_markup_escape_text(fake_json_string(app, "name") ? fake_json_string(app, "name") : "", -1);
    g_autofree char *hidden = fake_page_carry(call->call, carried, G_N_ELEMENTS(carried));

    fake_page_answer(call->call, status,
                     "<h1>Allow %s?</h1>\n<p>It asks for: %s.</p>\n%s<form method=\"post\" "
                     "action=\"/a/auth/v0/authorize\">\n%s"
                     "<label>E-mail <input name=\"email\" type=\"email\" autofocus></label>\n"
                     "<label>Password <input name=\"password\" type=\"password\"></label>\n"
                     "<button name=\"decision\" value=\"allow\">Allow</button>\n"
                     "<button name=\"decision\" value=\"deny\">Deny</button>\n</form>\n",
                     name, list, notice, hidden);
}

void envoy_side_consent_ask(EnvoySideCall *call)
{
    JsonObject *app = check(call);
    g_auto(GStrv) scopes = app ? check_scopes(call, app) : NULL;

    if (scopes)
        ask(call, app, scopes, SOUP_STATUS_OK, "");
}

void envoy_side_consent_decide(EnvoySideCall *call)
{
    JsonObject *params = call->call->params, *app = check(call), *user;
    g_auto(GStrv) scopes = app ? check_scopes(call, app) : NULL;
    const char *password = fake_json_string(params, "password");
    g_autofree char *code = NULL;

    if (!scopes)
        return;
    if (g_strcmp0(fake_json_string(params, "decision"), "allow") != 0) {
        redirect(call, "error", "access_denied", "error_description=The+request+was+denied.");
        return;
    }
    user = envoy_side_user(call->side, fake_json_string(params, "email"));
    if (!user || g_strcmp0(fake_json_string(user, "password"), password) != 0) {
        ask(call, app, scopes, SOUP_STATUS_UNAUTHORIZED, "<p><strong>Wrong e-mail address or password.</strong></p>\n");
        return;
    }
    code = envoy_side_tokens_new_code(call->side, app, scopes);
    redirect(call, "code", code, NULL);
}
