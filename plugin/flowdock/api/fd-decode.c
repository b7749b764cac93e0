/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON to the structs of fd-types, whatever the server sends. */
#include "fd-decode.h"

#include "net/net-json.h"
#include "text/text-escape.h"
#include "text/text-html.h"
#include "text/text-scan.h"

#include <string.h>

/* Above this a time is in microseconds: in milliseconds it would be the year 5138. */
#define MICROSECONDS_FROM G_GINT64_CONSTANT(100000000000000)
/* The last millisecond GDateTime can show (end of the year 9999). */
#define LATEST_MS G_GINT64_CONSTANT(253402300799000)
/* Longest texts kept of a thread, and longest status of a person, in characters, and longest address, in bytes. */
#define MAX_LINE_CHARS 1000
#define MAX_BODY_CHARS 10000
#define MAX_URL 4000
/* Longest token of a source; those of the service have 32 characters. */
#define MAX_TOKEN 1000
/* Longest e-mail address that can be, in characters: 64 before the @, 255 behind it. */
#define MAX_EMAIL_CHARS 320

gint64 fd_decode_time_ms(JsonNode *node)
{
    gint64 value = net_json_node_int(node, 0);

    if (value == 0 && node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(json_node_get_string(node), utc);

        value = time ? g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000 : 0;
    } else if (value >= MICROSECONDS_FROM) {
        value /= 1000;
    }
    return value > 0 && value <= LATEST_MS ? value : 0;
}

/* (transfer full) (nullable): what is shown as somebody's name. */
static char *decode_name(JsonObject *object, const char *member)
{
    const char *name = net_json_string(object, member);

    return name && g_utf8_strlen(name, -1) > FD_DECODE_MAX_NAME ? g_utf8_substring(name, 0, FD_DECODE_MAX_NAME)
                                                                : g_strdup(name);
}

/* (transfer full) (nullable) */
static char *decode_email(JsonObject *object)
{
    const char *email = net_json_string(object, "email");

    return email && g_utf8_strlen(email, -1) <= MAX_EMAIL_CHARS ? g_strdup(email) : NULL;
}

/* (transfer full) (nullable): NULL for ""; @text is (transfer full), too. */
static char *if_any(char *text)
{
    if (*text)
        return text;
    g_free(text);
    return NULL;
}

/* (transfer full) (nullable): one plain line of @text, which may be NULL; NULL when there is none. */
static char *cut_line(const char *text, glong max_chars)
{
    char *line;

    if (!text)
        return NULL;
    line = text_clean_line(text);
    if (g_utf8_strlen(line, -1) > max_chars)
        *g_utf8_offset_to_pointer(line, max_chars) = '\0';
    return if_any(g_strchomp(line));
}

/* (transfer full) (nullable): a text as one plain line, NULL when there is none. */
static char *short_line(JsonObject *object, const char *member, glong max_chars)
{
    return cut_line(net_json_string(object, member), max_chars);
}

char *fd_decode_status(const char *text)
{
    return cut_line(text, MAX_LINE_CHARS);
}

static gboolean is_web(const char *address)
{
    return g_ascii_strncasecmp(address, "http://", strlen("http://")) == 0 ||
           g_ascii_strncasecmp(address, "https://", strlen("https://")) == 0;
}

static gboolean is_plain_ascii(const char *text)
{
    while (g_ascii_isgraph(*text))
        text++;
    return *text == '\0';
}

char *fd_decode_web_address(const char *url)
{
    gsize length = url ? strlen(url) : 0;
    g_autofree char *address = NULL;

    if (length == 0 || length > MAX_URL)
        return NULL;
    /* As nearly all are, and thousands of people have one: text_scan_address() would take it as it is. */
    if (is_web(url) && length > strlen("https://") && is_plain_ascii(url))
        return g_strdup(url);
    address = text_scan_address(url, length);
    return address && is_web(address) ? g_steal_pointer(&address) : NULL;
}

FdUser *fd_decode_user(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    gint64 id = net_json_int(object, "id", 0);
    g_autofree char *nick = decode_name(object, "nick");
    FdUser *user;

    if (id <= 0)
        return NULL;
    user = fd_user_new(id, nick);
    user->name = decode_name(object, "name");
    user->email = decode_email(object);
    user->avatar = fd_decode_web_address(net_json_string(object, "avatar"));
    user->website = fd_decode_web_address(net_json_string(object, "website"));
    user->status = short_line(object, "status", MAX_LINE_CHARS);
    user->last_activity_ms = fd_decode_time_ms(net_json_node(object, "last_activity"));
    user->last_ping_ms = fd_decode_time_ms(net_json_node(object, "last_ping"));
    user->admin = net_json_bool(object, "admin", FALSE);
    user->disabled = net_json_bool(object, "disabled", FALSE);
    user->in_flow = net_json_bool(object, "in_flow", TRUE);
    return user;
}

/* Slugs become the names of rooms and parts of addresses: nothing may break a line or lead elsewhere. */
static gboolean is_slug(const char *text)
{
    g_autofree char *clean = text_clean_line(text);

    return *clean && strcmp(clean, text) == 0 && !strpbrk(clean, " /") && strcmp(clean, ".") != 0 &&
           strcmp(clean, "..") != 0;
}

static char *join_path(const char *org, const char *flow)
{
    return is_slug(org) && is_slug(flow) ? g_strconcat(org, "/", flow, NULL) : NULL;
}

char *fd_decode_flow_path(const char *url)
{
    g_autoptr(GUri) uri = url ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
    g_auto(GStrv) parts = NULL;
    guint count;

    if (!uri || !g_uri_get_host(uri))
        return NULL;
    parts = g_strsplit(g_uri_get_path(uri), "/", -1);
    count = g_strv_length(parts);
    for (guint i = 0; i + 1 < count; i++) {
        gboolean flows = strcmp(parts[i], "flows") == 0;

        if (!flows && strcmp(parts[i], "app") != 0)
            continue;
        if (i + 2 < count && *parts[i + 1] && *parts[i + 2])
            return join_path(parts[i + 1], parts[i + 2]);
        if (flows && *parts[i + 1] && strcmp(parts[i + 1], "find") != 0) {
            /* The oldest web addresses name the organization in the host. */
            const char *dot = strchr(g_uri_get_host(uri), '.');

            if (dot) {
                g_autofree char *org = g_strndup(g_uri_get_host(uri), dot - g_uri_get_host(uri));

                return join_path(org, parts[i + 1]);
            }
        }
    }
    return NULL;
}

/* Early answers lack the slugs, but always had the address. Sheet: 3.4, data/flows.json. */
static char *flow_path(JsonObject *flow, JsonObject *org)
{
    const char *slug = net_json_string(flow, "parameterized_name");
    const char *org_slug = net_json_string(org, "parameterized_name");

    char *path = slug && org_slug ? join_path(org_slug, slug) : NULL;

    return path ? path : fd_decode_flow_path(net_json_string(flow, "url"));
}

FdFlow *fd_decode_flow(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    JsonObject *org = net_json_object(object, "organization");
    g_autofree char *id = net_json_id_text(object, "id");
    g_autofree char *path = object ? flow_path(object, org) : NULL;
    const char *name = net_json_string(object, "name");
    const char *org_name = org ? net_json_string(org, "name") : net_json_string(object, "organization");
    JsonNode *users = net_json_node(object, "users");
    FdFlow *flow;

    if (!id || !path)
        return NULL;
    flow = fd_flow_new(id, path, name && *name ? name : path, org_name ? org_name : "");
    flow->org_id = net_json_int(org, "id", 0);
    flow->url = g_strdup(net_json_string(object, "url"));
    flow->web_url = g_strdup(net_json_string(object, "web_url"));
    flow->open = net_json_bool(object, "open", FALSE);
    flow->open_told = net_json_node(object, "open") != NULL;
    flow->joined = net_json_bool(object, "joined", TRUE);
    flow->archived = net_json_bool(object, "disabled", FALSE);
    flow->access_mode = short_line(object, "access_mode", FD_DECODE_MAX_NAME);
    flow->users = fd_decode_users(users);
    return flow;
}

/* The application is a name, or an object with one. Sheet: 3.8, "source". (transfer full) (nullable) */
static char *application_of(JsonObject *source)
{
    JsonObject *application = net_json_object(source, "application");

    return short_line(application ? application : source, application ? "name" : "application", FD_DECODE_MAX_NAME);
}

/* (transfer full) (nullable): something else could not be typed or sent as one. */
static char *decode_token(JsonObject *object)
{
    const char *token = net_json_string(object, "flow_token");

    return token && *token && strlen(token) <= MAX_TOKEN && is_plain_ascii(token) ? g_strdup(token) : NULL;
}

FdSource *fd_decode_source(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    JsonObject *creator = net_json_object(object, "creator");
    gint64 id = net_json_int(object, "id", 0);
    FdSource *source;

    if (id <= 0)
        return NULL;
    source = g_new0(FdSource, 1);
    source->id = id;
    source->name = short_line(object, "name", FD_DECODE_MAX_NAME);
    if (!source->name)
        source->name = g_strdup("");
    /* Nothing else tells whose source it is. */
    source->flow_path = fd_decode_flow_path(net_json_string(object, "url"));
    source->url = fd_decode_web_address(net_json_string(object, "external_url"));
    source->application = application_of(object);
    source->creator = MAX(net_json_int(creator, "id", 0), 0);
    source->creator_nick = short_line(creator, "nick", FD_DECODE_MAX_NAME);
    source->token = decode_token(object);
    return source;
}

static char **decode_tags(JsonArray *array)
{
    g_autoptr(GStrvBuilder) tags = g_strv_builder_new();
    guint count = array ? MIN(json_array_get_length(array), FD_DECODE_MAX_TAGS) : 0;

    for (guint i = 0; i < count; i++) {
        JsonNode *tag = json_array_get_element(array, i);

        if (JSON_NODE_HOLDS_VALUE(tag) && json_node_get_value_type(tag) == G_TYPE_STRING)
            g_strv_builder_add(tags, json_node_get_string(tag));
    }
    return g_strv_builder_end(tags);
}

FdMessage *fd_decode_message(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    const char *event = net_json_string(object, "event");
    JsonNode *content = net_json_node(object, "content");
    FdMessage *message;

    if (!event)
        return NULL;
    message = g_new0(FdMessage, 1);
    message->event = g_strdup(event);
    message->id = net_json_int(object, "id", 0);
    if (message->id < 0 || message->id > FD_DECODE_MAX_ID)
        message->id = 0;
    message->flow = net_json_id_text(object, "flow");
    message->to = MAX(net_json_int(object, "to", 0), 0);
    message->user = MAX(net_json_int(object, "user", net_json_int(object, "user_id", 0)), 0);
    message->sent_ms = fd_decode_time_ms(net_json_node(object, "sent"));
    if (message->sent_ms == 0)
        message->sent_ms = fd_decode_time_ms(net_json_node(object, "created_at"));
    message->external_name = decode_name(object, "external_user_name");
    message->uuid = g_strdup(net_json_string(object, "uuid"));
    message->thread_id = net_json_id_text(object, "thread_id");
    message->tags = decode_tags(net_json_array(object, "tags"));
    message->content = content ? json_node_ref(content) : NULL;
    message->json = json_object_ref(object);
    return message;
}

typedef gpointer (*DecodeOne)(JsonNode *node);

/* @array: (nullable): none is an empty one */
static GPtrArray *decode_array(JsonArray *array, guint max, DecodeOne decode, GDestroyNotify destroy)
{
    guint count = array ? MIN(json_array_get_length(array), max) : 0;
    GPtrArray *list = g_ptr_array_new_full(count, destroy);

    for (guint i = 0; i < count; i++) {
        gpointer one = decode(json_array_get_element(array, i));

        if (one)
            g_ptr_array_add(list, one);
    }
    return list;
}

static GPtrArray *decode_list(JsonNode *node, DecodeOne decode, GDestroyNotify destroy)
{
    if (!node || !JSON_NODE_HOLDS_ARRAY(node))
        return NULL;
    return decode_array(json_node_get_array(node), FD_DECODE_MAX_LIST, decode, destroy);
}

/* --------------------------------------------------------------------------------------------------------- threads */

/* (transfer full): one plain line of what may be HTML, or a number. */
static char *html_line(JsonObject *object, const char *name)
{
    g_autofree char *html = net_json_id_text(object, name);
    g_autofree char *plain = text_from_html(html, MAX_LINE_CHARS);

    return text_clean_line(plain);
}

static void field_free(gpointer data)
{
    FdThreadField *field = data;

    g_free(field->label);
    g_free(field->value);
    g_free(field);
}

static gpointer decode_field(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    g_autofree char *label = html_line(object, "label");
    g_autofree char *html = net_json_id_text(object, "value");
    g_autofree char *value = text_from_html(html, MAX_LINE_CHARS);
    FdThreadField *field;

    if (!*label && !*value)
        return NULL;
    field = g_new0(FdThreadField, 1);
    field->label = g_steal_pointer(&label);
    field->value = g_steal_pointer(&value);
    return field;
}

static void action_free(gpointer data)
{
    FdThreadAction *action = data;

    g_free(action->name);
    g_free(action->url);
    g_free(action->method);
    g_free(action);
}

/* (nullable): without a known one nothing can be called. */
static const char *method_of(JsonObject *target)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    const char *given = net_json_string(target, "httpMethod");

    for (gsize i = 0; given && i < G_N_ELEMENTS(methods); i++) {
        if (g_ascii_strcasecmp(given, methods[i]) == 0)
            return methods[i];
    }
    return NULL;
}

static gpointer decode_action(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    JsonObject *target = net_json_object(object, "target");
    const char *type = net_json_string(object, "@type");
    gboolean is_link = g_strcmp0(type, "ViewAction") == 0;
    gboolean is_call = g_strcmp0(type, "UpdateAction") == 0 && method_of(target);
    g_autofree char *name = html_line(object, "name");
    g_autofree char *url =
        fd_decode_web_address(is_link ? net_json_string(object, "url") : net_json_string(target, "urlTemplate"));
    FdThreadAction *action;

    if ((!is_link && !is_call) || !*name || !url)
        return NULL;
    action = g_new0(FdThreadAction, 1);
    action->name = g_steal_pointer(&name);
    action->url = g_steal_pointer(&url);
    action->method = is_call ? g_strdup(method_of(target)) : NULL;
    return action;
}

static guint count_of(JsonObject *object, const char *name)
{
    return (guint)CLAMP(net_json_int(object, name, 0), 0, G_MAXINT);
}

FdThreadInfo *fd_decode_thread(JsonNode *node, const char *id)
{
    JsonObject *object = net_json_object_of(node);
    JsonObject *source = net_json_object(object, "source");
    JsonObject *status = net_json_object(object, "status");
    g_autofree char *own_id = net_json_id_text(object, "id");
    FdThreadInfo *thread;

    if (!object || (!own_id && (!id || !*id)))
        return NULL;
    thread = g_new0(FdThreadInfo, 1);
    thread->id = own_id ? g_steal_pointer(&own_id) : g_strdup(id);
    /* That of a chat thread is its first message: what looks like HTML there was typed. */
    thread->title = source ? html_line(object, "title") : text_clean_line(net_json_string(object, "title"));
    thread->body = if_any(text_from_html(net_json_string(object, "body"), MAX_BODY_CHARS));
    thread->url = fd_decode_web_address(net_json_string(object, "external_url"));
    thread->status = if_any(html_line(status, "value"));
    thread->color = if_any(text_clean_line(net_json_string(status, "color")));
    thread->source = application_of(source);
    thread->updated_ms = fd_decode_time_ms(net_json_node(object, "updated_at"));
    thread->updated = thread->updated_ms ? net_json_id_text(object, "updated_at") : NULL;
    thread->initial = MAX(net_json_int(object, "initial_message", 0), 0);
    thread->activities = count_of(object, "activities");
    thread->comments = count_of(object, "internal_comments");
    thread->discussions = count_of(object, "external_comments");
    thread->fields = decode_array(net_json_array(object, "fields"), FD_DECODE_MAX_FIELDS, decode_field, field_free);
    thread->actions = decode_array(net_json_array(object, "actions"), FD_DECODE_MAX_FIELDS, decode_action, action_free);
    return thread;
}

static gpointer decode_one_thread(JsonNode *node)
{
    return fd_decode_thread(node, NULL);
}

/* ---------------------------------------------------------------------------------------------------------- private */

/* Named by the other person's id. */
static gpointer decode_private(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    JsonObject *activity = net_json_object(object, "activity");
    gint64 user = net_json_int(object, "id", 0);
    FdPrivate *private;

    if (user <= 0)
        return NULL;
    private = g_new0(FdPrivate, 1);
    private->user = user;
    private->open = net_json_bool(object, "open", FALSE);
    private->unread = net_json_bool(activity, "chat", FALSE) || net_json_int(activity, "mentions", 0) > 0;
    return private;
}

/* -------------------------------------------------------------------------------------------------- organizations */

/* Without its slug nothing can be asked of it. */
FdOrg *fd_decode_org(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    const char *slug = net_json_string(object, "parameterized_name");
    gint64 id = net_json_int(object, "id", 0);
    FdOrg *org;

    if (id <= 0 || !slug || g_utf8_strlen(slug, -1) > FD_DECODE_MAX_NAME || !is_slug(slug))
        return NULL;
    org = g_new0(FdOrg, 1);
    org->id = id;
    org->slug = g_strdup(slug);
    org->name = short_line(object, "name", FD_DECODE_MAX_NAME);
    if (!org->name)
        org->name = g_strdup(slug);
    org->users = decode_array(net_json_array(object, "users"), FD_DECODE_MAX_LIST, (DecodeOne)fd_decode_user,
                              (GDestroyNotify)fd_user_free);
    return org;
}

/* Told apart by people by whom it is for. */
static gpointer decode_invitation(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    gint64 id = net_json_int(object, "id", 0);
    g_autofree char *email = short_line(object, "email", MAX_EMAIL_CHARS);
    FdInvitation *invitation;

    if (id <= 0 || !email)
        return NULL;
    invitation = g_new0(FdInvitation, 1);
    invitation->id = id;
    invitation->email = g_steal_pointer(&email);
    invitation->state = short_line(object, "state", FD_DECODE_MAX_NAME);
    return invitation;
}

/* ------------------------------------------------------------------------------------------------------------ lists */

GPtrArray *fd_decode_users(JsonNode *node)
{
    return decode_list(node, (DecodeOne)fd_decode_user, (GDestroyNotify)fd_user_free);
}

GPtrArray *fd_decode_messages(JsonNode *node)
{
    return decode_list(node, (DecodeOne)fd_decode_message, (GDestroyNotify)fd_message_free);
}

GPtrArray *fd_decode_sources(JsonNode *node)
{
    return decode_list(node, (DecodeOne)fd_decode_source, (GDestroyNotify)fd_source_free);
}

GPtrArray *fd_decode_threads(JsonNode *node)
{
    return decode_list(node, decode_one_thread, (GDestroyNotify)fd_thread_info_free);
}

GPtrArray *fd_decode_invitations(JsonNode *node)
{
    return decode_list(node, decode_invitation, (GDestroyNotify)fd_invitation_free);
}

GPtrArray *fd_decode_privates(JsonNode *node)
{
    return decode_list(node, decode_private, g_free);
}
