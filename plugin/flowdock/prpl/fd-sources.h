/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tokens of sources that are kept with the account, and which source of a room somebody means. */
#pragma once

#include "fd-command.h"

/* ------------------------------------------------------------------------------------------------------- kept tokens */

/* A service tells the token of a source once, when it is made. It is kept as an account setting under the source's id,
 * together with the server and the flow that this id means something to; bitlbee forgets it at sign-off. */

/* (nullable) (transfer none): a secret; valid until the next change. */
const char *fd_sources_token(FdAccount *account, gint64 id);
/* @path: of its flow */
void fd_sources_keep(FdAccount *account, const char *path, const FdSource *source, const char *token);
void fd_sources_forget(FdAccount *account, gint64 id);

/* (transfer full) (element-type FdSource): those of a flow whose tokens are kept: with id and name only. */
GPtrArray *fd_sources_kept(FdAccount *account, const char *path);

/* (transfer full): for calls with such a token, which must not be taken for calls of the user. */
FdApi *fd_sources_api(FdAccount *account);

/* A server may quote in its words what it was sent: takes @token, or several with commas between, out of
 * them. @error: (nullable) */
void fd_sources_hide(GError *error, const char *token);

/* ------------------------------------------------------------------------------------------------------ which is meant */

/* (transfer full) (nullable): takes the first word off *@args, or what stands in quotation marks, for names with blanks;
 * %NULL for an empty one. */
char *fd_sources_take_word(const char **args);

/**
 * fd_sources_find:
 * @sources: (element-type FdSource)
 * @word: an id, or a name, whose case does not matter
 * @problem: (out) (transfer full) (nullable): set where several have the name: a sentence with their ids
 *
 * Returns: (nullable) (transfer none): the one that is meant.
 */
const FdSource *fd_sources_find(const GPtrArray *sources, const char *word, char **problem);

/* Takes @call over. */
typedef void (*FdSourcesFunc)(FdCall *call, const FdSource *source);

/* Asks the service which source of the room is meant by @word. Takes @call over, and refuses it where none is found. */
void fd_sources_look_up(FdCall *call, const char *word, FdSourcesFunc done);

/* (transfer full): "12: Build server" */
char *fd_sources_label(const FdSource *source);

/* -------------------------------------------------------------------------------------------------------- entering one */

/* Asks for the token of a source, in the host's own way for secrets, checks and keeps it. Takes @call over. */
void fd_sources_ask_token(FdCall *call, const FdSource *source);

/* NULL is fine. */
void fd_sources_free(FdSources *sources);
