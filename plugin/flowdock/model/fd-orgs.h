/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The organizations of an account, as lists of flows and organizations tell of them. */
#pragma once

#include "../api/fd-types.h"

/* Valid as long as the FdOrgs. */
typedef struct {
    gint64 id;          /* 0: not told */
    char *slug;         /* first part of the paths of its flows */
    char *name;         /* for people, one line, never "" */
    GHashTable *people; /* set of gint64: who is known to be in it */
    GHashTable *admins; /* set of gint64 */
} FdOrgEntry;

typedef struct _FdOrgs FdOrgs;

FdOrgs *fd_orgs_new(void);
void fd_orgs_free(FdOrgs *orgs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdOrgs, fd_orgs_free)

/* What a list of organizations tells: names may have changed, people are exactly these. Sheet: 3.3. */
void fd_orgs_put(FdOrgs *orgs, const FdOrg *org);

/* What a flow tells of its own: its people are some of the organization's. Sheet: 3.4. */
void fd_orgs_put_flow(FdOrgs *orgs, const FdFlow *flow);

/* In the order in which they became known. (transfer none) (element-type FdOrgEntry) */
const GPtrArray *fd_orgs_list(const FdOrgs *orgs);

/* Each: (nullable) (transfer none). By slug or name without regard to case; of a flow's path; the first with somebody. */
const FdOrgEntry *fd_orgs_find(const FdOrgs *orgs, const char *text);
const FdOrgEntry *fd_orgs_of_path(const FdOrgs *orgs, const char *path);
const FdOrgEntry *fd_orgs_home(const FdOrgs *orgs, gint64 user);

/* Whether @user administers the organization of the flow with this path. */
gboolean fd_orgs_is_admin(const FdOrgs *orgs, const char *path, gint64 user);
