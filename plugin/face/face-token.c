/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The refresh token in the account's password field. */
#include "face-token.h"

#include "net/net-secret.h"

#include <connection.h>
#include <core.h>
#include <signals.h>

#include <string.h>

#define MARK "refresh-token:"

const char *face_token_in(const char *password)
{
    return password && g_str_has_prefix(password, MARK) ? password + strlen(MARK) : NULL;
}

/* @password: (nullable): none */
static void set_password(PurpleAccount *account, const char *password)
{
    PurpleConnection *gc = purple_account_get_connection(account);

    purple_account_set_password(account, password);
    /* The connection has a copy of the password it was opened with: the real one must not stay there. */
    if (gc) {
        net_secret_free(gc->password);
        gc->password = g_strdup(password);
    }
    /* bitlbee has a store of its own, which hears nothing of the above. The signal exists only there. */
    if (g_strcmp0(purple_core_get_ui(), "BitlBee") == 0)
        purple_signal_emit_return_1(purple_accounts_get_handle(), "bitlbee-set-account-password", account,
                                    password ? password : "");
}

void face_token_keep(PurpleAccount *account, const char *refresh_token)
{
    char *password = g_strconcat(MARK, refresh_token, NULL);

    set_password(account, password);
    net_secret_free(password);
}

void face_token_keep_secret(PurpleAccount *account, const char *secret)
{
    set_password(account, secret);
}

void face_token_forget(PurpleAccount *account)
{
    set_password(account, NULL);
}
