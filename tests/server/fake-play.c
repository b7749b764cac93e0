/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests do in the name of others, and how they look at the result. */
#include "fake-encode.h"
#include "fake-events.h"
#include "fake-people.h"
#include "fake-post.h"
#include "fake-stream.h"
#include "fake-tags.h"
#include "fake-text.h"

static FakeUser *need_user(FakeServer *server, gint64 id)
{
    FakeUser *user = fake_state_user(server, id);

    if (!user)
        g_error("there is no user %" G_GINT64_FORMAT, id);
    return user;
}

static FakeTalk *need_talk(FakeServer *server, const char *name)
{
    FakeTalk *talk = fake_state_talk(server, name);

    if (!talk)
        g_error("there is no conversation %s", name);
    return talk;
}

static FakeFlow *need_flow(FakeServer *server, const char *name)
{
    FakeTalk *talk = need_talk(server, name);

    if (!talk->flow)
        g_error("not a flow: %s", name);
    return talk->flow;
}

static JsonObject *need_message(FakeTalk *talk, gint64 id)
{
    JsonObject *message = fake_talk_find(talk, id);

    if (!message)
        g_error("there is no message %" G_GINT64_FORMAT, id);
    return message;
}

/* ------------------------------------------------------------------------------------------------------- posting */

/* Integrations need a source; for those without one there is one more. */
static FakeSource *source_of(FakeServer *server, FakeFlow *flow)
{
    FakeApp *app = server->apps->len ? server->apps->pdata[0] : NULL;

    for (guint i = 0; i < server->sources->len; i++) {
        FakeSource *source = server->sources->pdata[i];

        if (source->flow == flow && !source->removed)
            return source;
    }
    return fake_state_add_source(server, flow, app ? app : fake_state_add_app(server, "test", "test", "Test"), "Test");
}

gint64 fake_server_post(FakeServer *server, const char *conversation, gint64 user_id, const char *json, GError **error)
{
    FakeTalk *talk = need_talk(server, conversation);
    g_autoptr(JsonObject) params = fake_json_parse_object(json, -1, error);
    FakeAuthor author = { .any_event = TRUE };
    FakeRefusal refusal;
    JsonObject *message;

    if (!params)
        return 0;
    if (user_id)
        author.user = need_user(server, user_id);
    else if (talk->flow)
        author.source = source_of(server, talk->flow);
    message = fake_post(server, talk, &author, params, &refusal);
    if (message)
        return fake_json_int(message, "id", 0);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s %s", refusal.field, refusal.problem);
    return 0;
}

static gint64 post_text(FakeServer *server, FakeTalk *talk, FakeUser *user, const char *text, const char *name,
                        const char *value)
{
    g_autoptr(JsonObject) params = json_object_new();
    FakeAuthor author = { .user = user };
    FakeRefusal refusal;
    JsonObject *message;

    json_object_set_string_member(params, "event", "message");
    json_object_set_string_member(params, "content", text);
    if (name && value)
        json_object_set_string_member(params, name, value);
    message = fake_post(server, talk, &author, params, &refusal);
    if (!message)
        g_error("%s %s", refusal.field, refusal.problem);
    return fake_json_int(message, "id", 0);
}

gint64 fake_server_say(FakeServer *server, const char *flow, gint64 user_id, const char *text)
{
    return post_text(server, need_talk(server, flow), need_user(server, user_id), text, NULL, NULL);
}

gint64 fake_server_say_private(FakeServer *server, gint64 from, gint64 to, const char *text)
{
    FakeTalk *talk = fake_state_private(server, need_user(server, from), need_user(server, to), TRUE);

    return post_text(server, talk, need_user(server, from), text, NULL, NULL);
}

gint64 fake_server_say_external(FakeServer *server, const char *flow, const char *external_user_name, const char *text)
{
    return post_text(server, need_talk(server, flow), NULL, text, "external_user_name", external_user_name);
}

gint64 fake_server_reply(FakeServer *server, const char *flow, gint64 user_id, gint64 parent_id, const char *text)
{
    FakeTalk *talk = need_talk(server, flow);
    const char *thread_id = fake_json_string(need_message(talk, parent_id), "thread_id");

    return post_text(server, talk, need_user(server, user_id), text, "thread_id", thread_id);
}

void fake_server_edit(FakeServer *server, const char *conversation, gint64 message_id, const char *text)
{
    FakeTalk *talk = need_talk(server, conversation);

    fake_change_content(server, talk, need_message(talk, message_id), text);
}

void fake_server_delete(FakeServer *server, const char *conversation, gint64 message_id)
{
    FakeTalk *talk = need_talk(server, conversation);
    JsonObject *message = need_message(talk, message_id);

    fake_change_delete(server, talk, message, fake_state_user(server, fake_json_int(message, "user", 0)));
}

void fake_server_set_tags(FakeServer *server, const char *conversation, gint64 message_id, const char *comma_list)
{
    FakeTalk *talk = need_talk(server, conversation);
    JsonObject *message = need_message(talk, message_id);
    g_auto(GStrv) tags = g_strsplit(comma_list, ",", -1);

    fake_change_tags(server, talk, message, fake_state_user(server, fake_json_int(message, "user", 0)), tags);
}

void fake_server_react(FakeServer *server, const char *flow, gint64 message_id, gint64 user_id, const char *emoji,
                       gboolean add)
{
    fake_change_react(server, need_talk(server, flow), message_id, need_user(server, user_id), emoji, add);
}

/* ------------------------------------------------------------------------------------------------------ raw events */

/* Where an event without storage goes: to the streams of its flow, its two people, its one person, or all. */
static FakeTarget target_of(FakeServer *server, JsonObject *event, FakeTalk **talk)
{
    g_autofree char *flow_name = fake_json_dup_text(event, "flow");
    FakeFlow *flow = fake_state_flow(server, flow_name);
    FakeUser *to = fake_state_user(server, fake_json_int(event, "to", -1));
    FakeUser *user = fake_state_user(server, fake_json_int(event, "user", -1));

    *talk = NULL;
    if (flow)
        *talk = flow->talk;
    else if (to && user && to != user)
        *talk = fake_state_private(server, to, user, TRUE);
    if (*talk)
        return fake_target_talk(*talk);
    if (to || (user && !flow_name))
        return (FakeTarget){ .to = FAKE_TO_USER, .user = to ? to : user };
    return (FakeTarget){ .to = FAKE_TO_ALL };
}

/* Sheet: 5.7: these use ids, yet no list has them. */
static gboolean is_stored(JsonObject *event)
{
    static const char *const passing[] = { "activity.user",  "message-edit", "tag-change",    "message-delete",
                                           "emoji-reaction", "user-edit",    "thread-change", NULL };
    const char *name = fake_json_string(event, "event");

    return name && !g_strv_contains(passing, name) && !g_str_has_prefix(name, "backend.");
}

gint64 fake_server_emit(FakeServer *server, const char *json)
{
    g_autoptr(JsonObject) event = fake_json_parse_object(json, -1, NULL);
    gint64 id = fake_json_int(event, "id", -1);
    FakeTarget target;
    FakeTalk *talk;

    if (!event)
        return -1;
    target = target_of(server, event, &talk);
    if (!talk || id < 0) {
        fake_events_publish_text(server, target, json, TRUE);
        return MAX(id, 0);
    }
    if (id == 0) {
        g_autofree char *numbered = NULL;

        id = fake_talk_next_id(talk);
        json_object_set_int_member(event, "id", id);
        numbered = fake_json_print_object(event);
        fake_events_publish_text(server, target, numbered, TRUE);
    } else {
        fake_events_publish_text(server, target, json, TRUE);
    }
    talk->last_id = MAX(talk->last_id, id);
    if (is_stored(event))
        fake_talk_insert(talk, event);
    return id;
}

/* --------------------------------------------------------------------------------------------------------- people */

gint64 fake_server_add_user(FakeServer *server, const char *org, gint64 id, const char *nick, const char *email,
                            const char *password)
{
    FakeOrg *place = fake_state_org(server, org);
    FakeUser *user;

    if (!place || fake_state_user(server, id))
        g_error("%s %s", place ? "the user id is taken in" : "there is no organization", org);
    user = fake_state_add_user(server, id, nick, email);
    user->password = g_strdup(password);
    user->last_activity_ms = fake_text_now_ms();
    fake_state_join(place->members, user);
    return user->id;
}

const char *fake_server_add_flow(FakeServer *server, const char *org, const char *slug, const char *name,
                                 const char *access_mode)
{
    FakeOrg *place = fake_state_org(server, org);
    FakeFlow *flow;

    if (!place)
        g_error("there is no organization %s", org);
    flow = fake_state_add_flow(server, place, slug, name, NULL);
    g_free(flow->access_mode);
    flow->access_mode = g_strdup(access_mode);
    return flow->id;
}

void fake_server_add_member(FakeServer *server, const char *flow, gint64 user_id)
{
    FakeFlow *place = need_flow(server, flow);
    FakeMember *by = place->members->len ? place->members->pdata[0] : NULL;
    FakeUser *user = need_user(server, user_id);

    fake_people_join(server, place, user, by ? by->user : user);
}

void fake_server_remove_member(FakeServer *server, const char *flow, gint64 user_id)
{
    FakeFlow *place = need_flow(server, flow);
    FakeMember *by = place->members->pdata[0];

    fake_people_leave(server, place, need_user(server, user_id), by->user);
}

void fake_server_set_open(FakeServer *server, const char *flow, gint64 user_id, gboolean open)
{
    fake_state_member(need_flow(server, flow)->members, need_user(server, user_id))->open = open;
}

void fake_server_set_nick(FakeServer *server, gint64 user_id, const char *nick)
{
    fake_people_set_nick(server, need_user(server, user_id), nick);
}

static void replace_text(char **place, const char *text)
{
    if (!text)
        return;
    g_free(*place);
    *place = g_strdup(text);
}

void fake_server_set_profile(FakeServer *server, gint64 user_id, const char *name, const char *email,
                             const char *website)
{
    FakeUser *user = need_user(server, user_id);

    replace_text(&user->name, name);
    replace_text(&user->email, email);
    replace_text(&user->website, website);
    if (website && !*website)
        g_clear_pointer(&user->website, g_free);
    fake_people_tell_edit(server, user);
}

void fake_server_set_avatar(FakeServer *server, gint64 user_id, const char *url)
{
    FakeUser *user = need_user(server, user_id);

    g_free(user->avatar);
    user->avatar = g_strdup(url);
    fake_people_tell_edit(server, user);
}

void fake_server_set_last_activity(FakeServer *server, gint64 user_id, gint64 ms)
{
    need_user(server, user_id)->last_activity_ms = ms;
}

void fake_server_set_status_text(FakeServer *server, const char *flow, gint64 user_id, const char *text)
{
    FakeMember *member = fake_state_member(need_flow(server, flow)->members, need_user(server, user_id));

    if (!member)
        g_error("user %" G_GINT64_FORMAT " is not in %s", user_id, flow);
    g_free(member->status);
    member->status = g_strdup(text);
}

void fake_server_set_password(FakeServer *server, gint64 user_id, const char *password)
{
    FakeUser *user = need_user(server, user_id);

    g_free(user->password);
    user->password = g_strdup(password);
}

void fake_server_set_disabled(FakeServer *server, gint64 user_id, gboolean disabled)
{
    FakeUser *user = need_user(server, user_id);

    user->disabled = disabled;
    if (disabled)
        fake_streams_cut_user(server, user);
}

const char *fake_server_add_source(FakeServer *server, const char *flow, const char *name)
{
    return fake_state_add_source(server, need_flow(server, flow), server->apps->pdata[0], name)->token;
}

const char *fake_server_get_push_token(FakeServer *server, const char *flow)
{
    return need_flow(server, flow)->api_token;
}

void fake_server_remove_source(FakeServer *server, const char *flow_token)
{
    fake_state_source_by_token(server, flow_token)->removed = TRUE;
}

void fake_server_set_admin(FakeServer *server, gint64 user_id, gboolean admin)
{
    for (guint i = 0; i < server->orgs->len; i++) {
        FakeMember *member =
            fake_state_member(((FakeOrg *)server->orgs->pdata[i])->members, need_user(server, user_id));

        if (member)
            member->admin = admin;
    }
}

void fake_server_set_presence(FakeServer *server, gint64 user_id, const char *state)
{
    fake_presence_publish(server, need_user(server, user_id),
                          g_str_equal(state, "active") ? FAKE_PRESENCE_ACTIVE
                          : g_str_equal(state, "idle") ? FAKE_PRESENCE_IDLE
                                                       : FAKE_PRESENCE_OFFLINE);
}

void fake_server_activity(FakeServer *server, const char *flow, gint64 user_id)
{
    FakeTalk *talk = need_talk(server, flow);
    FakeUser *user = need_user(server, user_id);
    JsonObject *event = fake_encode_envelope(talk, "activity.user", user), *content = json_object_new();

    user->last_activity_ms = fake_text_now_ms();
    json_object_set_int_member(content, "last_activity", user->last_activity_ms);
    json_object_set_object_member(event, "content", content);
    fake_events_publish(server, fake_target_talk(talk), event, FALSE);
}

/* ------------------------------------------------------------------------------------------ flows and organizations */

static FakeOrg *need_org(FakeServer *server, const char *slug)
{
    FakeOrg *org = fake_state_org(server, slug);

    if (!org)
        g_error("there is no organization %s", slug);
    return org;
}

void fake_server_rename_flow(FakeServer *server, const char *flow, const char *name)
{
    replace_text(&need_flow(server, flow)->name, name);
}

void fake_server_archive_flow(FakeServer *server, const char *flow, gboolean archived)
{
    need_flow(server, flow)->disabled = archived;
}

gint64 fake_server_add_org(FakeServer *server, const char *slug, const char *name)
{
    if (fake_state_org(server, slug))
        g_error("there is an organization %s already", slug);
    return fake_state_add_org(server, slug, name)->id;
}

void fake_server_rename_org(FakeServer *server, const char *org_slug, const char *name)
{
    replace_text(&need_org(server, org_slug)->name, name);
}

void fake_server_add_org_member(FakeServer *server, const char *org, gint64 user_id)
{
    fake_state_join(need_org(server, org)->members, need_user(server, user_id));
}

void fake_server_remove_org_member(FakeServer *server, const char *org, gint64 user_id)
{
    FakeOrg *place = need_org(server, org);
    FakeMember *by = place->members->pdata[0];

    fake_people_leave_org(server, place, need_user(server, user_id), by->user);
}

/* --------------------------------------------------------------------------------------------------------- looking */

const char *fake_server_flow_id(FakeServer *server, const char *flow)
{
    FakeFlow *found = fake_state_flow(server, flow);

    return found ? found->id : NULL;
}

gboolean fake_server_is_member(FakeServer *server, const char *flow, gint64 user_id)
{
    return fake_state_is_active_member(need_flow(server, flow), need_user(server, user_id));
}

gboolean fake_server_is_open(FakeServer *server, const char *flow, gint64 user_id)
{
    FakeMember *member = fake_state_member(need_flow(server, flow)->members, need_user(server, user_id));

    return member && !member->disabled && member->open;
}

const char *fake_server_get_nick(FakeServer *server, gint64 user_id)
{
    return need_user(server, user_id)->nick;
}

guint fake_server_message_count(FakeServer *server, const char *conversation)
{
    return need_talk(server, conversation)->messages->len;
}

JsonArray *fake_server_get_messages(FakeServer *server, const char *conversation)
{
    FakeTalk *talk = need_talk(server, conversation);
    JsonArray *list = json_array_new();

    for (guint i = 0; i < talk->messages->len; i++)
        json_array_add_object_element(list, json_object_ref(talk->messages->pdata[i]));
    return list;
}

JsonObject *fake_server_get_message(FakeServer *server, const char *conversation, gint64 message_id)
{
    FakeTalk *talk = need_talk(server, conversation);

    if (message_id)
        return fake_talk_find(talk, message_id);
    return talk->messages->len ? talk->messages->pdata[talk->messages->len - 1] : NULL;
}
