/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every sample of an event through the whole stack: the exact lines of it, and that no malformed variant of it does harm.
 * What a sample shows is in tests/data/events-shown/NAME.txt, one entry of the record a line; without that file it is the
 * text of tests/data/events-lines/NAME.line, as a notice. */
#include "host.h"

#include "text/text-md-html.h"

#include <string.h>

#define STILL_HERE "still here"
/* So much is sent before it is waited for: less than the server lets anyone be behind. */
#define MAX_AHEAD_EVENTS 250
#define MAX_AHEAD_BYTES (2 * 1024 * 1024)
/* With a sanitizer each allocation takes long, and so does each look at a long text: of the variants only every ninth is
 * sent, another of each member. */
#ifdef __SANITIZE_ADDRESS__
#define EVERY 9
#define HUGE_BYTES (8 * 1024)
#define LONG_LIST 300
#else
#define EVERY 1
#define HUGE_BYTES (100 * 1024)
#define LONG_LIST 20000
#endif

typedef struct {
    FakeServer *server;
    PurpleAccount *account;
    gint64 begin; /* a message that events may be about */
    gint64 last_id;
    guint streams;
    guint events, lines;
    guint ahead_events;
    gsize ahead_bytes;
} Fixture;

typedef struct {
    const char *name;
    const char *text;   /* (nullable): of a sample made here */
    const char *folder; /* (nullable): where its file is */
} Sample;

/* ----------------------------------------------------------------------------------------------- what is well-formed */

/* All that the hosts' HTML may hold here. */
static const struct {
    const char *name;
    const char *attributes; /* (nullable): one of these, and not more */
} tags[] = {
    { "b", NULL }, { "i", NULL }, { "s", NULL }, { "br", NULL }, { "font", "face|color" }, { "a", "href" },
};

static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };

static const char *const schemes[] = { "http://", "https://", "ftp://", "mailto:" };

static gboolean begins_with_one_of(const char *at, const char *const *starts, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (strncmp(at, starts[i], strlen(starts[i])) == 0)
            return TRUE;
    return FALSE;
}

/* Returns: (nullable): what is wrong with the words from @at up to @end, in text or in an attribute. */
static const char *check_words(const char *at, const char *end)
{
    for (; at < end; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        if (character == '<' || character == '>')
            return "a bracket that is not escaped";
        if (character == '&' && !begins_with_one_of(at, entities, G_N_ELEMENTS(entities)))
            return "an ampersand that begins no entity";
        if (character != '\t' && g_unichar_iscntrl(character))
            return "a control character";
        if ((character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069))
            return "a character that turns the text round";
    }
    return NULL;
}

/* Returns: (nullable): what is wrong with all that stands behind a tag's name. */
static const char *check_attributes(const char *text, const char *allowed)
{
    g_auto(GStrv) names = g_strsplit(allowed ? allowed : "", "|", -1);
    gsize length = strlen(text);
    const char *equals = strstr(text, "=\"");
    g_autofree char *name = NULL, *value = NULL;

    if (!allowed)
        return *text ? "an attribute too many" : NULL;
    if (*text != ' ' || !equals || text[length - 1] != '"' || equals + 2 > text + length - 1)
        return "an attribute without form";
    name = g_strndup(text + 1, (gsize)(equals - text - 1));
    value = g_strndup(equals + 2, (gsize)(text + length - 1 - (equals + 2)));
    if (!g_strv_contains((const char *const *)names, name))
        return "an unknown attribute";
    if (strpbrk(value, "\" \n"))
        return "an attribute too many";
    if (strcmp(name, "href") == 0 && !begins_with_one_of(value, schemes, G_N_ELEMENTS(schemes)))
        return "a link to somewhere strange";
    return check_words(value, value + strlen(value));
}

/* Returns: (nullable): what is wrong with the tag, without its brackets. @open: the names of those that are open. */
static const char *check_tag(const char *tag, GPtrArray *open)
{
    gboolean closes = *tag == '/';
    const char *from = closes ? tag + 1 : tag;
    gsize length = strcspn(from, " ");

    for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
        const char *problem;

        if (strncmp(from, tags[i].name, length) != 0 || tags[i].name[length] != '\0')
            continue;
        problem = check_attributes(from + length, closes ? NULL : tags[i].attributes);
        if (problem)
            return problem;
        if (closes) {
            if (open->len == 0 || open->pdata[open->len - 1] != tags[i].name)
                return "a tag that ends what is not open";
            g_ptr_array_set_size(open, (int)open->len - 1);
        } else if (strcmp(tags[i].name, "br") != 0) {
            if (strcmp(tags[i].name, "a") == 0 && g_ptr_array_find(open, tags[i].name, NULL))
                return "a link in a link";
            g_ptr_array_add(open, (gpointer)tags[i].name);
        }
        return NULL;
    }
    return "an unknown tag";
}

static const char *check_html(const char *html)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new();

    if (!g_utf8_validate(html, -1, NULL))
        return "no UTF-8";
    if (strstr(html, "(null)"))
        return "(null)";
    for (const char *at = html; *at;) {
        const char *end = *at == '<' ? strchr(at, '>') : at + strcspn(at, "<");
        g_autofree char *tag = NULL;
        const char *problem;

        if (!end)
            return "a tag without an end";
        if (*at == '<') {
            tag = g_strndup(at + 1, (gsize)(end - at - 1));
            problem = check_tag(tag, open);
            end++;
        } else {
            problem = check_words(at, end);
        }
        if (problem)
            return problem;
        at = end;
    }
    return open->len ? "a tag that is not ended" : NULL;
}

/* Returns: (transfer none) (nullable): the HTML of "chat ROOM <WHO> FLAGS HTML"; the name may hold anything. */
static const char *html_of(const char *entry)
{
    static const char *const flags[] = { "> SEND", "> RECV", "> SYSTEM", "> ERROR" };

    if (!g_str_has_prefix(entry, "chat ") && !g_str_has_prefix(entry, "im "))
        return NULL;
    for (const char *at = strchr(entry, '>'); at; at = strchr(at + 1, '>')) {
        if (begins_with_one_of(at, flags, G_N_ELEMENTS(flags))) {
            const char *end = strchr(at + 2, ' ');

            return end ? end + 1 : NULL;
        }
    }
    return NULL;
}

/* Nothing in the record may be malformed; a line end in an entry makes it one without a beginning. */
static guint check_record(void)
{
    static const char *const others[] = { "rename ", "join ", "part ", "users " };
    g_auto(GStrv) entries = g_strsplit(host_record_text(), "\n", -1);
    guint lines = 0;

    for (char **entry = entries; *entry; entry++) {
        const char *html = html_of(*entry);
        const char *problem = html ? check_html(html) : NULL;

        if (problem)
            g_error("%s in: %.2000s", problem, *entry);
        if (!html && **entry && !begins_with_one_of(*entry, others, G_N_ELEMENTS(others)))
            g_error("unexpected: %.2000s", *entry);
        lines += html != NULL;
    }
    return lines;
}

/* The check itself must be able to fail. */
static void test_checker(void)
{
    static const char *const good[] = {
        "",
        "a",
        "a<br>b",
        "<b>a <i>b</i></b>",
        "&lt;b&gt; &amp;amp; &quot;",
        "<font color=\"#c0392b\">[1]</font> a",
        "<font face=\"monospace\">`a`</font>",
        "<a href=\"http://e.com/?a&amp;b\">x</a>",
        "a\tb",
        "<s>\xc3\xa4</s>",
    };
    static const char *const bad[] = {
        "<",
        ">",
        "&",
        "a & b",
        "&nbsp;",
        "<b>",
        "</b>",
        "<b><i></b></i>",
        "<u>a</u>",
        "<b x>a</b>",
        "<br/>",
        "<B>a</B>",
        "<a>x</a>",
        "<a href=\"javascript:x\">x</a>",
        "<a href=\"http://e.com/\" x=\"y\">x</a>",
        "<a href=\"http://e.com/?a&b\">x</a>",
        "<a href='http://e.com/'>x</a>",
        "<font size=\"7\">x</font>",
        "<a href=\"http://e.com/\"><a href=\"http://e.com/\">x</a></a>",
        "<b>a",
        "\xff",
        "\x01",
        "\xe2\x80\xae",
        "<a href=\"\">x</a>",
        "<a href=\">x</a>",
        "<b",
        "(null)",
        "<img src=\"http://e.com/\">",
        "<!-- x -->",
        "< b>a</b>",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_cmpstr(check_html(good[i]), ==, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_nonnull(check_html(bad[i]));
    }
    g_assert_cmpstr(html_of("chat acme/main <a> b> RECV+NICK c <b>d"), ==, "c <b>d");
    g_assert_null(html_of("b> RECV c"));
}

/* ------------------------------------------------------------------------------------------------------- the samples */

/* Events of which there is no captured sample, with ' for ". Sheet: 5.2, 5.3. */
/* clang-format off */
static Sample made[] = {
    { "made-message-delete", "{'event':'message-delete','flow':'','id':1,'user':'2','sent':1700000000000,'tags':[],"
      "'content':{'message':1}}", NULL },
    { "made-emoji-reaction", "{'event':'emoji-reaction','flow':'','id':1,'user':'42','sent':1700000000000,'tags':[],"
      "'content':{'message':1,'emoji':'tada','type':'add'}}", NULL },
    { "made-tag-change", "{'event':'tag-change','flow':'','id':1,'user':'42','sent':1700000000000,'tags':[],"
      "'content':{'message':1,'add':['bug',':user:2',':unread:1'],'remove':['todo']}}", NULL },
    { "made-message-edit", "{'event':'message-edit','flow':'','id':1,'user':'2','sent':1700000000000,'tags':[],"
      "'content':{'message':1,'updated_content':'Tea at *four*'}}", NULL },
    { "made-comment-edit", "{'event':'message-edit','flow':'','id':1,'user':'2','sent':1700000000000,'tags':[],"
      "'content':{'message':99,'updated_content':{'title':'Parent','text':'Better <words>'}}}", NULL },
    { "made-thread-change", "{'event':'thread-change','flow':'','id':1,'user':'0','sent':1700000000000,'tags':[],"
      "'content':{'id':'t1','title':'Thread','status':{'color':'red','value':'open'}}}", NULL },
    { "made-user-edit", "{'event':'user-edit','flow':'','user':'42','sent':1700000000000,'tags':[],"
      "'content':{'user':{'id':42,'nick':'Hal','name':'Hal 9000','email':'hal@example.com'}}}", NULL },
    { "made-user-join", "{'event':'backend.user.join','flow':'','id':1,'user':'2','sent':1700000000000,'tags':[],"
      "'content':{'user':{'id':43,'nick':'Eve','email':'eve@example.com'}}}", NULL },
    { "made-add-people", "{'event':'action','flow':'','id':1,'user':'2','sent':1700000000000,'tags':[],"
      "'content':{'type':'add_people','description':'Eve','message':['Eve','Otto']}}", NULL },
    { "made-invite", "{'event':'action','flow':'','id':1,'user':'2','sent':1700000000000,'tags':[],"
      "'content':{'type':'invite','description':{'email':'eve@example.com'}}}", NULL },
    { "made-external", "{'event':'message','flow':'','id':1,'external_user_name':'Ann','sent':1700000000000,'tags':[],"
      "'content':'Hello, **all**'}", NULL },
    { "made-mention", "{'event':'message','flow':'','id':1,'user':'2','sent':1700000000000,"
      "'tags':[':user:1',':unread:1','bug'],'content':'@Demo, see https://example.com/?a=1&b=2 #bug'}", NULL },
    { "made-attachments", "{'event':'message','flow':'','id':1,'user':'2','sent':1700000000000,'tags':[':file'],"
      "'content':'See *here*','attachments':[{'path':'/files/1/a/plan b.pdf','file_name':'plan b.pdf','file_size':1234567,"
      "'content_type':'application/pdf; x=y'},{'path':'/files/1/b/README.md','file_name':null}]}", NULL },
    { "made-mail-attachment", "{'event':'mail','app':'influx','flow':'','id':1,'user':'0','sent':1700000000000,'tags':[],"
      "'content':{'subject':'Report','from':[{'name':'Otto','address':'otto@example.com'}],'content':'',"
      "'contentType':'text/plain'},'attachments':[{'content_type':'text/html','content_id':'4e8b0e5bdccc2@mail',"
      "'file_name':'cucumber.html','file_size':27798,"
      "'path':'/files/123/ec53a7aa7a974cdc9d07c5ca395a2f05/cucumber.html'}]}", NULL },
    { "made-discussion-attachment", "{'event':'discussion','app':'influx','flow':'','id':1,'user':'0',"
      "'sent':1700000000000,'tags':[],'content':null,'title':'','body':'','attachments':[{'path':'/files/1/a/a.png',"
      "'file_name':'a.png','file_size':3}]}", NULL },
    { "made-trello", "{'event':'trello','app':'influx','flow':'','id':1,'user':'0','sent':1700000000000,'tags':[],"
      "'content':{'action':{'type':'updateCard','memberCreator':{'id':'5','fullName':'Otto Example'},"
      "'data':{'board':{'id':'6','name':'Board'},'card':{'id':'7','name':'Card','shortLink':'abc'},"
      "'listBefore':{'id':'8','name':'To do'},'listAfter':{'id':'9','name':'Done'}}}}}", NULL },
    { "made-unknown", "{'event':'jenkins','app':'influx','flow':'','id':1,'user':'0','sent':1700000000000,'tags':[],"
      "'content':{'title':'Build #7 <failed>','url':'https://ci.example.com/7','author':{'name':'Ann'}}}", NULL },
};
/* clang-format on */

static char *data_text(const char *folder, const char *name, const char *end)
{
    g_autofree char *file = g_strconcat(name, end, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *whole = test_data_path(path);
    char *text = NULL;

    return g_file_get_contents(whole, &text, NULL, NULL) ? text : NULL;
}

static JsonNode *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    JsonNode *root = json_from_string(text, &error);

    g_assert_no_error(error);
    g_assert_true(JSON_NODE_HOLDS_OBJECT(root));
    return root;
}

static void set_where_present(JsonObject *object, const char *name, const char *text)
{
    if (json_object_has_member(object, name))
        json_object_set_string_member(object, name, text);
}

/* 0 where it is no number, also in text. */
static gint64 number_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    GType type = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;

    if (type == G_TYPE_STRING)
        return g_ascii_strtoll(json_node_get_string(node), NULL, 10);
    return type == G_TYPE_INT64 ? json_node_get_int(node) : 0;
}

static JsonObject *object_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);

    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

/* For the flow and the people that are here; what is about message 1 is about one that was shown. */
static JsonNode *sample_root(Fixture *fixture, const Sample *sample)
{
    g_autofree char *text = sample->text ? g_strdelimit(g_strdup(sample->text), "'", '"')
                                         : data_text(sample->folder, sample->name, ".json");
    JsonNode *root = parse(text);
    JsonObject *event = json_node_get_object(root);
    JsonObject *content = object_of(event, "content");

    set_where_present(event, "flow", fake_server_flow_id(fixture->server, "acme/main"));
    if (json_object_has_member(event, "to")) {
        json_object_set_string_member(event, "to", "1");
        json_object_set_string_member(event, "user", "2");
    } else if (number_of(event, "user") > 2) {
        json_object_set_string_member(event, "user", "42");
    }
    if (content && number_of(content, "message") == 1)
        json_object_set_int_member(content, "message", fixture->begin);
    return root;
}

/* The next one, and of the thread that begins with it. */
static void renumber(Fixture *fixture, JsonObject *event)
{
    gint64 id = number_of(event, "id");
    JsonObject *thread = object_of(event, "thread");

    if (id == 0)
        return;
    fixture->last_id++;
    json_object_set_int_member(event, "id", fixture->last_id);
    if (thread && number_of(thread, "initial_message") == id)
        json_object_set_int_member(thread, "initial_message", fixture->last_id);
}

/* ----------------------------------------------------------------------------------------------------------- sending */

static guint count_stream_requests(FakeServer *server)
{
    const GPtrArray *requests = fake_server_requests(server);
    guint count = 0;

    for (guint i = 0; i < requests->len; i++)
        count += ((const FakeRequest *)requests->pdata[i])->origin == FAKE_ORIGIN_STREAM;
    return count;
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->server = fake_server_new_started();
    fixture->account = host_account_new(fixture->server, "demo@example.com", "demo");
    host_sign_on_ready(fixture->account, fixture->server);
    fixture->begin = fake_server_say(fixture->server, "acme/main", 2, "Tea at five");
    fixture->last_id = fixture->begin;
    host_expect("chat acme/main <Ann> RECV Tea at five");
    fixture->streams = count_stream_requests(fixture->server);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    /* Whatever came, no stream was lost or opened anew. */
    g_assert_cmpuint(count_stream_requests(fixture->server), ==, fixture->streams);
    g_assert_cmpuint(fake_server_count_streams(fixture->server), ==, 1);
    g_assert_true(host_is_online(fixture->account));
    host_account_free(fixture->account);
    fake_server_free(fixture->server);
}

/* As it is: the server would refuse, or remember, some of it. */
static void send(Fixture *fixture, const char *json)
{
    g_autofree char *frame = g_strconcat("data: ", json, "\n\n", NULL);

    fake_server_emit_raw(fixture->server, frame, -1);
    fixture->events++;
    fixture->ahead_events++;
    fixture->ahead_bytes += strlen(frame);
}

static char *message_json(Fixture *fixture, const char *text)
{
    g_autoptr(JsonObject) event = json_object_new();
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);

    json_object_set_string_member(event, "event", "message");
    json_object_set_string_member(event, "flow", fake_server_flow_id(fixture->server, "acme/main"));
    json_object_set_int_member(event, "id", ++fixture->last_id);
    json_object_set_string_member(event, "user", "2");
    json_object_set_int_member(event, "sent", G_GINT64_CONSTANT(1700000000000));
    json_object_set_string_member(event, "content", text);
    json_node_set_object(node, event);
    return json_to_string(node, FALSE);
}

static void send_still_here(Fixture *fixture)
{
    g_autofree char *json = message_json(fixture, STILL_HERE);

    send(fixture, json);
}

static void on_wrote(PurpleAccount *account, const char *who, const char *html, PurpleConversation *conv,
                     PurpleMessageFlags flags, gpointer user_data)
{
    gboolean *is_here = user_data;

    (void)account, (void)who, (void)conv, (void)flags;
    *is_here = *is_here || strcmp(html, STILL_HERE) == 0;
}

/* Waits for a normal message behind all that was sent. To search the whole record each time would take too long. */
static void catch_up(Fixture *fixture)
{
    gboolean is_here = FALSE;

    purple_signal_connect(purple_conversations_get_handle(), "wrote-chat-msg", &is_here, PURPLE_CALLBACK(on_wrote),
                          &is_here);
    send_still_here(fixture);
    test_until(is_here);
    purple_signals_disconnect_by_handle(&is_here);
    test_settle();
    fixture->lines += check_record() - 1;
    host_record_clear();
    fixture->ahead_events = 0;
    fixture->ahead_bytes = 0;
}

/* What was sent shows @expected, and then a normal message is all that is left. */
static void expect_lines(Fixture *fixture, const char *expected)
{
    if (*expected)
        host_expect(expected);
    send_still_here(fixture);
    host_expect("chat acme/main <Ann> RECV " STILL_HERE);
}

/* ------------------------------------------------------------------------------------------------------- exact lines */

/* (transfer full): what the record has to show of a sample, "" for nothing. */
/* In a file, the address of the server is @API@. */
static char *expected_of(Fixture *fixture, const Sample *sample)
{
    g_autofree char *shown = data_text("events-shown", sample->name, ".txt");
    g_autofree char *line = data_text("events-lines", sample->name, ".line");
    g_autofree char *html = NULL;

    if (shown) {
        g_auto(GStrv) parts = g_strsplit(g_strchomp(shown), "@API@", -1);

        return g_strjoinv(fake_server_get_api_url(fixture->server), parts);
    }
    if (!line)
        g_error("nothing says what %s shows", sample->name);
    html = text_plain_to_html(g_strchomp(line));
    return g_strconcat("chat acme/main <Flowdock> RECV+SYSTEM ", html, NULL);
}

/* In a host that strips all tags, the words of an integration end as they were meant. */
static void check_stripped(const Sample *sample, const char *expected)
{
    g_autofree char *line = data_text("events-lines", sample->name, ".line");
    g_autofree char *stripped = line ? purple_markup_strip_html(html_of(expected)) : NULL;

    if (line && !g_str_has_suffix(stripped, g_strchomp(line)))
        g_assert_cmpstr(stripped, ==, line);
}

static void show(Fixture *fixture, JsonNode *root)
{
    g_autofree char *text = NULL;

    renumber(fixture, json_node_get_object(root));
    text = json_to_string(root, FALSE);
    g_assert_cmpint(fake_server_emit(fixture->server, text), >=, 0);
}

static void add_unknown_members(JsonNode *node)
{
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        g_autoptr(GList) elements = json_array_get_elements(json_node_get_array(node));

        for (GList *link = elements; link; link = link->next)
            add_unknown_members(link->data);
    } else if (JSON_NODE_HOLDS_OBJECT(node)) {
        JsonObject *object = json_node_get_object(node);
        g_autoptr(GList) values = json_object_get_values(object);

        for (GList *link = values; link; link = link->next)
            add_unknown_members(link->data);
        json_object_set_member(object, "zz_more", json_from_string("{\"event\":\"x\",\"zz\":[[{}],null,1e3]}", NULL));
        json_object_set_null_member(object, "zz_null");
    }
}

static void test_shown(Fixture *fixture, gconstpointer data)
{
    const Sample *sample = data;
    g_autoptr(JsonNode) root = sample_root(fixture, sample);
    g_autofree char *expected = expected_of(fixture, sample);

    if (*expected)
        check_stripped(sample, expected);
    show(fixture, root);
    expect_lines(fixture, expected);
}

static void test_more_members(Fixture *fixture, gconstpointer data)
{
    const Sample *sample = data;
    g_autoptr(JsonNode) root = sample_root(fixture, sample);
    g_autofree char *expected = expected_of(fixture, sample);

    add_unknown_members(root);
    show(fixture, root);
    expect_lines(fixture, expected);
}

/* --------------------------------------------------------------------------------------------------------- malformed */

/* Instead of what a member holds. */
static const char *const variants[] = {
    "null", "7", "\"x\"", "true", "{}", "[]", "-1", "1e300", "9223372036854775807", "\"\"", "[null]", "{\"x\":[{}]}",
};

/* clang-format off */
static const char huge_piece[] =
    "<b>&amp;&</b> \"'> \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 **x** [y](http://e.com/?a&b \"t\") @Demo #t \xe2\x80\xae `c` "
    "</font><script>a</script> &#60; :tada: http://e.com/<x> \\\n> q\r\n\t";
/* clang-format on */

static const char *huge_text(void)
{
    static GString *text;

    if (!text)
        text = g_string_new(NULL);
    while (text->len < HUGE_BYTES)
        g_string_append(text, huge_piece);
    return text->str;
}

typedef struct {
    Fixture *fixture;
    JsonNode *root;
    gboolean keep_id; /* it is the id that is broken */
    guint variants;
} Breaking;

static void send_broken(Breaking *breaking)
{
    Fixture *fixture = breaking->fixture;
    g_autofree char *json = NULL;

    if (breaking->variants++ % EVERY != 0)
        return;
    if (!breaking->keep_id)
        renumber(fixture, json_node_get_object(breaking->root));
    json = json_to_string(breaking->root, FALSE);
    send(fixture, json);
    if (fixture->ahead_events >= MAX_AHEAD_EVENTS || fixture->ahead_bytes >= MAX_AHEAD_BYTES)
        catch_up(fixture);
}

/* (transfer full): @array with another first element, or without it. */
static JsonNode *with_first(JsonArray *array, JsonNode *first)
{
    JsonArray *changed = json_array_new();
    JsonNode *node = json_node_new(JSON_NODE_ARRAY);

    if (first)
        json_array_add_element(changed, first);
    for (guint i = 1; i < json_array_get_length(array); i++)
        json_array_add_element(changed, json_node_ref(json_array_get_element(array, i)));
    json_node_take_array(node, changed);
    return node;
}

static JsonNode *text_node(const char *text)
{
    return json_node_init_string(json_node_alloc(), text);
}

static void break_array(Breaking *breaking, JsonObject *object, const char *name, JsonArray *array)
{
    JsonNode *first = json_array_get_element(array, 0);

    json_object_set_member(object, name, with_first(array, NULL));
    send_broken(breaking);
    for (gsize i = 0; i < G_N_ELEMENTS(variants); i++) {
        json_object_set_member(object, name, with_first(array, json_from_string(variants[i], NULL)));
        send_broken(breaking);
    }
    if (JSON_NODE_HOLDS_VALUE(first) && json_node_get_value_type(first) == G_TYPE_STRING) {
        json_object_set_member(object, name, with_first(array, text_node(huge_text())));
        send_broken(breaking);
    }
}

static void break_object(Breaking *breaking, JsonObject *object);

static void break_member(Breaking *breaking, JsonObject *object, const char *name)
{
    g_autoptr(JsonNode) kept = json_node_ref(json_object_get_member(object, name));
    JsonArray *array = JSON_NODE_HOLDS_ARRAY(kept) ? json_node_get_array(kept) : NULL;
    JsonNode *first = array && json_array_get_length(array) > 0 ? json_array_get_element(array, 0) : NULL;

    breaking->keep_id = object == json_node_get_object(breaking->root) && strcmp(name, "id") == 0;
    json_object_remove_member(object, name);
    send_broken(breaking);
    for (gsize i = 0; i < G_N_ELEMENTS(variants); i++) {
        json_object_set_member(object, name, json_from_string(variants[i], NULL));
        send_broken(breaking);
    }
    if (JSON_NODE_HOLDS_VALUE(kept) && json_node_get_value_type(kept) == G_TYPE_STRING) {
        json_object_set_member(object, name, text_node(huge_text()));
        send_broken(breaking);
    }
    if (first)
        break_array(breaking, object, name, array);
    breaking->keep_id = FALSE;
    json_object_set_member(object, name, json_node_ref(kept));
    if (JSON_NODE_HOLDS_OBJECT(kept))
        break_object(breaking, json_node_get_object(kept));
    else if (first && JSON_NODE_HOLDS_OBJECT(first))
        break_object(breaking, json_node_get_object(first));
}

static void break_object(Breaking *breaking, JsonObject *object)
{
    g_autoptr(GList) members = json_object_get_members(object);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (GList *link = members; link; link = link->next)
        g_ptr_array_add(names, g_strdup(link->data));
    for (guint i = 0; i < names->len; i++)
        break_member(breaking, object, names->pdata[i]);
}

static void test_malformed(Fixture *fixture, gconstpointer data)
{
    const Sample *sample = data;
    g_autoptr(JsonNode) root = sample_root(fixture, sample);
    g_autofree char *expected = expected_of(fixture, sample);
    Breaking breaking = { .fixture = fixture, .root = root };

    break_object(&breaking, json_node_get_object(root));
    catch_up(fixture);
    g_test_message("%u events, %u lines", fixture->events, fixture->lines);
    /* Most members do not matter to what is shown. */
    g_assert_cmpuint(breaking.variants, >, 4 * G_N_ELEMENTS(variants));
    g_assert_true(fixture->lines > 0 || !g_str_has_prefix(expected, "chat "));
}

/* ----------------------------------------------------------------------------------------------------------- oddities */

/* With ' for ", F for the flow and N for the next id; what it shows, behind the room. */
/* clang-format off */
static const struct {
    const char *name;
    const char *json;
    const char *shown; /* "" for nothing */
} oddities[] = {
    { "unknown event", "{'event':'x','flow':F,'id':N,'user':'2','content':'Hello'}", "" },
    { "unknown event of someone", "{'event':'x','flow':F,'id':N,'user':'2','content':{'title':'Hello'}}", "" },
    { "unknown event without content", "{'event':'x','app':'influx','flow':F,'id':N,'user':'0','content':null}", "" },
    { "unknown event with text", "{'event':'x','app':'influx','flow':F,'id':N,'user':'0','content':'Hello\\nyou'}",
      "<Flowdock> RECV+SYSTEM [x] Hello" },
    { "unknown event named like markup", "{'event':'<b>&\\n','app':'influx','flow':F,'id':N,'content':{'title':'<i>'}}",
      "<Flowdock> RECV+SYSTEM [&lt;b&gt;&amp;] &lt;i&gt;" },
    { "event without name", "{'event':'','flow':F,'id':N,'user':'2','content':'Hello'}", "" },
    { "event in capitals", "{'event':'MESSAGE','flow':F,'id':N,'user':'2','content':'Hello'}", "" },
    { "unknown flow", "{'event':'message','flow':'x','id':N,'user':'2','content':'Hello'}", "" },
    { "neither flow nor recipient", "{'event':'message','id':N,'user':'2','content':'Hello'}", "" },
    { "members twice", "{'event':'line','event':'message','flow':'x','flow':F,'id':1,'id':N,'user':'42','user':'2',"
      "'content':{'a':1},'content':'First','content':'Last'}", "<Ann> RECV Last" },
    { "members twice, deeper", "{'event':'comment','flow':F,'id':N,'user':'2','content':{'text':'First','text':'Last',"
      "'title':'','title':'A','title':'B'}}", "<Ann> RECV [B] &lt;&lt; Last" },
    { "empty name", "{'':1,'event':'message','flow':F,'id':N,'user':'2','content':'Hello','':{'':''}}",
      "<Ann> RECV Hello" },
    { "no id", "{'event':'message','flow':F,'user':'2','content':'Hello'}", "<Ann> RECV Hello" },
    { "NUL in text", "{'event':'message','flow':F,'id':N,'user':'2','content':'a\\u0000b'}",
      "<Ann> RECV a\xef\xbf\xbd" "b" },
    { "half a surrogate pair", "{'event':'message','flow':F,'id':N,'user':'2','content':'a\\ud83db'}",
      "<Ann> RECV a\xef\xbf\xbd" "b" },
    { "a list", "[{'event':'message','flow':F,'id':N,'user':'2','content':'Hello'}]", "" },
    { "null", "null", "" },
    { "a number", "7", "" },
    { "text", "'message'", "" },
    { "nothing", "", "" },
    { "half", "{'event':'message','flow':F,'id':N,'user':'2','content':'Hel", "" },
    { "one and a half", "{'event':'message','flow':F,'id':N,'user':'2','content':'Hello'}{", "" },
    { "not UTF-8", "{'event':'message','flow':F,'id':N,'user':'2','content':'a\xff'}", "" },
};
/* clang-format on */

static void test_oddities(Fixture *fixture, gconstpointer data)
{
    g_autofree char *flow = g_strdup_printf("'flow':'%s'", fake_server_flow_id(fixture->server, "acme/main"));

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(oddities); i++) {
        const char *shown = oddities[i].shown;
        g_autofree char *id = g_strdup_printf("'id':%" G_GINT64_FORMAT, ++fixture->last_id);
        g_autofree char *expected = g_strconcat(*shown ? "chat acme/main " : "", shown, NULL);
        g_autoptr(GString) json = g_string_new(oddities[i].json);

        g_test_message("%s", oddities[i].name);
        g_string_replace(json, "'flow':F", flow, 0);
        g_string_replace(json, "'id':N", id, 0);
        g_string_replace(json, "'", "\"", 0);
        send(fixture, json->str);
        expect_lines(fixture, expected);
    }
}

/* (transfer full): {"x":{"x":...value...}} */
static char *nested(guint depth, const char *open, const char *value, const char *close)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < depth; i++)
        g_string_append(text, open);
    g_string_append(text, value);
    for (guint i = 0; i < depth; i++)
        g_string_append(text, close);
    return g_string_free(text, FALSE);
}

/* Sends a message with one more member, in place of its first. */
static void send_with(Fixture *fixture, const char *member, const char *value)
{
    g_autofree char *json = message_json(fixture, "Hello");
    g_autofree char *more = g_strdup_printf("{\"%s\":%s,%s", member, value, json + 1);

    send(fixture, more);
}

static void test_deep(Fixture *fixture, gconstpointer data)
{
    static const char *const members[] = { "x", "thread", "tags", "attachments", "author", "uuid", "edited" };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autofree char *objects = nested(60, "{\"thread\":", "1", "}");
        g_autofree char *lists = nested(60, "[", "\"x\"", "]");
        g_autofree char *deeper = nested(70, "[", "\"x\"", "]");
        g_autofree char *abyss = nested(100000, "[", "", "]");

        send_with(fixture, members[i], objects);
        send_with(fixture, members[i], lists);
        expect_lines(fixture, "chat acme/main <Ann> RECV Hello\nchat acme/main <Ann> RECV Hello");
        /* Beyond what is read the whole event is dropped, and nothing else. */
        send_with(fixture, members[i], deeper);
        send_with(fixture, members[i], abyss);
        expect_lines(fixture, "");
    }
}

/* Content of any depth: it is no text, and what integrations say is looked for in other places. */
static void test_deep_content(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
        static const char *const names[] = {
            "content", "user", "commits", "pull_request", "data", "thread", "stories"
        };
        g_autoptr(JsonNode) root = sample_root(fixture, &made[i]);

        for (gsize j = 0; j < G_N_ELEMENTS(names); j++) {
            g_autofree char *open = g_strdup_printf("{\"%s\":", names[j]);
            g_autofree char *text = nested(58, open, "\"x\"", "}");
            g_autofree char *json = NULL;

            json_object_set_member(json_node_get_object(root), "content", json_from_string(text, NULL));
            renumber(fixture, json_node_get_object(root));
            json = json_to_string(root, FALSE);
            send(fixture, json);
        }
    }
    catch_up(fixture);
}

/* As many as fit into an event. */
static void test_long_lists(Fixture *fixture, gconstpointer data)
{
    static const char *const elements[] = { "\"<x>\",", "{\"name\":\"x\",\"message\":\"m\"},", "null," };
    static const char *const lists[] = {
        "tags", "attachments", "add", "remove", "commits", "stories", "from", "message"
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++) {
        g_autofree char *text = nested(LONG_LIST, elements[i], "7", "");
        g_autofree char *list = g_strdup_printf("[%s]", text);

        send_with(fixture, "tags", list);
        expect_lines(fixture, "chat acme/main <Ann> RECV Hello");
        for (gsize j = 0; j < G_N_ELEMENTS(made); j++) {
            g_autoptr(JsonNode) root = sample_root(fixture, &made[j]);
            JsonObject *content = object_of(json_node_get_object(root), "content");
            g_autofree char *json = NULL;

            if (!content)
                continue;
            json_object_set_member(content, lists[j % G_N_ELEMENTS(lists)], json_from_string(list, NULL));
            renumber(fixture, json_node_get_object(root));
            json = json_to_string(root, FALSE);
            send(fixture, json);
            catch_up(fixture);
        }
    }
}

/* The first id of a room tells what is older. One beyond all reason must not make all others older. */
static void test_id_beyond_reason(Fixture *fixture, gconstpointer data)
{
    static const char *const ids[] = { "9223372036854775807", "9223372036854775806", "1e300", "1e18" };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *json =
            g_strdup_printf("{\"event\":\"message\",\"flow\":\"%s\",\"id\":%s,\"user\":\"2\",\"content\":\"Hello\"}",
                            fake_server_flow_id(fixture->server, "acme/dev-team"), ids[i]);

        send(fixture, json);
        host_expect("chat acme/dev-team <Ann> RECV Hello");
        fake_server_say(fixture->server, "acme/dev-team", 2, "Here");
        host_expect("chat acme/dev-team <Ann> RECV Here");
    }
}

/* -------------------------------------------------------------------------------------------------------------- main */

static gboolean is_sample(const char *folder, const char *name)
{
    return g_str_has_suffix(name, ".json") && (strcmp(folder, "events") == 0 || g_str_has_prefix(name, "event-"));
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Sample *)a)->name, ((const Sample *)b)->name);
}

/* (transfer full) (element-type Sample): those of the folder, by name. */
static GList *list_samples(const char *folder)
{
    g_autofree char *path = test_data_path(folder);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    GList *list = NULL;

    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        Sample *sample;

        if (!is_sample(folder, name))
            continue;
        sample = g_new0(Sample, 1);
        sample->name = g_strndup(name, strlen(name) - strlen(".json"));
        sample->folder = folder;
        list = g_list_insert_sorted(list, sample, compare_names);
    }
    return list;
}

static void add_tests_of(const Sample *sample)
{
    static const struct {
        const char *story;
        void (*run)(Fixture *fixture, gconstpointer data);
    } stories[] = {
        { "shown", test_shown },
        { "more-members", test_more_members },
        { "malformed", test_malformed },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
        g_autofree char *path = g_strdup_printf("/flowdock/samples/%s/%s", stories[i].story, sample->name);

        g_test_add(path, Fixture, sample, set_up, stories[i].run, tear_down);
    }
}

static void free_sample(gpointer data)
{
    Sample *sample = data;

    g_free((char *)sample->name);
    g_free(sample);
}

int main(int argc, char **argv)
{
    GList *samples, *documented;
    int status;

    g_test_init(&argc, &argv, NULL);
    host_init();
    samples = list_samples("events");
    documented = list_samples("docs");
    g_assert_cmpuint(g_list_length(samples), >=, 36);
    g_assert_cmpuint(g_list_length(documented), >=, 10);
    samples = g_list_concat(samples, documented);
    for (GList *link = samples; link; link = link->next)
        add_tests_of(link->data);
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++)
        add_tests_of(&made[i]);
    g_test_add_func("/flowdock/samples/checker", test_checker);
    g_test_add("/flowdock/samples/oddities", Fixture, NULL, set_up, test_oddities, tear_down);
    g_test_add("/flowdock/samples/deep", Fixture, NULL, set_up, test_deep, tear_down);
    g_test_add("/flowdock/samples/deep-content", Fixture, NULL, set_up, test_deep_content, tear_down);
    g_test_add("/flowdock/samples/long-lists", Fixture, NULL, set_up, test_long_lists, tear_down);
    g_test_add("/flowdock/samples/id-beyond-reason", Fixture, NULL, set_up, test_id_beyond_reason, tear_down);
    status = g_test_run();
    g_list_free_full(samples, free_sample);
    return status;
}
