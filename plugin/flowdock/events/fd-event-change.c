/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the events that change what was said before. Each follows the name of who does it. */
#include "fd-event-kinds.h"

#include "net/net-json.h"
#include "text/text-diff.h"
#include "text/text-emoji.h"
#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* More changes than these are not told one by one. */
#define MAX_CHANGES 3
#define MAX_TAGS 20

/* The message that an event is about, (nullable) when it is not remembered. Sheet: 5.2. */
static const FdRecentMessage *subject_of(FdState *state, const FdMessage *message)
{
    FdRoom *room = fd_state_room_of(state, message);
    gint64 id = net_json_int(net_json_object_of(message->content), "message", 0);

    return room && id > 0 ? fd_recent_find(room->recent, id) : NULL;
}

char *fd_event_excerpt(const char *text, guint max_chars)
{
    g_autofree char *line = text_clean_line(text);
    g_autofree char *start = NULL;

    if (g_utf8_strlen(line, -1) <= (glong)max_chars)
        return g_steal_pointer(&line);
    start = g_utf8_substring(line, 0, (glong)max_chars - 1);
    return g_strconcat(g_strchomp(start), "…", NULL);
}

/* --------------------------------------------------------------------------------------------------------- edits */

/* "old → new", each in its style; of what was only added or only taken away, a sign says so. */
static void append_change(GString *text, const char *old_text, const char *new_text)
{
    g_autofree char *before = text_clean_line(old_text);
    g_autofree char *after = text_clean_line(new_text);

    if (!*before && !*after)
        return;
    if (text->len)
        g_string_append(text, "; ");
    if (*before)
        g_string_append_printf(text, "%s%c%s%c", *after ? "" : "−", FD_LINE_OLD, before, FD_LINE_END);
    if (*before && *after)
        g_string_append(text, " → ");
    if (*after)
        g_string_append_printf(text, "%s%c%s%c", *before ? "" : "+", FD_LINE_NEW, after, FD_LINE_END);
}

/* (transfer full) (nullable): the changes one by one, where they are few and small. */
static char *changes_of(const char *old_text, const char *new_text)
{
    g_autoptr(GArray) diff = text_diff(old_text, new_text);
    g_autoptr(GString) text = g_string_new(NULL);
    guint count = 0;

    if (!text_diff_is_small(diff))
        return NULL;
    for (guint i = 0; i < diff->len; i++) {
        const TextDiffPart *part = &g_array_index(diff, TextDiffPart, i);
        const TextDiffPart *next = i + 1 < diff->len ? part + 1 : NULL;
        g_autofree char *first = g_strndup(part->text, part->length);
        g_autofree char *second = NULL;

        if (part->kind == TEXT_DIFF_SAME)
            continue;
        if (++count > MAX_CHANGES)
            return NULL;
        if (part->kind == TEXT_DIFF_OLD && next && next->kind == TEXT_DIFF_NEW) {
            second = g_strndup(next->text, next->length);
            append_change(text, first, second);
            i++;
        } else {
            append_change(text, part->kind == TEXT_DIFF_OLD ? first : "", part->kind == TEXT_DIFF_NEW ? first : "");
        }
    }
    return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

/* A text, or that of a comment. Sheet: 5.2, "message-edit". */
static const char *updated_text(const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    JsonObject *comment = net_json_object(content, "updated_content");

    return comment ? net_json_string(comment, "text") : net_json_string(content, "updated_content");
}

char *fd_event_say_edit(FdState *state, const FdMessage *message)
{
    const char *text = updated_text(message);
    const FdRecentMessage *subject = subject_of(state, message);
    g_autofree char *changes = NULL, *new_text = NULL;
    char *words;

    if (!text || !*text)
        return NULL;
    new_text = g_strdup_printf("%c%s", FD_LINE_MARKDOWN, text);
    if (!subject)
        return g_strdup_printf(_("edited an earlier message: %s"), new_text);
    if (strcmp(subject->text, text) == 0)
        return NULL;
    changes = changes_of(subject->text, text);
    words = changes ? g_strdup_printf(_("edited: %s"), changes) : g_strdup_printf(_("edited to: %s"), new_text);
    /* The next edit is one of this. */
    fd_recent_set_text(fd_state_room_of(state, message)->recent, subject->id, text);
    return words;
}

/* ------------------------------------------------------------------------------------------ deletions, tags, reactions */

char *fd_event_say_deletion(FdState *state, const FdMessage *message)
{
    const FdRecentMessage *subject = subject_of(state, message);
    g_autofree char *text = subject ? fd_event_excerpt(subject->text, FD_EVENT_EXCERPT) : NULL;
    FdRoom *room = fd_state_room_of(state, message);
    char *words;

    if (!net_json_object_of(message->content))
        return NULL;
    if (room)
        fd_files_remove(room->files, net_json_int(net_json_object_of(message->content), "message", 0));
    if (!subject)
        return g_strdup(_("deleted an earlier message"));
    /* Translators: the first is a name, the second a part of the message. */
    words = subject->user == message->user ? g_strdup_printf(_("deleted: %s"), text)
                                           : g_strdup_printf(_("deleted a message of %s: %s"), subject->who, text);
    /* Nobody means it any more. */
    fd_recent_remove(room->recent, subject->id);
    return words;
}

/* Of a list of tags those that mean something to people, with their marks. Sheet: 6.1. */
static char *visible_tags(FdState *state, JsonArray *tags)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint count = tags ? MIN(json_array_get_length(tags), MAX_TAGS) : 0;

    for (guint i = 0; i < count; i++) {
        JsonNode *node = json_array_get_element(tags, i);
        g_autofree char *tag = NULL;
        const FdPerson *person = NULL;

        if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
            continue;
        tag = text_clean_line(json_node_get_string(node));
        if (g_str_has_prefix(tag, ":user:"))
            person = fd_people_get(state->people, g_ascii_strtoll(tag + strlen(":user:"), NULL, 10));
        if (!*tag || (strchr(tag, ':') && !person))
            continue;
        g_string_append_printf(text, "%s%s%s", text->len ? " " : "", person ? "@" : "#", person ? person->shown : tag);
    }
    return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

char *fd_event_say_tags(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    const FdRecentMessage *subject = subject_of(state, message);
    g_autofree char *added = visible_tags(state, net_json_array(content, "add"));
    g_autofree char *removed = visible_tags(state, net_json_array(content, "remove"));
    g_autofree char *text = fd_event_excerpt(subject ? subject->text : _("an earlier message"), FD_EVENT_EXCERPT);

    if (added && removed)
        /* Translators: tags, tags, and a part of the message. */
        return g_strdup_printf(_("tagged with %s instead of %s: %s"), added, removed, text);
    if (added)
        return g_strdup_printf(_("tagged with %s: %s"), added, text);
    if (removed)
        return g_strdup_printf(_("removed the tag %s: %s"), removed, text);
    return NULL;
}

char *fd_event_say_reaction(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    const FdRecentMessage *subject = subject_of(state, message);
    g_autofree char *name = text_clean_line(net_json_string(content, "emoji"));
    const char *character = text_emoji_find(name);
    const char *emoji = character ? character : name;
    gboolean added = g_strcmp0(net_json_string(content, "type"), "add") == 0;
    g_autofree char *text = fd_event_excerpt(subject ? subject->text : _("an earlier message"), FD_EVENT_EXCERPT);

    if (!*name)
        return NULL;
    if (subject && message->user == state->self)
        fd_recent_set_reaction(fd_state_room_of(state, message)->recent, subject->id, emoji, added);
    /* Translators: an emoji, and a part of the message. */
    return added ? g_strdup_printf(_("reacted with %s to: %s"), emoji, text)
                 : g_strdup_printf(_("took back %s from: %s"), emoji, text);
}
