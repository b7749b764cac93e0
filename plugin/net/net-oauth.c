/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for tokens and sorts the answers: a token, a refusal in OAuth's own words, or a failure of the server. */
#include "net-oauth.h"

#include <string.h>

#include "net-error.h"
#include "net-json.h"
#include "net-redact.h"

/* Bytes of an answer: several of the longest tokens. */
#define NET_OAUTH_MAX_ANSWER (64 * 1024)
/* A longer token is none: headers of servers end at some 8 kB. */
#define NET_OAUTH_MAX_TOKEN 8000
/* Ten years. What is said to last longer is taken to last so long, which no sum of times overflows. */
#define NET_OAUTH_MAX_EXPIRES_S (10 * 365 * 24 * 60 * 60)
#define NET_OAUTH_MAX_WORDS 200

G_DEFINE_QUARK(net-oauth-error-quark, net_oauth_error);

/* What an answer says, whichever form it came in. */
typedef struct {
    char *access_token;
    char *refresh_token;
    char *token_type;
    char *scope;
    char *error;
    char *words;
    gint64 expires_in_s;
    gint64 refresh_expires_in_s;
    gboolean odd_type; /* the token type is there but is no text */
} Answer;

/* A request under way. */
typedef struct {
    GPtrArray *secrets; /* (element-type utf8): what no error may hold */
    gint64 retry_after_ms;
} Grant;

static void grant_free(gpointer data)
{
    Grant *grant = data;

    g_ptr_array_unref(grant->secrets);
    g_free(grant);
}

static void answer_clear(Answer *answer)
{
    net_secret_free(answer->access_token);
    net_secret_free(answer->refresh_token);
    g_free(answer->token_type);
    g_free(answer->scope);
    g_free(answer->error);
    g_free(answer->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

NetToken *net_token_copy(const NetToken *token)
{
    NetToken *copy = g_new0(NetToken, 1);

    copy->access_token = g_strdup(token->access_token);
    copy->refresh_token = g_strdup(token->refresh_token);
    copy->scopes = g_strdupv(token->scopes);
    copy->expires_in_s = token->expires_in_s;
    copy->refresh_expires_in_s = token->refresh_expires_in_s;
    return copy;
}

void net_token_free(NetToken *token)
{
    if (!token)
        return;
    net_secret_free(token->access_token);
    net_secret_free(token->refresh_token);
    g_strfreev(token->scopes);
    g_free(token);
}

/* Refusals beside RFC 6749's form. Sheet: Envoy 2.4. */
static const char *find_words(JsonObject *object)
{
    const char *words = net_json_string(object, "error_description");
    JsonArray *errors = net_json_array(object, "errors");

    if (!words)
        words = net_json_string(object, "message");
    if (!words && errors && json_array_get_length(errors) > 0)
        words = net_json_string(net_json_object_of(json_array_get_element(errors, 0)), "detail");
    return words;
}

static gboolean read_json(const char *text, gsize length, Answer *answer)
{
    g_autoptr(JsonNode) root = net_json_parse(text, length, NULL);
    JsonObject *object = net_json_object_of(root);

    if (!object)
        return FALSE;
    answer->access_token = g_strdup(net_json_string(object, "access_token"));
    answer->refresh_token = g_strdup(net_json_string(object, "refresh_token"));
    answer->token_type = g_strdup(net_json_string(object, "token_type"));
    answer->odd_type = !answer->token_type && net_json_node(object, "token_type");
    answer->scope = g_strdup(net_json_string(object, "scope"));
    answer->error = g_strdup(net_json_string(object, "error"));
    answer->words = g_strdup(find_words(object));
    answer->expires_in_s = net_json_int(object, "expires_in", -1);
    answer->refresh_expires_in_s = net_json_int(object, "refresh_token_expires_in", -1);
    return TRUE;
}

static char *steal_param(GHashTable *params, const char *name)
{
    char *key = NULL, *value = NULL;

    if (!g_hash_table_steal_extended(params, name, (gpointer *)&key, (gpointer *)&value))
        return NULL;
    g_free(key);
    return value;
}

/* Returns: -1 where there is no such number. */
static gint64 steal_seconds(GHashTable *params, const char *name)
{
    g_autofree char *text = steal_param(params, name);
    guint64 seconds;

    return text && g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &seconds, NULL) ? (gint64)seconds : -1;
}

static gboolean read_form(const char *text, gsize length, Answer *answer)
{
    g_autoptr(GHashTable) params = NULL;

    if (length > G_MAXSSIZE)
        return FALSE;
    params = g_uri_parse_params(text, (gssize)length, "&", G_URI_PARAMS_WWW_FORM, NULL);
    if (!params)
        return FALSE;
    answer->access_token = steal_param(params, "access_token");
    answer->refresh_token = steal_param(params, "refresh_token");
    answer->token_type = steal_param(params, "token_type");
    answer->scope = steal_param(params, "scope");
    answer->error = steal_param(params, "error");
    answer->words = steal_param(params, "error_description");
    answer->expires_in_s = steal_seconds(params, "expires_in");
    answer->refresh_expires_in_s = steal_seconds(params, "refresh_token_expires_in");
    return answer->access_token || answer->error;
}

static gboolean read_answer(GBytes *body, Answer *answer)
{
    static const char mark[] = "\xef\xbb\xbf";
    gsize length;
    const char *text = g_bytes_get_data(body, &length);

    answer->expires_in_s = answer->refresh_expires_in_s = -1;
    /* Some servers begin with a byte order mark, though neither form has one. */
    if (length >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0) {
        text += strlen(mark);
        length -= strlen(mark);
    }
    return length > 0 && (read_json(text, length, answer) || read_form(text, length, answer));
}

/* What RFC 6749 calls VSCHAR, without the blank for what goes into a header. */
static gboolean is_token(const char *text, char lowest)
{
    gsize length = text ? strlen(text) : 0;

    if (length == 0 || length > NET_OAUTH_MAX_TOKEN)
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        if (text[i] < lowest || text[i] > '~')
            return FALSE;
    }
    return TRUE;
}

static char **split_scopes(const char *scope)
{
    g_autoptr(GPtrArray) scopes = NULL;
    g_auto(GStrv) parts = scope ? g_strsplit_set(scope, " ,", -1) : NULL;

    if (!parts)
        return NULL;
    scopes = g_ptr_array_new();
    for (char **part = parts; *part; part++) {
        if (**part)
            g_ptr_array_add(scopes, g_strdup(*part));
    }
    g_ptr_array_add(scopes, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&scopes), FALSE);
}

static NetToken *token_of(Answer *answer, GError **error)
{
    gboolean is_bearer = !answer->token_type || g_ascii_strcasecmp(answer->token_type, "bearer") == 0;
    NetToken *token;

    if (!is_token(answer->access_token, '!') || !is_bearer || answer->odd_type) {
        g_set_error_literal(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_TOKEN, "the answer holds no usable token");
        return NULL;
    }
    token = g_new0(NetToken, 1);
    token->access_token = g_steal_pointer(&answer->access_token);
    if (is_token(answer->refresh_token, ' '))
        token->refresh_token = g_steal_pointer(&answer->refresh_token);
    token->scopes = split_scopes(answer->scope);
    token->expires_in_s = CLAMP(answer->expires_in_s, -1, NET_OAUTH_MAX_EXPIRES_S);
    token->refresh_expires_in_s = CLAMP(answer->refresh_expires_in_s, -1, NET_OAUTH_MAX_EXPIRES_S);
    return token;
}

gboolean net_oauth_error_of_name(const char *name, NetOauthError *code)
{
    static const struct {
        const char *name;
        NetOauthError code;
    } codes[] = {
        { "invalid_request", NET_OAUTH_ERROR_INVALID_REQUEST },
        { "invalid_client", NET_OAUTH_ERROR_INVALID_CLIENT },
        { "invalid_grant", NET_OAUTH_ERROR_INVALID_GRANT },
        { "unauthorized_client", NET_OAUTH_ERROR_UNAUTHORIZED_CLIENT },
        { "unsupported_grant_type", NET_OAUTH_ERROR_UNSUPPORTED_GRANT_TYPE },
        { "invalid_scope", NET_OAUTH_ERROR_INVALID_SCOPE },
        { "access_denied", NET_OAUTH_ERROR_ACCESS_DENIED },
    };

    *code = NET_OAUTH_ERROR_OTHER;
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (g_str_equal(name, codes[i].name)) {
            *code = codes[i].code;
            return TRUE;
        }
    }
    return FALSE;
}

static GError *refusal_of(const Answer *answer, guint status)
{
    g_autofree char *words = NULL;
    NetOauthError code;

    /* A server that is down or busy has not judged anything, whatever it says. */
    if (status >= 500 || status == 429 || status == 408 || !answer->error)
        return net_error_from_status(status, answer->words);
    /* An unknown code of a 404 and the like is not OAuth's, but of what stands at a wrong address. */
    if (!net_oauth_error_of_name(answer->error, &code) && status >= 402)
        return net_error_from_status(status, answer->words ? answer->words : answer->error);
    words = net_redact_line(answer->words ? answer->words : answer->error, NET_OAUTH_MAX_WORDS);
    return g_error_new_literal(NET_OAUTH_ERROR, (int)code, words);
}

/* A server may quote in its words what it was sent. */
static void blot(char **words, const char *secret)
{
    char *clean = net_redact_secret(*words, secret);

    if (!clean)
        return;
    g_free(*words);
    *words = clean;
}

/* @secrets: (nullable) (element-type utf8): what no error may hold. */
static NetToken *parse(guint status, GBytes *body, const GPtrArray *secrets, GError **error)
{
    g_auto(Answer) answer = { 0 };
    gboolean is_success = status >= 200 && status <= 299;
    gboolean is_read = read_answer(body, &answer);

    for (guint i = 0; secrets && i < secrets->len; i++) {
        blot(&answer.words, secrets->pdata[i]);
        blot(&answer.error, secrets->pdata[i]);
    }
    if (!is_success || (answer.error && !answer.access_token)) {
        g_propagate_error(error, refusal_of(&answer, status));
        return NULL;
    }
    if (!is_read) {
        g_set_error_literal(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_TOKEN, "the answer holds no token");
        return NULL;
    }
    return token_of(&answer, error);
}

NetToken *net_oauth_parse(guint status, GBytes *body, GError **error)
{
    return parse(status, body, NULL, error);
}

/* The members, and the client's own where it has any: name, value, ..., NULL. */
static GPtrArray *pairs_of(const NetOauthClient *client, const char *const *members)
{
    GPtrArray *pairs = g_ptr_array_new();

    for (; members[0] && members[1]; members += 2) {
        g_ptr_array_add(pairs, (gpointer)members[0]);
        g_ptr_array_add(pairs, (gpointer)members[1]);
    }
    if (client->client_id && *client->client_id) {
        g_ptr_array_add(pairs, (gpointer) "client_id");
        g_ptr_array_add(pairs, (gpointer)client->client_id);
    }
    if (client->client_secret && *client->client_secret) {
        g_ptr_array_add(pairs, (gpointer) "client_secret");
        g_ptr_array_add(pairs, (gpointer)client->client_secret);
    }
    g_ptr_array_add(pairs, NULL);
    return pairs;
}

/* Copies of the values that are not public. */
static GPtrArray *secrets_of(const char *const *pairs)
{
    static const char *const public[] = { "grant_type", "client_id", "username", "redirect_uri", "scope", NULL };
    GPtrArray *secrets = g_ptr_array_new_with_free_func((GDestroyNotify)net_secret_free);

    for (; *pairs; pairs += 2) {
        if (!g_strv_contains(public, pairs[0]))
            g_ptr_array_add(secrets, g_strdup(pairs[1]));
    }
    return secrets;
}

static void set_json(NetRequest *request, const char *const *pairs)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    for (; *pairs; pairs += 2) {
        json_builder_set_member_name(builder, pairs[0]);
        json_builder_add_string_value(builder, pairs[1]);
    }
    json_builder_end_object(builder);
    net_request_set_json(request, builder);
}

static void on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Grant *grant = g_task_get_task_data(task);
    GError *error = NULL;
    g_autoptr(NetResponse) response = net_session_send_finish(result, &error);
    NetToken *token = NULL;

    (void)source;
    if (response) {
        grant->retry_after_ms = response->retry_after_ms;
        token = parse(response->status, response->body, grant->secrets, &error);
    }
    if (token)
        g_task_return_pointer(task, token, (GDestroyNotify)net_token_free);
    else
        g_task_return_error(task, error);
}

void net_oauth_grant_async(NetSession *session, const NetOauthClient *client, const char *const *members,
                           GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, done, user_data);
    g_autoptr(NetRequest) request = net_request_new_path("POST", client->path);
    g_autoptr(GPtrArray) pairs = pairs_of(client, members);
    Grant *grant = g_new0(Grant, 1);

    grant->secrets = secrets_of((const char *const *)pairs->pdata);
    grant->retry_after_ms = -1;
    g_task_set_source_tag(task, net_oauth_grant_async);
    g_task_set_task_data(task, grant, grant_free);
    if (client->body == NET_OAUTH_BODY_JSON)
        set_json(request, (const char *const *)pairs->pdata);
    else
        net_request_set_form(request, (const char *const *)pairs->pdata);
    net_request_expect_secret(request, NET_OAUTH_MAX_ANSWER);
    net_session_send_async(session, client->base_url, request, NULL, cancellable, on_answer, task);
}

NetToken *net_oauth_grant_finish(GAsyncResult *result, gint64 *retry_after_ms, GError **error)
{
    const Grant *grant = g_task_get_task_data(G_TASK(result));

    if (retry_after_ms)
        *retry_after_ms = grant->retry_after_ms;
    return g_task_propagate_pointer(G_TASK(result), error);
}
