/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that change messages. What comes of it is shown when the stream tells it. */
#include "fd-command.h"

#include "fd-input.h"

#include "text/text-emoji.h"
#include "text/text-escape.h"

#include <util.h>

#include <string.h>

#include <glib/gi18n-lib.h>

static void on_changed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(FdCall) call = user_data;
    g_autoptr(GError) error = NULL;

    (void)source;
    if (fd_api_message_change_finish(result, &error))
        call->ended = TRUE;
    else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fd_call_refuse_error(call, error);
}

/* What a change needs of its message, when it has been read. */
typedef struct {
    FdCall *call;
    gint64 id;
    char *rest; /* the arguments behind REF */
} Change;

static void change_free(Change *change)
{
    fd_call_free(change->call);
    g_free(change->rest);
    g_free(change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)

/* @call: taken over */
static Change *change_new(FdCall *call, gint64 id, const char *rest)
{
    Change *change = g_new0(Change, 1);

    change->call = call;
    change->id = id;
    change->rest = g_strdup(rest);
    return change;
}

static void read_message(Change *change, GAsyncReadyCallback done)
{
    const FdCall *call = change->call;
    FdApiPlace place = fd_room_place(call->room);

    fd_api_message_show_async(call->account->api, &place, change->id, call->account->cancellable, done, change);
}

/* --------------------------------------------------------------------------------------------------------------- edit */

/* One part of "s/old/new/", up to a slash that no backslash is in front of, or to the end. */
static char *substitution_part(const char **at)
{
    g_autoptr(GString) part = g_string_new(NULL);
    const char *c;

    for (c = *at; *c && *c != '/'; c++) {
        if (c[0] == '\\' && c[1] == '/')
            c++;
        g_string_append_c(part, *c);
    }
    *at = *c ? c + 1 : c;
    return g_string_free(g_steal_pointer(&part), FALSE);
}

/* "s/old/new/", with g behind it for all of them; the last slash may be missing. */
static gboolean parse_substitution(const char *text, char **before, char **after, gboolean *all)
{
    const char *at = text + strlen("s/");
    g_autofree char *old = NULL, *new = NULL;

    if (!g_str_has_prefix(text, "s/"))
        return FALSE;
    old = substitution_part(&at);
    if (!*old || at[-1] != '/')
        return FALSE;
    new = substitution_part(&at);
    if (*at && strcmp(at, "g") != 0)
        return FALSE;
    *before = g_steal_pointer(&old);
    *after = g_steal_pointer(&new);
    *all = *at == 'g';
    return TRUE;
}

/* (transfer full) */
static char *substitute(const char *text, const char *before, const char *after, gboolean all)
{
    g_auto(GStrv) parts = g_strsplit(text, before, all ? -1 : 2);

    return g_strjoinv(after, parts);
}

/* @call: taken over */
static void put_text(FdCall *call, gint64 id, const char *text)
{
    g_autoptr(FdCall) owned = call;
    FdApiPlace place = fd_room_place(call->room);
    g_autofree char *edited = fd_input_edited(call->account, call->room, text);
    glong length = g_utf8_strlen(edited, -1);
    g_autofree char *clean = text_clean_line(edited);

    if (!*clean) {
        fd_call_refuse(call, _("Nothing would be left of the message. /delete deletes it."));
    } else if (length > FD_API_MAX_CHARS) {
        g_autofree char *why =
            g_strdup_printf(_("A message may have %d characters, and this has %ld."), FD_API_MAX_CHARS, length);

        fd_call_refuse(call, why);
    } else {
        fd_api_message_edit_async(call->account->api, &place, id, edited, call->account->cancellable, on_changed,
                                  g_steal_pointer(&owned));
    }
}

/* @call: taken over; @current: the message's text */
static void edit_part(FdCall *call, gint64 id, const char *substitution, const char *current)
{
    g_autoptr(FdCall) owned = call;
    g_autofree char *before = NULL, *after = NULL;
    gboolean all = FALSE;

    parse_substitution(substitution, &before, &after, &all);
    if (strstr(current, before)) {
        g_autofree char *text = substitute(current, before, after, all);

        put_text(g_steal_pointer(&owned), id, text);
    } else {
        g_autofree char *start = fd_event_excerpt(current, FD_EVENT_EXCERPT);
        g_autofree char *why = g_strdup_printf(_("\"%s\" is not in the message: %s"), before, start);

        fd_call_refuse(call, why);
    }
}

static void on_edited_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Change) change = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = fd_api_message_show_finish(result, &error);
    const char *text;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    text = message ? fd_event_text(message) : NULL;
    if (text)
        edit_part(g_steal_pointer(&change->call), change->id, change->rest, text);
    else if (error)
        fd_call_refuse_error(change->call, error);
    else
        fd_call_refuse(change->call, _("This message has no text that could be edited."));
}

/* Whether the user may change it; where we do not know, the service says. */
static gboolean is_others(FdCall *call, const FdRef *ref)
{
    g_autofree char *why = NULL;

    if (!ref->message || ref->message->user == call->account->state->self)
        return FALSE;
    why = g_strdup_printf(_("That is a message of %s, and you can change only your own."), ref->message->who);
    fd_call_refuse(call, why);
    return TRUE;
}

/* Else a message that the user does not think of would be changed. */
static gboolean is_too_early(FdCall *call, gboolean has_ref)
{
    if (has_ref || !fd_outbox_is_busy(call->room->outbox))
        return FALSE;
    fd_call_refuse(call, _("Your last message is still on its way. Try again when it is shown here."));
    return TRUE;
}

/* Takes @call over. */
static void edit(FdCall *call, const char *ref_word, const char *text)
{
    g_autoptr(FdCall) owned = call;
    g_autofree char *problem = NULL, *before = NULL, *after = NULL;
    gboolean all;
    FdRef ref = { 0 };

    if (!fd_call_find(call, ref_word, &ref, &problem))
        fd_call_refuse(call, problem);
    else if (is_others(call, &ref))
        return;
    else if (parse_substitution(text, &before, &after, &all))
        read_message(change_new(g_steal_pointer(&owned), ref.id, text), on_edited_read);
    else
        put_text(g_steal_pointer(&owned), ref.id, text);
}

void fd_command_edit(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    const char *rest = call->args;
    g_autofree char *first = fd_call_next_word(&rest);
    FdWord word = *rest ? fd_refs_classify(call->account, call->room, first) : FD_WORD_TEXT;

    if (word == FD_WORD_UNCLEAR) {
        g_autofree char *why =
            g_strdup_printf(_("%s may be the number of an older message. Write #%s for that, or let the text begin "
                              "with another word."),
                            first, first);

        fd_call_refuse(call, why);
    } else if (!is_too_early(call, word == FD_WORD_REF)) {
        edit(g_steal_pointer(&owned), word == FD_WORD_REF ? first : NULL, word == FD_WORD_REF ? rest : call->args);
    }
}

/* ------------------------------------------------------------------------------------------------------------- delete */

void fd_command_delete(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);
    g_autofree char *problem = NULL;
    FdApiPlace place = fd_room_place(call->room);
    FdRef ref = { 0 };

    if (*args)
        fd_call_refuse_use(call);
    else if (is_too_early(call, word != NULL))
        return;
    else if (!fd_call_find(call, word, &ref, &problem))
        fd_call_refuse(call, problem);
    else if (ref.message && fd_recent_is_speech(ref.message) && is_others(call, &ref))
        return;
    else
        fd_api_message_delete_async(account->api, &place, ref.id, account->cancellable, on_changed,
                                    g_steal_pointer(&owned));
}

/* --------------------------------------------------------------------------------------------------------------- tags */

/* (transfer full) (nullable): as the service keeps it; NULL with @problem for what is no tag. */
static char *tag_of(const FdCall *call, const char *word, char **problem)
{
    static const char *const everyone[] = { "@everyone", "@everybody", "@all", "@anyone", "@anybody", NULL };
    const FdPerson *person = *word == '@' ? fd_people_find(call->account->state->people, word + 1) : NULL;
    const char *name = *word == '#' ? word + 1 : word;
    g_autofree char *folded = g_utf8_strdown(word, -1);

    if (person)
        return g_strdup_printf(":user:%" G_GINT64_FORMAT, person->id);
    if (g_strv_contains(everyone, folded))
        return g_strdup(":user:everyone");
    if (*word == '@')
        *problem = g_strdup_printf(_("There is nobody called %s."), word + 1);
    else if (!*name || strchr(name, ':') || strchr(name, ','))
        *problem = g_strdup_printf(_("\"%s\" cannot be a tag: it has no colons and no commas."), word);
    else
        return g_strdup(name);
    return NULL;
}

/* (transfer full) (nullable): all words of @rest as tags; NULL with @problem. */
static char **tags_of(const FdCall *call, const char *rest, char **problem)
{
    g_autoptr(GStrvBuilder) tags = g_strv_builder_new();

    while (*rest) {
        g_autofree char *word = fd_call_next_word(&rest);
        g_autofree char *tag = tag_of(call, word, problem);

        if (!tag)
            return NULL;
        g_strv_builder_add(tags, tag);
    }
    return g_strv_builder_end(tags);
}

/* Sheet: 6.1: without regard to case. */
static gboolean has_tag(char **tags, const char *tag)
{
    for (char **other = tags; *other; other++)
        if (purple_utf8_strcasecmp(*other, tag) == 0)
            return TRUE;
    return FALSE;
}

/* (transfer full) (nullable): the message's tags with or without the given ones; NULL when that is no change. */
static char **changed_tags(char **old, char **given, gboolean add)
{
    g_autoptr(GStrvBuilder) tags = g_strv_builder_new();
    gboolean changed = FALSE;

    for (char **tag = old; *tag; tag++) {
        if (add || !has_tag(given, *tag))
            g_strv_builder_add(tags, *tag);
        else
            changed = TRUE;
    }
    for (char **tag = given; add && *tag; tag++) {
        if (has_tag(old, *tag))
            continue;
        g_strv_builder_add(tags, *tag);
        changed = TRUE;
    }
    return changed ? g_strv_builder_end(tags) : NULL;
}

static void change_tags(Change *change, const FdMessage *message, gboolean add)
{
    FdCall *call = change->call;
    FdAccount *account = call->account;
    FdApiPlace place = fd_room_place(call->room);
    g_autofree char *problem = NULL;
    g_auto(GStrv) given = tags_of(call, change->rest, &problem);
    g_auto(GStrv) tags = given ? changed_tags(message->tags, given, add) : NULL;

    if (problem)
        fd_call_refuse(call, problem);
    else if (!fd_message_has_all_tags(message))
        fd_call_refuse(call, _("The message has tags that cannot be read here and would be lost."));
    else if (!tags)
        fd_call_say(call, add ? _("The message has these tags already.") : _("The message has no such tag."));
    else
        fd_api_message_set_tags_async(account->api, &place, change->id, (const char *const *)tags, account->cancellable,
                                      on_changed, g_steal_pointer(&change->call));
}

static void on_tagged_read(GAsyncResult *result, Change *change, gboolean add)
{
    g_autoptr(Change) owned = change;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = fd_api_message_show_finish(result, &error);

    if (message)
        change_tags(change, message, add);
    else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fd_call_refuse_error(change->call, error);
}

static void on_read_to_tag(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void)source;
    on_tagged_read(result, user_data, TRUE);
}

static void on_read_to_untag(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void)source;
    on_tagged_read(result, user_data, FALSE);
}

/* Takes @call over. The service has only a call that sets all tags. Sheet: 3.7. */
static void begin_tags(FdCall *call, GAsyncReadyCallback done)
{
    g_autoptr(FdCall) owned = call;
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);
    g_autofree char *problem = NULL;
    g_auto(GStrv) tags = NULL;
    FdRef ref = { 0 };

    if (!*args)
        fd_call_refuse_use(call);
    else if (!fd_call_find(call, word, &ref, &problem) || !(tags = tags_of(call, args, &problem)))
        fd_call_refuse(call, problem);
    else
        read_message(change_new(g_steal_pointer(&owned), ref.id, args), done);
}

void fd_command_tag(FdCall *call)
{
    begin_tags(call, on_read_to_tag);
}

void fd_command_untag(FdCall *call)
{
    begin_tags(call, on_read_to_untag);
}

/* ---------------------------------------------------------------------------------------------------------- reactions */

void fd_command_react(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdAccount *account = call->account;
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);
    /* What was typed may be a code or the character itself. */
    const char *found = text_emoji_find(args), *name = text_emoji_name(found ? found : args);
    g_autofree char *problem = NULL;
    FdApiPlace place = fd_room_place(call->room);
    FdRef ref = { 0 };
    gboolean mine;

    if (!*args) {
        fd_call_refuse_use(call);
    } else if (!fd_call_find(call, word, &ref, &problem)) {
        fd_call_refuse(call, problem);
    } else if (!name) {
        g_autofree char *why = g_strdup_printf(_("There is no emoji \"%s\". Give its name, as in :tada:"), args);

        fd_call_refuse(call, why);
    } else {
        mine = ref.message && fd_recent_has_reaction(ref.message, text_emoji_find(name));
        fd_api_message_react_async(account->api, &place, ref.id, name, !mine, account->cancellable, on_changed,
                                   g_steal_pointer(&owned));
    }
}
