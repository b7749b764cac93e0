/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of slash commands, and the ways into it. */
#include "fd-commands.h"

#include "fd-chats.h"
#include "fd-command.h"
#include "fd-images.h"
#include "fd-ims.h"
#include "fd-input.h"
#include "fd-poster.h"
#include "fd-seen.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"
#include "fd-xfers.h"

#include "text/text-escape.h"
#include "text/text-html-md.h"

#include <cmds.h>

#include <string.h>

#include <glib/gi18n-lib.h>

typedef enum {
    IN_ROOMS = 1 << 0,
    IN_PRIVATE = 1 << 1,
    ANYWHERE = IN_ROOMS | IN_PRIVATE,
    WRITES = 1 << 3,  /* has to be repeated where it was not done */
    WORDED = 1 << 4,  /* its arguments end with a message, which may be formatted */
    AS_TEXT = 1 << 2, /* only where the line comes as text: hosts that know commands have their own */
    NEWLINE = 1 << 5, /* begins a line in the list of commands */
    POSTS = 1 << 6,   /* also with nothing but the token of a source */
} Where;

struct _FdCommand {
    const char *name;
    const char *arguments; /* as in the contract, not translated */
    const char *example;   /* of the arguments */
    const char *help;      /* what it does */
    Where where;
    gboolean needs_arguments;
    void (*run)(FdCall *call);
};

/* clang-format off */
static const FdCommand commands[] = {
    { "me", "TEXT", "is at lunch", N_("Posts a line about yourself, as your status."), ANYWHERE | WORDED, TRUE,
      fd_command_status },
    { "status", "TEXT", "in a meeting until 3", N_("Posts a status update."), IN_ROOMS | WORDED, TRUE, fd_command_status },
    { "reply", "REF TEXT", "^ I do", N_("Answers in the message's thread, or comments on an item of the inbox."),
      IN_ROOMS | WRITES | WORDED, TRUE, fd_command_reply },
    { "thread", "THREAD [TEXT]", "3 It works again", N_("Writes into a thread; without TEXT the next file that you send "
      "here goes there."), IN_ROOMS | WORDED, TRUE, fd_command_thread },
    { "threads", "[STATUS|all]", "open", N_("Lists the latest threads, those with a status only, or also those without "
      "any reply."), IN_ROOMS, FALSE, fd_command_threads },
    { "show", "THREAD [open]", "3", N_("Shows what a thread is about and its latest messages; with \"open\" it becomes a "
      "room of its own."), IN_ROOMS, TRUE, fd_command_show },
    { "edit", "[REF] TEXT", "s/tomorow/tomorrow/", N_("Changes a message of yours, or with s/old/new/ a part of it; "
      "without REF your last one."), ANYWHERE | WRITES | WORDED, TRUE, fd_command_edit },
    { "delete", "[REF]", "^2", N_("Deletes a message or file of yours, or an item of the inbox; without REF your last "
      "message."), ANYWHERE | WRITES, FALSE, fd_command_delete },
    { "tag", "REF TAG…", "^ bug urgent", N_("Adds tags to a message; @nick tags a person."), ANYWHERE | WRITES, TRUE,
      fd_command_tag },
    { "untag", "REF TAG…", "^ urgent", N_("Takes tags off a message."), ANYWHERE | WRITES, TRUE, fd_command_untag },
    { "react", "REF :emoji:", "^ :+1:", N_("Adds a reaction, or takes back yours."), IN_ROOMS | WRITES, TRUE, fd_command_react },
    { "search", "WORDS", "login page", N_("Searches the messages for all these words."), ANYWHERE | NEWLINE, TRUE,
      fd_command_search },
    { "tagged", "TAG…", "bug @Ann", N_("Lists the messages that have all these tags."), IN_ROOMS, TRUE,
      fd_command_tagged },
    { "more", "", "", N_("Goes on with the last list."), ANYWHERE, FALSE, fd_command_more },
    { "history", "[N]", "50", N_("Loads older messages, 30 when you do not say how many."), ANYWHERE, FALSE,
      fd_command_history },
    { "resend", "", "", N_("Sends again what could not be sent here."), ANYWHERE, FALSE, fd_command_resend },
    { "forget", "", "", N_("Drops what could not be sent here."), ANYWHERE, FALSE, fd_command_forget },
    { "upload", "[THREAD] PATH", "~/plan.pdf", N_("Shares a file here, or in a thread; without PATH you "
      "choose it in a dialog, where there is one."), ANYWHERE | NEWLINE, FALSE, fd_command_upload },
    { "files", "", "", N_("Lists the files that were shared here."), ANYWHERE, FALSE, fd_command_files },
    { "download", "REF [PATH]", "#12345 ~/Downloads", N_("Fetches a file that was shared here; REF #12345/2 is the "
      "second one of a message, and ^, ^3 and @nick mean files only."), ANYWHERE | WRITES, FALSE, fd_command_download },
    { "cancel", "[N]", "2", N_("Stops a file on its way; without a number it lists them."), ANYWHERE, FALSE,
      fd_command_cancel },
    { "act", "THREAD N [ok]", "3 1", N_("Uses one of the actions that /show lists for a thread; with \"ok\" you are "
      "not asked first. In a thread's own room THREAD may be left out."), IN_ROOMS | WRITES, TRUE, fd_command_act },
    { "flows", "", "", N_("Lists the flows that you can see."), ANYWHERE | NEWLINE, FALSE, fd_command_flows },
    { "open", "FLOW", "acme/lobby", N_("Opens a flow as a room, and joins it where you are no member."), ANYWHERE, TRUE,
      fd_command_open },
    { "create", "ORG NAME", "acme Summer party", N_("Makes a new flow in an organization."), ANYWHERE | WRITES, TRUE,
      fd_command_create },
    { "rename", "NAME", "Summer party", N_("Gives this flow another name; its path stays."), IN_ROOMS | WRITES, TRUE,
      fd_command_rename },
    { "add", "NICK", "Ann", N_("Adds somebody of the organization to this flow."), IN_ROOMS | WRITES, TRUE, fd_command_add },
    { "invite", "EMAIL [TEXT]", "ann@example.com Have a look", N_("Asks somebody by e-mail to join this flow, or several "
      "with commas between the addresses; the text goes with it."), IN_ROOMS | WRITES, TRUE, fd_command_invite },
    { "invitations", "", "", N_("Lists the invitations to this flow that nobody has accepted yet."), IN_ROOMS, FALSE,
      fd_command_invitations },
    { "uninvite", "EMAIL", "ann@example.com", N_("Withdraws an invitation to this flow."), IN_ROOMS | WRITES, TRUE,
      fd_command_uninvite },
    { "block", "NICK", "Ann", N_("Shuts somebody out of this flow."), IN_ROOMS | WRITES, TRUE, fd_command_block },
    { "unblock", "NICK", "Ann", N_("Lets somebody in again who was blocked."), IN_ROOMS | WRITES, TRUE, fd_command_unblock },
    { "sources", "", "", N_("Lists the sources of this flow, through which programs post into it."), IN_ROOMS | NEWLINE, FALSE,
      fd_command_sources },
    { "source", "create NAME|remove ID|problem ID [TEXT]|token ID|allow", "create Build server", N_("Makes or removes a "
      "source, says what is wrong with it, or, without TEXT, that nothing is; shows its token or asks for it; signs in "
      "with the permission for all that. ID is the number in /sources, or the name."), IN_ROOMS | WRITES, TRUE,
      fd_command_source },
    { "activity", "SOURCE THREADKEY [COLOR:STATUS] TITLE [| BODY]", "12 build-7 [green:passed] Build 7 | All tests passed",
      N_("Posts an event through a source, into the thread of this key, which gets the title and the status. SOURCE is the "
      "number in /sources, or the name, in quotation marks where it has blanks."), IN_ROOMS | WRITES | WORDED | POSTS, TRUE,
      fd_command_activity },
    { "discuss", "SOURCE THREADKEY TEXT", "12 build-7 Who broke it?", N_("Posts a message through a source, into the "
      "thread of this key."), IN_ROOMS | WRITES | WORDED | POSTS, TRUE, fd_command_discuss },
    { "nick", "NEWNICK", "Annie", N_("Changes your nick."), ANYWHERE | WRITES | NEWLINE, TRUE, fd_command_nick },
    { "raw", "off|on", "on", N_("Shows new messages as they were typed, or formatted again."), ANYWHERE, TRUE,
      fd_command_raw },
    { "help", "[COMMAND]", "edit", N_("Lists the commands, or explains one."), ANYWHERE | AS_TEXT, FALSE,
      fd_command_help },
};
/* clang-format on */

static const FdCommand *find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_ascii_strcasecmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* ------------------------------------------------------------------------------------------------------------- a call */

static gboolean begins_with_ref(const char *args)
{
    return strchr("#^@", *args) || g_ascii_isdigit(*args) || g_str_has_prefix(args, "s/");
}

/* Where a host formats all that is typed, what is no part of a message must not be taken for markdown. (transfer none) */
static const char *choose_args(const FdCommand *command, const char *markdown, const char *plain)
{
    gsize length = strcspn(plain, " \t\r\n");
    gboolean all_words = g_str_equal(command->arguments, "TEXT");
    gboolean same_first = strncmp(markdown, plain, length) == 0 && strcspn(markdown, " \t\r\n") == length;

    if (!(command->where & WORDED))
        return plain;
    return all_words || same_first || (*command->arguments == '[' && *plain && !begins_with_ref(plain)) ? markdown
                                                                                                        : plain;
}

static FdCall *call_new(FdAccount *account, FdRoom *room, int thread_chat, const FdCommand *command, const char *args)
{
    FdCall *call = g_new0(FdCall, 1);

    call->account = account;
    call->room = room;
    call->thread_chat = thread_chat;
    call->command = command;
    call->args = g_strstrip(g_strdup(args));
    g_hash_table_add(account->calls, call);
    return call;
}

/* Says that it was not done. */
static void give_up(FdCall *call)
{
    if (!call->ended && (call->command->where & WRITES))
        fd_call_refuse(call, _("The account went offline before the service confirmed it."));
    call->ended = TRUE;
}

void fd_call_free(FdCall *call)
{
    if (!call)
        return;
    if (call->account) {
        /* Its answer was given up. */
        if (g_cancellable_is_cancelled(call->account->cancellable))
            give_up(call);
        g_hash_table_remove(call->account->calls, call);
    }
    g_free(call->args);
    g_free(call->message);
    g_free(call);
}

GHashTable *fd_commands_new_calls(void)
{
    return g_hash_table_new(NULL, NULL);
}

void fd_commands_give_up(FdAccount *account)
{
    GHashTableIter iter;
    gpointer call;

    g_hash_table_iter_init(&iter, account->calls);
    while (!fd_account_is_closed(account) && g_hash_table_iter_next(&iter, &call, NULL))
        give_up(call);
}

void fd_commands_forget(FdAccount *account)
{
    GHashTableIter iter;
    gpointer call;

    g_hash_table_iter_init(&iter, account->calls);
    while (g_hash_table_iter_next(&iter, &call, NULL))
        ((FdCall *)call)->account = NULL;
    g_clear_pointer(&account->calls, g_hash_table_unref);
}

static PurpleConversation *conversation_of(FdAccount *account, FdRoom *room, int thread_chat)
{
    const FdThreadRoom *thread_room = thread_chat ? fd_thread_rooms_by_chat_id(account, thread_chat) : NULL;
    PurpleConversation *conv = thread_room ? fd_thread_room_conversation(account, thread_room) : NULL;

    if (conv || fd_account_is_closed(account))
        return conv;
    return room->flow ? fd_chats_find(account, room) : fd_ims_find(account, room);
}

PurpleConversation *fd_call_conversation(const FdCall *call)
{
    return conversation_of(call->account, call->room, call->thread_chat);
}

const char *fd_call_thread(const FdCall *call)
{
    const FdThreadRoom *thread_room =
        call->thread_chat ? fd_thread_rooms_by_chat_id(call->account, call->thread_chat) : NULL;

    return thread_room ? thread_room->thread_id : NULL;
}

void fd_call_say(const FdCall *call, const char *text)
{
    PurpleConversation *conv = fd_call_conversation(call);

    if (conv)
        fd_show_line(conv, text, PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM);
    else
        fd_show_info(call->account, text);
}

void fd_call_say_html(const FdCall *call, const char *html)
{
    fd_show_html(fd_call_conversation(call), html, PURPLE_MESSAGE_RECV | PURPLE_MESSAGE_SYSTEM);
}

static void refuse_line(FdAccount *account, FdRoom *room, int thread_chat, const char *why, const char *typed)
{
    PurpleConversation *conv = conversation_of(account, room, thread_chat);
    /* Translators: a sentence with the reason, and the line that the user has typed. */
    g_autofree char *line = g_strdup_printf(_("%s\nYou typed: %s"), why, typed);

    if (conv)
        fd_show_line(conv, line, PURPLE_MESSAGE_ERROR);
    else
        fd_show_problem(account, why, typed);
}

void fd_call_refuse(FdCall *call, const char *why)
{
    g_autofree char *typed = g_strconcat("/", call->command->name, *call->args ? " " : "", call->args,
                                         call->message ? " " : NULL, call->message, NULL);

    call->ended = TRUE;
    refuse_line(call->account, call->room, call->thread_chat, why, typed);
}

void fd_call_refuse_error(FdCall *call, const GError *error)
{
    g_autofree char *why = face_error_text(fd_account_errors, error);

    fd_call_refuse(call, why);
}

static char *use_of(const FdCommand *command)
{
    return g_strconcat("/", command->name, *command->arguments ? " " : "", command->arguments, NULL);
}

void fd_call_refuse_use(FdCall *call)
{
    const FdCommand *command = call->command;
    g_autofree char *use = use_of(command);
    g_autofree char *why = NULL;

    /* Translators: the form of a command, and an example of it. */
    why = *command->example
              ? g_strdup_printf(_("It is used like this: %s, for example /%s %s"), use, command->name, command->example)
              : g_strdup_printf(_("It is used like this: %s"), use);

    fd_call_refuse(call, why);
}

char *fd_call_next_word(const char **args)
{
    gsize length = strcspn(*args, " \t\r\n");
    char *word = length ? g_strndup(*args, length) : NULL;

    *args += length;
    *args += strspn(*args, " \t\r\n");
    return word;
}

gboolean fd_call_find(const FdCall *call, const char *word, FdRef *ref, char **problem)
{
    return fd_refs_message(call->account, call->room, fd_call_thread(call), word, ref, problem);
}

static void send(FdAccount *account, FdRoom *room, int thread_chat, const char *text, FdDraft draft)
{
    const FdThreadRoom *thread_room = thread_chat ? fd_thread_rooms_by_chat_id(account, thread_chat) : NULL;
    g_auto(GStrv) tags = NULL;
    g_autofree char *addressed = fd_input_address(account, room, text, &tags);

    draft.text = addressed;
    draft.tags = (const char *const *)tags;
    draft.typed_in = thread_room ? thread_room->thread_id : NULL;
    fd_sender_send(account->sender, room, &draft);
    /* A thread's own room shows a part only. */
    if (!thread_room)
        fd_seen_written(account, room);
}

void fd_call_send(const FdCall *call, const char *text, FdDraft draft)
{
    send(call->account, call->room, call->thread_chat, text, draft);
}

void fd_call_run(FdCall *call)
{
    const FdCommand *command = call->command;
    Where here = call->room->flow ? IN_ROOMS : IN_PRIVATE;

    if (!(command->where & here)) {
        g_autofree char *why = g_strdup_printf(_("The command /%s can be used in rooms only."), command->name);

        fd_call_refuse(call, why);
        fd_call_free(call);
    } else if (command->needs_arguments ? !*call->args : *call->args && !*command->arguments) {
        fd_call_refuse_use(call);
        fd_call_free(call);
    } else {
        command->run(call);
    }
}

/* ------------------------------------------------------------------------------------------------------ lines as text */

/* Sends what is no command. */
static void send_text(FdAccount *account, FdRoom *room, int thread_chat, const char *text)
{
    const FdThreadRoom *thread_room = thread_chat ? fd_thread_rooms_by_chat_id(account, thread_chat) : NULL;
    FdDraft draft = { .event = "message", .thread_id = thread_room ? thread_room->thread_id : NULL };

    send(account, room, thread_chat, text, draft);
}

/* "/word", with a character that is no blank. */
static gboolean is_command_line(const char *text)
{
    return text[0] == '/' && text[1] && !g_ascii_isspace(text[1]);
}

/* (transfer full) */
static char *why_unknown(const char *name)
{
    /* Translators: what follows the slash of an unknown command. */
    return g_strdup_printf(_("There is no command /%s, so nothing was sent. /help lists the commands; write // at the "
                             "beginning for a line that begins with a slash."),
                           name);
}

/* A text with pictures: each becomes a file of its own. */
static void type_with_images(FdAccount *account, FdRoom *room, int thread_chat, const char *text, const char *html)
{
    const FdThreadRoom *thread_room = thread_chat ? fd_thread_rooms_by_chat_id(account, thread_chat) : NULL;
    g_autoptr(GPtrArray) images = fd_images_take(html);
    g_autofree char *words = g_strstrip(g_strdup(text));

    if (!images) {
        fd_show_unsent(account, room, thread_room ? thread_room->thread_id : NULL, words,
                       _("A picture in it is not there any more. Insert it once more."), FALSE);
        return;
    }
    if (*words)
        send_text(account, room, thread_chat, words);
    if (!fd_account_is_closed(account))
        fd_xfers_send_images(account->xfers, room, thread_chat, images);
}

static const char *why_no_images(void)
{
    return _("Pictures cannot be sent with a command, so nothing was done. Send them in a message of their own.");
}

void fd_commands_type(FdAccount *account, FdRoom *room, int thread_chat, const char *html)
{
    g_autofree char *text = fd_input_text(html);
    const char *args = text + 1;
    gboolean is_command = is_command_line(text) && !fd_show_host_takes_a_slash();
    g_autofree char *name = NULL;
    const FdCommand *command;

    if (fd_images_are_in(html)) {
        if (is_command && text[1] != '/')
            refuse_line(account, room, thread_chat, why_no_images(), text);
        else
            type_with_images(account, room, thread_chat, is_command ? text + 1 : text, html);
        return;
    }
    if (!is_command) {
        send_text(account, room, thread_chat, text);
        return;
    }
    if (text[1] == '/') {
        send_text(account, room, thread_chat, text + 1);
        return;
    }
    name = fd_call_next_word(&args);
    command = find(name);
    if (command) {
        g_autofree char *plain = text_html_to_plain(html);
        const char *plain_args = plain;
        g_autofree char *plain_name = fd_call_next_word(&plain_args);

        fd_call_run(call_new(account, room, thread_chat, command, choose_args(command, args, plain_args)));
    } else {
        g_autofree char *why = why_unknown(name);

        refuse_line(account, room, thread_chat, why, text);
    }
}

void fd_commands_run(FdAccount *account, FdRoom *room, const char *name, const char *args, const char *message)
{
    const FdCommand *command = find(name);
    FdCall *call;

    g_return_if_fail(command != NULL);
    call = call_new(account, room, 0, command, args);
    call->message = message && *message ? g_strdup(message) : NULL;
    fd_call_run(call);
}

gboolean fd_commands_type_post(FdAccount *account, FdRoom *room, const char *html)
{
    g_autofree char *text = fd_input_text(html);
    g_autofree char *plain = text_html_to_plain(html);
    const char *args = text + 1, *plain_args = plain;
    g_autofree char *name = NULL, *plain_name = NULL;
    const FdCommand *command;

    if (!is_command_line(text) || text[1] == '/' || fd_show_host_takes_a_slash())
        return FALSE;
    name = fd_call_next_word(&args);
    plain_name = fd_call_next_word(&plain_args);
    command = find(name);
    if (!command || !(command->where & POSTS))
        return FALSE;
    fd_call_run(call_new(account, room, 0, command, choose_args(command, args, plain_args)));
    return TRUE;
}

char *fd_commands_check_post(char **text)
{
    const char *rest = *text + 1;
    g_autofree char *name = NULL;
    char *literal;

    if (!is_command_line(*text))
        return NULL;
    if ((*text)[1] == '/') {
        literal = g_strdup(*text + 1);
        g_free(*text);
        *text = literal;
        return NULL;
    }
    name = fd_call_next_word(&rest);
    return find(name)
               ? g_strdup_printf(
                     _("The command /%s needs an account that can read, and the token of a source can only post."),
                     name)
               : why_unknown(name);
}

/* --------------------------------------------------------------------------------------------------------------- help */

static void list_commands(const FdCall *call)
{
    g_autoptr(GString) text = g_string_new(_("Commands:"));
    Where here = call->room->flow ? IN_ROOMS : IN_PRIVATE;

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *use = use_of(&commands[i]);

        if (commands[i].where & here)
            g_string_append_printf(text, "%s%s", i == 0 ? " " : commands[i].where & NEWLINE ? "\n" : ", ", use);
    }
    g_string_append_printf(
        text, "\n%s",
        _("REF is a message: its number, ^ for the last one here, ^3 for the third last, @nick for "
          "that person's last one. THREAD is the number in a line's mark. /help COMMAND says more."));
    fd_call_say(call, text->str);
}

/* (transfer full) */
static char *help_of(const FdCommand *command)
{
    g_autofree char *use = use_of(command);

    /* Translators: the form of a command, what it does, and an example. */
    return *command->example ? g_strdup_printf(_("Command %s: %s Example: /%s %s"), use, _(command->help),
                                               command->name, command->example)
                             : g_strdup_printf(_("Command %s: %s"), use, _(command->help));
}

void fd_command_help(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    const FdCommand *command = find(*call->args == '/' ? call->args + 1 : call->args);
    g_autofree char *help = command ? help_of(command) : NULL;

    if (help)
        fd_call_say(call, help);
    else if (*call->args)
        fd_call_refuse(call, _("There is no such command. /help lists them."));
    else
        list_commands(call);
}

/* ------------------------------------------------------------------------------------------- hosts that know commands */

static PurpleCmdId ids[G_N_ELEMENTS(commands)];

FdRoom *fd_commands_room_of(FdAccount *account, PurpleConversation *conv, int *thread_chat)
{
    FdRoom *room = NULL;

    *thread_chat = 0;
    if (purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_CHAT) {
        int id = purple_conv_chat_get_id(PURPLE_CONV_CHAT(conv));
        const FdThreadRoom *thread_room = fd_thread_rooms_by_chat_id(account, id);

        room = thread_room ? thread_room->room : fd_rooms_by_chat_id(account->state->rooms, id);
        *thread_chat = thread_room ? id : 0;
    } else {
        const FdPerson *person = fd_people_find(account->state->people, purple_conversation_get_name(conv));

        room = person ? fd_rooms_get_private(account->state->rooms, person->id) : NULL;
    }
    return room;
}

/* (nullable): the same for an account that can only post. */
static FdRoom *room_of_poster(FdAccount *account, PurpleConversation *conv)
{
    return account->poster && purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_CHAT
               ? fd_poster_room(account->poster, purple_conv_chat_get_id(PURPLE_CONV_CHAT(conv)))
               : NULL;
}

void fd_commands_run_in(FdAccount *account, PurpleConversation *conv, const char *name)
{
    const FdCommand *command = find(name);
    int thread_chat = 0;
    FdRoom *room = fd_commands_room_of(account, conv, &thread_chat);

    g_return_if_fail(command != NULL);
    if (room)
        fd_call_run(call_new(account, room, thread_chat, command, ""));
}

static PurpleCmdRet on_command(PurpleConversation *conv, const gchar *name, gchar **args, gchar **problem, void *data)
{
    const FdCommand *command = data;
    FdAccount *account = fd_account_ready(purple_conversation_get_gc(conv));
    int thread_chat = 0;
    FdRoom *room = account ? fd_commands_room_of(account, conv, &thread_chat) : NULL;
    g_autofree char *text = fd_input_text(args[0]);
    g_autofree char *plain = text_html_to_plain(args[0]);
    g_autofree char *typed = g_strconcat("/", name, " ", text, NULL);

    if (!account && (command->where & POSTS)) {
        account = fd_account_of(purple_conversation_get_gc(conv));
        room = account ? room_of_poster(account, conv) : NULL;
    }
    if (!room) {
        g_autofree char *line = g_strdup_printf(
            _("%s\nYou typed: %s"),
            _("This works only while the account is signed in, and not with the token of a source."), typed);

        *problem = text_escape_html(line);
        return PURPLE_CMD_RET_FAILED;
    }
    if (fd_images_are_in(args[0]))
        refuse_line(account, room, thread_chat, why_no_images(), typed);
    else
        fd_call_run(call_new(account, room, thread_chat, command, choose_args(command, text, plain)));
    return PURPLE_CMD_RET_OK;
}

void fd_commands_register(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        const FdCommand *command = &commands[i];
        g_autofree char *help = NULL, *help_html = NULL;
        /* Wrong arguments are ours to explain; where it may not be used as well. */
        PurpleCmdFlag flags =
            PURPLE_CMD_FLAG_CHAT | PURPLE_CMD_FLAG_IM | PURPLE_CMD_FLAG_PRPL_ONLY | PURPLE_CMD_FLAG_ALLOW_WRONG_ARGS;

        if (command->where & AS_TEXT)
            continue;
        help = help_of(command);
        help_html = text_escape_html(help);
        ids[i] = purple_cmd_register(command->name, "S", PURPLE_CMD_P_PRPL, flags, FD_PROTOCOL_ID, on_command,
                                     help_html, (void *)command);
    }
}

void fd_commands_unregister(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        if (ids[i])
            purple_cmd_unregister(ids[i]);
    memset(ids, 0, sizeof ids);
}
