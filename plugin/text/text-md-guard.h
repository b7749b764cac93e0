/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes out of markdown, before it is parsed, what the parser would break or take wrongly, and gives it back later. */
#pragma once

#include <glib.h>

/*
 * CommonMark knows no links in running text, so it makes emphasis of http://x/_a_/. Hence each link is exchanged for a
 * mark that the parser takes for a word. Where the mark comes out again tells what the link is: text, an address or a
 * part of code. So are <address>, whose brackets stay when the address must not be linked, and single tildes, which
 * md4c takes for strike-through and the service does not.
 */
typedef struct TextMdGuard TextMdGuard;

typedef enum {
    TEXT_MD_TEXT,  /* nothing special */
    TEXT_MD_LINK,  /* a link in running text; backslashes and entities in it are not yet decoded */
    TEXT_MD_ANGLE, /* <address> with its brackets; nothing in it is to be decoded */
} TextMdKind;

typedef struct {
    TextMdKind kind;
    const char *text; /* not terminated; lives as long as the guard and the text that the piece is from */
    gsize length;
} TextMdPiece;

/**
 * text_md_guard_new:
 * @markdown: (nullable): markdown from anywhere
 *
 * Returns: (transfer full)
 */
TextMdGuard *text_md_guard_new(const char *markdown);
void text_md_guard_free(TextMdGuard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextMdGuard, text_md_guard_free)

/**
 * text_md_guard_plain:
 *
 * Returns: the markdown as it came, but valid UTF-8 and with LF for every line end.
 */
const char *text_md_guard_plain(TextMdGuard *guard);

/**
 * text_md_guard_source:
 *
 * Returns: what the parser is to be given.
 */
const char *text_md_guard_source(TextMdGuard *guard);

/**
 * text_md_guard_next:
 * @at: (inout): where in a text that the parser put out
 * @end: the end of that text
 * @piece: (out): what begins there, as it was typed
 *
 * Steps over one piece.
 *
 * Returns: whether there was one.
 */
gboolean text_md_guard_next(TextMdGuard *guard, const char **at, const char *end, TextMdPiece *piece);
