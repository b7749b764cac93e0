/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages a person sees while allowing an application. Sheet: 2.3, 2.4. */
#include "fake-consent.h"

#include <string.h>

#include "fake-oauth.h"
#include "fake-page.h"

#define OOB "urn:ietf:wg:oauth:2.0:oob"
#define HTML "text/html; charset=utf-8"

/* What goes through the form unchanged. */
static const char *const carried[] = { "client_id", "response_type",  "redirect_uri",         "scope",
                                       "state",     "code_challenge", "code_challenge_method" };

/* The same scheme, host and, unless @any_port, port. */
static gboolean same_place(const char *one, const char *other, gboolean any_port)
{
    g_autoptr(GUri) a = g_uri_parse(one, G_URI_FLAGS_NONE, NULL), b = g_uri_parse(other, G_URI_FLAGS_NONE, NULL);

    return a && b && g_str_equal(g_uri_get_scheme(a), g_uri_get_scheme(b)) &&
           g_strcmp0(g_uri_get_host(a), g_uri_get_host(b)) == 0 && (any_port || g_uri_get_port(a) == g_uri_get_port(b));
}

/* A loopback address registered without a port is good with any (RFC 8252, 7.3), and without a path with any path. */
static gboolean loopback_fits(const char *registered, const char *given)
{
    g_autoptr(GUri) a = g_uri_parse(registered, G_URI_FLAGS_NONE, NULL);
    g_autoptr(GUri) b = g_uri_parse(given, G_URI_FLAGS_NONE, NULL);
    const char *host = a ? g_uri_get_host(a) : NULL;

    if (!a || !b || g_uri_get_port(a) != -1 || !host)
        return FALSE;
    if (!g_str_equal(host, "127.0.0.1") && !g_str_equal(host, "localhost") && !g_str_equal(host, "::1"))
        return FALSE;
    return same_place(registered, given, TRUE) &&
           (!*g_uri_get_path(a) || g_str_equal(g_uri_get_path(a), g_uri_get_path(b)));
}

static gboolean may_redirect(FakeServer *server, FakeApp *app, const char *given)
{
    for (char **registered = app->redirect_uris; *registered; registered++) {
        if (g_str_equal(*registered, given) || loopback_fits(*registered, given))
            return TRUE;
        if ((server->odd & FAKE_ODD_LOOSE_REDIRECT) && same_place(*registered, given, FALSE))
            return TRUE;
    }
    return FALSE;
}

static void redirect(FakeCall *call, const char *redirect_uri, const char *name, const char *value)
{
    const char *state = fake_json_string(call->params, "state");
    g_autofree char *escaped_state = state ? g_uri_escape_string(state, NULL, FALSE) : NULL;
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_autofree char *target = NULL;

    if (g_str_equal(redirect_uri, OOB) && g_str_equal(name, "code"))
        target = g_strdup_printf("%s/oauth/authorize/%s", call->server->api_url, escaped);
    else if (g_str_equal(redirect_uri, OOB))
        target = g_strdup_printf("%s/oauth/denied", call->server->api_url);
    else
        target = g_strdup_printf("%s%s%s=%s%s%s", redirect_uri, strchr(redirect_uri, '?') ? "&" : "?", name, escaped,
                                 state ? "&state=" : "", state ? escaped_state : "");
    fake_call_text(call, SOUP_STATUS_FOUND, HTML, NULL);
    fake_call_header(call, "Location", target);
}

/* Where to go back to; NULL when the call is answered because nothing about the request can be trusted. */
static const char *check(FakeCall *call, FakeApp **app)
{
    const char *redirect_uri = fake_json_string(call->params, "redirect_uri");

    *app = fake_state_app(call->server, fake_json_string(call->params, "client_id"));
    if (!*app) {
        fake_page_answer(call, SOUP_STATUS_BAD_REQUEST, "<p>Unknown application (client_id).</p>");
        return NULL;
    }
    if (!redirect_uri)
        redirect_uri = (*app)->redirect_uris[0];
    if (!redirect_uri || !may_redirect(call->server, *app, redirect_uri)) {
        fake_page_answer(call, SOUP_STATUS_BAD_REQUEST, "<p>The redirect_uri is not the registered one.</p>");
        return NULL;
    }
    return redirect_uri;
}

/* NULL when all is well, else the error to send back. */
static const char *problem(FakeCall *call)
{
    const char *method = fake_json_string(call->params, "code_challenge_method");
    g_auto(GStrv) scopes = fake_oauth_parse_scopes(fake_json_string(call->params, "scope"));

    if (g_strcmp0(fake_json_string(call->params, "response_type"), "code") != 0)
        return "unsupported_response_type";
    if (!scopes)
        return "invalid_scope";
    if (fake_json_string(call->params, "code_challenge") && g_strcmp0(method, "S256") != 0)
        return "invalid_request";
    return NULL;
}

static void ask(FakeCall *call, FakeApp *app, guint status, const char *notice)
{
    g_auto(GStrv) scopes = fake_oauth_parse_scopes(fake_json_string(call->params, "scope"));
    g_autofree char *list = g_strjoinv(", ", scopes);
    g_autofree char *name = g_markup_escape_text(app->name, -1);
    g_autofree char *hidden = fake_page_carry(call, carried, G_N_ELEMENTS(carried));

    fake_page_answer(
        call, status,
        "<h1>Allow %s?</h1>\n<p>It asks for: %s.</p>\n%s<form method=\"post\" action=\"/oauth/authorize\">\n%s"
        "<label>E-mail <input name=\"email\" type=\"email\" autofocus></label>\n"
        "<label>Password <input name=\"password\" type=\"password\"></label>\n"
        "<button name=\"decision\" value=\"allow\">Allow</button>\n"
        "<button name=\"decision\" value=\"deny\">Deny</button>\n</form>\n",
        name, list, notice, hidden);
}

void fake_consent_ask(FakeCall *call)
{
    FakeApp *app;
    const char *redirect_uri = check(call, &app);
    const char *error = redirect_uri ? problem(call) : NULL;

    if (!redirect_uri)
        return;
    if (error)
        redirect(call, redirect_uri, "error", error);
    else
        ask(call, app, SOUP_STATUS_OK, "");
}

void fake_consent_decide(FakeCall *call)
{
    FakeApp *app;
    const char *redirect_uri = check(call, &app);
    const char *error = redirect_uri ? problem(call) : NULL;
    const char *email = fake_json_string(call->params, "email");
    const char *password = fake_json_string(call->params, "password");
    FakeUser *user = email ? fake_state_user_by_email(call->server, email) : NULL;
    g_autofree char *code = NULL;
    FakeGrant *grant;

    if (!redirect_uri)
        return;
    if (g_strcmp0(fake_json_string(call->params, "decision"), "allow") != 0)
        error = "access_denied";
    if (error) {
        redirect(call, redirect_uri, "error", error);
        return;
    }
    if (!user || user->disabled || !user->password || g_strcmp0(user->password, password) != 0) {
        ask(call, app, SOUP_STATUS_UNAUTHORIZED, "<p><strong>Wrong e-mail address or password.</strong></p>\n");
        return;
    }
    grant = g_new0(FakeGrant, 1);
    grant->app = app;
    grant->user = user;
    grant->scopes = fake_oauth_parse_scopes(fake_json_string(call->params, "scope"));
    grant->redirect_uri = g_strdup(redirect_uri);
    grant->challenge = g_strdup(fake_json_string(call->params, "code_challenge"));
    code = fake_oauth_new_code(call->server, grant);
    redirect(call, redirect_uri, "code", code);
}

void fake_consent_show_code(FakeCall *call)
{
    g_autofree char *code = g_markup_escape_text(call->args[0], -1);

    fake_page_answer(call, SOUP_STATUS_OK,
                     "<p>Enter this code in the application:</p>\n<p><code id=\"code\">%s</code></p>\n", code);
}
