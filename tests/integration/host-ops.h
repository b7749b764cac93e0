/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations of the headless host that libpurple calls. */
#pragma once

#include <glib.h>

/* Before purple_core_init(): a fresh user folder and all operations. */
void host_ops_install(const char *user_dir);

/* Sorts @names and joins them: "A, B, C". (transfer full) */
char *host_ops_join_names(GPtrArray *names);
