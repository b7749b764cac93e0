/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about expected visitors. */
#include "envoy-api-invites.h"

#include "envoy-decode.h"
#include "text/text-escape.h"

#define PER_PAGE 100
/* New ones are few. Sheet: 9.1. */
#define PER_PAGE_OF_NEW 20
#define MAX_PAGES_OF_NEW 10
/* Where the one that was lost must be, if anywhere. */
#define MAX_PAGES_OF_LOST 5
#define MINUTE_MS (60 * 1000)

/* -------------------------------------------------------------------------------------------------- what is asked for */

/* Of no more than eight parameters: name, value, ..., NULL. */
typedef struct {
    const char *pairs[2 * 8 + 1];
    guint count;
} Query;

static void add(Query *query, const char *name, const char *value)
{
    query->pairs[query->count++] = name;
    query->pairs[query->count++] = value;
}

/* Which invites belong to a list. What is NULL or 0 counts for all. */
typedef struct {
    gint64 since_ms;
    GHashTable *known;
    gint64 from_ms, to_ms;
    gboolean is_strict; /* an arrival that is not known is none in time */
    char *location_id;
    char *email, *name;
} Wanted;

static void wanted_free(gpointer data)
{
    Wanted *wanted = data;

    g_clear_pointer(&wanted->known, g_hash_table_unref);
    g_free(wanted->location_id);
    g_free(wanted->email);
    g_free(wanted->name);
    g_free(wanted);
}

static EnvoyVerdict is_new(gconstpointer item, gpointer user_data)
{
    const EnvoyInvite *invite = item;
    const Wanted *wanted = user_data;
    gboolean is_old = invite->created_ms > 0 && invite->created_ms < wanted->since_ms;

    return is_old || (wanted->known && g_hash_table_contains(wanted->known, invite->id)) ? ENVOY_STOP : ENVOY_KEEP;
}

static gboolean is_in_time(const EnvoyInvite *invite, const Wanted *wanted)
{
    if (invite->arrival_ms == 0)
        return !wanted->is_strict;
    return invite->arrival_ms >= wanted->from_ms && (wanted->to_ms == 0 || invite->arrival_ms < wanted->to_ms);
}

/* Both (nullable); without regard to case. */
static gboolean is_same(const char *one, const char *other)
{
    g_autofree char *one_folded = one ? g_utf8_casefold(one, -1) : NULL;
    g_autofree char *other_folded = other ? g_utf8_casefold(other, -1) : NULL;

    return g_strcmp0(one_folded, other_folded) == 0;
}

static EnvoyVerdict is_wanted(gconstpointer item, gpointer user_data)
{
    const EnvoyInvite *invite = item;
    const Wanted *wanted = user_data;
    gboolean is_there =
        !wanted->location_id || !invite->location_id || g_str_equal(invite->location_id, wanted->location_id);
    gboolean is_it = (!wanted->email || is_same(invite->email, wanted->email)) &&
                     (!wanted->name || is_same(invite->name, wanted->name));

    return is_in_time(invite, wanted) && is_there && is_it ? ENVOY_KEEP : ENVOY_DROP;
}

/* ------------------------------------------------------------------------------------------------------------ lists */

void envoy_api_invites_newest_async(EnvoyApi *api, gint64 since_ms, GHashTable *known, GCancellable *cancellable,
                                    GAsyncReadyCallback done, gpointer user_data)
{
    static const char *const query[] = { "sort", "CREATED_AT", "order", "DESC", NULL };
    gboolean is_first = since_ms <= 0 && !known;
    Wanted *wanted = g_new0(Wanted, 1);
    const EnvoyPagerOptions options = { .resource = "invites",
                                        .kind = &envoy_decode_invites,
                                        .query = query,
                                        .per_page = PER_PAGE_OF_NEW,
                                        .max_pages = is_first ? 1 : MAX_PAGES_OF_NEW,
                                        .judge = is_new,
                                        .judge_data = wanted,
                                        .destroy = wanted_free };

    wanted->since_ms = since_ms;
    wanted->known = known ? g_hash_table_ref(known) : NULL;
    envoy_pager_async(api, &options, cancellable, done, user_data);
}

/* Takes @wanted; @query has what else is asked for. */
static void ask_by_arrival(EnvoyApi *api, Wanted *wanted, Query *query, guint max_pages, GCancellable *cancellable,
                           GAsyncReadyCallback done, gpointer user_data)
{
    /* Whether the service counts the bounds themselves is not known; we do, and it only gets whole seconds. */
    g_autofree char *after = envoy_decode_time_text(wanted->from_ms - 1000);
    g_autofree char *before = wanted->to_ms > 0 ? envoy_decode_time_text(wanted->to_ms + 1000) : NULL;
    const EnvoyPagerOptions options = { .resource = "invites",
                                        .kind = &envoy_decode_invites,
                                        .query = query->pairs,
                                        .per_page = PER_PAGE,
                                        .max_pages = max_pages,
                                        .judge = is_wanted,
                                        .judge_data = wanted,
                                        .destroy = wanted_free };

    if (wanted->location_id)
        add(query, "locationIds", wanted->location_id);
    add(query, "expectedArrivalAtAfter", after);
    if (before)
        add(query, "expectedArrivalAtBefore", before);
    add(query, "sort", "EXPECTED_ARRIVAL_AT");
    add(query, "order", "ASC");
    envoy_pager_async(api, &options, cancellable, done, user_data);
}

void envoy_api_invites_expected_async(EnvoyApi *api, gint64 from_ms, gint64 to_ms, const char *location_id,
                                      GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    Wanted *wanted = g_new0(Wanted, 1);
    Query query = { 0 };

    wanted->from_ms = from_ms;
    wanted->to_ms = to_ms;
    wanted->location_id = g_strdup(location_id);
    ask_by_arrival(api, wanted, &query, 0, cancellable, done, user_data);
}

void envoy_api_invites_lost_async(EnvoyApi *api, const EnvoyNewInvite *invite, GCancellable *cancellable,
                                  GAsyncReadyCallback done, gpointer user_data)
{
    Wanted *wanted = g_new0(Wanted, 1);
    Query query = { 0 };

    /* The service may have cut the seconds. */
    wanted->from_ms = invite->arrival_ms - invite->arrival_ms % MINUTE_MS;
    wanted->to_ms = wanted->from_ms + MINUTE_MS;
    wanted->is_strict = TRUE;
    wanted->location_id = g_strdup(invite->location_id);
    wanted->email = g_strdup(invite->email);
    if (invite->email)
        add(&query, "inviteeEmail", invite->email);
    else
        wanted->name = text_clean_line(invite->name);
    ask_by_arrival(api, wanted, &query, MAX_PAGES_OF_LOST, cancellable, done, user_data);
}

/* ------------------------------------------------------------------------------------------------------------- one */

/* The shape of a success that is not known. */
static gpointer decode_invite(JsonNode *answer)
{
    return envoy_decode_invite(envoy_decode_data(answer));
}

static void one_invite(EnvoyApi *api, NetRequest *request, GCancellable *cancellable, GAsyncReadyCallback done,
                       gpointer user_data)
{
    net_call_decode_async(api, request, decode_invite, (GDestroyNotify)envoy_invite_free, cancellable, done, user_data);
}

static void add_text(JsonBuilder *body, const char *member, const char *text)
{
    if (!text)
        return;
    json_builder_set_member_name(body, member);
    json_builder_add_string_value(body, text);
}

static void add_time(JsonBuilder *body, const char *member, gint64 time_ms)
{
    g_autofree char *text = time_ms > 0 ? envoy_decode_time_text(time_ms) : NULL;

    add_text(body, member, text);
}

static void add_visitor(JsonBuilder *body, const EnvoyNewInvite *invite)
{
    /* Said in any case: what the service does by default is not known, and a stranger would get mail. */
    if (invite->email) {
        json_builder_set_member_name(body, "sendEmailToInvitee");
        json_builder_add_boolean_value(body, invite->sends_email);
    }
    json_builder_set_member_name(body, "invitee");
    json_builder_begin_object(body);
    add_text(body, "name", invite->name);
    add_text(body, "email", invite->email);
    json_builder_end_object(body);
}

static void add_purpose(JsonBuilder *body, const char *purpose)
{
    json_builder_set_member_name(body, "customFields");
    json_builder_begin_array(body);
    json_builder_begin_object(body);
    add_text(body, "field", "Purpose of visit");
    add_text(body, "value", purpose);
    json_builder_end_object(body);
    json_builder_end_array(body);
}

void envoy_api_invite_create_async(EnvoyApi *api, const EnvoyNewInvite *invite, GCancellable *cancellable,
                                   GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("POST", "invites", NULL);
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    json_builder_set_member_name(body, "invite");
    json_builder_begin_object(body);
    add_time(body, "expectedArrivalAt", invite->arrival_ms);
    add_time(body, "expectedDepartureAt", invite->departure_ms);
    add_text(body, "locationId", invite->location_id);
    add_text(body, "flowId", invite->flow_id);
    add_text(body, "hostEmployeeId", invite->host_id);
    add_text(body, "notes", invite->notes);
    add_visitor(body, invite);
    if (invite->purpose)
        add_purpose(body, invite->purpose);
    json_builder_end_object(body);
    json_builder_end_object(body);
    net_request_set_json(request, body);
    one_invite(api, request, cancellable, done, user_data);
}

void envoy_api_invite_show_async(EnvoyApi *api, const char *id, GCancellable *cancellable, GAsyncReadyCallback done,
                                 gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "invites", id, NULL);

    one_invite(api, request, cancellable, done, user_data);
}

EnvoyInvite *envoy_api_invite_finish(GAsyncResult *result, GError **error)
{
    return net_call_decode_finish(result, error);
}

void envoy_api_invite_delete_async(EnvoyApi *api, const char *id, GCancellable *cancellable, GAsyncReadyCallback done,
                                   gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("DELETE", "invites", id, NULL);

    net_call_json_async(api, request, cancellable, done, user_data);
}

gboolean envoy_api_invite_delete_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = net_call_json_finish(result, error);

    return answer != NULL;
}
