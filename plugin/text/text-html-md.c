/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three steps over a text with one byte of styles for each of its bytes: tokens are laid out; links and code, which
 * take no markers inside, are written; then emphasis is, where CommonMark's rules for its markers allow it. */
#include "text-html-md.h"

#include "text-emphasis.h"
#include "text-markup.h"

#include <string.h>

/* Longer markers of code are not worth it: then it is sent as plain text. */
#define MAX_BACKQUOTES 16

#define CODE (1u << 3) /* beside those of text-emphasis.h */

static const guint8 bits[TEXT_N_STYLES] = {
    [TEXT_STYLE_BOLD] = TEXT_EMPHASIS_BOLD,
    [TEXT_STYLE_ITALIC] = TEXT_EMPHASIS_ITALIC,
    [TEXT_STYLE_STRIKE] = TEXT_EMPHASIS_STRIKE,
    [TEXT_STYLE_CODE] = CODE,
};

typedef struct {
    gsize from, to;
    const char *address;
} Link;

typedef struct {
    GString *text;
    GByteArray *styles; /* as long */
    GArray *links;      /* of Link, in order, never empty ones */
} Draft;

static void draft_init(Draft *draft)
{
    draft->text = g_string_new(NULL);
    draft->styles = g_byte_array_new();
    draft->links = g_array_new(FALSE, FALSE, sizeof(Link));
}

static void draft_clear(Draft *draft)
{
    g_string_free(draft->text, TRUE);
    g_byte_array_unref(draft->styles);
    g_array_unref(draft->links);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

static void put(Draft *draft, const char *text, gsize length, guint8 styles)
{
    gsize from = draft->styles->len;

    g_string_append_len(draft->text, text, (gssize)length);
    g_byte_array_set_size(draft->styles, (guint)(from + length));
    memset(draft->styles->data + from, styles, length);
}

static void copy(Draft *draft, const Draft *from, gsize at, gsize to)
{
    for (; at < to; at++)
        put(draft, from->text->str + at, 1, from->styles->data[at] & TEXT_EMPHASIS_ALL);
}

/* ---------------------------------------------------------------------------------------------- tokens are laid out */

static void end_link(Draft *draft)
{
    Link *link = &g_array_index(draft->links, Link, draft->links->len - 1);
    gsize from = link->from;

    link->to = draft->text->len;
    g_strdelimit(draft->text->str + from, "\n", ' ');
    if (from + strspn(draft->text->str + from, " \t\r\n") < link->to)
        return;
    /* There is no text to click on, but the address is something typed, too. */
    put(draft, link->address, strlen(link->address), 0);
    g_array_set_size(draft->links, draft->links->len - 1);
}

static void lay_out(Draft *draft, const GPtrArray *tokens)
{
    guint8 styles = 0;

    for (guint i = 0; i < tokens->len; i++) {
        const TextToken *token = tokens->pdata[i];
        Link link = { draft->text->len, 0, token->text };

        switch (token->kind) {
        case TEXT_TOKEN_TEXT:
            put(draft, token->text, strlen(token->text), styles);
            break;
        case TEXT_TOKEN_BREAK:
            put(draft, "\n", 1, styles);
            break;
        case TEXT_TOKEN_OPEN:
            styles |= bits[token->style];
            if (token->style == TEXT_STYLE_LINK)
                g_array_append_val(draft->links, link);
            break;
        case TEXT_TOKEN_CLOSE:
            styles &= (guint8)~bits[token->style];
            if (token->style == TEXT_STYLE_LINK)
                end_link(draft);
            break;
        case TEXT_TOKEN_IMAGE:
            break;
        }
    }
}

/* ------------------------------------------------------------------------------------- links and code are written */

/* Returns: the least number of backquotes that stands nowhere in a row, so that no other ones can pair with them;
 * 0 for none. */
static guint find_backquotes(const char *text)
{
    guint32 seen = 0;

    for (const char *at = strchr(text, '`'); at; at = strchr(at, '`')) {
        gsize length = strspn(at, "`");

        if (length <= MAX_BACKQUOTES)
            seen |= 1u << length;
        at += length;
    }
    for (guint length = 1; length <= MAX_BACKQUOTES; length++) {
        if (!(seen & (1u << length)))
            return length;
    }
    return 0;
}

static void append_repeated(GString *text, char character, gsize count)
{
    while (count-- > 0)
        g_string_append_c(text, character);
}

static void append_code(GString *md, const char *code, gsize length, guint backquotes)
{
    gboolean pad = code[0] == '`' || code[length - 1] == '`';

    append_repeated(md, '`', backquotes);
    append_repeated(md, ' ', pad);
    g_string_append_len(md, code, (gssize)length);
    append_repeated(md, ' ', pad);
    append_repeated(md, '`', backquotes);
}

static gboolean is_blank(char character)
{
    return g_ascii_isspace(character);
}

static gboolean is_any_of(char character, const char *set)
{
    return character && strchr(set, character);
}

/* Emphasis that covers all of a link or code is written around it, other emphasis would have to stand inside. */
static guint8 common_emphasis(const Draft *draft, gsize at, gsize to)
{
    guint8 styles = TEXT_EMPHASIS_ALL;

    for (; at < to; at++) {
        if (!is_blank(draft->text->str[at]))
            styles &= draft->styles->data[at];
    }
    return styles;
}

static char last_of(const GString *text)
{
    return text->len ? text->str[text->len - 1] : '\0';
}

static gboolean is_line_edge(char character)
{
    return character == '\0' || character == '\n';
}

/* Code within a line: @at to @to. */
static void write_span(Draft *out, const Draft *in, gsize at, gsize to, guint backquotes)
{
    const char *text = in->text->str;
    gsize from = at, end = to;

    while (from < to && is_blank(text[from]))
        from++;
    while (end > from && is_blank(text[end - 1]))
        end--;
    copy(out, in, at, from);
    if (from == end || !backquotes || text[end] == '`' || is_any_of(last_of(out->text), "`\\")) {
        copy(out, in, from, end);
    } else {
        g_autoptr(GString) md = g_string_new(NULL);

        append_code(md, text + from, end - from, backquotes);
        put(out, md->str, md->len, common_emphasis(in, from, end) | TEXT_EMPHASIS_FIXED);
    }
    copy(out, in, end, to);
}

static void write_block(Draft *out, const char *code, gsize length)
{
    g_autoptr(GString) md = g_string_new(NULL);
    gsize fence = 3;

    for (gsize i = 0, row = 0; i < length; i++) {
        row = code[i] == '`' ? row + 1 : 0;
        fence = MAX(fence, row + 1);
    }
    append_repeated(md, '`', fence);
    g_string_append_c(md, '\n');
    g_string_append_len(md, code, (gssize)length);
    g_string_append_c(md, '\n');
    append_repeated(md, '`', fence);
    put(out, md->str, md->len, TEXT_EMPHASIS_FIXED);
}

/* Code from @at to @to, perhaps of several lines. */
static void write_code(Draft *out, const Draft *in, gsize at, gsize to, guint backquotes)
{
    const char *text = in->text->str;
    gsize from = at, end = to;

    while (from < to && text[from] == '\n')
        from++;
    while (end > from && text[end - 1] == '\n')
        end--;
    copy(out, in, at, from);
    if (memchr(text + from, '\n', end - from) && is_line_edge(last_of(out->text)) && is_line_edge(text[end])) {
        write_block(out, text + from, end - from);
    } else {
        while (from < end) {
            const char *line_end = memchr(text + from, '\n', end - from);
            gsize line_to = line_end ? (gsize)(line_end - text) : end;

            write_span(out, in, from, line_to, backquotes);
            copy(out, in, line_to, line_to + (line_end != NULL));
            from = line_to + (line_end != NULL);
        }
    }
    copy(out, in, end, to);
}

static gsize end_of_style(const Draft *draft, gsize at, gsize limit, guint8 style)
{
    while (at < limit && draft->styles->data[at] & style)
        at++;
    return at;
}

/* Escapes what would end the label or make code of it. */
static void append_escaped(GString *md, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (strchr("[]`\\", text[i]))
            g_string_append_c(md, '\\');
        g_string_append_c(md, text[i]);
    }
}

static void append_label(GString *md, const Draft *in, gsize at, gsize to, guint backquotes)
{
    const char *text = in->text->str;

    while (at < to) {
        gsize end = end_of_style(in, at, to, CODE);

        if (end > at && backquotes && text[end] != '`' && last_of(md) != '`') {
            append_code(md, text + at, end - at, backquotes);
        } else {
            end = MAX(end, at + 1);
            append_escaped(md, text + at, end - at);
        }
        at = end;
    }
}

static gboolean has_odd_brackets(const char *address)
{
    gsize open = 0;

    for (const char *at = strpbrk(address, "()"); at; at = strpbrk(at + 1, "()")) {
        if (*at == ')' && open-- == 0)
            return TRUE;
        open += *at == '(';
    }
    return open > 0;
}

/* What would end the address, or be read as an escape, goes in as percent code, which means the same. */
static void append_address(GString *md, const char *address)
{
    gboolean odd_brackets = has_odd_brackets(address);

    for (const char *at = address; *at; at++) {
        if (g_ascii_iscntrl(*at) || strchr(odd_brackets ? " <>\\`\"()" : " <>\\`\"", *at))
            g_string_append_printf(md, "%%%02X", (guint)(guchar)*at);
        else
            g_string_append_c(md, *at);
    }
}

static char *bare_address(const char *address)
{
    const char *scheme_end = strstr(address, "://");
    char *bare = g_strdup(scheme_end ? scheme_end + 3 : address);

    if (g_str_has_suffix(bare, "/"))
        bare[strlen(bare) - 1] = '\0';
    return bare;
}

/* Returns: (nullable): the one of both that says all; %NULL when both are needed. */
static const char *either(const char *label, const char *address)
{
    g_autofree char *bare_label = bare_address(label);
    g_autofree char *bare = bare_address(address);

    if (!g_ascii_strncasecmp(address, "mailto:", 7) && !strcmp(address + 7, label))
        return label;
    return strcmp(bare_label, bare) ? NULL : address;
}

static void write_link(Draft *out, const Draft *in, const Link *link, guint backquotes)
{
    const char *text = in->text->str;
    gsize from = link->from, to = link->to;
    g_autoptr(GString) md = g_string_new(NULL);
    g_autofree char *label = NULL;
    const char *only;

    while (is_blank(text[from]))
        from++;
    while (is_blank(text[to - 1]))
        to--;
    label = g_strndup(text + from, to - from);
    only = either(label, link->address);
    copy(out, in, link->from, from);
    if (only) {
        g_string_append(md, only);
    } else if (is_any_of(last_of(out->text), "!\\")) {
        /* ![...] were an image and \[...] text. */
        g_string_append_printf(md, "%s (%s)", label, link->address);
    } else {
        g_string_append_c(md, '[');
        append_label(md, in, from, to, backquotes);
        g_string_append(md, "](");
        append_address(md, link->address);
        g_string_append_c(md, ')');
    }
    put(out, md->str, md->len, common_emphasis(in, from, to) | TEXT_EMPHASIS_FIXED);
    copy(out, in, to, link->to);
}

static void write_atoms(Draft *out, const Draft *in)
{
    guint backquotes = find_backquotes(in->text->str);
    gsize at = 0;

    for (guint i = 0; i <= in->links->len; i++) {
        const Link *link = i < in->links->len ? &g_array_index(in->links, Link, i) : NULL;
        gsize limit = link ? link->from : in->text->len;

        while (at < limit) {
            gsize end = end_of_style(in, at, limit, CODE);

            if (end > at)
                write_code(out, in, at, end, backquotes);
            else
                copy(out, in, at, ++end);
            at = end;
        }
        if (link) {
            write_link(out, in, link, backquotes);
            at = link->to;
        }
    }
}

char *text_html_to_md(const char *html)
{
    g_autoptr(GPtrArray) tokens = text_markup_parse(html);
    g_auto(Draft) draft, written;

    draft_init(&draft);
    draft_init(&written);
    lay_out(&draft, tokens);
    write_atoms(&written, &draft);
    return text_emphasis_write(written.text->str, written.styles->data);
}

char *text_html_to_plain(const char *html)
{
    g_autoptr(GPtrArray) tokens = text_markup_parse(html);
    GString *plain = g_string_new(NULL);

    for (guint i = 0; i < tokens->len; i++) {
        const TextToken *token = tokens->pdata[i];

        if (token->kind == TEXT_TOKEN_TEXT)
            g_string_append(plain, token->text);
        else if (token->kind == TEXT_TOKEN_BREAK)
            g_string_append_c(plain, '\n');
    }
    return g_string_free(plain, FALSE);
}
