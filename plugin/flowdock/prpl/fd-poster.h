/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An account that holds a source's token: one room, into which it can post as somebody from outside, and nothing to read. */
#pragma once

#include "fd-account.h"

/* Signs in with the token, which is copied: asks whose it is and opens the room. The push API has no such question.
 * Sets account->poster. */
void fd_poster_start(FdAccount *account, const char *token);
/* Nothing is called back or shown after this; the token is wiped. */
void fd_poster_stop(FdPoster *poster);
/* NULL is fine. */
void fd_poster_free(FdPoster *poster);

/* For the members of PurplePluginProtocolInfo of the same names. */
void fd_poster_join(FdPoster *poster, GHashTable *components, const char *text);
void fd_poster_leave(FdPoster *poster, int id);
int fd_poster_send(FdPoster *poster, int id, const char *html);

/* For the commands that post an event. (nullable) (transfer none): the room of this number, if it is ours. */
FdRoom *fd_poster_room(FdPoster *poster, int id);
/* (transfer none): a secret. */
const char *fd_poster_token(const FdPoster *poster);
/* (transfer full): the name under which it posts. */
char *fd_poster_name(FdPoster *poster);
/* (transfer full) (nullable): why no event can be posted through @source: "." or the id or name of the only one. */
char *fd_poster_why_not(const FdPoster *poster, const char *source);
/* What came of a post. @error: (nullable): where the token is worth nothing any more, the connection ends. */
void fd_poster_posted(FdPoster *poster, const GError *error);
