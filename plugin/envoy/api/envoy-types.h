/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the service tells, as plain structs. Of the answers only what is shown is taken over: photos, agreements and secret
 * tokens never get into memory of ours. Sheet: Envoy, 6. */
#pragma once

#include <glib.h>

/* All ids are opaque texts. Texts are as the service sent them, of any characters; times are ms since 1970, 0: not known. */

/* Sheet: 6.1. */
typedef struct {
    char *id;
    char *name; /* in one line; the id where there is none */
    gboolean enabled;
    char *timezone; /* (nullable): IANA name */
} EnvoyLocation;

/* A sign-in form of a location. Sheet: 6.2. */
typedef struct {
    char *id;
    char *name; /* in one line; the id where there is none */
    gboolean enabled;
    gboolean for_employees;
    char *location_id; /* (nullable): of all locations, it seems */
} EnvoyFlow;

/* An expected visitor. Sheet: 6.3. */
typedef struct {
    char *id;
    gint64 created_ms;
    gint64 arrival_ms;
    gint64 departure_ms;
    char *flow_id;     /* (nullable) */
    char *location_id; /* (nullable) */
    char *purpose;     /* (nullable): of the custom fields; often the name of the flow */
    char *approval;    /* (nullable): as the service words it */
    char *notes;       /* (nullable) */
    char *name;        /* (nullable): the visitor's, in one line */
    char *email;       /* (nullable): the visitor's */
    char *host;        /* (nullable): name, else e-mail address, in one line */
    gboolean for_employees;
} EnvoyInvite;

/* A visit. Sheet: 6.4. */
typedef struct {
    char *id;
    char *name;  /* in one line; "" when unknown */
    char *email; /* (nullable) */
    gint64 signed_in_ms;
    gint64 signed_out_ms; /* 0: inside */
    char *flow_id;        /* (nullable) */
    char *location_id;    /* (nullable) */
    char *purpose;        /* (nullable): of the custom fields; often the name of the flow */
    char *host;           /* (nullable): name, else e-mail address, in one line */
    gboolean is_delivery;
} EnvoyEntry;

/* Who may be a host. Sheet: 6.5. */
typedef struct {
    char *id;
    char *name;          /* in one line; "" when unknown */
    char *email;         /* (nullable) */
    char **location_ids; /* never NULL */
} EnvoyEmployee;

/* One page of a list. Sheet: 5. */
typedef struct {
    GPtrArray *items; /* of one of the structs above, what could be read */
    guint count;      /* of items on the page, with those that could not */
    gint64 page;      /* these three: -1: not known */
    gint64 per_page;
    gint64 total;
} EnvoyPage;

/* All pages of a list, or as many as were wanted. */
typedef struct {
    GPtrArray *items; /* of one of the structs above, each id once, in the service's order */
    gboolean is_cut;  /* it seems that there are more, but so many cannot be asked for */
} EnvoyList;

void envoy_location_free(EnvoyLocation *location);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyLocation, envoy_location_free)
void envoy_flow_free(EnvoyFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyFlow, envoy_flow_free)
void envoy_invite_free(EnvoyInvite *invite);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyInvite, envoy_invite_free)
void envoy_entry_free(EnvoyEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyEntry, envoy_entry_free)
void envoy_employee_free(EnvoyEmployee *employee);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyEmployee, envoy_employee_free)
void envoy_page_free(EnvoyPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyPage, envoy_page_free)
void envoy_list_free(EnvoyList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EnvoyList, envoy_list_free)
