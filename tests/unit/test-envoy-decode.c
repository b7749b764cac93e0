/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envoy-decode: the samples decode, and no shape of JSON does harm. */
#include "envoy/api/envoy-decode.h"

#include <string.h>

#include "net/net-json.h"
#include "test-util.h"

/* 2030-06-03T15:26:40Z, of the sample. */
#define SIGNED_IN_MS G_GINT64_CONSTANT(1906730800000)

static JsonNode *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    JsonNode *root = net_json_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return root;
}

static GBytes *load(const char *name)
{
    g_autofree char *path = test_data_path(name);
    char *text = NULL;
    gsize length;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &text, &length, &error);
    g_assert_no_error(error);
    return g_bytes_new_take(text, length);
}

/* (transfer full) (nullable): NULL where there is no list. */
static EnvoyPage *page_of(const NetJsonItemsKind *kind, GBytes *json)
{
    g_autoptr(NetJsonItems) items = net_json_items_new(kind, json);
    g_autoptr(JsonNode) rest = NULL;
    g_autoptr(GError) error = NULL;
    guint count = 0;
    GPtrArray *list;

    g_assert_true(net_json_items_read(items, G_MAXINT64, &error));
    g_assert_no_error(error);
    list = net_json_items_steal(items, &count, &rest);
    return list ? envoy_decode_page(list, count, rest) : NULL;
}

static EnvoyPage *load_page(const NetJsonItemsKind *kind, const char *name)
{
    g_autoptr(GBytes) json = load(name);

    return page_of(kind, json);
}

/* ---------------------------------------------------------------------------------------------------------- samples */

static void test_locations(void)
{
    g_autoptr(EnvoyPage) page = load_page(&envoy_decode_locations, "envoy/locations-list.json");
    const EnvoyLocation *office = page->items->pdata[0], *store = page->items->pdata[1];

    g_assert_cmpuint(page->items->len, ==, 2);
    g_assert_cmpuint(page->count, ==, 2);
    g_assert_cmpint(page->page, ==, 1);
    g_assert_cmpint(page->per_page, ==, 100);
    g_assert_cmpint(page->total, ==, 2);
    g_assert_cmpstr(office->id, ==, "100001");
    g_assert_cmpstr(office->name, ==, "Head Office");
    g_assert_cmpstr(office->timezone, ==, "America/Los_Angeles");
    g_assert_true(office->enabled);
    g_assert_cmpstr(store->name, ==, "Warehouse");
    g_assert_false(store->enabled);
}

static void test_flows(void)
{
    g_autoptr(EnvoyPage) page = load_page(&envoy_decode_flows, "envoy/flows-list.json");
    const EnvoyFlow *visitor = page->items->pdata[0], *employee = page->items->pdata[2], *off = page->items->pdata[3];

    g_assert_cmpuint(page->items->len, ==, 4);
    g_assert_cmpstr(visitor->id, ==, "200001");
    g_assert_cmpstr(visitor->name, ==, "Visitor");
    g_assert_cmpstr(visitor->location_id, ==, "100001");
    g_assert_true(visitor->enabled && !visitor->for_employees);
    g_assert_true(employee->enabled && employee->for_employees);
    g_assert_false(off->enabled);
    g_assert_cmpstr(off->location_id, ==, "100002");
}

static void assert_jane(const EnvoyInvite *invite)
{
    g_assert_cmpstr(invite->id, ==, "400001");
    g_assert_cmpint(invite->created_ms, ==, envoy_decode_time_ms("2030-06-01T12:00:00Z"));
    g_assert_cmpint(invite->arrival_ms, ==, envoy_decode_time_ms("2030-06-03T15:30:00Z"));
    g_assert_cmpint(invite->departure_ms, ==, envoy_decode_time_ms("2030-06-03T17:00:00Z"));
    g_assert_cmpstr(invite->flow_id, ==, "200001");
    g_assert_cmpstr(invite->location_id, ==, "100001");
    g_assert_cmpstr(invite->purpose, ==, "Visitor");
    g_assert_cmpstr(invite->approval, ==, "APPROVED");
    g_assert_cmpstr(invite->notes, ==, "Brings a laptop");
    g_assert_cmpstr(invite->name, ==, "Jane Visitor");
    g_assert_cmpstr(invite->email, ==, "jane@example.com");
    g_assert_cmpstr(invite->host, ==, "Ann Host");
    g_assert_false(invite->for_employees);
}

static void test_invites(void)
{
    g_autoptr(EnvoyPage) page = load_page(&envoy_decode_invites, "envoy/invites-list.json");
    const EnvoyInvite *sam = page->items->pdata[1];

    g_assert_cmpuint(page->items->len, ==, 2);
    g_assert_cmpint(page->per_page, ==, 20);
    assert_jane(page->items->pdata[0]);
    g_assert_cmpstr(sam->approval, ==, "PENDING");
    g_assert_cmpstr(sam->name, ==, "Sam Candidate");
    g_assert_null(sam->email);
    g_assert_null(sam->host);
    g_assert_null(sam->notes);
    g_assert_null(sam->purpose);
    g_assert_cmpint(sam->departure_ms, ==, 0);
}

static void test_one_invite(void)
{
    g_autoptr(GBytes) json = load("envoy/invite-create-response.json");
    g_autoptr(JsonNode) answer = net_json_parse(g_bytes_get_data(json, NULL), g_bytes_get_size(json), NULL);
    g_autoptr(EnvoyInvite) invite = envoy_decode_invite(envoy_decode_data(answer));

    assert_jane(invite);
}

static void test_entries(void)
{
    g_autoptr(EnvoyPage) page = load_page(&envoy_decode_entries, "envoy/entries-list.json");
    g_autoptr(EnvoyPage) later = load_page(&envoy_decode_entries, "envoy/entries-list-later.json");
    const EnvoyEntry *jane = page->items->pdata[0], *sam = page->items->pdata[1];

    g_assert_cmpuint(page->items->len, ==, 2);
    g_assert_cmpstr(jane->id, ==, "500001");
    g_assert_cmpstr(jane->name, ==, "Jane Visitor");
    g_assert_cmpstr(jane->email, ==, "jane@example.com");
    g_assert_cmpint(jane->signed_in_ms, ==, SIGNED_IN_MS);
    g_assert_cmpint(jane->signed_out_ms, ==, 0);
    g_assert_cmpstr(jane->flow_id, ==, "200001");
    g_assert_cmpstr(jane->location_id, ==, "100001");
    g_assert_cmpstr(jane->purpose, ==, "Visitor");
    g_assert_cmpstr(jane->host, ==, "Ann Host");
    g_assert_false(jane->is_delivery);
    g_assert_cmpint(sam->signed_out_ms, ==, envoy_decode_time_ms("2030-06-03T16:40:00Z"));
    g_assert_null(sam->host);
    g_assert_null(sam->email);
    jane = later->items->pdata[0];
    g_assert_cmpint(jane->signed_out_ms, ==, envoy_decode_time_ms("2030-06-03T17:02:11Z"));
}

static void test_employees(void)
{
    g_autoptr(EnvoyPage) page = load_page(&envoy_decode_employees, "envoy/employees-list.json");
    const EnvoyEmployee *ann = page->items->pdata[0];

    g_assert_cmpuint(page->items->len, ==, 1);
    g_assert_cmpstr(ann->id, ==, "300001");
    g_assert_cmpstr(ann->name, ==, "Ann Host");
    g_assert_cmpstr(ann->email, ==, "ann@example.com");
    g_assert_cmpuint(g_strv_length(ann->location_ids), ==, 2);
    g_assert_cmpstr(ann->location_ids[1], ==, "100002");
}

/* ------------------------------------------------------------------------------------------------------------ times */

static void test_times(void)
{
    static const struct {
        const char *text; /* (nullable) */
        gint64 time_ms;
    } cases[] = {
        { "2030-06-03T15:26:40Z", SIGNED_IN_MS },
        { "2030-06-03T15:26:40.000Z", SIGNED_IN_MS },
        { "2030-06-03T15:26:40.5Z", SIGNED_IN_MS + 500 },
        { "2030-06-03T15:26:40.221Z", SIGNED_IN_MS + 221 },
        { "2030-06-03T15:26:40.123456789Z", SIGNED_IN_MS + 123 },
        { "2030-06-03T17:26:40+02:00", SIGNED_IN_MS },
        { "2030-06-03T10:56:40-04:30", SIGNED_IN_MS },
        { "2030-06-03T15:26:40+00:00", SIGNED_IN_MS },
        { "2030-06-03T15:26:40-00:00", SIGNED_IN_MS },
        { "2030-06-04T05:26:40.25+14:00", SIGNED_IN_MS + 250 },
        { "2030-06-03t15:26:40z", SIGNED_IN_MS },
        { "2030-06-03 15:26:40Z", SIGNED_IN_MS },
        { "2030-06-03T15:26:40", SIGNED_IN_MS },
        { "1970-01-01T00:00:01Z", 1000 },
        { "9999-12-31T23:59:59Z", G_GINT64_CONSTANT(253402300799000) },
        { "1970-01-01T00:00:00Z", 0 },
        { "1969-12-31T23:59:59Z", 0 },
        { "0001-01-01T00:00:00Z", 0 },
        { "10000-01-01T00:00:00Z", 0 },
        { "9999-12-31T23:59:59-14:00", 0 },
        { "2030-13-03T15:26:40Z", 0 },
        { "2030-02-30T15:26:40Z", 0 },
        { "2030-06-03T25:26:40Z", 0 },
        { "2030-06-03T15:26:40+99:00", 0 },
        { "2030-06-03", 0 },
        { "15:26:40Z", 0 },
        { "tomorrow", 0 },
        { "1906730800", 0 },
        { "", 0 },
        { NULL, 0 },
        { "2030-06-03T15:26:40.0000000000000000000000000000000000000000000000000000000000000Z", 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(envoy_decode_time_ms(cases[i].text), ==, cases[i].time_ms);
    }
}

static void test_time_text(void)
{
    static const struct {
        gint64 time_ms;
        const char *text;
    } cases[] = {
        { SIGNED_IN_MS, "2030-06-03T15:26:40Z" },
        { SIGNED_IN_MS + 999, "2030-06-03T15:26:40Z" },
        { 1, "1970-01-01T00:00:00Z" },
        { -1, "1970-01-01T00:00:00Z" },
        { G_MAXINT64, "9999-12-31T23:59:59Z" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = envoy_decode_time_text(cases[i].time_ms);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

/* ------------------------------------------------------------------------------------------------- whatever is sent */

static void test_unknown(void)
{
    static const char *const members[] = {
        "",
        ",\"name\":null,\"fullName\":null,\"enabled\":null,\"type\":null,"
        "\"locationId\":null,\"flowId\":null,\"invitee\":null,\"host\":null,"
        "\"customFields\":null,\"locationIds\":null,\"signedInAt\":null,\"notes\":null",
        ",\"name\":7,\"fullName\":[],\"enabled\":\"yes\",\"type\":{},"
        "\"locationId\":[],\"flowId\":{},\"invitee\":[],\"host\":\"Ann\","
        "\"customFields\":{},\"locationIds\":{},\"signedInAt\":1906730800,"
        "\"notes\":false,\"email\":1,\"isDelivery\":1",
        ",\"name\":\" \\n\",\"fullName\":\"\",\"locationId\":\"\",\"flowId\":\"\","
        "\"invitee\":{},\"host\":{},\"customFields\":[{}],\"locationIds\":[],"
        "\"email\":\"\",\"notes\":\"\""
    };

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autofree char *text = g_strconcat("{\"id\":5", members[i], "}", NULL);
        g_autoptr(JsonNode) node = parse(text);
        g_autoptr(EnvoyLocation) location = envoy_decode_location(node);
        g_autoptr(EnvoyFlow) flow = envoy_decode_flow(node);
        g_autoptr(EnvoyInvite) invite = envoy_decode_invite(node);
        g_autoptr(EnvoyEntry) entry = envoy_decode_entry(node);
        g_autoptr(EnvoyEmployee) employee = envoy_decode_employee(node);

        g_test_message("%s", text);
        g_assert_cmpstr(location->id, ==, "5");
        g_assert_cmpstr(location->name, ==, "5");
        g_assert_true(location->enabled && flow->enabled && !flow->for_employees);
        g_assert_null(location->timezone);
        g_assert_cmpstr(flow->name, ==, "5");
        g_assert_null(flow->location_id);
        g_assert_true(!invite->name && !invite->email && !invite->host && !invite->notes && !invite->purpose);
        g_assert_true(!invite->flow_id && !invite->location_id && !invite->approval && !invite->for_employees);
        g_assert_cmpint(invite->created_ms + invite->arrival_ms + invite->departure_ms, ==, 0);
        g_assert_cmpstr(entry->name, ==, "");
        g_assert_true(!entry->email && !entry->host && !entry->flow_id && !entry->purpose && !entry->is_delivery);
        g_assert_cmpint(entry->signed_in_ms + entry->signed_out_ms, ==, 0);
        g_assert_cmpstr(employee->name, ==, "");
        g_assert_null(employee->email);
        g_assert_cmpuint(g_strv_length(employee->location_ids), ==, 0);
    }
}

static void test_no_object(void)
{
    g_autofree char *long_id = g_strnfill(ENVOY_DECODE_MAX_ID + 1, '7');
    g_autofree char *with_long_id = g_strconcat("{\"id\":\"", long_id, "\"}", NULL);
    const char *const cases[] = { "null",          "7",    "\"x\"",         "[]",          "{}",
                                  "{\"id\":null}", "[{}]", "{\"id\":\"\"}", "{\"id\":{}}", "{\"id\":true}",
                                  with_long_id };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i]);

        g_test_message("%s", cases[i]);
        g_assert_null(envoy_decode_location(node));
        g_assert_null(envoy_decode_flow(node));
        g_assert_null(envoy_decode_invite(node));
        g_assert_null(envoy_decode_entry(node));
        g_assert_null(envoy_decode_employee(node));
        g_assert_null(envoy_decode_invite(envoy_decode_data(node)));
    }
    g_assert_null(envoy_decode_entry(NULL));
    g_assert_null(envoy_decode_data(NULL));
}

static void test_ids(void)
{
    g_autoptr(JsonNode) node = parse("{\"id\":400001,\"flowId\":200001,\"locationId\":\"loc/1\","
                                     "\"locationIds\":[1,\"2\",null,{},\"\",3.0]}");
    g_autoptr(EnvoyInvite) invite = envoy_decode_invite(node);
    g_autoptr(EnvoyEmployee) employee = envoy_decode_employee(node);
    g_autofree char *ids = g_strjoinv(",", employee->location_ids);

    g_assert_cmpstr(invite->id, ==, "400001");
    g_assert_cmpstr(invite->flow_id, ==, "200001");
    g_assert_cmpstr(invite->location_id, ==, "loc/1");
    g_assert_cmpstr(ids, ==, "1,2,3");
}

static void test_texts(void)
{
    g_autoptr(JsonNode) node =
        parse("{\"id\":1,\"fullName\":\" <b>Ann</b>\\r\\n\\u202eX \",\"email\":\" a@b \",\"host\":{\"name\":\"\","
              "\"email\":\"h@x\"},\"customFields\":[null,{\"field\":7},{\"field\":\"Other\",\"value\":\"no\"},"
              "{\"field\":\"purpose of Visit\",\"value\":\" Inter\\nview \"},{\"field\":\"Purpose of visit\","
              "\"value\":\"late\"}],\"isDelivery\":true,\"type\":\"EMPLOYEE\",\"notes\":\"two\\n lines\","
              "\"approvalStatus\":\"SOMETHING_NEW\"}");
    g_autoptr(EnvoyEntry) entry = envoy_decode_entry(node);
    g_autoptr(EnvoyInvite) invite = envoy_decode_invite(node);

    g_assert_cmpstr(entry->name, ==, "<b>Ann</b> X");
    g_assert_cmpstr(entry->email, ==, "a@b");
    g_assert_cmpstr(entry->host, ==, "h@x");
    g_assert_cmpstr(entry->purpose, ==, "Inter view");
    g_assert_true(entry->is_delivery);
    g_assert_true(invite->for_employees);
    g_assert_cmpstr(invite->notes, ==, "two\n lines");
    g_assert_cmpstr(invite->approval, ==, "SOMETHING_NEW");
}

/* Also where a character has several bytes, and where nearly all of a text is cleaned away. */
static void test_limits(void)
{
    GString *wide = g_string_new(NULL);
    g_autofree char *blanks = g_strnfill(1000 * 1000, ' ');
    g_autofree char *text = NULL;
    g_autoptr(JsonNode) node = NULL;
    g_autoptr(EnvoyInvite) invite = NULL;
    g_autoptr(EnvoyEntry) entry = NULL;

    for (int i = 0; i < 100 * 1000; i++)
        g_string_append(wide, "\xe2\x82\xac");
    text = g_strdup_printf("{\"id\":1,\"fullName\":\"%s\",\"email\":\"%s\",\"notes\":\"%s\",\"approvalStatus\":\"%sx\","
                           "\"invitee\":{\"name\":\"%s\"},\"flowId\":\"%s\"}",
                           wide->str, wide->str, wide->str, blanks, wide->str, wide->str);
    g_string_free(wide, TRUE);
    node = parse(text);
    invite = envoy_decode_invite(node);
    entry = envoy_decode_entry(node);
    g_assert_cmpint(g_utf8_strlen(entry->name, -1), ==, ENVOY_DECODE_MAX_NAME);
    g_assert_true(g_utf8_validate(entry->name, -1, NULL));
    g_assert_null(entry->email);
    g_assert_null(entry->flow_id);
    g_assert_cmpint(g_utf8_strlen(invite->name, -1), ==, ENVOY_DECODE_MAX_NAME);
    g_assert_cmpint(g_utf8_strlen(invite->notes, -1), ==, ENVOY_DECODE_MAX_NOTES);
    g_assert_null(invite->approval);
}

/* The rest of a list is kept. */
static void test_rest_is_kept(void)
{
    static const char json[] = "{\"data\":[null,{\"name\":\"no id\"},{\"id\":1},7,{\"id\":2,\"name\":[]}],\"meta\":7}";
    g_autoptr(GBytes) bytes = g_bytes_new_static(json, strlen(json));
    g_autoptr(EnvoyPage) page = page_of(&envoy_decode_employees, bytes);

    g_assert_cmpuint(page->count, ==, 5);
    g_assert_cmpuint(page->items->len, ==, 2);
    g_assert_cmpstr(((const EnvoyEmployee *)page->items->pdata[1])->id, ==, "2");
    g_assert_cmpint(page->page, ==, -1);
    g_assert_cmpint(page->per_page, ==, -1);
    g_assert_cmpint(page->total, ==, -1);
}

static void test_meta(void)
{
    static const struct {
        const char *meta;
        gint64 page, per_page, total;
    } cases[] = {
        { "{\"page\":2,\"perPage\":30,\"total\":61}", 2, 30, 61 },
        { "{\"page\":\"2\",\"perPage\":null,\"total\":0}", 2, -1, 0 },
        { "{\"page\":-2,\"perPage\":1e300,\"total\":99999999999999999999}", -1, -1, -1 },
        { "{\"total\":9223372036854775807}", -1, -1, -1 },
        { "null", -1, -1, -1 },
        { "[]", -1, -1, -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *json = g_strconcat("{\"data\":[],\"meta\":", cases[i].meta, "}", NULL);
        g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
        g_autoptr(EnvoyPage) page = page_of(&envoy_decode_flows, bytes);

        g_test_message("%s", json);
        g_assert_cmpint(page->page, ==, cases[i].page);
        g_assert_cmpint(page->per_page, ==, cases[i].per_page);
        g_assert_cmpint(page->total, ==, cases[i].total);
    }
}

static void test_most_items(void)
{
    g_autoptr(GString) json = g_string_new("{\"data\":[{\"id\":0}");
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(EnvoyPage) page = NULL;

    for (guint i = 1; i < ENVOY_DECODE_MAX_LIST + 10; i++)
        g_string_append_printf(json, ",{\"id\":%u}", i);
    g_string_append(json, "]}");
    bytes = g_bytes_new(json->str, json->len);
    page = page_of(&envoy_decode_flows, bytes);
    g_assert_cmpuint(page->items->len, ==, ENVOY_DECODE_MAX_LIST);
    g_assert_cmpuint(page->count, ==, ENVOY_DECODE_MAX_LIST + 10);
}

/* Each sample with one byte of it gone. */
static void test_damaged(void)
{
    static const struct {
        const char *sample;
        const NetJsonItemsKind *kind;
    } cases[] = {
        { "envoy/locations-list.json", &envoy_decode_locations }, { "envoy/flows-list.json", &envoy_decode_flows },
        { "envoy/invites-list.json", &envoy_decode_invites },     { "envoy/entries-list.json", &envoy_decode_entries },
        { "envoy/employees-list.json", &envoy_decode_employees },
    };
    guint good = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) json = load(cases[i].sample);
        gsize length = g_bytes_get_size(json);

        for (gsize gone = 0; gone < length; gone++) {
            g_autoptr(GString) text = g_string_new_len(g_bytes_get_data(json, NULL), (gssize)length);
            g_autoptr(GBytes) bytes = NULL;
            g_autoptr(NetJsonItems) items = NULL;

            g_string_erase(text, (gssize)gone, 1);
            bytes = g_bytes_new(text->str, text->len);
            items = net_json_items_new(cases[i].kind, bytes);
            good += net_json_items_read(items, G_MAXINT64, NULL);
        }
    }
    g_assert_cmpuint(good, >, 100);
}

static void test_free_nothing(void)
{
    envoy_location_free(NULL);
    envoy_flow_free(NULL);
    envoy_invite_free(NULL);
    envoy_entry_free(NULL);
    envoy_employee_free(NULL);
    envoy_page_free(NULL);
    envoy_list_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envoy/decode/locations", test_locations);
    g_test_add_func("/envoy/decode/flows", test_flows);
    g_test_add_func("/envoy/decode/invites", test_invites);
    g_test_add_func("/envoy/decode/one-invite", test_one_invite);
    g_test_add_func("/envoy/decode/entries", test_entries);
    g_test_add_func("/envoy/decode/employees", test_employees);
    g_test_add_func("/envoy/decode/times", test_times);
    g_test_add_func("/envoy/decode/time-text", test_time_text);
    g_test_add_func("/envoy/decode/unknown", test_unknown);
    g_test_add_func("/envoy/decode/no-object", test_no_object);
    g_test_add_func("/envoy/decode/ids", test_ids);
    g_test_add_func("/envoy/decode/texts", test_texts);
    g_test_add_func("/envoy/decode/limits", test_limits);
    g_test_add_func("/envoy/decode/rest-is-kept", test_rest_is_kept);
    g_test_add_func("/envoy/decode/meta", test_meta);
    g_test_add_func("/envoy/decode/most-items", test_most_items);
    g_test_add_func("/envoy/decode/damaged", test_damaged);
    g_test_add_func("/envoy/decode/free-nothing", test_free_nothing);
    return g_test_run();
}
