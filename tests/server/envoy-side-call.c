/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request to the Envoy side and its answer. */
#include "envoy-side-call.h"

#include "envoy-side-encode.h"
#include "envoy-side-tokens.h"
#include "fake-form.h"

void envoy_side_call_data(EnvoySideCall *call, guint status, JsonNode *data, JsonObject *meta)
{
    JsonObject *body = json_object_new();

    json_object_set_member(body, "data", data);
    json_object_set_object_member(body, "meta", meta);
    if (call->side->odd & ENVOY_ODD_NO_META)
        json_object_remove_member(body, "meta");
    fake_call_object(call->call, status, body);
}

void envoy_side_call_thing(EnvoySideCall *call, guint status, JsonObject *thing)
{
    JsonObject *meta = json_object_new();

    json_object_set_array_member(meta, "relationships", json_array_new());
    envoy_side_call_data(call, status, fake_json_take_object(envoy_side_encode(call->side, call->kind, thing)), meta);
}

/* Sample error-jsonapi. (transfer full) */
static JsonObject *nested_error(guint status, const char *text)
{
    g_autofree char *number = g_strdup_printf("%u", status);
    JsonObject *body = json_object_new(), *error = json_object_new();
    JsonArray *errors = json_array_new();

    json_object_set_string_member(error, "status", number);
    json_object_set_string_member(error, "title", soup_status_get_phrase(status));
    json_object_set_string_member(error, "detail", text);
    json_array_add_object_element(errors, error);
    json_object_set_array_member(body, "errors", errors);
    return body;
}

void envoy_side_call_refuse(EnvoySideCall *call, guint status, const char *format, ...)
{
    g_autofree char *text = NULL;
    EnvoyOdd odd = call->side->odd;
    JsonObject *body;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    if (odd & ENVOY_ODD_ERROR_PAGES) {
        fake_call_text(call->call, status, "text/html; charset=utf-8",
                       g_strdup("<html><body><h1>Something went wrong</h1></body></html>"));
        return;
    }
    if (status == SOUP_STATUS_FORBIDDEN || (odd & ENVOY_ODD_NESTED_ERRORS)) {
        body = nested_error(status, text);
    } else {
        body = json_object_new();
        json_object_set_string_member(body, status == SOUP_STATUS_UNAUTHORIZED ? "error" : "message", text);
    }
    fake_call_object(call->call, status, body);
}

gboolean envoy_side_call_read_body(EnvoySideCall *call)
{
    FakeRequest *request = call->call->log;

    fake_form_read(call->call->params, request->query);
    if (!*request->body)
        return TRUE;
    if (request->content_type && g_str_has_prefix(request->content_type, "application/json"))
        call->body = fake_json_parse_object(request->body, -1, NULL);
    if (call->body)
        return TRUE;
    envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "The body must be a JSON object, application/json");
    return FALSE;
}

/* ------------------------------------------------------------------------------------------------------ who asks */

typedef struct {
    gint64 ends_s;
    guint calls;
} Window;

/* A window begins with its first call. */
static gboolean is_too_often(EnvoySideCall *call, const char *credential)
{
    EnvoySide *side = call->side;
    gint64 now_s = envoy_side_now_s(side);
    Window *window = g_hash_table_lookup(side->spent, credential);
    g_autofree char *wait = NULL;

    if (!side->rate_calls)
        return FALSE;
    if (!window || window->ends_s <= now_s) {
        window = g_new0(Window, 1);
        window->ends_s = now_s + side->rate_window_s;
        g_hash_table_replace(side->spent, g_strdup(credential), window);
    }
    if (window->calls < side->rate_calls) {
        window->calls++;
        return FALSE;
    }
    wait = g_strdup_printf("%" G_GINT64_FORMAT, window->ends_s - now_s);
    if (!(side->odd & ENVOY_ODD_NO_RETRY_AFTER))
        fake_call_header(call->call, "Retry-After", wait);
    envoy_side_call_refuse(call, 429, "Too many requests");
    return TRUE;
}

/* Sheet: 3. What shows who asks; NULL for nobody. */
static const char *find_credential(EnvoySideCall *call, gboolean key_will_do)
{
    const FakeRequest *request = call->call->log;

    if (request->authorization && g_ascii_strncasecmp(request->authorization, "Bearer ", 7) == 0) {
        const char *token = request->authorization + 7;

        return envoy_side_tokens_find(call->side, token, &call->app, &call->scopes) ? token : NULL;
    }
    if (key_will_do && request->api_key && g_hash_table_contains(call->side->api_keys, request->api_key))
        return request->api_key;
    return NULL;
}

gboolean envoy_side_call_authorize(EnvoySideCall *call, const char *scope, gboolean key_will_do)
{
    const char *credential = find_credential(call, key_will_do);

    if (!credential) {
        envoy_side_call_refuse(call, SOUP_STATUS_UNAUTHORIZED, "Unauthorized");
        return FALSE;
    }
    if (is_too_often(call, credential))
        return FALSE;
    if (!scope || !call->scopes || g_strv_contains((const char *const *)call->scopes, scope))
        return TRUE;
    if (call->side->odd & ENVOY_ODD_FORBIDDEN_BARE)
        envoy_side_call_refuse(call, SOUP_STATUS_FORBIDDEN, "Forbidden");
    else
        envoy_side_call_refuse(call, SOUP_STATUS_FORBIDDEN, "The scope %s is missing", scope);
    return FALSE;
}
