/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that read: lists with filters, order and pages, and single things. Sheet: 5, 6. */
#include <string.h>

#include "envoy-side-encode.h"
#include "envoy-side-routes.h"
#include "fake-text.h"

#define MAX_PER_PAGE 100
#define MAX_WINDOW 10000 /* page times perPage */
#define SHORT_PAGE 5

/* ------------------------------------------------------------------------------------------------------- filters */

typedef enum {
    ONE_OF, /* of a comma list */
    FLAG,
    SAME, /* without regard to case */
    PART,
    AFTER,
    BEFORE,
} Test;

/* Filters of all kinds have these; some are guesses of the sheet. */
typedef struct {
    guint kinds; /* bits */
    const char *parameter;
    const char *member; /* "host.email": of an object in it */
    Test test;
} Filter;

#define BIT(kind) (1u << ENVOY_SERVER_##kind)
#define ALL (~0u)

static const Filter filters[] = {
    { ALL, "ids", "id", ONE_OF },
    { BIT(LOCATIONS) | BIT(FLOWS), "enabled", "enabled", FLAG },
    { BIT(LOCATIONS) | BIT(INVITES), "createdAtAfter", "createdAt", AFTER },
    { BIT(LOCATIONS) | BIT(INVITES), "createdAtBefore", "createdAt", BEFORE },
    { BIT(FLOWS) | BIT(INVITES) | BIT(ENTRIES), "locationIds", "locationId", ONE_OF },
    { BIT(FLOWS) | BIT(INVITES), "type", "type", ONE_OF },
    { BIT(FLOWS), "name", "name", PART },
    { BIT(INVITES), "approvalStatus", "approvalStatus", ONE_OF },
    { BIT(INVITES), "expectedArrivalAtAfter", "expectedArrivalAt", AFTER },
    { BIT(INVITES), "expectedArrivalAtBefore", "expectedArrivalAt", BEFORE },
    { BIT(INVITES), "hostEmail", "host.email", SAME },
    { BIT(INVITES), "inviteeEmail", "invitee.email", SAME },
    { BIT(ENTRIES), "signedInAtAfter", "signedInAt", AFTER },
    { BIT(ENTRIES), "signedInAtBefore", "signedInAt", BEFORE },
    { BIT(EMPLOYEES), "name", "name", PART },
    { BIT(EMPLOYEES), "email", "email", PART },
};

static const char *member_text(JsonObject *thing, const char *member)
{
    const char *dot = strchr(member, '.');
    g_autofree char *outer = dot ? g_strndup(member, (gsize)(dot - member)) : NULL;

    return dot ? fake_json_string(fake_json_object(thing, outer), dot + 1) : fake_json_string(thing, member);
}

static gboolean has_part(const char *text, const char *part)
{
    g_autofree char *folded_text = g_utf8_casefold(text, -1), *folded_part = g_utf8_casefold(part, -1);

    return strstr(folded_text, folded_part) != NULL;
}

static gboolean passes(const Filter *filter, JsonObject *thing, JsonObject *query)
{
    const char *text = member_text(thing, filter->member), *wanted = fake_json_string(query, filter->parameter);
    g_auto(GStrv) list = filter->test == ONE_OF ? fake_json_list(query, filter->parameter) : NULL;

    switch (filter->test) {
    case ONE_OF:
        return text && g_strv_contains((const char *const *)list, text);
    case FLAG:
        return fake_json_flag(thing, filter->member, FALSE) == fake_json_flag(query, filter->parameter, FALSE);
    case SAME:
        return text && g_ascii_strcasecmp(text, wanted) == 0;
    case PART:
        return text && has_part(text, wanted);
    case AFTER:
        return text && fake_text_parse_iso(text) > fake_text_parse_iso(wanted);
    default:
        return text && fake_text_parse_iso(text) < fake_text_parse_iso(wanted);
    }
}

/* The filters that the query has; NULL when the call is answered because one is no good. (transfer full) */
static GPtrArray *read_filters(EnvoySideCall *call)
{
    g_autoptr(GPtrArray) asked = g_ptr_array_new();

    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
        const char *wanted = fake_json_string(call->call->params, filters[i].parameter);
        gboolean is_time = filters[i].test == AFTER || filters[i].test == BEFORE;

        if (!wanted || !(filters[i].kinds & (1u << call->kind)))
            continue;
        if (is_time && fake_text_parse_iso(wanted) < 0) {
            envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "%s must be a date-time", filters[i].parameter);
            return NULL;
        }
        if (!(call->side->odd & ENVOY_ODD_NO_FILTERS))
            g_ptr_array_add(asked, (gpointer)&filters[i]);
    }
    return g_steal_pointer(&asked);
}

/* --------------------------------------------------------------------------------------------------------- order */

typedef struct {
    guint kinds; /* bits */
    const char *value;
    const char *member;
    gboolean is_time;
} Sort;

static const Sort sorts[] = {
    { BIT(LOCATIONS), "createdAt", "createdAt", TRUE },
    { BIT(LOCATIONS), "updatedAt", "updatedAt", TRUE },
    { BIT(FLOWS), "NAME", "name", FALSE },
    { BIT(FLOWS) | BIT(INVITES), "CREATED_AT", "createdAt", TRUE },
    { BIT(INVITES), "EXPECTED_ARRIVAL_AT", "expectedArrivalAt", TRUE },
    { BIT(ENTRIES), "SIGNED_IN_AT", "signedInAt", TRUE },
    { BIT(EMPLOYEES), "NAME", "name", FALSE },
    { BIT(EMPLOYEES), "EMAIL", "email", FALSE },
};

typedef struct {
    JsonObject *thing;
    const char *text;
    gint64 time_ms;
    guint place; /* in the order of their coming */
} Row;

/* @down points to whether it is from the last to the first. */
static int compare_rows(gconstpointer one, gconstpointer other, gpointer down)
{
    const Row *a = one, *b = other;
    int text = g_strcmp0(a->text, b->text);
    int order = a->time_ms != b->time_ms ? (a->time_ms < b->time_ms ? -1 : 1)
                : text                   ? text
                                         : (a->place < b->place ? -1 : 1);

    return *(gboolean *)down ? -order : order;
}

/* FALSE when the call is answered because what it asks for is no good. @sort: NULL for none */
static gboolean read_order(EnvoySideCall *call, const Sort **sort, gboolean *down)
{
    const char *by = fake_json_string(call->call->params, "sort");
    const char *order = fake_json_string(call->call->params, "order");

    *sort = NULL;
    *down = g_strcmp0(order, "DESC") == 0;
    for (gsize i = 0; by && i < G_N_ELEMENTS(sorts); i++) {
        if ((sorts[i].kinds & (1u << call->kind)) && g_str_equal(sorts[i].value, by))
            *sort = &sorts[i];
    }
    if ((by && !*sort) || (order && !*down && !g_str_equal(order, "ASC"))) {
        envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "%s is not one of the allowed values",
                               by && !*sort ? "sort" : "order");
        return FALSE;
    }
    if (call->side->odd & ENVOY_ODD_NO_SORT) {
        *sort = NULL;
        *down = TRUE;
    }
    return TRUE;
}

/* All that pass, in order; NULL when the call is answered. (transfer full) */
static GArray *choose(EnvoySideCall *call)
{
    GPtrArray *things = call->side->tables[call->kind].things;
    g_autoptr(GPtrArray) asked = read_filters(call);
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(Row));
    const Sort *sort;
    gboolean down;

    if (!asked || !read_order(call, &sort, &down))
        return NULL;
    for (guint i = 0; i < things->len && !(call->side->odd & ENVOY_ODD_EMPTY_LISTS); i++) {
        Row row = { .thing = things->pdata[i], .place = i };
        gboolean fits = TRUE;

        for (guint j = 0; j < asked->len && fits; j++)
            fits = passes(asked->pdata[j], row.thing, call->call->params);
        if (!fits)
            continue;
        if (sort && sort->is_time)
            row.time_ms = fake_text_parse_iso(fake_json_string(row.thing, sort->member));
        else if (sort)
            row.text = fake_json_string(row.thing, sort->member);
        g_array_append_val(rows, row);
    }
    g_array_sort_with_data(rows, compare_rows, &down);
    return g_steal_pointer(&rows);
}

/* --------------------------------------------------------------------------------------------------------- pages */

/* Those the sheet does not know are of a size that no client expects. Sheet: 5. */
static const gint64 page_sizes[] = {
    [ENVOY_SERVER_COMPANIES] = 25, [ENVOY_SERVER_LOCATIONS] = 25, [ENVOY_SERVER_FLOWS] = 25,
    [ENVOY_SERVER_EMPLOYEES] = 10, [ENVOY_SERVER_INVITES] = 100,  [ENVOY_SERVER_ENTRIES] = 30,
};

/* FALSE when the call is answered. */
static gboolean read_page(EnvoySideCall *call, gint64 *page, gint64 *size)
{
    *page = fake_json_int(call->call->params, "page", json_object_has_member(call->call->params, "page") ? 0 : 1);
    *size = fake_json_int(call->call->params, "perPage",
                          json_object_has_member(call->call->params, "perPage") ? 0 : page_sizes[call->kind]);
    if (*page < 1 || *size < 1 || *size > MAX_PER_PAGE)
        envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "%s is out of range", *page < 1 ? "page" : "perPage");
    else if (*page > MAX_WINDOW / *size)
        envoy_side_call_refuse(call, SOUP_STATUS_BAD_REQUEST, "page times perPage must not pass %d", MAX_WINDOW);
    else
        return TRUE;
    return FALSE;
}

/* What no list should hold. */
static void add_junk(JsonArray *data)
{
    json_array_add_null_element(data);
    json_array_add_int_element(data, 7);
    json_array_add_string_element(data, "junk");
    json_array_add_array_element(data, json_array_new());
}

static void answer_page(EnvoySideCall *call, GArray *rows, gint64 page, gint64 size)
{
    EnvoyOdd odd = call->side->odd;
    JsonArray *data = json_array_new();
    JsonObject *meta = json_object_new();
    guint first, last;

    if (odd & ENVOY_ODD_SHORT_PAGES)
        size = MIN(size, SHORT_PAGE);
    first = odd & ENVOY_ODD_STUCK_PAGES ? 0 : (guint)((page - 1) * size);
    last = MIN(first + (guint)size, rows->len);
    if ((odd & ENVOY_ODD_NO_ID) && rows->len) {
        JsonObject *stray = envoy_side_encode(call->side, call->kind, g_array_index(rows, Row, 0).thing);

        json_object_remove_member(stray, "id");
        json_array_add_object_element(data, stray);
    }
    if (odd & ENVOY_ODD_JUNK)
        add_junk(data);
    for (guint i = first; i < last; i++)
        json_array_add_object_element(data,
                                      envoy_side_encode(call->side, call->kind, g_array_index(rows, Row, i).thing));
    json_object_set_int_member(meta, "page", page);
    json_object_set_int_member(meta, "perPage", size);
    if (!(odd & ENVOY_ODD_NO_TOTAL))
        json_object_set_int_member(meta, "total", odd & ENVOY_ODD_STUCK_PAGES ? 1000000 : rows->len);
    json_object_set_array_member(meta, "relationships", json_array_new());
    envoy_side_call_data(call, SOUP_STATUS_OK, fake_json_take_array(data), meta);
}

void envoy_side_read_list(EnvoySideCall *call)
{
    gint64 page, size;
    g_autoptr(GArray) rows = NULL;

    if (!read_page(call, &page, &size))
        return;
    rows = choose(call);
    if (rows)
        answer_page(call, rows, page, size);
}

void envoy_side_read_one(EnvoySideCall *call)
{
    JsonObject *thing = envoy_side_get(call->side, call->kind, call->call->args[0]);

    if (thing)
        envoy_side_call_thing(call, SOUP_STATUS_OK, thing);
    else
        envoy_side_call_refuse(call, SOUP_STATUS_NOT_FOUND, "Not found");
}

/* The one who allowed the application, in the form of JSON:API. Sheet: 6.6. */
void envoy_side_read_me(EnvoySideCall *call)
{
    JsonObject *user = call->side->users->len ? call->side->users->pdata[0] : NULL;
    JsonObject *body = json_object_new(), *data = json_object_new(), *attributes = json_object_new();

    json_object_set_string_member(data, "id", "1");
    json_object_set_string_member(data, "type", "users");
    fake_json_set_text(attributes, "name", fake_json_string(user, "name"));
    fake_json_set_text(attributes, "email", fake_json_string(user, "email"));
    json_object_set_object_member(data, "attributes", attributes);
    json_object_set_object_member(body, "data", data);
    fake_call_object(call->call, SOUP_STATUS_OK, body);
}
