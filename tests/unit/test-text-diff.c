/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-diff: what changed between two texts. */
#include "text/text-diff.h"

#include <string.h>

/* As text: what stayed, {-old-}, {+new+}. */
static char *describe(const GArray *diff)
{
    static const char *const marks[][2] = { { "", "" }, { "{-", "-}" }, { "{+", "+}" } };
    GString *result = g_string_new(NULL);

    for (guint i = 0; i < diff->len; i++) {
        const TextDiffPart *part = &g_array_index(diff, TextDiffPart, i);

        g_string_append_printf(result, "%s%.*s%s", marks[part->kind][0], (int)part->length, part->text,
                               marks[part->kind][1]);
    }
    return g_string_free(result, FALSE);
}

static void test_words(void)
{
    static const struct {
        const char *name, *old_text, *new_text, *diff;
        gboolean is_small;
    } cases[] = {
        { "nothing", "", "", "", FALSE },
        { "the same", "a b", "a b", "a b", FALSE },
        { "from nothing", "", "a", "{+a+}", FALSE },
        { "to nothing", "a", "", "{-a-}", FALSE },
        { "another word", "I see teh cat", "I see the cat", "I see {-teh-}{+the+} cat", TRUE },
        { "first word", "teh cat sat", "the cat sat", "{-teh-}{+the+} cat sat", TRUE },
        { "last word", "the cat sta", "the cat sat", "the cat {-sta-}{+sat+}", TRUE },
        { "a word more", "one three", "one two three", "one {+two +}three", TRUE },
        { "a word less", "one two three", "one three", "one {-two -}three", TRUE },
        { "a word at the end", "one two", "one two three", "one two{+ three+}", TRUE },
        { "a comma more", "well done", "well, done", "well{+,+} done", TRUE },
        { "a word is not divided", "a testing b", "a tested b", "a {-testing-}{+tested+} b", TRUE },
        { "apostrophe", "I dont know", "I don't know", "I {-dont-}{+don't+} know", TRUE },
        { "two words side by side", "a b c d e f", "a x y d e f", "a {-b c-}{+x y+} d e f", TRUE },
        { "two places", "one two three four five six", "one 2 three four 5 six",
          "one {-two-}{+2+} three four {-five-}{+5+} six", TRUE },
        { "white space", "a b", "a\nb", "a{- -}{+\n+}b", TRUE },
        { "a blank first and last", " teh fat cat sta ", " the fat cat sat ", " {-teh-}{+the+} fat cat {-sta-}{+sat+} ",
          TRUE },
        { "words before punctuation", "x another , ; y", "x , ; another y", "x {+, ; +}another{- , ;-} y", TRUE },
        { "less than half", "a b c", "a x y", "{-a b c-}{+a x y+}", FALSE },
        { "nothing in common", "a b", "c d", "{-a b-}{+c d+}", FALSE },
        { "many places", "a 1 b 1 c 1 d 1 e 1 f 1 g 1 h", "a 2 b 2 c 2 d 2 e 2 f 2 g 2 h",
          "a {-1-}{+2+} b {-1-}{+2+} c {-1-}{+2+} d {-1-}{+2+} e {-1-}{+2+} f {-1-}{+2+} g {-1-}{+2+} h", FALSE },
        { "letters with marks", "a cafe\xcc\x81 b", "a cafe b", "a {-cafe\xcc\x81-}{+cafe+} b", TRUE },
        { "joined emoji", "ok \xf0\x9f\x91\xa9 x", "ok \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb x",
          "ok {-\xf0\x9f\x91\xa9-}{+\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb+} x", TRUE },
        { "differently joined emoji", "ok \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb x",
          "ok \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8e\xa4 x",
          "ok {-\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb-}{+\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8e\xa4+} x",
          TRUE },
        { "skin tone", "ok \xf0\x9f\x91\x8d", "ok \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",
          "ok {-\xf0\x9f\x91\x8d-}{+\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd+}", TRUE },
        { "flags", "x \xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", "x \xf0\x9f\x87\xa9\xf0\x9f\x87\xb0",
          "x {-\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa-}{+\xf0\x9f\x87\xa9\xf0\x9f\x87\xb0+}", TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) diff = text_diff(cases[i].old_text, cases[i].new_text);
        g_autofree char *described = describe(diff);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(described, ==, cases[i].diff);
        g_assert_cmpint(text_diff_is_small(diff), ==, cases[i].is_small);
    }
}

/* The parts are ranges of both texts, without holes, in the order that the header promises. */
static void check_parts(const GArray *diff, const char *old_text, const char *new_text)
{
    const char *old_at = old_text, *new_at = new_text;

    for (guint i = 0; i < diff->len; i++) {
        const TextDiffPart *part = &g_array_index(diff, TextDiffPart, i);
        const TextDiffPart *last = i ? part - 1 : NULL;

        g_assert_cmpuint(part->length, >, 0);
        g_assert_false(last && last->kind == part->kind);
        g_assert_false(last && last->kind == TEXT_DIFF_NEW && part->kind == TEXT_DIFF_OLD);
        g_assert_true(part->text == (part->kind == TEXT_DIFF_OLD ? old_at : new_at));
        if (part->kind == TEXT_DIFF_SAME)
            g_assert_true(!strncmp(old_at, new_at, part->length));
        if (part->kind != TEXT_DIFF_NEW)
            old_at += part->length;
        if (part->kind != TEXT_DIFF_OLD)
            new_at += part->length;
    }
    g_assert_cmpstr(old_at, ==, "");
    g_assert_cmpstr(new_at, ==, "");
}

static void append_random(GString *text, int max_length)
{
    static const char *const pieces[] = { "a",
                                          "b",
                                          "longer",
                                          " ",
                                          "  ",
                                          "\n",
                                          ",",
                                          "'",
                                          "\xc3\xa9",
                                          "\xcc\x81",
                                          "\xe2\x80\x8d",
                                          "\xf0\x9f\x98\x80",
                                          "\xf0\x9f\x87\xa9",
                                          "\xff",
                                          "\xc3" };

    for (int length = g_test_rand_int_range(0, max_length); length > 0; length--)
        g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
}

static void test_any(void)
{
    for (int round = 0; round < 10000; round++) {
        g_autoptr(GString) old_text = g_string_new(NULL), new_text = g_string_new(NULL);

        /* Something common at both ends and between. */
        for (int runs = g_test_rand_int_range(1, 5); runs > 0; runs--) {
            gsize from = new_text->len;

            append_random(new_text, 12);
            g_string_append(old_text, new_text->str + from);
            append_random(old_text, 3);
            append_random(new_text, 3);
        }
        g_autoptr(GArray) diff = text_diff(old_text->str, new_text->str);
        check_parts(diff, old_text->str, new_text->str);
        /* Valid texts are not divided within a character. */
        for (guint i = 0;
             i < diff->len && g_utf8_validate(old_text->str, -1, NULL) && g_utf8_validate(new_text->str, -1, NULL);
             i++) {
            const TextDiffPart *part = &g_array_index(diff, TextDiffPart, i);

            g_assert_true(g_utf8_validate(part->text, (gssize)part->length, NULL));
        }
    }
}

/* Too much to be compared: the ends are common, the middle is one change. */
static void test_long(void)
{
    g_autoptr(GString) old_text = g_string_new(NULL), new_text = g_string_new(NULL);
    g_autoptr(GArray) diff = NULL;

    for (int i = 0; i < 100000; i++) {
        g_string_append_printf(old_text, "%d ", i);
        g_string_append_printf(new_text, "%d ", i < 60000 || i % 2 ? i : -i);
    }
    diff = text_diff(old_text->str, new_text->str);
    check_parts(diff, old_text->str, new_text->str);
    g_assert_cmpuint(diff->len, ==, 4);
    g_assert_true(text_diff_is_small(diff));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/diff/words", test_words);
    g_test_add_func("/text/diff/any", test_any);
    g_test_add_func("/text/diff/long", test_long);
    return g_test_run();
}
