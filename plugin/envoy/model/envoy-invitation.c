/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text becomes words, each word finds the part it belongs to, and last of all the times are worked out. */
#include "envoy-invitation.h"

#include "envoy-names.h"
#include "envoy-when.h"

#include "text/text-char.h"
#include "text/text-escape.h"

#include <string.h>

#define MINUTE_MS (60 * (gint64)1000)
#define QUARTER_MS (15 * MINUTE_MS)
#define MAILTO "mailto:"

typedef enum { WORD_BARE, WORD_QUOTED, WORD_BRACKETED } WordKind;

typedef struct {
    WordKind kind;
    char *text; /* without quotes, brackets, and a comma behind it */
    const char *start, *end;
} Word;

/* A time, and where it stands. */
typedef struct {
    gboolean told;
    EnvoyWhen when;
    gsize first, count;
} Time;

typedef struct {
    const char *text;
    GPtrArray *words;  /* Word */
    GPtrArray *texts;  /* of the words; not owned */
    const char *note;  /* (nullable) */
    GString *name;     /* as typed, without quotes */
    gsize name_end;    /* the word behind the last one of the name */
    const char *email; /* (nullable): these two of a word */
    const char *host;
    Time arrival, departure;
    EnvoyInvitationProblem problem;
    const char *part, *part_end;
} Parser;

void envoy_invitation_free(EnvoyInvitation *invitation)
{
    if (!invitation)
        return;
    g_free(invitation->name);
    g_free(invitation->email);
    g_free(invitation->host_email);
    g_free(invitation->note);
    g_free(invitation);
}

static void word_free(gpointer data)
{
    Word *word = data;

    g_free(word->text);
    g_free(word);
}

static gboolean fail(Parser *parser, EnvoyInvitationProblem problem, const char *part, const char *end)
{
    parser->problem = problem;
    parser->part = part;
    parser->part_end = end;
    return FALSE;
}

static const Word *word_at(const Parser *parser, gsize index)
{
    return parser->words->pdata[index];
}

/* The words from @first on, as far as they are there. */
static gboolean fail_words(Parser *parser, EnvoyInvitationProblem problem, gsize first, gsize count)
{
    gsize last = MIN(first + count, parser->words->len);
    const char *end = parser->text + strlen(parser->text);

    if (first >= last)
        return fail(parser, problem, end, end);
    return fail(parser, problem, word_at(parser, first)->start, word_at(parser, last - 1)->end);
}

/* --------------------------------------------------------------------------------------------------------------- words */

static gboolean is_comma(char character)
{
    return character == ',' || character == ';';
}

/* @text: (transfer full) */
static void add_word(Parser *parser, WordKind kind, const char *start, const char *end, char *text)
{
    gsize length = strlen(text);
    Word *word;

    while (kind == WORD_BARE && length > 0 && is_comma(text[length - 1]))
        text[--length] = '\0';
    if (kind == WORD_BARE && length == 0) {
        g_free(text);
        return;
    }
    word = g_new(Word, 1);
    *word = (Word){ kind, text, start, end };
    g_ptr_array_add(parser->words, word);
    g_ptr_array_add(parser->texts, text);
}

/* The length of a quote at @at that opens, 0 for none. @closing: what closes it */
static gsize quote_length(const char *at, const char *const **closing)
{
    static const char *const plain[] = { "\"", NULL };
    static const char *const curved[] = { "\xe2\x80\x9d", "\xe2\x80\x9c", NULL };
    static const char *const pointed[] = { "\xc2\xbb", "\xc2\xab", NULL };

    if (*at == '"') {
        *closing = plain;
        return 1;
    }
    if (g_str_has_prefix(at, "\xe2\x80\x9c") || g_str_has_prefix(at, "\xe2\x80\x9d") ||
        g_str_has_prefix(at, "\xe2\x80\x9e")) {
        *closing = curved;
        return 3;
    }
    if (g_str_has_prefix(at, "\xc2\xab") || g_str_has_prefix(at, "\xc2\xbb")) {
        *closing = pointed;
        return 2;
    }
    return 0;
}

/* Returns: where the first of @closing is, NULL where there is none. @length: (out): its length */
static const char *find_closing(const char *at, const char *const *closing, gsize *length)
{
    const char *first = NULL;

    for (; *closing; closing++) {
        const char *found = strstr(at, *closing);

        if (!found || (first && found > first))
            continue;
        first = found;
        *length = strlen(*closing);
    }
    return first;
}

/* "--" or a long dash at the beginning of a word: the length, 0 for anything else. */
static gsize note_mark_length(const char *at)
{
    if (g_str_has_prefix(at, "--"))
        return 2;
    return g_str_has_prefix(at, "\xe2\x80\x94") ? 3 : 0;
}

static const char *skip_blanks(const char *at)
{
    return text_char_run_end(at, text_char_is_space);
}

static gboolean take_quoted(Parser *parser, const char **at, gsize length, const char *const *closing)
{
    gsize closing_length = 0;
    const char *end = find_closing(*at + length, closing, &closing_length);

    if (!end)
        return fail(parser, ENVOY_INVITATION_OPEN_QUOTE, *at, *at + strlen(*at));
    add_word(parser, WORD_QUOTED, *at, end + closing_length, g_strndup(*at + length, (gsize)(end - *at) - length));
    *at = end + closing_length;
    return TRUE;
}

/* Up to a blank, or an address in brackets right behind it. */
static const char *bare_end(const char *at)
{
    const char *end = at;

    while (*end && *end != '<' && !text_char_is_space(text_char_at(end)))
        text_char_take(&end);
    return end;
}

static gboolean take_bracketed(Parser *parser, const char **at)
{
    const char *close = strchr(*at, '>');

    if (!close)
        return fail(parser, ENVOY_INVITATION_BAD_ADDRESS, *at, bare_end(*at + 1));
    add_word(parser, WORD_BRACKETED, *at, close + 1, g_strstrip(g_strndup(*at + 1, (gsize)(close - *at - 1))));
    *at = close + 1;
    return TRUE;
}

static gboolean split_words(Parser *parser)
{
    const char *at = skip_blanks(parser->text);

    while (*at) {
        const char *const *closing = NULL;
        gsize length = note_mark_length(at);

        if (length > 0) {
            parser->note = skip_blanks(at + length);
            return TRUE;
        }
        length = quote_length(at, &closing);
        if (length > 0) {
            if (!take_quoted(parser, &at, length, closing))
                return FALSE;
        } else if (*at == '<') {
            if (!take_bracketed(parser, &at))
                return FALSE;
        } else {
            const char *end = bare_end(at);

            add_word(parser, WORD_BARE, at, end, g_strndup(at, (gsize)(end - at)));
            at = end;
        }
        /* A comma right behind a quote or bracket is no word. */
        while (at > parser->text && (at[-1] == '>' || at[-1] == '"') && is_comma(*at))
            at++;
        at = skip_blanks(at);
    }
    return TRUE;
}

/* --------------------------------------------------------------------------------------------------------------- parts */

static gboolean is_bare(const Parser *parser, gsize index)
{
    return index < parser->words->len && word_at(parser, index)->kind == WORD_BARE;
}

/* Whether the name was begun and then something else came. */
static gboolean is_name_over(const Parser *parser, gsize index)
{
    return parser->name_end > 0 && parser->name_end < index;
}

static gboolean take_name_word(Parser *parser, gsize *index)
{
    const Word *word = word_at(parser, *index);

    if (is_name_over(parser, *index))
        return fail_words(parser, ENVOY_INVITATION_UNEXPECTED, *index, 1);
    if (parser->name->len > 0)
        g_string_append_c(parser->name, ' ');
    if (word->kind == WORD_QUOTED)
        g_string_append(parser->name, word->text);
    else
        g_string_append_len(parser->name, word->start, word->end - word->start);
    parser->name_end = ++*index;
    return TRUE;
}

/* (nullable): the address that a word is. */
static const char *address_of(const char *text)
{
    if (g_ascii_strncasecmp(text, MAILTO, strlen(MAILTO)) == 0)
        text += strlen(MAILTO);
    return envoy_is_address(text) ? text : NULL;
}

static gboolean take_address(Parser *parser, gsize *index)
{
    const char *address = address_of(word_at(parser, *index)->text);

    if (!address)
        return fail_words(parser, ENVOY_INVITATION_BAD_ADDRESS, *index, 1);
    if (parser->email)
        return fail_words(parser, ENVOY_INVITATION_TWICE, *index, 1);
    parser->email = address;
    ++*index;
    return TRUE;
}

/* "host", "host:" or "host:ann@example.com" */
static gboolean take_host(Parser *parser, gsize *index)
{
    const char *word = word_at(parser, *index)->text;
    gboolean has_colon = word[4] == ':';
    gboolean is_glued = has_colon && word[5];
    gsize at = is_glued ? *index : *index + 1;
    const Word *next = at < parser->words->len ? word_at(parser, at) : NULL;
    const char *text = is_glued ? word + 5 : next && next->kind != WORD_QUOTED ? next->text : "";
    const char *address = address_of(text);

    if (!address && !has_colon && !strchr(text, '@') && !is_name_over(parser, *index))
        return take_name_word(parser, index);
    if (!address)
        return fail_words(parser, ENVOY_INVITATION_BAD_HOST, at, 1);
    if (parser->host)
        return fail_words(parser, ENVOY_INVITATION_TWICE, at, 1);
    parser->host = address;
    *index = at + 1;
    return TRUE;
}

/* How many bare words there are from @first on: nothing else can be of a time. */
static gsize count_bare(const Parser *parser, gsize first)
{
    gsize count = 0;

    while (is_bare(parser, first + count))
        count++;
    return count;
}

/* Returns: whether there is a time at @first, a right one or a wrong one. */
static gboolean take_time(Parser *parser, gsize first, Time *time, gsize *index)
{
    gsize taken = 0;
    EnvoyWhen when;
    EnvoyWhenResult result = envoy_when_take((const char *const *)parser->texts->pdata + MIN(first, parser->texts->len),
                                             count_bare(parser, first), &taken, &when);

    if (result == ENVOY_WHEN_NO_TIME)
        return FALSE;
    if (result == ENVOY_WHEN_NO_DAY)
        fail_words(parser, ENVOY_INVITATION_BAD_DAY, first, taken);
    else if (result == ENVOY_WHEN_NO_HOUR)
        fail_words(parser, ENVOY_INVITATION_BAD_HOUR, first, taken);
    else if (time->told)
        fail_words(parser, ENVOY_INVITATION_TWICE, first, taken);
    else if (when.minutes < 0)
        fail_words(parser, ENVOY_INVITATION_NO_HOUR, first, taken);
    else
        *time = (Time){ TRUE, when, first, taken };
    *index = first + taken;
    return TRUE;
}

static gboolean take_until(Parser *parser, gsize *index)
{
    if (take_time(parser, *index + 1, &parser->departure, index))
        return parser->problem == ENVOY_INVITATION_OK;
    /* "until 4" means a time, even though it is none. */
    if (is_name_over(parser, *index) ||
        (is_bare(parser, *index + 1) && g_ascii_isdigit(*word_at(parser, *index + 1)->text)))
        return fail_words(parser, ENVOY_INVITATION_BAD_UNTIL, *index + 1, 1);
    return take_name_word(parser, index);
}

static gboolean is_host_word(const char *word)
{
    return g_ascii_strncasecmp(word, "host", 4) == 0 && (!word[4] || word[4] == ':');
}

static gboolean take_part(Parser *parser, gsize *index)
{
    const Word *word = word_at(parser, *index);

    if (word->kind == WORD_QUOTED)
        return take_name_word(parser, index);
    if (word->kind == WORD_BRACKETED)
        return take_address(parser, index);
    if (is_host_word(word->text))
        return take_host(parser, index);
    if (g_ascii_strcasecmp(word->text, "until") == 0)
        return take_until(parser, index);
    if (take_time(parser, *index, &parser->arrival, index))
        return parser->problem == ENVOY_INVITATION_OK;
    if (strchr(word->text, '@'))
        return take_address(parser, index);
    return take_name_word(parser, index);
}

/* -------------------------------------------------------------------------------------------------------------- values */

static gboolean take_name(Parser *parser, EnvoyInvitation *invitation)
{
    const char *end = parser->text + strlen(parser->text);
    char *name = text_clean_line(parser->name->str);
    gsize length = strlen(name);

    invitation->name = name;
    while (length > 0 && (is_comma(name[length - 1]) || name[length - 1] == ' '))
        name[--length] = '\0';
    if (g_utf8_strlen(name, -1) > ENVOY_INVITATION_NAME_MAX)
        return fail(parser, ENVOY_INVITATION_LONG_NAME, parser->text, end);
    for (const char *at = name; *at;) {
        if (text_char_is_letter(text_char_take(&at)))
            return TRUE;
    }
    return fail(parser, ENVOY_INVITATION_NO_NAME, parser->name->str, parser->name->str + parser->name->len);
}

static gboolean take_note(Parser *parser, EnvoyInvitation *invitation)
{
    const char *end = parser->text + strlen(parser->text);
    g_autofree char *note = parser->note ? g_utf8_make_valid(parser->note, -1) : NULL;

    if (!note || !*g_strchomp(note))
        return TRUE;
    if (g_utf8_strlen(note, -1) > ENVOY_INVITATION_NOTE_MAX)
        return fail(parser, ENVOY_INVITATION_LONG_NOTE, end, end);
    invitation->note = g_steal_pointer(&note);
    return TRUE;
}

static gboolean fail_time(Parser *parser, EnvoyWhenResult result, const Time *time)
{
    EnvoyInvitationProblem problem = ENVOY_INVITATION_BAD_DAY;

    if (result == ENVOY_WHEN_LEFT_OUT)
        problem = ENVOY_INVITATION_LEFT_OUT;
    else if (result == ENVOY_WHEN_PAST)
        problem = ENVOY_INVITATION_PAST;
    return fail_words(parser, problem, time->first, time->count);
}

static gint64 next_quarter(gint64 now_ms)
{
    return (now_ms + QUARTER_MS - 1) / QUARTER_MS * QUARTER_MS;
}

static gboolean take_times(Parser *parser, GTimeZone *zone, gint64 now_ms, EnvoyInvitation *invitation)
{
    gint64 arrival_ms = next_quarter(now_ms), departure_ms = 0;
    EnvoyWhenResult result = ENVOY_WHEN_OK;

    if (parser->arrival.told)
        result = envoy_when_resolve(&parser->arrival.when, zone, now_ms, now_ms, &arrival_ms, NULL);
    if (result != ENVOY_WHEN_OK)
        return fail_time(parser, result, &parser->arrival);
    if (parser->departure.told) {
        result = envoy_when_resolve(&parser->departure.when, zone, now_ms, arrival_ms, &departure_ms, NULL);
        if (result != ENVOY_WHEN_OK && result != ENVOY_WHEN_PAST)
            return fail_time(parser, result, &parser->departure);
        if (!parser->arrival.told && departure_ms <= arrival_ms)
            arrival_ms = now_ms;
        if (departure_ms <= arrival_ms)
            return fail_words(parser, ENVOY_INVITATION_UNTIL_EARLIER, parser->departure.first, parser->departure.count);
    }
    invitation->arrival_ms = MAX(arrival_ms, now_ms);
    invitation->departure_ms = departure_ms;
    invitation->has_when = parser->arrival.told;
    return TRUE;
}

static gboolean parse(Parser *parser, GTimeZone *zone, gint64 now_ms, EnvoyInvitation *invitation)
{
    gsize index = 0;

    if (!split_words(parser))
        return FALSE;
    while (index < parser->words->len) {
        if (!take_part(parser, &index))
            return FALSE;
    }
    invitation->email = g_strdup(parser->email);
    invitation->host_email = g_strdup(parser->host);
    return take_name(parser, invitation) && take_note(parser, invitation) &&
           take_times(parser, zone, now_ms, invitation);
}

EnvoyInvitation *envoy_invitation_parse(const char *text, GTimeZone *zone, gint64 now_ms,
                                        EnvoyInvitationProblem *problem, char **part)
{
    g_autoptr(EnvoyInvitation) invitation = g_new0(EnvoyInvitation, 1);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(word_free);
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    g_autoptr(GString) name = g_string_new(NULL);
    Parser parser = { .text = valid, .words = words, .texts = texts, .name = name };
    gboolean done = parse(&parser, zone, now_ms, invitation);

    *problem = parser.problem;
    *part = done ? NULL : g_strndup(parser.part, (gsize)(parser.part_end - parser.part));
    return done ? g_steal_pointer(&invitation) : NULL;
}
