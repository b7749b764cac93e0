/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only place that writes tags of messages: they are always balanced, and all text is escaped. */
#include "text-md-writer.h"

#include "text-escape.h"

#include <string.h>

#define NBSP "\xc2\xa0"
#define BULLET "\xe2\x80\xa2 "

/* Struck words mean the opposite where a host strips tags, so a sign stays. */
static const struct {
    const char *open, *close;
} style_tags[TEXT_MD_N_STYLES] = { { "<b>", "</b>" }, { "<i>", "</i>" }, { "<s>~", "~</s>" } };

typedef enum {
    QUOTE,
    LIST,
    ITEM,
} ContainerKind;

typedef struct {
    ContainerKind kind;
    unsigned number; /* list: of the next item */
    char delimiter;  /* list: what follows the number, 0 for bullets */
    char *marker;    /* item: what its first line begins with */
    gboolean shown;  /* item: that line has begun */
} Container;

struct TextMdWriter {
    GString *html;
    GArray *containers; /* Container, outermost first */
    unsigned depth;
    unsigned breaks;                      /* line ends to be written before more words */
    unsigned counts[TEXT_MD_N_STYLES];    /* how often each style is open */
    TextMdStyle styles[TEXT_MD_N_STYLES]; /* those that are open, outermost first */
    unsigned n_styles;
    unsigned n_written; /* of these have their tags; the tags of the others come before more words */
    gboolean line_begun;
};

static void clear_container(gpointer data)
{
    g_free(((Container *)data)->marker);
}

TextMdWriter *text_md_writer_new(void)
{
    TextMdWriter *writer = g_new0(TextMdWriter, 1);

    writer->html = g_string_new(NULL);
    writer->containers = g_array_new(FALSE, FALSE, sizeof(Container));
    g_array_set_clear_func(writer->containers, clear_container);
    return writer;
}

void text_md_writer_free(TextMdWriter *writer)
{
    if (!writer)
        return;
    g_string_free(writer->html, TRUE);
    g_array_unref(writer->containers);
    g_free(writer);
}

const char *text_md_writer_html(const TextMdWriter *writer)
{
    return writer->html->str;
}

gsize text_md_writer_length(const TextMdWriter *writer)
{
    return writer->html->len;
}

unsigned text_md_writer_depth(const TextMdWriter *writer)
{
    return writer->depth;
}

/* ------------------------------------------------------------------------------------------------------------ lines */

void text_md_writer_new_line(TextMdWriter *writer)
{
    if (writer->line_begun)
        text_md_writer_break(writer);
}

void text_md_writer_break(TextMdWriter *writer)
{
    writer->breaks++;
    writer->line_begun = FALSE;
}

void text_md_writer_empty_line(TextMdWriter *writer)
{
    writer->breaks = 2;
    writer->line_begun = FALSE;
}

void text_md_writer_drop_empty_lines(TextMdWriter *writer)
{
    writer->breaks = MIN(writer->breaks, 1);
}

/* Writes what the containers begin a line with. @empty: no words follow, so only quotes show. */
static void begin_line(TextMdWriter *writer, gboolean empty)
{
    gsize shown_end = writer->html->len;

    for (guint i = 0; i < writer->containers->len; i++) {
        Container *container = &g_array_index(writer->containers, Container, i);

        if (container->kind == QUOTE) {
            g_string_append(writer->html, "&gt; ");
            shown_end = writer->html->len;
        } else if (container->kind == ITEM && !container->shown && !empty) {
            g_string_append(writer->html, container->marker);
            container->shown = TRUE;
        } else if (container->kind == ITEM) {
            for (glong width = g_utf8_strlen(container->marker, -1); width > 0; width--)
                g_string_append(writer->html, NBSP);
        }
    }
    if (empty)
        g_string_truncate(writer->html, shown_end);
}

static void begin_words_line(TextMdWriter *writer)
{
    for (; writer->html->len && writer->breaks > 0; writer->breaks--) {
        g_string_append(writer->html, "<br>");
        if (writer->breaks > 1)
            begin_line(writer, TRUE);
    }
    writer->breaks = 0;
    writer->line_begun = TRUE;
    begin_line(writer, FALSE);
}

void text_md_writer_begin(TextMdWriter *writer)
{
    if (!writer->line_begun)
        begin_words_line(writer);
    for (; writer->n_written < writer->n_styles; writer->n_written++)
        g_string_append(writer->html, style_tags[writer->styles[writer->n_written]].open);
}

/* ------------------------------------------------------------------------------------------------- quotes and lists */

static void enter(TextMdWriter *writer, Container container)
{
    text_md_writer_new_line(writer);
    writer->depth += container.kind != LIST;
    g_array_append_val(writer->containers, container);
}

void text_md_writer_quote(TextMdWriter *writer)
{
    enter(writer, (Container){ .kind = QUOTE });
}

void text_md_writer_list(TextMdWriter *writer, unsigned start, char delimiter)
{
    enter(writer, (Container){ .kind = LIST, .number = start, .delimiter = delimiter });
}

void text_md_writer_item(TextMdWriter *writer)
{
    Container *list = &g_array_index(writer->containers, Container, writer->containers->len - 1);
    char *marker = list->delimiter ? g_strdup_printf("%u%c ", list->number++, list->delimiter) : g_strdup(BULLET);

    enter(writer, (Container){ .kind = ITEM, .marker = marker });
}

void text_md_writer_leave(TextMdWriter *writer)
{
    guint last = writer->containers->len - 1;
    Container *container = &g_array_index(writer->containers, Container, last);

    /* An item without words. */
    if (container->kind == ITEM && !container->shown)
        text_md_writer_begin(writer);
    text_md_writer_new_line(writer);
    writer->depth -= container->kind != LIST;
    g_array_set_size(writer->containers, last);
}

/* ------------------------------------------------------------------------------------------------------------ words */

void text_md_writer_open(TextMdWriter *writer, TextMdStyle style)
{
    if (writer->counts[style]++ == 0)
        writer->styles[writer->n_styles++] = style;
}

/* Writes end tags until only @count styles have tags. */
static void write_ends(TextMdWriter *writer, unsigned count)
{
    while (writer->n_written > count)
        g_string_append(writer->html, style_tags[writer->styles[--writer->n_written]].close);
}

void text_md_writer_close(TextMdWriter *writer, TextMdStyle style)
{
    unsigned place = 0;

    if (writer->counts[style] == 0 || --writer->counts[style] > 0)
        return;
    while (writer->styles[place] != style)
        place++;
    write_ends(writer, place);
    for (writer->n_styles--; place < writer->n_styles; place++)
        writer->styles[place] = writer->styles[place + 1];
}

void text_md_writer_close_all(TextMdWriter *writer)
{
    write_ends(writer, 0);
    writer->n_styles = 0;
    memset(writer->counts, 0, sizeof writer->counts);
}

void text_md_writer_truncate(TextMdWriter *writer, gsize length)
{
    g_string_truncate(writer->html, length);
}

/* Control characters alone are no words: they would leave a line with nothing in it. */
static void write_words(TextMdWriter *writer, const char *before, const char *plain, const char *behind)
{
    g_autofree char *escaped = text_escape_html(plain);

    if (!*escaped)
        return;
    text_md_writer_begin(writer);
    g_string_append_printf(writer->html, "%s%s%s", before, escaped, behind);
}

void text_md_writer_words(TextMdWriter *writer, const char *plain)
{
    write_words(writer, "", plain, "");
}

void text_md_writer_monospace(TextMdWriter *writer, const char *plain)
{
    write_words(writer, "<font face=\"monospace\">", plain, "</font>");
}

void text_md_writer_link(TextMdWriter *writer, const char *address, const char *plain)
{
    g_autofree char *href = text_escape_html(address);
    g_autofree char *before = g_strdup_printf("<a href=\"%s\">", href);

    write_words(writer, before, plain, "</a>");
}
