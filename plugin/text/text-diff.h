/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an edit changed in a message, by words. Pure functions. */
#pragma once

#include <glib.h>

typedef enum {
    TEXT_DIFF_SAME,
    TEXT_DIFF_OLD, /* was there before */
    TEXT_DIFF_NEW,
} TextDiffKind;

typedef struct {
    TextDiffKind kind;
    const char *text; /* within new_text, of OLD within old_text; not terminated */
    gsize length;     /* in bytes, at least 1 */
} TextDiffPart;

/**
 * text_diff:
 * @old_text: valid UTF-8; like @new_text it has to stay as long as the result is used
 * @new_text: valid UTF-8
 *
 * Compares by words, marks of punctuation and runs of white space, none of which is ever divided. The parts SAME and
 * NEW joined are @new_text, SAME and OLD joined are @old_text. Two SAME never follow each other; of a change, OLD
 * comes before NEW. Where too many words differ to be compared, all between the first and the last difference is one
 * change; where less than half of the words stayed, everything is one OLD and one NEW.
 *
 * Returns: (transfer full) (element-type TextDiffPart): the parts in order; none for two empty texts.
 */
GArray *text_diff(const char *old_text, const char *new_text);

/**
 * text_diff_is_small:
 * @diff: from text_diff()
 *
 * Returns: whether the parts are worth showing: something stayed, something changed, and not in too many places.
 *   Otherwise the new text says more.
 */
gboolean text_diff_is_small(const GArray *diff);
