/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private conversations as the host's IMs. */
#include "fd-ims.h"

#include "fd-show.h"

#include <errno.h>

#include <glib/gi18n-lib.h>

int fd_ims_send(PurpleConnection *gc, const char *who, const char *html, PurpleMessageFlags flags)
{
    FdAccount *account = fd_account_ready(gc);
    const FdPerson *person = account ? fd_people_find(account->state->people, who) : NULL;
    g_autofree char *text = NULL;

    (void)flags;
    if (!account)
        return -ENOTCONN;
    text = fd_show_plain(html);
    if (person)
        fd_sender_send(account->sender, fd_rooms_get_private(account->state->rooms, person->id), text);
    else
        fd_show_unsent_to(account, who, text,
                          _("Nobody you can see has this name. Write to a nick, as it stands in a "
                            "room's list."));
    return 0;
}
