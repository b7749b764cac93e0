/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the service reads out of text: tags, mentions, links, emoji codes. Sheet: 6 and 7.2. */
#pragma once

#include <glib.h>

typedef struct {
    GPtrArray *tags;     /* (element-type utf8): hashtags without #, in order */
    GPtrArray *mentions; /* (element-type utf8): without @ */
    gboolean has_url;
} FakeWords;

FakeWords *fake_words_new(const char *text);
void fake_words_free(FakeWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeWords, fake_words_free)

gboolean fake_text_is_everyone(const char *mention);
/* The nick stands in the text as a word of its own, without @. */
gboolean fake_text_has_highlight(const char *text, const char *nick);
/* (transfer full): known :codes: replaced by their characters */
char *fake_text_emoji(const char *text);
/* (transfer full): "My Flow!" -> "my-flow" */
char *fake_text_slug(const char *name);
/* (transfer full): 1970-01-01T00:00:00.000Z */
char *fake_text_iso(gint64 ms);
/* -1 when it is no time */
gint64 fake_text_parse_iso(const char *iso);
gint64 fake_text_now_ms(void);
/* (transfer full): @length characters that are safe in URLs, the same for the same seed */
char *fake_text_token(const char *seed, guint length);
/* (transfer full): @length random characters that are safe in URLs */
char *fake_text_random(guint length);
