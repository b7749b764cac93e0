/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the service reads out of text: tags, mentions, links, emoji codes. Sheet: 6 and 7.2. */
#include "fake-text.h"

#include <string.h>

/* Sheet: 6.2: Latin, Cyrillic, Greek, Hangul, Katakana, Hiragana, Han, full-width. As ranges, because \p{Han} and its
 * like match ideographic punctuation too with some versions of PCRE. */
#define LETTER                                                                                                         \
    "a-zA-Z0-9\\x{C0}-\\x{17F}\\x{1E00}-\\x{1EFF}\\x{400}-\\x{52F}\\x{370}-\\x{3FF}\\x{1F00}-\\x{1FFF}"                \
    "\\x{1100}-\\x{11FF}\\x{3131}-\\x{318E}\\x{AC00}-\\x{D7FB}\\x{FFA1}-\\x{FFDC}"                                     \
    "\\x{30A1}-\\x{30FA}\\x{30FC}-\\x{30FE}\\x{31F0}-\\x{31FF}\\x{FF66}-\\x{FF9F}"                                     \
    "\\x{3041}-\\x{3096}\\x{3099}-\\x{309E}"                                                                           \
    "\\x{3005}\\x{3007}\\x{303B}\\x{3400}-\\x{4DBF}\\x{4E00}-\\x{9FFF}\\x{F900}-\\x{FAFF}\\x{20000}-\\x{2FA1F}"        \
    "\\x{FF10}-\\x{FF19}\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}"
#define BEFORE "(?<![&/_" LETTER "])"
#define AFTER "(?![#\\x{FF03}]|://)"
#define WORD "_\\-" LETTER
#define NO_URL_BEFORE "(?<![@#$=/\\-._!\"'" LETTER "])"
/* Close to the sheet's 6.5, which is stricter about odd hosts. The service knew all top-level domains of its day; these
 * are the ones that people type. */
#define URL                                                                                                            \
    NO_URL_BEFORE "(?:https?://[a-z0-9][^\\s<>]*"                                                                      \
                  "|(?:[a-z0-9](?:[a-z0-9\\-]*[a-z0-9])?\\.)+"                                                         \
                  "(?:com|net|org|edu|gov|info|biz|io|fi|se|de|fr|nl|uk|jp|us|eu|co|me|tv|ly)"                         \
                  "(?![\\w@-]|\\.\\w)(?:[/?#:][^\\s<>]*)?)"

static const char words_pattern[] = "(?<quote>^[^\\S\\n]{4}[^\\n]*)|" URL "|" BEFORE "[#\\x{FF03}](?<tag>[" WORD
                                    "]++)" AFTER "|" BEFORE "@(?<mention>(?:\\.*[" WORD "])++)" AFTER;

static const struct {
    const char *code;
    const char *character;
} emoji[] = {
    { "+1", "\360\237\221\215" },
    { "thumbsup", "\360\237\221\215" },
    { "-1", "\360\237\221\216" },
    { "thumbsdown", "\360\237\221\216" },
    { "smile", "\360\237\230\204" },
    { "smiley", "\360\237\230\203" },
    { "grinning", "\360\237\230\200" },
    { "wink", "\360\237\230\211" },
    { "joy", "\360\237\230\202" },
    { "blush", "\360\237\230\212" },
    { "rage", "\360\237\230\241" },
    { "cry", "\360\237\230\242" },
    { "heart", "\342\235\244\357\270\217" },
    { "computer", "\360\237\222\273" },
    { "tada", "\360\237\216\211" },
    { "rocket", "\360\237\232\200" },
    { "fire", "\360\237\224\245" },
    { "eyes", "\360\237\221\200" },
    { "clap", "\360\237\221\217" },
    { "ok_hand", "\360\237\221\214" },
    { "wave", "\360\237\221\213" },
    { "100", "\360\237\222\257" },
    { "bug", "\360\237\220\233" },
    { "beer", "\360\237\215\272" },
    { "coffee", "\342\230\225" },
    { "white_check_mark", "\342\234\205" },
};

static GRegex *compile(const char *pattern)
{
    g_autoptr(GError) error = NULL;
    GRegex *regex = g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_CASELESS, 0, &error);

    if (!regex)
        g_error("%s", error->message);
    return regex;
}

/* Compiled once a program: bursts of messages pass here. */
static GRegex *compiled(GRegex **place, const char *pattern)
{
    if (g_once_init_enter(place))
        g_once_init_leave(place, compile(pattern));
    return *place;
}

static void add_group(GPtrArray *list, GMatchInfo *match, const char *group)
{
    g_autofree char *word = g_match_info_fetch_named(match, group);

    if (word && *word)
        g_ptr_array_add(list, g_steal_pointer(&word));
}

FakeWords *fake_words_new(const char *text)
{
    static GRegex *regex, *url;
    FakeWords *words = g_new0(FakeWords, 1);
    g_autoptr(GMatchInfo) match = NULL;

    words->tags = g_ptr_array_new_with_free_func(g_free);
    words->mentions = g_ptr_array_new_with_free_func(g_free);
    for (g_regex_match(compiled(&regex, words_pattern), text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        add_group(words->tags, match, "tag");
        add_group(words->mentions, match, "mention");
    }
    words->has_url = g_regex_match(compiled(&url, URL), text, 0, NULL);
    return words;
}

void fake_words_free(FakeWords *words)
{
    if (!words)
        return;
    g_ptr_array_unref(words->tags);
    g_ptr_array_unref(words->mentions);
    g_free(words);
}

gboolean fake_text_is_everyone(const char *mention)
{
    static const char *const everyone[] = { "everyone", "everybody", "all", "anyone", "anybody", NULL };
    g_autofree char *lower = g_utf8_strdown(mention, -1);

    return g_strv_contains(everyone, lower);
}

gboolean fake_text_has_highlight(const char *text, const char *nick)
{
    g_autofree char *folded_text = g_utf8_casefold(text, -1);
    g_autofree char *folded_nick = g_utf8_casefold(nick, -1);
    g_autofree char *quoted = NULL, *pattern = NULL;
    g_autoptr(GRegex) regex = NULL;

    /* Nearly always the answer, and much quicker than a pattern for each member. */
    if (!strstr(folded_text, folded_nick))
        return FALSE;
    quoted = g_regex_escape_string(nick, -1);
    pattern = g_strdup_printf("(?<![\\w@])%s(?!\\w)", quoted);
    regex = compile(pattern);
    return g_regex_match(regex, text, 0, NULL);
}

static gboolean put_emoji(const GMatchInfo *match, GString *result, gpointer user_data)
{
    g_autofree char *code = g_match_info_fetch(match, 1);
    g_autofree char *all = g_match_info_fetch(match, 0);

    (void)user_data;
    for (gsize i = 0; i < G_N_ELEMENTS(emoji); i++) {
        if (g_str_equal(emoji[i].code, code)) {
            g_string_append(result, emoji[i].character);
            return FALSE;
        }
    }
    g_string_append(result, all);
    return FALSE;
}

char *fake_text_emoji(const char *text)
{
    static GRegex *regex;

    return g_regex_replace_eval(compiled(&regex, ":([a-z0-9_+-]+):"), text, -1, 0, 0, put_emoji, NULL, NULL);
}

char *fake_text_slug(const char *name)
{
    g_autofree char *ascii = g_str_to_ascii(name, "C");
    GString *slug = g_string_new(NULL);

    for (const char *at = ascii; *at; at++) {
        if (g_ascii_isalnum(*at))
            g_string_append_c(slug, g_ascii_tolower(*at));
        else if (slug->len && slug->str[slug->len - 1] != '-')
            g_string_append_c(slug, '-');
    }
    while (slug->len && slug->str[slug->len - 1] == '-')
        g_string_truncate(slug, slug->len - 1);
    return g_string_free(slug, FALSE);
}

char *fake_text_iso(gint64 ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(ms / 1000);
    g_autofree char *seconds = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");

    return g_strdup_printf("%s.%03dZ", seconds, (int)(ms % 1000));
}

gint64 fake_text_parse_iso(const char *iso)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = iso ? g_date_time_new_from_iso8601(iso, utc) : NULL;

    return time ? g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000 : -1;
}

gint64 fake_text_now_ms(void)
{
    return g_get_real_time() / 1000;
}

char *fake_text_token(const char *seed, guint length)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA512);
    guint8 digest[64];
    gsize size = sizeof digest;
    char *token;

    g_checksum_update(sum, (const guchar *)seed, -1);
    g_checksum_get_digest(sum, digest, &size);
    token = g_base64_encode(digest, size);
    g_strdelimit(token, "+", '-');
    g_strdelimit(token, "/", '_');
    token[MIN(length, strlen(token) - 2)] = '\0';
    return token;
}

char *fake_text_random(guint length)
{
    g_autofree char *seed = g_strdup_printf("%u %u %u %" G_GINT64_FORMAT, g_random_int(), g_random_int(),
                                            g_random_int(), g_get_real_time());

    return fake_text_token(seed, length);
}
