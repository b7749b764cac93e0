/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two grammars: the tag parser's, which text_scan() follows, and the renderer's for text_scan_link(). Both go through
 * the text once: what an attempt that failed has read is either passed over, or cannot begin another such attempt. */
#include "text-scan.h"

#include "text-char.h"
#include "text-url.h"

#include <string.h>

/* Nested brackets in a link. More are no address; and without a limit, where many are opened and none closed, each link
 * would look for the end of its own up to the end of the text. */
#define MAX_BRACKETS 16

/* The application whose mark may stand before a whole address: "onenote:http://x". */
#define APPLICATION "onenote"

/* ------------------------------------------------------------------------------------------------------ the tag parser */

typedef struct {
    const char *text, *at;
    gunichar before;      /* the character before @at */
    const char *no_email; /* up to here no e-mail address begins */
    GArray *spans;
} Scan;

static void add_span(Scan *scan, TextSpanKind kind, const char *start, const char *end)
{
    TextSpan span = { kind, (gsize)(start - scan->text), (gsize)(end - start) };

    if (end > start)
        g_array_append_val(scan->spans, span);
}

static void go_to(Scan *scan, const char *at)
{
    scan->at = at;
    scan->before = text_char_before(scan->text, at);
}

/* Sheet: 6.2, "Never directly after". The parser did find a bare host behind a double quotation mark, as it took the mark
 * for a letter of the host; the sheet's rule is kept. */
static gboolean may_stand_before_link(gunichar character)
{
    return !text_char_is_ascii_alnum(character) && !text_char_is_one_of(character, "@#$=/-._!\"'") &&
           character != 0xff20 && character != 0xff03 && !text_char_is_invisible(character);
}

/* Returns: (nullable): where a link of the shortener t.co ends, whose paths are of letters and digits only. */
static const char *short_link_end(const char *host)
{
    const char *path = host + strlen("t.co/"), *end = path;

    if (!text_char_begins(host, "t.co/"))
        return NULL;
    while (g_ascii_isalnum(*end))
        end++;
    return end > path ? end : NULL;
}

/* Returns: (nullable): where the link ends that begins at the scan's place. @next: where to go on behind it. */
static const char *link_end(const Scan *scan, const char **next)
{
    gsize scheme = text_url_scheme_length(scan->at);
    const char *host = scan->at + scheme, *end = NULL, *port, *path, *query;

    if (!may_stand_before_link(scan->before))
        return NULL;
    if (scheme > 0)
        end = text_url_host_end(host);
    else if (!text_url_is_bare_host_letter(scan->before))
        end = text_url_domain_end(host, text_url_is_bare_host_letter);
    if (!end)
        return NULL;
    port = text_url_port_end(end);
    path = text_url_path_end(port);
    query = text_url_query_end(path);
    *next = query;
    /* The parser left port and query out of a bare link without a path; they are nothing else either. */
    if (scheme == 0)
        return path > port ? query : end;
    end = short_link_end(host);
    return end ? end : query;
}

static gboolean is_tag_character(gunichar character)
{
    return character == '_' || character == '-' || text_char_is_tag_letter(character);
}

static gboolean is_mention_character(gunichar character)
{
    return character == '.' || is_tag_character(character);
}

/* Whether what is written like a tag up to @end is one, by what stands before and behind it. */
static gboolean is_tag(const Scan *scan, const char *end)
{
    gunichar behind = text_char_at(end);

    return scan->before != '&' && scan->before != '/' && scan->before != '_' &&
           !text_char_is_tag_letter(scan->before) && behind != '#' && behind != 0xff03 && !g_str_has_prefix(end, "://");
}

static gboolean scan_tag(Scan *scan)
{
    const char *from = scan->at, *end;
    gunichar mark = text_char_take(&from);

    if (mark == '#' || mark == 0xff03) {
        end = text_char_run_end(from, is_tag_character);
    } else if (mark == '@') {
        end = text_char_run_end(from, is_mention_character);
        while (end > from && end[-1] == '.')
            end--;
    } else {
        return FALSE;
    }
    if (end == from || !is_tag(scan, end))
        return FALSE;
    add_span(scan, mark == '@' ? TEXT_SPAN_MENTION : TEXT_SPAN_HASHTAG, scan->at, end);
    go_to(scan, end);
    return TRUE;
}

/* The sheet is silent about the name before the @; these are the parser's. It took brackets, a bar and the like, too,
 * by a slip of its pattern ("A-z", and bars for "or"): we do not. */
static gboolean is_email_character(gunichar character)
{
    return text_char_is_ascii_alnum(character) || text_char_is_one_of(character, "._%+-");
}

/* Returns: (nullable): where the e-mail address ends that begins at @at and has its @ at @sign. */
static const char *email_end(const char *at, const char *sign)
{
    return sign > at && *sign == '@' ? text_url_domain_end(sign + 1, text_url_is_host_letter) : NULL;
}

static gboolean scan_email(Scan *scan)
{
    const char *sign, *end;

    if (scan->at < scan->no_email)
        return FALSE;
    sign = text_char_run_end(scan->at, is_email_character);
    end = email_end(scan->at, sign);
    if (!end) {
        scan->no_email = sign;
        return FALSE;
    }
    add_span(scan, TEXT_SPAN_EMAIL, scan->at, end);
    go_to(scan, end);
    return TRUE;
}

/* The parser counted line ends among the four blanks, so that four empty lines quoted the next one, and three blanks did
 * behind an empty line. That contradicts the sheet, and the renderer knows nothing like it: blanks are of the line. */
static gboolean is_quoted(const char *line)
{
    for (int blanks = 0; blanks < 4; blanks++) {
        gunichar character = text_char_take(&line);

        if (!text_char_is_space(character) || text_char_is_line_end(character))
            return FALSE;
    }
    return TRUE;
}

/* Scans up to the end of the line. */
static void scan_line(Scan *scan)
{
    gboolean quoted = is_quoted(scan->at);
    const char *quote = scan->at; /* up to here the quote is in the spans */

    while (*scan->at && !text_char_is_line_end(text_char_at(scan->at))) {
        const char *next, *end = link_end(scan, &next);

        if (end) {
            if (quoted)
                add_span(scan, TEXT_SPAN_QUOTE, quote, scan->at);
            add_span(scan, TEXT_SPAN_LINK, scan->at, end);
            go_to(scan, next);
            quote = end;
        } else if (quoted || !(scan_tag(scan) || scan_email(scan))) {
            scan->before = text_char_take(&scan->at);
        }
    }
    if (quoted)
        add_span(scan, TEXT_SPAN_QUOTE, quote, scan->at);
}

GArray *text_scan(const char *text)
{
    Scan scan = { .text = text, .at = text, .no_email = text };

    scan.spans = g_array_new(FALSE, FALSE, sizeof(TextSpan));
    while (*scan.at) {
        scan_line(&scan);
        scan.before = text_char_take(&scan.at);
    }
    return scan.spans;
}

/* -------------------------------------------------------------------------------------------------------- the renderer */

static gboolean is_run_character(gunichar character)
{
    return text_char_is_word(character) || character == '-' || character == '.';
}

static gboolean is_scheme_character(gunichar character)
{
    return text_char_is_ascii_alnum(character) || text_char_is_one_of(character, "+-.");
}

/* What does not belong to a link when nothing of the link follows. Symbols do, but those of markup and tables. */
static gboolean is_punctuation(gunichar character, GUnicodeType type)
{
    switch (type) {
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
        return !text_char_is_one_of(character, "/-#&%");
    default:
        return text_char_is_one_of(character, "`|^~");
    }
}

/* Returns: where a link ends of which scheme or host end at @at; @at when no more belongs to it. @quote: the character
 * before the link; when it is a quotation mark, the next such mark ends the link.
 *
 * The renderer went up to the next blank and from there back to a letter; what it did about brackets depends on where
 * they stand. "Balanced" is taken to mean that every bracket in a link has its partner there. */
static const char *body_end(const char *at, gunichar quote)
{
    const char *end = at, *end_before_open = at;
    int open = 0;

    for (;;) {
        gunichar character = text_char_at(at);
        GUnicodeType type = g_unichar_type(character);

        if (type == G_UNICODE_CONTROL || text_char_is_space(character) || text_char_is_invisible(character) ||
            text_char_is_one_of(character, "<>") || (character == quote && text_char_is_one_of(character, "\"'")))
            break;
        if (type == G_UNICODE_OPEN_PUNCTUATION) {
            if (open == 0)
                end_before_open = end;
            if (++open > MAX_BRACKETS)
                break;
        } else if (type == G_UNICODE_CLOSE_PUNCTUATION && open-- == 0) {
            return end;
        }
        text_char_take(&at);
        if (type != G_UNICODE_OPEN_PUNCTUATION && !is_punctuation(character, type))
            end = at;
    }
    return open > 0 ? end_before_open : end;
}

static gboolean has_letter(const char *from, const char *end)
{
    while (from < end) {
        gunichar character = text_char_take(&from);

        if (character >= 0x80 || text_char_is_ascii_alnum(character))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_scheme(const char *start, const char *end, const char *scheme)
{
    return (gsize)(end - start) == strlen(scheme) && text_char_begins(start, scheme);
}

/* Returns: where the scheme begins that ends at @end; not before @from; @end when there is none. */
static const char *scheme_start(const char *from, const char *end)
{
    const char *start = end, *word = end;

    while (start > from && is_scheme_character((guchar)start[-1]))
        start--;
    while (word > start && g_ascii_isalpha(word[-1]))
        word--;
    /* A sentence may have ended just before. */
    if (word > start && word[-1] != '+' &&
        (is_scheme(word, end, "http") || is_scheme(word, end, "https") || is_scheme(word, end, "ftp")))
        return word;
    while (start < end && !g_ascii_isalpha(*start))
        start++;
    return start;
}

/* Returns: (nullable): where a link begins whose scheme ends at @colon. @end: where it ends.
 *
 * The renderer took "any:http://x" whole. In running text that is a word, a colon and a link; so only what is known to
 * be an application's mark before an address belongs to it. */
static const char *schemed_link(const char *text, const char *from, const char *colon, const char **end)
{
    gsize inner = *colon == ':' ? text_url_scheme_length(colon + 1) : 0;
    const char *start, *body;

    if (inner == 0 && !g_str_has_prefix(colon, "://"))
        return NULL;
    start = scheme_start(from, colon);
    if (start == colon || (inner > 0 && !is_scheme(start, colon, APPLICATION)))
        return NULL;
    body = colon + (inner > 0 ? 1 + inner : strlen("://"));
    *end = body_end(body, text_char_before(text, start));
    return has_letter(body, *end) ? start : NULL;
}

/* Returns: where the port ends that may stand behind a bare host. */
static const char *bare_port_end(const char *at)
{
    const char *end = text_url_port_end(at);

    return text_char_is_letter(text_char_at(end)) ? at : end;
}

/* Returns: (nullable): where the bare link ends that begins at @at. It may stand where the tag parser lets it, and
 * behind a quotation mark. */
static const char *bare_link(const char *at, gunichar before)
{
    const char *end;

    if (is_run_character(before) || !(may_stand_before_link(before) || text_char_is_one_of(before, "\"'")))
        return NULL;
    end = text_url_bare_host_end(at);
    if (!end)
        return NULL;
    end = bare_port_end(end);
    return text_char_is_one_of((guchar)*end, "/?#") ? body_end(end, before) : end;
}

gboolean text_scan_link(const char *text, gsize from, gsize *start, gsize *length)
{
    const char *at = text + from;
    gunichar before = text_char_before(text, at);

    while (*at) {
        const char *run = text_char_run_end(at, is_run_character), *link, *end = NULL;

        if (run == at) {
            before = text_char_take(&at);
            continue;
        }
        link = schemed_link(text, text + from, run, &end);
        if (!link) {
            link = at;
            end = bare_link(at, before);
        }
        if (end) {
            *start = (gsize)(link - text);
            *length = (gsize)(end - link);
            return TRUE;
        }
        at = run;
    }
    return FALSE;
}

/* ------------------------------------------------------------------------------------------------------------ addresses */

static gboolean is_clean(const char *text)
{
    gunichar character;

    while ((character = text_char_take(&text)) != 0) {
        if (text_char_is_space(character) || text_char_is_invisible(character) || g_unichar_iscntrl(character))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_bare_address(const char *text)
{
    const char *end = text_url_bare_host_end(text);

    if (!end)
        return FALSE;
    end = bare_port_end(end);
    return *end == '\0' || text_char_is_one_of((guchar)*end, "/?#");
}

static gboolean is_email_address(const char *text)
{
    const char *end = email_end(text, text_char_run_end(text, is_email_character));

    return end && *end == '\0';
}

/* Whether the address has a scheme that only ever shows or dials something. */
static gboolean has_safe_scheme(const char *address)
{
    static const char *const beginnings[] = { "http://", "https://", "ftp://", "irc://", "ircs://",
                                              "mailto:", "sip:",     "sips:",  "tel:",   "xmpp:" };
    static const char application[] = APPLICATION ":";

    if (text_char_begins(address, application) && text_url_scheme_length(address + strlen(application)) > 0)
        address += strlen(application);
    for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        if (text_char_begins(address, beginnings[i]))
            return address[strlen(beginnings[i])] != '\0';
    }
    return FALSE;
}

char *text_scan_address(const char *link, gsize length)
{
    g_autofree char *copy = NULL;

    if (!g_utf8_validate_len(link, length, NULL))
        return NULL;
    copy = g_strndup(link, length);
    if (!is_clean(copy))
        return NULL;
    if (is_bare_address(copy))
        return g_strconcat("http://", copy, NULL);
    if (is_email_address(copy))
        return g_strconcat("mailto:", copy, NULL);
    if (text_char_begins(copy, "mailto:"))
        copy[strcspn(copy, "?")] = '\0';
    return has_safe_scheme(copy) ? g_steal_pointer(&copy) : NULL;
}

/* ---------------------------------------------------------------------------------------------------------------- words */

/* Upper case first: some lower-case letters have more than one form. */
static gunichar fold(gunichar character)
{
    return g_unichar_tolower(g_unichar_toupper(character));
}

/* Returns: (nullable): where @word ends that begins at @at. */
static const char *word_end(const char *at, const char *word)
{
    while (*word) {
        if (fold(text_char_take(&at)) != fold(text_char_take(&word)))
            return NULL;
    }
    return at;
}

gboolean text_scan_has_word(const char *text, const char *word)
{
    gboolean first = text_char_is_word(text_char_at(word));
    gboolean last = text_char_is_word(text_char_before(word, word + strlen(word)));
    gunichar before = 0;

    if (!*word)
        return FALSE;
    while (*text) {
        const char *end = first && text_char_is_word(before) ? NULL : word_end(text, word);

        if (end && !(last && text_char_is_word(text_char_at(end))))
            return TRUE;
        before = text_char_take(&text);
    }
    return FALSE;
}
