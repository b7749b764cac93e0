/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads of one room, each with a small number that people can type. Pure. */
#pragma once

#include "../api/fd-types.h"

/* So many are remembered in a room; the one that was not seen for longest goes, and its number is not used again. */
#define FD_THREADS_MAX 500

typedef struct {
    guint number; /* from 1, in the order in which the room needed them */
    char *id;
    char *title;      /* plain text in one line; "" when the service does not say */
    char *status;     /* (nullable): as the integration words it */
    char *color;      /* (nullable): the service's name of a colour. Sheet: 3.8 */
    char *source;     /* (nullable): name of the application that fills it */
    gint64 initial;   /* id of the first message, 0: unknown */
    gboolean is_new;  /* this message was the first that needed it */
    gboolean is_chat; /* began as a message of somebody, not of an integration */
} FdThread;

typedef struct _FdThreads FdThreads;

FdThreads *fd_threads_new(void);
void fd_threads_free(FdThreads *threads);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdThreads, fd_threads_free)

/**
 * fd_threads_see:
 *
 * Learns what @message tells of its thread. A chat message that begins one has none yet: most are never answered.
 *
 * Returns: (transfer none) (nullable): the thread to mark the message with; valid until the next call. Sheet: 3.8.
 */
const FdThread *fd_threads_see(FdThreads *threads, const FdMessage *message);

/**
 * fd_threads_learn:
 * @info: what the service tells of a thread by itself
 *
 * Returns: (transfer none): the thread, with a number from now on; valid until the next call.
 */
const FdThread *fd_threads_learn(FdThreads *threads, const FdThreadInfo *info);

/* Gives the thread @id the number that it had in an earlier session. Returns: %FALSE when it or another thread has
 * another number already. */
gboolean fd_threads_reserve(FdThreads *threads, const char *id, guint number);

/* (transfer container) (element-type FdThread): all that have a number, the one seen last first. */
GPtrArray *fd_threads_list(const FdThreads *threads);

/* Each: (transfer none) (nullable). */
const FdThread *fd_threads_by_number(const FdThreads *threads, guint number);
const FdThread *fd_threads_by_id(const FdThreads *threads, const char *id);
