/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON to the structs of envoy-types, whatever the server sends. */
#include "envoy-decode.h"

#include <string.h>

#include "net/net-json.h"
#include "text/text-escape.h"

/* The last millisecond GDateTime can show (end of the year 9999). */
#define LATEST_MS G_GINT64_CONSTANT(253402300799000)
/* Longest text that is looked at for a time: nine digits of a fraction and an offset are 35 characters. */
#define MAX_TIME 64
/* A number of pages or items beyond this is not believed. */
#define MAX_NUMBER 1000000000
/* Bytes of a text that are looked at for each character of it that is kept: what is cleaned away is not endless. */
#define LOOK_AT 16

/* The custom field that names the flow. Sheet: 6.4. */
static const char purpose_field[] = "Purpose of visit";

/* ------------------------------------------------------------------------------------------------------------ times */

gint64 envoy_decode_time_ms(const char *text)
{
    g_autoptr(GTimeZone) utc = NULL;
    g_autoptr(GDateTime) time = NULL;
    g_autofree char *upper = NULL;
    gint64 time_ms;

    if (!text || strlen(text) > MAX_TIME)
        return 0;
    /* GLib does not know the small "z" that RFC 3339 allows. */
    upper = g_ascii_strup(text, -1);
    utc = g_time_zone_new_utc();
    time = g_date_time_new_from_iso8601(upper, utc);
    if (!time)
        return 0;
    time_ms = g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000;
    return time_ms > 0 && time_ms <= LATEST_MS ? time_ms : 0;
}

char *envoy_decode_time_text(gint64 time_ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(CLAMP(time_ms, 0, LATEST_MS) / 1000);

    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

static gint64 time_of(JsonObject *object, const char *member)
{
    return envoy_decode_time_ms(net_json_string(object, member));
}

/* ------------------------------------------------------------------------------------------------------------ texts */

/* (transfer full) (nullable): so much of the beginning as is worth looking at for @max_chars; NULL for none. */
static char *beginning(JsonObject *object, const char *member, gsize max_chars)
{
    const char *text = net_json_string(object, member);
    gsize most = max_chars * LOOK_AT;

    if (!text)
        return NULL;
    return strlen(text) <= most ? g_strdup(text) : g_strndup(text, g_utf8_find_prev_char(text, text + most) - text);
}

/* (transfer full) (nullable): NULL for "" and NULL. Takes @text. */
static char *cut(char *text, glong max_chars)
{
    if (text && g_utf8_strlen(text, -1) > max_chars)
        *g_utf8_offset_to_pointer(text, max_chars) = '\0';
    if (text && *text)
        return text;
    g_free(text);
    return NULL;
}

/* (transfer full) (nullable): a text in one line, NULL when there is none. */
static char *line_of(JsonObject *object, const char *member)
{
    g_autofree char *text = beginning(object, member, ENVOY_DECODE_MAX_NAME);
    char *line = cut(text ? text_clean_line(text) : NULL, ENVOY_DECODE_MAX_NAME);

    return line ? g_strchomp(line) : NULL;
}

static char *name_or(JsonObject *object, const char *member, const char *fallback)
{
    char *name = line_of(object, member);

    return name ? name : g_strdup(fallback);
}

/* (transfer full) (nullable) */
static char *email_of(JsonObject *object)
{
    g_autofree char *text = beginning(object, "email", ENVOY_DECODE_MAX_EMAIL);
    g_autofree char *line = text ? text_clean_line(text) : NULL;

    /* One with something cut off would be somebody else's. */
    return line && *line && g_utf8_strlen(line, -1) <= ENVOY_DECODE_MAX_EMAIL ? g_steal_pointer(&line) : NULL;
}

/* (transfer full) (nullable): name, else e-mail address of a person in a member. */
static char *person_of(JsonObject *object, const char *member)
{
    JsonObject *person = net_json_object(object, member);
    char *name = line_of(person, "name");

    return name ? name : email_of(person);
}

/* (transfer full) (nullable). Takes @id. */
static char *short_id(char *id)
{
    if (!id || strlen(id) <= ENVOY_DECODE_MAX_ID)
        return id;
    g_free(id);
    return NULL;
}

static char *id_of(JsonObject *object, const char *member)
{
    return short_id(net_json_id_text(object, member));
}

/* (transfer full) (nullable): what the visitor comes for. */
static char *purpose_of(JsonObject *object)
{
    JsonArray *fields = net_json_array(object, "customFields");
    guint count = fields ? MIN(json_array_get_length(fields), ENVOY_DECODE_MAX_FIELDS) : 0;

    for (guint i = 0; i < count; i++) {
        JsonObject *field = net_json_object_of(json_array_get_element(fields, i));
        const char *name = net_json_string(field, "field");

        if (name && g_ascii_strcasecmp(name, purpose_field) == 0)
            return line_of(field, "value");
    }
    return NULL;
}

static gboolean is_for_employees(JsonObject *object)
{
    return g_strcmp0(net_json_string(object, "type"), "EMPLOYEE") == 0;
}

/* ---------------------------------------------------------------------------------------------------------- objects */

EnvoyLocation *envoy_decode_location(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    char *id = id_of(object, "id");
    EnvoyLocation *location;

    if (!id)
        return NULL;
    location = g_new0(EnvoyLocation, 1);
    location->id = id;
    location->name = name_or(object, "name", id);
    location->enabled = net_json_bool(object, "enabled", TRUE);
    location->timezone = line_of(object, "timezone");
    return location;
}

EnvoyFlow *envoy_decode_flow(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    char *id = id_of(object, "id");
    EnvoyFlow *flow;

    if (!id)
        return NULL;
    flow = g_new0(EnvoyFlow, 1);
    flow->id = id;
    flow->name = name_or(object, "name", id);
    flow->enabled = net_json_bool(object, "enabled", TRUE);
    flow->for_employees = is_for_employees(object);
    flow->location_id = id_of(object, "locationId");
    return flow;
}

EnvoyInvite *envoy_decode_invite(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    JsonObject *invitee = net_json_object(object, "invitee");
    char *id = id_of(object, "id");
    EnvoyInvite *invite;

    if (!id)
        return NULL;
    invite = g_new0(EnvoyInvite, 1);
    invite->id = id;
    invite->created_ms = time_of(object, "createdAt");
    invite->arrival_ms = time_of(object, "expectedArrivalAt");
    invite->departure_ms = time_of(object, "expectedDepartureAt");
    invite->flow_id = id_of(object, "flowId");
    invite->location_id = id_of(object, "locationId");
    invite->purpose = purpose_of(object);
    invite->approval = line_of(object, "approvalStatus");
    invite->notes = cut(beginning(object, "notes", ENVOY_DECODE_MAX_NOTES), ENVOY_DECODE_MAX_NOTES);
    invite->name = line_of(invitee, "name");
    invite->email = email_of(invitee);
    invite->host = person_of(object, "host");
    invite->for_employees = is_for_employees(object);
    return invite;
}

EnvoyEntry *envoy_decode_entry(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    char *id = id_of(object, "id");
    EnvoyEntry *entry;

    if (!id)
        return NULL;
    entry = g_new0(EnvoyEntry, 1);
    entry->id = id;
    entry->name = name_or(object, "fullName", "");
    entry->email = email_of(object);
    entry->signed_in_ms = time_of(object, "signedInAt");
    entry->signed_out_ms = time_of(object, "signedOutAt");
    entry->flow_id = id_of(object, "flowId");
    entry->location_id = id_of(object, "locationId");
    entry->purpose = purpose_of(object);
    entry->host = person_of(object, "host");
    entry->is_delivery = net_json_bool(object, "isDelivery", FALSE);
    return entry;
}

static char **location_ids_of(JsonObject *object)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    JsonArray *array = net_json_array(object, "locationIds");
    guint count = array ? MIN(json_array_get_length(array), ENVOY_DECODE_MAX_LOCATIONS) : 0;

    for (guint i = 0; i < count; i++) {
        char *id = short_id(net_json_node_id_text(json_array_get_element(array, i)));

        if (id)
            g_ptr_array_add(ids, id);
    }
    g_ptr_array_add(ids, NULL);
    return (char **)g_ptr_array_steal(ids, NULL);
}

EnvoyEmployee *envoy_decode_employee(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    char *id = id_of(object, "id");
    EnvoyEmployee *employee;

    if (!id)
        return NULL;
    employee = g_new0(EnvoyEmployee, 1);
    employee->id = id;
    employee->name = name_or(object, "name", "");
    employee->email = email_of(object);
    employee->location_ids = location_ids_of(object);
    return employee;
}

/* ------------------------------------------------------------------------------------------------------------ lists */

JsonNode *envoy_decode_data(JsonNode *answer)
{
    return net_json_node(net_json_object_of(answer), "data");
}

#define LIST_OF(one)                                                                                                   \
    {                                                                                                                  \
        "data", ENVOY_DECODE_MAX_LIST, (NetJsonDecode)envoy_decode_##one, (GDestroyNotify)envoy_##one##_free, NULL     \
    }

const NetJsonItemsKind envoy_decode_locations = LIST_OF(location);
const NetJsonItemsKind envoy_decode_flows = LIST_OF(flow);
const NetJsonItemsKind envoy_decode_invites = LIST_OF(invite);
const NetJsonItemsKind envoy_decode_entries = LIST_OF(entry);
const NetJsonItemsKind envoy_decode_employees = LIST_OF(employee);

static gint64 number_of(JsonObject *meta, const char *member)
{
    gint64 number = net_json_int(meta, member, -1);

    return number >= 0 && number <= MAX_NUMBER ? number : -1;
}

EnvoyPage *envoy_decode_page(GPtrArray *items, guint count, JsonNode *rest)
{
    JsonObject *meta = net_json_object(net_json_object_of(rest), "meta");
    EnvoyPage *page = g_new0(EnvoyPage, 1);

    page->items = items;
    page->count = count;
    page->page = number_of(meta, "page");
    page->per_page = number_of(meta, "perPage");
    page->total = number_of(meta, "total");
    return page;
}
