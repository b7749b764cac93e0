/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of what comes from repositories. Sheet: 5.5, 5.6, 8. */
#include "fd-event-inbox.h"

#include "net/net-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SHORT_SHA 7
/* So many commits are shown of more; one that would be alone under "and 1 more" is shown instead. Sheet: 8, "push". */
#define MAX_COMMITS 3

/* Returns: (transfer full) (nullable): "BRANCH @ REPOSITORY", or one of the two. */
static char *place(const char *branch, const char *repository)
{
    if (branch && repository)
        return g_strdup_printf("%s @ %s", branch, repository);
    return g_strdup(branch ? branch : repository);
}

/* Returns: (transfer full) (nullable): both with a blank between, or one of the two. */
static char *pair(const char *first, const char *second)
{
    if (first && second)
        return g_strdup_printf("%s %s", first, second);
    return g_strdup(first ? first : second);
}

/* ----------------------------------------------------------------------------------------------------------- GitHub */

/* What the hooks name is an address of GitHub's API; people want the page. */
static char *repository_url(JsonObject *repository)
{
    static const char api[] = "https://api.github.com/repos/";
    g_autofree char *url = fd_inbox_url(repository, "html_url|url");

    if (url && g_str_has_prefix(url, api))
        return g_strconcat("https://github.com/", url + strlen(api), NULL);
    return g_steal_pointer(&url);
}

static char *repository_name(JsonObject *repository)
{
    g_autofree char *owner = fd_inbox_person(repository, "owner");
    g_autofree char *name = fd_inbox_name(repository, "full_name|name");

    if (owner && name && !strchr(name, '/'))
        return g_strdup_printf("%s/%s", owner, name);
    return g_steal_pointer(&name);
}

/* Returns: (transfer full) (nullable): "#4: Herp derp", or one of the two. */
static char *numbered(JsonObject *thing)
{
    gint64 number = net_json_int(thing, "number", 0);
    g_autofree char *title = fd_inbox_title(thing, "title");

    if (number <= 0)
        return g_steal_pointer(&title);
    return g_strdup_printf("#%" G_GINT64_FORMAT "%s%s", number, title ? ": " : "", title ? title : "");
}

static char *short_sha(JsonObject *object, const char *names)
{
    char *sha = fd_inbox_name(object, names);

    if (sha && g_utf8_strlen(sha, -1) > SHORT_SHA)
        *g_utf8_offset_to_pointer(sha, SHORT_SHA) = '\0';
    return sha;
}

/* Sheet: 5.6: the id has two names, the title may have to be taken from the message. */
static char *commit_line(JsonObject *commit)
{
    g_autofree char *sha = short_sha(commit, "id|sha");
    g_autofree char *author = fd_inbox_person(commit, "author|committer");
    g_autofree char *title = fd_inbox_first_line(net_json_string(commit, "title"), TRUE);
    g_autofree char *text = NULL;

    if (!title)
        title = fd_inbox_first_line(net_json_string(commit, "message"), TRUE);
    text = pair(sha, title);
    if (!text)
        return NULL;
    return author ? g_strdup_printf("* %s (%s)", text, author) : g_strdup_printf("* %s", text);
}

static void add_commit(FdInbox *inbox, JsonObject *commit)
{
    g_autofree char *line = commit_line(commit);

    fd_inbox_line(inbox, line, NULL);
}

/* Listed oldest first, shown newest first. */
static void add_commits(FdInbox *inbox, JsonArray *commits)
{
    guint count = json_array_get_length(commits);
    guint shown = count == MAX_COMMITS + 1 ? count : MIN(count, MAX_COMMITS);

    for (guint i = 1; i <= shown; i++)
        add_commit(inbox, net_json_object_of(json_array_get_element(commits, count - i)));
    fd_inbox_more(inbox, count - shown);
}

typedef enum {
    PUSH_COMMITS,
    PUSH_FORCED,
    PUSH_CREATED,
    PUSH_DELETED,
} PushKind;

static PushKind push_kind(JsonObject *push)
{
    if (fd_inbox_flag(push, "created"))
        return PUSH_CREATED;
    if (fd_inbox_flag(push, "deleted"))
        return PUSH_DELETED;
    return fd_inbox_flag(push, "forced") ? PUSH_FORCED : PUSH_COMMITS;
}

/* Returns: (transfer full) (nullable): the branch or tag; its name may hold slashes. */
static char *pushed_name(JsonObject *push)
{
    g_autofree char *branch = fd_inbox_name(push, "branch");
    g_autofree char *ref = branch ? NULL : fd_inbox_name(push, "ref");
    g_auto(GStrv) parts = g_strsplit(ref ? ref : "", "/", 3);

    if (branch || !ref)
        return g_steal_pointer(&branch);
    return g_strdup(parts[g_strv_length(parts) - 1]);
}

/* clang-format off */
static const char *const branch_sentences[] = {
    /* Translators: %s is a person, and a branch: "master @ acme/shop". */
    [PUSH_COMMITS] = N_("%s pushed to %s"),
    [PUSH_FORCED]  = N_("%s force-pushed to %s"),
    [PUSH_CREATED] = N_("%s created branch %s"),
    [PUSH_DELETED] = N_("%s deleted branch %s"),
};

static const char *const tag_sentences[] = {
    /* Translators: %s is a person, and a tag: "v1 @ acme/shop". */
    [PUSH_COMMITS] = N_("%s moved tag %s"),
    [PUSH_FORCED]  = N_("%s moved tag %s"),
    [PUSH_CREATED] = N_("%s created tag %s"),
    [PUSH_DELETED] = N_("%s deleted tag %s"),
};
/* clang-format on */

static void say_push(FdInbox *inbox, JsonObject *push)
{
    JsonObject *repository = net_json_object(push, "repository");
    JsonArray *commits = net_json_array(push, "commits");
    PushKind kind = push_kind(push);
    const char *ref = net_json_string(push, "ref");
    gboolean is_tag = ref && g_str_has_prefix(ref, "refs/tags/");
    gboolean comes_or_goes = is_tag || kind == PUSH_CREATED || kind == PUSH_DELETED;
    g_autofree char *who = fd_inbox_person(push, "pusher|sender");
    g_autofree char *branch = pushed_name(push);
    g_autofree char *project = repository_name(repository);
    g_autofree char *what = place(branch, project);
    g_autofree char *url = comes_or_goes ? NULL : fd_inbox_url(push, "compare");
    FdInboxSaying saying = { .type = "push", .who = who, .what = what };

    if (!url)
        url = repository_url(repository);
    saying.url = url;
    /* Without its name it would be the repository that comes or goes. */
    if (branch || !comes_or_goes)
        saying.sentence = _((is_tag ? tag_sentences : branch_sentences)[kind]);
    fd_inbox_say(inbox, &saying);
    if (commits && json_array_get_length(commits) > 0)
        add_commits(inbox, commits);
    else if (kind != PUSH_DELETED)
        add_commit(inbox, net_json_object(push, "head_commit"));
}

/* clang-format off */
static const FdInboxVerb pull_verbs[] = {
    /* Translators: the second is "#12: Title of the pull request". */
    { "opened",      N_("%s opened pull request %s") },
    { "closed",      N_("%s closed pull request %s") },
    { "merged",      N_("%s merged pull request %s") },
    { "reopened",    N_("%s reopened pull request %s") },
    { "synchronize", N_("%s updated pull request %s") },
};

static const FdInboxVerb issue_verbs[] = {
    /* Translators: the second is "#12: Title of the issue". */
    { "opened",      N_("%s opened issue %s") },
    { "closed",      N_("%s closed issue %s") },
    { "reopened",    N_("%s reopened issue %s") },
};
/* clang-format on */

static void say_pull_request(FdInbox *inbox, JsonObject *content)
{
    JsonObject *pull = net_json_object(content, "pull_request");
    const char *action = net_json_string(content, "action");
    gboolean merged = g_strcmp0(action, "closed") == 0 && fd_inbox_flag(pull, "merged");
    const char *type = merged ? "merged" : action ? action : "pull_request";
    g_autofree char *who = fd_inbox_person(content, "sender");
    g_autofree char *what = numbered(pull);
    g_autofree char *url = fd_inbox_url(pull, "html_url|issue_url");
    FdInboxSaying saying = { .type = type, .who = who, .what = what, .url = url };

    saying.sentence = fd_inbox_sentence(pull_verbs, G_N_ELEMENTS(pull_verbs), type);
    fd_inbox_say(inbox, &saying);
    if (g_strcmp0(action, "opened") == 0)
        fd_inbox_quote(inbox, net_json_string(pull, "body"));
}

static void say_issue(FdInbox *inbox, JsonObject *content)
{
    JsonObject *issue = net_json_object(content, "issue");
    const char *action = net_json_string(content, "action");
    g_autofree char *who = fd_inbox_person(content, "sender");
    g_autofree char *what = numbered(issue);
    g_autofree char *url = fd_inbox_url(issue, "html_url");
    FdInboxSaying saying = { .type = action ? action : "issues", .who = who, .what = what, .url = url };

    saying.sentence = fd_inbox_sentence(issue_verbs, G_N_ELEMENTS(issue_verbs), action);
    fd_inbox_say(inbox, &saying);
    if (g_strcmp0(action, "opened") == 0)
        fd_inbox_quote(inbox, net_json_string(issue, "body"));
}

/* Comments can also be edited and deleted. */
static gboolean is_new(JsonObject *content)
{
    const char *action = net_json_string(content, "action");

    return !action || strcmp(action, "created") == 0;
}

static void say_issue_comment(FdInbox *inbox, JsonObject *content)
{
    JsonObject *issue = net_json_object(content, "issue");
    JsonObject *comment = net_json_object(content, "comment");
    JsonObject *pull = net_json_object(issue, "pull_request");
    g_autofree char *who = fd_inbox_person(comment, "user");
    g_autofree char *what = numbered(issue);
    g_autofree char *url = fd_inbox_url(pull, "html_url");
    FdInboxSaying saying = { .type = is_new(content) ? "issue_comment" : net_json_string(content, "action") };

    if (!who)
        who = fd_inbox_person(content, "sender");
    if (!url)
        url = fd_inbox_url(issue, "html_url");
    if (is_new(content))
        saying.sentence = pull ? _("%s commented on pull request %s") : _("%s commented on issue %s");
    saying.who = who;
    saying.what = what;
    saying.url = url;
    fd_inbox_say(inbox, &saying);
    fd_inbox_quote(inbox, net_json_string(comment, "body"));
}

static void say_commit_comment(FdInbox *inbox, JsonObject *content)
{
    JsonObject *comment = net_json_object(content, "comment");
    g_autofree char *who = fd_inbox_person(comment, "user");
    g_autofree char *sha = short_sha(comment, "commit_id");
    g_autofree char *what = sha ? g_strconcat("#", sha, NULL) : NULL;
    g_autofree char *url = fd_inbox_url(comment, "html_url");
    FdInboxSaying saying = { .type = "commit_comment", .what = what, .url = url };

    if (!who)
        who = fd_inbox_person(content, "sender");
    saying.who = who;
    saying.sentence = is_new(content) ? _("%s commented on commit %s") : NULL;
    fd_inbox_say(inbox, &saying);
    fd_inbox_quote(inbox, net_json_string(comment, "body"));
}

/* Any other hook: what it is about, and its page. */
static void say_hook(FdInbox *inbox, JsonObject *content)
{
    JsonObject *repository = net_json_object(content, "repository");
    JsonObject *issue = net_json_object(content, "issue");
    JsonObject *thing = issue ? issue : net_json_object(content, "pull_request");
    g_autofree char *who = fd_inbox_person(content, "sender|pusher");
    g_autofree char *what = numbered(thing);
    g_autofree char *url = fd_inbox_url(thing, "html_url");
    FdInboxSaying saying = { .type = net_json_string(content, "event") };

    if (!what)
        what = repository_name(repository);
    if (!url)
        url = repository_url(repository);
    saying.who = who;
    saying.what = what;
    saying.url = url;
    fd_inbox_say(inbox, &saying);
}

typedef void (*SayHook)(FdInbox *inbox, JsonObject *content);

char *fd_event_inbox_vcs(FdState *state, const FdMessage *message)
{
    static const struct {
        const char *event;
        SayHook say;
    } hooks[] = {
        { "push", say_push },
        { "pull_request", say_pull_request },
        { "issues", say_issue },
        { "issue_comment", say_issue_comment },
        { "commit_comment", say_commit_comment },
    };
    JsonObject *content = net_json_object_of(message->content);
    const char *event = net_json_string(content, "event");
    /* Early pushes have no name. */
    SayHook say = event ? say_hook : say_push;
    g_auto(FdInbox) inbox = fd_inbox_begin("[GitHub]");

    (void)state;
    for (gsize i = 0; event && i < G_N_ELEMENTS(hooks); i++)
        if (strcmp(hooks[i].event, event) == 0)
            say = hooks[i].say;
    say(&inbox, content);
    return fd_inbox_finish(&inbox);
}

/* ------------------------------------------------------------------------------------------------------- Subversion */

char *fd_event_inbox_svn(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    const char *action = net_json_string(content, "action");
    gboolean created = g_strcmp0(action, "branch_create") == 0;
    gboolean deleted = g_strcmp0(action, "branch_delete") == 0;
    g_autofree char *who = fd_inbox_person(content, "author");
    g_autofree char *repository = fd_inbox_person(content, "repository");
    g_autofree char *branch = fd_inbox_name(content, "branch");
    g_autofree char *where = place(branch, repository);
    g_autofree char *revision = fd_inbox_name(content, "revision");
    g_autofree char *log = fd_inbox_first_line(net_json_string(content, "message"), FALSE);
    g_autofree char *what = pair(revision, log);
    g_autofree char *url = fd_inbox_url(content, "revision_url");
    FdInboxSaying saying = { .type = action, .who = who, .what = what, .where = where, .url = url };
    const char *quoted = NULL;
    g_auto(FdInbox) inbox = fd_inbox_begin("[Subversion]");

    (void)state;
    if (g_strcmp0(action, "commit") == 0) {
        /* Translators: a person, what was committed ("r7 First line of the log message"), and where. */
        saying.sentence = _("%1$s committed to %3$s: %2$s");
    } else if (branch && (created || deleted)) {
        saying.sentence = _(branch_sentences[created ? PUSH_CREATED : PUSH_DELETED]);
        saying.what = where;
        quoted = log;
    }
    fd_inbox_say(&inbox, &saying);
    fd_inbox_quote(&inbox, quoted);
    return fd_inbox_finish(&inbox);
}
