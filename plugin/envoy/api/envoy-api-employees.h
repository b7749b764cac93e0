/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about who can be a host. Sheet: Envoy, 6.5. */
#pragma once

#include "envoy-pager.h"

/**
 * envoy_api_employees_async:
 * @email: (nullable): part of the e-mail address
 * @name: (nullable): part of the name
 *
 * Whose address and name hold what is given, in whatever case; one of the two is. Finished by envoy_pager_finish(), with
 * EnvoyEmployee; whoever wants one person compares.
 */
void envoy_api_employees_async(EnvoyApi *api, const char *email, const char *name, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data);
