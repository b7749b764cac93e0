/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What SoupServer does not do by itself: noticing that the other side of a paused message has gone, and cutting. */
#pragma once

#include <libsoup/soup.h>

typedef struct FakeWatch FakeWatch;

/**
 * fake_watch_new:
 * @gone: called once, from the main loop, when the message is done or its connection lost; the watch is freed after
 *
 * Keeps @message alive. For messages that are paused for long.
 */
FakeWatch *fake_watch_new(SoupServerMessage *message, void (*gone)(gpointer data), gpointer data);
/* Without calling @gone. */
void fake_watch_free(FakeWatch *watch);

/* Breaks the connection of a message that is not finished. */
void fake_wire_cut(SoupServerMessage *message);
