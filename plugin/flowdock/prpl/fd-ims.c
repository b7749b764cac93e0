/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private conversations as the host's IMs. */
#include "fd-ims.h"

#include "fd-show.h"

#include <errno.h>

#include <glib/gi18n-lib.h>

int fd_ims_send(PurpleConnection *gc, const char *who, const char *html, PurpleMessageFlags flags)
{
    FdAccount *account = fd_account_of(gc);
    gboolean ready = fd_account_ready(gc) != NULL;
    const FdPerson *person = ready ? fd_people_find(account->state->people, who) : NULL;
    g_autofree char *text = NULL;

    (void)flags;
    if (!ready && !(account && account->poster))
        return -ENOTCONN;
    text = fd_show_plain(html);
    if (!ready)
        fd_show_unsent_to(account, who, text,
                          _("With the token of a source nobody can be written to privately, only the room of the "
                            "source."));
    else if (person)
        fd_sender_send(account->sender, fd_rooms_get_private(account->state->rooms, person->id), text);
    else
        fd_show_unsent_to(account, who, text,
                          _("Nobody you can see has this name. Write to a nick, as it stands in a "
                            "room's list."));
    return 0;
}
