/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of single HTTP headers. Pure: the clock is passed in. */
#pragma once

#include <glib.h>

/**
 * net_header_retry_after_ms:
 * @value: (nullable): what Retry-After says: seconds, or a date
 * @now_us: the wall clock, g_get_real_time()
 *
 * Returns: milliseconds to wait, 0 for a date that is over; -1 when it says nothing that can be read.
 */
gint64 net_header_retry_after_ms(const char *value, gint64 now_us);

/* @value: (nullable): what Flowdock-User says. Returns: the id, 0 when it is none. Sheet: 1.2. */
gint64 net_header_user_id(const char *value);

/**
 * net_header_content_range:
 * @value: what Content-Range says
 * @first, @last: (out): of the bytes in this answer, both inclusive
 * @total: (out): bytes of the whole; -1 for "*"
 *
 * Returns: whether it is a range of bytes that can be. Outputs are set only then.
 */
gboolean net_header_content_range(const char *value, gint64 *first, gint64 *last, gint64 *total);

/**
 * net_header_challenge:
 * @value: (nullable): what WWW-Authenticate says; several challenges may follow each other
 * @scheme: "Basic" or the like
 * @name: of a parameter
 *
 * Returns: (transfer full) (nullable): the parameter's value, bare or of a quoted string, in the first challenge of that
 *   scheme; %NULL when there is none, or what is there cannot be read. Names are compared without regard to case.
 */
char *net_header_challenge(const char *value, const char *scheme, const char *name);

/* Whether @value can be sent as it is: a line end in it would begin another header. */
gboolean net_header_is_clean(const char *value);
