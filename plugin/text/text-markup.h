/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What users type, as hosts hand it over (libpurple's HTML), as a short list of tokens. Pure functions. */
#pragma once

#include <glib.h>

typedef enum {
    TEXT_TOKEN_TEXT,
    TEXT_TOKEN_OPEN,  /* a style begins; it is not open yet */
    TEXT_TOKEN_CLOSE, /* an open style ends; not necessarily the one opened last */
    TEXT_TOKEN_BREAK, /* a line end */
    TEXT_TOKEN_IMAGE,
} TextTokenKind;

typedef enum {
    TEXT_STYLE_BOLD,
    TEXT_STYLE_ITALIC,
    TEXT_STYLE_STRIKE,
    TEXT_STYLE_CODE,
    TEXT_STYLE_LINK,
} TextStyle;

#define TEXT_N_STYLES (TEXT_STYLE_LINK + 1)

typedef struct {
    TextTokenKind kind;
    TextStyle style; /* of OPEN and CLOSE */
    char *text;      /* of TEXT: plain, never empty; of OPEN LINK: the address; else %NULL */
    int image;       /* of IMAGE: its id in libpurple's image store */
} TextToken;

/**
 * text_markup_parse:
 * @html: (nullable): a message from a host, as it comes or after purple_markup_html_to_xhtml() (which loses images
 *   of the store and code tags); broken HTML and any bytes are accepted
 *
 * Keeps bold, italic, struck and monospaced text, links and images of the store; drops all other formatting and keeps
 * its text. Tags that HTML does not know, lone angle brackets and unknown entities are text, so nothing typed is lost.
 * Line feeds in texts stay what they are. Nothing is open at the end.
 *
 * Sheet: hosts.md, "What the hosts show or ignore"; seen in libpurple 2.14.12: &nbsp; is a plain blank.
 *
 * Returns: (transfer full) (element-type TextToken): the tokens; no two TEXT in a row.
 */
GPtrArray *text_markup_parse(const char *html);

void text_token_free(TextToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextToken, text_token_free)
