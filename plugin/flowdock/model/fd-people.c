/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everyone visible, and the assignment of unique names. */
#include "fd-people.h"

#include "text/text-escape.h"

#include <string.h>

struct _FdPeople {
    GHashTable *by_id;    /* gint64 in the person -> FdPerson, owned */
    GHashTable *by_shown; /* folded shown name -> FdPerson */
    gboolean dirty;
    FdPeopleRenamed renamed;
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
    g_free(person);
}

static void renaming_free(gpointer data)
{
    Renaming *renaming = data;

    g_free(renaming->old);
    g_free(renaming);
}

FdPeople *fd_people_new(FdPeopleRenamed renamed, gpointer user_data)
{
    FdPeople *people = g_new0(FdPeople, 1);

    people->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, person_free);
    people->by_shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    people->renamed = renamed;
    people->user_data = user_data;
    return people;
}

void fd_people_free(FdPeople *people)
{
    if (!people)
        return;
    g_hash_table_unref(people->by_shown);
    g_hash_table_unref(people->by_id);
    g_free(people);
}

/* A nick is any text of the service; the host needs one line of it. */
static char *clean_nick(const char *nick, gint64 id)
{
    g_autofree char *clean = text_clean_line(nick);

    return *clean ? g_steal_pointer(&clean) : g_strdup_printf("%" G_GINT64_FORMAT, id);
}

void fd_people_put(FdPeople *people, const FdUser *user)
{
    FdPerson *person = g_hash_table_lookup(people->by_id, &user->id);
    g_autofree char *nick = clean_nick(user->nick, user->id);

    if (!person) {
        person = g_new0(FdPerson, 1);
        person->id = user->id;
        g_hash_table_insert(people->by_id, &person->id, person);
    }
    if (g_strcmp0(person->nick, nick) != 0 || person->disabled != user->disabled) {
        g_free(person->nick);
        person->nick = g_steal_pointer(&nick);
        person->disabled = user->disabled;
        people->dirty = TRUE;
    }
    /* Lists differ in what they tell: what one leaves out is not gone. */
    if (user->name && g_strcmp0(person->name, user->name) != 0) {
        g_free(person->name);
        person->name = text_clean_line(user->name);
    }
    if (user->email && g_strcmp0(person->email, user->email) != 0) {
        g_free(person->email);
        person->email = text_clean_line(user->email);
    }
}

static int compare_claims(gconstpointer a, gconstpointer b)
{
    const FdPerson *left = *(FdPerson *const *)a, *right = *(FdPerson *const *)b;

    if (left->disabled != right->disabled)
        return left->disabled ? 1 : -1;
    return left->id < right->id ? -1 : left->id > right->id;
}

static void give_name(FdPeople *people, FdPerson *person, char *shown, char *folded, GPtrArray *renamings)
{
    g_hash_table_insert(people->by_shown, folded, person);
    if (person->shown && strcmp(person->shown, shown) != 0) {
        Renaming *renaming = g_new(Renaming, 1);

        renaming->person = person;
        renaming->old = g_steal_pointer(&person->shown);
        g_ptr_array_add(renamings, renaming);
    }
    g_free(person->shown);
    person->shown = shown;
}

/* @last: folded nick -> the last number given: what is below is taken, and to try it again for each of
 * thousands who share a nick would take minutes. */
static void give_numbered_name(FdPeople *people, FdPerson *person, GHashTable *last, GPtrArray *renamings)
{
    g_autofree char *folded_nick = g_utf8_casefold(person->nick, -1);
    guint number = MAX(GPOINTER_TO_UINT(g_hash_table_lookup(last, folded_nick)), 1) + 1;

    for (;; number++) {
        g_autofree char *shown = g_strdup_printf("%s%u", person->nick, number);
        g_autofree char *folded = g_utf8_casefold(shown, -1);

        if (!g_hash_table_contains(people->by_shown, folded)) {
            give_name(people, person, g_steal_pointer(&shown), g_steal_pointer(&folded), renamings);
            g_hash_table_replace(last, g_steal_pointer(&folded_nick), GUINT_TO_POINTER(number));
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
    last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    renamings = g_ptr_array_new_with_free_func(renaming_free);
    g_hash_table_remove_all(people->by_shown);
    g_hash_table_iter_init(&iter, people->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &person))
        g_ptr_array_add(claims, person);
    g_ptr_array_sort(claims, compare_claims);
    for (guint i = 0; i < claims->len; i++) {
        FdPerson *claim = claims->pdata[i];
        g_autofree char *folded = g_utf8_casefold(claim->nick, -1);

        if (g_hash_table_contains(people->by_shown, folded))
            g_ptr_array_add(left_over, claim);
        else
            give_name(people, claim, g_strdup(claim->nick), g_steal_pointer(&folded), renamings);
    }
    for (guint i = 0; i < left_over->len; i++)
        give_numbered_name(people, left_over->pdata[i], last, renamings);
    if (people->renamed)
        tell_renamings(people, renamings);
}

const FdPerson *fd_people_get(FdPeople *people, gint64 id)
{
    return g_hash_table_lookup(people->by_id, &id);
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
        return NULL;
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

char *fd_people_outsider(FdPeople *people, const char *name)
{
    char *shown = text_clean_line(name);
    gboolean taken = !*shown;

    /* More than once where someone's nick begins with the sign. */
    for (;;) {
        g_autofree char *folded = g_utf8_casefold(shown, -1);
        char *marked;

        if (!taken && !g_hash_table_contains(people->by_shown, folded))
            return shown;
        marked = g_strconcat("~", shown, NULL);
        g_free(shown);
        shown = marked;
        taken = FALSE;
    }
}
