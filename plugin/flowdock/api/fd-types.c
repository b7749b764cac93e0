/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The structs of the service: making, copying, freeing. */
#include "fd-types.h"

#include "net/net-json.h"
#include "net/net-secret.h"

#include <string.h>

FdUser *fd_user_new(gint64 id, const char *nick)
{
    FdUser *user = g_new0(FdUser, 1);

    user->id = id;
    user->nick = nick && *nick ? g_strdup(nick) : g_strdup_printf("%" G_GINT64_FORMAT, id);
    user->in_flow = TRUE;
    return user;
}

gboolean fd_user_has_nick(const FdUser *user)
{
    char digits[32];

    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, user->id);
    return strcmp(user->nick, digits) != 0;
}

FdUser *fd_user_copy(const FdUser *user)
{
    FdUser *copy = g_new0(FdUser, 1);

    *copy = *user;
    copy->nick = g_strdup(user->nick);
    copy->name = g_strdup(user->name);
    copy->email = g_strdup(user->email);
    copy->avatar = g_strdup(user->avatar);
    copy->website = g_strdup(user->website);
    copy->status = g_strdup(user->status);
    return copy;
}

void fd_user_free(FdUser *user)
{
    if (!user)
        return;
    g_free(user->nick);
    g_free(user->name);
    g_free(user->email);
    g_free(user->avatar);
    g_free(user->website);
    g_free(user->status);
    g_free(user);
}

FdFlow *fd_flow_new(const char *id, const char *path, const char *name, const char *org_name)
{
    FdFlow *flow = g_new0(FdFlow, 1);

    flow->id = g_strdup(id);
    flow->path = g_strdup(path);
    flow->name = g_strdup(name);
    flow->org_name = g_strdup(org_name);
    return flow;
}

void fd_flow_free(FdFlow *flow)
{
    if (!flow)
        return;
    g_free(flow->id);
    g_free(flow->path);
    g_free(flow->name);
    g_free(flow->org_name);
    g_free(flow->url);
    g_free(flow->web_url);
    g_free(flow->access_mode);
    g_clear_pointer(&flow->users, g_ptr_array_unref);
    g_free(flow);
}

void fd_org_free(FdOrg *org)
{
    if (!org)
        return;
    g_free(org->slug);
    g_free(org->name);
    g_clear_pointer(&org->users, g_ptr_array_unref);
    g_free(org);
}

void fd_invitation_free(FdInvitation *invitation)
{
    if (!invitation)
        return;
    g_free(invitation->email);
    g_free(invitation->state);
    g_free(invitation);
}

void fd_source_free(FdSource *source)
{
    if (!source)
        return;
    g_free(source->name);
    g_free(source->flow_path);
    g_free(source->url);
    g_free(source->application);
    g_free(source->creator_nick);
    net_secret_free(source->token);
    g_free(source);
}

void fd_thread_info_free(FdThreadInfo *thread)
{
    if (!thread)
        return;
    g_free(thread->id);
    g_free(thread->title);
    g_free(thread->body);
    g_free(thread->url);
    g_free(thread->status);
    g_free(thread->color);
    g_free(thread->source);
    g_free(thread->updated);
    g_clear_pointer(&thread->fields, g_ptr_array_unref);
    g_clear_pointer(&thread->actions, g_ptr_array_unref);
    g_free(thread);
}

FdMessage *fd_message_copy(const FdMessage *message)
{
    FdMessage *copy = g_new0(FdMessage, 1);

    *copy = *message;
    copy->event = g_strdup(message->event);
    copy->flow = g_strdup(message->flow);
    copy->external_name = g_strdup(message->external_name);
    copy->uuid = g_strdup(message->uuid);
    copy->thread_id = g_strdup(message->thread_id);
    copy->tags = g_strdupv(message->tags);
    copy->content = message->content ? json_node_ref(message->content) : NULL;
    copy->json = message->json ? json_object_ref(message->json) : NULL;
    return copy;
}

void fd_message_free(FdMessage *message)
{
    if (!message)
        return;
    g_free(message->event);
    g_free(message->flow);
    g_free(message->external_name);
    g_free(message->uuid);
    g_free(message->thread_id);
    g_strfreev(message->tags);
    g_clear_pointer(&message->content, json_node_unref);
    g_clear_pointer(&message->json, json_object_unref);
    g_free(message);
}

const char *fd_message_get_text(const FdMessage *message)
{
    if (message->content && JSON_NODE_HOLDS_VALUE(message->content) &&
        json_node_get_value_type(message->content) == G_TYPE_STRING)
        return json_node_get_string(message->content);
    return NULL;
}

gboolean fd_message_has_tag(const FdMessage *message, const char *tag)
{
    return g_strv_contains((const char *const *)message->tags, tag);
}

gboolean fd_message_has_all_tags(const FdMessage *message)
{
    JsonArray *array = net_json_array(message->json, "tags");

    return array && g_strv_length(message->tags) == json_array_get_length(array);
}
