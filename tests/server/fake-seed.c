/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the server begins with. The form is in README.md. */
#include "fake-seed.h"

#include "envoy-side-seed.h"
#include "fake-post.h"
#include "fake-text.h"

/* That of contract.md, "The local server". */
static const char built_in[] =
    "{ \"users\": ["
    "  { \"id\": 1, \"nick\": \"Demo\", \"name\": \"Demo User\", \"email\": \"demo@example.com\", \"password\": "
    "\"demo\","
    "    \"api_token\": \"demo-token\", \"website\": \"http://www.example.com/\" },"
    "  { \"id\": 2, \"nick\": \"Ann\", \"name\": \"Ann Example\", \"email\": \"ann@example.com\", \"password\": "
    "\"ann\","
    "    \"api_token\": \"ann-token\" },"
    "  { \"id\": 42, \"nick\": \"Hubot\", \"name\": \"Hubot the Bot\", \"email\": \"hubot@example.com\" } ],"
    "  \"applications\": [ { \"client_id\": \"demo-client\", \"client_secret\": \"demo-secret\","
    "    \"name\": \"Demo application\","
    "    \"redirect_uris\": [ \"urn:ietf:wg:oauth:2.0:oob\", \"http://127.0.0.1\" ] } ],"
    "  \"organizations\": [ { \"id\": 8, \"parameterized_name\": \"acme\", \"name\": \"Acme\","
    "    \"users\": [ { \"id\": 1, \"admin\": true }, 2, 42 ] } ],"
    "  \"flows\": ["
    "  { \"organization\": \"acme\", \"parameterized_name\": \"main\", \"name\": \"Main\", \"id\": "
    "\"deadbeefdeadbeef\","
    "    \"users\": [ 1, 2, 42 ] },"
    "  { \"organization\": \"acme\", \"parameterized_name\": \"dev-team\", \"name\": \"Dev team\","
    "    \"id\": \"05654aa3-3b13-4a79-8cea-92ed45bdc9a5\", \"access_mode\": \"link\", \"users\": [ 1, 2 ] },"
    "  { \"organization\": \"acme\", \"parameterized_name\": \"lobby\", \"name\": \"Lobby\", \"id\": \"acme:lobby\","
    "    \"access_mode\": \"organization\", \"users\": [ 2, 42 ] } ] }";

static gboolean fail(GError **error, const char *what, const char *which)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s%s%s", what, which ? ": " : "", which ? which : "");
    return FALSE;
}

static gboolean add_user(FakeServer *server, JsonObject *seed, GError **error)
{
    const char *nick = fake_json_string(seed, "nick"), *email = fake_json_string(seed, "email");
    gint64 id = fake_json_int(seed, "id", 0);
    FakeUser *user;

    if (!nick || !email)
        return fail(error, "a user needs nick and email", nick ? nick : email);
    if (fake_state_user(server, id))
        return fail(error, "two users have the same id", nick);
    user = fake_state_add_user(server, id, nick, email);
    if (fake_json_string(seed, "name")) {
        g_free(user->name);
        user->name = g_strdup(fake_json_string(seed, "name"));
    }
    user->password = g_strdup(fake_json_string(seed, "password"));
    user->api_token = g_strdup(fake_json_string(seed, "api_token"));
    user->avatar = g_strdup(fake_json_string(seed, "avatar"));
    user->website = g_strdup(fake_json_string(seed, "website"));
    user->disabled = fake_json_flag(seed, "disabled", FALSE);
    user->last_activity_ms = fake_json_int(seed, "last_activity", fake_text_now_ms());
    return TRUE;
}

/* Each is an id, or an object with id and, for organizations, admin, for flows, open, disabled and status. */
static gboolean add_members(FakeServer *server, GPtrArray *members, JsonArray *seeds, GError **error)
{
    for (guint i = 0; seeds && i < json_array_get_length(seeds); i++) {
        JsonNode *node = json_array_get_element(seeds, i);
        JsonObject *seed = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        gint64 id = seed ? fake_json_int(seed, "id", -1) : JSON_NODE_HOLDS_VALUE(node) ? json_node_get_int(node) : -1;
        FakeUser *user = fake_state_user(server, id);
        FakeMember *member;

        if (!user)
            return fail(error, "a member is not among the users", NULL);
        member = fake_state_join(members, user);
        member->admin = fake_json_flag(seed, "admin", FALSE);
        member->open = fake_json_flag(seed, "open", TRUE);
        member->disabled = fake_json_flag(seed, "disabled", FALSE);
        member->status = g_strdup(fake_json_string(seed, "status"));
    }
    return TRUE;
}

static gboolean add_org(FakeServer *server, JsonObject *seed, GError **error)
{
    const char *slug = fake_json_string(seed, "parameterized_name");
    FakeOrg *org;

    if (!slug)
        return fail(error, "an organization needs parameterized_name", NULL);
    org = fake_state_add_org(server, slug, fake_json_string(seed, "name"));
    org->id = fake_json_int(seed, "id", org->id);
    org->user_limit = fake_json_int(seed, "user_limit", 0);
    return add_members(server, org->members, fake_json_array(seed, "users"), error);
}

/* Each is what POST .../messages takes, with the user's id as "user". */
static gboolean add_messages(FakeServer *server, FakeFlow *flow, JsonArray *seeds, GError **error)
{
    for (guint i = 0; seeds && i < json_array_get_length(seeds); i++) {
        JsonNode *node = json_array_get_element(seeds, i);
        JsonObject *seed = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        FakeAuthor author = { .user = fake_state_user(server, fake_json_int(seed, "user", 0)), .any_event = TRUE };
        FakeRefusal refusal;

        if (seed && !json_object_has_member(seed, "event"))
            json_object_set_string_member(seed, "event", "message");
        if (!seed || !fake_post(server, flow->talk, &author, seed, &refusal))
            return fail(error, "a message is not acceptable", seed ? refusal.field : NULL);
    }
    return TRUE;
}

static gboolean add_flow(FakeServer *server, JsonObject *seed, GError **error)
{
    const char *org_slug = fake_json_string(seed, "organization"), *slug = fake_json_string(seed, "parameterized_name");
    const char *mode = fake_json_string(seed, "access_mode"), *api_token = fake_json_string(seed, "api_token");
    FakeOrg *org = org_slug ? fake_state_org(server, org_slug) : NULL;
    FakeFlow *flow;

    if (!org || !slug)
        return fail(error, "a flow needs a known organization and parameterized_name", slug);
    flow = fake_state_add_flow(server, org, slug, fake_json_string(seed, "name"), fake_json_string(seed, "id"));
    if (mode) {
        g_free(flow->access_mode);
        flow->access_mode = g_strdup(mode);
    }
    if (api_token) {
        g_free(flow->api_token);
        flow->api_token = g_strdup(api_token);
    }
    flow->disabled = fake_json_flag(seed, "disabled", FALSE);
    flow->talk->last_id = fake_json_int(seed, "last_id", 0);
    return add_members(server, flow->members, fake_json_array(seed, "users"), error) &&
           add_messages(server, flow, fake_json_array(seed, "messages"), error);
}

static gboolean add_app(FakeServer *server, JsonObject *seed, GError **error)
{
    const char *id = fake_json_string(seed, "client_id"), *secret = fake_json_string(seed, "client_secret");
    FakeApp *app;

    if (!id || !secret)
        return fail(error, "an application needs client_id and client_secret", id);
    app = fake_state_add_app(server, id, secret, fake_json_string(seed, "name"));
    g_strfreev(app->redirect_uris);
    app->redirect_uris = fake_json_list(seed, "redirect_uris");
    return TRUE;
}

static gboolean add_source(FakeServer *server, JsonObject *seed, GError **error)
{
    FakeFlow *flow = fake_state_flow(server, fake_json_string(seed, "flow"));
    FakeApp *app = fake_state_app(server, fake_json_string(seed, "application"));
    const char *name = fake_json_string(seed, "name"), *token = fake_json_string(seed, "flow_token");
    FakeSource *source;

    if (!flow || !app || !name || !token)
        return fail(error, "a source needs a known flow and application, name and flow_token", name);
    source = fake_state_add_source(server, flow, app, name);
    source->id = fake_json_int(seed, "id", source->id);
    server->last_source_id = MAX(server->last_source_id, source->id);
    g_free(source->token);
    source->token = g_strdup(token);
    source->external_url = g_strdup(fake_json_string(seed, "external_url"));
    source->creator = fake_state_user(server, fake_json_int(seed, "creator", -1));
    return TRUE;
}

/* In this order, as the later ones name the earlier ones. */
static const struct {
    const char *name;
    gboolean (*add)(FakeServer *server, JsonObject *seed, GError **error);
} sections[] = {
    { "users", add_user }, { "applications", add_app }, { "organizations", add_org },
    { "flows", add_flow }, { "sources", add_source },
};

gboolean fake_seed_load(FakeServer *server, const char *file, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(JsonObject) seed = NULL;

    if (file && !g_file_get_contents(file, &text, NULL, error))
        return FALSE;
    seed = fake_json_parse_object(text ? text : built_in, -1, error);
    if (!seed)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
        JsonArray *array = fake_json_array(seed, sections[i].name);

        for (guint j = 0; array && j < json_array_get_length(array); j++) {
            JsonNode *node = json_array_get_element(array, j);

            if (!JSON_NODE_HOLDS_OBJECT(node))
                return fail(error, "not an object", sections[i].name);
            if (!sections[i].add(server, json_node_get_object(node), error))
                return FALSE;
        }
    }
    return envoy_side_load(server->envoy, fake_json_object(seed, "envoy"), error);
}
