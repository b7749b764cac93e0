/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-json: every kind of document and member; GLib's test framework fails on any warning. */
#include "net/net-json.h"

#include <string.h>

#include "net/net-error.h"

static JsonNode *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    JsonNode *root = net_json_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return root;
}

static void test_refused(void)
{
    static const struct {
        const char *name, *text;
        gsize length; /* 0: all */
    } cases[] = {
        { "empty", "", 0 },
        { "blank", " \n", 0 },
        { "HTML", "<html><body>", 0 },
        { "cut", "{\"a\":1", 0 },
        { "cut in a string", "{\"a", 0 },
        { "cut in an escape", "\"\\", 0 },
        { "cut in a code", "\"\\u12", 0 },
        { "wrong code", "[\"\\u00zz\"]", 0 },
        { "octal escape", "[\"\\300\"]", 0 },
        { "unknown escape", "[\"\\q\"]", 0 },
        { "closed too often", "[]]", 0 },
        { "only closed", "]", 0 },
        { "two documents", "{}{}", 0 },
        { "something behind", "{} x", 0 },
        { "comment", "/* \" */ [1]", 0 },
        { "line comment", "// \"\n[1]", 0 },
        { "assignment", "var a = [1];", 0 },
        { "single quotes", "['a']", 0 },
        { "hexadecimal", "[0x10]", 0 },
        { "no number", "[NaN]", 0 },
        { "comma at the end", "[1,]", 0 },
        { "control character", "[\"a\nb\"]", 0 },
        { "the last control character", "[\"a\x1f\"]", 0 },
        { "escaped control character", "[\"a\\\nb\"]", 0 },
        { "NUL", "[1]\0", 4 },
        { "NUL in a string", "[\"a\0b\"]", 7 },
        { "not UTF-8", "[\"\xff\"]", 0 },
        { "half a character", "[\"\xc3\"]", 0 },
        { "mark of byte order", "\xef\xbb\xbf[]", 0 },
        { "two numbers", "1 2", 0 },
        { "cut in a word", "tru", 0 },
        { "more than a word", "[truex]", 0 },
        { "large letters", "[True]", 0 },
        { "a nought in front", "[01]", 0 },
        { "a plus in front", "[+1]", 0 },
        { "only a sign", "[-]", 0 },
        { "no digit before the point", "[.5]", 0 },
        { "no digit behind the point", "[1.]", 0 },
        { "no digit in the exponent", "[1e]", 0 },
        { "no digit behind its sign", "[1e+]", 0 },
        { "cut behind a sign", "-", 0 },
        { "cut behind a point", "1.", 0 },
        { "comma first", "[,1]", 0 },
        { "two commas", "[1,,2]", 0 },
        { "no comma", "[1 2]", 0 },
        { "comma outside", "1,", 0 },
        { "comma in an empty object", "{,}", 0 },
        { "comma at an object's end", "{\"a\":1,}", 0 },
        { "no name", "{1:2}", 0 },
        { "name without quotes", "{a:2}", 0 },
        { "no colon", "{\"a\" 2}", 0 },
        { "no value", "{\"a\":}", 0 },
        { "only a name", "{\"a\"}", 0 },
        { "colon in an array", "[\"a\":1]", 0 },
        { "wrong bracket", "[1}", 0 },
        { "wrong bracket of an object", "{\"a\":1]", 0 },
        { "cut behind a backslash", "[\"a\\", 0 },
        { "cut behind a comma", "[1,", 0 },
        { "cut behind a colon", "{\"a\":", 0 },
        { "surrogate in UTF-8", "[\"\xed\xa0\x80\"]", 0 },
        { "character in too many bytes", "[\"\xc0\xaf\"]", 0 },
        { "escape within a character", "[\"\xc3\\n\"]", 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = cases[i].length ? cases[i].length : strlen(cases[i].text);
        /* Exactly so long, for the sanitiser to see any look behind it. */
        g_autofree char *exact = g_memdup2(cases[i].text, length);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].name);
        g_assert_null(net_json_parse(length ? exact : "", length, &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
    }
}

static char *nested(guint depth, const char *open, const char *inside, const char *close)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < depth; i++)
        g_string_append(text, open);
    g_string_append(text, inside);
    for (guint i = 0; i < depth; i++)
        g_string_append(text, close);
    return g_string_free(text, FALSE);
}

static void test_depth(void)
{
    g_autofree char *deepest = nested(NET_JSON_MAX_DEPTH, "[", "", "]");
    g_autofree char *too_deep = nested(NET_JSON_MAX_DEPTH + 1, "[", "", "]");
    g_autofree char *objects = nested(NET_JSON_MAX_DEPTH + 1, "{\"a\":", "1", "}");
    g_autofree char *bottomless = nested(1000 * 1000, "[", "", "");
    g_autofree char *wide = nested(1000, "[1],", "[2]", "");
    g_autofree char *in_string = nested(1000, "[", "", "");
    g_autofree char *quoted = g_strconcat("[\"\\\"", in_string, "\"]", NULL);
    g_autofree char *array = g_strconcat("[", wide, "]", NULL);
    const char *const bad[] = { too_deep, objects, bottomless };
    g_autoptr(JsonNode) one = parse(deepest);
    g_autoptr(JsonNode) other = parse(quoted);
    g_autoptr(JsonNode) third = parse(array);

    g_assert_nonnull(one);
    g_assert_nonnull(other);
    g_assert_nonnull(third);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(net_json_parse(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
    }
}

static void test_strings(void)
{
    static const struct {
        const char *text, *value;
    } cases[] = {
        { "\"plain\"", "plain" },
        { "\"\"", "" },
        { "\"caf\xc3\xa9\"", "caf\xc3\xa9" },
        { "\"caf\\u00e9\"", "caf\xc3\xa9" },
        { "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
        { "\"\\\"\\\\\\/\\n\\t\"", "\"\\/\n\t" },
        { "\"a\\u0000b\"", "a\xef\xbf\xbd"
                           "b" },
        { "\"\\ud800\"", "\xef\xbf\xbd" },
        { "\"\\udc00x\"", "\xef\xbf\xbdx" },
        { "\"\\ud800\\u0041\"", "\xef\xbf\xbd"
                                "A" },
        { "\"\\ud800\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
        { "\"\\ud83d\\n\"", "\xef\xbf\xbd\n" },
        { "\" \x7f\"", " \x7f" },
        { "1", NULL },
        { "null", NULL },
        { "true", NULL },
        { "[\"a\"]", NULL },
        { "{\"a\":\"b\"}", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"a\":%s}", cases[i].text);
        g_autoptr(JsonNode) root = parse(text);

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(net_json_string(net_json_object_of(root), "a"), ==, cases[i].value);
    }
}

/* Whatever was read before. */
static void test_long_strings(void)
{
    for (gsize length = 0; length < 1200; length++) {
        g_autofree char *value = g_strnfill(length, 'x');
        g_autofree char *text = g_strdup_printf("{\"a\":\"%s\",\"b\":\"\\n%s\"}", value, value);
        g_autoptr(JsonNode) root = parse(text);

        g_assert_cmpstr(net_json_string(net_json_object_of(root), "a"), ==, value);
        g_assert_cmpstr(net_json_string(net_json_object_of(root), "b") + 1, ==, value);
    }
}

static void test_ints(void)
{
    static const struct {
        const char *text;
        gint64 value; /* -7: the fallback */
    } cases[] = {
        { "1", 1 },
        { "0", 0 },
        { "-12", -12 },
        { "9223372036854775807", G_MAXINT64 },
        { "9223372036854775808", -7 },
        { "18446744073709551615", -7 },
        { "-9223372036854775807", -G_MAXINT64 },
        { "-9223372036854775808", G_MININT64 },
        { "-9223372036854775809", -7 },
        { "-0", 0 },
        { "-99999999999999999999", -7 },
        { "123456789012345678901234567890", -7 },
        { "1.9", 1 },
        { "-1.9", -1 },
        { "1e3", 1000 },
        { "9.3e18", -7 },
        { "-9.3e18", -7 },
        { "1e400", -7 },
        { "-1e400", -7 },
        { "12345678901234567890.5", -7 },
        { "\"42\"", 42 },
        { "\"-42\"", -42 },
        { "\"+42\"", 42 },
        { "\"007\"", 7 },
        { "\"9223372036854775807\"", G_MAXINT64 },
        { "\"-9223372036854775808\"", G_MININT64 },
        { "\"9223372036854775808\"", -7 },
        { "\"-9223372036854775809\"", -7 },
        { "\"00000000000000000000000000000000000000001\"", -7 },
        { "\"\"", -7 },
        { "\"-\"", -7 },
        { "\" 1\"", -7 },
        { "\"1 \"", -7 },
        { "\"1.5\"", -7 },
        { "\"0x1\"", -7 },
        { "\"--1\"", -7 },
        { "\"one\"", -7 },
        { "true", -7 },
        { "null", -7 },
        { "[1]", -7 },
        { "{}", -7 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"a\":%s}", cases[i].text);
        g_autoptr(JsonNode) root = parse(text);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(net_json_int(net_json_object_of(root), "a", -7), ==, cases[i].value);
    }
}

/* A bare number ends with the document: nothing behind it may be looked at. */
static void test_bare(void)
{
    g_autoptr(JsonNode) number = parse("12");
    g_autoptr(JsonNode) large = parse("123456789012345678901234567890");
    g_autoptr(JsonNode) text = parse("\"12\"");

    g_assert_cmpint(net_json_node_int(number, 0), ==, 12);
    g_assert_cmpint(net_json_node_int(large, -7), ==, -7);
    g_assert_cmpint(net_json_node_int(text, 0), ==, 12);
    g_assert_cmpint(net_json_node_int(NULL, -7), ==, -7);
    g_assert_null(net_json_object_of(number));
    g_assert_null(net_json_object_of(NULL));
}

static void test_ids(void)
{
    static const struct {
        const char *text, *id;
    } cases[] = {
        { "\"acme:main\"", "acme:main" },
        { "12", "12" },
        { "-1", "-1" },
        { "0", "0" },
        { "1e3", "1000" },
        { "1.5", NULL },
        { "1e99", NULL },
        { "\"\"", NULL },
        { "null", NULL },
        { "false", NULL },
        { "[]", NULL },
        { "{}", NULL },
        { "\"012\"", "012" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"a\":%s}", cases[i].text);
        g_autoptr(JsonNode) root = parse(text);
        g_autofree char *id = net_json_id_text(net_json_object_of(root), "a");

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(id, ==, cases[i].id);
    }
}

static void test_members(void)
{
    g_autoptr(JsonNode) root = parse("{\"t\":true,\"f\":false,\"o\":{\"x\":1},\"a\":[1,2],\"n\":null,\"s\":\"true\"}");
    JsonObject *object = net_json_object_of(root);

    g_assert_true(net_json_bool(object, "t", FALSE));
    g_assert_false(net_json_bool(object, "f", TRUE));
    g_assert_true(net_json_bool(object, "n", TRUE));
    g_assert_false(net_json_bool(object, "s", FALSE));
    g_assert_cmpint(net_json_int(net_json_object(object, "o"), "x", 0), ==, 1);
    g_assert_cmpuint(json_array_get_length(net_json_array(object, "a")), ==, 2);
    g_assert_null(net_json_object(object, "a"));
    g_assert_null(net_json_array(object, "o"));
    g_assert_null(net_json_node(object, "n"));
    g_assert_null(net_json_node(object, "missing"));
    g_assert_nonnull(net_json_node(object, "s"));
}

static void test_same_name(void)
{
    g_autoptr(JsonNode) root = parse("{\"a\":1,\"b\":2,\"\\u0061\":[3],\"\":4}");
    JsonObject *object = net_json_object_of(root);

    g_assert_cmpuint(json_array_get_length(net_json_array(object, "a")), ==, 1);
    g_assert_cmpint(net_json_int(object, "b", 0), ==, 2);
    g_assert_cmpint(net_json_int(object, "", 0), ==, 4);
    g_assert_cmpuint(json_object_get_size(object), ==, 3);
}

static void test_no_object(void)
{
    g_assert_null(net_json_string(NULL, "a"));
    g_assert_true(net_json_bool(NULL, "a", TRUE));
    g_assert_null(net_json_object(NULL, "a"));
    g_assert_null(net_json_array(NULL, "a"));
    g_assert_null(net_json_node(NULL, "a"));
    g_assert_cmpint(net_json_int(NULL, "a", 3), ==, 3);
    g_assert_null(net_json_id_text(NULL, "a"));
    g_assert_null(net_json_node_id_text(NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/json/refused", test_refused);
    g_test_add_func("/net/json/depth", test_depth);
    g_test_add_func("/net/json/strings", test_strings);
    g_test_add_func("/net/json/long-strings", test_long_strings);
    g_test_add_func("/net/json/ints", test_ints);
    g_test_add_func("/net/json/bare", test_bare);
    g_test_add_func("/net/json/ids", test_ids);
    g_test_add_func("/net/json/members", test_members);
    g_test_add_func("/net/json/same-name", test_same_name);
    g_test_add_func("/net/json/no-object", test_no_object);
    return g_test_run();
}
