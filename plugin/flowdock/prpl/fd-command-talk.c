/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that say something, and what belongs to it. */
#include "fd-command.h"
#include "fd-xfers.h"

#include <glib/gi18n-lib.h>

/* Sheet: 8: the official gateway posted what follows /me as a status, too. */
void fd_command_status(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    FdDraft draft = { .event = "status" };

    fd_call_send(call, call->args, draft);
    if (fd_call_thread(call))
        fd_call_say(call, _("A status belongs to the flow, so it stands in the flow's room."));
}

/* What is answered. */
typedef struct {
    gint64 id;
    gint64 parent;         /* what it comments on, 0: nothing */
    const char *thread_id; /* (nullable) */
} Target;

/* An item of the inbox without a thread, or a comment on one, is commented on; a comment has no comments. Sheet: 3.9. */
static void send_reply(FdCall *call, Target target, const char *text)
{
    FdDraft draft = { .event = "message", .thread_id = target.thread_id };

    if (!target.thread_id) {
        draft.event = "comment";
        draft.parent = target.parent > 0 ? target.parent : target.id;
    }
    fd_call_send(call, text, draft);
    /* The outbox has it now. */
    call->ended = TRUE;
}

typedef struct {
    FdCall *call;
    char *text;
} Reply;

static void reply_free(Reply *reply)
{
    fd_call_free(reply->call);
    g_free(reply->text);
    g_free(reply);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

static void on_shown(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Reply) reply = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdMessage) message = fd_api_message_show_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (message)
        send_reply(reply->call, (Target){ message->id, fd_recent_parent(message), message->thread_id }, reply->text);
    else
        fd_call_refuse_error(reply->call, error);
}

void fd_command_reply(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);
    g_autofree char *problem = NULL;
    FdApiPlace place = fd_room_place(call->room);
    FdRef ref = { 0 };
    Reply *reply;

    if (!*args) {
        fd_call_refuse_use(call);
    } else if (!fd_call_find(call, word, &ref, &problem)) {
        fd_call_refuse(call, problem);
    } else if (ref.message) {
        send_reply(call, (Target){ ref.id, ref.message->parent, ref.message->thread_id }, args);
    } else {
        reply = g_new0(Reply, 1);
        reply->text = g_strdup(args);
        reply->call = g_steal_pointer(&owned);
        fd_api_message_show_async(call->account->api, &place, ref.id, call->account->cancellable, on_shown, reply);
    }
}

/* The next file goes into the thread. */
static void choose_thread(FdCall *call, const char *thread_id, const char *word)
{
    const FdThread *thread = fd_threads_by_id(call->room->threads, thread_id);
    g_autofree char *mark = thread ? fd_event_mark(thread->number, thread->title) : g_strdup(word);
    g_autofree char *line = NULL;

    if (fd_call_thread(call)) {
        fd_call_refuse(call,
                       _("In the room of a thread files go into that thread. Choose another one in the room of the "
                         "flow."));
        return;
    }
    fd_xfers_set_thread(call->account->xfers, call->room, thread_id);
    /* Translators: a thread's mark, "[3: Fix login]". */
    line = g_strdup_printf(_("The next file that you send here goes into the thread %s."), mark);
    fd_call_say(call, line);
}

void fd_command_thread(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    const char *args = call->args;
    g_autofree char *word = fd_call_next_word(&args);
    g_autofree char *problem = NULL;
    g_autofree char *thread_id = fd_refs_thread(call->room, word, &problem);

    if (thread_id && !*args) {
        choose_thread(call, thread_id, word);
    } else if (thread_id) {
        FdDraft draft = { .event = "message", .thread_id = thread_id };

        fd_call_send(call, args, draft);
    } else {
        fd_call_refuse(call, problem);
    }
}

void fd_command_resend(FdCall *call)
{
    g_autoptr(FdCall) owned = call;

    if (fd_sender_retry(call->account->sender, call->room) == 0)
        fd_call_say(call, _("Nothing waits to be sent again."));
}

void fd_command_forget(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    guint count = fd_outbox_forget(call->room->outbox);
    g_autofree char *line =
        count ? g_strdup_printf(
                    g_dngettext(GETTEXT_PACKAGE, "%u message is dropped.", "%u messages are dropped.", count), count)
              : g_strdup(_("Nothing waits to be sent again."));

    fd_call_say(call, line);
}

void fd_command_raw(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    gboolean on = g_ascii_strcasecmp(call->args, "on") == 0;

    if (!on && g_ascii_strcasecmp(call->args, "off") != 0) {
        fd_call_refuse_use(call);
        return;
    }
    call->room->raw = on;
    fd_call_say(call, on ? _("New messages are shown here as they were typed.")
                         : _("New messages are shown here formatted."));
}
