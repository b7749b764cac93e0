/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-event-inbox: the words of every event of the team inbox, and that nothing such an event holds can do harm. */
#include "flowdock/events/fd-event-inbox.h"

#include <string.h>

#include "flowdock/api/fd-decode.h"
#include "net/net-json.h"
#include "test-util.h"

#define ELLIPSIS "…"

typedef char *(*Words)(FdState *state, const FdMessage *message);

static const struct {
    const char *event;
    Words words;
} kinds[] = {
    { "activity", fd_event_inbox_activity },
    { "discussion", fd_event_inbox_discussion },
    { "mail", fd_event_inbox_mail },
    { "rss", fd_event_inbox_rss },
    { "twitter", fd_event_inbox_twitter },
    { "zendesk", fd_event_inbox_zendesk },
    { "jira", fd_event_inbox_jira },
    { "confluence", fd_event_inbox_confluence },
    { "svn", fd_event_inbox_svn },
    { "vcs", fd_event_inbox_vcs },
    { "pivotaltracker", fd_event_inbox_pivotaltracker },
    { "uservoice", fd_event_inbox_uservoice },
    { "trello", fd_event_inbox_trello },
};

/* Captured events that are not of the team inbox, but of people. */
static const char *const others[] = { "message", "message-edit",       "comment",  "line",        "status",   "file",
                                      "action",  "backend.user.block", "flow-add", "flow-remove", "presence", NULL };

/* Events unknown to us go to the function for them. */
static Words words_of(const char *event)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].event, event) == 0)
            return kinds[i].words;
    return fd_event_inbox_other;
}

/* With one person, Otto. No call is ever made. */
typedef struct {
    NetSession *session;
    FdState *state;
} Fixture;

static void on_people_changed(gpointer user_data)
{
    (void)user_data;
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    static const NetSessionOptions options = { .user_agent = "test", .max_connections = 1, .max_body = 1000 };
    static const FdListener listener = { .people_changed = on_people_changed };
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(FdUser) otto = fd_user_new(1, "Otto");
    g_autoptr(FdApi) api = NULL;

    (void)data;
    fixture->session = net_session_new(&options, NULL);
    api = fd_api_new(fixture->session, credential, "http://127.0.0.1:9");
    fixture->state = fd_state_new(api, cancellable, &listener, NULL);
    fd_people_put(fixture->state->people, otto);
    fd_people_settle(fixture->state->people);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fd_state_free(fixture->state);
    net_session_close(fixture->session);
    net_session_unref(fixture->session);
}

static char *load(const char *path)
{
    g_autofree char *file = test_data_path(path);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(file, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

/* Can be changed afterwards, as what net_json_parse() returns cannot. */
static JsonNode *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    JsonNode *root = json_from_string(text, &error);

    g_assert_no_error(error);
    return root;
}

/* (transfer full) (nullable): the words of an event; NULL also when it does not decode. */
static char *say(Fixture *fixture, JsonNode *root)
{
    g_autoptr(FdMessage) message = fd_decode_message(root);

    return message ? words_of(message->event)(fixture->state, message) : NULL;
}

static gboolean shows_something(const char *line)
{
    while (*line && !g_unichar_isgraph(g_utf8_get_char(line)))
        line = g_utf8_next_char(line);
    return *line != '\0';
}

/* The bounds of fd-event-inbox.h. */
static void assert_fair(const char *text)
{
    g_auto(GStrv) lines = NULL;

    if (!text)
        return;
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_null(strstr(text, "(null)"));
    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), <=, FD_INBOX_MAX_LINES);
    for (char **line = lines; *line; line++) {
        glong length = g_utf8_strlen(*line, -1);

        /* Longer with nothing but an address, and perhaps the service's name. */
        if (length > FD_INBOX_MAX_LINE) {
            const char *blank = strrchr(*line, ' ');
            const char *url = blank ? blank + 1 : *line;

            g_assert_nonnull(strstr(url, "://"));
            g_assert_cmpint(g_utf8_strlen(url, -1), <=, FD_INBOX_MAX_URL);
            g_assert_cmpint(length - g_utf8_strlen(url, -1), <=, FD_INBOX_MAX_NAME + 4);
        }
        g_assert_true(shows_something(*line));
        for (const char *at = *line; *at; at = g_utf8_next_char(at))
            g_assert_false(g_unichar_iscntrl(g_utf8_get_char(at)));
        g_assert_false(g_str_has_suffix(*line, " "));
    }
}

/* ---------------------------------------------------------------------------------------------------- what is shown */

/* (element-type utf8): below tests/data. */
static GPtrArray *samples(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = test_data_path("events");
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    const char *name;

    g_assert_no_error(error);
    while ((name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(paths, g_build_filename("events", name, NULL));
    g_ptr_array_add(paths, g_strdup("docs/event-activity.json"));
    g_ptr_array_add(paths, g_strdup("docs/event-discussion.json"));
    return paths;
}

static gboolean is_of_inbox(JsonNode *root)
{
    return !g_strv_contains(others, net_json_string(net_json_object_of(root), "event"));
}

/* events/x.json says what is in events-lines/x.line; a sample without such a file fails. */
static void test_samples(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) paths = samples();
    guint count = 0;

    (void)data;
    for (guint i = 0; i < paths->len; i++) {
        const char *path = paths->pdata[i];
        g_autofree char *json = load(path);
        g_autoptr(JsonNode) root = parse(json);
        g_autofree char *base = g_path_get_basename(path);
        g_autofree char *name = g_strdup_printf("events-lines/%.*s.line", (int)strlen(base) - 5, base);
        g_autofree char *expected = NULL, *text = NULL;

        g_test_message("%s", path);
        if (!is_of_inbox(root))
            continue;
        expected = load(name);
        text = say(fixture, root);
        g_assert_nonnull(text);
        assert_fair(text);
        g_assert_cmpstr(text, ==, g_strchomp(expected));
        count++;
    }
    g_assert_cmpuint(count, >=, 25);
}

typedef struct {
    const char *name;
    const char *event;
    const char *members; /* of the event, with ' for " */
    const char *text;
} Case;

/* clang-format off */
static const Case cases[] = {
    /* ------------------------------------------------------------------------------------------ with a thread: 5.4 */
    { "no author", "activity", "'title':'Deployed'", "Deployed" },
    { "author is text", "activity", "'author':'hubot','title':'Deployed'", "hubot: Deployed" },
    { "author has the name of someone here", "activity", "'author':{'name':'otto'},'title':'Deployed'",
      "~otto: Deployed" },
    { "author breaks the line", "activity", "'author':{'name':'Eve\\nOtto'},'title':'Hi'", "Eve Otto: Hi" },
    { "title of several lines", "activity", "'author':{'name':'Ann'},'title':'One<br>two\\nthree'",
      "Ann: One two three" },
    { "link with its address as text", "activity", "'title':'See <a href=\\'http://e.com/1\\'>http://e.com/1</a>'",
      "See http://e.com/1" },
    { "link of another text", "activity", "'title':'See <a href=\\'http://e.com/1\\'>this</a>, please'",
      "See this (http://e.com/1), please" },
    { "body", "activity", "'author':{'name':'Ann'},'title':'Reported','body':'<p>One</p><p>Two<br>Three</p>'",
      "Ann: Reported\nOne\nTwo\nThree" },
    { "long body", "activity", "'author':{'name':'Ann'},'title':'Reported','body':'1<br>2<br><br>3<br>4'",
      "Ann: Reported\n1\n2\n3 " ELLIPSIS },
    { "body alone", "activity", "'author':{'name':'Ann'},'title':null,'body':'One<br>Two'", "Ann: One\nTwo" },
    { "author alone", "activity", "'author':{'name':'Ann'},'title':'','body':null", NULL },
    { "nothing", "discussion", "'content':null", NULL },
    { "newer name of the body", "discussion", "'author':{'name':'Ann'},'title':'replied','body':'','full_body':'Yes'",
      "Ann: replied\nYes" },
    { "content is not looked at", "discussion", "'content':{'title':'x'},'author':{'email':'a@e.com'},'title':'replied'",
      "a@e.com: replied" },

    /* -------------------------------------------------------------------------------------------------------- mail */
    { "HTML", "mail", "'content':{'subject':'Hi','from':[{'name':null,'address':'a@e.com'}],"
      "'contentType':'text/html; charset=UTF-8','content':'<p>One &amp; two</p><p>Three</p>'}",
      "[Email] a@e.com: Hi\nOne & two\nThree" },
    { "text that looks like HTML", "mail", "'content':{'subject':'Hi','from':[{'name':'Ann','address':'a@e.com'}],"
      "'contentType':'text/plain','content':'<p>One</p>'}", "[Email] Ann (a@e.com): Hi\n<p>One</p>" },
    { "HTML without a type", "mail", "'content':{'subject':'Hi','from':[{'name':'Ann'}],'content':' <p>One</p>'}",
      "[Email] Ann: Hi\nOne" },
    { "name is the address", "mail", "'content':{'subject':'Hi','from':[{'name':'a@e.com','address':'a@e.com'}]}",
      "[Email] a@e.com: Hi" },
    { "long body", "mail", "'content':{'subject':'Hi','from':[{'address':'a@e.com'}],'contentType':'text/plain',"
      "'content':'1\\r\\n\\r\\n2\\n\\t\\n3\\n\\n'}", "[Email] a@e.com: Hi\n1\n2\n3" },
    { "longer body", "mail", "'content':{'subject':'Hi','from':[{'address':'a@e.com'}],'contentType':'text/plain',"
      "'content':'1\\n2\\n3\\n4'}", "[Email] a@e.com: Hi\n1\n2\n3 " ELLIPSIS },
    { "sender for from", "mail", "'content':{'subject':'Hi','from':[],'sender':{'address':'a@e.com'}}",
      "[Email] a@e.com: Hi" },
    { "reply address for from", "mail", "'content':{'subject':'Hi','from':[{}],'replyTo':[{'address':'a@e.com'}]}",
      "[Email] a@e.com: Hi" },
    { "from is no list", "mail", "'content':{'subject':'Hi','from':'a@e.com'}", "[Email] a@e.com: Hi" },
    { "no subject", "mail", "'content':{'subject':' ','from':[{'address':'a@e.com'}],'content':'Text'}",
      "[Email] a@e.com: (no subject)\nText" },
    { "nobody", "mail", "'content':{'subject':'Hi','content':'Text'}", "[Email] Hi\nText" },
    { "link", "mail", "'content':{'subject':'Hi','from':[{'address':'a@e.com'}],'link':'http://e.com/'}",
      "[Email] a@e.com: Hi http://e.com/" },
    { "nothing", "mail", "'content':{'subject':'','from':[{}],'content':''}", NULL },

    /* --------------------------------------------------------------------------------------------- feeds and tweets */
    { "author", "rss", "'content':{'title':'News','link':'http://e.com/1','author':'Ann','feed':{'title':'Feed'}}",
      "[RSS] Feed: News (Ann) http://e.com/1" },
    { "no title", "rss", "'content':{'content':'<b>News</b>','link':'http://e.com/1','feed':{'title':'Feed'}}",
      "[RSS] Feed http://e.com/1\nNews" },
    { "no feed", "rss", "'content':{'title':'News','link':'none'}", "[RSS] News" },
    { "feed alone", "rss", "'content':{'feed':{'title':'Feed'}}", NULL },
    { "several lines", "twitter", "'content':{'text':'One\\n\\nTwo','id_str':'12','user':{'screen_name':'ann_1'}}",
      "[Twitter] ann_1: One\nTwo\nhttps://twitter.com/ann_1/status/12" },
    { "escaped", "twitter", "'content':{'text':'a &lt;b&gt; &amp;amp; &quot;c','user':{'screen_name':'ann'}}",
      "[Twitter] ann: a <b> &amp; &quot;c" },
    { "number as id", "twitter", "'content':{'text':'Hi','id':12,'id_str':null,'user':{'screen_name':'ann'}}",
      "[Twitter] ann: Hi" },
    { "id and name that make no address", "twitter", "'content':{'text':'Hi','id_str':'1/2','user':{'screen_name':'ann'}}",
      "[Twitter] ann: Hi" },
    { "name that makes no address", "twitter", "'content':{'text':'Hi','id_str':'1','user':{'screen_name':'a/b'}}",
      "[Twitter] a/b: Hi" },
    { "no screen name", "twitter", "'content':{'text':'Hi','id_str':'1','user':{'name':'Ann'}}", "[Twitter] Ann: Hi" },
    { "no text", "twitter", "'content':{'id_str':'1','user':{'screen_name':'ann'}}",
      "[Twitter] ann https://twitter.com/ann/status/1" },
    { "name alone", "twitter", "'content':{'user':{'screen_name':'ann'}}", NULL },

    /* ----------------------------------------------------------------------------------------------------- Zendesk */
    { "headline with the title", "zendesk", "'content':{'message':'Ann solved No ink\\n\\nMore','title':'No ink',"
      "'url':'http://e.com/2'}", "[Zendesk] Ann solved No ink http://e.com/2" },
    { "no headline", "zendesk", "'content':{'message':'','title':'No ink','requester':{'name':'Ann'}}",
      "[Zendesk] Ann: No ink" },
    { "description", "zendesk", "'content':{'message':'Ann created ticket','title':'No ink','latest_comment':'',"
      "'description':'----\\nAnn, May 11:\\n\\nNo more ink.\\nHelp!'}",
      "[Zendesk] Ann created ticket: No ink\n  > No more ink." },
    { "comment as it is", "zendesk", "'content':{'message':'Ann commented','latest_comment':'Done:\\nsee there'}",
      "[Zendesk] Ann commented\n  > Done:" },
    { "comment without author", "zendesk", "'content':{'message':'Ann commented','latest_comment':'---\\nDone'}",
      "[Zendesk] Ann commented\n  > Done" },
    { "link alone", "zendesk", "'content':{'url':'http://e.com/2'}", "[Zendesk] http://e.com/2" },

    /* -------------------------------------------------------------------------------------------------- Confluence */
    { "delete", "confluence", "'content':{'event':'delete','page_title':'Home','page_url':'http://e.com/h',"
      "'space_name':'Demo','user_name':'ann','version_comment':'Deleted this'}",
      "[Confluence] ann deleted page in Demo: Home\n  > Deleted this" },
    { "comment", "confluence", "'content':{'event':'comment_create','page_title':'Home','page_url':'http://e.com/h',"
      "'space_name':'Demo','user_name':'ann','comment_content_summary':'Test comment\\r\\nAnother line'}",
      "[Confluence] ann commented on page in Demo: Home http://e.com/h\n  > Test comment" },
    { "unknown", "confluence", "'content':{'event':'page_move','page_title':'Home','page_url':'http://e.com/h',"
      "'space_name':'Demo','user_name':'ann'}", "[Confluence] ann: Home (page_move) http://e.com/h" },
    { "no space", "confluence", "'content':{'event':'create','page_title':'Home','user_email':'a@e.com'}",
      "[Confluence] a@e.com: Home (create)" },
    { "nobody", "confluence", "'content':{'event':'update','page_title':'Home','space_name':'Demo'}",
      "[Confluence] Someone updated page in Demo: Home" },
    { "no event", "confluence", "'content':{'page_title':'Home'}", "[Confluence] Home" },
    { "event alone", "confluence", "'content':{'event':'create'}", NULL },

    /* --------------------------------------------------------------------------------------------------- UserVoice */
    { "comment", "uservoice", "'content':{'event':'new_comment','comment':{'text':'Me too\\nplease',"
      "'creator':{'name':'Ann'},'suggestion':{'title':'Ice cream','url':'http://e.com/s'}}}",
      "[UserVoice] Ann posted a new comment on: Ice cream http://e.com/s\n  > Me too" },
    { "kudo", "uservoice", "'content':{'event':'new_kudo','kudo':{'ticket':{'subject':'No ink','url':'http://e.com/t'},"
      "'sender':{'name':'Bob'},'message':{'body':'','is_admin_response':'false','sender':{'name':'Ann'}}}}",
      "[UserVoice] Ann received Kudos! from Bob on: No ink http://e.com/t" },
    { "reply", "uservoice", "'content':{'event':'new_ticket_reply','ticket':{'subject':'No ink','url':'http://e.com/t'},"
      "'message':{'body':'Try\\\\nthis','sender':{'name':'Ann'}}}",
      "[UserVoice] Ann posted a new reply on: No ink http://e.com/t\n  > Try" },
    { "status: the suggestion's own", "uservoice", "'content':{'event':'suggestion_status_update','audit_status':{"
      "'initial_status':null,'final_status':{'name':'planned'},'user':{'name':'Ann'},"
      "'suggestion':{'title':'Ice cream','url':'http://e.com/s','status':{'name':'completed'}}}}",
      "[UserVoice] Ann changed the status of a suggestion to completed: Ice cream http://e.com/s" },
    { "status: the final one", "uservoice", "'content':{'event':'suggestion_status_update','audit_status':{"
      "'final_status':{'name':'planned'},'suggestion':{'title':'Ice cream'}}}",
      "[UserVoice] Someone changed the status of a suggestion to planned: Ice cream" },
    { "unknown", "uservoice", "'content':{'event':'ticket_spam','ticket':{'subject':'No ink','url':'http://e.com/t'}}",
      "[UserVoice] No ink (ticket_spam) http://e.com/t" },
    { "no title", "uservoice", "'content':{'event':'new_article','article':{'url':'http://e.com/a'}}",
      "[UserVoice] (new_article) http://e.com/a" },
    { "unknown, and nothing known in it", "uservoice", "'content':{'event':'ping','text':'x'}", NULL },

    /* ------------------------------------------------------------------------------------------------- GitHub: push */
    { "two of five are not shown", "vcs", "'content':{'ref':'refs/heads/master','pusher':{'name':'ann'},"
      "'repository':{'name':'shop','owner':{'name':'acme'}},'compare':'http://e.com/c','commits':["
      "{'id':'1111111a','message':'One'},{'id':'2222222a','message':'Two'},{'id':'3333333a','message':'Three'},"
      "{'id':'4444444a','message':'Four'},{'id':'5555555a','message':'Five'}]}",
      "[GitHub] ann pushed to master @ acme/shop http://e.com/c\n* 5555555 Five\n* 4444444 Four\n* 3333333 Three\n"
      ELLIPSIS " and 2 more" },
    { "odd commits", "vcs", "'content':{'event':'push','branch':'master','pusher':{'name':'ann'},'commits':["
      "{'sha':'12345','message':'\\\\nOne\\\\n\\\\nmore','author':{'email':'a@e.com'}},"
      "{'id':'2222222a','title':'Two','message':'Other','author':'Ann'},{'message':'Three\\nmore','author':{}}]}",
      "[GitHub] ann pushed to master\n* Three\n* 2222222 Two (Ann)\n* 12345 One (a@e.com)" },
    { "commits that are none", "vcs", "'content':{'branch':'master','commits':[null,7,{},'x',[],{'id':''}]}",
      "[GitHub] Someone pushed to master\n" ELLIPSIS " and 3 more" },
    { "slashes in the branch", "vcs", "'content':{'ref':'refs/heads/fix/1/2','pusher':{'name':'ann'},"
      "'repository':{'name':'shop','url':'https://api.github.com/repos/acme/shop'}}",
      "[GitHub] ann pushed to fix/1/2 @ shop https://github.com/acme/shop" },
    { "forced", "vcs", "'content':{'ref':'refs/heads/fix','pusher':{'name':'ann'},'forced':true,"
      "'repository':{'full_name':'acme/shop','owner':{'login':'acme'}},'compare':'http://e.com/c',"
      "'head_commit':{'id':'1111111a','message':'One'}}",
      "[GitHub] ann force-pushed to fix @ acme/shop http://e.com/c\n* 1111111 One" },
    { "new branch with commits", "vcs", "'content':{'ref':'refs/heads/fix','pusher':{'name':'ann'},'created':true,"
      "'compare':null,'repository':{'name':'shop','url':'http://e.com/r'},'commits':[{'id':'1','message':'One'}]}",
      "[GitHub] ann created branch fix @ shop http://e.com/r\n* 1 One" },
    { "deleted branch", "vcs", "'content':{'event':'push','ref':'refs/heads/fix','pusher':{'name':'ann'},'deleted':true,"
      "'forced':true,'compare':'http://e.com/c','repository':{'name':'shop','url':'http://e.com/r'},'commits':[]}",
      "[GitHub] ann deleted branch fix @ shop http://e.com/r" },
    { "new tag", "vcs", "'content':{'ref':'refs/tags/v1','pusher':{'name':'ann'},'created':true,"
      "'repository':{'name':'shop'}}", "[GitHub] ann created tag v1 @ shop" },
    { "deleted tag", "vcs", "'content':{'ref':'refs/tags/v1','pusher':{'name':'ann'},'deleted':true,"
      "'repository':{'name':'shop'}}", "[GitHub] ann deleted tag v1 @ shop" },
    { "branch without a name", "vcs", "'content':{'pusher':{'name':'ann'},'deleted':true,'repository':{'name':'shop'}}",
      "[GitHub] ann: shop (push)" },
    { "commit alone", "vcs", "'content':{'commits':[{'id':'1111111a','message':'One'}]}", "[GitHub] * 1111111 One" },
    { "nothing", "vcs", "'content':{'commits':[]}", NULL },
    { "nothing, often", "vcs", "'content':{'commits':[null,null,null,null,null]}", NULL },
    { "no content", "vcs", "'content':null", NULL },

    /* -------------------------------------------------------------------------------------------------- other hooks */
    { "merged", "vcs", "'content':{'event':'pull_request','action':'closed','sender':{'login':'ann'},'pull_request':{"
      "'number':4,'title':'Fix','merged':true,'issue_url':'http://e.com/i/4','body':'x'}}",
      "[GitHub] ann merged pull request #4: Fix http://e.com/i/4" },
    { "opened, with a body", "vcs", "'content':{'event':'pull_request','action':'opened','sender':{'login':'ann'},"
      "'pull_request':{'number':'4','body':'Please\\\\r\\\\nlook'}}",
      "[GitHub] ann opened pull request #4\n  > Please" },
    { "reopened", "vcs", "'content':{'event':'pull_request','action':'reopened','pull_request':{'title':'Fix'}}",
      "[GitHub] Someone reopened pull request Fix" },
    { "unknown action", "vcs", "'content':{'event':'pull_request','action':'labeled','sender':{'login':'ann'},"
      "'pull_request':{'number':4,'title':'Fix','html_url':'http://e.com/p/4'}}",
      "[GitHub] ann: #4: Fix (labeled) http://e.com/p/4" },
    { "comment on a pull request", "vcs", "'content':{'event':'issue_comment','action':'created','issue':{'number':3,"
      "'title':'Fix','html_url':'http://e.com/i/3','pull_request':{'html_url':'http://e.com/p/3'}},"
      "'comment':{'body':'Well\\\\ndone','user':{'login':'ann'}}}",
      "[GitHub] ann commented on pull request #3: Fix http://e.com/p/3\n  > Well" },
    { "comment on an issue", "vcs", "'content':{'event':'issue_comment','issue':{'number':3,'title':'Bug',"
      "'html_url':'http://e.com/i/3'},'comment':{'body':'\\n\\nWell'},'sender':{'login':'ann'}}",
      "[GitHub] ann commented on issue #3: Bug http://e.com/i/3\n  > Well" },
    { "comment that went away", "vcs", "'content':{'event':'issue_comment','action':'deleted','issue':{'number':3},"
      "'comment':{'body':'Well','user':{'login':'ann'}}}", "[GitHub] ann: #3 (deleted)\n  > Well" },
    { "comment on a commit", "vcs", "'content':{'event':'commit_comment','comment':{'commit_id':'22d38bdc5f08',"
      "'html_url':'http://e.com/c#1','body':'Why?\\\\n\\\\n# Heading','user':{'login':'ann'}}}",
      "[GitHub] ann commented on commit #22d38bd http://e.com/c#1\n  > Why?" },
    { "issue", "vcs", "'content':{'event':'issues','action':'opened','issue':{'number':3,'title':'Bug','body':'Help',"
      "'html_url':'http://e.com/i/3'},'sender':{'login':'ann'}}",
      "[GitHub] ann opened issue #3: Bug http://e.com/i/3\n  > Help" },
    { "unknown hook", "vcs", "'content':{'event':'fork','sender':{'login':'ann'},"
      "'repository':{'name':'shop','owner':{'login':'acme'},'html_url':'http://e.com/r'}}",
      "[GitHub] ann: acme/shop (fork) http://e.com/r" },
    { "unknown hook about an issue", "vcs", "'content':{'event':'milestone','issue':{'number':3,'title':'Bug'}}",
      "[GitHub] #3: Bug (milestone)" },

    /* -------------------------------------------------------------------------------------------------- Subversion */
    { "commit of several lines", "svn", "'content':{'action':'commit','author':{'name':'ann','email':''},"
      "'repository':{'name':'foo'},'branch':'trunk','revision':'r7','message':'In C:\\\\new\\nMore'}",
      "[Subversion] ann committed to trunk @ foo: r7 In C:\\new" },
    { "author is text", "svn", "'content':{'action':'commit','author':'ann','repository':'foo','revision':7}",
      "[Subversion] ann committed to foo: 7" },
    { "no repository", "svn", "'content':{'action':'commit','author':{'email':'a@e.com'},'revision':'r7'}",
      "[Subversion] a@e.com: r7 (commit)" },
    { "deleted branch", "svn", "'content':{'action':'branch_delete','author':{'name':'ann'},'branch':'old',"
      "'repository':{'name':'foo'},'revision':'r10','revision_url':'http://e.com/r10','message':'Bye'}",
      "[Subversion] ann deleted branch old @ foo http://e.com/r10\n  > Bye" },
    { "branch without a name", "svn", "'content':{'action':'branch_create','author':{'name':'ann'},'branch':'',"
      "'repository':{'name':'foo'},'revision':'r10','message':'Hi'}", "[Subversion] ann: r10 Hi (branch_create)" },
    { "action alone", "svn", "'content':{'action':'commit','branch':'x'}", NULL },

    /* -------------------------------------------------------------------------------------------------------- JIRA */
    { "comment", "jira", "'content':{'event_type':'comment','user_name':'Ann','issue_summary':'Bug',"
      "'issue_url':'http://e.com/T-5','comment_body':'Now\\nand then\\n'}",
      "[JIRA] Ann commented on issue: Bug http://e.com/T-5\n  > Now" },
    { "close", "jira", "'content':{'event_type':'close','user_name':'Ann','issue_summary':'Bug'}",
      "[JIRA] Ann closed issue: Bug" },
    { "start of work", "jira", "'content':{'event_type':'start_work','user_name':'Ann','issue_summary':'Bug'}",
      "[JIRA] Ann started working on issue: Bug" },
    { "unknown", "jira", "'content':{'event_type':'re%sopen','user_name':'Ann','issue_summary':'100%s %2$s'}",
      "[JIRA] Ann: 100%s %2$s (re%sopen)" },
    { "words that look like places for words", "jira", "'content':{'event_type':'create','user_name':'%2$s%n',"
      "'issue_summary':'%s'}", "[JIRA] %2$s%n created issue: %s" },
    { "key for summary, address for name", "jira", "'content':{'event_type':'create','user_name':'',"
      "'user_email':'a@e.com','issue_key':'T-5'}", "[JIRA] a@e.com created issue: T-5" },
    { "nothing but the page", "jira", "'content':{'event_type':'create','issue_url':'http://e.com/T-5'}",
      "[JIRA] (create) http://e.com/T-5" },
    { "changes", "jira", "'content':{'event_type':'update','user_name':'Ann','issue_summary':'Bug','issue_changelog':["
      "null,{'field':'Status','old_value':'Open'},{'field':''},{'new_value':'x'},{'field':'Rank'}]}",
      "[JIRA] Ann updated issue: Bug\nChanged: Status, Rank" },
    { "comment alone", "jira", "'content':{'comment_body':'Hi'}", "[JIRA] > Hi" },
    { "names that show nothing", "jira", "'content':{'event_type':'create','user_name':'\\u200b',"
      "'issue_summary':'\\u2066 \\u0007','issue_key':'T-5'}", "[JIRA] Someone created issue: T-5" },
    { "type alone", "jira", "'content':{'event_type':'create'}", NULL },

    /* -------------------------------------------------------------------------------------------- stories and cards */
    { "several stories", "pivotaltracker", "'content':{'description':'Ann edited 2 stories','author':'Ann',"
      "'stories':[{'id':6,'url':'http://e.com/6'},{'id':'7','name':'Ice cream'},{'url':'http://e.com/8'},null,{}]}",
      "[Pivotal Tracker] Ann edited 2 stories\nhttps://www.pivotaltracker.com/story/show/6\n"
      "Ice cream https://www.pivotaltracker.com/story/show/7\nhttp://e.com/8" },
    { "more stories than are shown", "pivotaltracker", "'content':{'description':'Ann edited 12 stories','stories':["
      "{'name':'1'},{'name':'2'},{'name':'3'},{'name':'4'},{'name':'5'},{'name':'6'},{'name':'7'},{'name':'8'},"
      "{'name':'9'},{'name':'10'},{'name':'11'},{'name':'12'}]}",
      "[Pivotal Tracker] Ann edited 12 stories\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n" ELLIPSIS " and 2 more" },
    { "no description", "pivotaltracker", "'content':{'author':'Ann','event_type':'story_delete','stories':[]}",
      "[Pivotal Tracker] Ann (story_delete)" },
    { "new card", "trello", "'content':{'action':{'type':'createCard','memberCreator':{'fullName':'Ann'},"
      "'data':{'card':{'name':'Ice','shortLink':'kIiodGPy'},'list':{'name':'To do'},'board':{'name':'Main'}}}}",
      "[Trello] Ann added card \"Ice\" to \"To do\" (Main) https://trello.com/c/kIiodGPy" },
    { "new card in no list", "trello", "'content':{'action':{'type':'createCard','memberCreator':{'username':'ann'},"
      "'data':{'card':{'name':'Ice'}}}}", "[Trello] ann added card \"Ice\"" },
    { "moved card", "trello", "'content':{'action':{'type':'updateCard','memberCreator':{'fullName':'Ann'},"
      "'data':{'card':{'name':'Ice'},'listBefore':{'name':'To do'},'listAfter':{'name':'Done'},'old':{'idList':'1'}}},"
      "'model':{'url':'https://trello.com/b/1/main'}}",
      "[Trello] Ann moved card \"Ice\" from \"To do\" to \"Done\" https://trello.com/b/1/main" },
    { "renamed card", "trello", "'content':{'action':{'type':'updateCard','memberCreator':{'fullName':'Ann'},"
      "'data':{'card':{'name':'Ice'},'old':{'name':'Water'},'board':{'name':'Main'}}}}",
      "[Trello] Ann renamed card \"Water\" to \"Ice\" (Main)" },
    { "closed card", "trello", "'content':{'action':{'type':'updateCard','memberCreator':{'fullName':'Ann'},"
      "'data':{'card':{'name':'Ice','closed':true},'old':{'closed':false}}}}", "[Trello] Ann closed card \"Ice\"" },
    { "reopened card", "trello", "'content':{'action':{'type':'updateCard','memberCreator':{'fullName':'Ann'},"
      "'data':{'card':{'name':'Ice','closed':'false'},'old':{'closed':'true'}}}}", "[Trello] Ann reopened card \"Ice\"" },
    { "described card", "trello", "'content':{'action':{'type':'updateCard','data':{'card':{'name':'Ice'},"
      "'old':{'desc':''}}}}", "[Trello] Someone changed the description of card \"Ice\"" },
    { "card changed somehow", "trello", "'content':{'action':{'type':'updateCard','data':{'card':{'name':'Ice'}}}}",
      "[Trello] Someone updated card \"Ice\"" },
    { "comment", "trello", "'content':{'action':{'type':'commentCard','memberCreator':{'fullName':'Ann'},"
      "'data':{'card':{'name':'Ice','shortLink':'http://x/'},'text':'Yes\\nand no'}}}",
      "[Trello] Ann commented on card \"Ice\"\n  > Yes" },
    { "unknown", "trello", "'content':{'action':{'type':'addMemberToCard','memberCreator':{'fullName':'Ann'},"
      "'data':{'card':{'name':'Ice'},'board':{'name':'Main'}}}}", "[Trello] Ann: Ice (addMemberToCard) (Main)" },
    { "list", "trello", "'content':{'action':{'type':'createList','memberCreator':{'fullName':'Ann'},"
      "'data':{'list':{'name':'To do'}}}}", "[Trello] Ann: To do (createList)" },
    { "no card", "trello", "'content':{'action':{'type':'createCard','data':{}}}", NULL },

    /* --------------------------------------------------------------------------------------------------- unknown ones */
    { "all", "codebase", "'app':'influx','content':{'title':'Built','link':'http://e.com/1','source':'CI',"
      "'author':{'name':'otto'}}", "[CI] ~otto: Built http://e.com/1" },
    { "title alone", "codebase", "'app':'influx','content':{'subject':'Built'}", "[codebase] Built" },
    { "link alone", "codebase", "'app':'influx','content':{'url':'http://e.com/1'}", "[codebase] http://e.com/1" },
    { "text", "codebase", "'app':'influx','content':'\\nBuilt\\nAll of it'", "[codebase] Built" },
    { "like an activity", "build", "'app':'influx','content':null,'title':'<b>Built</b>','author':{'name':'Ann'}",
      "Ann: Built" },
    { "nothing to say", "codebase", "'app':'influx','content':{'source':'CI','author':'ann','title':''}", NULL },
    { "nothing at all", "codebase", "'app':'influx'", NULL },
    { "not of the inbox", "custom", "'app':null,'content':{'title':'Built','author':'ann'}", "[custom] ann: Built" },
    { "not of the inbox, title alone", "custom", "'content':{'title':'Built'}", NULL },
    { "not of the inbox, text", "custom", "'app':'chat','content':'Built'", NULL },
    { "change of tags", "tag-change", "'app':null,'content':{'message':7,'add':['x'],'remove':[]}", NULL },
    { "deletion", "message-delete", "'content':{'message':7}", NULL },
    { "reaction", "emoji-reaction", "'content':{'emoji':'x','type':'add'}", NULL },
    { "someone's doings", "activity.user", "'content':{'last_activity':1317715364447}", NULL },
};
/* clang-format on */

static JsonNode *event_of(const Case *one)
{
    g_autofree char *members = g_strdup(one->members);
    g_autofree char *json = NULL;

    g_strdelimit(members, "'", '"');
    json = g_strdup_printf("{\"id\":1,\"user\":\"0\",\"event\":\"%s\",%s}", one->event, members);
    return parse(json);
}

static void test_cases(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) root = event_of(&cases[i]);
        g_autofree char *text = say(fixture, root);

        g_test_message("%s: %s", cases[i].event, cases[i].name);
        assert_fair(text);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

/* ------------------------------------------------------------------------------------------------------------- bounds */

static void assert_mail(Fixture *fixture, const char *subject, const char *body, const char *expected)
{
    g_autoptr(JsonNode) root =
        parse("{\"event\":\"mail\",\"content\":{\"from\":[{\"address\":\"a@e.com\"}],\"contentType\":\"text/plain\"}}");
    JsonObject *content = net_json_object(net_json_object_of(root), "content");
    g_autofree char *text = NULL;

    json_object_set_string_member(content, "subject", subject);
    json_object_set_string_member(content, "content", body);
    text = say(fixture, root);
    assert_fair(text);
    g_assert_cmpstr(text, ==, expected);
}

static char *times(const char *part, guint count)
{
    GString *text = g_string_new(NULL);

    while (count-- > 0)
        g_string_append(text, part);
    return g_string_free(text, FALSE);
}

static void test_cut(Fixture *fixture, gconstpointer data)
{
    g_autofree char *words = times("word ", 100), *kept_words = times("word ", 48);
    g_autofree char *letters = times("\xc3\xa4", 300), *kept_letters = times("\xc3\xa4", 249);
    g_autofree char *marked = times("e\xcc\x81", 200), *kept_marked = times("e\xcc\x81", 124);
    g_autofree char *link = g_strconcat("See http://e.com/", letters, NULL);
    g_autofree char *full = times("x", 250);
    g_autofree char *body_letters = times("y", 299), *body_more = times("y", 301);
    g_autofree char *body_two = g_strconcat("first\n", body_more, NULL);
    g_autofree char *body_late = g_strconcat("z", body_letters, "\nlast", NULL);
    g_autofree char *body_later = g_strconcat(body_more, "\nlast", NULL);
    g_autofree char *kept_two = g_strndup(body_more, 294);
    g_autofree char *a = g_strconcat("[Email] a@e.com: ", kept_words, "word" ELLIPSIS, NULL);
    g_autofree char *b = g_strconcat("[Email] a@e.com: ", kept_letters, ELLIPSIS, NULL);
    g_autofree char *c = g_strconcat("[Email] a@e.com: ", kept_marked, ELLIPSIS, NULL);
    g_autofree char *d = g_strconcat("[Email] a@e.com: ", full, NULL);
    g_autofree char *e = g_strconcat("[Email] a@e.com: Hi\n", body_letters, ELLIPSIS, NULL);
    g_autofree char *f = g_strconcat("[Email] a@e.com: Hi\nfirst\n", kept_two, ELLIPSIS, NULL);
    g_autofree char *g = g_strconcat("[Email] a@e.com: Hi\nz", body_letters, " " ELLIPSIS, NULL);

    (void)data;
    assert_mail(fixture, words, "", a);
    assert_mail(fixture, letters, "", b);
    /* The mark goes with its letter. */
    assert_mail(fixture, marked, "", c);
    /* Half an address is none. */
    assert_mail(fixture, link, "", "[Email] a@e.com: See" ELLIPSIS);
    assert_mail(fixture, full, "", d);
    assert_mail(fixture, "Hi", body_more, e);
    assert_mail(fixture, "Hi", body_later, e);
    assert_mail(fixture, "Hi", body_two, f);
    assert_mail(fixture, "Hi", body_late, g);
}

/* Where every piece is as long as it may be, the line is not; where every line is there twice, not all are. */
static void test_cut_line(Fixture *fixture, gconstpointer data)
{
    g_autofree char *name = g_strnfill(FD_INBOX_MAX_NAME, 'n');
    g_autofree char *title = g_strnfill(FD_INBOX_MAX_TITLE, 't');
    g_autofree char *path = g_strnfill(FD_INBOX_MAX_LINE, 'u');
    g_autofree char *mail = g_strdup_printf("{\"event\":\"mail\",\"content\":{\"subject\":\"%s\",\"from\":[{\"name\":"
                                            "\"%s\",\"address\":\"x%s\"}]}}",
                                            title, name, name + 1);
    g_autofree char *start = g_strdup_printf("[Email] %s (x%s): %s", name, name + 1, title);
    g_autofree char *kept = g_strndup(start, FD_INBOX_MAX_LINE - 1);
    g_autofree char *expected = g_strconcat(kept, ELLIPSIS, NULL);
    g_autofree char *story = g_strdup_printf("{\"name\":\"%s\",\"url\":\"http://%s\"},", title, path);
    g_autofree char *most = times(story, 20);
    g_autofree char *stories = g_strdup_printf("{\"event\":\"pivotaltracker\",\"content\":{\"stories\":[%s{}]}}", most);
    g_autoptr(JsonNode) mail_root = parse(mail);
    g_autoptr(JsonNode) stories_root = parse(stories);
    g_autofree char *mail_text = say(fixture, mail_root);
    g_autofree char *stories_text = say(fixture, stories_root);

    (void)data;
    assert_fair(mail_text);
    g_assert_cmpstr(mail_text, ==, expected);
    assert_fair(stories_text);
    g_assert_nonnull(strstr(stories_text, path));
}

/* An address is whole or not there. */
static void test_addresses(Fixture *fixture, gconstpointer data)
{
    static const struct {
        guint title, url;
        const char *between; /* (nullable): no address */
    } lengths[] = {
        { 10, 100, " " },   { 10, 383, " " },   { 10, 384, "\n" },
        { 240, 300, "\n" }, { 10, 1000, "\n" }, { 10, 1001, NULL },
    };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *title = g_strnfill(lengths[i].title, 't');
        g_autofree char *path = g_strnfill(lengths[i].url - strlen("http://"), 'u');
        g_autofree char *url = g_strconcat("http://", path, NULL);
        g_autofree char *json =
            g_strdup_printf("{\"event\":\"rss\",\"content\":{\"title\":\"%s\",\"link\":\" %s\\n\"}}", title, url);
        g_autofree char *expected =
            g_strconcat("[RSS] ", title, lengths[i].between, lengths[i].between ? url : NULL, NULL);
        g_autoptr(JsonNode) root = parse(json);
        g_autofree char *text = say(fixture, root);

        g_test_message("%u, %u", lengths[i].title, lengths[i].url);
        assert_fair(text);
        g_assert_cmpstr(text, ==, expected);
    }
}

static void test_no_addresses(Fixture *fixture, gconstpointer data)
{
    static const char *const links[] = { "", "x", "javascript:x", "http://a b", "http:/x", "://\\u202e\\u0000 x" };

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *json =
            g_strdup_printf("{\"event\":\"rss\",\"content\":{\"title\":\"News\",\"link\":\"%s\"}}", links[i]);
        g_autoptr(JsonNode) root = net_json_parse(json, strlen(json), NULL);
        g_autofree char *text = say(fixture, root);

        g_test_message("%s", links[i]);
        g_assert_cmpstr(text, ==, "[RSS] News");
    }
}

/* --------------------------------------------------------------------------------------------------------- mutations */

typedef struct {
    Fixture *fixture;
    GPtrArray *nodes; /* (element-type JsonNode): what takes the place of a member */
    JsonNode *root;   /* the event that is being changed */
    guint count;
} Mutations;

static void add_replacement(GPtrArray *nodes, const char *json)
{
    g_ptr_array_add(nodes, parse(json));
}

static void add_long_text(GPtrArray *nodes, const char *part)
{
    JsonNode *node = json_node_new(JSON_NODE_VALUE);
    g_autofree char *text = times(part, 100000 / (guint)strlen(part));

    json_node_set_string(node, text);
    g_ptr_array_add(nodes, node);
}

static GPtrArray *replacements(void)
{
    GPtrArray *nodes = g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);

    add_replacement(nodes, "null");
    add_replacement(nodes, "7");
    add_replacement(nodes, "\"\"");
    add_replacement(nodes, "\"%s %n \\\\n \\u202e <a href='x'>&lt;br&gt; \\u0007\"");
    add_replacement(nodes, "[null, 7, [], {}, \"text\"]");
    add_replacement(nodes, "{}");
    add_replacement(nodes, "{\"name\":{\"name\":[]},\"title\":true}");
    add_long_text(nodes, "x");
    add_long_text(nodes, "\xf0\x9f\x98\x80 http://e.com/\n");
    return nodes;
}

static void check(Mutations *mutations)
{
    g_autofree char *text = say(mutations->fixture, mutations->root);

    assert_fair(text);
    mutations->count++;
}

static void mutate(Mutations *mutations, JsonNode *node);

/* Each member is taken out, becomes each of the replacements, and is left alone. */
static void mutate_members(Mutations *mutations, JsonNode *node)
{
    g_autoptr(JsonObject) object = json_node_dup_object(node);
    g_autoptr(GList) members = json_object_get_members(object);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (GList *at = members; at; at = at->next)
        g_ptr_array_add(names, g_strdup(at->data));
    for (guint n = 0; n < names->len; n++) {
        const char *name = names->pdata[n];
        JsonNode *kept = json_object_dup_member(object, name);
        JsonObject *alone = json_object_new();

        mutate(mutations, json_object_get_member(object, name));
        json_object_remove_member(object, name);
        check(mutations);
        for (guint i = 0; i < mutations->nodes->len; i++) {
            json_object_set_member(object, name, json_node_copy(mutations->nodes->pdata[i]));
            check(mutations);
        }
        json_object_set_member(object, name, json_node_ref(kept));
        json_object_set_member(alone, name, kept);
        json_node_take_object(node, alone);
        check(mutations);
        json_node_set_object(node, object);
    }
}

static void check_list(Mutations *mutations, JsonNode *node, JsonArray *list)
{
    g_autoptr(JsonArray) kept = json_node_dup_array(node);

    json_node_take_array(node, list);
    check(mutations);
    json_node_set_array(node, kept);
}

/* Each element becomes each of the replacements; and the list grows far beyond what is shown of it. */
static void mutate_elements(Mutations *mutations, JsonNode *node)
{
    JsonArray *array = json_node_get_array(node);
    guint length = json_array_get_length(array);
    JsonArray *longer = json_array_new();

    for (guint i = 0; i < length; i++)
        mutate(mutations, json_array_get_element(array, i));
    for (guint i = 0; i < length * mutations->nodes->len; i++) {
        JsonArray *changed = json_array_new();

        for (guint k = 0; k < length; k++)
            json_array_add_element(changed, json_node_copy(k == i % length ? mutations->nodes->pdata[i / length]
                                                                           : json_array_get_element(array, k)));
        check_list(mutations, node, changed);
    }
    for (guint i = 0; length > 0 && i < 1000; i++)
        json_array_add_element(longer, json_node_copy(json_array_get_element(array, i % length)));
    check_list(mutations, node, longer);
}

static void mutate(Mutations *mutations, JsonNode *node)
{
    if (JSON_NODE_HOLDS_OBJECT(node))
        mutate_members(mutations, node);
    else if (JSON_NODE_HOLDS_ARRAY(node))
        mutate_elements(mutations, node);
}

/* Warnings of GLib and json-glib end the test, too. */
static void test_mutations(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) paths = samples();
    Mutations mutations = { .fixture = fixture, .nodes = replacements() };

    (void)data;
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *json = load(paths->pdata[i]);
        g_autoptr(JsonNode) root = mutations.root = parse(json);

        if (!is_of_inbox(root))
            continue;
        g_test_message("%s", (const char *)paths->pdata[i]);
        mutate(&mutations, root);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) root = mutations.root = event_of(&cases[i]);

        g_test_message("%s: %s", cases[i].event, cases[i].name);
        mutate(&mutations, root);
    }
    g_test_message("%u events", mutations.count);
    g_assert_cmpuint(mutations.count, >, 10000);
    g_ptr_array_unref(mutations.nodes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/flowdock/event-inbox/" path, Fixture, NULL, set_up, test, tear_down)
    ADD("samples", test_samples);
    ADD("cases", test_cases);
    ADD("cut", test_cut);
    ADD("cut-line", test_cut_line);
    ADD("addresses", test_addresses);
    ADD("no-addresses", test_no_addresses);
    ADD("mutations", test_mutations);
    return g_test_run();
}
