/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Freeing of the structs. */
#include "envoy-types.h"

void envoy_location_free(EnvoyLocation *location)
{
    if (!location)
        return;
    g_free(location->id);
    g_free(location->name);
    g_free(location->timezone);
    g_free(location);
}

void envoy_flow_free(EnvoyFlow *flow)
{
    if (!flow)
        return;
    g_free(flow->id);
    g_free(flow->name);
    g_free(flow->location_id);
    g_free(flow);
}

void envoy_invite_free(EnvoyInvite *invite)
{
    if (!invite)
        return;
    g_free(invite->id);
    g_free(invite->flow_id);
    g_free(invite->location_id);
    g_free(invite->purpose);
    g_free(invite->approval);
    g_free(invite->notes);
    g_free(invite->name);
    g_free(invite->email);
    g_free(invite->host);
    g_free(invite);
}

void envoy_entry_free(EnvoyEntry *entry)
{
    if (!entry)
        return;
    g_free(entry->id);
    g_free(entry->name);
    g_free(entry->email);
    g_free(entry->flow_id);
    g_free(entry->location_id);
    g_free(entry->purpose);
    g_free(entry->host);
    g_free(entry);
}

void envoy_employee_free(EnvoyEmployee *employee)
{
    if (!employee)
        return;
    g_free(employee->id);
    g_free(employee->name);
    g_free(employee->email);
    g_strfreev(employee->location_ids);
    g_free(employee);
}

void envoy_page_free(EnvoyPage *page)
{
    if (!page)
        return;
    g_clear_pointer(&page->items, g_ptr_array_unref);
    g_free(page);
}

void envoy_list_free(EnvoyList *list)
{
    if (!list)
        return;
    g_clear_pointer(&list->items, g_ptr_array_unref);
    g_free(list);
}
