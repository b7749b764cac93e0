/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user types, on its way to the service. */
#include "fd-input.h"

#include "text/text-emoji.h"
#include "text/text-html-md.h"
#include "text/text-running.h"
#include "text/text-scan.h"

#include <util.h>

#include <string.h>

char *fd_input_text(const char *html)
{
    g_autofree char *markdown = text_html_to_md(html);
    g_autofree char *plain = NULL;

    if (*markdown == '/')
        return g_steal_pointer(&markdown);
    /* A host that formats all that is typed must not hide a command. */
    plain = text_html_to_plain(html);
    return *plain == '/' ? g_steal_pointer(&plain) : g_steal_pointer(&markdown);
}

/* ------------------------------------------------------------------------------------------------------ running text */

static void add_tag(GPtrArray *tags, const FdPerson *person)
{
    char *tag = g_strdup_printf(":user:%" G_GINT64_FORMAT, person->id);

    if (g_ptr_array_find_with_equal_func(tags, tag, g_str_equal, NULL))
        g_free(tag);
    else
        g_ptr_array_add(tags, tag);
}

/* (nullable): who is called exactly so here. */
static const FdPerson *person_called(FdAccount *account, const char *name)
{
    const FdPerson *person = fd_people_find(account->state->people, name);

    return person && purple_utf8_strcasecmp(person->shown, name) == 0 ? person : NULL;
}

/* (nullable): whom the service would not find by this mention. */
static const FdPerson *numbered_person(FdAccount *account, const char *text, const TextSpan *span)
{
    g_autofree char *name = g_strndup(text + span->start + 1, span->length - 1);
    const FdPerson *person = span->kind == TEXT_SPAN_MENTION ? person_called(account, name) : NULL;

    return person && purple_utf8_strcasecmp(person->nick, person->shown) != 0 ? person : NULL;
}

/* Appends what is from @from to @to, all of it in one range. @next: the first of @spans that may lie there. */
static void append_range(GString *result, FdAccount *account, const char *text, gsize from, gsize to,
                         const GArray *spans, guint *next, GPtrArray *tags)
{
    g_autoptr(GString) addressed = g_string_new(NULL);
    g_autofree char *expanded = NULL;
    gsize done = from;

    for (; *next < spans->len && g_array_index(spans, TextSpan, *next).start < to; (*next)++) {
        const TextSpan *span = &g_array_index(spans, TextSpan, *next);
        gboolean inside = span->start >= from && span->start + span->length <= to;
        const FdPerson *person = inside ? numbered_person(account, text, span) : NULL;

        if (!person)
            continue;
        g_string_append_len(addressed, text + done, (gssize)(span->start - done));
        g_string_append_printf(addressed, "@%s", person->nick);
        add_tag(tags, person);
        done = span->start + span->length;
    }
    g_string_append_len(addressed, text + done, (gssize)(to - done));
    expanded = text_emoji_expand(addressed->str);
    g_string_append(result, expanded);
}

/* Appends what is behind @from. @tags: NULL where nobody is addressed. */
static void append_rewritten(GString *result, FdAccount *account, const char *text, gsize from, GPtrArray *tags)
{
    g_autoptr(GArray) ranges = text_running(text);
    /* Of the whole text, as the service scans it. */
    g_autoptr(GArray) spans = text_scan(tags ? text : "");
    gsize done = from;
    guint next = 0;

    for (guint i = 0; i < ranges->len; i++) {
        const TextRange *range = &g_array_index(ranges, TextRange, i);
        gsize start = MAX(range->start, done), end = range->start + range->length;

        if (end <= done)
            continue;
        g_string_append_len(result, text + done, (gssize)(start - done));
        append_range(result, account, text, start, end, spans, &next, tags);
        done = end;
    }
    g_string_append(result, text + done);
}

/* ------------------------------------------------------------------------------------------------- who is addressed */

/* Returns: the bytes of @name at the beginning of @text, which is valid UTF-8, or 0. */
static gsize name_length(const char *text, const char *name)
{
    g_autofree char *beginning = NULL, *folded = NULL, *sought = NULL;
    const char *end = text;

    for (glong rest = g_utf8_strlen(name, -1); rest > 0 && *end; rest--)
        end = g_utf8_next_char(end);
    beginning = g_strndup(text, (gsize)(end - text));
    folded = g_utf8_casefold(beginning, -1);
    sought = g_utf8_casefold(name, -1);
    return g_str_equal(folded, sought) ? (gsize)(end - text) : 0;
}

typedef gboolean (*FitsBehind)(FdAccount *account, const FdRoom *room, const char *behind);

/* Bytes of @text that name @person: by nick, or by the full name, which hosts that know an alias complete. */
static gsize named_length(FdAccount *account, const FdRoom *room, const char *text, const FdPerson *person,
                          FitsBehind fits)
{
    gsize nick = name_length(text, person->shown);
    gsize name = person->name && *person->name ? name_length(text, person->name) : 0;

    if (nick > 0 && !fits(account, room, text + nick))
        nick = 0;
    if (name > 0 && !fits(account, room, text + name))
        name = 0;
    return MAX(nick, name);
}

/* (nullable): the member with the longest name that @text begins with; nobody where two are called the same. */
static const FdPerson *member_at(FdAccount *account, const FdRoom *room, const char *text, FitsBehind fits,
                                 gsize *length)
{
    const GPtrArray *members = room->flow->users;
    const FdPerson *found = NULL;

    *length = 0;
    for (guint i = 0; members && i < members->len; i++) {
        const FdUser *member = members->pdata[i];
        const FdPerson *person = fd_people_get(account->state->people, member->id);
        gsize taken =
            person && member->in_flow && !member->disabled ? named_length(account, room, text, person, fits) : 0;

        if (taken == 0 || taken < *length || person == found)
            continue;
        /* A nick is unique, a full name need not be. */
        if (taken > *length || name_length(text, person->shown) == taken)
            found = person;
        else if (!found || name_length(text, found->shown) != taken)
            found = NULL;
        *length = taken;
    }
    return found;
}

static gboolean is_end_of_word(FdAccount *account, const FdRoom *room, const char *behind)
{
    gunichar character = g_utf8_get_char(behind);

    (void)account;
    (void)room;
    return !g_unichar_isalnum(character) && character != '_' && character != '-';
}

/* As in "Ann, Hubot and I": that speaks of Ann and not to her. */
static gboolean begins_with_someone(FdAccount *account, const FdRoom *room, const char *text)
{
    gsize length;

    if (*text == '@')
        text++;
    return member_at(account, room, text, is_end_of_word, &length) != NULL;
}

/* Whether it is what hosts write behind a nick that they complete. */
static gboolean is_address_mark(FdAccount *account, const FdRoom *room, const char *behind)
{
    const char *rest = behind + 1;

    if (*behind == ':')
        return !*rest || g_unichar_isspace(g_utf8_get_char(rest));
    if (*behind != ',' || *rest != ' ')
        return FALSE;
    rest += strspn(rest, " ");
    return *rest && !begins_with_someone(account, room, rest);
}

static gboolean is_one_mention(const char *text)
{
    g_autoptr(GArray) spans = text_scan(text);

    return spans->len == 1 && g_array_index(spans, TextSpan, 0).kind == TEXT_SPAN_MENTION &&
           g_array_index(spans, TextSpan, 0).length == strlen(text);
}

/* Writes who is addressed at the beginning. Returns: the bytes of @text that this took. */
static gsize address_first(GString *result, FdAccount *account, const FdRoom *room, const char *text, GPtrArray *tags)
{
    gsize length = 0;
    const FdPerson *person =
        g_utf8_validate(text, -1, NULL) ? member_at(account, room, text, is_address_mark, &length) : NULL;
    g_autofree char *mention = person ? g_strconcat("@", person->nick, NULL) : NULL;

    if (!person || person->id == account->state->self)
        return 0;
    if (is_one_mention(mention))
        g_string_append(result, mention);
    else
        g_string_append_len(result, text, (gssize)length);
    if (!is_one_mention(mention) || purple_utf8_strcasecmp(person->nick, person->shown) != 0)
        add_tag(tags, person);
    return length;
}

/* ----------------------------------------------------------------------------------------------------------- public */

char *fd_input_address(FdAccount *account, const FdRoom *room, const char *text, char ***tags)
{
    g_autoptr(GString) result = g_string_new(NULL);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    gsize from = room->flow ? address_first(result, account, room, text, found) : 0;

    append_rewritten(result, account, text, from, found);
    *tags = NULL;
    if (room->flow && found->len > 0) {
        g_ptr_array_add(found, NULL);
        *tags = (char **)g_ptr_array_steal(found, NULL);
    }
    return g_string_free(g_steal_pointer(&result), FALSE);
}

char *fd_input_edited(FdAccount *account, const FdRoom *room, const char *text)
{
    GString *result = g_string_new(NULL);

    (void)room;
    append_rewritten(result, account, text, 0, NULL);
    return g_string_free(result, FALSE);
}
