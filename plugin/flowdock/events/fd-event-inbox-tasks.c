/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of what comes from trackers of issues, stories and cards. Sheet: 5.5, 8. */
#include "fd-event-inbox.h"

#include "net/net-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_STORIES 10
#define MAX_CHANGES 8

/* ------------------------------------------------------------------------------------------------------------- JIRA */

/* clang-format off */
static const FdInboxVerb jira_verbs[] = {
    /* Translators: a person, and the summary of an issue. */
    { "create",     N_("%s created issue: %s") },
    { "update",     N_("%s updated issue: %s") },
    { "comment",    N_("%s commented on issue: %s") },
    { "resolve",    N_("%s resolved issue: %s") },
    { "close",      N_("%s closed issue: %s") },
    { "start_work", N_("%s started working on issue: %s") },
};
/* clang-format on */

static void add_changes(FdInbox *inbox, JsonArray *changes)
{
    g_autoptr(GString) names = g_string_new(NULL);
    guint count = changes ? MIN(json_array_get_length(changes), MAX_CHANGES) : 0;
    g_autofree char *line = NULL;

    for (guint i = 0; i < count; i++) {
        g_autofree char *name = fd_inbox_name(net_json_object_of(json_array_get_element(changes, i)), "field");

        if (name)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
    }
    if (names->len == 0)
        return;
    /* Translators: followed by the names of an issue's fields: "Changed: Description, Status". */
    line = g_strdup_printf(_("Changed: %s"), names->str);
    fd_inbox_line(inbox, line, NULL);
}

char *fd_event_inbox_jira(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    const char *type = net_json_string(content, "event_type");
    g_autofree char *who = fd_inbox_name(content, "user_name|user_email");
    g_autofree char *what = fd_inbox_title(content, "issue_summary|issue_key");
    g_autofree char *url = fd_inbox_url(content, "issue_url");
    FdInboxSaying saying = { .type = type, .who = who, .what = what, .url = url };
    g_auto(FdInbox) inbox = fd_inbox_begin("[JIRA]");

    (void)state;
    saying.sentence = fd_inbox_sentence(jira_verbs, G_N_ELEMENTS(jira_verbs), type);
    fd_inbox_say(&inbox, &saying);
    add_changes(&inbox, net_json_array(content, "issue_changelog"));
    fd_inbox_quote(&inbox, net_json_string(content, "comment_body"));
    return fd_inbox_finish(&inbox);
}

/* -------------------------------------------------------------------------------------------------- Pivotal Tracker */

/* Returns: (transfer full) (nullable): a story's page; the address that comes with it is one of the API. Sheet: 8. */
static char *story_url(JsonObject *story)
{
    gint64 id = net_json_int(story, "id", 0);

    if (id <= 0)
        return fd_inbox_url(story, "url");
    return g_strdup_printf("https://www.pivotaltracker.com/story/show/%" G_GINT64_FORMAT, id);
}

char *fd_event_inbox_pivotaltracker(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    JsonArray *stories = net_json_array(content, "stories");
    guint count = stories ? json_array_get_length(stories) : 0;
    guint shown = MIN(count, MAX_STORIES);
    JsonObject *only = count == 1 ? net_json_object_of(json_array_get_element(stories, 0)) : NULL;
    g_autofree char *url = story_url(only);
    g_autofree char *what = fd_inbox_title(content, "description");
    g_autofree char *who = what ? NULL : fd_inbox_person(content, "author");
    FdInboxSaying saying = { .who = who, .what = what, .url = url };
    g_auto(FdInbox) inbox = fd_inbox_begin("[Pivotal Tracker]");

    (void)state;
    /* The description is a whole sentence. */
    saying.type = what ? NULL : net_json_string(content, "event_type");
    fd_inbox_say(&inbox, &saying);
    for (guint i = 0; i < shown && !only; i++) {
        JsonObject *story = net_json_object_of(json_array_get_element(stories, i));
        g_autofree char *name = fd_inbox_title(story, "name");
        g_autofree char *page = story_url(story);

        fd_inbox_line(&inbox, name, page);
    }
    fd_inbox_more(&inbox, count - shown);
    return fd_inbox_finish(&inbox);
}

/* ----------------------------------------------------------------------------------------------------------- Trello */

/* Returns: (transfer none): what changed in a card, told by what is kept of its former state. */
static const char *card_update(JsonObject *data, const char *before, const char *after, const char *old_name)
{
    JsonObject *old = net_json_object(data, "old");

    if (before && after)
        /* Translators: a person, the card, and the lists it was and is in. */
        return _("%s moved card \"%s\" from \"%s\" to \"%s\"");
    if (old_name)
        /* Translators: %3$s is the card's former name, %2$s its new one. */
        return _("%1$s renamed card \"%3$s\" to \"%2$s\"");
    if (fd_inbox_flag(net_json_object(data, "card"), "closed"))
        return _("%s closed card \"%s\"");
    if (fd_inbox_flag(old, "closed"))
        return _("%s reopened card \"%s\"");
    return net_json_string(old, "desc") ? _("%s changed the description of card \"%s\"") : _("%s updated card \"%s\"");
}

/* Returns: (transfer full) (nullable): the card's page, else the board's. */
static char *trello_url(JsonObject *content, JsonObject *card)
{
    const char *link = net_json_string(card, "shortLink");

    if (link && *link && strlen(link) <= FD_INBOX_MAX_NAME &&
        !link[strspn(link, G_CSET_A_2_Z G_CSET_a_2_z "0123456789")])
        return g_strconcat("https://trello.com/c/", link, NULL);
    return fd_inbox_url(net_json_object(content, "model"), "url|shortUrl");
}

/* Sheet: 5.5, and 8, "How android shows others". */
char *fd_event_inbox_trello(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    JsonObject *action = net_json_object(content, "action");
    JsonObject *data = net_json_object(action, "data");
    JsonObject *card = net_json_object(data, "card");
    const char *type = net_json_string(action, "type");
    g_autofree char *who = fd_inbox_name(net_json_object(action, "memberCreator"), "fullName|username|initials");
    g_autofree char *board = fd_inbox_person(data, "board"), *list = fd_inbox_person(data, "list");
    g_autofree char *before = fd_inbox_person(data, "listBefore"), *after = fd_inbox_person(data, "listAfter");
    g_autofree char *old_name = fd_inbox_title(net_json_object(data, "old"), "name");
    g_autofree char *name = fd_inbox_title(card, "name");
    g_autofree char *url = trello_url(content, card);
    FdInboxSaying saying = { .type = type, .who = who, .what = name ? name : list, .note = board, .url = url };
    g_auto(FdInbox) inbox = fd_inbox_begin("[Trello]");

    (void)state;
    if (name && g_strcmp0(type, "createCard") == 0) {
        saying.sentence = list ? _("%s added card \"%s\" to \"%s\"") : _("%s added card \"%s\"");
        saying.where = list;
    } else if (name && g_strcmp0(type, "commentCard") == 0) {
        saying.sentence = _("%s commented on card \"%s\"");
    } else if (name && g_strcmp0(type, "updateCard") == 0) {
        saying.sentence = card_update(data, before, after, old_name);
        saying.where = before && after ? before : old_name;
        saying.whither = after;
    }
    fd_inbox_say(&inbox, &saying);
    fd_inbox_quote(&inbox, net_json_string(data, "text"));
    return fd_inbox_finish(&inbox);
}
