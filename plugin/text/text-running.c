/* SPDX-License-Identifier: GPL-2.0-or-later */
/* md4c knows what is code. Text that it hands over as it stands points into the source; the rest is skipped. */
#include "text-running.h"

#include "text-md-html.h"
#include "text-scan.h"

#include <md4c.h>
#include <string.h>

typedef struct {
    const char *source;
    gsize length;
    GArray *runs;  /* TextRange, with what is escaped in them */
    gboolean open; /* what comes next goes on with the last run */
} Finder;

/* Adds @from to @to where it is in order. */
static void add_run(Finder *finder, gsize from, gsize to)
{
    TextRange *last = finder->runs->len ? &g_array_index(finder->runs, TextRange, finder->runs->len - 1) : NULL;
    gsize done = last ? last->start + last->length : 0;

    /* The character is handed over without its backslash. */
    if (from > done && finder->source[from - 1] == '\\')
        from--;
    from = MAX(from, done);
    if (to <= from)
        return;
    if (finder->open && last) {
        last->length = to - last->start;
    } else {
        TextRange run = { from, to - from };

        g_array_append_val(finder->runs, run);
    }
    finder->open = TRUE;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user_data)
{
    Finder *finder = user_data;
    guintptr offset = (guintptr)text - (guintptr)finder->source;

    if (type == MD_TEXT_CODE)
        finder->open = FALSE;
    /* Line ends and the like are the parser's own. */
    else if ((guintptr)text >= (guintptr)finder->source && offset < finder->length && size <= finder->length - offset)
        add_run(finder, offset, offset + size);
    return 0;
}

static int on_block(MD_BLOCKTYPE type, void *detail, void *user_data)
{
    Finder *finder = user_data;

    (void)type;
    (void)detail;
    finder->open = FALSE;
    return 0;
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *user_data)
{
    Finder *finder = user_data;

    (void)detail;
    if (type == MD_SPAN_CODE)
        finder->open = FALSE;
    return 0;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *user_data)
{
    Finder *finder = user_data;

    (void)detail;
    /* Behind the words of a link stands its address. */
    if (type == MD_SPAN_CODE || type == MD_SPAN_A || type == MD_SPAN_IMG)
        finder->open = FALSE;
    return 0;
}

static void add_range(GArray *ranges, gsize start, gsize end)
{
    TextRange range = { start, end - start };

    if (end > start)
        g_array_append_val(ranges, range);
}

/* Adds a run without what is escaped in it; in a link a backslash is one more character. */
static void split_run(GArray *ranges, const char *source, const TextRange *run)
{
    g_autofree char *text = g_strndup(source + run->start, run->length);
    gsize from = 0, at = 0, start = 0, length = 0;
    gboolean found = text_scan_link(text, 0, &start, &length);

    while (at < run->length) {
        if (found && at == start) {
            at += length;
        } else if (text[at] == '\\' && g_ascii_ispunct(text[at + 1])) {
            add_range(ranges, run->start + from, run->start + at);
            at += 2;
            from = at;
        } else {
            at++;
        }
        if (found && start < at)
            found = text_scan_link(text, at, &start, &length);
    }
    add_range(ranges, run->start + from, run->start + run->length);
}

GArray *text_running(const char *markdown)
{
    const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_STRIKETHROUGH,
        .enter_block = on_block,
        .leave_block = on_block,
        .enter_span = on_enter_span,
        .leave_span = on_leave_span,
        .text = on_text,
    };
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(TextRange));
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(TextRange));
    Finder finder = { .source = markdown, .length = markdown ? strlen(markdown) : 0, .runs = runs };

    if (!markdown || finder.length > TEXT_MD_MAX_BYTES || !text_md_is_parseable(markdown) ||
        md_parse(markdown, (MD_SIZE)finder.length, &parser, &finder) != 0)
        return ranges;
    for (guint i = 0; i < runs->len; i++)
        split_run(ranges, markdown, &g_array_index(runs, TextRange, i));
    return ranges;
}
