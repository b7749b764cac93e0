/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flows and their users. Sheet: 3.4. */
#include "fake-encode.h"
#include "fake-people.h"
#include "fake-routes.h"
#include "fake-text.h"

#define MAX_NAME 100

static void list_flows(FakeCall *call, gboolean all)
{
    JsonArray *flows = json_array_new();
    gboolean users = fake_json_flag(call->params, "users", FALSE);

    for (guint i = 0; i < call->server->flows->len; i++) {
        FakeFlow *flow = call->server->flows->pdata[i];
        gboolean joined = fake_state_is_active_member(flow, call->user);
        gboolean joinable = g_str_equal(flow->access_mode, "organization") &&
                            fake_state_member(flow->org->members, call->user) &&
                            !fake_state_member(flow->members, call->user);

        if (joined || (all && joinable))
            json_array_add_object_element(flows, fake_encode_flow(call->server, flow, call->user,
                                                                  FAKE_FLOW_JOINED | (users ? FAKE_FLOW_USERS : 0)));
    }
    fake_call_array(call, flows);
}

void fake_get_flows(FakeCall *call)
{
    list_flows(call, FALSE);
}

void fake_get_all_flows(FakeCall *call)
{
    list_flows(call, TRUE);
}

void fake_get_flow(FakeCall *call)
{
    fake_call_object(call, SOUP_STATUS_OK, fake_encode_flow(call->server, call->flow, call->user, FAKE_FLOW_USERS));
}

void fake_find_flow(FakeCall *call)
{
    FakeFlow *flow = fake_state_flow(call->server, fake_json_string(call->params, "id"));

    if (!flow || (!fake_state_is_active_member(flow, call->user) &&
                  (g_str_equal(flow->access_mode, "invitation") || fake_state_member(flow->members, call->user) ||
                   !fake_state_member(flow->org->members, call->user)))) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
        return;
    }
    call->flow = flow;
    fake_get_flow(call);
}

static gboolean check_name(FakeCall *call, const char *name)
{
    if (!*name) {
        fake_call_invalid(call, "name", "can't be blank");
        return FALSE;
    }
    if (g_utf8_strlen(name, -1) > MAX_NAME) {
        fake_call_invalid(call, "name", "is too long (maximum is 100 characters)");
        return FALSE;
    }
    return TRUE;
}

void fake_post_flow(FakeCall *call)
{
    const char *name = fake_json_string(call->params, "name");
    g_autofree char *slug = name ? fake_text_slug(name) : NULL;
    g_autofree char *path = slug ? g_strconcat(call->org->slug, "/", slug, NULL) : NULL;

    if (!check_name(call, name ? name : ""))
        return;
    if (!*slug || fake_state_flow(call->server, path)) {
        fake_call_invalid(call, "name", "has already been taken");
        return;
    }
    call->flow = fake_state_add_flow(call->server, call->org, slug, name, NULL);
    fake_people_join(call->server, call->flow, call->user, call->user);
    fake_call_object(call, SOUP_STATUS_CREATED,
                     fake_encode_flow(call->server, call->flow, call->user, FAKE_FLOW_USERS | FAKE_FLOW_JOINED));
}

static void set_open(FakeCall *call, gboolean open)
{
    FakeMember *member = fake_state_member(call->flow->members, call->user);

    if (open && !member)
        fake_people_join(call->server, call->flow, call->user, call->user);
    else if (member)
        member->open = open;
}

static gboolean is_mode(const char *mode)
{
    return g_str_equal(mode, "invitation") || g_str_equal(mode, "link") || g_str_equal(mode, "organization");
}

/* What takes more than being there: name, access mode, archiving. */
static gboolean change_settings(FakeCall *call, const char *name, const char *mode)
{
    if (!fake_state_is_active_member(call->flow, call->user)) {
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "You are not in this flow");
        return FALSE;
    }
    if (name && !check_name(call, name))
        return FALSE;
    if (mode && !is_mode(mode)) {
        fake_call_invalid(call, "access_mode", "is not included in the list");
        return FALSE;
    }
    if (name) {
        g_free(call->flow->name);
        call->flow->name = g_strdup(name);
    }
    if (mode) {
        g_free(call->flow->access_mode);
        call->flow->access_mode = g_strdup(mode);
    }
    call->flow->disabled = fake_json_flag(call->params, "disabled", call->flow->disabled);
    return TRUE;
}

void fake_put_flow(FakeCall *call)
{
    const char *name = fake_json_string(call->params, "name"), *mode = fake_json_string(call->params, "access_mode");

    if ((name || mode || json_object_has_member(call->params, "disabled")) && !change_settings(call, name, mode))
        return;
    if (json_object_has_member(call->params, "open"))
        set_open(call, fake_json_flag(call->params, "open", FALSE));
    fake_call_object(call, SOUP_STATUS_OK, fake_encode_flow(call->server, call->flow, call->user, FAKE_FLOW_JOINED));
}

void fake_get_flow_users(FakeCall *call)
{
    fake_call_array(call, fake_encode_flow_users(call->server, call->flow));
}

void fake_post_flow_user(FakeCall *call)
{
    FakeUser *user = fake_state_user(call->server, fake_json_int(call->params, "id", -1));

    if (!user || !fake_state_member(call->org->members, user)) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
        return;
    }
    if (!fake_state_is_active_member(call->flow, user))
        fake_people_join(call->server, call->flow, user, call->user);
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

/* Admins may block anyone, others only non-admins. Sheet: 3.2. */
void fake_put_flow_user(FakeCall *call)
{
    FakeUser *user = fake_state_user(call->server, fake_call_id(call, 0));
    FakeMember *me = fake_state_member(call->org->members, call->user);
    FakeMember *them = user ? fake_state_member(call->org->members, user) : NULL;

    if (!them || !fake_state_member(call->flow->members, user)) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
        return;
    }
    if (them->admin && !me->admin) {
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "Only admins may block admins");
        return;
    }
    if (json_object_has_member(call->params, "disabled"))
        fake_people_block(call->server, call->flow, user, call->user, fake_json_flag(call->params, "disabled", FALSE));
    fake_call_empty_object(call, SOUP_STATUS_OK);
}
