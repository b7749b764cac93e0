/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that held a password, a token or a code is overwritten before it is given back. */
#pragma once

#include <glib.h>

/* Overwrites a string before it is freed, in a way the compiler keeps; NULL is fine. */
void net_secret_free(char *secret);

/* Overwrites @length bytes; they stay allocated. */
void net_secret_wipe(void *memory, gsize length);

/* (transfer full): a copy of @length bytes, which are overwritten when the last reference goes. */
GBytes *net_secret_bytes(const char *memory, gsize length);
