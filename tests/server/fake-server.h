/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Flowdock-compatible test server on the loopback: the API origin and the stream origin, with all that a test wants
 * to do to them. It lives in the default main context of the test program; every call returns at once, and what it
 * sends goes out as the main context runs. It is not Flowdock and says so in its Server header.
 *
 * Conversations are named "org/flow" (slugs), by flow id, or "private/1/2" (two user ids in any order).
 * The same can be done over HTTP under /_test/: see README.md. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct FakeServer FakeServer;

/* ------------------------------------------------------------------------------------------------------ life */

typedef struct {
    guint16 port;         /* of the API origin; 0 = any */
    guint16 stream_port;  /* of the stream origin; 0 = any */
    const char *tls_cert; /* (nullable): PEM files: all origins speak https */
    const char *tls_key;  /* (nullable): when absent the key is in tls_cert too */
    gboolean envoy;       /* the Envoy side too: envoy-server.h */
    guint16 envoy_port;   /* of that; 0 = any */
} FakeOptions;

/**
 * fake_server_new:
 * @seed_file: (nullable): JSON as README.md says; %NULL for the seed of the contract: demo@example.com / demo (Demo,
 *   id 1, API token demo-token), Ann (id 2), Hubot (id 42), demo-client / demo-secret, acme/main and acme/dev-team
 *   (open), acme/lobby (not joined, access mode organization)
 *
 * Returns: (transfer full): a server that does not listen yet; %NULL with @error for a bad seed.
 */
FakeServer *fake_server_new(const char *seed_file, GError **error);

/* (nullable) @options: any ports, no TLS. After a stop the same ports are taken again, whatever @options say. */
gboolean fake_server_start(FakeServer *server, const FakeOptions *options, GError **error);

/* new + start, for tests: fails the test on an error. */
FakeServer *fake_server_new_started(void);

/* Closes the listeners and all connections as a crash would, and keeps the state. fake_server_start() plays the
 * restart; call fake_server_streams_forget() in between for one that loses the history of the streams. */
void fake_server_stop(FakeServer *server);

void fake_server_free(FakeServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeServer, fake_server_free)

/* "http://127.0.0.1:1234", without a slash at the end; stays the same over a restart. */
const char *fake_server_get_api_url(FakeServer *server);
const char *fake_server_get_stream_url(FakeServer *server);

/* --------------------------------------------------------------------------------------------- posting as others */

/* Each returns the new message's id. The calls that name a user or a conversation abort when it does not exist. */
gint64 fake_server_say(FakeServer *server, const char *flow, gint64 user_id, const char *text);
gint64 fake_server_say_private(FakeServer *server, gint64 from, gint64 to, const char *text);
gint64 fake_server_say_external(FakeServer *server, const char *flow, const char *external_user_name, const char *text);

/* In the thread of the message @parent_id (its thread_id is used). */
gint64 fake_server_reply(FakeServer *server, const char *flow, gint64 user_id, gint64 parent_id, const char *text);

/* What POST .../messages takes, as JSON text: event, content, tags, uuid, thread_id, external_user_name, thread,
 * author, title, body, message ... @user_id 0: as an integration. 0 with @error when it would have been refused. */
gint64 fake_server_post(FakeServer *server, const char *conversation, gint64 user_id, const char *json, GError **error);

void fake_server_edit(FakeServer *server, const char *conversation, gint64 message_id, const char *text);
void fake_server_delete(FakeServer *server, const char *conversation, gint64 message_id);
void fake_server_set_tags(FakeServer *server, const char *conversation, gint64 message_id, const char *comma_list);
void fake_server_react(FakeServer *server, const char *flow, gint64 message_id, gint64 user_id, const char *emoji,
                       gboolean add);

/**
 * fake_server_emit:
 * @json: one event as the stream would send it
 *
 * Delivers it to the streams whose filter has its `flow` (any form of the id), or whose user is its `to` or `user`;
 * to every stream when it has neither, or an unknown flow. An `id` of 0 is replaced by the next one, else the JSON is
 * passed on verbatim. It is stored too when its conversation and a numeric `id` are known, unless that id is taken, or
 * its kind is one that no list has (activity.user, edits, tag changes, backend events and the like).
 *
 * Returns: the id, 0 when there is none; -1 when @json is not an object.
 */
gint64 fake_server_emit(FakeServer *server, const char *json);

/* These bytes, as they are, on every open stream. @length -1: up to the NUL. */
void fake_server_emit_raw(FakeServer *server, const char *bytes, gssize length);

/* ------------------------------------------------------------------------------------------------ editing the state */

/* @id 0: the next free one. The user is in the organization @org but in no flow. Returns the id. */
gint64 fake_server_add_user(FakeServer *server, const char *org, gint64 id, const char *nick, const char *email,
                            const char *password);

/* @access_mode: "invitation", "link" or "organization". Returns the flow's id, owned by the server. */
const char *fake_server_add_flow(FakeServer *server, const char *org, const char *slug, const char *name,
                                 const char *access_mode);

/* No event is known for these three: nothing is sent. Slug and id stay. */
void fake_server_rename_flow(FakeServer *server, const char *flow, const char *name);
void fake_server_archive_flow(FakeServer *server, const char *flow, gboolean archived);
void fake_server_rename_org(FakeServer *server, const char *org_slug, const char *name);

/* An organization without people; its id. */
gint64 fake_server_add_org(FakeServer *server, const char *slug, const char *name);
void fake_server_add_org_member(FakeServer *server, const char *org,
                                gint64 user_id); /* into no flow; nothing is sent */
/* As DELETE /organizations/:org/users/:id: out of its flows too, with what fake_server_remove_member() sends. */
void fake_server_remove_org_member(FakeServer *server, const char *org, gint64 user_id);

/* Also sends what the service would: flow-add to the user, backend.user.join and the action to the others. */
void fake_server_add_member(FakeServer *server, const char *flow, gint64 user_id);
/* flow-remove to the user, backend.user.block to the others. */
void fake_server_remove_member(FakeServer *server, const char *flow, gint64 user_id);
/* As when the user opens or closes the tab in another client. Nothing is sent. */
void fake_server_set_open(FakeServer *server, const char *flow, gint64 user_id, gboolean open);
void fake_server_set_nick(FakeServer *server, gint64 user_id, const char *nick); /* user-edit, once a flow */
/* (nullable) each: left as it is; a @website of "" takes it away. user-edit, as above. */
void fake_server_set_profile(FakeServer *server, gint64 user_id, const char *name, const char *email,
                             const char *website);
/* @url (nullable): none; else as "%s/avatars/2/", absolute and with the slash. user-edit, as above. Below /avatars/
 * both origins have a picture for every name, the same for every size, without credentials: a PNG of 8x8 pixels, */
void fake_server_set_avatar(FakeServer *server, gint64 user_id, const char *url);
/* ... or what is given here. @bytes (nullable): the PNG again; @content_type (nullable): image/png. */
void fake_server_set_avatar_bytes(FakeServer *server, const char *name, const void *bytes, gsize length,
                                  const char *content_type);
/* What flow lists say of a member; nothing is sent. @text (nullable). */
void fake_server_set_status_text(FakeServer *server, const char *flow, gint64 user_id, const char *text);
void fake_server_set_last_activity(FakeServer *server, gint64 user_id, gint64 ms); /* nothing is sent */
void fake_server_set_password(FakeServer *server, gint64 user_id, const char *password);
/* The account is disabled: shown so in lists, every credential of the user is refused, streams are cut. */
void fake_server_set_disabled(FakeServer *server, gint64 user_id, gboolean disabled);
void fake_server_set_admin(FakeServer *server, gint64 user_id, gboolean admin);
/* A source of the first application, which nobody has made; its flow_token, owned by the server. */
const char *fake_server_add_source(FakeServer *server, const char *flow, const char *name);
/* The flow's own token, for the push API. */
const char *fake_server_get_push_token(FakeServer *server, const char *flow);
void fake_server_remove_source(FakeServer *server, const char *flow_token); /* 410 from now on */
/* @state: "active", "idle", "offline": a presence event, as if the user had opened or closed a stream. */
void fake_server_set_presence(FakeServer *server, gint64 user_id, const char *state);
void fake_server_activity(FakeServer *server, const char *flow, gint64 user_id); /* one activity.user event */

/* Looking at it. */
const char *fake_server_flow_id(FakeServer *server, const char *flow); /* (nullable) */
gboolean fake_server_is_member(FakeServer *server, const char *flow, gint64 user_id);
gboolean fake_server_is_open(FakeServer *server, const char *flow, gint64 user_id);
const char *fake_server_get_nick(FakeServer *server, gint64 user_id);
guint fake_server_message_count(FakeServer *server, const char *conversation);
/* (transfer full): the stored messages, ascending. */
JsonArray *fake_server_get_messages(FakeServer *server, const char *conversation);
/* (transfer none) (nullable): one, or the newest for @message_id 0. */
JsonObject *fake_server_get_message(FakeServer *server, const char *conversation, gint64 message_id);

/* -------------------------------------------------------------------------------------------------- how it behaves */

/* Oddities that clients of the real service saw, in REST answers and on streams alike. */
typedef enum {
    FAKE_ODD_NONE = 0,
    FAKE_ODD_NUMBER_USER = 1 << 0,     /* messages: user as a number */
    FAKE_ODD_STRING_ID = 1 << 1,       /* messages: id as a string */
    FAKE_ODD_ISO_SENT = 1 << 2,        /* messages: sent as ISO 8601 text */
    FAKE_ODD_NO_UUID = 1 << 3,         /* messages: no uuid, even when the client gave one */
    FAKE_ODD_ORG_STRING = 1 << 4,      /* flows: organization as a plain name */
    FAKE_ODD_COLON_FLOW = 1 << 5,      /* messages: flow as org:flow */
    FAKE_ODD_NULL_PEOPLE = 1 << 6,     /* users: avatar and website null, last_activity missing */
    FAKE_ODD_THREAD_OBJECT = 1 << 7,   /* threads: source.application as an object, as captured */
    FAKE_ODD_SENT_201 = 1 << 8,        /* a posted message is answered with 201, also without the wait header */
    FAKE_ODD_SENT_EMPTY = 1 << 9,      /* a posted message is answered with an empty body */
    FAKE_ODD_LOOSE_REDIRECT = 1 << 10, /* redirect_uri: same scheme, host and port is enough (the older rule) */
    FAKE_ODD_NO_EXPIRES_IN = 1 << 11,  /* token answers: expires_in left out */
    FAKE_ODD_KEEP_REFRESH = 1 << 12,   /* refreshing brings no new refresh token, the old one stays good */
    FAKE_ODD_NO_REPLAY = 1 << 13,      /* Last-Event-ID is ignored */
    FAKE_ODD_NO_GET_BODY = 1 << 14,    /* the body of a GET is not read */
    FAKE_ODD_FORM_TOKENS = 1 << 15,    /* token answers are forms, whatever is accepted */
    FAKE_ODD_BARE_CODE = 1 << 16,      /* PKCE is not known: challenge and verifier are ignored */
    FAKE_ODD_UNIQUE_NICKS = 1 << 17,   /* PUT /users/:id refuses a nick that another user has, in any case */
    FAKE_ODD_NO_PRESENCE = 1 << 18,    /* no presence events */
    FAKE_ODD_NULL_FIELDS = 1 << 19,    /* users, organizations, flows, invitations: all null but id; flows keep
                                          parameterized_name, organization and users, too */
    FAKE_ODD_NO_RANGES = 1 << 20,      /* files come whole, whatever part is asked for */
    FAKE_ODD_NO_SCOPE = 1 << 21,       /* token answers: scope left out */
} FakeOdd;

void fake_server_set_odd(FakeServer *server, FakeOdd flags);
void fake_server_set_token_life(FakeServer *server, guint seconds); /* expires_in and real expiry; default 3600 */
void fake_server_expire_access_tokens(FakeServer *server);          /* those given so far; streams stay open */
void fake_server_revoke_refresh_tokens(FakeServer *server);
guint fake_server_count_refresh_tokens(FakeServer *server); /* good ones */

/* ------------------------------------------------------------------------------------------------------------- files */

/* A file of a user's in a conversation, which is told of it; @content_type (nullable). The message's id. */
gint64 fake_server_add_file(FakeServer *server, const char *conversation, gint64 user_id, const char *name,
                            const char *content_type, GBytes *content);
/* (transfer full) (nullable): what a message's file holds; @message_id 0: the newest. */
GBytes *fake_server_get_file(FakeServer *server, const char *conversation, gint64 message_id);
void fake_server_expire_links(FakeServer *server); /* where downloads were redirected to */

void fake_server_set_max_file(FakeServer *server, gint64 bytes);   /* 413 for a larger one; 0: any */
void fake_server_set_file_quota(FakeServer *server, gint64 bytes); /* 403 when all together are more; 0: any */

/* The next upload breaks once so many bytes of its form have come: the connection is cut, or nothing more is read. */
void fake_server_cut_upload(FakeServer *server, gint64 after);
void fake_server_stall_upload(FakeServer *server, gint64 after);
gint64 fake_server_count_uploaded(FakeServer *server); /* bytes of forms with files, complete or not */

/* ---------------------------------------------------------------------------------------------------- thread actions */

/* What the thread of a message offers from now on: a JSON array as an integration posts it. 0: of the newest message.
 * Nothing is sent. */
void fake_server_set_actions(FakeServer *server, const char *flow, gint64 message_id, const char *json);

typedef enum {
    FAKE_ACTIONS_SIGNED,   /* threads show addresses of the API origin for what can be called, new ones each time */
    FAKE_ACTIONS_FOREIGN,  /* the same of the stream origin, which needs no credentials and refuses them */
    FAKE_ACTIONS_VERBATIM, /* as the integration gave them */
} FakeActionsWay;
void fake_server_set_actions_way(FakeServer *server, FakeActionsWay way);
void fake_server_expire_actions(FakeServer *server); /* signed addresses shown so far */

/* How the integration answers. */
typedef struct {
    guint status;             /* 0: 200 */
    const char *content_type; /* (nullable): application/json */
    const char *body;         /* (nullable): {} */
    const char *challenge;    /* (nullable): WWW-Authenticate */
} FakeActionAnswer;
void fake_server_set_action_answer(FakeServer *server, const FakeActionAnswer *answer);

/* (nullable): what was called last: "POST https://ci.example.com/42 by 1"; by 0: without credentials. */
const char *fake_server_get_pressed(FakeServer *server);

/* --------------------------------------------------------------------------------------------------------- faults */

typedef enum {
    FAKE_FAULT_STATUS,     /* answer with status, body (nullable), content_type, retry_after; nothing takes effect */
    FAKE_FAULT_DELAY,      /* handle the request as usual, but only after delay_ms */
    FAKE_FAULT_CUT_BEFORE, /* close the connection; nothing takes effect */
    FAKE_FAULT_CUT_AFTER,  /* the request takes effect, then the connection closes without an answer */
    FAKE_FAULT_GARBAGE,    /* the request takes effect; 200 and a body that is not JSON (or body) */
    FAKE_FAULT_STALL,      /* never answer, keep the connection */
    FAKE_FAULT_SLOW,       /* handle as usual; the answer's body trickles, one byte each delay_ms */
    FAKE_FAULT_EMPTY,      /* takes effect; 200 with an empty body */
    FAKE_FAULT_ACCEPTED,   /* takes effect; 202 with {} */
    FAKE_FAULT_CREATED,    /* takes effect; 201 with the usual body */
    FAKE_FAULT_TRUNCATE,   /* takes effect; the connection closes in the middle of the body */
} FakeFaultKind;

typedef enum {
    FAKE_ORIGIN_ANY,
    FAKE_ORIGIN_API,
    FAKE_ORIGIN_STREAM,
    FAKE_ORIGIN_ENVOY,
} FakeOrigin;

typedef struct {
    FakeFaultKind kind;
    FakeOrigin origin;
    const char *method;       /* (nullable): any */
    const char *path;         /* (nullable): any; a prefix, or with * or ? a glob for the whole path */
    int skip;                 /* so many matching requests go through first */
    int count;                /* how often it happens; 0 means once, -1 for ever */
    guint status;             /* STATUS; default 500 */
    const char *body;         /* (nullable): STATUS, GARBAGE */
    const char *content_type; /* (nullable): application/json */
    const char *retry_after;  /* (nullable): the header's value */
    const char *location;     /* (nullable): the same of a redirect */
    guint delay_ms;           /* DELAY, SLOW; default 50 */
} FakeFault;

/* Copies @fault. The first added that matches a request is used, and only that one. */
void fake_server_fault(FakeServer *server, const FakeFault *fault);
void fake_server_clear_faults(FakeServer *server); /* also lets go of stalled requests: they are cut */
guint fake_server_stalled(FakeServer *server);     /* requests that wait because of DELAY or STALL */

/* -------------------------------------------------------------------------------------------------------- streams */

guint fake_server_count_streams(FakeServer *server); /* open now */
guint fake_server_count_streams_of(FakeServer *server, gint64 user_id);
void fake_server_streams_cut(FakeServer *server);                   /* all at once, as a lost connection */
void fake_server_streams_end(FakeServer *server);                   /* all at once, with a proper end */
void fake_server_streams_stall(FakeServer *server, gboolean stall); /* nothing more is sent, also on new ones; what
                                                                        happens meanwhile is lost but replayed */
void fake_server_streams_chop(FakeServer *server, guint bytes);     /* events go out in pieces of this size; 0: whole */
void fake_server_streams_batch(FakeServer *server, guint events);   /* so many in one write; 0 or 1: at once */
void fake_server_streams_flush(FakeServer *server);                 /* sends what a batch still holds */
void fake_server_streams_repeat(FakeServer *server, gboolean twice); /* replay sends everything twice, and the event of
                                                                        Last-Event-ID itself again */
void fake_server_streams_forget(FakeServer *server);                 /* the history for replay is lost */
void fake_server_streams_keep(FakeServer *server, guint events);     /* how many events are kept; default 500 */
void fake_server_set_keepalive_ms(FakeServer *server, guint ms);     /* 0: none; default 20000 */

/* ---------------------------------------------------------------------------------------------------- request log */

typedef struct {
    char *method;
    char *path;          /* as sent, percent-encoded */
    char *query;         /* (nullable) */
    char *authorization; /* (nullable) */
    char *api_key;       /* (nullable): X-API-Key */
    char *content_type;  /* (nullable) */
    char *accept;        /* (nullable) */
    char *body;          /* empty where it was a form with files */
    char *last_event_id; /* (nullable) */
    FakeOrigin origin;
    gint64 user_id; /* whose credentials they were; 0: none, bad, or a source */
    guint status;   /* 0: not answered (yet) */
    gint64 time_us; /* g_get_monotonic_time() of its arrival */
} FakeRequest;

/* (transfer none) (element-type FakeRequest): since the start or the last clear, oldest first; at most 20000 are kept.
 * Requests under /_test/ are not in it. */
const GPtrArray *fake_server_requests(FakeServer *server);
void fake_server_clear_requests(FakeServer *server);
/* @method (nullable): any; @path_glob (nullable): any, else a glob for the whole path, without the query. */
guint fake_server_count(FakeServer *server, const char *method, const char *path_glob);
/* (transfer none) (nullable): the newest that matches. */
const FakeRequest *fake_server_last_request(FakeServer *server, const char *method, const char *path_glob);
