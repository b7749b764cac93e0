/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-json-items: the list in a document, item by item, and what is left of the document. Lists in lists are tested with
 * fd-decode-list. */
#include "net/net-json-items.h"

#include <string.h>

#include "net/net-error.h"
#include "net/net-json.h"
#include "test-util.h"

#define MAX_ITEMS 4

static gpointer decode(JsonNode *node)
{
    return net_json_id_text(net_json_object_of(node), "id");
}

static const NetJsonItemsKind in_data = { "data", MAX_ITEMS, decode, g_free, NULL };
static const NetJsonItemsKind whole = { NULL, MAX_ITEMS, decode, g_free, NULL };

/* (transfer full): "items/seen rest", or what is wrong. Each step is as short as can be. */
static char *read_all(const NetJsonItemsKind *kind, const char *json)
{
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
    g_autoptr(NetJsonItems) items = net_json_items_new(kind, bytes);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = NULL;
    g_autoptr(JsonNode) rest = NULL;
    g_autofree char *rest_text = NULL;
    GString *all;
    guint seen = 0;

    while (net_json_items_read(items, 0, &error) && !net_json_items_is_done(items))
        ;
    if (error) {
        g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
        return g_strdup("no JSON");
    }
    list = net_json_items_steal(items, &seen, &rest);
    if (!list) {
        g_assert_cmpuint(seen, ==, 0);
        g_assert_null(rest);
        return g_strdup("no list");
    }
    all = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(all, "%s,", (const char *)list->pdata[i]);
    rest_text = json_to_string(rest, FALSE);
    g_string_append_printf(all, "/%u %s", seen, rest_text);
    return g_string_free(all, FALSE);
}

static void test_shapes(void)
{
    static const struct {
        const char *json;
        const NetJsonItemsKind *kind;
        const char *result;
    } cases[] = {
        { "{\"data\":[]}", &in_data, "/0 {\"data\":[]}" },
        { "{\"data\":[{\"id\":\"a\"},{\"id\":2}],\"meta\":{\"page\":1}}", &in_data,
          "a,2,/2 {\"data\":[],\"meta\":{\"page\":1}}" },
        { "{\"meta\":{\"data\":[{\"id\":9}]},\"data\":[{\"id\":1}]}", &in_data,
          "1,/1 {\"meta\":{\"data\":[{\"id\":9}]},\"data\":[]}" },
        { "{\"data\":[null,7,{\"id\":null},[{\"id\":1}],{\"id\":3}]}", &in_data, "/5 {\"data\":[]}" },
        { "{\"data\":[{},{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4}]}", &in_data, "1,2,3,/5 {\"data\":[]}" },
        { "{\"data\":[{\"id\":1}],\"data\":[{\"id\":2}]}", &in_data, "2,/1 {\"data\":[]}" },
        { "{\"data\":[{\"id\":1}],\"data\":7}", &in_data, "no list" },
        { "{\"data\":7,\"data\":[{\"id\":1}]}", &in_data, "1,/1 {\"data\":[]}" },
        { "{\"data\":null}", &in_data, "no list" },
        { "{\"data\":{\"id\":1}}", &in_data, "no list" },
        { "{\"items\":[{\"id\":1}]}", &in_data, "no list" },
        { "{}", &in_data, "no list" },
        { "[{\"id\":1}]", &in_data, "no list" },
        { "null", &in_data, "no list" },
        { "{\"data\":[{\"id\":1}]", &in_data, "no JSON" },
        { "{\"data\":[{\"id\":1},]}", &in_data, "no JSON" },
        { "", &in_data, "no JSON" },
        { "[{\"id\":1},2]", &whole, "1,/2 []" },
        { "{\"data\":[{\"id\":1}]}", &whole, "no list" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *result = read_all(cases[i].kind, cases[i].json);

        g_test_message("%s", cases[i].json);
        g_assert_cmpstr(result, ==, cases[i].result);
    }
}

/* A step is short, and in between it can be given up: the sanitiser would tell what is left. */
static void test_steps(void)
{
    g_autoptr(GString) json = g_string_new("{\"data\":[1");
    guint all = 1;

    for (guint i = 0; i < 5000; i++)
        g_string_append(json, ",{\"id\":\"x\"}");
    g_string_append(json, "]}");
    for (guint steps = 0; steps <= all; steps++) {
        g_autoptr(GBytes) bytes = g_bytes_new(json->str, json->len);
        g_autoptr(NetJsonItems) items = net_json_items_new(&in_data, bytes);
        guint taken = 0;

        while (!net_json_items_is_done(items) && (steps == 0 || taken < steps)) {
            g_assert_true(net_json_items_read(items, 0, NULL));
            taken++;
        }
        if (steps == 0)
            all = taken;
    }
    g_assert_cmpuint(all, >, 10);
    net_json_items_free(NULL);
}

/* As long as there is time, it is not interrupted. */
static void test_at_once(void)
{
    g_autofree char *blanks = g_strnfill(1000 * 1000, ' ');
    g_autofree char *json = g_strconcat("{\"data\":[", blanks, "{\"id\":1}]}", NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
    g_autoptr(NetJsonItems) items = net_json_items_new(&in_data, bytes);

    g_assert_true(net_json_items_read(items, G_MAXINT64, NULL));
    g_assert_true(net_json_items_is_done(items));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/json-items/shapes", test_shapes);
    g_test_add_func("/net/json-items/steps", test_steps);
    g_test_add_func("/net/json-items/at-once", test_at_once);
    return g_test_run();
}
