/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads: which one a message belongs to, and what it does to it. Sheet: 3.8. */
#include "fake-threads.h"

#include "fake-text.h"

FakeThread *fake_talk_thread(FakeTalk *talk, const char *id)
{
    return id ? g_hash_table_lookup(talk->threads_by_id, id) : NULL;
}

/* No two threads change at the same time, as the pages of their list end at times. */
static gint64 change_time(FakeTalk *talk)
{
    return talk->last_change_ms = MAX(fake_text_now_ms(), talk->last_change_ms + 1);
}

FakeThread *fake_thread_new(FakeTalk *talk, const char *title, gint64 initial_message)
{
    FakeThread *thread = g_new0(FakeThread, 1);
    g_autofree char *seed = g_strdup_printf("%s %" G_GINT64_FORMAT " thread", talk->flow->id, initial_message);

    thread->id = fake_text_token(seed, 27);
    thread->title = g_strdup(title);
    thread->initial_message = initial_message;
    thread->created_ms = thread->updated_ms = change_time(talk);
    g_ptr_array_add(talk->threads, thread);
    g_hash_table_insert(talk->threads_by_id, thread->id, thread);
    return thread;
}

static void set_node(JsonNode **place, JsonObject *state, const char *name)
{
    if (!json_object_has_member(state, name))
        return;
    g_clear_pointer(place, json_node_unref);
    *place = json_object_dup_member(state, name);
}

static void set_text(char **place, JsonObject *state, const char *name)
{
    if (!json_object_has_member(state, name))
        return;
    g_free(*place);
    *place = g_strdup(fake_json_string(state, name));
}

static void apply_state(FakeThread *thread, JsonObject *state)
{
    g_free(thread->title);
    thread->title = g_strdup(fake_json_string(state, "title"));
    set_text(&thread->body, state, "body");
    set_text(&thread->external_url, state, "external_url");
    set_node(&thread->status, state, "status");
    set_node(&thread->fields, state, "fields");
    set_node(&thread->actions, state, "actions");
}

static FakeThread *find_external(FakeTalk *talk, const FakeSource *source, const char *external_id)
{
    for (guint i = 0; i < talk->threads->len; i++) {
        FakeThread *thread = talk->threads->pdata[i];

        if (thread->source == source && g_strcmp0(thread->external_id, external_id) == 0)
            return thread;
    }
    return NULL;
}

/* Sheet: 3.8. */
static gboolean is_status(JsonNode *node)
{
    static const char *const colors[] = { "red",   "green", "yellow", "cyan", "orange", "grey",
                                          "black", "lime",  "purple", "blue", NULL };
    JsonObject *status = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    const char *color = fake_json_string(status, "color"), *value = fake_json_string(status, "value");

    return JSON_NODE_HOLDS_NULL(node) || (value && *value && (!color || g_strv_contains(colors, color)));
}

FakeThread *fake_thread_of_source(FakeTalk *talk, FakeSource *source, JsonObject *params, gint64 message_id,
                                  FakeRefusal *refusal)
{
    g_autofree char *external_id = fake_json_dup_text(params, "external_thread_id");
    FakeThread *thread = fake_talk_thread(talk, fake_json_string(params, "thread_id"));
    JsonObject *state = fake_json_object(params, "thread");
    const char *title = fake_json_string(params, "title");

    if (state && !fake_json_string(state, "title")) {
        *refusal = (FakeRefusal){ "thread", "title can't be blank", 0 };
        return NULL;
    }
    if (state && json_object_has_member(state, "status") && !is_status(json_object_get_member(state, "status"))) {
        *refusal = (FakeRefusal){ "thread", "status is invalid", 0 };
        return NULL;
    }
    if (!thread && (!external_id || !*external_id)) {
        *refusal = (FakeRefusal){ "external_thread_id", "can't be blank", 0 };
        return NULL;
    }
    if (!thread)
        thread = find_external(talk, source, external_id);
    if (!thread) {
        thread = fake_thread_new(talk, title ? title : external_id, message_id);
        thread->source = source;
        thread->external_id = g_steal_pointer(&external_id);
    }
    if (state)
        apply_state(thread, state);
    return thread;
}

void fake_thread_count(FakeTalk *talk, FakeThread *thread, const char *event)
{
    if (g_str_equal(event, "activity"))
        thread->activities++;
    else if (g_str_equal(event, "discussion"))
        thread->external_comments++;
    else
        thread->internal_comments++;
    thread->updated_ms = change_time(talk);
}
