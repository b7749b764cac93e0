/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of what comes from mail, feeds, help desks and wikis. Sheet: 5.5, 8. */
#include "fd-event-inbox.h"

#include "net/net-json.h"
#include "text/text-html.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A tweet is short, but its lines are its author's. */
#define MAX_TWEET_LINES 8

/* ------------------------------------------------------------------------------------------------------------- mail */

/* Returns: (transfer full) (nullable): "NAME (ADDRESS)". */
static char *mailbox(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    g_autofree char *name = fd_inbox_name(object, "name");
    g_autofree char *address = fd_inbox_name(object, "address");

    if (name && address && strcmp(name, address) != 0)
        return g_strdup_printf("%s (%s)", name, address);
    return address ? g_steal_pointer(&address) : g_steal_pointer(&name);
}

/* Returns: (transfer full) (nullable): the first of a list, or the only one. */
static char *first_mailbox(JsonObject *mail, const char *name)
{
    JsonArray *list = net_json_array(mail, name);

    if (!list)
        return net_json_object(mail, name) ? mailbox(net_json_node(mail, name)) : fd_inbox_name(mail, name);
    return json_array_get_length(list) > 0 ? mailbox(json_array_get_element(list, 0)) : NULL;
}

static gboolean is_html(JsonObject *mail, const char *body)
{
    const char *type = net_json_string(mail, "contentType");

    if (type && g_ascii_strncasecmp(type, "text/", strlen("text/")) == 0)
        return g_ascii_strncasecmp(type, "text/html", strlen("text/html")) == 0;
    return body && text_is_html(body);
}

char *fd_event_inbox_mail(FdState *state, const FdMessage *message)
{
    JsonObject *mail = net_json_object_of(message->content);
    const char *body = net_json_string(mail, "content");
    g_autofree char *subject = fd_inbox_title(mail, "subject");
    g_autofree char *url = fd_inbox_url(mail, "link");
    g_autofree char *from = first_mailbox(mail, "from");
    g_auto(FdInbox) inbox = fd_inbox_begin("[Email]");

    (void)state;
    if (!from)
        from = first_mailbox(mail, "sender");
    if (!from)
        from = first_mailbox(mail, "replyTo");
    if (from && !subject)
        subject = g_strdup(_("(no subject)"));
    fd_inbox_say(&inbox, &(FdInboxSaying){ .who = from, .what = subject, .url = url });
    fd_inbox_body(&inbox, NULL, body, is_html(mail, body));
    return fd_inbox_finish(&inbox);
}

/* ------------------------------------------------------------------------------------------------- feeds and tweets */

char *fd_event_inbox_rss(FdState *state, const FdMessage *message)
{
    JsonObject *entry = net_json_object_of(message->content);
    g_autofree char *feed = fd_inbox_name(net_json_object(entry, "feed"), "title");
    g_autofree char *title = fd_inbox_title(entry, "title");
    g_autofree char *author = fd_inbox_person(entry, "author");
    g_autofree char *url = fd_inbox_url(entry, "link");
    g_auto(FdInbox) inbox = fd_inbox_begin("[RSS]");

    (void)state;
    if (title || url)
        fd_inbox_say(&inbox, &(FdInboxSaying){ .who = feed, .what = title, .note = author, .url = url });
    if (!title)
        fd_inbox_body(&inbox, NULL, net_json_string(entry, "content"), TRUE);
    return fd_inbox_finish(&inbox);
}

/* Only these three are escaped in the text of a tweet, which is no HTML otherwise. */
static char *unescape_tweet(const char *text)
{
    static const struct {
        const char *escape;
        char character;
    } escapes[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' } };
    GString *plain = g_string_new(NULL);

    while (*text) {
        char character = *text;
        gsize length = 1;

        for (gsize i = 0; character == '&' && length == 1 && i < G_N_ELEMENTS(escapes); i++)
            if (g_str_has_prefix(text, escapes[i].escape)) {
                length = strlen(escapes[i].escape);
                character = escapes[i].character;
            }
        g_string_append_c(plain, character);
        text += length;
    }
    return g_string_free(plain, FALSE);
}

/* By "id_str" only: as a number the id is beyond what JSON readers keep exact. Sheet: 5.5. */
static char *tweet_url(JsonObject *tweet)
{
    const char *id = net_json_string(tweet, "id_str");
    const char *name = net_json_string(net_json_object(tweet, "user"), "screen_name");

    if (!id || !*id || strlen(id) > FD_INBOX_MAX_NAME || id[strspn(id, "0123456789")])
        return NULL;
    if (!name || !*name || strlen(name) > FD_INBOX_MAX_NAME ||
        name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z "_0123456789")])
        return NULL;
    return g_strdup_printf("https://twitter.com/%s/status/%s", name, id);
}

char *fd_event_inbox_twitter(FdState *state, const FdMessage *message)
{
    JsonObject *tweet = net_json_object_of(message->content);
    const char *text = net_json_string(tweet, "text");
    g_autofree char *who = fd_inbox_name(net_json_object(tweet, "user"), "screen_name");
    g_autofree char *plain = text ? unescape_tweet(text) : NULL;
    g_autofree char *url = tweet_url(tweet);
    g_autofree char *lead = NULL;
    g_auto(FdInbox) inbox = fd_inbox_begin("[Twitter]");

    (void)state;
    if (!who)
        who = fd_inbox_person(tweet, "user");
    lead = who ? g_strconcat(who, ": ", NULL) : NULL;
    fd_inbox_lines(&inbox, lead, plain, MAX_TWEET_LINES, FD_INBOX_MAX_BODY);
    fd_inbox_line(&inbox, inbox.lines == 0 && url ? who : NULL, url);
    return fd_inbox_finish(&inbox);
}

/* ---------------------------------------------------------------------------------------------------------- Zendesk */

/* A comment begins with a rule of dashes and a line with author and time. Returns: (nullable): what was said. */
static const char *said_in(const char *comment)
{
    const char *head, *head_end;

    if (!comment || *comment != '-')
        return comment;
    head = comment + strspn(comment, "-\r\n");
    head_end = head + strcspn(head, "\r\n");
    return head_end > head && head_end[-1] == ':' ? head_end : head;
}

char *fd_event_inbox_zendesk(FdState *state, const FdMessage *message)
{
    JsonObject *ticket = net_json_object_of(message->content);
    g_autofree char *headline = fd_inbox_first_line(net_json_string(ticket, "message"), FALSE);
    g_autofree char *title = fd_inbox_title(ticket, "title");
    g_autofree char *who = fd_inbox_person(ticket, "user|requester");
    g_autofree char *url = fd_inbox_url(ticket, "url");
    const char *comment = said_in(net_json_string(ticket, "latest_comment"));
    g_auto(FdInbox) inbox = fd_inbox_begin("[Zendesk]");

    (void)state;
    if (headline && title && strstr(headline, title))
        g_clear_pointer(&title, g_free);
    /* The headline names its author and says what happened. */
    fd_inbox_say(&inbox, &(FdInboxSaying){ .who = headline ? headline : who, .what = title, .url = url });
    fd_inbox_quote(&inbox, comment && *comment ? comment : said_in(net_json_string(ticket, "description")));
    return fd_inbox_finish(&inbox);
}

/* ------------------------------------------------------------------------------------------------------- Confluence */

static const FdInboxVerb page_verbs[] = {
    /* Translators: %1$s is a person, %2$s the page's title, %3$s the place it is in. */
    { "create", N_("%1$s created page in %3$s: %2$s") },
    { "update", N_("%1$s updated page in %3$s: %2$s") },
    { "delete", N_("%1$s deleted page in %3$s: %2$s") },
    { "comment_create", N_("%1$s commented on page in %3$s: %2$s") },
};

char *fd_event_inbox_confluence(FdState *state, const FdMessage *message)
{
    JsonObject *page = net_json_object_of(message->content);
    const char *type = net_json_string(page, "event");
    const char *comment = net_json_string(page, "comment_content_summary");
    g_autofree char *who = fd_inbox_name(page, "user_name|user_email");
    g_autofree char *title = fd_inbox_title(page, "page_title");
    g_autofree char *space = fd_inbox_name(page, "space_name");
    /* A deleted page is nowhere. */
    g_autofree char *url = g_strcmp0(type, "delete") == 0 ? NULL : fd_inbox_url(page, "page_url");
    FdInboxSaying saying = { .type = type, .who = who, .what = title, .where = space, .url = url };
    g_auto(FdInbox) inbox = fd_inbox_begin("[Confluence]");

    (void)state;
    saying.sentence = fd_inbox_sentence(page_verbs, G_N_ELEMENTS(page_verbs), type);
    fd_inbox_say(&inbox, &saying);
    fd_inbox_quote(&inbox, comment ? comment : net_json_string(page, "version_comment"));
    return fd_inbox_finish(&inbox);
}

/* -------------------------------------------------------------------------------------------------------- UserVoice */

/* Where in the content of an event its parts are. */
typedef struct {
    const char *type;
    const char *sentence;
    const char *thing;            /* what it is about */
    const char *owner, *who;      /* an object, and its member with the person */
    const char *holder, *where;   /* (nullable) the same of a further word */
    const char *speaker, *quoted; /* (nullable) the same of what is quoted */
} VoiceKind;

/* clang-format off */
static const VoiceKind voice_kinds[] = {
    { "new_suggestion", N_("%s posted a new suggestion: %s"),
      "suggestion", "suggestion", "creator", NULL, NULL, "suggestion", "text" },
    { "new_comment", N_("%s posted a new comment on: %s"),
      "comment/suggestion", "comment", "creator", NULL, NULL, "comment", "text" },
    { "new_article", N_("%s published a new article: %s"),
      "article", "article", "updated_by", NULL, NULL, NULL, NULL },
    { "new_forum", N_("%s opened a new forum: %s"),
      "forum", "forum", "updated_by", NULL, NULL, NULL, NULL },
    { "new_ticket", N_("%s opened a new ticket: %s"),
      "ticket", "ticket", "created_by", NULL, NULL, NULL, NULL },
    { "new_ticket_reply", N_("%s posted a new reply on: %s"),
      "ticket", "message", "sender", NULL, NULL, "message", "body" },
    /* Translators: Kudos! is praise for the answer to a ticket: %1$s wrote the answer, %3$s praises. */
    { "new_kudo", N_("%1$s received Kudos! from %3$s on: %2$s"),
      "kudo/ticket", "kudo/message", "sender", "kudo", "sender", NULL, NULL },
    /* Translators: %2$s is the title of the suggestion, %3$s its status, such as "planned". */
    { "suggestion_status_update", N_("%1$s changed the status of a suggestion to %3$s: %2$s"),
      "audit_status/suggestion", "audit_status", "user", "audit_status/suggestion", "status", NULL, NULL },
};
/* clang-format on */

/* For events unknown to us. */
static JsonObject *any_thing(JsonObject *content)
{
    static const char *const names[] = {
        "suggestion", "ticket", "article", "forum", "comment", "kudo", "audit_status"
    };
    JsonObject *thing = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(names) && !thing; i++)
        thing = net_json_object(content, names[i]);
    return thing;
}

static char *person_at(JsonObject *content, const char *path, const char *member)
{
    return path ? fd_inbox_person(fd_inbox_object(content, path), member) : NULL;
}

char *fd_event_inbox_uservoice(FdState *state, const FdMessage *message)
{
    static const VoiceKind unknown = { 0 };
    JsonObject *content = net_json_object_of(message->content);
    const char *type = net_json_string(content, "event");
    const VoiceKind *kind = &unknown;
    JsonObject *thing;
    g_autofree char *who = NULL, *what = NULL, *where = NULL, *url = NULL;
    FdInboxSaying saying = { .type = type };
    g_auto(FdInbox) inbox = fd_inbox_begin("[UserVoice]");

    (void)state;
    for (gsize i = 0; type && i < G_N_ELEMENTS(voice_kinds); i++)
        if (strcmp(voice_kinds[i].type, type) == 0)
            kind = &voice_kinds[i];
    thing = kind->thing ? fd_inbox_object(content, kind->thing) : any_thing(content);
    saying.sentence = kind->sentence ? _(kind->sentence) : NULL;
    saying.who = who = person_at(content, kind->owner, kind->who);
    saying.what = what = fd_inbox_title(thing, "title|subject|question|name");
    where = person_at(content, kind->holder, kind->where);
    saying.where = where = where ? where : person_at(content, "audit_status", "final_status");
    saying.url = url = fd_inbox_url(thing, "url");
    fd_inbox_say(&inbox, &saying);
    if (kind->speaker)
        fd_inbox_quote(&inbox, net_json_string(fd_inbox_object(content, kind->speaker), kind->quoted));
    return fd_inbox_finish(&inbox);
}
