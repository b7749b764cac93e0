/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of calls. */
#include "fake-routes.h"

#include <string.h>

#include "fake-actions.h"
#include "fake-avatars.h"
#include "fake-consent.h"
#include "fake-files.h"
#include "fake-oauth.h"
#include "fake-stream.h"

typedef enum {
    OPEN,   /* needs no credentials */
    USER,   /* needs a user */
    SOURCE, /* a user, or a source by its flow_token */
    MEMBER, /* a user who is in the flow */
    TEST,   /* for tests: no credentials, not in the log */
} Access;

typedef struct {
    const char *method;
    const char *path; /* :org, :flow and :user are looked up; : is any part, kept in args */
    Access access;
    const char *scope; /* (nullable): needed with OAuth */
    void (*run)(FakeCall *call);
} Route;

/* The first that fits is taken. Sheet: 3.1. */
static const Route api_routes[] = {
    { "GET", "/oauth/authorize", OPEN, NULL, fake_consent_ask },
    { "POST", "/oauth/authorize", OPEN, NULL, fake_consent_decide },
    { "GET", "/oauth/authorize/:", OPEN, NULL, fake_consent_show_code },
    { "POST", "/oauth/token", OPEN, NULL, fake_oauth_token },

    { "GET", "/user", USER, NULL, fake_get_user },
    { "GET", "/users", USER, NULL, fake_get_users },
    { "GET", "/users/:", USER, NULL, fake_get_user_by_id },
    { "PUT", "/users/:", USER, "profile", fake_put_user },
    { "GET", "/organizations", USER, NULL, fake_get_orgs },
    { "GET", "/organizations/find", USER, NULL, fake_find_org },
    { "GET", "/organizations/:org", USER, NULL, fake_get_org },
    { "PUT", "/organizations/:org", USER, "manage", fake_put_org },
    { "GET", "/organizations/:org/users", USER, NULL, fake_get_org_users },
    { "DELETE", "/organizations/:org/users/:", USER, "manage", fake_delete_org_user },

    { "GET", "/flows", USER, "flow", fake_get_flows },
    { "GET", "/flows/all", USER, "flow", fake_get_all_flows },
    { "GET", "/flows/find", USER, "flow", fake_find_flow },
    { "POST", "/flows/:org", USER, "manage", fake_post_flow },
    { "GET", "/flows/:org/:flow", USER, "flow", fake_get_flow },
    { "PUT", "/flows/:org/:flow", USER, "flow", fake_put_flow },
    { "GET", "/flows/:org/:flow/users", USER, "flow", fake_get_flow_users },
    { "POST", "/flows/:org/:flow/users", MEMBER, "manage", fake_post_flow_user },
    { "PUT", "/flows/:org/:flow/users/:", MEMBER, "manage", fake_put_flow_user },

    { "POST", "/messages", SOURCE, "flow", fake_post_anywhere },
    { "POST", "/activities", SOURCE, "flow", fake_post_anywhere },
    { "POST", "/comments", USER, "flow", fake_post_comment_anywhere },
    { "POST", "/messages/chat/:", OPEN, NULL, fake_push_chat },
    { "POST", "/messages/team_inbox/:", OPEN, NULL, fake_push_inbox },
    { "GET", "/flows/:org/:flow/messages", MEMBER, "flow", fake_get_messages },
    { "POST", "/flows/:org/:flow/messages", MEMBER, "flow", fake_post_message },
    { "GET", "/flows/:org/:flow/messages/:", MEMBER, "flow", fake_get_message },
    { "PUT", "/flows/:org/:flow/messages/:", MEMBER, "flow", fake_put_message },
    { "DELETE", "/flows/:org/:flow/messages/:", MEMBER, "flow", fake_delete_message },
    { "POST", "/flows/:org/:flow/messages/:/comments", MEMBER, "flow", fake_post_comment },
    { "POST", "/flows/:org/:flow/messages/:/emoji_reaction", MEMBER, "flow", fake_post_reaction },
    { "GET", "/flows/:org/:flow/threads", MEMBER, "flow", fake_get_threads },
    { "GET", "/flows/:org/:flow/threads/:", MEMBER, "flow", fake_get_thread },
    { "GET", "/flows/:org/:flow/threads/:/messages", MEMBER, "flow", fake_get_thread_messages },
    { "POST", "/flows/:org/:flow/threads/:/messages", MEMBER, "flow", fake_post_thread_message },

    { "GET", "/thread_actions/:", USER, NULL, fake_actions_press },
    { "POST", "/thread_actions/:", USER, NULL, fake_actions_press },
    { "PUT", "/thread_actions/:", USER, NULL, fake_actions_press },
    { "PATCH", "/thread_actions/:", USER, NULL, fake_actions_press },
    { "DELETE", "/thread_actions/:", USER, NULL, fake_actions_press },

    { "GET", "/private", USER, "private", fake_get_privates },
    { "GET", "/private/:user", USER, "private", fake_get_private },
    { "PUT", "/private/:user", USER, "private", fake_put_private },
    { "GET", "/private/:user/messages", USER, "private", fake_get_messages },
    { "POST", "/private/:user/messages", USER, "private", fake_post_message },
    { "GET", "/private/:user/messages/:", USER, "private", fake_get_message },
    { "PUT", "/private/:user/messages/:", USER, "private", fake_put_message },
    { "DELETE", "/private/:user/messages/:", USER, "private", fake_delete_message },

    { "GET", "/files/:/:/:", USER, NULL, fake_files_redirect },
    { "GET", "/files/:/:/thumb/:", USER, NULL, fake_files_redirect },
    /* Of the web client, whose pages are at the same origin here. */
    { "GET", "/rest/files/:/:/:", USER, NULL, fake_files_redirect },

    { "GET", "/avatars/:", OPEN, NULL, fake_avatars_fetch },
    { "GET", "/avatars/:/:", OPEN, NULL, fake_avatars_fetch },

    { "GET", "/sources", SOURCE, NULL, fake_get_sources },
    { "PUT", "/sources", SOURCE, NULL, fake_put_source_by_token },
    { "GET", "/flows/:org/:flow/sources", MEMBER, "flow", fake_get_flow_sources },
    { "POST", "/flows/:org/:flow/sources", MEMBER, "integration", fake_post_source },
    { "POST", "/flows/:org/:flow/integrations", MEMBER, "integration", fake_post_source },
    { "GET", "/flows/:org/:flow/sources/:", MEMBER, "flow", fake_get_source },
    { "PUT", "/flows/:org/:flow/sources/:", MEMBER, "integration", fake_put_source },
    { "DELETE", "/flows/:org/:flow/sources/:", MEMBER, "integration", fake_delete_source },
    { "GET", "/flows/:org/:flow/invitations", MEMBER, "manage", fake_get_invitations },
    { "POST", "/flows/:org/:flow/invitations", MEMBER, "manage", fake_post_invitation },
    { "POST", "/flows/:org/:flow/invitations/import", MEMBER, "manage", fake_import_invitations },
    { "GET", "/flows/:org/:flow/invitations/:", MEMBER, "manage", fake_get_invitation },
    { "DELETE", "/flows/:org/:flow/invitations/:", MEMBER, "manage", fake_delete_invitation },

    { "POST", "/_test/fault", TEST, NULL, fake_control_fault },
    { "DELETE", "/_test/fault", TEST, NULL, fake_control_clear_faults },
    { "POST", "/_test/emit", TEST, NULL, fake_control_emit },
    { "POST", "/_test/say", TEST, NULL, fake_control_say },
    { "POST", "/_test/post", TEST, NULL, fake_control_post },
    { "POST", "/_test/streams", TEST, NULL, fake_control_streams },
    { "GET", "/_test/streams", TEST, NULL, fake_control_get_streams },
    { "GET", "/_test/requests", TEST, NULL, fake_control_requests },
    { "DELETE", "/_test/requests", TEST, NULL, fake_control_clear_requests },
    { "GET", "/_test/messages", TEST, NULL, fake_control_messages },
    { "POST", "/_test/set", TEST, NULL, fake_control_set },
    { "POST", "/_test/member", TEST, NULL, fake_control_member },
    { "POST", "/_test/user", TEST, NULL, fake_control_user },
    { "POST", "/_test/users", TEST, NULL, fake_control_users },
    { "POST", "/_test/flow", TEST, NULL, fake_control_flow },
    { "POST", "/_test/organization", TEST, NULL, fake_control_org },
    { "POST", "/_test/avatar", TEST, NULL, fake_control_avatar },
};

static const Route stream_routes[] = {
    { "GET", "/flows", USER, NULL, fake_stream_open },
    { "GET", "/flows/:org/:flow", MEMBER, NULL, fake_stream_open },
    { "GET", "/storage/:", OPEN, NULL, fake_files_fetch },
    { "GET", "/thread_actions/:", OPEN, NULL, fake_actions_press },
    { "POST", "/thread_actions/:", OPEN, NULL, fake_actions_press },
    { "PUT", "/thread_actions/:", OPEN, NULL, fake_actions_press },
    { "GET", "/avatars/:", OPEN, NULL, fake_avatars_fetch },
    { "GET", "/avatars/:/:", OPEN, NULL, fake_avatars_fetch },
};

/* The parts of the path that are looked up, kept until it is known who asks. */
typedef struct {
    char *org, *flow, *user;
} Names;

static void forget(FakeCall *call, Names *names)
{
    g_clear_pointer(&names->org, g_free);
    g_clear_pointer(&names->flow, g_free);
    g_clear_pointer(&names->user, g_free);
    for (int i = 0; i < FAKE_CALL_MAX_ARGS; i++)
        g_clear_pointer(&call->args[i], g_free);
}

static gboolean fits(FakeCall *call, const char *pattern, Names *names)
{
    g_auto(GStrv) wanted = g_strsplit(pattern, "/", -1);
    g_auto(GStrv) given = g_strsplit(call->path, "/", -1);
    int args = 0;

    if (g_strv_length(wanted) != g_strv_length(given))
        return FALSE;
    for (int i = 0; wanted[i]; i++) {
        char *part = wanted[i][0] == ':' ? g_uri_unescape_string(given[i], NULL) : NULL;
        char **place = g_str_equal(wanted[i], ":org")    ? &names->org
                       : g_str_equal(wanted[i], ":flow") ? &names->flow
                       : g_str_equal(wanted[i], ":user") ? &names->user
                                                         : &call->args[args];

        if (wanted[i][0] != ':' && g_str_equal(wanted[i], given[i]))
            continue;
        if (!part || !*part) {
            g_free(part);
            return FALSE;
        }
        args += place == &call->args[args];
        *place = part;
    }
    return TRUE;
}

/* Sheet: 3.4: visible are the flows one is in and those with access mode organization; who has the address of a flow
 * with access mode link may use it too. */
static gboolean is_visible(FakeFlow *flow, const FakeUser *user)
{
    return fake_state_is_active_member(flow, user) ||
           (!g_str_equal(flow->access_mode, "invitation") && !fake_state_member(flow->members, user) &&
            fake_state_member(flow->org->members, user));
}

static gboolean look_up(FakeCall *call, const Names *names)
{
    FakeServer *server = call->server;
    g_autofree char *path = names->flow ? g_strconcat(names->org, "/", names->flow, NULL) : NULL;
    FakeUser *other = names->user ? fake_state_user(server, g_ascii_strtoll(names->user, NULL, 10)) : NULL;

    if (names->org) {
        call->org = fake_state_org(server, names->org);
        if (!call->org || !fake_state_member(call->org->members, call->user))
            return FALSE;
    }
    if (path) {
        call->flow = fake_state_flow(server, path);
        if (!call->flow || !is_visible(call->flow, call->user))
            return FALSE;
        call->talk = call->flow->talk;
    }
    if (names->user) {
        if (!other || other == call->user || !fake_state_share_org(server, call->user, other))
            return FALSE;
        call->talk = fake_state_private(server, call->user, other, TRUE);
    }
    return TRUE;
}

static void run(FakeCall *call, const Route *route, const Names *names)
{
    if (!fake_call_read(call))
        return;
    if (route->access != OPEN && route->access != TEST && !fake_call_authenticate(call, route->access == SOURCE))
        return;
    if (!fake_call_has_scope(call, route->scope))
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "The access token lacks the needed scope");
    else if (!call->source && !look_up(call, names))
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
    else if (route->access == MEMBER && !fake_state_is_active_member(call->flow, call->user))
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "You are not in this flow");
    else
        route->run(call);
}

void fake_routes_run(FakeCall *call)
{
    gboolean is_stream = call->origin == FAKE_ORIGIN_STREAM, other_method = FALSE;
    const Route *routes = is_stream ? stream_routes : api_routes;
    gsize count = is_stream ? G_N_ELEMENTS(stream_routes) : G_N_ELEMENTS(api_routes);
    Names names = { NULL, NULL, NULL };

    for (gsize i = 0; i < count; i++) {
        gboolean found = fits(call, routes[i].path, &names);

        if (found && g_str_equal(routes[i].method, call->log->method)) {
            run(call, &routes[i], &names);
            g_free(names.org);
            g_free(names.flow);
            g_free(names.user);
            return;
        }
        other_method |= found;
        forget(call, &names);
    }
    fake_call_refuse(call, other_method ? SOUP_STATUS_METHOD_NOT_ALLOWED : SOUP_STATUS_NOT_FOUND, "not found");
}
