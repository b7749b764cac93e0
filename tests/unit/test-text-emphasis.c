/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-emphasis: markers, read back by CommonMark's own rules. */
#include "text/text-emphasis.h"

#include <string.h>

#define BOLD TEXT_EMPHASIS_BOLD
#define ITALIC TEXT_EMPHASIS_ITALIC
#define STRIKE TEXT_EMPHASIS_STRIKE

/* @styles has one digit for each byte of @text: 1 bold, 2 italic, 4 struck, and their sums; f: bold and fixed. */
static char *write_emphasis(const char *text, const char *styles)
{
    g_autofree guint8 *bytes = g_new0(guint8, strlen(text) + 1);

    g_assert_cmpuint(strlen(text), ==, strlen(styles));
    for (gsize i = 0; text[i]; i++)
        bytes[i] = styles[i] == 'f' ? BOLD | TEXT_EMPHASIS_FIXED : (guint8)g_ascii_digit_value(styles[i]);
    return text_emphasis_write(text, bytes);
}

static void test_markers(void)
{
    static const struct {
        const char *name, *text, *styles, *md;
    } cases[] = {
        { "nothing", "", "", "" },
        { "plain", "a *b* c", "0000000", "a *b* c" },
        { "bold", "a b c", "00100", "a **b** c" },
        { "italic", "a b c", "00200", "a *b* c" },
        { "struck", "a b c", "00400", "a ~~b~~ c" },
        { "all", "abc", "111", "**abc**" },
        { "within a word", "abc", "010", "a**b**c" },
        { "both", "a b c", "00300", "a ***b*** c" },
        { "both within a word", "abc", "030", "a***b***c" },
        { "all three", "a b c", "00700", "a ***~~b~~*** c" },
        { "nested", "a b c", "11311", "**a *b* c**" },
        { "the longer one outside", "a b c", "33111", "***a* b c**" },
        { "blanks at the ends", "a b c", "01110", "a **b** c" },
        { "only blanks", "a   c", "01110", "a   c" },
        { "line ends", "a\nb\n\nc", "111111", "**a**\n**b**\n\n**c**" },
        { "wide blank", "a\xe3\x80\x80", "1111", "**a**\xe3\x80\x80" },
        { "punctuation between blanks", "a (b) c", "0011100", "a **(b)** c" },
        { "punctuation within a word", "a(b)c", "01110", "a(**b**)c" },
        { "only punctuation", "a!b", "010", "a!b" },
        { "punctuation before a blank", "ab! c", "01100", "a**b!** c" },
        { "quotation marks of other scripts",
          "a\xe3\x80\x8c"
          "b\xe3\x80\x8d"
          "c",
          "011111110",
          "a\xe3\x80\x8c**b**\xe3\x80\x8d"
          "c" },
        { "emoji within a word",
          "a\xf0\x9f\x98\x80"
          "b",
          "011110",
          "a\xf0\x9f\x98\x80"
          "b" },
        { "beside an asterisk", "2*3", "001", "2*3" },
        { "asterisks at the ends", "*a*", "111", "*a*" },
        { "before an asterisk", "a*", "10", "a*" },
        { "an asterisk at the end", "a*", "11", "a*" },
        { "asterisks inside", "a*b*c", "11111", "**a*b*c**" },
        { "beside a tilde", "~a", "04", "~a" },
        { "behind a backslash", "\\a", "01", "\\a" },
        { "a backslash at the end", "a\\", "11", "**a**\\" },
        { "fixed", "a[b](c)d", "0ffffff0", "a[b](c)d" },
        { "fixed behind a letter", "a[b](c)", "0ffffff", "a[b](c)" },
        { "fixed before a letter", "[b](c)d", "ffffff0", "[b](c)d" },
        { "fixed between blanks", " [b](c) ", "0ffffff0", " **[b](c)** " },
        { "overlap at a blank", "a b c", "11322", "**a *b*** *c*" },
        { "overlap with a blank at its end", "a b c", "11332", "**a *b*** *c*" },
        { "overlap before an asterisk", "a b *c", "113222", "**a *b*** *c" },
        { "overlap within a word", "abc", "132", "**ab**c" },
        { "side by side within a word", "ab", "12", "**a**b" },
        { "nested within a word", "abc", "131", "**abc**" },
        { "struck beside bold", "ab", "41", "~~a~~**b**" },
        { "struck overlaps italic", "(a,)a", "57733", "**(*a,)a***" },
        { "struck overlaps bold", "c b.a!b", "6673322", "*c **b.a**!b*" },
        { "struck and bold within a word", "abc", "050", "a**b**c" },
        { "struck and bold", "a b c", "00500", "a **~~b~~** c" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *md = write_emphasis(cases[i].text, cases[i].styles);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(md, ==, cases[i].md);
    }
}

/* ------------------------------------------------------------------- CommonMark's way to read markers, of 0.31 or older */

typedef struct {
    char marker;
    guint count, length; /* left, and at first */
    gboolean opens, closes;
    gsize at; /* in the text without markers */
} Row;

typedef struct {
    GString *text;
    GByteArray *styles;
    GArray *rows;
} Reader;

static gboolean is_punctuation(gunichar character, gboolean new_rules)
{
    if (character < 0x80)
        return g_ascii_ispunct((char)character);
    if (g_unichar_type(character) == G_UNICODE_OTHER_SYMBOL)
        return new_rules;
    return g_unichar_ispunct(character);
}

static gboolean flanks(gunichar inner, gunichar outer, gboolean new_rules)
{
    if (g_unichar_isspace(inner) || !inner)
        return FALSE;
    return !is_punctuation(inner, new_rules) || !outer || g_unichar_isspace(outer) || is_punctuation(outer, new_rules);
}

static void read_rows(Reader *reader, const char *md, gboolean new_rules)
{
    for (const char *at = md; *at;) {
        gsize length = strchr("*~", *at) ? strspn(at, *at == '*' ? "*" : "~") : 0;

        if (length) {
            gunichar left = at > md ? g_utf8_get_char(g_utf8_prev_char(at)) : 0;
            gunichar right = g_utf8_get_char(at + length);
            Row row = { *at,
                        (guint)length,
                        (guint)length,
                        flanks(right, left, new_rules),
                        flanks(left, right, new_rules),
                        reader->text->len };

            g_array_append_val(reader->rows, row);
            at += length;
        } else {
            const char *next = g_utf8_next_char(at);

            g_string_append_len(reader->text, at, next - at);
            at = next;
        }
    }
    g_byte_array_set_size(reader->styles, (guint)reader->text->len + 1);
    memset(reader->styles->data, 0, reader->text->len + 1);
}

static gboolean can_pair(const Row *opener, const Row *closer)
{
    if (opener->marker != closer->marker || !opener->opens || !opener->count)
        return FALSE;
    if (opener->marker == '~')
        return opener->length == 2 && closer->length == 2;
    if (!opener->closes && !closer->opens)
        return TRUE;
    return (opener->length + closer->length) % 3 != 0 || (opener->length % 3 == 0 && closer->length % 3 == 0);
}

static void pair(Reader *reader, Row *opener, Row *closer)
{
    guint used = opener->count > 1 && closer->count > 1 ? 2 : 1;
    guint8 style = opener->marker == '~' ? STRIKE : used == 2 ? BOLD : ITALIC;

    for (gsize i = opener->at; i < closer->at; i++)
        reader->styles->data[i] |= style;
    /* What stands between can pair with nothing any more. */
    for (Row *row = opener + 1; row < closer; row++)
        row->opens = FALSE;
    opener->count -= used;
    closer->count -= used;
}

/* Reads @md. Returns: whether every marker had its partner. */
static gboolean read_md(Reader *reader, const char *md, gboolean new_rules)
{
    gboolean all = TRUE;

    read_rows(reader, md, new_rules);
    for (guint i = 0; i < reader->rows->len; i++) {
        Row *closer = &g_array_index(reader->rows, Row, i);

        for (guint j = i; closer->closes && closer->count && j-- > 0;) {
            Row *opener = &g_array_index(reader->rows, Row, j);

            while (closer->count && can_pair(opener, closer))
                pair(reader, opener, closer);
        }
    }
    for (guint i = 0; i < reader->rows->len; i++)
        all = all && !g_array_index(reader->rows, Row, i).count;
    return all;
}

static void check_md(const char *md, const char *text, const guint8 *styles, gboolean new_rules)
{
    Reader reader = { g_string_new(NULL), g_byte_array_new(), g_array_new(FALSE, FALSE, sizeof(Row)) };

    g_assert_true(read_md(&reader, md, new_rules));
    g_assert_cmpstr(reader.text->str, ==, text);
    for (gsize i = 0; text[i]; i++)
        g_assert_cmpuint(reader.styles->data[i], ==, styles[i] & TEXT_EMPHASIS_ALL);
    g_string_free(reader.text, TRUE);
    g_byte_array_unref(reader.styles);
    g_array_unref(reader.rows);
}

/* Whatever is emphasized: the markers say just what text_emphasis_write() says is left, by old and new rules. */
static void test_any(void)
{
    static const char *const pieces[] = { "a", "b", "c", "\xc3\xa9",         "a",
                                          " ", "!", "(", "\xf0\x9f\x98\x80", "\xe3\x80\x82" };

    for (int round = 0; round < 30000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GByteArray) styles = g_byte_array_new();
        g_autofree char *md = NULL;
        /* Words only every second time, where the rules are hardest. */
        int kinds = round % 2 ? G_N_ELEMENTS(pieces) : 5;

        for (int runs = g_test_rand_int_range(0, 8); runs > 0; runs--) {
            guint8 style = (guint8)g_test_rand_int_range(0, 8);

            for (int length = g_test_rand_int_range(1, 4); length > 0; length--)
                g_string_append(text, pieces[g_test_rand_int_range(0, kinds)]);
            while (styles->len < text->len)
                g_byte_array_append(styles, &style, 1);
        }
        md = text_emphasis_write(text->str, styles->data);
        g_test_message("%s", md);
        check_md(md, text->str, styles->data, FALSE);
        check_md(md, text->str, styles->data, TRUE);
    }
}

/* Whole words lose nothing. */
static void test_words(void)
{
    for (int round = 0; round < 5000; round++) {
        g_autoptr(GString) text = g_string_new("-");
        g_autoptr(GByteArray) styles = g_byte_array_new(), wanted = g_byte_array_new();
        g_autofree char *md = NULL;
        guint8 none = 0;

        g_byte_array_append(styles, &none, 1);
        for (int words = g_test_rand_int_range(0, 6); words > 0; words--) {
            guint8 style = (guint8)g_test_rand_int_range(0, 8);

            g_byte_array_append(styles, &none, 1);
            g_string_append(text, g_test_rand_bit() ? " word" : " (w).");
            while (styles->len < text->len)
                g_byte_array_append(styles, &style, 1);
        }
        g_byte_array_append(wanted, styles->data, styles->len);
        md = text_emphasis_write(text->str, styles->data);
        check_md(md, text->str, wanted->data, TRUE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/emphasis/markers", test_markers);
    g_test_add_func("/text/emphasis/any", test_any);
    g_test_add_func("/text/emphasis/words", test_words);
    return g_test_run();
}
