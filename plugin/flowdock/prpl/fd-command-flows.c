/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about flows: which there are, opening one, making one, its name. */
#include "fd-command.h"

#include "fd-chats.h"
#include "fd-join.h"
#include "fd-online.h"

#include "flowdock/api/fd-api-flows.h"
#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Longest name of a flow, in characters. Sheet: 3.4. */
#define MAX_NAME 100

/* --------------------------------------------------------------------------------------------------------------- list */

static const char *state_of(const FdFlow *flow)
{
    if (flow->archived)
        return _("archived");
    if (!flow->joined)
        return _("not joined");
    /* Translators: the state of a flow: a tab for it is there, or not. */
    return flow->open ? _("open") : _("joined but closed");
}

/* (transfer full) (nullable): "12 people"; NULL where the list has not told. */
static char *size_of(const FdFlow *flow)
{
    g_autoptr(GHashTable) members = g_hash_table_new(g_int64_hash, g_int64_equal);
    guint count;

    if (!flow->users)
        return NULL;
    for (guint i = 0; i < flow->users->len; i++) {
        FdUser *user = flow->users->pdata[i];

        if (!user->disabled && user->in_flow)
            g_hash_table_add(members, &user->id);
    }
    count = g_hash_table_size(members);
    return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u person", "%u people", count), count);
}

/* (transfer full): "acme/main: Main (Acme), open, 12 people" */
static char *describe(const FdFlow *flow)
{
    g_autofree char *name = text_clean_line(flow->name);
    g_autofree char *org = text_clean_line(flow->org_name);
    g_autofree char *title = *org ? g_strdup_printf("%s (%s)", name, org) : g_steal_pointer(&name);
    g_autofree char *size = size_of(flow);

    /* Translators: a flow: its path, its name, its state, and how many people it has. */
    return size ? g_strdup_printf(_("%s: %s, %s, %s"), flow->path, title, state_of(flow), size)
                /* Translators: the same where their number is not known. */
                : g_strdup_printf(_("%s: %s, %s"), flow->path, title, state_of(flow));
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
    const FdFlow *left = *(FdFlow *const *)a, *right = *(FdFlow *const *)b;
    g_autofree char *one = g_utf8_casefold(left->path, -1);
    g_autofree char *other = g_utf8_casefold(right->path, -1);

    return strcmp(one, other);
}

/* What others have made since sign-in can then be opened by its name. What is known is left to the stream, which may be
 * ahead of this list. Takes them out of @flows. */
static void learn_flows(FdAccount *account, GPtrArray *flows)
{
    for (guint i = 0; i < flows->len && !fd_account_is_closed(account); i++) {
        const FdFlow *flow = flows->pdata[i];

        if (!fd_rooms_by_flow_id(account->state->rooms, flow->id))
            fd_state_update_flow(account->state, g_steal_pointer(&flows->pdata[i]));
    }
}

static void on_flows(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) flows = fd_api_flows_all_finish(result, &error);
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!flows) {
        fd_call_refuse_error(call, error);
        return;
    }
    if (flows->len == 0) {
        fd_call_say(call, _("There are no flows that you can see."));
        return;
    }
    g_ptr_array_sort(flows, compare_paths);
    for (guint i = 0; i < flows->len; i++) {
        g_autofree char *line = describe(flows->pdata[i]);

        g_strv_builder_add(lines, line);
    }
    learn_flows(call->account, flows);
    if (!fd_account_is_closed(call->account))
        fd_call_list(call, _("Flows (/open FLOW shows one as a room):"), g_strv_builder_end(lines));
}

/* Of what others make the stream tells nothing, so the service is asked. */
void fd_command_flows(FdCall *call)
{
    fd_api_flows_all_async(call->account->api, call->account->cancellable, on_flows, call);
}

void fd_command_open(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    g_autofree char *unknown = NULL;
    FdRoom *room = NULL;

    if (fd_rooms_resolve(account->state->rooms, call->args, &room, &unknown) == FD_RESOLVED_ROOM && room->shown &&
        fd_chats_find(account, room)) {
        g_autofree char *line = g_strdup_printf(_("The flow %s is open already as a room."), room->flow->path);

        fd_call_say(call, line);
    } else {
        fd_join_flow(account, call->args);
    }
}

/* --------------------------------------------------------------------------------------------------------- their names */

/* (transfer full) (nullable): @text as the name of a flow; NULL: it cannot be one, and that is said. */
static char *checked_name(FdCall *call, const char *text)
{
    g_autofree char *name = text_clean_line(text);
    glong length = g_utf8_strlen(name, -1);
    g_autofree char *why = NULL;

    if (length > MAX_NAME) {
        why = g_strdup_printf(_("The name of a flow may have %d characters, and this has %ld."), MAX_NAME, length);
        fd_call_refuse(call, why);
        return NULL;
    }
    if (*name)
        return g_steal_pointer(&name);
    fd_call_refuse_use(call);
    return NULL;
}

static const FdOrgEntry *org_of(const FdCall *call)
{
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);

    return fd_orgs_find(call->account->state->orgs, word);
}

static void refuse_org(FdCall *call)
{
    const GPtrArray *orgs = fd_orgs_list(call->account->state->orgs);
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *list = NULL, *why = NULL;

    for (guint i = 0; i < orgs->len; i++) {
        const FdOrgEntry *org = orgs->pdata[i];

        g_ptr_array_add(names, g_strdup_printf("%s (%s)", org->slug, org->name));
    }
    list = fd_call_few(names);
    /* Translators: what was typed, and organizations, each with its short name first. */
    why = g_strdup_printf(_("You are in no organization \"%s\". Give the short name that the paths of its flows begin "
                            "with, in one word. Yours are: %s"),
                          word, *list ? list : "-");
    fd_call_refuse(call, why);
}

static void on_created(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    FdFlow *flow = fd_api_flow_finish(result, &error);
    FdAccount *account = call->account;
    g_autofree char *line = NULL;
    FdRoom *room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!flow) {
        fd_call_refuse_rights(call, error, org_of(call));
        return;
    }
    call->ended = TRUE;
    room = fd_state_update_flow(account->state, flow);
    /* Whoever makes a flow is in it, whatever the answer leaves out. Sheet: 3.4. */
    room->flow->open = TRUE;
    room->flow->joined = TRUE;
    fd_state_note_change(account->state, room);
    line = g_strdup_printf(_("The flow %s was made, with nobody but you in it. /add NICK and /invite EMAIL in its room "
                             "bring others."),
                           room->flow->path);
    fd_chats_show(account, room);
    if (fd_account_is_closed(account))
        return;
    fd_online_listen(account);
    fd_call_say(call, line);
}

void fd_command_create(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    const char *rest = call->args;
    g_autofree char *word = fd_call_next_word(&rest);
    const FdOrgEntry *org = org_of(call);
    g_autofree char *name = NULL;

    if (!*rest) {
        fd_call_refuse_use(call);
        return;
    }
    if (!org) {
        refuse_org(call);
        return;
    }
    name = checked_name(call, rest);
    if (name)
        fd_api_flow_create_async(account->api, org->slug, name, account->cancellable, on_created,
                                 g_steal_pointer(&owned));
}

static void on_renamed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_flow_change_finish(result, &error);
    g_autofree char *name = NULL, *line = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!done) {
        fd_call_refuse_rights(call, error, fd_call_org(call));
        return;
    }
    call->ended = TRUE;
    name = text_clean_line(call->args);
    line = g_strdup_printf(_("The flow %s is now called %s."), call->room->flow->path, name);
    fd_call_say(call, line);
    /* The stream does not tell it. Title and topic follow. */
    if (!fd_account_is_closed(call->account))
        fd_sync_flow(call->account->sync, call->room);
}

void fd_command_rename(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    g_autofree char *name = checked_name(call, call->args);

    if (name)
        fd_api_flow_rename_async(account->api, call->room->flow->path, name, account->cancellable, on_renamed,
                                 g_steal_pointer(&owned));
}
