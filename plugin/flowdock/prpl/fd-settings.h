/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The account's settings: their keys, defaults and the dialog's rows, in one place. Contract: "Flowdock account". */
#pragma once

#include <account.h>
#include <prpl.h>

#define FD_SETTING_CLIENT_ID "client_id"
#define FD_SETTING_CLIENT_SECRET "client_secret"
#define FD_SETTING_API_URL "api_url"
#define FD_SETTING_STREAM_URL "stream_url"
#define FD_SETTING_CA_FILE "ca_file"
#define FD_SETTING_HISTORY "history"
#define FD_SETTING_AUTOJOIN "autojoin"
#define FD_SETTING_LEAVE_CLOSES "leave_closes"
/* Not in the dialog: divides the pauses and time limits after a lost connection, so that tests need not wait. */
#define FD_SETTING_HURRY "hurry"

/* Adds the rows to the dialog. */
void fd_settings_add(PurplePluginProtocolInfo *info);

/* Each reads a setting, or its default. Strings: (transfer none), never NULL. */
const char *fd_settings_string(PurpleAccount *account, const char *key);
gboolean fd_settings_bool(PurpleAccount *account, const char *key);
int fd_settings_int(PurpleAccount *account, const char *key);
