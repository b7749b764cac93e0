/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tags a message gets: given ones and those found in the text. Sheet: 6. */
#include "fake-tags.h"

#include "fake-text.h"

static gboolean holds(JsonArray *tags, const char *tag)
{
    g_autofree char *wanted = g_utf8_casefold(tag, -1);

    for (guint i = 0; i < json_array_get_length(tags); i++) {
        g_autofree char *here = g_utf8_casefold(json_array_get_string_element(tags, i), -1);

        if (g_str_equal(here, wanted))
            return TRUE;
    }
    return FALSE;
}

gboolean fake_tags_has(JsonObject *message, const char *tag)
{
    JsonArray *tags = fake_json_array(message, "tags");

    return tags && holds(tags, tag);
}

void fake_tags_add(JsonArray *tags, const char *tag)
{
    if (!holds(tags, tag))
        json_array_add_string_element(tags, tag);
}

static void add_meta(JsonArray *tags, const char *kind, const FakeUser *user)
{
    g_autofree char *tag = g_strdup_printf(":%s:%" G_GINT64_FORMAT, kind, user->id);

    fake_tags_add(tags, tag);
}

/* Mapping nick to id ignores disabled users. Sheet: 6.1. */
static FakeUser *user_of_nick(FakeTalk *talk, const char *nick)
{
    g_autofree char *wanted = g_utf8_casefold(nick, -1);

    for (guint i = 0; talk->flow && i < talk->flow->members->len; i++) {
        FakeMember *member = talk->flow->members->pdata[i];
        g_autofree char *here = g_utf8_casefold(member->user->nick, -1);

        if (!member->disabled && !member->user->disabled && g_str_equal(here, wanted))
            return member->user;
    }
    return NULL;
}

static void add_mention(JsonArray *tags, FakeTalk *talk, const FakeUser *author, const char *nick)
{
    FakeUser *user = user_of_nick(talk, nick);

    if (fake_text_is_everyone(nick)) {
        fake_tags_add(tags, ":user:everyone");
    } else if (user) {
        add_meta(tags, "user", user);
        if (user != author)
            add_meta(tags, "unread", user);
    }
}

static void add_highlights(JsonArray *tags, FakeTalk *talk, const FakeUser *author, const char *text)
{
    for (guint i = 0; i < talk->flow->members->len; i++) {
        FakeMember *member = talk->flow->members->pdata[i];

        if (member->user != author && !member->disabled && fake_text_has_highlight(text, member->user->nick)) {
            add_meta(tags, "highlight", member->user);
            add_meta(tags, "unread", member->user);
        }
    }
}

char *fake_tags_normalize(FakeServer *server, FakeTalk *talk, const char *tag)
{
    FakeUser *user = tag[0] == '@' ? user_of_nick(talk, tag + 1) : NULL;

    (void)server;
    if (tag[0] == '#')
        return g_strdup(tag + 1);
    if (tag[0] == '@' && fake_text_is_everyone(tag + 1))
        return g_strdup(":user:everyone");
    return user ? g_strdup_printf(":user:%" G_GINT64_FORMAT, user->id) : g_strdup(tag);
}

JsonArray *fake_tags_of(FakeServer *server, FakeTalk *talk, const FakeUser *author, const char *text, char **given)
{
    JsonArray *tags = json_array_new();
    g_autoptr(FakeWords) words = fake_words_new(text);

    /* Sheet: 3.10: no tagging in private, but who has not read it is marked. */
    if (!talk->flow) {
        add_meta(tags, "unread", fake_talk_other(talk, author));
        return tags;
    }
    for (guint i = 0; i < words->mentions->len; i++)
        add_mention(tags, talk, author, words->mentions->pdata[i]);
    add_highlights(tags, talk, author, text);
    if (words->has_url)
        fake_tags_add(tags, ":url");
    for (guint i = 0; i < words->tags->len; i++)
        fake_tags_add(tags, words->tags->pdata[i]);
    for (char **tag = given; tag && *tag; tag++) {
        g_autofree char *normal = fake_tags_normalize(server, talk, *tag);

        if ((*tag)[0] == '@')
            add_mention(tags, talk, author, *tag + 1);
        else if (*normal)
            fake_tags_add(tags, normal);
    }
    return tags;
}
