/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a link as they stand in running text: an inner tool of text-scan, which puts them together. All of them
 * go once over what they read, and stop at whatever cannot belong to the part. */
#pragma once

#include "text/text-char.h"

/* Returns: the length of the "http://" or "https://" at @at, 0 when there is none. */
gsize text_url_scheme_length(const char *at);

/* Letters of a host: behind a scheme or in an e-mail address whatever is neither blank nor punctuation of ASCII; without
 * scheme only Latin ones, so that a host is found between ideographs. */
gboolean text_url_is_host_letter(gunichar character);
gboolean text_url_is_bare_host_letter(gunichar character);

/* Returns: (nullable): where the domain ends that begins at @at, at the last known top-level domain in it. */
const char *text_url_domain_end(const char *at, TextCharClass is_letter);

/* Returns: (nullable): where the host ends that begins at @at behind a scheme: a domain, four numbers, or a name that
 * is followed by a port, a path, a blank or nothing. */
const char *text_url_host_end(const char *at);

/* Returns: (nullable): where the bare host ends that begins at @at by the renderer's rule: the labels are of letters of
 * all languages, and the last one is the known top-level domain. */
const char *text_url_bare_host_end(const char *at);

/* Returns: where the port, path or query ends that begins at @at, @at when there is none. Punctuation behind it is not
 * part of it. */
const char *text_url_port_end(const char *at);
const char *text_url_path_end(const char *at);
const char *text_url_query_end(const char *at);
