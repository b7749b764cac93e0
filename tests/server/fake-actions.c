/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What threads offer to do. Where the sheet is silent this guesses: who calls a signed address has to be signed in and in
 * the flow, and what comes of it is told by the integration with an activity in the thread. */
#include "fake-actions.h"

#include <string.h>

#include "fake-post.h"
#include "fake-text.h"

/* Older ones are good no longer. */
#define MAX_LINKS 10000

/* One signed address. */
typedef struct {
    char *method, *name, *target;
    FakeTalk *talk;
    char *thread_id;
} Link;

struct FakeActions {
    GHashTable *links; /* token -> Link */
    FakeActionsWay way;
    char *pressed; /* (nullable) */
    guint status;
    char *content_type, *body, *challenge; /* (nullable) each */
};

static void link_free(gpointer data)
{
    Link *link = data;

    g_free(link->method);
    g_free(link->name);
    g_free(link->target);
    g_free(link->thread_id);
    g_free(link);
}

FakeActions *fake_actions_new(void)
{
    FakeActions *actions = g_new0(FakeActions, 1);

    actions->links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, link_free);
    return actions;
}

static void forget_answer(FakeActions *actions)
{
    g_clear_pointer(&actions->content_type, g_free);
    g_clear_pointer(&actions->body, g_free);
    g_clear_pointer(&actions->challenge, g_free);
    actions->status = 0;
}

void fake_actions_free(FakeActions *actions)
{
    forget_answer(actions);
    g_hash_table_unref(actions->links);
    g_free(actions->pressed);
    g_free(actions);
}

/* -------------------------------------------------------------------------------------------------------- addresses */

/* (transfer full) */
static char *sign(FakeServer *server, FakeTalk *talk, const FakeThread *thread, JsonObject *action, JsonObject *target)
{
    FakeActions *actions = server->actions;
    const char *origin = actions->way == FAKE_ACTIONS_FOREIGN ? server->stream_url : server->api_url;
    char *token = fake_text_random(32);
    Link *link = g_new0(Link, 1);

    link->method = g_strdup(fake_json_string(target, "httpMethod"));
    link->name = g_strdup(fake_json_string(action, "name"));
    link->target = g_strdup(fake_json_string(target, "urlTemplate"));
    link->talk = talk;
    link->thread_id = g_strdup(thread->id);
    if (g_hash_table_size(actions->links) >= MAX_LINKS)
        g_hash_table_remove_all(actions->links);
    g_hash_table_insert(actions->links, token, link);
    return g_strdup_printf("%s/thread_actions/%s?signature=%s", origin, token, "s1gn4tur3");
}

JsonNode *fake_actions_show(FakeServer *server, FakeTalk *talk, const FakeThread *thread)
{
    g_autofree char *json = thread->actions ? fake_json_print(thread->actions) : NULL;
    JsonNode *copy = json ? json_from_string(json, NULL) : fake_json_take_array(json_array_new());
    JsonArray *list = JSON_NODE_HOLDS_ARRAY(copy) ? json_node_get_array(copy) : NULL;

    for (guint i = 0; list && i < json_array_get_length(list) && server->actions->way != FAKE_ACTIONS_VERBATIM; i++) {
        JsonNode *node = json_array_get_element(list, i);
        JsonObject *action = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        JsonObject *target = action ? fake_json_object(action, "target") : NULL;
        g_autofree char *address = NULL;

        if (!target || !fake_json_string(target, "urlTemplate"))
            continue;
        address = sign(server, talk, thread, action, target);
        json_object_set_string_member(target, "urlTemplate", address);
    }
    return copy;
}

/* ------------------------------------------------------------------------------------------------- the integration */

static void tell(FakeServer *server, const Link *link)
{
    g_autoptr(JsonObject) params = json_object_new();
    JsonObject *author = json_object_new();
    g_autofree char *title = g_strconcat("was used: ", link->name, NULL);
    g_autofree char *json = NULL;
    g_autoptr(GError) error = NULL;

    json_object_set_string_member(author, "name", "Integration");
    json_object_set_object_member(params, "author", author);
    json_object_set_string_member(params, "event", "activity");
    json_object_set_string_member(params, "thread_id", link->thread_id);
    json_object_set_string_member(params, "title", title);
    json = fake_json_print_object(params);
    fake_server_post(server, link->talk->flow->id, 0, json, &error);
    g_assert_no_error(error);
}

void fake_actions_press(FakeCall *call)
{
    FakeActions *actions = call->server->actions;
    const Link *link = g_hash_table_lookup(actions->links, call->args[0]);
    guint status = actions->status ? actions->status : SOUP_STATUS_OK;

    if (call->origin == FAKE_ORIGIN_STREAM && call->log->authorization) {
        fake_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "These credentials are for somebody else");
        return;
    }
    if (!link || (call->user && !fake_state_is_active_member(link->talk->flow, call->user))) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
        return;
    }
    if (g_ascii_strcasecmp(link->method, call->log->method) != 0) {
        fake_call_refuse(call, SOUP_STATUS_METHOD_NOT_ALLOWED, "not found");
        return;
    }
    g_free(actions->pressed);
    actions->pressed =
        g_strdup_printf("%s %s by %" G_GINT64_FORMAT, link->method, link->target, call->user ? call->user->id : 0);
    fake_call_text(call, status, actions->content_type ? actions->content_type : "application/json",
                   g_strdup(actions->body ? actions->body : "{}"));
    if (actions->challenge)
        fake_call_header(call, "WWW-Authenticate", actions->challenge);
    if (SOUP_STATUS_IS_SUCCESSFUL(status))
        tell(call->server, link);
}

void fake_server_set_actions(FakeServer *server, const char *flow, gint64 message_id, const char *json)
{
    FakeTalk *talk = fake_state_talk(server, flow);
    FakeThread *thread =
        fake_talk_thread(talk, fake_json_string(fake_server_get_message(server, flow, message_id), "thread_id"));
    JsonNode *actions = json_from_string(json, NULL);

    g_assert_nonnull(thread);
    g_assert_nonnull(actions);
    g_clear_pointer(&thread->actions, json_node_unref);
    thread->actions = actions;
}

void fake_server_set_actions_way(FakeServer *server, FakeActionsWay way)
{
    server->actions->way = way;
}

void fake_server_set_action_answer(FakeServer *server, const FakeActionAnswer *answer)
{
    FakeActions *actions = server->actions;

    forget_answer(actions);
    actions->status = answer->status;
    actions->content_type = g_strdup(answer->content_type);
    actions->body = g_strdup(answer->body);
    actions->challenge = g_strdup(answer->challenge);
}

void fake_server_expire_actions(FakeServer *server)
{
    g_hash_table_remove_all(server->actions->links);
}

const char *fake_server_get_pressed(FakeServer *server)
{
    return server->actions->pressed;
}
