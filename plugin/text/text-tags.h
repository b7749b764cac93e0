/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML as a row of texts and tags, however broken; what the tags mean is left to the caller. Pure functions. */
#pragma once

#include <glib.h>

typedef enum {
    TEXT_PIECE_TEXT,    /* up to the next tag, entities not yet decoded; never empty */
    TEXT_PIECE_OPEN,    /* <name ...> */
    TEXT_PIECE_CLOSE,   /* </name> */
    TEXT_PIECE_COMMENT, /* also declarations and processing instructions */
} TextPieceKind;

/* Part of the scanned text, which has to stay as long as this is used. */
typedef struct {
    TextPieceKind kind;
    const char *from, *to; /* with the angle brackets */
    char name[16];         /* of a tag, in lower case; no known name is cut */
    gboolean is_empty;     /* <name/>: nothing is inside */
} TextPiece;

/* A walk over one text; fields are private. */
typedef struct {
    const char *at, *end;
    const char *last_bracket; /* (nullable) */
    gboolean no_comment_end, quotes_broken;
} TextTags;

/**
 * text_tags_init:
 * @html: any broken HTML; not copied; valid UTF-8 where texts and attributes are read
 *
 * Begins a walk. The whole walk takes linear time, whatever is in @html.
 */
void text_tags_init(TextTags *tags, const char *html);

/**
 * text_tags_next:
 * @piece: (out): only set on success
 *
 * What cannot be a tag, a lone < or a tag without end, is text. The pieces joined are the whole text.
 *
 * Returns: %FALSE at the end.
 */
gboolean text_tags_next(TextTags *tags, TextPiece *piece);

/**
 * text_tags_skip_to_close:
 * @name: a tag's name, in lower case
 *
 * Leaves out all that is no markup: the next piece is the first </name>, or there is none.
 */
void text_tags_skip_to_close(TextTags *tags, const char *name);

/**
 * text_tags_attribute:
 * @piece: of kind OPEN
 * @name: in lower case
 *
 * Returns: (transfer full) (nullable): the value, entities decoded; "" for an attribute without value.
 */
char *text_tags_attribute(const TextPiece *piece, const char *name);

/**
 * text_tags_is_html:
 * @name: of a tag, in lower case
 *
 * Returns: whether HTML has or had such an element, or @name looks like one of another vocabulary
 *   (o:p, x-menu). <String> of "List<String>" is none.
 */
gboolean text_tags_is_html(const char *name);

/**
 * text_tags_decode:
 * @at: (inout): a character before @to; moved behind it
 * @characters: (out) (array fixed-size=2): the second is 0 mostly
 *
 * Reads one character, or one entity as text_entity_decode() knows them. An unknown or unfinished one is text.
 */
void text_tags_decode(const char **at, const char *to, gunichar characters[2]);
