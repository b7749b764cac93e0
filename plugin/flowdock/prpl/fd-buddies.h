/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colleagues as buddies: who is added, under which name and in which group, and what is remembered of that. */
#pragma once

#include "fd-account.h"

#include <blist.h>

/* Once the account's memory is there; (transfer full), for FdAccount.buddies. From now on what changes about people reaches
 * the buddy list, and the members of rooms, in slices of idle time. */
FdBuddies *fd_buddies_new(FdAccount *account);
/* Nothing is called back or shown after this. Remembers who is on the list. */
void fd_buddies_stop(FdBuddies *buddies);
/* NULL is fine. */
void fd_buddies_free(FdBuddies *buddies);

/* There are changes of people to be taken over. */
void fd_buddies_people_changed(FdBuddies *buddies);

/* Somebody was called @old: the logs of those who are not on the list move, too. */
void fd_buddies_renamed(FdBuddies *buddies, const FdPerson *person, const char *old);

/* (nullable) (transfer none): who a buddy is: by the id it was given, else by its name. */
const FdPerson *fd_buddies_person(FdAccount *account, PurpleBuddy *buddy);

/* Members of PurplePluginProtocolInfo. */
void fd_buddies_add(PurpleConnection *gc, PurpleBuddy *buddy, PurpleGroup *group);
void fd_buddies_remove(PurpleConnection *gc, PurpleBuddy *buddy, PurpleGroup *group);
void fd_buddies_regroup(PurpleConnection *gc, const char *who, const char *old_group, const char *new_group);
void fd_buddies_rename_group(PurpleConnection *gc, const char *old_name, PurpleGroup *group, GList *moved);
const char *fd_buddies_emblem(PurpleBuddy *buddy);
char *fd_buddies_status_text(PurpleBuddy *buddy);
