/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scanner, no parser: it never looks back, and remembers what it has searched for in vain. */
#include "text-tags.h"

#include "text-entity.h"

#include <stdlib.h>
#include <string.h>

/* Sorted: what HTML has or had; bold, italic and underline are Pidgin's own. */
static const char *const elements[] = {
    "a",         "abbr",     "acronym",  "address",  "applet",  "area",     "article",    "aside",      "audio",
    "b",         "base",     "basefont", "bdi",      "bdo",     "big",      "blink",      "blockquote", "body",
    "bold",      "br",       "button",   "canvas",   "caption", "center",   "cite",       "code",       "col",
    "colgroup",  "data",     "datalist", "dd",       "del",     "details",  "dfn",        "dialog",     "dir",
    "div",       "dl",       "dt",       "em",       "embed",   "fieldset", "figcaption", "figure",     "font",
    "footer",    "form",     "frame",    "frameset", "h1",      "h2",       "h3",         "h4",         "h5",
    "h6",        "head",     "header",   "hgroup",   "hr",      "html",     "i",          "iframe",     "img",
    "input",     "ins",      "italic",   "kbd",      "label",   "legend",   "li",         "link",       "main",
    "map",       "mark",     "marquee",  "menu",     "meta",    "meter",    "nav",        "nobr",       "noframes",
    "noscript",  "object",   "ol",       "optgroup", "option",  "output",   "p",          "param",      "picture",
    "pre",       "progress", "q",        "rp",       "rt",      "ruby",     "s",          "samp",       "script",
    "section",   "select",   "small",    "source",   "span",    "strike",   "strong",     "style",      "sub",
    "summary",   "sup",      "svg",      "table",    "tbody",   "td",       "template",   "textarea",   "tfoot",
    "th",        "thead",    "time",     "title",    "tr",      "track",    "tt",         "u",          "ul",
    "underline", "var",      "video",    "wbr",      "xml",
};

static int compare_names(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

gboolean text_tags_is_html(const char *name)
{
    return strpbrk(name, ":-") || bsearch(name, elements, G_N_ELEMENTS(elements), sizeof elements[0], compare_names);
}

void text_tags_decode(const char **at, const char *to, gunichar characters[2])
{
    gsize length = text_entity_decode(*at, (gsize)(to - *at), characters);

    if (!length) {
        characters[0] = g_utf8_get_char(*at);
        characters[1] = 0;
        length = (gsize)(g_utf8_next_char(*at) - *at);
    }
    *at += length;
}

void text_tags_init(TextTags *tags, const char *html)
{
    memset(tags, 0, sizeof *tags);
    tags->at = html;
    tags->end = html + strlen(html);
    tags->last_bracket = strrchr(html, '>');
}

/* Returns: (nullable): behind the name at @at, which is a letter, more letters and digits, perhaps with - or one : in
 * it. What else follows shows that it is no tag: <http://a.b>, <me@example.com>. */
static const char *name_end(const char *at)
{
    if (!g_ascii_isalpha(*at))
        return NULL;
    while (g_ascii_isalnum(*at) || *at == '-' || (*at == ':' && g_ascii_isalnum(at[1])))
        at++;
    return g_ascii_isspace(*at) || *at == '/' || *at == '>' ? at : NULL;
}

/* Returns: (nullable): the > that ends a tag, minding quotes; %NULL when the text ends first. */
static const char *quoted_end(const char *at)
{
    char before = '\0';

    for (; *at; at++) {
        if (*at == '>')
            return at;
        if ((*at == '"' || *at == '\'') && before == '=') {
            at = strchr(at + 1, *at);
            if (!at)
                return NULL;
        }
        if (!g_ascii_isspace(*at))
            before = *at;
    }
    return NULL;
}

/* Returns: (nullable): behind the end of the tag whose name ends at @at. */
static const char *tag_end(TextTags *tags, const char *at)
{
    const char *end = NULL;

    if (!tags->last_bracket || at > tags->last_bracket)
        return NULL;
    if (!tags->quotes_broken)
        end = quoted_end(at);
    if (!end) {
        /* Once is enough to have searched the whole text for nothing. */
        tags->quotes_broken = TRUE;
        end = strchr(at, '>');
    }
    return end + 1;
}

/* Returns: (nullable): behind the comment or declaration whose < is at @at. */
static const char *comment_end(TextTags *tags, const char *at)
{
    const char *end;

    if (!tags->last_bracket || at > tags->last_bracket)
        return NULL;
    if (g_str_has_prefix(at, "<!--")) {
        /* From the first dashes on, so that <!--> is one. */
        end = tags->no_comment_end ? NULL : strstr(at + 2, "-->");
        tags->no_comment_end = !end;
        return end ? end + 3 : NULL;
    }
    if (!g_ascii_isalpha(at[2]) && at[2] != '[')
        return NULL;
    return strchr(at, '>') + 1;
}

static gboolean read_tag(TextTags *tags, TextPiece *piece)
{
    gboolean close = tags->at[1] == '/';
    const char *name = tags->at + 1 + close;
    const char *end_of_name = name_end(name);
    const char *to = end_of_name ? tag_end(tags, end_of_name) : NULL;
    gsize length;

    if (!to)
        return FALSE;
    piece->kind = close ? TEXT_PIECE_CLOSE : TEXT_PIECE_OPEN;
    piece->to = to;
    length = MIN((gsize)(end_of_name - name), sizeof piece->name - 1);
    for (gsize i = 0; i < length; i++)
        piece->name[i] = g_ascii_tolower(name[i]);
    /* The slash of <a href=x/> belongs to the address. */
    piece->is_empty =
        to[-2] == '/' && (to - 2 == end_of_name || g_ascii_isspace(to[-3]) || to[-3] == '"' || to[-3] == '\'');
    return TRUE;
}

static gboolean read_comment(TextTags *tags, TextPiece *piece)
{
    const char *to = comment_end(tags, tags->at);

    if (!to)
        return FALSE;
    piece->kind = TEXT_PIECE_COMMENT;
    piece->to = to;
    return TRUE;
}

static gboolean read_markup(TextTags *tags, TextPiece *piece)
{
    if (tags->at[1] == '!' || tags->at[1] == '?')
        return read_comment(tags, piece);
    return read_tag(tags, piece);
}

gboolean text_tags_next(TextTags *tags, TextPiece *piece)
{
    TextPiece next = { TEXT_PIECE_TEXT, tags->at, NULL, "", FALSE };

    if (tags->at == tags->end)
        return FALSE;
    if (*tags->at != '<' || !read_markup(tags, &next)) {
        next.to = strchr(tags->at + 1, '<');
        if (!next.to)
            next.to = tags->end;
    }
    tags->at = next.to;
    *piece = next;
    return TRUE;
}

void text_tags_skip_to_close(TextTags *tags, const char *name)
{
    gsize length = strlen(name);

    for (const char *at = strchr(tags->at, '<'); at && at < tags->last_bracket; at = strchr(at + 1, '<')) {
        if (at[1] == '/' && !g_ascii_strncasecmp(at + 2, name, length) && name_end(at + 2) == at + 2 + length) {
            tags->at = at;
            return;
        }
    }
    tags->at = tags->end;
}

static const char *skip_blanks(const char *at, const char *to)
{
    while (at < to && (g_ascii_isspace(*at) || *at == '/'))
        at++;
    return at;
}

static char *decode(const char *from, const char *to)
{
    GString *text = g_string_new(NULL);

    while (from < to) {
        gunichar characters[2];

        text_tags_decode(&from, to, characters);
        for (gsize i = 0; i < 2 && characters[i]; i++)
            g_string_append_unichar(text, characters[i]);
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *name, *name_end;
    const char *value, *value_end;
} Attribute;

/* Reads the attribute at @at, which is no blank. Returns: behind it. */
static const char *read_attribute(const char *at, const char *to, Attribute *attribute)
{
    const char *equals;

    attribute->name = at++;
    while (at < to && !g_ascii_isspace(*at) && *at != '=' && *at != '/')
        at++;
    attribute->name_end = attribute->value = attribute->value_end = at;
    equals = skip_blanks(at, to);
    if (equals == to || *equals != '=')
        return at;
    for (at = equals + 1; at < to && g_ascii_isspace(*at);)
        at++;
    attribute->value = at;
    if (at < to && (*at == '"' || *at == '\'')) {
        attribute->value++;
        attribute->value_end = memchr(at + 1, *at, (gsize)(to - at - 1));
        if (attribute->value_end)
            return attribute->value_end + 1;
        return attribute->value_end = to;
    }
    while (at < to && !g_ascii_isspace(*at))
        at++;
    return attribute->value_end = at;
}

char *text_tags_attribute(const TextPiece *piece, const char *name)
{
    const char *to = piece->to - 1 - piece->is_empty;
    const char *at = piece->from + 1;
    gsize length = strlen(name);
    Attribute attribute;

    while (at < to && !g_ascii_isspace(*at) && *at != '/')
        at++;
    for (at = skip_blanks(at, to); at < to; at = skip_blanks(at, to)) {
        at = read_attribute(at, to, &attribute);
        if ((gsize)(attribute.name_end - attribute.name) == length &&
            !g_ascii_strncasecmp(attribute.name, name, length))
            return decode(attribute.value, attribute.value_end);
    }
    return NULL;
}
