/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Common words at both ends are set aside, since most edits are small; between them the heaviest common sequence is
 * searched for. */
#include "text-diff.h"

#include "text-char.h"

#include <string.h>

/* Between the common ends; the time and memory of a comparison grow with the product of both texts' tokens. */
#define MAX_TOKENS 500

/* More changed places are a puzzle rather than a hint. */
#define MAX_CHANGES 6

typedef struct {
    const char *text;
    gsize length;
    gboolean is_white;
} Token;

/* As many tokens of both texts, which are the same. */
typedef struct {
    guint old_at, new_at, count;
} Match;

static const Token *token_at(const GArray *tokens, guint at)
{
    return &g_array_index(tokens, Token, at);
}

/* ---------------------------------------------------------------------------------------------------------- tokens */

/* Flags are pairs of these letters. */
static gboolean is_regional(gunichar character)
{
    return character >= 0x1f1e6 && character <= 0x1f1ff;
}

static gboolean is_word(gunichar character)
{
    return text_char_is_word(character) || is_regional(character);
}

/* What belongs to the character before: marks, skin tones, and whatever a joiner joins. */
static gboolean is_bound(gunichar character)
{
    return g_unichar_ismark(character) || character == 0x200d || (character >= 0x1f3fb && character <= 0x1f3ff);
}

static const char *end_of_word(const char *at)
{
    for (const char *next = at; *next; at = next) {
        gunichar character = text_char_take(&next);

        /* An apostrophe within a word: don't. */
        if ((character == '\'' || character == 0x2019) && is_word(text_char_at(next)))
            continue;
        if (!is_word(character) && !is_bound(character))
            break;
    }
    return at;
}

static const char *end_of_white(const char *at)
{
    for (const char *next = at; *next; at = next) {
        if (!g_unichar_isspace(text_char_take(&next)))
            break;
    }
    return at;
}

/* Of a mark of punctuation or a symbol, perhaps one made of several characters. */
static const char *end_of_symbol(const char *at)
{
    gunichar last = text_char_take(&at);

    for (const char *next = at; *next; at = next) {
        gunichar character = text_char_take(&next);

        if (!is_bound(character) && last != 0x200d)
            break;
        last = character;
    }
    return at;
}

static GArray *read_tokens(const char *text)
{
    GArray *tokens = g_array_new(FALSE, FALSE, sizeof(Token));

    while (*text) {
        const char *next = text;
        gunichar character = text_char_take(&next);
        Token token = { text, 0, g_unichar_isspace(character) };

        if (token.is_white)
            next = end_of_white(text);
        else
            next = is_word(character) ? end_of_word(text) : end_of_symbol(text);
        token.length = (gsize)(next - text);
        g_array_append_val(tokens, token);
        text = next;
    }
    return tokens;
}

static gboolean is_same(const Token *a, const Token *b)
{
    return a->length == b->length && !memcmp(a->text, b->text, a->length);
}

/* ---------------------------------------------------------------------------------------------------- what is same */

static void add_match(GArray *matches, guint old_at, guint new_at, guint count)
{
    Match *last = matches->len ? &g_array_index(matches, Match, matches->len - 1) : NULL;
    Match match = { old_at, new_at, count };

    if (last && last->old_at + last->count == old_at && last->new_at + last->count == new_at)
        last->count += count;
    else if (count)
        g_array_append_val(matches, match);
}

/* A long word says more than a short one or a comma, and white space next to nothing. */
static guint weight_of(const Token *token)
{
    return token->is_white ? 1 : 2 + (guint)MIN(token->length, 10);
}

/* Adds the heaviest common sequence of the tokens from @from on, @old_count and @new_count of them. */
static void match_between(GArray *matches, const GArray *old, const GArray *new, guint from, guint old_count,
                          guint new_count)
{
    gsize row = new_count + 1;
    /* best[i * row + j]: weight of what is common from the i-th old and the j-th new token on. */
    g_autofree guint *best = g_new0(guint, (old_count + 1) * row);

    for (guint i = old_count; i-- > 0;) {
        for (guint j = new_count; j-- > 0;) {
            const Token *token = token_at(old, from + i);
            guint *here = &best[i * row + j];

            *here = MAX(here[row], here[1]);
            if (is_same(token, token_at(new, from + j)))
                *here = MAX(*here, here[row + 1] + weight_of(token));
        }
    }
    for (guint i = 0, j = 0; i < old_count && j < new_count;) {
        const guint *here = &best[i * row + j];
        const Token *token = token_at(old, from + i);

        if (is_same(token, token_at(new, from + j)) && *here == here[row + 1] + weight_of(token))
            add_match(matches, from + i++, from + j++, 1);
        else if (*here == here[row])
            i++;
        else
            j++;
    }
}

static gboolean is_white(const GArray *tokens, guint at, guint count)
{
    for (guint i = at; i < at + count; i++) {
        if (!token_at(tokens, i)->is_white)
            return FALSE;
    }
    return TRUE;
}

/* The blanks between changed words are part of the change. */
static void drop_white(GArray *matches, const GArray *old, const GArray *new)
{
    for (guint i = matches->len; i-- > 0;) {
        const Match *match = &g_array_index(matches, Match, i);
        gboolean is_first = !match->old_at && !match->new_at;
        gboolean is_last = match->old_at + match->count == old->len && match->new_at + match->count == new->len;

        if (!is_first && !is_last && is_white(old, match->old_at, match->count))
            g_array_remove_index(matches, i);
    }
}

static GArray *find_matches(const GArray *old, const GArray *new)
{
    GArray *matches = g_array_new(FALSE, FALSE, sizeof(Match));
    guint old_count = old->len, new_count = new->len;
    guint limit = MIN(old_count, new_count);
    guint head = 0, tail = 0;

    while (head < limit && is_same(token_at(old, head), token_at(new, head)))
        head++;
    while (tail < limit - head && is_same(token_at(old, old_count - 1 - tail), token_at(new, new_count - 1 - tail)))
        tail++;
    old_count -= head + tail;
    new_count -= head + tail;
    add_match(matches, 0, 0, head);
    if (old_count <= MAX_TOKENS && new_count <= MAX_TOKENS)
        match_between(matches, old, new, head, old_count, new_count);
    add_match(matches, head + old_count, head + new_count, tail);
    drop_white(matches, old, new);
    return matches;
}

static guint count_words(const GArray *tokens, guint at, guint count)
{
    guint result = 0;

    for (guint i = at; i < at + count; i++)
        result += !token_at(tokens, i)->is_white;
    return result;
}

/* Whether enough stayed for the changes to be changes of this text. */
static gboolean is_half_common(const GArray *matches, const GArray *old, const GArray *new)
{
    guint old_words = count_words(old, 0, old->len), new_words = count_words(new, 0, new->len);
    guint common = 0;

    for (guint i = 0; i < matches->len; i++) {
        const Match *match = &g_array_index(matches, Match, i);

        common += count_words(old, match->old_at, match->count);
    }
    return 2 * common >= MAX(old_words, new_words);
}

/* --------------------------------------------------------------------------------------------------------- results */

/* Adds the tokens from @at to @to. */
static void add_part(GArray *diff, TextDiffKind kind, const GArray *tokens, guint at, guint to)
{
    TextDiffPart part;

    if (at == to)
        return;
    part.kind = kind;
    part.text = token_at(tokens, at)->text;
    part.length = (gsize)(token_at(tokens, to - 1)->text + token_at(tokens, to - 1)->length - part.text);
    g_array_append_val(diff, part);
}

static GArray *parts_of(const GArray *matches, const GArray *old, const GArray *new)
{
    GArray *diff = g_array_new(FALSE, FALSE, sizeof(TextDiffPart));
    guint old_at = 0, new_at = 0;

    for (guint i = 0; i < matches->len; i++) {
        const Match *match = &g_array_index(matches, Match, i);

        add_part(diff, TEXT_DIFF_OLD, old, old_at, match->old_at);
        add_part(diff, TEXT_DIFF_NEW, new, new_at, match->new_at);
        add_part(diff, TEXT_DIFF_SAME, new, match->new_at, match->new_at + match->count);
        old_at = match->old_at + match->count;
        new_at = match->new_at + match->count;
    }
    add_part(diff, TEXT_DIFF_OLD, old, old_at, old->len);
    add_part(diff, TEXT_DIFF_NEW, new, new_at, new->len);
    return diff;
}

GArray *text_diff(const char *old_text, const char *new_text)
{
    g_autoptr(GArray) old = read_tokens(old_text);
    g_autoptr(GArray) new = read_tokens(new_text);
    g_autoptr(GArray) matches = find_matches(old, new);

    if (!is_half_common(matches, old, new))
        g_array_set_size(matches, 0);
    return parts_of(matches, old, new);
}

gboolean text_diff_is_small(const GArray *diff)
{
    guint same = 0, changes = 0;

    for (guint i = 0; i < diff->len; i++) {
        const TextDiffPart *part = &g_array_index(diff, TextDiffPart, i);
        gboolean follows_old = i && g_array_index(diff, TextDiffPart, i - 1).kind == TEXT_DIFF_OLD;

        if (part->kind == TEXT_DIFF_SAME)
            same++;
        else if (part->kind == TEXT_DIFF_OLD || !follows_old)
            changes++;
    }
    return same > 0 && changes > 0 && changes <= MAX_CHANGES;
}
