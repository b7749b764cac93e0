/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and organizations. Sheet: 3.2, 3.3. */
#include "fake-encode.h"
#include "fake-people.h"
#include "fake-routes.h"

void fake_get_user(FakeCall *call)
{
    fake_call_object(call, SOUP_STATUS_OK, fake_encode_user(call->server, call->user));
}

static gboolean shares_flow(FakeServer *server, const FakeUser *one, const FakeUser *other)
{
    for (guint i = 0; i < server->flows->len; i++) {
        FakeFlow *flow = server->flows->pdata[i];

        if (fake_state_is_active_member(flow, one) && fake_state_is_active_member(flow, other))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_admin_of(FakeServer *server, const FakeUser *admin, const FakeUser *other)
{
    for (guint i = 0; i < server->orgs->len; i++) {
        FakeOrg *org = server->orgs->pdata[i];
        FakeMember *member = fake_state_member(org->members, admin);

        if (member && member->admin && fake_state_member(org->members, other))
            return TRUE;
    }
    return FALSE;
}

/* Admins get the whole organization, others only people they share a flow with. */
void fake_get_users(FakeCall *call)
{
    JsonArray *users = json_array_new();

    for (guint i = 0; i < call->server->users->len; i++) {
        FakeUser *user = call->server->users->pdata[i];

        if (user == call->user || is_admin_of(call->server, call->user, user) ||
            shares_flow(call->server, call->user, user))
            json_array_add_object_element(users, fake_encode_user(call->server, user));
    }
    fake_call_array(call, users);
}

void fake_get_user_by_id(FakeCall *call)
{
    FakeUser *user = fake_state_user(call->server, fake_call_id(call, 0));

    if (!user || (user != call->user && !fake_state_share_org(call->server, call->user, user)))
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
    else
        fake_call_object(call, SOUP_STATUS_OK, fake_encode_user(call->server, user));
}

/* Whether another user has it, in any case. */
static gboolean is_taken(FakeServer *server, const FakeUser *user, const char *nick)
{
    g_autofree char *folded = g_utf8_casefold(nick, -1);

    for (guint i = 0; i < server->users->len; i++) {
        const FakeUser *other = server->users->pdata[i];
        g_autofree char *theirs = g_utf8_casefold(other->nick, -1);

        if (other != user && g_str_equal(theirs, folded))
            return TRUE;
    }
    return FALSE;
}

void fake_put_user(FakeCall *call)
{
    const char *nick = fake_json_string(call->params, "nick"), *email = fake_json_string(call->params, "email");

    if (fake_call_id(call, 0) != call->user->id) {
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "Only your own profile can be changed");
        return;
    }
    if (nick && !*nick) {
        fake_call_invalid(call, "nick", "can't be blank");
        return;
    }
    if (nick && (call->server->odd & FAKE_ODD_UNIQUE_NICKS) && is_taken(call->server, call->user, nick)) {
        fake_call_invalid(call, "nick", "has already been taken");
        return;
    }
    if (email) {
        g_free(call->user->email);
        call->user->email = g_strdup(email);
    }
    if (nick)
        fake_people_set_nick(call->server, call->user, nick);
    else if (email)
        fake_people_tell_edit(call->server, call->user);
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_get_orgs(FakeCall *call)
{
    JsonArray *orgs = json_array_new();

    for (guint i = 0; i < call->server->orgs->len; i++) {
        FakeOrg *org = call->server->orgs->pdata[i];

        if (fake_state_member(org->members, call->user))
            json_array_add_object_element(orgs, fake_encode_org(call->server, org, TRUE));
    }
    fake_call_array(call, orgs);
}

void fake_get_org(FakeCall *call)
{
    fake_call_object(call, SOUP_STATUS_OK, fake_encode_org(call->server, call->org, TRUE));
}

void fake_find_org(FakeCall *call)
{
    call->org = fake_state_org_by_id(call->server, fake_json_int(call->params, "id", -1));
    if (call->org && fake_state_member(call->org->members, call->user))
        fake_get_org(call);
    else
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
}

static gboolean may_manage(FakeCall *call)
{
    if (fake_state_member(call->org->members, call->user)->admin)
        return TRUE;
    fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "Only admins may do this");
    return FALSE;
}

void fake_put_org(FakeCall *call)
{
    const char *name = fake_json_string(call->params, "name");

    if (!may_manage(call))
        return;
    if (name && !*name) {
        fake_call_invalid(call, "name", "can't be blank");
        return;
    }
    if (name) {
        g_free(call->org->name);
        call->org->name = g_strdup(name);
    }
    fake_get_org(call);
}

void fake_get_org_users(FakeCall *call)
{
    fake_call_array(call, fake_encode_org_users(call->server, call->org));
}

void fake_delete_org_user(FakeCall *call)
{
    FakeUser *user = fake_state_user(call->server, fake_call_id(call, 0));

    if (!may_manage(call))
        return;
    if (!user || !fake_state_member(call->org->members, user)) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
        return;
    }
    fake_people_leave_org(call->server, call->org, user, call->user);
    fake_call_answer(call, SOUP_STATUS_NO_CONTENT, NULL);
}
