/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that change something: invites and entries. Stricter than the service may be: an unknown member is refused,
 * so that a client's slip of the pen shows. Sheet: 6.3, 6.4. */
#include <string.h>

#include "envoy-side-routes.h"
#include "fake-text.h"

/* ----------------------------------------------------------------------------------------------- what may be sent */

typedef enum { TEXT, TIME, YES_NO, ID, PERSON, FIELDS } Shape;

typedef struct {
    const char *name;
    Shape shape;
    gboolean needed; /* for a new one */
    gboolean kept;   /* it appears in answers as it is */
} Member;

static const Member invite_members[] = {
    { "expectedArrivalAt", TIME, TRUE, TRUE },
    { "locationId", ID, TRUE, TRUE },
    { "invitee", PERSON, TRUE, TRUE },
    { "flowId", ID, FALSE, TRUE },
    { "hostEmployeeId", ID, FALSE, FALSE },
    { "expectedDepartureAt", TIME, FALSE, TRUE },
    { "notes", TEXT, FALSE, TRUE },
    { "sendEmailToInvitee", YES_NO, FALSE, TRUE },
    { "customFields", FIELDS, FALSE, TRUE },
    { NULL, TEXT, FALSE, FALSE },
};

static const Member entry_members[] = {
    { "locationId", ID, TRUE, TRUE },
    { "flowId", ID, TRUE, TRUE },
    { "fullName", TEXT, TRUE, TRUE },
    { "email", TEXT, FALSE, TRUE },
    { "signedInAt", TIME, FALSE, TRUE },
    { "photoBase64", TEXT, FALSE, FALSE },
    { "printBadge", YES_NO, FALSE, FALSE },
    { "notifyHost", YES_NO, FALSE, FALSE },
    { "customFields", FIELDS, FALSE, TRUE },
    { "signedOutAt", TIME, FALSE, TRUE },
    { NULL, TEXT, FALSE, FALSE },
};

/* Sheet: 5: RFC 3339 in UTC. */
static gboolean is_time(const char *text)
{
    return text && strlen(text) >= 20 && text[10] == 'T' && g_str_has_suffix(text, "Z") &&
           fake_text_parse_iso(text) >= 0;
}

static gboolean is_person(JsonObject *person)
{
    const char *name = fake_json_string(person, "name");

    return name && *name &&
           (!json_object_has_member(person, "email") || json_object_get_null_member(person, "email") ||
            fake_json_string(person, "email"));
}

static gboolean are_fields(JsonArray *fields)
{
    for (guint i = 0; i < json_array_get_length(fields); i++) {
        JsonNode *node = json_array_get_element(fields, i);

        if (!JSON_NODE_HOLDS_OBJECT(node) || !fake_json_string(json_node_get_object(node), "field"))
            return FALSE;
    }
    return TRUE;
}

/* What it must be; NULL when it is. */
static const char *shape_problem(const Member *member, JsonObject *given)
{
    JsonNode *node = json_object_get_member(given, member->name);
    const char *text = fake_json_string(given, member->name);
    g_autofree char *id = fake_json_dup_text(given, member->name);

    if (JSON_NODE_HOLDS_NULL(node))
        return member->needed ? "not be null" : NULL;
    switch (member->shape) {
    case TEXT:
        return text && (*text || !member->needed) ? NULL : "be a string";
    case TIME:
        return is_time(text) ? NULL : "be a date-time";
    case YES_NO:
        return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_BOOLEAN ? NULL : "be a boolean";
    case ID:
        return id && g_ascii_string_to_unsigned(id, 10, 0, G_MAXINT64, NULL, NULL) ? NULL : "be an id";
    case PERSON:
        return JSON_NODE_HOLDS_OBJECT(node) && is_person(json_node_get_object(node)) ? NULL : "have a name";
    default:
        return JSON_NODE_HOLDS_ARRAY(node) && are_fields(json_node_get_array(node)) ? NULL : "be an array of fields";
    }
}

static const Member *find_member(const Member *members, const char *name)
{
    while (members->name && !g_str_equal(members->name, name))
        members++;
    return members->name ? members : NULL;
}

/* FALSE when the call is answered. */
static gboolean check_members(EnvoySideCall *call, const Member *members, JsonObject *given, gboolean is_new)
{
    g_autoptr(GList) names = json_object_get_members(given);

    for (GList *name = names; name; name = name->next) {
        const Member *member = find_member(members, name->data);
        const char *problem = member ? shape_problem(member, given) : "not be given";

        if (problem) {
            envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "%s must %s", (char *)name->data, problem);
            return FALSE;
        }
    }
    for (; is_new && members->name; members++) {
        if (members->needed && !json_object_has_member(given, members->name)) {
            envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "%s must be given", members->name);
            return FALSE;
        }
    }
    return TRUE;
}

/* ----------------------------------------------------------------------------------------------- what must fit */

/* The id from the request, or what the thing has already. (transfer full) (nullable) */
static char *new_or_old(JsonObject *given, JsonObject *thing, const char *name)
{
    return json_object_has_member(given, name) || !thing ? fake_json_dup_text(given, name)
                                                         : fake_json_dup_text(thing, name);
}

static gboolean works_at(JsonObject *employee, const char *location_id)
{
    g_auto(GStrv) ids = fake_json_list(employee, "locationIds");

    return g_strv_contains((const char *const *)ids, location_id);
}

/* (nullable): the first that is open to visitors. */
static JsonObject *default_flow(EnvoySide *side, const char *location_id)
{
    GPtrArray *flows = side->tables[ENVOY_SERVER_FLOWS].things;

    for (guint i = 0; i < flows->len; i++) {
        if (g_strcmp0(fake_json_string(flows->pdata[i], "locationId"), location_id) == 0 &&
            g_strcmp0(fake_json_string(flows->pdata[i], "type"), "VISITOR") == 0 &&
            fake_json_flag(flows->pdata[i], "enabled", FALSE))
            return flows->pdata[i];
    }
    return NULL;
}

typedef struct {
    JsonObject *flow, *host; /* (nullable) */
} Fits;

/* @thing: (nullable): what is changed. FALSE when the call is answered. */
static gboolean check_fits(EnvoySideCall *call, JsonObject *given, JsonObject *thing, Fits *fits)
{
    EnvoySide *side = call->side;
    g_autofree char *location_id = new_or_old(given, thing, "locationId");
    g_autofree char *flow_id = new_or_old(given, thing, "flowId");
    g_autofree char *host_id = fake_json_dup_text(given, "hostEmployeeId");
    JsonObject *location = envoy_side_get(side, ENVOY_SERVER_LOCATIONS, location_id);
    const char *purpose = envoy_side_purpose(given), *flow_place;

    fits->flow = flow_id ? envoy_side_get(side, ENVOY_SERVER_FLOWS, flow_id) : default_flow(side, location_id);
    fits->host = envoy_side_get(side, ENVOY_SERVER_EMPLOYEES, host_id);
    flow_place = fake_json_string(fits->flow, "locationId");
    if (!location)
        envoy_side_call_refuse(call, SOUP_STATUS_NOT_FOUND, "The location does not exist");
    else if (flow_id && (!fits->flow || (flow_place && !g_str_equal(flow_place, location_id))))
        envoy_side_call_refuse(call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "The flow does not belong to the location");
    else if (!fake_json_flag(location, "enabled", TRUE) || !fake_json_flag(fits->flow, "enabled", TRUE))
        envoy_side_call_refuse(call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "The location or the flow is disabled");
    else if (host_id && (!fits->host || !works_at(fits->host, location_id)))
        envoy_side_call_refuse(call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "The host does not belong to the location");
    else if (purpose && fits->flow && !g_str_equal(purpose, fake_json_string(fits->flow, "name")))
        envoy_side_call_refuse(call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "Purpose of visit must be the name of the flow");
    else if (!purpose && !thing && (side->odd & ENVOY_ODD_NEED_PURPOSE))
        envoy_side_call_refuse(call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "Purpose of visit can't be blank");
    else
        return TRUE;
    return FALSE;
}

/* ------------------------------------------------------------------------------------------------------- doing it */

/* The object in the body, checked; NULL when the call is answered. */
static JsonObject *read_given(EnvoySideCall *call, JsonObject *thing, Fits *fits)
{
    gboolean is_entry = call->kind == ENVOY_SERVER_ENTRIES;
    const char *wrapper = is_entry ? "entry" : "invite";
    JsonObject *given = fake_json_object(call->body, wrapper);

    if (!given || json_object_get_size(call->body) != 1) {
        envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "%s must be given", wrapper);
        return NULL;
    }
    if (!check_members(call, is_entry ? entry_members : invite_members, given, !thing) ||
        !check_fits(call, given, thing, fits))
        return NULL;
    return given;
}

/* What is put: the members that are kept, and what follows from the others. (transfer full) */
static JsonObject *make_put(EnvoySideCall *call, JsonObject *given, JsonObject *thing, const Fits *fits)
{
    gboolean is_entry = call->kind == ENVOY_SERVER_ENTRIES;
    const Member *members = is_entry ? entry_members : invite_members;
    g_autofree char *now = fake_text_iso(fake_text_now_ms());
    JsonObject *put = json_object_new(), *host;

    for (; members->name; members++) {
        if (members->kept && json_object_has_member(given, members->name))
            json_object_set_member(put, members->name, json_object_dup_member(given, members->name));
    }
    if (fits->host) {
        host = json_object_new();
        fake_json_set_text(host, "name", fake_json_string(fits->host, "name"));
        fake_json_set_text(host, "email", fake_json_string(fits->host, "email"));
        json_object_set_object_member(put, "host", host);
    } else if (json_object_has_member(given, "hostEmployeeId")) {
        json_object_set_null_member(put, "host");
    }
    if (fits->flow) {
        fake_json_set_text(put, "flowId", fake_json_string(fits->flow, "id"));
        if (!is_entry)
            fake_json_set_text(put, "type", fake_json_string(fits->flow, "type"));
    }
    /* Entries of a seed need not have it. */
    if (!is_entry || !thing || json_object_has_member(thing, "updatedAt"))
        json_object_set_string_member(put, "updatedAt", now);
    if (!thing)
        json_object_set_string_member(put, "createdAt", now);
    return put;
}

static guint created(EnvoySideCall *call)
{
    return call->side->odd & ENVOY_ODD_CREATED_200 ? SOUP_STATUS_OK : SOUP_STATUS_CREATED;
}

static JsonObject *store(EnvoySideCall *call, JsonObject *thing, JsonObject *also)
{
    Fits fits = { NULL, NULL };
    JsonObject *given = read_given(call, thing, &fits);
    g_autoptr(JsonObject) put = given ? make_put(call, given, thing, &fits) : NULL;
    g_autoptr(GList) names = also ? json_object_get_members(also) : NULL;

    if (!put)
        return NULL;
    for (GList *name = names; name; name = name->next) {
        if (!json_object_has_member(put, name->data))
            json_object_set_member(put, name->data, json_object_dup_member(also, name->data));
    }
    if (thing)
        json_object_set_string_member(put, "id", call->call->args[0]);
    thing = envoy_side_put(call->side, call->kind, put);
    envoy_side_call_thing(call, names ? created(call) : SOUP_STATUS_OK, thing);
    return thing;
}

void envoy_side_create_invite(EnvoySideCall *call)
{
    EnvoyOdd odd = call->side->odd;
    g_autoptr(JsonObject) also = json_object_new();
    JsonObject *invite;

    json_object_set_string_member(also, "approvalStatus", odd & ENVOY_ODD_AWAITING ? "AWAITING_REVIEW" : "APPROVED");
    json_object_set_boolean_member(also, "sendEmailToInvitee", (odd & ENVOY_ODD_MAIL_UNASKED) != 0);
    invite = store(call, NULL, also);
    if (invite && fake_json_flag(invite, "sendEmailToInvitee", FALSE) &&
        fake_json_string(fake_json_object(invite, "invitee"), "email"))
        call->side->mails++;
}

void envoy_side_create_entry(EnvoySideCall *call)
{
    g_autofree char *now = envoy_side_time(0);
    g_autoptr(JsonObject) also = json_object_new();

    json_object_set_string_member(also, "signedInAt", now);
    store(call, NULL, also);
}

void envoy_side_change(EnvoySideCall *call)
{
    JsonObject *thing = envoy_side_get(call->side, call->kind, call->call->args[0]);

    if (thing)
        store(call, thing, NULL);
    else
        envoy_side_call_refuse(call, SOUP_STATUS_NOT_FOUND, "Not found");
}

/* Sample invite-delete-response. */
void envoy_side_delete(EnvoySideCall *call)
{
    if (!envoy_side_remove(call->side, call->kind, call->call->args[0]))
        envoy_side_call_refuse(call, SOUP_STATUS_NOT_FOUND, "Not found");
    else if (call->side->odd & ENVOY_ODD_DELETED_204)
        fake_call_text(call->call, SOUP_STATUS_NO_CONTENT, NULL, NULL);
    else
        envoy_side_call_data(call, SOUP_STATUS_OK, fake_json_take_object(json_object_new()), json_object_new());
}
