/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leads the debug lines of the lower layers, which know no libpurple, into the host's debug log. */
#pragma once

#include <glib.h>

/* Starts for the log domains given (NULL-terminated). Returns the handlers for face_log_stop(). (transfer full) */
GArray *face_log_start(const char *const *domains);
void face_log_stop(GArray *handlers);
