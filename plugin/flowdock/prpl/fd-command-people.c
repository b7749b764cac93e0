/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about people: who is in a flow, and what the user is called. */
#include "fd-command.h"
#include "fd-nick.h"

#include "flowdock/api/fd-api-flows.h"
#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"
#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* So many of a list are named in one sentence. */
#define FEW 10

char *fd_call_few(const GPtrArray *names)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < names->len && i < FEW; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", (const char *)names->pdata[i]);
    if (names->len > FEW) {
        guint more = names->len - FEW;

        g_string_append_c(text, ' ');
        /* Translators: behind the first names of a long list. */
        g_string_append_printf(text, g_dngettext(GETTEXT_PACKAGE, "and %u more", "and %u more", more), more);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ------------------------------------------------------------------------------------------------------------- rights */

const FdOrgEntry *fd_call_org(const FdCall *call)
{
    return call->room->flow ? fd_orgs_of_path(call->account->state->orgs, call->room->flow->path) : NULL;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return g_utf8_collate(*(const char *const *)a, *(const char *const *)b);
}

/* (transfer full): the others who administer @org: names, "" where none is known. */
static char *admins_of(const FdCall *call, const FdOrgEntry *org)
{
    const FdState *state = call->account->state;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, org->admins);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        const FdPerson *person = fd_people_get(state->people, *(gint64 *)id);

        if (person && person->shown && person->id != state->self)
            g_ptr_array_add(names, person->shown);
    }
    g_ptr_array_sort(names, compare_names);
    return fd_call_few(names);
}

void fd_call_refuse_rights(FdCall *call, const GError *error, const FdOrgEntry *org)
{
    g_autofree char *admins = org ? admins_of(call, org) : NULL;
    g_autofree char *who = NULL, *why = NULL;

    if (!fd_api_is_forbidden(error)) {
        fd_call_refuse_error(call, error);
        return;
    }
    if (admins && *admins)
        /* Translators: an organization, and names. */
        who = g_strdup_printf(_("The administrators of %s have them: %s."), org->name, admins);
    else if (org)
        /* Translators: an organization. */
        who = g_strdup_printf(_("The administrators of %s have them."), org->name);
    else
        who = g_strdup(_("The administrators of the organization have them."));
    /* Translators: the sentence who has the rights, and the service's own words. */
    why = g_strdup_printf(_("You lack the rights for this. %s (%s)"), who, error->message);
    fd_call_refuse(call, why);
}

/* ---------------------------------------------------------------------------------------------------- people of a flow */

const FdPerson *fd_call_find_person(const FdCall *call, const char *text)
{
    FdPeople *people = call->account->state->people;
    const FdPerson *person = fd_people_find(people, text);

    return person || *text != '@' ? person : fd_people_find(people, text + 1);
}

/* What a call to the service is about. */
typedef struct {
    FdCall *call;
    gint64 user;
    char *unsent; /* (nullable): text that somebody who is added at once does not get */
} About;

static void about_free(About *about)
{
    fd_call_free(about->call);
    g_free(about->unsent);
    g_free(about);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(About, about_free)

/* @call: taken over */
static About *about_new(FdCall *call, gint64 user)
{
    About *about = g_new0(About, 1);

    about->call = call;
    about->user = user;
    return about;
}

static const FdPerson *person_of(const About *about)
{
    return fd_people_get(about->call->account->state->people, about->user);
}

/* (transfer full): why nobody is meant by @text. */
static char *why_nobody(const char *text)
{
    return g_strdup_printf(_("There is nobody called %s whom you can see."), text);
}

/* @unsent: (nullable): what would be lost */
static void say_already(FdCall *call, const FdPerson *person, const char *unsent)
{
    g_autofree char *line = g_strdup_printf(_("%s is in this flow already."), person->shown);

    if (unsent && *unsent)
        fd_call_refuse(call, line);
    else
        fd_call_say(call, line);
}

static void refuse_add(About *about, const GError *error)
{
    const FdPerson *person = person_of(about);
    g_autofree char *why = NULL;

    if (!g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND)) {
        fd_call_refuse_rights(about->call, error, fd_call_org(about->call));
        return;
    }
    why = g_strdup_printf(_("%s is not in the organization of this flow. /invite %s asks them to join."), person->shown,
                          person->email ? person->email : "EMAIL");
    fd_call_refuse(about->call, why);
}

/* The room's list follows by the stream. */
static void on_added(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(About) about = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_flow_change_finish(result, &error);
    g_autofree char *line = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!done) {
        refuse_add(about, error);
        return;
    }
    about->call->ended = TRUE;
    /* Translators: a name, and what was typed behind it. */
    line = about->unsent ? g_strdup_printf(_("%s was added to this flow at once, so there was no invitation to go with "
                                             "your text: %s"),
                                           person_of(about)->shown, about->unsent)
                         : g_strdup_printf(_("%s was added to this flow."), person_of(about)->shown);
    fd_call_say(about->call, line);
}

void fd_call_add(FdCall *call, const FdPerson *person, const char *unsent)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    About *about;

    if (fd_room_has_member(call->room, person->id)) {
        say_already(call, person, unsent);
        return;
    }
    about = about_new(g_steal_pointer(&owned), person->id);
    about->unsent = unsent && *unsent ? g_strdup(unsent) : NULL;
    fd_api_flow_add_user_async(account->api, call->room->flow->path, person->id, account->cancellable, on_added, about);
}

void fd_command_add(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    const FdPerson *person = fd_call_find_person(call, call->args);
    g_autofree char *nobody = NULL, *why = NULL;

    if (person) {
        fd_call_add(g_steal_pointer(&owned), person, NULL);
        return;
    }
    nobody = why_nobody(call->args);
    /* Translators: behind the sentence that there is nobody of this name. */
    why = g_strdup_printf(_("%s /invite EMAIL asks somebody from outside to join."), nobody);
    fd_call_refuse(call, why);
}

static void refuse_block(About *about, const GError *error)
{
    FdCall *call = about->call;
    const FdPerson *person = person_of(about);
    g_autofree char *why = NULL;

    if (!g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND)) {
        fd_call_refuse_rights(call, error, fd_call_org(call));
        return;
    }
    why = g_strdup_printf(_("The service knows no %s in this flow."), person->shown);
    fd_call_refuse(call, why);
}

static void end_block(GAsyncResult *result, About *owned, gboolean block)
{
    g_autoptr(About) about = owned;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_flow_change_finish(result, &error);
    g_autofree char *line = NULL;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!done) {
        refuse_block(about, error);
        return;
    }
    about->call->ended = TRUE;
    line = block
               ? g_strdup_printf(_("%s is blocked in this flow. /unblock lets them in again."), person_of(about)->shown)
               : g_strdup_printf(_("%s is no longer blocked in this flow."), person_of(about)->shown);
    fd_call_say(about->call, line);
}

static void on_blocked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void)source;
    end_block(result, user_data, TRUE);
}

static void on_unblocked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void)source;
    end_block(result, user_data, FALSE);
}

/* Takes @call over. */
static void set_blocked(FdCall *call, gboolean block)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    const FdPerson *person = fd_call_find_person(call, call->args);
    g_autofree char *why = person ? NULL : why_nobody(call->args);

    if (!person)
        fd_call_refuse(call, why);
    else if (person->id == account->state->self)
        fd_call_refuse(call, block ? _("You cannot block yourself. To be out of this flow, leave its room.")
                                   : _("You are not blocked in this flow."));
    else
        fd_api_flow_block_user_async(account->api, call->room->flow->path, person->id, block, account->cancellable,
                                     block ? on_blocked : on_unblocked, about_new(g_steal_pointer(&owned), person->id));
}

void fd_command_block(FdCall *call)
{
    set_blocked(call, TRUE);
}

void fd_command_unblock(FdCall *call)
{
    set_blocked(call, FALSE);
}

/* --------------------------------------------------------------------------------------------------------------- nick */

/* Whether another visible person has the same nick; case does not count. */
static gboolean has_namesake(FdState *state)
{
    const FdPerson *self = fd_state_self(state);
    g_autofree char *nick = g_utf8_casefold(self->nick, -1);
    g_autoptr(GPtrArray) people = fd_people_list(state->people);

    for (guint i = 0; i < people->len; i++) {
        const FdPerson *person = people->pdata[i];
        g_autofree char *other = g_utf8_casefold(person->nick, -1);

        if (person != self && !person->disabled && strcmp(nick, other) == 0)
            return TRUE;
    }
    return FALSE;
}

static void say_nick(const FdCall *call)
{
    const FdPerson *self = fd_state_self(call->account->state);
    g_autofree char *line = g_strdup_printf(_("You are now called %s."), self->nick);
    g_autofree char *known = NULL;

    if (has_namesake(call->account->state))
        /* Translators: behind the sentence what the user is called. */
        known = g_strdup_printf(_("%s Somebody else has this nick, too: here you are known as %s."), line, self->shown);
    fd_call_say(call, known ? known : line);
}

static void on_nick(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_user_set_nick_finish(result, &error);
    FdAccount *account = call->account;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!done) {
        fd_call_refuse_error(call, error);
        return;
    }
    call->ended = TRUE;
    fd_nick_changed(account, call->args);
    if (!fd_account_is_closed(account))
        say_nick(call);
}

void fd_command_nick(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    g_autofree char *fault = fd_nick_find_fault(call->args);

    if (fault)
        fd_call_refuse(call, fault);
    else
        fd_api_user_set_nick_async(account->api, account->state->self, call->args, account->cancellable, on_nick,
                                   g_steal_pointer(&owned));
}
