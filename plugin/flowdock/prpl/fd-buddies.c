/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colleagues as buddies. */
#include "fd-buddies.h"

#include "fd-avatars.h"
#include "fd-commands.h"
#include "fd-members.h"
#include "fd-presence.h"
#include "fd-settings.h"
#include "fd-show.h"

#include "face/face-state.h"
#include "flowdock/model/fd-roster.h"
#include "text/text-escape.h"

#include <log.h>
#include <prpl.h>
#include <request.h>

#include <glib/gstdio.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* So long a slice of work may hold the host up. */
#define SLICE_US 5000
/* After the rooms: slices of one priority would add up. */
#define WORK_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 10)

/* Of a buddy: "PLACE ID", who it is, and of which server. Nicks change, also while the account is offline. */
#define USER_KEY "flowdock-user"
/* Of a group: which organization it is for, and the name it had when it was given that. */
#define ORG_KEY "flowdock-org"
#define ORG_NAME_KEY "flowdock-org-name"

/* Of an account. */
#define STAMP_KEY "roster_stamp"

struct _FdBuddies {
    FdAccount *account;
    FdRoster *roster;
    GHashTable *names;   /* gint64 -> the name under which a person is on the list */
    GPtrArray *unwanted; /* names of buddies to be taken off again */
    char *file;
    guint place;    /* of the server */
    gboolean fills; /* the list, with all who are visible */
    guint work_id;
    guint sweep_id;
};

/* ------------------------------------------------------------------------------------------------------- who is who */

static gint64 id_of(const FdBuddies *buddies, PurpleBuddy *buddy)
{
    const char *text = purple_blist_node_get_string(PURPLE_BLIST_NODE(buddy), USER_KEY);
    g_auto(GStrv) parts = text ? g_strsplit(text, " ", 2) : NULL;
    guint64 place;
    gint64 id;

    if (!parts || !parts[0] || !parts[1] || !g_ascii_string_to_unsigned(parts[0], 10, 0, G_MAXUINT, &place, NULL) ||
        !g_ascii_string_to_signed(parts[1], 10, 1, G_MAXINT64, &id, NULL))
        return 0;
    return place == buddies->place ? id : 0;
}

static void set_id(const FdBuddies *buddies, PurpleBuddy *buddy, gint64 id)
{
    g_autofree char *text = g_strdup_printf("%u %" G_GINT64_FORMAT, buddies->place, id);

    purple_blist_node_set_string(PURPLE_BLIST_NODE(buddy), USER_KEY, text);
}

static const char *name_of(const FdBuddies *buddies, gint64 id)
{
    return g_hash_table_lookup(buddies->names, &id);
}

static void note_name(FdBuddies *buddies, gint64 id, const char *name)
{
    gint64 *key = g_new(gint64, 1);

    *key = id;
    g_hash_table_replace(buddies->names, key, g_strdup(name));
}

/* (transfer container): all copies of a person; perhaps in several groups. */
static GSList *buddies_of(FdBuddies *buddies, gint64 id)
{
    const char *name = name_of(buddies, id);
    GSList *found = name ? purple_find_buddies(buddies->account->account, name) : NULL;

    for (GSList *item = found, *next; item; item = next) {
        next = item->next;
        if (id_of(buddies, item->data) != id)
            found = g_slist_delete_link(found, item);
    }
    return found;
}

const FdPerson *fd_buddies_person(FdAccount *account, PurpleBuddy *buddy)
{
    gint64 id = account->buddies ? id_of(account->buddies, buddy) : 0;

    return id > 0 ? fd_people_get(account->state->people, id)
                  : fd_people_find(account->state->people, purple_buddy_get_name(buddy));
}

/* ----------------------------------------------------------------------------------------------------------- names */

/* What was said to somebody stays with them, where nothing is under the new name: that would be of somebody else. */
static void move_logs(FdAccount *account, const char *old, const char *name)
{
    g_autofree char *from = purple_log_get_log_dir(PURPLE_LOG_IM, old, account->account);
    g_autofree char *to = purple_log_get_log_dir(PURPLE_LOG_IM, name, account->account);

    if (from && to && strcmp(from, to) != 0 && g_file_test(from, G_FILE_TEST_IS_DIR) &&
        !g_file_test(to, G_FILE_TEST_EXISTS))
        (void)g_rename(from, to);
}

/* Those under @name who are somebody else get out of the way: libpurple finds one buddy of a name only. They are renamed
 * again when it is their turn. */
static void free_name(FdBuddies *buddies, const char *name, gint64 id)
{
    GSList *found = purple_find_buddies(buddies->account->account, name);

    for (GSList *item = found; item; item = item->next) {
        gint64 other = id_of(buddies, item->data);
        g_autofree char *digits = NULL;

        if (other == 0 || other == id)
            continue;
        digits = g_strdup_printf("%" G_GINT64_FORMAT, other);
        move_logs(buddies->account, name, digits);
        purple_blist_rename_buddy(item->data, digits);
        note_name(buddies, other, digits);
    }
    g_slist_free(found);
}

static const char *status_id(FdPresence presence)
{
    return presence == FD_PRESENCE_ACTIVE ? purple_primitive_get_id_from_type(PURPLE_STATUS_AVAILABLE)
           : presence == FD_PRESENCE_IDLE ? FD_PRESENCE_AWAY_ID
                                          : purple_primitive_get_id_from_type(PURPLE_STATUS_OFFLINE);
}

static void rename_buddy(FdBuddies *buddies, PurpleBuddy *buddy, const FdPerson *person)
{
    PurpleGroup *group = purple_buddy_get_group(buddy);
    PurpleBuddy *again;

    if (!fd_show_host_is_irc()) {
        purple_blist_rename_buddy(buddy, person->shown);
        return;
    }
    /* bitlbee sees neither a change of name nor that a buddy is removed: the old contact goes offline at least. */
    purple_prpl_got_user_status(buddies->account->account, purple_buddy_get_name(buddy), status_id(FD_PRESENCE_OFFLINE),
                                NULL);
    if (fd_account_is_closed(buddies->account))
        return;
    again = purple_buddy_new(buddies->account->account, person->shown, NULL);
    set_id(buddies, again, person->id);
    purple_blist_remove_buddy(buddy);
    purple_blist_add_buddy(again, NULL, group, NULL);
}

static void rename_buddies(FdBuddies *buddies, const FdPerson *person)
{
    const char *name = name_of(buddies, person->id);
    GSList *found;

    if (!name || strcmp(name, person->shown) == 0)
        return;
    found = buddies_of(buddies, person->id);
    free_name(buddies, person->shown, person->id);
    move_logs(buddies->account, name, person->shown);
    note_name(buddies, person->id, person->shown);
    for (GSList *item = found; item && !fd_account_is_closed(buddies->account); item = item->next)
        rename_buddy(buddies, item->data, person);
    g_slist_free(found);
}

void fd_buddies_renamed(FdBuddies *buddies, const FdPerson *person, const char *old)
{
    if (!name_of(buddies, person->id))
        move_logs(buddies->account, old, person->shown);
}

/* ---------------------------------------------------------------------------------------------------------- groups */

/* (transfer full) */
static char *org_key(const FdBuddies *buddies, const FdOrgEntry *org)
{
    return org->id > 0 ? g_strdup_printf("%u %" G_GINT64_FORMAT, buddies->place, org->id)
                       : g_strdup_printf("%u %s", buddies->place, org->slug);
}

static PurpleGroup *find_group(const FdBuddies *buddies, const FdOrgEntry *org)
{
    g_autofree char *key = org_key(buddies, org);

    for (PurpleBlistNode *node = purple_blist_get_root(); node; node = purple_blist_node_get_sibling_next(node))
        if (PURPLE_BLIST_NODE_IS_GROUP(node) && g_strcmp0(purple_blist_node_get_string(node, ORG_KEY), key) == 0)
            return PURPLE_GROUP(node);
    return NULL;
}

/* (nullable): the last group of the list. */
static PurpleBlistNode *last_group(void)
{
    PurpleBlistNode *node = purple_blist_get_root();

    while (node && purple_blist_node_get_sibling_next(node))
        node = purple_blist_node_get_sibling_next(node);
    return node;
}

/* Also those that the user has renamed: they are known by their mark. */
static PurpleGroup *group_for(const FdBuddies *buddies, const FdPerson *person)
{
    const FdOrgEntry *org = fd_orgs_home(buddies->account->state->orgs, person->id);
    PurpleGroup *group = org ? find_group(buddies, org) : NULL;
    const char *name;
    gboolean is_new;

    if (group)
        return group;
    /* Translators: the group of people whose organization is not known. */
    name = org ? org->name : _("Flowdock");
    group = purple_find_group(name);
    is_new = !group;
    if (is_new) {
        group = purple_group_new(name);
        purple_blist_add_group(group, last_group());
    }
    if (org) {
        g_autofree char *key = org_key(buddies, org);

        purple_blist_node_set_string(PURPLE_BLIST_NODE(group), ORG_KEY, key);
    }
    /* A group that the user has made keeps its name. */
    if (org && is_new)
        purple_blist_node_set_string(PURPLE_BLIST_NODE(group), ORG_NAME_KEY, org->name);
    return group;
}

/* An organization has another name: its group follows, unless the user has named it. */
static void follow_orgs(FdBuddies *buddies)
{
    const GPtrArray *orgs = fd_orgs_list(buddies->account->state->orgs);

    for (guint i = 0; i < orgs->len && !fd_account_is_closed(buddies->account); i++) {
        const FdOrgEntry *org = orgs->pdata[i];
        PurpleGroup *group = find_group(buddies, org);
        const char *old = group ? purple_blist_node_get_string(PURPLE_BLIST_NODE(group), ORG_NAME_KEY) : NULL;
        gboolean is_ours = old && strcmp(purple_group_get_name(group), old) == 0;

        if (!old || strcmp(old, org->name) == 0)
            continue;
        purple_blist_node_set_string(PURPLE_BLIST_NODE(group), ORG_NAME_KEY, org->name);
        if (is_ours)
            purple_blist_rename_group(group, org->name);
    }
}

/* ---------------------------------------------------------------------------------------------- what a buddy shows */

static void set_alias(FdBuddies *buddies, const FdPerson *person)
{
    GSList *found = buddies_of(buddies, person->id);

    for (GSList *item = found; item && !fd_account_is_closed(buddies->account); item = item->next)
        if (person->name && *person->name && g_strcmp0(purple_buddy_get_server_alias(item->data), person->name) != 0)
            purple_blist_server_alias_buddy(item->data, person->name);
    g_slist_free(found);
}

static void set_presence(FdBuddies *buddies, const FdPerson *person)
{
    PurpleAccount *account = buddies->account->account;
    PurpleBuddy *buddy = purple_find_buddy(account, person->shown);
    gboolean idle = person->presence == FD_PRESENCE_IDLE;
    gboolean with_text = person->presence != FD_PRESENCE_OFFLINE && person->status && *person->status;

    /* As it is at first. */
    if (!buddy || (person->presence == FD_PRESENCE_OFFLINE && !PURPLE_BUDDY_IS_ONLINE(buddy)))
        return;
    if (!idle)
        purple_prpl_got_user_idle(account, person->shown, FALSE, 0);
    if (!fd_account_is_closed(buddies->account))
        purple_prpl_got_user_status(account, person->shown, status_id(person->presence),
                                    person->presence == FD_PRESENCE_OFFLINE ? NULL : "message",
                                    with_text ? person->status : NULL, NULL);
    if (idle && !fd_account_is_closed(buddies->account))
        purple_prpl_got_user_idle(account, person->shown, TRUE, (time_t)(person->last_activity_ms / 1000));
}

static void show_all_of(FdBuddies *buddies, const FdPerson *person)
{
    FdAccount *account = buddies->account;

    set_alias(buddies, person);
    if (!fd_account_is_closed(account))
        set_presence(buddies, person);
    if (!fd_account_is_closed(account) && account->avatars && person->presence != FD_PRESENCE_OFFLINE)
        fd_avatars_want(account->avatars, person);
}

const char *fd_buddies_emblem(PurpleBuddy *buddy)
{
    FdAccount *account = fd_account_ready(purple_account_get_connection(purple_buddy_get_account(buddy)));
    const FdPerson *person = account ? fd_buddies_person(account, buddy) : NULL;

    return person && person->disabled ? "not-authorized" : NULL;
}

char *fd_buddies_status_text(PurpleBuddy *buddy)
{
    FdAccount *account = fd_account_ready(purple_account_get_connection(purple_buddy_get_account(buddy)));
    const FdPerson *person = account ? fd_buddies_person(account, buddy) : NULL;

    if (!person)
        return NULL;
    if (person->disabled)
        return text_escape_html(_("No longer a colleague"));
    return person->status && *person->status ? text_escape_html(person->status) : NULL;
}

/* ------------------------------------------------------------------------------------------------- filling the list */

static void add_buddy(FdBuddies *buddies, const FdPerson *person)
{
    PurpleAccount *account = buddies->account->account;
    PurpleGroup *group;
    PurpleBuddy *buddy;

    free_name(buddies, person->shown, person->id);
    buddy = purple_find_buddy(account, person->shown);
    if (buddy) {
        /* The user has put them there by hand. */
        set_id(buddies, buddy, person->id);
        note_name(buddies, person->id, person->shown);
        return;
    }
    group = group_for(buddies, person);
    buddy = purple_buddy_new(account, person->shown, NULL);
    set_id(buddies, buddy, person->id);
    note_name(buddies, person->id, person->shown);
    purple_blist_add_buddy(buddy, NULL, group, NULL);
}

static gboolean is_on_list(FdBuddies *buddies, const FdPerson *person)
{
    GSList *found = buddies_of(buddies, person->id);
    gboolean is_there = found != NULL;

    g_slist_free(found);
    return is_there;
}

static void take_over(FdBuddies *buddies, const FdPerson *person, FdPersonChange change)
{
    FdAccount *account = buddies->account;

    if (change & (FD_PERSON_ROLE | FD_PERSON_PRESENCE))
        fd_members_mark(account, person);
    if (person->id == account->state->self || fd_account_is_closed(account))
        return;
    rename_buddies(buddies, person);
    if (fd_account_is_closed(account))
        return;
    if (!is_on_list(buddies, person)) {
        if (!buddies->fills || person->disabled || fd_roster_is_removed(buddies->roster, person->id))
            return;
        add_buddy(buddies, person);
    }
    if (!fd_account_is_closed(account))
        show_all_of(buddies, person);
}

static gboolean on_work(gpointer user_data)
{
    FdBuddies *buddies = user_data;
    FdPeople *people = buddies->account->state->people;
    gint64 until = g_get_monotonic_time() + SLICE_US;
    const FdPerson *person;
    FdPersonChange change;

    follow_orgs(buddies);
    while (!fd_account_is_closed(buddies->account) && g_get_monotonic_time() < until) {
        person = fd_people_next_changed(people, &change);
        if (!person) {
            buddies->work_id = 0;
            return G_SOURCE_REMOVE;
        }
        take_over(buddies, person, change);
    }
    return G_SOURCE_CONTINUE;
}

void fd_buddies_people_changed(FdBuddies *buddies)
{
    if (!buddies->work_id)
        buddies->work_id = g_idle_add_full(WORK_PRIORITY, on_work, buddies, NULL);
}

/* ------------------------------------------------------------------------------------------------- from and to disk */

static GHashTable *new_ids(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* (transfer full): set of gint64: who is on the list. */
static GHashTable *ids_on_list(FdBuddies *buddies)
{
    GHashTable *ids = new_ids();
    GSList *found = purple_find_buddies(buddies->account->account, NULL);

    for (GSList *item = found; item; item = item->next) {
        gint64 *id = g_new(gint64, 1);

        *id = id_of(buddies, item->data);
        if (*id > 0)
            g_hash_table_add(ids, id);
        else
            g_free(id);
    }
    g_slist_free(found);
    return ids;
}

/* Those of earlier sessions are known by id, those that the user has typed by name. */
static void learn_list(FdBuddies *buddies)
{
    FdAccount *account = buddies->account;
    GSList *found = purple_find_buddies(account->account, NULL);

    for (GSList *item = found; item; item = item->next) {
        PurpleBuddy *buddy = item->data;
        const char *name = purple_buddy_get_name(buddy);
        gint64 id = id_of(buddies, buddy);
        const FdPerson *person = id > 0 ? NULL : fd_people_find(account->state->people, name);

        if (person && person->id != account->state->self) {
            id = person->id;
            set_id(buddies, buddy, id);
        }
        if (id <= 0)
            continue;
        /* Copies in several groups have one name; where they have not, each is found under one of them. */
        if (name_of(buddies, id) && strcmp(name_of(buddies, id), name) != 0)
            purple_blist_rename_buddy(buddy, name_of(buddies, id));
        else
            note_name(buddies, id, name);
    }
    g_slist_free(found);
}

/* Whether libpurple keeps this account's buddies. bitlbee makes the account anew for each session. */
static gboolean list_is_kept(const FdBuddies *buddies)
{
    return g_list_find(purple_accounts_get_all(), buddies->account->account) != NULL;
}

/* (transfer full): the file with what is remembered. Where libpurple keeps the list, an account that is deleted and made
 * again begins anew: the stamp goes with it. */
static char *file_of(const FdBuddies *buddies)
{
    FdAccount *account = buddies->account;
    const char *known = purple_account_get_string(account->account, STAMP_KEY, NULL);
    g_autofree char *stamp = g_strdup(known ? known : "");
    g_autofree char *kind = NULL;

    if (list_is_kept(buddies) && !*stamp) {
        g_free(stamp);
        stamp = g_uuid_string_random();
        purple_account_set_string(account->account, STAMP_KEY, stamp);
    }
    kind = g_strdup_printf("people%.8s", stamp);
    return fd_account_state_path(account, kind);
}

FdBuddies *fd_buddies_new(FdAccount *account)
{
    FdBuddies *buddies = g_new0(FdBuddies, 1);
    g_autoptr(GHashTable) present = NULL;
    g_autofree char *text = NULL;
    gsize length;

    buddies->account = account;
    buddies->place = g_str_hash(account->api_url);
    buddies->roster = fd_roster_new();
    buddies->names = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    buddies->unwanted = g_ptr_array_new_with_free_func(g_free);
    buddies->fills = fd_settings_bool(account->account, FD_SETTING_ROSTER);
    buddies->file = file_of(buddies);
    learn_list(buddies);
    if (buddies->fills)
        text = face_state_load(buddies->file, FD_ROSTER_MAX_BYTES, &length);
    if (text)
        fd_roster_load(buddies->roster, text, length);
    present = ids_on_list(buddies);
    fd_roster_begin(buddies->roster, present);
    fd_buddies_people_changed(buddies);
    return buddies;
}

/* Without the setting nothing is remembered: to turn it off and on again brings everybody back. */
static void save(FdBuddies *buddies)
{
    g_autoptr(GHashTable) present = buddies->fills && list_is_kept(buddies) ? ids_on_list(buddies) : NULL;
    g_autofree char *text = fd_roster_save(buddies->roster, present);

    face_state_save(buddies->file, text);
}

void fd_buddies_stop(FdBuddies *buddies)
{
    g_clear_handle_id(&buddies->work_id, g_source_remove);
    g_clear_handle_id(&buddies->sweep_id, g_source_remove);
    save(buddies);
}

void fd_buddies_free(FdBuddies *buddies)
{
    if (!buddies)
        return;
    g_clear_handle_id(&buddies->work_id, g_source_remove);
    g_clear_handle_id(&buddies->sweep_id, g_source_remove);
    fd_roster_free(buddies->roster);
    g_hash_table_unref(buddies->names);
    g_ptr_array_unref(buddies->unwanted);
    g_free(buddies->file);
    g_free(buddies);
}

/* --------------------------------------------------------------------------------------------- what the user changes */

static gboolean on_sweep(gpointer user_data)
{
    FdBuddies *buddies = user_data;

    buddies->sweep_id = 0;
    while (buddies->unwanted->len > 0 && !fd_account_is_closed(buddies->account)) {
        g_autofree char *name = g_ptr_array_steal_index(buddies->unwanted, 0);
        GSList *found = purple_find_buddies(buddies->account->account, name);

        for (GSList *item = found; item; item = item->next)
            if (id_of(buddies, item->data) == 0)
                purple_blist_remove_buddy(item->data);
        g_slist_free(found);
    }
    return G_SOURCE_REMOVE;
}

/* Not at once: the host may go on with it after its call. */
static void take_off(FdBuddies *buddies, PurpleBuddy *buddy)
{
    g_ptr_array_add(buddies->unwanted, g_strdup(purple_buddy_get_name(buddy)));
    if (!buddies->sweep_id)
        buddies->sweep_id = g_idle_add(on_sweep, buddies);
}

typedef struct {
    FdAccount *account; /* the request is closed before it goes */
    char *email;
} Offer;

static void offer_free(Offer *offer)
{
    g_free(offer->email);
    g_free(offer);
}

static void on_offer_refused(gpointer data, const char *text)
{
    (void)text;
    offer_free(data);
}

static void on_offer_taken(gpointer data, const char *text)
{
    Offer *offer = data;
    FdAccount *account = offer->account;
    g_autofree char *unknown = NULL;
    FdResolved resolved = FD_RESOLVED_NOTHING;
    FdRoom *room = NULL;

    if (text)
        resolved = fd_rooms_resolve(account->state->rooms, text, &room, &unknown);
    if (resolved == FD_RESOLVED_ROOM) {
        fd_commands_run(account, room, "invite", offer->email, NULL);
    } else if (resolved == FD_RESOLVED_AMBIGUOUS) {
        g_autofree char *why = g_strdup_printf(_("Several flows have this name. Say which one you mean: %s"), unknown);

        fd_show_problem(account, _("Nobody was invited."), why);
    } else {
        fd_show_problem(account, _("Nobody was invited."),
                        _("There is no flow of this name. Give it as organization/flow."));
    }
    offer_free(offer);
}

static const FdRoom *first_open(FdAccount *account)
{
    GPtrArray *rooms = fd_rooms_list(account->state->rooms);

    for (guint i = 0; i < rooms->len; i++)
        if (fd_state_is_current(rooms->pdata[i]))
            return rooms->pdata[i];
    return NULL;
}

static void offer_invitation(FdAccount *account, const char *email)
{
    const FdRoom *room = first_open(account);
    Offer *offer = g_new0(Offer, 1);
    /* Translators: an e-mail address. */
    g_autofree char *primary = g_strdup_printf(_("Nobody you can see has the address %s."), email);

    offer->account = account;
    offer->email = g_strdup(email);
    purple_request_input(account, _("Invite to a flow"), primary,
                         _("To invite them by e-mail, give the flow (organization/flow) they are to join."),
                         room ? room->flow->path : NULL, FALSE, FALSE, NULL, _("_Invite"), G_CALLBACK(on_offer_taken),
                         _("_Cancel"), G_CALLBACK(on_offer_refused), account->account, NULL, NULL, offer);
}

/* Whether another buddy stands for the same person in the same group. */
static gboolean is_double(FdBuddies *buddies, PurpleBuddy *buddy, const FdPerson *person)
{
    PurpleBuddy *other =
        purple_find_buddy_in_group(buddies->account->account, person->shown, purple_buddy_get_group(buddy));

    return other && other != buddy;
}

static void put_on_list(FdBuddies *buddies, PurpleBuddy *buddy, const FdPerson *person)
{
    fd_roster_keep(buddies->roster, person->id);
    if (is_double(buddies, buddy, person)) {
        take_off(buddies, buddy);
        return;
    }
    /* It may have been typed as an address, or in another case; what bitlbee once has, it cannot rename. */
    if (strcmp(purple_buddy_get_name(buddy), person->shown) != 0 && fd_show_host_is_irc()) {
        take_off(buddies, buddy);
        if (!is_on_list(buddies, person))
            add_buddy(buddies, person);
    } else {
        set_id(buddies, buddy, person->id);
        if (strcmp(purple_buddy_get_name(buddy), person->shown) != 0)
            purple_blist_rename_buddy(buddy, person->shown);
        note_name(buddies, person->id, person->shown);
    }
    if (!fd_account_is_closed(buddies->account))
        show_all_of(buddies, person);
}

void fd_buddies_add(PurpleConnection *gc, PurpleBuddy *buddy, PurpleGroup *group)
{
    FdAccount *account = fd_account_ready(gc);
    const char *name = purple_buddy_get_name(buddy);
    const FdPerson *person = account ? fd_people_find(account->state->people, name) : NULL;

    (void)group;
    if (!account || !account->buddies)
        return;
    if (person && person->id != account->state->self) {
        put_on_list(account->buddies, buddy, person);
        return;
    }
    take_off(account->buddies, buddy);
    if (person)
        fd_show_problem(account, _("The buddy was not added."), _("This is you."));
    else if (strchr(name, '@'))
        offer_invitation(account, name);
    else
        fd_show_problem(account, _("The buddy was not added."),
                        _("Nobody you can see has this nick. Give a nick as it stands in a room's list, or an e-mail "
                          "address to invite somebody."));
}

void fd_buddies_remove(PurpleConnection *gc, PurpleBuddy *buddy, PurpleGroup *group)
{
    FdAccount *account = fd_account_ready(gc);
    FdBuddies *buddies = account ? account->buddies : NULL;
    gint64 id = buddies ? id_of(buddies, buddy) : 0;
    GSList *found;

    (void)group;
    if (id <= 0)
        return;
    found = buddies_of(buddies, id);
    /* The last of them: the host takes it off after this. */
    if (!found || (found->data == buddy && !found->next)) {
        fd_roster_remove(buddies->roster, id);
        g_hash_table_remove(buddies->names, &id);
    }
    g_slist_free(found);
}

void fd_buddies_regroup(PurpleConnection *gc, const char *who, const char *old_group, const char *new_group)
{
    /* Groups are the user's own: that this function is there lets the host move buddies. */
    (void)gc;
    (void)who;
    (void)old_group;
    (void)new_group;
}

void fd_buddies_rename_group(PurpleConnection *gc, const char *old_name, PurpleGroup *group, GList *moved)
{
    (void)gc;
    (void)old_name;
    (void)group;
    (void)moved;
}
