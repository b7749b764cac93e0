/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sources and invitations. Sheet: 3.12, 3.13. */
#include <string.h>

#include "fake-encode.h"
#include "fake-oauth.h"
#include "fake-people.h"
#include "fake-routes.h"
#include "fake-text.h"

/* ------------------------------------------------------------------------------------------------------- sources */

static void list_sources(FakeCall *call, FakeFlow *flow)
{
    JsonArray *list = json_array_new();

    for (guint i = 0; i < call->server->sources->len; i++) {
        FakeSource *source = call->server->sources->pdata[i];
        gboolean mine = flow ? source->flow == flow : fake_state_is_active_member(source->flow, call->user);

        if (!source->removed && mine)
            json_array_add_object_element(list, fake_encode_source(call->server, source, FALSE));
    }
    fake_call_array(call, list);
}

/* By flow_token only the token's own source. */
void fake_get_sources(FakeCall *call)
{
    if (call->source) {
        JsonArray *list = json_array_new();

        json_array_add_object_element(list, fake_encode_source(call->server, call->source, FALSE));
        fake_call_array(call, list);
    } else {
        list_sources(call, NULL);
    }
}

void fake_get_flow_sources(FakeCall *call)
{
    list_sources(call, call->flow);
}

/* The application is that of the access token. Sheet: 3.12. */
void fake_post_source(FakeCall *call)
{
    const char *name = fake_json_string(call->params, "name");
    FakeApp *app = fake_oauth_app(call);
    FakeSource *source;

    if (!app) {
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "A source needs an application");
        return;
    }
    if (!name || !name[strspn(name, " \t\r\n")]) {
        fake_call_invalid(call, "name", "can't be blank");
        return;
    }
    source = fake_state_add_source(call->server, call->flow, app, name);
    source->external_url = g_strdup(fake_json_string(call->params, "external_url"));
    source->creator = call->user;
    fake_call_object(call, SOUP_STATUS_CREATED, fake_encode_source(call->server, source, TRUE));
}

static FakeSource *named_source(FakeCall *call)
{
    FakeSource *source = fake_state_source(call->server, call->flow, fake_call_id(call, 0));

    if (!source)
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
    return source;
}

void fake_get_source(FakeCall *call)
{
    FakeSource *source = named_source(call);

    if (source)
        fake_call_object(call, SOUP_STATUS_OK, fake_encode_source(call->server, source, FALSE));
}

static void set_text(char **place, FakeCall *call, const char *name)
{
    const char *text = fake_json_string(call->params, name);

    if (!text)
        return;
    g_free(*place);
    *place = *text ? g_strdup(text) : NULL;
}

static void update_source(FakeCall *call, FakeSource *source)
{
    set_text(&source->error_message, call, "error_message");
    set_text(&source->configuration_url, call, "configuration_url");
    source->updated_ms = fake_text_now_ms();
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_put_source(FakeCall *call)
{
    FakeSource *source = named_source(call);

    if (source)
        update_source(call, source);
}

void fake_put_source_by_token(FakeCall *call)
{
    if (call->source)
        update_source(call, call->source);
    else
        fake_call_invalid(call, "flow_token", "can't be blank");
}

void fake_delete_source(FakeCall *call)
{
    FakeSource *source = named_source(call);

    if (!source)
        return;
    source->removed = TRUE;
    fake_call_answer(call, SOUP_STATUS_NO_CONTENT, NULL);
}

/* --------------------------------------------------------------------------------------------------- invitations */

static JsonObject *find_invitation(FakeFlow *flow, gint64 id, const char *email)
{
    for (guint i = 0; i < flow->invitations->len; i++) {
        JsonObject *invitation = flow->invitations->pdata[i];

        if (email ? g_strcmp0(fake_json_string(invitation, "email"), email) == 0
                  : fake_json_int(invitation, "id", 0) == id)
            return invitation;
    }
    return NULL;
}

static JsonObject *named_invitation(FakeCall *call)
{
    JsonObject *invitation = find_invitation(call->flow, fake_call_id(call, 0), NULL);

    if (!invitation)
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
    return invitation;
}

void fake_get_invitations(FakeCall *call)
{
    JsonArray *list = json_array_new();

    for (guint i = 0; i < call->flow->invitations->len; i++)
        json_array_add_object_element(list, fake_encode_invitation(call->server, call->flow->invitations->pdata[i]));
    fake_call_array(call, list);
}

void fake_get_invitation(FakeCall *call)
{
    JsonObject *invitation = named_invitation(call);

    if (invitation)
        fake_call_object(call, SOUP_STATUS_OK, fake_encode_invitation(call->server, invitation));
}

/* The same address again is a resend. (transfer none) */
static JsonObject *invite(FakeCall *call, const char *email)
{
    JsonObject *invitation = find_invitation(call->flow, 0, email);
    g_autofree char *url = NULL;
    gint64 id;

    if (invitation)
        return invitation;
    id = ++call->server->last_invitation_id;
    url = g_strdup_printf("%s/flows/%s/%s/invitations/%" G_GINT64_FORMAT, call->server->api_url, call->org->slug,
                          call->flow->slug, id);
    invitation = json_object_new();
    json_object_set_int_member(invitation, "id", id);
    json_object_set_string_member(invitation, "state", "pending");
    json_object_set_string_member(invitation, "email", email);
    json_object_set_string_member(invitation, "flow", call->flow->id);
    json_object_set_string_member(invitation, "url", url);
    g_ptr_array_add(call->flow->invitations, invitation);
    fake_people_tell_invitation(call->server, call->flow, call->user, "invite", email);
    return invitation;
}

static gboolean is_address(const char *email)
{
    const char *at = email ? strchr(email, '@') : NULL;

    return at && at > email && strchr(at, '.') > at + 1 && !strpbrk(email, " \t<>,;") && !strchr(at + 1, '@') &&
           !g_str_has_suffix(email, ".") && !g_str_has_suffix(email, ".invalid");
}

void fake_post_invitation(FakeCall *call)
{
    const char *email = fake_json_string(call->params, "email");
    FakeUser *user = email ? fake_state_user_by_email(call->server, email) : NULL;

    if (!is_address(email))
        fake_call_invalid(call, "email", email && *email ? "is invalid" : "can't be blank");
    else if (fake_state_is_active_member(call->flow, user))
        fake_call_invalid(call, "email", "is already a member of this flow");
    else
        fake_call_object(call, SOUP_STATUS_CREATED, fake_encode_invitation(call->server, invite(call, email)));
}

/* Plain addresses or "Name" <address>, separated by commas or lines; people of the organization are added at once. */
void fake_import_invitations(FakeCall *call)
{
    const char *text = fake_json_string(call->params, "list");
    g_auto(GStrv) entries = g_strsplit_set(text ? text : "", ",\n", -1);
    JsonArray *invitations = json_array_new(), *added = json_array_new(), *bad = json_array_new();
    JsonObject *answer = json_object_new();

    for (char **entry = entries; *entry; entry++) {
        char *start = strchr(*entry, '<') ? strchr(*entry, '<') + 1 : *entry;
        g_autofree char *email = g_strstrip(g_strndup(start, strcspn(start, ">")));
        FakeUser *user = fake_state_user_by_email(call->server, email);

        if (!*email)
            continue;
        if (!is_address(email)) {
            JsonObject *reason = json_object_new();

            json_object_set_string_member(reason, email, "Invalid email");
            json_array_add_object_element(bad, reason);
        } else if (user && fake_state_member(call->org->members, user)) {
            if (!fake_state_is_active_member(call->flow, user))
                fake_people_join(call->server, call->flow, user, call->user);
            json_array_add_object_element(
                added, fake_encode_flow_user(call->server, fake_state_member(call->flow->members, user)));
        } else {
            json_array_add_object_element(invitations, fake_encode_invitation(call->server, invite(call, email)));
        }
    }
    json_object_set_array_member(answer, "invitations", invitations);
    json_object_set_array_member(answer, "added_users", added);
    json_object_set_array_member(answer, "erroneous_emails", bad);
    fake_call_object(call, SOUP_STATUS_OK, answer);
}

void fake_delete_invitation(FakeCall *call)
{
    JsonObject *invitation = named_invitation(call);

    if (!invitation)
        return;
    fake_people_tell_invitation(call->server, call->flow, call->user, "uninvite",
                                fake_json_string(invitation, "email"));
    g_ptr_array_remove(call->flow->invitations, invitation);
    fake_call_answer(call, SOUP_STATUS_NO_CONTENT, NULL);
}
