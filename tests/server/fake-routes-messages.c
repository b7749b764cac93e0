/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of flows and private conversations, and what is posted elsewhere. Sheet: 3.6, 3.7, 3.9, 3.15. */
#include "fake-bot.h"
#include "fake-encode.h"
#include "fake-list.h"
#include "fake-post.h"
#include "fake-routes.h"

#include <string.h>

void fake_get_messages(FakeCall *call)
{
    JsonArray *list = fake_list_messages(call, call->talk, NULL);

    if (list)
        fake_call_array(call, list);
}

/* (nullable): when the call is answered with 404 */
static JsonObject *named_message(FakeCall *call)
{
    JsonObject *message = fake_talk_find(call->talk, fake_call_id(call, 0));

    if (!message)
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
    return message;
}

void fake_get_message(FakeCall *call)
{
    JsonObject *message = named_message(call);

    if (message)
        fake_call_object(call, SOUP_STATUS_OK, fake_encode_message(call->server, call->talk, message));
}

/* ------------------------------------------------------------------------------------------------------- posting */

/* 200 and the message for those who wait, 202 and {} for the others. Sheet: 3.6. */
static void answer_sent(FakeCall *call, FakeTalk *talk, JsonObject *message)
{
    FakeOdd odd = call->server->odd;
    gboolean created = (odd & FAKE_ODD_SENT_201) != 0;

    if (talk->flow) {
        g_autofree char *link = g_strdup_printf(
            "<%s/flows/%s/%s/messages/%" G_GINT64_FORMAT "/comments>; rel=\"comments\"", call->server->api_url,
            talk->flow->org->slug, talk->flow->slug, fake_json_int(message, "id", 0));

        fake_call_header(call, "Link", link);
    }
    if (odd & FAKE_ODD_SENT_EMPTY)
        fake_call_answer(call, created ? SOUP_STATUS_CREATED : SOUP_STATUS_OK, NULL);
    else if (created || fake_call_get_header(call, "X-flowdock-wait-for-message"))
        fake_call_object(call, created ? SOUP_STATUS_CREATED : SOUP_STATUS_OK,
                         fake_encode_message(call->server, talk, message));
    else
        fake_call_empty_object(call, SOUP_STATUS_ACCEPTED);
}

static void post(FakeCall *call, FakeTalk *talk)
{
    FakeAuthor author = { .user = call->user, .source = call->source };
    FakeRefusal refusal;
    JsonObject *message = fake_post(call->server, talk, &author, call->params, &refusal);

    if (!message) {
        if (refusal.status)
            fake_call_refuse(call, refusal.status, refusal.problem);
        else
            fake_call_invalid(call, refusal.field, refusal.problem);
        return;
    }
    answer_sent(call, talk, message);
    if (call->user)
        fake_bot_hear(call->server, talk, call->user, message);
}

void fake_post_message(FakeCall *call)
{
    post(call, call->talk);
}

/* The flow is in the body. (nullable): when the call is answered with an error */
static FakeFlow *flow_of_body(FakeCall *call)
{
    const char *name = fake_json_string(call->params, "flow");
    FakeFlow *flow = call->source ? call->source->flow : fake_state_flow(call->server, name);

    if (call->source)
        return flow;
    if (!name)
        fake_call_invalid(call, "flow", "can't be blank");
    else if (!flow || !fake_state_is_active_member(flow, call->user))
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
    else
        return flow;
    return NULL;
}

void fake_post_anywhere(FakeCall *call)
{
    FakeFlow *flow = flow_of_body(call);

    if (flow)
        post(call, flow->talk);
}

void fake_post_comment(FakeCall *call)
{
    json_object_set_string_member(call->params, "message", call->args[0]);
    if (!json_object_has_member(call->params, "event"))
        json_object_set_string_member(call->params, "event", "comment");
    post(call, call->talk);
}

void fake_post_comment_anywhere(FakeCall *call)
{
    FakeFlow *flow = flow_of_body(call);

    if (!flow)
        return;
    if (!json_object_has_member(call->params, "event"))
        json_object_set_string_member(call->params, "event", "comment");
    post(call, flow->talk);
}

void fake_post_reaction(FakeCall *call)
{
    JsonObject *message = named_message(call);
    const char *emoji = fake_json_string(call->params, "emoji"), *type = fake_json_string(call->params, "type");

    if (!message)
        return;
    if (!emoji || !*emoji) {
        fake_call_invalid(call, "emoji", "can't be blank");
        return;
    }
    if (g_strcmp0(type, "add") != 0 && g_strcmp0(type, "remove") != 0) {
        fake_call_invalid(call, "type", "is not included in the list");
        return;
    }
    fake_change_react(call->server, call->talk, fake_json_int(message, "id", 0), call->user, emoji,
                      g_str_equal(type, "add"));
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

/* ------------------------------------------------------------------------------------------------------ changing */

static gboolean is_own(FakeCall *call, JsonObject *message)
{
    return fake_json_int(message, "user", 0) == call->user->id;
}

static gboolean is_event(JsonObject *message, const char *event)
{
    return g_strcmp0(fake_json_string(message, "event"), event) == 0;
}

static gboolean change_content(FakeCall *call, JsonObject *message, const char *content)
{
    if (!is_own(call, message) || (!is_event(message, "message") && !is_event(message, "comment"))) {
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "Only your own messages can be edited");
        return FALSE;
    }
    if (!*content || g_utf8_strlen(content, -1) > FAKE_MAX_CONTENT) {
        fake_call_invalid(call, "content", *content ? "is too long (maximum is 8096 characters)" : "can't be blank");
        return FALSE;
    }
    return fake_change_content(call->server, call->talk, message, content);
}

void fake_put_message(FakeCall *call)
{
    JsonObject *message = named_message(call);
    const char *content = fake_json_string(call->params, "content");

    if (!message || (content && !change_content(call, message, content)))
        return;
    if (json_object_has_member(call->params, "tags")) {
        g_auto(GStrv) tags = fake_json_list(call->params, "tags");

        fake_change_tags(call->server, call->talk, message, call->user, tags);
    }
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_delete_message(FakeCall *call)
{
    JsonObject *message = named_message(call);
    gboolean may;

    if (!message)
        return;
    may = g_strcmp0(fake_json_string(message, "app"), "influx") == 0 ||
          (is_own(call, message) &&
           (is_event(message, "message") || is_event(message, "comment") || is_event(message, "file")));
    if (!may)
        fake_call_refuse(call, SOUP_STATUS_FORBIDDEN, "This message cannot be deleted");
    else if (fake_change_delete(call->server, call->talk, message, call->user))
        fake_call_answer(call, SOUP_STATUS_NO_CONTENT, NULL);
    else
        fake_call_empty_object(call, SOUP_STATUS_OK);
}

/* --------------------------------------------------------------------------------------------- threads' messages */

void fake_get_thread_messages(FakeCall *call)
{
    JsonArray *list = NULL;

    if (!fake_talk_thread(call->talk, call->args[0]))
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
    else
        list = fake_list_messages(call, call->talk, call->args[0]);
    if (list)
        fake_call_array(call, list);
}

void fake_post_thread_message(FakeCall *call)
{
    if (!fake_talk_thread(call->talk, call->args[0])) {
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
        return;
    }
    json_object_set_string_member(call->params, "thread_id", call->args[0]);
    post(call, call->talk);
}

/* ------------------------------------------------------------------------------------------------------ push API */

/* (nullable) */
static FakeFlow *flow_of_token(FakeServer *server, const char *token)
{
    for (guint i = 0; i < server->flows->len; i++) {
        FakeFlow *flow = server->flows->pdata[i];

        if (g_str_equal(flow->api_token, token))
            return flow;
    }
    return NULL;
}

/* Sheet: 3.15: several tokens may be joined by commas. To all of the flows or to none. */
static void push(FakeCall *call, const FakeAuthor *author)
{
    g_auto(GStrv) tokens = g_strsplit(call->args[0], ",", -1);

    for (char **token = tokens; *token; token++) {
        if (!flow_of_token(call->server, *token)) {
            fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
            return;
        }
    }
    for (char **token = tokens; *token; token++) {
        FakeRefusal refusal;

        if (!fake_post(call->server, flow_of_token(call->server, *token)->talk, author, call->params, &refusal)) {
            fake_call_invalid(call, refusal.field, refusal.problem);
            return;
        }
    }
    fake_call_empty_object(call, SOUP_STATUS_OK);
}

void fake_push_chat(FakeCall *call)
{
    FakeAuthor anonymous = { .user = NULL };

    json_object_set_string_member(call->params, "event",
                                  json_object_has_member(call->params, "message_id") ? "comment" : "message");
    json_object_set_int_member(call->params, "message", fake_json_int(call->params, "message_id", -1));
    push(call, &anonymous);
}

static JsonArray *address(const char *name, const char *mail)
{
    JsonArray *list = json_array_new();
    JsonObject *one = json_object_new();

    fake_json_set_text(one, "name", name);
    json_object_set_string_member(one, "address", mail);
    json_array_add_object_element(list, one);
    return list;
}

/* Letters, digits, "_", blanks, and for one client "-". Sheet: 3.15. */
static gboolean is_plain_name(const char *text)
{
    while (g_ascii_isalnum(*text) || strchr("_ -", *text)) {
        if (!*text)
            return TRUE;
        text++;
    }
    return FALSE;
}

/* Returns: FALSE when the call is answered with an error. */
static gboolean check_mail(FakeCall *call)
{
    static const char *const required[] = { "source", "from_address", "subject", "content" };
    static const char *const plain[] = { "source", "project" };
    const char *at;

    for (gsize i = 0; i < G_N_ELEMENTS(required); i++) {
        const char *value = fake_json_string(call->params, required[i]);

        if (!value || !*value) {
            fake_call_invalid(call, required[i], "can't be blank");
            return FALSE;
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++) {
        const char *value = fake_json_string(call->params, plain[i]);

        if (value && !is_plain_name(value)) {
            fake_call_invalid(call, plain[i], "can only contain alphanumeric characters, underscores and whitespace");
            return FALSE;
        }
    }
    at = strchr(fake_json_string(call->params, "from_address"), '@');
    if (!at || at == fake_json_string(call->params, "from_address") || !at[1]) {
        fake_call_invalid(call, "from_address", "is invalid");
        return FALSE;
    }
    return TRUE;
}

void fake_push_inbox(FakeCall *call)
{
    FakeAuthor anonymous = { .any_event = TRUE };
    JsonObject *mail;

    if (!check_mail(call))
        return;
    mail = json_object_new();
    json_object_set_string_member(mail, "subject", fake_json_string(call->params, "subject"));
    json_object_set_string_member(mail, "content", fake_json_string(call->params, "content"));
    json_object_set_string_member(mail, "contentType", "text/html");
    json_object_set_array_member(
        mail, "from",
        address(fake_json_string(call->params, "from_name"), fake_json_string(call->params, "from_address")));
    json_object_set_array_member(mail, "to", json_array_new());
    json_object_set_array_member(mail, "cc", json_array_new());
    json_object_set_array_member(mail, "bcc", json_array_new());
    json_object_set_array_member(mail, "replyTo", json_array_new());
    json_object_set_null_member(mail, "sender");
    json_object_set_object_member(call->params, "content", mail);
    json_object_set_string_member(call->params, "event", "mail");
    push(call, &anonymous);
}
