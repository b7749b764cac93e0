/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls under /_test/: what fake-server.h offers, over HTTP. They are described in README.md. */
#include <string.h>

#include "fake-events.h"
#include "fake-faults.h"
#include "fake-log.h"
#include "fake-routes.h"
#include "fake-stream.h"

static const char *text_of(FakeCall *call, const char *name)
{
    return fake_json_string(call->params, name);
}

static gint64 int_of(FakeCall *call, const char *name)
{
    return fake_json_int(call->params, name, 0);
}

static void answer_int(FakeCall *call, const char *name, gint64 value)
{
    JsonObject *body = json_object_new();

    json_object_set_int_member(body, name, value);
    fake_call_object(call, SOUP_STATUS_OK, body);
}

/* Tests that name what is not there get an answer, where the C functions would abort. */
static gboolean has_talk(FakeCall *call, const char *name)
{
    if (text_of(call, name) && fake_state_talk(call->server, text_of(call, name)))
        return TRUE;
    fake_call_invalid(call, name, "names no conversation");
    return FALSE;
}

static gboolean has_flow(FakeCall *call)
{
    if (fake_state_flow(call->server, text_of(call, "flow")))
        return TRUE;
    fake_call_invalid(call, "flow", "names no flow");
    return FALSE;
}

static gboolean has_user(FakeCall *call, const char *name)
{
    if (fake_state_user(call->server, int_of(call, name)))
        return TRUE;
    fake_call_invalid(call, name, "names no user");
    return FALSE;
}

/* -------------------------------------------------------------------------------------------------------- faults */

void fake_control_fault(FakeCall *call)
{
    const char *origin = text_of(call, "origin");
    g_autofree char *retry_after = fake_json_dup_text(call->params, "retry_after");
    int kind = fake_fault_kind(text_of(call, "kind"));
    FakeFault fault = {
        .kind = kind < 0 ? FAKE_FAULT_STATUS : (FakeFaultKind)kind,
        .origin = g_strcmp0(origin, "api") == 0      ? FAKE_ORIGIN_API
                  : g_strcmp0(origin, "stream") == 0 ? FAKE_ORIGIN_STREAM
                  : g_strcmp0(origin, "envoy") == 0  ? FAKE_ORIGIN_ENVOY
                                                     : FAKE_ORIGIN_ANY,
        .method = text_of(call, "method"),
        .path = text_of(call, "path"),
        .skip = (int)int_of(call, "skip"),
        .count = (int)int_of(call, "count"),
        .status = (guint)int_of(call, "status"),
        .body = text_of(call, "body"),
        .content_type = text_of(call, "content_type"),
        .retry_after = retry_after,
        .location = text_of(call, "location"),
        .delay_ms = (guint)int_of(call, "delay_ms"),
    };

    if (kind < 0) {
        fake_call_invalid(call, "kind", "is not included in the list");
        return;
    }
    fake_server_fault(call->server, &fault);
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_control_clear_faults(FakeCall *call)
{
    fake_server_clear_faults(call->server);
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

/* ------------------------------------------------------------------------------------------------------- messages */

void fake_control_emit(FakeCall *call)
{
    gint64 id;

    if (strstr(call->log->query ? call->log->query : "", "raw=1")) {
        fake_server_emit_raw(call->server, call->log->body, -1);
        fake_call_empty_object(call, SOUP_STATUS_OK);
        return;
    }
    id = fake_server_emit(call->server, call->log->body);
    if (id < 0)
        fake_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "not a JSON object");
    else
        answer_int(call, "id", id);
}

static void post(FakeCall *call, const char *conversation, gint64 user_id, JsonObject *message)
{
    g_autofree char *json = fake_json_print_object(message);
    g_autoptr(GError) error = NULL;
    gint64 id = fake_server_post(call->server, conversation, user_id, json, &error);

    if (error)
        fake_call_refuse(call, SOUP_STATUS_BAD_REQUEST, error->message);
    else
        answer_int(call, "id", id);
}

void fake_control_say(FakeCall *call)
{
    gint64 user = int_of(call, json_object_has_member(call->params, "from") ? "from" : "user");
    g_autofree char *pair = g_strdup_printf("private/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, user, int_of(call, "to"));
    g_autoptr(JsonObject) message = json_object_new();
    gboolean in_private = json_object_has_member(call->params, "to");

    if (!(in_private ? has_user(call, "from") && has_user(call, "to") : has_talk(call, "flow")))
        return;
    if (!in_private && !text_of(call, "external") && !has_user(call, "user"))
        return;
    if (!fake_state_talk(call->server, in_private ? pair : text_of(call, "flow"))) {
        fake_call_invalid(call, "to", "is the sender");
        return;
    }
    json_object_set_string_member(message, "event", "message");
    json_object_set_string_member(message, "content", text_of(call, "text") ? text_of(call, "text") : "");
    if (text_of(call, "external"))
        json_object_set_string_member(message, "external_user_name", text_of(call, "external"));
    post(call, in_private ? pair : text_of(call, "flow"), user, message);
}

void fake_control_post(FakeCall *call)
{
    JsonObject *message = fake_json_object(call->params, "message");

    if (!has_talk(call, "in") || (int_of(call, "user") && !has_user(call, "user")))
        return;
    if (message)
        post(call, text_of(call, "in"), int_of(call, "user"), message);
    else
        fake_call_invalid(call, "message", "can't be blank");
}

void fake_control_messages(FakeCall *call)
{
    if (has_talk(call, "in"))
        fake_call_array(call, fake_server_get_messages(call->server, text_of(call, "in")));
}

/* -------------------------------------------------------------------------------------------------------- streams */

static gboolean has(FakeCall *call, const char *name)
{
    return json_object_has_member(call->params, name);
}

void fake_control_get_streams(FakeCall *call)
{
    answer_int(call, "open", fake_server_count_streams(call->server));
}

void fake_control_streams(FakeCall *call)
{
    FakeServer *server = call->server;
    const char *what = text_of(call, "do");

    if (has(call, "chop"))
        fake_server_streams_chop(server, (guint)int_of(call, "chop"));
    if (has(call, "batch"))
        fake_server_streams_batch(server, (guint)int_of(call, "batch"));
    if (has(call, "keep"))
        fake_server_streams_keep(server, (guint)int_of(call, "keep"));
    if (has(call, "repeat"))
        fake_server_streams_repeat(server, fake_json_flag(call->params, "repeat", FALSE));
    if (has(call, "keepalive_ms"))
        fake_server_set_keepalive_ms(server, (guint)int_of(call, "keepalive_ms"));
    if (g_strcmp0(what, "cut") == 0)
        fake_server_streams_cut(server);
    else if (g_strcmp0(what, "end") == 0)
        fake_server_streams_end(server);
    else if (g_strcmp0(what, "stall") == 0 || g_strcmp0(what, "resume") == 0)
        fake_server_streams_stall(server, g_str_equal(what, "stall"));
    else if (g_strcmp0(what, "flush") == 0)
        fake_server_streams_flush(server);
    else if (g_strcmp0(what, "forget") == 0)
        fake_server_streams_forget(server);
    else if (what) {
        fake_call_invalid(call, "do", "is not included in the list");
        return;
    }
    fake_control_get_streams(call);
}

/* ------------------------------------------------------------------------------------------------------- requests */

static JsonObject *encode_request(const FakeRequest *request)
{
    static const char *const origins[] = { "any", "api", "stream", "envoy" };
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "origin", origins[request->origin]);
    json_object_set_string_member(object, "method", request->method);
    json_object_set_string_member(object, "path", request->path);
    fake_json_set_text(object, "query", request->query);
    fake_json_set_text(object, "authorization", request->authorization);
    fake_json_set_text(object, "api_key", request->api_key);
    fake_json_set_text(object, "content_type", request->content_type);
    fake_json_set_text(object, "accept", request->accept);
    fake_json_set_text(object, "last_event_id", request->last_event_id);
    fake_json_set_text(object, "body", g_utf8_validate(request->body, -1, NULL) ? request->body : NULL);
    json_object_set_int_member(object, "user", request->user_id);
    json_object_set_int_member(object, "status", request->status);
    return object;
}

void fake_control_requests(FakeCall *call)
{
    const GPtrArray *requests = fake_server_requests(call->server);
    const char *method = text_of(call, "method"), *path = text_of(call, "path");
    JsonArray *list = json_array_new();

    for (guint i = 0; i < requests->len; i++) {
        const FakeRequest *request = requests->pdata[i];

        if ((!method || g_str_equal(method, request->method)) && fake_log_path_matches(path, request->path))
            json_array_add_object_element(list, encode_request(request));
    }
    fake_call_array(call, list);
}

void fake_control_clear_requests(FakeCall *call)
{
    fake_server_clear_requests(call->server);
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

/* ---------------------------------------------------------------------------------------------------------- state */

/* In the order of FakeOdd. */
static const char *const odd_names[] = {
    "number-user",  "string-id",     "iso-sent",    "no-uuid",     "org-string",     "colon-flow",
    "null-people",  "thread-object", "sent-201",    "sent-empty",  "loose-redirect", "no-expires-in",
    "keep-refresh", "no-replay",     "no-get-body", "form-tokens", "bare-code",      "unique-nicks",
    "no-presence",  "null-fields",   "no-ranges",   "no-scope",
};

static gboolean read_odd(FakeCall *call, FakeOdd *odd)
{
    g_auto(GStrv) names = fake_json_list(call->params, "odd");

    *odd = FAKE_ODD_NONE;
    for (char **name = names; *name; name++) {
        gsize i = 0;

        while (i < G_N_ELEMENTS(odd_names) && !g_str_equal(odd_names[i], *name))
            i++;
        if (i == G_N_ELEMENTS(odd_names)) {
            fake_call_invalid(call, "odd", "is not included in the list");
            return FALSE;
        }
        *odd |= 1 << i;
    }
    return TRUE;
}

void fake_control_set(FakeCall *call)
{
    FakeServer *server = call->server;
    FakeOdd odd;

    if (has(call, "odd")) {
        if (!read_odd(call, &odd))
            return;
        fake_server_set_odd(server, odd);
    }
    if (has(call, "token_life"))
        fake_server_set_token_life(server, (guint)int_of(call, "token_life"));
    if (fake_json_flag(call->params, "expire_tokens", FALSE))
        fake_server_expire_access_tokens(server);
    if (fake_json_flag(call->params, "revoke_refresh", FALSE))
        fake_server_revoke_refresh_tokens(server);
    if (fake_json_flag(call->params, "expire_links", FALSE))
        fake_server_expire_links(server);
    if (has(call, "max_file"))
        fake_server_set_max_file(server, int_of(call, "max_file"));
    if (has(call, "file_quota"))
        fake_server_set_file_quota(server, int_of(call, "file_quota"));
    if (has(call, "cut_upload"))
        fake_server_cut_upload(server, int_of(call, "cut_upload"));
    if (has(call, "stall_upload"))
        fake_server_stall_upload(server, int_of(call, "stall_upload"));
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

static void change_org_member(FakeCall *call, const char *org, gint64 user)
{
    FakeOrg *place = fake_state_org(call->server, org);
    const char *what = text_of(call, "do");

    if (!place) {
        fake_call_invalid(call, "organization", "names no organization");
        return;
    }
    if (g_strcmp0(what, "add") == 0)
        fake_server_add_org_member(call->server, org, user);
    else if (g_strcmp0(what, "remove") == 0 && fake_state_member(place->members, fake_state_user(call->server, user)))
        fake_server_remove_org_member(call->server, org, user);
    else {
        fake_call_invalid(call, "do", "does not fit");
        return;
    }
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_control_member(FakeCall *call)
{
    const char *what = text_of(call, "do"), *flow = text_of(call, "flow");
    gint64 user = int_of(call, "user");
    gboolean is_in;

    if (!has_user(call, "user"))
        return;
    if (text_of(call, "organization")) {
        change_org_member(call, text_of(call, "organization"), user);
        return;
    }
    if (!has_flow(call))
        return;
    is_in = fake_server_is_member(call->server, flow, user);
    if (g_strcmp0(what, "add") == 0)
        fake_server_add_member(call->server, flow, user);
    else if (g_strcmp0(what, "remove") == 0 && is_in)
        fake_server_remove_member(call->server, flow, user);
    else if (g_strcmp0(what, "activity") == 0)
        fake_server_activity(call->server, flow, user);
    else if ((g_strcmp0(what, "open") == 0 || g_strcmp0(what, "close") == 0) && is_in)
        fake_server_set_open(call->server, flow, user, g_str_equal(what, "open"));
    else if (g_strcmp0(what, "status") == 0 && is_in)
        fake_server_set_status_text(call->server, flow, user, text_of(call, "text"));
    else {
        fake_call_invalid(call, "do", "does not fit");
        return;
    }
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_control_user(FakeCall *call)
{
    FakeServer *server = call->server;
    const char *org = text_of(call, "organization"), *nick = text_of(call, "nick"), *email = text_of(call, "email");
    const char *avatar = text_of(call, "avatar");
    gint64 id = int_of(call, "id");

    if (org) {
        if (!fake_state_org(server, org) || fake_state_user(server, id) || !nick || !email)
            fake_call_invalid(call, "organization", "must be known, id free, nick and email given");
        else
            answer_int(call, "id", fake_server_add_user(server, org, id, nick, email, text_of(call, "password")));
        return;
    }
    if (!has_user(call, "id"))
        return;
    if (nick)
        fake_server_set_nick(server, id, nick);
    if (text_of(call, "password"))
        fake_server_set_password(server, id, text_of(call, "password"));
    if (has(call, "disabled"))
        fake_server_set_disabled(server, id, fake_json_flag(call->params, "disabled", FALSE));
    if (has(call, "admin"))
        fake_server_set_admin(server, id, fake_json_flag(call->params, "admin", FALSE));
    if (text_of(call, "presence"))
        fake_server_set_presence(server, id, text_of(call, "presence"));
    if (text_of(call, "name") || email || text_of(call, "website"))
        fake_server_set_profile(server, id, text_of(call, "name"), email, text_of(call, "website"));
    if (has(call, "avatar"))
        fake_server_set_avatar(server, id, avatar && *avatar ? avatar : NULL);
    if (has(call, "last_activity"))
        fake_server_set_last_activity(server, id, int_of(call, "last_activity"));
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

/* Many at once: the users with ids from "from" on. */
void fake_control_users(FakeCall *call)
{
    const char *presence = text_of(call, "presence"), *nick = text_of(call, "nick");
    gint64 from = int_of(call, "from"), count = int_of(call, "count"), changed = 0;

    for (gint64 id = from; id < from + count; id++) {
        g_autofree char *numbered = nick ? g_strdup_printf("%s%" G_GINT64_FORMAT, nick, id) : NULL;

        if (!fake_state_user(call->server, id))
            continue;
        if (numbered)
            fake_server_set_nick(call->server, id, numbered);
        if (presence)
            fake_server_set_presence(call->server, id, presence);
        changed++;
    }
    answer_int(call, "changed", changed);
}

void fake_control_avatar(FakeCall *call)
{
    const char *name = text_of(call, "name"), *data = text_of(call, "data");
    g_autofree guchar *bytes = NULL;
    gsize length = 0;

    if (!name) {
        fake_call_invalid(call, "name", "can't be blank");
        return;
    }
    if (data)
        bytes = g_base64_decode(data, &length);
    /* Decoding nothing brings no memory, but is a picture of no bytes all the same. */
    fake_server_set_avatar_bytes(call->server, name, data && !bytes ? (const void *)"" : bytes, length,
                                 text_of(call, "content_type"));
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

/* A known one is renamed. */
void fake_control_org(FakeCall *call)
{
    const char *slug = text_of(call, "parameterized_name"), *name = text_of(call, "name");
    FakeOrg *org = slug ? fake_state_org(call->server, slug) : NULL;

    if (!slug) {
        fake_call_invalid(call, "parameterized_name", "can't be blank");
        return;
    }
    if (org && name)
        fake_server_rename_org(call->server, slug, name);
    answer_int(call, "id", org ? org->id : fake_server_add_org(call->server, slug, name));
}

static void change_flow(FakeCall *call, const char *flow)
{
    if (text_of(call, "name"))
        fake_server_rename_flow(call->server, flow, text_of(call, "name"));
    if (has(call, "archived"))
        fake_server_archive_flow(call->server, flow, fake_json_flag(call->params, "archived", FALSE));
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_control_flow(FakeCall *call)
{
    const char *org = text_of(call, "organization"), *slug = text_of(call, "parameterized_name");
    const char *mode = text_of(call, "access_mode");
    g_autofree char *path = org && slug ? g_strconcat(org, "/", slug, NULL) : NULL;

    if (has(call, "flow")) {
        if (has_flow(call))
            change_flow(call, text_of(call, "flow"));
        return;
    }
    if (!path || !fake_state_org(call->server, org) || fake_state_flow(call->server, path)) {
        fake_call_invalid(call, "parameterized_name", "must be free in a known organization");
        return;
    }
    fake_server_add_flow(call->server, org, slug, text_of(call, "name"), mode ? mode : "invitation");
    fake_call_empty_object(call, SOUP_STATUS_OK);
}
