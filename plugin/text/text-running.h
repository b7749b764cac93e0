/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what is no code in the service's markdown. Pure. */
#pragma once

#include <glib.h>

/* Bytes of the text. */
typedef struct {
    gsize start;
    gsize length; /* never 0 */
} TextRange;

/**
 * text_running:
 * @markdown: (nullable): as for text_md_to_html()
 *
 * Finds the running text, in which codes and names may be exchanged for others. Not in any range: code spans and
 * blocks with the marks around them, a backslash and the character it escapes, where links of the form [text](address)
 * lead to. Other marks, line ends, and links that stand in the text are in the range of the words around them.
 *
 * Text that text_md_to_html() shows as it was typed for its size has none.
 *
 * Returns: (transfer full) (element-type TextRange): in order, not overlapping; perhaps empty.
 *
 * Sheet: 7.1
 */
GArray *text_running(const char *markdown);
