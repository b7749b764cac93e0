/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user types, on its way to the service. */
#include "fd-input.h"

#include "text/text-emoji.h"
#include "text/text-html-md.h"
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

/* Running text without code. */
static void append_running(GString *result, FdAccount *account, const char *text, gsize length, GPtrArray *tags)
{
    g_autofree char *part = g_strndup(text, length);
    g_autoptr(GArray) spans = text_scan(part);
    g_autoptr(GString) addressed = g_string_new(NULL);
    g_autofree char *expanded = NULL;
    gsize done = 0;

    for (guint i = 0; i < spans->len; i++) {
        const TextSpan *span = &g_array_index(spans, TextSpan, i);
        g_autofree char *name = g_strndup(part + span->start + 1, span->length - 1);
        const FdPerson *person = span->kind == TEXT_SPAN_MENTION ? person_called(account, name) : NULL;

        if (!person || purple_utf8_strcasecmp(person->nick, person->shown) == 0)
            continue;
        g_string_append_len(addressed, part + done, (gssize)(span->start - done));
        g_string_append_printf(addressed, "@%s", person->nick);
        add_tag(tags, person);
        done = span->start + span->length;
    }
    g_string_append(addressed, part + done);
    expanded = text_emoji_expand(addressed->str);
    g_string_append(result, expanded);
}

/* The end of the code span or fence that begins with @ticks, (nullable) when nothing ends it. */
static const char *end_of_code(const char *ticks)
{
    gsize length = strspn(ticks, "`");
    const char *at = ticks + length;

    while ((at = strchr(at, '`'))) {
        gsize run = strspn(at, "`");

        at += run;
        if (run == length)
            return at;
    }
    return NULL;
}

/* "ann: text", of a member; (nullable). @end: behind the nick. */
static const FdPerson *addressed_person(FdAccount *account, const FdRoom *room, const char *text, const char **end)
{
    for (const char *c = text; *c && *c != '\n'; c++) {
        g_autofree char *name = NULL;
        const FdPerson *person;

        if ((*c != ':' && *c != ',') || c == text || (c[1] && c[1] != ' '))
            continue;
        name = g_strndup(text, (gsize)(c - text));
        person = person_called(account, name);
        *end = c;
        return person && person->id != account->state->self && fd_room_has_member(room, person->id) ? person : NULL;
    }
    return NULL;
}

static gboolean is_one_mention(const char *text)
{
    g_autoptr(GArray) spans = text_scan(text);

    return spans->len == 1 && g_array_index(spans, TextSpan, 0).kind == TEXT_SPAN_MENTION &&
           g_array_index(spans, TextSpan, 0).length == strlen(text);
}

/* Writes who is addressed at the beginning. Returns: what follows. */
static const char *address_first(GString *result, FdAccount *account, const FdRoom *room, const char *text,
                                 GPtrArray *tags)
{
    const char *end = text;
    const FdPerson *person = addressed_person(account, room, text, &end);
    g_autofree char *mention = person ? g_strconcat("@", person->nick, NULL) : NULL;

    if (!person)
        return text;
    if (is_one_mention(mention))
        g_string_append(result, mention);
    else
        g_string_append_len(result, text, end - text);
    if (!is_one_mention(mention) || purple_utf8_strcasecmp(person->nick, person->shown) != 0)
        add_tag(tags, person);
    return end;
}

char *fd_input_address(FdAccount *account, const FdRoom *room, const char *text, char ***tags)
{
    g_autoptr(GString) result = g_string_new(NULL);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    const char *at = room->flow ? address_first(result, account, room, text, found) : text;

    while (*at) {
        gsize running = strcspn(at, "`");
        const char *end;

        append_running(result, account, at, running, found);
        at += running;
        if (!*at)
            break;
        end = end_of_code(at);
        /* Without an end they are no more than characters. */
        if (!end)
            end = at + strspn(at, "`");
        g_string_append_len(result, at, end - at);
        at = end;
    }
    *tags = NULL;
    if (room->flow && found->len > 0) {
        g_ptr_array_add(found, NULL);
        *tags = (char **)g_ptr_array_steal(found, NULL);
    }
    return g_string_free(g_steal_pointer(&result), FALSE);
}

char *fd_input_edited(FdAccount *account, const FdRoom *room, const char *text)
{
    (void)account;
    (void)room;
    return text_emoji_expand(text);
}
