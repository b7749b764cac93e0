/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of somebody: collected once, for the info window and for tooltips. */
#include "fd-info.h"

#include "fd-avatars.h"
#include "fd-buddies.h"
#include "fd-chats.h"
#include "fd-show.h"

#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"
#include "text/text-escape.h"

#include <util.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* So many of a list are shown: organizations, flows, status texts. */
#define MAX_LISTED 10
/* The longest name or address; in a tooltip, and in a list, it is cut sooner. */
#define MAX_CHARS 4000
#define MAX_TIP_CHARS 100

typedef struct {
    FdAccount *account;
    const FdPerson *person;
    PurpleNotifyUserInfo *info;
    guint max_chars;
} Sheet;

/* ------------------------------------------------------------------------------------------------------------ lines */

/* Whatever has nothing in it is left out: bitlbee reads what is in front of an empty value, see hosts. */
static void add_pair(PurpleNotifyUserInfo *info, const char *label, const char *plain)
{
    g_autofree char *label_html = text_escape_html(label);
    g_autofree char *html = text_escape_html(plain);

    /* bitlbee decodes labels only. */
    if (*html)
        purple_notify_user_info_add_pair(info, label_html, fd_show_host_is_irc() ? plain : html);
}

/* @text: (nullable): foreign */
static void add(const Sheet *sheet, const char *label, const char *text)
{
    g_autofree char *line = text ? fd_event_excerpt(text, sheet->max_chars) : NULL;

    if (line)
        add_pair(sheet->info, label, line);
}

/* The first of @names, and how many there are besides. */
static void add_list(const Sheet *sheet, const char *label, GPtrArray *names)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint more = names->len > MAX_LISTED ? names->len - MAX_LISTED : 0;

    for (guint i = 0; i < names->len - more; i++) {
        g_autofree char *name = fd_event_excerpt(names->pdata[i], MAX_TIP_CHARS);

        g_string_append_printf(text, "%s%s", i ? ", " : "", name);
    }
    if (more) {
        g_string_append_c(text, ' ');
        g_string_append_printf(text, g_dngettext(GETTEXT_PACKAGE, "and %u more", "and %u more", more), more);
    }
    add_pair(sheet->info, label, text->str);
}

/* ------------------------------------------------------------------------------------------------------------ times */

/* (transfer full) (nullable): in words, for what was a short while ago. */
static char *time_ago(gint64 ms, gint64 now_ms)
{
    gint64 minutes = (now_ms - ms) / (60 * 1000);
    guint hours = (guint)CLAMP(minutes / 60, 0, 7 * 24), days = hours / 24;

    /* The service's clock is not ours. */
    if (minutes < -1 || days >= 7)
        return NULL;
    if (minutes < 1)
        return g_strdup(_("just now"));
    if (hours < 1)
        return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u minute ago", "%u minutes ago", (gulong)minutes),
                               (guint)minutes);
    if (days < 1)
        return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u hour ago", "%u hours ago", hours), hours);
    return g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u day ago", "%u days ago", days), days);
}

static void add_last_active(const Sheet *sheet)
{
    gint64 ms = sheet->person->last_activity_ms;
    g_autoptr(GDateTime) time = ms > 0 ? g_date_time_new_from_unix_local(ms / 1000) : NULL;
    g_autofree char *absolute = time ? g_date_time_format(time, "%Y-%m-%d %H:%M") : NULL;
    g_autofree char *ago = time_ago(ms, fd_state_now_ms());
    g_autofree char *both = NULL;

    if (!absolute)
        return;
    /* Translators: "5 minutes ago", and the same as a date and time. */
    both = ago ? g_strdup_printf(_("%s (%s)"), ago, absolute) : NULL;
    add(sheet, _("Last active"), both ? both : absolute);
}

/* ------------------------------------------------------------------------------------------------------------ parts */

static void add_presence(const Sheet *sheet)
{
    static const char *const words[] = {
        [FD_PRESENCE_OFFLINE] = NC_("presence", "offline"),
        [FD_PRESENCE_IDLE] = NC_("presence", "away"),
        [FD_PRESENCE_ACTIVE] = NC_("presence", "active"),
    };

    add(sheet, _("Presence"), g_dpgettext2(GETTEXT_PACKAGE, "presence", words[sheet->person->presence]));
}

static void add_organizations(const Sheet *sheet)
{
    const GPtrArray *orgs = fd_orgs_list(sheet->account->state->orgs);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < orgs->len; i++) {
        const FdOrgEntry *org = orgs->pdata[i];

        if (!g_hash_table_contains(org->people, &sheet->person->id))
            continue;
        g_ptr_array_add(names, g_hash_table_contains(org->admins, &sheet->person->id)
                                   /* Translators: the name of an organization. */
                                   ? g_strdup_printf(_("%s (administrator)"), org->name)
                                   : g_strdup(org->name));
    }
    add_list(sheet, _("Organizations"), names);
}

/* A flow both are in. */
typedef struct {
    const FdRoom *room;
    char *key; /* of its name: to compare names themselves takes ten times as long */
} Shared;

static void shared_free(gpointer data)
{
    Shared *shared = data;

    g_free(shared->key);
    g_free(shared);
}

static int compare_shared(gconstpointer a, gconstpointer b)
{
    const Shared *left = *(Shared *const *)a, *right = *(Shared *const *)b;
    int order = strcmp(left->key, right->key);

    return order ? order : strcmp(left->room->flow->path, right->room->flow->path);
}

/* (transfer full) (element-type Shared): by name. */
static GPtrArray *shared_flows(const Sheet *sheet)
{
    GPtrArray *rooms = fd_rooms_list(sheet->account->state->rooms);
    GPtrArray *list = g_ptr_array_new_with_free_func(shared_free);

    for (guint i = 0; i < rooms->len; i++) {
        const FdRoom *room = rooms->pdata[i];
        Shared *shared;

        if (!room->flow || !room->flow->joined || room->flow->archived || !fd_room_has_member(room, sheet->person->id))
            continue;
        shared = g_new(Shared, 1);
        shared->room = room;
        shared->key = g_utf8_collate_key(room->flow->name, -1);
        g_ptr_array_add(list, shared);
    }
    g_ptr_array_sort(list, compare_shared);
    return list;
}

/* (transfer full): what tells a flow from the others. */
static char *name_of(const Sheet *sheet, const FdRoom *room)
{
    return fd_orgs_list(sheet->account->state->orgs)->len > 1 ? fd_chats_title(room) : g_strdup(room->flow->name);
}

static void add_flows(const Sheet *sheet, const GPtrArray *flows)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < flows->len; i++)
        g_ptr_array_add(names, name_of(sheet, ((const Shared *)flows->pdata[i])->room));
    add_list(sheet, _("Shared flows"), names);
}

/* The newest, and where flows have another one, these. */
static void add_statuses(const Sheet *sheet, const GPtrArray *flows)
{
    guint count = 0;

    add(sheet, _("Status"), sheet->person->status);
    for (guint i = 0; i < flows->len && count < MAX_LISTED; i++) {
        const FdRoom *room = ((const Shared *)flows->pdata[i])->room;
        const char *status = fd_room_member(room, sheet->person->id)->status;
        g_autofree char *flow = NULL, *name = NULL, *label = NULL;

        if (!status || g_strcmp0(status, sheet->person->status) == 0)
            continue;
        name = name_of(sheet, room);
        flow = fd_event_excerpt(name, MAX_TIP_CHARS);
        /* Translators: the name of a flow in which somebody has this status. */
        label = g_strdup_printf(_("Status (%s)"), flow);
        add(sheet, label, status);
        count++;
    }
}

/* ------------------------------------------------------------------------------------------------------ info window */

typedef struct {
    FdAccount *account;
    gint64 user; /* 0: nobody is known as */
    char *who;   /* what the host called them: it waits for an answer of this name */
} Question;

static void question_free(Question *question)
{
    g_free(question->who);
    g_free(question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static Question *question_new(FdAccount *account, const FdPerson *person, const char *who)
{
    Question *question = g_new0(Question, 1);

    question->account = account;
    question->user = person ? person->id : 0;
    question->who = g_strdup(who);
    return question;
}

static void answer(const Question *question, PurpleNotifyUserInfo *info)
{
    purple_notify_userinfo(question->account->gc, question->who, info, NULL, NULL);
    purple_notify_user_info_destroy(info);
}

/* @note: (nullable): to be read before all else */
static void show(const Question *question, const FdPerson *person, const char *note)
{
    Sheet sheet = {
        .account = question->account, .person = person, .info = purple_notify_user_info_new(), .max_chars = MAX_CHARS
    };
    g_autoptr(GPtrArray) flows = shared_flows(&sheet);
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, person->id);

    add(&sheet, _("Note"), note);
    add(&sheet, _("Nick"), person->shown);
    add(&sheet, _("Name"), person->name);
    add(&sheet, _("E-mail"), person->email);
    add(&sheet, _("Web site"), person->website);
    add_statuses(&sheet, flows);
    add_presence(&sheet);
    add_last_active(&sheet);
    add_organizations(&sheet);
    add_flows(&sheet, flows);
    add(&sheet, _("User id"), id);
    answer(question, sheet.info);
}

/* (transfer full) (nullable): why what is shown is not what the service says now. */
static char *why_old(const GError *error)
{
    g_autofree char *why = NULL;

    if (!error)
        return NULL;
    if (g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND))
        return g_strdup(_("The service no longer shows this person as a colleague of yours. This is what was known."));
    why = face_error_text(fd_account_errors, error);
    return g_strdup_printf(_("This may be old, as the service could not be asked. %s"), why);
}

static void on_user(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Question) question = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdUser) user = fd_api_user_finish(result, &error);
    FdAccount *account = question->account;
    g_autofree char *note = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (user)
        fd_people_put(account->state->people, user);
    fd_people_settle(account->state->people);
    note = why_old(error);
    if (!fd_account_is_closed(account))
        show(question, fd_people_get(account->state->people, question->user), note);
    if (!fd_account_is_closed(account) && account->avatars)
        fd_avatars_want(account->avatars, fd_people_get(account->state->people, question->user));
}

static const char *why_nobody(const Question *question)
{
    if (question->account->poster)
        return _("With the token of a source nothing is known of people.");
    if (*question->who == '~')
        return _("This is a name from outside. Whoever writes under it is no colleague of yours, so nothing is known "
                 "of them.");
    return _("No colleague of yours has this nick, e-mail address or user id. Names that integrations and people from "
             "outside write under are not known here.");
}

static void on_nobody(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Question) question = user_data;
    PurpleNotifyUserInfo *info;

    (void)source;
    if (!g_task_propagate_boolean(G_TASK(result), NULL))
        return;
    info = purple_notify_user_info_new();
    add_pair(info, _("Nothing known"), why_nobody(question));
    answer(question, info);
}

/* Later: Pidgin shows that it waits for an answer only when it has asked. */
static void answer_nobody(Question *question)
{
    g_autoptr(GTask) task = g_task_new(NULL, question->account->cancellable, on_nobody, question);

    g_task_return_boolean(task, TRUE);
}

void fd_info_show(PurpleConnection *gc, const char *who)
{
    FdAccount *account = fd_account_of(gc);
    const FdPerson *person = fd_account_ready(gc) ? fd_people_find(account->state->people, who) : NULL;

    if (!account || !(account->online || account->poster) || !who)
        return;
    if (person)
        fd_api_user_show_async(account->api, person->id, account->cancellable, on_user,
                               question_new(account, person, who));
    else
        answer_nobody(question_new(account, NULL, who));
}

/* --------------------------------------------------------------------------------------------------------- tooltips */

void fd_info_tooltip(PurpleBuddy *buddy, PurpleNotifyUserInfo *info, gboolean full)
{
    FdAccount *account = fd_account_ready(purple_account_get_connection(purple_buddy_get_account(buddy)));
    Sheet sheet = { .account = account,
                    .person = account ? fd_buddies_person(account, buddy) : NULL,
                    .info = info,
                    .max_chars = MAX_TIP_CHARS };
    g_autoptr(GPtrArray) flows = NULL;

    if (!sheet.person)
        return;
    add(&sheet, _("Status"), sheet.person->status);
    /* Pidgin says it itself. */
    if (sheet.person->presence != FD_PRESENCE_OFFLINE)
        add_presence(&sheet);
    if (!full)
        return;
    flows = shared_flows(&sheet);
    add(&sheet, _("Name"), sheet.person->name);
    add(&sheet, _("E-mail"), sheet.person->email);
    add_last_active(&sheet);
    add_organizations(&sheet);
    add_flows(&sheet, flows);
}

/* --------------------------------------------------------------------------------------------------- names in rooms */

char *fd_info_chat_alias(PurpleConnection *gc, int chat_id, const char *who)
{
    FdAccount *account = fd_account_ready(gc);
    const FdPerson *person = account ? fd_people_find(account->state->people, who) : NULL;

    (void)chat_id;
    /* Found by the name itself: who calls himself from outside as somebody's id does not get that person's name. */
    return person && person->name && *person->name && purple_utf8_strcasecmp(person->shown, who) == 0
               ? g_strdup(person->name)
               : NULL;
}

char *fd_info_chat_name(PurpleConnection *gc, int chat_id, const char *who)
{
    (void)gc;
    (void)chat_id;
    return g_strdup(who);
}
