/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The account's settings: their keys, defaults and the dialog's rows, in one place. Contract: "Flowdock account". */
#pragma once

#include <account.h>
#include <prpl.h>

#define FD_SETTING_AUTH_METHOD "auth_method"
#define FD_SETTING_CLIENT_ID "client_id"
#define FD_SETTING_CLIENT_SECRET "client_secret"
#define FD_SETTING_REDIRECT "redirect"
#define FD_SETTING_LOOPBACK_PORT "loopback_port"
#define FD_SETTING_PUSH "push"
#define FD_SETTING_INBOX "inbox"
#define FD_SETTING_SHOW_IDS "show_ids"
#define FD_SETTING_PREVIEW_KB "preview_kb"
#define FD_SETTING_ROSTER "roster"
#define FD_SETTING_POST_STATUS "post_status"
#define FD_SETTING_API_URL "api_url"
#define FD_SETTING_STREAM_URL "stream_url"
#define FD_SETTING_CA_FILE "ca_file"
#define FD_SETTING_HISTORY "history"
#define FD_SETTING_AUTOJOIN "autojoin"
#define FD_SETTING_LEAVE_CLOSES "leave_closes"
/* Not in the dialog: divides the pauses and time limits after a lost connection, so that tests need not wait. */
#define FD_SETTING_HURRY "hurry"
/* Not in the dialog: the user has allowed more than each account asks for, so that it is asked for again. See fd-widen. */
#define FD_SETTING_INTEGRATION "scope_integration"

/* Adds the rows to the dialog. */
void fd_settings_add(PurplePluginProtocolInfo *info);

/* Each reads a setting, or its default. Strings: (transfer none), never NULL. */
const char *fd_settings_string(PurpleAccount *account, const char *key);
gboolean fd_settings_bool(PurpleAccount *account, const char *key);
int fd_settings_int(PurpleAccount *account, const char *key);

/* Of a list: the number of the value in the order of the enum below, or -1 for one that is not in it (settings may be
 * written by hand). */
int fd_settings_choice(PurpleAccount *account, const char *key);

/* (nullable) (transfer none): the key of a list whose value is none of it. */
const char *fd_settings_find_wrong_choice(PurpleAccount *account);
/* (transfer full): the values of a list, "oob, loopback". */
char *fd_settings_choices(const char *key);

typedef enum {
    FD_METHOD_PASSWORD_GRANT,
    FD_METHOD_OAUTH,
    FD_METHOD_API_TOKEN,
    FD_METHOD_BASIC,
    FD_METHOD_SOURCE_TOKEN,
} FdMethod;

typedef enum { FD_REDIRECT_OOB, FD_REDIRECT_LOOPBACK } FdRedirect;

typedef enum { FD_PUSH_OFF, FD_PUSH_CHAT, FD_PUSH_TEAM_INBOX } FdPush;
