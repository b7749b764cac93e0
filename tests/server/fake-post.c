/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making messages: what the service does with what is sent to it. Sheet: 3.6. */
#include "fake-post.h"

#include <string.h>

#include "fake-encode.h"
#include "fake-events.h"
#include "fake-files.h"
#include "fake-tags.h"
#include "fake-text.h"
#include "fake-threads.h"

#define MAX_EXTERNAL_NAME 16

/* One message in the making. */
typedef struct {
    FakeServer *server;
    FakeTalk *talk;
    const FakeAuthor *author;
    JsonObject *params;
    JsonObject *message;
    const char *event;
    gint64 id;
    FakeRefusal *refusal;
} Draft;

static gboolean refuse(Draft *draft, const char *field, const char *problem)
{
    *draft->refusal = (FakeRefusal){ field, problem, 0 };
    return FALSE;
}

static gboolean is_blank(const char *text)
{
    while (text && g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return !text || !*text;
}

static const char *checked_content(Draft *draft)
{
    const char *content = fake_json_string(draft->params, "content");

    if (is_blank(content))
        return refuse(draft, "content", "can't be blank"), NULL;
    if (g_utf8_strlen(content, -1) > FAKE_MAX_CONTENT)
        return refuse(draft, "content", "is too long (maximum is 8096 characters)"), NULL;
    return content;
}

static void set_tags(Draft *draft, const char *text)
{
    g_auto(GStrv) given = fake_json_list(draft->params, "tags");

    json_object_set_array_member(draft->message, "tags",
                                 fake_tags_of(draft->server, draft->talk, draft->author->user, text, given));
}

/* In private there are no threads. */
static gboolean put_in_thread(Draft *draft, const char *title)
{
    const char *thread_id = fake_json_string(draft->params, "thread_id");
    FakeThread *thread = fake_talk_thread(draft->talk, thread_id);

    if (!draft->talk->flow)
        return TRUE;
    if (thread_id && !thread)
        return refuse(draft, "thread_id", "is invalid");
    if (!thread)
        thread = fake_thread_new(draft->talk, title, draft->id);
    fake_thread_count(draft->talk, thread, draft->event);
    json_object_set_string_member(draft->message, "thread_id", thread->id);
    return TRUE;
}

static gboolean make_text(Draft *draft)
{
    const char *content = checked_content(draft);
    g_autofree char *text = content ? fake_text_emoji(content) : NULL;

    if (!text)
        return FALSE;
    json_object_set_string_member(draft->message, "content", text);
    set_tags(draft, text);
    return !g_str_equal(draft->event, "message") || put_in_thread(draft, text);
}

static gboolean make_status(Draft *draft)
{
    FakeMember *member = draft->talk->flow ? fake_state_member(draft->talk->flow->members, draft->author->user) : NULL;

    if (!make_text(draft))
        return FALSE;
    if (member) {
        g_free(member->status);
        member->status = g_strdup(fake_json_string(draft->message, "content"));
    }
    return TRUE;
}

/* The text of a message, or what stands for it. */
static const char *title_of(JsonObject *message)
{
    JsonObject *content = fake_json_object(message, "content");

    if (!content)
        return fake_json_string(message, "content") ? fake_json_string(message, "content") : "";
    if (fake_json_string(content, "title"))
        return fake_json_string(content, "title");
    return fake_json_string(content, "subject") ? fake_json_string(content, "subject") : "";
}

/* Sent as a string, received as an object; the parent is in a tag. Sheet: 3.9. */
static gboolean make_comment(Draft *draft)
{
    gint64 parent_id = fake_json_int(draft->params, "message", -1);
    JsonObject *parent = fake_talk_find(draft->talk, parent_id);
    const char *text = checked_content(draft);
    g_autofree char *tag = g_strdup_printf("influx:%" G_GINT64_FORMAT, parent_id);
    g_autofree char *plain = text ? fake_text_emoji(text) : NULL;
    JsonObject *content;
    FakeThread *thread;

    if (!text)
        return FALSE;
    if (!parent || g_strcmp0(fake_json_string(parent, "event"), "comment") == 0)
        return refuse(draft, "message", "is invalid");
    content = json_object_new();
    json_object_set_string_member(content, "title", title_of(parent));
    json_object_set_string_member(content, "text", plain);
    json_object_set_object_member(draft->message, "content", content);
    set_tags(draft, plain);
    fake_tags_add(fake_json_array(draft->message, "tags"), tag);
    thread = fake_talk_thread(draft->talk, fake_json_string(parent, "thread_id"));
    if (thread) {
        json_object_set_string_member(draft->message, "thread_id", thread->id);
        fake_thread_count(draft->talk, thread, draft->event);
    }
    return TRUE;
}

static gboolean make_file(Draft *draft)
{
    static const FakeRefusal refusals[] = {
        [FAKE_FILES_UNFIT] = { "content", "is invalid", 0 },
        [FAKE_FILES_TOO_LARGE] = { "content", "The file is too large", SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE },
        [FAKE_FILES_NO_ROOM] = { "content", "There is no room left for files", SOUP_STATUS_FORBIDDEN },
    };
    JsonObject *file = NULL;
    FakeFilesVerdict verdict =
        fake_files_add(draft->server, draft->talk, fake_json_object(draft->params, "content"), &file);
    JsonArray *attachments;

    if (verdict != FAKE_FILES_GOOD) {
        *draft->refusal = refusals[verdict];
        return FALSE;
    }
    attachments = json_array_new();
    json_array_add_object_element(attachments, fake_json_copy(file));
    json_object_set_array_member(draft->message, "attachments", attachments);
    set_tags(draft, "");
    fake_tags_add(fake_json_array(draft->message, "tags"), ":file");
    json_object_set_object_member(draft->message, "content", file);
    return put_in_thread(draft, fake_json_string(file, "file_name"));
}

/* activity and discussion. Sheet: 3.6, 5.4. */
static gboolean make_inbox(Draft *draft)
{
    JsonObject *writer = fake_json_object(draft->params, "author");
    const char *title = fake_json_string(draft->params, "title");
    FakeThread *thread;

    if (!draft->author->source)
        return refuse(draft, "flow_token", "can't be blank");
    if (!fake_json_string(writer, "name"))
        return refuse(draft, "author", "name can't be blank");
    if (is_blank(title) && g_str_equal(draft->event, "activity"))
        return refuse(draft, "title", "can't be blank");
    thread = fake_thread_of_source(draft->talk, draft->author->source, draft->params, draft->id, draft->refusal);
    if (!thread)
        return FALSE;
    fake_thread_count(draft->talk, thread, draft->event);
    json_object_set_string_member(draft->message, "thread_id", thread->id);
    json_object_set_string_member(draft->message, "app", "influx");
    json_object_set_null_member(draft->message, "content");
    fake_json_set_text(draft->message, "title", title);
    fake_json_set_text(draft->message, "body", fake_json_string(draft->params, "body"));
    json_object_set_object_member(draft->message, "author", json_object_ref(writer));
    set_tags(draft, "");
    return TRUE;
}

/* Content as it is: for what only the service itself says. */
static gboolean make_other(Draft *draft)
{
    if (!draft->author->any_event || !json_object_has_member(draft->params, "content"))
        return refuse(draft, "event", "is not included in the list");
    json_object_set_member(draft->message, "content", json_object_dup_member(draft->params, "content"));
    set_tags(draft, "");
    return TRUE;
}

static const struct {
    const char *event;
    gboolean (*make)(Draft *draft);
    gboolean in_private;
} kinds[] = {
    { "message", make_text, TRUE }, { "status", make_status, TRUE },   { "comment", make_comment, FALSE },
    { "file", make_file, TRUE },    { "activity", make_inbox, FALSE }, { "discussion", make_inbox, FALSE },
};

static gboolean make(Draft *draft)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_equal(kinds[i].event, draft->event))
            return draft->talk->flow || kinds[i].in_private ? kinds[i].make(draft)
                                                            : refuse(draft, "event", "is not included in the list");
    }
    return make_other(draft);
}

/* Sheet: 3.6: no whitespace; gem: at most 16 characters. */
static gboolean set_sender(Draft *draft)
{
    const char *external = fake_json_string(draft->params, "external_user_name");
    g_autofree char *user = NULL;

    if (external) {
        if (is_blank(external))
            return refuse(draft, "external_user_name", "can't be blank");
        if (strpbrk(external, " \t\r\n"))
            return refuse(draft, "external_user_name", "should not contain whitespace");
        if (g_utf8_strlen(external, -1) > MAX_EXTERNAL_NAME)
            return refuse(draft, "external_user_name", "is too long (maximum is 16 characters)");
        json_object_set_string_member(draft->message, "external_user_name", external);
    } else if (!draft->author->user && g_str_equal(draft->event, "message")) {
        return refuse(draft, "external_user_name", "can't be blank");
    }
    user = g_strdup_printf("%" G_GINT64_FORMAT, !external && draft->author->user ? draft->author->user->id : (gint64)0);
    json_object_set_string_member(draft->message, "user", user);
    return TRUE;
}

static void set_uuid(Draft *draft)
{
    const char *given = fake_json_string(draft->params, "uuid");
    g_autofree char *made = fake_text_random(22);

    json_object_set_string_member(draft->message, "uuid", given ? given : made);
}

JsonObject *fake_post(FakeServer *server, FakeTalk *talk, const FakeAuthor *author, JsonObject *params,
                      FakeRefusal *refusal)
{
    const char *event = fake_json_string(params, "event");
    JsonObject *message;

    if (is_blank(event)) {
        *refusal = (FakeRefusal){ "event", "can't be blank", 0 };
        return NULL;
    }
    message = fake_encode_envelope(talk, event, author->user);
    json_object_set_string_member(message, "app", "chat");
    json_object_set_null_member(message, "edited");

    Draft draft = { server, talk, author, params, message, event, json_object_get_int_member(message, "id"), refusal };

    set_uuid(&draft);
    if (!set_sender(&draft) || !make(&draft)) {
        json_object_unref(message);
        return NULL;
    }
    fake_talk_insert(talk, message);
    /* Sheet: 3.10: an unread message opens the conversation. */
    if (!talk->flow)
        talk->pair_open[0] = talk->pair_open[1] = TRUE;
    fake_events_publish(server, fake_target_talk(talk), fake_encode_message(server, talk, message), TRUE);
    json_object_unref(message); /* the conversation has it */
    return message;
}

/* ------------------------------------------------------------------------------------------------------- storing */

/* The index of the first message with this id or a higher one. */
static guint position(FakeTalk *talk, gint64 id)
{
    guint low = 0, high = talk->messages->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (fake_json_int(talk->messages->pdata[middle], "id", 0) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

JsonObject *fake_talk_find(FakeTalk *talk, gint64 id)
{
    guint at = position(talk, id);

    return at < talk->messages->len && fake_json_int(talk->messages->pdata[at], "id", 0) == id
               ? talk->messages->pdata[at]
               : NULL;
}

void fake_talk_insert(FakeTalk *talk, JsonObject *message)
{
    gint64 id = fake_json_int(message, "id", 0);

    if (fake_talk_find(talk, id))
        return;
    g_ptr_array_insert(talk->messages, (int)position(talk, id), json_object_ref(message));
    talk->last_id = MAX(talk->last_id, id);
}
