/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A marker opens or closes by the characters on both sides of it ("flanking"), and pairs with others by rules that
 * within words depend on the length of all rows of asterisks before. So first each run of a style is made to end where
 * its markers can stand; then runs that would disturb each other's markers are parted or given up. */
#include "text-emphasis.h"

#include <string.h>

#define BOLD TEXT_EMPHASIS_BOLD
#define ITALIC TEXT_EMPHASIS_ITALIC
#define STRIKE TEXT_EMPHASIS_STRIKE

static const struct {
    guint8 style;
    const char *marker;
} kinds[] = { { BOLD, "**" }, { ITALIC, "*" }, { STRIKE, "~~" } };

typedef struct {
    const char *text;
    gsize length;
    guint8 *styles;
} Marked;

typedef struct {
    gsize from, to;
} Run;

/* ------------------------------------------------------------------------------------------------- runs of a style */

static guint8 styles_at(const Marked *marked, gsize at)
{
    return at < marked->length ? marked->styles[at] : 0;
}

static guint8 styles_before(const Marked *marked, gsize at)
{
    return at ? marked->styles[at - 1] : 0;
}

static gsize end_of_style(const Marked *marked, gsize at, gsize limit, guint8 style)
{
    while (at < limit && marked->styles[at] & style)
        at++;
    return at;
}

static gsize start_of_style(const Marked *marked, gsize limit, gsize end, guint8 style)
{
    while (end > limit && marked->styles[end - 1] & style)
        end--;
    return end;
}

/* Moves @run to the next run of @style; from { 0, 0 } to the first. */
static gboolean next_run(const Marked *marked, guint8 style, Run *run)
{
    gsize at = run->to;

    while (at < marked->length && !(marked->styles[at] & style))
        at++;
    run->from = at;
    run->to = end_of_style(marked, at, marked->length, style);
    return run->from < run->to;
}

static void clear(Marked *marked, gsize from, gsize to, guint8 style)
{
    for (; from < to; from++)
        marked->styles[from] &= (guint8)~style;
}

/* -------------------------------------------------------------------------------------------------------- flanking */

/* Symbols, which emoji are, count as punctuation in newer versions of CommonMark only. */
typedef enum {
    CLASS_WORD,
    CLASS_SYMBOL,
    CLASS_PUNCTUATION,
    CLASS_WHITE,
} Class;

static Class class_of(gunichar character)
{
    if (character == 0 || g_unichar_isspace(character))
        return CLASS_WHITE;
    if (!g_unichar_ispunct(character))
        return CLASS_WORD;
    switch (g_unichar_type(character)) {
    case G_UNICODE_CURRENCY_SYMBOL:
    case G_UNICODE_MODIFIER_SYMBOL:
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_OTHER_SYMBOL:
        return character < 0x80 ? CLASS_PUNCTUATION : CLASS_SYMBOL;
    default:
        return CLASS_PUNCTUATION;
    }
}

static gunichar before(const Marked *marked, gsize at)
{
    return at ? g_utf8_get_char(g_utf8_prev_char(marked->text + at)) : 0;
}

static gunichar behind(const Marked *marked, gsize at)
{
    return g_utf8_get_char(marked->text + at);
}

/* Whether a marker can stand between @inner, which it marks, and @outer. */
static gboolean can_mark(gunichar inner, gunichar outer)
{
    Class class = class_of(inner);

    return class == CLASS_WORD || (class != CLASS_WHITE && class_of(outer) >= CLASS_PUNCTUATION);
}

/* The same in some version of CommonMark only. */
static gboolean might_mark(gunichar inner, gunichar outer)
{
    Class class = class_of(inner);

    return class <= CLASS_SYMBOL || (class != CLASS_WHITE && class_of(outer) >= CLASS_SYMBOL);
}

/* Returns: where the marker that opens @run can stand, @run->to for nowhere. */
static gsize find_start(const Marked *marked, const Run *run, gunichar marker)
{
    gsize at = run->from;

    while (at < run->to) {
        gunichar inner = behind(marked, at), outer = before(marked, at);

        if (inner == marker || outer == marker || outer == '\\')
            return run->to;
        if (can_mark(inner, outer))
            return at;
        if (marked->styles[at] & TEXT_EMPHASIS_FIXED)
            return run->to;
        at = (gsize)(g_utf8_next_char(marked->text + at) - marked->text);
    }
    return at;
}

/* Returns: where the marker that closes @run can stand, @run->from for nowhere. */
static gsize find_end(const Marked *marked, const Run *run, gunichar marker)
{
    gsize at = run->to;

    while (at > run->from) {
        gunichar inner = before(marked, at), outer = behind(marked, at);

        if (inner == marker || outer == marker)
            return run->from;
        if (can_mark(inner, outer) && inner != '\\')
            return at;
        if (marked->styles[at - 1] & TEXT_EMPHASIS_FIXED)
            return run->from;
        at = (gsize)(g_utf8_prev_char(marked->text + at) - marked->text);
    }
    return at;
}

static void fit_runs(Marked *marked, guint8 style, gunichar marker)
{
    Run run = { 0, 0 };

    while (next_run(marked, style, &run)) {
        Run fitting = { find_start(marked, &run, marker), run.to };

        fitting.to = find_end(marked, &fitting, marker);
        clear(marked, run.from, fitting.from, style);
        clear(marked, fitting.to, run.to, style);
    }
}

static void fit(Marked *marked)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        fit_runs(marked, kinds[i].style, (guchar)*kinds[i].marker);
}

/* ------------------------------------------------------------------------------------------ runs beside each other */

/* No emphasis goes on in the next line, which might be another paragraph. */
static void part_lines(Marked *marked)
{
    for (gsize at = 0; at < marked->length; at++) {
        if (marked->text[at] == '\n')
            clear(marked, at, at + 1, TEXT_EMPHASIS_ALL);
    }
}

/* Where a run of @first ends within one of @second that began later, the latter is parted at the white space there. */
static void part_at_blanks(Marked *marked, guint8 first, guint8 second)
{
    Run run = { 0, 0 };

    while (next_run(marked, first, &run)) {
        gsize start = start_of_style(marked, run.from, run.to, second);

        if (start > run.from && start < run.to && styles_at(marked, run.to) & second)
            clear(marked, run.to, run.to + strspn(marked->text + run.to, " \t"), second);
    }
}

static void part_overlaps(Marked *marked)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(kinds); j++) {
            if (i != j)
                part_at_blanks(marked, kinds[i].style, kinds[j].style);
        }
    }
}

static gboolean begins_or_ends(const Marked *marked, gsize at, guint8 style)
{
    return ((styles_before(marked, at) ^ styles_at(marked, at)) & style) != 0;
}

/* Whether runs of @style cross just one end of @run. */
static gboolean overlaps(const Marked *marked, const Run *run, guint8 style)
{
    gsize end = end_of_style(marked, run->from, run->to, style);
    gsize start = start_of_style(marked, run->from, run->to, style);

    return (styles_before(marked, run->from) & style && end > run->from && end < run->to) ||
           (styles_at(marked, run->to) & style && start < run->to && start > run->from);
}

/* Of two different markers in a row the outer one stands beside punctuation, which must not have a letter behind it.
 * Overlapping runs would bring more such rows. */
static gboolean is_tangled_strike(const Marked *marked, const Run *run)
{
    guint8 others = BOLD | ITALIC;
    guint8 begin = styles_at(marked, run->from) & ~styles_before(marked, run->from);
    guint8 end = styles_before(marked, run->to) & ~styles_at(marked, run->to);

    return (begin & others && class_of(before(marked, run->from)) < CLASS_PUNCTUATION) ||
           (end & others && class_of(behind(marked, run->to)) < CLASS_PUNCTUATION) || overlaps(marked, run, BOLD) ||
           overlaps(marked, run, ITALIC);
}

/* Whether a marker at @at could both open and close. */
static gboolean is_ambiguous(const Marked *marked, gsize at)
{
    gunichar left = before(marked, at), right = behind(marked, at);

    return (might_mark(left, right) && might_mark(right, left)) || begins_or_ends(marked, at, STRIKE);
}

/* Where bold and italic touch or nest, each of their rows of asterisks must either open or close; they may not overlap.
 * Rows with both at both ends are safe. */
static gboolean is_tangled_italic(const Marked *marked, const Run *run)
{
    gboolean is_bold = (styles_before(marked, run->from) | styles_at(marked, run->to)) & BOLD;
    gboolean is_same = !is_bold && end_of_style(marked, run->from, run->to, BOLD) == run->to;
    gboolean ambiguous = is_ambiguous(marked, run->from) || is_ambiguous(marked, run->to);

    for (gsize at = run->from; at < run->to; at++) {
        is_bold = is_bold || styles_at(marked, at) & BOLD;
        ambiguous = ambiguous || (begins_or_ends(marked, at, BOLD) && is_ambiguous(marked, at));
    }
    return is_bold && !is_same && (ambiguous || overlaps(marked, run, BOLD));
}

static void give_up(Marked *marked, guint8 style, gboolean (*is_tangled)(const Marked *, const Run *))
{
    Run run = { 0, 0 };

    while (next_run(marked, style, &run)) {
        if (is_tangled(marked, &run))
            clear(marked, run.from, run.to, style);
    }
}

/* --------------------------------------------------------------------------------------------------------- writing */

typedef struct {
    GString *md;
    gsize open[G_N_ELEMENTS(kinds)]; /* indexes of kinds, the innermost last */
    guint depth;
} Writer;

/* Closes what is not among @styles, and what is open within that. */
static void close_others(Writer *writer, guint8 styles)
{
    guint keep = 0;

    while (keep < writer->depth && kinds[writer->open[keep]].style & styles)
        keep++;
    while (writer->depth > keep)
        g_string_append(writer->md, kinds[writer->open[--writer->depth]].marker);
}

/* Returns: that of @styles which goes on longest. */
static gsize find_longest(const Marked *marked, gsize at, guint8 styles)
{
    gsize longest = 0, longest_end = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        gsize end = styles & kinds[i].style ? end_of_style(marked, at, marked->length, kinds[i].style) : 0;

        if (end > longest_end) {
            longest = i;
            longest_end = end;
        }
    }
    return longest;
}

static void open_missing(Writer *writer, const Marked *marked, gsize at, guint8 styles)
{
    for (guint i = 0; i < writer->depth; i++)
        styles &= (guint8)~kinds[writer->open[i]].style;
    while (styles) {
        gsize longest = find_longest(marked, at, styles);

        g_string_append(writer->md, kinds[longest].marker);
        writer->open[writer->depth++] = longest;
        styles &= (guint8)~kinds[longest].style;
    }
}

char *text_emphasis_write(const char *text, guint8 *styles)
{
    Marked marked = { text, strlen(text), styles };
    Writer writer = { .md = g_string_new(NULL) };

    part_lines(&marked);
    fit(&marked);
    part_overlaps(&marked);
    fit(&marked);
    give_up(&marked, STRIKE, is_tangled_strike);
    give_up(&marked, ITALIC, is_tangled_italic);
    for (gsize at = 0; at < marked.length; at++) {
        guint8 wanted = styles[at] & TEXT_EMPHASIS_ALL;

        close_others(&writer, wanted);
        open_missing(&writer, &marked, at, wanted);
        g_string_append_c(writer.md, text[at]);
    }
    close_others(&writer, 0);
    return g_string_free(writer.md, FALSE);
}
