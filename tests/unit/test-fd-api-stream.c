/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-api-stream: every flow is listened to once, and no address is too long. */
#include "flowdock/api/fd-api-stream.h"

#include <string.h>

#define BASE "https://stream.example.com"

/* Returns: the query of the request at @index, decoded. */
static GHashTable *query_of(GPtrArray *requests, guint index)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GUri) uri = net_request_build_uri(requests->pdata[index], BASE, &error);
    const char *query = uri ? g_uri_get_query(uri) : NULL;
    GHashTable *parameters;

    g_assert_no_error(error);
    g_assert_cmpstr(net_request_get_method(requests->pdata[index]), ==, "GET");
    g_assert_cmpstr(g_uri_get_path(uri), ==, "/flows");
    parameters = g_uri_parse_params(query ? query : "", -1, "&", G_URI_PARAMS_NONE, &error);
    g_assert_no_error(error);
    return parameters;
}

/* Checks what holds for any set of flows. Returns: all ids in the filters, in order. */
static GPtrArray *ids_of(GPtrArray *requests, const char *active)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

    g_assert_cmpuint(requests->len, >=, 1);
    for (guint i = 0; i < requests->len; i++) {
        g_autoptr(GHashTable) query = query_of(requests, i);
        const char *filter = g_hash_table_lookup(query, "filter");
        g_auto(GStrv) parts = g_strsplit(filter ? filter : "", ",", -1);

        g_assert_cmpuint(net_request_get_target_length(requests->pdata[i]), <=, FD_API_STREAM_MAX_TARGET);
        g_assert_cmpstr(g_hash_table_lookup(query, "user"), ==, i == 0 ? "1" : NULL);
        g_assert_cmpstr(g_hash_table_lookup(query, "presence"), ==, i == 0 ? "1" : NULL);
        g_assert_cmpstr(g_hash_table_lookup(query, "active"), ==, active);
        g_assert_true(filter ? *filter : i == 0);
        for (char **part = parts; *part; part++)
            g_ptr_array_add(ids, g_strdup(*part));
    }
    return ids;
}

static GPtrArray *uuids(guint count)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < count; i++)
        g_ptr_array_add(ids, i % 3 == 0 ? g_strdup_printf("organization:flow-%u", i) : g_uuid_string_random());
    g_ptr_array_add(ids, NULL);
    return ids;
}

static void test_hundreds(void)
{
    static const guint counts[] = { 1, 2, 50, 180, 181, 182, 183, 184, 185, 190, 200, 400, 800, 2000 };

    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autoptr(GPtrArray) wanted = uuids(counts[i]);
        g_autoptr(GPtrArray) requests =
            fd_api_stream_requests((const char *const *)wanted->pdata, FD_API_PRESENCE_ACTIVE);
        g_autoptr(GPtrArray) ids = ids_of(requests, "true");

        g_test_message("%u flows", counts[i]);
        g_assert_cmpuint(ids->len, ==, counts[i]);
        for (guint k = 0; k < ids->len; k++)
            g_assert_cmpstr(ids->pdata[k], ==, wanted->pdata[k]);
        /* Few connections, not one a flow. */
        g_assert_cmpuint(requests->len, <=, 1 + counts[i] * 42 / 7000);
    }
}

static void test_none(void)
{
    static const char *const none[] = { NULL };
    g_autoptr(GPtrArray) requests = fd_api_stream_requests(none, FD_API_PRESENCE_IDLE);
    g_autoptr(GPtrArray) ids = ids_of(requests, "idle");

    g_assert_cmpuint(requests->len, ==, 1);
    g_assert_cmpuint(ids->len, ==, 0);
}

static void test_presence(void)
{
    static const char *const flows[] = { "a:b", "deadbeef", NULL };
    g_autoptr(GPtrArray) offline = fd_api_stream_requests(flows, FD_API_PRESENCE_OFFLINE);
    g_autoptr(GPtrArray) idle = fd_api_stream_requests(flows, FD_API_PRESENCE_IDLE);
    g_autoptr(GPtrArray) ids = ids_of(offline, NULL);
    g_autoptr(GPtrArray) same = ids_of(idle, "idle");

    g_assert_cmpuint(ids->len, ==, 2);
    g_assert_cmpstr(ids->pdata[0], ==, "a:b");
    g_assert_cmpuint(same->len, ==, 2);
}

/* Each character of an id may take three bytes of the address. */
static void test_encoded(void)
{
    g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) requests = NULL;
    g_autoptr(GPtrArray) ids = NULL;

    for (guint i = 0; i < 300; i++)
        g_ptr_array_add(wanted, g_strdup_printf("caf\xc3\xa9/&=?#%% :%u", i));
    g_ptr_array_add(wanted, NULL);
    requests = fd_api_stream_requests((const char *const *)wanted->pdata, FD_API_PRESENCE_IDLE);
    ids = ids_of(requests, "idle");
    g_assert_cmpuint(requests->len, >, 1);
    g_assert_cmpuint(ids->len, ==, 300);
    for (guint i = 0; i < 300; i++)
        g_assert_cmpstr(ids->pdata[i], ==, wanted->pdata[i]);
}

/* An id that fits no address must not cost the user the other flows or private messages. */
static void test_monstrous(void)
{
    g_autofree char *monster = g_strnfill(FD_API_STREAM_MAX_TARGET, 'x');
    const char *const first[] = { monster, "a", "b", NULL };
    const char *const between[] = { "a", monster, "b", NULL };
    const char *const alone[] = { monster, NULL };
    const char *const *const cases[] = { first, between, alone };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) requests = fd_api_stream_requests(cases[i], FD_API_PRESENCE_ACTIVE);
        g_autoptr(GPtrArray) ids = ids_of(requests, "true");

        g_assert_cmpuint(requests->len, ==, 1);
        g_assert_cmpuint(ids->len, ==, cases[i] == alone ? 0 : 2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/api-stream/hundreds", test_hundreds);
    g_test_add_func("/flowdock/api-stream/none", test_none);
    g_test_add_func("/flowdock/api-stream/presence", test_presence);
    g_test_add_func("/flowdock/api-stream/encoded", test_encoded);
    g_test_add_func("/flowdock/api-stream/monstrous", test_monstrous);
    return g_test_run();
}
