/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests do to the Envoy side. What they do to its tokens is in envoy-side-tokens.c. */
#include "envoy-server.h"

#include "envoy-side-play.h"
#include "envoy-side.h"

FakeServer *envoy_server_new_started(void)
{
    g_autoptr(GError) error = NULL;
    FakeServer *server = fake_server_new(NULL, &error);

    g_assert_no_error(error);
    fake_server_start(server, &(FakeOptions){ .envoy = TRUE }, &error);
    g_assert_no_error(error);
    return server;
}

const char *envoy_server_get_url(FakeServer *server)
{
    return server->envoy_url;
}

const char *envoy_server_put(FakeServer *server, EnvoyServerKind kind, const char *json)
{
    g_autoptr(JsonObject) given = fake_json_parse_object(json, -1, NULL);

    g_assert_nonnull(given);
    return fake_json_string(envoy_side_put(server->envoy, kind, given), "id");
}

gboolean envoy_server_remove(FakeServer *server, EnvoyServerKind kind, const char *id)
{
    return envoy_side_remove(server->envoy, kind, id);
}

char *envoy_server_get(FakeServer *server, EnvoyServerKind kind, const char *id)
{
    JsonObject *thing = envoy_side_get(server->envoy, kind, id);

    return thing ? fake_json_print_object(thing) : NULL;
}

guint envoy_server_count_things(FakeServer *server, EnvoyServerKind kind)
{
    return server->envoy->tables[kind].things->len;
}

const char *envoy_server_sign_in(FakeServer *server, const char *flow_id, const char *full_name, const char *email)
{
    g_autoptr(JsonObject) entry = json_object_new();

    json_object_set_string_member(entry, "fullName", full_name);
    fake_json_set_text(entry, "email", email);
    fake_json_set_text(entry, "flowId", flow_id);
    return fake_json_string(envoy_side_put(server->envoy, ENVOY_SERVER_ENTRIES, entry), "id");
}

gboolean envoy_server_sign_out(FakeServer *server, const char *entry_id)
{
    JsonObject *entry = envoy_side_get(server->envoy, ENVOY_SERVER_ENTRIES, entry_id);
    g_autofree char *now = envoy_side_time(0);

    if (entry)
        json_object_set_string_member(entry, "signedOutAt", now);
    return entry != NULL;
}

const char *envoy_server_invite(FakeServer *server, const char *flow_id, const char *name, const char *email,
                                int in_minutes)
{
    g_autofree char *arrival = envoy_side_time(in_minutes * 60);
    g_autoptr(JsonObject) invite = json_object_new();
    JsonObject *invitee = json_object_new();

    json_object_set_string_member(invitee, "name", name);
    fake_json_set_text(invitee, "email", email);
    json_object_set_object_member(invite, "invitee", invitee);
    json_object_set_string_member(invite, "expectedArrivalAt", arrival);
    fake_json_set_text(invite, "flowId", flow_id);
    return fake_json_string(envoy_side_put(server->envoy, ENVOY_SERVER_INVITES, invite), "id");
}

gboolean envoy_server_enable_flow(FakeServer *server, const char *flow_id, gboolean enabled)
{
    JsonObject *flow = envoy_side_get(server->envoy, ENVOY_SERVER_FLOWS, flow_id);

    if (flow)
        json_object_set_boolean_member(flow, "enabled", enabled);
    return flow != NULL;
}

/* Adds @count things with the ids into @ids, (transfer none): @name and a number, of those in @parents in turns. */
static void fill_kind(EnvoySide *side, EnvoyServerKind kind, guint count, const char *name, GPtrArray *parents,
                      const char *parent_member, GPtrArray *ids)
{
    for (guint i = 0; i < count; i++) {
        g_autoptr(JsonObject) thing = json_object_new();
        g_autofree char *numbered = g_strdup_printf("%s %u", name, i + 1);

        json_object_set_string_member(thing, kind == ENVOY_SERVER_ENTRIES ? "fullName" : "name", numbered);
        if (parents->len)
            json_object_set_string_member(thing, parent_member, parents->pdata[i % parents->len]);
        if (kind == ENVOY_SERVER_ENTRIES) {
            g_autofree char *came = envoy_side_time(-(gint64)i - 1), *left = envoy_side_time(-(gint64)i);

            json_object_set_string_member(thing, "signedInAt", came);
            fake_json_set_text(thing, "signedOutAt", i % 2 ? left : NULL);
        }
        g_ptr_array_add(ids, (char *)fake_json_string(envoy_side_put(side, kind, thing), "id"));
    }
}

void envoy_server_fill(FakeServer *server, guint locations, guint flows, guint visits)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new(), location_ids = g_ptr_array_new(), flow_ids = g_ptr_array_new();

    fill_kind(server->envoy, ENVOY_SERVER_LOCATIONS, locations, "Site", none, NULL, location_ids);
    fill_kind(server->envoy, ENVOY_SERVER_FLOWS, flows, "Flow", location_ids, "locationId", flow_ids);
    fill_kind(server->envoy, ENVOY_SERVER_ENTRIES, visits, "Visitor", flow_ids, "flowId", none);
}

guint envoy_server_count_mails(FakeServer *server)
{
    return server->envoy->mails;
}

void envoy_server_play(FakeServer *server, guint visits, guint every_ms)
{
    envoy_side_play(server->envoy, visits, every_ms);
}

void envoy_server_revoke_api_key(FakeServer *server, const char *key)
{
    g_hash_table_remove(server->envoy->api_keys, key);
}

void envoy_server_advance(FakeServer *server, guint seconds)
{
    server->envoy->ahead_s += seconds;
}

void envoy_server_set_rate_limit(FakeServer *server, guint calls, guint window_s)
{
    server->envoy->rate_calls = calls;
    server->envoy->rate_window_s = window_s;
    g_hash_table_remove_all(server->envoy->spent);
}

void envoy_server_set_odd(FakeServer *server, EnvoyOdd flags)
{
    server->envoy->odd = flags;
}
