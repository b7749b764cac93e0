/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom the user does not want on the buddy list. */
#include "fd-roster.h"

#include "net/net-json.h"

#define VERSION_OF_FORMAT 1

struct _FdRoster {
    GHashTable *had;     /* set of gint64: at the end of the last session */
    GHashTable *removed; /* set of gint64 */
};

static GHashTable *new_set(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

FdRoster *fd_roster_new(void)
{
    FdRoster *roster = g_new0(FdRoster, 1);

    roster->had = new_set();
    roster->removed = new_set();
    return roster;
}

void fd_roster_free(FdRoster *roster)
{
    if (!roster)
        return;
    g_hash_table_unref(roster->had);
    g_hash_table_unref(roster->removed);
    g_free(roster);
}

static void add(GHashTable *set, gint64 user)
{
    gint64 *kept;

    if (user <= 0 || g_hash_table_size(set) >= FD_ROSTER_MAX || g_hash_table_contains(set, &user))
        return;
    kept = g_new(gint64, 1);
    *kept = user;
    g_hash_table_add(set, kept);
}

static void load_set(GHashTable *set, JsonArray *array)
{
    guint length = array ? json_array_get_length(array) : 0;

    for (guint i = 0; i < length; i++)
        add(set, net_json_node_int(json_array_get_element(array, i), 0));
}

void fd_roster_load(FdRoster *roster, const char *text, gsize length)
{
    g_autoptr(JsonNode) root = length <= FD_ROSTER_MAX_BYTES ? net_json_parse(text, length, NULL) : NULL;
    JsonObject *object = net_json_object_of(root);

    /* Of another version we do not know what it means. */
    if (net_json_int(object, "version", 0) != VERSION_OF_FORMAT)
        return;
    load_set(roster->had, net_json_array(object, "had"));
    load_set(roster->removed, net_json_array(object, "removed"));
}

static void save_set(JsonBuilder *builder, const char *name, GHashTable *set)
{
    GHashTableIter iter;
    gpointer user;

    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &user, NULL))
        json_builder_add_int_value(builder, *(const gint64 *)user);
    json_builder_end_array(builder);
}

char *fd_roster_save(const FdRoster *roster, GHashTable *present)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(GHashTable) nobody = new_set();
    g_autoptr(JsonNode) root = NULL;

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "version");
    json_builder_add_int_value(builder, VERSION_OF_FORMAT);
    save_set(builder, "had", present ? present : nobody);
    save_set(builder, "removed", roster->removed);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}

void fd_roster_begin(FdRoster *roster, GHashTable *present)
{
    GHashTableIter iter;
    gpointer user;

    g_hash_table_iter_init(&iter, roster->had);
    while (g_hash_table_iter_next(&iter, &user, NULL))
        if (!g_hash_table_contains(present, user))
            add(roster->removed, *(const gint64 *)user);
    g_hash_table_iter_init(&iter, present);
    while (g_hash_table_iter_next(&iter, &user, NULL))
        g_hash_table_remove(roster->removed, user);
    g_hash_table_remove_all(roster->had);
}

void fd_roster_remove(FdRoster *roster, gint64 user)
{
    add(roster->removed, user);
}

void fd_roster_keep(FdRoster *roster, gint64 user)
{
    g_hash_table_remove(roster->removed, &user);
}

gboolean fd_roster_is_removed(const FdRoster *roster, gint64 user)
{
    return g_hash_table_contains(roster->removed, &user);
}
