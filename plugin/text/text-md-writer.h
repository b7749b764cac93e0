/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts words into lines of HTML, with what each line of a quote or list begins with. Used by text-md-html. */
#pragma once

#include <glib.h>

/*
 * A line is begun when its first words come, since what it begins with (a quote's mark, a bullet or just its
 * indentation) is known only then. So there are no line ends at both ends of the HTML.
 */
typedef struct TextMdWriter TextMdWriter;

typedef enum {
    TEXT_MD_BOLD,
    TEXT_MD_ITALIC,
    TEXT_MD_STRIKE,
} TextMdStyle;

#define TEXT_MD_N_STYLES (TEXT_MD_STRIKE + 1)

TextMdWriter *text_md_writer_new(void);
void text_md_writer_free(TextMdWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextMdWriter, text_md_writer_free)

/**
 * text_md_writer_html:
 *
 * Returns: what was written so far; it is changed by other calls.
 */
const char *text_md_writer_html(const TextMdWriter *writer);
gsize text_md_writer_length(const TextMdWriter *writer);

/* Quotes and items that are open. */
unsigned text_md_writer_depth(const TextMdWriter *writer);

/* What comes next begins a line, unless it does anyway. */
void text_md_writer_new_line(TextMdWriter *writer);

/* Ends a line, also an empty one. */
void text_md_writer_break(TextMdWriter *writer);

/* An empty line comes before more words. */
void text_md_writer_empty_line(TextMdWriter *writer);

/* Forgets empty lines at the end. */
void text_md_writer_drop_empty_lines(TextMdWriter *writer);

/* Opens a quote. */
void text_md_writer_quote(TextMdWriter *writer);

/* Opens a list whose items are numbered from @start on, or have bullets when @delimiter is 0. */
void text_md_writer_list(TextMdWriter *writer, unsigned start, char delimiter);

/* Opens an item of the list that was opened last. */
void text_md_writer_item(TextMdWriter *writer);

/* Closes the quote, list or item that was opened last. */
void text_md_writer_leave(TextMdWriter *writer);

/* Styles may end in any order. The same style inside itself, or without words, writes no tag, and so does the end of
 * one that is not open. */
void text_md_writer_open(TextMdWriter *writer, TextMdStyle style);
void text_md_writer_close(TextMdWriter *writer, TextMdStyle style);
void text_md_writer_close_all(TextMdWriter *writer);

/* Writes what comes before words: to be called before the length is remembered for text_md_writer_truncate(). */
void text_md_writer_begin(TextMdWriter *writer);

/* Takes back what was written since the HTML had that @length; there must be no tags in it. */
void text_md_writer_truncate(TextMdWriter *writer, gsize length);

/* Writes plain text; a line end in it would not begin a line, see text_md_writer_break(). */
void text_md_writer_words(TextMdWriter *writer, const char *plain);
void text_md_writer_monospace(TextMdWriter *writer, const char *plain);
void text_md_writer_link(TextMdWriter *writer, const char *address, const char *plain);
