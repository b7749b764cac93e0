/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everyone visible, by id and by the one name each is known under. */
#pragma once

#include "../api/fd-types.h"

typedef struct {
    gint64 id;
    char *nick;  /* as on the service; not unique */
    char *shown; /* unique without regard to case: what the host calls this person */
    char *name;  /* (nullable) */
    char *email; /* (nullable) */
    gboolean disabled;
} FdPerson;

typedef struct _FdPeople FdPeople;

/* Someone who was shown under @old is now shown under person->shown. */
typedef void (*FdPeopleRenamed)(const FdPerson *person, const char *old, gpointer user_data);

FdPeople *fd_people_new(FdPeopleRenamed renamed, gpointer user_data);
void fd_people_free(FdPeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdPeople, fd_people_free)

/* Adds or changes one person. Names follow with the next fd_people_settle(). */
void fd_people_put(FdPeople *people, const FdUser *user);

/**
 * fd_people_settle:
 *
 * Gives everyone a name that no one else has without regard to case: of those who share a nick the
 * lowest user id keeps it, the others get the first free number appended. A real nick is never taken
 * by a numbered one, and a disabled person only gets what is left. Calls the renamed function for
 * those known before under another name, once all names are new.
 *
 * Contract: "Rooms and people".
 */
void fd_people_settle(FdPeople *people);

/* (nullable) (transfer none) */
const FdPerson *fd_people_get(FdPeople *people, gint64 id);
/* (nullable) (transfer none): by shown name, else e-mail address, else id in digits; case does not matter. */
const FdPerson *fd_people_find(FdPeople *people, const char *text);
guint fd_people_count(FdPeople *people);

/**
 * fd_people_outsider:
 * @name: (nullable): what someone or something from outside calls itself
 *
 * Returns: (transfer full): a name in one line that is not the name of a visible person: a "~" is put
 *   in front where it would be.
 */
char *fd_people_outsider(FdPeople *people, const char *name);
