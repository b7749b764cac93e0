/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Envoy side of the test server: an Envoy-compatible origin with all that a test wants to do to it. It is a third
 * origin of a FakeServer (FakeOptions.envoy), so life, faults and the request log are those of fake-server.h, with
 * FAKE_ORIGIN_ENVOY. It is not Envoy and says so in its Server header.
 *
 * Things are named by kind and id. What the functions take as JSON has the shape of the API's answers; members left out
 * get defaults, ids may be numbers, and a time may be relative to now: "-45m", "+2h" (s, m, h, d).
 * The same can be done over HTTP under /_test/: see README.md. "Sheet" is the one of Envoy. */
#pragma once

#include "fake-server.h"

typedef enum {
    ENVOY_SERVER_COMPANIES,
    ENVOY_SERVER_LOCATIONS,
    ENVOY_SERVER_FLOWS,
    ENVOY_SERVER_EMPLOYEES,
    ENVOY_SERVER_INVITES,
    ENVOY_SERVER_ENTRIES,
    ENVOY_SERVER_KINDS, /* how many */
} EnvoyServerKind;

/* What the seed without a file has. */
#define ENVOY_SERVER_CLIENT_ID "envoy-client"
#define ENVOY_SERVER_CLIENT_SECRET "envoy-secret"
#define ENVOY_SERVER_REDIRECT "http://127.0.0.1:8714/envoy"
#define ENVOY_SERVER_API_KEY "envoy-key"

/* ------------------------------------------------------------------------------------------------------ life */

/* new + start with the Envoy side, for tests: fails the test on an error. fake_server_free() ends both. */
FakeServer *envoy_server_new_started(void);

/* "http://127.0.0.1:1234", without a slash at the end; "" without Envoy side. api_url of an account is this with /v1,
 * auth_url with /a/auth/v0. Stays the same over a restart. */
const char *envoy_server_get_url(FakeServer *server);

/* ---------------------------------------------------------------------------------------------------- its things */

/**
 * envoy_server_put:
 * @json: an object; with the `id` of a thing there is, its members replace that one's
 *
 * Adds or changes a thing; what the API would refuse is possible too. Any member is passed on in answers, also those
 * that the sheet does not know. Aborts when @json is not an object.
 *
 * Returns: (transfer none): its id.
 */
const char *envoy_server_put(FakeServer *server, EnvoyServerKind kind, const char *json);
/* FALSE when there is none. */
gboolean envoy_server_remove(FakeServer *server, EnvoyServerKind kind, const char *id);
/* (transfer full) (nullable): as it is stored, without oddities. */
char *envoy_server_get(FakeServer *server, EnvoyServerKind kind, const char *id);
guint envoy_server_count_things(FakeServer *server, EnvoyServerKind kind);

/* A visitor comes, now. @email (nullable). Returns the entry's id, (transfer none). */
const char *envoy_server_sign_in(FakeServer *server, const char *flow_id, const char *full_name, const char *email);
/* And goes. FALSE when there is no such entry. */
gboolean envoy_server_sign_out(FakeServer *server, const char *entry_id);
/* A visitor is expected, @in_minutes from now. @email (nullable). Returns the invite's id, (transfer none). */
const char *envoy_server_invite(FakeServer *server, const char *flow_id, const char *name, const char *email,
                                int in_minutes);
/* FALSE when there is no such flow. */
gboolean envoy_server_enable_flow(FakeServer *server, const char *flow_id, gboolean enabled);

/* Many at once: @flows of new locations, spread evenly, and @visits of these flows, one a second back from now, every
 * other one gone. */
void envoy_server_fill(FakeServer *server, guint locations, guint flows, guint visits);

/* E-mails that would have gone to people outside, because of sendEmailToInvitee. */
guint envoy_server_count_mails(FakeServer *server);

/**
 * envoy_server_play:
 * @visits: how many come in all; 0 ends it
 * @every_ms: between two steps
 *
 * The scenario of the demo: people are expected, come, and go, each step one of these. After the last one has gone all
 * is quiet. Nothing is random.
 */
void envoy_server_play(FakeServer *server, guint visits, guint every_ms);

/* ---------------------------------------------------------------------------------------------------------- OAuth */

/* As if somebody had allowed the first application these scopes (separated by blanks). (transfer full) */
char *envoy_server_new_access_token(FakeServer *server, const char *scopes);
char *envoy_server_new_refresh_token(FakeServer *server, const char *scopes);
guint envoy_server_count_refresh_tokens(FakeServer *server); /* good ones */

void envoy_server_expire_access_tokens(FakeServer *server); /* those given so far */
void envoy_server_revoke_refresh_tokens(FakeServer *server);
void envoy_server_set_token_life(FakeServer *server, guint seconds); /* expires_in and real expiry; default 86400 */
void envoy_server_revoke_api_key(FakeServer *server, const char *key);

/* The clock of codes, tokens and the rate limit goes on by so much; that of visits does not. A refresh token lives 30
 * days. */
void envoy_server_advance(FakeServer *server, guint seconds);

/* Each credential may call so often in a window, then 429 until its end; 0: as often as it likes, the default. */
void envoy_server_set_rate_limit(FakeServer *server, guint calls, guint window_s);

/* -------------------------------------------------------------------------------------------------- how it behaves */

/* What the sheet leaves open, and what a client has to bear. Sheet: 5, 10. */
typedef enum {
    ENVOY_ODD_NONE = 0,
    ENVOY_ODD_NUMBER_IDS = 1 << 0,      /* ids as numbers, everywhere */
    ENVOY_ODD_NULL_MEMBERS = 1 << 1,    /* things: all null but id */
    ENVOY_ODD_MISSING_MEMBERS = 1 << 2, /* things: nothing but id */
    ENVOY_ODD_UNKNOWN_MEMBERS = 1 << 3, /* things: members that nobody knows, with links to personal data */
    ENVOY_ODD_UNKNOWN_VALUES = 1 << 4,  /* type and approvalStatus with values that nobody knows */
    ENVOY_ODD_NO_ID = 1 << 5,           /* lists: begin with an object without id */
    ENVOY_ODD_JUNK = 1 << 6,            /* lists: hold null, a number, a text and a list too */
    ENVOY_ODD_EMPTY_LISTS = 1 << 7,     /* lists: always empty */
    ENVOY_ODD_NO_META = 1 << 8,         /* no meta */
    ENVOY_ODD_NO_TOTAL = 1 << 9,        /* meta without total */
    ENVOY_ODD_FRACTIONS = 1 << 10,      /* times with six digits of fractions */
    ENVOY_ODD_NO_FLOW = 1 << 11,        /* entries: no flowId, but the flow's name in "Purpose of visit" */
    ENVOY_ODD_NO_FILTERS = 1 << 12,     /* lists: filters are ignored */
    ENVOY_ODD_NO_SORT = 1 << 13,        /* lists: sort and order are ignored, the newest comes first */
    ENVOY_ODD_STUCK_PAGES = 1 << 14,    /* lists: every page is the first one, and total is beyond it */
    ENVOY_ODD_SHORT_PAGES = 1 << 15,    /* lists: at most five on a page, whatever is asked for; meta says so */
    ENVOY_ODD_CREATED_200 = 1 << 16,    /* 200 where it is 201 */
    ENVOY_ODD_DELETED_204 = 1 << 17,    /* 204 without a body where it is 200 */
    ENVOY_ODD_MAIL_UNASKED = 1 << 18,   /* a new invite sends an e-mail unless sendEmailToInvitee is false */
    ENVOY_ODD_NEED_PURPOSE = 1 << 19,   /* a new invite needs the custom field "Purpose of visit" */
    ENVOY_ODD_AWAITING = 1 << 20,       /* a new invite waits for approval */
    ENVOY_ODD_GRANT_400 = 1 << 21,      /* tokens: refusals with 400 instead of 401 */
    ENVOY_ODD_KEEP_REFRESH = 1 << 22,   /* tokens: refreshing brings a null refresh_token, the old one stays good */
    ENVOY_ODD_FEW_MEMBERS = 1 << 23,    /* tokens: no expires_in, refresh_token_expires_in, state, company_id */
    ENVOY_ODD_NO_STATE = 1 << 24,       /* the redirect brings no state */
    ENVOY_ODD_NO_RETRY_AFTER = 1 << 25, /* 429 without Retry-After */
    ENVOY_ODD_ERROR_PAGES = 1 << 26,    /* errors as HTML pages */
    ENVOY_ODD_NESTED_ERRORS = 1 << 27,  /* every error in the form of JSON:API */
    ENVOY_ODD_FORBIDDEN_BARE = 1 << 28, /* 403 that does not say which scope is missing */
} EnvoyOdd;

void envoy_server_set_odd(FakeServer *server, EnvoyOdd flags);
