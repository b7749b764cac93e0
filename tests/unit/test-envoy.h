/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the unit tests of Envoy's memory: locations, flows, entries and invites in one line each. */
#pragma once

#include "envoy/model/envoy-places.h"

#include <string.h>

#define MINUTE (60 * (gint64)1000)
#define HOUR (60 * MINUTE)

static inline void test_free_location(gpointer location)
{
    envoy_location_free(location);
}

static inline void test_free_flow(gpointer flow)
{
    envoy_flow_free(flow);
}

static inline void test_free_entry(gpointer entry)
{
    envoy_entry_free(entry);
}

static inline void test_free_invite(gpointer invite)
{
    envoy_invite_free(invite);
}

/* @rows: up to NULL, "ID NAME"; "ID! NAME" is disabled. */
static inline GPtrArray *test_locations(const char *const *rows)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(test_free_location);

    for (; *rows; rows++) {
        EnvoyLocation *location = g_new0(EnvoyLocation, 1);
        gsize length = strcspn(*rows, "! ");

        location->id = g_strndup(*rows, length);
        location->enabled = (*rows)[length] != '!';
        location->name = g_strdup(strchr(*rows, ' ') + 1);
        g_ptr_array_add(list, location);
    }
    return list;
}

/* @rows: up to NULL, "ID@LOCATION NAME", of all locations: "ID@* NAME"; "ID@LOCATION! NAME" is disabled, with "=" for
 * employees. */
static inline GPtrArray *test_flows(const char *const *rows)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(test_free_flow);

    for (; *rows; rows++) {
        EnvoyFlow *flow = g_new0(EnvoyFlow, 1);
        const char *location = strchr(*rows, '@') + 1;
        gsize length = strcspn(location, "!= ");

        flow->id = g_strndup(*rows, (gsize)(location - 1 - *rows));
        flow->location_id = *location == '*' ? NULL : g_strndup(location, length);
        flow->enabled = location[length] != '!';
        flow->for_employees = location[length] == '=';
        flow->name = g_strdup(strchr(location, ' ') + 1);
        g_ptr_array_add(list, flow);
    }
    return list;
}

/* (transfer full): the changes, one a line: "+name", "-name", "old>name". */
static inline char *test_put(EnvoyPlaces *places, const char *const *location_rows, const char *const *flow_rows)
{
    g_autoptr(GPtrArray) locations = test_locations(location_rows);
    g_autoptr(GPtrArray) flows = test_flows(flow_rows);
    g_autoptr(GPtrArray) changes = envoy_places_put(places, locations, flows);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < changes->len; i++) {
        const EnvoyPlaceChange *change = changes->pdata[i];

        if (i > 0)
            g_string_append_c(text, '\n');
        switch (change->kind) {
        case ENVOY_PLACE_REMOVED:
            g_assert_true(change->place->gone);
            g_string_append_printf(text, "-%s", change->place->name);
            break;
        case ENVOY_PLACE_RENAMED:
            g_string_append_printf(text, "%s>%s", change->old_name, change->place->name);
            break;
        case ENVOY_PLACE_ADDED:
            g_assert_false(change->place->gone);
            g_string_append_printf(text, "+%s", change->place->name);
            break;
        }
    }
    return g_string_free(text, FALSE);
}

static inline void test_put_only(EnvoyPlaces *places, const char *const *locations, const char *const *flows)
{
    g_autofree char *changes = test_put(places, locations, flows);

    g_assert_nonnull(changes);
}
