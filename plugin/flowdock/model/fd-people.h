/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everyone visible, by id and by the one name each is known under. */
#pragma once

#include "../api/fd-types.h"

/* In the order of how much somebody is there. */
typedef enum { FD_PRESENCE_OFFLINE, FD_PRESENCE_IDLE, FD_PRESENCE_ACTIVE } FdPresence;

typedef struct {
    gint64 id;
    char *nick;  /* as on the service; not unique */
    char *shown; /* unique without regard to case: what the host calls this person; NULL until the names are settled */
    char *name;  /* (nullable) */
    char *email; /* (nullable) */
    char *website;           /* (nullable) */
    char *avatar;            /* (nullable): address of a picture */
    char *status;            /* (nullable): the newest text known of any flow, one line */
    gint64 last_activity_ms; /* 0: unknown */
    FdPresence presence;
    gboolean disabled; /* no longer among those who can be seen */
} FdPerson;

typedef struct _FdPeople FdPeople;

/* What became different about somebody. */
typedef enum {
    FD_PERSON_NEW = 1 << 0,
    FD_PERSON_NAMED = 1 << 1,   /* the shown name */
    FD_PERSON_PROFILE = 1 << 2, /* all else but */
    FD_PERSON_PRESENCE = 1 << 3,
    FD_PERSON_ROLE = 1 << 4, /* may be an administrator now, or no longer */
} FdPersonChange;

/* Someone who was shown under @old is now shown under person->shown. */
typedef void (*FdPeopleRenamed)(const FdPerson *person, const char *old, gpointer user_data);
/* There are changes to be taken with fd_people_next_changed(); not told again until they were all taken. */
typedef void (*FdPeopleChanged)(gpointer user_data);

/* @renamed, @changed: (nullable) */
FdPeople *fd_people_new(FdPeopleRenamed renamed, FdPeopleChanged changed, gpointer user_data);
void fd_people_free(FdPeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdPeople, fd_people_free)

/**
 * fd_people_put:
 *
 * Adds or changes one person. What @user leaves out is kept. Names follow with the next fd_people_settle(). Who is disabled
 * in one flow may be well in another: that is believed of somebody new only, else see fd_people_set_disabled(); one list
 * with somebody who is not is enough.
 */
void fd_people_put(FdPeople *people, const FdUser *user);

/* Whether somebody cannot be seen any more. Does nothing for an unknown id. */
void fd_people_set_disabled(FdPeople *people, gint64 id, gboolean disabled);

/**
 * fd_people_set_presence:
 *
 * The service has told so by an event. Does nothing for an unknown id.
 *
 * Sheet: 5.3, "presence".
 */
void fd_people_set_presence(FdPeople *people, gint64 id, FdPresence presence, gint64 now_ms);

/**
 * fd_people_note_activity:
 * @seen_ms: when somebody was certainly there
 * @activity_ms: when they last did something; 0: not told, or they are idle
 * @now_ms: since 1970
 *
 * Whoever was there a short while ago still is, until told otherwise. Does nothing for an unknown id.
 *
 * Sheet: 5.3, "activity.user"; 3.2, "last_activity, last_ping".
 */
void fd_people_note_activity(FdPeople *people, gint64 id, gint64 seen_ms, gint64 activity_ms, gint64 now_ms);

/* Something about somebody has changed that is not kept here. Does nothing for an unknown id. */
void fd_people_touch(FdPeople *people, gint64 id, FdPersonChange change);

/* (nullable) @text: the newest status text of somebody. Does nothing for an unknown id. */
void fd_people_set_status(FdPeople *people, gint64 id, const char *text);

/* Presence that was told before a gap of the stream may be old: it is now only what was seen. */
void fd_people_doubt_presence(FdPeople *people, gint64 now_ms);

/**
 * fd_people_age:
 *
 * Takes presence back that rests on having been seen, once that is too long ago.
 *
 * Returns: whether there is any left that will age.
 */
gboolean fd_people_age(FdPeople *people, gint64 now_ms);

/* The same without doing anything. */
gboolean fd_people_is_aging(FdPeople *people);

/* These were taken account of otherwise. Whoever has no other change is still handed out once. */
void fd_people_forget_changes(FdPeople *people, FdPersonChange change);

/**
 * fd_people_next_changed:
 * @change: (out): what became different since the last time
 *
 * Returns: (nullable) (transfer none): the next person with changes, in the order in which they came; the names are settled.
 */
const FdPerson *fd_people_next_changed(FdPeople *people, FdPersonChange *change);

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
/* (nullable) (transfer none): by shown name, else e-mail address, else id in digits, else the full name where only one has it; case does not matter. */
const FdPerson *fd_people_find(FdPeople *people, const char *text);
guint fd_people_count(FdPeople *people);

/* All people, in no order. (transfer container) (element-type FdPerson) */
GPtrArray *fd_people_list(FdPeople *people);

/**
 * fd_people_outsider:
 * @name: (nullable): what someone or something from outside calls itself
 *
 * Returns: (transfer full): a name in one line that is neither nick nor full name of a visible person: a "~" is put
 *   in front where it would be.
 */
char *fd_people_outsider(FdPeople *people, const char *name);
