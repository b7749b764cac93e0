/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everyone visible, and the assignment of unique names. */
#include "fd-people.h"

#include "text/text-escape.h"

#include <string.h>

/* Whoever was seen so short a while ago is there; whoever did something within it is not idle. [guess] The service tells
 * activity "periodically"; its own client called people away after some minutes. */
#define FRESH_MS (10 * 60 * 1000)

/* An entry begins with what everybody may see of it. */
typedef struct {
    FdPerson person;
    char *folded;           /* the nick without regard to case */
    FdPersonChange changed; /* since it was last taken */
    gboolean queued;        /* among those with changes */
    gint64 seen_ms;         /* when they were last certainly there */
    gboolean told;          /* the presence is what the service says, not what was seen */
    gboolean doubted;       /* it was, before a gap of the stream */
    gint64 told_ms;         /* when that was told */
} Entry;

struct _FdPeople {
    GHashTable *by_id;    /* gint64 in the person -> Entry, owned */
    GHashTable *by_shown; /* folded shown name -> Entry */
    GHashTable *names;    /* (nullable) set of folded full names, made when needed */
    GQueue changed;       /* Entry, those with changes */
    GHashTable *aging;    /* Entry: present, as far as was seen */
    gboolean dirty;
    gboolean telling;
    FdPeopleRenamed renamed;
    FdPeopleChanged on_changed;
    gpointer user_data;
};

typedef struct {
    const FdPerson *person;
    char *old;
} Renaming;

static void person_free(gpointer data)
{
    FdPerson *person = data;

    g_free(person->nick);
    g_free(person->shown);
    g_free(person->name);
    g_free(person->email);
    g_free(person->website);
    g_free(person->avatar);
    g_free(person->status);
    g_free(((Entry *)data)->folded);
    g_free(data);
}

static void renaming_free(gpointer data)
{
    Renaming *renaming = data;

    g_free(renaming->old);
    g_free(renaming);
}

FdPeople *fd_people_new(FdPeopleRenamed renamed, FdPeopleChanged changed, gpointer user_data)
{
    FdPeople *people = g_new0(FdPeople, 1);

    people->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, person_free);
    people->by_shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    people->aging = g_hash_table_new(NULL, NULL);
    g_queue_init(&people->changed);
    people->renamed = renamed;
    people->on_changed = changed;
    people->user_data = user_data;
    return people;
}

void fd_people_free(FdPeople *people)
{
    if (!people)
        return;
    g_queue_clear(&people->changed);
    g_clear_pointer(&people->names, g_hash_table_unref);
    g_hash_table_unref(people->aging);
    g_hash_table_unref(people->by_shown);
    g_hash_table_unref(people->by_id);
    g_free(people);
}

/* A nick is any text of the service; the host needs one line of it. */
static void take_nick(FdPeople *people, Entry *entry, const FdUser *user)
{
    FdPerson *person = &entry->person;
    g_autofree char *clean = NULL;

    /* As nearly always: everybody comes with each of their flows. */
    if (person->nick && (strcmp(person->nick, user->nick) == 0 || !fd_user_has_nick(user)))
        return;
    clean = text_clean_line(user->nick);
    if (!*clean) {
        g_free(clean);
        clean = g_strdup_printf("%" G_GINT64_FORMAT, user->id);
    }
    if (g_strcmp0(person->nick, clean) == 0)
        return;
    g_free(person->nick);
    person->nick = g_steal_pointer(&clean);
    g_free(entry->folded);
    entry->folded = g_utf8_casefold(person->nick, -1);
    people->dirty = TRUE;
}

static void note_change(FdPeople *people, Entry *entry, FdPersonChange change)
{
    if (!entry->queued)
        g_queue_push_tail(&people->changed, entry);
    entry->queued = TRUE;
    entry->changed |= change;
}

/* Not while names are being settled: nobody has to stand a person without one. */
static void tell_changes(FdPeople *people)
{
    if (people->telling || people->dirty || g_queue_is_empty(&people->changed))
        return;
    people->telling = TRUE;
    if (people->on_changed)
        people->on_changed(people->user_data);
}

/* Lists differ in what they tell: what one leaves out is not gone. Returns: whether it is another text. */
static gboolean take_line(char **field, const char *text)
{
    char *line;

    if (!text || g_strcmp0(*field, text) == 0)
        return FALSE;
    line = text_clean_line(text);
    if (g_strcmp0(*field, line) == 0) {
        g_free(line);
        return FALSE;
    }
    g_free(*field);
    *field = line;
    return TRUE;
}

void fd_people_set_disabled(FdPeople *people, gint64 id, gboolean disabled)
{
    Entry *entry = g_hash_table_lookup(people->by_id, &id);

    if (!entry || entry->person.disabled == disabled)
        return;
    entry->person.disabled = disabled;
    people->dirty = TRUE;
    if (disabled) {
        entry->person.presence = FD_PRESENCE_OFFLINE;
        g_hash_table_remove(people->aging, entry);
    }
    note_change(people, entry, FD_PERSON_PROFILE | FD_PERSON_PRESENCE);
}

void fd_people_put(FdPeople *people, const FdUser *user)
{
    Entry *entry = g_hash_table_lookup(people->by_id, &user->id);
    FdPerson *person;
    gboolean differs = FALSE;

    if (!entry) {
        entry = g_new0(Entry, 1);
        entry->person.id = user->id;
        entry->person.disabled = user->disabled;
        g_hash_table_insert(people->by_id, &entry->person.id, entry);
        note_change(people, entry, FD_PERSON_NEW);
    }
    person = &entry->person;
    if (person->disabled && !user->disabled)
        fd_people_set_disabled(people, person->id, FALSE);
    take_nick(people, entry, user);
    if (take_line(&person->name, user->name)) {
        differs = TRUE;
        g_clear_pointer(&people->names, g_hash_table_unref);
    }
    differs |= take_line(&person->email, user->email);
    differs |= take_line(&person->website, user->website);
    differs |= take_line(&person->avatar, user->avatar);
    if (!person->status)
        differs |= take_line(&person->status, user->status);
    if (differs)
        note_change(people, entry, FD_PERSON_PROFILE);
    if (user->last_activity_ms > person->last_activity_ms)
        person->last_activity_ms = user->last_activity_ms;
    tell_changes(people);
}

/* --------------------------------------------------------------------------------------------------------- presence */

static void set_presence(FdPeople *people, Entry *entry, FdPresence presence, gboolean told)
{
    entry->told = told;
    entry->doubted = FALSE;
    if (!told && presence != FD_PRESENCE_OFFLINE)
        g_hash_table_add(people->aging, entry);
    else
        g_hash_table_remove(people->aging, entry);
    if (entry->person.presence == presence || entry->person.disabled)
        return;
    entry->person.presence = presence;
    note_change(people, entry, FD_PERSON_PRESENCE);
    tell_changes(people);
}

void fd_people_set_presence(FdPeople *people, gint64 id, FdPresence presence, gint64 now_ms)
{
    Entry *entry = g_hash_table_lookup(people->by_id, &id);

    if (!entry)
        return;
    entry->told_ms = now_ms;
    set_presence(people, entry, presence, TRUE);
}

/* What is to be believed of somebody of whom the service has told nothing. */
static FdPresence presence_seen(const Entry *entry, gint64 now_ms)
{
    if (MAX(entry->seen_ms, entry->person.last_activity_ms) + FRESH_MS <= now_ms)
        return FD_PRESENCE_OFFLINE;
    return entry->person.last_activity_ms + FRESH_MS > now_ms ? FD_PRESENCE_ACTIVE : FD_PRESENCE_IDLE;
}

void fd_people_note_activity(FdPeople *people, gint64 id, gint64 seen_ms, gint64 activity_ms, gint64 now_ms)
{
    Entry *entry = g_hash_table_lookup(people->by_id, &id);
    FdPresence presence;

    if (!entry)
        return;
    /* A clock ahead of ours must not keep anybody here for ever. */
    entry->seen_ms = MAX(entry->seen_ms, MIN(seen_ms, now_ms));
    entry->person.last_activity_ms = MAX(entry->person.last_activity_ms, MIN(activity_ms, now_ms));
    presence = presence_seen(entry, now_ms);
    /* What was told before a gap holds as long as nothing speaks against it. */
    if (entry->doubted && presence != FD_PRESENCE_OFFLINE)
        presence = MAX(presence, entry->person.presence);
    /* What is told holds, but for somebody told to be gone who was seen since. */
    if (!entry->told || (entry->person.presence == FD_PRESENCE_OFFLINE && presence != FD_PRESENCE_OFFLINE &&
                         MAX(entry->seen_ms, entry->person.last_activity_ms) >= entry->told_ms)) {
        gboolean doubted = entry->doubted;

        set_presence(people, entry, presence, FALSE);
        entry->doubted = doubted;
    }
}

void fd_people_touch(FdPeople *people, gint64 id, FdPersonChange change)
{
    Entry *entry = g_hash_table_lookup(people->by_id, &id);

    if (!entry)
        return;
    note_change(people, entry, change);
    tell_changes(people);
}

void fd_people_set_status(FdPeople *people, gint64 id, const char *text)
{
    Entry *entry = g_hash_table_lookup(people->by_id, &id);

    if (!entry || !take_line(&entry->person.status, text ? text : ""))
        return;
    note_change(people, entry, FD_PERSON_PROFILE);
    tell_changes(people);
}

void fd_people_doubt_presence(FdPeople *people, gint64 now_ms)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, people->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Entry *entry = value;

        if (!entry->told)
            continue;
        entry->told = FALSE;
        entry->doubted = TRUE;
        if (entry->person.presence != FD_PRESENCE_OFFLINE) {
            entry->seen_ms = now_ms;
            g_hash_table_add(people->aging, entry);
        }
    }
}

gboolean fd_people_age(FdPeople *people, gint64 now_ms)
{
    guint count = 0;
    g_autofree gpointer *aging = g_hash_table_get_keys_as_array(people->aging, &count);

    for (guint i = 0; i < count; i++) {
        Entry *entry = aging[i];
        FdPresence presence = presence_seen(entry, now_ms);

        /* Who was told to be idle is not active for being doubted now, nor the other way round. */
        if (presence == FD_PRESENCE_OFFLINE || (presence < entry->person.presence && !entry->doubted))
            set_presence(people, entry, presence, FALSE);
    }
    return fd_people_is_aging(people);
}

gboolean fd_people_is_aging(FdPeople *people)
{
    return g_hash_table_size(people->aging) > 0;
}

void fd_people_forget_changes(FdPeople *people, FdPersonChange change)
{
    for (GList *item = people->changed.head; item; item = item->next)
        ((Entry *)item->data)->changed &= ~change;
}

const FdPerson *fd_people_next_changed(FdPeople *people, FdPersonChange *change)
{
    Entry *entry;

    fd_people_settle(people);
    entry = g_queue_pop_head(&people->changed);
    if (!entry) {
        people->telling = FALSE;
        return NULL;
    }
    *change = entry->changed;
    entry->changed = 0;
    entry->queued = FALSE;
    return &entry->person;
}

GPtrArray *fd_people_list(FdPeople *people)
{
    GPtrArray *list = g_ptr_array_sized_new(g_hash_table_size(people->by_id));
    GHashTableIter iter;
    gpointer person;

    g_hash_table_iter_init(&iter, people->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &person))
        g_ptr_array_add(list, person);
    return list;
}

/* ------------------------------------------------------------------------------------------------------------ names */

static int compare_claims(gconstpointer a, gconstpointer b)
{
    const FdPerson *left = *(FdPerson *const *)a, *right = *(FdPerson *const *)b;

    if (left->disabled != right->disabled)
        return left->disabled ? 1 : -1;
    return left->id < right->id ? -1 : left->id > right->id;
}

/* @folded: (transfer full) */
static void give_name(FdPeople *people, FdPerson *person, const char *shown, char *folded, GPtrArray *renamings)
{
    g_hash_table_insert(people->by_shown, folded, person);
    if (g_strcmp0(person->shown, shown) == 0)
        return;
    if (person->shown) {
        Renaming *renaming = g_new(Renaming, 1);

        note_change(people, (Entry *)person, FD_PERSON_NAMED);
        renaming->person = person;
        renaming->old = g_steal_pointer(&person->shown);
        g_ptr_array_add(renamings, renaming);
    }
    person->shown = g_strdup(shown);
}

/* @last: folded nick -> the last number given: what is below is taken, and to try it again for each of
 * thousands who share a nick would take minutes. */
static void give_numbered_name(FdPeople *people, FdPerson *person, GHashTable *last, GPtrArray *renamings)
{
    const char *folded_nick = ((const Entry *)person)->folded;
    guint number = MAX(GPOINTER_TO_UINT(g_hash_table_lookup(last, folded_nick)), 1) + 1;

    for (;; number++) {
        g_autofree char *shown = g_strdup_printf("%s%u", person->nick, number);
        g_autofree char *folded = g_utf8_casefold(shown, -1);

        if (!g_hash_table_contains(people->by_shown, folded)) {
            give_name(people, person, shown, g_steal_pointer(&folded), renamings);
            g_hash_table_replace(last, (gpointer)folded_nick, GUINT_TO_POINTER(number));
            return;
        }
    }
}

static gboolean is_taken(const GPtrArray *renamings, const Renaming *wanting)
{
    for (guint i = 0; i < renamings->len; i++) {
        const Renaming *other = renamings->pdata[i];

        if (other != wanting && strcmp(other->old, wanting->person->shown) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A name is told as given away before it is told as taken, as far as they do not go round in a circle. */
static void tell_renamings(FdPeople *people, GPtrArray *renamings)
{
    while (renamings->len > 0) {
        g_autoptr(GPtrArray) later = g_ptr_array_new_with_free_func(renaming_free);
        guint count = renamings->len;

        while (renamings->len > 0) {
            Renaming *renaming = g_ptr_array_steal_index(renamings, 0);

            if (count > 1 && (is_taken(renamings, renaming) || is_taken(later, renaming))) {
                g_ptr_array_add(later, renaming);
                continue;
            }
            people->renamed(renaming->person, renaming->old, people->user_data);
            renaming_free(renaming);
        }
        /* A circle: the first of it goes. */
        if (later->len == count) {
            Renaming *first = g_ptr_array_steal_index(later, 0);

            people->renamed(first->person, first->old, people->user_data);
            renaming_free(first);
        }
        g_ptr_array_extend_and_steal(renamings, g_steal_pointer(&later));
    }
}

void fd_people_settle(FdPeople *people)
{
    g_autoptr(GPtrArray) claims = NULL;
    g_autoptr(GPtrArray) left_over = NULL;
    g_autoptr(GPtrArray) renamings = NULL;
    g_autoptr(GHashTable) last = NULL;
    GHashTableIter iter;
    gpointer person;

    if (!people->dirty)
        return;
    people->dirty = FALSE;
    claims = g_ptr_array_sized_new(g_hash_table_size(people->by_id));
    left_over = g_ptr_array_new();
    last = g_hash_table_new(g_str_hash, g_str_equal);
    renamings = g_ptr_array_new_with_free_func(renaming_free);
    g_hash_table_remove_all(people->by_shown);
    g_hash_table_iter_init(&iter, people->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &person))
        g_ptr_array_add(claims, person);
    g_ptr_array_sort(claims, compare_claims);
    for (guint i = 0; i < claims->len; i++) {
        FdPerson *claim = claims->pdata[i];
        const char *folded = ((const Entry *)claim)->folded;

        if (g_hash_table_contains(people->by_shown, folded))
            g_ptr_array_add(left_over, claim);
        else
            give_name(people, claim, claim->nick, g_strdup(folded), renamings);
    }
    for (guint i = 0; i < left_over->len; i++)
        give_numbered_name(people, left_over->pdata[i], last, renamings);
    if (people->renamed)
        tell_renamings(people, renamings);
    tell_changes(people);
}

const FdPerson *fd_people_get(FdPeople *people, gint64 id)
{
    return g_hash_table_lookup(people->by_id, &id);
}

/* (nullable): the one person with this full name, which is what some hosts show. */
static const FdPerson *find_by_name(FdPeople *people, const char *folded)
{
    const FdPerson *found = NULL;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, people->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FdPerson *person = value;
        g_autofree char *name = person->name ? g_utf8_casefold(person->name, -1) : NULL;

        if (!name || strcmp(name, folded) != 0)
            continue;
        if (found)
            return NULL;
        found = person;
    }
    return found;
}

const FdPerson *fd_people_find(FdPeople *people, const char *text)
{
    g_autofree char *folded = text ? g_utf8_casefold(text, -1) : NULL;
    const FdPerson *person = folded ? g_hash_table_lookup(people->by_shown, folded) : NULL;
    GHashTableIter iter;
    gpointer value;
    gint64 id;

    if (person || !text)
        return person;
    if (g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, &id, NULL))
        return fd_people_get(people, id);
    if (!strchr(text, '@'))
        return *folded ? find_by_name(people, folded) : NULL;
    g_hash_table_iter_init(&iter, people->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FdPerson *candidate = value;

        if (candidate->email && g_ascii_strcasecmp(candidate->email, text) == 0)
            return candidate;
    }
    return NULL;
}

guint fd_people_count(FdPeople *people)
{
    return g_hash_table_size(people->by_id);
}

static gboolean is_name_of_somebody(FdPeople *people, const char *folded)
{
    GHashTableIter iter;
    gpointer value;

    if (!people->names) {
        people->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_iter_init(&iter, people->by_id);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
            const FdPerson *person = value;

            if (person->name && *person->name)
                g_hash_table_add(people->names, g_utf8_casefold(person->name, -1));
        }
    }
    return g_hash_table_contains(people->names, folded);
}

char *fd_people_outsider(FdPeople *people, const char *name)
{
    char *shown = text_clean_line(name);
    gboolean taken = !*shown;

    /* More than once where someone's nick begins with the sign. */
    for (;;) {
        g_autofree char *folded = g_utf8_casefold(shown, -1);
        char *marked;

        /* Hosts show full names, too. */
        if (!taken && !g_hash_table_contains(people->by_shown, folded) && !is_name_of_somebody(people, folded))
            return shown;
        marked = g_strconcat("~", shown, NULL);
        g_free(shown);
        shown = marked;
        taken = FALSE;
    }
}
