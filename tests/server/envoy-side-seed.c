/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the Envoy side begins with. The form is in README.md. */
#include "envoy-side-seed.h"

/* One company, two locations in different time zones, visits of the last hours. All people are made up. */
static const char built_in[] =
    "{ \"users\": [ { \"email\": \"demo@example.com\", \"password\": \"demo\", \"name\": \"Demo User\" } ],"
    "  \"applications\": [ { \"client_id\": \"" ENVOY_SERVER_CLIENT_ID
    "\", \"client_secret\": \"" ENVOY_SERVER_CLIENT_SECRET "\", \"name\": \"Demo application\","
    "    \"redirect_uris\": [ \"" ENVOY_SERVER_REDIRECT "\" ] } ],"
    "  \"api_keys\": [ \"" ENVOY_SERVER_API_KEY "\" ],"
    "  \"companies\": [ { \"id\": \"10000\", \"name\": \"Acme\", \"locationIds\": [ \"100001\", \"100002\" ],"
    "    \"createdAt\": \"-900d\", \"updatedAt\": \"-900d\" } ],"
    "  \"locations\": ["
    "  { \"id\": \"100001\", \"name\": \"Berlin HQ\", \"timezone\": \"Europe/Berlin\", \"capacityLimit\": 120,"
    "    \"createdAt\": \"-900d\", \"updatedAt\": \"-30d\", \"address\": { \"line1\": \"Beispielstr. 1\","
    "      \"line2\": null, \"city\": \"Berlin\", \"state\": null, \"postalCode\": \"10115\", \"country\": \"DE\","
    "      \"latitude\": 52.53, \"longitude\": 13.38 } },"
    "  { \"id\": \"100002\", \"name\": \"Boston Lab\", \"timezone\": \"America/New_York\","
    "    \"createdAt\": \"-400d\", \"updatedAt\": \"-30d\", \"address\": { \"line1\": \"20 Sample Road\","
    "      \"line2\": \"Dock 4\", \"city\": \"Boston\", \"state\": \"MA\", \"postalCode\": \"02108\","
    "      \"country\": \"US\", \"latitude\": null, \"longitude\": null } } ],"
    "  \"flows\": ["
    "  { \"id\": \"200001\", \"name\": \"Visitor\", \"locationId\": \"100001\", \"createdAt\": \"-900d\" },"
    "  { \"id\": \"200002\", \"name\": \"Employee\", \"type\": \"EMPLOYEE\", \"locationId\": \"100001\","
    "    \"createdAt\": \"-900d\" },"
    "  { \"id\": \"200003\", \"name\": \"Delivery\", \"locationId\": \"100001\", \"createdAt\": \"-900d\" },"
    "  { \"id\": \"200004\", \"name\": \"Visitor\", \"locationId\": \"100002\", \"createdAt\": \"-400d\" },"
    "  { \"id\": \"200005\", \"name\": \"Interview\", \"enabled\": false, \"locationId\": \"100002\","
    "    \"createdAt\": \"-400d\" } ],"
    "  \"employees\": ["
    "  { \"id\": \"300001\", \"name\": \"Ann Host\", \"email\": \"ann@example.com\","
    "    \"locationIds\": [ \"100001\", \"100002\" ] },"
    "  { \"id\": \"300002\", \"name\": \"Bert Host\", \"email\": \"bert@example.com\", \"locationIds\": [ \"100001\" ] "
    "},"
    "  { \"id\": \"300003\", \"name\": \"Cleo Host\", \"email\": \"cleo@example.com\","
    "    \"locationIds\": [ \"100002\" ] } ],"
    "  \"invites\": ["
    "  { \"id\": \"400001\", \"createdAt\": \"-1d\", \"updatedAt\": \"-1d\", \"expectedArrivalAt\": \"+2h\","
    "    \"expectedDepartureAt\": \"+4h\", \"flowId\": \"200001\", \"notes\": \"Brings a laptop\","
    "    \"invitee\": { \"name\": \"Nora Guest\", \"email\": \"nora@example.com\" },"
    "    \"photoUrl\": \"https://photos.example.com/invites/400001.jpg?signature=PHOTO_SIGNATURE\","
    "    \"host\": { \"name\": \"Ann Host\", \"email\": \"ann@example.com\" } },"
    "  { \"id\": \"400002\", \"createdAt\": \"-3h\", \"updatedAt\": \"-2h\", \"expectedArrivalAt\": \"+1d\","
    "    \"flowId\": \"200004\", \"approvalStatus\": \"PENDING\","
    "    \"invitee\": { \"name\": \"Otto Guest\", \"email\": null } } ],"
    "  \"entries\": ["
    "  { \"id\": \"500001\", \"fullName\": \"Sam Candidate\", \"signedInAt\": \"-3h\", \"signedOutAt\": \"-2h\","
    "    \"flowId\": \"200001\" },"
    "  { \"id\": \"500002\", \"fullName\": \"Jane Visitor\", \"email\": \"jane@example.com\", \"signedInAt\": \"-50m\","
    "    \"flowId\": \"200001\", \"host\": { \"name\": \"Ann Host\", \"email\": \"ann@example.com\" },"
    "    \"agreementStatus\": \"SIGNED\","
    "    \"agreementUrl\": \"https://agreements.example.com/500002.pdf?signature=AGREEMENT_SIGNATURE\","
    "    \"photoUrl\": \"https://photos.example.com/500002.jpg?signature=PHOTO_SIGNATURE\","
    "    \"customFields\": [ { \"field\": \"Purpose of visit\", \"value\": \"Visitor\" },"
    "      { \"field\": \"Your Full Name\", \"value\": \"Jane Visitor\" } ] },"
    "  { \"id\": \"500003\", \"fullName\": \"Parcel Service\", \"signedInAt\": \"-40m\", \"signedOutAt\": \"-38m\","
    "    \"flowId\": \"200003\", \"isDelivery\": true },"
    "  { \"id\": \"500004\", \"fullName\": \"Rosa Example\", \"email\": \"rosa@example.com\", \"signedInAt\": \"-20m\","
    "    \"flowId\": \"200004\", \"host\": { \"name\": \"Cleo Host\", \"email\": \"cleo@example.com\" } } ] }";

static gboolean fail(GError **error, const char *what, const char *which)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "envoy: %s: %s", what, which);
    return FALSE;
}

/* Those of @seed's member @name into @objects, if each has the texts @needed. */
static gboolean add_objects(GPtrArray *objects, JsonObject *seed, const char *name, const char *const *needed,
                            GError **error)
{
    JsonArray *array = fake_json_array(seed, name);

    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;

        for (const char *const *member = needed; *member; member++) {
            if (!fake_json_string(object, *member))
                return fail(error, *member, "is missing");
        }
        g_ptr_array_add(objects, json_object_ref(object));
    }
    return TRUE;
}

static gboolean add_things(EnvoySide *side, JsonObject *seed, EnvoyServerKind kind, GError **error)
{
    JsonArray *array = fake_json_array(seed, envoy_side_kind_name(kind));

    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);

        if (!JSON_NODE_HOLDS_OBJECT(node))
            return fail(error, "not an object", envoy_side_kind_name(kind));
        envoy_side_put(side, kind, json_node_get_object(node));
    }
    return TRUE;
}

gboolean envoy_side_load(EnvoySide *side, JsonObject *seed, GError **error)
{
    static const char *const of_user[] = { "email", "password", NULL };
    static const char *const of_app[] = { "client_id", "client_secret", NULL };
    g_autoptr(JsonObject) ours = seed ? json_object_ref(seed) : fake_json_parse_object(built_in, -1, error);
    g_auto(GStrv) keys = fake_json_list(ours, "api_keys");

    if (!add_objects(side->users, ours, "users", of_user, error) ||
        !add_objects(side->apps, ours, "applications", of_app, error))
        return FALSE;
    for (char **key = keys; *key; key++)
        g_hash_table_add(side->api_keys, g_strdup(*key));
    /* Flows before what is of a flow. */
    for (int kind = 0; kind < ENVOY_SERVER_KINDS; kind++) {
        if (!add_things(side, ours, (EnvoyServerKind)kind, error))
            return FALSE;
    }
    return TRUE;
}
