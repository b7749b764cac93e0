/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialogue of a consent: the page opens in the browser, and its outcome comes back either by a question that every
 * host can ask, or through a listener on this computer. The question stands in both cases, since the browser may be on
 * another computer than the host: its text holds the address, and it takes the code or the address the browser ended on. */
#pragma once

#include "net/net-consent.h"

#include <account.h>

typedef struct _FaceOauth FaceOauth;

/**
 * FaceOauthOptions:
 * @handle: of the request: purple_request_close_with_handle() at sign-off ends it
 * @title: of the question, plain text
 * @why: (nullable): a sentence that goes before the instructions: why the user is asked (again)
 * @consent: its redirect_uri counts only when @listen_path is %NULL
 * @listen_path: (nullable): "/flowdock": where on 127.0.0.1 the answer is caught
 * @port: of the listener, 0 = any
 * @timeout_ms: life of the listener
 * @outlives_listener: when the listener's time is over, or there can be none, the question stays; else this ends it all
 */
typedef struct {
    PurpleAccount *account;
    void *handle;
    const char *title;
    const char *why;
    NetConsentOptions consent;
    const char *listen_path;
    guint16 port;
    guint timeout_ms;
    gboolean outlives_listener;
} FaceOauthOptions;

/**
 * FaceOauthFunc:
 * @code: (nullable) (transfer none): to be exchanged for a token
 * @error: (nullable): NET_OAUTH_ERROR; %NULL with a %NULL @code: the user has cancelled
 *
 * Called once for each question; the callee may free the FaceOauth.
 */
typedef void (*FaceOauthFunc)(FaceOauth *oauth, const char *code, const GError *error, gpointer user_data);

/* Returns: (transfer full): %NULL with @error (NET_OAUTH_ERROR_PORT_BUSY, NET_ERROR): nothing was opened then. */
FaceOauth *face_oauth_new(const FaceOauthOptions *options, FaceOauthFunc done, gpointer user_data, GError **error);

/* The code was refused: asks once more for the same consent, without a listener and without opening the browser again.
 * @why is a whole sentence, plain text. */
void face_oauth_ask_again(FaceOauth *oauth, const char *why);

/* For the exchange of the code: redirect_uri and PKCE verifier. */
const NetConsent *face_oauth_get_consent(const FaceOauth *oauth);

/* Takes listener and question away. NULL is fine. */
void face_oauth_free(FaceOauth *oauth);
