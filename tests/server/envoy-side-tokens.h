/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Codes, access tokens, refresh tokens, the token endpoint. Sheet: 2, 4. Internal to tests/server. */
#pragma once

#include "envoy-side-call.h"

typedef struct EnvoySideTokens EnvoySideTokens;

EnvoySideTokens *envoy_side_tokens_new(void);
void envoy_side_tokens_free(EnvoySideTokens *tokens);

/* Whether the access token is good. @app: (transfer none), @scopes: (transfer full) */
gboolean envoy_side_tokens_find(EnvoySide *side, const char *token, JsonObject **app, char ***scopes);

/* The scopes in @text, separated by blanks; NULL when there is none, or one that is unknown or that @app does not have.
 * (transfer full) (nullable) */
char **envoy_side_tokens_scopes(JsonObject *app, const char *text);

/* (transfer full): a code for what somebody allowed. */
char *envoy_side_tokens_new_code(EnvoySide *side, JsonObject *app, char **scopes);

/* POST /a/auth/v0/token */
void envoy_side_tokens_grant(EnvoySideCall *call);
