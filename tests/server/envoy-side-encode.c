/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How things look in answers, with all oddities that are set. */
#include "envoy-side-encode.h"

#include <string.h>

static JsonNode *text_node(const char *text)
{
    return json_node_init_string(json_node_alloc(), text);
}

/* (transfer full) (nullable): nothing odd about it */
static JsonNode *odd_text(const char *name, const char *text, EnvoyOdd odd)
{
    gboolean is_id = g_str_equal(name, "id") || g_str_has_suffix(name, "Id") || g_str_has_suffix(name, "Ids");
    gsize length = strlen(text);
    gint64 number;

    if ((odd & ENVOY_ODD_NUMBER_IDS) && is_id && g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &number, NULL))
        return json_node_init_int(json_node_alloc(), number);
    if ((odd & ENVOY_ODD_FRACTIONS) && g_str_has_suffix(name, "At") && length > 19) {
        g_autofree char *time = g_strdup_printf("%.19s.123456Z", text);

        return text_node(time);
    }
    if ((odd & ENVOY_ODD_UNKNOWN_VALUES) && (g_str_equal(name, "type") || g_str_equal(name, "approvalStatus")))
        return text_node("SOMETHING_NEW");
    return NULL;
}

static JsonObject *copy_object(JsonObject *object, EnvoyOdd odd);

/* (transfer full): of the member @name */
static JsonNode *copy_node(const char *name, JsonNode *node, EnvoyOdd odd)
{
    const char *text = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
    JsonNode *other = text ? odd_text(name, text, odd) : NULL;

    if (JSON_NODE_HOLDS_OBJECT(node))
        return fake_json_take_object(copy_object(json_node_get_object(node), odd));
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        JsonArray *from = json_node_get_array(node), *to = json_array_new();

        for (guint i = 0; i < json_array_get_length(from); i++)
            json_array_add_element(to, copy_node(name, json_array_get_element(from, i), odd));
        return fake_json_take_array(to);
    }
    return other ? other : json_node_copy(node);
}

static JsonObject *copy_object(JsonObject *object, EnvoyOdd odd)
{
    g_autoptr(GList) names = json_object_get_members(object);
    JsonObject *copy = json_object_new();

    for (GList *name = names; name; name = name->next)
        json_object_set_member(copy, name->data,
                               copy_node(name->data, json_object_get_member(object, name->data), odd));
    return copy;
}

static void empty_members(JsonObject *object, gboolean remove)
{
    g_autoptr(GList) names = json_object_get_members(object);

    for (GList *name = names; name; name = name->next) {
        if (g_str_equal(name->data, "id"))
            continue;
        if (remove)
            json_object_remove_member(object, name->data);
        else
            json_object_set_null_member(object, name->data);
    }
}

/* Sheet: 6.4, "If flowId is missing". */
static void move_flow(EnvoySide *side, JsonObject *entry)
{
    g_autofree char *id = fake_json_dup_text(entry, "flowId");
    JsonObject *flow = envoy_side_get(side, ENVOY_SERVER_FLOWS, id), *field;

    json_object_remove_member(entry, "flowId");
    if (!flow || envoy_side_purpose(entry))
        return;
    field = json_object_new();
    json_object_set_string_member(field, "field", "Purpose of visit");
    fake_json_set_text(field, "value", fake_json_string(flow, "name"));
    if (!fake_json_array(entry, "customFields"))
        json_object_set_array_member(entry, "customFields", json_array_new());
    json_array_add_object_element(fake_json_array(entry, "customFields"), field);
}

static void add_unknown(JsonObject *object)
{
    static const char unknown[] = "{\"photo\":{\"url\":\"https://photos.example.com/x.jpg?signature=PHOTO_SIGNATURE\"},"
                                  "\"thumbnails\":[\"https://photos.example.com/t.jpg?signature=PHOTO_SIGNATURE\"],"
                                  "\"nda\":\"https://agreements.example.com/nda.pdf?signature=AGREEMENT_SIGNATURE\","
                                  "\"somethingNew\":[1,{\"deep\":[null,true]}],\"Id\":\"0\"}";
    g_autoptr(JsonObject) members = fake_json_parse_object(unknown, -1, NULL);
    g_autoptr(GList) names = json_object_get_members(members);

    for (GList *name = names; name; name = name->next)
        json_object_set_member(object, name->data, json_object_dup_member(members, name->data));
}

JsonObject *envoy_side_encode(EnvoySide *side, EnvoyServerKind kind, JsonObject *thing)
{
    JsonObject *copy = copy_object(thing, side->odd);

    if (kind == ENVOY_SERVER_ENTRIES && (side->odd & ENVOY_ODD_NO_FLOW))
        move_flow(side, copy);
    if (side->odd & (ENVOY_ODD_NULL_MEMBERS | ENVOY_ODD_MISSING_MEMBERS))
        empty_members(copy, (side->odd & ENVOY_ODD_MISSING_MEMBERS) != 0);
    if (side->odd & ENVOY_ODD_UNKNOWN_MEMBERS)
        add_unknown(copy);
    return copy;
}
