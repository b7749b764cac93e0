/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The top-level domains by which a host is known without "http://" before it. */
#pragma once

#include <glib.h>

/**
 * text_tld_is_known:
 * @word: the letters behind a dot; not terminated
 * @length: in bytes
 *
 * Whether @word is a top-level domain that stands for a host in running text, without regard to case.
 * Every two-letter country code is, and so are the generic domains in common use; of the others a
 * link has its scheme. Punycode ("xn--p1ai") is not looked up here.
 */
gboolean text_tld_is_known(const char *word, gsize length);
