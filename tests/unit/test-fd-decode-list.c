/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-decode-list: what is decoded step by step is what would be decoded at once. */
#include "flowdock/api/fd-decode-list.h"

#include <string.h>

#include "flowdock/api/fd-decode.h"
#include "net/net-error.h"
#include "net/net-json.h"
#include "test-util.h"

#define ROUNDS 200

static const struct {
    const char *name;
    FdDecodeKind kind;
} kinds[] = { { "users", FD_DECODE_USERS }, { "flows", FD_DECODE_FLOWS }, { "organizations", FD_DECODE_ORGS } };

/* --------------------------------------------------------------------------------------------- all that was decoded */

static void append_text(GString *all, const char *text)
{
    g_string_append_printf(all, "%s|", text ? text : "(none)");
}

static void append_user(GString *all, const FdUser *user)
{
    g_string_append_printf(all, "user %" G_GINT64_FORMAT "|", user->id);
    append_text(all, user->nick);
    append_text(all, user->name);
    append_text(all, user->email);
    append_text(all, user->avatar);
    append_text(all, user->website);
    append_text(all, user->status);
    g_string_append_printf(all, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d%d%d\n", user->last_activity_ms,
                           user->last_ping_ms, user->admin, user->disabled, user->in_flow);
}

static void append_people(GString *all, GPtrArray *people)
{
    g_string_append(all, people ? "{\n" : "no people\n");
    for (guint i = 0; people && i < people->len; i++)
        append_user(all, people->pdata[i]);
    g_string_append(all, people ? "}\n" : "");
}

static void append_flow(GString *all, const FdFlow *flow)
{
    append_text(all, flow->id);
    append_text(all, flow->path);
    append_text(all, flow->name);
    append_text(all, flow->org_name);
    append_text(all, flow->url);
    append_text(all, flow->web_url);
    append_text(all, flow->access_mode);
    g_string_append_printf(all, "%" G_GINT64_FORMAT " %d%d%d%d ", flow->org_id, flow->open, flow->open_told,
                           flow->joined, flow->archived);
    append_people(all, flow->users);
}

static void append_org(GString *all, const FdOrg *org)
{
    g_string_append_printf(all, "%" G_GINT64_FORMAT "|", org->id);
    append_text(all, org->slug);
    append_text(all, org->name);
    append_people(all, org->users);
}

static void append_one(GString *all, FdDecodeKind kind, gconstpointer one)
{
    if (kind == FD_DECODE_USERS)
        append_user(all, one);
    else if (kind == FD_DECODE_FLOWS)
        append_flow(all, one);
    else
        append_org(all, one);
}

/* (transfer full): @json as a tree, and then each element of that. */
static char *decode_at_once(FdDecodeKind kind, const char *json)
{
    g_autoptr(JsonNode) root = net_json_parse(json, strlen(json), NULL);
    GString *all;

    if (!root)
        return g_strdup("no JSON");
    if (!JSON_NODE_HOLDS_ARRAY(root))
        return g_strdup("no list");
    all = g_string_new(NULL);
    for (guint i = 0; i < json_array_get_length(json_node_get_array(root)); i++) {
        JsonNode *element = json_array_get_element(json_node_get_array(root), i);
        g_autoptr(FdUser) user = kind == FD_DECODE_USERS ? fd_decode_user(element) : NULL;
        g_autoptr(FdFlow) flow = kind == FD_DECODE_FLOWS ? fd_decode_flow(element) : NULL;
        g_autoptr(FdOrg) org = kind == FD_DECODE_ORGS ? fd_decode_org(element) : NULL;

        if (user)
            append_user(all, user);
        if (flow)
            append_flow(all, flow);
        if (org)
            append_org(all, org);
    }
    return g_string_free(all, FALSE);
}

/* (transfer full) (nullable): NULL with an error, or when the text is no list. Each step is as short as can be. */
static GPtrArray *read_list(FdDecodeKind kind, const char *json, guint *steps, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
    g_autoptr(NetJsonItems) list = net_json_items_new(fd_decode_list_kind(kind), bytes);

    for (*steps = 1; net_json_items_read(list, 0, error); ++*steps) {
        if (net_json_items_is_done(list))
            return net_json_items_steal(list, NULL, NULL);
    }
    g_assert_false(net_json_items_is_done(list));
    return NULL;
}

static char *decode_in_steps(FdDecodeKind kind, const char *json)
{
    g_autoptr(GError) error = NULL;
    guint steps;
    g_autoptr(GPtrArray) list = read_list(kind, json, &steps, &error);
    GString *all;

    if (error) {
        g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
        return g_strdup("no JSON");
    }
    if (!list)
        return g_strdup("no list");
    all = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++)
        append_one(all, kind, list->pdata[i]);
    return g_string_free(all, FALSE);
}

static void assert_same(const char *json)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *at_once = decode_at_once(kinds[i].kind, json);
        g_autofree char *in_steps = decode_in_steps(kinds[i].kind, json);

        g_test_message("%s of %.2000s", kinds[i].name, json);
        g_assert_cmpstr(in_steps, ==, at_once);
    }
}

/* ---------------------------------------------------------------------------------------------------------- tests */

static void assert_same_below(const char *folder, guint *files)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;

        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            assert_same_below(path, files);
        } else if (g_str_has_suffix(name, ".json") && g_file_get_contents(path, &text, NULL, NULL)) {
            g_autofree char *twice = g_strconcat("[", text, ",", text, "]", NULL);
            g_autofree char *as_people = g_strconcat("[{\"id\":1,\"parameterized_name\":\"x\",\"users\":", text,
                                                     ",\"url\":\"https://x.example/flows/a/b\"}]", NULL);

            g_test_message("%s", path);
            assert_same(text);
            assert_same(twice);
            assert_same(as_people);
            ++*files;
        }
    }
}

/* Whatever is in tests/data, as it is and in lists. */
static void test_samples(void)
{
    g_autofree char *folder = test_data_path(".");
    guint files = 0;

    assert_same_below(folder, &files);
    g_assert_cmpuint(files, >, 50);
}

static const char *const members[] = {
    "\"id\":7",
    "\"id\":\"deadbeef\"",
    "\"id\":null",
    "\"nick\":\"Ann\"",
    "\"name\":\"An \\u00e9\\ud83d\\ude00\"",
    "\"email\":\"ann@example.com\"",
    "\"avatar\":\"https://example.com/a/\"",
    "\"status\":\" at\\nlunch \"",
    "\"last_activity\":1334660642345",
    "\"parameterized_name\":\"acme\"",
    "\"parameterized_name\":\"..\"",
    "\"organization\":{\"id\":8,\"name\":\"Acme\",\"parameterized_name\":\"acme\",\"users\":[{\"id\":5}]}",
    "\"organization\":\"Acme\"",
    "\"url\":\"https://api.example.com/flows/acme/main\"",
    "\"open\":true",
    "\"joined\":false",
    "\"disabled\":true",
    "\"admin\":true",
    "\"users\":null",
    "\"users\":{\"users\":[{\"id\":6}]}",
    "\"users\":[]",
    "\"users\":[null,7,[{\"id\":1}],{\"id\":0},{\"nick\":\"Bob\",\"id\":2},{\"id\":\"3\",\"users\":[{\"id\":4}]}]",
    "\"\\u0075sers\":[{\"id\":9,\"admin\":true},{\"id\":10}]",
    "\"other\":[{\"users\":[{\"id\":11}]}]",
};

/* Long enough that a step of the reading ends here and there. */
static void append_blanks(GString *text, GRand *dice)
{
    for (int count = g_rand_int_range(dice, 0, 5) ? 0 : g_rand_int_range(dice, 0, 5000); count > 0; count--)
        g_string_append_c(text, ' ');
}

static void test_random(void)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);

    g_test_message("seed %u", seed);
    for (guint round = 0; round < ROUNDS; round++) {
        g_autoptr(GString) text = g_string_new("[");

        for (int i = g_rand_int_range(dice, 0, 6); i > 0; i--) {
            g_string_append(text, text->len > 1 ? ",{" : "{");
            for (int k = g_rand_int_range(dice, 0, 9); k > 0; k--) {
                append_blanks(text, dice);
                g_string_append(text, members[g_rand_int_range(dice, 0, G_N_ELEMENTS(members))]);
                append_blanks(text, dice);
                g_string_append(text, k > 1 ? "," : "");
            }
            g_string_append_c(text, '}');
        }
        g_string_append_c(text, ']');
        assert_same(text->str);
        /* And with something wrong somewhere. */
        g_string_erase(text, g_rand_int_range(dice, 0, (gint32)text->len), 1);
        assert_same(text->str);
    }
}

static void test_people(void)
{
    static const struct {
        const char *name, *users; /* before, after, or around the other members */
        int people;               /* -1: no list */
    } cases[] = {
        { "none", "\"a\":1", -1 },
        { "no list", "\"users\":{}", -1 },
        { "null", "\"users\":null", -1 },
        { "empty", "\"users\":[]", 0 },
        { "some", "\"users\":[{\"id\":1},null,{\"id\":2}]", 2 },
        { "two lists", "\"users\":[{\"id\":1}],\"users\":[{\"id\":2},{\"id\":3}]", 2 },
        { "then empty", "\"users\":[{\"id\":1}],\"users\":[]", 0 },
        { "then none", "\"users\":[{\"id\":1}],\"users\":7", -1 },
        { "at last a list", "\"users\":7,\"users\":[{\"id\":1}]", 1 },
        { "another spelling", "\"users\":[{\"id\":1}],\"\\u0075sers\":[]", 0 },
    };
    static const char rest[] = "\"id\":8,\"parameterized_name\":\"main\",\"url\":\"https://x.example/flows/acme/main\"";

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize first = 0; first < 2; first++) {
            g_autofree char *json = g_strdup_printf("[{\"users\":[{\"id\":9}]},{%s,%s},{\"id\":1}]",
                                                    first ? cases[i].users : rest, first ? rest : cases[i].users);
            guint steps;
            g_autoptr(GPtrArray) flows = read_list(FD_DECODE_FLOWS, json, &steps, NULL);
            g_autoptr(GPtrArray) orgs = read_list(FD_DECODE_ORGS, json, &steps, NULL);
            GPtrArray *in_flow = ((const FdFlow *)flows->pdata[0])->users;

            g_test_message("%s", cases[i].name);
            g_assert_cmpuint(flows->len, ==, 1);
            g_assert_cmpuint(orgs->len, ==, 1);
            g_assert_cmpint(in_flow ? (int)in_flow->len : -1, ==, cases[i].people);
            g_assert_cmpint((int)((const FdOrg *)orgs->pdata[0])->users->len, ==, MAX(cases[i].people, 0));
        }
    }
}

static void test_no_list(void)
{
    static const char *const cases[] = { "{}", "{\"users\":[{\"id\":1}]}", "null", "12", "\"[]\"" };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
            g_autofree char *result = decode_in_steps(kinds[k].kind, cases[i]);

            g_test_message("%s: %s", kinds[k].name, cases[i]);
            g_assert_cmpstr(result, ==, "no list");
        }
    }
}

/* (transfer full): @before, then so often @element, and what closes the brackets. */
static char *repeat(const char *before, const char *element, guint times, const char *after)
{
    GString *text = g_string_new(before);

    for (guint i = 0; i < times; i++)
        g_string_append_printf(text, "%s%s", i ? "," : "", element);
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

/* Also those count that are left out. */
static void test_limits(void)
{
    static const char last[] = ",{\"id\":5,\"parameterized_name\":\"a\"},{\"id\":6,\"parameterized_name\":\"b\"}]";
    g_autofree char *list = repeat("[", "null", FD_DECODE_MAX_LIST - 1, last);
    g_autofree char *nested = g_strconcat("[{\"id\":8,\"parameterized_name\":\"c\",\"users\":", list,
                                          "},{\"id\":9,\"parameterized_name\":\"d\",\"users\":[{\"id\":7}]}]", NULL);
    guint steps;
    g_autoptr(GPtrArray) users = read_list(FD_DECODE_USERS, list, &steps, NULL);
    g_autoptr(GPtrArray) orgs = read_list(FD_DECODE_ORGS, list, &steps, NULL);
    g_autoptr(GPtrArray) with_people = read_list(FD_DECODE_ORGS, nested, &steps, NULL);
    GPtrArray *people;

    g_assert_cmpuint(users->len, ==, 1);
    g_assert_cmpint(((const FdUser *)users->pdata[0])->id, ==, 5);
    g_assert_cmpuint(orgs->len, ==, 1);
    g_assert_cmpint(((const FdOrg *)orgs->pdata[0])->id, ==, 5);
    g_assert_cmpuint(with_people->len, ==, 2);
    people = ((const FdOrg *)with_people->pdata[0])->users;
    g_assert_cmpuint(people->len, ==, 1);
    g_assert_cmpint(((const FdUser *)people->pdata[0])->id, ==, 5);
    g_assert_cmpuint(((const FdOrg *)with_people->pdata[1])->users->len, ==, 1);
}

/* However far it came before; and nothing of a list is left over, as the sanitiser would tell. */
static void test_wrong_at_the_end(void)
{
    static const char *const ends[] = { "", "}", "]", "]}", "]}]]", "]}] x", "]}],", "],}]", "]},]", ",]}]", "\"" };
    guint steps;

    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *json =
            repeat("[{\"id\":8,\"parameterized_name\":\"a\",\"users\":[", "{\"id\":1}", 2000, ends[i]);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", ends[i]);
        g_assert_null(read_list(FD_DECODE_ORGS, json, &steps, &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
        g_assert_cmpuint(steps, >, 3);
    }
}

/* A step is short also where a single element is long. */
static void test_long_element(void)
{
    g_autofree char *json = repeat("[{\"id\":8,\"parameterized_name\":\"a\",\"users\":[", "{\"id\":1}", 2000, "]}]");
    guint steps;
    g_autoptr(GPtrArray) orgs = read_list(FD_DECODE_ORGS, json, &steps, NULL);

    g_assert_cmpuint(((const FdOrg *)orgs->pdata[0])->users->len, ==, 2000);
    g_assert_cmpuint(steps, >, 3);
}

static void test_give_up(void)
{
    g_autofree char *json = repeat("[{\"id\":8,\"parameterized_name\":\"a\",\"users\":[", "{\"id\":1}", 1000, "]},{}]");
    guint all, steps;
    g_autoptr(GPtrArray) orgs = read_list(FD_DECODE_ORGS, json, &all, NULL);

    g_assert_nonnull(orgs);
    for (steps = 0; steps <= all; steps++) {
        g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
        g_autoptr(NetJsonItems) list = net_json_items_new(fd_decode_list_kind(FD_DECODE_ORGS), bytes);

        for (guint i = 0; i < steps; i++)
            g_assert_true(net_json_items_read(list, 0, NULL));
        g_assert_true(net_json_items_is_done(list) == (steps == all));
    }
    net_json_items_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/decode-list/samples", test_samples);
    g_test_add_func("/flowdock/decode-list/random", test_random);
    g_test_add_func("/flowdock/decode-list/people", test_people);
    g_test_add_func("/flowdock/decode-list/no-list", test_no_list);
    g_test_add_func("/flowdock/decode-list/limits", test_limits);
    g_test_add_func("/flowdock/decode-list/wrong-at-the-end", test_wrong_at_the_end);
    g_test_add_func("/flowdock/decode-list/long-element", test_long_element);
    g_test_add_func("/flowdock/decode-list/give-up", test_give_up);
    return g_test_run();
}
