/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the refresh token lives: in the password field of the account, behind a mark, so that the
 * host's own store, keyring plugins and bitlbee hold it. Contract: "Where credentials live". */
#pragma once

#include <account.h>

/* (nullable) (transfer none): the refresh token that the account's password field holds, part of @password. */
const char *face_token_in(const char *password);

/**
 * face_token_keep:
 * @refresh_token: as the server gave it
 *
 * Replaces what the password field holds. Whether it is written to disk is the account's "remember password".
 */
void face_token_keep(PurpleAccount *account, const char *refresh_token);

/* The same for the user's own secret, which was typed when it was asked for. Without this bitlbee, which forgets the
 * account at each sign-off, would ask again after every lost connection. */
void face_token_keep_secret(PurpleAccount *account, const char *secret);

/* Empties the password field: what it held is worth nothing any more. */
void face_token_forget(PurpleAccount *account);
