/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-event: what the captured events say and by whom, and the way of an event into its conversation. */
#include "flowdock/events/fd-event.h"

#include <string.h>

#include "flowdock/api/fd-decode.h"
#include "net/net-json.h"
#include "test-util.h"

/* The people of the captures: data/flows.json. */
#define OTTO 1
#define OTTOMOB 50000
#define CLONE 50002

/* What the listener heard, in order: "message irc/ottotest 907", ... */
static gboolean on_message(FdRoom *room, const FdMessage *message, FdDelivery delivery, gpointer user_data)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, room->user);

    g_string_append_printf(user_data, "message %s %" G_GINT64_FORMAT "%s\n", room->flow ? room->flow->path : digits,
                           message->id, delivery ? " !" : "");
    return TRUE;
}

static void on_renamed(const FdPerson *person, const char *old, gpointer user_data)
{
    g_string_append_printf(user_data, "renamed %s to %s\n", old, person->shown);
}

static void on_flow_removed(FdRoom *room, FdGone why, gint64 by, gpointer user_data)
{
    (void)why;
    (void)by;
    g_string_append_printf(user_data, "removed %s\n", room->flow->path);
}

static void on_not_sent(FdRoom *room, const FdOutgoing *outgoing, const GError *error, gpointer user_data)
{
    (void)room;
    (void)error;
    (void)user_data;
    g_error("not sent: %s", outgoing->text);
}

static void on_not_loaded(FdRoom *room, const GError *error, gpointer user_data)
{
    (void)room;
    (void)user_data;
    g_error("not loaded: %s", error->message);
}

static void on_missed_more(FdRoom *room, gpointer user_data)
{
    (void)user_data;
    g_error("missed: %s", room->flow->path);
}

static void on_flow_changed(FdRoom *room, GPtrArray *before, gpointer user_data)
{
    (void)before;
    (void)user_data;
    g_error("changed: %s", room->flow->path);
}

static void on_flow_added(FdRoom *room, gpointer user_data)
{
    (void)user_data;
    g_error("added: %s", room->flow->path);
}

static void on_people_changed(gpointer user_data)
{
    (void)user_data;
}

static const FdListener listener = {
    .message = on_message,
    .not_sent = on_not_sent,
    .not_loaded = on_not_loaded,
    .missed_more = on_missed_more,
    .flow_changed = on_flow_changed,
    .flow_added = on_flow_added,
    .flow_removed = on_flow_removed,
    .renamed = on_renamed,
    .people_changed = on_people_changed,
};

/* Otto's mobile account, in the flow of the captures. No call is ever made. */
typedef struct {
    NetSession *session;
    FdState *state;
    FdSync *sync;
    FdEventContext context;
    FdRoom *room;
    GString *heard;
} Fixture;

static void put_person(Fixture *fixture, gint64 id, const char *nick)
{
    g_autoptr(FdUser) user = fd_user_new(id, nick);

    fd_people_put(fixture->state->people, user);
    fd_people_settle(fixture->state->people);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    static const NetRetry retry = { 1000, 1000 };
    static const NetSessionOptions options = { .user_agent = "test", .max_connections = 1, .max_body = 1000 };
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(FdApi) api = NULL;

    (void)data;
    fixture->heard = g_string_new(NULL);
    fixture->session = net_session_new(&options, NULL);
    api = fd_api_new(fixture->session, credential, "http://127.0.0.1:9");
    fixture->state = fd_state_new(api, cancellable, &listener, fixture->heard);
    fixture->state->self = OTTOMOB;
    fixture->sync = fd_sync_new(fixture->state, 0, &retry);
    fixture->context = (FdEventContext){ fixture->state, fixture->sync };
    put_person(fixture, OTTO, "Otto");
    put_person(fixture, OTTOMOB, "Ottomob");
    put_person(fixture, CLONE, "OTTOMOB");
    fd_rooms_get_private(fixture->state->rooms, OTTO)->loaded = TRUE;
    fixture->room = fd_state_put_flow(fixture->state, fd_flow_new("irc:ottotest", "irc/ottotest", "Ottotest", "Irc"));
    fixture->room->shown = TRUE;
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fd_sync_free(fixture->sync);
    fd_state_free(fixture->state);
    net_session_close(fixture->session);
    net_session_unref(fixture->session);
    g_string_free(fixture->heard, TRUE);
}

static char *load(const char *name)
{
    g_autofree char *file = g_build_filename("events", name, NULL);
    g_autofree char *path = test_data_path(file);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static FdMessage *decode(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) root = net_json_parse(text, strlen(text), &error);
    FdMessage *message;

    g_assert_no_error(error);
    message = fd_decode_message(root);
    g_assert_nonnull(message);
    return message;
}

static FdLine *line_of(Fixture *fixture, const char *text)
{
    g_autoptr(FdMessage) message = decode(text);

    return fd_event_line(fixture->state, fixture->room, message);
}

static void receive(Fixture *fixture, const char *text)
{
    fd_event_receive(&fixture->context, text, strlen(text));
}

/* Compares what was heard since the last time. */
static void assert_heard(Fixture *fixture, const char *expected)
{
    test_settle();
    g_assert_cmpstr(fixture->heard->str, ==, expected);
    g_string_truncate(fixture->heard, 0);
}

/* ------------------------------------------------------------------------------------------------------------ lines */

static void test_captured(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *file;
        FdLook look;
        const char *who, *text;
    } cases[] = {
        { "message_event.json", FD_LOOK_SPEECH, "Otto", "test" },
        { "legacy_message_event.json", FD_LOOK_SPEECH, "Otto", "test" },
        { "private_message.json", FD_LOOK_SPEECH, "Otto", "private test" },
        { "comment_event.json", FD_LOOK_SPEECH, "Otto", "[Team inbox item's title] << test" },
        { "line_event.json", FD_LOOK_ACTION, "Otto", "test" },
        { "status_event.json", FD_LOOK_ACTION, "Otto", "changed status to: uusin status" },
        { "file_event.json", FD_LOOK_ACTION, "Otto", "shared a file: \x06globe.rb (text/x-ruby-script, 1.9 kB)\x04" },
        { "presence_event.json", 0, NULL, NULL },
        { "flow_add_event.json", 0, NULL, NULL },
        { "flow_remove_event.json", 0, NULL, NULL },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = load(cases[i].file);
        g_autoptr(FdMessage) message = decode(text);
        g_autoptr(FdLine) line = fd_event_line(fixture->state, fixture->room, message);

        g_test_message("%s", cases[i].file);
        g_assert_cmpstr(line ? line->text : NULL, ==, cases[i].text);
        if (!line)
            continue;
        g_assert_cmpint(line->look, ==, cases[i].look);
        g_assert_cmpstr(line->who, ==, cases[i].who);
        g_assert_cmpint(line->sent_ms, ==, message->sent_ms);
        g_assert_false(line->mine);
        g_assert_false(line->mention);
    }
}

/* Whatever is shown of them, every captured event makes either no line or a whole one. */
static void test_captured_all(Fixture *fixture, gconstpointer data)
{
    g_autofree char *folder = test_data_path("events");
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    const char *name;

    (void)data;
    g_assert_no_error(error);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *text = g_str_has_suffix(name, ".json") ? load(name) : NULL;
        g_autoptr(FdLine) line = text ? line_of(fixture, text) : NULL;

        g_test_message("%s", name);
        g_assert_true(!line || (line->who && line->text && *line->text));
    }
}

/* Content of another kind than its event has makes no line, and no harm. */
static void test_wrong_content(Fixture *fixture, gconstpointer data)
{
    static const char *const events[] = { "message", "comment", "line", "status", "file" };
    static const char *const contents[] = {
        "null",
        "7",
        "true",
        "\"\"",
        "[]",
        "{}",
        "[\"text\"]",
        "{\"text\":7,\"title\":[],\"file_name\":{}}",
        "{\"text\":\"\",\"title\":\"\"}",
        "{\"title\":\"only this\"}",
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(contents); k++) {
            g_autofree char *text =
                g_strdup_printf("{\"event\":\"%s\",\"id\":1,\"user\":1,\"content\":%s}", events[i], contents[k]);
            g_autoptr(FdLine) line = line_of(fixture, text);

            g_test_message("%s", text);
            /* An empty status is one, too: it is taken back. */
            g_assert_true(!line || (strcmp(events[i], "status") == 0 && strcmp(contents[k], "\"\"") == 0));
        }
}

#define FILES(count) "\"attachments\":[" count "]"
#define A_FILE "{\"path\":\"/f/a\",\"file_name\":\"a\"}"

/* What comes with a message follows its words; alone it is all that there is to show of what is known. */
static void test_attached(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *event;
        const char *members;
        const char *text;     /* (nullable): no line */
        const char *attached; /* (nullable) */
    } cases[] = {
        { "message", "\"content\":\"*x*\"", "*x*", NULL },
        { "message", "\"content\":\"*x*\"," FILES(A_FILE), "*x*",
          "attached: \x06"
          "a\x04" },
        { "comment", "\"content\":{\"text\":\"x\"}," FILES(A_FILE), "x",
          "attached: \x06"
          "a\x04" },
        { "message", "\"content\":\"x\"," FILES(A_FILE "," A_FILE), "x",
          "attached: \x06"
          "a\x04\nattached: \x06"
          "a\x04" },
        { "message", "\"content\":\"\"," FILES(A_FILE),
          "attached: \x06"
          "a\x04",
          NULL },
        { "activity", "\"content\":null,\"title\":7," FILES(A_FILE),
          "attached: \x06"
          "a\x04",
          NULL },
        { "message", "\"content\":\"x\"," FILES("7,null,{},[]"), "x", NULL },
        { "message", "\"content\":\"x\",\"attachments\":{\"path\":\"/a\"}", "x", NULL },
        { "file", "\"content\":null," FILES(A_FILE),
          "shared a file: \x06"
          "a\x04",
          NULL },
        { "file", "\"content\":null," FILES(A_FILE "," A_FILE),
          "shared a file: \x06"
          "a\x04",
          "attached: \x06"
          "a\x04" },
        { "file", "\"content\":{\"file_name\":\"b\\n\u202e\",\"path\":\"..\"}",
          "shared a file: \x06"
          "b\x04",
          NULL },
        { "file", "\"content\":{\"path\":\"/f/a\",\"file_size\":1}",
          "shared a file: \x06"
          "a (1 byte)\x04",
          NULL },
        { "file", "\"content\":{\"path\":\"/f/a\",\"content_type\":\"A/B\"}",
          "shared a file: \x06"
          "a (a/b)\x04",
          NULL },
        { "frobnicate", "\"content\":null," FILES(A_FILE), NULL, NULL },
        { "presence", "\"content\":null," FILES(A_FILE), NULL, NULL },
        { "emoji-reaction", "\"content\":{\"emoji\":\"nonesuch\",\"type\":\"add\"}," FILES(A_FILE),
          "reacted with nonesuch to: an earlier message", NULL },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf("{\"event\":\"%s\",\"id\":1,\"user\":1,%s}", cases[i].event, cases[i].members);
        g_autoptr(FdLine) line = line_of(fixture, text);

        g_test_message("%s", text);
        g_assert_cmpstr(line ? line->text : NULL, ==, cases[i].text);
        g_assert_cmpstr(line ? line->attached : NULL, ==, cases[i].attached);
        /* Names are no markdown. */
        g_assert_true(!line || !line->markdown || !strchr(line->text, '\x06'));
    }
}

/* However many there are. */
static void test_many_attached(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) text =
        g_string_new("{\"event\":\"message\",\"id\":1,\"user\":1,\"content\":\"x\",\"attachments\":[");
    g_autoptr(FdLine) line = NULL;
    g_auto(GStrv) lines = NULL;

    (void)data;
    for (guint i = 0; i < 7; i++)
        g_string_append_printf(text, "%s" A_FILE, i ? "," : "");
    g_string_append(text, "]}");
    line = line_of(fixture, text->str);
    lines = g_strsplit(line->attached, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 6);
    g_assert_cmpstr(lines[4], ==,
                    "attached: \x06"
                    "a\x04");
    g_assert_cmpstr(lines[5], ==, "… and 2 more");
    g_assert_nonnull(fd_files_find(fixture->room->files, 1, 7));
}

/* A deleted file is meant by nobody any more; what was said of it has its name only. */
static void test_deleted_file(Fixture *fixture, gconstpointer data)
{
    g_autoptr(FdLine) file = line_of(fixture, "{\"event\":\"file\",\"flow\":\"irc:ottotest\",\"id\":7,\"user\":1,"
                                              "\"content\":{\"path\":\"/f/a.md\",\"file_size\":5}}");
    g_autoptr(FdLine) deletion = NULL;

    (void)data;
    g_assert_nonnull(fd_files_find(fixture->room->files, 7, 0));
    deletion = line_of(fixture, "{\"event\":\"message-delete\",\"flow\":\"irc:ottotest\",\"id\":8,\"user\":1,"
                                "\"content\":{\"message\":7}}");
    g_assert_cmpstr(deletion->text, ==, "deleted: shared a file: a.md");
    g_assert_null(fd_files_find(fixture->room->files, 7, 0));
}

static void test_comment(Fixture *fixture, gconstpointer data)
{
    g_autoptr(FdLine) bare = line_of(fixture, "{\"event\":\"comment\",\"user\":1,\"content\":{\"text\":\"yes\"}}");
    g_autoptr(FdLine) empty =
        line_of(fixture, "{\"event\":\"comment\",\"user\":1,\"content\":{\"text\":\"%s\",\"title\":\"\"}}");

    (void)data;
    g_assert_cmpstr(bare->text, ==, "yes");
    g_assert_cmpstr(empty->text, ==, "%s");
    g_assert_cmpint(bare->sent_ms, ==, 0);
}

static void test_mentions(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *tags;
        gint64 user;
        gboolean mention;
    } cases[] = {
        { "[]", OTTO, FALSE },
        { "[\":user:50000\"]", OTTO, TRUE },
        { "[\"bug\",\":unread:50000\"]", OTTO, TRUE },
        { "[\":highlight:50000\"]", OTTO, TRUE },
        { "[\":user:everyone\"]", OTTO, TRUE },
        { "[\":user:everyone\",\":user:everyone\"]", OTTO, TRUE },
        { "[\":user:everyone\"]", 0, TRUE },
        { "[\":user:50000\"]", OTTOMOB, FALSE },
        { "[\":user:everyone\"]", OTTOMOB, FALSE },
        { "[\":user:5000\",\":user:500000\",\":unread:1\",\"user:50000\",\":user:\",\":highlight:50002\"]", OTTO,
          FALSE },
        { "[\"50000\",\":file\",\":url\",\"everyone\",\":highlight:everyone\"]", OTTO, FALSE },
        { "\":user:50000\"", OTTO, FALSE },
    };
    FdRoom *private_room = fd_rooms_get_private(fixture->state->rooms, OTTO);

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"event\":\"message\",\"id\":1,\"user\":\"%" G_GINT64_FORMAT
                                                "\",\"content\":\"hi\",\"tags\":%s}",
                                                cases[i].user, cases[i].tags);
        g_autoptr(FdMessage) message = decode(text);
        g_autoptr(FdLine) line = fd_event_line(fixture->state, fixture->room, message);
        g_autoptr(FdLine) in_private = fd_event_line(fixture->state, private_room, message);

        g_test_message("%s", text);
        g_assert_cmpint(line->mention, ==, cases[i].mention);
        g_assert_cmpint(line->mine, ==, cases[i].user == OTTOMOB);
        g_assert_false(in_private->mention);
    }
}

static void test_authors(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *member, *who;
    } cases[] = {
        { "\"user\":\"1\"", "Otto" },
        { "\"user\":1", "Otto" },
        { "\"user_id\":1", "Otto" },
        { "\"user\":50002", "OTTOMOB2" },
        /* The account counts, whatever name comes with it. */
        { "\"user\":1,\"external_user_name\":\"Eve\"", "Otto" },
        { "\"external_user_name\":\"Eve\"", "Eve" },
        { "\"user\":\"0\",\"external_user_name\":\"Eve\"", "Eve" },
        { "\"user\":0,\"external_user_name\":\"otto\"", "~otto" },
        { "\"external_user_name\":\"OTTO\\n\"", "~OTTO" },
        { "\"external_user_name\":\"\\u202eottomob2\"", "~ottomob2" },
        { "\"external_user_name\":\"Eve\\r\\nOtto\"", "Eve Otto" },
        { "\"external_user_name\":\"\"", "~" },
        { "\"external_user_name\":7", "~" },
        { "\"user\":null", "~" },
        { "\"user\":99999", "99999" },
        /* Someone unknown, whose number is another one's nick. */
        { "\"user\":88888", "~88888" },
    };

    (void)data;
    put_person(fixture, 5, "88888");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf("{\"event\":\"message\",\"id\":1,\"content\":\"hi\",%s}", cases[i].member);
        g_autoptr(FdLine) line = line_of(fixture, text);

        g_test_message("%s", text);
        g_assert_cmpstr(line->who, ==, cases[i].who);
        g_assert_false(line->mine);
    }
}

/* ---------------------------------------------------------------------------------------------------------- the way */

static void test_receive(Fixture *fixture, gconstpointer data)
{
    g_autofree char *message = load("message_event.json");
    g_autofree char *private_message = load("private_message.json");
    g_autofree char *status = load("status_event.json");

    (void)data;
    /* A room begins with the first that is shown in it, so these come in the order of their ids. */
    receive(fixture, status);
    receive(fixture, message);
    receive(fixture, message);
    receive(fixture, private_message);
    receive(fixture, private_message);
    assert_heard(fixture, "message irc/ottotest 560\nmessage irc/ottotest 907\nmessage 1 907\n");
    /* The user's own, from elsewhere. */
    receive(fixture, "{\"event\":\"message\",\"id\":908,\"user\":\"50000\",\"to\":\"1\",\"content\":\"hi\"}");
    receive(fixture, "{\"event\":\"message\",\"id\":908,\"user\":50000,\"flow\":\"irc/ottotest\",\"content\":\"hi\"}");
    assert_heard(fixture, "message 1 908\nmessage irc/ottotest 908\n");
}

/* One bad event never harms the next. */
static void test_receive_garbage(Fixture *fixture, gconstpointer data)
{
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "null",
        "[]",
        "\"message\"",
        "{}",
        "<html>",
        "\xff",
        "{\"event\":7}",
        "{\"event\":null}",
        "{\"event\":\"\"}",
        "{\"event\":\"no-such-event\",\"flow\":\"irc:ottotest\",\"id\":1,\"user\":1,\"content\":\"x\"}",
        "{\"event\":\"message\"}",
        "{\"event\":\"message\",\"id\":1,\"user\":1,\"content\":\"x\",\"flow\":{}}",
        "{\"event\":\"message\",\"id\":1,\"user\":1,\"content\":\"x\",\"flow\":\"another\"}",
        "{\"event\":\"message\",\"id\":1,\"user\":0,\"to\":50000,\"content\":\"x\"}",
        "{\"event\":\"message\",\"id\":1,\"user\":50000,\"to\":-1,\"content\":\"x\"}",
        "{\"event\":\"user-edit\"}",
        "{\"event\":\"user-edit\",\"content\":\"x\"}",
        "{\"event\":\"user-edit\",\"content\":{\"user\":[]}}",
        "{\"event\":\"user-edit\",\"content\":{\"user\":{\"id\":1}}}",
        "{\"event\":\"user-edit\",\"content\":{\"user\":{\"id\":1,\"nick\":null}}}",
        "{\"event\":\"user-edit\",\"content\":{\"user\":{\"id\":4711,\"nick\":\"nobody\"}}}",
        "{\"event\":\"flow-add\"}",
        "{\"event\":\"flow-add\",\"content\":[]}",
        "{\"event\":\"flow-add\",\"content\":{\"id\":\"\"}}",
        "{\"event\":\"flow-remove\"}",
        "{\"event\":\"flow-remove\",\"content\":{\"id\":null}}",
        "{\"event\":\"flow-remove\",\"content\":{\"id\":\"another\"}}",
        "{\"event\":\"action\",\"flow\":\"irc:ottotest\",\"content\":null}",
        "{\"event\":\"action\",\"flow\":\"irc:ottotest\",\"content\":{\"type\":[]}}",
        "{\"event\":\"backend.user.join\",\"flow\":\"another\",\"content\":{}}",
        "{\"event\":\"backend.user.block\",\"content\":\"50000\"}",
    };
    g_autofree char *good = load("message_event.json");

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        receive(fixture, bad[i]);
        assert_heard(fixture, "");
    }
    receive(fixture, good);
    assert_heard(fixture, "message irc/ottotest 907\n");
}

static void test_not_shown(Fixture *fixture, gconstpointer data)
{
    g_autofree char *message = load("message_event.json");

    (void)data;
    fixture->room->shown = FALSE;
    receive(fixture, message);
    assert_heard(fixture, "");
    /* It does not count as seen either. */
    g_assert_cmpint(fd_history_get_last(fixture->room->history), ==, 0);
}

static void test_removed(Fixture *fixture, gconstpointer data)
{
    g_autofree char *removed = load("flow_remove_event.json");

    (void)data;
    fixture->room->flow->open = fixture->room->flow->joined = TRUE;
    receive(fixture, removed);
    assert_heard(fixture, "removed irc/ottotest\n");
    g_assert_false(fixture->room->flow->open || fixture->room->flow->joined);
}

/* Sent once for each flow, so it comes more than once. */
static void test_nick_changes(Fixture *fixture, gconstpointer data)
{
    static const char edit[] = "{\"event\":\"user-edit\",\"flow\":\"irc:ottotest\",\"user\":\"50000\",\"content\":"
                               "{\"user\":{\"id\":50000,\"nick\":\"Mob\"}}}";

    (void)data;
    receive(fixture, edit);
    receive(fixture, edit);
    assert_heard(fixture, "renamed Ottomob to Mob\nrenamed OTTOMOB2 to OTTOMOB\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/flowdock/event/" path, Fixture, NULL, set_up, test, tear_down)
    ADD("captured", test_captured);
    ADD("captured-all", test_captured_all);
    ADD("wrong-content", test_wrong_content);
    ADD("attached", test_attached);
    ADD("many-attached", test_many_attached);
    ADD("deleted-file", test_deleted_file);
    ADD("comment", test_comment);
    ADD("mentions", test_mentions);
    ADD("authors", test_authors);
    ADD("receive", test_receive);
    ADD("receive-garbage", test_receive_garbage);
    ADD("not-shown", test_not_shown);
    ADD("removed", test_removed);
    ADD("nick-changes", test_nick_changes);
    return g_test_run();
}
