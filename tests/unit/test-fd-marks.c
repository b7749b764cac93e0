/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-marks: forward only, the same again after a round trip, and whatever a file may hold. */
#include "flowdock/model/fd-marks.h"

#include <string.h>

#define MAX_KEY_BYTES 500

static gboolean load(FdMarks *marks, const char *text)
{
    gsize length = strlen(text);
    /* Exactly so long, for the sanitiser to see any look behind it. */
    g_autofree char *exact = g_memdup2(text, length);

    return fd_marks_load(marks, length ? exact : "", length);
}

static void assert_saved(const FdMarks *marks, const char *expected)
{
    g_autofree char *text = fd_marks_save(marks);

    g_assert_cmpstr(text, ==, expected);
}

static void test_forward_only(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();

    g_assert_cmpint(fd_marks_get(marks, "flow a"), ==, 0);
    g_assert_true(fd_marks_raise(marks, "flow a", 5));
    g_assert_cmpint(fd_marks_get(marks, "flow a"), ==, 5);
    g_assert_cmpint(fd_marks_get(marks, "private a"), ==, 0);
    g_assert_false(fd_marks_raise(marks, "flow a", 5));
    g_assert_false(fd_marks_raise(marks, "flow a", 4));
    g_assert_cmpint(fd_marks_get(marks, "flow a"), ==, 5);
    g_assert_true(fd_marks_raise(marks, "flow a", G_MAXINT64));
    g_assert_cmpint(fd_marks_get(marks, "flow a"), ==, G_MAXINT64);
    g_assert_false(fd_marks_raise(marks, "flow b", 0));
    g_assert_false(fd_marks_raise(marks, "flow b", -1));
    g_assert_false(fd_marks_raise(marks, "flow b", G_MININT64));
    assert_saved(marks, "{\"version\":1,\"marks\":[[\"flow a\",9223372036854775807]]}");
}

static void test_keys(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();
    g_autofree char *longest = g_strnfill(MAX_KEY_BYTES, 'k');
    g_autofree char *too_long = g_strnfill(MAX_KEY_BYTES + 1, 'k');

    g_assert_false(fd_marks_raise(marks, "", 1));
    g_assert_false(fd_marks_raise(marks, "flow \xff", 1));
    g_assert_false(fd_marks_raise(marks, "flow \xc3", 1));
    g_assert_false(fd_marks_raise(marks, too_long, 1));
    assert_saved(marks, "{\"version\":1,\"marks\":[]}");
    g_assert_true(fd_marks_raise(marks, longest, 1));
    g_assert_cmpint(fd_marks_get(marks, longest), ==, 1);
}

static void test_order(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();

    fd_marks_raise(marks, "a", 1);
    fd_marks_raise(marks, "b", 1);
    fd_marks_raise(marks, "c", 1);
    fd_marks_raise(marks, "a", 2);
    /* What changes nothing does not move it either. */
    fd_marks_raise(marks, "b", 1);
    assert_saved(marks, "{\"version\":1,\"marks\":[[\"b\",1],[\"c\",1],[\"a\",2]]}");
}

static void test_bounds(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();
    g_autoptr(FdMarks) again = fd_marks_new();
    g_autofree char *text = NULL;

    for (guint i = 0; i < FD_MARKS_MAX; i++) {
        g_autofree char *key = g_strdup_printf("flow %u", i);

        fd_marks_raise(marks, key, 7);
    }
    g_assert_true(fd_marks_raise(marks, "flow 0", 8));
    g_assert_true(fd_marks_raise(marks, "one more", 9));
    text = fd_marks_save(marks);
    g_assert_true(load(again, text));
    g_assert_cmpint(fd_marks_get(again, "flow 0"), ==, 8);
    g_assert_cmpint(fd_marks_get(again, "flow 1"), ==, 0);
    g_assert_cmpint(fd_marks_get(again, "flow 2"), ==, 7);
    g_assert_cmpint(fd_marks_get(again, "one more"), ==, 9);
}

/* A text with more marks than there may be: again those at the end stay. */
static void test_load_too_many(void)
{
    g_autoptr(GString) text = g_string_new("{\"version\":1,\"marks\":[[\"first\",1]");
    g_autoptr(FdMarks) marks = fd_marks_new();

    for (guint i = 0; i < FD_MARKS_MAX; i++)
        g_string_append_printf(text, ",[\"flow %u\",7]", i);
    g_string_append(text, "]}");
    g_assert_true(load(marks, text->str));
    g_assert_cmpint(fd_marks_get(marks, "first"), ==, 0);
    g_assert_cmpint(fd_marks_get(marks, "flow 0"), ==, 7);
    g_assert_cmpint(fd_marks_get(marks, "flow 4999"), ==, 7);
}

static void test_round_trip(void)
{
    static const char *const keys[] = {
        "flow acme:main", "private 42",  "flow caf\xc3\xa9",  "flow \"quoted\" \\ /", "flow \xf0\x9f\x98\x80",
        "flow \n\t\x01",  "flow \x7f",   "flow \xc2\x85",     "flow \xe2\x80\xa8",    " ",
        "flow [1,2]",     "flow ',\"],", "flow \xef\xbf\xbd",
    };
    g_autoptr(FdMarks) marks = fd_marks_new();
    g_autoptr(FdMarks) again = fd_marks_new();
    g_autofree char *text = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        g_assert_true(fd_marks_raise(marks, keys[i], G_MAXINT64 - (gint64)i));
    text = fd_marks_save(marks);
    g_assert_true(load(again, text));
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        g_assert_cmpint(fd_marks_get(again, keys[i]), ==, G_MAXINT64 - (gint64)i);
    assert_saved(again, text);
}

static void test_load_raises_only(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();

    fd_marks_raise(marks, "a", 10);
    fd_marks_raise(marks, "b", 10);
    g_assert_true(load(marks, "{\"version\":1,\"marks\":[[\"a\",9],[\"b\",11],[\"c\",3],[\"c\",2]]}"));
    g_assert_cmpint(fd_marks_get(marks, "a"), ==, 10);
    g_assert_cmpint(fd_marks_get(marks, "b"), ==, 11);
    g_assert_cmpint(fd_marks_get(marks, "c"), ==, 3);
}

static void test_nothing(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();

    g_assert_true(fd_marks_load(marks, NULL, 0));
    assert_saved(marks, "{\"version\":1,\"marks\":[]}");
    g_assert_true(load(marks, "{\"version\":1,\"marks\":[]}"));
    g_assert_true(load(marks, " {\"marks\":[],\n\"version\":1,\"more\":{}} "));
    fd_marks_free(NULL);
}

/* Nothing of it is taken. */
static void test_garbage(void)
{
    static const struct {
        const char *name, *text;
    } cases[] = {
        { "empty", "" },
        { "blank", " \n" },
        { "words", "no marks here" },
        { "not UTF-8", "{\"version\":1,\"marks\":[[\"a\xff\",5]]}" },
        { "null", "null" },
        { "true", "true" },
        { "number", "1" },
        { "string", "\"marks\"" },
        { "array", "[[\"a\",5]]" },
        { "no members", "{}" },
        { "no version", "{\"marks\":[[\"a\",5]]}" },
        { "another version", "{\"version\":2,\"marks\":[[\"a\",5]]}" },
        { "version of no type", "{\"version\":[1],\"marks\":[[\"a\",5]]}" },
        { "no marks", "{\"version\":1}" },
        { "null for marks", "{\"version\":1,\"marks\":null}" },
        { "object for marks", "{\"version\":1,\"marks\":{\"a\":5}}" },
        { "string for marks", "{\"version\":1,\"marks\":\"a\"}" },
        { "something behind", "{\"version\":1,\"marks\":[[\"a\",5]]}[]" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FdMarks) marks = fd_marks_new();

        g_test_message("%s", cases[i].name);
        g_assert_false(load(marks, cases[i].text));
        assert_saved(marks, "{\"version\":1,\"marks\":[]}");
    }
}

/* What is no mark is left out, the marks around it are taken. */
static void test_garbage_among_marks(void)
{
    static const char *const cases[] = {
        "null",
        "true",
        "7",
        "\"a\"",
        "{}",
        "[]",
        "[\"a\"]",
        "[\"a\",5,6]",
        "[5,\"a\"]",
        "[null,5]",
        "[{},5]",
        "[[\"a\"],5]",
        "[7,5]",
        "[true,5]",
        "[\"\",5]",
        "[\"a\",0]",
        "[\"a\",-5]",
        "[\"a\",null]",
        "[\"a\",[5]]",
        "[\"a\",{}]",
        "[\"a\",false]",
        "[\"a\",\"\"]",
        "[\"a\",\"five\"]",
        "[\"a\",9223372036854775808]",
        "[\"a\",1e300]",
        "[\"a\",-1e300]",
        "[\"a\",0.5]",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FdMarks) marks = fd_marks_new();
        g_autofree char *text =
            g_strdup_printf("{\"version\":1,\"marks\":[[\"before\",1],%s,[\"after\",2]]}", cases[i]);

        g_test_message("%s", cases[i]);
        g_assert_false(load(marks, text));
        assert_saved(marks, "{\"version\":1,\"marks\":[[\"before\",1],[\"after\",2]]}");
    }
}

static void test_key_too_long_among_marks(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();
    g_autofree char *key = g_strnfill(MAX_KEY_BYTES + 1, 'k');
    g_autofree char *text = g_strdup_printf("{\"version\":1,\"marks\":[[\"%s\",1],[\"after\",2]]}", key);

    g_assert_false(load(marks, text));
    assert_saved(marks, "{\"version\":1,\"marks\":[[\"after\",2]]}");
}

/* A file of which only a part was written. */
static void test_cut_anywhere(void)
{
    static const char whole[] = "{\"version\":1,\"marks\":[[\"flow caf\xc3\xa9\",123],[\"private \\u0041\",456]]}";

    for (gsize cut = 0; cut < strlen(whole); cut++) {
        g_autoptr(FdMarks) marks = fd_marks_new();
        g_autofree char *part = g_strndup(whole, cut);

        g_test_message("cut at %zu", cut);
        g_assert_false(load(marks, part));
        assert_saved(marks, "{\"version\":1,\"marks\":[]}");
    }
}

static void test_too_deep(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();
    g_autofree char *open = g_strnfill(100000, '[');
    g_autofree char *text = g_strconcat("{\"version\":1,\"marks\":", open, NULL);

    g_assert_false(load(marks, text));
}

/* Returns: (transfer full): a good text of @length bytes. */
static char *padded(gsize length)
{
    static const char good[] = "{\"version\":1,\"marks\":[[\"a\",5]]}";
    g_autofree char *blanks = g_strnfill(length - strlen(good), ' ');

    return g_strconcat(good, blanks, NULL);
}

static void test_too_long(void)
{
    g_autoptr(FdMarks) marks = fd_marks_new();
    g_autofree char *fits = padded(FD_MARKS_MAX_BYTES);
    g_autofree char *too_long = padded(FD_MARKS_MAX_BYTES + 1);

    g_assert_false(load(marks, too_long));
    g_assert_cmpint(fd_marks_get(marks, "a"), ==, 0);
    g_assert_true(load(marks, fits));
    g_assert_cmpint(fd_marks_get(marks, "a"), ==, 5);
}

/* What is saved can be loaded, however long the keys are: the marks raised last. */
static void test_save_fits(void)
{
    g_autofree char *filling = g_strnfill(MAX_KEY_BYTES - 10, 'k');
    g_autofree char *first = g_strdup_printf("%u%s", 0, filling);
    g_autofree char *last = g_strdup_printf("%u%s", FD_MARKS_MAX - 1, filling);
    g_autoptr(FdMarks) marks = fd_marks_new();
    g_autoptr(FdMarks) again = fd_marks_new();
    g_autofree char *text = NULL;

    for (guint i = 0; i < FD_MARKS_MAX; i++) {
        g_autofree char *key = g_strdup_printf("%u%s", i, filling);

        g_assert_true(fd_marks_raise(marks, key, 7));
    }
    text = fd_marks_save(marks);
    g_assert_cmpuint(strlen(text), <=, FD_MARKS_MAX_BYTES);
    g_assert_true(load(again, text));
    g_assert_cmpint(fd_marks_get(again, first), ==, 0);
    g_assert_cmpint(fd_marks_get(again, last), ==, 7);
    g_assert_cmpint(fd_marks_get(marks, first), ==, 7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/marks/forward-only", test_forward_only);
    g_test_add_func("/flowdock/marks/keys", test_keys);
    g_test_add_func("/flowdock/marks/order", test_order);
    g_test_add_func("/flowdock/marks/bounds", test_bounds);
    g_test_add_func("/flowdock/marks/load-too-many", test_load_too_many);
    g_test_add_func("/flowdock/marks/round-trip", test_round_trip);
    g_test_add_func("/flowdock/marks/load-raises-only", test_load_raises_only);
    g_test_add_func("/flowdock/marks/nothing", test_nothing);
    g_test_add_func("/flowdock/marks/garbage", test_garbage);
    g_test_add_func("/flowdock/marks/garbage-among-marks", test_garbage_among_marks);
    g_test_add_func("/flowdock/marks/key-too-long-among-marks", test_key_too_long_among_marks);
    g_test_add_func("/flowdock/marks/cut-anywhere", test_cut_anywhere);
    g_test_add_func("/flowdock/marks/too-deep", test_too_deep);
    g_test_add_func("/flowdock/marks/too-long", test_too_long);
    g_test_add_func("/flowdock/marks/save-fits", test_save_fits);
    return g_test_run();
}
