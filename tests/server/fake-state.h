/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the server remembers, and how to find it. Internal to tests/server. */
#pragma once

#include <libsoup/soup.h>

#include "fake-json.h"
#include "fake-server.h"

typedef struct {
    gint64 id;
    char *nick, *name, *email;
    char *password;         /* (nullable): none, as with a foreign log-in */
    char *api_token;        /* (nullable) */
    char *avatar, *website; /* (nullable) */
    gboolean disabled;
    gint64 last_activity_ms;
    guint active_streams, idle_streams;
    int presence; /* one of FAKE_PRESENCE_… */
} FakeUser;

/* As in presence events. Sheet: 5.3. */
enum {
    FAKE_PRESENCE_OFFLINE = 0,
    FAKE_PRESENCE_IDLE = 1000000,
    FAKE_PRESENCE_ACTIVE = 2000000,
};

typedef struct {
    FakeUser *user;
    gboolean admin;    /* organizations */
    gboolean open;     /* flows */
    gboolean disabled; /* flows: blocked */
    char *status;      /* flows (nullable) */
} FakeMember;

typedef struct {
    gint64 id;
    char *slug, *name;
    gint64 user_limit;
    GPtrArray *members; /* of FakeMember */
} FakeOrg;

typedef struct {
    char *id;
    char *title, *body, *external_url;   /* the latter two (nullable) */
    JsonNode *status, *fields, *actions; /* (nullable) */
    struct FakeSource *source;           /* (nullable): chat */
    char *external_id;                   /* (nullable): the source's own key */
    gint64 initial_message;
    gint64 created_ms, updated_ms;
    guint activities, internal_comments, external_comments;
} FakeThread;

/* A conversation: what a flow and a private conversation have in common. */
typedef struct {
    struct FakeFlow *flow; /* (nullable): private */
    FakeUser *pair[2];     /* private: the lower id first */
    gboolean pair_open[2];
    gint64 last_id;
    GPtrArray *messages; /* of JsonObject, ascending by id */
    GPtrArray *threads;  /* of FakeThread, flows only */
    GHashTable *threads_by_id;
    gint64 last_change_ms; /* of a thread */
} FakeTalk;

typedef struct FakeFlow {
    char *id, *slug, *name, *access_mode;
    char *api_token; /* for the push API */
    FakeOrg *org;
    gboolean disabled;
    GPtrArray *members;     /* of FakeMember */
    GPtrArray *invitations; /* of JsonObject */
    FakeTalk *talk;
} FakeFlow;

typedef struct {
    gint64 id;
    char *client_id, *client_secret, *name;
    char **redirect_uris;
} FakeApp;

typedef struct FakeSource {
    gint64 id;
    char *name, *external_url; /* the latter (nullable) */
    char *token;
    char *error_message, *configuration_url; /* (nullable) */
    FakeFlow *flow;
    FakeApp *app;
    FakeUser *creator; /* (nullable) */
    gint64 created_ms, updated_ms;
    gboolean removed; /* its token answers 410 */
} FakeSource;

struct FakeServer {
    GPtrArray *users;    /* of FakeUser */
    GPtrArray *orgs;     /* of FakeOrg */
    GPtrArray *flows;    /* of FakeFlow */
    GPtrArray *privates; /* of FakeTalk */
    GPtrArray *apps;     /* of FakeApp */
    GPtrArray *sources;  /* of FakeSource, removed ones too */
    GHashTable *users_by_id, *flows_by_name, *privates_by_key;
    gint64 last_user_id, last_source_id, last_invitation_id, last_file_id;
    FakeOdd odd;

    struct FakeOauth *oauth;
    struct FakeEvents *events;
    struct FakeStreams *streams;
    struct FakeFaults *faults;
    struct FakeLog *log;
    struct FakeFiles *files;
    struct FakeUploads *uploads;
    struct FakeAvatars *avatars;
    struct FakeActions *actions;
    struct FakeBot *bot; /* (nullable) */

    struct EnvoySide *envoy;

    SoupServer *api, *stream, *envoy_soup; /* (nullable): stopped */
    struct FakeIdle *api_idle, *stream_idle, *envoy_idle;
    GTlsCertificate *certificate;
    guint16 port, stream_port, envoy_port;
    char *api_url, *stream_url, *envoy_url;
    gboolean has_envoy; /* it is to be started too */
};

void fake_state_init(FakeServer *server);
void fake_state_clear(FakeServer *server);

FakeUser *fake_state_add_user(FakeServer *server, gint64 id, const char *nick, const char *email);
FakeOrg *fake_state_add_org(FakeServer *server, const char *slug, const char *name);
/* @id (nullable): made up */
FakeFlow *fake_state_add_flow(FakeServer *server, FakeOrg *org, const char *slug, const char *name, const char *id);
FakeApp *fake_state_add_app(FakeServer *server, const char *client_id, const char *client_secret, const char *name);
FakeSource *fake_state_add_source(FakeServer *server, FakeFlow *flow, FakeApp *app, const char *name);

FakeUser *fake_state_user(FakeServer *server, gint64 id);                      /* (nullable) */
FakeUser *fake_state_user_by_email(FakeServer *server, const char *email);     /* (nullable) */
FakeUser *fake_state_user_by_token(FakeServer *server, const char *token);     /* (nullable) */
FakeOrg *fake_state_org(FakeServer *server, const char *slug);                 /* (nullable) */
FakeOrg *fake_state_org_by_id(FakeServer *server, gint64 id);                  /* (nullable) */
FakeFlow *fake_state_flow(FakeServer *server, const char *name);               /* (nullable): id, org/slug, org:slug */
FakeApp *fake_state_app(FakeServer *server, const char *client_id);            /* (nullable) */
FakeSource *fake_state_source_by_token(FakeServer *server, const char *token); /* (nullable): removed ones too */
FakeSource *fake_state_source(FakeServer *server, FakeFlow *flow, gint64 id);  /* (nullable): removed ones not */
/* (nullable) unless @create */
FakeTalk *fake_state_private(FakeServer *server, FakeUser *one, FakeUser *other, gboolean create);
/* (nullable): "org/flow", a flow id, "private/1/2" */
FakeTalk *fake_state_talk(FakeServer *server, const char *conversation);

FakeMember *fake_state_member(GPtrArray *members, const FakeUser *user); /* (nullable) */
FakeMember *fake_state_join(GPtrArray *members, FakeUser *user);         /* the one there is, or a new one */
void fake_state_leave(GPtrArray *members, const FakeUser *user);
gboolean fake_state_is_active_member(FakeFlow *flow, const FakeUser *user);
gboolean fake_state_share_org(FakeServer *server, const FakeUser *one, const FakeUser *other);
FakeUser *fake_talk_other(FakeTalk *talk, const FakeUser *user);
gboolean *fake_talk_open(FakeTalk *talk, const FakeUser *user);
/* Ids rise with gaps now and then, as edits and unsaved events use some up. */
gint64 fake_talk_next_id(FakeTalk *talk);
