/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doubling waits with chance in their upper half, so that clients cut off together do not come back together. */
#include "net-retry.h"

/* A server that asks for more than this is not believed. */
#define NET_RETRY_LONGEST_AFTER_MS (60 * 60 * 1000)

/* 2^31 times a millisecond is beyond every max_ms; shifting further would overflow. */
#define NET_RETRY_MOST_DOUBLINGS 31

guint net_retry_delay_ms(const NetRetry *retry, guint attempt, double dice, gint64 retry_after_ms)
{
    guint64 wait = (guint64)retry->first_ms << MIN(attempt, NET_RETRY_MOST_DOUBLINGS);
    guint64 asked = CLAMP(retry_after_ms, 0, NET_RETRY_LONGEST_AFTER_MS);
    guint64 delay;

    wait = MIN(wait, retry->max_ms);
    delay = wait - wait / 2 + (guint64)((double)(wait / 2) * CLAMP(dice, 0.0, 1.0));
    return (guint)MAX(delay, asked);
}
