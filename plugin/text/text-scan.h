/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds hashtags, mentions, links, e-mail addresses and quoted lines in a message's plain text, as the service did.
 * Pure functions. */
#pragma once

#include <glib.h>

typedef enum { TEXT_SPAN_QUOTE, TEXT_SPAN_LINK, TEXT_SPAN_HASHTAG, TEXT_SPAN_MENTION, TEXT_SPAN_EMAIL } TextSpanKind;

/* Bytes of the text; a hashtag with its mark, a mention with its @. */
typedef struct {
    TextSpanKind kind;
    gsize start;
    gsize length; /* never 0 */
} TextSpan;

/**
 * text_scan:
 * @text: valid UTF-8; a byte that begins no character belongs to no span but a quote
 *
 * Finds what the service's tag parser found. A mention is whatever is written like one: whether there
 * is such a user is for the caller to see. A line that begins with four blanks is quoted; it has no
 * tags, mentions and e-mail addresses, and where it has links, it comes as the pieces around them.
 * Takes time in proportion to the text's length.
 *
 * Sheet: 6.2 to 6.5.
 *
 * Returns: (transfer full) (element-type TextSpan): in order, not overlapping; perhaps empty.
 */
GArray *text_scan(const char *text);

/**
 * text_scan_link:
 * @text: valid UTF-8 without code spans and without markup of its own, as it is called for what is
 *   left of a message when these are taken out
 * @from: where to begin, in bytes, at most the length of @text
 * @start: (out): the link's first byte
 * @length: (out): its length in bytes
 *
 * Finds the first link at or behind @from, as the service showed them: with any scheme ("http://x",
 * "onenote:http://x"), or a bare host with a known top-level domain. Punctuation behind it is not part
 * of it, nor is a bracket without its partner. Whether it may be opened is said by text_scan_address().
 * Called again from behind each link, all calls together take time in proportion to the text's length.
 *
 * Sheet: 7.1.
 *
 * Returns: %FALSE, and nothing is written, when there is none.
 */
gboolean text_scan_link(const char *text, gsize from, gsize *start, gsize *length);

/**
 * text_scan_address:
 * @link: a link as it stands in the text, or an e-mail address; need not be terminated
 * @length: in bytes
 *
 * Says what to open for a link: the same text, with "http://" or "mailto:" where it has no scheme. Of
 * a mailto address everything from the question mark on is left out, since some mail programs attach
 * files by what may stand there.
 *
 * Returns: (transfer full) (nullable): plain text, to be escaped like any other; %NULL for what is not
 *   an address, has white space or control characters in it, or has another scheme than http, https,
 *   ftp, mailto, irc, ircs, sip, sips, tel, xmpp, and onenote before a http or https address: who
 *   clicks on a link must not run something by it (javascript:, data:, file: and others).
 */
char *text_scan_address(const char *link, gsize length);

/**
 * text_scan_has_word:
 * @text: valid UTF-8
 * @word: a nick, valid UTF-8
 *
 * Whether @word stands in @text and is not part of a longer word: "nick" is in "@Nick!" and in
 * "nick-name", but not in "nickname". Letters are compared without regard to case.
 *
 * Sheet: 6.2, Highlight.
 *
 * Returns: %FALSE for an empty @word, too.
 */
gboolean text_scan_has_word(const char *text, const char *word);
