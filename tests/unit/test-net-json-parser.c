/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-json-parser: takes what is JSON and nothing else, wherever it stops, and gives lists away element by element. */
#include "net/net-json-parser.h"

#include <string.h>

#include "net/net-error.h"
#include "net/net-json.h"

#define ROUNDS 500

/* ----------------------------------------------------------------------------------------- documents, made at random */

static const char *const scalars[] = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "12",
    "1.5",
    "-0.25e-3",
    "1E5",
    "4294967296",
    "\"\"",
    "\"x\"",
    "\"\\n\"",
    "\"\\\"]\"",
    "\"{,\"",
    "\"\\\\\"",
    "\"caf\xc3\xa9\"",
    "\"\\u00e9\\u20ac\"",
    "\"users\"",
    "\"\\/\"",
};

static const char *const names[] = {
    "\"id\"", "\"users\"", "\"\\u0075sers\"", "\"a\"", "\"\"", "\"\xf0\x9f\x98\x80\""
};

static const char *const blanks[] = { "", "", "", " ", "\n\t", "\r\n  " };

#define PICK(dice, list) ((list)[g_rand_int_range(dice, 0, G_N_ELEMENTS(list))])

static void append_value(GString *text, GRand *dice, guint depth)
{
    int kind = g_rand_int_range(dice, 0, depth > 0 ? 5 : 2);
    int count = g_rand_int_range(dice, 0, 4);

    g_string_append(text, PICK(dice, blanks));
    if (kind < 2) {
        g_string_append(text, PICK(dice, scalars));
    } else {
        g_string_append_c(text, kind == 2 ? '[' : '{');
        for (int i = 0; i < count; i++) {
            g_string_append(text, i ? "," : "");
            if (kind > 2)
                g_string_append_printf(text, "%s%s%s:", PICK(dice, blanks), PICK(dice, names), PICK(dice, blanks));
            append_value(text, dice, depth - 1);
        }
        g_string_append(text, PICK(dice, blanks));
        g_string_append_c(text, kind == 2 ? ']' : '}');
    }
    g_string_append(text, PICK(dice, blanks));
}

/* (transfer full): a list of objects that may have lists of users, or anything else. */
static GString *new_document(GRand *dice)
{
    GString *text = g_string_new(NULL);
    int count = g_rand_int_range(dice, 0, 5);

    if (g_rand_int_range(dice, 0, 4) == 0) {
        append_value(text, dice, 4);
        return text;
    }
    g_string_append_c(text, '[');
    for (int i = 0; i < count; i++) {
        g_string_append(text, i ? "," : "");
        append_value(text, dice, 4);
    }
    g_string_append_c(text, ']');
    return text;
}

/* One byte more, less, or another. */
static void spoil(GString *text, GRand *dice)
{
    static const char garbage[] = "[]{},:\"\\ 0-1.eE+tfnu/'\x01\xc3\xff";
    char byte = garbage[g_rand_int_range(dice, 0, sizeof garbage)];
    gssize at = g_rand_int_range(dice, 0, (gint32)text->len + 1);

    switch (g_rand_int_range(dice, 0, 4)) {
    case 0:
        g_string_insert_c(text, at, byte);
        break;
    case 1:
        g_string_truncate(text, (gsize)at);
        break;
    case 2:
        if ((gsize)at < text->len)
            g_string_erase(text, at, 1);
        break;
    default:
        if ((gsize)at < text->len)
            text->str[at] = byte;
        break;
    }
}

/* ------------------------------------------------------------------------------- what is JSON, said once more by RFC 8259 */

typedef struct {
    const char *at, *end;
} Text;

static gboolean eat(Text *text, const char *bytes)
{
    if (text->at == text->end || *text->at == '\0' || !strchr(bytes, *text->at))
        return FALSE;
    text->at++;
    return TRUE;
}

static void eat_all(Text *text, const char *bytes)
{
    while (eat(text, bytes))
        ;
}

static gboolean eat_word(Text *text, const char *word)
{
    while (*word && eat(text, (const char[]){ *word, '\0' }))
        word++;
    return !*word;
}

static gboolean eat_string(Text *text)
{
    static const char hex[] = "0123456789abcdefABCDEF";

    if (!eat(text, "\""))
        return FALSE;
    while (text->at < text->end && (guchar)*text->at >= 0x20) {
        if (eat(text, "\""))
            return TRUE;
        if (!eat(text, "\\")) {
            text->at++;
        } else if (eat(text, "u")) {
            for (int i = 0; i < 4; i++) {
                if (!eat(text, hex))
                    return FALSE;
            }
        } else if (!eat(text, "\"\\/bfnrt")) {
            return FALSE;
        }
    }
    return FALSE;
}

static gboolean eat_number(Text *text)
{
    static const char digits[] = "0123456789";

    eat(text, "-");
    if (!eat(text, "0")) {
        if (!eat(text, digits))
            return FALSE;
        eat_all(text, digits);
    }
    if (eat(text, ".")) {
        if (!eat(text, digits))
            return FALSE;
        eat_all(text, digits);
    }
    if (eat(text, "eE")) {
        eat(text, "+-");
        if (!eat(text, digits))
            return FALSE;
        eat_all(text, digits);
    }
    return TRUE;
}

static gboolean eat_value(Text *text, guint depth);

static gboolean eat_members(Text *text, gboolean is_object, const char *close, guint depth)
{
    static const char space[] = " \t\r\n";

    eat_all(text, space);
    if (eat(text, close))
        return TRUE;
    do {
        eat_all(text, space);
        if (is_object) {
            if (!eat_string(text))
                return FALSE;
            eat_all(text, space);
            if (!eat(text, ":"))
                return FALSE;
        }
        if (!eat_value(text, depth))
            return FALSE;
    } while (eat(text, ","));
    return eat(text, close);
}

static gboolean eat_value(Text *text, guint depth)
{
    static const char space[] = " \t\r\n";
    gboolean fine;

    eat_all(text, space);
    if (text->at == text->end)
        return FALSE;
    if (*text->at == '"')
        fine = eat_string(text);
    else if (strchr("tfn", *text->at) && *text->at)
        fine = eat_word(text, *text->at == 't' ? "true" : *text->at == 'f' ? "false" : "null");
    else if (eat(text, "["))
        fine = depth > 0 && eat_members(text, FALSE, "]", depth - 1);
    else if (eat(text, "{"))
        fine = depth > 0 && eat_members(text, TRUE, "}", depth - 1);
    else
        fine = eat_number(text);
    eat_all(text, space);
    return fine;
}

static gboolean is_json(const char *bytes, gsize length)
{
    Text text = { bytes, bytes + length };

    return g_utf8_validate(bytes, (gssize)length, NULL) && eat_value(&text, NET_JSON_MAX_DEPTH) && text.at == text.end;
}

/* ------------------------------------------------------------------------------------------------- how it is parsed */

/* All that was given away: "<" a list begins, its elements; two of each for an inner one. */
static void on_begin(NetJsonListLevel level, gpointer user_data)
{
    g_string_append(user_data, level == NET_JSON_INNER_LIST ? "<<" : "<");
}

static void on_take(NetJsonListLevel level, JsonNode *element, gpointer user_data)
{
    g_autofree char *text = json_to_string(element, FALSE);

    g_string_append_printf(user_data, "%s%s;", level == NET_JSON_INNER_LIST ? "+" : "", text);
}

static const NetJsonLists lists = { NULL, "users", on_begin, on_take };
static const NetJsonLists outer_lists = { NULL, NULL, on_begin, on_take };

/* (transfer full) (nullable): what was given away, a "=", and the root that is left; NULL when it is refused. */
static char *parse(const char *text, gsize length, gsize step, const NetJsonLists *which)
{
    g_autofree char *exact = g_memdup2(text, length); /* for the sanitiser to see any look behind it */
    g_autoptr(GString) given = g_string_new(NULL);
    g_autoptr(NetJsonParser) parser = net_json_parser_new(length ? exact : "", length, which, given);
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *rest = NULL;

    do {
        g_autoptr(GError) error = NULL;

        if (!net_json_parser_read(parser, step, &error)) {
            g_autoptr(GError) again = NULL;

            g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
            g_assert_false(net_json_parser_is_done(parser));
            g_assert_false(net_json_parser_read(parser, step, &again));
            g_assert_cmpstr(again->message, ==, error->message);
            return NULL;
        }
        g_assert_no_error(error);
    } while (!net_json_parser_is_done(parser));
    root = net_json_parser_steal_root(parser);
    rest = json_to_string(root, FALSE);
    return g_strconcat(given->str, "=", rest, NULL);
}

static char *parse_text(const char *text, const NetJsonLists *which)
{
    return parse(text, strlen(text), strlen(text) + 1, which);
}

/* ---------------------------------------------------------------------------------------------------------- tests */

/* json-glib's own parser takes more than JSON, but of JSON it makes the same. */
static void test_same_as_json_glib(void)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);

    g_test_message("seed %u", seed);
    for (guint round = 0; round < ROUNDS; round++) {
        g_autoptr(GString) text = new_document(dice);
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) expected = NULL;
        g_autoptr(JsonNode) root = net_json_parse(text->str, text->len, &error);

        g_test_message("%s", text->str);
        g_assert_no_error(error);
        g_assert_true(is_json(text->str, text->len));
        /* It has no members without a name. */
        if (strstr(text->str, "\"\":") || strstr(text->str, "\"\" ") || strstr(text->str, "\"\"\r") ||
            strstr(text->str, "\"\"\n"))
            continue;
        expected = json_from_string(text->str, &error);
        g_assert_no_error(error);
        g_assert_true(json_node_equal(root, expected));
    }
}

static void test_garbage(void)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    guint refused = 0;

    g_test_message("seed %u", seed);
    for (guint round = 0; round < 4 * ROUNDS; round++) {
        g_autoptr(GString) text = new_document(dice);
        g_autofree char *escaped = NULL;
        g_autofree char *whole = NULL;
        g_autofree char *by_lists = NULL;
        gboolean expected;

        for (int times = g_rand_int_range(dice, 1, 4); times > 0; times--)
            spoil(text, dice);
        escaped = g_strescape(text->str, NULL);
        expected = is_json(text->str, text->len);
        g_test_message("%s", escaped);
        whole = parse(text->str, text->len, text->len + 1, NULL);
        by_lists = parse(text->str, text->len, 1, &lists);
        g_assert_true((whole != NULL) == expected);
        g_assert_true((by_lists != NULL) == expected);
        refused += !expected;
    }
    g_assert_cmpuint(refused, >, ROUNDS / 2);
}

/* Each place of one document, so that none depends on chance. */
static void test_garbage_everywhere(void)
{
    static const char good[] = "[{\"id\":-1.5e3,\"users\":[{\"n\":\"a\\u00e9\\n\xc3\xa9\"},true]},null,[false,{}]] ";
    static const char garbage[] = "[]{},:\"\\ 0-.etfnx\x01\x80\xff";

    for (gsize at = 0; at < strlen(good); at++) {
        for (gsize i = 0; i < sizeof garbage; i++) { /* with its NUL */
            g_autoptr(GString) changed = g_string_new(good);
            g_autoptr(GString) longer = g_string_new(good);
            g_autofree char *one = NULL;
            g_autofree char *other = NULL;

            g_test_message("%zu: %d", at, garbage[i]);
            changed->str[at] = garbage[i];
            g_string_insert_c(longer, (gssize)at, garbage[i]);
            one = parse(changed->str, changed->len, 3, &lists);
            other = parse(longer->str, longer->len, 3, &lists);
            g_assert_true((one != NULL) == is_json(changed->str, changed->len));
            g_assert_true((other != NULL) == is_json(longer->str, longer->len));
        }
    }
}

/* The blank at its end is all that it can do without. */
static void test_cut_everywhere(void)
{
    static const char good[] = "[{\"id\":-1.5e3,\"users\":[{\"n\":\"a\\u00e9\\n\xc3\xa9\"},true]},null,[false,{}]] ";

    for (gsize length = 0; length <= strlen(good); length++) {
        g_autofree char *result = parse(good, length, 7, &lists);

        g_test_message("%zu", length);
        g_assert_true((result != NULL) == (length >= strlen(good) - 1));
    }
}

static void test_stop_anywhere(void)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);

    g_test_message("seed %u", seed);
    for (guint round = 0; round < ROUNDS / 20; round++) {
        g_autoptr(GString) text = new_document(dice);
        g_autofree char *whole = parse_text(text->str, NULL);
        g_autofree char *by_lists = parse_text(text->str, &lists);

        g_test_message("%s", text->str);
        g_assert_nonnull(whole);
        for (gsize step = 1; step < text->len; step++) {
            g_autofree char *in_steps = parse(text->str, text->len, step, NULL);
            g_autofree char *lists_in_steps = parse(text->str, text->len, step, &lists);

            g_assert_cmpstr(in_steps, ==, whole);
            g_assert_cmpstr(lists_in_steps, ==, by_lists);
        }
    }
}

/* It can be given up anywhere: the sanitiser would tell what is left. */
static void test_give_up_anywhere(void)
{
    static const char text[] = "[{\"id\":[[1],{\"a\":{\"b\":\"c\"}}],\"users\":[{\"n\":[2]},true]},null,[false,{}]]";

    for (gsize length = 0; length <= strlen(text); length++) {
        g_autoptr(GString) given = g_string_new(NULL);
        g_autoptr(NetJsonParser) parser = net_json_parser_new(text, strlen(text), &lists, given);
        g_autoptr(NetJsonParser) whole = net_json_parser_new(text, strlen(text), NULL, NULL);

        g_assert_true(net_json_parser_read(parser, length, NULL));
        g_assert_true(net_json_parser_read(whole, length, NULL));
    }
    net_json_parser_free(NULL);
}

static void test_lists(void)
{
    static const struct {
        const char *text, *given;
    } cases[] = {
        { "[]", "<=[]" },
        { "[1]", "<1;=[]" },
        { "[null,true,\"a\",{\"b\":[2]},[3]]", "<null;true;\"a\";{\"b\":[2]};[3];=[]" },
        { "{}", "={}" },
        { "{\"users\":[1]}", "={\"users\":[1]}" },
        { "12", "=12" },
        { "[{\"users\":[]}]", "<<<{\"users\":[]};=[]" },
        { "[{\"id\":1,\"users\":[2,{\"users\":[3]}],\"b\":4},{\"users\":[5]}]",
          "<<<+2;+{\"users\":[3]};{\"id\":1,\"users\":[],\"b\":4};<<+5;{\"users\":[]};=[]" },
        { "[{\"\\u0075sers\":[1]}]", "<<<+1;{\"users\":[]};=[]" },
        { "[{\"users\":7}]", "<{\"users\":7};=[]" },
        { "[{\"users\":{\"users\":[1]}}]", "<{\"users\":{\"users\":[1]}};=[]" },
        { "[{\"b\":[1]},[[1]],{\"users\":[[1]]}]", "<{\"b\":[1]};[[1]];<<+[1];{\"users\":[]};=[]" },
        { "[{\"users\":[1],\"users\":[2]}]", "<<<+1;<<+2;{\"users\":[]};=[]" },
        { "[{\"users\":[1],\"users\":null}]", "<<<+1;{\"users\":null};=[]" },
        { "[[{\"users\":[1]}]]", "<[{\"users\":[1]}];=[]" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *given = parse_text(cases[i].text, &lists);

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(given, ==, cases[i].given);
    }
}

static void test_outer_list_only(void)
{
    g_autofree char *given = parse_text("[{\"users\":[1]},[[2]],3]", &outer_lists);

    g_assert_cmpstr(given, ==, "<{\"users\":[1]};[[2]];3;=[]");
}

/* The list is in an object. */
static void test_member_list(void)
{
    static const NetJsonLists in_data = { "data", "users", on_begin, on_take };
    static const struct {
        const char *text, *given;
    } cases[] = {
        { "{\"data\":[]}", "<={\"data\":[]}" },
        { "{\"data\":[1,[2]],\"meta\":{\"data\":[3]}}", "<1;[2];={\"data\":[],\"meta\":{\"data\":[3]}}" },
        { "{\"meta\":[4],\"d\\u0061ta\":[{\"data\":[5]}]}", "<{\"data\":[5]};={\"meta\":[4],\"data\":[]}" },
        { "{\"data\":[{\"id\":1,\"users\":[2,{\"users\":[3]}]}]}",
          "<<<+2;+{\"users\":[3]};{\"id\":1,\"users\":[]};={\"data\":[]}" },
        { "{\"data\":[[{\"users\":[6]}],{\"a\":{\"users\":[7]}}]}",
          "<[{\"users\":[6]}];{\"a\":{\"users\":[7]}};={\"data\":[]}" },
        { "{\"users\":[{\"users\":[8]}],\"x\":[{\"users\":[9]}]}",
          "={\"users\":[{\"users\":[8]}],\"x\":[{\"users\":[9]}]}" },
        { "{\"data\":[1],\"data\":[2]}", "<1;<2;={\"data\":[]}" },
        { "{\"data\":[1],\"data\":null}", "<1;={\"data\":null}" },
        { "{\"data\":{\"data\":[1]}}", "={\"data\":{\"data\":[1]}}" },
        { "[1,{\"data\":[2]}]", "=[1,{\"data\":[2]}]" },
        { "7", "=7" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = strlen(cases[i].text);

        g_test_message("%s", cases[i].text);
        for (gsize step = 1; step <= length; step++) {
            g_autofree char *given = parse(cases[i].text, length, step, &in_data);

            g_assert_cmpstr(given, ==, cases[i].given);
        }
    }
}

/* Also inside what is given away. */
static void test_depth(void)
{
    for (guint depth = NET_JSON_MAX_DEPTH - 1; depth <= NET_JSON_MAX_DEPTH; depth++) {
        g_autofree char *open = g_strnfill(depth, '[');
        g_autofree char *close = g_strnfill(depth, ']');
        g_autofree char *arrays = g_strconcat("[1,", open, close, "]", NULL);
        g_autofree char *inner = g_strconcat("[{\"users\":[", open + 2, close + 2, "]}]", NULL);
        g_autofree char *one = parse_text(arrays, &lists);
        g_autofree char *other = parse_text(inner, &lists);

        g_assert_true((one != NULL) == (depth < NET_JSON_MAX_DEPTH));
        g_assert_true((other != NULL) == (depth < NET_JSON_MAX_DEPTH));
    }
}

static void count(NetJsonListLevel level, JsonNode *element, gpointer user_data)
{
    (void)level;
    (void)element;
    ++*(guint *)user_data;
}

static void no_begin(NetJsonListLevel level, gpointer user_data)
{
    (void)level;
    (void)user_data;
}

/* What is wrong at the end of a very long one is not overlooked. */
static void test_long(void)
{
    static const NetJsonLists counting = { NULL, NULL, no_begin, count };
    static const char *const ends[] = { "]", "", ",]", "] x", "]]", "}", ",1]" };
    const guint length = 20000;
    g_autoptr(GString) text = g_string_new("[0");
    gsize open_length;

    for (guint i = 1; i < length; i++)
        g_string_append(text, ",0");
    open_length = text->len;
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        guint seen = 0;
        gboolean fine = i == 0 || i == G_N_ELEMENTS(ends) - 1, done = TRUE;
        g_autoptr(NetJsonParser) parser = NULL;

        g_test_message("%s", ends[i]);
        g_string_append(g_string_truncate(text, open_length), ends[i]);
        parser = net_json_parser_new(text->str, text->len, &counting, &seen);
        while (done && !net_json_parser_is_done(parser))
            done = net_json_parser_read(parser, 1000, NULL);
        g_assert_true(done == fine);
        g_assert_cmpuint(seen, ==, length + (i == G_N_ELEMENTS(ends) - 1));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/json-parser/same-as-json-glib", test_same_as_json_glib);
    g_test_add_func("/net/json-parser/garbage", test_garbage);
    g_test_add_func("/net/json-parser/garbage-everywhere", test_garbage_everywhere);
    g_test_add_func("/net/json-parser/cut-everywhere", test_cut_everywhere);
    g_test_add_func("/net/json-parser/stop-anywhere", test_stop_anywhere);
    g_test_add_func("/net/json-parser/give-up-anywhere", test_give_up_anywhere);
    g_test_add_func("/net/json-parser/lists", test_lists);
    g_test_add_func("/net/json-parser/outer-list-only", test_outer_list_only);
    g_test_add_func("/net/json-parser/member-list", test_member_list);
    g_test_add_func("/net/json-parser/depth", test_depth);
    g_test_add_func("/net/json-parser/long", test_long);
    return g_test_run();
}
