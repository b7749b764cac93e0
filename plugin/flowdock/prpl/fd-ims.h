/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private conversations as the host's IMs. */
#pragma once

#include <connection.h>
#include <conversation.h>

/* Member of PurplePluginProtocolInfo. Returns 0: the line is shown once the service has it. */
int fd_ims_send(PurpleConnection *gc, const char *who, const char *html, PurpleMessageFlags flags);
