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
 * Puts in what the service knows: emoji for their codes, and the real nick for a numbered one (@ann2). "ann: text", as
 * hosts complete a nick, becomes a mention. Text in code stays as it is.
 *
 * Returns: (transfer full): markdown.
 */
char *fd_input_address(FdAccount *account, const FdRoom *room, const char *text, char ***tags);

/**
 * fd_input_edited:
 * @room: (nullable): where the message stands
 * @text: markdown
 *
 * The same for an edit, which has no tags: emoji for their codes; nobody is addressed, numbered nicks stay as typed.
 *
 * Returns: (transfer full): markdown.
 */
char *fd_input_edited(FdAccount *account, const FdRoom *room, const char *text);
