/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks after a long body while it is sent, for net-session. A server that does not want it (too large, not allowed) answers
 * before it is over, but libsoup writes on until the connection breaks, and then nobody has read why. One that does
 * want it may need long for its answer, since it has still to store what came. */
#pragma once

#include <libsoup/soup.h>

/* Silence after which the answer to a long body is given up. */
#define NET_SENDING_ANSWER_S 300

typedef struct _NetSending NetSending;

/* At most once, from the main loop. @status: of an early answer, which nobody else can read any more. */
typedef void (*NetSendingEarly)(guint status, gpointer user_data);

/* Of @message, which is about to be sent on a connection of its own, by HTTP/1.1. */
NetSending *net_sending_new(SoupMessage *message, NetSendingEarly early, gpointer user_data);
/* When the answer is there, or will not come: the connection may be used for others. */
void net_sending_free(NetSending *sending);
