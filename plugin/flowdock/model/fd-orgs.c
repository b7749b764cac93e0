/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The organizations of an account. */
#include "fd-orgs.h"

#include "text/text-escape.h"

#include <string.h>

struct _FdOrgs {
    GPtrArray *list; /* FdOrgEntry */
};

static void entry_free(gpointer data)
{
    FdOrgEntry *entry = data;

    g_free(entry->slug);
    g_free(entry->name);
    g_hash_table_unref(entry->people);
    g_hash_table_unref(entry->admins);
    g_free(entry);
}

FdOrgs *fd_orgs_new(void)
{
    FdOrgs *orgs = g_new0(FdOrgs, 1);

    orgs->list = g_ptr_array_new_with_free_func(entry_free);
    return orgs;
}

void fd_orgs_free(FdOrgs *orgs)
{
    if (!orgs)
        return;
    g_ptr_array_unref(orgs->list);
    g_free(orgs);
}

static GHashTable *new_set(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void add(GHashTable *set, gint64 id)
{
    if (!g_hash_table_contains(set, &id)) {
        gint64 *kept = g_new(gint64, 1);

        *kept = id;
        g_hash_table_add(set, kept);
    }
}

static FdOrgEntry *find_entry(const FdOrgs *orgs, gint64 id, const char *slug)
{
    for (guint i = 0; i < orgs->list->len; i++) {
        FdOrgEntry *entry = orgs->list->pdata[i];

        /* The slug can be changed, and another organization may then take it. */
        if (id > 0 && entry->id > 0 ? entry->id == id : strcmp(entry->slug, slug) == 0)
            return entry;
    }
    return NULL;
}

static void set_text(char **field, const char *text)
{
    if (g_strcmp0(*field, text) != 0) {
        g_free(*field);
        *field = g_strdup(text);
    }
}

/* @slug, @name: foreign. */
static FdOrgEntry *put(FdOrgs *orgs, gint64 id, const char *slug, const char *name)
{
    FdOrgEntry *entry = find_entry(orgs, id, slug);
    g_autofree char *clean = text_clean_line(name);

    if (!entry) {
        entry = g_new0(FdOrgEntry, 1);
        entry->people = new_set();
        entry->admins = new_set();
        g_ptr_array_add(orgs->list, entry);
    }
    if (id > 0)
        entry->id = id;
    set_text(&entry->slug, slug);
    if (*clean || !entry->name)
        set_text(&entry->name, *clean ? clean : slug);
    return entry;
}

void fd_orgs_put(FdOrgs *orgs, const FdOrg *org)
{
    FdOrgEntry *entry = put(orgs, org->id, org->slug, org->name);

    /* The short form may be without people: then it says nothing about them. Sheet: 3.3. */
    if (org->users->len == 0)
        return;
    g_hash_table_remove_all(entry->people);
    g_hash_table_remove_all(entry->admins);
    for (guint i = 0; i < org->users->len; i++) {
        const FdUser *user = org->users->pdata[i];

        if (user->disabled)
            continue;
        add(entry->people, user->id);
        if (user->admin)
            add(entry->admins, user->id);
    }
}

/* (transfer full): the part of a flow's path that is the organization's. */
static char *slug_of(const char *path)
{
    return g_strndup(path, strcspn(path, "/"));
}

void fd_orgs_put_flow(FdOrgs *orgs, const FdFlow *flow)
{
    g_autofree char *slug = slug_of(flow->path);
    FdOrgEntry *entry = put(orgs, flow->org_id, slug, flow->org_name);

    for (guint i = 0; flow->users && i < flow->users->len; i++) {
        const FdUser *user = flow->users->pdata[i];

        if (!user->disabled)
            add(entry->people, user->id);
    }
}

const GPtrArray *fd_orgs_list(const FdOrgs *orgs)
{
    return orgs->list;
}

const FdOrgEntry *fd_orgs_find(const FdOrgs *orgs, const char *text)
{
    g_autofree char *wanted = g_utf8_casefold(text, -1);

    /* A slug is unique, a name need not be. */
    for (int names = 0; names < 2; names++) {
        for (guint i = 0; i < orgs->list->len; i++) {
            const FdOrgEntry *entry = orgs->list->pdata[i];
            g_autofree char *folded = g_utf8_casefold(names ? entry->name : entry->slug, -1);

            if (strcmp(folded, wanted) == 0)
                return entry;
        }
    }
    return NULL;
}

const FdOrgEntry *fd_orgs_of_path(const FdOrgs *orgs, const char *path)
{
    g_autofree char *slug = slug_of(path);

    return find_entry(orgs, 0, slug);
}

const FdOrgEntry *fd_orgs_home(const FdOrgs *orgs, gint64 user)
{
    for (guint i = 0; i < orgs->list->len; i++) {
        const FdOrgEntry *entry = orgs->list->pdata[i];

        if (g_hash_table_contains(entry->people, &user))
            return entry;
    }
    return NULL;
}

gboolean fd_orgs_is_admin(const FdOrgs *orgs, const char *path, gint64 user)
{
    const FdOrgEntry *entry = fd_orgs_of_path(orgs, path);

    return entry && g_hash_table_contains(entry->admins, &user);
}
