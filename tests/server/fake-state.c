/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the server remembers, and how to find it. */
#include "fake-state.h"

#include <string.h>

#include "fake-text.h"

/* Every so many ids one is left out. */
#define GAP_EVERY 5

static void user_free(gpointer data)
{
    FakeUser *user = data;

    g_free(user->nick);
    g_free(user->name);
    g_free(user->email);
    g_free(user->password);
    g_free(user->api_token);
    g_free(user->avatar);
    g_free(user->website);
    g_free(user);
}

static void member_free(gpointer data)
{
    FakeMember *member = data;

    g_free(member->status);
    g_free(member);
}

static void org_free(gpointer data)
{
    FakeOrg *org = data;

    g_free(org->slug);
    g_free(org->name);
    g_ptr_array_unref(org->members);
    g_free(org);
}

static void thread_free(gpointer data)
{
    FakeThread *thread = data;

    g_free(thread->id);
    g_free(thread->title);
    g_free(thread->body);
    g_free(thread->external_url);
    g_free(thread->external_id);
    g_clear_pointer(&thread->status, json_node_unref);
    g_clear_pointer(&thread->fields, json_node_unref);
    g_clear_pointer(&thread->actions, json_node_unref);
    g_free(thread);
}

static FakeTalk *talk_new(void)
{
    FakeTalk *talk = g_new0(FakeTalk, 1);

    talk->messages = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    talk->threads = g_ptr_array_new_with_free_func(thread_free);
    talk->threads_by_id = g_hash_table_new(g_str_hash, g_str_equal);
    return talk;
}

static void talk_free(gpointer data)
{
    FakeTalk *talk = data;

    g_ptr_array_unref(talk->messages);
    g_hash_table_unref(talk->threads_by_id);
    g_ptr_array_unref(talk->threads);
    g_free(talk);
}

static void flow_free(gpointer data)
{
    FakeFlow *flow = data;

    g_free(flow->id);
    g_free(flow->slug);
    g_free(flow->name);
    g_free(flow->access_mode);
    g_free(flow->api_token);
    g_ptr_array_unref(flow->members);
    g_ptr_array_unref(flow->invitations);
    talk_free(flow->talk);
    g_free(flow);
}

static void app_free(gpointer data)
{
    FakeApp *app = data;

    g_free(app->client_id);
    g_free(app->client_secret);
    g_free(app->name);
    g_strfreev(app->redirect_uris);
    g_free(app);
}

static void source_free(gpointer data)
{
    FakeSource *source = data;

    g_free(source->name);
    g_free(source->external_url);
    g_free(source->token);
    g_free(source->error_message);
    g_free(source->configuration_url);
    g_free(source);
}

void fake_state_init(FakeServer *server)
{
    server->users = g_ptr_array_new_with_free_func(user_free);
    server->orgs = g_ptr_array_new_with_free_func(org_free);
    server->flows = g_ptr_array_new_with_free_func(flow_free);
    server->privates = g_ptr_array_new_with_free_func(talk_free);
    server->apps = g_ptr_array_new_with_free_func(app_free);
    server->sources = g_ptr_array_new_with_free_func(source_free);
    server->users_by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    server->flows_by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    server->privates_by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void fake_state_clear(FakeServer *server)
{
    g_hash_table_unref(server->users_by_id);
    g_hash_table_unref(server->flows_by_name);
    g_hash_table_unref(server->privates_by_key);
    g_ptr_array_unref(server->sources);
    g_ptr_array_unref(server->privates);
    g_ptr_array_unref(server->flows);
    g_ptr_array_unref(server->orgs);
    g_ptr_array_unref(server->apps);
    g_ptr_array_unref(server->users);
}

FakeUser *fake_state_add_user(FakeServer *server, gint64 id, const char *nick, const char *email)
{
    FakeUser *user = g_new0(FakeUser, 1);

    user->id = id ? id : server->last_user_id + 1;
    user->nick = g_strdup(nick);
    user->name = g_strdup(nick);
    user->email = g_strdup(email);
    server->last_user_id = MAX(server->last_user_id, user->id);
    g_ptr_array_add(server->users, user);
    g_hash_table_insert(server->users_by_id, &user->id, user);
    return user;
}

FakeOrg *fake_state_add_org(FakeServer *server, const char *slug, const char *name)
{
    FakeOrg *org = g_new0(FakeOrg, 1);

    org->id = server->orgs->len + 8;
    while (fake_state_org_by_id(server, org->id))
        org->id++;
    org->slug = g_strdup(slug);
    org->name = g_strdup(name ? name : slug);
    org->members = g_ptr_array_new_with_free_func(member_free);
    g_ptr_array_add(server->orgs, org);
    return org;
}

FakeFlow *fake_state_add_flow(FakeServer *server, FakeOrg *org, const char *slug, const char *name, const char *id)
{
    FakeFlow *flow = g_new0(FakeFlow, 1);
    g_autofree char *path = g_strconcat(org->slug, "/", slug, NULL);

    flow->id = id ? g_strdup(id) : fake_text_token(path, 22);
    flow->slug = g_strdup(slug);
    flow->name = g_strdup(name ? name : slug);
    flow->access_mode = g_strdup("invitation");
    flow->api_token = fake_text_token(flow->id, 32);
    flow->org = org;
    flow->members = g_ptr_array_new_with_free_func(member_free);
    flow->invitations = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    flow->talk = talk_new();
    flow->talk->flow = flow;
    g_ptr_array_add(server->flows, flow);
    g_hash_table_insert(server->flows_by_name, g_strdup(flow->id), flow);
    g_hash_table_insert(server->flows_by_name, g_strconcat(org->slug, ":", slug, NULL), flow);
    g_hash_table_insert(server->flows_by_name, g_steal_pointer(&path), flow);
    return flow;
}

FakeApp *fake_state_add_app(FakeServer *server, const char *client_id, const char *client_secret, const char *name)
{
    FakeApp *app = g_new0(FakeApp, 1);

    app->id = server->apps->len + 1;
    app->client_id = g_strdup(client_id);
    app->client_secret = g_strdup(client_secret);
    app->name = g_strdup(name ? name : client_id);
    app->redirect_uris = g_new0(char *, 1);
    g_ptr_array_add(server->apps, app);
    return app;
}

FakeSource *fake_state_add_source(FakeServer *server, FakeFlow *flow, FakeApp *app, const char *name)
{
    FakeSource *source = g_new0(FakeSource, 1);

    source->id = ++server->last_source_id;
    source->name = g_strdup(name);
    source->token = fake_text_random(32);
    source->flow = flow;
    source->app = app;
    source->created_ms = source->updated_ms = fake_text_now_ms();
    g_ptr_array_add(server->sources, source);
    return source;
}

FakeUser *fake_state_user(FakeServer *server, gint64 id)
{
    return g_hash_table_lookup(server->users_by_id, &id);
}

FakeUser *fake_state_user_by_email(FakeServer *server, const char *email)
{
    for (guint i = 0; i < server->users->len; i++) {
        FakeUser *user = server->users->pdata[i];

        if (g_ascii_strcasecmp(user->email, email) == 0)
            return user;
    }
    return NULL;
}

FakeUser *fake_state_user_by_token(FakeServer *server, const char *token)
{
    for (guint i = 0; i < server->users->len; i++) {
        FakeUser *user = server->users->pdata[i];

        if (g_strcmp0(user->api_token, token) == 0)
            return user;
    }
    return NULL;
}

FakeOrg *fake_state_org(FakeServer *server, const char *slug)
{
    for (guint i = 0; i < server->orgs->len; i++) {
        FakeOrg *org = server->orgs->pdata[i];

        if (g_str_equal(org->slug, slug))
            return org;
    }
    return NULL;
}

FakeOrg *fake_state_org_by_id(FakeServer *server, gint64 id)
{
    for (guint i = 0; i < server->orgs->len; i++) {
        FakeOrg *org = server->orgs->pdata[i];

        if (org->id == id)
            return org;
    }
    return NULL;
}

FakeFlow *fake_state_flow(FakeServer *server, const char *name)
{
    return name ? g_hash_table_lookup(server->flows_by_name, name) : NULL;
}

FakeApp *fake_state_app(FakeServer *server, const char *client_id)
{
    for (guint i = 0; client_id && i < server->apps->len; i++) {
        FakeApp *app = server->apps->pdata[i];

        if (g_str_equal(app->client_id, client_id))
            return app;
    }
    return NULL;
}

FakeSource *fake_state_source_by_token(FakeServer *server, const char *token)
{
    for (guint i = 0; i < server->sources->len; i++) {
        FakeSource *source = server->sources->pdata[i];

        if (g_str_equal(source->token, token))
            return source;
    }
    return NULL;
}

FakeSource *fake_state_source(FakeServer *server, FakeFlow *flow, gint64 id)
{
    for (guint i = 0; i < server->sources->len; i++) {
        FakeSource *source = server->sources->pdata[i];

        if (source->id == id && source->flow == flow && !source->removed)
            return source;
    }
    return NULL;
}

FakeTalk *fake_state_private(FakeServer *server, FakeUser *one, FakeUser *other, gboolean create)
{
    FakeUser *low = one->id < other->id ? one : other, *high = low == one ? other : one;
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, low->id, high->id);
    FakeTalk *talk = g_hash_table_lookup(server->privates_by_key, key);

    if (talk || !create)
        return talk;
    talk = talk_new();
    talk->pair[0] = low;
    talk->pair[1] = high;
    g_ptr_array_add(server->privates, talk);
    g_hash_table_insert(server->privates_by_key, g_steal_pointer(&key), talk);
    return talk;
}

FakeTalk *fake_state_talk(FakeServer *server, const char *conversation)
{
    FakeFlow *flow;

    if (g_str_has_prefix(conversation, "private/")) {
        g_auto(GStrv) parts = g_strsplit(conversation, "/", 3);
        FakeUser *one = parts[1] ? fake_state_user(server, g_ascii_strtoll(parts[1], NULL, 10)) : NULL;
        FakeUser *other = one && parts[2] ? fake_state_user(server, g_ascii_strtoll(parts[2], NULL, 10)) : NULL;

        return other && other != one ? fake_state_private(server, one, other, TRUE) : NULL;
    }
    flow = fake_state_flow(server, conversation);
    return flow ? flow->talk : NULL;
}

FakeMember *fake_state_member(GPtrArray *members, const FakeUser *user)
{
    for (guint i = 0; user && i < members->len; i++) {
        FakeMember *member = members->pdata[i];

        if (member->user == user)
            return member;
    }
    return NULL;
}

FakeMember *fake_state_join(GPtrArray *members, FakeUser *user)
{
    FakeMember *member = fake_state_member(members, user);

    if (!member) {
        member = g_new0(FakeMember, 1);
        member->user = user;
        g_ptr_array_add(members, member);
    }
    return member;
}

void fake_state_leave(GPtrArray *members, const FakeUser *user)
{
    FakeMember *member = fake_state_member(members, user);

    if (member)
        g_ptr_array_remove(members, member);
}

gboolean fake_state_is_active_member(FakeFlow *flow, const FakeUser *user)
{
    FakeMember *member = fake_state_member(flow->members, user);

    return member && !member->disabled;
}

gboolean fake_state_share_org(FakeServer *server, const FakeUser *one, const FakeUser *other)
{
    for (guint i = 0; i < server->orgs->len; i++) {
        FakeOrg *org = server->orgs->pdata[i];

        if (fake_state_member(org->members, one) && fake_state_member(org->members, other))
            return TRUE;
    }
    return FALSE;
}

FakeUser *fake_talk_other(FakeTalk *talk, const FakeUser *user)
{
    return talk->pair[0] == user ? talk->pair[1] : talk->pair[0];
}

gboolean *fake_talk_open(FakeTalk *talk, const FakeUser *user)
{
    return &talk->pair_open[talk->pair[0] == user ? 0 : 1];
}

gint64 fake_talk_next_id(FakeTalk *talk)
{
    talk->last_id++;
    if (talk->last_id % GAP_EVERY == 0)
        talk->last_id++;
    return talk->last_id;
}
