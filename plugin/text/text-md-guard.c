/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links become marks; a mark is the number of its link between two code points that no text may hold. */
#include "text-md-guard.h"

#include "text-entity.h"
#include "text-scan.h"

#include <string.h>

/* U+FDD0 and U+FDD1, "intended for process-internal uses": neither blank nor punctuation. */
#define MARK_BEGIN "\xef\xb7\x90"
#define MARK_END "\xef\xb7\x91"

/* Of those in <scheme:...>, by CommonMark. */
#define MIN_SCHEME 2
#define MAX_SCHEME 32

/* Longer than any entity. */
#define MAX_ENTITY 40

struct TextMdGuard {
    char *plain;
    GString *source;
    GArray *pieces; /* TextMdPiece, in plain */
};

/* Returns: (transfer full): valid UTF-8, LF for every line end, and no character that a mark is made of. */
static char *make_plain(const char *markdown)
{
    g_autofree char *valid = g_utf8_make_valid(markdown, -1);
    GString *plain = g_string_sized_new(strlen(valid));

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        if (character == '\r' && at[1] == '\n')
            continue;
        if (character == '\r' || character == 0x2028 || character == 0x2029)
            character = '\n';
        else if (character == 0xfdd0 || character == 0xfdd1)
            character = 0xfffd;
        g_string_append_unichar(plain, character);
    }
    return g_string_free(plain, FALSE);
}

static void add_piece(TextMdGuard *guard, TextMdKind kind, gsize start, gsize length)
{
    TextMdPiece piece = { kind, guard->plain + start, length };

    g_string_append_printf(guard->source, MARK_BEGIN "%u" MARK_END, guard->pieces->len);
    g_array_append_val(guard->pieces, piece);
}

static gboolean is_scheme(const char *text, gsize length)
{
    if (length < MIN_SCHEME || length > MAX_SCHEME || !g_ascii_isalpha(text[0]))
        return FALSE;
    for (gsize i = 1; i < length; i++) {
        if (!g_ascii_isalnum(text[i]) && !strchr("+.-", text[i]))
            return FALSE;
    }
    return TRUE;
}

/* Whether it is NAME@HOST, with the characters that CommonMark allows. */
static gboolean is_email(const char *text, gsize length)
{
    const char *at = memchr(text, '@', length), *end = text + length;

    if (!at || at == text || !g_ascii_isalnum(at[1]) || !g_ascii_isalnum(end[-1]))
        return FALSE;
    for (const char *name = text; name < at; name++) {
        if (!g_ascii_isalnum(*name) && !strchr(".!#$%&'*+/=?^_`{|}~-", *name))
            return FALSE;
    }
    for (const char *host = at + 1; host < end; host++) {
        if (!g_ascii_isalnum(*host) && !strchr(".-", *host))
            return FALSE;
    }
    return TRUE;
}

/* Returns: bytes of the <address> at @text, which begins with <, or 0. */
static gsize angle_length(const char *text)
{
    gsize end = 1;
    const char *colon;

    while (text[end] != '>') {
        if ((guchar)text[end] <= ' ' || text[end] == '<' || text[end] == 0x7f)
            return 0;
        end++;
    }
    colon = memchr(text + 1, ':', end - 1);
    if ((colon && is_scheme(text + 1, (gsize)(colon - text - 1))) || is_email(text + 1, end - 1))
        return end + 1;
    return 0;
}

/* Whether what begins at @at ends a link of which @rest bytes are left: text in back-quotes does, and a quote mark or
 * bracket that is written as an entity. */
static gboolean ends_link(const char *at, gsize rest)
{
    gunichar characters[2];
    gsize entity = *at == '&' ? text_entity_decode(at, strnlen(at, MAX_ENTITY), characters) : 0;

    return *at == '`' || entity > rest ||
           (entity && (characters[0] == '"' || characters[0] == '<' || characters[0] == '>'));
}

/* Returns: how much of a link found in running text is taken for it. */
static gsize link_length(const char *link, gsize length)
{
    g_autofree char *shorter = NULL;
    gsize cut = 0, start;

    while (cut < length && !ends_link(link + cut, length - cut))
        cut++;
    if (cut == length)
        return length;
    /* Without what its new end must not be. */
    shorter = g_strndup(link, cut);
    return text_scan_link(shorter, 0, &start, &length) && start == 0 ? length : 0;
}

/* Copies or exchanges what is at @at, where no link begins. Returns: the bytes it took. */
static gsize guard_other(TextMdGuard *guard, gsize at)
{
    const char *text = guard->plain + at;
    gsize length = 1;

    if (text[0] == '\\' && g_ascii_ispunct(text[1])) {
        length = 2;
    } else if (text[0] == '<' && angle_length(text)) {
        length = angle_length(text);
        add_piece(guard, TEXT_MD_ANGLE, at, length);
        return length;
    } else if (text[0] == '~') {
        length = strspn(text, "~");
        if (length == 1) {
            add_piece(guard, TEXT_MD_TEXT, at, 1);
            return 1;
        }
    }
    g_string_append_len(guard->source, text, (gssize)length);
    return length;
}

TextMdGuard *text_md_guard_new(const char *markdown)
{
    TextMdGuard *guard = g_new0(TextMdGuard, 1);
    gsize at = 0, start = 0, length = 0;
    gboolean found;

    guard->plain = make_plain(markdown ? markdown : "");
    guard->source = g_string_new(NULL);
    guard->pieces = g_array_new(FALSE, FALSE, sizeof(TextMdPiece));
    found = text_scan_link(guard->plain, 0, &start, &length);
    while (guard->plain[at]) {
        gsize taken = found && at == start ? link_length(guard->plain + at, length) : 0;

        if (taken)
            add_piece(guard, TEXT_MD_LINK, at, taken);
        else
            taken = guard_other(guard, at);
        at += taken;
        if (found && start < at)
            found = text_scan_link(guard->plain, at, &start, &length);
    }
    return guard;
}

void text_md_guard_free(TextMdGuard *guard)
{
    if (!guard)
        return;
    g_free(guard->plain);
    g_string_free(guard->source, TRUE);
    g_array_unref(guard->pieces);
    g_free(guard);
}

const char *text_md_guard_plain(TextMdGuard *guard)
{
    return guard->plain;
}

const char *text_md_guard_source(TextMdGuard *guard)
{
    return guard->source->str;
}

/* The parser's texts are not terminated. */
static gboolean begins_with(const char *at, const char *end, const char *beginning)
{
    return (gsize)(end - at) >= strlen(beginning) && memcmp(at, beginning, strlen(beginning)) == 0;
}

/* Reads the mark at @mark. Returns: its end, %NULL if there is none. */
static const char *read_mark(TextMdGuard *guard, const char *mark, const char *end, TextMdPiece *piece)
{
    const char *at = mark;
    gsize number = 0;

    if (!begins_with(mark, end, MARK_BEGIN))
        return NULL;
    for (at += strlen(MARK_BEGIN); at < end && g_ascii_isdigit(*at) && number < guard->pieces->len; at++)
        number = number * 10 + (gsize)g_ascii_digit_value(*at);
    if (!begins_with(at, end, MARK_END) || number >= guard->pieces->len)
        return NULL;
    *piece = g_array_index(guard->pieces, TextMdPiece, number);
    return at + strlen(MARK_END);
}

gboolean text_md_guard_next(TextMdGuard *guard, const char **at, const char *end, TextMdPiece *piece)
{
    const char *begin = *at, *mark;

    if (begin >= end)
        return FALSE;
    *at = read_mark(guard, begin, end, piece);
    if (*at)
        return TRUE;
    mark = g_strstr_len(begin + 1, end - begin - 1, MARK_BEGIN);
    *at = mark ? mark : end;
    *piece = (TextMdPiece){ TEXT_MD_TEXT, begin, (gsize)(*at - begin) };
    return TRUE;
}
