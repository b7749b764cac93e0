/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about invitations by e-mail. */
#include "fd-command.h"

#include "fd-addresses.h"

#include "flowdock/api/fd-api-orgs.h"
#include "net/net-error.h"

#include <util.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* -------------------------------------------------------------------------------------------------------------- invite */

/* One address to which an invitation goes. */
typedef struct {
    FdCall *call;
    char *address;
} Invite;

static void invite_free(Invite *invite)
{
    fd_call_free(invite->call);
    g_free(invite->address);
    g_free(invite);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Invite, invite_free)

static void on_invited(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Invite) invite = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_invitation_change_finish(result, &error);
    FdCall *call = invite->call;
    g_autofree char *line = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!done) {
        fd_call_refuse_rights(call, error, fd_call_org(call));
        return;
    }
    call->ended = TRUE;
    line = g_strdup_printf(_("%s was invited to this flow."), invite->address);
    fd_call_say(call, line);
}

/* What came of several, one line each. */
static char **lines_of(const FdImported *imported)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();

    if (imported->invited > 0) {
        g_autofree char *line = g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u person was invited to this flow.",
                                                            "%u people were invited to this flow.", imported->invited),
                                                imported->invited);

        g_strv_builder_add(lines, line);
    }
    if (imported->added > 0) {
        g_autofree char *line =
            g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u person of the organization was added at once.",
                                        "%u people of the organization were added at once.", imported->added),
                            imported->added);

        g_strv_builder_add(lines, line);
    }
    for (char **wrong = imported->wrong; *wrong; wrong++) {
        /* Translators: an e-mail address, and the service's reason. */
        g_autofree char *line = g_strdup_printf(_("Not invited: %s"), *wrong);

        g_strv_builder_add(lines, line);
    }
    return g_strv_builder_end(lines);
}

static void on_imported(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdImported) imported = fd_api_invitations_import_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!imported) {
        fd_call_refuse_rights(call, error, fd_call_org(call));
        return;
    }
    call->ended = TRUE;
    if (imported->invited + imported->added > 0 || *imported->wrong)
        fd_call_list(call, NULL, lines_of(imported));
    if (imported->invited + imported->added == 0 && !fd_account_is_closed(call->account))
        fd_call_refuse(call, _("Nobody was invited."));
}

/* (transfer full): those of @addresses whose people are not in the flow; of the others that is said. */
static char **without_members(const FdCall *call, char **addresses)
{
    g_autoptr(GStrvBuilder) others = g_strv_builder_new();

    for (char **address = addresses; *address; address++) {
        const FdPerson *person = fd_people_find(call->account->state->people, *address);
        g_autofree char *line = NULL;

        if (!person || !fd_room_has_member(call->room, person->id)) {
            g_strv_builder_add(others, *address);
            continue;
        }
        /* Translators: an e-mail address, and a name. */
        line = g_strdup_printf(_("%s is %s, who is in this flow already."), *address, person->shown);
        fd_call_say(call, line);
    }
    return g_strv_builder_end(others);
}

/* @call: taken over; @message: (nullable) */
static void invite_all(FdCall *call, char **addresses, const char *message)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    g_auto(GStrv) wanted = without_members(call, addresses);
    const char *path = call->room->flow->path;
    guint count = g_strv_length(wanted);

    if (fd_account_is_closed(account))
        return;
    if (count == 0) {
        if (message)
            fd_call_refuse(call, _("Nobody was invited."));
    } else if (count == 1) {
        Invite *invite = g_new0(Invite, 1);

        invite->call = g_steal_pointer(&owned);
        invite->address = g_strdup(wanted[0]);
        fd_api_invitation_create_async(account->api, path, invite->address, message, account->cancellable, on_invited,
                                       invite);
    } else {
        g_autofree char *list = g_strjoinv(", ", wanted);

        fd_api_invitations_import_async(account->api, path, list, message, account->cancellable, on_imported,
                                        g_steal_pointer(&owned));
    }
}

/* Takes @call over. @wrong: what is no address. */
static void add_or_refuse(FdCall *call, const char *wrong)
{
    g_autoptr(FdCall) owned = call;
    const FdPerson *person = fd_call_find_person(call, call->args);
    const char *rest = call->message ? call->message : "";
    g_autofree char *word = NULL, *start = NULL, *why = NULL;

    if (!person && !call->message) {
        rest = call->args;
        word = fd_call_next_word(&rest);
        person = fd_call_find_person(call, word);
    }
    if (person) {
        fd_call_add(g_steal_pointer(&owned), person, rest);
        return;
    }
    start = fd_event_excerpt(wrong, FD_EVENT_EXCERPT);
    why = g_strdup_printf(_("\"%s\" is no e-mail address, and no nick of somebody you can see. Nobody was invited."),
                          start);
    fd_call_refuse(call, why);
}

void fd_command_invite(FdCall *call)
{
    const char *rest = NULL;
    g_autofree char *wrong = NULL;
    g_auto(GStrv) addresses = fd_addresses_take(call->args, &rest, &wrong);
    const char *message = call->message ? call->message : rest;

    if (addresses)
        invite_all(call, addresses, *message ? message : NULL);
    else
        add_or_refuse(call, wrong);
}

/* -------------------------------------------------------------------------------------------------- pending invitations */

/* (transfer container) (element-type FdInvitation): those that nobody has accepted. */
static GPtrArray *pending_of(GPtrArray *invitations)
{
    GPtrArray *pending = g_ptr_array_new();

    for (guint i = 0; i < invitations->len; i++) {
        FdInvitation *invitation = invitations->pdata[i];

        if (!invitation->state || strcmp(invitation->state, "pending") == 0)
            g_ptr_array_add(pending, invitation);
    }
    return pending;
}

/* (transfer container) (element-type utf8) */
static GPtrArray *addresses_of(const GPtrArray *invitations)
{
    GPtrArray *addresses = g_ptr_array_new();

    for (guint i = 0; i < invitations->len; i++)
        g_ptr_array_add(addresses, ((const FdInvitation *)invitations->pdata[i])->email);
    return addresses;
}

static void on_invitations(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) invitations = fd_api_invitations_list_finish(result, &error);
    g_autoptr(GPtrArray) pending = invitations ? pending_of(invitations) : NULL;
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    g_autofree char *head = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!pending) {
        fd_call_refuse_rights(call, error, fd_call_org(call));
        return;
    }
    if (pending->len == 0) {
        fd_call_say(call, _("No invitation to this flow is pending."));
        return;
    }
    for (guint i = 0; i < pending->len; i++)
        g_strv_builder_add(lines, ((const FdInvitation *)pending->pdata[i])->email);
    head = g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u invitation to this flow is pending:",
                                       "%u invitations to this flow are pending:", pending->len),
                           pending->len);
    fd_call_list(call, head, g_strv_builder_end(lines));
}

void fd_command_invitations(FdCall *call)
{
    fd_api_invitations_list_async(call->account->api, call->room->flow->path, call->account->cancellable,
                                  on_invitations, call);
}

static void on_withdrawn(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;
    gboolean done = fd_api_invitation_change_finish(result, &error);
    g_autofree char *line = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (done) {
        call->ended = TRUE;
        line = g_strdup_printf(_("The invitation of %s was withdrawn."), call->args);
        fd_call_say(call, line);
    } else if (g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND)) {
        fd_call_refuse(call, _("This invitation is no longer pending."));
    } else {
        fd_call_refuse_rights(call, error, fd_call_org(call));
    }
}

static const FdInvitation *find_invitation(const GPtrArray *invitations, const char *address)
{
    for (guint i = 0; i < invitations->len; i++) {
        const FdInvitation *invitation = invitations->pdata[i];

        if (purple_utf8_strcasecmp(invitation->email, address) == 0)
            return invitation;
    }
    return NULL;
}

static void refuse_unknown(FdCall *call, const GPtrArray *pending)
{
    g_autoptr(GPtrArray) addresses = addresses_of(pending);
    g_autofree char *few = fd_call_few(addresses);
    g_autofree char *why = NULL;

    /* Translators: an e-mail address; then a list of such. */
    why = pending->len
              ? g_strdup_printf(_("No invitation of %s to this flow is pending. These are: %s"), call->args, few)
              : g_strdup_printf(_("No invitation of %s to this flow is pending, nor any other."), call->args);
    fd_call_refuse(call, why);
}

static void on_read_to_withdraw(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) owned = user_data;
    FdCall *call = owned;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) invitations = fd_api_invitations_list_finish(result, &error);
    g_autoptr(GPtrArray) pending = invitations ? pending_of(invitations) : NULL;
    const FdInvitation *invitation = pending ? find_invitation(pending, call->args) : NULL;
    FdAccount *account = call->account;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!pending)
        fd_call_refuse_rights(call, error, fd_call_org(call));
    else if (!invitation)
        refuse_unknown(call, pending);
    else
        fd_api_invitation_delete_async(account->api, call->room->flow->path, invitation->id, account->cancellable,
                                       on_withdrawn, g_steal_pointer(&owned));
}

void fd_command_uninvite(FdCall *call)
{
    FdAccount *account = call->account;

    fd_api_invitations_list_async(account->api, call->room->flow->path, account->cancellable, on_read_to_withdraw,
                                  call);
}
