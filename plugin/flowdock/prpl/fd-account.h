/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One signed-in (or signing-in) account: what its parts share, and its end. */
#pragma once

#include "face/face-error.h"
#include "flowdock/events/fd-event.h"
#include "flowdock/model/fd-live.h"
#include "flowdock/model/fd-sender.h"

#include <connection.h>
#include <plugin.h>

#define FD_PROTOCOL_ID "prpl-flowdock"

typedef struct _FdAuth FdAuth;
typedef struct _FdAvatars FdAvatars;
typedef struct _FdBuddies FdBuddies;
typedef struct _FdLogin FdLogin;
typedef struct _FdOnline FdOnline;
typedef struct _FdPoster FdPoster;
typedef struct _FdPreviews FdPreviews;
typedef struct _FdSeen FdSeen;
typedef struct _FdSources FdSources;
typedef struct _FdWiden FdWiden;
typedef struct _FdXfers FdXfers;

/* libpurple keeps it as the connection's protocol data, from login() to close(). */
typedef struct {
    PurpleConnection *gc;
    PurpleAccount *account;
    /* Of the settings, as they were at sign-in: a refresh token must not go to another server. */
    char *api_url, *client_id, *client_secret;
    gboolean closed;           /* by the host; freed soon, see fd_account_close() */
    gboolean windows_gone;     /* the host has taken down its conversations, though libpurple still has them */
    GCancellable *cancellable; /* cancelled at sign-off, and when the connection has failed */
    NetSession *session;       /* for calls */
    NetSession *streams;       /* for streams, which stay open and would starve the calls */
    NetSession *transfers;     /* for files, which take long, too */
    NetCredential *credential;
    FdApi *api;
    FdApi *file_api;         /* the same by way of @transfers: for files up and down */
    FdState *state;          /* the parts from here on: NULL until signed in */
    GPtrArray *thread_rooms; /* FdThreadRoom */
    FdSync *sync;
    FdSender *sender;
    FdEventContext events;
    FdAuth *auth;         /* (nullable) */
    FdLogin *login;       /* (nullable) */
    FdOnline *online;     /* (nullable) */
    FdSeen *seen;         /* (nullable) */
    FdBuddies *buddies;   /* (nullable) */
    FdAvatars *avatars;   /* (nullable) */
    FdSources *sources;   /* (nullable) */
    FdWiden *widen;       /* (nullable) */
    FdXfers *xfers;       /* (nullable) */
    FdPreviews *previews; /* (nullable) */
    gboolean idle;        /* the host says that the user does nothing */
    char *status_text;    /* (nullable): the status message last seen */
    GHashTable *calls;    /* FdCall, a set: commands under way */
    GHashTable *pages;    /* "room view" -> where /more goes on, see fd-command-lists.c */
    GHashTable *acts;     /* of /act, a set: questions that are open, see fd-command-act.c */
    FdPoster *poster;     /* (nullable): instead of all that, where only a source's token is there */
    guint close_id;       /* flows to be closed on the service, see fd-chats */
    GArray *closing;      /* chat ids */
} FdAccount;

/* (nullable) (transfer none): of a connection of ours that is not on its way out. */
FdAccount *fd_account_of(PurpleConnection *gc);

/* (nullable): the same, once flows and people are known. */
FdAccount *fd_account_ready(PurpleConnection *gc);

/**
 * fd_account_new:
 *
 * Makes the parts that do not depend on the service and sets the connection's protocol data.
 *
 * Returns: (transfer full): %NULL with @error when a setting makes no sense.
 */
FdAccount *fd_account_new(PurpleConnection *gc, GError **error);

/**
 * fd_account_close:
 *
 * Ends everything that is under way. The host may do this inside any call of ours to it, so the memory is freed only when
 * the main loop is reached again; until then nothing of the host may be touched: see fd_account_is_closed().
 */
void fd_account_close(FdAccount *account);

/* After a call to the host that may have signed off: whether it has. */
gboolean fd_account_is_closed(const FdAccount *account);

/* Whether lines can be written into conversations. bitlbee frees what belongs to them before it tells libpurple to sign off,
 * and does not survive a line after that. */
gboolean fd_account_has_windows(const FdAccount *account);

/* Ends the connection for @reason, with @text (plain) for the user; nothing else is shown after it. */
void fd_account_fail(FdAccount *account, PurpleConnectionError reason, const char *text);
void fd_account_fail_error(FdAccount *account, const GError *error);

/* (transfer full): a file of ours for @kind, of this user of this server: ids mean something there only. Once signed in. */
char *fd_account_state_path(FdAccount *account, const char *kind);

/* The texts of our own errors, for face_error_text(). */
extern const FaceError fd_account_errors[];

/* Milliseconds of an interval, shortened by the hidden setting that tests use. */
guint fd_account_ms(FdAccount *account, guint ms);
