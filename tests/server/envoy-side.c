/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the Envoy side remembers. */
#include "envoy-side.h"

#include <string.h>

#include "envoy-side-play.h"
#include "envoy-side-tokens.h"
#include "fake-text.h"

/* What a thing has when nothing else is said; "-0s" is now. Sheet: 6. */
static const struct {
    const char *name;
    gint64 last_id; /* before the first one */
    const char *defaults;
} kinds[] = {
    [ENVOY_SERVER_COMPANIES] = { "companies", 9999,
                                 "{\"name\":\"Company\",\"locationIds\":[],\"createdAt\":\"-0s\",\"updatedAt\":\"-0s\","
                                 "\"subscriptions\":[]}" },
    [ENVOY_SERVER_LOCATIONS] = { "locations", 100000,
                                 "{\"name\":\"Location\",\"enabled\":true,\"companyId\":\"10000\",\"locale\":\"en\","
                                 "\"logoUrl\":null,\"timezone\":\"Europe/Berlin\",\"capacityLimit\":null,"
                                 "\"createdAt\":\"-0s\",\"updatedAt\":\"-0s\",\"address\":{\"line1\":null,"
                                 "\"line2\":null,\"city\":null,\"state\":null,\"postalCode\":null,\"country\":null,"
                                 "\"latitude\":null,\"longitude\":null}}" },
    [ENVOY_SERVER_FLOWS] = { "flows", 200000,
                             "{\"name\":\"Visitor\",\"type\":\"VISITOR\",\"enabled\":true,\"locationId\":null,"
                             "\"createdAt\":\"-0s\",\"updatedAt\":\"-0s\"}" },
    [ENVOY_SERVER_EMPLOYEES] = { "employees", 300000,
                                 "{\"name\":\"Host\",\"email\":\"host@example.com\",\"locationIds\":[],"
                                 "\"createdAt\":\"-0s\",\"updatedAt\":\"-0s\"}" },
    [ENVOY_SERVER_INVITES] = { "invites", 400000,
                               "{\"createdAt\":\"-0s\",\"updatedAt\":\"-0s\",\"expectedArrivalAt\":\"+1h\","
                               "\"expectedDepartureAt\":null,\"type\":\"VISITOR\",\"flowId\":null,\"locationId\":null,"
                               "\"approvalStatus\":\"APPROVED\",\"notes\":null,\"secretToken\":\"*\","
                               "\"sendEmailToInvitee\":false,\"photoUrl\":null,\"customFields\":[],"
                               "\"invitee\":{\"name\":\"Visitor\",\"email\":null},\"host\":null}" },
    [ENVOY_SERVER_ENTRIES] = { "entries", 500000,
                               "{\"fullName\":\"Visitor\",\"email\":null,\"signedInAt\":\"-0s\",\"signedOutAt\":null,"
                               "\"locationId\":null,\"flowId\":null,\"host\":null,\"isDelivery\":false,"
                               "\"customFields\":[]}" },
};

EnvoySide *envoy_side_new(void)
{
    EnvoySide *side = g_new0(EnvoySide, 1);

    for (int kind = 0; kind < ENVOY_SERVER_KINDS; kind++) {
        side->tables[kind].things = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
        side->tables[kind].by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        side->tables[kind].last_id = kinds[kind].last_id;
        side->tables[kind].defaults = fake_json_parse_object(kinds[kind].defaults, -1, NULL);
    }
    side->users = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    side->apps = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    side->api_keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    side->spent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    side->tokens = envoy_side_tokens_new();
    return side;
}

void envoy_side_free(EnvoySide *side)
{
    envoy_side_play(side, 0, 0);
    for (int kind = 0; kind < ENVOY_SERVER_KINDS; kind++) {
        g_hash_table_unref(side->tables[kind].by_id);
        g_ptr_array_unref(side->tables[kind].things);
        json_object_unref(side->tables[kind].defaults);
    }
    g_ptr_array_unref(side->users);
    g_ptr_array_unref(side->apps);
    g_hash_table_unref(side->api_keys);
    g_hash_table_unref(side->spent);
    envoy_side_tokens_free(side->tokens);
    g_free(side);
}

gint64 envoy_side_now_s(EnvoySide *side)
{
    return g_get_monotonic_time() / G_USEC_PER_SEC + side->ahead_s;
}

char *envoy_side_time(gint64 from_now_s)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(g_get_real_time() / G_USEC_PER_SEC + from_now_s);

    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

int envoy_side_kind(const char *name)
{
    for (int kind = 0; kind < ENVOY_SERVER_KINDS; kind++) {
        if (g_strcmp0(kinds[kind].name, name) == 0)
            return kind;
    }
    return -1;
}

const char *envoy_side_kind_name(EnvoyServerKind kind)
{
    return kinds[kind].name;
}

JsonObject *envoy_side_get(EnvoySide *side, EnvoyServerKind kind, const char *id)
{
    return id ? g_hash_table_lookup(side->tables[kind].by_id, id) : NULL;
}

gboolean envoy_side_remove(EnvoySide *side, EnvoyServerKind kind, const char *id)
{
    JsonObject *thing = envoy_side_get(side, kind, id);

    if (!thing)
        return FALSE;
    g_hash_table_remove(side->tables[kind].by_id, id);
    g_ptr_array_remove(side->tables[kind].things, thing);
    return TRUE;
}

/* -------------------------------------------------------------------------------------------------------- putting */

/* "-45m" and the like. (transfer full) (nullable): it is none */
static char *absolute(const char *text)
{
    static const struct {
        char unit;
        int seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 60 * 60 }, { 'd', 24 * 60 * 60 } };
    char *end;
    gint64 count;

    if (text[0] != '-' && text[0] != '+')
        return NULL;
    count = g_ascii_strtoll(text, &end, 10);
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (end > text + 1 && end[0] == units[i].unit && !end[1])
            return envoy_side_time(CLAMP(count, -1000000, 1000000) * units[i].seconds);
    }
    return NULL;
}

/* (transfer full): where it is a number, its text */
static JsonNode *id_node(JsonNode *node)
{
    g_autofree char *text = NULL;

    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
        return json_node_copy(node);
    text = g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
    return json_node_init_string(json_node_alloc(), text);
}

static JsonNode *ids_node(JsonArray *array)
{
    JsonArray *ids = json_array_new();

    for (guint i = 0; i < json_array_get_length(array); i++)
        json_array_add_element(ids, id_node(json_array_get_element(array, i)));
    return fake_json_take_array(ids);
}

/* Ids are texts here, times absolute. */
static void put_member(JsonObject *thing, const char *name, JsonNode *node)
{
    const char *text = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
    gboolean is_secret = g_str_equal(name, "secretToken") && g_strcmp0(text, "*") == 0;
    g_autofree char *other = is_secret                              ? fake_text_random(24)
                             : text && g_str_has_suffix(name, "At") ? absolute(text)
                                                                    : NULL;

    if (other)
        json_object_set_string_member(thing, name, other);
    else if (g_str_equal(name, "id") || g_str_has_suffix(name, "Id"))
        json_object_set_member(thing, name, id_node(node));
    else if (g_str_has_suffix(name, "Ids") && JSON_NODE_HOLDS_ARRAY(node))
        json_object_set_member(thing, name, ids_node(json_node_get_array(node)));
    else
        json_object_set_member(thing, name, json_node_copy(node));
}

/* @over: also what is there already */
static void put_members(JsonObject *thing, JsonObject *given, gboolean over)
{
    g_autoptr(GList) names = json_object_get_members(given);

    for (GList *name = names; name; name = name->next) {
        if (over || !json_object_has_member(thing, name->data))
            put_member(thing, name->data, json_object_get_member(given, name->data));
    }
}

/* What follows from the flow, unless it was said. */
static void put_flow(EnvoySide *side, EnvoyServerKind kind, JsonObject *thing)
{
    JsonObject *flow = envoy_side_get(side, ENVOY_SERVER_FLOWS, fake_json_string(thing, "flowId"));

    if (!flow)
        return;
    if (!json_object_has_member(thing, "locationId"))
        fake_json_set_text(thing, "locationId", fake_json_string(flow, "locationId"));
    if (kind == ENVOY_SERVER_INVITES && !json_object_has_member(thing, "type"))
        fake_json_set_text(thing, "type", fake_json_string(flow, "type"));
}

JsonObject *envoy_side_put(EnvoySide *side, EnvoyServerKind kind, JsonObject *given)
{
    EnvoySideTable *table = &side->tables[kind];
    g_autofree char *id = fake_json_dup_text(given, "id");
    JsonObject *thing = envoy_side_get(side, kind, id);
    gint64 number;

    if (thing) {
        put_members(thing, given, TRUE);
        return thing;
    }
    thing = json_object_new();
    if (!id)
        id = g_strdup_printf("%" G_GINT64_FORMAT, table->last_id + 1);
    json_object_set_string_member(thing, "id", id);
    put_members(thing, given, TRUE);
    put_flow(side, kind, thing);
    put_members(thing, table->defaults, FALSE);
    if (g_ascii_string_to_signed(id, 10, 0, G_MAXINT64, &number, NULL))
        table->last_id = MAX(table->last_id, number);
    g_ptr_array_add(table->things, thing);
    g_hash_table_insert(table->by_id, g_steal_pointer(&id), thing);
    return thing;
}

/* -------------------------------------------------------------------------------------------------------- looking */

static JsonObject *find(GPtrArray *objects, const char *member, const char *value)
{
    for (guint i = 0; i < objects->len; i++) {
        if (g_strcmp0(fake_json_string(objects->pdata[i], member), value) == 0)
            return objects->pdata[i];
    }
    return NULL;
}

JsonObject *envoy_side_app(EnvoySide *side, const char *client_id)
{
    if (!client_id)
        return side->apps->len ? side->apps->pdata[0] : NULL;
    return find(side->apps, "client_id", client_id);
}

JsonObject *envoy_side_user(EnvoySide *side, const char *email)
{
    return email ? find(side->users, "email", email) : NULL;
}

const char *envoy_side_purpose(JsonObject *thing)
{
    JsonArray *fields = fake_json_array(thing, "customFields");

    for (guint i = 0; fields && i < json_array_get_length(fields); i++) {
        JsonNode *node = json_array_get_element(fields, i);
        JsonObject *field = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;

        if (g_strcmp0(fake_json_string(field, "field"), "Purpose of visit") == 0)
            return fake_json_string(field, "value");
    }
    return NULL;
}
