/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining, leaving, renaming, coming online: the changes about people, and the events that tell of them. Sheet: 5.3. */
#include "fake-people.h"

#include "fake-encode.h"
#include "fake-events.h"
#include "fake-post.h"
#include "fake-text.h"

static JsonNode *user_content(FakeServer *server, const FakeUser *user)
{
    JsonObject *content = json_object_new();

    json_object_set_object_member(content, "user", fake_encode_user(server, user));
    return fake_json_take_object(content);
}

/* flow-add and flow-remove: no id, the user as a number. */
static void tell_user(FakeServer *server, FakeUser *user, const char *name, JsonObject *content)
{
    JsonObject *event = json_object_new();

    json_object_set_int_member(event, "user", user->id);
    json_object_set_string_member(event, "event", name);
    json_object_set_object_member(event, "content", content);
    fake_events_publish(server, (FakeTarget){ .to = FAKE_TO_USER, .user = user }, event, TRUE);
}

/* The action that is also stored as a message. (transfer full) @content */
static void post_action(FakeServer *server, FakeFlow *flow, FakeUser *by, JsonObject *content)
{
    FakeAuthor author = { .user = by, .any_event = TRUE };
    FakeRefusal refusal;
    g_autoptr(JsonObject) params = json_object_new();

    json_object_set_string_member(params, "event", "action");
    json_object_set_object_member(params, "content", content);
    fake_post(server, flow->talk, &author, params, &refusal);
}

/* add_people with an array of nicks, as captured, or join. (transfer full) */
static JsonObject *joining(FakeFlow *flow, FakeUser *user, FakeUser *added_by)
{
    JsonObject *content = json_object_new();

    if (added_by == user) {
        g_autofree char *key = fake_text_token(flow->id, 40);
        g_autofree char *id = g_strconcat(key, "-", flow->slug, NULL);

        json_object_set_string_member(content, "type", "join");
        json_object_set_string_member(content, "id", id);
    } else {
        JsonArray *nicks = json_array_new();

        json_array_add_string_element(nicks, user->nick);
        json_object_set_string_member(content, "type", "add_people");
        json_object_set_array_member(content, "message", nicks);
        json_object_set_string_member(content, "description", user->nick);
    }
    return content;
}

void fake_people_tell_invitation(FakeServer *server, FakeFlow *flow, FakeUser *by, const char *type, const char *email)
{
    JsonObject *content = json_object_new(), *description = json_object_new();

    json_object_set_string_member(content, "type", type);
    json_object_set_string_member(description, "email", email);
    json_object_set_object_member(content, "description", description);
    post_action(server, flow, by, content);
}

void fake_people_join(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *added_by)
{
    FakeMember *member = fake_state_join(flow->members, user);
    JsonObject *content = json_object_new();

    fake_state_join(flow->org->members, user);
    member->open = TRUE;
    member->disabled = FALSE;
    json_object_set_string_member(content, "id", flow->id);
    json_object_set_string_member(content, "name", flow->name);
    json_object_set_string_member(content, "organization", flow->org->name);
    json_object_set_boolean_member(content, "open", TRUE);
    tell_user(server, user, "flow-add", content);
    fake_events_publish_change(server, flow->talk, "backend.user.join", user, user_content(server, user));
    post_action(server, flow, added_by, joining(flow, user, added_by));
}

/* The content is the bare id of who left, the user who did it. */
static void tell_block(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *by)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, user->id);

    fake_events_publish_change(server, flow->talk, "backend.user.block", by,
                               json_node_init_string(json_node_alloc(), id));
}

static void tell_removal(FakeServer *server, FakeFlow *flow, FakeUser *user)
{
    JsonObject *content = json_object_new();

    json_object_set_string_member(content, "id", flow->id);
    tell_user(server, user, "flow-remove", content);
}

void fake_people_leave(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *removed_by)
{
    tell_block(server, flow, user, removed_by);
    tell_removal(server, flow, user);
    fake_state_leave(flow->members, user);
}

void fake_people_block(FakeServer *server, FakeFlow *flow, FakeUser *user, FakeUser *by, gboolean block)
{
    FakeMember *member = fake_state_member(flow->members, user);

    if (member->disabled == block)
        return;
    if (block) {
        tell_block(server, flow, user, by);
        tell_removal(server, flow, user);
        member->disabled = TRUE;
    } else {
        fake_people_join(server, flow, user, by);
    }
}

void fake_people_leave_org(FakeServer *server, FakeOrg *org, FakeUser *user, FakeUser *removed_by)
{
    for (guint i = 0; i < server->flows->len; i++) {
        FakeFlow *flow = server->flows->pdata[i];

        if (flow->org == org && fake_state_member(flow->members, user))
            fake_people_leave(server, flow, user, removed_by);
    }
    fake_state_leave(org->members, user);
}

void fake_people_set_nick(FakeServer *server, FakeUser *user, const char *nick)
{
    g_free(user->nick);
    user->nick = g_strdup(nick);
    fake_people_tell_edit(server, user);
}

void fake_people_tell_edit(FakeServer *server, FakeUser *user)
{
    for (guint i = 0; i < server->flows->len; i++) {
        FakeFlow *flow = server->flows->pdata[i];

        if (fake_state_is_active_member(flow, user))
            fake_events_publish_change(server, flow->talk, "user-edit", user, user_content(server, user));
    }
}

void fake_presence_publish(FakeServer *server, FakeUser *user, int state)
{
    g_autofree char *now = fake_text_iso(fake_text_now_ms());
    JsonObject *event, *content;

    user->presence = state;
    if (server->odd & FAKE_ODD_NO_PRESENCE)
        return;
    event = json_object_new();
    content = json_object_new();
    json_object_set_int_member(content, "user_id", user->id);
    json_object_set_int_member(content, "state", state);
    json_object_set_string_member(content, "updated_at", now);
    json_object_set_string_member(event, "event", "presence");
    json_object_set_object_member(event, "content", content);
    json_object_set_int_member(event, "user_id", user->id);
    fake_events_publish(server, (FakeTarget){ .to = FAKE_TO_WATCHERS, .user = user }, event, FALSE);
}

void fake_presence_update(FakeServer *server, FakeUser *user)
{
    int state = user->active_streams ? FAKE_PRESENCE_ACTIVE
                : user->idle_streams ? FAKE_PRESENCE_IDLE
                                     : FAKE_PRESENCE_OFFLINE;

    if (state != user->presence)
        fake_presence_publish(server, user, state);
}
