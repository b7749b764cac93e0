/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which messages a list call means. Sheet: 3.7. */
#include "fake-list.h"

#include <string.h>

#include "fake-encode.h"
#include "fake-tags.h"

#define DEFAULT_LIMIT 30
#define MAX_LIMIT 100

typedef struct {
    const char *thread_id;
    char **events;
    char **tags;
    gboolean any_tag;
    char **words; /* folded; none: not a search */
    gint64 since_id, until_id;
    gint64 skip, limit;
    gboolean ascending;
} Wish;

static void add_text(GString *text, JsonNode *node)
{
    if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
        g_string_append_printf(text, " %s", json_node_get_string(node));
}

/* Title, body and the texts of the content, folded. */
static char *searched_text(JsonObject *message)
{
    static const char *const members[] = { "content", "title", "body" };
    g_autoptr(GString) text = g_string_new(NULL);
    JsonObject *content = fake_json_object(message, "content");

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        if (json_object_has_member(message, members[i]))
            add_text(text, json_object_get_member(message, members[i]));
    }
    if (content) {
        g_autoptr(GList) values = json_object_get_values(content);

        for (GList *value = values; value; value = value->next)
            add_text(text, value->data);
    }
    return g_utf8_casefold(text->str, -1);
}

static gboolean has_words(JsonObject *message, char **words)
{
    g_autofree char *text = searched_text(message);

    for (char **word = words; *word; word++) {
        if (**word && !strstr(text, *word))
            return FALSE;
    }
    return TRUE;
}

static gboolean has_tags(JsonObject *message, char **tags, gboolean any)
{
    for (char **tag = tags; *tag; tag++) {
        if (fake_tags_has(message, *tag) == any)
            return any;
    }
    return !any || !*tags;
}

static gboolean fits(JsonObject *message, const Wish *wish)
{
    gint64 id = fake_json_int(message, "id", 0);

    if (wish->thread_id && g_strcmp0(fake_json_string(message, "thread_id"), wish->thread_id) != 0)
        return FALSE;
    if (*wish->events && !g_strv_contains((const char *const *)wish->events, fake_json_string(message, "event")))
        return FALSE;
    if (!has_tags(message, wish->tags, wish->any_tag))
        return FALSE;
    if (*wish->words)
        return has_words(message, wish->words);
    return id > wish->since_id && id < wish->until_id;
}

static char **normal_tags(FakeCall *call, FakeTalk *talk)
{
    g_auto(GStrv) given = fake_json_list(call->params, "tags");
    g_autoptr(GStrvBuilder) tags = g_strv_builder_new();

    for (char **tag = given; *tag; tag++) {
        g_autofree char *normal = fake_tags_normalize(call->server, talk, *tag);

        g_strv_builder_add(tags, normal);
    }
    return g_strv_builder_end(tags);
}

static char **search_words(FakeCall *call)
{
    const char *search = fake_json_string(call->params, "search");
    g_autofree char *folded = g_utf8_casefold(search ? search : "", -1);

    return *folded ? g_strsplit(folded, " ", -1) : g_new0(char *, 1);
}

/* The chosen ones, newest or oldest first as they were found, in ascending order. */
static JsonArray *collect(FakeCall *call, FakeTalk *talk, const Wish *wish)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    JsonArray *list = json_array_new();
    gint64 skip = *wish->words ? wish->skip : 0;

    for (guint i = 0; i < talk->messages->len && found->len < wish->limit; i++) {
        guint at = wish->ascending ? i : talk->messages->len - 1 - i;

        if (fits(talk->messages->pdata[at], wish) && skip-- <= 0)
            g_ptr_array_add(found, talk->messages->pdata[at]);
    }
    for (guint i = 0; i < found->len; i++) {
        JsonObject *message = found->pdata[wish->ascending ? i : found->len - 1 - i];

        json_array_add_object_element(list, fake_encode_message(call->server, talk, message));
    }
    return list;
}

JsonArray *fake_list_messages(FakeCall *call, FakeTalk *talk, const char *thread_id)
{
    g_auto(GStrv) events = fake_json_list(call->params, "event");
    g_auto(GStrv) tags = talk->flow ? normal_tags(call, talk) : g_new0(char *, 1);
    g_auto(GStrv) words = search_words(call);
    Wish wish = {
        .thread_id = thread_id,
        .events = events,
        .tags = tags,
        .any_tag = g_strcmp0(fake_json_string(call->params, "tag_mode"), "or") == 0,
        .words = words,
        .since_id = fake_json_int(call->params, "since_id", G_MININT64),
        .until_id = fake_json_int(call->params, "until_id", G_MAXINT64),
        .skip = talk->flow ? fake_json_int(call->params, "skip", 0) : 0,
        .limit = fake_json_int(call->params, "limit", DEFAULT_LIMIT),
        .ascending = g_strcmp0(fake_json_string(call->params, "sort"), "asc") == 0,
    };

    if (wish.limit < 1 || wish.limit > MAX_LIMIT) {
        fake_call_invalid(call, "limit", "must be between 1 and 100");
        return NULL;
    }
    return collect(call, talk, &wish);
}
