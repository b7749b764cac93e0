/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The service's markdown, and plain text, to the HTML that libpurple's hosts understand. Pure functions. */
#pragma once

#include <glib.h>

/* Longer text is shown as it is: several times the service's longest message, and md4c 0.4.8 needs the square of
 * the time for some texts. */
#define TEXT_MD_MAX_BYTES (64 * 1024)
/* Quotes and list items inside each other. */
#define TEXT_MD_MAX_DEPTH 20
/* Of the result: every deep quote begins each line anew, and a link's address can be used often. */
#define TEXT_MD_MAX_HTML_BYTES (1024 * 1024)
/* md4c 0.4.8 may look at the text between every two brackets: so many bytes for all of them. */
#define TEXT_MD_MAX_LOOKED_UP (20 * 1000 * 1000)

/**
 * text_md_to_html:
 * @markdown: (nullable): a message as the service has it: CommonMark and ~~strike-through~~, from anywhere
 *
 * Makes HTML that still reads well where a host strips the tags and drops the targets of links. The only tags are
 * <b>, <i>, <s>, <font face="monospace">, <br> and <a href="...">; it is well-formed but for <br>. Line ends stay
 * line ends; there are none at both ends.
 *
 * Code spans keep one back-quote on each side, struck words one "~", quoted lines begin with ">", list items with a
 * bullet or their number; tables stay as they were typed. A link whose text is not its address is followed by that; images are links. Only
 * what text_scan_address() lets through becomes a link, anything else stays as it was typed, as does raw HTML. Emoji
 * codes become characters outside code. Control characters are dropped as by text_escape_html().
 *
 * Text beyond the limits above, or of which nothing would be seen, is shown as it was typed.
 *
 * Returns: (transfer full): HTML, "" for %NULL and white space.
 *
 * Sheet: 7.1
 */
char *text_md_to_html(const char *markdown);

/**
 * text_plain_to_html:
 * @plain: (nullable): text that is not markdown, from anywhere
 *
 * As text_escape_html(), and links in it can be clicked, unless it is longer than %TEXT_MD_MAX_BYTES.
 *
 * Returns: (transfer full): HTML, "" for %NULL.
 */
char *text_plain_to_html(const char *plain);

/* Whether md4c 0.4.8 will not look up too many labels of nested brackets in @source, see %TEXT_MD_MAX_LOOKED_UP. */
gboolean text_md_is_parseable(const char *source);
