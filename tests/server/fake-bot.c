/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hubot, who shows newcomers around, and Ann, who speaks when asked. */
#include "fake-bot.h"

#include <string.h>

#include "fake-events.h"
#include "fake-post.h"
#include "fake-tags.h"
#include "fake-text.h"

#define HUBOT 42
#define ANN 2
#define HOME "acme/main"
#define ANSWER_AFTER_MS 300
#define REPLAY_EVERY_MS 400

typedef struct {
    FakeServer *server;
    FakeTalk *talk;
    FakeUser *speaker;
    char *text;
    guint timer;
} Answer;

typedef struct FakeBot {
    char *data;
    gboolean greeted;
    GPtrArray *answers; /* of Answer, still to be said */
    GPtrArray *files;   /* of the replay, still to be posted, the next one last */
    guint replay_timer;
    FakeFlow *replay_flow;
    FakeUser *replay_user;
} FakeBot;

static const char help[] =
    "I am Hubot, the bot of this flowdock-compatible test server. Mention me (@Hubot) in a flow, or write to me "
    "privately:\n"
    "* `help` shows this\n"
    "* `replay` posts captured events of the real service, one of each kind, into this flow\n"
    "* `ann` makes Ann say something and answer in a thread\n"
    "* `private` makes me write to you privately\n"
    "* `echo TEXT` repeats the text\n"
    "* `inbox` posts an activity and a comment into the team inbox";

static void answer_free(gpointer data)
{
    Answer *answer = data;

    g_clear_handle_id(&answer->timer, g_source_remove);
    g_free(answer->text);
    g_free(answer);
}

static JsonObject *speak(FakeServer *server, FakeTalk *talk, FakeUser *user, const char *text, const char *thread_id)
{
    g_autoptr(JsonObject) params = json_object_new();
    FakeAuthor author = { .user = user };
    FakeRefusal refusal;

    json_object_set_string_member(params, "event", "message");
    json_object_set_string_member(params, "content", text);
    if (thread_id)
        json_object_set_string_member(params, "thread_id", thread_id);
    return fake_post(server, talk, &author, params, &refusal);
}

static gboolean on_answer(gpointer data)
{
    Answer *answer = data;

    answer->timer = 0;
    speak(answer->server, answer->talk, answer->speaker, answer->text, NULL);
    g_ptr_array_remove(answer->server->bot->answers, answer);
    return G_SOURCE_REMOVE;
}

/* A little later, as people do, so that the answer follows what it answers. */
static void say_soon(FakeServer *server, FakeTalk *talk, FakeUser *speaker, const char *text)
{
    Answer *answer = g_new0(Answer, 1);

    answer->server = server;
    answer->talk = talk;
    answer->speaker = speaker;
    answer->text = g_strdup(text);
    answer->timer = g_timeout_add(ANSWER_AFTER_MS, on_answer, answer);
    g_ptr_array_add(server->bot->answers, answer);
}

/* -------------------------------------------------------------------------------------------------------- replay */

static gint backwards(gconstpointer a, gconstpointer b)
{
    return -g_strcmp0(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *list_files(const char *folder)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(files, backwards);
    return files;
}

/* The captured event as if it happened here and now. What would take people or flows away is left out. */
static void replay_file(FakeServer *server, FakeBot *bot, const char *path)
{
    static const char *const harmful[] = { "flow-add", "flow-remove",  "backend.user.block",
                                           "presence", "message-edit", NULL };
    g_autofree char *text = NULL, *json = NULL, *user = NULL;
    g_autoptr(JsonObject) event = NULL;
    const char *name;

    if (!g_file_get_contents(path, &text, NULL, NULL) || !(event = fake_json_parse_object(text, -1, NULL)))
        return;
    name = fake_json_string(event, "event");
    if (!name || g_strv_contains(harmful, name))
        return;
    json_object_set_int_member(event, "id", 0);
    if (json_object_has_member(event, "to")) {
        g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, bot->replay_user->id);

        json_object_set_string_member(event, "to", to);
    } else {
        json_object_set_string_member(event, "flow", bot->replay_flow->id);
    }
    if (fake_json_int(event, "user", 0)) {
        user = g_strdup_printf("%d", HUBOT);
        json_object_set_string_member(event, "user", user);
    }
    if (fake_json_string(event, "sent") == NULL)
        json_object_set_int_member(event, "sent", fake_text_now_ms());
    json_object_remove_member(event, "uuid");
    json = fake_json_print_object(event);
    fake_server_emit(server, json);
}

static gboolean on_replay(gpointer data)
{
    FakeServer *server = data;
    FakeBot *bot = server->bot;

    if (bot->files->len == 0) {
        bot->replay_timer = 0;
        speak(server, bot->replay_flow->talk, fake_state_user(server, HUBOT), "That was all.", NULL);
        return G_SOURCE_REMOVE;
    }
    replay_file(server, bot, bot->files->pdata[bot->files->len - 1]);
    g_ptr_array_set_size(bot->files, (int)bot->files->len - 1);
    return G_SOURCE_CONTINUE;
}

static void do_replay(FakeServer *server, FakeTalk *talk, FakeUser *user)
{
    FakeBot *bot = server->bot;
    FakeFlow *home = talk->flow ? talk->flow : fake_state_flow(server, HOME);
    g_autofree char *folder = g_build_filename(bot->data, "events", NULL);

    if (bot->replay_timer || !home) {
        say_soon(server, talk, fake_state_user(server, HUBOT), "I am still busy with the last replay.");
        return;
    }
    g_clear_pointer(&bot->files, g_ptr_array_unref);
    bot->files = list_files(folder);
    bot->replay_flow = home;
    bot->replay_user = user;
    if (bot->files->len)
        bot->replay_timer = g_timeout_add(REPLAY_EVERY_MS, on_replay, server);
    else
        say_soon(server, talk, fake_state_user(server, HUBOT), "I have no captured events; start me with --data DIR.");
}

/* --------------------------------------------------------------------------------------------------- other answers */

static void do_help(FakeServer *server, FakeTalk *talk)
{
    say_soon(server, talk, fake_state_user(server, HUBOT), help);
}

static void do_ann(FakeServer *server, FakeTalk *talk)
{
    FakeTalk *place = talk->flow ? talk : fake_state_talk(server, HOME);
    FakeUser *ann = fake_state_user(server, ANN);
    JsonObject *said;

    if (!ann || !place)
        return;
    said = speak(server, place, ann, "Morning! Anyone up for :coffee:? The build is green. #lunch", NULL);
    if (said)
        speak(server, place, fake_state_user(server, HUBOT), "I only run on electricity.",
              fake_json_string(said, "thread_id"));
}

static void do_inbox(FakeServer *server, FakeTalk *talk)
{
    g_autofree char *place = g_strdup(talk->flow ? talk->flow->id : HOME);
    gint64 id = fake_server_post(
        server, place, 0,
        "{\"event\":\"activity\",\"title\":\"opened pull request\",\"external_thread_id\":\"demo-pr-42\","
        "\"author\":{\"name\":\"ann\"},\"thread\":{\"title\":\"Fix the flux capacitor\","
        "\"external_url\":\"https://example.com/pull/42\",\"status\":{\"color\":\"green\",\"value\":\"open\"},"
        "\"fields\":[{\"label\":\"branch\",\"value\":\"flux\"}]}}",
        NULL);
    g_autofree char *comment = g_strdup_printf(
        "{\"event\":\"comment\",\"message\":%" G_GINT64_FORMAT ",\"content\":\"Looks good to me :+1:\"}", id);

    fake_server_post(server, place, HUBOT, comment, NULL);
}

static void obey(FakeServer *server, FakeTalk *talk, FakeUser *user, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 2);
    g_autofree char *verb = g_utf8_strdown(words[0] ? words[0] : "", -1);
    FakeUser *hubot = fake_state_user(server, HUBOT);

    if (g_str_equal(verb, "help"))
        do_help(server, talk);
    else if (g_str_equal(verb, "replay"))
        do_replay(server, talk, user);
    else if (g_str_equal(verb, "ann"))
        do_ann(server, talk);
    else if (g_str_equal(verb, "inbox"))
        do_inbox(server, talk);
    else if (g_str_equal(verb, "private"))
        say_soon(server, fake_state_private(server, hubot, user, TRUE), hubot, "Hello, just between us.");
    else if (g_str_equal(verb, "echo") && words[1])
        say_soon(server, talk, hubot, words[1]);
    else
        say_soon(server, talk, hubot, "I do not know that. Say `help` to see what I can do.");
}

void fake_bot_hear(FakeServer *server, FakeTalk *talk, FakeUser *user, JsonObject *message)
{
    FakeUser *hubot = fake_state_user(server, HUBOT);
    const char *text = fake_json_string(message, "content");
    g_autofree char *tag = g_strdup_printf(":user:%d", HUBOT);
    g_autoptr(GRegex) address = NULL;
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *plain = NULL;

    if (!server->bot || !hubot || user == hubot || !text ||
        g_strcmp0(fake_json_string(message, "event"), "message") != 0)
        return;
    if (talk->flow ? !fake_tags_has(message, tag) : fake_talk_other(talk, user) != hubot)
        return;
    /* What follows the mention, if there is one. */
    address = g_regex_new("@hubot\\b[:,]?\\s*(.*)$", G_REGEX_CASELESS | G_REGEX_DOTALL, 0, NULL);
    plain = g_regex_match(address, text, 0, &match) ? g_match_info_fetch(match, 1) : g_strdup(text);
    obey(server, talk, user, g_strstrip(plain));
}

void fake_bot_stream_opened(FakeServer *server, FakeUser *user)
{
    g_autofree char *greeting = NULL;
    FakeTalk *home = server->bot ? fake_state_talk(server, HOME) : NULL;
    FakeUser *hubot = fake_state_user(server, HUBOT);

    if (!home || !hubot || server->bot->greeted)
        return;
    server->bot->greeted = TRUE;
    greeting = g_strdup_printf(
        "Welcome, @%s! Write: @Hubot help (here), or: help (to me, privately), to see what I can do.", user->nick);
    say_soon(server, home, hubot, greeting);
}

void fake_bot_start(FakeServer *server, const char *data)
{
    server->bot = g_new0(FakeBot, 1);
    server->bot->data = g_strdup(data);
    server->bot->answers = g_ptr_array_new_with_free_func(answer_free);
    server->bot->files = g_ptr_array_new_with_free_func(g_free);
}

void fake_bot_free(FakeServer *server)
{
    FakeBot *bot = server->bot;

    if (!bot)
        return;
    g_clear_handle_id(&bot->replay_timer, g_source_remove);
    g_ptr_array_unref(bot->answers);
    g_ptr_array_unref(bot->files);
    g_free(bot->data);
    g_free(bot);
}
