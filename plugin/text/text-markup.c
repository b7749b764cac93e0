/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A style is counted while elements that bring it are open, so that tokens say only where it begins and ends. Not
 * GMarkup: it refuses what hosts send (unknown entities, &amp without its end) and changes carriage returns. */
#include "text-markup.h"

#include "text-tags.h"

#include <string.h>

/* Elements open at a time; deeper ones bring no style. */
#define MAX_DEPTH 100

#define BOLD (1u << TEXT_STYLE_BOLD)
#define ITALIC (1u << TEXT_STYLE_ITALIC)
#define STRIKE (1u << TEXT_STYLE_STRIKE)
#define CODE (1u << TEXT_STYLE_CODE)
#define LINK (1u << TEXT_STYLE_LINK)

static const struct {
    const char *name;
    guint styles;
    gboolean is_block;
} elements[] = {
    { "b", BOLD, FALSE },        { "bold", BOLD, FALSE },     { "strong", BOLD, FALSE },
    { "i", ITALIC, FALSE },      { "italic", ITALIC, FALSE }, { "em", ITALIC, FALSE },
    { "cite", ITALIC, FALSE },   { "var", ITALIC, FALSE },    { "s", STRIKE, FALSE },
    { "strike", STRIKE, FALSE }, { "del", STRIKE, FALSE },    { "code", CODE, FALSE },
    { "tt", CODE, FALSE },       { "kbd", CODE, FALSE },      { "samp", CODE, FALSE },
    { "pre", CODE, TRUE },       { "a", LINK, FALSE },        { "p", 0, TRUE },
    { "div", 0, TRUE },          { "h1", BOLD, TRUE },        { "h2", BOLD, TRUE },
    { "h3", BOLD, TRUE },        { "h4", BOLD, TRUE },        { "h5", BOLD, TRUE },
    { "h6", BOLD, TRUE },        { "ul", 0, TRUE },           { "ol", 0, TRUE },
    { "li", 0, TRUE },           { "blockquote", 0, TRUE },   { "table", 0, TRUE },
    { "tr", 0, TRUE },
};

typedef struct {
    char name[sizeof((TextPiece *)NULL)->name];
    guint styles;
} Element;

typedef struct {
    GPtrArray *tokens;
    GString *text; /* not yet a token */
    Element open[MAX_DEPTH];
    guint depth, skipped; /* skipped: open beyond MAX_DEPTH */
    guint count[TEXT_N_STYLES];
    gboolean in_line; /* something stands in the last line */
    gboolean block;   /* what follows stands in another line */
} Parser;

void text_token_free(TextToken *token)
{
    if (!token)
        return;
    g_free(token->text);
    g_free(token);
}

static TextToken *push(Parser *parser, TextTokenKind kind)
{
    TextToken *token = g_new0(TextToken, 1);

    token->kind = kind;
    g_ptr_array_add(parser->tokens, token);
    return token;
}

static void flush_text(Parser *parser)
{
    if (!parser->text->len)
        return;
    push(parser, TEXT_TOKEN_TEXT)->text = g_strdup(parser->text->str);
    g_string_truncate(parser->text, 0);
}

static TextToken *add(Parser *parser, TextTokenKind kind)
{
    flush_text(parser);
    return push(parser, kind);
}

/* Before something that stands in a line. */
static void enter_line(Parser *parser)
{
    if (parser->block)
        add(parser, TEXT_TOKEN_BREAK);
    parser->block = FALSE;
    parser->in_line = TRUE;
}

static void add_text(Parser *parser, const char *from, const char *to)
{
    enter_line(parser);
    while (from < to) {
        gboolean may_be_entity = *from == '&';
        gunichar characters[2];

        text_tags_decode(&from, to, characters);
        if (may_be_entity && characters[0] == 0xa0)
            characters[0] = ' ';
        for (gsize i = 0; i < 2 && characters[i]; i++)
            g_string_append_unichar(parser->text, characters[i]);
        parser->in_line = characters[0] != '\n';
    }
}

static void add_break(Parser *parser)
{
    enter_line(parser);
    add(parser, TEXT_TOKEN_BREAK);
    parser->in_line = FALSE;
}

/* Libpurple's images have an id; of others only the words in their place can be sent. */
static void add_image(Parser *parser, const TextPiece *piece)
{
    g_autofree char *id = text_tags_attribute(piece, "id");
    g_autofree char *alt = text_tags_attribute(piece, "alt");
    guint64 image;

    if (id && g_ascii_string_to_unsigned(id, 10, 1, G_MAXINT, &image, NULL)) {
        enter_line(parser);
        add(parser, TEXT_TOKEN_IMAGE)->image = (int)image;
    } else if (alt && *alt) {
        enter_line(parser);
        g_string_append(parser->text, alt);
    }
}

static void close_styles(Parser *parser, guint styles)
{
    for (guint style = 0; style < TEXT_N_STYLES; style++) {
        if (styles & (1u << style) && --parser->count[style] == 0)
            add(parser, TEXT_TOKEN_CLOSE)->style = style;
    }
}

static void open_styles(Parser *parser, guint styles, const char *address)
{
    for (guint style = 0; style < TEXT_N_STYLES; style++) {
        TextToken *token;

        if (!(styles & (1u << style)) || parser->count[style]++ > 0)
            continue;
        token = add(parser, TEXT_TOKEN_OPEN);
        token->style = style;
        if (style == TEXT_STYLE_LINK)
            token->text = g_strdup(address);
    }
}

static gboolean is_monospaced(const char *family)
{
    g_autofree char *lower = g_ascii_strdown(family, -1);

    return strstr(lower, "mono") || strstr(lower, "courier") || strstr(lower, "consolas");
}

static guint styles_of_declaration(const char *property, const char *value)
{
    if (!g_ascii_strcasecmp(property, "font-weight"))
        return !g_ascii_strncasecmp(value, "bold", 4) || (*value >= '6' && *value <= '9') ? BOLD : 0;
    if (!g_ascii_strcasecmp(property, "font-style"))
        return !g_ascii_strcasecmp(value, "italic") || !g_ascii_strcasecmp(value, "oblique") ? ITALIC : 0;
    if (!g_ascii_strcasecmp(property, "text-decoration"))
        return strstr(value, "line-through") ? STRIKE : 0;
    if (!g_ascii_strcasecmp(property, "font-family"))
        return is_monospaced(value) ? CODE : 0;
    return 0;
}

static guint styles_of_css(const char *css)
{
    g_auto(GStrv) declarations = g_strsplit(css, ";", -1);
    guint styles = 0;

    for (char **declaration = declarations; *declaration; declaration++) {
        char *colon = strchr(*declaration, ':');

        if (!colon)
            continue;
        *colon = '\0';
        styles |= styles_of_declaration(g_strstrip(*declaration), g_strstrip(colon + 1));
    }
    return styles;
}

static guint styles_of_element(const TextPiece *piece, gboolean *is_block)
{
    g_autofree char *css = text_tags_attribute(piece, "style");
    g_autofree char *face = strcmp(piece->name, "font") ? NULL : text_tags_attribute(piece, "face");
    guint styles = css ? styles_of_css(css) : 0;

    if (face && is_monospaced(face))
        styles |= CODE;
    *is_block = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (strcmp(piece->name, elements[i].name))
            continue;
        *is_block = elements[i].is_block;
        styles |= elements[i].styles;
    }
    return styles;
}

/* Returns: the innermost open element of that name, %NULL for none. */
static Element *find_open(Parser *parser, const char *name)
{
    for (guint i = parser->depth; i > 0; i--) {
        if (!strcmp(parser->open[i - 1].name, name))
            return &parser->open[i - 1];
    }
    return NULL;
}

/* The elements above it stay open: what is not nested overlaps. */
static void close_element(Parser *parser, Element *element)
{
    guint styles = element->styles;

    memmove(element, element + 1, (gsize)(parser->open + parser->depth - element - 1) * sizeof *element);
    parser->depth--;
    close_styles(parser, styles);
}

static void end_line(Parser *parser)
{
    parser->block = parser->in_line;
}

static void on_close(Parser *parser, const TextPiece *piece)
{
    gboolean is_block;
    Element *element = find_open(parser, piece->name);

    styles_of_element(piece, &is_block);
    if (parser->skipped)
        parser->skipped--;
    else if (element)
        close_element(parser, element);
    if (is_block)
        end_line(parser);
}

static gboolean is_void(const TextPiece *piece)
{
    static const char *const names[] = { "area", "base",  "col",    "embed", "input", "link",
                                         "meta", "param", "source", "track", "wbr",   NULL };

    return piece->is_empty || g_strv_contains(names, piece->name);
}

static void open_element(Parser *parser, const TextPiece *piece)
{
    gboolean is_block;
    guint styles = styles_of_element(piece, &is_block);
    g_autofree char *address = styles & LINK ? text_tags_attribute(piece, "href") : NULL;
    Element *outer;

    if (is_block)
        end_line(parser);
    if (is_void(piece))
        return;
    if (!address || !*address)
        styles &= ~LINK;
    /* There is no link within a link. */
    outer = parser->count[TEXT_STYLE_LINK] ? find_open(parser, "a") : NULL;
    if (styles & LINK && outer)
        close_element(parser, outer);
    if (parser->depth == MAX_DEPTH) {
        parser->skipped++;
        return;
    }
    g_strlcpy(parser->open[parser->depth].name, piece->name, sizeof parser->open[0].name);
    parser->open[parser->depth++].styles = styles;
    open_styles(parser, styles, address);
}

static void on_open(Parser *parser, const TextPiece *piece)
{
    if (!strcmp(piece->name, "br") || !strcmp(piece->name, "hr"))
        add_break(parser);
    else if (!strcmp(piece->name, "img"))
        add_image(parser, piece);
    else
        open_element(parser, piece);
}

static void on_piece(Parser *parser, const TextPiece *piece)
{
    if (piece->kind == TEXT_PIECE_COMMENT)
        return;
    if (piece->kind == TEXT_PIECE_TEXT || !text_tags_is_html(piece->name))
        add_text(parser, piece->from, piece->to);
    else if (piece->kind == TEXT_PIECE_CLOSE)
        on_close(parser, piece);
    else
        on_open(parser, piece);
}

GPtrArray *text_markup_parse(const char *html)
{
    g_autofree char *valid = g_utf8_make_valid(html ? html : "", -1);
    Parser parser = { .tokens = g_ptr_array_new_with_free_func((GDestroyNotify)text_token_free),
                      .text = g_string_new(NULL) };
    TextTags tags;
    TextPiece piece;

    text_tags_init(&tags, valid);
    while (text_tags_next(&tags, &piece))
        on_piece(&parser, &piece);
    while (parser.depth)
        close_element(&parser, &parser.open[parser.depth - 1]);
    flush_text(&parser);
    g_string_free(parser.text, TRUE);
    return parser.tokens;
}
