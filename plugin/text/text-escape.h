/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plain text to HTML, and any bytes to valid UTF-8. Pure functions. */
#pragma once

#include <glib.h>

/**
 * text_escape_html:
 * @plain: (nullable): plain text from anywhere
 *
 * Makes text safe for a libpurple conversation: & < > " ' become entities, line ends become <br>
 * (CR LF and CR too), other control characters and Unicode bidirectional overrides and isolates
 * (which can hide or reorder text) are dropped, tabs stay, invalid UTF-8 becomes U+FFFD.
 *
 * Returns: (transfer full): HTML, "" for %NULL.
 */
char *text_escape_html(const char *plain);

/**
 * text_clean_line:
 * @plain: (nullable)
 *
 * For names, titles and topics: valid UTF-8, every run of white space and control characters one
 * blank, no bidirectional controls, none at the ends.
 *
 * Returns: (transfer full): plain text in one line, "" for %NULL.
 */
char *text_clean_line(const char *plain);

/**
 * text_split:
 * @plain: valid UTF-8
 * @max_chars: longest part in code points, at least 1
 *
 * Cuts long text for sending: at the last line end that fits, else at the last blank that fits, else
 * between characters (never inside one; a combining mark stays with its base where one fits). The
 * line end or blank at a cut is left out; all else is in the parts, in order. No part is empty or
 * only white space, unless the whole text is: so much white space in a row is left out, too.
 *
 * Returns: (transfer full) (array zero-terminated=1): the parts; one when it fits; none for "".
 */
char **text_split(const char *plain, gsize max_chars);
