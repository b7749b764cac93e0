/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to wait before trying again. Pure: the dice are passed in. */
#pragma once

#include <glib.h>

/* The n-th wait is first_ms * 2^n, at most max_ms, of which the upper half is chance. */
typedef struct {
    guint first_ms;
    guint max_ms;
} NetRetry;

/**
 * net_retry_delay_ms:
 * @attempt: failures in a row so far, from 0
 * @dice: chance, from 0 (inclusive) to 1 (exclusive)
 * @retry_after_ms: what the server asked for, -1 for nothing; it is honoured up to an hour, never shortened
 *
 * Returns: milliseconds to wait, between half the wait and the wait.
 */
guint net_retry_delay_ms(const NetRetry *retry, guint attempt, double dice, gint64 retry_after_ms);
