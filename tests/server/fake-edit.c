/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changing messages that are there, and telling of it. Sheet: 3.7, 5.2. */
#include "fake-encode.h"
#include "fake-events.h"
#include "fake-post.h"
#include "fake-tags.h"
#include "fake-text.h"

static FakeUser *writer(FakeServer *server, JsonObject *message)
{
    return fake_state_user(server, fake_json_int(message, "user", 0));
}

static JsonObject *change_of(JsonObject *message)
{
    JsonObject *content = json_object_new();

    json_object_set_int_member(content, "message", fake_json_int(message, "id", 0));
    return content;
}

/* updated_content is a string for messages, an object for comments. */
gboolean fake_change_content(FakeServer *server, FakeTalk *talk, JsonObject *message, const char *text)
{
    JsonObject *comment = fake_json_object(message, "content"), *content;
    g_autofree char *plain = fake_text_emoji(text);

    if (!comment && !fake_json_string(message, "content"))
        return FALSE;
    content = change_of(message);
    if (comment) {
        json_object_set_string_member(comment, "text", plain);
        json_object_set_object_member(content, "updated_content", fake_json_copy(comment));
    } else {
        json_object_set_string_member(message, "content", plain);
        json_object_set_string_member(content, "updated_content", plain);
    }
    json_object_set_int_member(message, "edited", fake_text_now_ms());
    fake_events_publish_change(server, talk, "message-edit", writer(server, message), fake_json_take_object(content));
    return TRUE;
}

static void add_missing(JsonArray *to, JsonArray *from, JsonArray *without)
{
    for (guint i = 0; i < json_array_get_length(from); i++) {
        const char *tag = json_array_get_string_element(from, i);
        gboolean there = FALSE;

        for (guint j = 0; j < json_array_get_length(without); j++)
            there |= g_strcmp0(tag, json_array_get_string_element(without, j)) == 0;
        if (!there)
            json_array_add_string_element(to, tag);
    }
}

void fake_change_tags(FakeServer *server, FakeTalk *talk, JsonObject *message, FakeUser *user, char **tags)
{
    JsonArray *old = fake_json_array(message, "tags"), *new = json_array_new();
    JsonArray *added = json_array_new(), *removed = json_array_new();
    JsonObject *content = change_of(message);

    for (char **tag = tags; *tag; tag++) {
        g_autofree char *normal = fake_tags_normalize(server, talk, *tag);

        if (*normal)
            fake_tags_add(new, normal);
    }
    if (old) {
        add_missing(added, new, old);
        add_missing(removed, old, new);
    }
    json_object_set_array_member(message, "tags", new);
    json_object_set_array_member(content, "add", added);
    json_object_set_array_member(content, "remove", removed);
    fake_events_publish_change(server, talk, "tag-change", user, fake_json_take_object(content));
}

gboolean fake_change_delete(FakeServer *server, FakeTalk *talk, JsonObject *message, FakeUser *user)
{
    gboolean goes = g_strcmp0(fake_json_string(message, "app"), "influx") == 0 ||
                    g_strcmp0(fake_json_string(message, "event"), "file") == 0;
    JsonObject *comment = fake_json_object(message, "content"), *content = change_of(message);

    if (goes)
        g_ptr_array_remove(talk->messages, message);
    else if (comment)
        json_object_set_string_member(comment, "text", "");
    else
        json_object_set_string_member(message, "content", "");
    fake_events_publish_change(server, talk, "message-delete", user, fake_json_take_object(content));
    return goes;
}

void fake_change_react(FakeServer *server, FakeTalk *talk, gint64 id, FakeUser *user, const char *emoji, gboolean add)
{
    JsonObject *content = json_object_new();

    json_object_set_int_member(content, "message", id);
    json_object_set_string_member(content, "emoji", emoji);
    json_object_set_string_member(content, "type", add ? "add" : "remove");
    fake_events_publish_change(server, talk, "emoji-reaction", user, fake_json_take_object(content));
}
