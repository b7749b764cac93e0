/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML from mail, activities and other foreign sources to plain text. Pure functions. */
#pragma once

#include <glib.h>

/**
 * text_from_html:
 * @html: (nullable): any broken HTML, any bytes
 * @max_chars: longest result in code points, at least 1; "…" at the end says that it was cut
 *
 * Keeps the lines: blocks and <br> end one, list items begin with "• ", quotes with "> ", cells are parted by a blank.
 * A link whose text is not its address is "text (address)". An image is its alternative text. Scripts, styles, titles
 * and comments are dropped. Outside of <pre> white space is one blank; several blank lines are one; none at the ends.
 *
 * What has no tag at all is plain text, in which only entities are decoded and whose lines stay. Angle brackets that
 * are no tag of HTML stay, too: a < b, <me@example.com>, List<String>. Entities are decoded once: &amp;lt; is &lt;.
 *
 * Sheet: flowdock-api.md, 5.4 and 5.5.
 *
 * Returns: (transfer full): plain text, "" for %NULL; line ends are line feeds, other control characters are dropped.
 */
char *text_from_html(const char *html, gsize max_chars);

/**
 * text_is_html:
 * @text: any bytes
 *
 * Returns: whether there is any tag of HTML or comment in @text.
 */
gboolean text_is_html(const char *text);
