/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the service talks about, as plain structs. Strings are valid UTF-8, plain text, and as the
 * service sent them: escaping is for whoever shows them. */
#pragma once

#include <json-glib/json-glib.h>

/* Sheet: 3.2. */
typedef struct {
    gint64 id;
    char *nick;              /* never NULL: the id's digits where the service gave none */
    char *name;              /* (nullable) */
    char *email;             /* (nullable) */
    char *avatar;            /* (nullable): address of a picture */
    char *website;           /* (nullable) */
    char *status;            /* (nullable): of a flow's list: the status text there */
    gint64 last_activity_ms; /* 0: unknown */
    gint64 last_ping_ms;     /* 0: unknown: when a client of theirs was last heard of */
    gboolean admin;          /* of an organization's list */
    gboolean disabled;
    gboolean in_flow; /* whether this entry of a flow's list is a member of that flow */
} FdUser;

FdUser *fd_user_new(gint64 id, const char *nick);
FdUser *fd_user_copy(const FdUser *user);
/* Whether the service told a nick, not only the id. Sheet: 3.2, "nick". */
gboolean fd_user_has_nick(const FdUser *user);
void fd_user_free(FdUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdUser, fd_user_free)

/* Sheet: 3.4. */
typedef struct {
    char *id;       /* opaque */
    char *path;     /* "org/flow": what people type, and the two parts of every address below /flows */
    char *name;     /* for people */
    char *org_name; /* for people */
    gint64 org_id;  /* 0: not told */
    char *url;      /* (nullable) API address */
    char *web_url;  /* (nullable) */
    gboolean open;
    gboolean open_told; /* else the answer did not say */
    gboolean joined;
    gboolean archived;
    char *access_mode; /* (nullable): "invitation", "link", "organization" */
    GPtrArray *users;  /* (nullable) (element-type FdUser): NULL where the answer had no list */
} FdFlow;

FdFlow *fd_flow_new(const char *id, const char *path, const char *name, const char *org_name);
void fd_flow_free(FdFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdFlow, fd_flow_free)

/* Sheet: 3.3. */
typedef struct {
    gint64 id;
    char *slug;       /* what stands in addresses */
    char *name;       /* for people */
    GPtrArray *users; /* (element-type FdUser): perhaps none */
} FdOrg;

void fd_org_free(FdOrg *org);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdOrg, fd_org_free)

/* Sheet: 3.13. */
typedef struct {
    gint64 id;
    char *email;
    char *state; /* (nullable): "pending", "accepted" */
} FdInvitation;

void fd_invitation_free(FdInvitation *invitation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdInvitation, fd_invitation_free)

/* One connection between an integration and a flow. Sheet: 3.12. */
typedef struct {
    gint64 id;
    char *name;         /* perhaps "" */
    char *flow_path;    /* (nullable): "org/flow" */
    char *url;          /* (nullable): web page of what it is about, outside */
    char *application;  /* (nullable): name */
    gint64 creator;     /* id of a user, 0: not told */
    char *creator_nick; /* (nullable) */
    char *token;        /* (nullable): a secret: the flow_token, which only the answer to its creation has */
} FdSource;

/* Wipes the token. */
void fd_source_free(FdSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdSource, fd_source_free)

/* Something to press that a thread's source offers. Sheet: 3.14. */
typedef struct {
    char *name;
    char *url;    /* where it leads, or what is called */
    char *method; /* (nullable): NULL: a link; else the HTTP method of the call */
} FdThreadAction;

typedef struct {
    char *label;
    char *value; /* with the addresses of its links behind their texts */
} FdThreadField;

/* A thread as the service describes it; all texts plain and without HTML. Sheet: 3.8. */
typedef struct {
    char *id;
    char *title;        /* in one line; "" when unknown */
    char *body;         /* (nullable) */
    char *url;          /* (nullable): of what it is about, outside */
    char *status;       /* (nullable): as the integration words it */
    char *color;        /* (nullable): the service's name of the status's colour */
    char *source;       /* (nullable): name of the application that fills it */
    char *updated;      /* (nullable): time of the last change, as the service wrote it */
    gint64 updated_ms;  /* 0: unknown */
    gint64 initial;     /* id of the first message, 0: unknown */
    guint activities;   /* so many reports of the application, */
    guint comments;     /* messages of people in the flow, */
    guint discussions;  /* and of people outside */
    GPtrArray *fields;  /* (element-type FdThreadField) */
    GPtrArray *actions; /* (element-type FdThreadAction) */
} FdThreadInfo;

void fd_thread_info_free(FdThreadInfo *thread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdThreadInfo, fd_thread_info_free)

/* A private conversation. Sheet: 3.10. */
typedef struct {
    gint64 user;     /* the other person */
    gboolean open;   /* shown in the service's own client */
    gboolean unread; /* something waits to be read */
} FdPrivate;

/* One stored message or event. Sheet: 3.5, 5.1. */
typedef struct {
    gint64 id;           /* 0: has none, cannot be told from its repetition */
    char *event;         /* as the service named it, known to us or not */
    char *flow;          /* (nullable) flow id; NULL in private messages */
    gint64 to;           /* private messages: the recipient; else 0 */
    gint64 user;         /* 0: nobody, an integration or an outsider */
    gint64 sent_ms;      /* 0: unknown */
    char *external_name; /* (nullable) name of an outsider */
    char *uuid;          /* (nullable) */
    char *thread_id;     /* (nullable) */
    char **tags;         /* never NULL */
    JsonNode *content;   /* (nullable) of any type, as the event has it */
    JsonObject *json;    /* the whole event, for its further members */
    gboolean past;       /* loaded from before this session: no news */
} FdMessage;

/* The JSON is shared, so neither may change it. */
FdMessage *fd_message_copy(const FdMessage *message);
void fd_message_free(FdMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdMessage, fd_message_free)

/* (nullable) (transfer none): the content where it is a string, as in plain chat messages. */
const char *fd_message_get_text(const FdMessage *message);
gboolean fd_message_has_tag(const FdMessage *message, const char *tag);
/* Whether @tags are all that the service has for it. Else those that could not be read, or were too many, would be lost by
 * writing the others. */
gboolean fd_message_has_all_tags(const FdMessage *message);
