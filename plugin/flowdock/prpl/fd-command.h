/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the functions of the table in fd-commands.c have in common. */
#pragma once

#include "fd-account.h"
#include "fd-refs.h"

#include <conversation.h>

typedef struct _FdCommand FdCommand;

/* One use of a command. Where the account goes offline before it has come to an end, that is said with all that was typed.
 * Belongs to whoever has it; the command's function takes it over. */
typedef struct {
    FdAccount *account; /* NULL: is gone */
    FdRoom *room;
    int thread_chat; /* number of the thread's own room it was typed in, or 0 */
    const FdCommand *command;
    char *args;       /* markdown, without white space at its ends */
    char *message;    /* (nullable): a text apart from these, where the host has a field of its own for it */
    gboolean ended;   /* what came of it was said, or is not worth a word */
    gboolean widened; /* the account was signed in anew for it, see fd-widen */
} FdCall;

void fd_call_free(FdCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdCall, fd_call_free)

/* (nullable): where the answers to it go, as long as that is open. */
PurpleConversation *fd_call_conversation(const FdCall *call);
/* The id of the thread whose own room it was typed in; (nullable) (transfer none). */
const char *fd_call_thread(const FdCall *call);

/* A line for whoever has typed it: plain text, or safe HTML. */
void fd_call_say(const FdCall *call, const char *text);
void fd_call_say_html(const FdCall *call, const char *html);

/* Does it, as when it was typed; takes @call over. */
void fd_call_run(FdCall *call);

/* It is not done, because of @why (plain): says so, with all that was typed. */
void fd_call_refuse(FdCall *call, const char *why);
/* The same with the service's reason. */
void fd_call_refuse_error(FdCall *call, const GError *error);
/* The same for arguments that make no sense: says how it is used. */
void fd_call_refuse_use(FdCall *call);

/* The same where the service says no; for missing rights it says who has them. @org: (nullable): what it is about */
void fd_call_refuse_rights(FdCall *call, const GError *error, const FdOrgEntry *org);

/* Takes the first word off *@args: (transfer full) (nullable). What is left has no blanks in front. */
char *fd_call_next_word(const char **args);

/* Sends @text, and tells whom it addresses; @draft has the rest. */
void fd_call_send(const FdCall *call, const char *text, FdDraft draft);

/* The same as fd_refs_message(), for where it was typed. */
gboolean fd_call_find(const FdCall *call, const char *word, FdRef *ref, char **problem);

/* The organization of the room's flow; (nullable) (transfer none). */
const FdOrgEntry *fd_call_org(const FdCall *call);

/* Somebody by shown name, with or without @, by address or id; (nullable) (transfer none). */
const FdPerson *fd_call_find_person(const FdCall *call, const char *text);

/* Makes somebody a member of the flow; takes @call over. @unsent: (nullable): typed behind the name, which is of no use
 * then: it is said, so that it is not lost. */
void fd_call_add(FdCall *call, const FdPerson *person, const char *unsent);

/**
 * fd_call_list:
 * @head: (nullable): a line above them
 * @lines: (transfer full): plain text, one at least
 *
 * Shows so many of the lines, and the others with /more.
 */
void fd_call_list(const FdCall *call, const char *head, char **lines);

/* The list that was shown last goes on with /more: @go_on is called with @until, and takes its call over. %NULL: there is
 * nothing more. */
void fd_call_page(const FdCall *call, void (*go_on)(FdCall *call, gint64 until), gint64 until);

/* (transfer full): the first of @names (element-type utf8), for a sentence, and how many more there are. */
char *fd_call_few(const GPtrArray *names);

/* The functions of the table; each takes @call over. fd-command-talk.c */
void fd_command_status(FdCall *call);
void fd_command_reply(FdCall *call);
void fd_command_thread(FdCall *call);
void fd_command_resend(FdCall *call);
void fd_command_forget(FdCall *call);
void fd_command_raw(FdCall *call);
/* fd-command-change.c */
void fd_command_edit(FdCall *call);
void fd_command_delete(FdCall *call);
void fd_command_tag(FdCall *call);
void fd_command_untag(FdCall *call);
void fd_command_react(FdCall *call);
/* fd-command-lists.c */
void fd_command_threads(FdCall *call);
void fd_command_show(FdCall *call);
void fd_command_search(FdCall *call);
void fd_command_tagged(FdCall *call);
void fd_command_more(FdCall *call);
void fd_command_history(FdCall *call);
/* fd-command-flows.c */
void fd_command_flows(FdCall *call);
void fd_command_open(FdCall *call);
void fd_command_create(FdCall *call);
void fd_command_rename(FdCall *call);
/* fd-command-people.c */
void fd_command_add(FdCall *call);
void fd_command_block(FdCall *call);
void fd_command_unblock(FdCall *call);
void fd_command_nick(FdCall *call);
/* fd-command-invite.c */
void fd_command_invite(FdCall *call);
void fd_command_invitations(FdCall *call);
void fd_command_uninvite(FdCall *call);
/* fd-command-upload.c */
void fd_command_upload(FdCall *call);
void fd_command_cancel(FdCall *call);
/* fd-command-download.c */
void fd_command_files(FdCall *call);
void fd_command_download(FdCall *call);
/* fd-command-act.c */
/* (transfer full): what an action does, in a line: "(2) Close issue: POST to ci.example.com" */
char *fd_act_describe(const FdThreadAction *action, guint number);
void fd_command_act(FdCall *call);
/* fd-command-sources.c */
void fd_command_sources(FdCall *call);
void fd_command_source(FdCall *call);
/* fd-command-post.c */
void fd_command_activity(FdCall *call);
void fd_command_discuss(FdCall *call);
/* fd-commands.c */
void fd_command_help(FdCall *call);
