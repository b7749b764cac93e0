/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server's memory as the service's JSON. Sheet: 3. */
#include "fake-encode.h"

#include <string.h>

#include "fake-actions.h"
#include "fake-text.h"

#define ID G_GINT64_FORMAT

G_GNUC_PRINTF(3, 4) static void set_format(JsonObject *object, const char *name, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    json_object_set_string_member(object, name, text);
}

static void set_iso(JsonObject *object, const char *name, gint64 ms)
{
    g_autofree char *iso = fake_text_iso(ms);

    json_object_set_string_member(object, name, iso);
}

static void make_null(FakeServer *server, JsonObject *object, const char *const *kept)
{
    g_autoptr(GList) names = server->odd & FAKE_ODD_NULL_FIELDS ? json_object_get_members(object) : NULL;

    for (GList *name = names; name; name = name->next) {
        if (!g_strv_contains(kept, name->data))
            json_object_set_null_member(object, name->data);
    }
}

static const char *const just_id[] = { "id", NULL };

/* --------------------------------------------------------------------------------------------------------- people */

JsonObject *fake_encode_person(FakeServer *server, const FakeUser *user)
{
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "id", user->id);
    json_object_set_string_member(object, "nick", user->nick);
    json_object_set_string_member(object, "email", user->email);
    fake_json_set_text(object, "avatar", server->odd & FAKE_ODD_NULL_PEOPLE ? NULL : user->avatar);
    json_object_set_string_member(object, "name", user->name);
    make_null(server, object, just_id);
    return object;
}

JsonObject *fake_encode_user(FakeServer *server, const FakeUser *user)
{
    JsonObject *object = fake_encode_person(server, user);

    fake_json_set_text(object, "website", server->odd & FAKE_ODD_NULL_PEOPLE ? NULL : user->website);
    make_null(server, object, just_id);
    return object;
}

JsonObject *fake_encode_flow_user(FakeServer *server, const FakeMember *member)
{
    JsonObject *object = fake_encode_person(server, member->user);

    fake_json_set_text(object, "status", member->status);
    json_object_set_boolean_member(object, "disabled", member->disabled || member->user->disabled);
    json_object_set_boolean_member(object, "in_flow", TRUE);
    if (!(server->odd & FAKE_ODD_NULL_PEOPLE)) {
        json_object_set_int_member(object, "last_activity", member->user->last_activity_ms);
        json_object_set_int_member(object, "last_ping", member->user->last_activity_ms);
    }
    make_null(server, object, just_id);
    return object;
}

JsonArray *fake_encode_org_users(FakeServer *server, const FakeOrg *org)
{
    JsonArray *users = json_array_new();

    for (guint i = 0; i < org->members->len; i++) {
        const FakeMember *member = org->members->pdata[i];
        JsonObject *user = fake_encode_user(server, member->user);

        json_object_set_boolean_member(user, "admin", member->admin);
        make_null(server, user, just_id);
        json_array_add_object_element(users, user);
    }
    return users;
}

JsonObject *fake_encode_org(FakeServer *server, const FakeOrg *org, gboolean with_users)
{
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "id", org->id);
    json_object_set_string_member(object, "parameterized_name", org->slug);
    json_object_set_string_member(object, "name", org->name);
    json_object_set_int_member(object, "user_limit", org->user_limit);
    json_object_set_int_member(object, "user_count", org->members->len);
    json_object_set_boolean_member(object, "active", TRUE);
    set_format(object, "url", "%s/organizations/%s", server->api_url, org->slug);
    if (with_users) {
        JsonObject *subscription = json_object_new();

        json_object_set_boolean_member(subscription, "trial", FALSE);
        json_object_set_string_member(subscription, "billing_date", "2030-01-01");
        json_object_set_object_member(object, "subscription", subscription);
        json_object_set_array_member(object, "users", fake_encode_org_users(server, org));
        make_null(server, object, just_id);
    }
    return object;
}

/* ---------------------------------------------------------------------------------------------------------- flows */

static gboolean has_tag(JsonObject *message, const char *tag)
{
    JsonArray *tags = fake_json_array(message, "tags");

    for (guint i = 0; tags && i < json_array_get_length(tags); i++) {
        if (g_strcmp0(json_array_get_string_element(tags, i), tag) == 0)
            return TRUE;
    }
    return FALSE;
}

static guint count_tagged(FakeTalk *talk, const FakeUser *user, const char *kind)
{
    g_autofree char *tag = g_strdup_printf(":%s:%" ID, kind, user->id);
    guint count = 0;

    for (guint i = 0; i < talk->messages->len; i++)
        count += has_tag(talk->messages->pdata[i], tag);
    return count;
}

JsonArray *fake_encode_flow_users(FakeServer *server, FakeFlow *flow)
{
    JsonArray *users = json_array_new();

    for (guint i = 0; i < flow->members->len; i++)
        json_array_add_object_element(users, fake_encode_flow_user(server, flow->members->pdata[i]));
    return users;
}

JsonObject *fake_encode_flow(FakeServer *server, FakeFlow *flow, const FakeUser *user, FakeFlowParts parts)
{
    static const char *const kept[] = { "id", "parameterized_name", "organization", "users", NULL };
    JsonObject *object = json_object_new();
    FakeMember *member = fake_state_member(flow->members, user);

    json_object_set_string_member(object, "id", flow->id);
    json_object_set_string_member(object, "name", flow->name);
    json_object_set_string_member(object, "parameterized_name", flow->slug);
    if (server->odd & FAKE_ODD_ORG_STRING)
        json_object_set_string_member(object, "organization", flow->org->name);
    else
        json_object_set_object_member(object, "organization", fake_encode_org(server, flow->org, FALSE));
    json_object_set_int_member(object, "unread_mentions", user ? count_tagged(flow->talk, user, "unread") : 0);
    json_object_set_boolean_member(object, "open", member && !member->disabled && member->open);
    if (parts & FAKE_FLOW_JOINED)
        json_object_set_boolean_member(object, "joined", member && !member->disabled);
    set_format(object, "url", "%s/flows/%s/%s", server->api_url, flow->org->slug, flow->slug);
    set_format(object, "web_url", "%s/app/%s/%s", server->api_url, flow->org->slug, flow->slug);
    if (!g_str_equal(flow->access_mode, "invitation")) {
        g_autofree char *key = fake_text_token(flow->id, 40);

        set_format(object, "join_url", "%s/invitations/%s-%s", server->api_url, key, flow->slug);
    }
    json_object_set_string_member(object, "access_mode", flow->access_mode);
    if (flow->disabled)
        json_object_set_boolean_member(object, "disabled", TRUE);
    if (parts & FAKE_FLOW_USERS)
        json_object_set_array_member(object, "users", fake_encode_flow_users(server, flow));
    make_null(server, object, kept);
    return object;
}

/* --------------------------------------------------------------------------------------------- threads and sources */

static JsonObject *encode_app(FakeServer *server, const FakeApp *app)
{
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "id", app->id);
    json_object_set_string_member(object, "name", app->name);
    set_format(object, "icon_url", "%s/icons/application.png", server->api_url);
    set_format(object, "url", "%s/oauth/applications/%" ID, server->api_url, app->id);
    return object;
}

JsonObject *fake_encode_source(FakeServer *server, const FakeSource *source, gboolean with_token)
{
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "id", source->id);
    json_object_set_string_member(object, "name", source->name);
    set_format(object, "url", "%s/flows/%s/%s/sources/%" ID, server->api_url, source->flow->org->slug,
               source->flow->slug, source->id);
    if (source->external_url)
        json_object_set_string_member(object, "external_url", source->external_url);
    set_iso(object, "created_at", source->created_ms);
    set_iso(object, "updated_at", source->updated_ms);
    if (with_token)
        json_object_set_string_member(object, "flow_token", source->token);
    json_object_set_object_member(object, "_links", json_object_new());
    json_object_set_object_member(object, "application", encode_app(server, source->app));
    if (source->creator)
        json_object_set_object_member(object, "creator", fake_encode_user(server, source->creator));
    return object;
}

/* Documented: the application's name; captured: the application as an object. Sheet: 3.8. */
static JsonObject *encode_thread_source(FakeServer *server, const FakeSource *source)
{
    JsonObject *object;

    if (server->odd & FAKE_ODD_THREAD_OBJECT) {
        object = fake_encode_source(server, source, FALSE);
        json_object_remove_member(object, "creator");
        return object;
    }
    object = json_object_new();
    json_object_set_int_member(object, "id", source->id);
    set_format(object, "icon", "%s/icons/application.png", server->api_url);
    json_object_set_string_member(object, "application", source->app->name);
    return object;
}

static JsonNode *copy_or_null(JsonNode *node)
{
    return node ? json_node_copy(node) : json_node_new(JSON_NODE_NULL);
}

static JsonNode *copy_or_empty(JsonNode *node)
{
    return node ? json_node_copy(node) : fake_json_take_array(json_array_new());
}

JsonObject *fake_encode_thread(FakeServer *server, FakeTalk *talk, FakeThread *thread)
{
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "id", thread->id);
    json_object_set_string_member(object, "title", thread->title);
    json_object_set_string_member(object, "body", thread->body ? thread->body : "");
    fake_json_set_text(object, "external_url", thread->external_url);
    json_object_set_member(object, "status", copy_or_null(thread->status));
    json_object_set_member(object, "actions", fake_actions_show(server, talk, thread));
    json_object_set_member(object, "fields", copy_or_empty(thread->fields));
    if (thread->source)
        json_object_set_object_member(object, "source", encode_thread_source(server, thread->source));
    json_object_set_int_member(object, "initial_message", thread->initial_message);
    json_object_set_string_member(object, "flow", talk->flow->id);
    json_object_set_int_member(object, "activities", thread->activities);
    json_object_set_int_member(object, "internal_comments", thread->internal_comments);
    json_object_set_int_member(object, "external_comments", thread->external_comments);
    set_iso(object, "updated_at", thread->updated_ms);
    set_iso(object, "created_at", thread->created_ms);
    return object;
}

/* ------------------------------------------------------------------------------------------------------- messages */

static void make_odd(FakeServer *server, FakeTalk *talk, JsonObject *message)
{
    FakeOdd odd = server->odd;

    if ((odd & FAKE_ODD_NUMBER_USER) && json_object_has_member(message, "user"))
        json_object_set_int_member(message, "user", fake_json_int(message, "user", 0));
    if (odd & FAKE_ODD_STRING_ID)
        set_format(message, "id", "%" ID, fake_json_int(message, "id", 0));
    if (odd & FAKE_ODD_ISO_SENT)
        set_iso(message, "sent", fake_json_int(message, "sent", 0));
    if (odd & FAKE_ODD_NO_UUID)
        json_object_remove_member(message, "uuid");
    if ((odd & FAKE_ODD_COLON_FLOW) && talk->flow)
        set_format(message, "flow", "%s:%s", talk->flow->org->slug, talk->flow->slug);
}

JsonObject *fake_encode_message(FakeServer *server, FakeTalk *talk, JsonObject *stored)
{
    JsonObject *message = fake_json_copy(stored);
    const char *thread_id = fake_json_string(stored, "thread_id");
    FakeThread *thread = thread_id ? g_hash_table_lookup(talk->threads_by_id, thread_id) : NULL;

    if (thread) {
        JsonObject *encoded = fake_encode_thread(server, talk, thread);

        /* Sheet: 3.8: the thread of plain chat has no id in messages. */
        if (!thread->source)
            json_object_remove_member(encoded, "id");
        json_object_set_object_member(message, "thread", encoded);
    }
    make_odd(server, talk, message);
    return message;
}

JsonObject *fake_encode_invitation(FakeServer *server, JsonObject *stored)
{
    JsonObject *object = fake_json_copy(stored);

    make_null(server, object, just_id);
    return object;
}

JsonObject *fake_encode_private(FakeServer *server, FakeTalk *talk, const FakeUser *user)
{
    JsonObject *object = json_object_new(), *activity = json_object_new();
    JsonArray *users = json_array_new();
    FakeUser *other = fake_talk_other(talk, user);

    json_object_set_int_member(object, "id", other->id);
    set_format(object, "url", "%s/private/%" ID, server->api_url, other->id);
    set_format(object, "name", "@%s", other->nick);
    json_object_set_boolean_member(object, "open", *fake_talk_open(talk, user));
    json_object_set_boolean_member(activity, "inbox", FALSE);
    json_object_set_int_member(activity, "mentions", count_tagged(talk, user, "user"));
    json_object_set_boolean_member(activity, "chat", count_tagged(talk, user, "unread") > 0);
    json_object_set_object_member(object, "activity", activity);
    json_array_add_object_element(users, fake_encode_person(server, talk->pair[0]));
    json_array_add_object_element(users, fake_encode_person(server, talk->pair[1]));
    json_object_set_array_member(object, "users", users);
    return object;
}

JsonObject *fake_encode_envelope(FakeTalk *talk, const char *name, const FakeUser *user)
{
    JsonObject *event = json_object_new();
    gint64 now = fake_text_now_ms();

    json_object_set_string_member(event, "event", name);
    json_object_set_int_member(event, "id", fake_talk_next_id(talk));
    if (talk->flow)
        json_object_set_string_member(event, "flow", talk->flow->id);
    else
        set_format(event, "to", "%" ID, fake_talk_other(talk, user)->id);
    set_format(event, "user", "%" ID, user ? user->id : (gint64)0);
    json_object_set_int_member(event, "sent", now);
    set_iso(event, "created_at", now);
    json_object_set_null_member(event, "app");
    json_object_set_null_member(event, "uuid");
    json_object_set_array_member(event, "tags", json_array_new());
    json_object_set_array_member(event, "attachments", json_array_new());
    return event;
}
