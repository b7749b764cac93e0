/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What users type, as hosts hand it over (libpurple's HTML), to what the service takes. Pure functions. */
#pragma once

#include <glib.h>

/**
 * text_html_to_md:
 * @html: (nullable): as for text_markup_parse()
 *
 * Writes real formatting as CommonMark: **bold**, *italic*, ~~struck~~, `code`, [text](address), or only the address
 * where the text says no more; several whole lines of code become a fenced block. Text is never escaped, so markdown
 * typed by hand works and all else arrives as typed. Where CommonMark has no way to write a format (markers within a
 * word beside punctuation, beside a backslash or the same character), less or none of it is marked. White space at the
 * ends of a format stands outside of it; no format but a fenced block goes on over a line end. Images are left out.
 *
 * Sheet: flowdock-api.md, 7.1.
 *
 * Returns: (transfer full): markdown; the text itself, byte for byte, when nothing in it is formatted.
 */
char *text_html_to_md(const char *html);

/**
 * text_html_to_plain:
 * @html: (nullable): as for text_markup_parse()
 *
 * Returns: (transfer full): the text without any formatting, addresses of links and images.
 */
char *text_html_to_plain(const char *html);
