/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about who can be a host. */
#include "envoy-api-employees.h"

#include <string.h>

#include "envoy-decode.h"

#define PER_PAGE 100
/* Whom so many pages do not show has to be asked for more exactly. */
#define MAX_PAGES 10

/* What is looked for, without regard to case. */
typedef struct {
    char *email; /* (nullable) */
    char *name;  /* (nullable) */
} Wanted;

static void wanted_free(gpointer data)
{
    Wanted *wanted = data;

    g_free(wanted->email);
    g_free(wanted->name);
    g_free(wanted);
}

/* (transfer full) (nullable) */
static char *fold(const char *text)
{
    return text ? g_utf8_casefold(text, -1) : NULL;
}

/* @part: (nullable): any text holds that. */
static gboolean holds(const char *text, const char *part)
{
    g_autofree char *folded = fold(text);

    return !part || (folded && strstr(folded, part));
}

static EnvoyVerdict is_wanted(gconstpointer item, gpointer user_data)
{
    const EnvoyEmployee *employee = item;
    const Wanted *wanted = user_data;

    return holds(employee->email, wanted->email) && holds(employee->name, wanted->name) ? ENVOY_KEEP : ENVOY_DROP;
}

void envoy_api_employees_async(EnvoyApi *api, const char *email, const char *name, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data)
{
    const char *query[] = { NULL, NULL, NULL, NULL, NULL };
    const char **end = query;
    Wanted *wanted = g_new0(Wanted, 1);
    const EnvoyPagerOptions options = { .resource = "employees",
                                        .kind = &envoy_decode_employees,
                                        .query = query,
                                        .per_page = PER_PAGE,
                                        .max_pages = MAX_PAGES,
                                        .judge = is_wanted,
                                        .judge_data = wanted,
                                        .destroy = wanted_free };

    wanted->email = fold(email);
    wanted->name = fold(name);
    if (email) {
        *end++ = "email";
        *end++ = email;
    }
    if (name) {
        *end++ = "name";
        *end++ = name;
    }
    envoy_pager_async(api, &options, cancellable, done, user_data);
}
