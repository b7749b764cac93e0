/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request on its way through the server. */
#include "fake-call.h"

#include <string.h>

#include "fake-form.h"
#include "fake-log.h"
#include "fake-oauth.h"
#include "fake-upload.h"

#define MAX_BODY (32 * 1024 * 1024)

/* Sheet: 1, "Paths may carry a version prefix", "A .json suffix is accepted". */
static char *plain_path(const char *path)
{
    gsize length = strlen(path);

    if (g_str_has_prefix(path, "/v1/") || g_str_has_prefix(path, "/v2/"))
        path += 3, length -= 3;
    if (g_str_has_suffix(path, ".json"))
        length -= strlen(".json");
    while (length > 1 && path[length - 1] == '/')
        length--;
    return g_strndup(path, length);
}

FakeCall *fake_call_new(FakeServer *server, SoupServerMessage *message, FakeOrigin origin)
{
    FakeCall *call = g_new0(FakeCall, 1);

    call->server = server;
    call->message = g_object_ref(message);
    call->origin = origin;
    call->log = fake_log_add(server->log, message, origin);
    call->path = origin == FAKE_ORIGIN_ENVOY ? g_strdup(call->log->path) : plain_path(call->log->path);
    call->params = json_object_new();
    return call;
}

void fake_call_free(FakeCall *call)
{
    for (int i = 0; i < FAKE_CALL_MAX_ARGS; i++)
        g_free(call->args[i]);
    g_rc_box_release_full(call->log, (GDestroyNotify)fake_request_clear);
    json_object_unref(call->params);
    g_strfreev(call->scopes);
    g_object_unref(call->message);
    g_free(call->path);
    g_free(call->content_type);
    g_clear_pointer(&call->body, g_bytes_unref);
    g_free(call);
}

static gboolean read_json(FakeCall *call, GBytes *body)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) object =
        fake_json_parse_object(g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body), &error);
    g_autoptr(GList) names = NULL;

    if (!object) {
        fake_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "The body is not a JSON object");
        return FALSE;
    }
    names = json_object_get_members(object);
    for (GList *name = names; name; name = name->next)
        json_object_set_member(call->params, name->data, json_object_dup_member(object, name->data));
    return TRUE;
}

gboolean fake_call_read(FakeCall *call)
{
    g_autoptr(GBytes) body = NULL;
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(call->message);
    const char *type = soup_message_headers_get_content_type(headers, NULL);

    fake_form_read(call->params, call->log->query);
    if (fake_upload_is_there(call->message))
        return fake_upload_read(call->message, call->params) ||
               (fake_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "The parts cannot be read"), FALSE);
    body = soup_message_body_flatten(soup_server_message_get_request_body(call->message));
    if (g_bytes_get_size(body) == 0 ||
        ((call->server->odd & FAKE_ODD_NO_GET_BODY) && g_str_equal(call->log->method, "GET")))
        return TRUE;
    if (g_bytes_get_size(body) > MAX_BODY) {
        fake_call_refuse(call, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "The body is too large");
        return FALSE;
    }
    if (g_strcmp0(type, "application/json") == 0)
        return read_json(call, body);
    if (g_strcmp0(type, "application/x-www-form-urlencoded") == 0) {
        fake_form_read(call->params, call->log->body);
        return TRUE;
    }
    /* Sheet: 1.1, "Content-Type must be present when there is a body". */
    fake_call_refuse(call, SOUP_STATUS_BAD_REQUEST, type ? "Unknown Content-Type" : "Content-Type is missing");
    return FALSE;
}

void fake_call_bytes(FakeCall *call, guint status, const char *content_type, GBytes *body)
{
    call->status = status;
    g_free(call->content_type);
    call->content_type = g_strdup(content_type);
    g_clear_pointer(&call->body, g_bytes_unref);
    call->body = body ? g_bytes_ref(body) : NULL;
}

void fake_call_text(FakeCall *call, guint status, const char *content_type, char *body)
{
    g_autoptr(GBytes) bytes = body ? g_bytes_new_take(body, strlen(body)) : NULL;

    fake_call_bytes(call, status, content_type, bytes);
}

void fake_call_answer(FakeCall *call, guint status, JsonNode *body)
{
    fake_call_text(call, status, "application/json; charset=utf-8", body ? fake_json_print(body) : NULL);
    g_clear_pointer(&body, json_node_unref);
}

void fake_call_object(FakeCall *call, guint status, JsonObject *body)
{
    fake_call_answer(call, status, fake_json_take_object(body));
}

void fake_call_array(FakeCall *call, JsonArray *body)
{
    fake_call_answer(call, SOUP_STATUS_OK, fake_json_take_array(body));
}

void fake_call_empty_object(FakeCall *call, guint status)
{
    fake_call_object(call, status, json_object_new());
}

void fake_call_refuse(FakeCall *call, guint status, const char *message)
{
    JsonObject *body = json_object_new();

    json_object_set_string_member(body, "message", message);
    fake_call_object(call, status, body);
}

void fake_call_invalid(FakeCall *call, const char *field, const char *problem)
{
    JsonObject *body = json_object_new(), *errors = json_object_new();
    JsonArray *problems = json_array_new();

    json_array_add_string_element(problems, problem);
    json_object_set_array_member(errors, field, problems);
    json_object_set_string_member(body, "message", "Validation error");
    json_object_set_object_member(body, "errors", errors);
    fake_call_object(call, SOUP_STATUS_BAD_REQUEST, body);
}

void fake_call_header(FakeCall *call, const char *name, const char *value)
{
    soup_message_headers_replace(soup_server_message_get_response_headers(call->message), name, value);
}

static void set_status(FakeCall *call)
{
    call->log->status = call->status;
    call->log->user_id = call->user ? call->user->id : 0;
    soup_server_message_set_status(call->message, call->status, NULL);
}

/* Not copied: it may be a large file. */
static void give_body(FakeCall *call)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(call->message);

    if (call->content_type)
        soup_message_headers_set_content_type(headers, call->content_type, NULL);
    if (g_bytes_get_size(call->body) > 0)
        soup_message_body_append_bytes(soup_server_message_get_response_body(call->message), call->body);
}

void fake_call_send(FakeCall *call)
{
    set_status(call);
    if (call->body && call->status != SOUP_STATUS_NO_CONTENT)
        give_body(call);
}

void fake_call_send_head(FakeCall *call)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(call->message);

    set_status(call);
    soup_message_headers_set_content_type(headers, call->content_type, NULL);
    soup_message_headers_set_content_length(headers, (goffset)g_bytes_get_size(call->body));
    soup_message_body_set_accumulate(soup_server_message_get_response_body(call->message), FALSE);
}

const char *fake_call_get_header(FakeCall *call, const char *name)
{
    return soup_message_headers_get_one(soup_server_message_get_request_headers(call->message), name);
}

gint64 fake_call_id(FakeCall *call, guint arg)
{
    gint64 id;

    return g_ascii_string_to_signed(call->args[arg], 10, 0, G_MAXINT64, &id, NULL) ? id : -1;
}

gboolean fake_call_has_scope(FakeCall *call, const char *scope)
{
    return !scope || !call->scopes || g_strv_contains((const char *const *)call->scopes, scope);
}

/* ------------------------------------------------------------------------------------------------------ who asks */

/* Sheet: 2.1: name = token with any or no password, or e-mail and password; the bare token without a colon works. */
static FakeUser *user_by_basic(FakeServer *server, const char *encoded)
{
    gsize length;
    g_autofree guchar *bytes = g_base64_decode(encoded, &length);
    g_autofree char *name = g_strndup((char *)bytes, length);
    char *colon = strchr(name, ':');
    FakeUser *user;

    if (colon)
        *colon++ = '\0';
    user = fake_state_user_by_token(server, name);
    if (user || !colon)
        return user;
    user = fake_state_user_by_email(server, name);
    return user && user->password && g_str_equal(user->password, colon) ? user : NULL;
}

static gboolean refuse_credentials(FakeCall *call, const char *challenge)
{
    fake_call_header(call, "WWW-Authenticate", challenge);
    fake_call_refuse(call, SOUP_STATUS_UNAUTHORIZED, "Unauthorized");
    return FALSE;
}

static gboolean authenticate_source(FakeCall *call, const char *token)
{
    call->source = fake_state_source_by_token(call->server, token);
    if (!call->source) {
        fake_call_refuse(call, SOUP_STATUS_UNAUTHORIZED, "Unknown flow_token");
        return FALSE;
    }
    /* Sheet: 1.3, 3.12. */
    if (call->source->removed) {
        fake_call_refuse(call, SOUP_STATUS_GONE, "The source has been removed");
        return FALSE;
    }
    return TRUE;
}

gboolean fake_call_authenticate(FakeCall *call, gboolean source_will_do)
{
    const char *header = call->log->authorization;
    const char *token = fake_json_string(call->params, "access_token");
    const char *flow_token = fake_json_string(call->params, "flow_token");

    if (source_will_do && flow_token)
        return authenticate_source(call, flow_token);
    if (header && g_ascii_strncasecmp(header, "Basic ", 6) == 0)
        call->user = user_by_basic(call->server, header + 6);
    else if (header && g_ascii_strncasecmp(header, "Bearer ", 7) == 0)
        call->user = fake_oauth_user(call->server, token = header + 7, &call->scopes);
    else if (token)
        call->user = fake_oauth_user(call->server, token, &call->scopes);
    if (call->user && call->user->disabled)
        call->user = NULL;
    if (!call->user)
        return refuse_credentials(call, token ? "Bearer error=\"invalid_token\""
                                              : "Basic realm=\"flowdock-compatible test server\"");
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, call->user->id);

    fake_call_header(call, "Flowdock-User", id);
    return TRUE;
}
