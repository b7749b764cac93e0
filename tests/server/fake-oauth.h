/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The OAuth side: codes, access tokens, refresh tokens, the token endpoint. Sheet: 2. Internal to tests/server. */
#pragma once

#include "fake-call.h"

typedef struct FakeOauth FakeOauth;

FakeOauth *fake_oauth_new(void);
void fake_oauth_free(FakeOauth *oauth);

/* (nullable): whose access token it is, when it is still good. @scopes: (transfer full) */
FakeUser *fake_oauth_user(FakeServer *server, const char *token, char ***scopes);

/* (nullable): the application that @call's access token is of */
FakeApp *fake_oauth_app(FakeCall *call);

/* The scopes of a request, with the default for none; NULL when one is unknown. (transfer full) (nullable) */
char **fake_oauth_parse_scopes(const char *text);

typedef struct {
    FakeApp *app;
    FakeUser *user;
    char **scopes;
    char *redirect_uri;
    char *challenge; /* (nullable): S256 */
} FakeGrant;

void fake_grant_free(FakeGrant *grant);
/* (transfer full) @grant; returns the code, (transfer full) */
char *fake_oauth_new_code(FakeServer *server, FakeGrant *grant);

/* POST /oauth/token */
void fake_oauth_token(FakeCall *call);
