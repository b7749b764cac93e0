/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user types, on its way to the service. */
#pragma once

#include "fd-account.h"

/* (transfer full): the service's markdown of what a host hands over; "" for nothing. */
char *fd_input_text(const char *html);

/**
 * fd_input_address:
 * @text: markdown
 * @tags: (out) (transfer full) (nullable): for people whom the text alone does not reach
 *
 * Puts in what the service knows: emoji for their codes, and the real nick for a numbered one (@ann2). Code, and what is
 * escaped by a backslash, stays as it is (see text_running()).
 *
 * In rooms "ann: text" and "ann, text", as hosts complete a nick, become a mention of the member with the longest nick
 * that fits, or only a tag where the service could not read the nick as a mention. Not with the user's own nick, and not
 * where another member follows the comma: "Ann, Hubot and I" does not speak to Ann.
 *
 * Returns: (transfer full): markdown.
 */
char *fd_input_address(FdAccount *account, const FdRoom *room, const char *text, char ***tags);

/**
 * fd_input_edited:
 * @room: where the message stands
 * @text: markdown
 *
 * The same for an edit, which has no tags: emoji for their codes; nobody is addressed, numbered nicks stay as typed.
 *
 * Returns: (transfer full): markdown.
 */
char *fd_input_edited(FdAccount *account, const FdRoom *room, const char *text);
