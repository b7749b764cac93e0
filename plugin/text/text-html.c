/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No tree: line ends and blanks are remembered and written when something visible follows. */
#include "text-html.h"

#include "text-tags.h"

#include <string.h>

#define MAX_QUOTES 5    /* marks before a line */
#define MAX_SPACE 80    /* blanks in a row */
#define MAX_ADDRESS 500 /* bytes; longer ones are for machines */

#define BULLET "\xe2\x80\xa2 "
#define ELLIPSIS "\xe2\x80\xa6"

#define NO_BREAK_SPACE 0xa0

typedef enum {
    ELEMENT_OTHER, /* only its text counts */
    ELEMENT_BLOCK, /* stands in lines of its own */
    ELEMENT_BREAK,
    ELEMENT_ITEM,
    ELEMENT_QUOTE,
    ELEMENT_CELL,
    ELEMENT_VERBATIM,
    ELEMENT_LINK,
    ELEMENT_IMAGE,
    ELEMENT_HIDDEN, /* with all that is inside */
} Element;

static const struct {
    const char *name;
    Element element;
} elements[] = {
    { "p", ELEMENT_BLOCK },       { "div", ELEMENT_BLOCK },        { "h1", ELEMENT_BLOCK },
    { "h2", ELEMENT_BLOCK },      { "h3", ELEMENT_BLOCK },         { "h4", ELEMENT_BLOCK },
    { "h5", ELEMENT_BLOCK },      { "h6", ELEMENT_BLOCK },         { "ul", ELEMENT_BLOCK },
    { "ol", ELEMENT_BLOCK },      { "dl", ELEMENT_BLOCK },         { "dt", ELEMENT_BLOCK },
    { "dd", ELEMENT_BLOCK },      { "table", ELEMENT_BLOCK },      { "tr", ELEMENT_BLOCK },
    { "caption", ELEMENT_BLOCK }, { "address", ELEMENT_BLOCK },    { "article", ELEMENT_BLOCK },
    { "aside", ELEMENT_BLOCK },   { "center", ELEMENT_BLOCK },     { "details", ELEMENT_BLOCK },
    { "dir", ELEMENT_BLOCK },     { "fieldset", ELEMENT_BLOCK },   { "figcaption", ELEMENT_BLOCK },
    { "figure", ELEMENT_BLOCK },  { "footer", ELEMENT_BLOCK },     { "form", ELEMENT_BLOCK },
    { "header", ELEMENT_BLOCK },  { "hr", ELEMENT_BLOCK },         { "legend", ELEMENT_BLOCK },
    { "main", ELEMENT_BLOCK },    { "menu", ELEMENT_BLOCK },       { "nav", ELEMENT_BLOCK },
    { "option", ELEMENT_BLOCK },  { "section", ELEMENT_BLOCK },    { "summary", ELEMENT_BLOCK },
    { "body", ELEMENT_BLOCK },    { "head", ELEMENT_BLOCK },       { "br", ELEMENT_BREAK },
    { "li", ELEMENT_ITEM },       { "blockquote", ELEMENT_QUOTE }, { "td", ELEMENT_CELL },
    { "th", ELEMENT_CELL },       { "pre", ELEMENT_VERBATIM },     { "a", ELEMENT_LINK },
    { "img", ELEMENT_IMAGE },     { "script", ELEMENT_HIDDEN },    { "style", ELEMENT_HIDDEN },
    { "title", ELEMENT_HIDDEN },  { "template", ELEMENT_HIDDEN },
};

typedef struct {
    GString *text;
    gsize chars, max_chars;
    guint breaks;           /* line ends to write */
    GString *space;         /* white space to write, unless the line ends first */
    gboolean item;          /* a bullet is to be written */
    guint quotes, verbatim; /* open elements */
    char *address;          /* (nullable): of the open link */
    gssize link_start;      /* where its text begins; -1 before it has any */
} Writer;

static Element element_of(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (!strcmp(name, elements[i].name))
            return elements[i].element;
    }
    return ELEMENT_OTHER;
}

/* --------------------------------------------------------------------------------------------------------- writing */

static gboolean is_full(const Writer *writer)
{
    return writer->chars > writer->max_chars;
}

static void put(Writer *writer, gunichar character)
{
    if (is_full(writer))
        return;
    g_string_append_unichar(writer->text, character);
    writer->chars++;
}

static void put_text(Writer *writer, const char *text)
{
    for (; *text; text = g_utf8_next_char(text))
        put(writer, g_utf8_get_char(text));
}

static gboolean is_line_start(const Writer *writer)
{
    return writer->breaks || !writer->text->len;
}

static void end_line(Writer *writer)
{
    writer->breaks++;
    g_string_truncate(writer->space, 0);
}

/* Begins or ends a block. A line with nothing but blanks that were written as such is a line. */
static void end_block(Writer *writer)
{
    if (!is_line_start(writer) || writer->space->len)
        end_line(writer);
}

/* Before something visible. */
static void begin_visible(Writer *writer)
{
    if (is_line_start(writer)) {
        if (writer->text->len) {
            put_text(writer, writer->breaks > 1 ? "\n\n" : "\n");
        } else {
            g_string_truncate(writer->space, 0);
        }
        for (guint i = 0; i < MIN(writer->quotes, MAX_QUOTES); i++)
            put_text(writer, "> ");
        if (writer->item)
            put_text(writer, BULLET);
        writer->item = FALSE;
        writer->breaks = 0;
    }
    put_text(writer, writer->space->str);
    g_string_truncate(writer->space, 0);
    if (writer->link_start < 0)
        writer->link_start = (gssize)writer->text->len;
}

static void add_space(Writer *writer, char character)
{
    if (writer->space->len < MAX_SPACE)
        g_string_append_c(writer->space, character);
}

static void add_white(Writer *writer, gunichar character)
{
    if (character == NO_BREAK_SPACE)
        add_space(writer, ' ');
    else if (!writer->verbatim && !writer->space->len && !is_line_start(writer))
        add_space(writer, ' ');
    else if (writer->verbatim && character == '\n')
        end_line(writer);
    else if (writer->verbatim && (character == ' ' || character == '\t'))
        add_space(writer, (char)character);
}

static void add_character(Writer *writer, gunichar character)
{
    if (character == NO_BREAK_SPACE || (character < 0x80 && g_ascii_isspace((char)character))) {
        add_white(writer, character);
    } else if (!g_unichar_iscntrl(character)) {
        begin_visible(writer);
        put(writer, character);
    }
}

static void add_text(Writer *writer, const char *from, const char *to)
{
    while (from < to && !is_full(writer)) {
        gunichar characters[2];

        text_tags_decode(&from, to, characters);
        for (gsize i = 0; i < 2 && characters[i]; i++)
            add_character(writer, characters[i]);
    }
}

/* ----------------------------------------------------------------------------------------------------------- links */

static const char *without_scheme(const char *address)
{
    static const char *const schemes[] = { "http://", "https://", "mailto:", "ftp://" };

    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (!g_ascii_strncasecmp(address, schemes[i], strlen(schemes[i])))
            return address + strlen(schemes[i]);
    }
    return address;
}

/* Whether both name the same place to a reader. */
static gboolean is_same_address(const char *text, const char *address)
{
    const char *a = without_scheme(text), *b = without_scheme(address);
    gsize a_length = strlen(a), b_length = strlen(b);

    a_length -= a_length && a[a_length - 1] == '/';
    b_length -= b_length && b[b_length - 1] == '/';
    return a_length == b_length && !strncmp(a, b, a_length);
}

static void close_link(Writer *writer)
{
    g_autofree char *address = g_steal_pointer(&writer->address);

    if (!address || writer->link_start < 0 || is_full(writer))
        return;
    if (is_same_address(writer->text->str + writer->link_start, address))
        return;
    put_text(writer, " (");
    put_text(writer, address);
    put(writer, ')');
}

static void open_link(Writer *writer, const TextPiece *piece)
{
    g_autofree char *address = text_tags_attribute(piece, "href");

    close_link(writer);
    if (!address)
        return;
    g_strstrip(address);
    /* Others lead nowhere outside of a browser. */
    if (without_scheme(address) == address || strlen(address) > MAX_ADDRESS || strpbrk(address, " \t\r\n"))
        return;
    writer->address = g_steal_pointer(&address);
    writer->link_start = -1;
}

static void add_image(Writer *writer, const TextPiece *piece)
{
    g_autofree char *alt = text_tags_attribute(piece, "alt");

    for (const char *at = alt ? alt : ""; *at; at = g_utf8_next_char(at))
        add_character(writer, g_utf8_get_char(at));
}

/* ------------------------------------------------------------------------------------------------------------ tags */

static void count(guint *open, const TextPiece *piece)
{
    if (piece->kind == TEXT_PIECE_CLOSE)
        *open -= *open > 0;
    else if (!piece->is_empty)
        ++*open;
}

static void on_tag(Writer *writer, TextTags *tags, const TextPiece *piece)
{
    gboolean open = piece->kind == TEXT_PIECE_OPEN;

    switch (element_of(piece->name)) {
    case ELEMENT_BLOCK:
        end_block(writer);
        break;
    case ELEMENT_BREAK:
        end_line(writer);
        break;
    case ELEMENT_ITEM:
        end_block(writer);
        writer->item = open;
        break;
    case ELEMENT_QUOTE:
        end_block(writer);
        count(&writer->quotes, piece);
        break;
    case ELEMENT_CELL:
        add_white(writer, ' ');
        break;
    case ELEMENT_VERBATIM:
        end_block(writer);
        count(&writer->verbatim, piece);
        break;
    case ELEMENT_LINK:
        if (open && !piece->is_empty)
            open_link(writer, piece);
        else if (!open)
            close_link(writer);
        break;
    case ELEMENT_IMAGE:
        if (open)
            add_image(writer, piece);
        break;
    case ELEMENT_HIDDEN:
        if (open && !piece->is_empty)
            text_tags_skip_to_close(tags, piece->name);
        break;
    case ELEMENT_OTHER:
        break;
    }
}

static gboolean is_tag(const TextPiece *piece)
{
    return (piece->kind == TEXT_PIECE_OPEN || piece->kind == TEXT_PIECE_CLOSE) && text_tags_is_html(piece->name);
}

gboolean text_is_html(const char *text)
{
    TextTags tags;
    TextPiece piece;

    text_tags_init(&tags, text);
    while (text_tags_next(&tags, &piece)) {
        if (piece.kind == TEXT_PIECE_COMMENT || is_tag(&piece))
            return TRUE;
    }
    return FALSE;
}

static void write_html(Writer *writer, const char *html)
{
    TextTags tags;
    TextPiece piece;

    text_tags_init(&tags, html);
    while (!is_full(writer) && text_tags_next(&tags, &piece)) {
        if (is_tag(&piece))
            on_tag(writer, &tags, &piece);
        else if (piece.kind != TEXT_PIECE_COMMENT)
            add_text(writer, piece.from, piece.to);
    }
    close_link(writer);
}

/* Leaves room for the mark, and no white space before it. */
static void cut(GString *text, gsize max_chars)
{
    g_string_truncate(text, (gsize)(g_utf8_offset_to_pointer(text->str, (glong)max_chars - 1) - text->str));
    g_strchomp(text->str);
    text->len = strlen(text->str);
    g_string_append(text, ELLIPSIS);
}

char *text_from_html(const char *html, gsize max_chars)
{
    g_autofree char *valid = g_utf8_make_valid(html ? html : "", -1);
    Writer writer = { .text = g_string_new(NULL), .space = g_string_new(NULL), .max_chars = max_chars };

    writer.verbatim = !text_is_html(valid);
    write_html(&writer, valid);
    if (is_full(&writer))
        cut(writer.text, max_chars);
    g_string_free(writer.space, TRUE);
    g_free(writer.address);
    return g_string_free(writer.text, FALSE);
}
