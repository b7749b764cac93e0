/* SPDX-License-Identifier: GPL-2.0-or-later */
/* md4c parses and calls back in the order of the text; text-md-writer makes the lines. */
#include "text-md-html.h"

#include "text-emoji.h"
#include "text-entity.h"
#include "text-escape.h"
#include "text-md-guard.h"
#include "text-md-writer.h"
#include "text-scan.h"

#include <md4c.h>
#include <string.h>

#define NBSP "\xc2\xa0"
#define RULE "\xe2\x80\x94\xe2\x80\x94\xe2\x80\x94"
#define TAB_BLANKS 4

/* A link or image that the words are in. */
typedef struct {
    gboolean image;
    char *href, *title;
    char *address;     /* (nullable): to open; without one it stays as it was typed */
    gsize html_start;  /* of its text */
    gsize plain_start; /* the same in Renderer.link_plain */
} Link;

typedef struct {
    TextMdGuard *guard;
    TextMdWriter *writer;
    GArray *links;            /* Link, outermost first */
    unsigned addressed;       /* of these the ones that have an address */
    GString *link_plain;      /* the text of the links that are open, without markup */
    GString *code;            /* of a span, or of the line of a block that has not ended */
    gboolean after_paragraph; /* in the same quote or item */
} Renderer;

static void clear_link(gpointer data)
{
    Link *link = data;

    g_free(link->href);
    g_free(link->title);
    g_free(link->address);
}

/* ----------------------------------------------------------------------------------------------- text and addresses */

static gboolean is_line_end(gunichar character)
{
    return (character >= '\n' && character <= '\r') || character == 0x85 || character == 0x2028 || character == 0x2029;
}

/* A line end by an entity is only a blank: lines are begun elsewhere. */
static void append_characters(GString *plain, const gunichar characters[2])
{
    for (int i = 0; i < 2 && characters[i]; i++)
        g_string_append_unichar(plain, is_line_end(characters[i]) ? ' ' : characters[i]);
}

static void append_entity(GString *plain, const char *text, gsize length)
{
    gunichar characters[2];

    if (text_entity_decode(text, length, characters) == length)
        append_characters(plain, characters);
    else
        g_string_append_len(plain, text, (gssize)length);
}

/* Appends text that the parser has not seen, with its backslashes and entities decoded. */
static void append_decoded(GString *plain, const char *text, gsize length)
{
    for (gsize i = 0; i < length;) {
        gunichar characters[2];
        gsize entity = text_entity_decode(text + i, length - i, characters);

        if (entity) {
            append_characters(plain, characters);
            i += entity;
            continue;
        }
        if (text[i] == '\\' && i + 1 < length && g_ascii_ispunct(text[i + 1]))
            i++;
        g_string_append_c(plain, text[i++]);
    }
}

/* Appends a piece as words: what would be read. */
static void append_piece(GString *plain, const TextMdPiece *piece)
{
    if (piece->kind == TEXT_MD_LINK)
        append_decoded(plain, piece->text, piece->length);
    else if (piece->kind == TEXT_MD_ANGLE)
        g_string_append_len(plain, piece->text + 1, (gssize)piece->length - 2);
    else
        g_string_append_len(plain, piece->text, (gssize)piece->length);
}

/* Returns: (transfer full): the address or title of a link. */
static char *read_attribute(Renderer *renderer, const MD_ATTRIBUTE *attribute)
{
    GString *plain = g_string_new(NULL);

    for (int i = 0; attribute->size && attribute->substr_offsets[i] < attribute->size; i++) {
        const char *at = attribute->text + attribute->substr_offsets[i];
        const char *end = attribute->text + attribute->substr_offsets[i + 1];
        TextMdPiece piece;

        if (attribute->substr_types[i] == MD_TEXT_ENTITY) {
            append_entity(plain, at, (gsize)(end - at));
            continue;
        }
        while (text_md_guard_next(renderer->guard, &at, end, &piece))
            append_piece(plain, &piece);
    }
    return g_string_free(plain, FALSE);
}

static gboolean is_unsafe_in_address(gunichar character)
{
    return character <= ' ' || character == '"' || character == '<' || character == '>' ||
           g_unichar_isspace(character) || g_unichar_iscntrl(character) ||
           g_unichar_type(character) == G_UNICODE_FORMAT;
}

/* Returns: (transfer full) (nullable): what to open for a link. Characters that text_escape_html() would drop are
 * encoded before the address is checked, so that it is written as it was checked. */
static char *find_address(const char *link)
{
    g_autoptr(GString) encoded = g_string_new(NULL);

    for (const char *at = link; *at;) {
        const char *next = g_utf8_next_char(at);

        if (is_unsafe_in_address(g_utf8_get_char(at))) {
            for (; at < next; at++)
                g_string_append_printf(encoded, "%%%02X", (guchar)*at);
        }
        g_string_append_len(encoded, at, next - at);
        at = next;
    }
    return text_scan_address(encoded->str, encoded->len);
}

/* ------------------------------------------------------------------------------------------------------------ words */

static void write_words(Renderer *renderer, const char *plain)
{
    text_md_writer_words(renderer->writer, plain);
    if (renderer->links->len > 0)
        g_string_append(renderer->link_plain, plain);
}

static void write_monospace(Renderer *renderer, const char *plain)
{
    text_md_writer_monospace(renderer->writer, plain);
    if (renderer->links->len > 0)
        g_string_append(renderer->link_plain, plain);
}

/* Writes a link that stands in running text, or what must not be one as it was typed. */
static void write_piece(Renderer *renderer, const TextMdPiece *piece)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autofree char *address = NULL;

    append_piece(words, piece);
    if (renderer->addressed == 0)
        address = find_address(words->str);
    if (address) {
        text_md_writer_link(renderer->writer, address, words->str);
        return;
    }
    if (piece->kind == TEXT_MD_ANGLE && renderer->addressed == 0) {
        g_string_prepend_c(words, '<');
        g_string_append_c(words, '>');
    }
    write_words(renderer, words->str);
}

static void write_run(Renderer *renderer, const char *at, const char *end)
{
    TextMdPiece piece;

    while (text_md_guard_next(renderer->guard, &at, end, &piece)) {
        if (piece.kind == TEXT_MD_TEXT) {
            g_autofree char *plain = g_strndup(piece.text, piece.length);
            g_autofree char *expanded = text_emoji_expand(plain);

            write_words(renderer, expanded);
        } else {
            write_piece(renderer, &piece);
        }
    }
}

static void write_entity(Renderer *renderer, const char *text, gsize length)
{
    g_autoptr(GString) plain = g_string_new(NULL);

    append_entity(plain, text, length);
    write_words(renderer, plain->str);
}

/* ------------------------------------------------------------------------------------------------------------- code */

/* Writes a line of a code block. */
static void end_code_line(Renderer *renderer)
{
    g_autoptr(GString) line = g_string_new(NULL);
    const char *at = renderer->code->str;

    for (; *at == ' ' || *at == '\t'; at++) {
        for (int blanks = *at == '\t' ? TAB_BLANKS : 1; blanks > 0; blanks--)
            g_string_append(line, NBSP);
    }
    g_string_append(line, at);
    if (*at)
        write_monospace(renderer, line->str);
    g_string_truncate(renderer->code, 0);
}

static void add_code(Renderer *renderer, const char *at, const char *end)
{
    TextMdPiece piece;

    while (text_md_guard_next(renderer->guard, &at, end, &piece)) {
        for (gsize i = 0; i < piece.length; i++) {
            if (piece.text[i] != '\n') {
                g_string_append_c(renderer->code, piece.text[i]);
            } else {
                end_code_line(renderer);
                text_md_writer_break(renderer->writer);
            }
        }
    }
}

/* The line end of its last line is that of the block, and empty lines there show nothing. */
static void end_code_block(Renderer *renderer)
{
    end_code_line(renderer);
    text_md_writer_drop_empty_lines(renderer->writer);
}

static void end_code_span(Renderer *renderer)
{
    g_string_prepend_c(renderer->code, '`');
    g_string_append_c(renderer->code, '`');
    write_monospace(renderer, renderer->code->str);
    g_string_truncate(renderer->code, 0);
}

/* ------------------------------------------------------------------------------------------------------------ links */

static void open_link(Renderer *renderer, gboolean image, const MD_ATTRIBUTE *href, const MD_ATTRIBUTE *title)
{
    Link link = { .image = image };

    link.href = read_attribute(renderer, href);
    link.title = read_attribute(renderer, title);
    link.address = find_address(link.href);
    if (link.address)
        renderer->addressed++;
    else
        write_words(renderer, image ? "![" : "[");
    text_md_writer_begin(renderer->writer);
    link.html_start = text_md_writer_length(renderer->writer);
    link.plain_start = renderer->link_plain->len;
    g_array_append_val(renderer->links, link);
}

/* Whether the text of a link says where it goes. */
static gboolean is_its_address(const Link *link, const char *words)
{
    g_autofree char *address = NULL;

    if (strcmp(words, link->address) == 0 || strcmp(words, link->href) == 0)
        return TRUE;
    /* Without scheme. */
    if (strlen(words) < strlen(link->address))
        address = find_address(words);
    return g_strcmp0(address, link->address) == 0;
}

static void end_addressed_link(Renderer *renderer, const Link *link)
{
    const char *words = renderer->link_plain->str + link->plain_start;
    const char *html = text_md_writer_html(renderer->writer) + link->html_start;

    renderer->addressed--;
    if (!strchr(html, '<') && is_its_address(link, words)) {
        text_md_writer_truncate(renderer->writer, link->html_start);
        text_md_writer_link(renderer->writer, link->address, words);
    } else if (!*html) {
        text_md_writer_link(renderer->writer, link->address, link->address);
    } else {
        write_words(renderer, " (");
        text_md_writer_link(renderer->writer, link->address, link->address);
        write_words(renderer, ")");
    }
}

static void end_literal_link(Renderer *renderer, const Link *link)
{
    g_autoptr(GString) tail = g_string_new(NULL);

    g_string_append_printf(tail, strchr(link->href, ' ') ? "](<%s>" : "](%s", link->href);
    if (*link->title)
        g_string_append_printf(tail, " \"%s\"", link->title);
    g_string_append_c(tail, ')');
    /* Titles may have lines. */
    write_words(renderer, g_strdelimit(tail->str, "\n", ' '));
}

static void close_link(Renderer *renderer)
{
    Link *link = renderer->links->len ? &g_array_index(renderer->links, Link, renderer->links->len - 1) : NULL;

    if (!link)
        return;
    if (link->address)
        end_addressed_link(renderer, link);
    else
        end_literal_link(renderer, link);
    g_array_set_size(renderer->links, renderer->links->len - 1);
    if (renderer->links->len == 0)
        g_string_truncate(renderer->link_plain, 0);
}

/* -------------------------------------------------------------------------------------------------- what md4c calls */

/* md4c 0.4.8 does not end every span that it begins, as in _a [b](c__) __d_ for one. */
static void end_spans(Renderer *renderer)
{
    if (renderer->code->len > 0)
        end_code_span(renderer);
    while (renderer->links->len > 0)
        close_link(renderer);
    text_md_writer_close_all(renderer->writer);
}

/* Returns: 0 for going on, as md4c wants it. */
static int check_limits(const Renderer *renderer)
{
    return text_md_writer_depth(renderer->writer) > TEXT_MD_MAX_DEPTH ||
           text_md_writer_length(renderer->writer) > TEXT_MD_MAX_HTML_BYTES;
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *user_data)
{
    Renderer *renderer = user_data;
    gboolean after_paragraph = renderer->after_paragraph;

    end_spans(renderer);
    renderer->after_paragraph = FALSE;
    text_md_writer_new_line(renderer->writer);
    if (type == MD_BLOCK_QUOTE) {
        text_md_writer_quote(renderer->writer);
    } else if (type == MD_BLOCK_OL) {
        const MD_BLOCK_OL_DETAIL *list = detail;

        text_md_writer_list(renderer->writer, list->start, list->mark_delimiter);
    } else if (type == MD_BLOCK_UL) {
        text_md_writer_list(renderer->writer, 0, '\0');
    } else if (type == MD_BLOCK_LI) {
        text_md_writer_item(renderer->writer);
    } else if (type == MD_BLOCK_H) {
        text_md_writer_open(renderer->writer, TEXT_MD_BOLD);
    } else if (type == MD_BLOCK_HR) {
        write_words(renderer, RULE);
    } else if (type == MD_BLOCK_P && after_paragraph) {
        text_md_writer_empty_line(renderer->writer);
    }
    return check_limits(renderer);
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *user_data)
{
    Renderer *renderer = user_data;

    (void)detail;
    if (type == MD_BLOCK_CODE)
        end_code_block(renderer);
    /* Also a heading's bold. */
    end_spans(renderer);
    if (type == MD_BLOCK_QUOTE || type == MD_BLOCK_OL || type == MD_BLOCK_UL || type == MD_BLOCK_LI)
        text_md_writer_leave(renderer->writer);
    renderer->after_paragraph = type == MD_BLOCK_P;
    return check_limits(renderer);
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *user_data)
{
    Renderer *renderer = user_data;

    if (type == MD_SPAN_STRONG) {
        text_md_writer_open(renderer->writer, TEXT_MD_BOLD);
    } else if (type == MD_SPAN_EM) {
        text_md_writer_open(renderer->writer, TEXT_MD_ITALIC);
    } else if (type == MD_SPAN_DEL) {
        text_md_writer_open(renderer->writer, TEXT_MD_STRIKE);
    } else if (type == MD_SPAN_A) {
        const MD_SPAN_A_DETAIL *link = detail;

        open_link(renderer, FALSE, &link->href, &link->title);
    } else if (type == MD_SPAN_IMG) {
        const MD_SPAN_IMG_DETAIL *image = detail;

        open_link(renderer, TRUE, &image->src, &image->title);
    }
    return check_limits(renderer);
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *user_data)
{
    Renderer *renderer = user_data;

    (void)detail;
    if (type == MD_SPAN_STRONG)
        text_md_writer_close(renderer->writer, TEXT_MD_BOLD);
    else if (type == MD_SPAN_EM)
        text_md_writer_close(renderer->writer, TEXT_MD_ITALIC);
    else if (type == MD_SPAN_DEL)
        text_md_writer_close(renderer->writer, TEXT_MD_STRIKE);
    else if (type == MD_SPAN_A || type == MD_SPAN_IMG)
        close_link(renderer);
    else if (type == MD_SPAN_CODE)
        end_code_span(renderer);
    return check_limits(renderer);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user_data)
{
    Renderer *renderer = user_data;

    switch (type) {
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        text_md_writer_break(renderer->writer);
        break;
    case MD_TEXT_ENTITY:
        write_entity(renderer, text, size);
        break;
    case MD_TEXT_CODE:
        add_code(renderer, text, text + size);
        break;
    default:
        write_run(renderer, text, text + size);
    }
    return check_limits(renderer);
}

/* ----------------------------------------------------------------------------------------------------------- public */

/* Without a definition md4c looks up no label. */
gboolean text_md_is_parseable(const char *source)
{
    gsize length = strlen(source), brackets = 0;

    for (const char *at = source; *at; at++)
        brackets += *at == '[';
    return brackets * length <= TEXT_MD_MAX_LOOKED_UP || !strstr(source, "]:");
}

static gboolean render(Renderer *renderer)
{
    const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_STRIKETHROUGH,
        .enter_block = on_enter_block,
        .leave_block = on_leave_block,
        .enter_span = on_enter_span,
        .leave_span = on_leave_span,
        .text = on_text,
    };
    const char *source = text_md_guard_source(renderer->guard);

    return text_md_is_parseable(source) && md_parse(source, (MD_SIZE)strlen(source), &parser, renderer) == 0 &&
           text_md_writer_length(renderer->writer) > 0;
}

static char *make_html(const char *markdown)
{
    g_autoptr(TextMdGuard) guard = text_md_guard_new(markdown);
    g_autoptr(TextMdWriter) writer = text_md_writer_new();
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(Link));
    g_autoptr(GString) link_plain = g_string_new(NULL), code = g_string_new(NULL);
    Renderer renderer = { .guard = guard, .writer = writer, .links = links, .link_plain = link_plain, .code = code };

    g_array_set_clear_func(links, clear_link);
    return render(&renderer) ? g_strdup(text_md_writer_html(writer)) : NULL;
}

static gsize blank_length(const char *html)
{
    return *html == ' ' || *html == '\t' ? 1 : g_str_has_prefix(html, "<br>") ? strlen("<br>") : 0;
}

/* Returns: (transfer full): @markdown as it was typed, without blanks and line ends around it. */
static char *make_literal(const char *markdown)
{
    g_autofree char *html = text_escape_html(markdown);
    char *begin = html, *end;

    while (blank_length(begin))
        begin += blank_length(begin);
    end = begin;
    for (char *at = begin; *at;) {
        gsize blank = blank_length(at);

        at += blank ? blank : 1;
        if (!blank)
            end = at;
    }
    *end = '\0';
    return g_strdup(begin);
}

char *text_md_to_html(const char *markdown)
{
    char *html = NULL;

    if (!markdown)
        return g_strdup("");
    if (strlen(markdown) <= TEXT_MD_MAX_BYTES)
        html = make_html(markdown);
    return html ? html : make_literal(markdown);
}

char *text_plain_to_html(const char *plain)
{
    g_autofree char *valid = g_utf8_make_valid(plain ? plain : "", -1);
    g_autoptr(TextMdWriter) writer = text_md_writer_new();
    gsize from = 0, start, length;

    if (strlen(valid) > TEXT_MD_MAX_BYTES)
        return text_escape_html(valid);
    while (text_scan_link(valid, from, &start, &length)) {
        g_autofree char *before = g_strndup(valid + from, start - from);
        g_autofree char *link = g_strndup(valid + start, length);
        g_autofree char *address = find_address(link);

        text_md_writer_words(writer, before);
        if (address)
            text_md_writer_link(writer, address, link);
        else
            text_md_writer_words(writer, link);
        from = start + length;
    }
    text_md_writer_words(writer, valid + from);
    return g_strdup(text_md_writer_html(writer));
}
