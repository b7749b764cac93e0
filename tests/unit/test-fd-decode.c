/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd-decode: what was captured decodes, and no shape of JSON does harm. */
#include "flowdock/api/fd-decode.h"

#include <string.h>

#include "net/net-json.h"
#include "test-util.h"

#define LATEST_MS G_GINT64_CONSTANT(253402300799000)

static JsonNode *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    JsonNode *root = net_json_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return root;
}

static JsonNode *load(const char *name)
{
    g_autofree char *path = test_data_path(name);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return parse(text);
}

/* ------------------------------------------------------------------------------------------------ what holds always */

static void assert_sane_path(const char *path)
{
    const char *slash = strchr(path, '/');

    g_assert_true(slash && slash > path && slash[1]);
    g_assert_null(strchr(slash + 1, '/'));
    g_assert_null(strpbrk(path, " \t\r\n\x7f"));
    g_assert_false(g_str_has_prefix(path, "./") || g_str_has_prefix(path, "../"));
    g_assert_false(g_str_has_suffix(path, "/.") || g_str_has_suffix(path, "/.."));
}

static void assert_one_line(const char *text)
{
    g_assert_nonnull(text);
    g_assert_null(strpbrk(text, "\r\n\t"));
}

static void assert_web_address(const char *url)
{
    const char *scheme = g_uri_peek_scheme(url);

    g_assert_true(g_strcmp0(scheme, "http") == 0 || g_strcmp0(scheme, "https") == 0);
    g_assert_null(strpbrk(url, " \t\r\n"));
}

static void assert_sane_user(const FdUser *user)
{
    g_assert_cmpint(user->id, >, 0);
    g_assert_true(user->nick && *user->nick);
    if (user->avatar)
        assert_web_address(user->avatar);
    if (user->website)
        assert_web_address(user->website);
    if (user->status)
        assert_one_line(user->status);
    g_assert_true(!user->status || *user->status);
    g_assert_true(user->last_activity_ms >= 0 && user->last_activity_ms <= LATEST_MS);
}

static void assert_sane_flow(const FdFlow *flow)
{
    g_assert_true(*flow->id && *flow->name);
    g_assert_nonnull(flow->org_name);
    assert_sane_path(flow->path);
    g_assert_true(!flow->access_mode || *flow->access_mode);
    for (guint i = 0; flow->users && i < flow->users->len; i++)
        assert_sane_user(flow->users->pdata[i]);
}

static void assert_sane_message(const FdMessage *message)
{
    g_assert_nonnull(message->event);
    g_assert_nonnull(message->json);
    g_assert_nonnull(message->tags);
    g_assert_cmpuint(g_strv_length(message->tags), <=, FD_DECODE_MAX_TAGS);
    g_assert_cmpint(message->id, >=, 0);
    g_assert_cmpint(message->user, >=, 0);
    g_assert_cmpint(message->to, >=, 0);
    g_assert_true(message->sent_ms >= 0 && message->sent_ms <= LATEST_MS);
    g_assert_true(!message->flow || *message->flow);
    g_assert_false(message->past);
    fd_message_get_text(message);
    fd_message_has_tag(message, ":user:everyone");
}

static void assert_sane_thread(const FdThreadInfo *thread)
{
    const char *const optional[] = { thread->status, thread->color, thread->source };

    g_assert_true(thread->id && *thread->id);
    assert_one_line(thread->title);
    for (gsize i = 0; i < G_N_ELEMENTS(optional); i++)
        g_assert_true(!optional[i] || *optional[i]);
    g_assert_true(!thread->body || *thread->body);
    g_assert_true(!thread->updated || (*thread->updated && thread->updated_ms > 0));
    g_assert_true(thread->updated_ms >= 0 && thread->updated_ms <= LATEST_MS);
    g_assert_cmpint(thread->initial, >=, 0);
    g_assert_cmpuint(thread->fields->len, <=, FD_DECODE_MAX_FIELDS);
    g_assert_cmpuint(thread->actions->len, <=, FD_DECODE_MAX_FIELDS);
    if (thread->url)
        assert_web_address(thread->url);
    for (guint i = 0; i < thread->fields->len; i++) {
        const FdThreadField *field = thread->fields->pdata[i];

        assert_one_line(field->label);
        g_assert_nonnull(field->value);
    }
    for (guint i = 0; i < thread->actions->len; i++) {
        const FdThreadAction *action = thread->actions->pdata[i];

        assert_one_line(action->name);
        g_assert_true(*action->name);
        assert_web_address(action->url);
        g_assert_true(!action->method || *action->method);
    }
}

/* Each decodes, checks and frees. Returns: whether there was something. */
static gboolean try_user(JsonNode *node)
{
    g_autoptr(FdUser) user = fd_decode_user(node);

    if (user)
        assert_sane_user(user);
    return user != NULL;
}

static gboolean try_flow(JsonNode *node)
{
    g_autoptr(FdFlow) flow = fd_decode_flow(node);

    if (flow)
        assert_sane_flow(flow);
    return flow != NULL;
}

static gboolean try_message(JsonNode *node)
{
    g_autoptr(FdMessage) message = fd_decode_message(node);

    if (message)
        assert_sane_message(message);
    return message != NULL;
}

static gboolean try_thread(JsonNode *node)
{
    g_autoptr(FdThreadInfo) thread = fd_decode_thread(node, NULL);

    if (thread)
        assert_sane_thread(thread);
    return thread != NULL;
}

/* What comes in lists only. (transfer full): the list decoded of this one, or of nothing for NULL. */
static GPtrArray *decode_alone(GPtrArray *(*decode)(JsonNode *), JsonNode *node)
{
    g_autoptr(JsonNode) root = json_node_init_array(json_node_alloc(), NULL);
    GPtrArray *list;

    json_node_take_array(root, json_array_new());
    if (node)
        json_array_add_element(json_node_get_array(root), json_node_ref(node));
    list = decode(root);
    g_assert_nonnull(list);
    return list;
}

static gboolean try_org(JsonNode *node)
{
    g_autoptr(FdOrg) org = fd_decode_org(node);
    g_autofree char *path = org ? g_strconcat(org->slug, "/x", NULL) : NULL;

    if (!org)
        return FALSE;
    g_assert_cmpint(org->id, >, 0);
    assert_sane_path(path);
    assert_one_line(org->name);
    g_assert_true(*org->name);
    for (guint i = 0; i < org->users->len; i++)
        assert_sane_user(org->users->pdata[i]);
    return TRUE;
}

static gboolean try_invitation(JsonNode *node)
{
    g_autoptr(GPtrArray) list = decode_alone(fd_decode_invitations, node);
    const FdInvitation *invitation = list->len ? list->pdata[0] : NULL;

    if (!invitation)
        return FALSE;
    g_assert_cmpint(invitation->id, >, 0);
    assert_one_line(invitation->email);
    g_assert_true(*invitation->email);
    g_assert_true(!invitation->state || *invitation->state);
    return TRUE;
}

static gboolean try_private(JsonNode *node)
{
    g_autoptr(GPtrArray) list = decode_alone(fd_decode_privates, node);

    if (list->len > 0)
        g_assert_cmpint(((const FdPrivate *)list->pdata[0])->user, >, 0);
    return list->len > 0;
}

typedef gboolean (*Try)(JsonNode *node);

/* --------------------------------------------------------------------------------------------------- hostile shapes */

static const char *const hostile[] = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "1e400",
    "-1e400",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "123456789012345678901234567890",
    "\"\"",
    "\" \"",
    "\"\\n\"",
    "\"x\"",
    "\"-1\"",
    "\"99999999999999999999\"",
    "\"a/b\"",
    "\"../..\"",
    "\"\\u0000\"",
    "\"\\u202e\\ud800\"",
    "\"%s%n\"",
    "[]",
    "{}",
    "[null]",
    "[[[[1]]]]",
    "[{\"id\":null},{\"id\":-1},7]",
    "{\"id\":{\"id\":[]}}",
    "{\"name\":7,\"parameterized_name\":[]}",
    "{\"parameterized_name\":\"\"}",
    "{\"parameterized_name\":\"..\",\"name\":\"\"}",
};

static const struct {
    const char *name;
    Try decode;
    const char *good;
    const char *needed; /* members without which nothing is decoded, each between commas */
} shapes[] = {
    { "user", try_user,
      "{\"id\":7,\"nick\":\"ann\",\"name\":\"Ann\",\"email\":\"ann@example.com\",\"disabled\":false,\"in_flow\":true,"
      "\"avatar\":\"https://example.com/a/\",\"website\":\"http://example.com/\",\"status\":\"away\","
      "\"last_activity\":1334660642345,\"admin\":true}",
      ",id," },
    { "flow", try_flow,
      "{\"id\":\"deadbeef\",\"name\":\"Main\",\"parameterized_name\":\"main\",\"organization\":{\"name\":\"Acme\","
      "\"parameterized_name\":\"acme\"},\"url\":\"https://api.example.com/flows/acme/main\",\"web_url\":"
      "\"https://www.example.com/app/acme/main\",\"open\":true,\"joined\":true,\"disabled\":false,"
      "\"access_mode\":\"link\",\"users\":[{\"id\":7,\"nick\":\"ann\"}]}",
      ",id," },
    { "flow known by address only", try_flow,
      "{\"id\":12,\"name\":\"Main\",\"organization\":\"Acme\",\"url\":\"https://api.example.com/flows/acme/main\"}",
      ",id,url," },
    { "message", try_message,
      "{\"id\":5,\"event\":\"message\",\"flow\":\"deadbeef\",\"to\":\"3\",\"user\":\"7\",\"user_id\":7,"
      "\"sent\":1334660642345,\"created_at\":\"2012-04-17T11:04:02.345Z\",\"external_user_name\":\"Eve\",\"uuid\":"
      "\"u\","
      "\"thread_id\":\"t\",\"tags\":[\":user:7\"],\"content\":\"hello\"}",
      ",event," },
    { "thread", try_thread,
      "{\"id\":\"abc\",\"title\":\"T\",\"body\":\"B\",\"external_url\":\"https://example.com/1\",\"status\":"
      "{\"value\":\"open\",\"color\":\"red\"},\"actions\":[{\"@type\":\"ViewAction\",\"name\":\"Diff\",\"url\":"
      "\"https://example.com/2\"}],\"fields\":[{\"label\":\"a\",\"value\":\"b\"}],\"source\":{\"application\":"
      "\"App\"},\"initial_message\":5,\"activities\":1,\"internal_comments\":2,\"external_comments\":3,"
      "\"created_at\":\"2014-10-28T15:33:17.000Z\",\"updated_at\":\"2014-10-28T15:49:31.197Z\"}",
      ",id," },
    { "organization", try_org,
      "{\"id\":8,\"name\":\"Acme\",\"parameterized_name\":\"acme\",\"users\":[{\"id\":7,\"nick\":\"ann\"}]}",
      ",id,parameterized_name," },
    { "invitation", try_invitation, "{\"id\":9,\"email\":\"ann@example.com\",\"state\":\"pending\"}", ",id,email," },
    { "private conversation", try_private,
      "{\"id\":42,\"open\":true,\"activity\":{\"inbox\":false,\"mentions\":1,\"chat\":true}}", ",id," },
};

static gboolean is_needed(const char *needed, const char *member)
{
    g_autofree char *between = g_strdup_printf(",%s,", member);

    return strstr(needed, between) != NULL;
}

static void test_each_member(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(JsonNode) good = parse(shapes[i].good);
        g_autoptr(GList) members = json_object_get_members(json_node_get_object(good));

        g_assert_true(shapes[i].decode(good));
        for (GList *member = members; member; member = member->next) {
            gboolean needed = is_needed(shapes[i].needed, member->data);
            g_autoptr(JsonNode) without = parse(shapes[i].good);

            g_test_message("%s: %s", shapes[i].name, (const char *)member->data);
            json_object_remove_member(json_node_get_object(without), member->data);
            g_assert_true(shapes[i].decode(without) == !needed);
            for (gsize k = 0; k < G_N_ELEMENTS(hostile); k++) {
                g_autoptr(JsonNode) changed = parse(shapes[i].good);
                gboolean decoded;

                json_object_set_member(json_node_get_object(changed), member->data, parse(hostile[k]));
                decoded = shapes[i].decode(changed);
                g_assert_true(decoded || needed);
            }
        }
    }
}

static void test_each_root(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_assert_false(shapes[i].decode(NULL));
        for (gsize k = 0; k < G_N_ELEMENTS(hostile); k++) {
            g_autoptr(JsonNode) node = parse(hostile[k]);

            g_test_message("%s: %s", shapes[i].name, hostile[k]);
            g_assert_false(shapes[i].decode(node));
        }
    }
}

/* Several wrong members at once, also inside the flow's organization and people. */
static void test_members_at_random(void)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);

    g_test_message("seed %u", seed);
    for (guint round = 0; round < 5000; round++) {
        gsize i = (gsize)g_rand_int_range(dice, 0, G_N_ELEMENTS(shapes));
        g_autoptr(JsonNode) node = parse(shapes[i].good);
        JsonObject *object = json_node_get_object(node);
        g_autoptr(GList) members = json_object_get_members(object);

        for (GList *member = members; member; member = member->next) {
            const char *value = hostile[g_rand_int_range(dice, 0, G_N_ELEMENTS(hostile))];
            JsonObject *inner = net_json_object(object, member->data);

            if (inner && g_rand_boolean(dice))
                json_object_set_member(inner, "parameterized_name", parse(value));
            else if (g_rand_int_range(dice, 0, 3) == 0)
                json_object_set_member(object, member->data, parse(value));
        }
        shapes[i].decode(node);
    }
}

/* ------------------------------------------------------------------------------------------------------ good values */

static void test_user(void)
{
    static const struct {
        const char *text;
        gint64 id; /* 0: none */
        const char *nick, *name, *email;
        gboolean disabled, in_flow;
    } cases[] = {
        { "{\"id\":7,\"nick\":\"ann\",\"name\":\"Ann\",\"email\":\"a@b\"}", 7, "ann", "Ann", "a@b", FALSE, TRUE },
        { "{\"id\":\"7\",\"nick\":\"ann\",\"disabled\":true}", 7, "ann", NULL, NULL, TRUE, TRUE },
        { "{\"id\":7,\"nick\":\"ann\",\"in_flow\":false}", 7, "ann", NULL, NULL, FALSE, FALSE },
        { "{\"id\":7,\"nick\":\"ann\",\"in_flow\":null,\"disabled\":null}", 7, "ann", NULL, NULL, FALSE, TRUE },
        { "{\"id\":7,\"nick\":\"ann\",\"in_flow\":0,\"disabled\":\"yes\"}", 7, "ann", NULL, NULL, FALSE, TRUE },
        { "{\"id\":7}", 7, "7", NULL, NULL, FALSE, TRUE },
        { "{\"id\":7,\"nick\":\"\"}", 7, "7", NULL, NULL, FALSE, TRUE },
        { "{\"id\":7,\"nick\":12,\"name\":12,\"email\":[]}", 7, "7", NULL, NULL, FALSE, TRUE },
        { "{\"id\":9223372036854775807,\"nick\":\"x\"}", G_MAXINT64, "x", NULL, NULL, FALSE, TRUE },
        { "{\"id\":0,\"nick\":\"ann\"}", 0, NULL, NULL, NULL, FALSE, FALSE },
        { "{\"id\":-7,\"nick\":\"ann\"}", 0, NULL, NULL, NULL, FALSE, FALSE },
        { "{\"id\":\"ann\",\"nick\":\"ann\"}", 0, NULL, NULL, NULL, FALSE, FALSE },
        { "{\"nick\":\"ann\"}", 0, NULL, NULL, NULL, FALSE, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdUser) user = fd_decode_user(node);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(user ? user->id : 0, ==, cases[i].id);
        if (!user)
            continue;
        g_assert_cmpstr(user->nick, ==, cases[i].nick);
        g_assert_cmpstr(user->name, ==, cases[i].name);
        g_assert_cmpstr(user->email, ==, cases[i].email);
        g_assert_cmpint(user->disabled, ==, cases[i].disabled);
        g_assert_cmpint(user->in_flow, ==, cases[i].in_flow);
    }
}

/* Who clicks must get to a web page, and a status is one short line. */
static void test_user_profile(void)
{
    static const struct {
        const char *text, *avatar, *website, *status;
        gint64 last_activity_ms;
        gboolean admin;
    } cases[] = {
        { "{\"id\":7}", NULL, NULL, NULL, 0, FALSE },
        { "{\"id\":7,\"avatar\":null,\"website\":null,\"status\":null,\"last_activity\":null,\"admin\":null}", NULL,
          NULL, NULL, 0, FALSE },
        { "{\"id\":7,\"avatar\":\"https://h.example/a/\",\"website\":\"HTTP://h.example/b\",\"admin\":true}",
          "https://h.example/a/", "HTTP://h.example/b", NULL, 0, TRUE },
        { "{\"id\":7,\"avatar\":\"file:///etc/passwd\",\"website\":\"javascript:alert(1)\"}", NULL, NULL, NULL, 0,
          FALSE },
        { "{\"id\":7,\"avatar\":\"/avatars/1/\",\"website\":\"www.example.com\"}", NULL, "http://www.example.com", NULL,
          0, FALSE },
        { "{\"id\":7,\"avatar\":\"https://h.example/ a\",\"website\":\"ftp://h.example/\"}", NULL, NULL, NULL, 0,
          FALSE },
        { "{\"id\":7,\"avatar\":\"\",\"website\":\"ann@example.com\",\"status\":\"\"}", NULL, NULL, NULL, 0, FALSE },
        { "{\"id\":7,\"status\":\" Testing\\n\\u202eAPI \"}", NULL, NULL, "Testing API", 0, FALSE },
        { "{\"id\":7,\"status\":\"\\n\"}", NULL, NULL, NULL, 0, FALSE },
        { "{\"id\":7,\"last_activity\":1328016726423000}", NULL, NULL, NULL, G_GINT64_CONSTANT(1328016726423), FALSE },
        { "{\"id\":7,\"last_activity\":1351230217794}", NULL, NULL, NULL, G_GINT64_CONSTANT(1351230217794), FALSE },
        { "{\"id\":7,\"last_activity\":-5,\"admin\":1}", NULL, NULL, NULL, 0, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdUser) user = fd_decode_user(node);

        g_test_message("%s", cases[i].text);
        g_assert_nonnull(user);
        g_assert_cmpstr(user->avatar, ==, cases[i].avatar);
        g_assert_cmpstr(user->website, ==, cases[i].website);
        g_assert_cmpstr(user->status, ==, cases[i].status);
        g_assert_cmpint(user->last_activity_ms, ==, cases[i].last_activity_ms);
        g_assert_cmpint(user->admin, ==, cases[i].admin);
    }
}

static void test_user_limits(void)
{
    g_autoptr(JsonNode) node = parse("{\"id\":7}");
    g_autofree char *much = g_strnfill(100000, 'x');
    g_autofree char *url = g_strconcat("http://h.example/", much, NULL);
    JsonObject *object = json_node_get_object(node);
    g_autoptr(FdUser) user = NULL;

    json_object_set_string_member(object, "avatar", url);
    json_object_set_string_member(object, "website", url);
    json_object_set_string_member(object, "status", much);
    user = fd_decode_user(node);
    g_assert_null(user->avatar);
    g_assert_null(user->website);
    g_assert_cmpuint(strlen(user->status), ==, 1000);
}

static void test_flow(void)
{
    static const struct {
        const char *text, *id, *path, *name, *org;
    } cases[] = {
        { "{\"id\":\"a:b\",\"name\":\"B\",\"parameterized_name\":\"b\",\"organization\":{\"name\":\"A\","
          "\"parameterized_name\":\"a\"},\"url\":\"https://h/flows/other/one\"}",
          "a:b", "a/b", "B", "A" },
        { "{\"id\":5,\"organization\":\"A\",\"url\":\"https://h/flows/a/b\"}", "5", "a/b", "a/b", "A" },
        { "{\"id\":\"x\",\"name\":\"\",\"url\":\"https://h/flows/a/b\"}", "x", "a/b", "a/b", "" },
        { "{\"id\":\"x\",\"name\":\"B\",\"parameterized_name\":\"b\",\"url\":\"https://h/flows/a/c\"}", "x", "a/c", "B",
          "" },
        { "{\"id\":\"x\",\"parameterized_name\":\"b/c\",\"organization\":{\"parameterized_name\":\"a\"},"
          "\"url\":\"https://h/flows/a/d\"}",
          "x", "a/d", "a/d", "" },
        { "{\"id\":\"x\",\"parameterized_name\":\"b\\nc\",\"organization\":{\"parameterized_name\":\"a\"}}", NULL, NULL,
          NULL, NULL },
        { "{\"id\":\"x\",\"parameterized_name\":\"..\",\"organization\":{\"parameterized_name\":\"a\"}}", NULL, NULL,
          NULL, NULL },
        { "{\"id\":\"x\",\"name\":\"B\"}", NULL, NULL, NULL, NULL },
        { "{\"id\":\"\",\"url\":\"https://h/flows/a/b\"}", NULL, NULL, NULL, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdFlow) flow = fd_decode_flow(node);

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(flow ? flow->id : NULL, ==, cases[i].id);
        g_assert_cmpstr(flow ? flow->path : NULL, ==, cases[i].path);
        g_assert_cmpstr(flow ? flow->name : NULL, ==, cases[i].name);
        g_assert_cmpstr(flow ? flow->org_name : NULL, ==, cases[i].org);
    }
}

static void test_flow_access_mode(void)
{
    static const struct {
        const char *value, *mode;
    } cases[] = {
        { "\"invitation\"", "invitation" },
        { "\"link\"", "link" },
        { "\"organization\"", "organization" },
        { "\"later\\nkind\"", "later kind" },
        { "\"\"", NULL },
        { "null", NULL },
        { "7", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf("{\"id\":\"x\",\"url\":\"https://h/flows/a/b\",\"access_mode\":%s}", cases[i].value);
        g_autoptr(JsonNode) node = parse(text);
        g_autoptr(FdFlow) flow = fd_decode_flow(node);

        g_test_message("%s", text);
        g_assert_cmpstr(flow->access_mode, ==, cases[i].mode);
    }
}

static void test_message(void)
{
    static const struct {
        const char *text;
        gint64 id, to, user, sent_ms;
        const char *flow, *content;
        guint tags;
    } cases[] = {
        { "{\"event\":\"x\"}", 0, 0, 0, 0, NULL, NULL, 0 },
        { "{\"event\":\"x\",\"id\":9,\"user\":\"3\",\"to\":\"4\",\"content\":\"c\"}", 9, 4, 3, 0, NULL, "c", 0 },
        { "{\"event\":\"x\",\"id\":\"9\",\"user\":3,\"to\":4,\"flow\":12}", 9, 4, 3, 0, "12", NULL, 0 },
        { "{\"event\":\"x\",\"id\":-9,\"user\":-3,\"to\":-4,\"flow\":\"\"}", 0, 0, 0, 0, NULL, NULL, 0 },
        { "{\"event\":\"x\",\"user\":null,\"user_id\":8}", 0, 0, 8, 0, NULL, NULL, 0 },
        { "{\"event\":\"x\",\"user\":\"0\",\"user_id\":8}", 0, 0, 0, 0, NULL, NULL, 0 },
        { "{\"event\":\"x\",\"sent\":\"soon\",\"created_at\":\"2012-04-20T18:11:05.446Z\"}", 0, 0, 0,
          G_GINT64_CONSTANT(1334945465446), NULL, NULL, 0 },
        { "{\"event\":\"x\",\"sent\":5,\"created_at\":\"2012-04-20T18:11:05.446Z\"}", 0, 0, 0, 5, NULL, NULL, 0 },
        { "{\"event\":\"x\",\"tags\":[\"a\",1,null,\"a\",[\"b\"],{},\"\"],\"content\":{}}", 0, 0, 0, 0, NULL, NULL, 3 },
        { "{\"event\":\"x\",\"tags\":\"a\",\"content\":7}", 0, 0, 0, 0, NULL, NULL, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdMessage) message = fd_decode_message(node);

        g_test_message("%s", cases[i].text);
        g_assert_nonnull(message);
        g_assert_cmpint(message->id, ==, cases[i].id);
        g_assert_cmpint(message->to, ==, cases[i].to);
        g_assert_cmpint(message->user, ==, cases[i].user);
        g_assert_cmpint(message->sent_ms, ==, cases[i].sent_ms);
        g_assert_cmpstr(message->flow, ==, cases[i].flow);
        g_assert_cmpstr(fd_message_get_text(message), ==, cases[i].content);
        g_assert_cmpuint(g_strv_length(message->tags), ==, cases[i].tags);
    }
}

/* The message outlives the document it came from. */
static void test_message_keeps(void)
{
    JsonNode *node = parse("{\"event\":\"file\",\"content\":{\"file_name\":\"a.txt\"},\"attachments\":[1]}");
    g_autoptr(FdMessage) message = fd_decode_message(node);

    json_node_unref(node);
    g_assert_cmpstr(net_json_string(net_json_object_of(message->content), "file_name"), ==, "a.txt");
    g_assert_cmpuint(json_array_get_length(net_json_array(message->json, "attachments")), ==, 1);
    g_assert_null(fd_message_get_text(message));
}

/* ------------------------------------------------------------------------------------------------------------ lists */

static void test_lists(void)
{
    g_autoptr(JsonNode) mixed = parse("[{\"id\":1,\"nick\":\"a\"},null,{\"id\":0},[{\"id\":2}],\"x\",{\"id\":3}]");
    g_autoptr(JsonNode) empty = parse("[]");
    g_autoptr(JsonNode) object = parse("{\"id\":1}");
    g_autoptr(GPtrArray) users = fd_decode_users(mixed);
    g_autoptr(GPtrArray) none = fd_decode_messages(empty);

    g_assert_cmpuint(users->len, ==, 2);
    g_assert_cmpint(((FdUser *)users->pdata[0])->id, ==, 1);
    g_assert_cmpint(((FdUser *)users->pdata[1])->id, ==, 3);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_null(fd_decode_users(object));
    g_assert_null(fd_decode_users(NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autoptr(JsonNode) node = parse(hostile[i]);
        g_autoptr(GPtrArray) list = fd_decode_messages(node);

        g_assert_true((list != NULL) == JSON_NODE_HOLDS_ARRAY(node));
    }
}

static void test_orgs(void)
{
    static const struct {
        const char *text, *slug, *name; /* slug NULL: none */
        guint users;
    } cases[] = {
        { "{\"id\":8,\"parameterized_name\":\"acme\",\"name\":\"Acme\",\"users\":[{\"id\":1},{\"id\":2}]}", "acme",
          "Acme", 2 },
        { "{\"id\":\"8\",\"parameterized_name\":\"acme\",\"name\":\" The\\nbest\",\"users\":[{\"id\":0},null]}", "acme",
          "The best", 0 },
        { "{\"id\":8,\"parameterized_name\":\"acme\",\"name\":\"\",\"users\":{}}", "acme", "acme", 0 },
        { "{\"id\":8,\"parameterized_name\":\"acme\"}", "acme", "acme", 0 },
        { "{\"id\":8,\"name\":\"Acme\"}", NULL, NULL, 0 },
        { "{\"id\":8,\"parameterized_name\":\"..\"}", NULL, NULL, 0 },
        { "{\"id\":8,\"parameterized_name\":\"a/b\"}", NULL, NULL, 0 },
        { "{\"parameterized_name\":\"acme\"}", NULL, NULL, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdOrg) org = fd_decode_org(node);

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(org ? org->slug : NULL, ==, cases[i].slug);
        g_assert_cmpstr(org ? org->name : NULL, ==, cases[i].name);
        g_assert_cmpuint(org ? org->users->len : 0, ==, cases[i].users);
    }
}

static void test_invitations(void)
{
    static const struct {
        const char *text, *email, *state; /* email NULL: none */
    } cases[] = {
        { "{\"id\":9,\"state\":\"pending\",\"email\":\"a@b.example\"}", "a@b.example", "pending" },
        { "{\"id\":\"9\",\"state\":7,\"email\":\" a@b.example\\r\\n\"}", "a@b.example", NULL },
        { "{\"id\":9,\"state\":\"\",\"email\":\"a@b.example\"}", "a@b.example", NULL },
        { "{\"id\":9,\"email\":\"\"}", NULL, NULL },
        { "{\"id\":0,\"email\":\"a@b.example\"}", NULL, NULL },
        { "{\"email\":\"a@b.example\"}", NULL, NULL },
    };
    g_autoptr(JsonNode) object = parse("{\"id\":9,\"email\":\"a@b.example\"}");

    g_assert_null(fd_decode_invitations(object));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(GPtrArray) list = decode_alone(fd_decode_invitations, node);
        const FdInvitation *invitation = list->len ? list->pdata[0] : NULL;

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(invitation ? invitation->email : NULL, ==, cases[i].email);
        g_assert_cmpstr(invitation ? invitation->state : NULL, ==, cases[i].state);
    }
}

/* A name is cut; a slug that was cut would be another one. */
static void test_org_limits(void)
{
    g_autofree char *much = g_strnfill(100000, 'x');
    g_autoptr(JsonNode) org_node = parse("{\"id\":8,\"parameterized_name\":\"acme\"}");
    g_autoptr(JsonNode) invitation_node = parse("{\"id\":9}");
    JsonObject *org = json_node_get_object(org_node);
    JsonObject *invitation = json_node_get_object(invitation_node);
    g_autoptr(FdOrg) named = NULL;
    g_autoptr(GPtrArray) invited = NULL;

    json_object_set_string_member(org, "name", much);
    named = fd_decode_org(org_node);
    g_assert_cmpuint(strlen(named->name), ==, FD_DECODE_MAX_NAME);
    json_object_set_string_member(org, "parameterized_name", much);
    g_assert_false(try_org(org_node));
    json_object_set_string_member(invitation, "email", much);
    json_object_set_string_member(invitation, "state", much);
    invited = decode_alone(fd_decode_invitations, invitation_node);
    g_assert_cmpuint(strlen(((const FdInvitation *)invited->pdata[0])->email), ==, 320);
    g_assert_cmpuint(strlen(((const FdInvitation *)invited->pdata[0])->state), ==, FD_DECODE_MAX_NAME);
}

static void test_sources(void)
{
    /* clang-format off */
    static const struct {
        const char *text, *name, *path;
        gint64 id;
    } cases[] = {
        { "{\"id\":3,\"name\":\"Poll\",\"url\":\"https://api.flowdock.com/flows/acme/main/sources/3\"}", "Poll", "acme/main", 3 },
        { "{\"id\":\"36\",\"name\":\" My\\nproject\"}",                                         "My project", NULL, 36 },
        { "{\"id\":3,\"name\":7,\"url\":[]}",                                                       "", NULL, 3 },
        { "{\"id\":3,\"url\":\"https://api.flowdock.com/sources/3\"}",             "", NULL, 3 },
        { "{\"name\":\"Poll\"}",                                                                    NULL, NULL, 0 },
        { "{\"id\":-3}",                                                                            NULL, NULL, 0 },
        { "[]",                                                                                     NULL, NULL, 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdSource) source = fd_decode_source(node);

        g_test_message("%s", cases[i].text);
        g_assert_true((source != NULL) == (cases[i].id > 0));
        if (!source)
            continue;
        g_assert_cmpint(source->id, ==, cases[i].id);
        g_assert_cmpstr(source->name, ==, cases[i].name);
        g_assert_cmpstr(source->flow_path, ==, cases[i].path);
    }
}

static void test_source_parts(void)
{
    /* clang-format off */
    static const struct {
        const char *members, *url, *application, *nick, *token;
        gint64 creator;
    } cases[] = {
        { "\"external_url\":\"https://ci.example.com/\",\"application\":{\"id\":\"7\",\"name\":\" My\\nCI\"},"
          "\"creator\":{\"id\":2,\"nick\":\"Ann\"},\"flow_token\":\"0a1b\"",
          "https://ci.example.com/", "My CI", "Ann", "0a1b", 2 },
        { "\"application\":\"CI\",\"creator\":{\"id\":\"2\"}",                  NULL, "CI", NULL, NULL, 2 },
        { "\"external_url\":\"javascript:x\",\"application\":7,\"creator\":[]",   NULL, NULL, NULL, NULL, 0 },
        { "\"external_url\":null,\"application\":null,\"creator\":null,\"flow_token\":null", NULL, NULL, NULL, NULL, 0 },
        { "\"creator\":{\"id\":-2,\"nick\":7},\"flow_token\":\"\"",               NULL, NULL, NULL, NULL, 0 },
        /* What could not be typed or sent is no token. */
        { "\"flow_token\":\"a b\"",                                               NULL, NULL, NULL, NULL, 0 },
        { "\"flow_token\":\"a\\nb\"",                                             NULL, NULL, NULL, NULL, 0 },
        { "\"flow_token\":\"\xc3\xa4\"",                                          NULL, NULL, NULL, NULL, 0 },
        { "\"flow_token\":17",                                                    NULL, NULL, NULL, NULL, 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"id\":3,%s}", cases[i].members);
        g_autoptr(JsonNode) node = parse(text);
        g_autoptr(FdSource) source = fd_decode_source(node);

        g_test_message("%s", text);
        g_assert_cmpstr(source->url, ==, cases[i].url);
        g_assert_cmpstr(source->application, ==, cases[i].application);
        g_assert_cmpint(source->creator, ==, cases[i].creator);
        g_assert_cmpstr(source->creator_nick, ==, cases[i].nick);
        g_assert_cmpstr(source->token, ==, cases[i].token);
    }
}

/* --------------------------------------------------------------------------------------------------------- threads */

/* Whatever stands where something is read. */
static void test_thread_parts(void)
{
    static const char *const parts[] = {
        "\"fields\":[?]",
        "\"fields\":[{\"label\":?}]",
        "\"fields\":[{\"label\":\"a\",\"value\":?}]",
        "\"fields\":[{\"label\":?,\"value\":\"b\"}]",
        "\"status\":{\"value\":?,\"color\":?}",
        "\"source\":{\"application\":?}",
        "\"source\":{\"application\":{\"name\":?}}",
        "\"source\":{},\"title\":?",
        "\"actions\":[?]",
        "\"actions\":[{\"@type\":?,\"name\":\"n\",\"url\":\"https://h.com/\"}]",
        "\"actions\":[{\"@type\":\"ViewAction\",\"name\":?,\"url\":\"https://h.com/\"}]",
        "\"actions\":[{\"@type\":\"ViewAction\",\"name\":\"n\",\"url\":?}]",
        "\"actions\":[{\"@type\":\"UpdateAction\",\"name\":\"n\",\"target\":?}]",
        "\"actions\":[{\"@type\":\"UpdateAction\",\"name\":\"n\",\"target\":{\"urlTemplate\":?,"
        "\"httpMethod\":\"POST\"}}]",
        "\"actions\":[{\"@type\":\"UpdateAction\",\"name\":\"n\",\"target\":{\"urlTemplate\":"
        "\"https://h.com/\",\"httpMethod\":?}}]",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(hostile); k++) {
            g_auto(GStrv) pieces = g_strsplit(parts[i], "?", -1);
            g_autofree char *part = g_strjoinv(hostile[k], pieces);
            g_autofree char *text = g_strdup_printf("{\"id\":\"abc\",%s}", part);
            g_autoptr(JsonNode) node = parse(text);

            g_test_message("%s", text);
            g_assert_true(try_thread(node));
        }
    }
}

static void test_thread_id(void)
{
    static const struct {
        const char *text, *given, *id;
    } cases[] = {
        { "{\"id\":\"own\"}", NULL, "own" },
        { "{\"id\":\"own\"}", "given", "own" },
        { "{\"id\":7}", "given", "7" },
        { "{\"id\":\"\"}", "given", "given" },
        { "{\"id\":null}", "given", "given" },
        { "{}", "given", "given" },
        { "{}", NULL, NULL },
        { "{}", "", NULL },
        { "[]", "given", NULL },
        { "null", "given", NULL },
    };

    g_assert_null(fd_decode_thread(NULL, "given"));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdThreadInfo) thread = fd_decode_thread(node, cases[i].given);

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(thread ? thread->id : NULL, ==, cases[i].id);
        if (thread)
            assert_sane_thread(thread);
    }
}

/* With nothing but an id. */
static void test_thread_bare(void)
{
    g_autoptr(JsonNode) node = parse("{\"id\":\"abc\"}");
    g_autoptr(FdThreadInfo) thread = fd_decode_thread(node, NULL);

    g_assert_cmpstr(thread->title, ==, "");
    g_assert_null(thread->body);
    g_assert_null(thread->url);
    g_assert_null(thread->status);
    g_assert_null(thread->color);
    g_assert_null(thread->source);
    g_assert_null(thread->updated);
    g_assert_cmpint(thread->updated_ms, ==, 0);
    g_assert_cmpint(thread->initial, ==, 0);
    g_assert_cmpuint(thread->activities + thread->comments + thread->discussions, ==, 0);
    g_assert_cmpuint(thread->fields->len + thread->actions->len, ==, 0);
}

static void test_thread_texts(void)
{
    /* clang-format off */
    static const struct {
        const char *text, *title, *body, *url, *status, *source;
    } cases[] = {
        { "{\"source\":{},\"title\":\"See <a href=\\\"http://h.com/1\\\">it</a> &amp;<br>more\"}",
          "See it (http://h.com/1) & more", NULL, NULL, NULL, NULL },
        { "{\"title\":\"<b> &amp;\\n is bold\"}",          "<b> &amp; is bold", NULL, NULL, NULL, NULL },
        { "{\"body\":\"<p>a</p><p>b</p>\"}",               "", "a\nb", NULL, NULL, NULL },
        { "{\"body\":\"<p> </p>\"}",                       "", NULL, NULL, NULL, NULL },
        { "{\"external_url\":\"HTTPS://h.com/a?b#c\"}",    "", NULL, "HTTPS://h.com/a?b#c", NULL, NULL },
        { "{\"external_url\":\"\"}",                       "", NULL, NULL, NULL, NULL },
        { "{\"external_url\":\"javascript:alert(1)\"}",    "", NULL, NULL, NULL, NULL },
        { "{\"external_url\":\"file:///etc/passwd\"}",     "", NULL, NULL, NULL, NULL },
        { "{\"external_url\":\"mailto:a@h.com\"}",         "", NULL, NULL, NULL, NULL },
        { "{\"external_url\":\"ftp://h.com/a\"}",          "", NULL, NULL, NULL, NULL },
        { "{\"external_url\":\"http://h.com/\\nx\"}",      "", NULL, NULL, NULL, NULL },
        { "{\"external_url\":\"/relative\"}",              "", NULL, NULL, NULL, NULL },
        { "{\"status\":{\"value\":\"in\\nprogress\"}}",    "", NULL, NULL, "in progress", NULL },
        { "{\"status\":{\"value\":\"Q&amp;A\"}}",          "", NULL, NULL, "Q&A", NULL },
        { "{\"status\":null}",                             "", NULL, NULL, NULL, NULL },
        { "{\"status\":\"open\"}",                         "", NULL, NULL, NULL, NULL },
        { "{\"source\":{\"application\":\"A\\nB\"}}",      "", NULL, NULL, NULL, "A B" },
        { "{\"source\":{\"application\":{\"name\":\"A\"}}}", "", NULL, NULL, NULL, "A" },
        { "{\"source\":{\"application\":{}}}",             "", NULL, NULL, NULL, NULL },
        { "{\"source\":{\"name\":\"A\"}}",                 "", NULL, NULL, NULL, NULL },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);
        g_autoptr(FdThreadInfo) thread = fd_decode_thread(node, "abc");

        g_test_message("%s", cases[i].text);
        assert_sane_thread(thread);
        g_assert_cmpstr(thread->title, ==, cases[i].title);
        g_assert_cmpstr(thread->body, ==, cases[i].body);
        g_assert_cmpstr(thread->url, ==, cases[i].url);
        g_assert_cmpstr(thread->status, ==, cases[i].status);
        g_assert_cmpstr(thread->source, ==, cases[i].source);
    }
}

static void test_thread_fields(void)
{
    static const char text[] = "{\"id\":\"abc\",\"fields\":["
                               "{\"label\":\"<i>Owner</i>\",\"value\":\"<a href='http://h.com/a'>Ann</a>\"},"
                               "{\"label\":\"Points\",\"value\":3},"
                               "{\"label\":\"Due\",\"value\":null},"
                               "{\"value\":\"a<br>b\"},"
                               "{\"label\":\"\",\"value\":\"\"},"
                               "7]}";
    static const struct {
        const char *label, *value;
    } expected[] = { { "Owner", "Ann (http://h.com/a)" }, { "Points", "3" }, { "Due", "" }, { "", "a\nb" } };
    g_autoptr(JsonNode) node = parse(text);
    g_autoptr(FdThreadInfo) thread = fd_decode_thread(node, NULL);

    g_assert_cmpuint(thread->fields->len, ==, G_N_ELEMENTS(expected));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const FdThreadField *field = thread->fields->pdata[i];

        g_assert_cmpstr(field->label, ==, expected[i].label);
        g_assert_cmpstr(field->value, ==, expected[i].value);
    }
}

#define CALL(url, method)                                                                                              \
    "{\"@type\":\"UpdateAction\",\"name\":\"Do\",\"target\":{\"@type\":\"EntryPoint\",\"urlTemplate\":\"" url          \
    "\",\"httpMethod\":" method "}}"

static void test_thread_actions(void)
{
    /* clang-format off */
    static const struct {
        const char *text;
        const char *url; /* NULL: no action */
        const char *method;
    } cases[] = {
        { "{\"@type\":\"ViewAction\",\"name\":\"See\",\"url\":\"https://h.com/a\"}",        "https://h.com/a", NULL },
        { "{\"@type\":\"ViewAction\",\"name\":\"See\",\"url\":\"javascript:a()\"}",         NULL, NULL },
        { "{\"@type\":\"ViewAction\",\"name\":\"See\"}",                                    NULL, NULL },
        { "{\"@type\":\"ViewAction\",\"name\":\" \",\"url\":\"https://h.com/a\"}",          NULL, NULL },
        { "{\"@type\":\"ViewAction\",\"name\":\"See\",\"target\":{\"urlTemplate\":\"https://h.com/a\"}}", NULL, NULL },
        { CALL("https://h.com/a?b={c}", "\"POST\""),                                          "https://h.com/a?b={c}", "POST" },
        { CALL("https://h.com/a", "\"put\""),                                                 "https://h.com/a", "PUT" },
        { CALL("https://h.com/a", "\"TRACE\""),                                               NULL, NULL },
        { CALL("https://h.com/a", "null"),                                                    NULL, NULL },
        { CALL("data:text/html,x", "\"POST\""),                                               NULL, NULL },
        { "{\"@type\":\"UpdateAction\",\"name\":\"Do\",\"url\":\"https://h.com/a\"}",       NULL, NULL },
        { "{\"@type\":\"DanceAction\",\"name\":\"Do\",\"url\":\"https://h.com/a\"}",        NULL, NULL },
        { "{\"name\":\"Do\",\"url\":\"https://h.com/a\"}",                                  NULL, NULL },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"id\":\"abc\",\"actions\":[%s]}", cases[i].text);
        g_autoptr(JsonNode) node = parse(text);
        g_autoptr(FdThreadInfo) thread = fd_decode_thread(node, NULL);
        const FdThreadAction *action = thread->actions->len ? thread->actions->pdata[0] : NULL;

        g_test_message("%s", text);
        g_assert_cmpstr(action ? action->url : NULL, ==, cases[i].url);
        g_assert_cmpstr(action ? action->method : NULL, ==, cases[i].method);
    }
}

static void test_thread_numbers(void)
{
    g_autoptr(JsonNode) node = parse("{\"id\":\"abc\",\"initial_message\":\"12\",\"activities\":\"3\","
                                     "\"internal_comments\":-4,\"external_comments\":9223372036854775807,"
                                     "\"updated_at\":1334660642345}");
    g_autoptr(JsonNode) never = parse("{\"id\":\"abc\",\"updated_at\":\"never\"}");
    g_autoptr(FdThreadInfo) thread = fd_decode_thread(node, NULL);
    g_autoptr(FdThreadInfo) unknown = fd_decode_thread(never, NULL);

    g_assert_cmpint(thread->initial, ==, 12);
    g_assert_cmpuint(thread->activities, ==, 3);
    g_assert_cmpuint(thread->comments, ==, 0);
    g_assert_cmpuint(thread->discussions, ==, G_MAXINT);
    g_assert_cmpstr(thread->updated, ==, "1334660642345");
    g_assert_cmpint(thread->updated_ms, ==, G_GINT64_CONSTANT(1334660642345));
    g_assert_null(unknown->updated);
}

static void test_thread_limits(void)
{
    g_autoptr(JsonNode) node = parse("{\"id\":\"abc\",\"source\":{},\"fields\":[],\"actions\":[]}");
    g_autoptr(JsonNode) field = parse("{\"label\":\"a\",\"value\":\"b\"}");
    g_autoptr(JsonNode) action = parse("{\"@type\":\"ViewAction\",\"name\":\"n\",\"url\":\"http://h.com/\"}");
    g_autofree char *much = g_strnfill(100000, 'x');
    g_autofree char *url = g_strconcat("http://h.com/", much, NULL);
    JsonObject *object = json_node_get_object(node);
    g_autoptr(FdThreadInfo) thread = NULL;

    for (guint i = 0; i < FD_DECODE_MAX_FIELDS + 1; i++) {
        json_array_add_element(net_json_array(object, "fields"), json_node_ref(field));
        json_array_add_element(net_json_array(object, "actions"), json_node_ref(action));
    }
    json_object_set_string_member(object, "title", much);
    json_object_set_string_member(object, "body", much);
    json_object_set_string_member(object, "external_url", url);
    thread = fd_decode_thread(node, NULL);
    g_assert_cmpuint(thread->fields->len, ==, FD_DECODE_MAX_FIELDS);
    g_assert_cmpuint(thread->actions->len, ==, FD_DECODE_MAX_FIELDS);
    g_assert_cmpuint(strlen(thread->title), <, 5000);
    g_assert_cmpuint(strlen(thread->body), <, 50000);
    g_assert_null(thread->url);
}

static void test_thread_list(void)
{
    g_autoptr(JsonNode) mixed = parse("[{\"id\":\"a\"},null,{\"title\":\"no id\"},[],{\"id\":\"b\"}]");
    g_autoptr(JsonNode) object = parse("{\"id\":\"a\"}");
    g_autoptr(GPtrArray) threads = fd_decode_threads(mixed);

    g_assert_cmpuint(threads->len, ==, 2);
    g_assert_cmpstr(((const FdThreadInfo *)threads->pdata[1])->id, ==, "b");
    g_assert_null(fd_decode_threads(object));
}

static void test_privates(void)
{
    static const struct {
        const char *text;
        gint64 user; /* 0: none */
        gboolean open, unread;
    } cases[] = {
        { "{\"id\":42,\"open\":true,\"activity\":{\"inbox\":false,\"mentions\":0,\"chat\":false}}", 42, TRUE, FALSE },
        { "{\"id\":\"42\",\"open\":false,\"activity\":{\"mentions\":0,\"chat\":true}}", 42, FALSE, TRUE },
        { "{\"id\":42,\"activity\":{\"mentions\":2,\"chat\":false}}", 42, FALSE, TRUE },
        { "{\"id\":42,\"activity\":{\"mentions\":\"2\"}}", 42, FALSE, TRUE },
        { "{\"id\":42,\"activity\":{\"mentions\":-2,\"chat\":null}}", 42, FALSE, FALSE },
        { "{\"id\":42,\"activity\":{\"inbox\":true}}", 42, FALSE, FALSE },
        { "{\"id\":42,\"activity\":null}", 42, FALSE, FALSE },
        { "{\"id\":42}", 42, FALSE, FALSE },
        { "{\"id\":-1}", 0, FALSE, FALSE },
        { "{\"id\":\"ann\"}", 0, FALSE, FALSE },
        { "{\"open\":true}", 0, FALSE, FALSE },
        { "7", 0, FALSE, FALSE },
    };
    g_autoptr(JsonNode) object = parse("{\"id\":42}");

    g_assert_null(fd_decode_privates(object));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("[%s]", cases[i].text);
        g_autoptr(JsonNode) node = parse(text);
        g_autoptr(GPtrArray) list = fd_decode_privates(node);
        const FdPrivate *one = list->len ? list->pdata[0] : NULL;

        g_test_message("%s", text);
        g_assert_cmpint(one ? one->user : 0, ==, cases[i].user);
        g_assert_true(!one || (one->open == cases[i].open && one->unread == cases[i].unread));
    }
}

static void test_limits(void)
{
    g_autoptr(JsonNode) user = parse("{\"id\":1}");
    g_autoptr(JsonNode) message = parse("{\"event\":\"x\",\"tags\":[]}");
    g_autoptr(JsonNode) node = json_node_init_array(json_node_alloc(), NULL);
    JsonArray *many = json_array_new();
    JsonArray *tags = net_json_array(json_node_get_object(message), "tags");
    g_autoptr(GPtrArray) users = NULL;
    g_autoptr(FdMessage) decoded = NULL;

    json_node_take_array(node, many);
    for (guint i = 0; i < FD_DECODE_MAX_LIST + 1; i++)
        json_array_add_element(many, json_node_ref(user));
    users = fd_decode_users(node);
    g_assert_cmpuint(users->len, ==, FD_DECODE_MAX_LIST);
    for (guint i = 0; i < FD_DECODE_MAX_TAGS + 1; i++)
        json_array_add_string_element(tags, "t");
    decoded = fd_decode_message(message);
    g_assert_cmpuint(g_strv_length(decoded->tags), ==, FD_DECODE_MAX_TAGS);
}

/* ------------------------------------------------------------------------------------------------- times, addresses */

static void test_times(void)
{
    /* clang-format off */
    static const struct {
        const char *text;
        gint64 ms;
    } cases[] = {
        { "1334660642345",                      G_GINT64_CONSTANT(1334660642345) },
        { "\"1334660642345\"",                  G_GINT64_CONSTANT(1334660642345) },
        { "1334660642345.9",                    G_GINT64_CONSTANT(1334660642345) },
        { "1328016726423000",                   G_GINT64_CONSTANT(1328016726423) },
        { "\"1328016726423999\"",               G_GINT64_CONSTANT(1328016726423) },
        { "99999999999999",                     G_GINT64_CONSTANT(99999999999999) },
        { "100000000000000",                    G_GINT64_CONSTANT(100000000000) },
        { "253402300799000000",                 LATEST_MS },
        { "253402300799001000",                 0 },
        { "9223372036854775807",                0 },
        { "9223372036854775808",                0 },
        { "1e400",                              0 },
        { "1",                                  1 },
        { "0",                                  0 },
        { "-1",                                 0 },
        { "-1334660642345",                     0 },
        { "\"-1334660642345\"",                 0 },
        { "\"2012-04-20T18:11:05.446Z\"",       G_GINT64_CONSTANT(1334945465446) },
        { "\"2012-04-20T20:11:05.446+02:00\"",  G_GINT64_CONSTANT(1334945465446) },
        { "\"2012-04-20T18:11:05\"",            G_GINT64_CONSTANT(1334945465000) },
        { "\"20120420T181105Z\"",               G_GINT64_CONSTANT(1334945465000) },
        { "\"9999-12-31T23:59:59Z\"",           LATEST_MS },
        { "\"9999-12-31T23:59:59-12:00\"",      0 },
        { "\"1970-01-01T00:00:00Z\"",           0 },
        { "\"1969-12-31T23:59:59Z\"",           0 },
        { "\"0001-01-01T00:00:00Z\"",           0 },
        { "\"2012-02-30T00:00:00Z\"",           0 },
        { "\"2012-04-20T25:61:61Z\"",           0 },
        { "\"2012-04-20T18:11:05+99:99\"",      0 },
        { "\"99999-04-20T18:11:05Z\"",          0 },
        { "\"yesterday\"",                      0 },
        { "\"\"",                               0 },
        { "null",                               0 },
        { "true",                               0 },
        { "[1334660642345]",                    0 },
        { "{\"ms\":1334660642345}",             0 },
    };
    /* clang-format on */

    g_assert_cmpint(fd_decode_time_ms(NULL), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse(cases[i].text);

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(fd_decode_time_ms(node), ==, cases[i].ms);
    }
}

static void test_addresses(void)
{
    /* clang-format off */
    static const struct {
        const char *url, *path;
    } cases[] = {
        { "https://api.flowdock.com/flows/acme/main",                 "acme/main" },
        { "https://api.flowdock.com/flows/acme/main/",                "acme/main" },
        { "https://api.flowdock.com/flows/acme/main/messages/5",      "acme/main" },
        { "https://api.flowdock.com/v1/flows/acme/main?users=1#x",    "acme/main" },
        { "http://127.0.0.1:8080/flows/acme/main",                    "acme/main" },
        { "http://[::1]:8080/flows/acme/main",                        "acme/main" },
        { "https://www.flowdock.com/app/acme/main",                   "acme/main" },
        { "https://www.flowdock.com/app/acme/main/threads/ab-c",      "acme/main" },
        { "HTTPS://WWW.FLOWDOCK.COM/app/acme/main",                   "acme/main" },
        { "https://acme.flowdock.com/flows/main",                     "acme/main" },
        { "https://acme.flowdock.com/flows/main/",                    "acme/main" },
        { "https://acme.flowdock.com/flows/main?x=/flows/a/b",        "acme/main" },
        { "https://www.flowdock.com/app/acme/caf%C3%A9",              "acme/caf\xc3\xa9" },
        { NULL,                                                       NULL },
        { "",                                                         NULL },
        { "acme/main",                                                NULL },
        { "/flows/acme/main",                                         NULL },
        { "flows/acme/main",                                          NULL },
        { "file:/flows/acme/main",                                    NULL },
        { "https://",                                                 NULL },
        { "https://api.flowdock.com",                                 NULL },
        { "https://api.flowdock.com/",                                NULL },
        { "https://api.flowdock.com/flows",                           NULL },
        { "https://api.flowdock.com/flows/",                          NULL },
        { "https://api.flowdock.com/flows/find?id=x",                 NULL },
        { "https://www.flowdock.com/app/acme",                        NULL },
        { "https://localhost/flows/main",                             NULL },
        { "https://api.flowdock.com/private/42",                      NULL },
        { "https://api.flowdock.com/flows/%2e%2e/main",               NULL },
        { "https://api.flowdock.com/flows/acme/..",                   NULL },
        { "https://localhost/flows/%2e/main",                           NULL },
        { "https://api.flowdock.com/flows/acme/a%0Ab",                NULL },
        { "https://api.flowdock.com/flows/a%20b/main",                NULL },
        { "https://api.flowdock.com/flows/acme/%7f",                  NULL },
        { "https://api.flowdock.com/flows/acme/%00",                  NULL },
        { "https://api.flowdock.com/flows/acme/%ff",                  NULL },
        { "https://api.flowdock.com/flows/acme/%E2%80%AE",            NULL },
        { "https://.flowdock.com/flows/main",                         NULL },
        { "https://acme.flowdock.com/flows/%0A",                      NULL },
        { "https://a%0Ab.flowdock.com/flows/main",                    NULL },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = fd_decode_flow_path(cases[i].url);

        g_test_message("%s", cases[i].url ? cases[i].url : "none");
        g_assert_cmpstr(path, ==, cases[i].path);
    }
}

/* Addresses put together by chance: nothing that could stand for another path or break a line comes out. */
static void test_addresses_at_random(void)
{
    static const char *const parts[] = { "https:", "/",   "//",  "acme",   "flows", "app",   ".",   "..", "%2e",
                                         "%2F",    "%0d", "%20", "?flows", "#app",  "@",     ":",   "[",  "]",
                                         "find",   " ",   "\n",  "%",      "\xff",  "h.com", "%C3", "\\" };
    guint32 seed = (guint32)g_test_rand_int();
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);

    g_test_message("seed %u", seed);
    for (guint round = 0; round < 50000; round++) {
        g_autoptr(GString) url = g_string_new(g_rand_boolean(dice) ? "https://acme.h/flows/" : "http://h/app/");
        g_autofree char *path = NULL;

        for (int count = g_rand_int_range(dice, 0, 8); count > 0; count--)
            g_string_append(url, parts[g_rand_int_range(dice, 0, G_N_ELEMENTS(parts))]);
        path = fd_decode_flow_path(url->str);
        if (path)
            assert_sane_path(path);
    }
}

/* ------------------------------------------------------------------------------------------------ what was captured */

static void test_captured_events(void)
{
    g_autofree char *folder = test_data_path("events");
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    const char *name;
    guint count = 0;

    g_assert_no_error(error);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_build_filename("events", name, NULL);
        g_autoptr(JsonNode) node = g_str_has_suffix(name, ".json") ? load(file) : NULL;
        g_autoptr(FdMessage) message = node ? fd_decode_message(node) : NULL;
        gboolean stored;

        if (!node)
            continue;
        g_test_message("%s", name);
        count++;
        g_assert_nonnull(message);
        assert_sane_message(message);
        stored = strcmp(message->event, "presence") != 0 && !g_str_has_prefix(message->event, "flow-");
        g_assert_true(stored == (message->id > 0));
        g_assert_true(stored == (message->sent_ms > 0));
        g_assert_true(stored == (message->flow || message->to));
        g_assert_true(!message->flow || strcmp(message->flow, "irc:ottotest") == 0);
    }
    g_assert_cmpuint(count, >=, 30);
}

static void test_captured_values(void)
{
    g_autoptr(JsonNode) vcs_node = load("events/github-push_new_branch_event.json");
    g_autoptr(JsonNode) presence_node = load("events/presence_event.json");
    g_autoptr(JsonNode) private_node = load("events/private_message.json");
    g_autoptr(JsonNode) threaded_node = load("events/message_event.json");
    g_autoptr(FdMessage) vcs = fd_decode_message(vcs_node);
    g_autoptr(FdMessage) presence = fd_decode_message(presence_node);
    g_autoptr(FdMessage) secret = fd_decode_message(private_node);
    g_autoptr(FdMessage) threaded = fd_decode_message(threaded_node);

    g_assert_cmpint(vcs->user, ==, 0);
    g_assert_cmpint(vcs->sent_ms, ==, G_GINT64_CONSTANT(1334938937624));
    g_assert_true(fd_message_has_tag(vcs, "github:push"));
    g_assert_cmpint(presence->user, ==, 1);
    g_assert_null(presence->flow);
    g_assert_cmpint(secret->to, ==, 50000);
    g_assert_cmpint(secret->user, ==, 1);
    g_assert_null(secret->flow);
    g_assert_cmpstr(threaded->thread_id, ==, "L3AnpcexMyWSkRDYPznxvE7xnI7");
    g_assert_cmpstr(threaded->uuid, ==, "KE1tqxXhhmNMVkKC");
}

static void test_captured_flows(void)
{
    g_autoptr(JsonNode) node = load("flows.json");
    g_autoptr(JsonNode) self = load("user.json");
    g_autoptr(FdUser) user = fd_decode_user(self);
    g_autoptr(FdFlow) flow = fd_decode_flow(json_array_get_element(json_node_get_array(node), 0));

    g_assert_cmpstr(flow->id, ==, "randomstring");
    g_assert_cmpstr(flow->path, ==, "irc/ottotest");
    g_assert_cmpstr(flow->name, ==, "Ottotest");
    g_assert_cmpstr(flow->org_name, ==, "IRC Systems");
    g_assert_true(flow->open && flow->joined && !flow->archived);
    g_assert_cmpuint(flow->users->len, ==, 4);
    g_assert_true(((FdUser *)flow->users->pdata[2])->disabled);
    g_assert_cmpint(user->id, ==, 1);
    g_assert_cmpstr(user->nick, ==, "Otto");
}

static void test_documented(void)
{
    static const struct {
        const char *file, *path, *org;
        gboolean open, joined;
    } flows[] = {
        { "docs/flows-list-legacy.json", "acme/my-flow", "Acme", FALSE, TRUE },
        { "docs/flows-list.json", "example/my-flow", "Example", TRUE, TRUE },
        { "docs/flows-all.json", "acme/my-flow", "Acme", FALSE, FALSE },
    };
    g_autoptr(JsonNode) shown_node = load("docs/flow-show.json");
    g_autoptr(JsonNode) list_node = load("docs/private-messages-list.json");
    g_autoptr(JsonNode) users_node = load("docs/organization-users-list.json");
    g_autoptr(FdFlow) shown = fd_decode_flow(shown_node);
    g_autoptr(GPtrArray) list = fd_decode_messages(list_node);
    g_autoptr(GPtrArray) users = fd_decode_users(users_node);

    for (gsize i = 0; i < G_N_ELEMENTS(flows); i++) {
        g_autoptr(JsonNode) node = load(flows[i].file);
        g_autoptr(FdFlow) first = fd_decode_flow(json_array_get_element(json_node_get_array(node), 0));

        g_test_message("%s", flows[i].file);
        g_assert_cmpstr(first->path, ==, flows[i].path);
        g_assert_cmpstr(first->org_name, ==, flows[i].org);
        g_assert_cmpint(first->open, ==, flows[i].open);
        g_assert_cmpint(first->joined, ==, flows[i].joined);
        g_assert_null(first->users);
    }
    g_assert_cmpuint(shown->users->len, ==, 2);
    g_assert_cmpstr(shown->access_mode, ==, "link");
    g_assert_cmpstr(((FdUser *)shown->users->pdata[0])->status, ==, "Testing API");
    g_assert_cmpint(((FdUser *)shown->users->pdata[0])->last_activity_ms, ==, G_GINT64_CONSTANT(1328016726423));
    g_assert_null(((FdUser *)shown->users->pdata[1])->status);
    g_assert_cmpuint(list->len, ==, 2);
    g_assert_cmpint(((FdMessage *)list->pdata[1])->to, ==, 2);
    g_assert_cmpuint(users->len, ==, 1);
    g_assert_cmpstr(((FdUser *)users->pdata[0])->nick, ==, "John");
}

static void test_documented_action_event(void)
{
    g_autoptr(JsonNode) node = load("docs/message-show-action.json");
    g_autoptr(FdMessage) message = fd_decode_message(node);

    assert_sane_message(message);
    g_assert_cmpint(message->id, ==, 3816534);
    g_assert_cmpstr(message->event, ==, "action");
    g_assert_cmpint(message->user, ==, 18);
    g_assert_cmpstr(net_json_string(net_json_object_of(message->content), "type"), ==, "add_rss_feed");
}

static void test_documented_threads(void)
{
    static const char *const files[] = { "docs/thread-show.json", "docs/thread-format.json", "docs/threads-list.json" };

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(JsonNode) node = load(files[i]);
        JsonNode *one = JSON_NODE_HOLDS_ARRAY(node) ? json_array_get_element(json_node_get_array(node), 0) : node;
        g_autoptr(FdThreadInfo) thread = fd_decode_thread(one, NULL);
        const FdThreadField *field;
        const FdThreadAction *action;

        g_test_message("%s", files[i]);
        assert_sane_thread(thread);
        g_assert_cmpstr(thread->id, ==, "x6BAmK_UPxKvtOSj1egQiVUma0s");
        g_assert_cmpstr(thread->title, ==, "Fix bug in thread API");
        g_assert_null(thread->body);
        g_assert_cmpstr(thread->url, ==, "https://github.com/flowdock/component/pull/42");
        g_assert_cmpstr(thread->status, ==, "closed");
        g_assert_cmpstr(thread->color, ==, "grey");
        g_assert_cmpstr(thread->source, ==, "GitHub");
        g_assert_cmpuint(thread->activities, ==, 3);
        g_assert_cmpuint(thread->comments, ==, 3);
        g_assert_cmpuint(thread->discussions, ==, 5);
        g_assert_cmpuint(thread->fields->len, ==, 1);
        field = thread->fields->pdata[0];
        g_assert_cmpstr(field->label, ==, "assignee");
        g_assert_cmpstr(field->value, ==, "Antti Pitk\xc3\xa4nen (mailto:antti@flowdock.com)");
        g_assert_cmpuint(thread->actions->len, ==, 1);
        action = thread->actions->pdata[0];
        g_assert_cmpstr(action->name, ==, "Diff");
        g_assert_cmpstr(action->url, ==, "https://github.com/flowdock/component/pull/42/files");
        g_assert_null(action->method);
        /* The middle one has no times. */
        g_assert_cmpstr(thread->updated, ==, i == 1 ? NULL : "2014-10-28T15:49:31.197Z");
        g_assert_cmpint(thread->updated_ms, ==, i == 1 ? 0 : G_GINT64_CONSTANT(1414511371197));
    }
}

static void test_documented_actions(void)
{
    static const struct {
        const char *file, *name, *url, *method;
    } cases[] = {
        { "docs/thread-action-view.json", "Diff", "https://github.com/flowdock/component/pull/42/files", NULL },
        { "docs/thread-action-update.json", "Assign to me",
          "https://my-flowdock-app-integrator.com/issues/42?assignee=me", "POST" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = parse("{\"id\":\"abc\",\"actions\":[]}");
        JsonArray *actions = net_json_array(json_node_get_object(node), "actions");
        g_autoptr(FdThreadInfo) thread = NULL;
        const FdThreadAction *action;

        json_array_add_element(actions, load(cases[i].file));
        thread = fd_decode_thread(node, NULL);
        g_assert_cmpuint(thread->actions->len, ==, 1);
        action = thread->actions->pdata[0];
        g_assert_cmpstr(action->name, ==, cases[i].name);
        g_assert_cmpstr(action->url, ==, cases[i].url);
        g_assert_cmpstr(action->method, ==, cases[i].method);
    }
}

static void test_captured_threads(void)
{
    g_autoptr(JsonNode) activity_node = load("events/activity_event.json");
    g_autoptr(JsonNode) discussion_node = load("events/discussion_event.json");
    g_autoptr(JsonNode) chat_node = load("events/message_event.json");
    g_autoptr(FdMessage) activity = fd_decode_message(activity_node);
    g_autoptr(FdMessage) discussion = fd_decode_message(discussion_node);
    g_autoptr(FdMessage) chat = fd_decode_message(chat_node);
    g_autoptr(FdThreadInfo) first = fd_decode_thread(net_json_node(activity->json, "thread"), activity->thread_id);
    g_autoptr(FdThreadInfo) second = fd_decode_thread(net_json_node(discussion->json, "thread"), NULL);
    g_autoptr(FdThreadInfo) third = fd_decode_thread(net_json_node(chat->json, "thread"), chat->thread_id);

    g_assert_cmpstr(first->id, ==, "Eg46ehQSRpWW5XSoX2tFm-t55Sk");
    g_assert_cmpstr(first->title, ==, "Test thread");
    g_assert_cmpstr(first->source, ==, "Oulu Test app");
    g_assert_cmpint(first->initial, ==, 388467);
    g_assert_cmpuint(first->activities, ==, 3);
    g_assert_cmpuint(first->comments + first->discussions, ==, 0);
    g_assert_cmpstr(second->id, ==, first->id);
    g_assert_cmpuint(second->activities, ==, 4);
    g_assert_cmpuint(second->comments, ==, 1);
    g_assert_cmpuint(second->discussions, ==, 5);
    /* That of plain chat has no id of its own. */
    g_assert_cmpstr(third->id, ==, chat->thread_id);
    g_assert_null(third->source);
}

static void test_documented_privates(void)
{
    g_autoptr(JsonNode) node = load("docs/private-conversations-list.json");
    g_autoptr(JsonNode) one_node = load("docs/private-conversation-show.json");
    g_autoptr(GPtrArray) list = fd_decode_privates(node);
    const FdPrivate *one;

    g_assert_cmpuint(list->len, ==, 1);
    one = list->pdata[0];
    g_assert_cmpint(one->user, ==, 42);
    g_assert_true(one->open);
    g_assert_false(one->unread);
    g_assert_true(try_private(one_node));
}

static void test_documented_people(void)
{
    static const char avatar[] = "https://d2cxspbh1aoie1.cloudfront.net/avatars/f0b4520a6e0001636bf8fc1431af151c/";
    g_autoptr(JsonNode) list_node = load("docs/users-list.json");
    g_autoptr(JsonNode) one_node = load("docs/user-show.json");
    g_autoptr(GPtrArray) list = fd_decode_users(list_node);
    g_autoptr(FdUser) one = fd_decode_user(one_node);
    const FdUser *both[] = { list->pdata[0], one };

    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        g_assert_cmpstr(both[i]->avatar, ==, avatar);
        g_assert_cmpstr(both[i]->website, ==, "http://www.example.com/");
        g_assert_false(both[i]->admin);
    }
}

static void test_documented_orgs(void)
{
    g_autoptr(JsonNode) node = load("docs/organizations-list.json");
    g_autoptr(JsonNode) one_node = load("docs/organization-show.json");
    g_autoptr(JsonNode) invitations_node = load("docs/invitations-list.json");
    g_autoptr(JsonNode) created_node = load("docs/invitation-created.json");
    g_autoptr(FdOrg) org = fd_decode_org(json_array_get_element(json_node_get_array(node), 0));
    g_autoptr(GPtrArray) invitations = fd_decode_invitations(invitations_node);

    g_assert_cmpint(org->id, ==, 42);
    g_assert_cmpstr(org->slug, ==, "yup");
    g_assert_cmpstr(org->name, ==, "My company");
    g_assert_cmpuint(org->users->len, ==, 2);
    g_assert_true(((const FdUser *)org->users->pdata[0])->admin);
    g_assert_false(((const FdUser *)org->users->pdata[1])->admin);
    g_assert_true(try_org(one_node));
    g_assert_cmpuint(invitations->len, ==, 2);
    g_assert_cmpint(((const FdInvitation *)invitations->pdata[1])->id, ==, 15);
    g_assert_cmpstr(((const FdInvitation *)invitations->pdata[1])->email, ==, "otherperson@example.com");
    g_assert_cmpstr(((const FdInvitation *)invitations->pdata[1])->state, ==, "pending");
    g_assert_true(try_invitation(created_node));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flowdock/decode/each-member", test_each_member);
    g_test_add_func("/flowdock/decode/each-root", test_each_root);
    g_test_add_func("/flowdock/decode/members-at-random", test_members_at_random);
    g_test_add_func("/flowdock/decode/user", test_user);
    g_test_add_func("/flowdock/decode/user-profile", test_user_profile);
    g_test_add_func("/flowdock/decode/user-limits", test_user_limits);
    g_test_add_func("/flowdock/decode/flow", test_flow);
    g_test_add_func("/flowdock/decode/flow-access-mode", test_flow_access_mode);
    g_test_add_func("/flowdock/decode/message", test_message);
    g_test_add_func("/flowdock/decode/message-keeps", test_message_keeps);
    g_test_add_func("/flowdock/decode/lists", test_lists);
    g_test_add_func("/flowdock/decode/orgs", test_orgs);
    g_test_add_func("/flowdock/decode/invitations", test_invitations);
    g_test_add_func("/flowdock/decode/org-limits", test_org_limits);
    g_test_add_func("/flowdock/decode/sources", test_sources);
    g_test_add_func("/flowdock/decode/source-parts", test_source_parts);
    g_test_add_func("/flowdock/decode/thread-parts", test_thread_parts);
    g_test_add_func("/flowdock/decode/thread-id", test_thread_id);
    g_test_add_func("/flowdock/decode/thread-bare", test_thread_bare);
    g_test_add_func("/flowdock/decode/thread-texts", test_thread_texts);
    g_test_add_func("/flowdock/decode/thread-fields", test_thread_fields);
    g_test_add_func("/flowdock/decode/thread-actions", test_thread_actions);
    g_test_add_func("/flowdock/decode/thread-numbers", test_thread_numbers);
    g_test_add_func("/flowdock/decode/thread-limits", test_thread_limits);
    g_test_add_func("/flowdock/decode/thread-list", test_thread_list);
    g_test_add_func("/flowdock/decode/privates", test_privates);
    g_test_add_func("/flowdock/decode/limits", test_limits);
    g_test_add_func("/flowdock/decode/times", test_times);
    g_test_add_func("/flowdock/decode/addresses", test_addresses);
    g_test_add_func("/flowdock/decode/addresses-at-random", test_addresses_at_random);
    g_test_add_func("/flowdock/decode/captured-events", test_captured_events);
    g_test_add_func("/flowdock/decode/captured-values", test_captured_values);
    g_test_add_func("/flowdock/decode/captured-flows", test_captured_flows);
    g_test_add_func("/flowdock/decode/documented", test_documented);
    g_test_add_func("/flowdock/decode/documented-action-event", test_documented_action_event);
    g_test_add_func("/flowdock/decode/documented-threads", test_documented_threads);
    g_test_add_func("/flowdock/decode/documented-actions", test_documented_actions);
    g_test_add_func("/flowdock/decode/documented-privates", test_documented_privates);
    g_test_add_func("/flowdock/decode/documented-people", test_documented_people);
    g_test_add_func("/flowdock/decode/documented-orgs", test_documented_orgs);
    g_test_add_func("/flowdock/decode/captured-threads", test_captured_threads);
    return g_test_run();
}
